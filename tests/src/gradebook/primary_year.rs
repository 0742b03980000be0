//! Primary pupils who have not completed their grade (TT 27/2020 Đ.11): assessed again, and the principal's decision.

use super::primary::{fill, primary, results, row, set};
use super::*;
use dto::Code;
use dto::gradebook::{LearnerReport, Period, TermState};
use dto::reassessment::*;
use regulations::tt27::{Completion, Group};
use regulations::{Point, PrimarySlot, Promotion};
use serde_json::json;

pub(super) const LEVEL: Slot = Slot::Primary(PrimarySlot::Level(Point::End));
pub(super) const TEST: Slot = Slot::Primary(PrimarySlot::Test(Point::End));
pub(super) const DILIGENCE: Slot = Slot::Primary(PrimarySlot::Trait(Point::End, 3));

pub(super) fn path(room: &Room) -> String {
    format!("/classes/{}/reassessment", room.class.id)
}

pub(super) fn of(
    learner_id: LearnerId,
    subject: &str,
    slot: Slot,
    value: Option<CellValue>,
    version: i64,
) -> PutReassessmentItem {
    PutReassessmentItem { learner_id, subject_code: subject.into(), slot, value, version }
}

pub(super) async fn sheet(actor: &Actor, room: &Room) -> ReassessmentSheet {
    actor.get(&path(room)).await.ok()
}

pub(super) async fn put(actor: &Actor, room: &Room, items: Vec<PutReassessmentItem>) -> Vec<ReassessmentOutcome> {
    actor.put_bare(&path(room), &PutReassessment { reason: None, items }).await.ok::<ReassessmentSaved>().items
}

pub(super) fn decision(room: &Room, learner: LearnerId) -> String {
    format!("{}/{learner}/decision", path(room))
}

/// A class whose year is closed; Cúc falls short in Vietnamese (level and test) and in diligence.
pub(super) async fn short(app: &TestApp, code: &str) -> Room {
    let room = primary(app, code).await;
    end(&room).await;
    room
}

/// Both terms of such a class, closed.
pub(super) async fn end(room: &Room) {
    let c = room.learners[2];
    for term in [Term::S1, Term::S2] {
        fill(room, term).await;
    }
    set(room, "TIENG_VIET", Term::S2, c, LEVEL, Some(CellValue::Weak)).await;
    set(room, "TIENG_VIET", Term::S2, c, TEST, score(400)).await;
    set(room, "PHAM_CHAT", Term::S2, c, DILIGENCE, Some(CellValue::Weak)).await;
    room.close(Term::S1).await;
    room.close(Term::S2).await;
}

both_engines! {
    async fn who_falls_short_is_assessed_again_and_the_year_follows(app: TestApp) {
        let room = short(&app, "94301").await;
        let [a, _, c] = room.learners[..] else { unreachable!() };
        let before = results(&room, Period::Year).await;
        let list = sheet(&room.homeroom, &room).await;
        assert!(list.ready && list.writable && !list.decider && list.rows.len() == 1);
        let asked: Vec<_> = list.rows[0].items.iter().map(|i| (i.subject_code.as_str(), i.slot, i.was, i.value, i.version)).collect();
        assert_eq!(asked, [
            ("TIENG_VIET", LEVEL, CellValue::Weak, None, 0),
            ("TIENG_VIET", TEST, score(400).unwrap(), None, 0),
            ("PHAM_CHAT", DILIGENCE, CellValue::Weak, None, 0),
        ]);
        assert_eq!((list.rows[0].items[2].name_vi.as_str(), list.rows[0].completion, list.rows[0].due), ("Chăm chỉ", Completion::Support, false));
        let outcomes = put(&room.homeroom, &room, vec![
            of(c, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0),
            of(c, "TIENG_VIET", TEST, score(650), 0),
            of(c, "TOAN", LEVEL, Some(CellValue::Done), 0),
            of(a, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0),
            of(c, "PHAM_CHAT", DILIGENCE, Some(CellValue::Pass), 0),
            of(c, "PHAM_CHAT", DILIGENCE, Some(CellValue::Good), 0),
        ])
        .await;
        let found: Vec<_> = outcomes.iter().map(|o| (o.outcome, o.version, o.code.as_deref())).collect();
        assert_eq!(found, [
            (CellResult::Saved, 1, None),
            (CellResult::Refused, 0, Some("mark_invalid")),
            (CellResult::Refused, 0, Some("not_in_summer")),
            (CellResult::Refused, 0, Some("not_in_summer")),
            (CellResult::Saved, 1, None),
            (CellResult::Refused, 0, Some("cell_repeated")),
        ]);
        assert_eq!(row(&results(&room, Period::Year).await, c).promotion, Some(Promotion::Reassess), "the test is still to be done");
        let saved = put(&room.principal, &room, vec![of(c, "TIENG_VIET", TEST, score(600), 0)]).await;
        assert_eq!(saved[0].outcome, CellResult::Saved);
        let year = results(&room, Period::Year).await;
        let result = row(&year, c);
        let of_year = result.primary.clone().unwrap();
        assert_eq!((year.state, of_year.group, of_year.again, of_year.completion, result.promotion),
            (TermState::Closed, Some(Group::NotCompleted), Some(Group::Completed), Some(Completion::Completed), Some(Promotion::Promoted)));
        assert!(result.reasons.iter().any(|reason| reason.code == "grade-completed-after-support"), "{:?}", result.reasons);
        assert_eq!(row(&year, a), row(&before, a), "nobody else's year was touched");
        // Who saw less is told what stands; the same again is unchanged.
        let late = put(&room.homeroom, &room, vec![
            of(c, "TIENG_VIET", TEST, score(700), 0),
            of(c, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0),
        ])
        .await;
        assert_eq!((late[0].outcome, late[0].value, late[0].version), (CellResult::Conflict, score(600), 1));
        assert_eq!(late[1].outcome, CellResult::Unchanged);
        // A result that was taken back leaves its pupil with help still to be given.
        put(&room.homeroom, &room, vec![of(c, "TIENG_VIET", TEST, None, 1)]).await;
        assert_eq!(sheet(&room.homeroom, &room).await.rows[0].completion, Completion::Support);
        let history: Page<ReassessmentChange> = room.homeroom.get(&format!("{}/{c}/history", path(&room))).await.ok();
        let tests: Vec<_> = history.items.iter().filter(|w| w.slot == Some(TEST)).map(|w| (w.version, w.value)).collect();
        assert_eq!(tests, [(2, None), (1, score(600))]);
        let log = app.audit(Some(room.school.id)).await;
        let saved = log.iter().filter(|e| e.verb == "reassessment.saved").count();
        assert_eq!(saved, 3);
        assert!(log.iter().any(|e| e.verb == "reassessment.saved" && e.before.as_ref().is_some_and(|b| b.contains("support"))));
    }

    async fn the_principal_decides_who_still_falls_short(app: TestApp) {
        let room = short(&app, "94302").await;
        let [a, _, c] = room.learners[..] else { unreachable!() };
        let reason = "Em tiến bộ rõ rệt, gia đình cam kết kèm cặp trong hè";
        let body = |completed| PutPrincipalDecision { completed, reason: reason.into() };
        // Not before all was assessed again; not of who falls short of nothing.
        for learner in [a, c] {
            room.principal.put(&decision(&room, learner), 0, &body(Some(true))).await.problem(Code::DecisionNotDue);
        }
        room.principal.put(&decision(&room, c), 0, &body(None)).await.problem(Code::DecisionNotDue);
        put(&room.homeroom, &room, vec![
            of(c, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0),
            of(c, "TIENG_VIET", TEST, score(400), 0),
            of(c, "PHAM_CHAT", DILIGENCE, Some(CellValue::Pass), 0),
        ])
        .await;
        let list = sheet(&room.principal, &room).await;
        assert!(list.decider && list.rows[0].due && list.rows[0].completion == Completion::PrincipalDecides);
        room.principal.put(&decision(&room, c), 1, &body(Some(true))).await.problem(Code::VersionConflict);
        let unsaid = json!({"completed": true, "reason": "ừ"});
        room.principal.put(&decision(&room, c), 0, &unsaid).await.field("/reason", Code::FieldLength);
        room.principal.put(&decision(&room, c), 0, &json!({"completed": true, "reason": "      "})).await.field("/reason", Code::FieldRequired);
        // Principals alone.
        room.homeroom.put(&decision(&room, c), 0, &body(Some(true))).await.problem(Code::Forbidden);

        let decided: ReassessmentSheet = room.principal.put(&decision(&room, c), 0, &body(Some(true))).await.ok();
        let decided = &decided.rows[0];
        assert_eq!((decided.completion, decided.due, decided.decision_version), (Completion::Completed, true, 1));
        assert_eq!(decided.decision.as_ref().map(|d| (d.completed, d.reason.as_str())), Some((true, reason)));
        let year = results(&room, Period::Year).await;
        assert_eq!(row(&year, c).promotion, Some(Promotion::Promoted));
        assert!(row(&year, c).reasons.iter().any(|r| r.code == "grade-completed-by-decision" && r.vi.contains("quyết định của hiệu trưởng")));
        // What it was made of cannot change under it.
        let refused = put(&room.homeroom, &room, vec![of(c, "TIENG_VIET", TEST, score(500), 1)]).await;
        assert_eq!((refused[0].outcome, refused[0].code.as_deref()), (CellResult::Refused, Some("decision_stands")));
        // The family reads that it was decided; why stays with the school.
        let guardian = app.guardian(&[c]).await;
        let report = guardian.get(&format!("/me/children/{c}/report")).await;
        assert!(!report.text().contains("cam kết"));
        assert_eq!(report.ok::<LearnerReport>().year.unwrap().promotion, Some(Promotion::Promoted));
        // Taken back, and decided otherwise.
        let back: ReassessmentSheet = room.principal.put(&decision(&room, c), 1, &body(None)).await.ok();
        assert_eq!((back.rows[0].completion, back.rows[0].decision.is_none()), (Completion::PrincipalDecides, true));
        assert_eq!(row(&results(&room, Period::Year).await, c).promotion, Some(Promotion::Reassess));
        room.principal.put(&decision(&room, c), 2, &body(Some(false))).await.ok::<ReassessmentSheet>();
        let result = results(&room, Period::Year).await;
        assert_eq!((row(&result, c).promotion, row(&result, c).primary.as_ref().unwrap().completion), (Some(Promotion::Retained), Some(Completion::Retained)));
        let history: Page<ReassessmentChange> = room.principal.get(&format!("{}/{c}/history", path(&room))).await.ok();
        let decisions: Vec<_> = history.items.iter().filter(|w| w.subject_code.is_none()).map(|w| (w.version, w.completed)).collect();
        assert_eq!(decisions, [(3, Some(false)), (2, None), (1, Some(true))]);
        let verbs: Vec<_> = app.audit(Some(room.school.id)).await.into_iter().map(|e| e.verb).filter(|v| v.starts_with("reassessment.d")).collect();
        assert_eq!(verbs, ["reassessment.decided", "reassessment.decision_withdrawn", "reassessment.decided"]);
    }

    async fn the_family_is_told_once_the_year_is_another_one(app: TestApp) {
        use super::contact::titles;
        let room = short(&app, "94306").await;
        let [a, _, c] = room.learners[..] else { unreachable!() };
        let (mine, other) = (app.guardian(&[c]).await, app.guardian(&[a]).await);
        let before = titles(&mine).await.len();
        let items = vec![
            of(c, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0),
            of(c, "TIENG_VIET", TEST, score(600), 0),
            of(c, "PHAM_CHAT", DILIGENCE, Some(CellValue::Pass), 0),
        ];
        put(&room.homeroom, &room, items.clone()).await;
        // The same again changes nothing.
        put(&room.homeroom, &room, items).await;
        let told = titles(&mine).await;
        assert_eq!((told.len(), told[0].as_str()), (before + 1, "Kết quả cả năm của Cúc đã thay đổi sau đánh giá lại"));
        assert_eq!(titles(&other).await.len(), before);
    }

    async fn while_a_term_is_open_there_is_no_list_and_a_year_made_again_keeps_what_was_assessed(app: TestApp) {
        let room = short(&app, "94303").await;
        let c = room.learners[2];
        put(&room.homeroom, &room, vec![
            of(c, "TIENG_VIET", LEVEL, Some(CellValue::Good), 0),
            of(c, "TIENG_VIET", TEST, score(800), 0),
            of(c, "PHAM_CHAT", DILIGENCE, Some(CellValue::Pass), 0),
        ])
        .await;
        let reopened = room.principal.post(&term_path(&room.class, Term::S2, "reopen"), &json!({"reason": "Sửa điểm Toán"})).await;
        reopened.ok::<Closing>();
        let open = sheet(&room.homeroom, &room).await;
        assert!(!open.ready && !open.writable && open.rows.is_empty());
        let body = PutReassessment { reason: None, items: vec![of(c, "TIENG_VIET", TEST, None, 1)] };
        room.homeroom.put_bare(&path(&room), &body).await.problem(Code::TermNotClosed);
        let decide = PutPrincipalDecision { completed: Some(true), reason: "Không được lúc này".into() };
        room.principal.put(&decision(&room, c), 0, &decide).await.problem(Code::TermNotClosed);
        room.close(Term::S2).await;
        let year = results(&room, Period::Year).await;
        assert_eq!(row(&year, c).promotion, Some(Promotion::Promoted));
        assert_eq!(sheet(&room.homeroom, &room).await.rows[0].completion, Completion::Completed);
    }

    async fn a_re_assessment_is_of_who_leads_the_class_or_the_school(app: TestApp) {
        let room = short(&app, "94304").await;
        let c = room.learners[2];
        let next_door = primary(&app, "94305").await;
        let items = PutReassessment { reason: None, items: vec![of(c, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0)] };
        let decide = PutPrincipalDecision { completed: Some(true), reason: "Không phải trường mình".into() };
        let history = format!("{}/{c}/history", path(&room));
        for actor in [&next_door.homeroom, &next_door.principal] {
            actor.get(&path(&room)).await.problem(Code::NotFound);
            actor.get(&history).await.problem(Code::NotFound);
            actor.put_bare(&path(&room), &items).await.problem(Code::NotFound);
        }
        next_door.principal.put(&decision(&room, c), 0, &decide).await.problem(Code::NotFound);
        let english = app.teacher(&room.class, "NN1").await;
        let guardian = app.guardian(&[c]).await;
        for actor in [&english, &guardian] {
            actor.get(&path(&room)).await.problem(Code::Forbidden);
            actor.get(&history).await.problem(Code::Forbidden);
            actor.put_bare(&path(&room), &items).await.problem(Code::Forbidden);
            actor.put(&decision(&room, c), 0, &decide).await.problem(Code::Forbidden);
        }
        // Somebody of another class, and a class that is not a primary one.
        room.principal.put(&decision(&room, next_door.learners[0]), 0, &decide).await.problem(Code::NotFound);
        room.principal.get(&format!("{}/{}/history", path(&room), next_door.learners[0])).await.problem(Code::NotFound);
        let secondary = super::room(&app).await;
        secondary.homeroom.get(&path(&secondary)).await.problem(Code::RegulationUnavailable);
        secondary.homeroom.put_bare(&path(&secondary), &items).await.problem(Code::RegulationUnavailable);
        let empty = json!({"items": []});
        room.homeroom.put_bare(&path(&room), &empty).await.field("/items", Code::FieldLength);
        assert_eq!(sheet(&room.homeroom, &room).await.rows[0].items[0].value, None);
    }
}
