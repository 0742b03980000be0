//! The API of Khuê: routes, extractors, the OpenAPI document, the server. No queries and no rules: those are in the domains.
//!
//! A request goes through [`middleware`] (id, language, token, limits, problems), then through the extractors of a handler in
//! [`routes`] ([`extract::Can`] first), into one verb of a domain, and back as an [`answer`].

pub mod answer;
pub mod channels;
pub mod commands;
pub mod demo;
pub mod docs;
pub mod download;
pub mod extract;
pub mod health;
pub mod limits;
pub mod metrics;
pub mod middleware;
pub mod problem;
pub mod routes;
pub mod server;
pub mod signing;
pub mod spa;
pub mod state;
pub mod stream;
pub mod work;

pub use state::{App, AppState};
