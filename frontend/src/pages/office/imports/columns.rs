//! What each column of the file is taken for. What a person corrects is remembered for the school.

use crate::api::file_imports;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::{Button, Form, FormFault, Icon, Loader, Look, Pill, Tone, toast};
use dto::file_imports::*;
use dto::imports::ImportState;
use leptos::prelude::*;

texts! {
    COLUMNS: "Cột của tệp và nội dung tương ứng ({n} cột được dùng)", "Columns of the file and what they hold ({n} are used)";
    ASIDE: "Không dùng", "Left aside";
    COLUMN: "Cột", "Column";
    HEADER: "Tiêu đề trong tệp", "Header in the file";
    FIELD: "Được hiểu là", "Taken for";
    REMEMBERED: "đã nhớ", "remembered";
    SAVE: "Dùng các cột này", "Use these columns";
    SAVED: "Đã đọc lại theo các cột mới. Lần sau hệ thống tự nhận.", "Read again by these columns. They are remembered.";
    FIELD_OF: "Nội dung của cột {c}", "What column {c} holds";
}

#[component]
pub fn Columns(import: FileImport, loader: Loader<FileImport>) -> impl IntoView {
    let (id, version) = (import.id, import.version);
    let writable = import.state == ImportState::DryRun;
    let used = import.columns.iter().filter(|c| c.field.is_some()).count();
    let lacking = import.faults.iter().any(|f| f.code == "column_missing");
    let chosen: Vec<(String, RwSignal<String>)> =
        import.columns.iter().map(|c| (c.column.clone(), RwSignal::new(c.field.clone().unwrap_or_default()))).collect();
    let chosen = StoredValue::new(chosen);
    let form = Form::new();
    let save = Callback::new(move |()| {
        let columns = chosen.with_value(|all| {
            all.iter()
                .map(|(column, field)| PutFileImportColumn {
                    column: column.clone(),
                    field: Some(field.get_untracked()).filter(|f| !f.is_empty()),
                })
                .collect()
        });
        let body = PutFileImportColumns { columns };
        form.send(async move { file_imports::put_columns(id, version, &body).await }, move |answer| {
            loader.set(answer);
            toast::say(t(SAVED));
        })
    });
    let fields = StoredValue::new(import.fields);
    let rows = import.columns.into_iter().zip(chosen.get_value()).map(move |(column, (_, value))| {
        let label = tf(FIELD_OF, &[("c", &column.column)]);
        let options = fields.with_value(|fields| {
            std::iter::once((String::new(), t(ASIDE).to_owned()))
                .chain(fields.iter().map(|f| {
                    let mark = if f.required { " *" } else { "" };
                    (f.field.clone(), format!("{}{mark}", lang().pick(&f.name_vi, &f.name_en)))
                }))
                .map(|(key, text)| {
                    let mine = key.clone();
                    view! { <option value=key prop:selected=move || *value.read() == mine>{text}</option> }
                })
                .collect_view()
        });
        view! {
            <tr>
                <td class="num">{column.column}</td>
                <th scope="row">{column.header}</th>
                <td>
                    <select aria-label=label disabled=!writable on:change=move |event| value.set(event_target_value(&event))>{options}</select>
                    {column.remembered.then(|| view! { " " <Pill label=t(REMEMBERED) tone=Tone::Info /> })}
                </td>
            </tr>
        }
    });
    view! {
        <details class="fold" open=lacking>
            <summary>{tf(COLUMNS, &[("n", &used.to_string())])}</summary>
            <div class="table" tabindex="0" role="region" aria-label=t(FIELD)>
                <table>
                    <thead><tr><th scope="col">{t(COLUMN)}</th><th scope="col">{t(HEADER)}</th><th scope="col">{t(FIELD)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <FormFault form=form />
            {writable.then(|| view! { <Button label=t(SAVE) look=Look::Normal glyph=Icon::Check busy=form.busy on_press=save /> })}
        </details>
    }
    .into_any()
}
