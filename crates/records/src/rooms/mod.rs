//! The register of a school's rooms. Each version is kept whole; the yearly figures of rooms are counted from here ([`figures_in`]).

mod file;
mod query;
mod rows;

pub use file::{RoomFile, file, square_metres};
pub(crate) use query::counted_in;
pub use query::{counts, list};
pub(crate) use rows::{Kept, kept_in, one_in, remove_in, used_in, write_in};

use crate::{equipment, input, units};
use chrono::{DateTime, Datelike, Utc};
use dto::access::Permission;
use dto::equipment::EquipmentQuery;
use dto::rooms::{PutRoom, Room, RoomItem, RoomQuery, RoomVersion, RoomYear};
use dto::units::Unit;
use dto::{Code, RoomId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use query::{Row, VersionRow};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// A room of a school.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, school: UnitId, id: RoomId) -> Result<Room> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let row = query::row_in(conn, school.id, id).await?;
    whole(conn, ctx, &school, row).await
}

/// Most items that a room shows.
const SHOWN: u64 = 500;

async fn whole(conn: &impl ConnectionTrait, ctx: &Ctx, school: &Unit, row: Row) -> Result<Room> {
    let sittings = query::sittings(conn, school.id, Some(&[row.id])).await?.remove(&row.id).unwrap_or_default();
    let found = query::versions(conn, school.id, row.id).await?;
    let names = Names::of(conn, ctx.lang, found.iter().map(|version| version.written_by)).await?;
    let here = EquipmentQuery { room_id: Some(RoomId(row.id)), ..EquipmentQuery::default() };
    let versions = versions(&found, &names)?;
    Ok(Room {
        school_id: school.id,
        school_name: school.name.clone(),
        item: query::item(&row, &sittings)?,
        built_year: row.built_year,
        note: row.note,
        former_classes: sittings.into_iter().filter(|s| !s.running).map(|s| s.class).collect(),
        conditions: conditions(&versions, clock::now()),
        equipment: equipment::standing_in(conn, school.id, &here, SHOWN).await?,
        versions,
        writable: query::writes(conn, ctx, school.id).await?,
    })
}

fn versions(found: &[VersionRow], names: &Names) -> Result<Vec<RoomVersion>> {
    let bodies: Vec<PutRoom> =
        found.iter().map(|row| serde_json::from_str(&row.body)).collect::<Result<_, _>>().map_err(Error::internal)?;
    found
        .iter()
        .zip(&bodies)
        .enumerate()
        .map(|(n, (row, body))| {
            Ok(RoomVersion {
                version: row.version,
                at: row.written_at,
                by: names.name(row.written_by),
                changed: bodies.get(n + 1).map_or_else(|| Ok(Vec::new()), |before| differing(before, body))?,
                body: body.clone(),
            })
        })
        .collect()
}

/// The fields in which two versions differ.
fn differing(before: &PutRoom, after: &PutRoom) -> Result<Vec<String>> {
    let fields = |body: &PutRoom| serde_json::to_value(body).map_err(Error::internal);
    let (before, after) = (fields(before)?, fields(after)?);
    let none = serde_json::Map::new();
    let (before, after) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let mut names: Vec<String> =
        before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key)).cloned().collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// How a room was at the end of each year since it is known, and is now; a year in which nobody wrote says what the one before said.
fn conditions(versions: &[RoomVersion], now: DateTime<Utc>) -> Vec<RoomYear> {
    let year = |at: DateTime<Utc>| clock::day_of(at).year();
    let mut years: BTreeMap<i32, RoomYear> = BTreeMap::new();
    for version in versions.iter().rev() {
        let year = year(version.at);
        years.insert(year, RoomYear { year, condition: version.body.condition, construction: version.body.construction });
    }
    let Some(first) = years.keys().next().copied() else { return Vec::new() };
    let mut all: Vec<RoomYear> = Vec::new();
    for year in first..=year(now) {
        match (years.remove(&year), all.last().cloned()) {
            (Some(said), _) => all.push(said),
            (None, Some(before)) => all.push(RoomYear { year, ..before }),
            (None, None) => {}
        }
    }
    all.reverse();
    all
}

/// A body as it is kept.
fn checked(body: &PutRoom) -> Result<PutRoom> {
    Ok(PutRoom {
        code: input::text("/code", &body.code, 1, 20)?,
        name: input::text("/name", &body.name, 1, 120)?,
        building: input::text_opt("/building", body.building.as_deref(), 60)?,
        note: input::text_opt("/note", body.note.as_deref(), 500)?,
        ended_on: body.ended_on.map(|day| input::day("/ended_on", day)).transpose()?,
        ..body.clone()
    })
}

/// A new room of a school.
///
/// Errors: `not_found`, `unit_closed`, `code_taken`, `room_class_elsewhere`, `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PutRoom) -> Result<Room> {
    let body = checked(body)?;
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?;
        units::check_open(&school, clock::day_of(tx.now()))?;
        let room: RoomId = id::new();
        write_in(tx, school.id, room, None, &body).await?;
        let row = query::row_in(tx.conn(), school.id, room).await?;
        let event = Event::new(Some(school.id), "room.created", "room", room).after(&body);
        Ok((whole(tx.conn(), ctx, &school, row).await?, vec![event]))
    })
    .await
}

/// Changes a room; what it said before stays in its history.
///
/// Errors: `not_found`, `version_conflict`, `code_taken`, `room_class_elsewhere`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, school: UnitId, id: RoomId, version: i64, body: &PutRoom) -> Result<Room> {
    let body = checked(body)?;
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?;
        let before = rows::one_in(tx.conn(), school.id, id).await?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        write_in(tx, school.id, id, Some(&before), &body).await?;
        let row = query::row_in(tx.conn(), school.id, id).await?;
        let event = Event::new(Some(school.id), "room.updated", "room", id).before(&before.body).after(&body);
        Ok((whole(tx.conn(), ctx, &school, row).await?, vec![event]))
    })
    .await
}

/// The rooms of a school to print door labels for, with the school.
///
/// Errors: `not_found`, `no_rooms`.
pub async fn labelled(db: &Db, ctx: &Ctx, school: UnitId, query: &RoomQuery) -> Result<(Unit, Vec<RoomItem>)> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let rooms = query::all(conn, school.id, query).await?;
    if rooms.is_empty() {
        return Err(Error::new(Code::NoRooms));
    }
    Ok((school, rooms.into_iter().map(|(_, item)| item).collect()))
}

/// The name of a room of this school.
///
/// Errors: `invalid` with `field_choice` at `pointer`.
pub(crate) async fn name_in(conn: &impl ConnectionTrait, school: UnitId, room: RoomId, pointer: &str) -> Result<String> {
    match query::row_in(conn, school, room).await {
        Ok(row) => Ok(row.name),
        Err(e) if e.code() == Code::NotFound => Err(Error::field(pointer, Code::FieldChoice)),
        Err(e) => Err(e),
    }
}

/// The figures of rooms that the register says, by their codes; none where it is not filled.
pub(crate) async fn figures_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<BTreeMap<String, i64>> {
    let Some(counts) = counted_in(conn, school).await? else { return Ok(BTreeMap::new()) };
    let mut figures = BTreeMap::new();
    for kind in dto::rooms::RoomKind::ALL {
        for column in dto::rooms::Construction::ALL.iter().map(|c| c.as_str()).chain(["repair"]) {
            figures.insert(format!("rooms.{}.{column}", kind.counted_as()), 0);
        }
    }
    for count in counts {
        let row = count.kind.counted_as();
        *figures.entry(format!("rooms.{row}.{}", count.construction)).or_default() += i64::from(count.rooms);
        *figures.entry(format!("rooms.{row}.repair")).or_default() += i64::from(count.repair);
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::rooms::{Construction, RoomCondition, RoomKind};

    fn version(at: &str, condition: RoomCondition) -> RoomVersion {
        let body = PutRoom {
            code: "A1".into(),
            name: "Phòng A1".into(),
            building: None,
            floor: 1,
            kind: RoomKind::Classroom,
            construction: Construction::Permanent,
            condition,
            area_dm2: None,
            seats: None,
            built_year: None,
            class_ids: Vec::new(),
            ended_on: None,
            note: None,
        };
        RoomVersion { version: 1, at: at.parse().expect("a moment"), by: String::new(), body, changed: Vec::new() }
    }

    #[test]
    fn a_year_in_which_nobody_wrote_says_what_the_one_before_said() {
        // 17:30 UTC on the last day of a year is the next year in Vietnam.
        let versions =
            [version("2025-12-31T17:30:00Z", RoomCondition::Repair), version("2023-05-01T00:00:00Z", RoomCondition::Good)];
        let years = conditions(&versions, "2027-02-01T00:00:00Z".parse().expect("a moment"));
        let told: Vec<_> = years.iter().map(|y| (y.year, y.condition)).collect();
        use RoomCondition::{Good, Repair};
        assert_eq!(told, [(2027, Repair), (2026, Repair), (2025, Good), (2024, Good), (2023, Good)]);
    }

    #[test]
    fn fields_that_differ_are_named() {
        let (a, mut b) = (
            version("2025-01-01T00:00:00Z", RoomCondition::Good).body,
            PutRoom::clone(&version("2025-01-01T00:00:00Z", RoomCondition::Repair).body),
        );
        b.seats = Some(40);
        assert_eq!(differing(&a, &b).expect("json"), ["condition", "seats"]);
    }
}
