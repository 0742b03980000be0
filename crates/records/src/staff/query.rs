//! Finding staff.

use crate::scope;
use chrono::NaiveDate;
use dto::access::Permission;
use dto::learners::PersonName;
use dto::page::{Page, PageQuery};
use dto::staff::{Post, Staff, StaffQuery};
use dto::{Code, StaffId, UnitId};
use kernel::{Ctx, Error, Result, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

use super::entity::staff;

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("s", "id"), ("s", "family"), ("s", "middle"), ("s", "given"), ("s", "full_name"), ("s", "sort_key")])
        .columns([
            ("s", "search_text"),
            ("s", "birth_date"),
            ("s", "sex"),
            ("s", "ministry_code"),
            ("s", "phone"),
            ("s", "version"),
        ])
        .from_as("staff", "s");
    select
}

fn staff(row: staff::Model, posts: Vec<Post>) -> Result<Staff> {
    Ok(Staff {
        id: StaffId(row.id),
        name: PersonName { family: row.family, middle: row.middle, given: row.given },
        full_name: row.full_name,
        birth_date: row.birth_date,
        sex: crate::stored(&row.sex)?,
        ministry_code: row.ministry_code,
        phone: row.phone,
        posts,
        version: row.version,
    })
}

/// A member of staff that the permission reaches.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: StaffId,
    writing: bool,
) -> Result<Staff> {
    let mut select = select();
    select.and_where(Expr::col(("s", "id")).eq(id.0)).cond_where(scope::staff(&ctx.reach(permission), "s", writing));
    let row = crate::one::<staff::Model>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let posts = posts(conn, vec![row.id]).await?.remove(&row.id).unwrap_or_default();
    staff(row, posts)
}

/// A member of staff, for callers who have looked whether they may: the person themself.
///
/// Errors: `not_found`.
pub(super) async fn by_id(conn: &impl ConnectionTrait, id: StaffId) -> Result<Staff> {
    let mut select = select();
    select.and_where(Expr::col(("s", "id")).eq(id.0));
    let row = crate::one::<staff::Model>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let posts = posts(conn, vec![row.id]).await?.remove(&row.id).unwrap_or_default();
    staff(row, posts)
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    id: Uuid,
}

pub(super) async fn list(conn: &impl ConnectionTrait, ctx: &Ctx, query: &StaffQuery, page: &PageQuery) -> Result<Page<Staff>> {
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let reach = ctx.reach(Permission::StaffRead);
    let mut found = Query::select();
    found.column(("s", "id")).from_as("staff", "s");
    let wide = query.unit_id.is_none() && scope::is_wide(conn, &reach).await?;
    if wide {
        found.and_where(posted_under(&reach.units));
    } else {
        found.cond_where(scope::staff(&reach, "s", false));
    }
    if query.unit_id.is_some() || query.position.is_some() {
        let mut there = Query::select();
        there.from_as("staff_post", "tp").cond_where(scope::in_force("tp"));
        if let Some(unit) = query.unit_id {
            there.and_where(Expr::col(("tp", "unit_id")).eq(unit.0));
        }
        if let Some(position) = query.position {
            there.and_where(Expr::col(("tp", "position")).eq(position.as_str()));
        }
        if wide {
            there.expr(Expr::val(1)).and_where(Expr::col(("tp", "staff_id")).equals(("s", "id")));
            found.and_where(page::each(there));
        } else {
            there.column(("tp", "staff_id"));
            found.and_where(Expr::col(("s", "id")).in_subquery(there));
        }
    }
    for word in crate::words(query.q.as_deref()) {
        found.and_where(crate::contains(("s", "search_text"), &word));
    }
    if let Some(after) = after {
        found.and_where(crate::after([("s", "sort_key"), ("s", "id")], [after.key.0.into(), after.id.into()]));
    }
    found.order_by(("s", "sort_key"), Order::Asc).order_by(("s", "id"), Order::Asc).limit(page.limit() + 1);
    // Whom to show is found by the index of the order; only they are read.
    let mut select = select();
    select.and_where(Expr::col(("s", "id")).in_subquery(found));
    select.order_by(("s", "sort_key"), Order::Asc).order_by(("s", "id"), Order::Asc);
    let rows = crate::all::<staff::Model>(conn, &select).await?;
    let found = page::of(rows, page.limit(), |row| Cursor { key: crate::Hex(row.sort_key.clone()), id: row.id }, |row| row);
    let mut posts = posts(conn, found.items.iter().map(|row| row.id).collect()).await?;
    let items = found
        .items
        .into_iter()
        .map(|row| {
            let own = posts.remove(&row.id).unwrap_or_default();
            staff(row, own)
        })
        .collect::<Result<_>>()?;
    Ok(Page { items, next: found.next })
}

/// A post, of today or before, at one of these units or under one: asked of one person after another, as [`page::each`] says.
fn posted_under(units: &[Uuid]) -> Expr {
    let mut posts = Query::select();
    posts
        .expr(Expr::val(1))
        .from_as("staff_post", "p")
        .join_as(JoinType::InnerJoin, "unit_ancestor", "ua", Expr::col(("ua", "unit_id")).equals(("p", "unit_id")))
        .and_where(Expr::col(("p", "staff_id")).equals(("s", "id")))
        .and_where(Expr::col(("ua", "ancestor_id")).is_in(units.iter().copied()));
    page::each(posts)
}

/// The posts of people, each person's newest first.
pub(super) async fn posts(conn: &impl ConnectionTrait, people: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<Post>>> {
    #[derive(FromQueryResult)]
    struct Row {
        staff_id: Uuid,
        unit_id: Uuid,
        unit_name: String,
        position: String,
        valid_from: NaiveDate,
        valid_to: Option<NaiveDate>,
        decision_no: Option<String>,
        decided_on: Option<NaiveDate>,
    }
    let mut found: HashMap<Uuid, Vec<Post>> = HashMap::new();
    if people.is_empty() {
        return Ok(found);
    }
    let mut select = Query::select();
    select
        .columns([("p", "staff_id"), ("p", "unit_id"), ("p", "position"), ("p", "valid_from"), ("p", "valid_to")])
        .columns([("p", "decision_no"), ("p", "decided_on")])
        .expr_as(Expr::col(("u", "name")), "unit_name")
        .from_as("staff_post", "p")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("p", "unit_id")))
        .and_where(Expr::col(("p", "staff_id")).is_in(people))
        .order_by(("p", "valid_from"), Order::Desc)
        .order_by(("p", "unit_id"), Order::Asc)
        .order_by(("p", "position"), Order::Asc);
    for row in crate::all::<Row>(conn, &select).await? {
        found.entry(row.staff_id).or_default().push(Post {
            unit_id: UnitId(row.unit_id),
            unit_name: row.unit_name,
            position: crate::stored(&row.position)?,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            decision_no: row.decision_no,
            decided_on: row.decided_on,
        });
    }
    Ok(found)
}
