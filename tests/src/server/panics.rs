//! A handler that panics answers a problem like any other, and the server goes on.

use crate::harness::{Engine, copy};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use api::AppState;
use kernel::Db;
use kernel::config::Config;

async fn boom() -> String {
    panic!("boom")
}

async fn fine() -> String {
    "fine".into()
}

async fn slow() -> String {
    std::future::pending().await
}

#[test]
fn a_panic_and_a_time_out_are_problems() {
    actix_web::rt::System::new().block_on(async {
        let place = copy(Engine::Sqlite).await;
        let db = Db::connect(&place.options()).await.unwrap();
        let keys = identity::Keys::load_or_create(place.folder()).unwrap();
        let mut config = Config::load(None).unwrap();
        config.limits.request_seconds = 1;
        let state = web::Data::new(AppState::new(db, keys, config));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .route("/api/v1/boom", web::get().to(boom))
                .route("/api/v1/fine", web::get().to(fine))
                .route("/api/v1/slow", web::get().to(slow))
                .wrap(from_fn(api::middleware::request))
        })
        .workers(1)
        .listen(listener)
        .unwrap()
        .run();
        actix_web::rt::spawn(server);
        for _ in 0..2 {
            let answer = reqwest::get(format!("{base}/api/v1/boom")).await.unwrap();
            assert_eq!(answer.status(), 500);
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            let problem: dto::Problem = answer.json().await.unwrap();
            assert_eq!(problem.code, "internal");
            assert!(!problem.detail.contains("boom") && !problem.request_id.is_empty());
        }
        assert_eq!(reqwest::get(format!("{base}/api/v1/fine")).await.unwrap().status(), 200);
        let answer = reqwest::get(format!("{base}/api/v1/slow")).await.unwrap();
        assert_eq!(answer.status(), 408);
        assert_eq!(answer.json::<dto::Problem>().await.unwrap().code, "request_timeout");
    });
}
