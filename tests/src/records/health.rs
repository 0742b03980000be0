//! School health: rounds, files, what is sealed and who opened it.

use crate::harness::{Actor, Reply, School, TestApp, day, tells};
use dto::access::{Permission, Role};
use dto::classes::Class;
use dto::gradebook::CellResult;
use dto::growth::LearnerGrowth;
use dto::health::*;
use dto::identity::Person;
use dto::{Code, LearnerId, Page};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;

/// The day of the rounds here: the children of the harness, born in March 2015, are eleven.
const DAY: &str = "2026-10-05";

struct Clinic {
    class: Class,
    children: Vec<LearnerId>,
    nurse: Actor,
    school: School,
}

async fn clinic(app: &TestApp, school: &School, name: &str) -> Clinic {
    let class = app.class(school, name, "6").await;
    let mut children = Vec::new();
    for name in ["Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Minh Châu"] {
        children.push(app.learner(&class, name).await);
    }
    Clinic { children, nurse: app.at(Role::Nurse, school).await, school: school.clone(), class }
}

impl Clinic {
    async fn round(&self) -> HealthRound {
        let body = json!({"name": "Khám đầu năm 2026", "kind": "start_of_year", "held_on": DAY, "examiner": "Trạm y tế xã"});
        self.nurse.post(&format!("/schools/{}/health-rounds", self.school.id), &body).await.ok()
    }

    fn sheet(&self, round: &HealthRound) -> String {
        format!("/health-rounds/{}/classes/{}", round.id, self.class.id)
    }

    async fn save(&self, actor: &Actor, round: &HealthRound, rows: Vec<PutHealthRow>) -> Vec<HealthOutcome> {
        actor.put_bare(&self.sheet(round), &PutClassHealth { rows }).await.ok::<ClassHealthSaved>().rows
    }

    async fn condition(&self, learner: LearnerId, detail: &str, alert: Option<&str>) -> Condition {
        let body = json!({"kind": "allergy", "detail": detail, "alert": alert, "since": "2020-01-01", "active": true});
        self.nurse.post(&format!("/learners/{learner}/conditions"), &body).await.ok()
    }
}

fn row(learner_id: LearnerId, version: i64) -> PutHealthRow {
    PutHealthRow {
        learner_id,
        findings: HealthFindings {
            systolic: Some(105),
            diastolic: Some(65),
            pulse: Some(82),
            vision_right: Some(100),
            vision_left: Some(60),
            caries: Some(2),
            spine: Some(SpineFinding::Scoliosis),
            ..HealthFindings::default()
        },
        sealed: None,
        version,
        weight_g: None,
        height_mm: None,
        growth_version: 0,
    }
}

fn because(purpose: &str) -> serde_json::Value {
    json!({ "purpose": purpose })
}

/// A column of a table, as the database has it.
async fn raw(app: &TestApp, table: &'static str, column: &'static str) -> Vec<Option<String>> {
    let mut query = Query::select();
    query.column(column).from(table);
    let rows = app.db.read().query_all(&query).await.unwrap();
    rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect()
}

both_engines! {
    async fn a_class_is_examined_with_versions(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let [a, b, _] = c.children[..] else { unreachable!() };
        let round = c.round().await;
        let sheet: ClassHealth = c.nurse.get(&c.sheet(&round)).await.ok();
        assert!(sheet.writable && sheet.rows.len() == 3 && sheet.rows.iter().all(|r| r.version == 0 && !r.sealed));
        let sealed = SealedFindings { mental: Some(MentalFinding::Watch), note: Some("Hay lo lắng trước giờ kiểm tra".into()) };
        let first = PutHealthRow { sealed: Some(sealed.clone()), weight_g: Some(36_500), height_mm: Some(1432), ..row(a, 0) };
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let saved = c.save(&c.nurse, &round, vec![first.clone(), row(b, 0), row(stranger, 0)]).await;
        assert_eq!(saved.iter().map(|o| o.outcome).collect::<Vec<_>>(), [CellResult::Saved, CellResult::Saved, CellResult::Refused]);
        assert_eq!((saved[0].sealed, saved[0].growth_outcome, saved[0].growth_version), (true, CellResult::Saved, 1));
        // Weight and height lie with the child's growth, on the day of the round.
        let growth: LearnerGrowth = c.nurse.get(&format!("/learners/{a}/growth")).await.ok();
        assert_eq!(growth.entries.iter().map(|e| (e.measured_on, e.weight_g)).collect::<Vec<_>>(), [(day(DAY), Some(36_500))]);
        // Another nurse has seen nothing of it; the sealed part stays where it is left out.
        let other = app.at(Role::Nurse, &app.world.school_a).await;
        let mut changed = row(a, 0);
        changed.findings.pulse = Some(90);
        let saved = c.save(&other, &round, vec![PutHealthRow { weight_g: Some(36_500), height_mm: Some(1432), growth_version: 1, ..changed.clone() }]).await;
        assert_eq!((saved[0].outcome, saved[0].findings.pulse, saved[0].version), (CellResult::Conflict, Some(82), 1));
        let saved = c.save(&other, &round, vec![PutHealthRow { version: 1, weight_g: Some(36_500), height_mm: Some(1432), growth_version: 1, ..changed }]).await;
        assert_eq!((saved[0].outcome, saved[0].sealed, saved[0].version, saved[0].growth_outcome), (CellResult::Saved, true, 2, CellResult::Unchanged));
        // Sent again after a lost answer, sealed words and all.
        let again = PutHealthRow { findings: saved[0].findings.clone(), version: 1, growth_version: 1, ..first };
        assert_eq!(c.save(&c.nurse, &round, vec![again]).await[0].outcome, CellResult::Unchanged);
        // Neither the table nor the log has a word of what is sealed, nor the log a value.
        let kept = raw(&app, "health_check", "sealed").await;
        assert!(kept.iter().flatten().all(|text| text.starts_with("k1.") && !text.contains("watch") && !text.contains("lo lắng")));
        for entry in app.audit(Some(app.world.school_a.id)).await {
            let text = format!("{:?}{:?}", entry.before, entry.after);
            assert!(!text.contains("lo lắng") && !tells(&text, "105"), "{} {text}", entry.verb);
        }
        let rounds: Page<HealthRound> = c.nurse.get(&format!("/schools/{}/health-rounds", c.school.id)).await.ok();
        assert_eq!((rounds.items.len(), rounds.items[0].checked), (1, 2));
    }

    async fn charts_and_lists_are_drawn(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let a = c.children[0];
        let round = c.round().await;
        let sealed = SealedFindings { mental: Some(MentalFinding::Refer), note: None };
        c.save(&c.nurse, &round, vec![PutHealthRow { sealed: Some(sealed), weight_g: Some(36_500), height_mm: Some(1432), ..row(a, 0) }, row(c.children[1], 0)]).await;
        let guardian = app.guardian(&[a]).await;
        for reply in [
            c.nurse.get(&format!("{}/list", c.sheet(&round))).await,
            c.nurse.get(&format!("/learners/{a}/growth/chart")).await,
            guardian.get(&format!("/me/children/{a}/growth/chart")).await,
            // Without a measurement there are the lines alone.
            c.nurse.get(&format!("/learners/{}/growth/chart", c.children[2])).await,
        ] {
            let reply = reply.status(200);
            assert!(reply.body.starts_with(b"%PDF-") && reply.header("content-type") == Some("application/pdf"));
        }
        guardian.get(&format!("/me/children/{}/growth/chart", c.children[1])).await.problem(Code::NotFound);
    }

    async fn a_round_is_changed_and_finished(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let round = c.round().await;
        let put = |version: i64, held_on: &str, finished: bool| {
            let body = json!({"name": "Khám đầu năm", "kind": "periodic", "held_on": held_on, "finished": finished});
            let (nurse, path) = (c.nurse.clone(), format!("/health-rounds/{}", round.id));
            async move { nurse.put(&path, version, &body).await }
        };
        let moved: HealthRound = put(1, "2026-10-06", false).await.ok();
        assert_eq!((moved.version, moved.held_on, moved.kind), (2, day("2026-10-06"), HealthRoundKind::Periodic));
        put(1, "2026-10-06", false).await.problem(Code::VersionConflict);
        c.save(&c.nurse, &moved, vec![row(c.children[0], 0)]).await;
        // Results are of a day.
        put(2, DAY, false).await.field("/held_on", Code::FieldChoice);
        put(2, "2026-10-06", true).await.ok::<HealthRound>();
        assert!(!c.nurse.get(&c.sheet(&round)).await.ok::<ClassHealth>().writable);
        c.nurse.put_bare(&c.sheet(&round), &PutClassHealth { rows: vec![row(c.children[1], 0)] }).await.problem(Code::HealthRoundFinished);
        put(3, "2026-10-06", false).await.ok::<HealthRound>();
        assert_eq!(c.save(&c.nurse, &round, vec![row(c.children[1], 0)]).await[0].outcome, CellResult::Saved);
    }

    async fn what_is_sealed_opens_for_a_purpose_and_the_family_sees_who_looked(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let [a, b, _] = c.children[..] else { unreachable!() };
        let made = c.condition(a, "Dị ứng tôm cua, từng sốc phản vệ", Some("Không cho ăn hải sản; gọi y tế ngay khi nổi mẩn")).await;
        c.condition(b, "Hen phế quản", None).await;
        let file = c.nurse.get(&format!("/learners/{a}/health")).await;
        assert!(!file.text().contains("tôm") && !file.text().contains("hải sản"), "{}", file.text());
        let file: LearnerHealth = file.ok();
        assert_eq!((file.conditions.len(), file.conditions[0].shared, file.views.len(), file.writable), (1, true, 0, true));
        // No purpose, no look; something else has to be said.
        let views = format!("/learners/{a}/health/views");
        c.nurse.post(&views, &json!({})).await.field("/purpose", Code::FieldRequired);
        c.nurse.post(&views, &because("other")).await.field("/note", Code::PurposeNeedsNote);
        let opened: OpenedHealth = c.nurse.post(&views, &because("care")).await.ok();
        assert_eq!(opened.conditions[0].detail, "Dị ứng tôm cua, từng sốc phản vệ");
        let principal = app.principal(&c.school).await;
        principal.post(&views, &json!({"purpose": "other", "note": "Chuẩn bị chuyến tham quan"})).await.ok::<OpenedHealth>();
        // The homeroom teacher is given what is shared, and nothing else.
        let teacher = app.homeroom(&c.class).await;
        let alerts: ClassAlerts = teacher.post(&format!("/classes/{}/health-alerts/views", c.class.id), &because("teaching")).await.ok();
        assert_eq!(alerts.items.iter().map(|i| (i.learner_id, i.alert.as_str())).collect::<Vec<_>>(), [(a, "Không cho ăn hải sản; gọi y tế ngay khi nổi mẩn")]);
        teacher.get(&format!("/learners/{a}/health")).await.problem(Code::Forbidden);
        teacher.post(&views, &because("care")).await.problem(Code::Forbidden);
        app.at(Role::Deputy, &c.school).await.post(&views, &because("care")).await.problem(Code::Forbidden);
        // The family sees everything, and each of the three looks.
        let guardian = app.guardian(&[a]).await;
        let child: ChildHealth = guardian.get(&format!("/me/children/{a}/health")).await.ok();
        assert_eq!(child.opened.conditions[0].alert.as_deref(), made.alert.as_deref());
        let looks: Vec<_> = child.file.views.iter().map(|v| (v.purpose, v.alerts_only)).collect();
        assert_eq!(looks, [(ViewPurpose::Teaching, true), (ViewPurpose::Other, false), (ViewPurpose::Care, false)]);
        assert!(child.file.views.iter().all(|v| !v.by.is_empty()) && !child.file.writable);
        guardian.get(&format!("/me/children/{b}/health")).await.problem(Code::NotFound);
        app.learner_account(a).await.get(&format!("/me/children/{a}/health")).await.ok::<ChildHealth>();
        let opened = app.audit(Some(c.school.id)).await.into_iter().filter(|e| e.verb.starts_with("health.")).count();
        assert_eq!(opened, 3);
    }

    async fn conditions_are_changed_with_versions(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let a = c.children[0];
        let made = c.condition(a, "Hen phế quản", None).await;
        let path = format!("/learners/{a}/conditions/{}", made.id);
        let body = json!({"kind": "illness", "detail": "Hen phế quản, có thuốc xịt", "active": false});
        let now: Condition = c.nurse.put(&path, 1, &body).await.ok();
        assert_eq!((now.version, now.kind, now.active), (2, ConditionKind::Illness, false));
        c.nurse.put(&path, 1, &body).await.problem(Code::VersionConflict);
        c.nurse.put(&path, 2, &json!({"kind": "illness", "detail": "", "active": true})).await.field("/detail", Code::FieldLength);
        let opened: OpenedHealth = c.nurse.post(&format!("/learners/{a}/health/views"), &because("check")).await.ok();
        assert_eq!(opened.conditions, [now]);
        // Of another child there is no such condition.
        c.nurse.put(&format!("/learners/{}/conditions/{}", c.children[1], made.id), 2, &body).await.problem(Code::NotFound);
    }

    async fn vaccinations_and_first_aid_are_kept(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let a = c.children[0];
        let path = format!("/learners/{a}/vaccinations");
        let first: Vaccination = c.nurse.post(&path, &json!({"vaccine": "Sởi - Rubella", "dose": 1, "given_on": "2016-09-01", "source": "booklet"})).await.ok();
        c.nurse.post(&path, &json!({"vaccine": "Sởi - Rubella", "dose": 2, "source": "family"})).await.ok::<Vaccination>();
        c.nurse.post(&path, &json!({"vaccine": "Sởi", "dose": 0, "source": "family"})).await.field("/dose", Code::FieldRange);
        c.nurse.post(&path, &json!({"vaccine": "Sởi", "dose": 1, "given_on": "2199-01-01", "source": "family"})).await.field("/given_on", Code::FieldRange);
        c.nurse.delete(&format!("{path}/{}", first.id)).await.done();
        c.nurse.delete(&format!("{path}/{}", first.id)).await.problem(Code::NotFound);

        let path = format!("/learners/{a}/first-aid");
        let at = "2026-10-06T02:15:00Z";
        c.nurse.post(&path, &json!({"at": at, "kind": "first_aid"})).await.field("/what", Code::FieldRequired);
        c.nurse.post(&path, &json!({"at": "2199-01-01T00:00:00Z", "kind": "first_aid", "what": "x"})).await.field("/at", Code::FieldRange);
        let entry: FirstAid = c.nurse.post(&path, &json!({"at": at, "kind": "referral", "what": "Ngã cầu thang, nghi gãy tay", "referred_to": "Bệnh viện huyện"})).await.ok();
        assert_eq!((entry.class_name.as_deref(), entry.told_at), (Some("6A1"), None));
        let told: FirstAid = c.nurse.put(&format!("/first-aid/{}", entry.id), 1, &json!({"at": at, "kind": "referral", "referred_to": "Bệnh viện huyện", "told_at": "2026-10-06T02:20:00Z", "told_how": "Gọi điện cho mẹ"})).await.ok();
        assert_eq!((told.version, told.told_how.as_deref()), (2, Some("Gọi điện cho mẹ")));
        c.nurse.put(&format!("/first-aid/{}", entry.id), 1, &json!({"at": at, "kind": "rest"})).await.problem(Code::VersionConflict);
        let log = c.nurse.get(&format!("/schools/{}/first-aid", c.school.id)).await;
        assert!(!log.text().contains("cầu thang"));
        assert_eq!(log.ok::<Page<FirstAid>>().items.len(), 1);
        let child: ChildHealth = app.guardian(&[a]).await.get(&format!("/me/children/{a}/health")).await.ok();
        assert_eq!(child.opened.first_aid[0].what, "Ngã cầu thang, nghi gãy tay");
        assert_eq!((child.file.vaccinations.len(), child.file.vaccinations[0].dose), (1, 2));
    }

    async fn officers_are_given_counts(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let round = c.round().await;
        c.save(&c.nurse, &round, c.children[..2].iter().map(|l| row(*l, 0)).collect()).await;
        c.condition(c.children[0], "Hen phế quản", None).await;
        c.nurse.post(&format!("/learners/{}/vaccinations", c.children[0]), &json!({"vaccine": "BCG", "dose": 1, "source": "booklet"})).await.ok::<Vaccination>();
        c.nurse.post(&format!("/learners/{}/first-aid", c.children[0]), &json!({"at": "2026-10-06T02:15:00Z", "kind": "rest", "what": "Đau bụng"})).await.ok::<FirstAid>();
        let officer = app.officer(app.world.commune_a).await;
        let path = format!("/schools/{}/health-overview", c.school.id);
        let reply = officer.get(&path).await;
        assert!(c.children.iter().all(|l| !reply.text().contains(&l.to_string())) && !reply.text().contains("Ánh"));
        let figures: HealthOverview = reply.ok();
        assert_eq!(figures.vision.iter().map(|b| b.learners).collect::<Vec<_>>(), [0, 2, 0, 0]);
        assert_eq!(figures.caries.iter().map(|b| b.learners).collect::<Vec<_>>(), [0, 2, 0]);
        assert_eq!((figures.spine, figures.learners, figures.vaccinated), (2, 3, 1));
        assert_eq!(figures.classes.iter().map(|k| (k.learners, k.checked)).collect::<Vec<_>>(), [(3, 2)]);
        assert_eq!((figures.conditions[0].kind, figures.conditions[0].learners), (ConditionKind::Allergy, 1));
        assert_eq!((figures.first_aid[0].kind, figures.first_aid[0].cases), (FirstAidKind::Rest, 1));
        let of_round: HealthOverview = officer.get(&format!("{path}?round_id={}", round.id)).await.ok();
        assert_eq!(of_round.round.map(|r| r.id), Some(round.id));
        // And no file, no log.
        officer.get(&format!("/learners/{}/health", c.children[0])).await.problem(Code::Forbidden);
        app.officer(app.world.commune_b).await.get(&path).await.problem(Code::NotFound);
    }

    async fn a_new_key_seals_everything_again(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let round = c.round().await;
        for learner in &c.children {
            c.condition(*learner, "Hen phế quản", Some("Mang thuốc xịt theo")).await;
        }
        let sealed = SealedFindings { mental: Some(MentalFinding::Normal), note: None };
        c.save(&c.nurse, &round, vec![PutHealthRow { sealed: Some(sealed), ..row(c.children[0], 0) }, row(c.children[1], 0)]).await;
        // Another process makes the key; the server takes it up by itself.
        let ring = identity::DataKeys::load_or_create(app.folder()).unwrap();
        assert_eq!(ring.rotate().unwrap(), 2);
        c.condition(c.children[0], "Dị ứng phấn hoa", None).await;
        assert_eq!(records::health::left_to_reseal(&app.db, &ring).await.unwrap(), 4);
        assert_eq!(records::health::reseal(&app.db, &ring, |_| {}).await.unwrap(), 4);
        // A run that goes on where another was has nothing left.
        assert_eq!(records::health::reseal(&app.db, &ring, |_| {}).await.unwrap(), 0);
        for table in ["health_condition", "health_check"] {
            assert!(raw(&app, table, "sealed").await.iter().flatten().all(|text| text.starts_with("k2.")), "{table}");
        }
        assert!(raw(&app, "health_condition", "alert").await.iter().flatten().all(|text| text.starts_with("k2.")));
        let opened: OpenedHealth = c.nurse.post(&format!("/learners/{}/health/views", c.children[0]), &because("care")).await.ok();
        assert_eq!(opened.conditions.len(), 2);
        assert_eq!(opened.conditions[0].alert.as_deref(), Some("Mang thuốc xịt theo"));
        assert_eq!(opened.checks[0].findings.mental, Some(MentalFinding::Normal));
        let log = app.audit(Some(c.school.id)).await;
        assert_eq!(kernel::db::verify_chain(&log), None);
        assert!(log.iter().any(|e| e.verb == "health.resealed"));
    }

    async fn what_is_sealed_of_one_child_does_not_open_as_anothers(app: TestApp) {
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let made = c.condition(c.children[0], "Hen phế quản", None).await;
        let mut query = Query::update();
        query.table("health_condition").value("learner_id", c.children[1].0).and_where(Expr::col("id").eq(made.id.0));
        app.db.migrator().execute(&query).await.unwrap();
        let reply = c.nurse.post(&format!("/learners/{}/health/views", c.children[1]), &because("care")).await;
        assert!(reply.status.as_u16() == 500 && !reply.text().contains("Hen"), "{}", reply.text());
    }

    async fn nobody_reaches_another_school(app: TestApp) {
        let here = clinic(&app, &app.world.school_a, "6A1").await;
        let round = here.round().await;
        let condition = here.condition(here.children[0], "Hen", None).await;
        let entry: FirstAid = here.nurse.post(&format!("/learners/{}/first-aid", here.children[0]), &json!({"at": "2026-10-06T02:15:00Z", "kind": "rest", "what": "Đau bụng"})).await.ok();
        let other = clinic(&app, &app.world.school_b, "6B1").await;
        let staff = app.staff(app.world.school_b.id, "Ngô Văn Khác").await;
        let mut actors = vec![
            (Role::HomeroomTeacher, app.homeroom(&other.class).await),
            (Role::UnitOfficer, app.officer(app.world.commune_b).await),
            (Role::Guardian, app.guardian(&other.children).await),
            (Role::Learner, app.learner_account(other.children[0]).await),
        ];
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Nurse, Role::Accountant, Role::ProvinceAdmin, Role::SubjectTeacher] {
            actors.push((role, app.actor(Some(Person::Staff(staff)), &[(role, Some(app.world.school_b.id))]).await));
        }
        assert_eq!(actors.len(), Role::ALL.len());
        for (role, actor) in actors {
            for (what, permission, reply) in ask(&actor, &here, &round, &condition, &entry).await {
                let expected = if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {what}: {}", reply.text());
            }
        }
        // A class of one school is not in a round of another.
        let theirs = other.round().await;
        other.nurse.get(&here.sheet(&theirs)).await.problem(Code::NotFound);
    }

    async fn a_round_comes_from_a_file_and_goes_again(app: TestApp) {
        use crate::records::file_imports::{rows, undo};
        use dto::file_imports::FileImport;
        use dto::imports::RowOutcome;
        let c = clinic(&app, &app.world.school_a, "6A1").await;
        let [a, ..] = c.children[..] else { unreachable!() };
        let at = format!("/file-imports?kind=health_checks&school_id={}&class_id={}&file_name=kham.csv", c.school.id, c.class.id);
        let file = "Họ và tên,Cân nặng (kg),Chiều cao (cm),Huyết áp,Mắt phải,Mắt trái,Đeo kính,Cột sống\n\
            Nguyễn Thị Ánh,\"36,5\",143.2,105/65,8/10,10,Có,Vẹo cột sống\nTrần Văn Bình,365,,,,,,\nNgười Lạ,30,,,,,,\n";
        // Without a round there is nowhere to put it.
        let none: FileImport = c.nurse.upload(&at, file.into()).await.ok();
        assert_eq!(rows(&c.nurse, &none).await[0].faults[0].code, "health-round");
        let round = c.round().await;
        // What stands and the file does not say stays, and so does what is sealed.
        let sealed = SealedFindings { mental: Some(MentalFinding::Watch), note: None };
        c.save(&c.nurse, &round, vec![PutHealthRow { sealed: Some(sealed), ..row(a, 0) }]).await;
        let dry: FileImport = c.nurse.upload(&at, file.into()).await.ok();
        let list = rows(&c.nurse, &dry).await;
        use RowOutcome::{Changed, Conflict, Faulty};
        assert_eq!(list.iter().map(|row| row.outcome).collect::<Vec<_>>(), [Changed, Faulty, Conflict], "{list:?}");
        assert_eq!(list[1].faults[0].column.as_deref(), Some("B"));
        let eye = list[0].changes.iter().find(|change| change.field == "vision_left").unwrap();
        assert_eq!((eye.before.as_deref(), eye.after.as_deref()), (Some("6/10"), Some("10/10")));
        let done: FileImport = c.nurse.post(&format!("/file-imports/{}/apply", dry.id), &json!({"skip_faulty": true})).await.ok();
        let sheet = async || c.nurse.get(&c.sheet(&round)).await.ok::<ClassHealth>();
        let line = sheet().await.rows.into_iter().find(|line| line.learner_id == a).unwrap();
        let f = &line.findings;
        assert_eq!((f.vision_right, f.vision_left, f.glasses, f.caries, line.sealed), (Some(80), Some(100), true, Some(2), true));
        assert_eq!(line.growth.and_then(|g| g.weight_g.zip(g.height_mm)), Some((36_500, 1432)));
        // The template holds what stands, and comes back the same.
        let template = format!("/file-import-kinds/health_checks/template?school_id={}&class_id={}", c.school.id, c.class.id);
        let again: FileImport = c.nurse.upload(&at, c.nurse.get(&template).await.status(200).body).await.ok();
        assert_eq!((again.summary.rows, again.summary.same, again.summary.faulty), (3, 3, 0));
        undo(&c.nurse, &done).await;
        let line = sheet().await.rows.into_iter().find(|line| line.learner_id == a).unwrap();
        assert_eq!((line.findings, line.sealed, line.growth), (row(a, 0).findings, true, None));
        // Who brings in files and keeps no health files neither brings these nor looks into them.
        for other in [app.at(Role::Clerk, &c.school).await, app.principal(&c.school).await, app.at(Role::Nurse, &app.world.school_b).await] {
            other.upload(&at, file.into()).await.problem(Code::NotFound);
            other.get(&format!("/file-imports/{}/rows", dry.id)).await.problem(Code::NotFound);
        }
        let finished = json!({"name": round.name, "kind": "start_of_year", "held_on": DAY, "finished": true});
        c.nurse.put(&format!("/health-rounds/{}", round.id), round.version, &finished).await.status(200);
        let late: FileImport = c.nurse.upload(&at, file.into()).await.ok();
        assert_eq!(rows(&c.nurse, &late).await[0].faults[0].code, "health-round");
    }
}

async fn ask(
    actor: &Actor,
    c: &Clinic,
    round: &HealthRound,
    condition: &Condition,
    entry: &FirstAid,
) -> Vec<(&'static str, Permission, Reply)> {
    use Permission::*;
    let (school, a) = (c.school.id, c.children[0]);
    let new_round = json!({"name": "x", "kind": "periodic", "held_on": DAY});
    let put_round = json!({"name": "x", "kind": "periodic", "held_on": DAY, "finished": true});
    let vaccine = json!({"vaccine": "BCG", "dose": 1, "source": "booklet"});
    let kept = json!({"kind": "allergy", "detail": "x", "active": true});
    let aid = json!({"at": "2026-10-06T02:15:00Z", "kind": "rest", "what": "x"});
    let rows = PutClassHealth { rows: vec![row(a, 0)] };
    vec![
        ("rounds", HealthRead, actor.get(&format!("/schools/{school}/health-rounds")).await),
        ("new round", HealthWrite, actor.post(&format!("/schools/{school}/health-rounds"), &new_round).await),
        ("round", HealthWrite, actor.put(&format!("/health-rounds/{}", round.id), 1, &put_round).await),
        ("sheet", HealthRead, actor.get(&c.sheet(round)).await),
        ("save", HealthWrite, actor.put_bare(&c.sheet(round), &rows).await),
        ("list", HealthRead, actor.get(&format!("{}/list", c.sheet(round))).await),
        ("chart", GrowthRead, actor.get(&format!("/learners/{a}/growth/chart")).await),
        ("child's chart", FamilyRead, actor.get(&format!("/me/children/{a}/growth/chart")).await),
        ("overview", HealthCount, actor.get(&format!("/schools/{school}/health-overview")).await),
        ("file", HealthRead, actor.get(&format!("/learners/{a}/health")).await),
        ("open", HealthOpen, actor.post(&format!("/learners/{a}/health/views"), &because("care")).await),
        ("vaccinate", HealthWrite, actor.post(&format!("/learners/{a}/vaccinations"), &vaccine).await),
        ("condition", HealthWrite, actor.post(&format!("/learners/{a}/conditions"), &kept).await),
        ("change", HealthWrite, actor.put(&format!("/learners/{a}/conditions/{}", condition.id), 1, &kept).await),
        ("log", HealthRead, actor.get(&format!("/schools/{school}/first-aid")).await),
        ("aid", HealthWrite, actor.post(&format!("/learners/{a}/first-aid"), &aid).await),
        ("tell", HealthWrite, actor.put(&format!("/first-aid/{}", entry.id), 1, &aid).await),
        ("alerts", HealthAlert, actor.post(&format!("/classes/{}/health-alerts/views", c.class.id), &because("teaching")).await),
        ("child", FamilyRead, actor.get(&format!("/me/children/{a}/health")).await),
    ]
}
