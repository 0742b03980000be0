//! The inventory of a school: items with a code on a label; who scans it marks the item found, moved or broken.

pub(crate) mod from_file;
mod query;
mod stocktaking;

pub(crate) use query::all as standing_in;
pub(crate) use query::counts_in;
pub use query::{counts, list};
pub use stocktaking::{EquipmentFile, file, stocktaking, stocktaking_file};

use crate::{input, person, rooms, units};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::equipment::{
    Equipment, EquipmentEvent, EquipmentItem, EquipmentQuery, EquipmentState, PostEquipment, PostSighting, PutEquipment,
};
use dto::finance::Vnd;
use dto::page::Page;
use dto::units::Unit;
use dto::{Code, RoomId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use query::Row;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Letters and digits of a code: none that people take for another.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// 31^10 codes: a million items of a province meet with a chance of one in two thousand, and then a scan shows both schools' officers
/// their own.
const CODE_LENGTH: usize = 10;

/// Amounts above this are slips of the keyboard.
const MOST: i64 = 1_000_000_000_000_000;

fn new_code() -> String {
    let digest = Sha256::digest(id::new::<Uuid>().as_bytes());
    digest.iter().take(CODE_LENGTH).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

/// A code as people type it, or as it stands on the label: "ABCDE-FGHJK".
pub(crate) fn typed(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(20).collect()
}

/// An amount of money that is no slip.
pub(crate) fn amount(pointer: &str, value: Vnd) -> Result<i64> {
    if (0..=MOST).contains(&value.0) {
        return Ok(value.0);
    }
    let bounds = BTreeMap::from([("min".to_owned(), "0".to_owned()), ("max".to_owned(), MOST.to_string())]);
    Err(Error::new(Code::Invalid).and_field_with(pointer, Code::FieldRange, bounds))
}

/// The code of an item of this school, as it is kept.
///
/// Errors: `invalid` with `field_choice` at `/equipment_code`.
pub(crate) async fn of_school_in(conn: &impl ConnectionTrait, school: UnitId, code: &str) -> Result<String> {
    let code = typed(code);
    let mut query = Query::select();
    query
        .column("code")
        .from("equipment")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("code").eq(code.as_str()));
    match conn.query_one(&query).await? {
        Some(_) => Ok(code),
        None => Err(Error::field("/equipment_code", Code::FieldChoice)),
    }
}

/// The fields of an item, checked and as the table keeps them.
#[derive(Clone)]
struct Fields {
    name: String,
    number: Option<String>,
    place: String,
    source: Option<String>,
    note: Option<String>,
    price: Option<i64>,
}

fn fields(body: &PutEquipment, at: &str) -> Result<Fields> {
    let pointer = |field: &str| format!("{at}/{field}");
    Ok(Fields {
        name: input::text(&pointer("name"), &body.name, 1, 200)?,
        number: input::text_opt(&pointer("number"), body.number.as_deref(), 40)?,
        place: input::text(&pointer("place"), &body.place, 1, 120)?,
        source: input::text_opt(&pointer("source"), body.source.as_deref(), 120)?,
        note: input::text_opt(&pointer("note"), body.note.as_deref(), 500)?,
        price: body.price.map(|price| amount(&pointer("price"), price)).transpose()?,
    })
}

fn search_text(code: &str, fields: &Fields) -> String {
    person::search_text(&[&fields.name, code, fields.number.as_deref().unwrap_or_default(), &fields.place])
}

/// What every write of an item sets.
fn columns(code: &str, fields: &Fields, body: &PutEquipment) -> Vec<(&'static str, Value)> {
    vec![
        ("name", fields.name.clone().into()),
        ("kind", body.kind.as_str().into()),
        ("number", fields.number.clone().into()),
        ("place", fields.place.clone().into()),
        ("room_id", body.room_id.map(Uuid::from).into()),
        ("state", body.state.as_str().into()),
        ("acquired_year", body.acquired_year.into()),
        ("source", fields.source.clone().into()),
        ("price", fields.price.into()),
        ("note", fields.note.clone().into()),
        ("sort_key", person::name_key(&fields.name).into()),
        ("search_text", search_text(code, fields).into()),
    ]
}

/// New items of a school, each with a code of its own.
///
/// Errors: `not_found`, `unit_closed`, `invalid`.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PostEquipment) -> Result<Page<EquipmentItem>> {
    let fields = fields(&body.item, "/item")?;
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?;
        units::check_open(&school, clock::day_of(tx.now()))?;
        if let Some(room) = body.item.room_id {
            rooms::name_in(tx.conn(), school.id, room, "/item/room_id").await?;
        }
        let mut items = Vec::new();
        for _ in 0..body.copies.unwrap_or(1) {
            let code = new_code();
            insert(tx, &school, &code, &fields, &body.item).await?;
            note(tx, school.id, &code, &fields.place, body.item.state, None).await?;
            items.push(EquipmentItem {
                code,
                name: fields.name.clone(),
                kind: body.item.kind,
                number: fields.number.clone(),
                place: fields.place.clone(),
                room_id: body.item.room_id,
                state: body.item.state,
                seen_on: Some(clock::day_of(tx.now())),
                version: 1,
            });
        }
        // One entry for all that are alike; it names the first, and holds every code.
        let codes: Vec<&str> = items.iter().map(|item| item.code.as_str()).collect();
        let first = codes.first().copied().unwrap_or_default();
        let event = Event::new(Some(school.id), "equipment.created", "equipment", first).after(&(&body.item, &codes));
        Ok((Page { items, next: None }, vec![event]))
    })
    .await
}

async fn insert(tx: &Tx<'_>, school: &Unit, code: &str, fields: &Fields, body: &PutEquipment) -> Result<()> {
    let mut row = columns(code, fields, body);
    row.extend([
        ("school_id", school.id.0.into()),
        ("code", code.into()),
        ("seen_on", clock::day_of(tx.now()).into()),
        ("seen_by", tx.ctx().account.map(Uuid::from).into()),
        ("created_at", tx.now().into()),
        ("version", 1i64.into()),
    ]);
    let (names, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let mut insert = Query::insert();
    insert.into_table("equipment").columns(names).values_panic(values.into_iter().map(Expr::val));
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Writes down where an item is and in what state.
async fn note(tx: &Tx<'_>, school: UnitId, code: &str, place: &str, state: EquipmentState, note: Option<String>) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("equipment_event")
        .columns(["school_id", "equipment_code", "id", "happened_at", "by_account", "place", "state", "note"])
        .values_panic([
            school.0.into(),
            code.into(),
            id::new::<Uuid>().into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            place.into(),
            state.as_str().into(),
            note.into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// An item by its code, as typed or scanned.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, code: &str) -> Result<Equipment> {
    let conn = db.read();
    let row = query::find(conn, ctx, Permission::FacilityRead, &typed(code)).await?;
    whole(conn, ctx, row).await
}

async fn whole(conn: &impl ConnectionTrait, ctx: &Ctx, row: Row) -> Result<Equipment> {
    let school = UnitId(row.school_id);
    let seen = query::events(conn, school, &row.code).await?;
    let names = Names::of(conn, ctx.lang, seen.iter().map(|event| event.by_account)).await?;
    let events = seen
        .into_iter()
        .map(|event| {
            Ok(EquipmentEvent {
                at: event.happened_at,
                by: names.name(event.by_account),
                place: event.place,
                state: crate::stored(&event.state)?,
                note: event.note,
            })
        })
        .collect::<Result<_>>()?;
    let writable = match ctx.can(Permission::FacilityWrite) {
        false => false,
        true => query::find(conn, ctx, Permission::FacilityWrite, &row.code).await.is_ok(),
    };
    Ok(Equipment {
        school_id: school,
        school_name: row.school_name,
        name: row.name,
        kind: crate::stored(&row.kind)?,
        number: row.number,
        place: row.place,
        room_id: row.room_id.map(RoomId),
        state: crate::stored(&row.state)?,
        acquired_year: row.acquired_year,
        source: row.source,
        price: row.price.map(Vnd),
        note: row.note,
        seen_on: row.seen_on,
        events,
        writable,
        version: row.version,
        code: row.code,
    })
}

/// Changes an item.
///
/// Errors: `not_found`, `version_conflict`, `invalid`.
pub async fn put(db: &Db, ctx: &Ctx, code: &str, version: i64, body: &PutEquipment) -> Result<Equipment> {
    let fields = fields(body, "")?;
    let code = typed(code);
    db.write(ctx, async |tx| {
        let before = query::find(tx.conn(), ctx, Permission::FacilityWrite, &code).await?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        if let Some(room) = body.room_id {
            rooms::name_in(tx.conn(), UnitId(before.school_id), room, "/room_id").await?;
        }
        update(tx, &before, columns(&code, &fields, body)).await?;
        if before.place != fields.place || before.state != body.state.as_str() {
            note(tx, UnitId(before.school_id), &code, &fields.place, body.state, None).await?;
        }
        changed(tx, before, "equipment.updated").await
    })
    .await
}

/// Somebody stands before an item: it is found, and, where they say so, elsewhere or in another state.
///
/// Errors: `not_found`, `invalid`.
pub async fn sight(db: &Db, ctx: &Ctx, code: &str, body: &PostSighting) -> Result<Equipment> {
    let place = body.place.as_deref().map(|place| input::text("/place", place, 1, 120)).transpose()?;
    let text = input::text_opt("/note", body.note.as_deref(), 500)?;
    let code = typed(code);
    db.write(ctx, async |tx| {
        let before = query::find(tx.conn(), ctx, Permission::FacilityWrite, &code).await?;
        let was: EquipmentState = crate::stored(&before.state)?;
        let state = body.state.unwrap_or(if was == EquipmentState::Lost { EquipmentState::Good } else { was });
        let (room, named) = match body.room_id {
            Some(room) => (Some(room.0), Some(rooms::name_in(tx.conn(), UnitId(before.school_id), room, "/room_id").await?)),
            // Where it is said in words alone, the room is not known any more; where nothing is said, it is where it was.
            None => (before.room_id.filter(|_| place.as_ref().is_none_or(|place| *place == before.place)), None),
        };
        let place = place.clone().or(named).unwrap_or_else(|| before.place.clone());
        let fields = Fields {
            name: before.name.clone(),
            number: before.number.clone(),
            place: place.clone(),
            source: None,
            note: None,
            price: None,
        };
        let mut row: Vec<(&'static str, Value)> = vec![
            ("place", place.clone().into()),
            ("room_id", room.into()),
            ("state", state.as_str().into()),
            ("search_text", search_text(&code, &fields).into()),
        ];
        // Who looked for it and did not find it has not seen it.
        if state != EquipmentState::Lost {
            row.push(("seen_on", clock::day_of(tx.now()).into()));
            row.push(("seen_by", tx.ctx().account.map(Uuid::from).into()));
        }
        update(tx, &before, row).await?;
        note(tx, UnitId(before.school_id), &code, &place, state, text.clone()).await?;
        changed(tx, before, "equipment.seen").await
    })
    .await
}

async fn update(tx: &Tx<'_>, before: &Row, row: Vec<(&'static str, Value)>) -> Result<()> {
    let mut update = Query::update();
    update
        .table("equipment")
        .values(row.into_iter().map(|(name, value)| (name, Expr::val(value))))
        .value("version", before.version + 1)
        .and_where(Expr::col("school_id").eq(before.school_id))
        .and_where(Expr::col("code").eq(before.code.as_str()))
        .and_where(Expr::col("version").eq(before.version));
    match tx.conn().execute(&update).await?.rows_affected() {
        1 => Ok(()),
        // Another wrote in between: the write runs again and sees it.
        _ => Err(Error::lost()),
    }
}

/// What an item is after a change, for the log.
#[derive(serde::Serialize)]
struct Logged<'a> {
    name: &'a str,
    place: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_id: Option<Uuid>,
    state: &'a str,
    number: Option<&'a str>,
    price: Option<i64>,
    seen_on: Option<NaiveDate>,
}

impl<'a> From<&'a Row> for Logged<'a> {
    fn from(row: &'a Row) -> Self {
        Logged {
            name: &row.name,
            place: &row.place,
            room_id: row.room_id,
            state: &row.state,
            number: row.number.as_deref(),
            price: row.price,
            seen_on: row.seen_on,
        }
    }
}

async fn changed(tx: &Tx<'_>, before: Row, verb: &'static str) -> Result<(Equipment, Vec<Event>)> {
    let after = query::find(tx.conn(), tx.ctx(), Permission::FacilityWrite, &before.code).await?;
    let event = Event::new(Some(UnitId(before.school_id)), verb, "equipment", &before.code)
        .before(&Logged::from(&before))
        .after(&Logged::from(&after));
    Ok((whole(tx.conn(), tx.ctx(), after).await?, vec![event]))
}

/// Most labels of one sheet of paper run.
const LABELS: u64 = 1_000;

/// The items of a school to print labels for, with the school's name.
///
/// Errors: `not_found`, `no_equipment`.
pub async fn labelled(db: &Db, ctx: &Ctx, school: UnitId, query: &EquipmentQuery) -> Result<(String, Vec<EquipmentItem>)> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let items = query::all(conn, school.id, query, LABELS).await?;
    if items.is_empty() { Err(Error::new(Code::NoEquipment)) } else { Ok((school.name, items)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_printed() {
        let code = new_code();
        assert_eq!(code.len(), CODE_LENGTH);
        assert_eq!(typed(&format!("{}-{}", &code[..5].to_lowercase(), &code[5..])), code);
        assert_ne!(new_code(), new_code());
    }
}
