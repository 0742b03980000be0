//! Asking to open locked columns, and the answer.

use super::locks;
use crate::facts::{self, OpeningPlace};
use crate::marks::live;
use crate::people::Names;
use crate::{term, value};
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::calendar::Term;
use dto::deadlines::{DecideOpening, MarkOpening, OpeningState, PostMarkOpening, SlotGroup};
use dto::page::PageQuery;
use dto::{ClassId, Code, MarkOpeningId, Page, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashMap;
use uuid::Uuid;

const COLUMNS: [&str; 14] = [
    "id",
    "class_id",
    "subject_code",
    "term",
    "slot_groups",
    "state",
    "reason",
    "requested_by",
    "requested_at",
    "decided_by",
    "decided_at",
    "note",
    "open_until",
    "version",
];

/// A request as the table keeps it.
#[derive(Clone, Debug)]
struct Row {
    id: MarkOpeningId,
    class: ClassId,
    subject: String,
    term: Term,
    groups: Vec<SlotGroup>,
    state: OpeningState,
    reason: String,
    requested_by: Option<Uuid>,
    requested_at: DateTime<Utc>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    note: Option<String>,
    open_until: Option<NaiveDate>,
    version: i64,
}

fn read(row: &QueryResult) -> Result<Row> {
    let unknown = |()| Error::internal("unknown name in mark_opening");
    let groups: String = row.try_get_by_index(4)?;
    Ok(Row {
        id: MarkOpeningId(row.try_get_by_index(0)?),
        class: ClassId(row.try_get_by_index(1)?),
        subject: row.try_get_by_index(2)?,
        term: if row.try_get_by_index::<i16>(3)? == 1 { Term::S1 } else { Term::S2 },
        groups: groups.split(',').map(str::parse).collect::<Result<_, _>>().map_err(unknown)?,
        state: row.try_get_by_index::<String>(5)?.parse().map_err(unknown)?,
        reason: row.try_get_by_index(6)?,
        requested_by: row.try_get_by_index(7)?,
        requested_at: row.try_get_by_index(8)?,
        decided_by: row.try_get_by_index(9)?,
        decided_at: row.try_get_by_index(10)?,
        note: row.try_get_by_index(11)?,
        open_until: row.try_get_by_index(12)?,
        version: row.try_get_by_index(13)?,
    })
}

fn select(school: UnitId) -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS).from("mark_opening").and_where(Expr::col("school_id").eq(school.0)).order_by("id", Order::Desc);
    query
}

/// Rows with the names that they are shown with.
async fn show(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId, rows: Vec<Row>) -> Result<Vec<MarkOpening>> {
    let names = Names::of(conn, ctx.lang, rows.iter().flat_map(|row| [row.requested_by, row.decided_by])).await?;
    let places: HashMap<(ClassId, String), OpeningPlace> = facts::places(conn, rows.iter().map(|row| row.class))
        .await?
        .into_iter()
        .map(|p| ((p.class_id, p.subject_code.clone()), p))
        .collect();
    let item = |row: Row| {
        let place = places.get(&(row.class, row.subject.clone()));
        MarkOpening {
            id: row.id,
            school_id: school,
            class_id: row.class,
            class_name: place.map(|p| p.class_name.clone()).unwrap_or_default(),
            term: row.term,
            subject_name_vi: place.map_or_else(|| row.subject.clone(), |p| p.subject_name_vi.clone()),
            subject_name_en: place.map_or_else(|| row.subject.clone(), |p| p.subject_name_en.clone()),
            subject_code: row.subject,
            groups: row.groups,
            state: row.state,
            reason: row.reason,
            requested_by: names.name(row.requested_by),
            requested_at: row.requested_at,
            decided_by: row.decided_at.map(|_| names.name(row.decided_by)),
            decided_at: row.decided_at,
            note: row.note,
            open_until: row.open_until,
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(item).collect())
}

/// A school's requests, newest first.
pub async fn list(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    state: Option<OpeningState>,
    query: &PageQuery,
) -> Result<Page<MarkOpening>> {
    let conn = db.read();
    facts::whole_school(conn, ctx, Permission::MarkRead, school).await?;
    let mut find = select(school);
    find.and_where_option(state.map(|state| Expr::col("state").eq(state.as_str())))
        .and_where_option(page::decode::<Uuid>(query.after.as_deref())?.map(|last| Expr::col("id").lt(last)))
        .limit(query.limit() + 1);
    let rows: Vec<Row> = conn.query_all(&find).await?.iter().map(read).collect::<Result<_>>()?;
    let rows = page::of(rows, query.limit(), |row| row.id.0, |row| row);
    Ok(Page { items: show(conn, ctx, school, rows.items).await?, next: rows.next })
}

/// The requests for one sheet, newest first.
pub async fn of_section(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term) -> Result<Page<MarkOpening>> {
    let conn = db.read();
    let section = facts::section(conn, ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    let mut find = select(section.class.school_id);
    find.and_where(Expr::col("class_id").eq(class.0))
        .and_where(Expr::col("term").eq(value::term_number(term)))
        .and_where(Expr::col("subject_code").eq(subject))
        .limit(100);
    let rows: Vec<Row> = conn.query_all(&find).await?.iter().map(read).collect::<Result<_>>()?;
    Ok(Page { items: show(conn, ctx, section.class.school_id, rows).await?, next: None })
}

/// What waits for an answer in these schools, oldest first; at most `limit`.
pub(crate) async fn pending(conn: &impl ConnectionTrait, ctx: &Ctx, schools: &[UnitId], limit: u64) -> Result<Vec<MarkOpening>> {
    let mut all = Vec::new();
    for school in schools {
        let mut find = select(*school);
        find.and_where(Expr::col("state").eq(OpeningState::Pending.as_str())).limit(limit);
        let rows: Vec<Row> = conn.query_all(&find).await?.iter().map(read).collect::<Result<_>>()?;
        all.extend(show(conn, ctx, *school, rows).await?);
    }
    all.reverse();
    Ok(all)
}

/// Asks to open locked groups of columns of a sheet.
///
/// Errors: `term_closed`; `marks_not_locked` where one of the groups is not locked; `opening_pending` where one of them has been asked for.
pub async fn request(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    subject: &str,
    term: Term,
    body: &PostMarkOpening,
) -> Result<MarkOpening> {
    db.write(ctx, async |tx| request_in(tx, class, subject, term, body).await).await
}

async fn request_in(
    tx: &Tx<'_>,
    class: ClassId,
    subject: &str,
    term: Term,
    body: &PostMarkOpening,
) -> Result<(MarkOpening, Vec<Event>)> {
    let conn = tx.conn();
    let section = facts::section(conn, tx.ctx(), Permission::MarkWrite, Permission::MarkWrite, class, subject, term).await?;
    // Taken, so that two who ask at once follow each other.
    if term::lock(tx, &section.class, term).await?.is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(Error::field("/reason", Code::FieldRequired));
    }
    let mut groups = body.groups.clone();
    groups.sort_unstable();
    groups.dedup();
    let locks = locks::read(conn, &section, term).await?;
    for group in &groups {
        match locks.get(*group) {
            Some(lock) if lock.requested => return Err(Error::new(Code::OpeningPending)),
            Some(lock) if lock.locked => {}
            _ => return Err(Error::new(Code::MarksNotLocked)),
        }
    }
    let row = Row {
        id: id::new(),
        class,
        subject: section.subject.code.clone(),
        term,
        groups,
        state: OpeningState::Pending,
        reason: reason.to_owned(),
        requested_by: tx.ctx().account.map(Uuid::from),
        requested_at: tx.now(),
        decided_by: None,
        decided_at: None,
        note: None,
        open_until: None,
        version: 1,
    };
    let names: Vec<&str> = row.groups.iter().map(|group| group.as_str()).collect();
    let mut insert = Query::insert();
    insert
        .into_table("mark_opening")
        .columns([
            "school_id",
            "id",
            "class_id",
            "subject_code",
            "term",
            "slot_groups",
            "state",
            "reason",
            "requested_by",
            "requested_at",
            "version",
        ])
        .values_panic([
            section.class.school_id.0.into(),
            row.id.0.into(),
            class.0.into(),
            row.subject.as_str().into(),
            value::term_number(term).into(),
            names.join(",").into(),
            row.state.as_str().into(),
            row.reason.as_str().into(),
            row.requested_by.into(),
            row.requested_at.into(),
            row.version.into(),
        ]);
    conn.execute(&insert).await?;
    live::announce_lock(tx, &section.class, term, &row.subject);
    let shown = show(conn, tx.ctx(), section.class.school_id, vec![row]).await?;
    let shown = shown.into_iter().next().ok_or_else(|| Error::internal("a request that is not there"))?;
    let event = Event::new(Some(shown.school_id), "mark_opening.requested", "mark_opening", shown.id).after(&shown);
    Ok((shown, vec![event]))
}

/// Answers a request: opens the columns until a day, or refuses.
///
/// Errors: `not_found`; `version_conflict`; `opening_decided`; `invalid` where it is approved without a day, or with one that has passed.
pub async fn decide(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    opening: MarkOpeningId,
    version: i64,
    body: &DecideOpening,
) -> Result<MarkOpening> {
    if body.approve {
        match body.open_until {
            None => return Err(Error::field("/open_until", Code::FieldRequired)),
            Some(day) if day < clock::today() => return Err(Error::field("/open_until", Code::DayPassed)),
            Some(_) => {}
        }
    }
    db.write(ctx, async |tx| decide_in(tx, school, opening, version, body).await).await
}

async fn decide_in(
    tx: &Tx<'_>,
    school: UnitId,
    opening: MarkOpeningId,
    version: i64,
    body: &DecideOpening,
) -> Result<(MarkOpening, Vec<Event>)> {
    let conn = tx.conn();
    facts::whole_school(conn, tx.ctx(), Permission::DeadlineWrite, school).await?;
    let mut find = select(school);
    find.and_where(Expr::col("id").eq(opening.0));
    let was = conn.query_one(&find).await?.as_ref().map(read).transpose()?.ok_or_else(|| Error::new(Code::NotFound))?;
    if was.version != version {
        return Err(Error::new(Code::VersionConflict));
    }
    if was.state != OpeningState::Pending {
        return Err(Error::new(Code::OpeningDecided));
    }
    let state = if body.approve { OpeningState::Approved } else { OpeningState::Refused };
    let open_until = body.open_until.filter(|_| body.approve);
    let note = body.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let by = tx.ctx().account.map(Uuid::from);
    let mut update = Query::update();
    update
        .table("mark_opening")
        .value("state", state.as_str())
        .value("decided_by", by)
        .value("decided_at", tx.now())
        .value("note", note)
        .value("open_until", open_until)
        .value("version", version + 1)
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("id").eq(opening.0))
        .and_where(Expr::col("version").eq(version));
    if conn.execute(&update).await?.rows_affected() != 1 {
        return Err(Error::new(Code::VersionConflict));
    }
    let now = Row {
        state,
        decided_by: by,
        decided_at: Some(tx.now()),
        note: note.map(str::to_owned),
        open_until,
        version: version + 1,
        ..was.clone()
    };
    let class = facts::class_unscoped(conn, was.class).await?;
    live::announce_lock(tx, &class, was.term, &was.subject);
    let mut shown = show(conn, tx.ctx(), school, vec![was, now]).await?.into_iter();
    let (Some(before), Some(after)) = (shown.next(), shown.next()) else { return Err(Error::internal("two rows in, two out")) };
    let verb = if body.approve { "mark_opening.approved" } else { "mark_opening.refused" };
    let event = Event::new(Some(school), verb, "mark_opening", opening).before(&before).after(&after);
    Ok((after, vec![event]))
}
