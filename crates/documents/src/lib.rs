//! Forms drawn from data, signatures and the digital transcript.

pub mod signing;
