//! The council of a class at the end of a school year: what the regulation proposes, with what the summer made of it; decisions
//! against the proposal with reason and approver; the minutes; and the closing of the year.
//!
//! In a primary class who completes the grade goes up, and of who does not the principal decides after help and another assessment
//! (TT 27/2020 Đ.11; [`crate::reassessment`]): there are no other decisions, and no minutes are asked for.
//!
//! Every write takes the rows of both terms first (see [`crate::closing`]), so that councils, summers and terms of a class follow each other.

mod decisions;
mod year;

pub use decisions::{approve, put_override};
pub use year::{close, recompute, reopen};

use crate::closing::lock_both;
use crate::facts::{self, ClassFacts};
use crate::people::Names;
use crate::policy;
use crate::results::book::Book;
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::council::{Council, CouncilMember, CouncilRow, CouncilState, Minutes, PutMinutes, YearDecision};
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock};
use regulations::{Policy, Promotion};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::collections::HashMap;
use uuid::Uuid;

const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// The council as it stands; what a class without one has is [`Kept::default`].
#[derive(Clone, Debug, Default)]
struct Kept {
    closed: bool,
    minutes: Minutes,
    /// Of a closed year: the policy that made it, whole.
    policy: Option<Policy>,
    closed_at: Option<DateTime<Utc>>,
    closed_by: Option<Uuid>,
    version: i64,
}

async fn kept(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Kept> {
    let mut query = Query::select();
    query
        .columns(["state", "met_on", "members", "minutes", "policy", "closed_at", "closed_by", "version"])
        .from("council")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let Some(row) = conn.query_one(&query).await? else { return Ok(Kept::default()) };
    let unreadable = |e: serde_json::Error| Error::internal(format!("a council cannot be read: {e}"));
    let members: String = row.try_get_by_index(2)?;
    let policy: Option<String> = row.try_get_by_index(4)?;
    Ok(Kept {
        closed: row.try_get_by_index::<String>(0)? == CLOSED,
        minutes: Minutes {
            met_on: row.try_get_by_index(1)?,
            members: serde_json::from_str(&members).map_err(unreadable)?,
            text: row.try_get_by_index(3)?,
        },
        policy: policy.as_deref().map(serde_json::from_str).transpose().map_err(unreadable)?,
        closed_at: row.try_get_by_index(5)?,
        closed_by: row.try_get_by_index(6)?,
        version: row.try_get_by_index(7)?,
    })
}

/// Whether the year of a class is closed.
pub(crate) async fn is_closed(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<bool> {
    Ok(kept(conn, class).await?.closed)
}

/// Of these classes of a school, those whose year is closed.
pub(crate) async fn closed_of(conn: &impl ConnectionTrait, school: UnitId, classes: &[Uuid]) -> Result<Vec<ClassId>> {
    let mut query = Query::select();
    query
        .column("class_id")
        .from("council")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(classes.iter().copied()))
        .and_where(Expr::col("state").eq(CLOSED));
    conn.query_all(&query).await?.iter().map(|row| Ok(ClassId(row.try_get_by_index(0)?))).collect()
}

/// The decisions of a closed year; empty while it is open.
pub(crate) async fn frozen_in(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<YearDecision>> {
    Ok(year::frozen(conn, class).await?.into_iter().map(|(_, decision)| decision).collect())
}

/// The decision of one learner's closed year.
pub(crate) async fn frozen_of(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    learner: LearnerId,
) -> Result<Option<YearDecision>> {
    Ok(year::frozen_one(conn, class, learner).await?.map(|(_, decision)| decision))
}

/// Writes the council. The terms are locked by this transaction.
async fn keep(tx: &Tx<'_>, class: &ClassFacts, council: &Kept) -> Result<()> {
    let members = serde_json::to_string(&council.minutes.members).map_err(Error::internal)?;
    let policy = council.policy.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let columns =
        ["state", "met_on", "members", "minutes", "policy", "updated_at", "updated_by", "closed_at", "closed_by", "version"];
    let mut upsert = Query::insert();
    upsert
        .into_table("council")
        .columns(["school_id", "class_id"].into_iter().chain(columns))
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            if council.closed { CLOSED } else { OPEN }.into(),
            council.minutes.met_on.into(),
            members.into(),
            council.minutes.text.clone().into(),
            policy.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            council.closed_at.into(),
            council.closed_by.into(),
            council.version.into(),
        ])
        .on_conflict(OnConflict::columns(["school_id", "class_id"]).update_columns(columns).to_owned());
    tx.conn().execute(&upsert).await?;
    Ok(())
}

/// The class for a council: of a grade whose years are closed by a regulation.
async fn class_for(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    read: Permission,
    write: Permission,
    id: ClassId,
) -> Result<ClassFacts> {
    let class = facts::class(conn, ctx, read, write, id).await?;
    policy::of(&class)?;
    Ok(class)
}

/// The council of a class. While a term is open it shows how things stand; of a closed year what was frozen.
///
/// Errors: `not_found`, `regulation_unavailable`.
pub async fn get(db: &Db, ctx: &Ctx, class: ClassId) -> Result<Council> {
    let conn = db.read();
    let class = class_for(conn, ctx, Permission::ResultRead, Permission::CouncilWrite, class).await?;
    answer(conn, ctx, class).await
}

async fn answer(conn: &impl ConnectionTrait, ctx: &Ctx, class: ClassFacts) -> Result<Council> {
    let class_id = class.id;
    let may = async |permission| match facts::class(conn, ctx, permission, permission, class_id).await {
        Ok(_) => Ok(true),
        Err(e) if e.code() == Code::NotFound => Ok(false),
        Err(e) => Err(e),
    };
    let (writable, approver) = (may(Permission::CouncilWrite).await?, may(Permission::YearClose).await?);
    let council = kept(conn, &class).await?;
    let book = Book::read(conn, class).await?;
    let class = &book.class;
    let mut overrides = decisions::of_class(conn, class).await?;
    let approvers = overrides.values().flat_map(|o| [o.proposed_by, o.approved_by]);
    let names = Names::of(conn, ctx.lang, approvers.chain([council.closed_by])).await?;
    let decisions = match council.closed {
        true => frozen_in(conn, class).await?,
        false => year::decisions(conn, &book, &overrides).await?,
    };
    let lines: HashMap<LearnerId, _> = book.roster.iter().map(|line| (line.learner_id, line)).collect();
    let mut rows: Vec<CouncilRow> = decisions
        .into_iter()
        .filter_map(|decision| {
            let line = lines.get(&decision.learner_id)?;
            Some(CouncilRow {
                ordinal: line.ordinal,
                full_name: line.full_name.clone(),
                given_name: line.given_name.clone(),
                overridden: overrides.remove(&decision.learner_id).and_then(|kept| kept.shown(&names)),
                decision,
            })
        })
        .collect();
    rows.sort_by_key(|row| (row.ordinal, row.decision.learner_id));
    let state = match (council.closed, book.states.iter().all(|state| state.is_closed())) {
        (true, _) => CouncilState::Closed,
        (false, true) => CouncilState::Open,
        (false, false) => CouncilState::Waiting,
    };
    let waits = |row: &&CouncilRow| {
        is_unsettled(&row.decision) || row.overridden.as_ref().is_some_and(|decision| decision.approved_at.is_none())
    };
    let unsettled = if council.closed { 0 } else { rows.iter().filter(waits).count() };
    Ok(Council {
        class_id: class.id,
        class_name: class.name.clone(),
        school_name: class.school_name.clone(),
        school_year: class.school_year.clone(),
        grade: class.grade,
        state,
        policy: policy::name(council.policy.as_ref().unwrap_or(&book.policy)),
        writable: writable && !council.closed,
        approver,
        minutes: council.minutes,
        rows,
        unsettled: u32::try_from(unsettled).unwrap_or(u32::MAX),
        closed_at: council.closed_at,
        closed_by: council.closed_at.map(|_| names.name(council.closed_by)),
        version: council.version,
    })
}

/// A learner of whom it is not known yet whether they go up.
fn is_unsettled(decision: &YearDecision) -> bool {
    !matches!(decision.decided.promotion, Some(Promotion::Promoted | Promotion::Retained))
}

/// Keeps the minutes: who sat, when, and what was said.
///
/// Errors: `not_found`, `version_conflict`, `year_closed`, `invalid` with `/met_on` in the future.
pub async fn put_minutes(db: &Db, ctx: &Ctx, class: ClassId, version: i64, body: &PutMinutes) -> Result<Council> {
    db.write(ctx, async |tx| {
        let (class, before) = locked(tx, Permission::CouncilWrite, class).await?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let members = body.members.iter().enumerate().map(|(at, member)| member_of(at, member)).collect::<Result<_>>()?;
        let minutes = Minutes { met_on: day_of(body.met_on)?, members, text: kernel::text::nfc(body.text.trim()) };
        let after = Kept { minutes, version: version + 1, ..before.clone() };
        keep(tx, &class, &after).await?;
        let event = Event::new(Some(class.school_id), "council.minutes_saved", "class", class.id)
            .before(&before.minutes)
            .after(&after.minutes);
        Ok((answer(tx.conn(), tx.ctx(), class).await?, vec![event]))
    })
    .await
}

fn day_of(day: Option<NaiveDate>) -> Result<Option<NaiveDate>> {
    match day {
        Some(day) if day > clock::today() => Err(Error::field("/met_on", Code::FieldChoice)),
        day => Ok(day),
    }
}

fn member_of(at: usize, member: &CouncilMember) -> Result<CouncilMember> {
    let full_name = kernel::text::clean(&member.full_name);
    if full_name.is_empty() {
        return Err(Error::field(format!("/members/{at}/full_name"), Code::FieldRequired));
    }
    Ok(CouncilMember { full_name, role: kernel::text::clean(&member.role) })
}

/// The class and its council, with both terms locked; refused where the year is closed.
async fn locked(tx: &Tx<'_>, permission: Permission, class: ClassId) -> Result<(ClassFacts, Kept)> {
    let class = class_for(tx.conn(), tx.ctx(), permission, permission, class).await?;
    lock_both(tx, &class).await?;
    let council = kept(tx.conn(), &class).await?;
    if council.closed { Err(Error::new(Code::YearClosed)) } else { Ok((class, council)) }
}
