//! Lines of TT 27/2020: a primary pupil's year, with shapes of its own.
//!
//! Of the four points only the end of the year decides; the others may be given, are checked, and those of the end of term I are
//! summed up in a reason.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::{Map, Value};

use super::diagnose::Faults;
use super::input::{Object, from_str};
use super::output::{Escaped, Line};
use crate::entry::Lang;
use crate::mark::Mark;
use crate::policy::Policy;
use crate::reason::Period;
use crate::tt22::{MissingCause, SubjectRef};
use crate::tt27::{
    self, Completion, Ended, Finding, Group, Point, PrimaryAward, SubjectEnd, SubjectLevel, TermInput, TermSheet, Trait,
    TraitEnd, TraitKind, TraitLevel, YearInput, YearSubject, YearTrait, trait_of,
};
use crate::{CellValue, PrimarySlot, Slot};

const GRADES: std::ops::RangeInclusive<u8> = 1..=5;
const POINTS: [&str; 4] = ["midterm1", "final1", "midterm2", "year"];
const LEVEL: &str = "\"T\", \"H\" or \"C\" (Hoàn thành tốt, Hoàn thành, Chưa hoàn thành)";
const TRAIT: &str = "\"T\", \"Đ\" or \"C\" (Tốt, Đạt, Cần cố gắng)";
const TEST: &str = "a whole mark from 1 to 10 as a string, such as \"9\"";

/// One learner-year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Learner<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    regulation: Cow<'a, str>,
    grade: u8,
    #[serde(borrow)]
    subjects: Vec<Object<Subject<'a>>>,
    #[serde(borrow)]
    traits: Vec<Object<TraitLine<'a>>>,
    #[serde(default)]
    recognised: Option<bool>,
    #[serde(default)]
    decision: Option<Decision>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Completed,
    Retained,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(default, rename = "midterm1")]
    _midterm1: Option<Object<At>>,
    #[serde(default)]
    final1: Option<Object<At>>,
    #[serde(default, rename = "midterm2")]
    _midterm2: Option<Object<At>>,
    #[serde(default)]
    year: Option<Object<At>>,
    #[serde(default)]
    reassessment: Option<Object<At>>,
}

/// A subject at a point.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    #[serde(default)]
    level: Option<LevelName>,
    #[serde(default)]
    test: Option<Test>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TraitLine<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    #[serde(default, rename = "midterm1")]
    _midterm1: Option<TraitName>,
    #[serde(default)]
    final1: Option<TraitName>,
    #[serde(default, rename = "midterm2")]
    _midterm2: Option<TraitName>,
    #[serde(default)]
    year: Option<TraitName>,
    #[serde(default)]
    reassessment: Option<TraitName>,
}

#[derive(Clone, Copy)]
struct LevelName(SubjectLevel);

impl<'de> Deserialize<'de> for LevelName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer, LEVEL, |text| SubjectLevel::parse_vi(text).map(LevelName))
    }
}

#[derive(Clone, Copy)]
struct TraitName(TraitLevel);

impl<'de> Deserialize<'de> for TraitName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer, TRAIT, |text| TraitLevel::parse_vi(text).map(TraitName))
    }
}

#[derive(Clone, Copy)]
struct Test(Mark);

/// A mark of a test; the policy of the command is the default one.
fn test(text: &str) -> Option<Mark> {
    Mark::parse_decimal(text).filter(|mark| tt27::Choices::DEFAULT.allows(*mark))
}

impl<'de> Deserialize<'de> for Test {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_str(deserializer, TEST, |text| test(text).map(Test))
    }
}

/// Reads a line and checks it. The text of an error is only used where the slow reading finds nothing to say.
pub(super) fn read(line: &[u8]) -> Result<Learner<'_>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "UTF-8 text".to_owned())?;
    let learner: Object<Learner<'_>> = serde_json::from_str(text).map_err(|error| format!("a learner-year ({error})"))?;
    let learner = learner.into_inner();
    let subjects = &learner.subjects;
    let twice = |code: &str, at: usize| subjects[..at].iter().any(|other| other.code == code);
    let wrong = |code: &str| code.is_empty() || TraitKind::of_sheet(code).is_some();
    let bad_subjects = subjects.iter().enumerate().any(|(at, subject)| wrong(&subject.code) || twice(&subject.code, at));
    let traits = &learner.traits;
    let bad_traits = traits
        .iter()
        .enumerate()
        .any(|(at, one)| trait_of(&one.code).is_none() || traits[..at].iter().any(|other| other.code == one.code));
    let head = learner.regulation != "TT27" || !GRADES.contains(&learner.grade) || learner.id.is_empty();
    if head || subjects.is_empty() || bad_subjects || bad_traits {
        return Err(
            "an id, a grade from 1 to 5, subjects with codes of their own, qualities and competencies of the circular".into()
        );
    }
    Ok(learner)
}

/// Calls `tell` with field and expectation for each fault that it finds.
pub(super) fn diagnose(line: &[u8], tell: &mut dyn FnMut(String, String)) {
    let mut faults = Faults(tell);
    match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(learner)) => diagnose_learner(&mut faults, &learner),
        _ => faults.tell("", "a JSON object"),
    }
}

fn diagnose_learner(faults: &mut Faults<'_>, learner: &Map<String, Value>) {
    faults.known("", learner, &["id", "regulation", "grade", "subjects", "traits", "recognised", "decision"]);
    if learner.get("id").and_then(Value::as_str).is_none_or(str::is_empty) {
        faults.tell("id", "a string that is not empty");
    }
    if !learner.get("grade").and_then(Value::as_u64).is_some_and(|grade| (1..=5).contains(&grade)) {
        faults.tell("grade", "a whole number from 1 to 5");
    }
    if learner.get("recognised").is_some_and(|value| !value.is_null() && !value.is_boolean()) {
        faults.tell("recognised", "true or false");
    }
    if learner.get("decision").is_some_and(|value| !value.is_null() && !matches!(value.as_str(), Some("completed" | "retained")))
    {
        faults.tell("decision", "\"completed\" or \"retained\"");
    }
    match learner.get("subjects").and_then(Value::as_array) {
        Some(subjects) if !subjects.is_empty() => diagnose_list(faults, "subjects", subjects, true),
        _ => faults.tell("subjects", "a list of at least one subject"),
    }
    match learner.get("traits").and_then(Value::as_array) {
        Some(traits) => diagnose_list(faults, "traits", traits, false),
        None => faults.tell("traits", "a list of qualities and competencies"),
    }
}

fn diagnose_list(faults: &mut Faults<'_>, name: &str, list: &[Value], subjects: bool) {
    let mut codes: Vec<&str> = Vec::new();
    for (at, value) in list.iter().enumerate() {
        let path = format!("{name}[{at}]");
        let Some(one) = faults.object(&path, value) else { continue };
        faults.known(&format!("{path}."), one, &["code", "midterm1", "final1", "midterm2", "year", "reassessment"]);
        match one.get("code").and_then(Value::as_str) {
            Some(code) if codes.contains(&code) => faults.tell(&format!("{path}.code"), "a code that no other of the list has"),
            Some(code) if subjects && (code.is_empty() || TraitKind::of_sheet(code).is_some()) => {
                faults.tell(&format!("{path}.code"), "the code of a subject; qualities and competencies are in traits");
            }
            Some(code) if !subjects && trait_of(code).is_none() => {
                let known: Vec<&str> = tt27::traits().iter().map(|one| one.code).collect();
                faults.tell(&format!("{path}.code"), &format!("one of {}", known.join(", ")));
            }
            Some(code) => codes.push(code),
            None => faults.tell(&format!("{path}.code"), "a string that is not empty"),
        }
        for key in POINTS.into_iter().chain(["reassessment"]) {
            let value = one.get(key).filter(|value| !value.is_null());
            let Some(value) = value else { continue };
            let path = format!("{path}.{key}");
            match subjects {
                true => diagnose_at(faults, &path, value),
                false if value.as_str().and_then(TraitLevel::parse_vi).is_none() => faults.tell(&path, TRAIT),
                false => {}
            }
        }
    }
}

fn diagnose_at(faults: &mut Faults<'_>, path: &str, value: &Value) {
    let Some(at) = faults.object(path, value) else { return };
    faults.known(&format!("{path}."), at, &["level", "test"]);
    let level = at.get("level").filter(|value| !value.is_null());
    if level.is_some_and(|value| value.as_str().and_then(SubjectLevel::parse_vi).is_none()) {
        faults.tell(&format!("{path}.level"), LEVEL);
    }
    let given = at.get("test").filter(|value| !value.is_null());
    if given.is_some_and(|value| value.as_str().and_then(test).is_none()) {
        faults.tell(&format!("{path}.test"), TEST);
    }
}

fn at(given: &Option<Object<At>>) -> At {
    given.as_ref().map(|at| **at).unwrap_or_default()
}

/// A test that is given counts; one that the circular asks for and that is not there is missing.
fn subject_end<'a>(subject: &'a Subject<'_>, grade: u8, policy: &Policy) -> SubjectEnd<'a> {
    let year = at(&subject.year);
    let missing = MissingCause::Empty;
    let test = match year.test {
        Some(Test(mark)) => Ended::Given(mark),
        None if tt27::has_test(&subject.code, grade, Point::End, &policy.tt27) => Ended::Missing(missing),
        None => Ended::NotAsked,
    };
    let level = year.level.map_or(Ended::Missing(missing), |level| Ended::Given(level.0));
    SubjectEnd { subject: SubjectRef { code: &subject.code, name: "" }, level, test }
}

/// What the grade asks for, and what is given beyond it.
fn traits_of(learner: &Learner<'_>, policy: &Policy) -> Vec<&'static Trait> {
    let asked: Vec<_> = tt27::traits_of(learner.grade, &policy.tt27).collect();
    let given = |one: &&Trait| learner.traits.iter().any(|line| line.code == one.code && line.year.is_some());
    tt27::traits().iter().filter(|one| asked.contains(one) || given(one)).collect()
}

/// Evaluates the learner and appends the line, with its end.
pub(super) fn write(learner: &Learner<'_>, policy: &Policy, out: &mut Vec<u8>) {
    let subjects: Vec<YearSubject<'_>> = learner
        .subjects
        .iter()
        .map(|subject| {
            let again = at(&subject.reassessment);
            YearSubject {
                end: subject_end(subject, learner.grade, policy),
                level_again: again.level.map(|level| level.0),
                test_again: again.test.map(|test| test.0),
            }
        })
        .collect();
    let traits: Vec<YearTrait> = traits_of(learner, policy)
        .into_iter()
        .map(|one| {
            let line = learner.traits.iter().find(|line| line.code == one.code);
            let level =
                line.and_then(|line| line.year).map_or(Ended::Missing(MissingCause::Empty), |level| Ended::Given(level.0));
            YearTrait { end: TraitEnd { one, level }, again: line.and_then(|line| line.reassessment).map(|level| level.0) }
        })
        .collect();
    let input = YearInput {
        grade: learner.grade,
        subjects: &subjects,
        traits: &traits,
        recognised: learner.recognised.unwrap_or(false),
        decision: learner.decision.map(|decision| matches!(decision, Decision::Completed)),
    };
    let year = tt27::evaluate_year(&input, &policy.tt27);

    let mut line = Line(out);
    line.raw("{\"id\":");
    line.text(&learner.id);
    line.raw(",\"subjects\":{");
    for (at, subject) in subjects.iter().enumerate() {
        line.raw(if at == 0 { "" } else { "," });
        line.text(subject.end.subject.code);
        line.raw(":{\"level\":");
        line.word(subject.end.level.given().map(SubjectLevel::letter));
        line.raw(",\"test\":");
        match subject.end.test.given() {
            Some(mark) => line.shown(&mark),
            None => line.raw("null"),
        }
        line.raw("}");
    }
    line.raw("},\"traits\":{");
    for (at, one) in traits.iter().enumerate() {
        line.raw(if at == 0 { "" } else { "," });
        line.text(one.end.one.code);
        line.raw(":");
        line.word(one.end.level.given().map(TraitLevel::letter));
    }
    line.raw("},\"group\":");
    line.word(year.group.map(Group::vi));
    line.raw(",\"group_after_reassessment\":");
    line.word(year.again.map(Group::vi));
    line.raw(",\"completion\":");
    line.word(year.completion.map(Completion::code));
    line.raw(",\"award\":");
    line.word(year.award.map(PrimaryAward::code));
    line.raw(",\"reasons\":[");
    let missing = year.missing.iter().map(|missing| Finding::Missing(*missing));
    let all = first_term(learner, policy).into_iter().chain(missing).chain(year.findings.iter().cloned());
    for (at, finding) in all.enumerate() {
        line.raw(if at == 0 { "" } else { "," });
        write_finding(&mut line, &finding);
    }
    line.raw("]}\n");
}

/// How term I went, where its end is given for everything.
fn first_term<'a>(learner: &'a Learner<'_>, policy: &Policy) -> Vec<Finding<'a>> {
    let end = |subject: &Subject<'_>| {
        let level = at(&subject.final1).level.map(|level| (Slot::Primary(PrimarySlot::Level(Point::End)), level.0.cell()));
        level.into_iter().collect::<Vec<(Slot, CellValue)>>()
    };
    let cells: Vec<_> = learner.subjects.iter().map(|subject| end(subject)).collect();
    let of_kind = |kind: TraitKind| {
        let lines = learner.traits.iter().filter_map(|line| Some((trait_of(&line.code)?, line.final1?)));
        let lines = lines.filter(|(one, _)| one.kind == kind);
        lines.map(|(one, level)| (Slot::Primary(PrimarySlot::Trait(Point::End, one.number)), level.0.cell())).collect::<Vec<_>>()
    };
    let traits = TraitKind::ALL.map(of_kind);
    let mut sheets: Vec<TermSheet<'_, '_>> = learner
        .subjects
        .iter()
        .zip(&cells)
        .map(|(subject, cells)| TermSheet { subject: SubjectRef { code: &subject.code, name: "" }, cells })
        .collect();
    sheets.extend(
        TraitKind::ALL
            .iter()
            .zip(&traits)
            .map(|(kind, cells)| TermSheet { subject: SubjectRef { code: kind.sheet(), name: "" }, cells }),
    );
    let input = TermInput { period: Period::Semester1, grade: learner.grade, sheets: &sheets, planned: &[] };
    tt27::evaluate_term(&input, &policy.tt27).findings
}

fn write_finding(line: &mut Line<'_>, finding: &Finding<'_>) {
    line.raw("{\"code\":\"");
    line.raw(finding.code());
    line.raw("\",\"params\":{\"article\":");
    line.text(finding.article());
    finding.params(&mut |key, value: &dyn Display| {
        line.raw(",\"");
        line.raw(key);
        line.raw("\":");
        line.shown(value);
    });
    for (key, lang) in [("},\"vi\":\"", Lang::Vi), ("\",\"en\":\"", Lang::En)] {
        line.raw(key);
        // Into a `Vec`, nothing of this can fail.
        let _ = finding.write(&mut Escaped(line.0), lang);
    }
    line.raw("\"}");
}
