//! Putting the server together.

use crate::problem::ApiError;
use crate::state::AppState;
use crate::{docs, health, middleware, routes, spa};
use actix_cors::Cors;
use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpRequest, HttpResponse, HttpServer, dev::Server, web};
use dto::Code;
use kernel::Error;
use std::net::TcpListener;
use std::sync::Arc;

/// The server on a listener that is already bound. It stops on SIGTERM or SIGINT once the requests in flight are answered.
pub fn build(state: AppState, listener: TcpListener) -> std::io::Result<Server> {
    crate::metrics::install();
    let config = state.config.clone();
    actix_web::rt::spawn(end_streams(state.db.live().clone()));
    let workers = if config.server.workers == 0 { num_workers() } else { config.server.workers };
    let pool = pool_of_each(config.database.pool, workers);
    let known = Arc::new(KnownPaths::read());

    let server = HttpServer::new({
        let config = config.clone();
        move || {
            let (known, state) = (known.clone(), state.clone());
            let docs_ui =
                utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json"));
            actix_web::App::new()
                .data_factory(move || {
                    let state = state.clone();
                    async move { state.for_this_runtime(pool).await }
                })
                .service(web::scope(routes::BASE).configure(routes::configure))
                .configure(health::configure)
                .route(
                    "/openapi.json",
                    web::get().to(async || HttpResponse::Ok().content_type("application/json").body(docs::JSON)),
                )
                .route(
                    "/docs",
                    web::get()
                        .to(|| async { HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish() }),
                )
                .service(docs_ui)
                .default_service(web::to(move |req: HttpRequest| {
                    let known = known.clone();
                    async move { fallback(&req, &known) }
                }))
                .wrap(cors(&config.server.cors_origins))
                .wrap(from_fn(middleware::request))
                .wrap(Compress::default())
        }
    })
    .workers(workers)
    .shutdown_timeout(config.server.shutdown_seconds)
    .client_request_timeout(std::time::Duration::from_secs(config.limits.request_seconds))
    .server_hostname("khue")
    // An answer of two writes (compressed, chunked) would wait 40 ms for the acknowledgement of the first.
    .tcp_nodelay(true)
    .listen(listener)?;
    Ok(server.run())
}

/// Streams have no end of their own: a stop ends them, so that it need not wait for them.
async fn end_streams(hub: kernel::live::Hub) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut quit)) = (signal(SignalKind::terminate()), signal(SignalKind::quit())) else {
        tracing::warn!("no signals: a stop waits for open streams");
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = quit.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    hub.stop();
}

/// The pool is divided among the workers; with one connection, a request that reads beside its write would wait for itself.
fn pool_of_each(pool: u32, workers: usize) -> u32 {
    pool.div_ceil(u32::try_from(workers).unwrap_or(u32::MAX).max(1)).max(2)
}

fn num_workers() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get())
}

fn cors(origins: &[String]) -> Cors {
    origins
        .iter()
        .filter(|o| !o.is_empty())
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
        .allowed_methods(["GET", "POST", "PUT", "DELETE"])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::ACCEPT_LANGUAGE,
            header::CONTENT_RANGE,
            header::RANGE,
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER, header::CONTENT_RANGE, header::CONTENT_DISPOSITION])
        .max_age(3600)
}

/// The path templates of the document, to tell a wrong method from a wrong path.
struct KnownPaths(Vec<(Vec<&'static str>, Vec<&'static str>)>);

impl KnownPaths {
    fn read() -> Self {
        let mut by_path: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for line in docs::OPERATIONS.lines() {
            let mut words = line.split_whitespace();
            let (Some(method), Some(path)) = (words.next(), words.next()) else { continue };
            let segments: Vec<&str> = path.split('/').collect();
            match by_path.iter_mut().find(|(s, _)| *s == segments) {
                Some((_, methods)) => methods.push(method),
                None => by_path.push((segments, vec![method])),
            }
        }
        KnownPaths(by_path)
    }

    /// The methods that this path takes, if it is one of ours.
    fn methods(&self, path: &str) -> Option<String> {
        let given: Vec<&str> = path.split('/').collect();
        let fits = |template: &[&str]| {
            template.len() == given.len()
                && template.iter().zip(&given).all(|(t, g)| t == g || (t.starts_with('{') && !g.is_empty()))
        };
        let mut methods: Vec<&str> = self.0.iter().filter(|(t, _)| fits(t)).flat_map(|(_, m)| m.iter().copied()).collect();
        methods.sort_unstable();
        methods.dedup();
        if methods.is_empty() { None } else { Some(methods.join(", ")) }
    }
}

/// What no route took: a wrong method, a page of the SPA, or nothing at all.
fn fallback(req: &HttpRequest, known: &KnownPaths) -> Result<HttpResponse, ApiError> {
    if let Some(allow) = known.methods(req.path()) {
        let error = ApiError(Error::new(Code::MethodNotAllowed).with("method", req.method()));
        let mut response = HttpResponse::from_error(error);
        if let Ok(value) = header::HeaderValue::from_str(&allow) {
            response.headers_mut().insert(header::ALLOW, value);
        }
        return Ok(response);
    }
    if req.path().starts_with("/api/") || !matches!(*req.method(), Method::GET | Method::HEAD) {
        return Err(Error::new(Code::BadPath).into());
    }
    spa::serve(req).ok_or_else(|| Error::new(Code::BadPath).into())
}
