//! Periods in hundredths: 6.5 periods are 650.

use crate::Lang;
use serde::{Deserialize, Serialize};

/// Periods of teaching in hundredths: 650 = 6.5; a subject of 52 periods a year is 149 a week, rounded half up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Periods(pub i32);

impl Periods {
    pub const ZERO: Periods = Periods(0);

    pub const fn whole(periods: i32) -> Periods {
        Periods(periods.saturating_mul(100))
    }

    /// This many parts of it, rounded half up; all of it for 0.
    pub const fn shared(self, parts: i32) -> Periods {
        if parts <= 1 { self } else { Periods((self.0.saturating_mul(2) + parts).div_euclid(2 * parts)) }
    }

    pub const fn times(self, n: i32) -> Periods {
        Periods(self.0.saturating_mul(n))
    }

    pub const fn plus(self, other: Periods) -> Periods {
        Periods(self.0.saturating_add(other.0))
    }

    pub const fn minus(self, other: Periods) -> Periods {
        Periods(self.0.saturating_sub(other.0))
    }

    /// "6,5" in Vietnamese, "6.5" in English; a whole number without places.
    pub fn text(self, lang: Lang) -> String {
        let sign = if self.0 < 0 { "−" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let point = if lang == Lang::Vi { ',' } else { '.' };
        match rest {
            0 => format!("{sign}{whole}"),
            _ if rest.is_multiple_of(10) => format!("{sign}{whole}{point}{}", rest / 10),
            _ => format!("{sign}{whole}{point}{rest:02}"),
        }
    }
}
