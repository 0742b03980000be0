//! The digital transcript as a file: its one form, signatures, and the check that needs no server. What other programs say of it
//! (xmllint, xmlsec1, pdfsig, openssl) counts as much as what we say.

mod algorithms;
mod bad_input;
mod canonical;
mod certificates;
mod command;
mod http;
mod keys;
mod mutations;
pub mod ocsp;
mod pdf;
mod signatures;

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use documents::signing::{Holder, KeyKind, SoftwareSigner, TestAuthority, TestTimeStamper, TimeStamper, sign_xml};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use transcript::{
    Absences, Assessment, Class, Comment, Content, Document, Entry, FaultCode, Homeroom, Learner, Outcome, Period, Report, Role,
    School, Subject, Trust, verify,
};
use uuid::Uuid;

pub fn at(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, 2, 0, 0).unwrap()
}

/// When everything here is signed.
pub fn signed_on() -> DateTime<Utc> {
    at(2026, 5, 28)
}

pub fn content() -> Content {
    let subject = |code: &str, name: &str, teachers: &[&str], values: &[(Period, &str)]| Subject {
        code: code.to_owned(),
        name: name.to_owned(),
        teachers: teachers.iter().map(|t| (*t).to_owned()).collect(),
        entries: values.iter().map(|(p, v)| Entry { period: *p, value: (*v).to_owned(), test: None }).collect(),
        comment: Some("Học đều, cần trình bày cẩn thận hơn.".to_owned()),
    };
    let marks = [(Period::S1, "7,9"), (Period::S2, "8,2"), (Period::Year, "8,1")];
    Content {
        id: Uuid::parse_str("01970000-0000-7000-8000-000000000001").unwrap(),
        replaces: None,
        regulation: "TT22".to_owned(),
        school_year: "2025-2026".to_owned(),
        school: School {
            code: "GH".to_owned(),
            name: "Trường THCS Gia Hội".to_owned(),
            place: "Phường Phú Xuân, Thành phố Huế".to_owned(),
            principal: "Trần Thị Minh Nguyệt".to_owned(),
        },
        learner: Learner {
            personal_id: Some("046212000123".to_owned()),
            ministry_code: None,
            full_name: "Nguyễn Đức An".to_owned(),
            birth_date: NaiveDate::from_ymd_opt(2012, 3, 9).unwrap(),
            sex: "Nam".to_owned(),
            ethnicity: Some("Kinh".to_owned()),
        },
        class: Class { name: "8A1".to_owned(), grade: 8, homeroom_teacher: "Lê Văn Hoà".to_owned() },
        subjects: vec![
            subject("TOAN", "Toán", &["Phạm Quốc Bảo"], &marks),
            subject("NGUVAN", "Ngữ văn", &["Lê Văn Hoà", "Đỗ Thị Hạnh"], &marks),
            subject("GDTC", "Giáo dục thể chất", &["Võ Thành Ý"], &[(Period::S1, "Đ"), (Period::S2, "Đ"), (Period::Year, "Đ")]),
        ],
        homeroom: Homeroom {
            assessments: vec![Assessment {
                code: "conduct".to_owned(),
                name: "Kết quả rèn luyện".to_owned(),
                period: Period::Year,
                value: "Tốt".to_owned(),
            }],
            absences: Some(Absences { with_permission: 2, without_permission: 0 }),
            comments: vec![Comment {
                period: Period::Year, text: "Chăm ngoan, \"lễ phép\" & hoà đồng <với bạn>.".to_owned()
            }],
        },
        year: vec![Outcome {
            code: "learning".to_owned(),
            name: "Kết quả học tập".to_owned(),
            period: Period::Year,
            value: "Khá".to_owned(),
        }],
        former: vec![],
    }
}

/// A school whose people hold certificates of a test authority.
pub struct Office {
    pub authority: TestAuthority,
    keys: HashMap<String, SoftwareSigner>,
    kind: KeyKind,
}

impl Office {
    pub fn new(kind: KeyKind) -> Office {
        Office { authority: TestAuthority::new(at(2026, 1, 1)).unwrap(), keys: HashMap::new(), kind }
    }

    /// A certificate for a year, from 1 January 2026.
    pub fn issue(&self, holder: Holder) -> SoftwareSigner {
        self.authority.issue(holder, self.kind, at(2026, 1, 1), at(2026, 12, 31)).unwrap()
    }

    pub fn signer(&mut self, content: &Content, role: &Role) -> &SoftwareSigner {
        let school = content.school.name.as_str();
        let name = match role {
            Role::Subject(code) => content.subjects.iter().find(|s| s.code == *code).unwrap().teachers[0].as_str(),
            Role::Homeroom => &content.class.homeroom_teacher,
            Role::Principal => &content.school.principal,
            Role::Seal => school,
        };
        if !self.keys.contains_key(name) {
            let holder = if *role == Role::Seal { Holder::School { name } } else { Holder::Person { name, school } };
            let key = self.issue(holder);
            self.keys.insert(name.to_owned(), key);
        }
        &self.keys[name]
    }

    pub fn stamper(&self, time: DateTime<Utc>) -> TimeStamper {
        let key = self.authority.issue(Holder::TimeStamps, KeyKind::P256, at(2026, 1, 1), at(2036, 1, 1)).unwrap();
        TimeStamper::new(Box::new(TestTimeStamper::new(key, move || time)))
    }

    pub async fn sign(&mut self, document: &mut Document, role: &Role, stamper: Option<&TimeStamper>) {
        let content = document.content().clone();
        sign_xml(document, role, self.signer(&content, role), signed_on(), stamper).await.unwrap();
    }

    /// Everybody signs.
    pub async fn signed(&mut self, content: Content) -> Document {
        let mut document = Document::new(content).unwrap();
        for role in document.required() {
            self.sign(&mut document, &role, None).await;
        }
        document
    }

    pub async fn stamped(&mut self, content: Content) -> Document {
        let stamper = self.stamper(signed_on());
        let mut document = Document::new(content).unwrap();
        for role in document.required() {
            self.sign(&mut document, &role, Some(&stamper)).await;
        }
        document
    }

    pub fn trust(&self) -> Trust {
        let mut trust = Trust::new();
        trust.add_anchors(self.authority.root()).unwrap();
        trust
    }

    /// As of 1 June 2026.
    pub fn check(&self, file: &[u8]) -> Report {
        verify(file, &self.trust(), at(2026, 6, 1))
    }
}

/// The codes of the file's faults and of each signature's, where there are any.
pub fn codes(report: &Report) -> (Vec<FaultCode>, Vec<(String, Vec<FaultCode>)>) {
    let all = report.signatures.iter().chain(&report.pdf_signature);
    let wrong = all.filter(|s| !s.faults.is_empty());
    (
        report.faults.iter().map(|f| f.code).collect(),
        wrong.map(|s| (s.role.to_string(), s.faults.iter().map(|f| f.code).collect())).collect(),
    )
}

/// Only the file as such is wrong, in this one way.
#[track_caller]
pub fn refused(report: &Report, code: FaultCode) {
    assert!(!report.valid);
    assert_eq!(codes(report), (vec![code], vec![]), "{report:#?}");
    assert!(report.signatures.is_empty());
}

pub fn file(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    path
}

pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"))
}

/// What a program that is not ours says of one signature.
pub fn xmlsec(folder: &Path, office: &Office, xml: &[u8], id: &str) -> bool {
    let document = file(folder, "transcript.xml", xml);
    let root = file(folder, "root.der", office.authority.root());
    let mut command = Command::new("xmlsec1");
    command.args(["--verify", "--enabled-key-data", "x509", "--verification-gmt-time", "2026-06-01 02:00:00"]);
    for name in ["content", "header", "subject"] {
        command.args(["--id-attr:Id", &format!("urn:khue:transcript:1:{name}")]);
    }
    command.args(["--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"]);
    command.args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Signature"]);
    command.arg("--trusted-der").arg(root).args(["--node-id", id]).arg(document);
    let said = run(&mut command);
    if said.status.success() {
        assert!(String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).contains("OK"));
    }
    said.status.success()
}

pub fn later(days: u64) -> DateTime<Utc> {
    signed_on() + Days::new(days)
}
