//! The items of a school for an age group. A school writes the outcomes of its own plan; of the standards of five-year-olds Khuê ships
//! the 120 numbers of TT 23/2010, with words where they were read, until the school has a list of its own.

use super::{age_group, has};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::preschool::{PreschoolItem, PreschoolItems, PreschoolList, PutPreschoolItems};
use dto::{Code, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use records::units;
use regulations::preschool::{AgeGroup, Domain, standards};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::json;
use std::collections::HashSet;

/// Rows in one statement.
const ROWS: usize = 100;

/// The domains that a list may use.
fn domains(group: AgeGroup, list: PreschoolList) -> Vec<Domain> {
    match list {
        PreschoolList::Outcomes => group.domains().to_vec(),
        // Those of either set of standards.
        PreschoolList::Standards => standards::QD_4222_2024.parts.iter().map(|part| part.domain).collect(),
    }
}

/// What Khuê ships.
fn shipped(list: PreschoolList) -> Vec<PreschoolItem> {
    match list {
        PreschoolList::Outcomes => Vec::new(),
        PreschoolList::Standards => standards::indicators()
            .map(|indicator| PreschoolItem {
                code: indicator.number.to_string(),
                domain: indicator.domain,
                standard: indicator.standard,
                text: indicator.text.unwrap_or_default().to_owned(),
            })
            .collect(),
    }
}

/// The items of a school: whether they are its own, the items in order, and the version of the list.
pub(super) async fn of_school(
    conn: &impl ConnectionTrait,
    school: UnitId,
    list: PreschoolList,
    grade: Grade,
) -> Result<(bool, Vec<PreschoolItem>, i64)> {
    let mut query = Query::select();
    query
        .columns(["code", "domain", "standard", "text", "version"])
        .from("preschool_item")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("list").eq(list.as_str()))
        .and_where(Expr::col("grade").eq(grade.as_str()))
        .order_by("position", Order::Asc);
    let rows = conn.query_all(&query).await?;
    let mut version = 0;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let domain: String = row.try_get_by_index(1)?;
        version = row.try_get_by_index(4)?;
        items.push(PreschoolItem {
            code: row.try_get_by_index(0)?,
            domain: Domain::from_code(&domain)
                .ok_or_else(|| Error::internal(format!("unknown domain {domain:?} in the database")))?,
            standard: row.try_get_by_index::<Option<i16>>(2)?.and_then(|n| u8::try_from(n).ok()),
            text: row.try_get_by_index(3)?,
        });
    }
    if items.is_empty() { Ok((false, shipped(list), 0)) } else { Ok((true, items, version)) }
}

/// The list of a school for an age group.
///
/// Errors: `not_found` (the unit, or a list that the age group does not have); `regulation_unavailable` for other grades.
pub async fn items(db: &Db, ctx: &Ctx, unit: UnitId, list: PreschoolList, grade: Grade) -> Result<PreschoolItems> {
    let conn = db.read();
    units::reachable_in(conn, ctx, Permission::MarkRead, unit).await?;
    let group = age_group(grade)?;
    has(group, list)?;
    let (own, items, version) = of_school(conn, unit, list, grade).await?;
    Ok(PreschoolItems { unit_id: unit, list, grade, own, domains: domains(group, list), items, version })
}

/// Replaces the list. What was assessed of an item that is no longer in it stays kept, and shows again when the item comes back.
///
/// Errors: `not_found`; `version_conflict`; `invalid` where a code stands twice or a domain is not of the age group.
pub async fn put_items(
    db: &Db,
    ctx: &Ctx,
    unit: UnitId,
    list: PreschoolList,
    grade: Grade,
    body: &PutPreschoolItems,
) -> Result<PreschoolItems> {
    db.write(ctx, async |tx| put_in(tx, unit, list, grade, body).await).await?;
    items(db, ctx, unit, list, grade).await
}

async fn put_in(
    tx: &Tx<'_>,
    unit: UnitId,
    list: PreschoolList,
    grade: Grade,
    body: &PutPreschoolItems,
) -> Result<((), Vec<Event>)> {
    let conn = tx.conn();
    units::reachable_in(conn, tx.ctx(), Permission::ClassWrite, unit).await?;
    let group = age_group(grade)?;
    has(group, list)?;
    let allowed = domains(group, list);
    let mut codes = HashSet::new();
    for (n, item) in body.items.iter().enumerate() {
        if item.code.trim() != item.code || item.code.chars().any(char::is_control) {
            return Err(Error::field(format!("/items/{n}/code"), Code::FieldFormat));
        }
        if !codes.insert(item.code.as_str()) {
            return Err(Error::field(format!("/items/{n}/code"), Code::CellRepeated));
        }
        if item.text.chars().any(char::is_control) {
            return Err(Error::field(format!("/items/{n}/text"), Code::FieldFormat));
        }
        if !allowed.contains(&item.domain) {
            return Err(Error::field(format!("/items/{n}/domain"), Code::FieldChoice));
        }
    }
    let (own, before, version) = of_school(conn, unit, list, grade).await?;
    if version != body.version {
        return Err(Error::new(Code::VersionConflict));
    }
    let mut delete = Query::delete();
    delete
        .from_table("preschool_item")
        .and_where(Expr::col("school_id").eq(unit.0))
        .and_where(Expr::col("list").eq(list.as_str()))
        .and_where(Expr::col("grade").eq(grade.as_str()))
        .and_where(Expr::col("version").eq(version));
    let gone = conn.execute(&delete).await?.rows_affected();
    if gone != if own { before.len() as u64 } else { 0 } {
        return Err(Error::lost());
    }
    for (at, chunk) in body.items.chunks(ROWS).enumerate() {
        let mut insert = Query::insert();
        insert.into_table("preschool_item").columns([
            "school_id",
            "list",
            "grade",
            "code",
            "position",
            "domain",
            "standard",
            "text",
            "version",
        ]);
        for (n, item) in chunk.iter().enumerate() {
            insert.values_panic([
                unit.0.into(),
                list.as_str().into(),
                grade.as_str().into(),
                item.code.as_str().into(),
                i16::try_from(at * ROWS + n).unwrap_or(i16::MAX).into(),
                item.domain.code().into(),
                item.standard.map(i16::from).into(),
                kernel::text::clean(&item.text).into(),
                (version + 1).into(),
            ]);
        }
        conn.execute(&insert).await?;
    }
    let event = Event::new(Some(unit), "preschool.items_put", "unit", unit)
        .before(&json!({ "items": if own { before } else { Vec::new() } }))
        .after(&json!({ "list": list, "grade": grade, "items": body.items, "version": version + 1 }));
    Ok(((), vec![event]))
}
