//! What every handler may use.

use crate::channels::Channels;
use crate::limits::Limiter;
use crate::signing::Signing;
use crate::stream::Streams;
use identity::Keys;
use kernel::Db;
use kernel::config::Config;
use std::sync::Arc;

pub struct AppState {
    pub db: Db,
    pub keys: Keys,
    pub config: Config,
    pub limiter: Limiter,
    pub channels: Arc<Channels>,
    pub streams: Streams,
    pub signing: Signing,
}

impl AppState {
    pub fn new(db: Db, keys: Keys, config: Config) -> Self {
        let limiter = Limiter::new(&config.limits);
        AppState { db, keys, config, limiter, channels: Arc::default(), streams: Streams::default(), signing: Signing::default() }
    }

    /// With these ways out of the house; without, there are none.
    pub fn with_channels(self, channels: Arc<Channels>) -> Self {
        AppState { channels, ..self }
    }

    /// With these ways to sign; without, there are key files alone.
    pub fn with_signing(self, signing: Signing) -> Self {
        AppState { signing, ..self }
    }
}

/// The state as handlers take it.
pub type App = actix_web::web::Data<AppState>;
