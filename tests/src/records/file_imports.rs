//! Files of any kind: headers, mapping that is remembered, corrections, apply, undo, templates, the marked file.

use crate::harness::{Actor, School};
use dto::access::Role;
use dto::file_imports::{FileImport, FileImportItem, FileImportKind, FileImportRow};
use dto::imports::{ImportState, RowOutcome};
use dto::learners::LearnerItem;
use dto::staff::{Position, Staff};
use dto::{Code, Page};
use serde_json::json;
use std::io::{Cursor, Read};
use zip::ZipArchive;

pub fn path(school: &School, kind: &str) -> String {
    format!("/file-imports?kind={kind}&school_id={}&file_name=danh-sach.csv", school.id)
}

pub async fn dry(actor: &Actor, school: &School, kind: &str, file: impl Into<Vec<u8>>) -> FileImport {
    actor.upload(&path(school, kind), file.into()).await.ok()
}

pub async fn rows(actor: &Actor, import: &FileImport) -> Vec<FileImportRow> {
    actor.get(&format!("/file-imports/{}/rows", import.id)).await.ok::<Page<FileImportRow>>().items
}

async fn columns(actor: &Actor, import: &FileImport, columns: serde_json::Value) -> FileImport {
    actor.put(&format!("/file-imports/{}/columns", import.id), import.version, &json!({ "columns": columns })).await.ok()
}

async fn correct(actor: &Actor, import: &FileImport, cells: serde_json::Value) -> FileImport {
    actor.put(&format!("/file-imports/{}/cells", import.id), import.version, &json!({ "cells": cells })).await.ok()
}

pub async fn apply(actor: &Actor, import: &FileImport) -> FileImport {
    actor.post_empty(&format!("/file-imports/{}/apply", import.id)).await.ok()
}

pub async fn undo(actor: &Actor, import: &FileImport) -> FileImport {
    actor.post_empty(&format!("/file-imports/{}/undo", import.id)).await.ok()
}

async fn staff(actor: &Actor, school: &School) -> Vec<Staff> {
    actor.get(&format!("/staff?unit_id={}", school.id)).await.ok::<Page<Staff>>().items
}

const STAFF: &str = "Họ và tên;Mã định danh;Ngày sinh;Giới tính;Điện thoại;Chức vụ\n\
    Lê Thị Hoa;9400100001;06/04/1985;Nữ;0912000001;Giáo viên\n\
    Trần Văn Nam;;12/05/1979;Nam;912000002;Phó hiệu trưởng\n\
    Phạm Văn Lỗi;;31/02/1980;Nam;;Giáo viên\n";

fn outcomes(rows: &[FileImportRow]) -> Vec<RowOutcome> {
    rows.iter().map(|row| row.outcome).collect()
}

fn part(file: &[u8], name: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).ok()?.read_to_string(&mut text).unwrap();
    Some(text)
}

both_engines! {
    async fn staff_is_read_corrected_applied_and_undone(app: TestApp) {
        let school = &app.world.school_a;
        let principal = app.principal(school).await;
        let before = staff(&principal, school).await.len();
        let dry = dry(&principal, school, "staff", STAFF).await;
        assert_eq!((dry.state, dry.header_row, dry.summary.rows, dry.summary.new, dry.summary.faulty), (ImportState::DryRun, 1, 3, 2, 1));
        let list = rows(&principal, &dry).await;
        assert_eq!(outcomes(&list), [RowOutcome::New, RowOutcome::New, RowOutcome::Faulty]);
        assert_eq!(list[2].faults.iter().map(|f| (f.code.as_str(), f.column.as_deref())).collect::<Vec<_>>(), [("date", Some("C"))]);
        // The rules of quality speak in the dry run: the second has no code.
        assert!(list[1].quality.iter().any(|w| w.rule == dto::quality::QualityRule::StaffCodeMissing), "{list:?}");
        let faulty: Page<FileImportRow> = principal.get(&format!("/file-imports/{}/rows?outcome=faulty", dry.id)).await.ok();
        assert_eq!(faulty.items.len(), 1);
        principal.post_empty(&format!("/file-imports/{}/apply", dry.id)).await.problem(Code::ImportHasFaults);

        // A cell is corrected here; the file stays as it was.
        let wrong = json!({"cells": [{"row": 9, "field": "birth_date", "text": "x"}]});
        principal.put(&format!("/file-imports/{}/cells", dry.id), dry.version, &wrong).await.field("/cells/0/row", Code::FieldChoice);
        principal.put(&format!("/file-imports/{}/cells", dry.id), 7, &json!({"cells": [{"row": 4, "field": "sex", "text": "Nam"}]})).await.problem(Code::VersionConflict);
        let fixed = correct(&principal, &dry, json!([{"row": 4, "field": "birth_date", "text": "28/02/1980"}])).await;
        assert_eq!((fixed.summary.faulty, fixed.summary.new, fixed.version), (0, 3, 2));
        let list = rows(&principal, &fixed).await;
        assert_eq!((list[2].corrected.as_slice(), list[2].cells["birth_date"].as_str()), (&["birth_date".to_owned()][..], "28/02/1980"));

        let done = apply(&principal, &fixed).await;
        assert_eq!((done.state, done.applied_at.is_some()), (ImportState::Applied, true));
        principal.post_empty(&format!("/file-imports/{}/apply", done.id)).await.problem(Code::ImportState);
        let read: FileImport = principal.get(&format!("/file-imports/{}", done.id)).await.ok();
        assert_eq!((read.id, read.version), (done.id, done.version));
        let people = staff(&principal, school).await;
        assert_eq!(people.len(), before + 3);
        let nam = people.iter().find(|p| p.full_name == "Trần Văn Nam").expect("made");
        assert_eq!((nam.phone.as_deref(), nam.posts[0].position), (Some("0912000002"), Position::Deputy));

        // The same file again: nothing to do but the corrected row, which the file still has wrong.
        let again: FileImport = principal.upload(&path(school, "staff"), STAFF.into()).await.ok();
        assert_eq!((again.summary.same, again.summary.faulty), (2, 1));
        let undone = undo(&principal, &done).await;
        assert_eq!(undone.state, ImportState::Undone);
        assert_eq!(staff(&principal, school).await.len(), before);
        let items: Page<FileImportItem> = principal.get(&format!("/file-imports?school_id={}", school.id)).await.ok();
        assert_eq!(items.items.iter().map(|i| i.state).collect::<Vec<_>>(), [ImportState::DryRun, ImportState::Undone]);
    }

    async fn what_was_used_since_is_not_undone(app: TestApp) {
        let school = &app.world.school_a;
        let principal = app.principal(school).await;
        let file = "Họ tên,Giới tính\nLê Thị Hoa,Nữ\n";
        let done = apply(&principal, &dry(&principal, school, "staff", file).await).await;
        let hoa = staff(&principal, school).await.into_iter().find(|p| p.full_name == "Lê Thị Hoa").expect("made");
        let class = app.class(school, "6A1", "6").await;
        app.set_homeroom(class.id, hoa.id).await;
        let problem = principal.post_empty(&format!("/file-imports/{}/undo", done.id)).await.problem(Code::ImportChangedSince);
        assert_eq!(problem.errors[0].code.as_str(), "imported_record_used");
        assert_eq!(problem.errors[0].params["name"], "Lê Thị Hoa");
    }

    async fn a_column_that_was_corrected_once_is_remembered(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let file = "Quý danh,Phái,Ghi chú riêng\nLê Thị Hoa,Nữ,0912000001\n";
        let first = dry(&clerk, school, "staff", file).await;
        assert!(first.faults.iter().any(|f| f.code == "column_missing" && f.field.as_deref() == Some("full_name")), "{first:?}");
        clerk.post_empty(&format!("/file-imports/{}/apply", first.id)).await.problem(Code::ImportHasFaults);
        let put = |columns: serde_json::Value| (format!("/file-imports/{}/columns", first.id), json!({ "columns": columns }));
        let (at, body) = put(json!([{"column": "A", "field": "nonsense"}]));
        clerk.put(&at, 1, &body).await.field("/columns/0/field", Code::FieldChoice);
        let (at, body) = put(json!([{"column": "Z", "field": "phone"}]));
        clerk.put(&at, 1, &body).await.field("/columns/0/column", Code::FieldChoice);
        let mapped = columns(&clerk, &first, json!([
            {"column": "A", "field": "full_name"}, {"column": "B", "field": "sex"}, {"column": "C", "field": "phone"},
        ])).await;
        assert_eq!((mapped.summary.new, mapped.faults.len()), (1, 0));
        let list = rows(&clerk, &mapped).await;
        assert_eq!(list[0].cells["phone"], "0912000001");
        // The next file with such headers is understood; another school has said nothing.
        let second = dry(&clerk, school, "staff", file).await;
        assert_eq!((second.summary.new, second.faults.len()), (1, 0));
        assert!(second.columns.iter().find(|c| c.column == "A").unwrap().remembered);
        let other = app.at(Role::Clerk, &app.world.school_b).await;
        assert_eq!(dry(&other, &app.world.school_b, "staff", file).await.summary.new, 0);
    }

    async fn learners_of_any_layout_go_the_same_way(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/class-lists/bo-6A1-clean.xlsx")).unwrap();
        let dry = dry(&clerk, school, "learners", bytes).await;
        assert_eq!((dry.summary.new, dry.summary.rows, dry.summary.new_classes.as_slice()), (44, 44, &["6A1".to_owned()][..]));
        let done = apply(&clerk, &dry).await;
        let found: Page<LearnerItem> = clerk.get("/learners?limit=200").await.ok();
        assert_eq!(found.items.len(), 44);
        undo(&clerk, &done).await;
        let found: Page<LearnerItem> = clerk.get("/learners?limit=200").await.ok();
        assert!(found.items.is_empty());

        // A personal ID that does not fit is a warning of the rule, and nothing is refused for it.
        let file = "Họ tên,Ngày sinh,Giới tính,Số định danh cá nhân,Lớp,SĐT liên hệ\nLê Văn An,06/04/2015,Nữ,087215000011,6A1,0912000001\n";
        let odd = self::dry(&clerk, school, "learners", file).await;
        let list = rows(&clerk, &odd).await;
        assert_eq!((list[0].outcome, list[0].quality[0].rule), (RowOutcome::New, dto::quality::QualityRule::PersonalIdSex));
        let warned: Page<FileImportRow> = clerk.get(&format!("/file-imports/{}/rows?warnings=true", odd.id)).await.ok();
        assert_eq!(warned.items.len(), 1);
    }

    async fn files_of_every_encoding_are_read(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let text = "Họ và tên;Giới tính;Chức vụ\nNguyễn Thị Ánh;Nữ;Giáo viên\n";
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let comma = text.replace(';', ",");
        for file in [text.as_bytes().to_vec(), marked, comma.into_bytes()] {
            let dry = dry(&clerk, school, "staff", file).await;
            assert_eq!(rows(&clerk, &dry).await[0].title, "Nguyễn Thị Ánh");
        }
        // Windows-1258: letters with combining marks behind them.
        let mut old = b"H\xf2\xf7 v\xe0 t\xean;Gi\xf5\xec t\xednh;\xd0i\xea\xf2n thoa\xf2i\n".to_vec();
        old.extend_from_slice(b"Nguy\xea\xdern Th\xee\xf2 \xc1nh;N\xfd\xde;0912000001\n");
        let reply = clerk.upload(&path(school, "staff"), old).await;
        assert!(reply.status == 201 || reply.status == 422, "{}", reply.text());
        clerk.upload(&path(school, "staff"), b"\x89PNG....".to_vec()).await.problem(Code::FileNotReadable);
        clerk.upload(&path(school, "nothing"), b"a,b\nc,d\n".to_vec()).await.field("kind", Code::FieldChoice);
        clerk.upload(&path(school, "marks"), b"a,b\nc,d\n".to_vec()).await.problem(Code::ImportKindScope);
    }

    async fn templates_come_back_empty_and_the_file_comes_back_marked(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let kinds: Page<FileImportKind> = clerk.get("/file-import-kinds").await.ok();
        let known: Vec<&str> = kinds.items.iter().map(|k| k.kind.as_str()).collect();
        assert_eq!(known, ["learners", "staff", "rooms", "equipment", "marks", "former_results", "former_years", "health_checks"]);
        for kind in ["learners", "staff", "equipment"] {
            let template = clerk.get(&format!("/file-import-kinds/{kind}/template?school_id={}", school.id)).await.status(200).body;
            let sheet = part(&template, "xl/worksheets/sheet1.xml").unwrap();
            assert!(sheet.contains("dataValidation"), "{kind}");
            assert!(part(&template, "xl/worksheets/sheet2.xml").is_some(), "the guide");
            // Nothing is in it yet.
            clerk.upload(&path(school, kind), template).await.problem(Code::FileNotReadable);
        }
        clerk.get(&format!("/file-import-kinds/nothing/template?school_id={}", school.id)).await.problem(Code::NotFound);

        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        let bold = rust_xlsxwriter::Format::new().set_bold();
        for (column, text) in (0u16..).zip(["Họ tên", "Giới tính", "Ngày sinh"]) {
            sheet.write_with_format(0, column, text, &bold).unwrap();
        }
        for (column, text) in (0u16..).zip(["Lê Thị Hoa", "Nữ nhé", "06/04/1985"]) {
            sheet.write(1, column, text).unwrap();
        }
        sheet.write(8, 5, "ghi chú riêng").unwrap();
        let dry = dry(&clerk, school, "staff", workbook.save_to_buffer().unwrap()).await;
        assert_eq!(dry.summary.faulty, 1);
        let marked = clerk.get(&format!("/file-imports/{}/marked-file", dry.id)).await.status(200).body;
        let comments = part(&marked, "xl/commentsKhue.xml").expect("comments");
        assert!(comments.contains("ref=\"B2\"") && comments.contains("không phải Nam hay Nữ"), "{comments}");
        assert!(part(&marked, "xl/styles.xml").unwrap().contains("FFFFC7CE"));
        assert!(part(&marked, "xl/sharedStrings.xml").unwrap().contains("ghi chú riêng"));
        // It is the person's own file: corrected, it is read as before.
        let again = self::dry(&clerk, school, "staff", marked).await;
        assert_eq!((again.summary.faulty, again.columns), (1, dry.columns));
        // Text comes back as a workbook.
        let text = self::dry(&clerk, school, "staff", STAFF).await;
        let marked = clerk.get(&format!("/file-imports/{}/marked-file", text.id)).await.status(200).body;
        assert!(part(&marked, "xl/comments1.xml").is_some_and(|c| c.contains("ngày")));
    }

    async fn nobody_sees_the_imports_of_another_school(app: TestApp) {
        let (ours, theirs) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let dry = dry(&ours, &app.world.school_a, "staff", STAFF).await;
        for at in ["", "/rows", "/marked-file"] {
            theirs.get(&format!("/file-imports/{}{at}", dry.id)).await.problem(Code::NotFound);
        }
        theirs.get(&format!("/file-imports?school_id={}", app.world.school_a.id)).await.problem(Code::NotFound);
        theirs.upload(&path(&app.world.school_a, "staff"), STAFF.into()).await.problem(Code::NotFound);
        for verb in ["apply", "undo"] {
            theirs.post_empty(&format!("/file-imports/{}/{verb}", dry.id)).await.problem(Code::NotFound);
        }
        theirs.put(&format!("/file-imports/{}/cells", dry.id), 1, &json!({"cells": [{"row": 2, "field": "sex", "text": "Nam"}]})).await.problem(Code::NotFound);
        theirs.put(&format!("/file-imports/{}/columns", dry.id), 1, &json!({"columns": [{"column": "A", "field": "full_name"}]})).await.problem(Code::NotFound);
        let template = format!("/file-import-kinds/staff/template?school_id={}", app.world.school_a.id);
        theirs.get(&template).await.problem(Code::NotFound);
        // A teacher may bring marks, and no staff.
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let teacher = app.teacher(&class, "TOAN").await;
        teacher.upload(&path(&app.world.school_a, "staff"), STAFF.into()).await.problem(Code::NotFound);
        teacher.get(&format!("/file-imports/{}", dry.id)).await.problem(Code::NotFound);
        assert!(teacher.get(&format!("/file-imports?school_id={}", app.world.school_a.id)).await.ok::<Page<FileImportItem>>().items.is_empty());
    }
}
