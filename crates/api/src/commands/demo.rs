//! `khue demo`.

use super::Place;
use crate::demo::{DemoOptions, Files, Marks, Signing, Size};
use anyhow::Context;
use clap::Args;
use kernel::Db;
use kernel::files::Store;

#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    place: Place,
    /// How much: one school, a commune, or the whole province.
    #[arg(long, value_enum)]
    size: Size,
    /// First calendar year of the school year.
    #[arg(long, default_value_t = 2026)]
    year: i32,
    /// Which marks to make.
    #[arg(long, value_enum, default_value_t = Marks::None)]
    marks: Marks,
    /// No sheet lacks anything, so that the term can be closed everywhere.
    #[arg(long)]
    complete: bool,
    /// The year of every class is closed by its council (with --marks year --complete).
    #[arg(long)]
    closed: bool,
    /// The transcripts of a class are signed, sealed and issued with keys for trials, of no legal force (with --marks year).
    #[arg(long)]
    signed: bool,
    /// The same seed gives the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the accounts as a JSON array and nothing else.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Demo) -> anyhow::Result<()> {
    super::log();
    let config = args.place.config()?;
    let accounts = actix_web::rt::System::new().block_on(async move {
        let place = args.place.options(&config);
        let keys = identity::DataKeys::load_or_create(&place.data).context("cannot read the data keys")?;
        let db = Db::connect(&place).await.context("cannot open the database")?;
        migrations::up(db.migrator()).await.context("cannot bring the schema up to date")?;
        records::catalogue::ensure(&db).await.context("cannot write the catalogue of subjects")?;
        let store = Store::open(&config.files, &place.data).context("cannot open the store of files")?;
        let files = Files { store: &store, limits: &config.files };
        let options = DemoOptions {
            size: args.size,
            year: args.year,
            marks: args.marks,
            complete: args.complete,
            closed: args.closed,
            seed: args.seed,
        };
        if !args.signed {
            return crate::demo::run(&db, &keys, files, &options, None).await;
        }
        let settings = kernel::config::Signing { trial: true, ..config.signing.clone() };
        let signing = crate::signing::Signing::open(&settings, &place.data).context("cannot open what is signed with")?;
        let with = Signing { providers: &signing.providers, base: &config.channels.public_url };
        crate::demo::run(&db, &keys, files, &options, Some(with)).await
    })?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&accounts)?);
    } else {
        println!("{:<20} {:<34} {:<24} Mật khẩu", "Vai trò", "Đơn vị", "Tên đăng nhập");
        for a in &accounts {
            println!("{:<20} {:<34} {:<24} {}", a.role.label(dto::Lang::Vi), a.unit, a.username, a.password);
        }
    }
    Ok(())
}
