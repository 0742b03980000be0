//! What is left to do, for whom it is: marks for who teaches, conduct for the homeroom teacher, closing for who closes.

mod progress;

use crate::facts::{self, ClassItem, SubjectFacts};
use crate::{current_year, deadlines, policy, value};
use chrono::{Days, NaiveDate};
use dto::access::Permission;
use dto::calendar::{Term, TermDates};
use dto::gradebook::{ClassProgress, ProgressQuery, Todo, TodoKind};
use dto::units::UnitKind;
use dto::{ClassId, Code, Page, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Result, clock};
use progress::Progress;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// Most classes that are looked at for one person: several large schools. Whoever has more looks at figures, not at to-dos.
const MOST_CLASSES: u64 = 200;
/// Most requests of a school that are shown; the page of requests has all.
const MOST_OPENINGS: u64 = 20;
/// Closing comes up so many days before marks are due; before that it would only be noise. A class that is ready comes up at once.
const CLOSE_AHEAD: Days = Days::new(14);

/// The caller's to-dos of the current school year, soonest first: of the terms that have begun and are open.
pub async fn list(db: &Db, ctx: &Ctx) -> Result<Page<Todo>> {
    let conn = db.read();
    let Some(year) = current_year(conn).await? else { return Ok(Page { items: Vec::new(), next: None }) };
    let terms = begun(facts::terms(conn, year).await?);

    let marking = facts::sections_taught(conn, &ctx.reach(Permission::MarkWrite), year).await?;
    let conduct = ctx.reach(Permission::ConductWrite);
    let conduct = Scope { homeroom: conduct.homeroom, ..Scope::default() };
    let conduct = facts::classes_reached(conn, &conduct, year, MOST_CLASSES).await?;
    let closing = Scope { all: false, ..ctx.reach(Permission::TermClose) };
    let closing = facts::classes_reached(conn, &closing, year, MOST_CLASSES).await?;

    let mut classes: HashMap<ClassId, ClassItem> = HashMap::new();
    for class in marking.iter().map(|(class, _)| class).chain(&conduct).chain(&closing) {
        // Grades without rules have no columns, so there is nothing to enter.
        if policy::of_item(class).is_some() {
            classes.entry(class.id).or_insert_with(|| class.clone());
        }
    }
    let classes: Vec<ClassItem> = classes.into_values().collect();
    let mut todos = openings(conn, ctx).await?;
    if classes.is_empty() || terms.is_empty() {
        return Ok(Page { items: todos, next: None });
    }
    let progress = Progress::read(conn, &classes, &marking, &closing, &terms).await?;

    for dates in &terms {
        let owed = deadlines::owed(conn, &marking, &progress.sheets, year, dates).await?;
        for (class, subject) in &marking {
            let missing = progress.marks_missing(class.id, subject, dates);
            if missing > 0 {
                let mut todo = todo(TodoKind::Marks, class, Some(subject), dates, missing);
                // The school's own deadline stands before the day in the calendar.
                if let Some(owed) = owed.get(&(class.id, subject.code.clone())) {
                    (todo.due_on, todo.late) = (Some(owed.due_on), owed.late);
                }
                todos.push(todo);
            }
        }
        for class in &conduct {
            let missing = progress.conduct_missing(class.id, dates);
            if missing > 0 {
                todos.push(todo(TodoKind::Conduct, class, None, dates, missing));
            }
        }
        for class in &closing {
            if let Some(missing) = progress.closing_missing(class.id, dates).filter(|n| *n == 0 || near(dates)) {
                todos.push(todo(TodoKind::Close, class, None, dates, missing));
            }
        }
    }
    // Stable: within a term and kind, classes stay by grade and name.
    // Somebody waits for an answer: that comes first.
    todos.sort_by_key(|todo| (todo.kind != TodoKind::Opening, todo.due_on.unwrap_or(NaiveDate::MAX), todo.term, todo.kind));
    Ok(Page { items: todos, next: None })
}

/// How far the classes of a school are, as far as the caller reads their results, in a term of the current school year; by grade
/// and name.
///
/// Errors: `not_found` (the school).
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId, query: &ProgressQuery) -> Result<Page<ClassProgress>> {
    let conn = db.read();
    let unit = records::units::reachable_in(conn, ctx, Permission::ResultRead, school).await?;
    if !matches!(unit.kind, UnitKind::School | UnitKind::Campus) {
        return Err(Error::new(Code::NotFound));
    }
    let none = Page { items: Vec::new(), next: None };
    let Some(year) = current_year(conn).await? else { return Ok(none) };
    let terms = facts::terms(conn, year).await?;
    let wanted = query.term.or_else(|| begun(terms.clone()).last().map(|dates| dates.term));
    let Some(dates) = terms.into_iter().find(|dates| Some(dates.term) == wanted) else { return Ok(none) };
    let mut classes = facts::classes_of_school(conn, &ctx.reach(Permission::ResultRead), school, year).await?;
    // Grades without rules have nothing to count.
    classes.retain(|class| policy::of_item(class).is_some());
    if classes.is_empty() {
        return Ok(none);
    }
    let progress = Progress::read(conn, &classes, &[], &classes, std::slice::from_ref(&dates)).await?;
    Ok(Page { items: classes.iter().map(|class| progress.of_class(class, &dates)).collect(), next: None })
}

/// The terms that have begun; the first where none has.
fn begun(terms: Vec<TermDates>) -> Vec<TermDates> {
    let today = clock::today();
    let count = terms.iter().filter(|dates| dates.starts_on <= today).count();
    terms.into_iter().take(count.max(1)).collect()
}

fn near(dates: &TermDates) -> bool {
    let due = dates.marks_due_on.unwrap_or(dates.ends_on);
    clock::today() >= due.checked_sub_days(CLOSE_AHEAD).unwrap_or(due)
}

fn todo(kind: TodoKind, class: &ClassItem, subject: Option<&SubjectFacts>, dates: &TermDates, missing: u32) -> Todo {
    Todo {
        kind,
        school_id: Some(class.school_id),
        class_id: class.id,
        class_name: class.name.clone(),
        term: dates.term,
        subject_code: subject.map(|s| s.code.clone()),
        subject_name_vi: subject.map(|s| s.name_vi.clone()),
        subject_name_en: subject.map(|s| s.name_en.clone()),
        missing,
        due_on: dates.marks_due_on,
        late: false,
    }
}

/// Requests that wait for the caller's answer.
async fn openings(conn: &impl ConnectionTrait, ctx: &Ctx) -> Result<Vec<Todo>> {
    let schools: Vec<UnitId> = ctx.reach(Permission::DeadlineWrite).units.into_iter().map(UnitId).collect();
    let waiting = deadlines::pending(conn, ctx, &schools, MOST_OPENINGS).await?;
    Ok(waiting
        .into_iter()
        .map(|opening| Todo {
            kind: TodoKind::Opening,
            school_id: Some(opening.school_id),
            class_id: opening.class_id,
            class_name: opening.class_name,
            term: opening.term,
            subject_code: Some(opening.subject_code),
            subject_name_vi: Some(opening.subject_name_vi),
            subject_name_en: Some(opening.subject_name_en),
            missing: 0,
            due_on: None,
            late: false,
        })
        .collect())
}

fn number(term: Term) -> i16 {
    value::term_number(term)
}
