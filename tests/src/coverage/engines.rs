//! Both engines have the same tables, and both wait for the disk before they acknowledge.

use crate::harness::{Engine, TestApp};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::collections::BTreeSet;

async fn column(conn: &DatabaseConnection, sql: &str, name: &str) -> Vec<String> {
    let rows = conn
        .query_all_raw(Statement::from_string(conn.get_database_backend(), sql.to_owned()))
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    rows.iter()
        .map(|r| {
            r.try_get::<String>("", name)
                .or_else(|_| r.try_get::<i32>("", name).map(|v| v.to_string()))
                .or_else(|_| r.try_get::<i64>("", name).map(|v| v.to_string()))
                .unwrap()
        })
        .collect()
}

async fn tables(app: &TestApp) -> BTreeSet<String> {
    let sql = match app.engine {
        Engine::Sqlite => {
            "SELECT m.name || '.' || c.name AS x FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres => {
            "SELECT table_name || '.' || column_name AS x FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    column(app.db.read(), sql, "x").await.into_iter().collect()
}

#[test]
fn the_engines_have_the_same_tables() {
    actix_web::rt::System::new().block_on(async {
        let sqlite = tables(&TestApp::start(Engine::Sqlite).await).await;
        let postgres = tables(&TestApp::start(Engine::Postgres).await).await;
        assert_eq!(sqlite, postgres);
        assert!(sqlite.len() > 200, "{} columns", sqlite.len());
    });
}

both_engines! {
    async fn every_connection_waits_for_the_disk(app: TestApp) {
        match app.engine {
            Engine::Sqlite => {
                for pool in [app.db.read(), app.db.migrator()] {
                    // Held all at once, so that each is another connection.
                    use sea_orm::TransactionTrait;
                    let mut held = Vec::new();
                    let size = if std::ptr::eq(pool, app.db.migrator()) { 1 } else { 4 };
                    for _ in 0..size {
                        let tx = pool.begin().await.unwrap();
                        for (pragma, expected) in [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")] {
                            let statement = Statement::from_string(pool.get_database_backend(), format!("PRAGMA {pragma}"));
                            let row = tx.query_one_raw(statement).await.unwrap().unwrap();
                            let value = row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|v| v.to_string())).unwrap();
                            assert_eq!(value, expected, "{pragma}");
                        }
                        held.push(tx);
                    }
                }
            }
            Engine::Postgres => {
                use sea_orm::TransactionTrait;
                let mut held = Vec::new();
                for _ in 0..4 {
                    let tx = app.db.read().begin().await.unwrap();
                    let row = tx.query_one_raw(Statement::from_string(app.db.backend(), "SHOW synchronous_commit")).await.unwrap().unwrap();
                    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "on");
                    held.push(tx);
                }
            }
        }
    }
}
