//! The lines of a growth chart.

use super::tables::{Run, table};
use super::z::Row;
use super::{Indicator, STANDS_FROM_DAY, Sex};

/// The lines of a chart, in standard deviations.
pub const SD_LINES: [i8; 7] = [-3, -2, -1, 0, 1, 2, 3];

/// The lines of one chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curves {
    /// Months of age; for weight for height, millimetres. Rising.
    pub x: Vec<u32>,
    /// For each of [`SD_LINES`] the values at `x`: grams, millimetres, or hundredths of kg/m².
    pub lines: [Vec<u32>; 7],
}

/// The lines of an indicator: below five years by month of age 0 to 60 (weight for height: every centimetre of length up to 24
/// months or of height from then on), above by month 60 to 228 (weight for age to 120). `None` where there is no such chart: weight
/// for height above five years.
pub fn curves(indicator: Indicator, sex: Sex, school_age: bool, lying: bool) -> Option<Curves> {
    let run = match (indicator, school_age) {
        (Indicator::WeightForHeight, true) => return None,
        (Indicator::WeightForHeight, false) if lying => Run::Length,
        (Indicator::WeightForHeight, false) => Run::Height,
        (_, false) => Run::Days(indicator),
        (_, true) => Run::Months(indicator),
    };
    let table = table(run, sex)?;
    let keys: Vec<(u32, u32)> = match run {
        Run::Days(_) => (0..=60).map(|month| (month, day_of_month(month))).collect(),
        Run::Length | Run::Height => (table.first..=table.last()).step_by(10).map(|mm| (mm, mm)).collect(),
        Run::Months(_) => (table.first..=table.last()).step_by(3).map(|month| (month, month)).collect(),
    };
    let scale = match indicator {
        Indicator::WeightForAge | Indicator::WeightForHeight => 1000.0,
        Indicator::HeightForAge => 10.0,
        Indicator::BmiForAge => 100.0,
    };
    let rows: Vec<(u32, Row)> = keys.into_iter().filter_map(|(x, key)| Some((x, Row::of(table.at(key)?)))).collect();
    let line = |sd: i8| -> Vec<u32> {
        // Positive, and below 200 kg or 3 m.
        rows.iter().map(|(_, row)| (row.measure(f64::from(sd)) * scale).round() as u32).collect()
    };
    Some(Curves { x: rows.iter().map(|(x, _)| *x).collect(), lines: SD_LINES.map(line) })
}

/// The day on which a child is so many months old: months of 30.4375 days, to the nearest day, half up.
const fn day_of_month(month: u32) -> u32 {
    let day = (month * 304_375 + 5_000) / 10_000;
    // 24 months are the first day of standing.
    if month == 24 && day < STANDS_FROM_DAY { STANDS_FROM_DAY } else { day }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_printed_charts() {
        // WHO weight-for-age boys, birth to 5 years (z-scores): at birth 2.1 2.5 2.9 3.3 3.9 4.4 5.0; at 60 months 12.4 14.1 16.0 18.3
        // 21.0 24.2 27.9 kg.
        let chart = curves(Indicator::WeightForAge, Sex::Male, false, false).expect("a chart");
        let at = |month: usize| chart.lines.iter().map(|line| (line[month] + 50) / 100).collect::<Vec<_>>();
        assert_eq!((chart.x.len(), chart.x[60]), (61, 60));
        assert_eq!(at(0), [21, 25, 29, 33, 39, 44, 50]);
        assert_eq!(at(60), [124, 141, 160, 183, 210, 242, 279]);
        // WHO height-for-age girls, 2 to 5 years: at 24 months 76.0 79.3 82.5 85.7 88.9 92.2 95.4 cm.
        let chart = curves(Indicator::HeightForAge, Sex::Female, false, false).expect("a chart");
        // Ours are of day 731; WHO's print is of 730.5 days.
        let printed = [760, 793, 825, 857, 889, 922, 954];
        assert!(chart.lines.iter().zip(printed).all(|(line, printed)| line[24].abs_diff(printed) <= 1));
        // WHO BMI-for-age boys, 5 to 19 years: at 19 years median 22.2, +1 25.4, +2 29.7.
        let chart = curves(Indicator::BmiForAge, Sex::Male, true, false).expect("a chart");
        assert_eq!((chart.x.first(), chart.x.last()), (Some(&60), Some(&228)));
        let last: Vec<u32> = chart.lines.iter().filter_map(|line| line.last().copied()).collect();
        assert!([2220, 2540, 2970].iter().zip(&last[3..]).all(|(printed, line)| line.abs_diff(*printed) <= 5), "{last:?}");
    }

    #[test]
    fn lines_do_not_cross() {
        for sex in [Sex::Male, Sex::Female] {
            for indicator in Indicator::ALL {
                for (school, lying) in [(false, true), (false, false), (true, false)] {
                    let Some(chart) = curves(*indicator, sex, school, lying) else { continue };
                    for pair in chart.lines.windows(2) {
                        assert!(pair[0].iter().zip(&pair[1]).all(|(low, high)| low < high), "{indicator:?}");
                    }
                }
            }
        }
        assert_eq!(curves(Indicator::WeightForHeight, Sex::Male, true, false), None);
    }
}
