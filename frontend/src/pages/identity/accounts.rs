//! The accounts that an administrator of a unit looks after.

use crate::api::identity;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{
    Button, CopyButton, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, SearchField, SelectField, Tone, pages,
};
use dto::access::{Permission, Role};
use dto::identity::{Account, AccountCreated, AccountQuery, OneTimeCode, PostAccount, PostRoleGrant};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    FIND: "Tìm tài khoản", "Find an account";
    HOLDER: "Tên hoặc tên đăng nhập, không cần dấu", "Name or user name, without marks";
    NOBODY: "Không thấy tài khoản nào", "No account found";
    USERNAME: "Tên đăng nhập", "User name";
    USERNAME_HINT: "3 đến 100 kí tự: a-z, 0-9, dấu chấm, gạch ngang, gạch dưới", "3 to 100 of a-z, 0-9, dot, dash, underscore";
    LAST: "Vào lần cuối", "Last sign-in";
    NEVER: "Chưa vào lần nào", "Never yet";
    DISABLED: "Đã khoá", "Disabled";
    NEW: "Thêm tài khoản", "Add an account";
    CODE_TITLE: "Mã một lần của {name}", "One-time code of {name}";
    CODE_TEXT: "Đưa mã này tận tay cho người dùng. Mã chỉ hiện lần này, dùng một lần, đến {at}. Họ vào trang “Đặt mật khẩu bằng mã một lần”.", "Hand this code over in person. It is shown this once, works once, until {at}. They use the page “Set a password with a one-time code”.";
}

#[component]
pub fn Accounts() -> impl IntoView {
    let writes = who().can(Permission::AccountWrite);
    let q = RwSignal::new(String::new());
    let accounts = pages(move |after| {
        let query = AccountQuery { unit_id: None, q: Some(q.get().trim().to_owned()).filter(|q| !q.is_empty()) };
        async move { identity::accounts(&query, after).await }
    });
    let adding = RwSignal::new(false);
    let code = RwSignal::new(None::<(String, OneTimeCode)>);
    let added = Callback::new(move |created: AccountCreated| {
        adding.set(false);
        code.set(Some((created.account.full_name, created.one_time_code)));
        accounts.reload();
    });
    view! {
        <Header title=t(tx::ACCOUNTS)>
            {writes.then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters"><SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) /></div>
        {accounts.show(|items| if items.is_empty() {
            view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::Key /></div> }.into_any()
        } else {
            table(items).into_any()
        })}
        <Dialog open=adding title=t(NEW)><NewAccount done=added /></Dialog>
        <CodeDialog code=code />
    }
}

fn table(items: Vec<Account>) -> impl IntoView {
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(tx::ACCOUNTS)>
            <table>
                <thead><tr><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(USERNAME)}</th><th scope="col" class="hide">{t(tx::ROLE)}</th><th scope="col" class="hide">{t(LAST)}</th></tr></thead>
                <tbody>
                    {items.into_iter().map(|a| {
                        let mut roles: Vec<&str> = a.roles.iter().map(|r| r.role.label(lang())).collect();
                        roles.dedup();
                        view! {
                            <tr class:gone=a.disabled>
                                <th scope="row"><A href=format!("/accounts/{}", a.id) attr:class="row-link"><b>{a.full_name}</b></A>" "{a.disabled.then(|| view! { <Pill label=t(DISABLED) tone=Tone::Bad /> })}</th>
                                <td>{a.username}</td>
                                <td class="hide">{roles.join(", ")}</td>
                                <td class="hide num muted">{a.last_sign_in_at.map(format::instant).unwrap_or_else(|| t(NEVER).to_owned())}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Shows a one-time code, this once.
#[component]
pub fn CodeDialog(code: RwSignal<Option<(String, OneTimeCode)>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if code.read().is_some() {
            open.set(true);
        }
    });
    view! {
        {move || code.get().map(|(name, code_now)| {
            let OneTimeCode { code: text, expires_at } = code_now;
            let at = format::instant(expires_at);
            view! {
                <Dialog open=open title=tf(CODE_TITLE, &[("name", &name)])>
                    <p class="code">{text.clone()}</p>
                    <p class="muted">{tf(CODE_TEXT, &[("at", &at)])}</p>
                    <footer><CopyButton text=text.clone() /><Button label=t(tx::CLOSE) look=Look::Primary on_press=Callback::new(move |()| open.set(false)) /></footer>
                </Dialog>
            }
        })}
    }
}

/// The units that the person's own roles stand on: a new role is given there. Guardian and learner come with their records.
pub fn own_units() -> Vec<(String, String)> {
    who().with(|me| {
        let mut units: Vec<(String, String)> =
            me.roles.iter().filter_map(|r| Some((r.unit_id?.to_string(), r.unit_name.clone().unwrap_or_default()))).collect();
        units.dedup();
        units
    })
}

pub fn role_options() -> Vec<(String, String)> {
    Role::ALL
        .iter()
        .filter(|r| !matches!(r, Role::Guardian | Role::Learner))
        .map(|r| (r.to_string(), r.label(lang()).to_owned()))
        .collect()
}

#[component]
fn NewAccount(done: Callback<AccountCreated>) -> impl IntoView {
    let username = RwSignal::new(String::new());
    let full_name = RwSignal::new(String::new());
    let role = RwSignal::new(Role::SubjectTeacher.to_string());
    let units = own_units();
    let unit = RwSignal::new(units.first().map(|(id, _)| id.clone()).unwrap_or_default());
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(role) = role.get_untracked().parse() else { return };
        let grant = PostRoleGrant { role, unit_id: unit.get_untracked().parse().ok(), valid_from: None, valid_to: None };
        let body = PostAccount {
            username: username.get_untracked().trim().to_ascii_lowercase(),
            full_name: full_name.get_untracked().trim().to_owned(),
            person: None,
            roles: vec![grant],
        };
        form.send(async move { identity::create_account(&body).await }, move |created| done.run(created));
    };
    view! {
        <form class="stack" on:submit=submit>
            <FormFault form=form fields=&["/username", "/full_name", "/roles/0/role", "/roles/0/unit_id"] />
            <Field label=t(tx::FULL_NAME) name="full_name" value=full_name required=true autofocus=true max=200 fault=form.fault("/full_name") />
            <Field label=t(USERNAME) name="new_username" value=username required=true max=100 hint=t(USERNAME_HINT) fault=form.fault("/username") />
            <SelectField label=t(tx::ROLE) name="role" value=role options=role_options() fault=form.fault("/roles/0/role") />
            <SelectField label=t(tx::UNIT) name="unit" value=unit options=units fault=form.fault("/roles/0/unit_id") />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
}
