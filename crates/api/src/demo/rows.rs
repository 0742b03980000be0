//! Rows as they are inserted, made by the generator without a database.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

#[derive(Debug)]
pub struct Unit {
    pub id: Uuid,
    pub kind: &'static str,
    pub name: String,
    pub short_name: String,
    pub code: String,
    pub levels: &'static str,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
}

#[derive(Debug)]
pub struct Placement {
    pub unit_id: Uuid,
    pub parent_id: Uuid,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

#[derive(Debug)]
pub struct Year {
    pub id: Uuid,
    pub code: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub year_id: Uuid,
    pub term: i16,
    pub weeks: i16,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub marks_due_on: NaiveDate,
}

#[derive(Debug)]
pub struct Staff {
    pub id: Uuid,
    pub family: &'static str,
    pub middle: String,
    pub given: &'static str,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: &'static str,
    pub ministry_code: String,
    pub phone: String,
}

#[derive(Debug)]
pub struct Post {
    pub staff_id: Uuid,
    pub unit_id: Uuid,
    pub position: &'static str,
    pub valid_from: NaiveDate,
}

#[derive(Debug)]
pub struct Learner {
    pub id: Uuid,
    pub school_id: Uuid,
    pub status: &'static str,
    pub family: &'static str,
    pub middle: String,
    pub given: &'static str,
    pub full_name: String,
    pub sort_key: Vec<u8>,
    pub birth_date: NaiveDate,
    pub sex: &'static str,
    pub ethnicity: &'static str,
    pub personal_id: Option<String>,
    pub ministry_code: String,
    pub birthplace: &'static str,
    pub address: String,
}

#[derive(Debug)]
pub struct Status {
    pub id: Uuid,
    pub learner_id: Uuid,
    pub since: NaiveDate,
    pub school_id: Uuid,
    pub status: &'static str,
    pub reason: Option<&'static str>,
}

#[derive(Debug)]
pub struct Guardian {
    pub id: Uuid,
    pub family: &'static str,
    pub middle: String,
    pub given: &'static str,
    pub full_name: String,
    pub phone: Option<String>,
}

#[derive(Debug)]
pub struct GuardianLink {
    pub learner_id: Uuid,
    pub guardian_id: Uuid,
    pub relation: &'static str,
}

#[derive(Debug)]
pub struct Class {
    pub id: Uuid,
    pub school_id: Uuid,
    pub year_id: Uuid,
    pub grade: dto::calendar::Grade,
    pub name: String,
    pub homeroom: Option<Uuid>,
    pub ordinals_frozen_at: DateTime<Utc>,
}

#[derive(Debug)]
pub struct Enrolment {
    pub school_id: Uuid,
    pub class_id: Uuid,
    pub learner_id: Uuid,
    pub ordinal: i32,
    pub enrolled_on: NaiveDate,
}

#[derive(Debug)]
pub struct ClassSubject {
    pub class_id: Uuid,
    pub code: &'static str,
    pub position: i16,
    pub kind: &'static str,
    pub annual_periods: i16,
    pub whole_class: bool,
}

#[derive(Debug)]
pub struct Teaching {
    pub class_id: Uuid,
    pub code: &'static str,
    pub staff_id: Uuid,
    pub valid_from: NaiveDate,
}

#[derive(Debug)]
pub struct SubjectEnrolment {
    pub school_id: Uuid,
    pub class_id: Uuid,
    pub code: &'static str,
    pub learner_id: Uuid,
}

/// A cell of a mark sheet; `before` is the mark that it superseded.
#[derive(Debug)]
pub struct Mark {
    pub school_id: Uuid,
    pub class_id: Uuid,
    pub code: &'static str,
    pub term: i16,
    pub learner_id: Uuid,
    pub slot: &'static str,
    pub mark: Option<i16>,
    pub flag: Option<&'static str>,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
    pub source: &'static str,
    pub before: Option<i16>,
}

#[derive(Debug)]
pub struct Conduct {
    pub school_id: Uuid,
    pub class_id: Uuid,
    pub term: i16,
    pub learner_id: Uuid,
    pub level: &'static str,
    pub absences: i16,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
}

#[derive(Debug)]
pub struct Account {
    pub id: Uuid,
    pub username: String,
    pub full_name: String,
    pub person: Option<(&'static str, Uuid)>,
}

#[derive(Debug)]
pub struct Grant {
    pub id: Uuid,
    pub account_id: Uuid,
    pub role: dto::access::Role,
    pub unit_id: Option<Uuid>,
    pub valid_from: NaiveDate,
}

/// What goes in together: the directory, or one school.
#[derive(Debug, Default)]
pub struct Batch {
    /// The school, or none for the directory.
    pub school: Option<Uuid>,
    pub units: Vec<Unit>,
    pub placements: Vec<Placement>,
    pub years: Vec<Year>,
    pub terms: Vec<Term>,
    pub staff: Vec<Staff>,
    pub posts: Vec<Post>,
    pub learners: Vec<Learner>,
    pub statuses: Vec<Status>,
    pub guardians: Vec<Guardian>,
    pub links: Vec<GuardianLink>,
    pub classes: Vec<Class>,
    pub enrolments: Vec<Enrolment>,
    pub class_subjects: Vec<ClassSubject>,
    pub teaching: Vec<Teaching>,
    pub subject_enrolments: Vec<SubjectEnrolment>,
    pub marks: Vec<Mark>,
    pub conduct: Vec<Conduct>,
    pub accounts: Vec<Account>,
    pub grants: Vec<Grant>,
    /// What people wrote to and about each other.
    pub life: super::life::rows::Written,
}
