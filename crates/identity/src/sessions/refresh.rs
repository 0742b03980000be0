//! Rotation of refresh tokens.
//!
//! Each token is good for one exchange. A token that comes a second time was copied: either the thief or the owner is one step
//! behind, and nobody can tell which, so the whole session ends (RFC 9700, 4.14.2).
//!
//! On a weak line the answer of an exchange gets lost, and the owner's phone, which knows nothing of the new pair, sends the old token
//! again. Signing out every phone that passes a tunnel would be worse than the risk, so for [`GRACE`] the token just used gives
//! a pair again. What a thief gains is that window after the owner's exchange, and the first exchange of either pair voids the other.

use super::entity::{refresh_token, session};
use super::{Why, end_in, pair_in, token_hash};
use crate::accounts::entity::account;
use crate::{Keys, Settings};
use chrono::Duration;
use dto::Code;
use dto::SessionId;
use dto::identity::Tokens;
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// How long a used token gives a pair again.
pub const GRACE: Duration = Duration::seconds(30);
/// Used tokens are remembered this long, to notice that one comes again; older ones are as unknown as any other text.
const REMEMBER: Duration = Duration::days(7);

/// Exchanges a refresh token for a new pair.
///
/// `token_expired`: it is unknown, or its session has ended or was not used for too long. `session_reused`: it had been exchanged
/// before; the session is ended. `account_disabled`.
pub async fn refresh(db: &Db, keys: &Keys, settings: &Settings, ctx: &Ctx, token: &str) -> Result<Tokens> {
    let hash = token_hash(token);
    // Most bad tokens are unknown ones; they need no turn at the writer.
    if refresh_token::Entity::find_by_id(hash.clone()).one(db.read()).await?.is_none() {
        return Err(Error::new(Code::TokenExpired));
    }
    let pair = db
        .write(ctx, async |tx| {
            let gone = || Error::new(Code::TokenExpired);
            let token = refresh_token::Entity::find_by_id(hash.clone()).one(tx.conn()).await?.ok_or_else(gone)?;
            let session =
                session::Entity::find_by_id(token.session_id).lock_exclusive().one(tx.conn()).await?.ok_or_else(gone)?;
            if session.ended_at.is_some() {
                let reused = session.ended_why.as_deref() == Some(Why::Reused.as_str());
                return Err(Error::new(if reused { Code::SessionReused } else { Code::TokenExpired }));
            }
            if session.expires_at <= tx.now() {
                return Err(gone());
            }
            let account = account::Entity::find_by_id(session.account_id).one(tx.conn()).await?.ok_or_else(gone)?;
            if account.disabled {
                return Err(Error::new(Code::AccountDisabled));
            }
            // Once more, behind the lock of the session: another exchange may have come before.
            let token = refresh_token::Entity::find_by_id(hash.clone()).one(tx.conn()).await?.ok_or_else(gone)?;
            let event = |verb| {
                Event::new(None, verb, "session", session.id).after(&serde_json::json!({ "account_id": session.account_id }))
            };
            match token.used_at {
                Some(used) if tx.now() - used > GRACE => {
                    end_in(tx, Condition::all().add(session::Column::Id.eq(session.id)), Why::Reused).await?;
                    return Ok((None, vec![event("session.reused")]));
                }
                // A second pair; the first exchange of either one uses up the other.
                Some(_) => {}
                None => {
                    refresh_token::Entity::update_many()
                        .col_expr(refresh_token::Column::UsedAt, Expr::value(tx.now()))
                        .filter(refresh_token::Column::SessionId.eq(session.id))
                        .filter(refresh_token::Column::UsedAt.is_null())
                        .exec(tx.conn())
                        .await?;
                }
            }
            refresh_token::Entity::delete_many()
                .filter(refresh_token::Column::SessionId.eq(session.id))
                .filter(refresh_token::Column::UsedAt.lt(tx.now() - REMEMBER))
                .exec(tx.conn())
                .await?;
            let event = event("session.refreshed");
            let id = SessionId(session.id);
            let mut row: session::ActiveModel = session.into();
            row.last_used_at = Set(tx.now());
            row.expires_at = Set(tx.now() + settings.session_life);
            row.update(tx.conn()).await?;
            Ok((Some(pair_in(tx, keys, settings, &account, id).await?), vec![event]))
        })
        .await?;
    pair.ok_or_else(|| Error::new(Code::SessionReused))
}
