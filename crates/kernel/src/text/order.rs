//! The order of a Vietnamese class list: by given name, then family and middle names; each compared syllable by
//! syllable, letters first (a ă â … d đ e ê …), then the tone (ngang, huyền, hỏi, ngã, sắc, nặng).

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Version of the keys that [`sort_key`] makes. Stored beside them; it changes when this file, the collation data or
/// the library's key format does, and then all stored keys are made anew. A test compares known keys.
pub const SORT_KEY_VERSION: i32 = 1;

static COLLATOR: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    // Letters and tones; the case of a name does not place it.
    options.strength = Some(Strength::Secondary);
    Collator::try_new(locale!("vi").into(), options).expect("collation data for Vietnamese is compiled in")
});

/// The key under which a person stands in a list: compare keys as bytes. About 30-60 bytes.
/// "hoà" and "hòa" give the same key.
pub fn sort_key(given: &str, family: &str, middle: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(48);
    push_part(&mut key, [given]);
    push_part(&mut key, [family, middle]);
    key
}

/// Every syllable's own key and a zero byte; a further zero ends the part. Collation keys hold no zero bytes and all
/// their bytes are greater, so that a shorter name comes first. Comparing the whole name in one collation key would
/// compare all letters before any tone, which puts "Hoà An" before "Hoa Bình".
fn push_part<const N: usize>(key: &mut Vec<u8>, texts: [&str; N]) {
    for syllable in texts.iter().flat_map(|text| text.split_whitespace()) {
        let Ok(()) = COLLATOR.write_sort_key_to(&tone_last(syllable), key);
        key.push(0);
    }
    key.push(0);
}

/// Lower case with the tone mark at the end of the syllable: two ways are in use of placing it (hòa, hoà; thúy, thuý).
fn tone_last(syllable: &str) -> String {
    let mut out = String::with_capacity(syllable.len() + 2);
    let mut tones = String::new();
    for c in syllable.nfd().flat_map(char::to_lowercase) {
        match c {
            '\u{0300}' | '\u{0301}' | '\u{0303}' | '\u{0309}' | '\u{0323}' => tones.push(c),
            c => out.push(c),
        }
    }
    out.push_str(&tones);
    out
}

#[cfg(test)]
mod tests {
    use super::super::name::split_name;
    use super::*;

    fn key(full: &str) -> Vec<u8> {
        let n = split_name(full);
        sort_key(&n.given, &n.family, &n.middle)
    }

    fn assert_ascending(names: &[&str]) {
        for pair in names.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{} must come before {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn class_list_order() {
        assert_ascending(&[
            "Đặng Văn An",
            "Nguyễn Thị An",
            "Nguyễn Văn An",
            "Trần Thị An",
            "Nguyễn Thị Ánh",
            "Phạm Ân",
            "Vũ Ẩn",
            "Lê Ấn",
            "Đỗ Dung",
            "Bùi Đan",
            "Hoàng Đức",
            "Nguyễn Hoa",
            "Nguyễn Hoà",
        ]);
    }

    #[test]
    fn alphabet_and_tones() {
        let letters = "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z";
        assert_ascending(&letters.split(' ').collect::<Vec<_>>());
        assert_ascending(&["ma", "mà", "mả", "mã", "má", "mạ"]);
        // Letters go before tones within a syllable: every "an" before "anh", whatever its tone.
        assert_ascending(&["an", "ạn", "anh"]);
    }

    #[test]
    fn syllable_by_syllable() {
        let k = |family: &str, middle: &str| sort_key("Lan", family, middle);
        assert!(k("Hoa", "Bình") < k("Hoà", "An"), "the tone of the first syllable counts before the second syllable");
        assert!(k("Lê", "") < k("Lê", "Thị"));
        assert!(sort_key("An", "Vũ", "") < sort_key("An Bình", "Đỗ", ""));
    }

    #[test]
    fn two_placements_of_a_tone_are_one_place() {
        for (a, b) in [("Hoà", "Hòa"), ("Thuý", "Thúy"), ("Khoẻ", "Khỏe"), ("HOÀ", "hòa")] {
            assert_eq!(sort_key(a, "Lê", ""), sort_key(b, "Lê", ""));
        }
        let nfd: String = "Hoà".nfd().collect();
        assert_eq!(sort_key(&nfd, "Lê", ""), sort_key("Hoà", "Lê", ""));
    }

    #[test]
    fn keys_of_this_version_do_not_change() {
        // Fails when collation data or the key format changes: then raise SORT_KEY_VERSION.
        let hex: String = key("Nguyễn Thị Ánh").iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!((SORT_KEY_VERSION, hex.as_str()), (1, KNOWN));
    }

    const KNOWN: &str = "2b453901438b0400004537535b34024501408b030051393b01438b050000";
}
