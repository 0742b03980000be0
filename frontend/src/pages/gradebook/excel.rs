//! A mark sheet as Excel: download, fill a file of one's own, read a file back with a look at every cell before it is saved.

use super::marks::Opened;
use super::sheet::{Column, column_name, value::Kind};
use crate::api::{gradebook, sheet};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::file::save_as;
use crate::ui::{Button, Check, Dialog, Form, FormFault, Icon, Loader, Look, Pill, Tone, icon, toast};
use dto::Lang;
use dto::gradebook::{CellResult, MarkSheet, MarkSource, PutCell, PutMarks, TermState};
use dto::imports::ImportFault;
use dto::mark_files::*;
use leptos::html;
use leptos::prelude::*;
use regulations::{CellValue, SubjectKind, format_cell};

texts! {
    DOWNLOAD: "Tải Excel", "Download Excel";
    IMPORT: "Nhập từ Excel", "Read an Excel file";
    FILL: "Điền vào mẫu của tôi", "Fill my own file";
    FILL_HINT: "Chọn tệp .xlsx của bạn: điểm được điền đúng cột, đúng học sinh; mọi thứ khác giữ nguyên.", "Choose your .xlsx file: marks go to their columns and learners, all else stays.";
    FILLED: "Đã điền điểm vào tệp của bạn", "The marks are in your file";
    PREVIEW: "Xem thử trước khi lưu", "Look before saving";
    READ_AS: "Trang “{sheet}”, tiêu đề ở dòng {row}. Cột điểm: {columns}.", "Sheet “{sheet}”, header in row {row}. Columns of marks: {columns}.";
    NEW_N: "{n} ô mới", "{n} new";
    CHANGED_N: "{n} ô thay đổi", "{n} changed";
    SAME_N: "{n} ô giữ nguyên", "{n} the same";
    FAULTY_N: "{n} ô lỗi", "{n} faulty";
    OVERWRITE: "Ghi đè {n} ô đã có điểm", "Overwrite {n} cells that have a mark";
    SAVE: "Lưu {n} ô", "Save {n} cells";
    NOTHING: "Không có ô nào cần lưu", "There is nothing to save";
    SAVED: "Đã lưu {n} ô", "{n} cells were saved";
    SAVED_SOME: "Đã lưu {n} ô; {m} ô bị người khác sửa hoặc không nhận, hãy xem lại sổ điểm", "{n} cells were saved; {m} were changed by others or refused: look at the sheet";
    ABSENT: "Không có trong tệp: {names}", "Not in the file: {names}";
    UNUSED: "Cột không dùng: {names}", "Columns not used: {names}";
    NAME: "Học sinh", "Learner";
    COLUMN: "Cột", "Column";
    NOW: "Đang có", "Now";
    FILE: "Trong tệp", "In the file";
    WHAT: "Sẽ làm gì", "What happens";
    DOUBTFUL: "“{text}” hiểu là {value}", "“{text}” read as {value}";
    ROW: "Dòng {n}", "Row {n}";
}

/// The file that was chosen; choosing the same one again counts too.
fn chosen(input: NodeRef<html::Input>) -> Option<web_sys::File> {
    let input = input.get_untracked()?;
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    file
}

#[component]
pub fn Excel(answer: MarkSheet, marks: Loader<Opened>) -> impl IntoView {
    let (class, term, kind) = (answer.class_id, answer.term, answer.kind);
    let code = StoredValue::new(answer.subject_code.clone());
    let name = StoredValue::new(format!("{} {} HK{term}.xlsx", answer.class_name, answer.subject_name_vi));
    let form = Form::new();
    let (read_input, fill_input) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let found = RwSignal::new(None::<MarkFileCheck>);
    let open = RwSignal::new(false);
    let download = Callback::new(move |()| {
        form.send(async move { sheet::marks_file(class, &code.get_value(), term).await }, move |blob| {
            save_as(&blob, &name.get_value());
        })
    });
    let fill = move |_| {
        let Some(file) = chosen(fill_input) else { return };
        let own = file.name();
        form.send(async move { sheet::fill_marks_file(class, &code.get_value(), term, file).await }, move |blob| {
            save_as(&blob, &own);
            toast::say(t(FILLED));
        })
    };
    let read = move |_| {
        let Some(file) = chosen(read_input) else { return };
        form.send(async move { sheet::check_marks_file(class, &code.get_value(), term, file).await }, move |answer| {
            found.set(Some(answer));
            open.set(true);
        })
    };
    let press = |input: NodeRef<html::Input>| {
        Callback::new(move |()| {
            if let Some(input) = input.get_untracked() {
                input.click();
            }
        })
    };
    let writes = answer.writable && answer.state == TermState::Open;
    const XLSX: &str = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    view! {
        <Button label=t(DOWNLOAD) glyph=Icon::File small=true busy=form.busy on_press=download />
        {writes.then(|| view! { <Button label=t(IMPORT) glyph=Icon::Upload small=true disabled=form.busy on_press=press(read_input) /> })}
        <span title=t(FILL_HINT)><Button label=t(FILL) glyph=Icon::Table small=true disabled=form.busy on_press=press(fill_input) /></span>
        <input type="file" class="sr" tabindex="-1" aria-label=t(IMPORT) accept=XLSX node_ref=read_input on:change=read />
        <input type="file" class="sr" tabindex="-1" aria-label=t(FILL) accept=XLSX node_ref=fill_input on:change=fill />
        <FormFault form=form />
        <Dialog open=open title=t(PREVIEW)>
            {move || found.get().map(|found| view! { <Preview found=found code=code.get_value() class=class term=term kind=kind open=open marks=marks /> })}
        </Dialog>
    }
    .into_any()
}

fn shown(value: Option<CellValue>) -> String {
    let lang = if lang() == Lang::Vi { regulations::Lang::Vi } else { regulations::Lang::En };
    value.map(|value| format_cell(&value, lang)).unwrap_or_else(|| "–".to_owned())
}

fn words(fault: &ImportFault) -> String {
    lang().pick(&fault.vi, &fault.en).to_owned()
}

#[component]
fn Preview(
    found: MarkFileCheck,
    code: String,
    class: dto::ClassId,
    term: dto::calendar::Term,
    kind: SubjectKind,
    open: RwSignal<bool>,
    marks: Loader<Opened>,
) -> impl IntoView {
    let form = Form::new();
    let overwrite = RwSignal::new(true);
    let columns = found.columns.iter().map(|c| format!("{} ({})", c.header, c.letter)).collect::<Vec<_>>().join(", ");
    let under = tf(READ_AS, &[("sheet", &found.sheet), ("row", &found.header_row.to_string()), ("columns", &columns)]);
    let counts = [
        (found.new, NEW_N, Tone::Ok),
        (found.changed, CHANGED_N, Tone::Info),
        (found.same, SAME_N, Tone::Quiet),
        (found.faulty, FAULTY_N, Tone::Bad),
    ];
    let pills = counts
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, text, tone)| view! { <Pill label=tf(text, &[("n", &format::count(n.into()))]) tone=tone /> })
        .collect_view();
    let faults =
        found.faults.iter().map(|f| view! { <p class="strip">{icon(Icon::Alert)}<span>{words(f)}</span></p> }).collect_view();
    let row_faults = found
        .rows
        .iter()
        .flat_map(|row| row.faults.iter().map(move |fault| (row.row, words(fault))))
        .map(|(row, text)| view! { <li><span class="quiet num">{tf(ROW, &[("n", &row.to_string())])}</span><span class="grow">{text}</span></li> })
        .collect_view();
    // What needs a person first: faults, then what changes, then what is new.
    let mut cells: Vec<(String, MarkFileCell)> = found
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().map(move |cell| (row.full_name.clone(), cell.clone())))
        .filter(|(_, cell)| cell.outcome != FileCellOutcome::Same)
        .collect();
    cells.sort_by_key(|(_, cell)| match cell.outcome {
        FileCellOutcome::Faulty => 0,
        _ if cell.doubtful => 1,
        FileCellOutcome::Changed => 2,
        _ => 3,
    });
    let lines = cells.into_iter().map(|(name, cell)| line(name, &cell, Kind::of(cell.slot, &code, kind))).collect_view();
    let changed = found.changed;
    let wanted = StoredValue::new(wanted(&found));
    let count = move || wanted.with_value(|all| all.iter().filter(|(changes, _)| !changes || overwrite.get()).count());
    let code = StoredValue::new(code);
    let save = Callback::new(move |()| {
        let cells = wanted.with_value(|all| {
            all.iter().filter(|(changes, _)| !changes || overwrite.get_untracked()).map(|(_, cell)| cell.clone()).collect()
        });
        let body = PutMarks { source: MarkSource::Imported, reason: None, cells };
        form.send(async move { gradebook::put_marks(class, &code.get_value(), term, &body).await }, move |answer| {
            let of = |wanted: &[CellResult]| answer.cells.iter().filter(|c| wanted.contains(&c.outcome)).count() as u64;
            let saved = format::count(of(&[CellResult::Saved, CellResult::Unchanged]));
            let others = of(&[CellResult::Conflict, CellResult::Refused]);
            toast::say(match others {
                0 => tf(SAVED, &[("n", &saved)]),
                m => tf(SAVED_SOME, &[("n", &saved), ("m", &format::count(m))]),
            });
            open.set(false);
            marks.reload();
        })
    });
    let label = move || match count() {
        0 => t(NOTHING).to_owned(),
        n => tf(SAVE, &[("n", &format::count(n as u64))]),
    };
    view! {
        <div class="stack">
            <p class="muted">{under}</p>
            <div class="row tight">{pills}</div>
            {faults}
            {(!found.absent.is_empty()).then(|| view! { <p class="quiet">{tf(ABSENT, &[("names", &found.absent.join(", "))])}</p> })}
            {(!found.unused.is_empty()).then(|| view! { <p class="quiet">{tf(UNUSED, &[("names", &found.unused.join(", "))])}</p> })}
            <ul class="lines">{row_faults}</ul>
            <div class="table paste-check" tabindex="0"><table>
                <thead><tr><th>{t(NAME)}</th><th>{t(COLUMN)}</th><th class="r">{t(NOW)}</th><th class="r">{t(FILE)}</th><th>{t(WHAT)}</th></tr></thead>
                <tbody>{lines}</tbody>
            </table></div>
            {(changed > 0).then(|| view! { <Check label=tf(OVERWRITE, &[("n", &format::count(changed.into()))]) value=overwrite /> })}
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                {move || view! { <Button label=label() look=Look::Primary busy=form.busy disabled=Signal::derive(move || count() == 0) on_press=save /> }}
            </footer>
        </div>
    }
    .into_any()
}

/// The cells that would be written, and whether each changes a mark that stands.
fn wanted(found: &MarkFileCheck) -> Vec<(bool, PutCell)> {
    found
        .rows
        .iter()
        .filter_map(|row| Some((row.learner_id?, row)))
        .flat_map(|(learner_id, row)| {
            row.cells.iter().filter_map(move |cell| {
                let changes = match cell.outcome {
                    FileCellOutcome::New => false,
                    FileCellOutcome::Changed => true,
                    FileCellOutcome::Same | FileCellOutcome::Faulty => return None,
                };
                Some((changes, PutCell { learner_id, slot: cell.slot, value: cell.value, version: cell.version }))
            })
        })
        .collect()
}

fn line(name: String, cell: &MarkFileCell, kind: Kind) -> AnyView {
    let column = column_name(&Column { slot: Some(cell.slot), kind }, true);
    let tone = match cell.outcome {
        FileCellOutcome::New => Tone::Ok,
        FileCellOutcome::Changed => Tone::Info,
        FileCellOutcome::Same => Tone::Quiet,
        FileCellOutcome::Faulty => Tone::Bad,
    };
    let why = lang().pick(cell.vi.as_deref().unwrap_or_default(), cell.en.as_deref().unwrap_or_default()).to_owned();
    let note = if cell.doubtful { tf(DOUBTFUL, &[("text", &cell.text), ("value", &shown(cell.value))]) } else { why };
    let file = cell.value.map_or_else(|| cell.text.clone(), |value| shown(Some(value)));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{column}</td>
            <td class="r">{shown(cell.present)}</td>
            <td class="r">{file}</td>
            <td><Pill label=cell.outcome.label(lang()) tone=tone />{(!note.is_empty()).then(|| view! { " " <small>{note}</small> })}</td>
        </tr>
    }
    .into_any()
}
