//! The slow reading of a line that was refused: where each fault is, and what was expected there.

use serde_json::{Map, Value};

use super::input::{COMMENT, GRADES, LEVEL, PERIODS, REGULAR, SCORE, cell};
use crate::entry::{CellValue, SubjectKind};
use crate::level::Level;
use crate::slot::Slot;

/// Calls `tell` with field and expectation for each fault that it finds.
pub(super) fn diagnose(line: &[u8], tell: &mut dyn FnMut(String, String)) {
    let mut faults = Faults(tell);
    match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(learner)) => faults.learner(&learner),
        Ok(_) => faults.tell("", "a JSON object"),
        Err(error) => {
            // serde_json counts lines too; here there is only one.
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            faults.tell("", &format!("a JSON object ({what} at column {})", error.column()));
        }
    }
}

pub(super) struct Faults<'f>(pub(super) &'f mut dyn FnMut(String, String));

impl Faults<'_> {
    pub(super) fn tell(&mut self, field: &str, expected: &str) {
        (self.0)(field.to_owned(), expected.to_owned());
    }

    pub(super) fn known(&mut self, path: &str, object: &Map<String, Value>, fields: &[&str]) {
        for key in object.keys().filter(|key| !fields.contains(&key.as_str())) {
            let expected = format!("no such field, only {}", fields.join(", "));
            self.tell(&format!("{path}{key}"), &expected);
        }
    }

    pub(super) fn object<'v>(&mut self, path: &str, value: &'v Value) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.tell(path, "an object");
        }
        object
    }

    fn learner(&mut self, learner: &Map<String, Value>) {
        let fields = ["id", "regulation", "grade", "subjects", "conduct", "absences", "reassessment", "summer_conduct"];
        self.known("", learner, &fields);
        if learner.get("id").and_then(Value::as_str).is_none_or(str::is_empty) {
            self.tell("id", "a string that is not empty");
        }
        if learner.get("regulation").and_then(Value::as_str) != Some("TT22") {
            self.tell("regulation", "\"TT22\", \"TT27\" or \"TT58\"");
        }
        let grade = learner.get("grade").and_then(Value::as_u64).and_then(|grade| u8::try_from(grade).ok());
        if grade.is_none_or(|grade| !GRADES.contains(&grade)) {
            self.tell("grade", "a whole number from 6 to 12");
        }
        let absences = learner.get("absences").and_then(Value::as_u64);
        if absences.is_none_or(|absences| absences > u64::from(u16::MAX)) {
            self.tell("absences", "a whole number of half-day sessions from 0 to 65535");
        }
        let mut codes = Vec::new();
        match learner.get("subjects").and_then(Value::as_array) {
            Some(subjects) if !subjects.is_empty() => {
                for (at, subject) in subjects.iter().enumerate() {
                    self.subject(&format!("subjects[{at}]"), subject, &mut codes);
                }
            }
            _ => self.tell("subjects", "a list of at least one subject"),
        }
        match learner.get("conduct") {
            None => self.tell("conduct", "an object with semester1 and semester2"),
            Some(conduct) => {
                if let Some(conduct) = self.object("conduct", conduct) {
                    self.known("conduct.", conduct, &["semester1", "semester2"]);
                    for (semester, value) in conduct.iter().filter(|(key, _)| key.starts_with("semester")) {
                        self.level(&format!("conduct.{semester}"), value);
                    }
                }
            }
        }
        if let Some(value) = learner.get("summer_conduct") {
            self.level("summer_conduct", value);
        }
        match learner.get("reassessment") {
            None | Some(Value::Null) => {}
            Some(value) => {
                let Some(reassessment) = self.object("reassessment", value) else {
                    return;
                };
                for (code, value) in reassessment {
                    let path = format!("reassessment.{code}");
                    match codes.iter().find(|(known, _)| known == code) {
                        Some((_, kind)) => self.cell(&path, value, *kind),
                        None => self.tell(&path, "the code of a subject of the line"),
                    }
                }
            }
        }
    }

    fn level(&mut self, path: &str, value: &Value) {
        if !value.is_null() && value.as_str().and_then(Level::parse_vi).is_none() {
            self.tell(path, LEVEL);
        }
    }

    fn subject<'v>(&mut self, path: &str, value: &'v Value, codes: &mut Vec<(&'v str, Option<SubjectKind>)>) {
        let Some(subject) = self.object(path, value) else {
            return;
        };
        self.known(
            &format!("{path}."),
            subject,
            &["code", "kind", "annual_periods", "semester1", "semester2", "exempt", "individual_plan"],
        );
        for key in ["exempt", "individual_plan"] {
            if subject.get(key).is_some_and(|value| !value.is_boolean()) {
                self.tell(&format!("{path}.{key}"), "true or false");
            }
        }
        let kind = match subject.get("kind").and_then(Value::as_str) {
            Some("score") => Some(SubjectKind::Score),
            Some("comment") => Some(SubjectKind::Comment),
            _ => {
                self.tell(&format!("{path}.kind"), "\"score\" or \"comment\"");
                None
            }
        };
        match subject.get("code").and_then(Value::as_str) {
            Some(code) if !code.is_empty() => {
                if codes.iter().any(|(known, _)| *known == code) {
                    self.tell(&format!("{path}.code"), "a code that no other subject of the line has");
                }
                codes.push((code, kind));
            }
            _ => self.tell(&format!("{path}.code"), "a string that is not empty"),
        }
        let periods = subject.get("annual_periods").and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok());
        if periods.is_none_or(|periods| !PERIODS.contains(&periods)) {
            self.tell(&format!("{path}.annual_periods"), "a whole number from 1 to 1000");
        }
        for key in ["semester1", "semester2"] {
            match subject.get(key) {
                None | Some(Value::Null) => {}
                Some(semester) => self.semester(&format!("{path}.{key}"), semester, kind),
            }
        }
    }

    fn semester(&mut self, path: &str, value: &Value, kind: Option<SubjectKind>) {
        let Some(semester) = self.object(path, value) else {
            return;
        };
        self.known(&format!("{path}."), semester, &["regular", "midterm", "final", "topics", "result"]);
        let filled = |key: &str| semester.get(key).is_some_and(|value| !value.is_null());
        let marks = ["regular", "midterm", "final", "topics"].into_iter().any(filled);
        if filled("result") && marks {
            self.tell(&format!("{path}.result"), "no marks beside the result of another school");
        }
        let nine = semester
            .get("regular")
            .and_then(Value::as_array)
            .is_some_and(|values| values.len() == usize::from(Slot::MAX_REGULAR));
        if nine && filled("topics") {
            self.tell(&format!("{path}.topics"), "at most 8 regular assessments beside it");
        }
        match semester.get("regular") {
            None | Some(Value::Null) => {}
            Some(Value::Array(values)) if values.len() <= usize::from(Slot::MAX_REGULAR) => {
                for (at, value) in values.iter().enumerate() {
                    self.cell(&format!("{path}.regular[{at}]"), value, kind);
                }
            }
            Some(_) => self.tell(&format!("{path}.regular"), REGULAR),
        }
        for key in ["midterm", "final", "topics", "result"] {
            match semester.get(key) {
                None | Some(Value::Null) => {}
                Some(value) => self.cell(&format!("{path}.{key}"), value, kind),
            }
        }
    }

    fn cell(&mut self, path: &str, value: &Value, kind: Option<SubjectKind>) {
        let read = value.as_str().and_then(cell);
        let suits = |value: CellValue| kind.is_none_or(|kind| value.suits(kind));
        if !read.is_some_and(suits) {
            let expected = match kind {
                Some(SubjectKind::Score) => SCORE,
                Some(SubjectKind::Comment) => COMMENT,
                None => "a mark or a comment as a string",
            };
            self.tell(path, expected);
        }
    }
}
