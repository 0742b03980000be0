//! A guardian's children, and a learner as their own family: in any school.

use crate::{calendar, scope};
use dto::access::Permission;
use dto::gradebook::Child;
use dto::page::Page;
use dto::{ClassId, LearnerId};
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Result, clock};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct In {
    learner_id: Uuid,
    class_id: Uuid,
    class_name: String,
    grade: String,
}

#[derive(FromQueryResult)]
struct Who {
    id: Uuid,
    full_name: String,
    given: String,
    school_name: Option<String>,
}

/// The children of the caller (or the caller themself, for a learner), the eldest first, with the class of the current school
/// year where they are in one.
pub async fn children(db: &Db, ctx: &Ctx) -> Result<Page<Child>> {
    Ok(Page { items: children_in(db.read(), ctx).await?, next: None })
}

/// The same on a connection.
pub async fn children_in(conn: &impl ConnectionTrait, ctx: &Ctx) -> Result<Vec<Child>> {
    let reach = ctx.reach(Permission::FamilyRead);
    // Never wider than the family, whoever else the caller is.
    let family = Scope { guardian: reach.guardian, learner: reach.learner, ..Scope::default() };
    let year = calendar::current_year_in(conn, clock::today()).await?.map_or(Uuid::nil(), |y| y.id.0);
    let mut current = Query::select();
    current
        .columns([("e", "learner_id"), ("e", "class_id")])
        .expr_as(Expr::col(("c", "name")), "class_name")
        .column(("c", "grade"))
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("c", "school_year_id")).eq(year))
        .cond_where(scope::open("e", "left_on"));
    let mut select = Query::select();
    select
        .columns([("l", "id"), ("l", "full_name"), ("l", "given")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("learner", "l")
        .join_as(JoinType::LeftJoin, "unit", "u", Expr::col(("u", "id")).equals(("l", "school_id")))
        .cond_where(scope::learners(&family, "l"))
        .order_by(("l", "birth_date"), Order::Asc)
        .order_by(("l", "id"), Order::Asc);
    let who = crate::all::<Who>(conn, &select).await?;
    if who.is_empty() {
        return Ok(Vec::new());
    }
    current.and_where(Expr::col(("e", "learner_id")).is_in(who.iter().map(|w| w.id)));
    let classes = crate::all::<In>(conn, &current).await?;
    Ok(who
        .into_iter()
        .map(|w| {
            let class = classes.iter().find(|c| c.learner_id == w.id);
            Child {
                learner_id: LearnerId(w.id),
                full_name: w.full_name,
                given_name: w.given,
                class_id: class.map(|c| ClassId(c.class_id)),
                class_name: class.map(|c| c.class_name.clone()),
                grade: class.and_then(|c| c.grade.parse().ok()),
                school_name: w.school_name,
            }
        })
        .collect())
}
