//! Where keys are kept: PKCS#12 files, tokens, signing services.

use super::{Office, at, content, file, run, signed_on};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use documents::signing::{
    Holder, KeyKind, Pkcs11Signer, Pkcs11Token, RemoteSigner, RemoteTransport, Signer, SigningError, SoftwareSigner, TEST_MARK,
    TestAuthority, TimeStamper, sign_xml,
};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use transcript::{Algorithm, Document, Role};

const KINDS: [KeyKind; 3] = [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048];

fn teacher(office: &Office) -> SoftwareSigner {
    office.issue(Holder::Person { name: "Phạm Quốc Bảo", school: "Trường THCS Gia Hội" })
}

async fn signs(office: &Office, key: &dyn Signer) {
    let mut document = Document::new(content()).unwrap();
    sign_xml(&mut document, &Role::Subject("TOAN".to_owned()), key, signed_on(), None).await.unwrap();
    assert!(office.check(&document.to_xml()).signatures[0].valid);
}

#[tokio::test]
async fn a_pkcs12_file_is_written_and_read_back() {
    for kind in KINDS {
        let office = Office::new(kind);
        let key = teacher(&office);
        let file = key.to_pkcs12("mật khẩu").unwrap();
        let again = SoftwareSigner::from_pkcs12(&file, "mật khẩu").unwrap();
        assert_eq!(again.certificates(), key.certificates());
        signs(&office, &again).await;
        assert!(matches!(SoftwareSigner::from_pkcs12(&file, "mat khau"), Err(SigningError::WrongPassword)));
        assert!(matches!(SoftwareSigner::from_pkcs12(b"%PDF-1.7", ""), Err(SigningError::KeyStore(_))));
    }
}

#[test]
fn openssl_reads_ours_and_we_read_its() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new(KeyKind::P256);
    let key = teacher(&office);
    let ours = file(folder.path(), "ours.p12", &key.to_pkcs12("secret").unwrap());
    let pem = folder.path().join("key.pem");
    let openssl = |args: &[&str]| {
        let said = run(Command::new("openssl").args(args));
        assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    };
    openssl(&["pkcs12", "-in", ours.to_str().unwrap(), "-passin", "pass:secret", "-noenc", "-out", pem.to_str().unwrap()]);
    let theirs = folder.path().join("theirs.p12");
    let export = |more: &[&str]| {
        let mut args = vec!["pkcs12", "-export", "-in", pem.to_str().unwrap(), "-out", theirs.to_str().unwrap()];
        args.extend(["-passout", "pass:khác"]);
        args.extend(more);
        openssl(&args);
        SoftwareSigner::from_pkcs12(&std::fs::read(&theirs).unwrap(), "khác")
    };
    assert_eq!(export(&[]).unwrap().certificates(), key.certificates());
    assert_eq!(export(&["-macalg", "sha512", "-iter", "5000"]).unwrap().certificates(), key.certificates());
    // What is no longer safe is told apart from a wrong password.
    for old in [&["-legacy"][..], &["-macalg", "sha1"]] {
        let Err(SigningError::KeyStore(why)) = export(old) else { panic!("{old:?}") };
        assert!(why.contains("AES-256"), "{why}");
    }
}

#[test]
fn everything_the_test_authority_issues_says_so_and_it_is_the_same_after_a_restart() {
    let office = Office::new(KeyKind::P256);
    let (root, key) = office.authority.save();
    let again = TestAuthority::open(&root, &key).unwrap();
    let mut trust = transcript::Trust::new();
    trust.add_anchors(&root).unwrap();
    for holder in [Holder::Person { name: "A", school: "B" }, Holder::School { name: "B" }, Holder::TimeStamps] {
        let issued = again.issue(holder, KeyKind::P256, at(2026, 1, 1), at(2027, 1, 1)).unwrap();
        let der = &issued.certificates()[0];
        assert!(der.windows(TEST_MARK.len()).any(|w| w == TEST_MARK.as_bytes()), "{holder:?}");
    }
    assert!(root.windows(TEST_MARK.len()).any(|w| w == TEST_MARK.as_bytes()));
    let key = again.issue(Holder::Person { name: "Phạm Quốc Bảo", school: "B" }, KeyKind::P256, at(2026, 1, 1), at(2027, 1, 1));
    futures::executor::block_on(signs(&office, &key.unwrap()));
}

/// A token of SoftHSM2 with a key and its certificate.
fn token(folder: &Path, module: &Path, label: &str, key: &SoftwareSigner) {
    let p12 = file(folder, "k.p12", &key.to_pkcs12("x").unwrap());
    let (pem, p8) = (folder.join("k.pem"), folder.join("k.p8"));
    let shell = |command: String| {
        let said = run(Command::new("sh").arg("-ec").arg(&command));
        assert!(said.status.success(), "{command}: {}", String::from_utf8_lossy(&said.stderr));
    };
    shell(format!("openssl pkcs12 -in {} -passin pass:x -noenc -nocerts -out {}", p12.display(), pem.display()));
    shell(format!("openssl pkcs8 -topk8 -nocrypt -in {} -out {}", pem.display(), p8.display()));
    shell(format!("softhsm2-util --init-token --free --label {label} --so-pin 0000 --pin 1234"));
    shell(format!("softhsm2-util --import {} --token {label} --label seal --id a1 --pin 1234", p8.display()));
    let library = Pkcs11::new(module).unwrap();
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    {
        let slots = library.get_slots_with_initialized_token().unwrap();
        let slot = slots.into_iter().find(|s| library.get_token_info(*s).unwrap().label() == label).unwrap();
        let session = library.open_rw_session(slot).unwrap();
        session.login(UserType::User, Some(&AuthPin::from("1234".to_owned()))).unwrap();
        let certificate = [
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Id(vec![0xA1]),
            Attribute::Subject(vec![0x30, 0]),
            Attribute::Value(key.certificates()[0].clone()),
        ];
        session.create_object(&certificate).unwrap();
    }
    library.finalize().unwrap();
}

/// The library reads its settings from the environment when it is loaded: so the test runs itself again with them.
#[tokio::test]
async fn a_token_signs_and_its_key_stays_on_it() {
    let module = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    let module = module.iter().map(Path::new).find(|p| p.exists()).expect("softhsm2 is installed");
    let Some(folder) = std::env::var_os("KHUE_TEST_TOKENS").map(std::path::PathBuf::from) else {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tokens")).unwrap();
        let settings = format!("directories.tokendir = {}\nlog.level = ERROR\n", folder.path().join("tokens").display());
        let settings = file(folder.path(), "softhsm2.conf", settings.as_bytes());
        let name = std::thread::current().name().unwrap().to_owned();
        let said = run(Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name])
            .env("SOFTHSM2_CONF", settings)
            .env("KHUE_TEST_TOKENS", folder.path()));
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
        assert!(String::from_utf8_lossy(&said.stdout).contains("1 passed"));
        return;
    };
    let offices =
        [(Office::new(KeyKind::P256), "ec"), (Office::new(KeyKind::P384), "ec384"), (Office::new(KeyKind::Rsa2048), "rsa")];
    for (office, label) in &offices {
        token(&folder, module, label, &teacher(office));
    }
    for (office, label) in offices {
        let open = |label, pin| Pkcs11Signer::open(&Pkcs11Token { module, label: Some(label), pin });
        assert!(matches!(open(label, "9999"), Err(SigningError::WrongPassword)));
        assert!(matches!(open("not there", "1234"), Err(SigningError::Unavailable(_))));
        let signer = open(label, "1234").unwrap();
        // A token that somebody has opened asks nobody else: we do.
        assert!(matches!(open(label, "9999"), Err(SigningError::WrongPassword)));
        assert!(open(label, "1234").is_ok());
        signs(&office, &signer).await;
    }
    assert!(matches!(
        Pkcs11Signer::open(&Pkcs11Token { module: Path::new("/nowhere.so"), label: None, pin: "" }),
        Err(SigningError::Unavailable(_))
    ));
}

struct Service {
    key: SoftwareSigner,
    der: bool,
    fails: bool,
}

fn ecdsa_der(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let mut value = bytes.to_vec();
        while value.len() > 1 && value[0] == 0 && value[1] < 0x80 {
            value.remove(0);
        }
        if value[0] >= 0x80 {
            value.insert(0, 0);
        }
        [&[2, value.len() as u8][..], &value].concat()
    };
    let (r, s) = raw.split_at(raw.len() / 2);
    let body = [integer(r), integer(s)].concat();
    [&[0x30, body.len() as u8][..], &body].concat()
}

impl RemoteTransport for Service {
    fn post<'a>(&'a self, path: &'a str, content_type: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(async move {
            if self.fails {
                return Err("503".to_owned());
            }
            assert_eq!(content_type, "application/json");
            let question: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(question["credentialID"], "seal-of-gia-hoi");
            let answer = match path {
                "credentials/info" => {
                    let all: Vec<_> = self.key.certificates().iter().map(|c| STANDARD.encode(c)).collect();
                    json!({ "cert": { "status": "valid", "certificates": all } })
                }
                "signatures/signHash" => {
                    let (hash, size) = if self.key.algorithm() == Algorithm::EcdsaSha384 { ("2", 48) } else { ("1", 32) };
                    assert_eq!(question["hashAlgo"], format!("2.16.840.1.101.3.4.2.{hash}"));
                    let hashes: Vec<Vec<u8>> = question["hash"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|h| STANDARD.decode(h.as_str().unwrap()).unwrap())
                        .collect();
                    assert!(hashes.iter().all(|h| h.len() == size));
                    let values = self.key.sign(&hashes).await.unwrap();
                    let values = values.iter().map(|v| STANDARD.encode(if self.der { ecdsa_der(v) } else { v.clone() }));
                    json!({ "signatures": values.collect::<Vec<_>>() })
                }
                other => panic!("{other}"),
            };
            Ok(serde_json::to_vec(&answer).unwrap())
        })
    }
}

#[tokio::test]
async fn a_signing_service_signs_by_digest() {
    for (kind, der, algorithm) in [
        (KeyKind::P256, false, Algorithm::EcdsaSha256),
        (KeyKind::P256, true, Algorithm::EcdsaSha256),
        (KeyKind::P384, false, Algorithm::EcdsaSha384),
        (KeyKind::P384, true, Algorithm::EcdsaSha384),
        (KeyKind::Rsa2048, false, Algorithm::RsaSha256),
    ] {
        let office = Office::new(kind);
        let service = Service { key: teacher(&office), der, fails: false };
        let remote = RemoteSigner::open(Box::new(service), "seal-of-gia-hoi").await.unwrap();
        assert_eq!(remote.algorithm(), algorithm);
        signs(&office, &remote).await;
    }
    let office = Office::new(KeyKind::P256);
    let service = Service { key: teacher(&office), der: false, fails: true };
    assert!(matches!(RemoteSigner::open(Box::new(service), "x").await, Err(SigningError::Unavailable(_))));
}

/// A service that signs with another key than it said.
#[tokio::test]
async fn what_comes_back_is_checked_before_it_is_kept() {
    struct Liar(SoftwareSigner, SoftwareSigner);
    impl Signer for Liar {
        fn certificates(&self) -> &[Vec<u8>] {
            self.0.certificates()
        }
        fn algorithm(&self) -> Algorithm {
            self.0.algorithm()
        }
        fn sign<'a>(&'a self, digests: &'a [Vec<u8>]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
            self.1.sign(digests)
        }
    }
    let office = Office::new(KeyKind::P256);
    let liar = Liar(teacher(&office), teacher(&office));
    let mut document = Document::new(content()).unwrap();
    let refused = sign_xml(&mut document, &Role::Subject("TOAN".to_owned()), &liar, signed_on(), None).await;
    assert!(matches!(refused, Err(SigningError::WrongKey)));
    assert!(document.signatures().is_empty());
    assert!(matches!(
        SoftwareSigner::from_pkcs8(&office.authority.save().1, teacher(&office).certificates().to_vec()),
        Err(SigningError::WrongKey)
    ));
}

#[tokio::test]
async fn a_time_stamp_authority_that_does_not_do_its_work_is_told() {
    struct Silent(Result<Vec<u8>, String>);
    impl RemoteTransport for Silent {
        fn post<'a>(&'a self, _: &'a str, content_type: &'a str, _: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>> {
            assert_eq!(content_type, "application/timestamp-query");
            Box::pin(async move { self.0.clone() })
        }
    }
    let office = Office::new(KeyKind::P256);
    for answer in [Err("503".to_owned()), Ok(vec![]), Ok(b"<html>".to_vec()), Ok(vec![0x30, 5, 0x30, 3, 2, 1, 2])] {
        let stamper = TimeStamper::new(Box::new(Silent(answer)));
        let mut document = Document::new(content()).unwrap();
        let refused =
            sign_xml(&mut document, &Role::Subject("TOAN".to_owned()), &teacher(&office), signed_on(), Some(&stamper)).await;
        assert!(matches!(refused, Err(SigningError::Unavailable(_))));
        assert!(document.signatures().is_empty());
    }
}
