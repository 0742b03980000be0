//! No bytes make the reader panic, and what it reads keeps its promises.

use super::super::{ParsedFile, parse};
use super::{options, sheet_of};
use proptest::prelude::*;

fn check(file: &ParsedFile) {
    for row in &file.rows {
        assert!(row.fields.personal_id.as_ref().is_none_or(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit())));
        assert!(row.fields.phone.as_ref().is_none_or(|phone| phone.starts_with('0') && phone.len() >= 10));
        assert!(row.fields.birth_date.is_none_or(|date| date <= options().today));
        assert!(row.fields.grade.is_none_or(|grade| (1..=12).contains(&grade)));
        assert!(row.faults.iter().all(|fault| !fault.vi.is_empty() && !fault.en.is_empty()));
    }
}

/// Text near to what stands in cells.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "[0-9]{1,14}",
        "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{1,4}",
        "[\u{a1}-\u{fe}A-Za-z ]{1,16}",
        "[=+@-]?[A-Za-zÀ-ỹ' ]{1,20}",
        Just("Tổng số".to_owned()),
        Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(file) = parse(&bytes, &options()) { check(&file) }
    }

    #[test]
    fn any_text_under_a_header(text in "\\PC{0,200}", tail in proptest::collection::vec(any::<u8>(), 0..40)) {
        let bytes = [b"Ho ten;Ngay sinh;STT\n".as_slice(), text.as_bytes(), &tail].concat();
        if let Ok(file) = parse(&bytes, &options()) { check(&file) }
    }

    #[test]
    fn any_cells(rows in proptest::collection::vec(proptest::collection::vec(cell(), 11), 1..8)) {
        let header = ["STT", "Họ tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Mã học sinh", "Lớp", "SĐT", "Tên cha", "Khối", "Trạng thái"];
        let mut lines: Vec<Vec<&str>> = vec![header.to_vec()];
        lines.extend(rows.iter().map(|row| row.iter().map(String::as_str).collect()));
        let lines: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
        if let Ok(file) = parse(&sheet_of(&lines), &options()) { check(&file) }
    }

    #[test]
    fn any_headers(rows in proptest::collection::vec(proptest::collection::vec(cell(), 6), 1..6)) {
        let mut lines: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        lines.insert(rows.len() / 2, vec!["TT", "Họ và tên", "", "Cha"]);
        let lines: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
        if let Ok(file) = parse(&sheet_of(&lines), &options()) { check(&file) }
    }

    #[test]
    fn a_workbook_with_flipped_bytes(flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = sheet_of(&[&["STT", "Họ tên", "Ngày sinh"], &["1", "Lê An", "1/2/2015"]]);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(file) = parse(&bytes, &options()) { check(&file) }
    }

    #[test]
    fn a_sheet_of_any_xml(inner in "[<>/a-z0-9 =\"'&;#!\\[\\]crvsit-]{0,120}") {
        let bytes = super::refused::with_sheet(&format!("<worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>Họ tên</t></is></c></row>{inner}</sheetData></worksheet>"));
        if let Ok(file) = parse(&bytes, &options()) { check(&file) }
    }
}
