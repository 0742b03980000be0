//! A teacher asks to open locked columns of a sheet.

use super::deadlines::{told, tone};
use super::marks::address;
use super::nowhere;
use crate::api::{gradebook, sheet};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Check, Crumb, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, load, toast};
use dto::calendar::Term;
use dto::deadlines::{MarkOpening, PostMarkOpening, SlotGroup};
use dto::gradebook::MarkSheet;
use dto::{ClassId, Page};
use leptos::prelude::*;

texts! {
    TITLE: "Xin mở khoá nhập điểm", "Ask to open marks";
    WHICH: "Các cột cần mở", "Columns to open";
    LOCKED_SINCE: "{group} (hạn {day})", "{group} (due {day})";
    REASON: "Lí do", "Reason";
    REASON_HINT: "Hiệu trưởng hoặc phó hiệu trưởng đọc lí do này và chọn ngày mở.", "Principal or deputy reads this and chooses until when.";
    SEND: "Gửi yêu cầu", "Send the request";
    SENT: "Đã gửi yêu cầu, chờ duyệt", "The request is sent";
    NOTHING: "Không có cột nào bị khoá", "No column is locked";
    NOTHING_TEXT: "Bạn nhập điểm được ngay trong sổ.", "Marks can be entered right away.";
    BEFORE: "Đã yêu cầu", "Requests";
    NONE: "Chưa có yêu cầu nào cho sổ điểm này", "No requests for this sheet yet";
}

#[component]
pub fn OpeningPage() -> impl IntoView {
    let (class, subject, term) = (param::<ClassId>("class"), param::<String>("subject"), param::<Term>("term"));
    let place = move || class.get().zip(subject.get()).zip(term.get());
    let marks = load(move || {
        let place = place();
        async move {
            let ((class, subject), term) = place.ok_or_else(nowhere)?;
            gradebook::mark_sheet(class, &subject, term).await.map(|(sheet, _)| sheet)
        }
    });
    let asked = load(move || {
        let place = place();
        async move {
            let ((class, subject), term) = place.ok_or_else(nowhere)?;
            sheet::sheet_openings(class, &subject, term).await
        }
    });
    view! {
        {marks.show(move |answer| view! { <Ask answer=answer marks=marks asked=asked /> })}
        <section class="panel" aria-labelledby="asked-title">
            <header><h2 id="asked-title">{t(BEFORE)}</h2></header>
            <div class="body">{asked.show(list)}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Ask(answer: MarkSheet, marks: Loader<MarkSheet>, asked: Loader<Page<MarkOpening>>) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let code = StoredValue::new(answer.subject_code.clone());
    let subject = lang().pick(&answer.subject_name_vi, &answer.subject_name_en).to_owned();
    let crumbs = vec![
        Crumb(t(tx::CLASSES).to_owned(), "/classes".to_owned()),
        Crumb(answer.class_name.clone(), format!("/classes/{class}")),
        Crumb(subject, address(class, &answer.subject_code, term)),
    ];
    let groups: Vec<(SlotGroup, String, RwSignal<bool>)> = answer
        .locks
        .iter()
        .filter(|lock| lock.locked && !lock.requested && answer.writable)
        .map(|lock| {
            let day = lock.due_on.map(format::date).unwrap_or_default();
            (lock.group, tf(LOCKED_SINCE, &[("group", lock.group.label(lang())), ("day", &day)]), RwSignal::new(true))
        })
        .collect();
    let head = view! { <Header title=t(TITLE) crumbs=crumbs under=term.label(lang()) /> };
    if groups.is_empty() {
        return view! { {head} <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Check /></div> }
            .into_any();
    }
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let boxes = groups.iter().map(|(_, label, value)| view! { <Check label=label.clone() value=*value /> }).collect_view();
    let groups = StoredValue::new(groups);
    let none = Signal::derive(move || groups.with_value(|all| !all.iter().any(|(_, _, value)| value.get())));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wanted =
            groups.with_value(|all| all.iter().filter(|(_, _, v)| v.get_untracked()).map(|(group, ..)| *group).collect());
        let body = PostMarkOpening { groups: wanted, reason: reason.get_untracked().trim().to_owned() };
        form.send(async move { sheet::ask_opening(class, &code.get_value(), term, &body).await }, move |_| {
            toast::say(t(SENT));
            marks.reload();
            asked.reload();
        });
    };
    view! {
        {head}
        <form class="panel" on:submit=send>
            <div class="body stack">
                <fieldset class="field"><legend class="label">{t(WHICH)}</legend>{boxes}</fieldset>
                <div class="field">
                    <label for="opening-reason">{t(REASON)}<span class="need" aria-hidden="true">" *"</span></label>
                    <textarea id="opening-reason" required=true minlength="5" maxlength="500" aria-describedby="opening-hint" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
                    <p class="hint" id="opening-hint">{t(REASON_HINT)}</p>
                </div>
                <FormFault form=form />
                <div class="row"><Button label=t(SEND) look=Look::Primary busy=form.busy disabled=none /></div>
            </div>
        </form>
    }
    .into_any()
}

fn list(page: Page<MarkOpening>) -> AnyView {
    if page.items.is_empty() {
        return view! { <p class="muted">{t(NONE)}</p> }.into_any();
    }
    let lines = page
        .items
        .iter()
        .map(|opening| {
            let told = told(opening);
            view! { <li><div class="grow stack">{told}</div><Pill label=opening.state.label(lang()) tone=tone(opening.state) /></li> }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}
