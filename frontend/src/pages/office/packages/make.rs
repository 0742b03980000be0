//! A package is made: whose, for which school, with which seal, with or without the health record.

use crate::api::{packages, transcripts};
use crate::i18n::{t, texts, tf, tx};
use crate::pages::records::pick::Picked;
use crate::ui::{
    Button, Check, CopyButton, Empty, Field, Form, FormFault, Icon, Look, PasswordField, SelectField, load, save_as, toast,
};
use dto::packages::PostTransferPackage;
use dto::{LearnerId, SigningKeyId, UnitId};
use leptos::prelude::*;

texts! {
    WHO: "Học sinh chuyển đi", "Who leaves";
    PICK: "Hãy chọn học sinh", "Choose the learner";
    TO: "Trường đến (tên, tỉnh)", "To which school (name, province)";
    REASON: "Lí do chuyển", "Reason";
    KEY: "Dấu số của trường", "The school's seal";
    KEY_PASSWORD: "Mật khẩu của dấu", "Password of the seal";
    NO_KEY: "Trường chưa có dấu số", "The school has no seal";
    NO_KEY_TEXT: "Thêm dấu ở trang Chứng thư, rồi lập gói.", "Add one on the page of certificates, then make the package.";
    TO_KEYS: "Mở trang Chứng thư số", "Open the certificates";
    HEALTH: "Kèm hồ sơ sức khoẻ (đo, khám, tiêm chủng; bệnh và dị ứng chỉ khi gia đình đồng ý)", "With the health record (growth, checks, vaccinations; conditions only with the family's consent)";
    LOCK: "Mật khẩu khoá phần sức khoẻ", "Passphrase of the health record";
    LOCK_HINT: "Ít nhất 12 ký tự. Trao cho trường đến bằng đường khác (điện thoại, giấy), không gửi cùng tệp. Không ai mở được nếu quên.", "At least 12 characters. Tell the receiving school by another way (phone, paper), never with the file. Nobody can open it without.";
    SUGGEST: "Gợi ý mật khẩu", "Suggest one";
    MAKE: "Lập và tải gói", "Make and download";
    MADE: "Đã lập gói và tải về máy", "The package is made and downloaded";
    DONE: "Gói đã tải về. Trao mật khẩu này cho trường đến bằng đường khác:", "The package is downloaded. Tell the receiving school this passphrase by another way:";
    CLOSE: "Đã ghi lại mật khẩu", "The passphrase is noted";
    FILE: "chuyen-truong-{name}.zip", "transfer-{name}.zip";
}

#[component]
pub fn Make(school: UnitId, open: RwSignal<bool>) -> impl IntoView {
    let keys = load(move || async move {
        let mut page = transcripts::keys(Some(school)).await?;
        page.items.retain(|key| key.seal && key.ends_within_days != Some(0));
        Ok(page.items)
    });
    let form = Form::new();
    let learner = Picked::new();
    let [to, reason, key, password, lock] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let with_health = RwSignal::new(true);
    // Shown once more after the file is there: nobody else keeps it.
    let told = RwSignal::new(None::<String>);
    let send = StoredValue::new(move |first: SigningKeyId| {
        let Some(id) = untrack(|| learner.id::<LearnerId>()) else {
            toast::say(t(PICK));
            return;
        };
        let filled = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.is_empty());
        let lock = filled(lock).filter(|_| with_health.get_untracked());
        let body = PostTransferPackage {
            key_id: key.get_untracked().parse().unwrap_or(first),
            password: filled(password),
            to_school: to.get_untracked(),
            reason: reason.get_untracked(),
            health_passphrase: lock.clone(),
        };
        let name = learner.chosen.get_untracked().map(|choice| choice.label.replace(' ', "-")).unwrap_or_default();
        form.send(async move { packages::make(id, &body).await }, move |blob| {
            save_as(&blob, &tf(FILE, &[("name", &name)]));
            match lock {
                Some(lock) => told.set(Some(lock)),
                None => {
                    open.set(false);
                    toast::say(t(MADE));
                }
            }
        });
    });
    view! {
        {move || match told.get() {
            Some(lock) => view! {
                <div class="stack">
                    <p>{t(DONE)}</p>
                    <p class="row tight"><code class="hash">{lock.clone()}</code><CopyButton text=lock /></p>
                    <footer><Button label=t(CLOSE) look=Look::Primary on_press=Callback::new(move |()| open.set(false)) /></footer>
                </div>
            }.into_any(),
            None => keys.show(move |keys| {
                let Some(first) = keys.first().cloned() else {
                    return view! { <Empty title=t(NO_KEY) text=t(NO_KEY_TEXT) glyph=Icon::Key><a class="btn" rel="external" href="/papers/keys">{t(TO_KEYS)}</a></Empty> }.into_any();
                };
                let asks = keys.iter().any(|key| key.needs_password);
                let options: Vec<_> = keys.iter().map(|key| (key.id.to_string(), format!("{} ({})", key.label, key.subject))).collect();
                view! {
                    <form class="stack" on:submit=move |event| { event.prevent_default(); send.with_value(|send| send(first.id)) }>
                        {learner.learner_field(t(WHO), "package-learner", Some(school), "", Signal::stored(None))}
                        <Field label=t(TO) name="package-to" value=to max=200 required=true fault=form.fault("/to_school") />
                        <Field label=t(REASON) name="package-why" value=reason max=300 required=true fault=form.fault("/reason") />
                        {(options.len() > 1).then(|| view! { <SelectField label=t(KEY) name="package-key" value=key options=Signal::stored(options) /> })}
                        {asks.then(|| view! { <PasswordField label=t(KEY_PASSWORD) name="package-password" value=password autocomplete="off" fault=form.fault("/password") /> })}
                        <Check label=t(HEALTH) value=with_health />
                        {move || with_health.get().then(|| view! {
                            <PasswordField label=t(LOCK) name="package-lock" value=lock autocomplete="new-password" hint=t(LOCK_HINT) fault=form.fault("/health_passphrase") />
                            <div class="row"><Button label=t(SUGGEST) small=true on_press=Callback::new(move |()| lock.set(suggested())) /></div>
                        })}
                        <FormFault form=form fields=&["/to_school", "/reason", "/password", "/health_passphrase"] />
                        <footer>
                            <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                            <Button label=t(MAKE) look=Look::Primary busy=form.busy />
                        </footer>
                    </form>
                }.into_any()
            }),
        }}
    }
    .into_any()
}

/// Four groups of five letters that nobody mistakes for others: 100 bits by the browser's generator.
pub fn suggested() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345679";
    let ids = (uuid::Uuid::new_v4().into_bytes(), uuid::Uuid::new_v4().into_bytes());
    // A random id has some fixed bits: of two, the bytes without them.
    let bytes = ids.0.iter().chain(&ids.1).enumerate().filter(|(at, _)| !matches!(at % 16, 6 | 8)).map(|(_, byte)| *byte);
    let letters: Vec<char> = bytes.take(20).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
