//! What a teacher types in a cell of the mark sheet, and how it is read.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fold::fold;
use crate::mark::Mark;

/// How a subject is assessed (TT 22/2021 Đ.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SubjectKind {
    /// By comments together with marks.
    Score,
    /// By comments alone: Đạt or Chưa đạt.
    Comment,
}

/// The language of a text for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// The content of one cell. JSON: `{"type":"score","mark":850}`, `{"type":"pass"}`, `{"type":"fail"}`,
/// `{"type":"absent"}`, `{"type":"exempt"}`; in primary classes also `{"type":"good"}`, `{"type":"done"}`, `{"type":"weak"}`. An
/// empty cell is `None` outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "mark", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CellValue {
    /// A mark, in tenths.
    Score(Mark),
    /// Đ: the learner meets the requirement. In primary classes: Đạt, of a quality or competency.
    Pass,
    /// CĐ: not yet.
    Fail,
    /// The learner was absent and has not made the assessment up.
    Absent,
    /// The learner is exempt from this assessment.
    Exempt,
    /// T (TT 27/2020): Hoàn thành tốt, of a subject; Tốt, of a quality or competency.
    Good,
    /// H (TT 27/2020): Hoàn thành, of a subject.
    Done,
    /// C (TT 27/2020): Chưa hoàn thành, of a subject; Cần cố gắng, of a quality or competency.
    Weak,
}

impl CellValue {
    /// Whether the value may stand in a cell of a subject of this kind under TT 22/2021. A score must be in tenths. For any
    /// column see [`fits`](crate::fits).
    pub fn suits(&self, kind: SubjectKind) -> bool {
        match self {
            CellValue::Score(mark) => kind == SubjectKind::Score && mark.is_in_tenths(),
            CellValue::Pass | CellValue::Fail => kind == SubjectKind::Comment,
            CellValue::Absent | CellValue::Exempt => true,
            CellValue::Good | CellValue::Done | CellValue::Weak => false,
        }
    }
}

/// What [`parse_cell`] read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// `None`: the cell is empty, or was cleared.
    pub value: Option<CellValue>,
    /// The text was read as a quick entry (`85` as 8.5): show the reading before it is saved.
    pub reinterpreted: bool,
}

/// Why a text is not a cell value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CellFault {
    /// Below zero.
    Negative,
    /// Above ten.
    AboveTen,
    /// More than one decimal.
    TooPrecise,
    /// `05`: on paper that is a 5, as a quick entry it would be 0.5.
    LeadingZero,
    /// Neither a mark nor one of the letters that a sheet knows.
    NotAMark,
    /// Đ or CĐ in a subject with marks.
    CommentInScored,
    /// A mark in a subject with comments only.
    ScoreInComment,
    /// Not a level of a primary subject.
    NotASubjectLevel,
    /// Not a level of a quality or competency.
    NotATraitLevel,
    /// Not a mark of a primary test.
    NotATest,
    /// Not a sign of recognition.
    NotARecognition,
}

impl CellFault {
    /// A stable code, the same as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            CellFault::Negative => "negative",
            CellFault::AboveTen => "above-ten",
            CellFault::TooPrecise => "too-precise",
            CellFault::LeadingZero => "leading-zero",
            CellFault::NotAMark => "not-a-mark",
            CellFault::CommentInScored => "comment-in-scored",
            CellFault::ScoreInComment => "score-in-comment",
            CellFault::NotASubjectLevel => "not-a-subject-level",
            CellFault::NotATraitLevel => "not-a-trait-level",
            CellFault::NotATest => "not-a-test",
            CellFault::NotARecognition => "not-a-recognition",
        }
    }

    /// What to tell a teacher, in Vietnamese.
    pub fn vi(self) -> &'static str {
        match self {
            CellFault::Negative => "Điểm không được nhỏ hơn 0.",
            CellFault::AboveTen => "Điểm không được lớn hơn 10.",
            CellFault::TooPrecise => "Điểm chỉ có tối đa một chữ số thập phân, ví dụ 8,3.",
            CellFault::LeadingZero => "Chưa rõ là điểm chẵn hay điểm lẻ: hãy nhập 5 hoặc 0,5.",
            CellFault::NotAMark => "Hãy nhập điểm từ 0 đến 10, V (vắng) hoặc M (miễn).",
            CellFault::CommentInScored => "Môn này đánh giá bằng điểm số: hãy nhập điểm từ 0 đến 10.",
            CellFault::ScoreInComment => "Môn này chỉ đánh giá bằng nhận xét: hãy nhập Đ (Đạt) hoặc CĐ (Chưa đạt).",
            CellFault::NotASubjectLevel => "Hãy nhập T (Hoàn thành tốt), H (Hoàn thành), C (Chưa hoàn thành) hoặc M (miễn).",
            CellFault::NotATraitLevel => "Hãy nhập T (Tốt), Đ (Đạt) hoặc C (Cần cố gắng).",
            CellFault::NotATest => "Điểm kiểm tra ở tiểu học là số nguyên từ 1 đến 10; V nếu vắng, M nếu được miễn.",
            CellFault::NotARecognition => "Hãy nhập x nếu học sinh được lớp bình chọn, hoặc để trống.",
        }
    }

    /// What to tell a teacher, in English.
    pub fn en(self) -> &'static str {
        match self {
            CellFault::Negative => "A mark cannot be below 0.",
            CellFault::AboveTen => "A mark cannot be above 10.",
            CellFault::TooPrecise => "A mark has at most one decimal, such as 8.3.",
            CellFault::LeadingZero => "Not clear whether this is whole or a fraction: type 5 or 0.5.",
            CellFault::NotAMark => "Type a mark from 0 to 10, V (absent) or M (exempt).",
            CellFault::CommentInScored => "This subject has marks: type a mark from 0 to 10.",
            CellFault::ScoreInComment => "This subject has comments only: type Đ (pass) or CĐ (not yet).",
            CellFault::NotASubjectLevel => "Type T (completed well), H (completed), C (not yet completed) or M (exempt).",
            CellFault::NotATraitLevel => "Type T (good), Đ (met) or C (needs effort).",
            CellFault::NotATest => "A test in primary school has a whole mark from 1 to 10; V for absent, M for exempt.",
            CellFault::NotARecognition => "Type x if the class recognises the learner, or leave it empty.",
        }
    }

    /// The text in the given language.
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi(),
            Lang::En => self.en(),
        }
    }
}

impl fmt::Display for CellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en())
    }
}

impl std::error::Error for CellFault {}

/// Reads what was typed or pasted into a cell.
///
/// White space, letter case, marks, NFC or NFD, and full-width forms do not matter. Empty text clears the cell.
///
/// | text | read as |
/// |---|---|
/// | `8`, `8.5`, `8,5`, `8,50`, `10` | that mark |
/// | `85`, `80`, `11` … `99` | 8.5, 8.0, 1.1 … 9.9, reinterpreted (no other reading is a mark) |
/// | `,5` | 0.5, reinterpreted |
/// | `100` | 10, reinterpreted (10,0 without its comma; 1,00 is nobody's quick entry) |
/// | `10` | always 10, never 1.0 |
/// | `05` | a fault: on paper 05 is a 5, as a quick entry 0.5 |
/// | `825`, `8,25` | a fault: two decimals |
/// | `Đ`, `D`, `Đạt` / `CĐ`, `CD`, `Chưa đạt` | pass / fail, in comment-only subjects |
/// | `V`, `Vắng` / `M`, `Miễn` | absent / exempt |
pub fn parse_cell(text: &str, kind: SubjectKind) -> Result<Parsed, CellFault> {
    let folded = fold(text);
    if folded.is_empty() {
        return Ok(Parsed { value: None, reinterpreted: false });
    }
    let plain = |value| Ok(Parsed { value: Some(value), reinterpreted: false });
    match folded.as_str() {
        "v" | "vang" => return plain(CellValue::Absent),
        "m" | "mien" => return plain(CellValue::Exempt),
        "d" | "dat" => {
            return match kind {
                SubjectKind::Comment => plain(CellValue::Pass),
                SubjectKind::Score => Err(CellFault::CommentInScored),
            };
        }
        "cd" | "c d" | "chua dat" => {
            return match kind {
                SubjectKind::Comment => plain(CellValue::Fail),
                SubjectKind::Score => Err(CellFault::CommentInScored),
            };
        }
        _ => {}
    }
    if kind == SubjectKind::Comment {
        return Err(CellFault::ScoreInComment);
    }
    let (mark, reinterpreted) = parse_score(&folded)?;
    Ok(Parsed { value: Some(CellValue::Score(mark)), reinterpreted })
}

fn parse_score(text: &str) -> Result<(Mark, bool), CellFault> {
    if let Some(rest) = text.strip_prefix('-') {
        let number = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
        return Err(if number { CellFault::Negative } else { CellFault::NotAMark });
    }
    let mut parts = text.splitn(2, ['.', ',']);
    let whole = parts.next().unwrap_or_default();
    let decimals = parts.next();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals.unwrap_or_default()) {
        return Err(CellFault::NotAMark);
    }
    let tenths = |value: i32| Mark::from_tenths(value).ok_or(CellFault::AboveTen);
    // At most three digits reach `number`, so that it cannot fail.
    let number = |part: &str| part.parse::<i32>().map_err(|_| CellFault::AboveTen);
    match decimals {
        Some(decimals) => {
            let shown = decimals.trim_end_matches('0');
            if decimals.is_empty() {
                return Err(CellFault::NotAMark);
            }
            if whole.len() > 1 && whole.starts_with('0') {
                return Err(CellFault::NotAMark);
            }
            if whole.len() > 2 {
                return Err(CellFault::AboveTen);
            }
            let value = if whole.is_empty() { 0 } else { number(whole)? } * 10;
            if shown.len() > 1 {
                return Err(if value >= 100 { CellFault::AboveTen } else { CellFault::TooPrecise });
            }
            let tenth = if shown.is_empty() { 0 } else { number(shown)? };
            Ok((tenths(value + tenth)?, whole.is_empty()))
        }
        None => match whole.len() {
            0 => Err(CellFault::NotAMark),
            1 => Ok((tenths(number(whole)? * 10)?, false)),
            _ if whole.starts_with('0') => Err(CellFault::LeadingZero),
            2 if whole == "10" => Ok((Mark::TEN, false)),
            2 => Ok((tenths(number(whole)?)?, true)),
            3 if whole == "100" => Ok((Mark::TEN, true)),
            3 => Err(CellFault::TooPrecise),
            _ => Err(CellFault::AboveTen),
        },
    }
}

/// A cell as a sheet shows it: `8,5` (Vietnamese) or `8.5`, `Đ`, `CĐ`, `V`, `M`. What it gives, [`parse_cell`] reads back.
pub fn format_cell(value: &CellValue, lang: Lang) -> String {
    match (value, lang) {
        (CellValue::Score(mark), Lang::Vi) => mark.to_vi(),
        (CellValue::Score(mark), Lang::En) => mark.to_string(),
        (CellValue::Pass, _) => "Đ".into(),
        (CellValue::Fail, _) => "CĐ".into(),
        (CellValue::Absent, _) => "V".into(),
        (CellValue::Exempt, _) => "M".into(),
        (CellValue::Good, _) => "T".into(),
        (CellValue::Done, _) => "H".into(),
        (CellValue::Weak, _) => "C".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(text: &str) -> Result<(i32, bool), CellFault> {
        parse_cell(text, SubjectKind::Score).map(|parsed| match parsed.value {
            Some(CellValue::Score(mark)) => (mark.hundredths(), parsed.reinterpreted),
            other => panic!("{text}: {other:?}"),
        })
    }

    #[test]
    fn scores() {
        for (text, hundredths, reinterpreted) in [
            ("8", 800, false),
            ("8.5", 850, false),
            ("8,5", 850, false),
            (" 8,50 ", 850, false),
            ("10", 1000, false),
            ("10,0", 1000, false),
            ("0", 0, false),
            ("0,5", 50, false),
            ("８．５", 850, false),
            ("\u{a0}9", 900, false),
            ("85", 850, true),
            ("80", 800, true),
            ("11", 110, true),
            ("99", 990, true),
            ("100", 1000, true),
            (",5", 50, true),
        ] {
            assert_eq!(score(text), Ok((hundredths, reinterpreted)), "{text}");
        }
        for (text, fault) in [
            ("-1", CellFault::Negative),
            ("−2,5", CellFault::Negative),
            ("10,5", CellFault::AboveTen),
            ("11.0", CellFault::AboveTen),
            ("1000", CellFault::AboveTen),
            ("12.34", CellFault::AboveTen),
            ("8,25", CellFault::TooPrecise),
            ("825", CellFault::TooPrecise),
            ("05", CellFault::LeadingZero),
            ("00", CellFault::LeadingZero),
            ("005", CellFault::LeadingZero),
            ("8,", CellFault::NotAMark),
            ("abc", CellFault::NotAMark),
            ("8 5", CellFault::NotAMark),
            ("+8", CellFault::NotAMark),
            ("8.5.1", CellFault::NotAMark),
            ("-", CellFault::NotAMark),
            (".", CellFault::NotAMark),
            ("8e1", CellFault::NotAMark),
            ("٨", CellFault::NotAMark),
            ("Đ", CellFault::CommentInScored),
            ("cđ", CellFault::CommentInScored),
        ] {
            assert_eq!(score(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn comments_and_letters() {
        let read = |text, kind| parse_cell(text, kind).map(|parsed| parsed.value);
        for text in ["Đ", "đ", "d", "D", "Ð", "Đạt", " đa\u{323}t", "ĐẠT"] {
            assert_eq!(read(text, SubjectKind::Comment), Ok(Some(CellValue::Pass)), "{text}");
        }
        for text in ["CĐ", "cđ", "cd", "C Đ", "Chưa đạt", "chu\u{31b}a \u{111}a\u{323}t"] {
            assert_eq!(read(text, SubjectKind::Comment), Ok(Some(CellValue::Fail)), "{text}");
        }
        for kind in [SubjectKind::Score, SubjectKind::Comment] {
            for text in ["v", "V", "Vắng", "va\u{306}\u{301}ng"] {
                assert_eq!(read(text, kind), Ok(Some(CellValue::Absent)), "{text}");
            }
            for text in ["m", "M", "miễn", "Miễn "] {
                assert_eq!(read(text, kind), Ok(Some(CellValue::Exempt)), "{text}");
            }
            for text in ["", "  ", "\u{3000}", "\t"] {
                assert_eq!(read(text, kind), Ok(None), "{text:?}");
            }
        }
        for text in ["8", "85", "x"] {
            assert_eq!(read(text, SubjectKind::Comment), Err(CellFault::ScoreInComment), "{text}");
        }
    }

    #[test]
    fn json_shape() {
        let json = |value| serde_json::to_string(&value).expect("json");
        assert_eq!(json(CellValue::Score(Mark::TEN)), r#"{"type":"score","mark":1000}"#);
        assert_eq!(json(CellValue::Pass), r#"{"type":"pass"}"#);
        let back: CellValue = serde_json::from_str(r#"{"type":"absent"}"#).expect("json");
        assert_eq!(back, CellValue::Absent);
        assert!(serde_json::from_str::<CellValue>(r#"{"type":"score","mark":1001}"#).is_err());
        for fault in [CellFault::Negative, CellFault::LeadingZero, CellFault::ScoreInComment] {
            assert_eq!(serde_json::to_string(&fault).expect("json"), format!("\"{}\"", fault.code()));
        }
    }
}
