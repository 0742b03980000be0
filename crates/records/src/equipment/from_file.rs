//! What an import of a file asks: the items as they stand, writing them, taking those away that it made.

use super::query::{self, Row};
use super::{columns, fields, insert, new_code, note, update};
use dto::equipment::{EquipmentQuery, PutEquipment};
use dto::finance::Vnd;
use dto::units::Unit;
use dto::{Code, RoomId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::BTreeMap;

/// An item as it is: what a body would say that changes nothing.
#[derive(Clone)]
pub(crate) struct Kept {
    row: Row,
    pub version: i64,
    pub body: PutEquipment,
}

fn kept(row: Row) -> Result<Kept> {
    let body = PutEquipment {
        name: row.name.clone(),
        kind: crate::stored(&row.kind)?,
        number: row.number.clone(),
        place: row.place.clone(),
        room_id: row.room_id.map(RoomId),
        state: crate::stored(&row.state)?,
        acquired_year: row.acquired_year,
        source: row.source.clone(),
        price: row.price.map(Vnd),
        note: row.note.clone(),
    };
    Ok(Kept { version: row.version, body, row })
}

/// All items of a school as they are, by their codes.
pub(crate) async fn kept_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<BTreeMap<String, Kept>> {
    let rows = crate::all::<Row>(conn, &query::asked(school, &EquipmentQuery::default())).await?;
    rows.into_iter().map(|row| Ok((row.code.clone(), kept(row)?))).collect()
}

/// Writes a new item under a new code, or an item as its next version; gives the code and the version.
///
/// Errors: `invalid`; lost where another wrote meanwhile.
pub(crate) async fn write_in(tx: &Tx<'_>, school: &Unit, before: Option<&Kept>, body: &PutEquipment) -> Result<(String, i64)> {
    let fields = fields(body, "")?;
    let Some(before) = before else {
        let code = new_code();
        insert(tx, school, &code, &fields, body).await?;
        note(tx, school.id, &code, &fields.place, body.state, None).await?;
        return Ok((code, 1));
    };
    let code = before.row.code.clone();
    update(tx, &before.row, columns(&code, &fields, body)).await?;
    if before.body.place != body.place || before.body.state != body.state {
        note(tx, school.id, &code, &fields.place, body.state, None).await?;
    }
    Ok((code, before.version + 1))
}

/// Removes an item that an import made and nobody has touched.
pub(crate) async fn remove_in(tx: &Tx<'_>, school: UnitId, code: &str) -> Result<()> {
    for (table, column) in [("equipment_event", "equipment_code"), ("equipment", "code")] {
        let mut delete = Query::delete();
        delete.from_table(table).and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col(column).eq(code));
        tx.conn().execute(&delete).await?;
    }
    Ok(())
}

/// Of these items, those that photos show.
pub(crate) async fn pictured_in(conn: &impl ConnectionTrait, school: UnitId, codes: &[String]) -> Result<Vec<String>> {
    let mut query = Query::select();
    query
        .distinct()
        .column("equipment_code")
        .from("facility_photo")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("equipment_code").is_in(codes.iter().map(String::as_str)));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| row.try_get_by_index::<String>(0).map_err(Error::from)).collect()
}

/// Errors: `import_stale`, for an item that is no longer there.
pub(crate) fn there<'k>(known: &'k BTreeMap<String, Kept>, code: &str) -> Result<&'k Kept> {
    known.get(code).ok_or_else(|| Error::new(Code::ImportStale))
}
