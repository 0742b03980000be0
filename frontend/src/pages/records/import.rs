//! One import: the dry run row by row, apply, undo.

use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{Text, lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::imports::last;
use crate::ui::{
    Button, Check, Crumb, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Steps, Tone, effect, icon, load,
    toast,
};
use dto::ImportId;
use dto::imports::*;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    PICK: "Chọn tệp", "Choose the file";
    LOOK: "Xem thử", "Look at the dry run";
    DONE: "Ghi vào hồ sơ", "Write the records";
    APPLY: "Ghi {n} dòng", "Write {n} rows";
    NOTHING_TO_DO: "Mọi dòng đều giống dữ liệu đang có, không cần ghi gì.", "Every row is the same as what is there: nothing to write.";
    SKIP: "Bỏ qua {n} dòng lỗi hoặc vướng và ghi các dòng còn lại", "Leave out {n} faulty or conflicting rows and write the others";
    FAULTY_FIRST: "Còn {n} dòng lỗi hoặc vướng. Sửa tệp rồi tải lên lại, hoặc chọn bỏ qua các dòng đó.", "{n} rows are faulty or conflicting. Correct the file and upload it again, or leave those rows out.";
    NEW_CLASSES: "Sẽ tạo lớp mới: {names}", "New classes will be made: {names}";
    UNDO_IT: "Hoàn tác lần nhập này", "Undo this import";
    UNDONE_TOAST: "Đã hoàn tác lần nhập", "The import was undone";
    APPLIED_TOAST: "Đã ghi {n} dòng vào hồ sơ", "{n} rows were written";
    APPLIED_AT: "Đã ghi lúc {at}", "Written at {at}";
    UNDONE_AT: "Đã hoàn tác lúc {at}", "Undone at {at}";
    ANOTHER: "Nhập tệp khác", "Import another file";
    READ_AS: "Nhận là {layout}, trang “{sheet}”, tiêu đề ở dòng {row}", "Read as {layout}, sheet “{sheet}”, headers in row {row}";
    SHEET: "Trang tính", "Sheet";
    SHEET_HINT: "Tệp có {n} trang tính chứa danh sách. Mỗi lần nhập ghi một trang.", "{n} sheets of the file hold a list. Each import writes one.";
    SHEET_GONE: "Để đọc trang khác, hãy tải tệp lên lại.", "To read another sheet, upload the file again.";
    COLUMNS: "Các cột đã nhận", "Columns understood";
    LEFT_ASIDE: "để riêng", "left aside";
    ROW: "Dòng", "Row";
    WHAT: "Sẽ làm gì", "What happens";
    COLUMN_N: "Cột {c}", "Column {c}";
    ALL_ROWS: "Tất cả", "All";
    WARNINGS: "Cần xem lại", "To check";
    NO_ROWS: "Không có dòng nào loại này", "There are no such rows";
    SHOW_MORE: "Hiện thêm {n} dòng", "Show {n} more rows";
    EMPTY: "trống", "empty";
}

/// The steps of the wizard.
pub const STEPS: [Text; 3] = [PICK, LOOK, DONE];
/// Rows drawn at once: an old PC draws these at a stroke.
const CHUNK: usize = 200;

#[component]
pub fn ImportPage() -> impl IntoView {
    let id = param::<ImportId>("import");
    let import = load(move || {
        let id = id.get();
        async move { records::import(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    import.show(move |value| page(value, import))
}

fn page(import: Import, loader: Loader<Import>) -> impl IntoView {
    let id = import.id;
    let state = import.state;
    let form = Form::new();
    let skip = RwSignal::new(false);
    let ImportSummary { new, changed, conflict, faulty, .. } = import.summary;
    let stopped = conflict + faulty;
    let writes = new + changed;
    let undo = move || {
        form.send(records::undo_import(id), move |answer| {
            loader.set(answer);
            toast::say(t(UNDONE_TOAST));
        })
    };
    let apply = Callback::new(move |()| {
        let body = ApplyImport { skip_faulty: skip.get_untracked() };
        form.send(async move { records::apply_import(id, &body).await }, move |answer| {
            loader.set(answer);
            toast::with_undo(tf(APPLIED_TOAST, &[("n", &format::count(writes.into()))]), undo);
        })
    });
    let crumbs = vec![Crumb(t(tx::IMPORT).to_owned(), "/office/imports".to_owned())];
    let under = tf(
        READ_AS,
        &[("layout", import.layout.label(lang())), ("sheet", &import.sheet), ("row", &import.header_row.to_string())],
    );
    let step = if state == ImportState::DryRun { 1usize } else { 3 };
    let new_classes = import.summary.new_classes.join(", ");
    let dry = state == ImportState::DryRun;
    view! {
        <Header title=import.file_name.clone() crumbs=crumbs under=under>
            {match state {
                ImportState::DryRun if writes > 0 => view! {
                    <Button
                        label=tf(APPLY, &[("n", &format::count(writes.into()))]) look=Look::Primary glyph=Icon::Check busy=form.busy
                        disabled=Signal::derive(move || stopped > 0 && !skip.get()) on_press=apply
                    />
                }.into_any(),
                ImportState::Applied => view! { <Button label=t(UNDO_IT) look=Look::Danger glyph=Icon::Undo busy=form.busy on_press=Callback::new(move |()| undo()) /> }.into_any(),
                _ => view! { <A href="/office/imports" attr:class="btn">{icon(Icon::Upload)}{t(ANOTHER)}</A> }.into_any(),
            }}
        </Header>
        <Steps labels=STEPS.iter().map(|s| t(*s)).collect() now=step />
        <FormFault form=form />
        {import.applied_at.filter(|_| state == ImportState::Applied).map(|at| view! { <p class="strip ok" role="status">{icon(Icon::Check)}{tf(APPLIED_AT, &[("at", &format::instant(at))])}</p> })}
        {import.undone_at.map(|at| view! { <p class="strip info" role="status">{icon(Icon::Undo)}{tf(UNDONE_AT, &[("at", &format::instant(at))])}</p> })}
        {(dry && import.sheets.len() > 1).then(|| view! { <Sheets id=id now=import.sheet.clone() all=import.sheets.clone() /> })}
        {import.faults.iter().filter(|f| f.code != "other_sheets" || !dry).map(fault_line).collect_view()}
        {(dry && !new_classes.is_empty()).then(|| view! { <p class="strip info">{icon(Icon::Info)}{tf(NEW_CLASSES, &[("names", &new_classes)])}</p> })}
        {(dry && writes == 0 && stopped == 0).then(|| view! { <p class="strip info">{icon(Icon::Info)}{t(NOTHING_TO_DO)}</p> })}
        {(dry && stopped > 0).then(|| {
            let n = format::count(stopped.into());
            view! {
                <div class="strip">{icon(Icon::Alert)}<span class="grow">{tf(FAULTY_FIRST, &[("n", &n)])}</span></div>
                {(writes > 0).then(|| view! { <Check label=tf(SKIP, &[("n", &n)]) value=skip /> })}
            }
        })}
        <Rows summary=import.summary rows=import.rows />
        <details class="fold">
            <summary>{t(COLUMNS)}</summary>
            <ul class="lines">
                {import.columns.into_iter().map(|c| view! {
                    <li><b class="num">{c.column}</b><span class="grow">{c.header}</span>{match c.field {
                        Some(field) => view! { <Pill label=field_name(&field) tone=Tone::Ok /> }.into_any(),
                        None => view! { <Pill label=t(LEFT_ASIDE) /> }.into_any(),
                    }}</li>
                }).collect_view()}
            </ul>
        </details>
    }
}

/// Which sheet of the workbook is read. Another one is another dry run of the same file.
#[component]
fn Sheets(id: ImportId, now: String, all: Vec<String>) -> impl IntoView {
    let form = Form::new();
    let chosen = RwSignal::new(now.clone());
    let navigate = use_navigate();
    let count = all.len().to_string();
    let options = all.into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>();
    let kept = last::of(id).is_some();
    effect(move || {
        let sheet = chosen.get();
        let Some((file, mut query)) = last::of(id).filter(|_| sheet != now) else { return };
        query.sheet = Some(sheet);
        let navigate = navigate.clone();
        let (again, same) = (query.clone(), file.clone());
        form.send(async move { records::upload(&query, file).await }, move |import| {
            last::keep(import.id, same, again);
            navigate(&format!("/imports/{}", import.id), NavigateOptions::default())
        });
    });
    view! {
        <FormFault form=form />
        <div class="filters">
            {if kept {
                view! { <SelectField label=t(SHEET) name="sheet" value=chosen options=options hint=tf(SHEET_HINT, &[("n", &count)]) /> }.into_any()
            } else {
                view! { <p class="strip info">{icon(Icon::Info)}<span class="grow">{tf(SHEET_HINT, &[("n", &count)])}" "{t(SHEET_GONE)}</span><A href="/office/imports" attr:class="btn small">{t(ANOTHER)}</A></p> }.into_any()
            }}
            {move || form.busy.get().then(|| view! { <p class="quiet" role="status">{t(tx::LOADING)}</p> })}
        </div>
    }
    .into_any()
}

fn tone(outcome: RowOutcome) -> Tone {
    match outcome {
        RowOutcome::New => Tone::Ok,
        RowOutcome::Same => Tone::Quiet,
        RowOutcome::Changed => Tone::Info,
        RowOutcome::Conflict => Tone::Warn,
        RowOutcome::Faulty => Tone::Bad,
    }
}

/// What the table is narrowed to.
#[derive(Clone, Copy, PartialEq)]
enum Only {
    All,
    Outcome(RowOutcome),
    Warnings,
}

/// Every row, narrowed by what would happen with it.
#[component]
fn Rows(summary: ImportSummary, rows: Vec<ImportRow>) -> impl IntoView {
    // What needs a person comes first.
    let first = if summary.faulty > 0 {
        Only::Outcome(RowOutcome::Faulty)
    } else if summary.conflict > 0 {
        Only::Outcome(RowOutcome::Conflict)
    } else {
        Only::All
    };
    let only = RwSignal::new(first);
    let shown = RwSignal::new(CHUNK);
    // Rows to look at; what concerns the file as a whole stands above.
    let warnings = rows.iter().filter(|r| r.faults.iter().any(|f| f.severity == Severity::Warning)).count() as u32;
    let rows = StoredValue::new(rows);
    let kinds = [
        (Only::All, t(ALL_ROWS).to_owned(), summary.rows),
        (Only::Outcome(RowOutcome::New), RowOutcome::New.label(lang()).to_owned(), summary.new),
        (Only::Outcome(RowOutcome::Changed), RowOutcome::Changed.label(lang()).to_owned(), summary.changed),
        (Only::Outcome(RowOutcome::Same), RowOutcome::Same.label(lang()).to_owned(), summary.same),
        (Only::Outcome(RowOutcome::Conflict), RowOutcome::Conflict.label(lang()).to_owned(), summary.conflict),
        (Only::Outcome(RowOutcome::Faulty), RowOutcome::Faulty.label(lang()).to_owned(), summary.faulty),
        (Only::Warnings, t(WARNINGS).to_owned(), warnings),
    ];
    let found = Memo::new(move |_| {
        let only = only.get();
        rows.with_value(|rows| {
            let fits = |row: &&ImportRow| match only {
                Only::All => true,
                Only::Outcome(outcome) => row.outcome == outcome,
                Only::Warnings => row.faults.iter().any(|f| f.severity == Severity::Warning),
            };
            rows.iter().enumerate().filter(|(_, r)| fits(r)).map(|(i, _)| i).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="tally" role="group" aria-label=t(WHAT)>
            {kinds.into_iter().filter(|(kind, _, n)| *n > 0 || *kind == Only::All).map(|(kind, label, n)| view! {
                <button type="button" aria-pressed=move || (only.get() == kind).to_string() on:click=move |_| { shown.set(CHUNK); only.set(kind) }>
                    <b class="num">{format::count(n.into())}</b>{label}
                </button>
            }).collect_view()}
        </div>
        {move || {
            let found = found.get();
            if found.is_empty() {
                return view! { <Empty title=t(NO_ROWS) glyph=Icon::Check /> }.into_any();
            }
            let rest = found.len().saturating_sub(shown.get());
            let part = rows.with_value(|rows| found.iter().take(shown.get()).filter_map(|i| rows.get(*i).cloned()).collect::<Vec<_>>());
            view! {
                {table(part)}
                {(rest > 0).then(|| view! { <div class="more"><Button label=tf(SHOW_MORE, &[("n", &rest.min(CHUNK).to_string())]) on_press=Callback::new(move |()| shown.update(|s| *s += CHUNK)) /></div> })}
            }.into_any()
        }}
    }
}

fn table(rows: Vec<ImportRow>) -> impl IntoView {
    view! {
        <div class="table tall" tabindex="0" role="region" aria-label=t(LOOK)>
            <table>
                <thead><tr>
                    <th scope="col" class="i">{t(ROW)}</th><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(WHAT)}</th><th scope="col">{t(tx::BIRTH_DATE)}</th>
                    <th scope="col" class="hide">{t(tx::SEX)}</th><th scope="col" class="hide">{t(tx::CLASS)}</th><th scope="col" class="hide">{t(tx::PERSONAL_ID)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(row: ImportRow) -> impl IntoView {
    let notes = !row.faults.is_empty() || !row.changes.is_empty();
    view! {
        <tr>
            <td class="i">{row.row}</td>
            <th scope="row">{row.full_name}</th>
            <td><Pill label=row.outcome.label(lang()) tone=tone(row.outcome) /></td>
            <td class="num">{row.birth_date.map(format::date)}</td>
            <td class="hide">{row.sex.map(|s| s.label(lang()))}</td>
            <td class="hide">{row.class_name}</td>
            <td class="hide num">{row.personal_id}</td>
        </tr>
        {notes.then(|| view! {
            <tr class="sub"><td></td><td colspan="6">
                {row.faults.iter().map(fault_text).collect_view()}
                {row.changes.into_iter().map(|c| view! {
                    <p>{field_name(&c.field)}": "<s class="muted">{c.before.unwrap_or_else(|| t(EMPTY).to_owned())}</s>" → "<b>{c.after.unwrap_or_else(|| t(EMPTY).to_owned())}</b></p>
                }).collect_view()}
            </td></tr>
        })}
    }
}

fn fault_text(fault: &ImportFault) -> impl IntoView + use<> {
    let tone = if fault.severity == Severity::Error { Tone::Bad } else { Tone::Warn };
    let place = fault.column.as_ref().map(|c| tf(COLUMN_N, &[("c", c)]));
    let text = lang().pick(&fault.vi, &fault.en).to_owned();
    view! { <p><Pill label=fault.severity.label(lang()) tone=tone />" "{place.map(|p| view! { <b>{p}": "</b> })}{text}</p> }
}

fn fault_line(fault: &ImportFault) -> impl IntoView + use<> {
    let class = if fault.severity == Severity::Error { "strip bad" } else { "strip" };
    let text = lang().pick(&fault.vi, &fault.en).to_owned();
    view! { <p class=class>{icon(Icon::Alert)}{text}</p> }
}

/// A field of the import in words.
fn field_name(field: &str) -> String {
    let text = match field {
        "full_name" | "name" => tx::FULL_NAME,
        "family" | "family_name" => tx::FAMILY_NAME,
        "middle" | "middle_name" => tx::MIDDLE_NAME,
        "given" | "given_name" => tx::GIVEN_NAME,
        "birth_date" => tx::BIRTH_DATE,
        "sex" => tx::SEX,
        "ethnicity" => tx::ETHNICITY,
        "personal_id" => tx::PERSONAL_ID,
        "ministry_code" => tx::MINISTRY_CODE,
        "class" | "class_name" => tx::CLASS,
        "status" => tx::STATUS,
        "ordinal" => tx::ORDINAL,
        "phone" => tx::PHONE,
        other => return other.to_owned(),
    };
    t(text).to_owned()
}
