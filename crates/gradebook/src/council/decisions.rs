//! Decisions of a council against the regulation's proposal: proposed with a reason, counted once the principal has approved.

use super::{answer, locked};
use crate::facts::{self, ClassFacts};
use crate::people::Names;
use crate::policy;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::council::{Council, Override, PutOverride};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::{Level, Promotion};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A decision as it stands; none of the three where it was taken back.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub learning: Option<Level>,
    pub conduct: Option<Level>,
    pub promotion: Option<Promotion>,
    pub reason: String,
    pub version: i64,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: Option<Uuid>,
    pub approved_at: Option<DateTime<Utc>>,
    pub approved_by: Option<Uuid>,
}

impl Kept {
    pub(super) fn taken_back(&self) -> bool {
        self.learning.is_none() && self.conduct.is_none() && self.promotion.is_none()
    }

    /// What counts.
    pub(super) fn approved(&self) -> bool {
        self.approved_at.is_some() && !self.taken_back()
    }

    pub(super) fn shown(self, names: &Names) -> Option<Override> {
        (!self.taken_back()).then(|| Override {
            learning: self.learning,
            conduct: self.conduct,
            promotion: self.promotion,
            reason: self.reason,
            proposed_at: self.proposed_at,
            proposed_by: names.name(self.proposed_by),
            approved_at: self.approved_at,
            approved_by: self.approved_at.map(|_| names.name(self.approved_by)),
            version: self.version,
        })
    }

    fn logged(&self) -> serde_json::Value {
        json!({
            "learning": self.learning.map(Level::code),
            "conduct": self.conduct.map(Level::code),
            "promotion": self.promotion.map(Promotion::code),
            "reason": self.reason,
            "approved": self.approved_at.is_some(),
        })
    }
}

/// The decisions of a class, with those that were taken back.
pub(super) async fn of_class(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<HashMap<LearnerId, Kept>> {
    let mut query = Query::select();
    query
        .columns(["learner_id", "learning", "conduct", "promotion", "reason", "version"])
        .columns(["proposed_at", "proposed_by", "approved_at", "approved_by"])
        .from("council_override")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let level = |text: Option<String>| text.as_deref().and_then(Level::from_code);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let promotion: Option<String> = row.try_get_by_index(3)?;
            let kept = Kept {
                learning: level(row.try_get_by_index(1)?),
                conduct: level(row.try_get_by_index(2)?),
                promotion: promotion.as_deref().and_then(Promotion::from_code),
                reason: row.try_get_by_index(4)?,
                version: row.try_get_by_index(5)?,
                proposed_at: row.try_get_by_index(6)?,
                proposed_by: row.try_get_by_index(7)?,
                approved_at: row.try_get_by_index(8)?,
                approved_by: row.try_get_by_index(9)?,
            };
            Ok((LearnerId(row.try_get_by_index(0)?), kept))
        })
        .collect()
}

async fn keep(tx: &Tx<'_>, class: &ClassFacts, learner: LearnerId, kept: &Kept) -> Result<()> {
    let columns =
        ["learning", "conduct", "promotion", "reason", "version", "proposed_at", "proposed_by", "approved_at", "approved_by"];
    let mut upsert = Query::insert();
    upsert
        .into_table("council_override")
        .columns(["school_id", "class_id", "learner_id"].into_iter().chain(columns))
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            learner.0.into(),
            kept.learning.map(Level::code).into(),
            kept.conduct.map(Level::code).into(),
            kept.promotion.map(Promotion::code).into(),
            kept.reason.clone().into(),
            kept.version.into(),
            kept.proposed_at.into(),
            kept.proposed_by.into(),
            kept.approved_at.into(),
            kept.approved_by.into(),
        ])
        .on_conflict(OnConflict::columns(["school_id", "class_id", "learner_id"]).update_columns(columns).to_owned());
    tx.conn().execute(&upsert).await?;
    Ok(())
}

async fn may_approve(conn: &impl ConnectionTrait, ctx: &Ctx, class: &ClassFacts) -> Result<bool> {
    match facts::class(conn, ctx, Permission::YearClose, Permission::YearClose, class.id).await {
        Ok(_) => Ok(true),
        Err(e) if e.code() == Code::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// Proposes a decision against the proposal, or takes one back. Whoever may close the year approves with it; a decision that was
/// approved is theirs alone to change.
///
/// Errors: `not_found` (the class, or no such learner in it), `version_conflict`, `year_closed`, `forbidden`, `invalid` with `/reason`,
/// `/promotion` where it is a work of the summer and no decision; `decision_not_due` in a primary class, where only the principal
/// decides, of who still falls short after another assessment ([`crate::reassessment`]).
pub async fn put_override(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    learner: LearnerId,
    version: i64,
    body: &PutOverride,
) -> Result<Council> {
    db.write(ctx, async |tx| {
        let (class, _) = locked(tx, Permission::CouncilWrite, class).await?;
        let conn = tx.conn();
        if !policy::has_decisions(&policy::of(&class)?) {
            return Err(Error::new(Code::DecisionNotDue));
        }
        facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let reason = kernel::text::clean(&body.reason);
        if reason.is_empty() {
            return Err(Error::field("/reason", Code::FieldRequired));
        }
        let before = of_class(conn, &class).await?.remove(&learner);
        if before.as_ref().map_or(0, |kept| kept.version) != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let approver = may_approve(conn, tx.ctx(), &class).await?;
        if !approver && before.as_ref().is_some_and(Kept::approved) {
            return Err(Error::new(Code::Forbidden).with("permission", Permission::YearClose.label(ctx.lang)));
        }
        let by = tx.ctx().account.map(Uuid::from);
        let after = Kept {
            learning: body.learning,
            conduct: body.conduct,
            promotion: body.promotion,
            reason,
            version: version + 1,
            proposed_at: tx.now(),
            proposed_by: by,
            approved_at: approver.then(|| tx.now()),
            approved_by: by.filter(|_| approver),
        };
        keep(tx, &class, learner, &after).await?;
        let verb = if after.taken_back() { "council.decision_withdrawn" } else { "council.decision_proposed" };
        let mut event = Event::new(Some(class.school_id), verb, "learner", learner).after(&after.logged());
        if let Some(before) = &before {
            event = event.before(&before.logged());
        }
        Ok((answer(conn, tx.ctx(), class).await?, vec![event]))
    })
    .await
}

/// Approves a decision as it was seen.
///
/// Errors: `not_found` (the class, or no decision), `version_conflict`, `year_closed`.
pub async fn approve(db: &Db, ctx: &Ctx, class: ClassId, learner: LearnerId, version: i64) -> Result<Council> {
    db.write(ctx, async |tx| {
        let (class, _) = locked(tx, Permission::YearClose, class).await?;
        let before = of_class(tx.conn(), &class).await?.remove(&learner).filter(|kept| !kept.taken_back());
        let before = before.ok_or_else(|| Error::new(Code::NotFound))?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let approved_by = tx.ctx().account.map(Uuid::from);
        let after = Kept { approved_at: Some(tx.now()), approved_by, version: version + 1, ..before.clone() };
        keep(tx, &class, learner, &after).await?;
        let event = Event::new(Some(class.school_id), "council.decision_approved", "learner", learner)
            .before(&before.logged())
            .after(&after.logged());
        Ok((answer(tx.conn(), tx.ctx(), class).await?, vec![event]))
    })
    .await
}
