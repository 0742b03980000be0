//! Registers of a class, drawn from what the other modules keep: nothing in them is typed again. Who may read results may draw them,
//! and as far; a subject's own table goes with its mark sheet.
//!
//! The circulars say what a register holds; no published form fixes its columns, so the layout is ours (`crates/documents/forms/`).

mod awards;
mod dossier;
mod homeroom;
mod lists;
mod record;
mod roll;
pub mod runs;
mod sheets;
mod slips;

pub use dossier::dossier;
pub use lists::{admissions, class_list};
pub use slips::of_child;

use crate::facts::{self, ClassFacts};
use crate::policy;
use crate::results::book::Book;
use chrono::NaiveDate;
use documents::rendering::{Extras, Form, make};
use dto::access::Permission;
use dto::calendar::Term;
use dto::gradebook::Period;
use dto::registers::{RegisterForm, RegisterQuery};
use dto::{ClassId, Code, UnitId};
use kernel::text::slug;
use kernel::{Ctx, Db, Error, Result, clock};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use sheets::{Line, ResultSheet, SubjectSheet};

/// A PDF file with its name.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What every register says of its class.
#[derive(Clone, Debug, Serialize)]
struct Head {
    /// The unit above the school, as the head of a paper names it (NĐ 30/2020, Phụ lục I).
    over: Option<String>,
    school: String,
    year: String,
    class: String,
    homeroom: Option<String>,
    /// Before the date: the commune.
    place: Option<String>,
    date: NaiveDate,
    copy: bool,
    subtitle: String,
}

#[derive(Serialize)]
struct Tables {
    head: Head,
    learners: Vec<Line>,
    subjects: Vec<SubjectSheet>,
    results: Vec<ResultSheet>,
}

const PERIODS: [Period; 3] = [Period::S1, Period::S2, Period::Year];

/// A register of a class.
///
/// Errors: `not_found`, `regulation_unavailable`; of slips `nobody_in_class`; of certificates `term_not_closed`, `no_award`.
pub async fn of_class(db: &Db, ctx: &Ctx, class: ClassId, form: RegisterForm, query: &RegisterQuery) -> Result<File> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::ResultRead, Permission::ResultRead, class).await?;
    policy::of(&class)?;
    let head = head(conn, &class, query.copy).await?;
    let name = |what: &str| format!("{what}-{}-{}.pdf", slug(&class.name), class.school_year);
    let (name, bytes) = match form {
        RegisterForm::Assessment => {
            let data = assessment(db, ctx, &class, head).await?;
            (name("so-theo-doi-va-danh-gia"), make(Form::Assessment, data, Extras::default()).await?)
        }
        RegisterForm::Marks => {
            let data = marks(db, ctx, &class, head, query.period).await?;
            (name("bang-diem"), make(Form::Marks, data, Extras::default()).await?)
        }
        RegisterForm::Homeroom => {
            let data = homeroom::read(db, ctx, &class, head).await?;
            (name("so-chu-nhiem"), make(Form::Homeroom, data, Extras::default()).await?)
        }
        RegisterForm::Roll => {
            let data = roll::read(db, ctx, &class, head).await?;
            (name("so-goi-ten"), make(Form::Record, data, Extras::default()).await?)
        }
        RegisterForm::Slips => {
            let data = slips::of_class(conn, &class, head, query.learner_id).await?;
            (name("phieu-lien-lac"), make(Form::Slips, data, Extras::default()).await?)
        }
        RegisterForm::Awards => {
            let data = awards::of_class(db, ctx, &class, head, query.learner_id).await?;
            (name("giay-khen"), make(Form::Awards, data, Extras::default()).await?)
        }
    };
    Ok(File { name, bytes })
}

async fn assessment(db: &Db, ctx: &Ctx, class: &ClassFacts, head: Head) -> Result<Tables> {
    let conn = db.read();
    let book = Book::read(conn, class.clone()).await?;
    let learners = sheets::lines(conn, class).await?;
    let mut all = Vec::with_capacity(PERIODS.len());
    for period in PERIODS {
        all.push(crate::results::of_class(db, ctx, class.id, period).await?);
    }
    let decided = crate::council::frozen_in(conn, class).await?;
    let teachers = facts::teachers(conn, class.id, None).await?;
    let at = |at: usize| sheets::subject(&book, &book.subjects[at], at, &learners, &teachers, &all);
    let subjects = (0..book.subjects.len()).map(at).collect();
    let results = all.iter().map(|results| sheets::results(results, &learners, &decided)).collect();
    Ok(Tables { head: Head { subtitle: "(Theo lớp học)".to_owned(), ..head }, subjects, results, learners })
}

async fn marks(db: &Db, ctx: &Ctx, class: &ClassFacts, head: Head, period: Option<Period>) -> Result<Tables> {
    let conn = db.read();
    let learners = sheets::lines(conn, class).await?;
    let decided = crate::council::frozen_in(conn, class).await?;
    let mut results = Vec::new();
    for period in PERIODS.into_iter().filter(|each| period.is_none_or(|one| one == *each)) {
        let found = crate::results::of_class(db, ctx, class.id, period).await?;
        results.push(sheets::results(&found, &learners, &decided));
    }
    let subtitle = period.map(|period| period.label(dto::Lang::Vi).to_owned()).unwrap_or_default();
    Ok(Tables { head: Head { subtitle, ..head }, subjects: Vec::new(), results, learners })
}

/// The mark table of one subject of a class: both terms and what they come to. Whoever reads the mark sheet may draw it.
///
/// Errors: `not_found`, `regulation_unavailable`.
pub async fn of_subject(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, copy: bool) -> Result<File> {
    let conn = db.read();
    let (read, term) = (Permission::MarkRead, Term::S1);
    let section = facts::section(conn, ctx, read, read, class, subject, term).await?;
    let class = section.class;
    policy::of(&class)?;
    let head = head(conn, &class, copy).await?;
    let book = Book::read(conn, class.clone()).await?;
    let at = book.subjects.iter().position(|known| known.code == subject).ok_or_else(|| Error::new(Code::NotFound))?;
    let roster = crate::marks::roster(conn, &facts::SectionFacts { class: class.clone(), ..section }).await?;
    let mut learners = sheets::lines(conn, &class).await?;
    // Of an elective subject who takes it.
    learners.retain(|line| roster.iter().any(|taking| taking.learner_id == line.id));
    let teachers = facts::teachers(conn, class.id, Some(subject)).await?;
    let all: Vec<_> = PERIODS.iter().map(|period| (*period, book.results(*period))).collect();
    let sheet = sheets::subject_as_it_stands(&book, at, &learners, &teachers, &all);
    let name = format!("bang-diem-{}-{}-{}.pdf", slug(&sheet.name), slug(&class.name), class.school_year);
    let data = Tables { head, learners, subjects: vec![sheet], results: Vec::new() };
    Ok(File { name, bytes: make(Form::Marks, data, Extras::default()).await? })
}

async fn head(conn: &impl ConnectionTrait, class: &ClassFacts, copy: bool) -> Result<Head> {
    Ok(Head {
        year: class.school_year.clone(),
        class: class.name.clone(),
        homeroom: class.homeroom.as_ref().map(|staff| staff.full_name.clone()),
        ..school_head(conn, class.school_id, &class.school_name, copy).await?
    })
}

/// The head of a paper of a school as a whole.
async fn school_head(conn: &impl ConnectionTrait, school: UnitId, name: &str, copy: bool) -> Result<Head> {
    let issuer = documents::issuer::of(conn, school).await?;
    Ok(Head {
        over: issuer.over,
        school: name.to_owned(),
        year: String::new(),
        class: String::new(),
        homeroom: None,
        place: issuer.place,
        date: clock::today(),
        copy,
        subtitle: String::new(),
    })
}
