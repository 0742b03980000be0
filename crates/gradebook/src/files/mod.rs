//! Mark sheets as Excel files: out as a sheet of ours, back in with a dry run of each cell, and into a file of the teacher's own; the
//! comments on the learners in the column beside the marks.

mod columns;
mod export;
mod learners;
mod primary;
mod read;

pub(crate) use export::heading;
pub use export::{export, fill};
pub(crate) use learners::Class;
pub use read::check;
pub(crate) use read::{Stands, stands};

use columns::{Columns, Headers};
use dto::Lang;
use kernel::{Error, Result, clock};
use records::imports::parse::book::{self, Book};
use records::imports::parse::{Limits, Options};
use std::sync::Arc;

/// Learners of one class, and room for titles.
const ROWS: usize = 500;

/// Reads a workbook with its columns of marks; not on a thread that serves others.
async fn open(file: &Arc<Vec<u8>>, lang: Lang, term: dto::calendar::Term, headers: Headers) -> Result<(Book, Columns)> {
    let options = Options { limits: Limits { rows: ROWS, ..Limits::default() }, ..Options::new(clock::today()) };
    let file = file.clone();
    let read = tokio::task::spawn_blocking(move || {
        book::read(&file, &options).map(|book| {
            let columns = columns::find(&book, term, &headers);
            (book, columns)
        })
    });
    read.await
        .map_err(|error| Error::internal(format!("reading a file: {error}")))?
        .map_err(|fault| records::imports::refusal(&fault, lang))
}
