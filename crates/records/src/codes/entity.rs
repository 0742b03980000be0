//! The table of codes.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// A code of a learner and when it was theirs.
pub mod code {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "learner_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub learner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub value: String,
        pub school_id: Option<Uuid>,
        pub held: Option<String>,
        pub valid_from: Option<NaiveDate>,
        pub valid_to: Option<NaiveDate>,
        pub reason: Option<String>,
        pub set_at: chrono::DateTime<chrono::Utc>,
        pub set_by: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
