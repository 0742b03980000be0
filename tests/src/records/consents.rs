//! Consent by purpose, requests about data, the copy of everything, erasing.

use super::files::small;
use crate::harness::{Actor, Reply, School, TestApp};
use dto::access::{Permission, Role};
use dto::classes::Class;
use dto::consents::*;
use dto::files::StoredFile;
use dto::identity::Person;
use dto::staff_records::StaffRecord;
use dto::teaching_plans::TeachingPlan;
use dto::{Code, LearnerId, Page};
use kernel::{Ctx, Event};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

struct Home {
    school: School,
    class: Class,
    /// Eleven years old, as the harness makes them.
    child: LearnerId,
    guardian: Actor,
}

async fn home(app: &TestApp, school: &School, name: &str) -> Home {
    let class = app.class(school, name, "6").await;
    let child = app.learner(&class, "Nguyễn Thị Ánh").await;
    Home { guardian: app.guardian(&[child]).await, school: school.clone(), class, child }
}

fn word(act: &str, version: u32) -> Value {
    json!({"purpose": "public_photo", "version": version, "act": act})
}

impl Home {
    fn path(&self, what: &str) -> String {
        format!("/me/children/{}/{what}", self.child)
    }

    async fn says(&self, actor: &Actor, act: &str, version: u32) -> LearnerConsent {
        photo(actor.post(&self.path("consents"), &word(act, version)).await.ok())
    }
}

fn photo(all: LearnerConsents) -> LearnerConsent {
    all.items.into_iter().find(|item| item.purpose.code == "public_photo").unwrap()
}

/// Whether a page could be published that shows the child.
async fn published(app: &TestApp, child: LearnerId) -> Result<(), Code> {
    let ctx = Ctx::system("test");
    let done = app.db.write(&ctx, async |tx| {
        records::consents::may_publish(tx, child, "public_photo").await?;
        Ok(((), vec![Event::new(None, "test.published", "test", child)]))
    });
    done.await.map_err(|e| e.code())
}

async fn born(app: &TestApp, child: LearnerId, birth: chrono::NaiveDate) {
    let mut query = Query::update();
    query.table("learner").value("birth_date", birth).and_where(Expr::col("id").eq(child.0));
    app.db.migrator().execute(&query).await.unwrap();
}

both_engines! {
    async fn nothing_is_published_without_guardian_and_child(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let child = app.learner_account(h.child).await;
        assert_eq!(published(&app, h.child).await, Err(Code::ConsentMissing));
        let all: LearnerConsents = h.guardian.get(&h.path("consents")).await.ok();
        assert!(all.child_asked && all.items.len() >= 2 && all.items.iter().all(|item| !item.holds && item.mine.is_none()));
        let said = h.says(&h.guardian, "give", 1).await;
        assert_eq!((said.holds, said.mine, said.waits_for.clone()), (false, Some(ConsentAct::Give), vec![ConsentParty::Child]));
        assert_eq!(published(&app, h.child).await, Err(Code::ConsentMissing));
        assert!(h.says(&child, "give", 1).await.holds);
        assert_eq!(published(&app, h.child).await, Ok(()));
        // Withdrawn, it stops at once; what was said stays as evidence.
        let said = h.says(&h.guardian, "withdraw", 1).await;
        assert_eq!((said.holds, said.records.len(), said.records[0].act), (false, 3, ConsentAct::Withdraw));
        assert_eq!(said.records.iter().map(|r| (r.party, r.evidence, r.version)).next(), Some((ConsentParty::Representative, ConsentEvidence::Account, 1)));
        assert_eq!(published(&app, h.child).await, Err(Code::ConsentMissing));
        h.guardian.post(&h.path("consents"), &word("withdraw", 1)).await.problem(Code::ConsentNothingGiven);
        // The child's own word stops it too.
        h.says(&h.guardian, "give", 1).await;
        assert_eq!(published(&app, h.child).await, Ok(()));
        h.says(&child, "withdraw", 1).await;
        assert_eq!(published(&app, h.child).await, Err(Code::ConsentMissing));
        h.guardian.post(&h.path("consents"), &json!({"purpose": "nothing", "version": 1, "act": "give"})).await.field("/purpose", Code::FieldChoice);
        h.guardian.post(&h.path("consents"), &word("give", 7)).await.problem(Code::ConsentTextChanged);
    }

    async fn below_seven_the_representative_decides(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let today = kernel::clock::today();
        born(&app, h.child, today.checked_sub_months(chrono::Months::new(84)).unwrap() + chrono::Days::new(1)).await;
        assert!(h.says(&h.guardian, "give", 1).await.holds);
        app.learner_account(h.child).await.post(&h.path("consents"), &word("give", 1)).await.problem(Code::ConsentChildYoung);
        assert_eq!(published(&app, h.child).await, Ok(()));
        // On the seventh birthday the child is asked.
        born(&app, h.child, today.checked_sub_months(chrono::Months::new(84)).unwrap()).await;
        assert_eq!(published(&app, h.child).await, Err(Code::ConsentMissing));
    }

    async fn a_text_that_asks_for_more_asks_again(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let child = app.learner_account(h.child).await;
        h.says(&h.guardian, "give", 1).await;
        h.says(&child, "give", 1).await;
        let admin = app.province_admin().await;
        let text = |ask_again: bool| json!({"code": "public_photo", "title_vi": "Ảnh", "title_en": "Photos", "text_vi": "Nội dung mới", "text_en": "New text", "ask_again": ask_again});
        let second: ConsentPurpose = admin.post("/consent-purposes", &text(false)).await.ok();
        assert_eq!((second.version, second.holds_from), (2, 1));
        assert_eq!(published(&app, h.child).await, Ok(()));
        let third: ConsentPurpose = admin.post("/consent-purposes", &text(true)).await.ok();
        assert_eq!((third.version, third.holds_from), (3, 3));
        assert_eq!(published(&app, h.child).await, Err(Code::ConsentMissing));
        h.guardian.post(&h.path("consents"), &word("give", 2)).await.problem(Code::ConsentTextChanged);
        assert_eq!(h.says(&h.guardian, "give", 3).await.mine, Some(ConsentAct::Give));
        let purposes: Page<ConsentPurpose> = app.principal(&h.school).await.get("/consent-purposes").await.ok();
        assert_eq!(purposes.items.iter().find(|p| p.code == "public_photo").map(|p| p.version), Some(3));
        admin.post("/consent-purposes", &json!({"code": "Có dấu", "title_vi": "x", "title_en": "x", "text_vi": "x", "text_en": "x", "ask_again": false})).await.field("/code", Code::FieldFormat);
    }

    async fn paper_is_entered_by_the_school(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let Some(Person::Guardian(guardian)) = h.guardian.person else { unreachable!() };
        let clerk = app.at(Role::Clerk, &h.school).await;
        let path = format!("/learners/{}/consents", h.child);
        let body = |guardian: Value| json!({"purpose": "public_photo", "version": 1, "act": "give", "guardian_id": guardian, "note": "Phiếu số 12, tủ hồ sơ 6A1"});
        let said = photo(clerk.post(&path, &body(json!(guardian))).await.ok());
        assert_eq!((said.records[0].evidence, said.records[0].who.as_str()), (ConsentEvidence::Paper, "Lý Thị Hoa"));
        assert!(photo(clerk.post(&path, &body(Value::Null)).await.ok()).holds);
        let stranger = app.guardian_of(&[]).await;
        clerk.post(&path, &body(json!(stranger))).await.field("/guardian_id", Code::FieldChoice);
        clerk.post(&path, &json!({"purpose": "public_photo", "version": 1, "act": "give", "note": ""})).await.field("/note", Code::FieldLength);
        // The family sees what was entered for it, and takes it back.
        assert!(!h.says(&h.guardian, "withdraw", 1).await.holds);
    }

    async fn a_scan_is_kept_as_evidence(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let Some(Person::Guardian(guardian)) = h.guardian.person else { unreachable!() };
        let clerk = app.at(Role::Clerk, &h.school).await;
        let path = format!("/learners/{}/consents", h.child);
        let scan = b"%PDF-1.7 phieu dong y so 12".to_vec();
        let file: StoredFile = small(&clerk, h.school.id, "phieu-12.pdf", &scan).await.ok();
        let body = |file: Value| {
            json!({"purpose": "public_photo", "version": 1, "act": "give", "guardian_id": guardian, "note": "Phiếu số 12", "file_id": file})
        };
        let text: StoredFile = small(&clerk, h.school.id, "ghi-chu.txt", b"khong phai ban quet").await.ok();
        clerk.post(&path, &body(json!(text.id))).await.field("/file_id", Code::FieldFormat);
        // Nobody else's upload, and none twice.
        app.principal(&h.school).await.post(&path, &body(json!(file.id))).await.field("/file_id", Code::FieldChoice);
        let said = photo(clerk.post(&path, &body(json!(file.id))).await.ok());
        assert_eq!(said.records[0].scan.as_ref().map(|s| (s.id, s.media.as_str())), Some((file.id, "application/pdf")));
        clerk.post(&path, &body(json!(file.id))).await.field("/file_id", Code::FieldChoice);
        // The school and the family see that there is one; the school reads it.
        let seen = photo(app.homeroom(&h.class).await.get(&path).await.ok());
        assert_eq!(seen.records, said.records);
        assert!(photo(h.guardian.get(&h.path("consents")).await.ok()).records[0].scan.is_some());
        let content = format!("{path}/{}/scan", said.records[0].id);
        assert_eq!(clerk.get(&content).await.status(200).body, scan);
        clerk.get(&format!("{path}/{}/scan", uuid::Uuid::now_v7())).await.problem(Code::NotFound);
        let other = app.principal(&app.world.school_b).await;
        other.get(&path).await.problem(Code::NotFound);
        other.get(&content).await.problem(Code::NotFound);
        h.guardian.get(&content).await.problem(Code::Forbidden);
    }

    async fn the_school_sees_who_has_not_answered(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let second = app.learner(&h.class, "Trần Văn Bình").await;
        let next_door = app.class(&h.school, "6A2", "6").await;
        app.learner(&next_door, "Lê Minh Châu").await;
        h.says(&h.guardian, "refuse", 1).await;
        let principal = app.principal(&h.school).await;
        let path = format!("/schools/{}/consents?purpose=public_photo", h.school.id);
        let all: SchoolConsents = principal.get(&path).await.ok();
        let counts: Vec<_> = all.classes.iter().map(|c| (c.class_name.as_str(), c.learners, c.holds, c.refused, c.waiting)).collect();
        assert_eq!(counts, [("6A1", 2, 0, 1, 1), ("6A2", 1, 0, 0, 1)]);
        assert!(all.learners.is_empty());
        let one: SchoolConsents = principal.get(&format!("{path}&class_id={}", h.class.id)).await.ok();
        assert_eq!(one.learners.iter().map(|l| (l.learner_id, l.refused)).collect::<Vec<_>>(), [(h.child, true), (second, false)]);
        // The homeroom teacher sees the own class alone.
        let teacher = app.homeroom(&h.class).await;
        let own: SchoolConsents = teacher.get(&path).await.ok();
        assert_eq!(own.classes.iter().map(|c| c.class_name.as_str()).collect::<Vec<_>>(), ["6A1"]);
        teacher.get(&format!("{path}&class_id={}", next_door.id)).await.problem(Code::NotFound);
        principal.get(&format!("/schools/{}/consents?purpose=none", h.school.id)).await.field("/purpose", Code::FieldChoice);
        let rules: Page<RetentionRule> = principal.get("/retention-rules").await.ok();
        assert!(rules.items.iter().any(|rule| rule.kind == "lifelong" && rule.code == "permanent" && !rule.erasable));
    }

    async fn requests_have_clocks_and_answers(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let path = h.path("data-requests");
        let made: DataRequest = h.guardian.post(&path, &json!({"kind": "correct", "body": "Ngày sinh của con là 13/03/2015"})).await.ok();
        assert_eq!((made.state, made.late), (DataRequestState::Open, false));
        assert_eq!(made.due_on, records::calendar::working_day_after(kernel::clock::today(), 10));
        h.guardian.post(&path, &json!({"kind": "correct", "body": ""})).await.field("/body", Code::FieldLength);
        // A day later than its clock it is late.
        let mut query = Query::update();
        query.table("data_request").value("due_on", kernel::clock::today() - chrono::Days::new(1)).and_where(Expr::col("id").eq(made.id.0));
        app.db.migrator().execute(&query).await.unwrap();
        let clerk = app.at(Role::Clerk, &h.school).await;
        let list: Page<DataRequest> = clerk.get(&format!("/schools/{}/data-requests", h.school.id)).await.ok();
        assert_eq!(list.items.iter().map(|r| (r.id, r.late)).collect::<Vec<_>>(), [(made.id, true)]);
        let answer = format!("/data-requests/{}/answer", made.id);
        let body = json!({"done": true, "answer": "Đã sửa theo giấy khai sinh"});
        clerk.put(&answer, 9, &body).await.problem(Code::VersionConflict);
        let done: DataRequest = clerk.put(&answer, 1, &body).await.ok();
        assert_eq!((done.state, done.late, done.version), (DataRequestState::Done, false, 2));
        clerk.put(&answer, 2, &body).await.problem(Code::DataRequestAnswered);
        let mine: Page<DataRequest> = h.guardian.get(&path).await.ok();
        assert_eq!(mine.items[0].answer.as_deref(), Some("Đã sửa theo giấy khai sinh"));
    }

    async fn a_family_takes_a_copy_of_everything(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let other = app.learner(&h.class, "Trần Văn Bình").await;
        let nurse = app.at(Role::Nurse, &h.school).await;
        for (learner, what) in [(h.child, "Dị ứng tôm"), (other, "Hen phế quản")] {
            let body = json!({"kind": "allergy", "detail": what, "active": true});
            nurse.post(&format!("/learners/{learner}/conditions"), &body).await.status(201);
        }
        h.says(&h.guardian, "give", 1).await;
        let files = unzip(&h.guardian.post_empty(&h.path("data-export")).await.status(200));
        for name in ["manifest", "learner", "enrolment", "guardian_link", "health_opened", "health_condition", "consent", "learner_status"] {
            assert!(files.contains_key(&format!("{name}.json")), "{name}: {:?}", files.keys());
        }
        assert_eq!(files["health_opened.json"]["conditions"][0]["detail"], "Dị ứng tôm");
        assert_eq!(files["enrolment.json"][0]["class_id"], json!(h.class.id));
        assert_eq!(files["consent.json"][0]["act"], "give");
        // Nothing of the other child, nothing sealed, nobody's account.
        let text = serde_json::to_string(&files.values().collect::<Vec<_>>()).unwrap();
        assert!(!text.contains(&other.to_string()) && !text.contains("Hen") && !text.contains("k1.") && !text.contains("updated_by"));
        let log = app.audit(Some(h.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "learner.data_exported").count(), 1);
        app.learner_account(h.child).await.post_empty(&h.path("data-export")).await.status(200);
        h.guardian.post_empty(&format!("/me/children/{other}/data-export")).await.problem(Code::NotFound);
    }

    async fn whoever_is_signed_in_takes_a_copy_of_what_is_kept_about_them(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let teacher = app.homeroom(&h.class).await;
        let files = unzip(&teacher.post_empty("/me/data-export").await.status(200));
        for name in ["manifest", "account", "role_grant", "session", "staff", "staff_post", "class"] {
            assert!(files.contains_key(&format!("{name}.json")), "{name}: {:?}", files.keys());
        }
        assert_eq!(files["class.json"][0]["id"], json!(h.class.id));
        let me: dto::identity::Me = teacher.get("/me").await.ok();
        assert_eq!(files["account.json"][0]["username"], json!(me.username));
        let files = unzip(&h.guardian.post_empty("/me/data-export").await.status(200));
        assert_eq!(files["guardian_link.json"][0]["learner_id"], json!(h.child));
        assert!(!files.contains_key("staff.json"));
        // Nobody's secret, and of other people nothing.
        let text = serde_json::to_string(&files.values().collect::<Vec<_>>()).unwrap();
        assert!(!text.contains("argon2") && !text.contains(&me.username) && !text.contains("hash"));
        app.learner_account(h.child).await.post_empty("/me/data-export").await.status(200);
        let log = app.audit(None).await;
        assert_eq!(log.iter().filter(|e| e.verb == "account.data_exported").count(), 3);
    }

    async fn a_copy_holds_the_files_that_are_ones_own(app: TestApp) {
        let h = home(&app, &app.world.school_a, "6A1").await;
        let (school, principal) = (h.school.id, app.principal(&h.school).await);
        // A degree in the record of one member of staff, the same of another, and a plan of the first.
        let (one, two) = (app.staff(school, "Trần Ánh").await, app.staff(school, "Lê Bảo").await);
        let degree = json!({"facts": {"kind": "degree", "level": "bachelor", "major": "Toán", "institution": "Đại học Cần Thơ"}, "first_on": "2008-06-15"});
        for (staff, content) in [(one, b"%PDF-1.7 bang cua Anh"), (two, b"%PDF-1.7 bang cua Bao")] {
            let made: StaffRecord = principal.post(&format!("/staff/{staff}/records"), &degree).await.ok();
            let file: StoredFile = small(&principal, school, "bằng ĐH.pdf", content).await.ok();
            let body = json!({"school_id": school, "file_id": file.id});
            principal.post(&format!("/staff/{staff}/records/{}/files", made.id), &body).await.status(201);
        }
        let teacher = app.actor(Some(Person::Staff(one)), &[(Role::SubjectTeacher, Some(school))]).await;
        let file: StoredFile = small(&teacher, school, "giao-an.docx", b"giao an tuan 3").await.ok();
        let plan = json!({"kind": "lesson", "school_year_id": app.world.year, "grade": "9", "subject_code": "TOAN", "week": 3,
            "title": "Phương trình", "body": "# I. Mục tiêu", "file_id": file.id});
        let plan: TeachingPlan = teacher.post("/teaching-plans", &json!({"school_id": school, "plan": plan})).await.status(201).ok();
        let (list, files) = attached(&teacher.post_empty("/me/data-export").await.status(200));
        let told: Vec<_> = list.iter().map(|file| (file["of"].as_str().unwrap(), file["path"].as_str().unwrap())).collect();
        assert_eq!(told.iter().map(|(of, _)| *of).collect::<Vec<_>>(), ["staff_record", "teaching_plan"]);
        assert_eq!((&files[told[0].1][..], &files[told[1].1][..]), (&b"%PDF-1.7 bang cua Anh"[..], &b"giao an tuan 3"[..]));
        assert!(told[0].1.ends_with("/bằng ĐH.pdf") && files.len() == 2, "{told:?}");
        assert_eq!(list[1]["record"], json!(plan.item.id));
        // Each is read where it is told, too.
        for file in &list {
            teacher.get(file["at"].as_str().unwrap()).await.status(200);
        }

        // The scan of a consent, for whose it is and in the child's copy; of a child's own transcripts what was issued or brought.
        let Some(Person::Guardian(guardian)) = h.guardian.person else { unreachable!() };
        let clerk = app.at(Role::Clerk, &h.school).await;
        let scan: StoredFile = small(&clerk, school, "phieu.pdf", b"%PDF-1.7 phieu dong y").await.ok();
        let body = json!({"purpose": "public_photo", "version": 1, "act": "give", "guardian_id": guardian, "note": "Phiếu 12", "file_id": scan.id});
        clerk.post(&format!("/learners/{}/consents", h.child), &body).await.status(200);
        let (_, files) = attached(&h.guardian.post_empty("/me/data-export").await.status(200));
        assert_eq!(files.values().map(Vec::as_slice).collect::<Vec<_>>(), [&b"%PDF-1.7 phieu dong y"[..]]);
        let row = vec![
            ("school_id", school.0.into()), ("learner_id", h.child.0.into()), ("school_year", "2025-2026".into()),
            ("form", "pdf".into()), ("bytes", b"%PDF-1.7 hoc ba".to_vec().into()),
        ];
        crate::harness::insert(app.db.migrator(), "former_year_file", row).await;
        for actor in [&h.guardian, &app.learner_account(h.child).await] {
            let (list, files) = attached(&actor.post_empty(&h.path("data-export")).await.status(200));
            assert_eq!(list.iter().map(|file| file["of"].as_str().unwrap()).collect::<Vec<_>>(), ["consent", "former_year"]);
            assert_eq!(files["files/former_year/hoc-ba-2025-2026.pdf"], b"%PDF-1.7 hoc ba");
        }
        // The other guardian of the class has nothing of it.
        let other = home(&app, &app.world.school_a, "6A2").await;
        let (list, files) = attached(&other.guardian.post_empty(&other.path("data-export")).await.status(200));
        assert!(list.is_empty() && files.is_empty());
        let log = app.audit(Some(school)).await;
        assert!(log.iter().any(|e| e.verb == "learner.data_exported"));
    }

    async fn every_column_that_leads_to_a_person_is_told_or_says_why_not(app: TestApp) {
        let tables = kernel::db::schema::tables(app.db.read()).await.unwrap();
        let mut lead = BTreeSet::new();
        for table in &tables {
            let keys = table.references.iter().filter(|key| ["staff", "guardian", "account"].contains(&key.table.as_str()));
            let named = table.columns.iter().map(|column| column.name.as_str());
            let named = named.filter(|name| name.ends_with("staff_id") || name.ends_with("guardian_id") || ["account_id", "person_id", "head_id"].contains(name));
            lead.extend(keys.map(|key| key.column.as_str()).chain(named).map(|column| (table.name.clone(), column.to_owned())));
        }
        use records::consents::own;
        let told = own::tables().iter().map(|table| (table.table, table.column));
        let elsewhere = own::ELSEWHERE.iter().map(|(table, column, _)| (*table, *column));
        let known: BTreeSet<(String, String)> = told.chain(elsewhere).map(|(table, column)| (table.to_owned(), column.to_owned())).collect();
        let missing: Vec<_> = lead.difference(&known).collect();
        assert!(missing.is_empty(), "tell crates/records/src/consents/own.csv about {missing:?}");
        for (name, column) in &known {
            assert!(tables.iter().any(|table| table.name == *name && table.has(column)), "{name}.{column} is no more");
        }
        for place in own::tables() {
            let table = tables.iter().find(|table| table.name == place.table).unwrap();
            for (column, _) in &place.columns {
                assert!(table.has(column), "{}.{column} is no more", place.table);
            }
        }
    }

    async fn nobody_reaches_another_school(app: TestApp) {
        let here = home(&app, &app.world.school_a, "6A1").await;
        let request: DataRequest = here.guardian.post(&here.path("data-requests"), &json!({"kind": "explain", "body": "?"})).await.ok();
        let other = home(&app, &app.world.school_b, "6B1").await;
        let staff = app.staff(app.world.school_b.id, "Ngô Văn Khác").await;
        let mut actors = vec![
            (Role::HomeroomTeacher, app.homeroom(&other.class).await),
            (Role::UnitOfficer, app.officer(app.world.commune_b).await),
            (Role::Guardian, other.guardian.clone()),
            (Role::Learner, app.learner_account(other.child).await),
        ];
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Nurse, Role::Accountant, Role::ProvinceAdmin, Role::SubjectTeacher] {
            actors.push((role, app.actor(Some(Person::Staff(staff)), &[(role, Some(app.world.school_b.id))]).await));
        }
        assert_eq!(actors.len(), Role::ALL.len());
        for (role, actor) in actors {
            for (what, permission, reply) in ask(&actor, &here, &request).await {
                let expected = if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {what}: {}", reply.text());
            }
        }
    }
}

async fn ask(actor: &Actor, h: &Home, request: &DataRequest) -> Vec<(&'static str, Permission, Reply)> {
    use Permission::*;
    let (school, child) = (h.school.id, h.child);
    let paper = json!({"purpose": "public_photo", "version": 1, "act": "give", "note": "x"});
    vec![
        ("child", FamilyRead, actor.get(&h.path("consents")).await),
        ("say", ConsentGive, actor.post(&h.path("consents"), &word("give", 1)).await),
        ("export", ConsentGive, actor.post_empty(&h.path("data-export")).await),
        ("requests", FamilyRead, actor.get(&h.path("data-requests")).await),
        ("request", ConsentGive, actor.post(&h.path("data-requests"), &json!({"kind": "explain", "body": "?"})).await),
        ("school", ConsentRead, actor.get(&format!("/schools/{school}/consents?purpose=public_photo")).await),
        ("paper", ConsentWrite, actor.post(&format!("/learners/{child}/consents"), &paper).await),
        ("asked", ConsentRead, actor.get(&format!("/schools/{school}/data-requests")).await),
        (
            "answer",
            ConsentWrite,
            actor.put(&format!("/data-requests/{}/answer", request.id), 1, &json!({"done": true, "answer": "x"})).await,
        ),
        ("of learner", ConsentRead, actor.get(&format!("/learners/{child}/consents")).await),
        ("scan", ConsentRead, actor.get(&format!("/learners/{child}/consents/{}/scan", uuid::Uuid::now_v7())).await),
        ("kept", ErasureWrite, actor.get(&format!("/learners/{child}/erasures")).await),
        (
            "erase",
            ErasureWrite,
            actor.post(&format!("/learners/{child}/erasures"), &json!({"kinds": ["health"], "reason": "x"})).await,
        ),
    ]
}

fn unzip(reply: &Reply) -> BTreeMap<String, Value> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(reply.body.clone())).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), serde_json::from_str(&text).unwrap())
        })
        .collect()
}

/// The files of a copy: as they are told, and their bytes by path.
pub fn attached(reply: &Reply) -> (Vec<Value>, BTreeMap<String, Vec<u8>>) {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(reply.body.clone())).unwrap();
    let (mut list, mut files) = (Vec::new(), BTreeMap::new());
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        match file.name().unwrap().into_owned() {
            name if name == "files.json" => list = serde_json::from_slice(&bytes).unwrap(),
            name if name.starts_with("files/") => _ = files.insert(name, bytes),
            _ => {}
        }
    }
    (list, files)
}
