//! The effective-dated tree of units: Ministry, Sở, commune, school, campus.
//!
//! A unit's place is a row with dates, so that what lay where on a past day stays known. The closure (`unit_ancestor`) holds
//! the tree as placed today; scopes are read from it.

mod changes;
pub mod codes;
mod consequences;
pub(crate) mod entity;
mod goods;
mod history;
mod network;
mod query;
mod tree;
mod undo;

pub use changes::change;
pub use consequences::consequences;
pub(crate) use goods::gone_to;
pub use history::{history, successor_in};
pub use network::network;
pub use tree::{follow_calendar, rebuild_closure, rebuild_closure_in};
pub use undo::{decision, undo};

use crate::{input, person};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::units::{PostPlacement, PostUnit, PutUnit, SchoolLevel, Unit, UnitDetail, UnitKind, UnitQuery, UnitRef};
use dto::{Code, UnitId};
use entity::{placement, unit};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

/// The place of a unit in a list by its name.
pub fn unit_sort_key(name: &str) -> Vec<u8> {
    person::name_key(name)
}

/// What a search of units looks at.
pub fn unit_search_text(name: &str, short_name: &str, code: &str) -> String {
    person::search_text(&[name, short_name, code])
}

/// The levels as the table keeps them: "primary,lower_secondary", in order and each once.
pub fn levels_text(levels: &[SchoolLevel]) -> String {
    let known = SchoolLevel::ALL.iter().filter(|level| levels.contains(level));
    known.map(|level| level.as_str()).collect::<Vec<_>>().join(",")
}

/// A unit with the units above it and its placements.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: UnitId) -> Result<UnitDetail> {
    get_in(db.read(), ctx, Permission::UnitRead, id).await
}

pub(crate) async fn get_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: UnitId) -> Result<UnitDetail> {
    let unit = query::find(conn, ctx, permission, id).await?;
    Ok(UnitDetail { ancestors: query::ancestors(conn, id).await?, placements: query::placements(conn, id).await?, unit })
}

/// Units in Vietnamese order of names: children of `parent_id`; the search `q` or all of a `kind` over the whole reach; with none, the
/// topmost units that the caller reaches.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &UnitQuery, page: &PageQuery) -> Result<Page<Unit>> {
    query::list(db.read(), ctx, query, page).await
}

/// A new unit under a parent that the caller reaches.
///
/// Errors: `not_found` (the parent), `unit_kind_mismatch`, `code_taken`, `invalid`.
pub async fn create(db: &Db, ctx: &Ctx, body: &PostUnit) -> Result<Unit> {
    db.write(ctx, async |tx| {
        tree::lock_in(tx).await?;
        let parent = query::find(tx.conn(), ctx, Permission::UnitWrite, body.parent_id).await?;
        if !body.kind.parents().contains(&parent.kind) {
            return Err(Error::new(Code::UnitKindMismatch));
        }
        let row = new_row(body)?;
        let unit_id = UnitId(row.id);
        unit::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        let place =
            placement::Model { unit_id: unit_id.0, valid_from: body.opened_on, parent_id: body.parent_id.0, valid_to: None };
        placement::Entity::insert(place.into_active_model()).exec_without_returning(tx.conn()).await?;
        tree::attach_in(tx, unit_id.0, Some(body.parent_id.0)).await?;
        let made = query::find(tx.conn(), ctx, Permission::UnitWrite, unit_id).await?;
        let event = Event::new(school_of(&made), "unit.created", "unit", unit_id).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// The root of the tree, which has no parent and so no place: a Sở that stands alone, or the Ministry. For the program
/// itself (an empty installation); no role reaches above its own unit.
///
/// Errors: `unit_kind_mismatch` for a kind that cannot be a root, `code_taken`, `invalid`.
pub async fn create_root(db: &Db, ctx: &Ctx, body: &PutUnit, kind: UnitKind, opened_on: NaiveDate) -> Result<Unit> {
    if !matches!(kind, UnitKind::Ministry | UnitKind::Department) {
        return Err(Error::new(Code::UnitKindMismatch));
    }
    db.write(ctx, async |tx| {
        let row = new_row(&PostUnit {
            kind,
            parent_id: UnitId(Uuid::nil()),
            name: body.name.clone(),
            short_name: body.short_name.clone(),
            code: body.code.clone(),
            code_set: body.code_set.clone(),
            code_set_version: body.code_set_version.clone(),
            levels: body.levels.clone(),
            opened_on,
        })?;
        let unit_id = UnitId(row.id);
        unit::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        tree::attach_in(tx, unit_id.0, None).await?;
        let made = query::find(tx.conn(), &Ctx::system("root"), Permission::UnitWrite, unit_id).await?;
        let event = Event::new(None, "unit.created", "unit", unit_id).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

fn new_row(body: &PostUnit) -> Result<unit::Model> {
    let put = PutUnit {
        name: body.name.clone(),
        short_name: body.short_name.clone(),
        code: body.code.clone(),
        code_set: body.code_set.clone(),
        code_set_version: body.code_set_version.clone(),
        levels: body.levels.clone(),
        closed_on: None,
    };
    row(id::new(), body.kind, body.opened_on, 1, &put)
}

fn row(id: Uuid, kind: UnitKind, opened_on: NaiveDate, version: i64, body: &PutUnit) -> Result<unit::Model> {
    let name = input::text("/name", &body.name, 1, 200)?;
    let short_name = input::text("/short_name", &body.short_name, 1, 60)?;
    let code = input::text("/code", &body.code, 1, 20)?;
    if !body.levels.is_empty() && !kind.teaches() {
        return Err(Error::field("/levels", Code::FieldChoice));
    }
    if body.closed_on.is_some_and(|closed| closed <= opened_on) {
        return Err(Error::field("/closed_on", Code::DatesReversed));
    }
    let code_set = input::text("/code_set", &body.code_set, 1, 40)?;
    let code_set_version = input::text("/code_set_version", &body.code_set_version, 1, 40)?;
    if !codes::is_known(&code_set, &code_set_version, &code) {
        return Err(Error::field("/code", Code::FieldChoice));
    }
    Ok(unit::Model {
        id,
        kind: kind.as_str().to_owned(),
        sort_key: unit_sort_key(&name),
        search_text: unit_search_text(&name, &short_name, &code),
        name,
        short_name,
        code,
        code_set,
        code_set_version,
        levels: levels_text(&body.levels),
        opened_on: input::day("/opened_on", opened_on)?,
        closed_on: body.closed_on.map(|day| input::day("/closed_on", day)).transpose()?,
        version,
    })
}

/// Changes a unit; its place is changed by [`place`].
///
/// Errors: `not_found`, `version_conflict`, `code_taken`, `invalid`.
pub async fn put(db: &Db, ctx: &Ctx, id: UnitId, version: i64, body: &PutUnit) -> Result<Unit> {
    db.write(ctx, async |tx| {
        let before = query::find(tx.conn(), ctx, Permission::UnitWrite, id).await?;
        let mut model =
            row(id.0, before.kind, before.opened_on, version.saturating_add(1), body)?.into_active_model().reset_all();
        model.id = NotSet;
        let done = unit::Entity::update_many()
            .set(model)
            .filter(unit::Column::Id.eq(id.0))
            .filter(unit::Column::Version.eq(version))
            .exec(tx.conn())
            .await?;
        if done.rows_affected == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let after = query::find(tx.conn(), ctx, Permission::UnitWrite, id).await?;
        let event = Event::new(school_of(&after), "unit.updated", "unit", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Moves a unit, with all that lies under it, under another parent from a day on. The placement before ends that day.
///
/// Errors: `not_found` (the unit or the parent), `unit_kind_mismatch`, `unit_cycle`, `invalid` with `dates_reversed` at
/// `/valid_from` where the day does not come after the beginning of the placement before.
pub async fn place(db: &Db, ctx: &Ctx, id: UnitId, body: &PostPlacement) -> Result<UnitDetail> {
    db.write(ctx, async |tx| {
        tree::lock_in(tx).await?;
        let unit = query::find(tx.conn(), ctx, Permission::UnitWrite, id).await?;
        let parent = query::find(tx.conn(), ctx, Permission::UnitWrite, body.parent_id).await?;
        let valid_from = input::day("/valid_from", body.valid_from)?;
        if tree::lies_under(tx.conn(), parent.id.0, id.0).await? {
            return Err(Error::new(Code::UnitCycle));
        }
        if !unit.kind.parents().contains(&parent.kind) {
            return Err(Error::new(Code::UnitKindMismatch));
        }
        let before = query::placements(tx.conn(), id).await?;
        close_last(tx, id, valid_from).await?;
        let place = placement::Model { unit_id: id.0, valid_from, parent_id: parent.id.0, valid_to: None };
        placement::Entity::insert(place.into_active_model()).exec_without_returning(tx.conn()).await?;
        tree::move_in(tx, id.0).await?;
        // Read by the new place: the caller reaches the parent, and so the unit under it.
        let after = get_in(tx.conn(), ctx, Permission::UnitWrite, id).await?;
        let event = Event::new(school_of(&after.unit), "unit.placed", "unit", id).before(&before).after(&after.placements);
        Ok((after, vec![event]))
    })
    .await
}

async fn close_last(tx: &Tx<'_>, id: UnitId, valid_from: NaiveDate) -> Result<()> {
    let last = placement::Entity::find()
        .filter(placement::Column::UnitId.eq(id.0))
        .order_by_desc(placement::Column::ValidFrom)
        .one(tx.conn())
        .await?;
    let Some(last) = last else { return Ok(()) };
    if valid_from <= last.valid_from || last.valid_to.is_some_and(|end| valid_from < end) {
        return Err(Error::field("/valid_from", Code::DatesReversed));
    }
    if last.valid_to.is_none() {
        placement::Entity::update_many()
            .col_expr(placement::Column::ValidTo, Expr::val(valid_from))
            .filter(placement::Column::UnitId.eq(id.0))
            .filter(placement::Column::ValidFrom.eq(last.valid_from))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

/// A school that the permission reaches (a campus counts as one): where classes, learners and staff can be.
///
/// Errors: `not_found`, also for units of other kinds.
pub(crate) async fn school_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: UnitId) -> Result<Unit> {
    let unit = query::find(conn, ctx, permission, id).await?;
    match unit.kind {
        UnitKind::School | UnitKind::Campus => Ok(unit),
        _ => Err(Error::new(Code::NotFound)),
    }
}

/// Nothing new begins in a unit that has been closed or merged by the day; what ran there goes on to its end.
///
/// Errors: `unit_closed`.
pub(crate) fn check_open(unit: &Unit, on: NaiveDate) -> Result<()> {
    match unit.closed_on {
        Some(closed) if closed <= on => Err(Error::new(Code::UnitClosed).with("name", &unit.name)),
        _ => Ok(()),
    }
}

/// The name of a school (a campus counts as one), for anybody.
///
/// Errors: `not_found`, also for units of other kinds.
pub(crate) async fn school_name_in(conn: &impl ConnectionTrait, id: UnitId) -> Result<String> {
    query::school_name(conn, id).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// A unit that the permission reaches.
///
/// Errors: `not_found`.
pub async fn reachable_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: UnitId) -> Result<Unit> {
    query::find(conn, ctx, permission, id).await
}

/// The units above one, the nearest last, for callers who have checked that it may be seen.
pub async fn above_in(conn: &impl ConnectionTrait, id: UnitId) -> Result<Vec<UnitRef>> {
    query::ancestors(conn, id).await
}

/// The chain of audit entries that a unit's own changes belong to.
fn school_of(unit: &Unit) -> Option<UnitId> {
    (unit.kind == UnitKind::School).then_some(unit.id)
}
