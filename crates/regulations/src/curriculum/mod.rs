//! The general education programme of 2018 as data: subjects, and what each grade takes of them.
//!
//! Source: Thông tư 32/2018/TT-BGDĐT as amended by 13/2022 and 17/2025. Each figure says whether it was seen in a source
//! or is only common knowledge (`verified`). A school year has 35 weeks, 18 and 17.

mod offerings;
mod subjects;

pub use offerings::{ELECTIVES_CHOSEN, Offering, Requirement, TOPIC_CLUSTER_PERIODS, TOPIC_CLUSTERS, WEEKS, offering, offerings};
pub use subjects::{Stage, Subject, stage, subject, subjects};
