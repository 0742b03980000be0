//! What rows were and became: the log of an import, by which it is undone.

use super::entity::change;
use crate::classes::entity::enrolment;
use crate::learners;
use crate::learners::entity::{guardian, learner};
use crate::person::PersonColumns;
use chrono::NaiveDate;
use dto::{ImportId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::ActiveValue::Set;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The kinds of rows that an import touches, as the log names them.
pub(super) const CLASS: &str = "class";
pub(super) const LEARNER: &str = "learner";
pub(super) const GUARDIAN: &str = "guardian";
pub(super) const LINK: &str = "guardian_link";
pub(super) const ENROLMENT: &str = "enrolment";

/// A learner's own data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LearnerImage {
    pub family: String,
    pub middle: String,
    pub given: String,
    pub birth_date: NaiveDate,
    pub sex: String,
    pub ethnicity: Option<String>,
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
    pub phone: Option<String>,
    pub birthplace: Option<String>,
    pub address: Option<String>,
    pub version: i64,
}

impl LearnerImage {
    pub fn of(row: &learner::Model) -> LearnerImage {
        LearnerImage {
            family: row.family.clone(),
            middle: row.middle.clone(),
            given: row.given.clone(),
            birth_date: row.birth_date,
            sex: row.sex.clone(),
            ethnicity: row.ethnicity.clone(),
            personal_id: row.personal_id.clone(),
            ministry_code: row.ministry_code.clone(),
            phone: row.phone.clone(),
            birthplace: row.birthplace.clone(),
            address: row.address.clone(),
            version: row.version,
        }
    }

    /// Whether nothing differs but the version: what was changed and changed back is as it was.
    pub fn same(&self, other: &LearnerImage) -> bool {
        *self == LearnerImage { version: self.version, ..other.clone() }
    }

    /// The columns that bring a row to this image, with a new version.
    pub fn columns(&self, version: i64) -> learner::ActiveModel {
        let name = PersonColumns::new(&self.family, &self.middle, &self.given);
        let search_text = learners::search_text(&name.full_name, self.personal_id.as_deref(), self.ministry_code.as_deref());
        let match_key = learners::match_key(&name.full_name, self.birth_date);
        learner::ActiveModel {
            match_key: Set(Some(match_key)),
            name_key: Set(Some(learners::name_key(&name.full_name))),
            family: Set(name.family),
            middle: Set(name.middle),
            given: Set(name.given),
            full_name: Set(name.full_name),
            sort_key: Set(name.sort_key),
            search_text: Set(search_text),
            birth_date: Set(self.birth_date),
            sex: Set(self.sex.clone()),
            ethnicity: Set(self.ethnicity.clone()),
            personal_id: Set(self.personal_id.clone()),
            ministry_code: Set(self.ministry_code.clone()),
            phone: Set(self.phone.clone()),
            birthplace: Set(self.birthplace.clone()),
            address: Set(self.address.clone()),
            version: Set(version),
            ..Default::default()
        }
    }
}

/// A guardian, as far as an import changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GuardianImage {
    pub full_name: String,
    pub phone: Option<String>,
    pub version: i64,
}

impl GuardianImage {
    /// Whether nothing differs but the version.
    pub fn same(&self, other: &GuardianImage) -> bool {
        *self == GuardianImage { version: self.version, ..other.clone() }
    }

    pub fn of(row: &guardian::Model) -> GuardianImage {
        GuardianImage { full_name: row.full_name.clone(), phone: row.phone.clone(), version: row.version }
    }
}

/// A class that an import made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ClassImage {
    pub name: String,
    pub version: i64,
}

/// A line of a class list. Ordinals are left out: they follow from the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EnrolmentImage {
    pub enrolled_on: NaiveDate,
    pub left_on: Option<NaiveDate>,
}

impl EnrolmentImage {
    pub fn of(row: &enrolment::Model) -> EnrolmentImage {
        EnrolmentImage { enrolled_on: row.enrolled_on, left_on: row.left_on }
    }
}

/// "a/b" for rows with a key of two.
pub(super) fn pair(a: Uuid, b: Uuid) -> String {
    format!("{a}/{b}")
}

/// Reads "a/b".
pub(super) fn unpair(text: &str) -> Result<(Uuid, Uuid)> {
    text.split_once('/')
        .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)))
        .ok_or_else(|| Error::internal(format!("no pair of ids: {text:?}")))
}

/// The changes of an import in the order in which they were made.
#[derive(Default)]
pub(super) struct Log {
    rows: Vec<(&'static str, String, Option<String>, Option<String>)>,
}

impl Log {
    pub fn add<T: Serialize>(
        &mut self,
        subject: &'static str,
        id: impl ToString,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<()> {
        let json = |image: Option<&T>| image.map(serde_json::to_string).transpose().map_err(Error::internal);
        self.rows.push((subject, id.to_string(), json(before)?, json(after)?));
        Ok(())
    }

    /// The changes as an import of any kind keeps them.
    pub fn into_images(self) -> Vec<super::kinds::Image> {
        let image = |(subject, id, before, after): (&str, String, Option<String>, Option<String>)| super::kinds::Image {
            subject: subject.to_owned(),
            id,
            before,
            after,
        };
        self.rows.into_iter().map(image).collect()
    }

    /// SHA-256 over all changes: put into the audit chain, it vouches for the log.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (subject, id, before, after) in &self.rows {
            for text in [*subject, id.as_str(), before.as_deref().unwrap_or(""), after.as_deref().unwrap_or("")] {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
        }
        hex::encode(hash.finalize())
    }

    pub async fn save(self, tx: &Tx<'_>, school: UnitId, import: ImportId) -> Result<()> {
        let rows = self.rows.into_iter().zip(0..).map(|((subject, subject_id, before, after), seq)| change::Model {
            school_id: school.0,
            import_id: import.0,
            seq,
            subject: subject.to_owned(),
            subject_id,
            before,
            after,
        });
        crate::bulk::insert_many_in(tx, rows.collect()).await
    }
}

/// One change as it is read back.
#[derive(Clone, Debug)]
pub(super) struct Change<T> {
    pub id: String,
    pub before: Option<T>,
    pub after: Option<T>,
}

/// The changes of one kind.
pub(super) fn of_subject<T: DeserializeOwned>(changes: &[change::Model], subject: &str) -> Result<Vec<Change<T>>> {
    let read = |json: &Option<String>| json.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal);
    changes
        .iter()
        .filter(|change| change.subject == subject)
        .map(|change| Ok(Change { id: change.subject_id.clone(), before: read(&change.before)?, after: read(&change.after)? }))
        .collect()
}

/// The id of a change of a row with a single key.
pub(super) fn single(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Error::internal(format!("no id: {id:?}")))
}
