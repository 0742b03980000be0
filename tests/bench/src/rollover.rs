//! The year rollover of the whole province and its undo: by the API, on a copy of the database whose years are closed.
//!
//! The database of the bench ends with semester I. So on the copy every class with a year to close is given its council and each learner a
//! decision, one in thirty-five to repeat; the next school year comes by the API. Preschools close no years.

use crate::people::sign_in;
use crate::site::{Site, number};
use crate::{Engine, Options};
use anyhow::{Context, ensure};
use chrono::{Datelike, Days, NaiveDate};
use dto::calendar::{PutSchoolYear, SchoolYear};
use dto::closing_runs::RunState;
use dto::page::Page;
use dto::rollover::{PostRolloverRun, Rollover, RolloverRun};
use dto::units::Unit;
use dto::{SchoolYearId, UnitId};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What the call is named on the command line.
pub const NAME: &str = "rollover of the province";

/// Schools whose preview is read: those with the most learners.
const PREVIEWS: u64 = 20;

/// Measures on a copy, and prints.
pub async fn measure(options: &Options, engine: Engine) -> anyhow::Result<()> {
    let site = Site::open(options, engine).await?;
    eprintln!("{}: copying the database to roll its year over", engine.name());
    let site = site.onto_copy(options).await?;
    let token = sign_in(&site, "quantri").await?;
    let years: Page<SchoolYear> = get(&site, &token, "/school-years").await?;
    let year = years.items.into_iter().find(|year| year.current).context("a current school year")?;
    let next: SchoolYear = post(&site, &token, "/school-years", &after(&year)?).await?;
    close(&site, year.id).await?;
    let units: Page<Unit> = get(&site, &token, "/units?kind=department").await?;
    let unit = units.items.first().context("a department")?.id;
    println!("\n{}, {NAME}, {} into {}:", engine.name(), year.code, next.code);
    previews(&site, &token, year.id).await?;
    for undo in [false, true] {
        eprintln!("{}: {}", engine.name(), if undo { "undoing the rollover" } else { "rolling over" });
        run(&site, &token, unit, undo).await?;
    }
    let left = number(&site.db, "SELECT count(*) FROM next_year_line").await?;
    ensure!(left == 0, "{left} lines were not taken back");
    site.close().await
}

/// The year after, by the same days.
fn after(year: &SchoolYear) -> anyhow::Result<PutSchoolYear> {
    // 52 weeks and a day later the same day of the calendar but in leap years, which do not matter here.
    let later = |day: NaiveDate| day.checked_add_days(Days::new(365)).context("a day");
    let first = year.starts_on.year() + 1;
    let mut terms = year.terms.clone();
    for term in &mut terms {
        (term.starts_on, term.ends_on) = (later(term.starts_on)?, later(term.ends_on)?);
        term.marks_due_on = term.marks_due_on.map(later).transpose()?;
    }
    Ok(PutSchoolYear {
        code: format!("{first}-{}", first + 1),
        starts_on: later(year.starts_on)?,
        ends_on: later(year.ends_on)?,
        terms,
    })
}

/// Closes the year of every class that has one to close, as the councils would.
async fn close(site: &Site, year: SchoolYearId) -> anyhow::Result<()> {
    let graded = "c.school_year_id = $2 AND c.grade IN ('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12')";
    let councils = format!(
        "INSERT INTO council (school_id, class_id, state, members, minutes, updated_at, version) \
         SELECT c.school_id, c.id, 'closed', '[]', '', $1, 1 FROM class c WHERE {graded}"
    );
    let decisions = format!(
        "INSERT INTO year_decision (school_id, class_id, learner_id, outcome, policy, decided_at) \
         SELECT e.school_id, e.class_id, e.learner_id, \
         CASE e.ordinal WHEN 35 THEN '{{\"decided\":{{\"promotion\":\"retained\"}}}}' ELSE '{{\"decided\":{{\"promotion\":\"promoted\"}}}}' END, \
         'bench', $1 FROM class c JOIN enrolment e ON e.school_id = c.school_id AND e.class_id = c.id \
         WHERE {graded} AND e.left_on IS NULL"
    );
    // Those that the bench enrolled twice, and what the demo has closed itself.
    for sql in ["DELETE FROM enrolment WHERE ordinal > 100", "DELETE FROM year_decision", "DELETE FROM council"] {
        site.db.migrator().execute_unprepared(sql).await?;
    }
    for sql in [councils, decisions] {
        let values: [sea_orm::Value; 2] = [kernel::clock::now().into(), year.0.into()];
        site.db.migrator().execute_raw(Statement::from_sql_and_values(site.db.backend(), sql, values)).await?;
    }
    if site.engine == Engine::Postgres {
        // It would look over them by itself within a minute; then is not now.
        site.db.migrator().execute_unprepared("ANALYZE council, year_decision, enrolment").await?;
    }
    Ok(())
}

/// Reads what is proposed for the largest schools.
async fn previews(site: &Site, token: &str, year: SchoolYearId) -> anyhow::Result<()> {
    let sql = format!(
        "SELECT c.school_id FROM class c JOIN enrolment e ON e.school_id = c.school_id AND e.class_id = c.id \
         WHERE c.school_year_id = $1 GROUP BY c.school_id ORDER BY count(*) DESC LIMIT {PREVIEWS}"
    );
    let statement = Statement::from_sql_and_values(site.db.backend(), sql, [year.0.into()]);
    let (mut times, mut most) = (Vec::new(), 0);
    for row in site.db.read().query_all_raw(statement).await? {
        let school: Uuid = row.try_get_by_index(0)?;
        let began = Instant::now();
        let found: Rollover = get(site, token, &format!("/units/{school}/rollover")).await?;
        times.push(began.elapsed());
        most = most.max(found.classes.iter().map(|class| class.up + class.stays + class.completes).sum::<u32>());
    }
    times.sort_unstable();
    let (median, worst) = (times.get(times.len() / 2).context("a preview")?, times.last().context("a preview")?);
    println!(
        "  preview of the {} largest schools (up to {most} learners): median {:.0} ms, slowest {:.0} ms",
        times.len(),
        median.as_secs_f64() * 1000.0,
        worst.as_secs_f64() * 1000.0
    );
    Ok(())
}

/// A run to its end, as the page sees it.
async fn run(site: &Site, token: &str, unit: UnitId, undo: bool) -> anyhow::Result<()> {
    let (began, cpu) = (Instant::now(), site.cpu());
    let body = PostRolloverRun { unit_id: unit, school_year_id: None, undo };
    let mut run: RolloverRun = post(site, token, "/rollover-runs", &body).await?;
    let mut peak = site.server_memory();
    while run.state == RunState::Running {
        tokio::time::sleep(Duration::from_millis(250)).await;
        peak = peak.max(site.server_memory());
        run = get(site, token, &format!("/rollover-runs/{}", run.id)).await?;
    }
    let (took, cpu) = (began.elapsed().as_secs_f64(), (site.cpu() - cpu).as_secs_f64());
    ensure!(run.refused == 0 && run.done == run.schools, "something stood in the way: {run:?}");
    println!(
        "  {}: {} schools, {} classes, {} learners, {} classes {} ({} not ready): {took:.1} s, {cpu:.1} CPU s, {:.0} learners a second; \
         server at most {peak:.0} MB",
        if undo { "undo" } else { "run" },
        run.schools,
        run.classes,
        run.learners,
        run.opened,
        if undo { "removed" } else { "opened" },
        run.waiting,
        f64::from(run.learners) / took,
    );
    Ok(())
}

async fn get<T: DeserializeOwned>(site: &Site, token: &str, path: &str) -> anyhow::Result<T> {
    let asked = site.client.get(format!("{}{path}", site.base)).bearer_auth(token);
    asked.send().await?.error_for_status()?.json().await.with_context(|| path.to_owned())
}

async fn post<T: DeserializeOwned>(site: &Site, token: &str, path: &str, body: &impl Serialize) -> anyhow::Result<T> {
    let asked = site.client.post(format!("{}{path}", site.base)).bearer_auth(token).json(body);
    asked.send().await?.error_for_status()?.json().await.with_context(|| path.to_owned())
}
