//! The person's own file with its bad cells marked: filled with a colour, and with what is wrong as a comment.

use super::rows::faulty;
use super::verbs::{Found, bytes_of, find_in};
use super::{Checked, Kinds};
use crate::imports::parse::book::{Place, parse_address};
use crate::imports::parse::{Options, mark, table};
use crate::imports::refusal;
use dto::imports::Severity;
use dto::{ImportId, Lang};
use kernel::{Ctx, Db, Error, Result, clock};
use rust_xlsxwriter::{Color, Format, Note, Workbook, XlsxError};
use sea_orm::DatabaseExecutor;
use std::collections::BTreeMap;

/// The file with its bad cells marked, with a name for it. Delimited text comes back as a workbook.
///
/// Errors: `not_found`.
pub async fn marked_file(db: &Db, ctx: &Ctx, kinds: &Kinds, id: ImportId) -> Result<(String, Vec<u8>)> {
    let conn = DatabaseExecutor::Connection(db.read());
    let Found { model, head, .. } = find_in(&conn, ctx, kinds, id).await?;
    let bytes = bytes_of(db.read(), &model).await?;
    let first = head.columns.iter().find(|c| c.field.is_some()).map_or("A", |c| c.column.as_str());
    let marks = marks(&faulty(&conn, model.school_id, model.id).await?, first, ctx.lang);
    let lang = ctx.lang;
    let file = tokio::task::spawn_blocking(move || {
        let options = Options { limits: table::limits(), ..Options::new(clock::today()) };
        if bytes.starts_with(b"PK") {
            let part = table::part_of(&bytes, &options, &head.sheet).map_err(|fault| refusal(&fault, lang))?;
            mark::mark(&bytes, &part, &marks).map_err(|fault| refusal(&fault, lang))
        } else {
            let rows = table::text_rows(&bytes, &options).map_err(|fault| refusal(&fault, lang))?;
            workbook(&rows, &marks).map_err(|error| Error::internal(format!("writing a file: {error}")))
        }
    })
    .await
    .map_err(|error| Error::internal(format!("marking a file: {error}")))??;
    Ok(("marked.xlsx".to_owned(), file))
}

/// What to say at which cell.
fn marks(rows: &[(u32, Checked)], first: &str, lang: Lang) -> BTreeMap<Place, String> {
    let mut out: BTreeMap<Place, String> = BTreeMap::new();
    for (row, checked) in rows {
        for fault in checked.faults.iter().filter(|fault| fault.severity == Severity::Error) {
            let letter = fault.column.as_deref().unwrap_or(first);
            let Some((column, _)) = parse_address(&format!("{letter}1")) else { continue };
            let said = lang.pick(&fault.vi, &fault.en);
            out.entry((*row, column))
                .and_modify(|text| {
                    text.push('\n');
                    text.push_str(said);
                })
                .or_insert_with(|| said.to_owned());
        }
    }
    out
}

fn workbook(rows: &[(u32, Vec<(u16, String)>)], marks: &BTreeMap<Place, String>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = Format::new().set_num_format("@");
    let bad = Format::new().set_num_format("@").set_background_color(Color::RGB(0xFF_C7_CE));
    for (row, cells) in rows {
        for (column, value) in cells {
            let format = if marks.contains_key(&(*row, *column)) { &bad } else { &text };
            sheet.write_string_with_format(row.saturating_sub(1), *column, value, format)?;
        }
    }
    for ((row, column), said) in marks {
        let row = row.saturating_sub(1);
        let blank = !rows.iter().any(|(number, cells)| *number == row + 1 && cells.iter().any(|(at, _)| at == column));
        if blank {
            sheet.write_blank(row, *column, &bad)?;
        }
        sheet.insert_note(row, *column, &Note::new(said.as_str()).set_author("Khuê").add_author_prefix(false))?;
    }
    workbook.save_to_buffer()
}
