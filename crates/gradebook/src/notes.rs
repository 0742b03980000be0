//! Evidence for conduct, by date: praise, violations, remarks, each with who wrote it. A note is not changed; it is taken away,
//! and its row stays until it is erased. The log tells that there was one, not its words.

use crate::facts::{self, ClassFacts};
use crate::people::Names;
use crate::{conduct, policy, term};
use dto::access::Permission;
use dto::calendar::{Term, TermDates};
use dto::council::{ConductNote, ConductNoteKind, PostConductNote};
use dto::page::Page;
use dto::{ClassId, Code, ConductNoteId, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

fn of_class(class: &ClassFacts) -> SelectStatement {
    let mut query = Query::select();
    query
        .from("conduct_note")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("removed_at").is_null());
    query
}

/// Praises and violations of each learner in a term.
pub(crate) async fn counts(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    terms: &[TermDates],
    term: Term,
) -> Result<HashMap<LearnerId, (u16, u16)>> {
    let Some(dates) = terms.iter().find(|dates| dates.term == term) else { return Ok(HashMap::new()) };
    let mut query = of_class(class);
    query
        .columns(["learner_id", "kind"])
        .expr(Func::count(Expr::col("id")))
        .and_where(Expr::col("day").between(dates.starts_on, dates.ends_on))
        .group_by_columns(["learner_id", "kind"]);
    let mut counts: HashMap<LearnerId, (u16, u16)> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let kind: String = row.try_get_by_index(1)?;
        let number = u16::try_from(row.try_get_by_index::<i64>(2)?).unwrap_or(u16::MAX);
        let count = counts.entry(LearnerId(row.try_get_by_index(0)?)).or_default();
        match kind.parse() {
            Ok(ConductNoteKind::Praise) => count.0 = number,
            Ok(ConductNoteKind::Violation) => count.1 = number,
            _ => {}
        }
    }
    Ok(counts)
}

/// The notes of a class in a term, newest first.
///
/// Errors: `not_found`.
pub async fn list(db: &Db, ctx: &Ctx, class: ClassId, term: Term) -> Result<Page<ConductNote>> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::MarkRead, Permission::ConductWrite, class).await?;
    let terms = facts::terms(conn, class.school_year_id).await?;
    let dates = terms.iter().find(|dates| dates.term == term).ok_or_else(|| Error::new(Code::NotFound))?;
    let mut query = of_class(&class);
    query
        .columns(["id", "learner_id", "day", "kind", "text", "written_at", "written_by"])
        .and_where(Expr::col("day").between(dates.starts_on, dates.ends_on))
        .order_by("day", Order::Desc)
        .order_by("id", Order::Desc);
    let rows = conn.query_all(&query).await?;
    let by: Vec<Option<Uuid>> = rows.iter().map(|row| row.try_get_by_index(6)).collect::<Result<_, _>>()?;
    let names = Names::of(conn, ctx.lang, by.iter().copied()).await?;
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let learners: HashMap<_, _> = roster.into_iter().map(|line| (line.learner_id, line.full_name)).collect();
    let mut items = Vec::with_capacity(rows.len());
    for (row, by) in rows.iter().zip(by) {
        let learner_id = LearnerId(row.try_get_by_index(1)?);
        let kind: String = row.try_get_by_index(3)?;
        items.push(ConductNote {
            id: ConductNoteId(row.try_get_by_index(0)?),
            learner_id,
            full_name: learners.get(&learner_id).cloned().unwrap_or_default(),
            day: row.try_get_by_index(2)?,
            kind: kind.parse().map_err(|()| Error::internal("unknown kind of note in the database"))?,
            text: row.try_get_by_index(4)?,
            written_at: row.try_get_by_index(5)?,
            written_by: names.name(by),
        });
    }
    Ok(Page { items, next: None })
}

/// Writes a note.
///
/// Errors: `not_found`, `term_closed`, `invalid` with `/day` outside the term, `/learner_id` not in the class, `/text`.
pub async fn create(db: &Db, ctx: &Ctx, class: ClassId, term: Term, body: &PostConductNote) -> Result<ConductNote> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = facts::class(conn, ctx, Permission::ConductWrite, Permission::ConductWrite, class).await?;
        policy::of(&class)?;
        if term::lock(tx, &class, term).await?.is_closed() {
            return Err(Error::new(Code::TermClosed));
        }
        let terms = facts::terms(conn, class.school_year_id).await?;
        let starts_on = terms.iter().find(|dates| dates.term == term).map(|dates| dates.starts_on);
        let last = conduct::ends_on(&terms, term).map(|end| Ord::min(end, clock::today()));
        if starts_on.is_none_or(|start| body.day < start) || last.is_none_or(|last| body.day > last) {
            return Err(Error::field("/day", Code::DayOutsideTerm));
        }
        let line = facts::roster_line(conn, class.school_id, class.id, body.learner_id).await?;
        let line = line.filter(|line| line.left_on.is_none_or(|left| left > body.day));
        let line = line.ok_or_else(|| Error::field("/learner_id", Code::FieldChoice))?;
        let text = kernel::text::clean(&body.text);
        if text.is_empty() {
            return Err(Error::field("/text", Code::FieldRequired));
        }
        let by = tx.ctx().account.map(Uuid::from);
        let note = ConductNote {
            id: id::new(),
            learner_id: body.learner_id,
            full_name: line.full_name,
            day: body.day,
            kind: body.kind,
            text,
            written_at: tx.now(),
            written_by: Names::of(conn, ctx.lang, [by]).await?.name(by),
        };
        let mut insert = Query::insert();
        insert
            .into_table("conduct_note")
            .columns(["school_id", "class_id", "id", "learner_id", "day", "kind", "text", "written_at", "written_by"])
            .values_panic([
                class.school_id.0.into(),
                class.id.0.into(),
                note.id.0.into(),
                note.learner_id.0.into(),
                note.day.into(),
                note.kind.as_str().into(),
                note.text.clone().into(),
                note.written_at.into(),
                by.into(),
            ]);
        conn.execute(&insert).await?;
        let event = Event::new(Some(class.school_id), "conduct_note.written", "conduct_note", note.id)
            // Not its words: they must go when the note is erased.
            .after(&json!({ "learner": note.learner_id, "day": note.day, "kind": note.kind }));
        Ok((note, vec![event]))
    })
    .await
}

/// Takes a note away. The log keeps it.
///
/// Errors: `not_found`, `term_closed`.
pub async fn remove(db: &Db, ctx: &Ctx, class: ClassId, term: Term, note: ConductNoteId) -> Result<()> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = facts::class(conn, ctx, Permission::ConductWrite, Permission::ConductWrite, class).await?;
        if term::lock(tx, &class, term).await?.is_closed() {
            return Err(Error::new(Code::TermClosed));
        }
        let terms = facts::terms(conn, class.school_year_id).await?;
        let dates = terms.iter().find(|dates| dates.term == term).ok_or_else(|| Error::new(Code::NotFound))?;
        let mut update = Query::update();
        update
            .table("conduct_note")
            .value("removed_at", Some(tx.now()))
            .and_where(Expr::col("school_id").eq(class.school_id.0))
            .and_where(Expr::col("class_id").eq(class.id.0))
            .and_where(Expr::col("id").eq(note.0))
            .and_where(Expr::col("day").between(dates.starts_on, dates.ends_on))
            .and_where(Expr::col("removed_at").is_null());
        if conn.execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::NotFound));
        }
        Ok(((), vec![Event::new(Some(class.school_id), "conduct_note.removed", "conduct_note", note)]))
    })
    .await
}
