//! What every table of people keeps of a name: its parts, the whole, the place in a list, the text to search.

use crate::input;
use dto::Code;
use dto::learners::PersonName;
use kernel::text::{clean, fold, sort_key};
use kernel::{Error, Result};

/// Bytes of a stored sort key. Longer keys are cut: they order the first thirty letters or so and leave the rest to the
/// id, and a cursor that carries one stays short.
pub(crate) const SORT_KEY_BYTES: usize = 120;

/// Characters of a stored search text.
const SEARCH_CHARS: usize = 320;

/// The columns that a person's name fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonColumns {
    pub family: String,
    pub middle: String,
    pub given: String,
    pub full_name: String,
    /// Given name, then family and middle names, in Vietnamese order.
    pub sort_key: Vec<u8>,
    /// Folded full name.
    pub search_text: String,
}

impl PersonColumns {
    /// From the parts of a name as they are; text is brought to NFC with single spaces.
    pub fn new(family: &str, middle: &str, given: &str) -> Self {
        let name = PersonName { family: clean(family), middle: clean(middle), given: clean(given) };
        let full_name = name.full();
        PersonColumns {
            sort_key: cut_key(sort_key(&name.given, &name.family, &name.middle)),
            search_text: search_text(&[&full_name]),
            family: name.family,
            middle: name.middle,
            given: name.given,
            full_name,
        }
    }

    /// From a body; `pointer` is where the name stands in it ("/name").
    ///
    /// Errors: `invalid` with the part that is too long, or `/given` where it is empty.
    pub(crate) fn checked(name: &PersonName, pointer: &str) -> Result<Self> {
        input::text(&format!("{pointer}/family"), &name.family, 0, 50)?;
        input::text(&format!("{pointer}/middle"), &name.middle, 0, 80)?;
        let given = input::text(&format!("{pointer}/given"), &name.given, 0, 50)?;
        if given.is_empty() {
            return Err(Error::field(format!("{pointer}/given"), Code::FieldRequired));
        }
        Ok(Self::new(&name.family, &name.middle, &name.given))
    }
}

/// A key of bounded length.
pub(crate) fn cut_key(mut key: Vec<u8>) -> Vec<u8> {
    key.truncate(SORT_KEY_BYTES);
    key
}

/// A place in a list by name, with numbers in their numeric order: "6A2" before "6A10".
pub(crate) fn name_key(name: &str) -> Vec<u8> {
    let mut padded = String::with_capacity(name.len() + 8);
    let mut digits = String::new();
    for c in name.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            padded.push_str(&format!("{digits:0>5}"));
            digits.clear();
        }
        padded.push(c);
    }
    cut_key(sort_key(padded.trim(), "", ""))
}

/// Folded parts joined by spaces, of bounded length.
pub(crate) fn search_text(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&fold(part));
    }
    match text.char_indices().nth(SEARCH_CHARS) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_their_order() {
        let names = ["1A", "6A1", "6A2", "6A10", "10A1", "12.6", "12.10", "Lá 1", "Lá 2", "Lá 11"];
        for pair in names.windows(2) {
            assert!(name_key(pair[0]) < name_key(pair[1]), "{} before {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn names_are_stored_clean_and_searched_without_marks() {
        let columns = PersonColumns::new(" Nguyễn ", "Thị", "A\u{301}nh");
        assert_eq!((columns.full_name.as_str(), columns.search_text.as_str()), ("Nguyễn Thị Ánh", "nguyen thi anh"));
        let single = PersonColumns::new("", "", "Y Moan");
        assert_eq!(single.full_name, "Y Moan");
        assert!(PersonColumns::new("", "", &"ừ".repeat(60)).sort_key.len() <= SORT_KEY_BYTES);
    }

    #[test]
    fn an_empty_given_name_is_refused_at_its_field() {
        let name = PersonName { family: "Lê".into(), middle: String::new(), given: " \u{200b} ".into() };
        let fault = PersonColumns::checked(&name, "/name").expect_err("empty");
        let problem = fault.problem(dto::Lang::Vi, "r");
        assert_eq!(problem.errors[0].pointer, "/name/given");
    }
}
