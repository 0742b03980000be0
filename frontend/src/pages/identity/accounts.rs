//! The accounts that an administrator of a unit looks after.

use crate::api::identity;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{Picked, own_school, searched};
use crate::state::who;
use crate::ui::{
    Button, CopyButton, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, SearchField, SelectField, Tone, effect,
    pages, table,
};
use dto::UnitId;
use dto::access::{Permission, Role};
use dto::identity::{Account, AccountCreated, AccountQuery, OneTimeCode, PostAccount, PostRoleGrant};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    FIND: "Tìm tài khoản", "Find an account";
    HOLDER: "Họ tên hoặc tên đăng nhập", "Name or user name, without marks";
    NOBODY: "Không thấy tài khoản nào", "No account found";
    USERNAME: "Tên đăng nhập", "User name";
    USERNAME_HINT: "3 đến 100 ký tự: a-z, 0-9, dấu chấm, gạch ngang, gạch dưới", "3 to 100 of a-z, 0-9, dot, dash, underscore";
    LAST: "Vào lần cuối", "Last sign-in";
    NEVER: "Chưa vào lần nào", "Never yet";
    DISABLED: "Đã khoá", "Disabled";
    NEW: "Thêm tài khoản", "Add an account";
    NEW_TEXT: "Giáo viên, phụ huynh và học sinh: hãy tạo tài khoản từ trang của người đó, để tài khoản gắn với hồ sơ.", "For teachers, guardians and learners, make the account on their own pages, so that it belongs to their record.";
    PICK_UNIT: "Hãy chọn đơn vị", "Choose the unit";
    UNIT_HINT: "Gõ tên hoặc mã đơn vị, không cần dấu", "Type the unit's name or code, without marks";
    CODE_TITLE: "Mã một lần của {name}", "One-time code of {name}";
    CODE_TEXT: "Đưa mã này tận tay cho người dùng. Mã chỉ hiện lần này, dùng một lần, đến {at}. Họ vào trang “Đặt mật khẩu bằng mã một lần”.", "Hand this code over in person. It is shown this once, works once, until {at}. They use the page “Set a password with a one-time code”.";
}

#[component]
pub fn Accounts() -> impl IntoView {
    let writes = who().can(Permission::AccountWrite);
    let filters = Filters::new();
    let (school, above) = (filters.school(), who().above_schools());
    // A page of a person leads here with a name to look for.
    let q = filters.text("q");
    let accounts = pages(move |after| {
        let query = AccountQuery { q: searched(q), unit_id: if above { school.id() } else { None }, person_id: None };
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
            {accounts.export("tai-khoan")}
            {writes.then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters">
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            {above.then(|| school.field("school"))}
            {filters.show()}
        </div>
        {accounts.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::Key /></div> }.into_any();
            }
            let rows = items.into_iter().map(row).collect();
            table(t(tx::ACCOUNTS), &[tx::FULL_NAME, USERNAME], &[tx::ROLE, LAST], rows)
        })}
        <Dialog open=adding title=t(NEW)><NewAccount done=added /></Dialog>
        <CodeDialog code=code />
    }
}

/// The roles of an account, in words.
fn roles(account: &Account) -> String {
    let mut roles: Vec<&str> = account.roles.iter().map(|r| r.role.label(lang())).collect();
    roles.dedup();
    roles.join(", ")
}

fn last(account: &Account) -> String {
    account.last_sign_in_at.map(format::instant).unwrap_or_else(|| t(NEVER).to_owned())
}

fn disabled(account: &Account) -> Option<impl IntoView + use<>> {
    account.disabled.then(|| view! { <Pill label=t(DISABLED) tone=Tone::Bad /> })
}

fn row(account: Account) -> AnyView {
    let (roles, last, disabled) = (roles(&account), last(&account), disabled(&account));
    view! {
        <tr class:gone=account.disabled>
            <th scope="row"><A href=format!("/accounts/{}", account.id) attr:class="row-link"><b>{account.full_name}</b></A>" "{disabled}</th>
            <td>{account.username}</td>
            <td class="hide">{roles}</td>
            <td class="hide num muted">{last}</td>
        </tr>
    }
    .into_any()
}

/// The accounts of one person, each a way to its page.
pub fn account_lines(items: Vec<Account>) -> impl IntoView {
    view! {
        <ul class="lines">
            {items.into_iter().map(|account| {
                let (roles, last, disabled) = (roles(&account), last(&account), disabled(&account));
                view! {
                    <li>
                        <span class="grow"><A href=format!("/accounts/{}", account.id)><b>{account.username}</b></A><br /><small class="muted">{roles}</small></span>
                        <span class="quiet num">{last}</span>
                        {disabled}
                    </li>
                }
            }).collect_view()}
        </ul>
    }
}

/// Shows a one-time code, this once.
#[component]
pub fn CodeDialog(code: RwSignal<Option<(String, OneTimeCode)>>) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || {
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

/// The roles that one may give: to somebody whose record is known, or to an account that belongs to nobody's record (then those of
/// teachers, who need one, are left out). Guardian and learner come with their records.
pub fn role_options(known: bool) -> Vec<(String, String)> {
    let own: Vec<Role> = who().with(|me| me.roles.iter().map(|r| r.role).collect());
    Role::ALL
        .iter()
        .filter(|r| !matches!(r, Role::Guardian | Role::Learner))
        .filter(|r| known || !matches!(r, Role::HomeroomTeacher | Role::SubjectTeacher))
        .filter(|r| own.iter().any(|mine| mine.may_grant(**r)))
        .map(|r| (r.to_string(), r.label(lang()).to_owned()))
        .collect()
}

/// Where a role stands: one's own school, or a unit picked by search.
#[derive(Clone, Copy)]
pub struct Place {
    picked: Picked,
    missing: RwSignal<bool>,
}

impl Default for Place {
    fn default() -> Place {
        Place::new()
    }
}

impl Place {
    pub fn new() -> Place {
        let picked = Picked::new();
        picked.chosen.set(own_school());
        Place { picked, missing: RwSignal::new(false) }
    }

    /// The unit; where there is none, the field says so.
    pub fn take(self) -> Option<UnitId> {
        let unit = self.picked.id();
        self.missing.set(unit.is_none());
        unit
    }

    pub fn field(self, name: &'static str, fault: Signal<Option<String>>) -> AnyView {
        if let Some(own) = own_school() {
            return view! { <p><span class="muted">{t(tx::UNIT)}": "</span><b>{own.label}</b></p> }.into_any();
        }
        let fault = Signal::derive(move || fault.get().or_else(|| self.missing.get().then(|| t(PICK_UNIT).to_owned())));
        self.picked.unit_field(t(tx::UNIT), name, &[], None, t(UNIT_HINT), fault)
    }
}

#[component]
fn NewAccount(done: Callback<AccountCreated>) -> impl IntoView {
    let username = RwSignal::new(String::new());
    let full_name = RwSignal::new(String::new());
    let roles = role_options(false);
    let role = RwSignal::new(roles.first().map(|(role, _)| role.clone()).unwrap_or_default());
    let place = Place::new();
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Ok(role), Some(unit)) = (role.get_untracked().parse(), place.take()) else { return };
        let body = PostAccount {
            username: username.get_untracked().trim().to_ascii_lowercase(),
            full_name: full_name.get_untracked().trim().to_owned(),
            person: None,
            roles: vec![PostRoleGrant { role, unit_id: Some(unit), valid_from: None, valid_to: None }],
        };
        form.send(async move { identity::create_account(&body).await }, move |created| done.run(created));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <p class="muted">{t(NEW_TEXT)}</p>
            <FormFault form=form fields=&["/username", "/full_name", "/roles/0/role", "/roles/0/unit_id"] />
            <Field label=t(tx::FULL_NAME) name="full_name" value=full_name required=true autofocus=true max=200 fault=form.fault("/full_name") />
            <Field label=t(USERNAME) name="new_username" value=username required=true max=100 hint=t(USERNAME_HINT) fault=form.fault("/username") />
            <SelectField label=t(tx::ROLE) name="role" value=role options=roles fault=form.fault("/roles/0/role") />
            {place.field("unit", form.fault("/roles/0/unit_id"))}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
