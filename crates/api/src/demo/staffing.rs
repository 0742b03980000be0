//! Who works at a school, and who teaches what: by subject groups, evenly, near the weekly norms of TT 05/2025 (primary 23,
//! lower secondary 19, upper secondary 17 periods; four less for a homeroom teacher).

use super::plan::apportion;
use dto::calendar::Grade;
use dto::units::SchoolLevel;
use regulations::SubjectKind;
use regulations::curriculum::{Requirement, offerings};
use uuid::Uuid;

/// A subject of a class; `teacher` points into the teachers of the school.
pub struct Taught {
    pub code: &'static str,
    pub kind: SubjectKind,
    pub annual_periods: u16,
    pub position: i16,
    pub whole_class: bool,
    /// Where not the whole class takes it: which half, by the order of the list. 0 both, 1 the first, 2 the second.
    pub half: u8,
    pub teacher: Option<usize>,
}

pub struct Teacher {
    pub staff_id: Uuid,
    pub account_id: Uuid,
    /// Periods a year, a homeroom's reduction included.
    pub load: u32,
    pub homeroom: bool,
    /// Teaches at another school as well, or comes from there: no homeroom class.
    pub shared: bool,
}

/// What is taught by the same people.
fn groups(level: SchoolLevel) -> &'static [&'static [&'static str]] {
    match level {
        SchoolLevel::Preschool => &[],
        SchoolLevel::Primary => &[&["NN1"], &["GDTC"], &["NGHE_THUAT"], &["TIN_CN"]],
        SchoolLevel::LowerSecondary => &[
            &["TOAN"],
            &["NGU_VAN", "GDDP"],
            &["NN1"],
            &["KHTN"],
            &["LSDL"],
            &["GDCD"],
            &["CONG_NGHE", "TIN_HOC"],
            &["GDTC"],
            &["NGHE_THUAT"],
        ],
        SchoolLevel::UpperSecondary => &[
            &["TOAN"],
            &["NGU_VAN"],
            &["NN1"],
            &["LICH_SU", "GDDP"],
            &["DIA_LI"],
            &["GDKTPL"],
            &["VAT_LI"],
            &["HOA_HOC"],
            &["SINH_HOC"],
            &["CONG_NGHE", "TIN_HOC"],
            &["AM_NHAC", "MI_THUAT"],
            &["GDTC", "GDQP_AN"],
        ],
    }
}

/// Sets of four electives that schools offer together; two sets with three subjects in common are offered to two halves.
const ELECTIVES: [[&str; 4]; 4] = [
    ["VAT_LI", "HOA_HOC", "TIN_HOC", "SINH_HOC"],
    ["DIA_LI", "GDKTPL", "TIN_HOC", "CONG_NGHE"],
    ["VAT_LI", "HOA_HOC", "TIN_HOC", "CONG_NGHE"],
    ["DIA_LI", "GDKTPL", "VAT_LI", "TIN_HOC"],
];

/// The subjects of a class, no teachers yet. `nth`: which class of its grade it is, from 0.
pub fn class_subjects(grade: Grade, nth: usize) -> Vec<Taught> {
    let Some(number) = grade.number() else { return Vec::new() };
    let set = ELECTIVES[nth % ELECTIVES.len()];
    // Every fifth class divides: half of it takes one subject of another set instead.
    let other = (nth % 5 == 1).then_some(if set.contains(&"SINH_HOC") { "CONG_NGHE" } else { "SINH_HOC" });
    offerings(number)
        .into_iter()
        .enumerate()
        .filter_map(|(position, offering)| {
            let code = offering.subject.code;
            let (whole_class, half) = match offering.requirement {
                Requirement::Compulsory => (true, 0),
                Requirement::Optional => return None,
                Requirement::Chosen if Some(code) == other => (false, 2),
                Requirement::Chosen if !set.contains(&code) => return None,
                Requirement::Chosen if other.is_some() && code == set[3] => (false, 1),
                Requirement::Chosen => (false, 0),
            };
            Some(Taught {
                code,
                kind: offering.kind(),
                annual_periods: offering.annual_periods,
                position: position as i16,
                whole_class,
                half,
                teacher: None,
            })
        })
        .collect()
}

/// Gives every subject its teacher and every class its homeroom teacher (an index into `teachers`, of whom the first `own`
/// are the school's).
pub fn assign(level: SchoolLevel, classes: &mut [Vec<Taught>], teachers: &mut [Teacher], own: usize) -> Vec<usize> {
    match level {
        // Two to a class, and no subjects: every other one leads.
        SchoolLevel::Preschool => (0..classes.len())
            .map(|i| {
                let teacher = i * own / classes.len().max(1);
                teachers[teacher].homeroom = true;
                teacher
            })
            .collect(),
        SchoolLevel::Primary => primary(classes, teachers, own),
        _ => secondary(level, classes, teachers, own),
    }
}

/// Four periods a week over 35 weeks (TT 05/2025 Đ.9).
const HOMEROOM: u32 = 4 * 35;

fn primary(classes: &mut [Vec<Taught>], teachers: &mut [Teacher], own: usize) -> Vec<usize> {
    // The first teachers lead a class each and teach most of it; the others come for their subject.
    let leaders = classes.len();
    let special: Vec<usize> = (leaders..own).collect();
    // What is more than they can take stays with the homeroom teacher, as in small schools.
    by_group(SchoolLevel::Primary, classes, teachers, &special, 25 * 35);
    for (i, subjects) in classes.iter_mut().enumerate() {
        teachers[i].homeroom = true;
        teachers[i].load += HOMEROOM;
        for subject in subjects.iter_mut().filter(|subject| subject.teacher.is_none()) {
            subject.teacher = Some(i);
            teachers[i].load += u32::from(subject.annual_periods);
        }
    }
    (0..leaders).collect()
}

fn secondary(level: SchoolLevel, classes: &mut [Vec<Taught>], teachers: &mut [Teacher], own: usize) -> Vec<usize> {
    let all: Vec<usize> = (0..own).collect();
    by_group(level, classes, teachers, &all, u32::MAX);
    let mut leads = Vec::with_capacity(classes.len());
    for subjects in classes.iter_mut() {
        let free = |teachers: &[Teacher], i: usize| !teachers[i].homeroom && !teachers[i].shared;
        let known = subjects
            .iter()
            .filter_map(|subject| subject.teacher)
            .filter(|&i| free(teachers, i))
            .min_by_key(|&i| (teachers[i].load, i));
        let lead = known
            .or_else(|| all.iter().copied().filter(|&i| free(teachers, i)).min_by_key(|&i| (teachers[i].load, i)))
            .unwrap_or(0);
        teachers[lead].homeroom = true;
        teachers[lead].load += HOMEROOM;
        for subject in subjects.iter_mut().filter(|subject| subject.teacher.is_none()) {
            subject.teacher = Some(lead);
            teachers[lead].load += u32::from(subject.annual_periods);
        }
        leads.push(lead);
    }
    leads
}

/// Divides `of` among the subject groups by their periods, and the classes within each group evenly, up to `most` periods a
/// year for one of them.
fn by_group(level: SchoolLevel, classes: &mut [Vec<Taught>], teachers: &mut [Teacher], of: &[usize], most: u32) {
    let periods = |codes: &[&str]| -> usize {
        classes
            .iter()
            .flatten()
            .filter(|s| s.teacher.is_none() && codes.contains(&s.code))
            .map(|s| usize::from(s.annual_periods))
            .sum()
    };
    let mut offered: Vec<(Vec<&str>, usize)> =
        groups(level).iter().map(|codes| (codes.to_vec(), periods(codes))).filter(|(_, n)| *n > 0).collect();
    // A small school has people who teach two subjects.
    while offered.len() > of.len().max(1) {
        offered.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        if let (Some(least), Some(next)) = (offered.pop(), offered.last_mut()) {
            next.0.extend(least.0);
            next.1 += least.1;
        }
    }
    let weights: Vec<usize> = offered.iter().map(|(_, n)| *n).collect();
    let counts = apportion(of.len(), &weights, 1, usize::MAX);
    let mut from = 0;
    for ((codes, _), count) in offered.iter().zip(counts) {
        let members = &of[from..from + count];
        from += count;
        for &code in codes {
            for subject in classes.iter_mut().flatten().filter(|s| s.teacher.is_none() && s.code == code) {
                let Some(&least) = members.iter().min_by_key(|&&i| (teachers[i].load, i)) else { continue };
                let load = teachers[least].load + u32::from(subject.annual_periods);
                if load <= most {
                    subject.teacher = Some(least);
                    teachers[least].load = load;
                }
            }
        }
    }
}
