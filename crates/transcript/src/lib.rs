//! The digital transcript (học bạ số, TT 70/2026/TT-BGDĐT): what one says of one school year of one learner, its canonical form,
//! and how anybody checks it without a server. Pure: no database, no network, no clock; it runs in the browser too.

mod content;

pub use content::*;
