//! Finding plans by words, the same way on both engines.
//!
//! Each plan has 2,048 bits; every word of it sets four of them. A search first asks for plans that have all bits of its words, which
//! reads numbers of a narrow row and no text, and then looks for the words themselves in the few that are left. A plan of 230 different
//! words has a third of its bits set, so a word that is not there is let through once in sixty times, two of them once in thousands.

use kernel::text::fold;
use sea_orm::sea_query::{Expr, ExprTrait};
use std::collections::BTreeSet;

/// The columns that hold the bits.
pub(super) const COLUMNS: [&str; 32] = [
    "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11", "b12", "b13", "b14", "b15", "b16", "b17", "b18",
    "b19", "b20", "b21", "b22", "b23", "b24", "b25", "b26", "b27", "b28", "b29", "b30", "b31",
];

/// Bits over words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; 32]);

/// FNV-1a: short, and the same for ever, as what is stored must be.
fn hash(word: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let hash = word.bytes().fold(start, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    // Its low bits alone are poor for short words.
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

impl Bits {
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Bits {
        let mut bits = Bits::default();
        for word in words {
            let h = hash(word);
            for place in [h, h >> 11, h >> 22, h >> 33].map(|h| h & 2047) {
                bits.0[(place >> 6) as usize] |= 1 << (place & 63);
            }
        }
        bits
    }

    /// As the columns keep them.
    pub fn numbers(&self) -> [i64; 32] {
        self.0.map(|bits| i64::from_ne_bytes(bits.to_ne_bytes()))
    }

    /// The plan `p` has all of these bits.
    pub fn conditions(&self) -> impl Iterator<Item = Expr> {
        let asked = self.numbers().into_iter().zip(COLUMNS).filter(|(bits, _)| *bits != 0);
        asked.map(|(bits, column)| Expr::col(("p", column)).bit_and(bits).eq(bits))
    }
}

/// The words of texts: folded, each once, letters and digits only.
pub(super) fn words(texts: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        for word in fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && w.len() <= 40) {
            if !found.contains(word) {
                found.insert(word.to_owned());
            }
        }
    }
    found
}

/// The words as they are looked for: a space before and after each.
pub(super) fn joined(words: &BTreeSet<String>) -> String {
    let mut text = String::from(" ");
    for word in words {
        text.push_str(word);
        text.push(' ');
    }
    text
}

/// The words of a search; at most eight.
pub(super) fn asked(q: Option<&str>) -> Vec<String> {
    words(&[q.unwrap_or_default()]).into_iter().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_once() {
        let found = words(&["Phương trình bậc hai", "PHƯƠNG (trình)"]);
        assert_eq!(joined(&found), " bac hai phuong trinh ");
        assert_eq!(asked(Some("  Đạo-hàm 12 ")), ["12", "dao", "ham"]);
    }

    #[test]
    fn a_plan_has_the_bits_of_each_of_its_words() {
        let plan = words(&["Ứng dụng đạo hàm để khảo sát và vẽ đồ thị của hàm số"]);
        let bits = Bits::of(plan.iter().map(String::as_str));
        for word in &plan {
            let one = Bits::of([word.as_str()]);
            assert!(one.0.iter().zip(bits.0).all(|(asked, has)| asked & has == *asked), "{word}");
        }
        // Stored bits never change their meaning.
        assert_eq!(Bits::of(["toan"]).0.iter().map(|b| b.count_ones()).sum::<u32>(), 4);
    }
}
