//! The columns of a primary class: in each term a level at its middle and its end, and tests where the circular has them.

use std::fmt;

use super::choices::Choices;
use super::level::{SubjectLevel, TraitLevel};
use super::traits::{TraitKind, trait_at, traits_of};
use crate::entry::{CellFault, CellValue, Lang, Parsed};
use crate::fold::fold;
use crate::mark::Mark;
use crate::slot::Slot;

/// The two points of a term at which a learner is assessed (Đ.7 k.1): giữa học kì, cuối học kì (in term II: cuối năm học).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Giữa học kì.
    Mid,
    /// Cuối học kì I, or cuối năm học.
    End,
}

/// A column of a primary sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrimarySlot {
    /// The level of a subject: T, H, C. Codes `ml`, `fl`.
    Level(Point),
    /// A periodic test, 1 to 10. Codes `mt`, `ft`.
    Test(Point),
    /// A quality or competency, by its place in its sheet: T, Đ, C. Codes `m1` … `m7`, `f1` … `f7`.
    Trait(Point, u8),
    /// The class recognises the learner as outstanding in a subject or as clearly progressing (Đ.13 k.1b): Đ or nothing. Code
    /// `rec`; only in term II, in the sheet of qualities.
    Recognised,
}

const MID_TRAITS: [&str; 7] = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"];
const END_TRAITS: [&str; 7] = ["f1", "f2", "f3", "f4", "f5", "f6", "f7"];

impl PrimarySlot {
    /// The codes of all columns.
    pub const CODES: [&'static str; 19] =
        ["ml", "mt", "fl", "ft", "rec", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5", "f6", "f7"];

    /// The stable code. The number of a trait outside 1..=7 is drawn to the nearest.
    pub fn code(self) -> &'static str {
        match self {
            PrimarySlot::Level(Point::Mid) => "ml",
            PrimarySlot::Level(Point::End) => "fl",
            PrimarySlot::Test(Point::Mid) => "mt",
            PrimarySlot::Test(Point::End) => "ft",
            PrimarySlot::Trait(Point::Mid, n) => MID_TRAITS[usize::from(n.clamp(1, 7)) - 1],
            PrimarySlot::Trait(Point::End, n) => END_TRAITS[usize::from(n.clamp(1, 7)) - 1],
            PrimarySlot::Recognised => "rec",
        }
    }

    /// From the stable code.
    pub fn from_code(code: &str) -> Option<PrimarySlot> {
        let at = |codes: [&str; 7]| codes.iter().position(|known| *known == code).map(|at| at as u8 + 1);
        match code {
            "ml" => Some(PrimarySlot::Level(Point::Mid)),
            "fl" => Some(PrimarySlot::Level(Point::End)),
            "mt" => Some(PrimarySlot::Test(Point::Mid)),
            "ft" => Some(PrimarySlot::Test(Point::End)),
            "rec" => Some(PrimarySlot::Recognised),
            _ => at(MID_TRAITS)
                .map(|n| PrimarySlot::Trait(Point::Mid, n))
                .or_else(|| at(END_TRAITS).map(|n| PrimarySlot::Trait(Point::End, n))),
        }
    }

    /// The point of the term; recognition belongs to the end.
    pub const fn point(self) -> Point {
        match self {
            PrimarySlot::Level(point) | PrimarySlot::Test(point) | PrimarySlot::Trait(point, _) => point,
            PrimarySlot::Recognised => Point::End,
        }
    }

    /// Whether a term cannot be closed without it.
    pub const fn required(self) -> bool {
        !matches!(self, PrimarySlot::Recognised)
    }

    /// The column's heading.
    pub const fn short_vi(self) -> &'static str {
        match self {
            PrimarySlot::Level(Point::Mid) => "Mức GK",
            PrimarySlot::Level(Point::End) => "Mức CK",
            PrimarySlot::Test(Point::Mid) => "KT GK",
            PrimarySlot::Test(Point::End) => "KT CK",
            PrimarySlot::Trait(Point::Mid, _) => "GK",
            PrimarySlot::Trait(Point::End, _) => "CK",
            PrimarySlot::Recognised => "Tiêu biểu",
        }
    }

    /// Writes a name for a sentence: `mức giữa kì`, `bài kiểm tra cuối kì`.
    pub(crate) fn write_name(self, f: &mut fmt::Formatter<'_>, lang: Lang) -> fmt::Result {
        let point = match (self.point(), lang) {
            (Point::Mid, Lang::Vi) => "giữa kì",
            (Point::End, Lang::Vi) => "cuối kì",
            (Point::Mid, Lang::En) => "midterm",
            (Point::End, Lang::En) => "final",
        };
        match (self, lang) {
            (PrimarySlot::Level(_), Lang::Vi) => write!(f, "mức {point}"),
            (PrimarySlot::Level(_), Lang::En) => write!(f, "{point} level"),
            (PrimarySlot::Test(_), Lang::Vi) => write!(f, "bài kiểm tra {point}"),
            (PrimarySlot::Test(_), Lang::En) => write!(f, "{point} test"),
            (PrimarySlot::Trait(_, n), Lang::Vi) => write!(f, "đánh giá {point} {n}"),
            (PrimarySlot::Trait(_, n), Lang::En) => write!(f, "{point} assessment {n}"),
            (PrimarySlot::Recognised, Lang::Vi) => f.write_str("lớp bình chọn tiêu biểu"),
            (PrimarySlot::Recognised, Lang::En) => f.write_str("recognised by the class"),
        }
    }

    /// The heading of a column in its sheet, for a trait its name.
    pub fn heading(self, sheet: &str, lang: Lang) -> &'static str {
        if let PrimarySlot::Trait(_, number) = self
            && let Some(one) = TraitKind::of_sheet(sheet).and_then(|kind| trait_at(kind, number))
        {
            return one.text(lang);
        }
        match (self, lang) {
            (PrimarySlot::Level(Point::Mid), Lang::Vi) => "Mức đạt được giữa kì",
            (PrimarySlot::Level(Point::Mid), Lang::En) => "Level at midterm",
            (PrimarySlot::Level(Point::End), Lang::Vi) => "Mức đạt được cuối kì",
            (PrimarySlot::Level(Point::End), Lang::En) => "Level at the end",
            (PrimarySlot::Test(Point::Mid), Lang::Vi) => "Điểm kiểm tra giữa kì",
            (PrimarySlot::Test(Point::Mid), Lang::En) => "Midterm test",
            (PrimarySlot::Test(Point::End), Lang::Vi) => "Điểm kiểm tra cuối kì",
            (PrimarySlot::Test(Point::End), Lang::En) => "Final test",
            (PrimarySlot::Trait(..), Lang::Vi) => "Mức đạt được",
            (PrimarySlot::Trait(..), Lang::En) => "Level",
            (PrimarySlot::Recognised, Lang::Vi) => "Lớp bình chọn tiêu biểu",
            (PrimarySlot::Recognised, Lang::En) => "Recognised by the class",
        }
    }
}

/// Whether a subject has a periodic test at this point (Đ.7 k.2): at the end of a term Tiếng Việt, Toán, Ngoại ngữ 1, Lịch sử và
/// Địa lí, Khoa học, Tin học và Công nghệ; in grades 4 and 5 also at the middle for Tiếng Việt and Toán.
pub fn has_test(code: &str, grade: u8, point: Point, choices: &Choices) -> bool {
    match (code, point) {
        ("TIENG_VIET" | "TOAN", Point::Mid) => grade >= 4,
        (_, Point::Mid) => false,
        ("TIENG_VIET" | "TOAN" | "LSDL" | "TIN_CN", Point::End) => true,
        ("NN1", Point::End) => grade >= 3 || choices.optional_tested,
        ("KHOA_HOC", Point::End) => choices.science_tested,
        ("TIENG_DTTS", Point::End) => choices.optional_tested,
        _ => false,
    }
}

/// The columns of a subject, or of a sheet of qualities or competencies, in a term; in the order of the sheet.
pub fn columns(code: &str, grade: u8, second_term: bool, choices: &Choices) -> Vec<Slot> {
    let points = [Point::Mid, Point::End];
    if let Some(kind) = TraitKind::of_sheet(code) {
        let numbers: Vec<u8> = traits_of(grade, choices).filter(|one| one.kind == kind).map(|one| one.number).collect();
        let columns = points.into_iter().flat_map(|point| numbers.iter().map(move |n| PrimarySlot::Trait(point, *n)));
        let recognised = (kind == TraitKind::Quality && second_term).then_some(PrimarySlot::Recognised);
        return columns.chain(recognised).map(Slot::Primary).collect();
    }
    let mut columns = Vec::with_capacity(4);
    for point in points {
        columns.push(Slot::Primary(PrimarySlot::Level(point)));
        if has_test(code, grade, point, choices) {
            columns.push(Slot::Primary(PrimarySlot::Test(point)));
        }
    }
    columns
}

/// Whether a value may stand in a column.
pub fn fits(slot: PrimarySlot, value: CellValue, choices: &Choices) -> bool {
    match (slot, value) {
        (PrimarySlot::Level(_), CellValue::Exempt) => true,
        (PrimarySlot::Level(_), value) => SubjectLevel::of_cell(value).is_some(),
        (PrimarySlot::Test(_), CellValue::Score(mark)) => choices.allows(mark),
        (PrimarySlot::Test(_), CellValue::Absent | CellValue::Exempt) => true,
        (PrimarySlot::Test(_), _) => false,
        (PrimarySlot::Trait(..), value) => TraitLevel::of_cell(value).is_some(),
        (PrimarySlot::Recognised, value) => value == CellValue::Pass,
    }
}

/// Reads what was typed or pasted into a cell: `T`, `H`, `C`, `M` for the level of a subject; `1` to `10`, `V`, `M` for a test;
/// `T`, `Đ`, `C` for a quality or competency; `x` or `Đ` for recognition. Empty text clears the cell.
pub fn parse(text: &str, slot: PrimarySlot, choices: &Choices) -> Result<Parsed, CellFault> {
    let folded = fold(text);
    let plain = |value| Ok(Parsed { value, reinterpreted: false });
    if folded.is_empty() {
        return plain(None);
    }
    match slot {
        PrimarySlot::Level(_) if matches!(folded.as_str(), "m" | "mien") => plain(Some(CellValue::Exempt)),
        PrimarySlot::Level(_) => match SubjectLevel::parse_vi(text) {
            Some(level) => plain(Some(level.cell())),
            None => Err(CellFault::NotASubjectLevel),
        },
        PrimarySlot::Trait(..) => match TraitLevel::parse_vi(text) {
            Some(level) => plain(Some(level.cell())),
            None => Err(CellFault::NotATraitLevel),
        },
        PrimarySlot::Recognised => match folded.as_str() {
            "x" | "d" | "dat" | "co" => plain(Some(CellValue::Pass)),
            _ => Err(CellFault::NotARecognition),
        },
        PrimarySlot::Test(_) => match folded.as_str() {
            "v" | "vang" => plain(Some(CellValue::Absent)),
            "m" | "mien" => plain(Some(CellValue::Exempt)),
            number => match Mark::parse_decimal(number).filter(|mark| choices.allows(*mark)) {
                Some(mark) => plain(Some(CellValue::Score(mark))),
                None => Err(CellFault::NotATest),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(code: &str, grade: u8, second: bool) -> Vec<&'static str> {
        columns(code, grade, second, &Choices::DEFAULT).into_iter().map(Slot::code).collect()
    }

    #[test]
    fn columns_by_subject_and_grade() {
        assert_eq!(codes("TOAN", 3, false), ["ml", "fl", "ft"]);
        assert_eq!(codes("TOAN", 4, false), ["ml", "mt", "fl", "ft"]);
        assert_eq!(codes("TIENG_VIET", 5, true), ["ml", "mt", "fl", "ft"]);
        for code in ["NN1", "LSDL", "KHOA_HOC", "TIN_CN"] {
            assert_eq!(codes(code, 5, false), ["ml", "fl", "ft"], "{code}");
        }
        for code in ["DAO_DUC", "TNXH", "GDTC", "NGHE_THUAT", "HDTN", "TIENG_DTTS"] {
            assert_eq!(codes(code, 4, false), ["ml", "fl"], "{code}");
        }
        assert_eq!(codes("NN1", 2, false), ["ml", "fl"]);
        assert_eq!(codes("PHAM_CHAT", 1, false), ["m1", "m2", "m3", "m4", "m5", "f1", "f2", "f3", "f4", "f5"]);
        assert_eq!(codes("PHAM_CHAT", 1, true).last(), Some(&"rec"));
        assert_eq!(codes("NL_CHUNG", 5, true), ["m1", "m2", "m3", "f1", "f2", "f3"]);
        assert_eq!(codes("NL_DAC_THU", 5, false).len(), 14);
        assert_eq!(codes("NL_DAC_THU", 2, false), ["m1", "m2", "m3", "m6", "m7", "f1", "f2", "f3", "f6", "f7"]);
        let loose = Choices { science_tested: false, optional_tested: true, ..Choices::DEFAULT };
        assert!(!has_test("KHOA_HOC", 4, Point::End, &loose) && has_test("NN1", 1, Point::End, &loose));
    }

    #[test]
    fn codes_go_there_and_back() {
        for code in PrimarySlot::CODES {
            assert_eq!(PrimarySlot::from_code(code).map(PrimarySlot::code), Some(code));
            assert_eq!(Slot::from_code(code).map(Slot::code), Some(code));
        }
        for code in ["m0", "m8", "f9", "x", "lm"] {
            assert_eq!(PrimarySlot::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn what_is_typed() {
        let read = |text, slot| parse(text, slot, &Choices::DEFAULT).map(|parsed| parsed.value);
        let (level, test) = (PrimarySlot::Level(Point::End), PrimarySlot::Test(Point::End));
        let one = PrimarySlot::Trait(Point::Mid, 1);
        for (text, value) in
            [("t", CellValue::Good), ("H", CellValue::Done), ("c", CellValue::Weak), ("Hoàn thành", CellValue::Done)]
        {
            assert_eq!(read(text, level), Ok(Some(value)), "{text}");
        }
        for (text, value) in
            [("T", CellValue::Good), ("đ", CellValue::Pass), ("d", CellValue::Pass), ("Cần cố gắng", CellValue::Weak)]
        {
            assert_eq!(read(text, one), Ok(Some(value)), "{text}");
        }
        assert_eq!(read("10", test), Ok(Some(CellValue::Score(Mark::TEN))));
        assert_eq!(read(" 9 ", test).map(|v| v.is_some()), Ok(true));
        assert_eq!(read("v", test), Ok(Some(CellValue::Absent)));
        assert_eq!(read("", test), Ok(None));
        for text in ["0", "11", "8.5", "8,5", "T", "-1", "85"] {
            assert_eq!(read(text, test), Err(CellFault::NotATest), "{text}");
        }
        for text in ["8", "Đ", "x"] {
            assert_eq!(read(text, level), Err(CellFault::NotASubjectLevel), "{text}");
        }
        assert_eq!(read("H", one), Err(CellFault::NotATraitLevel));
        assert_eq!(read("x", PrimarySlot::Recognised), Ok(Some(CellValue::Pass)));
        for value in [CellValue::Good, CellValue::Done, CellValue::Weak, CellValue::Exempt] {
            assert!(fits(level, value, &Choices::DEFAULT));
        }
        assert!(!fits(level, CellValue::Pass, &Choices::DEFAULT) && !fits(one, CellValue::Done, &Choices::DEFAULT));
        assert!(!fits(test, CellValue::Score(Mark::ZERO), &Choices::DEFAULT));
    }
}
