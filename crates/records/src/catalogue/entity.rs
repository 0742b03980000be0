//! Tables of the catalogue of subjects.

use sea_orm::entity::prelude::*;

/// A subject; `kind` is "score" or "comment".
pub mod subject {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subject")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub name_vi: String,
        pub name_en: String,
        pub kind: String,
        pub position: i16,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A subject in a grade.
pub mod offering {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subject_offering")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject_code: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub grade: String,
        pub annual_periods: i16,
        pub compulsory: bool,
        pub verified: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
