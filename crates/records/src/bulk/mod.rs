//! Rows by the thousand, for loading whole provinces: plain structs that mirror the tables one to one, and one way to
//! insert them. Nothing is checked here but what the database itself checks; after units, call
//! [`crate::units::rebuild_closure_in`].

use kernel::{Result, Tx};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, ModelTrait};

pub use crate::calendar::entity::{term::Model as SchoolTermRow, year::Model as SchoolYearRow};
pub use crate::classes::entity::{
    class::Model as ClassRow, class_subject::Model as ClassSubjectRow, enrolment::Model as EnrolmentRow,
    subject_enrolment::Model as SubjectEnrolmentRow, teaching::Model as TeachingRow,
};
pub use crate::classes::{class_sort_key, grade_order};
pub use crate::learners::entity::{
    guardian::Model as GuardianRow, guardian_link::Model as GuardianLinkRow, learner::Model as LearnerRow,
    status::Model as LearnerStatusRow,
};
pub use crate::learners::{match_key as learner_match_key, name_key as learner_name_key, search_text as learner_search_text};
pub use crate::person::PersonColumns;
pub use crate::staff::entity::{post::Model as StaffPostRow, staff::Model as StaffRow};
pub use crate::staff::search_text as staff_search_text;
pub use crate::teaching_plans::bulk::{TeachingPlanRow, insert_teaching_plans_in};
pub use crate::units::entity::{placement::Model as UnitPlacementRow, unit::Model as UnitRow};
pub use crate::units::{unit_search_text, unit_sort_key};

/// Bound values of one statement: SQLite takes 32,766, PostgreSQL 65,535. Far below, since a longer statement is no faster.
const BOUND: usize = 6_000;

/// Inserts rows of one table in statements of bounded size.
///
/// Errors: what the database says of a broken key (`personal_id_taken`, `code_taken`, …), else `internal`.
pub async fn insert_many_in<M>(tx: &Tx<'_>, rows: Vec<M>) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let columns = <M::Entity as EntityTrait>::Column::iter().count().max(1);
    let size = (BOUND / columns).max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(size).map(IntoActiveModel::into_active_model);
        M::Entity::insert_many(chunk).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
