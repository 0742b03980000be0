//! The list, the marks of a subject, and the results of a period, as the forms read them.

use crate::facts::{ClassFacts, SubjectFacts};
use crate::policy;
use crate::results::book::Book;
use chrono::NaiveDate;
use dto::calendar::Term;
use dto::classes::StaffRef;
use dto::council::YearDecision;
use dto::gradebook::{ClassResults, LearnerResult, Period, SubjectResult, TermState};
use dto::{Lang, LearnerId};
use kernel::Result;
use regulations::tt27::{TraitKind, trait_at};
use regulations::{Level, Point, PrimarySlot, Regulation, Slot, format_cell};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use std::collections::HashMap;

/// A line of the list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    #[serde(skip)]
    pub id: LearnerId,
    pub n: u32,
    pub name: String,
    pub birth: NaiveDate,
    pub sex: &'static str,
    pub left: Option<NaiveDate>,
}

/// One subject in both terms; each list has one entry for a line of the list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SubjectSheet {
    pub name: String,
    pub teachers: Vec<String>,
    pub terms: Vec<TermSheet>,
    /// Empty where a year has no result of its own: in primary classes the second term has it.
    pub year: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TermSheet {
    pub name: &'static str,
    pub slots: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// What the term came to; empty in primary classes, where it is an assessment itself.
    pub end: Vec<String>,
    pub end_name: &'static str,
}

/// All subjects in one period.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ResultSheet {
    pub period: &'static str,
    pub closed: bool,
    pub subjects: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub more: Vec<Column>,
}

/// What the subjects come to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Column {
    pub name: &'static str,
    /// Holds words, not a number or a level.
    pub wide: bool,
    pub rows: Vec<String>,
}

pub(super) async fn lines(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<Line>> {
    let members = records::classes::roster_in(conn, class.school_id, class.id).await?;
    let line = |member: dto::classes::ClassMember| Line {
        id: member.learner_id,
        n: member.ordinal,
        name: member.full_name,
        birth: member.birth_date,
        sex: member.sex.label(Lang::Vi),
        left: member.left_on,
    };
    Ok(members.into_iter().map(line).collect())
}

/// A subject with the results of closed terms as they were frozen.
pub(super) fn subject(
    book: &Book,
    facts: &SubjectFacts,
    at: usize,
    learners: &[Line],
    teachers: &[(String, StaffRef)],
    results: &[ClassResults],
) -> SubjectSheet {
    let rows: Vec<_> = results.iter().map(|results| (results.period, results.rows.as_slice())).collect();
    let own = teachers.iter().filter(|(code, _)| *code == facts.code).map(|(_, staff)| staff.full_name.clone());
    sheet(book, at, learners, own.collect(), &rows)
}

/// A subject as its marks stand.
pub(super) fn subject_as_it_stands(
    book: &Book,
    at: usize,
    learners: &[Line],
    teachers: &[(String, StaffRef)],
    results: &[(Period, Vec<LearnerResult>)],
) -> SubjectSheet {
    let rows: Vec<_> = results.iter().map(|(period, rows)| (*period, rows.as_slice())).collect();
    sheet(book, at, learners, teachers.iter().map(|(_, staff)| staff.full_name.clone()).collect(), &rows)
}

fn sheet(
    book: &Book,
    at: usize,
    learners: &[Line],
    teachers: Vec<String>,
    results: &[(Period, &[LearnerResult])],
) -> SubjectSheet {
    let subject = &book.subjects[at];
    let primary = book.policy.code == Regulation::Tt27;
    let ends = |period: Period| -> Vec<String> {
        if primary {
            return Vec::new();
        }
        let rows = results.iter().find(|(known, _)| *known == period).map_or(&[][..], |(_, rows)| rows);
        let of: HashMap<_, _> = rows.iter().map(|row| (row.learner_id, row)).collect();
        let end = |line: &Line| of.get(&line.id).and_then(|row| row.subjects.iter().find(|s| s.subject_code == subject.code));
        learners.iter().map(|line| end(line).map(shown).unwrap_or_default()).collect()
    };
    let term = |term: Term, period: Period, name: &'static str| {
        let slots = policy::columns(book.class.grade, subject, term, &book.policy);
        let index = crate::conduct::index(term);
        let row = |line: &Line| {
            let cells = book.cells(index, at, line.id);
            let cell = |slot: &Slot| cells.iter().find(|(known, _)| known == slot);
            slots.iter().map(|slot| cell(slot).map(|(_, v)| format_cell(v, regulations::Lang::Vi)).unwrap_or_default()).collect()
        };
        TermSheet {
            name,
            rows: learners.iter().map(row).collect(),
            slots: slots.iter().map(|slot| heading(&subject.code, *slot)).collect(),
            end: ends(period),
            end_name: if subject.kind == regulations::SubjectKind::Comment { "HK" } else { "TB" },
        }
    };
    SubjectSheet {
        name: subject.name_vi.clone(),
        teachers,
        terms: vec![term(Term::S1, Period::S1, "Học kì I"), term(Term::S2, Period::S2, "Học kì II")],
        year: ends(Period::Year),
    }
}

/// The heading of a column: of a quality or competency its name and when.
fn heading(sheet: &str, slot: Slot) -> String {
    if let Slot::Primary(PrimarySlot::Trait(point, number)) = slot
        && let Some(one) = TraitKind::of_sheet(sheet).and_then(|kind| trait_at(kind, number))
    {
        let when = match point {
            Point::Mid => "giữa kì",
            Point::End => "cuối kì",
        };
        return format!("{}, {when}", one.vi);
    }
    slot.short_vi().to_owned()
}

/// What a subject came to, as it is printed.
pub(super) fn shown(result: &SubjectResult) -> String {
    let level = result.level.map(|level| format_cell(&level, regulations::Lang::Vi));
    let test = result.test.map(|test| test.to_vi());
    match (result.average, result.passed) {
        _ if result.exempt => "Miễn".to_owned(),
        (Some(mark), _) => mark.to_average().replace('.', ","),
        (None, Some(passed)) => if passed { "Đ" } else { "CĐ" }.to_owned(),
        (None, None) => [level, test].into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}

pub(super) fn results(results: &ClassResults, learners: &[Line], decided: &[YearDecision]) -> ResultSheet {
    let of: HashMap<_, _> = results.rows.iter().map(|row| (row.learner_id, row)).collect();
    let decided: HashMap<_, _> = decided.iter().map(|decision| (decision.learner_id, decision.decided)).collect();
    let year = results.period == Period::Year;
    let row = |line: &Line| of.get(&line.id).copied();
    let cells = |line: &Line| {
        let result = row(line);
        let cell = |code: &str| result.and_then(|row| row.subjects.iter().find(|s| s.subject_code == code)).map(shown);
        results.subjects.iter().map(|subject| cell(&subject.subject_code).unwrap_or_default()).collect()
    };
    let column = |name: &'static str, wide: bool, value: &dyn Fn(&LearnerResult) -> Option<String>| Column {
        name,
        wide,
        rows: learners.iter().map(|line| row(line).and_then(value).unwrap_or_default()).collect(),
    };
    let vi = |level: Level| level.vi().to_owned();
    // What the council decided stands in the place of what the rules proposed.
    let standing = |row: &LearnerResult| decided.get(&row.learner_id).filter(|_| year).copied();
    let primary = results.rows.iter().any(|row| row.primary.is_some());
    let more = if primary {
        let of = |row: &LearnerResult| row.primary.clone().unwrap_or_default();
        let group = |row: &LearnerResult| of(row).again.or(of(row).group).map(|group| group.vi().to_owned());
        let completion = |row: &LearnerResult| of(row).completion.map(|completion| completion.vi().to_owned());
        let award = |row: &LearnerResult| of(row).award.map(|award| award.vi().to_owned());
        match year {
            true => vec![
                column("Đánh giá kết quả giáo dục", true, &group),
                column("Hoàn thành chương trình lớp học", true, &completion),
                column("Khen thưởng", true, &award),
            ],
            false => Vec::new(),
        }
    } else {
        let learning = |row: &LearnerResult| standing(row).map_or(row.learning, |s| s.learning).map(vi);
        let conduct = |row: &LearnerResult| standing(row).map_or(row.conduct, |s| s.conduct).map(vi);
        let absences = |row: &LearnerResult| row.absences.map(|n| n.to_string());
        let promotion = |row: &LearnerResult| standing(row).map_or(row.promotion, |s| s.promotion).map(|p| p.vi().to_owned());
        let award = |row: &LearnerResult| standing(row).map_or(row.award, |s| s.award).map(|award| award.vi().to_owned());
        let mut more = vec![
            column("Học tập", false, &learning),
            column("Rèn luyện", false, &conduct),
            column("Số buổi nghỉ", false, &absences),
        ];
        if year {
            more.extend([column("Kết quả", true, &promotion), column("Danh hiệu", true, &award)]);
        }
        more
    };
    ResultSheet {
        period: results.period.label(Lang::Vi),
        closed: results.state == TermState::Closed,
        subjects: results.subjects.iter().map(|subject| subject.name_vi.clone()).collect(),
        rows: learners.iter().map(cells).collect(),
        more,
    }
}
