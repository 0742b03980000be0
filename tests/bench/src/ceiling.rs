//! The ceiling: the same rows by raw SQL through the same driver and pools, without HTTP, rights, rules or JSON.

use crate::Engine;
use crate::calls::{Call, SEARCHES};
use crate::load::{self, Measured};
use crate::people::{People, SUBJECT, Sheet};
use crate::process;
use crate::site::Site;
use chrono::Utc;
use sea_orm::sqlx::{self, Row};
use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;

/// Measures a call's ceiling; none where there is nothing below it to compare with.
pub async fn measure(
    call: Call,
    site: &Site,
    people: &People,
    clients: usize,
    span: Duration,
) -> anyhow::Result<Option<Measured>> {
    if matches!(call, Call::WideSheetCompressed | Call::SheetUnchanged) {
        return Ok(None);
    }
    let own = std::process::id();
    // SQLite works in this process; PostgreSQL in its own, and the driver here.
    let cpu = || process::cpu(own) + site.database_cpu();
    let measured = load::run(clients, span, cpu, async |client: usize| {
        let (usual, wide) = (&people.usual[client], &people.wide[client]);
        let done = match call {
            Call::Sheet => sheet(site, usual).await,
            Call::WideSheet => sheet(site, wide).await,
            Call::Save45 => save(site, usual, 45).await,
            Call::Save450 => save(site, wide, 450).await,
            Call::ClassList => list(site, usual).await,
            Call::SearchSchool => search(site, Some(people.school), client).await,
            Call::SearchProvince => search(site, None, client).await,
            // The hash alone, which the law of argon2 makes slow.
            Call::SignIn => {
                return tokio::task::spawn_blocking(|| identity::passwords::hash_now(api::demo::PASSWORD).is_ok())
                    .await
                    .unwrap_or(false);
            }
            Call::WideSheetCompressed | Call::SheetUnchanged => return false,
        };
        if let Err(e) = &done {
            eprintln!("raw SQL: {e}");
        }
        done.is_ok()
    })
    .await;
    Ok(Some(measured))
}

/// The same statements on the pool of either engine.
macro_rules! on_either {
    ($site:expr, $pool:ident: $of:ident => $body:expr) => {
        match $site.engine {
            Engine::Sqlite => {
                let $pool = $site.db.$of().get_sqlite_connection_pool();
                $body
            }
            Engine::Postgres => {
                let $pool = $site.db.$of().get_postgres_connection_pool();
                $body
            }
        }
    };
}

const ROSTER: &str = "SELECT e.learner_id, e.ordinal, e.left_on, l.full_name, l.given, l.birth_date FROM enrolment e JOIN learner l ON l.id = e.learner_id \
    WHERE e.school_id = $1 AND e.class_id = $2 ORDER BY e.ordinal";
const MARKS: &str = "SELECT learner_id, slot, mark, flag, version FROM mark WHERE school_id = $1 AND class_id = $2 AND subject_code = $3 AND term = 1";

const KEPT: &str = "SELECT learner_id, slot, mark, flag, version, updated_at, updated_by, source, reason FROM mark \
    WHERE school_id = $1 AND class_id = $2 AND subject_code = $3 AND term = 1";

async fn sheet(site: &Site, of: &Sheet) -> sqlx::Result<()> {
    on_either!(site, pool: read => {
        let roster = sqlx::query(ROSTER).bind(of.school).bind(of.class).fetch_all(pool).await?;
        let marks = sqlx::query(MARKS).bind(of.school).bind(of.class).bind(SUBJECT).fetch_all(pool).await?;
        // Decoded as far as any reader must.
        let mut letters = 0;
        for row in &roster {
            letters += row.try_get::<String, _>(3)?.len() + row.try_get::<String, _>(4)?.len();
            let _id: Uuid = row.try_get(0)?;
        }
        for row in &marks {
            letters += row.try_get::<String, _>(1)?.len();
            let _mark: Option<i16> = row.try_get(2)?;
        }
        std::hint::black_box(letters);
        Ok(())
    })
}

async fn list(site: &Site, of: &Sheet) -> sqlx::Result<()> {
    let sql = "SELECT e.learner_id, e.ordinal, e.left_on, l.full_name, l.given, l.birth_date, l.sex, l.personal_id, l.status FROM enrolment e \
        JOIN learner l ON l.id = e.learner_id WHERE e.school_id = $1 AND e.class_id = $2 ORDER BY e.ordinal";
    on_either!(site, pool: read => {
        let rows = sqlx::query(sql).bind(of.school).bind(of.class).fetch_all(pool).await?;
        for row in &rows {
            std::hint::black_box(row.try_get::<String, _>(3)?);
        }
        Ok(())
    })
}

async fn search(site: &Site, school: Option<Uuid>, client: usize) -> sqlx::Result<()> {
    let words: Vec<String> = SEARCHES[client % SEARCHES.len()].split(' ').map(|word| format!("%{word}%")).collect();
    let mut sql = "SELECT id, full_name, birth_date, school_id FROM learner WHERE ".to_owned();
    for n in 1..=words.len() {
        // Writing into a String cannot fail.
        let _ = write!(sql, "{}search_text LIKE ${n}", if n > 1 { " AND " } else { "" });
    }
    if school.is_some() {
        let _ = write!(sql, " AND school_id = ${}", words.len() + 1);
    }
    sql.push_str(" ORDER BY sort_key, id LIMIT 21");
    on_either!(site, pool: read => {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for word in &words {
            query = query.bind(word);
        }
        if let Some(school) = school {
            query = query.bind(school);
        }
        query.fetch_all(pool).await.map(|_| ())
    })
}

const COLUMNS: [&str; 10] =
    ["school_id", "class_id", "subject_code", "term", "learner_id", "slot", "version", "mark", "updated_at", "source"];
/// Rows of one statement.
const AT_ONCE: usize = 150;

/// What a save has to read (who is in the class, what stands in its cells), then the cells, what they superseded, one row of the
/// log; one transaction, on disk at its end.
async fn save(site: &Site, of: &Sheet, count: usize) -> sqlx::Result<()> {
    let round = of.round.fetch_add(1, Ordering::Relaxed);
    let mark = (500 + 50 * (round % 9)) as i16;
    let now = Utc::now();
    let cells: Vec<_> = of.cells.iter().take(count).collect();
    // Numbered parameters are looked up by their names in SQLite, which costs more than the rows; PostgreSQL knows no others.
    let places = |count: usize| {
        let mut text = String::with_capacity(count * 60);
        for row in 0..count {
            text.push_str(if row > 0 { ", (" } else { "(" });
            for column in 1..=COLUMNS.len() {
                text.push_str(if column > 1 { "," } else { "" });
                match site.engine {
                    Engine::Sqlite => text.push('?'),
                    // Writing into a String cannot fail.
                    Engine::Postgres => _ = write!(text, "${}", row * COLUMNS.len() + column),
                }
            }
            text.push(')');
        }
        text
    };
    let columns = COLUMNS.join(", ");
    let upsert = |count| {
        format!(
            "INSERT INTO mark ({columns}) VALUES {} ON CONFLICT (school_id, class_id, subject_code, term, learner_id, slot) DO UPDATE SET \
             mark = excluded.mark, version = excluded.version, updated_at = excluded.updated_at, source = excluded.source",
            places(count)
        )
    };
    let history = |count| format!("INSERT INTO mark_history ({columns}) VALUES {}", places(count));
    // The log of the bench has a chain of its own.
    let log = "INSERT INTO audit (school_id, seq, id, at, request_id, verb, subject, subject_id, prev_hash, hash) VALUES ($1, $2, $3, $4, 'bench', 'bench', 'bench', '', '', '')";
    macro_rules! rows {
        ($sql:expr, $step:expr, $some:expr) => {{
            let mut query = sqlx::query(sqlx::AssertSqlSafe($sql($some.len())));
            for (learner, slot, version) in $some {
                let version = version.load(Ordering::Relaxed) + $step;
                query = query
                    .bind(of.school)
                    .bind(of.class)
                    .bind(SUBJECT)
                    .bind(1i16)
                    .bind(*learner)
                    .bind(slot.code())
                    .bind(version)
                    .bind(mark)
                    .bind(now)
                    .bind("typed");
            }
            query
        }};
    }
    macro_rules! read {
        ($tx:ident) => {{
            let roster = sqlx::query(ROSTER).bind(of.school).bind(of.class).fetch_all(&mut *$tx).await?;
            let marks = sqlx::query(KEPT).bind(of.school).bind(of.class).bind(SUBJECT).fetch_all(&mut *$tx).await?;
            for row in &roster {
                let _id: Uuid = row.try_get(0)?;
            }
            for row in &marks {
                let (_id, _slot, _version): (Uuid, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(4)?);
            }
        }};
    }
    let (chain, entry) = (of.class, kernel::id::new::<Uuid>());
    match site.engine {
        Engine::Sqlite => {
            let mut tx = site.db.migrator().get_sqlite_connection_pool().begin_with("BEGIN IMMEDIATE").await?;
            read!(tx);
            for some in cells.chunks(AT_ONCE) {
                rows!(history, 0, some).execute(&mut *tx).await?;
                rows!(upsert, 1, some).execute(&mut *tx).await?;
            }
            sqlx::query(log).bind(chain).bind(now.timestamp_micros()).bind(entry).bind(now).execute(&mut *tx).await?;
            tx.commit().await?;
        }
        Engine::Postgres => {
            let mut tx = site.db.migrator().get_postgres_connection_pool().begin().await?;
            read!(tx);
            for some in cells.chunks(AT_ONCE) {
                rows!(history, 0, some).execute(&mut *tx).await?;
                rows!(upsert, 1, some).execute(&mut *tx).await?;
            }
            sqlx::query(log).bind(chain).bind(now.timestamp_micros()).bind(entry).bind(now).execute(&mut *tx).await?;
            tx.commit().await?;
        }
    }
    for (_, _, version) in &cells {
        version.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
