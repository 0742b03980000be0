//! Marks that look like a school's: an ability for each learner, a bent for each subject, easier and harder subjects, marks
//! in the steps that teachers give; a few gaps, so that there is something to do.

use super::Marks;
use super::rng::Rng;
use super::rows::{Batch, Conduct, Mark};
use super::staffing::Taught;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use regulations::{Level, Point, Policy, Slot, SubjectKind, slots};
use uuid::Uuid;

/// How far the teachers of a class are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is missing: ready to be closed.
    Complete,
    /// Some columns and cells are missing.
    Gaps,
}

pub struct Pupil {
    pub id: Uuid,
    /// Hundredths of a mark above or below the mean.
    pub ability: i32,
    /// A subject that goes badly whatever the ability.
    pub weak_in: Option<&'static str>,
}

pub struct ClassMarks<'a> {
    pub school_id: Uuid,
    pub class_id: Uuid,
    /// In the order of the list.
    pub pupils: &'a [Pupil],
    pub subjects: &'a [Taught],
    /// Account of the teacher of each subject.
    pub accounts: &'a [Option<Uuid>],
    pub homeroom: Option<Uuid>,
    pub progress: Progress,
    /// Some marks were corrected later.
    pub corrected: bool,
    /// First day of each term.
    pub starts: [NaiveDate; 2],
}

/// Mean mark of a subject, in hundredths.
fn mean(code: &str) -> i32 {
    match code {
        "TOAN" => 625,
        "NN1" => 605,
        "NGU_VAN" => 655,
        "KHTN" | "HOA_HOC" | "VAT_LI" => 645,
        "SINH_HOC" | "LICH_SU" => 680,
        "LSDL" | "DIA_LI" => 700,
        "GDCD" | "GDKTPL" => 765,
        "CONG_NGHE" | "TIN_HOC" => 750,
        "GDQP_AN" => 790,
        _ => 700,
    }
}

/// Writes the marks and conduct of a class.
pub fn write(class: &ClassMarks<'_>, up_to: Marks, rng: &mut Rng, out: &mut Batch) {
    let terms = match up_to {
        Marks::None => 0,
        Marks::Semester1 => 1,
        Marks::Year => 2,
    };
    let policy = Policy::tt22();
    for term in 0..terms {
        for (subject, account) in class.subjects.iter().zip(class.accounts) {
            sheet(class, term, subject, *account, &policy, rng, out);
        }
        conduct(class, term, rng, out);
    }
}

/// How much of a sheet is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filled {
    All,
    /// A few cells are missing.
    Nearly,
    NoFinal,
    /// The last regular column and the final are to come.
    Early,
}

fn sheet(
    class: &ClassMarks<'_>,
    term: usize,
    subject: &Taught,
    account: Option<Uuid>,
    policy: &Policy,
    rng: &mut Rng,
    out: &mut Batch,
) {
    let filled = match class.progress {
        Progress::Complete => Filled::All,
        Progress::Gaps => *rng.weighted(&[(Filled::All, 62), (Filled::Nearly, 20), (Filled::NoFinal, 13), (Filled::Early, 5)]),
    };
    let source = if rng.chance(250) { "pasted" } else { "typed" };
    let columns = slots(subject.annual_periods, subject.kind, policy);
    let last_regular = columns.iter().rev().find(|slot| matches!(slot, Slot::Regular(_))).copied();
    let half = class.pupils.len() / 2;
    for (i, pupil) in class.pupils.iter().enumerate() {
        if (subject.half == 1 && i >= half) || (subject.half == 2 && i < half) {
            continue;
        }
        let bent = match pupil.weak_in {
            Some(code) if code == subject.code => 440,
            _ => pupil.ability + rng.normal(55) + mean(subject.code) + if term == 1 { 10 } else { 0 },
        };
        let exempt = subject.code == "GDTC" && class.progress == Progress::Gaps && rng.chance(4);
        let weak = pupil.ability < -230;
        for &slot in &columns {
            let missing = match filled {
                Filled::All => false,
                Filled::Nearly => rng.chance(12),
                Filled::NoFinal => slot == Slot::Final,
                Filled::Early => slot == Slot::Final || Some(slot) == last_regular,
            };
            if missing {
                continue;
            }
            let absent = filled == Filled::Nearly && rng.chance(6);
            let (mark, flag) = match subject.kind {
                _ if exempt => (None, Some("exempt")),
                _ if absent => (None, Some("absent")),
                SubjectKind::Comment => (None, Some(if weak && rng.chance(60) { "fail" } else { "pass" })),
                SubjectKind::Score => (Some(score(bent, slot, rng)), None),
            };
            let before = match mark {
                Some(mark) if class.corrected && rng.chance(6) => Some((mark - 100).max(0)),
                _ => None,
            };
            out.marks.push(Mark {
                school_id: class.school_id,
                class_id: class.class_id,
                code: subject.code,
                term: term as i16 + 1,
                learner_id: pupil.id,
                slot: slot.code(),
                mark,
                flag,
                updated_at: entered(class.starts[term], slot, rng),
                updated_by: account,
                source,
                before,
            });
        }
    }
}

/// A mark in hundredths, in the steps that are given: whole marks for an oral question, halves for a short test, quarters
/// for a paper, which the mark sheet holds with one decimal (TT 22/2021 Đ.5).
fn score(bent: i32, slot: Slot, rng: &mut Rng) -> i16 {
    let (step, shift, spread) = match slot {
        Slot::Regular(1) => (100, 60, 95),
        Slot::Regular(_) => (50, 35, 80),
        Slot::Midterm => (25, -5, 75),
        Slot::Final | Slot::Primary(_) => (25, -20, 75),
    };
    let raw = (bent + shift + rng.normal(spread)).clamp(0, 1000);
    let stepped = (raw + step / 2) / step * step;
    ((stepped + 5) / 10 * 10).clamp(100, 1000) as i16
}

/// Days after the start of the term on which a column is filled, at a minute of the working day.
pub(super) fn entered(start: NaiveDate, slot: Slot, rng: &mut Rng) -> DateTime<Utc> {
    let day = match slot {
        Slot::Regular(n) => 10 + 12 * i64::from(n.min(4)),
        Slot::Midterm => 60,
        Slot::Final => 70,
        Slot::Primary(slot) => match slot.point() {
            Point::Mid => 60,
            Point::End => 70,
        },
    };
    at(start + Duration::days(day), rng)
}

fn at(day: NaiveDate, rng: &mut Rng) -> DateTime<Utc> {
    // 08:00 to 21:00 in Vietnam is 01:00 to 14:00 UTC.
    day.and_time(chrono::NaiveTime::MIN).and_utc() + Duration::seconds(i64::from(rng.between(3_600, 50_400)))
}

fn conduct(class: &ClassMarks<'_>, term: usize, rng: &mut Rng, out: &mut Batch) {
    let none = class.progress == Progress::Gaps && rng.chance(80);
    if none {
        return;
    }
    for pupil in class.pupils {
        if class.progress == Progress::Gaps && rng.chance(8) {
            continue;
        }
        let level = match pupil.ability + rng.normal(120) {
            better if better > -170 => Level::Good,
            better if better > -330 => Level::Fair,
            better if better > -520 => Level::Pass,
            _ => Level::Fail,
        };
        // Most are hardly ever away; a few often.
        let absences = if rng.chance(12) { rng.between(8, 24) } else { (rng.normal(20) / 10).max(0) };
        out.conduct.push(Conduct {
            school_id: class.school_id,
            class_id: class.class_id,
            term: term as i16 + 1,
            learner_id: pupil.id,
            level: level.code(),
            absences: absences as i16,
            updated_at: at(class.starts[term] + Duration::days(73), rng),
            updated_by: class.homeroom,
        });
    }
}
