//! Who signs what, in which order, and what the file then proves.

use super::{Office, at, codes, content, later, signed_on, xmlsec};
use documents::signing::{Holder, KeyKind, SigningError, sign_many, sign_xml};
use transcript::{Document, FaultCode, Role, parse, verify};

fn ids(document: &Document) -> Vec<String> {
    let id = |role: &Role| match role {
        Role::Subject(code) => format!("signature-subject-{code}"),
        other => format!("signature-{other}"),
    };
    document.required().iter().map(id).collect()
}

async fn everybody_signs(kind: KeyKind) {
    let mut office = Office::new(kind);
    let document = office.signed(content()).await;
    let xml = document.to_xml();
    let report = office.check(&xml);
    assert!(report.valid, "{:?}", codes(&report));
    assert_eq!(report.content, Some(content()));
    let said: Vec<_> = report.signatures.iter().map(|s| (s.role.clone(), s.signer.as_str(), s.chain.len())).collect();
    assert_eq!(
        said,
        [
            (Role::Subject("TOAN".to_owned()), "Phạm Quốc Bảo", 2),
            (Role::Subject("NGUVAN".to_owned()), "Lê Văn Hoà", 2),
            (Role::Subject("GDTC".to_owned()), "Võ Thành Ý", 2),
            (Role::Homeroom, "Lê Văn Hoà", 2),
            (Role::Principal, "Trần Thị Minh Nguyệt", 2),
            (Role::Seal, "Trường THCS Gia Hội", 2),
        ]
    );
    assert_eq!(report.signatures[0].claimed_time, Some(signed_on()));
    assert_eq!(parse(&xml).unwrap().to_xml(), xml);

    // Another program agrees, signature by signature, and so it does when one byte is another.
    let folder = tempfile::tempdir().unwrap();
    for id in ids(&document) {
        assert!(xmlsec(folder.path(), &office, &xml, &id), "{id}");
    }
    let text = String::from_utf8(xml).unwrap();
    let changed = text.replacen("7,9", "9,9", 1).into_bytes();
    for id in ["signature-subject-TOAN", "signature-homeroom", "signature-principal", "signature-seal"] {
        assert!(!xmlsec(folder.path(), &office, &changed, id), "{id}");
    }
    assert!(xmlsec(folder.path(), &office, &changed, "signature-subject-NGUVAN"));
    let report = office.check(&changed);
    let of = |role: &str, code| (role.to_owned(), vec![code]);
    assert_eq!(
        codes(&report),
        (
            vec![],
            vec![
                of("subject TOAN", FaultCode::ContentChanged),
                of("homeroom", FaultCode::ContentChanged),
                of("principal", FaultCode::ContentChanged),
                of("seal", FaultCode::DocumentChanged),
            ]
        )
    );
    assert!(!report.valid);
}

#[tokio::test]
async fn everybody_signs_on_p256_and_xmlsec1_agrees() {
    everybody_signs(KeyKind::P256).await;
}

#[tokio::test]
async fn everybody_signs_on_p384_and_xmlsec1_agrees() {
    everybody_signs(KeyKind::P384).await;
}

#[tokio::test]
async fn everybody_signs_with_rsa_and_xmlsec1_agrees() {
    everybody_signs(KeyKind::Rsa2048).await;
}

#[tokio::test]
async fn a_time_stamped_transcript_is_signed_for_xmlsec1_too() {
    let mut office = Office::new(KeyKind::P256);
    let document = office.stamped(content()).await;
    let report = office.check(&document.to_xml());
    assert!(report.valid, "{:?}", codes(&report));
    assert!(report.signatures.iter().all(|s| s.time_stamp.as_ref().is_some_and(|t| t.time == signed_on())));
    let folder = tempfile::tempdir().unwrap();
    for id in ids(&document) {
        assert!(xmlsec(folder.path(), &office, &document.to_xml(), &id), "{id}");
    }
}

#[tokio::test]
async fn nobody_signs_before_their_turn_twice_or_for_another() {
    let mut office = Office::new(KeyKind::P256);
    let content = content();
    let mut document = Document::new(content.clone()).unwrap();
    for (role, first) in [(Role::Homeroom, "subject-TOAN"), (Role::Principal, "subject-TOAN"), (Role::Seal, "subject-TOAN")] {
        let refused = sign_xml(&mut document, &role, office.signer(&content, &role), signed_on(), None).await.unwrap_err();
        let SigningError::Refused(fault) = refused else { panic!("{refused}") };
        assert_eq!((fault.code, fault.detail.as_deref()), (FaultCode::OutOfOrder, Some(first)));
    }
    // Subject teachers wait for nobody, and sign in any order.
    let (maths, literature) = (Role::Subject("TOAN".to_owned()), Role::Subject("NGUVAN".to_owned()));
    office.sign(&mut document, &literature, None).await;
    office.sign(&mut document, &maths, None).await;
    let signed: Vec<_> = document.signatures().iter().map(|s| s.role().clone()).collect();
    assert_eq!(signed, [maths.clone(), literature.clone()]);

    let refused = sign_xml(&mut document, &maths, office.signer(&content, &maths), signed_on(), None).await.unwrap_err();
    assert!(matches!(refused, SigningError::Refused(f) if f.code == FaultCode::Again));
    let gym = Role::Subject("GDTC".to_owned());
    let refused = sign_xml(&mut document, &gym, office.signer(&content, &maths), signed_on(), None).await.unwrap_err();
    assert!(matches!(refused, SigningError::Refused(f) if f.code == FaultCode::NotNamed));
    let nobody = Role::Subject("HOA".to_owned());
    let refused = sign_xml(&mut document, &nobody, office.signer(&content, &maths), signed_on(), None).await.unwrap_err();
    assert!(matches!(refused, SigningError::Refused(f) if f.code == FaultCode::Content));

    // What is there is sound, and says what is missing.
    let report = office.check(&document.to_xml());
    assert!(!report.valid && report.signatures.iter().all(|s| s.valid));
    assert_eq!(report.missing, [gym, Role::Homeroom, Role::Principal, Role::Seal]);
    assert_eq!(codes(&report), (vec![FaultCode::Missing; 4], vec![]));
}

#[tokio::test]
async fn a_subject_of_another_school_needs_no_signature_of_its_own() {
    let mut office = Office::new(KeyKind::P256);
    let mut content = content();
    content.subjects[2].teachers.clear();
    let document = office.signed(content).await;
    assert_eq!(document.signatures().len(), 5);
    assert!(office.check(&document.to_xml()).valid);
}

#[tokio::test]
async fn many_are_signed_in_one_act_and_the_failed_ones_are_told() {
    let mut office = Office::new(KeyKind::P256);
    let maths = Role::Subject("TOAN".to_owned());
    let mut documents = Vec::new();
    for n in 0..5u128 {
        let mut content = content();
        content.id = uuid::Uuid::from_u128(n + 1);
        if n == 2 {
            content.subjects[0].teachers = vec!["Người khác".to_owned()];
        }
        documents.push(Document::new(content).unwrap());
    }
    let content = documents[0].content().clone();
    // Work in the background moves between threads.
    fn moves<T: Send>(work: T) -> T {
        work
    }
    let stamper = office.stamper(signed_on());
    let key = office.signer(&content, &maths);
    let results = moves(sign_many(&mut documents, &maths, key, signed_on(), Some(&stamper))).await.unwrap();
    let failed: Vec<_> = results.iter().map(Result::is_err).collect();
    assert_eq!(failed, [false, false, true, false, false]);
    assert!(matches!(&results[2], Err(SigningError::Refused(f)) if f.code == FaultCode::NotNamed));
    let signed: Vec<_> = documents.iter().map(|d| d.signature(&maths).is_some()).collect();
    assert_eq!(signed, [true, true, false, true, true]);
}

/// A delegate is who the content names; letters' case and spaces of a certificate's name do not matter.
#[tokio::test]
async fn names_are_compared_as_people_do() {
    let office = Office::new(KeyKind::P256);
    let maths = Role::Subject("TOAN".to_owned());
    let mut document = Document::new(content()).unwrap();
    let key = office.issue(Holder::Person { name: "PHẠM  QUỐC BẢO", school: "Trường THCS Gia Hội" });
    sign_xml(&mut document, &maths, &key, signed_on(), None).await.unwrap();
    assert!(verify(&document.to_xml(), &office.trust(), at(2026, 6, 1)).signatures[0].valid);
    assert!(!verify(&document.to_xml(), &office.trust(), later(800)).signatures[0].valid);
}
