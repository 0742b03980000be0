//! One file for the authorities: what is wrong and who puts it right, the official file, making it, sending it.

use super::crumbs;
use crate::api::{ApiError, oversight};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::params::param;
use crate::ui::{
    Button, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, icon, load, save_as, toast,
};
use dto::UnitId;
use dto::access::Role;
use dto::exchange::*;
use leptos::{ev, html, prelude::*};

texts! {
    UNDER: "{school} · năm học {year} · {n} dòng", "{school} · school year {year} · {n} rows";
    ALL_RIGHT: "Không có lỗi", "Nothing is wrong";
    ALL_RIGHT_TEXT: "Tệp lập được ngay.", "The file can be made at once.";
    ERRORS: "{n} lỗi cần sửa", "{n} faults to correct";
    WARNINGS: "{n} điều cần xem", "{n} to look at";
    MAKE: "Lập tệp", "Make the file";
    MAKE_ANYWAY: "Lập tệp, để trống ô lỗi", "Make it, with faulty cells empty";
    SEND: "Gửi cấp trên", "Send";
    SENT: "Đã đưa vào hàng gửi", "It is on its way";
    OWNER: "Người sửa", "Who";
    ALL_OWNERS: "Tất cả", "Everybody";
    CLERK: "Văn thư", "The clerk";
    HOMEROOM: "Chủ nhiệm {class}: {name}", "Homeroom of {class}: {name}";
    NOBODY: "chưa phân công", "nobody assigned";
    ROW: "Dòng", "Row";
    WHOSE: "Của ai", "Whose";
    COLUMN: "Cột", "Column";
    WHAT: "Cần sửa gì", "What to correct";
    FIX: "Sửa", "Correct";
    TEMPLATE: "Tệp mẫu của cấp trên", "The official file";
    NO_TEMPLATE: "Chưa có tệp mẫu: tệp được lập theo bảng của Khuê, cùng tên cột.", "No official file yet: the file is made in a sheet of Khuê, with the same headers.";
    UPLOAD: "Tải tệp mẫu lên", "Upload the official file";
    UPLOADED: "Đã nhận tệp mẫu", "The official file is kept";
    REMOVE: "Bỏ tệp mẫu", "Take it away";
    REMOVED: "Đã bỏ tệp mẫu", "It was taken away";
    FOUND: "Tìm thấy {n} cột ở trang tính “{sheet}”.", "{n} columns were found on the sheet “{sheet}”.";
    UNFILLED: "Cột để nguyên: {names}.", "Columns that stay as they are: {names}.";
    COLUMNS: "Các cột của biểu", "The columns of the form";
    NOT_THERE: "không có trong tệp mẫu", "not in the official file";
}

const XLSX: &str = ".xlsx";

fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}

type Both = (ExportCheck, Option<ExportTemplate>);

#[component]
pub fn ExchangeKindPage() -> impl IntoView {
    let (unit, kind) = (param::<UnitId>("unit"), param::<ExportKind>("kind"));
    let found = load(move || {
        let place = unit.get().zip(kind.get());
        async move {
            let (unit, kind) = place.ok_or_else(nowhere)?;
            let check = oversight::check_export(unit, kind).await?;
            let kinds = oversight::exports(unit).await?;
            Ok((check, kinds.items.into_iter().find(|item| item.kind == kind).and_then(|item| item.template)))
        }
    });
    found.show(move |(check, template)| view! { <Found check=check template=template found=found /> }.into_any())
}

#[component]
fn Found(check: ExportCheck, template: Option<ExportTemplate>, found: Loader<Both>) -> impl IntoView {
    let (school, kind, errors) = (check.school_id, check.kind, check.errors);
    let title = kind.label(lang());
    let n = check.rows.to_string();
    let under = tf(UNDER, &[("school", &check.school_name), ("year", &check.school_year), ("n", &n)]);
    let form = Form::new();
    let anyway = errors > 0;
    let name = format!("{kind}-{}.xlsx", check.school_year);
    let make = Callback::new(move |()| {
        let name = name.clone();
        form.send(async move { oversight::make_export(school, kind, anyway).await }, move |blob| save_as(&blob, &name));
    });
    let send = Callback::new(move |()| {
        form.send(async move { oversight::send_export(school, kind, false).await }, move |_| toast::say(t(SENT)));
    });
    let columns = check
        .columns
        .iter()
        .map(|column| {
            let note = lang().pick(column.note_vi.as_deref().unwrap_or(""), column.note_en.as_deref().unwrap_or("")).to_owned();
            let missing = (column.in_template == Some(false)).then(|| t(NOT_THERE));
            view! { <li><b>{column.header.clone()}</b>" "<span class="muted">{note}" "{missing}</span></li> }
        })
        .collect_view();
    view! {
        <Header title=title under=under crumbs=crumbs()>
            <Button label=t(if anyway { MAKE_ANYWAY } else { MAKE }) glyph=Icon::File look=if anyway { Look::Plain } else { Look::Primary } busy=form.busy on_press=make />
            <Button label=t(SEND) glyph=Icon::Arrow busy=form.busy disabled=anyway on_press=send />
        </Header>
        <FormFault form=form />
        <div class="split lead">
            <Faults check=check />
            <div class="stack wide">
                <Template school=school kind=kind template=template found=found />
                <details class="panel"><summary>{t(COLUMNS)}</summary><ul class="body lines">{columns}</ul></details>
            </div>
        </div>
    }
    .into_any()
}

/// Who puts it right, in words.
fn owner(owner: &ExportOwner) -> String {
    match (owner.role, &owner.class_name) {
        (Role::HomeroomTeacher, Some(class)) => {
            tf(HOMEROOM, &[("class", class), ("name", owner.name.as_deref().unwrap_or(t(NOBODY)))])
        }
        (Role::Clerk, _) => t(CLERK).to_owned(),
        (role, _) => role.label(lang()).to_owned(),
    }
}

#[component]
fn Faults(check: ExportCheck) -> impl IntoView {
    if check.faults.is_empty() {
        return view! { <section class="panel"><Empty title=t(ALL_RIGHT) text=t(ALL_RIGHT_TEXT) glyph=Icon::Check /></section> }
            .into_any();
    }
    let warnings = check.faults.iter().filter(|fault| fault.warning).count();
    let mut owners: Vec<(String, String)> = vec![(String::new(), t(ALL_OWNERS).to_owned())];
    for fault in &check.faults {
        let name = owner(&fault.owner);
        if !owners.iter().any(|(known, _)| *known == name) {
            owners.push((name.clone(), name));
        }
    }
    let chosen = RwSignal::new(String::new());
    let faults = StoredValue::new(check.faults);
    let rows = move || {
        let only = chosen.get();
        faults.with_value(|all| {
            all.iter().filter(|fault| only.is_empty() || owner(&fault.owner) == only).take(500).map(row).collect_view()
        })
    };
    let tone = if check.errors == 0 { Tone::Ok } else { Tone::Bad };
    let tally = view! {
        <Pill label=tf(ERRORS, &[("n", &check.errors.to_string())]) tone=tone />
        {(warnings > 0).then(|| view! { <Pill label=tf(WARNINGS, &[("n", &warnings.to_string())]) tone=Tone::Warn /> })}
    };
    view! {
        <section class="panel">
            <header><div class="row">{tally}</div></header>
            <div class="body"><SelectField label=t(OWNER) name="owner" value=chosen options=Signal::stored(owners) /></div>
            <div class="table" tabindex="0" role="region" aria-label=t(WHAT)>
                <table>
                    <thead><tr><th scope="col" class="num hide">{t(ROW)}</th><th scope="col">{t(WHOSE)}</th><th scope="col" class="hide">{t(COLUMN)}</th><th scope="col">{t(WHAT)}</th><th scope="col" class="hide">{t(OWNER)}</th><th scope="col"><span class="sr">{t(FIX)}</span></th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(fault: &ExportFault) -> AnyView {
    let what = lang().pick(&fault.vi, &fault.en).to_owned();
    let href = match (fault.learner_id, fault.staff_id, fault.class_id) {
        (Some(learner), _, _) => Some(format!("/learners/{learner}")),
        (_, Some(staff), _) => Some(format!("/staff/{staff}")),
        (_, _, Some(class)) => Some(format!("/classes/{class}")),
        _ => None,
    };
    let tone = if fault.warning { Icon::Info } else { Icon::Alert };
    let label = format!("{}: {}", t(FIX), fault.who);
    view! {
        <tr>
            <td class="num hide">{fault.row}</td><th scope="row">{fault.who.clone()}</th><td class="hide">{fault.column.clone()}</td>
            <td><span class="row tight">{icon(tone)}<span>{what}<small class="show-narrow">{owner(&fault.owner)}</small></span></span></td><td class="hide">{owner(&fault.owner)}</td>
            <td>{href.map(|href| view! { <a class="btn small" href=href rel="external" aria-label=label>{t(FIX)}</a> })}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Template(school: UnitId, kind: ExportKind, template: Option<ExportTemplate>, found: Loader<Both>) -> impl IntoView {
    let (form, input) = (Form::new(), NodeRef::<html::Input>::new());
    let chosen = move |_: ev::Event| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            form.send(async move { oversight::put_template(school, kind, file).await }, move |_| {
                toast::say(t(UPLOADED));
                found.reload();
            });
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    let press = Callback::new(move |()| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    });
    let remove = Callback::new(move |()| {
        form.send(async move { oversight::remove_template(school, kind).await }, move |()| {
            toast::say(t(REMOVED));
            found.reload();
        });
    });
    let has = template.is_some();
    let about = match template {
        None => view! { <p>{t(NO_TEMPLATE)}</p> }.into_any(),
        Some(template) => {
            let n = template.found.to_string();
            let unfilled = (!template.unfilled.is_empty()).then(|| {
                let names = template.unfilled.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
                view! { <p class="muted">{tf(UNFILLED, &[("names", &names)])}</p> }
            });
            view! {
                <p><b>{template.file_name}</b>" "<span class="muted">{format::instant(template.uploaded_at)}</span></p>
                <p>{tf(FOUND, &[("n", &n), ("sheet", &template.sheet)])}</p>
                {unfilled}
            }
            .into_any()
        }
    };
    view! {
        <section class="panel">
            <header><h2>{t(TEMPLATE)}</h2></header>
            <div class="body stack">
                {about}
                <div class="row">
                    <Button label=t(UPLOAD) glyph=Icon::Upload busy=form.busy on_press=press />
                    {has.then(|| view! { <Button label=t(REMOVE) busy=form.busy on_press=remove /> })}
                    <input type="file" class="sr" tabindex="-1" aria-label=t(UPLOAD) accept=XLSX node_ref=input on:change=chosen />
                </div>
                <FormFault form=form />
            </div>
        </section>
    }
    .into_any()
}
