//! `khue transcript verify`: no server, no network.

use super::pdf::sealed;
use super::{Office, content, file, run, signed_on};
use crate::server::process::khue;
use documents::signing::KeyKind;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use transcript::Report;

fn check(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        run(Command::new(khue()).args(["transcript", "verify"]).args(args).current_dir(folder));
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[tokio::test]
async fn a_transcript_is_checked_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut office = Office::new(KeyKind::P256);
    let document = office.stamped(content()).await;
    file(here, "hoc-ba.xml", &document.to_xml());
    file(here, "hoc-ba.pdf", &sealed(&mut office, &document, false).await);
    file(here, "sua.xml", String::from_utf8(document.to_xml()).unwrap().replacen("7,9", "9,9", 1).as_bytes());
    file(here, "nua.xml", &document.to_xml()[..3000]);
    file(here, "anh.jpg", b"\xFF\xD8\xFF\xE0");
    for name in ["ca", "crl", "empty", "odd"] {
        std::fs::create_dir(here.join(name)).unwrap();
    }
    file(here, "ca/root.der", office.authority.root());
    file(here, "odd/root.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let maths = document.signatures()[0].certificates()[0].clone();
    let list = office.authority.revocation_list(&[(&maths, signed_on() - chrono::Days::new(3))], signed_on()).unwrap();
    file(here, "crl/list.crl", &list);
    let at = ["--at", "2026-06-01T00:00:00Z"];
    let with = |args: &[&'static str]| check(here, &[args, &at[..]].concat());

    let (code, said, faults) = with(&["hoc-ba.xml", "--trust", "ca"]);
    assert_eq!((code, faults.as_str()), (0, ""), "{said}");
    for line in [
        "Nguyễn Đức An, 8A1, 2025-2026, Trường THCS Gia Hội",
        "content sha256 4229d57806a2ca5dd851d9786dc4765a9b4a0b425c9b7bd6064d71b2e29a262e",
        "subject TOAN: valid",
        "homeroom: valid",
        "principal: valid",
        "seal: valid",
        "  signer: Trần Thị Minh Nguyệt",
        "  time: 2026-05-28T02:00:00Z (the signer's word)",
        "  time-stamp: 2026-05-28T02:00:00Z by Khuê: dấu thời gian thử nghiệm",
        "  revocation: not known: no list at hand covers these certificates",
        "VALID",
    ] {
        assert!(said.lines().any(|l| l == line), "{line}\n{said}");
    }
    assert_eq!(said.lines().filter(|l| l.starts_with("  certificate: ")).count(), 12);
    let (code, said, _) = with(&["hoc-ba.pdf", "--trust", "ca"]);
    assert!(code == 0 && said.contains("PDF, seal: valid"), "{said}");

    // What is not valid is told, and ends with 1.
    let (code, said, _) = with(&["sua.xml", "--trust", "ca"]);
    assert_eq!(code, 1);
    assert!(
        said.contains("  content-changed: The content was changed after it was signed.") && said.ends_with("NOT VALID\n"),
        "{said}"
    );
    let (code, said, _) = with(&["hoc-ba.xml"]);
    assert!(code == 1 && said.contains("  untrusted: "), "{said}");
    let (code, said, _) = with(&["hoc-ba.xml", "--trust", "ca", "--crl", "crl"]);
    assert!(code == 1 && said.contains("  revoked: ") && said.contains("  revocation: not revoked"), "{said}");

    // JSON is the report, for programs.
    let (code, said, _) = with(&["hoc-ba.xml", "--trust", "ca", "--json"]);
    let report: Report = serde_json::from_str(&said).unwrap();
    assert!(code == 0 && report.valid);
    let value: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&value["signatures"][0]["role"], &value["signatures"][0]["subject"]), (&"subject".into(), &"TOAN".into()));

    // Bad input: 2, a line each on standard error, nothing but that.
    for (args, line) in [
        (&["nua.xml", "--trust", "ca"][..], "nua.xml: truncated: The end of the file is missing"),
        (&["anh.jpg"], "anh.jpg: not-ours: This file is not a digital transcript"),
        (&["nothing.xml"], "nothing.xml: cannot be read: "),
        (&["hoc-ba.xml", "--trust", "nowhere"], "nowhere: cannot be read: "),
        (&["hoc-ba.xml", "--trust", "empty"], "empty: expected files ending in .crt"),
        (&["hoc-ba.xml", "--trust", "odd"], "odd/root.pem: expected a certificate"),
        (&["hoc-ba.xml", "--crl", "ca"], "ca/root.der: expected a list of revoked certificates"),
    ] {
        let (code, said, faults) = with(args);
        assert_eq!((code, said.as_str(), faults.lines().count()), (2, "", 1), "{args:?} {faults}");
        assert!(faults.starts_with(line), "{faults}");
    }
    let help = run(Command::new(khue()).args(["transcript", "verify", "--help"]));
    assert!(String::from_utf8(help.stdout).unwrap().contains("khue transcript verify hoc-ba.xml --trust ca/"));
}
