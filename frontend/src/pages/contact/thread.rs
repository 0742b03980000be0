//! One thread: bubbles, and a box for the answer that keeps its draft.

use super::threads::{beside, other_end};
use super::{THREADS, draft, new_key, titled, when};
use crate::api::live::on_news;
use crate::api::{ApiError, contact};
use crate::format;
use crate::i18n::{t, texts, tx};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Look, effect, icon, load, toast};
use dto::ThreadId;
use dto::access::Permission;
use dto::contact::{Message, PostMessage, ThreadDetail};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

texts! {
    BACK: "Về danh sách", "Back to the list";
    ANSWER: "Viết tin nhắn", "Write a message";
    SEND: "Gửi", "Send";
    SEEN: "Đã xem", "Seen";
    SENT: "Đã gửi", "Sent";
    MUTE: "Tắt tiếng", "Mute";
    UNMUTE: "Bật tiếng", "Unmute";
    MUTED: "Không còn báo tin của cuộc trò chuyện này ra ngoài Khuê.", "You are no longer told of this thread outside of Khuê.";
    UNMUTED: "Tin mới sẽ được báo như trước.", "You are told of new messages again.";
    REPORT: "Báo xấu", "Report";
    REPORT_TITLE: "Báo tin này cho nhà trường", "Report this message to the school";
    REPORT_TEXT: "Ban giám hiệu sẽ xem xét. Người viết không biết ai đã báo.", "The school's leaders look into it. The writer is not told who reported.";
    REASON: "Vì sao?", "Why?";
    REPORTED: "Đã báo cho nhà trường", "Reported to the school";
    EARLIER: "Tin trước đó", "Earlier messages";
    NOTHING: "Hãy viết tin đầu tiên", "Write the first message";
    NOTHING_TEXT: "Chỉ gia đình của học sinh và giáo viên này đọc được.", "Only the learner's family and this teacher can read it.";
}

#[component]
pub fn ThreadPage() -> impl IntoView {
    let id = param::<ThreadId>("thread");
    move || match id.get() {
        Some(id) => view! { <Talk id=id /> }.into_any(),
        None => view! { <crate::ui::NotFound /> }.into_any(),
    }
}

#[component]
fn Talk(id: ThreadId) -> impl IntoView {
    titled(t(THREADS));
    let family = who().can(Permission::ContactFamily);
    let earlier = RwSignal::new(Vec::<Message>::new());
    let more = RwSignal::new(None::<u32>);
    let answer = load(move || async move {
        let detail = contact::thread(id, None).await?;
        if detail.thread.unread > 0 {
            let (seq, muted) = (detail.thread.last_seq, detail.thread.muted);
            spawn_local(async move {
                let _ = contact::put_thread_state(id, seq, muted).await;
            });
        }
        Ok::<_, ApiError>(detail)
    });
    // New messages come while one looks.
    on_news(Callback::new(move |()| answer.reload()));
    let end = NodeRef::<html::Div>::new();
    let last = Memo::new(move |_| answer.get().map(|d| d.thread.last_seq));
    effect(move || {
        last.track();
        if let Some(end) = end.get() {
            end.scroll_into_view_with_bool(false);
        }
    });
    let reporting = RwSignal::new(None::<u32>);
    let head = Memo::new(move |_| {
        answer.get().map(|d| (other_end(family, &d.thread), beside(family, &d.thread), d.thread.muted, d.thread.last_seq))
    });
    let mute = move |muted: bool, seq: u32| {
        spawn_local(async move {
            match contact::put_thread_state(id, seq, muted).await {
                Ok(_) => {
                    toast::say(t(if muted { MUTED } else { UNMUTED }));
                    answer.reload();
                }
                Err(error) => toast::say(error.text()),
            }
        });
    };
    view! {
        <div class="family contact talk">
            <header class="row">
                <A href="/threads" attr:class="btn plain icon-only" attr:aria-label=t(BACK)>{icon(Icon::Back)}</A>
                {move || head.get().map(|(name, under, muted, seq)| view! {
                    <span class="grow"><h1>{name}</h1><small class="muted">{under}</small></span>
                    <button type="button" class="btn plain small" on:click=move |_| mute(!muted, seq)>{t(if muted { UNMUTE } else { MUTE })}</button>
                })}
            </header>
            {answer.show(move |detail: ThreadDetail| {
                if more.get_untracked().is_none() && earlier.with_untracked(Vec::is_empty) {
                    more.set(detail.earlier);
                }
                if detail.messages.is_empty() {
                    return view! { <Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Chat /> }.into_any();
                }
                let seen = detail.seen_seq;
                let latest = detail.messages.iter().filter(|m| m.mine).map(|m| m.seq).max();
                view! {
                    {move || more.get().map(|before| {
                        let fetch = Callback::new(move |()| spawn_local(async move {
                            if let Ok(page) = contact::thread(id, Some(before)).await {
                                more.set(page.earlier);
                                earlier.update(|list| { let mut all = page.messages; all.append(list); *list = all; });
                            }
                        }));
                        view! { <div class="more"><Button label=t(EARLIER) small=true on_press=fetch /></div> }
                    })}
                    <div role="log" aria-live="polite"><ol class="bubbles">
                        {move || earlier.get().into_iter().map(|m| bubble(m, None, reporting)).collect_view()}
                        {detail.messages.into_iter().map(|m| { let state = (Some(m.seq) == latest).then_some(m.seq <= seen); bubble(m, state, reporting) }).collect_view()}
                    </ol></div>
                }.into_any()
            })}
            <div node_ref=end></div>
            <Reply id=id done=Callback::new(move |()| answer.reload()) />
        </div>
        <Report id=id of=reporting />
    }
}

fn bubble(message: Message, seen: Option<bool>, reporting: RwSignal<Option<u32>>) -> impl IntoView {
    let seq = message.seq;
    let mine = message.mine;
    view! {
        <li class="bubble" class:mine=mine>
            {(!mine).then(|| view! { <span class="face" aria-hidden="true">{format::initials(&message.author)}</span> })}
            <div>
                {(!mine).then(|| view! { <b>{message.author.clone()}</b> })}
                <p>{message.body}</p>
                <small><time>{when(message.sent_at)}</time>{seen.map(|s| view! { " · "{t(if s { SEEN } else { SENT })} })}
                    {(!mine).then(|| view! { <button type="button" on:click=move |_| reporting.set(Some(seq))>{t(REPORT)}</button> })}
                </small>
            </div>
        </li>
    }
}

/// The box for the answer. Text and its key are kept until the server has them: a reload loses nothing, and what is sent again
/// after a lost answer is one message.
#[component]
fn Reply(id: ThreadId, done: Callback<()>) -> impl IntoView {
    let name = id.to_string();
    let key_name = format!("{name}.key");
    let text = RwSignal::new(draft::read(&name).unwrap_or_default());
    let key = StoredValue::new(draft::read(&key_name).unwrap_or_else(new_key));
    let kept = StoredValue::new((name, key_name));
    let form = Form::new();
    let keep = move |now: &str| {
        kept.with_value(|(name, key_name)| {
            draft::keep(name, now);
            key.with_value(|key| draft::keep(key_name, if now.is_empty() { "" } else { key }));
        })
    };
    let send = move || {
        let body = text.get_untracked();
        if body.trim().is_empty() {
            return;
        }
        let message = PostMessage { body, client_key: key.get_value() };
        form.send(async move { contact::send(id, &message).await }, move |_| {
            key.set_value(new_key());
            text.set(String::new());
            keep("");
            done.run(());
        });
    };
    view! {
        <form class="reply" on:submit=move |event| { event.prevent_default(); send() }>
            <FormFault form=form />
            <div class="row">
                <textarea
                    aria-label=t(ANSWER) placeholder=t(ANSWER) rows="1" maxlength="4000" prop:value=text
                    on:input=move |event| { let now = event_target_value(&event); keep(&now); text.set(now); }
                    on:keydown=move |event| if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) { event.prevent_default(); send() }
                ></textarea>
                <button type="submit" class="btn primary icon-only" aria-label=t(SEND) disabled=move || form.busy.get() || text.read().trim().is_empty()>{icon(Icon::Arrow)}</button>
            </div>
        </form>
    }
}

#[component]
fn Report(id: ThreadId, of: RwSignal<Option<u32>>) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || {
        if of.get().is_some() {
            open.set(true)
        }
    });
    effect(move || {
        if !open.get() {
            of.set(None)
        }
    });
    view! {
        <Dialog open=open title=t(REPORT_TITLE)>
            {move || {
                let reason = RwSignal::new(String::new());
                let form = Form::new();
                let send = Callback::new(move |()| {
                    let Some(seq) = of.get_untracked() else { return };
                    let text = reason.get_untracked();
                    form.send(async move { contact::report(id, seq, text).await }, move |()| {
                        open.set(false);
                        toast::say(t(REPORTED));
                    });
                });
                view! {
                    <p class="muted">{t(REPORT_TEXT)}</p>
                    {super::area(t(REASON), "report-reason", reason, 500, form.fault("/reason"))}
                    <FormFault form=form fields=&["/reason"] />
                    <footer>
                        <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                        <Button label=t(REPORT) look=Look::Danger busy=form.busy on_press=send />
                    </footer>
                }
            }}
        </Dialog>
    }
}
