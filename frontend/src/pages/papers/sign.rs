//! Signing: which key, its password, how far it is, and what could not be signed.

use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Dialog, Form, FormFault, Icon, Look, PasswordField, SelectField, icon, load, toast};
use dto::UnitId;
use dto::transcripts::{PostSigningRun, SigningItem, SigningKey, SigningRun, SigningRunState};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Ký số", "Sign";
    KEY: "Ký bằng", "Sign with";
    PASSWORD: "Mật khẩu của khoá (hoặc mã PIN)", "The key's password (or PIN)";
    HINT: "Chỉ dùng cho lần ký này, không được lưu lại.", "Used for this act only, and not kept.";
    SIGN: "Ký {n} học bạ", "Sign {n}";
    NO_KEY: "Bạn chưa có chứng thư số nào để ký.", "You have no certificate to sign with.";
    NO_SEAL: "Trường chưa có chứng thư số của tổ chức (dấu số).", "The school has no certificate of its own (seal).";
    ADD: "Thêm chứng thư số", "Add a certificate";
    TRIAL: "dùng thử, không có giá trị pháp lí", "for trial, of no legal force";
    GOING: "Đang ký {done} trên {all}…", "Signing {done} of {all}…";
    DONE: "Đã ký {done} trên {all} học bạ.", "{done} of {all} transcripts are signed.";
    STOPPED: "Máy chủ bị dừng giữa chừng. Phần đã ký vẫn còn; hãy ký tiếp phần còn lại.", "The server was stopped. What is signed stands; sign the rest again.";
    FAILED: "Chưa ký được:", "Could not be signed:";
    SIGNED: "Đã ký {n} học bạ", "{n} transcripts signed";
}

#[component]
pub fn SignDialog(
    open: RwSignal<bool>,
    items: Signal<Vec<SigningItem>>,
    /// Whose seal; none for a person's own key.
    school: Signal<Option<UnitId>>,
    total: Signal<u32>,
    again: Callback<()>,
) -> impl IntoView {
    let run = RwSignal::new(None::<SigningRun>);
    // What was signed is read again once the dialog is closed: until then it stays what one looks at.
    Effect::new(move |_| {
        if !open.get() && run.with_untracked(Option::is_some) {
            run.set(None);
            again.run(());
        }
    });
    view! {
        <Dialog open=open title=t(TITLE)>
            <Signing items=items school=school.get_untracked() total=total.get_untracked() open=open run=run />
        </Dialog>
    }
}

fn label(key: &SigningKey) -> String {
    let until = format::date(key.not_after.date_naive());
    let trial = if key.trial { format!(" · {}", t(TRIAL)) } else { String::new() };
    format!("{} · {} · {until}{trial}", key.label, key.subject)
}

#[component]
fn Signing(
    items: Signal<Vec<SigningItem>>,
    school: Option<UnitId>,
    total: u32,
    open: RwSignal<bool>,
    run: RwSignal<Option<SigningRun>>,
) -> impl IntoView {
    let keys = load(move || async move {
        let mut page = transcripts::keys(school).await?;
        page.items.retain(|key| key.seal == school.is_some() && key.ends_within_days != Some(0));
        Ok(page)
    });
    view! {
        {move || match run.get() {
            Some(_) => view! { <Watch run=run open=open /> }.into_any(),
            None => keys.show(move |page| match page.items.is_empty() {
                true => view! {
                    <div class="stack">
                        <p>{t(if school.is_some() { NO_SEAL } else { NO_KEY })}</p>
                        <div><A href="/papers/keys" attr:class="btn primary">{icon(Icon::Key)}{t(ADD)}</A></div>
                    </div>
                }.into_any(),
                false => view! { <Ask keys=page.items items=items total=total open=open run=run /> }.into_any(),
            }).into_any(),
        }}
    }
}

#[component]
fn Ask(
    keys: Vec<SigningKey>,
    items: Signal<Vec<SigningItem>>,
    total: u32,
    open: RwSignal<bool>,
    run: RwSignal<Option<SigningRun>>,
) -> impl IntoView {
    let chosen = RwSignal::new(keys.first().map(|key| key.id.to_string()).unwrap_or_default());
    let password = RwSignal::new(String::new());
    let options: Vec<(String, String)> = keys.iter().map(|key| (key.id.to_string(), label(key))).collect();
    let keys = StoredValue::new(keys);
    let asks = Memo::new(move |_| {
        keys.with_value(|keys| keys.iter().any(|key| key.id.to_string() == *chosen.read() && key.needs_password))
    });
    let form = Form::new();
    let send = move || {
        let Ok(key_id) = chosen.get_untracked().parse() else { return };
        let password = Some(password.get_untracked()).filter(|text| !text.is_empty());
        let body = PostSigningRun { key_id, password, items: items.get_untracked() };
        form.send(async move { transcripts::start_run(&body).await }, move |begun| run.set(Some(begun)));
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <SelectField label=t(KEY) name="key" value=chosen options=Signal::stored(options) />
            {move || asks.get().then(|| view! { <PasswordField label=t(PASSWORD) name="key-password" value=password autocomplete="off" hint=t(HINT) fault=form.fault("/password") /> })}
            <FormFault form=form fields=&["/password"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=tf(SIGN, &[("n", &total.to_string())]) look=Look::Primary glyph=Icon::Key busy=form.busy />
            </footer>
        </form>
    }
}

/// How far it is; asked about twice a second while it goes.
#[component]
fn Watch(run: RwSignal<Option<SigningRun>>, open: RwSignal<bool>) -> impl IntoView {
    let going = Memo::new(move |_| run.read().as_ref().is_some_and(|run| run.state == SigningRunState::Running));
    let ask = move || {
        let Some(id) = run.with_untracked(|run| run.as_ref().map(|run| run.id)).filter(|_| going.get_untracked()) else { return };
        leptos::task::spawn_local(async move {
            if let Ok(now) = transcripts::run(id).await {
                if now.state != SigningRunState::Running {
                    toast::say(tf(SIGNED, &[("n", &now.done.to_string())]));
                }
                run.try_set(Some(now));
            }
        });
    };
    let clock = set_interval_with_handle(ask, std::time::Duration::from_millis(500));
    on_cleanup(move || {
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    move || {
        let now = run.get()?;
        let percent = (now.done * 100).checked_div(now.total).unwrap_or(100);
        let text = match now.state {
            SigningRunState::Running => GOING,
            SigningRunState::Done => DONE,
            SigningRunState::Stopped => STOPPED,
        };
        let text = tf(text, &[("done", &now.done.to_string()), ("all", &now.total.to_string())]);
        let failed = (!now.failed.is_empty()).then(|| {
            let lines = now.failed.iter().map(|one| view! { <li><b>{one.full_name.clone()}</b>" · "{one.class_name.clone()}" · "{lang().pick(&one.vi, &one.en).to_owned()}</li> }).collect_view();
            view! { <div class="strip bad">{icon(Icon::Alert)}<div class="grow"><p>{t(FAILED)}</p><ul>{lines}</ul></div></div> }
        });
        Some(view! {
            <div class="stack">
                <div class="progress" role="progressbar" aria-label=t(TITLE) aria-valuemin="0" aria-valuemax="100" aria-valuenow=percent.to_string()><i style:width=format!("{percent}%")></i></div>
                <p role="status">{text}</p>
                {failed}
                <footer><Button label=t(tx::CLOSE) look=Look::Primary on_press=Callback::new(move |()| open.set(false)) /></footer>
            </div>
        })
    }
}
