//! One school year of one learner.

use super::choices::Choices;
use super::classify::{Ended, Short, SubjectEnd, TraitEnd, classify, criteria, shortfalls};
use super::columns::{Point, PrimarySlot};
use super::finding::{Finding, Missing};
use super::level::{Completion, Group, PrimaryAward, SubjectLevel, TraitLevel};
use crate::mark::Mark;
use crate::reason::{Period, Reason};
use crate::tt22::SubjectRef;

/// A subject at the end of the year, and again after help (Đ.11).
#[derive(Clone, Copy, Debug)]
pub struct YearSubject<'a> {
    /// At the end of the year.
    pub end: SubjectEnd<'a>,
    /// The level after help. Used only where help was needed.
    pub level_again: Option<SubjectLevel>,
    /// The test after help. Used only where help was needed.
    pub test_again: Option<Mark>,
}

/// A quality or competency at the end of the year, and again after help.
#[derive(Clone, Copy, Debug)]
pub struct YearTrait {
    /// At the end of the year.
    pub end: TraitEnd,
    /// After help. Used only where help was needed.
    pub again: Option<TraitLevel>,
}

/// All that decides a year of one learner.
#[derive(Clone, Copy, Debug)]
pub struct YearInput<'a, 's> {
    /// 1 to 5.
    pub grade: u8,
    /// The subjects, in the order wanted in the outcome.
    pub subjects: &'s [YearSubject<'a>],
    /// Qualities and competencies.
    pub traits: &'s [YearTrait],
    /// The class recognises the learner as outstanding in at least one subject or as clearly progressing in at least one quality or
    /// competency (Đ.13 k.1b).
    pub recognised: bool,
    /// What the principal decided of a learner who still falls short after help: true where the grade counts as completed.
    pub decision: Option<bool>,
}

/// A school year of one learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearOutcome<'a> {
    /// The group, before help and another assessment.
    pub group: Option<Group>,
    /// The group with what was assessed again, where that changed something.
    pub again: Option<Group>,
    /// Whether the grade is completed.
    pub completion: Option<Completion>,
    /// The title.
    pub award: Option<PrimaryAward>,
    /// Everything that is missing at the end of the year.
    pub missing: Vec<Missing<'a>>,
    /// What decided.
    pub findings: Vec<Finding<'a>>,
}

impl YearOutcome<'_> {
    /// The explanation: what is missing, then what decided group, completion and title.
    pub fn reasons(&self) -> Vec<Reason> {
        let missing = self.missing.iter().map(|missing| Finding::Missing(*missing).reason());
        missing.chain(self.findings.iter().map(Finding::reason)).collect()
    }
}

/// Evaluates a school year under TT 27/2020.
pub fn evaluate_year<'a>(input: &YearInput<'a, '_>, choices: &Choices) -> YearOutcome<'a> {
    let subjects: Vec<SubjectEnd<'a>> = input.subjects.iter().map(|subject| subject.end).collect();
    let traits: Vec<TraitEnd> = input.traits.iter().map(|one| one.end).collect();
    let missing = missing(&subjects, &traits);
    let mut findings = Vec::with_capacity(3);
    let Some(group) = classify(&subjects, &traits, choices) else {
        findings.push(Finding::GroupUnknown { lacking: missing.len() as u16, first: missing.first().map(|first| first.subject) });
        // Where nothing is missing nothing was assessed at all (exempt, or all by an individual plan): no group says whether the grade
        // is completed, so the principal does (Đ.11; that it is so here is our reading, not verified).
        let completion = missing.is_empty().then(|| principal(input, Vec::new(), choices, &mut findings));
        return YearOutcome { group: None, again: None, completion, award: None, missing, findings };
    };
    let wanted = group.next().and_then(|next| criteria(next, choices));
    findings.push(match wanted {
        Some(wanted) => Finding::Group { group, wanted, short: shortfalls(&subjects, &traits, &wanted) },
        None => Finding::Excellent {
            subjects: subjects.iter().filter(|end| end.level.given().is_some()).count() as u16,
            lowest: subjects.iter().filter_map(|end| Some((end.subject, end.test.given()?))).min_by_key(|(_, mark)| *mark),
        },
    });
    let (completion, again) = completion(input, group, choices, &mut findings);
    let award = match group {
        Group::Excellent => Some(PrimaryAward::Excellent),
        Group::CompletedWell if input.recognised => Some(PrimaryAward::Exemplary),
        _ => None,
    };
    match award {
        Some(award) => findings.push(Finding::Award(award)),
        None if group == Group::CompletedWell => findings.push(Finding::AwardNeedsRecognition),
        None => {}
    }
    YearOutcome { group: Some(group), again, completion: Some(completion), award, missing, findings }
}

fn missing<'a>(subjects: &[SubjectEnd<'a>], traits: &[TraitEnd]) -> Vec<Missing<'a>> {
    let mut missing = Vec::new();
    let mut tell = |subject, slot, cause| missing.push(Missing { subject, period: Period::Year, slot, cause });
    for end in subjects {
        if let Ended::Missing(cause) = end.level {
            tell(end.subject, PrimarySlot::Level(Point::End), cause);
        }
        if let Ended::Missing(cause) = end.test {
            tell(end.subject, PrimarySlot::Test(Point::End), cause);
        }
    }
    for end in traits {
        if let Ended::Missing(cause) = end.level {
            let sheet = SubjectRef { code: end.one.kind.sheet(), name: "" };
            tell(sheet, PrimarySlot::Trait(Point::End, end.one.number), cause);
        }
    }
    missing
}

/// Đ.11: who is not there yet is helped and assessed again; who still is not, the principal decides on.
fn completion<'a>(
    input: &YearInput<'a, '_>,
    group: Group,
    choices: &Choices,
    findings: &mut Vec<Finding<'a>>,
) -> (Completion, Option<Group>) {
    let grade = input.grade;
    if group > Group::NotCompleted {
        findings.push(Finding::Completed { grade, again: false });
        return (Completion::Completed, None);
    }
    let Some(wanted) = criteria(Group::Completed, choices) else { return (Completion::Support, None) };
    let (mut pending, mut done) = (Vec::new(), false);
    let mut subjects = Vec::with_capacity(input.subjects.len());
    for subject in input.subjects {
        let mut end = subject.end;
        if let Some(level) = end.level.given().filter(|level| *level < wanted.level) {
            match subject.level_again {
                Some(again) => end.level = Ended::Given(again.max(level)),
                None => pending.push(Short::Subject(end.subject, level)),
            }
            done |= subject.level_again.is_some();
        }
        if let Some(mark) = end.test.given().filter(|mark| *mark < wanted.test) {
            match subject.test_again {
                Some(again) => end.test = Ended::Given(again.max(mark)),
                None => pending.push(Short::Test(end.subject, mark)),
            }
            done |= subject.test_again.is_some();
        }
        subjects.push(end);
    }
    let mut traits = Vec::with_capacity(input.traits.len());
    for one in input.traits {
        let mut end = one.end;
        if let Some(level) = end.level.given().filter(|level| *level < wanted.traits) {
            match one.again {
                Some(again) => end.level = Ended::Given(again.max(level)),
                None => pending.push(Short::Trait(end.one, level)),
            }
            done |= one.again.is_some();
        }
        traits.push(end);
    }
    if !pending.is_empty() {
        findings.push(Finding::Support { short: pending, wanted });
        return (Completion::Support, None);
    }
    let again = classify(&subjects, &traits, choices).filter(|_| done);
    if again > Some(Group::NotCompleted) {
        findings.push(Finding::Completed { grade, again: true });
        return (Completion::Completed, again);
    }
    let short = shortfalls(&subjects, &traits, &wanted);
    (principal(input, short, choices, findings), again)
}

/// What the principal decided, or that it is the principal's to decide.
fn principal<'a>(
    input: &YearInput<'a, '_>,
    short: Vec<Short<'a>>,
    choices: &Choices,
    findings: &mut Vec<Finding<'a>>,
) -> Completion {
    match input.decision {
        None => {
            findings.extend(criteria(Group::Completed, choices).map(|wanted| Finding::PrincipalDecides { short, wanted }));
            Completion::PrincipalDecides
        }
        Some(completed) => {
            findings.push(Finding::Decided { grade: input.grade, completed });
            if completed { Completion::Completed } else { Completion::Retained }
        }
    }
}
