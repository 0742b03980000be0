//! What the lines above a list say of it.

use super::super::grid::Row;
use super::header_text;
use super::meaning::read_header;
use kernel::text::fold;

/// A class and a school year named in lines such as "DANH SÁCH HỌC SINH LỚP 6A1 NĂM HỌC 2026-2027".
pub fn title_of<'a>(lines: impl Iterator<Item = &'a Row>) -> (Option<String>, Option<i32>) {
    let (mut class, mut year) = (None, None);
    for row in lines {
        for (_, cell) in &row.cells {
            let (text, _) = read_header(&header_text(cell), false);
            class = class.or_else(|| class_in(&text));
            year = year.or_else(|| year_in(&text));
        }
    }
    (class, year)
}

/// The class that a line names after "lớp": one word, or a word and a number ("Lá 1", "Chồi 2").
pub fn class_in(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split([' ', ':', ',', ';']).filter(|word| !word.is_empty()).collect();
    let at = words.iter().rposition(|word| fold(word) == "lop")?;
    let word = |i: usize| words.get(at + i).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    let first = word(1).filter(|w| !w.is_empty())?;
    if first.chars().any(|c| c.is_ascii_digit()) && first.chars().count() <= 10 {
        return Some(first.to_owned());
    }
    let number = word(2)?;
    (matches!(fold(first).as_str(), "la" | "choi" | "mam" | "nha" | "nhom") && number.chars().all(|c| c.is_ascii_alphanumeric()))
        .then(|| format!("{first} {number}"))
}

/// The first year of "2026-2027", "2026 – 2027".
fn year_in(text: &str) -> Option<i32> {
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 4).collect();
    digits.windows(2).find_map(|pair| {
        let (first, second): (i32, i32) = (pair[0].parse().ok()?, pair[1].parse().ok()?);
        (second == first + 1 && (1990..2100).contains(&first)).then_some(first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        assert_eq!(class_in("DANH SÁCH HỌC SINH LỚP 6A1 NĂM HỌC 2026-2027").as_deref(), Some("6A1"));
        assert_eq!(class_in("Lớp: 12.6").as_deref(), Some("12.6"));
        assert_eq!(class_in("Danh sách lớp Lá 1").as_deref(), Some("Lá 1"));
        assert_eq!(class_in("Danh sách lớp học"), None);
        assert_eq!(year_in("NĂM HỌC 2026 – 2027"), Some(2026));
        assert_eq!(year_in("06/04/2015"), None);
    }
}
