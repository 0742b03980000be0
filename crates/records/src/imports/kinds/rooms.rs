//! Rooms of a school. What a row leaves empty stays as it is; classes are seated in the register itself.

use super::{Applied, Cells, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, changed, error_fault};
use crate::imports::undo::Against;
use crate::rooms::{Kept, kept_in, remove_in, used_in, write_in};
use crate::units;
use dto::access::Permission;
use dto::file_imports::FileImportScope;
use dto::imports::{FieldChange, RowOutcome};
use dto::rooms::{Construction, PutRoom, RoomCondition, RoomKind};
use dto::{Code, Lang, RoomId, UnitId};
use kernel::text::fold;
use kernel::{Ctx, Error, Event, Result, Tx, id};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Rooms of a school.
pub struct Rooms;

const ROOM: &str = "room";

impl Kind for Rooms {
    fn code(&self) -> &'static str {
        "rooms"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Phòng", "Rooms"]
    }

    fn about(&self) -> [&'static str; 2] {
        ["Phòng của trường: loại, kết cấu, diện tích, chỗ ngồi.", "The rooms of a school: kind, construction, area, seats."]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::School
    }

    fn needs_open_school(&self) -> bool {
        true
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            units::school_in(conn, ctx, Permission::FacilityWrite, scope.school_id).await?;
            let opened = OpenRooms { school: scope.school_id, seen: HashMap::new() };
            Ok(Box::new(opened) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope.school_id, images))
    }
}

struct OpenRooms {
    school: UnitId,
    /// Folded codes of the rows before.
    seen: HashMap<String, u32>,
}

/// The words of an enumeration's values.
macro_rules! words {
    ($all:expr) => {
        $all.iter().map(|v| (*v, vec![v.label(Lang::Vi), v.label(Lang::En), v.as_str()])).collect::<Vec<_>>()
    };
}

fn choice<T: Copy>(cells: &mut Cells<'_>, field: &str, words: &[(T, Vec<&'static str>)]) -> Option<T> {
    let values: Vec<(T, &[&str])> = words.iter().map(|(value, words)| (*value, words.as_slice())).collect();
    cells.choice(field, &values)
}

/// An area in square metres, "54,5" or "54.5", in square decimetres.
fn area(cells: &mut Cells<'_>) -> Option<i32> {
    let text = cells.text("area", 20)?;
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text.as_str(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let parsed = (digits(whole) && digits(part) && part.len() <= 2)
        .then(|| whole.parse::<i32>().ok()?.checked_mul(100)?.checked_add(format!("{part:0<2}").parse().ok()?))
        .flatten();
    match parsed {
        Some(dm2 @ 1..=10_000_000) => Some(dm2),
        _ => {
            let (vi, en) = (format!("“{text}” không phải diện tích theo m²."), format!("“{text}” is no area in m²."));
            cells.fault("area", "area", vi, en);
            None
        }
    }
}

/// "Tầng 2", "Trệt", "2".
fn floor(cells: &mut Cells<'_>) -> Option<i16> {
    let text = cells.text("floor", 20)?;
    let folded = fold(&text);
    let bare = folded.trim_start_matches("tang").trim();
    let floor = if matches!(bare, "tret" | "ground") { Some(1) } else { bare.parse::<i16>().ok() };
    match floor {
        Some(floor @ -3..=60) => Some(floor),
        _ => {
            let (vi, en) = (format!("“{text}” không phải tầng."), format!("“{text}” is no floor."));
            cells.fault("floor", "floor", vi, en);
            None
        }
    }
}

fn small(cells: &mut Cells<'_>, field: &str, max: u32) -> Option<i16> {
    cells.number(field, max).and_then(|n| i16::try_from(n).ok())
}

/// What a row makes of a room, known or new.
fn read(cells: &mut Cells<'_>, known: Option<&Kept>) -> Option<PutRoom> {
    let code = cells.text("code", 20);
    let was = known.map(|kept| kept.body.clone());
    let name = cells.text("name", 120);
    let kind = choice(cells, "kind", &words!(RoomKind::ALL));
    let construction = choice(cells, "construction", &words!(Construction::ALL));
    if was.is_none() {
        for field in ["code", "name", "kind", "construction"] {
            if cells.line.text(field).is_none() {
                cells.missing(field);
            }
        }
    }
    let condition = choice(cells, "condition", &words!(RoomCondition::ALL));
    let (building, floor, area) = (cells.text("building", 60), floor(cells), area(cells));
    let (seats, built) = (small(cells, "seats", 5_000), small(cells, "built_year", 2_200));
    let (ended, note) = (cells.day("ended_on"), cells.text("note", 500));
    if built.is_some_and(|year| year < 1800) {
        cells.fault("number", "built_year", "Năm xây dựng phải từ 1800.", "The year must be 1800 or later.");
    }
    if cells.failed() {
        return None;
    }
    let body = match was {
        Some(was) => PutRoom {
            name: name.unwrap_or(was.name),
            kind: kind.unwrap_or(was.kind),
            construction: construction.unwrap_or(was.construction),
            condition: condition.unwrap_or(was.condition),
            building: building.or(was.building),
            floor: floor.unwrap_or(was.floor),
            area_dm2: area.or(was.area_dm2),
            seats: seats.or(was.seats),
            built_year: built.or(was.built_year),
            ended_on: ended.or(was.ended_on),
            note: note.or(was.note),
            code: was.code,
            class_ids: was.class_ids,
        },
        None => PutRoom {
            code: code?,
            name: name?,
            kind: kind?,
            construction: construction?,
            condition: condition.unwrap_or(RoomCondition::Good),
            building,
            floor: floor.unwrap_or(1),
            area_dm2: area,
            seats,
            built_year: built,
            class_ids: Vec::new(),
            ended_on: ended,
            note,
        },
    };
    Some(body)
}

fn changes(before: &PutRoom, after: &PutRoom) -> Vec<FieldChange> {
    let number = |n: Option<i16>| n.map(|n| n.to_string());
    let told = |body: &PutRoom| {
        [
            ("name", Some(body.name.clone())),
            ("building", body.building.clone()),
            ("floor", Some(body.floor.to_string())),
            ("kind", Some(body.kind.label(Lang::Vi).to_owned())),
            ("construction", Some(body.construction.label(Lang::Vi).to_owned())),
            ("condition", Some(body.condition.label(Lang::Vi).to_owned())),
            ("area", body.area_dm2.map(|dm2| dm2.to_string())),
            ("seats", number(body.seats)),
            ("built_year", number(body.built_year)),
            ("ended_on", body.ended_on.map(|day| day.to_string())),
            ("note", body.note.clone()),
        ]
    };
    changed(told(before), told(after))
}

impl OpenRooms {
    fn row(&mut self, known: &BTreeMap<String, Kept>, line: &Line) -> (Checked, Option<PutRoom>) {
        let mut cells = Cells::new(line);
        let code = line.text("code").unwrap_or_default();
        let title = [Some(code.clone()), line.text("name")].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let kept = known.get(&fold(&code));
        let Some(body) = read(&mut cells, kept) else { return (Checked::faulty(title, cells.faults), None) };
        let first = *self.seen.entry(fold(&code)).or_insert(line.row);
        if first != line.row {
            let mut checked = Checked::of(title, RowOutcome::Conflict);
            let (vi, en) =
                (format!("Dòng này và dòng {first} cùng mã phòng."), format!("This row and row {first} have the same code."));
            checked.faults.push(error_fault("room-repeated", Some("code"), vi, en));
            return (checked, None);
        }
        let mut checked = match kept {
            None => Checked::of(title, RowOutcome::New),
            Some(kept) => Checked::changed(title, changes(&kept.body, &body)),
        };
        checked.faults = cells.faults;
        (checked, Some(body))
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        let known = kept_in(tx.conn(), self.school).await?;
        self.seen.clear();
        let mut done = Applied::default();
        for line in lines {
            let (_, body) = self.row(&known, line);
            let body = body.ok_or_else(|| Error::new(Code::ImportStale))?;
            let kept = known.get(&fold(&body.code));
            let room = kept.map_or_else(id::new, |kept| kept.id);
            let version = write_in(tx, self.school, room, kept, &body).await?;
            let before = kept.map(|kept| RoomImage { version: kept.version, body: kept.body.clone() });
            let after = RoomImage { version, body };
            done.images.push(Image::of(ROOM, room, before.as_ref(), Some(&after))?);
            let event = Event::new(Some(self.school), if kept.is_some() { "room.updated" } else { "room.created" }, "room", room);
            done.events.push(match &before {
                Some(before) => event.before(&before.body).after(&after.body),
                None => event.after(&after.body),
            });
        }
        Ok(done)
    }
}

/// A room as an import found or left it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct RoomImage {
    version: i64,
    body: PutRoom,
}

/// Takes rooms back where they lie now: at the school that the file was of, or at one that they went over to since by a decision, where
/// the caller may write them.
async fn take_back(tx: &Tx<'_>, school: UnitId, images: &[Image]) -> Result<Vec<Event>> {
    let mut done: Vec<(RoomId, Option<RoomImage>, RoomImage)> = Vec::new();
    for image in images {
        let (before, after) = image.read::<RoomImage>()?;
        let after = after.ok_or_else(|| Error::internal("an image without an after"))?;
        done.push((image.id.parse().map_err(Error::internal)?, before, after));
    }
    let mut present: HashMap<RoomId, (UnitId, Kept)> = HashMap::new();
    for kept in kept_in(tx.conn(), school).await?.into_values() {
        present.insert(kept.id, (school, kept));
    }
    let missing: Vec<Uuid> = done.iter().filter(|(room, ..)| !present.contains_key(room)).map(|(room, ..)| room.0).collect();
    let gone = units::gone_to(tx.conn(), ("room", "id"), &missing).await?;
    for place in gone.values().copied().collect::<BTreeSet<UnitId>>() {
        if units::school_in(tx.conn(), tx.ctx(), Permission::FacilityWrite, place).await.is_ok() {
            present.extend(kept_in(tx.conn(), place).await?.into_values().map(|kept| (kept.id, (place, kept))));
        }
    }
    let mut made: BTreeMap<UnitId, Vec<Uuid>> = BTreeMap::new();
    for (room, ..) in done.iter().filter(|(_, before, _)| before.is_none()) {
        if let Some((place, _)) = present.get(room) {
            made.entry(*place).or_default().push(room.0);
        }
    }
    let mut used = Vec::new();
    for (place, rooms) in &made {
        for chunk in rooms.chunks(500) {
            used.extend(used_in(tx.conn(), *place, chunk).await?);
        }
    }
    let mut against = Against::default();
    for (room, _, after) in &done {
        let same = present.get(room).is_some_and(|(_, kept)| kept.version == after.version);
        let elsewhere = !present.contains_key(room) && gone.contains_key(&room.0);
        if elsewhere {
            against.add(format!("/rooms/{room}"), Code::ImportedRecordMoved, &after.body.code);
        } else if !same || used.contains(&room.0) {
            against.add(format!("/rooms/{room}"), Code::ImportedRecordUsed, &after.body.code);
        }
    }
    against.into_result()?;
    let mut events = Vec::new();
    for (room, before, after) in done.iter().rev() {
        let Some((place, kept)) = present.get(room) else { continue };
        match before {
            None => {
                remove_in(tx, *place, *room).await?;
                events.push(Event::new(Some(*place), "room.removed", "room", *room).before(&after.body));
            }
            Some(before) => {
                write_in(tx, *place, *room, Some(kept), &before.body).await?;
                events.push(Event::new(Some(*place), "room.restored", "room", *room).before(&after.body).after(&before.body));
            }
        }
    }
    Ok(events)
}

impl Opened for OpenRooms {
    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("code", "Mã phòng", "Code", &["ma phong", "so phong", "ki hieu phong", "ky hieu phong", "ma"])
                .required()
                .hint("Mã riêng của trường, ví dụ A201.", "The school's own, such as A201."),
            Column::new("name", "Tên phòng", "Name", &["ten phong", "phong", "ten"]).required(),
            Column::new("building", "Nhà", "Building", &["nha", "day nha", "day", "khu", "toa nha", "khu nha"]),
            Column::new("floor", "Tầng", "Floor", &["tang", "lau"]).hint("Tầng trệt là 1.", "The ground floor is 1."),
            Column::new("kind", "Loại phòng", "Kind", &["loai phong", "loai", "chuc nang", "muc dich su dung"])
                .required()
                .choices(RoomKind::ALL.iter().map(|kind| kind.label(Lang::Vi))),
            Column::new("construction", "Kết cấu", "Construction", &["ket cau", "loai nha", "cap cong trinh", "kien co"])
                .required()
                .choices(Construction::ALL.iter().map(|kind| kind.label(Lang::Vi))),
            Column::new("condition", "Tình trạng", "Condition", &["tinh trang", "hien trang"])
                .choices(RoomCondition::ALL.iter().map(|kind| kind.label(Lang::Vi)))
                .hint("Để trống: dùng tốt.", "Left empty: in good order."),
            Column::new("area", "Diện tích (m²)", "Area (m²)", &["dien tich", "dien tich m2", "dien tich (m2)", "m2"])
                .hint("Ví dụ 54,5.", "Such as 54.5."),
            Column::new("seats", "Số chỗ ngồi", "Seats", &["so cho ngoi", "cho ngoi", "so cho", "suc chua"]),
            Column::new("built_year", "Năm xây dựng", "Built in", &["nam xay dung", "nam xay", "nam su dung"]),
            Column::new("ended_on", "Thôi dùng từ ngày", "Ended on", &["thoi dung tu ngay", "ngay thanh li"]),
            Column::new("note", "Ghi chú", "Note", &["ghi chu"]),
        ]
    }

    fn title_class(&mut self, _: Option<&str>) {
        self.seen.clear();
    }

    fn check<'a>(&'a mut self, conn: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move {
            let known = kept_in(conn, self.school).await?;
            Ok(lines.iter().map(|line| self.row(&known, line).0).collect())
        })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(self.write(tx, lines))
    }
}
