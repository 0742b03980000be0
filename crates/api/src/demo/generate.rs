//! The generator: batches of rows, the directory first, then school by school. No database, no clock.

use super::family::{Families, phone};
use super::marks::{self, ClassMarks, Progress, Pupil};
use super::names::{self, Generation, People};
use super::plan::{Part, Plan, SchoolPlan};
use super::rng::{Codes, Ids, Rng};
use super::rows::*;
use super::staffing::{self, Taught, Teacher};
use super::{DemoAccount, DemoOptions, PASSWORD};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc, Weekday};
use dto::access::Role;
use dto::calendar::Grade;
use dto::learners::{LearnerStatus, Relation, Sex};
use dto::staff::Position;
use dto::units::{SchoolLevel, UnitKind};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The people of the demo accounts, as far as they have come up.
#[derive(Default)]
pub struct Cast {
    pub accounts: Vec<DemoAccount>,
    /// The first class of the main school: to be closed, so that a parent sees a result.
    pub closed_class: Option<Uuid>,
    /// Who closes it.
    pub principal: Option<Uuid>,
    /// The family with children in two schools, and the child in the main school.
    family: Option<usize>,
    child: Option<Uuid>,
}

/// A teacher who teaches at the next school of the commune as well.
struct Shared {
    staff_id: Uuid,
    account_id: Uuid,
    code: &'static str,
}

pub struct Generator {
    options: DemoOptions,
    pub plan: Plan,
    pub cast: Cast,
    ids: Ids,
    learner_codes: Codes,
    staff_codes: Codes,
    phones: Codes,
    /// Last six digits of personal IDs, by the four before them.
    personal: BTreeMap<(i32, i32), Codes>,
    year: Uuid,
    year_start: NaiveDate,
    terms: [Term; 2],
    department: Uuid,
    communes: Vec<Uuid>,
    schools: Vec<Uuid>,
    families: Families,
    shared: Vec<Shared>,
    next: usize,
}

/// 1 July 2025: no districts any more.
const REFORM: NaiveDate = day(2025, 7, 1);
const BEFORE: NaiveDate = day(1992, 4, 1);

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// Where births were registered: code of that time (it never changes), name, share.
const BIRTHPLACES: &[((&str, &str), u32)] = &[
    (("094", "Tỉnh Sóc Trăng"), 930),
    (("092", "Thành phố Cần Thơ"), 24),
    (("095", "Tỉnh Bạc Liêu"), 16),
    (("079", "Thành phố Hồ Chí Minh"), 16),
    (("093", "Tỉnh Hậu Giang"), 14),
];

impl Generator {
    pub fn new(options: DemoOptions) -> Generator {
        let seed = options.seed;
        let plan = Plan::new(options.size, seed);
        let start_year = options.year;
        let made = day(start_year, 8, 1).and_time(chrono::NaiveTime::MIN).and_utc();
        let mut ids = Ids::new(seed, made.timestamp_millis().max(0) as u64);
        let mut opening = day(start_year, 9, 5);
        let year_start = opening;
        while opening.weekday() != Weekday::Mon {
            opening += Duration::days(1);
        }
        let year = ids.make();
        let term = |term, weeks: i16, rest: i64, start: NaiveDate| {
            let ends_on = start + Duration::weeks(i64::from(weeks) + rest) - Duration::days(1);
            Term { year_id: year, term, weeks, starts_on: start, ends_on, marks_due_on: ends_on + Duration::days(5) }
        };
        let first = term(1, 18, 0, opening);
        // Two weeks of Tết lie in the second term.
        let second = term(2, 17, 2, opening + Duration::weeks(18));
        let department = ids.make();
        let communes = plan.communes.iter().map(|_| ids.make()).collect();
        let schools = plan.schools.iter().map(|_| ids.make()).collect();
        Generator {
            learner_codes: Codes::new(100_000_000, 38_447_231, seed.wrapping_mul(7_919)),
            staff_codes: Codes::new(100_000_000, 61_803_399, seed.wrapping_mul(104_729)),
            phones: Codes::new(10_000_000, 3_819_661, seed.wrapping_mul(1_299_709)),
            personal: BTreeMap::new(),
            cast: Cast::default(),
            families: Families::default(),
            shared: Vec::new(),
            terms: [first, second],
            next: 0,
            options,
            plan,
            ids,
            year,
            year_start,
            department,
            communes,
            schools,
        }
    }

    /// Batches still to come, the directory included.
    pub fn batches(&self) -> usize {
        self.plan.schools.len() + 1
    }

    /// What lies above the schools, and the schools themselves.
    fn directory(&mut self) -> Batch {
        let mut out = Batch::default();
        let ministry = self.ids.make();
        let unit = |id, kind: UnitKind, name: String, short_name: String, code: String, opened_on| Unit {
            id,
            kind: kind.as_str(),
            name,
            short_name,
            code,
            levels: "",
            opened_on,
            closed_on: None,
        };
        out.units.push(unit(
            ministry,
            UnitKind::Ministry,
            "Bộ Giáo dục và Đào tạo".into(),
            "Bộ GD&ĐT".into(),
            "BO".into(),
            BEFORE,
        ));
        out.units.push(unit(
            self.department,
            UnitKind::Department,
            "Sở Giáo dục và Đào tạo tỉnh Sao Khuê".into(),
            "Sở GD&ĐT Sao Khuê".into(),
            "SO-00".into(),
            BEFORE,
        ));
        let mut place = |unit_id, parent_id, valid_from, valid_to| {
            out.placements.push(Placement { unit_id, parent_id, valid_from, valid_to })
        };
        place(self.department, ministry, BEFORE, None);
        // Districts until the reform: four communes of today in each.
        let districts: Vec<Uuid> = (0..self.communes.len().div_ceil(4)).map(|_| self.ids.make()).collect();
        for (i, &district) in districts.iter().enumerate() {
            let name = self.plan.communes[i * 4];
            let mut row = unit(
                district,
                UnitKind::District,
                format!("Phòng GD&ĐT huyện {name}"),
                format!("PGD {name}"),
                format!("H{:03}", i + 1),
                BEFORE,
            );
            row.closed_on = Some(REFORM);
            out.units.push(row);
            place(district, self.department, BEFORE, Some(REFORM));
        }
        for (i, &commune) in self.communes.iter().enumerate() {
            let name = self.plan.communes[i];
            out.units.push(unit(
                commune,
                UnitKind::Commune,
                format!("Xã {name}"),
                format!("Xã {name}"),
                format!("X{:04}", i + 1),
                REFORM,
            ));
            place(commune, self.department, REFORM, None);
        }
        for (i, (&school, plan)) in self.schools.iter().zip(&self.plan.schools).enumerate() {
            let opened = day(1976 + (i * 7 % 40) as i32, 9, 5).max(BEFORE);
            let code = format!("94{:06}", 10_000 * plan.level as usize + i + 1);
            let mut row = unit(school, UnitKind::School, plan.name.clone(), plan.short_name.clone(), code, opened);
            row.levels = plan.level.as_str();
            out.units.push(row);
            // Upper secondary schools lie under the department, the others under the commune (TT 15/2025).
            if plan.level == SchoolLevel::UpperSecondary {
                place(school, self.department, opened, None);
            } else {
                place(school, districts[plan.commune / 4], opened, Some(REFORM));
                place(school, self.communes[plan.commune], REFORM, None);
            }
        }
        out.years.push(Year {
            id: self.year,
            code: format!("{}-{}", self.options.year, self.options.year + 1),
            starts_on: self.year_start,
            ends_on: day(self.options.year + 1, 5, 31),
        });
        out.terms.extend(self.terms);
        let (department, commune) = (self.department, self.communes[0]);
        self.account(&mut out, "quantri", "Quản trị tỉnh Sao Khuê", None, &[(Role::ProvinceAdmin, Some(department))]);
        self.account(&mut out, "canboxa", "Cán bộ xã An Khuê", None, &[(Role::UnitOfficer, Some(commune))]);
        self.credit(Role::ProvinceAdmin, "Sở GD&ĐT tỉnh Sao Khuê", "quantri");
        self.credit(Role::UnitOfficer, "Xã An Khuê", "canboxa");
        out
    }

    fn account(
        &mut self,
        out: &mut Batch,
        username: &str,
        full_name: &str,
        person: Option<(&'static str, Uuid)>,
        roles: &[(Role, Option<Uuid>)],
    ) -> Uuid {
        let id = self.ids.make();
        out.accounts.push(Account { id, username: username.to_owned(), full_name: full_name.to_owned(), person });
        for &(role, unit_id) in roles {
            out.grants.push(Grant {
                id: self.ids.make(),
                account_id: id,
                role,
                unit_id,
                valid_from: day(self.options.year, 8, 1),
            });
        }
        id
    }

    /// Notes an account for the list of those to sign in with.
    fn credit(&mut self, role: Role, unit: &str, username: &str) {
        self.cast.accounts.push(DemoAccount {
            role,
            unit: unit.to_owned(),
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
        });
    }

    fn school(&mut self, at: usize) -> Batch {
        let school_id = self.schools[at];
        let plan = std::mem::replace(
            &mut self.plan.schools[at],
            SchoolPlan {
                part: Part::Other,
                commune: 0,
                level: SchoolLevel::Primary,
                name: String::new(),
                short_name: String::new(),
                classes: Vec::new(),
                managers: 0,
                teachers: 0,
                others: Vec::new(),
            },
        );
        let mut rng = Rng::new(self.options.seed, at as u64 + 1);
        if at == 0 || self.plan.schools[at - 1].commune != plan.commune {
            self.families = Families::new(&mut rng);
            self.shared.clear();
        }
        let mut out = Batch { school: Some(school_id), ..Batch::default() };

        let mut nth: BTreeMap<Grade, usize> = BTreeMap::new();
        let mut subjects: Vec<Vec<Taught>> = plan
            .classes
            .iter()
            .map(|class| {
                let n = nth.entry(class.grade).or_default();
                *n += 1;
                staffing::class_subjects(class.grade, *n - 1)
            })
            .collect();
        let mut teachers = self.staff(&plan, school_id, &mut rng, &mut out);
        self.borrow_teachers(&plan, school_id, &mut subjects, &mut teachers, &mut out);
        let own = plan.teachers;
        if plan.part == Part::Main {
            // The first teacher of mathematics teaches at the second school as well.
            teachers[0].shared = true;
        }
        let leads = staffing::assign(plan.level, &mut subjects, &mut teachers, own);

        for (i, class) in plan.classes.iter().enumerate() {
            self.class(&plan, school_id, class, i, &subjects[i], &teachers, leads.get(i).copied(), &mut rng, &mut out);
        }
        self.teacher_accounts(&plan, school_id, &teachers[..own], &leads, &mut out);
        self.lend_teachers(&plan, &subjects, &teachers[..own]);
        // Kept for the commune of the next school; the rest of the plan is used up.
        self.plan.schools[at].commune = plan.commune;
        out
    }

    /// Managers, teachers and other staff with their posts; accounts of all but the teachers.
    fn staff(&mut self, plan: &SchoolPlan, school_id: Uuid, rng: &mut Rng, out: &mut Batch) -> Vec<Teacher> {
        let mut people: Vec<Position> = vec![Position::Principal];
        people.extend((1..plan.managers).map(|_| Position::Deputy));
        people.extend(&plan.others);
        for position in people {
            let (staff_id, full_name, code) = self.person(plan, position, school_id, rng, out);
            let role = match position {
                Position::Principal => Role::Principal,
                Position::Deputy => Role::Deputy,
                Position::Clerk => Role::Clerk,
                Position::Accountant => Role::Accountant,
                Position::Nurse => Role::Nurse,
                // No duties in what there is so far.
                _ => continue,
            };
            let known = plan.part == Part::Main && !self.cast.accounts.iter().any(|account| account.role == role);
            let username = match role {
                Role::Principal if known => "hieutruong".to_owned(),
                Role::Deputy if known => "phohieutruong".to_owned(),
                Role::Clerk if known => "vanthu".to_owned(),
                Role::Accountant if known => "ketoan".to_owned(),
                Role::Nurse if known => "yte".to_owned(),
                _ => format!("cb{code}"),
            };
            let account = self.account(out, &username, &full_name, Some(("staff", staff_id)), &[(role, Some(school_id))]);
            if known {
                self.credit(role, &plan.name, &username);
                if role == Role::Principal {
                    self.cast.principal = Some(account);
                }
            }
        }
        (0..plan.teachers)
            .map(|_| {
                let (staff_id, ..) = self.person(plan, Position::Teacher, school_id, rng, out);
                Teacher { staff_id, account_id: self.ids.make(), load: 0, homeroom: false, shared: false }
            })
            .collect()
    }

    fn person(
        &mut self,
        plan: &SchoolPlan,
        position: Position,
        school_id: Uuid,
        rng: &mut Rng,
        out: &mut Batch,
    ) -> (Uuid, String, String) {
        let women = match (position, plan.level) {
            (Position::Principal, SchoolLevel::LowerSecondary | SchoolLevel::UpperSecondary) => 280,
            (Position::Technician, _) => 250,
            (Position::Nurse | Position::Accountant | Position::Clerk | Position::Librarian, _) => 780,
            (_, SchoolLevel::Preschool) => 985,
            (_, SchoolLevel::Primary) => 690,
            (_, SchoolLevel::LowerSecondary) => 610,
            (_, SchoolLevel::UpperSecondary) => 580,
        };
        let sex = if rng.chance(women) { Sex::Female } else { Sex::Male };
        let people = *rng.weighted(&[(People::Kinh, 780), (People::Khmer, 185), (People::Hoa, 35)]);
        let family = names::family(rng, people);
        let name = names::name(rng, people, sex, Generation::Adult, family);
        let age = match position {
            Position::Principal | Position::Deputy => (48 + rng.normal(6)).clamp(34, 61),
            _ => (41 + rng.normal(8)).clamp(23, 60),
        };
        let birth_date = self.birthday(self.options.year - age, rng);
        let code = format!("94{:08}", self.staff_codes.make());
        let (id, full_name) = (self.ids.make(), name.full());
        let since = birth_date.year() + if matches!(position, Position::Principal | Position::Deputy) { age - 3 } else { 23 };
        out.staff.push(Staff {
            id,
            full_name: full_name.clone(),
            family: name.family,
            middle: name.middle,
            given: name.given,
            birth_date,
            sex: sex.as_str(),
            ministry_code: code.clone(),
            phone: phone(&mut self.phones),
        });
        let valid_from = day(since.clamp(1995, self.options.year), 9, 1);
        out.posts.push(Post { staff_id: id, unit_id: school_id, position: position.as_str(), valid_from });
        (id, full_name, code)
    }

    fn birthday(&self, year: i32, rng: &mut Rng) -> NaiveDate {
        day(year, 1, 1) + Duration::days(i64::from(rng.between(0, 364)))
    }

    /// Teachers of another school of the commune who come here for a class or two.
    fn borrow_teachers(
        &mut self,
        plan: &SchoolPlan,
        school_id: Uuid,
        subjects: &mut [Vec<Taught>],
        teachers: &mut Vec<Teacher>,
        out: &mut Batch,
    ) {
        let valid_from = day(self.options.year, 9, 1);
        let mut used = Vec::new();
        for (i, shared) in self.shared.iter().enumerate() {
            // The teacher of mathematics waits for the second school of the demo.
            if shared.code == "TOAN" && plan.part != Part::Second {
                continue;
            }
            let at = teachers.len();
            let mut taken = subjects.iter_mut().flatten().filter(|s| s.code == shared.code && s.teacher.is_none());
            let Some(subject) = taken.next() else { continue };
            subject.teacher = Some(at);
            teachers.push(Teacher {
                staff_id: shared.staff_id,
                account_id: shared.account_id,
                load: 0,
                homeroom: false,
                shared: true,
            });
            out.posts.push(Post {
                staff_id: shared.staff_id,
                unit_id: school_id,
                position: Position::Teacher.as_str(),
                valid_from,
            });
            out.grants.push(Grant {
                id: self.ids.make(),
                account_id: shared.account_id,
                role: Role::SubjectTeacher,
                unit_id: Some(school_id),
                valid_from: day(self.options.year, 8, 1),
            });
            used.push(i);
        }
        for i in used.into_iter().rev() {
            self.shared.remove(i);
        }
    }

    fn lend_teachers(&mut self, plan: &SchoolPlan, subjects: &[Vec<Taught>], teachers: &[Teacher]) {
        let code = match (plan.part, plan.level) {
            (Part::Main, _) => "TOAN",
            (_, SchoolLevel::Primary) => "NN1",
            (_, SchoolLevel::LowerSecondary) => "TIN_HOC",
            _ => return,
        };
        let teacher = subjects.iter().flatten().filter(|s| s.code == code).find_map(|s| s.teacher).and_then(|i| teachers.get(i));
        if let Some(teacher) = teacher.filter(|_| !self.shared.iter().any(|s| s.code == code)) {
            self.shared.push(Shared { staff_id: teacher.staff_id, account_id: teacher.account_id, code });
        }
    }

    fn teacher_accounts(&mut self, plan: &SchoolPlan, school_id: Uuid, teachers: &[Teacher], leads: &[usize], out: &mut Batch) {
        let first = out.staff.len() - teachers.len();
        for (i, teacher) in teachers.iter().enumerate() {
            let (full_name, code) = (out.staff[first + i].full_name.clone(), out.staff[first + i].ministry_code.clone());
            let username = match plan.part {
                // The class after the closed one is complete, so that its homeroom teacher can close it.
                Part::Main if leads.get(1) == Some(&i) => "chunhiem".to_owned(),
                Part::Main if i == 0 => "giaovien".to_owned(),
                _ => format!("gv{code}"),
            };
            match username.as_str() {
                "chunhiem" => self.credit(Role::HomeroomTeacher, &plan.name, &username),
                "giaovien" => self.credit(Role::SubjectTeacher, &plan.name, &username),
                _ => {}
            }
            out.accounts.push(Account { id: teacher.account_id, username, full_name, person: Some(("staff", teacher.staff_id)) });
            let roles = [Some(Role::SubjectTeacher), teacher.homeroom.then_some(Role::HomeroomTeacher)];
            for role in roles.into_iter().flatten() {
                out.grants.push(Grant {
                    id: self.ids.make(),
                    account_id: teacher.account_id,
                    role,
                    unit_id: Some(school_id),
                    valid_from: day(self.options.year, 8, 1),
                });
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn class(
        &mut self,
        plan: &SchoolPlan,
        school_id: Uuid,
        class: &super::plan::ClassPlan,
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
        // TT 22/2021 is for grades 6 to 12.
        if class.grade.number().is_some_and(|grade| grade >= 6) {
            let accounts: Vec<Option<Uuid>> = subjects.iter().map(|s| s.teacher.map(|i| teachers[i].account_id)).collect();
            let complete = match plan.part {
                Part::Main => nth < 2,
                _ => rng.chance(350),
            };
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
            marks::write(&class, self.options.marks, rng, out);
        }
        if plan.part == Part::Main && nth == 0 {
            self.cast.closed_class = Some(class_id);
        }
    }

    /// A learner with their family. `child`: the first learner of a school, whom the demo's guardian and learner are about.
    fn learner(&mut self, plan: &SchoolPlan, school_id: Uuid, grade: Grade, child: bool, rng: &mut Rng, out: &mut Batch) -> Uuid {
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

impl Iterator for Generator {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let at = self.next;
        self.next += 1;
        match at {
            0 => Some(self.directory()),
            _ if at <= self.schools.len() => Some(self.school(at - 1)),
            _ => None,
        }
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
