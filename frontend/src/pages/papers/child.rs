//! A child's transcripts: what was issued, to look at, to keep, and to have corrected.

use super::corrections::line;
use super::forms::Ask;
use super::{nowhere, state_pill};
use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Empty, Form, FormFault, Header, Icon, Loader, icon, load, save_as};
use dto::transcripts::{FamilyTranscript, TranscriptForm, TranscriptState};
use dto::{LearnerId, Page};
use leptos::prelude::*;
use std::sync::Arc;

texts! {
    TITLE: "Học bạ số", "Transcripts";
    UNDER: "Bản đã ký số của nhà trường có giá trị như bản giấy. Trường khác kiểm tra được ngay, không cần nộp bản giấy.", "What the school signed counts as paper does. Another school can check it at once; no paper is asked for.";
    NONE: "Chưa có học bạ nào được ban hành", "No transcript has been issued yet";
    NONE_TEXT: "Học bạ của mỗi năm học có ở đây sau khi nhà trường ký và ban hành.", "The transcript of a school year is here once the school has signed and issued it.";
    PDF: "Tải bản PDF", "Download the PDF";
    XML: "Tải dữ liệu ký số", "Download the signed data";
    CHECK: "Trang kiểm tra", "Check page";
    ASK: "Đề nghị sửa", "Ask for a correction";
    ISSUED: "Ban hành {at}", "Issued {at}";
}

#[component]
pub fn ChildTranscriptsPage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let loader = load(move || {
        let learner = learner.get();
        async move { transcripts::of_child(learner.ok_or_else(nowhere)?).await }
    });
    let back = move || learner.get_untracked().map(|id| format!("/children/{id}")).unwrap_or_else(|| "/".to_owned());
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(tx::CHILDREN).to_owned(), back())] />
        {loader.show(move |page| {
            let Some(learner) = learner.get_untracked().filter(|_| !page.items.is_empty()) else {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::File /></div> }.into_any();
            };
            page.items.into_iter().map(|item| view! { <One item=item learner=learner loader=loader /> }).collect_view().into_any()
        })}
    }
}

#[component]
fn One(item: FamilyTranscript, learner: LearnerId, loader: Loader<Page<FamilyTranscript>>) -> impl IntoView {
    let _ = lang();
    let (id, form, asking) = (item.id, Form::new(), RwSignal::new(false));
    let stands = item.state == TranscriptState::Issued;
    let get = move |kind: TranscriptForm| {
        Callback::new(move |()| {
            let name = format!("hoc-ba-{id}.{}", if kind == TranscriptForm::Xml { "xml" } else { "pdf" });
            form.send(async move { transcripts::child_file(learner, id, kind).await }, move |blob| save_as(&blob, &name));
        })
    };
    let corrections = item.corrections.iter().map(|one| view! { <li>{line(one)}</li> }).collect_view();
    let call = Arc::new(move |body| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
        Box::pin(async move { transcripts::ask_for_child(learner, id, &body).await })
    });
    view! {
        <section class="panel">
            <header><h2>{item.school_year}</h2>{state_pill(item.state)}</header>
            <div class="body stack">
                <p>{format!("{} · {}", item.class_name, item.school_name)}<br/><span class="muted">{tf(ISSUED, &[("at", &format::instant(item.issued_at))])}</span></p>
                {stands.then(|| view! {
                    <div class="row">
                        <Button label=t(PDF) look=crate::ui::Look::Primary glyph=Icon::File busy=form.busy on_press=get(TranscriptForm::Pdf) />
                        <Button label=t(XML) busy=form.busy on_press=get(TranscriptForm::Xml) />
                        <a class="btn" href=format!("/check/{}", item.check_code) rel="external">{icon(Icon::Check)}{t(CHECK)}</a>
                        <Button label=t(ASK) on_press=Callback::new(move |()| asking.set(true)) />
                    </div>
                })}
                <FormFault form=form />
                <ul class="lines">{corrections}</ul>
            </div>
            <Ask open=asking call=call done=Callback::new(move |()| loader.reload()) />
        </section>
    }
    .into_any()
}
