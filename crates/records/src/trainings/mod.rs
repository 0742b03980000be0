//! Training: a course that a unit holds, who came for how long, and certificates that go into the record of each in one act.
//!
//! A school sees the courses of its own and those in which its people take part, with its own people; who holds the course sees all.

mod rows;

use crate::staff::{self, records};
use crate::{input, scope, units};
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::staff_records::{PutStaffRecord, StaffFacts};
use dto::trainings::{
    PostCertificates, PutAttendance, PutTraining, RevokeCertificates, Training, TrainingItem, TrainingParticipant, TrainingQuery,
};
use dto::units::UnitKind;
use dto::{Code, StaffId, TrainingId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct Cursor {
    first_on: chrono::NaiveDate,
    id: Uuid,
}

#[derive(FromQueryResult)]
struct ItemRow {
    id: Uuid,
    name: String,
    unit_id: Uuid,
    unit_name: String,
    provider: String,
    hours: i16,
    first_on: chrono::NaiveDate,
    last_on: chrono::NaiveDate,
    participants: i64,
    certified: i64,
}

/// Courses, the latest first.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &TrainingQuery, page: &PageQuery) -> Result<Page<TrainingItem>> {
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let count = |column: &'static str| {
        let mut select = Query::select();
        select
            .expr(Expr::col(("n", column)).count())
            .from_as("training_participant", "n")
            .and_where(Expr::col(("n", "training_id")).equals(("t", "id")));
        select
    };
    let mut select = Query::select();
    select
        .columns([
            ("t", "id"),
            ("t", "name"),
            ("t", "unit_id"),
            ("t", "provider"),
            ("t", "hours"),
            ("t", "first_on"),
            ("t", "last_on"),
        ])
        .expr_as(Expr::col(("u", "name")), "unit_name")
        .expr_as(count("staff_id"), "participants")
        .expr_as(count("record_id"), "certified")
        .from_as("training", "t")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("t", "unit_id")))
        .cond_where(rows::reached(ctx, Permission::StaffRead));
    if let Some(unit) = query.unit_id {
        // The unit's own, and those that its people of today go to.
        let mut posted = Query::select();
        posted
            .column(("qp", "staff_id"))
            .from_as("staff_post", "qp")
            .and_where(Expr::col(("qp", "unit_id")).eq(unit.0))
            .cond_where(scope::in_force("qp"));
        let mut theirs = Query::select();
        theirs
            .column(("q", "training_id"))
            .from_as("training_participant", "q")
            .and_where(Expr::col(("q", "staff_id")).in_subquery(posted));
        select.cond_where(
            sea_orm::sea_query::Condition::any()
                .add(Expr::col(("t", "unit_id")).eq(unit.0))
                .add(Expr::col(("t", "id")).in_subquery(theirs)),
        );
    }
    if let Some(after) = after {
        let place = Expr::tuple([Expr::col(("t", "first_on")), Expr::col(("t", "id"))]);
        select.and_where(place.lt(Expr::tuple([Expr::val(after.first_on), Expr::val(after.id)])));
    }
    select.order_by(("t", "first_on"), Order::Desc).order_by(("t", "id"), Order::Desc).limit(page.limit() + 1);
    let rows = crate::all::<ItemRow>(db.read(), &select).await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let item = |row: ItemRow| TrainingItem {
        id: TrainingId(row.id),
        name: row.name,
        unit_id: UnitId(row.unit_id),
        unit_name: row.unit_name,
        provider: row.provider,
        hours: rows::hours(row.hours),
        first_on: row.first_on,
        last_on: row.last_on,
        participants: number(row.participants),
        certified: number(row.certified),
    };
    Ok(page::of(rows, page.limit(), |row| Cursor { first_on: row.first_on, id: row.id }, item))
}

/// A course with those participants whom the caller reaches.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: TrainingId) -> Result<Training> {
    rows::find(db.read(), ctx, Permission::StaffRead, id).await
}

fn checked(body: &PutTraining) -> Result<PutTraining> {
    let (first_on, last_on) = (input::day("/first_on", body.first_on)?, input::day("/last_on", body.last_on)?);
    if last_on < first_on {
        return Err(Error::field("/last_on", Code::DatesReversed));
    }
    Ok(PutTraining {
        unit_id: body.unit_id,
        name: input::text("/name", &body.name, 1, 200)?,
        programme: input::text_opt("/programme", body.programme.as_deref(), 200)?,
        provider: input::text("/provider", &body.provider, 1, 200)?,
        hours: body.hours,
        first_on,
        last_on,
        decision_no: input::text_opt("/decision_no", body.decision_no.as_deref(), 60)?,
        note: input::text_opt("/note", body.note.as_deref(), 500)?,
    })
}

/// The chain of a course's entries: its school's, or the directory's.
async fn chain(conn: &impl ConnectionTrait, ctx: &Ctx, unit: UnitId) -> Result<Option<UnitId>> {
    let unit = units::reachable_in(conn, ctx, Permission::TrainingWrite, unit).await?;
    Ok((unit.kind == UnitKind::School).then_some(unit.id))
}

/// A new course.
///
/// Errors: `not_found` (the unit), `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, body: &PutTraining) -> Result<Training> {
    let body = checked(body)?;
    db.write(ctx, async |tx| {
        let chain = chain(tx.conn(), ctx, body.unit_id).await?;
        let training: TrainingId = id::new();
        rows::insert(tx, training, &body).await?;
        let made = rows::find(tx.conn(), ctx, Permission::TrainingWrite, training).await?;
        let event = Event::new(chain, "training.created", "training", training).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// Does something to a course that the caller may change, as they saw it, and gives it as it is then.
async fn change<'a>(
    db: &Db,
    ctx: &Ctx,
    id: TrainingId,
    verb: &'static str,
    act: impl AsyncFn(&Tx<'_>, &Training) -> Result<()>,
) -> Result<Training> {
    db.write(ctx, async |tx| {
        let before = rows::find(tx.conn(), ctx, Permission::TrainingWrite, id).await?;
        let chain = chain(tx.conn(), ctx, before.unit_id).await?;
        act(tx, &before).await?;
        let after = rows::find(tx.conn(), ctx, Permission::TrainingWrite, id).await?;
        let event = Event::new(chain, verb, "training", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Changes what a course is.
///
/// Errors: `not_found`, `version_conflict`, `invalid` with the field (`/unit_id` where it would move).
pub async fn put(db: &Db, ctx: &Ctx, id: TrainingId, version: i64, body: &PutTraining) -> Result<Training> {
    let body = checked(body)?;
    change(db, ctx, id, "training.changed", async |tx, before| {
        if before.unit_id != body.unit_id {
            return Err(Error::field("/unit_id", Code::FieldChoice));
        }
        rows::update(tx, id, version, &body).await
    })
    .await
}

/// Writes who takes part and how long they were there. Who is left out is taken off; who is certified stays.
///
/// Errors: `not_found`, `version_conflict`, `invalid` with `field_choice` at `/rows/i/staff_id` for somebody whom the caller does not reach or
/// who is named twice, and `field_range` at `/rows/i/hours` for more than the course has.
pub async fn put_attendance(db: &Db, ctx: &Ctx, id: TrainingId, version: i64, body: &PutAttendance) -> Result<Training> {
    change(db, ctx, id, "training.attendance", async |tx, before| {
        let known: HashSet<StaffId> = before.participants.iter().map(|one| one.staff_id).collect();
        let reached =
            staff::reached_in(tx.conn(), ctx, Permission::TrainingWrite, body.rows.iter().map(|row| row.staff_id)).await?;
        let mut seen = HashSet::new();
        for (at, row) in body.rows.iter().enumerate() {
            if !seen.insert(row.staff_id) || !(known.contains(&row.staff_id) || reached.contains(&row.staff_id)) {
                return Err(Error::field(format!("/rows/{at}/staff_id"), Code::FieldChoice));
            }
            if row.hours > before.hours {
                let bounds = [("min".to_owned(), "0".to_owned()), ("max".to_owned(), before.hours.to_string())].into();
                return Err(Error::new(Code::Invalid).and_field_with(format!("/rows/{at}/hours"), Code::FieldRange, bounds));
            }
            let result = input::text_opt(&format!("/rows/{at}/result"), row.result.as_deref(), 100)?;
            rows::put_attendance(tx, id, &dto::trainings::AttendanceRow { result, ..row.clone() }).await?;
        }
        let gone = |one: &&TrainingParticipant| !seen.contains(&one.staff_id) && one.record_id.is_none();
        let gone: Vec<StaffId> = before.participants.iter().filter(gone).map(|one| one.staff_id).collect();
        rows::remove(tx, id, &gone).await?;
        rows::touch(tx, id, version).await
    })
    .await
}

/// Certifies all who came long enough and have no certificate yet, in the order of names: one act, and a record for each.
///
/// Errors: `not_found`, `version_conflict`, `nobody_to_certify`, `certificate_taken`, `invalid` with the field.
pub async fn certify(db: &Db, ctx: &Ctx, id: TrainingId, version: i64, body: &PostCertificates) -> Result<Training> {
    let certified_on = input::day("/certified_on", body.certified_on)?;
    let prefix = input::text("/prefix", &body.prefix, 0, 40)?;
    change(db, ctx, id, "training.certified", async |tx, before| {
        rows::touch(tx, id, version).await?;
        let due: Vec<&TrainingParticipant> = before
            .participants
            .iter()
            .filter(|one| one.record_id.is_none() && one.hours > 0 && one.hours >= body.least_hours)
            .collect();
        if due.is_empty() {
            return Err(Error::new(Code::NobodyToCertify));
        }
        let numbers: Vec<String> = (body.first_number..).map(|n| format!("{prefix}{n:03}")).take(due.len()).collect();
        if let Some(number) = rows::taken(tx.conn(), id, &numbers).await? {
            return Err(Error::new(Code::CertificateTaken).with("number", number));
        }
        for (one, number) in due.into_iter().zip(numbers) {
            let record = PutStaffRecord {
                facts: StaffFacts::Training {
                    name: before.name.clone(),
                    provider: before.provider.clone(),
                    hours: one.hours,
                    certificate_no: Some(number.clone()),
                    training_id: Some(id),
                },
                unit_id: Some(before.unit_id),
                school_year_id: None,
                first_on: Some(before.first_on),
                last_on: Some(before.last_on),
                decision_no: before.decision_no.clone(),
                decided_on: Some(certified_on),
                note: one.result.clone(),
            };
            let record = records::certify_in(tx, one.staff_id, &record).await?;
            rows::put_certificate(tx, id, one.staff_id, Some((number, certified_on, record))).await?;
        }
        Ok(())
    })
    .await
}

/// Takes certificates back, of these people or of all; their records are withdrawn.
///
/// Errors: `not_found`, `version_conflict`, `invalid` with `field_choice` at `/staff_ids/i` for who has none.
pub async fn revoke(db: &Db, ctx: &Ctx, id: TrainingId, version: i64, body: &RevokeCertificates) -> Result<Training> {
    change(db, ctx, id, "training.certificates_revoked", async |tx, before| {
        rows::touch(tx, id, version).await?;
        let certified = |staff: StaffId| before.participants.iter().any(|one| one.staff_id == staff && one.record_id.is_some());
        if let Some(at) = body.staff_ids.iter().position(|staff| !certified(*staff)) {
            return Err(Error::field(format!("/staff_ids/{at}"), Code::FieldChoice));
        }
        for one in &before.participants {
            let Some(record) = one.record_id else { continue };
            if body.staff_ids.is_empty() || body.staff_ids.contains(&one.staff_id) {
                records::uncertify_in(tx, one.staff_id, record).await?;
                rows::put_certificate(tx, id, one.staff_id, None).await?;
            }
        }
        Ok(())
    })
    .await
}
