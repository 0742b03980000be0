//! Names of those who wrote.

pub(crate) use identity::accounts::Names;
