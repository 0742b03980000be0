//! Signatures as other programs and other people's tokens make them: RSA-PSS and ECDSA on P-384 beside what everybody has. Keys,
//! certificates and values are openssl's; what it and pdfsig say of ours counts too.

use super::pdf::pdf;
use super::{Office, content, file, run, signed_on};
use documents::signing::{Digest, Holder, KeyKind, Signer, SigningError, sign_file, sign_pdf, sign_xml};
use futures::future::BoxFuture;
use std::path::Path;
use std::process::Command;
use transcript::{Algorithm, CertificateFacts, Document, FaultCode, Role, Trust, parse, verify, verify_file};

const SCHOOL: &str = "Trường THCS Gia Hội";

fn shell(folder: &Path, command: &str) -> bool {
    let said = run(Command::new("sh").arg("-ec").arg(command).current_dir(folder));
    if !said.status.success() {
        println!("{command}: {}", String::from_utf8_lossy(&said.stderr));
    }
    said.status.success()
}

/// An authority `root` and a certificate `own` for this name, with keys of a kind that openssl knows.
fn certificates(folder: &Path, name: &str, key: &str, sign: &str) {
    std::fs::write(
        folder.join("x.cnf"),
        "[req]\ndistinguished_name=dn\nprompt=no\nutf8=yes\n[dn]\nCN=x\n\
         [ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
         [end]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n",
    )
    .unwrap();
    for who in ["root", "own"] {
        assert!(shell(folder, &format!("openssl genpkey {key} -out {who}.key")));
    }
    assert!(shell(
        folder,
        &format!(
            "openssl req -x509 -config x.cnf -extensions ca -key root.key -subj /CN=Root -days 3000 {sign} -out root.pem && \
             openssl req -new -config x.cnf -utf8 -key own.key -subj '/CN={name}' {sign} -out own.csr && \
             openssl x509 -req -in own.csr -CA root.pem -CAkey root.key -set_serial 7 -days 3000 -extfile x.cnf -extensions end {sign} \
             -out own.pem && openssl x509 -in own.pem -outform DER -out own.der"
        )
    ));
}

const PSS: &str = "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
                   -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32";
const PSS_SIGN: &str = "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32";
const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";

fn trust(folder: &Path) -> Trust {
    let mut trust = Trust::new();
    trust.add_anchors(&std::fs::read(folder.join("root.pem")).unwrap()).unwrap();
    trust
}

/// A token whose key signs by RSASSA-PSS alone: openssl in its place.
struct PssToken<'a> {
    folder: &'a Path,
    certificates: Vec<Vec<u8>>,
}

impl Signer for PssToken<'_> {
    fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaPssSha256
    }
    fn sign<'a>(&'a self, digests: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        let one = |digest: &Digest| {
            file(self.folder, "digest", digest);
            assert!(shell(
                self.folder,
                "openssl pkeyutl -sign -inkey own.key -in digest -pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss \
                 -pkeyopt rsa_pss_saltlen:32 -out value"
            ));
            std::fs::read(self.folder.join("value")).unwrap()
        };
        Box::pin(async move { Ok(digests.iter().map(one).collect()) })
    }
}

/// What openssl says of a CMS signature of ours over a file.
fn openssl_takes(folder: &Path, signature: &[u8], over: &[u8]) -> bool {
    file(folder, "seal.p7s", signature);
    file(folder, "over", over);
    shell(
        folder,
        "openssl cms -verify -inform DER -in seal.p7s -content over -binary -CAfile root.pem -purpose any -no_check_time -out again && \
         cmp over again",
    )
}

#[tokio::test]
async fn a_token_for_rsa_pss_signs_transcripts_and_papers() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    certificates(here, SCHOOL, PSS, PSS_SIGN);
    let own = std::fs::read(here.join("own.der")).unwrap();
    let now = CertificateFacts::of(&own).unwrap().not_before + chrono::Days::new(1);
    assert_eq!(Algorithm::of_certificate(&own), Ok(Algorithm::RsaPssSha256));
    let token = PssToken { folder: here, certificates: vec![own] };
    let maths = Role::Subject("TOAN".to_owned());
    let mut content = content();
    content.subjects[0].teachers = vec![SCHOOL.to_owned()];
    let mut document = Document::new(content).unwrap();
    sign_xml(&mut document, &maths, &token, now, None).await.unwrap();
    let xml = document.to_xml();
    assert!(String::from_utf8_lossy(&xml).contains("2007/05/xmldsig-more#sha256-rsa-MGF1"));
    let judge = |xml: &[u8]| {
        let report = verify(xml, &trust(here), now);
        report.signatures[0].faults.iter().map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(judge(&xml), []);
    assert_eq!(parse(&xml).unwrap().to_xml(), xml);
    // openssl agrees on the bytes that were signed.
    file(here, "info", &document.signature(&maths).unwrap().signed_info());
    let verified = "openssl x509 -in own.pem -pubkey -noout > pub.pem && openssl dgst -sha256 -verify pub.pem \
                    -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -signature value info";
    assert!(shell(here, verified));
    // The key is bound to PSS: its signature is taken for no other.
    let plain = String::from_utf8(xml).unwrap();
    let plain = plain.replace("2007/05/xmldsig-more#sha256-rsa-MGF1", "2001/04/xmldsig-more#rsa-sha256");
    assert_eq!(judge(plain.as_bytes()), [FaultCode::UnexpectedAlgorithm]);

    let seal = sign_file(b"manifest", &token, None).await.unwrap();
    assert!(openssl_takes(here, &seal, b"manifest"));
    assert!(!openssl_takes(here, &seal, b"manifesto"));
    let report = verify_file(b"manifest", &seal, SCHOOL, &trust(here), now);
    assert!(report.valid, "{:?}", report.faults);
    let paper = sign_pdf(&pdf(None, ""), &token, now, None).await.unwrap();
    let said = run(Command::new("pdfsig").arg("-nocert").arg(file(here, "t.pdf", &paper)));
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("Total document signed"), "{said}");
}

/// What openssl signs, with keys of each kind, is taken; each over its own hash, and PSS of keys that are not bound to it.
#[test]
fn signatures_of_other_programs_are_taken() {
    let ec = |curve: &str| format!("-algorithm EC -pkeyopt ec_paramgen_curve:{curve}");
    let rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072".to_owned();
    let pss = "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:-1";
    for (key, sign, cms) in [
        (ec("P-256"), "-sha256", "-md sha256"),
        (ec("P-384"), "-sha384", "-md sha384"),
        (rsa.clone(), "-sha384", "-md sha512"),
        (rsa, PSS_SIGN, &format!("-md sha384 {pss}")),
        (PSS.to_owned(), PSS_SIGN, &format!("-md sha256 {pss}")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        certificates(here, SCHOOL, &key, sign);
        file(here, "manifest", b"manifest");
        let signed = format!(
            "openssl cms -sign -cades -binary -in manifest -signer own.pem -inkey own.key {cms} -outform DER -out seal.p7s"
        );
        assert!(shell(here, &signed));
        let seal = std::fs::read(here.join("seal.p7s")).unwrap();
        let own = std::fs::read(here.join("own.der")).unwrap();
        let now = CertificateFacts::of(&own).unwrap().not_before + chrono::Days::new(1);
        let report = verify_file(b"manifest", &seal, SCHOOL, &trust(here), now);
        assert!(report.valid, "{key} {cms}: {:?}", report.faults);
        assert!(!verify_file(b"manifesto", &seal, SCHOOL, &trust(here), now).valid);
        let mut bent = seal.clone();
        let last = bent.len() - 1;
        bent[last] ^= 1;
        assert!(!verify_file(b"manifest", &bent, SCHOOL, &trust(here), now).valid, "{key}");
    }
}

/// A key file on P-384 as a provider gives it: kept, and its signatures taken by openssl.
#[tokio::test]
async fn a_key_file_on_p384_signs() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    certificates(here, SCHOOL, P384, "-sha384");
    assert!(shell(
        here,
        "openssl pkcs12 -export -inkey own.key -in own.pem -certfile root.pem -out own.p12 -passout pass:secret"
    ));
    let key = documents::signing::SoftwareSigner::from_pkcs12(&std::fs::read(here.join("own.p12")).unwrap(), "secret").unwrap();
    assert_eq!(key.algorithm(), Algorithm::EcdsaSha384);
    let seal = sign_file(b"manifest", &key, None).await.unwrap();
    assert!(openssl_takes(here, &seal, b"manifest"));
    assert!(!openssl_takes(here, &seal, b"manifesto"));
}

/// The hash goes with the curve: the same key under another name is refused.
#[tokio::test]
async fn the_algorithm_is_the_one_of_the_key() {
    let office = Office::new(KeyKind::P384);
    let key = office.issue(Holder::Person { name: "Phạm Quốc Bảo", school: SCHOOL });
    let mut document = Document::new(content()).unwrap();
    sign_xml(&mut document, &Role::Subject("TOAN".to_owned()), &key, signed_on(), None).await.unwrap();
    let xml = String::from_utf8(document.to_xml()).unwrap();
    assert!(office.check(xml.as_bytes()).signatures[0].valid);
    let other = xml.replace("xmldsig-more#ecdsa-sha384", "xmldsig-more#ecdsa-sha256");
    let faults = &office.check(other.as_bytes()).signatures[0].faults;
    assert_eq!(faults.iter().map(|f| f.code).collect::<Vec<_>>(), [FaultCode::UnexpectedAlgorithm]);
}
