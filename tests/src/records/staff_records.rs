//! Records of staff over time, one's own record, proposals.

use super::files::small;
use dto::access::Role;
use dto::files::StoredFile;
use dto::identity::Person;
use dto::staff::Staff;
use dto::staff_records::{OwnStaffRecord, ProposalState, RecordKind, StaffProposal, StaffRecord, UnitStaffRecord};
use dto::{Code, Page, StaffId};
use serde_json::{Value, json};

fn degree(major: &str) -> Value {
    json!({
        "facts": {"kind": "degree", "level": "bachelor", "major": major, "institution": "Đại học Cần Thơ"},
        "first_on": "2008-06-15", "decision_no": "B-2008/1234",
    })
}

fn salary() -> Value {
    json!({"facts": {"kind": "salary", "scale": "V.07.04.32", "step": 3, "coefficient": 300}, "first_on": "2024-01-01"})
}

fn leave(from: &str, to: &str) -> Value {
    json!({"facts": {"kind": "leave", "leave": "maternity"}, "first_on": from, "last_on": to, "decision_no": "12/QĐ-THCS"})
}

both_engines! {
    async fn a_school_is_evaluated_on_one_sheet(app: TestApp) {
        use dto::staff_records::EvaluationSheet;
        let school = app.world.school_a.clone();
        let (a, b) = (app.staff(school.id, "Nguyễn Thị An").await, app.staff(school.id, "Trần Văn Bình").await);
        let principal = app.principal(&school).await;
        let path = format!("/units/{}/evaluations/{}", school.id, app.world.year);
        let sheet: EvaluationSheet = principal.get(&path).await.ok();
        let row = |sheet: &EvaluationSheet, staff| sheet.rows.iter().find(|row| row.staff_id == staff).cloned().unwrap();
        assert!(sheet.writable && row(&sheet, a).level.is_none() && row(&sheet, a).version == 0);
        let put = |rows: serde_json::Value| serde_json::json!({"set": "general", "rows": rows});
        let body = put(serde_json::json!([{"staff_id": a, "level": "good", "version": 0}, {"staff_id": b, "level": "fair", "version": 0}]));
        let sheet: EvaluationSheet = principal.put_bare(&path, &body).await.ok();
        assert_eq!((row(&sheet, a).level, row(&sheet, b).version), (Some(regulations::standards::StandardLevel::Good), 1));
        // Each is a record of the person like any other.
        let records: dto::Page<dto::staff_records::StaffRecord> = principal.get(&format!("/staff/{a}/records")).await.ok();
        assert_eq!(records.items.iter().filter(|r| r.school_year_id.is_some()).count(), 1);
        principal.put_bare(&path, &body).await.problem(dto::Code::VersionConflict);
        let same = put(serde_json::json!([{"staff_id": a, "level": "good", "version": 1}]));
        principal.put_bare(&path, &same).await.problem(dto::Code::NothingToSave);
        let twice = put(serde_json::json!([{"staff_id": a, "level": "met", "version": 1}, {"staff_id": a, "level": "fair", "version": 1}]));
        principal.put_bare(&path, &twice).await.field("/rows/1/staff_id", dto::Code::CellRepeated);
        let foreign = app.staff(app.world.school_b.id, "Lê Thị Cúc").await;
        let wrong = put(serde_json::json!([{"staff_id": a, "level": "met", "version": 1}, {"staff_id": foreign, "level": "met", "version": 0}]));
        principal.put_bare(&path, &wrong).await.field("/rows/1/staff_id", dto::Code::FieldChoice);
        // All or nothing.
        let sheet: EvaluationSheet = principal.get(&path).await.ok();
        assert_eq!(row(&sheet, a).level, Some(regulations::standards::StandardLevel::Good));
        let other = app.principal(&app.world.school_b).await;
        other.get(&path).await.problem(dto::Code::NotFound);
        other.put_bare(&path, &same).await.problem(dto::Code::NotFound);
        principal.get(&format!("/units/{}/evaluations/{}", school.id, school.id)).await.problem(dto::Code::NotFound);
    }

    async fn a_record_is_entered_changed_taken_back_and_keeps_its_history(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Văn Đức").await;
        let path = format!("/staff/{staff}/records");
        let made: StaffRecord = principal.post(&path, &degree(" Sư phạm  Toán ")).await.status(201).ok();
        assert_eq!((made.facts.kind(), made.version, made.withdrawn), (RecordKind::Degree, 1, false));
        assert_eq!(made.updated_by, "Người Thử");
        let one = format!("{path}/{}", made.id);
        let changed: StaffRecord = principal.put(&one, 1, &degree("Sư phạm Tin học")).await.ok();
        assert_eq!(changed.version, 2);
        principal.put(&one, 1, &degree("Khác")).await.problem(Code::VersionConflict);
        principal.put(&one, 2, &salary()).await.field("/facts/kind", Code::FieldChoice);
        let gone: StaffRecord = principal.put(&format!("{one}/withdrawn"), 2, &json!({"withdrawn": true})).await.ok();
        assert!(gone.withdrawn);
        let back: StaffRecord = principal.put(&format!("{one}/withdrawn"), 3, &json!({"withdrawn": false})).await.ok();
        assert_eq!((back.withdrawn, back.version), (false, 4));
        let history: Page<StaffRecord> = principal.get(&format!("{one}/history")).await.ok();
        assert_eq!(history.items.iter().map(|r| r.version).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert_eq!(history.items[3], made);
        let all: Page<StaffRecord> = principal.get(&path).await.ok();
        assert_eq!(all.items, [back]);
    }

    async fn faults_of_a_record_name_their_field(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Văn Đức").await;
        let path = format!("/staff/{staff}/records");
        let unit = app.world.school_a.id;
        let refused = async |body: Value, pointer: &str, code: Code| principal.post(&path, &body).await.field(pointer, code);
        refused(degree("\u{200b}"), "/facts/major", Code::FieldLength).await;
        refused(leave("2026-10-05", "2026-10-01"), "/last_on", Code::DatesReversed).await;
        refused(json!({"facts": {"kind": "leave", "leave": "sick"}, "first_on": "2026-10-05"}), "/last_on", Code::FieldRequired).await;
        let duty = |facts: Value| json!({"facts": facts, "unit_id": unit, "first_on": "2026-09-01"});
        refused(duty(json!({"kind": "duty", "duty": "homeroom"})), "/facts/duty", Code::FieldChoice).await;
        refused(duty(json!({"kind": "duty", "duty": "secretary", "periods": 5})), "/facts/periods", Code::FieldRange).await;
        refused(duty(json!({"kind": "duty", "duty": "library", "periods": 3})), "/facts/periods", Code::FieldChoice).await;
        refused(json!({"facts": {"kind": "duty", "duty": "library"}, "first_on": "2026-09-01"}), "/unit_id", Code::FieldRequired).await;
        refused(json!({"facts": {"kind": "subject", "subject_code": "BÓNG"}}), "/facts/subject_code", Code::FieldChoice).await;
        refused(json!({"facts": {"kind": "identity", "document": "citizen", "number": "12"}}), "/facts/number", Code::PersonalIdFormat).await;
        refused(json!({"facts": {"kind": "salary", "scale": "V", "step": 1, "coefficient": 1}}), "/facts/coefficient", Code::FieldRange).await;
        let course = json!({"kind": "training", "name": "a", "provider": "b", "hours": 40, "training_id": unit});
        refused(json!({"facts": course}), "/facts/training_id", Code::FieldChoice).await;
        let mut elsewhere = duty(json!({"kind": "duty", "duty": "library"}));
        elsewhere["unit_id"] = json!(app.world.school_b.id);
        principal.post(&path, &elsewhere).await.problem(Code::NotFound);
    }

    async fn numbers_and_salary_are_for_who_keeps_the_record(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let officer = app.officer(app.world.commune_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Văn Đức").await;
        let path = format!("/staff/{staff}/records");
        let secret: StaffRecord = principal.post(&path, &salary()).await.ok();
        principal.post(&path, &json!({"facts": {"kind": "identity", "document": "citizen", "number": "094084001234"}})).await.status(201);
        principal.post(&path, &degree("Toán")).await.status(201);
        let kinds = |page: Page<StaffRecord>| page.items.iter().map(|r| r.facts.kind()).collect::<Vec<_>>();
        assert_eq!(kinds(principal.get(&path).await.ok()), [RecordKind::Degree, RecordKind::Salary, RecordKind::Identity]);
        assert_eq!(kinds(officer.get(&path).await.ok()), [RecordKind::Degree]);
        officer.get(&format!("{path}/{}/history", secret.id)).await.problem(Code::NotFound);
        officer.get(&format!("/units/{}/staff-records?kind=salary", app.world.school_a.id)).await.problem(Code::NotFound);
        officer.post(&path, &degree("Toán")).await.status(403);
        // The person sees all of it.
        let own = app.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(app.world.school_a.id))]).await;
        assert_eq!(own.get("/me/staff-record").await.ok::<OwnStaffRecord>().records.len(), 3);
        own.get(&path).await.status(403);
    }

    async fn another_school_finds_nothing(app: TestApp) {
        let (principal, other) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let staff = app.staff(app.world.school_a.id, "Trần Văn Đức").await;
        let path = format!("/staff/{staff}/records");
        let made: StaffRecord = principal.post(&path, &degree("Toán")).await.ok();
        let one = format!("{path}/{}", made.id);
        other.get(&path).await.problem(Code::NotFound);
        other.post(&path, &degree("Toán")).await.problem(Code::NotFound);
        other.put(&one, 1, &degree("Toán")).await.problem(Code::NotFound);
        other.put(&format!("{one}/withdrawn"), 1, &json!({"withdrawn": true})).await.problem(Code::NotFound);
        other.get(&format!("{one}/history")).await.problem(Code::NotFound);
        other.get(&format!("{one}/certificate")).await.problem(Code::NotFound);
        other.get(&format!("/units/{}/staff-records?kind=degree", app.world.school_a.id)).await.problem(Code::NotFound);
        // A record that is no certificate of a course draws nothing.
        principal.get(&format!("{one}/certificate")).await.problem(Code::NotFound);
        // A duty at another school of the person is that school's.
        let admin = app.province_admin().await;
        let post = json!({"unit_id": app.world.school_b.id, "position": "teacher", "valid_from": "2026-09-01"});
        admin.post(&format!("/staff/{staff}/posts"), &post).await.status(201);
        let duty = json!({"facts": {"kind": "duty", "duty": "library"}, "unit_id": app.world.school_a.id, "first_on": "2026-09-01"});
        let duty: StaffRecord = principal.post(&path, &duty).await.ok();
        other.get(&path).await.status(200);
        other.put(&format!("{path}/{}/withdrawn", duty.id), 1, &json!({"withdrawn": true})).await.problem(Code::NotFound);
    }

    async fn leave_counts_working_days_and_a_school_sees_who_is_away(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let (a, b) = (app.staff(app.world.school_a.id, "Trần Ánh").await, app.staff(app.world.school_a.id, "Trần Bình").await);
        // Monday to the Friday of the next week.
        let away: StaffRecord = principal.post(&format!("/staff/{a}/records"), &leave("2026-10-05", "2026-10-16")).await.ok();
        assert_eq!(away.working_days, Some(10));
        principal.post(&format!("/staff/{b}/records"), &leave("2026-11-02", "2026-11-06")).await.status(201);
        let list = format!("/units/{}/staff-records?kind=leave", app.world.school_a.id);
        let names = |page: &Page<UnitStaffRecord>| page.items.iter().map(|r| r.staff_name.clone()).collect::<Vec<_>>();
        let on: Page<UnitStaffRecord> = principal.get(&format!("{list}&on=2026-10-16")).await.ok();
        assert_eq!(names(&on), ["Trần Ánh"]);
        let first: Page<UnitStaffRecord> = principal.get(&format!("{list}&limit=1")).await.ok();
        let rest: Page<UnitStaffRecord> = principal.get(&format!("{list}&limit=1&after={}", first.next.clone().unwrap())).await.ok();
        assert_eq!((names(&first), names(&rest), rest.next), (vec!["Trần Ánh".into()], vec!["Trần Bình".into()], None));
    }

    async fn an_evaluation_is_of_a_year_and_good_in_preschool_follows_its_rule(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let path = format!("/staff/{staff}/records");
        let body = |set: &str, criteria: Vec<&str>, level: &str| {
            json!({"facts": {"kind": "evaluation", "set": set, "criteria": criteria, "level": level}, "school_year_id": app.world.year})
        };
        principal.post(&path, &json!({"facts": {"kind": "evaluation", "set": "general", "level": "good"}})).await.field("/school_year_id", Code::FieldRequired);
        principal.post(&path, &body("general", vec!["good"; 3], "good")).await.field("/facts/criteria", Code::FieldRange);
        let mut criteria = vec!["good"; 15];
        criteria[1] = "met";
        principal.post(&path, &body("preschool", criteria.clone(), "good")).await.field("/facts/level", Code::EvaluationLevel);
        // Of general education the rule is not in the system: the level is whoever assesses's.
        principal.post(&path, &body("general", criteria.clone(), "good")).await.status(201);
        let fair: StaffRecord = principal.post(&path, &body("preschool", criteria, "fair")).await.status(201).ok();
        assert_eq!(fair.school_year.as_deref(), Some("2026-2027"));
        let list = format!("/units/{}/staff-records?kind=evaluation&school_year_id={}", app.world.school_a.id, app.world.year);
        assert_eq!(principal.get(&list).await.ok::<Page<UnitStaffRecord>>().items.len(), 2);
    }

    async fn an_appointment_has_its_decision(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let posts = format!("/staff/{staff}/posts");
        let mut body = json!({
            "unit_id": app.world.school_a.id, "position": "deputy", "valid_from": "2026-08-01", "decision_no": "125/QĐ-UBND", "decided_on": "2026-07-20",
        });
        let appointed: Staff = principal.post(&posts, &body).await.status(201).ok();
        let deputy = |staff: &Staff| staff.posts.iter().find(|p| p.position == dto::staff::Position::Deputy).cloned().unwrap();
        assert_eq!(deputy(&appointed).decision_no.as_deref(), Some("125/QĐ-UBND"));
        principal.post(&posts, &body).await.field("/valid_from", Code::FieldChoice);
        // Ending it says nothing of the decision, and keeps it.
        body = json!({"unit_id": app.world.school_a.id, "position": "deputy", "valid_from": "2026-08-01", "valid_to": "2027-08-01"});
        let ended: Staff = principal.post(&posts, &body).await.ok();
        assert_eq!(deputy(&ended).decided_on.map(|d| d.to_string()).as_deref(), Some("2026-07-20"));
        let deputies: Page<Staff> = principal.get(&format!("/staff?unit_id={}&position=deputy", app.world.school_a.id)).await.ok();
        assert_eq!(deputies.items.iter().map(|s| s.id).collect::<Vec<_>>(), [staff]);
    }

    async fn a_teacher_proposes_and_the_school_answers(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff: StaffId = app.staff(app.world.school_a.id, "Đỗ Thị Dạy").await;
        let teacher = app.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(app.world.school_a.id))]).await;
        let made: StaffRecord = principal.post(&format!("/staff/{staff}/records"), &degree("Toán")).await.ok();
        let propose = async |change: Value| teacher.post("/me/staff-record/proposals", &json!({"change": change, "note": "Bằng gốc ở văn thư"})).await;
        let change = json!({"change": "change", "record_id": made.id, "version": 1, "record": degree("Toán - Tin")});
        let proposal: StaffProposal = propose(change.clone()).await.status(201).ok();
        let own = json!({"change": "own", "version": 1, "staff": {"name": {"family": "Đỗ", "middle": "Thị", "given": "Dạy"}, "sex": "female", "phone": "0912345678"}});
        let phone: StaffProposal = propose(own).await.ok();
        propose(json!({"change": "add", "record": degree("\u{200b}")})).await.field("/change/record/facts/major", Code::FieldLength);
        let mine: OwnStaffRecord = teacher.get("/me/staff-record").await.ok();
        assert_eq!(mine.proposals.iter().map(|p| p.id).collect::<Vec<_>>(), [phone.id, proposal.id]);

        let waiting: Page<StaffProposal> = principal.get(&format!("/staff-proposals?unit_id={}&state=pending", app.world.school_a.id)).await.ok();
        assert_eq!(waiting.items.len(), 2);
        let other = app.principal(&app.world.school_b).await;
        assert!(other.get("/staff-proposals").await.ok::<Page<StaffProposal>>().items.is_empty());
        let at = |id| format!("/staff/{staff}/proposals/{id}/decision");
        other.put_bare(&at(phone.id), &json!({"approve": true})).await.problem(Code::NotFound);
        let approved: StaffProposal = principal.put_bare(&at(proposal.id), &json!({"approve": true, "answer": "Đã đối chiếu"})).await.ok();
        assert_eq!((approved.state, approved.answer.as_deref()), (ProposalState::Approved, Some("Đã đối chiếu")));
        principal.put_bare(&at(proposal.id), &json!({"approve": true})).await.problem(Code::ProposalAnswered);
        principal.put_bare(&at(phone.id), &json!({"approve": true})).await.status(200);
        let mine: OwnStaffRecord = teacher.get("/me/staff-record").await.ok();
        assert_eq!((mine.staff.phone.as_deref(), mine.records[0].version), (Some("0912345678"), 2));
        // What has changed since can not be proposed, nor approved.
        propose(change).await.problem(Code::VersionConflict);
        let late: StaffProposal = propose(json!({"change": "change", "record_id": made.id, "version": 2, "record": degree("Tin")})).await.ok();
        principal.put(&format!("/staff/{staff}/records/{}", made.id), 2, &degree("Vật lí")).await.status(200);
        principal.put_bare(&at(late.id), &json!({"approve": true})).await.problem(Code::VersionConflict);
        let back: StaffProposal = teacher.delete(&format!("/me/staff-record/proposals/{}", late.id)).await.ok();
        assert_eq!(back.state, ProposalState::Withdrawn);
        principal.put_bare(&at(late.id), &json!({"approve": false})).await.problem(Code::ProposalAnswered);
        app.guardian(&[]).await.get("/me/staff-record").await.status(403);
    }

    async fn a_scan_is_attached_read_and_taken_away(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Trần Ánh").await;
        let path = format!("/staff/{staff}/records");
        let made: StaffRecord = principal.post(&path, &degree("Toán")).await.ok();
        let stored: StoredFile = small(&principal, app.world.school_a.id, "bang.pdf", b"%PDF-1.7 a degree").await.status(201).ok();
        let files = format!("{path}/{}/files", made.id);
        let body = json!({"school_id": app.world.school_a.id, "file_id": stored.id});
        principal.post(&files, &json!({"school_id": app.world.school_b.id, "file_id": stored.id})).await.problem(Code::NotFound);
        let other = app.principal(&app.world.school_b).await;
        other.post(&files, &body).await.problem(Code::NotFound);
        let with: StaffRecord = principal.post(&files, &body).await.status(201).ok();
        assert_eq!(with.files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["bang.pdf"]);
        principal.post(&files, &body).await.field("/file_id", Code::FieldChoice);
        let one = format!("{files}/{}", stored.id);
        assert_eq!(principal.get(&one).await.status(200).body, b"%PDF-1.7 a degree");
        other.get(&one).await.problem(Code::NotFound);
        other.delete(&one).await.problem(Code::NotFound);
        let own = app.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(app.world.school_a.id))]).await;
        own.get(&format!("/me/staff-record/records/{}/files/{}", made.id, stored.id)).await.status(200);
        let teacher = app.at(Role::SubjectTeacher, &app.world.school_a).await;
        teacher.get(&format!("/me/staff-record/records/{}/files/{}", made.id, stored.id)).await.problem(Code::NotFound);
        let without: StaffRecord = principal.delete(&one).await.ok();
        assert!(without.files.is_empty());
        principal.get(&one).await.problem(Code::NotFound);
    }
}
