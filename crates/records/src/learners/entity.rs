//! Tables of learners and guardians.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A learner.
pub mod learner {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub school_id: Option<Uuid>,
        pub status: String,
        pub family: String,
        pub middle: String,
        pub given: String,
        pub full_name: String,
        pub sort_key: Vec<u8>,
        pub search_text: String,
        pub birth_date: NaiveDate,
        pub sex: String,
        pub ethnicity: Option<String>,
        pub personal_id: Option<String>,
        pub ministry_code: Option<String>,
        pub phone: Option<String>,
        pub birthplace: Option<String>,
        pub address: Option<String>,
        pub version: i64,
        /// Folded name and birth date: what likely duplicates have in common.
        pub match_key: Option<String>,
        /// The syllables of the folded name as they sound, in one order; null in rows that are older than it, until a server fills them.
        pub name_key: Option<String>,
        /// The record that this one was merged into; such a record is at no school.
        pub merged_into: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A line of the history of statuses.
pub mod status {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner_status")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub learner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since: NaiveDate,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub school_id: Uuid,
        pub status: String,
        pub reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A guardian.
pub mod guardian {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "guardian")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub family: String,
        pub middle: String,
        pub given: String,
        pub full_name: String,
        pub search_text: String,
        pub phone: Option<String>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Whose guardian someone is.
pub mod guardian_link {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "guardian_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub learner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub guardian_id: Uuid,
        pub relation: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
