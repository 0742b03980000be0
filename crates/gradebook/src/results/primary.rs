//! Results of a primary class under TT 27/2020. The end of the second term decides the year; a term by itself has no group.

use super::book::Book;
use crate::facts::{RosterLine, SubjectFacts};
use crate::reassessment::Again;
use crate::{conduct, value};
use dto::LearnerId;
use dto::calendar::Term;
use dto::gradebook::{LearnerResult, Period, PrimaryResult, ResultSubject, SubjectResult};
use regulations::tt22::{MissingCause, SubjectRef};
use regulations::tt27::{
    self, Completion, Ended, Group, Short, SubjectEnd, SubjectLevel, TermInput, TermOutcome, TermSheet, TraitEnd, TraitKind,
    TraitLevel, YearInput, YearOutcome, YearSubject, YearTrait,
};
use regulations::{Promotion, Reason, SubjectKind};

/// What a term came to, from cells or from a result that was made already.
struct Ends<'a> {
    subjects: Vec<SubjectEnd<'a>>,
    traits: Vec<TraitEnd>,
    recognised: bool,
}

/// A year of a pupil, before and after another assessment.
pub(crate) struct PrimaryYear<'a> {
    ends: Ends<'a>,
    pub outcome: YearOutcome<'a>,
    /// What fell short at the end of the year (Đ.11): to be assessed again.
    pub short: Vec<Short<'a>>,
}

impl Book {
    fn grade(&self) -> u8 {
        self.class.grade.number().unwrap_or_default()
    }

    /// The sheets of qualities and competencies that a pupil is assessed in by an individual plan.
    pub(crate) fn planned_kinds(&self, learner: LearnerId) -> Vec<TraitKind> {
        let planned = (0..self.subjects.len()).filter(|at| self.planned(*at, learner));
        planned.filter_map(|at| TraitKind::of_sheet(&self.subjects[at].code)).collect()
    }

    fn primary_term(&self, term: Term, learner: LearnerId) -> TermOutcome<'_> {
        let sheets: Vec<TermSheet<'_, '_>> = self
            .taken(learner)
            .into_iter()
            .map(|at| TermSheet {
                subject: SubjectRef { code: &self.subjects[at].code, name: &self.subjects[at].name_vi },
                cells: self.cells(conduct::index(term), at, learner),
            })
            .collect();
        let planned = self.planned_kinds(learner);
        let input = TermInput { period: value::period(term), grade: self.grade(), sheets: &sheets, planned: &planned };
        tt27::evaluate_term(&input, &self.policy.tt27)
    }

    pub(super) fn primary_results(&self, period: Period) -> Vec<LearnerResult> {
        let of_term = |term| self.counted(term).map(|line| self.primary_term_result(term, line)).collect();
        match period {
            Period::S1 => of_term(Term::S1),
            Period::S2 => of_term(Term::S2),
            Period::Year => self.present(Term::S2).map(|line| self.primary_year_result(line)).collect(),
        }
    }

    fn primary_term_result(&self, term: Term, line: &RosterLine) -> LearnerResult {
        let outcome = self.primary_term(term, line.learner_id);
        let reasons = self.with_plan(line.learner_id, outcome.reasons());
        let ends = Ends { subjects: outcome.subjects, traits: outcome.traits, recognised: outcome.recognised };
        let primary = PrimaryResult { recognised: ends.recognised, ..PrimaryResult::default() };
        LearnerResult { reasons, ..self.primary_result(line, &ends, primary) }
    }

    /// What the principal decided of a pupil.
    pub(crate) fn decision(&self, learner: LearnerId) -> Option<bool> {
        self.again.get(&learner).and_then(|again| again.decision)
    }

    /// The year of a pupil with what was assessed again and this decision of the principal.
    pub(crate) fn primary_year(&self, learner: LearnerId, decision: Option<bool>) -> PrimaryYear<'_> {
        self.primary_year_with(learner, self.again.get(&learner), decision)
    }

    /// The year of a pupil before help: what is proposed at its end.
    pub(crate) fn primary_proposal(&self, learner: LearnerId) -> YearOutcome<'_> {
        self.primary_year_with(learner, None, None).outcome
    }

    /// The reasons of a year.
    pub(crate) fn primary_reasons(&self, learner: LearnerId, outcome: &YearOutcome<'_>) -> Vec<Reason> {
        self.with_former(learner, outcome.reasons())
    }

    fn primary_year_with(&self, learner: LearnerId, again: Option<&Again>, decision: Option<bool>) -> PrimaryYear<'_> {
        let ends = self.year_ends(learner);
        let choices = &self.policy.tt27;
        let subjects: Vec<YearSubject<'_>> = ends
            .subjects
            .iter()
            .map(|end| YearSubject {
                end: *end,
                level_again: again.and_then(|again| again.level(end.subject.code)),
                test_again: again.and_then(|again| again.test(end.subject.code)),
            })
            .collect();
        let of_trait = |one: &tt27::Trait| again.and_then(|again: &Again| again.of_trait(one.kind.sheet(), one.number));
        let traits: Vec<YearTrait> = ends.traits.iter().map(|end| YearTrait { end: *end, again: of_trait(end.one) }).collect();
        let input =
            YearInput { grade: self.grade(), subjects: &subjects, traits: &traits, recognised: ends.recognised, decision };
        let outcome = tt27::evaluate_year(&input, choices);
        let wanted = tt27::criteria(Group::Completed, choices).filter(|_| outcome.group == Some(Group::NotCompleted));
        let short = wanted.map(|wanted| tt27::shortfalls(&ends.subjects, &ends.traits, &wanted)).unwrap_or_default();
        PrimaryYear { ends, outcome, short }
    }

    fn primary_year_result(&self, line: &RosterLine) -> LearnerResult {
        let PrimaryYear { ends, outcome, .. } = self.primary_year(line.learner_id, self.decision(line.learner_id));
        let primary = PrimaryResult {
            group: outcome.group,
            completion: outcome.completion,
            again: outcome.again,
            award: outcome.award,
            recognised: ends.recognised,
        };
        let (promotion, reasons) = (outcome.completion.map(promotion), self.primary_reasons(line.learner_id, &outcome));
        LearnerResult { promotion, reasons, ..self.primary_result(line, &ends, primary) }
    }

    /// The end of the year: as the second term was closed, here or where the learner came from, else as its cells stand.
    fn year_ends(&self, learner: LearnerId) -> Ends<'_> {
        let Some(made) = self.made(1, learner) else {
            let outcome = self.primary_term(Term::S2, learner);
            return Ends { subjects: outcome.subjects, traits: outcome.traits, recognised: outcome.recognised };
        };
        let found = |code: &str| made.subjects.iter().find(|subject| subject.subject_code == code);
        let subjects = self
            .taken(learner)
            .into_iter()
            .map(|at| &self.subjects[at])
            .filter(|subject| is_subject(subject))
            .map(|subject| subject_end(subject, found(&subject.code)))
            .collect();
        let planned = self.planned_kinds(learner);
        let traits = tt27::traits_of(self.grade(), &self.policy.tt27)
            .map(|one| {
                if planned.contains(&one.kind) {
                    return TraitEnd { one, level: Ended::NotAsked };
                }
                let level = found(one.code).and_then(|result| result.level).and_then(TraitLevel::of_cell);
                TraitEnd { one, level: level.map_or(Ended::Missing(MissingCause::Empty), Ended::Given) }
            })
            .collect();
        Ends { subjects, traits, recognised: made.primary.as_ref().is_some_and(|primary| primary.recognised) }
    }

    /// A row with the subjects of the class and then the qualities and competencies, as [`Self::primary_subjects`] has them.
    fn primary_result(&self, line: &RosterLine, ends: &Ends<'_>, primary: PrimaryResult) -> LearnerResult {
        let blank = |code: &str| SubjectResult {
            subject_code: code.to_owned(),
            average: None,
            passed: None,
            exempt: false,
            plan: false,
            level: None,
            test: None,
        };
        let subjects = self.subjects.iter().enumerate().filter(|(_, subject)| is_subject(subject)).map(|(at, subject)| {
            let plan = self.planned(at, line.learner_id);
            let end = ends.subjects.iter().find(|end| end.subject.code == subject.code);
            let level = end.and_then(|end| end.level.given()).map(SubjectLevel::cell);
            let exempt = end.is_some_and(|end| end.level == Ended::NotAsked);
            SubjectResult { level, exempt, plan, test: end.and_then(|end| end.test.given()), ..blank(&subject.code) }
        });
        let traits = ends.traits.iter().map(|end| {
            let level = end.level.given().map(TraitLevel::cell);
            SubjectResult { level, plan: end.level == Ended::NotAsked, ..blank(end.one.code) }
        });
        LearnerResult {
            learner_id: line.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name.clone(),
            given_name: line.given_name.clone(),
            subjects: subjects.chain(traits).collect(),
            base: None,
            learning: None,
            conduct: None,
            absences: None,
            promotion: None,
            award: None,
            reasons: Vec::new(),
            primary: Some(primary),
        }
    }

    pub(super) fn primary_subjects(&self) -> Vec<ResultSubject> {
        let subject = |s: &SubjectFacts| ResultSubject {
            subject_code: s.code.clone(),
            name_vi: s.name_vi.clone(),
            name_en: s.name_en.clone(),
            kind: s.kind,
        };
        let traits = tt27::traits_of(self.grade(), &self.policy.tt27).map(|one| ResultSubject {
            subject_code: one.code.to_owned(),
            name_vi: one.vi.to_owned(),
            name_en: one.en.to_owned(),
            kind: SubjectKind::Comment,
        });
        self.subjects.iter().filter(|subject| is_subject(subject)).map(subject).chain(traits).collect()
    }
}

/// What follows from completing the grade or not (Đ.11).
pub(crate) fn promotion(completion: Completion) -> Promotion {
    match completion {
        Completion::Completed => Promotion::Promoted,
        Completion::Support | Completion::PrincipalDecides => Promotion::Reassess,
        Completion::Retained => Promotion::Retained,
    }
}

/// Whether it is a subject, and no sheet of qualities or competencies.
pub(crate) fn is_subject(subject: &SubjectFacts) -> bool {
    TraitKind::of_sheet(&subject.code).is_none()
}

/// A subject as a result has it. A closed term lacks nothing, so a test that is not there was not asked for.
fn subject_end<'a>(subject: &'a SubjectFacts, result: Option<&SubjectResult>) -> SubjectEnd<'a> {
    let level = match result {
        Some(result) if result.exempt => Ended::NotAsked,
        Some(result) => result.level.and_then(SubjectLevel::of_cell).map_or(Ended::Missing(MissingCause::Empty), Ended::Given),
        None => Ended::Missing(MissingCause::Empty),
    };
    SubjectEnd {
        subject: SubjectRef { code: &subject.code, name: &subject.name_vi },
        level,
        test: result.and_then(|result| result.test).map_or(Ended::NotAsked, Ended::Given),
    }
}
