//! Files for the Ministry: checked with an owner for each fault, made, filled into an official file, sent with receipts.

use crate::gradebook::contact::fakes::Http;
use crate::gradebook::contact::outbox::{Office, until};
use crate::gradebook::primary::{fill, primary};
use crate::gradebook::{Room, room, room_in};
use crate::harness::{Actor, Reply, TestApp};
use dto::access::Role;
use dto::calendar::Term;
use dto::exchange::*;
use dto::{Code, Page};
use records::imports::parse::Options;
use records::imports::parse::book::{self, Grid, Value, number_text};
use reqwest::Method;
use rust_xlsxwriter::{Format, Workbook};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn path(room: &Room, kind: ExportKind, what: &str) -> String {
    format!("/units/{}/exports/{kind}/{what}", room.school.id)
}

async fn check(actor: &Actor, room: &Room, kind: ExportKind) -> ExportCheck {
    actor.get(&path(room, kind, "check")).await.ok()
}

async fn upload(actor: &Actor, room: &Room, kind: ExportKind, bytes: Vec<u8>) -> Reply {
    actor.upload(&path(room, kind, "template?file_name=mau.xlsx"), bytes).await
}

/// Records of learners with all that a list asks for.
async fn complete(app: &TestApp, room: &Room) {
    for (n, learner) in room.learners.iter().enumerate() {
        let mut query = Query::update();
        query
            .table("learner")
            .value("ministry_code", format!("740713723{n}"))
            .value("ethnicity", if n == 0 { "Khơ-me" } else { "Kinh" })
            .and_where(Expr::col("id").eq(learner.0));
        app.db.migrator().execute(&query).await.unwrap();
    }
}

fn sheets(bytes: &[u8]) -> Vec<book::Sheet> {
    book::sheets(bytes, &Options::new(crate::harness::day("2026-11-20"))).unwrap_or_else(|e| panic!("{e:?}"))
}

fn text(grid: &Grid, row: u32, column: u16) -> String {
    let row = grid.rows.iter().find(|r| r.number == row);
    match row.and_then(|row| row.get(column)).map(|cell| &cell.value) {
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Number(n) | Value::Date(n)) => number_text(*n),
        _ => String::new(),
    }
}

/// An official file as it may be: other order, other words, a hidden column, a sheet to look up in, and a learner in it already.
fn template() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1").unwrap();
    sheet.write(0, 0, "DANH SÁCH HỌC SINH").unwrap();
    for (column, header) in
        (0u16..).zip(["HỌ TÊN", "Mã nội bộ", "Mã Học Sinh", "Giới tính", "Lớp", "Ngày sinh", "Dân tộc", "Tôn giáo"])
    {
        sheet.write_with_format(2, column, header, &Format::new().set_bold()).unwrap();
    }
    sheet.set_column_hidden(1).unwrap();
    sheet.write(3, 0, "Lê Văn Bình").unwrap();
    sheet.write(3, 1, "nội bộ 7").unwrap();
    sheet.write(3, 2, "7407137231").unwrap();
    let lookup = workbook.add_worksheet();
    lookup.set_name("DanToc").unwrap();
    lookup.write(0, 0, "Kinh").unwrap();
    workbook.save_to_buffer().unwrap()
}

both_engines! {
    async fn faults_have_an_owner_before_the_file_is_made(app: TestApp) {
        let room = room(&app).await;
        let found = check(&room.principal, &room, ExportKind::Learners).await;
        assert_eq!((found.rows, found.errors), (3, 6), "{found:?}");
        let of = |role: Role| found.faults.iter().filter(|f| f.owner.role == role && !f.warning).collect::<Vec<_>>();
        assert!(of(Role::Clerk).iter().all(|f| f.column == "Mã học sinh") && of(Role::Clerk).len() == 3);
        let homeroom = of(Role::HomeroomTeacher);
        assert!(homeroom.iter().all(|f| f.column == "Dân tộc" && f.owner.name.as_deref() == Some("Vũ Văn Nhiệm")), "{homeroom:?}");
        assert_eq!((homeroom[0].who.as_str(), homeroom[0].row, homeroom[0].owner.class_name.as_deref()), ("Nguyễn Thị Ánh", 1, Some("6A1")));
        assert!(homeroom.iter().all(|f| f.learner_id.is_some() && f.class_id == Some(room.class.id)));
        let unheld = found.columns.iter().find(|c| c.header == "Loại khuyết tật").unwrap();
        assert!(unheld.note_vi.is_some());
        let problem = room.principal.post_empty(&path(&room, ExportKind::Learners, "file")).await.problem(Code::ExportHasFaults);
        assert!(problem.detail.contains('6'));
        room.principal.post_empty(&path(&room, ExportKind::Learners, "file?anyway=true")).await.status(200);

        complete(&app, &room).await;
        let found = check(&room.principal, &room, ExportKind::Learners).await;
        assert_eq!((found.errors, found.faults.len()), (0, 3), "a missing personal ID is told of");
        let reply = room.principal.post_empty(&path(&room, ExportKind::Learners, "file")).await.status(200);
        let name = reply.header("content-disposition").unwrap().to_owned();
        assert!(name.contains("learners-94001-2026-2027.xlsx"), "{name}");
        let grid = &sheets(&reply.body)[0].grid;
        assert_eq!(grid.name, "Sheet1");
        assert_eq!((0..11).map(|c| text(grid, 3, c)).collect::<Vec<_>>()[..5], ["STT", "Mã lớp", "Mã học sinh", "Họ tên", "Ngày sinh"]);
        assert_eq!(
            (0..9).map(|c| text(grid, 4, c)).collect::<Vec<_>>(),
            ["1", "6A1", "7407137230", "Nguyễn Thị Ánh", "12/03/2015", "Nữ", "Đang học", "05/09/2026", "Khơ-me"]
        );
    }

    async fn an_official_file_is_filled_by_its_headers(app: TestApp) {
        let room = room(&app).await;
        complete(&app, &room).await;
        let answer: ExportTemplate = upload(&room.principal, &room, ExportKind::Learners, template()).await.ok();
        assert_eq!((answer.found, answer.sheet.as_str(), answer.file_name.as_str()), (6, "Sheet1", "mau.xlsx"));
        assert_eq!(answer.unfilled, ["Mã nội bộ", "Tôn giáo"]);
        let listed: Page<ExportItem> = room.principal.get(&format!("/units/{}/exports", room.school.id)).await.ok();
        let of = |kind: ExportKind| listed.items.iter().find(|item| item.kind == kind).unwrap();
        assert_eq!(of(ExportKind::Learners).template.as_ref(), Some(&answer));
        assert!(!of(ExportKind::ResultsC1).fits && of(ExportKind::Facilities).fits && of(ExportKind::Staff).fits);
        let found = check(&room.principal, &room, ExportKind::Learners).await;
        let has = |header: &str| found.columns.iter().find(|c| c.header == header).unwrap().in_template;
        assert_eq!((has("Dân tộc"), has("Trạng thái HS")), (Some(true), Some(false)));

        let bytes = room.principal.post_empty(&path(&room, ExportKind::Learners, "file")).await.status(200).body;
        let filled = sheets(&bytes);
        let grid = &filled[0].grid;
        // The row that was there is found by its code and keeps what is its own; the others come after it.
        assert_eq!((0..8).map(|c| text(grid, 4, c)).collect::<Vec<_>>(), ["Lê Văn Bình", "nội bộ 7", "7407137231", "Nữ", "6A1", "12/03/2015", "Kinh", ""]);
        assert_eq!((0..8).map(|c| text(grid, 5, c)).collect::<Vec<_>>(), ["Nguyễn Thị Ánh", "", "7407137230", "Nữ", "6A1", "12/03/2015", "Khơ-me", ""]);
        assert_eq!(text(grid, 6, 0), "Trần Thu Cúc");
        assert!(grid.is_hidden(1) && !grid.is_hidden(0));
        assert_eq!((filled[1].grid.name.as_str(), text(&filled[1].grid, 1, 0).as_str()), ("DanToc", "Kinh"));

        // What is no such file is refused, and the one before stands.
        upload(&room.principal, &room, ExportKind::Learners, b"%PDF-1.7".to_vec()).await.problem(Code::FileNotReadable);
        let mut other = Workbook::new();
        other.add_worksheet().write(0, 0, "Thực đơn").unwrap();
        upload(&room.principal, &room, ExportKind::Learners, other.save_to_buffer().unwrap()).await.problem(Code::TemplateUnfit);
        room.principal.delete(&path(&room, ExportKind::Learners, "template")).await.done();
        room.principal.delete(&path(&room, ExportKind::Learners, "template")).await.problem(Code::NotFound);
    }

    async fn results_of_a_primary_school_have_three_rows_of_headers(app: TestApp) {
        let room = primary(&app, "X1").await;
        complete(&app, &room).await;
        let open = check(&room.principal, &room, ExportKind::ResultsC1).await;
        assert!(open.faults.iter().any(|f| f.vi == "Lớp chưa chốt cả năm." && f.owner.name.as_deref() == Some("Phạm Thị Chủ Nhiệm")), "{open:?}");
        for term in [Term::S1, Term::S2] {
            fill(&room, term).await;
            room.close(term).await;
        }
        let closed = check(&room.principal, &room, ExportKind::ResultsC1).await;
        assert!(closed.faults.is_empty(), "{closed:?}");
        let bytes = room.principal.post_empty(&path(&room, ExportKind::ResultsC1, "file")).await.status(200).body;
        let grid = &sheets(&bytes)[0].grid;
        let header = |row| (0..34).map(|c| text(grid, row, c)).collect::<Vec<_>>();
        assert_eq!((header(3)[5].as_str(), header(4)[5].as_str(), header(4)[6].as_str()), ("Toán", "Mức đạt được", "Điểm KTĐK"));
        assert_eq!((closed.columns.len(), text(grid, 3, 34).as_str()), (35, ""), "the last has no header and stays empty");
        let row = (0..34).map(|c| text(grid, 5, c)).collect::<Vec<_>>();
        assert_eq!(row[..9], ["1", "4A", "7407137230", "Nguyễn Thị Ánh", "12/03/2015", "T", "10", "T", "10"]);
        assert_eq!(row[18..21], ["T", "T", "T"], "{row:?}");
        assert_eq!(row[31..], ["x", "x", "Hoàn thành xuất sắc"], "{row:?}");

        // Three rows of headers with merged cells, in a file of somebody's own.
        let mut workbook = Workbook::new();
        let (sheet, plain) = (workbook.add_worksheet(), Format::new());
        for (column, title) in (0u16..).zip(["STT", "Mã lớp", "Mã học sinh", "Họ tên", "Ngày sinh"]) {
            sheet.merge_range(4, column, 6, column, title, &plain).unwrap();
        }
        sheet.merge_range(4, 5, 4, 8, "Môn học và hoạt động giáo dục", &plain).unwrap();
        sheet.merge_range(5, 5, 5, 6, "Toán", &plain).unwrap();
        sheet.merge_range(5, 7, 5, 8, "Khoa học", &plain).unwrap();
        for (column, title) in (5u16..).zip(["Mức đạt được", "Điểm KTĐK", "Mức đạt được", "Điểm KTĐK"]) {
            sheet.write(6, column, title).unwrap();
        }
        sheet.merge_range(4, 9, 4, 10, "Năng lực", &plain).unwrap();
        sheet.merge_range(5, 9, 5, 10, "Năng lực đặc thù", &plain).unwrap();
        sheet.write(6, 9, "Khoa học").unwrap();
        sheet.write(6, 10, "Thẩm mỹ").unwrap();
        sheet.merge_range(4, 11, 6, 11, "Xếp loại", &plain).unwrap();
        let answer: ExportTemplate = upload(&room.principal, &room, ExportKind::ResultsC1, workbook.save_to_buffer().unwrap()).await.ok();
        assert_eq!((answer.found, answer.unfilled.len()), (12, 0), "{answer:?}");
        let bytes = room.principal.post_empty(&path(&room, ExportKind::ResultsC1, "file")).await.status(200).body;
        let grid = &sheets(&bytes)[0].grid;
        assert_eq!(
            (0..12).map(|c| text(grid, 8, c)).collect::<Vec<_>>(),
            ["1", "4A", "7407137230", "Nguyễn Thị Ánh", "12/03/2015", "T", "10", "T", "10", "T", "T", "Hoàn thành xuất sắc"]
        );
        let secondary = crate::gradebook::room(&app).await;
        secondary.principal.get(&path(&secondary, ExportKind::ResultsC1, "check")).await.problem(Code::ExportKindUnfit);
    }

    async fn the_facility_form_says_what_is_signed_and_who_has_to_count(app: TestApp) {
        let room = room(&app).await;
        let found = check(&room.principal, &room, ExportKind::Facilities).await;
        assert_eq!((found.rows, found.columns.len()), (6, 6));
        assert!(found.faults.iter().all(|f| f.owner.role == Role::Clerk) && found.errors == 24, "{found:?}");
        room.principal.post_empty(&path(&room, ExportKind::Facilities, "file")).await.problem(Code::ExportHasFaults);
        // A register of rooms is a count; what is missing then is the principal's signature.
        let body = serde_json::json!({"code": "A1", "name": "Phòng 6A1", "floor": 1, "kind": "classroom", "construction": "semi", "condition": "repair"});
        room.principal.post(&format!("/units/{}/rooms", room.school.id), &body).await.status(201);
        let found = check(&room.principal, &room, ExportKind::Facilities).await;
        assert!(found.faults.iter().all(|f| f.owner.role == Role::Principal) && found.errors == 6, "{found:?}");
        let sheet = format!("/units/{}/facilities/2026", room.school.id);
        let empty: dto::figures::YearlySheet = room.principal.get(&sheet).await.ok();
        let figures: Vec<_> = empty.lines.iter().filter(|l| !l.item.derived).map(|l| serde_json::json!({"code": l.item.code, "value": 1})).collect();
        let full: dto::figures::YearlySheet = room.principal.put(&sheet, 0, &serde_json::json!({"figures": figures})).await.ok();
        room.principal.put(&format!("{sheet}/signature"), full.version, &serde_json::json!({})).await.status(200);
        assert!(check(&room.principal, &room, ExportKind::Facilities).await.faults.is_empty());
        let bytes = room.principal.post_empty(&path(&room, ExportKind::Facilities, "file")).await.status(200).body;
        let grid = &sheets(&bytes)[0].grid;
        assert_eq!((0..6).map(|c| text(grid, 4, c)).collect::<Vec<_>>(), ["Phòng học", "1", "0", "1", "0", "1"]);

        // The official file, where somebody has it: its rows are found by their names, its columns by their headers.
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, title) in (0u16..).zip(["TT", "Nội dung", "Kiên cố", "Bán kiên cố", "Tạm", "Tổng số"]) {
            sheet.write(3, column, title).unwrap();
        }
        sheet.write(4, 1, "Thư viện").unwrap();
        sheet.write(5, 1, "Phòng học").unwrap();
        let answer: ExportTemplate = upload(&room.principal, &room, ExportKind::Facilities, workbook.save_to_buffer().unwrap()).await.ok();
        assert_eq!((answer.found, answer.unfilled.as_slice()), (5, &["TT".to_owned()][..]));
        let bytes = room.principal.post_empty(&path(&room, ExportKind::Facilities, "file")).await.status(200).body;
        let grid = &sheets(&bytes)[0].grid;
        assert_eq!((1..6).map(|c| text(grid, 6, c)).collect::<Vec<_>>(), ["Phòng học", "0", "1", "0", "1"]);
        assert_eq!(text(grid, 5, 5), "0");
    }

    async fn the_staff_file_has_the_columns_that_are_known(app: TestApp) {
        let room = room(&app).await;
        let found = check(&room.principal, &room, ExportKind::Staff).await;
        assert_eq!(found.columns.iter().map(|c| c.header.as_str()).collect::<Vec<_>>(), ["Họ tên", "Email", "Trạng thái CB", "Vị trí việc làm", "Nhóm chức vụ", "Môn dạy"]);
        assert!(found.faults.iter().any(|f| f.column == "Ngày sinh" && f.owner.role == Role::Clerk && f.staff_id.is_some()));
        let bytes = room.principal.post_empty(&path(&room, ExportKind::Staff, "file?anyway=true")).await.status(200).body;
        let grid = &sheets(&bytes)[0].grid;
        let teacher = (4..10).find(|row| text(grid, *row, 0) == "Đỗ Thị Dạy").unwrap();
        assert_eq!((text(grid, teacher, 4), text(grid, teacher, 5)), ("Giáo viên".into(), "Toán".into()));
    }

    async fn a_package_is_tried_again_until_it_is_answered_and_receipts_are_kept(app: TestApp) {
        let room = room(&app).await;
        complete(&app, &room).await;
        let (fake, actor) = (Http::start().await, &room.principal);
        fake.then(&[503]);
        let office = Office::open(&app, |channels| {
            channels.exchange.url = format!("{}/nhan", fake.base);
            channels.exchange.token = "bi-mat".into();
        });
        let sent: ExchangePackage = actor.post_empty(&path(&room, ExportKind::Learners, "send")).await.status(201).ok();
        assert_eq!((sent.state, sent.receipts.len(), sent.school_year.as_str()), (PackageState::Waiting, 0, "2026-2027"));
        until(async || office.settled().await).await;
        let list = async || room.principal.get(&format!("/units/{}/exchange-packages", room.school.id)).await.ok::<Page<ExchangePackage>>().items;
        let shown = list().await;
        assert_eq!((shown[0].id, shown[0].state), (sent.id, PackageState::Accepted));
        assert_eq!(shown[0].receipts.iter().map(|r| (r.accepted, r.status)).collect::<Vec<_>>(), [(true, Some(201)), (false, Some(503))]);
        assert!(shown[0].receipts[0].answer.contains("error"));

        // Both tries carried the same package, under the same key; in it the file as its manifest says.
        let taken = fake.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!((taken[0].body.clone(), taken[0].header("idempotency-key")), (taken[1].body.clone(), sent.id.to_string().as_str()));
        assert_eq!((taken[0].path.as_str(), taken[0].header("authorization"), taken[0].header("content-type")), ("/nhan", "Bearer bi-mat", "application/zip"));
        let mut archive = ZipArchive::new(Cursor::new(&taken[0].body)).unwrap();
        let mut part = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let manifest: serde_json::Value = serde_json::from_slice(&part("manifest.json")).unwrap();
        let file = part(&sent.file_name);
        use sha2::Digest;
        assert_eq!((manifest["file"]["sha256"].as_str(), hex::encode(sha2::Sha256::digest(&file))), (Some(sent.sha256.as_str()), sent.sha256.clone()));
        assert_eq!((manifest["school"]["code"].as_str(), manifest["rows"].as_i64()), (Some("94001"), Some(3)));

        // What is refused is not sent again.
        fake.then(&[422]);
        actor.post_empty(&path(&room, ExportKind::Learners, "send")).await.status(201).ok::<ExchangePackage>();
        until(async || office.settled().await).await;
        let shown = list().await;
        assert_eq!((shown.len(), shown[0].state, shown[0].receipts[0].status), (2, PackageState::Refused, Some(422)));
        assert_eq!(fake.taken().len(), 3);
        office.stop().await;
    }

    async fn nothing_is_sent_where_it_is_off(app: TestApp) {
        let off = TestApp::start_with(app.engine, |config| config.channels.exchange.url.clear()).await;
        let room = crate::gradebook::room(&off).await;
        room.principal.post_empty(&path(&room, ExportKind::Learners, "send?anyway=true")).await.problem(Code::ExchangeOff);
    }

    async fn it_is_for_the_schools_own_and_those_above(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let all = [
            (Method::GET, format!("/units/{}/exports", room.school.id)),
            (Method::GET, path(&room, ExportKind::Learners, "check")),
            (Method::POST, path(&room, ExportKind::Learners, "file")),
            (Method::DELETE, path(&room, ExportKind::Learners, "template")),
            (Method::POST, path(&room, ExportKind::Learners, "send")),
            (Method::GET, format!("/units/{}/exchange-packages", room.school.id)),
        ];
        for (method, path) in all {
            let ask = async |actor: &Actor| actor.send(actor.request(method.clone(), &path)).await;
            ask(&other.principal).await.problem(Code::NotFound);
            ask(&room.homeroom).await.problem(Code::Forbidden);
            ask(&app.anonymous()).await.problem(Code::Unauthenticated);
        }
        upload(&other.principal, &room, ExportKind::Learners, template()).await.problem(Code::NotFound);
        for actor in [app.at(Role::Clerk, &room.school).await, app.officer(app.world.commune_a).await] {
            assert_eq!(check(&actor, &room, ExportKind::Learners).await.rows, 3);
        }
        room.principal.get(&format!("/units/{}/exports/thuc-don/check", room.school.id)).await.problem(Code::BadPath);
    }
}
