//! Half-days and evidence by date, and what comes along into another class.

use super::*;
use crate::harness::day;
use dto::Code;
use dto::contact::{EventKind, FeedItem, LeaveRequest, LeaveSessions};
use dto::council::{
    Absence, AbsenceCount, AbsenceKind, AbsenceSheet, AbsencesSaved, ConductNote, ConductNoteKind, DaySession, PostConductNote,
    PutAbsence, PutAbsences,
};
use dto::gradebook::{CellChange, ClassResults};
use serde_json::json;

fn missed(learner_id: LearnerId, on: &str, session: DaySession, kind: Option<AbsenceKind>, version: i64) -> PutAbsence {
    PutAbsence { learner_id, day: day(on), session, kind, note: Some("  Ốm  ".into()), version }
}

async fn put(actor: &Actor, room: &Room, entries: Vec<PutAbsence>) -> AbsencesSaved {
    actor.put_bare(&term_path(&room.class, Term::S1, "absences"), &PutAbsences { entries }).await.ok()
}

async fn sheet(room: &Room) -> AbsenceSheet {
    room.homeroom.get(&term_path(&room.class, Term::S1, "absences")).await.ok()
}

/// Asks for leave for a learner, and grants or refuses it.
async fn leave(app: &TestApp, room: &Room, learner: LearnerId, days: [&str; 2], sessions: &str, accept: Option<bool>) {
    let mother = app.guardian(&[learner]).await;
    let body = json!({"from_on": days[0], "to_on": days[1], "sessions": sessions, "reason": "Việc gia đình"});
    let asked: LeaveRequest = mother.post(&format!("/me/children/{learner}/leave-requests"), &body).await.ok();
    let Some(accept) = accept else {
        mother.post_empty(&format!("/me/leave-requests/{}/withdraw", asked.id)).await.ok::<LeaveRequest>();
        return;
    };
    let path = format!("/classes/{}/leave-requests/{}/answer", room.class.id, asked.id);
    room.homeroom.post(&path, &json!({ "accept": accept })).await.ok::<LeaveRequest>();
}

both_engines! {
    async fn granted_leave_counts_by_itself(app: TestApp) {
        use AbsenceKind::{Excused, Unexcused};
        use DaySession::{Afternoon, Morning};
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        // From Friday to Monday, over a Sunday; an afternoon; and what was refused or taken back.
        leave(&app, &room, a, ["2026-09-11", "2026-09-14"], "day", Some(true)).await;
        leave(&app, &room, b, ["2026-09-16", "2026-09-16"], "afternoon", Some(true)).await;
        leave(&app, &room, b, ["2026-09-17", "2026-09-17"], "day", Some(false)).await;
        leave(&app, &room, b, ["2026-09-18", "2026-09-18"], "day", None).await;
        let row = async |learner| sheet(&room).await.rows.into_iter().find(|r| r.learner_id == learner).unwrap();
        let entries = row(a).await.entries;
        assert_eq!(entries.iter().map(|e| (e.day, e.kind, e.leave, e.version)).collect::<Vec<_>>(), ["2026-09-14", "2026-09-12", "2026-09-11"].map(
            |on| (day(on), Some(Excused), Some(LeaveSessions::Day), 0)
        ));
        let found = row(b).await;
        assert_eq!((found.term, found.entries.len(), found.entries[0].session), (AbsenceCount { excused: 1, unexcused: 0 }, 1, Afternoon));
        assert!(row(c).await.entries.is_empty());
        // What is typed for the day stands before it, and nothing is counted twice; what is the same is kept as it is.
        let saved = put(&room.homeroom, &room, vec![
            missed(a, "2026-09-11", Afternoon, Some(Unexcused), 0),
            missed(a, "2026-09-12", Morning, None, 0),
            PutAbsence { note: None, ..missed(a, "2026-09-14", Morning, Some(Excused), 0) },
        ]).await;
        assert_eq!(saved.entries.iter().map(|e| e.outcome).collect::<Vec<_>>(), [CellResult::Saved, CellResult::Saved, CellResult::Unchanged]);
        let found = row(a).await;
        assert_eq!((found.term, found.year), (AbsenceCount { excused: 1, unexcused: 1 }, 2));
        let typed = found.entries.iter().find(|e| e.day == day("2026-09-11")).unwrap();
        assert_eq!((typed.kind, typed.leave, typed.version), (Some(Unexcused), Some(LeaveSessions::Day), 1));
        // An entry taken back before the leave was granted gives way to it.
        put(&room.homeroom, &room, vec![missed(c, "2026-09-21", Morning, Some(Unexcused), 0)]).await;
        put(&room.homeroom, &room, vec![missed(c, "2026-09-21", Morning, None, 1)]).await;
        assert_eq!(row(c).await.year, 0);
        leave(&app, &room, c, ["2026-09-21", "2026-09-21"], "morning", Some(true)).await;
        let found = row(c).await;
        assert_eq!((found.year, found.entries[0].version), (1, 2));
        put(&room.homeroom, &room, vec![missed(c, "2026-09-21", Morning, None, 2)]).await;
        assert_eq!(row(c).await.year, 0);
    }

    async fn granted_leave_is_in_results_but_is_no_roll(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        room.fill(&app, Term::S1, |_, _, _| 800).await;
        leave(&app, &room, a, ["2026-09-08", "2026-09-10"], "day", Some(true)).await;
        // Leave that has yet to come counts when it has come.
        leave(&app, &room, b, ["2099-09-08", "2099-09-10"], "day", Some(true)).await;
        let results: ClassResults = room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok();
        let of = |results: &ClassResults, learner| results.rows.iter().find(|r| r.learner_id == learner).unwrap().absences;
        assert_eq!((of(&results, a), of(&results, b)), (Some(3), None));
        // Nobody has counted the others, nor what else the learner missed.
        let path = term_path(&room.class, Term::S1, "conduct");
        let rows = |absences: Option<u16>, version| PutConduct {
            rows: room.learners.iter().map(|l| PutConductRow { learner_id: *l, conduct: Some(Level::Good), absences, version }).collect(),
        };
        room.homeroom.put_bare(&path, &rows(None, 0)).await.ok::<dto::gradebook::ConductSaved>();
        room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermNotReady);
        room.homeroom.put_bare(&path, &rows(Some(1), 1)).await.ok::<dto::gradebook::ConductSaved>();
        room.close(Term::S1).await;
        let results: ClassResults = room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok();
        assert_eq!((of(&results, a), of(&results, b), of(&results, c)), (Some(3), Some(1), Some(1)));
    }

    async fn staff_see_what_has_changed_since_the_term_was_closed(app: TestApp) {
        use dto::gradebook::{AbsencesSince, LearnerReport, ReopenTerm};
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        let results = async || room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok::<ClassResults>();
        let closed = async |learner| sheet(&room).await.rows.into_iter().find(|r| r.learner_id == learner).unwrap().closed;
        assert!(results().await.absences_since.is_empty());
        // Two days in the number that was typed; granted afterwards: three days, and one that the number holds.
        leave(&app, &room, a, ["2026-09-08", "2026-09-10"], "day", Some(true)).await;
        leave(&app, &room, b, ["2026-09-08", "2026-09-08"], "day", Some(true)).await;
        let found = results().await;
        let since = AbsencesSince { learner_id: a, full_name: "Nguyễn Thị Ánh".into(), closed: 2, now: 3 };
        assert_eq!(found.absences_since, [since]);
        let row = found.rows.iter().find(|row| row.learner_id == a).unwrap();
        assert_eq!((row.absences, closed(a).await, closed(b).await), (Some(2), Some(2), None), "what was signed stays");
        let family = app.guardian(&[a]).await.get(&format!("/me/children/{a}/report")).await;
        assert!(!family.text().contains("absences_since"));
        assert_eq!(family.ok::<LearnerReport>().terms[0].result.as_ref().unwrap().absences, Some(2));
        // The year says so too, and opening the term again takes it in.
        room.complete(&app, Term::S2).await;
        room.close(Term::S2).await;
        let year: ClassResults = room.homeroom.get(&format!("/classes/{}/results/year", room.class.id)).await.ok();
        assert_eq!(year.absences_since.iter().map(|s| (s.learner_id, s.closed, s.now)).collect::<Vec<_>>(), [(a, 4, 5)]);
        let body = ReopenTerm { reason: "Đơn nghỉ đến sau khi chốt".into() };
        room.principal.post(&term_path(&room.class, Term::S1, "reopen"), &body).await.status(200);
        assert!(results().await.absences_since.is_empty());
        room.close(Term::S1).await;
        assert!(results().await.absences_since.is_empty() && closed(a).await.is_none());
    }

    async fn half_days_are_counted_with_and_without_permission(app: TestApp) {
        use AbsenceKind::{Excused, Unexcused};
        use DaySession::{Afternoon, Morning};
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let saved = put(&room.homeroom, &room, vec![
            missed(a, "2026-09-10", Morning, Some(Excused), 0),
            missed(a, "2026-09-10", Afternoon, Some(Unexcused), 0),
            missed(a, "2026-09-10", Afternoon, Some(Excused), 0),
            missed(b, "2026-09-11", Morning, Some(Unexcused), 0),
            missed(b, "2026-09-01", Morning, Some(Unexcused), 0),
            missed(b, "2099-01-01", Morning, Some(Unexcused), 0),
            missed(stranger, "2026-09-11", Morning, Some(Excused), 0),
        ]).await;
        let outcomes: Vec<_> = saved.entries.iter().map(|e| (e.outcome, e.code.as_deref())).collect();
        assert_eq!(outcomes, [
            (CellResult::Saved, None),
            (CellResult::Saved, None),
            (CellResult::Refused, Some("cell_repeated")),
            (CellResult::Saved, None),
            (CellResult::Refused, Some("day_outside_term")),
            (CellResult::Refused, Some("day_outside_term")),
            (CellResult::Refused, Some("not_found")),
        ]);
        let found = sheet(&room).await;
        let row = found.rows.iter().find(|r| r.learner_id == a).unwrap();
        // Morning and afternoon of a day are one of the 45.
        assert_eq!((row.term, row.year), (AbsenceCount { excused: 0, unexcused: 1 }, 1));
        assert_eq!(row.entries[1], Absence { day: day("2026-09-10"), session: Morning, kind: Some(Excused), note: Some("Ốm".into()), version: 1, leave: None });
        // Another has changed it; what stood already is unchanged; what is taken back no longer counts.
        let saved = put(&room.principal, &room, vec![missed(a, "2026-09-10", Morning, Some(Unexcused), 1)]).await;
        assert_eq!(saved.entries[0].outcome, CellResult::Saved);
        let saved = put(&room.homeroom, &room, vec![missed(a, "2026-09-10", Morning, None, 1), missed(b, "2026-09-11", Morning, Some(Unexcused), 0)]).await;
        assert_eq!((saved.entries[0].outcome, saved.entries[0].entry.kind), (CellResult::Conflict, Some(Unexcused)));
        assert_eq!(saved.entries[1].outcome, CellResult::Unchanged);
        put(&room.homeroom, &room, vec![missed(a, "2026-09-10", Morning, None, 2)]).await;
        let row = sheet(&room).await.rows.into_iter().find(|r| r.learner_id == a).unwrap();
        assert_eq!((row.term.total(), row.entries.len()), (1, 2));
        let log = app.audit(Some(room.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "absence.saved").count(), 3);
    }

    async fn the_family_hears_of_it_once_and_of_old_ones_not(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let (guardian, other) = (app.guardian(&[a]).await, app.guardian(&[b]).await);
        let today = kernel::clock::today().to_string();
        let absent = |kind, version| missed(a, &today, DaySession::Morning, Some(kind), version);
        put(&room.homeroom, &room, vec![absent(AbsenceKind::Unexcused, 0), missed(b, "2026-09-10", DaySession::Morning, Some(AbsenceKind::Unexcused), 0)]).await;
        // Corrected: the same event.
        put(&room.homeroom, &room, vec![absent(AbsenceKind::Excused, 1)]).await;
        let feed: Page<FeedItem> = guardian.get("/me/feed").await.ok();
        let told: Vec<_> = feed.items.iter().map(|item| (item.kind, item.children.iter().map(|c| c.learner_id).collect::<Vec<_>>())).collect();
        assert_eq!(told, [(EventKind::Absence, vec![a])]);
        let feed: Page<FeedItem> = other.get("/me/feed").await.ok();
        assert!(feed.items.is_empty(), "neither of another child, nor of September");
    }

    async fn they_count_for_conduct_results_and_closing(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        room.fill(&app, Term::S1, |_, _, _| 800).await;
        let path = term_path(&room.class, Term::S1, "conduct");
        // A level, and no number of absences: nobody has counted yet.
        let rows = room.learners.iter().map(|l| PutConductRow { learner_id: *l, conduct: Some(Level::Good), absences: None, version: 0 }).collect();
        room.homeroom.put_bare(&path, &PutConduct { rows }).await.ok::<dto::gradebook::ConductSaved>();
        room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermNotReady);
        put(&room.homeroom, &room, vec![
            missed(a, "2026-09-10", DaySession::Morning, Some(AbsenceKind::Excused), 0),
            missed(a, "2026-09-11", DaySession::Morning, Some(AbsenceKind::Unexcused), 0),
        ]).await;
        // A number that was typed counts where it is more than what was entered by date.
        let rows = vec![PutConductRow { learner_id: b, conduct: Some(Level::Good), absences: Some(5), version: 1 }];
        room.homeroom.put_bare(&path, &PutConduct { rows }).await.ok::<dto::gradebook::ConductSaved>();
        let conduct: ConductSheet = room.homeroom.get(&path).await.ok();
        let row = conduct.rows.iter().find(|r| r.learner_id == a).unwrap();
        assert_eq!((row.absences, row.by_date), (None, Some(AbsenceCount { excused: 1, unexcused: 1 })));
        room.close(Term::S1).await;
        let results: ClassResults = room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok();
        let of = |learner| results.rows.iter().find(|r| r.learner_id == learner).unwrap().absences;
        assert_eq!((of(a), of(b), of(room.learners[2])), (Some(2), Some(5), Some(0)));
        // Closed is closed.
        let entries = vec![missed(a, "2026-09-12", DaySession::Morning, Some(AbsenceKind::Excused), 0)];
        room.homeroom.put_bare(&term_path(&room.class, Term::S1, "absences"), &PutAbsences { entries }).await.problem(Code::TermClosed);
        assert!(!sheet(&room).await.writable);
    }

    async fn evidence_says_what_when_and_who(app: TestApp) {
        let room = room(&app).await;
        let path = term_path(&room.class, Term::S1, "conduct-notes");
        let note = |on: &str, kind, text: &str| PostConductNote { learner_id: room.learners[0], day: day(on), kind, text: text.into() };
        let praise: ConductNote = room.homeroom.post(&path, &note("2026-09-10", ConductNoteKind::Praise, " Nhặt được của rơi, trả lại ")).await.ok();
        assert_eq!((praise.text.as_str(), praise.written_by.as_str()), ("Nhặt được của rơi, trả lại", "Người Thử"));
        room.principal.post(&path, &note("2026-09-11", ConductNoteKind::Violation, "Đi học muộn")).await.ok::<ConductNote>();
        // The log says that there was a note, not its words: they must go when it is erased.
        let log = app.audit(Some(app.world.school_a.id)).await;
        let written: Vec<String> = log.iter().filter(|e| e.verb == "conduct_note.written").map(|e| format!("{:?}", e.after)).collect();
        assert!(written.len() == 2 && written[0].contains("praise") && written.iter().all(|text| !text.contains("của rơi")), "{written:?}");
        let list: dto::Page<ConductNote> = room.homeroom.get(&path).await.ok();
        assert_eq!(list.items.iter().map(|n| n.kind).collect::<Vec<_>>(), [ConductNoteKind::Violation, ConductNoteKind::Praise]);
        let conduct: ConductSheet = room.homeroom.get(&term_path(&room.class, Term::S1, "conduct")).await.ok();
        let row = conduct.rows.iter().find(|r| r.learner_id == room.learners[0]).unwrap();
        assert_eq!((row.praises, row.violations), (1, 1));
        room.homeroom.post(&path, &note("2026-08-01", ConductNoteKind::Praise, "Trước năm học")).await.field("/day", Code::DayOutsideTerm);
        room.homeroom.post(&path, &note("2026-09-10", ConductNoteKind::Praise, "x")).await.field("/text", Code::FieldLength);
        room.homeroom.post(&path, &json!({"learner_id": uuid::Uuid::now_v7(), "day": "2026-09-10", "kind": "praise", "text": "Không có"})).await.field("/learner_id", Code::FieldChoice);
        room.teacher.post(&path, &note("2026-09-10", ConductNoteKind::Praise, "Không phải việc")).await.problem(Code::Forbidden);
        room.homeroom.delete(&format!("{path}/{}", praise.id)).await.done();
        room.homeroom.delete(&format!("{path}/{}", praise.id)).await.problem(Code::NotFound);
        assert_eq!(room.homeroom.get(&path).await.ok::<dto::Page<ConductNote>>().items.len(), 1);
        let other = room_in(&app, &app.world.school_a, "6A2").await;
        other.homeroom.get(&path).await.problem(Code::NotFound);
        other.homeroom.post(&path, &note("2026-09-10", ConductNoteKind::Praise, "Lớp khác")).await.problem(Code::NotFound);
        other.homeroom.delete(&format!("{path}/{}", praise.id)).await.problem(Code::NotFound);
    }

    async fn open_marks_come_along_into_another_class(app: TestApp) {
        let (old, new) = (room(&app).await, room_in(&app, &app.world.school_a, "6A2").await);
        let mover = old.learners[0];
        old.save(vec![cell(mover, Slot::Regular(1), score(900), 0), cell(mover, Slot::Midterm, score(750), 0)]).await;
        put(&old.homeroom, &old, vec![missed(mover, "2026-09-10", DaySession::Morning, Some(AbsenceKind::Excused), 0)]).await;
        let body = json!({"learner_id": mover, "enrolled_on": "2026-09-20"});
        new.principal.post(&format!("/classes/{}/members", new.class.id), &body).await.ok::<dto::classes::ClassMember>();
        assert_eq!(new.cell(mover, Slot::Regular(1)).await, (score(900), 1));
        assert_eq!(new.cell(mover, Slot::Midterm).await, (score(750), 1));
        let history = format!("{}/{mover}/r1/history", marks_path(&new.class, "TOAN", Term::S1));
        let writes: dto::Page<CellChange> = new.homeroom.get(&history).await.ok();
        assert_eq!((writes.items[0].source, writes.items[0].reason.as_deref()), (MarkSource::Transfer, Some("6A1")));
        let row = sheet(&new).await.rows.into_iter().find(|r| r.learner_id == mover).unwrap();
        assert_eq!(row.term, AbsenceCount { excused: 1, unexcused: 0 });
        // What another school gave is typed, and says so.
        let typed = PutMarks { source: MarkSource::Transfer, reason: Some("THCS Lê Lợi".into()), cells: vec![cell(mover, Slot::Regular(2), score(800), 0)] };
        let saved: MarksSaved = new.teacher.put_bare(&marks_path(&new.class, "TOAN", Term::S1), &typed).await.ok();
        assert_eq!(saved.cells[0].outcome, CellResult::Saved);
        let log = app.audit(Some(new.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "transfer.brought").count(), 1);
    }
}
