//! The only module that does HTTP. One function an operation, typed with the structs of `dto`.
//!
//! The access token lives in memory alone; the refresh token in an HttpOnly cookie that no script sees. A 401 is answered once
//! by a refresh and a second try.

mod client;
#[allow(dead_code)]
pub mod consents;
#[allow(dead_code)]
pub mod contact;
mod error;
pub mod files;
pub mod live;
#[allow(dead_code)]
pub mod network;
// One function an operation: the whole API is here, whichever of it the pages use today.
#[allow(dead_code)]
pub mod council;
pub mod equipment;
#[allow(dead_code)]
pub mod figures;
#[allow(dead_code)]
pub mod file_imports;
pub mod filters;
#[allow(dead_code)]
pub mod finance;
#[allow(dead_code)]
pub mod gradebook;
#[allow(dead_code)]
pub mod growth;
#[allow(dead_code)]
pub mod health;
#[allow(dead_code)]
pub mod identity;
pub mod one_record;
pub mod online;
#[allow(dead_code)]
pub mod oversight;
pub mod packages;
#[allow(dead_code)]
pub mod preschool;
pub mod publications;
#[allow(dead_code)]
pub mod quality;
pub mod query;
#[allow(dead_code)]
pub mod records;
#[allow(dead_code)]
pub mod registers;
#[allow(dead_code)]
pub mod rollover;
pub mod rooms;
pub mod session;
pub mod sheet;
#[allow(dead_code)]
pub mod staff;
pub mod teaching_plans;
pub mod transcripts;
pub mod transfers;

pub use client::{
    delete, delete_for, get, get_kept, post, post_at, post_empty, post_file, post_for, put, put_part, put_unversioned,
};
pub use error::{ApiError, Result, field_text as error_field_text};
