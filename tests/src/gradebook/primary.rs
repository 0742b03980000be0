//! Primary classes under TT 27/2020: four points, levels, tests, qualities and competencies, groups.

use super::*;
use crate::harness::Reply;
use dto::access::Role;
use dto::gradebook::{CellChange, ClassResults, LearnerReport, LearnerResult, Period, ReopenTerm, TermState};
use dto::identity::Person;
use dto::units::Unit;
use dto::{Code, StaffId};
use regulations::tt27::{Completion, Group, PrimaryAward};
use regulations::{Point, PrimarySlot, Promotion};
use serde_json::{Value, json};

const LEVEL: Slot = Slot::Primary(PrimarySlot::Level(Point::End));
const MID_LEVEL: Slot = Slot::Primary(PrimarySlot::Level(Point::Mid));
const TEST: Slot = Slot::Primary(PrimarySlot::Test(Point::End));
const MID_TEST: Slot = Slot::Primary(PrimarySlot::Test(Point::Mid));
const RECOGNISED: Slot = Slot::Primary(PrimarySlot::Recognised);

fn of_trait(number: u8) -> Slot {
    Slot::Primary(PrimarySlot::Trait(Point::End, number))
}

/// A class of three in grade 4; its homeroom teacher teaches all of it, as in most primary schools.
pub async fn primary(app: &TestApp, code: &str) -> Room {
    primary_of(app, code, "4").await
}

/// The same in a grade of primary school.
pub(super) async fn primary_of(app: &TestApp, code: &str, grade: &str) -> Room {
    let admin = app.province_admin().await;
    let body = json!({
        "kind": "school", "parent_id": app.world.commune_a, "name": format!("Tiểu học {code}"), "short_name": code, "code": code,
        "code_set": "test", "code_set_version": "2025-07-01", "levels": ["primary"], "opened_on": "2000-09-05",
    });
    let unit: Unit = admin.post("/units", &body).await.ok();
    let school = School { id: unit.id, name: unit.name };
    let class = app.class(&school, &format!("{grade}A"), grade).await;
    let mut learners = Vec::new();
    for name in ["Nguyễn Thị Ánh", "Lê Văn Bình", "Trần Thu Cúc"] {
        learners.push(app.learner(&class, name).await);
    }
    let staff = app.staff(school.id, "Phạm Thị Chủ Nhiệm").await;
    app.set_homeroom(class.id, staff).await;
    let teacher = teacher_of(app, &school, staff).await;
    let room = Room { principal: app.principal(&school).await, homeroom: teacher.clone(), teacher, school, class, learners };
    for subject in room.subjects().await {
        // Qualities and competencies are theirs without being assigned.
        if !matches!(subject.subject_code.as_str(), "PHAM_CHAT" | "NL_CHUNG" | "NL_DAC_THU") {
            app.teaches(room.class.id, &subject.subject_code, staff).await;
        }
    }
    room
}

async fn teacher_of(app: &TestApp, school: &School, staff: StaffId) -> Actor {
    let roles = [(Role::HomeroomTeacher, Some(school.id)), (Role::SubjectTeacher, Some(school.id))];
    app.actor(Some(Person::Staff(staff)), &roles).await
}

pub(super) async fn put(actor: &Actor, room: &Room, subject: &str, term: Term, cells: Vec<PutCell>) -> Vec<CellOutcome> {
    actor.put_bare(&marks_path(&room.class, subject, term), &typed(cells)).await.ok::<MarksSaved>().cells
}

fn best(slot: Slot) -> Option<CellValue> {
    match slot {
        Slot::Primary(PrimarySlot::Test(_)) => score(1000),
        Slot::Primary(PrimarySlot::Recognised) => None,
        _ => Some(CellValue::Good),
    }
}

/// Writes every empty column of a term that a closing asks for.
pub async fn fill(room: &Room, term: Term) {
    for subject in room.subjects().await {
        let sheet = room.sheet(&subject.subject_code, term).await;
        let cells: Vec<_> = sheet
            .rows
            .iter()
            .flat_map(|row| sheet.slots.iter().map(move |slot| (row, *slot)))
            .filter(|(row, slot)| best(*slot).is_some() && !row.cells.iter().any(|c| c.slot == *slot && c.value.is_some()))
            .map(|(row, slot)| {
                cell(row.learner_id, slot, best(slot), row.cells.iter().find(|c| c.slot == slot).map_or(0, |c| c.version))
            })
            .collect();
        if !cells.is_empty() {
            let saved = put(&room.teacher, room, &subject.subject_code, term, cells).await;
            assert!(saved.iter().all(|c| c.outcome == CellResult::Saved), "{saved:?}");
        }
    }
}

pub(super) async fn set(room: &Room, subject: &str, term: Term, learner: LearnerId, slot: Slot, value: Option<CellValue>) {
    let sheet = room.sheet(subject, term).await;
    let row = sheet.rows.iter().find(|row| row.learner_id == learner).unwrap();
    let version = row.cells.iter().find(|c| c.slot == slot).map_or(0, |c| c.version);
    let saved = put(&room.teacher, room, subject, term, vec![cell(learner, slot, value, version)]).await;
    assert_eq!(saved[0].outcome, CellResult::Saved, "{saved:?}");
}

pub(super) async fn results(room: &Room, period: Period) -> ClassResults {
    room.principal.get(&format!("/classes/{}/results/{period}", room.class.id)).await.ok()
}

pub(super) fn row(results: &ClassResults, learner: LearnerId) -> &LearnerResult {
    results.rows.iter().find(|row| row.learner_id == learner).unwrap()
}

both_engines! {
    async fn sheets_have_the_columns_of_the_circular(app: TestApp) {
        let room = primary(&app, "94101").await;
        let codes: Vec<_> = room.subjects().await.into_iter().map(|s| s.subject_code).collect();
        assert_eq!(codes, [
            "TIENG_VIET", "TOAN", "NN1", "DAO_DUC", "LSDL", "KHOA_HOC", "TIN_CN", "GDTC", "NGHE_THUAT", "HDTN",
            "PHAM_CHAT", "NL_CHUNG", "NL_DAC_THU",
        ]);
        let slots = async |subject: &str, term| -> Vec<&'static str> { room.sheet(subject, term).await.slots.into_iter().map(Slot::code).collect() };
        assert_eq!(slots("TOAN", Term::S1).await, ["ml", "mt", "fl", "ft"]);
        assert_eq!(slots("KHOA_HOC", Term::S1).await, ["ml", "fl", "ft"]);
        assert_eq!(slots("HDTN", Term::S2).await, ["ml", "fl"]);
        assert_eq!(slots("NL_CHUNG", Term::S1).await, ["m1", "m2", "m3", "f1", "f2", "f3"]);
        assert_eq!(slots("NL_DAC_THU", Term::S1).await.len(), 14);
        assert_eq!(slots("PHAM_CHAT", Term::S2).await.last(), Some(&"rec"));
        let sheet: MarkSheet = room.teacher.get(&marks_path(&room.class, "TOAN", Term::S1)).await.ok();
        assert!(sheet.writable);
    }

    async fn cells_are_saved_with_versions_and_history_and_what_does_not_fit_is_refused(app: TestApp) {
        let room = primary(&app, "94102").await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        let saved = put(&room.teacher, &room, "TOAN", Term::S1, vec![
            cell(a, MID_LEVEL, Some(CellValue::Good), 0),
            cell(a, MID_TEST, score(900), 0),
            cell(b, LEVEL, Some(CellValue::Done), 0),
            cell(b, TEST, Some(CellValue::Absent), 0),
            cell(c, LEVEL, Some(CellValue::Exempt), 0),
        ]).await;
        assert!(saved.iter().all(|c| c.outcome == CellResult::Saved), "{saved:?}");
        let refused = put(&room.teacher, &room, "TOAN", Term::S1, vec![
            cell(c, TEST, score(0), 0),
            cell(c, MID_TEST, score(850), 0),
            cell(c, MID_LEVEL, Some(CellValue::Pass), 0),
            cell(b, MID_LEVEL, score(800), 0),
            cell(b, Slot::Final, score(800), 0),
            cell(b, of_trait(1), Some(CellValue::Good), 0),
            cell(b, RECOGNISED, Some(CellValue::Pass), 0),
        ]).await;
        let codes: Vec<_> = refused.iter().map(|c| (c.outcome, c.code.as_deref())).collect();
        let invalid = (CellResult::Refused, Some(Code::MarkInvalid.as_str()));
        let unknown = (CellResult::Refused, Some(Code::SlotUnknown.as_str()));
        assert_eq!(codes, [invalid, invalid, invalid, invalid, unknown, unknown, unknown]);
        let saved = put(&room.teacher, &room, "PHAM_CHAT", Term::S1, vec![
            cell(a, of_trait(1), Some(CellValue::Pass), 0),
            cell(a, of_trait(2), Some(CellValue::Done), 0),
            cell(a, of_trait(3), Some(CellValue::Absent), 0),
        ]).await;
        let outcomes: Vec<_> = saved.iter().map(|c| c.outcome).collect();
        assert_eq!(outcomes, [CellResult::Saved, CellResult::Refused, CellResult::Refused]);
        // Another writer meanwhile.
        let conflict = put(&room.teacher, &room, "TOAN", Term::S1, vec![cell(a, MID_LEVEL, Some(CellValue::Done), 0)]).await;
        assert_eq!((conflict[0].outcome, conflict[0].value), (CellResult::Conflict, Some(CellValue::Good)));
        put(&room.teacher, &room, "TOAN", Term::S1, vec![cell(a, MID_LEVEL, Some(CellValue::Weak), 1)]).await;
        let path = format!("{}/{a}/ml/history", marks_path(&room.class, "TOAN", Term::S1));
        let history = room.homeroom.get(&path).await.ok::<Page<CellChange>>().items;
        let steps: Vec<_> = history.iter().map(|h| (h.before, h.after)).collect();
        assert_eq!(steps, [(Some(CellValue::Good), Some(CellValue::Weak)), (None, Some(CellValue::Good))]);
        // An unknown column is a bad body, not a fault of ours.
        let body = json!({"source": "typed", "cells": [{"learner_id": a, "slot": "m9", "version": 0}]});
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.field("/cells/0/slot", Code::FieldType);
    }

    async fn a_term_lists_what_is_missing_by_teacher_and_pupil_and_has_no_conduct(app: TestApp) {
        let room = primary(&app, "94103").await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        fill(&room, Term::S1).await;
        set(&room, "TOAN", Term::S1, a, TEST, None).await;
        set(&room, "KHOA_HOC", Term::S1, b, TEST, Some(CellValue::Absent)).await;
        set(&room, "NL_CHUNG", Term::S1, c, of_trait(2), None).await;
        // Exempt from a subject: its test is not asked for.
        set(&room, "GDTC", Term::S1, a, LEVEL, Some(CellValue::Exempt)).await;
        room.homeroom.get(&term_path(&room.class, Term::S1, "conduct")).await.problem(Code::RegulationUnavailable);
        let closing: Closing = room.principal.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        let missing: Vec<_> = closing
            .missing
            .iter()
            .map(|part| (part.subject_code.as_deref().unwrap(), part.teachers[0].id, part.learners[0].learner_id, part.learners[0].slots.clone()))
            .collect();
        let who = room.teacher.staff_id();
        assert_eq!(missing, [
            ("TOAN", who, a, vec![TEST]),
            ("KHOA_HOC", who, b, vec![TEST]),
            ("NL_CHUNG", who, c, vec![of_trait(2)]),
        ]);
        assert_eq!(room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermNotReady).params["count"], "3");
        set(&room, "TOAN", Term::S1, a, TEST, score(700)).await;
        set(&room, "KHOA_HOC", Term::S1, b, TEST, score(600)).await;
        set(&room, "NL_CHUNG", Term::S1, c, of_trait(2), Some(CellValue::Weak)).await;
        assert_eq!(room.close(Term::S1).await.state, TermState::Closed);
        let first = results(&room, Period::S1).await;
        assert_eq!((first.policy.as_str(), first.state), ("TT27/1", TermState::Closed));
        let of_c = row(&first, c);
        assert_eq!(of_c.reasons[0].vi, "Học kì I: 10 môn học, hoạt động Hoàn thành tốt, 0 Hoàn thành. Cần giúp đỡ thêm: năng lực Giao tiếp và hợp tác (Cần cố gắng).");
        assert_eq!(of_c.primary.as_ref().unwrap().group, None, "a term has no group");
        assert!(row(&first, a).subjects.iter().any(|s| s.subject_code == "GDTC" && s.exempt));
        let maths = row(&first, a).subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!((maths.level, maths.test.map(|m| m.hundredths()), maths.average), (Some(CellValue::Good), Some(700), None));
        let body = typed(vec![cell(a, LEVEL, Some(CellValue::Done), 1)]);
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.problem(Code::TermClosed);
    }

    async fn the_year_closes_in_groups_frozen_and_explained(app: TestApp) {
        let room = primary(&app, "94104").await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        for term in [Term::S1, Term::S2] {
            fill(&room, term).await;
        }
        // Bình: 8 in mathematics, recognised by the class. Cúc: not yet in Vietnamese.
        set(&room, "TOAN", Term::S2, b, TEST, score(800)).await;
        set(&room, "TIENG_VIET", Term::S2, c, LEVEL, Some(CellValue::Weak)).await;
        let open = results(&room, Period::Year).await;
        assert_eq!((open.state, row(&open, b).primary.as_ref().unwrap().award), (TermState::Open, None));
        set(&room, "PHAM_CHAT", Term::S2, b, RECOGNISED, Some(CellValue::Pass)).await;
        room.close(Term::S1).await;
        room.close(Term::S2).await;
        let year = results(&room, Period::Year).await;
        assert_eq!((year.state, year.policy.as_str()), (TermState::Closed, "TT27/1"));
        assert_eq!(year.subjects.len(), 10 + 15);
        let found: Vec<_> = [a, b, c]
            .into_iter()
            .map(|learner| {
                let row = row(&year, learner);
                let primary = row.primary.clone().unwrap();
                (primary.group, primary.completion, primary.award, row.promotion)
            })
            .collect();
        assert_eq!(found, [
            (Some(Group::Excellent), Some(Completion::Completed), Some(PrimaryAward::Excellent), Some(Promotion::Promoted)),
            (Some(Group::CompletedWell), Some(Completion::Completed), Some(PrimaryAward::Exemplary), Some(Promotion::Promoted)),
            (Some(Group::NotCompleted), Some(Completion::Support), None, Some(Promotion::Reassess)),
        ]);
        let why = &row(&year, b).reasons;
        assert_eq!(
            why[0].vi,
            "Cả năm: Hoàn thành tốt. Chưa được Hoàn thành xuất sắc vì bài kiểm tra cuối năm môn Toán được 8 điểm (cần từ 9)."
        );
        assert_eq!(row(&year, c).reasons[1].code, "support");
        // What was frozen is what was computed; opened again, it is computed anew.
        let reopened: Reply = room.principal.post(&term_path(&room.class, Term::S2, "reopen"), &ReopenTerm { reason: "Đánh giá bổ sung".into() }).await;
        reopened.ok::<Closing>();
        let again = results(&room, Period::Year).await;
        assert_eq!((again.state, &again.rows), (TermState::Open, &year.rows));
        set(&room, "TIENG_VIET", Term::S2, c, LEVEL, Some(CellValue::Done)).await;
        room.close(Term::S2).await;
        assert_eq!(row(&results(&room, Period::Year).await, c).primary.as_ref().unwrap().group, Some(Group::Completed));
    }

    async fn a_parent_sees_their_own_child_and_nothing_to_compare_with(app: TestApp) {
        let room = primary(&app, "94105").await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        fill(&room, Term::S1).await;
        set(&room, "TOAN", Term::S1, b, TEST, score(300)).await;
        let guardian = app.guardian(&[a]).await;
        let path = format!("/me/children/{a}/report");
        let open: LearnerReport = guardian.get(&path).await.ok();
        assert!(open.terms[0].result.is_none());
        room.close(Term::S1).await;
        let reply = guardian.get(&path).await;
        let text = reply.text();
        assert!(!text.contains(&b.to_string()) && !text.contains("rank") && !text.contains(":300"));
        let report: LearnerReport = reply.ok();
        let term = &report.terms[0];
        let maths = term.subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!(maths.slots.len(), 4);
        assert!(maths.cells.contains(&dto::gradebook::Cell { slot: TEST, value: score(1000), version: 1 }));
        let qualities = term.subjects.iter().find(|s| s.subject_code == "PHAM_CHAT").unwrap();
        assert_eq!(qualities.cells.len(), 10);
        let result = term.result.as_ref().unwrap();
        assert!(result.primary.is_some() && result.learning.is_none());
        assert!(result.subjects.iter().any(|s| s.subject_code == "PC_YEU_NUOC" && s.level == Some(CellValue::Good)));
        guardian.get(&format!("/me/children/{b}/report")).await.problem(Code::NotFound);
    }

    async fn qualities_and_competencies_are_the_homeroom_teachers(app: TestApp) {
        let room = primary(&app, "94106").await;
        let a = room.learners[0];
        let next_door = primary(&app, "94107").await;
        let path = marks_path(&room.class, "NL_CHUNG", Term::S1);
        let body = typed(vec![cell(a, of_trait(1), Some(CellValue::Good), 0)]);
        // Who teaches one subject of the class, and the homeroom teacher of another.
        let english = app.teacher(&room.class, "NN1").await;
        for actor in [&english, &next_door.teacher] {
            actor.get(&path).await.problem(Code::NotFound);
            actor.put_bare(&path, &body).await.problem(Code::NotFound);
            actor.get(&format!("{path}/{a}/f1/history")).await.problem(Code::NotFound);
        }
        let results = format!("/classes/{}/results/year", room.class.id);
        english.get(&results).await.problem(Code::Forbidden);
        next_door.teacher.get(&results).await.problem(Code::NotFound);
        room.principal.put_bare(&path, &body).await.problem(Code::Forbidden);
        let sheet: MarkSheet = room.principal.get(&path).await.ok();
        assert!(!sheet.writable && sheet.rows.iter().all(|row| row.cells.is_empty()));
        // The homeroom teacher, although nobody assigned them.
        assert!(room.teacher.get(&path).await.ok::<MarkSheet>().writable);
        assert_eq!(put(&room.teacher, &room, "NL_CHUNG", Term::S1, vec![cell(a, of_trait(1), Some(CellValue::Good), 0)]).await[0].outcome, CellResult::Saved);
    }

    async fn a_sheet_that_was_taken_off_the_class_is_still_owed(app: TestApp) {
        let room = primary(&app, "94109").await;
        let keep: Vec<_> = room.subjects().await.into_iter().filter(|s| s.subject_code != "NL_CHUNG").collect();
        let teachers = [room.teacher.staff_id()];
        let body: Vec<_> = keep
            .iter()
            .map(|s| json!({"subject_code": s.subject_code, "whole_class": true, "teacher_ids": teachers}))
            .collect();
        let path = format!("/classes/{}/subjects", room.class.id);
        room.principal.put_bare(&path, &json!({"subjects": body})).await.status(200);
        fill(&room, Term::S1).await;
        let closing: Closing = room.homeroom.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        let owed: Vec<_> = closing.missing.iter().map(|part| (part.subject_code.as_deref(), part.subject_name_vi.as_deref())).collect();
        assert_eq!((owed, closing.missing_cells), (vec![(Some("NL_CHUNG"), Some("Năng lực chung"))], 18));
        room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermNotReady);
        let year = results(&room, Period::Year).await;
        assert!(year.rows.iter().all(|row| row.primary.as_ref().unwrap().group.is_none()));
    }

    async fn the_list_of_what_is_left_to_do_counts_columns(app: TestApp) {
        let room = primary(&app, "94108").await;
        let todos: Value = room.teacher.get("/me/todos").await.ok();
        let items = todos["items"].as_array().unwrap();
        assert!(items.iter().all(|item| item["kind"] != "conduct"), "{items:?}");
        let missing = |code: &str, items: &[Value]| items.iter().find(|i| i["subject_code"] == code && i["term"] == "1").map(|i| i["missing"].clone());
        assert_eq!(missing("TOAN", items), Some(json!(12)));
        assert_eq!(missing("NL_CHUNG", items), Some(json!(18)), "the homeroom teacher's, assigned or not");
        fill(&room, Term::S1).await;
        let todos: Value = room.teacher.get("/me/todos").await.ok();
        for code in ["TOAN", "NL_CHUNG"] {
            assert_eq!(missing(code, todos["items"].as_array().unwrap()), None);
        }
    }
}
