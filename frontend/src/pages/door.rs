//! The door: sign in, a new password by a one-time code, a password of one's own.

use crate::api::{identity, session};
use crate::i18n::{t, texts, tx};
use crate::pages::offline::SignOut;
use crate::prefs;
use crate::shell::Tools;
use crate::ui::{Button, Field, Form, FormFault, Icon, Look, OfflineBanner, PasswordField, icon, mark, toast};
use dto::identity::{ChangePassword, ResetPassword};
use leptos::prelude::*;
use leptos_router::components::Redirect;

texts! {
    LEAD: "Một nơi cho cả việc dạy và học của tỉnh", "One place for teaching and learning in the province";
    LEAD_MORE: "Sổ điểm, hồ sơ học sinh, kết quả và sổ liên lạc: nhập một lần, đúng quy chế, ai cần đều thấy.", "Marks, records, results and the contact book: entered once, by the regulations, seen by those who need it.";
    SIGN_IN: "Đăng nhập", "Sign in";
    USERNAME: "Tên đăng nhập", "User name";
    PASSWORD: "Mật khẩu", "Password";
    NO_PASSWORD: "Quên mật khẩu, hoặc lần đầu đăng nhập?", "Forgot the password, or here for the first time?";
    HAVE_CODE: "Dùng mã một lần của nhà trường", "Use the school's one-time code";
    RESET: "Đặt mật khẩu bằng mã một lần", "Set a password with a one-time code";
    RESET_TEXT: "Văn thư hoặc quản trị của đơn vị cấp mã, dùng được một lần trong 24 giờ.", "The school office or the unit's administrator gives the code; it works once, for 24 hours.";
    CODE: "Mã một lần", "One-time code";
    NEW_PASSWORD: "Mật khẩu mới", "New password";
    NEW_HINT: "Ít nhất 8 ký tự, không trùng tên đăng nhập.", "At least 8 characters, not your user name.";
    SET: "Đặt mật khẩu", "Set the password";
    SET_DONE: "Đã đặt mật khẩu. Mời bạn đăng nhập.", "The password is set. Please sign in.";
    BACK_TO: "Quay lại đăng nhập", "Back to sign in";
    OWN: "Chọn mật khẩu của riêng bạn", "Choose a password of your own";
    OWN_TEXT: "Mật khẩu hiện tại do người khác cấp. Hãy đổi trước khi làm việc tiếp.", "The present password was given by somebody else. Change it before you go on.";
    CURRENT: "Mật khẩu hiện tại", "Present password";
    CHANGE: "Đổi mật khẩu", "Change the password";
    CHANGED: "Đã đổi mật khẩu", "The password was changed";
}

/// The two halves: the face of the platform, and the form.
#[component]
fn Frame(#[prop(into)] title: String, #[prop(optional)] out: Option<AnyView>, children: Children) -> impl IntoView {
    document().set_title(&format!("{title} · Khuê"));
    view! {
        <OfflineBanner />
        <div class="door">
            <header class="front">
                {pavilion()}
                <a href="/" class="logo">{mark()}<span><b>{t(tx::APP)}</b><small>{t(tx::PROVINCE)}</small></span></a>
                <h1>{t(LEAD)}</h1>
                <p>{t(LEAD_MORE)}</p>
            </header>
            <main class="inner" id="main"><Tools>{out}</Tools>{children()}</main>
        </div>
        <toast::Toasts />
    }
    .into_any()
}

/// Khuê Văn Các in lines: two roofs, the round window with its rays, the four pillars, and its water.
pub(super) fn pavilion() -> impl IntoView {
    view! {
        <svg class="art" viewBox="0 0 640 560" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
            <g class="near">
                <path d="M212 168q54-14 108-62 54 48 108 62M196 176q62-4 124-4t124 4M250 122q36-14 70-44 34 30 70 44M320 78V52M308 60q12-14 24 0"></path>
                <path d="M226 176v126M414 176v126M252 176v126M388 176v126M226 302h188M214 312h212M252 284h24M364 284h24"></path>
                <circle cx="320" cy="238" r="44"></circle>
                <circle cx="320" cy="238" r="30"></circle>
                <path d="M320 194v-12M320 282v14M276 238h-16M364 238h16M289 207l-9-9M351 207l9-9M289 269l-9 9M351 269l9 9"></path>
                <path d="M150 352q66-10 94-40h152q28 30 94 40M136 362q92-6 184-6t184 6"></path>
                <path d="M222 362v132M250 362v132M390 362v132M418 362v132M200 494h240M184 508h272M168 522h304"></path>
            </g>
            <g>
                <circle cx="320" cy="238" r="118"></circle>
                <circle cx="320" cy="238" r="196"></circle>
                <circle cx="320" cy="238" r="286"></circle>
                <circle cx="320" cy="238" r="388"></circle>
                <circle cx="320" cy="238" r="506"></circle>
            </g>
        </svg>
    }
}

#[component]
pub fn SignIn() -> impl IntoView {
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let call = session::sign_in(username.get_untracked().trim().to_owned(), password.get_untracked());
        form.send(call, |()| {
            // Whoever was here before does not come back without the server.
            prefs::set_known(Some(prefs::SOMEBODY));
            // The pages behind the door are a program of their own.
            let _ = window().location().assign(&wanted());
        });
    };
    view! {
        <Frame title=t(SIGN_IN)>
            <form on:submit=submit>
                <h2>{t(SIGN_IN)}</h2>
                <FormFault form=form fields=&["/username", "/password"] />
                <Field label=t(USERNAME) name="username" value=username required=true autofocus=true autocomplete="username" max=100 fault=form.fault("/username") />
                <PasswordField label=t(PASSWORD) name="password" value=password autocomplete="current-password" fault=form.fault("/password") />
                <Button label=t(SIGN_IN) look=Look::Primary busy=form.busy />
                <p class="under">{t(NO_PASSWORD)}" "<a href="/reset">{t(HAVE_CODE)}</a></p>
            </form>
        </Frame>
    }
}

/// Where the person wanted to go. Only a path of these pages: an address from outside is not followed.
fn wanted() -> String {
    let search = window().location().search().unwrap_or_default();
    let next = web_sys::UrlSearchParams::new_with_str(&search).ok().and_then(|query| query.get("next"));
    next.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')).unwrap_or_else(|| "/".to_owned())
}

#[component]
pub fn Reset() -> impl IntoView {
    let username = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let form = Form::new();
    let done = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = ResetPassword {
            username: username.get_untracked().trim().to_owned(),
            code: code.get_untracked().trim().to_owned(),
            new_password: password.get_untracked(),
        };
        form.send(async move { identity::reset_password(&body).await }, move |()| done.set(true));
    };
    view! {
        <Frame title=t(RESET)>
            <form on:submit=submit>
                <h2>{t(RESET)}</h2>
                {move || if done.get() {
                    // The code is used up: nothing is left to fill in.
                    view! {
                        <p class="strip ok" role="status">{icon(Icon::Check)}{t(SET_DONE)}</p>
                        <a href="/sign-in" class="btn primary">{t(SIGN_IN)}</a>
                    }.into_any()
                } else {
                    view! {
                        <p class="under">{t(RESET_TEXT)}</p>
                        <FormFault form=form fields=&["/username", "/code", "/new_password"] />
                        <Field label=t(USERNAME) name="username" value=username required=true autofocus=true autocomplete="username" max=100 fault=form.fault("/username") />
                        <Field label=t(CODE) name="code" value=code required=true autocomplete="one-time-code" max=20 fault=form.fault("/code") />
                        <PasswordField label=t(NEW_PASSWORD) name="new_password" value=password autocomplete="new-password" hint=t(NEW_HINT) fault=form.fault("/new_password") />
                        <Button label=t(SET) look=Look::Primary busy=form.busy />
                        <p class="under"><a href="/sign-in">{t(BACK_TO)}</a></p>
                    }.into_any()
                }}
            </form>
        </Frame>
    }
}

/// Between the door and the pages: a password that somebody else gave has to be changed.
#[component]
pub fn NewPassword() -> impl IntoView {
    view! {
        <Frame title=t(OWN) out=view! { <SignOut /> }.into_any()>
            <div class="stack">
                <h2>{t(OWN)}</h2>
                <p class="under">{t(OWN_TEXT)}</p>
                <PasswordForm />
            </div>
        </Frame>
    }
}

/// Changes one's own password.
#[component]
pub fn PasswordForm() -> impl IntoView {
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = ChangePassword { current_password: current.get_untracked(), new_password: new.get_untracked() };
        let call = async move {
            identity::change_password(&body).await?;
            session::password_changed().await
        };
        form.send(call, move |()| {
            current.try_set(String::new());
            new.try_set(String::new());
            toast::say(t(CHANGED));
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <FormFault form=form fields=&["/current_password", "/new_password"] />
            <PasswordField label=t(CURRENT) name="current_password" value=current autocomplete="current-password" fault=form.fault("/current_password") />
            <PasswordField label=t(NEW_PASSWORD) name="new_password" value=new autocomplete="new-password" hint=t(NEW_HINT) fault=form.fault("/new_password") />
            <div><Button label=t(CHANGE) look=Look::Primary busy=form.busy /></div>
        </form>
    }
}

/// Somebody who is signed in already has no business at the door.
#[component]
pub fn Back() -> impl IntoView {
    view! { <Redirect path="/" /> }
}
