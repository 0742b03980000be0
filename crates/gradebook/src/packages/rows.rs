//! Rows of `transfer_package`.

use crate::people::Names;
use chrono::{DateTime, Utc};
use dto::packages::{PackageAbout, TransferPackage, TransferPackageState};
use dto::page::{Page, PageQuery};
use dto::{Code, LearnerId, TransferPackageId, UnitId};
use kernel::{Ctx, Error, Result, page};
use records::learners::Brought;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub school_id: UnitId,
    pub id: TransferPackageId,
    pub state: TransferPackageState,
    pub about: PackageAbout,
    pub received_at: DateTime<Utc>,
    pub received_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Uuid>,
    pub learner_id: Option<LearnerId>,
    pub note: Option<String>,
    /// What came in when it was accepted; none of those accepted before it was kept.
    pub brought: Option<Brought>,
}

const COLUMNS: [&str; 11] = [
    "school_id",
    "id",
    "state",
    "about",
    "received_at",
    "received_by",
    "decided_at",
    "decided_by",
    "learner_id",
    "note",
    "brought",
];

fn select() -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS).from("transfer_package");
    query
}

fn read(row: &QueryResult) -> Result<Stored> {
    let state: String = row.try_get_by_index(2)?;
    let about: String = row.try_get_by_index(3)?;
    Ok(Stored {
        school_id: UnitId(row.try_get_by_index(0)?),
        id: TransferPackageId(row.try_get_by_index(1)?),
        state: state.parse().map_err(|()| Error::internal(format!("unknown state {state:?} in the database")))?,
        about: serde_json::from_str(&about).map_err(Error::internal)?,
        received_at: row.try_get_by_index(4)?,
        received_by: row.try_get_by_index(5)?,
        decided_at: row.try_get_by_index(6)?,
        decided_by: row.try_get_by_index(7)?,
        learner_id: row.try_get_by_index::<Option<Uuid>>(8)?.map(LearnerId),
        note: row.try_get_by_index(9)?,
        brought: row
            .try_get_by_index::<Option<String>>(10)?
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(Error::internal)?,
    })
}

pub(super) async fn one(conn: &impl ConnectionTrait, id: TransferPackageId) -> Result<Stored> {
    let row = conn.query_one(select().and_where(Expr::col("id").eq(id.0))).await?;
    read(&row.ok_or_else(|| Error::new(Code::NotFound))?)
}

/// Those of a school, the newest first.
pub(super) async fn list(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    school: UnitId,
    query: &PageQuery,
) -> Result<Page<TransferPackage>> {
    let mut select = select();
    select.and_where(Expr::col("school_id").eq(school.0)).order_by("id", Order::Desc).limit(query.limit() + 1);
    if let Some(after) = page::decode::<Uuid>(query.after.as_deref())? {
        select.and_where(Expr::col("id").lt(after));
    }
    let rows: Vec<Stored> = conn.query_all(&select).await?.iter().map(read).collect::<Result<_>>()?;
    let names = Names::of(conn, ctx.lang, rows.iter().flat_map(|row| [row.received_by, row.decided_by])).await?;
    Ok(page::of(rows, query.limit(), |row| row.id.0, |row| row.told(&names)))
}

pub(super) async fn known(conn: &impl ConnectionTrait, school: UnitId, package: Uuid) -> Result<bool> {
    let mut query = Query::select();
    query
        .column("id")
        .from("transfer_package")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("package").eq(package));
    Ok(conn.query_one(&query).await?.is_some())
}

pub(super) async fn insert(conn: &impl ConnectionTrait, row: &Stored, package: Uuid, bytes: &[u8]) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("transfer_package")
        .columns(["school_id", "id", "package", "state", "about", "bytes", "received_at", "received_by"])
        .values_panic([
            row.school_id.0.into(),
            row.id.0.into(),
            package.into(),
            row.state.as_str().into(),
            serde_json::to_string(&row.about).map_err(Error::internal)?.into(),
            bytes.to_vec().into(),
            row.received_at.into(),
            row.received_by.into(),
        ]);
    conn.execute(&insert).await?;
    Ok(())
}

fn text(brought: Option<&Brought>) -> Result<Option<String>> {
    brought.map(serde_json::to_string).transpose().map_err(Error::internal)
}

/// What was decided of one that waits; it is one writer who decides.
pub(super) async fn decide(conn: &impl ConnectionTrait, row: &Stored) -> Result<()> {
    let mut update = Query::update();
    update
        .table("transfer_package")
        .value("state", row.state.as_str())
        .value("decided_at", row.decided_at)
        .value("decided_by", row.decided_by)
        .value("learner_id", row.learner_id.map(|id| id.0))
        .value("note", row.note.clone())
        .value("brought", text(row.brought.as_ref())?)
        .and_where(Expr::col("school_id").eq(row.school_id.0))
        .and_where(Expr::col("id").eq(row.id.0))
        .and_where(Expr::col("state").eq(TransferPackageState::Received.as_str()));
    match conn.execute(&update).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::new(Code::PackageDecided)),
    }
}

/// One that was declined, or whose acceptance was taken back, waits again.
///
/// Errors: `package_not_declined`, `package_not_accepted` where it is not as it was read.
pub(super) async fn wait_again(conn: &impl ConnectionTrait, row: &Stored) -> Result<()> {
    let mut update = Query::update();
    update
        .table("transfer_package")
        .value("state", TransferPackageState::Received.as_str())
        .value("decided_at", None::<DateTime<Utc>>)
        .value("decided_by", None::<Uuid>)
        .value("note", None::<String>)
        .value("learner_id", None::<Uuid>)
        .value("brought", None::<String>)
        .and_where(Expr::col("school_id").eq(row.school_id.0))
        .and_where(Expr::col("id").eq(row.id.0))
        .and_where(Expr::col("state").eq(row.state.as_str()));
    match conn.execute(&update).await?.rows_affected() {
        1 => Ok(()),
        _ if row.state == TransferPackageState::Accepted => Err(Error::new(Code::PackageNotAccepted)),
        _ => Err(Error::new(Code::PackageNotDeclined)),
    }
}

pub(super) async fn bytes(conn: &impl ConnectionTrait, row: &Stored) -> Result<Vec<u8>> {
    let mut query = Query::select();
    query
        .column("bytes")
        .from("transfer_package")
        .and_where(Expr::col("school_id").eq(row.school_id.0))
        .and_where(Expr::col("id").eq(row.id.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(row.try_get_by_index(0)?)
}

impl Stored {
    pub(super) fn told(self, names: &Names) -> TransferPackage {
        TransferPackage {
            received_by: names.name(self.received_by),
            decided_by: self.decided_at.map(|_| names.name(self.decided_by)),
            id: self.id,
            school_id: self.school_id,
            state: self.state,
            about: self.about,
            received_at: self.received_at,
            decided_at: self.decided_at,
            learner_id: self.learner_id,
            note: self.note,
        }
    }

    pub(super) async fn answer(self, conn: &impl ConnectionTrait, ctx: &Ctx) -> Result<TransferPackage> {
        let names = Names::of(conn, ctx.lang, [self.received_by, self.decided_by]).await?;
        Ok(self.told(&names))
    }
}
