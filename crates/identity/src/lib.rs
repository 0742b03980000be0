//! Who a person is to Khuê: accounts, passwords and one-time codes, sessions and tokens, roles on units.
//!
//! | module | idea |
//! |---|---|
//! | [`keys`], [`tokens`] | short access tokens, checked without the database |
//! | [`sessions`] | sign in, rotate the refresh token, list and end |
//! | [`accounts`] | accounts as their administrators see them, role grants, one-time codes |
//! | [`me`], [`resets`] | what a person does with the own account |
//! | [`passwords`] | argon2id and the rules for a new password |
//! | [`filters`] | filters of lists that a person keeps under names |
//! | `throttle` | delays after wrong passwords that cannot lock out a school, nor a person at a place of theirs |
//!
//! Identity is below records: of the tree of units and people it reads a few tables by name, in `directory` alone.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod accounts;
mod codes;
mod directory;
pub mod filters;
pub mod keys;
pub mod me;
pub mod passwords;
pub mod resets;
pub mod sessions;
mod settings;
mod throttle;
pub mod tokens;

pub use directory::is_wide;
pub use keys::{DERIVATION, DataKeys, Keys, Passphrase, SealKey};
pub use settings::Settings;
