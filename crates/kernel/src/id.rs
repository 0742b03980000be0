//! Identifiers are made by the application: UUIDv7, so that rows made together lie together.

use uuid::Uuid;

/// A new identifier of any newtype over a UUID.
pub fn new<T: From<Uuid>>() -> T {
    T::from(crate::clock::told_id().unwrap_or_else(Uuid::now_v7))
}
