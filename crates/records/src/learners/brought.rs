//! A learner who came in with a package, and taking that back: as long as every row of theirs is as it was when they came, all of it goes
//! again; else it is told what rests on it.
//!
//! What came in is kept as a digest for each table of the registry of places, so that a new table cannot be forgotten.

use super::entity::{guardian, guardian_link, learner};
use crate::consents::row_as_json;
use crate::duplicates::{self, Whereabouts};
use crate::places::{self, Place};
use crate::{classes, quality};
use dto::quality::QualitySubject;
use dto::{ClassId, GuardianId, Lang, LearnerId, UnitId};
use kernel::{Error, Event, Result, Tx};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Nothing that rests on anything: who looked, what rules found, and the package itself.
const ASIDE: &[&str] = &["health_view", "quality_finding", "transfer_package"];

/// Columns that others' doings change: the number in a class list.
const MOVING: &[(&str, &str)] = &[("enrolment", "ordinal")];

/// What came in of a learner, to be kept with what brought it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    version: i64,
    /// By table.
    rows: BTreeMap<String, String>,
    /// Who were made with the record.
    guardians: Vec<Uuid>,
}

/// What there is of a learner now.
///
/// Errors: `internal` where there is no such learner.
pub async fn brought_in(conn: &impl ConnectionTrait, learner: LearnerId, guardians: Vec<GuardianId>) -> Result<Brought> {
    let row = learner::Entity::find_by_id(learner.0).one(conn).await?;
    let version = row.ok_or_else(|| Error::internal("a learner who was just made is missing"))?.version;
    Ok(Brought { version, rows: digests(conn, learner).await?, guardians: guardians.into_iter().map(|id| id.0).collect() })
}

async fn digests(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<BTreeMap<String, String>> {
    let at = Whereabouts::of(conn, &[learner]).await?;
    let mut digests = BTreeMap::new();
    for place in places::all().iter().filter(|place| !ASIDE.contains(&place.table)) {
        if let Some(digest) = digest(conn, place, place.rows_of(learner, &at)).await? {
            digests.insert(place.table.to_owned(), digest);
        }
    }
    Ok(digests)
}

/// Of the rows whatever their order; none where there are none.
async fn digest(conn: &impl ConnectionTrait, place: &Place, rows: Condition) -> Result<Option<String>> {
    let columns: Vec<places::Column> =
        place.columns.iter().filter(|(column, _)| !MOVING.contains(&(place.table, *column))).copied().collect();
    let mut query = Query::select();
    query.columns(columns.iter().map(|(column, _)| *column)).from(place.table).cond_where(rows);
    let mut lines = Vec::new();
    for row in conn.query_all(&query).await? {
        lines.push(serde_json::to_string(&row_as_json(&row, &columns)?).map_err(Error::internal)?);
    }
    lines.sort_unstable();
    Ok((!lines.is_empty()).then(|| hex::encode(Sha256::digest(lines.join("\n")))))
}

/// What rests on a learner who came in, or was changed of what came, in the reader's language; empty: nothing.
pub async fn rests_in(conn: &impl ConnectionTrait, lang: Lang, learner: LearnerId, brought: &Brought) -> Result<Vec<String>> {
    let mut out = BTreeSet::new();
    match learner::Entity::find_by_id(learner.0).one(conn).await? {
        Some(row) if row.version == brought.version && row.merged_into.is_none() => {}
        _ => {
            out.insert(lang.pick("Thông tin của học sinh", "The learner's own data").to_owned());
        }
    }
    let now = digests(conn, learner).await?;
    for place in places::all().iter().filter(|place| now.get(place.table) != brought.rows.get(place.table)) {
        let other = ("Dữ liệu khác của học sinh", "Other data of the learner");
        let (vi, en) = place.name.unwrap_or(other);
        out.insert(lang.pick(vi, en).to_owned());
    }
    let people = std::iter::once(learner.0).chain(brought.guardians.iter().copied());
    let mut accounts = Query::select();
    accounts.column("id").from("account").and_where(Expr::col("person_id").is_in(people)).limit(1);
    if conn.query_one(&accounts).await?.is_some() {
        out.insert(lang.pick("Tài khoản của em hoặc của phụ huynh", "An account of the child or a guardian").to_owned());
    }
    let mut merged = Query::select();
    merged
        .column("id")
        .from("learner_merge")
        .cond_where(Condition::any().add(Expr::col("kept_id").eq(learner.0)).add(Expr::col("merged_id").eq(learner.0)))
        .limit(1);
    if conn.query_one(&merged).await?.is_some() {
        out.insert(lang.pick("Lần gộp hồ sơ trùng", "A merge of duplicate records").to_owned());
    }
    Ok(out.into_iter().collect())
}

/// Takes out everything of a learner who came in, for a caller who has found that nothing rests on it ([`rests_in`]) in the same write.
pub async fn withdraw_in(tx: &Tx<'_>, school: UnitId, learner: LearnerId, brought: &Brought) -> Result<Event> {
    let conn = tx.conn();
    let at = Whereabouts::of(conn, &[learner]).await?;
    let (rounds, classes) = (rounds(tx, learner).await?, sat_in(tx, learner).await?);
    duplicates::forget_in(tx, &[learner.0]).await?;
    for place in places::all().iter().filter(|place| place.table != "transfer_package" && place.table != "quality_finding") {
        let mut delete = Query::delete();
        delete.from_table(place.table).cond_where(place.rows_of(learner, &at));
        conn.execute(&delete).await?;
    }
    let mut delete = Query::delete();
    delete
        .from_table("health_round")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("id").is_in(rounds.iter().copied()));
    conn.execute(&delete).await?;
    let mut delete = Query::delete();
    delete
        .from_table("learner_distinct")
        .cond_where(Condition::any().add(Expr::col("low_id").eq(learner.0)).add(Expr::col("high_id").eq(learner.0)));
    conn.execute(&delete).await?;
    let mut packages = Query::update();
    packages
        .table("transfer_package")
        .value("learner_id", None::<Uuid>)
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("learner_id").eq(learner.0));
    conn.execute(&packages).await?;
    learner::Entity::delete_by_id(learner.0).exec(conn).await?;
    alone(tx, &brought.guardians).await?;
    for class in classes {
        classes::close_ranks_in(tx, school, class).await?;
    }
    // What rules found about the record goes with it.
    quality::written_in(tx, Some(school), QualitySubject::Learner, learner.0).await?;
    Ok(Event::new(Some(school), "learner.withdrawn", "learner", learner).before(brought))
}

/// The rounds of checks of elsewhere that came with the record.
async fn rounds(tx: &Tx<'_>, learner: LearnerId) -> Result<Vec<Uuid>> {
    let mut own = Query::select();
    own.column("round_id").from("health_check").and_where(Expr::col("learner_id").eq(learner.0));
    let mut query = Query::select();
    query
        .column("id")
        .from("health_round")
        .and_where(Expr::col("origin").is_not_null())
        .and_where(Expr::col("id").in_subquery(own));
    tx.conn().query_all(&query).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

async fn sat_in(tx: &Tx<'_>, learner: LearnerId) -> Result<Vec<ClassId>> {
    let mut query = Query::select();
    query.column("class_id").from("enrolment").and_where(Expr::col("learner_id").eq(learner.0));
    tx.conn().query_all(&query).await?.iter().map(|row| Ok(ClassId(row.try_get_by_index(0)?))).collect()
}

/// Removes those of these guardians who have no other child.
async fn alone(tx: &Tx<'_>, guardians: &[Uuid]) -> Result<()> {
    let links = guardian_link::Entity::find()
        .filter(guardian_link::Column::GuardianId.is_in(guardians.iter().copied()))
        .all(tx.conn())
        .await?;
    let still: BTreeSet<Uuid> = links.into_iter().map(|link| link.guardian_id).collect();
    let gone = guardians.iter().copied().filter(|id| !still.contains(id));
    guardian::Entity::delete_many().filter(guardian::Column::Id.is_in(gone)).exec(tx.conn()).await?;
    Ok(())
}
