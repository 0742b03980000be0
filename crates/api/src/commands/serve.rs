//! `khue serve`.

use super::Place;
use crate::channels::{Channels, PostOffice};
use crate::{AppState, server};
use anyhow::Context;
use clap::Args;
use kernel::Db;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    /// Port; left out: that of the settings, 8080.
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; left out: that of the settings, 127.0.0.1.
    #[arg(long)]
    host: Option<String>,
}

pub fn run(args: Serve) -> anyhow::Result<()> {
    super::log();
    let mut config = args.place.config()?;
    if let Some(port) = args.port {
        config.server.port = port;
    }
    if let Some(host) = args.host {
        config.server.host = host;
    }
    let options = args.place.options(&config);
    actix_web::rt::System::new().block_on(async move {
        let address = format!("{}:{}", config.server.host, config.server.port);
        let listener = TcpListener::bind(&address).with_context(|| format!("cannot listen on {address}"))?;
        // With port 0 the system chooses: what is printed is where it listens.
        let address = listener.local_addr().context("the address")?;
        let db = Db::connect(&options).await.context("cannot open the database")?;
        // A single machine needs no second step; several that start together are kept apart by the lock.
        migrations::up(db.migrator()).await.context("cannot bring the schema up to date")?;
        records::catalogue::ensure(&db).await.context("cannot write the catalogue of subjects")?;
        records::units::rebuild_closure(&db).await.context("cannot bring the tree of units up to date")?;
        let seal = identity::SealKey::load_or_create(&options.data).context("cannot read the key that seals the log")?;
        let mut daily = vec![
            actix_web::rt::spawn(records::units::follow_calendar(db.clone())),
            actix_web::rt::spawn(records::quality::nightly(db.clone())),
            actix_web::rt::spawn(records::duplicates::nightly(db.clone())),
            actix_web::rt::spawn(kernel::db::audit_root::follow_calendar(db.clone(), move |root| seal.sign(root))),
        ];
        crate::work::take_up(&db).await.context("cannot take up what was left")?;
        let keys = identity::Keys::load_or_create(&options.data).context("cannot read the signing key")?;
        tracing::info!(%address, engine = ?db.backend(), "serving");
        let channels = Arc::new(Channels::open(&config.channels, &options.data).context("cannot open the channels")?);
        let signing = crate::signing::Signing::open(&config.signing, &options.data).context("signing")?;
        let files = crate::channels::scan::store(&config.files, &options.data).context("cannot open the store of files")?;
        daily.push(actix_web::rt::spawn(records::files::follow_calendar(db.clone(), files.clone(), config.files.clone())));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let beat = Duration::from_secs(config.limits.heartbeat_seconds);
        let carrier = db.carrier(beat).await.context("cannot listen for other servers")?;
        let carrier = carrier.map(|carrier| actix_web::rt::spawn(carrier.run(stopped.clone())));
        let (office, settings) = (PostOffice::new(channels.clone()), config.outbox.clone());
        let outbox = actix_web::rt::spawn({
            let db = db.clone();
            async move { kernel::outbox::run(db, &office, &settings, stopped).await }
        });
        let server = server::build(
            AppState::new(db.clone(), keys, config).with_channels(channels).with_signing(signing).with_files(files),
            listener,
        )?;
        println!("http://{address}");
        server.await?;
        leave(daily).await;
        // What the last requests put into the outbox is in the database; what is in flight ends.
        crate::work::stop().await;
        if stop.send(true).is_ok() {
            outbox.await.context("the outbox")?;
            if let Some(carrier) = carrier {
                carrier.await.context("live events")?;
            }
        }
        // What is copied of a stopped server is one file.
        db.close().await.context("the database")?;
        tracing::info!("stopped");
        Ok(())
    })
}

/// What a day begins with is left where it is, before the database closes under it: a transaction is rolled back, as if the machine
/// had stopped. The next start takes it up.
async fn leave(daily: Vec<JoinHandle<()>>) {
    for task in &daily {
        task.abort();
    }
    for task in daily {
        if let Err(error) = task.await
            && error.is_panic()
        {
            tracing::error!(%error, "what a day begins with had failed");
        }
    }
}
