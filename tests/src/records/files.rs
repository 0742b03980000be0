//! Files: uploads in parts, ranges, what is refused, and contents that go when nothing refers to them.

use crate::harness::{Actor, Engine, Reply, TestApp};
use dto::access::Role;
use dto::files::{FileUpload, SchoolStorage, StoredFile};
use dto::{Code, FileId, UnitId};
use kernel::{Ctx, Event};
use records::files::Subject;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Bytes that no two places have alike.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|i| ((i * 7919) ^ (i >> 8)) as u8).collect()
}

async fn begin(actor: &Actor, school: UnitId, name: &str, content: &[u8]) -> Reply {
    let body = json!({"school_id": school, "name": name, "size": content.len(), "sha256": sha256(content)});
    actor.post("/uploads", &body).await
}

async fn part(actor: &Actor, upload: &FileUpload, content: &[u8], first: usize, last: usize) -> Reply {
    let request = actor
        .request(Method::PUT, &format!("/uploads/{}", upload.id))
        .header("content-type", "application/octet-stream")
        .header("content-range", format!("bytes {first}-{}/{}", last - 1, content.len()))
        .body(content[first..last].to_vec());
    actor.send(request).await
}

/// A file in one piece.
pub async fn small(actor: &Actor, school: UnitId, name: &str, content: &[u8]) -> Reply {
    let request = actor
        .request(Method::POST, "/files")
        .query(&[("school_id", school.to_string()), ("name", name.to_owned())])
        .header("content-type", "application/octet-stream")
        .body(content.to_vec());
    actor.send(request).await
}

async fn read(actor: &Actor, file: FileId, headers: &[(&str, &str)]) -> Reply {
    let mut request = actor.request(Method::GET, &format!("/files/{file}/content"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    actor.send(request).await
}

both_engines! {
    async fn an_upload_goes_on_where_it_stopped(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let content = bytes(300_000);
        let upload: FileUpload = begin(&clerk, school.id, "Kế hoạch.docx", &content).await.status(201).ok();
        assert_eq!((upload.received, upload.size), (0, 300_000));
        let path = format!("/uploads/{}", upload.id);
        assert_eq!(part(&clerk, &upload, &content, 0, 100_000).await.ok::<FileUpload>().received, 100_000);
        clerk.post_empty(&format!("{path}/finish")).await.problem(Code::UploadIncomplete);
        // The line broke: the same part again, and one too far, are told where to go on.
        let told = part(&clerk, &upload, &content, 0, 100_000).await.problem(Code::UploadOffset);
        assert_eq!(told.params["offset"], "100000");
        part(&clerk, &upload, &content, 200_000, 300_000).await.problem(Code::UploadOffset);
        assert_eq!(clerk.get(&path).await.ok::<FileUpload>().received, 100_000);
        part(&clerk, &upload, &content, 100_000, 300_000).await.ok::<FileUpload>();
        let file: StoredFile = clerk.post_empty(&format!("{path}/finish")).await.status(201).ok();
        assert_eq!((file.size, file.name.as_str(), file.sha256), (300_000, "Kế hoạch.docx", sha256(&content)));
        assert_eq!(read(&clerk, file.id, &[]).await.status(200).body, content);
        clerk.get(&path).await.problem(Code::NotFound);
        assert_eq!(clerk.get(&format!("/files/{}", file.id)).await.ok::<StoredFile>().id, file.id);
    }

    async fn a_range_is_sent_as_it_was_asked(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let mut content = b"%PDF-1.7\n".to_vec();
        content.extend(bytes(50_000));
        let file: StoredFile = small(&clerk, school.id, "Kế hoạch.pdf", &content).await.status(201).ok();
        assert_eq!(file.media, "application/pdf");
        let all = read(&clerk, file.id, &[("accept-encoding", "gzip, br")]).await.status(200);
        assert_eq!(all.body, content);
        assert_eq!(all.header("content-length"), Some("50009"));
        assert_eq!(all.header("x-content-type-options"), Some("nosniff"));
        assert!(all.header("content-disposition").is_some_and(|d| d.starts_with("inline; filename=\"ke_hoach.pdf\"")));
        let tag = all.header("etag").unwrap().to_owned();
        let some = read(&clerk, file.id, &[("range", "bytes=100-199"), ("accept-encoding", "gzip, br")]).await.status(206);
        assert_eq!(some.header("content-range"), Some("bytes 100-199/50009"));
        assert_eq!(some.body, content[100..200]);
        assert_eq!(read(&clerk, file.id, &[("range", "bytes=-9")]).await.status(206).body, content[50_000..]);
        read(&clerk, file.id, &[("range", "bytes=50009-")]).await.problem(Code::RangeNotSatisfiable);
        // What was begun with another content is sent whole.
        let other = read(&clerk, file.id, &[("range", "bytes=0-9"), ("if-range", "\"x\"")]).await;
        assert_eq!(other.status(200).body.len(), content.len());
        read(&clerk, file.id, &[("if-none-match", &tag)]).await.status(304);
        // A page that calls itself a picture is saved and not drawn.
        let page: StoredFile = small(&clerk, school.id, "a.png", b"<script>alert(1)</script>").await.ok();
        let reply = read(&clerk, page.id, &[]).await;
        assert_eq!(reply.header("content-type"), Some("application/octet-stream"));
        assert!(reply.header("content-disposition").is_some_and(|d| d.starts_with("attachment")));
    }

    async fn what_is_not_as_announced_is_refused(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let content = bytes(5_000);
        let upload: FileUpload = begin(&clerk, school.id, "a.bin", &content).await.ok();
        let mut other = content.clone();
        other[7] ^= 1;
        part(&clerk, &upload, &other, 0, 5_000).await.ok::<FileUpload>();
        clerk.post_empty(&format!("/uploads/{}/finish", upload.id)).await.problem(Code::FileDiffers);
        clerk.get(&format!("/uploads/{}", upload.id)).await.problem(Code::NotFound);
        assert!(!app.files.has(&sha256(&content)).await.unwrap());
        begin(&clerk, school.id, "a.bin", &[]).await.field("/size", Code::FieldRange);
        let wrong = json!({"school_id": school.id, "name": "a", "size": 1, "sha256": "Z".repeat(64)});
        clerk.post("/uploads", &wrong).await.field("/sha256", Code::FieldFormat);
        let large = json!({"school_id": school.id, "name": "a", "size": 1_u64 << 40, "sha256": sha256(b"")});
        clerk.post("/uploads", &large).await.problem(Code::FileTooLarge);
        let upload: FileUpload = begin(&clerk, school.id, "a.bin", &content).await.ok();
        let request = clerk
            .request(Method::PUT, &format!("/uploads/{}", upload.id))
            .header("content-type", "application/octet-stream")
            .body("x");
        clerk.send(request).await.problem(Code::BadRequest);
        clerk.delete(&format!("/uploads/{}", upload.id)).await.done();
        small(&clerk, school.id, "leer.txt", b"").await.problem(Code::BadRequest);
    }

    async fn others_neither_read_nor_go_on(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let colleague = app.at(Role::Clerk, &school).await;
        let stranger = app.at(Role::Clerk, &app.world.school_b.clone()).await;
        let content = bytes(1_000);
        begin(&stranger, school.id, "a.bin", &content).await.problem(Code::NotFound);
        small(&stranger, school.id, "a.bin", &content).await.problem(Code::NotFound);
        stranger.get(&format!("/units/{}/storage", school.id)).await.problem(Code::NotFound);
        let upload: FileUpload = begin(&clerk, school.id, "a.bin", &content).await.ok();
        let file: StoredFile = small(&clerk, school.id, "a.bin", &content).await.ok();
        for other in [&colleague, &stranger] {
            part(other, &upload, &content, 0, 1_000).await.problem(Code::NotFound);
            other.get(&format!("/uploads/{}", upload.id)).await.problem(Code::NotFound);
            other.get(&format!("/files/{}", file.id)).await.problem(Code::NotFound);
            read(other, file.id, &[]).await.problem(Code::NotFound);
            other.delete(&format!("/files/{}", file.id)).await.problem(Code::NotFound);
        }
    }

    async fn a_content_is_there_once_and_goes_with_its_last_file(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let content = bytes(2_000);
        let hash = sha256(&content);
        let (clerk, other) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        let first: StoredFile = small(&clerk, a.id, "a.bin", &content).await.ok();
        let second: StoredFile = small(&clerk, a.id, "b.bin", &content).await.ok();
        let third: StoredFile = small(&other, b.id, "c.bin", &content).await.ok();
        let storage: SchoolStorage = clerk.get(&format!("/units/{}/storage", a.id)).await.ok();
        assert_eq!((storage.files, storage.bytes, storage.stored_bytes), (2, 4_000, 2_000));
        assert!(!storage.scanned && storage.max_bytes.is_some());
        clerk.delete(&format!("/files/{}", first.id)).await.done();
        clerk.delete(&format!("/files/{}", second.id)).await.done();
        assert_eq!(read(&other, third.id, &[]).await.status(200).body, content);
        other.delete(&format!("/files/{}", third.id)).await.done();
        assert!(!app.files.has(&hash).await.unwrap());
    }

    async fn a_record_takes_a_file_and_gives_it_up(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let file: StoredFile = small(&clerk, school.id, "a.bin", &bytes(100)).await.ok();
        let subject = Subject::new("test", kernel::id::new::<uuid::Uuid>());
        let (account, session) = app.account(None, &[]).await;
        let stranger = Ctx::person(account, session, None, vec![], dto::Lang::Vi, "test".into());
        let attach = async |ctx: &Ctx| {
            app.db
                .write(ctx, async |tx| {
                    let (found, event) = records::files::attach_in(tx, school.id, file.id, subject, "/file_id").await?;
                    Ok((found, vec![event]))
                })
                .await
        };
        assert_eq!(attach(&stranger).await.unwrap_err().code(), Code::Invalid);
        let mine = Ctx::person(clerk.account.unwrap(), session_of(&app, &clerk).await, None, vec![], dto::Lang::Vi, "test".into());
        attach(&mine).await.unwrap();
        // It belongs to a record now: not twice, and not removed by itself.
        assert_eq!(attach(&mine).await.unwrap_err().code(), Code::Invalid);
        clerk.delete(&format!("/files/{}", file.id)).await.problem(Code::FileAttached);
        assert_eq!(records::files::of(app.db.read(), school.id, subject).await.unwrap().len(), 1);
        let many = records::files::of_many(app.db.read(), school.id, "test", &[subject.id]).await.unwrap();
        assert_eq!(many[&subject.id][0].id, file.id);
        app.db
            .write(&mine, async |tx| Ok(((), vec![records::files::detach_in(tx, school.id, file.id, subject).await?])))
            .await
            .unwrap();
        let limits = kernel::config::Config::load(None).unwrap().files;
        assert_eq!(records::files::sweep(&app.db, &app.files, &limits).await.unwrap(), 1);
        assert!(!app.files.has(&file.sha256).await.unwrap());
        app.db.write(&mine, async |_| Ok(((), vec![Event::new(None, "test", "test", "x")]))).await.unwrap();
    }

    async fn what_nobody_needs_goes_after_some_days(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let content = bytes(1_500);
        let upload: FileUpload = begin(&clerk, school.id, "a.bin", &content).await.ok();
        part(&clerk, &upload, &content, 0, 1_000).await.ok::<FileUpload>();
        let file: StoredFile = small(&clerk, school.id, "b.bin", &content).await.ok();
        let mut limits = kernel::config::Config::load(None).unwrap().files;
        assert_eq!(records::files::sweep(&app.db, &app.files, &limits).await.unwrap(), 0);
        age(&app, "file", "uploaded_at").await;
        age(&app, "file_upload", "expires_at").await;
        limits.keep_days = 3;
        assert_eq!(records::files::sweep(&app.db, &app.files, &limits).await.unwrap(), 1);
        clerk.get(&format!("/files/{}", file.id)).await.problem(Code::NotFound);
        clerk.get(&format!("/uploads/{}", upload.id)).await.problem(Code::NotFound);
    }
}

/// As if it had been ten days ago.
async fn age(app: &TestApp, table: &'static str, column: &'static str) {
    use sea_orm::sea_query::{Expr, Query};
    let mut query = Query::update();
    query.table(table).value(column, Expr::val(kernel::clock::now() - chrono::TimeDelta::days(10)));
    sea_orm::ConnectionTrait::execute(app.db.migrator(), &query).await.unwrap();
}

async fn session_of(app: &TestApp, actor: &Actor) -> dto::SessionId {
    use sea_orm::sea_query::{Expr, ExprTrait, Query};
    let mut query = Query::select();
    query.column("id").from("session").and_where(Expr::col("account_id").eq(actor.account.unwrap().0));
    let row = sea_orm::ConnectionTrait::query_one(app.db.read(), &query).await.unwrap().unwrap();
    dto::SessionId(row.try_get("", "id").unwrap())
}

/// Bounds and the scanner are settings.
fn with(change: impl FnOnce(&mut kernel::config::Config), test: impl AsyncFnOnce(TestApp)) {
    actix_web::rt::System::new().block_on(async move {
        test(TestApp::start_with(Engine::Sqlite, change).await).await;
    });
}

#[test]
fn a_school_has_a_bound() {
    with(
        |config| (config.files.school_bytes, config.files.max_bytes) = (10_000, 8_000),
        async |app| {
            let school = app.world.school_a.clone();
            let clerk = app.at(Role::Clerk, &school).await;
            small(&clerk, school.id, "a.bin", &bytes(9_000)).await.problem(Code::FileTooLarge);
            small(&clerk, school.id, "a.bin", &bytes(6_000)).await.ok::<StoredFile>();
            small(&clerk, school.id, "b.bin", &bytes(5_000)).await.problem(Code::StorageFull);
            begin(&clerk, school.id, "b.bin", &bytes(5_000)).await.problem(Code::StorageFull);
        },
    );
}

#[test]
fn what_the_scanner_refuses_is_not_kept() {
    let scanner = ["sh", "-c", "if grep -q EICAR; then exit 1; else exit 0; fi"];
    with(
        |config| config.files.scan_command = scanner.map(str::to_owned).to_vec(),
        async |app| {
            let school = app.world.school_a.clone();
            let clerk = app.at(Role::Clerk, &school).await;
            small(&clerk, school.id, "a.txt", b"nothing in it").await.ok::<StoredFile>();
            small(&clerk, school.id, "b.txt", b"an EICAR file").await.problem(Code::FileNotClean);
            let mut content = bytes(9_000);
            content.extend(b"EICAR");
            let upload: FileUpload = begin(&clerk, school.id, "c.bin", &content).await.ok();
            part(&clerk, &upload, &content, 0, 9_005).await.ok::<FileUpload>();
            clerk.post_empty(&format!("/uploads/{}/finish", upload.id)).await.problem(Code::FileNotClean);
            assert!(!app.files.has(&sha256(&content)).await.unwrap());
            let storage: SchoolStorage = clerk.get(&format!("/units/{}/storage", school.id)).await.ok();
            assert!(storage.scanned && storage.files == 1);
        },
    );
}

#[test]
fn a_service_looks_at_files_too() {
    actix_web::rt::System::new().block_on(async move {
        let fake = crate::gradebook::contact::fakes::Http::start().await;
        let (base, said) = (fake.base.clone(), fake.clone());
        let change = move |config: &mut kernel::config::Config| {
            config.files.scan_url = format!("{base}/scan");
            config.files.scan_token = "bi-mat".into();
        };
        let app = TestApp::start_with(Engine::Sqlite, change).await;
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        said.then(&[200, 422, 500, 204]);
        small(&clerk, school.id, "a.txt", b"nothing in it").await.ok::<StoredFile>();
        small(&clerk, school.id, "b.txt", b"an EICAR file").await.problem(Code::FileNotClean);
        small(&clerk, school.id, "c.txt", b"and another").await.problem(Code::FileScanFailed);
        let content = bytes(9_000);
        let upload: FileUpload = begin(&clerk, school.id, "d.bin", &content).await.ok();
        part(&clerk, &upload, &content, 0, 9_000).await.ok::<FileUpload>();
        clerk.post_empty(&format!("/uploads/{}/finish", upload.id)).await.ok::<StoredFile>();
        let taken = fake.taken();
        assert_eq!((taken.len(), taken[0].path.as_str(), taken[0].header("authorization")), (4, "/scan", "Bearer bi-mat"));
        assert_eq!((taken[1].body.as_slice(), taken[3].body.len()), (&b"an EICAR file"[..], 9_000));
        let storage: SchoolStorage = clerk.get(&format!("/units/{}/storage", school.id)).await.ok();
        assert!(storage.scanned && storage.files == 2);
    });
}

#[test]
fn a_scanner_that_does_not_say_lets_nothing_in() {
    with(
        |config| config.files.scan_command = vec!["sh".into(), "-c".into(), "exit 2".into()],
        async |app| {
            let school = app.world.school_a.clone();
            let clerk = app.at(Role::Clerk, &school).await;
            small(&clerk, school.id, "a.txt", b"x").await.problem(Code::FileScanFailed);
            assert!(!app.files.has(&sha256(b"x")).await.unwrap());
        },
    );
}
