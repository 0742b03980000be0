//! Teaching plans (kế hoạch dạy học, kế hoạch bài dạy): written or uploaded by a teacher, submitted, endorsed by the head of the subject
//! group, approved by who leads the school.
//!
//! Each submission is kept as it was. An approval is of one submission: it holds its hash, the account and the time, here and in the
//! log, whose nightly root is signed; with a key of the approver's it is a signed paper besides. Nobody reviews their own plan. Until it was submitted once, only its author sees it; after that the
//! school's teachers read what was submitted last.

pub(crate) mod bulk;
mod entity;
mod groups;
mod papers;
mod query;
mod review;
mod rows;
mod search;
mod versions;

pub use groups::{create as create_group, list as groups, put as put_group, remove as remove_group};
pub use papers::{SignedPlan, ToSign, paper, policy, put_policy, to_sign};
pub use review::{review, submit, withdraw};
pub use versions::{file, version};

use crate::files::{self, Subject};
use crate::units;
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::teaching_plans::{
    PostTeachingPlan, PutTeachingPlan, TeachingPlan, TeachingPlanItem, TeachingPlanQuery, TeachingPlanState,
};
use dto::{Code, FileId, TeachingPlanId, UnitId};
use entity::version as submission;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use query::Row;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// What files of plans belong to.
const SUBJECT: &str = "teaching_plan";

fn subject(row: &Row) -> Subject {
    Subject::new(SUBJECT, row.id)
}

async fn teacher_name(conn: &impl ConnectionTrait, staff: Uuid) -> Result<String> {
    let mut select = Query::select();
    select.column("full_name").from("staff").and_where(Expr::col("id").eq(staff));
    let row = conn.query_one(&select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(row.try_get_by_index(0)?)
}

fn state_fault(ctx: &Ctx, state: TeachingPlanState) -> Error {
    Error::new(Code::TeachingPlanState).with("state", state.label(ctx.lang))
}

/// Plans of a school: its library, one's own, or what waits for one's review; by filters and words.
///
/// Errors: `not_found` (the school), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &TeachingPlanQuery, page: &PageQuery) -> Result<Page<TeachingPlanItem>> {
    units::school_in(db.read(), ctx, Permission::TeachingPlanRead, query.school_id).await?;
    query::list(db.read(), ctx, query, page).await
}

/// A plan: for its author what stands, for others what was submitted last.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: TeachingPlanId) -> Result<TeachingPlan> {
    get_in(db.read(), ctx, Permission::TeachingPlanRead, id).await
}

async fn get_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: TeachingPlanId) -> Result<TeachingPlan> {
    let row = query::find(conn, ctx, permission, id).await?;
    let own = query::me(ctx) == Some(row.staff_id);
    let mut item = row.item(ctx.lang)?;
    let state = item.state;
    let (versions, last) = versions::of(conn, &row).await?;
    let (body, file_id) = match last {
        Some(last) if !own => {
            item.title = last.title;
            item.has_file = last.file_id.is_some();
            (last.body, last.file_id)
        }
        _ => (query::body(conn, &row).await?, row.file_id),
    };
    let file = match file_id {
        Some(file) => Some(files::find(conn, row.school(), subject(&row), FileId(file)).await?),
        None => None,
    };
    let group = match row.group_id {
        Some(group) => groups::named(conn, row.school(), group).await?,
        None => None,
    };
    let writes = own && ctx.can(Permission::TeachingPlanWrite);
    let hand = review::hand(conn, ctx, &row, group.as_ref().and_then(|g| g.head_id)).await?;
    let editable = matches!(state, TeachingPlanState::Draft | TeachingPlanState::Returned | TeachingPlanState::Approved);
    Ok(TeachingPlan {
        body,
        file,
        group_name: group.map(|g| g.name),
        may_edit: writes && editable,
        may_submit: writes && matches!(state, TeachingPlanState::Draft | TeachingPlanState::Returned),
        may_withdraw: writes && matches!(state, TeachingPlanState::Submitted | TeachingPlanState::Endorsed),
        may_review: hand.is_some(),
        may_approve: hand == Some(review::Hand::Leads),
        signature_required: papers::policy_in(conn, row.school()).await?.signature_required,
        versions,
        events: versions::events(conn, &row).await?,
        item,
    })
}

/// The caller as an author at a school.
async fn author(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId) -> Result<Uuid> {
    units::school_in(conn, ctx, Permission::TeachingPlanWrite, school).await?;
    // A plan is of a teacher; an account that is nobody's of the staff has none.
    query::me(ctx).ok_or_else(|| Error::new(Code::NotFound))
}

async fn check_group(conn: &impl ConnectionTrait, school: UnitId, body: &PutTeachingPlan, at: &str) -> Result<()> {
    match body.group_id {
        Some(group) if groups::named(conn, school, group.0).await?.is_none() => {
            Err(Error::field(format!("{at}/group_id"), Code::FieldChoice))
        }
        _ => Ok(()),
    }
}

/// A new plan of the caller's.
///
/// Errors: `not_found` (the school), `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, body: &PostTeachingPlan) -> Result<TeachingPlan> {
    let teacher = author(db.read(), ctx, body.school_id).await?;
    db.write(ctx, async |tx| {
        check_group(tx.conn(), body.school_id, &body.plan, "/plan").await?;
        let wanted = rows::wanted(tx.conn(), teacher, &body.plan, "/plan").await?;
        let plan_id: TeachingPlanId = id::new();
        rows::insert_in(tx, body.school_id.0, plan_id.0, teacher, &wanted).await?;
        let mut events = Vec::new();
        if let Some(file) = body.plan.file_id {
            let row = query::find(tx.conn(), ctx, Permission::TeachingPlanWrite, plan_id).await?;
            let (_, event) = files::attach_in(tx, body.school_id, file, subject(&row), "/plan/file_id").await?;
            events.push(event);
            set_file(tx, &row, file).await?;
        }
        let made = get_in(tx.conn(), ctx, Permission::TeachingPlanWrite, plan_id).await?;
        events.insert(0, Event::new(Some(body.school_id), "teaching_plan.created", "teaching_plan", plan_id).after(&made.item));
        Ok((made, events))
    })
    .await
}

async fn set_file(tx: &Tx<'_>, row: &Row, file: FileId) -> Result<()> {
    let mut update = Query::update();
    update
        .table("teaching_plan")
        .value("file_id", file.0)
        .and_where(Expr::col("school_id").eq(row.school_id))
        .and_where(Expr::col("id").eq(row.id));
    tx.conn().execute(&update).await?;
    Ok(())
}

/// One's own plan, for writing.
async fn own(conn: &impl ConnectionTrait, ctx: &Ctx, id: TeachingPlanId) -> Result<Row> {
    let row = query::find(conn, ctx, Permission::TeachingPlanWrite, id).await?;
    if query::me(ctx) != Some(row.staff_id) {
        return Err(Error::new(Code::NotFound));
    }
    Ok(row)
}

/// Changes one's own plan; it is a draft again, also after it was approved (what was approved stays as it was).
///
/// Errors: `not_found`, `teaching_plan_state` while somebody is to review it, `version_conflict`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, id: TeachingPlanId, version: i64, body: &PutTeachingPlan) -> Result<TeachingPlan> {
    db.write(ctx, async |tx| {
        let row = own(tx.conn(), ctx, id).await?;
        let state = row.state()?;
        if matches!(state, TeachingPlanState::Submitted | TeachingPlanState::Endorsed) {
            return Err(state_fault(ctx, state));
        }
        check_group(tx.conn(), row.school(), body, "").await?;
        let wanted = rows::wanted(tx.conn(), row.staff_id, body, "").await?;
        let mut events = change_file(tx, &row, body.file_id).await?;
        rows::put_in(tx, &row, version, &wanted, body.file_id.map(Uuid::from)).await?;
        let after = get_in(tx.conn(), ctx, Permission::TeachingPlanWrite, id).await?;
        let before = row.item(ctx.lang)?;
        let event = Event::new(Some(row.school()), "teaching_plan.updated", "teaching_plan", id);
        events.insert(0, event.before(&before).after(&after.item));
        Ok((after, events))
    })
    .await
}

/// Attaches another file, or none; the one before goes unless a submission has it.
async fn change_file(tx: &Tx<'_>, row: &Row, file: Option<FileId>) -> Result<Vec<Event>> {
    let (school, before) = (row.school(), row.file_id.map(FileId));
    let mut events = Vec::new();
    if file == before {
        return Ok(events);
    }
    if let Some(file) = file
        && !files::of(tx.conn(), school, subject(row)).await?.iter().any(|f| f.id == file)
    {
        events.push(files::attach_in(tx, school, file, subject(row), "/file_id").await?.1);
    }
    if let Some(before) = before {
        let submitted = submission::Entity::find()
            .filter(submission::Column::SchoolId.eq(row.school_id))
            .filter(submission::Column::PlanId.eq(row.id))
            .filter(submission::Column::FileId.eq(before.0))
            .one(tx.conn())
            .await?;
        if submitted.is_none() {
            events.push(files::detach_in(tx, school, before, subject(row)).await?);
        }
    }
    Ok(events)
}

/// Removes one's own plan that was never submitted.
///
/// Errors: `not_found`, `teaching_plan_state`.
pub async fn remove(db: &Db, ctx: &Ctx, id: TeachingPlanId) -> Result<()> {
    db.write(ctx, async |tx| {
        let row = own(tx.conn(), ctx, id).await?;
        if row.revision > 0 {
            return Err(state_fault(ctx, row.state()?));
        }
        let mut events =
            vec![Event::new(Some(row.school()), "teaching_plan.removed", "teaching_plan", id).before(&row.item(ctx.lang)?)];
        for file in files::of(tx.conn(), row.school(), subject(&row)).await? {
            events.push(files::detach_in(tx, row.school(), file.id, subject(&row)).await?);
        }
        rows::delete_in(tx, &row).await?;
        Ok(((), events))
    })
    .await
}
