//! What results of a primary class look like (TT 27/2020): groups, completion and titles of the year in the place of learning and
//! conduct.

use super::sheet::value::speak;
use crate::i18n::{lang, t, texts};
use crate::ui::{Pill, Tone};
use dto::gradebook::{LearnerResult, PrimaryResult};
use leptos::prelude::*;
use regulations::tt27::{Completion, Group, PrimaryAward};

texts! {
    GROUP: "Kết quả giáo dục", "Result of the year";
    COMPLETION: "Chương trình lớp học", "The grade";
    AWARD: "Khen thưởng", "Award";
    UNKNOWN: "chưa đủ", "incomplete";
}

pub fn group_text(group: Group) -> &'static str {
    group.text(speak(lang()))
}

/// How a group looks; its word says the same.
pub fn group_tone(group: Group) -> Tone {
    match group {
        Group::Excellent => Tone::Ok,
        Group::CompletedWell => Tone::Info,
        Group::Completed => Tone::Quiet,
        Group::NotCompleted => Tone::Warn,
    }
}

pub fn group_pill(group: Option<Group>) -> AnyView {
    match group {
        Some(group) => view! { <Pill label=group_text(group) tone=group_tone(group) /> }.into_any(),
        None => view! { <span class="quiet">{t(UNKNOWN)}</span> }.into_any(),
    }
}

/// Short enough for a table: completed or not yet.
pub fn completion_text(completion: Completion) -> &'static str {
    match completion {
        Completion::Completed => lang().pick("Hoàn thành", "Completed"),
        Completion::Support => lang().pick("Hỗ trợ, đánh giá bổ sung", "Help, then assess again"),
        Completion::PrincipalDecides => lang().pick("Hiệu trưởng quyết định", "The principal decides"),
        Completion::Retained => lang().pick("Chưa hoàn thành", "Not completed"),
    }
}

pub fn completion_tone(completion: Completion) -> Tone {
    match completion {
        Completion::Completed => Tone::Ok,
        Completion::Support | Completion::PrincipalDecides => Tone::Warn,
        Completion::Retained => Tone::Bad,
    }
}

/// The title as a school says it; the long one is in the reasons.
pub fn award_text(award: PrimaryAward) -> &'static str {
    match award {
        PrimaryAward::Excellent => award.text(speak(lang())),
        PrimaryAward::Exemplary => lang().pick("Học sinh Tiêu biểu", "Exemplary student"),
    }
}

fn of(row: &LearnerResult) -> PrimaryResult {
    row.primary.clone().unwrap_or_default()
}

/// What the chart of a year filters by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Group(Option<Group>),
    Completion(Completion),
    Award(PrimaryAward),
}

impl Facet {
    pub fn holds(self, row: &LearnerResult) -> bool {
        let result = of(row);
        match self {
            Facet::Group(group) => result.group == group,
            Facet::Completion(completion) => result.completion == Some(completion),
            Facet::Award(award) => result.award == Some(award),
        }
    }

    /// Shown although nobody is in it.
    pub fn always(self) -> bool {
        matches!(self, Facet::Group(Some(_)))
    }
}

type Bars = Vec<(Facet, String, &'static str)>;

/// The bars of the year's chart; a term has no groups, and so no chart.
pub fn bars() -> Vec<(&'static str, Bars)> {
    let class = |group: Group| match group {
        Group::Excellent => "b1",
        Group::CompletedWell => "b2",
        Group::Completed => "b3",
        Group::NotCompleted => "b5",
    };
    let groups = Group::ALL.iter().rev().map(|group| (Facet::Group(Some(*group)), group_text(*group).to_owned(), class(*group)));
    let completion = [Completion::Completed, Completion::Support, Completion::PrincipalDecides, Completion::Retained];
    let awards = [(PrimaryAward::Excellent, "b1"), (PrimaryAward::Exemplary, "b2")];
    vec![
        (t(GROUP), groups.chain([(Facet::Group(None), t(UNKNOWN).to_owned(), "b0")]).collect()),
        (
            t(COMPLETION),
            completion
                .into_iter()
                .map(|c| {
                    (Facet::Completion(c), completion_text(c).to_owned(), if c == Completion::Completed { "b1" } else { "b4" })
                })
                .collect(),
        ),
        (t(AWARD), awards.into_iter().map(|(award, class)| (Facet::Award(award), award_text(award).to_owned(), class)).collect()),
    ]
}

/// The heads of the last columns of a year.
pub fn heads() -> AnyView {
    view! { <th scope="col">{t(GROUP)}</th><th scope="col">{t(COMPLETION)}</th><th scope="col">{t(AWARD)}</th> }.into_any()
}

/// The last cells of a row of a year.
pub fn ends(row: &LearnerResult) -> AnyView {
    let result = of(row);
    let completion = result.completion.map(|c| view! { <Pill label=completion_text(c) tone=completion_tone(c) /> });
    let award = result.award.map(|a| view! { <Pill label=award_text(a) tone=Tone::Brand /> });
    view! { <td>{group_pill(result.group)}</td><td>{completion}</td><td>{award}</td> }.into_any()
}

/// What stands above the reasons.
pub fn pills(row: &LearnerResult) -> Option<AnyView> {
    let group = of(row).group?;
    Some(view! { <span class="row tight"><span class="muted">{t(GROUP)}</span>{group_pill(Some(group))}</span> }.into_any())
}
