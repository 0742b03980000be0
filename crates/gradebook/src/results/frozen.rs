//! Results that a closing made: kept as they were, with the policy that made them, and never computed again.

use super::book::Book;
use crate::bulk::{self, ResultRow};
use crate::facts::ClassFacts;
use crate::policy;
use chrono::DateTime;
use dto::gradebook::{LearnerResult, Period};
use dto::{ClassId, LearnerId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use std::collections::BTreeSet;

/// Freezes the results of some learners of a closed period anew, after something that decides them was written. Gives them.
pub(crate) async fn freeze_again(
    tx: &Tx<'_>,
    book: &Book,
    period: Period,
    learners: &BTreeSet<LearnerId>,
) -> Result<Vec<LearnerResult>> {
    let mut results = book.results(period);
    results.retain(|result| learners.contains(&result.learner_id));
    let made = rows(book, period, &results)?.into_iter().map(|row| ResultRow { computed_at: tx.now(), ..row });
    let mut delete = Query::delete();
    delete
        .from_table("result")
        .and_where(Expr::col("school_id").eq(book.class.school_id.0))
        .and_where(Expr::col("class_id").eq(book.class.id.0))
        .and_where(Expr::col("period").eq(period.as_str()))
        .and_where(Expr::col("learner_id").is_in(results.iter().map(|result| result.learner_id.0)));
    tx.conn().execute(&delete).await?;
    bulk::insert_or(tx.conn(), &made.collect::<Vec<_>>(), "").await?;
    Ok(results)
}

/// Results as the table keeps them. The instant is left to the transaction that writes them.
pub(crate) fn rows(book: &Book, period: Period, results: &[LearnerResult]) -> Result<Vec<ResultRow>> {
    let row = |result: &LearnerResult| {
        Ok(ResultRow {
            school_id: book.class.school_id.0,
            class_id: book.class.id.0,
            period: period.as_str(),
            learner_id: result.learner_id.0,
            outcome: serde_json::to_string(result).map_err(Error::internal)?,
            policy: policy::name(&book.policy),
            computed_at: DateTime::UNIX_EPOCH,
        })
    };
    results.iter().map(row).collect()
}

/// Removes the results of a period; gives those that stood, for the log.
pub(crate) async fn thaw(tx: &Tx<'_>, class: &ClassFacts, period: Period) -> Result<Vec<LearnerResult>> {
    let stood = read(tx.conn(), class, period).await?.into_iter().map(|(_, result)| result).collect();
    drop_period(tx, class, period).await?;
    Ok(stood)
}

pub(crate) async fn drop_period(tx: &Tx<'_>, class: &ClassFacts, period: Period) -> Result<()> {
    let mut delete = Query::delete();
    delete
        .from_table("result")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("period").eq(period.as_str()));
    tx.conn().execute(&delete).await?;
    Ok(())
}

fn select(school: UnitId, class: ClassId, period: Period) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["policy", "outcome"])
        .from("result")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").eq(class.0))
        .and_where(Expr::col("period").eq(period.as_str()));
    query
}

/// The frozen results of a period with their policy, by ordinal; empty while the period is open.
pub(crate) async fn read(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    period: Period,
) -> Result<Vec<(String, LearnerResult)>> {
    let rows = conn.query_all(&select(class.school_id, class.id, period)).await?;
    let mut results: Vec<_> = rows.iter().map(outcome).collect::<Result<_>>()?;
    results.sort_by_key(|(_, result)| (result.ordinal, result.learner_id));
    Ok(results)
}

/// The frozen result of one learner, in the first of these classes that has one.
pub(crate) async fn read_one(
    conn: &impl ConnectionTrait,
    classes: &[(UnitId, ClassId)],
    period: Period,
    learner: LearnerId,
) -> Result<Option<LearnerResult>> {
    for (school, class) in classes {
        let mut query = select(*school, *class, period);
        query.and_where(Expr::col("learner_id").eq(learner.0));
        if let Some(row) = conn.query_one(&query).await? {
            return Ok(Some(outcome(&row)?.1));
        }
    }
    Ok(None)
}

fn outcome(row: &sea_orm::QueryResult) -> Result<(String, LearnerResult)> {
    let text: String = row.try_get_by_index(1)?;
    let result = serde_json::from_str(&text).map_err(|e| Error::internal(format!("a frozen result cannot be read: {e}")))?;
    Ok((row.try_get_by_index(0)?, result))
}
