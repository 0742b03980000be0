//! Notices: one row each, however many families they are for.

use super::{Said, live, stored, typed};
use crate::people::Names;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::contact::{EventKind, Notice, NoticeQuery, NoticeTarget, PostNotice, Reader, ReaderQuery};
use dto::page::PageQuery;
use dto::{Code, GuardianId, LearnerId, NoticeId, Page, UnitId};
use kernel::outbox::{self, FAN_OUT, Post};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, page};
use records::contact::{self as people, Recipient, RecipientKey};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Something that families are to be told.
#[derive(Clone, Debug)]
pub struct Notify {
    pub school: UnitId,
    /// Names the event within the school for ever, at most 100 characters: "absence:{learner}:{day}:{session}". The same key again tells
    /// nobody a second time.
    pub event_key: String,
    pub kind: EventKind,
    pub target: NoticeTarget,
    pub said: Said,
}

/// Publishes notices in the transaction of the change that they tell of: two statements for up to 200 of them, whatever the number of
/// families. The audit entry is the caller's, with the change itself.
pub async fn notify_in(tx: &Tx<'_>, notices: &[Notify]) -> Result<()> {
    for some in notices.chunks(200) {
        let mut query = Query::insert();
        query.into_table("notice").columns(COLUMNS.into_iter().chain(WRITTEN));
        for n in some {
            let (title, body, params) = match &n.said {
                Said::Words { title, body } => (Some(title.as_str()), Some(body.as_str()), None),
                said => (None, None, Some(serde_json::to_string(said).map_err(Error::internal)?)),
            };
            let (target_kind, target) = columns(&n.target);
            let learner = match &n.target {
                NoticeTarget::Learner { learner_id } => Some(learner_id.0),
                _ => None,
            };
            query.values_panic([
                n.school.0.into(),
                id::new::<Uuid>().into(),
                n.kind.as_str().into(),
                title.into(),
                body.into(),
                params.into(),
                tx.now().into(),
                None::<DateTime<Utc>>.into(),
                target_kind.into(),
                target.into(),
                learner.into(),
                n.event_key.as_str().into(),
                tx.ctx().account.map(Uuid::from).into(),
            ]);
        }
        let key = ["school_id", "event_key"];
        query.on_conflict(OnConflict::columns(key).do_nothing_on(key).to_owned());
        query.returning(Query::returning().columns(["school_id", "id"]));
        let posts = tx
            .conn()
            .query_all(&query)
            .await?
            .iter()
            .map(|row| {
                let notice: Uuid = row.try_get_by_index(1)?;
                Ok(Post {
                    school: UnitId(row.try_get_by_index(0)?),
                    event_key: format!("notice:{notice}"),
                    channel: FAN_OUT,
                    recipient: String::new(),
                    due_at: tx.now(),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        outbox::put_in(tx, &posts).await?;
        some.iter().for_each(|n| live::notice(tx, n.school, n.kind, &n.target));
    }
    Ok(())
}

/// A target as the table keeps it.
pub(super) fn columns(target: &NoticeTarget) -> (&'static str, String) {
    match target {
        NoticeTarget::School => ("school", String::new()),
        NoticeTarget::Grade { grade } => ("grade", grade.as_str().to_owned()),
        NoticeTarget::Class { class_id } => ("class", class_id.to_string()),
        NoticeTarget::Learner { learner_id } => ("learner", learner_id.to_string()),
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub school: UnitId,
    pub id: NoticeId,
    pub kind: EventKind,
    pub said: Said,
    pub sent_at: DateTime<Utc>,
    pub recalled_at: Option<DateTime<Utc>>,
    pub target: NoticeTarget,
    pub by: Option<Uuid>,
}

/// … and those that a new one has besides.
const WRITTEN: [&str; 5] = ["target_kind", "target", "learner_id", "event_key", "created_by"];
const COLUMNS: [&str; 8] = ["school_id", "id", "kind", "title", "body", "params", "created_at", "recalled_at"];

/// The columns of a [`Row`], of the table `n`.
pub(super) fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(COLUMNS.map(|c| ("n", c)))
        .columns([("n", "target_kind"), ("n", "target"), ("n", "created_by")])
        .from_as("notice", "n");
    query
}

pub(super) fn row(row: &QueryResult) -> Result<Row> {
    let params: Option<String> = row.try_get_by_index(5)?;
    let said = match params {
        Some(text) => serde_json::from_str(&text).map_err(Error::internal)?,
        None => Said::Words {
            title: row.try_get_by_index::<Option<String>>(3)?.unwrap_or_default(),
            body: row.try_get_by_index::<Option<String>>(4)?.unwrap_or_default(),
        },
    };
    let (kind, target): (String, String) = (row.try_get_by_index(8)?, row.try_get_by_index(9)?);
    let target = match kind.as_str() {
        "grade" => NoticeTarget::Grade { grade: stored(&target)? },
        "class" => NoticeTarget::Class { class_id: stored(&target)? },
        "learner" => NoticeTarget::Learner { learner_id: stored(&target)? },
        _ => NoticeTarget::School,
    };
    Ok(Row {
        school: UnitId(row.try_get_by_index(0)?),
        id: NoticeId(row.try_get_by_index(1)?),
        kind: stored(&row.try_get_by_index::<String>(2)?)?,
        said,
        sent_at: row.try_get_by_index(6)?,
        recalled_at: row.try_get_by_index(7)?,
        target,
        by: row.try_get_by_index(10)?,
    })
}

/// Notices that the caller may look after: those to the own class for a homeroom teacher, those of the school for who leads it. What is for
/// one family alone is none of them.
async fn reached(conn: &impl ConnectionTrait, ctx: &Ctx) -> Result<Condition> {
    let Some(schools) = people::schools_reached(ctx, Permission::NoticeWrite) else { return Ok(Condition::all()) };
    let mut any = Condition::any().add(Expr::col(("n", "school_id")).in_subquery(schools));
    if let Some(own) = people::homeroom_classes(ctx, Permission::NoticeWrite) {
        let classes = conn.query_all(&own).await?;
        let classes = classes.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.to_string())).collect::<Result<Vec<_>>>()?;
        any = any.add(Expr::col(("n", "target_kind")).eq("class").and(Expr::col(("n", "target")).is_in(classes)));
    }
    Ok(Condition::all().add(Expr::col(("n", "target_kind")).ne("learner")).add(any))
}

/// Sends a notice: a homeroom teacher to the own class, who leads or keeps the school's office to classes, grades, the school.
pub async fn create(db: &Db, ctx: &Ctx, body: &PostNotice) -> Result<Notice> {
    // A title is one line: it is the subject of a mail.
    let title = typed("/title", &body.title.split_whitespace().collect::<Vec<_>>().join(" "))?;
    let text = typed("/body", &body.body)?;
    if !matches!(body.kind, EventKind::General | EventKind::Timetable | EventKind::Fee) {
        return Err(Error::field("/kind", Code::FieldChoice));
    }
    let account = ctx.account.map(|a| a.to_string()).unwrap_or_default();
    let key = format!("typed:{account}:{}", body.client_key);
    let id = db
        .write(ctx, async |tx| {
            may_send(tx, body).await?;
            let notice = Notify {
                school: body.school_id,
                event_key: key.clone(),
                kind: body.kind,
                target: body.target.clone(),
                said: Said::Words { title: title.clone(), body: text.clone() },
            };
            let mut find = Query::select();
            find.column("id")
                .from("notice")
                .and_where(Expr::col("school_id").eq(body.school_id.0))
                .and_where(Expr::col("event_key").eq(key.as_str()));
            let before = tx.conn().query_one(&find).await?;
            notify_in(tx, &[notice]).await?;
            let row = tx.conn().query_one(&find).await?.ok_or_else(|| Error::internal("the notice is not there"))?;
            let id = NoticeId(row.try_get_by_index(0)?);
            let (kind, target) = columns(&body.target);
            let verb = if before.is_some() { "notice.kept" } else { "notice.sent" };
            let event = Event::new(Some(body.school_id), verb, "notice", id)
                .after(&json!({ "kind": body.kind, "target": kind, "of": target, "title": title }));
            Ok((id, vec![event]))
        })
        .await?;
    get(db, ctx, id).await
}

async fn may_send(tx: &Tx<'_>, body: &PostNotice) -> Result<()> {
    let permission = Permission::NoticeWrite;
    match &body.target {
        NoticeTarget::Class { class_id } => {
            let class = people::class_reached(tx.conn(), tx.ctx(), permission, *class_id).await?;
            if class.school_id != body.school_id.0 {
                return Err(Error::field("/school_id", Code::FieldChoice));
            }
            Ok(())
        }
        NoticeTarget::School | NoticeTarget::Grade { .. } => {
            people::school_reached(tx.conn(), tx.ctx(), permission, body.school_id).await
        }
        // To one family one writes in a thread.
        NoticeTarget::Learner { .. } => Err(Error::field("/target", Code::FieldChoice)),
    }
}

/// A notice with how many have read it.
pub async fn get(db: &Db, ctx: &Ctx, id: NoticeId) -> Result<Notice> {
    let row = find(db.read(), ctx, id).await?;
    let mut found = complete(db.read(), ctx, vec![row]).await?;
    found.pop().ok_or_else(|| Error::new(Code::NotFound))
}

async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, id: NoticeId) -> Result<Row> {
    let mut query = select();
    query.and_where(Expr::col(("n", "id")).eq(id.0)).cond_where(reached(conn, ctx).await?);
    let found = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    row(&found)
}

/// Notices that were sent, newest first.
pub async fn list(db: &Db, ctx: &Ctx, query: &NoticeQuery, page: &PageQuery) -> Result<Page<Notice>> {
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut all = select();
    all.cond_where(reached(db.read(), ctx).await?)
        .and_where_option(query.school_id.map(|id| Expr::col(("n", "school_id")).eq(id.0)))
        .and_where_option(before.map(|id| Expr::col(("n", "id")).lt(id)))
        .order_by(("n", "id"), Order::Desc)
        .limit(page.limit() + 1);
    if let Some(class) = query.class_id {
        all.and_where(Expr::col(("n", "target_kind")).eq("class")).and_where(Expr::col(("n", "target")).eq(class.to_string()));
    }
    let rows = db.read().query_all(&all).await?.iter().map(row).collect::<Result<Vec<_>>>()?;
    let Page { items, next } = page::of(rows, page.limit(), |r| r.id, |r| r);
    Ok(Page { items: complete(db.read(), ctx, items).await?, next })
}

async fn complete(conn: &impl ConnectionTrait, ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<Notice>> {
    let schools: Vec<Uuid> = rows.iter().map(|r| r.school.0).collect();
    let classes: Vec<Uuid> = rows
        .iter()
        .filter_map(|r| match r.target {
            NoticeTarget::Class { class_id } => Some(class_id.0),
            _ => None,
        })
        .collect();
    let names = people::Names::of(conn, &schools, &classes, &[]).await?;
    let senders = Names::of(conn, ctx.lang, rows.iter().map(|r| r.by)).await?;
    let read = receipts(conn, &rows).await?;
    // Many notices of a list are for the same families.
    let mut counted: HashMap<(UnitId, String), u32> = HashMap::new();
    let mut notices = Vec::with_capacity(rows.len());
    for row in rows {
        let key = (row.school, format!("{:?}", row.target));
        let recipients = match counted.get(&key) {
            Some(count) => *count,
            None => {
                let count = people::recipients_count(conn, row.school, &row.target).await?;
                counted.insert(key, count);
                count
            }
        };
        let (title, body) = row.said.say(ctx.lang, &super::words::list(&[], ctx.lang));
        notices.push(Notice {
            id: row.id,
            kind: row.kind,
            school_id: row.school,
            target_name: match &row.target {
                NoticeTarget::Grade { grade } => grade.label(ctx.lang).to_owned(),
                NoticeTarget::Class { class_id } => names.classes.get(&class_id.0).cloned().unwrap_or_default(),
                _ => names.schools.get(&row.school.0).cloned().unwrap_or_default(),
            },
            target: row.target,
            title,
            body,
            sent_by: row.by.map(|by| senders.name(Some(by))),
            sent_at: row.sent_at,
            recalled_at: row.recalled_at,
            recipients,
            read: Ord::min(read.get(&row.id.0).copied().unwrap_or(0), recipients),
        });
    }
    Ok(notices)
}

async fn receipts(conn: &impl ConnectionTrait, rows: &[Row]) -> Result<HashMap<Uuid, u32>> {
    let mut query = Query::select();
    query
        .column("notice_id")
        .expr(Func::count(Expr::col("guardian_id")))
        .from("notice_receipt")
        .and_where(Expr::col("school_id").is_in(rows.iter().map(|r| r.school.0)))
        .and_where(Expr::col("notice_id").is_in(rows.iter().map(|r| r.id.0)))
        .group_by_col("notice_id");
    let found = conn.query_all(&query).await?;
    found.iter().map(|r| Ok((r.try_get_by_index(0)?, u32::try_from(r.try_get_by_index::<i64>(1)?).unwrap_or(u32::MAX)))).collect()
}

/// Whom a notice is for, by class: with when they read it, only those who have, or only those who have not.
pub async fn readers(db: &Db, ctx: &Ctx, id: NoticeId, query: &ReaderQuery, page: &PageQuery) -> Result<Page<Reader>> {
    let conn = db.read();
    let notice = find(conn, ctx, id).await?;
    let after: Option<RecipientKey> = page::decode(page.after.as_deref())?;
    let receipts = |columns: &[&'static str]| {
        let mut select = Query::select();
        select
            .columns(columns.iter().copied())
            .from("notice_receipt")
            .and_where(Expr::col("school_id").eq(notice.school.0))
            .and_where(Expr::col("notice_id").eq(notice.id.0));
        select
    };
    let among = query.read.map(|read| (read, receipts(&["guardian_id"])));
    let rows = people::recipients(conn, notice.school, &notice.target, among, after, page.limit() + 1).await?;
    let mut read = receipts(&["guardian_id", "read_at"]);
    read.and_where(Expr::col("guardian_id").is_in(rows.iter().map(|r| r.guardian_id)));
    let mut at: HashMap<Uuid, DateTime<Utc>> = HashMap::new();
    for row in conn.query_all(&read).await? {
        at.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(page::of(rows, page.limit(), Recipient::key, |r| Reader {
        guardian_id: GuardianId(r.guardian_id),
        read_at: at.get(&r.guardian_id).copied(),
        guardian_name: r.guardian_name,
        learner_name: r.learner_name,
        class_name: r.class_name,
        phone: r.phone,
    }))
}

/// Takes a notice back: it leaves the feeds, and what has not left by a channel does not. Its text stays in the list of those sent.
pub async fn recall(db: &Db, ctx: &Ctx, id: NoticeId) -> Result<()> {
    db.write(ctx, async |tx| {
        let notice = find(tx.conn(), tx.ctx(), id).await?;
        // A teacher takes back their own; who leads the school, any.
        if notice.by != tx.ctx().account.map(Uuid::from) {
            people::school_reached(tx.conn(), tx.ctx(), Permission::NoticeWrite, notice.school).await?;
        }
        let mut update = Query::update();
        update
            .table("notice")
            .value("recalled_at", notice.recalled_at.unwrap_or(tx.now()))
            .and_where(Expr::col("school_id").eq(notice.school.0))
            .and_where(Expr::col("id").eq(id.0));
        tx.conn().execute(&update).await?;
        live::notice(tx, notice.school, notice.kind, &notice.target);
        Ok(((), vec![Event::new(Some(notice.school), "notice.recalled", "notice", id)]))
    })
    .await
}

/// Tells a learner's guardians of an absence, once for a day and session. For who keeps the roll of absences.
pub async fn tell_absence_in(
    tx: &Tx<'_>,
    school: UnitId,
    learner: LearnerId,
    on: chrono::NaiveDate,
    sessions: dto::contact::LeaveSessions,
    excused: bool,
) -> Result<()> {
    let notice = Notify {
        school,
        event_key: format!("absence:{learner}:{on}:{sessions}"),
        kind: EventKind::Absence,
        target: NoticeTarget::Learner { learner_id: learner },
        said: Said::Absence { on, sessions, excused },
    };
    notify_in(tx, &[notice]).await
}

/// Is it worth telling by other channels? Not days later.
pub(super) fn is_news(sent_at: DateTime<Utc>) -> bool {
    clock::now() - sent_at < chrono::TimeDelta::days(3)
}
