//! The terms of a former year of the class's own school year, as records of [`crate::former`].

use crate::facts::{ClassFacts, SubjectFacts};
use crate::former::primary;
use crate::policy;
use crate::results::is_subject;
use dto::calendar::Term;
use dto::former::{FormerSubject, PutFormerTerm};
use dto::former_years::{FormerPeriod, FormerYearTerm, FormerYearValue, PutFormerYear};
use regulations::tt27::{SubjectLevel, TraitLevel};
use regulations::{CellValue, Level, Mark, Policy, Regulation, SubjectKind, parse_cell};

/// Assessed by an individual plan, as transcripts print it (TT 22/2021 Đ.11).
const PLANNED: &str = "KHGDCN";

/// Whether a transcript can say this of a subject: a mark, Đ, CĐ, T, H, C, exempt, or an individual plan.
pub(crate) fn is_value(text: &str) -> bool {
    text == PLANNED
        || matches!(text, "T" | "H" | "C")
        || [SubjectKind::Score, SubjectKind::Comment].into_iter().any(|kind| cell(text, kind).is_some())
}

fn cell(text: &str, kind: SubjectKind) -> Option<CellValue> {
    // A quick entry ("79") is for a sheet that shows what it was read as.
    let parsed = parse_cell(text, kind).ok().filter(|parsed| !parsed.reinterpreted)?;
    parsed.value.filter(|value| *value != CellValue::Absent)
}

/// What can be said of the terms; a term of which nothing is said is left out.
pub(super) fn of(year: &PutFormerYear, class: &ClassFacts, subjects: &[SubjectFacts]) -> Vec<FormerYearTerm> {
    let Ok(policy) = policy::of(class) else { return Vec::new() };
    [Term::S1, Term::S2]
        .into_iter()
        .filter_map(|term| {
            let record = if policy.code == Regulation::Tt27 {
                in_primary(year, class, subjects, &policy, term)
            } else {
                in_secondary(year, subjects, term)
            };
            (!record.subjects.is_empty()).then_some(FormerYearTerm { term, record })
        })
        .collect()
}

fn record(year: &PutFormerYear, conduct: Option<Level>, subjects: Vec<FormerSubject>) -> PutFormerTerm {
    PutFormerTerm { from_school: year.from_school.clone(), document: year.document.clone(), conduct, absences: None, subjects }
}

fn in_secondary(year: &PutFormerYear, subjects: &[SubjectFacts], term: Term) -> PutFormerTerm {
    let period = match term {
        Term::S1 => FormerPeriod::S1,
        Term::S2 => FormerPeriod::S2,
    };
    let of = |subject: &SubjectFacts| {
        let value = cell(&said(year, &subject.code, period)?.value, subject.kind)?;
        Some(FormerSubject { subject_code: subject.code.clone(), value, test: None })
    };
    let conduct = year.outcomes.iter().find(|one| one.code == "conduct" && one.period == period);
    record(year, conduct.and_then(|one| Level::parse_vi(&one.value)), subjects.iter().filter_map(of).collect())
}

/// In primary school the end of the second term is the end of the year (TT 27/2020 Đ.9).
fn in_primary(year: &PutFormerYear, class: &ClassFacts, subjects: &[SubjectFacts], policy: &Policy, term: Term) -> PutFormerTerm {
    let period = match term {
        Term::S1 => FormerPeriod::S1,
        Term::S2 => FormerPeriod::Year,
    };
    let of_subject = |subject: &SubjectFacts| {
        let said = said(year, &subject.code, period)?;
        let value = match cell(&said.value, SubjectKind::Comment) {
            Some(CellValue::Exempt) => CellValue::Exempt,
            _ => SubjectLevel::parse_vi(&said.value)?.cell(),
        };
        let test = said.test.as_deref().and_then(Mark::parse_decimal);
        Some(FormerSubject { subject_code: subject.code.clone(), value, test })
    };
    let of_trait = |code: &str| {
        let said = year.outcomes.iter().find(|one| one.code == code && one.period == period)?;
        Some(FormerSubject { subject_code: code.to_owned(), value: TraitLevel::parse_vi(&said.value)?.cell(), test: None })
    };
    let traits = primary::traits(class, policy).filter_map(|one| of_trait(one.code));
    record(year, None, subjects.iter().filter(|subject| is_subject(subject)).filter_map(of_subject).chain(traits).collect())
}

fn said<'a>(year: &'a PutFormerYear, code: &str, period: FormerPeriod) -> Option<&'a FormerYearValue> {
    let subject = year.subjects.iter().find(|subject| subject.subject_code.as_deref() == Some(code))?;
    subject.values.iter().find(|value| value.period == period)
}

#[cfg(test)]
mod tests {
    use super::is_value;

    #[test]
    fn what_a_transcript_can_say() {
        for good in ["7,9", "10", "Đ", "CĐ", "T", "H", "C", "Miễn", "KHGDCN"] {
            assert!(is_value(good), "{good}");
        }
        for bad in ["", "11", "7,95", "79", "V", "giỏi", "-1"] {
            assert!(!is_value(bad), "{bad}");
        }
    }
}
