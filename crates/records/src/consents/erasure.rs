//! How long records are kept, and erasing what need not be.
//!
//! Erasing takes rows out of their tables and writes one entry of the log that names kinds and counts. The log itself stays: each of
//! its entries is bound to the one before, so nothing in it can go.

use super::export::tables_of;
use super::family::child;
use crate::input;
use crate::places::Place;
use dto::access::Permission;
use dto::consents::{ErasedKind, Erasure, PostErasure, RetentionRule};
use dto::page::Page;
use dto::{Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
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
    db.write(ctx, async |tx| {
        let (learner, school) = child(tx.conn(), tx.ctx(), Permission::ErasureWrite, learner).await?;
        let mut rows = Vec::new();
        for kind in &body.kinds {
            rows.push(ErasedKind { kind: kind.clone(), rows: of_kind(tx, school, learner.id, kind).await? });
        }
        let event = Event::new(Some(school), "learner.data_erased", "learner", learner.id)
            .after(&json!({ "reason": reason, "rows": rows }));
        Ok((Erasure { learner_id: learner.id, rows }, vec![event]))
    })
    .await
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
