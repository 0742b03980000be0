//! What stands around every page: navigation, quick search, language, theme, who is here.

use crate::api::records;
use crate::i18n::{lang, t, tf, tx};
use crate::keys;
use crate::pages::offline::{SignOut, UnsentStrip};
use crate::pages::place::Place;
use crate::prefs::{self, Theme};
use crate::state::{Calendar, Who, term_now, who};
use crate::tree::Tree;
use crate::ui::{Choice, Dialog, Finder, Icon, OfflineBanner, icon, load, mark, toast};
use crate::{api, format};
use dto::Lang;
use dto::access::{Permission, Role};
use dto::classes::ClassQuery;
use dto::learners::LearnerQuery;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

/// What stands around the pages of the staff alone. As functions, so that a program without them does not carry them.
#[derive(Clone, Copy)]
pub struct Desk {
    find: fn(RwSignal<bool>) -> AnyView,
    teaching: fn() -> AnyView,
    unsent: fn() -> AnyView,
    menu: fn(RwSignal<bool>, Vec<Way>) -> AnyView,
    aside: fn(fn(&str) -> bool) -> Aside,
    /// At which addresses the tree stands beside the page where nobody has chosen yet.
    tree: fn(&str) -> bool,
}

/// The tree and what the keyboard does on every page.
struct Aside {
    button: AnyView,
    phone: AnyView,
    beside: AnyView,
    over: AnyView,
}

pub const DESK: Desk = Desk {
    find: |open| view! { <QuickSearch open=open /> }.into_any(),
    teaching: || view! { <Teaching /> }.into_any(),
    unsent: || view! { <UnsentStrip /> }.into_any(),
    menu,
    aside,
    // A mark sheet needs the width.
    tree: |path| path == "/classes",
};

pub const OFFICE_DESK: Desk = Desk { tree: |_| true, ..DESK };

fn aside(usual: fn(&str) -> bool) -> Aside {
    let tree = Tree::new(Place::provide(), usual);
    let keys = keys::listen(Callback::new(move |()| tree.focus()));
    Aside {
        button: tree.button(true),
        phone: tree.button(false),
        beside: tree.beside(),
        over: view! { {tree.over()}{keys} }.into_any(),
    }
}

/// A way of the navigation.
#[derive(Clone)]
pub struct Way {
    href: &'static str,
    label: &'static str,
    glyph: Icon,
}

fn ways(who: Who) -> (Vec<Way>, Vec<Way>) {
    let way = |href, text, glyph| Way { href, label: t(text), glyph };
    let mut main = Vec::new();
    let mut admin = Vec::new();
    if who.can(Permission::FamilyRead) && !who.can(Permission::ClassRead) {
        main.push(way("/", if who.learner() { tx::MY_RESULTS } else { tx::CHILDREN }, Icon::Home));
        if who.can(Permission::ContactFeed) {
            main.push(way("/feed", tx::FEED, Icon::Bell));
        }
        if who.can(Permission::ContactFamily) {
            main.push(way("/threads", tx::THREADS, Icon::Chat));
            main.push(way("/leave", tx::LEAVE, Icon::Clock));
        }
        return (main, admin);
    }
    main.push(way("/", tx::HOME, Icon::Home));
    if who.can(Permission::ClassRead) {
        main.push(way("/classes", tx::CLASSES, Icon::Book));
    }
    if who.can(Permission::ContactThread) {
        main.push(way("/threads", tx::THREADS, Icon::Chat));
    }
    if who.can(Permission::NoticeWrite) {
        main.push(way("/notices", tx::NOTICES, Icon::Bell));
    }
    if who.can(Permission::LearnerRead) {
        main.push(way("/learners", tx::LEARNERS, Icon::People));
    }
    if who.can(Permission::ClassRead) {
        main.push(way("/office", tx::OFFICE, Icon::Home));
    }
    if who.can(Permission::TranscriptSign) {
        main.push(way("/papers", tx::SIGNING, Icon::File));
    } else if who.can(Permission::KeyOwn) {
        main.push(way("/papers/keys", tx::KEYS, Icon::Key));
    }
    if who.can(Permission::FamilyRead) {
        main.push(way("/children", tx::CHILDREN, Icon::Chart));
    }
    if who.can(Permission::TermCloseUnit) {
        admin.push(way("/closing-runs", tx::CLOSING_RUNS, Icon::Lock));
    }
    if who.can(Permission::DeadlineWrite) {
        admin.push(way("/deadlines", tx::DEADLINES, Icon::Clock));
    }
    if who.can(Permission::ImportWrite) {
        admin.push(way("/office/imports", tx::IMPORT, Icon::Upload));
    }
    if who.can(Permission::StaffRead) {
        admin.push(way("/staff", tx::STAFF, Icon::Person));
    }
    if who.can(Permission::UnitRead)
        && (who.above_schools() || who.is(Role::Principal) || who.is(Role::Clerk) || who.is(Role::Deputy))
    {
        admin.push(way("/units", tx::UNITS, Icon::Tree));
    }
    if who.can(Permission::CalendarWrite) {
        admin.push(way("/school-years", tx::SCHOOL_YEARS, Icon::Clock));
    }
    if who.can(Permission::AccountRead) {
        admin.push(way("/accounts", tx::ACCOUNTS, Icon::Key));
    }
    if who.can(Permission::ContactReview) {
        admin.push(way("/message-reports", tx::REPORTS, Icon::Alert));
    }
    if who.can(Permission::DeliveryManage) {
        admin.push(way("/deliveries", tx::DELIVERIES, Icon::Upload));
    }
    (main, admin)
}

#[component]
pub fn Shell(desk: Option<Desk>, children: Children) -> impl IntoView {
    let who = who();
    Calendar::provide(who);
    let finding = RwSignal::new(false);
    let find = desk.map(|desk| desk.find).filter(|_| who.can(Permission::LearnerRead) || who.can(Permission::ClassRead));
    let searchable = find.is_some();
    let aside = desk.filter(|_| who.can(Permission::ClassRead)).map(|desk| (desk.aside)(desk.tree));
    let (tree_button, tree_phone, tree_beside, tree_over) = match aside {
        Some(Aside { button, phone, beside, over }) => (Some(button), Some(phone), Some(beside), Some(over)),
        None => (None, None, None, None),
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if searchable && (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            finding.update(|f| *f = !*f);
        }
    });
    on_cleanup(move || keys.remove());

    // After a change of page, a screen reader and the keyboard start at its head.
    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            if let Some(main) = main.get_untracked() {
                let _ = main.focus();
            }
        }
        now
    });

    let (ways_main, ways_admin) = ways(who);
    // A phone's bar has room for four; what is beyond opens above it.
    let every: Vec<Way> = ways_main.iter().chain(&ways_admin).cloned().collect();
    let (menu_open, beyond) = (RwSignal::new(false), every.len() > 4);
    let last = match beyond {
        true => view! { <button type="button" aria-haspopup="dialog" on:click=move |_| menu_open.set(true)>{icon(Icon::Menu)}<span>{t(tx::MORE_SHORT)}</span></button> }.into_any(),
        false => view! { <A href="/account">{icon(Icon::Person)}<span>{t(tx::ME_SHORT)}</span></A> }.into_any(),
    };
    let bar = links(every.iter().take(4).cloned().collect());
    let under = who.unit().unwrap_or_else(|| t(tx::PROVINCE).to_owned());
    let name = who.with(|me| me.full_name.clone());
    let face = format::initials(&name);
    view! {
        <a class="skip" href="#main" on:click=move |event| { event.prevent_default(); if let Some(main) = main.get_untracked() { let _ = main.focus(); } }>{t(tx::SKIP)}</a>
        <OfflineBanner inside=true />
        <div class="app">
            <header class="phone-top">
                <Logo under=under.clone() />
                <div class="tools">
                    {tree_phone}
                    {searchable.then(|| view! { <button type="button" class="btn plain icon-only" aria-label=t(tx::FIND) on:click=move |_| finding.set(true)>{icon(Icon::Search)}</button> })}
                    <A href="/account" attr:class="btn plain icon-only" attr:aria-label=t(tx::MY_ACCOUNT)>{icon(Icon::Person)}</A>
                </div>
            </header>
            <aside class="side" aria-label=t(tx::MENU)>
                <Logo under=under />
                {searchable.then(|| view! {
                    <button type="button" class="find-button" on:click=move |_| finding.set(true)>{icon(Icon::Search)}<span>{t(tx::FIND)}</span><kbd>"Ctrl K"</kbd></button>
                })}
                {tree_button}
                <nav class="nav" aria-label=t(tx::NAV_MAIN)>
                    {links(ways_main.clone())}
                    {desk.filter(|_| who.can(Permission::ClassRead)).map(|desk| (desk.teaching)())}
                    {(!ways_admin.is_empty()).then(|| view! { <h2>{t(tx::ADMINISTRATION)}</h2> {links(ways_admin.clone())} })}
                </nav>
                <div class="foot">
                    <Tools><SignOut /></Tools>
                    <A href="/account" attr:class="me">
                        <span class="face" aria-hidden="true">{face}</span>
                        <span><b>{name}</b><small>{who.roles()}</small></span>
                    </A>
                </div>
            </aside>
            {tree_beside}
            <main id="main" tabindex="-1" node_ref=main>{desk.map(|desk| (desk.unsent)())}{children()}</main>
            <nav class="mobile-bar" aria-label=t(tx::NAV_MAIN)>
                {bar}
                {last}
            </nav>
        </div>
        {desk.filter(|_| beyond).map(|desk| (desk.menu)(menu_open, every))}
        {find.map(|find| find(finding))}
        {tree_over}
        <toast::Toasts />
    }
    .into_any()
}

/// All ways in one list, on a phone.
fn menu(open: RwSignal<bool>, ways: Vec<Way>) -> AnyView {
    view! {
        <Dialog open=open title=t(tx::GO_TO)>
            <nav class="nav" aria-label=t(tx::GO_TO) on:click=move |_| open.set(false)>{links(ways.clone())}</nav>
        </Dialog>
    }
    .into_any()
}

fn links(ways: Vec<Way>) -> AnyView {
    ways.into_iter()
        .map(|way| view! { <A href=way.href exact={way.href == "/"}>{icon(way.glyph)}<span>{way.label}</span></A> })
        .collect_view()
        .into_any()
}

#[component]
pub fn Logo(#[prop(into)] under: String) -> impl IntoView {
    view! { <A href="/" attr:class="logo">{mark()}<span><b>{t(tx::APP)}</b><small>{under}</small></span></A> }
}

/// The classes of a teacher, one press away.
#[component]
fn Teaching() -> impl IntoView {
    let teaching = load(records::teaching);
    move || {
        let mut items = teaching.get()?.items;
        items.truncate(12);
        (!items.is_empty()).then(|| {
            let ways = items.into_iter().map(|item| {
                let subject = item.subject_name_vi.as_deref().zip(item.subject_name_en.as_deref()).map(|(vi, en)| lang().pick(vi, en).to_owned());
                let label = format!("{} · {}", item.class_name, subject.unwrap_or_else(|| t(tx::HOMEROOM).to_owned()));
                let href = match &item.subject_code {
                    Some(code) => format!("/classes/{}/subjects/{}/terms/{}", item.class_id, api::query::segment(code), term_now()),
                    None => format!("/classes/{}", item.class_id),
                };
                view! { <A href=href exact=true><span>{label}</span><span class="n num" title=tf(tx::LEARNERS_N, &[("n", &item.learners.to_string())])>{item.learners}</span></A> }
            });
            view! { <h2>{t(tx::MY_CLASSES)}</h2> {ways.collect_view()} }
        })
    }
}

/// Language and theme; inside, the way out.
#[component]
pub fn Tools(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    let theme = move || match prefs::theme() {
        Theme::System => (Icon::Screen, tx::THEME_SYSTEM, Theme::Light),
        Theme::Light => (Icon::Sun, tx::THEME_LIGHT, Theme::Dark),
        Theme::Dark => (Icon::Moon, tx::THEME_DARK, Theme::System),
    };
    let other = if lang() == Lang::Vi { Lang::En } else { Lang::Vi };
    view! {
        <div class="tools">
            <button type="button" class="btn plain" lang=other.tag() on:click=move |_| prefs::set_lang(other)>{icon(Icon::Globe)}{t(tx::OTHER_LANG)}</button>
            <button
                type="button" class="btn plain icon-only" aria-label=move || t(theme().1) title=move || t(theme().1)
                on:click=move |_| prefs::set_theme(theme().2)
            >
                {move || icon(theme().0)}
            </button>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// Ctrl+K: learners and classes by part of their name, with or without marks.
#[component]
fn QuickSearch(open: RwSignal<bool>) -> impl IntoView {
    let who = who();
    view! {
        <Dialog open=open title=t(tx::FIND_TITLE) bare=true>
            {move || {
                let query = RwSignal::new(String::new());
                let hits = load(move || {
                    let q = query.get().trim().to_owned();
                    async move {
                        if q.is_empty() {
                            return Ok(Vec::new());
                        }
                        let mut hits = Vec::new();
                        if who.can(Permission::ClassRead) {
                            let page = records::classes(&ClassQuery { q: Some(q.clone()), ..Default::default() }, None).await?;
                            hits.extend(page.items.into_iter().take(5).map(|class| Choice {
                                key: format!("/classes/{}", class.id),
                                label: format!("{} {}", t(tx::CLASS), class.name),
                                note: format!("{} · {}", class.school_name, class.school_year),
                                glyph: Icon::Book,
                            }));
                        }
                        if who.can(Permission::LearnerRead) {
                            let page = records::learners(&LearnerQuery { q: Some(q), ..Default::default() }, 12, None).await?;
                            hits.extend(page.items.into_iter().map(|learner| Choice {
                                key: format!("/learners/{}", learner.id),
                                note: [learner.class_name, learner.school_name, Some(format::date(learner.birth_date))].into_iter().flatten().collect::<Vec<_>>().join(" · "),
                                label: learner.full_name,
                                glyph: Icon::Person,
                            }));
                        }
                        Ok(hits)
                    }
                });
                let navigate = use_navigate();
                let pick = Callback::new(move |choice: Choice| {
                    open.set(false);
                    navigate(&choice.key, NavigateOptions::default());
                });
                view! { <Finder query=query options=Signal::derive(move || hits.get().unwrap_or_default()) busy=Signal::derive(move || hits.busy()) on_pick=pick /> }
            }}
        </Dialog>
    }
}
