//! What is known of a member of staff over time, what they ask to have corrected, training, and what a load is reckoned by.
//!
//! Contracts, degrees, subjects, ranks, duties, leave, evaluations and certificates are one table: each is something of a kind that
//! holds from a day to a day by a decision; what only its kind has stands in `facts`.

use crate::table::{clustered, index, key, references};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("staff_post").add_column(string_len_null("decision_no", 60)).to_owned();
        manager.alter_table(alter).await?;
        let alter = Table::alter().table("staff_post").add_column(date_null("decided_on")).to_owned();
        manager.alter_table(alter).await?;
        let t = Table::create()
            .table("staff_record")
            .col(uuid("staff_id"))
            .col(uuid("id"))
            .col(string_len("kind", 20))
            .col(uuid_null("unit_id"))
            .col(uuid_null("school_year_id"))
            .col(date_null("first_on"))
            .col(date_null("last_on"))
            .col(string_len_null("decision_no", 60))
            .col(date_null("decided_on"))
            .col(string_len_null("note", 500))
            .col(text("facts"))
            .col(boolean("withdrawn"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["staff_id", "id"]))
            .foreign_key(&mut references("staff_record", "staff_id", "staff", "id"))
            .foreign_key(&mut references("staff_record", "unit_id", "unit", "id"))
            .foreign_key(&mut references("staff_record", "school_year_id", "school_year", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "staff_record_unit", "staff_record", &["unit_id", "kind"], false).await?;
        // What a record said before: the whole of it, as it was told.
        let t = Table::create()
            .table("staff_record_past")
            .col(uuid("staff_id"))
            .col(uuid("record_id"))
            .col(big_integer("version"))
            .col(text("said"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["staff_id", "record_id", "version"]))
            .foreign_key(&mut references("staff_record_past", "staff_id", "staff", "id"))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("staff_proposal")
            .col(uuid("staff_id"))
            .col(uuid("id"))
            .col(string_len("state", 10))
            .col(text("change"))
            .col(string_len_null("note", 500))
            .col(timestamp_with_time_zone("proposed_at"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(uuid_null("decided_by"))
            .col(string_len_null("answer", 500))
            .primary_key(&mut key(&["staff_id", "id"]))
            .foreign_key(&mut references("staff_proposal", "staff_id", "staff", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "staff_proposal_state", "staff_proposal", &["state", "id"], false).await?;
        let t = Table::create()
            .table("training")
            .col(uuid("id"))
            .col(uuid("unit_id"))
            .col(string_len("name", 200))
            .col(string_len_null("programme", 200))
            .col(string_len("provider", 200))
            .col(small_integer("hours"))
            .col(date("first_on"))
            .col(date("last_on"))
            .col(string_len_null("decision_no", 60))
            .col(string_len_null("note", 500))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("training", "unit_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "training_unit", "training", &["unit_id", "first_on"], false).await?;
        let t = Table::create()
            .table("training_participant")
            .col(uuid("training_id"))
            .col(uuid("staff_id"))
            .col(small_integer("hours"))
            .col(string_len_null("result", 100))
            .col(string_len_null("certificate_no", 60))
            .col(date_null("certified_on"))
            .col(uuid_null("record_id"))
            .primary_key(&mut key(&["training_id", "staff_id"]))
            .foreign_key(&mut references("training_participant", "training_id", "training", "id"))
            .foreign_key(&mut references("training_participant", "staff_id", "staff", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "training_participant_staff", "training_participant", &["staff_id"], false).await?;
        // What TT 05/2025 leaves to a school, and what kind of school it is.
        let t = Table::create()
            .table("staff_load_policy")
            .col(uuid("school_id"))
            .col(string_len("norm_school", 20))
            .col(string_len("overtime_base", 10))
            .col(boolean("homeroom_periods_count"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id"]))
            .foreign_key(&mut references("staff_load_policy", "school_id", "unit", "id"))
            .to_owned();
        clustered(manager, t).await
    }
}
