//! What was said about a learner, and what it comes to.

use super::purposes;
use chrono::{DateTime, Months, NaiveDate, Utc};
use dto::consents::{ConsentAct, ConsentEvidence, ConsentParty, ConsentPurpose};
use dto::{ConsentRecordId, LearnerId, UnitId};
use kernel::{Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// From this age on the child is asked too (Luật 91/2025 Đ.24).
const CHILD_ASKED_MONTHS: u32 = 7 * 12;

pub(super) fn child_asked(birth_date: NaiveDate) -> bool {
    birth_date.checked_add_months(Months::new(CHILD_ASKED_MONTHS)).is_some_and(|day| day <= clock::today())
}

/// A line of what was said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub purpose: String,
    pub version: u32,
    pub act: ConsentAct,
    pub party: ConsentParty,
    pub guardian: Option<Uuid>,
    pub account: Option<Uuid>,
    pub evidence: ConsentEvidence,
    pub note: Option<String>,
    pub at: DateTime<Utc>,
    pub id: ConsentRecordId,
    /// There is a scan of the paper.
    pub scanned: bool,
}

/// All that was said about a learner at a school, oldest first, and who may speak for them today.
pub(super) struct Standing {
    pub said: Vec<Said>,
    pub guardians: BTreeSet<Uuid>,
    pub child_asked: bool,
}

/// What a purpose comes to.
pub(super) struct Stand {
    pub holds: bool,
    pub refused: bool,
    pub waits_for: Vec<ConsentParty>,
}

impl Standing {
    /// The last word of each who may speak, on a text that still holds. `None` is the child.
    fn words(&self, purpose: &ConsentPurpose) -> BTreeMap<Option<Uuid>, ConsentAct> {
        let mut words = BTreeMap::new();
        for said in self.said.iter().filter(|s| s.purpose == purpose.code && s.version >= purpose.holds_from) {
            let who = match said.party {
                ConsentParty::Child => self.child_asked.then_some(None),
                ConsentParty::Representative => said.guardian.filter(|g| self.guardians.contains(g)).map(Some),
            };
            if let Some(who) = who {
                words.insert(who, said.act);
            }
        }
        words
    }

    /// The last word of one of them.
    pub fn word(&self, purpose: &ConsentPurpose, who: Option<Uuid>) -> Option<ConsentAct> {
        self.words(purpose).get(&who).copied()
    }

    pub fn stand(&self, purpose: &ConsentPurpose) -> Stand {
        let words = self.words(purpose);
        let child = words.get(&None).copied();
        let represented = words.iter().any(|(who, act)| who.is_some() && *act == ConsentAct::Give);
        let refused = words.values().any(|act| *act != ConsentAct::Give);
        let mut waits_for = Vec::new();
        if !words.keys().any(Option::is_some) {
            waits_for.push(ConsentParty::Representative);
        }
        if self.child_asked && child.is_none() {
            waits_for.push(ConsentParty::Child);
        }
        Stand { holds: represented && !refused && waits_for.is_empty(), refused, waits_for }
    }
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["learner_id", "purpose", "version", "act", "party", "guardian_id", "account_id", "evidence", "note", "at"])
        .columns(["id", "file_id"])
        .from("consent")
        // Ids rise with time; two of one microsecond differ in them too.
        .order_by("at", Order::Asc)
        .order_by("id", Order::Asc);
    query
}

async fn read(conn: &impl ConnectionTrait, query: &SelectStatement) -> Result<HashMap<Uuid, Vec<Said>>> {
    let mut found: HashMap<Uuid, Vec<Said>> = HashMap::new();
    for row in conn.query_all(query).await? {
        found.entry(row.try_get_by_index(0)?).or_default().push(Said {
            purpose: row.try_get_by_index(1)?,
            version: u32::try_from(row.try_get_by_index::<i32>(2)?).unwrap_or(0),
            act: crate::stored(&row.try_get_by_index::<String>(3)?)?,
            party: crate::stored(&row.try_get_by_index::<String>(4)?)?,
            guardian: row.try_get_by_index(5)?,
            account: row.try_get_by_index(6)?,
            evidence: crate::stored(&row.try_get_by_index::<String>(7)?)?,
            note: row.try_get_by_index(8)?,
            at: row.try_get_by_index(9)?,
            id: ConsentRecordId(row.try_get_by_index(10)?),
            scanned: row.try_get_by_index::<Option<Uuid>>(11)?.is_some(),
        });
    }
    Ok(found)
}

async fn guardians(conn: &impl ConnectionTrait, learners: &[Uuid]) -> Result<HashMap<Uuid, BTreeSet<Uuid>>> {
    let of = crate::contact::guardians_of(conn, learners).await?;
    Ok(of.into_iter().map(|(learner, all)| (learner, all.into_iter().map(|g| g.guardian_id).collect())).collect())
}

/// Of one learner at a school.
pub(super) async fn of(
    conn: &impl ConnectionTrait,
    school: UnitId,
    learner: LearnerId,
    birth_date: NaiveDate,
) -> Result<Standing> {
    let mut query = select();
    query.and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col("learner_id").eq(learner.0));
    Ok(Standing {
        said: read(conn, &query).await?.remove(&learner.0).unwrap_or_default(),
        guardians: guardians(conn, &[learner.0]).await?.remove(&learner.0).unwrap_or_default(),
        child_asked: child_asked(birth_date),
    })
}

/// Of many learners of a school, for one purpose.
pub(super) async fn of_many(
    conn: &impl ConnectionTrait,
    school: UnitId,
    purpose: &ConsentPurpose,
    learners: &[(Uuid, NaiveDate)],
) -> Result<HashMap<Uuid, Standing>> {
    let ids: Vec<Uuid> = learners.iter().map(|(id, _)| *id).collect();
    let mut query = select();
    query.and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col("purpose").eq(purpose.code.as_str()));
    let mut said = read(conn, &query).await?;
    let mut guardians = guardians(conn, &ids).await?;
    Ok(learners
        .iter()
        .map(|(id, birth_date)| {
            let standing = Standing {
                said: said.remove(id).unwrap_or_default(),
                guardians: guardians.remove(id).unwrap_or_default(),
                child_asked: child_asked(*birth_date),
            };
            (*id, standing)
        })
        .collect())
}

/// A purpose by code, at the version that was before whoever answers.
///
/// Errors: `invalid` at `/purpose`, `consent_text_changed`.
pub(super) async fn shown(conn: &impl ConnectionTrait, code: &str, version: u32) -> Result<ConsentPurpose> {
    let purpose = purposes::find(conn, code).await?;
    if purpose.version == version { Ok(purpose) } else { Err(kernel::Error::new(dto::Code::ConsentTextChanged)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(version: u32, holds_from: u32) -> ConsentPurpose {
        let text = String::new;
        ConsentPurpose {
            code: "p".into(),
            version,
            holds_from,
            title_vi: text(),
            title_en: text(),
            text_vi: text(),
            text_en: text(),
        }
    }

    fn said(guardian: Option<u128>, act: ConsentAct, version: u32) -> Said {
        Said {
            purpose: "p".into(),
            version,
            act,
            party: if guardian.is_some() { ConsentParty::Representative } else { ConsentParty::Child },
            guardian: guardian.map(Uuid::from_u128),
            account: None,
            evidence: ConsentEvidence::Account,
            note: None,
            at: clock::now(),
            id: ConsentRecordId(Uuid::nil()),
            scanned: false,
        }
    }

    fn stand(child_asked: bool, all: &[(Option<u128>, ConsentAct, u32)]) -> (bool, bool, usize) {
        let guardians = [1u128, 2].map(Uuid::from_u128).into();
        let said = all.iter().map(|(who, act, version)| said(*who, *act, *version)).collect();
        let stand = Standing { said, guardians, child_asked }.stand(&purpose(3, 2));
        (stand.holds, stand.refused, stand.waits_for.len())
    }

    #[test]
    fn a_purpose_holds_only_while_all_who_are_asked_consent() {
        use ConsentAct::{Give, Refuse, Withdraw};
        assert_eq!(stand(false, &[]), (false, false, 1), "silence is no consent");
        assert_eq!(stand(true, &[]), (false, false, 2));
        assert_eq!(stand(false, &[(Some(1), Give, 3)]), (true, false, 0));
        assert_eq!(stand(true, &[(Some(1), Give, 3)]), (false, false, 1), "the child is asked too");
        assert_eq!(stand(true, &[(Some(1), Give, 3), (None, Give, 3)]), (true, false, 0));
        assert_eq!(stand(true, &[(Some(1), Give, 3), (None, Refuse, 3)]), (false, true, 0));
        // Below seven a child's word neither helps nor hinders.
        assert_eq!(stand(false, &[(None, Refuse, 3), (Some(1), Give, 3)]), (true, false, 0));
        // One of two representatives stops it; the other cannot undo that.
        assert_eq!(stand(false, &[(Some(1), Give, 3), (Some(2), Withdraw, 3), (Some(1), Give, 3)]), (false, true, 0));
        assert_eq!(stand(false, &[(Some(1), Give, 3), (Some(1), Withdraw, 3), (Some(1), Give, 3)]), (true, false, 0));
        // A text that asks for more lets earlier words fall; a text that does not keeps them.
        assert_eq!(stand(false, &[(Some(1), Give, 1)]), (false, false, 1));
        assert_eq!(stand(false, &[(Some(1), Give, 2)]), (true, false, 0));
        // Who is no longer a guardian has no say.
        assert_eq!(stand(false, &[(Some(9), Give, 3)]), (false, false, 1));
    }
}
