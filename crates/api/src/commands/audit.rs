//! `khue audit`.

use super::Place;
use anyhow::Context;
use clap::{Args, Subcommand};
use identity::SealKey;
use identity::keys::read_root;
use kernel::Db;
use kernel::db::audit_root;

#[derive(Args)]
pub struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Recompute every chain of the log and check every signed root; ends with 1 where something does not fit.
    #[command(after_help = "Example:\n  khue audit verify --key 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    Verify {
        #[command(flatten)]
        place: Place,
        /// A public key to believe, as `khue audit key` printed it, noted outside; left out: the one in the data folder.
        #[arg(long)]
        key: Vec<String>,
    },
    /// Print the signed roots, a day and a JWS a line: keep them where the server's owner cannot change them.
    #[command(after_help = "Example:\n  khue audit roots > roots.txt")]
    Roots {
        #[command(flatten)]
        place: Place,
    },
    /// Print the public key that the roots are checked with.
    #[command(after_help = "Example:\n  khue audit key --data ./data")]
    Key {
        #[command(flatten)]
        place: Place,
    },
}

pub fn run(args: Audit) -> anyhow::Result<()> {
    super::log();
    match args.what {
        What::Verify { place, key } => verify(&place, key),
        What::Roots { place } => on_database(&place, async |db| {
            for root in audit_root::roots(db.read()).await? {
                println!("{} {}", root.day, root.jws);
            }
            Ok(())
        }),
        What::Key { place } => {
            let config = place.config()?;
            println!("{}", SealKey::load_or_create(&place.options(&config).data)?.public());
            Ok(())
        }
    }
}

fn verify(place: &Place, mut trusted: Vec<String>) -> anyhow::Result<()> {
    if trusted.is_empty() {
        let config = place.config()?;
        trusted.push(SealKey::load_or_create(&place.options(&config).data)?.public().to_owned());
    }
    let trusted: Vec<&str> = trusted.iter().map(String::as_str).collect();
    on_database(place, async |db| {
        let report = audit_root::verify(db, |jws| read_root(jws, &trusted)).await?;
        println!("{} chains, {} entries, {} signed roots", report.chains, report.entries, report.roots);
        for fault in &report.faults {
            println!("{fault}");
        }
        anyhow::ensure!(report.faults.is_empty(), "the log is not as it was written: {} faults", report.faults.len());
        Ok(())
    })
}

fn on_database(place: &Place, work: impl AsyncFnOnce(&Db) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let config = place.config()?;
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&place.options(&config)).await.context("cannot open the database")?;
        work(&db).await
    })
}
