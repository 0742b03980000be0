//! Normal forms of Vietnamese text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters that copy and paste brings along and that no one sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// Canonical composition (NFC): the spelling in which all text is stored.
pub fn nfc(text: &str) -> String {
    // Most text is ASCII or composed already; the iterator is cheap either way.
    text.nfc().collect()
}

/// NFC, without invisible characters, with every run of white space (also the non-breaking one) as one space,
/// and none at the ends. For text typed by people; it does not change letters or their case.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfc() {
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
        } else if !is_invisible(c) {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(c);
        }
    }
    out
}

/// The form in which text is searched: no marks, `đ` as `d`, lower case, single spaces.
/// "Nguyễn Thị Ánh" → "nguyen thi anh"; "hòa" and "hoà" → "hoa".
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfd() {
        if is_combining_mark(c) || is_invisible(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        match c {
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            '’' | '‘' | 'ʼ' | '`' | '´' => out.push('\''),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }
    out
}

/// A text as part of a file's name: small letters without marks, digits, and a hyphen for everything else.
pub fn slug(text: &str) -> String {
    fold(text).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_marks_and_case_and_spaces() {
        assert_eq!(fold("Nguyễn Thị Ánh"), "nguyen thi anh");
        assert_eq!(fold("  Đỗ\u{a0}\u{a0}Thị\tƯớc "), "do thi uoc");
        assert_eq!(fold("hòa"), fold("hoà"));
        assert_eq!(fold("H’Hen Niê"), "h'hen nie");
        assert_eq!(fold(""), "");
    }

    #[test]
    fn decomposed_text_folds_and_composes_alike() {
        let composed = "Nguyễn Thị Ánh Đặng Ẩn";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(nfc(&decomposed), composed);
        assert_eq!(fold(&decomposed), fold(composed));
        assert_eq!(clean(&format!("\u{feff} {decomposed}\u{200b} ")), composed);
    }
}
