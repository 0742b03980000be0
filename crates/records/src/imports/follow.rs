//! What imports wrote down follows the record when two are made one, and goes back when they are split.

use dto::LearnerId;
use kernel::{Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A line of an import that named a learner, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Followed {
    school: Uuid,
    import: Uuid,
    seq: i32,
    was: String,
}

/// Lets the lines of these schools' imports name one learner instead of another, alone or in a pair with a class or a guardian.
pub(crate) async fn follow_in(
    tx: &Tx<'_>,
    from: LearnerId,
    to: LearnerId,
    schools: impl Iterator<Item = Uuid>,
) -> Result<Vec<Followed>> {
    let (from, to) = (from.to_string(), to.to_string());
    let mut select = Query::select();
    select
        .columns(["school_id", "import_id", "seq", "subject_id"])
        .from("import_change")
        .and_where(Expr::col("school_id").is_in(schools))
        .and_where(Expr::col("subject_id").like(format!("%{from}%")));
    let line = |row: &sea_orm::QueryResult| {
        Ok(Followed {
            school: row.try_get_by_index(0)?,
            import: row.try_get_by_index(1)?,
            seq: row.try_get_by_index(2)?,
            was: row.try_get_by_index(3)?,
        })
    };
    let lines: Vec<Followed> = tx.conn().query_all(&select).await?.iter().map(line).collect::<Result<_>>()?;
    for line in &lines {
        name_in(tx, line, line.was.replace(&from, &to)).await?;
    }
    Ok(lines)
}

/// Lets them name whom they named.
pub(crate) async fn give_back_in(tx: &Tx<'_>, lines: &[Followed]) -> Result<()> {
    for line in lines {
        name_in(tx, line, line.was.clone()).await?;
    }
    Ok(())
}

async fn name_in(tx: &Tx<'_>, line: &Followed, subject: String) -> Result<()> {
    let mut update = Query::update();
    update
        .table("import_change")
        .value("subject_id", subject)
        .and_where(Expr::col("school_id").eq(line.school))
        .and_where(Expr::col("import_id").eq(line.import))
        .and_where(Expr::col("seq").eq(line.seq));
    tx.conn().execute(&update).await?;
    Ok(())
}
