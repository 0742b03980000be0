//! What waits for one's signature, and signing it in one act.

use super::sign::SignDialog;
use super::ways;
use crate::api::transcripts;
use crate::i18n::{lang, t, texts, tf};
use crate::state::who;
use crate::ui::{Button, Empty, Header, Icon, Look, icon, load};
use dto::access::Permission;
use dto::transcripts::{SigningItem, SigningRole, SigningTask};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Ký học bạ số", "Sign transcripts";
    UNDER: "Học bạ đã đối chiếu chờ bạn ký. Chọn các lớp rồi ký một lần.", "Checked transcripts wait for your signature. Choose classes and sign once.";
    NOTHING: "Không có học bạ nào chờ bạn ký", "Nothing waits for your signature";
    NOTHING_TEXT: "Khi học bạ của lớp được đối chiếu xong, việc ký sẽ hiện ở đây.", "Once transcripts of a class have been checked, they appear here.";
    READY: "{n} chờ ký", "{n} to sign";
    WAITING: "{n} chờ người khác", "{n} wait for others";
    SIGNED: "{n} đã ký", "{n} signed";
    SIGN: "Ký {n} học bạ", "Sign {n} transcripts";
    SEAL: "Đóng dấu {n} học bạ", "Seal {n} transcripts";
    CHOOSE: "Chọn {what}", "Choose {what}";
    TO_CLASS: "Xem học bạ của lớp", "See the class's transcripts";
    MAKE: "Lập học bạ từ trang của lớp, mục Học bạ.", "Transcripts are made on the class's page, under Transcripts.";
}

fn name(task: &SigningTask) -> String {
    match &task.subject_name {
        Some(subject) => format!("{} · {subject}", task.class_name),
        None => task.class_name.clone(),
    }
}

fn item(task: &SigningTask) -> SigningItem {
    SigningItem { role: task.role, class_id: task.class_id, subject_code: task.subject_code.clone() }
}

#[component]
pub fn TasksPage() -> impl IntoView {
    let tasks = load(transcripts::tasks);
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        <super::EndingKeys />
        {ways()}
        {tasks.show(move |page| {
            if page.items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Check><p class="quiet">{t(MAKE)}</p></Empty></div> }.into_any();
            }
            let again = Callback::new(move |()| tasks.reload());
            let of = |role: SigningRole| {
                let tasks: Vec<SigningTask> = page.items.iter().filter(|task| task.role == role).cloned().collect();
                (!tasks.is_empty()).then(|| view! { <Group role=role tasks=tasks again=again /> })
            };
            let groups: Vec<_> = SigningRole::ALL.iter().filter_map(|role| of(*role)).collect();
            view! { <div class="stack">{groups}</div> }.into_any()
        })}
    }
}

/// All that one signs in one role.
#[component]
fn Group(role: SigningRole, tasks: Vec<SigningTask>, again: Callback<()>) -> impl IntoView {
    let chosen = RwSignal::new(tasks.iter().map(|task| task.ready > 0).collect::<Vec<bool>>());
    let reads = who().can(Permission::TranscriptRead);
    let rows = tasks
        .iter()
        .enumerate()
        .map(|(at, task)| {
            let label = tf(CHOOSE, &[("what", &name(task))]);
            let count = |text, n: u32, class: &'static str| (n > 0).then(|| view! { <span class=class>{tf(text, &[("n", &n.to_string())])}</span> });
            let (ready, waiting, signed) =
                (count(READY, task.ready, "pill warn"), count(WAITING, task.waiting, "pill"), count(SIGNED, task.signed, "pill ok"));
            let way = reads.then(|| {
                view! { <A href=format!("/papers/classes/{}", task.class_id) attr:class="btn plain icon-only" attr:aria-label=t(TO_CLASS)>{icon(Icon::Chevron)}</A> }
            });
            view! {
                <li>
                    <label class="grow pick-line">
                        <input type="checkbox" aria-label=label disabled=task.ready == 0 prop:checked=move || chosen.read()[at] on:change=move |event| chosen.update(|all| all[at] = event_target_checked(&event)) />
                        <span><b>{name(task)}</b>" "<span class="muted">{task.school_name.clone()}</span></span>
                    </label>
                    {ready}{waiting}{signed}{way}
                </li>
            }
        })
        .collect_view();
    let open = RwSignal::new(false);
    let tasks = StoredValue::new(tasks);
    let picked = Memo::new(move |_| {
        let chosen = chosen.read();
        tasks.with_value(|tasks| {
            tasks
                .iter()
                .zip(chosen.iter())
                .filter(|(task, on)| **on && task.ready > 0)
                .map(|(task, _)| task.clone())
                .collect::<Vec<_>>()
        })
    });
    let sum = move || picked.read().iter().map(|task| task.ready).sum::<u32>();
    let press = Callback::new(move |()| open.set(true));
    let items = Signal::derive(move || picked.read().iter().map(item).collect::<Vec<_>>());
    // A seal belongs to one school.
    let school = Signal::derive(move || match role {
        SigningRole::Seal => picked.read().first().map(|task| task.school_id),
        _ => None,
    });
    let text = if role == SigningRole::Seal { SEAL } else { SIGN };
    view! {
        <section class="panel">
            <header><h2>{role.label(lang())}</h2>
                {move || {
                    let n = sum();
                    view! { <Button label=tf(text, &[("n", &n.to_string())]) look=Look::Primary glyph=Icon::Key disabled=Signal::stored(n == 0) on_press=press /> }
                }}
            </header>
            <ul class="lines">{rows}</ul>
            <SignDialog open=open items=items school=school total=Signal::derive(sum) again=again />
        </section>
    }
    .into_any()
}
