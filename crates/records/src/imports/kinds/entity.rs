//! Tables of imports of any kind.

use chrono::{DateTime, Utc};
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
    /// An import.
    file_import, "file_import", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        kind: String,
        /// JSON of [`super::super::Scope`].
        #[sea_orm(column_type = "Text")]
        scope: String,
        file_name: String,
        /// SHA-256 of the file, hexadecimal.
        file_hash: String,
        state: String,
        /// JSON of [`super::super::verbs::Head`].
        #[sea_orm(column_type = "Text")]
        head: String,
        /// JSON of `dto::imports::ImportSummary`.
        #[sea_orm(column_type = "Text")]
        summary: String,
        created_by: Option<Uuid>,
        created_at: DateTime<Utc>,
        applied_at: Option<DateTime<Utc>>,
        undone_at: Option<DateTime<Utc>>,
        version: i64,
    }
}

table! {
    /// The file as it was sent.
    source, "file_import_source", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        import_id: Uuid,
        bytes: Vec<u8>,
    }
}

table! {
    /// A row of it.
    row, "file_import_row", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        import_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        row: i32,
        outcome: String,
        warned: bool,
        /// JSON: cells by column, as in the file.
        #[sea_orm(column_type = "Text")]
        cells: String,
        /// JSON: corrections by field.
        #[sea_orm(column_type = "Text", nullable)]
        edits: Option<String>,
        /// JSON of [`super::super::Checked`].
        #[sea_orm(column_type = "Text")]
        view: String,
    }
}

table! {
    /// What a school says of a header.
    mapping, "import_mapping", {
        #[sea_orm(primary_key, auto_increment = false)]
        school_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        header: String,
        /// None: left aside.
        field: Option<String>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
    }
}
