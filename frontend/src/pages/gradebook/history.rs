//! Who wrote a cell, when, from where, and why.

use super::sheet::value::{Value, show};
use super::sheet::{Home, Sheet, column_name};
use crate::api::{ApiError, gradebook};
use crate::format;
use crate::i18n::{lang, t, texts};
use crate::ui::{Dialog, Empty, Icon, effect, icon, load};
use dto::gradebook::CellChange;
use leptos::prelude::*;

texts! {
    TITLE: "Lịch sử ô", "History of the cell";
    NEVER: "Ô này chưa có ai nhập", "Nobody has entered this cell yet";
    CLEARED: "để trống", "empty";
}

#[component]
pub fn HistoryDialog(sheet: Sheet, at: RwSignal<Option<usize>>) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(at.read().is_some()));
    Effect::new(move |was: Option<bool>| {
        let now = open.get();
        if was == Some(true) && !now {
            at.set(None);
            sheet.focus();
        }
        now
    });
    view! {
        <Dialog open=open title=t(TITLE)>
            {move || at.get().map(|at| view! { <Changes sheet=sheet at=at /> })}
        </Dialog>
    }
}

#[component]
fn Changes(sheet: Sheet, at: usize) -> impl IntoView {
    let (name, given, column, learner, slot) = sheet.with(|g| {
        let (row, column) = (g.row_of(at), g.column_of(at));
        (row.full_name.clone(), row.given_name.clone(), column_name(column, true), row.learner, column.slot)
    });
    let changes = load(move || {
        let home = sheet.home();
        async move {
            match (home, slot) {
                (Home::Marks { class, subject, term }, Some(slot)) => {
                    gradebook::cell_history(class, &subject, term, learner, slot).await
                }
                _ => Err(ApiError::Unexpected { status: 404, request_id: None }),
            }
        }
    });
    view! {
        <p class="muted">{format::name(&name, &given)}" · "{column}</p>
        {changes.show(|page| steps(page.items.into_iter().map(line).collect()))}
    }
    .into_any()
}

/// Writes in their order, or that there was none.
pub fn steps(lines: Vec<AnyView>) -> AnyView {
    if lines.is_empty() {
        return view! { <Empty title=t(NEVER) glyph=Icon::Clock /> }.into_any();
    }
    view! { <ol class="history-list">{lines}</ol> }.into_any()
}

/// One write: from what to what, who, when, and why.
pub fn step(before: String, after: String, by: String, under: String, reason: Option<String>) -> AnyView {
    view! {
        <li>
            <p class="step num"><span>{before}</span>{icon(Icon::Arrow)}<b>{after}</b></p>
            <p><b>{by}</b></p>
            <p class="quiet num">{under}</p>
            {reason.map(|reason| view! { <p class="because">"“"{reason}"”"</p> })}
        </li>
    }
    .into_any()
}

fn line(change: CellChange) -> AnyView {
    let value = |value: Option<regulations::CellValue>| match value {
        Some(value) => show(Some(Value::Mark(value)), lang()),
        None => t(CLEARED).to_owned(),
    };
    let under = format!("{} · {}", format::instant(change.at), change.source.label(lang()));
    step(value(change.before), value(change.after), change.by, under, change.reason)
}
