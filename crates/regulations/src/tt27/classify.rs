//! The group of a year (TT 27/2020 Đ.9 k.2).

use super::choices::Choices;
use super::level::{Group, SubjectLevel, TraitLevel};
use super::traits::Trait;
use crate::mark::Mark;
use crate::tt22::{MissingCause, SubjectRef};

/// What stands in a column at the end of a term or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// The column does not exist, or the learner is exempt: it is left out.
    NotAsked,
    /// Nothing yet.
    Missing(MissingCause),
    /// The value.
    Given(T),
}

impl<T: Copy> Ended<T> {
    /// The value, if there is one.
    pub fn given(self) -> Option<T> {
        match self {
            Ended::Given(value) => Some(value),
            _ => None,
        }
    }

    fn is_missing(self) -> bool {
        matches!(self, Ended::Missing(_))
    }
}

/// A subject at the end of a term or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectEnd<'a> {
    /// The subject.
    pub subject: SubjectRef<'a>,
    /// Its level.
    pub level: Ended<SubjectLevel>,
    /// Its test.
    pub test: Ended<Mark>,
}

/// A quality or competency at the end of a term or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraitEnd {
    /// Which.
    pub one: &'static Trait,
    /// Its level.
    pub level: Ended<TraitLevel>,
}

/// What a group asks of every subject, every quality and competency, and every year-end test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// The group.
    pub group: Group,
    /// Every subject has at least this level.
    pub level: SubjectLevel,
    /// Every quality and competency has at least this level.
    pub traits: TraitLevel,
    /// Every year-end test has at least this mark.
    pub test: Mark,
    /// The article.
    pub article: &'static str,
}

/// What a group asks for; `None` for Chưa hoàn thành, which asks for nothing.
pub const fn criteria(group: Group, choices: &Choices) -> Option<Criteria> {
    let (level, traits) = match group {
        Group::NotCompleted => return None,
        Group::Completed => (SubjectLevel::Completed, TraitLevel::Met),
        _ => (SubjectLevel::CompletedWell, TraitLevel::Good),
    };
    let (test, article) = match group {
        Group::Excellent => (super::mark(900), "TT 27/2020 Đ.9 k.2a"),
        Group::CompletedWell => (super::mark(700), "TT 27/2020 Đ.9 k.2b"),
        _ => (choices.completed_from, "TT 27/2020 Đ.9 k.2c"),
    };
    Some(Criteria { group, level, traits, test, article })
}

/// Something that a group asks more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short<'a> {
    /// A subject whose level is too low.
    Subject(SubjectRef<'a>, SubjectLevel),
    /// A test whose mark is too low.
    Test(SubjectRef<'a>, Mark),
    /// A quality or competency whose level is too low.
    Trait(&'static Trait, TraitLevel),
}

/// Everything that falls short of what a group asks for: subjects, then tests, then qualities and competencies.
pub fn shortfalls<'a>(subjects: &[SubjectEnd<'a>], traits: &[TraitEnd], wanted: &Criteria) -> Vec<Short<'a>> {
    let levels = subjects.iter().filter_map(|end| Some((end.subject, end.level.given()?)));
    let tests = subjects.iter().filter_map(|end| Some((end.subject, end.test.given()?)));
    let traits = traits.iter().filter_map(|end| Some((end.one, end.level.given()?)));
    let levels = levels.filter(|(_, level)| *level < wanted.level).map(|(subject, level)| Short::Subject(subject, level));
    let tests = tests.filter(|(_, mark)| *mark < wanted.test).map(|(subject, mark)| Short::Test(subject, mark));
    let traits = traits.filter(|(_, level)| *level < wanted.traits).map(|(one, level)| Short::Trait(one, level));
    levels.chain(tests).chain(traits).collect()
}

/// The group of a year; `None` while something is missing, or where nothing at all was assessed.
pub fn classify(subjects: &[SubjectEnd<'_>], traits: &[TraitEnd], choices: &Choices) -> Option<Group> {
    let missing = subjects.iter().any(|end| end.level.is_missing() || end.test.is_missing())
        || traits.iter().any(|end| end.level.is_missing());
    let any = subjects.iter().any(|end| end.level.given().is_some());
    if missing || !any {
        return None;
    }
    let meets = |group: &Group| {
        criteria(*group, choices).is_none_or(|wanted| {
            subjects.iter().all(|end| {
                end.level.given().is_none_or(|level| level >= wanted.level)
                    && end.test.given().is_none_or(|mark| mark >= wanted.test)
            }) && traits.iter().all(|end| end.level.given().is_none_or(|level| level >= wanted.traits))
        })
    };
    Group::ALL.iter().rev().copied().find(meets)
}
