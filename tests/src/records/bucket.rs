//! The store of files in a bucket, by a server that speaks as much of the S3 API as is used.

use crate::harness::{Engine, TestApp};
use actix_web::http::header;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use dto::Code;
use dto::access::Role;
use dto::files::{FileUpload, StoredFile};
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
    /// Whole uploads in pieces that were finished.
    joined: usize,
}

type Shared = web::Data<Mutex<Bucket>>;

fn tag(bytes: &[u8]) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{}\"", hex::encode(&Sha256::digest(bytes)[..16])))
}

async fn answer(req: HttpRequest, body: web::Bytes, bucket: Shared) -> HttpResponse {
    let signed = req.headers().get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=khue/") || !signed.contains("Signature=") {
        return HttpResponse::Forbidden().finish();
    }
    let mut bucket = bucket.lock().unwrap();
    let key = req.path().to_owned();
    let query: BTreeMap<String, String> =
        web::Query::<BTreeMap<String, String>>::from_query(req.query_string()).unwrap().into_inner();
    let upload = query.get("uploadId").cloned();
    match (req.method().as_str(), upload) {
        ("POST", None) => {
            let id = format!("u{}", bucket.uploads.len() + 1);
            bucket.uploads.insert(id.clone(), BTreeMap::new());
            let text = format!("<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
            HttpResponse::Ok().content_type("application/xml").body(text)
        }
        ("PUT", Some(id)) => {
            let number: u32 = query["partNumber"].parse().unwrap();
            let found = tag(&body);
            bucket.uploads.get_mut(&id).unwrap().insert(number, body.to_vec());
            HttpResponse::Ok().insert_header(found).finish()
        }
        ("POST", Some(id)) => {
            let whole: Vec<u8> = bucket.uploads.remove(&id).unwrap().into_values().flatten().collect();
            bucket.objects.insert(key, whole);
            bucket.joined += 1;
            let text = "<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>";
            HttpResponse::Ok().content_type("application/xml").body(text)
        }
        ("DELETE", Some(id)) => {
            bucket.uploads.remove(&id);
            HttpResponse::NoContent().finish()
        }
        ("PUT", None) => {
            let found = tag(&body);
            bucket.objects.insert(key, body.to_vec());
            HttpResponse::Ok().insert_header(found).finish()
        }
        ("DELETE", None) => {
            bucket.objects.remove(&key);
            HttpResponse::NoContent().finish()
        }
        (_, None) => match bucket.objects.get(&key) {
            None => HttpResponse::NotFound().finish(),
            Some(bytes) => object(&req, bytes),
        },
        _ => HttpResponse::BadRequest().finish(),
    }
}

/// A GET or a HEAD of an object.
fn object(req: &HttpRequest, bytes: &[u8]) -> HttpResponse {
    let changed = (header::LAST_MODIFIED, "Sun, 22 Nov 2026 00:00:00 GMT");
    let asked = req.headers().get("range").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("bytes="));
    if let Some((first, last)) = asked.and_then(|r| r.split_once('-')) {
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        return HttpResponse::PartialContent()
            .insert_header(changed)
            .insert_header(tag(bytes))
            .insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", bytes.len())))
            .body(bytes[first..=last].to_vec());
    }
    HttpResponse::Ok().insert_header(changed).insert_header(tag(bytes)).body(bytes.to_vec())
}

fn serve(bucket: Shared) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = HttpServer::new(move || {
        App::new().app_data(bucket.clone()).app_data(web::PayloadConfig::new(64 << 20)).default_service(web::to(answer))
    });
    actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    address
}

#[test]
fn files_lie_in_a_bucket() {
    actix_web::rt::System::new().block_on(async {
        let bucket: Shared = Shared::from(Arc::new(Mutex::new(Bucket::default())));
        let endpoint = serve(bucket.clone());
        let app = TestApp::start_with(Engine::Sqlite, |config| {
            config.files.store = "s3".into();
            config.files.part_bytes = 9 << 20;
            let s3 = &mut config.files.s3;
            (s3.endpoint, s3.bucket) = (endpoint, "truong".into());
            (s3.access_key, s3.secret_key, s3.prefix) = ("khue".into(), "bí mật".into(), "tinh".into());
        })
        .await;
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        // Larger than what goes to a bucket in one piece.
        let content: Vec<u8> = (0..17 << 20).map(|i: u32| (i ^ (i >> 9)) as u8).collect();
        let hash = hex::encode(Sha256::digest(&content));
        let body = json!({"school_id": school.id, "name": "Bài giảng.pptx", "size": content.len(), "sha256": hash});
        let upload: FileUpload = clerk.post("/uploads", &body).await.ok();
        for (i, part) in content.chunks(9 << 20).enumerate() {
            let first = i * (9 << 20);
            let request = clerk
                .request(Method::PUT, &format!("/uploads/{}", upload.id))
                .header("content-type", "application/octet-stream")
                .header("content-range", format!("bytes {first}-{}/{}", first + part.len() - 1, content.len()))
                .body(part.to_vec());
            clerk.send(request).await.ok::<FileUpload>();
        }
        let file: StoredFile = clerk.post_empty(&format!("/uploads/{}/finish", upload.id)).await.ok();
        {
            let bucket = bucket.lock().unwrap();
            let keys: Vec<&String> = bucket.objects.keys().collect();
            assert_eq!(keys, [&format!("/truong/tinh/content/{}/{hash}", &hash[..2])]);
            assert_eq!((bucket.joined, bucket.uploads.len()), (1, 0));
        }
        let path = format!("/files/{}/content", file.id);
        let request = clerk.request(Method::GET, &path).header("range", "bytes=9437180-9437190");
        assert_eq!(clerk.send(request).await.status(206).body, content[9_437_180..=9_437_190]);
        assert!(clerk.get(&path).await.status(200).body == content);
        clerk.delete(&format!("/files/{}", file.id)).await.done();
        assert!(bucket.lock().unwrap().objects.is_empty());
        clerk.get(&path).await.problem(Code::NotFound);
    });
}

#[test]
fn a_bucket_that_does_not_answer_is_said_so() {
    actix_web::rt::System::new().block_on(async {
        let bucket: Shared = Shared::from(Arc::new(Mutex::new(Bucket::default())));
        let endpoint = serve(bucket);
        let app = TestApp::start_with(Engine::Sqlite, |config| {
            config.files.store = "s3".into();
            let s3 = &mut config.files.s3;
            // A key that this bucket does not know.
            (s3.endpoint, s3.bucket) = (endpoint, "truong".into());
            (s3.access_key, s3.secret_key) = ("other".into(), "x".into());
        })
        .await;
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        super::files::small(&clerk, school.id, "a.txt", b"x").await.problem(Code::FilesUnavailable);
    });
}
