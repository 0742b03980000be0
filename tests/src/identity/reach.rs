//! Each role that reads accounts, against accounts of another school: there is no such account.

use super::{people, teacher};
use crate::harness::TestApp;
use dto::access::Role;
use dto::identity::Account;
use dto::{Code, Page};
use serde_json::json;

both_engines! {
    async fn an_account_of_another_school_is_not_there(app: TestApp) {
        let theirs = teacher(&app, "hoa", &app.world.school_b).await;
        let path = format!("/accounts/{theirs}");
        let grant = grant_of(&app, theirs).await;
        let a = &app.world.school_a;
        for role in [Role::Principal, Role::Clerk, Role::Deputy, Role::UnitOfficer] {
            let actor = if role == Role::UnitOfficer { app.officer(app.world.commune_a).await } else { app.at(role, a).await };
            actor.get(&path).await.problem(Code::NotFound);
            assert!(actor.get("/accounts").await.ok::<Page<Account>>().items.iter().all(|x| x.id != theirs), "{role}");
            let within = format!("/accounts?unit_id={}", app.world.school_b.id);
            assert!(actor.get(&within).await.ok::<Page<Account>>().items.is_empty(), "{role}");
            if role != Role::Deputy {
                actor.put(&path, 1, &json!({"full_name": "Khác", "disabled": true})).await.problem(Code::NotFound);
                actor.post_empty(&format!("{path}/one-time-codes")).await.problem(Code::NotFound);
                actor.post(&format!("{path}/roles"), &json!({"role": "nurse", "unit_id": a.id})).await.problem(Code::NotFound);
                actor.delete(&format!("{path}/roles/{grant}")).await.problem(Code::NotFound);
            }
        }
        for actor in [app.principal(&app.world.school_b).await, app.officer(app.world.commune_b).await, app.province_admin().await] {
            actor.get(&path).await.status(200);
        }
    }

    async fn a_teacher_in_two_schools_is_seen_by_both(app: TestApp) {
        let (a, b) = (app.world.school_a.id, app.world.school_b.id);
        let account = people(&app, &[("hoa", &[(Role::SubjectTeacher, a), (Role::SubjectTeacher, b)])]).await[0];
        for school in [&app.world.school_a, &app.world.school_b] {
            app.principal(school).await.get(&format!("/accounts/{account}")).await.status(200);
        }
        // But each takes back only what it gave.
        let principal = app.principal(&app.world.school_a).await;
        let roles = principal.get(&format!("/accounts/{account}")).await.ok::<Account>().roles;
        let of_b = roles.iter().find(|r| r.unit_id == Some(b)).unwrap().id;
        principal.delete(&format!("/accounts/{account}/roles/{of_b}")).await.problem(Code::RoleNotGrantable);
    }

    async fn those_who_manage_nobody_read_no_accounts(app: TestApp) {
        for role in [Role::HomeroomTeacher, Role::SubjectTeacher, Role::Nurse, Role::Accountant] {
            app.at(role, &app.world.school_a).await.get("/accounts").await.problem(Code::Forbidden);
        }
    }
}

/// The first grant of an account.
pub async fn grant_of(app: &TestApp, account: dto::AccountId) -> dto::RoleGrantId {
    app.province_admin().await.get(&format!("/accounts/{account}")).await.ok::<Account>().roles[0].id
}
