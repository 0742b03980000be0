//! Certificates: one's own, and for whoever keeps them the school's seal and those of its staff.

use super::{own_school, ways};
use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{
    Button, Dialog, Empty, Field, Form, FormFault, Header, Icon, Loader, Look, PasswordField, Pill, SelectField, Tone, icon,
    load, toast,
};
use dto::transcripts::{KeySource, PostSigningKey, SigningKey};
use dto::{Page, UnitId};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

texts! {
    TITLE: "Chứng thư số", "Certificates";
    UNDER: "Tệp khoá được giữ ở dạng mã hoá; mật khẩu hỏi lại mỗi lần ký và không được lưu.", "Key files are kept encrypted; the password is asked each time and never kept.";
    MINE: "Của tôi", "Mine";
    SCHOOL: "Của trường", "The school's";
    NONE: "Chưa có chứng thư số", "No certificate yet";
    NONE_TEXT: "Thêm tệp .p12 do nhà cung cấp chứng thực cấp, hoặc tạo chứng thư dùng thử.", "Add the .p12 file that your provider gave you, or have one made for trial.";
    ADD: "Thêm chứng thư số", "Add a certificate";
    ADD_SEAL: "Thêm dấu số của trường", "Add the school's seal";
    ADDED: "Đã thêm chứng thư số", "The certificate was added";
    REMOVE: "Gỡ", "Remove";
    REMOVED: "Đã gỡ", "Removed";
    LABEL: "Tên gọi", "Name";
    LABEL_HINT: "Ví dụ: Chứng thư VGCA 2026", "For example: VGCA 2026";
    KIND: "Cách lưu khoá", "Where the key is";
    FILE: "Tệp .p12 hoặc .pfx", "A .p12 or .pfx file";
    TRIAL: "Chứng thư dùng thử", "A certificate for trial";
    TOKEN: "Thiết bị của máy chủ (PKCS#11)", "The server's token (PKCS#11)";
    REMOTE: "Dịch vụ ký số từ xa", "A remote signing service";
    CHOOSE: "Chọn tệp", "Choose the file";
    PASSWORD: "Mật khẩu của tệp", "The file's password";
    TRIAL_PASSWORD: "Đặt mật khẩu để ký", "Set a password to sign with";
    PIN: "Mã PIN", "PIN";
    KEY_LABEL: "Nhãn của thiết bị", "The token's label";
    CREDENTIAL: "Mã chứng thư ở dịch vụ", "The credential's id";
    UNTIL: "đến {day}", "until {day}";
    ENDS: "Còn dưới {n} ngày", "Less than {n} days left";
    ENDED: "Hết hạn", "Expired";
    FOR_TRIAL: "Dùng thử", "Trial";
    SEAL: "Dấu của trường", "Seal";
}

#[component]
pub fn KeysPage() -> impl IntoView {
    let school = own_school();
    let mine = load(|| transcripts::keys(None));
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        {ways()}
        <div class="stack">
            <Part title=t(MINE) add=t(ADD) school=None keys=mine />
            {school.map(|school| {
                let keys = load(move || transcripts::keys(Some(school)));
                view! { <Part title=t(SCHOOL) add=t(ADD_SEAL) school=Some(school) keys=keys /> }
            })}
        </div>
    }
}

#[component]
fn Part(title: &'static str, add: &'static str, school: Option<UnitId>, keys: Loader<Page<SigningKey>>) -> impl IntoView {
    let adding = RwSignal::new(false);
    let form = Form::new();
    let remove = move |key: &SigningKey| {
        let id = key.id;
        Callback::new(move |()| {
            form.send(transcripts::remove_key(school, id), move |()| {
                toast::say(t(REMOVED));
                keys.reload();
            });
        })
    };
    let line = move |key: SigningKey| {
        let until = tf(UNTIL, &[("day", &format::date(key.not_after.date_naive()))]);
        let ends = key.ends_within_days.map(|days| match days {
            0 => view! { <Pill label=t(ENDED) tone=Tone::Bad /> }.into_any(),
            n => view! { <Pill label=tf(ENDS, &[("n", &n.to_string())]) tone=if n == 60 { Tone::Warn } else { Tone::Bad } /> }
                .into_any(),
        });
        // The certificate says a name; whose the key is needs saying only where that differs.
        let owner = key.owner.clone().filter(|owner| *owner != key.subject);
        // Of staff in the list of a school one looks at the days; the key is theirs.
        let removes = (key.seal == school.is_some())
            .then(|| view! { <Button label=t(REMOVE) small=true busy=form.busy on_press=remove(&key) /> });
        view! {
            <li class="top">
                {icon(Icon::Key)}
                <div class="grow"><p><b>{key.subject.clone()}</b>" "{key.seal.then(|| view! { <Pill label=t(SEAL) tone=Tone::Brand /> })}" "{key.trial.then(|| view! { <Pill label=t(FOR_TRIAL) /> })}" "{ends}</p>
                    <p class="muted">{format!("{} · {} · {until}", key.label, key.kind.label(lang()))}{owner.map(|owner| format!(" · {owner}"))}</p></div>
                {removes}
            </li>
        }
    };
    view! {
        <section class="panel">
            <header><h2>{title}</h2><Button label=add glyph=Icon::Plus small=true on_press=Callback::new(move |()| adding.set(true)) /></header>
            <FormFault form=form />
            {keys.show(move |page| match page.items.is_empty() {
                true => view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Key /> }.into_any(),
                false => view! { <ul class="lines">{page.items.into_iter().map(line).collect_view()}</ul> }.into_any(),
            })}
            <Dialog open=adding title=add><Add school=school open=adding keys=keys /></Dialog>
        </section>
    }
    .into_any()
}

const FILE_KIND: &str = "pkcs12";
const TRIAL_KIND: &str = "trial";
const TOKEN_KIND: &str = "pkcs11";
const REMOTE_KIND: &str = "remote";

#[component]
fn Add(school: Option<UnitId>, open: RwSignal<bool>, keys: Loader<Page<SigningKey>>) -> impl IntoView {
    let form = Form::new();
    let new = || RwSignal::new(String::new());
    let (label, password, name) = (new(), new(), new());
    let kind = RwSignal::new(FILE_KIND.to_owned());
    let file = StoredValue::new_local(None::<web_sys::File>);
    let options = [(FILE_KIND, FILE), (TRIAL_KIND, TRIAL), (TOKEN_KIND, TOKEN), (REMOTE_KIND, REMOTE)];
    let options: Vec<(String, String)> = options.into_iter().map(|(kind, text)| (kind.to_owned(), t(text).to_owned())).collect();
    let send = move || {
        let chosen = file.get_value();
        form.send(
            async move {
                let password = password.get_untracked();
                let source = match kind.get_untracked().as_str() {
                    TRIAL_KIND => KeySource::Trial { password },
                    TOKEN_KIND => KeySource::Pkcs11 { token: name.get_untracked(), pin: password },
                    REMOTE_KIND => KeySource::Remote { credential_id: name.get_untracked() },
                    _ => KeySource::Pkcs12 { file: base64_of(chosen).await, password },
                };
                transcripts::add_key(school, &PostSigningKey { label: label.get_untracked(), source }).await
            },
            move |_| {
                open.set(false);
                toast::say(t(ADDED));
                keys.reload();
            },
        );
    };
    let choose = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        file.set_value(input.and_then(|input| input.files()).and_then(|files| files.get(0)));
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <Field label=t(LABEL) name="label" value=label required=true max=100 hint=t(LABEL_HINT) fault=form.fault("/label") />
            <SelectField label=t(KIND) name="kind" value=kind options=Signal::stored(options) />
            {move || match kind.read().as_str() {
                TRIAL_KIND => view! { <PasswordField label=t(TRIAL_PASSWORD) name="key-password" value=password autocomplete="new-password" fault=form.fault("/source/password") /> }.into_any(),
                TOKEN_KIND => view! {
                    <Field label=t(KEY_LABEL) name="token" value=name required=true max=100 fault=form.fault("/source/token") />
                    <PasswordField label=t(PIN) name="pin" value=password autocomplete="off" fault=form.fault("/source/pin") />
                }.into_any(),
                REMOTE_KIND => view! { <Field label=t(CREDENTIAL) name="credential" value=name required=true max=200 fault=form.fault("/source/credential_id") /> }.into_any(),
                _ => view! {
                    <div class="field"><label for="p12">{t(CHOOSE)}</label><input id="p12" type="file" accept=".p12,.pfx" required on:change=choose /></div>
                    <PasswordField label=t(PASSWORD) name="key-password" value=password autocomplete="off" fault=form.fault("/source/password") />
                }.into_any(),
            }}
            <FormFault form=form fields=&["/label", "/source/password", "/source/token", "/source/pin", "/source/credential_id"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(ADD) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
}

/// A file in base64; nothing of one that cannot be read, which the server then says.
async fn base64_of(file: Option<web_sys::File>) -> String {
    let Some(file) = file else { return String::new() };
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else { return String::new() };
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    let latin: String = bytes.into_iter().map(char::from).collect();
    window().btoa(&latin).unwrap_or_default()
}
