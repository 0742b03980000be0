//! Signing services and time-stamp authorities as they are reached: over HTTP, with a token.

use super::{Office, content, signed_on};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use api::channels::HttpTransport;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use documents::signing::{
    Holder, KeyKind, RemoteSigner, RemoteTransport, Signer, SigningError, SoftwareSigner, TestTimeStamper, TimeStamper, sign_xml,
};
use serde_json::{Value, json};
use transcript::{Document, Role};

struct Fake {
    key: SoftwareSigner,
    stamps: TestTimeStamper,
}

async fn answer(fake: Data<Fake>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if header("authorization") != "Bearer secret" {
        return HttpResponse::Unauthorized().finish();
    }
    match request.path() {
        "/tsa" if header("content-type") == "application/timestamp-query" => {
            let token = fake.stamps.post("", "application/timestamp-query", body.to_vec()).await.unwrap();
            HttpResponse::Ok().content_type("application/timestamp-reply").body(token)
        }
        "/csc/credentials/info" => {
            let all: Vec<_> = fake.key.certificates().iter().map(|c| STANDARD.encode(c)).collect();
            HttpResponse::Ok().json(json!({ "cert": { "certificates": all } }))
        }
        "/csc/signatures/signHash" => {
            let question: Value = serde_json::from_slice(&body).unwrap();
            let digest = STANDARD.decode(question["hash"][0].as_str().unwrap()).unwrap();
            let value = fake.key.sign(&[digest]).await.unwrap().remove(0);
            HttpResponse::Ok().json(json!({ "signatures": [STANDARD.encode(value)] }))
        }
        _ => HttpResponse::NotFound().finish(),
    }
}

#[actix_web::test]
async fn a_service_signs_and_another_stamps_over_http() {
    let office = Office::new(KeyKind::Rsa2048);
    let stamps = office.issue(Holder::TimeStamps);
    let key = office.issue(Holder::Person { name: "Phạm Quốc Bảo", school: "Trường THCS Gia Hội" });
    let fake = Data::new(Fake { key, stamps: TestTimeStamper::new(stamps, signed_on) });
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = HttpServer::new(move || App::new().app_data(fake.clone()).default_service(web::to(answer)));
    let server = server.workers(1).listen(listener).unwrap().run();
    actix_web::rt::spawn(server);

    let to = |path: &str, token: &str| Box::new(HttpTransport::new(&format!("{base}/{path}"), token).unwrap());
    let remote = RemoteSigner::open(to("csc/", "secret"), "seal").await.unwrap();
    let stamper = TimeStamper::new(to("tsa", "secret"));
    let mut document = Document::new(content()).unwrap();
    let maths = Role::Subject("TOAN".to_owned());
    sign_xml(&mut document, &maths, &remote, signed_on(), Some(&stamper)).await.unwrap();
    let report = office.check(&document.to_xml());
    assert!(report.signatures[0].valid && report.signatures[0].time_stamp.is_some());

    // Without our token, at another address, and where nobody listens: told, and never a hang.
    for (path, token, said) in [("csc", "wrong", "401"), ("other", "secret", "404")] {
        let Err(SigningError::Unavailable(why)) = RemoteSigner::open(to(path, token), "seal").await else { panic!("{path}") };
        assert_eq!(why, format!("the service answered {said}"));
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = Box::new(HttpTransport::new(&format!("http://{free}"), "").unwrap());
    assert!(matches!(RemoteSigner::open(nobody, "seal").await, Err(SigningError::Unavailable(_))));
}
