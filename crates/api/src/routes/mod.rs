//! The routes of the API, one folder a domain, one file a resource.

pub mod contact;
pub mod documents;
pub mod gradebook;
pub mod identity;
pub mod oversight;
pub mod records;

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

/// The path that every operation stands under.
pub const BASE: &str = "/api/v1";

/// What takes operations: each worker of the server takes them to answer, the document to describe them. A worker that also
/// described them would leave behind the memory of a document that nobody reads.
pub trait Routes {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self;
}

impl Routes for web::ServiceConfig {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        self.service(operation)
    }
}

impl Routes for ServiceConfig<'_> {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        self.service(operation)
    }
}

/// Everything under [`BASE`].
pub fn configure(cfg: &mut impl Routes) {
    identity::configure(cfg);
    records::configure(cfg);
    gradebook::configure(cfg);
    contact::configure(cfg);
    documents::configure(cfg);
    oversight::configure(cfg);
}
