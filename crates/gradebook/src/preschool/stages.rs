//! The stages of a class: the themes of its plan, and the end of the age stage.

use super::{class_of, lists};
use crate::facts::ClassFacts;
use chrono::NaiveDate;
use dto::access::Permission;
use dto::preschool::{MAX_STAGE, PreschoolList, PreschoolStage, PreschoolStages, PutPreschoolStage};
use dto::{ClassId, Code, Lang};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Order, Query};
use serde_json::json;
use std::collections::HashMap;

/// The name of stage 0.
pub(super) fn end_name(lang: Lang) -> &'static str {
    lang.pick("Cuối độ tuổi", "End of the age stage")
}

/// The themes of a class, by number.
pub(super) async fn themes(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<PreschoolStage>> {
    let mut query = Query::select();
    query
        .columns(["stage", "name", "ends_on", "version"])
        .from("preschool_stage")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .order_by("stage", Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(PreschoolStage {
                number: u8::try_from(row.try_get_by_index::<i16>(0)?).unwrap_or(0),
                name: row.try_get_by_index(1)?,
                ends_on: row.try_get_by_index::<Option<NaiveDate>>(2)?,
                assessed: 0,
                version: row.try_get_by_index(3)?,
            })
        })
        .collect()
}

/// How many cells each stage of a list has.
async fn counts(conn: &impl ConnectionTrait, class: &ClassFacts, list: PreschoolList) -> Result<HashMap<u8, u32>> {
    let mut query = Query::select();
    query
        .column("stage")
        .expr(Func::count(Expr::col("code")))
        .from("preschool_mark")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("list").eq(list.as_str()))
        .and_where(Expr::col("outcome").is_not_null())
        .group_by_col("stage");
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let stage: i16 = row.try_get_by_index(0)?;
            let count: i64 = row.try_get_by_index(1)?;
            Ok((u8::try_from(stage).unwrap_or(0), u32::try_from(count).unwrap_or(u32::MAX)))
        })
        .collect()
}

async fn all(conn: &impl ConnectionTrait, ctx: &Ctx, class: &ClassFacts, list: PreschoolList) -> Result<Vec<PreschoolStage>> {
    let counts = counts(conn, class, list).await?;
    let mut stages = themes(conn, class).await?;
    stages.push(PreschoolStage { number: 0, name: end_name(ctx.lang).to_owned(), ends_on: None, assessed: 0, version: 0 });
    for stage in &mut stages {
        stage.assessed = counts.get(&stage.number).copied().unwrap_or(0);
    }
    Ok(stages)
}

/// One stage of a class; `not_found` where the theme was never made.
pub(super) async fn one(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    class: &ClassFacts,
    list: PreschoolList,
    number: u8,
) -> Result<PreschoolStage> {
    let stages = all(conn, ctx, class, list).await?;
    stages.into_iter().find(|stage| stage.number == number).ok_or_else(|| Error::new(Code::NotFound))
}

/// The stages of a class in a list: its themes by number, then the end of the age stage.
///
/// Errors: `not_found`; `regulation_unavailable`.
pub async fn stages(db: &Db, ctx: &Ctx, class: ClassId, list: PreschoolList) -> Result<PreschoolStages> {
    let conn = db.read();
    let (class, group) = class_of(conn, ctx, Permission::MarkRead, class).await?;
    super::has(group, list)?;
    let stages = all(conn, ctx, &class, list).await?;
    Ok(PreschoolStages {
        class_id: class.id,
        class_name: class.name,
        grade: class.grade,
        writable: class.writable,
        lists: lists(group),
        stages,
    })
}

/// A new theme, or another name or day for one.
///
/// Errors: `not_found` (also for a number that is no theme's); `version_conflict`.
pub async fn put_stage(db: &Db, ctx: &Ctx, class: ClassId, number: u8, body: &PutPreschoolStage) -> Result<PreschoolStage> {
    db.write(ctx, async |tx| put_in(tx, class, number, body).await).await
}

async fn put_in(tx: &Tx<'_>, class: ClassId, number: u8, body: &PutPreschoolStage) -> Result<(PreschoolStage, Vec<Event>)> {
    let conn = tx.conn();
    let (class, _) = class_of(conn, tx.ctx(), Permission::PreschoolWrite, class).await?;
    if !(1..=MAX_STAGE).contains(&number) {
        return Err(Error::new(Code::NotFound));
    }
    let name = kernel::text::clean(&body.name);
    if name.is_empty() {
        return Err(Error::field("/name", Code::FieldRequired));
    }
    let before = themes(conn, &class).await?.into_iter().find(|stage| stage.number == number);
    let version = before.as_ref().map_or(0, |stage| stage.version);
    if version != body.version {
        return Err(Error::new(Code::VersionConflict));
    }
    let mut insert = Query::insert();
    insert
        .into_table("preschool_stage")
        .columns(["school_id", "class_id", "stage", "name", "ends_on", "version"])
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            i16::from(number).into(),
            name.as_str().into(),
            body.ends_on.into(),
            (version + 1).into(),
        ])
        .on_conflict(
            OnConflict::columns(["school_id", "class_id", "stage"])
                .update_columns(["name", "ends_on", "version"])
                .action_and_where(Expr::col(("preschool_stage", "version")).eq(version))
                .to_owned(),
        );
    if conn.execute(&insert).await?.rows_affected() != 1 {
        return Err(Error::lost());
    }
    let after = PreschoolStage { number, name, ends_on: body.ends_on, assessed: 0, version: version + 1 };
    let event = Event::new(Some(class.school_id), "preschool.stage_put", "class", class.id)
        .before(&json!({ "stage": before }))
        .after(&json!({ "stage": after }));
    Ok((after, vec![event]))
}
