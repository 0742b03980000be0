//! Threads: a learner's guardians together at one end, at the other the homeroom teacher, or the teachers of a subject, as they are
//! assigned today. Nobody else sees one ([`super::review`] is for the school, with a reason).

mod query;

pub(super) use query::{Row, detail, find, people_at, to_be_told};
use query::{complete, select};

use super::{live, typed};
use dto::access::Permission;
use dto::contact::{
    Contact, Message, MessageQuery, PostMessage, PostReason, PostThread, PutThreadState, Side, Thread, ThreadDetail, ThreadQuery,
};
use dto::page::PageQuery;
use dto::{Code, Page, ReportId, ThreadId};
use kernel::outbox::{self, FAN_OUT, Post};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use records::contact as people;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde_json::json;
use uuid::Uuid;

/// The end at which the caller writes.
fn side(ctx: &Ctx) -> Side {
    match ctx.reach(Permission::ContactThread).guardian {
        Some(_) => Side::Family,
        None => Side::Staff,
    }
}

/// Whom the caller may write to.
pub async fn contacts(db: &Db, ctx: &Ctx, query: &ThreadQuery) -> Result<Page<Contact>> {
    let found = people::contacts(db.read(), ctx, query.class_id).await?;
    Ok(Page { items: found.into_iter().map(|(_, contact)| contact).collect(), next: None })
}

/// The caller's threads, those with the newest messages first.
pub async fn list(db: &Db, ctx: &Ctx, query: &ThreadQuery, page: &PageQuery) -> Result<Page<Thread>> {
    let after: Option<(chrono::DateTime<chrono::Utc>, Uuid)> = page::decode(page.after.as_deref())?;
    let mut all = select(ctx);
    all.cond_where(people::threads(ctx, "t"))
        .and_where(Expr::col(("t", "last_seq")).gt(0))
        .and_where_option(query.class_id.map(|class| Expr::col(("t", "class_id")).eq(class.0)))
        .order_by(("t", "last_at"), Order::Desc)
        .order_by(("t", "id"), Order::Desc)
        .limit(page.limit() + 1);
    if let Some((at, id)) = after {
        let columns = Expr::tuple([Expr::col(("t", "last_at")), Expr::col(("t", "id"))]);
        all.and_where(columns.lt(Expr::tuple([Expr::val(at), Expr::val(id)])));
    }
    let rows = db.read().query_all(&all).await?.iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    let Page { items, next } = page::of(rows, page.limit(), |r| (r.last_at, r.id), |r| r);
    Ok(Page { items: complete(db.read(), ctx, items).await?, next })
}

/// A thread with its latest messages, or those before a number.
pub async fn get(db: &Db, ctx: &Ctx, id: ThreadId, query: &MessageQuery) -> Result<ThreadDetail> {
    let row = find(db.read(), ctx, id, people::threads(ctx, "t")).await?;
    detail(db.read(), ctx, row, query.before).await
}

/// Opens the thread with a child's teacher, or with a learner's family; the same one if there is one.
pub async fn open(db: &Db, ctx: &Ctx, body: &PostThread) -> Result<Thread> {
    let id = db
        .write(ctx, async |tx| {
            let conn = tx.conn();
            let found = people::contacts(conn, tx.ctx(), Some(body.class_id)).await?;
            let (school, contact) = found
                .into_iter()
                .find(|(_, c)| c.learner_id == body.learner_id && c.subject_code == body.subject_code)
                .ok_or_else(|| Error::new(Code::NotFound))?;
            if contact.people.is_empty() {
                return Err(Error::new(Code::NoGuardian));
            }
            let subject = body.subject_code.as_deref().unwrap_or("");
            let mut find = Query::select();
            find.column("id")
                .from("thread")
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("class_id").eq(body.class_id.0))
                .and_where(Expr::col("learner_id").eq(body.learner_id.0))
                .and_where(Expr::col("subject_code").eq(subject));
            let before = conn.query_one(&find).await?;
            let key = ["school_id", "class_id", "learner_id", "subject_code"];
            let mut insert = Query::insert();
            insert
                .into_table("thread")
                .columns(["school_id", "id", "class_id", "learner_id", "subject_code", "last_seq", "last_at"])
                .values_panic([
                    school.0.into(),
                    id::new::<Uuid>().into(),
                    body.class_id.0.into(),
                    body.learner_id.0.into(),
                    subject.into(),
                    0i32.into(),
                    tx.now().into(),
                ])
                .on_conflict(OnConflict::columns(key).do_nothing_on(key).to_owned());
            conn.execute(&insert).await?;
            let row = conn.query_one(&find).await?.ok_or_else(|| Error::internal("the thread is not there"))?;
            let id = ThreadId(row.try_get_by_index(0)?);
            let verb = if before.is_some() { "thread.kept" } else { "thread.opened" };
            Ok((id, vec![Event::new(Some(school), verb, "thread", id)]))
        })
        .await?;
    let row = find(db.read(), ctx, id, people::threads(ctx, "t")).await?;
    complete(db.read(), ctx, vec![row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// Writes a message. The same `client_key` again gives the same message.
pub async fn send(db: &Db, ctx: &Ctx, id: ThreadId, body: &PostMessage) -> Result<Message> {
    let text = typed("/body", &body.body)?;
    let account = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let side = side(ctx);
    let seq = db
        .write(ctx, async |tx| {
            let conn = tx.conn();
            let thread = find(conn, tx.ctx(), id, people::threads(tx.ctx(), "t")).await?;
            // Takes the thread: messages get their numbers one after the other.
            let mut take = Query::update();
            take.table("thread")
                .value("last_seq", Expr::col("last_seq").add(1))
                .value("last_at", tx.now())
                .and_where(Expr::col("school_id").eq(thread.school.0))
                .and_where(Expr::col("id").eq(id.0))
                .returning(Query::returning().columns(["last_seq"]));
            let mut earlier = Query::select();
            earlier
                .column("seq")
                .from("thread_message")
                .and_where(Expr::col("school_id").eq(thread.school.0))
                .and_where(Expr::col("thread_id").eq(id.0))
                .and_where(Expr::col("account_id").eq(account.0))
                .and_where(Expr::col("client_key").eq(body.client_key.as_str()));
            if let Some(row) = conn.query_one(&earlier).await? {
                let seq: i32 = row.try_get_by_index(0)?;
                let event = Event::new(Some(thread.school), "message.kept", "thread", id).after(&json!({ "seq": seq }));
                return Ok((seq, vec![event]));
            }
            if !people::is_member(conn, thread.school, thread.class, thread.learner).await? {
                return Err(Error::new(Code::LearnerLeft));
            }
            let row = conn.query_one(&take).await?.ok_or_else(|| Error::new(Code::NotFound))?;
            let seq: i32 = row.try_get_by_index(0)?;
            let mut insert = Query::insert();
            insert
                .into_table("thread_message")
                .columns(["school_id", "thread_id", "seq", "client_key", "account_id", "side", "body", "sent_at"])
                .values_panic([
                    thread.school.0.into(),
                    id.0.into(),
                    seq.into(),
                    body.client_key.as_str().into(),
                    account.0.into(),
                    side.as_str().into(),
                    text.as_str().into(),
                    tx.now().into(),
                ]);
            conn.execute(&insert).await?;
            // Who writes has seen what stands above.
            seen_in(tx, &thread, seq, None).await?;
            let post = Post {
                school: thread.school,
                event_key: format!("message:{id}:{seq}"),
                channel: FAN_OUT,
                recipient: String::new(),
                due_at: tx.now(),
            };
            outbox::put_in(tx, &[post]).await?;
            live::thread(tx, &thread).await?;
            // That there was a message, not what it said: the log is read by more people than a thread.
            let event = Event::new(Some(thread.school), "message.sent", "thread", id).after(&json!({ "seq": seq, "side": side }));
            Ok((seq, vec![event]))
        })
        .await?;
    let before = u32::try_from(seq).unwrap_or(0) + 1;
    let detail = get(db, ctx, id, &MessageQuery { before: Some(before) }).await?;
    detail.messages.into_iter().next_back().ok_or_else(|| Error::internal("the message is not there"))
}

async fn seen_in(tx: &Tx<'_>, thread: &Row, seq: i32, muted: Option<bool>) -> Result<()> {
    let account = tx.ctx().account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let mut upsert = Query::insert();
    let mut again = OnConflict::columns(["school_id", "thread_id", "account_id"]);
    again.update_columns(["seen_seq", "seen_at"]);
    if muted.is_some() {
        again.update_column("muted");
    }
    upsert
        .into_table("thread_member")
        .columns(["school_id", "thread_id", "account_id", "seen_seq", "seen_at", "muted"])
        .values_panic([
            thread.school.0.into(),
            thread.id.0.into(),
            account.0.into(),
            Ord::max(seq, thread.seen_seq).into(),
            tx.now().into(),
            muted.unwrap_or(false).into(),
        ])
        .on_conflict(again);
    tx.conn().execute(&upsert).await?;
    Ok(())
}

/// How far the caller has seen a thread, and whether messages of it are told outside of Khuê.
pub async fn put_state(db: &Db, ctx: &Ctx, id: ThreadId, body: &PutThreadState) -> Result<Thread> {
    db.write(ctx, async |tx| {
        let thread = find(tx.conn(), tx.ctx(), id, people::threads(tx.ctx(), "t")).await?;
        let seq = Ord::min(i32::try_from(body.seen_seq).unwrap_or(i32::MAX), thread.last_seq);
        seen_in(tx, &thread, seq, Some(body.muted)).await?;
        if seq > thread.seen_seq {
            live::thread(tx, &thread).await?;
        }
        let event =
            Event::new(Some(thread.school), "thread.seen", "thread", id).after(&json!({ "seen_seq": seq, "muted": body.muted }));
        Ok(((), vec![event]))
    })
    .await?;
    let row = find(db.read(), ctx, id, people::threads(ctx, "t")).await?;
    complete(db.read(), ctx, vec![row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// Reports a message of the other side to who leads the school. Once for each who reports.
pub async fn report(db: &Db, ctx: &Ctx, id: ThreadId, seq: u32, body: &PostReason) -> Result<()> {
    let reason = typed("/reason", &body.reason)?;
    db.write(ctx, async |tx| {
        let thread = find(tx.conn(), tx.ctx(), id, people::threads(tx.ctx(), "t")).await?;
        let account = tx.ctx().account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
        let seq = i32::try_from(seq).unwrap_or(i32::MAX);
        if seq < 1 || seq > thread.last_seq {
            return Err(Error::new(Code::NotFound));
        }
        let key = ["school_id", "thread_id", "seq", "account_id"];
        let mut insert = Query::insert();
        insert
            .into_table("message_report")
            .columns(["school_id", "thread_id", "seq", "account_id", "id", "reason", "reported_at"])
            .values_panic([
                thread.school.0.into(),
                id.0.into(),
                seq.into(),
                account.0.into(),
                id::new::<ReportId>().0.into(),
                reason.as_str().into(),
                tx.now().into(),
            ])
            .on_conflict(OnConflict::columns(key).do_nothing_on(key).to_owned());
        tx.conn().execute(&insert).await?;
        let event =
            Event::new(Some(thread.school), "message.reported", "thread", id).after(&json!({ "seq": seq, "reason": reason }));
        Ok(((), vec![event]))
    })
    .await
}
