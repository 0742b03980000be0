//! Identifiers are made by the application: UUIDv7, so that rows made together lie together.

use uuid::Uuid;

/// A new identifier of any newtype over a UUID.
pub fn new<T: From<Uuid>>() -> T {
    T::from(Uuid::now_v7())
}
