//! Who there is at a school of the demo, as far as the areas need to know.

use crate::demo::rows::Batch;
use chrono::NaiveDate;
use dto::access::Role;
use dto::calendar::Grade;
use dto::identity::Person;
use dto::learners::PersonName;
use dto::{AccountId, ClassId, GuardianId, Lang, LearnerId, StaffId, UnitId};
use kernel::Ctx;
use kernel::ctx::RoleOn;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A school whose records are filled beyond its marks.
pub struct Site {
    pub school: UnitId,
    pub name: String,
    /// In the order in which they were made: who leads the school, the office, the teachers.
    pub staff: Vec<Member>,
    /// From the lowest grade, by name.
    pub classes: Vec<Room>,
}

pub struct Member {
    pub id: StaffId,
    pub account: Option<AccountId>,
    pub position: &'static str,
    pub birth_date: NaiveDate,
    pub female: bool,
    pub since: NaiveDate,
    /// What they teach most.
    pub subject: Option<&'static str>,
    /// Classes that they teach this subject in.
    pub grades: Vec<Grade>,
    pub leads: bool,
}

pub struct Room {
    pub id: ClassId,
    pub grade: Grade,
    pub name: String,
    /// In the order of the list.
    pub pupils: Vec<Pupil>,
}

pub struct Pupil {
    pub id: LearnerId,
    pub name: PersonName,
    pub birth_date: NaiveDate,
    pub female: bool,
    /// Signs in; what this child's family does is left to whoever looks around.
    pub shown: bool,
    /// All who are linked, with their account where there is one.
    pub guardians: Vec<(GuardianId, Option<AccountId>)>,
}

impl Site {
    pub fn of(batch: &Batch, school: Uuid, name: &str) -> Site {
        let accounts: BTreeMap<Uuid, Uuid> = batch.accounts.iter().filter_map(|a| Some((a.person?.1, a.id))).collect();
        let mut guardians: BTreeMap<Uuid, Vec<(GuardianId, Option<AccountId>)>> = BTreeMap::new();
        for link in &batch.links {
            let account = accounts.get(&link.guardian_id).copied().map(AccountId);
            guardians.entry(link.learner_id).or_default().push((GuardianId(link.guardian_id), account));
        }
        let grades: BTreeMap<Uuid, Grade> = batch.classes.iter().map(|class| (class.id, class.grade)).collect();
        let staff = batch
            .staff
            .iter()
            .filter_map(|person| {
                let post = batch.posts.iter().find(|post| post.staff_id == person.id)?;
                let mut taught: BTreeMap<&'static str, Vec<Grade>> = BTreeMap::new();
                for teaching in batch.teaching.iter().filter(|teaching| teaching.staff_id == person.id) {
                    taught.entry(teaching.code).or_default().extend(grades.get(&teaching.class_id));
                }
                let most = taught.into_iter().max_by_key(|(_, classes)| classes.len());
                let (subject, grades) = most.map_or((None, Vec::new()), |(code, grades)| (Some(code), grades));
                Some(Member {
                    id: StaffId(person.id),
                    account: accounts.get(&person.id).copied().map(AccountId),
                    position: post.position,
                    birth_date: person.birth_date,
                    female: person.sex == "female",
                    since: post.valid_from,
                    subject,
                    grades,
                    leads: batch.classes.iter().any(|class| class.homeroom == Some(person.id)),
                })
            })
            .collect();
        let learners: BTreeMap<Uuid, &crate::demo::rows::Learner> = batch.learners.iter().map(|l| (l.id, l)).collect();
        let pupil = |id: Uuid| {
            let learner = learners.get(&id)?;
            Some(Pupil {
                id: LearnerId(id),
                name: PersonName { family: learner.family.into(), middle: learner.middle.clone(), given: learner.given.into() },
                birth_date: learner.birth_date,
                female: learner.sex == "female",
                shown: accounts.contains_key(&id),
                guardians: guardians.get(&id).cloned().unwrap_or_default(),
            })
        };
        let room = |class: &crate::demo::rows::Class| Room {
            id: ClassId(class.id),
            grade: class.grade,
            name: class.name.clone(),
            pupils: batch.enrolments.iter().filter(|e| e.class_id == class.id).filter_map(|e| pupil(e.learner_id)).collect(),
        };
        let classes = batch.classes.iter().map(room).collect();
        Site { school: UnitId(school), name: name.to_owned(), staff, classes }
    }

    fn ctx(&self, account: Option<AccountId>, person: Option<Person>, roles: &[Role]) -> Ctx {
        let mut ctx = Ctx::anonymous(Lang::Vi, "demo".to_owned());
        (ctx.account, ctx.person) = (account, person);
        ctx.roles = roles.iter().map(|role| RoleOn { role: *role, unit: Some(self.school) }).collect();
        ctx
    }

    pub fn holding(&self, position: &str) -> Option<&Member> {
        self.staff.iter().find(|member| member.position == position)
    }

    /// Somebody of the office or who leads the school, by their post.
    pub fn office(&self, position: &str, role: Role) -> Ctx {
        let member = self.holding(position);
        self.ctx(member.and_then(|m| m.account), member.map(|m| Person::Staff(m.id)), &[role])
    }

    pub fn principal(&self) -> Ctx {
        self.office("principal", Role::Principal)
    }

    pub fn teacher(&self, member: &Member) -> Ctx {
        let roles = [Role::SubjectTeacher, Role::HomeroomTeacher];
        self.ctx(member.account, Some(Person::Staff(member.id)), &roles[..if member.leads { 2 } else { 1 }])
    }

    pub fn guardian(&self, (guardian, account): (GuardianId, Option<AccountId>)) -> Ctx {
        self.ctx(account, Some(Person::Guardian(guardian)), &[Role::Guardian])
    }

    /// What stands behind the number of its decisions.
    pub fn mark(&self) -> &'static str {
        if self.name.contains("THPT") { "THPT" } else { "THCS" }
    }

    pub fn teachers(&self) -> impl Iterator<Item = &Member> {
        self.staff.iter().filter(|member| member.position == "teacher")
    }
}
