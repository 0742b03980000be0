//! The register of a school's rooms: entered two years ago, mended and rebuilt since, with the classes that sit there, and with the things
//! that were seen in them. What it adds up to is what the yearly count of [`super::facilities`] says.

use super::Desk;
use super::equipment::Seen;
use chrono::NaiveDate;
use dto::RoomId;
use dto::access::Role;
use dto::equipment::PostSighting;
use dto::rooms::{Construction, PutRoom, RoomCondition, RoomKind};
use kernel::{Ctx, Result};
use records::{equipment, rooms};
use std::collections::BTreeMap;

/// What happened to a room since the register was begun.
#[derive(Clone, Copy, PartialEq)]
enum Past {
    /// Nothing.
    Sound,
    /// It needs repair, as it did.
    Worn,
    /// It was mended so many years ago.
    Mended(i32),
    /// It was built so many years ago.
    New(i32),
    /// A house that was rebuilt so many years ago; it was semi-permanent before.
    Rebuilt(i32),
}

struct Door<'a> {
    code: &'a str,
    name: &'a str,
    building: &'a str,
    kind: RoomKind,
    construction: Construction,
    area_dm2: i32,
    seats: i16,
    built: i16,
    past: Past,
}

const fn door(
    (code, name, building): (&'static str, &'static str, &'static str),
    (kind, construction): (RoomKind, Construction),
    (area_dm2, seats, built): (i32, i16, i16),
    past: Past,
) -> Door<'static> {
    Door { code, name, building, kind, construction, area_dm2, seats, built, past }
}

/// The rooms that are no classrooms.
const DOORS: [Door<'static>; 22] = {
    use Construction::*;
    use Past::*;
    use RoomKind::*;
    [
        door(("B101", "Phòng bộ môn Khoa học tự nhiên", "Nhà B"), (Subject, Permanent), (7_800, 45, 2017), Sound),
        door(("B102", "Phòng Tin học 1", "Nhà B"), (Subject, Permanent), (7_200, 40, 2017), Sound),
        door(("B103", "Thư viện", "Nhà B"), (Library, Permanent), (11_600, 48, 2017), Sound),
        door(("B104", "Kho thiết bị", "Nhà B"), (TeachingAids, Permanent), (4_800, 0, 2017), Sound),
        door(("B201", "Phòng Tin học 2", "Nhà B"), (Subject, Permanent), (7_200, 40, 2017), Sound),
        door(("B202", "Phòng Ngoại ngữ", "Nhà B"), (Subject, Permanent), (7_200, 40, 2017), Sound),
        door(("B203", "Phòng Đoàn - Đội", "Nhà B"), (Support, Permanent), (4_200, 20, 2017), Sound),
        door(("B204", "Phòng tư vấn học đường", "Nhà B"), (Support, Permanent), (2_400, 8, 2017), Sound),
        door(("E101", "Phòng bộ môn Công nghệ", "Nhà E"), (Subject, Permanent), (7_800, 45, 2025), New(1)),
        door(("E102", "Phòng bộ môn Khoa học xã hội", "Nhà E"), (Subject, Permanent), (7_800, 45, 2026), New(0)),
        door(("C103", "Phòng Âm nhạc - Mĩ thuật", "Nhà C"), (Subject, Semi), (6_000, 40, 1998), Worn),
        door(("C104", "Phòng truyền thống", "Nhà C"), (Support, Semi), (4_800, 30, 1998), Sound),
        door(("C105", "Phòng Y tế", "Nhà C"), (Health, Semi), (2_400, 4, 1998), Sound),
        door(("D101", "Nhà đa năng", "Nhà đa năng"), (Hall, Permanent), (48_000, 300, 2019), Sound),
        door(("D102", "Kho dụng cụ thể thao", "Nhà đa năng"), (Other, Temporary), (1_800, 0, 2012), Sound),
        door(("H101", "Phòng Hiệu trưởng", "Nhà hiệu bộ"), (Office, Permanent), (2_400, 6, 2008), Sound),
        door(("H102", "Phòng Phó Hiệu trưởng", "Nhà hiệu bộ"), (Office, Permanent), (2_400, 6, 2008), Sound),
        door(("H103", "Phòng Văn thư", "Nhà hiệu bộ"), (Office, Permanent), (2_400, 4, 2008), Sound),
        door(("H104", "Phòng Kế toán", "Nhà hiệu bộ"), (Office, Permanent), (2_400, 4, 2008), Sound),
        door(("H201", "Phòng Hội đồng", "Nhà hiệu bộ"), (Meeting, Permanent), (9_600, 60, 2008), Sound),
        door(("H202", "Phòng lưu trữ", "Nhà hiệu bộ"), (Office, Permanent), (2_400, 2, 2008), Sound),
        door(("H203", "Phòng tiếp cha mẹ học sinh", "Nhà hiệu bộ"), (Office, Permanent), (2_400, 8, 2008), Sound),
    ]
};

/// What stands by itself: a room of the guard that needs repair, and a classroom that is no more.
const GATE: Door<'static> =
    door(("G101", "Phòng bảo vệ", "Cổng chính"), (RoomKind::Office, Construction::Semi), (1_200, 2, 2003), Past::Worn);
const OLD: Door<'static> =
    door(("C106", "Phòng học cũ", "Nhà C"), (RoomKind::Classroom, Construction::Temporary), (4_200, 36, 1991), Past::Worn);

/// The classrooms, in the order in which classes take them.
const CLASSROOMS: [(&str, Past); 16] = {
    use Past::*;
    [
        ("A101", Mended(1)),
        ("A102", Sound),
        ("A103", Sound),
        ("A104", Sound),
        ("A105", Sound),
        ("A201", Sound),
        ("A202", Sound),
        ("A203", Mended(0)),
        ("A204", Sound),
        ("A205", Sound),
        ("A301", Sound),
        ("A302", Sound),
        ("A303", Sound),
        ("A304", Worn),
        ("C101", Rebuilt(1)),
        ("C102", Rebuilt(0)),
    ]
};

fn floor(code: &str) -> i16 {
    code.as_bytes().get(1).map_or(1, |digit| i16::from(digit.saturating_sub(b'0')))
}

/// How a room was so many years ago.
fn body(door: &Door<'_>, ago: i32) -> PutRoom {
    let (construction, condition) = match door.past {
        Past::Sound => (door.construction, RoomCondition::Good),
        Past::Worn => (door.construction, RoomCondition::Repair),
        Past::Mended(when) if when < ago => (door.construction, RoomCondition::Repair),
        Past::Rebuilt(when) if when < ago => (Construction::Semi, RoomCondition::Good),
        Past::Mended(_) | Past::New(_) | Past::Rebuilt(_) => (door.construction, RoomCondition::Good),
    };
    PutRoom {
        code: door.code.to_owned(),
        name: door.name.to_owned(),
        building: Some(door.building.to_owned()),
        floor: floor(door.code),
        kind: door.kind,
        construction,
        condition,
        area_dm2: Some(door.area_dm2),
        seats: Some(door.seats).filter(|seats| *seats > 0),
        built_year: Some(door.built),
        class_ids: Vec::new(),
        ended_on: None,
        note: None,
    }
}

fn note(door: &Door<'_>, ago: i32) -> Option<&'static str> {
    match door.past {
        Past::Worn => Some("Trần thấm nước khi mưa lớn, đã đề nghị sửa chữa."),
        Past::Mended(when) if when < ago => Some("Nền gạch bong, quạt trần hỏng hai cái."),
        Past::Mended(when) if when == ago => Some("Đã lát lại nền, thay quạt trần trong hè."),
        Past::New(when) if when == ago => Some("Đưa vào dùng từ đầu năm học; thuộc dự án dãy 4 phòng học bộ môn."),
        Past::Rebuilt(when) if when == ago => Some("Xây lại thành nhà kiên cố, đưa vào dùng từ tháng 8."),
        _ => None,
    }
}

pub async fn fill(desk: &Desk<'_>, seen: &[Seen]) -> Result<()> {
    let clerk = desk.site.office("clerk", Role::Clerk);
    let mut named: BTreeMap<&str, RoomId> = BTreeMap::new();
    for (nth, (code, past)) in CLASSROOMS.into_iter().enumerate() {
        let name = format!("Phòng học {code}");
        let (building, built) = if code.starts_with('A') { ("Nhà A", 2014) } else { ("Nhà C", 1998) };
        let room = Door {
            code,
            name: &name,
            building,
            kind: RoomKind::Classroom,
            construction: Construction::Permanent,
            area_dm2: 5_400 + 100 * (nth as i32 % 3),
            seats: 45,
            built,
            past,
        };
        let taken = desk.site.classes.iter().skip(nth).step_by(CLASSROOMS.len());
        keep(desk, &clerk, &room, taken.map(|class| class.id).collect(), None).await?;
    }
    for room in &DOORS {
        named.insert(room.name, keep(desk, &clerk, room, Vec::new(), None).await?);
    }
    keep(desk, &clerk, &GATE, Vec::new(), None).await?;
    keep(desk, &clerk, &OLD, Vec::new(), Some(super::day(desk.year - 2, 8, 15))).await?;
    // Since there are labels on the doors, what was seen is said with the room in which it stands.
    for (nth, thing) in seen.iter().enumerate() {
        let Some(room) = named.get(thing.place) else { continue };
        desk.on(11, 9 + nth as u32 % 2, 8 + nth as i64 % 9);
        let sighting = PostSighting { place: None, room_id: Some(*room), state: thing.state, note: None };
        equipment::sight(desk.db, &clerk, &thing.code, &sighting).await?;
    }
    Ok(())
}

/// Enters a room as it was, then what each autumn changed.
async fn keep(
    desk: &Desk<'_>,
    clerk: &Ctx,
    door: &Door<'_>,
    classes: Vec<dto::ClassId>,
    ended_on: Option<NaiveDate>,
) -> Result<RoomId> {
    let since = if let Past::New(when) = door.past { when } else { 2 };
    desk.on_of(desk.year - since, 9, 3, 9);
    let at = |ago: i32| {
        let class_ids = if ago == 0 { classes.clone() } else { Vec::new() };
        PutRoom { ended_on, class_ids, note: note(door, ago).map(str::to_owned), ..body(door, ago) }
    };
    let mut last = at(since);
    let made = rooms::create(desk.db, clerk, desk.site.school, &last).await?;
    let (id, mut version) = (made.item.id, made.item.version);
    for ago in (0..since).rev() {
        let next = at(ago);
        if next != last {
            desk.on_of(desk.year - ago, 9, 4, 9);
            version = rooms::put(desk.db, clerk, desk.site.school, id, version, &next).await?.item.version;
            last = next;
        }
    }
    Ok(id)
}
