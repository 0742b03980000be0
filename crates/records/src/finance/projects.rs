//! Investment projects of schools, with what each year is given and spends.

use crate::equipment::amount;
use crate::{figures, input, person, scope, units};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::figures::FigureSet;
use dto::finance::{Project, ProjectQuery, ProjectYear, PutProject, Vnd};
use dto::page::{Page, PageQuery};
use dto::{Code, ProjectId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    school_id: Uuid,
    school_name: String,
    id: Uuid,
    name: String,
    decision_number: Option<String>,
    decided_on: Option<NaiveDate>,
    source: String,
    state: String,
    total: i64,
    from_year: i16,
    to_year: i16,
    progress: i16,
    note: Option<String>,
    sort_key: Vec<u8>,
    version: i64,
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("p", "school_id"), ("p", "id"), ("p", "name"), ("p", "decision_number"), ("p", "decided_on"), ("p", "source")])
        .columns([("p", "state"), ("p", "total"), ("p", "from_year"), ("p", "to_year"), ("p", "progress"), ("p", "note")])
        .columns([("p", "sort_key"), ("p", "version")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("investment_project", "p")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("p", "school_id")));
    select
}

fn project(row: Row, years: Vec<ProjectYear>, writable: bool) -> Result<Project> {
    Ok(Project {
        id: ProjectId(row.id),
        school_id: UnitId(row.school_id),
        school_name: row.school_name,
        name: row.name,
        decision_number: row.decision_number,
        decided_on: row.decided_on,
        source: row.source,
        state: crate::stored(&row.state)?,
        total: Vnd(row.total),
        from_year: row.from_year,
        to_year: row.to_year,
        progress: u8::try_from(row.progress).unwrap_or(100),
        note: row.note,
        years,
        writable,
        version: row.version,
    })
}

/// The years of projects, the oldest first.
async fn years_of(conn: &impl ConnectionTrait, projects: &[(Uuid, Uuid)]) -> Result<HashMap<Uuid, Vec<ProjectYear>>> {
    let mut years: HashMap<Uuid, Vec<ProjectYear>> = HashMap::new();
    if projects.is_empty() {
        return Ok(years);
    }
    let mut query = Query::select();
    query
        .columns(["project_id", "year", "planned", "disbursed"])
        .from("investment_year")
        .and_where(Expr::col("school_id").is_in(projects.iter().map(|(school, _)| *school)))
        .and_where(Expr::col("project_id").is_in(projects.iter().map(|(_, project)| *project)))
        .order_by("year", Order::Asc);
    for row in conn.query_all(&query).await? {
        let (planned, disbursed) = (Vnd(row.try_get_by_index(2)?), Vnd(row.try_get_by_index(3)?));
        let year = ProjectYear { year: row.try_get_by_index(1)?, planned, disbursed };
        years.entry(row.try_get_by_index(0)?).or_default().push(year);
    }
    Ok(years)
}

async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId, id: ProjectId) -> Result<Project> {
    let mut select = select();
    select
        .and_where(Expr::col(("p", "school_id")).eq(school.0))
        .and_where(Expr::col(("p", "id")).eq(id.0))
        .cond_where(scope::reaches_unit(&ctx.reach(permission), ("p", "school_id")));
    let row = crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let years = years_of(conn, &[(row.school_id, row.id)]).await?.remove(&row.id).unwrap_or_default();
    let writable = figures::reaches(conn, ctx, Permission::FinanceWrite, school).await?;
    project(row, years, writable)
}

/// A project.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, school: UnitId, id: ProjectId) -> Result<Project> {
    find(db.read(), ctx, Permission::FinanceRead, school, id).await
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    id: Uuid,
}

/// Projects of schools at and under a unit, in Vietnamese order of names.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, unit: UnitId, query: &ProjectQuery, page: &PageQuery) -> Result<Page<Project>> {
    let conn = db.read();
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let unit = units::reachable_in(conn, ctx, Permission::FinanceRead, unit).await?;
    let mut select = select();
    select.and_where(Expr::col(("p", "school_id")).in_subquery(scope::under(&[unit.id.0])));
    for word in crate::words(query.q.as_deref()) {
        select.and_where(crate::contains(("p", "search_text"), &word));
    }
    if let Some(state) = query.state {
        select.and_where(Expr::col(("p", "state")).eq(state.as_str()));
    }
    if let Some(year) = query.year {
        select.and_where(Expr::col(("p", "from_year")).lte(year)).and_where(Expr::col(("p", "to_year")).gte(year));
    }
    if let Some(after) = after {
        select.and_where(crate::after([("p", "sort_key"), ("p", "id")], [after.key.0.into(), after.id.into()]));
    }
    select.order_by(("p", "sort_key"), Order::Asc).order_by(("p", "id"), Order::Asc).limit(page.limit() + 1);
    let rows = crate::all::<Row>(conn, &select).await?;
    let key = |row: &Row| Cursor { key: crate::Hex(row.sort_key.clone()), id: row.id };
    let found = page::of(rows, page.limit(), key, |row| row);
    let ids: Vec<(Uuid, Uuid)> = found.items.iter().map(|row| (row.school_id, row.id)).collect();
    let mut years = years_of(conn, &ids).await?;
    // Whether each can be changed its own page says.
    let items = found.items.into_iter().map(|row| {
        let years = years.remove(&row.id).unwrap_or_default();
        project(row, years, false)
    });
    Ok(Page { items: items.collect::<Result<_>>()?, next: found.next })
}

/// The fields of a project as the table keeps them.
fn columns(body: &PutProject) -> Result<Vec<(&'static str, Value)>> {
    let name = input::text("/name", &body.name, 1, 300)?;
    let decision = input::text_opt("/decision_number", body.decision_number.as_deref(), 60)?;
    if body.to_year < body.from_year {
        return Err(Error::field("/to_year", Code::DatesReversed));
    }
    let search = person::search_text(&[&name, decision.as_deref().unwrap_or_default()]);
    Ok(vec![
        ("sort_key", person::name_key(&name).into()),
        ("search_text", search.into()),
        ("name", name.into()),
        ("decision_number", decision.into()),
        ("decided_on", body.decided_on.map(|day| input::day("/decided_on", day)).transpose()?.into()),
        ("source", input::text("/source", &body.source, 1, 120)?.into()),
        ("state", body.state.as_str().into()),
        ("total", amount("/total", body.total)?.into()),
        ("from_year", body.from_year.into()),
        ("to_year", body.to_year.into()),
        ("progress", i16::from(body.progress).into()),
        ("note", input::text_opt("/note", body.note.as_deref(), 1000)?.into()),
    ])
}

/// The years of a body, each once and within the project's; those without an amount are none.
fn years(body: &PutProject) -> Result<BTreeMap<i16, ProjectYear>> {
    let mut years = BTreeMap::new();
    for (n, year) in body.years.iter().enumerate() {
        if !(body.from_year..=body.to_year).contains(&year.year) {
            return Err(Error::field(format!("/years/{n}/year"), Code::FieldChoice));
        }
        amount(&format!("/years/{n}/planned"), year.planned)?;
        amount(&format!("/years/{n}/disbursed"), year.disbursed)?;
        if years.insert(year.year, *year).is_some() {
            return Err(Error::field(format!("/years/{n}/year"), Code::CellRepeated));
        }
    }
    years.retain(|_, year| *year != ProjectYear { year: year.year, ..EMPTY });
    Ok(years)
}

const EMPTY: ProjectYear = ProjectYear { year: 0, planned: Vnd(0), disbursed: Vnd(0) };

/// A new project of a school.
///
/// Errors: `not_found`, `figures_signed` for an amount of a year that is signed, `invalid`.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PutProject) -> Result<Project> {
    let (columns, years) = (columns(body)?, years(body)?);
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FinanceWrite, school).await?;
        let project: ProjectId = id::new();
        let mut row = columns.clone();
        row.extend([("school_id", school.id.0.into()), ("id", project.0.into()), ("version", 1i64.into())]);
        let (names, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
        let mut insert = Query::insert();
        insert.into_table("investment_project").columns(names).values_panic(values.into_iter().map(Expr::val));
        tx.conn().execute(&insert).await?;
        put_years(tx, school.id, project, &[], &years).await?;
        let made = find(tx.conn(), ctx, Permission::FinanceWrite, school.id, project).await?;
        let event = Event::new(Some(school.id), "project.created", "project", project).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// Changes a project.
///
/// Errors: `not_found`, `version_conflict`, `figures_signed` for an amount of a year that is signed, `invalid`.
pub async fn put(db: &Db, ctx: &Ctx, school: UnitId, id: ProjectId, version: i64, body: &PutProject) -> Result<Project> {
    let (columns, years) = (columns(body)?, years(body)?);
    db.write(ctx, async |tx| {
        let before = find(tx.conn(), ctx, Permission::FinanceWrite, school, id).await?;
        let mut update = Query::update();
        update
            .table("investment_project")
            .values(columns.iter().map(|(name, value)| (*name, Expr::val(value.clone()))))
            .value("version", version.saturating_add(1))
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("version").eq(version));
        if tx.conn().execute(&update).await?.rows_affected() != 1 {
            return Err(Error::new(Code::VersionConflict));
        }
        put_years(tx, school, id, &before.years, &years).await?;
        let after = find(tx.conn(), ctx, Permission::FinanceWrite, school, id).await?;
        let event = Event::new(Some(school), "project.updated", "project", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Writes the years of a project anew. What is in a signed budget or settlement stands.
async fn put_years(
    tx: &Tx<'_>,
    school: UnitId,
    project: ProjectId,
    before: &[ProjectYear],
    after: &BTreeMap<i16, ProjectYear>,
) -> Result<()> {
    let was: BTreeMap<i16, ProjectYear> = before.iter().map(|year| (year.year, *year)).collect();
    for year in was.keys().chain(after.keys()).copied().collect::<std::collections::BTreeSet<i16>>() {
        let old = was.get(&year).copied().unwrap_or(ProjectYear { year, ..EMPTY });
        let new = after.get(&year).copied().unwrap_or(ProjectYear { year, ..EMPTY });
        for (set, differs) in
            [(FigureSet::Budget, old.planned != new.planned), (FigureSet::Settlement, old.disbursed != new.disbursed)]
        {
            if differs && figures::is_signed_in(tx.conn(), set, school, year).await? {
                return Err(Error::new(Code::FiguresSigned).with("year", year));
            }
        }
    }
    let mut delete = Query::delete();
    delete
        .from_table("investment_year")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("project_id").eq(project.0));
    tx.conn().execute(&delete).await?;
    if after.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table("investment_year").columns(["school_id", "project_id", "year", "planned", "disbursed"]);
    for year in after.values() {
        insert.values_panic([
            school.0.into(),
            project.0.into(),
            year.year.into(),
            year.planned.0.into(),
            year.disbursed.0.into(),
        ]);
    }
    tx.conn().execute(&insert).await?;
    Ok(())
}
