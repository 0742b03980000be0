//! `khue exit`.

use super::Place;
use anyhow::Context;
use clap::{Args, Subcommand};
use identity::DataKeys;
use kernel::Db;
use kernel::files::Store;
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
    #[command(
        after_help = "Example:\n  khue exit export --data ./data --school 94001 --out 94001.zip --passphrase-file secret.txt"
    )]
    Export(Export),
    /// Take an archive into an empty installation: migrated here, and without units. All of it or nothing.
    ///
    /// Ends with 2 when the file is not such an archive, was changed, was locked with another passphrase, was made by another version, or the installation is not empty.
    #[command(after_help = "Example:\n  khue exit import --data ./new 94001.zip --passphrase-file secret.txt")]
    Import(Import),
}

/// What locks fields that are sealed at rest (health records). Whoever loses it loses these fields.
#[derive(Args)]
struct Lock {
    /// A file whose first line is the passphrase, at least 12 characters; "-" reads it from standard input.
    #[arg(long, value_name = "FILE")]
    passphrase_file: PathBuf,
}

impl Lock {
    /// The passphrase; none where there is no good one, which is said.
    fn read(&self) -> Option<String> {
        let shown = self.passphrase_file.display();
        let text = match self.passphrase_file.to_str() {
            Some("-") => std::io::read_to_string(std::io::stdin()),
            _ => std::fs::read_to_string(&self.passphrase_file),
        };
        let line = match text {
            Ok(text) => text.lines().next().unwrap_or_default().trim().to_owned(),
            Err(error) => {
                eprintln!("--passphrase-file {shown}: cannot be read: {error}");
                return None;
            }
        };
        if (12..=200).contains(&line.chars().count()) {
            return Some(line);
        }
        eprintln!("--passphrase-file {shown}: expected a first line of 12 to 200 characters");
        None
    }
}

#[derive(Args)]
struct Export {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    lock: Lock,
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
    #[command(flatten)]
    lock: Lock,
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
    let Some(passphrase) = args.lock.read() else { return Ok(ExitCode::from(2)) };
    let options = args.place.options(&config);
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&options).await.context("cannot open the database")?;
        let store = Store::open(&config.files, &options.data).context("cannot open the store of files")?;
        let keys = DataKeys::load_or_create(&options.data).context("cannot read the data keys")?;
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
        let key = oversight::exit::key(&passphrase, school).await?;
        let made =
            oversight::exit::make(&db, &store, (&keys, &key), school, tables).await.context("the export could not be made")?;
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
    let Some(passphrase) = args.lock.read() else { return Ok(ExitCode::from(2)) };
    let options = args.place.options(&config);
    actix_web::rt::System::new().block_on(async move {
        let db = Db::connect(&options).await.context("cannot open the database")?;
        let store = Store::open(&config.files, &options.data).context("cannot open the store of files")?;
        let keys = DataKeys::load_or_create(&options.data).context("cannot read the data keys")?;
        migrations::up(db.migrator()).await.context("cannot bring the schema up to date")?;
        records::catalogue::ensure(&db).await.context("cannot write the catalogue of subjects")?;
        let taken = match oversight::exit::school(&bytes) {
            Ok(school) => {
                let key = oversight::exit::key(&passphrase, school).await?;
                oversight::exit::take(&db, &store, (&keys, &key), &bytes).await
            }
            Err(refusal) => Err(refusal),
        };
        match taken {
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
