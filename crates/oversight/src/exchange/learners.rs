//! C1-HocSinh: the list of learners. Its data stand on "Sheet1", beside sheets to look values up in; columns are known by their headers, never
//! by their places.

use super::Place;
use super::form::{Column, Line, Table, Value, clerk, homeroom};
use dto::exchange::ExportKind;
use dto::learners::Sex;
use kernel::Result;
use kernel::text::{PersonalId, clean};
use records::reporting;
use sea_orm::ConnectionTrait;

pub(super) const COLUMNS: [Column; 11] = [
    Column::new(&["STT"], &[]),
    Column::new(&["Mã lớp"], &["lop", "ten lop", "lop hoc"]),
    Column::new(&["Mã học sinh"], &["ma hs", "ma dinh danh bo gd dt", "ma moet"]),
    Column::new(&["Họ tên"], &["ho va ten", "ho ten hoc sinh", "ho va ten hoc sinh"]),
    Column::new(&["Ngày sinh"], &["ngay thang nam sinh"]),
    Column::new(&["Giới tính"], &[]),
    Column::new(&["Trạng thái HS"], &["trang thai", "trang thai hoc sinh"]),
    Column::new(&["Ngày nhập trạng thái"], &["ngay trang thai"]),
    Column::new(&["Dân tộc"], &[]),
    Column::unheld(&["Loại khuyết tật"], "Thông tin nhạy cảm, không đưa vào tệp này.", "Sensitive, and not put into this file."),
    Column::new(&["Số định danh cá nhân"], &["so dinh danh", "so cccd", "cccd"]),
];

pub(super) async fn table(conn: &impl ConnectionTrait, place: &Place) -> Result<Table> {
    let classes = reporting::classes(conn, place.school.id, place.year.id).await?;
    let learners = reporting::learners(conn, place.school.id, place.year.id, &classes).await?;
    let mut table = Table { code: Some(2), name: 3, ..Table::new(ExportKind::Learners, COLUMNS.to_vec()) };
    for (at, one) in learners.iter().enumerate() {
        let class = &classes[one.class];
        let mut line = Line {
            who: one.full_name.clone(),
            code: one.ministry_code.clone(),
            learner: Some(one.id),
            class: Some(class.id),
            cells: vec![
                Value::number(at + 1),
                Value::text(&class.name),
                one.ministry_code.as_deref().and_then(Value::text),
                Value::text(clean(&one.full_name)),
                Value::text(one.birth_date.format("%d/%m/%Y").to_string()),
                Value::text(one.sex.label(dto::Lang::Vi)),
                Value::text(one.status.label(dto::Lang::Vi)),
                one.since.and_then(|day| Value::text(day.format("%d/%m/%Y").to_string())),
                one.ethnicity.as_deref().and_then(Value::text),
                None,
                one.personal_id.as_deref().and_then(Value::text),
            ],
            ..Line::default()
        };
        if one.ministry_code.is_none() {
            line.fault(2, clerk(), "Chưa có mã định danh của Bộ.", "There is no Ministry code.");
        }
        if one.since.is_none() {
            line.fault(7, clerk(), "Chưa có ngày của trạng thái.", "The status has no day.");
        }
        if one.ethnicity.is_none() {
            line.fault(8, homeroom(class), "Chưa có dân tộc.", "The ethnicity is missing.");
        }
        match &one.personal_id {
            None => line.warn(10, homeroom(class), "Chưa có số định danh cá nhân.", "There is no personal ID."),
            Some(id) if !agrees(id, one.sex, one.birth_date) => line.warn(
                10,
                homeroom(class),
                "Số định danh không khớp giới tính hoặc năm sinh.",
                "The personal ID does not fit sex or year of birth.",
            ),
            Some(_) => {}
        }
        table.lines.push(line);
    }
    Ok(table)
}

fn agrees(id: &str, sex: Sex, birth: chrono::NaiveDate) -> bool {
    PersonalId::parse(id).is_ok_and(|id| id.warnings(Some(birth), Some(sex)).is_empty())
}
