//! Closing a term of a class: what is missing, then locked with its results frozen; opened again by the principal with a reason.

mod publish;
pub mod runs;

use crate::facts::{self, ClassFacts};
use crate::marks::live;
use crate::people::Names;
use crate::results::book::Book;
use crate::results::{frozen, period_of, published};
use crate::{conduct, council, policy, term, value};
use dto::access::Permission;
use dto::calendar::Term;
use dto::classes::StaffRef;
use dto::gradebook::{Closing, ClosingEvent, Missing, MissingLearner, Period, ReopenTerm, TermState};
use dto::{ClassId, Code};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::Slot;
use regulations::tt27::TraitKind;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// What a term of a class still needs, and what happened to it before.
pub async fn get(db: &Db, ctx: &Ctx, class: ClassId, term: Term) -> Result<Closing> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::ResultRead, Permission::TermClose, class).await?;
    let book = Book::read(conn, class).await?;
    closing(conn, ctx, &book, term).await
}

async fn closing(conn: &impl ConnectionTrait, ctx: &Ctx, book: &Book, term: Term) -> Result<Closing> {
    let state = *book.state(term);
    // A closed term owes nothing: what was there then counts.
    let missing = if state.is_closed() { Vec::new() } else { missing(conn, book, term).await? };
    let history = history(conn, ctx, &book.class, term).await?;
    let last = history.first().filter(|_| state.is_closed());
    Ok(Closing {
        class_id: book.class.id,
        class_name: book.class.name.clone(),
        term,
        state: state.state,
        closed_at: state.changed_at.filter(|_| state.is_closed()),
        closed_by: last.map(|event| event.by.clone()),
        missing_cells: count(&missing),
        missing,
        version: state.version,
        history,
    })
}

/// Cells and assessments that are missing.
fn count(missing: &[Missing]) -> u32 {
    let of = |learner: &MissingLearner| u32::try_from(learner.slots.len().max(1)).unwrap_or(u32::MAX);
    missing.iter().flat_map(|part| &part.learners).map(of).fold(0, u32::saturating_add)
}

/// The same count without the names.
fn owed(book: &Book, term: Term) -> u32 {
    let of = |learner| {
        let conduct = book.conduct.get(conduct::index(term), learner);
        let assessed = conduct.is_complete() || !policy::has_conduct(&book.policy);
        book.gaps(term, learner).len() + usize::from(!assessed)
    };
    let owed: usize = book.counted(term).map(|line| of(line.learner_id)).sum();
    u32::try_from(owed).unwrap_or(u32::MAX)
}

async fn missing(conn: &impl ConnectionTrait, book: &Book, term: Term) -> Result<Vec<Missing>> {
    let mut by_subject: HashMap<&str, Vec<MissingLearner>> = HashMap::new();
    let mut no_conduct = Vec::new();
    for line in book.counted(term) {
        let blank = || MissingLearner {
            learner_id: line.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name.clone(),
            slots: Vec::new(),
        };
        for (subject, slot) in book.gaps(term, line.learner_id) {
            let learners = by_subject.entry(subject).or_default();
            match learners.last_mut() {
                Some(last) if last.learner_id == line.learner_id => last.slots.push(slot),
                _ => learners.push(MissingLearner { slots: Vec::<Slot>::from([slot]), ..blank() }),
            }
        }
        let conduct = book.conduct.get(conduct::index(term), line.learner_id);
        if !conduct.is_complete() && policy::has_conduct(&book.policy) {
            no_conduct.push(blank());
        }
    }
    let mut teachers: HashMap<String, Vec<StaffRef>> = HashMap::new();
    for (subject, staff) in facts::teachers(conn, book.class.id, None).await? {
        teachers.entry(subject).or_default().push(staff);
    }
    // Qualities and competencies are the homeroom teacher's, where nobody else was assigned.
    let homeroom = || book.class.homeroom.iter().cloned().collect::<Vec<_>>();
    let mut parts: Vec<Missing> = book
        .subjects
        .iter()
        .filter_map(|subject| {
            Some(Missing {
                teachers: teachers.remove(&subject.code).unwrap_or_else(|| match TraitKind::of_sheet(&subject.code) {
                    Some(_) => homeroom(),
                    None => Vec::new(),
                }),
                subject_code: Some(subject.code.clone()),
                subject_name_vi: Some(subject.name_vi.clone()),
                subject_name_en: Some(subject.name_en.clone()),
                learners: by_subject.remove(subject.code.as_str())?,
            })
        })
        .collect();
    // A primary class without one of its sheets still owes it: the head has to give it back.
    for kind in TraitKind::ALL {
        let known = regulations::curriculum::subject(kind.sheet());
        if let Some((subject, learners)) = known.zip(by_subject.remove(kind.sheet())) {
            parts.push(Missing {
                teachers: homeroom(),
                subject_code: Some(subject.code.to_owned()),
                subject_name_vi: Some(subject.vi.to_owned()),
                subject_name_en: Some(subject.en.to_owned()),
                learners,
            });
        }
    }
    if !no_conduct.is_empty() {
        parts.push(Missing {
            teachers: homeroom(),
            subject_code: None,
            subject_name_vi: None,
            subject_name_en: None,
            learners: no_conduct,
        });
    }
    Ok(parts)
}

async fn history(conn: &impl ConnectionTrait, ctx: &Ctx, class: &ClassFacts, term: Term) -> Result<Vec<ClosingEvent>> {
    let mut query = Query::select();
    query
        .columns(["at", "by", "state", "reason"])
        .from("class_term_event")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("term").eq(value::term_number(term)))
        .order_by("seq", Order::Desc);
    let rows = conn.query_all(&query).await?;
    let by: Vec<Option<Uuid>> = rows.iter().map(|row| row.try_get_by_index(1)).collect::<Result<_, _>>()?;
    let names = Names::of(conn, ctx.lang, by.iter().copied()).await?;
    rows.iter()
        .zip(by)
        .map(|(row, by)| {
            let state: String = row.try_get_by_index(2)?;
            Ok(ClosingEvent {
                at: row.try_get_by_index(0)?,
                by: names.name(by),
                state: state.parse().map_err(|()| Error::internal("unknown state in the database"))?,
                reason: row.try_get_by_index(3)?,
            })
        })
        .collect()
}

/// Closes a term: refused while something is missing; then nothing of it can be written, and its results are frozen with the
/// policy that made them. With the other term closed too, the year's results are frozen besides.
pub async fn close(db: &Db, ctx: &Ctx, class: ClassId, term: Term) -> Result<Closing> {
    db.write(ctx, async |tx| close_in(tx, class, term).await).await
}

/// [`close`] inside a write of the caller's.
pub async fn close_in(tx: &Tx<'_>, class: ClassId, term: Term) -> Result<(Closing, Vec<Event>)> {
    let conn = tx.conn();
    let class = facts::class(conn, tx.ctx(), Permission::TermClose, Permission::TermClose, class).await?;
    policy::of(&class)?;
    let states = lock_both(tx, &class).await?;
    let was = states[conduct::index(term)];
    if was.is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    let mut book = Book::read(conn, class).await?;
    let owed = owed(&book, term);
    if owed > 0 {
        return Err(Error::new(Code::TermNotReady).with("count", owed));
    }
    let made = publish::make(&mut book, term)?;
    let states = publish::write(tx, book.class.school_id, term, &[(&made, was)]).await?;
    book.states[conduct::index(term)] = states.into_iter().next().unwrap_or(was);
    let event = Event::new(Some(book.class.school_id), "term.closed", "class", book.class.id)
        .before(&json!({ "term": value::term_number(term), "state": was.state, "version": was.version }))
        .after(&json!({
            "term": value::term_number(term),
            "state": TermState::Closed,
            "version": was.version + 1,
            "policy": made.policy,
            "learners": made.learners,
            "year": made.year(),
        }));
    Ok((closing(conn, tx.ctx(), &book, term).await?, vec![event]))
}

/// Opens a closed term again. Its frozen results and those of the year go; the log keeps them, with the reason.
pub async fn reopen(db: &Db, ctx: &Ctx, class: ClassId, term: Term, body: &ReopenTerm) -> Result<Closing> {
    db.write(ctx, async |tx| reopen_in(tx, class, term, body).await).await
}

async fn reopen_in(tx: &Tx<'_>, class: ClassId, term: Term, body: &ReopenTerm) -> Result<(Closing, Vec<Event>)> {
    let conn = tx.conn();
    let class = facts::class(conn, tx.ctx(), Permission::TermReopen, Permission::TermReopen, class).await?;
    let states = lock_both(tx, &class).await?;
    let was = states[conduct::index(term)];
    if !was.is_closed() {
        return Err(Error::new(Code::TermNotClosed));
    }
    if council::is_closed(conn, &class).await? {
        return Err(Error::new(Code::YearClosed));
    }
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Error::field("/reason", Code::FieldRequired));
    }
    let results = frozen::thaw(tx, &class, period_of(term)).await?;
    let year = frozen::thaw(tx, &class, Period::Year).await?;
    published::put_aside(tx, &class, period_of(term), &results).await?;
    published::put_aside(tx, &class, Period::Year, &year).await?;
    term::set(tx, &class, term, &was, TermState::Open, Some(reason)).await?;
    live::announce_state(tx, &class, term);
    let event = Event::new(Some(class.school_id), "term.reopened", "class", class.id)
        .before(&json!({
            "term": value::term_number(term),
            "state": was.state,
            "version": was.version,
            "results": results,
            "year": year,
        }))
        .after(&json!({
            "term": value::term_number(term),
            "state": TermState::Open,
            "version": was.version + 1,
            "reason": reason,
        }));
    let book = Book::read(conn, class).await?;
    Ok((closing(conn, tx.ctx(), &book, term).await?, vec![event]))
}

/// Both terms, always in the same order: the year depends on both.
pub(crate) async fn lock_both(tx: &Tx<'_>, class: &ClassFacts) -> Result<[term::State; 2]> {
    Ok([term::lock(tx, class, Term::S1).await?, term::lock(tx, class, Term::S2).await?])
}
