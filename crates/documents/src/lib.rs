//! Forms drawn from data, signatures and the digital transcript.
//!
//! | module | what |
//! |---|---|
//! | [`rendering`] | forms as templates, drawn to PDF |
//! | [`signing`] | who can sign: key files, tokens, remote services; signatures of XML and PDF |
//! | [`certificates`] | certificates of training courses |
//! | [`issuer`] | who issues a paper, as its head says it |
//! | [`labels`], [`doors`] | labels of equipment, door labels of rooms |
//! | [`plans`] | approvals of teaching plans as signed papers |
//! | [`stocktaking`] | the report of a stock-taking |
//! | [`keys`] | the keys of people and of schools |
//! | [`health`] | growth charts, the results of a class in a round of checks |
//! | [`transcripts`] | the digital transcript (học bạ số): from draft to issued, and back by decision only |

pub mod certificates;
pub mod doors;
pub mod health;
pub mod issuer;
pub mod keys;
pub mod labels;
pub mod plans;
pub mod rendering;
pub mod signing;
pub mod stocktaking;
pub mod transcripts;

use records::classes::for_gradebook as facts;
