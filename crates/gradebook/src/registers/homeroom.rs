//! Sổ chủ nhiệm: what the homeroom teacher keeps of a class in a year (TT 15/2026 Đ.21 k.2).

use super::Head;
use super::sheets::{Line, lines};
use crate::facts::{self, ClassFacts};
use crate::policy;
use chrono::NaiveDate;
use dto::calendar::Term;
use dto::council::{Absence, AbsenceKind, ConductNoteKind, DaySession};
use dto::gradebook::{ClassResults, Period};
use dto::learners::Sex;
use dto::{Code, Lang, LearnerId};
use kernel::{Ctx, Db, Result};
use regulations::Level;
use regulations::tt27::Group;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
pub(super) struct Register {
    head: Head,
    facts: Facts,
    learners: Vec<Line>,
    teachers: Vec<Taught>,
    /// Empty in primary classes, where conduct is not assessed.
    terms: Vec<TermSheet>,
    notes: Vec<Note>,
    absences: Vec<Missed>,
    summary: Vec<Summary>,
    council: Option<Minutes>,
}

/// Who is in the class now.
#[derive(Serialize)]
struct Facts {
    size: usize,
    male: usize,
    female: usize,
}

#[derive(Serialize)]
struct Taught {
    subject: String,
    names: Vec<String>,
}

#[derive(Serialize)]
struct TermSheet {
    name: &'static str,
    rows: Vec<TermRow>,
}

/// Everything as it is printed; empty for who was not there.
#[derive(Clone, Default, Serialize)]
struct TermRow {
    excused: String,
    unexcused: String,
    conduct: &'static str,
    praises: String,
    violations: String,
}

#[derive(Serialize)]
struct Note {
    day: NaiveDate,
    name: String,
    kind: &'static str,
    text: String,
    by: String,
}

#[derive(Serialize)]
struct Missed {
    name: String,
    days: String,
}

/// How many learners reached each level, by period.
#[derive(Serialize)]
struct Summary {
    name: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Counts>,
}

#[derive(Serialize)]
struct Counts {
    name: &'static str,
    counts: Vec<usize>,
}

#[derive(Serialize)]
struct Minutes {
    met_on: Option<NaiveDate>,
    members: Vec<String>,
    text: String,
    rows: Vec<Decided>,
}

#[derive(Serialize)]
struct Decided {
    n: u32,
    name: String,
    learning: &'static str,
    conduct: &'static str,
    promotion: &'static str,
    award: &'static str,
}

const TERMS: [(Term, &str); 2] = [(Term::S1, "Học kì I"), (Term::S2, "Học kì II")];

pub(super) async fn read(db: &Db, ctx: &Ctx, class: &ClassFacts, head: Head) -> Result<Register> {
    let conn = db.read();
    let learners = lines(conn, class).await?;
    let here = || learners.iter().filter(|line| line.left.is_none());
    let (male, female) = (Sex::Male.label(Lang::Vi), Sex::Female.label(Lang::Vi));
    let facts = Facts {
        size: here().count(),
        male: here().filter(|line| line.sex == male).count(),
        female: here().filter(|line| line.sex == female).count(),
    };
    let has_conduct = policy::has_conduct(&policy::of(class)?);
    let dated = facts::terms(conn, class.school_year_id).await?;
    let (mut terms, mut notes, mut missed) = (Vec::new(), Vec::new(), HashMap::<LearnerId, Vec<Absence>>::new());
    for (term, name) in TERMS.into_iter().filter(|(term, _)| dated.iter().any(|dates| dates.term == *term)) {
        let absences = crate::absences::sheet(db, ctx, class.id, term).await?;
        if has_conduct {
            let conduct = crate::conduct::sheet(db, ctx, class.id, term).await?;
            let counts: HashMap<_, _> = absences.rows.iter().map(|row| (row.learner_id, row.term)).collect();
            let rows: HashMap<_, _> = conduct.rows.iter().map(|row| (row.learner_id, row)).collect();
            let row = |line: &Line| {
                let Some(row) = rows.get(&line.id) else { return TermRow::default() };
                let count = counts.get(&line.id).copied().unwrap_or_default();
                TermRow {
                    excused: count.excused.to_string(),
                    unexcused: count.unexcused.to_string(),
                    conduct: row.conduct.map(Level::vi).unwrap_or_default(),
                    praises: row.praises.to_string(),
                    violations: row.violations.to_string(),
                }
            };
            terms.push(TermSheet { name, rows: learners.iter().map(row).collect() });
        }
        for row in absences.rows {
            missed.entry(row.learner_id).or_default().extend(row.entries);
        }
        notes.extend(crate::notes::list(db, ctx, class.id, term).await?.items.into_iter().map(|note| Note {
            day: note.day,
            name: note.full_name,
            kind: ConductNoteKind::label(note.kind, Lang::Vi),
            text: note.text,
            by: note.written_by,
        }));
    }
    notes.sort_by_key(|note| note.day);
    let mut results = Vec::new();
    for period in super::PERIODS {
        results.push(crate::results::of_class(db, ctx, class.id, period).await?);
    }
    let teachers = facts::teachers(conn, class.id, None).await?;
    let taught = |subject: facts::SubjectFacts| {
        let own = teachers.iter().filter(|(code, _)| *code == subject.code).map(|(_, staff)| staff.full_name.clone());
        Taught { names: own.collect(), subject: subject.name_vi }
    };
    Ok(Register {
        teachers: facts::subjects(conn, class.id).await?.into_iter().map(taught).collect(),
        absences: learners.iter().filter_map(|line| days(line, missed.remove(&line.id)?)).collect(),
        summary: summary(&results),
        council: minutes(db, ctx, class).await?,
        head,
        facts,
        terms,
        notes,
        learners,
    })
}

/// "12/09 S (P), 03/10 C (K)": the day, morning (S) or afternoon (C), with permission (P) or without (K).
fn days(line: &Line, mut entries: Vec<Absence>) -> Option<Missed> {
    entries.sort_by_key(|entry| (entry.day, entry.session));
    let day = |entry: &Absence| {
        let session = match entry.session {
            DaySession::Morning => "S",
            DaySession::Afternoon => "C",
        };
        let kind = match entry.kind? {
            AbsenceKind::Excused => "P",
            AbsenceKind::Unexcused => "K",
        };
        Some(format!("{} {session} ({kind})", entry.day.format("%d/%m")))
    };
    let days: Vec<_> = entries.iter().filter_map(day).collect();
    (!days.is_empty()).then(|| Missed { name: line.name.clone(), days: days.join(", ") })
}

fn summary(results: &[ClassResults]) -> Vec<Summary> {
    let primary = results.iter().flat_map(|results| &results.rows).any(|row| row.primary.is_some());
    if primary {
        let groups: Vec<Group> = Group::ALL.iter().rev().copied().collect();
        let year = results.iter().filter(|results| results.period == Period::Year);
        let count = |results: &ClassResults, group: Group| {
            let of = |row: &&dto::gradebook::LearnerResult| row.primary.as_ref().and_then(|p| p.again.or(p.group)) == Some(group);
            results.rows.iter().filter(of).count()
        };
        let rows = year.map(|results| Counts {
            name: results.period.label(Lang::Vi),
            counts: groups.iter().map(|group| count(results, *group)).collect(),
        });
        let columns = groups.iter().map(|group| group.vi()).collect();
        return vec![Summary { name: "Đánh giá kết quả giáo dục", columns, rows: rows.collect() }];
    }
    let levels: Vec<Level> = Level::ALL.into_iter().rev().collect();
    let of = |name, level: fn(&dto::gradebook::LearnerResult) -> Option<Level>| Summary {
        name,
        columns: levels.iter().map(|level| level.vi()).collect(),
        rows: results
            .iter()
            .map(|results| Counts {
                name: results.period.label(Lang::Vi),
                counts: levels.iter().map(|one| results.rows.iter().filter(|row| level(row) == Some(*one)).count()).collect(),
            })
            .collect(),
    };
    vec![of("Kết quả học tập", |row| row.learning), of("Kết quả rèn luyện", |row| row.conduct)]
}

/// The council, where the class has one and it has met.
async fn minutes(db: &Db, ctx: &Ctx, class: &ClassFacts) -> Result<Option<Minutes>> {
    let council = match crate::council::get(db, ctx, class.id).await {
        Ok(council) => council,
        Err(e) if e.code() == Code::RegulationUnavailable => return Ok(None),
        Err(e) => return Err(e),
    };
    if council.minutes.met_on.is_none() && council.closed_at.is_none() {
        return Ok(None);
    }
    let member = |member: dto::council::CouncilMember| match member.role.is_empty() {
        true => member.full_name,
        false => format!("{} ({})", member.full_name, member.role),
    };
    let rows = council.rows.into_iter().map(|row| {
        let decided = row.decision.decided;
        Decided {
            n: row.ordinal,
            name: row.full_name,
            learning: decided.learning.map(Level::vi).unwrap_or_default(),
            conduct: decided.conduct.map(Level::vi).unwrap_or_default(),
            promotion: decided.promotion.map(|promotion| promotion.vi()).unwrap_or_default(),
            award: decided.award.map(|award| award.vi()).unwrap_or_default(),
        }
    });
    Ok(Some(Minutes {
        met_on: council.minutes.met_on,
        members: council.minutes.members.into_iter().map(member).collect(),
        text: council.minutes.text,
        rows: rows.collect(),
    }))
}
