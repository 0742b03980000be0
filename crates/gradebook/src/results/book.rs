//! All that results of a class are made of, read in a handful of statements, and what the regulation makes of it.

use crate::asked::{self, Asked};
use crate::conduct::{self, Conduct, OfClass};
use crate::facts::{self, ClassFacts, RosterLine, SubjectFacts};
use crate::reassessment::{self, Again};
use crate::term::{self, State};
use crate::{former, plans, policy, value};
use dto::LearnerId;
use dto::calendar::{Term, TermDates};
use dto::gradebook::{LearnerResult, Period, ResultSubject, SubjectResult, TermState};
use kernel::Result;
use regulations::tt22::{self, Semester, TermOutcome, TermSubject, YearInput, YearOutcome, YearSubject};
use regulations::{CellValue, Learning, Level, Policy, Reason, Regulation, Slot};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{HashMap, HashSet};

type Cells = Vec<(Slot, CellValue)>;

/// What the summer made of a learner's year.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summer {
    pub subjects: HashMap<String, CellValue>,
    pub conduct: Option<Level>,
}

/// A class with its marks of both terms.
pub(crate) struct Book {
    pub class: ClassFacts,
    pub policy: Policy,
    pub subjects: Vec<SubjectFacts>,
    /// With those who have left.
    pub roster: Vec<RosterLine>,
    pub states: [State; 2],
    pub conduct: OfClass,
    /// Of a primary class: what was assessed again after the year, and what the principal decided.
    pub again: HashMap<LearnerId, Again>,
    terms: Vec<TermDates>,
    /// Who takes what.
    asked: Asked,
    /// By term, subject's place and learner.
    cells: HashMap<(usize, usize, LearnerId), Cells>,
    /// Results of terms that are closed, by term.
    closed: [HashMap<LearnerId, LearnerResult>; 2],
    /// Results of a term that was closed in the class that a learner came from, or that a former school gave, by term. That term is
    /// done for them.
    brought: [HashMap<LearnerId, LearnerResult>; 2],
}

impl Book {
    /// Reads a class that the caller has been allowed to see.
    pub(crate) async fn read(conn: &impl ConnectionTrait, class: ClassFacts) -> Result<Book> {
        let policy = policy::of(&class)?;
        let subjects = facts::subjects(conn, class.id).await?;
        let roster = facts::roster(conn, class.school_id, class.id, None).await?;
        let place: HashMap<&str, usize> = subjects.iter().enumerate().map(|(at, s)| (s.code.as_str(), at)).collect();
        let asked = Asked::read(conn, &[class.item()], subjects.iter()).await?;
        let cells = cells(conn, &class, &place, &subjects, &asked).await?;
        let states = term::states(conn, &class).await?;
        let terms = facts::terms(conn, class.school_year_id).await?;
        let conduct = conduct::of_class(conn, &class, &terms).await?;
        let mut closed = [HashMap::new(), HashMap::new()];
        for (at, period) in [Period::S1, Period::S2].into_iter().enumerate() {
            if states[at].is_closed() {
                closed[at] =
                    super::frozen::read(conn, &class, period).await?.into_iter().map(|(_, r)| (r.learner_id, r)).collect();
            }
        }
        let again = match policy.code {
            Regulation::Tt27 => reassessment::of_class(conn, &class).await?,
            _ => HashMap::new(),
        };
        let mut book = Book {
            class,
            policy,
            subjects,
            roster,
            states,
            conduct,
            again,
            terms,
            asked,
            cells,
            closed,
            brought: Default::default(),
        };
        book.bring(conn).await?;
        Ok(book)
    }

    /// Finds closed results of learners who came from another class during the year, for the terms that have nothing of them here.
    async fn bring(&mut self, conn: &impl ConnectionTrait) -> Result<()> {
        for (term, result) in former::brought(conn, &self.class, &self.subjects, &self.roster, &self.policy).await? {
            let term = conduct::index(term);
            if !self.closed[term].contains_key(&result.learner_id) {
                self.brought[term].insert(result.learner_id, result);
            }
        }
        let written: HashSet<(usize, LearnerId)> = self.cells.keys().map(|(term, _, learner)| (*term, *learner)).collect();
        let nothing =
            |learner| (0..2).any(|term| !written.contains(&(term, learner)) && !self.closed[term].contains_key(&learner));
        let here = self.roster.iter().filter(|line| line.left_on.is_none()).map(|line| line.learner_id);
        let new: Vec<LearnerId> = here.filter(|learner| nothing(*learner)).collect();
        for before in asked::closed_before(conn, &[self.class.item()], Some(&new)).await? {
            let (term, learner) = (conduct::index(before.term), before.learner);
            let known = self.closed[term].contains_key(&learner) || self.brought[term].contains_key(&learner);
            if known || written.contains(&(term, learner)) {
                continue;
            }
            let from = [(before.school, before.from)];
            if let Some(result) = super::frozen::read_one(conn, &from, super::period_of(before.term), learner).await? {
                self.brought[term].insert(learner, result);
            }
        }
        Ok(())
    }

    pub(crate) fn state(&self, term: Term) -> &State {
        &self.states[conduct::index(term)]
    }

    /// Takes a term as closed with these results, as it will be once they are written.
    pub(crate) fn close(&mut self, term: Term, results: Vec<LearnerResult>) {
        let at = conduct::index(term);
        self.states[at].state = TermState::Closed;
        self.closed[at] = results.into_iter().map(|result| (result.learner_id, result)).collect();
    }

    /// The learners that a term counts: those who had not left by its end, and whose term was not closed elsewhere.
    pub(crate) fn counted(&self, term: Term) -> impl Iterator<Item = &RosterLine> {
        let brought = &self.brought[conduct::index(term)];
        self.present(term).filter(|line| !brought.contains_key(&line.learner_id))
    }

    /// Those whose year ends in this class.
    pub(crate) fn finishing(&self) -> impl Iterator<Item = &RosterLine> {
        self.present(Term::S2)
    }

    pub(super) fn present(&self, term: Term) -> impl Iterator<Item = &RosterLine> {
        let ends_on = self.terms.iter().find(|dates| dates.term == term).map(|dates| dates.ends_on);
        self.roster.iter().filter(move |line| !line.left_by(ends_on))
    }

    /// Whether a subject is one of those that the regulation assesses a learner in.
    fn takes(&self, at: usize, learner: LearnerId) -> bool {
        self.asked.takes(self.class.id, &self.subjects[at], learner)
    }

    pub(super) fn planned(&self, at: usize, learner: LearnerId) -> bool {
        self.asked.planned(self.class.id, &self.subjects[at].code, learner)
    }

    pub(super) fn cells(&self, term: usize, at: usize, learner: LearnerId) -> &[(Slot, CellValue)] {
        self.cells.get(&(term, at, learner)).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn taken(&self, learner: LearnerId) -> Vec<usize> {
        (0..self.subjects.len()).filter(|at| self.takes(*at, learner)).collect()
    }

    /// A term of a learner, with the places of the subjects that they take.
    fn term(&self, term: Term, learner: LearnerId) -> (Vec<usize>, TermOutcome<'_>) {
        let taken = self.taken(learner);
        let subjects: Vec<TermSubject<'_>> = taken
            .iter()
            .map(|at| {
                let subject = &self.subjects[*at];
                TermSubject {
                    code: &subject.code,
                    name: &subject.name_vi,
                    kind: subject.kind,
                    annual_periods: subject.annual_periods,
                    cells: self.cells(conduct::index(term), *at, learner),
                }
            })
            .collect();
        let outcome = tt22::evaluate_term(value::period(term), &subjects, &self.policy);
        (taken, outcome)
    }

    /// What a term of a learner still needs: subject and column.
    pub(crate) fn gaps(&self, term: Term, learner: LearnerId) -> Vec<(&str, Slot)> {
        let taken = self.taken(learner);
        let cells = |at: usize| self.cells(conduct::index(term), at, learner);
        let subjects = taken.iter().map(|at| (&self.subjects[*at], cells(*at)));
        let mut gaps = asked::gaps(self.class.grade, term, subjects, &self.planned_kinds(learner), &self.policy);
        for at in taken {
            let subject = &self.subjects[at];
            let asks = self.asked.asks_topics(self.class.id, subject, learner, term);
            if asks && asked::lacks_topics(cells(at), self.cells(0, at, learner)) {
                gaps.push((subject.code.as_str(), Slot::TOPICS));
            }
        }
        gaps
    }

    /// The year of a learner, with what the summer made of it if anything. A closed term counts as it was closed.
    pub(crate) fn year(&self, learner: LearnerId, summer: &Summer) -> (Vec<usize>, YearOutcome<'_>, Option<u16>) {
        let taken = self.taken(learner);
        let semester = |term: usize, at: usize| match self.closed_result(term, at, learner) {
            Some(result) => Semester::Closed(result),
            None => Semester::Cells(self.cells(term, at, learner)),
        };
        let subjects: Vec<YearSubject<'_>> = taken
            .iter()
            .map(|at| {
                let subject = &self.subjects[*at];
                YearSubject {
                    code: &subject.code,
                    name: &subject.name_vi,
                    kind: subject.kind,
                    annual_periods: subject.annual_periods,
                    semester1: semester(0, *at),
                    semester2: semester(1, *at),
                    reassessment: summer.subjects.get(&subject.code).copied(),
                }
            })
            .collect();
        let conduct = |term: usize| match self.made(term, learner) {
            Some(result) => Conduct { level: result.conduct, absences: result.absences, ..Conduct::default() },
            None => self.conduct.get(term, learner),
        };
        let (first, second) = (conduct(0), conduct(1));
        let absences = first.absences.zip(second.absences).map(|(a, b)| a.saturating_add(b));
        let input = YearInput {
            subjects: &subjects,
            conduct1: first.level,
            conduct2: second.level,
            absences,
            summer_conduct: summer.conduct,
        };
        (taken, tt22::evaluate_year(&input, &self.policy), absences)
    }

    /// The absences of a period as they are counted today, whatever a closing here has counted; those of a term that the learner spent
    /// elsewhere as they were given.
    pub(super) fn absences(&self, period: Period, learner: LearnerId) -> Option<u16> {
        let of = |term: usize| match self.brought[term].get(&learner) {
            Some(result) => result.absences,
            None => self.conduct.get(term, learner).absences,
        };
        match period {
            Period::S1 => of(0),
            Period::S2 => of(1),
            Period::Year => of(0).zip(of(1)).map(|(first, second)| first.saturating_add(second)),
        }
    }

    /// A term's result that was made already, here or where the learner came from.
    pub(crate) fn made(&self, term: usize, learner: LearnerId) -> Option<&LearnerResult> {
        self.closed[term].get(&learner).or_else(|| self.brought[term].get(&learner))
    }

    fn closed_result(&self, term: usize, at: usize, learner: LearnerId) -> Option<tt22::SubjectResult> {
        let code = &self.subjects[at].code;
        let result = self.made(term, learner)?.subjects.iter().find(|s| s.subject_code == *code)?;
        match (result.average, result.passed, result.exempt) {
            (_, _, true) => Some(tt22::SubjectResult::Exempt),
            (Some(mark), _, _) => Some(tt22::SubjectResult::Average(mark)),
            (_, Some(true), _) => Some(tt22::SubjectResult::Pass),
            (_, Some(false), _) => Some(tt22::SubjectResult::Fail),
            (None, None, false) => None,
        }
    }

    /// The results of a period as the marks stand.
    pub(crate) fn results(&self, period: Period) -> Vec<LearnerResult> {
        let of_term = |term| self.counted(term).map(|line| self.term_result(term, line)).collect();
        if self.policy.code == Regulation::Tt27 {
            return self.primary_results(period);
        }
        match period {
            Period::S1 => of_term(Term::S1),
            Period::S2 => of_term(Term::S2),
            // Who left during the year has no result of it here.
            Period::Year => self.present(Term::S2).map(|line| self.year_result(line)).collect(),
        }
    }

    fn term_result(&self, term: Term, line: &RosterLine) -> LearnerResult {
        let (taken, outcome) = self.term(term, line.learner_id);
        let conduct = self.conduct.get(conduct::index(term), line.learner_id);
        let results = taken.into_iter().zip(outcome.subjects.iter().map(|subject| subject.result));
        LearnerResult {
            conduct: conduct.level,
            absences: conduct.absences,
            ..self.result(line, results, outcome.learning, self.with_plan(line.learner_id, outcome.reasons()))
        }
    }

    fn year_result(&self, line: &RosterLine) -> LearnerResult {
        let (taken, outcome, absences) = self.year(line.learner_id, &Summer::default());
        let results = taken.into_iter().zip(outcome.subjects.iter().map(|subject| subject.year));
        LearnerResult {
            conduct: outcome.conduct,
            absences,
            promotion: outcome.promotion,
            award: outcome.award,
            ..self.result(line, results, outcome.year, self.with_former(line.learner_id, outcome.reasons()))
        }
    }

    /// The reasons of a result, with what an individual plan leaves out of it.
    pub(super) fn with_plan(&self, learner: LearnerId, mut reasons: Vec<Reason>) -> Vec<Reason> {
        let planned: Vec<&SubjectFacts> =
            (0..self.subjects.len()).filter(|at| self.planned(*at, learner)).map(|at| &self.subjects[at]).collect();
        if !planned.is_empty() {
            let names = |name: fn(&SubjectFacts) -> &str| planned.iter().map(|s| name(s)).collect::<Vec<_>>().join(", ");
            // Of primary pupils the charter of their schools says it (TT 28/2020; the article was not seen).
            let (article, levels, level) = match self.policy.code {
                Regulation::Tt27 => ("TT 28/2020", "kết quả giáo dục", "the result of the year"),
                _ => ("TT 22/2021 Đ.11", "mức đánh giá", "any level"),
            };
            let codes = planned.iter().map(|s| s.code.as_str()).collect::<Vec<_>>().join(",");
            reasons.push(Reason {
                code: plans::REASON.to_owned(),
                params: [("subjects".to_owned(), codes)].into(),
                article: article.to_owned(),
                vi: format!(
                    "Đánh giá theo kế hoạch giáo dục cá nhân, không tính vào {levels}: {}.",
                    names(|s| s.name_vi.as_str())
                ),
                en: format!(
                    "Assessed by the individual education plan, and not counted in {level}: {}.",
                    names(|s| s.name_en.as_str())
                ),
            });
        }
        reasons
    }

    /// The reasons of a year, with where a term is from that another school gave.
    pub(super) fn with_former(&self, learner: LearnerId, reasons: Vec<Reason>) -> Vec<Reason> {
        let mut reasons = self.with_plan(learner, reasons);
        let brought = self.brought.iter().filter_map(|term| term.get(&learner)).flat_map(|result| &result.reasons);
        reasons.extend(brought.filter(|reason| reason.code == former::FORMER).cloned());
        reasons
    }

    /// The results of a term that former schools gave, of those who are here.
    pub(super) fn former(&self, term: Term) -> Vec<LearnerResult> {
        let brought = &self.brought[conduct::index(term)];
        let of = |line: &RosterLine| brought.get(&line.learner_id).cloned();
        let given = self.present(term).filter_map(of);
        given.filter(|result| result.reasons.iter().any(|reason| reason.code == former::FORMER)).collect()
    }

    fn result(
        &self,
        line: &RosterLine,
        results: impl Iterator<Item = (usize, Option<tt22::SubjectResult>)>,
        learning: Learning,
        reasons: Vec<Reason>,
    ) -> LearnerResult {
        let blank = |subject: &SubjectFacts| SubjectResult {
            subject_code: subject.code.clone(),
            average: None,
            passed: None,
            exempt: false,
            plan: false,
            level: None,
            test: None,
        };
        let mut subjects: Vec<SubjectResult> = self.subjects.iter().map(blank).collect();
        for (at, subject) in subjects.iter_mut().enumerate() {
            subject.plan = self.planned(at, line.learner_id);
        }
        for (at, result) in results {
            let into = &mut subjects[at];
            match result {
                Some(tt22::SubjectResult::Average(mark)) => into.average = Some(mark),
                Some(tt22::SubjectResult::Pass) => into.passed = Some(true),
                Some(tt22::SubjectResult::Fail) => into.passed = Some(false),
                Some(tt22::SubjectResult::Exempt) => into.exempt = true,
                None => {}
            }
        }
        LearnerResult {
            learner_id: line.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name.clone(),
            given_name: line.given_name.clone(),
            subjects,
            base: learning.base,
            learning: learning.level,
            conduct: None,
            absences: None,
            promotion: None,
            award: None,
            reasons,
            primary: None,
        }
    }

    pub(crate) fn result_subjects(&self) -> Vec<ResultSubject> {
        if self.policy.code == Regulation::Tt27 {
            return self.primary_subjects();
        }
        let subject = |s: &SubjectFacts| ResultSubject {
            subject_code: s.code.clone(),
            name_vi: s.name_vi.clone(),
            name_en: s.name_en.clone(),
            kind: s.kind,
        };
        self.subjects.iter().map(subject).collect()
    }
}

/// The cells of a class that hold something, of both terms.
async fn cells(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    place: &HashMap<&str, usize>,
    subjects: &[SubjectFacts],
    asked: &Asked,
) -> Result<HashMap<(usize, usize, LearnerId), Cells>> {
    let mut query = Query::select();
    query
        .columns(["subject_code", "term", "learner_id"])
        .expr(value::joined())
        .from("mark")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .group_by_columns(["subject_code", "term", "learner_id"]);
    let mut cells: HashMap<(usize, usize, LearnerId), Cells> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let subject: String = row.try_get_by_index(0)?;
        // A subject that the class no longer has counts for nothing; its marks stay.
        let Some(at) = place.get(subject.as_str()) else { continue };
        let text: String = row.try_get_by_index(3)?;
        let there = value::split(&text).filter_map(|(slot, value, _)| Some((slot, value?)));
        let learner = LearnerId(row.try_get_by_index(2)?);
        let there: Cells = there.filter(|(slot, _)| asked.counts(class.id, &subjects[*at], learner, *slot)).collect();
        if !there.is_empty() {
            let term = usize::from(row.try_get_by_index::<i16>(1)? == 2);
            cells.insert((term, *at, learner), there);
        }
    }
    Ok(cells)
}
