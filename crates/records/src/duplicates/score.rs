//! How alike two records are: points for the name, the birth date and the family, and the reasons that a person is shown.
//!
//! Pure, and the same in both directions. Marks, case, `đ` and the place of a tone fold away before anything is compared
//! ([`kernel::text::fold`]). The points are ours: no circular says what a duplicate is. They were set so that each single slip of whoever
//! types a record is found (a test makes them), and that what only common names have in common needs a second witness.

use chrono::{Datelike, NaiveDate};
use dto::learners::{Relation, Sex};
use dto::one_record::DuplicateReason;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// From so many points of 100 on a pair is proposed.
pub const PROPOSED: u8 = 75;

/// What of a record is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Folded.
    name: Box<str>,
    born: NaiveDate,
    sex: Sex,
    number: Option<Box<str>>,
    relatives: Vec<Relative>,
    /// A bit for each letter of the name.
    letters: u32,
    /// Of the syllables as they sound, in any order.
    pub(super) bag: u64,
}

/// A guardian: phone and folded name, as hashes.
#[derive(Clone, Debug, PartialEq)]
pub struct Relative {
    relation: Relation,
    pub(super) phone: Option<u64>,
    name: u64,
}

impl Relative {
    /// `name` folded.
    pub fn new(relation: Relation, phone: Option<&str>, name: &str) -> Self {
        Relative { relation, phone: phone.map(hash), name: hash(name) }
    }
}

impl Known {
    /// `name` folded, as it was written: family, middle, given.
    pub fn new(name: &str, born: NaiveDate, sex: Sex, number: Option<&str>) -> Self {
        Known {
            letters: name.bytes().filter(u8::is_ascii_lowercase).fold(0, |bits, letter| bits | 1 << (letter - b'a')),
            bag: hash(&name_key(name)),
            name: name.into(),
            born,
            sex,
            number: number.map(Into::into),
            relatives: Vec::new(),
        }
    }

    pub fn add(&mut self, relative: Relative) {
        self.relatives.push(relative);
    }

    pub(super) fn relatives(&self) -> &[Relative] {
        &self.relatives
    }

    pub(super) fn born(&self) -> NaiveDate {
        self.born
    }
}

fn hash(text: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What records of one child have in common though the order of its names or the spelling of a sound differs: the syllables of a folded
/// name as they sound, sorted.
pub fn name_key(folded: &str) -> String {
    let mut sounds: Vec<String> = folded.split(' ').map(sound).collect();
    sounds.sort_unstable();
    sounds.join(" ")
}

/// A syllable as many hear it: i and y, d, gi and r, s and x, ch and tr, c and k are one, h after g and ng is silent.
fn sound(syllable: &str) -> String {
    let plain = syllable.replace('y', "i");
    for (written, heard) in
        [("ngh", "ng"), ("gh", "g"), ("gi", "d"), ("tr", "ch"), ("ph", "f"), ("r", "d"), ("x", "s"), ("k", "c")]
    {
        match plain.strip_prefix(written) {
            // "gì" has its vowel in what it is written with, and "khánh" begins with another sound than "cánh".
            Some(rest) if written == "gi" && !rest.starts_with(['a', 'e', 'i', 'o', 'u']) => {}
            Some(rest) if written == "k" && rest.starts_with('h') => {}
            Some(rest) => return format!("{heard}{rest}"),
            None => {}
        }
    }
    plain
}

/// Points of 100, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub points: u8,
    pub reasons: Vec<DuplicateReason>,
    /// What both records say of the family agrees somewhere, and nothing speaks against one child.
    pub likely: bool,
}

/// How alike two records are; nothing where name or birth date have nothing to do with each other.
pub fn score(one: &Known, other: &Known) -> Option<Score> {
    let (name, by_name) = names(one, other)?;
    let (birth, by_birth) = births(one.born, other.born)?;
    let mut points = name + birth;
    let mut reasons = match (by_name, by_birth) {
        (DuplicateReason::SameName, DuplicateReason::SameBirth) => vec![DuplicateReason::SameNameAndBirth],
        (by_name, by_birth) => vec![by_name, by_birth],
    };
    let (family, by_family) = families(one, other);
    points += family;
    reasons.extend(by_family);
    let mut against = false;
    if one.sex != other.sex {
        points -= 15;
        against = true;
        reasons.push(DuplicateReason::SexDiffers);
    }
    match (&one.number, &other.number) {
        (Some(one), Some(other)) if one == other => points += 10,
        (Some(one), Some(other)) if one_digit(one, other) => reasons.push(DuplicateReason::PersonalIdOneDigit),
        (Some(_), Some(_)) => {
            points -= 30;
            against = true;
            reasons.push(DuplicateReason::PersonalIdsDiffer);
        }
        _ => reasons.push(DuplicateReason::PersonalIdMissing),
    }
    let points = u8::try_from(points.clamp(0, 100)).unwrap_or(0);
    Some(Score { points, reasons, likely: family > 0 && !against && points >= 85 })
}

fn names(one: &Known, other: &Known) -> Option<(i16, DuplicateReason)> {
    if one.name == other.name {
        return Some((50, DuplicateReason::SameName));
    }
    if one.bag == other.bag {
        let sounds = |known: &Known| known.name.split(' ').map(sound).collect::<Vec<_>>();
        return match sounds(one) == sounds(other) {
            true => Some((45, DuplicateReason::NameSounds)),
            false => Some((42, DuplicateReason::NameOrder)),
        };
    }
    if let Some(missing) = middle_missing(&one.name, &other.name) {
        return Some((if missing == 1 { 40 } else { 36 }, DuplicateReason::MiddleMissing));
    }
    // A letter for another changes two bits.
    if (one.letters ^ other.letters).count_ones() > 4 {
        return None;
    }
    let shorter = one.name.len().min(other.name.len());
    match distance(one.name.as_bytes(), other.name.as_bytes()) {
        1 if shorter >= 8 => Some((40, DuplicateReason::NameOneLetter)),
        // Of so few letters one says much.
        1 if shorter >= 5 => Some((34, DuplicateReason::NameOneLetter)),
        2 if shorter >= 9 => Some((30, DuplicateReason::NameTwoLetters)),
        _ => None,
    }
}

/// How many middle names one has more, where family and given names and the rest agree: one or two.
fn middle_missing(one: &str, other: &str) -> Option<usize> {
    let count = |name: &str| name.split(' ').count();
    let (short, long) = if count(one) < count(other) { (one, other) } else { (other, one) };
    let missing = count(long).checked_sub(count(short))?;
    if !(1..=2).contains(&missing) || count(short) < 2 {
        return None;
    }
    let ends = |name: &str| (name.split(' ').next().map(sound), name.rsplit(' ').next().map(sound));
    if ends(short) != ends(long) {
        return None;
    }
    let mut rest = long.split(' ');
    short.split(' ').all(|syllable| rest.any(|own| own == syllable)).then_some(missing)
}

/// Letters put in, left out, taken for another or changed with their neighbour, as far as two.
fn distance(one: &[u8], other: &[u8]) -> usize {
    const FAR: usize = 3;
    if one.len().abs_diff(other.len()) >= FAR {
        return FAR;
    }
    // What agrees at both ends costs nothing.
    let head = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[..one.len() - tail], &other[..other.len() - tail]);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = last[j] + usize::from(a != b);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|far| *far >= FAR) {
            return FAR;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(FAR).min(FAR)
}

fn births(one: NaiveDate, other: NaiveDate) -> Option<(i16, DuplicateReason)> {
    if one == other {
        return Some((40, DuplicateReason::SameBirth));
    }
    if one.year() == other.year() && one.day() == other.month() && one.month() == other.day() {
        return Some((32, DuplicateReason::BirthSwapped));
    }
    let parts = |day: NaiveDate| [day.year().unsigned_abs(), day.month(), day.day()];
    let differ: u32 = parts(one).into_iter().zip(parts(other)).map(|(one, other)| digits_that_differ(one, other)).sum();
    (differ == 1).then_some((20, DuplicateReason::BirthOneDigit))
}

/// How many digits of two numbers differ, with leading zeros as on paper.
fn digits_that_differ(mut one: u32, mut other: u32) -> u32 {
    let mut count = 0;
    while one != other {
        count += u32::from(one % 10 != other % 10);
        (one, other) = (one / 10, other / 10);
    }
    count
}

/// Of the same length, with one digit that differs.
fn one_digit(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count() == 1
}

/// What both families have in common.
fn families(one: &Known, other: &Known) -> (i16, Vec<DuplicateReason>) {
    let pairs = || one.relatives.iter().flat_map(|a| other.relatives.iter().map(move |b| (a, b)));
    let phone = |(a, b): &(&Relative, &Relative)| a.phone.is_some() && a.phone == b.phone;
    let both = |relation: Relation| pairs().filter(phone).any(|(a, b)| a.relation == relation && b.relation == relation);
    let (mut points, mut reasons) = (0, Vec::new());
    if pairs().any(|pair| phone(&pair)) {
        points += 15;
        reasons.push(if both(Relation::Mother) {
            DuplicateReason::SameMotherPhone
        } else if both(Relation::Father) {
            DuplicateReason::SameFatherPhone
        } else {
            DuplicateReason::SameGuardianPhone
        });
    }
    if pairs().any(|(a, b)| a.name == b.name) {
        points += 8;
        reasons.push(DuplicateReason::SameGuardianName);
    }
    (points, reasons)
}

#[cfg(test)]
mod tests;
