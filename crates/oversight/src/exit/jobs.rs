//! Making an export in the background: begun, watched, fetched. The archive is kept in the database until the next one of the school, so
//! that any server can hand it out.

use super::{sealed, write};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::exit::{ExitState, SchoolExit};
use dto::page::{Page, PageQuery};
use dto::{Code, ExitId, UnitId};
use kernel::files::Store;
use kernel::{Ctx, Db, Error, Event, Result, id, page};
use records::health::DataKeys;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use uuid::Uuid;

/// Bytes of the archive in one row.
const PART: usize = 1 << 20;
/// Tables between two words about how far it is.
const TELL: usize = 12;

/// Begins an export. It is not made when this returns: [`drive`] does it.
///
/// Errors: `not_found` (the school), `exit_going`.
pub async fn start(db: &Db, ctx: &Ctx, school: UnitId) -> Result<SchoolExit> {
    reached(db, ctx, school).await?;
    db.write(ctx, async |tx| {
        let mut going = all(school);
        going.and_where(Expr::col("state").eq(ExitState::Running.as_str()));
        if tx.conn().query_one(&going).await?.is_some() {
            return Err(Error::new(Code::ExitGoing));
        }
        let exit: ExitId = id::new();
        let mut insert = Query::insert();
        insert
            .into_table("exit_export")
            .columns(["school_id", "id", "account_id", "state", "tables", "tables_done", "rows", "files", "bytes", "started_at"])
            .values_panic([
                school.0.into(),
                exit.0.into(),
                ctx.account.map(Uuid::from).into(),
                ExitState::Running.as_str().into(),
                0.into(),
                0.into(),
                0i64.into(),
                0.into(),
                0i64.into(),
                tx.now().into(),
            ]);
        tx.conn().execute(&insert).await?;
        // Not in the school's chain: an export would otherwise never be the one before.
        let event = Event::new(None, "exit.started", "exit", exit).after(&json!({ "school": school }));
        Ok((find(tx.conn(), school, exit).await?, vec![event]))
    })
    .await
}

/// Makes what was begun, with what is sealed locked by a passphrase. It is kept nowhere.
pub async fn drive(db: &Db, store: &Store, keys: &DataKeys, exit: &SchoolExit, passphrase: &str) -> Result<()> {
    let (school, id) = (exit.school_id, exit.id);
    let told = async |done: usize, of: usize| {
        if !done.is_multiple_of(TELL) {
            return Ok(());
        }
        let values =
            [("tables", i32::try_from(of).unwrap_or(i32::MAX)), ("tables_done", i32::try_from(done).unwrap_or(i32::MAX))];
        db.write(&Ctx::system("exit"), async |tx| {
            let mut update = Query::update();
            update.table("exit_export").values(values.map(|(name, n)| (name, n.into()))).cond_where(these(school, id));
            tx.conn().execute(&update).await?;
            Ok(((), vec![Event::new(None, "exit.went_on", "exit", id).after(&json!({ "tables": done }))]))
        })
        .await
    };
    let made = async {
        let passphrase = sealed::key(passphrase, school).await?;
        write::make(db, store, (keys, &passphrase), school, told).await
    };
    match made.await {
        Ok(export) => keep(db, school, id, export).await,
        Err(error) => {
            end(db, school, id, ExitState::Failed).await?;
            Err(error)
        }
    }
}

fn these(school: UnitId, exit: ExitId) -> sea_orm::sea_query::Condition {
    sea_orm::sea_query::Condition::all().add(Expr::col("school_id").eq(school.0)).add(Expr::col("id").eq(exit.0))
}

async fn keep(db: &Db, school: UnitId, exit: ExitId, export: write::Export) -> Result<()> {
    db.write(&Ctx::system("exit"), async |tx| {
        // Of a school the last one is kept: it holds everything that the one before held, and more.
        let mut old = Query::delete();
        old.from_table("exit_part").and_where(Expr::col("school_id").eq(school.0));
        tx.conn().execute(&old).await?;
        for (seq, part) in export.bytes.chunks(PART).enumerate() {
            let mut insert = Query::insert();
            insert.into_table("exit_part").columns(["school_id", "export_id", "seq", "bytes"]).values_panic([
                school.0.into(),
                exit.0.into(),
                i32::try_from(seq).unwrap_or(i32::MAX).into(),
                part.to_vec().into(),
            ]);
            tx.conn().execute(&insert).await?;
        }
        let tables = export.manifest.files.iter().filter(|f| f.path.ends_with(".json") && f.rows.is_some()).count();
        let mut update = Query::update();
        update
            .table("exit_export")
            .value("state", ExitState::Done.as_str())
            .value("tables_done", Expr::col("tables"))
            .value("rows", i64::try_from(export.rows()).unwrap_or(i64::MAX))
            .value("files", i32::try_from(export.files()).unwrap_or(i32::MAX))
            .value("bytes", i64::try_from(export.bytes.len()).unwrap_or(i64::MAX))
            .value("sha256", export.sha256.as_str())
            .value("finished_at", tx.now())
            .cond_where(these(school, exit));
        tx.conn().execute(&update).await?;
        let said = json!({ "school": school, "tables": tables, "rows": export.rows(), "sha256": export.sha256 });
        Ok(((), vec![Event::new(None, "exit.done", "exit", exit).after(&said)]))
    })
    .await
}

async fn end(db: &Db, school: UnitId, exit: ExitId, state: ExitState) -> Result<()> {
    db.write(&Ctx::system("exit"), async |tx| {
        let mut update = Query::update();
        update.table("exit_export").value("state", state.as_str()).value("finished_at", tx.now()).cond_where(these(school, exit));
        tx.conn().execute(&update).await?;
        Ok(((), vec![Event::new(None, "exit.ended", "exit", exit).after(&json!({ "state": state }))]))
    })
    .await
}

/// Marks the exports that a stopped server left.
pub async fn mark_stopped(db: &Db) -> Result<()> {
    let mut running = Query::select();
    running.columns(["school_id", "id"]).from("exit_export").and_where(Expr::col("state").eq(ExitState::Running.as_str()));
    for row in db.read().query_all(&running).await? {
        end(db, UnitId(row.try_get_by_index(0)?), ExitId(row.try_get_by_index(1)?), ExitState::Stopped).await?;
    }
    Ok(())
}

async fn reached(db: &Db, ctx: &Ctx, school: UnitId) -> Result<()> {
    let unit = records::units::reachable_in(db.read(), ctx, Permission::ExitManage, school).await?;
    if unit.kind == dto::units::UnitKind::School { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}

fn all(school: UnitId) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "state", "tables_done", "tables", "rows", "files", "bytes", "sha256", "started_at", "finished_at"])
        .from("exit_export")
        .and_where(Expr::col("school_id").eq(school.0));
    query
}

fn read(row: &QueryResult, school: UnitId) -> Result<SchoolExit> {
    let count = |at| -> Result<u32> { Ok(u32::try_from(row.try_get_by_index::<i32>(at)?).unwrap_or(0)) };
    let large = |at| -> Result<u64> { Ok(u64::try_from(row.try_get_by_index::<i64>(at)?).unwrap_or(0)) };
    let state = row.try_get_by_index::<String>(1)?;
    Ok(SchoolExit {
        id: ExitId(row.try_get_by_index(0)?),
        school_id: school,
        state: state.parse().map_err(|()| Error::internal(format!("a state {state:?}")))?,
        tables_done: count(2)?,
        tables: count(3)?,
        rows: large(4)?,
        files: count(5)?,
        bytes: large(6)?,
        sha256: row.try_get_by_index(7)?,
        started_at: row.try_get_by_index::<DateTime<Utc>>(8)?,
        finished_at: row.try_get_by_index(9)?,
    })
}

async fn find(conn: &impl ConnectionTrait, school: UnitId, exit: ExitId) -> Result<SchoolExit> {
    let mut query = all(school);
    query.and_where(Expr::col("id").eq(exit.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    read(&row, school)
}

/// How far an export is.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, school: UnitId, exit: ExitId) -> Result<SchoolExit> {
    reached(db, ctx, school).await?;
    find(db.read(), school, exit).await
}

/// The exports of a school, newest first.
///
/// Errors: `not_found` (the school), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &PageQuery) -> Result<Page<SchoolExit>> {
    reached(db, ctx, school).await?;
    let mut select = all(school);
    if let Some(last) = page::decode::<Uuid>(query.after.as_deref())? {
        select.and_where(Expr::col("id").lt(last));
    }
    select.order_by("id", Order::Desc).limit(query.limit() + 1);
    let rows = db.read().query_all(&select).await?;
    let rows = rows.iter().map(|row| read(row, school)).collect::<Result<Vec<_>>>()?;
    Ok(page::of(rows, query.limit(), |exit| exit.id.0, |exit| exit))
}

/// The archive, with a name for it. Who took it is in the log.
///
/// Errors: `not_found`, `exit_not_ready` (it is not made, or a later one took its place).
pub async fn file(db: &Db, ctx: &Ctx, school: UnitId, exit: ExitId) -> Result<(String, Vec<u8>)> {
    let found = get(db, ctx, school, exit).await?;
    let mut query = Query::select();
    query
        .column("bytes")
        .from("exit_part")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("export_id").eq(exit.0))
        .order_by("seq", Order::Asc);
    let mut bytes = Vec::new();
    for row in db.read().query_all(&query).await? {
        bytes.extend(row.try_get_by_index::<Vec<u8>>(0)?);
    }
    if found.state != ExitState::Done || bytes.is_empty() {
        return Err(Error::new(Code::ExitNotReady));
    }
    let event = Event::new(None, "exit.fetched", "exit", exit).after(&json!({ "school": school, "sha256": found.sha256 }));
    db.write(ctx, async |_| Ok(((), vec![event.clone()]))).await?;
    Ok((format!("khue-{}.zip", found.started_at.format("%Y%m%d-%H%M")), bytes))
}
