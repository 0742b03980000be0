//! A learner's codes with their history.

use crate::api::{ApiError, one_record};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::pick::filled;
use crate::ui::{
    Button, DateField, Dialog, Field, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, load, toast,
};
use dto::LearnerId;
use dto::one_record::*;
use leptos::prelude::*;

texts! {
    TITLE: "Mã số của {name}", "Codes of {name}";
    HEAD: "Mã số học sinh", "Codes of a learner";
    KIND: "Loại mã", "Kind";
    VALUE: "Mã", "Code";
    FROM: "Từ", "From";
    UNTIL: "Đến", "Until";
    WHO: "Người ghi", "Written by";
    WHY: "Lí do", "Reason";
    NOW: "đang dùng", "in use";
    START: "từ đầu", "from the start";
    GIVE: "Cấp, sửa mã", "Give or correct a code";
    GIVEN: "Đã ghi mã", "The code is written down";
    OF_SCHOOL: "Mã của trường và số đăng bộ là của trường em đang học.", "A school's own code and register number are those of the present school.";
}

#[component]
pub fn CodesPage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let found = load(move || {
        let learner = learner.get();
        async move {
            let nowhere = || ApiError::Unexpected { status: 404, request_id: None };
            one_record::codes(learner.ok_or_else(nowhere)?).await
        }
    });
    view! { {found.show(move |codes| view! { <Codes codes=codes found=found /> })} }.into_any()
}

#[component]
fn Codes(codes: LearnerCodes, found: Loader<LearnerCodes>) -> impl IntoView {
    let giving = RwSignal::new(false);
    let id = codes.learner_id;
    let under =
        [Some(format::date(codes.birth_date)), codes.school_name.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let rows = codes
        .items
        .into_iter()
        .map(|code| {
            let kind = match code.school_name {
                Some(school) => format!("{} · {school}", code.kind.label(lang())),
                None => code.kind.label(lang()).to_owned(),
            };
            let from = code.valid_from.map_or_else(|| t(START).to_owned(), format::date);
            let until = match code.valid_to {
                Some(day) => view! { <span class="num">{format::date(day)}</span> }.into_any(),
                None => view! { <Pill label=t(NOW) tone=Tone::Ok /> }.into_any(),
            };
            let by = code.set_by.map(|who| match code.set_at {
                Some(at) => format!("{who} · {}", format::instant(at)),
                None => who,
            });
            view! { <tr><td>{kind}</td><td class="num"><b>{code.value}</b></td><td class="num">{from}</td><td>{until}</td><td>{by}</td><td>{code.reason}</td></tr> }
        })
        .collect_view();
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=tf(TITLE, &[("name", &codes.full_name)]) under=under>
            <a class="btn" href=format!("/learners/{id}")>{codes.full_name.clone()}</a>
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            {codes.writable.then(|| view! { <Button label=t(GIVE) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| giving.set(true)) /> })}
        </Header>
        <div class="table" tabindex="0" role="region" aria-label=t(HEAD)>
            <table>
                <thead><tr><th>{t(KIND)}</th><th>{t(VALUE)}</th><th>{t(FROM)}</th><th>{t(UNTIL)}</th><th>{t(WHO)}</th><th>{t(WHY)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Dialog open=giving title=t(GIVE)>
            {move || giving.get().then(|| view! { <Give id=id open=giving found=found /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Give(id: LearnerId, open: RwSignal<bool>, found: Loader<LearnerCodes>) -> impl IntoView {
    let form = Form::new();
    let kinds: Vec<(String, String)> = CodeKind::ALL
        .iter()
        .filter(|kind| **kind != CodeKind::Temporary)
        .map(|kind| (kind.to_string(), kind.label(lang()).to_owned()))
        .collect();
    let kind = RwSignal::new(CodeKind::PersonalId.to_string());
    let (value, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let from = RwSignal::new(format::today().to_string());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostLearnerCode {
            kind: kind.get_untracked().parse().unwrap_or(CodeKind::PersonalId),
            value: value.get_untracked().trim().to_owned(),
            valid_from: from.get_untracked().parse().ok(),
            reason: filled(reason).unwrap_or_default(),
        };
        form.send(async move { one_record::give_code(id, &body).await }, move |codes| {
            open.set(false);
            toast::say(t(GIVEN));
            found.set(codes);
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <SelectField label=t(KIND) name="code-kind" value=kind options=kinds hint=t(OF_SCHOOL) fault=form.fault("/kind") />
            <Field label=t(VALUE) name="code-value" value=value required=true max=40 fault=form.fault("/value") />
            <DateField label=t(FROM) name="code-from" value=from required=true fault=form.fault("/valid_from") />
            <Field label=t(WHY) name="code-reason" value=reason required=true max=500 fault=form.fault("/reason") />
            <FormFault form=form fields=&["/kind", "/value", "/valid_from", "/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
