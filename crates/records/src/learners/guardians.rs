//! Guardians of learners.

use super::entity::{guardian, guardian_link};
use super::find_in;
use crate::person::PersonColumns;
use crate::{duplicates, input, scope};
use dto::access::Permission;
use dto::learners::{GuardianOf, PostGuardian};
use dto::{Code, GuardianId, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    guardian_id: Uuid,
    relation: String,
    full_name: String,
    phone: Option<String>,
    username: Option<String>,
}

/// The guardians of a learner, by their names, with the user name of the account of each who has one.
pub(super) async fn of_in(conn: &impl ConnectionTrait, id: LearnerId) -> Result<Vec<GuardianOf>> {
    let mut select = Query::select();
    select
        .columns([("gl", "guardian_id"), ("gl", "relation")])
        .columns([("g", "full_name"), ("g", "phone")])
        .expr_as(Expr::col(("a", "username")), "username")
        .from_as("guardian_link", "gl")
        .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
        // The one thing that records reads of identity.
        .join_as(
            JoinType::LeftJoin,
            "account",
            "a",
            Expr::col(("a", "person_id")).equals(("g", "id")).and(Expr::col(("a", "person_kind")).eq("guardian")),
        )
        .and_where(Expr::col(("gl", "learner_id")).eq(id.0))
        .order_by(("g", "search_text"), Order::Asc)
        .order_by(("g", "id"), Order::Asc);
    let mut guardians: Vec<GuardianOf> = crate::all::<Row>(conn, &select)
        .await?
        .into_iter()
        .map(|row| {
            Ok(GuardianOf {
                guardian_id: GuardianId(row.guardian_id),
                relation: crate::stored(&row.relation)?,
                full_name: row.full_name,
                phone: row.phone,
                username: row.username,
            })
        })
        .collect::<Result<_>>()?;
    // Someone with two accounts is one guardian.
    guardians.dedup_by_key(|g| g.guardian_id);
    Ok(guardians)
}

/// Links a guardian: one who is the guardian of a learner that the caller reaches, or a new one. Linking anew changes the
/// relation.
///
/// Errors: `not_found` (the learner or the guardian), `invalid` with `/name` where neither or both are given, or with the field.
pub async fn link_guardian(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostGuardian) -> Result<GuardianOf> {
    db.write(ctx, async |tx| {
        let (linked, event) = link_guardian_in(tx, learner, body).await?;
        Ok((linked, vec![event]))
    })
    .await
}

/// The same within a write of more.
pub async fn link_guardian_in(tx: &Tx<'_>, learner: LearnerId, body: &PostGuardian) -> Result<(GuardianOf, Event)> {
    let ctx = tx.ctx();
    let child = find_in(tx.conn(), ctx, Permission::LearnerWrite, learner).await?;
    let guardian_id = match (body.guardian_id, &body.name) {
        (Some(known), None) => known_in(tx, ctx, known).await?,
        (None, Some(name)) => {
            let row = new_row(PersonColumns::checked(name, "/name")?, input::phone("/phone", body.phone.as_deref())?);
            let new = GuardianId(row.id);
            guardian::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
            new
        }
        (None, None) => return Err(Error::field("/name", Code::FieldRequired)),
        (Some(_), Some(_)) => return Err(Error::field("/name", Code::FieldChoice)),
    };
    let link =
        guardian_link::Model { learner_id: learner.0, guardian_id: guardian_id.0, relation: body.relation.as_str().to_owned() };
    guardian_link::Entity::insert(link.into_active_model())
        .on_conflict(
            OnConflict::columns([guardian_link::Column::LearnerId, guardian_link::Column::GuardianId])
                .update_column(guardian_link::Column::Relation)
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    duplicates::written_in(tx, &[learner]).await?;
    let linked = of_in(tx.conn(), learner).await?.into_iter().find(|g| g.guardian_id == guardian_id);
    let linked = linked.ok_or_else(|| Error::internal("a link that was just made is missing"))?;
    let event = Event::new(child.school_id, "guardian.linked", "learner", learner).after(&linked);
    Ok((linked, event))
}

fn new_row(name: PersonColumns, phone: Option<String>) -> guardian::Model {
    guardian::Model {
        id: id::new(),
        search_text: name.search_text,
        family: name.family,
        middle: name.middle,
        given: name.given,
        full_name: name.full_name,
        phone,
        version: 1,
    }
}

/// A guardian of some learner that the caller may write.
async fn known_in(tx: &Tx<'_>, ctx: &Ctx, id: GuardianId) -> Result<GuardianId> {
    let mut select = Query::select();
    select
        .column(("gl", "guardian_id"))
        .from_as("guardian_link", "gl")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("gl", "learner_id")))
        .and_where(Expr::col(("gl", "guardian_id")).eq(id.0))
        .cond_where(scope::learners(&ctx.reach(Permission::LearnerWrite), "l"))
        .limit(1);
    match tx.conn().query_one(&select).await? {
        Some(_) => Ok(id),
        None => Err(Error::new(Code::NotFound)),
    }
}

/// Takes a guardian off a learner. The guardian's own record and account stay; what they reached through this child ends.
///
/// Errors: `not_found` (the learner, or no such link).
pub async fn unlink_guardian(db: &Db, ctx: &Ctx, learner: LearnerId, guardian: GuardianId) -> Result<()> {
    db.write(ctx, async |tx| {
        let child = find_in(tx.conn(), ctx, Permission::LearnerWrite, learner).await?;
        let before = of_in(tx.conn(), learner).await?.into_iter().find(|g| g.guardian_id == guardian);
        let before = before.ok_or_else(|| Error::new(Code::NotFound))?;
        guardian_link::Entity::delete_by_id((learner.0, guardian.0)).exec(tx.conn()).await?;
        duplicates::written_in(tx, &[learner]).await?;
        let event = Event::new(child.school_id, "guardian.unlinked", "learner", learner).before(&before);
        Ok(((), vec![event]))
    })
    .await
}
