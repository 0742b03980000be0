//! Reading cells.

use crate::facts::SectionFacts;
use crate::value;
use chrono::{DateTime, Utc};
use dto::LearnerId;
use dto::calendar::Term;
use dto::gradebook::Cell;
use kernel::Result;
use regulations::{CellValue, Slot};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use std::collections::HashMap;
use uuid::Uuid;

/// A cell with all that is kept of its last write.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub value: Option<CellValue>,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub by: Option<Uuid>,
    pub source: String,
    pub reason: Option<String>,
}

pub(super) const KEPT: [&str; 9] =
    ["learner_id", "slot", "mark", "flag", "version", "updated_at", "updated_by", "source", "reason"];

pub(super) fn of_section(table: &'static str, section: &SectionFacts, term: Term) -> SelectStatement {
    let mut query = Query::select();
    query
        .from(table)
        .and_where(Expr::col("school_id").eq(section.class.school_id.0))
        .and_where(Expr::col("class_id").eq(section.class.id.0))
        .and_where(Expr::col("subject_code").eq(section.subject.code.as_str()))
        .and_where(Expr::col("term").eq(value::term_number(term)));
    query
}

/// The cells of a sheet, in any order.
pub(crate) async fn cells(conn: &impl ConnectionTrait, section: &SectionFacts, term: Term) -> Result<Vec<(LearnerId, Cell)>> {
    let mut query = of_section("mark", section, term);
    query.column("learner_id").expr(value::joined()).group_by_col("learner_id");
    let rows = conn.query_all(&query).await?;
    let mut cells = Vec::with_capacity(rows.len() * 6);
    for row in &rows {
        let (learner, text): (_, String) = (LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
        cells.extend(value::split(&text).map(|(slot, value, version)| (learner, Cell { slot, value, version })));
    }
    Ok(cells)
}

/// The cells of a sheet for a writer, who has locked the term.
pub(super) async fn kept(
    conn: &impl ConnectionTrait,
    section: &SectionFacts,
    term: Term,
) -> Result<HashMap<(LearnerId, Slot), Kept>> {
    let mut query = of_section("mark", section, term);
    query.columns(KEPT);
    let rows = conn.query_all(&query).await?;
    let mut cells = HashMap::with_capacity(rows.len());
    for row in &rows {
        if let Some((learner, slot, kept)) = kept_row(row)? {
            cells.insert((learner, slot), kept);
        }
    }
    Ok(cells)
}

pub(super) fn kept_row(row: &sea_orm::QueryResult) -> Result<Option<(LearnerId, Slot, Kept)>> {
    let Some((slot, value)) = value::cell(row, 1)? else { return Ok(None) };
    let kept = Kept {
        value,
        version: row.try_get_by_index(4)?,
        at: row.try_get_by_index(5)?,
        by: row.try_get_by_index(6)?,
        source: row.try_get_by_index(7)?,
        reason: row.try_get_by_index(8)?,
    };
    Ok(Some((LearnerId(row.try_get_by_index(0)?), slot, kept)))
}
