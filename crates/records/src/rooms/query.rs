//! Finding rooms.

use crate::{scope, units};
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::rooms::{Construction, RoomBuilding, RoomClass, RoomCondition, RoomCount, RoomCounts, RoomItem, RoomKind, RoomQuery};
use dto::{ClassId, Code, RoomId, UnitId};
use kernel::{Ctx, Db, Error, Result, clock, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A room as the table keeps it.
#[derive(Clone, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub building: String,
    pub floor: i16,
    pub kind: String,
    pub construction: String,
    pub condition: String,
    pub area_dm2: Option<i32>,
    pub seats: Option<i16>,
    pub built_year: Option<i16>,
    pub ended_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub sort_key: Vec<u8>,
    pub version: i64,
}

fn select(school: UnitId) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("r", "id"), ("r", "code"), ("r", "name"), ("r", "building"), ("r", "floor")])
        .columns([("r", "kind"), ("r", "construction"), ("r", "condition"), ("r", "area_dm2"), ("r", "seats")])
        .columns([("r", "built_year"), ("r", "ended_on"), ("r", "note"), ("r", "sort_key"), ("r", "version")])
        .from_as("room", "r")
        .and_where(Expr::col(("r", "school_id")).eq(school.0));
    select
}

/// A room of a school whose rooms the caller has been found to reach.
pub(super) async fn row_in(conn: &impl ConnectionTrait, school: UnitId, id: RoomId) -> Result<Row> {
    let mut select = select(school);
    select.and_where(Expr::col(("r", "id")).eq(id.0));
    crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// All rooms of a school, also those that are no more.
pub(super) async fn rows_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<Vec<Row>> {
    crate::all(conn, &select(school)).await
}

/// A class that sits, or sat, in a room.
pub(super) struct Sitting {
    pub class: RoomClass,
    /// Its school year has not ended.
    pub running: bool,
}

/// Who sits and sat in rooms of a school; of all where none is named. Newest years first, then by name.
pub(super) async fn sittings(
    conn: &impl ConnectionTrait,
    school: UnitId,
    rooms: Option<&[Uuid]>,
) -> Result<HashMap<Uuid, Vec<Sitting>>> {
    let mut query = Query::select();
    query
        .columns([("s", "room_id"), ("s", "class_id")])
        .columns([("c", "name"), ("y", "code"), ("y", "ends_on")])
        .columns([("c", "grade_order"), ("c", "sort_key"), ("y", "starts_on")])
        .from_as("room_class", "s")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("s", "class_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .and_where(Expr::col(("s", "school_id")).eq(school.0))
        .order_by(("y", "starts_on"), Order::Desc)
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc);
    if let Some(rooms) = rooms {
        query.and_where(Expr::col(("s", "room_id")).is_in(rooms.iter().copied()));
    }
    let today = clock::today();
    let mut all: HashMap<Uuid, Vec<Sitting>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let ends: NaiveDate = row.try_get_by_index(4)?;
        let class = RoomClass {
            id: ClassId(row.try_get_by_index(1)?),
            name: row.try_get_by_index(2)?,
            school_year: row.try_get_by_index(3)?,
        };
        all.entry(row.try_get_by_index(0)?).or_default().push(Sitting { class, running: ends >= today });
    }
    Ok(all)
}

/// A class of a running school year of this school, or of one that lies under it (as a school that was merged into it does), with where it
/// sits: its name, and the room's id and code.
pub(super) async fn seat_of(
    conn: &impl ConnectionTrait,
    school: UnitId,
    class: ClassId,
) -> Result<Option<(String, Option<(Uuid, String)>)>> {
    let mut query = Query::select();
    query
        .columns([("c", "name"), ("r", "id"), ("r", "code")])
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .join_as(
            JoinType::LeftJoin,
            "room_class",
            "s",
            Expr::col(("s", "class_id"))
                .equals(("c", "id"))
                .and(Expr::col(("s", "school_id")).equals(("c", "school_id")).or(Expr::col(("s", "school_id")).eq(school.0))),
        )
        .join_as(
            JoinType::LeftJoin,
            "room",
            "r",
            Expr::col(("r", "id")).equals(("s", "room_id")).and(Expr::col(("r", "school_id")).equals(("s", "school_id"))),
        )
        .and_where(Expr::col(("c", "id")).eq(class.0))
        .and_where(Expr::col(("c", "school_id")).in_subquery(scope::under(&[school.0])))
        .and_where(Expr::col(("y", "ends_on")).gte(clock::today()));
    let Some(row) = conn.query_one(&query).await? else { return Ok(None) };
    let room = row.try_get_by_index::<Option<Uuid>>(1)?.zip(row.try_get_by_index::<Option<String>>(2)?);
    Ok(Some((row.try_get_by_index(0)?, room)))
}

pub(super) fn item(row: &Row, sittings: &[Sitting]) -> Result<RoomItem> {
    Ok(RoomItem {
        id: RoomId(row.id),
        code: row.code.clone(),
        name: row.name.clone(),
        building: row.building.clone(),
        floor: row.floor,
        kind: crate::stored(&row.kind)?,
        construction: crate::stored(&row.construction)?,
        condition: crate::stored(&row.condition)?,
        area_dm2: row.area_dm2,
        seats: row.seats,
        classes: sittings.iter().filter(|s| s.running).map(|s| s.class.clone()).collect(),
        ended_on: row.ended_on,
        version: row.version,
    })
}

/// In use today, or no more.
fn ended(is: bool) -> sea_orm::sea_query::Cond {
    use sea_orm::sea_query::Cond;
    let today = clock::today();
    let column = || Expr::col(("r", "ended_on"));
    if is { Cond::all().add(column().lte(today)) } else { Cond::any().add(column().is_null()).add(column().gt(today)) }
}

/// The rooms of a school that a query asks for, by building, floor and code.
fn asked(school: UnitId, query: &RoomQuery) -> SelectStatement {
    let mut select = select(school);
    for word in crate::words(query.q.as_deref()) {
        select.and_where(crate::contains(("r", "search_text"), &word));
    }
    if let Some(kind) = query.kind {
        select.and_where(Expr::col(("r", "kind")).eq(kind.as_str()));
    }
    if let Some(construction) = query.construction {
        select.and_where(Expr::col(("r", "construction")).eq(construction.as_str()));
    }
    if let Some(condition) = query.condition {
        select.and_where(Expr::col(("r", "condition")).eq(condition.as_str()));
    }
    if let Some(building) = &query.building {
        select.and_where(Expr::col(("r", "building")).eq(kernel::text::clean(building)));
    }
    if let Some(floor) = query.floor {
        select.and_where(Expr::col(("r", "floor")).eq(floor));
    }
    select.cond_where(ended(query.ended == Some(true)));
    select.order_by(("r", "sort_key"), Order::Asc).order_by(("r", "id"), Order::Asc);
    select
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    id: Uuid,
}

async fn items(conn: &impl ConnectionTrait, school: UnitId, rows: &[Row]) -> Result<Vec<RoomItem>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let sittings = sittings(conn, school, Some(&ids)).await?;
    rows.iter().map(|row| item(row, sittings.get(&row.id).map_or(&[][..], Vec::as_slice))).collect()
}

/// The rooms of a school.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &RoomQuery, page: &PageQuery) -> Result<Page<RoomItem>> {
    let conn = db.read();
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let mut select = asked(school.id, query);
    if let Some(after) = after {
        select.and_where(crate::after([("r", "sort_key"), ("r", "id")], [after.key.0.into(), after.id.into()]));
    }
    select.limit(page.limit() + 1);
    let rows = crate::all::<Row>(conn, &select).await?;
    let key = |row: &Row| Cursor { key: crate::Hex(row.sort_key.clone()), id: row.id };
    let found = page::of(rows, page.limit(), key, |row| row);
    Ok(Page { items: items(conn, school.id, &found.items).await?, next: found.next })
}

/// Most rooms of one paper or file: more than any school has.
const MOST: u64 = 2_000;

pub(super) async fn all(conn: &impl ConnectionTrait, school: UnitId, query: &RoomQuery) -> Result<Vec<(Row, RoomItem)>> {
    let mut select = asked(school, query);
    select.limit(MOST);
    let rows = crate::all::<Row>(conn, &select).await?;
    let items = items(conn, school, &rows).await?;
    Ok(rows.into_iter().zip(items).collect())
}

/// The count of the rooms of a school in use, with its buildings.
///
/// Errors: `not_found`.
pub async fn counts(db: &Db, ctx: &Ctx, school: UnitId) -> Result<RoomCounts> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let rows = crate::all::<Row>(conn, &asked(school.id, &RoomQuery::default())).await?;
    let mut buildings: Vec<RoomBuilding> = Vec::new();
    let (mut area, mut rooms) = (0i64, 0u32);
    for row in &rows {
        rooms += 1;
        area += i64::from(row.area_dm2.unwrap_or(0));
        match buildings.iter_mut().find(|building| building.name == row.building) {
            Some(building) if building.floors.contains(&row.floor) => {}
            Some(building) => building.floors.push(row.floor),
            None => buildings.push(RoomBuilding { name: row.building.clone(), floors: vec![row.floor] }),
        }
    }
    for building in &mut buildings {
        building.floors.sort_unstable();
    }
    Ok(RoomCounts { rooms, area_dm2: area, cells: cells(&rows)?, buildings })
}

fn cells(rows: &[Row]) -> Result<Vec<RoomCount>> {
    let mut cells: BTreeMap<(RoomKind, Construction), (u32, u32)> = BTreeMap::new();
    for row in rows {
        let cell = cells.entry((crate::stored(&row.kind)?, crate::stored(&row.construction)?)).or_default();
        cell.0 += 1;
        cell.1 += u32::from(crate::stored::<RoomCondition>(&row.condition)? != RoomCondition::Good);
    }
    Ok(cells.into_iter().map(|((kind, construction), (rooms, repair))| RoomCount { kind, construction, rooms, repair }).collect())
}

/// The count of the rooms in use of a school and its campuses; none where the register has no room at all, also none of the past.
pub(crate) async fn counted_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<Option<Vec<RoomCount>>> {
    let mut under = Query::select();
    under.column(("ua", "unit_id")).from_as("unit_ancestor", "ua").and_where(Expr::col(("ua", "ancestor_id")).eq(school.0));
    let mut select = Query::select();
    select
        .columns([("r", "kind"), ("r", "construction"), ("r", "condition"), ("r", "ended_on")])
        .from_as("room", "r")
        .cond_where(
            sea_orm::sea_query::Cond::any()
                .add(Expr::col(("r", "school_id")).eq(school.0))
                .add(Expr::col(("r", "school_id")).in_subquery(under)),
        );
    let today = clock::today();
    let mut cells: BTreeMap<(RoomKind, Construction), (u32, u32)> = BTreeMap::new();
    let rows = conn.query_all(&select).await?;
    for row in &rows {
        if row.try_get_by_index::<Option<NaiveDate>>(3)?.is_some_and(|day| day <= today) {
            continue;
        }
        let cell = cells
            .entry((crate::stored(&row.try_get_by_index::<String>(0)?)?, crate::stored(&row.try_get_by_index::<String>(1)?)?))
            .or_default();
        cell.0 += 1;
        cell.1 += u32::from(crate::stored::<RoomCondition>(&row.try_get_by_index::<String>(2)?)? != RoomCondition::Good);
    }
    let told = |((kind, construction), (rooms, repair))| RoomCount { kind, construction, rooms, repair };
    Ok((!rows.is_empty()).then(|| cells.into_iter().map(told).collect()))
}

#[derive(FromQueryResult)]
pub(super) struct VersionRow {
    pub version: i64,
    pub written_at: DateTime<Utc>,
    pub written_by: Option<Uuid>,
    pub body: String,
}

/// The versions of a room, the newest first.
pub(super) async fn versions(conn: &impl ConnectionTrait, school: UnitId, room: Uuid) -> Result<Vec<VersionRow>> {
    let mut query = Query::select();
    query
        .columns(["version", "written_at", "written_by", "body"])
        .from("room_version")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("room_id").eq(room))
        .order_by("version", Order::Desc)
        .limit(100);
    crate::all(conn, &query).await
}

/// Whether the caller may write what this school's rooms are.
pub(super) async fn writes(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId) -> Result<bool> {
    if !ctx.can(Permission::FacilityWrite) {
        return Ok(false);
    }
    let mut query = Query::select();
    query
        .expr(Expr::val(1i32))
        .from_as("unit", "u")
        .and_where(Expr::col(("u", "id")).eq(school.0))
        .cond_where(scope::reaches_unit(&ctx.reach(Permission::FacilityWrite), ("u", "id")));
    Ok(conn.query_one(&query).await?.is_some())
}
