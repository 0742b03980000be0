//! Where each address leads, and the door before them.

use crate::api::query::Query;
use crate::api::session::{self, Standing};
use crate::api::{ApiError, online};
use crate::i18n::{self, t, tx};
use crate::offline;
use crate::pages::params::{Parts, parts};
use crate::pages::{contact, door, family, gradebook, home, identity, office, offline as without_line, papers, records};
use crate::prefs;
use crate::shell::{self, Desk, Shell};
use crate::state::Who;
use crate::ui::{Fault, NotFound, load, mark};
use dto::access::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use leptos_router::location::{BrowserUrl, LocationProvider};

/// What a program consists of.
#[derive(Clone, Copy)]
struct Program {
    routes: &'static [Route],
    /// Families alone start it.
    family: bool,
    /// What only the staff has around its pages; the program of families does not carry it.
    desk: Option<Desk>,
}

/// The program of the staff: today, classes, marks, and the contact book.
#[component]
pub fn App() -> impl IntoView {
    draw(Program { routes: ROUTES, family: false, desk: Some(shell::DESK) })
}

/// The program of guardians and learners, on their phones: what they see, and nothing of what the staff works with.
#[component]
pub fn FamilyApp() -> impl IntoView {
    draw(Program { routes: FAMILY, family: true, desk: None })
}

/// The program of papers: transcripts and signing, for the staff and for families; and what the office keeps of a family's child.
#[component]
pub fn PapersApp() -> impl IntoView {
    draw(Program { routes: PAPERS, family: false, desk: Some(shell::DESK) })
}

/// The program of who there is: learners, staff, accounts, units, with what is written, moved and brought in of them.
#[component]
pub fn PeopleApp() -> impl IntoView {
    draw(Program { routes: PEOPLE, family: false, desk: Some(shell::OFFICE_DESK) })
}

/// The program of how a school is run: plans, facilities, money, health, exchange.
#[component]
pub fn OfficeApp() -> impl IntoView {
    draw(Program { routes: OFFICE, family: false, desk: Some(shell::OFFICE_DESK) })
}

/// The address that this document was loaded at: `public/boot.js` chose this program for it.
#[derive(Clone)]
struct Loaded(String);

fn draw(program: Program) -> impl IntoView {
    provide_context(program);
    provide_context(Loaded(window().location().pathname().unwrap_or_default()));
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
        Standing::SignedOut => {
            leave();
            view! { <Splash /> }.into_any()
        }
        Standing::MustChangePassword => view! { <door::NewPassword /> }.into_any(),
        Standing::SignedIn => view! { <Inside /> }.into_any(),
    }
}

#[component]
fn Splash() -> impl IntoView {
    view! { <div class="empty" role="status">{mark()}<p>{t(tx::LOADING)}</p></div> }
}

/// Nobody is signed in: what is kept here is locked, and then to the door, which is another program, and it remembers where one
/// wanted to go.
fn leave() {
    prefs::set_known(None);
    spawn_local(async {
        offline::lock().await;
        let location = window().location();
        let path = location.pathname().ok().filter(|path| !matches!(path.as_str(), "/" | "/sign-in" | "/reset"));
        let _ = location.replace(&Query::new().with("next", path).on("/sign-in"));
    });
}

#[component]
fn Inside() -> impl IntoView {
    let me = load(Who::fetch);
    move || match me.get() {
        Some(me) => {
            let who = Who::provide(me);
            let family = who.can(Permission::FamilyRead) && !who.can(Permission::ClassRead);
            prefs::set_family(family);
            let Program { family: families, desk, .. } = expect_context();
            if families && !family {
                // Their roles have changed since this device was told which program to start.
                let _ = window().location().reload();
                return view! { <Splash /> }.into_any();
            }
            view! { <Shell desk=desk><Pages /></Shell> }.into_any()
        }
        None => me.show(|_| view! { <Splash /> }),
    }
}

/// A pattern and the page that it leads to.
pub type Route = (&'static str, fn() -> AnyView);

/// The addresses of the staff and their pages. Matched in order; `:name` stands for one part, which the page reads with [`param`]. Which
/// program an address is loaded with stands in `public/boot.js`; the build fails where that one has no such page.
///
/// [`param`]: crate::pages::params::param
const ROUTES: &[Route] = &[
    ("/", || view! { <home::Home /> }.into_any()),
    ("/sign-in", || view! { <door::Back /> }.into_any()),
    ("/reset", || view! { <door::Back /> }.into_any()),
    ("/classes", || view! { <records::classes::Classes /> }.into_any()),
    ("/classes/:class", || view! { <records::class::ClassPage /> }.into_any()),
    ("/classes/:class/subjects", || view! { <records::subjects::ClassSubjects /> }.into_any()),
    ("/classes/:class/subjects/:subject/terms/:term", || view! { <gradebook::MarkSheetPage /> }.into_any()),
    ("/classes/:class/conduct/:term", || view! { <gradebook::ConductPage /> }.into_any()),
    ("/classes/:class/results/:period", || view! { <gradebook::ResultsPage /> }.into_any()),
    ("/classes/:class/closing/:term", || view! { <gradebook::ClosingPage /> }.into_any()),
    ("/classes/:class/days/:term", || view! { <gradebook::DaysPage /> }.into_any()),
    ("/classes/:class/former", || view! { <gradebook::FormerPage /> }.into_any()),
    ("/classes/:class/council", || view! { <gradebook::CouncilPage /> }.into_any()),
    ("/classes/:class/reassessment", || view! { <gradebook::ReassessmentPage /> }.into_any()),
    ("/classes/:class/registers", || view! { <gradebook::RegistersPage /> }.into_any()),
    ("/classes/:class/summer", || view! { <gradebook::SummerPage /> }.into_any()),
    ("/classes/:class/next-year", || view! { <gradebook::NextYearPage /> }.into_any()),
    ("/learners/:learner", || view! { <records::learner::LearnerPage /> }.into_any()),
    ("/learners/:learner/report", || view! { <gradebook::LearnerReportPage /> }.into_any()),
    ("/account", || view! { <identity::mine::MyAccount /> }.into_any()),
    ("/offline", || view! { <without_line::OfflinePage /> }.into_any()),
    ("/children", || view! { <family::ChildrenPage /> }.into_any()),
    ("/classes/:class/preschool/:list", || view! { <gradebook::PreschoolPage /> }.into_any()),
    ("/units/:unit/preschool/:list/:grade", || view! { <gradebook::PreschoolItemsPage /> }.into_any()),
    ("/classes/:class/growth", || view! { <records::growth_class::ClassGrowthPage /> }.into_any()),
    ("/learners/:learner/growth", || view! { <records::growth::LearnerGrowthPage /> }.into_any()),
    ("/children/:learner/growth", || view! { <records::growth::ChildGrowthPage /> }.into_any()),
    ("/children/:learner", || view! { <family::ChildPage /> }.into_any()),
    ("/feed", || view! { <contact::FeedPage /> }.into_any()),
    ("/threads", || view! { <contact::ThreadsPage /> }.into_any()),
    ("/threads/:thread", || view! { <contact::ThreadPage /> }.into_any()),
    ("/leave", || view! { <contact::LeavePage /> }.into_any()),
    ("/contact-preferences", || view! { <contact::PreferencesPage /> }.into_any()),
    ("/notices", || view! { <contact::NoticesPage /> }.into_any()),
    ("/notices/:notice", || view! { <contact::NoticePage /> }.into_any()),
    ("/contact-adoption", || view! { <contact::SchoolAdoptionPage /> }.into_any()),
    ("/classes/:class/contact", || view! { <contact::ClassContactPage /> }.into_any()),
    ("/classes/:class/electives", || view! { <records::electives::Electives /> }.into_any()),
    ("/phrases", || view! { <gradebook::PhrasesPage /> }.into_any()),
    ("/classes/:class/subjects/:subject/terms/:term/opening", || view! { <gradebook::OpeningPage /> }.into_any()),
    ("/classes/:class/subjects/:subject/terms/:term/comments", || view! { <gradebook::CommentsPage /> }.into_any()),
];

/// What families see.
const FAMILY: &[Route] = &[
    ("/", || view! { <family::ChildrenPage /> }.into_any()),
    ("/sign-in", || view! { <door::Back /> }.into_any()),
    ("/reset", || view! { <door::Back /> }.into_any()),
    ("/account", || view! { <identity::mine::MyAccount /> }.into_any()),
    ("/children", || view! { <family::ChildrenPage /> }.into_any()),
    ("/children/:learner/growth", || view! { <records::growth::ChildGrowthPage /> }.into_any()),
    ("/children/:learner", || view! { <family::ChildPage /> }.into_any()),
    ("/feed", || view! { <contact::FeedPage /> }.into_any()),
    ("/threads", || view! { <contact::ThreadsPage /> }.into_any()),
    ("/threads/:thread", || view! { <contact::ThreadPage /> }.into_any()),
    ("/leave", || view! { <contact::LeavePage /> }.into_any()),
    ("/contact-preferences", || view! { <contact::PreferencesPage /> }.into_any()),
];

/// Transcripts and signing.
const PAPERS: &[Route] = &[
    ("/papers", || view! { <papers::TasksPage /> }.into_any()),
    ("/papers/keys", || view! { <papers::KeysPage /> }.into_any()),
    ("/papers/corrections", || view! { <papers::CorrectionsPage /> }.into_any()),
    ("/papers/classes/:class/former", || view! { <papers::FormerYearsPage /> }.into_any()),
    ("/papers/classes/:class", || view! { <papers::ClassTranscriptsPage /> }.into_any()),
    ("/papers/transcripts/:transcript", || view! { <papers::TranscriptPage /> }.into_any()),
    ("/papers/children/:learner", || view! { <papers::ChildTranscriptsPage /> }.into_any()),
    ("/office/children/:learner/transfer", || view! { <office::ChildTransferPage /> }.into_any()),
    ("/office/children/:learner/health", || view! { <office::health::ChildHealthPage /> }.into_any()),
    ("/office/children/:learner/consents", || view! { <office::consents::ChildConsentsPage /> }.into_any()),
];

/// Who there is, and what is written of them. A learner's page stands here and with the classes, so that neither a list nor a class has to
/// leave its program for it.
const PEOPLE: &[Route] = &[
    ("/learners", || view! { <records::learners::Learners /> }.into_any()),
    ("/learners/:learner", || view! { <records::learner::LearnerPage /> }.into_any()),
    ("/staff", || view! { <office::staff::StaffList /> }.into_any()),
    ("/staff/:staff", || view! { <records::staff_member::StaffPage /> }.into_any()),
    ("/units", || view! { <records::units::Units /> }.into_any()),
    ("/units/:unit", || view! { <records::unit::UnitPage /> }.into_any()),
    ("/accounts", || view! { <identity::accounts::Accounts /> }.into_any()),
    ("/accounts/:account", || view! { <identity::account::AccountPage /> }.into_any()),
    ("/school-years", || view! { <records::years::SchoolYears /> }.into_any()),
    ("/imports", || view! { <records::imports::Imports /> }.into_any()),
    ("/imports/:import", || view! { <records::import::ImportPage /> }.into_any()),
    ("/closing-runs", || view! { <gradebook::ClosingRunsPage /> }.into_any()),
    ("/deadlines", || view! { <gradebook::DeadlinesPage /> }.into_any()),
    ("/deliveries", || view! { <contact::DeliveriesPage /> }.into_any()),
    ("/message-reports", || view! { <contact::ReportsPage /> }.into_any()),
    ("/office", || view! { <office::OfficePage /> }.into_any()),
    ("/office/staff", || view! { <office::staff::StaffList /> }.into_any()),
    ("/office/staff/:staff", || view! { <office::staff::OfficeMemberPage /> }.into_any()),
    ("/office/staff-load", || view! { <office::staff::LoadPage /> }.into_any()),
    ("/office/staff-records", || view! { <office::staff::KindsPage /> }.into_any()),
    ("/office/evaluations", || view! { <office::staff::EvaluationsPage /> }.into_any()),
    ("/office/staff-proposals", || view! { <office::staff::ProposalsPage /> }.into_any()),
    ("/office/trainings", || view! { <office::staff::TrainingsPage /> }.into_any()),
    ("/office/trainings/:training", || view! { <office::staff::TrainingPage /> }.into_any()),
    ("/office/my-record", || view! { <office::staff::OwnRecordPage /> }.into_any()),
    ("/office/imports", || view! { <office::imports::FileImportsPage /> }.into_any()),
    ("/office/imports/:import", || view! { <office::imports::FileImportPage /> }.into_any()),
    ("/office/quality", || view! { <office::quality::QualityPage /> }.into_any()),
    ("/office/transfers", || view! { <office::TransfersPage /> }.into_any()),
    ("/office/packages", || view! { <office::PackagesPage /> }.into_any()),
    ("/office/claim", || view! { <office::ClaimPage /> }.into_any()),
    ("/office/duplicates", || view! { <office::DuplicatesPage /> }.into_any()),
    ("/office/learners/:learner/codes", || view! { <office::CodesPage /> }.into_any()),
    ("/office/learners/:learner/consents", || view! { <office::consents::LearnerConsentsPage /> }.into_any()),
    ("/office/consents", || view! { <office::consents::ConsentsPage /> }.into_any()),
    ("/office/erasures", || view! { <office::consents::ErasuresPage /> }.into_any()),
    ("/office/registers", || view! { <office::SchoolRegistersPage /> }.into_any()),
    ("/office/rollover", || view! { <office::rollover::RolloverPage /> }.into_any()),
];

/// How a school is run.
const OFFICE: &[Route] = &[
    ("/office", || view! { <office::OfficePage /> }.into_any()),
    ("/office/network", || view! { <office::network::NetworkPage /> }.into_any()),
    ("/office/codes", || view! { <office::network::CodesPage /> }.into_any()),
    ("/office/exit", || view! { <office::ExitPage /> }.into_any()),
    ("/office/exchange", || view! { <office::ExchangePage /> }.into_any()),
    ("/office/exchange/:unit/files/:kind", || view! { <office::ExchangeKindPage /> }.into_any()),
    ("/office/exchange/:unit/reports/:kind", || view! { <office::ReportPage /> }.into_any()),
    ("/office/facilities", || view! { <office::FacilitiesPage /> }.into_any()),
    ("/office/facilities/:unit/:year", || view! { <office::FacilitiesPage /> }.into_any()),
    ("/office/equipment", || view! { <office::EquipmentPage /> }.into_any()),
    ("/office/equipment/:code", || view! { <office::EquipmentItemPage /> }.into_any()),
    ("/office/stocktaking", || view! { <office::StocktakingPage /> }.into_any()),
    ("/office/rooms", || view! { <office::RoomsPage /> }.into_any()),
    ("/office/rooms/:school/:room", || view! { <office::RoomPage /> }.into_any()),
    ("/office/finance", || view! { <office::BudgetPage /> }.into_any()),
    ("/office/finance/projects", || view! { <office::ProjectsPage /> }.into_any()),
    ("/office/finance/items", || view! { <office::BudgetItemsPage /> }.into_any()),
    ("/office/finance/budget/:unit/:year", || view! { <office::BudgetPage /> }.into_any()),
    ("/office/finance/settlement/:unit/:year", || view! { <office::SettlementPage /> }.into_any()),
    ("/office/plans", || view! { <office::PlansPage /> }.into_any()),
    ("/office/plans/new", || view! { <office::NewPlanPage /> }.into_any()),
    ("/office/plans/groups", || view! { <office::GroupsPage /> }.into_any()),
    ("/office/plans/storage", || view! { <office::StoragePage /> }.into_any()),
    ("/office/plans/:plan", || view! { <office::PlanPage /> }.into_any()),
    ("/office/health", || view! { <office::health::HealthPage /> }.into_any()),
    ("/office/health/alerts", || view! { <office::health::HealthAlertsPage /> }.into_any()),
    ("/office/health/learners/:learner", || view! { <office::health::HealthFilePage /> }.into_any()),
    ("/office/health/rounds/:round/classes/:class", || view! { <office::health::HealthSheetPage /> }.into_any()),
    ("/office/publications", || view! { <office::PublicationsPage /> }.into_any()),
];

/// The addresses of this program.
pub fn routes() -> &'static [Route] {
    expect_context::<Program>().routes
}

/// The pattern of an address, with its parts.
pub fn at(routes: &[Route], path: &str) -> Option<(&'static str, Vec<(&'static str, String)>)> {
    routes.iter().find_map(|(pattern, _)| Some((*pattern, parts(pattern, path)?)))
}

/// The page of the address. While only a `:part` changes, the page stays and reads its parts anew.
#[component]
fn Pages() -> impl IntoView {
    let (path, search) = (use_location().pathname, use_location().search);
    let (Program { routes, .. }, Loaded(loaded)) = (expect_context(), expect_context());
    let found = Memo::new(move |_| routes.iter().position(|(pattern, _)| parts(pattern, &path.read()).is_some()));
    let here = Memo::new(move |_| found.get().and_then(|i| parts(routes[i].0, &path.read())).unwrap_or_default());
    provide_context(Parts(here));
    // Another program may have what this one has no page for. If this one was chosen for the address, nobody has.
    let elsewhere = Memo::new(move |_| found.get().is_none() && *path.read() != loaded);
    // The router writes a followed link into the address bar once its page is said to stand; a link that leaves is the browser's.
    let location = use_context::<BrowserUrl>();
    Effect::new(move |_| {
        path.track();
        if let Some(location) = location.as_ref().filter(|_| !(elsewhere.get() && untrack(online::is))) {
            location.ready_to_complete();
        }
    });
    move || match found.get() {
        Some(i) => routes[i].1(),
        None if elsewhere.get() && untrack(online::is) => {
            let query = search.get_untracked();
            let mark = if query.is_empty() || query.starts_with('?') { "" } else { "?" };
            let _ = window().location().assign(&format!("{}{mark}{query}", path.read()));
            view! { <Splash /> }.into_any()
        }
        // Without a line this program stays, with what it holds that is not sent.
        None if elsewhere.get() => {
            path.track();
            let again = Callback::new(move |()| _ = window().location().reload());
            view! { <Fault error=ApiError::Offline retry=again /> }.into_any()
        }
        None => view! { <NotFound /> }.into_any(),
    }
}
