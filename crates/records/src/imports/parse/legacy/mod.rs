//! Text typed in legacy fonts: telling it from Unicode, and converting it.
//!
//! A column is judged as a whole: each word with letters outside ASCII is read in each of the three ways, and the way
//! that makes Vietnamese syllables of most words wins, with the font's name as a strong hint. A short column that
//! reads well in two ways follows the rest of the file, and Unicode where the file says nothing.

mod decode;
mod syllable;
mod tables;

pub use decode::{tcvn3, vni, windows_1258};
use serde::{Deserialize, Serialize};
pub use syllable::is_syllable;

/// What the name of a cell's font says of its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FontHint {
    #[default]
    None,
    Tcvn3,
    /// TCVN3 in a font of capitals.
    Tcvn3Capitals,
    Vni,
}

impl FontHint {
    /// .VnTime, .VnArial NarrowH, VNI-Times, …
    pub fn of_font(name: &str) -> FontHint {
        let lower = name.trim().to_ascii_lowercase();
        if lower.starts_with(".vn") {
            if name.trim().ends_with('H') { FontHint::Tcvn3Capitals } else { FontHint::Tcvn3 }
        } else if lower.starts_with("vni-") || lower.starts_with("vni ") {
            FontHint::Vni
        } else {
            FontHint::None
        }
    }
}

/// How text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    Unicode,
    Tcvn3,
    Vni,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Unicode => "Unicode",
            Encoding::Tcvn3 => "TCVN3 (ABC)",
            Encoding::Vni => "VNI",
        }
    }

    /// The text in Unicode.
    pub fn decode(self, text: &str, font: FontHint) -> String {
        match self {
            Encoding::Unicode => text.to_owned(),
            Encoding::Tcvn3 => tcvn3(text, font == FontHint::Tcvn3Capitals),
            Encoding::Vni => vni(text),
        }
    }
}

/// A letter that only Unicode Vietnamese has: not in Latin-1, or a combining mark.
fn is_unicode_only(c: char) -> bool {
    matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{300}'..='\u{323}')
}

/// A character of Latin-1 that has no place in Unicode Vietnamese, but one in a legacy encoding.
fn is_legacy_only(c: char) -> bool {
    matches!(c, '\u{A1}'..='\u{FE}')
        && !matches!(
            c,
            'À' | 'Á'
                | 'Â'
                | 'Ã'
                | 'È'
                | 'É'
                | 'Ê'
                | 'Ì'
                | 'Í'
                | 'Ò'
                | 'Ó'
                | 'Ô'
                | 'Õ'
                | 'Ù'
                | 'Ú'
                | 'Ý'
                | 'à'
                | 'á'
                | 'â'
                | 'ã'
                | 'è'
                | 'é'
                | 'ê'
                | 'ì'
                | 'í'
                | 'ò'
                | 'ó'
                | 'ô'
                | 'õ'
                | 'ù'
                | 'ú'
                | 'ý'
        )
}

/// Votes for each reading of some text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    unicode: i32,
    tcvn3: i32,
    vni: i32,
    /// Words with letters outside ASCII.
    words: i32,
    /// Cells whose font is a legacy font although the text is plain ASCII.
    pub(super) capitals: i32,
}

/// Cells of a column that are looked at; more would not change the verdict.
const SAMPLE: i32 = 200;

impl Votes {
    /// Counts the words of one cell.
    pub fn add(&mut self, text: &str, font: FontHint) {
        if self.words > SAMPLE || text.len() > 400 {
            return;
        }
        if text.is_ascii() {
            self.capitals += i32::from(font == FontHint::Tcvn3Capitals);
            return;
        }
        let unicode_only = text.chars().any(is_unicode_only);
        let legacy_only = text.chars().any(is_legacy_only);
        for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '(' | ')' | ':' | ';')) {
            if word.is_ascii() {
                continue;
            }
            self.words += 1;
            let vote = |decoded: &str, changed: bool| {
                if changed && is_syllable(decoded) { 1 } else { -1 }
            };
            self.unicode += if unicode_only { 1 } else { vote(word, !legacy_only) };
            let as_tcvn3 = tcvn3(word, false);
            self.tcvn3 += vote(&as_tcvn3, !unicode_only && as_tcvn3 != word);
            let as_vni = vni(word);
            self.vni += vote(&as_vni, !unicode_only && as_vni != word);
        }
        match font {
            FontHint::None => {}
            FontHint::Tcvn3 | FontHint::Tcvn3Capitals if !unicode_only => self.tcvn3 += 3,
            FontHint::Vni if !unicode_only => self.vni += 3,
            _ => {}
        }
    }

    pub fn merge(&mut self, other: Votes) {
        self.unicode += other.unicode;
        self.tcvn3 += other.tcvn3;
        self.vni += other.vni;
        self.words += other.words;
    }

    /// The reading that clearly wins, or None where two are about equal.
    pub fn winner(self) -> Option<Encoding> {
        let mut ranked = [(self.unicode, Encoding::Unicode), (self.tcvn3, Encoding::Tcvn3), (self.vni, Encoding::Vni)];
        ranked.sort_by_key(|(votes, _)| -*votes);
        let margin = (self.words / 5).max(1);
        (ranked[0].0 > 0 && ranked[0].0 - ranked[1].0 >= margin).then_some(ranked[0].1)
    }

    /// Whether any word had letters outside ASCII.
    pub fn has_words(self) -> bool {
        self.words > 0
    }

    /// Votes of the better legacy reading.
    pub fn legacy_score(self) -> i32 {
        self.tcvn3.max(self.vni)
    }

    /// Whether every word reads as Unicode.
    fn fits_unicode(self) -> bool {
        self.unicode == self.words
    }

    /// Whether anything was seen that only a legacy reading could explain.
    fn looks_legacy(self) -> bool {
        self.legacy_score() > 0 && self.legacy_score() >= self.unicode
    }

    /// The encoding of a column with these votes in a file with those; Err where only a person can tell.
    pub fn verdict(self, file: Votes) -> Result<Encoding, ()> {
        if self.words == 0 {
            return Ok(if self.capitals > 0 { Encoding::Tcvn3 } else { Encoding::Unicode });
        }
        if let Some(winner) = self.winner().or_else(|| file.winner()) {
            return Ok(winner);
        }
        if self.fits_unicode() || !self.looks_legacy() { Ok(Encoding::Unicode) } else { Err(()) }
    }
}

/// One cell of a column, in Unicode. A cell that is Unicode beyond doubt stays so in a legacy column, and a cell that
/// only a legacy encoding explains is converted in a Unicode column. The flag says whether it was converted.
pub fn to_unicode(text: &str, font: FontHint, column: Encoding) -> (String, bool) {
    let as_is = || (text.to_owned(), false);
    if text.is_ascii() {
        return match (column, font) {
            (Encoding::Tcvn3, FontHint::Tcvn3Capitals) => (text.to_uppercase(), false),
            _ => as_is(),
        };
    }
    if text.chars().any(is_unicode_only) {
        return as_is();
    }
    let encoding = match column {
        Encoding::Unicode if text.chars().any(is_legacy_only) => {
            let mut votes = Votes::default();
            votes.add(text, font);
            match votes.winner() {
                Some(encoding) => encoding,
                None => return as_is(),
            }
        }
        encoding => encoding,
    };
    let decoded = encoding.decode(text, font);
    let converted = decoded != text;
    (decoded, converted)
}

/// A name from TCVN3 with its capitals set right: VN3 has no "Á", so that "Ánh" was typed with a small "á" in a font of
/// capitals that the file no longer shows. Where the other words begin with capitals, so must these.
pub fn restore_capitals(name: &str) -> Option<String> {
    let starts = |word: &str| word.chars().next();
    let words: Vec<&str> = name.split(' ').collect();
    let capitals = words.iter().filter(|w| starts(w).is_some_and(char::is_uppercase)).count();
    let needs = |w: &str| starts(w).is_some_and(|c| !c.is_ascii() && c.is_lowercase());
    if capitals == 0 || !words.iter().any(|w| needs(w)) {
        return None;
    }
    let fixed: Vec<String> = words
        .iter()
        .map(|word| match starts(word) {
            Some(c) if needs(word) => c.to_uppercase().chain(word.chars().skip(1)).collect(),
            _ => (*word).to_owned(),
        })
        .collect();
    Some(fixed.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(texts: &[&str]) -> Result<Encoding, ()> {
        let mut votes = Votes::default();
        texts.iter().for_each(|text| votes.add(text, FontHint::None));
        votes.verdict(votes)
    }

    #[test]
    fn columns_are_told_apart() {
        assert_eq!(verdict(&["Nguyễn Thị Ánh", "Trần Văn Hà", "Vò"]), Ok(Encoding::Unicode));
        assert_eq!(verdict(&["NguyÔn ThÞ \u{b8}nh", "TrÇn V¨n Hµ", "Vò Lan"]), Ok(Encoding::Tcvn3));
        assert_eq!(verdict(&["Nguyeãn Thò AÙnh", "Traàn Vaên Haø", "Vuõ Lan"]), Ok(Encoding::Vni));
        assert_eq!(verdict(&["An", "Lan"]), Ok(Encoding::Unicode));
        // One word that reads well in every way: Unicode, since nothing speaks against it.
        assert_eq!(verdict(&["Vò"]), Ok(Encoding::Unicode));
        assert_eq!(verdict(&["Kinh", "Thái", "Mông"]), Ok(Encoding::Unicode));
    }

    #[test]
    fn short_columns_follow_the_file() {
        let mut file = Votes::default();
        ["NguyÔn ThÞ Lan", "TrÇn V¨n Hµ"].iter().for_each(|text| file.add(text, FontHint::None));
        let mut column = Votes::default();
        column.add("N\u{f7}", FontHint::None);
        column.add("Vò", FontHint::None);
        file.merge(column);
        assert_eq!(column.verdict(file), Ok(Encoding::Tcvn3));
        assert_eq!(to_unicode("N\u{f7}", FontHint::None, Encoding::Tcvn3), ("Nữ".into(), true));
    }

    #[test]
    fn fonts_are_hints() {
        assert_eq!(FontHint::of_font(".VnTime"), FontHint::Tcvn3);
        assert_eq!(FontHint::of_font(".VnTimeH"), FontHint::Tcvn3Capitals);
        assert_eq!(FontHint::of_font(".VnArial NarrowH"), FontHint::Tcvn3Capitals);
        assert_eq!(FontHint::of_font("VNI-Times"), FontHint::Vni);
        assert_eq!(FontHint::of_font("Times New Roman"), FontHint::None);
        let mut votes = Votes::default();
        votes.add("Vò", FontHint::Vni);
        assert_eq!(votes.verdict(votes), Ok(Encoding::Vni));
        assert_eq!(to_unicode("nguyÔn an", FontHint::Tcvn3Capitals, Encoding::Tcvn3).0, "NGUYỄN AN");
    }

    #[test]
    fn mixed_columns_are_judged_cell_by_cell() {
        assert_eq!(to_unicode("Nguyễn", FontHint::None, Encoding::Tcvn3), ("Nguyễn".into(), false));
        assert_eq!(to_unicode("NguyÔn V¨n", FontHint::None, Encoding::Unicode), ("Nguyễn Văn".into(), true));
        assert_eq!(to_unicode("Hà", FontHint::None, Encoding::Unicode), ("Hà".into(), false));
    }

    #[test]
    fn capitals_that_vn3_lacks() {
        assert_eq!(restore_capitals("Nguyễn Thị ánh").as_deref(), Some("Nguyễn Thị Ánh"));
        assert_eq!(restore_capitals("nguyễn thị ánh"), None);
        assert_eq!(restore_capitals("Nguyễn Thị Lan"), None);
    }
}
