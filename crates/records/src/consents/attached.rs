//! Files that belong to a person, as they go along with the copy of their data: under `files/`, each told in `files.json`, as in a
//! school's export.
//!
//! A photo in which others can be seen too belongs to nobody alone and is not in a copy. The copy is made in memory, so it holds
//! [`MOST`] bytes of files; what is more is told with the place where the person reads it.

use super::family::SCAN;
use crate::files;
use dto::files::StoredFile;
use kernel::files::Store;
use kernel::{Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Bytes of files in one copy.
pub const MOST: u64 = 32 * 1024 * 1024;

enum Content {
    /// In the store of files, by its hash.
    Kept(String),
    Here(Vec<u8>),
}

/// A file that belongs to a person.
#[derive(Serialize)]
pub(super) struct Attached {
    /// The kind of record that it belongs to: `consent`, `staff_record`, `teaching_plan`, `former_year`, `transcript`.
    of: &'static str,
    /// The record's id; of a former year the school year.
    record: String,
    name: String,
    size: u64,
    /// Where it stands in the copy; none of what is too large for it or lost.
    path: Option<String>,
    /// Where the person reads it, below the address of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// The store does not have it any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lost: bool,
    #[serde(skip)]
    content: Content,
}

/// The files of records, of which `records` finds the ids.
async fn of_records(
    conn: &impl ConnectionTrait,
    schools: SelectStatement,
    of: &'static str,
    records: SelectStatement,
    at: impl Fn(Uuid, &StoredFile) -> Option<String>,
) -> Result<Vec<Attached>> {
    let found = files::of_records(conn, schools, of, records).await?;
    let attached = |(record, file): (Uuid, StoredFile)| Attached {
        at: at(record, &file),
        of,
        record: record.to_string(),
        name: format!("{}/{}", file.id, file.name),
        size: file.size,
        path: None,
        lost: false,
        content: Content::Kept(file.sha256),
    };
    Ok(found.into_iter().map(attached).collect())
}

/// The ids of what a column leads to a person.
fn ids(table: &'static str, column: &'static str, person: Uuid) -> SelectStatement {
    let mut query = Query::select();
    query.column("id").from(table).and_where(Expr::col(column).eq(person));
    query
}

/// The same of a table that schools own.
fn ids_at(table: &'static str, column: &'static str, person: Uuid, schools: &SelectStatement) -> SelectStatement {
    let mut query = ids(table, column, person);
    query.and_where(Expr::col("school_id").in_subquery(schools.clone()));
    query
}

/// Of a member of staff: papers in their record, and files of their own teaching plans.
pub(super) async fn of_staff(conn: &impl ConnectionTrait, schools: SelectStatement, staff: Uuid) -> Result<Vec<Attached>> {
    let records = ids("staff_record", "staff_id", staff);
    let at = |record, file: &StoredFile| Some(format!("/me/staff-record/records/{record}/files/{}", file.id));
    let mut all = of_records(conn, schools.clone(), "staff_record", records, at).await?;
    let plans = ids_at("teaching_plan", "staff_id", staff, &schools);
    let at = |plan, file: &StoredFile| Some(format!("/teaching-plans/{plan}/files/{}", file.id));
    all.extend(of_records(conn, schools, "teaching_plan", plans, at).await?);
    Ok(all)
}

/// Of a guardian: scans of what they signed on paper.
pub(super) async fn of_guardian(conn: &impl ConnectionTrait, schools: SelectStatement, guardian: Uuid) -> Result<Vec<Attached>> {
    let records = ids_at("consent", "guardian_id", guardian, &schools);
    of_records(conn, schools, SCAN, records, |_, _| None).await
}

/// Of a learner: scans of consents, signed transcripts that they brought along and that were issued here. `schools`: where they are or
/// were.
pub(super) async fn of_learner(conn: &impl ConnectionTrait, schools: SelectStatement, learner: Uuid) -> Result<Vec<Attached>> {
    let records = ids_at("consent", "learner_id", learner, &schools);
    let mut all = of_records(conn, schools.clone(), SCAN, records, |_, _| None).await?;
    let mut query = Query::select();
    query
        .columns(["school_year", "form", "bytes"])
        .from("former_year_file")
        .and_where(Expr::col("school_id").in_subquery(schools))
        .and_where(Expr::col("learner_id").eq(learner))
        .order_by("school_year", Order::Asc);
    for row in conn.query_all(&query).await? {
        let (year, form): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        all.push(here("former_year", &year, &form, row.try_get_by_index(2)?, None));
    }
    let mut query = Query::select();
    query
        .columns([("f", "transcript_id")])
        .columns([("f", "form"), ("f", "bytes")])
        .from_as("transcript", "t")
        .join_as(
            JoinType::InnerJoin,
            "transcript_file",
            "f",
            Expr::col(("f", "school_id")).equals(("t", "school_id")).and(Expr::col(("f", "transcript_id")).equals(("t", "id"))),
        )
        .and_where(Expr::col(("t", "learner_id")).eq(learner))
        // What is not issued is nobody's yet, as when the family reads it.
        .and_where(Expr::col(("t", "state")).eq("issued"))
        .order_by(("f", "transcript_id"), Order::Asc)
        .order_by(("f", "form"), Order::Asc);
    for row in conn.query_all(&query).await? {
        let (transcript, form): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let at = format!("/me/children/{learner}/transcripts/{transcript}/file?form={form}");
        all.push(here("transcript", &transcript.to_string(), &form, row.try_get_by_index(2)?, Some(at)));
    }
    Ok(all)
}

fn here(of: &'static str, record: &str, form: &str, bytes: Vec<u8>, at: Option<String>) -> Attached {
    Attached {
        of,
        record: record.to_owned(),
        name: format!("hoc-ba-{record}.{form}"),
        size: bytes.len() as u64,
        path: None,
        at,
        lost: false,
        content: Content::Here(bytes),
    }
}

/// The copy as a ZIP: what is kept as JSON, and the files as far as they fit, the first at first.
pub(super) async fn zipped(
    store: &Store,
    manifest: &Value,
    rows: &[(String, Value)],
    attached: Vec<Attached>,
    most: u64,
) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut told = Vec::with_capacity(attached.len());
    let mut left = most;
    for mut one in attached {
        if one.size <= left {
            let bytes = match std::mem::replace(&mut one.content, Content::Here(Vec::new())) {
                Content::Here(bytes) => Some(bytes.into()),
                Content::Kept(sha256) if store.has(&sha256).await? => Some(store.read_all(&sha256).await?),
                Content::Kept(_) => None,
            };
            match bytes {
                Some(bytes) => {
                    left -= one.size;
                    let path = format!("files/{}/{}", one.of, one.name);
                    // Pictures and papers are packed already.
                    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
                    zip.start_file(path.as_str(), options).map_err(Error::internal)?;
                    zip.write_all(&bytes).map_err(Error::internal)?;
                    one.path = Some(path);
                }
                None => one.lost = true,
            }
        }
        told.push(one);
    }
    let list = json!(told);
    let named = rows.iter().map(|(name, value)| (name.as_str(), value));
    let list = std::iter::once(("files", &list)).filter(|_| !told.is_empty());
    for (name, value) in std::iter::once(("manifest", manifest)).chain(named).chain(list) {
        zip.start_file(format!("{name}.json"), SimpleFileOptions::default()).map_err(Error::internal)?;
        let text = serde_json::to_vec_pretty(value).map_err(Error::internal)?;
        zip.write_all(&text).map_err(Error::internal)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_does_not_fit_is_told_with_its_place() {
        let file = |record: &str, bytes: usize, at: Option<&str>| {
            here("transcript", record, "pdf", vec![7; bytes], at.map(str::to_owned))
        };
        let lost = Attached { content: Content::Kept("0".repeat(64)), ..file("c", 5, None) };
        let all = vec![file("a", 60, None), file("b", 50, Some("/me/x")), lost, file("d", 40, None)];
        let bytes = zipped(&Store::in_memory(), &json!({}), &[], all, 100).await.unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let told: Value = serde_json::from_reader(zip.by_name("files.json").unwrap()).unwrap();
        let paths: Vec<bool> = told.as_array().unwrap().iter().map(|one| one["path"].is_string()).collect();
        assert_eq!(paths, [true, false, false, true]);
        assert_eq!(
            (&told[1]["at"], &told[2]["lost"], &told[3]["path"]),
            (&json!("/me/x"), &json!(true), &json!("files/transcript/hoc-ba-d.pdf"))
        );
        assert_eq!(zip.by_name("files/transcript/hoc-ba-a.pdf").unwrap().size(), 60);
    }
}
