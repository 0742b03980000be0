//! What people write to and about each other: absences and requests for leave, notices with their receipts, messages, comments and
//! evidence. A pass over what the generator has made of a school, with chance of its own, so that nothing else depends on it.

mod families;
mod preschool;
pub mod rows;
mod words;

use super::plan::{Part, SchoolPlan};
use super::rng::Rng;
use super::rows::{Account, Batch, Class, Grant, Learner, Term};
use super::{DemoOptions, Marks};
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc, Weekday};
use dto::units::SchoolLevel;
use families::Family;
use gradebook::bulk::{AbsenceRow, CommentStored};
use rows::{Note, Phrase, Written};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Days of a term that are over when the demo is looked at: until the marks of its end are in.
const DAYS: usize = 73;

/// What is known from school to school.
pub struct Life {
    seed: u64,
    marks: Marks,
    terms: [Term; 2],
    /// Accounts of guardians.
    accounts: BTreeMap<Uuid, Uuid>,
    /// The guardian who signs in to the demo.
    cast: Option<Uuid>,
}

/// What is made of a school.
#[derive(Default)]
pub struct Made {
    written: Written,
    accounts: Vec<Account>,
    grants: Vec<Grant>,
}

/// A class with who is in it.
pub struct Room<'a> {
    class: &'a Class,
    /// In the order of the list.
    pupils: Vec<&'a Learner>,
    /// Account of the homeroom teacher.
    homeroom: Option<Uuid>,
    /// Families of which a guardian has an account.
    families: Vec<Family>,
}

/// An hour in Vietnam, and some minutes.
fn instant(day: NaiveDate, hour: i64, rng: &mut Rng) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::hours(hour - 7) + Duration::seconds(i64::from(rng.between(0, 3_599)))
}

fn millis(at: DateTime<Utc>) -> u64 {
    at.timestamp_millis().unsigned_abs()
}

/// A school day, so many days after another; Sundays are put off.
fn school_day(from: NaiveDate, days: i64) -> NaiveDate {
    let day = from + Duration::days(days);
    if day.weekday() == Weekday::Sun { day + Duration::days(1) } else { day }
}

fn pick<T: Copy>(of: &[T], rng: &mut Rng) -> T {
    of[rng.below(of.len())]
}

impl Life {
    pub fn new(options: DemoOptions, terms: [Term; 2]) -> Life {
        Life { seed: options.seed, marks: options.marks, terms, accounts: BTreeMap::new(), cast: None }
    }

    fn terms(&self) -> &[Term] {
        match self.marks {
            Marks::None => &[],
            Marks::Semester1 => &self.terms[..1],
            Marks::Year => &self.terms,
        }
    }

    /// Adds to a school what its people wrote. `at`: its number.
    pub fn school(&mut self, plan: &SchoolPlan, at: usize, out: &mut Batch) {
        let Some(school_id) = out.school else { return };
        let mut rng = Rng::new(self.seed, (1 << 32) + at as u64);
        let mut made = Made::default();
        let staff: BTreeMap<Uuid, Uuid> =
            out.accounts.iter().filter_map(|a| a.person.filter(|(kind, _)| *kind == "staff").map(|(_, id)| (id, a.id))).collect();
        for account in &out.accounts {
            if let Some((_, guardian)) = account.person.filter(|(kind, _)| *kind == "guardian") {
                self.accounts.insert(guardian, account.id);
                self.cast.get_or_insert(account.id);
                families::came(guardian, self.terms[0].starts_on, &mut rng, &mut made);
            }
        }
        let post =
            |position: &str| out.posts.iter().find(|p| p.position == position).and_then(|p| staff.get(&p.staff_id)).copied();
        let (principal, nurse) = (post("principal"), post("nurse"));
        let learners: BTreeMap<Uuid, &Learner> = out.learners.iter().map(|learner| (learner.id, learner)).collect();
        let mut lists: BTreeMap<Uuid, Vec<&Learner>> = BTreeMap::new();
        for enrolment in &out.enrolments {
            lists.entry(enrolment.class_id).or_default().extend(learners.get(&enrolment.learner_id));
        }
        let mut rooms: Vec<Room<'_>> = out
            .classes
            .iter()
            .map(|class| Room {
                class,
                pupils: lists.remove(&class.id).unwrap_or_default(),
                homeroom: class.homeroom.and_then(|id| staff.get(&id)).copied(),
                families: Vec::new(),
            })
            .collect();
        for (nth, room) in rooms.iter_mut().enumerate() {
            let many = plan.part != Part::Other && nth < 2;
            room.families = self.families(room, out, many, &mut rng, &mut made);
        }
        if plan.level == SchoolLevel::Preschool {
            preschool::write(self, school_id, &rooms, nurse, &mut rng, &mut made);
        } else {
            phrases(school_id, principal, staff.values().next_back().copied(), self.terms[0].starts_on, &mut rng, &mut made);
            for room in &rooms {
                self.absences(room, out, &mut rng, &mut made);
            }
            self.notes(&rooms, out, &mut rng, &mut made);
            self.comments(&rooms, out, &staff, &mut rng, &mut made);
        }
        self.contact(school_id, &rooms, principal, &mut rng, &mut made);
        out.accounts.append(&mut made.accounts);
        out.grants.append(&mut made.grants);
        out.life = made.written;
    }

    /// As many half-days as the homeroom teacher counted; of primary classes, which have no such count, a few.
    fn absences(&self, room: &Room<'_>, out: &Batch, rng: &mut Rng, made: &mut Made) {
        let class = room.class;
        let counted: BTreeMap<(i16, Uuid), i16> = out
            .conduct
            .iter()
            .filter(|row| row.class_id == class.id)
            .map(|row| ((row.term, row.learner_id), row.absences))
            .collect();
        for term in self.terms() {
            for pupil in &room.pupils {
                let few = if rng.chance(300) { rng.between(1, 3) as i16 } else { 0 };
                let secondary = class.grade.number().is_some_and(|grade| grade > 5);
                let mut left = counted.get(&(term.term, pupil.id)).copied().unwrap_or(if secondary { 0 } else { few });
                let mut days = BTreeSet::new();
                while left > 0 {
                    let day = school_day(term.starts_on, rng.below(DAYS) as i64);
                    if !days.insert(day) {
                        continue;
                    }
                    let whole = left > 1 && rng.chance(450);
                    let excused = rng.chance(790);
                    let note = (excused && rng.chance(700)).then(|| pick(&words::WHY_ABSENT, rng).to_owned());
                    for session in if whole { &["morning", "afternoon"][..] } else { &["morning"] } {
                        made.written.absences.push(AbsenceRow {
                            school_id: class.school_id,
                            class_id: class.id,
                            day,
                            session,
                            learner_id: pupil.id,
                            kind: Some(if excused { "excused" } else { "unexcused" }),
                            note: note.clone(),
                            version: 1,
                            updated_at: instant(day, 8, rng),
                            updated_by: room.homeroom,
                        });
                        left -= 1;
                    }
                }
            }
        }
    }

    /// Evidence for conduct: violations of those who are below the best level, praise here and there.
    fn notes(&self, rooms: &[Room<'_>], out: &Batch, rng: &mut Rng, made: &mut Made) {
        let homeroom: BTreeMap<Uuid, Option<Uuid>> = rooms.iter().map(|room| (room.class.id, room.homeroom)).collect();
        for conduct in &out.conduct {
            let Some(term) = self.terms().iter().find(|term| term.term == conduct.term) else { continue };
            let mut kinds: Vec<(&str, &str)> = Vec::new();
            if conduct.level != "good" {
                kinds.extend((0..rng.between(1, 3)).map(|_| ("violation", pick(&words::VIOLATION, rng))));
            }
            if rng.chance(110) {
                kinds.push(("praise", pick(&words::PRAISE, rng)));
            }
            if rng.chance(25) {
                kinds.push(("remark", pick(&words::REMARK, rng)));
            }
            for (kind, text) in kinds {
                let day = school_day(term.starts_on, rng.below(DAYS) as i64);
                let written_at = instant(day, 16, rng);
                made.written.notes.push(Note {
                    school_id: conduct.school_id,
                    class_id: conduct.class_id,
                    id: rng.id_at(millis(written_at)),
                    learner_id: conduct.learner_id,
                    day,
                    kind,
                    text,
                    written_at,
                    written_by: homeroom.get(&conduct.class_id).copied().flatten(),
                });
            }
        }
    }

    /// A comment on each learner in a few subjects, by the mean of the marks that are there.
    fn comments(&self, rooms: &[Room<'_>], out: &Batch, staff: &BTreeMap<Uuid, Uuid>, rng: &mut Rng, made: &mut Made) {
        const SUBJECTS: [&str; 4] = ["NGU_VAN", "TOAN", "NN1", "TIENG_VIET"];
        let mut sums: BTreeMap<(Uuid, &str, i16, Uuid), (i32, i32)> = BTreeMap::new();
        for mark in out.marks.iter().filter(|mark| SUBJECTS.contains(&mark.code)) {
            let Some(value) = mark.mark else { continue };
            let (sum, count) = sums.entry((mark.class_id, mark.code, mark.term, mark.learner_id)).or_default();
            (*sum, *count) = (*sum + i32::from(value), *count + 1);
        }
        let teachers: BTreeMap<(Uuid, &str), Option<Uuid>> =
            out.teaching.iter().map(|t| ((t.class_id, t.code), staff.get(&t.staff_id).copied())).collect();
        let schools: BTreeMap<Uuid, Uuid> = rooms.iter().map(|room| (room.class.id, room.class.school_id)).collect();
        for ((class_id, code, number, learner_id), (sum, count)) in sums {
            let Some(term) = self.terms().iter().find(|term| term.term == number) else { continue };
            let Some(school_id) = schools.get(&class_id).copied() else { continue };
            let band = match sum / count {
                0..500 => 0,
                500..650 => 1,
                650..800 => 2,
                _ => 3,
            };
            made.written.comments.push(CommentStored {
                school_id,
                class_id,
                subject_code: code.to_owned(),
                term: number,
                learner_id,
                comment: Some(pick(&words::COMMENTS[band], rng).to_owned()),
                updated_at: instant(term.starts_on + Duration::days(72), 20, rng),
                updated_by: teachers.get(&(class_id, code)).copied().flatten(),
                version: 1,
            });
        }
    }
}

/// The bank of phrases of a school: most of them the principal's, some a teacher's own.
fn phrases(school_id: Uuid, principal: Option<Uuid>, teacher: Option<Uuid>, start: NaiveDate, rng: &mut Rng, made: &mut Made) {
    for (i, (subject_code, level, phrase)) in words::PHRASES.into_iter().enumerate() {
        let at = instant(start + Duration::days(20 + i as i64), 10, rng);
        let created_by = if i % 4 == 3 { teacher.or(principal) } else { principal };
        made.written.phrases.push(Phrase { school_id, id: rng.id_at(millis(at)), subject_code, level, phrase, created_by });
    }
}

#[cfg(test)]
mod tests;
