//! Who may give and take which role.

use super::{PASSWORD, people, sign_in, signed_in, teacher, writes};
use dto::Code;
use dto::access::Role;
use dto::identity::{Account, RoleGrant};
use serde_json::json;

both_engines! {
    async fn nobody_gives_a_role_of_their_rank_or_beyond_their_units(app: TestApp) {
        let (a, b, commune, department) = (app.world.school_a.id, app.world.school_b.id, app.world.commune_a, app.world.department);
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let path = format!("/accounts/{account}/roles");
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let principal = app.principal(&app.world.school_a).await;
        let officer = app.officer(commune).await;
        let province = app.province_admin().await;
        let ways: [(&crate::harness::Actor, &str, dto::UnitId, bool); 16] = [
            (&clerk, "homeroom_teacher", a, true),
            (&clerk, "clerk", a, false),
            (&clerk, "deputy", a, false),
            (&clerk, "principal", a, false),
            (&clerk, "nurse", b, false),
            (&principal, "deputy", a, true),
            (&principal, "principal", a, false),
            (&principal, "deputy", b, false),
            (&principal, "unit_officer", commune, false),
            (&officer, "principal", a, true),
            (&officer, "principal", b, false),
            (&officer, "unit_officer", commune, false),
            // Of a school, not of the commune with all its schools.
            (&officer, "principal", commune, false),
            (&province, "unit_officer", app.world.commune_b, true),
            (&province, "province_admin", department, true),
            (&province, "province_admin", a, false),
        ];
        for (index, (actor, role, unit, allowed)) in ways.into_iter().enumerate() {
            let reply = actor.post(&path, &json!({"role": role, "unit_id": unit})).await;
            if allowed { reply.status(201); } else { reply.status(403).problem(Code::RoleNotGrantable); }
            // Taken back by the one above all, so that each way is looked at for itself.
            if allowed {
                let given = province.get(&format!("/accounts/{account}")).await.ok::<Account>().roles;
                assert_eq!(given.len(), 2, "{index}");
                province.delete(&format!("{path}/{}", given[1].id)).await.done();
            }
        }
        let nowhere = uuid::Uuid::now_v7();
        principal.post(&path, &json!({"role": "nurse", "unit_id": nowhere})).await.problem(Code::RoleNotGrantable);
        province.post(&path, &json!({"role": "nurse", "unit_id": nowhere})).await.problem(Code::RoleNotGrantable);
        clerk.post(&path, &json!({"role": "subject_teacher", "unit_id": a})).await.problem(Code::RoleAlreadyGranted);
        let far = json!({"role": "nurse", "unit_id": a, "valid_from": "0001-01-01", "valid_to": "9999-12-31"});
        clerk.post(&path, &far).await.field("/valid_from", Code::FieldRange);
        principal.post(&path, &json!({"role": "king", "unit_id": a})).await.field("/role", Code::FieldChoice);
    }

    async fn a_role_taken_back_is_gone_at_once(app: TestApp) {
        let a = app.world.school_a.id;
        let account = people(&app, &[("hoa", &[(Role::SubjectTeacher, a), (Role::Nurse, a)])]).await[0];
        let (actor, _) = signed_in(&app, "hoa").await;
        let principal = app.principal(&app.world.school_a).await;
        let path = format!("/accounts/{account}");
        let roles = principal.get(&path).await.ok::<Account>().roles;
        let teacher = roles.iter().find(|r| r.role == Role::SubjectTeacher).unwrap().id;
        principal.delete(&format!("{path}/roles/{teacher}")).await.done();
        writes(&actor).await.problem(Code::TokenExpired);
        let (actor, _) = signed_in(&app, "hoa").await;
        assert_eq!(actor.get("/me").await.ok::<dto::identity::Me>().roles.iter().map(|r| r.role).collect::<Vec<_>>(), [Role::Nurse]);
        principal.delete(&format!("{path}/roles/{teacher}")).await.problem(Code::NotFound);
        // Without any role the account stays with its school, so that it can be taken up again.
        principal.delete(&format!("{path}/roles/{}", roles.iter().find(|r| r.role == Role::Nurse).unwrap().id)).await.done();
        assert!(principal.get(&path).await.ok::<Account>().roles.is_empty());
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.status(201);
        principal.post(&format!("{path}/roles"), &json!({"role": "accountant", "unit_id": a})).await.ok::<RoleGrant>();
    }

    async fn nobody_takes_over_an_account_of_their_rank_or_above(app: TestApp) {
        let (a, b) = (app.world.school_a.id, app.world.school_b.id);
        let made = people(&app, &[
            ("pho", &[(Role::Deputy, a)]),
            ("hai.noi", &[(Role::SubjectTeacher, a), (Role::Principal, b)]),
            ("giao.vien", &[(Role::SubjectTeacher, a), (Role::SubjectTeacher, b)]),
        ]).await;
        let clerk = app.at(Role::Clerk, &app.world.school_a).await;
        let principal = app.principal(&app.world.school_a).await;
        let code = |account: dto::AccountId| format!("/accounts/{account}/one-time-codes");
        let put = json!({"full_name": "Khác", "disabled": true});
        for (actor, account, allowed) in [(&clerk, made[0], false), (&principal, made[0], true), (&clerk, made[1], false), (&principal, made[1], false), (&clerk, made[2], true)] {
            // All of them are seen.
            actor.get(&format!("/accounts/{account}")).await.status(200);
            let reply = actor.post_empty(&code(account)).await;
            if allowed { reply.status(201); } else { reply.problem(Code::RoleNotGrantable); }
            if !allowed {
                actor.put(&format!("/accounts/{account}"), 1, &put).await.problem(Code::RoleNotGrantable);
            }
        }
        // A clerk here who is principal elsewhere has the rank of a principal there alone.
        let both = app.actor(None, &[(Role::Clerk, Some(a)), (Role::Principal, Some(b))]).await;
        both.post_empty(&code(made[0])).await.problem(Code::RoleNotGrantable);
        // Nor does anybody shut themselves out.
        let own = principal.account.unwrap();
        principal.put(&format!("/accounts/{own}"), 1, &put).await.problem(Code::RoleNotGrantable);
        let province = app.province_admin().await;
        province.put(&format!("/accounts/{}", province.account.unwrap()), 1, &put).await.problem(Code::RoleNotGrantable);
    }

    async fn a_role_counts_from_its_first_day_and_not_on_its_last(app: TestApp) {
        let a = app.world.school_a.id;
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let principal = app.principal(&app.world.school_a).await;
        let path = format!("/accounts/{account}/roles");
        let today = kernel::clock::today();
        let days = chrono::Duration::days;
        for (role, from, to) in [("nurse", today + days(2), None), ("accountant", today - days(9), Some(today)), ("clerk", today, Some(today + days(2)))] {
            principal.post(&path, &json!({"role": role, "unit_id": a, "valid_from": from, "valid_to": to})).await.status(201);
        }
        let (actor, _) = signed_in(&app, "hoa").await;
        let roles: Vec<Role> = actor.get("/me").await.ok::<dto::identity::Me>().roles.iter().map(|r| r.role).collect();
        assert_eq!(roles, [Role::SubjectTeacher, Role::Clerk]);
    }
}
