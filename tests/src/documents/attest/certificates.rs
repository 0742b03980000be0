//! Whose certificate, from whom, and still good when it was used?

use super::{Office, at, codes, content, later, run, signed_on};
use documents::signing::{Holder, KeyKind, Signer, SoftwareSigner, TestAuthority, sign_xml};
use std::process::Command;
use transcript::{CertificateFacts, Document, FaultCode, Report, Revocation, Role, Trust, verify};

fn only(report: &Report) -> (Vec<FaultCode>, Revocation) {
    let mut all: Vec<_> = report.signatures.iter().map(|s| (s.faults.iter().map(|f| f.code).collect(), s.revocation)).collect();
    all.dedup();
    assert_eq!(all.len(), 1, "{:?}", codes(report));
    all.pop().unwrap()
}

#[tokio::test]
async fn a_sound_signature_of_a_stranger_is_worth_nothing() {
    let mut office = Office::new(KeyKind::P256);
    let xml = office.signed(content()).await.to_xml();
    // The same names, another authority.
    let report = verify(&xml, &Office::new(KeyKind::P256).trust(), at(2026, 6, 1));
    assert!(!report.valid);
    assert_eq!(only(&report), (vec![FaultCode::Untrusted], Revocation::Unknown));
    assert_eq!(only(&verify(&xml, &Trust::new(), at(2026, 6, 1))).0, [FaultCode::Untrusted]);
}

/// The same authority gave him a certificate, but the transcript does not name him.
#[tokio::test]
async fn who_is_not_named_did_not_sign_in_this_role() {
    let mut office = Office::new(KeyKind::P256);
    let mut document = office.signed(content()).await;
    let mut other = content();
    other.school.principal = "Người Lạ".to_owned();
    let stranger = office.issue(Holder::Person { name: "Người Lạ", school: "Trường khác" });
    // Signed over a content that names him, then put beside the real one.
    let mut his = Document::new(other.clone()).unwrap();
    for role in document.required().into_iter().take(4) {
        office.sign(&mut his, &role, None).await;
    }
    sign_xml(&mut his, &Role::Principal, &stranger, signed_on(), None).await.unwrap();
    let signature = his.signature(&Role::Principal).unwrap().clone();
    let xml = String::from_utf8(document.to_xml()).unwrap();
    document = Document::new(content()).unwrap();
    for role in document.required().into_iter().take(4) {
        office.sign(&mut document, &role, None).await;
    }
    document.insert(signature);
    let report = office.check(&document.to_xml());
    let principal = report.signatures.iter().find(|s| s.role == Role::Principal).unwrap();
    let found: Vec<_> = principal.faults.iter().map(|f| f.code).collect();
    assert_eq!(found, [FaultCode::ContentChanged, FaultCode::EarlierChanged, FaultCode::NotNamed]);
    assert!(xml.contains("signature-seal"));
}

#[tokio::test]
async fn an_expired_certificate_counts_only_with_a_time_stamp() {
    let mut office = Office::new(KeyKind::P256);
    let bare = office.signed(content()).await.to_xml();
    let stamped = office.stamped(content()).await.to_xml();
    for (xml, at, valid, codes) in [
        (&bare, later(30), true, vec![]),
        (&bare, later(400), false, vec![FaultCode::ExpiredUnstamped]),
        (&bare, at(2025, 12, 1), false, vec![FaultCode::NotYetValid]),
        (&stamped, later(400), true, vec![]),
    ] {
        let report = verify(xml, &office.trust(), at);
        assert_eq!((report.valid, only(&report).0), (valid, codes), "{at}");
    }
    // Stamped after it had expired.
    let maths = Role::Subject("TOAN".to_owned());
    let mut late = Document::new(content()).unwrap();
    let stamper = office.stamper(at(2027, 2, 1));
    office.sign(&mut late, &maths, Some(&stamper)).await;
    assert_eq!(only(&verify(&late.to_xml(), &office.trust(), later(400))).0, [FaultCode::Expired]);
}

#[tokio::test]
async fn a_revoked_certificate_counts_only_for_what_was_stamped_before() {
    let mut office = Office::new(KeyKind::P256);
    let bare = office.signed(content()).await.to_xml();
    let stamped = office.stamped(content()).await.to_xml();
    let certificates: Vec<Vec<u8>> =
        transcript::parse(&bare).unwrap().signatures().iter().map(|s| s.certificates()[0].clone()).collect();
    let revoked = |since| -> Vec<u8> {
        let list: Vec<_> = certificates.iter().map(|c| (c.as_slice(), since)).collect();
        office.authority.revocation_list(&list, at(2026, 6, 10)).unwrap()
    };
    let judged = |xml: &[u8], list: &[u8]| {
        let mut trust = office.trust();
        trust.add_revocation_list(list).unwrap();
        let report = verify(xml, &trust, at(2026, 6, 12));
        (report.valid, only(&report))
    };
    let none = office.authority.revocation_list(&[], at(2026, 6, 10)).unwrap();
    assert_eq!(judged(&bare, &none), (true, (vec![], Revocation::Good)));
    let after = revoked(at(2026, 6, 1));
    assert_eq!(judged(&bare, &after), (false, (vec![FaultCode::Revoked], Revocation::Revoked)));
    assert_eq!(judged(&stamped, &after), (true, (vec![], Revocation::Good)));
    let before = revoked(at(2026, 5, 1));
    assert_eq!(judged(&stamped, &before), (false, (vec![FaultCode::Revoked], Revocation::Revoked)));
    let mut future = revoked(at(2026, 6, 30));
    assert_eq!(judged(&bare, &future), (true, (vec![], Revocation::Good)));
    // A list that its authority did not sign says nothing.
    let last = future.len() - 1;
    future[last] ^= 1;
    assert_eq!(judged(&bare, &future), (true, (vec![], Revocation::Unknown)));
    let other =
        TestAuthority::new(at(2026, 1, 1)).unwrap().revocation_list(&[(&certificates[0], at(2026, 5, 1))], at(2026, 6, 10));
    assert_eq!(judged(&bare, &other.unwrap()), (true, (vec![], Revocation::Unknown)));
    // And one that is out of date does not say that all is well.
    let mut trust = office.trust();
    trust.add_revocation_list(&none).unwrap();
    assert_eq!(only(&verify(&bare, &trust, at(2026, 8, 1))), (vec![], Revocation::Unknown));
}

#[tokio::test]
async fn a_time_stamp_has_to_be_of_this_signature_and_from_an_authority_for_it() {
    let mut office = Office::new(KeyKind::P256);
    let maths = Role::Subject("TOAN".to_owned());
    let wrong = |document: &Document, office: &Office| {
        let report = office.check(&document.to_xml());
        report.signatures[0].faults.iter().map(|f| (f.code, f.detail.clone().unwrap_or_default())).collect::<Vec<_>>()
    };
    let of = |what: &str| vec![(FaultCode::TimeStamp, what.to_owned())];
    // Of another signature.
    let stamper = office.stamper(signed_on());
    let token = stamper.stamp(b"something else").await.unwrap();
    let moved = |token: Vec<u8>, document: &Document| {
        let mut signature = document.signature(&maths).unwrap().clone();
        signature.set_time_stamp(token);
        let mut again = Document::new(document.content().clone()).unwrap();
        again.insert(signature);
        again
    };
    let mut document = Document::new(content()).unwrap();
    office.sign(&mut document, &maths, None).await;
    assert_eq!(wrong(&moved(token, &document), &office), of("imprint"));
    assert_eq!(wrong(&moved(b"not a token".to_vec(), &document), &office), of("time-stamp-invalid"));
    // From an authority that nobody trusts.
    let stranger = Office::new(KeyKind::P256).stamper(signed_on());
    let token = stranger.stamp(&document.signature(&maths).unwrap().stamped()).await.unwrap();
    assert_eq!(wrong(&moved(token, &document), &office), of("untrusted"));
    // By a person's key.
    let person = office.issue(Holder::Person { name: "Phạm Quốc Bảo", school: "Trường THCS Gia Hội" });
    let stamper = documents::signing::TimeStamper::new(Box::new(documents::signing::TestTimeStamper::new(person, signed_on)));
    let token = stamper.stamp(&document.signature(&maths).unwrap().stamped()).await.unwrap();
    assert_eq!(wrong(&moved(token, &document), &office), of("key-usage"));
}

/// Chains through an authority in between, a certificate that is not for signing, and a key that is too short: made by openssl.
#[test]
fn chains_are_followed_as_other_programs_build_them() {
    let folder = tempfile::tempdir().unwrap();
    let at_folder = |command: &str| {
        let said = run(Command::new("sh").arg("-ec").arg(command).current_dir(folder.path()));
        assert!(said.status.success(), "{command}: {}", String::from_utf8_lossy(&said.stderr));
    };
    std::fs::write(
        folder.path().join("x.cnf"),
        "[req]\ndistinguished_name=dn\nprompt=no\nutf8=yes\n[dn]\nCN=x\n\
         [ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
         [end]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n\
         [tls]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,keyEncipherment\n\
         [odd]\nkeyUsage=critical,digitalSignature\n1.2.3.4=critical,ASN1:UTF8String:x\n",
    )
    .unwrap();
    at_folder(
        "openssl req -x509 -config x.cnf -extensions ca -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /CN=Root -days 3000 -sha384",
    );
    let issue = |name: &str, section: &str, key: &str, by: &str| {
        at_folder(&format!(
            "openssl req -config x.cnf -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj '/CN={name}' && \
             openssl x509 -req -in {name}.csr -CA {by}.pem -CAkey {by}.key -CAcreateserial -days 3000 -sha256 \
             -extfile x.cnf -extensions {section} -out {name}.pem && \
             openssl pkcs12 -export -inkey {name}.key -in {name}.pem -certfile {by}.pem -out {name}.p12 -passout pass:secret"
        ));
    };
    issue("middle", "ca", "rsa:2048", "root");
    issue("Bảo", "end", "rsa:2048", "middle");
    issue("tls", "tls", "rsa:2048", "middle");
    issue("odd", "odd", "rsa:2048", "middle");
    issue("short", "end", "rsa:1024", "middle");
    issue("below", "end", "rsa:2048", "Bảo");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let signer = |name: &str| documents::signing::SoftwareSigner::from_pkcs12(&read(&format!("{name}.p12")), "secret");

    let mut trust = Trust::new();
    trust.add_anchors(&read("root.pem")).unwrap();
    let facts = |key: &SoftwareSigner| CertificateFacts::of(&key.certificates()[0]).unwrap();
    let now = facts(&signer("Bảo").unwrap()).not_before + chrono::Days::new(1);
    let maths = Role::Subject("TOAN".to_owned());
    let judge = |name: &str| {
        let mut content = content();
        content.subjects[0].teachers = vec![name.to_owned()];
        let mut document = Document::new(content).unwrap();
        let key = signer(name).unwrap();
        assert_eq!(key.certificates().len(), 2);
        let signing = sign_xml(&mut document, &maths, &key, now, None);
        futures::executor::block_on(signing).map_err(|e| e.to_string())?;
        let report = verify(&document.to_xml(), &trust, now);
        Ok::<_, String>((
            report.signatures[0].chain.len(),
            report.signatures[0].faults.iter().map(|f| f.code).collect::<Vec<_>>(),
        ))
    };
    assert_eq!(judge("Bảo"), Ok((3, vec![])));
    assert!(judge("tls").unwrap_err().contains("not for signing"));
    assert_eq!(judge("odd").unwrap().1, [FaultCode::CertificateMalformed]);
    // A person is no authority.
    assert_eq!(judge("below").unwrap().1, [FaultCode::Untrusted]);
    assert!(signer("short").is_err());
    assert!(trust.add_anchors(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").is_err());
    assert!(trust.add_anchors(b"").is_err());
    // A file with a good certificate before the broken one leaves nothing behind either.
    let mut half = Trust::new();
    let root = read("root.pem");
    assert!(
        half.add_anchors(&[root.as_slice(), b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"].concat()).is_err()
    );
    assert!(half.is_empty());

    let facts = facts(&signer("Bảo").unwrap());
    assert_eq!((facts.subject.as_str(), facts.issuer.as_str()), ("Bảo", "middle"));
    assert!(facts.not_after > now);
}
