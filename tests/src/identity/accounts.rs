//! Accounts as their administrators see them.

use super::{people, teacher};
use crate::harness::Actor;
use dto::access::Role;
use dto::identity::{Account, AccountCreated};
use dto::{Code, Page};
use serde_json::json;

async fn names(actor: &Actor, query: &str) -> Vec<String> {
    actor
        .get(&format!("/accounts{query}"))
        .await
        .ok::<Page<Account>>()
        .items
        .into_iter()
        .map(|a| a.username)
        .filter(|n| n.len() < 20)
        .collect()
}

both_engines! {
    async fn they_are_listed_by_name_page_by_page(app: TestApp) {
        let a = app.world.school_a.id;
        let teacher: &[_] = &[(Role::SubjectTeacher, a)];
        people(&app, &[("minh", teacher), ("hoa", teacher), ("an_1", teacher), ("lan", &[(Role::Nurse, app.world.school_b.id)])]).await;
        let principal = app.principal(&app.world.school_a).await;
        assert_eq!(names(&principal, "").await, ["an_1", "hoa", "minh"]);

        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page: Page<Account> = principal.get(&format!("/accounts?limit=1{after}")).await.ok();
            assert!(page.items.len() == 1);
            seen.extend(page.items.into_iter().map(|a| a.username));
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert!(seen.is_sorted() && seen.len() == 4, "{seen:?}");
        // The second one is "\0" as a cursor holds it.
        for cursor in ["x", "Ilx1MDAwMCI"] {
            principal.get(&format!("/accounts?after={cursor}")).await.problem(Code::BadCursor);
        }
        principal.get("/accounts?limit=0").await.problem(Code::Invalid);
    }

    async fn they_are_found_without_marks(app: TestApp) {
        let a = app.world.school_a.id;
        people(&app, &[("hoa_1", &[(Role::SubjectTeacher, a)]), ("minh", &[(Role::SubjectTeacher, a)])]).await;
        let principal = app.principal(&app.world.school_a).await;
        for (q, expected) in [("nguyen%20thi%20hoa", vec!["hoa_1", "minh"]), ("HOA_", vec!["hoa_1"]), ("%25", vec![]), ("a%27b", vec![]), ("zzz", vec![])] {
            assert_eq!(names(&principal, &format!("?q={q}")).await, expected, "{q}");
        }
        let province = app.province_admin().await;
        assert_eq!(names(&province, &format!("?unit_id={}", app.world.commune_a)).await, ["hoa_1", "minh"]);
        assert!(names(&province, &format!("?unit_id={}", app.world.school_b.id)).await.is_empty());
    }

    async fn one_is_changed_at_its_version(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let principal = app.principal(&app.world.school_a).await;
        let path = format!("/accounts/{account}");
        let reply = principal.get(&path).await;
        assert!(reply.header("etag").unwrap().starts_with("\"1-"));
        let body = json!({"full_name": " Nguyễn Thị  Ánh ", "disabled": false});
        let after: Account = principal.put(&path, 1, &body).await.ok();
        assert_eq!((after.full_name.as_str(), after.version), ("Nguyễn Thị Ánh", 2));
        assert_eq!(principal.get(&path).await.ok::<Account>().full_name, "Nguyễn Thị Ánh");
        assert_eq!(names(&principal, "?q=thi%20anh").await, ["hoa"]);
        // The accounts of one person.
        let of = |person: uuid::Uuid| format!("?person_id={person}");
        assert!(names(&principal, &of(uuid::Uuid::now_v7())).await.is_empty());
        principal.put(&path, 1, &body).await.problem(Code::VersionConflict);
        principal.put_bare(&path, &body).await.problem(Code::PreconditionRequired);
        principal.put(&path, 2, &json!({"full_name": "\u{200b} ", "disabled": false})).await.field("/full_name", Code::FieldRequired);
    }

    async fn a_new_one_is_checked(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let a = &app.world.school_a;
        let principal = app.principal(a).await;
        let staff = app.staff(a.id, "Nguyễn Văn Mới").await;
        let elsewhere = app.staff(app.world.school_b.id, "Trần Văn Lạ").await;
        let person = json!({"kind": "staff", "id": staff});
        let teacher = json!([{"role": "subject_teacher", "unit_id": a.id}]);
        let post = async |username: &str, person: &serde_json::Value, roles: &serde_json::Value| {
            principal.post("/accounts", &json!({"username": username, "full_name": "Nguyễn Văn Mới", "person": person, "roles": roles})).await
        };
        post("hoa", &person, &teacher).await.problem(Code::UsernameTaken);
        post("HOA", &person, &teacher).await.problem(Code::UsernameTaken);
        for name in ["có dấu", "a b c", "x@y.vn", "a\u{0}bc"] {
            post(name, &person, &teacher).await.field("/username", Code::FieldFormat);
        }
        post("ab", &person, &teacher).await.field("/username", Code::FieldLength);
        post("moi", &person, &json!([])).await.field("/roles", Code::FieldLength);
        post("moi", &json!({"kind": "robot", "id": staff}), &teacher).await.problem(Code::Invalid);
        // A person whom only another school knows: an account would open what they reach there.
        post("moi", &json!({"kind": "staff", "id": elsewhere}), &teacher).await.field("/person", Code::NotFound);
        // Roles that reach persons need one of the kind.
        post("moi", &json!(null), &teacher).await.field("/roles/0/role", Code::FieldChoice);
        post("moi", &person, &json!([{"role": "guardian"}])).await.field("/roles/0/role", Code::FieldChoice);
        post("moi", &person, &json!([{"role": "clerk"}])).await.field("/roles/0/unit_id", Code::FieldRequired);
        let backwards = json!([{"role": "clerk", "unit_id": a.id, "valid_from": "2026-09-05", "valid_to": "2026-09-05"}]);
        post("moi", &person, &backwards).await.field("/roles/0/valid_to", Code::DatesReversed);
        assert_eq!(names(&principal, "").await, ["hoa"]);
        post("moi", &person, &teacher).await.status(201);
    }

    async fn guardians_and_learners_belong_to_the_school_that_knows_them(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let learner = app.learner(&class, "Nguyễn Thị Ánh").await;
        let guardian = app.guardian_of(&[learner]).await;
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let other = app.at(Role::Clerk, &app.world.school_b).await;
        let body = |username: &str, kind: &str, id: uuid::Uuid| json!({"username": username, "full_name": "Lý Thị Hoa", "person": {"kind": kind, "id": id}, "roles": [{"role": kind}]});
        other.post("/accounts", &body("ly.hoa", "guardian", guardian.0)).await.field("/person", Code::NotFound);
        other.post("/accounts", &body("anh", "learner", learner.0)).await.field("/person", Code::NotFound);
        // The clerk has one school, so it need not be named.
        let created: AccountCreated = clerk.post("/accounts", &body("ly.hoa", "guardian", guardian.0)).await.status(201).ok();
        assert_eq!(created.account.roles[0].unit_id, Some(app.world.school_a.id));
        clerk.post("/accounts", &body("anh", "learner", learner.0)).await.status(201);
        let path = format!("/accounts/{}", created.account.id);
        clerk.get(&path).await.status(200);
        other.get(&path).await.problem(Code::NotFound);
        assert_eq!(names(&clerk, "").await, ["anh", "ly.hoa"]);
    }
}
