//! One learner's school year: marks as they stand, and what closings have frozen. The same for staff and for the family; there is
//! nothing of another child in it, no rank and no class average (TT 15/2026 Đ.22 k.2).

use super::frozen;
use crate::facts::{self, ClassFacts, SubjectFacts};
use crate::{comments, council, current_year, former, plans, policy, term, value};
use dto::access::Permission;
use dto::calendar::Term;
use dto::council::YearDecision;
use dto::gradebook::{Cell, LearnerReport, LearnerResult, Period, ReportSubject, TermReport};
use dto::learners::Enrolment;
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Result};
use regulations::{Reason, Slot};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Staff's view of a learner in the current school year, in the latest class that the caller reaches.
pub async fn of_learner(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<LearnerReport> {
    let conn = db.read();
    let year = current_year(conn).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    for (_, class) in facts::classes_of(conn, learner, year).await? {
        match facts::class(conn, ctx, Permission::ResultRead, plans::READS_REASON, class).await {
            Ok(class) => {
                let told_why = class.writable;
                let mut report = report(conn, class, learner).await?;
                if !told_why {
                    plans::report_without_reason(&mut report);
                }
                return Ok(report);
            }
            Err(e) if e.code() == Code::NotFound => {}
            Err(e) => return Err(e),
        }
    }
    Err(Error::new(Code::NotFound))
}

/// Staff's view of every school year of a learner, the first at first: each in the latest class of it that the caller reaches. `whole`:
/// the caller reads the record that the learner brought along, so also years of which they reach no class.
pub(crate) async fn of_learner_by_year(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    learner: LearnerId,
    enrolments: &[Enrolment],
    whole: bool,
) -> Result<Vec<LearnerReport>> {
    let mut all: Vec<&Enrolment> = enrolments.iter().collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.enrolled_on));
    let mut years: BTreeMap<&str, LearnerReport> = BTreeMap::new();
    let mut beyond: Vec<&Enrolment> = Vec::new();
    for one in all {
        if years.contains_key(one.school_year.as_str()) {
            continue;
        }
        let class = match facts::class(conn, ctx, Permission::ResultRead, plans::READS_REASON, one.class_id).await {
            Ok(class) => class,
            Err(e) if e.code() == Code::NotFound => {
                beyond.push(one);
                continue;
            }
            Err(e) => return Err(e),
        };
        let told_why = class.writable;
        let mut report = report(conn, class, learner).await?;
        if !told_why {
            plans::report_without_reason(&mut report);
        }
        years.insert(&one.school_year, report);
    }
    for one in beyond.into_iter().filter(|_| whole) {
        if !years.contains_key(one.school_year.as_str()) {
            // Why a subject is taken by a plan stays with the school that made it.
            let mut report = report(conn, facts::class_unscoped(conn, one.class_id).await?, learner).await?;
            plans::report_without_reason(&mut report);
            years.insert(&one.school_year, report);
        }
    }
    Ok(years.into_values().collect())
}

/// The report of a learner in a class that the caller may see them in.
pub(crate) async fn report(conn: &impl ConnectionTrait, class: ClassFacts, learner: LearnerId) -> Result<LearnerReport> {
    let line = facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let policy = policy::of_grade(&class);
    let subjects = match policy {
        Some(_) => taken(conn, &class, learner).await?,
        // No rules for this grade yet, so no columns either.
        None => Vec::new(),
    };
    // Who changed the class keeps what was there before, below what the class has now. A class that came after it is not the
    // caller's to see.
    let mut classes = facts::classes_of(conn, learner, class.school_year_id).await?;
    let at = classes.iter().position(|(_, id)| *id == class.id).unwrap_or(classes.len());
    classes.drain(..at);
    let mut cells = cells(conn, &classes, &subjects, learner).await?;
    let mut comments = comments::of_learner(conn, &classes, learner).await?;
    let states = term::states(conn, &class).await?;
    let mut terms = Vec::with_capacity(2);
    for (at, (term, period)) in [(Term::S1, Period::S1), (Term::S2, Period::S2)].into_iter().enumerate() {
        let state = &states[at];
        // A term that is open here may have been closed in the class before.
        let from = if state.is_closed() { &classes[..] } else { classes.get(1..).unwrap_or_default() };
        let mut result = frozen::read_one(conn, from, period, learner).await?;
        if let (None, Some(policy)) = (&result, &policy) {
            result = former::of_learner(conn, &class, &subjects, &line, term, policy).await?;
        }
        terms.push(TermReport {
            term,
            state: state.state,
            closed_at: state.changed_at.filter(|_| state.is_closed()),
            subjects: match &policy {
                Some(policy) => subjects
                    .iter()
                    .map(|s| ReportSubject {
                        comment: comments.remove(&(term, s.code.clone())),
                        ..subject(s, policy::columns(class.grade, s, term, policy), cells[at].remove(&s.code))
                    })
                    .collect(),
                None => Vec::new(),
            },
            result,
        });
    }
    let both = states.iter().all(|state| state.is_closed());
    let mut year = if both { frozen::read_one(conn, &[(class.school_id, class.id)], Period::Year, learner).await? } else { None };
    if let Some(year) = &mut year
        && let Some(decision) = council::frozen_of(conn, &class, learner).await?
    {
        settle(year, decision);
    }
    Ok(LearnerReport {
        learner_id: learner,
        full_name: line.full_name,
        given_name: line.given_name,
        class_name: class.name,
        school_name: class.school_name,
        school_year: class.school_year,
        homeroom: class.homeroom.map(|staff| staff.full_name),
        terms,
        year,
    })
}

/// Once the year of the class is closed, what the summer and the council made of it stands.
pub(crate) fn settle(year: &mut LearnerResult, decision: YearDecision) {
    let by_council = decision.because.is_some();
    year.learning = decision.decided.learning;
    year.conduct = decision.decided.conduct;
    year.promotion = decision.decided.promotion;
    year.award = decision.decided.award;
    year.reasons = decision.reasons;
    // That the council decided is said; why it did stays with the school.
    if let Some(promotion) = year.promotion.filter(|_| by_council) {
        year.reasons.push(Reason {
            code: "council-decision".to_owned(),
            params: [("promotion".to_owned(), promotion.code().to_owned())].into(),
            article: "TT 22/2021 Đ.12".to_owned(),
            vi: format!("Kết quả do hội đồng của lớp xét và hiệu trưởng duyệt: {}.", promotion.vi()),
            en: format!("Decided by the council of the class and approved by the principal: {}.", promotion.en()),
        });
    }
}

fn subject(subject: &SubjectFacts, slots: Vec<Slot>, cells: Option<Vec<Cell>>) -> ReportSubject {
    let mut cells = cells.unwrap_or_default();
    cells.sort_by_key(|cell| cell.slot);
    ReportSubject {
        subject_code: subject.code.clone(),
        name_vi: subject.name_vi.clone(),
        name_en: subject.name_en.clone(),
        kind: subject.kind,
        slots,
        cells,
        comment: None,
    }
}

/// The subjects that a learner takes.
async fn taken(conn: &impl ConnectionTrait, class: &ClassFacts, learner: LearnerId) -> Result<Vec<SubjectFacts>> {
    let mut subjects = facts::subjects(conn, class.id).await?;
    if subjects.iter().any(|subject| !subject.whole_class) {
        let electives = facts::electives(conn, class.school_id, class.id).await?;
        let own: HashSet<&str> = electives.iter().filter(|(_, who)| *who == learner).map(|(code, _)| code.as_str()).collect();
        subjects.retain(|subject| subject.whole_class || own.contains(subject.code.as_str()));
    }
    if subjects.iter().any(|subject| subject.topics) {
        let named = facts::topics_of(conn, &[class.item()]).await?;
        for subject in subjects.iter_mut().filter(|subject| subject.topics) {
            let mut of = named.iter().filter(|(_, code, _)| *code == subject.code).peekable();
            subject.topics = of.peek().is_none() || of.any(|(.., who)| *who == learner);
        }
    }
    Ok(subjects)
}

/// A learner's cells, for each term by subject. Where several classes have the same cell, the first class's stands.
async fn cells(
    conn: &impl ConnectionTrait,
    classes: &[(UnitId, ClassId)],
    subjects: &[SubjectFacts],
    learner: LearnerId,
) -> Result<[HashMap<String, Vec<Cell>>; 2]> {
    let mut terms = [HashMap::new(), HashMap::new()];
    if classes.is_empty() || subjects.is_empty() {
        return Ok(terms);
    }
    let mut query = Query::select();
    query
        .columns(["subject_code", "term", "version", "slot", "mark", "flag", "class_id"])
        .from("mark")
        // Subjects and terms are named so that the key is followed down to the learner, past nobody else's marks.
        .and_where(Expr::col("school_id").is_in(classes.iter().map(|(school, _)| school.0)))
        .and_where(Expr::col("class_id").is_in(classes.iter().map(|(_, class)| class.0)))
        .and_where(Expr::col("subject_code").is_in(subjects.iter().map(|subject| subject.code.as_str())))
        .and_where(Expr::col("term").is_in([Term::S1, Term::S2].map(value::term_number)))
        .and_where(Expr::col("learner_id").eq(learner.0));
    let mut found: Vec<(usize, usize, String, Cell)> = Vec::new();
    for row in conn.query_all(&query).await? {
        let Some((slot, Some(value))) = value::cell(&row, 3)? else { continue };
        let class = ClassId(row.try_get_by_index(6)?);
        let rank = classes.iter().position(|(_, id)| *id == class).unwrap_or(classes.len());
        let term = usize::from(row.try_get_by_index::<i16>(1)? == 2);
        found.push((rank, term, row.try_get_by_index(0)?, Cell { slot, value: Some(value), version: row.try_get_by_index(2)? }));
    }
    found.sort_by_key(|(rank, ..)| *rank);
    for (_, term, subject, cell) in found {
        let cells: &mut Vec<Cell> = terms[term].entry(subject).or_default();
        if cells.iter().all(|known| known.slot != cell.slot) {
            cells.push(cell);
        }
    }
    Ok(terms)
}
