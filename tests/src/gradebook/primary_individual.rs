//! Primary pupils of whom the class alone does not say all: a term at a former school, an individual plan.

use super::council::{council, council_path};
use super::primary::{fill, primary, results, row, set};
use super::primary_year as again;
use super::*;
use dto::Code;
use dto::access::Role;
use dto::council::{Council, CouncilState};
use dto::former::{FormerTerm, FormerTerms};
use dto::gradebook::{ClassResults, LearnerReport, Period};
use dto::plans::{IndividualPlan, IndividualPlans};
use dto::reassessment::{PutPrincipalDecision, ReassessmentSheet};
use regulations::Promotion;
use regulations::tt27::{Completion, Group};
use serde_json::{Value, json};

/// The subjects of grade 4 with a test at the end of a term.
const TESTED: [&str; 6] = ["TIENG_VIET", "TOAN", "NN1", "LSDL", "KHOA_HOC", "TIN_CN"];

fn former_path(room: &Room, term: Term, learner: LearnerId) -> String {
    format!("/classes/{}/former-terms/{term}/{learner}", room.class.id)
}

async fn former(room: &Room) -> FormerTerms {
    room.homeroom.get(&format!("/classes/{}/former-terms", room.class.id)).await.ok()
}

/// Every subject, quality and competency at its best, with this mark in the tests.
async fn given(room: &Room, test: i32) -> Value {
    let of = |code: &str| match TESTED.contains(&code) {
        true => json!({"subject_code": code, "value": {"type": "good"}, "test": test}),
        false => json!({"subject_code": code, "value": {"type": "good"}}),
    };
    let subjects: Vec<_> = former(room).await.subjects.iter().map(|s| of(&s.subject_code)).collect();
    json!({"from_school": "TH Kim Đồng, Cần Thơ", "document": "Học bạ, trang 7", "absences": 2, "subjects": subjects})
}

fn plan_path(room: &Room, learner: LearnerId) -> String {
    format!("/classes/{}/individual-plans/{learner}", room.class.id)
}

async fn planned(room: &Room, learner: LearnerId, codes: &[&str]) -> IndividualPlan {
    let body = json!({"subject_codes": codes, "document": "Kế hoạch số 3/KH-TH ngày 12/09/2026"});
    room.homeroom.put(&plan_path(room, learner), 0, &body).await.ok::<IndividualPlan>();
    let decision = json!({"approve": true, "version": 1});
    room.principal.post(&format!("{}/decision", plan_path(room, learner)), &decision).await.ok()
}

both_engines! {
    async fn a_term_at_a_former_school_stands_in_the_place_of_the_classs(app: TestApp) {
        let room = primary(&app, "94501").await;
        fill(&room, Term::S1).await;
        room.close(Term::S1).await;
        let late = app.learner(&room.class, "Phan Văn Đến").await;
        let form = former(&room).await;
        assert!(form.writable && form.items.is_empty() && form.subjects.len() == 25, "{}", form.subjects.len());
        assert_eq!(form.learners.iter().find(|l| l.learner_id == late).unwrap().subject_codes.len(), 25);
        let saved: FormerTerm = room.homeroom.put(&former_path(&room, Term::S1, late), 0, &given(&room, 900).await).await.ok();
        assert_eq!((saved.learning, saved.version, saved.reasons[0].article.as_str()), (None, 1, "TT 28/2020 Đ.36"));
        assert!(saved.reasons[1].vi.contains("10 môn học, hoạt động Hoàn thành tốt"), "{:?}", saved.reasons);
        let first = results(&room, Period::S1).await;
        let of_late = row(&first, late);
        let maths = of_late.subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!((maths.level, maths.test), (Some(CellValue::Good), Mark::from_hundredths(900)));
        assert!(of_late.subjects.iter().any(|s| s.subject_code == "PC_TRUNG_THUC" && s.level == Some(CellValue::Good)));
        let codes = |results: &ClassResults, learner| row(results, learner).subjects.iter().map(|s| s.subject_code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&first, late), codes(&first, room.learners[0]), "its row is as the others are");
        let report: LearnerReport = app.guardian(&[late]).await.get(&format!("/me/children/{late}/report")).await.ok();
        assert!(report.terms[0].result.as_ref().unwrap().reasons[0].vi.contains("TH Kim Đồng, Cần Thơ"));
        // The first term makes no difference to the year; what the second came to elsewhere is its end.
        let second: FormerTerm = room.homeroom.put(&former_path(&room, Term::S2, late), 0, &given(&room, 800).await).await.ok();
        assert!(second.reasons[0].vi.contains("cả năm"));
        for subject in room.subjects().await {
            let sheet = room.sheet(&subject.subject_code, Term::S2).await;
            assert!(sheet.rows.iter().any(|r| r.learner_id == late && r.cells.is_empty()));
        }
        fill_but(&room, Term::S2, late).await;
        room.close(Term::S2).await;
        let year = results(&room, Period::Year).await;
        let of_year = row(&year, late);
        assert_eq!(of_year.primary.as_ref().unwrap().group, Some(Group::CompletedWell));
        assert_eq!(of_year.reasons.iter().filter(|r| r.code == "former-school").count(), 2);
        assert_eq!(row(&year, room.learners[0]).primary.as_ref().unwrap().group, Some(Group::Excellent));
        room.homeroom.put(&former_path(&room, Term::S2, late), 1, &given(&room, 900).await).await.problem(Code::TermClosed);
        room.homeroom.delete(&former_path(&room, Term::S1, late)).await.problem(Code::TermClosed);
        // The year closes with them.
        let closed: Council = room.principal.post_empty(&council_path(&room.class, "/close")).await.ok();
        assert!(closed.rows.iter().all(|r| r.decision.decided.promotion == Some(Promotion::Promoted)) && closed.rows.len() == 4);
    }

    async fn what_a_primary_term_cannot_have_is_refused(app: TestApp) {
        let room = primary(&app, "94502").await;
        let learner = room.learners[0];
        let put = async |term: Term, change: &dyn Fn(&mut Value)| {
            let mut body = given(&room, 900).await;
            change(&mut body);
            room.homeroom.put(&former_path(&room, term, learner), 0, &body).await
        };
        let place = |body: &Value, code: &str| body["subjects"].as_array().unwrap().iter().position(|s| s["subject_code"] == code).unwrap();
        put(Term::S1, &|b| b["conduct"] = json!("good")).await.field("/conduct", Code::FieldChoice);
        put(Term::S1, &|b| b["subjects"][0]["value"] = json!({"type": "score", "mark": 800})).await.field("/subjects/0/value", Code::MarkInvalid);
        put(Term::S1, &|b| b["subjects"][0]["value"] = json!({"type": "pass"})).await.field("/subjects/0/value", Code::MarkInvalid);
        put(Term::S1, &|b| b["subjects"][0]["test"] = json!(850)).await.field("/subjects/0/test", Code::MarkInvalid);
        put(Term::S1, &|b| b["subjects"][0]["subject_code"] = json!("PHAM_CHAT")).await.field("/subjects/0/subject_code", Code::FieldChoice);
        put(Term::S1, &|b| b["subjects"][1] = b["subjects"][0].clone()).await.field("/subjects/1/subject_code", Code::FieldChoice);
        let body = given(&room, 900).await;
        let (sports, honesty) = (place(&body, "GDTC"), place(&body, "PC_TRUNG_THUC"));
        for at in [sports, honesty] {
            put(Term::S1, &|b| b["subjects"][at]["test"] = json!(900)).await.field(&format!("/subjects/{at}/test"), Code::MarkInvalid);
        }
        put(Term::S1, &|b| b["subjects"][honesty]["value"] = json!({"type": "done"})).await.field(&format!("/subjects/{honesty}/value"), Code::MarkInvalid);
        // The year needs the tests of its end; a first term may lack one.
        let without = |b: &mut Value| b["subjects"][0] = json!({"subject_code": "TIENG_VIET", "value": {"type": "good"}});
        put(Term::S2, &without).await.field("/subjects/0/test", Code::FieldRequired);
        put(Term::S1, &without).await.ok::<FormerTerm>();
        room.homeroom.delete(&former_path(&room, Term::S1, learner)).await.done();
        assert!(former(&room).await.items.is_empty());
        // Of secondary classes a test is no part.
        let secondary = super::room(&app).await;
        let body = json!({
            "from_school": "THCS Lê Lợi", "document": "Học bạ", "subjects": [{"subject_code": "TOAN", "value": {"type": "score", "mark": 800}, "test": 900}],
        });
        secondary.homeroom.put(&former_path(&secondary, Term::S1, secondary.learners[0]), 0, &body).await.field("/subjects/0/test", Code::MarkInvalid);
    }

    async fn a_plan_leaves_subjects_and_competencies_of_a_pupil_out(app: TestApp) {
        let room = primary(&app, "94503").await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let found: IndividualPlans = room.homeroom.get(&format!("/classes/{}/individual-plans", room.class.id)).await.ok();
        assert!(found.writable && found.subjects.iter().any(|s| s.subject_code == "NL_CHUNG"));
        for term in [Term::S1, Term::S2] {
            fill(&room, term).await;
        }
        // What the plan will leave out falls short, or is not there.
        set(&room, "TOAN", Term::S2, a, again::LEVEL, Some(CellValue::Weak)).await;
        set(&room, "TOAN", Term::S2, a, again::TEST, None).await;
        for number in 1..=3 {
            let slot = Slot::Primary(regulations::PrimarySlot::Trait(regulations::Point::Mid, number));
            set(&room, "NL_CHUNG", Term::S2, a, slot, None).await;
        }
        room.close(Term::S1).await;
        room.homeroom.post_empty(&term_path(&room.class, Term::S2, "close")).await.problem(Code::TermNotReady);
        let plan = planned(&room, a, &["TOAN", "NL_CHUNG"]).await;
        assert_eq!(plan.in_force, ["TOAN", "NL_CHUNG"]);
        let sheet: MarkSheet = room.teacher.get(&marks_path(&room.class, "NL_CHUNG", Term::S2)).await.ok();
        assert_eq!(sheet.rows.iter().filter(|r| r.plan).map(|r| r.learner_id).collect::<Vec<_>>(), [a]);
        room.close(Term::S2).await;
        let year = results(&room, Period::Year).await;
        let subject = |learner, code: &str| row(&year, learner).subjects.iter().find(|s| s.subject_code == code).unwrap();
        assert!(subject(a, "TOAN").plan && subject(a, "TOAN").level.is_none() && !subject(b, "TOAN").plan);
        assert!(subject(a, "NL_TU_CHU").plan && subject(a, "NL_TU_CHU").level.is_none() && !subject(a, "PC_YEU_NUOC").plan);
        assert_eq!(row(&year, a).primary.as_ref().unwrap().group, Some(Group::Excellent), "nothing that falls short counts");
        let reason = row(&year, a).reasons.iter().find(|r| r.code == "individual-plan").unwrap();
        assert!(reason.vi.contains("Toán") && reason.article == "TT 28/2020", "{reason:?}");
        assert!(row(&year, b).reasons.iter().all(|r| r.code != "individual-plan"));
        let closed: Council = room.principal.post_empty(&council_path(&room.class, "/close")).await.ok();
        assert!(closed.rows[0].decision.reasons.iter().any(|r| r.code == "individual-plan"));
        for (learner, frozen, made) in gradebook::council::recompute(&app.db, &kernel::Ctx::system("test"), room.class.id).await.unwrap() {
            assert_eq!(frozen, made, "{learner}");
        }
    }

    async fn of_a_pupil_with_a_plan_for_everything_the_principal_decides(app: TestApp) {
        let room = primary(&app, "94504").await;
        let c = room.learners[2];
        let codes: Vec<String> = room.subjects().await.into_iter().map(|s| s.subject_code).collect();
        planned(&room, c, &codes.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for term in [Term::S1, Term::S2] {
            fill_but(&room, term, c).await;
            room.close(term).await;
        }
        let before = council(&room.principal, &room).await;
        assert_eq!((before.state, before.unsettled), (CouncilState::Open, 1));
        let standing = before.rows[2].decision.decided.primary.unwrap();
        assert_eq!((standing.group, standing.completion), (None, Some(Completion::PrincipalDecides)));
        let list = again::sheet(&room.principal, &room).await;
        assert_eq!((list.rows.len(), list.rows[0].learner_id, list.rows[0].items.len(), list.rows[0].due), (1, c, 0, true));
        assert!(list.rows[0].reasons.iter().any(|r| r.vi.starts_with("Hiệu trưởng xem xét")), "{:?}", list.rows[0].reasons);
        let body = PutPrincipalDecision { completed: Some(true), reason: "Đạt mục tiêu của kế hoạch cá nhân".into() };
        room.principal.put(&again::decision(&room, c), 0, &body).await.ok::<ReassessmentSheet>();
        let closed: Council = room.principal.post_empty(&council_path(&room.class, "/close")).await.ok();
        assert_eq!(closed.rows[2].decision.decided.promotion, Some(Promotion::Promoted));
        assert_eq!(closed.rows[2].decision.proposed.promotion, Some(Promotion::Reassess));
    }

    async fn former_terms_and_plans_are_of_who_leads_the_class_or_the_school(app: TestApp) {
        let room = primary(&app, "94505").await;
        let next_door = primary(&app, "94506").await;
        let learner = room.learners[0];
        let body = given(&room, 900).await;
        let (list, plans) = (format!("/classes/{}/former-terms", room.class.id), format!("/classes/{}/individual-plans", room.class.id));
        let plan = json!({"subject_codes": ["TOAN"], "document": "Kế hoạch số 3"});
        for actor in [&next_door.homeroom, &next_door.principal] {
            actor.get(&list).await.problem(Code::NotFound);
            actor.get(&plans).await.problem(Code::NotFound);
            actor.put(&former_path(&room, Term::S1, learner), 0, &body).await.problem(Code::NotFound);
            actor.delete(&former_path(&room, Term::S1, learner)).await.problem(Code::NotFound);
        }
        next_door.homeroom.put(&plan_path(&room, learner), 0, &plan).await.problem(Code::NotFound);
        let english = app.teacher(&room.class, "NN1").await;
        let guardian = app.guardian(&[learner]).await;
        for actor in [&english, &guardian] {
            actor.get(&list).await.problem(Code::Forbidden);
            actor.put(&former_path(&room, Term::S1, learner), 0, &body).await.problem(Code::Forbidden);
            actor.put(&plan_path(&room, learner), 0, &plan).await.problem(Code::Forbidden);
        }
        let clerk = app.at(Role::Clerk, &room.school).await;
        for actor in [&english, &clerk] {
            actor.get(&plans).await.problem(Code::NotFound);
        }
        room.homeroom.put(&former_path(&room, Term::S1, next_door.learners[0]), 0, &body).await.problem(Code::NotFound);
    }
}

/// Writes every column of a term of everybody but one.
async fn fill_but(room: &Room, term: Term, but: LearnerId) {
    fill(room, term).await;
    for subject in room.subjects().await {
        let sheet = room.sheet(&subject.subject_code, term).await;
        let cells =
            sheet.rows.iter().find(|r| r.learner_id == but).unwrap().cells.iter().map(|c| cell(but, c.slot, None, c.version));
        let cells: Vec<_> = cells.collect();
        if !cells.is_empty() {
            super::primary::put(&room.teacher, room, &subject.subject_code, term, cells).await;
        }
    }
}
