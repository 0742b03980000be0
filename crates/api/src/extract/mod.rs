//! What handlers take. [`Can`] comes first, so that 401 and 403 come before anything is said about the body.

mod body;
mod caller;
mod params;

pub use crate::state::App;
pub use body::{FileBody, OptionalJson, PartBody, Valid};
pub use caller::{Anyone, Can, Needs, can};
pub use params::{ContentRange, Id, Path, ValidQuery, Version};
