//! Tables `account` and `role_grant`.

pub(crate) mod account {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub full_name: String,
        pub search_text: String,
        pub person_kind: Option<String>,
        pub person_id: Option<Uuid>,
        /// `None`: only a one-time code lets this person in.
        pub password_hash: Option<String>,
        pub must_change_password: bool,
        pub disabled: bool,
        pub lang: String,
        pub last_sign_in_at: Option<DateTime<Utc>>,
        pub created_at: DateTime<Utc>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod role_grant {
    use chrono::NaiveDate;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "role_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub role: String,
        /// Where the role reaches. For guardians and learners, who reach persons, the school that administers the account.
        pub unit_id: Option<Uuid>,
        pub valid_from: NaiveDate,
        /// The first day on which it is no longer in force.
        pub valid_to: Option<NaiveDate>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
