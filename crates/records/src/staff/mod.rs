//! Staff: one record a person, with posts in one or more schools.

pub(crate) mod entity;
pub mod load;
mod over;
mod query;
pub mod records;
mod teaching;

pub(crate) use over::{MovedPost, changed_in as posts_changed_in, come_back_in, go_over_in, going_in};
pub use teaching::teaching_of;

use crate::person::PersonColumns;
use crate::{input, quality, scope, units};
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::quality::QualitySubject;
use dto::staff::{PostPost, PostStaff, PutStaff, Staff, StaffQuery};
use dto::units::UnitKind;
use dto::{Code, StaffId, UnitId};
use entity::{post, staff};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a search of staff looks at: the folded name and the code.
pub fn search_text(full_name: &str, ministry_code: Option<&str>) -> String {
    crate::person::search_text(&[full_name, ministry_code.unwrap_or_default()])
}

/// A member of staff with all posts.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: StaffId) -> Result<Staff> {
    query::find(db.read(), ctx, Permission::StaffRead, id, false).await
}

/// Staff with a post in the caller's reach, in Vietnamese order of names.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &StaffQuery, page: &PageQuery) -> Result<Page<Staff>> {
    query::list(db.read(), ctx, query, page).await
}

/// A new member of staff with the first post.
///
/// Errors: `not_found` (the unit), `unit_closed` by the first day, `code_taken` (the Ministry code), `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, body: &PostStaff) -> Result<Staff> {
    let own = own_data(&PutStaff {
        name: body.name.clone(),
        sex: body.sex,
        birth_date: body.birth_date,
        ministry_code: body.ministry_code.clone(),
        phone: body.phone.clone(),
    })?;
    let valid_from = input::day("/valid_from", body.valid_from)?;
    db.write(ctx, async |tx| {
        let unit = units::reachable_in(tx.conn(), ctx, Permission::StaffWrite, body.unit_id).await?;
        units::check_open(&unit, valid_from)?;
        let staff_id: StaffId = id::new();
        let row = staff::Model {
            id: staff_id.0,
            family: own.name.family.clone(),
            middle: own.name.middle.clone(),
            given: own.name.given.clone(),
            full_name: own.name.full_name.clone(),
            sort_key: own.name.sort_key.clone(),
            search_text: own.search_text.clone(),
            birth_date: body.birth_date,
            sex: body.sex.as_str().to_owned(),
            ministry_code: own.ministry_code.clone(),
            phone: own.phone.clone(),
            version: 1,
        };
        staff::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        let first = post::Model {
            staff_id: staff_id.0,
            unit_id: body.unit_id.0,
            position: body.position.as_str().to_owned(),
            valid_from,
            valid_to: None,
            decision_no: None,
            decided_on: None,
        };
        post::Entity::insert(first.into_active_model()).exec_without_returning(tx.conn()).await?;
        let made = query::find(tx.conn(), ctx, Permission::StaffWrite, staff_id, true).await?;
        quality::written_in(tx, chain(unit.kind, unit.id), QualitySubject::Staff, staff_id.0).await?;
        let event = Event::new(chain(unit.kind, unit.id), "staff.created", "staff", staff_id).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// The chain of a school's entries, or that of the directory for other units.
fn chain(kind: UnitKind, unit: UnitId) -> Option<UnitId> {
    (kind == UnitKind::School).then_some(unit)
}

struct OwnData {
    name: PersonColumns,
    search_text: String,
    ministry_code: Option<String>,
    phone: Option<String>,
}

fn own_data(body: &PutStaff) -> Result<OwnData> {
    let name = PersonColumns::checked(&body.name, "/name")?;
    if let Some(day) = body.birth_date {
        input::birth_date("/birth_date", day)?;
    }
    let ministry_code = input::text_opt("/ministry_code", body.ministry_code.as_deref(), 20)?;
    Ok(OwnData {
        search_text: search_text(&name.full_name, ministry_code.as_deref()),
        phone: input::phone("/phone", body.phone.as_deref())?,
        ministry_code,
        name,
    })
}

/// Changes a person's own data. For those whose reach holds one of the present posts.
///
/// Errors: `not_found`, `version_conflict`, `code_taken`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, id: StaffId, version: i64, body: &PutStaff) -> Result<Staff> {
    db.write(ctx, async |tx| {
        let (after, event) = put_in(tx, id, version, body).await?;
        quality::changed_in(tx, QualitySubject::Staff, id.0).await?;
        Ok((after, vec![event]))
    })
    .await
}

async fn put_in(tx: &Tx<'_>, id: StaffId, version: i64, body: &PutStaff) -> Result<(Staff, Event)> {
    let own = own_data(body)?;
    let before = query::find(tx.conn(), tx.ctx(), Permission::StaffWrite, id, true).await?;
    let row = staff::ActiveModel {
        family: Set(own.name.family),
        middle: Set(own.name.middle),
        given: Set(own.name.given),
        full_name: Set(own.name.full_name),
        sort_key: Set(own.name.sort_key),
        search_text: Set(own.search_text),
        birth_date: Set(body.birth_date),
        sex: Set(body.sex.as_str().to_owned()),
        ministry_code: Set(own.ministry_code),
        phone: Set(own.phone),
        version: Set(version.saturating_add(1)),
        ..Default::default()
    };
    let done = staff::Entity::update_many()
        .set(row)
        .filter(staff::Column::Id.eq(id.0))
        .filter(staff::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::new(Code::VersionConflict));
    }
    let after = query::find(tx.conn(), tx.ctx(), Permission::StaffWrite, id, true).await?;
    // A person belongs to the directory, not to one of their schools.
    let event = Event::new(None, "staff.updated", "staff", id).before(&before).after(&after);
    Ok((after, event))
}

/// A further post, such as a second school (dạy liên trường, NĐ 93/2026 Đ.13); or the end of one: the same unit, position and
/// first day again, with another `valid_to` or another decision. The caller must reach a present post of the person, and the unit.
///
/// Errors: `not_found` (the person or the unit), `unit_closed` by the first day of a new post, `invalid` with `/valid_to` or, where nothing would change, `/valid_from`.
pub async fn add_post(db: &Db, ctx: &Ctx, id: StaffId, body: &PostPost) -> Result<Staff> {
    let valid_from = input::day("/valid_from", body.valid_from)?;
    let valid_to = body.valid_to.map(|day| input::day("/valid_to", day)).transpose()?;
    if valid_to.is_some_and(|end| end <= valid_from) {
        return Err(Error::field("/valid_to", Code::DatesReversed));
    }
    let decision_no = input::text_opt("/decision_no", body.decision_no.as_deref(), 60)?;
    let decided_on = body.decided_on.map(|day| input::day("/decided_on", day)).transpose()?;
    db.write(ctx, async |tx| {
        let before = query::find(tx.conn(), ctx, Permission::StaffWrite, id, true).await?;
        let unit = units::reachable_in(tx.conn(), ctx, Permission::StaffWrite, body.unit_id).await?;
        let same =
            before.posts.iter().find(|p| p.unit_id == body.unit_id && p.position == body.position && p.valid_from == valid_from);
        match same {
            // Whoever only ends a post does not say its decision again.
            Some(same)
                if same.valid_to == valid_to
                    && decision_no.as_ref().is_none_or(|no| same.decision_no.as_ref() == Some(no))
                    && decided_on.is_none_or(|day| same.decided_on == Some(day)) =>
            {
                return Err(Error::field("/valid_from", Code::FieldChoice));
            }
            Some(same) => {
                post::Entity::update_many()
                    .col_expr(post::Column::ValidTo, Expr::val(valid_to))
                    .col_expr(post::Column::DecisionNo, Expr::val(decision_no.clone().or_else(|| same.decision_no.clone())))
                    .col_expr(post::Column::DecidedOn, Expr::val(decided_on.or(same.decided_on)))
                    .filter(post::Column::StaffId.eq(id.0))
                    .filter(post::Column::UnitId.eq(body.unit_id.0))
                    .filter(post::Column::Position.eq(body.position.as_str()))
                    .filter(post::Column::ValidFrom.eq(valid_from))
                    .exec(tx.conn())
                    .await?;
            }
            None => {
                units::check_open(&unit, valid_from)?;
                let position = body.position.as_str().to_owned();
                let row = post::Model {
                    staff_id: id.0,
                    unit_id: body.unit_id.0,
                    position,
                    valid_from,
                    valid_to,
                    decision_no: decision_no.clone(),
                    decided_on,
                };
                post::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
            }
        }
        // The post that made the person reachable may be the one that has just ended.
        let after = query::find(tx.conn(), ctx, Permission::StaffWrite, id, false).await?;
        let event = Event::new(chain(unit.kind, unit.id), "staff.posted", "staff", id).before(&before.posts).after(&after.posts);
        Ok((after, vec![event]))
    })
    .await
}

/// Who has a post at a school today.
pub(crate) async fn posted_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<HashSet<StaffId>> {
    let mut select = Query::select();
    select
        .column(("p", "staff_id"))
        .from_as("staff_post", "p")
        .and_where(Expr::col(("p", "unit_id")).eq(school.0))
        .cond_where(scope::in_force("p"));
    let rows = conn.query_all(&select).await?;
    rows.iter().map(|row| Ok(StaffId(row.try_get_by_index::<Uuid>(0)?))).collect()
}

/// Which of these people have a post in force that the permission reaches.
pub(crate) async fn reached_in(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    people: impl IntoIterator<Item = StaffId>,
) -> Result<HashSet<StaffId>> {
    let mut select = Query::select();
    select
        .column(("s", "id"))
        .from_as("staff", "s")
        .and_where(Expr::col(("s", "id")).is_in(people.into_iter().map(|one| one.0)))
        .cond_where(scope::staff(&ctx.reach(permission), "s", true));
    let rows = conn.query_all(&select).await?;
    rows.iter().map(|row| Ok(StaffId(row.try_get_by_index::<Uuid>(0)?))).collect()
}

/// The names of the units in which people have a post today, for callers who have looked whether they may see the people.
pub(crate) async fn places_of(conn: &impl ConnectionTrait, people: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    let today = kernel::clock::today();
    let posts = query::posts(conn, people).await?;
    let names = |posts: Vec<dto::staff::Post>| {
        let mut names: Vec<String> = Vec::new();
        for post in posts.into_iter().filter(|post| post.valid_from <= today && post.valid_to.is_none_or(|end| end > today)) {
            if !names.contains(&post.unit_name) {
                names.push(post.unit_name);
            }
        }
        names.join(", ")
    };
    Ok(posts.into_iter().map(|(staff, posts)| (staff, names(posts))).collect())
}
