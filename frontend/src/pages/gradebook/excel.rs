//! A mark sheet as Excel: download, fill a file of one's own, read a file back with a look at every cell before it is saved.

use super::marks::Opened;
use super::sheet::{Column, column_name, value::Kind};
use crate::api::{gradebook, sheet};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Check, Dialog, Form, FormFault, Icon, Loader, Look, Pill, Tone, icon, save_as, toast};
use dto::Lang;
use dto::comments::{PutComment, PutComments};
use dto::gradebook::{CellResult, MarkSheet, MarkSource, PutCell, PutMarks, TermState};
use dto::imports::ImportFault;
use dto::mark_files::*;
use leptos::html;
use leptos::prelude::*;
use regulations::{CellValue, SubjectKind, format_cell};
use wasm_bindgen::JsCast;

texts! {
    DOWNLOAD: "Tải Excel", "Download Excel";
    IMPORT: "Nhập từ Excel", "Read an Excel file";
    FILL: "Điền vào mẫu của tôi", "Fill my own file";
    FILL_HINT: "Chọn tệp .xlsx của bạn: điểm và nhận xét được điền đúng cột, đúng học sinh; mọi thứ khác giữ nguyên.", "Choose your .xlsx file: marks and comments go to their columns and learners, all else stays.";
    FILLED: "Đã điền điểm và nhận xét vào tệp của bạn", "Marks and comments are in your file";
    PREVIEW: "Xem thử trước khi lưu", "Look before saving";
    READ_AS: "Trang “{sheet}”, tiêu đề ở dòng {row}. Các cột: {columns}.", "Sheet “{sheet}”, header in row {row}. Columns: {columns}.";
    NEW_N: "{n} ô mới", "{n} new";
    CHANGED_N: "{n} ô thay đổi", "{n} changed";
    SAME_N: "{n} ô giữ nguyên", "{n} the same";
    FAULTY_N: "{n} ô lỗi", "{n} faulty";
    OVERWRITE: "Ghi đè {n} ô đã có điểm hoặc nhận xét", "Overwrite {n} cells that have a mark or comment";
    SAVE: "Lưu {n} ô", "Save {n} cells";
    NOTHING: "Không có ô nào cần lưu", "There is nothing to save";
    SAVED: "Đã lưu {n} ô", "{n} cells were saved";
    SAVED_SOME: "Đã lưu {n} ô; {m} ô bị người khác sửa hoặc không nhận, hãy xem lại sổ điểm", "{n} cells were saved; {m} were changed by others or refused: look at the sheet";
    ABSENT: "Không có trong tệp: {names}", "Not in the file: {names}";
    UNUSED: "Cột không dùng: {names}", "Columns not used: {names}";
    NAME: "Học sinh", "Learner";
    COMMENT: "Nhận xét", "Comment";
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
    let columns = found.columns.iter().map(|c| (&c.header, &c.letter));
    let columns = columns.chain(found.comment_column.iter().map(|c| (&c.header, &c.letter)));
    let columns = columns.map(|(header, letter)| format!("{header} ({letter})")).collect::<Vec<_>>().join(", ");
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
    let of_row = |row: &MarkFileRow| {
        let marks = row.cells.iter().map(|cell| Line::of_mark(cell, Kind::of(cell.slot, &code, kind)));
        let lines = marks.chain(row.comment.as_ref().map(Line::of_comment));
        lines.map(|line| (row.full_name.clone(), line)).collect::<Vec<_>>()
    };
    let mut lines: Vec<(String, Line)> =
        found.rows.iter().flat_map(of_row).filter(|(_, line)| line.outcome != FileCellOutcome::Same).collect();
    lines.sort_by_key(|(_, line)| match line.outcome {
        FileCellOutcome::Faulty => 0,
        _ if line.doubtful => 1,
        FileCellOutcome::Changed => 2,
        _ => 3,
    });
    let any = !lines.is_empty();
    let lines = lines.into_iter().map(|(name, line)| line.show(name)).collect_view();
    let changed = found.changed;
    let wanted = StoredValue::new(wanted(&found));
    let count = move || wanted.with_value(|all| all.iter().filter(|(changes, _)| !changes || overwrite.get()).count());
    let code = StoredValue::new(code);
    let save = Callback::new(move |()| {
        let (mut cells, mut rows) = (Vec::new(), Vec::new());
        wanted.with_value(|all| {
            for (_, one) in all.iter().filter(|(changes, _)| !changes || overwrite.get_untracked()) {
                match one {
                    Wanted::Mark(cell) => cells.push(cell.clone()),
                    Wanted::Comment(row) => rows.push(row.clone()),
                }
            }
        });
        let send = async move {
            let (code, mut outcomes) = (code.get_value(), Vec::new());
            if !cells.is_empty() {
                let body = PutMarks { source: MarkSource::Imported, reason: None, cells };
                outcomes.extend(gradebook::put_marks(class, &code, term, &body).await?.cells.iter().map(|cell| cell.outcome));
            }
            if !rows.is_empty() {
                let saved = sheet::put_comments(class, &code, term, &PutComments { rows }).await?;
                outcomes.extend(saved.rows.iter().map(|row| row.outcome));
            }
            Ok(outcomes)
        };
        form.send(send, move |outcomes| {
            let of = |wanted: &[CellResult]| outcomes.iter().filter(|outcome| wanted.contains(outcome)).count() as u64;
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
            {any.then(move || view! {
                <div class="table paste-check" tabindex="0" role="region" aria-label=t(PREVIEW)><table>
                    <thead><tr><th>{t(NAME)}</th><th>{t(COLUMN)}</th><th class="r">{t(NOW)}</th><th class="r">{t(FILE)}</th><th>{t(WHAT)}</th></tr></thead>
                    <tbody>{lines}</tbody>
                </table></div>
            })}
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

/// What would be written.
enum Wanted {
    Mark(PutCell),
    Comment(PutComment),
}

/// What would be written, and whether it changes what stands.
fn wanted(found: &MarkFileCheck) -> Vec<(bool, Wanted)> {
    let changes = |outcome| match outcome {
        FileCellOutcome::New => Some(false),
        FileCellOutcome::Changed => Some(true),
        FileCellOutcome::Same | FileCellOutcome::Faulty => None,
    };
    let rows = found.rows.iter().filter_map(|row| Some((row.learner_id?, row)));
    rows.flat_map(|(learner_id, row)| {
        let marks = row.cells.iter().filter_map(move |cell| {
            let put = PutCell { learner_id, slot: cell.slot, value: cell.value, version: cell.version };
            Some((changes(cell.outcome)?, Wanted::Mark(put)))
        });
        let comment = row.comment.iter().filter_map(move |comment| {
            let put = PutComment { learner_id, text: Some(comment.text.clone()), version: comment.version };
            Some((changes(comment.outcome)?, Wanted::Comment(put)))
        });
        marks.chain(comment)
    })
    .collect()
}

/// One cell of the file on the screen.
struct Line {
    column: String,
    outcome: FileCellOutcome,
    doubtful: bool,
    now: String,
    file: String,
    note: String,
    /// Numbers stand at the right, sentences at the left.
    side: &'static str,
}

impl Line {
    fn of_mark(cell: &MarkFileCell, kind: Kind) -> Line {
        let why = lang().pick(cell.vi.as_deref().unwrap_or_default(), cell.en.as_deref().unwrap_or_default()).to_owned();
        Line {
            column: column_name(&Column { slot: Some(cell.slot), kind }, true),
            outcome: cell.outcome,
            doubtful: cell.doubtful,
            now: shown(cell.present),
            file: cell.value.map_or_else(|| cell.text.clone(), |value| shown(Some(value))),
            note: if cell.doubtful { tf(DOUBTFUL, &[("text", &cell.text), ("value", &shown(cell.value))]) } else { why },
            side: "r",
        }
    }

    fn of_comment(comment: &MarkFileComment) -> Line {
        Line {
            column: t(COMMENT).to_owned(),
            outcome: comment.outcome,
            doubtful: false,
            now: comment.present.clone().unwrap_or_else(|| "–".to_owned()),
            file: comment.text.clone(),
            note: lang().pick(comment.vi.as_deref().unwrap_or_default(), comment.en.as_deref().unwrap_or_default()).to_owned(),
            side: "",
        }
    }

    fn show(self, name: String) -> AnyView {
        let tone = match self.outcome {
            FileCellOutcome::New => Tone::Ok,
            FileCellOutcome::Changed => Tone::Info,
            FileCellOutcome::Same => Tone::Quiet,
            FileCellOutcome::Faulty => Tone::Bad,
        };
        let note = self.note;
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{self.column}</td>
                <td class=self.side>{self.now}</td>
                <td class=self.side>{self.file}</td>
                <td><Pill label=self.outcome.label(lang()) tone=tone />{(!note.is_empty()).then(|| view! { " " <small>{note}</small> })}</td>
            </tr>
        }
        .into_any()
    }
}
