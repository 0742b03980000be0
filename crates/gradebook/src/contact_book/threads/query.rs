//! Finding threads.

use super::super::stored;
use crate::people::Names as Accounts;
use chrono::{DateTime, Utc};
use dto::contact::{Message, Side, Thread, ThreadDetail};
use dto::{AccountId, ClassId, Code, LearnerId, ThreadId, UnitId};
use kernel::{Ctx, Error, Result};
use records::contact::Names;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Messages of a page.
const PAGE: u64 = 50;
/// Characters of the last message in a list.
const EXCERPT: usize = 120;

/// A thread, with what the caller has of it.
#[derive(Clone, Debug)]
pub struct Row {
    pub school: UnitId,
    pub id: ThreadId,
    pub class: ClassId,
    pub learner: LearnerId,
    pub subject_code: String,
    pub last_seq: i32,
    pub last_at: DateTime<Utc>,
    pub seen_seq: i32,
    pub muted: bool,
}

impl Row {
    pub fn read(row: &QueryResult) -> Result<Row> {
        Ok(Row {
            school: UnitId(row.try_get_by_index(0)?),
            id: ThreadId(row.try_get_by_index(1)?),
            class: ClassId(row.try_get_by_index(2)?),
            learner: LearnerId(row.try_get_by_index(3)?),
            subject_code: row.try_get_by_index(4)?,
            last_seq: row.try_get_by_index(5)?,
            last_at: row.try_get_by_index(6)?,
            seen_seq: row.try_get_by_index::<Option<i32>>(7)?.unwrap_or(0),
            muted: row.try_get_by_index::<Option<bool>>(8)?.unwrap_or(false),
        })
    }
}

/// Threads `t` with the caller's own state in them.
pub fn select(ctx: &Ctx) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["school_id", "id", "class_id", "learner_id", "subject_code", "last_seq", "last_at"].map(|c| ("t", c)))
        .columns([("m", "seen_seq"), ("m", "muted")])
        .from_as("thread", "t")
        .join_as(
            JoinType::LeftJoin,
            "thread_member",
            "m",
            Expr::col(("m", "school_id"))
                .equals(("t", "school_id"))
                .and(Expr::col(("m", "thread_id")).equals(("t", "id")))
                .and(Expr::col(("m", "account_id")).eq(ctx.account.map_or(Uuid::nil(), |a| a.0))),
        );
    query
}

/// A thread that the condition lets the caller see.
pub async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, id: ThreadId, visible: Condition) -> Result<Row> {
    let mut query = select(ctx);
    query.and_where(Expr::col(("t", "id")).eq(id.0)).cond_where(visible);
    Row::read(&conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?)
}

/// Threads as lists show them.
pub async fn complete(conn: &impl ConnectionTrait, ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<Thread>> {
    let unique = |ids: Vec<Uuid>| ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let names = Names::of(
        conn,
        &unique(rows.iter().map(|r| r.school.0).collect()),
        &unique(rows.iter().map(|r| r.class.0).collect()),
        &unique(rows.iter().map(|r| r.learner.0).collect()),
    )
    .await?;
    let last = last_messages(conn, &rows).await?;
    let unread = unread(conn, ctx, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let (learner_name, given_name) = names.learners.get(&r.learner.0).cloned().unwrap_or_default();
            let subject = names.subjects.get(&r.subject_code).cloned();
            let teachers = names.teachers.get(&(r.class.0, r.subject_code.clone()));
            let (subject_name_vi, subject_name_en) = subject.unzip();
            Thread {
                id: r.id,
                school_id: r.school,
                school_name: names.schools.get(&r.school.0).cloned().unwrap_or_default(),
                class_id: r.class,
                class_name: names.classes.get(&r.class.0).cloned().unwrap_or_default(),
                learner_id: r.learner,
                learner_name,
                given_name,
                teachers: teachers.into_iter().flatten().map(|(_, name)| name.clone()).collect(),
                subject_code: Some(r.subject_code).filter(|code| !code.is_empty()),
                subject_name_vi,
                subject_name_en,
                last_at: r.last_at,
                last_text: last.get(&r.id.0).map(|text| text.chars().take(EXCERPT).collect()).unwrap_or_default(),
                last_seq: number(r.last_seq),
                unread: unread.get(&r.id.0).copied().unwrap_or(0),
                muted: r.muted,
            }
        })
        .collect())
}

fn number(n: i32) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

fn messages_of(rows: &[Row]) -> SelectStatement {
    let mut query = Query::select();
    query
        .from_as("thread_message", "x")
        .and_where(Expr::col(("x", "school_id")).is_in(rows.iter().map(|r| r.school.0).collect::<BTreeSet<_>>()))
        .and_where(Expr::col(("x", "thread_id")).is_in(rows.iter().map(|r| r.id.0)));
    query
}

async fn last_messages(conn: &impl ConnectionTrait, rows: &[Row]) -> Result<HashMap<Uuid, String>> {
    let mut query = messages_of(rows);
    query.columns([("x", "thread_id"), ("x", "body")]).join_as(
        JoinType::InnerJoin,
        "thread",
        "t",
        Expr::col(("t", "school_id"))
            .equals(("x", "school_id"))
            .and(Expr::col(("t", "id")).equals(("x", "thread_id")))
            .and(Expr::col(("t", "last_seq")).equals(("x", "seq"))),
    );
    let found = conn.query_all(&query).await?;
    found.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?))).collect()
}

/// Messages of others behind what the caller has seen.
async fn unread(conn: &impl ConnectionTrait, ctx: &Ctx, rows: &[Row]) -> Result<HashMap<Uuid, u32>> {
    let me = ctx.account.map_or(Uuid::nil(), |a| a.0);
    let mut query = messages_of(rows);
    query
        .column(("x", "thread_id"))
        .expr(Func::count(Expr::col(("x", "seq"))))
        .join_as(
            JoinType::LeftJoin,
            "thread_member",
            "m",
            Expr::col(("m", "school_id"))
                .equals(("x", "school_id"))
                .and(Expr::col(("m", "thread_id")).equals(("x", "thread_id")))
                .and(Expr::col(("m", "account_id")).eq(me)),
        )
        .cond_where(Condition::any().add(Expr::col(("x", "account_id")).is_null()).add(Expr::col(("x", "account_id")).ne(me)))
        .cond_where(
            Condition::any()
                .add(Expr::col(("m", "seen_seq")).is_null())
                .add(Expr::col(("x", "seq")).gt(Expr::col(("m", "seen_seq")))),
        )
        .group_by_col(("x", "thread_id"));
    let found = conn.query_all(&query).await?;
    found.iter().map(|r| Ok((r.try_get_by_index(0)?, u32::try_from(r.try_get_by_index::<i64>(1)?).unwrap_or(u32::MAX)))).collect()
}

/// A thread with the messages before a number, or its latest.
pub async fn detail(conn: &impl ConnectionTrait, ctx: &Ctx, row: Row, before: Option<u32>) -> Result<ThreadDetail> {
    let mut query = Query::select();
    query
        .columns(["seq", "side", "account_id", "body", "sent_at"])
        .from("thread_message")
        .and_where(Expr::col("school_id").eq(row.school.0))
        .and_where(Expr::col("thread_id").eq(row.id.0))
        .and_where_option(before.map(|n| Expr::col("seq").lt(i32::try_from(n).unwrap_or(i32::MAX))))
        .order_by("seq", Order::Desc)
        .limit(PAGE);
    let found = conn.query_all(&query).await?;
    let authors: Vec<Option<Uuid>> = found.iter().map(|r| r.try_get_by_index(2)).collect::<Result<_, _>>()?;
    let names = Accounts::of(conn, ctx.lang, authors.iter().copied()).await?;
    let mut messages = Vec::with_capacity(found.len());
    for (r, author) in found.iter().zip(authors).rev() {
        messages.push(Message {
            seq: number(r.try_get_by_index(0)?),
            side: stored(&r.try_get_by_index::<String>(1)?)?,
            mine: author.is_some() && author == ctx.account.map(|a| a.0),
            author: names.name(author),
            body: r.try_get_by_index(3)?,
            sent_at: r.try_get_by_index(4)?,
        });
    }
    let seen_seq = seen_by_others(conn, ctx, &row).await?;
    let earlier = messages.first().map(|m| m.seq).filter(|seq| *seq > 1);
    let thread = complete(conn, ctx, vec![row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(ThreadDetail { thread, messages, earlier, seen_seq })
}

/// How far somebody of the other side has seen a thread: of those who ever wrote or looked there, by the side they stand at.
async fn seen_by_others(conn: &impl ConnectionTrait, ctx: &Ctx, row: &Row) -> Result<u32> {
    let me = ctx.account.map_or(Uuid::nil(), |a| a.0);
    let mut query = Query::select();
    query
        .columns(["account_id", "seen_seq"])
        .from("thread_member")
        .and_where(Expr::col("school_id").eq(row.school.0))
        .and_where(Expr::col("thread_id").eq(row.id.0))
        .and_where(Expr::col("account_id").ne(me));
    let mut members = Vec::new();
    for r in conn.query_all(&query).await? {
        members.push((AccountId(r.try_get_by_index(0)?), r.try_get_by_index::<i32>(1)?));
    }
    let guardians = records::contact::guardians_of(conn, &[row.learner.0]).await?;
    let guardians: Vec<Uuid> = guardians.get(&row.learner.0).into_iter().flatten().map(|g| g.guardian_id).collect();
    let families = identity::accounts::of_people(conn, &guardians).await?;
    let is_family = |account: AccountId| families.values().any(|(a, _)| *a == account);
    let mine = is_family(AccountId(me));
    Ok(members.into_iter().filter(|(a, _)| is_family(*a) != mine).map(|(_, seq)| number(seq)).max().unwrap_or(0))
}

/// The people at an end of a thread: the learner's guardians, or the teachers, as assigned today.
pub async fn people_at(conn: &impl ConnectionTrait, row: &Row, end: Side) -> Result<Vec<Uuid>> {
    Ok(match end {
        Side::Family => {
            let guardians = records::contact::guardians_of(conn, &[row.learner.0]).await?;
            guardians.get(&row.learner.0).into_iter().flatten().map(|g| g.guardian_id).collect()
        }
        Side::Staff => {
            let names = Names::of(conn, &[], &[row.class.0], &[]).await?;
            let teachers = names.teachers.get(&(row.class.0, row.subject_code.clone()));
            teachers.into_iter().flatten().map(|(staff, _)| *staff).collect()
        }
    })
}

/// The people at the other end of a thread from a side, that are to be told of a message outside of Khuê.
pub async fn to_be_told(conn: &impl ConnectionTrait, row: &Row, from: Side) -> Result<Vec<Uuid>> {
    let other = if from == Side::Staff { Side::Family } else { Side::Staff };
    let people = people_at(conn, row, other).await?;
    let accounts = identity::accounts::of_people(conn, &people).await?;
    let mut muted = Query::select();
    muted
        .column("account_id")
        .from("thread_member")
        .and_where(Expr::col("school_id").eq(row.school.0))
        .and_where(Expr::col("thread_id").eq(row.id.0))
        .and_where(Expr::col("muted").eq(true));
    let muted: BTreeSet<Uuid> = conn.query_all(&muted).await?.iter().map(|r| r.try_get_by_index(0)).collect::<Result<_, _>>()?;
    Ok(people.into_iter().filter(|p| accounts.get(p).is_none_or(|(account, _)| !muted.contains(&account.0))).collect())
}
