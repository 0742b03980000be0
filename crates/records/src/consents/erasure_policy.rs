//! Who confirms what is erased at a school, and within how many days.

use crate::contact;
use crate::scope;
use dto::access::Permission;
use dto::consents::{ErasurePolicy, PutErasurePolicy};
use dto::units::UnitKind;
use dto::{Code, UnitId};
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, OnConflict, Query};

/// While a school has said nothing. A number for schools to set: no regulation that we could read has one.
const USUAL: ErasurePolicy = ErasurePolicy { confirm_days: 14, from_above: false, version: 0 };

pub(super) async fn policy_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<ErasurePolicy> {
    let mut query = Query::select();
    query
        .columns(["confirm_days", "from_above", "version"])
        .from("erasure_policy")
        .and_where(Expr::col("school_id").eq(school.0));
    let Some(row) = conn.query_one(&query).await? else { return Ok(USUAL) };
    let days: i16 = row.try_get_by_index(0)?;
    Ok(ErasurePolicy {
        confirm_days: u16::try_from(days).unwrap_or(USUAL.confirm_days),
        from_above: row.try_get_by_index(1)?,
        version: row.try_get_by_index(2)?,
    })
}

/// Schools whose requests the caller may decide about: those of a role on the school itself (or on the school of a campus), and where
/// the school says so those under a unit of a role.
pub(super) fn decides(ctx: &Ctx, school: (&'static str, &'static str)) -> Condition {
    let reach = ctx.reach(Permission::ErasureConfirm);
    if reach.all {
        return Condition::all();
    }
    let mut own = Query::select();
    own.column(("a", "unit_id"))
        .from_as("unit_ancestor", "a")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("a", "ancestor_id")))
        .and_where(Expr::col(("a", "ancestor_id")).is_in(reach.units.iter().copied()))
        .and_where(Expr::col(("u", "kind")).is_in([UnitKind::School, UnitKind::Campus].map(UnitKind::as_str)));
    let mut open = Query::select();
    open.column("school_id").from("erasure_policy").and_where(Expr::col("from_above").eq(true));
    let above =
        Condition::all().add(Expr::col(school).in_subquery(scope::under(&reach.units))).add(Expr::col(school).in_subquery(open));
    Condition::any().add(Expr::col(school).in_subquery(own)).add(above)
}

/// Errors: `not_found`.
pub async fn policy(db: &Db, ctx: &Ctx, school: UnitId) -> Result<ErasurePolicy> {
    contact::school_reached(db.read(), ctx, Permission::ErasureWrite, school).await?;
    policy_in(db.read(), school).await
}

/// Errors: `not_found`, `version_conflict`.
pub async fn put_policy(db: &Db, ctx: &Ctx, school: UnitId, version: i64, body: &PutErasurePolicy) -> Result<ErasurePolicy> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        crate::units::school_in(conn, tx.ctx(), Permission::ErasureWrite, school).await?;
        let before = policy_in(conn, school).await?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let after = ErasurePolicy { confirm_days: body.confirm_days, from_above: body.from_above, version: version + 1 };
        let days = i16::try_from(after.confirm_days).map_err(Error::internal)?;
        let mut insert = Query::insert();
        insert
            .into_table("erasure_policy")
            .columns(["school_id", "confirm_days", "from_above", "version"])
            .values_panic([school.0.into(), days.into(), after.from_above.into(), after.version.into()])
            .on_conflict(
                OnConflict::column("school_id")
                    .update_columns(["confirm_days", "from_above", "version"])
                    .action_and_where(Expr::col(("erasure_policy", "version")).eq(version))
                    .to_owned(),
            );
        if conn.execute(&insert).await?.rows_affected() != 1 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(Some(school), "erasure_policy.set", "erasure_policy", school);
        Ok((after.clone(), vec![event.before(&before).after(&after)]))
    })
    .await
}
