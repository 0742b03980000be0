//! School health: check rounds by class, the health file of each child, the first-aid log.
//!
//! Free text on a child's health, the finding on mental health and what the homeroom teacher is told are sealed field by field
//! ([`identity::DataKeys`]), bound to school, learner, row and field. They open for a stated purpose, and each look is a row that the
//! family sees and an entry of the log. The log itself never holds a value of health, only which fields changed. Rows are of the school
//! that wrote them; a child who changes the school keeps one file.

mod crossing;
mod file;
mod first_aid;
mod from_file;
mod opening;
mod overview;
mod reseal;
mod rounds;
mod sheet;
mod travel;

pub use crossing::{At, Crossing, sealed_columns};
pub use file::{add_condition, add_vaccination, of_child, of_learner, put_condition, remove_vaccination};
pub use first_aid::{create as add_first_aid, list as first_aid, put as put_first_aid};
pub use from_file::{class_in, open_rounds, put_class_in};
/// What verbs here take to seal and to open.
pub use identity::{DERIVATION, DataKeys, Passphrase};
pub(crate) use opening::of as opened;
pub use opening::{alerts, open};
pub use overview::overview;
pub(crate) use reseal::follow_in;
pub use reseal::{left as left_to_reseal, run as reseal};
pub use rounds::{create as create_round, list as rounds, put as put_round};
pub use sheet::{get as sheet, put as put_sheet};
pub use travel::{bring_in, carried, note_carried_in};

use crate::{contact, learners};
use dto::access::Permission;
use dto::learners::Learner;
use dto::{Code, LearnerId, UnitId};
use kernel::{Ctx, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use uuid::Uuid;

/// A field that is sealed.
#[derive(Clone, Copy)]
pub(crate) enum Field {
    Check,
    Detail,
    Alert,
    FirstAid,
}

/// Where a sealed field lies.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub field: Field,
    pub school: Uuid,
    pub learner: Uuid,
    /// The row's own id.
    pub row: Uuid,
}

impl Place {
    fn parts(&self) -> [&[u8]; 4] {
        let field: &[u8] = match self.field {
            Field::Check => b"health_check.sealed",
            Field::Detail => b"health_condition.sealed",
            Field::Alert => b"health_condition.alert",
            Field::FirstAid => b"first_aid.sealed",
        };
        [field, self.school.as_bytes(), self.learner.as_bytes(), self.row.as_bytes()]
    }

    /// The sealed text and the id of its key.
    pub fn seal(&self, keys: &DataKeys, text: &str) -> Result<(String, i32)> {
        let (sealed, id) = keys.seal(&self.parts(), text)?;
        Ok((sealed, i32::try_from(id).map_err(Error::internal)?))
    }

    /// Opens what was sealed for this learner, or for a record that was `merged` into theirs.
    pub fn open(&self, keys: &DataKeys, merged: &[Uuid], sealed: &str) -> Result<String> {
        Ok(self.found(keys, merged, sealed)?.0)
    }

    /// The same with the place that it was sealed for.
    pub fn found(&self, keys: &DataKeys, merged: &[Uuid], sealed: &str) -> Result<(String, Place)> {
        let own = keys.open(&self.parts(), sealed).map(|text| (text, *self));
        let earlier = |learner: &Uuid| {
            let place = Place { learner: *learner, ..*self };
            keys.open(&place.parts(), sealed).ok().map(|text| (text, place))
        };
        own.or_else(|fault| merged.iter().find_map(earlier).ok_or(fault))
    }
}

/// The records that were merged into one: rows of theirs are the learner's now, and are still sealed for them.
async fn merged_into(conn: &impl ConnectionTrait, learner: Uuid) -> Result<Vec<Uuid>> {
    let mut query = Query::select();
    query.column("id").from("learner").and_where(Expr::col("merged_into").eq(learner));
    conn.query_all(&query).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Rows of the schools that the permission reaches as a whole.
fn of_schools(ctx: &Ctx, permission: Permission, table: &'static str) -> Condition {
    match contact::schools_reached(ctx, permission) {
        None => Condition::all(),
        Some(schools) => Condition::all().add(Expr::col((table, "school_id")).in_subquery(schools)),
    }
}

/// A learner that the permission reaches, and the school in whose name one writes.
async fn learner_of(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: LearnerId) -> Result<(Learner, UnitId)> {
    let learner = learners::find_in(conn, ctx, permission, id).await?;
    let school = learner.school_id.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((learner, school))
}

fn small(n: Option<i16>) -> Option<u16> {
    n.and_then(|n| u16::try_from(n).ok())
}

fn stored_small(n: Option<u16>) -> Option<i16> {
    n.and_then(|n| i16::try_from(n).ok())
}

fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
