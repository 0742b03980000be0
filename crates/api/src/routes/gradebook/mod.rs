//! Mark sheets, conduct, closing, results, and what families see.

mod closing;
mod comments;
mod conduct;
mod deadlines;
mod family;
mod files;
mod live;
mod marks;
mod results;
mod todos;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(cfg: &mut ServiceConfig) {
    marks::configure(cfg);
    conduct::configure(cfg);
    closing::configure(cfg);
    results::configure(cfg);
    todos::configure(cfg);
    family::configure(cfg);
    live::configure(cfg);
    deadlines::configure(cfg);
    comments::configure(cfg);
    files::configure(cfg);
}
