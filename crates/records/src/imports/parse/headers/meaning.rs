//! What the text of a header means.

use super::super::legacy::{tcvn3, vni};
use super::super::types::Field;
use super::synonyms::{SYNONYMS, TAILS};
use kernel::text::{clean, fold};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A field, whether it is a guess, and the folded text by which it was known.
pub(super) type Meaning = (Field, bool, String);

static TABLE: LazyLock<HashMap<&'static str, Field>> =
    LazyLock::new(|| SYNONYMS.iter().flat_map(|(field, _, names)| names.iter().map(|name| (*name, *field))).collect());

/// How a field is called in a sentence.
pub fn field_name(field: Field) -> &'static str {
    SYNONYMS.iter().find(|(f, _, _)| *f == field).map_or("Nam", |(_, name, _)| name)
}

/// Only letters and digits of the folded text, single spaces between.
pub(super) fn plain(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What a header means beyond doubt, with its folded text. The text must be Unicode.
pub(super) fn meaning(text: &str) -> Option<Meaning> {
    read_meaning(text, false)
}

/// What a header means, and whether that is a guess, which only `guess` allows: it is much work, and most cells of a
/// sheet are no headers.
fn read_meaning(text: &str, guess: bool) -> Option<Meaning> {
    if text.len() > 240 {
        return None;
    }
    let folded = plain(text);
    // Without marks "năm" (year) and "nam" (male), "đt" (telephone) and "dt" (people) are alike.
    match folded.as_str() {
        "nam" => {
            return clean(text).eq_ignore_ascii_case("nam").then_some((Field::MaleMark, false, folded));
        }
        "dt" if fold(text) == "dt" => {
            let phone = clean(text).starts_with(['đ', 'Đ']);
            return Some((if phone { Field::Phone } else { Field::Ethnicity }, false, folded));
        }
        "" => return None,
        _ => {}
    }
    let exact = |key: &str| TABLE.get(key).copied();
    if let Some(field) = exact(&folded) {
        return Some((field, false, folded));
    }
    // "Ngày sinh (dd/mm/yyyy)": without what stands in brackets, then without words that say nothing.
    let outside: String = text.split('(').map(|part| part.rsplit_once(')').map_or(part, |(_, after)| after)).collect();
    let without_brackets = match text.split_once('(') {
        Some((before, _)) => plain(&format!("{before} {}", text.rsplit_once(')').map_or("", |(_, after)| after))),
        None => plain(&outside),
    };
    if let Some(field) = exact(&without_brackets) {
        return Some((field, false, without_brackets));
    }
    for tail in TAILS {
        if let Some(field) = without_brackets.strip_suffix(tail).and_then(exact) {
            return Some((field, false, without_brackets));
        }
    }
    if !guess {
        return None;
    }
    nearest(&without_brackets).map(|field| (field, true, without_brackets))
}

/// The field whose header is spelt almost so: one letter off from six letters on, two from fifteen, and no other
/// field as near.
fn nearest(text: &str) -> Option<Field> {
    let length = text.chars().count();
    let allowed = match length {
        ..6 => return None,
        6..15 => 1,
        15..80 => 2,
        _ => return None,
    };
    let mut best: Option<(usize, Field)> = None;
    let mut rival = false;
    for (name, field) in TABLE.iter().filter(|(name, _)| name.len().abs_diff(length) <= allowed) {
        let distance = distance(text, name);
        if distance > allowed {
            continue;
        }
        match best {
            Some((d, f)) if d == distance => rival |= f != *field,
            Some((d, _)) if d < distance => {}
            _ => {
                best = Some((distance, *field));
                rival = false;
            }
        }
    }
    best.filter(|_| !rival).map(|(_, field)| field)
}

/// Edits between two texts: insert, delete, replace, swap neighbours.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = last;
        last = row;
    }
    last[b.len()]
}

/// What a header cell means, in whichever encoding it is typed, and its text in Unicode.
pub(super) fn read_header(text: &str, guess: bool) -> (String, Option<Meaning>) {
    let unicode = clean(text);
    let found = read_meaning(&unicode, guess);
    if text.is_ascii() || found.as_ref().is_some_and(|(_, guessed, _)| !guessed) {
        return (unicode, found);
    }
    for decoded in [tcvn3(text, false), vni(text)] {
        let decoded = clean(&decoded);
        if let Some(found) = meaning(&decoded) {
            return (decoded, Some(found));
        }
    }
    (unicode, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<(Field, bool)> {
        read_header(text, true).1.map(|(field, guessed, _)| (field, guessed))
    }

    #[test]
    fn headers_as_schools_write_them() {
        for (text, field) in [
            ("HỌ VÀ TÊN", Field::FullName),
            ("Họ & tên", Field::FullName),
            ("Họ tên (*)", Field::FullName),
            ("Họ,\n tên\u{a0}học sinh", Field::FullName),
            ("Ngày sinh (dd/mm/yyyy)", Field::BirthDate),
            ("Ngày, tháng, năm sinh", Field::BirthDate),
            ("Số ĐDCN/CCCD", Field::PersonalId),
            ("Số định danh cá nhân (nếu có)", Field::PersonalId),
            ("Mã định danh Bộ GD&ĐT", Field::MinistryCode),
            ("ĐT", Field::Phone),
            ("DT", Field::Ethnicity),
            ("Nam", Field::MaleMark),
            ("Nữ", Field::FemaleMark),
            ("Tổ/thôn HKTT", Field::PermanentAddress),
            ("Họ tên đệm", Field::FamilyMiddle),
            ("STT", Field::Ordinal),
            ("Hä vµ tªn", Field::FullName),
            ("Hoï vaø teân", Field::FullName),
            ("Ngµy sinh", Field::BirthDate),
            ("Giới tính (Nữ ghi x)", Field::Sex),
        ] {
            assert_eq!(of(text), Some((field, false)), "{text}");
        }
        assert_eq!(of("Năm"), None);
        assert_eq!(of("Số định dang cá nhân"), Some((Field::PersonalId, true)));
        assert_eq!(of("Ngày sihn"), Some((Field::BirthDate, true)));
        assert_eq!(of("Danh sách lớp"), None);
        assert_eq!(of("Điểm Toán"), None);
    }

    #[test]
    fn no_header_stands_for_two_fields() {
        let mut names: Vec<&str> = SYNONYMS.iter().flat_map(|(_, _, names)| names.iter().copied()).collect();
        names.iter().for_each(|name| assert_eq!(*name, plain(name)));
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn edits() {
        assert_eq!(distance("ngay sihn", "ngay sinh"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("ten cha", "ten me"), 3);
    }
}
