//! Which columns of a teacher's file hold which marks: by the text of their headers without marks and case, over one row or several
//! ("ĐĐGtx" over "1 2 3 4"), in any order, hidden or not.

use super::primary;
use dto::calendar::Term;
use kernel::text::fold;
use records::imports::parse::book::{Book, Cell, Grid, Value, column_letter, number_text};
use regulations::Slot;

/// A column of marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub slot: Slot,
    pub index: u16,
    pub header: String,
}

/// The columns of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub marks: Vec<Column>,
    /// The index and header of the column of comments.
    pub comment: Option<(u16, String)>,
    /// Headers that are neither marks nor comments nor anything of the learner.
    pub unused: Vec<String>,
    /// Columns of marks of which there was one already.
    pub repeated: Vec<Column>,
}

/// How the headers of a sheet are read.
#[derive(Clone, Debug)]
pub(super) enum Headers {
    /// Regular marks, midterm and final (TT 22/2021).
    Marks,
    /// Levels and tests of a primary class (TT 27/2020).
    Primary(primary::Headers),
}

/// Rows that a header may have.
const DEEPEST: u32 = 4;

/// Finds the columns of a term's marks.
pub(super) fn find(book: &Book, term: Term, headers: &Headers) -> Columns {
    let titles = book.grid.rows.iter().filter(|row| row.number < book.list.header_row).flat_map(|row| &row.cells);
    let titles = titles.filter_map(|(_, cell)| match &cell.value {
        Value::Text(text) => Some(&**text),
        _ => None,
    });
    let titled = primary::titled(titles.chain([book.list.sheet.as_str()]));
    let first = book.list.header_row;
    let pupils = book.list.rows.iter().map(|row| row.row_number).min().unwrap_or(first + 1);
    let last = (first + DEEPEST).min(pupils).saturating_sub(1).max(first);
    let known: Vec<&str> = book.list.columns.iter().filter(|c| !c.guessed).map(|c| c.letter.as_str()).collect();
    let right = book.grid.rows.iter().flat_map(|row| row.cells.last()).map(|(column, _)| *column).max().unwrap_or(0);
    let mut columns = Columns::default();
    let mut without_number = 0;
    for index in 0..=right {
        let parts = header(&book.grid, first, last, index);
        let text = parts.join(" ");
        if text.is_empty() {
            continue;
        }
        let comment = match headers {
            Headers::Marks => comment(&text),
            Headers::Primary(headers) => headers.comment(&text),
        };
        match comment {
            Some(of) if of.is_some_and(|of| of != term) => continue,
            Some(_) if columns.comment.is_none() => {
                columns.comment = Some((index, text));
                continue;
            }
            _ => {}
        }
        let meant = match headers {
            Headers::Marks => meaning(&text, &mut without_number),
            Headers::Primary(headers) => headers.meaning(&text, titled),
        };
        match meant {
            Some((slot, of)) if of.is_none_or(|of| of == term) => {
                let column = Column { slot, index, header: text };
                match columns.marks.iter().any(|known| known.slot == slot) {
                    true => columns.repeated.push(column),
                    false => columns.marks.push(column),
                }
            }
            // The same column of the other term.
            Some(_) => {}
            None if known.contains(&column_letter(index).as_str()) => {}
            None => columns.unused.push(text),
        }
    }
    columns.marks.sort_by_key(|column| column.slot);
    columns
}

/// The texts above a column, from the top; a merged cell stands above all that it spans.
fn header(grid: &Grid, first: u32, last: u32, column: u16) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for number in first..=last {
        let merge = grid.merges.iter().find(|merge| {
            (merge.rows.0..=merge.rows.1).contains(&number) && (merge.columns.0..=merge.columns.1).contains(&column)
        });
        let (row, at) = merge.map_or((number, column), |merge| (merge.rows.0, merge.columns.0));
        let cell = grid.rows.iter().find(|r| r.number == row).and_then(|r| r.get(at));
        let text = cell.map(header_text).unwrap_or_default();
        if !text.is_empty() && parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    parts
}

fn header_text(cell: &Cell) -> String {
    match &cell.value {
        Value::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect(),
        Value::Number(number) => number_text(*number),
        Value::Date(_) | Value::Bool(_) | Value::Error(_) => String::new(),
    }
}

/// Whether a header says that comments stand under it, and the term where it names one. Comments are on the term: those of its middle are
/// kept nowhere.
fn comment(text: &str) -> Option<Option<Term>> {
    let folded: String = fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<(&str, Option<u8>)> = folded.split_whitespace().map(numbered).collect();
    let has = |wanted: &[&str]| words.iter().any(|(word, _)| wanted.contains(word));
    let said = has(&["nx", "comment", "comments"]) || words.windows(2).any(|w| w[0].0 == "nhan" && w[1].0 == "xet");
    let elsewhen = has(&["giua", "gk", "gki", "mid", "midterm"]) || words.windows(2).any(|w| w[0].0 == "ca" && w[1].0 == "nam");
    (said && !elsewhen).then(|| self::term(&words))
}

/// What a header says: a column, and the term where it names one. `without_number` counts regular columns that have no number.
fn meaning(text: &str, without_number: &mut u8) -> Option<(Slot, Option<Term>)> {
    let folded: String = fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<(&str, Option<u8>)> = folded.split_whitespace().map(numbered).collect();
    let has = |wanted: &[&str]| words.iter().any(|(word, _)| wanted.contains(word));
    let pair = |a: &str, b: &[&str]| words.windows(2).any(|w| w[0].0 == a && b.contains(&w[1].0));
    // Averages, comments and whole years are nobody's marks to enter.
    if has(&["tb", "tbm", "dtb", "dtbm", "dtbmhk", "dtbmcn", "tbmhk", "tbmcn", "nx", "average", "comment"])
        || pair("trung", &["binh"])
        || pair("nhan", &["xet"])
        || pair("ca", &["nam"])
        || pair("xep", &["loai"])
        || pair("ghi", &["chu"])
    {
        return None;
    }
    let term = term(&words);
    if has(&["ck", "cki", "ddgck", "dgck", "ktck", "fin", "final"]) || pair("cuoi", &["ki", "ky", "hoc"]) {
        return Some((Slot::Final, term));
    }
    if has(&["gk", "gki", "ddggk", "dggk", "ktgk", "mid", "midterm"]) || pair("giua", &["ki", "ky", "hoc"]) {
        return Some((Slot::Midterm, term));
    }
    if has(&["cdht", "topics"]) || pair("chuyen", &["de"]) {
        return Some((Slot::TOPICS, term));
    }
    let regular = has(&["tx", "ddgtx", "dgtx", "kttx", "regular"]) || pair("thuong", &["xuyen"]) || has(&["r"]);
    if !regular {
        return None;
    }
    // The last number that is not that of a term: "ĐĐGtx HK1 3", "TX3", "Thường xuyên lần 3", and "3" under any of these.
    let number = words.iter().enumerate().rev().find_map(|(at, (word, number))| (*number).filter(|_| !is_term(&words, at, word)));
    let number = number.unwrap_or_else(|| {
        *without_number += 1;
        *without_number
    });
    (1..=Slot::MAX_REGULAR).contains(&number).then_some((Slot::Regular(number), term))
}

/// A word without the number at its end, and that number: "tx3" is ("tx", 3), "3" is ("", 3).
pub(super) fn numbered(word: &str) -> (&str, Option<u8>) {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    (stem, word[stem.len()..].parse().ok())
}

/// Whether the number of a word is that of a term: "hk1", "học kì 1".
fn is_term(words: &[(&str, Option<u8>)], at: usize, word: &str) -> bool {
    matches!(word, "hk" | "ki" | "ky") || (word.is_empty() && at > 0 && matches!(words[at - 1], ("hk" | "ki" | "ky", None)))
}

/// The term that words name.
pub(super) fn term(words: &[(&str, Option<u8>)]) -> Option<Term> {
    words.iter().enumerate().find_map(|(at, (word, number))| {
        let own = match *word {
            "hk" | "ki" | "ky" => *number,
            "hki" => Some(1),
            "hkii" => Some(2),
            _ => None,
        };
        let next = || match words.get(at + 1) {
            Some(("", number)) => *number,
            Some(("i", None)) => Some(1),
            Some(("ii", None)) => Some(2),
            _ => None,
        };
        let found = own.or_else(|| if matches!(*word, "hk" | "ki" | "ky") { next() } else { None });
        match found {
            Some(1) => Some(Term::S1),
            Some(2) => Some(Term::S2),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(text: &str) -> Option<(Slot, Option<Term>)> {
        meaning(text, &mut 0)
    }

    #[test]
    fn headers_as_schools_write_them() {
        for (text, expected) in [
            ("TX1", Slot::Regular(1)),
            ("ĐĐGtx 2", Slot::Regular(2)),
            ("ĐĐGtx2", Slot::Regular(2)),
            ("Điểm đánh giá thường xuyên 3", Slot::Regular(3)),
            ("KTTX lần 4", Slot::Regular(4)),
            ("Thường xuyên", Slot::Regular(1)),
            ("Regular 2", Slot::Regular(2)),
            ("r1", Slot::Regular(1)),
            ("CĐHT", Slot::TOPICS),
            ("ĐĐGtx chuyên đề", Slot::TOPICS),
            ("Chuyên đề học tập", Slot::TOPICS),
            ("Specialised topics", Slot::TOPICS),
            ("ĐĐGgk", Slot::Midterm),
            ("Kiểm tra giữa kỳ", Slot::Midterm),
            ("GIỮA KÌ", Slot::Midterm),
            ("GK", Slot::Midterm),
            ("ĐĐGck", Slot::Final),
            ("Cuối kì", Slot::Final),
            ("Điểm cuối học kì", Slot::Final),
        ] {
            assert_eq!(slot(text), Some((expected, None)), "{text}");
        }
        for text in [
            "STT",
            "Họ và tên",
            "ĐTBmhk",
            "TBM HK1",
            "Điểm trung bình",
            "Nhận xét cuối kì",
            "Ghi chú",
            "TX10",
            "Cả năm",
            "Tên",
            "",
        ] {
            assert_eq!(slot(text), None, "{text}");
        }
    }

    #[test]
    fn comments_of_the_term_and_no_others() {
        for text in ["Nhận xét", "NX", "Nhận xét của giáo viên", "Nhận xét cuối kì", "Comment"] {
            assert_eq!(comment(text), Some(None), "{text}");
        }
        assert_eq!(comment("Nhận xét HK2"), Some(Some(Term::S2)));
        assert_eq!(comment("Học kì I Nhận xét"), Some(Some(Term::S1)));
        for text in ["Nhận xét giữa kì", "NX cả năm", "Ghi chú", "Xét duyệt", "ĐĐGck", ""] {
            assert_eq!(comment(text), None, "{text}");
        }
    }

    #[test]
    fn the_term_is_told_apart_from_the_number() {
        assert_eq!(slot("HK1 TX2"), Some((Slot::Regular(2), Some(Term::S1))));
        assert_eq!(slot("Học kì II ĐĐGtx 3"), Some((Slot::Regular(3), Some(Term::S2))));
        assert_eq!(slot("ĐĐGtx 3 HK2"), Some((Slot::Regular(3), Some(Term::S2))));
        assert_eq!(slot("Học kỳ 1 Giữa kỳ"), Some((Slot::Midterm, Some(Term::S1))));
        assert_eq!(slot("Cuối kì II"), Some((Slot::Final, Some(Term::S2))));
        let mut count = 0;
        let columns: Vec<_> = ["TX", "TX", "TX"].iter().map(|text| meaning(text, &mut count).unwrap().0).collect();
        assert_eq!(columns, [Slot::Regular(1), Slot::Regular(2), Slot::Regular(3)]);
    }
}
