//! Weight and height of children.

use crate::harness::{Actor, Reply, School, TestApp, day, tells};
use dto::access::{Permission, Role};
use dto::classes::Class;
use dto::gradebook::CellResult;
use dto::growth::{ClassGrowth, GrowthDue, GrowthOutcome, GrowthSaved, LearnerGrowth, PutGrowth, PutGrowthRow};
use dto::identity::Person;
use dto::{Code, LearnerId, Page};
use regulations::preschool::growth::{GrowthClass, Indicator, MeasuringPosition};
use serde_json::json;

/// A class of children, its teacher, and the school's nurse.
struct Room {
    class: Class,
    children: Vec<LearnerId>,
    nurse: Actor,
    teacher: Actor,
}

/// On this day the children of the harness, born on 12/03/2015, are eleven; those of a preschool class here are born later.
const DAY: &str = "2026-10-05";

async fn room(app: &TestApp, school: &School, name: &str, grade: &str, birth: &str) -> Room {
    teaches_all_ages(app, school).await;
    let class = app.class(school, name, grade).await;
    let mut children = Vec::new();
    for name in ["Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Minh Châu"] {
        children.push(child(app, &class, name, birth).await);
    }
    Room { children, nurse: app.at(Role::Nurse, school).await, teacher: app.homeroom(&class).await, class }
}

/// The harness's schools are lower secondary.
pub async fn teaches_all_ages(app: &TestApp, school: &School) {
    use sea_orm::sea_query::{Expr, ExprTrait, Query};
    let mut query = Query::update();
    query.table("unit").value("levels", "preschool,lower_secondary").and_where(Expr::col("id").eq(school.id.0));
    sea_orm::ConnectionTrait::execute(app.db.migrator(), &query).await.unwrap();
}

async fn child(app: &TestApp, class: &Class, name: &str, birth: &str) -> LearnerId {
    use sea_orm::sea_query::{Expr, ExprTrait, Query};
    let learner = app.learner(class, name).await;
    let mut query = Query::update();
    query.table("learner").value("birth_date", day(birth)).and_where(Expr::col("id").eq(learner.0));
    sea_orm::ConnectionTrait::execute(app.db.migrator(), &query).await.unwrap();
    learner
}

impl Room {
    fn path(&self) -> String {
        self.path_on(DAY)
    }

    fn path_on(&self, day: &str) -> String {
        format!("/classes/{}/growth/{day}", self.class.id)
    }

    async fn save(&self, actor: &Actor, day: &str, rows: Vec<PutGrowthRow>) -> Vec<GrowthOutcome> {
        actor.put_bare(&self.path_on(day), &PutGrowth { rows }).await.ok::<GrowthSaved>().rows
    }
}

fn row(learner_id: LearnerId, weight_g: Option<u32>, height_mm: Option<u32>, version: i64) -> PutGrowthRow {
    PutGrowthRow { learner_id, weight_g, height_mm, position: None, version }
}

both_engines! {
    async fn a_class_is_measured_with_versions(app: TestApp) {
        let room = room(&app, &app.world.school_a, "Lá 1", "k5", "2021-10-05").await;
        let [a, b, c] = room.children[..] else { unreachable!() };
        let sheet: ClassGrowth = room.nurse.get(&room.path()).await.ok();
        assert!(sheet.writable && sheet.days.is_empty());
        assert!(sheet.rows.iter().all(|row| row.entry.is_none() && row.version == 0));
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let saved = room.save(&room.nurse, DAY, vec![row(a, Some(18_300), Some(1100), 0), row(b, Some(12_000), None, 0), row(stranger, Some(9_000), None, 0), row(c, None, None, 0)]).await;
        assert_eq!(saved.iter().map(|o| o.outcome).collect::<Vec<_>>(), [CellResult::Saved, CellResult::Saved, CellResult::Refused, CellResult::Unchanged]);
        // 18.3 kg and 110 cm at five years: near the median of boys and girls; 12 kg is far below.
        let entry = saved[0].entry.as_ref().unwrap();
        assert_eq!((entry.age_days, entry.position, entry.bmi), (1826, MeasuringPosition::Standing, Some(1512)));
        assert!(entry.scores.iter().all(|s| s.z.abs() < 50 && !s.implausible), "{entry:?}");
        let light = saved[1].entry.as_ref().unwrap().scores[0];
        assert_eq!((light.indicator, light.class), (Indicator::WeightForAge, Some(GrowthClass::SeverelyUnderweight)));
        // The class teacher has seen nothing of it.
        let saved = room.save(&room.teacher, DAY, vec![row(a, Some(20_000), Some(1100), 0), row(b, Some(12_000), Some(1050), 1)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Conflict, 1));
        assert_eq!(saved[0].entry.as_ref().unwrap().weight_g, Some(18_300));
        assert_eq!((saved[1].outcome, saved[1].version), (CellResult::Saved, 2));
        // Sent again after a lost answer.
        let again = room.save(&room.teacher, DAY, vec![row(b, Some(12_000), Some(1050), 1)]).await;
        assert_eq!((again[0].outcome, again[0].version), (CellResult::Unchanged, 2));
        // Taken back: it no longer shows, and its version goes on.
        let back = room.save(&room.nurse, DAY, vec![row(b, None, None, 2)]).await;
        assert_eq!((back[0].outcome, back[0].version, back[0].entry.is_none()), (CellResult::Saved, 3, true));
        let sheet: ClassGrowth = room.teacher.get(&room.path()).await.ok();
        assert_eq!(sheet.rows.iter().map(|row| (row.entry.is_some(), row.version)).collect::<Vec<_>>(), [(true, 1), (false, 3), (false, 0)]);
        let log = app.audit(Some(app.world.school_a.id)).await;
        let saved: Vec<String> = log.iter().filter(|e| e.verb == "growth.saved").map(|e| format!("{:?}", e.after)).collect();
        assert_eq!(saved.len(), 3);
        // Which values changed, never which they were: a health file may be erased, the log not.
        assert!(saved[0].contains("weight_g") && saved[0].contains("height_mm") && !tells(&saved[0], "18300"), "{saved:?}");
        assert!(!saved[1].contains("weight_g") && saved[1].contains("height_mm"), "{saved:?}");
    }

    async fn a_child_has_one_curve_and_charts(app: TestApp) {
        let room = room(&app, &app.world.school_a, "Nhà trẻ A", "n3", "2024-09-20").await;
        let child = room.children[0];
        // Lying at 23 months, standing at 24.
        room.save(&room.nurse, "2026-09-19", vec![row(child, Some(11_500), Some(860), 0)]).await;
        let standing = PutGrowthRow { position: Some(MeasuringPosition::Standing), ..row(child, Some(12_000), Some(865), 0) };
        room.save(&room.nurse, DAY, vec![standing]).await;
        let growth: LearnerGrowth = room.teacher.get(&format!("/learners/{child}/growth")).await.ok();
        assert_eq!(growth.entries.iter().map(|e| (e.measured_on, e.position, e.scores.len())).collect::<Vec<_>>(), [(day("2026-09-19"), MeasuringPosition::Lying, 4), (day(DAY), MeasuringPosition::Standing, 4)]);
        assert_eq!(growth.class_name.as_deref(), Some("Nhà trẻ A"));
        // Four indicators, weight for height on both of its charts.
        assert_eq!(growth.charts.len(), 5);
        for chart in &growth.charts {
            assert!(!chart.school_age && chart.lines.len() == 7 && chart.lines.iter().all(|line| line.len() == chart.x.len()));
        }
        // Two years and older: in three months.
        assert_eq!(growth.due_on, Some(day("2027-01-05")));
        let sheet: ClassGrowth = room.nurse.get(&room.path()).await.ok();
        assert_eq!((sheet.days.clone(), sheet.rows[0].due_on), (vec![day("2026-09-19")], day("2027-01-05")));
        assert_eq!(sheet.rows[0].before.as_ref().unwrap().weight_g, Some(11_500));
    }

    async fn pupils_are_measured_by_the_nurse(app: TestApp) {
        let room = room(&app, &app.world.school_a, "6A1", "6", "2015-03-12").await;
        let child = room.children[0];
        // The homeroom teacher of a general school reads and does not write.
        assert!(!room.teacher.get(&room.path()).await.ok::<ClassGrowth>().writable);
        room.teacher.put_bare(&room.path(), &PutGrowth { rows: vec![row(child, Some(40_000), Some(1450), 0)] }).await.problem(Code::NotFound);
        let saved = room.save(&room.nurse, DAY, vec![row(child, Some(60_000), Some(1450), 0)]).await;
        let entry = saved[0].entry.as_ref().unwrap();
        // From five years on: BMI and height; weight for age ends at ten years, weight for height at five.
        assert_eq!(entry.scores.iter().map(|s| s.indicator).collect::<Vec<_>>(), [Indicator::HeightForAge, Indicator::BmiForAge]);
        assert_eq!(entry.scores[1].class, Some(GrowthClass::Obese));
        let growth: LearnerGrowth = room.nurse.get(&format!("/learners/{child}/growth")).await.ok();
        assert!(growth.charts.iter().all(|c| c.school_age) && growth.charts.len() == 3);
    }

    async fn what_is_due_is_listed_for_who_measures(app: TestApp) {
        let preschool = room(&app, &app.world.school_a, "Mầm 1", "k3", "2023-05-01").await;
        let general = room(&app, &app.world.school_a, "6A1", "6", "2015-03-12").await;
        let due = |actor: &Actor| {
            let actor = actor.clone();
            async move {
                let items = actor.get("/me/growth-due").await.ok::<Page<GrowthDue>>().items;
                let mut names: Vec<_> = items.into_iter().map(|item| (item.class_name, item.due)).collect();
                names.sort_unstable();
                names
            }
        };
        let today = kernel::clock::today().to_string();
        assert_eq!(due(&preschool.nurse).await, [("6A1".to_owned(), 3), ("Mầm 1".to_owned(), 3)]);
        assert_eq!(due(&preschool.teacher).await, [("Mầm 1".to_owned(), 3)]);
        assert!(due(&general.teacher).await.is_empty());
        preschool.save(&preschool.nurse, &today, vec![row(preschool.children[0], Some(13_000), Some(950), 0)]).await;
        assert_eq!(due(&preschool.teacher).await, [("Mầm 1".to_owned(), 2)]);
    }

    async fn families_see_their_own_child(app: TestApp) {
        let room = room(&app, &app.world.school_a, "Chồi 2", "k4", "2022-02-02").await;
        let [mine, other, _] = room.children[..] else { unreachable!() };
        room.save(&room.nurse, DAY, vec![row(mine, Some(16_000), Some(1030), 0), row(other, Some(22_222), Some(1010), 0)]).await;
        let guardian = app.guardian(&[mine]).await;
        let reply = guardian.get(&format!("/me/children/{mine}/growth")).await;
        let text = reply.text();
        let growth: LearnerGrowth = reply.ok();
        assert_eq!((growth.entries.len(), growth.entries[0].weight_g), (1, Some(16_000)));
        assert!(!tells(&text, "22222") && !text.contains("rank"));
        guardian.get(&format!("/me/children/{other}/growth")).await.problem(Code::NotFound);
        app.learner_account(mine).await.get(&format!("/me/children/{mine}/growth")).await.ok::<LearnerGrowth>();
        app.learner_account(mine).await.get(&format!("/me/children/{other}/growth")).await.problem(Code::NotFound);
    }

    async fn nobody_reaches_another_school(app: TestApp) {
        let here = room(&app, &app.world.school_a, "Lá 1", "k5", "2021-10-05").await;
        let other = room(&app, &app.world.school_b, "Lá 9", "k5", "2021-10-05").await;
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
        // Another class of the same school is not the class teacher's either.
        let next_door = room(&app, &app.world.school_a, "Lá 2", "k5", "2021-10-05").await;
        for (what, permission, reply) in ask(&next_door.teacher, &here).await {
            if permission != Permission::FamilyRead {
                assert_eq!(reply.status.as_u16(), 404, "{what}: {}", reply.text());
            }
        }
        assert!(here.nurse.get(&here.path()).await.ok::<ClassGrowth>().rows.iter().all(|row| row.version == 0));
    }

    async fn what_cannot_be_is_refused(app: TestApp) {
        let room = room(&app, &app.world.school_a, "Lá 1", "k5", "2021-10-05").await;
        let child = room.children[0];
        let put = |rows: serde_json::Value| {
            let (nurse, path) = (room.nurse.clone(), room.path());
            async move { nurse.put_bare(&path, &json!({ "rows": rows })).await }
        };
        put(json!([])).await.field("/rows", Code::FieldLength);
        put(json!([{"learner_id": child, "weight_g": 499, "version": 0}])).await.field("/rows/0/weight_g", Code::FieldRange);
        put(json!([{"learner_id": child, "height_mm": 2301, "version": 0}])).await.field("/rows/0/height_mm", Code::FieldRange);
        put(json!([{"learner_id": child, "position": "sitting", "version": 0}])).await.problem(Code::Invalid);
        let body = PutGrowth { rows: vec![row(child, Some(18_000), None, 0)] };
        room.nurse.put_bare(&room.path_on("2199-01-01"), &body).await.field("day", Code::FieldRange);
        room.nurse.get(&room.path_on("2199-01-01")).await.field("day", Code::FieldRange);
        room.nurse.get(&room.path_on("not-a-day")).await.status(404);
        // Before birth there is nobody to weigh.
        assert_eq!(room.save(&room.nurse, "2021-10-04", vec![row(child, Some(3_000), None, 0)]).await[0].outcome, CellResult::Refused);
    }

    async fn two_writers_lose_nothing(app: TestApp) {
        let room = room(&app, &app.world.school_a, "Lá 1", "k5", "2021-10-05").await;
        let writes = (0..8u32).map(|n| {
            let (room, actor) = (&room, if n % 2 == 0 { &room.nurse } else { &room.teacher });
            async move { room.save(actor, DAY, vec![row(room.children[0], Some(18_000 + n), Some(1100), 0)]).await }
        });
        let outcomes: Vec<CellResult> = futures::future::join_all(writes).await.into_iter().map(|o| o[0].outcome).collect();
        assert_eq!(outcomes.iter().filter(|o| **o == CellResult::Saved).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|o| **o == CellResult::Conflict).count(), 7, "{outcomes:?}");
    }
}

async fn ask(actor: &Actor, room: &Room) -> Vec<(&'static str, Permission, Reply)> {
    let child = room.children[0];
    let body = PutGrowth { rows: vec![row(child, Some(18_000), None, 0)] };
    vec![
        ("sheet", Permission::GrowthRead, actor.get(&room.path()).await),
        ("save", Permission::GrowthWrite, actor.put_bare(&room.path(), &body).await),
        ("learner", Permission::GrowthRead, actor.get(&format!("/learners/{child}/growth")).await),
        ("child", Permission::FamilyRead, actor.get(&format!("/me/children/{child}/growth")).await),
    ]
}
