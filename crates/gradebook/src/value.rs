//! How a cell stands in the tables: a mark in hundredths, or a flag; neither where it was cleared.

use dto::calendar::Term;
use regulations::{CellValue, Mark, Period, Slot};
use sea_orm::QueryResult;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func};

pub(crate) const PASS: &str = "pass";
pub(crate) const FAIL: &str = "fail";
pub(crate) const ABSENT: &str = "absent";
pub(crate) const EXEMPT: &str = "exempt";
pub(crate) const GOOD: &str = "good";
pub(crate) const DONE: &str = "done";
pub(crate) const WEAK: &str = "weak";

/// The two columns of a value.
pub(crate) fn columns(value: Option<CellValue>) -> (Option<i16>, Option<&'static str>) {
    match value {
        None => (None, None),
        Some(CellValue::Score(mark)) => (i16::try_from(mark.hundredths()).ok(), None),
        Some(CellValue::Pass) => (None, Some(PASS)),
        Some(CellValue::Fail) => (None, Some(FAIL)),
        Some(CellValue::Absent) => (None, Some(ABSENT)),
        Some(CellValue::Exempt) => (None, Some(EXEMPT)),
        Some(CellValue::Good) => (None, Some(GOOD)),
        Some(CellValue::Done) => (None, Some(DONE)),
        Some(CellValue::Weak) => (None, Some(WEAK)),
    }
}

/// The value of the two columns.
pub(crate) fn of(mark: Option<i16>, flag: Option<&str>) -> Option<CellValue> {
    match flag {
        Some(PASS) => Some(CellValue::Pass),
        Some(FAIL) => Some(CellValue::Fail),
        Some(ABSENT) => Some(CellValue::Absent),
        Some(EXEMPT) => Some(CellValue::Exempt),
        Some(GOOD) => Some(CellValue::Good),
        Some(DONE) => Some(CellValue::Done),
        Some(WEAK) => Some(CellValue::Weak),
        _ => mark.and_then(|hundredths| Mark::from_hundredths(i32::from(hundredths))).map(CellValue::Score),
    }
}

/// The slot and value of three columns of a row: `slot`, `mark`, `flag`.
pub(crate) fn cell(row: &QueryResult, at: usize) -> kernel::Result<Option<(Slot, Option<CellValue>)>> {
    let slot: String = row.try_get_by_index(at)?;
    let Some(slot) = Slot::from_code(&slot) else { return Ok(None) };
    let mark: Option<i16> = row.try_get_by_index(at + 1)?;
    let flag: Option<String> = if mark.is_some() { None } else { row.try_get_by_index(at + 2)? };
    Ok(Some((slot, of(mark, flag.as_deref()))))
}

/// The cells of a group of rows as one text, `r1=850@3 mid=pass@1 fin=@2`: slot, value (nothing where it was cleared) and version.
/// One row for each learner is read several times quicker than one for each cell.
pub(crate) fn joined() -> Expr {
    let and = |left: Expr, right: Expr| left.binary(BinOper::Custom("||"), right);
    let value = Func::coalesce([Expr::col("mark").cast_as("text"), Expr::col("flag"), Expr::val("")]);
    let cell = and(and(Expr::col("slot"), Expr::val("=")), value.into());
    let cell = and(and(cell, Expr::val("@")), Expr::col("version").cast_as("text"));
    Func::cust("string_agg").arg(cell).arg(Expr::val(" ")).into()
}

/// What [`joined`] gave: slot, value, version.
pub(crate) fn split(text: &str) -> impl Iterator<Item = (Slot, Option<CellValue>, i64)> {
    text.split(' ').filter_map(|cell| {
        let (slot, rest) = cell.split_once('=')?;
        let (value, version) = rest.split_once('@')?;
        let mark = value.parse().ok();
        Some((Slot::from_code(slot)?, of(mark, Some(value).filter(|_| mark.is_none())), version.parse().ok()?))
    })
}

/// The number that tables keep of a term.
pub(crate) fn term_number(term: Term) -> i16 {
    match term {
        Term::S1 => 1,
        Term::S2 => 2,
    }
}

/// The name that explanations give a term.
pub(crate) fn period(term: Term) -> Period {
    match term {
        Term::S1 => Period::Semester1,
        Term::S2 => Period::Semester2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        let marks = (0..=1000).filter_map(Mark::from_hundredths).map(CellValue::Score);
        let primary = [CellValue::Good, CellValue::Done, CellValue::Weak];
        let others = [CellValue::Pass, CellValue::Fail, CellValue::Absent, CellValue::Exempt].into_iter().chain(primary);
        for value in marks.chain(others).map(Some).chain([None]) {
            let (mark, flag) = columns(value);
            assert_eq!(of(mark, flag), value);
            let text = mark.map(|mark| mark.to_string()).or(flag.map(str::to_owned)).unwrap_or_default();
            let cells: Vec<_> = split(&format!("r1={text}@7 fin=@2")).collect();
            assert_eq!(cells, [(Slot::Regular(1), value, 7), (Slot::Final, None, 2)]);
        }
    }
}
