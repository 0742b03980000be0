//! Notices that were sent: how many have read them, who has not, and taking one back.

use super::compose::Compose;
use super::{NOTICES, feed, titled, when};
use crate::api::{ApiError, contact};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{
    Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Look, Pill, Progress, Tone, icon, load, pages, toast,
};
use dto::NoticeId;
use dto::contact::{Notice, Reader};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    WRITE: "Viết thông báo", "Write a notice";
    NOTHING: "Chưa gửi thông báo nào", "No notices sent yet";
    NOTHING_TEXT: "Thông báo gửi tới gia đình của lớp, khối hoặc toàn trường; xem được ai đã đọc, ai chưa.", "Notices to the families of a class, a grade or the school; with who has read them and who has not.";
    READ_OF: "{read}/{all} phụ huynh đã đọc", "{read} of {all} guardians have read it";
    RECALLED: "Đã thu hồi", "Taken back";
    RECALL: "Thu hồi", "Take back";
    RECALL_TEXT: "Thông báo biến mất khỏi sổ liên lạc của gia đình. Ai đã đọc thì vẫn đã biết.", "It leaves the families' contact books. Who has read it knows it still.";
    RECALL_DONE: "Đã thu hồi thông báo", "Taken back";
    HAVE: "Đã đọc", "Have read";
    HAVE_NOT: "Chưa đọc", "Have not";
    NOBODY: "Không có ai", "Nobody";
    ALL_READ: "Mọi gia đình đều đã đọc.", "Every family has read it.";
    NONE_READ: "Chưa gia đình nào đọc.", "No family has read it yet.";
    SELF: "Hệ thống", "Khuê";
}

#[component]
pub fn NoticesPage() -> impl IntoView {
    titled(t(NOTICES));
    let sent = pages(contact::notices);
    let writing = RwSignal::new(false);
    view! {
        <Header title=t(NOTICES)>
            <A href="/contact-adoption" attr:class="btn">{icon(Icon::Chart)}{t(super::ADOPTION)}</A>
            <Button label=t(WRITE) glyph=Icon::Plus look=Look::Primary on_press=Callback::new(move |()| writing.set(true)) />
        </Header>
        {sent.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Bell /></div> }.into_any();
            }
            view! { <div class="todos">{items.into_iter().map(line).collect_view()}</div> }.into_any()
        })}
        <Dialog open=writing title=t(WRITE)><Compose open=writing done=Callback::new(move |()| sent.reload()) /></Dialog>
    }
}

fn share(notice: &Notice) -> u32 {
    (notice.read * 100).checked_div(notice.recipients).unwrap_or(0)
}

fn read_of(notice: &Notice) -> String {
    tf(READ_OF, &[("read", &notice.read.to_string()), ("all", &notice.recipients.to_string())])
}

fn line(notice: Notice) -> impl IntoView {
    let (sign, tone) = feed::glyph(notice.kind);
    let under = [Some(notice.target_name.clone()), notice.sent_by.clone(), Some(when(notice.sent_at))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let read = read_of(&notice);
    let recalled = notice.recalled_at.is_some();
    view! {
        <A href=format!("/notices/{}", notice.id) attr:class="todo">
            <span class=tone>{icon(sign)}</span>
            <span><b>{notice.title.clone()}</b><span>{under}</span></span>
            <span class="due num">{if recalled { t(RECALLED).to_owned() } else { read }}</span>
        </A>
    }
}

#[component]
pub fn NoticePage() -> impl IntoView {
    let id = param::<NoticeId>("notice");
    let notice = load(move || {
        let id = id.get();
        async move { contact::notice(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    let asking = RwSignal::new(false);
    let form = Form::new();
    let recall = Callback::new(move |()| {
        let Some(id) = id.get_untracked() else { return };
        form.send(contact::recall_notice(id), move |()| {
            asking.set(false);
            toast::say(t(RECALL_DONE));
            notice.reload();
        });
    });
    view! {
        {notice.show(move |n| {
            let crumbs = vec![Crumb(t(NOTICES).to_owned(), "/notices".to_owned())];
            let by = n.sent_by.clone().unwrap_or_else(|| t(SELF).to_owned());
            let under = format!("{} · {} · {by} · {}", n.kind.label(lang()), n.target_name, when(n.sent_at));
            let recalled = n.recalled_at.is_some();
            let (percent, read, id) = (share(&n), read_of(&n), n.id);
            view! {
                <Header title=n.title crumbs=crumbs under=under>
                    {if recalled { view! { <Pill label=t(RECALLED) tone=Tone::Warn /> }.into_any() } else { view! { <Button label=t(RECALL) look=Look::Danger on_press=Callback::new(move |()| asking.set(true)) /> }.into_any() }}
                </Header>
                <section class="panel contact"><div class="body stack">
                    <p class="text">{n.body}</p>
                    <p><b>{read.clone()}</b></p>
                    <Progress percent=percent label=read />
                </div></section>
                <div class="split">
                    <Readers id=id read=false />
                    <Readers id=id read=true />
                </div>
            }
        })}
        <Dialog open=asking title=t(RECALL)>
            <p>{t(RECALL_TEXT)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| asking.set(false)) />
                <Button label=t(RECALL) look=Look::Danger busy=form.busy on_press=recall />
            </footer>
        </Dialog>
    }
}

#[component]
fn Readers(id: NoticeId, read: bool) -> impl IntoView {
    let people = pages(move |after| contact::readers(id, read, after));
    view! {
        <section class="stack contact">
            <h2>{t(if read { HAVE } else { HAVE_NOT })}</h2>
            {people.show(move |items| {
                if items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(NOBODY) text=t(if read { NONE_READ } else { ALL_READ }) glyph=Icon::People /></div> }.into_any();
                }
                view! { <ul class="panel body lines">{items.into_iter().map(reader).collect_view()}</ul> }.into_any()
            })}
        </section>
    }
}

fn reader(reader: Reader) -> impl IntoView {
    let right = match reader.read_at {
        Some(at) => view! { <small class="quiet">{when(at)}</small> }.into_any(),
        None => reader.phone.map(|phone| view! { <a class="num" href=format!("tel:{phone}")>{phone.clone()}</a> }).into_any(),
    };
    view! {
        <li><span class="grow"><b>{reader.guardian_name}</b><br /><small class="muted">{reader.learner_name}" · "{reader.class_name}</small></span>{right}</li>
    }
}
