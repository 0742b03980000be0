//! What preschool children reach.

use super::council::next_year;
use crate::harness::{Actor, Reply, School, TestApp};
use crate::records::growth::teaches_all_ages;
use dto::access::{Permission, Role};
use dto::calendar::Grade;
use dto::classes::Class;
use dto::council::{NextStep, NextYear, PostNextYear, PostNextYearLine};
use dto::gradebook::{CellResult, Child};
use dto::identity::Person;
use dto::preschool::*;
use dto::{Code, LearnerId, Page};
use regulations::preschool::{Domain, Outcome};
use serde_json::json;

/// A class of five-year-olds, its teacher and the principal.
struct Room {
    school: School,
    class: Class,
    children: Vec<LearnerId>,
    principal: Actor,
    teacher: Actor,
}

async fn room_in(app: &TestApp, school: &School, name: &str, grade: &str) -> Room {
    teaches_all_ages(app, school).await;
    let class = app.class(school, name, grade).await;
    let mut children = Vec::new();
    for name in ["Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Minh Châu"] {
        children.push(app.learner(&class, name).await);
    }
    let (principal, teacher) = (app.principal(school).await, app.homeroom(&class).await);
    Room { school: school.clone(), class, children, principal, teacher }
}

fn cell(learner_id: LearnerId, code: &str, outcome: Option<Outcome>, version: i64) -> PutPreschoolCell {
    PutPreschoolCell { learner_id, code: code.into(), outcome, version }
}

impl Room {
    fn items(&self, list: &str) -> String {
        format!("/units/{}/preschool/{list}/{}", self.school.id, self.class.grade)
    }

    fn sheet(&self, list: &str, stage: u8) -> String {
        format!("/classes/{}/preschool/{list}/{stage}", self.class.id)
    }

    fn stage(&self, number: u8) -> String {
        format!("/classes/{}/preschool-stages/{number}", self.class.id)
    }

    async fn save(&self, actor: &Actor, list: &str, stage: u8, cells: Vec<PutPreschoolCell>) -> Vec<PreschoolCellOutcome> {
        actor.put_bare(&self.sheet(list, stage), &PutPreschool { cells }).await.ok::<PreschoolSaved>().cells
    }

    /// Two outcomes of the school's own plan.
    async fn plan(&self) -> PreschoolItems {
        let item =
            |code: &str, domain, text: &str| PreschoolItem { code: code.into(), domain, standard: None, text: text.into() };
        let items = vec![
            item("TC1", Domain::Physical, "Đi thăng bằng trên ghế thể dục"),
            item("TM1", Domain::Aesthetic, "Hát đúng giai điệu, vỗ tay theo nhịp"),
        ];
        self.principal.put_bare(&self.items("outcomes"), &PutPreschoolItems { items, version: 0 }).await.ok()
    }
}

both_engines! {
    async fn the_next_year_takes_everybody_to_the_next_age_group(app: TestApp) {
        let school = &app.world.school_a;
        let room = room_in(&app, school, "Chồi 1", "k4").await;
        let oldest = room_in(&app, school, "Lá 1", "k5").await;
        let next = next_year(&app).await;
        let path = format!("/classes/{}/next-year", room.class.id);
        // Who has left goes nowhere.
        room.principal.delete(&format!("/classes/{}/members/{}?left_on=2026-10-05", room.class.id, room.children[2])).await.done();
        let preview: NextYear = room.principal.get(&path).await.ok();
        assert_eq!((preview.ready, preview.school_year_id), (true, next));
        let steps: Vec<_> = preview.lines.iter().map(|l| (l.step, l.grade, l.class_name.as_deref())).collect();
        assert_eq!(steps, [(NextStep::Up, Some(Grade::K5), Some("Lá 1")); 2]);
        let last: NextYear = room.principal.get(&format!("/classes/{}/next-year", oldest.class.id)).await.ok();
        assert!(last.lines.iter().all(|l| l.step == NextStep::Completes && l.class_name.is_none()) && last.lines.len() == 3);
        let lines = preview.lines.iter().map(|l| PostNextYearLine { learner_id: l.learner_id, class_name: "Lá 1".into() }).collect();
        let body = PostNextYear { lines };
        room.teacher.get(&path).await.problem(Code::Forbidden);
        let other = app.principal(&app.world.school_b).await;
        other.get(&path).await.problem(Code::NotFound);
        other.post(&path, &body).await.problem(Code::NotFound);
        let applied: NextYear = room.principal.post(&path, &body).await.ok();
        assert!(applied.applied_at.is_some() && applied.lines.iter().all(|l| l.exists));
        room.principal.post(&path, &body).await.problem(Code::NextYearApplied);
        let undone: NextYear = room.principal.delete(&path).await.ok();
        assert!(undone.ready && undone.lines.iter().all(|l| !l.exists));
    }

    async fn a_school_has_a_list_of_its_own(app: TestApp) {
        let room = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        // Of the standards the numbers are there from the start, with words where they were read.
        let shipped: PreschoolItems = room.teacher.get(&room.items("standards")).await.ok();
        assert_eq!((shipped.own, shipped.items.len(), shipped.version), (false, 120, 0));
        assert_eq!((shipped.items[26].code.as_str(), shipped.items[26].domain, shipped.items[26].standard), ("27", Domain::Social, Some(7)));
        assert!(shipped.items[119].text.is_empty());
        // Outcomes are the school's: none until it writes them.
        assert!(room.teacher.get(&room.items("outcomes")).await.ok::<PreschoolItems>().items.is_empty());
        let own = room.plan().await;
        assert_eq!((own.own, own.items.len(), own.version), (true, 2, 1));
        assert!(own.domains.contains(&Domain::Aesthetic) && !own.domains.contains(&Domain::SocialAesthetic));
        let again = PutPreschoolItems { items: own.items[..1].to_vec(), version: 0 };
        room.principal.put_bare(&room.items("outcomes"), &again).await.problem(Code::VersionConflict);
        let again = PutPreschoolItems { version: 1, ..again };
        assert_eq!(room.principal.put_bare(&room.items("outcomes"), &again).await.ok::<PreschoolItems>().version, 2);
        // What cannot be.
        let put = |items: serde_json::Value| {
            let (actor, path) = (room.principal.clone(), room.items("outcomes"));
            async move { actor.put_bare(&path, &json!({ "items": items, "version": 2 })).await }
        };
        put(json!([{"code": "A", "domain": "social_aesthetic", "text": ""}])).await.field("/items/0/domain", Code::FieldChoice);
        put(json!([{"code": "A", "domain": "physical", "text": ""}, {"code": "A", "domain": "physical", "text": ""}])).await.field("/items/1/code", Code::CellRepeated);
        put(json!([])).await.field("/items", Code::FieldLength);
        put(json!([{"code": "", "domain": "physical", "text": ""}])).await.field("/items/0/code", Code::FieldLength);
        put(json!([{"code": " A", "domain": "physical", "text": ""}])).await.field("/items/0/code", Code::FieldFormat);
        // Not of preschool; a list that four-year-olds do not have.
        room.principal.get(&format!("/units/{}/preschool/outcomes/6", room.school.id)).await.problem(Code::RegulationUnavailable);
        room.principal.get(&format!("/units/{}/preschool/standards/k4", room.school.id)).await.problem(Code::NotFound);
        // A teacher writes no list of the school.
        room.teacher.put_bare(&room.items("outcomes"), &again).await.problem(Code::Forbidden);
    }

    async fn the_history_of_a_cell_says_who_wrote_what(app: TestApp) {
        let room = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        room.plan().await;
        let child = room.children[0];
        for (version, outcome) in [Some(Outcome::NotYet), Some(Outcome::Achieved), None].into_iter().enumerate() {
            let saved = room.save(&room.teacher, "outcomes", 0, vec![cell(child, "TC1", outcome, version as i64)]).await;
            assert_eq!(saved[0].result, CellResult::Saved);
        }
        let path = |child: LearnerId, code: &str| format!("{}/{child}/{code}/history", room.sheet("outcomes", 0));
        let found: Page<PreschoolChange> = room.principal.get(&path(child, "TC1")).await.ok();
        let steps: Vec<_> = found.items.iter().map(|c| (c.version, c.before, c.after)).collect();
        assert_eq!(steps, [
            (3, Some(Outcome::Achieved), None), (2, Some(Outcome::NotYet), Some(Outcome::Achieved)), (1, None, Some(Outcome::NotYet)),
        ]);
        assert!(found.items.iter().all(|change| !change.by.is_empty()));
        for (child, code) in [(child, "TM1"), (room.children[1], "TC1")] {
            assert!(room.teacher.get(&path(child, code)).await.ok::<Page<PreschoolChange>>().items.is_empty());
        }
        let other = room_in(&app, &app.world.school_b, "Lá 2", "k5").await;
        other.teacher.get(&path(child, "TC1")).await.problem(Code::NotFound);
        other.principal.get(&path(child, "TC1")).await.problem(Code::NotFound);
        room.teacher.get(&path(other.children[0], "TC1")).await.problem(Code::NotFound);
        room.teacher.get(&format!("{}/{child}/TC1/history", room.sheet("outcomes", 9))).await.problem(Code::NotFound);
        app.guardian(&[child]).await.get(&path(child, "TC1")).await.problem(Code::Forbidden);
    }

    async fn themes_are_made_and_renamed(app: TestApp) {
        let room = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        let put = |number: u8, name: &str, version: i64| {
            let (actor, path) = (room.teacher.clone(), room.stage(number));
            let body = PutPreschoolStage { name: name.into(), ends_on: Some("2026-10-16".parse().unwrap()), version };
            async move { actor.put_bare(&path, &body).await }
        };
        assert_eq!(put(1, "Trường mầm non của bé", 0).await.ok::<PreschoolStage>().version, 1);
        put(1, "Trường mầm non", 0).await.problem(Code::VersionConflict);
        assert_eq!(put(1, "Trường mầm non", 1).await.ok::<PreschoolStage>().version, 2);
        put(2, "  ", 0).await.field("/name", Code::FieldRequired);
        put(0, "Cuối", 0).await.problem(Code::NotFound);
        put(41, "Quá nhiều", 0).await.problem(Code::NotFound);
        let stages: PreschoolStages = room.teacher.get(&format!("/classes/{}/preschool/outcomes", room.class.id)).await.ok();
        assert_eq!(stages.lists, [PreschoolList::Outcomes, PreschoolList::Standards]);
        assert_eq!(stages.stages.iter().map(|s| (s.number, s.name.as_str())).collect::<Vec<_>>(), [(1, "Trường mầm non"), (0, "Cuối độ tuổi")]);
        room.teacher.get(&room.sheet("outcomes", 2)).await.problem(Code::NotFound);
    }

    async fn cells_are_saved_with_versions(app: TestApp) {
        let room = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        room.plan().await;
        let [a, b, _] = room.children[..] else { unreachable!() };
        let sheet: PreschoolSheet = room.teacher.get(&room.sheet("outcomes", 0)).await.ok();
        assert!(sheet.writable && sheet.items.len() == 2 && sheet.rows.len() == 3);
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let (yes, no) = (Some(Outcome::Achieved), Some(Outcome::NotYet));
        let cells = vec![cell(a, "TC1", yes, 0), cell(b, "TC1", no, 0), cell(a, "XX", yes, 0), cell(stranger, "TC1", yes, 0), cell(a, "TC1", no, 0), cell(b, "TM1", None, 0)];
        let saved = room.save(&room.teacher, "outcomes", 0, cells).await;
        use CellResult::*;
        assert_eq!(saved.iter().map(|o| o.result).collect::<Vec<_>>(), [Saved, Saved, Refused, Refused, Refused, Unchanged]);
        // Somebody else of the class changes it first.
        let second = app.homeroom(&room.class).await;
        assert_eq!(room.save(&second, "outcomes", 0, vec![cell(b, "TC1", yes, 1)]).await[0].version, 2);
        app.set_homeroom(room.class.id, room.teacher.staff_id()).await;
        let saved = room.save(&room.teacher, "outcomes", 0, vec![cell(b, "TC1", None, 1), cell(a, "TC1", None, 1)]).await;
        assert_eq!((saved[0].result, saved[0].outcome, saved[0].version, saved[0].changed_by.is_some()), (Conflict, yes, 2, true));
        assert_eq!((saved[1].result, saved[1].version), (Saved, 2));
        // Sent again after a lost answer: nothing happens twice.
        assert_eq!(room.save(&room.teacher, "outcomes", 0, vec![cell(a, "TC1", None, 1)]).await[0].result, Unchanged);
        let stages: PreschoolStages = room.teacher.get(&format!("/classes/{}/preschool/outcomes", room.class.id)).await.ok();
        assert_eq!(stages.stages[0].assessed, 1);
        // The history keeps what was superseded.
        use sea_orm::{ConnectionTrait, sea_query::Query};
        let history = app.db.read().query_all(Query::select().column("outcome").from("preschool_mark_history")).await.unwrap();
        assert_eq!(history.len(), 2);
        // The principal reads and does not write.
        assert!(!room.principal.get(&room.sheet("standards", 0)).await.ok::<PreschoolSheet>().writable);
        room.principal.put_bare(&room.sheet("outcomes", 0), &PutPreschool { cells: vec![cell(a, "TC1", yes, 2)] }).await.problem(Code::Forbidden);
        room.teacher.put_bare(&room.sheet("outcomes", 0), &json!({ "cells": [] })).await.field("/cells", Code::FieldLength);
    }

    async fn two_writers_lose_nothing(app: TestApp) {
        let room = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        let child = room.children[0];
        let writes = (0..8).map(|n| {
            let room = &room;
            let outcome = Some(if n % 2 == 0 { Outcome::Achieved } else { Outcome::NotYet });
            async move { room.save(&room.teacher, "standards", 0, vec![cell(child, "1", outcome, 0), cell(child, &format!("{}", n + 2), outcome, 0)]).await }
        });
        let outcomes = futures::future::join_all(writes).await;
        assert_eq!(outcomes.iter().filter(|o| o[0].result == CellResult::Saved).count(), 1);
        assert!(outcomes.iter().all(|o| o[1].result == CellResult::Saved), "{outcomes:?}");
    }

    async fn families_see_their_own_child(app: TestApp) {
        let room = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        room.plan().await;
        let [mine, other, _] = room.children[..] else { unreachable!() };
        let body = PutPreschoolStage { name: "Gia đình".into(), ends_on: None, version: 0 };
        room.teacher.put_bare(&room.stage(1), &body).await.ok::<PreschoolStage>();
        room.save(&room.teacher, "outcomes", 1, vec![cell(mine, "TC1", Some(Outcome::Achieved), 0), cell(other, "TM1", Some(Outcome::NotYet), 0)]).await;
        room.save(&room.teacher, "standards", 0, vec![cell(mine, "27", Some(Outcome::NotYet), 0)]).await;
        let guardian = app.guardian(&[mine]).await;
        let reply = guardian.get(&format!("/me/children/{mine}/preschool")).await;
        let text = reply.text();
        let child: ChildPreschool = reply.ok();
        assert_eq!(child.stages.iter().map(|s| (s.list, s.number, s.name.as_str(), s.items.len())).collect::<Vec<_>>(), [(PreschoolList::Outcomes, 1, "Gia đình", 1), (PreschoolList::Standards, 0, "Cuối độ tuổi", 1)]);
        assert_eq!(child.stages[0].items[0].outcome, Outcome::Achieved);
        assert!(!text.contains(&other.to_string()) && !text.contains("Hát đúng") && !text.contains("rank"));
        guardian.get(&format!("/me/children/{other}/preschool")).await.problem(Code::NotFound);
        let children: Page<Child> = guardian.get("/me/children").await.ok();
        assert_eq!(children.items[0].grade, Some(dto::calendar::Grade::K5));
        app.learner_account(other).await.get(&format!("/me/children/{mine}/preschool")).await.problem(Code::NotFound);
        // A pupil of a general school has none.
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let pupil = app.learner(&class, "Đỗ Văn Dũng").await;
        app.guardian(&[pupil]).await.get(&format!("/me/children/{pupil}/preschool")).await.problem(Code::RegulationUnavailable);
    }

    async fn nobody_reaches_another_school(app: TestApp) {
        let here = room_in(&app, &app.world.school_a, "Lá 1", "k5").await;
        here.plan().await;
        let other = room_in(&app, &app.world.school_b, "Lá 9", "k5").await;
        let staff = app.staff(app.world.school_b.id, "Ngô Văn Khác").await;
        let mut actors = vec![
            (Role::HomeroomTeacher, other.teacher.clone()),
            (Role::UnitOfficer, app.officer(app.world.commune_b).await),
            (Role::Guardian, app.guardian(&other.children).await),
            (Role::Learner, app.learner_account(other.children[0]).await),
        ];
        let school = Some(app.world.school_b.id);
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Nurse, Role::Accountant, Role::ProvinceAdmin, Role::SubjectTeacher] {
            actors.push((role, app.actor(Some(Person::Staff(staff)), &[(role, school)]).await));
        }
        assert_eq!(actors.len(), Role::ALL.len());
        for (role, actor) in actors {
            for (what, permission, reply) in ask(&actor, &here).await {
                let expected = if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {what}: {}", reply.text());
            }
        }
        // The teacher of the class next door reads the school's list, and no child of this class.
        let next_door = room_in(&app, &app.world.school_a, "Lá 2", "k5").await;
        for (what, permission, reply) in ask(&next_door.teacher, &here).await {
            if !["items", "put items"].contains(&what) && permission != Permission::FamilyRead {
                assert_eq!(reply.status.as_u16(), 404, "{what}: {}", reply.text());
            }
        }
        let sheet: PreschoolSheet = here.teacher.get(&here.sheet("outcomes", 0)).await.ok();
        assert!(sheet.rows.iter().all(|row| row.cells.is_empty()));
    }
}

async fn ask(actor: &Actor, room: &Room) -> Vec<(&'static str, Permission, Reply)> {
    let child = room.children[0];
    let cells = PutPreschool { cells: vec![cell(child, "TC1", Some(Outcome::NotYet), 0)] };
    let item = PreschoolItem { code: "A".into(), domain: Domain::Physical, standard: None, text: "Chạy".into() };
    let items = PutPreschoolItems { items: vec![item], version: 1 };
    let stage = PutPreschoolStage { name: "Bản thân".into(), ends_on: None, version: 0 };
    vec![
        ("items", Permission::MarkRead, actor.get(&room.items("outcomes")).await),
        ("put items", Permission::ClassWrite, actor.put_bare(&room.items("outcomes"), &items).await),
        ("stages", Permission::MarkRead, actor.get(&format!("/classes/{}/preschool/outcomes", room.class.id)).await),
        ("put stage", Permission::PreschoolWrite, actor.put_bare(&room.stage(3), &stage).await),
        ("sheet", Permission::MarkRead, actor.get(&room.sheet("outcomes", 0)).await),
        ("save", Permission::PreschoolWrite, actor.put_bare(&room.sheet("outcomes", 0), &cells).await),
        ("child", Permission::FamilyRead, actor.get(&format!("/me/children/{child}/preschool")).await),
    ]
}
