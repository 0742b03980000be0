//! The schema, step by step. Knows no domain crate.
//!
//! What holds for every table (a test reads the migrations for it):
//! - ids come from the application: no sequences, no triggers, no defaults that correctness needs;
//! - the large tables that a school owns have a natural key that begins with `school_id`, and every unique key of theirs contains
//!   it, so that the same schema can be distributed by school;
//! - instants are `timestamp with time zone`, days `date`, marks integers in hundredths; no floats, no decimals.

use sea_orm_migration::prelude::*;

mod m0001_audit;
mod m0002_identity;
mod m0003_units;
mod m0004_people;
mod m0005_classes;
mod m0006_imports;
mod m0007_gradebook;
mod m0008_audit_root;
mod m0009_closing_run;
mod m0011_council;
mod m0012_sheet;
mod m0013_outbox;
mod m0014_contact;
mod m0015_preschool;
mod m0016_primary;
mod m0017_individual;
mod m0018_contact;
mod m0020_published;
mod m0022_transcripts;
mod m0023_one_record;
mod m0024_transfers;
mod m0025_unit_history;
mod m0026_rollover;
mod m0027_staff_records;
mod m0029_files;
mod m0030_teaching_plans;
mod m0031_facilities;
mod m0032_finance;
mod m0033_health;
mod m0034_consent;
mod m0035_import_kinds;
mod m0036_quality;
mod m0037_exchange;
mod m0038_former_year;
mod m0039_transfer_package;
mod m0040_privacy;
mod m0041_likely_pairs;
mod m0042_rooms;
mod m0043_saved_filters;
mod m0044_class_references;
mod m0045_erasures;
mod m0046_package_brought;
mod m0048_photo_order;
mod m0049_learner_search;
mod m0050_class_figures;
mod m0051_staff_order;
mod m0052_name_trigrams;
mod m0053_learner_status_school;
mod table;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_audit::Migration),
            Box::new(m0002_identity::Migration),
            Box::new(m0003_units::Migration),
            Box::new(m0004_people::Migration),
            Box::new(m0005_classes::Migration),
            Box::new(m0006_imports::Migration),
            Box::new(m0007_gradebook::Migration),
            Box::new(m0008_audit_root::Migration),
            Box::new(m0009_closing_run::Migration),
            Box::new(m0011_council::Migration),
            Box::new(m0012_sheet::Migration),
            Box::new(m0013_outbox::Migration),
            Box::new(m0014_contact::Migration),
            Box::new(m0015_preschool::Migration),
            Box::new(m0016_primary::Migration),
            Box::new(m0017_individual::Migration),
            Box::new(m0018_contact::Migration),
            Box::new(m0020_published::Migration),
            Box::new(m0022_transcripts::Migration),
            Box::new(m0023_one_record::Migration),
            Box::new(m0024_transfers::Migration),
            Box::new(m0025_unit_history::Migration),
            Box::new(m0026_rollover::Migration),
            Box::new(m0027_staff_records::Migration),
            Box::new(m0029_files::Migration),
            Box::new(m0030_teaching_plans::Migration),
            Box::new(m0031_facilities::Migration),
            Box::new(m0032_finance::Migration),
            Box::new(m0033_health::Migration),
            Box::new(m0034_consent::Migration),
            Box::new(m0035_import_kinds::Migration),
            Box::new(m0036_quality::Migration),
            Box::new(m0037_exchange::Migration),
            Box::new(m0038_former_year::Migration),
            Box::new(m0039_transfer_package::Migration),
            Box::new(m0040_privacy::Migration),
            Box::new(m0041_likely_pairs::Migration),
            Box::new(m0042_rooms::Migration),
            Box::new(m0043_saved_filters::Migration),
            Box::new(m0044_class_references::Migration),
            Box::new(m0045_erasures::Migration),
            Box::new(m0046_package_brought::Migration),
            Box::new(m0048_photo_order::Migration),
            Box::new(m0049_learner_search::Migration),
            Box::new(m0050_class_figures::Migration),
            Box::new(m0051_staff_order::Migration),
            Box::new(m0052_name_trigrams::Migration),
            Box::new(m0053_learner_status_school::Migration),
        ]
    }
}

/// Brings the schema up to date. On PostgreSQL under an advisory lock, so that two servers that start together do not race.
pub async fn up(conn: &sea_orm_migration::sea_orm::DatabaseConnection) -> Result<(), DbErr> {
    use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
    /// "khue" in ASCII.
    const LOCK: i64 = 0x6b68_7565;
    if conn.get_database_backend() == DbBackend::Postgres {
        // Held by a transaction of its own until all migrations are done.
        let lock = conn.begin().await?;
        lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
        Migrator::up(conn, None).await?;
        lock.commit().await
    } else {
        Migrator::up(conn, None).await
    }
}

/// How many steps the schema of this database is behind.
pub async fn pending(conn: &sea_orm_migration::sea_orm::DatabaseConnection) -> Result<usize, DbErr> {
    Ok(Migrator::get_pending_migrations(conn).await?.len())
}
