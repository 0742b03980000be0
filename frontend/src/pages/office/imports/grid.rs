//! The rows of an import, narrowed by what would happen with them; bad cells are corrected where they stand.

use crate::api::file_imports;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Empty, Form, FormFault, Icon, Loader, Look, Pill, Tone, pages, toast};
use dto::file_imports::*;
use dto::imports::*;
use leptos::prelude::*;
use std::collections::BTreeMap;

texts! {
    ROW: "Dòng", "Row";
    WHAT: "Sẽ làm gì", "What happens";
    ROWS: "Các dòng của tệp", "Rows of the file";
    WARNINGS: "Cần xem lại", "To check";
    NO_ROWS: "Không có dòng nào loại này", "There are no such rows";
    ERASED: "Tệp và các dòng của nó đã được xoá theo đề nghị xoá dữ liệu", "The file and its rows were erased on a request about data";
    CHECK: "Lưu {n} ô đã sửa và kiểm tra lại", "Save {n} corrected cells and check again";
    CHECKED: "Đã kiểm tra lại", "Checked again";
    CELL: "{name}, dòng {row}", "{name}, row {row}";
    EMPTY: "trống", "empty";
    CORRECTED: "đã sửa", "corrected";
}

#[derive(Clone, Copy, PartialEq)]
enum Only {
    All,
    Outcome(RowOutcome),
    Warnings,
}

fn pill(outcome: RowOutcome) -> Tone {
    match outcome {
        RowOutcome::New => Tone::Ok,
        RowOutcome::Same => Tone::Quiet,
        RowOutcome::Changed => Tone::Info,
        RowOutcome::Conflict => Tone::Warn,
        RowOutcome::Faulty => Tone::Bad,
    }
}

/// Cells that were typed and are not sent yet.
type Typed = RwSignal<BTreeMap<(u32, String), String>>;

#[component]
pub fn Grid(import: FileImport, loader: Loader<FileImport>) -> impl IntoView {
    let (id, version) = (import.id, import.version);
    let writable = import.state == ImportState::DryRun;
    let summary = import.summary;
    // What needs a person comes first.
    let only = RwSignal::new(match (summary.faulty, summary.conflict) {
        (1.., _) => Only::Outcome(RowOutcome::Faulty),
        (0, 1..) => Only::Outcome(RowOutcome::Conflict),
        _ => Only::All,
    });
    let typed: Typed = RwSignal::new(BTreeMap::new());
    let form = Form::new();
    let save = Callback::new(move |()| {
        let cells = typed.get_untracked();
        let cells = cells.into_iter().map(|((row, field), text)| FileImportCell { row, field, text: Some(text) }).collect();
        let body = PutFileImportCells { cells };
        form.send(async move { file_imports::put_cells(id, version, &body).await }, move |answer| {
            typed.set(BTreeMap::new());
            loader.set(answer);
            toast::say(t(CHECKED));
        })
    });
    let rows = pages(move |after| {
        let query = match only.get() {
            Only::All => FileImportRowsQuery::default(),
            Only::Outcome(outcome) => FileImportRowsQuery { outcome: Some(outcome), warnings: None },
            Only::Warnings => FileImportRowsQuery { outcome: None, warnings: Some(true) },
        };
        async move { file_imports::rows(id, &query, after).await }
    });
    // The columns that the file has, in its order.
    let fields: Vec<FileImportField> = import
        .columns
        .iter()
        .filter_map(|column| import.fields.iter().find(|f| Some(&f.field) == column.field.as_ref()).cloned())
        .collect();
    let fields = StoredValue::new(fields);
    let kinds = [
        (Only::All, t(tx::ALL), summary.rows),
        (Only::Outcome(RowOutcome::New), RowOutcome::New.label(lang()), summary.new),
        (Only::Outcome(RowOutcome::Changed), RowOutcome::Changed.label(lang()), summary.changed),
        (Only::Outcome(RowOutcome::Same), RowOutcome::Same.label(lang()), summary.same),
        (Only::Outcome(RowOutcome::Conflict), RowOutcome::Conflict.label(lang()), summary.conflict),
        (Only::Outcome(RowOutcome::Faulty), RowOutcome::Faulty.label(lang()), summary.faulty),
        (Only::Warnings, t(WARNINGS), summary.warnings),
    ];
    view! {
        <div class="row no-print">{rows.export("dong-cua-tep")}</div>
        <div class="tally" role="group" aria-label=t(WHAT)>
            {kinds.into_iter().filter(|(kind, _, n)| *n > 0 || *kind == Only::All).map(|(kind, label, n)| view! {
                <button type="button" aria-pressed=move || (only.get() == kind).to_string() on:click=move |_| only.set(kind)>
                    <b class="num">{format::count(n.into())}</b>{label}
                </button>
            }).collect_view()}
        </div>
        {move || (!typed.read().is_empty()).then(|| {
            let n = typed.read().len().to_string();
            view! { <div class="strip info"><span class="grow"></span><Button label=tf(CHECK, &[("n", &n)]) look=Look::Primary glyph=Icon::Check busy=form.busy on_press=save /></div> }
        })}
        <FormFault form=form />
        {rows.show(move |items| {
            if items.is_empty() {
                let why = if !writable && summary.rows > 0 { t(ERASED) } else { t(NO_ROWS) };
                return view! { <div class="panel"><Empty title=why glyph=Icon::Check /></div> }.into_any();
            }
            fields.with_value(|fields| table(items, fields, writable, typed))
        })}
    }
    .into_any()
}

fn table(items: Vec<FileImportRow>, fields: &[FileImportField], writable: bool, typed: Typed) -> AnyView {
    let heads =
        fields.iter().map(|f| view! { <th scope="col">{lang().pick(&f.name_vi, &f.name_en).to_owned()}</th> }).collect_view();
    let rows = items.into_iter().map(|row| line(row, fields, writable, typed)).collect_view();
    view! {
        <div class="table tall import-grid" tabindex="0" role="region" aria-label=t(ROWS)>
            <table>
                <thead><tr><th scope="col" class="i">{t(ROW)}</th><th scope="col">{t(WHAT)}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(row: FileImportRow, fields: &[FileImportField], writable: bool, typed: Typed) -> AnyView {
    let number = row.row;
    let cells = fields
        .iter()
        .map(|field| {
            let text = row.cells.get(&field.field).cloned().unwrap_or_default();
            let bad = row.faults.iter().any(|f| f.field.as_deref() == Some(&field.field) && f.severity == Severity::Error);
            let corrected = row.corrected.contains(&field.field);
            // A row that cannot be written can be corrected anywhere; others show what they are.
            let open = writable && matches!(row.outcome, RowOutcome::Faulty | RowOutcome::Conflict);
            if !open && !corrected {
                return view! { <td class:bad=bad>{text}</td> }.into_any();
            }
            cell(field, number, text, bad, corrected, typed)
        })
        .collect_view();
    let faults = row.faults.iter().map(|fault| {
        let tone = if fault.severity == Severity::Error { Tone::Bad } else { Tone::Warn };
        let name = fault.field.as_ref().and_then(|key| fields.iter().find(|f| f.field == *key));
        let name = name.map(|f| format!("{}: ", lang().pick(&f.name_vi, &f.name_en)));
        view! { <p><Pill label=fault.severity.label(lang()) tone=tone />" "<b>{name}</b>{lang().pick(&fault.vi, &fault.en).to_owned()}</p> }
    });
    let quality = row.quality.iter().map(|warning| {
        view! { <p><Pill label=Severity::Warning.label(lang()) tone=Tone::Warn />" "{lang().pick(&warning.vi, &warning.en).to_owned()}</p> }
    });
    let changes = row.changes.iter().map(|change| {
        let name = fields.iter().find(|f| f.field == change.field);
        let name = name.map_or_else(|| change.field.clone(), |f| lang().pick(&f.name_vi, &f.name_en).to_owned());
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| t(EMPTY).to_owned());
        view! { <p>{name}": "<s class="muted">{shown(&change.before)}</s>" → "<b>{shown(&change.after)}</b></p> }
    });
    let notes = !(row.faults.is_empty() && row.quality.is_empty() && row.changes.is_empty());
    let width = (fields.len() + 1).to_string();
    view! {
        <tr>
            <th scope="row" class="i num">{number}</th>
            <td><Pill label=row.outcome.label(lang()) tone=pill(row.outcome) /></td>
            {cells}
        </tr>
        {notes.then(|| view! { <tr class="sub"><td></td><td colspan=width>{faults.collect_view()}{quality.collect_view()}{changes.collect_view()}</td></tr> })}
    }
    .into_any()
}

fn cell(field: &FileImportField, row: u32, text: String, bad: bool, corrected: bool, typed: Typed) -> AnyView {
    let key = (row, field.field.clone());
    let label = tf(CELL, &[("name", lang().pick(&field.name_vi, &field.name_en)), ("row", &row.to_string())]);
    let before = text.clone();
    let list = (!field.choices.is_empty()).then(|| format!("choices-{row}-{}", field.field));
    let choices = field.choices.iter().map(|c| view! { <option value=c.clone()></option> }).collect_view();
    view! {
        <td class:bad=bad>
            <input
                class="cell" value=text aria-label=label aria-invalid=bad.then_some("true") autocomplete="off" spellcheck="false" maxlength=500 list=list.clone()
                title=corrected.then(|| t(CORRECTED))
                on:change=move |event| {
                    let now = event_target_value(&event);
                    typed.update(|cells| {
                        if now == before {
                            cells.remove(&key);
                        } else {
                            cells.insert(key.clone(), now);
                        }
                    });
                }
            />
            {list.map(|id| view! { <datalist id=id>{choices}</datalist> })}
        </td>
    }
    .into_any()
}
