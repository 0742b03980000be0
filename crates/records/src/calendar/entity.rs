//! Tables of the calendar.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A school year.
pub mod year {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "school_year")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub starts_on: NaiveDate,
        pub ends_on: NaiveDate,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A term of a school year; `term` is 1 or 2.
pub mod term {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "school_term")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub school_year_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub term: i16,
        pub weeks: i16,
        pub starts_on: NaiveDate,
        pub ends_on: NaiveDate,
        pub marks_due_on: Option<NaiveDate>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
