//! Data quality: what the rules find, who is to put it right, fixes, acceptance, the nightly run, the roll-up.

use crate::harness::{Actor, School, TestApp};
use dto::access::Role;
use dto::learners::Learner;
use dto::quality::{QualityFinding, QualityOverview, QualityRule, QualityRun, QualityState, QualityStep};
use dto::{Code, Page};
use kernel::clock;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;

async fn run(actor: &Actor, school: &School) -> QualityRun {
    actor.post("/quality/runs", &json!({"school_id": school.id})).await.ok()
}

async fn findings(actor: &Actor, school: &School, more: &str) -> Vec<QualityFinding> {
    actor.get(&format!("/quality/findings?school_id={}{more}", school.id)).await.ok::<Page<QualityFinding>>().items
}

async fn of(actor: &Actor, school: &School, rule: QualityRule) -> Vec<QualityFinding> {
    findings(actor, school, &format!("&rule={rule}")).await
}

async fn overview(actor: &Actor, unit: dto::UnitId) -> QualityOverview {
    actor.get(&format!("/quality/overview?unit_id={unit}")).await.ok()
}

/// A name as an old system left it.
async fn spoil(app: &TestApp, learner: dto::LearnerId, column: &'static str, text: &str) {
    let mut update = Query::update();
    update.table("learner").value(column, text.to_owned()).and_where(Expr::col("id").eq(learner.0));
    app.db.migrator().execute(&update).await.unwrap();
}

both_engines! {
    async fn rules_find_what_is_wrong_and_the_fix_is_one_click(app: TestApp) {
        let school = &app.world.school_a;
        let principal = app.principal(school).await;
        let class = app.class(school, "6A1", "6").await;
        let an = app.learner(&class, "LÊ VĂN AN").await;
        app.learner(&class, "Trần Thu Cúc").await;
        let first = run(&principal, school).await;
        assert!(first.new > 0 && first.open >= first.new && first.fixed == 0, "{first:?}");
        let second = run(&principal, school).await;
        assert_eq!((second.new, second.fixed, second.open), (0, 0, first.open), "a finding is one row");

        let names = of(&principal, school, QualityRule::NameCase).await;
        assert_eq!(names.iter().map(|f| (f.title.as_str(), f.subject_id)).collect::<Vec<_>>(), [("LÊ VĂN AN", an.0)]);
        let name = &names[0];
        assert_eq!((name.owner, name.state, name.fixable), (Role::Clerk, QualityState::Open, true));
        assert!(name.due_on > clock::today());
        assert_eq!(of(&principal, school, QualityRule::ClassWithoutHomeroom).await[0].title, "6A1");

        let fix = format!("/quality/findings/{}/fix", name.id);
        let fixed: QualityFinding = principal.post_empty(&fix).await.ok();
        assert_eq!((fixed.state, fixed.settled_by.is_some()), (QualityState::Fixed, true));
        let learner: dto::learners::LearnerDetail = principal.get(&format!("/learners/{an}")).await.ok();
        assert_eq!(learner.learner.full_name, "Lê Văn An");
        principal.post_empty(&fix).await.problem(Code::FindingSettled);
        let steps: Page<QualityStep> = principal.get(&format!("/quality/findings/{}/steps", name.id)).await.ok();
        assert_eq!(steps.items.iter().map(|s| s.state).collect::<Vec<_>>(), [QualityState::Open, QualityState::Fixed]);
        // The year that the number says, on the day that the record says.
        let late = json!({
            "name": {"family": "Lê", "middle": "Văn", "given": "Bình"}, "birth_date": "2010-04-06", "sex": "male",
            "personal_id": "074209009517", "school_id": school.id, "status": "studying", "since": "2026-09-05",
        });
        let binh: Learner = app.at(Role::Clerk, school).await.post("/learners", &late).await.ok();
        let year = &of(&principal, school, QualityRule::PersonalIdYear).await[0];
        assert!(year.fixable);
        principal.post_empty(&format!("/quality/findings/{}/fix", year.id)).await.ok::<QualityFinding>();
        let learner: dto::learners::LearnerDetail = principal.get(&format!("/learners/{}", binh.id)).await.ok();
        assert_eq!(learner.learner.birth_date.to_string(), "2009-04-06");
        // Each asks for what is theirs to put right.
        let owned = findings(&principal, school, "&owner=deputy").await;
        assert!(owned.iter().any(|f| f.rule == QualityRule::ClassWithoutHomeroom) && owned.iter().all(|f| f.owner == Role::Deputy));
        assert!(findings(&principal, school, "&owner=nurse").await.is_empty());
        // What a person has to decide is not fixed by the program.
        let class_finding = &of(&principal, school, QualityRule::ClassWithoutHomeroom).await[0];
        principal.post_empty(&format!("/quality/findings/{}/fix", class_finding.id)).await.problem(Code::FindingNotFixable);
    }

    async fn a_rule_is_put_right_at_once_or_accepted_with_a_reason(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let class = app.class(school, "6A1", "6").await;
        for name in ["Lê Văn An", "Trần Thu Cúc", "Phạm Văn Bình"] {
            let learner = app.learner(&class, name).await;
            spoil(&app, learner, "given", "A\u{301}nh").await;
        }
        run(&clerk, school).await;
        assert_eq!(of(&clerk, school, QualityRule::NameSpelling).await.len(), 3);
        let done: QualityRun = clerk.post("/quality/fixes", &json!({"school_id": school.id, "rule": "name_spelling"})).await.ok();
        assert_eq!(done.fixed, 3);
        assert!(of(&clerk, school, QualityRule::NameSpelling).await.is_empty());
        clerk.post("/quality/fixes", &json!({"school_id": school.id, "rule": "personal_id_sex"})).await.problem(Code::FindingNotFixable);

        let empty = &of(&clerk, school, QualityRule::PersonalIdMissing).await[0];
        let accept = format!("/quality/findings/{}/accept", empty.id);
        clerk.post(&accept, &json!({"reason": ""})).await.status(422);
        let accepted: QualityFinding = clerk.post(&accept, &json!({"reason": "Đang chờ công an cấp số."})).await.ok();
        assert_eq!((accepted.state, accepted.reason.as_deref()), (QualityState::Accepted, Some("Đang chờ công an cấp số.")));
        // It stays accepted.
        run(&clerk, school).await;
        assert_eq!(findings(&clerk, school, "&state=accepted").await.len(), 1);
        assert_eq!(of(&clerk, school, QualityRule::PersonalIdMissing).await.len(), 2);
    }

    async fn what_is_written_is_looked_at_at_once(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let body = |sex: &str| json!({
            "name": {"family": "Lê", "middle": "Văn", "given": "An"}, "birth_date": "2009-04-06", "sex": sex, "personal_id": "074209009517",
            "school_id": school.id, "status": "studying", "since": "2026-09-05",
        });
        let made: Learner = clerk.post("/learners", &body("female")).await.ok();
        let found = of(&clerk, school, QualityRule::PersonalIdSex).await;
        assert_eq!(found.iter().map(|f| f.subject_id).collect::<Vec<_>>(), [made.id.0]);
        // The person corrects it: the finding is gone, and says by whom.
        let put = json!({"name": made.name, "birth_date": made.birth_date, "sex": "male", "personal_id": made.personal_id});
        clerk.put(&format!("/learners/{}", made.id), made.version, &put).await.ok::<Learner>();
        assert!(of(&clerk, school, QualityRule::PersonalIdSex).await.is_empty());
        let fixed = findings(&clerk, school, "&state=fixed&rule=personal_id_sex").await;
        assert!(fixed[0].settled_by.is_some());
    }

    async fn the_night_looks_at_every_school_once_and_the_province_sees_the_sum(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        app.learner(&class, "LÊ VĂN AN").await;
        let today = clock::today();
        assert_eq!(records::quality::look_at_all(&app.db, today).await.unwrap(), 2);
        // A server that was stopped and started goes on where it was.
        assert_eq!(records::quality::look_at_all(&app.db, today).await.unwrap(), 0);
        let principal = app.principal(&app.world.school_a).await;
        let school = overview(&principal, app.world.school_a.id).await;
        assert!(school.school && school.open > 0 && school.checked == 1 && school.checked_at.is_some());
        assert_eq!(school.trend.last().map(|d| (d.day, d.open)), Some((today, school.open)));
        let officer = app.officer(app.world.commune_a).await;
        let commune = overview(&officer, app.world.commune_a).await;
        assert_eq!((commune.open, commune.units[0].unit_id, commune.units[0].open), (school.open, app.world.school_a.id, school.open));
        let province = app.province_admin().await;
        let all = overview(&province, app.world.department).await;
        assert_eq!((all.checked, all.units.len(), all.units[0].unit_id), (2, 2, app.world.commune_a));
        assert!(all.rules.iter().any(|r| r.rule == QualityRule::NameCase && r.open == 1 && r.fixable));
        // An officer reads, and does not put right.
        officer.post("/quality/runs", &json!({"school_id": app.world.school_a.id})).await.problem(Code::Forbidden);
        officer.get(&format!("/quality/overview?unit_id={}", app.world.commune_b)).await.problem(Code::NotFound);
        // Past its day a finding is overdue.
        let mut update = Query::update();
        update.table("quality_finding").value("due_on", today - chrono::Days::new(3));
        app.db.migrator().execute(&update).await.unwrap();
        run(&principal, &app.world.school_a).await;
        let late = overview(&principal, app.world.school_a.id).await;
        // Who came since has new findings, which have time.
        assert!(late.overdue > 0 && late.overdue <= late.open, "{late:?}");
        assert!(!findings(&principal, &app.world.school_a, "&overdue=true").await.is_empty());
    }

    async fn another_school_finds_nothing_of_it(app: TestApp) {
        let (ours, theirs) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        app.class(&app.world.school_a, "6A1", "6").await;
        run(&ours, &app.world.school_a).await;
        let finding = &findings(&ours, &app.world.school_a, "").await[0];
        theirs.get(&format!("/quality/findings?school_id={}", app.world.school_a.id)).await.problem(Code::NotFound);
        theirs.get(&format!("/quality/findings/{}/steps", finding.id)).await.problem(Code::NotFound);
        theirs.post("/quality/runs", &json!({"school_id": app.world.school_a.id})).await.problem(Code::NotFound);
        theirs.post("/quality/fixes", &json!({"school_id": app.world.school_a.id, "rule": "name_case"})).await.problem(Code::NotFound);
        theirs.post_empty(&format!("/quality/findings/{}/fix", finding.id)).await.problem(Code::NotFound);
        theirs.post(&format!("/quality/findings/{}/accept", finding.id), &json!({"reason": "không sao"})).await.problem(Code::NotFound);
    }
}
