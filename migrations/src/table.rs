//! Making a table.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Makes a table with its rows in the order of the primary key where the engine can: a class's marks are read together.
/// (SQLite: WITHOUT ROWID. PostgreSQL keeps rows in order of arrival, which for these tables is nearly the same.)
pub async fn clustered(manager: &SchemaManager<'_>, table: TableCreateStatement) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    match conn.get_database_backend() {
        DbBackend::Sqlite => {
            let sql = format!("{} WITHOUT ROWID", table.to_string(SqliteQueryBuilder));
            conn.execute_unprepared(&sql).await.map(|_| ())
        }
        _ => manager.create_table(table).await,
    }
}

/// Makes an index.
pub async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    manager.create_index(index).await
}

/// A primary key of several columns.
pub fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key
}

/// A foreign key.
pub fn references(
    from: &'static str,
    column: &'static str,
    to: &'static str,
    to_column: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, column).to(to, to_column).to_owned()
}
