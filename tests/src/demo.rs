//! `khue demo` on both engines: what it makes can be signed in to and used.

use crate::harness::{Engine, copy};
use api::demo::{DemoAccount, DemoError, DemoOptions, Files, Marks, PASSWORD, Signing, Size};
use dto::Page;
use dto::access::Role;
use dto::calendar::SchoolYear;
use dto::classes::Class;
use dto::consents::{ClassConsents, DataRequest, SchoolConsents};
use dto::contact::{FeedItem, LeaveRequest, Thread};
use dto::council::{AbsenceSheet, ConductNote, Council, CouncilRow, CouncilState, NextYear, SummerSheet};
use dto::equipment::EquipmentCount;
use dto::figures::YearlySheet;
use dto::finance::Project;
use dto::gradebook::{Child, Closing, LearnerReport, MarkSheet, TermState, Todo};
use dto::health::{FirstAid, HealthOverview, HealthRound};
use dto::identity::{Me, Tokens};
use dto::one_record::DuplicatePair;
use dto::publications::{PublicItem, Publication};
use dto::quality::QualityFinding;
use dto::rooms::{Construction, Room, RoomCounts, RoomItem};
use dto::staff::{Staff, TeachingItem};
use dto::staff_records::{StaffProposal, UnitStaffRecord};
use dto::teaching_plans::{SubjectGroup, TeachingPlanItem};
use dto::trainings::TrainingItem;
use dto::transcripts::{ClassTranscripts, TranscriptState};
use dto::transfers::Transfer;
use identity::DataKeys;
use kernel::Db;
use kernel::config::Config;
use kernel::files::Store;
use regulations::Promotion;
use sea_orm::{ConnectionTrait, Statement};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;

const OPTIONS: DemoOptions =
    DemoOptions { size: Size::School, year: 2026, marks: Marks::Semester1, complete: false, closed: false, seed: 1 };

/// A server over the demo's school.
struct Site {
    base: String,
    client: reqwest::Client,
}

impl Site {
    async fn open(db: Db, data: &std::path::Path, files: Store) -> Site {
        let keys = identity::Keys::load_or_create(data).unwrap();
        let mut config = Config::load(None).unwrap();
        config.server.workers = 1;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
        actix_web::rt::spawn(api::server::build(api::AppState::new(db, keys, config).with_files(files), listener).unwrap());
        Site { base, client: reqwest::Client::new() }
    }

    async fn sign_in(&self, account: &DemoAccount) -> String {
        let body = serde_json::json!({ "username": account.username, "password": account.password });
        let answer = self.client.post(format!("{}/sessions", self.base)).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{}", account.username);
        let tokens: Tokens = answer.json().await.unwrap();
        assert!(!tokens.must_change_password);
        tokens.access_token
    }

    async fn get<T: DeserializeOwned>(&self, token: &str, path: &str) -> T {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    async fn bytes(&self, token: &str, path: &str) -> Vec<u8> {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    async fn post<T: DeserializeOwned>(&self, token: &str, path: &str) -> T {
        let answer = self.client.post(format!("{}{path}", self.base)).bearer_auth(token).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }
}

/// Where the demo of a test puts its pictures.
struct Cellar {
    store: Store,
    limits: kernel::config::Files,
}

impl Cellar {
    fn new() -> Cellar {
        Cellar { store: Store::in_memory(), limits: Config::load(None).unwrap().files }
    }

    fn files(&self) -> Files<'_> {
        Files { store: &self.store, limits: &self.limits }
    }
}

fn keys(folder: &std::path::Path) -> DataKeys {
    DataKeys::load_or_create(folder).unwrap()
}

fn run(engine: Engine) {
    actix_web::rt::System::new().block_on(async move {
        let copy = copy(engine).await;
        let db = Db::connect(&copy.options()).await.unwrap();
        let cellar = Cellar::new();
        let accounts = api::demo::run(&db, &keys(copy.folder()), cellar.files(), &OPTIONS, None).await.unwrap();
        let again = api::demo::run(&db, &keys(copy.folder()), cellar.files(), &OPTIONS, None).await.unwrap_err();
        assert!(matches!(again.downcast_ref(), Some(DemoError::NotEmpty)), "{again}");
        every_chain_of_the_log_holds(&db).await;

        let site = Site::open(db, copy.folder(), cellar.store).await;
        assert_eq!(accounts.iter().map(|a| a.role).collect::<Vec<_>>(), Role::ALL);
        for account in &accounts {
            assert_eq!(account.password, PASSWORD);
            let me: Me = site.get(&site.sign_in(account).await, "/me").await;
            assert!(me.roles.iter().any(|grant| grant.role == account.role), "{}", account.username);
        }
        let with = |role| accounts.iter().find(|a| a.role == role).unwrap();
        parent(&site, &site.sign_in(with(Role::Guardian)).await).await;
        teacher(&site, &site.sign_in(with(Role::SubjectTeacher)).await).await;
        homeroom(&site, &site.sign_in(with(Role::HomeroomTeacher)).await).await;
        let principal = site.sign_in(with(Role::Principal)).await;
        people_and_plans(&site, &principal).await;
        things_and_money(&site, &principal).await;
        rooms(&site, &principal).await;
        news(&site, &principal).await;
        health_and_consent(&site, &principal, &site.sign_in(with(Role::Nurse)).await).await;
        ways_and_faults(&site, &principal).await;
    });
}

/// The main school.
async fn own_school(site: &Site, token: &str) -> String {
    let me: Me = site.get(token, "/me").await;
    me.roles.iter().find_map(|grant| grant.unit_id).unwrap().to_string()
}

/// How many of a list are in each state.
fn states<T>(items: &[T], state: impl Fn(&T) -> &str) -> BTreeMap<String, usize> {
    items.iter().fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(state(item).to_owned()).or_default() += 1;
        counts
    })
}

async fn people_and_plans(site: &Site, token: &str) {
    let school = own_school(site, token).await;
    let years: Page<SchoolYear> = site.get(token, "/school-years").await;
    assert_eq!(years.items.len(), 3, "the one before, this one, and the next, so that classes can go up");
    let staff: Page<Staff> = site.get(token, &format!("/staff?unit_id={school}&limit=200")).await;
    for kind in ["contract", "degree", "rank", "duty", "leave", "evaluation", "salary"] {
        let path = format!("/units/{school}/staff-records?kind={kind}&limit=200");
        let records: Page<UnitStaffRecord> = site.get(token, &path).await;
        let least = if kind == "leave" { 3 } else { staff.items.len() / 4 };
        assert!(records.items.len() >= least, "{kind}: {}", records.items.len());
    }
    let path = format!("/units/{school}/staff-records?kind=leave&on=2026-12-01");
    let away: Page<UnitStaffRecord> = site.get(token, &path).await;
    assert_eq!(away.items.len(), 1, "one long leave");
    let courses: Page<TrainingItem> = site.get(token, "/trainings").await;
    assert!(courses.items.iter().any(|course| course.certified > 15 && course.certified < course.participants));
    let proposals: Page<StaffProposal> = site.get(token, &format!("/staff-proposals?unit_id={school}")).await;
    assert_eq!(proposals.items.len(), 1);
    let groups: Page<SubjectGroup> = site.get(token, &format!("/units/{school}/subject-groups")).await;
    assert_eq!(groups.items.len(), 5);
    let plans: Page<TeachingPlanItem> = site.get(token, &format!("/teaching-plans?school_id={school}&limit=200")).await;
    let found = states(&plans.items, |plan| plan.state.as_str());
    assert!(["submitted", "endorsed", "returned", "approved"].iter().all(|state| found.contains_key(*state)), "{found:?}");
    assert!(plans.items.iter().any(|plan| plan.revision == 2));
}

async fn things_and_money(site: &Site, token: &str) {
    let school = own_school(site, token).await;
    for (year, state) in [(2024, "signed"), (2025, "signed"), (2026, "open")] {
        let sheet: YearlySheet = site.get(token, &format!("/units/{school}/facilities/{year}")).await;
        assert_eq!((sheet.state.as_str(), sheet.missing), (state, 0), "{year}");
        assert_eq!(sheet.seals.len(), [1, 2, 0][year - 2024]);
    }
    let counts: Page<EquipmentCount> = site.get(token, &format!("/units/{school}/equipment-counts")).await;
    let found = states(&counts.items, |count| count.state.as_str());
    assert!(["good", "repair", "broken"].iter().all(|state| found.contains_key(*state)), "{found:?}");
    for (set, year, state) in [("budget", 2026, "signed"), ("settlement", 2025, "signed"), ("settlement", 2026, "open")] {
        let sheet: YearlySheet = site.get(token, &format!("/units/{school}/finance/{set}/{year}")).await;
        assert_eq!((sheet.state.as_str(), sheet.missing), (state, 0), "{set} {year}");
    }
    let projects: Page<Project> = site.get(token, &format!("/units/{school}/projects")).await;
    assert_eq!(projects.items.len(), 3);
}

/// The register of rooms says what the count of the year says, and where each class sits.
async fn rooms(site: &Site, token: &str) {
    let school = own_school(site, token).await;
    let rooms: Page<RoomItem> = site.get(token, &format!("/units/{school}/rooms?limit=200")).await;
    let counts: RoomCounts = site.get(token, &format!("/units/{school}/room-counts")).await;
    let sheet: YearlySheet = site.get(token, &format!("/units/{school}/facilities/2025")).await;
    let of_rooms = |code: &str| code.starts_with("rooms.") && !code.ends_with(".repair");
    let signed: i64 = sheet.lines.iter().filter(|line| of_rooms(&line.item.code)).filter_map(|line| line.value).sum();
    assert_eq!((counts.rooms as usize, i64::from(counts.rooms)), (rooms.items.len(), signed + 1), "one was built since");
    let rebuilt = rooms.items.iter().find(|room| room.code == "C102").expect("a room that was rebuilt");
    let room: Room = site.get(token, &format!("/units/{school}/rooms/{}", rebuilt.id)).await;
    assert_eq!(
        room.conditions.iter().map(|year| year.construction).collect::<Vec<_>>()[..2],
        [Construction::Permanent, Construction::Semi]
    );
    let first = rooms.items.iter().find(|room| room.code == "A101").expect("a classroom");
    let room: Room = site.get(token, &format!("/units/{school}/rooms/{}", first.id)).await;
    assert_eq!(room.item.classes.len() + room.former_classes.len(), 1, "a class sits there, or sat there when its year is over");
    assert_eq!(room.conditions.len(), 3);
    let lab = rooms.items.iter().find(|room| room.code == "B101").expect("a room of a subject");
    let room: Room = site.get(token, &format!("/units/{school}/rooms/{}", lab.id)).await;
    assert!(!room.equipment.is_empty());
    let gone: Page<RoomItem> = site.get(token, &format!("/units/{school}/rooms?ended=true")).await;
    assert_eq!(gone.items.len(), 1);
}

/// News with pictures; nobody is shown or named without a consent that holds, and what was taken down is gone.
async fn news(site: &Site, token: &str) {
    let school = own_school(site, token).await;
    let all: Page<Publication> = site.get(token, &format!("/schools/{school}/publications")).await;
    let visible = all.items.iter().filter(|item| item.visible).count();
    assert_eq!((all.items.len(), visible), (7, 5));
    assert_eq!(all.items.iter().filter(|item| item.withdrawn_at.is_some()).count(), 1);
    let shown: usize = all.items.iter().flat_map(|item| &item.people).filter(|person| person.shown && person.holds).count();
    assert_eq!(shown, 6);
    assert!(all.items.iter().filter(|item| item.visible).flat_map(|item| &item.people).all(|person| person.holds));
    // As anybody sees it.
    let public: Page<PublicItem> = site.get("", &format!("/public/schools/{school}/publications")).await;
    assert_eq!(public.items.len(), visible);
    let pictures: Vec<_> = public.items.iter().filter(|item| item.photo).collect();
    assert_eq!(pictures.len(), 3);
    let picture = site.bytes("", &format!("/public/schools/{school}/publications/{}/photo", pictures[0].id)).await;
    assert_eq!(&picture[8..12], b"WEBP");
}

async fn health_and_consent(site: &Site, token: &str, nurse: &str) {
    let school = own_school(site, token).await;
    let rounds: Page<HealthRound> = site.get(nurse, &format!("/schools/{school}/health-rounds")).await;
    assert_eq!(states(&rounds.items, |round| if round.finished { "finished" } else { "open" }).get("finished"), Some(&3));
    assert!(rounds.items.len() == 4 && rounds.items.iter().all(|round| round.checked > 100));
    let overview: HealthOverview = site.get(nurse, &format!("/schools/{school}/health-overview")).await;
    assert!(overview.vaccinated > 20 && overview.conditions.len() > 2 && overview.first_aid.len() > 2);
    let log: Page<FirstAid> = site.get(nurse, &format!("/schools/{school}/first-aid")).await;
    assert_eq!(log.items.len(), 12);
    let consents: SchoolConsents = site.get(token, &format!("/schools/{school}/consents?purpose=public_photo")).await;
    let sum = |of: fn(&ClassConsents) -> u32| consents.classes.iter().map(of).sum::<u32>();
    assert!(sum(|class| class.holds) > 30 && sum(|class| class.refused) > 2 && sum(|class| class.waiting) > 300);
    let asked: Page<DataRequest> = site.get(token, &format!("/schools/{school}/data-requests")).await;
    assert_eq!(
        states(&asked.items, |request| request.state.as_str()),
        BTreeMap::from([("done".to_owned(), 1), ("open".to_owned(), 2)])
    );
}

async fn ways_and_faults(site: &Site, token: &str) {
    let school = own_school(site, token).await;
    let transfers: Page<Transfer> = site.get(token, &format!("/transfers?school_id={school}")).await;
    let found = states(&transfers.items, |transfer| transfer.state.as_str());
    let all = ["requested", "accepted", "released", "placed", "refused", "withdrawn"];
    assert!(all.iter().all(|state| found.contains_key(*state)), "{found:?}");
    let doubles: Page<DuplicatePair> = site.get(token, "/learners/duplicates").await;
    assert!(doubles.items.len() >= 2, "{}", doubles.items.len());
    let findings: Page<QualityFinding> = site.get(token, &format!("/quality/findings?school_id={school}")).await;
    assert!(findings.items.len() > 3);
}

fn year(engine: Engine) {
    actix_web::rt::System::new().block_on(async move {
        let copy = copy(engine).await;
        let db = Db::connect(&copy.options()).await.unwrap();
        let cellar = Cellar::new();
        let trial = kernel::config::Signing { trial: true, ..Config::load(None).unwrap().signing };
        let signing = api::signing::Signing::open(&trial, copy.folder()).unwrap();
        let with = Signing { providers: &signing.providers, base: "https://khue.example" };
        let options = DemoOptions { marks: Marks::Year, ..OPTIONS };
        let accounts = api::demo::run(&db, &keys(copy.folder()), cellar.files(), &options, Some(with)).await.unwrap();
        every_chain_of_the_log_holds(&db).await;
        let site = Site::open(db, copy.folder(), cellar.store).await;
        let principal = site.sign_in(accounts.iter().find(|a| a.role == Role::Principal).unwrap()).await;
        let years: Page<SchoolYear> = site.get(&principal, "/school-years").await;
        let year = years.items.iter().find(|year| year.code == "2026-2027").unwrap();
        assert_eq!(years.items.len(), 3, "with the one before and the one that follows");
        let classes: Page<Class> = site.get(&principal, &format!("/classes?school_year_id={}", year.id)).await;
        let mut states = Vec::new();
        for class in classes.items.iter().take(3) {
            let council: Council = site.get(&principal, &format!("/classes/{}/council", class.id)).await;
            if council.state == CouncilState::Closed {
                let promoted = |row: &&CouncilRow| row.decision.decided.promotion == Some(Promotion::Promoted);
                assert!(council.rows.iter().filter(promoted).count() > council.rows.len() / 2);
                let next: NextYear = site.get(&principal, &format!("/classes/{}/next-year", class.id)).await;
                assert!(next.ready && next.lines.len() == council.rows.len());
                let papers: ClassTranscripts = site.get(&principal, &format!("/classes/{}/transcripts", class.id)).await;
                let issued = papers.rows.iter().filter(|row| row.state == Some(TranscriptState::Issued)).count();
                assert!(issued + 3 > council.rows.len(), "{issued} of {}: but for whom lacks something", council.rows.len());
                let id = papers.rows.iter().find_map(|row| row.transcript_id).expect("a transcript");
                let file = site.bytes(&principal, &format!("/transcripts/{id}/file?form=pdf")).await;
                let report = transcript::verify(&file, &signing.checks().unwrap(), kernel::clock::now());
                assert!(report.valid, "{report:?}");
            }
            if council.state == CouncilState::Open {
                assert!(council.minutes.met_on.is_some());
                assert!(council.rows.iter().filter_map(|row| row.overridden.as_ref()).any(|o| o.approved_at.is_none()));
                let _: SummerSheet = site.get(&principal, &format!("/classes/{}/summer", class.id)).await;
            }
            states.push(council.state);
        }
        assert_eq!(states, [CouncilState::Closed, CouncilState::Open, CouncilState::Waiting]);
    });
}

fn every_year(engine: Engine) {
    actix_web::rt::System::new().block_on(async move {
        let copy = copy(engine).await;
        let db = Db::connect(&copy.options()).await.unwrap();
        let cellar = Cellar::new();
        let options = DemoOptions { marks: Marks::Year, complete: true, closed: true, ..OPTIONS };
        api::demo::run(&db, &keys(copy.folder()), cellar.files(), &options, None).await.unwrap();
        let count = async |sql: &str| -> i64 {
            let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await.unwrap().unwrap();
            row.try_get_by_index(0).unwrap()
        };
        let classes = count("SELECT count(*) FROM class").await;
        assert!(classes > 10);
        assert_eq!(count("SELECT count(*) FROM council WHERE state = 'closed'").await, classes);
        // But for a child who came from another school in the demo's autumn, which is told after the years were closed.
        let undecided = "SELECT count(*) FROM enrolment e WHERE e.left_on IS NULL \
            AND NOT EXISTS (SELECT 1 FROM year_decision d WHERE d.class_id = e.class_id AND d.learner_id = e.learner_id) \
            AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.learner_id = e.learner_id)";
        assert_eq!(count(undecided).await, 0);
        let early = DemoOptions { complete: false, ..options };
        let refused = api::demo::run(&db, &keys(copy.folder()), cellar.files(), &early, None).await.unwrap_err();
        assert!(matches!(refused.downcast_ref(), Some(DemoError::Open)), "{refused}");
    });
}

#[test]
fn every_year_is_closed_on_sqlite() {
    every_year(Engine::Sqlite);
}

#[test]
fn every_year_is_closed_on_postgres() {
    every_year(Engine::Postgres);
}

#[test]
fn a_year_is_closed_on_sqlite() {
    year(Engine::Sqlite);
}

#[test]
fn a_year_is_closed_on_postgres() {
    year(Engine::Postgres);
}

async fn every_chain_of_the_log_holds(db: &Db) {
    let rows = db.read().query_all_raw(Statement::from_string(db.backend(), "SELECT school_id FROM audit_head")).await.unwrap();
    assert_eq!(rows.len(), 4, "the directory, two schools, and one that children come from");
    for row in rows {
        let school: uuid::Uuid = row.try_get("", "school_id").unwrap();
        let school = (!school.is_nil()).then_some(dto::UnitId(school));
        let entries = kernel::db::entries(db.read(), school, 0, 1000).await.unwrap();
        assert!(!entries.is_empty());
        assert_eq!(kernel::db::verify_chain(&entries), None);
    }
}

/// Two children in two schools; the one whose class is closed has a result with its reasons.
async fn parent(site: &Site, token: &str) {
    let children: Page<Child> = site.get(token, "/me/children").await;
    let schools: BTreeSet<_> = children.items.iter().map(|child| child.school_name.clone().unwrap()).collect();
    assert_eq!(schools.len(), 2, "{schools:?}");
    let mut results = 0;
    for child in &children.items {
        let report: LearnerReport = site.get(token, &format!("/me/children/{}/report", child.learner_id)).await;
        let term = &report.terms[0];
        assert!(!term.subjects.is_empty());
        if let Some(result) = &term.result {
            assert_eq!(term.state, TermState::Closed);
            assert!(!result.reasons.is_empty());
            results += 1;
        }
    }
    assert_eq!(results, 1);
    let feed: Page<FeedItem> = site.get(token, "/me/feed").await;
    assert!(feed.items.len() > 5 && feed.items.windows(2).all(|pair| pair[0].sent_at >= pair[1].sent_at));
    let leave: Page<LeaveRequest> = site.get(token, "/me/leave-requests").await;
    let states: BTreeSet<_> = leave.items.iter().map(|request| request.state.as_str()).collect();
    assert!(states.is_superset(&BTreeSet::from(["sent", "withdrawn"])), "{states:?}");
    let threads: Page<Thread> = site.get(token, "/threads").await;
    assert!(threads.items.iter().all(|thread| !thread.last_text.is_empty()) && !threads.items.is_empty());
}

/// Sheets in two schools, with marks in them.
async fn teacher(site: &Site, token: &str) {
    let teaching: Page<TeachingItem> = site.get(token, "/me/teaching").await;
    let schools: BTreeSet<_> = teaching.items.iter().map(|item| item.school_id).collect();
    assert_eq!(schools.len(), 2);
    let item = teaching.items.iter().find(|item| item.subject_code.is_some()).unwrap();
    let path = format!("/classes/{}/subjects/{}/terms/1/marks", item.class_id, item.subject_code.as_ref().unwrap());
    let sheet: MarkSheet = site.get(token, &path).await;
    assert!(sheet.rows.len() >= 24);
    assert!(sheet.rows.iter().any(|row| !row.cells.is_empty()));
    assert!(sheet.rows.windows(2).all(|pair| pair[0].ordinal < pair[1].ordinal));
}

/// One class is ready: its homeroom teacher closes it.
async fn homeroom(site: &Site, token: &str) {
    let todos: Page<Todo> = site.get(token, "/me/todos").await;
    let close = todos.items.iter().find(|todo| todo.kind == dto::gradebook::TodoKind::Close).expect("a term to close");
    let path = format!("/classes/{}/terms/1", close.class_id);
    let notes: Page<ConductNote> = site.get(token, &format!("{path}/conduct-notes")).await;
    assert!(!notes.items.is_empty());
    let absences: AbsenceSheet = site.get(token, &format!("{path}/absences")).await;
    assert!(absences.rows.iter().any(|row| !row.entries.is_empty()));
    let leave: Page<LeaveRequest> = site.get(token, &format!("/classes/{}/leave-requests", close.class_id)).await;
    assert!(!leave.items.is_empty());
    let threads: Page<Thread> = site.get(token, "/threads").await;
    assert!(threads.items.iter().any(|thread| thread.class_id == close.class_id));
    let before: Closing = site.get(token, &format!("{path}/closing")).await;
    assert_eq!((before.missing_cells, before.state), (0, TermState::Open));
    let after: Closing = site.post(token, &format!("{path}/close")).await;
    assert_eq!(after.state, TermState::Closed);
}

#[test]
fn a_school_works_on_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn a_school_works_on_postgres() {
    run(Engine::Postgres);
}

/// The salted hash of the password, and what is sealed, each time with a nonce of its own.
const SEALED: [&str; 5] =
    ["account.password_hash", "health_check.sealed", "health_condition.sealed", "health_condition.alert", "first_aid.sealed"];

/// All rows of the tables that the generator fills, as text, but for the salted hash of the password and what is sealed.
async fn dump(db: &Db) -> String {
    let rows = async |sql: String| db.read().query_all_raw(Statement::from_string(db.backend(), sql)).await.unwrap();
    let mut hash = Sha256::new();
    for table in rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name".into()).await {
        let table: String = table.try_get("", "name").unwrap();
        // The log, the version of the schema, the one closing and the notice of it carry the instant at which they were written.
        let written = ["audit", "audit_head", "seaql_migrations", "class_term", "class_term_event", "result", "notice", "outbox"];
        if written.contains(&table.as_str()) {
            continue;
        }
        let columns: Vec<String> = rows(format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"))
            .await
            .iter()
            .map(|row| row.try_get::<String>("", "name").unwrap())
            .filter(|column| !SEALED.contains(&format!("{table}.{column}").as_str()))
            .map(|column| format!("quote(\"{column}\")"))
            .collect();
        for row in rows(format!("SELECT {} AS line FROM \"{table}\" ORDER BY 1", columns.join(" || ',' || "))).await {
            hash.update(row.try_get::<String>("", "line").unwrap());
            hash.update([b'\n']);
        }
    }
    hex::encode(hash.finalize())
}

#[test]
fn the_same_seed_gives_the_same_database() {
    actix_web::rt::System::new().block_on(async {
        let mut dumps = Vec::new();
        for seed in [1, 1, 2] {
            let copy = copy(Engine::Sqlite).await;
            let db = Db::connect(&copy.options()).await.unwrap();
            let cellar = Cellar::new();
            api::demo::run(&db, &keys(copy.folder()), cellar.files(), &DemoOptions { seed, ..OPTIONS }, None).await.unwrap();
            dumps.push(dump(&db).await);
        }
        assert_eq!(dumps[0], dumps[1]);
        assert_ne!(dumps[1], dumps[2]);
    });
}
