//! Mark sheets, conduct, closing of terms and results.
//!
//! | module | verbs |
//! |---|---|
//! | [`marks`] | one read for a whole sheet; many cells in one write, each with its version; the history of a cell |
//! | [`conduct`] | conduct and absences of a class in a term |
//! | [`absences`], [`notes`] | half-days missed, and evidence for conduct, by date |
//! | [`closing`] | what is missing; close; reopen |
//! | [`deadlines`] | when marks are due, what is locked after that, opening it again, who is late |
//! | [`comments`], [`phrases`] | what teachers write about learners, and the school's phrases for it |
//! | [`files`] | mark sheets as Excel files: out, back in with a dry run, into a teacher's own |
//! | [`results`] | results of a class, live or frozen; the report of one learner |
//! | [`family`] | the report as a guardian or the learner sees it |
//! | [`reassessment`] | primary pupils who have not completed their grade: assessed again, and the principal's decision |
//! | [`summer`] | who is re-assessed or trained in the summer, and what came of it |
//! | [`council`] | the council of a class: proposals, decisions, minutes; closing the year |
//! | [`next_year`] | who goes to which class of the next year; filled and undone as one action |
//! | [`transfers`] | joining a class in an open term with the marks of the class before |
//! | [`former`] | a term or a whole year at another school, as that school gave it |
//! | [`packages`] | a learner's record as one sealed file, for a school outside of these records; taking one in |
//! | [`imports`] | marks of a class and results of former schools as kinds of imports |
//! | [`former`] | a term at another school, as that school gave it |
//! | [`rollover`] | the next year of a whole school, and of many |
//! | [`plans`] | individual education plans of learners with disabilities |
//! | [`transcripts`] | what a closed year says, as the content of digital transcripts |
//! | [`todos`] | what is left to do, for whom it is |
//! | [`contact_book`] | notices, threads, leave, and who is told by which channel |
//! | [`preschool`] | what preschool children reach: items of a school, stages of a class, sheets, the family's view |
//! | [`registers`] | registers of a class, slips for families and certificates, drawn from what the others keep |
//! | [`bulk`] | many rows at once, for synthetic data |
//!
//! **Concurrency.** Every write of marks, conduct or state first takes the row of `class_term` (see [`term`]) and holds it until
//! its commit. So writers of one class and term follow each other, what they read cannot change before they write, and a mark cannot
//! slip in behind a closing. On SQLite the transaction is IMMEDIATE, which gives the same.
//!
//! **Versions.** A cell's version counts its writes. The row of `mark` holds the present value; each write moves the one before it
//! into `mark_history`, so that nothing is lost.

pub mod absences;
pub mod bulk;
pub mod closing;
pub mod comments;
pub mod conduct;
pub mod contact_book;
pub mod council;
pub mod deadlines;
pub mod family;
pub mod files;
pub mod former;
pub mod imports;
pub mod marks;
pub mod next_year;
pub mod notes;
pub mod packages;
pub mod phrases;
pub mod plans;
pub mod preschool;
pub mod reassessment;
pub mod registers;
pub mod results;
pub mod rollover;
pub mod school_transfers;
pub mod summer;
pub mod todos;
pub mod transcripts;
pub mod transfers;

mod asked;
mod kept;
mod people;
mod policy;
mod term;
mod unit_runs;
mod value;

use records::classes::for_gradebook as facts;

/// The school year of reports and to-dos where none is named.
async fn current_year(conn: &impl sea_orm::ConnectionTrait) -> kernel::Result<Option<dto::SchoolYearId>> {
    let year = records::calendar::current_year_in(conn, kernel::clock::today()).await?;
    Ok(year.map(|year| year.id))
}
