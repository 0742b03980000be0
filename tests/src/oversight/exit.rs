//! Exit: everything of a school as one archive, and back into an empty installation with the same archive as the outcome.

use crate::gradebook::{Room, room, room_in};
use crate::harness::{Actor, Engine, TestApp, copy};
use dto::access::Role;
use dto::exit::*;
use dto::{Code, Page, UnitId};
use kernel::Db;
use kernel::db::schema;
use kernel::files::Store;
use oversight::exit::{self, Export, Manifest, Refusal, Taken, tables};
use records::health::DataKeys;
use std::io::{Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter};

const PASSPHRASE: &str = "nắng hạ vàng sân trường";

async fn export(db: &Db, store: &Store, keys: &DataKeys, school: UnitId) -> Export {
    let passphrase = exit::key(PASSPHRASE, school).await.unwrap();
    exit::make(db, store, (keys, &passphrase), school, async |_, _| Ok(())).await.unwrap()
}

/// Takes an archive into an installation with a ring of its own.
async fn take(db: &Db, store: &Store, keys: &DataKeys, passphrase: &str, bytes: &[u8]) -> Result<Taken, Refusal> {
    let passphrase = exit::key(passphrase, exit::school(bytes)?).await?;
    exit::take(db, store, (keys, &passphrase), bytes).await
}

/// The ring of another installation, at its second key.
fn ring() -> (tempfile::TempDir, DataKeys) {
    let folder = tempfile::tempdir().unwrap();
    let keys = DataKeys::load_or_create(folder.path()).unwrap();
    keys.rotate().unwrap();
    (folder, keys)
}

fn part(bytes: &[u8], path: &str) -> String {
    let mut text = Vec::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.by_name(path).unwrap_or_else(|e| panic!("{path}: {e}")).read_to_end(&mut text).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

fn rows(bytes: &[u8], table: &str) -> Vec<serde_json::Value> {
    serde_json::from_str(&part(bytes, &format!("tables/{table}.json"))).unwrap()
}

fn other(engine: Engine) -> Engine {
    match engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    }
}

/// A school with a signed and issued transcript, families, threads, a learner who has gone, beside another school.
async fn lived_in(app: &TestApp) -> Room {
    let (room, _) = crate::gradebook::transcripts::issued(app).await;
    let guardian = app.guardian(&room.learners).await;
    guardian.get("/me/children").await.status(200);
    let request =
        room.principal.request(reqwest::Method::POST, &format!("/files?school_id={}&name=ke-hoach.txt", room.school.id));
    let kept = room.principal.send(request.header("content-type", "application/octet-stream").body("Kế hoạch năm học")).await;
    assert!(kept.status.is_success(), "{}", kept.text());
    // A child's health, some of it sealed; the family would let it go along to another school.
    let child = room.learners[0];
    crate::gradebook::packages::examined(app, &room, child).await;
    crate::gradebook::packages::consented(app, child).await;
    // Who has gone to another school by now.
    let next = room_in(app, &app.world.school_b, "6B").await;
    let gone = app.learner(&app.class(&room.school, "6A2", "6").await, "Phạm Đã Chuyển").await;
    let mut query = sea_orm::sea_query::Query::update();
    use sea_orm::ExprTrait;
    query
        .table("learner")
        .value("school_id", next.school.id.0)
        .value("address", "Địa chỉ mới")
        .and_where(sea_orm::sea_query::Expr::col("id").eq(gone.0));
    sea_orm::ConnectionTrait::execute(app.db.migrator(), &query).await.unwrap();
    room
}

fn asked() -> serde_json::Value {
    serde_json::json!({ "passphrase": PASSPHRASE })
}

async fn finished(actor: &Actor, school: UnitId) -> SchoolExit {
    let mut exit: SchoolExit = actor.post(&format!("/units/{school}/exits"), &asked()).await.status(201).ok();
    while exit.state == ExitState::Running {
        tokio::task::yield_now().await;
        exit = actor.get(&format!("/units/{school}/exits/{}", exit.id)).await.ok();
    }
    exit
}

both_engines! {
    async fn every_table_goes_along_or_says_why_not(app: TestApp) {
        let schema = schema::tables(app.db.read()).await.unwrap();
        let undecided: Vec<&str> =
            schema.iter().filter(|table| tables::rule(table).is_none()).map(|table| table.name.as_str()).collect();
        assert!(undecided.is_empty(), "nobody has decided what the exit does with {undecided:?}: say it in oversight::exit::tables");
        // What sounds like a secret is named as one, or stays with its table.
        for table in &schema {
            if !matches!(tables::rule(table), Some(tables::Rule::Goes(_))) {
                continue;
            }
            assert!(!table.key.is_empty(), "{} has no key to sort by", table.name);
            for column in &table.columns {
                let said = ["password", "secret", "private", "token"].iter().any(|word| column.name.contains(word));
                let said = said && matches!(column.kind, schema::Kind::Text | schema::Kind::Bytes);
                assert!(!said || tables::is_secret(&table.name, &column.name), "{}.{} would leave", table.name, column.name);
            }
        }
        let contents: ExitContents = app.principal(&app.world.school_a).await.get("/exit/contents").await.ok();
        assert_eq!(contents.tables.len() + contents.left_out.len(), schema.len() + tables::SECRETS.len());
        assert!(contents.left_out.iter().any(|one| one.what == "account.password_hash" && !one.vi.is_empty()));
    }

    async fn an_import_into_an_empty_installation_gives_the_same_export_again(app: TestApp) {
        let room = lived_in(&app).await;
        let first = export(&app.db, &app.files, app.keys.data(), room.school.id).await;
        assert_eq!(first.bytes, export(&app.db, &app.files, app.keys.data(), room.school.id).await.bytes, "the same twice");
        // The other engine, and this one.
        for engine in [other(app.engine), app.engine] {
            let empty = copy(engine).await;
            let db = Db::connect(&empty.options()).await.unwrap();
            let (store, (_folder, keys)) = (Store::in_memory(), ring());
            assert!(matches!(take(&db, &store, &keys, "một mật khẩu khác", &first.bytes).await, Err(Refusal::Passphrase)));
            let taken = take(&db, &store, &keys, PASSPHRASE, &first.bytes).await.unwrap_or_else(|e| panic!("{engine:?}: {e}"));
            assert_eq!((taken.manifest.school.name.as_str(), taken.rows), (room.school.name.as_str(), first.rows()));
            let again = export(&db, &store, &keys, room.school.id).await;
            if again.bytes != first.bytes {
                for file in &first.manifest.files {
                    let now = again.manifest.files.iter().find(|f| f.path == file.path).map(|f| f.sha256.as_str());
                    let shown = || format!("{}\n{}", part(&first.bytes, &file.path), part(&again.bytes, &file.path));
                    assert_eq!(now, Some(file.sha256.as_str()), "{engine:?} {}: {}", file.path, shown());
                }
                panic!("{engine:?}: the archives differ, their files do not");
            }
            // It lives: the tree stands, and the log goes on where it was.
            let entries = kernel::db::entries(db.read(), Some(room.school.id), 0, 10_000).await.unwrap();
            assert_eq!(kernel::db::verify_chain(&entries), None);
            assert_eq!(entries, app.audit(Some(room.school.id)).await);
            let above = records::units::above_in(db.read(), room.school.id).await.unwrap();
            assert_eq!(above.len(), 3);
            // What was sealed opens there, and with its ring alone.
            let child = room.learners[0];
            let health = records::health::carried(db.read(), &keys, child).await.unwrap();
            let conditions = health.conditions.unwrap();
            assert_eq!((conditions[0].detail.as_str(), conditions[0].alert.as_deref()), ("Dị ứng tôm", Some("Không ăn tôm")));
            assert_eq!(health.checks[0].sealed.as_ref().and_then(|s| s.note.as_deref()), Some("Hay lo lắng"));
            assert!(records::health::carried(db.read(), app.keys.data(), child).await.is_err());
            assert_eq!(records::health::left_to_reseal(&db, &keys).await.unwrap(), 0);
            assert!(matches!(take(&db, &store, &keys, PASSPHRASE, &first.bytes).await, Err(Refusal::NotEmpty)));
            db.close().await.unwrap();
        }
    }

    async fn an_export_holds_what_is_the_schools_and_no_secret(app: TestApp) {
        let room = lived_in(&app).await;
        let export = export(&app.db, &app.files, app.keys.data(), room.school.id).await;
        let manifest: Manifest = serde_json::from_str(&part(&export.bytes, "manifest.json")).unwrap();
        assert_eq!((manifest.format.as_str(), manifest.school.id), ("khue-exit/2", room.school.id));
        assert_eq!(manifest.log.as_ref().unwrap().entries, app.audit(Some(room.school.id)).await.len() as i64);
        // CSV and JSON of the same rows, the schema, and files of their own.
        assert_eq!(rows(&export.bytes, "class").len(), 2);
        let sheet = part(&export.bytes, "tables/class.csv");
        assert!(sheet.starts_with("grade,grade_order,homeroom_staff_id,id,name,"), "{sheet}");
        assert_eq!(sheet.lines().count(), 3);
        let signed: Vec<&str> = manifest.files.iter().map(|f| f.path.as_str()).filter(|p| p.starts_with("files/transcript_file/")).collect();
        assert!(signed.iter().any(|p| p.ends_with(".xml")) && signed.iter().any(|p| p.ends_with(".pdf")), "{signed:?}");
        let stored = manifest.files.iter().find(|f| f.path.starts_with("files/file/")).unwrap();
        assert_eq!(part(&export.bytes, &stored.path), "Kế hoạch năm học");
        let xml = signed.iter().find(|p| p.ends_with(".xml")).unwrap();
        assert!(part(&export.bytes, xml).contains("SignatureValue"));
        let schema = part(&export.bytes, "schema.json");
        assert!(schema.contains("hundredths: 875 is 8.75") && schema.contains("\"references\": \"unit.id\""));
        // What was sealed is locked with the passphrase, and nothing is as the ring here sealed it.
        let conditions = rows(&export.bytes, "health_condition");
        assert!(conditions[0]["sealed"].as_str().unwrap().starts_with("p1.") && conditions[0]["key_id"] == 0);
        for file in manifest.files.iter().filter(|f| f.path.starts_with("tables/")) {
            let text = part(&export.bytes, &file.path);
            assert!(!text.contains("\"k1.") && !text.contains("tôm"), "{}", file.path);
        }
        // Nobody's password, no session, nothing of the other school but what is named.
        assert!(!manifest.files.iter().any(|f| f.path.contains("session") || f.path.contains("signing_key")));
        assert!(rows(&export.bytes, "account").iter().all(|row| row.get("password_hash").is_none()));
        assert!(manifest.left_out.iter().any(|one| one.what == "session") && manifest.secrets.len() == tables::SECRETS.len());
        let learners = rows(&export.bytes, "learner");
        assert_eq!(learners.len(), 4, "its own three and the one who has gone");
        let gone = learners.iter().find(|l| l["full_name"] == "Phạm Đã Chuyển").unwrap();
        assert_eq!(gone["address"], serde_json::Value::Null, "that is the other school's to tell");
        let units: Vec<String> = rows(&export.bytes, "unit").iter().map(|u| u["name"].as_str().unwrap().to_owned()).collect();
        assert!(units.contains(&room.school.name) && units.contains(&app.world.school_b.name));
        assert!(rows(&export.bytes, "class").iter().all(|c| c["school_id"] == room.school.id.to_string()));
    }

    async fn a_file_that_was_changed_is_refused_and_nothing_is_taken_in(app: TestApp) {
        let room = room(&app).await;
        let export = export(&app.db, &app.files, app.keys.data(), room.school.id).await;
        let empty = copy(app.engine).await;
        let db = Db::connect(&empty.options()).await.unwrap();
        let (store, (_folder, keys)) = (Store::in_memory(), ring());
        // A name changed, with the manifest as it was.
        let mut archive = ZipArchive::new(Cursor::new(&export.bytes)).unwrap();
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let name = file.name().unwrap().to_string();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            if name == "tables/learner.json" {
                bytes = String::from_utf8(bytes).unwrap().replace("Ánh", "Ính").into_bytes();
            }
            out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
        let changed = out.finish().unwrap().into_inner();
        for (bad, said) in [
            (changed.as_slice(), "tables/learner.json is not as its manifest says"),
            (&export.bytes[..export.bytes.len() / 2], "cannot be taken in"),
            (b"PK".as_slice(), "cannot be taken in"),
        ] {
            let refused = take(&db, &store, &keys, PASSPHRASE, bad).await.err().unwrap();
            assert!(refused.to_string().contains(said), "{refused}");
        }
        assert!(take(&app.db, &app.files, app.keys.data(), PASSPHRASE, &export.bytes).await.err().unwrap().to_string().contains("not empty"));
        // It was whole: the empty one takes it.
        assert_eq!(take(&db, &store, &keys, PASSPHRASE, &export.bytes).await.unwrap().rows, export.rows());
        db.close().await.unwrap();
    }

    async fn an_export_is_begun_watched_and_fetched(app: TestApp) {
        let room = room(&app).await;
        let school = room.school.id;
        let before = app.audit(Some(school)).await.len();
        let exit = finished(&room.principal, school).await;
        assert_eq!((exit.state, exit.tables_done), (ExitState::Done, exit.tables));
        assert!(exit.rows > 0 && exit.tables > 50 && exit.finished_at.is_some(), "{exit:?}");
        let listed: Page<SchoolExit> = room.principal.get(&format!("/units/{school}/exits")).await.ok();
        assert_eq!(listed.items, std::slice::from_ref(&exit));
        let path = format!("/units/{school}/exits/{}/file", exit.id);
        let fetched = room.principal.post_empty(&path).await.status(200);
        assert_eq!(fetched.header("content-type"), Some("application/zip"));
        assert_eq!((fetched.body.len() as u64, exit.sha256), (exit.bytes, Some(export(&app.db, &app.files, app.keys.data(), school).await.sha256)));
        assert_eq!(app.audit(Some(school)).await.len(), before, "the school's chain is as it was; the directory's has who took it");
        assert!(app.audit(None).await.iter().any(|e| e.verb == "exit.fetched"));

        let short = serde_json::json!({ "passphrase": "ngắn" });
        room.principal.post(&format!("/units/{school}/exits"), &short).await.field("/passphrase", Code::FieldLength);

        // The next one takes its place.
        let next = finished(&room.principal, school).await;
        room.principal.post_empty(&path).await.problem(Code::ExitNotReady);
        room.principal.post_empty(&format!("/units/{school}/exits/{}/file", next.id)).await.status(200);

        // A school's data is its principal's and the province's to take, and nobody else's.
        app.province_admin().await.get(&format!("/units/{school}/exits/{}", next.id)).await.status(200);
        let stranger = app.principal(&app.world.school_b).await;
        stranger.get(&format!("/units/{school}/exits")).await.problem(Code::NotFound);
        stranger.post(&format!("/units/{school}/exits"), &asked()).await.problem(Code::NotFound);
        stranger.get(&format!("/units/{school}/exits/{}", next.id)).await.problem(Code::NotFound);
        stranger.post_empty(&format!("/units/{school}/exits/{}/file", next.id)).await.problem(Code::NotFound);
        app.at(Role::Deputy, &room.school).await.post(&format!("/units/{school}/exits"), &asked()).await.problem(Code::Forbidden);
        app.province_admin().await.post(&format!("/units/{}/exits", app.world.commune_a), &asked()).await.problem(Code::NotFound);
    }
}
