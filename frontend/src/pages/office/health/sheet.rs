//! A class in a round of checks: one row a child, saved as one goes on; columns can be pasted from Excel.

use super::{nowhere, words};
use crate::api::health;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::growth_chart::{cm, decimal, kg};
use crate::pages::records::growth_class::{parse, walk};
use crate::ui::{Autosave, Button, Crumb, Empty, Form, FormFault, Header, Icon, Pill, Tone, icon, load, save_as};
use dto::gradebook::CellResult;
use dto::growth::GrowthEntry;
use dto::health::*;
use dto::{ClassId, HealthRoundId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;
use web_sys::ClipboardEvent;

texts! {
    HEALTH: "Sức khoẻ học đường", "School health";
    WEIGHT: "Cân nặng (kg)", "Weight (kg)";
    HEIGHT: "Chiều cao (cm)", "Height (cm)";
    PRESSURE: "Huyết áp", "Pressure";
    PULSE: "Mạch", "Pulse";
    RIGHT: "Mắt phải (/10)", "Right eye (/10)";
    LEFT: "Mắt trái (/10)", "Left eye (/10)";
    CARIES: "Răng sâu", "Decayed teeth";
    SPINE: "Cột sống", "Spine";
    MENTAL: "Tâm thần", "Mental health";
    NOTE: "Ghi chú (mã hoá)", "Note (sealed)";
    STATE: "Tình trạng", "State";
    OF: "{what} của {name}", "{what} of {name}";
    NOBODY: "Lớp chưa có học sinh", "The class has no learners yet";
    READ_ONLY: "Bạn xem được bảng này; nhân viên y tế của trường ghi kết quả khi đợt khám còn mở.", "You may read this; the school's nurse records while the round is open.";
    HOW: "Gõ số, Enter xuống em kế tiếp, Tab sang cột bên; tự lưu. Huyết áp gõ 105/65, thị lực gõ 8 cho 8/10. Dán được nhiều cột từ Excel. Cột tâm thần và ghi chú được mã hoá: ghi vào thì thay bản cũ, muốn xem lại hãy mở hồ sơ của em.", "Type, Enter goes down, Tab goes across; it saves by itself. Pressure as 105/65, vision 8 for 8/10. Columns can be pasted from Excel. Mental health and notes are sealed: what you type takes the place of what was there; to read it open the child's file.";
    BAD: "Giá trị không hợp lệ: {what}", "Not a value: {what}";
    SEALED: "đã mã hoá", "sealed";
    SAVED: "Đã lưu {n}/{all} em", "Saved {n} of {all}";
    NOT_SENT: "Chưa gửi được {n} dòng", "{n} rows are not sent yet";
    CONFLICT: "Người khác vừa ghi: {value}", "Someone else has entered: {value}";
    NOTHING: "để trống", "nothing";
    KEEP_MINE: "Giữ của tôi", "Keep mine";
    TAKE_THEIRS: "Lấy bản đó", "Take theirs";
    REFUSED: "Không ghi được cho em này", "Cannot be recorded for this child";
    LIST: "Danh sách PDF", "List as PDF";
    AS_BEFORE: "giữ nguyên", "as it was";
}

/// The columns that are typed, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Weight,
    Height,
    Pressure,
    Pulse,
    Right,
    Left,
    Caries,
}

const COLUMNS: [What; 7] = [What::Weight, What::Height, What::Pressure, What::Pulse, What::Right, What::Left, What::Caries];

impl What {
    fn label(self) -> &'static str {
        t(match self {
            What::Weight => WEIGHT,
            What::Height => HEIGHT,
            What::Pressure => PRESSURE,
            What::Pulse => PULSE,
            What::Right => RIGHT,
            What::Left => LEFT,
            What::Caries => CARIES,
        })
    }

    fn key(self) -> &'static str {
        match self {
            What::Weight => "weight",
            What::Height => "height",
            What::Pressure => "pressure",
            What::Pulse => "pulse",
            What::Right => "right",
            What::Left => "left",
            What::Caries => "caries",
        }
    }
}

/// A whole number within bounds; nothing where it is empty.
fn whole(text: &str, bounds: std::ops::RangeInclusive<u16>) -> Result<Option<u16>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().ok().filter(|n| bounds.contains(n)).map(Some).ok_or(())
}

fn measured(text: &str, per_unit: u32, bounds: std::ops::RangeInclusive<u32>) -> Result<Option<u32>, ()> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse(text, per_unit).filter(|n| bounds.contains(n)).map(Some).ok_or(())
}

/// "8", "8/10" and "8,5" are tenths: 80, 80 and 85 hundredths.
fn acuity(text: &str) -> Result<Option<u16>, ()> {
    let text = text.trim().trim_end_matches("/10");
    let tenths = measured(text, 10, 0..=200)?;
    Ok(tenths.and_then(|n| u16::try_from(n).ok()))
}

/// "105/65".
fn pressure(text: &str) -> Result<(Option<u16>, Option<u16>), ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok((None, None));
    }
    let (high, low) = text.split_once('/').ok_or(())?;
    Ok((whole(high, 40..=250)?, whole(low, 20..=180)?))
}

#[derive(Clone, Copy)]
struct Line {
    learner: LearnerId,
    cells: [RwSignal<String>; 7],
    spine: RwSignal<String>,
    mental: RwSignal<String>,
    note: RwSignal<String>,
    glasses: StoredValue<bool>,
    sealed: RwSignal<bool>,
    version: RwSignal<i64>,
    growth_version: RwSignal<i64>,
    stands: RwSignal<bool>,
    dirty: RwSignal<bool>,
    theirs: RwSignal<Option<(HealthFindings, Option<GrowthEntry>)>>,
    refused: RwSignal<bool>,
}

impl Line {
    fn new(row: &HealthRow) -> Line {
        let empty = || RwSignal::new(String::new());
        let line = Line {
            learner: row.learner_id,
            cells: std::array::from_fn(|_| empty()),
            spine: empty(),
            mental: empty(),
            note: empty(),
            glasses: StoredValue::new(row.findings.glasses),
            sealed: RwSignal::new(row.sealed),
            version: RwSignal::new(row.version),
            growth_version: RwSignal::new(row.growth_version),
            stands: RwSignal::new(row.version > 0 || row.growth.is_some()),
            dirty: RwSignal::new(false),
            theirs: RwSignal::new(None),
            refused: RwSignal::new(false),
        };
        line.show(&row.findings, row.growth.as_ref());
        line
    }

    fn cell(self, what: What) -> RwSignal<String> {
        self.cells[what as usize]
    }

    /// Puts what stands into the fields.
    fn show(self, f: &HealthFindings, growth: Option<&GrowthEntry>) {
        let tenths =
            |n: Option<u16>| n.map(|n| decimal(n.into(), 10, if n.is_multiple_of(10) { 0 } else { 1 })).unwrap_or_default();
        let text = |n: Option<u16>| n.map(|n| n.to_string()).unwrap_or_default();
        self.cell(What::Weight).set(growth.and_then(|g| g.weight_g).map(kg).unwrap_or_default());
        self.cell(What::Height).set(growth.and_then(|g| g.height_mm).map(cm).unwrap_or_default());
        self.cell(What::Pressure).set(words::pressure(f).unwrap_or_default());
        self.cell(What::Pulse).set(text(f.pulse));
        self.cell(What::Right).set(tenths(f.vision_right));
        self.cell(What::Left).set(tenths(f.vision_left));
        self.cell(What::Caries).set(text(f.caries));
        self.spine.set(f.spine.map(|s| s.as_str().to_owned()).unwrap_or_default());
        self.glasses.set_value(f.glasses);
    }

    /// The columns that cannot be read. Tracked.
    fn faults(self) -> Vec<&'static str> {
        COLUMNS.into_iter().filter(|what| self.faulty(*what)).map(What::label).collect()
    }

    fn faulty(self, what: What) -> bool {
        let text = self.cell(what).get();
        match what {
            What::Weight => measured(&text, 1000, 500..=250_000).is_err(),
            What::Height => measured(&text, 10, 300..=2_300).is_err(),
            What::Pressure => pressure(&text).is_err(),
            What::Pulse => whole(&text, 30..=250).is_err(),
            What::Right | What::Left => acuity(&text).is_err(),
            What::Caries => whole(&text, 0..=32).is_err(),
        }
    }

    fn put(self) -> Option<PutHealthRow> {
        if !self.dirty.get_untracked() || self.theirs.read_untracked().is_some() {
            return None;
        }
        self.typed()
    }

    fn typed(self) -> Option<PutHealthRow> {
        let text = |what: What| self.cell(what).get_untracked();
        let (systolic, diastolic) = pressure(&text(What::Pressure)).ok()?;
        let findings = HealthFindings {
            systolic,
            diastolic,
            pulse: whole(&text(What::Pulse), 30..=250).ok()?,
            vision_right: acuity(&text(What::Right)).ok()?,
            vision_left: acuity(&text(What::Left)).ok()?,
            glasses: self.glasses.get_value(),
            caries: whole(&text(What::Caries), 0..=32).ok()?,
            spine: self.spine.get_untracked().parse().ok(),
        };
        let sealed = SealedFindings {
            mental: self.mental.get_untracked().parse().ok(),
            note: Some(self.note.get_untracked().trim().to_owned()).filter(|n| !n.is_empty()),
        };
        Some(PutHealthRow {
            learner_id: self.learner,
            findings,
            sealed: Some(sealed).filter(|s| *s != SealedFindings::default()),
            version: self.version.get_untracked(),
            weight_g: measured(&text(What::Weight), 1000, 500..=250_000).ok()?,
            height_mm: measured(&text(What::Height), 10, 300..=2_300).ok()?,
            growth_version: self.growth_version.get_untracked(),
        })
    }
}

#[derive(Clone, Copy)]
struct Sheet {
    round: HealthRoundId,
    class: ClassId,
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
        let rows: Vec<PutHealthRow> = self.lines.with_value(|lines| lines.iter().filter_map(|line| line.put()).collect());
        let sent = rows.clone();
        self.saving.send(
            move || {
                (!rows.is_empty())
                    .then_some(async move { health::put_sheet(self.round, self.class, &PutClassHealth { rows }).await })
            },
            move |saved| {
                self.took(saved, &sent);
                // What was typed meanwhile.
                self.send();
            },
        );
    }

    fn took(self, saved: ClassHealthSaved, sent: &[PutHealthRow]) {
        for (outcome, sent) in saved.rows.into_iter().zip(sent) {
            let find = |lines: &Vec<Line>| lines.iter().find(|l| l.learner == outcome.learner_id).copied();
            let Some(line) = self.lines.with_value(find) else { continue };
            if outcome.outcome == CellResult::Refused {
                line.dirty.set(false);
                line.refused.set(true);
                continue;
            }
            // Compared while the versions are still those that were sent.
            let same = line.typed().is_none_or(|now| now == *sent);
            line.version.set(outcome.version);
            line.growth_version.set(outcome.growth_version);
            line.sealed.set(outcome.sealed);
            if outcome.outcome == CellResult::Conflict || outcome.growth_outcome == CellResult::Conflict {
                line.theirs.set(Some((outcome.findings, outcome.growth)));
                continue;
            }
            line.stands.set(true);
            line.dirty.set(!same);
            if same && sent.sealed.is_some() {
                line.mental.set(String::new());
                line.note.set(String::new());
            }
        }
    }
}

#[component]
pub fn HealthSheetPage() -> impl IntoView {
    let (round, class) = (param::<HealthRoundId>("round"), param::<ClassId>("class"));
    let answer = load(move || {
        let place = round.get().zip(class.get());
        async move {
            let (round, class) = place.ok_or_else(nowhere)?;
            health::sheet(round, class).await
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    answer.show(move |answer| {
        let title = format!("{} {} · {}", t(tx::CLASS), answer.class_name, answer.round.name);
        let under = format!("{} · {}", answer.school_name, format::date(answer.round.held_on));
        let (form, place) = (Form::new(), (answer.round.id, answer.class_id));
        let pdf = Callback::new(move |()| form.send(health::list(place.0, place.1), |blob| save_as(&blob, "kham-suc-khoe.pdf")));
        view! {
            <Header title=title under=under crumbs=vec![Crumb(t(HEALTH).to_owned(), "/office/health".to_owned())]>
                <Button label=t(LIST) glyph=Icon::File busy=form.busy on_press=pdf />
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            </Header>
            <FormFault form=form />
            <div class="measure wide-grid stack">{sheet(answer)}</div>
        }
    })
}

fn sheet(answer: ClassHealth) -> AnyView {
    if answer.rows.is_empty() {
        return view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any();
    }
    let lines: Vec<Line> = answer.rows.iter().map(Line::new).collect();
    let sheet = Sheet {
        round: answer.round.id,
        class: answer.class_id,
        lines: StoredValue::new(lines.clone()),
        saving: Autosave::default(),
    };
    Autosave::when_back(move || sheet.send());
    let writable = answer.writable;
    let rows = answer.rows.iter().zip(lines).map(|(row, line)| row_view(sheet, row, line, writable && !row.left)).collect_view();
    let heads = COLUMNS.iter().map(|what| view! { <th scope="col" class="r">{what.label()}</th> }).collect_view();
    let label = format!("{} · {}", answer.class_name, answer.round.name);
    view! {
        {(!writable).then(|| view! { <p class="strip info">{icon(Icon::Eye)}<span>{t(READ_ONLY)}</span></p> })}
        <div class="table tall" tabindex="0" role="region" aria-label=label>
            <table>
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col" class="name">{t(tx::FULL_NAME)}</th>
                    {heads}
                    <th scope="col">{t(SPINE)}</th><th scope="col">{t(MENTAL)}</th><th scope="col">{t(NOTE)}</th><th scope="col">{t(STATE)}</th>
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
        || tf(SAVED, &[("n", &count(&|line| line.stands.get())), ("all", &count(&|_| true))]),
    )
}

fn row_view(sheet: Sheet, row: &HealthRow, line: Line, writable: bool) -> AnyView {
    let name = row.full_name.clone();
    let label = |what: &str| tf(OF, &[("what", what), ("name", &name)]);
    let cells = COLUMNS
        .into_iter()
        .map(|what| {
            let value = line.cell(what);
            view! {
                <td class="r"><input
                    type="text" inputmode="decimal" autocomplete="off" data-column=what.key() aria-label=label(what.label())
                    readonly=!writable class:dirty=move || line.dirty.get()
                    aria-invalid=move || line.faulty(what).then_some("true")
                    prop:value=value
                    on:input=move |event| { value.set(event_target_value(&event)); sheet.touch(line) }
                    on:keydown=move |event| walk(&event)
                    on:paste=move |event| paste(sheet, line, what, &event)
                /></td>
            }
        })
        .collect_view();
    let spines: Vec<_> = SpineFinding::ALL.iter().map(|s| (s.as_str(), s.label(lang()))).collect();
    let minds: Vec<_> = MentalFinding::ALL.iter().map(|s| (s.as_str(), s.label(lang()))).collect();
    let spine = select(sheet, line, line.spine, label(t(SPINE)), "", spines, writable);
    let mental = select(sheet, line, line.mental, label(t(MENTAL)), t(AS_BEFORE), minds, writable);
    let note = line.note;
    let state = move || {
        if line.theirs.read().is_some() {
            return conflict(sheet, line);
        }
        if line.refused.get() {
            return view! { <Pill label=t(REFUSED) tone=Tone::Bad /> }.into_any();
        }
        let faults = line.faults();
        if !faults.is_empty() {
            return view! { <span class="wrong">{tf(BAD, &[("what", &faults.join(", "))])}</span> }.into_any();
        }
        line.sealed.get().then(|| view! { <Pill label=t(SEALED) tone=Tone::Info /> }).into_any()
    };
    let href = format!("/office/health/learners/{}", row.learner_id);
    let (ordinal, left, born, note_label) = (row.ordinal, row.left, format::date(row.birth_date), label(t(NOTE)));
    view! {
        <tr class:gone=left>
            <td class="i">{ordinal}</td>
            <th scope="row" class="name"><A href=href attr:class="row-link">{name}</A><br /><small class="num">{born}</small></th>
            {cells}
            <td>{spine}</td><td>{mental}</td>
            <td><input class="text" type="text" autocomplete="off" maxlength="500" data-column="note" aria-label=note_label readonly=!writable prop:value=note
                on:input=move |event| { note.set(event_target_value(&event)); sheet.touch(line) } on:keydown=move |event| walk(&event) /></td>
            <td><span class="said">{state}</span></td>
        </tr>
    }
    .into_any()
}

fn select(
    sheet: Sheet,
    line: Line,
    value: RwSignal<String>,
    label: String,
    none: &'static str,
    options: Vec<(&'static str, &'static str)>,
    writable: bool,
) -> AnyView {
    let options = std::iter::once(("", none))
        .chain(options)
        .map(|(key, label)| view! { <option value=key prop:selected=move || *value.read() == key>{label}</option> })
        .collect_view();
    view! {
        <select aria-label=label disabled=!writable on:change=move |event| { value.set(event_target_value(&event)); sheet.touch(line) }>{options}</select>
    }
    .into_any()
}

fn conflict(sheet: Sheet, line: Line) -> AnyView {
    let Some((findings, growth)) = line.theirs.get_untracked() else { return ().into_any() };
    let mut parts: Vec<String> = growth
        .iter()
        .flat_map(|g| [g.weight_g.map(|g| format!("{} kg", kg(g))), g.height_mm.map(|mm| format!("{} cm", cm(mm)))])
        .flatten()
        .collect();
    parts.extend(words::lines(&findings));
    let value = if parts.is_empty() { t(NOTHING).to_owned() } else { parts.join(", ") };
    let take = Callback::new(move |()| {
        if let Some((findings, growth)) = line.theirs.get_untracked() {
            line.show(&findings, growth.as_ref());
        }
        line.dirty.set(false);
        line.theirs.set(None);
    });
    let keep = Callback::new(move |()| {
        line.theirs.set(None);
        sheet.touch(line);
    });
    view! {
        <span>{tf(CONFLICT, &[("value", &value)])}</span>
        <Button small=true label=t(TAKE_THEIRS) on_press=take />
        <Button small=true label=t(KEEP_MINE) on_press=keep />
    }
    .into_any()
}

/// Cells of Excel go into this column and those beside it, row by row.
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
        for (cell, what) in pasted.split('\t').zip(&COLUMNS[what as usize..]) {
            line.cell(*what).set(cell.trim().to_owned());
        }
        sheet.touch(*line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_read_as_nurses_write_them() {
        assert_eq!(
            (acuity("8"), acuity("10/10"), acuity("8,5/10"), acuity("")),
            (Ok(Some(80)), Ok(Some(100)), Ok(Some(85)), Ok(None))
        );
        assert_eq!((acuity("21"), acuity("x")), (Err(()), Err(())));
        assert_eq!((pressure("105/65"), pressure(" "), pressure("105")), (Ok((Some(105), Some(65))), Ok((None, None)), Err(())));
        assert_eq!((whole("82", 30..=250), whole("8", 30..=250)), (Ok(Some(82)), Err(())));
    }
}
