//! Files that are not read, each with its own advice.

use super::super::{FaultCode, Limits, Options, parse};
use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("part");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("zip").into_inner()
}

/// A good workbook with parts added or replaced.
fn with_parts(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let good = good();
    let mut archive = ZipArchive::new(Cursor::new(good.as_slice())).expect("zip");
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).expect("entry");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("bytes");
        let name = entry.name().expect("name").into_owned();
        if !parts.iter().any(|(part, _)| *part == name) {
            all.push((name, bytes));
        }
    }
    all.extend(parts.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())));
    let all: Vec<(&str, &[u8])> = all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip_of(&all)
}

/// A workbook with this worksheet part.
pub(super) fn with_sheet(xml: &str) -> Vec<u8> {
    with_parts(&[("xl/worksheets/sheet1.xml", xml.as_bytes())])
}

fn good() -> Vec<u8> {
    sheet_of(&[&["Họ tên", "Ngày sinh", "Giới tính"], &["Lê An", "06/04/2015", "Nam"]])
}

#[test]
fn by_kind() {
    assert_eq!(refusal(b""), FaultCode::FileEmpty);
    assert_eq!(refusal(b" \r\n "), FaultCode::FileEmpty);
    let ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    assert_eq!(refusal(&[ole.clone(), vec![0; 2000]].concat()), FaultCode::OldXls);
    let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refusal(&[ole, vec![0; 600], stream].concat()), FaultCode::Encrypted);
    assert_eq!(refusal(b"%PDF-1.7 ..."), FaultCode::OtherDocument);
    assert_eq!(refusal(b"\xef\xbb\xbf<html><table>"), FaultCode::HtmlFile);
    assert_eq!(refusal(b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"), FaultCode::HtmlFile);
    assert_eq!(refusal(b"<?xml version=\"1.0\"?><a/>"), FaultCode::NotSpreadsheet);
    assert_eq!(refusal(b"just some words"), FaultCode::NoNameColumn);
    assert_eq!(refusal(b"\x00\x01\x02\x00\x00\x00\xff\xfe\xfd"), FaultCode::NotSpreadsheet);
    assert_eq!(refusal(&zip_of(&[("word/document.xml", b"<a/>")])), FaultCode::OtherDocument);
    assert_eq!(refusal(&zip_of(&[("photo.jpg", b"x")])), FaultCode::OtherDocument);
    assert_eq!(refusal(&zip_of(&[("mimetype", b"x"), ("content.xml", b"<a/>")])), FaultCode::OpenDocument);
    assert_eq!(refusal(&zip_of(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.bin", b"x")])), FaultCode::BinaryWorkbook);
}

#[test]
fn macros_and_links() {
    assert_eq!(refusal(&with_parts(&[("xl/vbaProject.bin", b"x")])), FaultCode::HasMacros);
    let linked = read(&with_parts(&[("xl/externalLinks/externalLink1.xml", b"<a/>")]));
    assert_eq!(file_codes(&linked), ["external_links"]);
}

#[test]
fn damaged() {
    let good = good();
    assert_eq!(refusal(&good[..good.len() / 2]), FaultCode::FileBroken);
    assert_eq!(refusal(b"PK\x03\x04 and nothing more"), FaultCode::FileBroken);
    let sheet = "xl/worksheets/sheet1.xml";
    assert_eq!(refusal(&with_parts(&[(sheet, b"<worksheet><sheetData><row><c>")])), FaultCode::FileBroken);
    assert_eq!(refusal(&with_parts(&[(sheet, b"<worksheet/>")])), FaultCode::FileBroken);
    assert_eq!(refusal(&with_parts(&[(sheet, b"\xff\xff")])), FaultCode::FileBroken);
    let entities = b"<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet><sheetData/></worksheet>";
    assert_eq!(refusal(&with_parts(&[(sheet, entities)])), FaultCode::FileBroken);
    assert_eq!(refusal(&with_parts(&[(sheet, b"<worksheet><sheetData/></worksheet>")])), FaultCode::NoSheet);
}

#[test]
fn too_large_in_any_way() {
    let limits = |change: fn(&mut Limits)| {
        let mut options = options();
        change(&mut options.limits);
        options
    };
    let code = |bytes: &[u8], options: &Options| parse(bytes, options).expect_err("refused").code;
    assert_eq!(code(&[b'a'; 1025], &limits(|l| l.file_bytes = 1024)), FaultCode::FileTooLarge);
    // 100 MB of zeros in 100 kB.
    let bomb = zip_of(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", &vec![0; 100 << 20])]);
    assert!(bomb.len() < 200_000);
    assert_eq!(refusal(&bomb), FaultCode::ZipBomb);
    let ratio = zip_of(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", &vec![b' '; 8 << 20])]);
    assert_eq!(refusal(&ratio), FaultCode::ZipBomb);
    let names: Vec<String> = (0..1100).map(|i| format!("p{i}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(refusal(&zip_of(&parts)), FaultCode::ZipBomb);
    // A directory that lies: sizes as of a small file, more inside.
    let unpacked = 3 << 20;
    let mut liar = with_parts(&[("xl/worksheets/sheet1.xml", &vec![b' '; unpacked])]);
    let size = u32::try_from(unpacked).expect("small").to_le_bytes();
    while let Some(at) = liar.windows(4).position(|window| window == size) {
        liar[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    let refused = parse(&liar, &limits(|l| l.unpacked_bytes = 1 << 20)).expect_err("refused").code;
    assert!(matches!(refused, FaultCode::ZipBomb | FaultCode::FileBroken), "{refused:?}");
}

#[test]
fn one_far_cell_takes_no_room() {
    let bytes = workbook(|sheet| {
        write(sheet, &[&["Họ tên", "Ngày sinh", "Giới tính"], &["Lê An", "06/04/2015", "Nam"]]);
        sheet.write_string(1_048_575, 16_383, "x").expect("cell");
        sheet.write_string(1_048_575, 3, "x").expect("cell");
    });
    assert_eq!(read(&bytes).rows.len(), 1);
}

#[test]
fn too_many_rows() {
    let mut options = options();
    options.limits.rows = 3;
    let file = parse(
        &sheet_of(&[
            &["Họ tên", "Ngày sinh", "Giới tính"],
            &["Lê An", "06/04/2015", "Nam"],
            &["Lê Bình", "06/04/2015", "Nam"],
            &["Lê Chi", "06/04/2015", "Nam"],
            &["Lê Dũng", "06/04/2015", "Nam"],
        ]),
        &options,
    )
    .expect("readable");
    assert_eq!((file.rows.len(), file_codes(&file)), (3, vec!["too_many_rows"]));
    assert_eq!(file.error_count(), 1);
}

#[test]
fn no_list_in_it() {
    assert_eq!(refusal(&sheet_of(&[&["Môn", "Điểm"], &["Toán", "8"]])), FaultCode::NoNameColumn);
    assert_eq!(refusal(&sheet_of(&[&["STT", "Họ tên", "Ngày sinh"]])), FaultCode::NoRows);
    assert_eq!(refusal(&workbook(|_| {})), FaultCode::NoSheet);
    let mut options = options();
    options.sheet = Some("Không có".into());
    assert_eq!(parse(&good(), &options).expect_err("refused").code, FaultCode::SheetUnknown);
}
