//! The end of the year of a primary class (TT 27/2020 Đ.11): the group, what follows from completing the grade or not, and the title,
//! in the place of learning, conduct and absences.

use crate::i18n::{lang, t, texts};
use crate::pages::gradebook::primary::{award_text, completion_text, completion_tone, group_pill};
use crate::ui::{Icon, Pill, Tone, icon};
use dto::calendar::Grade;
use dto::council::{Council, PrimaryStanding, Standing, YearDecision};
use leptos::prelude::*;
use regulations::Promotion;
use regulations::tt27::Completion;

texts! {
    GROUP: "Kết quả giáo dục", "Result of the year";
    DECIDED: "Xét lên lớp", "Promotion";
    AWARD: "Khen thưởng", "Award";
    SCHOOL_DONE: "Hoàn thành chương trình tiểu học", "Has completed primary school";
    AFTER: "sau đánh giá bổ sung", "after another assessment";
    UNKNOWN: "chưa đủ", "incomplete";
    PRINT_GRADE: "XÉT HOÀN THÀNH CHƯƠNG TRÌNH LỚP HỌC", "COMPLETION OF THE GRADE";
    PRINT_SCHOOL: "XÉT HOÀN THÀNH CHƯƠNG TRÌNH TIỂU HỌC", "COMPLETION OF PRIMARY SCHOOL";
}

/// Whether the class is one of primary school.
pub fn is(answer: &Council) -> bool {
    answer.grade.number().is_some_and(|grade| grade <= 5)
}

pub fn print_title(grade: Grade) -> &'static str {
    t(if grade == Grade::G5 { PRINT_SCHOOL } else { PRINT_GRADE })
}

fn end(completion: Option<Completion>, grade: Grade) -> AnyView {
    let Some(completion) = completion else { return view! { <span class="quiet">{t(UNKNOWN)}</span> }.into_any() };
    let label = match completion {
        Completion::Completed if grade == Grade::G5 => t(SCHOOL_DONE),
        Completion::Completed => lang().pick(Promotion::Promoted.vi(), Promotion::Promoted.en()),
        Completion::Retained => lang().pick(Promotion::Retained.vi(), Promotion::Retained.en()),
        Completion::Support | Completion::PrincipalDecides => completion_text(completion),
    };
    view! { <Pill label=label tone=completion_tone(completion) /> }.into_any()
}

pub fn heads() -> AnyView {
    view! { <th scope="col">{t(GROUP)}</th><th scope="col">{t(DECIDED)}</th><th scope="col">{t(AWARD)}</th> }.into_any()
}

/// The last cells of a row; where another assessment made something else of the year, both.
pub fn cells(decision: &YearDecision, grade: Grade) -> AnyView {
    let of = |standing: Standing| standing.primary.unwrap_or_default();
    let (PrimaryStanding { group, completion, award }, first) = (of(decision.decided), of(decision.proposed));
    let became = |before: AnyView| view! { {before}{icon(Icon::Arrow)}<span class="sr">{t(AFTER)}</span> };
    let group_before = (first.group != group).then(|| became(group_pill(first.group)));
    let end_before = (first.completion != completion).then(|| became(end(first.completion, grade)));
    let award = award.map(|award| view! { <Pill label=award_text(award) tone=Tone::Brand /> });
    view! {
        <td><span class="row tight became">{group_before}{group_pill(group)}</span></td>
        <td><span class="row tight became">{end_before}{end(completion, grade)}</span></td>
        <td>{award}</td>
    }
    .into_any()
}
