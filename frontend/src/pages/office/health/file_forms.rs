//! The forms of a child's health file.

use crate::api::health;
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::ui::{Button, Check, DateField, Field, Form, FormFault, Loader, Look, SelectField, toast};
use chrono::{FixedOffset, NaiveDateTime, TimeZone, Utc};
use dto::LearnerId;
use dto::health::*;
use leptos::prelude::*;

texts! {
    KIND: "Loại", "Kind";
    DETAIL: "Nội dung (được mã hoá)", "What it is (sealed)";
    ALERT: "Điều chủ nhiệm cần biết và làm (để trống: không chia sẻ)", "What the homeroom teacher must know and do (empty: nothing is shared)";
    SINCE: "Từ ngày (không bắt buộc)", "Since (not required)";
    ACTIVE: "Đang còn", "Still holds";
    VACCINE: "Tên vắc xin", "Vaccine";
    DOSE: "Mũi thứ", "Dose";
    GIVEN: "Ngày tiêm (nếu biết)", "Day (where known)";
    SOURCE: "Nguồn thông tin", "Known from";
    WHEN: "Lúc", "When";
    WHAT: "Việc xảy ra và đã làm gì (được mã hoá)", "What happened and what was done (sealed)";
    TO: "Chuyển đến (nếu có)", "Sent to (if anywhere)";
    HOW: "Đã báo gia đình bằng cách nào (để trống: chưa báo)", "How the family was told (empty: not yet)";
    SAVED: "Đã lưu", "Saved";
}

fn area(
    label: &'static str,
    name: &'static str,
    value: RwSignal<String>,
    required: bool,
    max: u32,
    form: Form,
    at: &'static str,
) -> AnyView {
    let fault = form.fault(at);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea id=name maxlength=max required=required prop:value=value on:input=move |event| value.set(event_target_value(&event))></textarea>
            {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
        </div>
    }
    .into_any()
}

fn feet(form: Form, open: RwSignal<bool>) -> AnyView {
    view! {
        <footer>
            <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
            <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
        </footer>
    }
    .into_any()
}

fn some(text: RwSignal<String>) -> Option<String> {
    Some(text.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

/// A new condition, or another one in place of `was`.
#[component]
pub fn AddCondition(
    learner: LearnerId,
    was: Option<Condition>,
    open: RwSignal<bool>,
    file: Loader<LearnerHealth>,
    opened: RwSignal<Option<OpenedHealth>>,
) -> impl IntoView {
    let form = Form::new();
    let kind = RwSignal::new(was.as_ref().map_or(ConditionKind::Allergy, |c| c.kind).as_str().to_owned());
    let detail = RwSignal::new(was.as_ref().map(|c| c.detail.clone()).unwrap_or_default());
    let alert = RwSignal::new(was.as_ref().and_then(|c| c.alert.clone()).unwrap_or_default());
    let since = RwSignal::new(was.as_ref().and_then(|c| c.since).map(|d| d.to_string()).unwrap_or_default());
    let active = RwSignal::new(was.as_ref().is_none_or(|c| c.active));
    let place = was.map(|c| (c.id, c.version));
    let kinds: Vec<(String, String)> =
        ConditionKind::ALL.iter().map(|k| (k.as_str().to_owned(), k.label(lang()).to_owned())).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PutCondition {
            kind: kind.get_untracked().parse().unwrap_or(ConditionKind::Illness),
            detail: detail.get_untracked(),
            alert: some(alert),
            since: since.get_untracked().parse().ok(),
            active: active.get_untracked(),
        };
        let call = async move {
            match place {
                None => health::add_condition(learner, &body).await,
                Some((id, version)) => health::put_condition(learner, id, version, &body).await,
            }
        };
        form.send(call, move |saved| {
            open.set(false);
            toast::say(t(SAVED));
            // What was opened already goes on standing open, with what was just written.
            opened.update(|opened| {
                if let Some(opened) = opened {
                    opened.conditions.retain(|c| c.id != saved.id);
                    opened.conditions.push(saved);
                }
            });
            file.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <SelectField label=t(KIND) name="condition-kind" value=kind options=kinds />
            {area(t(DETAIL), "condition-detail", detail, true, 1000, form, "/detail")}
            {area(t(ALERT), "condition-alert", alert, false, 300, form, "/alert")}
            <DateField label=t(SINCE) name="condition-since" value=since fault=form.fault("/since") />
            <Check label=t(ACTIVE) value=active />
            <FormFault form=form fields=&["/detail", "/alert", "/since"] />
            {feet(form, open)}
        </form>
    }
    .into_any()
}

#[component]
pub fn AddVaccination(learner: LearnerId, open: RwSignal<bool>, file: Loader<LearnerHealth>) -> impl IntoView {
    let form = Form::new();
    let (vaccine, day) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let dose = RwSignal::new("1".to_owned());
    let source = RwSignal::new(VaccinationSource::Booklet.as_str().to_owned());
    let sources: Vec<(String, String)> =
        VaccinationSource::ALL.iter().map(|s| (s.as_str().to_owned(), s.label(lang()).to_owned())).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostVaccination {
            vaccine: vaccine.get_untracked(),
            dose: dose.get_untracked().trim().parse().unwrap_or(0),
            given_on: day.get_untracked().parse().ok(),
            source: source.get_untracked().parse().unwrap_or(VaccinationSource::Family),
        };
        form.send(async move { health::add_vaccination(learner, &body).await }, move |_| {
            open.set(false);
            toast::say(t(SAVED));
            file.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(VACCINE) name="vaccine" value=vaccine required=true max=120 fault=form.fault("/vaccine") />
            <Field label=t(DOSE) name="vaccine-dose" value=dose kind="number" required=true fault=form.fault("/dose") />
            <DateField label=t(GIVEN) name="vaccine-day" value=day fault=form.fault("/given_on") />
            <SelectField label=t(SOURCE) name="vaccine-source" value=source options=sources />
            <FormFault form=form fields=&["/vaccine", "/dose", "/given_on"] />
            {feet(form, open)}
        </form>
    }
    .into_any()
}

/// The instant of a local time in Vietnam, as the browser's field gives it.
fn instant(text: &str) -> Option<chrono::DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    Some(FixedOffset::east_opt(7 * 3600)?.from_local_datetime(&local).single()?.with_timezone(&Utc))
}

#[component]
pub fn AddAid(learner: LearnerId, open: RwSignal<bool>, file: Loader<LearnerHealth>) -> impl IntoView {
    let form = Form::new();
    let now = chrono::DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default();
    let when = RwSignal::new(format!("{}T{}", format::today(), &format::clock(now)[..5]));
    let kind = RwSignal::new(FirstAidKind::FirstAid.as_str().to_owned());
    let (what, to, how) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kinds: Vec<(String, String)> =
        FirstAidKind::ALL.iter().map(|k| (k.as_str().to_owned(), k.label(lang()).to_owned())).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(at) = instant(&when.get_untracked()) else { return };
        let told_how = some(how);
        let body = PutFirstAid {
            at,
            kind: kind.get_untracked().parse().unwrap_or(FirstAidKind::FirstAid),
            what: some(what),
            referred_to: some(to),
            told_at: told_how.as_ref().map(|_| now),
            told_how,
        };
        form.send(async move { health::add_first_aid(learner, &body).await }, move |_| {
            open.set(false);
            toast::say(t(SAVED));
            file.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(WHEN) name="aid-when" value=when kind="datetime-local" required=true fault=form.fault("/at") />
            <SelectField label=t(KIND) name="aid-kind" value=kind options=kinds />
            {area(t(WHAT), "aid-what", what, true, 1000, form, "/what")}
            <Field label=t(TO) name="aid-to" value=to max=200 fault=form.fault("/referred_to") />
            <Field label=t(HOW) name="aid-told" value=how max=200 fault=form.fault("/told_how") />
            <FormFault form=form fields=&["/at", "/what", "/referred_to", "/told_how"] />
            {feet(form, open)}
        </form>
    }
    .into_any()
}
