//! The staff file (CSDL_GiaoVien): 72 columns, of which public sources name these; the rest come from the template that a person uploads
//! and stay as they are in it.

use super::Place;
use super::form::{Column, Line, Table, Value, clerk};
use dto::Lang;
use dto::exchange::ExportKind;
use dto::staff::Position;
use kernel::Result;
use records::reporting;
use sea_orm::ConnectionTrait;

pub(super) const COLUMNS: [Column; 9] = [
    Column::new(&["Họ tên"], &["ho va ten", "ho ten can bo"]),
    Column::unheld(&["Email"], "Chưa giữ thư điện tử của cán bộ.", "Staff's e-mail is not held."),
    Column::new(&["Trạng thái CB"], &["trang thai", "trang thai can bo"]),
    Column::new(&["Vị trí việc làm"], &[]),
    Column::new(&["Nhóm chức vụ"], &[]),
    Column::new(&["Môn dạy"], &["mon giang day"]),
    // Beside what is named: where a template has them.
    Column::new(&["Mã cán bộ"], &["ma dinh danh", "ma giao vien", "ma dinh danh bo gd dt"]).of_template(),
    Column::new(&["Ngày sinh"], &[]).of_template(),
    Column::new(&["Giới tính"], &[]).of_template(),
];

/// The group of a post, from the posts that the staff of schools have (Nhóm chức vụ).
fn group(position: Position) -> &'static str {
    match position {
        Position::Principal | Position::Deputy => "Cán bộ quản lý",
        Position::Teacher => "Giáo viên",
        _ => "Nhân viên",
    }
}

pub(super) async fn table(conn: &impl ConnectionTrait, place: &Place) -> Result<Table> {
    let mut table = Table { code: Some(6), name: 0, ..Table::new(ExportKind::Staff, COLUMNS.to_vec()) };
    for one in reporting::staff(conn, place.school.id).await? {
        let first = one.positions.first().copied().unwrap_or(Position::Other);
        let positions: Vec<&str> = one.positions.iter().map(|position| position.label(Lang::Vi)).collect();
        let mut line = Line {
            who: one.full_name.clone(),
            code: one.ministry_code.clone(),
            staff: Some(one.id),
            cells: vec![
                Value::text(&one.full_name),
                None,
                Value::text("Đang làm việc"),
                Value::text(positions.join("; ")),
                Value::text(group(first)),
                Value::text(one.subjects.join("; ")),
                one.ministry_code.as_deref().and_then(Value::text),
                one.birth_date.and_then(|day| Value::text(day.format("%d/%m/%Y").to_string())),
                Value::text(one.sex.label(Lang::Vi)),
            ],
            ..Line::default()
        };
        if one.positions.contains(&Position::Teacher) && one.subjects.is_empty() {
            line.warn(5, clerk(), "Chưa được phân công môn dạy.", "No subject is assigned.");
        }
        if one.ministry_code.is_none() {
            line.warn(6, clerk(), "Chưa có mã định danh của Bộ.", "There is no Ministry code.");
        }
        if one.birth_date.is_none() {
            line.fault(7, clerk(), "Chưa có ngày sinh.", "The birth date is missing.");
        }
        table.lines.push(line);
    }
    Ok(table)
}
