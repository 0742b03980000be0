//! Problems of every kind, in the person's language; limits, headers, documents.

use crate::harness::{Engine, TestApp};
use dto::Code;
use reqwest::Method;

both_engines! {
    async fn what_is_not_there_is_a_problem(app: TestApp) {
        let anonymous = app.anonymous();
        let problem = anonymous.get("/nothing").await.problem(Code::BadPath);
        assert_eq!(problem.detail, "Không tìm thấy địa chỉ này.");
        let problem = anonymous.clone().in_english().get("/nothing").await.problem(Code::BadPath);
        assert_eq!(problem.detail, "There is nothing at this address.");
        let reply = anonymous.send(anonymous.request(Method::DELETE, "/units")).await;
        assert_eq!(reply.header("allow"), Some("GET, POST"));
        reply.problem(Code::MethodNotAllowed);
        let admin = app.province_admin().await;
        admin.get("/units/not-an-id").await.problem(Code::BadPath);
        admin.get("/units/01997d3e-0000-7000-8000-000000000000").await.problem(Code::NotFound);
    }

    async fn bodies_that_are_wrong_say_where(app: TestApp) {
        let admin = app.province_admin().await;
        let send = |body: &'static str| {
            let admin = admin.clone();
            async move { admin.send(admin.request(Method::POST, "/school-years").header("content-type", "application/json").body(body)).await }
        };
        send("{").await.problem(Code::BadJson);
        send("").await.problem(Code::BadJson);
        send("{}").await.field("/code", Code::FieldRequired);
        send(r#"{"x":1}"#).await.field("/x", Code::FieldUnknown);
        send(r#"{"code":5}"#).await.field("/code", Code::FieldType);
        admin.send(admin.request(Method::POST, "/school-years").header("content-type", "text/plain").body("x")).await.problem(Code::UnsupportedMediaType);
        let large = format!("{{\"code\":\"{}\"}}", "x".repeat(2 << 20));
        admin.send(admin.request(Method::POST, "/school-years").header("content-type", "application/json").body(large)).await.problem(Code::PayloadTooLarge);
        admin.get("/units?limit=0").await.field("/limit", Code::FieldRange);
        admin.get("/units?after=%25").await.problem(Code::BadCursor);
    }

    async fn reads_have_tags_and_answer_304(app: TestApp) {
        let admin = app.province_admin().await;
        let first = admin.get("/units").await.status(200);
        let tag = first.header("etag").expect("a tag").to_owned();
        let again = admin.send(admin.request(Method::GET, "/units").header("if-none-match", &tag)).await.status(304);
        assert!(again.body.is_empty());
    }

    async fn every_answer_has_an_id_and_headers(app: TestApp) {
        let reply = app.anonymous().get("/health/live").await.status(200);
        assert!(reply.header("x-request-id").is_some_and(|id| id.len() == 32));
        let csp = reply.header("content-security-policy").expect("a policy");
        assert!(csp.contains("default-src 'self'") && !csp.contains("unsafe-inline"));
        let named = app.anonymous();
        let reply = named.send(named.request(Method::GET, "/me").header("x-request-id", "abc-123")).await;
        assert_eq!(reply.header("x-request-id"), Some("abc-123"));
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        assert_eq!(reply.problem(Code::Unauthenticated).request_id, "abc-123");
    }

    async fn health_metrics_and_documents_are_there(app: TestApp) {
        let anonymous = app.anonymous();
        anonymous.get("/health/live").await.status(200);
        anonymous.get("/health/ready").await.status(200);
        let figures = anonymous.get("/metrics").await.status(200).text();
        assert!(figures.contains("khue_http_requests_total{") && figures.contains("khue_resident_bytes"), "{figures}");
        let document: serde_json::Value = anonymous.get("/openapi.json").await.ok();
        assert_eq!(document["openapi"], "3.1.0");
        let reader = anonymous.get("/docs/").await.status(200).text();
        assert!(reader.contains("swagger-ui") && !reader.contains("https://"), "the reader needs no internet");
    }
}

#[test]
fn a_flood_is_told_to_wait() {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::start_with(Engine::Sqlite, |c| {
            c.limits.requests_per_second = 1;
            c.limits.requests_burst = 3;
        })
        .await;
        let admin = app.province_admin().await;
        for _ in 0..3 {
            admin.get("/school-years").await.status(200);
        }
        let reply = admin.get("/school-years").await;
        assert!(reply.header("retry-after").and_then(|s| s.parse::<u32>().ok()).is_some_and(|s| s >= 1));
        reply.problem(Code::TooManyRequests);
        // Another account behind the same address is not held up by it.
        app.province_admin().await.get("/school-years").await.status(200);
    });
}

#[test]
fn other_origins_only_where_they_are_allowed() {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::start_with(Engine::Sqlite, |c| c.server.cors_origins = vec!["https://so.example".into()]).await;
        let anonymous = app.anonymous();
        let ask = |origin: &'static str| {
            let anonymous = anonymous.clone();
            async move {
                let request = anonymous
                    .request(Method::OPTIONS, "/units")
                    .header("origin", origin)
                    .header("access-control-request-method", "GET");
                anonymous.send(request).await
            }
        };
        assert_eq!(ask("https://so.example").await.header("access-control-allow-origin"), Some("https://so.example"));
        assert_eq!(ask("https://evil.example").await.header("access-control-allow-origin"), None);
    });
}

#[test]
fn answers_are_compressed_for_who_takes_it() {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let anonymous = app.anonymous();
        let plain = anonymous.get("/openapi.json").await.status(200).body.len();
        for encoding in ["br", "gzip"] {
            let reply = anonymous
                .send(anonymous.request(Method::GET, "/openapi.json").header("accept-encoding", encoding))
                .await
                .status(200);
            assert_eq!(reply.header("content-encoding"), Some(encoding));
            assert!(reply.body.len() < plain / 4, "{} of {plain} bytes", reply.body.len());
        }
    });
}
