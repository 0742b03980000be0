//! Classes and the learners in them.

use super::{Generator, Ready, day};
use crate::demo::marks::{self, ClassMarks, Progress, Pupil};
use crate::demo::names::{self, Generation};
use crate::demo::plan::{ClassPlan, Part, SchoolPlan};
use crate::demo::primary;
use crate::demo::rng::{Codes, Rng};
use crate::demo::rows::*;
use crate::demo::staffing::{Taught, Teacher};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use dto::access::Role;
use dto::calendar::Grade;
use dto::learners::{LearnerStatus, Relation, Sex};
use dto::units::SchoolLevel;
use uuid::Uuid;

/// Where births were registered: code of that time (it never changes), name, share.
const BIRTHPLACES: &[((&str, &str), u32)] = &[
    (("094", "Tỉnh Sóc Trăng"), 930),
    (("092", "Thành phố Cần Thơ"), 24),
    (("095", "Tỉnh Bạc Liêu"), 16),
    (("079", "Thành phố Hồ Chí Minh"), 16),
    (("093", "Tỉnh Hậu Giang"), 14),
];

impl Generator {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn class(
        &mut self,
        plan: &SchoolPlan,
        school_id: Uuid,
        class: &ClassPlan,
        nth: usize,
        subjects: &[Taught],
        teachers: &[Teacher],
        lead: Option<usize>,
        rng: &mut Rng,
        out: &mut Batch,
    ) {
        let class_id = self.ids.make();
        let frozen: DateTime<Utc> =
            (self.terms[0].starts_on + Duration::days(5)).and_time(chrono::NaiveTime::MIN).and_utc() + Duration::hours(3);
        out.classes.push(Class {
            id: class_id,
            school_id,
            year_id: self.year,
            grade: class.grade,
            name: class.name.clone(),
            homeroom: lead.map(|i| teachers[i].staff_id),
            ordinals_frozen_at: frozen,
        });
        let effect = rng.normal(30);
        let first = out.learners.len();
        let mut late: Vec<(Uuid, NaiveDate)> = Vec::new();
        for i in 0..class.size {
            let child = i == 0 && nth == 0;
            let id = self.learner(plan, school_id, class.grade, child, rng, out);
            // A few came after the list was frozen: their ordinals follow.
            if !child && rng.chance(6) {
                let since = self.terms[0].starts_on + Duration::days(i64::from(rng.between(10, 55)));
                late.push((id, since));
                if let Some(learner) = out.learners.last_mut() {
                    learner.status = LearnerStatus::TransferredIn.as_str();
                }
                if let Some(status) = out.statuses.last_mut() {
                    status.since = since;
                    status.status = LearnerStatus::TransferredIn.as_str();
                    status.reason = Some("Chuyển đến theo gia đình");
                }
            }
        }
        let since = |id: Uuid| late.iter().find(|(late, _)| *late == id).map(|(_, since)| *since);
        let mine = &mut out.learners[first..];
        mine.sort_by(|a, b| (since(a.id), &a.sort_key, a.birth_date, a.id).cmp(&(since(b.id), &b.sort_key, b.birth_date, b.id)));
        let shown = self.cast.child.filter(|_| plan.part == Part::Main && nth == 0);
        let pupils: Vec<Pupil> = mine
            .iter()
            .map(|learner| match Some(learner.id) == shown {
                // Good in all but one subject, so that the parent's page explains the adjustment of TT 22/2021 Đ.9 k.3.
                true => Pupil { id: learner.id, ability: 200, weak_in: Some("NN1") },
                false => Pupil { id: learner.id, ability: rng.normal(115) + effect, weak_in: None },
            })
            .collect();
        for (i, pupil) in pupils.iter().enumerate() {
            let enrolled_on = since(pupil.id).unwrap_or(self.year_start);
            out.enrolments.push(Enrolment { school_id, class_id, learner_id: pupil.id, ordinal: i as i32 + 1, enrolled_on });
        }
        let half = pupils.len() / 2;
        for subject in subjects {
            out.class_subjects.push(ClassSubject {
                class_id,
                code: subject.code,
                position: subject.position,
                kind: match subject.kind {
                    regulations::SubjectKind::Score => "score",
                    regulations::SubjectKind::Comment => "comment",
                },
                annual_periods: subject.annual_periods as i16,
                whole_class: subject.whole_class,
            });
            if let Some(teacher) = subject.teacher {
                out.teaching.push(Teaching {
                    class_id,
                    code: subject.code,
                    staff_id: teachers[teacher].staff_id,
                    valid_from: self.year_start,
                });
            }
            if !subject.whole_class {
                let takers = match subject.half {
                    1 => &pupils[..half],
                    2 => &pupils[half..],
                    _ => &pupils[..],
                };
                out.subject_enrolments.extend(takers.iter().map(|pupil| SubjectEnrolment {
                    school_id,
                    class_id,
                    code: subject.code,
                    learner_id: pupil.id,
                }));
            }
        }
        // TT 27/2020 is for grades 1 to 5, TT 22/2021 for grades 6 to 12.
        if let Some(grade) = class.grade.number() {
            let accounts: Vec<Option<Uuid>> = subjects.iter().map(|s| s.teacher.map(|i| teachers[i].account_id)).collect();
            let complete = match plan.part {
                Part::Main => nth < 2,
                _ => rng.chance(350),
            } || self.options.complete;
            let class = ClassMarks {
                school_id,
                class_id,
                pupils: &pupils,
                subjects,
                accounts: &accounts,
                homeroom: lead.map(|i| teachers[i].account_id),
                progress: if complete { Progress::Complete } else { Progress::Gaps },
                corrected: plan.part != Part::Other,
                starts: [self.terms[0].starts_on, self.terms[1].starts_on],
            };
            match grade {
                1..=5 => primary::write(&class, grade, self.options.marks, rng, out),
                _ => marks::write(&class, self.options.marks, rng, out),
            }
        }
        match nth {
            0 if plan.part == Part::Main => self.cast.closed_class = Some(class_id),
            1 if plan.part == Part::Main => {
                self.cast.ready =
                    lead.map(|i| Ready { class: class_id, staff: teachers[i].staff_id, account: teachers[i].account_id });
            }
            _ => {}
        }
    }

    /// A learner with their family. `child`: the first learner of a school, whom the demo's guardian and learner are about.
    pub(super) fn learner(
        &mut self,
        plan: &SchoolPlan,
        school_id: Uuid,
        grade: Grade,
        child: bool,
        rng: &mut Rng,
        out: &mut Batch,
    ) -> Uuid {
        let usual = self.options.year - age(grade);
        let born = match () {
            _ if child || grade.number().is_none() => usual,
            _ => usual - *rng.weighted(&[(0, 972), (1, 22), (2, 4), (-1, 2)]),
        };
        let sex = if rng.chance(516) { Sex::Male } else { Sex::Female };
        let birth_date = self.birthday(born, rng);
        let cast = child && plan.part != Part::Other;
        let at = match self.cast.family {
            Some(family) if cast && plan.part == Part::Second => {
                self.families.enter(family, born);
                family
            }
            _ if cast => self.families.found(rng, &mut self.ids, &mut self.phones, born, true, &mut out.guardians),
            _ => match rng.chance(560).then(|| self.families.join(rng, born)).flatten() {
                Some(family) => family,
                None => self.families.found(rng, &mut self.ids, &mut self.phones, born, false, &mut out.guardians),
            },
        };
        let family = self.families.get(at);
        let name = names::name(rng, family.people, sex, Generation::Child, family.family);
        let (province, birthplace) = *rng.weighted(BIRTHPLACES);
        let personal_id = rng.chance(992).then(|| {
            let digit = 2 * (born / 100 - 19) + i32::from(sex == Sex::Female);
            let codes = self.personal.entry((digit, born % 100)).or_insert_with(|| {
                Codes::new(1_000_000, 381_967, self.options.seed.wrapping_mul(15_485_863).wrapping_add(born as u64 * 65_537))
            });
            format!("{province}{digit}{:02}{:06}", born % 100, codes.make())
        });
        let id = self.ids.make();
        let full_name = name.full();
        out.links.extend(family.guardians.iter().map(|(guardian_id, relation)| GuardianLink {
            learner_id: id,
            guardian_id: *guardian_id,
            relation: relation.as_str(),
        }));
        let address = format!("Ấp {}, xã {}", family.hamlet, self.plan.communes[plan.commune]);
        let mother = family.guardians.iter().find(|(_, relation)| *relation == Relation::Mother).map(|(id, _)| *id);
        out.learners.push(Learner {
            id,
            school_id,
            status: LearnerStatus::Studying.as_str(),
            full_name: full_name.clone(),
            sort_key: kernel::text::sort_key(name.given, name.family, &name.middle),
            family: name.family,
            middle: name.middle,
            given: name.given,
            birth_date,
            sex: sex.as_str(),
            ethnicity: family.people.name(),
            personal_id,
            ministry_code: format!("94{:08}", self.learner_codes.make()),
            birthplace,
            address,
        });
        // At this school since its lowest grade.
        let years = years_here(plan.level, grade);
        out.statuses.push(Status {
            id: self.ids.make(),
            learner_id: id,
            since: day(self.options.year - years, 9, 5),
            school_id,
            status: LearnerStatus::Studying.as_str(),
            reason: None,
        });
        if cast && plan.part == Part::Main {
            self.cast.family = Some(at);
            self.cast.child = Some(id);
            if let Some(mother) = mother {
                let guardian_name =
                    out.guardians.iter().find(|g| g.id == mother).map(|g| g.full_name.clone()).unwrap_or_default();
                self.account(out, "phuhuynh", &guardian_name, Some(("guardian", mother)), &[(Role::Guardian, Some(school_id))]);
                self.credit(Role::Guardian, &plan.name, "phuhuynh");
            }
            self.account(out, "hocsinh", &full_name, Some(("learner", id)), &[(Role::Learner, Some(school_id))]);
            self.credit(Role::Learner, &plan.name, "hocsinh");
        }
        id
    }
}

/// The age that a grade's learners reach in the year it begins.
fn age(grade: Grade) -> i32 {
    match grade {
        Grade::N1 => 1,
        Grade::N2 => 1,
        Grade::N3 => 2,
        Grade::K3 => 3,
        Grade::K4 => 4,
        Grade::K5 => 5,
        other => 5 + other.number().map_or(1, i32::from),
    }
}

fn years_here(level: SchoolLevel, grade: Grade) -> i32 {
    let first = match level {
        SchoolLevel::Preschool => 2,
        SchoolLevel::Primary => 6,
        SchoolLevel::LowerSecondary => 11,
        SchoolLevel::UpperSecondary => 15,
    };
    age(grade) - first
}
