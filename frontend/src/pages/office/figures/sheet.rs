//! The sheet of a school: entered by keyboard, filled from last year, signed and opened again.

use super::{number, typed};
use crate::api::figures;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::filled;
use crate::ui::{Button, Dialog, Form, FormFault, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::UnitId;
use dto::figures::*;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

texts! {
    MISSING: "Còn {n} ô chưa nhập", "{n} figures are missing";
    COMPLETE: "Đã nhập đủ", "All figures are entered";
    ASKED: "Số liệu ngày {day}, hạn gửi {due}.", "As of {day}, due on {due}.";
    CARRY: "Không đổi so với năm trước", "Unchanged since last year";
    CARRIED: "Đã chép số liệu năm trước vào các ô trống", "Last year's figures are in the empty fields";
    ZEROS: "Điền 0 vào ô trống", "Put 0 into empty fields";
    ZEROED: "Đã điền 0; nhớ lưu lại", "Zeros are filled in; save them";
    SAVED: "Đã lưu số liệu", "The figures are saved";
    SIGN: "Ký duyệt", "Sign";
    SIGN_TITLE: "Ký duyệt số liệu năm {year}", "Sign the figures of {year}";
    SIGN_TEXT: "Sau khi ký, số liệu được chốt và dùng cho mọi báo cáo. Muốn sửa phải mở lại kèm lí do.", "Once signed the figures are frozen, and every report reads them. To change them they have to be opened again, with a reason.";
    SIGNED: "Đã ký duyệt", "The figures are signed";
    REOPEN: "Mở lại", "Open again";
    REASON: "Lí do mở lại", "Why they are opened again";
    REOPENED: "Đã mở lại số liệu", "The figures are open again";
    ITEM: "Nội dung", "What";
    VALUE: "Số liệu", "Figure";
    LAST: "Năm trước", "Last year";
    FROM_RECORDS: "Tự lấy từ sổ, không phải nhập", "From the records, not typed";
    HISTORY: "Các lần ký duyệt", "Signings";
    BY: "{who} ký lúc {at}", "{who} signed at {at}";
    AGAIN: "{who} mở lại lúc {at}: “{why}”", "{who} opened it again at {at}: “{why}”";
    FIELD: "{row} {column}", "{row} {column}";
    BAD: "Có ô không phải số nguyên.", "A field holds no whole number.";
}

/// A figure while it is typed.
#[derive(Clone)]
struct Cell {
    line: FigureLine,
    text: RwSignal<String>,
}

pub fn of_school(set: FigureSet, school: UnitId, year: i16) -> AnyView {
    let sheet = load(move || async move { figures::sheet(set, school, year).await });
    sheet.show(move |found| view! { <Sheet found=found sheet=sheet /> }).into_any()
}

fn tone(state: SheetState) -> Tone {
    match state {
        SheetState::Signed => Tone::Ok,
        SheetState::Reopened => Tone::Warn,
        SheetState::Open => Tone::Info,
        SheetState::Empty => Tone::Quiet,
    }
}

fn body(cells: &[Cell]) -> Option<PutFigures> {
    let mut figures = Vec::new();
    for cell in cells.iter().filter(|cell| !cell.line.item.derived) {
        let text = cell.text.get_untracked();
        if !text.trim().is_empty() {
            figures.push(Figure { code: cell.line.item.code.clone(), value: typed(&text)? });
        }
    }
    Some(PutFigures { figures })
}

#[component]
fn Sheet(found: YearlySheet, sheet: Loader<YearlySheet>) -> impl IntoView {
    let (set, school, year, version) = (found.set, found.school_id, found.year, found.version);
    let cells: Vec<Cell> = found
        .lines
        .iter()
        .map(|line| Cell { line: line.clone(), text: RwSignal::new(line.value.map(number).unwrap_or_default()) })
        .collect();
    let cells = StoredValue::new(cells);
    let dirty = RwSignal::new(false);
    let wrong = RwSignal::new(false);
    let form = Form::new();
    let (signing, reopening) = (RwSignal::new(false), RwSignal::new(false));
    let before = StoredValue::new(cells.with_value(|cells| body(cells)).unwrap_or(PutFigures { figures: Vec::new() }));
    let put = move |figures: PutFigures, version: i64, said: &'static str, back: Option<PutFigures>| {
        form.send(async move { figures::put_sheet(set, school, year, version, &figures).await }, move |saved: YearlySheet| {
            let version = saved.version;
            sheet.set(saved);
            match back {
                Some(back) => toast::with_undo(said, move || {
                    let back = back.clone();
                    leptos::task::spawn_local(async move {
                        match figures::put_sheet(set, school, year, version, &back).await {
                            Ok(saved) => sheet.set(saved),
                            Err(error) => toast::say(error.text()),
                        }
                    });
                }),
                None => toast::say(said),
            }
        });
    };
    let save = move || match cells.with_value(|cells| body(cells)) {
        Some(figures) => {
            wrong.set(false);
            put(figures, version, t(SAVED), Some(before.get_value()));
        }
        None => wrong.set(true),
    };
    let carry = Callback::new(move |()| {
        form.send(async move { figures::carry(set, school, year).await }, move |saved| {
            sheet.set(saved);
            toast::say(t(CARRIED));
        });
    });
    let zeros = Callback::new(move |()| {
        let empty: Vec<RwSignal<String>> = cells.with_value(|cells| {
            cells.iter().filter(|c| !c.line.item.derived && c.text.get_untracked().trim().is_empty()).map(|c| c.text).collect()
        });
        empty.iter().for_each(|text| text.set("0".to_owned()));
        dirty.set(true);
        toast::with_undo(t(ZEROED), move || empty.iter().for_each(|text| _ = text.try_set(String::new())));
    });
    let missing = Memo::new(move |_| {
        cells.with_value(|cells| cells.iter().filter(|c| !c.line.item.derived && c.text.read().trim().is_empty()).count())
    });
    let left = move || match missing.get() {
        0 => t(COMPLETE).to_owned(),
        n => tf(MISSING, &[("n", &n.to_string())]),
    };
    let asked = found.campaign.as_ref().map(|c| {
        let text = tf(ASKED, &[("day", &format::date(c.as_of)), ("due", &format::date(c.due_on))]);
        view! { <p class="strip info">{icon(Icon::Info)}<span>{text}" "{c.note.clone()}</span></p> }
    });
    let writable = found.writable;
    let may_carry = found.lines.iter().any(|line| line.last.is_some()) && found.missing > 0;
    let title = tf(SIGN_TITLE, &[("year", &year_name(set, year))]);
    let (state, signable) = (found.state, found.signable);
    let tables = groups(cells, writable, dirty);
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); save() }>
            {asked}
            <div class="row bar">
                <Pill label=state.label(lang()) tone=tone(state) />
                <span class="num grow">{left}</span>
                {(writable && may_carry).then(|| view! { <Button label=t(CARRY) glyph=Icon::Undo busy=form.busy on_press=carry /> })}
                {move || (writable && missing.get() > 0).then(|| view! { <Button label=t(ZEROS) on_press=zeros /> })}
                {writable.then(|| view! { <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy disabled=Signal::derive(move || !dirty.get()) /> })}
                {(signable && state != SheetState::Signed).then(|| view! { <Button label=t(SIGN) glyph=Icon::Check disabled=Signal::derive(move || dirty.get()) on_press=Callback::new(move |()| signing.set(true)) /> })}
                {(signable && state == SheetState::Signed).then(|| view! { <Button label=t(REOPEN) glyph=Icon::Key on_press=Callback::new(move |()| reopening.set(true)) /> })}
            </div>
            {move || wrong.get().then(|| view! { <p class="strip bad" role="alert">{icon(Icon::Alert)}<span>{t(BAD)}</span></p> })}
            <FormFault form=form />
            {tables}
        </form>
        {history(found.seals)}
        <Dialog open=signing title=title><Sign set=set school=school year=year version=version open=signing sheet=sheet /></Dialog>
        <Dialog open=reopening title=t(REOPEN)><Reopen set=set school=school year=year open=reopening sheet=sheet /></Dialog>
    }
    .into_any()
}

/// A table for each group: rows by columns.
fn groups(cells: StoredValue<Vec<Cell>>, writable: bool, dirty: RwSignal<bool>) -> AnyView {
    let cells = cells.get_value();
    let mut groups: Vec<(String, Vec<Cell>)> = Vec::new();
    for cell in cells {
        match groups.last_mut() {
            Some((group, cells)) if *group == cell.line.item.group => cells.push(cell),
            _ => groups.push((cell.line.item.group.clone(), vec![cell])),
        }
    }
    groups.into_iter().map(|(group, cells)| table(group, cells, writable, dirty)).collect_view().into_any()
}

fn table(group: String, cells: Vec<Cell>, writable: bool, dirty: RwSignal<bool>) -> AnyView {
    let money = cells.iter().any(|cell| cell.line.item.measure == FigureMeasure::Vnd);
    let mut columns: Vec<String> = Vec::new();
    if !money {
        for cell in &cells {
            if !columns.contains(&cell.line.item.column) {
                columns.push(cell.line.item.column.clone());
            }
        }
    }
    let plain = money || columns.len() < 2;
    let mut rows: Vec<(String, Vec<Cell>)> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some((row, cells)) if !plain && *row == cell.line.item.row => cells.push(cell),
            _ => rows.push((cell.line.item.row.clone(), vec![cell])),
        }
    }
    let step = if plain { 1 } else { columns.len() };
    let derived = rows.iter().all(|(_, cells)| cells.iter().all(|cell| cell.line.item.derived));
    let heads = if plain {
        view! { <th scope="col" class="r">{t(VALUE)}</th><th scope="col" class="r">{t(LAST)}</th> }.into_any()
    } else {
        columns.into_iter().map(|column| view! { <th scope="col" class="r">{column}</th> }).collect_view().into_any()
    };
    let lines = rows
        .into_iter()
        .map(|(row, cells)| {
            let source = cells.first().map(|cell| cell.line.item.column.clone()).filter(|column| money && !column.is_empty());
            let last = plain.then(|| {
                let last = cells.first().and_then(|cell| cell.line.last);
                view! { <td class="r num muted">{last.map(number)}</td> }
            });
            let fields = cells.into_iter().map(|cell| view! { <td class="r">{field(cell, writable, step, dirty)}</td> }).collect_view();
            view! { <tr><th scope="row">{row}{source.map(|source| view! { <small class="quiet">" "{source}</small> })}</th>{fields}{last}</tr> }
        })
        .collect_view();
    let label = group.clone();
    view! {
        <section class="stack tight">
            <h2>{group}{derived.then(|| view! { " "<small class="quiet">{t(FROM_RECORDS)}</small> })}</h2>
            <div class="table figures" tabindex="0" role="region" aria-label=label>
                <table><thead><tr><th scope="col">{t(ITEM)}</th>{heads}</tr></thead><tbody>{lines}</tbody></table>
            </div>
        </section>
    }
    .into_any()
}

fn field(cell: Cell, writable: bool, step: usize, dirty: RwSignal<bool>) -> AnyView {
    let text = cell.text;
    if !writable || cell.line.item.derived {
        return view! { <span class="num">{move || text.get()}</span> }.into_any();
    }
    let label = tf(FIELD, &[("row", &cell.line.item.row), ("column", &cell.line.item.column)]);
    let last = cell.line.last.map(number);
    view! {
        <input
            class="figure num" type="text" inputmode="numeric" autocomplete="off" maxlength="24" aria-label=label placeholder=last
            aria-invalid=move || { let typing = text.read(); (!typing.trim().is_empty() && typed(&typing).is_none()).then_some("true") }
            prop:value=text
            on:input=move |event| { text.set(event_target_value(&event)); dirty.set(true) }
            on:focus=move |event| if let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) { input.select() }
            on:blur=move |_| if let Some(value) = typed(&text.get_untracked()) { text.set(number(value)) }
            on:keydown=move |event| steer(&event, step)
        />
    }
    .into_any()
}

/// Enter goes on to the next field, the arrows up and down through a column.
fn steer(event: &leptos::ev::KeyboardEvent, step: usize) {
    let step = isize::try_from(step).unwrap_or(1);
    let by = match event.key().as_str() {
        "Enter" if event.shift_key() => -1,
        "Enter" if !event.ctrl_key() => 1,
        "ArrowDown" => step,
        "ArrowUp" => -step,
        _ => return,
    };
    let Ok(all) = document().query_selector_all("input.figure") else { return };
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let Some(at) = (0..all.length()).find(|n| all.get(*n) == here) else { return };
    event.prevent_default();
    let to = u32::try_from(isize::try_from(at).unwrap_or(0) + by).ok().and_then(|n| all.get(n));
    if let Some(input) = to.and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = input.focus();
    }
}

fn history(seals: Vec<FigureSeal>) -> AnyView {
    if seals.is_empty() {
        return ().into_any();
    }
    let lines = seals
        .into_iter()
        .map(|seal| {
            let by = tf(BY, &[("who", &seal.signed_by), ("at", &format::instant(seal.signed_at))]);
            let again = seal.reopened_at.map(|at| {
                let (who, why) = (seal.reopened_by.as_deref().unwrap_or_default(), seal.reason.as_deref().unwrap_or_default());
                tf(AGAIN, &[("who", who), ("at", &format::instant(at)), ("why", why)])
            });
            view! { <li><div class="grow"><p class="num">{by}</p>{again.map(|text| view! { <p class="quiet num">{text}</p> })}</div></li> }
        })
        .collect_view();
    view! { <section class="panel"><header><h2>{t(HISTORY)}</h2></header><ul class="lines">{lines}</ul></section> }.into_any()
}

#[component]
fn Sign(
    set: FigureSet,
    school: UnitId,
    year: i16,
    version: i64,
    open: RwSignal<bool>,
    sheet: Loader<YearlySheet>,
) -> impl IntoView {
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.send(async move { figures::sign(set, school, year, version).await }, move |saved| {
            open.set(false);
            sheet.set(saved);
            toast::say(t(SIGNED));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <p>{t(SIGN_TEXT)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(SIGN) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn Reopen(set: FigureSet, school: UnitId, year: i16, open: RwSignal<bool>, sheet: Loader<YearlySheet>) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reason = filled(reason).unwrap_or_default();
        form.send(async move { figures::reopen(set, school, year, reason).await }, move |saved| {
            open.set(false);
            sheet.set(saved);
            toast::say(t(REOPENED));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <div class="field">
                <label for="reopen-reason">{t(REASON)}</label>
                <textarea id="reopen-reason" required=true minlength="5" maxlength="500" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
            </div>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(REOPEN) look=Look::Danger busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
