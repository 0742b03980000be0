//! Tables of data quality.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $table:literal, { $($(#[$attr:meta])* $column:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        pub mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$attr])* pub $column: $type,)+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table! {
    /// What a rule has found of one record; it is opened again where it comes back.
    finding, "quality_finding", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        rule: String,
        #[sea_orm(primary_key, auto_increment = false)]
        subject_id: Uuid,
        id: Uuid,
        title: String,
        vi: String,
        en: String,
        state: String,
        due_on: NaiveDate,
        found_at: DateTime<Utc>,
        settled_at: Option<DateTime<Utc>>,
        settled_by: Option<Uuid>,
        reason: Option<String>,
        version: i64,
    }
}

table! {
    /// A step in the life of a finding.
    step, "quality_step", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        finding_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        version: i64,
        state: String,
        at: DateTime<Utc>,
        account_id: Option<Uuid>,
        reason: Option<String>,
    }
}

table! {
    /// How many findings of a rule a school has, so that a province need not be counted.
    count, "quality_count", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        rule: String,
        open: i32,
        overdue: i32,
        accepted: i32,
    }
}

table! {
    /// How much was open on a day on which the school's records were looked at.
    day, "quality_day", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        day: NaiveDate,
        open: i32,
        overdue: i32,
        checked_at: DateTime<Utc>,
    }
}
