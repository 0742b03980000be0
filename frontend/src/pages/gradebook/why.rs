//! "Vì sao?": the sentences that decided a result, each with its article.

use crate::i18n::lang;
use crate::ui::{Icon, Tone, icon};
use leptos::prelude::*;
use regulations::{Level, Reason};

use super::sheet::value::speak;

/// How a level looks; its word says the same.
pub fn tone(level: Level) -> Tone {
    match level {
        Level::Good => Tone::Ok,
        Level::Fair => Tone::Info,
        Level::Pass => Tone::Warn,
        Level::Fail => Tone::Bad,
    }
}

pub fn level_text(level: Level) -> &'static str {
    level.text(speak(lang()))
}

/// Every sentence with the article that it rests on.
pub fn reasons(list: Vec<Reason>) -> AnyView {
    let lines = list
        .into_iter()
        .map(|reason| {
            let text = reason.text(speak(lang())).to_owned();
            view! { <li><p class="num">{text}</p><p class="article">{icon(Icon::Book)}<span>{reason.article}</span></p></li> }
        })
        .collect_view();
    view! { <ol class="reasons">{lines}</ol> }.into_any()
}

/// The sentence that says most about the level of learning.
pub fn headline(list: &[Reason]) -> Option<String> {
    let find = |code: &str| list.iter().find(|r| r.code == code);
    let codes = ["learning-adjusted", "learning-level", "learning-unknown", "group", "group-unknown", "primary-term"];
    let reason = codes.into_iter().find_map(find)?;
    Some(reason.text(speak(lang())).to_owned())
}
