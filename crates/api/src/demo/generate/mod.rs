//! The generator: batches of rows, the directory first, then school by school. No database, no clock.

mod classes;
mod directory;
mod staff;

use super::areas::{Site, Years};
use super::family::Families;
use super::life::Life;
use super::plan::{Part, Plan, SchoolPlan};
use super::rng::{Codes, Ids, Rng};
use super::rows::*;
use super::staffing::{self, Taught};
use super::{DemoAccount, DemoOptions, Marks, PASSWORD, Size};
use chrono::{Datelike, Duration, NaiveDate, Weekday};
use dto::access::Role;
use dto::calendar::Grade;
use dto::units::SchoolLevel;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The people of the demo accounts, as far as they have come up.
#[derive(Default)]
pub struct Cast {
    pub accounts: Vec<DemoAccount>,
    /// The first class of the main school: to be closed, so that a parent sees a result.
    pub closed_class: Option<Uuid>,
    /// The class after it, which is complete: its year is closed too where there is one, and its council still open.
    pub ready: Option<Ready>,
    /// Who closes them.
    pub principal: Option<Uuid>,
    /// The schools of those who sign in, whose records are filled beyond their marks; none in a province.
    pub sites: Vec<Site>,
    pub years: Option<Years>,
    /// A school beside them that children come from and go to. It has a principal, and no classes here.
    pub neighbour: Option<Site>,
    /// The account of the province and its unit.
    pub province: Option<(Uuid, Uuid)>,
    /// The family with children in two schools, and the child in the main school.
    family: Option<usize>,
    child: Option<Uuid>,
}

/// A complete class and its homeroom teacher.
#[derive(Clone, Copy)]
pub struct Ready {
    pub class: Uuid,
    pub staff: Uuid,
    pub account: Uuid,
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
    life: Life,
    next: usize,
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

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
            life: Life::new(options, [first, second]),
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
        // In one commune alone: a province is not to become slower to make by what is looked at in a few places.
        if plan.commune == 0 && self.options.marks != Marks::None {
            self.life.school(&plan, at, &mut out);
        }
        if self.fills() && plan.part != Part::Other {
            self.cast.sites.push(Site::of(&out, school_id, &plan.name));
        }
        // Kept for the commune of the next school; the rest of the plan is used up.
        self.plan.schools[at].commune = plan.commune;
        out
    }

    /// Whether there is more of the schools that people sign in to than their marks.
    fn fills(&self) -> bool {
        self.options.size != Size::Province && self.options.marks != Marks::None
    }

    fn birthday(&self, year: i32, rng: &mut Rng) -> NaiveDate {
        day(year, 1, 1) + Duration::days(i64::from(rng.between(0, 364)))
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
