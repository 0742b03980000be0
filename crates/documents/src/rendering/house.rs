//! What a template can see: the templates, the fonts, its data and what is attached. Nothing of the machine, nothing of the network.

use super::Attachment;
use kernel::{Error, Result};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

const TEMPLATES: &[(&str, &str)] = &[
    ("/common.typ", include_str!("../../forms/common.typ")),
    ("/sheets.typ", include_str!("../../forms/sheets.typ")),
    ("/transcript.typ", include_str!("../../forms/transcript.typ")),
    ("/assessment.typ", include_str!("../../forms/assessment.typ")),
    ("/marks.typ", include_str!("../../forms/marks.typ")),
    ("/homeroom.typ", include_str!("../../forms/homeroom.typ")),
    ("/slip.typ", include_str!("../../forms/slip.typ")),
    ("/award.typ", include_str!("../../forms/award.typ")),
    ("/certificate.typ", include_str!("../../forms/certificate.typ")),
    ("/labels.typ", include_str!("../../forms/labels.typ")),
    ("/doors.typ", include_str!("../../forms/doors.typ")),
    ("/plan.typ", include_str!("../../forms/plan.typ")),
    ("/growth.typ", include_str!("../../forms/growth.typ")),
    ("/health.typ", include_str!("../../forms/health.typ")),
    ("/record.typ", include_str!("../../forms/record.typ")),
];

/// Liberation Serif: the widths of the type that NĐ 30/2020 asks for, with every letter and tone mark of Vietnamese.
const FONTS: &[&[u8]] = &[
    include_bytes!("../../fonts/LiberationSerif-Regular.ttf"),
    include_bytes!("../../fonts/LiberationSerif-Bold.ttf"),
    include_bytes!("../../fonts/LiberationSerif-Italic.ttf"),
    include_bytes!("../../fonts/LiberationSerif-BoldItalic.ttf"),
];

/// What all forms share, made once.
struct House {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    templates: HashMap<FileId, Source>,
}

static HOUSE: LazyLock<Result<House, String>> = LazyLock::new(|| {
    let fonts: Vec<_> = FONTS.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    let templates = TEMPLATES.iter().map(|(path, text)| id(path).map(|id| (id, Source::new(id, (*text).to_owned()))));
    Ok(House {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        templates: templates.collect::<Result<_, _>>()?,
    })
});

fn id(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|e| format!("{path}: {e:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One form being drawn.
pub(super) struct Desk {
    house: &'static House,
    main: FileId,
    files: HashMap<FileId, Bytes>,
}

/// What `common.typ` is told about an attached file; its bytes lie beside under `/attached/<index>`.
#[derive(Serialize)]
struct Attached<'a> {
    name: &'a str,
    mime: &'a str,
    description: &'a str,
}

impl Desk {
    pub(super) fn new(template: &str, data: Vec<u8>, attachments: &[Attachment]) -> Result<Desk> {
        let house = HOUSE.as_ref().map_err(Error::internal)?;
        let list: Vec<_> =
            attachments.iter().map(|a| Attached { name: &a.name, mime: &a.mime, description: &a.description }).collect();
        let mut files = HashMap::new();
        let mut put =
            |path: &str, bytes: Vec<u8>| id(path).map(|id| files.insert(id, Bytes::new(bytes))).map_err(Error::internal);
        put("/data.json", data)?;
        put("/attached.json", serde_json::to_vec(&list).map_err(Error::internal)?)?;
        for (index, attachment) in attachments.iter().enumerate() {
            put(&format!("/attached/{index}"), attachment.bytes.clone())?;
        }
        Ok(Desk { house, main: id(template).map_err(Error::internal)?, files })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.house.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.house.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.house.templates.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.house.fonts.get(index).cloned()
    }

    /// A form says no day that its data does not.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
