//! Is a certificate revoked? Asked of its authority's responder before it signs; the answer goes along in the signature. The responder is
//! openssl's, so what is asked and what is read are another program's too.

use super::{Office, codes, content, file, run};
use chrono::{DateTime, Days, TimeDelta, Utc};
use documents::signing::{
    Holder, KeyKind, RemoteTransport, Responders, Signer, SigningError, SoftwareSigner, TestAuthority, sign_pdf, sign_xml,
};
use futures::future::BoxFuture;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use transcript::{CertificateFacts, Document, FaultCode, Report, Revocation, Role, Trust, parse, verify};

/// A responder of an authority: openssl with an index of what was issued and what was taken back.
pub struct Responder {
    folder: tempfile::TempDir,
    /// Of openssl: how long its answers hold.
    validity: &'static str,
}

/// What the index says of a certificate (DER): good, or revoked since.
pub type Listed<'a> = (&'a [u8], Option<DateTime<Utc>>);

fn shell(folder: &Path, command: &str) {
    let said = run(Command::new("sh").arg("-ec").arg(command).current_dir(folder));
    assert!(said.status.success(), "{command}: {}", String::from_utf8_lossy(&said.stderr));
}

impl Responder {
    pub fn of(authority: &TestAuthority) -> Responder {
        let folder = tempfile::tempdir().unwrap();
        let (root, key) = authority.save();
        file(folder.path(), "root.der", &root);
        file(folder.path(), "root.p8", &key);
        shell(
            folder.path(),
            "openssl x509 -inform DER -in root.der -out root.pem && \
             openssl pkcs8 -inform DER -nocrypt -in root.p8 -out root.key && cp root.pem by.pem && cp root.key by.key",
        );
        Responder { folder, validity: "-ndays 1" }
    }

    /// Answers of the moment, which nobody may keep.
    pub fn of_the_moment(self) -> Responder {
        Responder { validity: "", ..self }
    }

    /// From now on somebody else's key signs the answers: one that the authority gave a certificate with this usage.
    fn by_delegate(&self, usage: &str) {
        file(self.folder.path(), "d.cnf", format!("keyUsage=critical,digitalSignature\n{usage}\n").as_bytes());
        shell(
            self.folder.path(),
            "openssl req -newkey rsa:2048 -nodes -keyout by.key -subj /CN=Responder -out by.csr && \
             openssl x509 -req -in by.csr -CA root.pem -CAkey root.key -set_serial 77 -days 30 -extfile d.cnf -out by.pem",
        );
    }

    pub fn lists(&self, all: &[Listed]) {
        let stamp = |at: DateTime<Utc>| at.format("%y%m%d%H%M%SZ").to_string();
        let mut index = String::new();
        for (der, revoked) in all {
            let facts = CertificateFacts::of(der).unwrap();
            let serial = facts.serial.to_uppercase();
            let serial = serial.strip_prefix("00").unwrap_or(&serial);
            let (state, since) = if let Some(at) = revoked { ('R', stamp(*at)) } else { ('V', String::new()) };
            index.push_str(&format!("{state}\t{}\t{since}\t{serial}\tunknown\t/CN={serial}\n", stamp(facts.not_after)));
        }
        file(self.folder.path(), "index.txt", index.as_bytes());
    }

    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        let own = tempfile::tempdir_in(self.folder.path()).unwrap();
        file(own.path(), "request", request);
        shell(
            own.path(),
            &format!(
                "openssl ocsp -index ../index.txt -CA ../root.pem -rsigner ../by.pem -rkey ../by.key {} -reqin request \
                 -respout answer",
                self.validity
            ),
        );
        std::fs::read(own.path().join("answer")).unwrap()
    }
}

type Answering = Box<dyn Fn(&[u8]) -> Option<Result<Vec<u8>, String>> + Send + Sync>;

/// The way to a responder: it counts, and may be silent.
struct Way {
    asked: Arc<AtomicUsize>,
    answer: Answering,
}

impl RemoteTransport for Way {
    fn post<'a>(&'a self, url: &'a str, content_type: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        assert_eq!((url, content_type), (URL, "application/ocsp-request"));
        self.asked.fetch_add(1, Ordering::SeqCst);
        match (self.answer)(&body) {
            Some(answer) => Box::pin(async move { answer }),
            None => Box::pin(futures::future::pending()),
        }
    }
}

const URL: &str = "http://ocsp.example.vn/tra-loi";
const SCHOOL: &str = "Trường THCS Gia Hội";

fn office() -> Office {
    let office = Office::new(KeyKind::P256);
    Office { authority: TestAuthority::new(Utc::now()).unwrap().with_responder(URL), ..office }
}

fn issue(office: &Office, holder: Holder) -> SoftwareSigner {
    let now = Utc::now();
    office.authority.issue(holder, KeyKind::P256, now - Days::new(1), now + Days::new(300)).unwrap()
}

fn teacher(office: &Office) -> SoftwareSigner {
    issue(office, Holder::Person { name: "Phạm Quốc Bảo", school: SCHOOL })
}

fn asking(
    trust: Trust,
    answer: impl Fn(&[u8]) -> Option<Result<Vec<u8>, String>> + Send + Sync + 'static,
) -> (Responders, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let way = Way { asked: asked.clone(), answer: Box::new(answer) };
    (Responders::new(trust, Box::new(way)).with_patience(Duration::from_millis(20)), asked)
}

fn standing(report: &Report) -> (bool, Revocation, Vec<FaultCode>) {
    let one = &report.signatures[0];
    (one.valid, one.revocation, one.faults.iter().map(|f| f.code).collect())
}

#[tokio::test]
async fn the_responder_is_asked_before_a_key_signs_and_its_answer_goes_along() {
    let office = office();
    let key = teacher(&office);
    let responder = Responder::of(&office.authority);
    responder.lists(&[(&key.certificates()[0], None)]);
    let now = Utc::now();
    let (responders, asked) = asking(office.trust(), move |request| Some(Ok(responder.answer(request))));
    let key: Arc<dyn Signer> = Arc::new(key);
    let vouched = responders.vouch(key.clone(), now).await.unwrap();
    assert!(vouched.revocation_answer().is_some());
    let mut document = Document::new(content()).unwrap();
    sign_xml(&mut document, &Role::Subject("TOAN".to_owned()), vouched.as_ref(), now, None).await.unwrap();
    let xml = document.to_xml();

    // No list and no network: the answer is in the file, and another program still takes the signature.
    assert_eq!(standing(&verify(&xml, &office.trust(), now)), (true, Revocation::Good, vec![]));
    assert_eq!(parse(&xml).unwrap().to_xml(), xml);
    let folder = tempfile::tempdir().unwrap();
    assert!(xmlsec_now(folder.path(), &office, &xml));
    // Once it is out of date nobody can tell; the signature stays as good as one without.
    assert_eq!(standing(&verify(&xml, &office.trust(), now + Days::new(9))), (true, Revocation::Unknown, vec![]));
    // Bent, it says nothing.
    let answer = vouched.revocation_answer().unwrap().to_vec();
    let mut bent = answer.clone();
    // Where the responder's name stands.
    bent[60] ^= 1;
    let mut trust = office.trust();
    trust.add_revocation_answer(&bent).unwrap();
    let mut bare = Document::new(content()).unwrap();
    sign_xml(&mut bare, &Role::Subject("TOAN".to_owned()), key.as_ref(), now, None).await.unwrap();
    assert_eq!(standing(&verify(&bare.to_xml(), &trust, now)).1, Revocation::Unknown);
    trust.add_revocation_answer(&answer).unwrap();
    assert_eq!(standing(&verify(&bare.to_xml(), &trust, now)).1, Revocation::Good);
    assert!(trust.add_revocation_answer(b"no answer").is_err());

    // It is kept for its validity, and asked for again after.
    responders.vouch(key.clone(), now + TimeDelta::hours(20)).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let late = responders.vouch(key, now + Days::new(2)).await;
    assert!(matches!(late, Err(SigningError::StatusUnknown(why)) if why.contains("time")));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

/// As of today: the answers of openssl are.
fn xmlsec_now(folder: &Path, office: &Office, xml: &[u8]) -> bool {
    let document = file(folder, "transcript.xml", xml);
    let root = file(folder, "root.der", office.authority.root());
    let mut command = Command::new("xmlsec1");
    command.args(["--verify", "--enabled-key-data", "x509"]);
    for name in ["content", "header", "subject"] {
        command.args(["--id-attr:Id", &format!("urn:khue:transcript:1:{name}")]);
    }
    command.args(["--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"]);
    command.args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Signature"]);
    run(command.arg("--trusted-der").arg(root).args(["--node-id", "signature-subject-TOAN"]).arg(document)).status.success()
}

#[tokio::test]
async fn a_sealed_paper_knows_by_the_answer_inside_it() {
    let office = office();
    let now = Utc::now();
    let responder = Responder::of(&office.authority);
    let seal = issue(&office, Holder::School { name: SCHOOL });
    responder.lists(&[(&seal.certificates()[0], None)]);
    let (responders, _) = asking(office.trust(), move |request| Some(Ok(responder.answer(request))));
    let seal = responders.vouch(Arc::new(seal), now).await.unwrap();
    // The others sign with keys of that day, without having been asked about.
    let mut document = Document::new(content()).unwrap();
    let content = content();
    for role in document.required() {
        if role == Role::Seal {
            sign_xml(&mut document, &role, seal.as_ref(), now, None).await.unwrap();
        } else {
            let name = match &role {
                Role::Subject(code) => content.subjects.iter().find(|s| s.code == *code).unwrap().teachers[0].clone(),
                Role::Homeroom => content.class.homeroom_teacher.clone(),
                _ => content.school.principal.clone(),
            };
            let key = issue(&office, Holder::Person { name: &name, school: SCHOOL });
            sign_xml(&mut document, &role, &key, now, None).await.unwrap();
        }
    }
    let bare = super::pdf::pdf(Some(&document.to_xml()), "");
    let paper = sign_pdf(&bare, seal.as_ref(), now, None).await.unwrap();
    let report = verify(&paper, &office.trust(), now);
    assert!(report.valid, "{:?}", codes(&report));
    assert_eq!(report.pdf_signature.as_ref().unwrap().revocation, Revocation::Good);
    assert_eq!(report.signatures[0].revocation, Revocation::Unknown);
}

#[tokio::test]
async fn a_revoked_certificate_does_not_sign() {
    let office = office();
    let key = teacher(&office);
    let now = Utc::now();
    let responder = Responder::of(&office.authority);
    responder.lists(&[(&key.certificates()[0], Some(now - TimeDelta::hours(1)))]);
    let mut signed = Document::new(content()).unwrap();
    sign_xml(&mut signed, &Role::Subject("TOAN".to_owned()), &key, now, None).await.unwrap();
    let question = office.trust().question(key.certificates(), now).unwrap().unwrap();
    let answer = responder.answer(&question.request);
    assert!(question.read(&answer, now).unwrap().revoked);

    let (responders, asked) = asking(office.trust(), move |request| Some(Ok(responder.answer(request))));
    for _ in 0..2 {
        assert!(matches!(responders.ask(key.certificates(), now).await, Err(SigningError::Revoked)));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what is revoked stays so");
    // And what it signed all the same counts only until then.
    let mut trust = office.trust();
    trust.add_revocation_answer(&answer).unwrap();
    assert_eq!(standing(&verify(&signed.to_xml(), &trust, now)), (false, Revocation::Revoked, vec![FaultCode::Revoked]));
    assert!(standing(&verify(&signed.to_xml(), &trust, now - TimeDelta::hours(2))).0);

    // By a list at hand nobody has to be asked.
    let list = office.authority.revocation_list(&[(&key.certificates()[0], now - TimeDelta::hours(1))], now).unwrap();
    let mut trust = office.trust();
    trust.add_revocation_list(&list).unwrap();
    let (responders, asked) = asking(trust, |_| None);
    assert!(matches!(responders.ask(key.certificates(), now).await, Err(SigningError::Revoked)));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_the_authority_answers_or_whom_it_named_for_it() {
    let office = office();
    let key = teacher(&office);
    let certificates = key.certificates().to_vec();
    let now = Utc::now();
    let question = || office.trust().question(&certificates, now).unwrap().unwrap();
    let responder = Responder::of(&office.authority);
    responder.lists(&[(&certificates[0], None)]);
    let wrong = |answer: &[u8]| question().read(answer, now).unwrap_err().detail.unwrap_or_default();

    responder.by_delegate("extendedKeyUsage=OCSPSigning");
    assert_eq!(question().read(&responder.answer(&question().request), now).map(|said| said.revoked), Ok(false));
    // Anybody else with a certificate of the authority: a teacher, a web server.
    responder.by_delegate("extendedKeyUsage=serverAuth");
    assert_eq!(wrong(&responder.answer(&question().request)), "authority");
    // Another authority, which uses the same name.
    let stranger = TestAuthority::new(now).unwrap();
    let other = Responder::of(&stranger);
    other.lists(&[(&certificates[0], None)]);
    let asked_there = {
        let mut trust = Trust::new();
        trust.add_anchors(stranger.root()).unwrap();
        let own = stranger.with_responder(URL).issue(
            Holder::Person { name: "Phạm Quốc Bảo", school: SCHOOL },
            KeyKind::P256,
            now - Days::new(1),
            now + Days::new(9),
        );
        trust.question(own.unwrap().certificates(), now).unwrap().unwrap().request
    };
    assert_eq!(wrong(&other.answer(&asked_there)), "authority");
    // About another certificate, and one that it never issued.
    let responder = Responder::of(&office.authority);
    let second = teacher(&office);
    responder.lists(&[(&second.certificates()[0], None)]);
    let about_second = office.trust().question(second.certificates(), now).unwrap().unwrap();
    assert_eq!(wrong(&responder.answer(&about_second.request)), "authority");
    assert_eq!(wrong(&responder.answer(&question().request)), "unknown");
    // Half an answer, none, and "try later" (RFC 6960 4.2.1).
    let whole = responder.answer(&about_second.request);
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        assert_eq!(wrong(&whole[..cut]), "form");
    }
    assert_eq!(wrong(&[0x30, 3, 0x0A, 1, 3]), "form");
}

#[tokio::test]
async fn a_silent_responder_keeps_a_key_from_signing_and_strangers_are_not_called() {
    let office = office();
    let key = teacher(&office);
    let now = Utc::now();
    for (answer, said) in [
        (None, "in time"),
        (Some(Err("the service answered 503".to_owned())), "503"),
        (Some(Ok(b"<html>".to_vec())), "cannot be used"),
    ] {
        let (responders, asked) = asking(office.trust(), move |_| answer.clone());
        let Err(SigningError::StatusUnknown(why)) = responders.ask(key.certificates(), now).await else { panic!("{said}") };
        assert!(why.contains(said), "{why}");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
    // A list at hand that covers the certificate is enough.
    let mut trust = office.trust();
    trust.add_revocation_list(&office.authority.revocation_list(&[], now).unwrap()).unwrap();
    let (responders, asked) = asking(trust, |_| None);
    assert!(responders.ask(key.certificates(), now).await.unwrap().is_none());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // The address in a certificate that no trusted authority issued may be anything: it is not called. Nor is there anybody to ask where
    // a certificate names nobody.
    let (responders, asked) = asking(Office::new(KeyKind::P256).trust(), |_| None);
    assert!(responders.ask(key.certificates(), now).await.unwrap().is_none());
    let plain = TestAuthority::new(now).unwrap();
    let mut trust = Trust::new();
    trust.add_anchors(plain.root()).unwrap();
    let key = plain.issue(Holder::School { name: SCHOOL }, KeyKind::P256, now - Days::new(1), now + Days::new(9)).unwrap();
    assert!(trust.question(key.certificates(), now).unwrap().is_none());
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
