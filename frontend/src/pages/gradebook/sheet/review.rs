//! What two have changed, side by side, and what found no place: one choice a cell, or one for all.

use super::bar::or_nothing;
use super::grid::State;
use super::store::Sheet;
use super::value::show;
use super::{column_name, texts};
use crate::format;
use crate::i18n::{lang, t, tf};
use crate::ui::{Button, Dialog, Look};
use dto::Code;
use leptos::prelude::*;

/// The dialog; open while `sheet.reviewing`.
#[component]
pub fn Review(sheet: Sheet) -> impl IntoView {
    view! {
        <Dialog open=sheet.reviewing title=t(texts::REVIEW)>
            {move || {
                sheet.look.track();
                let in_state = |state| sheet.with(|g| (0..g.cells.len()).filter(|at| g.cells[*at].state() == state).collect::<Vec<_>>());
                let (conflicts, refused) = (in_state(State::Conflict), in_state(State::Refused));
                let strays = sheet.strays.get();
                let nothing = conflicts.is_empty() && refused.is_empty() && strays.is_empty();
                let all = (conflicts.len() > 1).then(|| {
                    let cells = StoredValue::new(conflicts.clone());
                    let settle = move |mine| Callback::new(move |()| sheet.settle_all(&cells.get_value(), mine));
                    view! {
                        <Button label=t(texts::ALL_MINE) small=true on_press=settle(true) />
                        <Button label=t(texts::ALL_THEIRS) small=true on_press=settle(false) />
                    }
                });
                let lead = (!conflicts.is_empty()).then(|| view! {
                    <div class="review-lead"><p>{tf(texts::REVIEW_N, &[("n", &conflicts.len().to_string())])}</p><span class="grow"></span>{all}</div>
                });
                view! {
                    {nothing.then(|| view! {
                        <p>{t(texts::REVIEW_DONE)}</p>
                        <footer><Button label=t(texts::REVIEW_BACK) look=Look::Primary on_press=Callback::new(move |()| sheet.reviewing.set(false)) /></footer>
                    })}
                    {lead}
                    <ul class="review">
                        {conflicts.into_iter().map(|at| conflict(sheet, at)).collect_view()}
                        {refused.into_iter().map(|at| refusal(sheet, at)).collect_view()}
                        {strays.into_iter().enumerate().map(|(n, stray)| view! {
                            <li>
                                <p><b>{stray.name}</b><small>{t(texts::STRAY)}</small></p>
                                <span class="value"><small>{t(texts::MINE)}</small><b class="num">{or_nothing(stray.text)}</b></span>
                                <Button label=t(texts::GIVE_UP) small=true on_press=Callback::new(move |()| sheet.drop_stray(n)) />
                            </li>
                        }).collect_view()}
                    </ul>
                }
            }}
        </Dialog>
    }
    .into_any()
}

/// Learner and column, as a way to the cell.
fn place(sheet: Sheet, at: usize) -> AnyView {
    let (row, column) = sheet.with(|g| (g.row_of(at).clone(), column_name(g.column_of(at), true)));
    let go = move |_| {
        sheet.reviewing.set(false);
        sheet.go(sheet.with(|g| g.place(at)), false);
        set_timeout(move || sheet.focus(), std::time::Duration::from_millis(30));
    };
    view! { <p><button type="button" class="link" on:click=go>{format::name(&row.full_name, &row.given_name)}</button><small>{column}</small></p> }.into_any()
}

fn conflict(sheet: Sheet, at: usize) -> Option<AnyView> {
    let cell = sheet.with(|g| g.cells[at].clone());
    let theirs = cell.conflict?;
    let who = theirs.by.unwrap_or_else(|| t(texts::SOMEONE).to_owned());
    let when = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| format!(" · {}", format::instant(at))).unwrap_or_default();
    let choice = |label: String, value: String, mine: bool| {
        let spoken = tf(if mine { texts::KEEP_MINE } else { texts::TAKE_THEIRS }, &[("value", &value)]);
        view! {
            <button type="button" class="value" title=spoken on:click=move |_| sheet.settle(at, mine)>
                <small>{label}</small><b class="num">{value}</b>
            </button>
        }
    };
    Some(
        view! {
            <li>
                {place(sheet, at)}
                {choice(format!("{}{}", t(texts::MINE), when(cell.typed_at)), or_nothing(show(cell.entry.value(), lang())), true)}
                {choice(format!("{who}{}", when(theirs.at)), or_nothing(show(theirs.theirs, lang())), false)}
            </li>
        }
        .into_any(),
    )
}

fn refusal(sheet: Sheet, at: usize) -> AnyView {
    let cell = sheet.with(|g| g.cells[at].clone());
    let code = cell.refused.as_deref().and_then(Code::parse).unwrap_or(Code::MarkInvalid);
    view! {
        <li>
            {place(sheet, at)}
            <span class="value"><small>{code.text(lang())}</small><b class="num">{or_nothing(show(cell.entry.value(), lang()))}</b></span>
            <Button label=t(texts::GIVE_UP) small=true on_press=Callback::new(move |()| sheet.give_up(at)) />
        </li>
    }
    .into_any()
}
