//! Accounts.
pub(crate) mod entity;
pub(crate) mod query;
pub(crate) fn is_username(name: &str) -> bool {
    (3..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
}
