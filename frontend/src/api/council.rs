//! The end of a school year: absences and evidence by date, the summer, the council of a class, the next year.

use super::{Result, delete, delete_for, get, post, post_at, post_empty, put, put_unversioned};
use dto::calendar::Term;
use dto::council::*;
use dto::reassessment::*;
use dto::{ClassId, ConductNoteId, LearnerId, Page};

fn term_path(class: ClassId, term: Term, what: &str) -> String {
    format!("/classes/{class}/terms/{term}/{what}")
}

pub async fn absences(class: ClassId, term: Term) -> Result<AbsenceSheet> {
    get(&term_path(class, term, "absences")).await
}

pub async fn put_absences(class: ClassId, term: Term, body: &PutAbsences) -> Result<AbsencesSaved> {
    put_unversioned(&term_path(class, term, "absences"), body).await
}

pub async fn notes(class: ClassId, term: Term) -> Result<Page<ConductNote>> {
    get(&term_path(class, term, "conduct-notes")).await
}

pub async fn write_note(class: ClassId, term: Term, body: &PostConductNote) -> Result<ConductNote> {
    post(&term_path(class, term, "conduct-notes"), body).await
}

pub async fn remove_note(class: ClassId, term: Term, note: ConductNoteId) -> Result<()> {
    delete(&format!("{}/{note}", term_path(class, term, "conduct-notes"))).await
}

pub async fn summer(class: ClassId) -> Result<SummerSheet> {
    get(&format!("/classes/{class}/summer")).await
}

pub async fn put_summer(class: ClassId, body: &PutSummer) -> Result<SummerSaved> {
    put_unversioned(&format!("/classes/{class}/summer"), body).await
}

pub async fn reassessment(class: ClassId) -> Result<ReassessmentSheet> {
    get(&format!("/classes/{class}/reassessment")).await
}

pub async fn put_reassessment(class: ClassId, body: &PutReassessment) -> Result<ReassessmentSaved> {
    put_unversioned(&format!("/classes/{class}/reassessment"), body).await
}

pub async fn reassessment_history(class: ClassId, learner: LearnerId) -> Result<Page<ReassessmentChange>> {
    get(&format!("/classes/{class}/reassessment/{learner}/history")).await
}

pub async fn decide_reassessment(
    class: ClassId,
    learner: LearnerId,
    version: i64,
    body: &PutPrincipalDecision,
) -> Result<ReassessmentSheet> {
    put(&format!("/classes/{class}/reassessment/{learner}/decision"), version, body).await
}

pub async fn council(class: ClassId) -> Result<Council> {
    get(&format!("/classes/{class}/council")).await
}

pub async fn put_minutes(class: ClassId, version: i64, body: &PutMinutes) -> Result<Council> {
    put(&format!("/classes/{class}/council/minutes"), version, body).await
}

pub async fn decide(class: ClassId, learner: LearnerId, version: i64, body: &PutOverride) -> Result<Council> {
    put(&format!("/classes/{class}/council/decisions/{learner}"), version, body).await
}

pub async fn approve(class: ClassId, learner: LearnerId, version: i64) -> Result<Council> {
    post_at(&format!("/classes/{class}/council/decisions/{learner}/approve"), version).await
}

pub async fn close_year(class: ClassId) -> Result<Council> {
    post_empty(&format!("/classes/{class}/council/close")).await
}

pub async fn reopen_year(class: ClassId, body: &ReopenYear) -> Result<Council> {
    post(&format!("/classes/{class}/council/reopen"), body).await
}

pub async fn next_year(class: ClassId) -> Result<NextYear> {
    get(&format!("/classes/{class}/next-year")).await
}

pub async fn fill_next_year(class: ClassId, body: &PostNextYear) -> Result<NextYear> {
    post(&format!("/classes/{class}/next-year"), body).await
}

pub async fn undo_next_year(class: ClassId) -> Result<NextYear> {
    delete_for(&format!("/classes/{class}/next-year")).await
}
