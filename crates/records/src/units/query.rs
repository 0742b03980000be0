//! Finding units.

use crate::scope;
use chrono::NaiveDate;
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::units::{Placement, SchoolLevel, Unit, UnitKind, UnitQuery, UnitRef};
use dto::{Code, UnitId};
use kernel::{Ctx, Error, Result, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct UnitRow {
    id: Uuid,
    kind: String,
    name: String,
    short_name: String,
    code: String,
    code_set: String,
    code_set_version: String,
    levels: String,
    sort_key: Vec<u8>,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    version: i64,
    parent_id: Option<Uuid>,
    children: i64,
}

fn unit(row: UnitRow) -> Result<Unit> {
    Ok(Unit {
        id: UnitId(row.id),
        kind: crate::stored(&row.kind)?,
        name: row.name,
        short_name: row.short_name,
        code: row.code,
        code_set: row.code_set,
        code_set_version: row.code_set_version,
        levels: levels(&row.levels)?,
        parent_id: row.parent_id.map(UnitId),
        opened_on: row.opened_on,
        closed_on: row.closed_on,
        children: u32::try_from(row.children).unwrap_or(u32::MAX),
        version: row.version,
    })
}

/// The levels as the table keeps them.
pub(super) fn levels(text: &str) -> Result<Vec<SchoolLevel>> {
    text.split(',').filter(|level| !level.is_empty()).map(crate::stored).collect()
}

/// The name of a school or campus.
pub(super) async fn school_name(conn: &impl ConnectionTrait, id: UnitId) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Named {
        name: String,
    }
    let mut select = Query::select();
    select
        .column("name")
        .from("unit")
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("kind").is_in([UnitKind::School.as_str(), UnitKind::Campus.as_str()]));
    Ok(crate::one::<Named>(conn, &select).await?.map(|row| row.name))
}

/// Units with the one above and how many lie directly under.
fn select() -> SelectStatement {
    let mut children = Query::select();
    children
        .expr(Expr::col(("ch", "unit_id")).count())
        .from_as("unit_ancestor", "ch")
        .and_where(Expr::col(("ch", "ancestor_id")).equals(("u", "id")))
        .and_where(Expr::col(("ch", "depth")).eq(1));
    let mut select = Query::select();
    select
        .columns([("u", "id"), ("u", "kind"), ("u", "name"), ("u", "short_name"), ("u", "code"), ("u", "code_set")])
        .columns([
            ("u", "code_set_version"),
            ("u", "levels"),
            ("u", "sort_key"),
            ("u", "opened_on"),
            ("u", "closed_on"),
            ("u", "version"),
        ])
        .expr_as(Expr::col(("pa", "ancestor_id")), "parent_id")
        .expr_as(children, "children")
        .from_as("unit", "u")
        .join_as(
            JoinType::LeftJoin,
            "unit_ancestor",
            "pa",
            Expr::col(("pa", "unit_id")).equals(("u", "id")).and(Expr::col(("pa", "depth")).eq(1)),
        );
    select
}

/// A unit that the permission reaches.
pub(super) async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: UnitId) -> Result<Unit> {
    let mut select = select();
    select.and_where(Expr::col(("u", "id")).eq(id.0)).cond_where(scope::units(&ctx.reach(permission), "u"));
    match crate::one::<UnitRow>(conn, &select).await? {
        Some(row) => unit(row),
        None => Err(Error::new(Code::NotFound)),
    }
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    id: Uuid,
}

pub(super) async fn list(conn: &impl ConnectionTrait, ctx: &Ctx, query: &UnitQuery, page: &PageQuery) -> Result<Page<Unit>> {
    let reach = ctx.reach(Permission::UnitRead);
    let mut select = select();
    select.cond_where(scope::units(&reach, "u"));
    let words = crate::words(query.q.as_deref());
    if let Some(parent) = query.parent_id {
        if words.is_empty() {
            select.and_where(Expr::col(("pa", "ancestor_id")).eq(parent.0));
        } else {
            select.and_where(Expr::col(("u", "id")).in_subquery(scope::under(&[parent.0])));
        }
    } else if words.is_empty() && query.kind.is_none() {
        // Topmost: nothing that the caller reaches lies right above.
        let mut above = Query::select();
        above
            .expr(Expr::val(1))
            .from_as("unit_ancestor", "ab")
            .and_where(Expr::col(("ab", "unit_id")).equals(("u", "id")))
            .and_where(Expr::col(("ab", "depth")).eq(1))
            .cond_where(scope::reaches_unit(&reach, ("ab", "ancestor_id")));
        select.and_where(Expr::not_exists(above));
    }
    for word in words {
        select.and_where(crate::contains(("u", "search_text"), &word));
    }
    if let Some(kind) = query.kind {
        select.and_where(Expr::col(("u", "kind")).eq(kind.as_str()));
    }
    if let Some(after) = page::decode::<Cursor>(page.after.as_deref())? {
        select.and_where(crate::after([("u", "sort_key"), ("u", "id")], [after.key.0.into(), after.id.into()]));
    }
    select.order_by(("u", "sort_key"), Order::Asc).order_by(("u", "id"), Order::Asc).limit(page.limit() + 1);
    let rows = crate::all::<UnitRow>(conn, &select).await?;
    let found = page::of(rows, page.limit(), |row| Cursor { key: crate::Hex(row.sort_key.clone()), id: row.id }, unit);
    Ok(Page { items: found.items.into_iter().collect::<Result<_>>()?, next: found.next })
}

/// The units above, the root first.
pub(super) async fn ancestors(conn: &impl ConnectionTrait, id: UnitId) -> Result<Vec<UnitRef>> {
    let mut select = Query::select();
    select
        .columns([("u", "id"), ("u", "kind"), ("u", "name")])
        .from_as("unit_ancestor", "a")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("a", "ancestor_id")))
        .and_where(Expr::col(("a", "unit_id")).eq(id.0))
        .and_where(Expr::col(("a", "depth")).gt(0))
        .order_by(("a", "depth"), Order::Desc);
    #[derive(FromQueryResult)]
    struct Above {
        id: Uuid,
        kind: String,
        name: String,
    }
    let rows = crate::all::<Above>(conn, &select).await?;
    rows.into_iter().map(|a| Ok(UnitRef { id: UnitId(a.id), kind: crate::stored::<UnitKind>(&a.kind)?, name: a.name })).collect()
}

/// Where the unit lay and lies, the newest first.
pub(super) async fn placements(conn: &impl ConnectionTrait, id: UnitId) -> Result<Vec<Placement>> {
    let mut select = Query::select();
    select
        .columns([("p", "parent_id"), ("p", "valid_from"), ("p", "valid_to")])
        .expr_as(Expr::col(("u", "name")), "parent_name")
        .from_as("unit_placement", "p")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("p", "parent_id")))
        .and_where(Expr::col(("p", "unit_id")).eq(id.0))
        .order_by(("p", "valid_from"), Order::Desc);
    #[derive(FromQueryResult)]
    struct Place {
        parent_id: Uuid,
        parent_name: String,
        valid_from: NaiveDate,
        valid_to: Option<NaiveDate>,
    }
    let rows = crate::all::<Place>(conn, &select).await?;
    Ok(rows
        .into_iter()
        .map(|p| Placement {
            parent_id: UnitId(p.parent_id),
            parent_name: p.parent_name,
            valid_from: p.valid_from,
            valid_to: p.valid_to,
        })
        .collect())
}

/// The units of a kind that lie directly under a unit and are open.
pub(super) async fn open_right_under(conn: &impl ConnectionTrait, parent: UnitId, kind: UnitKind) -> Result<Vec<UnitId>> {
    let mut select = Query::select();
    select
        .column(("u", "id"))
        .from_as("unit_ancestor", "a")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("a", "unit_id")))
        .and_where(Expr::col(("a", "ancestor_id")).eq(parent.0))
        .and_where(Expr::col(("a", "depth")).eq(1))
        .and_where(Expr::col(("u", "kind")).eq(kind.as_str()))
        .and_where(Expr::col(("u", "closed_on")).is_null());
    conn.query_all(&select).await?.iter().map(|row| Ok(UnitId(row.try_get_by_index(0)?))).collect()
}
