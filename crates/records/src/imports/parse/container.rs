//! What a file is, judged by its bytes and never by its name, and what must be true before anything is unpacked.

use super::faults::{Fault, FaultCode};
use super::{Limits, Options};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What the bytes are.
#[derive(Debug)]
pub enum Kind<'a> {
    Workbook(Box<Package<'a>>),
    /// Delimited text, still encoded.
    Text(&'a [u8]),
}

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Signatures of documents that people pick by mistake.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
];

/// Tells what a file is and refuses what is not read.
pub fn recognise<'a>(bytes: &'a [u8], options: &Options) -> Result<Kind<'a>, Fault> {
    let limits = &options.limits;
    if bytes.len() > limits.file_bytes {
        let megabytes = |n: usize| n.div_ceil(1 << 20);
        return Err(Fault::new(
            FaultCode::FileTooLarge,
            &[("size", &megabytes(bytes.len())), ("max", &(limits.file_bytes >> 20))],
        ));
    }
    let refuse = |code| Err(Fault::new(code, &[]));
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse(FaultCode::FileEmpty);
    }
    if bytes.starts_with(OLE) {
        // An encrypted workbook is an OLE file with a stream of this name (MS-OFFCRYPTO 2.3.4.4), in UTF-16LE.
        let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(stream.len()).any(|window| window == stream);
        return refuse(if encrypted { FaultCode::Encrypted } else { FaultCode::OldXls });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Package::open(bytes, limits).map(|package| Kind::Workbook(Box::new(package)));
    }
    if let Some((_, kind)) = OTHERS.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(Fault::new(FaultCode::OtherDocument, &[("kind", kind)]));
    }
    let start: String = bytes.iter().take(1024).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let start = start.trim_start_matches(['\u{ef}', '\u{bb}', '\u{bf}', '\u{ff}', '\u{fe}']).trim_start().to_owned();
    if start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || start.starts_with("<table")
        || start.starts_with("<meta")
    {
        return refuse(FaultCode::HtmlFile);
    }
    if start.starts_with("<?xml") {
        let spreadsheet = start.contains("excel.sheet") || start.contains("office:spreadsheet");
        return refuse(if spreadsheet || start.contains("<html") { FaultCode::HtmlFile } else { FaultCode::NotSpreadsheet });
    }
    Ok(Kind::Text(bytes))
}

/// The parts of a workbook, checked for size, read one at a time.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Lower-case name to index: some programs write parts in another case than they refer to them.
    index: HashMap<String, usize>,
    /// Bytes that may still be unpacked from this file.
    budget: u64,
}

impl std::fmt::Debug for Package<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package").field("parts", &self.index.len()).finish()
    }
}

/// The fault of a part that cannot be read.
pub fn broken(part: &str) -> Fault {
    Fault::new(FaultCode::FileBroken, &[("part", &part)])
}

impl<'a> Package<'a> {
    /// Checks the central directory before a byte is unpacked.
    fn open(bytes: &'a [u8], limits: &Limits) -> Result<Package<'a>, Fault> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("zip"))?;
        if archive.len() > limits.zip_entries {
            return Err(Fault::new(FaultCode::ZipBomb, &[]));
        }
        let mut index = HashMap::with_capacity(archive.len());
        let (mut unpacked, mut packed) = (0u64, 0u64);
        for i in 0..archive.len() {
            let entry = archive.by_index_raw(i).map_err(|_| broken("zip"))?;
            if entry.encrypted() {
                return Err(Fault::new(FaultCode::Encrypted, &[]));
            }
            unpacked = unpacked.saturating_add(entry.size());
            packed = packed.saturating_add(entry.compressed_size());
            let name = entry.name().map_err(|_| broken("zip"))?.trim_start_matches('/').replace('\\', "/").to_lowercase();
            index.insert(name, i);
        }
        // Sheets of repeated cells pack to a thirtieth at most; a bomb to a thousandth.
        if unpacked > limits.unpacked_bytes || (unpacked > 4 << 20 && unpacked / packed.max(1) > limits.zip_ratio) {
            return Err(Fault::new(FaultCode::ZipBomb, &[]));
        }
        let package = Package { archive, index, budget: limits.unpacked_bytes };
        package.check_kind()?;
        Ok(package)
    }

    /// Refuses what is a zip but not a plain .xlsx.
    fn check_kind(&self) -> Result<(), Fault> {
        let has = |name: &str| self.index.contains_key(name);
        let refuse = |code| Err(Fault::new(code, &[]));
        let any = |test: fn(&str) -> bool| self.index.keys().any(|name| test(name));
        if any(|name| name.ends_with("vbaproject.bin") || name.ends_with("xlmacro.bin") || name.starts_with("xl/macrosheets/")) {
            return refuse(FaultCode::HasMacros);
        }
        if has("xl/workbook.bin") {
            return refuse(FaultCode::BinaryWorkbook);
        }
        if has("content.xml") && has("mimetype") {
            return refuse(FaultCode::OpenDocument);
        }
        if any(|name| name.starts_with("word/")) {
            return Err(Fault::new(FaultCode::OtherDocument, &[("kind", &"Word")]));
        }
        if any(|name| name.starts_with("ppt/")) {
            return Err(Fault::new(FaultCode::OtherDocument, &[("kind", &"PowerPoint")]));
        }
        if !has("[content_types].xml") && !any(|name| name.ends_with("workbook.xml")) {
            return Err(Fault::new(FaultCode::OtherDocument, &[("kind", &"ZIP")]));
        }
        Ok(())
    }

    /// Whether the workbook refers to other files.
    pub fn has_external_links(&self) -> bool {
        self.index.keys().any(|name| name.starts_with("xl/externallinks/") || name == "xl/connections.xml")
    }

    /// A part as text, None where there is none. The directory's sizes may lie: what is unpacked is counted.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let Some(&index) = self.index.get(&name.trim_start_matches('/').to_lowercase()) else {
            return Ok(None);
        };
        let entry = self.archive.by_index(index).map_err(|_| broken(name))?;
        let mut bytes = Vec::new();
        let read = entry.take(self.budget + 1).read_to_end(&mut bytes).map_err(|_| broken(name))?;
        self.budget = self.budget.checked_sub(read as u64).ok_or_else(|| Fault::new(FaultCode::ZipBomb, &[]))?;
        let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        bytes.drain(..start);
        String::from_utf8(bytes).map(Some).map_err(|_| broken(name))
    }
}
