//! Registers of a school: the list of a class, sổ đăng bộ, sổ gọi tên, the full record of one learner.

use crate::documents::words;
use crate::gradebook::council::{by_ordinal, council_path, next_year, settled};
use crate::gradebook::{room, room_in, term_path};
use crate::harness::{Actor, School};
use dto::Code;
use dto::access::Role;
use dto::calendar::Term;
use dto::classes::Class;
use dto::council::Council;
use dto::gradebook::ClassResults;
use dto::health::HealthRound;
use dto::transfers::Transfer;
use dto::units::Unit;
use serde_json::json;

async fn pdf(actor: &Actor, path: &str) -> String {
    let reply = actor.get(path).await.status(200);
    assert_eq!(reply.header("content-type"), Some("application/pdf"));
    words(&reply.body)
}

#[track_caller]
fn has(said: &str, all: &[&str]) {
    for text in all {
        assert!(said.contains(text), "{text}: {said}");
    }
}

both_engines! {
    async fn the_list_of_a_class_is_for_whoever_sees_the_class(app: TestApp) {
        let room = room(&app).await;
        let path = format!("/classes/{}/list", room.class.id);
        for actor in [&room.principal, &room.homeroom, &app.at(Role::Clerk, &room.school).await] {
            has(&pdf(actor, &path).await, &["DANH SÁCH HỌC SINH LỚP 6A1", "Nguyễn Thị Ánh", "12/03/2015", "Sĩ số: 3 (nữ 3)"]);
        }
        has(&pdf(&room.principal, &format!("{path}?copy=true")).await, &["BẢN SAO"]);
        // No rules of marks are needed for it.
        crate::records::growth::teaches_all_ages(&app, &room.school).await;
        let preschool = app.class(&room.school, "Lá 1", "k5").await;
        has(&pdf(&room.principal, &format!("/classes/{}/list", preschool.id)).await, &["LỚP LÁ 1"]);
        app.principal(&app.world.school_b).await.get(&path).await.problem(Code::NotFound);
        app.guardian(&room.learners).await.get(&path).await.problem(Code::Forbidden);
    }

    async fn admissions_are_listed_by_year_with_how_they_left(app: TestApp) {
        let room = room(&app).await;
        app.guardian_of(&room.learners[..1]).await;
        let gone = json!({"status": "transferred_out", "since": "2026-10-12", "reason": "theo gia đình"});
        room.principal.post(&format!("/learners/{}/statuses", room.learners[1]), &gone).await.status(201);
        let path = format!("/units/{}/registers/admissions", room.school.id);
        let said = pdf(&room.principal, &path).await;
        has(&said, &["SỔ ĐĂNG BỘ", "Năm học vào trường: 2026-2027", "Lý Thị Hoa", "05/09/2026 6A1", "Chuyển đi 12/10/2026: theo gia đình", "Tổng số: 3"]);
        let other = room_in(&app, &app.world.school_b, "6B").await;
        other.principal.get(&path).await.problem(Code::NotFound);
        // A teacher has a class, not the school.
        room.homeroom.get(&path).await.problem(Code::NotFound);
        let unknown = format!("{path}?school_year_id=01997d3e-0000-7000-8000-000000000000");
        room.principal.get(&unknown).await.field("school_year_id", Code::FieldChoice);
    }

    async fn the_roll_has_each_half_day_missed(app: TestApp) {
        let room = room(&app).await;
        let missed = json!({"entries": [
            {"learner_id": room.learners[2], "day": "2026-09-09", "session": "morning", "kind": "unexcused", "version": 0},
            {"learner_id": room.learners[2], "day": "2026-09-10", "session": "morning", "kind": "excused", "version": 0},
        ]});
        room.homeroom.put_bare(&term_path(&room.class, Term::S1, "absences"), &missed).await.ok::<dto::council::AbsencesSaved>();
        let said = pdf(&room.homeroom, &format!("/classes/{}/registers/roll", room.class.id)).await;
        has(&said, &["SỔ GỌI TÊN LỚP 6A1", "Tháng 09/2026", "Trần Thu Cúc K P 1 1"]);
    }

    async fn the_full_record_of_a_learner_is_one_paper_as_far_as_one_reaches(app: TestApp) {
        let room = room(&app).await;
        app.guardian_of(&room.learners[..1]).await;
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        let path = format!("/learners/{}/file", room.learners[0]);
        let said = pdf(&room.principal, &path).await;
        has(&said, &["HỒ SƠ HỌC SINH", "Nguyễn Thị Ánh", "Lý Thị Hoa", "0912345678", "2026-2027", "6A1", "Kết quả năm học 2026-2027, lớp 6A1", "Toán", "Kết quả rèn luyện Tốt"]);
        // Codes, a year at a former school, a check of health and a vaccination.
        let nurse = app.at(Role::Nurse, &room.school).await;
        let round = json!({"name": "Khám đầu năm", "kind": "start_of_year", "held_on": "2026-10-05"});
        let round: HealthRound = nurse.post(&format!("/schools/{}/health-rounds", room.school.id), &round).await.ok();
        let found = json!({"rows": [{"learner_id": room.learners[0], "findings": {"vision_right": 80, "pulse": 82}, "version": 0, "growth_version": 0}]});
        nurse.put_bare(&format!("/health-rounds/{}/classes/{}", round.id, room.class.id), &found).await.status(200);
        nurse.post(&format!("/learners/{}/vaccinations", room.learners[0]), &json!({"vaccine": "Sởi", "dose": 1, "source": "booklet"})).await.status(201);
        let year = json!({"from_school": "TH Phú Hoà", "document": "Học bạ giấy", "grade": 5, "class_name": "5B", "outcomes": [],
            "subjects": [{"name": "Toán", "subject_code": "TOAN", "values": [{"period": "year", "value": "9,7"}]}]});
        room.homeroom.put(&format!("/classes/{}/former-years/{}/2025-2026", room.class.id, room.learners[0]), 0, &year).await.status(200);
        let said = pdf(&room.principal, &path).await;
        has(&said, &["Các mã số", "TAM-", "Năm học 2025-2026, lớp 5B, TH Phú Hoà", "9,7", "Theo: Học bạ giấy", "Khám sức khoẻ", "Khám đầu năm", "Sởi"]);
        // The homeroom teacher reads no health files.
        let teacher = pdf(&room.homeroom, &path).await;
        assert!(teacher.contains("TH Phú Hoà") && !teacher.contains("Khám đầu năm") && !teacher.contains("Sởi"), "{teacher}");
        // The clerk keeps records, and reads no marks.
        let clerk = pdf(&app.at(Role::Clerk, &room.school).await, &path).await;
        has(&clerk, &["Lý Thị Hoa"]);
        assert!(!clerk.contains("Kết quả rèn luyện") && !clerk.contains("Lê Văn Bình"), "{clerk}");
        app.principal(&app.world.school_b).await.get(&path).await.problem(Code::NotFound);
        app.guardian(&room.learners[..1]).await.get(&path).await.problem(Code::Forbidden);
    }

    async fn the_full_record_brings_the_closed_years_of_the_school_before(app: TestApp) {
        let old = settled(&app).await;
        old.principal.post_empty(&council_path(&old.class, "/close")).await.ok::<Council>();
        let child = by_ordinal(&old, 0).await;
        let before = json!({"from_school": "TH Phú Hoà", "document": "Học bạ giấy", "grade": 5, "class_name": "5B", "outcomes": [],
            "subjects": [{"name": "Toán", "subject_code": "TOAN", "values": [{"period": "year", "value": "9,7"}]}]});
        old.homeroom.put(&format!("/classes/{}/former-years/{child}/2025-2026", old.class.id), 0, &before).await.status(200);
        let nurse = app.at(Role::Nurse, &old.school).await;
        nurse.post(&format!("/learners/{child}/vaccinations"), &json!({"vaccine": "Sởi", "dose": 1, "source": "booklet"})).await.status(201);
        let path = format!("/learners/{child}/file");
        let year = "Kết quả năm học 2026-2027, lớp 6A1, THCS Trần Phú";
        has(&pdf(&old.principal, &path).await, &[year, "TH Phú Hoà"]);

        // The year after it, the child is at another school.
        let school = app.world.school_b.clone();
        let (principal, clerk) = (app.principal(&school).await, app.at(Role::Clerk, &school).await);
        principal.get(&path).await.problem(Code::NotFound);
        let body = json!({"school_id": school.id, "school_year_id": next_year(&app).await, "grade": "7", "name": "7B"});
        let class: Class = principal.post("/classes", &body).await.ok();
        let (homeroom, teacher) = (app.homeroom(&class).await, app.teacher(&class, "TOAN").await);
        let ask = json!({"learner_id": child, "to_school_id": school.id, "wished_on": "2027-09-05", "reason": "Gia đình chuyển chỗ ở"});
        let transfer: Transfer = old.principal.post("/transfers", &ask).await.status(201).ok();
        let step = |what: &str| format!("/transfers/{}/{what}", transfer.id);
        principal.post(&step("answer"), &json!({"accept": true, "class_id": class.id})).await.status(200);
        principal.get(&path).await.problem(Code::NotFound);
        old.principal.post(&step("release"), &json!({"moved_on": kernel::clock::today()})).await.status(200);

        // One record: what the school before has closed, with its name; nothing that is only for who keeps health files.
        let said = pdf(&principal, &path).await;
        has(&said, &[year, "Kết quả rèn luyện Tốt Tốt Tốt", "Năm học 2025-2026, lớp 5B, TH Phú Hoà", "9,7", "Sởi"]);
        let said = pdf(&homeroom, &path).await;
        has(&said, &[year, "TH Phú Hoà"]);
        assert!(!said.contains("Sởi"), "{said}");
        // Who read no results before reads none of the other school either.
        for (actor, papers) in [(&clerk, true), (&teacher, false)] {
            let said = pdf(actor, &path).await;
            assert!(!said.contains("Kết quả năm học") && said.contains("TH Phú Hoà") == papers, "{said}");
        }
        // The school before keeps its class, and no more has the child; nobody else has either.
        old.principal.get(&path).await.problem(Code::NotFound);
        let kept: ClassResults = old.principal.get(&format!("/classes/{}/results/year", old.class.id)).await.ok();
        assert!(kept.rows.iter().any(|row| row.learner_id == child));
        principal.get(&format!("/classes/{}/results/year", old.class.id)).await.problem(Code::NotFound);
        let third = json!({
            "kind": "school", "parent_id": app.world.commune_b, "name": "THCS Kim Đồng", "short_name": "Kim Đồng", "code": "94003",
            "code_set": "test", "code_set_version": "2025-07-01", "levels": ["lower_secondary"], "opened_on": "2000-09-05",
        });
        let third: Unit = app.province_admin().await.post("/units", &third).await.ok();
        let stranger = app.principal(&School { id: third.id, name: third.name }).await;
        stranger.get(&path).await.problem(Code::NotFound);
    }
}
