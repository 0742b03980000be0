//! The people who work at a school, and their accounts.

use super::{Generator, Shared, day};
use crate::demo::family::phone;
use crate::demo::names::{self, Generation, People};
use crate::demo::plan::{Part, SchoolPlan};
use crate::demo::rng::Rng;
use crate::demo::rows::{Account, Batch, Grant, Post, Staff};
use crate::demo::staffing::{Taught, Teacher};
use chrono::Datelike;
use dto::access::Role;
use dto::learners::Sex;
use dto::staff::Position;
use dto::units::SchoolLevel;
use uuid::Uuid;

impl Generator {
    /// Managers, teachers and other staff with their posts; accounts of all but the teachers.
    pub(super) fn staff(&mut self, plan: &SchoolPlan, school_id: Uuid, rng: &mut Rng, out: &mut Batch) -> Vec<Teacher> {
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

    pub(super) fn person(
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

    /// Teachers of another school of the commune who come here for a class or two.
    pub(super) fn borrow_teachers(
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

    pub(super) fn lend_teachers(&mut self, plan: &SchoolPlan, subjects: &[Vec<Taught>], teachers: &[Teacher]) {
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

    pub(super) fn teacher_accounts(
        &mut self,
        plan: &SchoolPlan,
        school_id: Uuid,
        teachers: &[Teacher],
        leads: &[usize],
        out: &mut Batch,
    ) {
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
}
