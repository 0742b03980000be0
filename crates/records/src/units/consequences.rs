//! What hangs on a unit, before a decision about it.

use super::{goods, query};
use crate::{classes, input, staff};
use dto::UnitId;
use dto::access::Permission;
use dto::learners::LearnerStatus;
use dto::network::{ConsequencesQuery, UnitConsequences};
use kernel::{Ctx, Db, Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};

/// What would happen to a school that ends, or gives some of it away, on a day.
///
/// Errors: `not_found` (the unit, or the one to go into), `invalid` with `on`.
pub async fn consequences(db: &Db, ctx: &Ctx, id: UnitId, asked: &ConsequencesQuery) -> Result<UnitConsequences> {
    let (conn, on) = (db.read(), asked.on);
    let unit = query::find(conn, ctx, Permission::UnitReorganise, id).await?;
    let on = on.map(|day| input::day("on", day)).transpose()?.unwrap_or_else(clock::today);
    let present = LearnerStatus::ALL.iter().filter(|status| status.present()).map(|status| status.as_str());
    let mut learners = Query::select();
    learners
        .expr(Func::count(Expr::col("id")))
        .from("learner")
        .and_where(Expr::col("school_id").eq(id.0))
        .and_where(Expr::col("status").is_in(present));
    let into = match asked.into {
        Some(into) => Some(query::find(conn, ctx, Permission::UnitReorganise, into).await?.id),
        None => None,
    };
    let (staff, staff_staying) = staff::going_in(conn, id, into, on).await?;
    let (rooms, equipment, rooms_renamed) = goods::going_in(conn, id, into).await?;
    Ok(UnitConsequences {
        unit_id: id,
        unit_name: unit.name,
        on,
        campuses: unit.children,
        running_classes: classes::running_in(conn, id, on).await?,
        class_learners: classes::learners_past_in(conn, id, on).await?,
        coming_classes: u32::try_from(classes::coming_in(conn, id, on).await?.len()).unwrap_or(u32::MAX),
        learners: number(conn, &learners).await?,
        staff,
        staff_staying,
        rooms,
        rooms_renamed,
        equipment,
    })
}

async fn number(conn: &impl ConnectionTrait, select: &SelectStatement) -> Result<u32> {
    let row = conn.query_one(select).await?;
    Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.and_then(|count| u32::try_from(count).ok()).unwrap_or(0))
}
