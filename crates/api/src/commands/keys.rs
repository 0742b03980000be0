//! `khue keys`.

use super::Place;
use anyhow::Context;
use clap::{Args, Subcommand};
use identity::DataKeys;
use kernel::Db;

#[derive(Args)]
pub struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a new key for sensitive fields and seal everything again with it. Running servers take it up by themselves. Stopped on
    /// the way, `reseal-data` goes on where it was.
    #[command(after_help = "Example:\n  khue keys rotate-data --data ./data")]
    RotateData {
        #[command(flatten)]
        place: Place,
    },
    /// Seal again with the newest key whatever an older one sealed.
    #[command(after_help = "Example:\n  khue keys reseal-data --data ./data")]
    ResealData {
        #[command(flatten)]
        place: Place,
    },
}

pub fn run(args: Keys) -> anyhow::Result<()> {
    super::log();
    let (place, rotate) = match args.what {
        What::RotateData { place } => (place, true),
        What::ResealData { place } => (place, false),
    };
    let config = place.config()?;
    let options = place.options(&config);
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&options).await.context("cannot open the database")?;
        migrations::up(db.migrator()).await.context("cannot bring the schema up to date")?;
        let keys = DataKeys::load_or_create(&options.data).context("cannot read the data keys")?;
        if rotate {
            println!("key {} seals from now on", keys.rotate().context("cannot make a new key")?);
        }
        let left = records::health::left_to_reseal(&db, &keys).await?;
        let done = records::health::reseal(&db, &keys, |done| tracing::info!(done, of = left, "sealed again")).await?;
        println!("{done} rows sealed again");
        db.close().await.context("the database")?;
        Ok(())
    })
}
