//! One feed for all children of a guardian, in whatever schools they are; and one of a learner, of what concerns oneself.

use super::notices::{self, Row};
use super::words;
use crate::people::Names;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::contact::{EventKind, FeedChild, FeedItem, FeedQuery, NoticeTarget, PostSeen};
use dto::page::PageQuery;
use dto::{Code, GuardianId, LearnerId, NoticeId, Page, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, page};
use records::contact::{Place, places_of, places_of_learner};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Whose feed it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reader {
    Guardian(GuardianId),
    Learner(LearnerId),
}

/// What a learner reads too. Fees and answers to a guardian's requests are between the school and the family.
const OF_LEARNERS: [EventKind; 4] = [EventKind::General, EventKind::Absence, EventKind::Result, EventKind::Timetable];

impl Reader {
    pub fn of(ctx: &Ctx) -> Option<Reader> {
        let reach = ctx.reach(Permission::ContactFeed);
        let guardian = reach.guardian.map(|id| Reader::Guardian(GuardianId(id)));
        guardian.or_else(|| reach.learner.map(|id| Reader::Learner(LearnerId(id))))
    }

    pub async fn places(self, conn: &impl ConnectionTrait) -> Result<Vec<Place>> {
        match self {
            Reader::Guardian(id) => places_of(conn, id).await,
            Reader::Learner(id) => places_of_learner(conn, id).await,
        }
    }

    /// Is such a notice for this reader, wherever the places are?
    pub fn takes(self, kind: EventKind) -> bool {
        match self {
            Reader::Guardian(_) => true,
            Reader::Learner(_) => OF_LEARNERS.contains(&kind),
        }
    }

    /// Where the receipts are, the column of the reader in it, the reader; and what an audit entry calls the reader.
    fn receipts(self) -> (&'static str, &'static str, Uuid, &'static str) {
        match self {
            Reader::Guardian(id) => ("notice_receipt", "guardian_id", id.0, "guardian"),
            // Apart, since who counts the receipts of a notice counts families.
            Reader::Learner(id) => ("learner_receipt", "learner_id", id.0, "learner"),
        }
    }
}

fn reader(ctx: &Ctx) -> Result<Reader> {
    Reader::of(ctx).ok_or_else(|| Error::new(Code::NotFound))
}

/// Does a notice concern a child in this place?
fn concerns(place: &Place, row: &Row) -> bool {
    reaches(place, row.school, &row.target, row.sent_at)
}

pub(super) fn reaches(place: &Place, school: UnitId, target: &NoticeTarget, sent_at: DateTime<Utc>) -> bool {
    let here = place.school_id == school;
    let then = place.holds(sent_at);
    match target {
        NoticeTarget::Learner { learner_id } => place.learner_id == *learner_id,
        NoticeTarget::School => here && then,
        NoticeTarget::Grade { grade } => here && then && place.grade == *grade,
        NoticeTarget::Class { class_id } => then && place.class_id == *class_id,
    }
}

/// The same as a condition of the table `n`.
fn of_places(places: &[Place]) -> Condition {
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    let target =
        |kind: &'static str, target: String| Expr::col(("n", "target_kind")).eq(kind).and(Expr::col(("n", "target")).eq(target));
    for place in places {
        let there = Condition::any()
            .add(target("school", String::new()))
            .add(target("grade", place.grade.as_str().to_owned()))
            .add(target("class", place.class_id.to_string()));
        any = any.add(
            Condition::all()
                .add(Expr::col(("n", "school_id")).eq(place.school_id.0))
                .add(there)
                .add_option(place.until.map(|until| Expr::col(("n", "created_at")).lt(until))),
        );
    }
    let own: BTreeSet<_> = places.iter().map(|p| (p.school_id, p.learner_id)).collect();
    for (school, learner) in own {
        any = any.add(Expr::col(("n", "school_id")).eq(school.0).and(target("learner", columns_of(learner))));
    }
    any
}

fn columns_of(learner: dto::LearnerId) -> String {
    notices::columns(&NoticeTarget::Learner { learner_id: learner }).1
}

fn visible(me: Reader, places: &[Place]) -> SelectStatement {
    let mut select = notices::select();
    select.cond_where(of_places(places)).and_where(Expr::col(("n", "recalled_at")).is_null());
    if let Reader::Learner(_) = me {
        select.and_where(Expr::col(("n", "kind")).is_in(OF_LEARNERS.map(EventKind::as_str)));
    }
    select
}

/// The feed, newest first.
pub async fn list(db: &Db, ctx: &Ctx, query: &FeedQuery, page: &PageQuery) -> Result<Page<FeedItem>> {
    let (conn, me) = (db.read(), reader(ctx)?);
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut places = me.places(conn).await?;
    if let Some(learner) = query.learner_id {
        places.retain(|p| p.learner_id == learner);
        if places.is_empty() {
            return Err(Error::new(Code::NotFound));
        }
    }
    let mut select = visible(me, &places);
    select
        .and_where_option(before.map(|id| Expr::col(("n", "id")).lt(id)))
        .order_by(("n", "id"), Order::Desc)
        .limit(page.limit() + 1);
    let rows = conn.query_all(&select).await?.iter().map(notices::row).collect::<Result<Vec<_>>>()?;
    let Page { items: rows, next } = page::of(rows, page.limit(), |r| r.id, |r| r);
    let read = read_at(conn, me, &rows).await?;
    let senders = Names::of(conn, ctx.lang, rows.iter().map(|r| r.by)).await?;
    let items = rows.into_iter().map(|row| {
        let read_at = read.get(&row.id.0).copied();
        item(ctx, &places, &senders, row, read_at)
    });
    Ok(Page { items: items.collect(), next })
}

fn item(ctx: &Ctx, places: &[Place], senders: &Names, row: Row, read_at: Option<DateTime<Utc>>) -> FeedItem {
    let mut children: BTreeMap<_, &Place> = BTreeMap::new();
    for place in places.iter().filter(|place| concerns(place, &row)) {
        children.entry(place.learner_id).or_insert(place);
    }
    let names: Vec<&str> = children.values().map(|p| p.given_name.as_str()).collect();
    let (title, body) = row.said.say(ctx.lang, &words::list(&names, ctx.lang));
    let school = places.iter().find(|p| p.school_id == row.school);
    FeedItem {
        id: row.id,
        kind: row.kind,
        school_id: row.school,
        school_name: school.map(|p| p.school_name.clone()).unwrap_or_default(),
        title,
        body,
        // What Khuê wrote itself was sent by nobody, whoever caused it.
        sent_by: row.by.filter(|_| matches!(row.said, super::Said::Words { .. })).map(|by| senders.name(Some(by))),
        sent_at: row.sent_at,
        read_at,
        children: children.values().map(|p| FeedChild { learner_id: p.learner_id, given_name: p.given_name.clone() }).collect(),
    }
}

async fn read_at(conn: &impl ConnectionTrait, me: Reader, rows: &[Row]) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    let (table, column, id, _) = me.receipts();
    let mut query = Query::select();
    query
        .columns(["notice_id", "read_at"])
        .from(table)
        .and_where(Expr::col("school_id").is_in(rows.iter().map(|r| r.school.0).collect::<BTreeSet<_>>()))
        .and_where(Expr::col("notice_id").is_in(rows.iter().map(|r| r.id.0)))
        .and_where(Expr::col(column).eq(id));
    conn.query_all(&query).await?.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?))).collect()
}

/// The feed was opened, and these notices stood on the screen. A second time changes nothing; what the caller may not see is passed over.
pub async fn seen(db: &Db, ctx: &Ctx, body: &PostSeen) -> Result<()> {
    let me = reader(ctx)?;
    let (table, column, id, who) = me.receipts();
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        if let Reader::Guardian(guardian) = me {
            opened(tx, guardian).await?;
        }
        let mut by_school: BTreeMap<Uuid, Vec<NoticeId>> = BTreeMap::new();
        if !body.notices.is_empty() {
            let mut select = visible(me, &me.places(conn).await?);
            select.and_where(Expr::col(("n", "id")).is_in(body.notices.iter().map(|id| id.0)));
            for found in conn.query_all(&select).await? {
                let row = notices::row(&found)?;
                by_school.entry(row.school.0).or_default().push(row.id);
            }
        }
        let mut events = Vec::new();
        for (school, ids) in by_school {
            let mut insert = Query::insert();
            insert.into_table(table).columns(["school_id", "notice_id", column, "read_at"]);
            for notice in &ids {
                insert.values_panic([school.into(), notice.0.into(), id.into(), tx.now().into()]);
            }
            let key = ["school_id", "notice_id", column];
            insert.on_conflict(OnConflict::columns(key).do_nothing_on(key).to_owned());
            conn.execute(&insert).await?;
            events.push(Event::new(Some(UnitId(school)), "notice.read", who, id).after(&json!({ "notices": ids })));
        }
        if events.is_empty() {
            events.push(Event::new(None, "feed.opened", who, id));
        }
        Ok(((), events))
    })
    .await
}

/// The guardian was here.
async fn opened(tx: &Tx<'_>, me: GuardianId) -> Result<()> {
    let mut upsert = Query::insert();
    upsert
        .into_table("contact_opened")
        .columns(["guardian_id", "first_at", "last_at"])
        .values_panic([me.0.into(), tx.now().into(), tx.now().into()])
        .on_conflict(OnConflict::column("guardian_id").update_column("last_at").to_owned());
    tx.conn().execute(&upsert).await?;
    Ok(())
}

/// The given names of a guardian's children whom a notice concerns today.
pub(super) async fn names_of_children(conn: &impl ConnectionTrait, guardian: GuardianId, row: &Row) -> Result<Vec<String>> {
    let places = places_of(conn, guardian).await?;
    let mut names: BTreeMap<_, String> = BTreeMap::new();
    for place in places.into_iter().filter(|place| concerns(place, row)) {
        names.entry(place.learner_id).or_insert(place.given_name);
    }
    Ok(names.into_values().collect())
}
