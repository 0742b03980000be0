//! A learner's page: own data, history of statuses, classes, guardians, and the way to the results.

use crate::api::error_field_text;
use crate::api::{ApiError, identity, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::identity::accounts::{CodeDialog, account_lines};
use crate::pages::params::param;
use crate::pages::records::learner_forms::{EditLearner, NewGuardian, NewStatus};
use crate::pages::records::learner_plan::LearnerPlan;
use crate::pages::records::staff_forms::NewPersonAccount;
use crate::state::who;
use crate::ui::{Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::LearnerId;
use dto::access::Permission;
use dto::identity::{AccountCreated, AccountQuery, OneTimeCode, Person};
use dto::learners::{Enrolment, GuardianOf, LearnerDetail, PersonName};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    CODES: "Mã số", "Codes";
    EDIT: "Sửa hồ sơ", "Edit the record";
    RESULTS: "Kết quả học tập", "Results";
    GROWTH: "Cân nặng, chiều cao", "Weight and height";
    OWN: "Thông tin", "Personal data";
    STATUSES: "Quá trình", "History";
    CLASSES: "Các lớp đã học", "Classes";
    GUARDIANS: "Cha mẹ, người giám hộ", "Parents and guardians";
    NEW_STATUS: "Đổi trạng thái", "Change the status";
    ADD_GUARDIAN: "Thêm người giám hộ", "Add a guardian";
    NO_GUARDIAN: "Chưa có ai", "Nobody yet";
    NO_GUARDIAN_TEXT: "Người giám hộ có tài khoản sẽ xem được kết quả của con.", "A guardian with an account sees the child's results.";
    NO_CLASS: "Chưa xếp lớp", "In no class yet";
    REMOVE: "Gỡ", "Remove";
    REMOVED: "Đã gỡ {name}", "{name} was removed";
    REMOVE_ASK: "Gỡ {name} khỏi hồ sơ? Người này sẽ không còn xem được kết quả của em.", "Remove {name} from the record? They will no longer see the child's results.";
    LOOK_AT: "Cần xem lại", "Please check";
    FROM_TO: "{from} – {to}", "{from} – {to}";
    SINCE: "từ {day}", "since {day}";
    HAS_ACCOUNT: "Tài khoản {name}", "Account {name}";
    MAKE_ACCOUNT: "Tạo tài khoản", "Make an account";
    MAKE_ACCOUNT_OF: "Tạo tài khoản cho {name}", "Make an account for {name}";
    OWN_ACCOUNT: "Tài khoản của học sinh", "The learner's account";
    NO_ACCOUNT: "Chưa có tài khoản", "No account yet";
}

#[component]
pub fn LearnerPage() -> impl IntoView {
    let id = param::<LearnerId>("learner");
    let detail = load(move || {
        let id = id.get();
        async move { records::learner(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    // Outside of what is drawn anew on each change, so that the code stays on the screen.
    let code = RwSignal::new(None::<(String, OneTimeCode)>);
    view! {
        {detail.show(move |learner| page(learner, detail, code))}
        <CodeDialog code=code />
    }
}

fn page(detail: LearnerDetail, loader: Loader<LearnerDetail>, code: RwSignal<Option<(String, OneTimeCode)>>) -> impl IntoView {
    let who = who();
    let LearnerDetail { learner, school_name, statuses, enrolments, guardians, warnings } = detail;
    let id = learner.id;
    let writes = who.can(Permission::LearnerWrite);
    let editing = RwSignal::new(false);
    let stating = RwSignal::new(false);
    let adding = RwSignal::new(false);
    let crumbs = match enrolments.iter().find(|e| e.left_on.is_none()) {
        Some(e) => vec![
            Crumb(t(tx::CLASSES).to_owned(), "/classes".to_owned()),
            Crumb(e.class_name.clone(), format!("/classes/{}", e.class_id)),
        ],
        None => vec![Crumb(t(tx::LEARNERS).to_owned(), "/learners".to_owned())],
    };
    // A preschool child has neither marks nor a plan of subjects.
    let school_child = |e: &&Enrolment| e.left_on.is_none() && e.grade.number().is_some();
    let now = enrolments.iter().find(school_child).map(|e| e.class_id);
    let graded = enrolments.is_empty() || enrolments.iter().any(|e| e.grade.number().is_some());
    let plan = now.filter(|_| who.can(Permission::PlanWrite)).map(|class| view! { <LearnerPlan learner=id class=class /> });
    let (sees_accounts, makes_accounts) = (who.can(Permission::AccountRead), who.can(Permission::AccountWrite));
    let school: Vec<(String, String)> =
        learner.school_id.map(|id| (id.to_string(), school_name.clone().unwrap_or_default())).into_iter().collect();
    let (school, making, whose) = (StoredValue::new(school), RwSignal::new(false), RwSignal::new(None::<(Person, PersonName)>));
    let make = Callback::new(move |(person, name): (Person, PersonName)| {
        whose.set(Some((person, name)));
        making.set(true);
    });
    let own_accounts = load(move || async move {
        if !sees_accounts {
            return Ok(Vec::new());
        }
        let query = AccountQuery { person_id: Some(id.into()), ..Default::default() };
        Ok(identity::accounts(&query, None).await?.items)
    });
    let made = Callback::new(move |made: AccountCreated| {
        making.set(false);
        own_accounts.reload();
        loader.reload();
        code.set(Some((made.account.full_name, made.one_time_code)));
    });
    let links = Links { sees: sees_accounts, make: makes_accounts.then_some(make) };
    let own_name = learner.name.clone();
    let status = learner.status;
    let stored = StoredValue::new(learner.clone());
    view! {
        <Header title=learner.full_name.clone() crumbs=crumbs under=school_name.unwrap_or_default()>
            {writes.then(|| view! { <A href=format!("/office/learners/{id}/codes") attr:class="btn">{icon(Icon::Key)}{t(CODES)}</A> })}
            {who.can(Permission::GrowthRead).then(|| view! { <A href=format!("/learners/{id}/growth") attr:class="btn">{icon(Icon::Person)}{t(GROWTH)}</A> })}
            {(graded && who.can(Permission::ResultRead)).then(|| view! { <A href=format!("/learners/{id}/report") attr:class="btn">{icon(Icon::Chart)}{t(RESULTS)}</A> })}
            {writes.then(|| view! { <Button label=t(EDIT) look=Look::Primary on_press=Callback::new(move |()| editing.set(true)) /> })}
        </Header>
        {(!warnings.is_empty()).then(|| view! {
            <div class="strip">{icon(Icon::Alert)}<div class="grow"><b>{t(LOOK_AT)}</b>" "{warnings.iter().map(error_field_text).collect::<Vec<_>>().join(" ")}</div></div>
        })}
        <div class="split flow">
            <section class="panel">
                <header><h2 class="grow">{t(OWN)}</h2><Pill label=status.label(lang()) tone=if status.present() { Tone::Ok } else { Tone::Warn } /></header>
                <dl class="body facts">
                    <dt>{t(tx::BIRTH_DATE)}</dt><dd class="num">{format::date(learner.birth_date)}</dd>
                    <dt>{t(tx::SEX)}</dt><dd>{learner.sex.label(lang())}</dd>
                    <dt>{t(tx::ETHNICITY)}</dt><dd>{learner.ethnicity.unwrap_or_else(|| "–".to_owned())}</dd>
                    <dt>{t(tx::PERSONAL_ID)}</dt><dd class="num">{learner.personal_id.unwrap_or_else(|| "–".to_owned())}</dd>
                    <dt>{t(tx::MINISTRY_CODE)}</dt><dd class="num">{learner.ministry_code.unwrap_or_else(|| "–".to_owned())}</dd>
                </dl>
            </section>
            <section class="panel">
                <header>
                    <h2 class="grow">{t(GUARDIANS)}</h2>
                    {writes.then(|| view! { <Button small=true label=t(ADD_GUARDIAN) glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
                </header>
                <div class="body">
                    {if guardians.is_empty() {
                        view! { <Empty title=t(NO_GUARDIAN) text=t(NO_GUARDIAN_TEXT) glyph=Icon::People /> }.into_any()
                    } else {
                        view! { <ul class="lines">{guardians.into_iter().map(|g| guardian(id, g, writes, links, loader)).collect_view()}</ul> }.into_any()
                    }}
                </div>
            </section>
            {sees_accounts.then(|| view! {
                <section class="panel">
                    <header><h2 class="grow">{t(OWN_ACCOUNT)}</h2></header>
                    <div class="body">
                        {own_accounts.show(move |items| if items.is_empty() {
                            let name = own_name.clone();
                            view! {
                                <div class="row"><span class="muted grow">{t(NO_ACCOUNT)}</span>
                                    {makes_accounts.then(|| view! { <Button small=true label=t(MAKE_ACCOUNT) glyph=Icon::Key on_press=Callback::new(move |()| make.run((Person::Learner(id), name.clone()))) /> })}
                                </div>
                            }.into_any()
                        } else {
                            account_lines(items).into_any()
                        })}
                    </div>
                </section>
            })}
            {plan}
            <section class="panel">
                <header><h2>{t(CLASSES)}</h2></header>
                <div class="body">
                    {if enrolments.is_empty() {
                        view! { <Empty title=t(NO_CLASS) glyph=Icon::Book /> }.into_any()
                    } else {
                        view! {
                            <ul class="lines">
                                {enrolments.into_iter().map(|e| view! {
                                    <li>
                                        <span class="grow"><A href=format!("/classes/{}", e.class_id)><b>{e.class_name}</b></A>" · "{e.school_year}<br /><small class="muted">{e.school_name}</small></span>
                                        <span class="quiet num">{match e.left_on {
                                            Some(left) => tf(FROM_TO, &[("from", &format::date(e.enrolled_on)), ("to", &format::date(left))]),
                                            None => tf(SINCE, &[("day", &format::date(e.enrolled_on))]),
                                        }}</span>
                                    </li>
                                }).collect_view()}
                            </ul>
                        }.into_any()
                    }}
                </div>
            </section>
            <section class="panel">
                <header>
                    <h2 class="grow">{t(STATUSES)}</h2>
                    {writes.then(|| view! { <Button small=true label=t(NEW_STATUS) on_press=Callback::new(move |()| stating.set(true)) /> })}
                </header>
                <ul class="body lines">
                    {statuses.into_iter().map(|s| view! {
                        <li>
                            <span class="grow"><b>{s.status.label(lang())}</b><br /><small class="muted">{s.school_name}{s.reason.map(|r| format!(" · {r}"))}</small></span>
                            <span class="quiet num">{format::date(s.since)}</span>
                        </li>
                    }).collect_view()}
                </ul>
            </section>
        </div>
        <Dialog open=editing title=t(EDIT)><EditLearner learner=stored.get_value() done=Callback::new(move |()| { editing.set(false); loader.reload(); toast::say(t(tx::SAVED)) }) /></Dialog>
        <Dialog open=stating title=t(NEW_STATUS)><NewStatus learner=id now=status done=Callback::new(move |detail| { stating.set(false); loader.set(detail); toast::say(t(tx::SAVED)) }) /></Dialog>
        {move || whose.get().map(|(person, name)| {
            let title = tf(MAKE_ACCOUNT_OF, &[("name", &name.full())]);
            view! { <Dialog open=making title=title><NewPersonAccount person=person name=name.clone() units=school.get_value() done=made /></Dialog> }
        })}
        <Dialog open=adding title=t(ADD_GUARDIAN)><NewGuardian learner=id done=Callback::new(move |()| { adding.set(false); loader.reload(); toast::say(t(tx::SAVED)) }) /></Dialog>
    }
}

/// What a person may do with the accounts of a family.
#[derive(Clone, Copy)]
struct Links {
    sees: bool,
    make: Option<Callback<(Person, PersonName)>>,
}

fn guardian(
    learner: LearnerId,
    guardian: GuardianOf,
    writes: bool,
    links: Links,
    loader: Loader<LearnerDetail>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let form = Form::new();
    let GuardianOf { guardian_id, relation, full_name, phone, username } = guardian;
    let name = StoredValue::new(full_name.clone());
    let no_account = username.is_none();
    let remove = Callback::new(move |()| {
        form.send(records::remove_guardian(learner, guardian_id), move |()| {
            asking.set(false);
            toast::say(name.with_value(|n| tf(REMOVED, &[("name", n)])));
            loader.reload();
        })
    });
    view! {
        <li class="person">
            <span class="face" aria-hidden="true">{format::initials(&full_name)}</span>
            <span class="grow"><b>{full_name}</b><br /><small class="muted">
                {relation.label(lang())}
                {username.map(|u| {
                    let text = tf(HAS_ACCOUNT, &[("name", &u)]);
                    // The list of accounts finds it by its name.
                    if links.sees { view! { " · "<A href=format!("/accounts?q={u}")>{text}</A> }.into_any() } else { view! { " · "{text} }.into_any() }
                })}
            </small></span>
            <span class="ways-to">
                {phone.map(|phone| view! { <a class="btn small plain num" href=format!("tel:{phone}")>{icon(Icon::Phone)}{phone.clone()}</a> })}
                {no_account.then(|| links.make.map(|make| view! { <Button small=true look=Look::Plain label=t(MAKE_ACCOUNT) glyph=Icon::Key on_press=Callback::new(move |()| make.run((Person::Guardian(guardian_id), parts(&name.get_value())))) /> }))}
                {writes.then(|| view! { <Button small=true look=Look::Plain label=t(REMOVE) on_press=Callback::new(move |()| asking.set(true)) /> })}
            </span>
            <Dialog open=asking title=t(REMOVE)>
                <p>{name.with_value(|n| tf(REMOVE_ASK, &[("name", n)]))}</p>
                <FormFault form=form />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| asking.set(false)) />
                    <Button label=t(REMOVE) look=Look::Danger busy=form.busy on_press=remove />
                </footer>
            </Dialog>
        </li>
    }
}

/// A full name in its parts, for a user name: the first word is the family's, the last the given one.
fn parts(full: &str) -> PersonName {
    let words: Vec<&str> = full.split_whitespace().collect();
    match words.as_slice() {
        [] => PersonName { family: String::new(), middle: String::new(), given: full.to_owned() },
        [given] => PersonName { family: String::new(), middle: String::new(), given: (*given).to_owned() },
        [family, middle @ .., given] => {
            PersonName { family: (*family).to_owned(), middle: middle.join(" "), given: (*given).to_owned() }
        }
    }
}
