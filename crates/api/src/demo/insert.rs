//! Putting rows into the tables, many to a statement. The only place here that knows columns.

use super::rows::*;
use chrono::{DateTime, Duration, Utc};
use gradebook::bulk::insert;
use kernel::text::fold;
use kernel::{Result, Tx};
use records::bulk::{
    class_sort_key, grade_order, learner_match_key, learner_name_key, learner_search_text, unit_search_text, unit_sort_key,
};

/// Code sets of the demo: its codes are not those of the Ministry.
const CODE_SET: &str = "demo";
const CODE_SET_VERSION: &str = "1";

/// Inserts a batch in the order of its foreign keys. `made`: the instant that accounts show.
pub async fn batch(tx: &Tx<'_>, batch: &Batch, password_hash: &str, made: DateTime<Utc>) -> Result<()> {
    let conn = tx.conn();
    insert(conn, &batch.units).await?;
    insert(conn, &batch.placements).await?;
    if !batch.placements.is_empty() {
        records::units::rebuild_closure_in(tx).await?;
    }
    insert(conn, &batch.years).await?;
    insert(conn, &batch.terms).await?;
    insert(conn, &batch.staff).await?;
    insert(conn, &batch.posts).await?;
    insert(conn, &batch.learners).await?;
    insert(conn, &batch.statuses).await?;
    insert(conn, &batch.guardians).await?;
    insert(conn, &batch.links).await?;
    insert(conn, &batch.classes).await?;
    insert(conn, &batch.enrolments).await?;
    insert(conn, &batch.class_subjects).await?;
    insert(conn, &batch.teaching).await?;
    insert(conn, &batch.subject_enrolments).await?;
    insert(conn, &batch.marks).await?;
    let corrected: Vec<Superseded<'_>> = batch.marks.iter().filter(|mark| mark.before.is_some()).map(Superseded).collect();
    insert(conn, &corrected).await?;
    insert(conn, &batch.conduct).await?;
    let accounts: Vec<SignIn<'_>> = batch.accounts.iter().map(|account| SignIn { account, password_hash, made }).collect();
    insert(conn, &accounts).await?;
    insert(conn, &batch.grants).await?;
    batch.life.insert(conn).await
}

/// The mark that a correction replaced.
struct Superseded<'a>(&'a Mark);

/// An account with the password of the demo.
struct SignIn<'a> {
    account: &'a Account,
    password_hash: &'a str,
    made: DateTime<Utc>,
}

/// Tables: a row as `r`, and its columns with their values.
macro_rules! tables {
    ($($row:ty = $table:literal |$r:ident| { $($column:ident: $value:expr,)+ })+) => {$(
        impl gradebook::bulk::Row for $row {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column),)+];
            fn values(&self, into: &mut Vec<sea_orm::Value>) {
                let $r = self;
                $(into.push(sea_orm::Value::from($value));)+
            }
        }
    )+};
}

pub(super) use tables;

tables! {
    Unit = "unit" |r| {
        id: r.id,
        kind: r.kind,
        name: r.name.as_str(),
        short_name: r.short_name.as_str(),
        code: r.code.as_str(),
        code_set: CODE_SET,
        code_set_version: CODE_SET_VERSION,
        levels: r.levels,
        sort_key: unit_sort_key(&r.name),
        search_text: unit_search_text(&r.name, &r.short_name, &r.code),
        opened_on: r.opened_on,
        closed_on: r.closed_on,
        version: 1i64,
    }
    Placement = "unit_placement" |r| {
        unit_id: r.unit_id,
        valid_from: r.valid_from,
        parent_id: r.parent_id,
        valid_to: r.valid_to,
    }
    Year = "school_year" |r| {
        id: r.id,
        code: r.code.as_str(),
        starts_on: r.starts_on,
        ends_on: r.ends_on,
        version: 1i64,
    }
    Term = "school_term" |r| {
        school_year_id: r.year_id,
        term: r.term,
        weeks: r.weeks,
        starts_on: r.starts_on,
        ends_on: r.ends_on,
        marks_due_on: Some(r.marks_due_on),
    }
    Staff = "staff" |r| {
        id: r.id,
        family: r.family,
        middle: r.middle.as_str(),
        given: r.given,
        full_name: r.full_name.as_str(),
        sort_key: kernel::text::sort_key(r.given, r.family, &r.middle),
        search_text: fold(&r.full_name),
        birth_date: Some(r.birth_date),
        sex: r.sex,
        ministry_code: Some(r.ministry_code.as_str()),
        phone: Some(r.phone.as_str()),
        version: 1i64,
    }
    Post = "staff_post" |r| {
        staff_id: r.staff_id,
        unit_id: r.unit_id,
        position: r.position,
        valid_from: r.valid_from,
    }
    Learner = "learner" |r| {
        id: r.id,
        school_id: Some(r.school_id),
        status: r.status,
        family: r.family,
        middle: r.middle.as_str(),
        given: r.given,
        full_name: r.full_name.as_str(),
        sort_key: r.sort_key.clone(),
        search_text: learner_search_text(&r.full_name, r.personal_id.as_deref(), Some(&r.ministry_code)),
        birth_date: r.birth_date,
        sex: r.sex,
        ethnicity: Some(r.ethnicity),
        personal_id: r.personal_id.as_deref(),
        ministry_code: Some(r.ministry_code.as_str()),
        birthplace: Some(r.birthplace),
        address: Some(r.address.as_str()),
        version: 1i64,
        match_key: Some(learner_match_key(&r.full_name, r.birth_date)),
        name_key: Some(learner_name_key(&r.full_name)),
    }
    Status = "learner_status" |r| {
        learner_id: r.learner_id,
        since: r.since,
        id: r.id,
        school_id: r.school_id,
        status: r.status,
        reason: r.reason,
    }
    Guardian = "guardian" |r| {
        id: r.id,
        family: r.family,
        middle: r.middle.as_str(),
        given: r.given,
        full_name: r.full_name.as_str(),
        search_text: fold(&r.full_name),
        phone: r.phone.as_deref(),
        version: 1i64,
    }
    GuardianLink = "guardian_link" |r| {
        learner_id: r.learner_id,
        guardian_id: r.guardian_id,
        relation: r.relation,
    }
    Class = "class" |r| {
        id: r.id,
        school_id: r.school_id,
        school_year_id: r.year_id,
        grade: r.grade.as_str(),
        grade_order: grade_order(r.grade),
        name: r.name.as_str(),
        sort_key: class_sort_key(&r.name),
        homeroom_staff_id: r.homeroom,
        ordinals_frozen_at: Some(r.ordinals_frozen_at),
        version: 1i64,
    }
    Enrolment = "enrolment" |r| {
        school_id: r.school_id,
        class_id: r.class_id,
        learner_id: r.learner_id,
        ordinal: r.ordinal,
        enrolled_on: r.enrolled_on,
    }
    ClassSubject = "class_subject" |r| {
        class_id: r.class_id,
        subject_code: r.code,
        position: r.position,
        kind: r.kind,
        annual_periods: r.annual_periods,
        whole_class: r.whole_class,
    }
    Teaching = "teaching" |r| {
        class_id: r.class_id,
        subject_code: r.code,
        staff_id: r.staff_id,
        valid_from: r.valid_from,
    }
    SubjectEnrolment = "subject_enrolment" |r| {
        school_id: r.school_id,
        class_id: r.class_id,
        subject_code: r.code,
        learner_id: r.learner_id,
    }
    Mark = "mark" |r| {
        school_id: r.school_id,
        class_id: r.class_id,
        subject_code: r.code,
        term: r.term,
        learner_id: r.learner_id,
        slot: r.slot,
        mark: r.mark,
        flag: r.flag,
        version: if r.before.is_some() { 2i64 } else { 1 },
        updated_at: r.updated_at,
        updated_by: r.updated_by,
        source: if r.before.is_some() { "typed" } else { r.source },
        reason: r.before.map(|_| "Chấm phúc tra"),
    }
    Superseded<'_> = "mark_history" |r| {
        school_id: r.0.school_id,
        class_id: r.0.class_id,
        subject_code: r.0.code,
        term: r.0.term,
        learner_id: r.0.learner_id,
        slot: r.0.slot,
        version: 1i64,
        mark: r.0.before,
        flag: None::<&str>,
        updated_at: r.0.updated_at - Duration::days(2),
        updated_by: r.0.updated_by,
        source: r.0.source,
        reason: None::<&str>,
    }
    Conduct = "conduct" |r| {
        school_id: r.school_id,
        class_id: r.class_id,
        term: r.term,
        learner_id: r.learner_id,
        level: Some(r.level),
        absences: Some(r.absences),
        version: 1i64,
        updated_at: r.updated_at,
        updated_by: r.updated_by,
    }
    SignIn<'_> = "account" |r| {
        id: r.account.id,
        username: r.account.username.as_str(),
        full_name: r.account.full_name.as_str(),
        search_text: format!("{} {}", fold(&r.account.full_name), r.account.username),
        person_kind: r.account.person.map(|(kind, _)| kind),
        person_id: r.account.person.map(|(_, id)| id),
        password_hash: Some(r.password_hash),
        must_change_password: false,
        disabled: false,
        lang: "vi",
        created_at: r.made,
        version: 1i64,
    }
    Grant = "role_grant" |r| {
        id: r.id,
        account_id: r.account_id,
        role: r.role.as_str(),
        unit_id: r.unit_id,
        valid_from: r.valid_from,
    }
}
