//! Levels, tests, qualities and competencies of primary classes, as TT 27/2020 has them: most pupils complete most subjects well,
//! tests in whole marks, a few who need help; here and there a sheet that is not done yet.

use super::Marks;
use super::marks::{ClassMarks, Progress, entered};
use super::rng::Rng;
use super::rows::{Batch, Mark};
use regulations::tt27::{self, TraitKind};
use regulations::{Point, Policy, PrimarySlot, Slot};

/// Mean of a subject, in hundredths of a mark.
fn mean(code: &str) -> i32 {
    match code {
        "TIENG_VIET" => 835,
        "TOAN" => 845,
        "NN1" => 815,
        "GDTC" | "NGHE_THUAT" | "HDTN" => 880,
        _ => 860,
    }
}

/// Writes what the terms of a class have.
pub fn write(class: &ClassMarks<'_>, grade: u8, up_to: Marks, rng: &mut Rng, out: &mut Batch) {
    let terms = match up_to {
        Marks::None => 0,
        Marks::Semester1 => 1,
        Marks::Year => 2,
    };
    let policy = Policy::tt27();
    for term in 0..terms {
        for (subject, account) in class.subjects.iter().zip(class.accounts) {
            let columns = tt27::columns(subject.code, grade, term == 1, &policy.tt27);
            // The end of the term is still to come in some sheets.
            let early = class.progress == Progress::Gaps && rng.chance(150);
            let nearly = class.progress == Progress::Gaps && rng.chance(200);
            let group = TraitKind::of_sheet(subject.code).is_some();
            for pupil in class.pupils {
                let bent = pupil.ability + rng.normal(if group { 40 } else { 55 }) + if group { 0 } else { mean(subject.code) };
                for slot in &columns {
                    let Slot::Primary(slot) = *slot else { continue };
                    if (early && slot.point() == Point::End) || (nearly && rng.chance(12)) {
                        continue;
                    }
                    let Some((mark, flag)) = value(slot, bent, rng) else { continue };
                    out.marks.push(Mark {
                        school_id: class.school_id,
                        class_id: class.class_id,
                        code: subject.code,
                        term: term as i16 + 1,
                        learner_id: pupil.id,
                        slot: slot.code(),
                        mark,
                        flag,
                        updated_at: entered(class.starts[term], Slot::Primary(slot), rng),
                        updated_by: account.or(class.homeroom),
                        source: "typed",
                        before: mark.filter(|_| class.corrected && rng.chance(6)).map(|mark| (mark - 100).max(100)),
                    });
                }
            }
        }
    }
}

/// Mark or flag of a column; nothing where the class does not recognise the pupil.
fn value(slot: PrimarySlot, bent: i32, rng: &mut Rng) -> Option<(Option<i16>, Option<&'static str>)> {
    let level = |at: i32, well: i32, weak: i32, middle| match at {
        at if at >= well => "good",
        at if at < weak => "weak",
        _ => middle,
    };
    Some(match slot {
        PrimarySlot::Level(_) => (None, Some(level(bent + rng.normal(25), 765, 470, "done"))),
        PrimarySlot::Trait(..) => (None, Some(level(bent + rng.normal(25), -70, -430, "pass"))),
        PrimarySlot::Test(point) => {
            let raw = bent + rng.normal(60) + if point == Point::End { 10 } else { -20 };
            (Some(((raw + 50) / 100 * 100).clamp(100, 1000) as i16), None)
        }
        PrimarySlot::Recognised => {
            if !rng.chance(300) {
                return None;
            }
            (None, Some("pass"))
        }
    })
}
