//! One template, migrated once; a copy for each test. Tests run in processes of their own, so the template is found again by
//! the hash of the schema that made it.

use kernel::Db;
use kernel::db::DbOptions;
use sea_orm::{ConnectionTrait, Database};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The database of one test; gone when it is dropped.
pub struct Copy {
    folder: tempfile::TempDir,
    url: String,
    engine: Engine,
    name: String,
}

impl Copy {
    pub fn options(&self) -> DbOptions {
        DbOptions { url: Some(self.url.clone()), data: self.folder.path().to_owned(), pool: 4 }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if self.engine == Engine::Postgres {
            let (admin, name) = (admin_url(), self.name.clone());
            // The runtime of the test is on its way out: a thread with its own does the last step.
            let dropped = std::thread::spawn(move || {
                actix_web::rt::System::new().block_on(async move {
                    let conn = Database::connect(admin).await?;
                    conn.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
                })
            })
            .join();
            if let Ok(Err(e)) = dropped {
                eprintln!("the test database {} stays behind: {e}", self.name);
            }
        }
    }
}

/// The version of the schema: a hash over the text of the migrations and of the catalogue that is written at start.
fn schema_hash() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let mut files = Vec::new();
    for folder in
        ["migrations/src", "crates/regulations/src/curriculum", "crates/records/src/catalogue", "crates/kernel/src/text"]
    {
        list(&root.join(folder), &mut files);
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(file).expect("a source file"));
    }
    hex::encode(&hash.finalize()[..8])
}

fn list(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        if path.is_file() {
            files.push(path.to_owned());
        }
        return;
    };
    for entry in entries.flatten() {
        list(&entry.path(), files);
    }
}

fn admin_url() -> String {
    std::env::var("KHUE_TEST_POSTGRES")
        .expect("KHUE_TEST_POSTGRES names no server: run the tests by `make test`, which starts one")
}

/// Holds the making of the template for this process. Released when the file is closed.
fn lock(hash: &str) -> File {
    let file = File::create(std::env::temp_dir().join(format!("khue-template-{hash}.lock"))).expect("a lock file");
    file.lock().expect("the lock");
    file
}

async fn migrate(options: &DbOptions) -> Db {
    let db = Db::connect(options).await.expect("the template opens");
    migrations::up(db.migrator()).await.expect("migrations");
    records::catalogue::ensure(&db).await.expect("the catalogue");
    db
}

pub async fn copy(engine: Engine) -> Copy {
    let folder = tempfile::Builder::new().prefix("khue-test-").tempdir().expect("a folder");
    let hash = schema_hash();
    match engine {
        Engine::Sqlite => {
            let template = std::env::temp_dir().join(format!("khue-template-{hash}.db"));
            {
                let _held = lock(&hash);
                if !template.exists() {
                    let making = template.with_extension("making");
                    let _left_over = fs::remove_file(&making);
                    let url = format!("sqlite://{}?mode=rwc", making.display());
                    let db = migrate(&DbOptions { url: Some(url), data: folder.path().to_owned(), pool: 1 }).await;
                    db.close().await.expect("closed");
                    fs::rename(&making, &template).expect("the template in place");
                }
            }
            let file = folder.path().join("khue.db");
            fs::copy(&template, &file).expect("a copy");
            let url = format!("sqlite://{}?mode=rwc", file.display());
            Copy { folder, url, engine, name: String::new() }
        }
        Engine::Postgres => {
            let admin = admin_url();
            let template = format!("khue_template_{hash}");
            let conn = Database::connect(&admin).await.expect("the test server answers");
            {
                let _held = lock(&format!("{hash}-pg"));
                let known = conn
                    .query_one_raw(sea_orm::Statement::from_string(
                        conn.get_database_backend(),
                        format!("SELECT 1 FROM pg_database WHERE datname = '{template}'"),
                    ))
                    .await
                    .expect("a look at the databases");
                if known.is_none() {
                    conn.execute_unprepared(&format!("CREATE DATABASE {template}_making")).await.expect("the template");
                    let url = with_database(&admin, &format!("{template}_making"));
                    let db = migrate(&DbOptions { url: Some(url), data: folder.path().to_owned(), pool: 2 }).await;
                    db.close().await.expect("closed");
                    conn.execute_unprepared(&format!("ALTER DATABASE {template}_making RENAME TO {template}"))
                        .await
                        .expect("the template in place");
                }
            }
            let name = format!("khue_test_{}", uuid::Uuid::new_v4().simple());
            conn.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a copy");
            conn.close().await.expect("closed");
            let url = with_database(&admin, &name);
            Copy { folder, url, engine, name }
        }
    }
}

fn with_database(url: &str, name: &str) -> String {
    let (head, query) = url.split_once('?').map_or((url, ""), |(h, q)| (h, q));
    let base = head.rsplit_once('/').map_or(head, |(b, _)| b);
    if query.is_empty() { format!("{base}/{name}") } else { format!("{base}/{name}?{query}") }
}
