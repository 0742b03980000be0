//! The inventory of a school from a file: the one it kept in Excel until now, or its own file of here with corrections.

use super::{Applied, Cells, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, changed, error_fault};
use crate::equipment::from_file::{Kept, kept_in, pictured_in, remove_in, there, write_in};
use crate::equipment::typed;
use crate::imports::undo::Against;
use crate::rooms;
use crate::units;
use chrono::Datelike;
use dto::access::Permission;
use dto::equipment::{EquipmentKind, EquipmentState, PutEquipment};
use dto::file_imports::FileImportScope;
use dto::finance::Vnd;
use dto::imports::{FieldChange, RowOutcome};
use dto::units::Unit;
use dto::{Code, Lang, RoomId, UnitId};
use kernel::text::fold;
use kernel::{Ctx, Error, Event, Result, Tx, clock};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The inventory of a school.
pub struct Inventory;

const ITEM: &str = "equipment";
/// Most items of one row.
const COPIES: u32 = 200;

impl Kind for Inventory {
    fn code(&self) -> &'static str {
        "equipment"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Thiết bị, tài sản", "Equipment"]
    }

    fn about(&self) -> [&'static str; 2] {
        [
            "Sổ thiết bị của trường. Dòng có mã nhãn, hoặc số của trường đã có, là thiết bị ấy; dòng khác là thiết bị mới và được cấp mã nhãn, mỗi cái một mã.",
            "The inventory of a school. A row with the code of a label, or with a number that the school has given already, is that item; any other is new and gets a label, each copy its own.",
        ]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::School
    }

    fn needs_open_school(&self) -> bool {
        true
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let school = units::school_in(conn, ctx, Permission::FacilityWrite, scope.school_id).await?;
            let kept = rooms::kept_in(conn, school.id).await?;
            let rooms = kept.into_iter().map(|(code, room)| (code, (room.id, room.body.name))).collect();
            Ok(Box::new(OpenInventory { school, rooms, seen: HashMap::new() }) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope, images))
    }
}

struct OpenInventory {
    school: Unit,
    /// The rooms of the school by folded code: id and name.
    rooms: BTreeMap<String, (RoomId, String)>,
    /// Codes and folded numbers of the rows before.
    seen: HashMap<String, u32>,
}

/// What is known of the school's items.
struct Known {
    items: BTreeMap<String, Kept>,
    /// The code of the item with a number; none where several have it.
    numbers: HashMap<String, Option<String>>,
}

impl Known {
    fn new(items: BTreeMap<String, Kept>) -> Known {
        let mut numbers: HashMap<String, Option<String>> = HashMap::new();
        for (code, item) in &items {
            if let Some(number) = &item.body.number {
                numbers.entry(fold(number)).and_modify(|one| *one = None).or_insert_with(|| Some(code.clone()));
            }
        }
        Known { items, numbers }
    }
}

/// What a row comes to.
struct Wanted {
    /// Of the item that it is; none for new ones.
    code: Option<String>,
    body: PutEquipment,
    copies: u32,
}

/// "12.500.000", "12,500,000 đ" or "12500000" in đồng.
fn dong(text: &str) -> Option<i64> {
    let bare = fold(text);
    let bare = bare.trim_end_matches("dong").trim_end_matches("vnd").trim_end_matches('d').trim();
    let digits: String = bare.chars().filter(|c| !matches!(c, '.' | ',' | ' ')).collect();
    let grouped = bare.split(['.', ',', ' ']).skip(1).all(|group| group.len() == 3);
    let known = grouped && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    known.then(|| digits.parse().ok()).flatten().filter(|n| *n <= 1_000_000_000_000_000)
}

fn choice<T: Copy>(cells: &mut Cells<'_>, field: &str, all: &[T], label: impl Fn(T, Lang) -> &'static str) -> Option<T> {
    let words: Vec<(T, [&str; 2])> =
        all.iter().map(|value| (*value, [label(*value, Lang::Vi), label(*value, Lang::En)])).collect();
    let values: Vec<(T, &[&str])> = words.iter().map(|(value, words)| (*value, words.as_slice())).collect();
    cells.choice(field, &values)
}

fn changes(before: &PutEquipment, after: &PutEquipment) -> Vec<FieldChange> {
    let told = |body: &PutEquipment| {
        [
            ("name", Some(body.name.clone())),
            ("kind", Some(body.kind.label(Lang::Vi).to_owned())),
            ("number", body.number.clone()),
            ("place", Some(body.place.clone())),
            ("state", Some(body.state.label(Lang::Vi).to_owned())),
            ("acquired_year", body.acquired_year.map(|year| year.to_string())),
            ("source", body.source.clone()),
            ("price", body.price.map(|price| price.0.to_string())),
            ("note", body.note.clone()),
        ]
    };
    changed(told(before), told(after))
}

impl OpenInventory {
    /// The item that a row is; none for a new one.
    fn item<'k>(&self, known: &'k Known, cells: &mut Cells<'_>) -> Option<&'k Kept> {
        if let Some(code) = cells.text("code", 20) {
            let found = known.items.get(&typed(&code));
            if found.is_none() {
                let (vi, en) = (format!("Trường không có thiết bị mang mã {code}."), format!("The school has no item {code}."));
                cells.fault("equipment-unknown", "code", vi, en);
            }
            return found;
        }
        let number = cells.text("number", 40)?;
        match known.numbers.get(&fold(&number)) {
            Some(Some(code)) => known.items.get(code),
            Some(None) => {
                let (vi, en) = (
                    format!("Nhiều thiết bị cùng số {number}. Hãy ghi mã trên nhãn."),
                    format!("Several items have the number {number}. Write the code of the label."),
                );
                cells.fault("number-ambiguous", "number", vi, en);
                None
            }
            None => None,
        }
    }

    /// The place of a row: the room of a code, else what the words say.
    fn place(&self, cells: &mut Cells<'_>, was: Option<&PutEquipment>) -> (Option<RoomId>, Option<String>) {
        let said = cells.text("place", 120);
        let room = cells.text("room", 20).and_then(|code| {
            let found = self.rooms.get(&fold(&code));
            if found.is_none() {
                let (vi, en) = (format!("Trường không có phòng mang mã {code}."), format!("The school has no room {code}."));
                cells.fault("room-unknown", "room", vi, en);
            }
            found
        });
        match (room, said) {
            (Some((id, name)), said) => (Some(*id), Some(said.unwrap_or_else(|| name.clone()))),
            // In words alone, elsewhere than it was: the room is not known any more.
            (None, Some(said)) => (was.filter(|was| was.place == said).and_then(|was| was.room_id), Some(said)),
            (None, None) => (was.and_then(|was| was.room_id), was.map(|was| was.place.clone())),
        }
    }

    fn read(&self, cells: &mut Cells<'_>, was: Option<&PutEquipment>) -> Option<(PutEquipment, u32)> {
        let name = cells.text("name", 200).or_else(|| was.map(|was| was.name.clone()));
        let kind = choice(cells, "kind", EquipmentKind::ALL, EquipmentKind::label).or(was.map(|was| was.kind));
        let state = choice(cells, "state", EquipmentState::ALL, EquipmentState::label).or(was.map(|was| was.state));
        let (room_id, place) = self.place(cells, was);
        for (field, missing) in [("name", name.is_none()), ("kind", kind.is_none()), ("place", place.is_none())] {
            if missing && cells.line.text(field).is_none() {
                cells.missing(field);
            }
        }
        let year = cells.number("acquired_year", 2_200).and_then(|n| i16::try_from(n).ok());
        if year.is_some_and(|year| !(1900..=clock::today().year() + 1).contains(&i32::from(year))) {
            cells.fault("number", "acquired_year", "Năm đưa vào dùng không thể như vậy.", "The year cannot be.");
        }
        let price = cells.text("price", 30).and_then(|text| {
            let price = dong(&text);
            if price.is_none() {
                cells.fault(
                    "money",
                    "price",
                    format!("“{text}” không phải số tiền."),
                    format!("“{text}” is no amount of money."),
                );
            }
            price
        });
        let copies = cells.number("copies", COPIES).unwrap_or(1).max(1);
        let (number, source, note) = (cells.text("number", 40), cells.text("source", 120), cells.text("note", 500));
        if cells.failed() {
            return None;
        }
        let or = |said: Option<String>, was: Option<&String>| said.or_else(|| was.cloned());
        let body = PutEquipment {
            name: name?,
            kind: kind?,
            place: place?,
            room_id,
            state: state.unwrap_or(EquipmentState::Good),
            number: or(number, was.and_then(|was| was.number.as_ref())),
            acquired_year: year.or(was.and_then(|was| was.acquired_year)),
            source: or(source, was.and_then(|was| was.source.as_ref())),
            price: price.map(Vnd).or(was.and_then(|was| was.price)),
            note: or(note, was.and_then(|was| was.note.as_ref())),
        };
        Some((body, if was.is_some() { 1 } else { copies }))
    }

    fn row(&mut self, known: &Known, line: &Line) -> (Checked, Option<Wanted>) {
        let title = [line.text("name"), line.text("number")].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let mut cells = Cells::new(line);
        let kept = self.item(known, &mut cells);
        let read = self.read(&mut cells, kept.map(|kept| &kept.body));
        let Some((body, copies)) = read else { return (Checked::faulty(title, cells.faults), None) };
        let code = line.text("code").map(|code| typed(&code));
        for key in [code.clone(), line.text("number").map(|number| format!("#{}", fold(&number)))].into_iter().flatten() {
            let first = *self.seen.entry(key).or_insert(line.row);
            if first != line.row {
                let mut checked = Checked::of(title, RowOutcome::Conflict);
                let (vi, en) = (
                    format!("Dòng này và dòng {first} là cùng một thiết bị."),
                    format!("This row and row {first} are one item."),
                );
                checked.faults.push(error_fault("equipment-repeated", Some("number"), vi, en));
                return (checked, None);
            }
        }
        let mut checked = match kept {
            None => Checked::of(title, RowOutcome::New),
            Some(kept) if kept.body == body => Checked::changed(title, Vec::new()),
            Some(kept) => {
                let mut changes = changes(&kept.body, &body);
                if changes.is_empty() {
                    // The room alone, whose name the place has already.
                    changes.push(FieldChange { field: "room".to_owned(), before: None, after: line.text("room") });
                }
                Checked::changed(title, changes)
            }
        };
        checked.faults = cells.faults;
        let code = kept.and_then(|_| code.or_else(|| known.numbers.get(&fold(&line.text("number")?)).cloned().flatten()));
        (checked, Some(Wanted { code, body, copies }))
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        let known = Known::new(kept_in(tx.conn(), self.school.id).await?);
        self.seen.clear();
        let mut done = Applied::default();
        for line in lines {
            let wanted = self.row(&known, line).1.ok_or_else(|| Error::new(Code::ImportStale))?;
            let before = wanted.code.as_deref().map(|code| there(&known.items, code)).transpose()?;
            let mut codes = Vec::new();
            for _ in 0..wanted.copies {
                let (code, version) = write_in(tx, &self.school, before, &wanted.body).await?;
                let was = before.map(|kept| ItemImage { version: kept.version, body: kept.body.clone() });
                let now = ItemImage { version, body: wanted.body.clone() };
                done.images.push(Image::of(ITEM, &code, was.as_ref(), Some(&now))?);
                codes.push(code);
            }
            let first = codes.first().map(String::as_str).unwrap_or_default();
            done.events.push(match before {
                Some(kept) => event(&self.school, "equipment.updated", first).before(&kept.body).after(&wanted.body),
                None => event(&self.school, "equipment.created", first).after(&(&wanted.body, &codes)),
            });
        }
        Ok(done)
    }
}

fn event(school: &Unit, verb: &'static str, code: &str) -> Event {
    Event::new(Some(school.id), verb, "equipment", code)
}

/// An item as an import found or left it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct ItemImage {
    version: i64,
    body: PutEquipment,
}

/// Takes items back where they are kept now: in the inventory of the school that the file was of, or of one that they went over to
/// since by a decision, where the caller may write it.
async fn take_back(tx: &Tx<'_>, scope: &Scope, images: &[Image]) -> Result<Vec<Event>> {
    let school = units::school_in(tx.conn(), tx.ctx(), Permission::FacilityWrite, scope.school_id).await?;
    let mut done: Vec<(&str, Option<ItemImage>, ItemImage)> = Vec::new();
    for image in images.iter().filter(|image| image.subject == ITEM) {
        let (before, after) = image.read::<ItemImage>()?;
        done.push((&image.id, before, after.ok_or_else(|| Error::internal("an image without an after"))?));
    }
    // By school, each with its items as they are.
    let mut kept = vec![(kept_in(tx.conn(), school.id).await?, school)];
    let missing: Vec<String> =
        done.iter().filter(|(code, ..)| !kept[0].0.contains_key(*code)).map(|(code, ..)| (*code).to_owned()).collect();
    let gone = units::gone_to(tx.conn(), ("equipment", "code"), &missing).await?;
    for place in gone.values().copied().collect::<BTreeSet<UnitId>>() {
        if let Ok(place) = units::school_in(tx.conn(), tx.ctx(), Permission::FacilityWrite, place).await {
            kept.push((kept_in(tx.conn(), place.id).await?, place));
        }
    }
    let there = |code: &str| kept.iter().find_map(|(known, place)| Some((place, known.get(code)?)));
    let mut pictured = Vec::new();
    for (known, place) in &kept {
        let made = done.iter().filter(|(code, before, _)| before.is_none() && known.contains_key(*code));
        let made: Vec<String> = made.map(|(code, ..)| (*code).to_owned()).collect();
        for chunk in made.chunks(500) {
            pictured.extend(pictured_in(tx.conn(), place.id, chunk).await?);
        }
    }
    let mut against = Against::default();
    for (code, _, after) in &done {
        let same = there(code).is_some_and(|(_, kept)| kept.version == after.version);
        if there(code).is_none() && gone.contains_key(*code) {
            against.add(format!("/equipment/{code}"), Code::ImportedRecordMoved, &after.body.name);
        } else if !same || pictured.iter().any(|used| used == code) {
            against.add(format!("/equipment/{code}"), Code::ImportedRecordUsed, &after.body.name);
        }
    }
    against.into_result()?;
    let mut events = Vec::new();
    for (code, before, after) in done.iter().rev() {
        let Some((place, kept)) = there(code) else { continue };
        match before {
            None => {
                remove_in(tx, place.id, code).await?;
                events.push(event(place, "equipment.removed", code).before(&after.body));
            }
            Some(before) => {
                write_in(tx, place, Some(kept), &before.body).await?;
                events.push(event(place, "equipment.restored", code).before(&after.body).after(&before.body));
            }
        }
    }
    Ok(events)
}

impl Opened for OpenInventory {
    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("name", "Tên", "Name", &["ten thiet bi", "ten tai san", "ten dung cu", "thiet bi"]).required(),
            Column::new("kind", "Loại", "Kind", &["loai thiet bi", "loai tai san", "nhom"])
                .choices(EquipmentKind::ALL.iter().map(|kind| kind.label(Lang::Vi))),
            Column::new("place", "Nơi để", "Place", &["noi dat", "vi tri", "dia diem", "noi su dung"]).hint(
                "Phòng hoặc người giữ; bỏ trống được nếu có mã phòng.",
                "A room or who keeps it; not needed with a room's code.",
            ),
            Column::new("copies", "Số lượng", "How many", &["so luong", "sl"]).hint(
                "Thiết bị mới giống nhau, 1 đến 200: mỗi cái một nhãn.",
                "New items that are alike, 1 to 200: a label each.",
            ),
            Column::new("number", "Số của trường", "School's number", &["so tai san", "so hieu", "ma tai san", "so the"]),
            Column::new("room", "Mã phòng", "Room's code", &["ma phong", "phong"])
                .choices(self.rooms.keys().map(|code| code.to_uppercase())),
            Column::new("state", "Tình trạng", "State", &["tinh trang", "hien trang", "chat luong"])
                .choices(EquipmentState::ALL.iter().map(|state| state.label(Lang::Vi)))
                .hint("Để trống: dùng tốt.", "Left empty: in good order."),
            Column::new("acquired_year", "Năm đưa vào dùng", "In use since", &["nam su dung", "nam dua vao su dung", "nam mua"]),
            Column::new("source", "Nguồn", "Paid by", &["nguon von", "nguon kinh phi"]),
            Column::new("price", "Giá (đồng)", "Price (VND)", &["gia", "nguyen gia", "don gia", "gia tri"]),
            Column::new("note", "Ghi chú", "Note", &["ghi chu"]),
            Column::new("code", "Mã", "Code", &["ma nhan", "ma tren nhan", "ma thiet bi"])
                .hint("Mã trên nhãn, của thiết bị đã có trong sổ.", "The code of the label, of an item in the book."),
        ]
    }

    fn title_class(&mut self, _: Option<&str>) {
        self.seen.clear();
    }

    fn check<'a>(&'a mut self, conn: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move {
            let known = Known::new(kept_in(conn, self.school.id).await?);
            Ok(lines.iter().map(|line| self.row(&known, line).0).collect())
        })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(self.write(tx, lines))
    }
}

#[cfg(test)]
mod tests {
    use super::dong;

    #[test]
    fn money_is_read_as_offices_write_it() {
        assert_eq!(
            (dong("12.500.000"), dong("12,500,000 đ"), dong("12500000")),
            (Some(12_500_000), Some(12_500_000), Some(12_500_000))
        );
        assert_eq!((dong("12.5"), dong("khoảng 2 triệu"), dong("")), (None, None, None));
    }
}
