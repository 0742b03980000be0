//! After a new data key: what older keys sealed is sealed again, some rows of a school in one write at a time. What is done is done: a
//! run that was stopped goes on where it was, since a row says which key sealed it.

use super::{Field, Place, count, merged_into};
use dto::{LearnerId, UnitId};
use identity::DataKeys;
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Order, Query};
use serde_json::json;
use uuid::Uuid;

/// Rows of one write.
const BATCH: u64 = 200;

/// A table with sealed fields.
pub(super) struct Sealed {
    pub table: &'static str,
    /// What names a row within its school, beside the learner.
    pub row: &'static str,
    pub fields: &'static [(&'static str, Field)],
}

pub(super) const TABLES: [Sealed; 3] = [
    Sealed { table: "health_check", row: "round_id", fields: &[("sealed", Field::Check)] },
    Sealed { table: "health_condition", row: "id", fields: &[("sealed", Field::Detail), ("alert", Field::Alert)] },
    Sealed { table: "first_aid", row: "id", fields: &[("sealed", Field::FirstAid)] },
];

/// Rows that another learner has now, by school and row, are sealed for that one: what is sealed is bound to its learner. For
/// composition: two records of one child were made one, or two again.
pub(crate) async fn follow_in(
    tx: &Tx<'_>,
    keys: &DataKeys,
    table: &str,
    rows: &[(Uuid, Uuid)],
    from: LearnerId,
    to: LearnerId,
) -> Result<()> {
    let Some(of) = TABLES.iter().find(|of| of.table == table) else { return Ok(()) };
    for (school, row) in rows {
        let condition = || {
            Condition::all()
                .add(Expr::col("school_id").eq(*school))
                .add(Expr::col("learner_id").eq(to.0))
                .add(Expr::col(of.row).eq(*row))
        };
        let mut query = Query::select();
        query.columns(of.fields.iter().map(|(column, _)| *column)).from(of.table).cond_where(condition());
        let Some(found) = tx.conn().query_one(&query).await? else { continue };
        let mut update = Query::update();
        update.table(of.table).cond_where(condition());
        let mut key = None;
        for (at, (column, field)) in of.fields.iter().enumerate() {
            let sealed: Option<String> = found.try_get_by_index(at)?;
            let Some(sealed) = sealed else { continue };
            let was = Place { field: *field, school: *school, learner: from.0, row: *row };
            let is = Place { learner: to.0, ..was };
            let (sealed, by) = is.seal(keys, &was.open(keys, &[], &sealed)?)?;
            update.value(*column, sealed);
            key = Some(by);
        }
        if let Some(key) = key {
            update.value("key_id", key);
            tx.conn().execute(&update).await?;
        }
    }
    Ok(())
}

/// Rows that an older key than the present one sealed.
pub async fn left(db: &Db, keys: &DataKeys) -> Result<u32> {
    let current = present(keys)?;
    let mut left = 0;
    for of in &TABLES {
        let mut query = Query::select();
        query.expr(Func::count(Expr::col("learner_id"))).from(of.table).and_where(Expr::col("key_id").lt(current));
        let row = db.read().query_one(&query).await?.ok_or_else(|| Error::internal("a count without a row"))?;
        left += count(row.try_get_by_index(0)?);
    }
    Ok(left)
}

fn present(keys: &DataKeys) -> Result<i32> {
    i32::try_from(keys.current()?).map_err(Error::internal)
}

/// Seals everything again with the present key; says how many rows it did. `done` hears of the rows done so far.
pub async fn run(db: &Db, keys: &DataKeys, done: impl Fn(u32)) -> Result<u32> {
    let current = present(keys)?;
    let ctx = Ctx::system("reseal");
    let mut rows = 0;
    for of in &TABLES {
        while let Some(school) = next_school(db, of, current).await? {
            rows += db.write(&ctx, async |tx| batch(tx, keys, of, school, current).await).await?;
            done(rows);
        }
    }
    Ok(rows)
}

async fn next_school(db: &Db, of: &Sealed, current: i32) -> Result<Option<Uuid>> {
    let mut query = Query::select();
    // Read through the connection that writes, which sees what was just done.
    query.column("school_id").from(of.table).and_where(Expr::col("key_id").lt(current)).limit(1);
    let row = db.migrator().query_one(&query).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn batch(tx: &Tx<'_>, keys: &DataKeys, of: &Sealed, school: Uuid, current: i32) -> Result<(u32, Vec<Event>)> {
    let conn = tx.conn();
    let mut query = Query::select();
    query
        .columns(["learner_id", of.row, "key_id"])
        .columns(of.fields.iter().map(|(column, _)| *column))
        .from(of.table)
        .and_where(Expr::col("school_id").eq(school))
        .and_where(Expr::col("key_id").lt(current))
        .order_by("learner_id", Order::Asc)
        .order_by(of.row, Order::Asc)
        .limit(BATCH);
    let mut rows = 0;
    for found in conn.query_all(&query).await? {
        let (learner, row, old): (Uuid, Uuid, i32) =
            (found.try_get_by_index(0)?, found.try_get_by_index(1)?, found.try_get_by_index(2)?);
        let merged = merged_into(conn, learner).await?;
        let mut update = Query::update();
        let mut key = current;
        update
            .table(of.table)
            .and_where(Expr::col("school_id").eq(school))
            .and_where(Expr::col("learner_id").eq(learner))
            .and_where(Expr::col(of.row).eq(row))
            .and_where(Expr::col("key_id").eq(old));
        for (at, (column, field)) in of.fields.iter().enumerate() {
            let sealed: Option<String> = found.try_get_by_index(3 + at)?;
            let Some(sealed) = sealed else { continue };
            let place = Place { field: *field, school, learner, row };
            // For whom it was: a split of two records moves rows back.
            let (text, place) = place.found(keys, &merged, &sealed)?;
            let (sealed, by) = place.seal(keys, &text)?;
            key = by;
            update.value(*column, sealed);
        }
        update.value("key_id", key);
        conn.execute(&update).await?;
        rows += 1;
    }
    let event =
        Event::new(Some(UnitId(school)), "health.resealed", "table", of.table).after(&json!({ "key": current, "rows": rows }));
    Ok((rows, vec![event]))
}
