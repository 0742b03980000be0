//! Money of schools as the authority sees it: the catalogue of budget lines, and investment projects. The amounts of a year are
//! [`crate::figures`]. No accounting package.

mod items;
mod projects;

pub(crate) use items::all_in as all_items;
pub use items::{list as items, put as put_item};
pub use projects::{create as create_project, get as project, list as projects, put as put_project};
