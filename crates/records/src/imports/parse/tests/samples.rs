//! The three layouts as they come, against what is to be read from them.

use super::super::{Field, Layout, ParsedFile};
use super::{day, options, read};
use chrono::NaiveDate;
use dto::learners::Sex;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Expected {
    grade: u8,
    class: String,
    header_row: u32,
    pupils: Vec<Pupil>,
}

#[derive(Deserialize)]
struct Pupil {
    name: String,
    birth_date: NaiveDate,
    sex: Sex,
    ethnicity: Option<String>,
    personal_id: Option<String>,
    ministry_code: Option<String>,
    father: Option<String>,
    mother: Option<String>,
    phone: Option<String>,
}

fn fixture(name: &str) -> Vec<u8> {
    // The class lists stand with the API's tests, which import the same files.
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/class-lists").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn check(sample: &str, layout: Layout) -> ParsedFile {
    let file = read(&fixture(&format!("{sample}.xlsx")));
    let expected: Expected = serde_json::from_slice(&fixture(&format!("{sample}.expected.json"))).expect("expectation");
    assert_eq!(file.layout, layout);
    assert_eq!(file.header_row, expected.header_row);
    assert_eq!(file.rows.len(), expected.pupils.len());
    assert_eq!(file.file_faults, []);
    assert_eq!(file.skipped, []);
    let has = |field| file.columns.iter().any(|column| column.field == field);
    for ((place, row), pupil) in (1u32..).zip(&file.rows).zip(&expected.pupils) {
        let fields = &row.fields;
        assert_eq!(row.faults, [], "{}", pupil.name);
        assert_eq!(row.row_number, expected.header_row + place);
        assert_eq!(fields.ordinal, Some(place));
        assert_eq!(fields.name.full(), pupil.name);
        assert_eq!(fields.birth_date, Some(pupil.birth_date));
        assert_eq!(fields.sex, Some(pupil.sex));
        assert_eq!(fields.ethnicity, pupil.ethnicity);
        assert_eq!(fields.personal_id, pupil.personal_id);
        assert_eq!(fields.ministry_code, pupil.ministry_code);
        assert_eq!(fields.class_name.as_ref(), Some(&expected.class));
        assert_eq!(fields.grade, Some(expected.grade));
        let full = |relative: &super::super::Relative| relative.name.as_ref().map(|name| name.full());
        // What a layout has no column for cannot be read from it.
        assert_eq!(full(&fields.father), pupil.father.clone().filter(|_| has(Field::FatherName)));
        assert_eq!(full(&fields.mother), pupil.mother.clone().filter(|_| has(Field::MotherName)));
        let phones = has(Field::Phone) || has(Field::MotherPhone);
        assert_eq!(fields.contact_phone(), pupil.phone.as_deref().filter(|_| phones));
    }
    file
}

#[test]
fn ministry() {
    let file = check("bo-6A1-clean", Layout::Ministry);
    assert_eq!((file.title_class.as_deref(), file.title_school_year), (Some("6A1"), Some(2026)));
    assert_eq!(file.columns[0].letter, "A");
}

#[test]
fn vnedu() {
    let file = check("vnedu-8A2-clean", Layout::Vnedu);
    assert_eq!(file.rows[0].fields.enrolled_on, Some(day(2026, 9, 5)));
    assert_eq!(file.rows[0].fields.local_code.as_deref(), Some("0755110541"));
}

#[test]
fn c1() {
    let file = check("c1-3B-clean", Layout::C1);
    assert_eq!(file.sheet, "Sheet1");
    assert_eq!(file.rows[0].fields.status, Some(super::super::PupilStatus::Studying));
}

#[test]
fn two_thousand_rows_are_read_quickly() {
    let lines: Vec<Vec<String>> = std::iter::once(
        ["STT", "Họ tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Lớp", "Tên cha", "Tên mẹ", "SĐT liên hệ", "Dân tộc"]
            .map(str::to_owned)
            .to_vec(),
    )
    .chain((1..=2000).map(|i| {
        vec![
            i.to_string(),
            format!("Nguyễn Thị Ánh {}", ["Tuyết", "Hồng", "Loan"][i % 3]),
            format!("{:02}/{:02}/2015", i % 28 + 1, i % 12 + 1),
            "Nữ".into(),
            format!("026315{i:06}"),
            format!("6A{}", i / 45 + 1),
            "Đỗ Minh Dũng".into(),
            "Quàng Thùy Ánh".into(),
            format!("09{i:08}"),
            "Khơ-me".into(),
        ]
    }))
    .collect();
    let lines: Vec<Vec<&str>> = lines.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
    let lines: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
    let bytes = super::sheet_of(&lines);
    let start = std::time::Instant::now();
    let file = super::super::parse(&bytes, &options()).expect("readable");
    println!("2,000 rows of 10 columns: {:?}", start.elapsed());
    assert_eq!((file.rows.len(), file.error_count()), (2000, 0));
}
