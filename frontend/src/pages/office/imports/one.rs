//! One import: what was read, the columns, the rows with their corrections, apply and undo.

use super::columns::Columns;
use super::grid::Grid;
use super::{STEPS, crumbs, tone};
use crate::api::{ApiError, file_imports};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::params::param;
use crate::ui::{Button, Check, Form, FormFault, Header, Icon, Loader, Look, Pill, Steps, icon, load, save_as, toast};
use dto::ImportId;
use dto::file_imports::*;
use dto::imports::*;
use leptos::prelude::*;

texts! {
    APPLY: "Ghi {n} dòng", "Write {n} rows";
    UNDO_IT: "Hoàn tác lần nhập này", "Undo this import";
    APPLIED: "Đã ghi {n} dòng vào hồ sơ", "{n} rows were written";
    UNDONE: "Đã hoàn tác lần nhập", "The import was undone";
    SKIP: "Bỏ qua {n} dòng lỗi hoặc vướng và ghi các dòng còn lại", "Leave out {n} faulty or conflicting rows and write the others";
    FAULTY: "Còn {n} dòng lỗi hoặc vướng. Sửa ngay ở bảng dưới, hoặc tải tệp đã đánh dấu về sửa.", "{n} rows are faulty or conflicting. Correct them below, or download the marked file.";
    MARKED: "Tải tệp đã đánh dấu lỗi", "Download the marked file";
    NOTHING: "Mọi dòng đều giống dữ liệu đang có, không cần ghi gì.", "Every row is the same as what is there: nothing to write.";
    NEW_CLASSES: "Sẽ tạo lớp mới: {names}", "New classes will be made: {names}";
    READ: "Trang “{sheet}”, tiêu đề ở dòng {row}", "Sheet “{sheet}”, headers in row {row}";
    READ_TEXT: "Tiêu đề ở dòng {row}", "Headers in row {row}";
    AT: "Đã ghi lúc {at}", "Written at {at}";
    UNDONE_AT: "Đã hoàn tác lúc {at}", "Undone at {at}";
}

#[component]
pub fn FileImportPage() -> impl IntoView {
    let id = param::<ImportId>("import");
    let import = load(move || {
        let id = id.get();
        async move { file_imports::import(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    import.show(move |value| page(value, import))
}

fn page(import: FileImport, loader: Loader<FileImport>) -> AnyView {
    let (id, state) = (import.id, import.state);
    let form = Form::new();
    let skip = RwSignal::new(false);
    let ImportSummary { new, changed, conflict, faulty, .. } = import.summary;
    let (writes, stopped) = (new + changed, conflict + faulty);
    let of_file = import.faults.iter().any(|f| f.severity == Severity::Error);
    let undo = move || {
        form.send(file_imports::undo(id), move |answer| {
            loader.set(answer);
            toast::say(t(UNDONE));
        })
    };
    let apply = Callback::new(move |()| {
        let body = ApplyImport { skip_faulty: skip.get_untracked() };
        form.send(async move { file_imports::apply(id, &body).await }, move |answer| {
            loader.set(answer);
            toast::with_undo(tf(APPLIED, &[("n", &format::count(writes.into()))]), undo);
        })
    });
    let own = StoredValue::new(import.file_name.clone());
    let marked = Callback::new(move |()| {
        form.send(file_imports::marked_file(id), move |blob| {
            let name = own.get_value();
            let name = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
            save_as(&blob, &format!("{name}-loi.xlsx"));
        })
    });
    let row = import.header_row.to_string();
    let under = if import.sheet.is_empty() {
        tf(READ_TEXT, &[("row", &row)])
    } else {
        tf(READ, &[("sheet", &import.sheet), ("row", &row)])
    };
    let dry = state == ImportState::DryRun;
    let step = if dry { 1usize } else { 3 };
    let new_classes = import.summary.new_classes.join(", ");
    let title = if import.file_name.is_empty() { import.kind.clone() } else { import.file_name.clone() };
    view! {
        <Header title=title crumbs=crumbs() under=under>
            <Pill label=state.label(lang()) tone=tone(state) />
            {match state {
                ImportState::DryRun if writes > 0 => view! {
                    <Button
                        label=tf(APPLY, &[("n", &format::count(writes.into()))]) look=Look::Primary glyph=Icon::Check busy=form.busy
                        disabled=Signal::derive(move || of_file || (stopped > 0 && !skip.get())) on_press=apply
                    />
                }.into_any(),
                ImportState::Applied => view! { <Button label=t(UNDO_IT) look=Look::Danger glyph=Icon::Undo busy=form.busy on_press=Callback::new(move |()| undo()) /> }.into_any(),
                _ => ().into_any(),
            }}
        </Header>
        <Steps labels=STEPS.iter().map(|s| t(*s)).collect() now=step />
        <FormFault form=form />
        {import.applied_at.filter(|_| state == ImportState::Applied).map(|at| view! { <p class="strip ok" role="status">{icon(Icon::Check)}{tf(AT, &[("at", &format::instant(at))])}</p> })}
        {import.undone_at.map(|at| view! { <p class="strip info" role="status">{icon(Icon::Undo)}{tf(UNDONE_AT, &[("at", &format::instant(at))])}</p> })}
        {import.faults.iter().map(|fault| {
            let class = if fault.severity == Severity::Error { "strip bad" } else { "strip" };
            view! { <p class=class>{icon(Icon::Alert)}{lang().pick(&fault.vi, &fault.en).to_owned()}</p> }
        }).collect_view()}
        {(dry && !new_classes.is_empty()).then(|| view! { <p class="strip info">{icon(Icon::Info)}{tf(NEW_CLASSES, &[("names", &new_classes)])}</p> })}
        {(dry && writes == 0 && stopped == 0).then(|| view! { <p class="strip info">{icon(Icon::Info)}{t(NOTHING)}</p> })}
        {(dry && stopped > 0).then(|| {
            let n = format::count(stopped.into());
            view! {
                <div class="strip">{icon(Icon::Alert)}<span class="grow">{tf(FAULTY, &[("n", &n)])}</span><Button label=t(MARKED) glyph=Icon::File small=true busy=form.busy on_press=marked /></div>
                {(writes > 0).then(|| view! { <Check label=tf(SKIP, &[("n", &n)]) value=skip /> })}
            }
        })}
        <Columns import=import.clone() loader=loader />
        <Grid import=import loader=loader />
    }
    .into_any()
}
