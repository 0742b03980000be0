//! Rows of `former_year`, and the files beside them.

use super::terms;
use crate::facts::{ClassFacts, SubjectFacts};
use crate::people::Names;
use chrono::{DateTime, Utc};
use dto::former_years::{FormerYear, FormerYearSigned, PutFormerYear};
use dto::{LearnerId, UnitId};
use kernel::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

const KEY: [&str; 3] = ["school_id", "learner_id", "school_year"];
const COLUMNS: [&str; 5] = ["content", "signed", "version", "updated_at", "updated_by"];

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub learner_id: LearnerId,
    pub school_year: String,
    pub content: PutFormerYear,
    pub signed: Option<FormerYearSigned>,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("a former year cannot be read: {e}")))
}

fn read(row: &QueryResult) -> Result<Stored> {
    let signed: Option<String> = row.try_get_by_index(3)?;
    Ok(Stored {
        learner_id: LearnerId(row.try_get_by_index(0)?),
        school_year: row.try_get_by_index(1)?,
        content: parsed(&row.try_get_by_index::<String>(2)?)?,
        signed: signed.as_deref().map(parsed).transpose()?,
        version: row.try_get_by_index(4)?,
        updated_at: row.try_get_by_index(5)?,
        updated_by: row.try_get_by_index(6)?,
    })
}

fn select(school: UnitId) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["learner_id", "school_year"])
        .columns(COLUMNS)
        .from("former_year")
        .and_where(Expr::col("school_id").eq(school.0));
    query
}

/// Those of some learners. For callers who may see them.
pub(super) async fn of(
    conn: &impl ConnectionTrait,
    school: UnitId,
    learners: impl Iterator<Item = LearnerId>,
) -> Result<Vec<Stored>> {
    let mut query = select(school);
    query.and_where(Expr::col("learner_id").is_in(learners.map(|learner| learner.0)));
    conn.query_all(&query).await?.iter().map(read).collect()
}

pub(super) async fn one(
    conn: &impl ConnectionTrait,
    school: UnitId,
    learner: LearnerId,
    school_year: &str,
) -> Result<Option<Stored>> {
    let mut query = select(school);
    query.and_where(Expr::col("learner_id").eq(learner.0)).and_where(Expr::col("school_year").eq(school_year));
    conn.query_one(&query).await?.as_ref().map(read).transpose()
}

/// Writes a year over the version before it; false where another wrote meanwhile.
pub(super) async fn put(conn: &impl ConnectionTrait, school: UnitId, row: &Stored) -> Result<bool> {
    let signed = row.signed.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let mut insert = Query::insert();
    insert
        .into_table("former_year")
        .columns(KEY.into_iter().chain(COLUMNS))
        .values_panic([
            school.0.into(),
            row.learner_id.0.into(),
            row.school_year.as_str().into(),
            serde_json::to_string(&row.content).map_err(Error::internal)?.into(),
            signed.into(),
            row.version.into(),
            row.updated_at.into(),
            row.updated_by.into(),
        ])
        .on_conflict(
            OnConflict::columns(KEY)
                .update_columns(COLUMNS)
                .action_and_where(Expr::col(("former_year", "version")).eq(row.version - 1))
                .to_owned(),
        );
    Ok(conn.execute(&insert).await?.rows_affected() == 1)
}

pub(super) async fn put_file(conn: &impl ConnectionTrait, school: UnitId, row: &Stored, form: &str, bytes: &[u8]) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("former_year_file")
        .columns(KEY.into_iter().chain(["form", "bytes"]))
        .values_panic([
            school.0.into(),
            row.learner_id.0.into(),
            row.school_year.as_str().into(),
            form.into(),
            bytes.to_vec().into(),
        ])
        .on_conflict(OnConflict::columns(KEY).update_columns(["form", "bytes"]).to_owned());
    conn.execute(&insert).await?;
    Ok(())
}

pub(super) async fn file(
    conn: &impl ConnectionTrait,
    school: UnitId,
    learner: LearnerId,
    school_year: &str,
) -> Result<Option<(String, Vec<u8>)>> {
    let mut query = Query::select();
    query
        .columns(["form", "bytes"])
        .from("former_year_file")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("school_year").eq(school_year));
    let row = conn.query_one(&query).await?;
    row.map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

pub(super) async fn remove(conn: &impl ConnectionTrait, school: UnitId, row: &Stored) -> Result<()> {
    for table in ["former_year_file", "former_year"] {
        let mut delete = Query::delete();
        delete
            .from_table(table)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("learner_id").eq(row.learner_id.0))
            .and_where(Expr::col("school_year").eq(row.school_year.as_str()));
        conn.execute(&delete).await?;
    }
    Ok(())
}

impl Stored {
    /// As the log has it.
    pub(super) fn kept(&self) -> Value {
        json!({ "school_year": self.school_year, "content": self.content, "signed": self.signed })
    }

    pub(super) fn told(self, class: &ClassFacts, subjects: &[SubjectFacts], names: &Names) -> FormerYear {
        let same = self.school_year == class.school_year;
        FormerYear {
            terms: if same { terms::of(&self.content, class, subjects) } else { Vec::new() },
            updated_by: names.name(self.updated_by),
            learner_id: self.learner_id,
            school_year: self.school_year,
            content: self.content,
            signed: self.signed,
            version: self.version,
            updated_at: self.updated_at,
        }
    }
}
