//! What lowers a teacher's norm.

use super::{Periods, Stage};
use crate::Lang;
use serde::{Deserialize, Serialize};

/// A duty held beside teaching (Đ.9-11), or a circumstance that lowers the norm (Đ.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TeachingDuty {
    /// Chủ nhiệm lớp: of the class, not entered.
    Homeroom,
    /// Tổ trưởng chuyên môn.
    GroupHead,
    /// Tổ phó chuyên môn.
    GroupDeputy,
    /// Bí thư: 3 or 4 by the decision.
    Secretary,
    /// Phụ trách công nghệ thông tin.
    Computing,
    /// Kiêm văn thư.
    Records,
    /// Kiêm thư viện.
    Library,
    /// Tập sự.
    Probation,
    /// A child under twelve months.
    Nursing,
    /// Another, by a decision that says how many periods.
    Other,
}

/// Periods a week that a duty takes off the norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    Fixed(Periods),
    /// Between these, by the decision on the duty.
    Between(Periods, Periods),
    /// As the decision says.
    Entered,
}

impl TeachingDuty {
    pub const ALL: &'static [TeachingDuty] = &[
        TeachingDuty::Homeroom,
        TeachingDuty::GroupHead,
        TeachingDuty::GroupDeputy,
        TeachingDuty::Secretary,
        TeachingDuty::Computing,
        TeachingDuty::Records,
        TeachingDuty::Library,
        TeachingDuty::Probation,
        TeachingDuty::Nursing,
        TeachingDuty::Other,
    ];

    /// The same as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            TeachingDuty::Homeroom => "homeroom",
            TeachingDuty::GroupHead => "group_head",
            TeachingDuty::GroupDeputy => "group_deputy",
            TeachingDuty::Secretary => "secretary",
            TeachingDuty::Computing => "computing",
            TeachingDuty::Records => "records",
            TeachingDuty::Library => "library",
            TeachingDuty::Probation => "probation",
            TeachingDuty::Nursing => "nursing",
            TeachingDuty::Other => "other",
        }
    }

    pub const fn text(self, lang: Lang) -> &'static str {
        let (vi, en) = match self {
            TeachingDuty::Homeroom => ("Chủ nhiệm lớp", "Homeroom teacher"),
            TeachingDuty::GroupHead => ("Tổ trưởng chuyên môn", "Head of a subject group"),
            TeachingDuty::GroupDeputy => ("Tổ phó chuyên môn", "Deputy head of a subject group"),
            TeachingDuty::Secretary => ("Bí thư", "Secretary of the organisation"),
            TeachingDuty::Computing => ("Phụ trách công nghệ thông tin", "In charge of IT"),
            TeachingDuty::Records => ("Kiêm văn thư", "Clerk's work"),
            TeachingDuty::Library => ("Kiêm thư viện", "Library"),
            TeachingDuty::Probation => ("Tập sự", "Probation"),
            TeachingDuty::Nursing => ("Nuôi con dưới 12 tháng tuổi", "A child under twelve months"),
            TeachingDuty::Other => ("Nhiệm vụ khác", "Another duty"),
        };
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// Where it stands in the circular.
    pub const fn article(self) -> &'static str {
        match self {
            TeachingDuty::Homeroom => "Đ.9",
            TeachingDuty::Computing | TeachingDuty::Records | TeachingDuty::Library => "Đ.11",
            TeachingDuty::Probation | TeachingDuty::Nursing => "Đ.12",
            // The text at hand gives these without the article of each.
            TeachingDuty::GroupHead | TeachingDuty::GroupDeputy | TeachingDuty::Secretary | TeachingDuty::Other => "Đ.9-11",
        }
    }

    /// Of Đ.9-11, of which one person has at most two; Đ.12 is no duty.
    pub const fn is_concurrent(self) -> bool {
        !matches!(self, TeachingDuty::Probation | TeachingDuty::Nursing)
    }

    /// What it takes off the weekly norm in a stage.
    pub const fn reduction(self, stage: Stage) -> Reduction {
        let periods = match self {
            TeachingDuty::Homeroom => 4,
            TeachingDuty::GroupHead | TeachingDuty::Computing | TeachingDuty::Records | TeachingDuty::Library => 3,
            TeachingDuty::GroupDeputy => 1,
            TeachingDuty::Probation => 2,
            TeachingDuty::Nursing => match stage {
                Stage::Primary => 4,
                Stage::LowerSecondary | Stage::UpperSecondary => 3,
            },
            TeachingDuty::Secretary => return Reduction::Between(Periods::whole(3), Periods::whole(4)),
            TeachingDuty::Other => return Reduction::Entered,
        };
        Reduction::Fixed(Periods::whole(periods))
    }
}
