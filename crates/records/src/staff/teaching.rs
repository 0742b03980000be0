//! What a teacher has in the current school year.

use crate::classes::learners_of_c;
use crate::{calendar, scope};
use dto::identity::Person;
use dto::page::Page;
use dto::staff::TeachingItem;
use dto::{ClassId, UnitId};
use kernel::{Ctx, Db, Result, clock};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    school_id: Uuid,
    school_name: String,
    class_id: Uuid,
    class_name: String,
    grade: String,
    subject_code: Option<String>,
    name_vi: Option<String>,
    name_en: Option<String>,
    learners: i64,
}

fn item(row: Row) -> Result<TeachingItem> {
    Ok(TeachingItem {
        school_id: UnitId(row.school_id),
        school_name: row.school_name,
        class_id: ClassId(row.class_id),
        class_name: row.class_name,
        grade: crate::stored(&row.grade)?,
        homeroom: row.subject_code.is_none(),
        subject_code: row.subject_code,
        subject_name_vi: row.name_vi,
        subject_name_en: row.name_en,
        learners: u32::try_from(row.learners).unwrap_or(u32::MAX),
    })
}

fn select(year: Uuid) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(Expr::col(("c", "school_id")), "school_id")
        .expr_as(Expr::col(("u", "name")), "school_name")
        .expr_as(Expr::col(("c", "id")), "class_id")
        .expr_as(Expr::col(("c", "name")), "class_name")
        .expr_as(Expr::col(("c", "grade")), "grade")
        .expr_as(learners_of_c(), "learners")
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("c", "school_id")))
        .and_where(Expr::col(("c", "school_year_id")).eq(year));
    select
}

fn order(select: &mut SelectStatement) {
    select
        .order_by(("u", "sort_key"), Order::Asc)
        .order_by(("u", "id"), Order::Asc)
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc);
}

/// The homeroom classes and the subjects of classes that the caller has this school year, in whatever schools; homeroom first.
/// Nothing for who is no teacher.
pub async fn teaching_of(db: &Db, ctx: &Ctx) -> Result<Page<TeachingItem>> {
    let conn = db.read();
    let none = Page { items: Vec::new(), next: None };
    let Some(Person::Staff(me)) = ctx.person else { return Ok(none) };
    let Some(year) = calendar::current_year_in(conn, clock::today()).await? else { return Ok(none) };
    let mut homeroom = select(year.id.0);
    homeroom
        .expr_as(Expr::val(None::<String>), "subject_code")
        .expr_as(Expr::val(None::<String>), "name_vi")
        .expr_as(Expr::val(None::<String>), "name_en")
        .and_where(Expr::col(("c", "homeroom_staff_id")).eq(me.0));
    order(&mut homeroom);
    let mut taught = select(year.id.0);
    taught
        .expr_as(Expr::col(("t", "subject_code")), "subject_code")
        .expr_as(Expr::col(("s", "name_vi")), "name_vi")
        .expr_as(Expr::col(("s", "name_en")), "name_en")
        .join_as(JoinType::InnerJoin, "teaching", "t", Expr::col(("t", "class_id")).equals(("c", "id")))
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("t", "subject_code")))
        .and_where(Expr::col(("t", "staff_id")).eq(me.0))
        .cond_where(scope::in_force("t"));
    order(&mut taught);
    taught.order_by(("s", "position"), Order::Asc);
    let mut rows = crate::all::<Row>(conn, &homeroom).await?;
    rows.extend(crate::all::<Row>(conn, &taught).await?);
    Ok(Page { items: rows.into_iter().map(item).collect::<Result<_>>()?, next: None })
}
