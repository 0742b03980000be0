//! A line of output.

use std::fmt::{self, Display, Write};

use super::input::{Learner, Object, Semester, Subject};
use crate::entry::{CellValue, Lang};
use crate::level::{Award, Learning, Level, Promotion};
use crate::policy::Policy;
use crate::reason::Reason;
use crate::tt22::{self, Finding, SubjectResult, YearInput, YearSubject};

/// Evaluates the learner and appends the line, with its end.
pub(super) fn write(learner: &Learner<'_>, policy: &Policy, out: &mut Vec<u8>) {
    let subjects: Vec<_> = learner
        .subjects
        .iter()
        .map(|subject| YearSubject {
            code: &subject.code,
            name: "",
            kind: subject.kind,
            annual_periods: subject.annual_periods,
            semester1: semester(subject, &subject.semester1),
            semester2: semester(subject, &subject.semester2),
            reassessment: subject.reassessment,
        })
        .collect();
    let year = tt22::evaluate_year(
        &YearInput {
            subjects: &subjects,
            conduct1: learner.conduct.semester1.map(|level| level.0),
            conduct2: learner.conduct.semester2.map(|level| level.0),
            absences: Some(learner.absences),
            summer_conduct: learner.summer_conduct.map(|level| level.0),
        },
        policy,
    );

    let mut line = Line(out);
    line.raw("{\"id\":");
    line.text(&learner.id);
    line.raw(",\"subjects\":{");
    for (at, outcome) in year.subjects.iter().enumerate() {
        line.raw(if at == 0 { "" } else { "," });
        line.text(outcome.subject.code);
        line.raw(":{\"semester1\":");
        line.result(outcome.semester1);
        line.raw(",\"semester2\":");
        line.result(outcome.semester2);
        line.raw(",\"year\":");
        line.result(outcome.year);
        line.raw("}");
    }
    line.raw("},\"learning\":{\"semester1\":");
    line.learning(year.semester1);
    line.raw(",\"semester2\":");
    line.learning(year.semester2);
    line.raw(",\"year\":");
    line.learning(year.year);
    line.raw("},\"conduct\":{\"year\":");
    line.word(year.conduct.map(Level::vi));
    line.raw("},\"promotion\":");
    line.word(year.promotion.map(Promotion::code));
    line.raw(",\"award\":");
    line.word(year.award.map(Award::code));
    line.raw(",\"reasons\":[");
    let mut between = "";
    for missing in &year.missing {
        line.raw(between);
        line.finding(&Finding::Missing(*missing));
        between = ",";
    }
    for finding in &year.findings {
        line.raw(between);
        line.finding(finding);
        between = ",";
    }
    line.raw("]}\n");
}

fn semester<'l>(subject: &Subject<'_>, semester: &'l Option<Object<Semester>>) -> tt22::Semester<'l> {
    if subject.exempt || subject.individual_plan {
        return tt22::Semester::Closed(SubjectResult::Exempt);
    }
    let given = semester.as_ref().and_then(|semester| semester.result).and_then(|value| match value {
        CellValue::Score(mark) => Some(SubjectResult::Average(mark)),
        CellValue::Pass => Some(SubjectResult::Pass),
        CellValue::Fail => Some(SubjectResult::Fail),
        // The levels of primary schools suit no subject here.
        CellValue::Absent | CellValue::Exempt | CellValue::Good | CellValue::Done | CellValue::Weak => None,
    });
    match given {
        Some(result) => tt22::Semester::Closed(result),
        None => tt22::Semester::Cells(semester.as_ref().map_or(&[], |semester| semester.cells())),
    }
}

/// Writes JSON. Into a `Vec`, nothing of this can fail.
pub(super) struct Line<'o>(pub(super) &'o mut Vec<u8>);

impl Line<'_> {
    pub(super) fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.raw("\"");
        let _ = Escaped(self.0).write_str(text);
        self.raw("\"");
    }

    pub(super) fn shown(&mut self, value: &dyn Display) {
        self.raw("\"");
        let _ = write!(Escaped(self.0), "{value}");
        self.raw("\"");
    }

    pub(super) fn word(&mut self, word: Option<&str>) {
        match word {
            Some(word) => self.text(word),
            None => self.raw("null"),
        }
    }

    pub(super) fn result(&mut self, result: Option<SubjectResult>) {
        match result {
            Some(SubjectResult::Average(mark)) => {
                let tenths = mark.hundredths() / 10;
                self.raw("\"");
                let _ = write!(Escaped(self.0), "{}.{}", tenths / 10, tenths % 10);
                self.raw("\"");
            }
            Some(SubjectResult::Pass) => self.raw("\"Đ\""),
            Some(SubjectResult::Fail) => self.raw("\"CĐ\""),
            Some(SubjectResult::Exempt) | None => self.raw("null"),
        }
    }

    fn learning(&mut self, learning: Learning) {
        self.raw("{\"base\":");
        self.word(learning.base.map(Level::vi));
        self.raw(",\"level\":");
        self.word(learning.level.map(Level::vi));
        self.raw("}");
    }

    /// A reason that is written out already.
    pub(super) fn reason(&mut self, reason: &Reason) {
        self.raw("{\"code\":");
        self.text(&reason.code);
        self.raw(",\"params\":{\"article\":");
        self.text(&reason.article);
        for (key, value) in &reason.params {
            self.raw(",");
            self.text(key);
            self.raw(":");
            self.text(value);
        }
        self.raw("},\"vi\":");
        self.text(&reason.vi);
        self.raw(",\"en\":");
        self.text(&reason.en);
        self.raw("}");
    }

    fn finding(&mut self, finding: &Finding<'_>) {
        self.raw("{\"code\":\"");
        self.raw(finding.code());
        self.raw("\",\"params\":{\"article\":");
        self.text(finding.article());
        finding.params(&mut |key, value| {
            self.raw(",\"");
            self.raw(key);
            self.raw("\":");
            self.shown(value);
        });
        self.raw("},\"vi\":\"");
        let _ = finding.write(&mut Escaped(self.0), Lang::Vi);
        self.raw("\",\"en\":\"");
        let _ = finding.write(&mut Escaped(self.0), Lang::En);
        self.raw("\"}");
    }
}

/// Escapes what a JSON string may not hold.
pub(super) struct Escaped<'o>(pub(super) &'o mut Vec<u8>);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
            self.0.extend_from_slice(&rest[..at]);
            match rest[at] {
                b'"' => self.0.extend_from_slice(b"\\\""),
                b'\\' => self.0.extend_from_slice(b"\\\\"),
                control => {
                    const HEX: &[u8; 16] = b"0123456789abcdef";
                    self.0.extend_from_slice(b"\\u00");
                    self.0.extend_from_slice(&[HEX[usize::from(control >> 4)], HEX[usize::from(control & 15)]]);
                }
            }
            rest = &rest[at + 1..];
        }
        self.0.extend_from_slice(rest);
        Ok(())
    }
}
