//! One course: who comes, how long each was there, certificates for all in one act.

use super::crumbs;
use super::trainings::{TrainingForm, days};
use crate::api::staff::{self, Whose};
use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::pick::own_school;
use crate::ui::file::open as open_file;
use crate::ui::{
    Button, Choice, Combo, Crumb, DateField, Dialog, Empty, Field, Form, FormFault, Header, Icon, Loader, Look, load, toast,
};
use dto::staff::StaffQuery;
use dto::trainings::{AttendanceRow, PostCertificates, PutAttendance, RevokeCertificates, Training, TrainingParticipant};
use dto::{StaffId, TrainingId};
use leptos::prelude::*;
use leptos::task::spawn_local;

texts! {
    TRAININGS: "Bồi dưỡng", "Training";
    WHAT: "{days} · {hours} tiết · {who}", "{days} · {hours} hours · {who}";
    EDIT: "Sửa khoá", "Change the course";
    ATTENDANCE: "Người học và điểm danh", "Who takes part";
    ADD: "Thêm người học", "Add somebody";
    ADD_HINT: "Gõ tên không dấu", "Type a name without marks";
    ADD_SCHOOL: "Thêm cả trường", "Add the whole school";
    ALL_HOURS: "Tất cả dự đủ", "All were there throughout";
    HOURS: "Số tiết dự", "Hours";
    RESULT: "Kết quả", "Result";
    CERTIFICATE: "Chứng nhận", "Certificate";
    PLACE: "Nơi làm việc", "Works at";
    SAVE: "Lưu điểm danh", "Save attendance";
    UNSAVED: "Có thay đổi chưa lưu", "There are changes that are not saved";
    REMOVE: "Bỏ {name}", "Remove {name}";
    HOURS_OF: "Số tiết dự của {name}", "Hours of {name}";
    RESULT_OF: "Kết quả của {name}", "Result of {name}";
    NOBODY: "Chưa có người học", "Nobody yet";
    NOBODY_TEXT: "Thêm từng người, hoặc thêm cả trường rồi bỏ người không dự.", "Add people one by one, or the whole school and remove who does not come.";
    CERTIFY: "Cấp chứng nhận", "Certify";
    CERTIFY_TEXT: "Cấp cho mọi người dự đủ số tiết mà chưa có chứng nhận; số chạy liên tiếp theo thứ tự tên.", "For all who came long enough and have none; numbers run on in the order of names.";
    LEAST: "Dự ít nhất (tiết)", "At least (hours)";
    PREFIX: "Phần đầu của số", "Prefix of the number";
    FROM_NUMBER: "Bắt đầu từ số", "First number";
    ON: "Ngày cấp", "Certified on";
    CERTIFIED: "Đã cấp {n} chứng nhận", "{n} certificates given";
    REVOKED: "Đã thu hồi chứng nhận của {name}", "The certificate of {name} is taken back";
    UNDONE: "Đã thu hồi các chứng nhận vừa cấp", "These certificates are taken back";
    REVOKE: "Thu hồi", "Take back";
    OPEN: "Mở", "Open";
}

/// A row as it is on the screen.
#[derive(Clone)]
struct Row {
    one: TrainingParticipant,
    hours: RwSignal<String>,
    result: RwSignal<String>,
}

fn row_of(one: TrainingParticipant) -> Row {
    Row { hours: RwSignal::new(one.hours.to_string()), result: RwSignal::new(one.result.clone().unwrap_or_default()), one }
}

#[component]
pub fn TrainingPage() -> impl IntoView {
    let id = param::<TrainingId>("training");
    let training = load(move || {
        let id = id.get();
        async move { staff::training(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    view! { {training.show(move |value| page(value, training))} }
}

fn page(training: Training, loader: Loader<Training>) -> AnyView {
    let (editing, certifying) = (RwSignal::new(false), RwSignal::new(false));
    let under = tf(
        WHAT,
        &[
            ("days", &days(training.first_on, training.last_on)),
            ("hours", &training.hours.to_string()),
            ("who", &training.provider),
        ],
    );
    let mut above = crumbs();
    above.push(Crumb(t(TRAININGS).to_owned(), "/office/trainings".to_owned()));
    let stored = StoredValue::new(training.clone());
    let changed = Callback::new(move |training: Training| {
        editing.set(false);
        toast::say(t(tx::SAVED));
        loader.set(training);
    });
    let open = |dialog: RwSignal<bool>| Callback::new(move |()| dialog.set(true));
    let writes = training.writable;
    view! {
        <Header title=training.name.clone() crumbs=above under=under>
            {writes.then(|| view! { <Button label=t(EDIT) on_press=open(editing) /> })}
            {writes.then(|| view! { <Button label=t(CERTIFY) look=Look::Primary glyph=Icon::Check on_press=open(certifying) /> })}
        </Header>
        <Attendance training=training loader=loader />
        <Dialog open=editing title=t(EDIT)><TrainingForm training=Some(stored.get_value()) done=changed /></Dialog>
        <Dialog open=certifying title=t(CERTIFY)><Certify training=stored.get_value() loader=loader open=certifying /></Dialog>
    }
    .into_any()
}

#[component]
fn Attendance(training: Training, loader: Loader<Training>) -> impl IntoView {
    let (id, version, most, writes) = (training.id, training.version, training.hours, training.writable);
    let rows = RwSignal::new(training.participants.into_iter().map(row_of).collect::<Vec<_>>());
    let dirty = RwSignal::new(false);
    let form = Form::new();
    let add = move |staff_id: StaffId, full_name: String, unit_name: String| {
        if rows.with_untracked(|rows| rows.iter().any(|row| row.one.staff_id == staff_id)) {
            return;
        }
        let one = TrainingParticipant {
            staff_id,
            full_name,
            unit_name,
            hours: 0,
            result: None,
            certificate_no: None,
            certified_on: None,
            record_id: None,
        };
        rows.update(|rows| rows.push(row_of(one)));
        dirty.set(true);
    };
    let save = Callback::new(move |()| {
        let rows = rows.get_untracked();
        let rows = rows.iter().map(|row| AttendanceRow {
            staff_id: row.one.staff_id,
            hours: row.hours.get_untracked().trim().parse().unwrap_or_default(),
            result: Some(row.result.get_untracked().trim().to_owned()).filter(|text| !text.is_empty()),
        });
        let body = PutAttendance { rows: rows.collect() };
        form.send(async move { staff::put_attendance(id, version, &body).await }, move |saved| {
            toast::say(t(tx::SAVED));
            loader.set(saved);
        });
    });
    let whole_school = own_school().map(|own| {
        let press = Callback::new(move |()| {
            let Ok(unit) = own.key.parse() else { return };
            spawn_local(async move {
                match records::all_staff(unit).await {
                    Ok(all) => all.into_iter().for_each(|one| {
                        let place = one.posts.first().map(|post| post.unit_name.clone()).unwrap_or_default();
                        add(one.id, one.full_name, place);
                    }),
                    Err(error) => toast::say(error.text()),
                }
            });
        });
        view! { <Button label=t(ADD_SCHOOL) glyph=Icon::People on_press=press /> }
    });
    let everybody = Callback::new(move |()| {
        rows.with_untracked(|rows| {
            for row in rows.iter().filter(|row| row.one.record_id.is_none()) {
                row.hours.set(most.to_string());
            }
        });
        dirty.set(true);
    });
    let tools = writes.then(|| {
        view! {
            <div class="filters no-print">
                {finder(Callback::new(move |(id, name, place): (StaffId, String, String)| add(id, name, place)))}
                {whole_school}
                <Button label=t(ALL_HOURS) glyph=Icon::Check on_press=everybody />
                <Button label=t(SAVE) look=Look::Primary busy=form.busy disabled=Signal::derive(move || !dirty.get()) on_press=save />
            </div>
        }
    });
    let table = move || {
        let all = rows.get();
        if all.is_empty() {
            return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }
                .into_any();
        }
        let lines = all.into_iter().map(|row| line(row, rows, dirty, writes, (id, version), loader)).collect_view();
        view! {
            <div class="table" tabindex="0" role="region" aria-label=t(ATTENDANCE)>
                <table class="attendance">
                    <thead><tr><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col" class="hide">{t(PLACE)}</th><th scope="col" class="r">{t(HOURS)}</th><th scope="col">{t(RESULT)}</th><th scope="col">{t(CERTIFICATE)}</th></tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        {tools}
        {move || dirty.get().then(|| view! { <p class="quiet" role="status">{t(UNSAVED)}</p> })}
        <FormFault form=form />
        {table}
    }
    .into_any()
}

/// Finds somebody to add.
fn finder(add: Callback<(StaffId, String, String)>) -> AnyView {
    let (query, chosen) = (RwSignal::new(String::new()), RwSignal::new(None::<Choice>));
    let hits = load(move || {
        let q = query.get().trim().to_owned();
        async move {
            if q.is_empty() {
                return Ok(Vec::new());
            }
            let page = records::staff(&StaffQuery { q: Some(q), ..Default::default() }, None).await?;
            let choice = |one: dto::staff::Staff| Choice {
                key: one.id.to_string(),
                note: one.posts.first().map(|post| post.unit_name.clone()).unwrap_or_default(),
                label: one.full_name,
                glyph: Icon::Person,
            };
            Ok(page.items.into_iter().take(20).map(choice).collect())
        }
    });
    crate::ui::effect(move || {
        if let Some(one) = chosen.get() {
            if let Ok(id) = one.key.parse() {
                add.run((id, one.label, one.note));
            }
            chosen.set(None);
            query.set(String::new());
        }
    });
    let options = Signal::derive(move || hits.get().unwrap_or_default());
    view! { <Combo label=t(ADD) name="training-add" query=query options=options chosen=chosen hint=t(ADD_HINT) fault=Signal::stored(None) /> }.into_any()
}

fn line(
    row: Row,
    rows: RwSignal<Vec<Row>>,
    dirty: RwSignal<bool>,
    writes: bool,
    (id, version): (TrainingId, i64),
    loader: Loader<Training>,
) -> AnyView {
    let Row { one, hours, result } = row;
    let (staff_id, record) = (one.staff_id, one.record_id);
    let label = |text| tf(text, &[("name", &one.full_name)]);
    let typed = move |signal: RwSignal<String>| {
        move |event| {
            signal.set(event_target_value(&event));
            dirty.set(true);
        }
    };
    let cells = if writes && record.is_none() {
        view! {
            <td class="r"><input type="number" min="0" max="2000" class="short" aria-label=label(HOURS_OF) prop:value=hours on:input=typed(hours) /></td>
            <td><input type="text" maxlength="100" aria-label=label(RESULT_OF) prop:value=result on:input=typed(result) /></td>
        }
        .into_any()
    } else {
        view! { <td class="r">{one.hours}</td><td>{one.result.clone()}</td> }.into_any()
    };
    let name = one.full_name.clone();
    let revoke = Callback::new(move |()| {
        let name = name.clone();
        spawn_local(async move {
            match staff::revoke(id, version, &RevokeCertificates { staff_ids: vec![staff_id] }).await {
                Ok(training) => {
                    toast::say(tf(REVOKED, &[("name", &name)]));
                    loader.set(training);
                }
                Err(error) => toast::say(error.text()),
            }
        });
    });
    let open = move |record| {
        Callback::new(move |()| {
            spawn_local(async move {
                match staff::certificate(Whose::Staff(staff_id), record).await {
                    Ok(blob) => open_file(&blob, "chung-nhan.pdf"),
                    Err(error) => toast::say(error.text()),
                }
            });
        })
    };
    let remove = move |_| {
        rows.update(|rows| rows.retain(|row| row.one.staff_id != staff_id));
        dirty.set(true);
    };
    let last = match record {
        Some(record) => view! {
            <span class="row tight"><b class="num">{one.certificate_no.clone()}</b>
                <Button small=true look=Look::Plain label=t(OPEN) on_press=open(record) />
                {writes.then(|| view! { <Button small=true look=Look::Plain label=t(REVOKE) on_press=revoke /> })}
            </span>
        }
        .into_any(),
        None if writes => {
            view! { <button type="button" class="btn plain icon-only small" aria-label=label(REMOVE) on:click=remove>{crate::ui::icon(Icon::Cross)}</button> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <tr><th scope="row">{one.full_name.clone()}</th><td class="hide muted">{one.unit_name.clone()}</td>{cells}<td>{last}</td></tr>
    }
    .into_any()
}

#[component]
fn Certify(training: Training, loader: Loader<Training>, open: RwSignal<bool>) -> impl IntoView {
    let (id, version) = (training.id, training.version);
    let least = RwSignal::new(training.hours.to_string());
    let prefix = RwSignal::new(String::new());
    let given = training.participants.iter().filter(|one| one.record_id.is_some()).count();
    let number = RwSignal::new((given + 1).to_string());
    let on = RwSignal::new(format::today().to_string());
    let form = Form::new();
    let had: Vec<StaffId> = training.participants.iter().filter(|one| one.record_id.is_some()).map(|one| one.staff_id).collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(certified_on) = on.get_untracked().parse() else { return };
        let body = PostCertificates {
            certified_on,
            least_hours: least.get_untracked().trim().parse().unwrap_or_default(),
            prefix: prefix.get_untracked().trim().to_owned(),
            first_number: number.get_untracked().trim().parse().unwrap_or_default(),
        };
        let had = had.clone();
        form.send(async move { staff::certify(id, version, &body).await }, move |done: Training| {
            open.set(false);
            let new: Vec<StaffId> = done
                .participants
                .iter()
                .filter(|one| one.record_id.is_some() && !had.contains(&one.staff_id))
                .map(|one| one.staff_id)
                .collect();
            let now = done.version;
            loader.set(done);
            toast::with_undo(tf(CERTIFIED, &[("n", &new.len().to_string())]), move || {
                let body = RevokeCertificates { staff_ids: new.clone() };
                spawn_local(async move {
                    match staff::revoke(id, now, &body).await {
                        Ok(training) => {
                            toast::say(t(UNDONE));
                            loader.set(training);
                        }
                        Err(error) => toast::say(error.text()),
                    }
                });
            });
        });
    };
    view! {
        <form class="stack form" on:submit=submit>
            <p>{t(CERTIFY_TEXT)}</p>
            <div class="fields">
                <DateField label=t(ON) name="certify-on" value=on required=true fault=form.fault("/certified_on") />
                <Field label=t(LEAST) name="certify-least" kind="number" value=least required=true fault=form.fault("/least_hours") />
                <Field label=t(PREFIX) name="certify-prefix" value=prefix max=40 fault=form.fault("/prefix") />
                <Field label=t(FROM_NUMBER) name="certify-number" kind="number" value=number required=true fault=form.fault("/first_number") />
            </div>
            <FormFault form=form fields=&["/certified_on", "/least_hours", "/prefix", "/first_number"] />
            <footer><Button label=t(CERTIFY) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
