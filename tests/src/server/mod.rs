//! The server as such: problems, limits, headers, documents, how it stops, and what survives when it is killed.

mod durability;
mod http;
mod panics;
pub mod process;
mod several;
mod stop;
