//! Class lists from files: dry run, apply, undo.

use crate::harness::{Actor, School, TestApp, World, day};
use dto::access::Role;
use dto::classes::{Class, ClassMember};
use dto::imports::{Import, ImportItem, ImportState, Layout, RowOutcome};
use dto::learners::{LearnerDetail, Sex};
use dto::{Code, LearnerId, Page};
use std::path::PathBuf;

fn sample(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/class-lists").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

const HEADER: &str =
    "STT,Họ tên,Ngày sinh,Giới tính,Số định danh cá nhân,Mã MOET,Lớp,Dân tộc,Tên cha,SĐT cha,Tên mẹ,SĐT mẹ,SĐT liên hệ";

/// A list of text under the usual header.
fn list(rows: &[&str]) -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for row in rows {
        text.push('\n');
        text.push_str(row);
    }
    text.into_bytes()
}

const AN: &str =
    "1,Lê Văn An,06/04/2015,Nam,087215000011,0000000011,6A1,Kinh,Lê Văn Ba,0912000001,Phạm Thị Mai,0912000002,0912000002";
const BINH: &str = "2,Lê Thị Bình,07/08/2015,Nữ,087315000012,0000000012,6A1,Khmer,Lê Văn Ba,0912000001,Phạm Thị Mai,0912000002,";
const CHI: &str = "3,Nguyễn Ánh Chi,09/09/2015,Nữ,087315000013,,6A2,,,,,,";

fn path(world: &World, school: &School) -> String {
    format!("/imports?school_id={}&school_year_id={}&file_name=danh-sach.csv", school.id, world.year)
}

async fn dry_run(app: &TestApp, actor: &Actor, file: Vec<u8>) -> Import {
    actor.upload(&path(&app.world, &app.world.school_a), file).await.ok()
}

async fn apply(actor: &Actor, import: &Import) -> Import {
    actor.post_empty(&format!("/imports/{}/apply", import.id)).await.ok()
}

async fn undo(actor: &Actor, import: &Import) -> Import {
    actor.post_empty(&format!("/imports/{}/undo", import.id)).await.ok()
}

async fn classes(app: &TestApp, actor: &Actor) -> Vec<Class> {
    actor
        .get(&format!("/classes?school_id={}&school_year_id={}", app.world.school_a.id, app.world.year))
        .await
        .ok::<Page<Class>>()
        .items
}

async fn members(actor: &Actor, class: &Class) -> Vec<ClassMember> {
    actor.get(&format!("/classes/{}/members", class.id)).await.ok::<Page<ClassMember>>().items
}

async fn learner(actor: &Actor, id: LearnerId) -> LearnerDetail {
    actor.get(&format!("/learners/{id}")).await.ok()
}

fn outcomes(import: &Import) -> Vec<RowOutcome> {
    import.rows.iter().map(|row| row.outcome).collect()
}

fn codes(import: &Import, row: usize) -> Vec<&str> {
    import.rows[row].faults.iter().map(|fault| fault.code.as_str()).collect()
}

/// A name of its own for every number.
fn letters(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    format!("X{}{}{}", letter(number / 676), letter(number / 26), letter(number))
}

both_engines! {
    async fn the_real_layouts_become_classes(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        for (file, layout, header_row, name, count) in
            [("bo-6A1-clean.xlsx", Layout::Ministry, 4, "6A1", 44), ("vnedu-8A2-clean.xlsx", Layout::VnEdu, 7, "8A2", 45)]
        {
            let dry = dry_run(&app, &clerk, sample(file)).await;
            assert_eq!((dry.state, dry.layout, dry.header_row), (ImportState::DryRun, layout, header_row));
            assert_eq!((dry.summary.new, dry.summary.rows, dry.summary.new_classes.as_slice()), (count, count, &[name.to_owned()][..]));
            assert!(dry.rows.iter().all(|row| row.faults.is_empty() && row.learner_id.is_none()));
            assert!(classes(&app, &clerk).await.iter().all(|class| class.name != name), "a dry run changes nothing");

            let done = apply(&clerk, &dry).await;
            assert_eq!((done.state, done.summary.new), (ImportState::Applied, count));
            assert!(done.rows.iter().all(|row| row.learner_id.is_some() && row.class_id.is_some()));
            let class = classes(&app, &clerk).await.into_iter().find(|class| class.name == name).expect("the class");
            let list = members(&clerk, &class).await;
            assert_eq!(list.len(), count as usize);
            let keys: Vec<_> = list.iter().map(|m| kernel::text::sort_key(&m.given_name, "", "")).collect();
            assert!(keys.windows(2).all(|pair| pair[0] <= pair[1]), "in Vietnamese order");
            assert_eq!(list[0].enrolled_on, day("2026-09-05"));

            let again = dry_run(&app, &clerk, sample(file)).await;
            assert_eq!((again.summary.same, again.summary.rows), (count, count));
        }
        let first: Page<dto::learners::LearnerItem> =
            clerk.send(clerk.request(reqwest::Method::GET, "/learners").query(&[("q", "thach thuy trang")])).await.ok();
        let detail = learner(&clerk, first.items[0].id).await;
        assert_eq!(detail.learner.personal_id.as_deref(), Some("026315498873"));
        let guardians: Vec<_> = detail.guardians.iter().map(|g| g.full_name.as_str()).collect();
        assert_eq!(guardians, ["Đỗ Minh Dũng", "Quàng Thùy Ánh"]);

        // A primary school's list does not fit a lower secondary school.
        let other = dry_run(&app, &clerk, sample("c1-3B-clean.xlsx")).await;
        assert_eq!((other.layout, other.summary.faulty, other.summary.rows), (Layout::C1, 33, 33));
        assert_eq!(codes(&other, 0), ["grade_not_taught"]);

        let items: Page<ImportItem> = clerk.get(&format!("/imports?school_id={}&limit=2", app.world.school_a.id)).await.ok();
        assert_eq!(items.items.iter().map(|i| i.state).collect::<Vec<_>>(), [ImportState::DryRun, ImportState::DryRun]);
        let rest: Page<ImportItem> =
            clerk.get(&format!("/imports?school_id={}&after={}", app.world.school_a.id, items.next.expect("more"))).await.ok();
        assert_eq!(rest.items.len(), 3);
        assert!(rest.items[2].created_by.is_some());
    }

    async fn a_workbook_of_several_lists_is_read_sheet_by_sheet(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let mut workbook = rust_xlsxwriter::Workbook::new();
        for (name, pupil) in [("6A1", "Lê Văn An"), ("6A2 & 6A3", "Lê Thị Bình"), ("Ghi chú", "")] {
            let sheet = workbook.add_worksheet();
            sheet.set_name(name).unwrap();
            let lines = [["Họ tên", "Ngày sinh", "Giới tính", "Lớp"], [pupil, "06/04/2015", "Nam", &name[..3]]];
            for (row, line) in (0u32..).zip(if pupil.is_empty() { &[["", "", "", "Không có gì"]][..] } else { &lines[..] }) {
                for (column, text) in (0u16..).zip(line) {
                    sheet.write_string(row, column, *text).unwrap();
                }
            }
        }
        let file = workbook.save_to_buffer().unwrap();
        let first = dry_run(&app, &clerk, file.clone()).await;
        assert_eq!((first.sheet.as_str(), first.sheets.as_slice()), ("6A1", &["6A1".to_owned(), "6A2 & 6A3".to_owned()][..]));
        assert_eq!(first.faults.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["other_sheets"]);
        let named = async |sheet: &str| {
            let path = format!("{}&sheet={}", path(&app.world, &app.world.school_a), sheet.replace(' ', "%20").replace('&', "%26"));
            clerk.upload(&path, file.clone()).await
        };
        let second: Import = named("6A2 & 6A3").await.ok();
        assert_eq!((second.sheet.as_str(), second.rows[0].full_name.as_str(), second.sheets.len()), ("6A2 & 6A3", "Lê Thị Bình", 2));
        assert!(second.faults.is_empty());
        let read: Import = clerk.get(&format!("/imports/{}", second.id)).await.ok();
        assert_eq!(read.sheets, second.sheets);
        // A sheet that is not there, and one that is no list.
        for (sheet, reason) in [("6A9", "sheet_unknown"), ("Ghi chú", "no_name_column")] {
            let problem = named(sheet).await.problem(Code::FileNotReadable);
            assert_eq!(problem.params.get("reason").map(String::as_str), Some(reason), "{sheet}");
        }
        named(&"x".repeat(101)).await.status(422);
    }

    async fn brothers_and_sisters_have_one_mother(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let done = apply(&clerk, &dry_run(&app, &clerk, list(&[AN, BINH])).await).await;
        let an = learner(&clerk, done.rows[0].learner_id.expect("made")).await;
        let binh = learner(&clerk, done.rows[1].learner_id.expect("made")).await;
        let ids = |detail: &LearnerDetail| detail.guardians.iter().map(|g| g.guardian_id).collect::<Vec<_>>();
        assert_eq!((ids(&an).len(), ids(&an)), (2, ids(&binh)));
        assert_eq!((an.learner.ethnicity.as_deref(), binh.learner.sex), (Some("Kinh"), Sex::Female));
        // A third child comes with a later file.
        let later = "1,Lê Văn Cường,01/02/2015,Nam,087215000015,,6A2,,Lê Văn Ba,0912000001,,,";
        let done = apply(&clerk, &dry_run(&app, &clerk, list(&[later])).await).await;
        let cuong = learner(&clerk, done.rows[0].learner_id.expect("made")).await;
        assert!(ids(&an).contains(&cuong.guardians[0].guardian_id));
    }

    async fn changes_are_shown_field_by_field_and_undone(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let first = apply(&clerk, &dry_run(&app, &clerk, list(&[AN, BINH])).await).await;
        let an = first.rows[0].learner_id.expect("made");
        let before = learner(&clerk, an).await;

        let changed = list(&[
            // The name is spelt right, the class is another, the mother has a new number; the father is left empty.
            "1,Lê Văn Ân,06/04/2015,Nam,087215000011,0000000011,6A2,Kinh,,,Phạm Thị Mai,0912000009,0912000002",
            BINH,
            CHI,
        ]);
        let dry = dry_run(&app, &clerk, changed).await;
        assert_eq!(outcomes(&dry), [RowOutcome::Changed, RowOutcome::Same, RowOutcome::New]);
        let shown: Vec<_> = dry.rows[0]
            .changes
            .iter()
            .map(|c| (c.field.as_str(), c.before.as_deref().unwrap_or(""), c.after.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(
            shown,
            [
                ("full_name", "Lê Văn An", "Lê Văn Ân"),
                ("mother_phone", "0912000002", "0912000009"),
                ("class", "6A1", "6A2"),
            ]
        );
        let done = apply(&clerk, &dry).await;
        let after = learner(&clerk, an).await;
        assert_eq!(after.learner.full_name, "Lê Văn Ân");
        let open: Vec<_> = after.enrolments.iter().filter(|e| e.left_on.is_none()).map(|e| e.class_name.as_str()).collect();
        assert_eq!((open, after.enrolments.len()), (vec!["6A2"], 2));
        assert!(after.guardians.iter().any(|g| g.phone.as_deref() == Some("0912000009")));
        clerk.post_empty(&format!("/imports/{}/apply", done.id)).await.problem(Code::ImportState);

        let undone = undo(&clerk, &done).await;
        assert_eq!(undone.state, ImportState::Undone);
        let mut restored = learner(&clerk, an).await;
        restored.learner.version = before.learner.version;
        assert_eq!(restored.learner, before.learner);
        assert_eq!((restored.enrolments, restored.guardians, restored.statuses), (before.enrolments, before.guardians, before.statuses));
        clerk.get(&format!("/learners/{}", done.rows[2].learner_id.expect("made"))).await.problem(Code::NotFound);
        assert_eq!(classes(&app, &clerk).await.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["6A1"]);
        clerk.post_empty(&format!("/imports/{}/undo", done.id)).await.problem(Code::ImportState);
        let read: Import = clerk.get(&format!("/imports/{}", done.id)).await.ok();
        assert_eq!(read.state, ImportState::Undone);

        // The first one can be undone too: nothing is left.
        undo(&clerk, &first).await;
        assert!(classes(&app, &clerk).await.is_empty());
        clerk.get(&format!("/learners/{an}")).await.problem(Code::NotFound);
    }

    async fn what_was_used_since_is_not_undone(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let done = apply(&principal, &dry_run(&app, &principal, list(&[AN, BINH, CHI])).await).await;
        let ids: Vec<LearnerId> = done.rows.iter().map(|row| row.learner_id.expect("made")).collect();
        // One is edited, one gets a mark, the mother gets an account.
        let an = learner(&principal, ids[0]).await.learner;
        let body = serde_json::json!({
            "name": an.name, "birth_date": an.birth_date, "sex": an.sex, "ethnicity": "Hoa",
            "personal_id": an.personal_id, "ministry_code": an.ministry_code,
        });
        principal.put(&format!("/learners/{}", ids[0]), an.version, &body).await.ok::<dto::learners::Learner>();
        let class = done.rows[2].class_id.expect("made");
        crate::harness::insert(app.db.migrator(), "mark", vec![
            ("school_id", app.world.school_a.id.0.into()),
            ("class_id", class.0.into()),
            ("subject_code", "TOAN".into()),
            ("term", 1i16.into()),
            ("learner_id", ids[2].0.into()),
            ("slot", "gk".into()),
            ("mark", Some(800i16).into()),
            ("flag", None::<String>.into()),
            ("version", 1i64.into()),
            ("updated_at", kernel::clock::now().into()),
            ("updated_by", None::<uuid::Uuid>.into()),
            ("source", "typed".into()),
        ])
        .await;
        let problem = principal.post_empty(&format!("/imports/{}/undo", done.id)).await.problem(Code::ImportChangedSince);
        let against: Vec<_> = problem.errors.iter().map(|e| (e.code.as_str(), e.params["name"].as_str())).collect();
        assert!(against.contains(&("imported_learner_edited", "Lê Văn An")), "{against:?}");
        assert!(against.contains(&("imported_learner_used", "Nguyễn Ánh Chi")), "{against:?}");
        assert_eq!(problem.params["count"], against.len().to_string());
        // Nothing was undone.
        assert_eq!(principal.get(&format!("/imports/{}", done.id)).await.ok::<Import>().state, ImportState::Applied);
        assert_eq!(learner(&principal, ids[1]).await.learner.full_name, "Lê Thị Bình");
    }

    async fn a_child_of_another_school_is_never_doubled_or_shown(app: TestApp) {
        let theirs = app.principal(&app.world.school_b).await;
        let file = list(&[AN]);
        let other: Import = theirs.upload(&path(&app.world, &app.world.school_b), file.clone()).await.ok();
        apply(&theirs, &other).await;
        let ours = app.principal(&app.world.school_a).await;
        // Another name, so that nothing of the record could come from the file.
        let dry = dry_run(&app, &ours, list(&["1,Trần Lạ,01/01/2014,Nữ,087215000011,,6A1,,,,,,", BINH])).await;
        assert_eq!(outcomes(&dry), [RowOutcome::Conflict, RowOutcome::New]);
        let row = &dry.rows[0];
        assert!(row.faults.iter().any(|f| f.code == "at_other_school" && f.vi.contains("THCS Lê Lợi")), "{:?}", row.faults);
        assert_eq!((row.learner_id, row.changes.len()), (None, 0));
        assert!(!serde_json::to_string(&dry).expect("json").contains("Lê Văn An"));
        let problem = ours.post_empty(&format!("/imports/{}/apply", dry.id)).await.problem(Code::ImportHasFaults);
        assert_eq!(problem.params["count"], "1");
        let done: Import = ours.post(&format!("/imports/{}/apply", dry.id), &serde_json::json!({"skip_faulty": true})).await.ok();
        assert_eq!((done.rows[0].learner_id, done.rows[1].learner_id.is_some()), (None, true));
        // The other school's import is nobody else's.
        ours.get(&format!("/imports/{}", other.id)).await.problem(Code::NotFound);
        ours.post_empty(&format!("/imports/{}/undo", other.id)).await.problem(Code::NotFound);
        ours.upload(&path(&app.world, &app.world.school_b), list(&[CHI])).await.problem(Code::NotFound);
        ours.get(&format!("/imports?school_id={}", app.world.school_b.id)).await.problem(Code::NotFound);
    }

    async fn conflicts_within_the_school(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        apply(&clerk, &dry_run(&app, &clerk, list(&[AN, BINH, CHI])).await).await;
        let dry = dry_run(
            &app,
            &clerk,
            list(&[
                // The ID of one, the code of the other.
                "1,Lê Văn An,06/04/2015,Nam,087215000011,0000000012,6A1,,,,,,",
                // The code of one with another ID.
                "2,Lê Văn An,06/04/2015,Nam,087215000099,0000000011,6A1,,,,,,",
                // The ID of one with nothing else of hers.
                "3,Trần Thị Lạ,07/07/2015,Nữ,087315000013,,6A2,,,,,,",
            ]),
        )
        .await;
        assert_eq!(outcomes(&dry), [RowOutcome::Conflict; 3]);
        assert_eq!(codes(&dry, 0), ["code_of_another"]);
        assert_eq!(codes(&dry, 1), ["possible_duplicate", "personal_id_differs"]);
        assert_eq!(codes(&dry, 2), ["other_person"]);
        // Without numbers, name and birth date find the learner; her empty code is filled in.
        let dry = dry_run(&app, &clerk, list(&["1,nguyễn ánh chi,09/09/2015,Nữ,,0000000013,6A2,,,,,,", "2,Lê Văn An,06/04/2015,Nam,,,6A1,,Lê Văn Bốn,,,,"])).await;
        assert_eq!(outcomes(&dry), [RowOutcome::Changed, RowOutcome::Same]);
        let fields: Vec<_> = dry.rows[0].changes.iter().map(|c| c.field.as_str()).collect();
        assert_eq!(fields, ["full_name", "ministry_code"]);
        assert_eq!(codes(&dry, 1), ["missing_personal_id", "guardian_differs"]);
    }

    async fn a_dry_run_that_is_stale_is_not_applied(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let one = dry_run(&app, &clerk, list(&[AN, BINH])).await;
        let two = dry_run(&app, &clerk, list(&[AN])).await;
        apply(&clerk, &two).await;
        clerk.post_empty(&format!("/imports/{}/apply", one.id)).await.problem(Code::ImportStale);
        assert_eq!(clerk.get(&format!("/imports/{}", one.id)).await.ok::<Import>().state, ImportState::DryRun);
        assert!(app.find_learners(&clerk, "binh").await.is_empty());
        clerk.post_empty(&format!("/imports/{}/undo", one.id)).await.problem(Code::ImportState);
    }

    async fn faults_are_told_in_plain_words(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let dry = dry_run(
            &app,
            &clerk,
            list(&[
                "1,Lê Văn An,31/02/2015,Nam,087215000011,,6A1,,,,,,",
                "2,Lê Thị Bình,07/08/2015,Nữ,087315000012,,,,,,,,",
                "3,Nguyễn Chi,09/09/2015,Nữ,,,Lá 1,,,,,,",
                "4,Nguyễn Dung,=A1,Nữ,,,6A1,,,,,,",
            ]),
        )
        .await;
        assert_eq!(outcomes(&dry), [RowOutcome::Faulty; 4]);
        assert_eq!(dry.rows[0].faults[0].vi, "Ô C2: không có ngày 31/02/2015.");
        assert_eq!((dry.rows[0].faults[0].column.as_deref(), dry.rows[0].faults[0].field.as_deref()), (Some("C"), Some("birth_date")));
        assert_eq!(codes(&dry, 1), ["missing_class"]);
        assert_eq!(codes(&dry, 2), ["missing_personal_id", "grade_needed"]);
        assert_eq!(codes(&dry, 3), ["formula", "missing_personal_id"]);
        assert_eq!(dry.summary.faulty, 4);
        clerk.post_empty(&format!("/imports/{}/apply", dry.id)).await.problem(Code::ImportHasFaults);
        // The class of all rows and its grade may come with the upload.
        let at = format!("{}&class_name=6A3&grade=6", path(&app.world, &app.world.school_a));
        let named: Import = clerk.upload(&at, list(&["1,Lê Thị Bình,07/08/2015,Nữ,087315000012,,,,,,,,"])).await.ok();
        assert_eq!((named.summary.new, named.summary.new_classes.as_slice()), (1, &["6A3".to_owned()][..]));
    }

    async fn wrong_files_change_nothing(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let at = path(&app.world, &app.world.school_a);
        for (file, reason) in [
            (b"".to_vec(), "file_empty"),
            (b"%PDF-1.7".to_vec(), "other_document"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more".to_vec(), "old_xls"),
            (b"PK\x03\x04 and nothing more".to_vec(), "file_broken"),
            (b"a,b\n1,2\n".to_vec(), "no_name_column"),
        ] {
            let problem = clerk.upload(&at, file).await.problem(Code::FileNotReadable);
            assert_eq!(problem.params["reason"], reason);
            assert!(problem.params["why"].len() > 10);
        }
        let english = clerk.clone().in_english().upload(&at, Vec::new()).await.problem(Code::FileNotReadable);
        assert_eq!(english.params["why"], "The file is empty.");
        assert_eq!(clerk.upload(&at, vec![b'a'; 11 << 20]).await.status.as_u16(), 413);
        let wrong_type = clerk.request(reqwest::Method::POST, &at).header("content-type", "text/html").body("<p>");
        clerk.send(wrong_type).await.problem(Code::UnsupportedMediaType);
        let no_year = format!("/imports?school_id={}&school_year_id={}", app.world.school_a.id, app.world.school_a.id);
        clerk.upload(&no_year, list(&[AN])).await.field("school_year_id", Code::FieldChoice);
        let items: Page<ImportItem> = clerk.get(&format!("/imports?school_id={}", app.world.school_a.id)).await.ok();
        assert!(items.items.is_empty());
    }

    async fn newcomers_of_a_frozen_list_come_last(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        apply(&principal, &dry_run(&app, &principal, list(&[BINH, "3,Võ Thị Yến,01/01/2015,Nữ,087315000077,,6A1,,,,,,"])).await).await;
        let class = classes(&app, &principal).await.remove(0);
        principal.post_empty(&format!("/classes/{}/ordinals", class.id)).await.ok::<Class>();
        let done = apply(&principal, &dry_run(&app, &principal, list(&[AN])).await).await;
        let order = |list: Vec<ClassMember>| list.into_iter().map(|m| (m.ordinal, m.given_name)).collect::<Vec<_>>();
        let expected = [(1, "Bình"), (2, "Yến"), (3, "An")].map(|(n, name)| (n, name.to_owned()));
        assert_eq!(order(members(&principal, &class).await), expected);
        undo(&principal, &done).await;
        assert_eq!(order(members(&principal, &class).await), expected[..2]);
    }

    async fn a_whole_school_in_one_file(app: TestApp) {
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        // Brothers and sisters stand beside each other: 1,100 pupils, 550 mothers, 25 classes.
        let rows: Vec<String> = (0..1100usize)
            .map(|i| {
                let (n, day, month, class) = (i + 1, i % 28 + 1, i % 12 + 1, i / 44);
                let (name, mother) = (letters(i), letters(i / 2));
                format!(
                    "{n},Nguyễn Văn {name},{day:02}/{month:02}/2015,Nam,087215{i:06},{i:010},6A{class},Kinh,,,Trần Thị {mother},09{:08},",
                    i / 2
                )
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let dry = dry_run(&app, &clerk, list(&rows)).await;
        assert_eq!((dry.summary.new, dry.summary.new_classes.len()), (1100, 25));
        let done = apply(&clerk, &dry).await;
        assert_eq!(classes(&app, &clerk).await.iter().map(|class| class.learners).sum::<u32>(), 1100);
        let again = dry_run(&app, &clerk, list(&rows)).await;
        assert_eq!(again.summary.same, 1100);
        undo(&clerk, &done).await;
        assert!(classes(&app, &clerk).await.is_empty());
        assert!(app.find_learners(&clerk, "nguyen van").await.is_empty());
    }
}
