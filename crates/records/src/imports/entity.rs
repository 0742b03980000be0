//! Tables of imports.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// An import: a file as it was read, and what became of it.
pub mod import {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub school_year_id: Uuid,
        pub file_name: String,
        /// SHA-256 of the file, hexadecimal.
        pub file_hash: String,
        pub state: String,
        pub layout: String,
        /// JSON of `dto::imports::ImportSummary`: lists read no more.
        #[sea_orm(column_type = "Text")]
        pub summary: String,
        /// JSON of [`super::super::Stored`].
        #[sea_orm(column_type = "Text")]
        pub plan: String,
        pub created_by: Option<Uuid>,
        pub created_at: DateTime<Utc>,
        pub applied_at: Option<DateTime<Utc>>,
        pub undone_at: Option<DateTime<Utc>>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One row that an import made or changed, with what it was before: what undoing needs.
pub mod change {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        pub subject: String,
        pub subject_id: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub before: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub after: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
