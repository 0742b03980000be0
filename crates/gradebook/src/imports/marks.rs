//! Marks of a sheet from a file.

use super::who;
use crate::files::{Class, Stands, heading, stands};
use crate::{marks, term};
use dto::access::Permission;
use dto::calendar::Term;
use dto::file_imports::FileImportScope;
use dto::gradebook::{CellResult, MarkSource, PutCell, PutMarks};
use dto::imports::{FieldChange, RowOutcome};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Error, Event, Result, Tx};
use records::imports::Against;
use records::imports::kinds::{Applied, Cells, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, error_fault};
use regulations::{CellValue, Slot, format_cell};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Marks of a subject of a class in a term.
pub(super) struct Marks;

const MARK: &str = "mark";

/// What stood in a cell, with its version.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct CellImage {
    value: Option<CellValue>,
    version: i64,
}

impl Kind for Marks {
    fn code(&self) -> &'static str {
        "marks"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Điểm của một lớp", "Marks of a class"]
    }

    fn about(&self) -> [&'static str; 2] {
        [
            "Điểm một môn của một lớp trong một học kì; ô trống không xoá điểm đã có.",
            "Marks of a subject of a class in a term; an empty cell clears nothing.",
        ]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::Section
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let (class, subject, term) = scope.section(ctx.lang)?;
            let stands = stands(conn, ctx, Permission::MarkWrite, class, subject, term).await?;
            if stands.section.class.school_id != scope.school_id {
                return Err(Error::new(Code::NotFound));
            }
            Ok(Box::new(OpenMarks { stands, class, term, seen: HashMap::new() }) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope, images))
    }
}

struct OpenMarks {
    stands: Stands,
    class: ClassId,
    term: Term,
    seen: HashMap<LearnerId, u32>,
}

fn synonyms(slot: Slot) -> Vec<String> {
    let of = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    match slot {
        Slot::Regular(n) => {
            ["tx{n}", "tx {n}", "ddgtx{n}", "ddgtx {n}", "ddg tx {n}", "dgtx {n}", "thuong xuyen {n}", "diem tx{n}", "kttx {n}"]
                .iter()
                .map(|name| name.replace("{n}", &n.to_string()))
                .collect()
        }
        Slot::Midterm => of(&["gk", "ddggk", "giua ki", "giua ky", "diem gk", "diem giua ki", "diem giua ky", "ktgk"]),
        Slot::Final => of(&["ck", "ddgck", "cuoi ki", "cuoi ky", "diem ck", "diem cuoi ki", "diem cuoi ky", "ktck"]),
        Slot::Primary(_) => Vec::new(),
    }
}

impl OpenMarks {
    fn column(&self, slot: Slot) -> Column {
        let name = |lang| heading(&self.stands.section.subject.code, slot, lang);
        let mut column = Column::new(slot.code(), &name(dto::Lang::Vi), &name(dto::Lang::En), &[]);
        column.synonyms = synonyms(slot);
        column
    }

    fn present(&self, learner: LearnerId, slot: Slot) -> CellImage {
        let (value, version) = self.stands.cells.get(&(learner, slot)).copied().unwrap_or_default();
        CellImage { value, version }
    }

    /// What the row would write.
    fn row(&mut self, line: &Line, closed: bool) -> (Checked, Vec<(LearnerId, Slot, CellValue)>) {
        let title = line.text("full_name").unwrap_or_default();
        let mut cells = Cells::new(line);
        let class = Class::new(&self.stands.roster, &self.stands.codes);
        let stop = |why: dto::imports::ImportFault| {
            let mut checked = Checked::of(title.clone(), RowOutcome::Conflict);
            checked.faults.push(why);
            (checked, Vec::new())
        };
        let learner = match who::find(&class, &mut cells) {
            Ok(learner) => learner,
            Err(why) => return stop(*why),
        };
        if closed {
            let (vi, en) = (Code::TermClosed.text(dto::Lang::Vi).to_owned(), Code::TermClosed.text(dto::Lang::En).to_owned());
            return stop(error_fault("term_closed", None, vi, en));
        }
        let first = *self.seen.entry(learner).or_insert(line.row);
        if first != line.row {
            let (vi, en) = (format!("Trùng học sinh với dòng {first}."), format!("The same learner as row {first}."));
            return stop(error_fault("learner-repeated", None, vi, en));
        }
        let mut changes = Vec::new();
        let mut writes = Vec::new();
        for slot in &self.stands.slots {
            let field = slot.code();
            let Some(text) = cells.text(field, 40) else { continue };
            match self.stands.parse(&text, *slot) {
                Err(why) => cells.fault(why.code(), field, why.vi(), why.en()),
                Ok(parsed) => {
                    let Some(value) = parsed.value else { continue };
                    let shown = format_cell(&value, regulations::Lang::Vi);
                    // Typing "85" for 8.5 is quick; in a file it may as well be a slip.
                    if parsed.reinterpreted {
                        let vi = format!("“{text}” không phải điểm. Nếu là {shown}, hãy ghi rõ dấu phẩy.");
                        cells.fault("reinterpreted", field, vi, format!("“{text}” is no mark. Write {shown} if that is meant."));
                        continue;
                    }
                    let was = self.present(learner, *slot);
                    if was.value == Some(value) {
                        continue;
                    }
                    if self.stands.locks.closes(*slot).is_some() {
                        let (vi, en) = ("Cột điểm đã hết hạn nhập.", "The column is locked: its deadline has passed.");
                        cells.fault("marks_locked", field, vi, en);
                        continue;
                    }
                    let before = was.value.map(|v| format_cell(&v, regulations::Lang::Vi));
                    changes.push(FieldChange { field: field.to_owned(), before, after: Some(shown) });
                    writes.push((learner, *slot, value));
                }
            }
        }
        let mut checked = if cells.failed() { Checked::of(title, RowOutcome::Faulty) } else { Checked::changed(title, changes) };
        checked.faults = cells.faults;
        (checked, writes)
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        self.seen.clear();
        let mut wanted = Vec::new();
        for line in lines {
            wanted.extend(self.row(line, false).1);
        }
        let images = wanted
            .iter()
            .map(|(learner, slot, value)| {
                let was = self.present(*learner, *slot);
                let now = CellImage { value: Some(*value), version: was.version + 1 };
                Image::of(MARK, format!("{learner}/{}", slot.code()), Some(&was), Some(&now))
            })
            .collect::<Result<Vec<Image>>>()?;
        let cells = wanted
            .iter()
            .map(|(learner, slot, value)| PutCell {
                learner_id: *learner,
                slot: *slot,
                value: Some(*value),
                version: self.present(*learner, *slot).version,
            })
            .collect();
        let events = put(tx, self.class, &self.stands.section.subject.code, self.term, MarkSource::Imported, cells).await?;
        Ok(Applied { images, events: events.ok_or_else(|| Error::new(Code::ImportStale))? })
    }
}

/// Writes cells; none where one of them could not be written.
async fn put(
    tx: &Tx<'_>,
    class: ClassId,
    subject: &str,
    term: Term,
    source: MarkSource,
    cells: Vec<PutCell>,
) -> Result<Option<Vec<Event>>> {
    if cells.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let (saved, events) = marks::put_in(tx, class, subject, term, &PutMarks { source, reason: None, cells }).await?;
    let all = saved.cells.iter().all(|cell| matches!(cell.outcome, CellResult::Saved | CellResult::Unchanged));
    Ok(all.then_some(events))
}

async fn take_back(tx: &Tx<'_>, scope: &Scope, images: &[Image]) -> Result<Vec<Event>> {
    let (class, subject, term) = scope.section(tx.ctx().lang)?;
    let now = stands(tx.conn(), tx.ctx(), Permission::MarkWrite, class, subject, term).await?;
    let mut cells = Vec::new();
    let mut against = Against::default();
    for image in images.iter().filter(|image| image.subject == MARK) {
        let (before, after) = image.read::<CellImage>()?;
        let (Some(before), Some(after), Some((learner, slot))) = (before, after, image.id.split_once('/')) else {
            return Err(Error::internal("an image of a mark without its parts"));
        };
        let learner_id: LearnerId = learner.parse().map_err(|_| Error::internal("an image of a mark without a learner"))?;
        let slot = Slot::from_code(slot).ok_or_else(|| Error::internal("an image of a mark without a column"))?;
        let stands = now.cells.get(&(learner_id, slot)).map_or(0, |(_, version)| *version);
        if stands != after.version {
            let name = now.roster.iter().find(|line| line.learner_id == learner_id).map_or("?", |line| line.full_name.as_str());
            against.add(format!("/learners/{learner_id}"), Code::ImportedRecordUsed, name);
        }
        cells.push(PutCell { learner_id, slot, value: before.value, version: after.version });
    }
    against.into_result()?;
    let events = put(tx, class, subject, term, MarkSource::Undo, cells).await?;
    events.ok_or_else(|| Error::new(Code::ImportChangedSince).with("count", images.len()))
}

impl Opened for OpenMarks {
    fn columns(&self) -> Vec<Column> {
        let mut columns = who::columns();
        columns.extend(self.stands.slots.iter().map(|slot| self.column(*slot)));
        columns
    }

    fn title_class(&mut self, _: Option<&str>) {
        self.seen.clear();
    }

    fn prefilled(&self) -> Vec<Vec<(String, String)>> {
        let mut rows = who::prefilled(&self.stands.roster, &self.stands.codes);
        for (row, line) in rows.iter_mut().zip(&self.stands.roster) {
            for slot in &self.stands.slots {
                if let Some(value) = self.present(line.learner_id, *slot).value {
                    row.push((slot.code().to_owned(), format_cell(&value, regulations::Lang::Vi)));
                }
            }
        }
        rows
    }

    fn check<'a>(&'a mut self, conn: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move {
            let closed = term::state(conn, &self.stands.section.class, self.term).await?.is_closed();
            Ok(lines.iter().map(|line| self.row(line, closed).0).collect())
        })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(self.write(tx, lines))
    }
}
