//! Giấy khen: who has an award of the year (TT 22/2021 Đ.15; TT 27/2020 Đ.13), once both terms are closed.

use super::Head;
use crate::facts::ClassFacts;
use dto::gradebook::{Period, TermState};
use dto::{Code, LearnerId};
use kernel::{Ctx, Db, Error, Result};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
pub(super) struct Awards {
    head: Head,
    awards: Vec<Certificate>,
}

#[derive(Serialize)]
struct Certificate {
    name: String,
    award: &'static str,
}

pub(super) async fn of_class(db: &Db, ctx: &Ctx, class: &ClassFacts, head: Head, only: Option<LearnerId>) -> Result<Awards> {
    let results = crate::results::of_class(db, ctx, class.id, Period::Year).await?;
    if results.state != TermState::Closed {
        return Err(Error::new(Code::TermNotClosed));
    }
    let decided = crate::council::frozen_in(db.read(), class).await?;
    let decided: HashMap<_, _> = decided.into_iter().map(|decision| (decision.learner_id, decision.decided.award)).collect();
    let rows = results.rows.into_iter().filter(|row| only.is_none_or(|one| one == row.learner_id));
    let awards: Vec<_> = rows
        .filter_map(|row| {
            let primary = row.primary.as_ref().and_then(|primary| primary.award).map(|award| award.vi());
            let secondary = decided.get(&row.learner_id).copied().unwrap_or(row.award).map(|award| award.vi());
            Some(Certificate { award: primary.or(secondary)?, name: row.full_name })
        })
        .collect();
    if awards.is_empty() {
        return Err(Error::new(Code::NoAward));
    }
    Ok(Awards { head, awards })
}
