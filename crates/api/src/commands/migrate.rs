//! `khue migrate`.

use super::Place;
use anyhow::Context;
use clap::Args;
use kernel::Db;

#[derive(Args)]
pub struct Migrate {
    #[command(flatten)]
    place: Place,
}

pub fn run(args: Migrate) -> anyhow::Result<()> {
    super::log();
    let config = args.place.config()?;
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&args.place.options(&config)).await.context("cannot open the database")?;
        migrations::up(db.migrator()).await.context("cannot bring the schema up to date")?;
        records::catalogue::ensure(&db).await.context("cannot write the catalogue of subjects")?;
        eprintln!("khue: the schema is up to date");
        Ok(())
    })
}
