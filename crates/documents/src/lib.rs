//! Forms drawn from data, signatures and the digital transcript.
//!
//! | module | what |
//! |---|---|
//! | [`rendering`] | forms as templates, drawn to PDF |
//! | [`signing`] | who can sign: key files, tokens, remote services; signatures of XML and PDF |
//! | [`labels`] | labels of equipment |
//! | [`keys`] | the keys of people and of schools |
//! | [`transcripts`] | the digital transcript (học bạ số): from draft to issued, and back by decision only |

pub mod keys;
pub mod labels;
pub mod rendering;
pub mod signing;
pub mod transcripts;

use records::classes::for_gradebook as facts;
