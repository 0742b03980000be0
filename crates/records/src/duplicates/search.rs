//! Finding the pairs among all records: those that share a key are compared, and nobody else.
//!
//! Keys are the birth date (for slips in the name), the syllables of the name (for slips in the date, and for names in another order) and
//! each phone of a guardian (for slips in both). 256,347 learners of a province make some ten million comparisons, of which nearly all end
//! at the letters.

use super::score::{Known, PROPOSED, score};
use std::hash::Hash;

/// A phone that so many records share is an office's or made up, and says nothing.
const SHARED: usize = 60;

/// Two of the records that were given, by their places, the smaller first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub low: usize,
    pub high: usize,
    pub points: u8,
}

/// All pairs that are alike enough to be proposed.
pub fn pairs(all: &[Known]) -> Vec<Found> {
    let mut found = Vec::new();
    by(all, |known| vec![known.born()], usize::MAX, &mut found, |_, _| true);
    // Each pair is compared under the first key that it shares.
    by(all, |known| vec![known.bag], usize::MAX, &mut found, |a, b| a.born() != b.born());
    let phones = |known: &Known| known.relatives().iter().filter_map(|relative| relative.phone).collect();
    by(all, phones, SHARED, &mut found, |a, b| a.born() != b.born() && a.bag != b.bag);
    found.sort_unstable();
    found.dedup();
    found
}

fn by<K: Ord + Hash + Copy>(
    all: &[Known],
    keys: impl Fn(&Known) -> Vec<K>,
    most: usize,
    found: &mut Vec<Found>,
    compared: impl Fn(&Known, &Known) -> bool,
) {
    let mut places: Vec<(K, usize)> =
        all.iter().enumerate().flat_map(|(at, known)| keys(known).into_iter().map(move |key| (key, at))).collect();
    places.sort_unstable();
    places.dedup();
    for block in places.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() <= most) {
        for (n, (_, low)) in block.iter().enumerate() {
            for (_, high) in &block[n + 1..] {
                let (one, other) = (&all[*low], &all[*high]);
                if !compared(one, other) {
                    continue;
                }
                if let Some(score) = score(one, other).filter(|score| score.points >= PROPOSED) {
                    found.push(Found { low: *low, high: *high, points: score.points });
                }
            }
        }
    }
}
