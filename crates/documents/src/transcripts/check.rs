//! What anyone may know who holds the code of a transcript (it is in the QR code of the paper).

use super::query;
use dto::Code;
use dto::transcripts::{TranscriptCheck, TranscriptState};
use kernel::{Db, Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait};

/// Whether a transcript stands. What was never issued does not exist for the public.
///
/// Errors: `not_found`.
pub async fn by_code(db: &Db, code: &str) -> Result<TranscriptCheck> {
    let conn = db.read();
    let mut query = query::select();
    query.and_where(Expr::col("check_code").eq(code));
    let found = query::all(conn, &query).await?.into_iter().next();
    let stored = found.filter(|stored| stored.state.is_final()).ok_or_else(|| Error::new(Code::NotFound))?;
    let content = stored.content()?;
    let signatures = query::signatures(conn, stored.school_id, stored.id).await?;
    Ok(TranscriptCheck {
        state: stored.state,
        learner: shortened(&content.learner.full_name),
        signatures: match stored.state {
            TranscriptState::Issued => signatures.into_iter().map(|signature| signature.told(&content)).collect(),
            _ => Vec::new(),
        },
        school_name: content.school.name,
        school_year: content.school_year,
        content_hash: stored.content_hash,
        issued_at: stored.issued_at,
        revoked_on: stored.revoked.map(|revoked| revoked.decided_on),
        superseded: stored.superseded_by.is_some(),
    })
}

/// The first and the last part of a name.
fn shortened(name: &str) -> String {
    let parts: Vec<&str> = name.split_whitespace().collect();
    match parts.as_slice() {
        [first, _, .., last] => format!("{first} … {last}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_middle_of_a_name_is_left_out() {
        for (name, shown) in [("Nguyễn Thị Minh An", "Nguyễn … An"), ("Lê An", "Lê An"), ("H'Hen", "H'Hen")] {
            assert_eq!(super::shortened(name), shown);
        }
    }
}
