//! Finding transfers.

use super::clocks;
use crate::claims;
use crate::scope;
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::transfers::{
    Transfer, TransferAsker, TransferQuery, TransferSchool, TransferSchoolQuery, TransferSide, TransferState, TransferTally,
};
use dto::units::UnitKind;
use dto::{ClassId, Code, LearnerId, TransferId, UnitId};
use identity::accounts::Names;
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Result, clock, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A transfer as the table keeps it.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub learner_id: Uuid,
    pub from_school_id: Uuid,
    pub to_school_id: Uuid,
    pub asked_by: String,
    pub state: String,
    pub wished_on: NaiveDate,
    pub reason: Option<String>,
    pub clock: String,
    pub due_on: Option<NaiveDate>,
    pub requested_at: DateTime<Utc>,
    pub requested_by: Option<Uuid>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answered_by: Option<Uuid>,
    pub answer: Option<String>,
    pub class_id: Option<Uuid>,
    pub released_at: Option<DateTime<Utc>>,
    pub released_by: Option<Uuid>,
    pub release_note: Option<String>,
    pub moved_on: Option<NaiveDate>,
    pub placed_at: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawn_by: Option<Uuid>,
    pub withdrawal: Option<String>,
}

impl Row {
    pub fn state(&self) -> Result<TransferState> {
        crate::stored(&self.state)
    }
    pub fn asked_by(&self) -> Result<TransferAsker> {
        crate::stored(&self.asked_by)
    }
    pub fn learner(&self) -> LearnerId {
        LearnerId(self.learner_id)
    }
    pub fn from(&self) -> UnitId {
        UnitId(self.from_school_id)
    }
    pub fn to(&self) -> UnitId {
        UnitId(self.to_school_id)
    }
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "learner_id", "from_school_id", "to_school_id", "asked_by", "state", "wished_on"].map(|c| ("t", c)))
        .columns(["reason", "clock", "due_on", "requested_at", "requested_by", "answered_at", "answered_by"].map(|c| ("t", c)))
        .columns(["answer", "class_id", "released_at", "released_by", "release_note", "moved_on"].map(|c| ("t", c)))
        .columns(["placed_at", "withdrawn_at", "withdrawn_by", "withdrawal"].map(|c| ("t", c)))
        .from_as("transfer", "t");
    query
}

/// Both schools, and who stands above one of them.
fn concerned(scope: &Scope) -> Condition {
    if scope.all {
        return Condition::all();
    }
    Condition::any()
        .add(Expr::col(("t", "from_school_id")).in_subquery(scope::under(&scope.units)))
        .add(Expr::col(("t", "to_school_id")).in_subquery(scope::under(&scope.units)))
}

/// A transfer that the permission reaches from either side.
pub(super) async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: TransferId) -> Result<Row> {
    let mut query = select();
    query.and_where(Expr::col(("t", "id")).eq(id.0)).cond_where(concerned(&ctx.reach(permission)));
    crate::one::<Row>(conn, &query).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// A transfer of a child of the caller.
pub(super) async fn find_own(conn: &impl ConnectionTrait, learner: LearnerId, id: TransferId) -> Result<Row> {
    let mut query = select();
    query.and_where(Expr::col(("t", "id")).eq(id.0)).and_where(Expr::col(("t", "learner_id")).eq(learner.0));
    crate::one::<Row>(conn, &query).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// A transfer.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: TransferId) -> Result<Transfer> {
    let conn = db.read();
    let row = find(conn, ctx, Permission::TransferRead, id).await?;
    one(conn, ctx, row).await
}

pub(super) async fn one(conn: &impl ConnectionTrait, ctx: &Ctx, row: Row) -> Result<Transfer> {
    show(conn, ctx, vec![row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// Transfers of the schools that the caller reaches, the newest first.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &TransferQuery, page: &PageQuery) -> Result<Page<Transfer>> {
    let conn = db.read();
    let mut find = select();
    find.cond_where(concerned(&ctx.reach(Permission::TransferRead)))
        .and_where_option(page::decode::<Uuid>(page.after.as_deref())?.map(|last| Expr::col(("t", "id")).lt(last)))
        .and_where_option(query.state.map(|state| Expr::col(("t", "state")).eq(state.as_str())))
        .and_where_option(query.learner_id.map(|learner| Expr::col(("t", "learner_id")).eq(learner.0)))
        .order_by(("t", "id"), Order::Desc)
        .limit(page.limit() + 1);
    if query.open == Some(true) {
        find.and_where(Expr::col(("t", "open_of")).is_not_null());
    }
    if query.overdue == Some(true) {
        find.and_where(Expr::col(("t", "due_on")).lt(clock::today()));
    }
    if let Some(school) = query.school_id {
        let side = |column: &'static str| Expr::col(("t", column)).eq(school.0);
        find.cond_where(match query.side {
            Some(TransferSide::In) => Condition::all().add(side("to_school_id")),
            Some(TransferSide::Out) => Condition::all().add(side("from_school_id")),
            None => Condition::any().add(side("to_school_id")).add(side("from_school_id")),
        });
    }
    let rows = crate::all::<Row>(conn, &find).await?;
    let rows = page::of(rows, page.limit(), |row| row.id, |row| row);
    Ok(Page { items: show(conn, ctx, rows.items).await?, next: rows.next })
}

/// How many transfers wait for what.
pub async fn tally(db: &Db, ctx: &Ctx) -> Result<TransferTally> {
    let conn = db.read();
    let reach = ctx.reach(Permission::TransferRead);
    let mut tally = TransferTally { requested: 0, accepted: 0, released: 0, overdue: 0 };
    let mut count = Query::select();
    count
        .column(("t", "state"))
        .expr(Expr::col(("t", "id")).count())
        .expr(Expr::case(Expr::col(("t", "due_on")).lt(clock::today()), 1).finally(0).sum())
        .from_as("transfer", "t")
        .and_where(Expr::col(("t", "open_of")).is_not_null())
        .cond_where(concerned(&reach))
        .group_by_col(("t", "state"));
    for row in conn.query_all(&count).await? {
        let rows = u32::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or(u32::MAX);
        match crate::stored::<TransferState>(&row.try_get_by_index::<String>(0)?)? {
            TransferState::Requested => tally.requested = rows,
            TransferState::Accepted => tally.accepted = rows,
            TransferState::Released => tally.released = rows,
            _ => {}
        }
        tally.overdue += u32::try_from(row.try_get_by_index::<i64>(2)?).unwrap_or(u32::MAX);
    }
    Ok(tally)
}

/// The transfers of a child of the caller, the newest first.
///
/// Errors: `not_found`.
pub async fn of_child(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<Page<Transfer>> {
    let conn = db.read();
    if !crate::learners::is_family(conn, ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    let mut query = select();
    query.and_where(Expr::col(("t", "learner_id")).eq(learner.0)).order_by(("t", "id"), Order::Desc).limit(100);
    let rows = crate::all::<Row>(conn, &query).await?;
    Ok(Page { items: show(conn, ctx, rows).await?, next: None })
}

/// Schools that a child could go to, by their names: of every level, since a child who finishes one goes on to the next.
///
/// Errors: `not_found` (the child), `bad_cursor`.
pub async fn schools(
    db: &Db,
    ctx: &Ctx,
    learner: LearnerId,
    query: &TransferSchoolQuery,
    page: &PageQuery,
) -> Result<Page<TransferSchool>> {
    let conn = db.read();
    if !crate::learners::is_family(conn, ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        name: String,
        place: Option<String>,
        sort_key: Vec<u8>,
    }
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Cursor {
        key: crate::Hex,
        id: Uuid,
    }
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let mut own = Query::select();
    own.column("school_id")
        .from("learner")
        .and_where(Expr::col("id").eq(learner.0))
        .and_where(Expr::col("school_id").is_not_null());
    let mut find = Query::select();
    find.columns([("u", "id"), ("u", "name"), ("u", "sort_key")])
        .expr_as(Expr::col(("p", "name")), "place")
        .from_as("unit", "u")
        .join_as(
            JoinType::LeftJoin,
            "unit_ancestor",
            "pa",
            Expr::col(("pa", "unit_id")).equals(("u", "id")).and(Expr::col(("pa", "depth")).eq(1)),
        )
        .join_as(JoinType::LeftJoin, "unit", "p", Expr::col(("p", "id")).equals(("pa", "ancestor_id")))
        .and_where(Expr::col(("u", "kind")).eq(UnitKind::School.as_str()))
        .cond_where(scope::open("u", "closed_on"))
        .and_where(Expr::col(("u", "id")).not_in_subquery(own))
        .order_by(("u", "sort_key"), Order::Asc)
        .order_by(("u", "id"), Order::Asc)
        .limit(page.limit() + 1);
    for word in crate::words(query.q.as_deref()) {
        find.and_where(crate::contains(("u", "search_text"), &word));
    }
    if let Some(after) = after {
        find.and_where(crate::after([("u", "sort_key"), ("u", "id")], [after.key.0.into(), after.id.into()]));
    }
    let rows = crate::all::<Found>(conn, &find).await?;
    let cursor = |row: &Found| Cursor { key: crate::Hex(row.sort_key.clone()), id: row.id };
    Ok(page::of(rows, page.limit(), cursor, |row| TransferSchool {
        id: UnitId(row.id),
        name: row.name,
        place: row.place.unwrap_or_default(),
    }))
}

/// Of which learners a transfer is under way.
pub(crate) async fn under_way_in(conn: &impl ConnectionTrait, learners: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut query = Query::select();
    query.column("open_of").from("transfer").and_where(Expr::col("open_of").is_in(learners.iter().copied()));
    conn.query_all(&query).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Rows with the names that they are shown with, and what the caller may do.
pub(super) async fn show(conn: &impl ConnectionTrait, ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<Transfer>> {
    let by = |row: &Row| [row.requested_by, row.answered_by, row.released_by, row.withdrawn_by];
    let names = Names::of(conn, ctx.lang, rows.iter().flat_map(by)).await?;
    let schools = claims::school_names(conn, rows.iter().flat_map(|row| [row.from_school_id, row.to_school_id])).await?;
    let people = claims::shown(conn, rows.iter().map(Row::learner)).await?;
    let classes = class_names(conn, rows.iter().filter_map(|row| row.class_id).collect()).await?;
    let before = classes_before(conn, &rows).await?;
    let may = May::of(conn, ctx, &rows).await?;
    let today = clock::today();
    let school = |id: Uuid| schools.get(&id).cloned().unwrap_or_default();
    rows.into_iter()
        .map(|row| {
            let state = row.state()?;
            let asked_by = row.asked_by()?;
            let person = people.get(&row.learner());
            Ok(Transfer {
                id: TransferId(row.id),
                learner_id: row.learner(),
                full_name: person.map(|p| p.full_name.clone()).unwrap_or_default(),
                birth_date: person.map(|p| p.birth_date).unwrap_or_default(),
                from_school_id: row.from(),
                from_school: school(row.from_school_id),
                to_school_id: row.to(),
                to_school: school(row.to_school_id),
                from_class: before.get(&(row.learner_id, row.from_school_id)).cloned(),
                asked_by,
                state,
                wished_on: row.wished_on,
                clock: clocks::clock(&row.clock, state, row.due_on, today),
                requested_at: row.requested_at,
                requested_by: names.name(row.requested_by),
                answered_by: row.answered_at.map(|_| names.name(row.answered_by)),
                answered_at: row.answered_at,
                class_id: row.class_id.map(ClassId),
                class_name: row.class_id.and_then(|class| classes.get(&class).cloned()),
                released_by: row.released_at.map(|_| names.name(row.released_by)),
                released_at: row.released_at,
                moved_on: row.moved_on,
                placed_at: row.placed_at,
                withdrawn_by: row.withdrawn_at.map(|_| names.name(row.withdrawn_by)),
                withdrawn_at: row.withdrawn_at,
                may_answer: state == TransferState::Requested && may.decides(row.to_school_id),
                may_release: state == TransferState::Accepted && may.decides(row.from_school_id),
                may_place: state == TransferState::Released && may.writes(row.to_school_id),
                may_withdraw: may.withdraws(&row, state, asked_by, ctx),
                reason: row.reason,
                answer: row.answer,
                release_note: row.release_note,
                withdrawal: row.withdrawal,
            })
        })
        .collect()
}

/// The schools of a page for which the caller writes and decides.
struct May {
    writing: HashSet<Uuid>,
    deciding: HashSet<Uuid>,
    family: bool,
}

impl May {
    async fn of(conn: &impl ConnectionTrait, ctx: &Ctx, rows: &[Row]) -> Result<May> {
        let schools: HashSet<Uuid> = rows.iter().flat_map(|row| [row.from_school_id, row.to_school_id]).collect();
        let reached = async |permission| -> Result<HashSet<Uuid>> {
            let reach = ctx.reach(permission);
            if reach.all {
                return Ok(schools.clone());
            }
            let mut query = Query::select();
            query
                .column("unit_id")
                .from("unit_ancestor")
                .and_where(Expr::col("unit_id").is_in(schools.iter().copied()))
                .and_where(Expr::col("ancestor_id").is_in(reach.units.iter().copied()));
            conn.query_all(&query).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
        };
        Ok(May {
            writing: reached(Permission::TransferWrite).await?,
            deciding: reached(Permission::TransferDecide).await?,
            family: ctx.reach(Permission::TransferFamily).guardian.is_some(),
        })
    }

    fn writes(&self, school: Uuid) -> bool {
        self.writing.contains(&school)
    }
    fn decides(&self, school: Uuid) -> bool {
        self.deciding.contains(&school)
    }
    fn withdraws(&self, row: &Row, state: TransferState, asked_by: TransferAsker, ctx: &Ctx) -> bool {
        let waiting = matches!(state, TransferState::Requested | TransferState::Accepted);
        waiting
            && match asked_by {
                TransferAsker::Guardian => self.family && row.requested_by == ctx.account.map(Uuid::from),
                TransferAsker::Receiving => self.writes(row.to_school_id),
                TransferAsker::Sending => self.writes(row.from_school_id),
            }
    }
}

async fn class_names(conn: &impl ConnectionTrait, classes: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    let mut query = Query::select();
    query.columns(["id", "name"]).from("class").and_where(Expr::col("id").is_in(classes));
    conn.query_all(&query).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The last class of each learner at the sending school.
async fn classes_before(conn: &impl ConnectionTrait, rows: &[Row]) -> Result<HashMap<(Uuid, Uuid), String>> {
    let mut query = Query::select();
    query
        .columns([("e", "learner_id"), ("e", "school_id"), ("c", "name")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("e", "learner_id")).is_in(rows.iter().map(|row| row.learner_id)))
        .and_where(Expr::col(("e", "school_id")).is_in(rows.iter().map(|row| row.from_school_id)))
        .order_by(("e", "enrolled_on"), Order::Asc);
    let mut found = HashMap::new();
    for row in conn.query_all(&query).await? {
        found.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?), row.try_get_by_index(2)?);
    }
    Ok(found)
}
