//! The file itself: a ZIP with `manifest.json`, which names every other file with its size and SHA-256, and `manifest.p7s`, the seal of
//! the sending school over the manifest (CMS, detached; `openssl cms -verify` reads it). What the manifest does not name is refused.

use chrono::{DateTime, Utc};
use dto::Lang;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

pub(super) const FORMAT: &str = "khue-transfer/1";
const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.p7s";
pub(super) const RECORD: &str = "record.json";

/// Bytes of all files unpacked, and how many there may be.
const LARGEST: u64 = 64 << 20;
const MOST: usize = 200;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub format: String,
    pub id: Uuid,
    pub made_at: DateTime<Utc>,
    pub from: Origin,
    pub to_school: String,
    pub reason: String,
    pub files: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origin {
    pub code: String,
    pub name: String,
    pub place: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub name: String,
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// Files by name.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// What is wrong with a file, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NotOurs,
    TooLarge,
    NoSeal,
    Unnamed,
    Missing,
    Changed,
    Record,
    Transcript,
    Health,
}

impl Fault {
    pub(super) fn text(self, lang: Lang) -> &'static str {
        let (vi, en) = match self {
            Fault::NotOurs => {
                ("tệp không phải gói chuyển trường, hoặc bị cắt dở.", "the file is no transfer package, or a part of one.")
            }
            Fault::TooLarge => ("tệp quá lớn.", "the file is too large."),
            Fault::NoSeal => ("gói không có dấu số của trường gửi.", "the package has no seal of the sending school."),
            Fault::Unnamed => {
                ("trong gói có tệp không nằm trong danh mục.", "there is a file in it that the manifest does not name.")
            }
            Fault::Missing => ("trong gói thiếu tệp có trong danh mục.", "a file that the manifest names is missing."),
            Fault::Changed => {
                ("có tệp đã bị thay đổi sau khi trường gửi đóng dấu.", "a file was changed after the sending school sealed it.")
            }
            Fault::Record => ("hồ sơ bên trong không đọc được.", "the record inside cannot be read."),
            Fault::Health => ("hồ sơ sức khoẻ bên trong không đọc được.", "the health record inside cannot be read."),
            Fault::Transcript => ("học bạ bên trong không phải của học sinh này.", "a transcript inside is of somebody else."),
        };
        lang.pick(vi, en)
    }
}

/// The manifest of some files.
pub(super) fn entries(files: &Files) -> Vec<Entry> {
    let entry = |(name, bytes): (&String, &Vec<u8>)| Entry {
        name: name.clone(),
        size: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    };
    files.iter().map(entry).collect()
}

/// As it is signed and kept.
pub(super) fn text(manifest: &Manifest) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(manifest).map_err(Error::internal)
}

/// The ZIP of a manifest, its seal and the files; the same bytes for the same content.
pub(super) fn pack(manifest: &[u8], seal: &[u8], files: &Files) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut put = |name: &str, bytes: &[u8]| -> Result<()> {
        zip.start_file(name, options).map_err(Error::internal)?;
        zip.write_all(bytes).map_err(Error::internal)
    };
    put(MANIFEST, manifest)?;
    put(SEAL, seal)?;
    for (name, bytes) in files {
        put(name, bytes)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

/// A package as it was opened: nothing in it is believed before its seal is checked.
#[derive(Debug)]
pub(super) struct Opened {
    pub manifest: Manifest,
    pub sealed: Vec<u8>,
    pub seal: Vec<u8>,
    pub files: Files,
}

/// Opens a package: every file is named once and is as the manifest says.
pub(super) fn open(bytes: &[u8]) -> std::result::Result<Opened, Fault> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::NotOurs)?;
    if zip.len() > MOST {
        return Err(Fault::TooLarge);
    }
    let (mut files, mut left) = (Files::new(), LARGEST);
    for at in 0..zip.len() {
        let file = zip.by_index(at).map_err(|_| Fault::NotOurs)?;
        let name = file.name().map_err(|_| Fault::NotOurs)?.into_owned();
        let mut bytes = Vec::new();
        // What a header says of the size is not believed.
        file.take(left + 1).read_to_end(&mut bytes).map_err(|_| Fault::NotOurs)?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Fault::TooLarge)?;
        if files.insert(name, bytes).is_some() {
            return Err(Fault::Unnamed);
        }
    }
    let sealed = files.remove(MANIFEST).ok_or(Fault::NotOurs)?;
    let manifest: Manifest = serde_json::from_slice(&sealed).map_err(|_| Fault::NotOurs)?;
    if manifest.format != FORMAT {
        return Err(Fault::NotOurs);
    }
    let seal = files.remove(SEAL).ok_or(Fault::NoSeal)?;
    for entry in &manifest.files {
        let bytes = files.get(&entry.name).ok_or(Fault::Missing)?;
        if bytes.len() as u64 != entry.size || hex::encode(Sha256::digest(bytes)) != entry.sha256 {
            return Err(Fault::Changed);
        }
    }
    let named = |name: &String| manifest.files.iter().filter(|entry| entry.name == *name).count() == 1;
    if !files.keys().all(named) || files.len() != manifest.files.len() {
        return Err(Fault::Unnamed);
    }
    Ok(Opened { manifest, sealed, seal, files })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn package() -> (Vec<u8>, Files) {
        let files: Files =
            [(RECORD.to_owned(), b"{}".to_vec()), ("transcripts/2025-2026.xml".to_owned(), b"<x/>".to_vec())].into();
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            id: Uuid::nil(),
            made_at: DateTime::UNIX_EPOCH,
            from: Origin { code: "A".to_owned(), name: "Trường A".to_owned(), place: String::new() },
            to_school: "B".to_owned(),
            reason: "theo gia đình".to_owned(),
            files: entries(&files),
        };
        (pack(&text(&manifest).unwrap(), b"seal", &files).unwrap(), files)
    }

    #[test]
    fn what_is_packed_is_opened_again_and_packing_again_gives_the_same_bytes() {
        let (bytes, files) = package();
        let opened = open(&bytes).unwrap();
        assert_eq!((opened.files, opened.seal.as_slice()), (files, b"seal".as_slice()));
        assert_eq!(package().0, bytes);
    }

    #[test]
    fn what_the_manifest_does_not_say_is_refused() {
        let (bytes, files) = package();
        let opened = open(&bytes).unwrap();
        let with = |files: &Files| open(&pack(&opened.sealed, b"seal", files).unwrap()).unwrap_err();
        let mut changed = files.clone();
        changed.insert(RECORD.to_owned(), b"[]".to_vec());
        assert_eq!(with(&changed), Fault::Changed);
        let mut more = files.clone();
        more.insert("more.txt".to_owned(), vec![]);
        assert_eq!(with(&more), Fault::Unnamed);
        let mut less = files;
        less.remove(RECORD);
        assert_eq!(with(&less), Fault::Missing);
        assert_eq!(open(b"PK\x03\x04").unwrap_err(), Fault::NotOurs);
    }

    proptest! {
        /// Whatever the bytes are, there is an answer.
        #[test]
        fn damage_never_panics(at in 0usize..600, value: u8, cut in 0usize..600) {
            let (mut bytes, _) = package();
            let length = bytes.len();
            bytes[at % length] = value;
            bytes.truncate(length - cut % length);
            let _answered = open(&bytes);
        }
    }
}
