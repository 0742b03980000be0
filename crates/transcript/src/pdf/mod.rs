//! As much of a PDF as a transcript's check and signature need (ISO 32000-1 7.5): plain cross-reference tables, the catalog, one
//! signature, one attached file. What is built otherwise is not a transcript of ours.

mod value;

pub use value::{Spanned, Value};

use crate::{Fault, FaultCode};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use std::collections::HashMap;
use value::Lexer;

/// The largest PDF that is looked at, in bytes.
const MAX_BYTES: usize = 32 << 20;
const MAX_REVISIONS: usize = 16;
const MAX_OBJECTS: u64 = 200_000;

/// A PDF with its revisions, the newest first.
pub struct Pdf<'a> {
    bytes: &'a [u8],
    revisions: Vec<Revision>,
}

struct Revision {
    /// Offsets of the objects that this revision brings.
    objects: HashMap<u32, usize>,
    trailer: Spanned,
    /// Where its cross-reference table stands.
    xref: usize,
}

/// The one signature of a PDF.
pub struct Signed {
    /// Every byte of the file but the signature's own.
    pub covered: Vec<u8>,
    /// CMS in DER, with the padding behind it.
    pub contents: Vec<u8>,
    /// As the signer says.
    pub time: Option<DateTime<Utc>>,
}

/// The file that a PDF carries.
pub struct Attachment {
    pub bytes: Vec<u8>,
    pub description: Option<String>,
}

fn malformed() -> Fault {
    FaultCode::PdfMalformed.fault()
}

impl<'a> Pdf<'a> {
    /// # Errors
    /// `too-large`, `truncated`, `pdf-malformed`.
    pub fn open(bytes: &'a [u8]) -> Result<Pdf<'a>, Fault> {
        if bytes.len() > MAX_BYTES {
            return Err(FaultCode::TooLarge.fault());
        }
        let body = bytes.trim_ascii_end();
        if !body.ends_with(b"%%EOF") {
            return Err(FaultCode::Truncated.fault());
        }
        let tail = &body[body.len().saturating_sub(1024)..];
        let found = tail.windows(9).rposition(|w| w == b"startxref").ok_or_else(malformed)?;
        let mut lexer = Lexer::new(tail, found + 9);
        let mut next = lexer.number().and_then(|n| usize::try_from(n).ok());
        let mut revisions: Vec<Revision> = Vec::new();
        while let Some(at) = next {
            if revisions.len() >= MAX_REVISIONS || revisions.iter().any(|r| r.xref == at) {
                return Err(malformed());
            }
            let revision = Revision::read(bytes, at).ok_or_else(malformed)?;
            next = match revision.trailer.get("Prev") {
                Some(previous) => Some(previous.int().and_then(|n| usize::try_from(n).ok()).ok_or_else(malformed)?),
                None => None,
            };
            revisions.push(revision);
        }
        if revisions.is_empty() {
            return Err(malformed());
        }
        Ok(Pdf { bytes, revisions })
    }

    /// Where the newest cross-reference table stands, and its trailer.
    pub fn newest(&self) -> (usize, &Spanned) {
        (self.revisions[0].xref, &self.revisions[0].trailer)
    }

    /// An object of the file as this revision and those before it have it, with its value's place.
    fn object_in(&self, revision: usize, number: u32) -> Option<Spanned> {
        let at = *self.revisions[revision..].iter().find_map(|r| r.objects.get(&number))?;
        let mut lexer = Lexer::new(self.bytes, at);
        if lexer.number()? != u64::from(number) {
            return None;
        }
        lexer.number()?;
        lexer.keyword("obj")?;
        lexer.value()
    }

    pub fn object(&self, number: u32) -> Option<Spanned> {
        self.object_in(0, number)
    }

    fn follow(&self, revision: usize, value: &Spanned) -> Option<Spanned> {
        match value.value {
            Value::Ref(number) => self.object_in(revision, number),
            _ => Some(value.clone()),
        }
    }

    /// The value itself where it is a reference to one.
    pub fn resolve(&self, value: &Spanned) -> Option<Spanned> {
        self.follow(0, value)
    }

    fn entry(&self, revision: usize, of: &Spanned, key: &str) -> Option<Spanned> {
        self.follow(revision, of.get(key)?)
    }

    /// The catalog's object number and dictionary.
    pub fn catalog(&self) -> Option<(u32, Spanned)> {
        match self.revisions[0].trailer.get("Root")?.value {
            Value::Ref(number) => Some((number, self.object(number)?)),
            _ => None,
        }
    }

    /// The first page's object number and dictionary.
    pub fn first_page(&self) -> Option<(u32, Spanned)> {
        let (_, catalog) = self.catalog()?;
        let mut next = catalog.get("Pages")?.clone();
        for _ in 0..16 {
            let Value::Ref(number) = next.value else { return None };
            let object = self.object(number)?;
            match object.name("Type")? {
                "Page" => return Some((number, object)),
                _ => next = self.entry(0, &object, "Kids")?.array()?.first()?.clone(),
            }
        }
        None
    }

    fn signature_dictionaries(&self, revision: usize) -> Vec<Spanned> {
        let find = || {
            let catalog = self.entry(revision, &self.revisions[revision].trailer, "Root")?;
            let form = self.entry(revision, &catalog, "AcroForm")?;
            let fields = self.entry(revision, &form, "Fields")?;
            let fields: Vec<_> = fields.array()?.iter().filter_map(|f| self.follow(revision, f)).collect();
            let signed = fields.iter().filter(|f| f.name("FT") == Some("Sig"));
            Some(signed.filter_map(|f| self.entry(revision, f, "V")).collect())
        };
        find().unwrap_or_default()
    }

    /// The signature, if it covers the whole file.
    ///
    /// # Errors
    /// `pdf-unsigned`, `pdf-appended`, `pdf-malformed`, `truncated`.
    pub fn signature(&self) -> Result<Signed, Fault> {
        let found = self.signature_dictionaries(0);
        if found.is_empty() {
            let before = (1..self.revisions.len()).any(|r| !self.signature_dictionaries(r).is_empty());
            return Err(if before { FaultCode::PdfAppended } else { FaultCode::PdfUnsigned }.fault());
        }
        let mut whole = Vec::new();
        for dictionary in &found {
            whole.push(self.covered(dictionary)?);
        }
        match (whole.pop(), whole.is_empty()) {
            (Some(signed), true) => Ok(signed),
            _ => Err(malformed()),
        }
    }

    fn covered(&self, dictionary: &Spanned) -> Result<Signed, Fault> {
        if dictionary.name("SubFilter") != Some("ETSI.CAdES.detached") {
            return Err(malformed());
        }
        let read = || {
            let contents = dictionary.get("Contents")?;
            let ranges = dictionary.get("ByteRange")?.array()?;
            let numbers: Option<Vec<usize>> = ranges.iter().map(|n| usize::try_from(n.int()?).ok()).collect();
            let numbers: [usize; 4] = numbers?.try_into().ok()?;
            Some((contents, contents.bytes()?.to_vec(), numbers))
        };
        let (contents, value, [start, first, second, length]) = read().ok_or_else(malformed)?;
        // The only bytes left out are the signature's own with their angle brackets, written in the one way.
        let exact = format!("<{}>", hex::encode(&value));
        if start != 0 || first != contents.span.start || self.bytes.get(first..second) != Some(exact.as_bytes()) {
            return Err(malformed());
        }
        match second.checked_add(length).map(|end| end.cmp(&self.bytes.len())) {
            Some(std::cmp::Ordering::Equal) => {}
            Some(std::cmp::Ordering::Less) => return Err(FaultCode::PdfAppended.fault()),
            _ => return Err(FaultCode::Truncated.fault()),
        }
        let covered = [&self.bytes[..first], &self.bytes[second..]].concat();
        let time = dictionary.get("M").and_then(Spanned::text).as_deref().and_then(date);
        Ok(Signed { covered, contents: value, time })
    }

    /// The attached XML.
    ///
    /// # Errors
    /// `not-ours` where there is none, `pdf-malformed`, `too-large`.
    pub fn attachment(&self) -> Result<Attachment, Fault> {
        let list = || {
            let (_, catalog) = self.catalog()?;
            let names = self.entry(0, &catalog, "Names")?;
            let files = self.entry(0, &names, "EmbeddedFiles")?;
            self.entry(0, &files, "Names")
        };
        let list = list().ok_or_else(|| FaultCode::NotOurs.fault())?;
        let pairs = list.array().ok_or_else(malformed)?.chunks_exact(2);
        let mut documents = pairs.filter(|p| p[0].text().is_some_and(|name| name.to_ascii_lowercase().ends_with(".xml")));
        let specification = documents.next().ok_or_else(|| FaultCode::NotOurs.fault())?;
        if documents.next().is_some() {
            return Err(malformed());
        }
        let read = || {
            let specification = self.resolve(&specification[1])?;
            let files = self.entry(0, &specification, "EF")?;
            let Value::Ref(number) = files.get("F").or_else(|| files.get("UF"))?.value else { return None };
            let description = self.entry(0, &specification, "Desc").and_then(|d| d.text());
            Some((self.stream(number)?, description))
        };
        let ((dictionary, raw), description) = read().ok_or_else(malformed)?;
        let filter = self.entry(0, &dictionary, "Filter").map(|f| match &f.value {
            Value::Array(items) if items.len() == 1 => items[0].value.clone(),
            _ => f.value,
        });
        let bytes = match filter {
            None => raw.to_vec(),
            Some(Value::Name(name)) if name == "FlateDecode" && dictionary.get("DecodeParms").is_none() => {
                miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(raw, crate::xml::tree::MAX_BYTES)
                    .map_err(|_| malformed())?
            }
            Some(_) => return Err(malformed()),
        };
        Ok(Attachment { bytes, description })
    }

    /// A stream's dictionary and its bytes as they stand.
    fn stream(&self, number: u32) -> Option<(Spanned, &'a [u8])> {
        let dictionary = self.object(number)?;
        let length = usize::try_from(self.entry(0, &dictionary, "Length")?.int()?).ok()?;
        let mut lexer = Lexer::new(self.bytes, dictionary.span.end);
        lexer.keyword("stream")?;
        let rest = lexer.rest();
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
        let raw = rest.get(..length)?;
        let mut after = Lexer::new(rest, length);
        after.keyword("endstream")?;
        Some((dictionary, raw))
    }
}

impl Revision {
    fn read(bytes: &[u8], at: usize) -> Option<Revision> {
        if at >= bytes.len() {
            return None;
        }
        let mut lexer = Lexer::new(bytes, at);
        lexer.keyword("xref")?;
        let mut objects = HashMap::new();
        while lexer.keyword("trailer").is_none() {
            let (first, count) = (lexer.number()?, lexer.number()?);
            if count > MAX_OBJECTS || first > MAX_OBJECTS {
                return None;
            }
            for number in first..first + count {
                let offset = lexer.number()?;
                lexer.number()?;
                if lexer.keyword("n").is_some() {
                    objects.insert(u32::try_from(number).ok()?, usize::try_from(offset).ok()?);
                } else {
                    lexer.keyword("f")?;
                }
            }
        }
        Some(Revision { objects, trailer: lexer.value()?, xref: at })
    }
}

/// `D:20260528160000+07'00'`.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.strip_prefix("D:")?;
    let (local, zone) = text.split_at_checked(14)?;
    let local = NaiveDateTime::parse_from_str(local, "%Y%m%d%H%M%S").ok()?;
    let mut parts = zone.get(1..).unwrap_or_default().split('\'').filter(|p| !p.is_empty());
    let seconds = match zone.chars().next() {
        Some(sign @ ('+' | '-')) => {
            let hours: i32 = parts.next()?.parse().ok()?;
            let minutes: i32 = parts.next().map_or(Ok(0), str::parse).ok()?;
            let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
            if sign == '-' { -seconds } else { seconds }
        }
        _ => 0,
    };
    Some(local.and_local_timezone(FixedOffset::east_opt(seconds)?).single()?.to_utc())
}
