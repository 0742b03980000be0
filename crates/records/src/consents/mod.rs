//! Consent by purpose (Luật 91/2025 Đ.24), and what a family may ask about its data.
//!
//! What was said is only ever added to: who, when, on which version of the text, shown by what. A purpose holds for a learner while a
//! representative consents, none refuses or has withdrawn, and from seven years on the child consents too; silence is no consent.
//! [`may_publish`] is the gate of whatever would show a learner to the public.

mod attached;
mod erasure;
mod erasure_asked;
mod erasure_policy;
mod export;
mod family;
pub mod own;
mod purposes;
mod requests;
mod school;
mod standing;

pub use erasure::{preview as erasure_preview, rules as retention};
pub use erasure_asked::{ask as ask_erasure, confirm as confirm_erasure, decline as decline_erasure, list as erasures};
pub use erasure_policy::{policy as erasure_policy, put_policy as put_erasure_policy};
pub use export::export;
pub(crate) use export::object as row_as_json;
pub use family::{give, of_child, of_learner, paper, scan};
pub use purposes::{list as purposes, publish};
pub use requests::{answer, ask, of_child as requests_of_child, of_school as requests_of_school};
pub use school::of_school;

use dto::consents::ConsentPurpose;
use dto::{Code, LearnerId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

/// Whether a purpose holds for a learner at their present school, now.
///
/// Errors: `not_found` (no such learner, or in no school); `invalid` at `/purpose`.
pub async fn holds(conn: &impl ConnectionTrait, learner: LearnerId, purpose: &str) -> Result<bool> {
    let purpose = purposes::find(conn, purpose).await?;
    let mut query = Query::select();
    query.columns(["school_id", "birth_date"]).from("learner").and_where(Expr::col("id").eq(learner.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let school: Option<Uuid> = row.try_get_by_index(0)?;
    let school = UnitId(school.ok_or_else(|| Error::new(Code::NotFound))?);
    Ok(standing::of(conn, school, learner, row.try_get_by_index(1)?).await?.stand(&purpose).holds)
}

/// The gate of what becomes public: refuses where the purpose does not hold for the learner. To be called in the transaction that
/// publishes, so that no withdrawal slips in between.
///
/// Errors: `consent_missing`, `not_found`; `invalid` at `/purpose`.
pub async fn may_publish(tx: &Tx<'_>, learner: LearnerId, purpose: &str) -> Result<()> {
    if holds(tx.conn(), learner, purpose).await? { Ok(()) } else { Err(missing(tx, purpose).await?) }
}

/// The refusal of what has no consent.
pub(crate) async fn missing(tx: &Tx<'_>, purpose: &str) -> Result<Error> {
    let ConsentPurpose { title_vi, title_en, .. } = purposes::find(tx.conn(), purpose).await?;
    Ok(Error::new(Code::ConsentMissing).with("purpose", tx.ctx().lang.pick(&title_vi, &title_en)))
}
