//! A teacher's load: from the norm, what lowers it and what is taught, to how much too much or too little.

use super::{
    HOMEROOM_PERIODS, LoadChoices, MOST_DUTIES, NormPost, NormSchool, OvertimeBase, Periods, Reduction, Stage, TeachingDuty,
    WEEKS, norm,
};
use serde::{Deserialize, Serialize};

/// A duty that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub duty: TeachingDuty,
    /// What it is of: the class, the group, the decision.
    pub of: String,
    /// Periods a week by the decision, where the circular leaves it to one.
    pub periods: Option<Periods>,
    /// An allowance is paid for it in place of a reduction (Đ.3).
    pub paid: bool,
}

/// A subject of a class that somebody teaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taught {
    /// "Toán 6A1"
    pub what: String,
    /// Periods a year of the class.
    pub annual: Periods,
    /// How many teachers share them evenly.
    pub teachers: i32,
    /// The homeroom teacher's own experiential activities: two periods a week of it are chào cờ and sinh hoạt lớp.
    pub homeroom: bool,
}

/// Everything that a load is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    /// None in preschool, which has no norm here.
    pub stage: Option<Stage>,
    pub kind: NormSchool,
    pub teacher: NormPost,
    pub duties: &'a [Held],
    pub taught: &'a [Taught],
    pub choices: LoadChoices,
}

/// Which rule a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LoadRule {
    /// The norm of Đ.7 k.3, or of Đ.8.
    Norm,
    /// A duty takes periods off.
    Reduced,
    /// A duty takes none off, since it is paid for.
    Paid,
    /// A duty takes none off, since two others of Đ.9-11 do already.
    Beyond,
    /// What is left to teach.
    Left,
    /// A subject of a class.
    Taught,
    /// The homeroom's fixed periods, which are not counted.
    Fixed,
    /// All that is taught.
    Sum,
    /// Taught less what is to be taught.
    Difference,
    /// The most overtime.
    Cap,
}

/// One line of the explanation. Amounts that lower are negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoadLine {
    pub rule: LoadRule,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<TeachingDuty>,
    /// "Đ.7 k.3" of TT 05/2025; empty where the line is only arithmetic.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// A class, a subject, a decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// Teachers who share it, where more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teachers: Option<i32>,
    pub weekly: Periods,
    pub yearly: Periods,
}

/// How a load lies beside its norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LoadState {
    Under,
    Even,
    Over,
    /// More overtime than Đ.3 allows.
    OverCap,
}

/// Something that a person has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LoadFinding {
    /// More than two duties of Đ.9-11 (Đ.3).
    TooManyDuties,
    /// Overtime beyond half of the weekly norm (Đ.3).
    OverCap,
    /// No norm for this stage and kind of school.
    NoNorm,
}

/// A teacher's load. What needs a norm is absent where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingLoad {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm_weekly: Option<Periods>,
    /// The norm less reductions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_weekly: Option<Periods>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_yearly: Option<Periods>,
    /// A thirty-fifth of the year.
    pub taught_weekly: Periods,
    pub taught_yearly: Periods,
    /// Taught less required in a year; negative where there is room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference_yearly: Option<Periods>,
    /// Most overtime a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_weekly: Option<Periods>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_yearly: Option<Periods>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<LoadState>,
    pub findings: Vec<LoadFinding>,
    /// In the order in which a person would reckon.
    pub lines: Vec<LoadLine>,
}

fn line(rule: LoadRule, article: &str, what: &str, weekly: Periods) -> LoadLine {
    LoadLine {
        rule,
        duty: None,
        article: article.to_owned(),
        what: what.to_owned(),
        teachers: None,
        weekly,
        yearly: weekly.times(WEEKS),
    }
}

/// What a duty takes off where nothing stands against it.
fn reduction(held: &Held, stage: Stage) -> Periods {
    match held.duty.reduction(stage) {
        Reduction::Fixed(periods) => periods,
        Reduction::Between(least, most) => held.periods.unwrap_or(least).clamp(least, most),
        Reduction::Entered => held.periods.unwrap_or_default().max(Periods::ZERO),
    }
}

/// Which duties take nothing off: of the unpaid ones of Đ.9-11 all but the two that take most. (That the two largest count is the
/// reading most in the teacher's favour; that there are more is told as a finding.)
fn beyond(duties: &[Held], stage: Stage) -> Vec<usize> {
    let mut counted: Vec<usize> = (0..duties.len()).filter(|at| duties[*at].duty.is_concurrent() && !duties[*at].paid).collect();
    counted.sort_by_key(|at| (std::cmp::Reverse(reduction(&duties[*at], stage)), *at));
    counted.split_off(counted.len().min(MOST_DUTIES))
}

/// The load with its lines.
pub fn evaluate(input: &Input<'_>) -> TeachingLoad {
    let mut lines = Vec::new();
    let mut findings = Vec::new();
    let found = input.stage.and_then(|stage| Some((stage, norm(stage, input.kind, input.teacher)?)));
    let norm = found.map(|(_, norm)| norm);
    let required = found.map(|(stage, norm)| {
        let article = if input.teacher == NormPost::Teacher { "Đ.7 k.3" } else { "Đ.8" };
        lines.push(line(LoadRule::Norm, article, "", norm));
        let off = lower(input, stage, &mut lines);
        let left = norm.minus(off).max(Periods::ZERO);
        if off > Periods::ZERO {
            lines.push(line(LoadRule::Left, "", "", left));
        }
        left
    });
    if norm.is_none() {
        findings.push(LoadFinding::NoNorm);
    }
    if input.duties.iter().filter(|held| held.duty.is_concurrent()).count() > MOST_DUTIES {
        findings.push(LoadFinding::TooManyDuties);
    }
    let taught = teach(input, &mut lines);
    let cap = norm.zip(required).map(|(norm, left)| {
        match input.choices.overtime_base {
            OvertimeBase::Reduced => left,
            OvertimeBase::Norm => norm,
        }
        .shared(2)
    });
    let required_yearly = required.map(|weekly| weekly.times(WEEKS));
    let difference = required_yearly.map(|required| taught.minus(required));
    let cap_yearly = cap.map(|weekly| weekly.times(WEEKS));
    let state = difference.zip(cap_yearly).map(|(difference, cap)| match difference {
        d if d < Periods::ZERO => LoadState::Under,
        Periods::ZERO => LoadState::Even,
        d if d > cap => LoadState::OverCap,
        _ => LoadState::Over,
    });
    if let (Some(difference), Some(cap)) = (difference, cap) {
        lines.push(LoadLine { yearly: difference, ..line(LoadRule::Difference, "", "", difference.shared(WEEKS)) });
        lines.push(line(LoadRule::Cap, "Đ.3", "", cap));
    }
    if state == Some(LoadState::OverCap) {
        findings.push(LoadFinding::OverCap);
    }
    TeachingLoad {
        norm_weekly: norm,
        required_weekly: required,
        required_yearly,
        taught_weekly: taught.shared(WEEKS),
        taught_yearly: taught,
        difference_yearly: difference,
        cap_weekly: cap,
        cap_yearly,
        state,
        findings,
        lines,
    }
}

/// The lines of duties; what they take off a week.
fn lower(input: &Input<'_>, stage: Stage, lines: &mut Vec<LoadLine>) -> Periods {
    let beyond = beyond(input.duties, stage);
    let mut off = Periods::ZERO;
    for (at, held) in input.duties.iter().enumerate() {
        let (rule, article, weekly) = match held {
            held if held.paid => (LoadRule::Paid, "Đ.3", Periods::ZERO),
            _ if beyond.contains(&at) => (LoadRule::Beyond, "Đ.3", Periods::ZERO),
            held => (LoadRule::Reduced, held.duty.article(), reduction(held, stage)),
        };
        off = off.plus(weekly);
        lines.push(LoadLine { duty: Some(held.duty), ..line(rule, article, &held.of, Periods::ZERO.minus(weekly)) });
    }
    off
}

/// The lines of what is taught; all of it in a year.
fn teach(input: &Input<'_>, lines: &mut Vec<LoadLine>) -> Periods {
    let mut sum = Periods::ZERO;
    let mut fixed = Periods::ZERO;
    for one in input.taught {
        let yearly = one.annual.shared(one.teachers);
        sum = sum.plus(yearly);
        lines.push(LoadLine {
            yearly,
            teachers: (one.teachers > 1).then_some(one.teachers),
            ..line(LoadRule::Taught, "", &one.what, yearly.shared(WEEKS))
        });
        if one.homeroom && !input.choices.homeroom_periods_count {
            let not_counted = Periods::whole(HOMEROOM_PERIODS).min(yearly);
            fixed = fixed.plus(not_counted);
            let less = Periods::ZERO.minus(not_counted);
            lines.push(LoadLine { yearly: less, ..line(LoadRule::Fixed, "", &one.what, less.shared(WEEKS)) });
        }
    }
    let taught = sum.minus(fixed);
    lines.push(LoadLine { yearly: taught, ..line(LoadRule::Sum, "", "", taught.shared(WEEKS)) });
    taught
}
