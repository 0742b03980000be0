//! The pairs that were found, kept beside the records: on write for the record that was written, each night for all of them.

use super::score::{Known, PROPOSED, Relative, name_key, score};
use super::search::{self, Found};
use chrono::NaiveDate;
use dto::LearnerId;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock};
use sea_orm::sea_query::{
    CaseStatement, Condition, Expr, ExprTrait, JoinType, OnConflict, Order, Query, SelectStatement, UnionType,
};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;
use uuid::Uuid;

/// Records that are compared, with their ids at the same places.
#[derive(Default)]
struct Records {
    ids: Vec<Uuid>,
    known: Vec<Known>,
}

/// Two ids, the smaller first.
pub(super) fn ordered(one: Uuid, other: Uuid) -> (Uuid, Uuid) {
    if one < other { (one, other) } else { (other, one) }
}

fn ids(rows: &[QueryResult]) -> Result<Vec<Uuid>> {
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The folded name that stands before the date of a match key.
pub(super) fn name_of(match_key: &str) -> &str {
    match_key.rsplit_once(' ').map_or(match_key, |(name, _)| name)
}

/// Guardians by a condition on their links `gl`, each with whose they are.
pub(super) async fn relatives(conn: &impl ConnectionTrait, links: Condition) -> Result<Vec<(Uuid, Relative)>> {
    let mut select = Query::select();
    select
        .columns([("gl", "learner_id"), ("gl", "relation"), ("g", "phone"), ("g", "search_text")])
        .from_as("guardian_link", "gl")
        .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
        .cond_where(links);
    let relative = |row: &QueryResult| {
        let (relation, phone, name): (String, Option<String>, String) =
            (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        Ok((row.try_get_by_index(0)?, Relative::new(crate::stored(&relation)?, phone.as_deref(), &name)))
    };
    conn.query_all(&select).await?.iter().map(relative).collect()
}

/// Learners `l` by a condition, in the order of their ids, and the guardians of the same.
async fn read(conn: &impl ConnectionTrait, learners: Condition, links: Condition, limit: Option<u64>) -> Result<Records> {
    let mut select = Query::select();
    select
        .columns(["id", "match_key", "birth_date", "sex", "personal_id"].map(|column| ("l", column)))
        .from_as("learner", "l")
        // What was merged away has no key.
        .and_where(Expr::col(("l", "match_key")).is_not_null())
        .cond_where(learners)
        .order_by(("l", "id"), Order::Asc);
    if let Some(limit) = limit {
        select.limit(limit);
    }
    let mut found = Records::default();
    for row in conn.query_all(&select).await? {
        let (key, sex): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(3)?);
        let number: Option<String> = row.try_get_by_index(4)?;
        found.ids.push(row.try_get_by_index(0)?);
        let born: NaiveDate = row.try_get_by_index(2)?;
        found.known.push(Known::new(name_of(&key), born, crate::stored(&sex)?, number.as_deref()));
    }
    let (Some(first), Some(last)) = (found.ids.first(), found.ids.last()) else { return Ok(found) };
    let between = Expr::col(("gl", "learner_id")).gte(*first).and(Expr::col(("gl", "learner_id")).lte(*last));
    for (learner, relative) in relatives(conn, links.add(between)).await? {
        if let Ok(at) = found.ids.binary_search(&learner) {
            found.known[at].add(relative);
        }
    }
    Ok(found)
}

/// Who shares a key with these learners. `wide`: also the birth date alone, and the name alone.
async fn candidates(conn: &impl ConnectionTrait, own: &[Uuid], wide: bool) -> Result<Vec<Uuid>> {
    let of = |column: &'static str| {
        let mut keys = Query::select();
        keys.column(column)
            .from("learner")
            .and_where(Expr::col("id").is_in(own.iter().copied()))
            .and_where(Expr::col(column).is_not_null());
        let mut select = Query::select();
        select.column("id").from("learner").and_where(Expr::col(column).in_subquery(keys));
        select
    };
    let mut phones = Query::select();
    phones
        .column(("g", "phone"))
        .from_as("guardian_link", "gl")
        .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
        .and_where(Expr::col(("gl", "learner_id")).is_in(own.iter().copied()))
        .and_where(Expr::col(("g", "phone")).is_not_null());
    let mut family = Query::select();
    family
        .column(("gl", "learner_id"))
        .from_as("guardian", "g")
        .join_as(JoinType::InnerJoin, "guardian_link", "gl", Expr::col(("gl", "guardian_id")).equals(("g", "id")))
        .and_where(Expr::col(("g", "phone")).in_subquery(phones));
    let mut select = of("match_key");
    select.union(UnionType::Distinct, family);
    if wide {
        select.union(UnionType::Distinct, of("birth_date")).union(UnionType::Distinct, of("name_key"));
    }
    ids(&conn.query_all(&select).await?)
}

/// Compares records that were just written with whoever shares a key with them, and keeps what is alike.
pub(crate) async fn written_in(tx: &Tx<'_>, learners: &[LearnerId]) -> Result<()> {
    for some in learners.chunks(50) {
        compare_in(tx, &some.iter().map(|learner| learner.0).collect::<Vec<_>>(), true).await?;
    }
    Ok(())
}

/// The same for many at once, such as of a file: by whole keys and phones. What differs by a letter is found at night.
pub(crate) async fn entered_in(tx: &Tx<'_>, learners: &[Uuid]) -> Result<()> {
    for some in learners.chunks(500) {
        compare_in(tx, some, false).await?;
    }
    Ok(())
}

async fn compare_in(tx: &Tx<'_>, own: &[Uuid], wide: bool) -> Result<()> {
    let conn = tx.conn();
    let among = candidates(conn, own, wide).await?;
    let learners = Condition::all().add(Expr::col(("l", "id")).is_in(among.iter().copied()));
    let links = Condition::all().add(Expr::col(("gl", "learner_id")).is_in(among.iter().copied()));
    let found = read(conn, learners, links, None).await?;
    let mut alike: BTreeMap<(Uuid, Uuid), u8> = BTreeMap::new();
    for mine in own {
        let Ok(at) = found.ids.binary_search(mine) else { continue };
        for (other, known) in found.ids.iter().zip(&found.known).filter(|(other, _)| *other != mine) {
            if let Some(score) = score(&found.known[at], known).filter(|score| score.points >= PROPOSED) {
                alike.insert(ordered(*mine, *other), score.points);
            }
        }
    }
    if wide {
        let gone = of_learners(conn, own).await?.into_iter().filter(|pair| !alike.contains_key(pair));
        take_out(tx, &gone.collect::<Vec<_>>()).await?;
    }
    put(tx, alike).await
}

/// The pairs of these learners.
async fn of_learners(conn: &impl ConnectionTrait, learners: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let mut select = kept();
    let own = || learners.iter().copied();
    select.cond_where(Condition::any().add(Expr::col("low_id").is_in(own())).add(Expr::col("high_id").is_in(own())));
    Ok(conn.query_all(&select).await?.iter().map(pair).collect::<Result<Vec<_>>>()?.into_iter().map(|(pair, _)| pair).collect())
}

fn kept() -> SelectStatement {
    let mut select = Query::select();
    select.columns(["low_id", "high_id", "score"]).from("learner_pair");
    select
}

fn pair(row: &QueryResult) -> Result<((Uuid, Uuid), u8)> {
    let points = u8::try_from(row.try_get_by_index::<i16>(2)?).unwrap_or(0);
    Ok(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), points))
}

async fn put(tx: &Tx<'_>, pairs: impl IntoIterator<Item = ((Uuid, Uuid), u8)>) -> Result<()> {
    let pairs: Vec<_> = pairs.into_iter().collect();
    for some in pairs.chunks(500) {
        let mut insert = Query::insert();
        insert.into_table("learner_pair").columns(["low_id", "high_id", "score"]);
        for ((low, high), points) in some {
            insert.values_panic([(*low).into(), (*high).into(), i16::from(*points).into()]);
        }
        insert.on_conflict(OnConflict::columns(["low_id", "high_id"]).update_column("score").to_owned());
        tx.conn().execute(&insert).await?;
    }
    Ok(())
}

async fn take_out(tx: &Tx<'_>, pairs: &[(Uuid, Uuid)]) -> Result<()> {
    for some in pairs.chunks(200) {
        let mut any = Condition::any();
        for (low, high) in some {
            any = any.add(Expr::col("low_id").eq(*low).and(Expr::col("high_id").eq(*high)));
        }
        let mut delete = Query::delete();
        delete.from_table("learner_pair").cond_where(any);
        tx.conn().execute(&delete).await?;
    }
    Ok(())
}

/// Forgets the pairs of learners whose records go.
pub(crate) async fn forget_in(tx: &Tx<'_>, learners: &[Uuid]) -> Result<()> {
    for some in learners.chunks(500) {
        let pairs = of_learners(tx.conn(), some).await?;
        take_out(tx, &pairs).await?;
    }
    Ok(())
}

/// A database with more learners than this is searched only when its server has run for a while.
const MANY: i64 = 20_000;
const LATER: Duration = Duration::from_secs(600);

/// Searches all records each day while a server runs. Never ends.
pub async fn nightly(db: Db) {
    let mut count = Query::select();
    count.expr(Expr::col("id").count()).from("learner");
    let learners = match db.read().query_one(&count).await {
        Ok(row) => row.and_then(|row| row.try_get_by_index::<i64>(0).ok()).unwrap_or(0),
        Err(_) => 0,
    };
    if learners > MANY {
        tokio::time::sleep(LATER).await;
    }
    clock::each_day("search for records of one child", async |day| {
        if let Some(pairs) = look_at_all(&db, day).await? {
            tracing::info!(pairs, "records that may be of one child");
        }
        Ok(())
    })
    .await;
}

/// Compares all records of the province where that was not done on a day. How many pairs there are comes back.
pub async fn look_at_all(db: &Db, day: NaiveDate) -> Result<Option<usize>> {
    let conn = db.read();
    let mut done = Query::select();
    done.column("pairs").from("learner_pair_day").and_where(Expr::col("day").eq(day));
    if conn.query_one(&done).await?.is_some() {
        return Ok(None);
    }
    fill(db).await?;
    let all = read_all(conn).await?;
    // Seconds of a processor for a province.
    let (all, found) = tokio::task::spawn_blocking(move || {
        let found = search::pairs(&all.known);
        (all, found)
    })
    .await
    .map_err(Error::internal)?;
    let pairs: BTreeMap<(Uuid, Uuid), u8> =
        found.iter().map(|Found { low, high, points }| ((all.ids[*low], all.ids[*high]), *points)).collect();
    let searched: HashSet<Uuid> = all.ids.into_iter().collect();
    db.write(&Ctx::system("duplicates"), async |tx| {
        let there: HashMap<(Uuid, Uuid), u8> =
            tx.conn().query_all(&kept()).await?.iter().map(pair).collect::<Result<HashMap<_, _>>>()?;
        // Of who was entered meanwhile, what was found then stands.
        let gone =
            there.keys().filter(|pair| !pairs.contains_key(pair) && searched.contains(&pair.0) && searched.contains(&pair.1));
        take_out(tx, &gone.copied().collect::<Vec<_>>()).await?;
        sweep(tx).await?;
        put(tx, pairs.iter().filter(|(pair, points)| there.get(pair) != Some(points)).map(|(pair, points)| (*pair, *points)))
            .await?;
        let whole = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let mut insert = Query::insert();
        insert
            .into_table("learner_pair_day")
            .columns(["day", "learners", "pairs", "searched_at"])
            .values_panic([day.into(), whole(searched.len()).into(), whole(pairs.len()).into(), tx.now().into()])
            .on_conflict(OnConflict::column("day").update_columns(["learners", "pairs", "searched_at"]).to_owned());
        tx.conn().execute(&insert).await?;
        let told = json!({ "learners": searched.len(), "pairs": pairs.len() });
        Ok(((), vec![Event::new(None, "duplicates.searched", "learner", "all").after(&told)]))
    })
    .await?;
    Ok(Some(pairs.len()))
}

/// Pairs of which one record is gone, or was merged away.
async fn sweep(tx: &Tx<'_>) -> Result<()> {
    let there = |side: &'static str| {
        let mut learner = Query::select();
        learner
            .expr(Expr::val(1))
            .from("learner")
            .and_where(Expr::col(("learner", "id")).equals(("learner_pair", side)))
            .and_where(Expr::col(("learner", "match_key")).is_not_null());
        Expr::exists(learner).not()
    };
    let mut delete = Query::delete();
    delete.from_table("learner_pair").cond_where(Condition::any().add(there("low_id")).add(there("high_id")));
    tx.conn().execute(&delete).await?;
    Ok(())
}

/// Every record, a part at a time: a driver holds the rows of a statement all at once.
async fn read_all(conn: &impl ConnectionTrait) -> Result<Records> {
    const PART: u64 = 10_000;
    let mut all = Records::default();
    loop {
        let behind = all.ids.last().map(|last| Expr::col(("l", "id")).gt(*last));
        let part = read(conn, Condition::all().add_option(behind), Condition::all(), Some(PART)).await?;
        let more = part.ids.len() as u64 == PART;
        all.ids.extend(part.ids);
        all.known.extend(part.known);
        if !more {
            return Ok(all);
        }
    }
}

/// Gives a name key to records that are older than it. How many they were comes back.
pub async fn fill(db: &Db) -> Result<usize> {
    let mut filled = 0;
    loop {
        let mut select = Query::select();
        select
            .columns(["id", "match_key"])
            .from("learner")
            .and_where(Expr::col("name_key").is_null())
            .and_where(Expr::col("match_key").is_not_null())
            .limit(2_000);
        let rows = db.read().query_all(&select).await?;
        let keys: Vec<(Uuid, String)> = rows
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, name_key(name_of(&row.try_get_by_index::<String>(1)?)))))
            .collect::<Result<_>>()?;
        if keys.is_empty() {
            return Ok(filled);
        }
        filled += keys.len();
        db.write(&Ctx::system("duplicates"), async |tx| {
            for some in keys.chunks(200) {
                let case = some
                    .iter()
                    .fold(CaseStatement::new(), |case, (id, key)| case.case(Expr::col("id").eq(*id), Expr::val(key.clone())));
                let mut update = Query::update();
                update
                    .table("learner")
                    .value("name_key", case.finally(Expr::col("name_key")))
                    .and_where(Expr::col("id").is_in(some.iter().map(|(id, _)| *id)));
                tx.conn().execute(&update).await?;
            }
            Ok(((), vec![Event::new(None, "duplicates.keys_filled", "learner", "all").after(&keys.len())]))
        })
        .await?;
    }
}
