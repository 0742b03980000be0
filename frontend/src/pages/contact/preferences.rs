//! What a guardian wants to be told of outside of the feed, how, and when not.

use super::{PREFERENCES, device, titled};
use crate::api::contact;
use crate::i18n::{lang, t, texts, tx};
use crate::ui::{Button, Check, Field, Form, FormFault, Icon, Look, SelectField, icon, load, toast};
use dto::contact::{Channel, ContactPreferences, KindChannels, PutContactPreferences};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    INTRO: "Mọi thông báo luôn có trong Sổ liên lạc. Ở đây bạn chọn việc gì được báo thêm ra ngoài.", "Everything is always in the contact book. Here you choose what else reaches you.";
    KINDS: "Báo thêm bằng", "Tell me also by";
    OFF: "Trường chưa bật kênh nào ngoài Sổ liên lạc.", "No channel besides the contact book is switched on here.";
    EMAIL: "Địa chỉ thư điện tử", "E-mail address";
    EMAIL_HINT: "Chỉ dùng để gửi những thông báo bạn chọn.", "Used only for what you choose.";
    UNCONFIRMED: "Địa chỉ này chưa xác nhận nên chưa nhận được thư.", "This address is not confirmed, so no mail goes there yet.";
    CONFIRMED: "Đã xác nhận địa chỉ này", "This address is confirmed";
    SEND_CODE: "Gửi mã xác nhận", "Mail me a code";
    AGAIN: "Gửi lại mã", "Mail it again";
    CODE: "Mã trong thư", "The code in the mail";
    CODE_HINT: "Đã gửi 6 chữ số tới địa chỉ trên, dùng được trong 30 phút.", "6 digits went to this address, good for 30 minutes.";
    CONFIRM: "Xác nhận", "Confirm";
    SMS_TO: "SMS và Zalo gửi tới số {phone} trong hồ sơ.", "SMS and Zalo go to {phone}, the number on record.";
    QUIET: "Giờ yên tĩnh", "Quiet hours";
    QUIET_ON: "Không báo trong giờ yên tĩnh, đợi đến hết giờ", "Tell me nothing in quiet hours; it waits until they end";
    FROM: "Từ", "From";
    TO: "Đến", "Until";
    DEVICE: "Thiết bị này", "This device";
    BACK: "Về sổ liên lạc", "Back to the contact book";
}

fn hours() -> Vec<(String, String)> {
    (0..48)
        .map(|half| (half * 30).to_string())
        .map(|minutes| {
            let n: u16 = minutes.parse().unwrap_or(0);
            (minutes, format!("{:02}:{:02}", n / 60, n % 60))
        })
        .collect()
}

#[component]
pub fn PreferencesPage() -> impl IntoView {
    titled(t(PREFERENCES));
    let now = load(contact::preferences);
    view! {
        <div class="family contact">
            <header class="row"><A href="/feed" attr:class="btn plain icon-only" attr:aria-label=t(BACK)>{icon(Icon::Back)}</A><h1 class="grow">{t(PREFERENCES)}</h1></header>
            <p class="muted">{t(INTRO)}</p>
            {now.show(move |p| view! { <Choose now=p saved=Callback::new(move |p| now.set(p)) /> })}
        </div>
    }
}

/// The channels of a kind, ticked or not.
type Boxes = Vec<(Channel, RwSignal<bool>)>;

#[component]
fn Choose(now: ContactPreferences, saved: Callback<ContactPreferences>) -> impl IntoView {
    let available = now.available.clone();
    let version = now.version;
    let kinds: Vec<(KindChannels, Boxes)> = now
        .kinds
        .iter()
        .map(|k| (k.clone(), available.iter().map(|c| (*c, RwSignal::new(k.channels.contains(c)))).collect()))
        .collect();
    let email = RwSignal::new(now.email.clone().unwrap_or_default());
    let quiet = RwSignal::new(now.quiet_from.is_some());
    let from = RwSignal::new(now.quiet_from.unwrap_or(21 * 60).to_string());
    let to = RwSignal::new(now.quiet_to.unwrap_or(6 * 60).to_string());
    let form = Form::new();
    let ticked = StoredValue::new(kinds.clone());
    let save = Callback::new(move |()| {
        let minutes = |value: RwSignal<String>| quiet.get_untracked().then(|| value.get_untracked().parse().ok()).flatten();
        let kinds = ticked.with_value(|kinds| {
            kinds
                .iter()
                .map(|(was, boxes)| {
                    // A channel that is switched off here keeps what was chosen for it.
                    let mut channels: Vec<Channel> =
                        was.channels.iter().copied().filter(|c| boxes.iter().all(|(known, _)| known != c)).collect();
                    channels.extend(boxes.iter().filter(|(_, on)| on.get_untracked()).map(|(c, _)| *c));
                    KindChannels { kind: was.kind, channels }
                })
                .collect()
        });
        let body = PutContactPreferences {
            kinds,
            email: Some(email.get_untracked()).filter(|e| !e.trim().is_empty()),
            quiet_from: minutes(from),
            quiet_to: minutes(to),
        };
        form.send(async move { contact::put_preferences(version, &body).await }, move |p| {
            toast::say(t(tx::SAVED));
            saved.run(p);
        });
    });
    let by_mail = available.contains(&Channel::Email);
    let by_phone = available.iter().any(|c| matches!(c, Channel::Sms | Channel::Zalo));
    let phone = now.phone.filter(|_| by_phone);
    view! {
        {available.contains(&Channel::Push).then(|| view! { <section class="panel body"><h2>{t(DEVICE)}</h2><device::ThisDevice /></section> })}
        <section class="panel body">
            <h2>{t(KINDS)}</h2>
            {available.is_empty().then(|| view! { <p class="muted">{t(OFF)}</p> })}
            {(!available.is_empty()).then(|| kinds.into_iter().map(|(k, boxes)| view! {
                <fieldset class="kind">
                    <legend>{k.kind.label(lang())}</legend>
                    {boxes.into_iter().map(|(c, on)| view! { <Check label=c.label(lang()) value=on /> }).collect_view()}
                </fieldset>
            }).collect_view())}
            {by_mail.then(|| view! { <Field label=t(EMAIL) name="contact-email" value=email kind="email" autocomplete="email" max=200 hint=t(EMAIL_HINT) fault=form.fault("/email") /> })}
            {(by_mail && now.email.is_some()).then(|| match now.email_confirmed {
                true => view! { <p class="quiet">{t(CONFIRMED)}</p> }.into_any(),
                false => view! { <Confirm saved=saved /> }.into_any(),
            })}
            {phone.map(|phone| view! { <p class="quiet">{crate::i18n::tf(SMS_TO, &[("phone", &phone)])}</p> })}
        </section>
        <section class="panel body">
            <h2>{t(QUIET)}</h2>
            <Check label=t(QUIET_ON) value=quiet />
            {move || quiet.get().then(|| view! {
                <div class="fields">
                    <SelectField label=t(FROM) name="quiet-from" value=from options=hours() />
                    <SelectField label=t(TO) name="quiet-to" value=to options=hours() />
                </div>
            })}
        </section>
        <FormFault form=form fields=&["/email"] />
        <div class="row"><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy on_press=save /></div>
    }
}

/// A code is mailed to the address that was saved, and typed here.
#[component]
fn Confirm(saved: Callback<ContactPreferences>) -> impl IntoView {
    let (asked, code, form) = (RwSignal::new(false), RwSignal::new(String::new()), Form::new());
    let ask = Callback::new(move |()| form.send(contact::send_email_code(), move |()| asked.set(true)));
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.send(contact::confirm_email(code.get_untracked()), move |p| {
            toast::say(t(CONFIRMED));
            saved.run(p);
        })
    };
    view! {
        <p>{t(UNCONFIRMED)}</p>
        {move || asked.get().then(|| view! {
          <form class="stack" on:submit=confirm>
            <Field label=t(CODE) name="email-code" value=code autocomplete="one-time-code" max=12 hint=t(CODE_HINT) fault=form.fault("/code") />
            <Button label=t(CONFIRM) look=Look::Primary busy=form.busy />
          </form>
        })}
        {move || view! { <Button label=t(if asked.get() { AGAIN } else { SEND_CODE }) small=true busy=form.busy on_press=ask /> }}
        <FormFault form=form fields=&["/code"] />
    }
}
