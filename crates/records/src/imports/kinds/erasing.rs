//! Erasing reaches into the files of imports: what a class's file said of a child goes with the kind of record that it was of.
//!
//! A file cannot lose one child and stay the file that was sent, so it goes whole, with its rows; that the import was, by whom and with
//! which counts stays, and so do the values of the other children, which can still be undone.

use super::entity::{file_import, row, source};
use super::{HEALTH_CHECKS, Scope};
use crate::classes::entity::enrolment;
use crate::imports::entity::change;
use dto::imports::ImportState;
use dto::{LearnerId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// Kinds of record that may be erased (`retention.csv`) with the kind of import whose files hold them.
const HELD: [(&str, &str); 1] = [("health", HEALTH_CHECKS)];

/// Imports at a school of classes in which a learner was, whose files hold a kind of record.
async fn holding(conn: &impl ConnectionTrait, school: UnitId, learner: LearnerId, kind: &str) -> Result<Vec<file_import::Model>> {
    let Some((_, held)) = HELD.iter().find(|(of, _)| *of == kind) else { return Ok(Vec::new()) };
    let imports = file_import::Entity::find()
        .filter(file_import::Column::SchoolId.eq(school.0))
        .filter(file_import::Column::Kind.eq(*held))
        .all(conn)
        .await?;
    let classes: HashSet<Uuid> = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::ClassId)
        .filter(enrolment::Column::SchoolId.eq(school.0))
        .filter(enrolment::Column::LearnerId.eq(learner.0))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?
        .into_iter()
        .collect();
    let mut found = Vec::new();
    for import in imports {
        let scope: Scope = serde_json::from_str(&import.scope).map_err(Error::internal)?;
        if scope.class_id.is_some_and(|class| classes.contains(&class.0)) {
            found.push(import);
        }
    }
    Ok(found)
}

/// How many files of imports go whole when a kind of record of a learner is erased.
pub(crate) async fn files_in(conn: &impl ConnectionTrait, school: UnitId, learner: LearnerId, kind: &str) -> Result<u64> {
    let imports: Vec<Uuid> = holding(conn, school, learner, kind).await?.into_iter().map(|import| import.id).collect();
    Ok(source::Entity::find()
        .filter(source::Column::SchoolId.eq(school.0))
        .filter(source::Column::ImportId.is_in(imports))
        .count(conn)
        .await?)
}

/// Takes out of imports what they keep of a learner's records of a kind. How many files went.
pub(crate) async fn forget_in(tx: &Tx<'_>, school: UnitId, learner: LearnerId, kind: &str) -> Result<u64> {
    let conn = tx.conn();
    let mut files = 0;
    for import in holding(conn, school, learner, kind).await? {
        let (school, import, dry_run) = (import.school_id, import.id, import.state == ImportState::DryRun.as_str());
        files += source::Entity::delete_by_id((school, import)).exec(conn).await?.rows_affected;
        row::Entity::delete_many()
            .filter(row::Column::SchoolId.eq(school))
            .filter(row::Column::ImportId.eq(import))
            .exec(conn)
            .await?;
        change::Entity::delete_many()
            .filter(change::Column::SchoolId.eq(school))
            .filter(change::Column::ImportId.eq(import))
            .filter(change::Column::SubjectId.contains(learner.to_string()))
            .exec(conn)
            .await?;
        // Nothing is left that could be applied.
        if dry_run {
            file_import::Entity::delete_by_id((school, import)).exec(conn).await?;
        }
    }
    Ok(files)
}
