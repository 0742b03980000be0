//! Whatever a file is, there is an answer: never a panic, never a long wait. Files are cut, bent and spliced from good ones, which
//! reaches deeper than noise does.

use super::pdf::sealed;
use super::{Office, at, content, signed_on};
use documents::signing::{Holder, KeyKind, Signer, SoftwareSigner};
use proptest::prelude::*;
use std::sync::OnceLock;
use transcript::{Document, Role, Trust, read_time_stamp, verify};

struct Good {
    trust: Trust,
    xml: Vec<u8>,
    /// With one signature.
    one: Vec<u8>,
    pdf: Vec<u8>,
    pkcs12: Vec<u8>,
    certificate: Vec<u8>,
    list: Vec<u8>,
    token: Vec<u8>,
}

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let work = async {
            let mut office = Office::new(KeyKind::P256);
            let document = office.stamped(content()).await;
            let mut one = Document::new(content()).unwrap();
            office.sign(&mut one, &Role::Subject("TOAN".to_owned()), None).await;
            let key = office.issue(Holder::Person { name: "A", school: "B" });
            Good {
                trust: office.trust(),
                xml: document.to_xml(),
                one: one.to_xml(),
                pdf: sealed(&mut office, &document, true).await,
                pkcs12: key.to_pkcs12("x").unwrap(),
                certificate: key.certificates()[0].clone(),
                list: office.authority.revocation_list(&[(&key.certificates()[0], signed_on())], signed_on()).unwrap(),
                token: office.stamper(signed_on()).stamp(b"m").await.unwrap(),
            }
        };
        // On a thread of its own: a test may already be in a runtime.
        std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(work)
        })
        .join()
        .unwrap()
    })
}

#[derive(Clone, Debug)]
enum Change {
    Set(prop::sample::Index, u8),
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, prop::sample::Index),
    Copy(prop::sample::Index, prop::sample::Index, prop::sample::Index),
    Put(prop::sample::Index, Vec<u8>),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    use prop::sample::Index;
    let words = prop::sample::select(vec![
        "<",
        ">",
        "&",
        "&lt;",
        "<!DOCTYPE",
        "]]>",
        "<ds:Object>",
        "Id=\"content\"",
        "xmlns=\"\"",
        "<<",
        ">>",
        "[",
        "(",
        "\\",
        "endobj",
        "stream\n",
        "xref",
        "trailer",
        "/Prev 0",
        "999999999999",
        "-1",
        "0 R",
        "startxref",
        "%%EOF",
        "\u{0}",
        "\u{30}\u{80}",
        "AAAA",
    ]);
    let one = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(i, b)| Change::Set(i, b)),
        (any::<Index>(), 0u8..8).prop_map(|(i, b)| Change::Flip(i, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Cut(a, b)),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(a, b, c)| Change::Copy(a, b, c)),
        (any::<Index>(), words).prop_map(|(i, w)| Change::Put(i, w.as_bytes().to_vec())),
    ];
    prop::collection::vec(one, 1..6)
}

fn changed(from: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut out = from.to_vec();
    for change in changes {
        if out.is_empty() {
            break;
        }
        let order = |a: &prop::sample::Index, b: &prop::sample::Index| {
            let (a, b) = (a.index(out.len()), b.index(out.len()));
            a.min(b)..a.max(b)
        };
        match change {
            Change::Set(i, b) => {
                let i = i.index(out.len());
                out[i] = *b;
            }
            Change::Flip(i, b) => {
                let i = i.index(out.len());
                out[i] ^= 1 << b;
            }
            Change::Cut(a, b) => {
                let range = order(a, b);
                out.drain(range);
            }
            Change::Copy(a, b, c) => {
                let range = order(a, b);
                let part: Vec<u8> = out[range].iter().copied().take(5000).collect();
                let at = c.index(out.len());
                out.splice(at..at, part);
            }
            Change::Put(i, w) => {
                let at = i.index(out.len());
                out.splice(at..at, w.iter().copied());
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is bent is refused, unless nothing was.
    #[test]
    fn bent_xml(changes in changes()) {
        let bent = changed(&good().xml, &changes);
        let report = verify(&bent, &good().trust, at(2026, 6, 1));
        prop_assert!(!report.valid || bent == good().xml);
        prop_assert!(report.valid || !report.faults.is_empty() || report.signatures.iter().any(|s| !s.valid));
    }

    #[test]
    fn bent_pdf(changes in changes()) {
        let bent = changed(&good().pdf, &changes);
        let report = verify(&bent, &good().trust, at(2026, 6, 1));
        prop_assert!(!report.valid || bent == good().pdf);
    }

    #[test]
    fn noise(bytes in prop::collection::vec(any::<u8>(), 0..400), head in prop::sample::select(vec!["", "%PDF-1.7\n", "<", "<transcript xmlns=\"urn:khue:transcript:1\">"])) {
        let bytes = [head.as_bytes(), &bytes].concat();
        prop_assert!(!verify(&bytes, &good().trust, at(2026, 6, 1)).valid);
    }

    #[test]
    fn bent_certificates_lists_and_time_stamps(changes in changes()) {
        let mut trust = Trust::new();
        let _any_answer = trust.add_anchors(&changed(&good().certificate, &changes));
        let _any_answer = trust.add_revocation_list(&changed(&good().list, &changes));
        verify(&good().one, &trust, at(2026, 6, 1));
        let bent = changed(&good().token, &changes);
        prop_assert!(read_time_stamp(&bent, b"m").is_err() || bent.starts_with(&good().token[..2]));
    }
}

proptest! {
    // Each that still has its MAC costs a tenth of a second.
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn bent_key_stores(changes in changes()) {
        let bent = changed(&good().pkcs12, &changes);
        prop_assert!(SoftwareSigner::from_pkcs12(&bent, "x").is_err() || bent.len() >= good().pkcs12.len() / 2);
    }
}
