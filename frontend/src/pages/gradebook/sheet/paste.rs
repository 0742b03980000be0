//! What a pasted block would do, cell by cell, before any of it is written.

use super::clip::{Check, Fate, Pasted};
use super::store::Sheet;
use super::value::write;
use super::{column_name, editor, texts};
use crate::i18n::{lang, t, tf, tx};
use crate::ui::{Button, Check as Tick, Dialog, Icon, Look, effect, icon, toast};
use dto::gradebook::MarkSource;
use leptos::prelude::*;

/// A single value that is read as it stands needs no panel; everything else is shown first.
pub fn take(sheet: Sheet, text: String, pasted: RwSignal<Option<String>>) {
    let check = sheet.with(|g| g.check_paste(&text));
    let plain =
        check.cells.len() == 1 && check.cells.iter().all(|c| !c.reinterpreted && matches!(c.fate, Fate::New(_) | Fate::Same));
    if plain && check.outside == 0 {
        sheet.put(check.entries(false), MarkSource::Pasted);
    } else {
        pasted.set(Some(text));
    }
}

/// "Dán từ Excel": a place to paste for those who do not know the keys.
#[component]
pub fn PasteButton(sheet: Sheet) -> impl IntoView {
    let open = RwSignal::new(false);
    let pasted = RwSignal::new(None::<String>);
    view! {
        <Button label=t(texts::PASTE) glyph=Icon::Table on_press=Callback::new(move |()| open.set(true)) />
        <Dialog open=open title=t(texts::PASTE)>
            {move || {
                let cell = super::table::spoken(sheet);
                view! {
                    <p class="muted">{tf(texts::PASTE_HOW, &[("cell", &cell)])}</p>
                    <div class="field">
                        <label for="paste-area">{t(texts::PASTE_AREA)}</label>
                        <textarea id="paste-area" autofocus=true rows="5" on:paste=move |event| {
                            let text = event.clipboard_data().and_then(|d| d.get_data("text/plain").ok()).unwrap_or_default();
                            event.prevent_default();
                            event.stop_propagation();
                            open.set(false);
                            pasted.set(Some(text).filter(|t| !t.is_empty()));
                        }></textarea>
                    </div>
                }
            }}
        </Dialog>
        <PasteDialog sheet=sheet text=pasted />
    }
}

#[component]
pub fn PasteDialog(sheet: Sheet, text: RwSignal<Option<String>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let clear = RwSignal::new(false);
    effect(move || {
        let wanted = text.read().is_some();
        if wanted {
            clear.set(false);
        }
        open.set(wanted);
    });
    Effect::new(move |was: Option<bool>| {
        let now = open.get();
        if was == Some(true) && !now {
            text.set(None);
            editor::focus(sheet);
        }
        now
    });
    view! {
        <Dialog open=open title=t(texts::PASTE_CHECK)>
            {move || text.get().map(|text| panel(sheet, sheet.with(|g| g.check_paste(&text)), clear, open))}
        </Dialog>
    }
}

fn panel(sheet: Sheet, check: Check, clear: RwSignal<bool>, open: RwSignal<bool>) -> AnyView {
    let n = |of: fn(&Fate) -> bool| check.count(of);
    let new = n(|f| matches!(f, Fate::New(_)));
    let change = n(|f| matches!(f, Fate::Change(Some(_))));
    let clears = n(|f| matches!(f, Fate::Change(None)));
    let tallies = [
        (new, texts::PASTE_NEW, "pill ok"),
        (change, texts::PASTE_CHANGE, "pill warn"),
        (n(|f| matches!(f, Fate::Same)), texts::PASTE_SAME, "pill"),
        (n(|f| matches!(f, Fate::Wrong(_))), texts::PASTE_WRONG, "pill bad"),
        (n(|f| matches!(f, Fate::Left)), texts::PASTE_LEFT, "pill"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, text, class)| view! { <span class=class>{tf(text, &[("n", &n.to_string())])}</span> })
    .collect_view();
    let strangers = (!check.strangers.is_empty()).then(|| {
        let lines = check
            .strangers
            .iter()
            .take(4)
            .map(|(here, there)| view! { <li>{tf(texts::PASTE_STRANGER, &[("here", here), ("there", there)])}</li> })
            .collect_view();
        view! {
            <div class="strip bad" role="alert">{icon(Icon::Alert)}<div class="grow">
                <p><b>{tf(texts::PASTE_STRANGERS, &[("n", &check.strangers.len().to_string())])}</b></p><ul>{lines}</ul>
            </div></div>
        }
    });
    let outside = (check.outside > 0)
        .then(|| view! { <p class="quiet">{tf(texts::PASTE_OUTSIDE, &[("n", &check.outside.to_string())])}</p> });
    // What a person has to look at comes first; plain fills of empty cells need no line of their own.
    let mut shown: Vec<&Pasted> = check.cells.iter().filter(|c| !matches!(c.fate, Fate::Same)).collect();
    shown.sort_by_key(|c| match (&c.fate, c.reinterpreted) {
        (Fate::Wrong(_), _) => 0,
        (Fate::Change(Some(_)), _) => 1,
        (Fate::Left | Fate::Change(None), _) => 2,
        (_, true) => 3,
        _ => 4,
    });
    let lines: Vec<AnyView> = shown.iter().take(400).map(|cell| line(sheet, cell)).collect();
    let total = new + change;
    let check = StoredValue::new(check);
    let write = Callback::new(move |()| {
        let entries = check.with_value(|c| c.entries(clear.get_untracked()));
        let written = entries.len();
        open.set(false);
        sheet.put(entries, MarkSource::Pasted);
        toast::say(tf(texts::PASTED, &[("n", &written.to_string())]));
    });
    let count = move || total + if clear.get() { clears } else { 0 };
    view! {
        <div class="row num">{tallies}</div>
        {strangers}
        {outside}
        {(clears > 0).then(|| view! { <Tick label=tf(texts::PASTE_CLEAR, &[("n", &clears.to_string())]) value=clear /> })}
        {(!lines.is_empty()).then(|| view! {
            <div class="table paste-check" tabindex="0" role="region" aria-label=t(texts::PASTE_CHECK)>
                <table>
                    <thead><tr>
                        <th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(texts::PASTE_COLUMN)}</th>
                        <th scope="col" class="r">{t(texts::PASTE_FROM)}</th><th scope="col" class="r">{t(texts::PASTE_TO)}</th><th scope="col">{t(texts::PASTE_NOTE)}</th>
                    </tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        })}
        <footer>
            <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
            {move || {
                let n = count();
                let label = if n == 0 { t(texts::PASTE_NONE).to_owned() } else { tf(texts::PASTE_WRITE, &[("n", &n.to_string())]) };
                view! { <Button label=label look=Look::Primary disabled=Signal::stored(n == 0) on_press=write /> }
            }}
        </footer>
    }
    .into_any()
}

fn line(sheet: Sheet, cell: &Pasted) -> AnyView {
    let (name, given, column, now) = sheet.with(|g| {
        let row = g.row_of(cell.at);
        (row.full_name.clone(), row.given_name.clone(), column_name(g.column_of(cell.at), true), g.cells[cell.at].entry.value())
    });
    let (to, note, class) = match &cell.fate {
        Fate::New(value) | Fate::Change(Some(value)) => {
            let text = write(Some(*value), lang());
            let note = if cell.reinterpreted {
                tf(texts::PASTE_READ_AS, &[("text", &cell.text), ("value", &text)])
            } else {
                String::new()
            };
            (text, note, if matches!(cell.fate, Fate::New(_)) { "" } else { "changes" })
        }
        Fate::Change(None) => ("–".to_owned(), t(texts::PASTE_CLEARS).to_owned(), ""),
        Fate::Wrong(wrong) => (format!("“{}”", cell.text), wrong.text(lang()).to_owned(), "wrong"),
        Fate::Left => ("–".to_owned(), t(texts::LEFT).to_owned(), ""),
        Fate::Same => (String::new(), String::new(), ""),
    };
    view! {
        <tr class=class>
            <th scope="row">{crate::format::name(&name, &given)}</th><td>{column}</td>
            <td class="r">{write(now, lang())}</td><td class="r"><b>{to}</b></td><td class="note">{note}</td>
        </tr>
    }
    .into_any()
}
