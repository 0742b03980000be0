//! Erasing takes two: who asks, who confirms or declines, within how many days; and the log of both.

use crate::harness::{Actor, Reply, School, TestApp, tells};
use crate::records::file_imports::{rows, undo};
use dto::access::{Permission, Role};
use dto::classes::Class;
use dto::consents::*;
use dto::file_imports::FileImport;
use dto::health::{ChildHealth, ClassHealth, HealthRound};
use dto::identity::Person;
use dto::imports::ImportState;
use dto::{Code, LearnerId, Page};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value, json};

/// A child of eleven with an allergy and a vaccination on the health file, and the guardian.
async fn home(app: &TestApp, school: &School) -> (LearnerId, Actor) {
    let class = app.class(school, "6A1", "6").await;
    let child = app.learner(&class, "Nguyễn Thị Ánh").await;
    let nurse = app.at(Role::Nurse, school).await;
    let condition = json!({"kind": "allergy", "detail": "Dị ứng tôm", "active": true});
    nurse.post(&format!("/learners/{child}/conditions"), &condition).await.status(201);
    let dose = json!({"vaccine": "BCG", "dose": 1, "source": "booklet"});
    nurse.post(&format!("/learners/{child}/vaccinations"), &dose).await.status(201);
    nurse.post(&format!("/learners/{child}/health/views"), &json!({"purpose": "care"})).await.status(200);
    (child, app.guardian(&[child]).await)
}

fn of(child: LearnerId) -> String {
    format!("/learners/{child}/erasures")
}

fn kinds(kinds: &[&str]) -> Value {
    json!({"kinds": kinds, "reason": "Gia đình yêu cầu, đã chuyển trường"})
}

fn on(id: dto::ErasureId, what: &str) -> String {
    format!("/erasures/{id}/{what}")
}

async fn still_there(guardian: &Actor, child: LearnerId) -> bool {
    let health: ChildHealth = guardian.get(&format!("/me/children/{child}/health")).await.ok();
    !health.opened.conditions.is_empty() && !health.file.vaccinations.is_empty()
}

both_engines! {
    async fn one_asks_another_confirms_and_the_log_stays_whole(app: TestApp) {
        let school = app.world.school_a.clone();
        let (child, guardian) = home(&app, &school).await;
        let (principal, deputy) = (app.principal(&school).await, app.at(Role::Deputy, &school).await);
        principal.post(&of(child), &kinds(&["lifelong"])).await.problem(Code::RetentionHolds);
        principal.post(&of(child), &kinds(&["nothing"])).await.field("/kinds/0", Code::FieldChoice);
        principal.post(&of(child), &kinds(&["health", "health"])).await.field("/kinds/1", Code::FieldChoice);
        let seen: ErasurePreview = principal.get(&of(child)).await.ok();
        let kept = |kind: &str| seen.kinds.iter().find(|k| k.rule.kind == kind).map(|k| (k.rule.erasable, k.rows)).unwrap();
        assert_eq!((kept("health"), kept("looks")), ((true, 2), (false, 1)));
        assert!(!kept("lifelong").0 && kept("lifelong").1 > 0);
        assert_eq!((seen.waiting, seen.policy.confirm_days, seen.policy.from_above), (None, 14, false));
        let before = app.audit(Some(school.id)).await;
        assert_eq!((seen.log.entries as usize, seen.log.broken_at, &seen.log.hash), (before.len(), None, &before.last().unwrap().hash));

        let asked: ErasureRequest = principal.post(&of(child), &kinds(&["health", "contact"])).await.status(201).ok();
        assert_eq!((asked.state, asked.mine, asked.until_on), (ErasureState::Asked, true, kernel::clock::today() + chrono::Days::new(14)));
        let rows = |one: &ErasureRequest| one.kinds.iter().map(|k| (k.kind.clone(), k.rows)).collect::<Vec<_>>();
        assert_eq!(rows(&asked), [("health".to_owned(), 2), ("contact".to_owned(), 0)]);
        assert!(still_there(&guardian, child).await, "asking erases nothing");
        // Not by who asked, not twice at once; and the waiting one is shown.
        principal.post_empty(&on(asked.id, "confirmation")).await.problem(Code::ErasureOwn);
        principal.post(&of(child), &kinds(&["work"])).await.problem(Code::ErasureWaiting);
        let seen: ErasurePreview = deputy.get(&of(child)).await.ok();
        assert_eq!(seen.waiting.map(|one| (one.id, one.mine)), Some((asked.id, false)));
        // Nor with a second account of the same person.
        let twin = app.actor(principal.person, &[(Role::Principal, Some(school.id))]).await;
        twin.post_empty(&on(asked.id, "confirmation")).await.problem(Code::ErasureOwn);
        assert!(still_there(&guardian, child).await);

        let gone: Erasure = deputy.post_empty(&on(asked.id, "confirmation")).await.ok();
        assert_eq!((gone.request.state, rows(&gone.request)), (ErasureState::Confirmed, rows(&asked)));
        assert!(gone.request.decided_by.is_some());
        let health: ChildHealth = guardian.get(&format!("/me/children/{child}/health")).await.ok();
        assert!(health.opened.conditions.is_empty() && health.file.vaccinations.is_empty());
        assert_eq!(health.file.views.len(), 1, "who looked stays");
        deputy.post_empty(&on(asked.id, "confirmation")).await.problem(Code::ErasureDecided);
        deputy.post(&on(asked.id, "decline"), &json!({"reason": "muộn"})).await.problem(Code::ErasureDecided);
        // Every entry of before is there as it was; then who asked, and who confirmed.
        let after = app.audit(Some(school.id)).await;
        assert_eq!(after[..before.len()], before[..]);
        let two: Vec<_> = after[before.len()..].iter().map(|e| (e.verb.as_str(), e.account_id)).collect();
        let account = |actor: &Actor| actor.account.map(|id| id.0);
        assert_eq!(two, [("learner.erasure_asked", account(&principal)), ("learner.data_erased", account(&deputy))]);
        assert_eq!(kernel::db::verify_chain(&after), None);
        assert_eq!((gone.log.entries as usize, gone.log.broken_at, &gone.log.hash), (after.len(), None, &after.last().unwrap().hash));
        assert!(!format!("{:?}", &after[before.len()..]).contains("tôm"));
        let done: Page<ErasureRequest> = deputy.get(&format!("/erasures?school_id={}&state=confirmed", school.id)).await.ok();
        assert_eq!(done.items, [gone.request]);
    }

    async fn what_imports_kept_of_a_health_file_goes_too(app: TestApp) {
        let school = app.world.school_a.clone();
        let (class, elsewhere) = (app.class(&school, "6A1", "6").await, app.class(&school, "6A2", "6").await);
        let (child, mate) = (app.learner(&class, "Nguyễn Thị Ánh").await, app.learner(&class, "Trần Văn Bình").await);
        app.learner(&elsewhere, "Lê Minh Châu").await;
        let nurse = app.at(Role::Nurse, &school).await;
        let round = json!({"name": "Khám đầu năm", "kind": "start_of_year", "held_on": "2026-10-05"});
        let round: HealthRound = nurse.post(&format!("/schools/{}/health-rounds", school.id), &round).await.ok();
        let bring = async |class: &Class, file: &str| -> FileImport {
            let at = format!("/file-imports?kind=health_checks&school_id={}&class_id={}", school.id, class.id);
            nurse.upload(&at, file.to_owned().into()).await.ok()
        };
        let file = "Họ và tên,Cân nặng (kg),Mạch\nNguyễn Thị Ánh,\"36,7\",83\nTrần Văn Bình,\"41,9\",79\n";
        let applied = bring(&class, file).await;
        nurse.post(&format!("/file-imports/{}/apply", applied.id), &json!({"skip_faulty": false})).await.status(200);
        let waiting = bring(&class, "Họ và tên,Mạch\nNguyễn Thị Ánh,88\n").await;
        let other = bring(&elsewhere, "Họ và tên,Mạch\nLê Minh Châu,88\n").await;

        let (principal, deputy) = (app.principal(&school).await, app.at(Role::Deputy, &school).await);
        let seen: ErasurePreview = principal.get(&of(child)).await.ok();
        let files: Vec<_> = seen.kinds.iter().filter(|k| k.import_files > 0).map(|k| (k.rule.kind.as_str(), k.import_files)).collect();
        assert_eq!(files, [("health", 2)]);
        let asked: ErasureRequest = principal.post(&of(child), &kinds(&["health"])).await.ok();
        deputy.post_empty(&on(asked.id, "confirmation")).await.status(200);

        // What was applied is still known, with its counts; the file and its rows are gone. What waited cannot be applied any more.
        let stands: FileImport = nurse.get(&format!("/file-imports/{}", applied.id)).await.ok();
        assert_eq!((stands.state, stands.summary.changed), (ImportState::Applied, 2));
        assert!(rows(&nurse, &applied).await.is_empty());
        nurse.get(&format!("/file-imports/{}/marked-file", applied.id)).await.problem(Code::NotFound);
        nurse.get(&format!("/file-imports/{}", waiting.id)).await.problem(Code::NotFound);
        assert_eq!(rows(&nurse, &other).await.len(), 1, "of a class in which the child never was");
        // What it wrote of the others can still be undone; of the child nothing comes back.
        undo(&nurse, &applied).await;
        let sheet: ClassHealth = nurse.get(&format!("/health-rounds/{}/classes/{}", round.id, class.id)).await.ok();
        let of_child = |id: LearnerId| sheet.rows.iter().find(|row| row.learner_id == id).unwrap();
        assert_eq!((of_child(mate).findings.pulse, of_child(child).findings.pulse), (None, None));
        assert!(of_child(child).growth.is_none());
        // The log says what went, and never held a value of it.
        let log = app.audit(Some(school.id)).await;
        assert_eq!(kernel::db::verify_chain(&log), None);
        let erased = log.iter().find(|e| e.verb == "learner.data_erased").unwrap();
        assert!(format!("{:?}", erased.after).contains("import_files"), "{erased:?}");
        for entry in log {
            let text = format!("{:?}{:?}", entry.before, entry.after);
            assert!(!tells(&text, "36700") && !text.contains("36,7"), "{} {text}", entry.verb);
        }
        // And no other table of imports has them.
        for (table, column) in [("file_import_row", "cells"), ("file_import_row", "view"), ("import_change", "after")] {
            let mut query = Query::select();
            query.column(column).from(table);
            for row in app.db.read().query_all(&query).await.unwrap() {
                let text: Option<String> = row.try_get_by_index(0).unwrap();
                let text = text.unwrap_or_default();
                assert!(!tells(&text, "36700") && !text.contains("36,7"), "{table}.{column} {text}");
            }
        }
    }

    async fn declined_taken_back_or_too_late_nothing_goes(app: TestApp) {
        let school = app.world.school_a.clone();
        let (child, guardian) = home(&app, &school).await;
        let (principal, deputy) = (app.principal(&school).await, app.at(Role::Deputy, &school).await);
        let ask = async || principal.post(&of(child), &kinds(&["health"])).await.ok::<ErasureRequest>();
        let first = ask().await;
        deputy.post(&on(first.id, "decline"), &json!({"reason": "  "})).await.field("/reason", Code::FieldLength);
        let no: ErasureRequest = deputy.post(&on(first.id, "decline"), &json!({"reason": "Em vẫn đang học"})).await.ok();
        assert_eq!((no.state, no.note.as_deref()), (ErasureState::Declined, Some("Em vẫn đang học")));
        deputy.post_empty(&on(first.id, "confirmation")).await.problem(Code::ErasureDecided);
        // Who asked may take it back.
        let second = ask().await;
        principal.post(&on(second.id, "decline"), &json!({"reason": "Nhầm em"})).await.status(200);
        // A day too late it has lapsed, and can be asked anew.
        let third = ask().await;
        let mut update = Query::update();
        update.table("erasure").value("until_on", kernel::clock::today() - chrono::Days::new(1)).and_where(Expr::col("id").eq(third.id.0));
        app.db.migrator().execute(&update).await.unwrap();
        deputy.post_empty(&on(third.id, "confirmation")).await.problem(Code::ErasureExpired);
        deputy.post(&on(third.id, "decline"), &json!({"reason": "muộn"})).await.problem(Code::ErasureExpired);
        let lapsed: Page<ErasureRequest> = deputy.get("/erasures?state=expired").await.ok();
        assert_eq!(lapsed.items.iter().map(|one| (one.id, one.state)).collect::<Vec<_>>(), [(third.id, ErasureState::Expired)]);
        let open: Page<ErasureRequest> = deputy.get("/erasures?state=asked").await.ok();
        assert!(open.items.is_empty());
        let fourth = ask().await;
        // Newest first, page by page.
        let page: Page<ErasureRequest> = deputy.get("/erasures?limit=3").await.ok();
        assert_eq!(page.items.iter().map(|one| one.id).collect::<Vec<_>>(), [fourth.id, third.id, second.id]);
        let rest: Page<ErasureRequest> = deputy.get(&format!("/erasures?after={}", page.next.unwrap())).await.ok();
        assert_eq!(rest.items.iter().map(|one| one.id).collect::<Vec<_>>(), [first.id]);
        assert!(still_there(&guardian, child).await);
    }

    async fn a_tiny_school_lets_the_commune_confirm(app: TestApp) {
        let school = app.world.school_a.clone();
        let (child, guardian) = home(&app, &school).await;
        let (principal, officer) = (app.principal(&school).await, app.officer(app.world.commune_a).await);
        let asked: ErasureRequest = principal.post(&of(child), &kinds(&["health"])).await.ok();
        // As long as the school does not say so, it is the school's own matter.
        officer.post_empty(&on(asked.id, "confirmation")).await.problem(Code::NotFound);
        assert!(officer.get("/erasures").await.ok::<Page<ErasureRequest>>().items.is_empty());
        let policy = format!("/schools/{}/erasure-policy", school.id);
        let usual: ErasurePolicy = principal.get(&policy).await.ok();
        assert_eq!(usual, ErasurePolicy { confirm_days: 14, from_above: false, version: 0 });
        principal.put(&policy, 0, &json!({"confirm_days": 0, "from_above": true})).await.field("/confirm_days", Code::FieldRange);
        let set: ErasurePolicy = principal.put(&policy, 0, &json!({"confirm_days": 30, "from_above": true})).await.ok();
        assert_eq!(set, ErasurePolicy { confirm_days: 30, from_above: true, version: 1 });
        principal.put(&policy, 0, &json!({"confirm_days": 3, "from_above": true})).await.problem(Code::VersionConflict);
        // Another commune's officer never; the own one and the province do.
        app.officer(app.world.commune_b).await.post_empty(&on(asked.id, "confirmation")).await.problem(Code::NotFound);
        let listed: Page<ErasureRequest> = app.province_admin().await.get("/erasures?state=asked").await.ok();
        assert_eq!(listed.items.iter().map(|one| (one.id, one.mine)).collect::<Vec<_>>(), [(asked.id, false)]);
        officer.post_empty(&on(asked.id, "confirmation")).await.status(200);
        assert!(!still_there(&guardian, child).await);
    }

    async fn nobody_decides_at_another_school(app: TestApp) {
        let school = app.world.school_a.clone();
        let (child, _) = home(&app, &school).await;
        let asked: ErasureRequest = app.principal(&school).await.post(&of(child), &kinds(&["health"])).await.ok();
        let (other_child, guardian) = home(&app, &app.world.school_b).await;
        let staff = app.staff(app.world.school_b.id, "Ngô Văn Khác").await;
        let mut actors = vec![
            (Role::UnitOfficer, app.officer(app.world.commune_b).await),
            (Role::Guardian, guardian),
            (Role::Learner, app.learner_account(other_child).await),
        ];
        for role in Role::ALL.iter().filter(|r| !matches!(r, Role::UnitOfficer | Role::Guardian | Role::Learner)) {
            actors.push((*role, app.actor(Some(Person::Staff(staff)), &[(*role, Some(app.world.school_b.id))]).await));
        }
        assert_eq!(actors.len(), Role::ALL.len());
        for (role, actor) in actors {
            for (what, permission, reply) in tried(&actor, &school, asked.id).await {
                let expected = if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {what}: {}", reply.text());
            }
            if role.permissions().contains(&Permission::ErasureConfirm) {
                assert!(actor.get("/erasures").await.ok::<Page<ErasureRequest>>().items.is_empty(), "{role}");
            }
        }
    }
}

async fn tried(actor: &Actor, school: &School, id: dto::ErasureId) -> Vec<(&'static str, Permission, Reply)> {
    use Permission::*;
    let policy = format!("/schools/{}/erasure-policy", school.id);
    vec![
        ("confirm", ErasureConfirm, actor.post_empty(&on(id, "confirmation")).await),
        ("decline", ErasureConfirm, actor.post(&on(id, "decline"), &json!({"reason": "x"})).await),
        ("policy", ErasureWrite, actor.get(&policy).await),
        ("put policy", ErasureWrite, actor.put(&policy, 0, &json!({"confirm_days": 3, "from_above": false})).await),
    ]
}
