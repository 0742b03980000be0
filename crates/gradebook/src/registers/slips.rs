//! Phiếu liên lạc: one learner's year for the family. It is made of the report that the family reads on the screen, so there is no
//! rank, no average of a class and nothing of another child in it (TT 15/2026 Đ.22 k.2).

use super::sheets::shown;
use super::{File, Head, head};
use crate::facts::{self, ClassFacts};
use crate::results::report;
use documents::rendering::{Extras, Form, make};
use dto::gradebook::{LearnerReport, LearnerResult, ReportSubject, TermReport, TermState};
use dto::{Code, LearnerId, SchoolYearId};
use kernel::text::slug;
use kernel::{Ctx, Db, Error, Result};
use regulations::format_cell;
use regulations::tt27::{TraitKind, trait_of};
use sea_orm::ConnectionTrait;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Slips {
    head: Head,
    slips: Vec<Slip>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Slip {
    name: String,
    birth: chrono::NaiveDate,
    columns: Vec<Heading>,
    subjects: Vec<SubjectLine>,
    outcomes_title: &'static str,
    outcome_columns: Vec<&'static str>,
    outcomes: Vec<Outcome>,
    facts: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct Heading {
    name: &'static str,
    /// Holds the marks of an open term, not one result.
    wide: bool,
}

#[derive(Serialize)]
struct SubjectLine {
    name: String,
    values: Vec<String>,
    comment: String,
}

#[derive(Serialize)]
struct Outcome {
    name: &'static str,
    values: Vec<String>,
}

/// Of everybody who is in the class, or of one of them.
pub(super) async fn of_class(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    head: Head,
    only: Option<LearnerId>,
) -> Result<Slips> {
    let mut roster = facts::roster(conn, class.school_id, class.id, None).await?;
    match only {
        Some(one) => roster.retain(|line| line.learner_id == one),
        None => roster.retain(|line| line.left_on.is_none()),
    }
    if roster.is_empty() {
        return Err(Error::new(if only.is_some() { Code::NotFound } else { Code::NobodyInClass }));
    }
    let mut slips = Vec::with_capacity(roster.len());
    for line in roster {
        slips.push(slip(report(conn, class.clone(), line.learner_id).await?, line.birth_date));
    }
    Ok(Slips { head, slips })
}

/// The slip of one's child, or of oneself, in a school year; the current one where none is given.
///
/// Errors: `not_found`.
pub async fn of_child(db: &Db, ctx: &Ctx, learner: LearnerId, year: Option<SchoolYearId>) -> Result<File> {
    let conn = db.read();
    let class = crate::family::class_of(conn, ctx, learner, year).await?;
    crate::policy::of(&class)?;
    let head = head(conn, &class, false).await?;
    let name = format!("phieu-lien-lac-{}-{}.pdf", slug(&class.name), class.school_year);
    let data = of_class(conn, &class, head, Some(learner)).await?;
    Ok(File { name, bytes: make(Form::Slips, data, Extras::default()).await? })
}

fn slip(report: LearnerReport, birth: chrono::NaiveDate) -> Slip {
    let [first, second] = [0, 1].map(|at| report.terms.get(at));
    let year = report.year.as_ref();
    let primary = [first, second].into_iter().flatten().filter_map(|term| term.result.as_ref()).any(|r| r.primary.is_some())
        || report.terms.iter().flat_map(|term| &term.subjects).any(|s| TraitKind::of_sheet(&s.subject_code).is_some());
    // In primary classes the second term is the year.
    let names = if primary { ["Cuối HK I", "Cuối năm"] } else { ["HK I", "HK II"] };
    let mut columns: Vec<Heading> = [first, second]
        .into_iter()
        .zip(names)
        .map(|(term, name)| Heading { name, wide: term.is_some_and(|term| !closed(term) && has_marks(term)) })
        .collect();
    if !primary {
        columns.push(Heading { name: "Cả năm", wide: false });
    }
    let listed = report.terms.last().map_or(&[][..], |term| &term.subjects);
    let subjects = listed
        .iter()
        .filter(|subject| TraitKind::of_sheet(&subject.subject_code).is_none())
        .map(|subject| {
            let code = &subject.subject_code;
            let mut values: Vec<String> = report.terms.iter().map(|term| value(term, code)).collect();
            if !primary {
                values.push(year.map(|year| of_result(year, code)).unwrap_or_default());
            }
            let comment = |term: &TermReport| found(term, code).and_then(|subject| subject.comment.clone());
            let comments: Vec<String> = report.terms.iter().filter_map(comment).collect();
            SubjectLine { name: subject.name_vi.clone(), values, comment: comments.join(" ") }
        })
        .collect();
    let results = [first, second].map(|term| term.and_then(|term| term.result.as_ref()));
    let (outcomes_title, outcome_columns, outcomes) = match primary {
        true => ("Phẩm chất và năng lực", vec!["HK I", "Cả năm"], qualities(results)),
        false => ("Kết quả học tập và rèn luyện", vec!["Học kì I", "Học kì II", "Cả năm"], levels(results, year)),
    };
    Slip { facts: facts_of(year), name: report.full_name, birth, columns, subjects, outcomes_title, outcome_columns, outcomes }
}

fn closed(term: &TermReport) -> bool {
    term.state == TermState::Closed || term.result.is_some()
}

fn has_marks(term: &TermReport) -> bool {
    term.subjects.iter().any(|subject| subject.cells.iter().any(|cell| cell.value.is_some()))
}

fn found<'a>(term: &'a TermReport, code: &str) -> Option<&'a ReportSubject> {
    term.subjects.iter().find(|subject| subject.subject_code == code)
}

/// Of a closed term what it came to, of an open one the marks so far.
fn value(term: &TermReport, code: &str) -> String {
    if let Some(result) = &term.result {
        return of_result(result, code);
    }
    let Some(subject) = found(term, code) else { return String::new() };
    let mark = |cell: &dto::gradebook::Cell| {
        cell.value.map(|value| format!("{} {}", cell.slot.short_vi(), format_cell(&value, regulations::Lang::Vi)))
    };
    subject.cells.iter().filter_map(mark).collect::<Vec<_>>().join("; ")
}

fn of_result(result: &LearnerResult, code: &str) -> String {
    result.subjects.iter().find(|subject| subject.subject_code == code).map(shown).unwrap_or_default()
}

fn levels(terms: [Option<&LearnerResult>; 2], year: Option<&LearnerResult>) -> Vec<Outcome> {
    let row = |name, value: &dyn Fn(&LearnerResult) -> Option<String>| Outcome {
        name,
        values: terms.into_iter().chain([year]).map(|result| result.and_then(value).unwrap_or_default()).collect(),
    };
    vec![
        row("Kết quả học tập", &|result| result.learning.map(|level| level.vi().to_owned())),
        row("Kết quả rèn luyện", &|result| result.conduct.map(|level| level.vi().to_owned())),
        row("Số buổi nghỉ", &|result| result.absences.map(|n| n.to_string())),
    ]
}

/// Qualities and competencies (TT 27/2020 Đ.8), of the terms that are closed.
fn qualities(terms: [Option<&LearnerResult>; 2]) -> Vec<Outcome> {
    let Some(any) = terms.into_iter().flatten().next() else { return Vec::new() };
    let traits = any.subjects.iter().filter_map(|subject| trait_of(&subject.subject_code));
    traits
        .map(|one| Outcome {
            name: one.vi,
            values: terms.into_iter().map(|result| result.map(|r| of_result(r, one.code)).unwrap_or_default()).collect(),
        })
        .collect()
}

fn facts_of(year: Option<&LearnerResult>) -> Vec<(&'static str, String)> {
    let Some(year) = year else { return Vec::new() };
    let primary = year.primary.clone().unwrap_or_default();
    let group = primary.again.or(primary.group).map(|group| ("Đánh giá kết quả giáo dục", group.vi().to_owned()));
    let completion = primary.completion.map(|completion| ("Hoàn thành chương trình lớp học", completion.vi().to_owned()));
    let promotion = year.promotion.filter(|_| year.primary.is_none()).map(|p| ("Kết quả cả năm", p.vi().to_owned()));
    let award = year.award.map(|award| award.vi()).or(primary.award.map(|award| award.vi()));
    [group, completion, promotion, award.map(|award| ("Danh hiệu", award.to_owned()))].into_iter().flatten().collect()
}
