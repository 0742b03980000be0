//! The end of a school year: the summer, the council, closing, the next year.

use super::*;
use crate::harness::{Reply, day, insert};
use dto::Code;
use dto::access::Role;
use dto::council::{
    Council, CouncilMember, CouncilState, NextStep, NextYear, PostNextYear, PostNextYearLine, PutMinutes, PutOverride, PutSummer,
    PutSummerItem, ReopenYear, SummerChange, SummerSaved, SummerSheet,
};
use dto::gradebook::{ClassResults, LearnerReport, ReopenTerm};
use regulations::Promotion;
use serde_json::json;

pub fn council_path(class: &Class, what: &str) -> String {
    format!("/classes/{}/council{what}", class.id)
}

/// A year in which the first learner is good, the second is to be re-assessed in mathematics and literature, the third to train conduct.
pub async fn ended(app: &TestApp) -> Room {
    let room = room(app).await;
    let codes: Vec<String> = room.subjects().await.into_iter().map(|subject| subject.subject_code).collect();
    for term in [Term::S1, Term::S2] {
        room.fill(app, term, |subject, learner, _| match (learner, codes[subject].as_str()) {
            (1, "TOAN" | "NGU_VAN") => 300,
            (1, _) => 700,
            _ => 850,
        })
        .await;
        room.assess(term, Level::Good, 2).await;
        let path = term_path(&room.class, term, "conduct");
        let rows = vec![PutConductRow {
            learner_id: by_ordinal(&room, 2).await,
            conduct: Some(Level::Fail),
            absences: Some(2),
            version: 1,
        }];
        room.homeroom.put_bare(&path, &PutConduct { rows }).await.ok::<dto::gradebook::ConductSaved>();
        room.close(term).await;
    }
    room
}

/// The learner of a place in the list, from 0.
pub async fn by_ordinal(room: &Room, at: usize) -> LearnerId {
    room.sheet("TOAN", Term::S1).await.rows[at].learner_id
}

pub async fn council(actor: &Actor, room: &Room) -> Council {
    actor.get(&council_path(&room.class, "")).await.ok()
}

fn item(
    learner_id: LearnerId,
    subject: Option<&str>,
    value: Option<CellValue>,
    level: Option<Level>,
    version: i64,
) -> PutSummerItem {
    PutSummerItem { learner_id, subject_code: subject.map(str::to_owned), value, level, version }
}

async fn put_summer(actor: &Actor, room: &Room, items: Vec<PutSummerItem>) -> Reply {
    actor.put_bare(&format!("/classes/{}/summer", room.class.id), &PutSummer { reason: None, items }).await
}

pub async fn minutes(room: &Room) -> Council {
    let version = council(&room.homeroom, room).await.version;
    let body = PutMinutes {
        met_on: Some(day("2026-09-20")),
        members: vec![CouncilMember { full_name: "Vũ Văn Nhiệm".into(), role: "Giáo viên chủ nhiệm".into() }],
        text: "Hội đồng thống nhất kết quả.\nKhông có ý kiến khác.".into(),
    };
    room.homeroom.put(&council_path(&room.class, "/minutes"), version, &body).await.ok()
}

pub fn decision(promotion: Option<Promotion>, reason: &str) -> PutOverride {
    PutOverride { learning: None, conduct: None, promotion, reason: reason.into() }
}

pub async fn decide(actor: &Actor, room: &Room, learner: LearnerId, version: i64, body: &PutOverride) -> Reply {
    actor.put(&council_path(&room.class, &format!("/decisions/{learner}")), version, body).await
}

/// The summer is over and everybody goes up.
pub async fn settled(app: &TestApp) -> Room {
    let room = ended(app).await;
    let (b, c) = (by_ordinal(&room, 1).await, by_ordinal(&room, 2).await);
    let items = vec![
        item(b, Some("TOAN"), score(600), None, 0),
        item(b, Some("NGU_VAN"), score(550), None, 0),
        item(c, None, None, Some(Level::Pass), 0),
    ];
    put_summer(&room.homeroom, &room, items).await.ok::<SummerSaved>();
    minutes(&room).await;
    room
}

both_engines! {
    async fn the_summer_has_its_list_and_its_results(app: TestApp) {
        let room = room_in(&app, &app.world.school_b, "6B").await;
        let path = format!("/classes/{}/summer", room.class.id);
        assert!(room.homeroom.get(&path).await.ok::<SummerSheet>().rows.is_empty());
        put_summer(&room.homeroom, &room, vec![item(room.learners[0], None, None, Some(Level::Pass), 0)]).await.problem(Code::TermNotClosed);

        let room = ended(&app).await;
        let path = format!("/classes/{}/summer", room.class.id);
        let (a, b, c) = (by_ordinal(&room, 0).await, by_ordinal(&room, 1).await, by_ordinal(&room, 2).await);
        let sheet: SummerSheet = room.homeroom.get(&path).await.ok();
        assert!(sheet.writable);
        let listed: Vec<_> = sheet.rows.iter().map(|r| (r.learner_id, r.subjects.len(), r.conduct.is_some(), r.promotion)).collect();
        assert_eq!(listed, [(b, 2, false, Some(Promotion::Reassess)), (c, 0, true, Some(Promotion::SummerTraining))]);
        let maths = sheet.rows[0].subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!((maths.year, maths.value), (Mark::from_hundredths(300), None));

        let saved: SummerSaved = put_summer(&room.homeroom, &room, vec![
            item(b, Some("TOAN"), score(300), None, 0),
            item(b, Some("TIN_HOC"), score(600), None, 0),
            item(b, Some("NGU_VAN"), Some(CellValue::Pass), None, 0),
            item(b, Some("NGU_VAN"), score(550), None, 0),
            item(a, None, None, Some(Level::Good), 0),
            item(c, None, None, Some(Level::Pass), 0),
        ]).await.ok();
        let outcomes: Vec<_> = saved.items.iter().map(|i| (i.outcome, i.code.as_deref())).collect();
        assert_eq!(outcomes, [
            (CellResult::Saved, None),
            (CellResult::Refused, Some("not_in_summer")),
            (CellResult::Refused, Some("mark_invalid")),
            (CellResult::Refused, Some("cell_repeated")),
            (CellResult::Refused, Some("not_in_summer")),
            (CellResult::Saved, None),
        ]);
        let sheet: SummerSheet = room.homeroom.get(&path).await.ok();
        assert_eq!(sheet.rows[0].promotion, Some(Promotion::Reassess), "literature is still to come");
        assert_eq!(sheet.rows[1].promotion, Some(Promotion::Promoted));
        // Another has changed it meanwhile; the history keeps both.
        let saved: SummerSaved = put_summer(&room.principal, &room, vec![item(b, Some("TOAN"), score(500), None, 1), item(b, Some("NGU_VAN"), score(500), None, 0)]).await.ok();
        assert!(saved.items.iter().all(|i| i.outcome == CellResult::Saved));
        let saved: SummerSaved = put_summer(&room.homeroom, &room, vec![item(b, Some("TOAN"), score(650), None, 1)]).await.ok();
        assert_eq!((saved.items[0].outcome, saved.items[0].value, saved.items[0].version), (CellResult::Conflict, score(500), 2));
        let history: dto::Page<SummerChange> = room.homeroom.get(&format!("{path}/{b}/history")).await.ok();
        let maths: Vec<_> = history.items.iter().filter(|h| h.subject_code.as_deref() == Some("TOAN")).map(|h| (h.version, h.value)).collect();
        assert_eq!(maths, [(2, score(500)), (1, score(300))]);
        // 3.0 was replaced by 5.0: six others are 7.0, so the year is passed.
        let sheet: SummerSheet = room.homeroom.get(&path).await.ok();
        assert_eq!(sheet.rows[0].promotion, Some(Promotion::Promoted));
        // The results of the year itself stand as they were frozen.
        let year: ClassResults = room.homeroom.get(&format!("/classes/{}/results/year", room.class.id)).await.ok();
        assert_eq!(year.rows.iter().find(|r| r.learner_id == b).unwrap().promotion, Some(Promotion::Reassess));
    }

    async fn a_council_shows_proposals_and_what_the_summer_made_of_them(app: TestApp) {
        let room = room_in(&app, &app.world.school_b, "6B").await;
        assert_eq!(council(&room.homeroom, &room).await.state, CouncilState::Waiting);
        let room = ended(&app).await;
        let before = council(&room.principal, &room).await;
        assert_eq!((before.state, before.writable, before.approver, before.unsettled), (CouncilState::Open, true, true, 2));
        let promotions: Vec<_> = before.rows.iter().map(|r| r.decision.proposed.promotion).collect();
        assert_eq!(promotions, [Some(Promotion::Promoted), Some(Promotion::Reassess), Some(Promotion::SummerTraining)]);
        assert!(before.rows.iter().all(|r| !r.decision.reasons.is_empty() && r.decision.absences == Some(4)));
        let b = by_ordinal(&room, 1).await;
        let items = vec![item(b, Some("TOAN"), score(600), None, 0), item(b, Some("NGU_VAN"), score(550), None, 0)];
        put_summer(&room.homeroom, &room, items).await.ok::<SummerSaved>();
        let after = council(&room.homeroom, &room).await;
        assert!(!after.approver && after.writable);
        let row = &after.rows[1].decision;
        assert_eq!((row.proposed.learning, row.after_summer.learning), (Some(Level::Fail), Some(Level::Fair)));
        assert_eq!(row.decided.promotion, Some(Promotion::Promoted));
        assert_eq!(after.unsettled, 1);
    }

    async fn a_decision_needs_a_reason_and_the_principal(app: TestApp) {
        let room = ended(&app).await;
        let c = by_ordinal(&room, 2).await;
        let body = decision(Some(Promotion::Promoted), "Đã tiến bộ rõ rệt");
        decide(&room.homeroom, &room, c, 0, &decision(None, "x")).await.field("/reason", Code::FieldLength);
        decide(&room.homeroom, &room, c, 0, &decision(None, "        ")).await.field("/reason", Code::FieldRequired);
        decide(&room.homeroom, &room, c, 3, &body).await.problem(Code::VersionConflict);
        decide(&room.homeroom, &room, LearnerId(uuid::Uuid::now_v7()), 0, &body).await.problem(Code::NotFound);
        let proposed: Council = decide(&room.homeroom, &room, c, 0, &body).await.ok();
        let row = &proposed.rows[2];
        let kept = row.overridden.as_ref().unwrap();
        assert_eq!((kept.version, kept.approved_at, row.decision.decided.promotion), (1, None, Some(Promotion::SummerTraining)));
        assert_eq!(proposed.unsettled, 2);
        // Proposed by the homeroom teacher, approved by the principal, as it was seen.
        let approve = council_path(&room.class, &format!("/decisions/{c}/approve"));
        let approve_as = |actor: &Actor, version: i64| {
            let actor = actor.clone();
            let request = actor.request(reqwest::Method::POST, &approve).header("if-match", format!("\"{version}\""));
            async move { actor.send(request).await }
        };
        approve_as(&room.homeroom, 1).await.problem(Code::Forbidden);
        approve_as(&room.principal, 7).await.problem(Code::VersionConflict);
        let approved: Council = approve_as(&room.principal, 1).await.ok();
        let row = &approved.rows[2];
        assert_eq!(row.decision.decided.promotion, Some(Promotion::Promoted));
        assert_eq!(row.decision.because.as_deref(), Some("Đã tiến bộ rõ rệt"));
        assert_eq!(approved.unsettled, 1);
        // What was approved is the principal's alone to change or to take back.
        decide(&room.homeroom, &room, c, 2, &decision(Some(Promotion::Retained), "Đổi ý kiến")).await.problem(Code::Forbidden);
        let levels = PutOverride { learning: Some(Level::Pass), conduct: Some(Level::Pass), promotion: None, reason: "Xét lại rèn luyện".into() };
        let changed: Council = decide(&room.principal, &room, c, 2, &levels).await.ok();
        let decided = changed.rows[2].decision.decided;
        assert_eq!((decided.learning, decided.conduct, decided.promotion), (Some(Level::Pass), Some(Level::Pass), Some(Promotion::Promoted)));
        let back: Council = decide(&room.principal, &room, c, 3, &decision(None, "Không cần nữa")).await.ok();
        assert!(back.rows[2].overridden.is_none());
        assert_eq!(back.rows[2].decision.decided.promotion, Some(Promotion::SummerTraining));
        let verbs: Vec<_> = app.audit(Some(room.school.id)).await.into_iter().filter(|e| e.verb.starts_with("council.")).map(|e| e.verb).collect();
        assert_eq!(verbs, ["council.decision_proposed", "council.decision_approved", "council.decision_proposed", "council.decision_withdrawn"]);
    }

    async fn the_year_closes_with_minutes_and_recomputes_to_the_same_bytes(app: TestApp) {
        let room = ended(&app).await;
        let close = council_path(&room.class, "/close");
        room.homeroom.post_empty(&close).await.problem(Code::Forbidden);
        room.principal.post_empty(&close).await.problem(Code::MinutesMissing);
        let kept = minutes(&room).await;
        assert_eq!((kept.version, kept.minutes.members.len()), (1, 1));
        assert!(kept.minutes.text.contains('\n'));
        let stale = PutMinutes { met_on: None, members: vec![], text: String::new() };
        room.homeroom.put(&council_path(&room.class, "/minutes"), 0, &stale).await.problem(Code::VersionConflict);
        let problem = room.principal.post_empty(&close).await.problem(Code::CouncilNotReady);
        assert_eq!(problem.params["count"], "2");
        let (b, c) = (by_ordinal(&room, 1).await, by_ordinal(&room, 2).await);
        put_summer(&room.homeroom, &room, vec![item(c, None, None, Some(Level::Fail), 0)]).await.ok::<SummerSaved>();
        decide(&room.principal, &room, b, 0, &decision(Some(Promotion::Retained), "Không dự đánh giá lại")).await.ok::<Council>();

        let closed: Council = room.principal.post_empty(&close).await.ok();
        assert_eq!((closed.state, closed.unsettled, closed.policy.as_str()), (CouncilState::Closed, 0, "TT22/1"));
        assert_eq!(closed.closed_by.as_deref(), Some("Người Thử"));
        let promotions: Vec<_> = closed.rows.iter().map(|r| r.decision.decided.promotion).collect();
        assert_eq!(promotions, [Some(Promotion::Promoted), Some(Promotion::Retained), Some(Promotion::Retained)]);
        let ctx = kernel::Ctx::system("test");
        let again = gradebook::council::recompute(&app.db, &ctx, room.class.id).await.unwrap();
        assert_eq!(again.len(), 3);
        for (learner, frozen, made) in again {
            assert_eq!(frozen, made, "{learner}");
        }
        // The family sees what was decided, and not why the council did.
        let report: LearnerReport = app.guardian(&[b]).await.get(&format!("/me/children/{b}/report")).await.ok();
        let year = report.year.unwrap();
        assert_eq!(year.promotion, Some(Promotion::Retained));
        assert!(year.reasons.iter().any(|r| r.code == "council-decision"));
        assert!(!serde_json::to_string(&year).unwrap().contains("Không dự đánh giá lại"));
        // Nothing of the year can be changed.
        room.principal.post_empty(&close).await.problem(Code::YearClosed);
        room.homeroom.put(&council_path(&room.class, "/minutes"), 2, &stale).await.problem(Code::YearClosed);
        put_summer(&room.homeroom, &room, vec![item(c, None, None, Some(Level::Good), 1)]).await.problem(Code::YearClosed);
        decide(&room.principal, &room, b, 1, &decision(None, "Đổi ý kiến")).await.problem(Code::YearClosed);
        let reopen = ReopenTerm { reason: "Sai điểm".into() };
        room.principal.post(&term_path(&room.class, Term::S1, "reopen"), &reopen).await.problem(Code::YearClosed);
        // The principal opens it again, with a reason.
        let path = council_path(&room.class, "/reopen");
        room.principal.post(&path, &json!({"reason": "x"})).await.field("/reason", Code::FieldLength);
        let open: Council = room.principal.post(&path, &ReopenYear { reason: "Nhập nhầm kết quả hè".into() }).await.ok();
        assert_eq!((open.state, open.closed_at), (CouncilState::Open, None));
        room.principal.post(&path, &ReopenYear { reason: "Nhập nhầm kết quả hè".into() }).await.problem(Code::YearNotClosed);
        let log = app.audit(Some(room.school.id)).await;
        let entry = log.iter().find(|e| e.verb == "year.reopened").unwrap();
        assert!(entry.before.as_deref().unwrap().contains("retained") && entry.after.as_deref().unwrap().contains("Nhập nhầm"));
    }

    async fn families_are_told_what_the_summer_and_the_council_changed(app: TestApp) {
        use super::contact::titles;
        let room = settled(&app).await;
        let [a, b, c] = [by_ordinal(&room, 0).await, by_ordinal(&room, 1).await, by_ordinal(&room, 2).await];
        let families = [app.guardian(&[a]).await, app.guardian(&[b]).await, app.guardian(&[c]).await];
        let told = async |at: usize| -> Vec<String> {
            let all = titles(&families[at]).await;
            all.into_iter().filter(|title| title.contains("đã thay đổi")).map(|title| title.split("đã thay đổi ").nth(1).unwrap().to_owned()).collect()
        };
        assert!(told(1).await.is_empty(), "nothing is decided before the year is closed");
        let close = async || room.principal.post_empty(&council_path(&room.class, "/close")).await.ok::<Council>();
        let reopen = async || {
            let body = ReopenYear { reason: "Nhập nhầm kết quả hè".into() };
            room.principal.post(&council_path(&room.class, "/reopen"), &body).await.ok::<Council>()
        };
        close().await;
        assert!(told(0).await.is_empty());
        let summer = "sau đánh giá lại và rèn luyện trong hè";
        assert_eq!((told(1).await, told(2).await), (vec![summer.to_owned()], vec![summer.to_owned()]));
        // Closed again as it was: nobody is told. With another decision: the one family is.
        reopen().await;
        close().await;
        assert_eq!((told(1).await.len(), told(2).await.len()), (1, 1));
        reopen().await;
        decide(&room.principal, &room, b, 0, &decision(Some(Promotion::Retained), "Không dự đánh giá lại")).await.ok::<Council>();
        close().await;
        assert_eq!(told(1).await, ["theo quyết định của hội đồng", summer]);
        assert_eq!((told(0).await.len(), told(2).await.len()), (0, 1));
    }

    async fn the_next_year_is_filled_and_undone_as_one(app: TestApp) {
        let room = settled(&app).await;
        let path = format!("/classes/{}/next-year", room.class.id);
        room.principal.get(&path).await.problem(Code::NextYearMissing);
        let next = next_year(&app).await;
        let preview: NextYear = room.principal.get(&path).await.ok();
        assert!(!preview.ready && preview.lines.is_empty(), "the year is not closed");
        let lines = |preview: &NextYear| -> Vec<PostNextYearLine> {
            preview.lines.iter().map(|l| PostNextYearLine { learner_id: l.learner_id, class_name: l.class_name.clone().unwrap() }).collect()
        };
        let one = vec![PostNextYearLine { learner_id: room.learners[0], class_name: "7A1".into() }];
        room.principal.post(&path, &PostNextYear { lines: one }).await.problem(Code::YearNotClosed);
        let c = by_ordinal(&room, 2).await;
        decide(&room.principal, &room, c, 0, &decision(Some(Promotion::Retained), "Gia đình xin học lại")).await.ok::<Council>();
        room.principal.post_empty(&council_path(&room.class, "/close")).await.ok::<Council>();

        let preview: NextYear = room.principal.get(&path).await.ok();
        assert_eq!((preview.ready, preview.school_year_id), (true, next));
        let steps: Vec<_> = preview.lines.iter().map(|l| (l.step, l.class_name.as_deref(), l.exists)).collect();
        assert_eq!(steps, [(NextStep::Up, Some("7A1"), false), (NextStep::Up, Some("7A1"), false), (NextStep::Stays, Some("6A1"), false)]);
        let mut wrong = lines(&preview);
        wrong[2].class_name = "7A1".into();
        room.principal.post(&path, &PostNextYear { lines: wrong }).await.field("/lines/2/class_name", Code::FieldChoice);
        let mut twice = lines(&preview);
        twice[1].learner_id = twice[0].learner_id;
        room.principal.post(&path, &PostNextYear { lines: twice }).await.field("/lines/1/learner_id", Code::FieldChoice);

        let body = PostNextYear { lines: lines(&preview) };
        let applied: NextYear = room.principal.post(&path, &body).await.ok();
        assert!(applied.applied_at.is_some() && !applied.ready && applied.lines.iter().all(|l| l.exists && l.already_in.is_none()));
        room.principal.post(&path, &body).await.problem(Code::NextYearApplied);
        let classes = |actor: &Actor| {
            let actor = actor.clone();
            async move {
                let reply = actor.send(actor.request(reqwest::Method::GET, "/classes").query(&[("school_year_id", next.to_string())])).await;
                reply.ok::<dto::Page<Class>>().items
            }
        };
        let made: Vec<_> = classes(&room.principal).await.into_iter().map(|class| (class.name, class.grade)).collect();
        assert_eq!(made, [("6A1".to_owned(), dto::calendar::Grade::G6), ("7A1".to_owned(), dto::calendar::Grade::G7)]);
        room.principal.post(&council_path(&room.class, "/reopen"), &ReopenYear { reason: "Sai kết quả".into() }).await.problem(Code::NextYearApplied);

        // Once somebody has been moved there is no way back; before that everything goes, the classes too.
        let undone: NextYear = room.principal.delete(&path).await.ok();
        assert!(undone.ready && undone.applied_at.is_none());
        assert!(classes(&room.principal).await.is_empty());
        room.principal.delete(&path).await.problem(Code::NextYearNotApplied);
        room.principal.post(&path, &body).await.ok::<NextYear>();
        let seventh = classes(&room.principal).await.into_iter().find(|class| class.name == "7A1").unwrap();
        room.principal.post_empty(&format!("/classes/{}/ordinals", seventh.id)).await.ok::<Class>();
        let problem = room.principal.delete(&path).await.problem(Code::NextYearUsed);
        assert_eq!(problem.params["count"], "2");
    }

    async fn another_school_and_another_class_see_nothing(app: TestApp) {
        let room = ended(&app).await;
        next_year(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let far = room_in(&app, &app.world.school_b, "6B").await;
        let learner = room.learners[0];
        for actor in [&next_door.homeroom, &far.homeroom, &far.principal] {
            for what in ["/council", "/summer", &format!("/summer/{learner}/history"), "/terms/1/absences", "/terms/1/conduct-notes"] {
                actor.get(&format!("/classes/{}{what}", room.class.id)).await.problem(Code::NotFound);
            }
            put_summer(actor, &room, vec![item(learner, None, None, Some(Level::Good), 0)]).await.problem(Code::NotFound);
            decide(actor, &room, learner, 0, &decision(Some(Promotion::Promoted), "Không có lí do")).await.problem(Code::NotFound);
            let body = PutMinutes { met_on: None, members: vec![], text: String::new() };
            actor.put(&council_path(&room.class, "/minutes"), 0, &body).await.problem(Code::NotFound);
        }
        for path in ["/council/close", "/council/reopen", "/next-year"] {
            let path = format!("/classes/{}{path}", room.class.id);
            far.principal.post(&path, &json!({"reason": "Không có lí do", "lines": []})).await.status(if path.ends_with("close") { 404 } else { 422 });
        }
        far.principal.post(&council_path(&room.class, "/reopen"), &ReopenYear { reason: "Không có lí do".into() }).await.problem(Code::NotFound);
        far.principal.get(&format!("/classes/{}/next-year", room.class.id)).await.problem(Code::NotFound);
        far.principal.delete(&format!("/classes/{}/next-year", room.class.id)).await.problem(Code::NotFound);
        // Families and subject teachers have no council.
        let guardian = app.guardian(&[learner]).await;
        for actor in [&guardian, &app.learner_account(learner).await, &room.teacher] {
            actor.get(&council_path(&room.class, "")).await.problem(Code::Forbidden);
        }
        let deputy = app.at(Role::Deputy, &room.school).await;
        assert!(!deputy.get(&council_path(&room.class, "")).await.ok::<Council>().approver);
    }
}

/// The school year after the world's own.
pub async fn next_year(app: &TestApp) -> dto::SchoolYearId {
    let year: dto::SchoolYearId = kernel::id::new();
    let conn = app.db.migrator();
    let row = vec![
        ("id", year.0.into()),
        ("code", "2027-2028".into()),
        ("starts_on", day("2027-09-05").into()),
        ("ends_on", day("2028-05-31").into()),
        ("version", 1i64.into()),
    ];
    insert(conn, "school_year", row).await;
    for (term, from, to) in [(1i16, "2027-09-06", "2028-01-14"), (2, "2028-01-17", "2028-05-26")] {
        let row = vec![
            ("school_year_id", year.0.into()),
            ("term", term.into()),
            ("weeks", 18i16.into()),
            ("starts_on", day(from).into()),
            ("ends_on", day(to).into()),
            ("marks_due_on", Some(day(to)).into()),
        ];
        insert(conn, "school_term", row).await;
    }
    year
}
