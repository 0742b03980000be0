//! How long records are kept, and erasing what need not be.
//!
//! Erasing takes rows out of their tables, and the files that brought them, once a second person has confirmed it
//! ([`super::confirm_erasure`]), and writes one entry of the log that names kinds and counts. The log itself stays: each of its entries is bound to the one before, so nothing in it can go.

use super::export::tables_of;
use super::family::child;
use super::{erasure_asked, erasure_policy};
use crate::places::Place;
use crate::{contact, imports};
use dto::access::Permission;
use dto::consents::{ErasurePreview, KeptKind, LogState, RetentionRule};
use dto::page::Page;
use dto::{LearnerId, UnitId};
use kernel::db::{AuditEntry, entries, verify_chain};
use kernel::{Ctx, Db, Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};

/// Tables that hang on another one's rows and know no learner: their own column, the table, its id.
const HANGING: [(&str, &str, &str); 4] = [
    ("thread_message", "thread_id", "thread"),
    ("thread_member", "thread_id", "thread"),
    ("message_report", "thread_id", "thread"),
    ("notice_receipt", "notice_id", "notice"),
];

/// The rules: data (`retention.csv`). What is not verified in the text of the law is for the province to set.
pub(super) fn rules_in_force() -> Vec<RetentionRule> {
    include_str!("retention.csv").lines().skip(1).filter_map(rule).collect()
}

fn rule(line: &str) -> Option<RetentionRule> {
    let mut fields = Vec::new();
    let (mut field, mut quoted) = (String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    let [kind, name_vi, name_en, code, years, basis, verified, erasable] = <[String; 8]>::try_from(fields).ok()?;
    let (verified, erasable) = (verified == "true", erasable == "true");
    Some(RetentionRule { kind, name_vi, name_en, code, years: years.parse().ok(), basis, verified, erasable })
}

/// The retention rules.
pub async fn rules(_db: &Db, _ctx: &Ctx) -> Result<Page<RetentionRule>> {
    Ok(Page { items: rules_in_force(), next: None })
}

/// What is kept of a learner at the present school, kind by kind, with the state of the school's log.
///
/// Errors: `not_found`.
pub async fn preview(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<ErasurePreview> {
    let conn = db.read();
    let (learner, school) = child(conn, ctx, Permission::ErasureWrite, learner).await?;
    let mut kinds = Vec::new();
    for rule in rules_in_force() {
        let rows = count(conn, school, learner.id, &rule.kind).await?;
        let import_files = imports::kinds::files_in(conn, school, learner.id, &rule.kind).await?;
        kinds.push(KeptKind { rule, rows, import_files });
    }
    let school_name = contact::Names::of(conn, &[school.0], &[], &[]).await?.schools.remove(&school.0).unwrap_or_default();
    Ok(ErasurePreview {
        learner_id: learner.id,
        full_name: learner.full_name,
        school_name,
        kinds,
        log: log(conn, school).await?,
        waiting: erasure_asked::waiting(conn, ctx, school, learner.id).await?,
        policy: erasure_policy::policy_in(conn, school).await?,
    })
}

/// Rows of a kind that a school keeps of a learner.
pub(super) async fn count(conn: &impl ConnectionTrait, school: UnitId, learner: LearnerId, kind: &str) -> Result<u64> {
    let mut rows = 0;
    for place in tables_of(kind)? {
        let mut count = Query::select();
        count.expr(Func::count(Expr::col(place.learner))).from(place.table).and_where(Expr::col(place.learner).eq(learner.0));
        // A few are of the learner and no school: codes, transfers.
        if place.of_school() {
            count.and_where(Expr::col("school_id").eq(school.0));
        }
        let row = conn.query_one(&count).await?.ok_or_else(|| Error::internal("a count without a row"))?;
        rows += u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0);
    }
    Ok(rows)
}

/// Entries that are checked at a time.
const CHECKED: u64 = 2_000;

/// The school's log, checked from its first entry to its last.
pub(super) async fn log(conn: &impl ConnectionTrait, school: UnitId) -> Result<LogState> {
    let mut state = LogState { entries: 0, hash: String::new(), broken_at: None };
    let mut last: Option<AuditEntry> = None;
    loop {
        let after = last.as_ref().map_or(0, |entry| entry.seq);
        let next = entries(conn, Some(school), after, CHECKED).await?;
        if next.is_empty() {
            break;
        }
        state.entries += next.len() as u64;
        // With the one before them, so that the step between two parts is checked too.
        let some: Vec<AuditEntry> = last.into_iter().chain(next).collect();
        state.broken_at = state.broken_at.or_else(|| verify_chain(&some));
        last = some.into_iter().next_back();
    }
    state.hash = last.map(|entry| entry.hash).unwrap_or_default();
    Ok(state)
}

/// Rows of a kind that go: those of one school.
pub(super) async fn of_kind(tx: &Tx<'_>, school: UnitId, learner: LearnerId, kind: &str) -> Result<u64> {
    let conn = tx.conn();
    let mut gone = 0;
    for Place { table, learner: column, .. } in tables_of(kind)? {
        for (hanging, by, of) in HANGING.into_iter().filter(|(_, _, of)| of == table) {
            let mut theirs = Query::select();
            theirs
                .column("id")
                .from(of)
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("learner_id").eq(learner.0));
            let mut delete = Query::delete();
            delete
                .from_table(hanging)
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col(by).in_subquery(theirs));
            gone += conn.execute(&delete).await?.rows_affected();
        }
        let mut delete = Query::delete();
        delete.from_table(*table).and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col(*column).eq(learner.0));
        gone += conn.execute(&delete).await?.rows_affected();
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_a_rule() {
        let rules = super::rules_in_force();
        assert_eq!(rules.len(), include_str!("retention.csv").lines().count() - 1);
        assert!(rules.iter().all(|rule| ["permanent", "years", "while_needed"].contains(&rule.code.as_str())));
        assert!(rules.iter().any(|rule| rule.kind == "lifelong" && !rule.erasable));
    }
}
