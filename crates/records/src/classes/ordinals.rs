//! Ordinals (số thứ tự): by given name in Vietnamese order until they are frozen; from then on a newcomer is appended and
//! nobody's number changes, since paper lists and forms refer to it.

use super::entity::class;
use super::{find_in, members};
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::classes::Class;
use dto::{ClassId, Code, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

/// Orders the class list by given name, then family and middle names, then birth date, and freezes it.
///
/// Errors: `not_found`, `ordinals_frozen`.
pub async fn freeze(db: &Db, ctx: &Ctx, id: ClassId) -> Result<Class> {
    db.write(ctx, async |tx| {
        let before = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        if members::lock_in(tx, id).await? {
            return Err(Error::new(Code::OrdinalsFrozen));
        }
        renumber_in(tx, before.school_id, id).await?;
        let done = class::Entity::update_many()
            .col_expr(class::Column::OrdinalsFrozenAt, Expr::val(Some::<DateTime<Utc>>(tx.now())))
            .col_expr(class::Column::Version, Expr::col(class::Column::Version).add(1))
            .filter(class::Column::Id.eq(id.0))
            .filter(class::Column::OrdinalsFrozenAt.is_null())
            .exec(tx.conn())
            .await?;
        if done.rows_affected == 0 {
            return Err(Error::new(Code::OrdinalsFrozen));
        }
        let after = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        let event = Event::new(Some(after.school_id), "class.ordinals_frozen", "class", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

#[derive(FromQueryResult)]
struct Line {
    learner_id: Uuid,
    ordinal: i32,
    left_on: Option<NaiveDate>,
}

/// Numbers a class anew from 1 in Vietnamese order, those who have left at the end. One statement for all lines whose
/// number changes. For classes whose ordinals are not frozen.
pub async fn renumber_in(tx: &Tx<'_>, school: UnitId, class: ClassId) -> Result<()> {
    let mut select = Query::select();
    select
        .columns([("e", "learner_id"), ("e", "ordinal"), ("e", "left_on")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).eq(class.0))
        .order_by(("l", "sort_key"), Order::Asc)
        .order_by(("l", "birth_date"), Order::Asc)
        .order_by(("l", "id"), Order::Asc);
    let mut lines = crate::all::<Line>(tx.conn(), &select).await?;
    let today = kernel::clock::day_of(tx.now());
    lines.sort_by_key(|line| line.left_on.is_some_and(|left| left <= today));
    let changed: Vec<(Uuid, i32)> = lines
        .iter()
        .zip(1..)
        .filter(|(line, number)| line.ordinal != *number)
        .map(|(line, number)| (line.learner_id, number))
        .collect();
    for chunk in changed.chunks(500) {
        let numbers = chunk.iter().fold(CaseStatement::new(), |case, (learner, number)| {
            case.case(Expr::col("learner_id").eq(*learner), Expr::val(*number))
        });
        let mut update = Query::update();
        update
            .table("enrolment")
            .value("ordinal", numbers.finally(Expr::col("ordinal")))
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("class_id").eq(class.0))
            .and_where(Expr::col("learner_id").is_in(chunk.iter().map(|(learner, _)| *learner)));
        tx.conn().execute(&update).await?;
    }
    Ok(())
}
