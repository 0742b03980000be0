//! Finding classes.

use crate::{calendar, scope};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::classes::{Class, ClassQuery, StaffRef};
use dto::page::{Page, PageQuery};
use dto::{ClassId, Code, SchoolYearId, StaffId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Error, Result, clock, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct ClassRow {
    id: Uuid,
    school_id: Uuid,
    school_name: String,
    school_year_id: Uuid,
    school_year: String,
    grade: String,
    grade_order: i16,
    name: String,
    sort_key: Vec<u8>,
    homeroom_id: Option<Uuid>,
    homeroom_name: Option<String>,
    learners: i64,
    ordinals_frozen_at: Option<DateTime<Utc>>,
    version: i64,
}

fn class(row: ClassRow) -> Result<Class> {
    Ok(Class {
        id: ClassId(row.id),
        school_id: UnitId(row.school_id),
        school_name: row.school_name,
        school_year_id: SchoolYearId(row.school_year_id),
        school_year: row.school_year,
        grade: crate::stored(&row.grade)?,
        name: row.name,
        homeroom: row.homeroom_id.zip(row.homeroom_name).map(|(id, full_name)| StaffRef { id: StaffId(id), full_name }),
        learners: u32::try_from(row.learners).unwrap_or(u32::MAX),
        ordinals_frozen_at: row.ordinals_frozen_at,
        version: row.version,
    })
}

/// How many learners the class `c` has today.
pub(crate) fn learners_of_c() -> SelectStatement {
    let mut count = Query::select();
    count
        .expr(Expr::col(("en", "learner_id")).count())
        .from_as("enrolment", "en")
        .and_where(Expr::col(("en", "school_id")).equals(("c", "school_id")))
        .and_where(Expr::col(("en", "class_id")).equals(("c", "id")))
        .cond_where(scope::open("en", "left_on"));
    count
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("c", "id"), ("c", "school_id"), ("c", "school_year_id"), ("c", "grade"), ("c", "grade_order"), ("c", "name")])
        .columns([("c", "sort_key"), ("c", "ordinals_frozen_at"), ("c", "version")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .expr_as(Expr::col(("y", "code")), "school_year")
        .expr_as(Expr::col(("h", "id")), "homeroom_id")
        .expr_as(Expr::col(("h", "full_name")), "homeroom_name")
        .expr_as(learners_of_c(), "learners")
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("c", "school_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .join_as(JoinType::LeftJoin, "staff", "h", Expr::col(("h", "id")).equals(("c", "homeroom_staff_id")));
    select
}

/// A class that the scope reaches.
pub(super) async fn find(conn: &impl ConnectionTrait, reach: &Scope, id: ClassId) -> Result<Class> {
    let mut select = select();
    select.and_where(Expr::col(("c", "id")).eq(id.0)).cond_where(scope::classes(reach, "c"));
    match crate::one::<ClassRow>(conn, &select).await? {
        Some(row) => class(row),
        None => Err(Error::new(Code::NotFound)),
    }
}

/// The school and the homeroom teacher of a class that the scope reaches: what a reader of its parts has to know.
pub(super) async fn place(conn: &impl ConnectionTrait, reach: &Scope, id: ClassId) -> Result<(UnitId, Option<Uuid>)> {
    let mut select = Query::select();
    select
        .columns([("c", "school_id"), ("c", "homeroom_staff_id")])
        .from_as("class", "c")
        .and_where(Expr::col(("c", "id")).eq(id.0))
        .cond_where(scope::classes(reach, "c"));
    let row = conn.query_one(&select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((UnitId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    grade: i16,
    key: crate::Hex,
    id: Uuid,
}

pub(super) async fn list(conn: &impl ConnectionTrait, ctx: &Ctx, query: &ClassQuery, page: &PageQuery) -> Result<Page<Class>> {
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let year = match query.school_year_id {
        Some(id) => Some(id),
        None => calendar::current_year_in(conn, clock::today()).await?.map(|y| y.id),
    };
    let Some(year) = year else { return Ok(Page { items: Vec::new(), next: None }) };
    let mut select = select();
    select
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .cond_where(scope::classes(&ctx.reach(Permission::ClassRead), "c"));
    if let Some(school) = query.school_id {
        select.and_where(Expr::col(("c", "school_id")).eq(school.0));
    }
    if let Some(grade) = query.grade {
        select.and_where(Expr::col(("c", "grade")).eq(grade.as_str()));
    }
    if let Some(after) = after {
        let columns = [("c", "grade_order"), ("c", "sort_key"), ("c", "id")];
        select.and_where(crate::after(columns, [after.grade.into(), after.key.0.into(), after.id.into()]));
    }
    let words = crate::words(query.q.as_deref());
    if !words.is_empty() {
        let named = named(conn, &select, &words).await?;
        select.and_where(Expr::col(("c", "name")).is_in(named));
    }
    select
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("c", "id"), Order::Asc)
        .limit(page.limit() + 1);
    let rows = crate::all::<ClassRow>(conn, &select).await?;
    let cursor = |row: &ClassRow| Cursor { grade: row.grade_order, key: crate::Hex(row.sort_key.clone()), id: row.id };
    let found = page::of(rows, page.limit(), cursor, class);
    Ok(Page { items: found.items.into_iter().collect::<Result<_>>()?, next: found.next })
}

/// The names of classes in a list that hold all words. The name of a class is short and has no folded column, and many classes have the
/// same, so the names of the list are read and compared here: "la 1" finds "Lá 1" on every engine.
async fn named(conn: &impl ConnectionTrait, list: &SelectStatement, words: &[String]) -> Result<Vec<String>> {
    let mut names = list.clone();
    names.clear_selects().distinct().column(("c", "name"));
    let mut found = Vec::new();
    for row in conn.query_all(&names).await? {
        let name: String = row.try_get_by_index(0)?;
        let folded = kernel::text::fold(&name);
        if words.iter().all(|word| folded.contains(word.as_str())) {
            found.push(name);
        }
    }
    Ok(found)
}
