//! Certificates of training courses, from the record of who has one.

use crate::issuer;
use crate::rendering::{Extras, Form, make};
use chrono::NaiveDate;
use dto::staff::Staff;
use dto::staff_records::{StaffFacts, StaffRecord};
use dto::{Code, StaffId, StaffRecordId};
use kernel::text::slug;
use kernel::{Ctx, Db, Error, Result};
use serde::Serialize;

/// A drawn paper.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Paper {
    over: Option<String>,
    unit: String,
    place: Option<String>,
    name: String,
    birth_date: Option<NaiveDate>,
    course: String,
    provider: String,
    hours: u16,
    first_on: NaiveDate,
    last_on: NaiveDate,
    result: Option<String>,
    number: String,
    decision: Option<String>,
    date: NaiveDate,
}

/// The certificate in a record of a member of staff.
///
/// Errors: `not_found`, also for a record that no course has certified.
pub async fn of_staff(db: &Db, ctx: &Ctx, staff: StaffId, record: StaffRecordId) -> Result<File> {
    let (person, record) = records::staff::records::get(db, ctx, staff, record).await?;
    draw(db, person, record).await
}

/// One's own.
///
/// Errors: as of [`of_staff`].
pub async fn own(db: &Db, ctx: &Ctx, record: StaffRecordId) -> Result<File> {
    let (person, record) = records::staff::records::own_record(db, ctx, record).await?;
    draw(db, person, record).await
}

async fn draw(db: &Db, person: Staff, record: StaffRecord) -> Result<File> {
    let none = || Error::new(Code::NotFound);
    let StaffRecord { facts, unit_id, unit_name, first_on, last_on, decision_no, decided_on, note, withdrawn, .. } = record;
    let StaffFacts::Training { name, provider, hours, certificate_no: Some(number), training_id: Some(_) } = facts else {
        return Err(none());
    };
    let unit = unit_id.filter(|_| !withdrawn).ok_or_else(none)?;
    let issuer = issuer::of(db.read(), unit).await?;
    let paper = Paper {
        over: issuer.over,
        place: issuer.place,
        unit: unit_name.unwrap_or_default(),
        birth_date: person.birth_date,
        course: name,
        provider,
        hours,
        first_on: first_on.ok_or_else(none)?,
        last_on: last_on.ok_or_else(none)?,
        result: note,
        decision: decision_no,
        date: decided_on.ok_or_else(none)?,
        name: person.full_name,
        number,
    };
    let of = slug(&paper.number);
    Ok(File { name: format!("chung-nhan-{of}.pdf"), bytes: make(Form::Certificate, paper, Extras::default()).await? })
}
