//! Names searched by parts of them, on PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SEARCHED: [&str; 3] = ["learner", "staff", "account"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        if conn.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        // Of PostgreSQL's own distribution, and whoever may create in a database may create it; a server that was installed without it
        // walks the order of names as before.
        let usable = "SELECT 1 FROM pg_available_extension_versions WHERE name = 'pg_trgm' AND \
                      (installed OR (trusted AND has_database_privilege(current_database(), 'CREATE')))";
        if conn.query_one_raw(Statement::from_string(DbBackend::Postgres, usable)).await?.is_none() {
            return Ok(());
        }
        conn.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_trgm").await?;
        for table in SEARCHED {
            let index = format!("CREATE INDEX IF NOT EXISTS {table}_trigrams ON {table} USING gin (search_text gin_trgm_ops)");
            conn.execute_unprepared(&index).await?;
        }
        Ok(())
    }
}
