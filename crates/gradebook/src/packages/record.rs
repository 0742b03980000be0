//! What a package says of a learner: the record, guardians, and school years with their results.

use super::archive::{Fault, Files, RECORD};
use super::health::{HEALTH, is_locked};
use crate::former::years::{self, Kept};
use crate::results;
use crate::transcripts::printed;
use crate::{current_year, facts};
use chrono::NaiveDate;
use dto::former_years::{FormerPeriod, FormerYearOutcome, FormerYearSubject, FormerYearValue, PutFormerYear};
use dto::gradebook::{LearnerReport, LearnerResult};
use dto::learners::{PersonName, Relation, Sex};
use dto::packages::CarriedCounts;
use dto::{LearnerId, UnitId};
use kernel::text::split_name;
use kernel::{Ctx, Db, Error, Result};
use regulations::Level;
use regulations::tt27::{TraitKind, traits_of};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub name: PersonName,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    pub ethnicity: Option<String>,
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
    pub guardians: Vec<Guardian>,
    /// The oldest first.
    pub years: Vec<Year>,
    /// How much of the health record is in its file; none: it does not travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<CarriedCounts>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Guardian {
    pub name: PersonName,
    pub relation: Relation,
    pub phone: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Year {
    pub school_year: String,
    pub content: PutFormerYear,
    /// The signed transcript in the package.
    pub file: Option<String>,
}

/// The record of a learner of a school, with the files that go with it. `health`: what its file holds.
pub(super) async fn gather(
    db: &Db,
    ctx: &Ctx,
    (school, learner): (UnitId, LearnerId),
    health: Option<CarriedCounts>,
) -> Result<(Record, Files)> {
    let conn = db.read();
    let detail = records::learners::get(db, ctx, learner).await?;
    let mut files = Files::new();
    let mut years: Vec<Year> = Vec::new();
    for (content, xml) in documents::transcripts::sealed_of(conn, learner).await? {
        let name = format!("transcripts/{}.xml", content.school_year);
        years.push(Year {
            school_year: content.school_year.clone(),
            content: years::year_of(&content),
            file: Some(name.clone()),
        });
        files.insert(name, xml);
    }
    for Kept { school_year, content, file } in years::of_learner(conn, school, learner).await? {
        if years.iter().any(|year| year.school_year == school_year) {
            continue;
        }
        let name = file.as_ref().map(|(form, _)| format!("transcripts/{school_year}.{form}"));
        files.extend(name.clone().zip(file).map(|(name, (_, bytes))| (name, bytes)));
        years.push(Year { school_year, content, file: name });
    }
    if let Some(year) = this_year(conn, school, learner).await?
        && years.iter().all(|other| other.school_year != year.school_year)
    {
        years.push(year);
    }
    years.sort_by(|a, b| a.school_year.cmp(&b.school_year));
    let guardian = |one: dto::learners::GuardianOf| {
        let name = split_name(&one.full_name);
        let name = PersonName { family: name.family, middle: name.middle, given: name.given };
        Guardian { name, relation: one.relation, phone: one.phone }
    };
    let record = Record {
        name: detail.learner.name,
        birth_date: detail.learner.birth_date,
        sex: detail.learner.sex,
        ethnicity: detail.learner.ethnicity,
        personal_id: detail.learner.personal_id,
        ministry_code: detail.learner.ministry_code,
        guardians: detail.guardians.into_iter().map(guardian).collect(),
        years,
        health,
    };
    files.insert(RECORD.to_owned(), serde_json::to_vec_pretty(&record).map_err(Error::internal)?);
    Ok((record, files))
}

/// The terms of the current school year that are closed, where any is.
async fn this_year(conn: &impl ConnectionTrait, school: UnitId, learner: LearnerId) -> Result<Option<Year>> {
    let Some(year) = current_year(conn).await? else { return Ok(None) };
    let classes = facts::classes_of(conn, learner, year).await?;
    let Some((_, class)) = classes.into_iter().find(|(of, _)| *of == school) else { return Ok(None) };
    let class = facts::class_unscoped(conn, class).await?;
    let card = facts::school_card(conn, school).await?;
    let grade = class.grade.number().unwrap_or_default();
    if grade == 0 {
        return Ok(None);
    }
    let report = results::report(conn, class, learner).await?;
    if report.terms.iter().all(|term| term.result.is_none()) {
        return Ok(None);
    }
    let content = PutFormerYear {
        from_school: years::placed(&card.name, &card.place),
        document: format!("Gói chuyển trường, kết quả đã chốt năm học {}", report.school_year),
        grade,
        class_name: report.class_name.clone(),
        subjects: subjects(&report),
        outcomes: outcomes(&report, grade),
    };
    Ok(Some(Year { school_year: report.school_year, content, file: None }))
}

fn periods(report: &LearnerReport) -> [(FormerPeriod, Option<&LearnerResult>); 3] {
    let of = |at: usize| report.terms.get(at).and_then(|term| term.result.as_ref());
    [(FormerPeriod::S1, of(0)), (FormerPeriod::S2, of(1)), (FormerPeriod::Year, report.year.as_ref())]
}

fn subjects(report: &LearnerReport) -> Vec<FormerYearSubject> {
    let Some(term) = report.terms.first() else { return Vec::new() };
    let named = term.subjects.iter().filter(|subject| TraitKind::of_sheet(&subject.subject_code).is_none());
    let of = |code: &str| {
        let value = |(period, result): (FormerPeriod, Option<&LearnerResult>)| {
            let result = result?.subjects.iter().find(|subject| subject.subject_code == code)?;
            Some(FormerYearValue { period, value: printed(result)?, test: result.test.map(|mark| mark.to_vi()) })
        };
        periods(report).into_iter().filter_map(value).collect::<Vec<_>>()
    };
    named
        .map(|subject| FormerYearSubject {
            name: subject.name_vi.clone(),
            subject_code: Some(subject.subject_code.clone()),
            values: of(&subject.subject_code),
        })
        .filter(|subject| !subject.values.is_empty())
        .collect()
}

fn outcomes(report: &LearnerReport, grade: u8) -> Vec<FormerYearOutcome> {
    let mut said = Vec::new();
    for (period, result) in periods(report) {
        let Some(result) = result else { continue };
        let mut put = |code: &str, name: &str, value: Option<String>| {
            said.extend(value.map(|value| FormerYearOutcome { code: code.to_owned(), name: name.to_owned(), period, value }));
        };
        let level = |level: Option<Level>| level.map(|level| level.vi().to_owned());
        put("conduct", "Kết quả rèn luyện", level(result.conduct));
        put("learning", "Kết quả học tập", level(result.learning));
        put("absences", "Số buổi nghỉ học", result.absences.map(|n| n.to_string()));
        for one in traits_of(grade, &regulations::tt27::Choices::DEFAULT) {
            let found = result.subjects.iter().find(|subject| subject.subject_code == one.code);
            put(one.code, one.vi, found.and_then(printed));
        }
    }
    said
}

/// Reads the record of an opened package.
pub(super) fn read(files: &Files) -> std::result::Result<Record, Fault> {
    let record: Record = files.get(RECORD).and_then(|bytes| serde_json::from_slice(bytes).ok()).ok_or(Fault::Record)?;
    let there = |year: &Year| year.file.as_ref().is_none_or(|name| files.contains_key(name));
    let once = |at: usize| record.years[..at].iter().all(|year| year.school_year != record.years[at].school_year);
    if record.health.is_some() != files.get(HEALTH).is_some_and(|file| is_locked(file)) {
        return Err(Fault::Health);
    }
    let good =
        (0..record.years.len()).all(|at| once(at) && there(&record.years[at]) && years::is_year(&record.years[at].school_year));
    if good { Ok(record) } else { Err(Fault::Record) }
}
