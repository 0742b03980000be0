//! A class on one day of measuring: weight and height of each child, saved as one goes on.

use super::growth::score_pill;
use super::growth_chart::{cm, kg};
use crate::api::{ApiError, growth};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Autosave, Button, DateField, Empty, Icon, Pill, Tone, icon, load};
use chrono::NaiveDate;
use dto::gradebook::CellResult;
use dto::growth::{ClassGrowth, GrowthEntry, GrowthRow, GrowthSaved, PutGrowth, PutGrowthRow};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::preschool::growth::MeasuringPosition;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlInputElement, KeyboardEvent};

texts! {
    DAY: "Ngày cân đo", "Day of measuring";
    EARLIER: "Đã đo ngày", "Measured on";
    WEIGHT: "Cân nặng (kg)", "Weight (kg)";
    HEIGHT: "Chiều cao (cm)", "Height (cm)";
    POSITION: "Cách đo", "How";
    BEFORE: "Lần trước", "Before";
    SAYS: "So với chuẩn", "By the standard";
    NOBODY: "Lớp chưa có trẻ", "The class has no children yet";
    READ_ONLY: "Bạn xem được bảng này; nhân viên y tế của trường ghi số đo.", "You may read this; the school's nurse records.";
    HOW: "Gõ số, Enter xuống em kế tiếp; tự lưu. Dán được hai cột từ Excel.", "Type, Enter goes down; it saves by itself. Two columns from Excel can be pasted.";
    ALL_SAVED: "Đã lưu {n}/{all} trẻ", "Saved {n} of {all}";
    NOT_SENT: "Chưa gửi được {n} dòng", "{n} rows are not sent yet";
    BAD_KG: "Cân nặng từ 0,5 đến 250 kg", "0.5 to 250 kg";
    BAD_CM: "Chiều cao từ 30 đến 230 cm", "30 to 230 cm";
    CONFLICT: "Người khác vừa ghi {value}", "Someone else has entered {value}";
    NOTHING: "để trống", "nothing";
    KEEP_MINE: "Giữ số của tôi", "Keep mine";
    TAKE_THEIRS: "Lấy số đó", "Take theirs";
    REFUSED: "Không ghi được cho em này vào ngày này", "Cannot be recorded for this child on this day";
    DUE: "Tới lúc đo", "Due";
    OF: "{what} của {name}", "{what} of {name}";
    FUTURE: "Ngày cân đo không thể sau hôm nay", "The day cannot lie in the future";
}

/// A number with at most as many decimals as `per_unit` has zeros: "12,3" or "12.30" kg is 12300 g.
pub fn parse(text: &str, per_unit: u32) -> Option<u32> {
    let text = text.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = per_unit.ilog10() as usize;
    let part = part.trim_end_matches('0');
    if whole.is_empty() || part.len() > digits || !(whole.to_owned() + part).bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: u32 = if part.is_empty() { 0 } else { format!("{part:0<digits$}").parse().ok()? };
    whole.parse::<u32>().ok()?.checked_mul(per_unit)?.checked_add(part)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Weight,
    Height,
}

impl What {
    fn read(self, text: &str) -> Result<Option<u32>, &'static str> {
        let (per_unit, range, fault) = match self {
            What::Weight => (1000, 500..=250_000, t(BAD_KG)),
            What::Height => (10, 300..=2_300, t(BAD_CM)),
        };
        if text.trim().is_empty() {
            return Ok(None);
        }
        parse(text, per_unit).filter(|n| range.contains(n)).map(Some).ok_or(fault)
    }
}

/// One row as it is being typed.
#[derive(Clone, Copy)]
struct Line {
    learner: LearnerId,
    weight: RwSignal<String>,
    height: RwSignal<String>,
    position: RwSignal<MeasuringPosition>,
    version: RwSignal<i64>,
    /// What stands at the server.
    stands: RwSignal<Option<GrowthEntry>>,
    dirty: RwSignal<bool>,
    /// Another wrote: what stands there.
    theirs: RwSignal<Option<Option<GrowthEntry>>>,
    refused: RwSignal<bool>,
}

impl Line {
    fn new(row: &GrowthRow, day: NaiveDate) -> Line {
        let age = u32::try_from((day - row.birth_date).num_days()).unwrap_or(0);
        let usual = MeasuringPosition::usual(age);
        let line = Line {
            learner: row.learner_id,
            weight: RwSignal::new(String::new()),
            height: RwSignal::new(String::new()),
            position: RwSignal::new(usual),
            version: RwSignal::new(row.version),
            stands: RwSignal::new(None),
            dirty: RwSignal::new(false),
            theirs: RwSignal::new(None),
            refused: RwSignal::new(false),
        };
        line.show(row.entry.clone());
        line
    }

    /// Puts what stands into the fields.
    fn show(self, entry: Option<GrowthEntry>) {
        self.weight.set(entry.as_ref().and_then(|e| e.weight_g).map(kg).unwrap_or_default());
        self.height.set(entry.as_ref().and_then(|e| e.height_mm).map(cm).unwrap_or_default());
        if let Some(entry) = &entry {
            self.position.set(entry.position);
        }
        self.stands.set(entry);
    }

    fn put(self) -> Option<PutGrowthRow> {
        if !self.dirty.get_untracked() || self.theirs.read_untracked().is_some() {
            return None;
        }
        Some(PutGrowthRow {
            learner_id: self.learner,
            weight_g: What::Weight.read(&self.weight.read_untracked()).ok()?,
            height_mm: What::Height.read(&self.height.read_untracked()).ok()?,
            position: Some(self.position.get_untracked()),
            version: self.version.get_untracked(),
        })
    }
}

#[derive(Clone, Copy)]
struct Sheet {
    class: ClassId,
    day: NaiveDate,
    lines: StoredValue<Vec<Line>>,
    saving: Autosave,
}

impl Sheet {
    fn touch(self, line: Line) {
        line.dirty.set(true);
        line.refused.set(false);
        self.saving.later(move || self.send());
    }

    /// Every row that is ready.
    fn send(self) {
        let rows: Vec<PutGrowthRow> = self.lines.with_value(|lines| lines.iter().filter_map(|line| line.put()).collect());
        let sent = rows.clone();
        self.saving.send(
            move || (!rows.is_empty()).then_some(async move { growth::put(self.class, self.day, &PutGrowth { rows }).await }),
            move |saved| {
                self.took(saved, &sent);
                // What was typed meanwhile.
                self.send();
            },
        );
    }

    fn took(self, saved: GrowthSaved, sent: &[PutGrowthRow]) {
        for (outcome, sent) in saved.rows.into_iter().zip(sent) {
            let Some(line) = self.lines.with_value(|lines| lines.iter().find(|l| l.learner == outcome.learner_id).copied())
            else {
                continue;
            };
            match outcome.outcome {
                CellResult::Saved | CellResult::Unchanged => {
                    let same = line.put().is_none_or(|now| {
                        now.weight_g == sent.weight_g && now.height_mm == sent.height_mm && now.position == sent.position
                    });
                    line.version.set(outcome.version);
                    line.stands.set(outcome.entry);
                    line.dirty.set(!same);
                }
                CellResult::Conflict => {
                    line.version.set(outcome.version);
                    line.theirs.set(Some(outcome.entry));
                }
                CellResult::Refused => {
                    line.dirty.set(false);
                    line.refused.set(true);
                }
            }
        }
    }
}

#[component]
pub fn ClassGrowthPage() -> impl IntoView {
    let (id, class) = class_of_address();
    let day = RwSignal::new(format::today().to_string());
    let chosen = Memo::new(move |_| day.read().parse::<NaiveDate>().ok());
    let answer = load(move || {
        let place = id.get().zip(chosen.get());
        async move {
            let (id, day) = place.ok_or(ApiError::Unexpected { status: 404, request_id: None })?;
            growth::of_class(id, day).await
        }
    });
    let fault = Signal::derive(move || chosen.get().filter(|day| *day > format::today()).map(|_| t(FUTURE).to_owned()));
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| class_head(&class, view! { <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /> }.into_any()))}
        <div class="measure stack">
            <div class="filters"><DateField label=t(DAY) name="growth_day" value=day fault=fault /></div>
            {answer.show(move |answer| sheet(answer, day))}
        </div>
    }
}

fn sheet(answer: ClassGrowth, day: RwSignal<String>) -> AnyView {
    if answer.rows.is_empty() {
        return view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any();
    }
    let lines: Vec<Line> = answer.rows.iter().map(|row| Line::new(row, answer.measured_on)).collect();
    let sheet = Sheet {
        class: answer.class_id,
        day: answer.measured_on,
        lines: StoredValue::new(lines.clone()),
        saving: Autosave::default(),
    };
    Autosave::when_back(move || sheet.send());
    let writable = answer.writable;
    let days = answer
        .days
        .iter()
        .take(12)
        .map(|one| {
            let one = *one;
            view! { <button type="button" class="btn small" on:click=move |_| day.set(one.to_string())>{format::date(one)}</button> }
        })
        .collect_view();
    let days = (!answer.days.is_empty())
        .then(|| view! { <div class="row no-print"><span class="quiet">{t(EARLIER)}</span>{days}</div> });
    let rows = answer.rows.iter().zip(lines).map(|(row, line)| row_view(sheet, row, line, writable && !row.left)).collect_view();
    let label = format!("{} · {} · {}", answer.class_name, answer.school_name, format::date(answer.measured_on));
    view! {
        {days}
        {(!writable).then(|| view! { <p class="strip info">{icon(Icon::Eye)}<span>{t(READ_ONLY)}</span></p> })}
        <h2 class="only-print">{label.clone()}</h2>
        <div class="table tall" tabindex="0" role="region" aria-label=label>
            <table>
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col" class="name">{t(tx::FULL_NAME)}</th>
                    <th scope="col" class="r">{t(WEIGHT)}</th><th scope="col" class="r">{t(HEIGHT)}</th>
                    <th scope="col" class="hide">{t(POSITION)}</th><th scope="col" class="hide">{t(BEFORE)}</th><th scope="col">{t(SAYS)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <div class="line no-print" role="status">{move || status(sheet)}</div>
        {writable.then(|| view! { <p class="quiet no-print">{t(HOW)}</p> })}
    }
    .into_any()
}

fn status(sheet: Sheet) -> AnyView {
    let count = move |which: &dyn Fn(&Line) -> bool| {
        sheet.lines.with_value(|lines| lines.iter().filter(|line| which(line)).count()).to_string()
    };
    sheet.saving.status(
        || tf(NOT_SENT, &[("n", &count(&|line| line.dirty.get()))]),
        Callback::new(move |()| sheet.send()),
        || tf(ALL_SAVED, &[("n", &count(&|line| line.stands.read().is_some())), ("all", &count(&|_| true))]),
    )
}

fn row_view(sheet: Sheet, row: &GrowthRow, line: Line, writable: bool) -> AnyView {
    let before = row.before.as_ref().map(|entry| {
        let parts = [entry.weight_g.map(|g| format!("{} kg", kg(g))), entry.height_mm.map(|mm| format!("{} cm", cm(mm)))];
        format!("{} · {}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "), format::date(entry.measured_on))
    });
    let due = (row.due_on <= format::today() && !row.left).then(|| view! { <Pill label=t(DUE) tone=Tone::Warn /> });
    let name = row.full_name.clone();
    let cell = |what: What| {
        let (value, label) = match what {
            What::Weight => (line.weight, t(WEIGHT)),
            What::Height => (line.height, t(HEIGHT)),
        };
        let column = if what == What::Weight { "w" } else { "h" };
        let fault = move || what.read(&value.read()).err();
        view! {
            <input
                type="text" inputmode="decimal" autocomplete="off" data-column=column
                aria-label=tf(OF, &[("what", label), ("name", &name)])
                readonly=!writable
                class:dirty=move || line.dirty.get() aria-invalid=move || fault().map(|_| "true") title=fault
                prop:value=value
                on:input=move |event| { value.set(event_target_value(&event)); sheet.touch(line) }
                on:keydown=move |event| walk(&event)
                on:paste=move |event| paste(sheet, line, what, &event)
            />
        }
        .into_any()
    };
    let (weight, height) = (cell(What::Weight), cell(What::Height));
    let position = view! {
        <select
            aria-label=tf(OF, &[("what", t(POSITION)), ("name", &row.full_name)]) disabled=!writable
            on:change=move |event| {
                if let Some(position) = MeasuringPosition::from_code(&event_target_value(&event)) {
                    line.position.set(position);
                    if !line.height.read_untracked().is_empty() { sheet.touch(line) }
                }
            }
        >
            {MeasuringPosition::ALL.iter().map(|p| {
                let p = *p;
                view! { <option value=p.code() prop:selected=move || line.position.get() == p>{lang().pick(p.vi(), p.en())}</option> }
            }).collect_view()}
        </select>
    };
    let due = StoredValue::new(due.is_some());
    let says = move || {
        if let Some(theirs) = line.theirs.get() {
            return conflict(sheet, line, theirs);
        }
        if line.refused.get() {
            return view! { <Pill label=t(REFUSED) tone=Tone::Bad /> }.into_any();
        }
        let faults = [What::Weight.read(&line.weight.read()).err(), What::Height.read(&line.height.read()).err()];
        if let Some(fault) = faults.into_iter().flatten().next() {
            return view! { <span class="muted">{fault}</span> }.into_any();
        }
        match line.stands.get() {
            Some(entry) => entry
                .scores
                .iter()
                .filter(|s| s.implausible || s.class.is_some_and(regulations::preschool::growth::GrowthClass::is_concern))
                .map(score_pill)
                .collect_view()
                .into_any(),
            None if due.get_value() => view! { <Pill label=t(DUE) tone=Tone::Warn /> }.into_any(),
            None => ().into_any(),
        }
    };
    let (left, ordinal, href) = (row.left, row.ordinal, format!("/learners/{}/growth", row.learner_id));
    let shown = format::name(&row.full_name, &row.given_name);
    view! {
        <tr class:gone=left>
            <td class="i">{ordinal}</td>
            <th scope="row" class="name"><A href=href attr:class="row-link">{shown}</A><br /><small class="num">{format::date(row.birth_date)}</small></th>
            <td class="r">{weight}</td>
            <td class="r">{height}</td>
            <td class="hide">{position}</td>
            <td class="hide"><small class="num">{before}</small></td>
            <td><span class="said">{says}</span></td>
        </tr>
    }
    .into_any()
}

fn conflict(sheet: Sheet, line: Line, theirs: Option<GrowthEntry>) -> AnyView {
    let value = theirs.as_ref().map(|entry| {
        let parts = [entry.weight_g.map(|g| format!("{} kg", kg(g))), entry.height_mm.map(|mm| format!("{} cm", cm(mm)))];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let value = value.unwrap_or_else(|| t(NOTHING).to_owned());
    let theirs = StoredValue::new(theirs);
    view! {
        <span>{tf(CONFLICT, &[("value", &value)])}</span>
        <Button small=true label=t(TAKE_THEIRS) on_press=Callback::new(move |()| { line.show(theirs.get_value()); line.dirty.set(false); line.theirs.set(None) }) />
        <Button small=true label=t(KEEP_MINE) on_press=Callback::new(move |()| { line.theirs.set(None); sheet.touch(line) }) />
    }
    .into_any()
}

/// Enter and the arrows go to the same column of the next or the row before.
pub fn walk(event: &KeyboardEvent) {
    let down = match event.key().as_str() {
        "Enter" | "ArrowDown" => !event.shift_key(),
        "ArrowUp" => false,
        _ => return,
    };
    let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) else { return };
    let column = input.get_attribute("data-column").unwrap_or_default();
    let Some(row) = input.closest("tr").ok().flatten() else { return };
    let next = if down { row.next_element_sibling() } else { row.previous_element_sibling() };
    let target = next.and_then(|row| row.query_selector(&format!("input[data-column='{column}']")).ok().flatten());
    if let Some(target) = target.and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
        event.prevent_default();
        let _ = target.focus();
        target.select();
    }
}

/// Lines of one or two columns, from the row and column on where they are pasted.
fn paste(sheet: Sheet, line: Line, what: What, event: &ClipboardEvent) {
    let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()) else { return };
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    if !text.contains(['\n', '\t']) {
        return;
    }
    event.prevent_default();
    let lines = sheet.lines.get_value();
    let Some(start) = lines.iter().position(|l| l.learner == line.learner) else { return };
    for (pasted, line) in text.lines().zip(&lines[start..]) {
        let mut cells = pasted.split('\t').map(str::trim);
        if what == What::Weight
            && let Some(weight) = cells.next()
        {
            line.weight.set(weight.to_owned());
        }
        if let Some(height) = cells.next() {
            line.height.set(height.to_owned());
        }
        sheet.touch(*line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!((parse("12,3", 1000), parse("12.30", 1000), parse("12", 1000)), (Some(12_300), Some(12_300), Some(12_000)));
        assert_eq!((parse("87,5", 10), parse("110", 10), parse("87,55", 10)), (Some(875), Some(1100), None));
        assert_eq!((parse("", 10), parse("abc", 10), parse("-3", 10), parse(",5", 10)), (None, None, None, None));
        assert!(What::Weight.read("0,4").is_err() && What::Weight.read("0,5").is_ok() && What::Height.read(" ").is_ok());
        assert!(What::Height.read("11").is_err() && What::Height.read("110").is_ok());
    }
}
