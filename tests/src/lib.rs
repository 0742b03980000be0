//! The tests of the API, as its callers see it: a real server, a real database of each engine, one module a part of the URL tree.
//!
//! [`harness`] gives a server over a fresh copy of a migrated template and actors for every role; `both_engines!` makes each
//! test two. PostgreSQL comes from `KHUE_TEST_POSTGRES`, which `make test` sets.
#![cfg(test)]
#![allow(clippy::unwrap_used)]

#[macro_use]
mod harness;

mod coverage;
mod demo;
mod documents;
mod gradebook;
mod identity;
mod oversight;
mod records;
mod server;
