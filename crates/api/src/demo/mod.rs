//! `khue demo`: a synthetic province. The same seed gives the same data; no real person is in it.
//!
//! The generator ([`generate`]) makes plain rows, school by school, without a database, a clock or a floating-point number;
//! [`insert`] puts them in, one transaction a school. What differs between two runs with one seed: the salt of the password
//! hash, the instants of the audit log, the instant at which the one closed term was closed, and what is sealed.
//!
//! | module | what it decides |
//! |---|---|
//! | [`plan`] | how many schools, classes, learners and posts; the province's sums are exact |
//! | [`names`], [`family`] | names, and siblings with the guardians they share |
//! | [`staffing`] | who teaches what, near the weekly norms |
//! | [`marks`] | marks, conduct, and what is still missing |
//! | [`life`] | of one commune: absences, notices, messages, comments, what preschool children reach and weigh |
//! | [`areas`] | staff records, plans, facilities, rooms, money, health, consents, news, transfers of the schools that people sign in to |
//! | [`closed`] | the year of two classes, or of all: closed, with its summer and council |
//! | [`signed`] | the transcripts of one class, signed with keys for trials |

mod areas;
mod closed;
mod family;
pub mod generate;
mod insert;
mod life;
mod marks;
mod names;
mod plan;
mod primary;
mod rng;
pub mod rows;
mod signed;
mod staffing;

use chrono::NaiveDate;
use dto::UnitId;
use dto::access::Role;
use generate::{Cast, Generator};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Ctx, Db, Error, Event};
use rows::Batch;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Query;
pub use signed::Signing;

/// The password of every account of the demo.
pub const PASSWORD: &str = "khue-demo-2026";

/// How much is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    /// A lower secondary school, and a small upper secondary school beside it.
    School,
    /// A commune's schools of all levels.
    Commune,
    /// 481 schools, 8,259 classes, 256,347 learners.
    Province,
}

/// Which marks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Marks {
    None,
    Semester1,
    Year,
}

#[derive(Clone, Copy, Debug)]
pub struct DemoOptions {
    pub size: Size,
    /// First calendar year of the school year, 2000 to 2100.
    pub year: i32,
    pub marks: Marks,
    /// No sheet lacks anything: as on the day before a term is closed everywhere.
    pub complete: bool,
    /// The year of every class is closed by its council. Needs complete marks of a year.
    pub closed: bool,
    pub seed: u64,
}

/// An account to sign in with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DemoAccount {
    pub role: Role,
    /// The unit of the role, or the school that the person belongs to.
    pub unit: String,
    pub username: String,
    pub password: String,
}

/// Why nothing was made.
#[derive(Debug)]
pub enum DemoError {
    /// The database holds people or units already.
    NotEmpty,
    /// A school year outside 2000 to 2100.
    Year,
    /// Years are to be closed, or transcripts signed, without the marks for it.
    Open,
}

impl std::fmt::Display for DemoError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DemoError::NotEmpty => f.write_str(
                "the database is not empty: demo data goes into an empty one only (choose another --data folder or --database)",
            ),
            DemoError::Year => f.write_str("--year: expected 2000 to 2100"),
            DemoError::Open => {
                f.write_str("--closed needs --marks year and --complete; --signed needs --marks year, and a school or a commune")
            }
        }
    }
}

impl std::error::Error for DemoError {}

/// Where pictures are put, and how large they may be.
pub struct Files<'a> {
    pub store: &'a kernel::files::Store,
    pub limits: &'a kernel::config::Files,
}

/// Tables that must be empty. The catalogue of subjects may be there.
const MUST_BE_EMPTY: [&str; 6] = ["unit", "account", "staff", "learner", "class", "school_year"];

/// Fills an empty, migrated database and gives the accounts to sign in with, one for each role. `signing`: the transcripts of the class
/// whose year is closed are signed, sealed and issued with it.
///
/// Errors: a [`DemoError`], and then nothing was written; after any other error the database holds a part of the data and is
/// to be thrown away.
pub async fn run(
    db: &Db,
    keys: &identity::DataKeys,
    files: Files<'_>,
    options: &DemoOptions,
    signing: Option<Signing<'_>>,
) -> anyhow::Result<Vec<DemoAccount>> {
    let options = *options;
    if !(2000..=2100).contains(&options.year) {
        return Err(DemoError::Year.into());
    }
    let whole = options.marks == Marks::Year;
    if (options.closed && !(whole && options.complete)) || (signing.is_some() && (!whole || options.size == Size::Province)) {
        return Err(DemoError::Open.into());
    }
    for table in MUST_BE_EMPTY {
        let any = Query::select().expr(sea_orm::sea_query::Expr::val(1)).from(table).limit(1).to_owned();
        if db.read().query_one(&any).await?.is_some() {
            return Err(DemoError::NotEmpty.into());
        }
    }
    records::catalogue::ensure(db).await?;
    let password_hash = identity::passwords::hash(PASSWORD).await?;
    let made = NaiveDate::from_ymd_opt(options.year, 8, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();

    // The generator runs ahead on a thread of its own, by two schools at most, so that memory stays small.
    let (send, mut receive) = tokio::sync::mpsc::channel::<Batch>(2);
    let mut generator = Generator::new(options);
    let bar = progress(generator.batches());
    let making = tokio::task::spawn_blocking(move || -> Cast {
        for batch in generator.by_ref() {
            // The other end goes away only after an error, which is told there.
            if send.blocking_send(batch).is_err() {
                break;
            }
        }
        generator.cast
    });
    let ctx = Ctx::system("demo");
    while let Some(batch) = receive.recv().await {
        let school = batch.school.map(UnitId);
        db.write(&ctx, async |tx| {
            insert::batch(tx, &batch, &password_hash, made).await?;
            let what = serde_json::json!({
                "seed": options.seed, "classes": batch.classes.len(), "learners": batch.learners.len(), "staff": batch.staff.len(), "marks": batch.marks.len(),
            });
            let id = school.map_or_else(|| "directory".to_owned(), |id| id.to_string());
            Ok(((), vec![Event::new(school, "demo.filled", "unit", id).after(&what)]))
        })
        .await?;
        bar.inc(1);
    }
    let cast = making.await.map_err(Error::internal)?;
    if options.closed {
        closed::every(db, &cast).await?;
    } else {
        closed::close(db, &cast, options.marks).await?;
    }
    if let Some(signing) = signing {
        signed::issue(db, &cast, signing).await?;
    }
    areas::fill(db, keys, &files, &options, &cast).await?;
    bar.finish_and_clear();
    Ok(in_order(cast.accounts))
}

/// One account a role, in the order of the roles.
fn in_order(mut accounts: Vec<DemoAccount>) -> Vec<DemoAccount> {
    accounts.sort_by_key(|account| account.role);
    accounts
}

/// A bar on standard error where that is a terminal; else nothing.
fn progress(steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("khue demo: {bar:40} {pos}/{len} ({elapsed}, {eta} left)")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(steps as u64).with_style(style)
}

#[cfg(test)]
mod tests;
