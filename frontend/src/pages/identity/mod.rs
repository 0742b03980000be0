//! Accounts, one's own and others'.

pub mod account;
pub mod accounts;
pub mod mine;
