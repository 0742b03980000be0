//! Rooms, inventory and photos that go over to another school with a decision, and come back when it is taken back.
//!
//! A room keeps its versions, an item its label and its history; where the other school has a room of the same code, the one that comes
//! gets a number behind its own, as a version of its own.

use crate::rooms::{self, Kept};
use chrono::NaiveDate;
use dto::rooms::PutRoom;
use dto::{ClassId, Code, RoomId, UnitId};
use kernel::text::fold;
use kernel::{Error, Event, Result, Tx};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, Query};
use sea_orm::{ConnectionTrait, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Most values that one statement names.
const SOME: usize = 500;
/// Letters of a room's code.
const CODE: usize = 20;

/// A room that went over, as it was left.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct WentRoom {
    id: Uuid,
    version: i64,
    /// Its code of before, where another was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// What went over from one school to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Goods {
    from: UnitId,
    to: UnitId,
    rooms: Vec<WentRoom>,
    /// Classes that stayed behind, and the rooms in which they sat.
    unseated: Vec<(Uuid, Uuid)>,
    /// Code and version.
    equipment: Vec<(String, i64)>,
    photos: Vec<Uuid>,
    /// Rows that came so into each table.
    rows: BTreeMap<String, usize>,
}

impl Goods {
    pub(super) fn is_to(&self, unit: Uuid) -> bool {
        self.to.0 == unit
    }

    pub(super) fn counts(&self) -> (u32, u32) {
        (count(self.rooms.len()), count(self.equipment.len()))
    }

    /// Rows that came so into a table.
    pub(super) fn rows(&self, table: &str) -> usize {
        self.rows.get(table).copied().unwrap_or(0)
    }

    fn rooms(&self) -> Vec<Uuid> {
        self.rooms.iter().map(|room| room.id).collect()
    }

    fn codes(&self) -> Vec<String> {
        self.equipment.iter().map(|(code, _)| code.clone()).collect()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Folded codes of the rooms of a school.
async fn codes(conn: &impl ConnectionTrait, school: UnitId) -> Result<HashSet<String>> {
    let mut query = Query::select();
    query.column("code_key").from("room").and_where(Expr::col("school_id").eq(school.0));
    conn.query_all(&query).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// How many rooms and items of a school would go over, and of the rooms how many would get another code.
pub(super) async fn going_in(conn: &impl ConnectionTrait, from: UnitId, to: Option<UnitId>) -> Result<(u32, u32, u32)> {
    let own = codes(conn, from).await?;
    let clash = match to {
        Some(to) => codes(conn, to).await?.intersection(&own).count(),
        None => 0,
    };
    let mut query = Query::select();
    query.expr(Func::count(Expr::col("code"))).from("equipment").and_where(Expr::col("school_id").eq(from.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::internal("a count without a row"))?;
    let items: i64 = row.try_get_by_index(0)?;
    Ok((count(own.len()), u32::try_from(items).unwrap_or(u32::MAX), count(clash)))
}

/// A code that no room has: the same with a number behind.
fn free(code: &str, taken: &HashSet<String>) -> String {
    (2..)
        .map(|n: u32| {
            let tail = format!("-{n}");
            let head: String = code.chars().take(CODE - tail.len()).collect();
            format!("{head}{tail}")
        })
        .find(|code| !taken.contains(&fold(code)))
        .unwrap_or_default()
}

/// What goes along with a decision.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    All,
    /// These rooms with what stands in them, and of the classes that sit there these.
    Of(&'a [RoomId], &'a [ClassId]),
}

/// Gives rooms and inventory to another school. To be called before its classes go over.
///
/// Errors: `invalid` with `field_choice` at `pointer` with the number of a room that the school does not have.
pub(super) async fn go_over_in(
    tx: &Tx<'_>,
    (from, to): (UnitId, UnitId),
    which: Which<'_>,
    pointer: &str,
    day: NaiveDate,
) -> Result<(Goods, Vec<Event>)> {
    let conn = tx.conn();
    let all = rooms::kept_in(conn, from).await?;
    let kept: Vec<&Kept> = match which {
        Which::All => all.values().collect(),
        Which::Of(ids, _) => {
            let find = |(n, id): (usize, &RoomId)| {
                let found = all.values().find(|kept| kept.id == *id).filter(|_| !ids[..n].contains(id));
                found.ok_or_else(|| Error::field(format!("{pointer}/{n}"), Code::FieldChoice))
            };
            ids.iter().enumerate().map(find).collect::<Result<_>>()?
        }
    };
    let there = codes(conn, to).await?;
    let mut taken: HashSet<String> = there.iter().cloned().chain(all.keys().cloned()).collect();
    let mut went = Vec::with_capacity(kept.len());
    for room in &kept {
        let mut line = WentRoom { id: room.id.0, version: room.version, code: None };
        if there.contains(&fold(&room.body.code)) {
            let code = free(&room.body.code, &taken);
            taken.insert(fold(&code));
            let body = PutRoom { code, ..room.body.clone() };
            line.version = rooms::write_in(tx, from, room.id, Some(room), &body).await?;
            line.code = Some(room.body.code.clone());
        }
        went.push(line);
    }
    let ids: Vec<Uuid> = went.iter().map(|room| room.id).collect();
    let mut goods =
        Goods { from, to, rooms: went, unseated: Vec::new(), equipment: Vec::new(), photos: Vec::new(), rows: BTreeMap::new() };
    goods.equipment = items(tx, from, &which, &ids).await?;
    goods.photos = photos(tx, from, &which, &ids, &goods.codes()).await?;
    if let Which::Of(_, classes) = which {
        goods.unseated = unseat(tx, from, &ids, classes).await?;
    }
    goods.rows = move_in(tx, &goods, from, to).await?;
    if goods.rooms.is_empty() && goods.equipment.is_empty() && goods.photos.is_empty() {
        return Ok((goods, Vec::new()));
    }
    let said = serde_json::json!({ "from": from, "day": day, "goods": goods });
    let event = Event::new(Some(to), "unit.goods_gone_over", "unit", to).before(&from).after(&said);
    Ok((goods, vec![event]))
}

/// The items that go along, with their versions.
async fn items(tx: &Tx<'_>, from: UnitId, which: &Which<'_>, rooms: &[Uuid]) -> Result<Vec<(String, i64)>> {
    let mut query = Query::select();
    query.columns(["code", "version"]).from("equipment").and_where(Expr::col("school_id").eq(from.0));
    if let Which::Of(..) = which {
        query.and_where(Expr::col("room_id").is_in(rooms.iter().copied()));
    }
    let rows = tx.conn().query_all(&query).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The photos that go along: of the rooms, and of the items.
async fn photos(tx: &Tx<'_>, from: UnitId, which: &Which<'_>, rooms: &[Uuid], codes: &[String]) -> Result<Vec<Uuid>> {
    let (rooms, codes): (HashSet<&Uuid>, HashSet<&String>) = (rooms.iter().collect(), codes.iter().collect());
    let mut query = Query::select();
    query.columns(["id", "room_id", "equipment_code"]).from("facility_photo").and_where(Expr::col("school_id").eq(from.0));
    let mut found = Vec::new();
    for row in tx.conn().query_all(&query).await? {
        let (room, code): (Option<Uuid>, Option<String>) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let along = room.is_some_and(|room| rooms.contains(&room)) || code.is_some_and(|code| codes.contains(&code));
        if along || matches!(which, Which::All) {
            found.push(row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}

/// Takes the classes that stay out of rooms that go.
async fn unseat(tx: &Tx<'_>, from: UnitId, rooms: &[Uuid], classes: &[ClassId]) -> Result<Vec<(Uuid, Uuid)>> {
    let stays = || {
        Condition::all()
            .add(Expr::col("school_id").eq(from.0))
            .add(Expr::col("room_id").is_in(rooms.iter().copied()))
            .add(Expr::col("class_id").is_not_in(classes.iter().map(|class| class.0)))
    };
    let mut query = Query::select();
    query.columns(["class_id", "room_id"]).from("room_class").cond_where(stays());
    let rows = tx.conn().query_all(&query).await?;
    let gone = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect::<Result<_>>()?;
    let mut delete = Query::delete();
    delete.from_table("room_class").cond_where(stays());
    tx.conn().execute(&delete).await?;
    Ok(gone)
}

/// Writes another school into rows; how many by table.
async fn move_in(tx: &Tx<'_>, goods: &Goods, from: UnitId, to: UnitId) -> Result<BTreeMap<String, usize>> {
    let ids = |ids: Vec<Uuid>| ids.into_iter().map(Value::from).collect::<Vec<_>>();
    let (rooms, photos) = (ids(goods.rooms()), ids(goods.photos.clone()));
    let codes: Vec<Value> = goods.codes().into_iter().map(Value::from).collect();
    let tables = [
        ("room", "id", &rooms),
        ("room_version", "room_id", &rooms),
        ("room_class", "room_id", &rooms),
        ("equipment", "code", &codes),
        ("equipment_event", "equipment_code", &codes),
        ("facility_photo", "id", &photos),
        ("file", "subject_id", &photos),
    ];
    let mut moved = BTreeMap::new();
    for (table, column, values) in tables {
        for some in values.chunks(SOME) {
            let mut update = Query::update();
            update
                .table(table)
                .value("school_id", to.0)
                .and_where(Expr::col("school_id").eq(from.0))
                .and_where(Expr::col(column).is_in(some.iter().cloned()));
            if table == "file" {
                update.and_where(Expr::col("subject_kind").eq(crate::facility_photos::KIND));
            }
            let rows = usize::try_from(tx.conn().execute(&update).await?.rows_affected()).unwrap_or(usize::MAX);
            *moved.entry(table.to_owned()).or_default() += rows;
        }
    }
    Ok(moved)
}

/// How many rooms and items are no longer as the decision left them, or have got something since that did not come with them.
pub(super) async fn changed_in(conn: &impl ConnectionTrait, all: &[Goods]) -> Result<usize> {
    let mut changed = 0;
    for goods in all {
        let rooms: BTreeMap<Uuid, i64> = goods.rooms.iter().map(|room| (room.id, room.version)).collect();
        changed += differing(conn, goods.to, ("room", "id"), &rooms).await?;
        let items: BTreeMap<String, i64> = goods.equipment.iter().cloned().collect();
        changed += differing(conn, goods.to, ("equipment", "code"), &items).await?;
        let own: HashSet<&String> = items.keys().collect();
        let put: HashSet<String> = column_in(conn, goods.to, "equipment", "code", ("room_id", goods.rooms())).await?;
        changed += put.iter().filter(|code| !own.contains(code)).count();
        let own: HashSet<&Uuid> = goods.photos.iter().collect();
        let mut taken: HashSet<Uuid> = column_in(conn, goods.to, "facility_photo", "id", ("room_id", goods.rooms())).await?;
        let of_items: HashSet<Uuid> =
            column_in(conn, goods.to, "facility_photo", "id", ("equipment_code", goods.codes())).await?;
        taken.extend(of_items);
        changed += taken.iter().filter(|photo| !own.contains(photo)).count();
    }
    Ok(changed)
}

/// How many of these rows are not there with these versions.
async fn differing<K>(
    conn: &impl ConnectionTrait,
    school: UnitId,
    (table, key): (&'static str, &'static str),
    left: &BTreeMap<K, i64>,
) -> Result<usize>
where
    K: Ord + Clone + Into<Value> + sea_orm::TryGetable,
{
    let mut same = 0;
    let keys: Vec<K> = left.keys().cloned().collect();
    for some in keys.chunks(SOME) {
        let mut query = Query::select();
        query
            .columns([key, "version"])
            .from(table)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col(key).is_in(some.iter().cloned()));
        for row in conn.query_all(&query).await? {
            let (key, version): (K, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            same += usize::from(left.get(&key) == Some(&version));
        }
    }
    Ok(left.len() - same)
}

/// A column of the rows of a school that lead to any of these.
async fn column_in<K, V>(
    conn: &impl ConnectionTrait,
    school: UnitId,
    table: &'static str,
    column: &'static str,
    (by, values): (&'static str, Vec<V>),
) -> Result<HashSet<K>>
where
    K: Eq + std::hash::Hash + sea_orm::TryGetable,
    V: Into<Value> + Clone,
{
    let mut found = HashSet::new();
    for some in values.chunks(SOME) {
        let mut query = Query::select();
        query
            .column(column)
            .from(Alias::new(table))
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col(by).is_in(some.iter().cloned()));
        for row in conn.query_all(&query).await? {
            found.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}

/// Where rooms or items lie that are not at the school any more at which somebody knew them: a decision gave them to another one. Keys
/// begin with the school, so this looks through the table: for what is missing alone.
pub(crate) async fn gone_to<K>(
    conn: &impl ConnectionTrait,
    (table, key): (&'static str, &'static str),
    missing: &[K],
) -> Result<BTreeMap<K, UnitId>>
where
    K: Ord + Clone + Into<Value> + sea_orm::TryGetable,
{
    let mut found = BTreeMap::new();
    for some in missing.chunks(SOME) {
        let mut query = Query::select();
        query.columns([key, "school_id"]).from(table).and_where(Expr::col(key).is_in(some.iter().cloned()));
        for row in conn.query_all(&query).await? {
            found.insert(row.try_get_by_index(0)?, UnitId(row.try_get_by_index(1)?));
        }
    }
    Ok(found)
}

/// Puts rooms, inventory and photos back. To be called when the classes are back. One event for each school that has its own again.
pub(super) async fn come_back_in(tx: &Tx<'_>, all: &[Goods]) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for goods in all.iter().rev() {
        move_in(tx, goods, goods.to, goods.from).await?;
        for (class, room) in &goods.unseated {
            let mut insert = Query::insert();
            insert.into_table("room_class").columns(["school_id", "class_id", "room_id"]).values_panic([
                goods.from.0.into(),
                (*class).into(),
                (*room).into(),
            ]);
            tx.conn().execute(&insert).await?;
        }
        for room in &goods.rooms {
            let Some(code) = room.code.clone() else { continue };
            let now = rooms::one_in(tx.conn(), goods.from, RoomId(room.id)).await?;
            let body = PutRoom { code, ..now.body.clone() };
            rooms::write_in(tx, goods.from, now.id, Some(&now), &body).await?;
        }
        let (rooms, equipment) = goods.counts();
        if rooms > 0 || equipment > 0 || !goods.photos.is_empty() {
            let event = Event::new(Some(goods.from), "unit.goods_come_back", "unit", goods.from);
            events.push(event.before(&goods.to).after(goods));
        }
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_taken_gets_a_number_that_is_free() {
        let taken: HashSet<String> = ["a101", "a101-2"].map(str::to_owned).into();
        assert_eq!(free("A101", &taken), "A101-3");
        let long = "N".repeat(20);
        let cut = free(&long, &HashSet::from([fold(&long)]));
        assert_eq!((cut.chars().count(), cut.ends_with("-2")), (20, true));
    }
}
