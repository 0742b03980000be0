//! Working without a line: what waits to be sent, which sheets open, and signing out while something waits.

use super::gradebook::sheet::courier;
use crate::api::{online, session};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::offline::unsent::{self, Home, Typed, Waiting};
use crate::offline::{copied, copies};
use crate::ui::{Button, Dialog, Empty, Header, Icon, Look, Pill, Tone, effect, icon, load, toast};
use chrono::{DateTime, Utc};
use dto::ClassId;
use dto::calendar::Term;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use serde::Deserialize;
use std::time::Duration;

texts! {
    TITLE: "Làm việc khi mất mạng", "Working without a line";
    UNDER: "Điểm gõ lúc mất mạng được mã hoá và giữ trên máy này, rồi tự gửi khi có mạng.", "What you type without a line is kept on this device, sealed, and sent by itself.";
    UNSENT: "Chưa gửi", "Not sent yet";
    ALL_SENT: "Mọi ô đã gửi xong", "Everything is sent";
    ALL_SENT_TEXT: "Khi mất mạng, các ô bạn gõ sẽ hiện ở đây cho đến khi máy chủ nhận.", "Without a line, what you type shows here until the server has it.";
    CELLS_N: "{n} ô", "{n} cells";
    CHOOSE_N: "{n} ô cần chọn", "{n} to choose";
    WAITS: "chờ gửi", "waiting";
    NOT_TAKEN: "Máy chủ không nhận: {text}", "The server does not take it: {text}";
    DROP: "Bỏ các ô này", "Give these up";
    DROPPED: "Đã bỏ {n} ô của {label}", "Gave up {n} cells of {label}";
    READABLE: "Mở được khi mất mạng", "Opens without a line";
    READABLE_NONE: "Chưa có bảng nào trên máy này. Mở một sổ điểm lúc có mạng, lần sau mất mạng vẫn mở được.", "No sheet is on this device yet. Open one while there is a line, and it opens without.";
    COPIED_AT: "Bản lúc {at}", "Copy of {at}";
    CONDUCT: "Rèn luyện", "Conduct";
    STRIP: "{n} ô đã gõ chưa gửi được.", "{n} cells that you typed are not sent yet.";
    STRIP_CHOOSE: "{n} ô người khác cũng đã sửa: hãy chọn giá trị đúng.", "{n} cells were changed by others too: choose what is right.";
    LOOK: "Xem", "Look";
    LEAVE: "Còn {n} ô chưa gửi.", "{n} cells are not sent yet.";
    LEAVE_TEXT: "Nếu đăng xuất bây giờ, các ô này nằm lại trên máy, đã mã hoá. Chỉ bạn mở lại được, khi đăng nhập lại trên chính máy này; người khác dùng máy không xem và không gửi được.", "If you sign out now, they stay on this device, sealed. Only you open them again, by signing in on this very device; nobody else who uses it can see or send them.";
    LEAVE_OFFLINE: "Máy đang mất mạng: phiên làm việc kết thúc trên máy này ngay, và trên máy chủ khi có mạng lại.", "There is no line: the session ends here at once, and on the server when the line is back.";
    STAY: "Ở lại để gửi", "Stay and send";
    LEAVE_KEEP: "Đăng xuất, giữ các ô trên máy", "Sign out, keep them here";
}

/// The button that ends the session. Where something is not sent yet, it asks first.
#[component]
pub fn SignOut() -> impl IntoView {
    let asking = RwSignal::new(false);
    let out = move || {
        spawn_local(async {
            let _ = session::sign_out().await;
        });
    };
    let press = move |_| if unsent::untracked().is_empty() { out() } else { asking.set(true) };
    let stay = Callback::new(move |()| {
        asking.set(false);
        courier::go();
    });
    view! {
        <button type="button" class="btn plain icon-only" aria-label=t(tx::SIGN_OUT) title=t(tx::SIGN_OUT) on:click=press>{icon(Icon::Door)}</button>
        <Dialog open=asking title=t(tx::SIGN_OUT)>
            <p><b class="num">{move || tf(LEAVE, &[("n", &unsent::count().to_string())])}</b>" "{t(LEAVE_TEXT)}</p>
            {(!online::is()).then(|| view! { <p class="muted">{t(LEAVE_OFFLINE)}</p> })}
            <footer>
                <Button label=t(LEAVE_KEEP) on_press=Callback::new(move |()| out()) />
                <Button label=t(STAY) look=Look::Primary on_press=stay />
            </footer>
        </Dialog>
    }
    .into_any()
}

/// Says on every page what waits in other sheets; only what still waits after a moment.
#[component]
pub fn UnsentStrip() -> impl IntoView {
    effect(move || {
        if online::is() {
            courier::go();
        }
    });
    let shown = RwSignal::new((0, 0));
    effect(move || {
        let now = unsent::elsewhere();
        if now == (0, 0) {
            shown.set(now);
        } else {
            set_timeout(
                move || {
                    shown.try_set(unsent::elsewhere_untracked());
                },
                Duration::from_millis(1500),
            );
        }
    });
    move || {
        let (cells, conflicts) = shown.get();
        (cells > 0).then(|| {
            let text = if conflicts > 0 {
                tf(STRIP_CHOOSE, &[("n", &conflicts.to_string())])
            } else {
                tf(STRIP, &[("n", &cells.to_string())])
            };
            view! { <p class="strip unsent no-print" role="status">{icon(Icon::Upload)}<span class="num">{text}</span><A href="/offline">{t(LOOK)}</A></p> }
        })
    }
}

#[component]
pub fn OfflinePage() -> impl IntoView {
    let waiting = move || {
        let all = unsent::all();
        if all.is_empty() {
            return view! { <Empty title=t(ALL_SENT) text=t(ALL_SENT_TEXT) glyph=Icon::Check /> }.into_any();
        }
        let now = Callback::new(|()| courier::go());
        view! {
            <ul class="lines">{all.into_iter().map(one).collect_view()}</ul>
            <div><Button label=t(SEND_NOW) glyph=Icon::Upload on_press=now /></div>
        }
        .into_any()
    };
    let sheets = load(|| async { Ok(known().await) });
    view! {
        <Header title=t(TITLE) under=t(UNDER).to_owned() />
        <div class="split lead">
            <section class="panel"><header><h2>{t(UNSENT)}</h2></header><div class="body stack">{waiting}</div></section>
            <section class="panel">
                <header><h2>{t(READABLE)}</h2></header>
                {sheets.show(|known| {
                    if known.is_empty() {
                        return view! { <p class="body muted">{t(READABLE_NONE)}</p> }.into_any();
                    }
                    let ways = known.into_iter().map(|sheet| {
                        let at = tf(COPIED_AT, &[("at", &format::instant(sheet.at))]);
                        view! { <li><A href=sheet.address>{icon(Icon::Table)}<span class="grow"><b>{sheet.label}</b><small class="num">{at}</small></span>{icon(Icon::Chevron)}</A></li> }
                    });
                    view! { <ul class="ways">{ways.collect_view()}</ul> }.into_any()
                })}
            </section>
        </div>
    }
    .into_any()
}

texts! {
    SEND_NOW: "Gửi ngay", "Send now";
}

/// A sheet with what waits of it.
fn one(waiting: Waiting) -> AnyView {
    let n = waiting.cells.len().to_string();
    let pill = match (waiting.conflicts, &waiting.trouble) {
        (0, None) => view! { <Pill label=t(WAITS) tone=Tone::Warn /> }.into_any(),
        (0, Some(_)) => ().into_any(),
        (conflicts, _) => view! { <Pill label=tf(CHOOSE_N, &[("n", &conflicts.to_string())]) tone=Tone::Info /> }.into_any(),
    };
    // What the server refuses is shown whole: the sheet itself may be out of reach.
    let trouble = waiting.trouble.clone().map(|text| {
        let cells = waiting.cells.iter().map(typed).collect_view();
        let gone = waiting.clone();
        let drop = Callback::new(move |()| {
            unsent::put(Waiting { cells: Vec::new(), ..gone.clone() });
            let back = gone.clone();
            let n = back.cells.len().to_string();
            toast::with_undo(tf(DROPPED, &[("n", &n), ("label", &back.label)]), move || unsent::put(back.clone()));
        });
        view! {
            <p class="bad-text">{tf(NOT_TAKEN, &[("text", &text)])}</p>
            <ul class="typed num">{cells}</ul>
            <div><Button label=t(DROP) small=true on_press=drop /></div>
        }
    });
    view! {
        <li class="waits">
            <A href=waiting.home.address()><b>{waiting.label.clone()}</b></A>" "<span class="num muted">{tf(CELLS_N, &[("n", &n)])}</span>" "{pill}
            {trouble}
        </li>
    }
    .into_any()
}

fn typed(cell: &Typed) -> impl IntoView + use<> {
    let column = cell.slot.map(|slot| slot.to_string()).unwrap_or_default();
    view! { <li>{cell.name.clone()}" · "{column}" "<b>{cell.text.clone()}</b></li> }
}

#[derive(Clone)]
struct Known {
    address: String,
    label: String,
    at: DateTime<Utc>,
}

/// What both kinds of sheet say of themselves.
#[derive(Deserialize)]
struct Head {
    class_id: ClassId,
    class_name: String,
    term: Term,
    #[serde(default)]
    subject_code: Option<String>,
    #[serde(default)]
    subject_name_vi: String,
    #[serde(default)]
    subject_name_en: String,
}

/// The sheets that this device has copies of, newest first.
async fn known() -> Vec<Known> {
    let mut known = Vec::new();
    for name in copies().await.into_iter().filter(|name| name.ends_with("/marks") || name.ends_with("/conduct")) {
        let Some(copy) = copied(&name).await else { continue };
        let Ok(head) = serde_json::from_str::<Head>(&copy.text) else { continue };
        let (class, term) = (head.class_id, head.term);
        let (home, what) = match head.subject_code {
            Some(subject) => {
                let name = lang().pick(&head.subject_name_vi, &head.subject_name_en).to_owned();
                (Home::Marks { class, subject, term }, name)
            }
            None => (Home::Conduct { class, term }, t(CONDUCT).to_owned()),
        };
        known.push(Known {
            address: home.address(),
            label: format!("{what} {} · {}", head.class_name, term.label(lang())),
            at: copy.at,
        });
    }
    known.sort_unstable_by_key(|k| std::cmp::Reverse(k.at));
    known
}
