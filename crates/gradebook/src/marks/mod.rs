//! The mark sheet of one class, subject and term.

mod history;
pub mod live;
mod put;
mod query;

pub use history::history;
pub use put::put;
pub(crate) use put::put_in;
pub(crate) use query::cells;

use crate::deadlines::locks;
use crate::facts::{self, RosterLine, SectionFacts};
use crate::{plans, policy, term};
use dto::ClassId;
use dto::access::Permission;
use dto::calendar::Term;
use dto::gradebook::{Cell, MarkSheet, SheetRow, TermState};
use dto::{Code, LearnerId};
use kernel::{Ctx, Db, Error, Result};
use sea_orm::ConnectionTrait;
use std::collections::{HashMap, HashSet};

/// A sheet with all that its page needs.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term) -> Result<MarkSheet> {
    sheet_in(db.read(), ctx, class, subject, term).await
}

async fn sheet_in(conn: &impl ConnectionTrait, ctx: &Ctx, class: ClassId, subject: &str, term: Term) -> Result<MarkSheet> {
    let section = facts::section(conn, ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    let policy = policy::of(&section.class)?;
    let roster = roster(conn, &section).await?;
    let marks = query::cells(conn, &section, term).await?;
    let state = term::state(conn, &section.class, term).await?;
    let locks = locks::read(conn, &section, term).await?;
    let teachers = facts::teachers(conn, class, Some(subject)).await?;

    let at: HashMap<LearnerId, usize> = roster.iter().enumerate().map(|(at, line)| (line.learner_id, at)).collect();
    let slots = policy::columns(section.class.grade, &section.subject, term, &policy);
    let mut rows: Vec<SheetRow> = roster.into_iter().map(|line| row(line, &section, slots.len())).collect();
    if section.class.writable {
        let plans = plans::in_force(conn, &section.class).await?;
        for row in &mut rows {
            row.plan = plans.get(&row.learner_id).is_some_and(|codes| codes.contains(&section.subject.code));
        }
    }
    for (learner, cell) in marks {
        if let Some(row) = at.get(&learner).and_then(|at| rows.get_mut(*at)) {
            row.cells.push(cell);
        }
    }
    let SectionFacts { class, subject, marks_due_on, .. } = section;
    Ok(MarkSheet {
        school_id: class.school_id,
        school_name: class.school_name,
        class_id: class.id,
        class_name: class.name,
        grade: class.grade,
        school_year: class.school_year,
        term,
        subject_code: subject.code,
        subject_name_vi: subject.name_vi,
        subject_name_en: subject.name_en,
        kind: subject.kind,
        annual_periods: subject.annual_periods,
        slots,
        teachers: teachers.into_iter().map(|(_, staff)| staff).collect(),
        writable: class.writable && state.state == TermState::Open,
        state: state.state,
        marks_due_on,
        locks: locks.0,
        rows,
    })
}

fn row(line: RosterLine, section: &SectionFacts, slots: usize) -> SheetRow {
    SheetRow {
        left: line.left_by(section.term_ends_on),
        learner_id: line.learner_id,
        ordinal: line.ordinal,
        full_name: line.full_name,
        given_name: line.given_name,
        birth_date: line.birth_date,
        plan: false,
        cells: Vec::<Cell>::with_capacity(slots),
    }
}

/// Who stands in a sheet.
pub(crate) async fn roster(conn: &impl ConnectionTrait, section: &SectionFacts) -> Result<Vec<RosterLine>> {
    let elective = (!section.subject.whole_class).then_some(section.subject.code.as_str());
    facts::roster(conn, section.class.school_id, section.class.id, elective).await
}

/// Who was named to take the topics of a sheet's subject, where anybody was.
async fn topics(conn: &impl ConnectionTrait, section: &SectionFacts) -> Result<Option<HashSet<LearnerId>>> {
    if !section.subject.topics {
        return Ok(None);
    }
    let all = facts::topics_of(conn, &[section.class.item()]).await?.into_iter();
    let named: HashSet<LearnerId> = all.filter(|(_, code, _)| *code == section.subject.code).map(|(.., who)| who).collect();
    Ok(Some(named).filter(|named| !named.is_empty()))
}

/// A sheet that nobody may write into any more.
fn closed() -> Error {
    Error::new(Code::TermClosed)
}
