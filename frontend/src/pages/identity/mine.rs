//! My account: password, devices that are signed in, language and theme.

use crate::api::identity;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::door::PasswordForm;
use crate::pages::offline::SignOut;
use crate::prefs;
use crate::shell::Tools;
use crate::state::who;
use crate::ui::{Button, Check, Form, FormFault, Header, Icon, Loader, Pill, Tone, effect, icon, load, toast};
use dto::Page;
use dto::access::Permission;
use dto::identity::Session;
use leptos::prelude::*;

texts! {
    PASSWORD: "Mật khẩu", "Password";
    PASSWORD_TEXT: "Đổi mật khẩu sẽ kết thúc các phiên ở máy khác.", "Changing the password ends your sessions on other devices.";
    SESSIONS: "Nơi đang đăng nhập", "Where you are signed in";
    HERE: "Máy này", "This device";
    LAST_USED: "Dùng lần cuối {at}", "Last used {at}";
    SINCE: "đăng nhập {at}", "signed in {at}";
    END: "Kết thúc", "End";
    ENDED: "Đã kết thúc phiên", "The session was ended";
    OTHER_APP: "Ứng dụng khác", "Another application";
    ROLES: "Vai trò", "Roles";
    KEYS: "Phím tắt", "Keys";
    LETTERS: "Dùng phím tắt một chữ: / J K T ?", "Use keys of one letter: / J K T ?";
    LETTERS_TEXT: "Bỏ chọn nếu bạn ra lệnh bằng giọng nói, hoặc hay chạm nhầm phím. Ctrl+K và phím mũi tên vẫn dùng được. Nhớ cho bạn trên máy này.", "Clear it if you speak to the computer, or often touch keys by mistake. Ctrl+K and the arrows stay. Kept for you on this device.";
}

#[component]
pub fn MyAccount() -> impl IntoView {
    let who = who();
    let me = who.me();
    let sessions = load(identity::sessions);
    let form = Form::new();
    let account = me.account_id.to_string();
    let letters = RwSignal::new(prefs::letter_keys(&account));
    effect(move || prefs::set_letter_keys(&account, letters.get()));
    view! {
        <Header title=t(tx::MY_ACCOUNT) />
        <section class="panel">
            <div class="body row self">
                <span class="face big" aria-hidden="true">{format::initials(&me.full_name)}</span>
                <div class="grow"><h2>{me.full_name}</h2><p class="muted">{me.username}</p></div>
                <Tools><SignOut /></Tools>
            </div>
        </section>
        <div class="split">
            <section class="panel">
                <header><h2>{t(SESSIONS)}</h2></header>
                <div class="body"><FormFault form=form />{sessions.show(move |page| view! { <ul class="lines">{page.items.into_iter().map(|s| line(s, form, sessions)).collect_view()}</ul> })}</div>
            </section>
            <section class="panel">
                <header><h2>{t(PASSWORD)}</h2></header>
                <div class="body stack"><p class="muted">{t(PASSWORD_TEXT)}</p><PasswordForm /></div>
            </section>
            // Only the staff has keys.
            {who.can(Permission::ClassRead).then(|| view! {
                <section class="panel">
                    <header><h2>{t(KEYS)}</h2></header>
                    <div class="body"><Check label=t(LETTERS) value=letters /><p class="muted">{t(LETTERS_TEXT)}</p></div>
                </section>
            })}
            {(!me.roles.is_empty()).then(|| view! {
                <section class="panel">
                    <header><h2>{t(ROLES)}</h2></header>
                    <ul class="body lines">{me.roles.into_iter().map(|r| view! { <li><b class="grow">{r.role.label(lang())}</b><span class="muted">{r.unit_name}</span></li> }).collect_view()}</ul>
                </section>
            })}
        </div>
    }
}

fn line(session: Session, form: Form, sessions: Loader<Page<Session>>) -> impl IntoView {
    let id = session.id;
    let end = Callback::new(move |()| {
        form.send(identity::end_session(id), move |()| {
            toast::say(t(ENDED));
            sessions.reload();
        })
    });
    let times = format!(
        "{} · {}",
        tf(LAST_USED, &[("at", &format::instant(session.last_used_at))]),
        tf(SINCE, &[("at", &format::instant(session.created_at))])
    );
    view! {
        <li>
            <span class="muted">{icon(if session.device.contains("Android") || session.device.contains("iPhone") { Icon::Phone } else { Icon::Screen })}</span>
            <span class="grow"><b>{if session.device.is_empty() { t(OTHER_APP).to_owned() } else { session.device }}</b><br /><small class="muted num">{times}</small></span>
            {if session.current { view! { <Pill label=t(HERE) tone=Tone::Ok /> }.into_any() } else { view! { <Button small=true label=t(END) busy=form.busy on_press=end /> }.into_any() }}
        </li>
    }
}
