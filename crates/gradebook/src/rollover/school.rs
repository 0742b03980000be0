//! A school's rollover as it is read and changed before it is done.

use super::known::edits;
use super::plan::{ClassPlan, Going, NAME, Plan, Years, years};
use crate::next_year::next_grade;
use dto::access::Permission;
use dto::calendar::Grade;
use dto::council::NextStep;
use dto::page::Page;
use dto::rollover::{PutRollover, Rollover, RolloverClass, RolloverLine};
use dto::units::{Unit, UnitRef};
use dto::{ClassId, Code, SchoolYearId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result};
use records::units;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

async fn school_of(conn: &impl ConnectionTrait, ctx: &Ctx, id: UnitId) -> Result<Unit> {
    let unit = units::reachable_in(conn, ctx, Permission::YearRollover, id).await?;
    if unit.kind.teaches() { Ok(unit) } else { Err(Error::new(Code::NotFound)) }
}

/// Where everybody of a school goes, in numbers.
///
/// Errors: `not_found`, `next_year_missing`.
pub async fn get(db: &Db, ctx: &Ctx, school: UnitId, year: Option<SchoolYearId>) -> Result<Rollover> {
    let conn = db.read();
    let unit = school_of(conn, ctx, school).await?;
    let years = years(conn, year).await?;
    answer(conn, unit, &years).await
}

async fn answer(conn: &impl ConnectionTrait, unit: Unit, years: &Years) -> Result<Rollover> {
    let plan = Plan::read(conn, unit.id, years).await?;
    let targets = plan.targets();
    let goes_on_as = match plan.school == unit.id {
        true => None,
        false => named(conn, plan.school).await?,
    };
    let classes = plan
        .classes
        .into_iter()
        .map(|plan| {
            let count = |step: NextStep| {
                let number =
                    plan.lines.iter().filter(|going| going.step == step && (going.to.is_some() || step == NextStep::Completes));
                u32::try_from(number.count()).unwrap_or(u32::MAX)
            };
            let (up, stays, completes) = (count(NextStep::Up), count(NextStep::Stays), count(NextStep::Completes));
            let all = u32::try_from(plan.lines.len()).unwrap_or(u32::MAX);
            RolloverClass {
                class_id: plan.class.id,
                name: plan.class.name,
                grade: plan.class.grade,
                state: plan.state,
                up,
                stays,
                completes,
                left_out: all.saturating_sub(up).saturating_sub(stays).saturating_sub(completes),
                up_name: plan.up_name,
                stays_name: plan.stays_name,
            }
        })
        .collect();
    Ok(Rollover {
        school_id: unit.id,
        school_name: unit.name,
        goes_on_as,
        school_year_id: years.from.id,
        school_year: years.from.code.clone(),
        next_year_id: years.next.id,
        next_year: years.next.code.clone(),
        classes,
        targets,
        edits: plan.edits,
        version: plan.version,
    })
}

/// Only its name is shown: the school that goes on may lie out of the caller's reach.
async fn named(conn: &impl ConnectionTrait, id: UnitId) -> Result<Option<UnitRef>> {
    let mut query = Query::select();
    query.column("name").from("unit").and_where(Expr::col("id").eq(id.0));
    let row = conn.query_one(&query).await?;
    let name = row.map(|row| row.try_get_by_index::<String>(0)).transpose()?;
    Ok(name.map(|name| UnitRef { id, kind: dto::units::UnitKind::School, name }))
}

/// Where each learner of a class goes, by ordinal.
///
/// Errors: `not_found`, `next_year_missing`.
pub async fn lines(db: &Db, ctx: &Ctx, school: UnitId, class: ClassId, year: Option<SchoolYearId>) -> Result<Page<RolloverLine>> {
    let conn = db.read();
    let unit = school_of(conn, ctx, school).await?;
    let years = years(conn, year).await?;
    let plan = Plan::read(conn, unit.id, &years).await?;
    let found = plan.classes.into_iter().find(|plan| plan.class.id == class).ok_or_else(|| Error::new(Code::NotFound))?;
    let line = |going: Going| RolloverLine {
        learner_id: going.line.learner_id,
        ordinal: going.line.ordinal,
        full_name: going.line.full_name,
        given_name: going.line.given_name,
        step: going.step,
        grade: going.grade,
        class_name: going.to,
        edited: going.edited,
        already_in: going.already_in,
    };
    Ok(Page { items: found.lines.into_iter().map(line).collect(), next: None })
}

/// Keeps the school's own changes, as a whole.
///
/// Errors: `not_found`, `version_conflict`, `next_year_missing`, `invalid` with the class or learner that is not of the school, and with a
/// name that is another grade's.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    year: Option<SchoolYearId>,
    version: i64,
    body: &PutRollover,
) -> Result<Rollover> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let unit = school_of(conn, ctx, school).await?;
        let years = years(conn, year).await?;
        let (before, known) = edits(conn, school, years.from.id).await?;
        if known != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let body = checked(conn, school, &years, body).await?;
        let mut upsert = Query::insert();
        upsert
            .into_table("rollover_plan")
            .columns(["school_id", "school_year_id", "edits", "version", "updated_at", "updated_by"])
            .values_panic([
                school.0.into(),
                years.from.id.0.into(),
                serde_json::to_string(&body).map_err(Error::internal)?.into(),
                version.saturating_add(1).into(),
                tx.now().into(),
                ctx.account.map(Uuid::from).into(),
            ])
            .on_conflict(
                OnConflict::columns(["school_id", "school_year_id"])
                    .update_columns(["edits", "version", "updated_at", "updated_by"])
                    .to_owned(),
            );
        conn.execute(&upsert).await?;
        let event = Event::new(Some(school), "rollover.planned", "unit", school).before(&before).after(&body);
        Ok((answer(conn, unit, &years).await?, vec![event]))
    })
    .await
}

/// The changes with clean names, each of a class and learner of the school, no name of two grades.
async fn checked(conn: &impl ConnectionTrait, school: UnitId, years: &Years, body: &PutRollover) -> Result<PutRollover> {
    let plan = Plan::read(conn, school, years).await?;
    let classes: HashMap<ClassId, &ClassPlan> = plan.classes.iter().map(|plan| (plan.class.id, plan)).collect();
    let mut grades: HashMap<String, Grade> = plan.named.iter().map(|(name, (_, grade))| (name.clone(), *grade)).collect();
    let mut clean = |pointer: String, name: &Option<String>, grade: Option<Grade>| -> Result<Option<String>> {
        let Some(name) = name.as_deref().map(kernel::text::clean).filter(|name| !name.is_empty()) else { return Ok(None) };
        let fits =
            name.chars().count() <= NAME && grade.is_some_and(|grade| *grades.entry(name.clone()).or_insert(grade) == grade);
        if fits { Ok(Some(name)) } else { Err(Error::field(pointer, Code::FieldChoice)) }
    };
    let mut body = body.clone();
    let mut seen = HashSet::new();
    for (at, edit) in body.classes.iter_mut().enumerate() {
        let class = classes.get(&edit.class_id).filter(|_| seen.insert(edit.class_id));
        let class = class.ok_or_else(|| Error::field(format!("/classes/{at}/class_id"), Code::FieldChoice))?;
        edit.up_name = clean(format!("/classes/{at}/up_name"), &edit.up_name, next_grade(class.class.grade))?;
        edit.stays_name = clean(format!("/classes/{at}/stays_name"), &edit.stays_name, Some(class.class.grade))?;
    }
    let mut seen = HashSet::new();
    for (at, edit) in body.learners.iter_mut().enumerate() {
        let lines = classes.get(&edit.class_id).map(|plan| plan.lines.iter());
        let going = lines.and_then(|mut lines| lines.find(|going| going.line.learner_id == edit.learner_id));
        let grade = going.filter(|_| seen.insert(edit.learner_id)).and_then(|going| going.grade);
        let grade = grade.ok_or_else(|| Error::field(format!("/learners/{at}/learner_id"), Code::FieldChoice))?;
        edit.class_name = clean(format!("/learners/{at}/class_name"), &edit.class_name, Some(grade))?;
    }
    Ok(body)
}
