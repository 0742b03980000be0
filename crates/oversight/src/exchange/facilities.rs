//! The facility form: rooms by kind and construction (TT 57/2026/TT-BGDĐT, Phụ lục V, Biểu 1; how its official file is laid out is not
//! verified, so it is a sheet of ours unless somebody provides the file). It says what the principal signed for the year; until then what is
//! entered, and the register of rooms where the school keeps one, with a fault for whoever has to sign or to count.

use super::Place;
use super::form::{Column, Line, Table, Value};
use chrono::Datelike;
use dto::access::Role;
use dto::exchange::{ExportKind, ExportOwner};
use dto::figures::{FigureSet, SheetState};
use kernel::Result;
use records::figures::Standing;
use sea_orm::ConnectionTrait;

pub(super) const COLUMNS: [Column; 6] = [
    Column::new(&["Loại phòng"], &["phong", "hang muc", "noi dung"]),
    Column::new(&["Tổng số"], &["tong", "tong so phong"]),
    Column::new(&["Kiên cố"], &["phong kien co"]),
    Column::new(&["Bán kiên cố"], &["phong ban kien co"]),
    Column::new(&["Tạm"], &["phong tam", "nha tam"]),
    Column::new(&["Cần sửa chữa"], &["trong do can sua chua", "can cai tao"]),
];

/// The rows, with the part of the figures' codes that they are.
const ROWS: [(&str, &str); 6] = [
    ("classroom", "Phòng học"),
    ("subject", "Phòng học bộ môn"),
    ("support", "Khối phục vụ học tập"),
    ("office", "Khối hành chính, quản trị"),
    ("library", "Thư viện"),
    ("other", "Phòng khác"),
];

/// The columns of figures, from the third.
const PARTS: [&str; 4] = ["permanent", "semi", "temporary", "repair"];

fn owner(role: Role) -> ExportOwner {
    ExportOwner { role, name: None, class_name: None }
}

pub(super) async fn table(conn: &impl ConnectionTrait, place: &Place) -> Result<Table> {
    let year = i16::try_from(place.year.starts_on.year()).unwrap_or(0);
    let standing = records::figures::standing_in(conn, FigureSet::Facilities, year, place.school.id).await?;
    let mut table = Table::new(ExportKind::Facilities, COLUMNS.to_vec());
    table.lines = ROWS.iter().map(|(code, name)| line(code, name, &standing)).collect();
    Ok(table)
}

fn line(code: &str, name: &str, standing: &Standing) -> Line {
    let of = |part: &str| standing.figures.get(&format!("rooms.{code}.{part}")).copied();
    let mut line = Line { who: name.to_owned(), cells: vec![Value::text(name)], ..Line::default() };
    let built: Option<Vec<i64>> = PARTS[..3].iter().map(|part| of(part)).collect();
    line.cells.push(built.map(|built| built.iter().sum::<i64>()).and_then(Value::number));
    line.cells.extend(PARTS.iter().map(|part| of(part).and_then(Value::number)));
    for (at, part) in (2..).zip(PARTS) {
        if of(part).is_none() {
            line.fault(at, owner(Role::Clerk), "Chưa kiểm kê số phòng này.", "These rooms are not counted yet.");
        }
    }
    if standing.state != SheetState::Signed && line.faults.is_empty() {
        let (vi, en) = match standing.state {
            SheetState::Reopened => {
                ("Số liệu đã mở lại, chưa ký duyệt lại.", "The figures were opened again and not signed anew.")
            }
            _ => ("Hiệu trưởng chưa ký duyệt số liệu của năm.", "The principal has not signed the figures of the year."),
        };
        line.fault(1, owner(Role::Principal), vi, en);
    }
    line
}
