//! Live averages: the circular's own code, at every keystroke.

use super::grid::Grid;
use super::value::Value;
use dto::gradebook::MarkSheet;
use regulations::tt22::{SubjectResult, TermSubject, evaluate_term};
use regulations::{CellValue, Mark, Period, Policy, Regulation, Slot, SubjectKind, policy_for};

/// What a row comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Average {
    #[default]
    None,
    /// Of the marks so far; columns are missing.
    SoFar(Mark),
    Whole(SubjectResult),
}

/// How the rows of a sheet are averaged.
#[derive(Clone, Debug)]
pub struct Rule {
    policy: Policy,
    kind: SubjectKind,
    annual_periods: u16,
    code: String,
    period: Period,
}

impl Rule {
    /// None where no circular of ours holds for the grade.
    pub fn of(sheet: &MarkSheet) -> Option<Rule> {
        let year = sheet.school_year.get(..4)?.parse().ok()?;
        // Primary classes have levels and no averages.
        let policy = policy_for(sheet.grade.number()?, year).filter(|policy| policy.code != Regulation::Tt27)?;
        let period = match sheet.term {
            dto::calendar::Term::S1 => Period::Semester1,
            dto::calendar::Term::S2 => Period::Semester2,
        };
        Some(Rule { policy, kind: sheet.kind, annual_periods: sheet.annual_periods, code: sheet.subject_code.clone(), period })
    }

    /// The average of a row; `instead` is a cell that is being typed.
    pub fn average(&self, grid: &Grid, row: usize, instead: Option<(usize, Option<Value>)>) -> Average {
        let mut cells: Vec<(Slot, CellValue)> = Vec::with_capacity(grid.columns.len());
        for at in grid.row_cells(row) {
            let value = match instead {
                Some((typed, value)) if typed == at => value,
                _ => grid.cells[at].entry.value(),
            };
            if let (Some(slot), Some(Value::Mark(value))) = (grid.column_of(at).slot, value) {
                cells.push((slot, value));
            }
        }
        let subject =
            TermSubject { code: &self.code, name: "", kind: self.kind, annual_periods: self.annual_periods, cells: &cells };
        let outcome = evaluate_term(self.period, &[subject], &self.policy);
        if let Some(result) = outcome.subjects.first().and_then(|s| s.result) {
            return Average::Whole(result);
        }
        let (mut sum, mut weights) = (0, 0);
        for (slot, value) in &cells {
            if let CellValue::Score(mark) = value {
                sum += i64::from(mark.hundredths()) * slot.weight();
                weights += slot.weight();
            }
        }
        if weights == 0 { Average::None } else { Average::SoFar(Mark::average(sum, weights, self.policy.rounding)) }
    }
}

/// How the averages of a class spread, by the marks that TT 22/2021 Đ.9 counts with: 8,0, 6,5, 5,0, 3,5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// From 8,0; from 6,5; from 5,0; from 3,5; below.
    pub bands: [usize; 5],
    pub passed: usize,
    pub failed: usize,
    pub exempt: usize,
    pub open: usize,
}

impl Spread {
    pub fn add(&mut self, average: Average) {
        match average {
            Average::Whole(SubjectResult::Average(mark)) => {
                let band = [800, 650, 500, 350].iter().position(|from| mark.hundredths() >= *from).unwrap_or(4);
                self.bands[band] += 1;
            }
            Average::Whole(SubjectResult::Pass) => self.passed += 1,
            Average::Whole(SubjectResult::Fail) => self.failed += 1,
            Average::Whole(SubjectResult::Exempt) => self.exempt += 1,
            Average::SoFar(_) | Average::None => self.open += 1,
        }
    }
}
