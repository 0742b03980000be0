//! Writing plans.

use super::query::Row;
use super::search::{self, Bits};
use crate::calendar;
use dto::Code;
use dto::teaching_plans::{PutTeachingPlan, TeachingPlanState};
use kernel::{Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A plan as it is to be, checked.
pub(super) struct Wanted {
    body: String,
    words: String,
    bits: Bits,
    values: Vec<(&'static str, SimpleExpr)>,
}

/// Checks a plan. `at` is where it stands in the body: "" or "/plan".
pub(super) async fn wanted(conn: &impl ConnectionTrait, teacher: Uuid, body: &PutTeachingPlan, at: &str) -> Result<Wanted> {
    let title = crate::input::text(&format!("{at}/title"), &body.title, 1, 200)?;
    let text = crate::input::clean_lines(&body.body);
    if text.chars().count() > 100_000 {
        let bounds = BTreeMap::from([("min".to_owned(), "0".to_owned()), ("max".to_owned(), "100000".to_owned())]);
        return Err(Error::new(Code::Invalid).and_field_with(format!("{at}/body"), Code::FieldLength, bounds));
    }
    let year = calendar::year_in(conn, Some(body.school_year_id))
        .await
        .map_err(|_| Error::field(format!("{at}/school_year_id"), Code::FieldChoice))?;
    let subject = match &body.subject_code {
        None => None,
        Some(code) => {
            let known = crate::catalogue::subjects_in(conn).await?.into_iter().find(|s| s.code == *code);
            Some(known.ok_or_else(|| Error::field(format!("{at}/subject_code"), Code::FieldChoice))?)
        }
    };
    let teacher = crate::teaching_plans::teacher_name(conn, teacher).await?;
    let (vi, en) = subject.as_ref().map_or(("", ""), |s| (s.name_vi.as_str(), s.name_en.as_str()));
    let words = search::words(&[
        &title,
        &text,
        &teacher,
        vi,
        en,
        body.grade.label(dto::Lang::Vi),
        &year.code,
        body.kind.label(dto::Lang::Vi),
    ]);
    let bits = Bits::of(words.iter().map(String::as_str));
    let values = vec![
        ("group_id", Expr::val(body.group_id.map(Uuid::from))),
        ("school_year_id", Expr::val(body.school_year_id.0)),
        ("kind", Expr::val(body.kind.as_str())),
        ("grade", Expr::val(body.grade.as_str())),
        ("subject_code", Expr::val(body.subject_code.as_deref().unwrap_or_default())),
        ("week", Expr::val(body.week.map(i16::from))),
        ("title", Expr::val(title)),
    ];
    Ok(Wanted { body: text, words: search::joined(&words), bits, values })
}

/// The bits as values of their columns.
fn bits(of: &Bits) -> impl Iterator<Item = (&'static str, SimpleExpr)> {
    search::COLUMNS.into_iter().zip(of.numbers()).map(|(column, bits)| (column, Expr::val(bits)))
}

/// Writes a new plan.
pub(super) async fn insert_in(tx: &Tx<'_>, school: Uuid, id: Uuid, teacher: Uuid, wanted: &Wanted) -> Result<()> {
    let mut values = vec![
        ("school_id", Expr::val(school)),
        ("id", Expr::val(id)),
        ("staff_id", Expr::val(teacher)),
        ("state", Expr::val(TeachingPlanState::Draft.as_str())),
        ("revision", Expr::val(0_i32)),
        ("version", Expr::val(1_i64)),
        ("updated_at", Expr::val(tx.now())),
    ];
    values.extend(wanted.values.iter().cloned());
    values.extend(bits(&wanted.bits));
    let (columns, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let mut insert = Query::insert();
    insert.into_table("teaching_plan").columns(columns).values(values).map_err(Error::internal)?;
    tx.conn().execute(&insert).await?;
    let mut insert = Query::insert();
    insert
        .into_table("teaching_plan_text")
        .columns(["school_id", "plan_id", "body"])
        .values([Expr::val(school), Expr::val(id), Expr::val(wanted.body.clone())])
        .map_err(Error::internal)?;
    tx.conn().execute(&insert).await?;
    let mut insert = Query::insert();
    insert
        .into_table("teaching_plan_words")
        .columns(["school_id", "plan_id", "words"])
        .values([Expr::val(school), Expr::val(id), Expr::val(wanted.words.clone())])
        .map_err(Error::internal)?;
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Changes the columns of a plan that has this version still, and counts the version up.
///
/// Errors: `version_conflict`.
pub(super) async fn change_in(
    tx: &Tx<'_>,
    row: &Row,
    version: i64,
    values: impl IntoIterator<Item = (&'static str, SimpleExpr)>,
) -> Result<()> {
    let mut update = Query::update();
    update
        .table("teaching_plan")
        .values(values)
        .value("version", version + 1)
        .value("updated_at", tx.now())
        .and_where(Expr::col("school_id").eq(row.school_id))
        .and_where(Expr::col("id").eq(row.id))
        .and_where(Expr::col("version").eq(version));
    if tx.conn().execute(&update).await?.rows_affected() == 0 {
        return Err(Error::new(Code::VersionConflict));
    }
    Ok(())
}

/// Writes what a plan is to be; it is a draft again.
pub(super) async fn put_in(tx: &Tx<'_>, row: &Row, version: i64, wanted: &Wanted, file: Option<Uuid>) -> Result<()> {
    let state = ("state", Expr::val(TeachingPlanState::Draft.as_str()));
    let values = wanted.values.iter().cloned().chain(bits(&wanted.bits)).chain([state, ("file_id", Expr::val(file))]);
    change_in(tx, row, version, values).await?;
    for (table, column, text) in [("teaching_plan_text", "body", &wanted.body), ("teaching_plan_words", "words", &wanted.words)] {
        let mut update = Query::update();
        update
            .table(table)
            .value(column, text.clone())
            .and_where(Expr::col("school_id").eq(row.school_id))
            .and_where(Expr::col("plan_id").eq(row.id));
        tx.conn().execute(&update).await?;
    }
    Ok(())
}

/// Removes a plan that was never submitted.
pub(super) async fn delete_in(tx: &Tx<'_>, row: &Row) -> Result<()> {
    for (table, column) in [("teaching_plan", "id"), ("teaching_plan_text", "plan_id"), ("teaching_plan_event", "plan_id")] {
        let mut delete = Query::delete();
        delete.from_table(table).and_where(Expr::col("school_id").eq(row.school_id)).and_where(Expr::col(column).eq(row.id));
        tx.conn().execute(&delete).await?;
    }
    Ok(())
}
