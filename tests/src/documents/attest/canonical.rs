//! The one form: what is written is read back as it was, in canonical form and valid by the schema.

use super::{content, file, run};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::process::Command;
use transcript::{
    Absences, Assessment, Class, Comment, Content, Entry, FaultCode, FormerTerm, Homeroom, Learner, Outcome, Period, School,
    Subject, content_hash, parse, to_xml,
};
use uuid::Uuid;

fn schema() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/transcript/transcript.xsd").to_owned()
}

/// Any text that XML can carry, with what it escapes.
fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex(
        "([\\p{L}0-9 ,.;&<>\"'\t\n\r]|[\u{20}-\u{D7FF}]|[\u{E000}-\u{FFFD}]|[\u{10000}-\u{10FFFF}]){0,12}",
    )
    .unwrap()
}

fn period() -> impl Strategy<Value = Period> {
    prop_oneof![Just(Period::S1), Just(Period::S2), Just(Period::Year), Just(Period::Again)]
}

fn subject() -> impl Strategy<Value = Subject> {
    let entry = (period(), text(), prop::option::of(text())).prop_map(|(period, value, test)| Entry { period, value, test });
    (
        "[A-Za-z0-9_.-]{1,12}",
        text(),
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(entry, 0..4),
        prop::option::of(text()),
    )
        .prop_map(|(code, name, teachers, entries, comment)| Subject { code, name, teachers, entries, comment })
}

fn any_content() -> impl Strategy<Value = Content> {
    let school =
        (text(), text(), text(), text()).prop_map(|(code, name, place, principal)| School { code, name, place, principal });
    let learner = (prop::option::of(text()), prop::option::of(text()), text(), 0i32..60_000, text(), prop::option::of(text()))
        .prop_map(|(personal_id, ministry_code, full_name, days, sex, ethnicity)| Learner {
            personal_id,
            ministry_code,
            full_name,
            birth_date: chrono::NaiveDate::from_num_days_from_ce_opt(700_000 + days).unwrap(),
            sex,
            ethnicity,
        });
    let class = (text(), 1u8..=12, text()).prop_map(|(name, grade, homeroom_teacher)| Class { name, grade, homeroom_teacher });
    let statement = || (text(), text(), period(), text());
    let homeroom = (
        prop::collection::vec(statement().prop_map(|(code, name, period, value)| Assessment { code, name, period, value }), 0..3),
        prop::option::of(any::<(u16, u16)>()),
        prop::collection::vec((period(), text()).prop_map(|(period, text)| Comment { period, text }), 0..3),
    )
        .prop_map(|(assessments, absences, comments)| Homeroom {
            assessments,
            absences: absences.map(|(with_permission, without_permission)| Absences { with_permission, without_permission }),
            comments,
        });
    let outcomes =
        prop::collection::vec(statement().prop_map(|(code, name, period, value)| Outcome { code, name, period, value }), 0..3);
    let former = prop::collection::vec((period(), text()).prop_map(|(period, school)| FormerTerm { period, school }), 0..2);
    let head = (any::<u128>(), prop::option::of(any::<u128>()), text(), text());
    (head, school, learner, class, prop::collection::vec(subject(), 0..4), homeroom, outcomes, former).prop_map(
        |((id, replaces, regulation, school_year), school, learner, class, mut subjects, homeroom, year, former)| {
            let mut seen = std::collections::HashSet::new();
            subjects.retain(|s| seen.insert(s.code.clone()));
            Content {
                id: Uuid::from_u128(id),
                replaces: replaces.map(Uuid::from_u128),
                regulation,
                school_year,
                school,
                learner,
                class,
                subjects,
                homeroom,
                year,
                former,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn what_is_written_is_read_back(content in any_content()) {
        let xml = to_xml(&content).unwrap();
        let document = parse(&xml).unwrap();
        prop_assert_eq!(document.content(), &content);
        prop_assert_eq!(document.to_xml(), xml);
    }
}

#[test]
fn the_form_is_valid_by_its_schema_and_canonical() {
    let folder = tempfile::tempdir().unwrap();
    let mut mine = content();
    mine.homeroom.comments[0].text.push_str("\r\n\tXuống dòng.");
    let xml = to_xml(&mine).unwrap();
    let path = file(folder.path(), "t.xml", &xml);
    let said = run(Command::new("xmllint").args(["--noout", "--schema", &schema()]).arg(&path));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // Exclusive C14N by libxml2 leaves it as it is, but for the first line.
    let said = run(Command::new("xmllint").arg("--exc-c14n").arg(&path));
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let own = String::from_utf8(xml).unwrap();
    assert_eq!(own.strip_prefix(declaration).unwrap(), String::from_utf8(said.stdout).unwrap());

    for (from, to) in
        [("<period>s1</period>", "<period>s3</period>"), ("<grade>8</grade>", "<grade>13</grade>"), ("<sex>Nam</sex>", "")]
    {
        let path = file(folder.path(), "bad.xml", own.replacen(from, to, 1).as_bytes());
        assert!(!run(Command::new("xmllint").args(["--noout", "--schema", &schema()]).arg(&path)).status.success(), "{from}");
    }
}

/// Files that were signed years ago must still have the hash that their pages print.
#[test]
fn the_hash_of_a_content_does_not_change() {
    let own = content_hash(&content()).unwrap();
    assert_eq!(own, "4229d57806a2ca5dd851d9786dc4765a9b4a0b425c9b7bd6064d71b2e29a262e");
    // Without us: the part of the file, with its vocabulary named.
    let xml = String::from_utf8(to_xml(&content()).unwrap()).unwrap();
    let (start, end) = (xml.find("<content").unwrap(), xml.find("<signatures>").unwrap());
    let part = xml[start..end].replacen("<content", "<content xmlns=\"urn:khue:transcript:1\"", 1);
    assert_eq!(own, hex::encode(Sha256::digest(part)));
    let mut other = content();
    other.subjects[0].entries[0].value = "8,0".to_owned();
    assert_ne!(content_hash(&other).unwrap(), content_hash(&content()).unwrap());
}

#[test]
fn what_xml_cannot_carry_is_not_written() {
    let refused = |change: fn(&mut Content)| {
        let mut content = content();
        change(&mut content);
        let fault = to_xml(&content).unwrap_err();
        assert_eq!(fault.code, FaultCode::Content);
        fault.detail.unwrap()
    };
    assert_eq!(refused(|c| c.learner.full_name.push('\u{0}')), "fullName");
    assert_eq!(refused(|c| c.subjects[1].comment = Some("\u{FFFF}".to_owned())), "comment");
    assert_eq!(refused(|c| c.class.grade = 13), "grade");
    assert_eq!(refused(|c| c.subjects[1].code = "TOAN".to_owned()), "subject/code");
    assert_eq!(refused(|c| c.subjects[1].code = "TOÁN".to_owned()), "subject/code");
    assert_eq!(refused(|c| c.subjects[1].code = String::new()), "subject/code");
}
