//! From a legacy encoding to Unicode NFC, and back (for tests and for telling encodings apart).

use super::tables::{TCVN3, VNI_MARKS, VNI_SINGLE, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

fn lookup(table: &[(char, char)], c: char) -> Option<char> {
    table.iter().find(|(code, _)| *code == c).map(|(_, letter)| *letter)
}

/// TCVN3 text as NFC; `capitals` for a font of capitals. Other characters stay.
pub fn tcvn3(text: &str, capitals: bool) -> String {
    let decoded: String = text.chars().map(|c| lookup(TCVN3, c).unwrap_or(c)).collect();
    if capitals { decoded.to_uppercase() } else { decoded }
}

/// VNI-Windows text as NFC. A mark after a letter that cannot bear it stays as it is.
pub fn vni(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut bearer: Option<char> = None;
    for c in text.chars() {
        if let Some(base) = bearer.take()
            && let Some(letter) = marked(base, c)
        {
            out.pop();
            out.push(letter);
            continue;
        }
        let letter = lookup(VNI_SINGLE, c).unwrap_or(c);
        out.push(letter);
        if matches!(letter, 'a' | 'e' | 'o' | 'u' | 'y' | 'ơ' | 'ư' | 'A' | 'E' | 'O' | 'U' | 'Y' | 'Ơ' | 'Ư') {
            bearer = Some(letter);
        }
    }
    out
}

/// The single letter that a base and a VNI mark make.
fn marked(base: char, mark: char) -> Option<char> {
    // Typists leave the mark small after a capital and the other way round; the letter's own case decides.
    let small = match mark {
        '\u{C0}'..='\u{DE}' => char::from_u32(mark as u32 + 0x20)?,
        _ => mark,
    };
    let (_, combining) = VNI_MARKS.iter().find(|(code, _)| *code == small)?;
    let is_a = matches!(base, 'a' | 'A');
    let takes_hat = is_a || matches!(base, 'e' | 'E' | 'o' | 'O');
    if (combining.contains('\u{306}') && !is_a) || (combining.contains('\u{302}') && !takes_hat) {
        return None;
    }
    let mut composed = std::iter::once(base).chain(combining.chars()).nfc();
    let letter = composed.next()?;
    composed.next().is_none().then_some(letter)
}

/// Windows-1258 bytes as NFC; None where a byte is not assigned.
pub fn windows_1258(bytes: &[u8]) -> Option<String> {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 4);
    for &byte in bytes {
        out.push(match WINDOWS_1258.iter().find(|(code, _)| *code == byte) {
            Some((_, letter)) => *letter,
            None => match byte {
                0x8C => 'Œ',
                0x9C => 'œ',
                0x85 => '…',
                0x91 => '‘',
                0x92 => '’',
                0x93 => '“',
                0x94 => '”',
                0x96 => '–',
                0x97 => '—',
                0x80 => '€',
                0x81..=0x9F => return None,
                byte => char::from(byte),
            },
        });
    }
    Some(out.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::super::syllable::VIETNAMESE_LETTERS;
    use super::*;
    use unicode_normalization::char::is_combining_mark;

    fn to_tcvn3(text: &str) -> String {
        text.chars().map(|c| TCVN3.iter().find(|(_, l)| *l == c).map_or(c, |(code, _)| *code)).collect()
    }

    fn to_vni(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            if let Some((code, _)) = VNI_SINGLE.iter().find(|(_, l)| *l == c) {
                out.push(*code);
                continue;
            }
            let parts: Vec<char> = c.nfd().collect();
            // Horn letters are single codes with a tone after them.
            let horn = parts.contains(&'\u{31b}');
            let base = if horn { [parts[0], '\u{31b}'].iter().collect::<String>().nfc().collect() } else { parts[0].to_string() };
            let marks: Vec<char> = parts[1..].iter().copied().filter(|c| *c != '\u{31b}').collect();
            let base_code: String =
                base.chars().map(|b| VNI_SINGLE.iter().find(|(_, l)| *l == b).map_or(b, |(code, _)| *code)).collect();
            out.push_str(&base_code);
            if marks.is_empty() {
                continue;
            }
            let mut wanted = marks.clone();
            wanted.sort_unstable();
            let (code, _) = VNI_MARKS
                .iter()
                .find(|(_, m)| {
                    let mut m: Vec<char> = m.chars().collect();
                    m.sort_unstable();
                    m == wanted
                })
                .expect("a mark for every letter");
            let upper = parts[0].is_uppercase();
            out.push(if upper { char::from_u32(*code as u32 - 0x20).expect("Latin-1") } else { *code });
        }
        out
    }

    #[test]
    fn the_whole_alphabet_comes_back() {
        let mut letters = 0;
        for c in VIETNAMESE_LETTERS.chars() {
            for text in [c.to_string(), c.to_uppercase().collect()] {
                let text: String = text.nfc().collect();
                letters += 1;
                assert_eq!(vni(&to_vni(&text)), text, "VNI {text}");
                assert!(to_vni(&text).chars().all(|c| (c as u32) < 0x100), "{text} in one byte each");
            }
            let small = c.to_string();
            assert!(to_tcvn3(&small).chars().all(|c| (c as u32) < 0x100));
            assert_eq!(tcvn3(&to_tcvn3(&small), false), small, "TCVN3 {small}");
            assert_eq!(tcvn3(&to_tcvn3(&small), true), small.to_uppercase(), "TCVN3 capitals {small}");
        }
        assert_eq!(letters, 2 * 67, "12 vowels with 6 tones each, less 12 plain, and đ");
        for c in "ĂÂÊÔƠƯĐ".chars() {
            assert_eq!(tcvn3(&to_tcvn3(&c.to_string()), false), c.to_string());
        }
    }

    #[test]
    fn no_code_stands_for_two_letters() {
        for table in [TCVN3, VNI_SINGLE] {
            let mut codes: Vec<char> = table.iter().map(|(code, _)| *code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), table.len());
        }
        assert_eq!(TCVN3.len(), 67 + 7);
    }

    #[test]
    fn known_texts() {
        assert_eq!(tcvn3("Hä vµ tªn", false), "Họ và tên");
        assert_eq!(tcvn3("NguyÔn ThÞ \u{b8}nh", false), "Nguyễn Thị ánh");
        assert_eq!(tcvn3("®Æng v¨n h\u{ad}ng", true), "ĐẶNG VĂN HƯNG");
        assert_eq!(vni("Hoï vaø teân"), "Họ và tên");
        assert_eq!(vni("Nguyeãn Thò AÙnh"), "Nguyễn Thị Ánh");
        assert_eq!(vni("Traàn Vaên Ñöùc"), "Trần Văn Đức");
        assert_eq!(vni("LYÙ THÖÔØNG KIEÄT"), "LÝ THƯỜNG KIỆT");
        assert_eq!(vni("Thuùy Quyønh Oanh"), "Thúy Quỳnh Oanh");
    }

    #[test]
    fn windows_1258_has_tones_after_letters() {
        let text = windows_1258(b"Nguy\xea\xden Thi\xf2 \xc1nh \xd0\xe3\xf2ng H\xfd\xf5ng").expect("assigned");
        assert_eq!(text, "Nguyễn Thị Ánh Đặng Hương");
        assert!(!text.chars().any(is_combining_mark));
        assert_eq!(windows_1258(b"\x81"), None);
    }
}
