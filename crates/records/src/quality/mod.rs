//! Data quality: rules over a school's records, who is to put right what they find, until when, and what became of it.
//!
//! Each rule has one definition ([`rules`]). It runs when a record is written ([`written_in`]), over the rows of a file in a dry run
//! (`crate::imports::kinds`), and nightly over all schools ([`nightly`]). A finding is one row for a school, a rule and a record: it
//! is opened, put right (found by nobody any more) or accepted with a reason, and opened again where it comes back.

mod entity;
mod facts;
mod overview;
pub mod rules;
mod run;
mod settle;

pub use overview::overview;
pub use settle::{accept, fix, fix_all};

use crate::units;
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::quality::{
    PostQualityRun, QualityFinding, QualityQuery, QualityRule, QualityRun, QualityState, QualityStep, QualitySubject,
};
use dto::units::UnitKind;
use dto::{Code, QualityFindingId, UnitId};
use facts::Looked;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::time::Instant;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    school_id: Uuid,
    rule: String,
    subject_id: Uuid,
    title: String,
    vi: String,
    en: String,
    state: String,
    due_on: NaiveDate,
    found_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    settled_by: Option<String>,
    reason: Option<String>,
    version: i64,
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(
            [
                "id",
                "school_id",
                "rule",
                "subject_id",
                "title",
                "vi",
                "en",
                "state",
                "due_on",
                "found_at",
                "settled_at",
                "reason",
                "version",
            ]
            .map(|column| ("f", column)),
        )
        .expr_as(Expr::col(("a", "username")), "settled_by")
        .from_as("quality_finding", "f")
        .join_as(JoinType::LeftJoin, "account", "a", Expr::col(("a", "id")).equals(("f", "settled_by")));
    select
}

fn told(row: Row) -> Result<QualityFinding> {
    let rule: QualityRule = crate::stored(&row.rule)?;
    let terms = rules::terms(rule);
    Ok(QualityFinding {
        id: QualityFindingId(row.id),
        school_id: UnitId(row.school_id),
        rule,
        subject: terms.subject,
        subject_id: row.subject_id,
        title: row.title,
        vi: row.vi,
        en: row.en,
        state: crate::stored(&row.state)?,
        owner: terms.owner,
        due_on: row.due_on,
        fixable: terms.fixable,
        found_at: row.found_at,
        settled_at: row.settled_at,
        settled_by: row.settled_by,
        reason: row.reason,
        version: row.version,
    })
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    rule: String,
    due: NaiveDate,
    id: Uuid,
}

/// The findings of a school by rule, what is due first at first.
///
/// Errors: `not_found` (the school), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &QualityQuery, page: &PageQuery) -> Result<Page<QualityFinding>> {
    units::school_in(db.read(), ctx, Permission::QualityRead, query.school_id).await?;
    let state = query.state.unwrap_or(QualityState::Open);
    let mut select = select();
    select
        .and_where(Expr::col(("f", "school_id")).eq(query.school_id.0))
        .and_where(Expr::col(("f", "state")).eq(state.as_str()))
        .order_by(("f", "rule"), Order::Asc)
        .order_by(("f", "due_on"), Order::Asc)
        .order_by(("f", "id"), Order::Asc)
        .limit(page.limit() + 1);
    if let Some(rule) = query.rule {
        select.and_where(Expr::col(("f", "rule")).eq(rule.as_str()));
    }
    if let Some(owner) = query.owner {
        let owned = QualityRule::ALL.iter().filter(|rule| rules::terms(**rule).owner == owner).map(|rule| rule.as_str());
        select.and_where(Expr::col(("f", "rule")).is_in(owned));
    }
    if query.overdue == Some(true) {
        select.and_where(Expr::col(("f", "due_on")).lt(clock::today()));
    }
    if let Some(after) = page::decode::<Cursor>(page.after.as_deref())? {
        let columns = [("f", "rule"), ("f", "due_on"), ("f", "id")];
        select.and_where(crate::after(columns, [after.rule.into(), after.due.into(), after.id.into()]));
    }
    let rows = crate::all::<Row>(db.read(), &select).await?;
    let cursor = |row: &Row| Cursor { rule: row.rule.clone(), due: row.due_on, id: row.id };
    let found = page::of(rows, page.limit(), cursor, told);
    Ok(Page { items: found.items.into_iter().collect::<Result<_>>()?, next: found.next })
}

/// A finding that a permission of the caller reaches.
async fn find_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: QualityFindingId) -> Result<QualityFinding> {
    let mut select = select();
    select.and_where(Expr::col(("f", "id")).eq(id.0));
    let row = crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    units::school_in(conn, ctx, permission, UnitId(row.school_id)).await?;
    told(row)
}

#[derive(FromQueryResult)]
struct Step {
    at: DateTime<Utc>,
    state: String,
    username: Option<String>,
    reason: Option<String>,
}

/// What became of a finding, step by step.
///
/// Errors: `not_found`.
pub async fn history(db: &Db, ctx: &Ctx, id: QualityFindingId) -> Result<Page<QualityStep>> {
    let finding = find_in(db.read(), ctx, Permission::QualityRead, id).await?;
    let mut select = Query::select();
    select
        .columns([("s", "at"), ("s", "state"), ("s", "reason")])
        .column(("a", "username"))
        .from_as("quality_step", "s")
        .join_as(JoinType::LeftJoin, "account", "a", Expr::col(("a", "id")).equals(("s", "account_id")))
        .and_where(Expr::col(("s", "school_id")).eq(finding.school_id.0))
        .and_where(Expr::col(("s", "finding_id")).eq(id.0))
        .order_by(("s", "version"), Order::Asc);
    let steps = crate::all::<Step>(db.read(), &select).await?;
    let items = steps
        .into_iter()
        .map(|s| Ok(QualityStep { at: s.at, state: crate::stored(&s.state)?, by: s.username, reason: s.reason }))
        .collect::<Result<_>>()?;
    Ok(Page { items, next: None })
}

/// Looks at all records of a school now.
///
/// Errors: `not_found`.
pub async fn look(db: &Db, ctx: &Ctx, body: &PostQualityRun) -> Result<QualityRun> {
    db.write(ctx, async |tx| {
        units::school_in(tx.conn(), ctx, Permission::QualityWrite, body.school_id).await?;
        look_at_school(tx, body.school_id).await
    })
    .await
}

async fn look_at_school(tx: &Tx<'_>, school: UnitId) -> Result<(QualityRun, Vec<Event>)> {
    let run = run::look_in(tx, school, Looked::All).await?;
    let event = Event::new(Some(school), "quality.checked", "unit", school).after(&run);
    Ok((run, vec![event]))
}

/// Looks at one record that was just written: what it breaks is among the findings at once, and what it broke before is gone from
/// them. The entry of the write itself is what the log has of it.
pub async fn written_in(tx: &Tx<'_>, school: Option<UnitId>, subject: QualitySubject, id: Uuid) -> Result<()> {
    if let Some(school) = school {
        run::look_in(tx, school, Looked::One(subject, id)).await?;
    }
    Ok(())
}

/// The same for a record that was just changed and is of several schools, such as a person with two posts: where it had findings.
pub async fn changed_in(tx: &Tx<'_>, subject: QualitySubject, id: Uuid) -> Result<()> {
    let mut select = Query::select();
    select.distinct().column("school_id").from("quality_finding").and_where(Expr::col("subject_id").eq(id));
    for row in tx.conn().query_all(&select).await? {
        written_in(tx, Some(UnitId(row.try_get_by_index(0)?)), subject, id).await?;
    }
    Ok(())
}

/// Looks at all schools each day while a server runs. A school that was looked at today is left out, so that a server that was stopped
/// goes on where it was. Never ends.
pub async fn nightly(db: Db) {
    clock::each_day("look at the quality of the records", async |day| {
        let looked = look_at_all(&db, day).await?;
        tracing::info!(schools = looked, "the quality of the records");
        Ok(())
    })
    .await;
}

/// The schools that were not looked at on a day, one transaction each. How many they were comes back.
pub async fn look_at_all(db: &Db, day: NaiveDate) -> Result<usize> {
    let mut done = Query::select();
    done.column("school_id").from("quality_day").and_where(Expr::col("day").eq(day));
    let mut select = Query::select();
    select
        .column("id")
        .from("unit")
        .and_where(Expr::col("kind").is_in([UnitKind::School.as_str(), UnitKind::Campus.as_str()]))
        .and_where(Expr::col("closed_on").is_null())
        .and_where(Expr::col("id").not_in_subquery(done))
        .order_by("id", Order::Asc);
    let schools: Vec<Uuid> =
        db.read().query_all(&select).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
    let ctx = Ctx::system("quality");
    for school in &schools {
        let began = Instant::now();
        db.write(&ctx, async |tx| look_at_school(tx, UnitId(*school)).await).await?;
        // Half of the time is for others: of another process, such as a command, SQLite lets none write between two transactions that
        // follow one another.
        tokio::time::sleep(began.elapsed()).await;
    }
    Ok(schools.len())
}
