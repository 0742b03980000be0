//! What families were shown of results, and who is told when that changes.
//!
//! A result that is opened again is put aside as families saw it. When it is closed again, those whose result is another one are told
//! so, once; the others are not told again what they know.

use crate::contact_book::Said;
use crate::contact_book::notices::Notify;
use crate::contact_book::words::Because;
use crate::facts::ClassFacts;
use dto::contact::{EventKind, NoticeTarget};
use dto::gradebook::{LearnerResult, Period};
use dto::{ClassId, LearnerId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::collections::{HashMap, HashSet};

const KEY: [&str; 4] = ["school_id", "class_id", "period", "learner_id"];

/// Results that were put aside, by class and period.
pub(crate) type Shown = HashMap<(ClassId, Period), HashMap<LearnerId, LearnerResult>>;

/// Puts aside what families see of a period that is being opened again. What was put aside before stays: nobody has been told of
/// anything since.
pub(crate) async fn put_aside(tx: &Tx<'_>, class: &ClassFacts, period: Period, results: &[LearnerResult]) -> Result<()> {
    for some in results.chunks(200) {
        let mut insert = Query::insert();
        insert.into_table("result_published").columns(KEY.into_iter().chain(["outcome"]));
        for result in some {
            insert.values_panic([
                class.school_id.0.into(),
                class.id.0.into(),
                period.as_str().into(),
                result.learner_id.0.into(),
                serde_json::to_string(result).map_err(Error::internal)?.into(),
            ]);
        }
        insert.on_conflict(OnConflict::columns(KEY).do_nothing_on(KEY).to_owned());
        tx.conn().execute(&insert).await?;
    }
    Ok(())
}

/// Takes what was put aside of these periods, all of one school: it is told now, or never.
pub(crate) async fn take(tx: &Tx<'_>, school: UnitId, periods: &[(ClassId, Period)]) -> Result<Shown> {
    let mut query = Query::select();
    query
        .columns(["class_id", "period", "learner_id", "outcome"])
        .from("result_published")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(periods.iter().map(|(class, _)| class.0).collect::<HashSet<_>>()));
    let mut shown = Shown::new();
    for row in tx.conn().query_all(&query).await? {
        let (class, period): (ClassId, String) = (ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
        let Some(key) = periods.iter().find(|(id, of)| *id == class && of.as_str() == period) else { continue };
        let text: String = row.try_get_by_index(3)?;
        let result = serde_json::from_str(&text).map_err(|e| Error::internal(format!("a result cannot be read: {e}")))?;
        shown.entry(*key).or_default().insert(LearnerId(row.try_get_by_index(2)?), result);
    }
    for (class, period) in shown.keys() {
        let mut delete = Query::delete();
        delete
            .from_table("result_published")
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("class_id").eq(class.0))
            .and_where(Expr::col("period").eq(period.as_str()));
        tx.conn().execute(&delete).await?;
    }
    Ok(shown)
}

/// Whether a family sees another result: marks, levels, absences, what comes of them. Not how a name is written, nor the sentences that
/// explain it.
pub(crate) fn differs(before: &LearnerResult, now: &LearnerResult) -> bool {
    let seen = |result: &LearnerResult| LearnerResult {
        ordinal: 0,
        full_name: String::new(),
        given_name: String::new(),
        base: None,
        reasons: Vec::new(),
        ..result.clone()
    };
    seen(before) != seen(now)
}

/// That the published result of a learner has changed. `change` names the change among all of that result.
pub(crate) fn changed(class: &ClassFacts, learner: LearnerId, period: Period, because: Because, change: &str) -> Notify {
    Notify {
        school: class.school_id,
        event_key: format!("result-changed:{learner}:{period}:{change}"),
        kind: EventKind::Result,
        target: NoticeTarget::Learner { learner_id: learner },
        said: Said::ResultChanged { class_name: class.name.clone(), period, because },
    }
}
