//! A record in words.

use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::records::growth_chart::{decimal, words};
use dto::staff_records::{RecordKind, StaffFacts, StaffRecord};
use regulations::tt05_2025::{Periods, Reduction, Stage};

texts! {
    PERIODS: "giảm {n} tiết/tuần", "{n} periods a week less";
    PAID: "hưởng phụ cấp, không giảm tiết", "paid by an allowance";
    STEP: "bậc {n}, hệ số {k}", "step {n}, coefficient {k}";
    HOURS: "{n} tiết · {who}", "{n} hours · {who}";
    NUMBER: "Số {no}", "No. {no}";
    CRITERIA: "Tốt {good} · Khá {fair} · Đạt {met} · Chưa đạt {below} trong 15 tiêu chí", "Of 15 criteria: good {good}, fair {fair}, met {met}, below {below}";
    DAYS: "{n} ngày làm việc", "{n} working days";
    SINCE: "từ {day}", "since {day}";
    UNTIL: "{from} – {to}", "{from} – {to}";
    DECISION: "QĐ {no}", "Decision {no}";
    OF_DAY: "ngày {day}", "of {day}";
}

/// What the record says, in a few words.
pub fn headline(facts: &StaffFacts) -> String {
    match facts {
        StaffFacts::Contract { contract } => contract.label(lang()).to_owned(),
        StaffFacts::Degree { level, major, .. } => format!("{}, {major}", level.label(lang())),
        StaffFacts::Subject { subject_code } => subject(subject_code),
        StaffFacts::Rank { title, rank } => match rank {
            Some(rank) => format!("{title}, {}", rank.label(lang())),
            None => title.clone(),
        },
        StaffFacts::Duty { duty, of, .. } => match of {
            Some(of) => format!("{}: {of}", duty.text(words())),
            None => duty.text(words()).to_owned(),
        },
        StaffFacts::Leave { leave } => leave.label(lang()).to_owned(),
        StaffFacts::Evaluation { level, .. } => level.text(words()).to_owned(),
        StaffFacts::Training { name, .. } => name.clone(),
        StaffFacts::Salary { scale, .. } => scale.clone(),
        StaffFacts::Identity { document, .. } => document.label(lang()).to_owned(),
    }
}

/// The name of a subject of the programme.
pub fn subject(code: &str) -> String {
    match regulations::curriculum::subject(code) {
        Some(subject) => lang().pick(subject.vi, subject.en).to_owned(),
        None => code.to_owned(),
    }
}

/// What else it says.
pub fn details(record: &StaffRecord) -> Vec<String> {
    let mut found = Vec::new();
    match &record.facts {
        StaffFacts::Degree { institution, .. } => found.push(institution.clone()),
        StaffFacts::Duty { duty, periods, paid, .. } => {
            let n = periods.map(|n| Periods::whole(i32::from(n))).or(match duty.reduction(Stage::LowerSecondary) {
                Reduction::Fixed(n) => Some(n),
                _ => None,
            });
            match n {
                _ if *paid => found.push(t(PAID).to_owned()),
                Some(n) => found.push(tf(PERIODS, &[("n", &n.text(words()))])),
                None => {}
            }
        }
        StaffFacts::Evaluation { set, criteria, .. } => {
            found.push(set.text(words()).to_owned());
            if !criteria.is_empty() {
                use regulations::standards::StandardLevel::{Below, Fair, Good, Met};
                let count = |level| criteria.iter().filter(|one| **one == level).count().to_string();
                found.push(tf(
                    CRITERIA,
                    &[("good", &count(Good)), ("fair", &count(Fair)), ("met", &count(Met)), ("below", &count(Below))],
                ));
            }
        }
        StaffFacts::Training { provider, hours, certificate_no, .. } => {
            found.push(tf(HOURS, &[("n", &hours.to_string()), ("who", provider)]));
            found.extend(certificate_no.as_ref().map(|no| tf(NUMBER, &[("no", no)])));
        }
        StaffFacts::Salary { step, coefficient, .. } => {
            found.push(tf(STEP, &[("n", &step.to_string()), ("k", &decimal(i64::from(*coefficient), 100, 2))]));
        }
        StaffFacts::Identity { number, .. } => found.push(number.clone()),
        StaffFacts::Contract { .. } | StaffFacts::Subject { .. } | StaffFacts::Rank { .. } | StaffFacts::Leave { .. } => {}
    }
    found.extend(record.working_days.map(|n| tf(DAYS, &[("n", &n.to_string())])));
    found.extend(record.unit_name.clone());
    if let Some(no) = &record.decision_no {
        let day = record.decided_on.map(|day| format!(" {}", tf(OF_DAY, &[("day", &format::date(day))]))).unwrap_or_default();
        found.push(tf(DECISION, &[("no", no)]) + &day);
    }
    found.extend(record.note.clone());
    found
}

/// From when to when; the school year of an evaluation.
pub fn span(record: &StaffRecord) -> String {
    if record.facts.kind() == RecordKind::Evaluation {
        return record.school_year.clone().unwrap_or_default();
    }
    match (record.first_on, record.last_on) {
        (Some(first), Some(last)) if first == last => format::date(first),
        (Some(first), Some(last)) => tf(UNTIL, &[("from", &format::date(first)), ("to", &format::date(last))]),
        (Some(first), None) => tf(SINCE, &[("day", &format::date(first))]),
        _ => String::new(),
    }
}
