//! Whom the contact book reaches: classes of the school, guardians of a class; and the requests for leave of a homeroom class.

use super::{ADOPTION, LEAVE, leave, titled, when};
use crate::api::{ApiError, contact, records};
use crate::i18n::{t, texts, tf, tx};
use crate::pages::records::class::{class_head, class_of_address};
use crate::state::who;
use crate::ui::{Empty, Header, Icon, Pill, Progress, Tone, load};
use dto::access::Permission;
use dto::classes::ClassQuery;
use dto::contact::{ClassAdoption, GuardianAdoption};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    UNDER: "Phụ huynh đã mở sổ liên lạc ít nhất một lần", "Guardians who have opened the contact book at least once";
    COUNTS: "{opened}/{all} phụ huynh · {reached}/{learners} học sinh", "{opened} of {all} guardians · {reached} of {learners} learners";
    NEVER: "Chưa mở lần nào", "Never came";
    NO_ACCOUNT: "Chưa có tài khoản", "No account";
    LAST: "Gần nhất {at}", "Last {at}";
    NOTHING: "Chưa có lớp nào", "No classes yet";
    NOTHING_TEXT: "Lớp và phụ huynh có trong hồ sơ thì hiện ở đây.", "Classes and guardians on record show here.";
    HAVE_NOT: "Chưa dùng sổ liên lạc", "Have not come";
    HAVE: "Đã dùng", "Have come";
    ALL_CAME: "Mọi phụ huynh trong hồ sơ đều đã mở sổ liên lạc.", "Every guardian on record has opened the contact book.";
}

#[component]
pub fn SchoolAdoptionPage() -> impl IntoView {
    titled(t(ADOPTION));
    let counts = load(|| async {
        let mut schools: Vec<_> =
            records::classes(&ClassQuery::default(), None).await?.items.into_iter().map(|c| c.school_id).collect();
        schools.sort_unstable();
        schools.dedup();
        let mut all = Vec::new();
        for school in schools.into_iter().take(4) {
            all.extend(contact::school_adoption(school).await?.items);
        }
        Ok::<_, ApiError>(all)
    });
    view! {
        <Header title=t(ADOPTION) under=t(UNDER) />
        {counts.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::People /></div> }.into_any();
            }
            view! { <ul class="panel body lines contact">{items.into_iter().map(line).collect_view()}</ul> }.into_any()
        })}
    }
}

fn line(class: ClassAdoption) -> impl IntoView {
    let text = tf(
        COUNTS,
        &[
            ("opened", &class.opened.to_string()),
            ("all", &class.guardians.to_string()),
            ("reached", &class.reached.to_string()),
            ("learners", &class.learners.to_string()),
        ],
    );
    let percent = (class.opened * 100).checked_div(class.guardians).unwrap_or(0);
    view! {
        <li class="share">
            <A href=format!("/classes/{}/contact", class.class_id)><b>{t(tx::CLASS)}" "{class.class_name}</b></A>
            <span class="grow"><Progress percent=percent label=text.clone() /></span>
            <small class="num muted">{text}</small>
        </li>
    }
}

#[component]
pub fn ClassContactPage() -> impl IntoView {
    let (id, class) = class_of_address();
    let who = who();
    let guardians = load(move || {
        let id = id.get();
        async move { contact::class_adoption(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    view! {
        {class.show(|class| class_head(&class, ().into_any()))}
        <div class="split contact">
            {who.can(Permission::LeaveAnswer).then(|| view! {
                <section class="stack"><h2>{t(LEAVE)}</h2>{move || id.get().map(|class| view! { <leave::OfClass class=class /> })}</section>
            })}
            <section class="stack">
                {guardians.show(|page| {
                    let (never, came): (Vec<_>, Vec<_>) = page.items.into_iter().partition(|g| g.last_at.is_none());
                    view! {
                        <h2>{t(HAVE_NOT)}" ("{never.len()}")"</h2>
                        {if never.is_empty() { view! { <p class="muted">{t(ALL_CAME)}</p> }.into_any() } else { view! { <ul class="panel body lines">{never.into_iter().map(person).collect_view()}</ul> }.into_any() }}
                        {(!came.is_empty()).then(|| view! { <h2>{t(HAVE)}" ("{came.len()}")"</h2><ul class="panel body lines">{came.into_iter().map(person).collect_view()}</ul> })}
                    }
                })}
            </section>
        </div>
    }
}

fn person(g: GuardianAdoption) -> impl IntoView {
    let state = match (g.last_at, g.has_account) {
        (Some(at), _) => view! { <small class="quiet">{tf(LAST, &[("at", &when(at))])}</small> }.into_any(),
        (None, true) => view! { <Pill label=t(NEVER) tone=Tone::Warn /> }.into_any(),
        (None, false) => view! { <Pill label=t(NO_ACCOUNT) tone=Tone::Bad /> }.into_any(),
    };
    view! {
        <li>
            <span class="grow"><b>{g.guardian_name}</b><br /><small class="muted">{g.learner_name}{g.phone.map(|p| view! { " · "<a class="num" href=format!("tel:{p}")>{p.clone()}</a> })}</small></span>
            {state}
        </li>
    }
}
