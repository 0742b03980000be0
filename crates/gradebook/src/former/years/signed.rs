//! A signed transcript read as a former year: checked, compared with the learner, its subjects found in the programme.

use crate::facts::LearnerCard;
use chrono::{DateTime, NaiveDate, Utc};
use dto::Code;
use dto::Lang;
use dto::former_years::{
    FormerPeriod, FormerYearOutcome, FormerYearSignature, FormerYearSigned, FormerYearSubject, FormerYearValue, PutFormerYear,
};
use dto::transcripts::SigningRole;
use kernel::text::fold;
use kernel::{Error, Result};
use regulations::curriculum;
use std::collections::HashSet;
use transcript::{Content, Fault, Form, Learner, Period, Report, Role, SignatureReport, Trust};

/// What a file came to.
pub(crate) struct Checked {
    pub school_year: String,
    pub school_code: String,
    pub learner: Learner,
    pub content: PutFormerYear,
    pub signed: FormerYearSigned,
}

/// Checks a file as [`transcript::verify`] does.
///
/// Errors: `transcript_not_valid` with the sentences of every fault, in the caller's language.
pub(crate) fn check(file: &[u8], trust: &Trust, at: DateTime<Utc>, lang: Lang) -> Result<Checked> {
    let report = transcript::verify(file, trust, at);
    let (true, Some(form), Some(hash), Some(content)) = (report.valid, report.form, &report.content_hash, &report.content) else {
        return Err(Error::new(Code::TranscriptNotValid).with("what", why(&report, lang)));
    };
    Ok(Checked {
        school_year: content.school_year.clone(),
        school_code: content.school.code.clone(),
        learner: content.learner.clone(),
        signed: FormerYearSigned {
            form: match form {
                Form::Xml => "xml",
                Form::Pdf => "pdf",
            }
            .to_owned(),
            content_hash: hash.clone(),
            checked_at: at,
            signatures: report.signatures.iter().map(signature).collect(),
        },
        content: year(content),
    })
}

/// Each fault once, in the order of the report.
fn why(report: &Report, lang: Lang) -> String {
    let of_signatures = report.signatures.iter().chain(&report.pdf_signature).flat_map(|signature| &signature.faults);
    let mut seen = HashSet::new();
    let sentence = |fault: &Fault| lang.pick(fault.vi.as_str(), fault.en.as_str()).to_owned();
    let said: Vec<String> =
        report.faults.iter().chain(of_signatures).map(sentence).filter(|said| seen.insert(said.clone())).collect();
    said.join(" ")
}

fn signature(signature: &SignatureReport) -> FormerYearSignature {
    let (role, subject_code) = match &signature.role {
        Role::Subject(code) => (SigningRole::Subject, Some(code.clone())),
        Role::Homeroom => (SigningRole::Homeroom, None),
        Role::Principal => (SigningRole::Principal, None),
        Role::Seal => (SigningRole::Seal, None),
    };
    let signed_at = signature.time_stamp.as_ref().map(|stamp| stamp.time).or(signature.claimed_time);
    FormerYearSignature { role, subject_code, signer: signature.signer.clone(), signed_at }
}

fn period(period: Period) -> FormerPeriod {
    match period {
        Period::S1 => FormerPeriod::S1,
        Period::S2 => FormerPeriod::S2,
        Period::Year => FormerPeriod::Year,
        Period::Again => FormerPeriod::Again,
    }
}

pub(crate) fn year(content: &Content) -> PutFormerYear {
    let mut taken = HashSet::new();
    let subjects = content.subjects.iter().map(|subject| FormerYearSubject {
        subject_code: ours(&subject.code, &subject.name).filter(|code| taken.insert(*code)).map(str::to_owned),
        name: subject.name.clone(),
        values: subject
            .entries
            .iter()
            .map(|entry| FormerYearValue { period: period(entry.period), value: entry.value.clone(), test: entry.test.clone() })
            .collect(),
    });
    let assessed = content.homeroom.assessments.iter().map(|one| (&one.code, &one.name, one.period, &one.value));
    let came_to = content.year.iter().map(|one| (&one.code, &one.name, one.period, &one.value));
    PutFormerYear {
        from_school: placed(&content.school.name, &content.school.place),
        document: format!("Học bạ số năm học {}, mã {}", content.school_year, content.id),
        grade: content.class.grade,
        class_name: content.class.name.clone(),
        subjects: subjects.filter(|subject| !subject.values.is_empty()).collect(),
        outcomes: assessed
            .chain(came_to)
            .map(|(code, name, at, value)| FormerYearOutcome {
                code: code.clone(),
                name: name.clone(),
                period: period(at),
                value: value.clone(),
            })
            .collect(),
    }
}

/// A school with its place, where that is known.
pub(crate) fn placed(name: &str, place: &str) -> String {
    [name, place].join(", ").trim_end_matches(", ").to_owned()
}

/// The subject of the programme: by its code, else by its name without marks.
fn ours(code: &str, name: &str) -> Option<&'static str> {
    if let Some(subject) = curriculum::subject(code) {
        return Some(subject.code);
    }
    let name = fold(name);
    curriculum::subjects().iter().find(|subject| fold(subject.vi) == name).map(|subject| subject.code)
}

/// Whether nothing but the subjects' codes differs.
pub(super) fn only_mapped(stands: &PutFormerYear, wanted: &PutFormerYear) -> bool {
    let plain = |year: &PutFormerYear| {
        let mut year = year.clone();
        year.subjects.iter_mut().for_each(|subject| subject.subject_code = None);
        year
    };
    plain(stands) == plain(wanted)
}

impl Checked {
    /// By the personal ID where both have one; else by name and day of birth.
    pub(super) fn is_of(&self, card: &LearnerCard) -> bool {
        self.names(card.personal_id.as_deref(), &card.full_name, card.birth_date)
    }

    pub(crate) fn names(&self, personal_id: Option<&str>, full_name: &str, birth_date: NaiveDate) -> bool {
        match (self.learner.personal_id.as_deref(), personal_id) {
            (Some(theirs), Some(ours)) => theirs == ours,
            _ => self.learner.birth_date == birth_date && fold(&self.learner.full_name) == fold(full_name),
        }
    }
}
