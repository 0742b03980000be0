//! Where each address leads, and the door before them.

use crate::api::session::{self, Standing};
use crate::api::{ApiError, online};
use crate::i18n::{self, t, tx};
use crate::pages::{door, family, gradebook, home, identity, records};
use crate::shell::Shell;
use crate::state::Who;
use crate::ui::{Fault, NotFound, load, mark};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::path;

#[component]
pub fn App() -> impl IntoView {
    online::watch();
    // A change of language draws everything anew: texts are plain strings.
    move || {
        i18n::track();
        view! { <Router><Gate /></Router> }
    }
}

/// Who stands before the door, and what they see.
#[component]
fn Gate() -> impl IntoView {
    let failed = RwSignal::new(None::<ApiError>);
    let resume = move || {
        failed.set(None);
        spawn_local(async move { failed.set(session::resume().await.err()) });
    };
    if session::standing() == Standing::Unknown {
        resume();
    }
    move || match session::standing() {
        Standing::Unknown => match failed.get() {
            Some(error) => view! { <main><Fault error=error retry=Callback::new(move |()| resume()) /></main> }.into_any(),
            None => view! { <Splash /> }.into_any(),
        },
        Standing::SignedOut => view! { <Outside /> }.into_any(),
        Standing::MustChangePassword => view! { <door::NewPassword /> }.into_any(),
        Standing::SignedIn => view! { <Inside /> }.into_any(),
    }
}

#[component]
fn Splash() -> impl IntoView {
    view! { <div class="empty" role="status">{mark()}<p>{t(tx::LOADING)}</p></div> }
}

/// Pages of those who are not signed in; every other address leads to the door and remembers where one wanted to go.
#[component]
fn Outside() -> impl IntoView {
    let location = use_location();
    let wanted = move || {
        let path = location.pathname.get_untracked();
        if path == "/" { "/sign-in".to_owned() } else { crate::api::query::Query::new().with("next", Some(path)).on("/sign-in") }
    };
    view! {
        <FlatRoutes fallback=move || view! { <Redirect path=wanted() /> }>
            <Route path=path!("/sign-in") view=door::SignIn />
            <Route path=path!("/reset") view=door::Reset />
        </FlatRoutes>
    }
}

#[component]
fn Inside() -> impl IntoView {
    let me = load(Who::fetch);
    move || match me.get() {
        Some(me) => {
            Who::provide(me);
            view! { <Shell><Pages /></Shell> }.into_any()
        }
        None => me.show(|_| view! { <Splash /> }),
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=|| view! { <NotFound /> }>
            <Route path=path!("/") view=home::Home />
            <Route path=path!("/sign-in") view=door::Back />
            <Route path=path!("/reset") view=door::Back />
            <Route path=path!("/units") view=records::units::Units />
            <Route path=path!("/units/:unit") view=records::unit::UnitPage />
            <Route path=path!("/classes") view=records::classes::Classes />
            <Route path=path!("/classes/:class") view=records::class::ClassPage />
            <Route path=path!("/classes/:class/subjects") view=records::subjects::ClassSubjects />
            <Route path=path!("/classes/:class/subjects/:subject/terms/:term") view=gradebook::MarkSheetPage />
            <Route path=path!("/classes/:class/conduct/:term") view=gradebook::ConductPage />
            <Route path=path!("/classes/:class/results/:period") view=gradebook::ResultsPage />
            <Route path=path!("/classes/:class/closing/:term") view=gradebook::ClosingPage />
            <Route path=path!("/learners") view=records::learners::Learners />
            <Route path=path!("/learners/:learner") view=records::learner::LearnerPage />
            <Route path=path!("/learners/:learner/report") view=gradebook::LearnerReportPage />
            <Route path=path!("/imports") view=records::imports::Imports />
            <Route path=path!("/imports/:import") view=records::import::ImportPage />
            <Route path=path!("/staff") view=records::staff::StaffList />
            <Route path=path!("/accounts") view=identity::accounts::Accounts />
            <Route path=path!("/accounts/:account") view=identity::account::AccountPage />
            <Route path=path!("/account") view=identity::mine::MyAccount />
            <Route path=path!("/children") view=family::ChildrenPage />
            <Route path=path!("/children/:learner") view=family::ChildPage />
        </FlatRoutes>
    }
}
