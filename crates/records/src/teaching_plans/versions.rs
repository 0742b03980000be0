//! Submissions as they were, what happened to them, and how one differs from the one before.

use super::entity::{event, version};
use super::query::{self, Row};
use super::{files, papers, subject};
use dto::access::Permission;
use dto::files::StoredFile;
use dto::teaching_plans::{
    LineChange, LineFate, TeachingPlanAct, TeachingPlanEvent, TeachingPlanVersion, TeachingPlanVersionItem,
};
use dto::{Code, FileId, TeachingPlanId};
use kernel::{Ctx, Db, Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;

/// Lines that differ are compared line by line up to this many pairs; beyond, the old ones go and the new ones come.
const PAIRS: usize = 4_000_000;

/// The submissions of a plan, the newest first, and the newest whole.
pub(super) async fn of(conn: &impl ConnectionTrait, row: &Row) -> Result<(Vec<TeachingPlanVersionItem>, Option<version::Model>)> {
    #[derive(FromQueryResult)]
    struct Short {
        revision: i32,
        title: String,
        content_hash: String,
        submitted_at: chrono::DateTime<chrono::Utc>,
    }
    let all: Vec<Short> = version::Entity::find()
        .select_only()
        .columns([version::Column::Revision, version::Column::Title, version::Column::ContentHash, version::Column::SubmittedAt])
        .filter(version::Column::SchoolId.eq(row.school_id))
        .filter(version::Column::PlanId.eq(row.id))
        .order_by_desc(version::Column::Revision)
        .into_model()
        .all(conn)
        .await?;
    let (approved, mut papers) = (approved(conn, row).await?, papers::of(conn, row).await?);
    let last = match all.first() {
        Some(last) => version::Entity::find_by_id((row.school_id, row.id, last.revision)).one(conn).await?,
        None => None,
    };
    let items = all.into_iter().map(|v| TeachingPlanVersionItem {
        approved: approved.contains(&v.revision),
        paper: papers.remove(&v.revision),
        revision: v.revision.unsigned_abs(),
        title: v.title,
        submitted_at: v.submitted_at,
        content_hash: v.content_hash,
    });
    Ok((items.collect(), last))
}

async fn approved(conn: &impl ConnectionTrait, row: &Row) -> Result<BTreeSet<i32>> {
    let found: Vec<i32> = event::Entity::find()
        .select_only()
        .column(event::Column::Revision)
        .filter(event::Column::SchoolId.eq(row.school_id))
        .filter(event::Column::PlanId.eq(row.id))
        .filter(event::Column::Act.eq(TeachingPlanAct::Approved.as_str()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// What happened to a plan, the oldest first.
pub(super) async fn events(conn: &impl ConnectionTrait, row: &Row) -> Result<Vec<TeachingPlanEvent>> {
    #[derive(FromQueryResult)]
    struct Happened {
        act: String,
        at: chrono::DateTime<chrono::Utc>,
        revision: i32,
        note: Option<String>,
        content_hash: Option<String>,
        full_name: Option<String>,
    }
    let mut select = Query::select();
    select
        .columns([("e", "act"), ("e", "at"), ("e", "revision"), ("e", "note"), ("e", "content_hash")])
        .column(("a", "full_name"))
        .from_as("teaching_plan_event", "e")
        .join_as(JoinType::LeftJoin, "account", "a", Expr::col(("a", "id")).equals(("e", "by")))
        .and_where(Expr::col(("e", "school_id")).eq(row.school_id))
        .and_where(Expr::col(("e", "plan_id")).eq(row.id))
        .order_by(("e", "id"), Order::Asc);
    let all = crate::all::<Happened>(conn, &select).await?;
    all.into_iter()
        .map(|e| {
            Ok(TeachingPlanEvent {
                act: crate::stored(&e.act)?,
                at: e.at,
                by: e.full_name,
                revision: e.revision.unsigned_abs(),
                note: e.note,
                content_hash: e.content_hash,
            })
        })
        .collect()
}

/// A submission as it is kept.
///
/// Errors: `not_found`.
pub(super) async fn submitted(conn: &impl ConnectionTrait, row: &Row, revision: i32) -> Result<version::Model> {
    let found = version::Entity::find_by_id((row.school_id, row.id, revision)).one(conn).await?;
    found.ok_or_else(|| Error::new(Code::NotFound))
}

/// A submission with its text and how it differs from the one before.
///
/// Errors: `not_found`.
pub async fn version(db: &Db, ctx: &Ctx, id: TeachingPlanId, revision: u32) -> Result<TeachingPlanVersion> {
    let conn = db.read();
    let row = query::find(conn, ctx, Permission::TeachingPlanRead, id).await?;
    let number = i32::try_from(revision).map_err(|_| Error::new(Code::NotFound))?;
    let found = submitted(conn, &row, number).await?;
    let before = version::Entity::find_by_id((row.school_id, row.id, number - 1)).one(conn).await?;
    let file = match found.file_id {
        Some(file) => Some(files::find(conn, row.school(), subject(&row), FileId(file)).await?),
        None => None,
    };
    Ok(TeachingPlanVersion {
        item: TeachingPlanVersionItem {
            revision,
            title: found.title,
            submitted_at: found.submitted_at,
            content_hash: found.content_hash,
            approved: approved(conn, &row).await?.contains(&number),
            paper: papers::of(conn, &row).await?.remove(&number),
        },
        changes: changes(before.as_ref().map_or("", |b| b.body.as_str()), &found.body),
        body: found.body,
        file,
    })
}

/// A file of a plan, to be read: for others than its author only one that was submitted.
///
/// Errors: `not_found`.
pub async fn file(db: &Db, ctx: &Ctx, id: TeachingPlanId, file: FileId) -> Result<StoredFile> {
    let conn = db.read();
    let row = query::find(conn, ctx, Permission::TeachingPlanRead, id).await?;
    if query::me(ctx) != Some(row.staff_id) {
        let submitted = version::Entity::find()
            .filter(version::Column::SchoolId.eq(row.school_id))
            .filter(version::Column::PlanId.eq(row.id))
            .filter(version::Column::FileId.eq(file.0))
            .one(conn)
            .await?;
        if submitted.is_none() {
            return Err(Error::new(Code::NotFound));
        }
    }
    files::find(conn, row.school(), subject(&row), file).await
}

/// How a text differs from the one before, line by line: the longest common part stays.
fn changes(before: &str, after: &str) -> Vec<LineChange> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_old, middle_new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let line = |fate: LineFate, text: &&str| LineChange { fate, text: (*text).to_owned() };
    let mut out: Vec<LineChange> = old[..head].iter().map(|text| line(LineFate::Same, text)).collect();
    if middle_old.len().saturating_mul(middle_new.len()) > PAIRS {
        out.extend(middle_old.iter().map(|text| line(LineFate::Removed, text)));
        out.extend(middle_new.iter().map(|text| line(LineFate::Added, text)));
    } else {
        for (fate, text) in compared(middle_old, middle_new) {
            out.push(line(fate, &text));
        }
    }
    out.extend(old[old.len() - tail..].iter().map(|text| line(LineFate::Same, text)));
    out
}

fn compared<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(LineFate, &'a str)> {
    // longest[i][j]: lines in common of old[i..] and new[j..].
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                std::cmp::max(longest[(i + 1) * width + j], longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::with_capacity(old.len() + new.len()));
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push((LineFate::Same, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
            out.push((LineFate::Removed, old[i]));
            i += 1;
        } else {
            out.push((LineFate::Added, new[j]));
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(before: &str, after: &str) -> String {
        let sign = |c: &LineChange| match c.fate {
            LineFate::Same => ' ',
            LineFate::Added => '+',
            LineFate::Removed => '-',
        };
        changes(before, after).iter().map(|c| format!("{}{}", sign(c), c.text)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_stays_stays() {
        assert_eq!(short("a\nb\nc", "a\nx\nc"), " a|-b|+x| c");
        assert_eq!(short("", "a\nb"), "+a|+b");
        assert_eq!(short("a\nb", "a\nb"), " a| b");
        assert_eq!(short("a\nb\nc\nd", "b\nc\ne\nd"), "-a| b| c|+e| d");
        assert_eq!(short("a", ""), "-a");
    }
}
