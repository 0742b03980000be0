//! Rows of `room`, `room_class` and `room_version`.

use super::query::{self, Row};
use crate::person;
use dto::rooms::PutRoom;
use dto::{Code, RoomId, UnitId};
use kernel::text::fold;
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A room as it is: what a body would say that changes nothing.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub id: RoomId,
    pub version: i64,
    pub body: PutRoom,
}

fn kept(row: Row, sittings: &[query::Sitting]) -> Result<Kept> {
    Ok(Kept {
        id: RoomId(row.id),
        version: row.version,
        body: PutRoom {
            code: row.code,
            name: row.name,
            building: Some(row.building).filter(|building| !building.is_empty()),
            floor: row.floor,
            kind: crate::stored(&row.kind)?,
            construction: crate::stored(&row.construction)?,
            condition: crate::stored(&row.condition)?,
            area_dm2: row.area_dm2,
            seats: row.seats,
            built_year: row.built_year,
            class_ids: sittings.iter().filter(|s| s.running).map(|s| s.class.id).collect(),
            ended_on: row.ended_on,
            note: row.note,
        },
    })
}

/// All rooms of a school as they are, by their folded codes.
pub(crate) async fn kept_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<BTreeMap<String, Kept>> {
    let sittings = query::sittings(conn, school, None).await?;
    let rows = query::rows_in(conn, school).await?;
    rows.into_iter()
        .map(|row| {
            let sat = sittings.get(&row.id).map_or(&[][..], Vec::as_slice);
            Ok((fold(&row.code), kept(row, sat)?))
        })
        .collect()
}

pub(crate) async fn one_in(conn: &impl ConnectionTrait, school: UnitId, id: RoomId) -> Result<Kept> {
    let row = query::row_in(conn, school, id).await?;
    let sittings = query::sittings(conn, school, Some(&[id.0])).await?;
    kept(row, sittings.get(&id.0).map_or(&[][..], Vec::as_slice))
}

/// Bytes of the keys of the building and of the code: with a byte for the floor they fit a cursor.
const PART: usize = 58;

/// The place of a room in lists: building, floor, code.
fn sort_key(body: &PutRoom) -> Vec<u8> {
    let mut key = person::name_key(body.building.as_deref().unwrap_or_default());
    key.truncate(PART);
    let floor = u8::try_from(i32::from(body.floor) + 100).unwrap_or(u8::MAX);
    key.extend([0, floor]);
    let code = person::name_key(&body.code);
    key.extend(code.into_iter().take(PART));
    key
}

fn columns(body: &PutRoom) -> Vec<(&'static str, Value)> {
    let building = body.building.clone().unwrap_or_default();
    vec![
        ("code", body.code.clone().into()),
        ("code_key", fold(&body.code).into()),
        ("name", body.name.clone().into()),
        ("floor", body.floor.into()),
        ("kind", body.kind.as_str().into()),
        ("construction", body.construction.as_str().into()),
        ("condition", body.condition.as_str().into()),
        ("area_dm2", body.area_dm2.into()),
        ("seats", body.seats.into()),
        ("built_year", body.built_year.into()),
        ("ended_on", body.ended_on.into()),
        ("note", body.note.clone().into()),
        ("sort_key", sort_key(body).into()),
        ("search_text", person::search_text(&[&body.code, &body.name, &building]).into()),
        ("building", building.into()),
    ]
}

/// Writes a room as its next version.
///
/// Errors: `code_taken`, `room_class_elsewhere`, `invalid` with `/class_ids/<n>`; lost where another wrote meanwhile.
pub(crate) async fn write_in(tx: &Tx<'_>, school: UnitId, id: RoomId, before: Option<&Kept>, body: &PutRoom) -> Result<i64> {
    let version = before.map_or(0, |before| before.version) + 1;
    let mut row = columns(body);
    row.push(("version", version.into()));
    match before {
        None => {
            row.extend([("school_id", school.0.into()), ("id", id.0.into())]);
            let (names, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
            let mut insert = Query::insert();
            insert.into_table("room").columns(names).values_panic(values.into_iter().map(Expr::val));
            tx.conn().execute(&insert).await?;
        }
        Some(before) => {
            let mut update = Query::update();
            update
                .table("room")
                .values(row.into_iter().map(|(name, value)| (name, Expr::val(value))))
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("id").eq(id.0))
                .and_where(Expr::col("version").eq(before.version));
            if tx.conn().execute(&update).await?.rows_affected() != 1 {
                return Err(Error::lost());
            }
        }
    }
    seat_in(tx, school, id, before.map_or(&[][..], |before| &before.body.class_ids), body).await?;
    let mut insert = Query::insert();
    insert
        .into_table("room_version")
        .columns(["school_id", "room_id", "version", "written_at", "written_by", "body"])
        .values_panic([
            school.0.into(),
            id.0.into(),
            version.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            serde_json::to_string(body).map_err(Error::internal)?.into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(version)
}

/// Brings the classes of running years that sit in a room to what a body says.
async fn seat_in(tx: &Tx<'_>, school: UnitId, room: RoomId, before: &[dto::ClassId], body: &PutRoom) -> Result<()> {
    for class in before.iter().filter(|class| !body.class_ids.contains(class)) {
        let mut delete = Query::delete();
        delete
            .from_table("room_class")
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("class_id").eq(class.0));
        tx.conn().execute(&delete).await?;
    }
    for (n, class) in body.class_ids.iter().enumerate() {
        let pointer = format!("/class_ids/{n}");
        if body.class_ids[..n].contains(class) {
            return Err(Error::field(pointer, Code::CellRepeated));
        }
        match query::seat_of(tx.conn(), school, *class).await? {
            None => return Err(Error::field(pointer, Code::FieldChoice)),
            Some((_, Some((there, _)))) if there == room.0 => {}
            Some((name, Some((_, code)))) => {
                return Err(Error::new(Code::RoomClassElsewhere).with("class", name).with("room", code));
            }
            Some((_, None)) => {
                let mut insert = Query::insert();
                insert.into_table("room_class").columns(["school_id", "class_id", "room_id"]).values_panic([
                    school.0.into(),
                    class.0.into(),
                    room.0.into(),
                ]);
                tx.conn().execute(&insert).await?;
            }
        }
    }
    Ok(())
}

/// Removes a room that nothing hangs on, as undoing an import does.
pub(crate) async fn remove_in(tx: &Tx<'_>, school: UnitId, room: RoomId) -> Result<()> {
    for (table, column) in [("room_version", "room_id"), ("room", "id")] {
        let mut delete = Query::delete();
        delete.from_table(table).and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col(column).eq(room.0));
        tx.conn().execute(&delete).await?;
    }
    Ok(())
}

/// Of these rooms, those that equipment, photos or classes are in.
pub(crate) async fn used_in(conn: &impl ConnectionTrait, school: UnitId, rooms: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut used = Vec::new();
    for table in ["equipment", "facility_photo", "room_class"] {
        let mut query = Query::select();
        query
            .distinct()
            .column("room_id")
            .from(table)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("room_id").is_in(rooms.iter().copied()));
        for row in conn.query_all(&query).await? {
            used.push(row.try_get_by_index(0)?);
        }
    }
    Ok(used)
}
