//! Names of people: family name (họ), middle names (tên đệm), given name (tên).

use super::fold::clean;

/// A person's name in its three parts, each NFC with single spaces; any part may be empty but not all three.
/// Joined by spaces in this order the parts give the name as it was written: no part is ever moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Name {
    pub family: String,
    pub middle: String,
    pub given: String,
}

impl Name {
    /// "Nguyễn Thị Ánh".
    pub fn full(&self) -> String {
        let mut out = String::with_capacity(self.family.len() + self.middle.len() + self.given.len() + 2);
        for part in [&self.family, &self.middle, &self.given] {
            if !part.is_empty() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(part);
            }
        }
        out
    }
}

impl From<Name> for dto::learners::PersonName {
    fn from(name: Name) -> Self {
        dto::learners::PersonName { family: name.family, middle: name.middle, given: name.given }
    }
}

/// Whether the first word of a name is one of the particles that stand before a *given* name among the peoples of the
/// Central Highlands (Y Moan, H'Hen Niê, K'Brơi, A Lưới, Ka Hồng): there the first word is no family name.
fn begins_with_particle(first: &str) -> bool {
    let mut chars = first.chars();
    let letter = chars.next().unwrap_or(' ').to_ascii_uppercase();
    match chars.next() {
        None => matches!(letter, 'Y' | 'H' | 'A' | 'K'),
        Some('\'' | '’' | '‘' | 'ʼ') => letter.is_ascii_alphabetic(),
        Some('a' | 'A') => letter == 'K' && chars.next().is_none(),
        Some(_) => false,
    }
}

/// Splits a full name: first word family, last word given, the rest middle. One word is a given name. Where the
/// first word is a particle of a given name, the whole is kept as the given name, since where such a name divides
/// cannot be known from its letters; the school may divide it by hand. Never refuses and never changes letter case.
pub fn split_name(full: &str) -> Name {
    let text = clean(full);
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        [] | [_] => Name { given: text, ..Name::default() },
        [first, ..] if begins_with_particle(first) => Name { given: text, ..Name::default() },
        [first, middle @ .., last] => Name { family: (*first).to_owned(), middle: middle.join(" "), given: (*last).to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(full: &str) -> (String, String, String) {
        let n = split_name(full);
        (n.family, n.middle, n.given)
    }
    fn s(a: &str, b: &str, c: &str) -> (String, String, String) {
        (a.into(), b.into(), c.into())
    }

    #[test]
    fn splits_vietnamese_names() {
        assert_eq!(parts("Nguyễn Thị Ánh"), s("Nguyễn", "Thị", "Ánh"));
        assert_eq!(parts("  Nguyễn   Hoàng Thị  Minh\u{a0}Ánh "), s("Nguyễn", "Hoàng Thị Minh", "Ánh"));
        assert_eq!(parts("Lê Nam"), s("Lê", "", "Nam"));
    }

    #[test]
    fn keeps_single_names_and_names_of_the_highlands_whole() {
        assert_eq!(parts("Moan"), s("", "", "Moan"));
        assert_eq!(parts("Y Moan"), s("", "", "Y Moan"));
        assert_eq!(parts("H'Hen Niê"), s("", "", "H'Hen Niê"));
        assert_eq!(parts("K’ Brơi"), s("", "", "K’ Brơi"));
        assert_eq!(parts(""), s("", "", ""));
    }

    #[test]
    fn joining_gives_back_what_was_written_and_case_stays() {
        for name in ["NGUYỄN THỊ ÁNH", "trần an", "Y Moan Ênuôl", "Vừ A Páo", "Ý", "Hà Anh"] {
            assert_eq!(split_name(name).full(), name);
        }
        assert_eq!(parts("Hà Anh"), s("Hà", "", "Anh"));
        assert_eq!(parts("Ka Hồng"), s("", "", "Ka Hồng"));
    }
}
