//! The sheet on a phone: one column at a time, names beside large inputs, the number keys of the phone.

use super::bar::{Reason, says, settle_buttons};
use super::grid::{Entry, Place, State, Way};
use super::live::Here;
use super::status::SaveLine;
use super::store::Sheet;
use super::value::{Kind, Value, level_word, read, write};
use super::{OnHistory, average_text, column_name, texts};
use crate::format;
use crate::i18n::{lang, t, tf};
use crate::ui::{Icon, icon};
use dto::gradebook::MarkSource;
use leptos::prelude::*;
use regulations::{CellValue, Level, PrimarySlot, SubjectKind};
use wasm_bindgen::JsCast;

#[component]
pub fn PhoneSheet(sheet: Sheet, on_history: Option<OnHistory>) -> impl IntoView {
    let columns = sheet.with(|g| g.columns.len());
    let column = RwSignal::new(sheet.with(|g| g.active.column));
    let pick = move |to: usize| {
        sheet.go(Place { row: 0, column: to }, false);
        column.set(to);
    };
    let names = sheet.with(|g| g.columns.iter().map(|c| column_name(c, true)).collect::<Vec<_>>());
    let options = names
        .into_iter()
        .enumerate()
        .map(|(n, name)| view! { <option value=n selected=move || column.get() == n>{name}</option> })
        .collect_view();
    let rows = move || {
        let column = column.get();
        (0..sheet.with(|g| g.rows.len())).map(|row| line(sheet, row, column, on_history)).collect_view()
    };
    view! {
        <div class="one-column">
            <div class="pick">
                <button type="button" class="btn icon-only" aria-label=t(texts::PREVIOUS) disabled=move || column.get() == 0 on:click=move |_| pick(column.get_untracked() - 1)>
                    <span class="turn">{icon(Icon::Chevron)}</span>
                </button>
                <select class="input" aria-label=t(texts::COLUMN) on:change=move |event| if let Ok(n) = event_target_value(&event).parse() { pick(n) }>{options}</select>
                <button type="button" class="btn icon-only" aria-label=t(texts::NEXT) disabled=move || { column.get() + 1 >= columns } on:click=move |_| pick(column.get_untracked() + 1)>
                    {icon(Icon::Chevron)}
                </button>
                <SaveLine sheet=sheet />
                <Here sheet=sheet />
            </div>
            <ul>{rows}</ul>
            <Reason sheet=sheet />
        </div>
    }
    .into_any()
}

fn line(sheet: Sheet, row: usize, column: usize, on_history: Option<OnHistory>) -> AnyView {
    let at = sheet.with(|g| g.index(Place { row, column }));
    let (person, kind, editable) = sheet.with(|g| (g.rows[row].clone(), g.column_of(at).kind, g.editable(at)));
    let face = sheet.row(row);
    let cell = move || {
        face.track();
        sheet.with(|g| g.cells[at].clone())
    };
    let class = move || match cell().state() {
        State::Wrong | State::Refused => "line bad",
        State::Conflict => "line conflict",
        State::Saving | State::Dirty => "line busy",
        State::Saved => "line saved",
        State::Clean => "line",
    };
    let average = sheet.has_rule().then_some(move || average_text(face.get().average));
    let note = move || {
        let cell = cell();
        matches!(cell.state(), State::Wrong | State::Conflict | State::Refused).then(|| {
            let (tone, text) = says(&cell);
            view! { <div class=format!("note {tone}")><p class="num">{text}</p><div class="row">{settle_buttons(sheet, at)}</div></div> }
        })
    };
    let history = on_history.map(|show| {
        let label = format!("{}: {}", t(texts::HISTORY), person.full_name);
        view! { <button type="button" class="btn plain icon-only" aria-label=label on:click=move |_| { sheet.go(Place { row, column }, false); show.run(at) }>{icon(Icon::Clock)}</button> }
    });
    let entry = match kind {
        Kind::Mark(SubjectKind::Comment) => choices(
            sheet,
            at,
            editable,
            &[
                Value::Mark(CellValue::Pass),
                Value::Mark(CellValue::Fail),
                Value::Mark(CellValue::Absent),
                Value::Mark(CellValue::Exempt),
            ],
        ),
        Kind::Conduct => choices(sheet, at, editable, &[Level::Good, Level::Fair, Level::Pass, Level::Fail].map(Value::Level)),
        kind if kind.is_level() => {
            choices(sheet, at, editable, &kind.levels().iter().map(|value| Value::Mark(*value)).collect::<Vec<_>>())
        }
        _ => number(sheet, row, at, editable, &person.full_name),
    };
    let wide = kind.is_level() || matches!(kind, Kind::Mark(SubjectKind::Comment));
    view! {
        <li class=class class:gone=person.left class:wide=wide>
            <span class="i num">{person.ordinal}</span>
            <span class="who">{format::name(&person.full_name, &person.given_name)}{average.map(|a| view! { <small class="num">{t(texts::AVERAGE)}" "{a}</small> })}</span>
            {entry}
            {history}
            {note}
        </li>
    }
    .into_any()
}

/// A large input with the phone's number keys, and the two words that it lacks.
fn number(sheet: Sheet, row: usize, at: usize, editable: bool, name: &str) -> AnyView {
    let kind = sheet.with(|g| g.column_of(at).kind);
    let face = sheet.row(row);
    let focused = RwSignal::new(false);
    // A memo: the live average moves at every keystroke, and must not put the old text back.
    let text = Memo::new(move |_| {
        face.track();
        sheet.with(|g| match &g.cells[at].entry {
            Entry::Wrong(text, _) => text.clone(),
            entry => write(entry.value(), lang()),
        })
    });
    let hint = RwSignal::new(String::new());
    let put = move |text: String| {
        hint.set(String::new());
        let entry = Entry::read(&text, kind);
        if sheet.with(|g| g.cells[at].entry != entry) {
            sheet.put(vec![(at, entry)], MarkSource::Typed);
        }
    };
    let step = move |way| {
        if let Some(to) = sheet.with(|g| g.step(g.place(at), way)) {
            let next = sheet.with(|g| g.index(to));
            if let Some(input) =
                document().get_element_by_id(&format!("phone-{next}")).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = input.focus();
            }
        }
    };
    let words = move || {
        (focused.get() && matches!(kind, Kind::Mark(_) | Kind::Primary(..))).then(|| {
            [(texts::ABSENT, "V"), (texts::EXEMPT, "M"), (texts::CLEAR, "")]
                .into_iter()
                .map(|(label, text)| {
                    // The press comes before the input loses the focus, which would take these away.
                    view! { <button type="button" class="btn small" on:pointerdown=move |event| { event.prevent_default(); put(text.to_owned()); step(Way::Down) }>{t(label)}</button> }
                })
                .collect_view()
        })
    };
    view! {
        <span class="entry">
            {move || { let hint = hint.get(); (!hint.is_empty()).then(|| view! { <span class="read num">{hint}</span> }) }}
            <input
                id=format!("phone-{at}") type="text" inputmode=if kind == Kind::Count { "numeric" } else { "decimal" } enterkeyhint="next" autocomplete="off"
                aria-label=name.to_owned() disabled=!editable class="num" prop:value=text
                on:focus=move |event| { sheet.go(sheet.with(|g| g.place(at)), false); focused.set(true); sheet.typing.set_value(Some(at)); event_target::<web_sys::HtmlInputElement>(&event).select() }
                on:input=move |event| {
                    let answer = read(&event_target_value(&event), kind);
                    sheet.reckon(row, Some((at, answer.ok().and_then(|r| r.value))));
                    hint.set(match answer { Ok(r) if r.reinterpreted => tf(texts::BECOMES, &[("text", ""), ("value", &write(r.value, lang()))]), _ => String::new() });
                }
                on:blur=move |event| { focused.set(false); put(event_target_value(&event)); sheet.reckon(row, None); sheet.typing.set_value(None); sheet.release() }
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" | "ArrowDown" => { event.prevent_default(); step(Way::Down) }
                    "ArrowUp" => { event.prevent_default(); step(Way::Up) }
                    _ => {}
                }
            />
        </span>
        <span class="words">{words}</span>
    }
    .into_any()
}

/// A few words to choose from, one press each; a second press clears.
fn choices(sheet: Sheet, at: usize, editable: bool, values: &[Value]) -> AnyView {
    let face = sheet.row(sheet.with(|g| g.place(at).row));
    let kind = sheet.with(|g| g.column_of(at).kind);
    let now = move || {
        face.track();
        sheet.with(|g| g.cells[at].entry.value())
    };
    let buttons = values
        .iter()
        .map(|value| {
            let value = *value;
            let long = super::value::show(Some(value), lang());
            // Letters, as in the register; the word is what is spoken.
            let word = match (kind, value) {
                (Kind::Primary(slot, _), Value::Mark(value)) => level_word(value, matches!(slot, PrimarySlot::Trait(..)), lang()),
                _ => None,
            };
            view! {
                <button type="button" disabled=!editable aria-label=word title=word aria-pressed=move || (now() == Some(value)).to_string()
                    on:click=move |_| {
                        let entry = if now() == Some(value) { Entry::Empty } else { Entry::Value(value) };
                        sheet.put(vec![(at, entry)], MarkSource::Typed);
                    }
                >{long}</button>
            }
        })
        .collect_view();
    view! { <span class="segment">{buttons}</span> }.into_any()
}
