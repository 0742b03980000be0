//! What every handler may use.

use crate::channels::Channels;
use crate::limits::Limiter;
use crate::signing::Signing;
use crate::stream::Streams;
use identity::Keys;
use kernel::Db;
use kernel::config::Config;
use kernel::files::Store;
use std::sync::Arc;

#[derive(Clone)]
pub struct AppState {
    pub db: Db,
    pub keys: Keys,
    pub config: Config,
    pub limiter: Arc<Limiter>,
    pub channels: Arc<Channels>,
    pub streams: Streams,
    pub signing: Signing,
    pub files: Store,
}

impl AppState {
    pub fn new(db: Db, keys: Keys, config: Config) -> Self {
        let limiter = Arc::new(Limiter::new(&config.limits));
        let (streams, signing) = (Streams::default(), Signing::default());
        AppState { db, keys, config, limiter, channels: Arc::default(), streams, signing, files: Store::in_memory() }
    }

    /// For the worker that calls this: with connections of its own, `pool` at most; see [`Db::for_this_runtime`].
    pub async fn for_this_runtime(&self, pool: u32) -> kernel::Result<Self> {
        Ok(AppState { db: self.db.for_this_runtime(pool).await?, ..self.clone() })
    }

    /// With these ways out of the house; without, there are none.
    pub fn with_channels(self, channels: Arc<Channels>) -> Self {
        AppState { channels, ..self }
    }

    /// With this store of files; without, they are gone with the process.
    pub fn with_files(self, files: Store) -> Self {
        AppState { files, ..self }
    }

    /// With these ways to sign; without, there are key files alone.
    pub fn with_signing(self, signing: Signing) -> Self {
        AppState { signing, ..self }
    }
}

/// The state as handlers take it.
pub type App = actix_web::web::Data<AppState>;
