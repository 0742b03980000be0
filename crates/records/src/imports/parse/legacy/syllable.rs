//! Whether a word is a Vietnamese syllable: how text in one encoding is told from the same bytes in another.

use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Every small letter that is not ASCII: twelve vowels with six tones, less the six plain ones, and đ.
#[cfg(test)]
pub const VIETNAMESE_LETTERS: &str = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ";

const ONSETS: &[&str] = &[
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "q", "qu", "r",
    "s", "t", "th", "tr", "v", "x",
];

/// Rhymes without their tone.
const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
 e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
 o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot \
 ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt \
 u ua uân uâng uât uây uê uêch uênh uc ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt uynh uyt uyu \
 ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ynh yt ych";

static RHYME_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| RHYMES.split_ascii_whitespace().collect());

fn is_rhyme(text: &str) -> bool {
    RHYME_SET.contains(text)
}

/// Whether a word, in NFC or not and in any case, could be a Vietnamese syllable.
pub fn is_syllable(word: &str) -> bool {
    let mut letters = String::with_capacity(word.len());
    let mut tone = None;
    for c in word.nfd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => {
                if tone.replace(c).is_some() {
                    return false;
                }
            }
            c => letters.push(c),
        }
    }
    let letters: String = letters.nfc().collect();
    let stopped = ["c", "ch", "p", "t"].iter().any(|stop| letters.ends_with(stop));
    if stopped && !matches!(tone, Some('\u{301}' | '\u{323}')) {
        return false;
    }
    ONSETS.iter().any(|onset| letters.strip_prefix(onset).is_some_and(is_rhyme) || (*onset == "gi" && letters == "gi"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables() {
        for word in [
            "Nguyễn",
            "Thị",
            "Ánh",
            "Quỳnh",
            "Quốc",
            "Giang",
            "Đặng",
            "Trường",
            "Yến",
            "Hoà",
            "Hòa",
            "Thuý",
            "Huệ",
            "Khuê",
            "Nghĩa",
            "Giêng",
            "Quý",
            "Phượng",
            "Thạch",
            "Ước",
            "UYÊN",
            "Gia",
            "Gì",
            "Điệp",
            "Quyết",
            "Loan",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["NguyÔn", "ThÞ", "Nguyeãn", "Niê", "Hoc", "bcd", "", "Tráng1", "Ấc h", "Mơng"] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
