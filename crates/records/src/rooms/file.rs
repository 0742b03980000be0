//! The register as a file. Its columns are those that its import knows, so that a school can change it in a spreadsheet and bring it back.

use super::query::{self, Row};
use crate::list_file::{self, List};
use crate::units;
use dto::access::Permission;
use dto::figures::FigureFormat;
use dto::rooms::{RoomItem, RoomQuery};
use dto::{Lang, UnitId};
use kernel::text::{dmy, slug};
use kernel::{Ctx, Db, Result};

/// A file with its name.
pub struct RoomFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The rooms that a query asks for as .xlsx or .csv.
///
/// Errors: `not_found`.
pub async fn file(db: &Db, ctx: &Ctx, school: UnitId, query: &RoomQuery, format: FigureFormat) -> Result<RoomFile> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let rooms = query::all(conn, school.id, query).await?;
    let lang = ctx.lang;
    let list = List {
        sheet: lang.pick("Phòng", "Rooms").to_owned(),
        head: list_file::head(
            lang,
            [
                ("Mã phòng", "Code", 10),
                ("Tên phòng", "Name", 28),
                ("Nhà", "Building", 14),
                ("Tầng", "Floor", 7),
                ("Loại phòng", "Kind", 26),
                ("Kết cấu", "Construction", 14),
                ("Tình trạng", "Condition", 16),
                ("Diện tích (m²)", "Area (m²)", 14),
                ("Số chỗ ngồi", "Seats", 12),
                ("Năm xây dựng", "Built in", 13),
                ("Lớp", "Classes", 16),
                ("Thôi dùng từ ngày", "Ended on", 16),
                ("Ghi chú", "Note", 30),
            ],
        ),
        numbers: &[3, 8],
        rows: rooms.iter().map(|room| line(room, lang)).collect(),
    };
    Ok(RoomFile { name: format!("phong-{}.{}", slug(&school.name), format.as_str()), bytes: list.bytes(format).await? })
}

/// Square decimetres as people write square metres: "54,5".
pub fn square_metres(dm2: i32) -> String {
    match (dm2 / 100, dm2 % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole},{}", part / 10),
        (whole, part) => format!("{whole},{part:02}"),
    }
}

fn line((row, item): &(Row, RoomItem), lang: Lang) -> Vec<String> {
    let number = |n: Option<i16>| n.map(|n| n.to_string()).unwrap_or_default();
    let classes: Vec<&str> = item.classes.iter().map(|class| class.name.as_str()).collect();
    vec![
        item.code.clone(),
        item.name.clone(),
        item.building.clone(),
        item.floor.to_string(),
        item.kind.label(lang).to_owned(),
        item.construction.label(lang).to_owned(),
        item.condition.label(lang).to_owned(),
        item.area_dm2.map(square_metres).unwrap_or_default(),
        number(item.seats),
        number(row.built_year),
        classes.join(", "),
        item.ended_on.map(dmy).unwrap_or_default(),
        row.note.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::square_metres;

    #[test]
    fn areas_are_written_as_people_do() {
        assert_eq!([5400, 5450, 5405].map(square_metres), ["54", "54,5", "54,05"]);
    }
}
