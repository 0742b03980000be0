//! How it stands with saving, and how far the sheet is filled.

use super::queue::Line;
use super::store::Sheet;
use super::{table, texts};
use crate::api::online;
use crate::format;
use crate::i18n::{lang, t, tf};
use crate::offline::unsent;
use leptos::prelude::*;
use regulations::Mark;

/// One line, always there: saved at what time, sending, offline.
#[component]
pub fn SaveLine(sheet: Sheet) -> impl IntoView {
    let line = move || {
        let waiting = sheet.waiting.get();
        let n = waiting.unsaved.saturating_sub(waiting.attention).max(waiting.sending).to_string();
        let copy = sheet.copy.get();
        let offline = || tf(if unsent::failed() { texts::OFFLINE_HERE } else { texts::OFFLINE_N }, &[("n", &n)]);
        let now = move |_| sheet.schedule(0);
        let retry = || view! { <button type="button" class="link" on:click=now>{t(texts::TRY_NOW)}</button> };
        match sheet.line.get() {
            Line::Idle if copy.is_some() && waiting.ready == 0 => {
                let at = copy.map(format::instant).unwrap_or_default();
                view! { <p class="state bad"><i></i><span class="num">{tf(texts::COPY_OF, &[("at", &at)])}</span></p> }.into_any()
            }
            Line::Offline => {
                view! { <p class="state bad"><i></i><span class="num">{offline()}</span>{retry()}</p> }.into_any()
            }
            Line::Trouble(text) => {
                view! { <p class="state bad"><i></i><span class="num">{tf(texts::TROUBLE, &[("text", &text), ("n", &n)])}</span>{retry()}</p> }.into_any()
            }
            _ if waiting.ready > 0 && !online::is() => {
                view! { <p class="state bad"><i></i><span class="num">{offline()}</span>{retry()}</p> }.into_any()
            }
            _ if waiting.sending + waiting.ready > 0 => {
                let n = (waiting.sending + waiting.ready).to_string();
                view! { <p class="state busy"><i></i><span class="num">{tf(texts::SAVING_N, &[("n", &n)])}</span></p> }.into_any()
            }
            Line::Saved(at) => {
                view! { <p class="state ok"><i></i><span class="num">{tf(texts::ALL_SAVED, &[("at", &format::clock(at))])}</span></p> }.into_any()
            }
            Line::Idle | Line::Saving => view! { <p class="state"><i></i><span>{t(texts::NOTHING_CHANGED)}</span></p> }.into_any(),
        }
    };
    let attention = move || {
        let waiting = sheet.waiting.get();
        let strays = sheet.strays.read().len();
        let n = waiting.attention + strays;
        // What is wrong is put right in its cell; between two values one chooses where both are seen.
        let look = move |_| {
            if waiting.conflicts + strays > 0 { sheet.reviewing.set(true) } else { table::attend(sheet) }
        };
        (n > 0).then(|| {
            view! {
                <button type="button" class="pill bad" on:click=look>{tf(texts::ATTENTION, &[("n", &n.to_string())])}</button>
            }
        })
    };
    view! { <div class="save-line no-print" role="status">{line}{attention}</div> }
}

/// "Đã nhập 311/315", and how the averages spread.
#[component]
pub fn Tally(sheet: Sheet) -> impl IntoView {
    let spread = move || {
        let spread = sheet.spread.get();
        let mark =
            |hundredths| Mark::from_hundredths(hundredths).map(|m| lang().pick(&m.to_average_vi(), &m.to_average()).to_owned());
        let mut parts: Vec<(String, usize, &'static str)> = Vec::new();
        let from = [(800, "b1"), (650, "b2"), (500, "b3"), (350, "b4")];
        for ((hundredths, class), n) in from.into_iter().zip(spread.bands) {
            parts.push((tf(texts::FROM, &[("m", &mark(hundredths).unwrap_or_default())]), n, class));
        }
        parts.push((tf(texts::BELOW, &[("m", &mark(350).unwrap_or_default())]), spread.bands[4], "b5"));
        parts.push((t(texts::PASS).to_owned(), spread.passed, "b2"));
        parts.push((t(texts::FAIL).to_owned(), spread.failed, "b5"));
        parts.push((t(texts::OPEN).to_owned(), spread.open, "b0"));
        let parts: Vec<_> = parts.into_iter().filter(|(_, n, _)| *n > 0).collect();
        let bar = parts.iter().map(|(_, n, class)| view! { <i class=*class style:flex-grow=n.to_string()></i> }).collect_view();
        let words = parts
            .iter()
            .map(|(label, n, class)| view! { <span><i class=*class></i>{label.clone()}" "<b>{*n}</b></span> })
            .collect_view();
        view! { <span class="band" aria-hidden="true">{bar}</span><span class="bands num">{words}</span> }
    };
    let rule = sheet.has_rule();
    view! {
        <div class="sheet-foot num">
            <span>{t(texts::FILLED)}" "<b>{move || { let (filled, all) = sheet.filled.get(); format!("{filled}/{all}") }}</b></span>
            {rule.then_some(spread)}
        </div>
    }
}
