//! Rows of `training` and `training_participant`.

use crate::scope;
use chrono::NaiveDate;
use dto::access::Permission;
use dto::trainings::{PutTraining, Training, TrainingParticipant};
use dto::{Code, StaffId, StaffRecordId, TrainingId, UnitId};
use kernel::{Ctx, Error, Result, Tx};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    unit_id: Uuid,
    unit_name: String,
    name: String,
    programme: Option<String>,
    provider: String,
    hours: i16,
    first_on: NaiveDate,
    last_on: NaiveDate,
    decision_no: Option<String>,
    note: Option<String>,
    version: i64,
}

#[derive(FromQueryResult)]
struct ParticipantRow {
    staff_id: Uuid,
    full_name: String,
    hours: i16,
    result: Option<String>,
    certificate_no: Option<String>,
    certified_on: Option<NaiveDate>,
    record_id: Option<Uuid>,
}

pub(super) fn hours(n: i16) -> u16 {
    u16::try_from(n).unwrap_or_default()
}

fn stored(n: u16) -> i16 {
    i16::try_from(n).unwrap_or(i16::MAX)
}

/// Courses of units that the permission reaches; for reading also those in which somebody takes part whom the caller reaches.
pub(super) fn reached(ctx: &Ctx, permission: Permission) -> Condition {
    let scope = ctx.reach(permission);
    let of_unit = scope::reaches_unit(&scope, ("t", "unit_id"));
    if permission != Permission::StaffRead {
        return of_unit;
    }
    let mut theirs = Query::select();
    theirs
        .column(("tp", "training_id"))
        .from_as("training_participant", "tp")
        .join_as(JoinType::InnerJoin, "staff", "ts", Expr::col(("ts", "id")).equals(("tp", "staff_id")))
        .cond_where(scope::staff(&scope, "ts", false));
    Condition::any().add(of_unit).add(Expr::col(("t", "id")).in_subquery(theirs))
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("t", "id"), ("t", "unit_id"), ("t", "name"), ("t", "programme"), ("t", "provider"), ("t", "hours")])
        .columns([("t", "first_on"), ("t", "last_on"), ("t", "decision_no"), ("t", "note"), ("t", "version")])
        .expr_as(Expr::col(("u", "name")), "unit_name")
        .from_as("training", "t")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("t", "unit_id")));
    select
}

/// A course that the permission reaches, with those participants whom the caller reaches.
///
/// Errors: `not_found`.
pub(super) async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: TrainingId) -> Result<Training> {
    let mut select = select();
    select.and_where(Expr::col(("t", "id")).eq(id.0)).cond_where(reached(ctx, permission));
    let row = crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut whole = Query::select();
    whole
        .column(("t", "id"))
        .from_as("training", "t")
        .and_where(Expr::col(("t", "id")).eq(id.0))
        .cond_where(reached(ctx, Permission::TrainingWrite));
    let writable = conn.query_one(&whole).await?.is_some();
    Ok(Training {
        id,
        unit_id: UnitId(row.unit_id),
        unit_name: row.unit_name,
        name: row.name,
        programme: row.programme,
        provider: row.provider,
        hours: hours(row.hours),
        first_on: row.first_on,
        last_on: row.last_on,
        decision_no: row.decision_no,
        note: row.note,
        writable,
        participants: participants(conn, ctx, permission, TrainingId(row.id)).await?,
        version: row.version,
    })
}

async fn participants(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: TrainingId,
) -> Result<Vec<TrainingParticipant>> {
    let mut select = Query::select();
    select
        .columns([("p", "staff_id"), ("p", "hours"), ("p", "result"), ("p", "certificate_no"), ("p", "certified_on")])
        .columns([("p", "record_id")])
        .column(("s", "full_name"))
        .from_as("training_participant", "p")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("p", "staff_id")))
        .and_where(Expr::col(("p", "training_id")).eq(id.0))
        .cond_where(scope::staff(&ctx.reach(permission), "s", false))
        .order_by(("s", "sort_key"), Order::Asc)
        .order_by(("s", "id"), Order::Asc);
    let rows = crate::all::<ParticipantRow>(conn, &select).await?;
    let mut places = crate::staff::places_of(conn, rows.iter().map(|row| row.staff_id).collect()).await?;
    Ok(rows
        .into_iter()
        .map(|row| TrainingParticipant {
            staff_id: StaffId(row.staff_id),
            full_name: row.full_name,
            unit_name: places.remove(&row.staff_id).unwrap_or_default(),
            hours: hours(row.hours),
            result: row.result,
            certificate_no: row.certificate_no,
            certified_on: row.certified_on,
            record_id: row.record_id.map(StaffRecordId),
        })
        .collect())
}

pub(super) async fn insert(tx: &Tx<'_>, id: TrainingId, body: &PutTraining) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("training")
        .columns([
            "id",
            "unit_id",
            "name",
            "programme",
            "provider",
            "hours",
            "first_on",
            "last_on",
            "decision_no",
            "note",
            "version",
        ])
        .values_panic([
            id.0.into(),
            body.unit_id.0.into(),
            body.name.clone().into(),
            body.programme.clone().into(),
            body.provider.clone().into(),
            stored(body.hours).into(),
            body.first_on.into(),
            body.last_on.into(),
            body.decision_no.clone().into(),
            body.note.clone().into(),
            1_i64.into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

pub(super) async fn update(tx: &Tx<'_>, id: TrainingId, version: i64, body: &PutTraining) -> Result<()> {
    let mut update = Query::update();
    update
        .table("training")
        .value("name", body.name.clone())
        .value("programme", body.programme.clone())
        .value("provider", body.provider.clone())
        .value("hours", stored(body.hours))
        .value("first_on", body.first_on)
        .value("last_on", body.last_on)
        .value("decision_no", body.decision_no.clone())
        .value("note", body.note.clone())
        .value("version", version.saturating_add(1))
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("version").eq(version));
    moved(tx.conn().execute(&update).await?.rows_affected())
}

/// Moves the version on; each change of attendance or certificates is one of the course.
pub(super) async fn touch(tx: &Tx<'_>, id: TrainingId, version: i64) -> Result<()> {
    let mut update = Query::update();
    update
        .table("training")
        .value("version", version.saturating_add(1))
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("version").eq(version));
    moved(tx.conn().execute(&update).await?.rows_affected())
}

fn moved(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::new(Code::VersionConflict)) } else { Ok(()) }
}

pub(super) async fn remove(tx: &Tx<'_>, id: TrainingId, staff: &[StaffId]) -> Result<()> {
    if staff.is_empty() {
        return Ok(());
    }
    let mut delete = Query::delete();
    delete
        .from_table("training_participant")
        .and_where(Expr::col("training_id").eq(id.0))
        .and_where(Expr::col("staff_id").is_in(staff.iter().map(|one| one.0)));
    tx.conn().execute(&delete).await?;
    Ok(())
}

pub(super) async fn put_attendance(tx: &Tx<'_>, id: TrainingId, row: &dto::trainings::AttendanceRow) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("training_participant")
        .columns(["training_id", "staff_id", "hours", "result"])
        .values_panic([id.0.into(), row.staff_id.0.into(), stored(row.hours).into(), row.result.clone().into()])
        .on_conflict(
            sea_orm::sea_query::OnConflict::columns(["training_id", "staff_id"]).update_columns(["hours", "result"]).to_owned(),
        );
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Writes, or clears, the certificate of a participant.
pub(super) async fn put_certificate(
    tx: &Tx<'_>,
    id: TrainingId,
    staff: StaffId,
    certificate: Option<(String, NaiveDate, StaffRecordId)>,
) -> Result<()> {
    let (number, on, record) = certificate.map_or((None, None, None), |(no, on, record)| (Some(no), Some(on), Some(record.0)));
    let mut update = Query::update();
    update
        .table("training_participant")
        .value("certificate_no", number)
        .value("certified_on", on)
        .value("record_id", record)
        .and_where(Expr::col("training_id").eq(id.0))
        .and_where(Expr::col("staff_id").eq(staff.0));
    tx.conn().execute(&update).await?;
    Ok(())
}

/// Whether any of these numbers has been given in the course, to whomever.
pub(super) async fn taken(conn: &impl ConnectionTrait, id: TrainingId, numbers: &[String]) -> Result<Option<String>> {
    let mut select = Query::select();
    select
        .column("certificate_no")
        .from("training_participant")
        .and_where(Expr::col("training_id").eq(id.0))
        .and_where(Expr::col("certificate_no").is_in(numbers.iter().cloned()))
        .limit(1);
    Ok(conn.query_one(&select).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}
