//! The server as such: problems, limits, headers, documents, and what survives when it is killed.

mod durability;
mod http;
mod panics;
