//! What a cell of any sheet can hold, how it is typed and how it is shown.

use dto::Lang;
use regulations::tt27::{self, Choices, SubjectLevel, TraitKind, TraitLevel};
use regulations::{CellFault, CellValue, Level, PrimarySlot, Slot, SubjectKind};

/// The language as the circulars know it.
pub fn speak(lang: Lang) -> regulations::Lang {
    match lang {
        Lang::Vi => regulations::Lang::Vi,
        Lang::En => regulations::Lang::En,
    }
}

/// What a column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Marks, or Đ and CĐ.
    Mark(SubjectKind),
    /// A level of conduct (TT 22/2021 Đ.8).
    Conduct,
    /// A whole number, such as half-days absent.
    Count,
    /// A column of a primary class (TT 27/2020); in a sheet of qualities or competencies with its kind.
    Primary(PrimarySlot, Option<TraitKind>),
}

impl Kind {
    /// What a column of a mark sheet takes.
    pub fn of(slot: Slot, subject: &str, kind: SubjectKind) -> Kind {
        match slot {
            Slot::Primary(slot) => Kind::Primary(slot, TraitKind::of_sheet(subject)),
            _ => Kind::Mark(kind),
        }
    }

    /// A level: one key writes it, and one press on a phone.
    pub fn is_level(self) -> bool {
        match self {
            Kind::Conduct => true,
            Kind::Primary(slot, _) => !matches!(slot, PrimarySlot::Test(_)),
            Kind::Mark(_) | Kind::Count => false,
        }
    }

    /// The values of a primary level, the best first.
    pub fn levels(self) -> &'static [CellValue] {
        match self {
            Kind::Primary(PrimarySlot::Level(_), _) => &[CellValue::Good, CellValue::Done, CellValue::Weak, CellValue::Exempt],
            Kind::Primary(PrimarySlot::Trait(..), _) => &[CellValue::Good, CellValue::Pass, CellValue::Weak],
            Kind::Primary(PrimarySlot::Recognised, _) => &[CellValue::Pass],
            _ => &[],
        }
    }
}

/// The whole word of a primary level: "Hoàn thành tốt" of a subject, "Tốt" of a quality or competency.
pub fn level_word(value: CellValue, of_trait: bool, lang: Lang) -> Option<&'static str> {
    let lang = speak(lang);
    match of_trait {
        true => TraitLevel::of_cell(value).map(|level| level.text(lang)),
        false => SubjectLevel::of_cell(value).map(|level| level.text(lang)),
    }
}

/// The highest count that the server takes.
const MOST: u16 = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Mark(CellValue),
    Level(Level),
    Count(u16),
}

/// Why a text is not a value of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Mark(CellFault),
    Level,
    Count,
}

impl Wrong {
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Wrong::Mark(fault) => fault.text(speak(lang)),
            Wrong::Level => lang.pick(
                "Hãy nhập T (Tốt), K (Khá), D (Đạt) hoặc C (Chưa đạt).",
                "Type T (good), K (fair), D (pass) or C (not yet pass).",
            ),
            Wrong::Count => lang.pick("Hãy nhập số buổi nghỉ, từ 0 đến 400.", "Type the half-days absent, 0 to 400."),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// `None`: the cell is cleared.
    pub value: Option<Value>,
    /// Read as a quick entry (`85` as 8,5): shown before it is saved.
    pub reinterpreted: bool,
}

/// Reads what was typed or pasted.
pub fn read(text: &str, kind: Kind) -> Result<Read, Wrong> {
    let plain = |value| Ok(Read { value, reinterpreted: false });
    let trimmed = text.trim();
    match kind {
        Kind::Mark(kind) => regulations::parse_cell(text, kind)
            .map(|p| Read { value: p.value.map(Value::Mark), reinterpreted: p.reinterpreted })
            .map_err(Wrong::Mark),
        _ if trimmed.is_empty() => plain(None),
        Kind::Conduct => match trimmed {
            "1" => plain(Some(Value::Level(Level::Good))),
            "2" => plain(Some(Value::Level(Level::Fair))),
            "3" => plain(Some(Value::Level(Level::Pass))),
            "4" | "c" | "C" => plain(Some(Value::Level(Level::Fail))),
            _ => {
                Level::parse_vi(trimmed).map(|l| Read { value: Some(Value::Level(l)), reinterpreted: false }).ok_or(Wrong::Level)
            }
        },
        Kind::Primary(slot, _) => tt27::parse(text, slot, &Choices::DEFAULT)
            .map(|p| Read { value: p.value.map(Value::Mark), reinterpreted: p.reinterpreted })
            .map_err(Wrong::Mark),
        Kind::Count => match trimmed.parse::<u16>() {
            Ok(n) if n <= MOST => plain(Some(Value::Count(n))),
            _ => Err(Wrong::Count),
        },
    }
}

/// As one types it and as the clipboard takes it: [`read`] reads it back.
pub fn write(value: Option<Value>, lang: Lang) -> String {
    match value {
        None => String::new(),
        Some(Value::Mark(value)) => regulations::format_cell(&value, speak(lang)),
        Some(Value::Level(level)) => level.vi().to_owned(),
        Some(Value::Count(n)) => n.to_string(),
    }
}

/// As the sheet shows it.
pub fn show(value: Option<Value>, lang: Lang) -> String {
    match value {
        Some(Value::Mark(CellValue::Absent)) => lang.pick("vắng", "absent").to_owned(),
        Some(Value::Mark(CellValue::Exempt)) => lang.pick("miễn", "exempt").to_owned(),
        Some(Value::Level(level)) => level.text(speak(lang)).to_owned(),
        other => write(other, lang),
    }
}

/// Under the line of "đạt": a mark below 5, CĐ, Chưa đạt; Chưa hoàn thành, Cần cố gắng.
pub fn low(value: Option<Value>) -> bool {
    match value {
        Some(Value::Mark(CellValue::Score(mark))) => mark.hundredths() < 500,
        Some(Value::Mark(CellValue::Fail | CellValue::Weak)) | Some(Value::Level(Level::Fail)) => true,
        _ => false,
    }
}

/// Shown as a quiet word and not as a figure.
pub fn word(value: Option<Value>) -> bool {
    matches!(value, Some(Value::Mark(CellValue::Absent | CellValue::Exempt)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_kind() {
        let level = |text| read(text, Kind::Conduct).map(|r| r.value);
        for (text, wanted) in [
            ("T", Level::Good),
            ("1", Level::Good),
            ("k", Level::Fair),
            ("đ", Level::Pass),
            ("C", Level::Fail),
            ("chưa đạt", Level::Fail),
        ] {
            assert_eq!(level(text), Ok(Some(Value::Level(wanted))), "{text}");
        }
        assert_eq!(level("x"), Err(Wrong::Level));
        assert_eq!(read(" 12 ", Kind::Count).map(|r| r.value), Ok(Some(Value::Count(12))));
        assert_eq!(read("401", Kind::Count), Err(Wrong::Count));
        let quick = read("85", Kind::Mark(SubjectKind::Score)).expect("a mark");
        assert!(quick.reinterpreted);
        assert_eq!(write(quick.value, Lang::Vi), "8,5");
    }

    #[test]
    fn reads_the_columns_of_primary_classes() {
        use regulations::Point;
        let level = Kind::of(Slot::Primary(PrimarySlot::Level(Point::Mid)), "TOAN", SubjectKind::Score);
        let quality = Kind::of(Slot::Primary(PrimarySlot::Trait(Point::End, 2)), "PHAM_CHAT", SubjectKind::Comment);
        let test = Kind::of(Slot::Primary(PrimarySlot::Test(Point::End)), "TOAN", SubjectKind::Score);
        for (kind, text, value) in [
            (level, "t", CellValue::Good),
            (level, "h", CellValue::Done),
            (level, "m", CellValue::Exempt),
            (quality, "d", CellValue::Pass),
            (quality, "C", CellValue::Weak),
        ] {
            assert_eq!(read(text, kind).map(|r| r.value), Ok(Some(Value::Mark(value))), "{text}");
            assert!(kind.is_level() && kind.levels().contains(&value));
        }
        assert_eq!(read("9", test).map(|r| write(r.value, Lang::Vi)), Ok("9".to_owned()));
        assert!(read("85", test).is_err() && read("h", quality).is_err() && !test.is_level());
        assert_eq!(level_word(CellValue::Good, false, Lang::Vi), Some("Hoàn thành tốt"));
        assert_eq!(level_word(CellValue::Good, true, Lang::Vi), Some("Tốt"));
    }
}
