//! Learners going from school to school: asked for by the guardian or a school, answered by the receiving school, released by the
//! sending one, placed in a class. Each step has its clock, and everyone concerned sees where it stands.
//!
//! With the release the learner is the receiving school's. Record, marks, transcripts and health hang on the learner and go along;
//! what a new class takes over of a term that is still open is the floor's above (`gradebook::transfers`). The verbs end in `_in` and
//! take a write of more, so that a transfer across provinces can be made of the same steps.

mod clocks;
mod query;
mod steps;

pub(crate) use query::under_way_in;
pub use query::{get, list, of_child, schools, tally};
pub use steps::{
    Step, answer_in, ask_as_family_in, ask_in, place_in, placing_in, release_in, withdraw_as_family_in, withdraw_in,
};
