//! Reading what people type: letters without marks, in lower case, whatever keyboard and normal form they came from.

/// `text` trimmed, full-width forms made narrow, lower-cased, without Vietnamese marks, `đ` as `d`, inner runs of white
/// space as one space. NFC and NFD give the same.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = narrow(letter);
        if letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}') {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
            continue;
        }
        // Combining marks of NFD text, and the stroke that some fonts put over a plain D.
        if matches!(letter, '\u{0300}'..='\u{036f}') {
            continue;
        }
        for lower in letter.to_lowercase() {
            folded.push(base(lower));
        }
    }
    let kept = folded.trim_end().len();
    folded.truncate(kept);
    folded
}

fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        '\u{2212}' | '\u{2013}' => '-',
        _ => letter,
    }
}

fn base(letter: char) -> char {
    match letter {
        'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ă' | 'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' | 'â' | 'ầ' | 'ấ' | 'ẩ' | 'ẫ' | 'ậ' => {
            'a'
        }
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' | 'ê' | 'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ô' | 'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' | 'ơ' | 'ờ' | 'ớ' | 'ở' | 'ỡ' | 'ợ' => {
            'o'
        }
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' | 'ư' | 'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        // U+00F0 (eth) and U+0256 look like đ and come out of old fonts and keyboards.
        'đ' | 'ð' | 'ɖ' => 'd',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds() {
        for (text, expected) in [
            ("  Vắng ", "vang"),
            ("va\u{0306}\u{0301}ng", "vang"),
            ("MIỄN", "mien"),
            ("Đ", "d"),
            ("Ð", "d"),
            ("C Đ", "c d"),
            ("８，５", "8,5"),
            ("\u{3000}8\u{a0}", "8"),
            ("Chưa   đạt", "chua dat"),
            ("", ""),
        ] {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }
}
