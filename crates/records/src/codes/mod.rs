//! A learner's codes with their history: personal ID, Ministry code, lifelong learning code, what schools give, and the temporary
//! code of a child who has no number yet.
//!
//! The present personal ID and Ministry code stand in the learner's own row, where each is there once in the whole province. What
//! is here is every change of them with who and why, and all of the other kinds. What a record began with has no line.

pub(crate) mod entity;

use crate::learners::entity::learner;
use crate::{input, learners, person};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::learners::Learner;
use dto::one_record::{CodeKind, LearnerCode, LearnerCodes, PostLearnerCode};
use dto::{Code, LearnerId, UnitId};
use entity::code;
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

/// The two codes that stand in the learner's own row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
}

impl Numbers {
    pub fn of(learner: &Learner) -> Numbers {
        Numbers { personal_id: learner.personal_id.clone(), ministry_code: learner.ministry_code.clone() }
    }

    fn pairs(self) -> [(CodeKind, Option<String>); 2] {
        [(CodeKind::PersonalId, self.personal_id), (CodeKind::Ministry, self.ministry_code)]
    }
}

/// "TAM-" and twelve digits, made of the record's own id: schools write TAM- before a number until the Ministry's code is there
/// (a practice, no rule of law).
pub(crate) fn temporary(learner: LearnerId) -> String {
    let (_, random) = learner.0.as_u64_pair();
    format!("TAM-{:012}", random % 1_000_000_000_000)
}

/// What `held` says of a code that is somebody's now.
fn held(kind: CodeKind, school: Option<UnitId>, value: &str) -> String {
    match school.filter(|_| kind.of_school()) {
        Some(school) => format!("{kind}:{school}:{value}"),
        None => format!("{kind}:{value}"),
    }
}

pub(crate) async fn give_temporary_in(tx: &Tx<'_>, learner: LearnerId, value: String, since: NaiveDate) -> Result<()> {
    let mut row = new_row(tx, learner, CodeKind::Temporary, value, None, None);
    row.valid_from = Some(since);
    insert_in(tx, row).await
}

fn new_row(
    tx: &Tx<'_>,
    learner: LearnerId,
    kind: CodeKind,
    value: String,
    school: Option<UnitId>,
    reason: Option<&str>,
) -> code::Model {
    let own = !matches!(kind, CodeKind::PersonalId | CodeKind::Ministry);
    code::Model {
        learner_id: learner.0,
        id: id::new(),
        kind: kind.as_str().to_owned(),
        held: own.then(|| held(kind, school, &value)),
        value,
        school_id: school.filter(|_| kind.of_school()).map(Uuid::from),
        valid_from: Some(clock::day_of(tx.now())),
        valid_to: None,
        reason: reason.map(str::to_owned),
        set_at: tx.now(),
        set_by: tx.ctx().account.map(Uuid::from),
    }
}

async fn insert_in(tx: &Tx<'_>, row: code::Model) -> Result<()> {
    code::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// The codes of learners that are theirs now, of those that have lines.
pub(crate) async fn open_in(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<code::Model>> {
    Ok(code::Entity::find()
        .filter(code::Column::LearnerId.eq(learner.0))
        .filter(code::Column::ValidTo.is_null())
        .order_by_asc(code::Column::Id)
        .all(conn)
        .await?)
}

/// Ends lines on a day.
pub(crate) async fn end_in(tx: &Tx<'_>, learner: LearnerId, ids: Vec<Uuid>, on: NaiveDate) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    code::Entity::update_many()
        .col_expr(code::Column::ValidTo, Expr::val(on))
        .col_expr(code::Column::Held, Expr::val(None::<String>))
        .filter(code::Column::LearnerId.eq(learner.0))
        .filter(code::Column::Id.is_in(ids))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A line that was ended is the learner's again.
pub(crate) async fn reopen_in(tx: &Tx<'_>, learner: LearnerId, line: Uuid, held: Option<String>) -> Result<()> {
    code::Entity::update_many()
        .col_expr(code::Column::ValidTo, Expr::val(None::<NaiveDate>))
        .col_expr(code::Column::Held, Expr::val(held))
        .filter(code::Column::LearnerId.eq(learner.0))
        .filter(code::Column::Id.eq(line))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// What is searched: a learner's text with the codes of their lines behind it.
pub(crate) async fn searched_in(tx: &Tx<'_>, learner: LearnerId, text: String) -> Result<String> {
    let open = open_in(tx.conn(), learner).await?;
    let others = open.iter().filter(|line| line.held.is_some()).map(|line| line.value.as_str());
    let parts: Vec<&str> = std::iter::once(text.as_str()).chain(others).collect();
    Ok(person::search_text(&parts))
}

/// Writes down what changed of a learner's two numbers; a temporary code ends with the first of them.
pub(crate) async fn changed_in(
    tx: &Tx<'_>,
    learner: LearnerId,
    before: Numbers,
    after: Numbers,
    why: Option<(&str, NaiveDate)>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let (reason, today) = why.map_or((None, clock::day_of(tx.now())), |(reason, on)| (Some(reason), on));
    let open = open_in(tx.conn(), learner).await?;
    let mut ended = Vec::new();
    for ((kind, was), (_, is)) in before.pairs().into_iter().zip(after.pairs()) {
        if was == is {
            continue;
        }
        let line = open.iter().find(|line| line.kind == kind.as_str());
        match (line, was) {
            (Some(line), _) => ended.push(line.id),
            // What the record began with.
            (None, Some(was)) => {
                let mut row = new_row(tx, learner, kind, was, None, None);
                (row.valid_from, row.valid_to, row.set_by) = (None, Some(today), None);
                insert_in(tx, row).await?;
            }
            (None, None) => {}
        }
        if let Some(is) = is {
            let mut row = new_row(tx, learner, kind, is, None, reason);
            row.valid_from = Some(today);
            insert_in(tx, row).await?;
            ended.extend(open.iter().filter(|line| line.kind == CodeKind::Temporary.as_str()).map(|line| line.id));
        }
    }
    end_in(tx, learner, ended, today).await
}

/// All codes of a learner: those of today first, then by kind and age.
///
/// Errors: `not_found`.
pub async fn list(db: &Db, ctx: &Ctx, id: LearnerId) -> Result<LearnerCodes> {
    list_in(db.read(), ctx, Permission::LearnerRead, id).await
}

async fn list_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: LearnerId) -> Result<LearnerCodes> {
    let (learner, school_name) = learners::query::find(conn, ctx, permission, id).await?;
    let reach = ctx.reach(permission);
    if !reach.all && reach.units.is_empty() && reach.homeroom.is_none() {
        // Who teaches one subject needs no identity numbers.
        return Err(Error::new(Code::NotFound));
    }
    let rows = code::Entity::find().filter(code::Column::LearnerId.eq(id.0)).order_by_asc(code::Column::Id).all(conn).await?;
    let names = Names::of(conn, ctx.lang, rows.iter().map(|row| row.set_by)).await?;
    let schools = crate::claims::school_names(conn, rows.iter().filter_map(|row| row.school_id)).await?;
    let mut items: Vec<LearnerCode> = Vec::new();
    for (kind, value) in Numbers::of(&learner).pairs() {
        let known = |row: &code::Model| row.kind == kind.as_str() && row.valid_to.is_none();
        if let Some(value) = value.filter(|_| !rows.iter().any(known)) {
            // What the record began with.
            items.push(LearnerCode {
                kind,
                value,
                school_id: None,
                school_name: None,
                valid_from: None,
                valid_to: None,
                set_by: None,
                set_at: None,
                reason: None,
            });
        }
    }
    for row in rows {
        items.push(LearnerCode {
            kind: crate::stored(&row.kind)?,
            value: row.value,
            school_id: row.school_id.map(UnitId),
            school_name: row.school_id.and_then(|school| schools.get(&school).cloned()),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            set_by: row.set_by.map(|by| names.name(Some(by))),
            set_at: row.set_by.map(|_| row.set_at),
            reason: row.reason,
        });
    }
    items.sort_by_key(|item| (item.valid_to.is_some(), item.kind, std::cmp::Reverse(item.valid_from)));
    Ok(LearnerCodes {
        learner_id: id,
        full_name: learner.full_name,
        birth_date: learner.birth_date,
        school_id: learner.school_id,
        school_name,
        writable: learners::query::find(conn, ctx, Permission::LearnerWrite, id).await.is_ok(),
        version: learner.version,
        items,
    })
}

/// Gives a learner a code from a day on, with a reason; the one before it ends that day.
///
/// Errors: `not_found`; `personal_id_taken`, `ministry_code_taken`, `code_taken`; `invalid` with the field: a temporary code is not
/// given by hand, a school's own needs a school, a day must not lie ahead or before the present code's.
pub async fn give(db: &Db, ctx: &Ctx, id: LearnerId, body: &PostLearnerCode) -> Result<LearnerCodes> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let before = learners::find_in(conn, ctx, Permission::LearnerWrite, id).await?;
        let reason = input::text("/reason", &body.reason, 1, 500)?;
        let from = checked_day(tx, body)?;
        let value = checked_value(body)?;
        let school = before.school_id;
        match body.kind {
            CodeKind::Temporary => return Err(Error::field("/kind", Code::FieldChoice)),
            kind if kind.of_school() && school.is_none() => return Err(Error::field("/kind", Code::FieldChoice)),
            _ => {}
        }
        let mut after = before.clone();
        match body.kind {
            CodeKind::PersonalId => after.personal_id = Some(value.clone()),
            CodeKind::Ministry => after.ministry_code = Some(value.clone()),
            _ => {}
        }
        if Numbers::of(&before) != Numbers::of(&after) {
            changed_in(tx, id, Numbers::of(&before), Numbers::of(&after), Some((&reason, from))).await?;
        } else if !matches!(body.kind, CodeKind::PersonalId | CodeKind::Ministry) {
            let open = open_in(conn, id).await?;
            let own = school.filter(|_| body.kind.of_school()).map(Uuid::from);
            let line = open.iter().find(|line| line.kind == body.kind.as_str() && line.school_id == own);
            if line.is_some_and(|line| line.valid_from.is_some_and(|since| from < since)) {
                return Err(Error::field("/valid_from", Code::DatesReversed));
            }
            end_in(tx, id, line.map(|line| line.id).into_iter().collect(), from).await?;
            let mut row = new_row(tx, id, body.kind, value.clone(), school, Some(&reason));
            row.valid_from = Some(from);
            insert_in(tx, row).await?;
        }
        let text = learners::search_text(&after.full_name, after.personal_id.as_deref(), after.ministry_code.as_deref());
        let text = searched_in(tx, id, text).await?;
        learner::Entity::update_many()
            .col_expr(learner::Column::PersonalId, Expr::val(after.personal_id.clone()))
            .col_expr(learner::Column::MinistryCode, Expr::val(after.ministry_code.clone()))
            .col_expr(learner::Column::SearchText, Expr::val(text))
            .col_expr(learner::Column::Version, Expr::col(learner::Column::Version).add(1))
            .filter(learner::Column::Id.eq(id.0))
            .exec(conn)
            .await?;
        let event = Event::new(before.school_id, "learner.code_given", "learner", id).before(&before).after(body);
        Ok((list_in(conn, ctx, Permission::LearnerWrite, id).await?, vec![event]))
    })
    .await
}

fn checked_day(tx: &Tx<'_>, body: &PostLearnerCode) -> Result<NaiveDate> {
    let today = clock::day_of(tx.now());
    match body.valid_from {
        None => Ok(today),
        Some(day) if input::day("/valid_from", day)? > today => Err(Error::field("/valid_from", Code::DatesReversed)),
        Some(day) => Ok(day),
    }
}

fn checked_value(body: &PostLearnerCode) -> Result<String> {
    match body.kind {
        CodeKind::PersonalId => input::personal_id("/value", Some(body.value.trim()))?.ok_or(()),
        CodeKind::Ministry => input::text_opt("/value", Some(&body.value), 20)?.ok_or(()),
        _ => input::text_opt("/value", Some(&body.value), 40)?.ok_or(()),
    }
    .map_err(|()| Error::field("/value", Code::FieldRequired))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_code_is_as_long_as_one_with_a_personal_id() {
        let code = temporary(id::new());
        assert_eq!(code.len(), 16);
        assert!(code.strip_prefix("TAM-").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit())));
        assert_ne!(code, temporary(id::new()));
    }

    #[test]
    fn a_school_s_own_code_is_held_at_that_school() {
        let school: UnitId = id::new();
        assert_eq!(held(CodeKind::Lifelong, Some(school), "1"), "lifelong:1");
        assert_eq!(held(CodeKind::Local, Some(school), "1"), format!("local:{school}:1"));
    }
}
