//! Learners: one record a child, for life, whatever school they are at.

mod brought;
pub(crate) mod entity;
pub(crate) mod guardians;
mod over;
pub(crate) mod query;
mod statuses;

pub use brought::{Brought, brought_in, rests_in, withdraw_in};
pub use guardians::{link_guardian, link_guardian_in, unlink_guardian};
pub(crate) use over::go_over_in;
pub use query::{is_family, known_by_personal_ids};
pub use statuses::add_status;
pub(crate) use statuses::move_in;

use crate::{classes, codes, duplicates, input, person, quality, units};
use dto::access::Permission;
use dto::learners::{Learner, LearnerDetail, LearnerItem, LearnerQuery, PersonName, PostLearner, PutLearner, Sex};
use dto::page::{Page, PageQuery};
use dto::quality::QualitySubject;
use dto::{Code, FieldError, Lang, LearnerId};
use entity::{learner, status};
use kernel::text::{PersonalId, PersonalIdWarning};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use person::PersonColumns;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::BTreeMap;

/// What a search of learners looks at: the folded name and the codes.
pub fn search_text(full_name: &str, personal_id: Option<&str>, ministry_code: Option<&str>) -> String {
    person::search_text(&[full_name, personal_id.unwrap_or_default(), ministry_code.unwrap_or_default()])
}

/// What two records of one child have in common, as the table keeps it: the folded name and the birth date.
pub fn match_key(full_name: &str, birth_date: chrono::NaiveDate) -> String {
    format!("{} {birth_date}", person::search_text(&[full_name]))
}

/// What two records of one child have in common though the name is spelt by ear or in another order; see [`duplicates::name_key`].
pub fn name_key(full_name: &str) -> String {
    duplicates::name_key(&person::search_text(&[full_name]))
}

/// A learner with all that belongs to them.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: LearnerId) -> Result<LearnerDetail> {
    detail_in(db.read(), ctx, Permission::LearnerRead, id).await
}

pub(crate) async fn detail_in(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: LearnerId,
) -> Result<LearnerDetail> {
    let (mut learner, school_name) = query::find(conn, ctx, permission, id).await?;
    let mut warnings = warnings(learner.personal_id.as_deref(), &learner, ctx.lang);
    let reach = ctx.reach(permission);
    let office = reach.all || !reach.units.is_empty();
    if office {
        warnings.extend(duplicates::warning_in(conn, ctx, &learner).await?);
    }
    if !office && reach.homeroom.is_none() {
        // Who teaches one subject needs no identity numbers.
        learner.personal_id = None;
        learner.ministry_code = None;
    }
    let mut guardians = guardians::of_in(conn, id).await?;
    if !office {
        guardians.iter_mut().for_each(|g| g.username = None);
    }
    Ok(LearnerDetail {
        school_name,
        statuses: query::statuses(conn, id).await?,
        enrolments: query::enrolments(conn, id).await?,
        guardians,
        warnings,
        learner,
    })
}

/// A learner that a permission of the caller reaches.
///
/// Errors: `not_found`.
pub async fn find_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: LearnerId) -> Result<Learner> {
    Ok(query::find(conn, ctx, permission, id).await?.0)
}

/// Learners that the caller reaches, in the order of a class list. Every word of `q` must be in the name or the codes, with
/// or without marks; digits find the start of a code.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &LearnerQuery, page: &PageQuery) -> Result<Page<LearnerItem>> {
    query::list(db.read(), ctx, query, page).await
}

/// What looks odd in a personal ID beside the record. Never blocks: registers do hold such numbers.
fn warnings(personal_id: Option<&str>, learner: &Learner, lang: Lang) -> Vec<FieldError> {
    let Some(number) = personal_id.and_then(|text| PersonalId::parse(text).ok()) else { return Vec::new() };
    let sex = match learner.sex {
        Sex::Female => kernel::text::Sex::Female,
        Sex::Male => kernel::text::Sex::Male,
    };
    let label = |sex| match sex {
        kernel::text::Sex::Female => Sex::Female.label(lang),
        kernel::text::Sex::Male => Sex::Male.label(lang),
    };
    number
        .warnings(Some(learner.birth_date), Some(sex))
        .into_iter()
        .map(|warning| {
            let (code, value) = match warning {
                PersonalIdWarning::SexDiffers(sex) => (Code::PersonalIdSex, label(sex).to_owned()),
                PersonalIdWarning::YearDiffers(year) => (Code::PersonalIdYear, year.to_string()),
                PersonalIdWarning::ProvinceUnknown => (Code::PersonalIdProvince, String::new()),
            };
            let params = BTreeMap::from([("value".to_owned(), value)]);
            let detail = dto::problem::fill(code.text(lang), &params);
            FieldError { pointer: "/personal_id".to_owned(), code: code.as_str().to_owned(), params, detail }
        })
        .collect()
}

/// A new learner at a school, with the first line of the history of statuses.
///
/// Errors: `not_found` (the school), `personal_id_taken`, `ministry_code_taken` (also by a learner of another school, of whom
/// nothing is told), `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, body: &PostLearner) -> Result<Learner> {
    db.write(ctx, async |tx| {
        units::school_in(tx.conn(), ctx, Permission::LearnerWrite, body.school_id).await?;
        let (made, event) = create_in(tx, body).await?;
        quality::written_in(tx, made.school_id, QualitySubject::Learner, made.id.0).await?;
        Ok((made, vec![event]))
    })
    .await
}

/// The same within a write of more, for composition: the caller has checked the school.
pub async fn create_in(tx: &Tx<'_>, body: &PostLearner) -> Result<(Learner, Event)> {
    let put = PutLearner {
        name: body.name.clone(),
        birth_date: body.birth_date,
        sex: body.sex,
        ethnicity: body.ethnicity.clone(),
        personal_id: body.personal_id.clone(),
        ministry_code: body.ministry_code.clone(),
    };
    let since = input::day("/since", body.since)?;
    let own = own_data(&put)?;
    let learner_id: LearnerId = id::new();
    let temporary = (own.personal_id.is_none() && own.ministry_code.is_none()).then(|| codes::temporary(learner_id));
    let row = learner::Model {
        id: learner_id.0,
        school_id: Some(body.school_id.0),
        status: body.status.as_str().to_owned(),
        match_key: Some(match_key(&own.name.full_name, body.birth_date)),
        name_key: Some(name_key(&own.name.full_name)),
        merged_into: None,
        search_text: person::search_text(&[&own.search_text, temporary.as_deref().unwrap_or_default()]),
        family: own.name.family,
        middle: own.name.middle,
        given: own.name.given,
        full_name: own.name.full_name,
        sort_key: own.name.sort_key,
        birth_date: body.birth_date,
        sex: body.sex.as_str().to_owned(),
        ethnicity: own.ethnicity,
        personal_id: own.personal_id,
        ministry_code: own.ministry_code,
        phone: None,
        birthplace: None,
        address: None,
        version: 1,
    };
    let made = query::learner(row.clone())?;
    learner::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    let line = status::Model {
        learner_id: learner_id.0,
        since,
        id: id::new(),
        school_id: body.school_id.0,
        status: body.status.as_str().to_owned(),
        reason: None,
    };
    status::Entity::insert(line.into_active_model()).exec_without_returning(tx.conn()).await?;
    if let Some(code) = temporary {
        codes::give_temporary_in(tx, learner_id, code, since).await?;
    }
    duplicates::written_in(tx, &[learner_id]).await?;
    let event = Event::new(Some(body.school_id), "learner.created", "learner", learner_id).after(&made);
    Ok((made, event))
}

struct OwnData {
    name: PersonColumns,
    search_text: String,
    ethnicity: Option<String>,
    personal_id: Option<String>,
    ministry_code: Option<String>,
}

fn own_data(body: &PutLearner) -> Result<OwnData> {
    let name = PersonColumns::checked(&body.name, "/name")?;
    input::birth_date("/birth_date", body.birth_date)?;
    let personal_id = input::personal_id("/personal_id", body.personal_id.as_deref())?;
    let ministry_code = input::text_opt("/ministry_code", body.ministry_code.as_deref(), 20)?;
    Ok(OwnData {
        search_text: search_text(&name.full_name, personal_id.as_deref(), ministry_code.as_deref()),
        ethnicity: input::text_opt("/ethnicity", body.ethnicity.as_deref(), 40)?,
        personal_id,
        ministry_code,
        name,
    })
}

/// Changes a learner's own data. Where a new name moves the learner in a class list that is not frozen, the list is
/// ordered anew.
///
/// Errors: `not_found`, `version_conflict`, `personal_id_taken`, `ministry_code_taken`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, id: LearnerId, version: i64, body: &PutLearner) -> Result<Learner> {
    db.write(ctx, async |tx| {
        let before = find_in(tx.conn(), ctx, Permission::LearnerWrite, id).await?;
        let (after, event) = put_in(tx, &before, version, body).await?;
        quality::written_in(tx, after.school_id, QualitySubject::Learner, id.0).await?;
        Ok((after, vec![event]))
    })
    .await
}

/// The same within a write of more, for composition: `before` was found in this write.
pub async fn put_in(tx: &Tx<'_>, before: &Learner, version: i64, body: &PutLearner) -> Result<(Learner, Event)> {
    let own = own_data(body)?;
    let moves = PersonColumns::new(&before.name.family, &before.name.middle, &before.name.given).sort_key != own.name.sort_key
        || before.birth_date != body.birth_date;
    let after = Learner {
        id: before.id,
        name: PersonName { family: own.name.family.clone(), middle: own.name.middle.clone(), given: own.name.given.clone() },
        full_name: own.name.full_name.clone(),
        birth_date: body.birth_date,
        sex: body.sex,
        ethnicity: own.ethnicity.clone(),
        personal_id: own.personal_id.clone(),
        ministry_code: own.ministry_code.clone(),
        school_id: before.school_id,
        status: before.status,
        version: version.saturating_add(1),
    };
    let row = learner::ActiveModel {
        family: Set(own.name.family),
        middle: Set(own.name.middle),
        given: Set(own.name.given),
        sort_key: Set(own.name.sort_key),
        search_text: Set(codes::searched_in(tx, before.id, own.search_text).await?),
        match_key: Set(Some(match_key(&own.name.full_name, body.birth_date))),
        name_key: Set(Some(name_key(&own.name.full_name))),
        birth_date: Set(body.birth_date),
        sex: Set(body.sex.as_str().to_owned()),
        ethnicity: Set(own.ethnicity),
        personal_id: Set(own.personal_id),
        ministry_code: Set(own.ministry_code),
        version: Set(version.saturating_add(1)),
        full_name: Set(own.name.full_name),
        ..Default::default()
    };
    let done = learner::Entity::update_many()
        .set(row)
        .filter(learner::Column::Id.eq(before.id.0))
        .filter(learner::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::new(Code::VersionConflict));
    }
    codes::changed_in(tx, before.id, codes::Numbers::of(before), codes::Numbers::of(&after), None).await?;
    duplicates::written_in(tx, &[before.id]).await?;
    if moves {
        for (school, class) in classes::unfrozen_in(tx.conn(), before.id).await? {
            classes::renumber_in(tx, school, class).await?;
        }
    }
    let event = Event::new(before.school_id, "learner.updated", "learner", before.id).before(before).after(&after);
    Ok((after, event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_text_holds_name_and_codes() {
        assert_eq!(search_text("Nguyễn Thị Ánh", Some("074209009517"), None), "nguyen thi anh 074209009517");
        assert_eq!(search_text("Đỗ Hòa", None, Some("7407137235")), "do hoa 7407137235");
    }

    #[test]
    fn odd_numbers_are_told_and_never_blocked() {
        let put = PutLearner {
            name: PersonName { family: "Lê".into(), middle: "".into(), given: "An".into() },
            birth_date: "2010-03-04".parse().expect("a day"),
            sex: Sex::Female,
            ethnicity: None,
            personal_id: Some("074209009517".into()),
            ministry_code: None,
        };
        let own = own_data(&put).expect("accepted");
        let learner = Learner {
            id: id::new(),
            name: put.name.clone(),
            full_name: own.name.full_name,
            birth_date: put.birth_date,
            sex: put.sex,
            ethnicity: None,
            personal_id: own.personal_id.clone(),
            ministry_code: None,
            school_id: None,
            status: dto::learners::LearnerStatus::Studying,
            version: 1,
        };
        let found = warnings(own.personal_id.as_deref(), &learner, Lang::Vi);
        let codes: Vec<_> = found.iter().map(|w| w.code.as_str()).collect();
        assert_eq!(codes, ["personal_id_sex", "personal_id_year"]);
        assert!(found.iter().all(|w| !w.detail.contains('{')));
    }
}
