//! Around the mark sheet: deadlines and openings, comments and phrases, Excel files.

use super::client::{self, Body};
use super::query::{Query, segment};
use super::{Result, delete, get, post, post_file, put, put_unversioned};
use dto::calendar::Term;
use dto::comments::*;
use dto::deadlines::*;
use dto::mark_files::MarkFileCheck;
use dto::{ClassId, LearnerId, Page, PhraseId, UnitId};

fn section(class: ClassId, subject: &str, term: Term, what: &str) -> String {
    format!("/classes/{class}/subjects/{}/terms/{term}/{what}", segment(subject))
}

pub async fn deadlines(school: UnitId, term: Term) -> Result<MarkDeadlines> {
    get(&format!("/units/{school}/terms/{term}/mark-deadlines")).await
}

pub async fn put_deadlines(school: UnitId, term: Term, version: i64, body: &PutMarkDeadlines) -> Result<MarkDeadlines> {
    put(&format!("/units/{school}/terms/{term}/mark-deadlines"), version, body).await
}

pub async fn late_marks(school: UnitId, term: Term) -> Result<LateMarks> {
    get(&format!("/units/{school}/terms/{term}/late-marks")).await
}

pub async fn openings(school: UnitId) -> Result<Page<MarkOpening>> {
    get(&format!("/units/{school}/mark-openings?limit=100")).await
}

pub async fn decide_opening(opening: &MarkOpening, body: &DecideOpening) -> Result<MarkOpening> {
    put(&format!("/units/{}/mark-openings/{}/decision", opening.school_id, opening.id), opening.version, body).await
}

pub async fn sheet_openings(class: ClassId, subject: &str, term: Term) -> Result<Page<MarkOpening>> {
    get(&section(class, subject, term, "mark-openings")).await
}

pub async fn ask_opening(class: ClassId, subject: &str, term: Term, body: &PostMarkOpening) -> Result<MarkOpening> {
    post(&section(class, subject, term, "mark-openings"), body).await
}

pub async fn comments(class: ClassId, subject: &str, term: Term) -> Result<CommentSheet> {
    get(&section(class, subject, term, "comments")).await
}

pub async fn put_comments(class: ClassId, subject: &str, term: Term, body: &PutComments) -> Result<CommentsSaved> {
    put_unversioned(&section(class, subject, term, "comments"), body).await
}

pub async fn comment_history(class: ClassId, subject: &str, term: Term, learner: LearnerId) -> Result<Page<CommentChange>> {
    get(&section(class, subject, term, &format!("comments/{learner}/history"))).await
}

/// All phrases of a school, or those that fit a subject.
pub async fn phrases(school: UnitId, subject: Option<String>) -> Result<Vec<Phrase>> {
    let (mut all, mut after) = (Vec::new(), None::<String>);
    loop {
        let query = Query::new().with("limit", Some(200)).with("subject_code", subject.as_ref()).with("after", after);
        let page: Page<Phrase> = get(&query.on(&format!("/units/{school}/phrases"))).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

pub async fn post_phrase(school: UnitId, body: &PutPhrase) -> Result<Phrase> {
    post(&format!("/units/{school}/phrases"), body).await
}

pub async fn put_phrase(school: UnitId, phrase: PhraseId, version: i64, body: &PutPhrase) -> Result<Phrase> {
    put(&format!("/units/{school}/phrases/{phrase}"), version, body).await
}

pub async fn delete_phrase(school: UnitId, phrase: PhraseId) -> Result<()> {
    delete(&format!("/units/{school}/phrases/{phrase}")).await
}

pub async fn marks_file(class: ClassId, subject: &str, term: Term) -> Result<web_sys::Blob> {
    client::blob("GET", &section(class, subject, term, "marks/file"), Body::Empty).await
}

pub async fn check_marks_file(class: ClassId, subject: &str, term: Term, file: web_sys::File) -> Result<MarkFileCheck> {
    post_file(&section(class, subject, term, "marks/file/check"), file).await
}

/// The same file with the marks in it.
pub async fn fill_marks_file(class: ClassId, subject: &str, term: Term, file: web_sys::File) -> Result<web_sys::Blob> {
    client::blob("POST", &section(class, subject, term, "marks/file/fill"), Body::File(file)).await
}
