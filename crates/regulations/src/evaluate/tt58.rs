//! Lines of `"regulation":"TT58"`: years before TT 22/2021.
//!
//! As a line of TT 22, with `school_year` ("2018-2019"), which chooses between TT 58/2011 as it was and as TT 26/2020 amended it;
//! before 2020-2021 a semester has a list `periodic` in place of `midterm`; `conduct.year` may be given; `specialised` may name the
//! subject of a specialised class. These lines are few, so they are read and checked in one pass over a tree.

use serde_json::{Map, Value};

use super::input::{COMMENT, GRADES, PERIODS, SCORE, cell};
use super::output::Line;
use crate::entry::{CellValue, SubjectKind};
use crate::level::Promotion;
use crate::policy::{Policy, TT58_SINCE};
use crate::tt58::{self, Academic, Conduct, Formula, Marks, Title, Weight, YearInput, YearSubject};

/// The most marks of one kind in a semester.
const MOST: usize = 20;
const CONDUCT: &str = "\"Tốt\", \"Khá\", \"Trung bình\" or \"Yếu\"";

/// One learner-year.
pub(super) struct Learner {
    id: String,
    policy: Policy,
    subjects: Vec<Subject>,
    conduct: [Option<Conduct>; 2],
    conduct_year: Option<Conduct>,
    absences: u16,
    summer_conduct: Option<Conduct>,
}

struct Subject {
    code: String,
    kind: SubjectKind,
    weight: Weight,
    annual_periods: u16,
    semesters: [Semester; 2],
    reassessment: Option<CellValue>,
}

#[derive(Default)]
struct Semester {
    regular: Vec<CellValue>,
    periodic: Vec<CellValue>,
    last: Option<CellValue>,
}

impl Semester {
    fn marks(&self) -> Marks<'_> {
        Marks { regular: &self.regular, periodic: &self.periodic, last: self.last }
    }
}

/// Reads a line. `None` where there were faults, each told with its field.
pub(super) fn read(line: &[u8], mut tell: impl FnMut(String, String)) -> Option<Learner> {
    let mut faults = 0;
    let mut reader = Reader(|field, expected| {
        faults += 1;
        tell(field, expected);
    });
    let learner = match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(line)) => reader.learner(&line),
        _ => {
            reader.fault("", "a JSON object");
            None
        }
    };
    learner.filter(|_| faults == 0)
}

struct Reader<F>(F);

impl<F: FnMut(String, String)> Reader<F> {
    fn fault(&mut self, field: &str, expected: &str) {
        (self.0)(field.to_owned(), expected.to_owned());
    }

    fn known(&mut self, path: &str, object: &Map<String, Value>, fields: &[&str]) {
        for key in object.keys().filter(|key| !fields.contains(&key.as_str())) {
            self.fault(&format!("{path}{key}"), &format!("no such field, only {}", fields.join(", ")));
        }
    }

    /// An object that may be left out.
    fn part<'v>(&mut self, path: &str, value: Option<&'v Value>) -> Option<&'v Map<String, Value>> {
        let value = value.filter(|value| !value.is_null())?;
        if !value.is_object() {
            self.fault(path, "an object");
        }
        value.as_object()
    }

    fn learner(&mut self, line: &Map<String, Value>) -> Option<Learner> {
        let fields = [
            "id",
            "regulation",
            "school_year",
            "grade",
            "specialised",
            "subjects",
            "conduct",
            "absences",
            "reassessment",
            "summer_conduct",
        ];
        self.known("", line, &fields);
        let id = line.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
        if id.is_none() {
            self.fault("id", "a string that is not empty");
        }
        let grade = line.get("grade").and_then(Value::as_u64);
        if !grade.is_some_and(|grade| u8::try_from(grade).is_ok_and(|grade| GRADES.contains(&grade))) {
            self.fault("grade", "a whole number from 6 to 12");
        }
        let year = line.get("school_year").and_then(Value::as_str).and_then(school_year);
        if year.is_none() {
            self.fault("school_year", "a school year from 2011-2012 on, such as \"2018-2019\"");
        }
        let policy = Policy::tt58(year.unwrap_or(TT58_SINCE));
        let absences = line.get("absences").and_then(Value::as_u64).and_then(|number| u16::try_from(number).ok());
        if absences.is_none() {
            self.fault("absences", "a whole number of half-day sessions from 0 to 65535");
        }
        let mut subjects: Vec<Subject> = Vec::new();
        match line.get("subjects").and_then(Value::as_array) {
            Some(list) if !list.is_empty() => {
                for (at, subject) in list.iter().enumerate() {
                    let path = format!("subjects[{at}]");
                    let Some(subject) = self.subject(&path, subject, policy.tt58.formula) else { continue };
                    if subjects.iter().any(|other| other.code == subject.code) {
                        self.fault(&format!("{path}.code"), "a code that no other subject of the line has");
                    }
                    subjects.push(subject);
                }
            }
            _ => self.fault("subjects", "a list of at least one subject"),
        }
        if let Some(code) = line.get("specialised").filter(|code| !code.is_null()) {
            match subjects.iter_mut().find(|subject| Some(subject.code.as_str()) == code.as_str()) {
                Some(subject) => subject.weight = Weight::Specialised,
                None => self.fault("specialised", "the code of a subject of the line"),
            }
        }
        if let Some(again) = self.part("reassessment", line.get("reassessment")) {
            for (code, value) in again {
                let path = format!("reassessment.{code}");
                match subjects.iter_mut().find(|subject| subject.code == *code) {
                    Some(subject) => subject.reassessment = self.cell(&path, value, subject.kind),
                    None => self.fault(&path, "the code of a subject of the line"),
                }
            }
        }
        let conduct = self.part("conduct", line.get("conduct"));
        match conduct {
            Some(conduct) => self.known("conduct.", conduct, &["semester1", "semester2", "year"]),
            None => self.fault("conduct", "an object with semester1 and semester2"),
        }
        let mut level = |name: &str| self.level(&format!("conduct.{name}"), conduct.and_then(|conduct| conduct.get(name)));
        let (conduct, conduct_year) = ([level("semester1"), level("semester2")], level("year"));
        let summer_conduct = self.level("summer_conduct", line.get("summer_conduct"));
        Some(Learner { id: id?.to_owned(), policy, subjects, conduct, conduct_year, absences: absences?, summer_conduct })
    }

    fn level(&mut self, path: &str, value: Option<&Value>) -> Option<Conduct> {
        let value = value.filter(|value| !value.is_null())?;
        let level = value.as_str().and_then(Conduct::parse_vi);
        if level.is_none() {
            self.fault(path, CONDUCT);
        }
        level
    }

    fn subject(&mut self, path: &str, value: &Value, formula: Formula) -> Option<Subject> {
        let subject = self.part(path, Some(value))?;
        self.known(&format!("{path}."), subject, &["code", "kind", "annual_periods", "semester1", "semester2"]);
        let kind = match subject.get("kind").and_then(Value::as_str) {
            Some("score") => Some(SubjectKind::Score),
            Some("comment") => Some(SubjectKind::Comment),
            _ => {
                self.fault(&format!("{path}.kind"), "\"score\" or \"comment\"");
                None
            }
        };
        let code = subject.get("code").and_then(Value::as_str).filter(|code| !code.is_empty());
        if code.is_none() {
            self.fault(&format!("{path}.code"), "a string that is not empty");
        }
        let periods = subject.get("annual_periods").and_then(Value::as_u64).and_then(|number| u16::try_from(number).ok());
        let periods = periods.filter(|periods| PERIODS.contains(periods));
        if periods.is_none() {
            self.fault(&format!("{path}.annual_periods"), "a whole number from 1 to 1000");
        }
        let (kind, code, annual_periods) = (kind?, code?, periods?);
        let mut semester = |name: &str| self.semester(&format!("{path}.{name}"), subject.get(name), kind, formula);
        let semesters = [semester("semester1"), semester("semester2")];
        Some(Subject { code: code.to_owned(), kind, weight: Weight::of(code), annual_periods, semesters, reassessment: None })
    }

    fn semester(&mut self, path: &str, value: Option<&Value>, kind: SubjectKind, formula: Formula) -> Semester {
        let Some(semester) = self.part(path, value) else { return Semester::default() };
        let second = match formula {
            Formula::Midterm => "midterm",
            Formula::Periodic => "periodic",
        };
        self.known(&format!("{path}."), semester, &["regular", second, "final"]);
        let regular = self.cells(&format!("{path}.regular"), semester.get("regular"), kind);
        let path_second = format!("{path}.{second}");
        let periodic = match formula {
            Formula::Periodic => self.cells(&path_second, semester.get(second), kind),
            Formula::Midterm => self.maybe(&path_second, semester.get(second), kind).into_iter().collect(),
        };
        Semester { regular, periodic, last: self.maybe(&format!("{path}.final"), semester.get("final"), kind) }
    }

    fn cells(&mut self, path: &str, value: Option<&Value>, kind: SubjectKind) -> Vec<CellValue> {
        match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) if values.len() <= MOST => {
                values.iter().enumerate().filter_map(|(at, value)| self.cell(&format!("{path}[{at}]"), value, kind)).collect()
            }
            Some(_) => {
                self.fault(path, "a list of at most 20 assessments");
                Vec::new()
            }
        }
    }

    fn maybe(&mut self, path: &str, value: Option<&Value>, kind: SubjectKind) -> Option<CellValue> {
        self.cell(path, value.filter(|value| !value.is_null())?, kind)
    }

    fn cell(&mut self, path: &str, value: &Value, kind: SubjectKind) -> Option<CellValue> {
        let value = value.as_str().and_then(cell).filter(|value| value.suits(kind));
        if value.is_none() {
            self.fault(path, if kind == SubjectKind::Score { SCORE } else { COMMENT });
        }
        value
    }
}

/// The year that "2018-2019" begins in.
fn school_year(text: &str) -> Option<u16> {
    let (from, to) = text.split_once('-')?;
    let (from, to): (u16, u16) = (from.parse().ok()?, to.parse().ok()?);
    ((TT58_SINCE..2100).contains(&from) && to == from + 1).then_some(from)
}

/// Evaluates the learner and appends the line, with its end.
pub(super) fn write(learner: &Learner, out: &mut Vec<u8>) {
    let subjects: Vec<_> = learner
        .subjects
        .iter()
        .map(|subject| YearSubject {
            code: &subject.code,
            name: "",
            kind: subject.kind,
            weight: subject.weight,
            annual_periods: subject.annual_periods,
            semesters: [subject.semesters[0].marks(), subject.semesters[1].marks()],
            reassessment: subject.reassessment,
        })
        .collect();
    let input = YearInput {
        subjects: &subjects,
        conduct: learner.conduct,
        conduct_year: learner.conduct_year,
        absences: Some(learner.absences),
        summer_conduct: learner.summer_conduct,
    };
    let year = tt58::evaluate_year(&input, &learner.policy);

    let mut line = Line(out);
    line.raw("{\"id\":");
    line.text(&learner.id);
    line.raw(",\"subjects\":{");
    for (at, outcome) in year.subjects.iter().enumerate() {
        line.raw(if at == 0 { "" } else { "," });
        line.text(outcome.subject.code);
        let results = [outcome.semesters[0], outcome.semesters[1], outcome.year];
        periods(&mut line, ":", |line, at| line.result(results[at]));
    }
    let learning = [year.semesters[0], year.semesters[1], year.year];
    periods(&mut line, "},\"overall\":", |line, at| line.word(learning[at].overall.map(|mark| mark.to_average()).as_deref()));
    periods(&mut line, ",\"academic\":", |line, at| line.word(learning[at].level.map(Academic::vi)));
    periods(&mut line, ",\"learning\":", |line, at| {
        line.raw("{\"base\":");
        line.word(learning[at].base.map(Academic::vi));
        line.raw(",\"level\":");
        line.word(learning[at].level.map(Academic::vi));
        line.raw("}");
    });
    line.raw(",\"conduct\":{\"year\":");
    line.word(year.conduct.map(Conduct::vi));
    line.raw("},\"promotion\":");
    line.word(year.promotion.map(Promotion::code));
    line.raw(",\"award\":");
    line.word(year.award.map(Title::code));
    line.raw(",\"reasons\":[");
    for (at, reason) in year.reasons.iter().enumerate() {
        line.raw(if at == 0 { "" } else { "," });
        line.reason(reason);
    }
    line.raw("]}\n");
}

fn periods(line: &mut Line<'_>, before: &str, mut each: impl FnMut(&mut Line<'_>, usize)) {
    line.raw(before);
    for (at, name) in ["{\"semester1\":", ",\"semester2\":", ",\"year\":"].into_iter().enumerate() {
        line.raw(name);
        each(line, at);
    }
    line.raw("}");
}
