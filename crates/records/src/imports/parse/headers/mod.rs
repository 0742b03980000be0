//! Finding the header of a sheet and what its columns hold.

mod meaning;
mod synonyms;
mod title;

use super::faults::{Fault, FaultCode};
use super::grid::{Cell, Grid, Row, Value, column_letter, number_text};
use super::types::{Field, FoundColumn, Layout, UnusedColumn};
pub use meaning::field_name;
use meaning::{Meaning, meaning, plain, read_header};
pub use title::{class_in, title_of};

/// Rows in which a header is looked for.
pub const SEARCHED_ROWS: u32 = 30;

/// A column that is read, by its place.
#[derive(Clone, Debug)]
pub struct Column {
    pub index: u16,
    pub letter: String,
    pub field: Field,
    pub header: String,
    pub guessed: bool,
    /// The folded header, by which forms are told apart.
    folded: String,
}

/// The header of a sheet.
#[derive(Clone, Debug)]
pub struct Header {
    pub row: u32,
    /// The last row of the header; pupils stand below it.
    pub last_row: u32,
    pub columns: Vec<Column>,
    pub unused: Vec<UnusedColumn>,
    pub layout: Layout,
    pub faults: Vec<Fault>,
}

impl Header {
    /// The header of a list whose columns are these fields in this order, above row 1.
    pub fn of_fields(fields: &[Field]) -> Header {
        let columns = (0u16..).zip(fields).map(|(index, field)| Column {
            index,
            letter: column_letter(index),
            field: *field,
            header: field_name(*field).to_owned(),
            guessed: false,
            folded: plain(field_name(*field)),
        });
        Header {
            row: 0,
            last_row: 0,
            columns: columns.collect(),
            unused: Vec::new(),
            layout: Layout::Generic,
            faults: Vec::new(),
        }
    }

    pub fn find(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|column| column.field == field)
    }

    pub fn found_columns(&self, grid: &Grid) -> Vec<FoundColumn> {
        self.columns
            .iter()
            .map(|column| FoundColumn {
                field: column.field,
                header: column.header.clone(),
                letter: column.letter.clone(),
                guessed: column.guessed,
                hidden: grid.is_hidden(column.index),
            })
            .collect()
    }
}

/// Every field that a column of a class list can be, with its name.
pub fn known_fields() -> impl Iterator<Item = (Field, &'static str)> {
    synonyms::SYNONYMS.iter().map(|(field, name, _)| (*field, *name)).filter(|(field, _)| *field != Field::NotTaken)
}

/// Only letters and digits of the folded text, single spaces between: by what headers are known.
pub fn plain_text(text: &str) -> String {
    plain(text)
}

/// Text of a header cell, as written.
fn header_text(cell: &Cell) -> String {
    match &cell.value {
        Value::Text(text) => text.chars().take(240).collect(),
        Value::Number(n) | Value::Date(n) => number_text(*n),
        Value::Bool(_) | Value::Error(_) => String::new(),
    }
}

struct Headed {
    index: u16,
    text: String,
    found: Option<Meaning>,
}

/// The cells of a row, read as headers.
fn read_row(row: &Row, guess: bool) -> Vec<Headed> {
    row.cells
        .iter()
        .filter(|(_, cell)| !cell.is_blank())
        .map(|(index, cell)| {
            let (text, found) = read_header(&header_text(cell), guess);
            Headed { index: *index, text, found }
        })
        .collect()
}

/// Whether a row can begin a header: two of its cells are headers beyond doubt, or one is of names.
fn may_begin(cells: &[Headed]) -> bool {
    let sure = cells.iter().filter(|cell| cell.found.is_some()).count();
    let named = cells.iter().any(|cell| matches!(cell.found, Some((Field::FullName | Field::FamilyMiddle | Field::Given, _, _))));
    sure >= 2 || named
}

/// How much a header tells: 0 without a column of names.
fn score(header: &Header) -> usize {
    let named = [Field::FullName, Field::FamilyMiddle, Field::Given].iter().any(|field| header.find(*field).is_some());
    if !named {
        return 0;
    }
    header.columns.iter().map(|column| if column.guessed { 1 } else { 2 }).sum()
}

/// Finds the header; None where no row in reach has a column of names. The number is its score.
pub fn find(grid: &Grid) -> Option<(usize, Header)> {
    let mut best: Option<(usize, Header)> = None;
    for (position, row) in grid.rows.iter().enumerate().take_while(|(_, row)| row.number <= SEARCHED_ROWS) {
        if !may_begin(&read_row(row, false)) {
            continue;
        }
        let header = build(grid, position);
        let score = score(&header);
        if score > best.as_ref().map_or(0, |(s, _)| *s) {
            best = Some((score, header));
        }
    }
    best
}

fn build(grid: &Grid, position: usize) -> Header {
    let row = &grid.rows[position];
    let mut cells = read_row(row, true);
    let mut last_row = row.number;
    // A second and third header row: names of parts under a common head.
    for next in grid.rows[position + 1..].iter().take(2) {
        if next.number != last_row + 1 || !is_sub_header(grid, next, &cells) {
            break;
        }
        cells = join(grid, row.number, &cells, next);
        last_row = next.number;
    }
    split_merged_name(grid, last_row, &mut cells);
    assign(grid, row.number, last_row, cells)
}

/// Whether a row continues the header: some of its cells are headers, alone or under the one above, and none of them
/// stands under a complete header with a value.
fn is_sub_header(grid: &Grid, next: &Row, above: &[Headed]) -> bool {
    let texts = read_row(next, false);
    let is_number = |c: &Cell| matches!(c.value, Value::Number(_) | Value::Date(_));
    if texts.is_empty() || next.cells.iter().any(|(_, cell)| is_number(cell)) {
        return false;
    }
    // A value under one of these heads is a pupil's.
    let sure = |cell: &Headed| matches!(cell.found, Some((_, false, _)));
    let pupil = texts.iter().any(|cell| {
        let head = above.iter().find(|head| head.index == cell.index).and_then(|head| head.found.as_ref());
        matches!(head, Some((Field::FullName | Field::BirthDate | Field::Ordinal | Field::PersonalId, _, _))) && !sure(cell)
    });
    if pupil {
        return false;
    }
    let headed = texts
        .iter()
        .filter(|cell| {
            let parent = parent(grid, next.number - 1, above, cell.index);
            sure(cell) || parent.is_some_and(|p| meaning(&format!("{p} {}", cell.text)).is_some())
        })
        .count();
    headed * 2 >= texts.len()
}

/// The head above a cell: of its own column, else of the merged range over it, else (without merges) the nearest to
/// the left.
fn parent<'a>(grid: &Grid, row: u32, above: &'a [Headed], index: u16) -> Option<&'a str> {
    if let Some(cell) = above.iter().find(|cell| cell.index == index) {
        return Some(&cell.text);
    }
    let covers = |m: &&super::grid::Merge| (m.rows.0..=m.rows.1).contains(&row) && (m.columns.0..=m.columns.1).contains(&index);
    if let Some(merge) = grid.merges.iter().find(covers) {
        return above.iter().find(|cell| cell.index == merge.columns.0).map(|cell| cell.text.as_str());
    }
    let left = above.iter().rev().find(|cell| cell.index < index)?;
    grid.merges.is_empty().then_some(left.text.as_str())
}

fn join(grid: &Grid, row: u32, above: &[Headed], next: &Row) -> Vec<Headed> {
    let below = read_row(next, true);
    let mut out: Vec<Headed> = Vec::new();
    for cell in &below {
        let head = parent(grid, row, above, cell.index);
        let joined = head.map_or_else(|| cell.text.clone(), |head| format!("{head} {}", cell.text));
        // "Cha" + "Họ tên", "Giới tính" + "Nữ", "Họ và tên" + "Tên": the whole, in either order, else the part.
        let swapped = head.map(|head| format!("{} {head}", cell.text));
        let found = meaning(&joined)
            .or_else(|| swapped.as_deref().and_then(meaning))
            .or_else(|| of_relative(head.unwrap_or_default(), cell.found.clone()));
        out.push(Headed { index: cell.index, text: joined, found });
    }
    let covered: Vec<u16> = out.iter().map(|cell| cell.index).collect();
    for cell in above.iter().filter(|cell| !covered.contains(&cell.index)) {
        out.push(Headed { index: cell.index, text: cell.text.clone(), found: cell.found.clone() });
    }
    out.sort_by_key(|cell| cell.index);
    out
}

/// A part under a head that names a relative: "Thông tin cha" over "Họ tên", "Năm sinh", "SĐT".
fn of_relative(head: &str, part: Option<Meaning>) -> Option<Meaning> {
    let head = plain(head);
    let says = |words: &[&str]| head.split(' ').any(|word| words.contains(&word));
    let (name, phone) = if says(&["cha", "bo"]) {
        (Field::FatherName, Field::FatherPhone)
    } else if says(&["me"]) {
        (Field::MotherName, Field::MotherPhone)
    } else if head.contains("giam ho") || head.contains("phu huynh") {
        (Field::GuardianName, Field::GuardianPhone)
    } else {
        return part;
    };
    let (field, guessed, folded) = part?;
    let field = match field {
        Field::FullName | Field::Given => name,
        Field::Phone | Field::LearnerPhone => phone,
        _ => Field::NotTaken,
    };
    Some((field, guessed, folded))
}

/// "Họ và tên" over two columns, one of family and middle names and one of given names, which has no header of its own.
fn split_merged_name(grid: &Grid, last_row: u32, cells: &mut Vec<Headed>) {
    let Some(at) = cells.iter().position(|cell| matches!(&cell.found, Some((Field::FullName, _, _)))) else {
        return;
    };
    let index = cells[at].index;
    let Some(right) = index.checked_add(1) else {
        return;
    };
    let headed = cells.iter().any(|cell| cell.index == right || matches!(cell.found, Some((Field::Given, _, _))));
    if headed {
        return;
    }
    let rows = || grid.rows.iter().filter(|row| row.number > last_row).take(60);
    let filled = rows().filter(|row| row.get(index).is_some()).count();
    let single = rows()
        .filter(|row| {
            row.get(index).is_some()
                && row
                    .get(right)
                    .is_some_and(|cell| matches!(&cell.value, Value::Text(text) if text.split_whitespace().count() <= 2))
        })
        .count();
    if single > 0 && single * 2 >= filled {
        let text = cells[at].text.clone();
        cells[at].found = Some((Field::FamilyMiddle, false, "ho va ten dem".into()));
        cells.insert(at + 1, Headed { index: right, text, found: Some((Field::Given, false, "ten".into())) });
    }
}

/// Gives each field its column and tells the form.
fn assign(grid: &Grid, row: u32, last_row: u32, cells: Vec<Headed>) -> Header {
    let mut header =
        Header { row, last_row, columns: Vec::new(), unused: Vec::new(), layout: Layout::Generic, faults: Vec::new() };
    let sure: Vec<Field> =
        cells.iter().filter_map(|cell| cell.found.as_ref().filter(|(_, guessed, _)| !guessed).map(|(f, _, _)| *f)).collect();
    let folded: Vec<String> = cells.iter().map(|cell| plain(&cell.text)).collect();
    header.layout = layout_of(&folded);
    for cell in cells {
        let letter = column_letter(cell.index);
        let text: String = cell.text.chars().take(120).collect();
        let unused = |header: &mut Header, text: String, letter: String| {
            if !text.is_empty() {
                header.unused.push(UnusedColumn { header: text, letter });
            }
        };
        let Some((field, guessed, folded)) = cell.found.filter(|(field, _, _)| *field != Field::NotTaken) else {
            unused(&mut header, text, letter);
            continue;
        };
        // A guess never takes the place of a header that is spelt right.
        if guessed && sure.contains(&field) {
            unused(&mut header, text, letter);
            continue;
        }
        if let Some(first) = header.find(field).map(|column| column.letter.clone())
            && field != Field::SomeCode
        {
            header.faults.push(Fault::column(FaultCode::DuplicateColumn, field, &letter, &[("first", &first)]));
            unused(&mut header, text, letter);
            continue;
        }
        if guessed {
            header.faults.push(Fault::column(
                FaultCode::HeaderGuessed,
                field,
                &letter,
                &[("header", &text), ("meaning", &field_name(field))],
            ));
        }
        header.columns.push(Column { index: cell.index, letter, field, header: text, guessed, folded });
    }
    settle_codes(grid, &mut header);
    settle_names(&mut header);
    header
}

fn layout_of(folded: &[String]) -> Layout {
    let has = |name: &str| folded.iter().any(|header| header == name);
    let count = |names: &[&str]| names.iter().filter(|name| has(name)).count();
    if count(&["ma moet", "ma vemis", "so dang bo", "dien thoai dd", "con giao vien", "ngay vao truong", "dt bo"]) >= 3 {
        Layout::Vnedu
    } else if has("ma lop") && count(&["trang thai hs", "ngay nhap trang thai", "loai khuyet tat", "ma hoc sinh"]) >= 2 {
        Layout::C1
    } else if folded.iter().any(|header| header.starts_with("ma dinh danh bo"))
        && count(&["sdt lien he", "noi sinh chi tiet", "to thon hktt", "khoi hoc", "lop hoc", "tinh thanh que quan"]) >= 2
    {
        Layout::Ministry
    } else {
        Layout::Generic
    }
}

/// "Mã học sinh", "Mã định danh": twelve digits are the personal ID, ten the Ministry's code, others the school's.
/// A column that says so in its header goes before one that only its values tell.
fn settle_codes(grid: &Grid, header: &mut Header) {
    let sample = |index: u16| -> Vec<usize> {
        grid.rows
            .iter()
            .filter(|row| row.number > header.last_row)
            .filter_map(|row| row.get(index))
            .take(40)
            .map(|cell| match &cell.value {
                Value::Text(text) if text.trim().bytes().all(|b| b.is_ascii_digit()) => text.trim().len(),
                Value::Number(n) if n.fract() == 0.0 => number_text(*n).len(),
                _ => 0,
            })
            .collect()
    };
    for at in 0..header.columns.len() {
        if header.columns[at].field != Field::SomeCode {
            continue;
        }
        let lengths = sample(header.columns[at].index);
        let mostly =
            |low: usize, high: usize| lengths.iter().filter(|n| (low..=high).contains(*n)).count() * 5 > lengths.len() * 3;
        let free = |field: Field| header.find(field).is_none();
        let field = if mostly(11, 12) && free(Field::PersonalId) {
            Field::PersonalId
        } else if (mostly(9, 10) || header.layout == Layout::C1) && free(Field::MinistryCode) {
            Field::MinistryCode
        } else if free(Field::LocalCode) {
            Field::LocalCode
        } else {
            Field::NotTaken
        };
        header.columns[at].field = field;
    }
    let (kept, dropped): (Vec<Column>, Vec<Column>) =
        std::mem::take(&mut header.columns).into_iter().partition(|column| column.field != Field::NotTaken);
    header.columns = kept;
    header.unused.extend(dropped.into_iter().map(|c| UnusedColumn { header: c.header, letter: c.letter }));
}

/// "Họ" beside "Tên" without a column of middle names holds both; a full name goes before its parts.
fn settle_names(header: &mut Header) {
    let has = |header: &Header, field| header.find(field).is_some();
    if has(header, Field::FullName) {
        let parts = [Field::FamilyMiddle, Field::Family, Field::Middle, Field::Given];
        let (kept, dropped): (Vec<Column>, Vec<Column>) =
            std::mem::take(&mut header.columns).into_iter().partition(|column| !parts.contains(&column.field));
        header.columns = kept;
        header.unused.extend(dropped.into_iter().map(|c| UnusedColumn { header: c.header, letter: c.letter }));
        return;
    }
    let lone_given = !has(header, Field::FamilyMiddle) && !has(header, Field::Family);
    let lone_family = !has(header, Field::Given);
    for column in &mut header.columns {
        match column.field {
            // A sheet with "Tên" alone, or "Họ đệm" alone, has whole names there.
            Field::Given if lone_given => column.field = Field::FullName,
            Field::FamilyMiddle if lone_family => column.field = Field::FullName,
            _ => {}
        }
    }
}

/// Whether a row repeats the header, as printed lists do on each page.
pub fn repeats(header: &Header, row: &Row) -> bool {
    let same = header
        .columns
        .iter()
        .filter(|column| row.get(column.index).is_some_and(|cell| plain(&header_text(cell)) == column.folded))
        .count();
    same >= 2 && same * 2 >= row.cells.len().min(header.columns.len())
}
