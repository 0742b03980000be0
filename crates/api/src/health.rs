//! Is it alive, is it ready, and its figures.

use crate::middleware::RequestInfo;
use crate::problem::ApiError;
use crate::state::App;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, get, web};
use dto::Code;
use kernel::Error;
use subtle::ConstantTimeEq;

/// The process answers.
#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({"status": "live"}))
}

/// The database answers and its schema is up to date.
#[get("/health/ready")]
async fn ready(app: App) -> Result<HttpResponse, ApiError> {
    app.db.ping().await?;
    if migrations::pending(app.db.migrator()).await? > 0 {
        return Err(Error::new(Code::Busy).into());
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({"status": "ready"})))
}

/// For Prometheus: with the token of the settings, else only from this machine.
#[get("/metrics")]
async fn figures(app: App, req: HttpRequest) -> Result<HttpResponse, ApiError> {
    let expected = &app.config.server.metrics_token;
    let allowed = if expected.is_empty() {
        req.extensions().get::<RequestInfo>().is_some_and(|i| i.address.is_loopback())
    } else {
        let given = req
            .headers()
            .get("authorization")
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
            .unwrap_or("");
        given.as_bytes().ct_eq(expected.as_bytes()).into()
    };
    if !allowed {
        return Err(Error::new(Code::BadPath).into());
    }
    crate::metrics::outbox(&kernel::outbox::backlog(app.db.read()).await?);
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(crate::metrics::render()))
}

pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(live).service(ready).service(figures);
}
