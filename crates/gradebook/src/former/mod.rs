//! A term that a learner spent at a school outside of the province's records: its results as that school gave them, typed from a
//! paper by the homeroom teacher. The record stands in the place of the term in this class (see [`crate::results`]); single marks
//! of a term that goes on here are typed into the sheets instead, with the source `transfer`.

mod primary;
mod query;
pub mod years;

pub(crate) use query::{FORMER, brought, of_learner, schools, stored, terms_of};

use crate::closing::lock_both;
use crate::facts::{self, ClassFacts, SubjectFacts};
use crate::people::Names;
use crate::results::{book::Book, frozen, is_subject};
use crate::{policy, value};
use dto::access::Permission;
use dto::calendar::Term;
use dto::former::{FormerLearner, FormerTerm, FormerTerms, PutFormerTerm};
use dto::gradebook::Period;
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use query::Stored;
use regulations::{CellValue, Regulation, SubjectKind};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::collections::HashSet;
use uuid::Uuid;

/// What is recorded in a class.
///
/// Errors: `not_found`, `regulation_unavailable`.
pub async fn list(db: &Db, ctx: &Ctx, class: ClassId) -> Result<FormerTerms> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::ResultRead, Permission::ConductWrite, class).await?;
    policy::of(&class)?;
    let book = Book::read(conn, class).await?;
    let stored = query::of_class(conn, &book.class).await?;
    let names = Names::of(conn, ctx.lang, stored.iter().map(|s| s.updated_by)).await?;
    let mut items: Vec<(u32, FormerTerm)> = Vec::new();
    for row in stored {
        let Some(line) = book.roster.iter().find(|line| line.learner_id == row.learner_id) else { continue };
        items.push((line.ordinal, row.told(&book.class, &book.subjects, &book.policy, &names)));
    }
    items.sort_by_key(|(ordinal, item)| (*ordinal, item.term));
    let learners = book
        .finishing()
        .map(|line| FormerLearner {
            learner_id: line.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name.clone(),
            given_name: line.given_name.clone(),
            subject_codes: assessed(&book, line.learner_id),
        })
        .collect();
    Ok(FormerTerms {
        subjects: book.result_subjects(),
        learners,
        items: items.into_iter().map(|(_, item)| item).collect(),
        writable: book.class.writable && !book.states[1].is_closed(),
        class_id: book.class.id,
        class_name: book.class.name,
        school_year: book.class.school_year,
        grade: book.class.grade,
    })
}

/// Records a term at a former school. `version`: of what was read, 0 where there was none.
///
/// Errors: `not_found`, `regulation_unavailable`, `version_conflict`; `term_closed` once the second term is closed, or where the
/// class has a closed result of the learner in that term; `invalid` with the field.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    term: Term,
    learner: LearnerId,
    version: i64,
    body: &PutFormerTerm,
) -> Result<FormerTerm> {
    db.write(ctx, async |tx| put_in(tx, class, term, learner, version, body).await).await
}

/// The same within a write of more.
pub(crate) async fn put_in(
    tx: &Tx<'_>,
    class: ClassId,
    term: Term,
    learner: LearnerId,
    version: i64,
    body: &PutFormerTerm,
) -> Result<(FormerTerm, Vec<Event>)> {
    let conn = tx.conn();
    let class = open(tx, class, term, learner).await?;
    let policy = policy::of(&class)?;
    let subjects = facts::subjects(conn, class.id).await?;
    let was = query::one(conn, &class, learner, term).await?;
    if was.as_ref().map_or(0, |row| row.version) != version {
        return Err(Error::new(Code::VersionConflict));
    }
    let row = Stored {
        learner_id: learner,
        term,
        from_school: said("/from_school", &body.from_school)?,
        document: said("/document", &body.document)?,
        conduct: body.conduct,
        absences: body.absences,
        subjects: body.subjects.clone(),
        version: version + 1,
        updated_at: tx.now(),
        updated_by: tx.ctx().account.map(Uuid::from),
    };
    match policy.code {
        Regulation::Tt27 => primary::check(&class, &policy, &subjects, term, body)?,
        _ => check(&subjects, body)?,
    }
    let mut insert = Query::insert();
    insert
        .into_table("former_term")
        .columns(query::KEY.into_iter().chain(query::COLUMNS))
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            learner.0.into(),
            value::term_number(term).into(),
            row.from_school.as_str().into(),
            row.document.as_str().into(),
            row.conduct.map(regulations::Level::code).into(),
            row.absences.and_then(|n| i16::try_from(n).ok()).into(),
            serde_json::to_string(&row.subjects).map_err(Error::internal)?.into(),
            row.version.into(),
            row.updated_at.into(),
            row.updated_by.into(),
        ])
        .on_conflict(
            OnConflict::columns(query::KEY)
                .update_columns(query::COLUMNS)
                // Two who saw the same: one of them wins.
                .action_and_where(Expr::col(("former_term", "version")).eq(version))
                .to_owned(),
        );
    if conn.execute(&insert).await?.rows_affected() != 1 {
        return Err(Error::new(Code::VersionConflict));
    }
    let names = Names::of(conn, tx.ctx().lang, [row.updated_by]).await?;
    let told = |row: Stored| row.told(&class, &subjects, &policy, &names);
    let mut event = Event::new(Some(class.school_id), "former_term.recorded", "learner", learner);
    if let Some(was) = was {
        event = event.before(&told(was));
    }
    let after = told(row);
    Ok((after.clone(), vec![event.after(&after)]))
}

/// Takes a record away; the log keeps it.
///
/// Errors: as of [`put`].
pub async fn remove(db: &Db, ctx: &Ctx, class: ClassId, term: Term, learner: LearnerId) -> Result<()> {
    db.write(ctx, async |tx| Ok(((), vec![remove_in(tx, class, term, learner).await?]))).await
}

/// The same within a write of more.
pub(crate) async fn remove_in(tx: &Tx<'_>, class: ClassId, term: Term, learner: LearnerId) -> Result<Event> {
    let conn = tx.conn();
    let class = open(tx, class, term, learner).await?;
    let policy = policy::of(&class)?;
    let was = query::one(conn, &class, learner, term).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let subjects = facts::subjects(conn, class.id).await?;
    let names = Names::of(conn, tx.ctx().lang, [was.updated_by]).await?;
    let mut delete = Query::delete();
    delete
        .from_table("former_term")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("term").eq(value::term_number(term)));
    conn.execute(&delete).await?;
    let event = Event::new(Some(class.school_id), "former_term.removed", "learner", learner)
        .before(&was.told(&class, &subjects, &policy, &names));
    Ok(event)
}

/// What a learner is assessed in: subjects, and in a primary class qualities and competencies too.
fn assessed(book: &Book, learner: LearnerId) -> Vec<String> {
    let taken = book.taken(learner).into_iter().map(|at| &book.subjects[at]);
    if book.policy.code != Regulation::Tt27 {
        return taken.map(|subject| subject.code.clone()).collect();
    }
    let planned = book.planned_kinds(learner);
    let traits = primary::traits(&book.class, &book.policy).filter(|one| !planned.contains(&one.kind));
    taken
        .filter(|subject| is_subject(subject))
        .map(|subject| subject.code.clone())
        .chain(traits.map(|one| one.code.to_owned()))
        .collect()
}

/// The class, locked, where a term of a learner may still be recorded.
async fn open(tx: &Tx<'_>, class: ClassId, term: Term, learner: LearnerId) -> Result<ClassFacts> {
    let conn = tx.conn();
    let class = facts::class(conn, tx.ctx(), Permission::ConductWrite, Permission::ConductWrite, class).await?;
    policy::of(&class)?;
    let line = facts::roster_line(conn, class.school_id, class.id, learner).await?;
    if line.is_none_or(|line| line.left_on.is_some()) {
        return Err(Error::new(Code::NotFound));
    }
    let states = lock_both(tx, &class).await?;
    let period = match term {
        Term::S1 => Period::S1,
        Term::S2 => Period::S2,
    };
    let made = frozen::read_one(conn, &[(class.school_id, class.id)], period, learner).await?;
    // With the second term the year is closed.
    if states[1].is_closed() || made.is_some() {
        return Err(Error::new(Code::TermClosed));
    }
    Ok(class)
}

pub(crate) fn said(pointer: &'static str, text: &str) -> Result<String> {
    let text = kernel::text::clean(text);
    if text.is_empty() { Err(Error::field(pointer, Code::FieldRequired)) } else { Ok(text) }
}

/// Each subject is one of the class, named once, with a value that a term of it can have.
fn check(subjects: &[SubjectFacts], body: &PutFormerTerm) -> Result<()> {
    let mut seen = HashSet::new();
    for (at, given) in body.subjects.iter().enumerate() {
        let code = given.subject_code.as_str();
        let subject = subjects.iter().find(|s| s.code == code).filter(|_| seen.insert(code));
        let subject = subject.ok_or_else(|| Error::field(format!("/subjects/{at}/subject_code"), Code::FieldChoice))?;
        let fits = match (given.value, subject.kind) {
            (CellValue::Score(average), SubjectKind::Score) => average.is_in_tenths(),
            (CellValue::Pass | CellValue::Fail, SubjectKind::Comment) | (CellValue::Exempt, _) => true,
            _ => false,
        };
        // Only primary schools have tests beside the result.
        if given.test.is_some() {
            return Err(Error::field(format!("/subjects/{at}/test"), Code::MarkInvalid));
        }
        if !fits {
            return Err(Error::field(format!("/subjects/{at}/value"), Code::MarkInvalid));
        }
    }
    Ok(())
}
