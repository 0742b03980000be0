//! Findings as codes, facts and articles; their sentences are in `prose`.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::finding::{Finding, Gap, PromotionFinding};
use super::promotion::excellent_count;
use super::prose::{Shown, ShownResult};
use super::{MissingCause, SubjectRef, criteria};
use crate::entry::Lang;
use crate::level::Level;
use crate::mark::Mark;
use crate::reason::Reason;

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
            Finding::Missing(missing) => match missing.cause {
                MissingCause::Empty => "mark-missing",
                MissingCause::Absent => "mark-absent",
                MissingCause::PartlyExempt => "mark-partly-exempt",
                MissingCause::HalfExempt => "year-half-exempt",
            },
            Finding::LearningUnknown { .. } => "learning-unknown",
            Finding::LearningGood { .. } | Finding::LearningLevel { .. } => "learning-level",
            Finding::Adjusted { .. } => "learning-adjusted",
            Finding::ConductMissing { .. } => "conduct-missing",
            Finding::ConductYear { .. } => "conduct-year",
            Finding::Promotion(promotion) => match promotion {
                PromotionFinding::Promoted { .. } => "promoted",
                PromotionFinding::PromotedReassessed { .. } => "promoted-after-reassessment",
                PromotionFinding::PromotedTrained { .. } => "promoted-after-training",
                PromotionFinding::Absences { .. } => "retained-absences",
                PromotionFinding::Both => "retained-learning-and-conduct",
                PromotionFinding::Reassess { .. } => "reassess",
                PromotionFinding::StillFailed { .. } => "retained-after-reassessment",
                PromotionFinding::Training { .. } => "summer-training",
                PromotionFinding::StillUntrained => "retained-after-training",
                PromotionFinding::Unknown { .. } => "promotion-unknown",
            },
            Finding::AwardExcellent { .. } => "award-excellent",
            Finding::AwardGood { .. } => "award-good",
            Finding::AwardConduct { .. } => "award-needs-conduct",
        }
    }

    /// The article that decides.
    pub fn article(&self) -> &'static str {
        match self {
            Finding::Missing(_) => "TT 22/2021 Đ.9 k.1",
            Finding::LearningUnknown { .. } => "TT 22/2021 Đ.9 k.2",
            Finding::LearningGood { .. } => level_article(Level::Good),
            Finding::LearningLevel { level, .. } => level_article(*level),
            Finding::Adjusted { .. } => "TT 22/2021 Đ.9 k.3",
            Finding::ConductMissing { .. } | Finding::ConductYear { .. } => "TT 22/2021 Đ.8",
            Finding::Promotion(promotion) => match promotion {
                PromotionFinding::Training { .. } | PromotionFinding::StillUntrained => "TT 22/2021 Đ.13",
                PromotionFinding::PromotedTrained { .. } => "TT 22/2021 Đ.12, 13",
                PromotionFinding::Reassess { .. } | PromotionFinding::StillFailed { .. } => "TT 22/2021 Đ.14",
                PromotionFinding::PromotedReassessed { .. } | PromotionFinding::Both => "TT 22/2021 Đ.12, 14",
                _ => "TT 22/2021 Đ.12",
            },
            Finding::AwardExcellent { .. } | Finding::AwardGood { .. } | Finding::AwardConduct { .. } => "TT 22/2021 Đ.15",
        }
    }

    /// The facts, one call each: marks as `7.9`, levels and periods as their codes.
    pub fn params(&self, put: &mut dyn FnMut(&'static str, &dyn Display)) {
        match self {
            Finding::Missing(missing) => {
                put("period", &missing.period.code());
                put("subject", &missing.subject.code);
                if let Some(slot) = missing.slot {
                    put("slot", &slot.code());
                }
            }
            Finding::LearningUnknown { period, subjects, first } => {
                put("period", &period.code());
                put("subjects", subjects);
                if let Some(first) = first {
                    put("subject", &first.code);
                }
            }
            Finding::LearningGood { period, reach, lowest } => {
                put("period", &period.code());
                put("level", &Level::Good.code());
                put("have", reach);
                named(put, ["subject", "mark"], *lowest);
            }
            Finding::LearningLevel { period, level, gap } => {
                put("period", &period.code());
                put("level", &level.code());
                gap_params(gap, put);
            }
            Finding::Adjusted { period, base, level, otherwise, culprit, result } => {
                put("period", &period.code());
                put("base", &base.code());
                put("level", &level.code());
                put("otherwise", &otherwise.code());
                put("subject", &culprit.code);
                put("result", &ShownResult(*result, Lang::En));
            }
            Finding::ConductMissing { period } => put("period", &period.code()),
            Finding::ConductYear { semester1, semester2, year } => {
                put("semester1", &semester1.code());
                put("semester2", &semester2.code());
                put("year", &year.code());
            }
            Finding::Promotion(promotion) => promotion_params(promotion, put),
            Finding::AwardExcellent { nines } => put("have", nines),
            Finding::AwardGood { nines, nearest } => {
                put("have", nines);
                put("need", &excellent_count());
                named(put, ["nearest", "nearest_mark"], *nearest);
            }
            Finding::AwardConduct { conduct } => put("conduct", &conduct.code()),
        }
    }
}

fn level_article(level: Level) -> &'static str {
    criteria(level).map_or("TT 22/2021 Đ.9 k.2d", |wanted| wanted.article)
}

fn named(
    put: &mut dyn FnMut(&'static str, &dyn Display),
    [subject_key, mark_key]: [&'static str; 2],
    value: Option<(SubjectRef<'_>, Mark)>,
) {
    if let Some((subject, mark)) = value {
        put(subject_key, &subject.code);
        put(mark_key, &Shown(mark, Lang::En));
    }
}

fn gap_params(gap: &Gap<'_>, put: &mut dyn FnMut(&'static str, &dyn Display)) {
    put("next", &gap.wanted.level.code());
    if let Some((subject, subjects)) = gap.failed {
        put("failed_subject", &subject.code);
        put("failed_subjects", &subjects);
    }
    if let Some(below) = gap.below {
        put("below_subject", &below.subject.code);
        put("below_mark", &Shown(below.mark, Lang::En));
        put("below_subjects", &below.subjects);
        put("floor", &Shown(gap.wanted.floor, Lang::En));
    }
    if let Some(count) = gap.count {
        put("have", &count.have);
        put("need", &gap.wanted.count);
        put("reach", &Shown(gap.wanted.reach, Lang::En));
        named(put, ["nearest", "nearest_mark"], count.nearest);
    }
}

fn promotion_params(promotion: &PromotionFinding<'_>, put: &mut dyn FnMut(&'static str, &dyn Display)) {
    match promotion {
        PromotionFinding::Promoted { learning, conduct, absences, max } => {
            put("learning", &learning.code());
            put("conduct", &conduct.code());
            put("absences", absences);
            put("max", max);
        }
        PromotionFinding::PromotedReassessed { learning } | PromotionFinding::Training { learning } => {
            put("learning", &learning.code());
        }
        PromotionFinding::PromotedTrained { conduct } => put("conduct", &conduct.code()),
        PromotionFinding::Absences { absences, max } => {
            put("absences", absences);
            put("max", max);
        }
        PromotionFinding::Reassess { conduct, subjects } => {
            put("conduct", &conduct.code());
            let codes: Vec<_> = subjects.iter().map(|(subject, _)| subject.code).collect();
            put("subjects", &codes.join(","));
        }
        PromotionFinding::StillFailed { gap } => gap_params(gap, put),
        PromotionFinding::Unknown { learning, conduct, absences } => {
            let lacking = [(*learning, "learning"), (*conduct, "conduct"), (*absences, "absences")];
            let lacking: Vec<_> = lacking.into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect();
            put("missing", &lacking.join(","));
        }
        PromotionFinding::Both | PromotionFinding::StillUntrained => {}
    }
}
