//! A line of input, read with as few copies as can be.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::entry::{CellValue, SubjectKind};
use crate::fold::fold;
use crate::level::Level;
use crate::mark::Mark;
use crate::slot::Slot;

/// The grades that TT 22/2021 is for.
pub(super) const GRADES: std::ops::RangeInclusive<u8> = 6..=12;
/// Plausible periods a year.
pub(super) const PERIODS: std::ops::RangeInclusive<u16> = 1..=1000;

const CELLS: usize = Slot::MAX_REGULAR as usize + 2;

/// A struct that is only read from an object. What serde derives would also take a list of the fields' values.
pub(super) struct Object<T>(T);

impl<T> Object<T> {
    pub(super) fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Object<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(Fields(PhantomData))
    }
}

/// One learner-year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Learner<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    regulation: Cow<'a, str>,
    grade: u8,
    #[serde(borrow)]
    pub(super) subjects: Vec<Object<Subject<'a>>>,
    pub(super) conduct: Object<Conduct>,
    pub(super) absences: u16,
    #[serde(default, borrow)]
    reassessment: Option<Pairs<'a>>,
    #[serde(default)]
    pub(super) summer_conduct: Option<LevelName>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject<'a> {
    #[serde(borrow)]
    pub(super) code: Cow<'a, str>,
    pub(super) kind: SubjectKind,
    pub(super) annual_periods: u16,
    #[serde(default)]
    pub(super) semester1: Option<Object<Semester>>,
    #[serde(default)]
    pub(super) semester2: Option<Object<Semester>>,
    /// Exempt in the whole year: left out of every level.
    #[serde(default)]
    pub(super) exempt: bool,
    /// Assessed by the learner's individual plan (disability, TT 22/2021 Đ.11): left out of every level.
    #[serde(default)]
    pub(super) individual_plan: bool,
    #[serde(skip)]
    pub(super) reassessment: Option<CellValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conduct {
    #[serde(default)]
    pub(super) semester1: Option<LevelName>,
    #[serde(default)]
    pub(super) semester2: Option<LevelName>,
}

/// The cells of a semester.
#[derive(Deserialize)]
#[serde(from = "RawSemester")]
pub(super) struct Semester {
    cells: [(Slot, CellValue); CELLS],
    len: usize,
    /// A result that another school gave, in place of marks.
    pub(super) result: Option<CellValue>,
    /// Of result and marks only one may be there, and of the ninth regular mark and the topics' result too.
    mixed: bool,
}

impl Semester {
    pub(super) fn cells(&self) -> &[(Slot, CellValue)] {
        &self.cells[..self.len]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSemester {
    #[serde(default)]
    regular: Option<Regular>,
    #[serde(default)]
    midterm: Option<Cell>,
    #[serde(default, rename = "final")]
    final_: Option<Cell>,
    #[serde(default)]
    topics: Option<Cell>,
    #[serde(default)]
    result: Option<Cell>,
}

impl From<RawSemester> for Semester {
    fn from(raw: RawSemester) -> Semester {
        let nothing = [(Slot::Final, CellValue::Absent); CELLS];
        let mut semester = Semester { cells: nothing, len: 0, result: raw.result.map(|cell| cell.0), mixed: false };
        let ninth = raw.regular.as_ref().is_some_and(|regular| regular.values[usize::from(Slot::MAX_REGULAR) - 1].is_some());
        let topics = raw.topics.filter(|_| !ninth);
        let mut push = |slot, value| {
            semester.cells[semester.len] = (slot, value);
            semester.len += 1;
        };
        if let Some(regular) = raw.regular {
            for (number, value) in (1..).zip(regular.values.into_iter().flatten()) {
                push(Slot::Regular(number), value);
            }
        }
        if let Some(Cell(value)) = raw.midterm {
            push(Slot::Midterm, value);
        }
        if let Some(Cell(value)) = raw.final_ {
            push(Slot::Final, value);
        }
        if let Some(Cell(value)) = topics {
            push(Slot::TOPICS, value);
        }
        semester.mixed = (semester.result.is_some() && semester.len > 0) || (ninth && raw.topics.is_some());
        semester
    }
}

/// The regular assessments, filled from the left.
struct Regular {
    values: [Option<CellValue>; Slot::MAX_REGULAR as usize],
}

impl<'de> Deserialize<'de> for Regular {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;

        impl<'de> Visitor<'de> for Values {
            type Value = Regular;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(REGULAR)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Regular, A::Error> {
                let mut values = [None; Slot::MAX_REGULAR as usize];
                let mut free = values.iter_mut();
                while let Some(Cell(value)) = seq.next_element()? {
                    *free.next().ok_or_else(|| A::Error::custom(REGULAR))? = Some(value);
                }
                Ok(Regular { values })
            }
        }

        deserializer.deserialize_seq(Values)
    }
}

/// What each kind of place expects, for people.
pub(super) const REGULAR: &str = "a list of at most 9 assessments";
pub(super) const SCORE: &str = "a mark from 0 to 10 as a string with at most one decimal, such as \"8.5\"";
pub(super) const COMMENT: &str = "\"Đ\" or \"CĐ\"";
pub(super) const LEVEL: &str = "\"Tốt\", \"Khá\", \"Đạt\" or \"Chưa đạt\"";

/// A value of a cell: a mark in tenths, or a comment.
#[derive(Clone, Copy)]
struct Cell(CellValue);

/// Reads a value of a cell. Unlike the mark sheet it takes no quick entries: `85` is no mark here.
pub(super) fn cell(text: &str) -> Option<CellValue> {
    match text {
        "Đ" => return Some(CellValue::Pass),
        "CĐ" => return Some(CellValue::Fail),
        _ => {}
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return Mark::parse_decimal(text).filter(|mark| mark.is_in_tenths()).map(CellValue::Score);
    }
    match fold(text).as_str() {
        "d" => Some(CellValue::Pass),
        "cd" => Some(CellValue::Fail),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer, "a mark or a comment", |text| cell(text).map(Cell))
    }
}

/// A level by its Vietnamese name.
#[derive(Clone, Copy)]
pub(super) struct LevelName(pub(super) Level);

impl<'de> Deserialize<'de> for LevelName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer, LEVEL, |text| Level::parse_vi(text).map(LevelName))
    }
}

/// Reads a string without keeping it.
pub(super) fn from_str<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    read: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Text<T>(&'static str, fn(&str) -> Option<T>);

    impl<T> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            (self.1)(text).ok_or_else(|| E::custom(self.0))
        }
    }

    deserializer.deserialize_str(Text(expected, read))
}

/// An object of cells, in its order.
struct Pairs<'a>(Vec<(Cow<'a, str>, CellValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        #[derive(Deserialize)]
        struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object from subject codes to results")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some((Key(code), Cell(value))) = map.next_entry()? {
                    pairs.push((code, value));
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// Reads a line and checks it. The text of an error is only used where the slow reading finds nothing to say.
pub(super) fn read(line: &[u8]) -> Result<Learner<'_>, String> {
    // One check of the whole line is quicker than one of each string.
    let text = std::str::from_utf8(line).map_err(|_| "UTF-8 text".to_owned())?;
    let Object(mut learner): Object<Learner<'_>> =
        serde_json::from_str(text).map_err(|error| format!("a learner-year ({error})"))?;
    let refuse = |what: &str| Err(what.to_owned());
    if learner.regulation != "TT22" {
        return refuse("regulation \"TT22\"");
    }
    if !GRADES.contains(&learner.grade) || learner.id.is_empty() || learner.subjects.is_empty() {
        return refuse("an id, a grade from 6 to 12 and at least one subject");
    }
    for (at, subject) in learner.subjects.iter().enumerate() {
        let semesters = [&subject.semester1, &subject.semester2].into_iter().flatten();
        let suits = semesters.clone().flat_map(|semester| semester.cells()).all(|(_, value)| value.suits(subject.kind));
        let whole = semesters.clone().all(|semester| semester.result.is_none_or(|value| value.suits(subject.kind)));
        if !whole || semesters.clone().any(|semester| semester.mixed) {
            return refuse("semesters with marks, or with the result of another school");
        }
        let again = learner.subjects[..at].iter().any(|other| other.code == subject.code);
        if !suits || again || subject.code.is_empty() || !PERIODS.contains(&subject.annual_periods) {
            return refuse("subjects with codes of their own, and values that suit their kind");
        }
    }
    for (code, value) in learner.reassessment.take().map(|pairs| pairs.0).unwrap_or_default() {
        let subject = learner.subjects.iter_mut().find(|subject| subject.code == code);
        match subject {
            Some(subject) if value.suits(subject.kind) && subject.reassessment.is_none() => {
                subject.reassessment = Some(value);
            }
            _ => return refuse("re-assessment, once each, of subjects of the line"),
        }
    }
    Ok(learner)
}
