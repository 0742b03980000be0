//! A learner moves across the border of a province: one sealed file out, and the same file in.

use super::*;
use chrono::NaiveDate;
use dto::Code;
use dto::access::Role;
use dto::former::FormerTerms;
use dto::former_years::FormerYears;
use dto::growth::LearnerGrowth;
use dto::health::{ChildHealth, HealthRound, LearnerHealth, OpenedHealth};
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

const LOCK: &str = "mưa rào tháng bảy";

/// A nurse has measured, examined and vaccinated a child, and knows of an allergy.
pub async fn examined(app: &TestApp, room: &Room, learner: LearnerId) -> Actor {
    let nurse = app.at(Role::Nurse, &room.school).await;
    let round = json!({ "name": "Khám đầu năm", "kind": "start_of_year", "held_on": "2026-10-05" });
    let round: HealthRound = nurse.post(&format!("/schools/{}/health-rounds", room.school.id), &round).await.ok();
    let row = json!({
        "learner_id": learner, "findings": { "pulse": 82, "caries": 2 }, "sealed": { "mental": "watch", "note": "Hay lo lắng" },
        "version": 0, "weight_g": 36500, "height_mm": 1432, "growth_version": 0,
    });
    let sheet = format!("/health-rounds/{}/classes/{}", round.id, room.class.id);
    nurse.put_bare(&sheet, &json!({ "rows": [row] })).await.ok::<Value>();
    let vaccination = json!({ "vaccine": "Sởi", "dose": 2, "given_on": "2017-03-12", "source": "booklet" });
    nurse.post(&format!("/learners/{learner}/vaccinations"), &vaccination).await.status(201);
    let condition = json!({ "kind": "allergy", "detail": "Dị ứng tôm", "alert": "Không ăn tôm", "active": true });
    nurse.post(&format!("/learners/{learner}/conditions"), &condition).await.status(201);
    nurse
}

/// Guardian and child consent that conditions go along.
pub async fn consented(app: &TestApp, learner: LearnerId) -> Actor {
    let guardian = app.guardian(&[learner]).await;
    let word = json!({ "purpose": "health_transfer", "version": 1, "act": "give" });
    for actor in [guardian.clone(), app.learner_account(learner).await] {
        actor.post(&format!("/me/children/{learner}/consents"), &word).await.status(200);
    }
    guardian
}

async fn locked(room: &Room, key: &SigningKey) -> Vec<u8> {
    let mut body = asked(key);
    body["health_passphrase"] = json!(LOCK);
    room.principal.post(&format!("/learners/{}/transfer-package", room.learners[0]), &body).await.status(200).body
}

async fn other_learner_stays(app: &TestApp, class: &Class, learner: LearnerId) {
    let homeroom = app.homeroom(class).await;
    homeroom.get(&format!("/learners/{learner}")).await.status(200);
}

/// Rows of every table but the log, the books of sessions, and what rules count.
async fn rows(app: &TestApp) -> Vec<(String, i64)> {
    let mut counted = Vec::new();
    for table in kernel::db::schema::tables(app.db.read()).await.unwrap() {
        let books = ["audit", "audit_head", "account", "session", "role_grant", "staff", "staff_post", "quality_count"];
        if books.contains(&table.name.as_str()) {
            continue;
        }
        let statement = sea_orm::Statement::from_string(app.db.backend(), format!("SELECT count(*) FROM \"{}\"", table.name));
        let row = sea_orm::ConnectionTrait::query_one_raw(app.db.read(), statement).await.unwrap().unwrap();
        counted.push((table.name, row.try_get_by_index(0).unwrap()));
    }
    counted
}

both_engines! {
    async fn an_acceptance_is_taken_back_to_the_row(app: TestApp) {
        let (room, key, _) = sent(&app).await;
        examined(&app, &room, room.learners[0]).await;
        consented(&app, room.learners[0]).await;
        let bytes = locked(&room, &key).await;
        forget(&app, &room).await;
        let school = app.world.school_b.clone();
        let other = app.principal(&school).await;
        let to = app.class(&school, "6B", "6").await;
        app.learner(&to, "Phạm Gia Cường").await;
        let received: TransferPackage = other.upload(&inbox(&school), bytes).await.ok();
        let before = rows(&app).await;
        let of = |what: &str| format!("/transfer-packages/{}/{what}", received.id);
        let (why, accept) = (json!({ "reason": "Nhầm em" }), json!({ "class_id": to.id, "enrolled_on": "2026-10-01", "health_passphrase": LOCK }));
        other.post(&of("withdrawal"), &why).await.problem(Code::PackageNotAccepted);
        let done: TransferPackage = other.post(&of("accept"), &accept).await.ok();
        let learner = done.learner_id.unwrap();
        assert_ne!(rows(&app).await, before);
        // Somebody looked and somebody else came into the class: nothing rests on that.
        let nurse = app.at(Role::Nurse, &school).await;
        nurse.post(&format!("/learners/{learner}/health/views"), &json!({ "purpose": "care" })).await.status(200);
        other.post(&of("withdrawal"), &json!({ "reason": " " })).await.field("/reason", Code::FieldLength);
        room.principal.post(&of("withdrawal"), &why).await.problem(Code::NotFound);
        app.at(Role::Nurse, &school).await.post(&of("withdrawal"), &why).await.problem(Code::Forbidden);
        let back: TransferPackage = other.post(&of("withdrawal"), &why).await.ok();
        assert_eq!(back, received, "as it was received");
        assert_eq!(rows(&app).await, before, "no row more, no row less");
        other.get(&format!("/learners/{learner}")).await.problem(Code::NotFound);
        let log = app.audit(Some(school.id)).await;
        let told: Vec<_> = log.iter().rev().take(2).map(|e| e.verb.as_str()).collect();
        assert_eq!(told, ["transfer_package.acceptance_undone", "learner.withdrawn"]);
        assert_eq!(kernel::db::verify_chain(&log), None);
        // And it can be taken in again.
        let again: TransferPackage = other.post(&of("accept"), &accept).await.ok();
        assert_eq!((again.state, again.learner_id == Some(learner)), (TransferPackageState::Accepted, false));
    }

    async fn what_rests_on_an_acceptance_is_told(app: TestApp) {
        let (room, _, bytes) = sent(&app).await;
        forget(&app, &room).await;
        let school = app.world.school_b.clone();
        let other = app.principal(&school).await;
        let to = app.class(&school, "6B", "6").await;
        let received: TransferPackage = other.upload(&inbox(&school), bytes).await.ok();
        let of = |what: &str| format!("/transfer-packages/{}/{what}", received.id);
        let accept = json!({ "class_id": to.id, "enrolled_on": "2026-10-01" });
        let learner = other.post(&of("accept"), &accept).await.ok::<TransferPackage>().learner_id.unwrap();
        let why = json!({ "reason": "Nhầm em" });
        let teacher = app.teacher(&to, "TOAN").await;
        let slot = teacher.get(&marks_path(&to, "TOAN", Term::S1)).await.ok::<MarkSheet>().slots[0];
        let typed = save_as(&teacher, &to, vec![cell(learner, slot, score(800), 0)]).await;
        assert_eq!(typed[0].outcome, CellResult::Saved);
        let refused = other.post(&of("withdrawal"), &why).await.problem(Code::PackageRests);
        assert_eq!(refused.params["what"], "Điểm");
        // The own data, and an account, besides.
        let known: LearnerDetail = other.get(&format!("/learners/{learner}")).await.ok();
        let body = json!({ "name": known.learner.name, "birth_date": known.learner.birth_date, "sex": known.learner.sex, "ethnicity": "Khmer" });
        other.put(&format!("/learners/{learner}"), known.learner.version, &body).await.ok::<Value>();
        app.learner_account(learner).await;
        let refused = other.in_english().post(&of("withdrawal"), &why).await.problem(Code::PackageRests);
        assert_eq!(refused.params["what"], "An account of the child or a guardian; Marks; The learner's own data");
        other_learner_stays(&app, &to, learner).await;
    }

    async fn health_goes_along_locked_and_is_sealed_anew(app: TestApp) {
        let (room, key, without) = sent(&app).await;
        let learner = room.learners[0];
        examined(&app, &room, learner).await;
        let other = app.principal(&app.world.school_b).await;
        let inbox = inbox(&app.world.school_b);
        // Without a passphrase it stays; without consent conditions and what is sealed of checks stay.
        let received: TransferPackage = other.upload(&inbox, without).await.ok();
        assert_eq!(received.about.health, None);
        let received: TransferPackage = other.upload(&inbox, locked(&room, &key).await).await.ok();
        let counts = received.about.health.unwrap();
        assert_eq!((counts.growth, counts.checks, counts.vaccinations, counts.conditions), (1, 1, 1, None));
        let guardian = consented(&app, learner).await;
        let bytes = locked(&room, &key).await;
        for (name, part) in unpacked(&bytes) {
            let text = String::from_utf8_lossy(&part).into_owned();
            assert!(!["Dị ứng", "lo lắng", "Sởi"].iter().any(|word| text.contains(word)), "{name}");
        }
        // Whoever opened it for the package is seen by the family.
        let child: ChildHealth = guardian.get(&format!("/me/children/{learner}/health")).await.ok();
        let note = child.file.views[0].note.clone().unwrap();
        assert_eq!((child.file.views.len(), note.as_str()), (2, "Gói chuyển trường đến THCS Lê Lợi, Cần Thơ"));

        let received: TransferPackage = other.upload(&inbox, bytes).await.ok();
        assert_eq!(received.about.health.as_ref().unwrap().conditions, Some(1));
        assert!(received.about.files.iter().any(|file| file.name == "health.json" && file.sha256.len() == 64));
        let to = app.class(&app.world.school_b, "6B", "6").await;
        let accept = format!("/transfer-packages/{}/accept", received.id);
        let mut body = json!({ "class_id": to.id, "enrolled_on": "2026-10-01" });
        forget(&app, &room).await;
        other.post(&accept, &body).await.problem(Code::PackageHealthLocked);
        body["health_passphrase"] = json!("mưa rào tháng tám");
        other.post(&accept, &body).await.problem(Code::PassphraseWrong);
        body["health_passphrase"] = json!(LOCK);
        let done: TransferPackage = other.post(&accept, &body).await.ok();
        let here = done.learner_id.unwrap();
        let nurse = app.at(Role::Nurse, &app.world.school_b).await;
        let file: LearnerHealth = nurse.get(&format!("/learners/{here}/health")).await.ok();
        assert_eq!((file.checks.len(), file.checks[0].school_name.as_str(), file.checks[0].findings.pulse), (1, room.school.name.as_str(), Some(82)));
        assert_eq!((file.vaccinations[0].vaccine.as_str(), file.vaccinations[0].dose), ("Sởi", 2));
        let growth: LearnerGrowth = nurse.get(&format!("/learners/{here}/growth")).await.ok();
        assert_eq!(growth.entries.iter().map(|e| (e.weight_g, e.height_mm)).collect::<Vec<_>>(), [(Some(36500), Some(1432))]);
        let opened: OpenedHealth = nurse.post(&format!("/learners/{here}/health/views"), &json!({ "purpose": "care" })).await.ok();
        assert_eq!((opened.conditions[0].detail.as_str(), opened.conditions[0].alert.as_deref()), ("Dị ứng tôm", Some("Không ăn tôm")));
        assert_eq!(opened.checks[0].findings.note.as_deref(), Some("Hay lo lắng"));
        // Rounds of elsewhere are none of this school's.
        let rounds: Page<HealthRound> = nurse.get(&format!("/schools/{}/health-rounds", app.world.school_b.id)).await.ok();
        assert!(rounds.items.is_empty());
        // What is kept of it is sealed with the ring here, and the log has counts alone.
        let mut query = sea_orm::sea_query::Query::select();
        query.column("sealed").from("health_condition");
        for row in sea_orm::ConnectionTrait::query_all(app.db.read(), &query).await.unwrap() {
            assert!(row.try_get_by_index::<String>(0).unwrap().starts_with("k1."));
        }
        let log = app.audit(Some(app.world.school_b.id)).await;
        assert!(log.iter().any(|e| e.verb == "health.brought") && !format!("{log:?}").contains("tôm"));
    }

    async fn health_can_be_left_and_a_decline_taken_back(app: TestApp) {
        let (room, key, _) = sent(&app).await;
        examined(&app, &room, room.learners[0]).await;
        let bytes = locked(&room, &key).await;
        // One changed letter of the locked file, with its place in the manifest as it was.
        let mut files = unpacked(&bytes);
        let at = files.iter().position(|(name, _)| name == "health.json").unwrap();
        let middle = files[at].1.len() / 2;
        files[at].1[middle] ^= 1;
        let other = app.principal(&app.world.school_b).await;
        let refused = other.upload(&inbox(&app.world.school_b), packed(&files)).await.problem(Code::PackageNotValid);
        assert!(refused.params["what"].contains("thay đổi"));
        files.remove(at);
        let refused = other.upload(&inbox(&app.world.school_b), packed(&files)).await.problem(Code::PackageNotValid);
        assert!(refused.params["what"].contains("thiếu"));

        let received: TransferPackage = other.upload(&inbox(&app.world.school_b), bytes).await.ok();
        let of = |what: &str| format!("/transfer-packages/{}/{what}", received.id);
        other.post_empty(&of("reopen")).await.problem(Code::PackageNotDeclined);
        other.post(&of("decline"), &json!({ "reason": "Nhầm trường" })).await.status(200);
        room.principal.post_empty(&of("reopen")).await.problem(Code::NotFound);
        let again: TransferPackage = other.post_empty(&of("reopen")).await.ok();
        assert_eq!(again, received);
        let to = app.class(&app.world.school_b, "6B", "6").await;
        forget(&app, &room).await;
        let body = json!({ "class_id": to.id, "enrolled_on": "2026-10-01", "without_health": true });
        let done: TransferPackage = other.post(&of("accept"), &body).await.ok();
        let nurse = app.at(Role::Nurse, &app.world.school_b).await;
        let file: LearnerHealth = nurse.get(&format!("/learners/{}/health", done.learner_id.unwrap())).await.ok();
        assert!(file.checks.is_empty() && file.vaccinations.is_empty() && file.conditions.is_empty());
        other.post_empty(&of("reopen")).await.problem(Code::PackageNotDeclined);
    }

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
