//! A learner moves across the border of a province: one sealed file out, and the same file in.

use super::*;
use chrono::NaiveDate;
use dto::Code;
use dto::former::FormerTerms;
use dto::former_years::FormerYears;
use dto::learners::LearnerDetail;
use dto::packages::{TransferPackage, TransferPackageState};
use dto::transcripts::SigningKey;
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};

const PASSWORD: &str = "mật khẩu của dấu";

/// The school's seal, made by the authority for trials.
async fn seal(principal: &Actor, school: &School) -> SigningKey {
    let body = json!({ "label": "Dấu", "source": { "kind": "trial", "password": PASSWORD } });
    principal.post(&format!("/units/{}/signing-keys", school.id), &body).await.ok()
}

fn asked(key: &SigningKey) -> Value {
    json!({ "key_id": key.id, "password": PASSWORD, "to_school": "THCS Lê Lợi, Cần Thơ", "reason": "Theo gia đình" })
}

async fn package(principal: &Actor, key: &SigningKey, learner: LearnerId) -> Vec<u8> {
    principal.post(&format!("/learners/{learner}/transfer-package"), &asked(key)).await.status(200).body
}

fn inbox(school: &School) -> String {
    format!("/units/{}/transfer-packages", school.id)
}

/// The files of a package by name.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let read = |name: String| {
        let mut bytes = Vec::new();
        zip.by_name(&name).unwrap().read_to_end(&mut bytes).unwrap();
        (name, bytes)
    };
    names.into_iter().map(read).collect()
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A class whose first term is closed, with a guardian and a year at a school of before; and its package.
async fn sent(app: &TestApp) -> (Room, SigningKey, Vec<u8>) {
    let room = room(app).await;
    room.complete(app, Term::S1).await;
    room.close(Term::S1).await;
    let learner = room.learners[0];
    let guardian =
        json!({ "relation": "mother", "name": { "family": "Lê", "middle": "Thị", "given": "Hoa" }, "phone": "0912345678" });
    room.principal.post(&format!("/learners/{learner}/guardians"), &guardian).await.ok::<Value>();
    let paper = json!({
        "from_school": "TH Kim Đồng", "document": "Học bạ giấy, trang 5", "grade": 5, "class_name": "5A",
        "subjects": [{ "name": "Toán", "subject_code": "TOAN", "values": [{ "period": "year", "value": "T", "test": "9" }] }],
        "outcomes": [],
    });
    let path = format!("/classes/{}/former-years/{learner}/2020-2021", room.class.id);
    room.principal.put(&path, 0, &paper).await.ok::<Value>();
    let key = seal(&room.principal, &room.school).await;
    let bytes = package(&room.principal, &key, learner).await;
    (room, key, bytes)
}

/// The learner leaves the records here, as in another installation, which has never heard of them.
async fn forget(app: &TestApp, room: &Room) {
    let learner: LearnerDetail = room.principal.get(&format!("/learners/{}", room.learners[0])).await.ok();
    let mut body = serde_json::to_value(&learner.learner).unwrap();
    let keep = ["name", "birth_date", "sex"];
    body.as_object_mut().unwrap().retain(|key, _| keep.contains(&key.as_str()));
    let path = format!("/learners/{}", room.learners[0]);
    room.principal.put(&path, learner.learner.version, &body).await.ok::<Value>();
    assert!(!app.folder().as_os_str().is_empty());
}

both_engines! {
    async fn the_record_goes_out_sealed_and_comes_in_whole(app: TestApp) {
        let (room, _, bytes) = sent(&app).await;
        forget(&app, &room).await;
        let other = app.principal(&app.world.school_b).await;
        let to = app.class(&app.world.school_b, "6B", "6").await;
        let received: TransferPackage = other.upload(&inbox(&app.world.school_b), bytes.clone()).await.ok();
        assert_eq!((received.state, received.about.full_name.as_str()), (TransferPackageState::Received, "Nguyễn Thị Ánh"));
        assert_eq!((received.about.guardians, received.about.seal.signer.as_str()), (1, room.school.name.as_str()));
        let years: Vec<_> = received.about.years.iter().map(|year| (year.school_year.as_str(), year.grade, year.signed)).collect();
        assert_eq!(years, [(room.class.school_year.as_str(), 6, false), ("2020-2021", 5, false)]);
        other.upload(&inbox(&app.world.school_b), bytes).await.problem(Code::PackageKnown);
        let listed: Page<TransferPackage> = other.get(&inbox(&app.world.school_b)).await.ok();
        assert_eq!(listed.items, std::slice::from_ref(&received));
        // Into a class of the school, and of no other.
        let accept = format!("/transfer-packages/{}/accept", received.id);
        let body = |class| json!({ "class_id": class, "enrolled_on": "2026-10-01" });
        other.post(&accept, &body(room.class.id)).await.problem(Code::NotFound);
        let done: TransferPackage = other.post(&accept, &body(to.id)).await.ok();
        assert_eq!(done.state, TransferPackageState::Accepted);
        let learner = done.learner_id.unwrap();
        let detail: LearnerDetail = other.get(&format!("/learners/{learner}")).await.ok();
        assert_eq!((detail.learner.full_name.as_str(), detail.enrolments[0].class_id), ("Nguyễn Thị Ánh", to.id));
        assert_eq!((detail.guardians[0].full_name.as_str(), detail.guardians[0].phone.as_deref()), ("Lê Thị Hoa", Some("0912345678")));
        let kept: FormerYears = other.get(&format!("/classes/{}/former-years", to.id)).await.ok();
        assert_eq!(kept.items.len(), 2);
        // This year's first term is offered as a term at the former school, and can be saved.
        let term = &kept.items[0].terms[0];
        assert_eq!((term.term, term.record.conduct.is_some()), (Term::S1, true));
        let homeroom = app.homeroom(&to).await;
        let path = format!("/classes/{}/former-terms/1/{learner}", to.id);
        homeroom.put(&path, 0, &term.record).await.ok::<Value>();
        let terms: FormerTerms = homeroom.get(&format!("/classes/{}/former-terms", to.id)).await.ok();
        assert!(terms.items[0].learning.is_some());
        other.post(&accept, &body(to.id)).await.problem(Code::PackageDecided);
    }

    async fn a_child_who_is_known_is_claimed_and_a_package_can_be_declined(app: TestApp) {
        let (room, key, _) = sent(&app).await;
        let learner = room.learners[0];
        let known: LearnerDetail = room.principal.get(&format!("/learners/{learner}")).await.ok();
        let mut body = json!({ "name": known.learner.name, "birth_date": known.learner.birth_date, "sex": known.learner.sex });
        body["personal_id"] = json!("046312000123");
        room.principal.put(&format!("/learners/{learner}"), known.learner.version, &body).await.ok::<Value>();
        let bytes = package(&room.principal, &key, learner).await;
        let other = app.principal(&app.world.school_b).await;
        let to = app.class(&app.world.school_b, "6B", "6").await;
        let received: TransferPackage = other.upload(&inbox(&app.world.school_b), bytes).await.ok();
        let accept = json!({ "class_id": to.id, "enrolled_on": "2026-10-01" });
        let path = |what: &str| format!("/transfer-packages/{}/{what}", received.id);
        other.post(&path("accept"), &accept).await.problem(Code::PersonalIdTaken);
        other.post(&path("decline"), &json!({ "reason": "  " })).await.field("/reason", Code::FieldRequired);
        let declined: TransferPackage = other.post(&path("decline"), &json!({ "reason": "Trường đã đủ sĩ số" })).await.ok();
        assert_eq!((declined.state, declined.note.as_deref()), (TransferPackageState::Declined, Some("Trường đã đủ sĩ số")));
        other.post(&path("accept"), &accept).await.problem(Code::PackageDecided);
    }

    async fn a_package_that_was_touched_is_refused_and_told_how(app: TestApp) {
        let (room, key, bytes) = sent(&app).await;
        let other = app.principal(&app.world.school_b).await;
        let send = async |bytes: Vec<u8>| other.upload(&inbox(&app.world.school_b), bytes).await.problem(Code::PackageNotValid).params["what"].clone();
        let files = unpacked(&bytes);
        let with = |change: &dyn Fn(&str, &mut Vec<u8>) -> bool| {
            let mut files = files.clone();
            files.retain_mut(|(name, bytes)| change(name, bytes));
            packed(&files)
        };
        assert!(send(b"PK\x03\x04".to_vec()).await.contains("không phải gói"));
        assert!(send(bytes[..bytes.len() / 2].to_vec()).await.contains("không phải gói"));
        let mark = with(&|name, bytes| { if name == "record.json" { bytes.push(b' '); } true });
        assert!(send(mark).await.contains("thay đổi"));
        assert!(send(with(&|name, _| name != "manifest.p7s")).await.contains("dấu số"));
        assert!(send(with(&|name, _| name != "record.json")).await.contains("thiếu"));
        let reworded = with(&|name, bytes| {
            if name == "manifest.json" { *bytes = String::from_utf8(bytes.clone()).unwrap().replace("Theo gia", "Vì gia").into_bytes(); }
            true
        });
        send(reworded).await;
        let mut more = files.clone();
        more.push(("virus.exe".to_owned(), vec![0]));
        assert!(send(packed(&more)).await.contains("không nằm trong danh mục"));
        // Sealed by strangers: the manifest and a seal over it by an authority that nobody trusts here.
        let stranger = documents::signing::TestAuthority::new(kernel::clock::now()).unwrap();
        let now = kernel::clock::now();
        let holder = documents::signing::Holder::School { name: &room.school.name };
        let own = stranger.issue(holder, documents::signing::KeyKind::P256, now - chrono::Days::new(1), now + chrono::Days::new(9)).unwrap();
        let manifest = files.iter().find(|(name, _)| name == "manifest.json").unwrap().1.clone();
        let forged = documents::signing::sign_file(&manifest, &own, None).await.unwrap();
        let strange = with(&|name, bytes| { if name == "manifest.p7s" { bytes.clone_from(&forged); } true });
        assert!(send(strange).await.chars().count() > 20);
        let listed: Page<TransferPackage> = other.get(&inbox(&app.world.school_b)).await.ok();
        assert!(listed.items.is_empty());
        let wrong = json!({ "key_id": key.id, "password": "sai", "to_school": "X trường", "reason": "lí do" });
        room.principal.post(&format!("/learners/{}/transfer-package", room.learners[0]), &wrong).await.problem(Code::SigningKeyWrong);
    }

    /// `openssl` reads the seal over the manifest too.
    async fn another_program_accepts_the_seal(app: TestApp) {
        let (_, _, bytes) = sent(&app).await;
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in unpacked(&bytes) {
            std::fs::write(folder.path().join(name.replace('/', "-")), bytes).unwrap();
        }
        std::fs::write(folder.path().join("root.der"), app.trial.root()).unwrap();
        let run = |arguments: &[&str]| std::process::Command::new("openssl").current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(run(&["x509", "-inform", "DER", "-in", "root.der", "-out", "root.pem"]).status.success());
        let verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "manifest.p7s", "-content", "manifest.json", "-CAfile", "root.pem", "-purpose", "any", "-out", "out"];
        let said = run(&verify);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        std::fs::write(folder.path().join("manifest.json"), b"{}").unwrap();
        assert!(!run(&verify).status.success());
    }

    async fn only_who_keeps_the_seal_gives_and_only_the_school_takes(app: TestApp) {
        let (room, key, bytes) = sent(&app).await;
        let path = format!("/learners/{}/transfer-package", room.learners[0]);
        room.homeroom.post(&path, &asked(&key)).await.problem(Code::Forbidden);
        let other = app.principal(&app.world.school_b).await;
        other.post(&path, &asked(&key)).await.problem(Code::NotFound);
        // Another school's inbox.
        room.principal.upload(&inbox(&app.world.school_b), bytes.clone()).await.problem(Code::NotFound);
        room.principal.get(&inbox(&app.world.school_b)).await.problem(Code::NotFound);
        let received: TransferPackage = other.upload(&inbox(&app.world.school_b), bytes).await.ok();
        let of = |what: &str| format!("/transfer-packages/{}/{what}", received.id);
        let accept = json!({ "class_id": room.class.id, "enrolled_on": NaiveDate::from_ymd_opt(2026, 9, 5).unwrap() });
        room.principal.post(&of("accept"), &accept).await.problem(Code::NotFound);
        room.principal.post(&of("decline"), &json!({ "reason": "không" })).await.problem(Code::NotFound);
        app.guardian(&[room.learners[0]]).await.get(&inbox(&app.world.school_b)).await.problem(Code::Forbidden);
    }
}
