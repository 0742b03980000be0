//! One account: roles, lock, one-time code.

use crate::api::{ApiError, identity};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::identity::accounts::{CodeDialog, Place, role_options};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{
    Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, icon, load, toast,
};
use dto::AccountId;
use dto::access::Permission;
use dto::identity::{Account, OneTimeCode, Person, PostRoleGrant, PutAccount, RoleGrant};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    GIVE_CODE: "Cấp mã một lần", "Give a one-time code";
    LOCK: "Khoá tài khoản", "Disable the account";
    UNLOCK: "Mở khoá", "Enable the account";
    LOCKED_TOAST: "Đã khoá; các phiên đang mở không ghi được nữa", "Disabled; open sessions can write nothing any more";
    UNLOCKED_TOAST: "Đã mở khoá", "Enabled";
    DISABLED: "Đã khoá", "Disabled";
    ACTIVE: "Đang dùng", "Active";
    ROLES: "Vai trò", "Roles";
    ADD_ROLE: "Thêm vai trò", "Add a role";
    NO_ROLES: "Chưa có vai trò", "No role yet";
    NO_ROLES_TEXT: "Phụ huynh và học sinh xem được nhờ liên kết hồ sơ, không cần vai trò.", "Guardians and learners see by their records and need no role.";
    TAKE: "Thu hồi", "Take back";
    TAKEN: "Đã thu hồi vai trò {role}", "The role {role} was taken back";
    SINCE: "từ {day}", "since {day}";
    UNTIL: "đến {day}", "until {day}";
    RECORD: "Xem hồ sơ", "See the record";
    LAST: "Vào lần cuối", "Last sign-in";
    NEVER: "Chưa vào lần nào", "Never yet";
}

#[component]
pub fn AccountPage() -> impl IntoView {
    let id = param::<AccountId>("account");
    let account = load(move || {
        let id = id.get();
        async move { identity::account(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    // Outside of what is drawn anew on each change, so that the code stays on the screen.
    let code = RwSignal::new(None::<(String, OneTimeCode)>);
    view! {
        {account.show(move |value| page(value, account, code))}
        <CodeDialog code=code />
    }
}

fn page(account: Account, loader: Loader<Account>, code: RwSignal<Option<(String, OneTimeCode)>>) -> impl IntoView {
    let writes = who().can(Permission::AccountWrite);
    let (id, version, disabled) = (account.id, account.version, account.disabled);
    let name = StoredValue::new(account.full_name.clone());
    let staff = matches!(account.person, Some(Person::Staff(_)));
    // A guardian's and a learner's role comes with the record.
    let more_roles = writes && matches!(account.person, None | Some(Person::Staff(_)));
    let record = match account.person {
        Some(Person::Staff(id)) if who().can(Permission::StaffRead) => Some(format!("/staff/{id}")),
        Some(Person::Learner(id)) if who().can(Permission::LearnerRead) => Some(format!("/learners/{id}")),
        _ => None,
    };
    let form = Form::new();
    let adding = RwSignal::new(false);
    let give =
        Callback::new(move |()| form.send(identity::one_time_code(id), move |made| code.set(Some((name.get_value(), made)))));
    let lock = Callback::new(move |()| {
        let body = PutAccount { full_name: name.get_value(), disabled: !disabled };
        form.send(async move { identity::put_account(id, version, &body).await }, move |account| {
            toast::say(t(if account.disabled { LOCKED_TOAST } else { UNLOCKED_TOAST }));
            loader.set(account);
        })
    });
    let crumbs = vec![Crumb(t(tx::ACCOUNTS).to_owned(), "/accounts".to_owned())];
    let last = account.last_sign_in_at.map(format::instant).unwrap_or_else(|| t(NEVER).to_owned());
    view! {
        <Header title=account.full_name crumbs=crumbs under=account.username>
            {record.map(|href| view! { <A href=href attr:class="btn">{icon(Icon::Person)}{t(RECORD)}</A> })}
            {writes.then(|| view! {
                <Button label=t(if disabled { UNLOCK } else { LOCK }) look=if disabled { Look::Normal } else { Look::Danger } glyph=Icon::Lock busy=form.busy on_press=lock />
                <Button label=t(GIVE_CODE) look=Look::Primary glyph=Icon::Key busy=form.busy on_press=give />
            })}
        </Header>
        <FormFault form=form />
        <p class="row"><Pill label=t(if disabled { DISABLED } else { ACTIVE }) tone=if disabled { Tone::Bad } else { Tone::Ok } /><span class="quiet num">{t(LAST)}": "{last}</span></p>
        <section class="panel">
            <header>
                <h2 class="grow">{t(ROLES)}</h2>
                {more_roles.then(|| view! { <Button small=true label=t(ADD_ROLE) glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
            </header>
            <div class="body">
                {if account.roles.is_empty() {
                    view! { <Empty title=t(NO_ROLES) text=t(NO_ROLES_TEXT) glyph=Icon::Key /> }.into_any()
                } else {
                    view! { <ul class="lines">{account.roles.into_iter().map(|g| line(id, g, writes, form, loader)).collect_view()}</ul> }.into_any()
                }}
            </div>
        </section>
        <Dialog open=adding title=t(ADD_ROLE)><AddRole account=id staff=staff done=Callback::new(move |()| { adding.set(false); loader.reload(); toast::say(t(tx::SAVED)) }) /></Dialog>
    }
}

fn line(account: AccountId, grant: RoleGrant, writes: bool, form: Form, loader: Loader<Account>) -> impl IntoView {
    let RoleGrant { id, role, unit_name, valid_from, valid_to, .. } = grant;
    let take = Callback::new(move |()| {
        form.send(identity::revoke_role(account, id), move |()| {
            toast::say(tf(TAKEN, &[("role", role.label(lang()))]));
            loader.reload();
        })
    });
    let until = valid_to.map(|day| format!(" {}", tf(UNTIL, &[("day", &format::date(day))])));
    view! {
        <li>
            <span class="grow"><b>{role.label(lang())}</b><br /><small class="muted">{unit_name}</small></span>
            <span class="quiet num">{tf(SINCE, &[("day", &format::date(valid_from))])}{until}</span>
            {writes.then(|| view! { <Button small=true look=Look::Plain label=t(TAKE) busy=form.busy on_press=take /> })}
        </li>
    }
}

#[component]
fn AddRole(account: AccountId, staff: bool, done: Callback<()>) -> impl IntoView {
    let roles = role_options(staff);
    let role = RwSignal::new(roles.last().map(|(role, _)| role.clone()).unwrap_or_default());
    let place = Place::new();
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Ok(role), Some(unit)) = (role.get_untracked().parse(), place.take()) else { return };
        let body = PostRoleGrant { role, unit_id: Some(unit), valid_from: None, valid_to: None };
        form.send(async move { identity::grant_role(account, &body).await }, move |_| done.run(()));
    };
    view! {
        <form class="stack" on:submit=submit>
            <FormFault form=form fields=&["/role", "/unit_id"] />
            <SelectField label=t(tx::ROLE) name="role" value=role options=roles fault=form.fault("/role") />
            {place.field("unit", form.fault("/unit_id"))}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
}
