//! Sheets of primary classes as Excel files: out, back in with a dry run of each cell, and into a teacher's own file.

use super::primary::primary;
use super::*;
use dto::Code;
use dto::mark_files::{FileCellOutcome, MarkFileCheck};
use regulations::{Point, PrimarySlot};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::json;

const MID_LEVEL: Slot = Slot::Primary(PrimarySlot::Level(Point::Mid));
const MID_TEST: Slot = Slot::Primary(PrimarySlot::Test(Point::Mid));
const LEVEL: Slot = Slot::Primary(PrimarySlot::Level(Point::End));
const TEST: Slot = Slot::Primary(PrimarySlot::Test(Point::End));

fn path(room: &Room, subject: &str, what: &str) -> String {
    format!("{}/file{what}", marks_path(&room.class, subject, Term::S1))
}

async fn check(room: &Room, subject: &str, file: Vec<u8>) -> MarkFileCheck {
    room.teacher.upload(&path(room, subject, "/check"), file).await.ok()
}

async fn save(room: &Room, subject: &str, cells: Vec<PutCell>) {
    let saved: MarksSaved = room.teacher.put_bare(&marks_path(&room.class, subject, Term::S1), &typed(cells)).await.ok();
    assert!(saved.cells.iter().all(|c| c.outcome == CellResult::Saved), "{saved:?}");
}

/// A list as a teacher keeps it: a title, the point of the term above what is assessed, comments, a hidden column, and another
/// subject beside it.
fn template(fill: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let head = Format::new().set_bold();
    sheet.write(0, 0, "BẢNG TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ GIÁO DỤC").unwrap();
    for (column, title) in (0u16..).zip(["STT", "Họ và tên", "Ngày sinh", "Ghi chú"]) {
        sheet.merge_range(2, column, 3, column, title, &head).unwrap();
    }
    sheet.merge_range(2, 4, 2, 6, "Toán - Giữa học kỳ I", &head).unwrap();
    sheet.merge_range(2, 7, 2, 9, "Toán - Cuối học kỳ I", &head).unwrap();
    sheet.merge_range(2, 10, 2, 11, "Tiếng Việt - Cuối học kỳ I", &head).unwrap();
    for (column, title) in (4u16..).zip([
        "Mức đạt được",
        "Điểm KTĐK",
        "Nhận xét",
        "Mức đạt được",
        "Điểm KTĐK",
        "Nhận xét",
        "Mức đạt được",
        "Điểm KTĐK",
    ]) {
        sheet.write(3, column, title).unwrap();
    }
    for (row, name) in (4u32..).zip(["Trần Thu Cúc", "NGUYEN THI ANH", "Lê Văn Bình"]) {
        sheet.write(row, 0, row - 3).unwrap();
        sheet.write(row, 1, name).unwrap();
        sheet.write(row, 2, "12/03/2015").unwrap();
        sheet.write(row, 3, "ghi chú riêng của tôi").unwrap();
        sheet.write(row, 10, "C").unwrap();
        sheet.write(row, 11, 2.0).unwrap();
    }
    sheet.set_column_hidden(3).unwrap();
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

both_engines! {
    async fn a_primary_sheet_that_goes_out_comes_back_the_same(app: TestApp) {
        let room = primary(&app, "94201").await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        save(&room, "TOAN", vec![
            cell(a, MID_LEVEL, Some(CellValue::Good), 0),
            cell(a, MID_TEST, score(1000), 0),
            cell(b, LEVEL, Some(CellValue::Done), 0),
            cell(b, TEST, Some(CellValue::Absent), 0),
            cell(c, LEVEL, Some(CellValue::Weak), 0),
        ])
        .await;
        let said = json!({"rows": [{"learner_id": b, "text": "Có tiến bộ trong tính toán.", "version": 0}]});
        room.teacher.put_bare(&format!("/classes/{}/subjects/TOAN/terms/1/comments", room.class.id), &said).await.status(200);
        let of_trait = |point, n| Slot::Primary(PrimarySlot::Trait(point, n));
        save(&room, "PHAM_CHAT", vec![
            cell(a, of_trait(Point::Mid, 3), Some(CellValue::Pass), 0),
            cell(a, of_trait(Point::End, 3), Some(CellValue::Good), 0),
            cell(b, of_trait(Point::End, 5), Some(CellValue::Weak), 0),
        ])
        .await;
        for actor in [room.teacher.clone(), room.teacher.clone().in_english()] {
            for (subject, columns, marks) in [("TOAN", 4, 6), ("PHAM_CHAT", 10, 3)] {
                let file = actor.get(&path(&room, subject, "")).await.status(200).body;
                let found = check(&room, subject, file).await;
                assert_eq!((found.new, found.changed, found.same, found.faulty), (0, 0, marks, 0), "{found:?}");
                assert_eq!(found.columns.len(), columns);
                assert!(found.absent.is_empty() && found.faults.is_empty() && found.unused.is_empty(), "{found:?}");
            }
        }
    }

    async fn a_teachers_own_template_tells_of_each_cell_and_the_rest_is_a_save(app: TestApp) {
        let room = primary(&app, "94202").await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        save(&room, "TOAN", vec![cell(a, MID_LEVEL, Some(CellValue::Done), 0), cell(a, MID_TEST, score(900), 0)]).await;
        let file = template(|sheet| {
            // Cúc: new; Anh: changed and the same; Bình: a fault in each.
            sheet.write(4, 4, "T").unwrap();
            sheet.write(4, 5, 10.0).unwrap();
            sheet.write(4, 7, "hoàn thành").unwrap();
            sheet.write(5, 4, "HTT").unwrap();
            sheet.write(5, 5, "9").unwrap();
            sheet.write(6, 4, "Đ").unwrap();
            sheet.write(6, 5, 8.5).unwrap();
            sheet.write(6, 7, 9.0).unwrap();
            sheet.write(6, 8, 0.0).unwrap();
            // Comments of mid-term are kept nowhere; those at the end of it are those of the term.
            sheet.write(4, 6, "Nhận xét giữa kì của tôi").unwrap();
            sheet.write(4, 9, "Tính nhanh, trình bày rõ.").unwrap();
        });
        let found = check(&room, "TOAN", file).await;
        let columns: Vec<_> = found.columns.iter().map(|c| (c.slot, c.letter.as_str())).collect();
        assert_eq!(columns, [(MID_LEVEL, "E"), (LEVEL, "H"), (MID_TEST, "F"), (TEST, "I")]);
        assert!(found.unused.iter().any(|header| header.contains("Tiếng Việt")), "{found:?}");
        let row = |learner| found.rows.iter().find(|row| row.learner_id == Some(learner)).unwrap();
        assert_eq!(found.comment_column.as_ref().map(|column| column.letter.as_str()), Some("J"));
        let comment = row(c).comment.clone().unwrap();
        assert_eq!((comment.outcome, comment.text.as_str(), comment.version), (FileCellOutcome::New, "Tính nhanh, trình bày rõ.", 0));
        assert_eq!(row(a).comment, None);
        let outcomes = |learner| {
            let mut cells: Vec<_> = row(learner).cells.iter().map(|c| (c.slot, c.outcome, c.value, c.code.as_deref())).collect();
            cells.sort_by_key(|cell| cell.0);
            cells
        };
        assert_eq!(outcomes(c), [
            (MID_LEVEL, FileCellOutcome::New, Some(CellValue::Good), None),
            (LEVEL, FileCellOutcome::New, Some(CellValue::Done), None),
            (MID_TEST, FileCellOutcome::New, score(1000), None),
        ]);
        assert_eq!(outcomes(a), [
            (MID_LEVEL, FileCellOutcome::Changed, Some(CellValue::Good), None),
            (MID_TEST, FileCellOutcome::Same, score(900), None),
        ]);
        let faults: Vec<_> = outcomes(b).into_iter().map(|(slot, _, _, code)| (slot, code.unwrap())).collect();
        assert_eq!(faults, [
            (MID_LEVEL, "not-a-subject-level"), (LEVEL, "not-a-subject-level"), (MID_TEST, "not-a-test"), (TEST, "not-a-test"),
        ]);
        assert_eq!((found.new, found.changed, found.same, found.faulty), (4, 1, 1, 4));
        // Somebody writes meanwhile: the version of the dry run makes it a conflict, and what they wrote stands.
        save(&room, "TOAN", vec![cell(a, MID_LEVEL, Some(CellValue::Weak), 1)]).await;
        let cells = found.rows.iter().flat_map(|row| {
            let wanted = row.cells.iter().filter(|c| matches!(c.outcome, FileCellOutcome::New | FileCellOutcome::Changed));
            wanted.map(|c| cell(row.learner_id.unwrap(), c.slot, c.value, c.version))
        });
        let body = PutMarks { source: MarkSource::Imported, reason: None, cells: cells.collect() };
        let saved: MarksSaved = room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.ok();
        for outcome in &saved.cells {
            let expected = if outcome.learner_id == a { CellResult::Conflict } else { CellResult::Saved };
            assert_eq!(outcome.outcome, expected, "{outcome:?}");
        }
        assert_eq!(room.cell(a, MID_LEVEL).await, (Some(CellValue::Weak), 2));
        assert_eq!(room.cell(c, MID_TEST).await, (score(1000), 1));
        // The same template takes the sheet's marks, and nothing else in it moves: read back, all are there.
        let filled = room.teacher.upload(&path(&room, "TOAN", "/fill"), template(|_| {})).await.status(200).body;
        let again = check(&room, "TOAN", filled.clone()).await;
        assert_eq!((again.new, again.changed, again.same, again.faulty), (0, 0, 5, 0), "{again:?}");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(filled)).unwrap();
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml).unwrap();
        assert!(xml.contains("hidden=\"1\""));
    }

    async fn what_cannot_be_told_from_a_primary_file(app: TestApp) {
        let room = primary(&app, "94203").await;
        // Levels without a point of the term.
        let bare = |title: &str| {
            let mut workbook = Workbook::new();
            let sheet = workbook.add_worksheet();
            sheet.write(0, 0, title).unwrap();
            for (column, text) in (0u16..).zip(["STT", "Họ và tên", "Ngày sinh", "Mức đạt được", "Điểm kiểm tra"]) {
                sheet.write(1, column, text).unwrap();
            }
            for (column, text) in (0u16..).zip(["1", "Lê Văn Bình", "12/03/2015", "T", "9"]) {
                sheet.write(2, column, text).unwrap();
            }
            workbook.save_to_buffer().unwrap()
        };
        let found = check(&room, "TOAN", bare("BẢNG ĐIỂM")).await;
        assert_eq!((found.faults[0].code.as_str(), found.new), ("no-mark-column", 0));
        assert!(found.faults[0].vi.contains("Mức đạt được giữa kì"));
        let why = room.teacher.upload(&path(&room, "TOAN", "/fill"), bare("BẢNG ĐIỂM")).await.problem(Code::FileNotReadable);
        assert!(why.detail.contains("không tìm thấy cột nào"), "{why:?}");
        // The title says when.
        let found = check(&room, "TOAN", bare("KẾT QUẢ ĐÁNH GIÁ CUỐI HỌC KÌ I")).await;
        assert_eq!(found.columns.iter().map(|c| c.slot).collect::<Vec<_>>(), [LEVEL, TEST]);
        assert_eq!(found.new, 2);
        // A test where the circular has none.
        let found = check(&room, "DAO_DUC", bare("KẾT QUẢ CUỐI HỌC KÌ I")).await;
        assert_eq!((found.new, found.faults[0].code.as_str()), (1, "slot-unknown"));
    }

    async fn primary_files_under_a_deadline_and_of_others(app: TestApp) {
        let room = primary(&app, "94204").await;
        let deadlines = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
        room.principal.put(&deadlines, 0, &json!({"midterm": "2020-01-31"})).await.status(200);
        let file = template(|sheet| {
            sheet.write(4, 4, "T").unwrap();
            sheet.write(4, 7, "T").unwrap();
        });
        let found = check(&room, "TOAN", file.clone()).await;
        let cells = &found.rows[0].cells;
        let of = |slot| cells.iter().find(|c| c.slot == slot).unwrap();
        assert_eq!((of(MID_LEVEL).code.as_deref(), of(LEVEL).outcome), (Some("marks_locked"), FileCellOutcome::New));
        let next_door = primary(&app, "94205").await;
        next_door.teacher.get(&path(&room, "TOAN", "")).await.problem(Code::NotFound);
        next_door.teacher.upload(&path(&room, "TOAN", "/check"), file.clone()).await.problem(Code::NotFound);
        next_door.teacher.upload(&path(&room, "TOAN", "/fill"), file).await.problem(Code::NotFound);
    }
}
