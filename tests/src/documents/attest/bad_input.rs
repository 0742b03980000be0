//! Files that are not what they should be: each has its own answer.

use super::{Office, at, codes, content, refused, signed_on};
use documents::signing::KeyKind;
use transcript::{Document, FaultCode, Report, Role, Trust, parse, verify};

async fn signed() -> (Office, String) {
    let mut office = Office::new(KeyKind::P256);
    let xml = office.signed(content()).await.to_xml();
    (office, String::from_utf8(xml).unwrap())
}

fn check(bytes: &[u8]) -> Report {
    verify(bytes, &Trust::new(), at(2026, 6, 1))
}

#[test]
fn a_file_that_is_not_ours() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>";
    for other in [
        &b""[..],
        b"hello",
        b"PK\x03\x04",
        b"\xFF\xD8\xFF\xE0",
        b"<",
        b"<html>",
        b"<?xml version=\"1.0\"?>",
        b"<!-- x --><a/>",
        b"<transcript/>",
        b"<transcript xmlns=\"urn:other\"></transcript>",
        b"<content xmlns=\"urn:khue:transcript:1\"></content>",
        svg.as_bytes(),
    ] {
        refused(&check(other), FaultCode::NotOurs);
    }
    assert_eq!(check(b"PK\x03\x04").form, None);
    refused(&check(&vec![b'<'; 5 << 20]), FaultCode::TooLarge);
    let nothing = "<transcript xmlns=\"urn:khue:transcript:1\"><marks></marks></transcript>";
    refused(&check(nothing.as_bytes()), FaultCode::Malformed);
}

#[tokio::test]
async fn half_a_file() {
    let (_, xml) = signed().await;
    for end in (200..xml.len() - 1).step_by(397) {
        let end = (end..).find(|e| xml.is_char_boundary(*e)).unwrap();
        refused(&check(&xml.as_bytes()[..end]), FaultCode::Truncated);
    }
    // Within a letter.
    let letter = xml.find('Đ').unwrap();
    refused(&check(&xml.as_bytes()[..letter + 1]), FaultCode::Truncated);
}

#[tokio::test]
async fn entities_and_document_types() {
    let (_, xml) = signed().await;
    let (head, body) = xml.split_once('\n').unwrap();
    for document_type in [
        "<!DOCTYPE transcript>",
        "<!DOCTYPE transcript SYSTEM \"http://127.0.0.1/x.dtd\">",
        "<!DOCTYPE transcript [<!ENTITY m \"9,9\">]>",
        "<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>",
        "<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
    ] {
        refused(&check(format!("{head}\n{document_type}{body}").as_bytes()), FaultCode::Entities);
    }
    refused(&check(xml.replacen("7,9", "&mark;", 1).as_bytes()), FaultCode::Entities);
}

/// The same words in another form: no reader of theirs could be sure to see what was signed.
#[tokio::test]
async fn another_form() {
    let (_, xml) = signed().await;
    for (from, to) in [
        ("<grade>8</grade>", "<grade >8</grade>"),
        ("<grade>8</grade>", "<grade>+8</grade>"),
        ("<grade>8</grade>", "<grade>08</grade>"),
        ("<sex>Nam</sex>", "<sex>Na&#x6D;</sex>"),
        ("<sex>Nam</sex>", "<sex><![CDATA[Nam]]></sex>"),
        ("<sex>Nam</sex>", "<sex>Nam<!-- x --></sex>"),
        ("<sex>Nam</sex>", "<sex>Nam<?x y?></sex>"),
        ("<former></former>", "<former/>"),
        ("Id=\"header\"", "Id='header'"),
        ("version=\"1.0\"", "version='1.0'"),
        ("\n<transcript", "\n\n<transcript"),
        ("<signatures>", "<signatures xmlns=\"urn:khue:transcript:1\">"),
        ("&lt;với bạn&gt;", "&lt;với bạn>"),
        ("<header Id=\"header\">", "<header Id=\"header\" lang=\"vi\">"),
    ] {
        assert!(xml.contains(from), "{from}");
        refused(&check(xml.replacen(from, to, 1).as_bytes()), FaultCode::NotCanonical);
    }
    refused(&check([b"\xEF\xBB\xBF", xml.as_bytes()].concat().as_slice()), FaultCode::NotCanonical);
    refused(&check(format!("{xml}\n").as_bytes()), FaultCode::NotCanonical);
    for (from, to) in [
        ("<grade>8</grade>", "<grade>8</grade><rank>1</rank>"),
        ("<grade>8</grade>", "<grade>tám</grade>"),
        ("<grade>8</grade>", ""),
        ("<grade>8</grade>", "<grade>8</grade>x"),
        ("<period>s1</period>", "<period>s3</period>"),
        ("<birthDate>2012-03-09</birthDate>", "<birthDate>2012-13-09</birthDate>"),
        ("<code>TOAN</code>", "<code></code>"),
        ("<grade>8</grade>", "<grade>8</class>"),
        ("<former></former>", "<x:former></x:former>"),
        ("xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "xmlns:ds=\"urn:other\""),
    ] {
        assert!(xml.contains(from), "{from}");
        refused(&check(xml.replacen(from, to, 1).as_bytes()), FaultCode::Malformed);
    }
}

fn between<'a>(xml: &'a str, from: &str, to: &str) -> &'a str {
    let start = xml.find(from).unwrap();
    let end = start + xml[start..].find(to).unwrap() + to.len();
    &xml[start..end]
}

/// Signed content moved aside, and other content in its place.
#[tokio::test]
async fn wrapping() {
    let (_, xml) = signed().await;
    let signed_content = between(&xml, "<content", "</content>");
    let forged = signed_content.replace("7,9", "9,9");
    let forged = forged.as_str();
    // The signed one hidden in a signature, under its own name and under another.
    let hidden = format!("<ds:Object>{signed_content}</ds:Object></ds:Signature></signatures>");
    let moved = xml.replacen(signed_content, forged, 1).replacen("</ds:Signature></signatures>", &hidden, 1);
    refused(&check(moved.as_bytes()), FaultCode::Wrapping);
    let renamed = moved.replacen("<content Id=\"content\">", "<content Id=\"other\">", 1);
    refused(&check(renamed.as_bytes()), FaultCode::Wrapping);
    // Beside the forged one.
    let beside = xml.replacen(signed_content, &format!("{forged}{signed_content}"), 1);
    refused(&check(beside.as_bytes()), FaultCode::Wrapping);
    // Only the subject, or the header.
    let subject = between(&xml, "<subject Id=\"subject-TOAN\">", "</subject>");
    let doubled = xml.replacen(subject, &format!("{}{subject}", subject.replace("7,9", "9,9")), 1);
    refused(&check(doubled.as_bytes()), FaultCode::Wrapping);
    // A whole transcript within another.
    let (head, body) = xml.split_once('\n').unwrap();
    let nested = format!("{head}\n<transcript xmlns=\"urn:khue:transcript:1\">{body}</transcript>");
    assert!(!check(nested.as_bytes()).valid);
    // A signature twice.
    let signature = between(&xml, "<ds:Signature xmlns:ds=", "</ds:Signature>");
    refused(&check(xml.replacen(signature, &signature.repeat(2), 1).as_bytes()), FaultCode::Wrapping);
}

/// A signature refers to exactly what its role vouches for, by exactly the listed means.
#[tokio::test]
async fn other_references_transforms_and_algorithms() {
    let (_, xml) = signed().await;
    let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
    let xpath = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform>";
    let reference = between(&xml, "<ds:Reference URI=\"#header\">", "</ds:Reference>");
    for (from, to, code) in [
        (exclusive, xpath, FaultCode::UnexpectedTransform),
        (exclusive, &format!("{exclusive}{exclusive}"), FaultCode::UnexpectedTransform),
        (exclusive, "", FaultCode::UnexpectedTransform),
        (
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2006/12/xml-c14n11\"",
            FaultCode::UnexpectedTransform,
        ),
        ("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1", FaultCode::UnexpectedAlgorithm),
        ("xmldsig-more#ecdsa-sha256", "xmldsig-more#hmac-sha256", FaultCode::UnexpectedAlgorithm),
        ("URI=\"#subject-TOAN\"", "URI=\"#subject-GDTC\"", FaultCode::UnexpectedReference),
        ("URI=\"#header\"", "URI=\"http://example.com/header\"", FaultCode::UnexpectedReference),
        ("URI=\"\"", "URI=\"#content\"", FaultCode::UnexpectedTransform),
        ("URI=\"#properties-seal\"", "URI=\"#properties-principal\"", FaultCode::UnexpectedReference),
        (reference, "", FaultCode::UnexpectedReference),
        (reference, &reference.repeat(2), FaultCode::UnexpectedReference),
        ("<xades:ClaimedRole>subject-TOAN<", "<xades:ClaimedRole>subject-GDTC<", FaultCode::UnexpectedReference),
        ("<xades:ClaimedRole>subject-TOAN<", "<xades:ClaimedRole>subject-HOA<", FaultCode::UnexpectedReference),
    ] {
        assert!(xml.contains(from), "{from}");
        refused(&check(xml.replacen(from, to, 1).as_bytes()), code);
    }
}

/// What stands in a signature itself is changed.
#[tokio::test]
async fn a_changed_signature() {
    let (office, xml) = signed().await;
    let maths = between(&xml, "<ds:Signature xmlns:ds=", "</ds:Signature>").to_owned();
    let judge = |from: &str, to: &str| {
        assert!(maths.contains(from), "{from}");
        let report = office.check(xml.replacen(&maths, &maths.replacen(from, to, 1), 1).as_bytes());
        assert!(!report.valid);
        // The homeroom teacher signed the maths teacher's signature too.
        let wrong = codes(&report).1;
        assert_eq!(wrong[1], ("homeroom".to_owned(), vec![FaultCode::EarlierChanged]));
        assert_eq!(wrong.last().unwrap(), &("seal".to_owned(), vec![FaultCode::DocumentChanged]));
        wrong[0].1.clone()
    };
    assert_eq!(judge("2026-05-28T02:00:00Z", "2026-05-27T02:00:00Z"), [FaultCode::PropertiesChanged]);
    let value = between(&maths, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let other = between(&xml[xml.find("signature-subject-GDTC").unwrap()..], "<ds:SignatureValue>", "</ds:SignatureValue>");
    assert_eq!(judge(value, other), [FaultCode::SignatureInvalid]);
    let certificate = between(&maths, "<ds:X509Certificate>", "</ds:X509Certificate>");
    let other = between(&xml[xml.find("signature-principal").unwrap()..], "<ds:X509Certificate>", "</ds:X509Certificate>");
    assert_eq!(judge(certificate, other), [FaultCode::CertificateMismatch, FaultCode::SignatureInvalid, FaultCode::NotNamed]);
    assert_eq!(judge(certificate, "<ds:X509Certificate>AAAA</ds:X509Certificate>"), [FaultCode::CertificateMalformed]);
}

/// A signature that was made for one child is not one for another, nor for another year or after a correction.
#[tokio::test]
async fn a_signature_moved_to_another_transcript() {
    let mut office = Office::new(KeyKind::P256);
    let maths = Role::Subject("TOAN".to_owned());
    let mut document = Document::new(content()).unwrap();
    office.sign(&mut document, &maths, None).await;
    let signature = document.signature(&maths).unwrap();
    for change in [
        |c: &mut transcript::Content| c.learner.full_name = "Trần Văn Bình".to_owned(),
        |c: &mut transcript::Content| c.school_year = "2026-2027".to_owned(),
        |c: &mut transcript::Content| c.id = uuid::Uuid::from_u128(2),
        |c: &mut transcript::Content| c.subjects[0].comment = None,
    ] {
        let mut other = content();
        change(&mut other);
        let mut moved = Document::new(other).unwrap();
        moved.insert(signature.clone());
        let report = office.check(&moved.to_xml());
        assert_eq!(codes(&report).1, [("subject TOAN".to_owned(), vec![FaultCode::ContentChanged])]);
    }
}

/// A later signature without the earlier ones, as if somebody had taken them out.
#[tokio::test]
async fn an_earlier_signature_taken_out() {
    let (office, xml) = signed().await;
    let document = parse(xml.as_bytes()).unwrap();
    let mut without = Document::new(content()).unwrap();
    for signature in document.signatures().iter().filter(|s| *s.role() != Role::Subject("GDTC".to_owned())) {
        without.insert(signature.clone());
    }
    let report = office.check(&without.to_xml());
    assert_eq!(report.missing, [Role::Subject("GDTC".to_owned())]);
    let of = |role: &str, code| (role.to_owned(), vec![code]);
    assert_eq!(
        codes(&report),
        (vec![FaultCode::Missing], vec![of("homeroom", FaultCode::OutOfOrder), of("seal", FaultCode::DocumentChanged)])
    );
    assert_eq!(report.signatures[0].claimed_time, Some(signed_on()));
}

/// Every code has a sentence of its own in both languages.
#[test]
fn every_fault_speaks_both_languages() {
    let mut seen = std::collections::HashSet::new();
    for code in FaultCode::ALL {
        let fault = code.fault();
        assert!(fault.vi.ends_with('.') && fault.en.ends_with('.') && fault.vi != fault.en, "{code:?}");
        assert!(seen.insert(fault.vi) && seen.insert(fault.en), "{code:?}");
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
}
