//! Subject groups (tổ chuyên môn): name, head, members.

use super::entity::{group, member};
use crate::{input, staff, units};
use dto::access::Permission;
use dto::teaching_plans::{GroupMember, PutSubjectGroup, SubjectGroup, TeachingPlanState};
use dto::{Code, Page, StaffId, SubjectGroupId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The groups of a school by name.
///
/// Errors: `not_found` (the school).
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId) -> Result<Page<SubjectGroup>> {
    units::school_in(db.read(), ctx, Permission::TeachingPlanRead, school).await?;
    Ok(Page { items: of_school(db.read(), school).await?, next: None })
}

async fn of_school(conn: &impl ConnectionTrait, school: UnitId) -> Result<Vec<SubjectGroup>> {
    #[derive(FromQueryResult)]
    struct Row {
        group_id: Uuid,
        staff_id: Uuid,
        full_name: String,
    }
    let groups = group::Entity::find()
        .filter(group::Column::SchoolId.eq(school.0))
        .order_by_asc(group::Column::Name)
        .order_by_asc(group::Column::Id)
        .all(conn)
        .await?;
    let mut select = Query::select();
    select
        .columns([("m", "group_id"), ("m", "staff_id"), ("s", "full_name")])
        .from_as("subject_group_member", "m")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("m", "staff_id")))
        .and_where(Expr::col(("m", "school_id")).eq(school.0))
        .order_by(("s", "sort_key"), Order::Asc);
    let mut members: BTreeMap<Uuid, Vec<GroupMember>> = BTreeMap::new();
    for row in crate::all::<Row>(conn, &select).await? {
        let one = GroupMember { staff_id: StaffId(row.staff_id), full_name: row.full_name };
        members.entry(row.group_id).or_default().push(one);
    }
    Ok(groups
        .into_iter()
        .map(|g| {
            let members = members.remove(&g.id).unwrap_or_default();
            SubjectGroup {
                id: SubjectGroupId(g.id),
                school_id: school,
                name: g.name,
                head: members.iter().find(|m| Some(m.staff_id.0) == g.head_id).cloned(),
                members,
                version: g.version,
            }
        })
        .collect())
}

async fn found(conn: &impl ConnectionTrait, school: UnitId, id: SubjectGroupId) -> Result<SubjectGroup> {
    of_school(conn, school).await?.into_iter().find(|g| g.id == id).ok_or_else(|| Error::new(Code::NotFound))
}

/// What a group is to be, checked.
struct Wanted {
    name: String,
    members: BTreeSet<StaffId>,
}

async fn wanted(conn: &impl ConnectionTrait, school: UnitId, body: &PutSubjectGroup) -> Result<Wanted> {
    let name = input::text("/name", &body.name, 1, 100)?;
    let there = staff::posted_in(conn, school).await?;
    let members: BTreeSet<StaffId> = body.member_ids.iter().copied().collect();
    if let Some(wrong) = body.member_ids.iter().position(|m| !there.contains(m)) {
        return Err(Error::field(format!("/member_ids/{wrong}"), Code::FieldChoice));
    }
    if body.head_id.is_some_and(|head| !members.contains(&head)) {
        return Err(Error::field("/head_id", Code::FieldChoice));
    }
    Ok(Wanted { name, members })
}

async fn set_members(tx: &Tx<'_>, school: UnitId, group: Uuid, members: BTreeSet<StaffId>) -> Result<()> {
    member::Entity::delete_many()
        .filter(member::Column::SchoolId.eq(school.0))
        .filter(member::Column::GroupId.eq(group))
        .exec(tx.conn())
        .await?;
    let rows = members.into_iter().map(|staff| member::ActiveModel {
        school_id: Set(school.0),
        group_id: Set(group),
        staff_id: Set(staff.0),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        member::Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// A new group.
///
/// Errors: `not_found` (the school), `invalid` with the member or the head.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PutSubjectGroup) -> Result<SubjectGroup> {
    db.write(ctx, async |tx| {
        units::school_in(tx.conn(), ctx, Permission::SubjectGroupWrite, school).await?;
        let wanted = wanted(tx.conn(), school, body).await?;
        let row = group::Model {
            school_id: school.0,
            id: id::new(),
            name: wanted.name,
            head_id: body.head_id.map(Uuid::from),
            version: 1,
        };
        let group_id = row.id;
        group::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        set_members(tx, school, group_id, wanted.members).await?;
        let made = found(tx.conn(), school, SubjectGroupId(group_id)).await?;
        let event = Event::new(Some(school), "subject_group.created", "subject_group", made.id).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// A group as it is to be from now on.
///
/// Errors: `not_found`, `version_conflict`, `invalid`.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    id: SubjectGroupId,
    version: i64,
    body: &PutSubjectGroup,
) -> Result<SubjectGroup> {
    db.write(ctx, async |tx| {
        units::school_in(tx.conn(), ctx, Permission::SubjectGroupWrite, school).await?;
        let before = found(tx.conn(), school, id).await?;
        let wanted = wanted(tx.conn(), school, body).await?;
        let changed = group::Entity::update_many()
            .col_expr(group::Column::Name, Expr::val(wanted.name.clone()))
            .col_expr(group::Column::HeadId, Expr::val(body.head_id.map(Uuid::from)))
            .col_expr(group::Column::Version, Expr::val(version + 1))
            .filter(group::Column::SchoolId.eq(school.0))
            .filter(group::Column::Id.eq(id.0))
            .filter(group::Column::Version.eq(version))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        set_members(tx, school, id.0, wanted.members).await?;
        let after = found(tx.conn(), school, id).await?;
        let event = Event::new(Some(school), "subject_group.updated", "subject_group", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Ends a group. Plans that were of it stay.
///
/// Errors: `not_found`, `subject_group_used` while plans wait for its head.
pub async fn remove(db: &Db, ctx: &Ctx, school: UnitId, id: SubjectGroupId) -> Result<()> {
    db.write(ctx, async |tx| {
        units::school_in(tx.conn(), ctx, Permission::SubjectGroupWrite, school).await?;
        let before = found(tx.conn(), school, id).await?;
        let mut waiting = Query::select();
        waiting
            .column("id")
            .from("teaching_plan")
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("state").eq(TeachingPlanState::Submitted.as_str()))
            .and_where(Expr::col("group_id").eq(id.0))
            .limit(1);
        if tx.conn().query_one(&waiting).await?.is_some() {
            return Err(Error::new(Code::SubjectGroupUsed));
        }
        set_members(tx, school, id.0, BTreeSet::new()).await?;
        group::Entity::delete_by_id((school.0, id.0)).exec(tx.conn()).await?;
        Ok(((), vec![Event::new(Some(school), "subject_group.removed", "subject_group", id).before(&before)]))
    })
    .await
}

/// The group of a plan: its name, and its head where it has one.
pub(super) async fn named(conn: &impl ConnectionTrait, school: UnitId, id: Uuid) -> Result<Option<group::Model>> {
    Ok(group::Entity::find_by_id((school.0, id)).one(conn).await?)
}
