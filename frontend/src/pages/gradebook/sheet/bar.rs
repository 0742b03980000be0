//! The line above the sheet that speaks of the active cell: what is wrong, who else changed it, why a mark changes.

use super::grid::{Cell, Entry, State};
use super::live::Here;
use super::store::Sheet;
use super::value::show;
use super::{OnHistory, column_name, texts};
use crate::format;
use crate::i18n::{lang, t, tf};
use crate::ui::{Button, Icon, icon};
use dto::Code;
use leptos::prelude::*;

pub fn or_nothing(text: String) -> String {
    if text.is_empty() { t(texts::NOTHING).to_owned() } else { text }
}

/// What to say of a cell, and how it looks.
pub fn says(cell: &Cell) -> (&'static str, String) {
    let value = show(cell.entry.value(), lang());
    let plain = |state: &str| if value.is_empty() { state.to_owned() } else { format!("{value} · {state}") };
    match cell.state() {
        State::Wrong => match &cell.entry {
            Entry::Wrong(text, wrong) => ("bad", format!("“{text}”: {}", wrong.text(lang()))),
            _ => ("bad", String::new()),
        },
        State::Conflict => ("info", conflict_text(cell)),
        State::Refused => {
            let code = cell.refused.as_deref().and_then(Code::parse).unwrap_or(Code::MarkInvalid);
            ("bad", code.text(lang()).to_owned())
        }
        State::Saving => ("", plain(t(texts::SAVING))),
        State::Dirty => ("", plain(t(texts::WAITING))),
        State::Saved => ("", plain(t(texts::SAVED))),
        State::Clean if value.is_empty() => ("", t(texts::EMPTY).to_owned()),
        State::Clean => ("", value),
    }
}

fn conflict_text(cell: &Cell) -> String {
    let Some(conflict) = &cell.conflict else { return String::new() };
    let when = conflict.at.map(|at| tf(texts::CONFLICT_WHEN, &[("at", &format::instant(at))])).unwrap_or_default();
    tf(
        texts::CONFLICT,
        &[
            ("who", conflict.by.as_deref().unwrap_or(t(texts::SOMEONE))),
            ("theirs", &or_nothing(show(conflict.theirs, lang()))),
            ("when", &when),
            ("mine", &or_nothing(show(cell.entry.value(), lang()))),
        ],
    )
}

/// Mine or theirs.
pub fn settle_buttons(sheet: Sheet, at: usize) -> Option<AnyView> {
    let cell = sheet.with(|g| g.cells[at].clone());
    let conflict = cell.conflict?;
    let mine = tf(texts::KEEP_MINE, &[("value", &or_nothing(show(cell.entry.value(), lang())))]);
    let theirs = tf(texts::TAKE_THEIRS, &[("value", &or_nothing(show(conflict.theirs, lang())))]);
    let settle = move |mine| {
        Callback::new(move |()| {
            sheet.settle(at, mine);
            super::editor::focus(sheet);
        })
    };
    Some(
        view! {
            <Button label=mine small=true on_press=settle(true) />
            <Button label=theirs small=true on_press=settle(false) />
        }
        .into_any(),
    )
}

#[component]
pub fn Bar(sheet: Sheet, on_history: Option<OnHistory>) -> impl IntoView {
    let about = move || {
        sheet.look.track();
        let at = sheet.active();
        let (who, column, cell) = sheet.with(|g| {
            let row = g.row_of(at);
            ((row.full_name.clone(), row.given_name.clone()), column_name(g.column_of(at), true), g.cells[at].clone())
        });
        let (tone, text) = says(&cell);
        let glyph = match cell.state() {
            State::Wrong | State::Refused => Some(Icon::Alert),
            State::Conflict => Some(Icon::People),
            _ => None,
        };
        // In a column of levels the letter H is a level.
        let key = (!sheet.with(|g| g.column_of(at).kind.is_level())).then(|| view! { <kbd>"H"</kbd> });
        let history = on_history.map(|show| {
            view! { <button type="button" class="btn plain small" on:click=move |_| show.run(sheet.active())>{icon(Icon::Clock)}{t(texts::HISTORY)}{key}</button> }
        });
        view! {
            <p class="where"><span class="nowrap">{format::name(&who.0, &who.1)}</span>" · "<span class="nowrap">{column}</span></p>
            <p class=format!("what {tone}") role="status">{glyph.map(icon)}<span class="num">{text}</span></p>
            {settle_buttons(sheet, at)}
            <span class="grow"></span>
            {history}
        }
    };
    view! {
        <div class="cell-bar no-print">{about}<Here sheet=sheet /></div>
    }
}

/// Asks why a mark that stood changes, and waits for the answer some seconds only.
#[component]
pub fn Reason(sheet: Sheet) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let back = move || super::editor::focus(sheet);
    let asked = Memo::new(move |_| sheet.asking.read().len());
    move || {
        let n = asked.get();
        (n > 0).then(|| {
            let quick = [texts::REASON_TYPO, texts::REASON_REGRADE, texts::REASON_RETAKE]
                .into_iter()
                .map(|reason| {
                    let press = Callback::new(move |()| {
                        sheet.give_reason(Some(t(reason).to_owned()));
                        back();
                    });
                    view! { <Button label=t(reason) small=true on_press=press /> }
                })
                .collect_view();
            let send = move || {
                let reason = text.get_untracked();
                text.set(String::new());
                sheet.give_reason(Some(reason));
                back();
            };
            view! {
                <div class="reason no-print">
                    <b class="num">{tf(texts::REASON_N, &[("n", &n.to_string())])}</b>
                    {quick}
                    <input
                        id="reason" class="input" maxlength="500" autocomplete="off" placeholder=t(texts::REASON) aria-label=t(texts::REASON) prop:value=text
                        on:focus=move |_| sheet.stop_asking_clock()
                        on:input=move |event| text.set(event_target_value(&event))
                        on:keydown=move |event| match event.key().as_str() {
                            "Enter" => { event.prevent_default(); send() }
                            "Escape" => { event.prevent_default(); back() }
                            _ => {}
                        }
                    />
                    <kbd>"R"</kbd>
                    <Button label=t(texts::REASON_NONE) small=true look=crate::ui::Look::Plain on_press=Callback::new(move |()| { sheet.give_reason(None); back() }) />
                </div>
            }
        })
    }
}
