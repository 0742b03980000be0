//! How long records are kept, and erasing what need not be.
//!
//! Erasing takes rows out of their tables and writes one entry of the log that names kinds and counts. The log itself stays: each of
//! its entries is bound to the one before, so nothing in it can go.

use super::export::tables_of;
use super::family::child;
use crate::places::Place;
use crate::{contact, input};
use dto::access::Permission;
use dto::consents::{ErasedKind, Erasure, ErasurePreview, KeptKind, LogState, PostErasure, RetentionRule};
use dto::page::Page;
use dto::{Code, LearnerId, UnitId};
use kernel::db::{AuditEntry, entries, verify_chain};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use serde_json::json;

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
        let mut rows = 0;
        for place in tables_of(&rule.kind)? {
            let mut count = Query::select();
            count
                .expr(Func::count(Expr::col(place.learner)))
                .from(place.table)
                .and_where(Expr::col(place.learner).eq(learner.id.0));
            // A few are of the learner and no school: codes, transfers.
            if place.of_school() {
                count.and_where(Expr::col("school_id").eq(school.0));
            }
            let row = conn.query_one(&count).await?.ok_or_else(|| Error::internal("a count without a row"))?;
            rows += u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0);
        }
        kinds.push(KeptKind { rule, rows });
    }
    let school_name = contact::Names::of(conn, &[school.0], &[], &[]).await?.schools.remove(&school.0).unwrap_or_default();
    Ok(ErasurePreview { learner_id: learner.id, full_name: learner.full_name, school_name, kinds, log: log(conn, school).await? })
}

/// Entries that are checked at a time.
const CHECKED: u64 = 2_000;

/// The school's log, checked from its first entry to its last.
async fn log(conn: &impl ConnectionTrait, school: UnitId) -> Result<LogState> {
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

/// Erases kinds of records of a learner at the present school.
///
/// Errors: `not_found`, `retention_holds`; `invalid` at `/kinds/{n}`.
pub async fn erase(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostErasure) -> Result<Erasure> {
    let reason = input::text("/reason", &body.reason, 1, 500)?;
    let rules = rules_in_force();
    for (at, kind) in body.kinds.iter().enumerate() {
        let rule = rules.iter().find(|rule| rule.kind == *kind);
        let rule = rule.ok_or_else(|| Error::field(format!("/kinds/{at}"), Code::FieldChoice))?;
        if !rule.erasable {
            return Err(Error::new(Code::RetentionHolds).with("kind", ctx.lang.pick(&rule.name_vi, &rule.name_en)));
        }
    }
    let (school, rows) = db
        .write(ctx, async |tx| {
            let (learner, school) = child(tx.conn(), tx.ctx(), Permission::ErasureWrite, learner).await?;
            let mut rows = Vec::new();
            for kind in &body.kinds {
                rows.push(ErasedKind { kind: kind.clone(), rows: of_kind(tx, school, learner.id, kind).await? });
            }
            let event = Event::new(Some(school), "learner.data_erased", "learner", learner.id)
                .after(&json!({ "reason": reason, "rows": rows }));
            Ok(((school, rows), vec![event]))
        })
        .await?;
    Ok(Erasure { learner_id: learner, rows, log: log(db.read(), school).await? })
}

async fn of_kind(tx: &Tx<'_>, school: UnitId, learner: LearnerId, kind: &str) -> Result<u64> {
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
