//! A member of staff: own data, posts in time, what they teach, their account.

use crate::api::{ApiError, identity, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::identity::accounts::{CodeDialog, account_lines};
use crate::pages::params::param;
use crate::pages::records::staff_forms::{EditStaff, EndPost, NewPersonAccount, NewPost};
use crate::state::who;
use crate::ui::{Button, Crumb, Dialog, Empty, Header, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::StaffId;
use dto::access::Permission;
use dto::identity::{AccountCreated, AccountQuery, OneTimeCode, Person};
use dto::staff::{Post, Staff};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    OWN: "Thông tin", "Personal data";
    POSTS: "Vị trí việc làm", "Posts";
    WHOLE: "Hồ sơ theo thời gian", "The record over time";
    EDIT: "Sửa hồ sơ", "Edit the record";
    ADD_POST: "Thêm vị trí", "Add a post";
    END_POST: "Kết thúc", "End";
    END_TITLE: "Kết thúc vị trí", "End a post";
    NOW: "đang giữ", "present";
    SINCE: "từ {day}", "since {day}";
    FROM_TO: "{from} – {to}", "{from} – {to}";
    ACCOUNT: "Tài khoản", "Account";
    NO_ACCOUNT: "Chưa có tài khoản", "No account yet";
    NO_ACCOUNT_TEXT: "Có tài khoản, người này tự đăng nhập để nhập điểm và xem lớp của mình.", "With an account they sign in, enter marks and see their classes.";
    NEW_ACCOUNT: "Tạo tài khoản", "Make an account";
    NO_POST: "Hiện không giữ vị trí nào", "No post at present";
}

#[component]
pub fn StaffPage() -> impl IntoView {
    let id = param::<StaffId>("staff");
    let staff = load(move || {
        let id = id.get();
        async move { records::staff_member(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    // Outside of what is drawn anew on each change, so that the code stays on the screen.
    let code = RwSignal::new(None::<(String, OneTimeCode)>);
    view! {
        {staff.show(move |value| page(value, staff, code))}
        <CodeDialog code=code />
    }
}

fn page(staff: Staff, loader: Loader<Staff>, code: RwSignal<Option<(String, OneTimeCode)>>) -> impl IntoView {
    let who = who();
    let (writes, sees_accounts, makes_accounts) =
        (who.can(Permission::StaffWrite), who.can(Permission::AccountRead), who.can(Permission::AccountWrite));
    let id = staff.id;
    let (editing, posting, ending, making) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let open = |dialog: RwSignal<bool>| Callback::new(move |()| dialog.set(true));
    let which = RwSignal::new(None::<Post>);
    let stored = StoredValue::new(staff.clone());
    let changed = Callback::new(move |staff: Staff| {
        for dialog in [editing, posting, ending] {
            dialog.set(false);
        }
        toast::say(t(tx::SAVED));
        loader.set(staff);
    });
    let end = Callback::new(move |post: Post| {
        which.set(Some(post));
        ending.set(true);
    });
    let accounts = load(move || async move {
        if !sees_accounts {
            return Ok(Vec::new());
        }
        let query = AccountQuery { person_id: Some(id.into()), ..Default::default() };
        Ok(identity::accounts(&query, None).await?.items)
    });
    let made = Callback::new(move |made: AccountCreated| {
        making.set(false);
        accounts.reload();
        code.set(Some((made.account.full_name, made.one_time_code)));
    });
    let now: Vec<Post> = staff.posts.iter().filter(|p| p.valid_to.is_none_or(|end| end > format::today())).cloned().collect();
    let under = match now.as_slice() {
        [] => t(NO_POST).to_owned(),
        posts => posts.iter().map(|p| format!("{}, {}", p.position.label(lang()), p.unit_name)).collect::<Vec<_>>().join(" · "),
    };
    let units: Vec<(String, String)> = {
        let mut units: Vec<_> = now.iter().map(|p| (p.unit_id.to_string(), p.unit_name.clone())).collect();
        units.dedup();
        units
    };
    let (units, position) = (StoredValue::new(units), now.first().map(|p| p.position));
    let crumbs = vec![Crumb(t(tx::STAFF).to_owned(), "/staff".to_owned())];
    let dash = || "–".to_owned();
    view! {
        <Header title=staff.full_name.clone() crumbs=crumbs under=under>
            <A href=format!("/office/staff/{id}") attr:class="btn">{t(WHOLE)}</A>
            {writes.then(|| view! { <Button label=t(EDIT) look=Look::Primary on_press=open(editing) /> })}
        </Header>
        <div class="split flow">
            <section class="panel">
                <header><h2>{t(OWN)}</h2></header>
                <dl class="body facts">
                    <dt>{t(tx::BIRTH_DATE)}</dt><dd class="num">{staff.birth_date.map(format::date).unwrap_or_else(dash)}</dd>
                    <dt>{t(tx::SEX)}</dt><dd>{staff.sex.label(lang())}</dd>
                    <dt>{t(tx::PHONE)}</dt><dd class="num">{match staff.phone {
                        Some(phone) => view! { <a href=format!("tel:{phone}")>{phone.clone()}</a> }.into_any(),
                        None => dash().into_any(),
                    }}</dd>
                    <dt>{t(tx::MINISTRY_CODE)}</dt><dd class="num">{staff.ministry_code.unwrap_or_else(dash)}</dd>
                </dl>
            </section>
            {sees_accounts.then(|| view! {
                <section class="panel">
                    <header><h2 class="grow">{t(ACCOUNT)}</h2></header>
                    <div class="body">
                        {accounts.show(move |items| if items.is_empty() {
                            view! {
                                <Empty title=t(NO_ACCOUNT) text=t(NO_ACCOUNT_TEXT) glyph=Icon::Key>
                                    {(makes_accounts && position.is_some()).then(|| view! { <Button label=t(NEW_ACCOUNT) glyph=Icon::Plus on_press=open(making) /> })}
                                </Empty>
                            }.into_any()
                        } else {
                            account_lines(items).into_any()
                        })}
                    </div>
                </section>
            })}
            <section class="panel">
                <header>
                    <h2 class="grow">{t(POSTS)}</h2>
                    {writes.then(|| view! { <Button small=true label=t(ADD_POST) glyph=Icon::Plus on_press=open(posting) /> })}
                </header>
                <ul class="body lines">{staff.posts.into_iter().map(|post| line(post, writes, end)).collect_view()}</ul>
            </section>
        </div>
        <Dialog open=editing title=t(EDIT)><EditStaff staff=stored.get_value() done=changed /></Dialog>
        <Dialog open=posting title=t(ADD_POST)><NewPost staff=id done=changed /></Dialog>
        <Dialog open=ending title=t(END_TITLE)>{move || which.get().map(|post| view! { <EndPost staff=id post=post done=changed /> })}</Dialog>
        <Dialog open=making title=t(NEW_ACCOUNT)>
            {move || {
                let name = stored.with_value(|s| s.name.clone());
                position.map(|position| view! { <NewPersonAccount person=Person::Staff(id) name=name units=units.get_value() position=position done=made /> })
            }}
        </Dialog>
    }
}

fn line(post: Post, writes: bool, end: Callback<Post>) -> impl IntoView {
    let present = post.valid_to.is_none_or(|day| day > format::today());
    let time = match post.valid_to {
        Some(to) => tf(FROM_TO, &[("from", &format::date(post.valid_from)), ("to", &format::date(to))]),
        None => tf(SINCE, &[("day", &format::date(post.valid_from))]),
    };
    let stored = StoredValue::new(post.clone());
    view! {
        <li>
            <span class="muted">{icon(Icon::Home)}</span>
            <span class="grow"><b>{post.position.label(lang())}</b><br /><small class="muted">{post.unit_name}</small></span>
            <span class="quiet num">{time}</span>
            {present.then(|| view! { <Pill label=t(NOW) tone=Tone::Ok /> })}
            {(writes && present).then(|| view! { <Button small=true look=Look::Plain label=t(END_POST) on_press=Callback::new(move |()| end.run(stored.get_value())) /> })}
        </li>
    }
}
