//! Training courses of a unit and those its people go to.

use super::{crumbs, tabs};
use crate::api::staff;
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{Picked, filled, own_school};
use crate::state::who;
use crate::ui::{Button, DateField, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Progress, pages, toast};
use dto::access::Permission;
use dto::trainings::{PutTraining, Training, TrainingItem};
use dto::units::UnitKind;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    TITLE: "Tập huấn, bồi dưỡng", "Training";
    UNDER: "Mở khoá, điểm danh, cấp chứng nhận một lần cho mọi người; chứng nhận tự vào hồ sơ.", "A course, attendance, certificates for all in one act; they go into each record.";
    NEW: "Mở khoá bồi dưỡng", "New course";
    NONE: "Chưa có khoá nào", "No courses yet";
    NONE_TEXT: "Khoá của trường và khoá cấp trên có người của trường tham gia hiện ở đây.", "A school's own courses, and those its people go to, show here.";
    COURSE: "Khoá", "Course";
    WHEN: "Thời gian", "When";
    CERTIFIED: "Đã cấp {n} trên {of}", "{n} of {of} certified";
    HELD_BY: "Đơn vị mở khoá", "The unit that holds it";
    PICK: "Gõ tên trường, xã, phường hoặc Sở", "Type a school, commune or the department";
    PICK_IT: "Hãy chọn đơn vị", "Choose a unit";
    NAME: "Tên khoá", "Name of the course";
    PROGRAMME: "Chương trình", "Programme";
    PROGRAMME_HINT: "Ví dụ: Bồi dưỡng thường xuyên, mô đun 9", "Such as: regular training, module 9";
    PROVIDER: "Đơn vị tổ chức, giảng dạy", "Who teaches it";
    HOURS: "Số tiết", "Hours";
    FIRST: "Từ ngày", "From";
    LAST: "Đến hết ngày", "To (included)";
    DECISION: "Số quyết định", "Decision no.";
    NOTE: "Ghi chú", "Note";
    MADE: "Đã mở khoá", "The course is made";
}

const FIELDS: &[&str] = &["/unit_id", "/name", "/programme", "/provider", "/hours", "/first_on", "/last_on", "/decision_no"];

#[component]
pub fn TrainingsPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let found = pages(move |after| {
        let unit = school.id();
        async move { staff::trainings(unit, after).await }
    });
    let adding = RwSignal::new(false);
    let navigate = use_navigate();
    let made = Callback::new(move |made: Training| {
        adding.set(false);
        toast::say(t(MADE));
        navigate(&format!("/office/trainings/{}", made.id), NavigateOptions::default());
    });
    view! {
        <Header title=t(TITLE) crumbs=crumbs() under=t(UNDER)>
            {found.export("boi-duong")}
            {who().can(Permission::TrainingWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        {tabs()}
        <div class="filters">{school.field("training-school")}{filters.show()}</div>
        {found.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Book /></div> }.into_any();
            }
            let rows = items.into_iter().map(row).collect_view();
            view! {
                <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
                    <table>
                        <thead><tr><th scope="col">{t(COURSE)}</th><th scope="col" class="hide">{t(WHEN)}</th><th scope="col" class="r">{t(HOURS)}</th><th scope="col">{t(tx::STATUS)}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        })}
        <Dialog open=adding title=t(NEW)><TrainingForm training=None done=made /></Dialog>
    }
    .into_any()
}

/// "06/07/2026 – 10/07/2026"
pub fn days(first: chrono::NaiveDate, last: chrono::NaiveDate) -> String {
    if first == last { format::date(first) } else { format!("{} – {}", format::date(first), format::date(last)) }
}

fn row(item: TrainingItem) -> AnyView {
    let told = tf(CERTIFIED, &[("n", &item.certified.to_string()), ("of", &item.participants.to_string())]);
    let percent = item.certified * 100 / item.participants.max(1);
    view! {
        <tr>
            <th scope="row"><A href=format!("/office/trainings/{}", item.id) attr:class="row-link"><b>{item.name}</b></A><br /><small class="muted">{item.unit_name}</small></th>
            <td class="hide num muted">{days(item.first_on, item.last_on)}</td>
            <td class="r">{item.hours}</td>
            <td><small class="muted">{told.clone()}</small><Progress percent=percent label=told /></td>
        </tr>
    }
    .into_any()
}

/// A new course, or a change of one.
#[component]
pub fn TrainingForm(training: Option<Training>, done: Callback<Training>) -> impl IntoView {
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let was = training.as_ref();
    let name = text(was.map(|t| t.name.clone()));
    let programme = text(was.and_then(|t| t.programme.clone()));
    let provider = text(was.map(|t| t.provider.clone()).or_else(|| own_school().map(|own| own.label)));
    let hours = text(was.map(|t| t.hours.to_string()));
    let today = format::today().to_string();
    let first_on = text(was.map(|t| t.first_on.to_string()).or(Some(today.clone())));
    let last_on = text(was.map(|t| t.last_on.to_string()).or(Some(today)));
    let decision = text(was.and_then(|t| t.decision_no.clone()));
    let note = text(was.and_then(|t| t.note.clone()));
    let place = Picked::new();
    place.chosen.set(own_school());
    let stands = was.map(|t| (t.id, t.version, t.unit_id));
    let (form, missing) = (Form::new(), RwSignal::new(false));
    let server = form.fault("/unit_id");
    let fault = Signal::derive(move || server.get().or_else(|| missing.get().then(|| t(PICK_IT).to_owned())));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let unit = stands.map(|(_, _, unit)| unit).or_else(|| place.id());
        missing.set(unit.is_none());
        let day = |text: RwSignal<String>| text.get_untracked().parse().ok();
        let (Some(unit_id), Some(first_on), Some(last_on)) = (unit, day(first_on), day(last_on)) else { return };
        let body = PutTraining {
            unit_id,
            name: name.get_untracked(),
            programme: filled(programme),
            provider: provider.get_untracked(),
            hours: hours.get_untracked().trim().parse().unwrap_or_default(),
            first_on,
            last_on,
            decision_no: filled(decision),
            note: filled(note),
        };
        let call = async move {
            match stands {
                Some((id, version, _)) => staff::put_training(id, version, &body).await,
                None => staff::create_training(&body).await,
            }
        };
        form.send(call, move |training| done.run(training));
    };
    const PLACES: &[UnitKind] = &[UnitKind::School, UnitKind::Campus, UnitKind::Commune, UnitKind::Department];
    view! {
        <form class="stack form" on:submit=submit>
            {(stands.is_none() && own_school().is_none()).then(|| place.unit_field(t(HELD_BY), "training-unit", PLACES, None, t(PICK), fault))}
            <Field label=t(NAME) name="training-name" value=name required=true max=200 fault=form.fault("/name") />
            <Field label=t(PROGRAMME) name="training-programme" value=programme max=200 hint=t(PROGRAMME_HINT) fault=form.fault("/programme") />
            <Field label=t(PROVIDER) name="training-provider" value=provider required=true max=200 fault=form.fault("/provider") />
            <div class="fields">
                <Field label=t(HOURS) name="training-hours" kind="number" value=hours required=true fault=form.fault("/hours") />
                <DateField label=t(FIRST) name="training-first" value=first_on required=true fault=form.fault("/first_on") />
                <DateField label=t(LAST) name="training-last" value=last_on required=true fault=form.fault("/last_on") />
                <Field label=t(DECISION) name="training-decision" value=decision max=60 fault=form.fault("/decision_no") />
            </div>
            <Field label=t(NOTE) name="training-note" value=note max=500 />
            <FormFault form=form fields=FIELDS />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
