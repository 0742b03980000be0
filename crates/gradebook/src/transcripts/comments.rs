//! What the homeroom teacher writes about each learner at the end of the year, for the transcript.

use crate::closing::lock_both;
use crate::facts::{self, ClassFacts};
use dto::access::Permission;
use dto::gradebook::CellResult;
use dto::transcripts::{PutTranscriptComments, TranscriptCommentOutcome, TranscriptCommentsSaved};
use dto::{ClassId, LearnerId};
use kernel::{Ctx, Db, Event, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// The comments of a class with their versions.
pub(super) async fn of_class(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
) -> Result<HashMap<LearnerId, (Option<String>, i64)>> {
    let mut query = Query::select();
    query
        .columns(["learner_id", "comment", "version"])
        .from("transcript_comment")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|row| Ok((LearnerId(row.try_get_by_index(0)?), (row.try_get_by_index(1)?, row.try_get_by_index(2)?))))
        .collect()
}

/// Saves comments, each with the version that its writer saw; what another has changed meanwhile comes back as it stands. What
/// stands already in a transcript that is no draft any more, stays so there.
///
/// Errors: `not_found`.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, body: &PutTranscriptComments) -> Result<TranscriptCommentsSaved> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = facts::class(conn, tx.ctx(), Permission::TranscriptPrepare, Permission::TranscriptPrepare, class).await?;
        // Writers of one class follow each other, as everywhere in the gradebook.
        lock_both(tx, &class).await?;
        let stands = of_class(conn, &class).await?;
        let roster = facts::roster(conn, class.school_id, class.id, None).await?;
        let mut rows = Vec::with_capacity(body.rows.len());
        let mut changed = Vec::new();
        for row in &body.rows {
            let (text, version) = stands.get(&row.learner_id).cloned().unwrap_or_default();
            let wanted = Some(kernel::text::nfc(row.text.trim())).filter(|text| !text.is_empty());
            let known = roster.iter().any(|line| line.learner_id == row.learner_id);
            let (outcome, text, version) = match () {
                () if !known => (CellResult::Refused, None, 0),
                () if wanted == text => (CellResult::Unchanged, text, version),
                () if row.version != version => (CellResult::Conflict, text, version),
                () => {
                    changed.push(json!({ "learner": row.learner_id, "before": text, "after": wanted }));
                    let mut upsert = Query::insert();
                    upsert
                        .into_table("transcript_comment")
                        .columns(["school_id", "class_id", "learner_id", "comment", "version", "updated_at", "updated_by"])
                        .values_panic([
                            class.school_id.0.into(),
                            class.id.0.into(),
                            row.learner_id.0.into(),
                            wanted.clone().into(),
                            (version + 1).into(),
                            tx.now().into(),
                            tx.ctx().account.map(Uuid::from).into(),
                        ])
                        .on_conflict(
                            OnConflict::columns(["school_id", "class_id", "learner_id"])
                                .update_columns(["comment", "version", "updated_at", "updated_by"])
                                .to_owned(),
                        );
                    conn.execute(&upsert).await?;
                    (CellResult::Saved, wanted, version + 1)
                }
            };
            rows.push(TranscriptCommentOutcome { learner_id: row.learner_id, outcome, text, version });
        }
        let event = Event::new(Some(class.school_id), "transcript_comment.saved", "class", class.id).after(&changed);
        Ok((TranscriptCommentsSaved { rows }, vec![event]))
    })
    .await
}
