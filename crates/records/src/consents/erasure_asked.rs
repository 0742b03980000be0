//! Erasing with four eyes: one person asks, another confirms or declines within the school's days; nothing goes before.

use super::erasure::{count, log, of_kind, rules_in_force};
use super::erasure_policy::{decides, policy_in};
use super::family::child;
use crate::{imports, input};
use dto::access::Permission;
use dto::consents::{
    DeclineErasure, ErasedKind, Erasure, ErasureQuery, ErasureRequest, ErasureState, PostErasure, RetentionRule,
};
use dto::identity::Person;
use dto::page::{Page, PageQuery};
use dto::{Code, ErasureId, LearnerId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

#[derive(Clone, FromQueryResult)]
struct Row {
    id: Uuid,
    school_id: Uuid,
    learner_id: Uuid,
    rows: String,
    reason: String,
    state: String,
    asked_by: Option<Uuid>,
    asked_person: Option<Uuid>,
    asked_at: chrono::DateTime<chrono::Utc>,
    until_on: chrono::NaiveDate,
    decided_by: Option<Uuid>,
    decided_at: Option<chrono::DateTime<chrono::Utc>>,
    note: Option<String>,
    full_name: String,
    school_name: String,
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "school_id", "learner_id", "rows", "reason", "state", "asked_by", "asked_person"].map(|c| ("e", c)))
        .columns(["asked_at", "until_on", "decided_by", "decided_at", "note"].map(|c| ("e", c)))
        .column(("l", "full_name"))
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("erasure", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("e", "school_id")));
    query
}

/// Who asks, beside their account: somebody with two accounts is one person.
fn person(ctx: &Ctx) -> Option<Uuid> {
    match ctx.person {
        Some(Person::Staff(id)) => Some(id.0),
        Some(Person::Guardian(id)) => Some(id.0),
        Some(Person::Learner(id)) => Some(id.0),
        _ => None,
    }
}

impl Row {
    fn state(&self) -> Result<ErasureState> {
        let state = crate::stored(&self.state)?;
        Ok(if state == ErasureState::Asked && self.until_on < clock::today() { ErasureState::Expired } else { state })
    }

    fn mine(&self, ctx: &Ctx) -> bool {
        let same = |was: Option<Uuid>, now: Option<Uuid>| was.is_some() && was == now;
        same(self.asked_by, ctx.account.map(Uuid::from)) || same(self.asked_person, person(ctx))
    }

    /// Kinds with their counts.
    fn counts(&self) -> Result<Vec<(String, u64)>> {
        serde_json::from_str(&self.rows).map_err(Error::internal)
    }

    /// Whether it can be decided about now.
    fn undecided(&self) -> Result<()> {
        match self.state()? {
            ErasureState::Asked => Ok(()),
            ErasureState::Expired => Err(Error::new(Code::ErasureExpired)),
            ErasureState::Confirmed | ErasureState::Declined => Err(Error::new(Code::ErasureDecided)),
        }
    }
}

fn named(rules: &[RetentionRule], (kind, rows): (String, u64)) -> ErasedKind {
    let (name_vi, name_en) = rules
        .iter()
        .find(|rule| rule.kind == kind)
        .map_or_else(|| (kind.clone(), kind.clone()), |rule| (rule.name_vi.clone(), rule.name_en.clone()));
    ErasedKind { kind, name_vi, name_en, rows }
}

async fn shown(conn: &impl ConnectionTrait, ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<ErasureRequest>> {
    let names = Names::of(conn, ctx.lang, rows.iter().flat_map(|row| [row.asked_by, row.decided_by])).await?;
    let rules = rules_in_force();
    rows.into_iter()
        .map(|row| {
            Ok(ErasureRequest {
                id: ErasureId(row.id),
                learner_id: LearnerId(row.learner_id),
                kinds: row.counts()?.into_iter().map(|kind| named(&rules, kind)).collect(),
                state: row.state()?,
                mine: row.mine(ctx),
                asked_by: names.name(row.asked_by),
                decided_by: row.decided_at.map(|_| names.name(row.decided_by)),
                learner_name: row.full_name,
                school_id: UnitId(row.school_id),
                school_name: row.school_name,
                reason: row.reason,
                asked_at: row.asked_at,
                until_on: row.until_on,
                decided_at: row.decided_at,
                note: row.note,
            })
        })
        .collect()
}

async fn one(conn: &impl ConnectionTrait, id: ErasureId, visible: Condition) -> Result<Row> {
    let mut query = select();
    query.and_where(Expr::col(("e", "id")).eq(id.0)).cond_where(visible);
    crate::one::<Row>(conn, &query).await?.ok_or_else(|| Error::new(Code::NotFound))
}

async fn told(conn: &impl ConnectionTrait, ctx: &Ctx, id: ErasureId) -> Result<ErasureRequest> {
    let row = one(conn, id, Condition::all()).await?;
    shown(conn, ctx, vec![row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// Asked and neither decided nor lapsed.
fn still_asked() -> Condition {
    Condition::all()
        .add(Expr::col(("e", "state")).eq(ErasureState::Asked.as_str()))
        .add(Expr::col(("e", "until_on")).gte(clock::today()))
}

/// The request about a learner that waits at a school.
pub(super) async fn waiting(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    school: UnitId,
    learner: LearnerId,
) -> Result<Option<ErasureRequest>> {
    let mut query = select();
    query
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "learner_id")).eq(learner.0))
        .cond_where(still_asked());
    let found = crate::all::<Row>(conn, &query).await?;
    Ok(shown(conn, ctx, found).await?.pop())
}

/// The requests that the caller may decide about or look back on, newest first.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, asked: &ErasureQuery, page: &PageQuery) -> Result<Page<ErasureRequest>> {
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut query = select();
    query
        .cond_where(decides(ctx, ("e", "school_id")))
        .and_where_option(asked.school_id.map(|school| Expr::col(("e", "school_id")).eq(school.0)))
        .and_where_option(before.map(|id| Expr::col(("e", "id")).lt(id)))
        .order_by(("e", "id"), Order::Desc)
        .limit(page.limit() + 1);
    match asked.state {
        None => {}
        Some(ErasureState::Asked) => {
            query.cond_where(still_asked());
        }
        Some(ErasureState::Expired) => {
            query
                .and_where(Expr::col(("e", "state")).eq(ErasureState::Asked.as_str()))
                .and_where(Expr::col(("e", "until_on")).lt(clock::today()));
        }
        Some(state) => {
            query.and_where(Expr::col(("e", "state")).eq(state.as_str()));
        }
    }
    let rows = crate::all::<Row>(db.read(), &query).await?;
    Ok(page::of(shown(db.read(), ctx, rows).await?, page.limit(), |r| r.id.0, |r| r))
}

/// Asks for kinds of records of a learner at the present school to be erased. Nothing is erased by it.
///
/// Errors: `not_found`, `retention_holds`, `erasure_waiting`; `invalid` at `/kinds/{n}`.
pub async fn ask(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostErasure) -> Result<ErasureRequest> {
    let reason = input::text("/reason", &body.reason, 1, 500)?;
    let rules = rules_in_force();
    for (at, kind) in body.kinds.iter().enumerate() {
        let rule = rules.iter().find(|rule| rule.kind == *kind).filter(|_| !body.kinds[..at].contains(kind));
        let rule = rule.ok_or_else(|| Error::field(format!("/kinds/{at}"), Code::FieldChoice))?;
        if !rule.erasable {
            return Err(Error::new(Code::RetentionHolds).with("kind", ctx.lang.pick(&rule.name_vi, &rule.name_en)));
        }
    }
    let made: ErasureId = id::new();
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let (learner, school) = child(conn, tx.ctx(), Permission::ErasureWrite, learner).await?;
        if waiting(conn, tx.ctx(), school, learner.id).await?.is_some() {
            return Err(Error::new(Code::ErasureWaiting));
        }
        let mut rows = Vec::new();
        for kind in &body.kinds {
            rows.push((kind.as_str(), count(conn, school, learner.id, kind).await?));
        }
        let days = policy_in(conn, school).await?.confirm_days;
        let until_on = clock::day_of(tx.now()) + chrono::Days::new(u64::from(days));
        let mut insert = Query::insert();
        insert
            .into_table("erasure")
            .columns([
                "school_id",
                "id",
                "learner_id",
                "rows",
                "reason",
                "state",
                "asked_by",
                "asked_person",
                "asked_at",
                "until_on",
            ])
            .values_panic([
                school.0.into(),
                made.0.into(),
                learner.id.0.into(),
                serde_json::to_string(&rows).map_err(Error::internal)?.into(),
                reason.clone().into(),
                ErasureState::Asked.as_str().into(),
                tx.ctx().account.map(Uuid::from).into(),
                person(tx.ctx()).into(),
                tx.now().into(),
                until_on.into(),
            ]);
        conn.execute(&insert).await?;
        let event = Event::new(Some(school), "learner.erasure_asked", "learner", learner.id)
            .after(&json!({ "erasure": made, "kinds": body.kinds, "reason": reason, "until_on": until_on }));
        Ok((told(conn, tx.ctx(), made).await?, vec![event]))
    })
    .await
}

/// Writes what was decided, where nobody has decided meanwhile.
async fn decide(tx: &Tx<'_>, row: &Row, state: ErasureState, rows: Option<String>, note: Option<String>) -> Result<()> {
    let mut update = Query::update();
    update
        .table("erasure")
        .value("state", state.as_str())
        .value("decided_by", tx.ctx().account.map(Uuid::from))
        .value("decided_at", tx.now())
        .value("note", note)
        .and_where(Expr::col("school_id").eq(row.school_id))
        .and_where(Expr::col("id").eq(row.id))
        .and_where(Expr::col("state").eq(ErasureState::Asked.as_str()));
    if let Some(rows) = rows {
        update.value("rows", rows);
    }
    match tx.conn().execute(&update).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::new(Code::ErasureDecided)),
    }
}

/// Confirms what another person asked for: now it is erased.
///
/// Errors: `not_found`, `erasure_own`, `erasure_decided`, `erasure_expired`.
pub async fn confirm(db: &Db, ctx: &Ctx, id: ErasureId) -> Result<Erasure> {
    let (request, school) = db
        .write(ctx, async |tx| {
            let conn = tx.conn();
            let row = one(conn, id, decides(tx.ctx(), ("e", "school_id"))).await?;
            row.undecided()?;
            if row.mine(tx.ctx()) {
                return Err(Error::new(Code::ErasureOwn));
            }
            let (school, learner) = (UnitId(row.school_id), LearnerId(row.learner_id));
            let (mut gone, mut files) = (Vec::new(), 0);
            for (kind, _) in row.counts()? {
                files += imports::kinds::forget_in(tx, school, learner, &kind).await?;
                let rows = of_kind(tx, school, learner, &kind).await?;
                gone.push((kind, rows));
            }
            let text = serde_json::to_string(&gone).map_err(Error::internal)?;
            decide(tx, &row, ErasureState::Confirmed, Some(text), None).await?;
            let event = Event::new(Some(school), "learner.data_erased", "learner", learner).after(
                &json!({ "erasure": id, "asked_by": row.asked_by, "reason": row.reason, "rows": gone, "import_files": files }),
            );
            Ok(((told(conn, tx.ctx(), id).await?, school), vec![event]))
        })
        .await?;
    Ok(Erasure { request, log: log(db.read(), school).await? })
}

/// Declines a request with the reason; who asked takes it back so.
///
/// Errors: `not_found`, `erasure_decided`, `erasure_expired`; `invalid` at `/reason`.
pub async fn decline(db: &Db, ctx: &Ctx, id: ErasureId, body: &DeclineErasure) -> Result<ErasureRequest> {
    let reason = input::text("/reason", &body.reason, 1, 500)?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let row = one(conn, id, decides(tx.ctx(), ("e", "school_id"))).await?;
        row.undecided()?;
        decide(tx, &row, ErasureState::Declined, None, Some(reason.clone())).await?;
        let event = Event::new(Some(UnitId(row.school_id)), "learner.erasure_declined", "learner", row.learner_id)
            .after(&json!({ "erasure": id, "reason": reason }));
        Ok((told(conn, tx.ctx(), id).await?, vec![event]))
    })
    .await
}
