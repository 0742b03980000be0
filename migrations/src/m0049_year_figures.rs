//! Indexes by which the classes of a school year and who sat in them on a day are counted for a whole province.

use crate::table::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // All keys of both tables begin with the school: the figures of a province would read every enrolment of all years, and look up
        // its class. With the days in it, the index of a class's enrolments answers without the rows.
        index(manager, "class_year", "class", &["school_year_id", "school_id", "id"], false).await?;
        manager.drop_index(Index::drop().name("enrolment_class").table("enrolment").to_owned()).await?;
        index(manager, "enrolment_class", "enrolment", &["class_id", "enrolled_on", "left_on"], false).await
    }
}
