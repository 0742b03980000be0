//! A server for each test.

mod actor;
mod coverage;
mod database;
mod events;
mod world;

pub use actor::{Actor, Reply};
pub use database::{Engine, copy};
pub use events::{Event, Events};
pub use world::{School, World, day, insert, tells};

use api::AppState;
use api::channels::Channels;
use kernel::Db;
use kernel::config::Config;
use std::net::TcpListener;

/// A running server over its own database, with a small world in it.
pub struct TestApp {
    pub base: String,
    pub db: Db,
    pub keys: identity::Keys,
    pub world: World,
    pub engine: Engine,
    pub client: reqwest::Client,
    /// Whose certificates the server takes for trials.
    pub trial: std::sync::Arc<documents::signing::TestAuthority>,
    pub files: kernel::files::Store,
    database: database::Copy,
}

impl TestApp {
    pub async fn start(engine: Engine) -> TestApp {
        Self::start_with(engine, |_| {}).await
    }

    /// With other settings.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> TestApp {
        let copy = database::copy(engine).await;
        let db = Db::connect(&copy.options()).await.expect("the copy opens");
        let keys = identity::Keys::load_or_create(copy.folder()).expect("keys");
        let mut config = Config::load(None).expect("default settings");
        config.server.workers = 1;
        // A test asks as fast as it can.
        config.limits.requests_per_second = 100_000;
        config.limits.requests_burst = 100_000;
        // Push to services on this machine; what leaves by other channels each test sets up itself.
        config.channels.push.subject = "mailto:test@example.vn".into();
        config.channels.push.hosts = vec!["127.0.0.1".into()];
        // Mail is on, and nothing of it leaves but by the dispatcher of a test.
        config.channels.email.url = "smtp://127.0.0.1:9".into();
        config.channels.email.from = "no-reply@example.vn".into();
        config.channels.exchange.url = "http://127.0.0.1:9/".into();
        config.signing.trial = true;
        change(&mut config);
        let world = World::make(&db).await;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let channels = std::sync::Arc::new(Channels::open(&config.channels, copy.folder()).expect("channels"));
        let signing = api::signing::Signing::open(&config.signing, copy.folder()).expect("signing");
        let trial = signing.providers.trial.clone().expect("the authority for trials");
        let files = api::channels::scan::store(&config.files, copy.folder()).expect("the store of files");
        let state = AppState::new(db.clone(), keys.clone(), config)
            .with_channels(channels)
            .with_signing(signing)
            .with_files(files.clone());
        let server = api::server::build(state, listener).expect("a server");
        actix_web::rt::spawn(server);
        let client = reqwest::Client::builder().build().expect("a client");
        TestApp { base, db, keys, world, engine, client, trial, files, database: copy }
    }
}

impl TestApp {
    /// Its data folder, for a server in a process of its own.
    pub fn folder(&self) -> &std::path::Path {
        self.database.folder()
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        self.database.options().url()
    }
}

/// Runs a test to its end on its own runtime.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(TestApp) -> F) {
    actix_web::rt::System::new().block_on(async move {
        let app = TestApp::start(engine).await;
        test(app).await;
    });
}

/// Makes a test of each engine out of one function.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn test($app: $crate::harness::TestApp) $body

            #[test]
            fn sqlite() {
                $crate::harness::run($crate::harness::Engine::Sqlite, test);
            }

            #[test]
            fn postgres() {
                $crate::harness::run($crate::harness::Engine::Postgres, test);
            }
        }
    )+};
}
