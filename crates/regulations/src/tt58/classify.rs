//! Học lực and its one-subject adjustment (Đ.13).

use super::{Academic, Choices, Weight};
use crate::mark::Mark;
use crate::tt22::SubjectResult;

/// What a level asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// The level.
    pub level: Academic,
    /// The overall average must reach this, and so must one leading subject, where the level asks for one.
    pub reach: Mark,
    /// No scored subject may be below this.
    pub floor: Mark,
    /// One leading subject must reach the average, and every comment subject must be Đ.
    pub strict: bool,
    /// The article.
    pub article: &'static str,
}

const fn mark(hundredths: i32) -> Mark {
    match Mark::from_hundredths(hundredths) {
        Some(mark) => mark,
        None => Mark::TEN,
    }
}

const LEVELS: [Criteria; 4] = [
    Criteria { level: Academic::Good, reach: mark(800), floor: mark(650), strict: true, article: "TT 58/2011 Đ.13 k.1" },
    Criteria { level: Academic::Fair, reach: mark(650), floor: mark(500), strict: true, article: "TT 58/2011 Đ.13 k.2" },
    Criteria { level: Academic::Average, reach: mark(500), floor: mark(350), strict: true, article: "TT 58/2011 Đ.13 k.3" },
    Criteria { level: Academic::Weak, reach: mark(350), floor: mark(200), strict: false, article: "TT 58/2011 Đ.13 k.4" },
];

/// What a level asks for; `None` for Kém, which asks for nothing.
pub fn criteria(level: Academic) -> Option<&'static Criteria> {
    LEVELS.iter().find(|criteria| criteria.level == level)
}

/// All that a level is made of: the results of a semester or a year, and their overall average.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'r> {
    /// The results; exempt subjects count for nothing.
    pub results: &'r [(Weight, SubjectResult)],
    /// The overall average as printed.
    pub overall: Mark,
}

impl Standing<'_> {
    pub(super) fn leads(&self, wanted: &Criteria, choices: &Choices) -> bool {
        let average = |(_, result): &&(Weight, SubjectResult)| result.average().is_some_and(|mark| mark >= wanted.reach);
        let leading = |weight: Weight| match weight {
            Weight::Leading => true,
            Weight::ForeignLanguage => choices.foreign_language_leads,
            Weight::Plain | Weight::Specialised => false,
        };
        let mut specialised = self.results.iter().filter(|(weight, _)| *weight == Weight::Specialised);
        let special = specialised.all(|line| average(&line));
        special && self.results.iter().filter(|(weight, _)| leading(*weight)).any(|line| average(&line))
    }

    /// The subjects that are below what the level asks of every single one.
    pub(super) fn short<'s>(&'s self, wanted: &'s Criteria) -> impl Iterator<Item = usize> + 's {
        self.results.iter().enumerate().filter_map(|(at, (_, result))| {
            let short = match result {
                SubjectResult::Average(mark) => *mark < wanted.floor,
                SubjectResult::Fail => wanted.strict,
                SubjectResult::Pass | SubjectResult::Exempt => false,
            };
            short.then_some(at)
        })
    }

    fn meets(&self, wanted: &Criteria, choices: &Choices) -> bool {
        self.overall >= wanted.reach && (!wanted.strict || self.leads(wanted, choices)) && self.short(wanted).next().is_none()
    }
}

/// The level before adjustment.
pub fn classify(standing: &Standing<'_>, choices: &Choices) -> Academic {
    LEVELS.iter().find(|wanted| standing.meets(wanted, choices)).map_or(Academic::Poor, |wanted| wanted.level)
}

/// A level that was raised because of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The level after adjustment.
    pub level: Academic,
    /// The one subject, as an index into the results.
    pub culprit: usize,
    /// The level that the overall average reaches.
    pub reached: Academic,
}

/// The adjustment of Đ.13 k.6: the overall average reaches Giỏi or Khá, but one subject alone brings the level down. Giỏi brought to
/// Trung bình becomes Khá, Giỏi to Yếu becomes Trung bình, Khá to Yếu becomes Trung bình, Khá to Kém becomes Yếu.
pub fn adjust(standing: &Standing<'_>, choices: &Choices) -> Option<Adjusted> {
    let base = classify(standing, choices);
    LEVELS[..2].iter().find_map(|wanted| {
        let level = match (wanted.level, base) {
            (Academic::Good, Academic::Average) => Academic::Fair,
            (Academic::Good | Academic::Fair, Academic::Weak) => Academic::Average,
            (Academic::Fair, Academic::Poor) => Academic::Weak,
            _ => return None,
        };
        let beyond = base == Academic::Poor && !choices.good_to_poor_as_fair && standing.overall >= LEVELS[0].reach;
        let reached = standing.overall >= wanted.reach;
        let leads = !choices.adjustment_needs_leading || standing.leads(wanted, choices);
        let mut short = standing.short(wanted);
        match (short.next(), short.next()) {
            (Some(culprit), None) if reached && leads && !beyond => Some(Adjusted { level, culprit, reached: wanted.level }),
            _ => None,
        }
    })
}
