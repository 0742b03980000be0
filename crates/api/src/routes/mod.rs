//! The routes of the API, one folder a domain, one file a resource.

pub mod contact;
pub mod gradebook;
pub mod identity;
pub mod records;

use utoipa_actix_web::service_config::ServiceConfig;

/// Everything under `/api/v1`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(
        utoipa_actix_web::scope("/api/v1")
            .configure(identity::configure)
            .configure(records::configure)
            .configure(gradebook::configure)
            .configure(contact::configure),
    );
}
