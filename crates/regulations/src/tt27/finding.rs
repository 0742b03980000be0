//! What was found while a result was made, as codes, facts and articles; the sentences are in `prose`.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::classify::{Criteria, Short};
use super::columns::PrimarySlot;
use super::level::{Group, PrimaryAward};
use crate::entry::Lang;
use crate::mark::Mark;
use crate::reason::{Period, Reason};
use crate::tt22::{MissingCause, SubjectRef};

/// Something that has to be entered before a result can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing<'a> {
    /// The subject, or the sheet of qualities or competencies.
    pub subject: SubjectRef<'a>,
    /// The term; the year, where the end of the year alone was looked at.
    pub period: Period,
    /// The column.
    pub slot: PrimarySlot,
    /// Why.
    pub cause: MissingCause,
}

/// One fact that decided, or held back, a result. [`Finding::reason`] writes it for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding<'a> {
    /// A column is missing.
    Missing(Missing<'a>),
    /// How a term went: subjects completed well, completed, and what needs more effort.
    Term { period: Period, well: u16, completed: u16, weak: Vec<Short<'a>> },
    /// No group yet: so many columns of the end of the year are missing.
    GroupUnknown { lacking: u16, first: Option<SubjectRef<'a>> },
    /// The highest group.
    Excellent { subjects: u16, lowest: Option<(SubjectRef<'a>, Mark)> },
    /// A lower group, and what the next one would have needed.
    Group { group: Group, wanted: Criteria, short: Vec<Short<'a>> },
    /// The grade is completed; `again`: after help and another assessment.
    Completed { grade: u8, again: bool },
    /// To be helped in these, then assessed again.
    Support { short: Vec<Short<'a>>, wanted: Criteria },
    /// Still short after help.
    PrincipalDecides { short: Vec<Short<'a>>, wanted: Criteria },
    /// The principal decided.
    Decided { grade: u8, completed: bool },
    /// A title.
    Award(PrimaryAward),
    /// Hoàn thành tốt, but the class has not recognised the learner.
    AwardNeedsRecognition,
}

impl Finding<'_> {
    /// The finding as a [`Reason`].
    pub fn reason(&self) -> Reason {
        let mut params = BTreeMap::new();
        self.params(&mut |key, value| {
            params.insert(key.to_owned(), value.to_string());
        });
        let sentence = |lang| {
            let mut text = String::new();
            // Writing into a string does not fail.
            let _ = self.write(&mut text, lang);
            text
        };
        Reason {
            code: self.code().to_owned(),
            params,
            article: self.article().to_owned(),
            vi: sentence(Lang::Vi),
            en: sentence(Lang::En),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Finding::Missing(missing) => match (missing.slot, missing.cause) {
                (_, MissingCause::Absent) => "test-absent",
                (PrimarySlot::Test(_), _) => "test-missing",
                _ => "level-missing",
            },
            Finding::Term { .. } => "primary-term",
            Finding::GroupUnknown { .. } => "group-unknown",
            Finding::Excellent { .. } | Finding::Group { .. } => "group",
            Finding::Completed { again: false, .. } => "grade-completed",
            Finding::Completed { again: true, .. } => "grade-completed-after-support",
            Finding::Support { .. } => "support",
            Finding::PrincipalDecides { .. } => "principal-decides",
            Finding::Decided { completed: true, .. } => "grade-completed-by-decision",
            Finding::Decided { completed: false, .. } => "grade-not-completed",
            Finding::Award(PrimaryAward::Excellent) => "award-excellent",
            Finding::Award(PrimaryAward::Exemplary) => "award-exemplary",
            Finding::AwardNeedsRecognition => "award-needs-recognition",
        }
    }

    /// The article that decides.
    pub fn article(&self) -> &'static str {
        match self {
            Finding::Missing(missing) => match missing.slot {
                PrimarySlot::Level(_) | PrimarySlot::Test(_) => "TT 27/2020 Đ.7",
                PrimarySlot::Trait(..) => "TT 27/2020 Đ.8",
                PrimarySlot::Recognised => "TT 27/2020 Đ.13",
            },
            Finding::Term { .. } => "TT 27/2020 Đ.7, 8",
            Finding::GroupUnknown { .. } => "TT 27/2020 Đ.9 k.2",
            Finding::Excellent { .. } => "TT 27/2020 Đ.9 k.2a",
            Finding::Group { group, .. } => match group {
                Group::Excellent => "TT 27/2020 Đ.9 k.2a",
                Group::CompletedWell => "TT 27/2020 Đ.9 k.2b",
                Group::Completed => "TT 27/2020 Đ.9 k.2c",
                Group::NotCompleted => "TT 27/2020 Đ.9 k.2d",
            },
            Finding::Completed { .. } | Finding::Support { .. } | Finding::PrincipalDecides { .. } | Finding::Decided { .. } => {
                "TT 27/2020 Đ.11"
            }
            Finding::Award(_) | Finding::AwardNeedsRecognition => "TT 27/2020 Đ.13",
        }
    }

    /// The facts, one call each: marks as `9`, levels, groups and periods as their codes.
    pub fn params(&self, put: &mut dyn FnMut(&'static str, &dyn Display)) {
        match self {
            Finding::Missing(missing) => {
                put("period", &missing.period.code());
                put("subject", &missing.subject.code);
                put("slot", &missing.slot.code());
            }
            Finding::Term { period, well, completed, weak } => {
                put("period", &period.code());
                put("completed_well", well);
                put("completed", completed);
                short_params(weak, put);
            }
            Finding::GroupUnknown { lacking, first } => {
                put("missing", lacking);
                if let Some(first) = first {
                    put("subject", &first.code);
                }
            }
            Finding::Excellent { subjects, lowest } => {
                put("group", &Group::Excellent.code());
                put("subjects_assessed", subjects);
                if let Some((subject, mark)) = lowest {
                    put("lowest_test", &subject.code);
                    put("lowest_mark", mark);
                }
            }
            Finding::Group { group, wanted, short } => {
                put("group", &group.code());
                put("next", &wanted.group.code());
                put("test_from", &wanted.test);
                short_params(short, put);
            }
            Finding::Completed { grade, .. } => put("grade", grade),
            Finding::Support { short, wanted } | Finding::PrincipalDecides { short, wanted } => {
                put("test_from", &wanted.test);
                short_params(short, put);
            }
            Finding::Decided { grade, completed } => {
                put("grade", grade);
                put("completed", completed);
            }
            Finding::Award(award) => put("award", &award.code()),
            Finding::AwardNeedsRecognition => put("award", &PrimaryAward::Exemplary.code()),
        }
    }
}

/// `subjects` and `traits` as codes, `tests` as codes with their marks.
fn short_params(short: &[Short<'_>], put: &mut dyn FnMut(&'static str, &dyn Display)) {
    let mut lists: [(&'static str, Vec<String>); 3] = [("subjects", Vec::new()), ("tests", Vec::new()), ("traits", Vec::new())];
    for one in short {
        match one {
            Short::Subject(subject, _) => lists[0].1.push(subject.code.to_owned()),
            Short::Test(subject, mark) => lists[1].1.push(format!("{}:{mark}", subject.code)),
            Short::Trait(one, _) => lists[2].1.push(one.code.to_owned()),
        }
    }
    for (key, codes) in lists {
        if !codes.is_empty() {
            put(key, &codes.join(","));
        }
    }
}
