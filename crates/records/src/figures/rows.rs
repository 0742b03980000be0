//! Rows of `yearly_sheet`, `yearly_seal` and `yearly_campaign`.

use super::items::Figures;
use chrono::{DateTime, NaiveDate, Utc};
use dto::figures::{FigureCampaign, FigureSet, SheetState};
use dto::{Code, UnitId};
use kernel::{Error, Result, Tx, id};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult};
use uuid::Uuid;

/// A set of a school in a year, as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub state: SheetState,
    /// What is entered.
    pub figures: Figures,
    /// What was signed last; it counts until it is signed anew.
    pub sealed: Option<Figures>,
    pub version: i64,
}

impl Default for Sheet {
    fn default() -> Self {
        Sheet { state: SheetState::Empty, figures: Figures::new(), sealed: None, version: 0 }
    }
}

/// Which sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub school: UnitId,
    pub set: FigureSet,
    pub year: i16,
}

const COLUMNS: [&str; 4] = ["state", "figures", "sealed", "version"];

fn parsed(text: &str) -> Result<Figures> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("figures in the database: {e}")))
}

pub(super) fn written(figures: &Figures) -> Result<String> {
    serde_json::to_string(figures).map_err(Error::internal)
}

fn sheet_at(row: &QueryResult, at: usize) -> Result<Sheet> {
    let (state, figures): (String, String) = (row.try_get_by_index(at)?, row.try_get_by_index(at + 1)?);
    let sealed: Option<String> = row.try_get_by_index(at + 2)?;
    Ok(Sheet {
        state: crate::stored(&state)?,
        figures: parsed(&figures)?,
        sealed: sealed.as_deref().map(parsed).transpose()?,
        version: row.try_get_by_index(at + 3)?,
    })
}

fn of_place(place: Place) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .from("yearly_sheet")
        .and_where(Expr::col("school_id").eq(place.school.0))
        .and_where(Expr::col("kind").eq(place.set.as_str()))
        .and_where(Expr::col("year").eq(place.year));
    query
}

pub(super) async fn read(conn: &impl ConnectionTrait, place: Place) -> Result<Sheet> {
    match conn.query_one(&of_place(place)).await? {
        Some(row) => sheet_at(&row, 0),
        None => Ok(Sheet::default()),
    }
}

/// The sheets of one set: of a year, or of the last `years` years; of these schools, or of all where there are none named.
pub(super) async fn of_year(
    conn: &impl ConnectionTrait,
    set: FigureSet,
    years: std::ops::RangeInclusive<i16>,
    schools: Option<&[Uuid]>,
) -> Result<Vec<(UnitId, i16, Sheet)>> {
    let mut query = Query::select();
    query
        .columns(["school_id", "year"])
        .columns(COLUMNS)
        .from("yearly_sheet")
        .and_where(Expr::col("kind").eq(set.as_str()))
        .and_where(Expr::col("year").gte(*years.start()))
        .and_where(Expr::col("year").lte(*years.end()));
    if let Some(schools) = schools {
        query.and_where(Expr::col("school_id").is_in(schools.iter().copied()));
    }
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((UnitId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, sheet_at(row, 2)?))).collect()
}

/// Writes a sheet as its next version.
///
/// Errors: `version_conflict` where another wrote after `sheet` was read.
pub(super) async fn write(tx: &Tx<'_>, place: Place, sheet: &Sheet, signed: Option<DateTime<Utc>>) -> Result<()> {
    let by = tx.ctx().account.map(Uuid::from);
    let sealed = sheet.sealed.as_ref().map(written).transpose()?;
    let mut insert = Query::insert();
    insert
        .into_table("yearly_sheet")
        .columns([
            "school_id",
            "kind",
            "year",
            "state",
            "figures",
            "sealed",
            "signed_at",
            "signed_by",
            "updated_at",
            "updated_by",
            "version",
        ])
        .values_panic([
            place.school.0.into(),
            place.set.as_str().into(),
            place.year.into(),
            sheet.state.as_str().into(),
            written(&sheet.figures)?.into(),
            sealed.into(),
            signed.into(),
            signed.and(by).into(),
            tx.now().into(),
            by.into(),
            (sheet.version + 1).into(),
        ])
        .on_conflict(
            OnConflict::columns(["school_id", "kind", "year"])
                .update_columns(["state", "figures", "sealed", "signed_at", "signed_by", "updated_at", "updated_by", "version"])
                // Two who saw the same: one of them wins.
                .action_and_where(Expr::col(("yearly_sheet", "version")).eq(sheet.version))
                .to_owned(),
        );
    if tx.conn().execute(&insert).await?.rows_affected() != 1 {
        return Err(Error::new(Code::VersionConflict));
    }
    Ok(())
}

/// A signing, and how it ended.
#[derive(FromQueryResult)]
pub(super) struct Seal {
    pub id: Uuid,
    pub signed_at: DateTime<Utc>,
    pub signed_by: Option<Uuid>,
    pub reopened_at: Option<DateTime<Utc>>,
    pub reopened_by: Option<Uuid>,
    pub reason: Option<String>,
}

/// All signings of a sheet, the newest first.
pub(super) async fn seals(conn: &impl ConnectionTrait, place: Place) -> Result<Vec<Seal>> {
    let mut query = Query::select();
    query
        .columns(["id", "signed_at", "signed_by", "reopened_at", "reopened_by", "reason"])
        .from("yearly_seal")
        .and_where(Expr::col("school_id").eq(place.school.0))
        .and_where(Expr::col("kind").eq(place.set.as_str()))
        .and_where(Expr::col("year").eq(place.year))
        .order_by("signed_at", Order::Desc)
        .order_by("id", Order::Desc);
    crate::all(conn, &query).await
}

pub(super) async fn seal(tx: &Tx<'_>, place: Place, figures: &Figures) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("yearly_seal")
        .columns(["school_id", "kind", "year", "id", "figures", "signed_at", "signed_by"])
        .values_panic([
            place.school.0.into(),
            place.set.as_str().into(),
            place.year.into(),
            id::new::<Uuid>().into(),
            written(figures)?.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Ends the last signing.
pub(super) async fn unseal(tx: &Tx<'_>, place: Place, reason: &str) -> Result<()> {
    let Some(last) = seals(tx.conn(), place).await?.into_iter().next() else { return Ok(()) };
    let mut update = Query::update();
    update
        .table("yearly_seal")
        .value("reopened_at", tx.now())
        .value("reopened_by", tx.ctx().account.map(Uuid::from))
        .value("reason", reason)
        .and_where(Expr::col("school_id").eq(place.school.0))
        .and_where(Expr::col("kind").eq(place.set.as_str()))
        .and_where(Expr::col("year").eq(place.year))
        .and_where(Expr::col("id").eq(last.id));
    tx.conn().execute(&update).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct CampaignRow {
    kind: String,
    year: i16,
    as_of: NaiveDate,
    due_on: NaiveDate,
    note: Option<String>,
    version: i64,
}

/// The campaigns of these sets, the newest year first.
pub(super) async fn campaigns(conn: &impl ConnectionTrait, sets: &[FigureSet], year: Option<i16>) -> Result<Vec<FigureCampaign>> {
    let mut query = Query::select();
    query
        .columns(["kind", "year", "as_of", "due_on", "note", "version"])
        .from("yearly_campaign")
        .and_where(Expr::col("kind").is_in(sets.iter().map(|set| set.as_str())))
        .order_by("year", Order::Desc)
        .order_by("kind", Order::Asc);
    if let Some(year) = year {
        query.and_where(Expr::col("year").eq(year));
    }
    let rows = crate::all::<CampaignRow>(conn, &query).await?;
    rows.into_iter()
        .map(|row| {
            let CampaignRow { kind, year, as_of, due_on, note, version } = row;
            Ok(FigureCampaign { set: crate::stored(&kind)?, year, as_of, due_on, note, version })
        })
        .collect()
}

pub(super) async fn campaign(conn: &impl ConnectionTrait, set: FigureSet, year: i16) -> Result<Option<FigureCampaign>> {
    Ok(campaigns(conn, &[set], Some(year)).await?.into_iter().next())
}

/// Writes a campaign as its next version.
///
/// Errors: `version_conflict`.
pub(super) async fn put_campaign(tx: &Tx<'_>, campaign: &FigureCampaign) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("yearly_campaign")
        .columns(["kind", "year", "as_of", "due_on", "note", "version"])
        .values_panic([
            campaign.set.as_str().into(),
            campaign.year.into(),
            campaign.as_of.into(),
            campaign.due_on.into(),
            campaign.note.clone().into(),
            campaign.version.into(),
        ])
        .on_conflict(
            OnConflict::columns(["kind", "year"])
                .update_columns(["as_of", "due_on", "note", "version"])
                .action_and_where(Expr::col(("yearly_campaign", "version")).eq(campaign.version - 1))
                .to_owned(),
        );
    if tx.conn().execute(&insert).await?.rows_affected() != 1 {
        return Err(Error::new(Code::VersionConflict));
    }
    Ok(())
}
