//! What a family consents to, and what it asks about its data.

use super::own::copy;
use super::{OwnCopy, nowhere, requests};
use crate::api::consents;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::office::ways;
use crate::pages::params::param;
use crate::ui::{
    Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pages, Pill, SelectField, Tone, load, pages,
    save_as, toast,
};
use dto::LearnerId;
use dto::consents::*;
use leptos::prelude::*;

texts! {
    TITLE: "Quyền dữ liệu của {name}", "{name}'s data rights";
    UNDER: "Đồng ý hay không là quyền của gia đình, không ảnh hưởng việc học. Không trả lời không có nghĩa là đồng ý.", "To consent or not is the family's right and does not touch schooling. No answer is no consent.";
    CHILD_TOO: "Từ 7 tuổi, em cũng được hỏi và trả lời bằng tài khoản của em (Luật 91/2025 Điều 24).", "From seven years on the child is asked too, with their own account (Law 91/2025 Art. 24).";
    HOLDS: "Đang đồng ý", "Consented";
    NOT: "Chưa đồng ý", "Not consented";
    GIVE: "Đồng ý", "I consent";
    REFUSE: "Không đồng ý", "I do not consent";
    WITHDRAW: "Rút lại đồng ý", "Withdraw";
    WAITS: "Còn chờ: {who}", "Waiting for: {who}";
    HISTORY: "Những lần trả lời", "What was said";
    WORD: "{who} · {act} · bản {n} · {at}", "{who} · {act} · version {n} · {at}";
    SAID: "Đã ghi nhận", "Noted";
    WITHDRAWN: "Đã rút lại; nhà trường phải ngừng ngay", "Withdrawn; the school has to stop at once";
    COPY: "Bản sao dữ liệu", "A copy of the data";
    COPY_TEXT: "Mọi thông tin nhà trường giữ về em, trong một tệp ZIP gồm các tệp JSON và tệp riêng của em (phiếu đồng ý, học bạ đã ký). Lần tải được ghi vào nhật ký.", "Everything that the school keeps about the child, as a ZIP of JSON files and the child's own files (consent forms, signed transcripts). The log notes that it was handed out.";
    TAKE: "Tải bản sao", "Take the copy";
    REQUESTS: "Yêu cầu gửi nhà trường", "Requests to the school";
    ASK: "Gửi yêu cầu", "Ask";
    NONE: "Chưa có yêu cầu nào", "No requests yet";
    NONE_TEXT: "Thấy thông tin sai hoặc muốn biết dữ liệu được dùng vào việc gì, hãy gửi yêu cầu; nhà trường phải trả lời trong thời hạn.", "Where something is wrong, or to know what the data is used for, ask; the school has to answer in time.";
    WHAT: "Yêu cầu", "Request";
    BODY: "Nội dung (ghi rõ thông tin sai và thông tin đúng)", "Say it (what is wrong and what is right)";
    ASKED: "Đã gửi; nhà trường trả lời trước {day}", "Sent; the school answers by {day}";
}

#[component]
pub fn ChildConsentsPage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let found = load(move || {
        let id = learner.get();
        async move { consents::of_child(id.ok_or_else(nowhere)?).await }
    });
    let asked = pages(move |after| {
        let id = learner.get();
        async move { consents::requests_of_child(id.ok_or_else(nowhere)?, after).await }
    });
    view! {
        {found.show(move |all| {
            let id = all.learner_id;
            let child_too = all.child_asked.then(|| view! { <p class="hint">{t(CHILD_TOO)}</p> });
            let items = all.items.into_iter().map(|item| view! { <One item=item learner=id found=found /> }).collect_view();
            view! {
                <Header title=tf(TITLE, &[("name", &all.full_name)]) under=t(UNDER) crumbs=vec![Crumb(t(tx::CHILDREN).to_owned(), format!("/children/{id}"))] />
                {ways(id)}
                {child_too}
                <div class="split">
                    <div class="stack">{items}</div>
                    <div class="stack"><Copy learner=id /><OwnCopy /><Asked learner=id asked=asked /></div>
                </div>
            }
        })}
    }
}

#[component]
fn One(item: LearnerConsent, learner: LearnerId, found: Loader<LearnerConsents>) -> impl IntoView {
    let form = Form::new();
    let code = StoredValue::new(item.purpose.code.clone());
    let version = item.purpose.version;
    let say = move |act: ConsentAct| {
        Callback::new(move |()| {
            let body = PostConsent { purpose: code.get_value(), version, act };
            form.send(async move { consents::say(learner, &body).await }, move |now| {
                toast::say(if act == ConsentAct::Withdraw { t(WITHDRAWN) } else { t(SAID) });
                found.set(now);
            });
        })
    };
    let purpose = &item.purpose;
    let title = lang().pick(&purpose.title_vi, &purpose.title_en).to_owned();
    let text = lang().pick(&purpose.text_vi, &purpose.text_en).to_owned();
    let waits: Vec<&str> = item.waits_for.iter().map(|party| party.label(lang())).collect();
    let waits = (!waits.is_empty()).then(|| view! { <p class="quiet">{tf(WAITS, &[("who", &waits.join(", "))])}</p> });
    let state = if item.holds {
        view! { <Pill label=t(HOLDS) tone=Tone::Ok /> }
    } else {
        view! { <Pill label=t(NOT) /> }
    };
    let gives = item.mine == Some(ConsentAct::Give);
    let refuses = item.mine.is_some_and(|act| act != ConsentAct::Give);
    let past = item
        .records
        .iter()
        .map(|r| {
            let line = tf(
                WORD,
                &[("who", &r.who), ("act", r.act.label(lang())), ("n", &r.version.to_string()), ("at", &format::instant(r.at))],
            );
            view! { <li>{line}" · "{r.evidence.label(lang())}{r.note.clone().map(|note| format!(" · {note}"))}</li> }
        })
        .collect_view();
    let history = (!item.records.is_empty())
        .then(|| view! { <details><summary>{t(HISTORY)}</summary><ul class="quiet num">{past}</ul></details> });
    view! {
        <section class="panel">
            <header><h2>{title}</h2>{state}</header>
            <div class="body stack">
                <p>{text}</p>
                {waits}
                // Yes, no and no longer look alike: nobody is led to an answer.
                <div class="row">
                    {(!gives).then(|| view! { <Button label=t(GIVE) busy=form.busy on_press=say(ConsentAct::Give) /> })}
                    {gives.then(|| view! { <Button label=t(WITHDRAW) busy=form.busy on_press=say(ConsentAct::Withdraw) /> })}
                    {(!gives && !refuses).then(|| view! { <Button label=t(REFUSE) busy=form.busy on_press=say(ConsentAct::Refuse) /> })}
                </div>
                <FormFault form=form />
                {history}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Copy(learner: LearnerId) -> impl IntoView {
    let form = Form::new();
    let take = Callback::new(move |()| form.send(consents::export(learner), |blob| save_as(&blob, "du-lieu-cua-con.zip")));
    copy([t(COPY), t(COPY_TEXT), t(TAKE)], form, take)
}

#[component]
fn Asked(learner: LearnerId, asked: Pages<DataRequest>) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <section class="panel">
            <header><h2>{t(REQUESTS)}</h2><Button label=t(ASK) small=true glyph=Icon::Plus on_press=Callback::new(move |()| open.set(true)) /></header>
            <div class="body">
                {asked.show(move |items| {
                    if items.is_empty() {
                        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Chat /> }.into_any();
                    }
                    let lines = items.iter().map(|one| view! { <li><div class="grow stack">{requests::told(one)}</div></li> }).collect_view();
                    view! { <ul class="lines">{lines}</ul> }.into_any()
                })}
            </div>
            <Dialog open=open title=t(REQUESTS)>{move || view! { <Ask learner=learner open=open asked=asked /> }}</Dialog>
        </section>
    }
    .into_any()
}

#[component]
fn Ask(learner: LearnerId, open: RwSignal<bool>, asked: Pages<DataRequest>) -> impl IntoView {
    let form = Form::new();
    let kind = RwSignal::new(DataRequestKind::Correct.as_str().to_owned());
    let body = RwSignal::new(String::new());
    let kinds: Vec<(String, String)> =
        DataRequestKind::ALL.iter().map(|k| (k.as_str().to_owned(), k.label(lang()).to_owned())).collect();
    let fault = form.fault("/body");
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostDataRequest {
            kind: kind.get_untracked().parse().unwrap_or(DataRequestKind::Correct),
            body: body.get_untracked(),
        };
        form.send(async move { consents::ask(learner, &body).await }, move |made| {
            open.set(false);
            toast::say(tf(ASKED, &[("day", &format::date(made.due_on))]));
            asked.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <SelectField label=t(WHAT) name="request-kind" value=kind options=kinds />
            <div class="field">
                <label for="request-body">{t(BODY)}</label>
                <textarea id="request-body" maxlength="2000" required=true prop:value=body on:input=move |event| body.set(event_target_value(&event))></textarea>
                {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
            </div>
            <FormFault form=form fields=&["/body"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(ASK) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
