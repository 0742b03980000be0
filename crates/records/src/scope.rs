//! The second gate as SQL: which rows of records a permission of the caller reaches. Every finder adds one of these
//! conditions; a row outside of it does not exist for the caller (404).
//!
//! Each function takes the alias under which the statement names the table.

use kernel::ctx::Scope;
use kernel::{Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

type Alias = &'static str;

/// Any of these; an empty scope reaches nothing. One condition stands alone, without `OR`: the engines then find rows by its
/// index instead of reading the whole table.
fn any_of(conditions: Vec<Expr>) -> Condition {
    if conditions.is_empty() {
        return Condition::all().add(Expr::val(1).eq(0));
    }
    conditions.into_iter().fold(Condition::any(), Condition::add)
}

/// The units at and under these.
pub(crate) fn under(units: &[Uuid]) -> SelectStatement {
    let mut select = Query::select();
    select.column("unit_id").from("unit_ancestor").and_where(Expr::col("ancestor_id").is_in(units.iter().copied()));
    select
}

/// Whether a scope reaches by units alone, and so many of them.
pub(crate) async fn is_wide(conn: &impl ConnectionTrait, scope: &Scope) -> Result<bool> {
    let only_units = !scope.all
        && !scope.units.is_empty()
        && scope.homeroom.is_none()
        && scope.taught.is_none()
        && scope.guardian.is_none()
        && scope.learner.is_none();
    Ok(only_units && identity::is_wide(conn, &scope.units).await?)
}

/// Open today or later: `valid_to` is the first day on which it no longer holds.
pub(crate) fn in_force(table: Alias) -> Condition {
    open(table, "valid_to")
}

/// Not yet ended, by the column of its end (excluded).
pub(crate) fn open(table: Alias, end: &'static str) -> Condition {
    Condition::any().add(Expr::col((table, end)).is_null()).add(Expr::col((table, end)).gt(clock::today()))
}

/// Classes: of schools at or under the units; the homeroom class; classes with a subject assigned; classes of the children.
pub(crate) fn classes(scope: &Scope, class: Alias) -> Condition {
    if scope.all {
        return Condition::all();
    }
    let mut any = Vec::new();
    if !scope.units.is_empty() {
        any.push(Expr::col((class, "school_id")).in_subquery(under(&scope.units)));
    }
    if let Some(staff) = scope.homeroom {
        any.push(Expr::col((class, "homeroom_staff_id")).eq(staff));
    }
    if let Some(staff) = scope.taught {
        any.push(Expr::col((class, "id")).in_subquery(taught(staff)));
    }
    if let Some(children) = children(scope) {
        let mut theirs = Query::select();
        theirs.column("class_id").from("enrolment").and_where(Expr::col("learner_id").in_subquery(children));
        any.push(Expr::col((class, "id")).in_subquery(theirs));
    }
    any_of(any)
}

/// The classes in which a member of staff teaches something today.
pub(crate) fn taught(staff: Uuid) -> SelectStatement {
    let mut select = Query::select();
    select.column("class_id").from("teaching").and_where(Expr::col("staff_id").eq(staff)).cond_where(in_force("teaching"));
    select
}

/// The guardian's children or the learner themself; `None` where the scope has neither.
fn children(scope: &Scope) -> Option<SelectStatement> {
    if let Some(guardian) = scope.guardian {
        let mut select = Query::select();
        select.column("learner_id").from("guardian_link").and_where(Expr::col("guardian_id").eq(guardian));
        return Some(select);
    }
    let learner = scope.learner?;
    let mut select = Query::select();
    select.column("id").from("learner").and_where(Expr::col("id").eq(learner));
    Some(select)
}

/// Learners: of schools at or under the units (the school of today, or the last one); those in the homeroom class or in a
/// class taught; the children.
pub(crate) fn learners(scope: &Scope, learner: Alias) -> Condition {
    if scope.all {
        return Condition::all();
    }
    let mut any = Vec::new();
    if !scope.units.is_empty() {
        any.push(Expr::col((learner, "school_id")).in_subquery(under(&scope.units)));
    }
    let mut theirs = Vec::new();
    if let Some(staff) = scope.homeroom {
        theirs.push(Expr::col(("c", "homeroom_staff_id")).eq(staff));
    }
    if let Some(staff) = scope.taught {
        theirs.push(Expr::col(("c", "id")).in_subquery(taught(staff)));
    }
    if !theirs.is_empty() {
        let mut members = Query::select();
        members
            .column(("e", "learner_id"))
            .from_as("class", "c")
            .join_as(
                sea_orm::JoinType::InnerJoin,
                "enrolment",
                "e",
                Expr::col(("e", "school_id")).equals(("c", "school_id")).and(Expr::col(("e", "class_id")).equals(("c", "id"))),
            )
            .cond_where(any_of(theirs))
            .cond_where(open("e", "left_on"));
        any.push(Expr::col((learner, "id")).in_subquery(members));
    }
    if let Some(children) = children(scope) {
        any.push(Expr::col((learner, "id")).in_subquery(children));
    }
    any_of(any)
}

/// Staff with a post at or under the units. For writing the post must be in force: a school may still look up who
/// worked there, but the record is the present school's to change.
pub(crate) fn staff(scope: &Scope, staff: Alias, writing: bool) -> Condition {
    if scope.all {
        return Condition::all();
    }
    let mut any = Vec::new();
    if !scope.units.is_empty() {
        let mut posts = Query::select();
        posts
            .column(("p", "staff_id"))
            .from_as("staff_post", "p")
            .and_where(Expr::col(("p", "unit_id")).in_subquery(under(&scope.units)));
        if writing {
            posts.cond_where(in_force("p"));
        }
        any.push(Expr::col((staff, "id")).in_subquery(posts));
    }
    if let Some(own) = scope.homeroom.or(scope.taught) {
        any.push(Expr::col((staff, "id")).eq(own));
    }
    any_of(any)
}

/// Units at or under the role's units; for teachers, the schools of their posts and classes.
pub(crate) fn units(scope: &Scope, unit: Alias) -> Condition {
    if scope.all {
        return Condition::all();
    }
    let mut any = Vec::new();
    for select in unit_sets(scope) {
        any.push(Expr::col((unit, "id")).in_subquery(select));
    }
    any_of(any)
}

/// Whether a column holds a unit that the scope reaches.
pub(crate) fn reaches_unit(scope: &Scope, column: (Alias, &'static str)) -> Condition {
    if scope.all {
        return Condition::all();
    }
    let mut any = Vec::new();
    for select in unit_sets(scope) {
        any.push(Expr::col(column).in_subquery(select));
    }
    any_of(any)
}

fn unit_sets(scope: &Scope) -> Vec<SelectStatement> {
    let mut sets = Vec::new();
    if !scope.units.is_empty() {
        sets.push(under(&scope.units));
    }
    if let Some(staff) = scope.homeroom.or(scope.taught) {
        let mut posts = Query::select();
        posts
            .column(("p", "unit_id"))
            .from_as("staff_post", "p")
            .and_where(Expr::col(("p", "staff_id")).eq(staff))
            .cond_where(in_force("p"));
        sets.push(posts);
        let mut own = Query::select();
        own.column(("oc", "school_id")).from_as("class", "oc").cond_where(
            Condition::any()
                .add(Expr::col(("oc", "homeroom_staff_id")).eq(staff))
                .add(Expr::col(("oc", "id")).in_subquery(taught(staff))),
        );
        sets.push(own);
    }
    sets
}
