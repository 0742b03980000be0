//! A file read back: what would happen with each cell.

use super::columns::{Column, Columns, Headers};
use super::learners::{Class, fault};
use super::primary;
use crate::deadlines::locks::{self, Locks};
use crate::facts::{self, RosterLine, SectionFacts};
use crate::{comments, policy, term, value};
use dto::access::Permission;
use dto::calendar::Term;
use dto::deadlines::SlotLock;
use dto::imports::{ImportFault, Severity};
use dto::mark_files::{
    FileCellOutcome, MarkFileCell, MarkFileCheck, MarkFileColumn, MarkFileComment, MarkFileCommentColumn, MarkFileRow, MatchedBy,
};
use dto::{ClassId, Code, LearnerId};
use kernel::text::dmy;
use kernel::{Ctx, Db, Error, Event, Result};
use records::imports::parse::book::{Book, Cell as FileCell, Value, column_letter, number_text};
use regulations::{CellFault, CellValue, Parsed, Policy, Regulation, Slot, parse_cell, tt27};
use sea_orm::ConnectionTrait;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What the database has of a sheet.
pub(crate) struct Stands {
    pub section: SectionFacts,
    pub policy: Policy,
    pub slots: Vec<Slot>,
    pub roster: Vec<RosterLine>,
    pub codes: Vec<facts::CodedLearner>,
    pub cells: HashMap<(LearnerId, Slot), (Option<CellValue>, i64)>,
    pub comments: HashMap<LearnerId, (Option<String>, i64)>,
    pub locks: Locks,
}

pub(crate) async fn stands(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    class: ClassId,
    subject: &str,
    term: Term,
) -> Result<Stands> {
    let section = facts::section(conn, ctx, permission, Permission::MarkWrite, class, subject, term).await?;
    let policy = policy::of(&section.class)?;
    let cells = crate::marks::cells(conn, &section, term).await?;
    Ok(Stands {
        slots: policy::columns(section.class.grade, &section.subject, term, &policy),
        roster: crate::marks::roster(conn, &section).await?,
        codes: facts::codes(conn, section.class.school_id, section.class.id).await?,
        cells: cells.into_iter().map(|(learner, cell)| ((learner, cell.slot), (cell.value, cell.version))).collect(),
        comments: comments::standing(conn, &section, term).await?,
        locks: locks::read(conn, &section, term).await?,
        policy,
        section,
    })
}

impl Stands {
    pub(super) fn headers(&self) -> Headers {
        match self.policy.code {
            Regulation::Tt27 => Headers::Primary(primary::Headers::new(&self.section.subject.code, &self.slots)),
            _ => Headers::Marks,
        }
    }

    /// What to say where no column was found.
    pub(super) fn no_column(&self) -> [&'static str; 2] {
        match self.policy.code {
            Regulation::Tt27 => [
                "Không tìm thấy cột nào của sổ này trong dòng tiêu đề. Tiêu đề cần ghi thời điểm và nội dung, ví dụ “Mức đạt được giữa \
                 kì”, “Điểm kiểm tra cuối kì”, “Chăm chỉ, cuối kì”.",
                "No column of this sheet was found in the header. Headers say when and what, such as “Level at midterm”, “Final test”, \
                 “Diligence, end of term”.",
            ],
            _ => [
                "Không tìm thấy cột điểm nào (TX1, TX2, …, GK, CK) trong dòng tiêu đề.",
                "No column of marks (TX1, TX2, …, GK, CK) was found in the header.",
            ],
        }
    }

    /// Reads a text as its column asks.
    pub(crate) fn parse(&self, text: &str, slot: Slot) -> std::result::Result<Parsed, CellFault> {
        match slot {
            Slot::Primary(slot) => tt27::parse(text, slot, &self.policy.tt27),
            _ => parse_cell(text, self.section.subject.kind),
        }
    }
}

/// Reads a file against a sheet: each cell with what would become of it. Nothing of the sheet is changed; that a file was looked at
/// is in the log.
///
/// Errors: `not_found`, `term_closed`, `file_not_readable` with what to do.
pub async fn check(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term, file: Vec<u8>) -> Result<MarkFileCheck> {
    let conn = db.read();
    let stands = stands(conn, ctx, Permission::MarkWrite, class, subject, term).await?;
    if term::state(conn, &stands.section.class, term).await?.is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    let file = Arc::new(file);
    let (book, columns) = super::open(&file, ctx.lang, term, stands.headers()).await?;
    let check = Reading { stands: &stands, book: &book, columns: &columns }.check();
    let event = Event::new(Some(stands.section.class.school_id), "mark.file_checked", "class", class).after(&json!({
        "subject": stands.section.subject.code,
        "term": value::term_number(term),
        "file": hex::encode(Sha256::digest(file.as_slice())),
        "new": check.new,
        "changed": check.changed,
        "faulty": check.faulty,
    }));
    db.write(ctx, async |_| Ok(((), vec![event.clone()]))).await?;
    Ok(check)
}

struct Reading<'r> {
    stands: &'r Stands,
    book: &'r Book,
    columns: &'r Columns,
}

fn warning(code: &str, column: Option<String>, vi: String, en: String) -> ImportFault {
    ImportFault { severity: Severity::Warning, ..fault(code, column, vi, en) }
}

impl Reading<'_> {
    fn check(&self) -> MarkFileCheck {
        let stands = self.stands;
        let mut faults = Vec::new();
        let (used, beyond): (Vec<&Column>, Vec<&Column>) =
            self.columns.marks.iter().partition(|column| stands.slots.contains(&column.slot));
        for column in beyond {
            faults.push(warning(
                "slot-unknown",
                Some(column_letter(column.index)),
                format!("Cột “{}” không có trong sổ điểm của môn này nên được bỏ qua.", column.header),
                format!("The subject has no column “{}”, so it is left out.", column.header),
            ));
        }
        for column in &self.columns.repeated {
            faults.push(warning(
                "column-repeated",
                Some(column_letter(column.index)),
                format!("Cột “{}” bị lặp; chỉ cột đầu tiên được đọc.", column.header),
                format!("The column “{}” is there twice; the first is read.", column.header),
            ));
        }
        if used.is_empty() && self.columns.comment.is_none() {
            let [vi, en] = stands.no_column();
            faults.push(fault("no-mark-column", None, vi.into(), en.into()));
        }
        let class = Class::new(&stands.roster, &stands.codes);
        let mut seen: HashSet<LearnerId> = HashSet::new();
        let mut rows = Vec::with_capacity(self.book.list.rows.len());
        for parsed in &self.book.list.rows {
            let mut row = MarkFileRow {
                row: parsed.row_number,
                full_name: parsed.fields.name.full(),
                learner_id: None,
                matched_by: MatchedBy::None,
                cells: Vec::new(),
                comment: None,
                faults: Vec::new(),
            };
            match class.find(parsed) {
                Err(why) => row.faults.push(*why),
                Ok((learner, _)) if !seen.insert(learner) => row.faults.push(fault(
                    "learner-repeated",
                    None,
                    format!("{} có ở hai dòng; dòng này được bỏ qua.", row.full_name),
                    format!("{} is in two rows; this one is left out.", row.full_name),
                )),
                Ok((learner, by)) => {
                    (row.learner_id, row.matched_by) = (Some(learner), by);
                    let cells = self.book.grid.rows.iter().find(|r| r.number == parsed.row_number);
                    row.cells = used.iter().filter_map(|column| self.cell(learner, column, cells?.get(column.index)?)).collect();
                    let comment = self.columns.comment.as_ref().and_then(|(index, _)| cells?.get(*index));
                    row.comment = comment.and_then(|cell| self.comment(learner, cell));
                }
            }
            rows.push(row);
        }
        let absent = stands.roster.iter().filter(|line| !seen.contains(&line.learner_id) && !self.left(line));
        let count = |outcome| {
            let cells = rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.outcome == outcome).count();
            let comments = rows.iter().flat_map(|row| &row.comment).filter(|comment| comment.outcome == outcome).count();
            u32::try_from(cells + comments).unwrap_or(u32::MAX)
        };
        MarkFileCheck {
            sheet: self.book.list.sheet.clone(),
            header_row: self.book.list.header_row,
            columns: used
                .iter()
                .map(|c| MarkFileColumn { slot: c.slot, letter: column_letter(c.index), header: c.header.clone() })
                .collect(),
            comment_column: self
                .columns
                .comment
                .as_ref()
                .map(|(index, header)| MarkFileCommentColumn { letter: column_letter(*index), header: header.clone() }),
            unused: self.columns.unused.clone(),
            absent: absent.map(|line| line.full_name.clone()).collect(),
            new: count(FileCellOutcome::New),
            changed: count(FileCellOutcome::Changed),
            same: count(FileCellOutcome::Same),
            faulty: count(FileCellOutcome::Faulty),
            faults,
            rows,
        }
    }

    fn left(&self, line: &RosterLine) -> bool {
        line.left_by(self.stands.section.term_ends_on)
    }

    /// An empty cell says nothing: it clears no mark.
    fn cell(&self, learner: LearnerId, column: &Column, cell: &FileCell) -> Option<MarkFileCell> {
        let (present, version) = self.stands.cells.get(&(learner, column.slot)).copied().unwrap_or((None, 0));
        let text = text(cell);
        let mut out = MarkFileCell {
            slot: column.slot,
            outcome: FileCellOutcome::Faulty,
            text: text.chars().take(60).collect(),
            value: None,
            present,
            version,
            doubtful: false,
            code: None,
            vi: None,
            en: None,
        };
        match self.read(cell, &text, column.slot) {
            Ok(None) => return None,
            Ok(Some((value, doubtful))) => {
                (out.value, out.doubtful) = (Some(value), doubtful);
                if present == Some(value) {
                    out.outcome = FileCellOutcome::Same;
                    return Some(out);
                }
                let lock = self.stands.locks.closes(column.slot);
                let code = if self.has_left(learner) { Some(Code::LearnerLeft) } else { lock.map(|_| Code::MarksLocked) };
                match code {
                    Some(code) => {
                        let [vi, en] = why_refused(code, lock);
                        (out.code, out.vi, out.en) = (Some(code.as_str().to_owned()), Some(vi), Some(en));
                    }
                    None if present.is_none() => out.outcome = FileCellOutcome::New,
                    None => out.outcome = FileCellOutcome::Changed,
                }
            }
            Err((code, vi, en)) => (out.code, out.vi, out.en) = (Some(code.into()), Some(vi.into()), Some(en.into())),
        }
        Some(out)
    }

    /// An empty cell says nothing here either.
    fn comment(&self, learner: LearnerId, cell: &FileCell) -> Option<MarkFileComment> {
        let (present, version) = self.stands.comments.get(&learner).cloned().unwrap_or_default();
        // Line ends as a browser sends them.
        let text = comments::tidy(Some(&text(cell).replace("\r\n", "\n").replace('\r', "\n")))?;
        let mut out =
            MarkFileComment { outcome: FileCellOutcome::Faulty, text, present, version, code: None, vi: None, en: None };
        let fault = if cell.formula {
            Some(FORMULA)
        } else if out.text.chars().count() > usize::try_from(dto::comments::LONGEST).unwrap_or(usize::MAX) {
            Some(("too-long", "Nhận xét dài quá 1000 ký tự.", "The comment is longer than 1000 characters."))
        } else {
            None
        };
        if let Some((code, vi, en)) = fault {
            out.text = out.text.chars().take(60).collect();
            (out.code, out.vi, out.en) = (Some(code.into()), Some(vi.into()), Some(en.into()));
            return Some(out);
        }
        if out.present.as_deref() == Some(out.text.as_str()) {
            out.outcome = FileCellOutcome::Same;
            return Some(out);
        }
        let lock = self.stands.locks.closes_comments();
        let code = if self.has_left(learner) { Some(Code::LearnerLeft) } else { lock.map(|_| Code::MarksLocked) };
        match code {
            Some(code) => {
                let [vi, en] = why_refused(code, lock);
                (out.code, out.vi, out.en) = (Some(code.as_str().to_owned()), Some(vi), Some(en));
            }
            None if out.present.is_none() => out.outcome = FileCellOutcome::New,
            None => out.outcome = FileCellOutcome::Changed,
        }
        Some(out)
    }

    fn has_left(&self, learner: LearnerId) -> bool {
        self.stands.roster.iter().any(|line| line.learner_id == learner && self.left(line))
    }

    fn read(&self, cell: &FileCell, text: &str, slot: Slot) -> std::result::Result<Option<(CellValue, bool)>, Why> {
        if cell.formula {
            return Err(FORMULA);
        }
        if matches!(cell.value, Value::Date(_)) {
            return Err((
                "date",
                "Excel đã hiểu điểm này là ngày tháng. Hãy đổi định dạng ô thành Number rồi nhập lại.",
                "Excel took this mark for a date. Format the cell as a number and type it again.",
            ));
        }
        match self.stands.parse(text, slot) {
            // A number is what it is; only what was typed as text may have lost its comma.
            Ok(parsed) => Ok(parsed.value.map(|value| (value, parsed.reinterpreted))),
            Err(why) => Err((why.code(), why.vi(), why.en())),
        }
    }
}

fn text(cell: &FileCell) -> String {
    match &cell.value {
        Value::Text(text) | Value::Error(text) => text.trim().to_owned(),
        Value::Number(number) | Value::Date(number) => number_text(*number),
        Value::Bool(true) => "TRUE".into(),
        Value::Bool(false) => "FALSE".into(),
    }
}

const FORMULA: Why =
    ("formula", "Ô này là công thức. Hãy dán lại thành giá trị (Paste Values).", "This cell is a formula. Paste it as a value.");

/// The text of a code in both languages.
fn why_refused(code: Code, lock: Option<&SlotLock>) -> [String; 2] {
    [dto::Lang::Vi, dto::Lang::En].map(|lang| {
        let mut params = std::collections::BTreeMap::new();
        if let Some(lock) = lock {
            params.insert("group".to_owned(), locks::group_in_words(lock.group, lang));
            params.insert("deadline".to_owned(), lock.due_on.map(dmy).unwrap_or_default());
        }
        dto::problem::fill(code.text(lang), &params)
    })
}

type Why = (&'static str, &'static str, &'static str);
