//! Wrong passwords are slow, and slow for nobody else.

use super::{PASSWORD, cookie, people, post_with_cookie, sign_in, signed_in, teacher};
use crate::harness::{Actor, Reply, TestApp};
use api::AppState;
use dto::Code;
use dto::access::Role;
use kernel::config::Config;
use reqwest::Method;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use serde_json::json;
use std::net::TcpListener;

const WRONG: &str = "con mèo trắng";

/// A second server over the same database, behind a proxy whose word on addresses is taken. So it also stands for a restart.
fn behind_proxy(app: &TestApp) -> Actor {
    let mut config = Config::load(None).unwrap();
    config.server.workers = 1;
    config.server.trusted_proxies = vec!["127.0.0.1".into()];
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(api::server::build(AppState::new(app.db.clone(), app.keys.clone(), config), listener).unwrap());
    app.anonymous().of(&base)
}

async fn from(proxy: &Actor, address: &str, username: &str, password: &str) -> Reply {
    let body = json!({"username": username, "password": password});
    proxy.send(proxy.request(Method::POST, "/sessions").header("x-forwarded-for", address).json(&body)).await
}

/// Sends so many wrong passwords that the next try waits.
async fn spend(actor: &Actor, username: &str) {
    for _ in 0..5 {
        sign_in(actor, username, WRONG).await.problem(Code::BadCredentials);
    }
}

/// Makes all failures this much older.
async fn age(app: &TestApp, seconds: i64) {
    let mut query = Query::update();
    query.table("sign_in_failure").value("last_at", kernel::clock::now() - chrono::Duration::seconds(seconds));
    app.db.migrator().execute(&query).await.unwrap();
}

both_engines! {
    async fn after_five_wrong_passwords_the_name_waits_at_that_place(app: TestApp) {
        people(&app, &[("hoa", &[(Role::Clerk, app.world.school_a.id)]), ("minh", &[(Role::Clerk, app.world.school_a.id)])]).await;
        spend(&app.anonymous(), "hoa").await;
        let reply = sign_in(&app.anonymous(), "hoa", PASSWORD).await;
        let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert_eq!(reply.problem(Code::SignInDelayed).params["seconds"], seconds.to_string());
        // Others at the same address do not wait: one school is one address.
        sign_in(&app.anonymous(), "minh", PASSWORD).await.status(201);
        // The same person elsewhere does not wait either.
        let proxy = behind_proxy(&app);
        from(&proxy, "203.0.113.9", "hoa", PASSWORD).await.status(201);
        // A restart forgets nothing.
        from(&proxy, "127.0.0.1", "hoa", PASSWORD).await.problem(Code::SignInDelayed);
        // Who waited is let in, and then has all tries again.
        age(&app, 31).await;
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.status(201);
        for _ in 0..4 {
            sign_in(&app.anonymous(), "hoa", WRONG).await.problem(Code::BadCredentials);
        }
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.status(201);
    }

    async fn a_name_that_nobody_has_waits_alike(app: TestApp) {
        spend(&app.anonymous(), "nobody").await;
        sign_in(&app.anonymous(), "nobody", WRONG).await.problem(Code::SignInDelayed);
        sign_in(&app.anonymous(), " NOBODY", WRONG).await.problem(Code::SignInDelayed);
    }

    async fn waiting_is_not_counted_and_doubles(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        spend(&app.anonymous(), "hoa").await;
        for _ in 0..10 {
            sign_in(&app.anonymous(), "hoa", WRONG).await.problem(Code::SignInDelayed);
        }
        age(&app, 31).await;
        sign_in(&app.anonymous(), "hoa", WRONG).await.problem(Code::BadCredentials);
        let seconds: u64 = sign_in(&app.anonymous(), "hoa", PASSWORD).await.problem(Code::SignInDelayed).params["seconds"].parse().unwrap();
        assert!((31..=60).contains(&seconds), "{seconds}");
        // A day later all is forgotten, and cleared away by the next failure of anybody.
        age(&app, 24 * 3600 + 1).await;
        sign_in(&app.anonymous(), "someone-else", WRONG).await.problem(Code::BadCredentials);
        let rows = app.db.read().query_all(Query::select().column("count").from("sign_in_failure")).await.unwrap();
        assert_eq!(rows.len(), 2);
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.status(201);
    }

    async fn a_pupil_at_the_same_address_does_not_delay_the_browser_of_the_teacher(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let body = json!({"username": "hoa", "password": PASSWORD, "cookie": true});
        let (device, _) = cookie(&app.anonymous().post("/sessions", &body).await, "khue_device").unwrap();
        spend(&app.anonymous(), "hoa").await;
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.problem(Code::SignInDelayed);
        let device = format!("khue_device={device}");
        post_with_cookie(&app.anonymous(), "/sessions", &device, &body).await.status(201);
        // The device has patience of its own, and is of no use for another name.
        let wrong = json!({"username": "hoa", "password": WRONG});
        for _ in 0..5 {
            post_with_cookie(&app.anonymous(), "/sessions", &device, &wrong).await.problem(Code::BadCredentials);
        }
        post_with_cookie(&app.anonymous(), "/sessions", &device, &body).await.problem(Code::SignInDelayed);
        spend(&app.anonymous(), "minh").await;
        post_with_cookie(&app.anonymous(), "/sessions", &device, &json!({"username": "minh", "password": WRONG})).await.problem(Code::SignInDelayed);
    }

    async fn a_name_under_attack_from_everywhere_is_open_where_it_signed_in_before(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let proxy = behind_proxy(&app);
        from(&proxy, "203.0.113.9", "hoa", PASSWORD).await.status(201);
        from(&proxy, "198.51.100.1", "hoa", WRONG).await.problem(Code::BadCredentials);
        // As if a hundred addresses had tried.
        let mut query = Query::update();
        query.table("sign_in_failure").value("count", 100).and_where(Expr::col("place_hash").eq("*"));
        app.db.migrator().execute(&query).await.unwrap();
        from(&proxy, "198.51.100.2", "hoa", PASSWORD).await.problem(Code::SignInDelayed);
        from(&proxy, "203.0.113.9", "hoa", PASSWORD).await.status(201);
        // And a stranger gets in after the one short wait.
        age(&app, 31).await;
        from(&proxy, "198.51.100.2", "hoa", PASSWORD).await.status(201);
    }

    async fn a_school_signs_in_from_one_address(app: TestApp) {
        let names: Vec<String> = (0..12).map(|n| format!("gv{n:03}")).collect();
        let roles = [(Role::SubjectTeacher, app.world.school_a.id)];
        let all: Vec<(&str, &[(Role, dto::UnitId)])> = names.iter().map(|n| (n.as_str(), &roles[..])).collect();
        people(&app, &all).await;
        // Each with a slip of the finger, all at once.
        let anyone = app.anonymous();
        let morning = names.iter().map(|name| async {
            sign_in(&anyone, name, WRONG).await.problem(Code::BadCredentials);
            sign_in(&anyone, name, PASSWORD).await.status(201);
        });
        futures::future::join_all(morning).await;
    }

    async fn guesses_at_once_are_counted_too(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let anyone = app.anonymous();
        let guesses = futures::future::join_all((0..24).map(|_| sign_in(&anyone, "hoa", WRONG))).await;
        let tried = guesses.iter().filter(|r| r.status == 401).count();
        let bound = 5 + std::thread::available_parallelism().map_or(2, |n| n.get());
        assert!((5..=bound).contains(&tried), "{tried} guesses were let through");
        assert!(guesses.iter().all(|r| [401, 429].contains(&r.status.as_u16())));
    }

    async fn the_own_password_cannot_be_guessed_with_a_stolen_token(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, _) = signed_in(&app, "hoa").await;
        let guess = json!({"current_password": WRONG, "new_password": "trời mưa to quá"});
        for _ in 0..5 {
            actor.put_bare("/me/password", &guess).await.problem(Code::PasswordWrong);
        }
        actor.put_bare("/me/password", &guess).await.problem(Code::SignInDelayed);
        // It delays that session alone.
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.status(201);
    }

    async fn names_and_addresses_are_not_kept_in_the_clear(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        sign_in(&app.anonymous(), "hoa", WRONG).await.problem(Code::BadCredentials);
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.status(201);
        let rows = app.db.read().query_all(Query::select().columns(["username_hash", "place_hash"]).from("sign_in_failure")).await.unwrap();
        for row in &rows {
            let name: String = row.try_get("", "username_hash").unwrap();
            assert!(name.len() == 64 && !name.contains("hoa"));
        }
        assert_eq!(rows.len(), 1, "the place was forgiven, the count over all places stays");
    }
}
