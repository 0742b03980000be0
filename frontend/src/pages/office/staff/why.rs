//! Why it is so many periods: the load line by line, as a person would reckon.

use crate::api::ApiError;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::records::growth_chart::words;
use crate::ui::{Empty, Icon, Loader, Pill, Tone, icon};
use dto::staff_load::StaffLoad;
use leptos::prelude::*;
use regulations::tt05_2025::{LoadRule, LoadState, Periods};

texts! {
    CAPTION: "Vì sao {n} tiết?", "Why {n} periods?";
    NO_NORM: "Chưa tính được số tiết phải dạy", "What is to be taught cannot be told";
    WHAT: "Nội dung", "What";
    WEEK: "Tuần", "Week";
    YEAR: "Năm", "Year";
    BY: "Căn cứ", "Rule";
    AS_OF: "Theo phân công và nhiệm vụ ngày {day}, năm học {year}, 35 tuần; TT 05/2025/TT-BGDĐT. {position}, {school}.", "By what is assigned on {day}, school year {year}, 35 weeks; TT 05/2025/TT-BGDĐT. {position}, {school}.";
    NONE: "Không thuộc diện tính định mức tiết dạy", "No norm applies";
    NONE_TEXT: "Định mức của TT 05/2025 dành cho giáo viên, hiệu trưởng, phó hiệu trưởng đang giữ vị trí.", "TT 05/2025 has norms for teachers and heads in post.";
}

pub fn tone(state: Option<LoadState>) -> Tone {
    match state {
        None => Tone::Quiet,
        Some(LoadState::Under) => Tone::Info,
        Some(LoadState::Even) => Tone::Ok,
        Some(LoadState::Over) => Tone::Warn,
        Some(LoadState::OverCap) => Tone::Bad,
    }
}

/// The state in a word; a dash where there is no norm.
pub fn state_pill(state: Option<LoadState>) -> AnyView {
    match state {
        Some(one) => view! { <Pill label=one.text(words()) tone=tone(state) /> }.into_any(),
        None => "–".into_any(),
    }
}

pub fn periods(n: Periods) -> String {
    n.text(words())
}

/// Or none, where somebody has no norm.
pub fn optional(loader: Loader<Option<StaffLoad>>) -> AnyView {
    loader.show(|load| match load {
        Some(load) => why(&load),
        None => view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Clock /> }.into_any(),
    })
}

/// A load that may not be there.
pub fn if_any(answer: Result<StaffLoad, ApiError>) -> Result<Option<StaffLoad>, ApiError> {
    match answer {
        Ok(load) => Ok(Some(load)),
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}

pub fn why(found: &StaffLoad) -> AnyView {
    let load = &found.load;
    let caption = match load.required_weekly {
        Some(n) => tf(CAPTION, &[("n", &periods(n))]),
        None => t(NO_NORM).to_owned(),
    };
    let as_of = tf(
        AS_OF,
        &[
            ("day", &format::date(found.on)),
            ("year", &found.school_year),
            ("position", found.position.label(lang())),
            ("school", &found.school_name),
        ],
    );
    let lines = load
        .lines
        .iter()
        .map(|line| {
            let sum = matches!(line.rule, LoadRule::Left | LoadRule::Sum | LoadRule::Difference);
            view! {
                <tr class:sum=sum>
                    <th scope="row">{line.text(words())}</th>
                    <td class="r">{periods(line.weekly)}</td>
                    <td class="r">{periods(line.yearly)}</td>
                    <td class="hide muted">{line.article.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let findings = load
        .findings
        .iter()
        .map(|finding| view! { <p class="strip warn">{icon(Icon::Alert)}<span>{finding.text(words())}</span></p> })
        .collect_view();
    view! {
        <div class="stack">
            <p class="row tight"><b>{caption.clone()}</b>{state_pill(load.state)}</p>
            {findings}
            <div class="table" tabindex="0" role="region" aria-label=caption>
                <table class="why">
                    <thead><tr><th scope="col">{t(WHAT)}</th><th scope="col" class="r">{t(WEEK)}</th><th scope="col" class="r">{t(YEAR)}</th><th scope="col" class="hide">{t(BY)}</th></tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <p class="quiet">{as_of}</p>
        </div>
    }
    .into_any()
}
