//! How fast a principal signs a school's transcripts with a software key, and how fast they are checked; on one core:
//! `cargo run --release -p documents --example signing`.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use documents::signing::{Holder, KeyKind, SigningError, TestAuthority, sign_many, sign_xml};
use std::time::Instant;
use transcript::{
    Class, Comment, Content, Document, Entry, Homeroom, Learner, Period, Role, School, Subject, Trust, parse, verify,
};
use uuid::Uuid;

const LEARNERS: usize = 1500;
const SCHOOL: &str = "Trường THCS Gia Hội";
const TEACHER: &str = "Lê Văn Hoà";
const PRINCIPAL: &str = "Trần Thị Minh Nguyệt";

fn content(number: usize) -> Content {
    let subject = |i: usize| Subject {
        code: format!("MON{i}"),
        name: format!("Môn học thứ {i}"),
        teachers: vec![TEACHER.to_owned()],
        entries: [Period::S1, Period::S2, Period::Year]
            .map(|period| Entry { period, value: "7,9".to_owned(), test: None })
            .into(),
        comment: Some("Có tiến bộ, cần chú ý trình bày cẩn thận hơn.".to_owned()),
    };
    Content {
        id: Uuid::from_u128(number as u128 + 1),
        replaces: None,
        regulation: "TT22".to_owned(),
        school_year: "2025-2026".to_owned(),
        school: School {
            code: "GH".to_owned(),
            name: SCHOOL.to_owned(),
            place: "Phường Phú Xuân, Thành phố Huế".to_owned(),
            principal: PRINCIPAL.to_owned(),
        },
        learner: Learner {
            personal_id: Some(format!("{number:012}")),
            ministry_code: None,
            full_name: format!("Nguyễn Văn {number}"),
            birth_date: NaiveDate::default(),
            sex: "Nam".to_owned(),
            ethnicity: Some("Kinh".to_owned()),
        },
        class: Class { name: "8A1".to_owned(), grade: 8, homeroom_teacher: TEACHER.to_owned() },
        subjects: (1..=13).map(subject).collect(),
        homeroom: Homeroom {
            assessments: vec![],
            absences: None,
            comments: vec![Comment { period: Period::Year, text: "Chăm ngoan, lễ phép.".to_owned() }],
        },
        year: vec![],
        former: vec![],
    }
}

fn print(what: &str, number: usize, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!("  {what:<58} {number:>6} in {seconds:>6.2} s, {:>7.0} a second", number as f64 / seconds);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), SigningError> {
    let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_600);
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        println!("{kind:?}");
        let authority = TestAuthority::new(now)?;
        let issue = |holder| authority.issue(holder, kind, now - TimeDelta::days(1), now + TimeDelta::days(365));
        let teacher = issue(Holder::Person { name: TEACHER, school: SCHOOL })?;
        let principal = issue(Holder::Person { name: PRINCIPAL, school: SCHOOL })?;
        let seal = issue(Holder::School { name: SCHOOL })?;

        let since = Instant::now();
        let mut documents = (0..LEARNERS).map(|n| Document::new(content(n))).collect::<Result<Vec<_>, _>>()?;
        let roles = documents[0].required();
        let (subjects, last) = roles.split_at(roles.len() - 3);
        for role in subjects {
            sign_many(&mut documents, role, &teacher, now, None).await?;
        }
        print("signatures of 13 subject teachers", LEARNERS * subjects.len(), since);
        let since = Instant::now();
        sign_many(&mut documents, &last[0], &teacher, now, None).await?;
        print("signatures of homeroom teachers", LEARNERS, since);
        let files: Vec<_> = documents.iter().map(Document::to_xml).collect();

        let since = Instant::now();
        let mut sealed = Vec::with_capacity(LEARNERS);
        for file in &files {
            let mut document = parse(file)?;
            sign_xml(&mut document, &Role::Principal, &principal, now, None).await?;
            sealed.push(document.to_xml());
        }
        print("signatures of the principal, from file to file", LEARNERS, since);
        let since = Instant::now();
        for file in &mut sealed {
            let mut document = parse(file)?;
            sign_xml(&mut document, &Role::Seal, &seal, now, None).await?;
            *file = document.to_xml();
        }
        print("seals, from file to file", LEARNERS, since);
        let mut trust = Trust::new();
        trust.add_anchors(authority.root())?;
        let since = Instant::now();
        let checked = sealed.iter().take(100).filter(|file| verify(file, &trust, now).valid).count();
        print(&format!("checks of 16 signatures each, {} kB a file", sealed[0].len() / 1000), checked, since);
    }
    Ok(())
}
