//! Mark sheets as Excel files: out, back in with a dry run of each cell, and into a teacher's own file.

use super::*;
use crate::harness::Reply;
use dto::Code;
use dto::mark_files::{FileCellOutcome, MarkFileCheck, MatchedBy};
use reqwest::Method;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn path(class: &Class, what: &str) -> String {
    format!("{}/file{what}", marks_path(class, "TOAN", Term::S1))
}

async fn check(room: &Room, file: Vec<u8>) -> MarkFileCheck {
    room.teacher.upload(&path(&room.class, "/check"), file).await.ok()
}

/// A list as a teacher keeps it: titles, a header of two rows, a hidden column, a formula, notes, a second sheet.
fn template(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Lớp 6A1").unwrap();
    sheet.write(0, 0, "BẢNG ĐIỂM CÁ NHÂN").unwrap();
    let head = Format::new().set_bold();
    sheet.merge_range(2, 0, 3, 0, "STT", &head).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Họ và tên", &head).unwrap();
    sheet.merge_range(2, 2, 3, 2, "Ngày sinh", &head).unwrap();
    sheet.write(2, 3, "Ghi chú").unwrap();
    sheet.merge_range(2, 4, 2, 7, "ĐĐGtx", &head).unwrap();
    for n in 0..4u16 {
        sheet.write(3, 4 + n, f64::from(n + 1)).unwrap();
    }
    sheet.merge_range(2, 8, 3, 8, "ĐĐGgk", &head).unwrap();
    sheet.merge_range(2, 9, 3, 9, "ĐĐGck", &head).unwrap();
    sheet.merge_range(2, 10, 3, 10, "ĐTBmhk", &head).unwrap();
    for (row, name) in (4u32..).zip(["Trần Thu Cúc", "NGUYEN THI ANH", "Lê Văn Bình"]) {
        sheet.write(row, 0, row - 3).unwrap();
        sheet.write(row, 1, name).unwrap();
        sheet.write(row, 2, "12/03/2015").unwrap();
        sheet.write(row, 3, "ghi chú riêng của tôi").unwrap();
        sheet.write_blank(row, 4, &Format::new().set_background_color("FFF2CC")).unwrap();
        sheet.write_formula(row, 10, Formula::new(format!("=AVERAGE(E{0}:J{0})", row + 1))).unwrap();
    }
    sheet.set_column_hidden(3).unwrap();
    fill(sheet);
    workbook.add_worksheet().set_name("Sổ tay").unwrap().write(0, 0, "không ai đọc").unwrap();
    workbook.save_to_buffer().unwrap()
}

/// The parts of a package.
fn parts(file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().to_string(), bytes)
        })
        .collect()
}

async fn some_marks(room: &Room) {
    let [a, b, c] = room.learners[..] else { panic!() };
    room.save(vec![
        cell(a, Slot::Regular(1), score(850), 0),
        cell(a, Slot::Final, score(1000), 0),
        cell(b, Slot::Midterm, score(600), 0),
        cell(c, Slot::Regular(2), Some(CellValue::Absent), 0),
    ])
    .await;
}

fn is_file(reply: &Reply) {
    assert_eq!(reply.header("content-type"), Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
    assert!(reply.header("content-disposition").unwrap().contains(".xlsx"));
}

both_engines! {
    async fn what_goes_out_comes_back_the_same(app: TestApp) {
        let room = room(&app).await;
        some_marks(&room).await;
        for actor in [room.teacher.clone(), room.teacher.clone().in_english(), room.homeroom.clone()] {
            let reply = actor.get(&path(&room.class, "")).await.status(200);
            is_file(&reply);
            let found = check(&room, reply.body).await;
            assert_eq!((found.new, found.changed, found.same, found.faulty), (0, 0, 4, 0), "{found:?}");
            assert_eq!(found.columns.len(), 6);
            assert!(found.absent.is_empty() && found.faults.is_empty() && found.unused.is_empty(), "{found:?}");
            assert!(found.rows.iter().all(|row| row.matched_by == MatchedBy::NameAndBirthDate));
        }
    }

    async fn comments_go_out_and_come_back_beside_the_marks(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { panic!() };
        let comments = format!("/classes/{}/subjects/TOAN/terms/1/comments", room.class.id);
        let write = async |rows: serde_json::Value| {
            room.teacher.put_bare(&comments, &json!({ "rows": rows })).await.ok::<dto::comments::CommentsSaved>()
        };
        write(json!([
            {"learner_id": a, "text": "Tiếp thu tốt.\nCần cẩn thận hơn.", "version": 0},
            {"learner_id": b, "text": "=Có tiến bộ", "version": 0},
        ])).await;
        // Ours: out, and back as it was.
        for actor in [room.teacher.clone(), room.teacher.clone().in_english()] {
            let found = check(&room, actor.get(&path(&room.class, "")).await.status(200).body).await;
            assert_eq!((found.new, found.changed, found.same, found.faulty), (0, 0, 2, 0), "{found:?}");
            assert_eq!(found.comment_column.map(|c| c.letter), Some("K".into()));
            assert!(found.faults.is_empty() && found.unused.is_empty());
        }
        // The teacher's own, by its header, with those of mid-term beside it.
        let own = || template(|sheet| {
            sheet.merge_range(2, 11, 3, 11, "Nhận xét giữa kì", &Format::new()).unwrap();
            sheet.merge_range(2, 12, 3, 12, "Nhận xét cuối kì", &Format::new()).unwrap();
            sheet.write(4, 11, "giữa kì của tôi").unwrap();
            sheet.write(4, 12, "  Chăm học. ").unwrap();
            sheet.write(5, 12, "Tiến bộ rõ.").unwrap();
            sheet.write(6, 12, "x".repeat(1001)).unwrap();
            sheet.write(4, 4, 7.5).unwrap();
        });
        let found = check(&room, own()).await;
        assert_eq!(found.comment_column.as_ref().map(|c| (c.letter.as_str(), c.header.as_str())), Some(("M", "Nhận xét cuối kì")));
        assert!(found.unused.iter().any(|header| header == "Nhận xét giữa kì"));
        assert_eq!((found.new, found.changed, found.same, found.faulty), (2, 1, 0, 1));
        let of = |learner| found.rows.iter().find(|row| row.learner_id == Some(learner)).unwrap().comment.clone().unwrap();
        let (cuc, anh, binh) = (of(c), of(a), of(b));
        assert_eq!((cuc.outcome, cuc.text.as_str(), cuc.version), (FileCellOutcome::New, "Chăm học.", 0));
        assert_eq!((anh.outcome, anh.present.as_deref(), anh.version), (FileCellOutcome::Changed, Some("Tiếp thu tốt.\nCần cẩn thận hơn."), 1));
        assert_eq!((binh.outcome, binh.code.as_deref(), binh.vi.is_some()), (FileCellOutcome::Faulty, Some("too-long"), true));
        // Nothing is written by looking; what is wanted is saved with the versions of the look, and a colleague's comment is not run over.
        write(json!([{"learner_id": a, "text": "Của người khác.", "version": 1}])).await;
        let saved = write(json!([
            {"learner_id": c, "text": cuc.text, "version": cuc.version}, {"learner_id": a, "text": anh.text, "version": anh.version},
        ])).await;
        assert_eq!(saved.rows.iter().map(|row| row.outcome).collect::<Vec<_>>(), [CellResult::Saved, CellResult::Conflict]);
        // Filled: the comments in their column, all else as it was.
        let file = template(|sheet| _ = sheet.merge_range(2, 11, 3, 11, "Nhận xét", &Format::new()).unwrap());
        let filled = room.teacher.upload(&path(&room.class, "/fill"), file.clone()).await.status(200).body;
        let found = check(&room, filled.clone()).await;
        assert_eq!((found.new, found.changed, found.same), (0, 0, 3), "{found:?}");
        assert_eq!(parts(&filled)["xl/worksheets/sheet2.xml"], parts(&file)["xl/worksheets/sheet2.xml"]);
        // Behind the deadline of the last marks a comment says so.
        let deadlines = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
        room.principal.put(&deadlines, 0, &json!({"final": "2020-01-31"})).await.status(200);
        let found = check(&room, own()).await;
        let late = found.rows.iter().find(|row| row.learner_id == Some(a)).unwrap().comment.clone().unwrap();
        assert_eq!((late.outcome, late.code.as_deref()), (FileCellOutcome::Faulty, Some("marks_locked")));
        assert!(late.vi.unwrap().contains("31/01/2020"));
    }

    async fn a_dry_run_tells_of_each_cell_and_the_rest_is_a_save(app: TestApp) {
        let room = room(&app).await;
        some_marks(&room).await;
        let file = template(|sheet| {
            // Cúc: new; "85" to be looked at; Anh: changed and the same; Bình: faults of every kind.
            sheet.write(4, 4, 7.5).unwrap();
            sheet.write(4, 5, "85").unwrap();
            sheet.write(5, 4, 9.0).unwrap();
            sheet.write(5, 9, "10").unwrap();
            sheet.write(6, 4, 15.5).unwrap();
            sheet.write(6, 5, "tám").unwrap();
            sheet.write(6, 6, 8.25).unwrap();
            sheet.write_with_format(6, 7, 46150.0, &Format::new().set_num_format("dd/mm")).unwrap();
            sheet.write_formula(6, 8, Formula::new("=5+1").set_result("6")).unwrap();
            sheet.write(6, 9, "  ").unwrap();
        });
        let found = check(&room, file).await;
        assert_eq!((found.sheet.as_str(), found.header_row), ("Lớp 6A1", 3));
        let headers: Vec<_> = found.columns.iter().map(|c| (c.slot, c.letter.as_str(), c.header.as_str())).collect();
        assert_eq!(headers[0], (Slot::Regular(1), "E", "ĐĐGtx 1"));
        assert_eq!(headers[4..], [(Slot::Midterm, "I", "ĐĐGgk"), (Slot::Final, "J", "ĐĐGck")]);
        assert_eq!(found.unused.iter().filter(|h| h.contains("ĐTBmhk")).count(), 1);
        let row = |name: &str| found.rows.iter().find(|r| r.full_name.to_lowercase().contains(name)).unwrap();
        let outcomes = |name| row(name).cells.iter().map(|c| (c.slot, c.outcome, c.code.as_deref())).collect::<Vec<_>>();
        assert_eq!(row("cúc").learner_id, Some(room.learners[2]));
        assert_eq!(outcomes("cúc"), [(Slot::Regular(1), FileCellOutcome::New, None), (Slot::Regular(2), FileCellOutcome::Changed, None)]);
        let doubtful = &row("cúc").cells[1];
        assert_eq!((doubtful.value, doubtful.present, doubtful.version, doubtful.doubtful), (score(850), Some(CellValue::Absent), 1, true));
        assert_eq!(row("anh").learner_id, Some(room.learners[0]));
        assert_eq!(outcomes("anh"), [(Slot::Regular(1), FileCellOutcome::Changed, None), (Slot::Final, FileCellOutcome::Same, None)]);
        let faulty = outcomes("bình");
        assert_eq!(faulty.iter().map(|(_, _, code)| code.unwrap()).collect::<Vec<_>>(), ["above-ten", "not-a-mark", "too-precise", "date", "formula"]);
        assert!(row("bình").cells.iter().all(|c| c.vi.is_some() && c.en.is_some()));
        assert_eq!((found.new, found.changed, found.same, found.faulty), (1, 2, 1, 5));
        // Nothing has changed yet; what is wanted is saved as any other cells, with the versions of the dry run.
        assert_eq!(room.cell(room.learners[2], Slot::Regular(1)).await, (None, 0));
        let cells = found.rows.iter().flat_map(|row| {
            let wanted = row.cells.iter().filter(|c| matches!(c.outcome, FileCellOutcome::New | FileCellOutcome::Changed));
            wanted.map(|c| cell(row.learner_id.unwrap(), c.slot, c.value, c.version))
        });
        let body = PutMarks { source: MarkSource::Imported, reason: None, cells: cells.collect() };
        let saved: MarksSaved = room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.ok();
        assert!(saved.cells.iter().all(|c| c.outcome == CellResult::Saved));
        assert_eq!(room.cell(room.learners[2], Slot::Regular(1)).await, (score(750), 1));
    }

    async fn the_same_file_comes_back_with_the_marks_in_it(app: TestApp) {
        let room = room(&app).await;
        some_marks(&room).await;
        let file = template(|sheet| {
            sheet.write(4, 9, 3.0).unwrap();
        });
        let reply = room.teacher.upload(&path(&room.class, "/fill"), file.clone()).await.status(200);
        is_file(&reply);
        let (before, after) = (parts(&file), parts(&reply.body));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (name, bytes) in &before {
            match name.as_str() {
                "xl/worksheets/sheet1.xml" => assert_ne!(bytes, &after[name]),
                // Only that formulas are computed when it is opened.
                "xl/workbook.xml" => assert!(String::from_utf8_lossy(&after[name]).contains("fullCalcOnLoad")),
                _ => assert_eq!(bytes, &after[name], "{name} changed"),
            }
        }
        let sheet = String::from_utf8_lossy(&after["xl/worksheets/sheet1.xml"]).into_owned();
        let old = String::from_utf8_lossy(&before["xl/worksheets/sheet1.xml"]).into_owned();
        // The hidden column, the notes, the formula and the style of the cell are as they were.
        assert!(sheet.contains("hidden=\"1\"") && sheet.contains("AVERAGE(E6:J6)"));
        assert_eq!(sheet.matches("<f>").count(), old.matches("<f>").count());
        let styled = |xml: &str, cell: &str| xml.split(&format!("<c r=\"{cell}\"")).nth(1).unwrap().split('>').next().unwrap().to_owned();
        assert!(styled(&old, "E6").contains("s=\"") && styled(&sheet, "E6").contains(styled(&old, "E6").trim_end_matches('/').trim()));
        // A mark that the sheet has not stays in the file; read back, all the sheet's marks are there.
        let found = check(&room, reply.body).await;
        assert_eq!((found.new, found.changed, found.same, found.faulty), (1, 0, 4, 0), "{found:?}");
        assert!(app.audit(Some(room.school.id)).await.iter().any(|e| e.verb == "mark.file_filled"));
    }

    async fn learners_are_never_found_by_their_place(app: TestApp) {
        let room = room(&app).await;
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, title) in (0u16..).zip(["STT", "Họ và tên", "Ngày sinh", "GK"]) {
            sheet.write(0, column, title).unwrap();
        }
        let rows = [
            ("Lê Văn Bình", "12/03/2015"),
            // Another birth date; nobody of this name; the same learner again.
            ("Trần Thu Cúc", "13/03/2015"),
            ("Hồ Văn Lạ", "12/03/2015"),
            ("Lê Văn Bình", "12/03/2015"),
        ];
        for (row, (name, day)) in (1u32..).zip(rows) {
            sheet.write(row, 0, row).unwrap();
            sheet.write(row, 1, name).unwrap();
            sheet.write(row, 2, day).unwrap();
            sheet.write(row, 3, 7.0).unwrap();
        }
        let found = check(&room, workbook.save_to_buffer().unwrap()).await;
        let faults: Vec<_> = found.rows.iter().map(|r| r.faults.first().map(|f| f.code.clone())).collect();
        assert_eq!(faults, [None, Some("birth-date-differs".into()), Some("learner-unknown".into()), Some("learner-repeated".into())]);
        assert_eq!(found.new, 1);
        assert_eq!(found.absent, ["Nguyễn Thị Ánh", "Trần Thu Cúc"]);
    }

    async fn two_of_the_same_name_need_a_birth_date_or_a_code(app: TestApp) {
        let room = room(&app).await;
        let twin = app.learner(&room.class, "Lê Văn Bình").await;
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, title) in (0u16..).zip(["STT", "Mã định danh", "Họ và tên", "CK"]) {
            sheet.write(0, column, title).unwrap();
        }
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::{Expr, ExprTrait, Query};
        let mut update = Query::update();
        update.table("learner").value("ministry_code", "9400112345").and_where(Expr::col("id").eq(twin.0));
        app.db.migrator().execute(&update).await.unwrap();
        for (row, code) in [(1u32, "9400112345"), (2, "")] {
            sheet.write(row, 0, row).unwrap();
            sheet.write(row, 1, code).unwrap();
            sheet.write(row, 2, "Lê Văn Bình").unwrap();
            sheet.write(row, 3, 7.0).unwrap();
        }
        let found = check(&room, workbook.save_to_buffer().unwrap()).await;
        assert_eq!((found.rows[0].learner_id, found.rows[0].matched_by), (Some(twin), MatchedBy::Code), "{found:?}");
        assert_eq!(found.rows[1].faults[0].code, "learner-ambiguous");
    }

    async fn locked_columns_and_closed_terms(app: TestApp) {
        let room = room(&app).await;
        let deadlines = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
        room.principal.put(&deadlines, 0, &json!({"regular": "2020-01-31"})).await.status(200);
        let file = template(|sheet| {
            sheet.write(4, 4, 7.5).unwrap();
            sheet.write(4, 9, 7.5).unwrap();
        });
        let found = check(&room, file.clone()).await;
        let cells = &found.rows[0].cells;
        assert_eq!((cells[0].code.as_deref(), cells[1].outcome), (Some("marks_locked"), FileCellOutcome::New));
        assert!(cells[0].vi.as_ref().unwrap().contains("31/01/2020"));
        room.principal.put(&deadlines, 1, &json!({})).await.status(200);
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        room.teacher.upload(&path(&room.class, "/check"), file).await.problem(Code::TermClosed);
    }

    async fn files_that_are_none(app: TestApp) {
        let room = room(&app).await;
        let no_marks = {
            let mut workbook = Workbook::new();
            let sheet = workbook.add_worksheet();
            sheet.write(0, 0, "Họ và tên").unwrap();
            sheet.write(1, 0, "Lê Văn Bình").unwrap();
            workbook.save_to_buffer().unwrap()
        };
        let good = template(|_| {});
        let mut macros = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"] {
            macros.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        }
        let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
        bomb.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut bomb, &vec![b' '; 80 << 20]).unwrap();
        for (what, file) in [
            ("empty", Vec::new()),
            ("text", "Họ và tên;GK\nLê Văn Bình;7".as_bytes().to_vec()),
            ("a picture", b"\x89PNG\r\n\x1a\n".to_vec()),
            ("cut", good[..good.len() / 2].to_vec()),
            ("macros", macros.finish().unwrap().into_inner()),
            ("a bomb", bomb.finish().unwrap().into_inner()),
        ] {
            for verb in ["/check", "/fill"] {
                let reply = room.teacher.upload(&path(&room.class, verb), file.clone()).await;
                assert!([413, 422].contains(&reply.status.as_u16()), "{what} {verb}: {} {}", reply.status, reply.text());
                assert!(reply.text().contains("file_"), "{what} {verb}: {}", reply.text());
            }
        }
        let found = check(&room, no_marks.clone()).await;
        assert_eq!(found.faults[0].code, "no-mark-column");
        room.teacher.upload(&path(&room.class, "/fill"), no_marks).await.problem(Code::FileNotReadable);
        let big = vec![b'P'; 11 << 20];
        room.teacher.upload(&path(&room.class, "/check"), big).await.status(413);
    }

    async fn files_of_others_are_not_there(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let colleague = app.teacher(&room.class, "NGU_VAN").await;
        for actor in [&other.teacher, &colleague] {
            actor.get(&path(&room.class, "")).await.problem(Code::NotFound);
            actor.upload(&path(&room.class, "/check"), template(|_| {})).await.problem(Code::NotFound);
            actor.upload(&path(&room.class, "/fill"), template(|_| {})).await.problem(Code::NotFound);
        }
        other.principal.get(&path(&room.class, "")).await.problem(Code::NotFound);
        room.homeroom.upload(&path(&room.class, "/check"), template(|_| {})).await.problem(Code::Forbidden);
        let guardian = app.guardian(&room.learners).await;
        guardian.send(guardian.request(Method::GET, &path(&room.class, ""))).await.problem(Code::Forbidden);
    }
}
