//! `khue exit`.

use super::Place;
use anyhow::Context;
use clap::{Args, Subcommand};
use kernel::Db;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Exit {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write everything that is held of a school into one archive, which `khue exit import` takes into an empty installation.
    #[command(after_help = "Example:\n  khue exit export --data ./data --school 94001 --out 94001.zip")]
    Export(Export),
    /// Take an archive into an empty installation: migrated here, and without units. All of it or nothing.
    ///
    /// Ends with 2 when the file is not such an archive, was changed, was made by another version, or the installation is not empty.
    #[command(after_help = "Example:\n  khue exit import --data ./new 94001.zip")]
    Import(Import),
}

#[derive(Args)]
struct Export {
    #[command(flatten)]
    place: Place,
    /// The code of the school.
    #[arg(long, value_name = "CODE")]
    school: String,
    /// Where to write the archive; a file that is there is not written over.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args)]
struct Import {
    #[command(flatten)]
    place: Place,
    /// The archive.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(args: Exit) -> ExitCode {
    super::log();
    let done = match args.what {
        What::Export(args) => export(args),
        What::Import(args) => import(args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("khue: {error:#}");
        ExitCode::FAILURE
    })
}

fn export(args: Export) -> anyhow::Result<ExitCode> {
    let config = args.place.config()?;
    if args.out.exists() {
        eprintln!("{}: is there already", args.out.display());
        return Ok(ExitCode::from(2));
    }
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&args.place.options(&config)).await.context("cannot open the database")?;
        let Ok(school) = oversight::exit::school_of_code(&db, &args.school).await else {
            eprintln!("--school {}: expected the code of one school", args.school);
            return Ok(ExitCode::from(2));
        };
        let tables = async |done: usize, of: usize| {
            if done == of {
                eprintln!("khue: {of} tables");
            }
            Ok(())
        };
        let made = oversight::exit::make(&db, school, tables).await.context("the export could not be made")?;
        std::fs::write(&args.out, &made.bytes).with_context(|| format!("{} cannot be written", args.out.display()))?;
        eprintln!("khue: {}: {} rows, {} files, sha256 {}", args.out.display(), made.rows(), made.files(), made.sha256);
        Ok(ExitCode::SUCCESS)
    })
}

fn import(args: Import) -> anyhow::Result<ExitCode> {
    let config = args.place.config()?;
    let bytes = match std::fs::read(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{}: cannot be read: {error}", args.file.display());
            return Ok(ExitCode::from(2));
        }
    };
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&args.place.options(&config)).await.context("cannot open the database")?;
        migrations::up(db.migrator()).await.context("cannot bring the schema up to date")?;
        records::catalogue::ensure(&db).await.context("cannot write the catalogue of subjects")?;
        match oversight::exit::take(&db, &bytes).await {
            Ok(taken) => {
                eprintln!("khue: {} ({}): {} rows", taken.manifest.school.name, taken.manifest.school.code, taken.rows);
                db.close().await?;
                Ok(ExitCode::SUCCESS)
            }
            Err(oversight::exit::Refusal::Inside(error)) => Err(error.into()),
            Err(refusal) => {
                eprintln!("{}: {refusal}", args.file.display());
                Ok(ExitCode::from(2))
            }
        }
    })
}
