//! Finding items.

use crate::{scope, units};
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::equipment::{EquipmentCount, EquipmentItem, EquipmentQuery};
use dto::page::{Page, PageQuery};
use dto::{Code, RoomId, UnitId};
use kernel::{Ctx, Db, Error, Result, page};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An item with the name of its school.
#[derive(Clone, FromQueryResult)]
pub(super) struct Row {
    pub school_id: Uuid,
    pub school_name: String,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub number: Option<String>,
    pub place: String,
    pub room_id: Option<Uuid>,
    pub state: String,
    pub acquired_year: Option<i16>,
    pub source: Option<String>,
    pub price: Option<i64>,
    pub note: Option<String>,
    pub seen_on: Option<NaiveDate>,
    pub sort_key: Vec<u8>,
    pub version: i64,
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([
            ("e", "school_id"),
            ("e", "code"),
            ("e", "name"),
            ("e", "kind"),
            ("e", "number"),
            ("e", "place"),
            ("e", "state"),
        ])
        .columns([("e", "acquired_year"), ("e", "source"), ("e", "price"), ("e", "note"), ("e", "seen_on"), ("e", "sort_key")])
        .columns([("e", "version"), ("e", "room_id")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("equipment", "e")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("e", "school_id")));
    select
}

/// An item of a school that the permission reaches.
pub(super) async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, code: &str) -> Result<Row> {
    let mut select = select();
    select
        .and_where(Expr::col(("e", "code")).eq(code))
        .cond_where(scope::reaches_unit(&ctx.reach(permission), ("e", "school_id")))
        .limit(1);
    crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))
}

#[derive(FromQueryResult)]
pub(super) struct EventRow {
    pub happened_at: DateTime<Utc>,
    pub by_account: Option<Uuid>,
    pub place: String,
    pub state: String,
    pub note: Option<String>,
}

/// What was seen of an item, the newest first.
pub(super) async fn events(conn: &impl ConnectionTrait, school: UnitId, code: &str) -> Result<Vec<EventRow>> {
    let mut query = Query::select();
    query
        .columns(["happened_at", "by_account", "place", "state", "note"])
        .from("equipment_event")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("equipment_code").eq(code))
        .order_by("happened_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(100);
    crate::all(conn, &query).await
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    code: String,
}

/// The items of a school that a query asks for, in Vietnamese order of names.
pub(super) fn asked(school: UnitId, query: &EquipmentQuery) -> SelectStatement {
    let mut select = select();
    select.and_where(Expr::col(("e", "school_id")).eq(school.0));
    for word in crate::words(query.q.as_deref()) {
        select.and_where(crate::contains(("e", "search_text"), &word));
    }
    if let Some(kind) = query.kind {
        select.and_where(Expr::col(("e", "kind")).eq(kind.as_str()));
    }
    if let Some(state) = query.state {
        select.and_where(Expr::col(("e", "state")).eq(state.as_str()));
    }
    if let Some(day) = query.unseen_since {
        let unseen = Cond::any().add(Expr::col(("e", "seen_on")).is_null()).add(Expr::col(("e", "seen_on")).lt(day));
        select.cond_where(unseen);
    }
    if let Some(room) = query.room_id {
        select.and_where(Expr::col(("e", "room_id")).eq(room.0));
    }
    select.order_by(("e", "sort_key"), Order::Asc).order_by(("e", "code"), Order::Asc);
    select
}

pub(super) fn item(row: Row) -> Result<EquipmentItem> {
    Ok(EquipmentItem {
        code: row.code,
        name: row.name,
        kind: crate::stored(&row.kind)?,
        number: row.number,
        place: row.place,
        room_id: row.room_id.map(RoomId),
        state: crate::stored(&row.state)?,
        seen_on: row.seen_on,
        version: row.version,
    })
}

/// The inventory of a school.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &EquipmentQuery, page: &PageQuery) -> Result<Page<EquipmentItem>> {
    let conn = db.read();
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let mut select = asked(school.id, query);
    if let Some(after) = after {
        select.and_where(crate::after([("e", "sort_key"), ("e", "code")], [after.key.0.into(), after.code.into()]));
    }
    select.limit(page.limit() + 1);
    let rows = crate::all::<Row>(conn, &select).await?;
    let key = |row: &Row| Cursor { key: crate::Hex(row.sort_key.clone()), code: row.code.clone() };
    let found = page::of(rows, page.limit(), key, item);
    Ok(Page { items: found.items.into_iter().collect::<Result<_>>()?, next: found.next })
}

/// The items of a school that a query asks for, at most `most`, for callers who have looked whether they may be seen.
pub(crate) async fn all(
    conn: &impl ConnectionTrait,
    school: UnitId,
    query: &EquipmentQuery,
    most: u64,
) -> Result<Vec<EquipmentItem>> {
    let mut select = asked(school, query);
    select.limit(most);
    crate::all::<Row>(conn, &select).await?.into_iter().map(item).collect()
}

/// How many items a school has, by kind and state.
///
/// Errors: `not_found`.
pub async fn counts(db: &Db, ctx: &Ctx, school: UnitId) -> Result<Page<EquipmentCount>> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    Ok(Page { items: counts_in(conn, school.id).await?, next: None })
}

pub(crate) async fn counts_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<Vec<EquipmentCount>> {
    let mut query = Query::select();
    query
        .columns(["kind", "state"])
        .expr(Expr::col("code").count())
        .from("equipment")
        .and_where(Expr::col("school_id").eq(school.0))
        .group_by_columns(["kind", "state"])
        .order_by("kind", Order::Asc)
        .order_by("state", Order::Asc);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|row| {
            let (kind, state): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let items: i64 = row.try_get_by_index(2)?;
            Ok(EquipmentCount {
                kind: crate::stored(&kind)?,
                state: crate::stored(&state)?,
                items: u32::try_from(items).unwrap_or(u32::MAX),
            })
        })
        .collect()
}
