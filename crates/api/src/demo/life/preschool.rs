//! What preschool children reach in the themes of their class, and what they weigh and measure.

use super::rows::{Growth, Item, Stage};
use super::words::{OUTCOMES, THEMES};
use super::{Life, Made, Room, instant};
use crate::demo::Marks;
use crate::demo::rng::Rng;
use chrono::{Duration, NaiveDate};
use dto::calendar::Grade;
use gradebook::bulk::PreschoolMarkRow;
use regulations::preschool::growth::{Curves, Indicator, MeasuringPosition, Sex, curves};
use regulations::preschool::{AgeGroup, Domain, Outcome};
use uuid::Uuid;

/// Weeks after the start of the year at which children are measured, and how many of them with each choice of marks: each three months
/// (TTLT 13/2016 Đ.9).
const MEASURED: [i64; 4] = [1, 10, 23, 35];

/// The charts of one sex: weight and height, below five years and above.
struct Charts([Option<Curves>; 4]);

impl Charts {
    fn of(sex: Sex) -> Charts {
        let of = |indicator, school| curves(indicator, sex, school, false);
        Charts([
            of(Indicator::WeightForAge, false),
            of(Indicator::WeightForAge, true),
            of(Indicator::HeightForAge, false),
            of(Indicator::HeightForAge, true),
        ])
    }

    /// The measure at an age in months and so many hundredths of a standard deviation, between the lines of the chart.
    fn at(&self, height: bool, months: u32, z: i32) -> Option<i32> {
        let chart = self.0[usize::from(height) * 2 + usize::from(months > 60)].as_ref()?;
        let x = chart.x.iter().rposition(|x| *x <= months)?;
        let above = (z + 300).clamp(0, 599);
        let line = usize::try_from(above / 100).ok()?;
        let (low, high) = (*chart.lines.get(line)?.get(x)?, *chart.lines.get(line + 1)?.get(x)?);
        let (low, high) = (i32::try_from(low).ok()?, i32::try_from(high).ok()?);
        Some(low + (high - low) * (above % 100) / 100)
    }
}

/// The outcomes of the school's plan for each grade that it has.
fn items(grade: Grade) -> Vec<(String, &'static str, &'static str)> {
    let domains = AgeGroup::from_code(grade.as_str()).map_or(&[][..], AgeGroup::domains);
    let nursery = matches!(grade, Grade::N1 | Grade::N2 | Grade::N3);
    OUTCOMES
        .iter()
        .enumerate()
        .map(|(i, (domain, small, large))| {
            let domain = match Domain::from_code(domain) {
                Some(domain) if domains.contains(&domain) => domain.code(),
                _ => Domain::SocialAesthetic.code(),
            };
            (format!("MT{:02}", i + 1), domain, if nursery { *small } else { *large })
        })
        .collect()
}

/// Plan, themes, outcomes and growth of a preschool.
pub fn write(life: &Life, school_id: Uuid, rooms: &[Room<'_>], nurse: Option<Uuid>, rng: &mut Rng, made: &mut Made) {
    let mut grades: Vec<Grade> = rooms.iter().map(|room| room.class.grade).collect();
    grades.sort_unstable();
    grades.dedup();
    for grade in grades {
        made.written.items.extend(items(grade).into_iter().zip(1..).map(|((code, domain, text), position)| Item {
            school_id,
            grade: grade.as_str(),
            code,
            position,
            domain,
            text,
        }));
    }
    let charts = [Charts::of(Sex::Female), Charts::of(Sex::Male)];
    let start = life.terms[0].starts_on;
    let (days, over) = match life.marks {
        Marks::Year => (&MEASURED[..], 40),
        _ => (&MEASURED[..2], 10),
    };
    for room in rooms {
        themes(room, start, over, rng, made);
        for child in &room.pupils {
            let tall = rng.normal(85).clamp(-290, 290);
            let heavy = (tall / 2 + rng.normal(80)).clamp(-290, 290);
            for week in days {
                let day = start + Duration::weeks(*week) + Duration::days(1);
                let age = u32::try_from((day - child.birth_date).num_days()).unwrap_or(0);
                let months = age * 100 / 3044;
                let chart = &charts[usize::from(child.sex == "male")];
                let wobble = rng.normal(8);
                let measures = chart.at(false, months, heavy + wobble).zip(chart.at(true, months, tall));
                // One child in fifty was not there on the day.
                let Some((weight, height)) = measures.filter(|_| !rng.chance(20)) else { continue };
                made.written.growth.push(Growth {
                    school_id,
                    learner_id: child.id,
                    measured_on: day,
                    class_id: room.class.id,
                    weight_g: weight / 100 * 100,
                    height_mm: height / 5 * 5,
                    position: MeasuringPosition::usual(age).code(),
                    updated_at: instant(day, 9, rng),
                    updated_by: nurse.or(room.homeroom),
                });
            }
        }
    }
}

/// The themes that were done by the week `over`, each with what the children reach; the next one stands without.
fn themes(room: &Room<'_>, start: NaiveDate, over: i64, rng: &mut Rng, made: &mut Made) {
    let items = items(room.class.grade);
    for ((name, week), stage) in THEMES.iter().zip(1i16..) {
        let ends_on = start + Duration::weeks(*week) - Duration::days(3);
        let school_id = room.class.school_id;
        made.written.stages.push(Stage { school_id, class_id: room.class.id, stage, name, ends_on });
        if *week > over {
            continue;
        }
        // Each theme looks at a third of the outcomes.
        for (code, ..) in items.iter().skip(usize::from(stage.unsigned_abs() % 3)).step_by(3) {
            let hard = rng.between(60, 260) as u32;
            for child in &room.pupils {
                let outcome = if rng.chance(hard) { Outcome::NotYet } else { Outcome::Achieved };
                made.written.outcomes.push(PreschoolMarkRow {
                    school_id,
                    class_id: room.class.id,
                    list: "outcomes",
                    stage,
                    learner_id: child.id,
                    code: code.clone(),
                    outcome: Some(outcome.code()),
                    version: 1,
                    updated_at: instant(ends_on, 15, rng),
                    updated_by: room.homeroom,
                });
            }
        }
    }
}
