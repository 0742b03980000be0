//! A term of a primary pupil at a former school (TT 27/2020): the levels at its end, tests where the subject has them, and qualities and
//! competencies.

use super::query::{FORMER, Stored};
use crate::facts::{ClassFacts, RosterLine, SubjectFacts};
use crate::results::is_subject;
use crate::value;
use dto::Code;
use dto::calendar::Term;
use dto::former::PutFormerTerm;
use dto::gradebook::{LearnerResult, PrimaryResult, SubjectResult};
use kernel::{Error, Result};
use regulations::tt22::SubjectRef;
use regulations::tt27::{self, Point, PrimarySlot, TermInput, TermSheet, Trait, TraitKind};
use regulations::{CellValue, Policy, Reason, Slot};
use std::collections::HashSet;

const LEVEL: PrimarySlot = PrimarySlot::Level(Point::End);
const TEST: PrimarySlot = PrimarySlot::Test(Point::End);

/// The qualities and competencies of the class's grade.
pub(super) fn traits(class: &ClassFacts, policy: &Policy) -> impl Iterator<Item = &'static Trait> + use<> {
    tt27::traits_of(class.grade.number().unwrap_or_default(), &policy.tt27)
}

/// Each entry is a subject of the class, or a quality or competency of its grade, named once, with a value that the end of a term can
/// have; a test only where the subject has one. Conduct is not assessed apart.
pub(super) fn check(
    class: &ClassFacts,
    policy: &Policy,
    subjects: &[SubjectFacts],
    term: Term,
    body: &PutFormerTerm,
) -> Result<()> {
    if body.conduct.is_some() {
        return Err(Error::field("/conduct", Code::FieldChoice));
    }
    let (choices, grade) = (&policy.tt27, class.grade.number().unwrap_or_default());
    let mut seen = HashSet::new();
    for (at, given) in body.subjects.iter().enumerate() {
        let code = given.subject_code.as_str();
        let of_trait = traits(class, policy).find(|one| one.code == code);
        let known = of_trait.is_some() || subjects.iter().any(|subject| subject.code == code && is_subject(subject));
        if !known || !seen.insert(code) {
            return Err(Error::field(format!("/subjects/{at}/subject_code"), Code::FieldChoice));
        }
        let slot = of_trait.map_or(LEVEL, |one| PrimarySlot::Trait(Point::End, one.number));
        if !tt27::fits(slot, given.value, choices) {
            return Err(Error::field(format!("/subjects/{at}/value"), Code::MarkInvalid));
        }
        let tested = of_trait.is_none() && given.value != CellValue::Exempt && tt27::has_test(code, grade, Point::End, choices);
        let test = format!("/subjects/{at}/test");
        if given.test.is_some_and(|mark| !tested || !choices.allows(mark)) {
            return Err(Error::field(test, Code::MarkInvalid));
        }
        // The year is made of the end of the second term, tests too (Đ.9 k.2).
        if term == Term::S2 && tested && given.test.is_none() {
            return Err(Error::field(test, Code::FieldRequired));
        }
    }
    Ok(())
}

/// Where the term is from, and how it went.
pub(super) fn reasons(stored: &Stored, class: &ClassFacts, subjects: &[SubjectFacts], policy: &Policy) -> Vec<Reason> {
    let cells: Vec<(&SubjectFacts, Vec<(Slot, CellValue)>)> = subjects
        .iter()
        .map(|subject| {
            let cells = match TraitKind::of_sheet(&subject.code) {
                Some(kind) => traits(class, policy)
                    .filter(|one| one.kind == kind)
                    .filter_map(|one| Some((PrimarySlot::Trait(Point::End, one.number), stored.value(one.code)?)))
                    .collect(),
                None => level_and_test(stored, &subject.code),
            };
            (subject, cells.into_iter().map(|(slot, value)| (Slot::Primary(slot), value)).collect())
        })
        .collect();
    let sheets: Vec<TermSheet<'_, '_>> = cells
        .iter()
        .map(|(subject, cells)| TermSheet { subject: SubjectRef { code: &subject.code, name: &subject.name_vi }, cells })
        .collect();
    let grade = class.grade.number().unwrap_or_default();
    let input = TermInput { period: value::period(stored.term), grade, sheets: &sheets, planned: &[] };
    // What the paper does not say is not missing here: nobody can enter it.
    let went = tt27::evaluate_term(&input, &policy.tt27).findings;
    std::iter::once(whence(stored)).chain(went.iter().map(tt27::Finding::reason)).collect()
}

fn level_and_test(stored: &Stored, code: &str) -> Vec<(PrimarySlot, CellValue)> {
    let given = stored.subjects.iter().find(|given| given.subject_code == code);
    let level = given.map(|given| (LEVEL, given.value));
    level.into_iter().chain(given.and_then(|given| given.test).map(|mark| (TEST, CellValue::Score(mark)))).collect()
}

/// Moving between primary schools is of their charter (TT 28/2020 Đ.36). The year is what its end came to, so a first term is kept and
/// told, and makes no difference to it.
fn whence(stored: &Stored) -> Reason {
    let Stored { from_school, document, .. } = stored;
    let (vi, en) = match stored.term {
        Term::S1 => (
            format!("Kết quả học kì I do trường cũ ({from_school}) xác nhận, theo {document}."),
            format!("Semester I is as the former school ({from_school}) gave it, by {document}."),
        ),
        Term::S2 => (
            format!(
                "Kết quả học kì II do trường cũ ({from_school}) xác nhận, theo {document}; kết quả cả năm xét theo kết quả này."
            ),
            format!("Semester II is as the former school ({from_school}) gave it, by {document}; the year is made of it."),
        ),
    };
    let params = [("school", from_school), ("document", document)].map(|(key, text)| (key.to_owned(), text.clone()));
    Reason { code: FORMER.to_owned(), params: params.into(), article: "TT 28/2020 Đ.36".to_owned(), vi, en }
}

/// A row with the subjects of the class and then the qualities and competencies, as its other results have them.
pub(super) fn result(
    stored: &Stored,
    class: &ClassFacts,
    line: &RosterLine,
    subjects: &[SubjectFacts],
    policy: &Policy,
) -> LearnerResult {
    let of = |code: &str| {
        let given = stored.subjects.iter().find(|given| given.subject_code == code);
        let value = given.map(|given| given.value);
        SubjectResult {
            subject_code: code.to_owned(),
            average: None,
            passed: None,
            exempt: value == Some(CellValue::Exempt),
            plan: false,
            level: value.filter(|value| *value != CellValue::Exempt),
            test: given.and_then(|given| given.test),
        }
    };
    let of_subjects = subjects.iter().filter(|subject| is_subject(subject)).map(|subject| of(&subject.code));
    LearnerResult {
        learner_id: stored.learner_id,
        ordinal: line.ordinal,
        full_name: line.full_name.clone(),
        given_name: line.given_name.clone(),
        subjects: of_subjects.chain(traits(class, policy).map(|one| of(one.code))).collect(),
        base: None,
        learning: None,
        conduct: None,
        absences: stored.absences,
        promotion: None,
        award: None,
        reasons: reasons(stored, class, subjects, policy),
        primary: Some(PrimaryResult::default()),
    }
}
