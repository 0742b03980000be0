//! The results of a primary school (C1): three rows of headers, levels T/H/C of subjects and T/Đ/C of competencies and qualities, tests
//! where there are some, and what the year came to. The last of its 35 columns has no header and stays empty, as in what schools upload.

use super::Place;
use super::form::{Column, Line, Table, Value, homeroom};
use dto::exchange::ExportKind;
use dto::gradebook::{LearnerResult, Period, TermState};
use gradebook::results;
use kernel::{Ctx, Db, Result};
use records::reporting;
use regulations::tt27::Group;
use regulations::{CellValue, format_cell};
use std::collections::HashMap;

const BEFORE: [Column; 5] = [
    Column::new(&["STT"], &[]),
    Column::new(&["Mã lớp"], &["lop", "ten lop"]),
    Column::new(&["Mã học sinh"], &["ma hs", "ma dinh danh bo gd dt"]),
    Column::new(&["Họ tên"], &["ho va ten"]),
    Column::new(&["Ngày sinh"], &[]),
];

/// What a column shows of a result.
#[derive(Clone, Copy, PartialEq)]
enum Shows {
    Level,
    Test,
    Trait,
}

const LEVEL: &[&str] = &["muc", "muc dat", "muc dat duoc", "muc dd"];
const TEST: &[&str] = &["diem", "diem kt", "diem ktdk", "diem kiem tra dinh ki", "diem kt dinh ki"];

/// The code of the subject or trait, what is shown of it, and the column.
const OF: &[(&str, Shows, Column)] = &[
    ("TOAN", Shows::Level, Column::new(&["Toán", "Mức đạt được"], LEVEL)),
    ("TOAN", Shows::Test, Column::new(&["Toán", "Điểm KTĐK"], TEST)),
    ("TIENG_VIET", Shows::Level, Column::new(&["Tiếng Việt", "Mức đạt được"], LEVEL)),
    ("TIENG_VIET", Shows::Test, Column::new(&["Tiếng Việt", "Điểm KTĐK"], TEST)),
    ("DAO_DUC", Shows::Level, Column::new(&["Đạo đức"], &[])),
    ("TNXH", Shows::Level, Column::new(&["TN&XH"], &["tu nhien va xa hoi", "tnxh"])),
    ("NN1", Shows::Level, Column::new(&["Ngoại ngữ"], &["ngoai ngu 1", "tieng anh"])),
    ("TIENG_DTTS", Shows::Level, Column::new(&["Tiếng dân tộc"], &["tieng dan toc thieu so"])),
    ("TIN_CN", Shows::Level, Column::new(&["TH-CN (Tin học)"], &["th cn", "tin hoc va cong nghe", "tin hoc", "tin cn"])),
    ("AM_NHAC", Shows::Level, Column::new(&["Âm nhạc"], &["nghe thuat am nhac"])),
    ("MI_THUAT", Shows::Level, Column::new(&["Mĩ thuật"], &["nghe thuat mi thuat", "my thuat"])),
    ("HDTN", Shows::Level, Column::new(&["HĐTN"], &["hoat dong trai nghiem"])),
    ("GDTC", Shows::Level, Column::new(&["GDTC"], &["giao duc the chat", "the duc"])),
    ("NL_TU_CHU", Shows::Trait, Column::new(&["Năng lực chung", "Tự chủ và tự học"], &["tu chu tu hoc", "tu chu"])),
    ("NL_GIAO_TIEP", Shows::Trait, Column::new(&["Năng lực chung", "Giao tiếp và hợp tác"], &["giao tiep hop tac", "giao tiep"])),
    (
        "NL_GIAI_QUYET",
        Shows::Trait,
        Column::new(
            &["Năng lực chung", "Giải quyết vấn đề và sáng tạo"],
            &["gqvd va sang tao", "gqvd sang tao", "giai quyet van de"],
        ),
    ),
    ("NL_NGON_NGU", Shows::Trait, Column::new(&["Năng lực đặc thù", "Ngôn ngữ"], &[])),
    ("NL_TINH_TOAN", Shows::Trait, Column::new(&["Năng lực đặc thù", "Tính toán"], &[])),
    ("NL_KHOA_HOC", Shows::Trait, Column::new(&["Năng lực đặc thù", "Khoa học"], &[])),
    ("NL_THAM_MI", Shows::Trait, Column::new(&["Năng lực đặc thù", "Thẩm mĩ"], &[])),
    ("NL_THE_CHAT", Shows::Trait, Column::new(&["Năng lực đặc thù", "Thể chất"], &[])),
    ("PC_YEU_NUOC", Shows::Trait, Column::new(&["Phẩm chất chủ yếu", "Yêu nước"], &[])),
    ("PC_NHAN_AI", Shows::Trait, Column::new(&["Phẩm chất chủ yếu", "Nhân ái"], &[])),
    ("PC_CHAM_CHI", Shows::Trait, Column::new(&["Phẩm chất chủ yếu", "Chăm chỉ"], &[])),
    ("PC_TRUNG_THUC", Shows::Trait, Column::new(&["Phẩm chất chủ yếu", "Trung thực"], &[])),
    ("PC_TRACH_NHIEM", Shows::Trait, Column::new(&["Phẩm chất chủ yếu", "Trách nhiệm"], &[])),
    // Where a template has them: grades 3 to 5 are assessed in more than the named ones.
    ("NN1", Shows::Test, Column::new(&["Ngoại ngữ", "Điểm KTĐK"], TEST).of_template()),
    ("TIN_CN", Shows::Test, Column::new(&["TH-CN (Tin học)", "Điểm KTĐK"], TEST).of_template()),
    ("KHOA_HOC", Shows::Level, Column::new(&["Khoa học", "Mức đạt được"], LEVEL).of_template()),
    ("KHOA_HOC", Shows::Test, Column::new(&["Khoa học", "Điểm KTĐK"], TEST).of_template()),
    ("LSDL", Shows::Level, Column::new(&["Lịch sử và Địa lí", "Mức đạt được"], LEVEL).of_template()),
    ("LSDL", Shows::Test, Column::new(&["Lịch sử và Địa lí", "Điểm KTĐK"], TEST).of_template()),
    ("NL_CONG_NGHE", Shows::Trait, Column::new(&["Năng lực đặc thù", "Công nghệ"], &[]).of_template()),
    ("NL_TIN_HOC", Shows::Trait, Column::new(&["Năng lực đặc thù", "Tin học"], &[]).of_template()),
];

const AFTER: [Column; 4] = [
    Column::new(&["Hoàn thành CT"], &["hoan thanh chuong trinh", "hoan thanh chuong trinh lop hoc"]),
    Column::new(&["Lên lớp"], &[]),
    Column::new(&["Xếp loại"], &["ket qua giao duc", "danh gia ket qua giao duc"]),
    Column::unheld(&[""], "Cột cuối của tệp không có tiêu đề và để trống.", "The last column has no header and stays empty."),
];

pub(super) fn columns() -> Vec<Column> {
    BEFORE.into_iter().chain(OF.iter().map(|(_, _, column)| *column)).chain(AFTER).collect()
}

/// The year of every primary class of the school.
pub(super) async fn table(db: &Db, place: &Place) -> Result<Table> {
    let conn = db.read();
    let (outcome, mut n) = (BEFORE.len() + OF.len(), 0);
    let mut table = Table { code: Some(2), name: 3, ..Table::new(ExportKind::ResultsC1, columns()) };
    let classes = reporting::classes(conn, place.school.id, place.year.id).await?;
    let learners = reporting::learners(conn, place.school.id, place.year.id, &classes).await?;
    for (at, class) in classes.iter().enumerate().filter(|(_, c)| c.grade.number().is_some_and(|grade| grade <= 5)) {
        // Whoever may make the file was asked for the school; what it says of each class is the register's.
        let results = results::of_class(db, &Ctx::system("exchange"), class.id, Period::Year).await?;
        let rows: HashMap<_, _> = results.rows.iter().map(|row| (row.learner_id, row)).collect();
        for one in learners.iter().filter(|one| one.class == at && one.left_on.is_none()) {
            n += 1;
            let mut line = Line {
                who: one.full_name.clone(),
                code: one.ministry_code.clone(),
                learner: Some(one.id),
                class: Some(class.id),
                cells: vec![
                    Value::number(n),
                    Value::text(&class.name),
                    one.ministry_code.as_deref().and_then(Value::text),
                    Value::text(&one.full_name),
                    Value::text(one.birth_date.format("%d/%m/%Y").to_string()),
                ],
                ..Line::default()
            };
            if one.ministry_code.is_none() {
                line.fault(2, super::form::clerk(), "Chưa có mã định danh của Bộ.", "There is no Ministry code.");
            }
            let row = rows.get(&one.id).copied();
            for (code, shows, _) in OF {
                line.cells.push(row.and_then(|row| cell(row, code, *shows)));
            }
            if results.state != TermState::Closed {
                let owner = homeroom(class);
                line.fault(outcome + 2, owner, "Lớp chưa chốt cả năm.", "The year of the class is not closed.");
            }
            end(&mut line, row, outcome, class);
            table.lines.push(line);
        }
    }
    Ok(table)
}

fn cell(row: &LearnerResult, code: &str, shows: Shows) -> Option<Value> {
    // A school that has the two halves as subjects of their own writes them so.
    let own = |wanted: &str| row.subjects.iter().find(|subject| subject.subject_code == wanted);
    let subject = own(code)?;
    match shows {
        Shows::Test => subject.test.and_then(Value::number),
        Shows::Level | Shows::Trait => {
            let level: CellValue = subject.level?;
            Value::text(format_cell(&level, regulations::Lang::Vi))
        }
    }
}

/// What the year came to; each as "x" or a word.
fn end(line: &mut Line, row: Option<&LearnerResult>, at: usize, class: &reporting::ReportClass) {
    let primary = row.and_then(|row| row.primary.as_ref());
    let group = primary.and_then(|primary| primary.again.or(primary.group));
    let done = group.map(|group| group != Group::NotCompleted);
    let mark = |yes: bool| yes.then(|| Value::Text("x".to_owned()));
    line.cells.push(done.and_then(mark));
    let promoted = row.and_then(|row| row.promotion).map(|p| p == regulations::Promotion::Promoted).or(done);
    line.cells.push(promoted.and_then(mark));
    line.cells.push(group.and_then(|group| Value::text(group.text(regulations::Lang::Vi))));
    if group.is_none() {
        line.fault(at + 2, homeroom(class), "Chưa đánh giá đủ để có kết quả cả năm.", "Assessments of the year are missing.");
    }
}
