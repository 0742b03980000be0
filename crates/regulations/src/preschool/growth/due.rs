//! How often a child is measured.

/// Months from one measurement to the next.
///
/// TTLT 13/2016/TTLT-BYT-BGDĐT Đ.9: weight and height with the growth chart monthly below 24 months, quarterly from 24 months
/// on; body mass index of pupils of general schools at least twice a school year. Fields and not constants, since the circular is
/// of 2016 and NĐ 165/2026 has begun to replace parts of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    pub below_24_months: u8,
    pub from_24_months: u8,
    /// General schools: how often a school year.
    pub a_year_in_general_schools: u8,
}

impl Intervals {
    pub const TTLT_13_2016: Intervals = Intervals { below_24_months: 1, from_24_months: 3, a_year_in_general_schools: 2 };

    /// Months until the next measurement of a preschool child who is this many completed months old.
    pub const fn months_at(self, age_months: u32) -> u8 {
        if age_months < 24 { self.below_24_months } else { self.from_24_months }
    }

    /// Months of one of the spans into which a school year of general schools falls.
    pub const fn span_of_year(self) -> u8 {
        match 12_u8.checked_div(self.a_year_in_general_schools) {
            Some(months) => months,
            None => 12,
        }
    }
}

/// Which span of the school year a month is in, counted from 0, where the year began `months` ago and has spans of `span` months.
pub const fn half_since(months: u32, span: u8) -> u32 {
    match months.checked_div(span as u32) {
        Some(spans) => spans,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_circular() {
        let rule = Intervals::TTLT_13_2016;
        assert_eq!((rule.months_at(0), rule.months_at(23), rule.months_at(24), rule.months_at(70)), (1, 1, 3, 3));
        assert_eq!(rule.span_of_year(), 6);
        assert_eq!((half_since(0, 6), half_since(5, 6), half_since(6, 6)), (0, 0, 1));
    }
}
