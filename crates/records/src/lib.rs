//! Records: units, the calendar, the catalogue of subjects, classes, learners with their guardians, staff.
//!
//! | module | verbs |
//! |---|---|
//! | [`units`] | the effective-dated tree: create, get, list, put, place; decisions on the network, its history, a past day; codes |
//! | [`calendar`] | school years and terms |
//! | [`catalogue`] | subjects of the programme, seeded from `regulations::curriculum` |
//! | [`classes`] | classes, members, ordinals, subjects with their teachers, elective subjects |
//! | [`learners`] | learners, statuses, guardians |
//! | [`staff`] | staff, posts, what a teacher teaches; records over time, proposals, loads by TT 05/2025 |
//! | [`trainings`] | courses, attendance, certificates |
//! | [`claims`] | what a school is offered that enters a child whom the province knows |
//! | [`codes`] | a learner's codes with their history |
//! | [`duplicates`] | two records of one child: found, merged, split |
//! | [`transfers`] | learners going from school to school |
//! | [`staff`] | staff, posts, what a teacher teaches |
//! | [`family`] | a guardian's children |
//! | [`files`] | files of schools: uploads, what they are attached to, what they take |
//! | [`contact`] | what the contact book asks of people and classes |
//! | [`growth`] | weight and height of children, with z-scores and charts |
//! | [`figures`] | yearly figures with sign-off: facilities, budget, settlement; totals up the tree |
//! | [`rooms`] | the register of rooms, from which the yearly figures of rooms are counted |
//! | [`equipment`] | the inventory of a school, by the codes of its labels |
//! | [`facility_photos`] | photos of a school's facilities over the years |
//! | [`finance`] | budget lines and investment projects |
//! | [`health`] | check rounds, vaccinations, conditions, first aid; what is sealed and who opened it |
//! | [`consents`] | consent by purpose, requests about data, retention, erasure |
//! | [`publications`] | what a school shows to the public, each child only with consent |
//! | [`imports`] | class lists from files: dry run, apply, undo |
//! | [`imports`] | class lists and other kinds of records from files: dry run, apply, undo |
//! | [`places`] | the one registry of every table with a learner in it |
//! | [`quality`] | rules over the records, what they find, who puts it right |
//! | [`teaching_plans`] | teaching plans and the subject groups that review them |
//! | [`bulk`] | rows by the thousand, unchecked |
//!
//! Every finder goes through `scope`: a row that the caller's permission does not reach is `not_found`.

pub mod bulk;
pub mod calendar;
pub mod catalogue;
pub mod claims;
pub mod classes;
pub mod codes;
pub mod consents;
pub mod contact;
pub mod duplicates;
pub mod equipment;
pub mod facility_photos;
pub mod family;
pub mod figures;
pub mod files;
pub mod finance;
pub mod growth;
pub mod health;
pub mod imports;
mod input;
pub mod learners;
mod list_file;
pub mod person;
pub mod places;
pub mod publications;
pub mod quality;
pub mod reporting;
pub mod rooms;
mod scope;
pub mod staff;
pub mod teaching_plans;
pub mod trainings;
pub mod transfers;
pub mod units;

use kernel::text::fold;
use kernel::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

/// A name of one of the enumerations of `dto`, as a table keeps it.
pub(crate) fn stored<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::internal(format!("unknown name {text:?} in the database")))
}

pub(crate) async fn one<T: FromQueryResult>(conn: &impl ConnectionTrait, select: &SelectStatement) -> Result<Option<T>> {
    Ok(conn.query_one(select).await?.map(|row| T::from_query_result(&row, "")).transpose()?)
}

pub(crate) async fn all<T: FromQueryResult>(conn: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<T>> {
    conn.query_all(select).await?.iter().map(|row| T::from_query_result(row, "").map_err(Error::from)).collect()
}

/// The words of a search, folded; at most eight, which is more than any name has.
pub(crate) fn words(q: Option<&str>) -> Vec<String> {
    fold(q.unwrap_or_default()).split(' ').filter(|w| !w.is_empty()).take(8).map(str::to_owned).collect()
}

/// A folded column holds a word.
pub(crate) fn contains(column: (&'static str, &'static str), word: &str) -> Expr {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    // PostgreSQL calls a function for each row where an escape is named; nearly no word needs one.
    let escaped = pattern.contains('\\');
    Expr::col(column).like(if escaped { LikeExpr::new(pattern).escape('\\') } else { LikeExpr::new(pattern) })
}

/// Rows behind a cursor: `(a, b, …) > (…)`.
pub(crate) fn after<const N: usize>(columns: [(&'static str, &'static str); N], values: [Value; N]) -> Expr {
    Expr::tuple(columns.map(Expr::col)).gt(Expr::tuple(values.map(Expr::val)))
}

/// Bytes that a cursor carries, in hexadecimal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hex(pub Vec<u8>);

impl serde::Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        hex::decode(text).map(Hex).map_err(serde::de::Error::custom)
    }
}
