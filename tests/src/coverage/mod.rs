//! What must hold for every operation, crate and table, whoever adds the next one.

mod audit;
mod authorization;
mod codes;
mod docs;
mod document;
mod engines;
mod layering;
mod schema;
