//! Marks on the ten-point scale, as whole hundredths. There is no floating point anywhere near them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A mark from 0 to 10 in hundredths: `850` is 8.5. In JSON it is that integer.
///
/// TT 22/2021 Đ.5 knows marks that are whole or have one decimal; hundredths leave room for regulations with two
/// (graduation scores) without another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000, example = 850))]
pub struct Mark(i32);

/// How a quotient that lies exactly between two tenths is rounded.
///
/// TT 22/2021 only says "after rounding"; half up is what schools and their programs do (not verified with the
/// Ministry), so it stands in the [`Policy`](crate::Policy).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Rounding {
    /// 8.25 becomes 8.3.
    #[default]
    HalfUp,
    /// 8.25 becomes 8.2, 8.35 becomes 8.4.
    HalfEven,
}

impl Mark {
    /// The lowest mark, 0.
    pub const ZERO: Mark = Mark(0);
    /// The highest mark, 10.
    pub const TEN: Mark = Mark(1000);

    /// From hundredths; `None` outside 0..=1000.
    pub const fn from_hundredths(hundredths: i32) -> Option<Mark> {
        if hundredths >= 0 && hundredths <= 1000 { Some(Mark(hundredths)) } else { None }
    }

    /// From tenths (`85` is 8.5); `None` outside 0..=100.
    pub const fn from_tenths(tenths: i32) -> Option<Mark> {
        if tenths >= 0 && tenths <= 100 { Some(Mark(tenths * 10)) } else { None }
    }

    /// The mark in hundredths, 0..=1000.
    pub const fn hundredths(self) -> i32 {
        self.0
    }

    /// Whether the mark is whole or has one decimal, as a mark in a TT 22 grade book must.
    pub const fn is_in_tenths(self) -> bool {
        self.0 % 10 == 0
    }

    /// Reads `"8"`, `"8.5"`, `"8,5"`, `"8.25"`, `"10.00"`: ASCII digits, then at most one separator with one or two
    /// decimals (more only if they are zeros). `None` for anything else, and outside 0..=10.
    pub fn parse_decimal(text: &str) -> Option<Mark> {
        let bytes = text.as_bytes();
        let point = bytes.iter().position(|b| matches!(b, b'.' | b','));
        let (whole, decimals) = match point {
            Some(at) => (&bytes[..at], &bytes[at + 1..]),
            None => (bytes, &[][..]),
        };
        if whole.is_empty() || whole.len() > 2 || (point.is_some() && decimals.is_empty()) || decimals.len() > 12 {
            return None;
        }
        let mut value = 0i32;
        for digit in whole {
            value = value * 10 + decimal_digit(*digit)?;
        }
        for place in 0..2 {
            value = value * 10 + decimals.get(place).map_or(Some(0), |digit| decimal_digit(*digit))?;
        }
        if decimals.iter().skip(2).any(|digit| *digit != b'0') {
            return None;
        }
        Mark::from_hundredths(value)
    }

    /// With a decimal comma and no more decimals than needed: `"8,5"`, `"10"`.
    pub fn to_vi(self) -> String {
        self.to_string().replace('.', ",")
    }

    /// An average as people read it, always with one decimal: `"8.0"` (two when it has two).
    pub fn to_average(self) -> String {
        if self.0 % 10 == 0 { format!("{}.{}", self.0 / 100, self.0 / 10 % 10) } else { self.to_string() }
    }

    /// As [`to_average`](Self::to_average), with a decimal comma: `"8,0"`.
    pub fn to_average_vi(self) -> String {
        self.to_average().replace('.', ",")
    }

    /// `sum / divisor` rounded to a tenth, where `sum` is in hundredths. The result is held within 0..=10.
    ///
    /// Whole-number arithmetic: `66 / 8 = 8.25` is 8.3 under [`Rounding::HalfUp`], which binary floating point misses.
    /// `divisor` must be positive; a divisor below 1 counts as 1.
    pub fn average(sum: i64, divisor: i64, rounding: Rounding) -> Mark {
        let unit = divisor.max(1) * 10;
        let sum = sum.max(0);
        let (floor, rest) = (sum / unit, sum % unit);
        let up = match (rest * 2).cmp(&unit) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => rounding == Rounding::HalfUp || floor % 2 == 1,
        };
        let tenths = (floor + i64::from(up)).min(100);
        Mark(tenths as i32 * 10)
    }

    /// This mark rounded half up to a tenth: 8.25 becomes 8.3.
    pub fn round_tenth(self) -> Mark {
        Mark::average(i64::from(self.0), 1, Rounding::HalfUp)
    }
}

fn decimal_digit(byte: u8) -> Option<i32> {
    byte.is_ascii_digit().then(|| i32::from(byte - b'0'))
}

/// With a decimal point and no more decimals than needed: `8`, `8.5`, `8.25`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            _ if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// The hundredths lay outside 0..=1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkOutOfRange(pub i32);

impl fmt::Display for MarkOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a mark is 0 to 1000 hundredths, not {}", self.0)
    }
}

impl std::error::Error for MarkOutOfRange {}

impl TryFrom<i32> for Mark {
    type Error = MarkOutOfRange;

    fn try_from(hundredths: i32) -> Result<Self, Self::Error> {
        Mark::from_hundredths(hundredths).ok_or(MarkOutOfRange(hundredths))
    }
}

impl From<Mark> for i32 {
    fn from(mark: Mark) -> i32 {
        mark.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, hundredths, plain, average) in [
            ("8", 800, "8", "8.0"),
            ("8.5", 850, "8.5", "8.5"),
            ("8,5", 850, "8.5", "8.5"),
            ("8.25", 825, "8.25", "8.25"),
            ("8.05", 805, "8.05", "8.05"),
            ("10", 1000, "10", "10.0"),
            ("10.00", 1000, "10", "10.0"),
            ("0", 0, "0", "0.0"),
            ("7.900", 790, "7.9", "7.9"),
        ] {
            let mark = Mark::parse_decimal(text).expect(text);
            assert_eq!(mark.hundredths(), hundredths);
            assert_eq!(mark.to_string(), plain);
            assert_eq!(mark.to_average(), average);
            assert_eq!(mark.to_average_vi(), average.replace('.', ","));
        }
        for text in ["", "-1", "10.01", "11", "8.", ".5", "8.255", "8..5", "8.5.1", " 8", "8e0", "085", "８", "NaN"] {
            assert_eq!(Mark::parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn ties() {
        let rounded = |sum, divisor, rounding| Mark::average(sum, divisor, rounding).hundredths();
        assert_eq!(rounded(6600, 8, Rounding::HalfUp), 830);
        assert_eq!(rounded(6600, 8, Rounding::HalfEven), 820);
        assert_eq!(rounded(835, 1, Rounding::HalfEven), 840);
        assert_eq!(rounded(7150, 9, Rounding::HalfUp), 790);
        assert_eq!(Mark::from_hundredths(825).map(Mark::round_tenth), Mark::from_tenths(83));
    }

    #[test]
    fn json_is_the_integer_and_is_checked() {
        assert_eq!(serde_json::to_string(&Mark::TEN).expect("json"), "1000");
        assert!(serde_json::from_str::<Mark>("1001").is_err());
        assert!(serde_json::from_str::<Mark>("-1").is_err());
        assert!(serde_json::from_str::<Mark>("8.5").is_err());
    }
}
