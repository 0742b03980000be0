//! From what a table keeps to what is shown: age, z-scores, the day on which the next measurement is due, the lines of the charts.

use chrono::{Datelike, Months, NaiveDate};
use dto::calendar::Grade;
use dto::growth::{GrowthChart, GrowthEntry, GrowthScore};
use dto::learners::Sex;
use regulations::preschool::growth as who;
use regulations::preschool::growth::{Indicator, Intervals, LAST_DAY_OF_STANDARDS, MeasuringPosition, STANDS_FROM_DAY};

/// A row that holds something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub on: NaiveDate,
    pub weight_g: Option<u32>,
    pub height_mm: Option<u32>,
    pub position: MeasuringPosition,
    pub version: i64,
}

impl Measured {
    pub fn holds(&self) -> bool {
        self.weight_g.is_some() || self.height_mm.is_some()
    }

    /// Completed, with its z-scores.
    pub fn entry(&self, birth_date: NaiveDate, sex: Sex) -> GrowthEntry {
        let age_days = age_days(birth_date, self.on);
        let z = who::z_scores(table_sex(sex), age_days, self.weight_g, self.height_mm, self.position);
        let chart_height_mm = self.height_mm.map(|mm| who::standard_height_mm(age_days, mm, self.position));
        let scores = Indicator::ALL
            .iter()
            .filter_map(|indicator| {
                let z = z.of(*indicator)?;
                Some(GrowthScore {
                    indicator: *indicator,
                    z,
                    class: who::classify(*indicator, age_days, z),
                    implausible: who::is_implausible(*indicator, z),
                })
            })
            .collect();
        GrowthEntry {
            measured_on: self.on,
            weight_g: self.weight_g,
            height_mm: self.height_mm,
            position: self.position,
            age_days,
            chart_height_mm,
            bmi: self.weight_g.zip(chart_height_mm).map(|(g, mm)| who::bmi(g, mm)),
            scores,
        }
    }
}

fn table_sex(sex: Sex) -> who::Sex {
    match sex {
        Sex::Female => who::Sex::Female,
        Sex::Male => who::Sex::Male,
    }
}

/// 0 before birth.
pub(crate) fn age_days(birth_date: NaiveDate, on: NaiveDate) -> u32 {
    u32::try_from((on - birth_date).num_days()).unwrap_or(0)
}

/// Full months by the calendar.
fn months_between(from: NaiveDate, to: NaiveDate) -> u32 {
    let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32 - i32::from(to.day() < from.day());
    u32::try_from(months).unwrap_or(0)
}

/// When the next measurement is due: of a preschool child by its age; of a pupil in the half of the school year that has none. A
/// child that was never measured is due at once.
pub(crate) fn due_on(
    rule: Intervals,
    grade: Grade,
    year_starts_on: NaiveDate,
    birth_date: NaiveDate,
    last: Option<NaiveDate>,
    today: NaiveDate,
) -> NaiveDate {
    if grade.number().is_none() {
        let Some(last) = last else { return today };
        let months = rule.months_at(months_between(birth_date, last));
        return last.checked_add_months(Months::new(u32::from(months))).unwrap_or(today);
    }
    let span = rule.span_of_year();
    let start_of = |day: NaiveDate| {
        let spans = who::half_since(months_between(year_starts_on, day), span);
        year_starts_on.checked_add_months(Months::new(spans * u32::from(span))).unwrap_or(year_starts_on)
    };
    let here = start_of(today);
    match last {
        Some(last) if last >= here => here.checked_add_months(Months::new(u32::from(span))).unwrap_or(here),
        _ => here,
    }
}

/// The charts on which these entries lie; of a child without any, those of its age today.
pub(crate) fn charts(sex: Sex, entries: &[GrowthEntry], age_today: u32) -> Vec<GrowthChart> {
    let ages: Vec<u32> = if entries.is_empty() { vec![age_today] } else { entries.iter().map(|e| e.age_days).collect() };
    let mut charts = Vec::new();
    for school_age in [false, true] {
        if !ages.iter().any(|age| (*age > LAST_DAY_OF_STANDARDS) == school_age) {
            continue;
        }
        for indicator in Indicator::ALL {
            let both = *indicator == Indicator::WeightForHeight;
            for lying in [true, false] {
                let wanted = match (both, lying) {
                    (true, lying) => ages.iter().any(|age| *age <= LAST_DAY_OF_STANDARDS && (*age < STANDS_FROM_DAY) == lying),
                    (false, lying) => !lying,
                };
                if !wanted {
                    continue;
                }
                if let Some(curves) = who::curves(*indicator, table_sex(sex), school_age, lying) {
                    let lines = curves.lines.into_iter().collect();
                    charts.push(GrowthChart { indicator: *indicator, school_age, lying, x: curves.x, lines });
                }
            }
        }
    }
    charts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_measurement_follows_the_age() {
        let rule = Intervals::TTLT_13_2016;
        let year = day("2026-09-05");
        let due = |grade, birth, last: Option<&str>, today| due_on(rule, grade, year, day(birth), last.map(day), day(today));
        // Below 24 months monthly, from then on quarterly.
        assert_eq!(due(Grade::N2, "2025-01-10", Some("2026-11-05"), "2026-11-20"), day("2026-12-05"));
        assert_eq!(due(Grade::N3, "2024-01-10", Some("2026-11-05"), "2026-11-20"), day("2027-02-05"));
        // The day before two years and the day itself.
        assert_eq!(due(Grade::N2, "2024-11-06", Some("2026-11-05"), "2026-11-20"), day("2026-12-05"));
        assert_eq!(due(Grade::N2, "2024-11-05", Some("2026-11-05"), "2026-11-20"), day("2027-02-05"));
        assert_eq!(due(Grade::K5, "2021-01-10", None, "2026-11-20"), day("2026-11-20"));
        // General schools: once in each half of the school year.
        assert_eq!(due(Grade::G6, "2015-03-12", None, "2026-11-20"), year);
        assert_eq!(due(Grade::G6, "2015-03-12", Some("2026-10-01"), "2026-11-20"), day("2027-03-05"));
        assert_eq!(due(Grade::G6, "2015-03-12", Some("2026-10-01"), "2027-03-10"), day("2027-03-05"));
        assert_eq!(due(Grade::G6, "2015-03-12", Some("2027-03-06"), "2027-03-10"), day("2027-09-05"));
    }

    #[test]
    fn an_entry_has_what_was_measured_and_no_more() {
        let birth = day("2024-11-20");
        let only_weight = Measured {
            on: day("2026-11-20"),
            weight_g: Some(12_200),
            height_mm: None,
            position: MeasuringPosition::Lying,
            version: 1,
        };
        let entry = only_weight.entry(birth, Sex::Male);
        assert_eq!((entry.age_days, entry.bmi, entry.chart_height_mm), (730, None, None));
        assert_eq!(entry.scores.iter().map(|s| s.indicator).collect::<Vec<_>>(), [Indicator::WeightForAge]);
        let standing = Measured { height_mm: Some(870), position: MeasuringPosition::Standing, ..only_weight };
        let entry = standing.entry(birth, Sex::Male);
        // Below 24 months the chart is of lengths.
        assert_eq!((entry.chart_height_mm, entry.scores.len()), (Some(877), 4));
    }

    #[test]
    fn charts_are_those_of_the_ages() {
        let names = |ages: &[u32], today| {
            let entries: Vec<GrowthEntry> = ages
                .iter()
                .map(|age| {
                    let on = day("2020-01-01") + chrono::TimeDelta::days(i64::from(*age));
                    Measured { on, weight_g: Some(10_000), height_mm: None, position: MeasuringPosition::Lying, version: 1 }
                        .entry(day("2020-01-01"), Sex::Female)
                })
                .collect();
            charts(Sex::Female, &entries, today).iter().map(|c| (c.indicator, c.school_age, c.lying)).collect::<Vec<_>>()
        };
        assert_eq!(names(&[], 100).len(), 4);
        assert!(names(&[], 100).contains(&(Indicator::WeightForHeight, false, true)));
        assert_eq!(names(&[], 3000).iter().filter(|(_, school, _)| *school).count(), 3);
        assert_eq!(names(&[700, 800, 2000], 2000).len(), 5 + 3);
    }
}
