//! What a school is offered that enters a child whom the province knows: to claim a child who is at no school now, with their
//! history, or to ask for a transfer where another school has them. So no child gets a second record.
//!
//! A school learns by a number, or by name and birth date together, who the child is and where: name, birth date, school. Each look
//! stands in the log of the school that asked and of each school whose child was shown.

use crate::learners::entity::learner;
use crate::{input, learners, scope, units};
use dto::access::Permission;
use dto::learners::{Learner, LearnerStatus};
use dto::one_record::{CodeKind, LearnerOffer, LearnerOffers, OfferKind, PostClaim, PostOffers};
use dto::{Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// So many children of one name and birth date are shown.
const SIMILAR: u64 = 10;

/// The record that holds a number, and behind a merged one the record that it was merged into.
///
/// For composition: what is told of it is the caller's to bound.
pub(crate) async fn by_number_in(
    conn: &impl ConnectionTrait,
    personal_id: Option<&str>,
    ministry_code: Option<&str>,
) -> Result<Option<(learner::Model, CodeKind)>> {
    for (kind, column, value) in [
        (CodeKind::PersonalId, learner::Column::PersonalId, personal_id),
        (CodeKind::Ministry, learner::Column::MinistryCode, ministry_code),
    ] {
        let Some(value) = value else { continue };
        let mut found = learner::Entity::find().filter(column.eq(value)).one(conn).await?;
        while let Some(into) = found.as_ref().and_then(|row| row.merged_into) {
            found = learner::Entity::find_by_id(into).one(conn).await?;
        }
        if let Some(row) = found {
            return Ok(Some((row, kind)));
        }
    }
    Ok(None)
}

/// What a school can do about a learner.
pub(crate) fn kind(learner: &Learner, school: UnitId) -> OfferKind {
    let held = learner.status.present() || learner.status == LearnerStatus::Suspended;
    match learner.school_id {
        Some(at) if at == school => OfferKind::Here,
        Some(_) if held => OfferKind::Transfer,
        _ => OfferKind::Claim,
    }
}

/// Who is known of a child that a school wants to enter: by a number, else by the same name and birth date.
///
/// Errors: `not_found` (the school); `invalid` with `/personal_id` where there is neither a number nor name and birth date.
pub async fn offers(db: &Db, ctx: &Ctx, body: &PostOffers) -> Result<LearnerOffers> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        units::school_in(conn, ctx, Permission::LearnerWrite, body.school_id).await?;
        let personal_id = input::personal_id("/personal_id", body.personal_id.as_deref())?;
        let ministry_code = input::text_opt("/ministry_code", body.ministry_code.as_deref(), 20)?;
        let full_name = input::text_opt("/full_name", body.full_name.as_deref(), 200)?;
        let born = body.birth_date.map(|day| input::birth_date("/birth_date", day)).transpose()?;
        let person = full_name.zip(born);
        if personal_id.is_none() && ministry_code.is_none() && person.is_none() {
            return Err(Error::field("/personal_id", Code::FieldRequired));
        }
        let mut found = Vec::new();
        if let Some((row, by)) = by_number_in(conn, personal_id.as_deref(), ministry_code.as_deref()).await? {
            found.push((row, Some(by)));
        }
        if let Some((name, born)) = person {
            let same = learner::Entity::find()
                .filter(learner::Column::MatchKey.eq(learners::match_key(&name, born)))
                .order_by_asc(learner::Column::Id)
                .limit(SIMILAR)
                .all(conn)
                .await?;
            for row in same {
                if !found.iter().any(|(known, _): &(learner::Model, _)| known.id == row.id) {
                    found.push((row, None));
                }
            }
        }
        let ids: Vec<Uuid> = found.iter().map(|(row, _)| row.id).collect();
        let names = school_names(conn, found.iter().filter_map(|(row, _)| row.school_id)).await?;
        let own = reached(conn, ctx, &ids).await?;
        let moving = crate::transfers::under_way_in(conn, &ids).await?;
        let (mut items, mut events) = (Vec::new(), Vec::new());
        for (row, found_by) in found {
            let school_name = row.school_id.and_then(|school| names.get(&school).cloned());
            let learner = learners::query::learner(row)?;
            if let Some(other) = learner.school_id.filter(|other| *other != body.school_id) {
                let told = json!({ "to_school": body.school_id, "found_by": found_by });
                events.push(Event::new(Some(other), "learner.offered", "learner", learner.id).after(&told));
            }
            items.push(LearnerOffer {
                kind: kind(&learner, body.school_id),
                found_by,
                full_name: learner.full_name,
                birth_date: learner.birth_date,
                school_name,
                status: learner.status,
                learner_id: own.contains(&learner.id.0).then_some(learner.id),
                transferring: moving.contains(&learner.id.0),
            });
        }
        let asked = Event::new(Some(body.school_id), "learner.looked_up", "unit", body.school_id);
        events.push(asked.before(body).after(&ids));
        Ok((LearnerOffers { items }, events))
    })
    .await
}

/// Which of these the caller's writing reaches.
async fn reached(conn: &impl ConnectionTrait, ctx: &Ctx, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut select = Query::select();
    select
        .column(("l", "id"))
        .from_as("learner", "l")
        .and_where(Expr::col(("l", "id")).is_in(ids.iter().copied()))
        .cond_where(scope::learners(&ctx.reach(Permission::LearnerWrite), "l"));
    conn.query_all(&select).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

pub(crate) async fn school_names(
    conn: &impl ConnectionTrait,
    schools: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let mut select = Query::select();
    select.columns(["id", "name"]).from("unit").and_where(Expr::col("id").is_in(schools.collect::<HashSet<_>>()));
    conn.query_all(&select).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Enrols a child who is at no school now at this one, with everything that hangs on their record.
///
/// Errors: `not_found` (the school; nobody with that number); `learner_held` where another school has the child; `invalid` with the
/// field: a number is needed, the status is one of a child at school, the day not before the last status.
pub async fn claim(db: &Db, ctx: &Ctx, body: &PostClaim) -> Result<Learner> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        units::school_in(conn, ctx, Permission::LearnerWrite, body.school_id).await?;
        let personal_id = input::personal_id("/personal_id", body.personal_id.as_deref())?;
        let ministry_code = input::text_opt("/ministry_code", body.ministry_code.as_deref(), 20)?;
        let since = input::day("/since", body.since)?;
        let reason = input::text_opt("/reason", body.reason.as_deref(), 500)?;
        if personal_id.is_none() && ministry_code.is_none() {
            return Err(Error::field("/personal_id", Code::FieldRequired));
        }
        if !body.status.present() {
            return Err(Error::field("/status", Code::FieldChoice));
        }
        let found = by_number_in(conn, personal_id.as_deref(), ministry_code.as_deref()).await?;
        let (row, _) = found.ok_or_else(|| Error::new(Code::NotFound))?;
        let before = learners::query::learner(row)?;
        match kind(&before, body.school_id) {
            OfferKind::Claim => {}
            OfferKind::Transfer => return Err(Error::new(Code::LearnerHeld)),
            OfferKind::Here if !before.status.present() => {}
            OfferKind::Here => return Err(Error::field("/personal_id", Code::FieldChoice)),
        }
        let mut events = learners::move_in(tx, &before, body.school_id, body.status, since, reason.as_deref(), "/since").await?;
        let after = learners::find_in(conn, ctx, Permission::LearnerWrite, before.id).await?;
        events.push(Event::new(Some(body.school_id), "learner.claimed", "learner", before.id).before(&before).after(&after));
        Ok((after, events))
    })
    .await
}

/// Learners of these ids, with the names of their schools.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Shown {
    pub id: Uuid,
    pub full_name: String,
    pub birth_date: chrono::NaiveDate,
}

pub(crate) async fn shown(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = LearnerId>,
) -> Result<HashMap<LearnerId, Shown>> {
    let mut select = Query::select();
    select
        .columns(["id", "full_name", "birth_date"])
        .from("learner")
        .and_where(Expr::col("id").is_in(ids.into_iter().map(|id| id.0).collect::<HashSet<_>>()));
    Ok(crate::all::<Shown>(conn, &select).await?.into_iter().map(|row| (LearnerId(row.id), row)).collect())
}
