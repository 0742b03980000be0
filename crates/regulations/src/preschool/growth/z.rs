//! Z-scores. The only place in this crate where there are floats: a z-score is a power. What goes in and comes out is integers.

use super::tables::{Lms, Run, Table, table};
use super::{Indicator, LAST_DAY_OF_STANDARDS, MeasuringPosition, STANDS_FROM_DAY, Sex};

/// Days of a month, by WHO's definition.
const DAYS_A_MONTH: f64 = 30.4375;

/// What a length is more than a height of the same child, in mm.
const LYING_IS_LONGER_MM: u32 = 7;

/// Z-scores in hundredths; `None` where something was not measured or the age or size lies outside of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ZScores {
    pub weight_for_age: Option<i32>,
    pub height_for_age: Option<i32>,
    pub bmi_for_age: Option<i32>,
    pub weight_for_height: Option<i32>,
}

impl ZScores {
    pub const fn of(&self, indicator: Indicator) -> Option<i32> {
        match indicator {
            Indicator::WeightForAge => self.weight_for_age,
            Indicator::HeightForAge => self.height_for_age,
            Indicator::BmiForAge => self.bmi_for_age,
            Indicator::WeightForHeight => self.weight_for_height,
        }
    }
}

/// The z-scores of one measurement. Below 24 months (731 days) the tables are of lengths taken lying, from then on of heights taken
/// standing; what was taken the other way is brought to it by 0.7 cm (WHO 2006), above five years it is taken as it is.
///
/// Not for children with oedema: their weight says nothing.
pub fn z_scores(sex: Sex, age_days: u32, weight_g: Option<u32>, height_mm: Option<u32>, position: MeasuringPosition) -> ZScores {
    let weight = weight_g.filter(|g| *g > 0);
    let height = height_mm.filter(|mm| *mm > 0).map(|mm| standard_height_mm(age_days, mm, position));
    let kg = weight.map(|g| f64::from(g) / 1000.0);
    let bmi = weight.zip(height).map(|(g, mm)| f64::from(g) * 1000.0 / (f64::from(mm) * f64::from(mm)));
    let by_age = |indicator, value: Option<f64>| {
        let row = at_age(indicator, sex, age_days)?;
        hundredths(restricted(value?, row))
    };
    ZScores {
        weight_for_age: by_age(Indicator::WeightForAge, kg),
        height_for_age: by_age(Indicator::HeightForAge, height.map(|mm| f64::from(mm) / 10.0)),
        bmi_for_age: by_age(Indicator::BmiForAge, bmi),
        weight_for_height: kg.zip(height).and_then(|(kg, mm)| {
            if age_days > LAST_DAY_OF_STANDARDS {
                return None;
            }
            let run = if age_days < STANDS_FROM_DAY { Run::Length } else { Run::Height };
            hundredths(restricted(kg, Row::of(table(run, sex)?.at(mm)?)))
        }),
    }
}

/// The length or height as the tables have it: lying below 24 months, standing from then on.
pub fn standard_height_mm(age_days: u32, mm: u32, position: MeasuringPosition) -> u32 {
    match position {
        MeasuringPosition::Standing if age_days < STANDS_FROM_DAY => mm + LYING_IS_LONGER_MM,
        MeasuringPosition::Lying if (STANDS_FROM_DAY..=LAST_DAY_OF_STANDARDS).contains(&age_days) => {
            mm.saturating_sub(LYING_IS_LONGER_MM)
        }
        _ => mm,
    }
}

/// A row of a table as numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    l: f64,
    m: f64,
    s: f64,
}

impl Row {
    pub(super) fn of(lms: Lms) -> Row {
        Row { l: f64::from(lms.l) / 1e4, m: f64::from(lms.m) / 1e4, s: f64::from(lms.s) / 1e5 }
    }

    /// The measure at this many standard deviations.
    pub(super) fn measure(self, z: f64) -> f64 {
        if self.l == 0.0 { self.m * (self.s * z).exp() } else { self.m * (1.0 + self.l * self.s * z).powf(1.0 / self.l) }
    }

    fn z(self, measure: f64) -> f64 {
        if self.l == 0.0 { (measure / self.m).ln() / self.s } else { ((measure / self.m).powf(self.l) - 1.0) / (self.s * self.l) }
    }

    fn between(self, next: Row, part: f64) -> Row {
        let mix = |a: f64, b: f64| a + part * (b - a);
        Row { l: mix(self.l, next.l), m: mix(self.m, next.m), s: mix(self.s, next.s) }
    }
}

/// The row of an age: by the day up to five years; between two months above.
fn at_age(indicator: Indicator, sex: Sex, age_days: u32) -> Option<Row> {
    if age_days <= LAST_DAY_OF_STANDARDS {
        return table(Run::Days(indicator), sex)?.at(age_days).map(Row::of);
    }
    at_month(table(Run::Months(indicator), sex)?, f64::from(age_days) / DAYS_A_MONTH)
}

fn at_month(table: &Table, months: f64) -> Option<Row> {
    // Months of an age in days are below 2^31 and not negative.
    let (whole, part) = (months.trunc() as u32, months.fract());
    let row = Row::of(table.at(whole)?);
    match table.at(whole + 1) {
        Some(next) => Some(row.between(Row::of(next), part)),
        None => (part == 0.0).then_some(row),
    }
}

/// The z-score; beyond ±3 in steps of the distance between 2 and 3 standard deviations (WHO 2006, chapter 7: the tails of weight
/// are not stretched by the power). For height L is 1, where both are the same.
fn restricted(measure: f64, row: Row) -> f64 {
    let z = row.z(measure);
    if z > 3.0 {
        let (two, three) = (row.measure(2.0), row.measure(3.0));
        3.0 + (measure - three) / (three - two)
    } else if z < -3.0 {
        let (two, three) = (row.measure(-2.0), row.measure(-3.0));
        -3.0 + (measure - three) / (two - three)
    } else {
        z
    }
}

/// In hundredths, half away from zero. A number that is none, or beyond all measure (±99), is none.
fn hundredths(z: f64) -> Option<i32> {
    let hundredths = (z * 100.0).round();
    (hundredths.abs() < 9_900.0).then_some(hundredths as i32)
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{SCHOOL_AGE, UNDER_FIVE};
    use super::*;

    /// WHO's programs round half to even and take weights as 32-bit floats: a hundredth of difference.
    fn near(ours: Option<i32>, theirs: i32) -> bool {
        ours.is_some_and(|z| (z - theirs).abs() <= 1)
    }

    #[test]
    fn examples_of_who_below_five() {
        for (sex, day, weight, height, position, [wfa, lhfa, bmi, wfh]) in UNDER_FIVE {
            let z = z_scores(*sex, *day, Some(*weight), Some(*height), *position);
            let all = near(z.weight_for_age, *wfa)
                && near(z.height_for_age, *lhfa)
                && near(z.bmi_for_age, *bmi)
                && near(z.weight_for_height, *wfh);
            assert!(all, "{sex:?} {day} days, {weight} g, {height} mm {position:?}: {z:?}, WHO: {wfa} {lhfa} {bmi} {wfh}");
        }
    }

    #[test]
    fn examples_of_who_from_five_to_nineteen() {
        for (sex, day, weight, height, [wfa, hfa, bmi]) in SCHOOL_AGE {
            let z = z_scores(*sex, *day, Some(*weight), Some(*height), MeasuringPosition::Standing);
            assert!(near(z.height_for_age, *hfa) && near(z.bmi_for_age, *bmi), "{sex:?} {day}: {z:?}, WHO: {hfa} {bmi}");
            match *wfa {
                i32::MIN => assert_eq!(z.weight_for_age, None, "{day} days"),
                wfa => assert!(near(z.weight_for_age, wfa), "{sex:?} {day}: {z:?}, WHO: {wfa}"),
            }
            assert_eq!(z.weight_for_height, None);
        }
    }

    #[test]
    fn the_median_is_zero_and_the_lines_are_their_numbers() {
        for sex in [Sex::Male, Sex::Female] {
            for day in (0..=LAST_DAY_OF_STANDARDS).step_by(61) {
                let row = at_age(Indicator::WeightForAge, sex, day).expect("a row");
                for line in -3..=3 {
                    let z = restricted(row.measure(f64::from(line)), row);
                    assert_eq!(hundredths(z), Some(line * 100), "{sex:?} {day}");
                }
            }
        }
    }

    #[test]
    fn beyond_three_the_steps_are_even() {
        // WHO 2006, chapter 7: z = 3 + (y - SD3) / (SD3 - SD2). One more step of that size is one more z.
        let row = at_age(Indicator::WeightForAge, Sex::Male, 700).expect("a row");
        let (two, three) = (row.measure(2.0), row.measure(3.0));
        assert_eq!(hundredths(restricted(three + (three - two), row)), Some(400));
        assert_eq!(hundredths(restricted(three + 2.0 * (three - two), row)), Some(500));
        let (two, three) = (row.measure(-2.0), row.measure(-3.0));
        assert_eq!(hundredths(restricted(three - (two - three), row)), Some(-400));
        // The power alone would give another number.
        assert_ne!(hundredths(row.z(row.measure(3.0) * 1.2)), hundredths(restricted(row.measure(3.0) * 1.2, row)));
    }

    #[test]
    fn what_was_not_measured_or_has_no_table_is_none() {
        let z = z_scores(Sex::Male, 400, None, Some(750), MeasuringPosition::Lying);
        assert!(
            z.weight_for_age.is_none() && z.bmi_for_age.is_none() && z.weight_for_height.is_none() && z.height_for_age.is_some()
        );
        assert_eq!(z_scores(Sex::Male, 400, Some(0), Some(0), MeasuringPosition::Lying), ZScores::default());
        assert_eq!(z_scores(Sex::Female, 7000, Some(50_000), Some(1600), MeasuringPosition::Standing), ZScores::default());
        // Weight for age ends at ten years; length outside of the table.
        assert_eq!(z_scores(Sex::Female, 3700, Some(30_000), Some(1400), MeasuringPosition::Standing).weight_for_age, None);
        assert_eq!(z_scores(Sex::Female, 100, Some(3_000), Some(400), MeasuringPosition::Lying).weight_for_height, None);
    }

    #[test]
    fn lying_and_standing_differ_by_seven_millimetres() {
        let lying = z_scores(Sex::Female, 600, Some(9_800), Some(807), MeasuringPosition::Lying);
        let standing = z_scores(Sex::Female, 600, Some(9_800), Some(800), MeasuringPosition::Standing);
        assert_eq!(lying, standing);
        let standing = z_scores(Sex::Female, 800, Some(11_000), Some(850), MeasuringPosition::Standing);
        let lying = z_scores(Sex::Female, 800, Some(11_000), Some(857), MeasuringPosition::Lying);
        assert_eq!(lying, standing);
    }

    #[test]
    fn the_two_ages_meet_at_five_years() {
        for sex in [Sex::Male, Sex::Female] {
            let before = z_scores(sex, 1826, Some(18_000), Some(1080), MeasuringPosition::Standing);
            let after = z_scores(sex, 1827, Some(18_000), Some(1080), MeasuringPosition::Standing);
            for indicator in [Indicator::WeightForAge, Indicator::HeightForAge, Indicator::BmiForAge] {
                let (a, b) = (before.of(indicator).expect("z"), after.of(indicator).expect("z"));
                assert!((a - b).abs() <= 15, "{sex:?} {indicator:?}: {a} {b}");
            }
        }
    }
}
