//! Authorization, for every operation of the document: without a token 401; with every permission but the documented one 403;
//! with only that one, neither.

use crate::harness::{TestApp, World};
use api::docs::Operation;
use dto::access::{Permission, Role};
use dto::identity::Person;
use kernel::ctx::RoleOn;
use reqwest::Method;

/// The path with something in each place; what is not there answers 404, which is behind both gates.
fn fill(path: &str) -> String {
    let mut filled = path.trim_start_matches("/api/v1").to_owned();
    for (name, value) in [
        ("{term}", "1"),
        ("{period}", "1"),
        ("{slot}", "r1"),
        ("{subject_code}", "TOAN"),
        ("{seq}", "1"),
        ("{version}", "2025-07-01"),
        ("{admin_kind}", "commune"),
        ("{day}", "2026-10-05"),
    ] {
        filled = filled.replace(name, value);
    }
    while let Some(start) = filled.find('{') {
        let end = start + filled[start..].find('}').expect("a closing brace");
        filled.replace_range(start..=end, "01997d3e-0000-7000-8000-000000000000");
    }
    filled
}

async fn everyone(app: &TestApp, only: Vec<Permission>) -> crate::harness::Actor {
    let world: &World = &app.world;
    let staff = app.staff(world.department, "Trần Thị Mọi").await;
    let roles: Vec<_> = Role::ALL.iter().map(|role| (*role, Some(world.department))).collect();
    let (account, session) = app.account(Some(Person::Staff(staff)), &roles).await;
    let on = roles.iter().map(|(role, unit)| RoleOn { role: *role, unit: *unit }).collect();
    app.token_of(account, session, Some(Person::Staff(staff)), on, Some(only))
}

async fn call(actor: &crate::harness::Actor, operation: &Operation) -> u16 {
    let method: Method = operation.method.parse().expect("a method");
    // A stream has no end that could be waited for.
    if operation.path.ends_with("/events") {
        return actor.request(method, &fill(&operation.path)).send().await.expect("an answer").status().as_u16();
    }
    // No body: whoever may come this far is told so with a 4xx that is neither 401 nor 403.
    actor.send(actor.request(method, &fill(&operation.path))).await.status.as_u16()
}

both_engines! {
    async fn each_operation_needs_exactly_its_permission(app: TestApp) {
        let operations = api::docs::operations(&api::docs::document());
        let anonymous = app.anonymous();
        for permission in Permission::ALL {
            let only = everyone(&app, vec![*permission]).await;
            let others = everyone(&app, Permission::ALL.iter().copied().filter(|p| p != permission).collect()).await;
            let mine: Vec<_> = operations.iter().filter(|o| o.permission.as_deref() == Some(permission.as_str())).collect();
            assert!(!mine.is_empty(), "no operation needs {permission}");
            for operation in mine {
                // Ending one's own session would end the test's.
                let name = format!("{} {}", operation.method, operation.path);
                assert_eq!(call(&anonymous, operation).await, 401, "{name} without a token");
                assert_eq!(call(&others, operation).await, 403, "{name} with every permission but {permission}");
                if name == "DELETE /api/v1/sessions/current" {
                    continue;
                }
                let status = call(&only, operation).await;
                assert!(![401, 403].contains(&status) && status < 500, "{name} with only {permission}: {status}");
            }
        }
    }

    async fn a_token_that_is_not_ours_is_none(app: TestApp) {
        for token in ["", "x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."] {
            app.anonymous().with_token(token).get("/me").await.status(401);
        }
    }
}
