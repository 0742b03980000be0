//! Digital transcripts: from a closed year to the seal, and into a family's hands; what may not be done on the way.

use super::council::{council_path, settled};
use super::*;
use crate::documents::attest::ocsp::Responder;
use crate::harness::{Reply, insert};
use crate::records::consents::attached;
use dto::access::Role;
use dto::council::Council;
use dto::identity::Person;
use dto::transcripts::*;
use dto::{Code, TranscriptId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use transcript::{FaultCode, Trust};

const PASSWORD: &str = "mật khẩu để ký";

fn path(room: &Room, what: &str) -> String {
    format!("/classes/{}/transcripts{what}", room.class.id)
}

async fn of_class(actor: &Actor, room: &Room) -> ClassTranscripts {
    actor.get(&path(room, "")).await.ok()
}

/// The school has a head by name, which is who signs as such.
async fn name_principal(app: &TestApp, room: &Room) {
    let row = vec![
        ("staff_id", room.principal.staff_id().0.into()),
        ("unit_id", room.school.id.0.into()),
        ("position", "principal".into()),
        ("valid_from", crate::harness::day("2020-09-01").into()),
        ("valid_to", None::<chrono::NaiveDate>.into()),
    ];
    insert(app.db.migrator(), "staff_post", row).await;
}

/// A class whose year is closed, with who teaches all of its subjects.
async fn closed(app: &TestApp) -> (Room, Actor) {
    let room = settled(app).await;
    room.principal.post_empty(&council_path(&room.class, "/close")).await.ok::<Council>();
    name_principal(app, &room).await;
    let teacher = app.teacher(&room.class, "TOAN").await;
    // One teacher, so that each subject has one signature of a name.
    let mut others = Query::delete();
    others.from_table("teaching").and_where(Expr::col("class_id").eq(room.class.id.0));
    app.db.migrator().execute(&others).await.unwrap();
    for subject in room.subjects().await {
        app.teaches(room.class.id, &subject.subject_code, teacher.staff_id()).await;
    }
    (room, teacher)
}

async fn add_key(actor: &Actor) -> SigningKey {
    let body = PostSigningKey { label: "Dùng thử".into(), source: KeySource::Trial { password: PASSWORD.into() } };
    actor.post("/me/signing-keys", &body).await.status(201).ok()
}

async fn add_seal(actor: &Actor, room: &Room) -> SigningKey {
    let body = PostSigningKey { label: "Dấu số".into(), source: KeySource::Trial { password: PASSWORD.into() } };
    actor.post(&format!("/units/{}/signing-keys", room.school.id), &body).await.status(201).ok()
}

async fn tasks(actor: &Actor) -> Vec<SigningTask> {
    actor.get("/me/signing-tasks").await.ok::<Page<SigningTask>>().items
}

fn items(tasks: &[SigningTask]) -> Vec<SigningItem> {
    let item =
        |task: &SigningTask| SigningItem { role: task.role, class_id: task.class_id, subject_code: task.subject_code.clone() };
    tasks.iter().filter(|task| task.ready > 0).map(item).collect()
}

/// Begins a run and waits for its end.
async fn sign(actor: &Actor, key: &SigningKey, items: Vec<SigningItem>) -> SigningRun {
    let body = PostSigningRun { key_id: key.id, password: Some(PASSWORD.into()), items };
    let mut run: SigningRun = actor.post("/signing-runs", &body).await.status(201).ok();
    while run.state == SigningRunState::Running {
        tokio::task::yield_now().await;
        run = actor.get(&format!("/signing-runs/{}", run.id)).await.ok();
    }
    run
}

async fn step(actor: &Actor, room: &Room, what: &str) -> Reply {
    actor.post(&path(room, what), &TranscriptSelection::default()).await
}

async fn comment(room: &Room) {
    let rows = room
        .learners
        .iter()
        .map(|learner| PutTranscriptComment { learner_id: *learner, text: "Chăm ngoan, tiến bộ.".into(), version: 0 })
        .collect();
    room.homeroom.put_bare(&path(room, "/comments"), &PutTranscriptComments { rows }).await.ok::<TranscriptCommentsSaved>();
}

/// Signed by all and sealed.
async fn sealed(app: &TestApp) -> (Room, Actor) {
    let (room, teacher) = closed(app).await;
    comment(&room).await;
    step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
    step(&room.homeroom, &room, "/reconcile").await.ok::<ClassTranscripts>();
    for actor in [&teacher, &room.homeroom, &room.principal] {
        let key = add_key(actor).await;
        let mut mine = tasks(actor).await;
        mine.retain(|task| task.role != SigningRole::Seal);
        let run = sign(actor, &key, items(&mine)).await;
        assert!(run.failed.is_empty() && run.done == run.total && run.total > 0, "{run:?}");
    }
    let seal = add_seal(&room.principal, &room).await;
    let mut mine = tasks(&room.principal).await;
    mine.retain(|task| task.role == SigningRole::Seal);
    let run = sign(&room.principal, &seal, items(&mine)).await;
    assert!(run.failed.is_empty() && run.done == 3, "{run:?}");
    (room, teacher)
}

/// A class whose transcripts are signed by all, sealed and issued.
pub async fn issued(app: &TestApp) -> (Room, Actor) {
    let (room, teacher) = sealed(app).await;
    step(&room.principal, &room, "/issue").await.ok::<ClassTranscripts>();
    (room, teacher)
}

async fn id_of(room: &Room, at: usize) -> TranscriptId {
    of_class(&room.homeroom, room).await.rows[at].transcript_id.unwrap()
}

fn trust(app: &TestApp) -> Trust {
    let mut trust = Trust::new();
    trust.add_anchors(app.trial.root()).unwrap();
    trust
}

/// A responder over HTTP: its address, and how it is stopped.
async fn answering(responder: std::sync::Arc<Responder>) -> (String, actix_web::dev::ServerHandle) {
    use actix_web::web::{self, Bytes, Data};
    async fn answer(responder: Data<Responder>, body: Bytes) -> actix_web::HttpResponse {
        actix_web::HttpResponse::Ok().content_type("application/ocsp-response").body(responder.answer(&body))
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ocsp", listener.local_addr().unwrap());
    let data = Data::from(responder);
    let server =
        actix_web::HttpServer::new(move || actix_web::App::new().app_data(data.clone()).default_service(web::to(answer)));
    let server = server.workers(1).listen(listener).unwrap().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (url, handle)
}

both_engines! {
    async fn a_closed_year_becomes_transcripts_that_are_signed_in_order(app: TestApp) {
        let open = room_in(&app, &app.world.school_b, "6B").await;
        let answer = of_class(&open.homeroom, &open).await;
        assert!(!answer.ready && answer.preparable && !answer.issuable);
        step(&open.homeroom, &open, "").await.problem(Code::YearNotSettled);

        let (room, teacher) = closed(&app).await;
        let answer: ClassTranscripts = step(&room.homeroom, &room, "").await.ok();
        assert!(answer.rows.iter().all(|row| row.state == Some(TranscriptState::Draft) && !row.outdated), "{answer:?}");
        let faults: Vec<_> = answer.rows[0].faults.iter().map(|fault| (fault.code.as_str(), fault.warning)).collect();
        assert_eq!(faults, [("personal_id_missing", true), ("comment_missing", true)]);
        // A word more in the record, and the draft is another one until it is made again.
        comment(&room).await;
        assert!(of_class(&room.homeroom, &room).await.rows.iter().all(|row| row.outdated));
        step(&room.homeroom, &room, "/reconcile").await.problem(Code::TranscriptNotReady);
        step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
        let answer: ClassTranscripts = step(&room.homeroom, &room, "/reconcile").await.ok();
        let needed = answer.rows[0].needed;
        assert!(answer.rows.iter().all(|row| row.state == Some(TranscriptState::Reconciled) && row.signed == 0), "{answer:?}");

        // Nobody signs before their turn, or what is not theirs.
        let homeroom_key = add_key(&room.homeroom).await;
        let waiting = tasks(&room.homeroom).await;
        assert_eq!(waiting.iter().map(|t| (t.role, t.ready, t.waiting)).collect::<Vec<_>>(), [(SigningRole::Homeroom, 0, 3)]);
        let early = SigningItem { role: SigningRole::Homeroom, class_id: room.class.id, subject_code: None };
        assert_eq!(sign(&room.homeroom, &homeroom_key, vec![early]).await.total, 0);
        let theirs = SigningItem { role: SigningRole::Subject, class_id: room.class.id, subject_code: Some("TOAN".into()) };
        let body = |key: &SigningKey, password: &str, item: &SigningItem| PostSigningRun { key_id: key.id, password: Some(password.into()), items: vec![item.clone()] };
        room.homeroom.post("/signing-runs", &body(&homeroom_key, PASSWORD, &theirs)).await.problem(Code::NotFound);
        let key = add_key(&teacher).await;
        teacher.post("/signing-runs", &body(&homeroom_key, PASSWORD, &theirs)).await.problem(Code::NotFound);
        teacher.post("/signing-runs", &body(&key, "sai", &theirs)).await.problem(Code::SigningKeyWrong);

        let mine = tasks(&teacher).await;
        assert!(mine.iter().all(|task| task.role == SigningRole::Subject && task.ready == 3), "{mine:?}");
        let run = sign(&teacher, &key, items(&mine)).await;
        assert_eq!((run.done, run.failed.len()), (u32::try_from(mine.len()).unwrap() * 3, 0), "{run:?}");
        let rows = of_class(&room.homeroom, &room).await.rows;
        assert!(rows.iter().all(|row| row.state == Some(TranscriptState::SubjectsSigned) && row.signed == needed - 3), "{rows:?}");

        let run = sign(&room.homeroom, &homeroom_key, items(&tasks(&room.homeroom).await)).await;
        assert_eq!((run.done, run.failed.len()), (3, 0));
        // Somebody else's run is nobody's to see.
        teacher.get(&format!("/signing-runs/{}", run.id)).await.problem(Code::NotFound);
        let principal_key = add_key(&room.principal).await;
        let seal = add_seal(&room.principal, &room).await;
        // The seal is no principal's signature, and the other way round.
        let both = tasks(&room.principal).await;
        let of = |role| both.iter().filter(|task| task.role == role).cloned().collect::<Vec<_>>();
        room.principal.post("/signing-runs", &PostSigningRun { key_id: seal.id, password: Some(PASSWORD.into()), items: items(&of(SigningRole::Principal)) }).await.problem(Code::NotFound);
        let run = sign(&room.principal, &principal_key, items(&of(SigningRole::Principal))).await;
        assert_eq!((run.done, run.failed.len()), (3, 0), "{run:?}");
        let sealing: Vec<_> = tasks(&room.principal).await.into_iter().filter(|task| task.role == SigningRole::Seal).collect();
        step(&room.principal, &room, "/issue").await.ok::<ClassTranscripts>();
        assert_eq!(of_class(&room.homeroom, &room).await.rows[0].state, Some(TranscriptState::PrincipalSigned), "what is not sealed is not issued");
        let run = sign(&room.principal, &seal, items(&sealing)).await;
        assert_eq!((run.done, run.failed.len()), (3, 0), "{run:?}");
        let answer: ClassTranscripts = step(&room.principal, &room, "/issue").await.ok();
        assert!(answer.rows.iter().all(|row| row.state == Some(TranscriptState::Issued) && row.signed == needed), "{answer:?}");

        // Both files are accepted by a check that knows nothing of this server; a byte more, and not.
        let id = id_of(&room, 1).await;
        let transcript: Transcript = room.homeroom.get(&format!("/transcripts/{id}")).await.ok();
        assert!(transcript.signatures.iter().all(|signature| signature.signed_at.is_some()));
        for form in ["xml", "pdf"] {
            let mut bytes = room.homeroom.get(&format!("/transcripts/{id}/file?form={form}")).await.status(200).body;
            let report = transcript::verify(&bytes, &trust(&app), kernel::clock::now());
            assert!(report.valid, "{form}: {:?}", report);
            assert_eq!(report.content_hash.as_deref(), Some(transcript.content_hash.as_str()));
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            assert!(!transcript::verify(&bytes, &trust(&app), kernel::clock::now()).valid, "{form}");
        }
        // By the stranger's own trust it is signed by nobody one knows.
        let bytes = room.homeroom.get(&format!("/transcripts/{id}/file?form=xml")).await.body;
        let report = transcript::verify(&bytes, &Trust::default(), kernel::clock::now());
        assert!(!report.valid && report.signatures[0].faults.iter().any(|fault| fault.code == FaultCode::Untrusted), "{report:?}");
    }

    async fn what_is_issued_is_never_edited_but_revoked_and_made_again(app: TestApp) {
        let (room, _) = issued(&app).await;
        let id = id_of(&room, 0).await;
        let one = format!("/transcripts/{id}");
        let reopen = ReopenTranscript { reason: "Sai điểm".into() };
        room.homeroom.post(&format!("{one}/reopen"), &reopen).await.problem(Code::TranscriptState);
        step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
        assert_eq!(id_of(&room, 0).await, id, "what stands is not made again");
        let before: Transcript = room.homeroom.get(&one).await.ok();

        let revoke = |reason: &str, number: &str, day: &str| json!({ "reason": reason, "decision_number": number, "decided_on": day });
        let path = format!("{one}/revoke");
        room.homeroom.post(&path, &revoke("Sai", "1/QĐ", "2026-09-01")).await.problem(Code::Forbidden);
        room.principal.post(&path, &revoke("  ", "1/QĐ", "2026-09-01")).await.field("/reason", Code::FieldRequired);
        room.principal.post(&path, &revoke("Sai", " ", "2026-09-01")).await.field("/decision_number", Code::FieldRequired);
        room.principal.post(&path, &revoke("Sai", "1/QĐ", "2199-09-01")).await.field("/decided_on", Code::FieldChoice);
        let revoked: Transcript = room.principal.post(&path, &revoke("Sai họ tên", "12/QĐ-THCS", "2026-09-01")).await.ok();
        assert_eq!(revoked.state, TranscriptState::Revoked);
        assert_eq!(revoked.revoked.as_ref().map(|r| r.decision_number.as_str()), Some("12/QĐ-THCS"));
        room.principal.post(&path, &revoke("Sai", "13/QĐ", "2026-09-01")).await.problem(Code::TranscriptState);

        // Another takes its place, and each knows of the other. The old one keeps what it said and who signed it.
        let answer: ClassTranscripts = step(&room.homeroom, &room, "").await.ok();
        let row = &answer.rows[0];
        assert_eq!((row.state, row.transcript_id == Some(id)), (Some(TranscriptState::Draft), false));
        let new: Transcript = room.homeroom.get(&format!("/transcripts/{}", row.transcript_id.unwrap())).await.ok();
        assert_eq!(new.replaces, Some(id));
        let old: Transcript = room.homeroom.get(&one).await.ok();
        assert_eq!((old.superseded_by, old.content, old.signatures), (Some(new.id), before.content, before.signatures));
        let check: TranscriptCheck = app.anonymous().get(&format!("/public/transcripts/{}", old.check_code)).await.ok();
        assert!(check.state == TranscriptState::Revoked && check.superseded && check.signatures.is_empty());
        app.anonymous().get(&format!("/public/transcripts/{}", new.check_code)).await.problem(Code::NotFound);
    }

    async fn a_reopened_transcript_loses_its_signatures_and_remembers_who_had_signed(app: TestApp) {
        let (room, teacher) = closed(&app).await;
        step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
        step(&room.homeroom, &room, "/reconcile").await.ok::<ClassTranscripts>();
        let key = add_key(&teacher).await;
        sign(&teacher, &key, items(&tasks(&teacher).await[..1])).await;
        let id = id_of(&room, 0).await;
        let path = format!("/transcripts/{id}/reopen");
        teacher.post(&path, &ReopenTranscript { reason: "Nhầm".into() }).await.problem(Code::Forbidden);
        room.homeroom.post(&path, &ReopenTranscript { reason: "  ".into() }).await.field("/reason", Code::FieldRequired);
        let answer: Transcript = room.homeroom.post(&path, &ReopenTranscript { reason: "Ghi nhầm nhận xét".into() }).await.ok();
        assert_eq!((answer.state, answer.signatures.len()), (TranscriptState::Draft, 0));
        let note = answer.history[0].note.clone().unwrap();
        assert!(note.starts_with("Ghi nhầm nhận xét") && note.contains("Đỗ Thị Dạy"), "{note}");
        room.homeroom.get(&format!("/transcripts/{id}/file?form=xml")).await.problem(Code::TranscriptUnsigned);
        // A draft can be looked at as it will be printed.
        let pdf = room.homeroom.get(&format!("/transcripts/{id}/file?form=pdf")).await.status(200).body;
        assert!(pdf.starts_with(b"%PDF-"));
        // Drafts of some learners alone.
        let some = json!({ "learner_ids": [room.learners[0]] });
        room.homeroom.post(&super::transcripts::path(&room, "/reconcile"), &some).await.ok::<ClassTranscripts>();
        let stranger = json!({ "learner_ids": [app.learner(&app.class(&room.school, "6A9", "6").await, "Ngô An").await] });
        room.homeroom.post(&super::transcripts::path(&room, ""), &stranger).await.field("/learner_ids/0", Code::NotFound);
    }

    async fn who_gets_a_transcript_is_written_down_and_who_holds_its_code_may_check_it(app: TestApp) {
        let (room, _) = issued(&app).await;
        let id = id_of(&room, 0).await;
        let path = format!("/transcripts/{id}/issues");
        let body = json!({ "form": "pdf", "recipient": "THCS Lê Lợi", "purpose": "Chuyển trường" });
        room.homeroom.post(&path, &body).await.problem(Code::Forbidden);
        room.principal.post(&path, &json!({ "form": "pdf", "recipient": " ", "purpose": "x" })).await.field("/recipient", Code::FieldRequired);
        let answer: Transcript = room.principal.post(&path, &body).await.ok();
        assert_eq!(answer.issues.iter().map(|i| (i.recipient.as_str(), i.form)).collect::<Vec<_>>(), [("THCS Lê Lợi", TranscriptForm::Pdf)]);
        let check: TranscriptCheck = app.anonymous().get(&format!("/public/transcripts/{}", answer.check_code)).await.ok();
        assert_eq!((check.state, check.content_hash.as_str(), check.superseded), (TranscriptState::Issued, answer.content_hash.as_str(), false));
        assert_eq!(check.learner, "Nguyễn … Ánh");
        assert_eq!(check.signatures.last().map(|s| s.role), Some(SigningRole::Seal));
        app.anonymous().get("/public/transcripts/khong-co").await.problem(Code::NotFound);
        // Whom the page of the check trusts: here the authority for trials.
        let trusted: TrustList = app.anonymous().get("/public/trust").await.ok();
        use base64::Engine;
        assert_eq!(trusted.anchors, [base64::prelude::BASE64_STANDARD.encode(app.trial.root())]);
        let copy = room.homeroom.get(&format!("/transcripts/{id}/file?form=copy")).await.status(200).body;
        assert!(copy.starts_with(b"%PDF-"));
    }

    async fn a_family_has_what_was_issued_and_may_ask_for_a_correction(app: TestApp) {
        let (room, _) = issued(&app).await;
        let (mine, other) = (room.learners[0], room.learners[1]);
        let guardian = app.guardian(&[mine]).await;
        let learner = app.learner_account(mine).await;
        let list: Page<FamilyTranscript> = guardian.get(&format!("/me/children/{mine}/transcripts")).await.ok();
        assert_eq!(list.items.len(), 1);
        let id = list.items[0].id;
        let file = |learner: LearnerId, id: TranscriptId, form: &str| format!("/me/children/{learner}/transcripts/{id}/file?form={form}");
        assert!(transcript::verify(&guardian.get(&file(mine, id, "pdf")).await.status(200).body, &trust(&app), kernel::clock::now()).valid);
        let xml = learner.get(&file(mine, id, "xml")).await.status(200).body;
        assert!(xml.starts_with(b"<?xml"));
        // Both go along with the copy of the child's data, and no other child's.
        let (told, files) = attached(&guardian.post_empty(&format!("/me/children/{mine}/data-export")).await.status(200));
        assert_eq!((told.len(), files.len()), (2, 2));
        assert_eq!(files[&format!("files/transcript/hoc-ba-{id}.xml")], xml);
        assert_eq!(guardian.get(told[0]["at"].as_str().unwrap()).await.status(200).body, files[told[0]["path"].as_str().unwrap()]);
        // Nothing of another child, whoever asks how.
        guardian.get(&format!("/me/children/{other}/transcripts")).await.problem(Code::NotFound);
        let rows = of_class(&room.homeroom, &room).await.rows;
        let theirs = rows.iter().find(|row| row.learner_id == other).and_then(|row| row.transcript_id).unwrap();
        guardian.get(&file(other, theirs, "pdf")).await.problem(Code::NotFound);
        guardian.get(&file(mine, theirs, "pdf")).await.problem(Code::NotFound);

        let ask = |learner: LearnerId, id: TranscriptId| format!("/me/children/{learner}/transcripts/{id}/corrections");
        guardian.post(&ask(mine, theirs), &json!({ "text": "Sai" })).await.problem(Code::NotFound);
        guardian.post(&ask(mine, id), &json!({ "text": "  " })).await.field("/text", Code::FieldRequired);
        let asked: TranscriptCorrection = guardian.post(&ask(mine, id), &json!({ "text": "Ngày sinh của cháu là 12/3." })).await.status(201).ok();
        assert_eq!(asked.due_on, records::calendar::working_day_after(kernel::clock::today(), 10));
        let staff: TranscriptCorrection = room.homeroom.post(&format!("/transcripts/{id}/corrections"), &json!({ "text": "Sai dân tộc." })).await.status(201).ok();
        let listed: Page<TranscriptCorrection> = room.principal.get(&format!("/units/{}/transcript-corrections", room.school.id)).await.ok();
        assert_eq!(listed.items.len(), 2);
        let answer = format!("/transcript-corrections/{}", asked.id);
        room.homeroom.put_bare(&answer, &json!({ "state": "accepted", "answer": "x" })).await.problem(Code::Forbidden);
        room.principal.put_bare(&answer, &json!({ "state": "open", "answer": "x" })).await.field("/state", Code::FieldChoice);
        room.principal.put_bare(&answer, &json!({ "state": "accepted", "answer": " " })).await.field("/answer", Code::FieldRequired);
        let answered: TranscriptCorrection = room.principal.put_bare(&answer, &json!({ "state": "accepted", "answer": "Đúng, trường sẽ lập lại." })).await.ok();
        assert_eq!(answered.state, CorrectionState::Accepted);
        room.principal.put_bare(&answer, &json!({ "state": "refused", "answer": "x" })).await.problem(Code::CorrectionAnswered);
        let seen: Page<FamilyTranscript> = guardian.get(&format!("/me/children/{mine}/transcripts")).await.ok();
        assert_eq!(seen.items[0].corrections.iter().map(|c| c.state).collect::<Vec<_>>(), [CorrectionState::Open, CorrectionState::Accepted]);
        assert_eq!(staff.text, "Sai dân tộc.");
    }

    async fn another_school_and_another_class_see_nothing(app: TestApp) {
        let (room, teacher) = issued(&app).await;
        let id = id_of(&room, 0).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let officer = app.officer(app.world.commune_b).await;
        for actor in [&other.principal, &other.homeroom, &officer] {
            actor.get(&path(&room, "")).await.problem(Code::NotFound);
            actor.get(&format!("/transcripts/{id}")).await.problem(Code::NotFound);
            actor.get(&format!("/transcripts/{id}/file?form=pdf")).await.problem(Code::NotFound);
        }
        for what in ["", "/reconcile"] {
            step(&other.homeroom, &room, what).await.problem(Code::NotFound);
        }
        step(&other.principal, &room, "/issue").await.problem(Code::NotFound);
        let body = json!({ "reason": "x", "decision_number": "1", "decided_on": "2026-01-01" });
        other.principal.post(&format!("/transcripts/{id}/revoke"), &body).await.problem(Code::NotFound);
        other.homeroom.post(&format!("/transcripts/{id}/reopen"), &json!({ "reason": "x" })).await.problem(Code::NotFound);
        other.principal.post(&format!("/transcripts/{id}/issues"), &json!({ "form": "pdf", "recipient": "x", "purpose": "x" })).await.problem(Code::NotFound);
        other.homeroom.post(&format!("/transcripts/{id}/corrections"), &json!({ "text": "x" })).await.problem(Code::NotFound);
        let rows = PutTranscriptComments { rows: vec![PutTranscriptComment { learner_id: room.learners[0], text: "x".into(), version: 0 }] };
        other.homeroom.put_bare(&path(&room, "/comments"), &rows).await.problem(Code::NotFound);
        other.principal.get(&format!("/units/{}/transcript-corrections", room.school.id)).await.problem(Code::NotFound);
        other.principal.get(&format!("/units/{}/signing-keys", room.school.id)).await.problem(Code::NotFound);
        // A subject teacher signs, and reads no transcripts of the class; the province and the commune read.
        teacher.get(&path(&room, "")).await.problem(Code::Forbidden);
        for actor in [app.officer(app.world.commune_a).await, app.province_admin().await, app.at(Role::Deputy, &room.school).await] {
            actor.get(&format!("/transcripts/{id}")).await.ok::<Transcript>();
        }
        for role in [Role::Nurse, Role::Accountant] {
            app.at(role, &room.school).await.get(&format!("/transcripts/{id}")).await.problem(Code::Forbidden);
        }
    }

    async fn keys_are_kept_without_their_password_and_only_their_owner_opens_them(app: TestApp) {
        let room = room(&app).await;
        let key = add_key(&room.homeroom).await;
        assert!(key.trial && key.needs_password && !key.seal && key.ends_within_days.is_none(), "{key:?}");
        assert_eq!(key.subject, "Vũ Văn Nhiệm");
        let other = add_key(&room.teacher).await;
        let own: Page<SigningKey> = room.homeroom.get("/me/signing-keys").await.ok();
        assert_eq!(own.items.iter().map(|k| k.id).collect::<Vec<_>>(), [key.id]);
        room.homeroom.delete(&format!("/me/signing-keys/{}", other.id)).await.problem(Code::NotFound);
        let add = |source: serde_json::Value| json!({ "label": "Khoá", "source": source });
        let unreadable = add(json!({ "kind": "pkcs12", "file": "AAAA", "password": "x" }));
        room.homeroom.post("/me/signing-keys", &unreadable).await.problem(Code::SigningKeyUnreadable);
        room.homeroom.post("/me/signing-keys", &add(json!({ "kind": "pkcs12", "file": "!", "password": "x" }))).await.field("/source/file", Code::SigningKeyUnreadable);
        room.homeroom.post("/me/signing-keys", &add(json!({ "kind": "pkcs11", "token": "x", "pin": "1" }))).await.problem(Code::SigningUnavailable);
        room.homeroom.post("/me/signing-keys", &add(json!({ "kind": "remote", "credential_id": "x" }))).await.problem(Code::SigningUnavailable);
        // A file of one's own, as a provider gives it.
        let made = app.trial.issue(
            documents::signing::Holder::Person { name: "Vũ Văn Nhiệm", school: "THCS Trần Phú" },
            documents::signing::KeyKind::Rsa2048,
            kernel::clock::now(),
            kernel::clock::now() + chrono::Days::new(20),
        ).unwrap();
        use base64::Engine;
        let file = base64::prelude::BASE64_STANDARD.encode(made.to_pkcs12("mở ra").unwrap());
        room.homeroom.post("/me/signing-keys", &add(json!({ "kind": "pkcs12", "file": file, "password": "sai" }))).await.problem(Code::SigningKeyWrong);
        let kept: SigningKey = room.homeroom.post("/me/signing-keys", &add(json!({ "kind": "pkcs12", "file": file, "password": "mở ra" }))).await.status(201).ok();
        assert_eq!((kept.ends_within_days, kept.trial), (Some(30), false));
        room.homeroom.post("/me/signing-keys", &add(json!({ "kind": "pkcs12", "file": file, "password": "mở ra" }))).await.problem(Code::SigningKeyKept);

        // The school sees whose certificates end; the file of a key that was removed is gone, and no password was ever there.
        let seal = add_seal(&room.principal, &room).await;
        assert!(seal.seal && seal.subject == "THCS Trần Phú", "{seal:?}");
        let all: Page<SigningKey> = room.principal.get(&format!("/units/{}/signing-keys", room.school.id)).await.ok();
        assert_eq!(all.items.len(), 4, "{all:?}");
        assert!(all.items.iter().all(|k| k.seal == k.owner.is_none()));
        room.homeroom.get(&format!("/units/{}/signing-keys", room.school.id)).await.problem(Code::Forbidden);
        room.homeroom.delete(&format!("/me/signing-keys/{}", kept.id)).await.done();
        room.principal.delete(&format!("/units/{}/signing-keys/{}", room.school.id, kept.id)).await.problem(Code::NotFound);
        room.principal.delete(&format!("/units/{}/signing-keys/{}", room.school.id, seal.id)).await.done();
        let mut stores = Query::select();
        stores.column("store").from("signing_key").and_where(Expr::col("removed_at").is_not_null());
        for row in app.db.read().query_all(&stores).await.unwrap() {
            assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "");
        }
        for entry in app.audit(None).await.iter().chain(&app.audit(Some(room.school.id)).await) {
            let text = format!("{:?}{:?}", entry.before, entry.after);
            assert!(!text.contains(PASSWORD) && !text.contains("mở ra"), "{text}");
        }
    }

    async fn only_whom_the_transcript_names_can_sign_it(app: TestApp) {
        let (room, teacher) = closed(&app).await;
        step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
        step(&room.homeroom, &room, "/reconcile").await.ok::<ClassTranscripts>();
        // A certificate of somebody else: each transcript stays as it was, and the run says why.
        let stranger = app.trial.issue(
            documents::signing::Holder::Person { name: "Người Lạ", school: "THCS Trần Phú" },
            documents::signing::KeyKind::P256,
            kernel::clock::now(),
            kernel::clock::now() + chrono::Days::new(100),
        ).unwrap();
        use base64::Engine;
        let file = base64::prelude::BASE64_STANDARD.encode(stranger.to_pkcs12(PASSWORD).unwrap());
        let body = json!({ "label": "Của người khác", "source": { "kind": "pkcs12", "file": file, "password": PASSWORD } });
        let key: SigningKey = teacher.post("/me/signing-keys", &body).await.status(201).ok();
        let run = sign(&teacher, &key, items(&tasks(&teacher).await[..1])).await;
        assert_eq!((run.done, run.failed.len(), run.total), (0, 3, 3), "{run:?}");
        assert_eq!(run.failed[0].code, "not-named", "{run:?}");
        assert!(of_class(&room.homeroom, &room).await.rows.iter().all(|row| row.signed == 0));
    }

    async fn a_key_signs_only_while_its_authority_says_that_it_is_not_revoked(app: TestApp) {
        let (room, teacher) = closed(&app).await;
        step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
        step(&room.homeroom, &room, "/reconcile").await.ok::<ClassTranscripts>();
        let responder = std::sync::Arc::new(Responder::of(&app.trial).of_the_moment());
        let (url, stop) = answering(responder.clone()).await;
        let (root, key) = app.trial.save();
        let authority = documents::signing::TestAuthority::open(&root, &key).unwrap().with_responder(&url);
        let name = add_key(&teacher).await.subject;
        let now = kernel::clock::now();
        let issue = || {
            let holder = documents::signing::Holder::Person { name: &name, school: "THCS Trần Phú" };
            authority.issue(holder, documents::signing::KeyKind::P384, now - chrono::Days::new(1), now + chrono::Days::new(100)).unwrap()
        };
        let body = |key: &documents::signing::SoftwareSigner| {
            use base64::Engine;
            let file = base64::prelude::BASE64_STANDARD.encode(key.to_pkcs12(PASSWORD).unwrap());
            json!({ "label": "Của nhà cung cấp", "source": { "kind": "pkcs12", "file": file, "password": PASSWORD } })
        };
        let (good, bad) = (issue(), issue());
        let certificate = |key: &documents::signing::SoftwareSigner| documents::signing::Signer::certificates(key)[0].clone();
        let (good_one, bad_one) = (certificate(&good), certificate(&bad));

        // What was taken back is not even kept, nor what the authority does not know.
        responder.lists(&[(&bad_one, Some(now - chrono::TimeDelta::hours(1)))]);
        teacher.post("/me/signing-keys", &body(&bad)).await.problem(Code::CertificateRevoked);
        teacher.post("/me/signing-keys", &body(&good)).await.problem(Code::CertificateStatusUnknown);
        responder.lists(&[(&good_one, None), (&bad_one, None)]);
        let key: SigningKey = teacher.post("/me/signing-keys", &body(&good)).await.status(201).ok();
        let mine = items(&tasks(&teacher).await);
        let run = sign(&teacher, &key, mine[..1].to_vec()).await;
        assert_eq!((run.done, run.failed.len()), (3, 0), "{run:?}");
        // The answer is in the file, so that a check needs neither us nor the responder.
        let id = id_of(&room, 0).await;
        let xml = room.homeroom.get(&format!("/transcripts/{id}/file?form=xml")).await.body;
        let report = transcript::verify(&xml, &trust(&app), kernel::clock::now());
        assert_eq!((report.signatures.len(), report.signatures[0].valid), (1, true), "{report:?}");
        assert_eq!(report.signatures[0].revocation, transcript::Revocation::Good);

        // Revoked since: not one signature more.
        responder.lists(&[(&good_one, Some(now - chrono::TimeDelta::hours(1)))]);
        let more = PostSigningRun { key_id: key.id, password: Some(PASSWORD.into()), items: mine[1..].to_vec() };
        teacher.post("/signing-runs", &more).await.problem(Code::CertificateRevoked);
        // And nobody there to ask: told at once.
        stop.stop(false).await;
        teacher.post("/signing-runs", &more).await.problem(Code::CertificateStatusUnknown);
        let rows = of_class(&room.homeroom, &room).await.rows;
        assert!(rows.iter().all(|row| row.signed == 1), "{rows:?}");
    }

    async fn two_teachers_who_sign_at_once_lose_no_signature(app: TestApp) {
        let (room, teacher) = closed(&app).await;
        let second = {
            let staff = app.staff(room.school.id, "Mai Thị Hai").await;
            app.actor(Some(Person::Staff(staff)), &[(Role::SubjectTeacher, Some(room.school.id))]).await
        };
        let subjects = room.subjects().await;
        let mut half = Query::update();
        half.table("teaching").value("staff_id", second.staff_id().0).and_where(Expr::col("class_id").eq(room.class.id.0))
            .and_where(Expr::col("subject_code").is_in(subjects.iter().step_by(2).map(|s| s.subject_code.clone())));
        app.db.migrator().execute(&half).await.unwrap();
        step(&room.homeroom, &room, "").await.ok::<ClassTranscripts>();
        step(&room.homeroom, &room, "/reconcile").await.ok::<ClassTranscripts>();
        let (a, b) = (add_key(&teacher).await, add_key(&second).await);
        let (mine, theirs) = (items(&tasks(&teacher).await), items(&tasks(&second).await));
        let (first, other) = futures::join!(sign(&teacher, &a, mine), sign(&second, &b, theirs));
        assert!(first.failed.is_empty() && other.failed.is_empty(), "{first:?} {other:?}");
        let rows = of_class(&room.homeroom, &room).await.rows;
        assert!(rows.iter().all(|row| row.state == Some(TranscriptState::SubjectsSigned)), "{rows:?}");
        let id = id_of(&room, 0).await;
        let xml = room.homeroom.get(&format!("/transcripts/{id}/file?form=xml")).await.body;
        let report = transcript::verify(&xml, &trust(&app), kernel::clock::now());
        assert!(report.signatures.len() == subjects.len() && report.signatures.iter().all(|s| s.valid), "{report:?}");
    }
}
