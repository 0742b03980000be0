//! One transcript: what it says, who signed, what happened to it, to whom it was given.

use super::corrections::line;
use super::forms::{Ask, Give, Reopen, Revoke};
use super::{nowhere, state_pill};
use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{Button, CopyButton, Crumb, Form, FormFault, Header, Icon, Loader, Look, icon, load, save_as};
use dto::TranscriptId;
use dto::access::Permission;
use dto::transcripts::{Transcript, TranscriptForm, TranscriptSignature, TranscriptState};
use leptos::prelude::*;
use std::sync::Arc;

texts! {
    TITLE: "Học bạ của {name}", "Transcript of {name}";
    UNDER: "Lớp {class} · năm học {year}", "Class {class} · school year {year}";
    TO_CLASS: "Học bạ lớp {class}", "Transcripts of {class}";
    PDF: "Mở bản PDF", "The PDF";
    PREVIEW: "Xem trước (PDF)", "Preview (PDF)";
    XML: "Dữ liệu ký số (XML)", "Signed data (XML)";
    COPY_OF: "Bản sao để in", "Copy to print";
    REOPEN: "Đưa về bản nháp", "Back to a draft";
    REVOKE: "Thu hồi", "Revoke";
    GIVE: "Ghi nhận cấp", "Note that it was given";
    ASK: "Đề nghị sửa", "Ask for a correction";
    SIGNATURES: "Chữ ký", "Signatures";
    NOT_YET: "chưa ký", "not signed";
    RESULTS: "Kết quả", "Results";
    HISTORY: "Quá trình", "History";
    GIVEN: "Đã cấp cho", "Given to";
    NOBODY: "Chưa cấp cho ai.", "Given to nobody yet.";
    CORRECTIONS: "Đề nghị sửa", "Requests for correction";
    HASH: "Mã băm nội dung (SHA-256)", "Content hash (SHA-256)";
    CHECK: "Trang kiểm tra công khai", "Public check page";
    REPLACES: "Thay cho một học bạ đã thu hồi", "In place of one that was revoked";
    SUPERSEDED: "Đã có học bạ khác thay thế", "Another has taken its place";
    REVOKED: "Thu hồi theo quyết định {number} ngày {day}: {reason}", "Revoked by decision {number} of {day}: {reason}";
    SUBJECT: "Môn học", "Subject";
    YEAR: "Cả năm", "Year";
    WORDS: "Nhận xét", "Comment";
    AGAIN: "Đánh giá lại", "Again";
}

texts! {
    DRAFTED: "Lập bản nháp", "Drafted";
    RECONCILED: "Đối chiếu", "Reconciled";
    REOPENED: "Đưa về bản nháp", "Reopened";
    ISSUED: "Ban hành", "Issued";
    REVOKED_EVENT: "Thu hồi", "Revoked";
    CORRECTION_ASKED: "Có đề nghị sửa", "Correction asked";
    CORRECTION_ANSWERED: "Trả lời đề nghị sửa", "Correction answered";
}

fn event(what: &str) -> &str {
    match what {
        "drafted" => t(DRAFTED),
        "reconciled" => t(RECONCILED),
        "reopened" => t(REOPENED),
        "issued" => t(ISSUED),
        "revoked" => t(REVOKED_EVENT),
        "correction_asked" => t(CORRECTION_ASKED),
        "correction_answered" => t(CORRECTION_ANSWERED),
        other => other,
    }
}

#[component]
pub fn TranscriptPage() -> impl IntoView {
    let id = param::<TranscriptId>("transcript");
    let loader = load(move || {
        let id = id.get();
        async move { transcripts::one(id.ok_or_else(nowhere)?).await }
    });
    loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })
}

/// The signatures in their order, as a line that fills from left to right.
pub fn signatures(list: &[TranscriptSignature]) -> AnyView {
    let lines = list.iter().map(|one| {
        let what = match &one.subject_name {
            Some(subject) => subject.clone(),
            None => one.role.label(lang()).to_owned(),
        };
        match (&one.signer, one.signed_at) {
            (Some(signer), Some(at)) => view! {
                <li class="done">{icon(Icon::Check)}<div><b>{what}</b><p class="muted">{signer.clone()}<br/>{format::instant(at)}</p></div></li>
            }
            .into_any(),
            _ => view! { <li>{icon(Icon::Clock)}<div><b>{what}</b><p class="muted">{t(NOT_YET)}</p></div></li> }.into_any(),
        }
    });
    view! { <ol class="signatures">{lines.collect_view()}</ol> }.into_any()
}

fn text<'a>(value: &'a serde_json::Value, name: &str) -> &'a str {
    value.get(name).and_then(|value| value.as_str()).unwrap_or_default()
}

fn list<'a>(value: &'a serde_json::Value, name: &str) -> &'a [serde_json::Value] {
    value.get(name).and_then(|value| value.as_array()).map(Vec::as_slice).unwrap_or_default()
}

/// What it says, in short; the whole is the PDF.
fn results(content: &serde_json::Value) -> AnyView {
    let of = |entries: &[serde_json::Value], period: &str| {
        let entry = entries.iter().find(|entry| text(entry, "period") == period);
        entry.map(|entry| match text(entry, "test") {
            "" => text(entry, "value").to_owned(),
            test => format!("{} · {test}", text(entry, "value")),
        })
    };
    let rows = list(content, "subjects").iter().map(|subject| {
        let entries = list(subject, "entries");
        let cell = |period| view! { <td class="r num">{of(entries, period).unwrap_or_default()}</td> };
        view! { <tr><th scope="row">{text(subject, "name").to_owned()}</th>{cell("s1")}{cell("s2")}{cell("year")}{cell("again")}<td class="words">{text(subject, "comment").to_owned()}</td></tr> }
    });
    let outcomes =
        list(content, "year").iter().filter(|one| text(one, "period") != "s1" && text(one, "period") != "s2").map(|one| {
            view! { <li><span class="muted">{text(one, "name").to_owned()}</span>" "<b>{text(one, "value").to_owned()}</b></li> }
        });
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(RESULTS)>
            <table><thead><tr><th scope="col">{t(SUBJECT)}</th><th scope="col" class="r">"I"</th><th scope="col" class="r">"II"</th><th scope="col" class="r">{t(YEAR)}</th><th scope="col" class="r">{t(AGAIN)}</th><th scope="col">{t(WORDS)}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody></table>
        </div>
        <ul class="papers-legend">{outcomes.collect_view()}</ul>
    }
    .into_any()
}

#[component]
fn Loaded(answer: Transcript, loader: Loader<Transcript>) -> impl IntoView {
    let who = who();
    let (id, state) = (answer.id, answer.state);
    let form = Form::new();
    let file = move |kind: TranscriptForm| {
        Callback::new(move |()| {
            let name = format!("hoc-ba-{id}.{}", if kind == TranscriptForm::Xml { "xml" } else { "pdf" });
            form.send(async move { transcripts::file(id, kind).await }, move |blob| save_as(&blob, &name));
        })
    };
    let new = || RwSignal::new(false);
    let (reopening, revoking, giving, asking) = (new(), new(), new(), new());
    let open = |signal: RwSignal<bool>| Callback::new(move |()| signal.set(true));
    let done = Callback::new(move |answer| loader.set(answer));
    let issued = state == TranscriptState::Issued;
    let kept = matches!(state, TranscriptState::Sealed | TranscriptState::Issued | TranscriptState::Revoked);
    let reopens = !matches!(state, TranscriptState::Draft | TranscriptState::Issued | TranscriptState::Revoked)
        && who.can(Permission::TranscriptPrepare);
    let crumbs = vec![Crumb(tf(TO_CLASS, &[("class", &answer.class_name)]), format!("/papers/classes/{}", answer.class_id))];
    let call = Arc::new(move |body| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
        Box::pin(async move { transcripts::ask(id, &body).await })
    });
    let revoked = answer.revoked.as_ref().map(|revoked| {
        let day = format::date(revoked.decided_on);
        tf(REVOKED, &[("number", &revoked.decision_number), ("day", &day), ("reason", &revoked.reason)])
    });
    let notes = [answer.replaces.map(|_| t(REPLACES)), answer.superseded_by.map(|_| t(SUPERSEDED))];
    let history = answer.history.iter().map(|one| {
        view! { <li><div class="grow"><b>{event(&one.what).to_owned()}</b>" "<span class="muted">{format!("{} · {}", one.by, format::instant(one.at))}</span>{one.note.clone().map(|note| view! { <p>{note}</p> })}</div></li> }
    });
    let issues = answer.issues.iter().map(|one| {
        view! { <li><div class="grow"><b>{one.recipient.clone()}</b>" "<span class="muted">{format!("{} · {} · {}", one.form.label(lang()), one.by, format::instant(one.at))}</span><p>{one.purpose.clone()}</p></div></li> }
    });
    let nobody = answer.issues.is_empty().then(|| view! { <p class="body quiet">{t(NOBODY)}</p> });
    let corrections = (!answer.corrections.is_empty()).then(|| {
        let lines = answer.corrections.iter().map(|one| view! { <li>{line(one)}</li> }).collect_view();
        view! { <section class="panel"><header><h2>{t(CORRECTIONS)}</h2></header><ul class="lines">{lines}</ul></section> }
    });
    let check = format!("/check/{}", answer.check_code);
    view! {
        <Header title=tf(TITLE, &[("name", &answer.full_name)]) under=tf(UNDER, &[("class", &answer.class_name), ("year", &answer.school_year)]) crumbs=crumbs>
            {state_pill(state)}
        </Header>
        <div class="stack">
            {revoked.map(|text| view! { <div class="strip bad">{icon(Icon::Alert)}<span class="grow">{text}</span></div> })}
            {notes.into_iter().flatten().map(|text| view! { <div class="strip">{icon(Icon::Info)}<span class="grow">{text}</span></div> }).collect_view()}
            <div class="row no-print">
                <Button label=t(if kept { PDF } else { PREVIEW }) look=Look::Primary glyph=Icon::File busy=form.busy on_press=file(TranscriptForm::Pdf) />
                {(state != TranscriptState::Draft).then(|| view! { <Button label=t(XML) busy=form.busy on_press=file(TranscriptForm::Xml) /> })}
                {issued.then(|| view! { <Button label=t(COPY_OF) glyph=Icon::Print busy=form.busy on_press=file(TranscriptForm::Copy) /> })}
                {(issued && who.can(Permission::TranscriptIssue)).then(|| view! { <Button label=t(GIVE) on_press=open(giving) /> })}
                {issued.then(|| view! { <Button label=t(ASK) on_press=open(asking) /> })}
                {reopens.then(|| view! { <Button label=t(REOPEN) glyph=Icon::Undo on_press=open(reopening) /> })}
                {(issued && who.can(Permission::TranscriptRevoke)).then(|| view! { <Button label=t(REVOKE) look=Look::Danger on_press=open(revoking) /> })}
            </div>
            <FormFault form=form />
            <section class="panel"><header><h2>{t(SIGNATURES)}</h2></header><div class="body">{signatures(&answer.signatures)}</div></section>
            <section class="panel"><header><h2>{t(RESULTS)}</h2></header><div class="body stack">{results(&answer.content)}</div></section>
            {corrections}
            <section class="panel"><header><h2>{t(GIVEN)}</h2></header>{nobody}<ul class="lines">{issues.collect_view()}</ul></section>
            <section class="panel"><header><h2>{t(HISTORY)}</h2></header><ul class="lines">{history.collect_view()}</ul></section>
            <p class="muted row tight">{t(HASH)}" "<code class="hash">{answer.content_hash.clone()}</code><CopyButton text=answer.content_hash.clone() /><a href=check rel="external">{t(CHECK)}</a></p>
        </div>
        <Reopen open=reopening id=id done=done />
        <Revoke open=revoking id=id done=done />
        <Give open=giving id=id done=done />
        <Ask open=asking call=call done=Callback::new(move |()| loader.reload()) />
    }
}
