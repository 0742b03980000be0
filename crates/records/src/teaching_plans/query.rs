//! Reading and writing the rows of plans.

use super::search::{self, Bits};
use crate::scope;
use dto::access::Permission;
use dto::identity::Person;
use dto::page::{Page, PageQuery};
use dto::teaching_plans::{TeachingPlanItem, TeachingPlanQuery, TeachingPlanShelf, TeachingPlanState};
use dto::{Code, Lang, SchoolYearId, StaffId, SubjectGroupId, TeachingPlanId, UnitId};
use kernel::{Ctx, Error, Result, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, LikeExpr, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashSet;
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub school_id: Uuid,
    pub id: Uuid,
    pub staff_id: Uuid,
    pub group_id: Option<Uuid>,
    pub school_year_id: Uuid,
    pub kind: String,
    pub grade: String,
    pub subject_code: String,
    pub week: Option<i16>,
    pub state: String,
    pub revision: i32,
    pub file_id: Option<Uuid>,
    pub version: i64,
    pub updated_at: chrono::DateTime<chrono::Utc>,
    pub title: String,
    pub teacher: String,
    pub year_code: String,
    pub name_vi: Option<String>,
    pub name_en: Option<String>,
}

impl Row {
    pub fn school(&self) -> UnitId {
        UnitId(self.school_id)
    }

    pub fn state(&self) -> Result<TeachingPlanState> {
        crate::stored(&self.state)
    }

    pub fn item(&self, lang: Lang) -> Result<TeachingPlanItem> {
        Ok(TeachingPlanItem {
            id: TeachingPlanId(self.id),
            school_id: self.school(),
            staff_id: StaffId(self.staff_id),
            teacher: self.teacher.clone(),
            kind: crate::stored(&self.kind)?,
            school_year_id: SchoolYearId(self.school_year_id),
            school_year: self.year_code.clone(),
            grade: crate::stored(&self.grade)?,
            subject_code: Some(self.subject_code.clone()).filter(|code| !code.is_empty()),
            subject: match lang {
                Lang::Vi => self.name_vi.clone(),
                Lang::En => self.name_en.clone(),
            },
            group_id: self.group_id.map(SubjectGroupId),
            week: self.week.and_then(|week| u8::try_from(week).ok()),
            title: self.title.clone(),
            state: self.state()?,
            revision: self.revision.unsigned_abs(),
            has_file: self.file_id.is_some(),
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

const OWN: [&str; 15] = [
    "school_id",
    "id",
    "staff_id",
    "group_id",
    "school_year_id",
    "kind",
    "grade",
    "subject_code",
    "week",
    "state",
    "revision",
    "file_id",
    "version",
    "updated_at",
    "title",
];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(OWN.map(|column| ("p", column)))
        .expr_as(Expr::col(("s", "full_name")), "teacher")
        .expr_as(Expr::col(("y", "code")), "year_code")
        .columns([("c", "name_vi"), ("c", "name_en")])
        .from_as("teaching_plan", "p")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("p", "staff_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("p", "school_year_id")))
        .join_as(JoinType::LeftJoin, "subject", "c", Expr::col(("c", "code")).equals(("p", "subject_code")));
    select
}

/// Who the caller is among staff.
pub(super) fn me(ctx: &Ctx) -> Option<Uuid> {
    match ctx.person {
        Some(Person::Staff(staff)) => Some(staff.0),
        _ => None,
    }
}

/// Submitted at least once, or the caller's own.
fn visible(ctx: &Ctx) -> Condition {
    let mut any = Condition::any().add(Expr::col(("p", "revision")).gt(0));
    if let Some(me) = me(ctx) {
        any = any.add(Expr::col(("p", "staff_id")).eq(me));
    }
    any
}

/// A plan that the caller may see. `permission` is that of what is to be done.
pub(super) async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: TeachingPlanId) -> Result<Row> {
    let mut select = select();
    select.and_where(Expr::col(("p", "id")).eq(id.0)).cond_where(visible(ctx));
    let row = crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    crate::units::school_in(conn, ctx, permission, row.school()).await?;
    Ok(row)
}

/// Whether the caller leads the school: reviews by a role on it or above it, and not as a teacher.
pub(super) async fn leads(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId) -> Result<bool> {
    let reach = ctx.reach(Permission::TeachingPlanReview);
    if reach.all || reach.units.is_empty() {
        return Ok(reach.all);
    }
    let mut select = scope::under(&reach.units);
    select.and_where(Expr::col("unit_id").eq(school.0)).limit(1);
    Ok(conn.query_one(&select).await?.is_some())
}

/// The groups of a school that somebody heads.
fn headed(school: UnitId, head: Uuid) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("id")
        .from("subject_group")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("head_id").eq(head));
    select
}

/// What waits for the caller: as head of a group; for who leads the school also what no head waits for.
async fn waiting(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId) -> Result<Condition> {
    let in_state = |state: TeachingPlanState| Expr::col(("p", "state")).eq(state.as_str());
    let mut any = Condition::any();
    if let Some(me) = me(ctx) {
        let mine = Expr::col(("p", "group_id")).in_subquery(headed(school, me));
        any = any.add(Condition::all().add(in_state(TeachingPlanState::Submitted)).add(mine));
    }
    if leads(conn, ctx, school).await? {
        let mut with_head = Query::select();
        with_head
            .column("id")
            .from("subject_group")
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("head_id").is_not_null());
        let orphan = Condition::any()
            .add(Expr::col(("p", "group_id")).is_null())
            .add(Expr::col(("p", "group_id")).in_subquery(with_head).not());
        any = any
            .add(in_state(TeachingPlanState::Endorsed))
            .add(Condition::all().add(in_state(TeachingPlanState::Submitted)).add(orphan));
    }
    if any.is_empty() {
        any = any.add(Expr::val(1).eq(0));
    }
    let mut both = Condition::all().add(any);
    if let Some(me) = me(ctx) {
        // Nobody reviews their own.
        both = both.add(Expr::col(("p", "staff_id")).ne(me));
    }
    let states = [TeachingPlanState::Submitted.as_str(), TeachingPlanState::Endorsed.as_str()];
    Ok(both.add(Expr::col(("p", "state")).is_in(states)))
}

/// Candidates of a search that are read at once.
const CANDIDATES: u64 = 4_000;

/// Candidates whose words are looked at together.
const LOOKED_AT: usize = 200;

/// What a query asks for, but for its words.
async fn conditions(conn: &impl ConnectionTrait, ctx: &Ctx, query: &TeachingPlanQuery) -> Result<Condition> {
    let mut all = Condition::all().add(Expr::col(("p", "school_id")).eq(query.school_id.0));
    all = match query.shelf.unwrap_or(TeachingPlanShelf::Library) {
        TeachingPlanShelf::Library => all.add(visible(ctx)),
        TeachingPlanShelf::Mine => all.add(Expr::col(("p", "staff_id")).eq(me(ctx).unwrap_or_default())),
        TeachingPlanShelf::Review => all.add(waiting(conn, ctx, query.school_id).await?),
    };
    let ids = [
        ("school_year_id", query.school_year_id.map(Uuid::from)),
        ("staff_id", query.staff_id.map(Uuid::from)),
        ("group_id", query.group_id.map(Uuid::from)),
    ];
    for (column, id) in ids.into_iter().filter_map(|(column, id)| Some((column, id?))) {
        all = all.add(Expr::col(("p", column)).eq(id));
    }
    let names = [
        ("grade", query.grade.map(|grade| grade.as_str())),
        ("subject_code", query.subject_code.as_deref()),
        ("state", query.state.map(|state| state.as_str())),
        ("kind", query.kind.map(|kind| kind.as_str())),
    ];
    for (column, name) in names.into_iter().filter_map(|(column, name)| Some((column, name?))) {
        all = all.add(Expr::col(("p", column)).eq(name));
    }
    Ok(all)
}

/// The newest plans with all of these words, at most `wanted`: candidates by their bits, and of these only as many as are needed by their
/// words. In one statement an engine that cannot know how many have the bits would look at the words of all of them.
async fn with_words(
    conn: &impl ConnectionTrait,
    school: UnitId,
    mut asked: Condition,
    words: &[String],
    mut after: Option<Uuid>,
    wanted: usize,
) -> Result<Vec<Uuid>> {
    for condition in Bits::of(words.iter().map(String::as_str)).conditions() {
        asked = asked.add(condition);
    }
    let mut found = Vec::with_capacity(wanted);
    loop {
        let mut select = Query::select();
        select
            .column(("p", "id"))
            .from_as("teaching_plan", "p")
            .cond_where(asked.clone())
            .order_by(("p", "id"), Order::Desc)
            .limit(CANDIDATES);
        if let Some(after) = after {
            select.and_where(Expr::col(("p", "id")).lt(after));
        }
        let candidates = ids(conn, &select).await?;
        for some in candidates.chunks(LOOKED_AT) {
            let mut select = Query::select();
            select
                .column("plan_id")
                .from("teaching_plan_words")
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("plan_id").is_in(some.iter().copied()));
            for word in words {
                select.and_where(Expr::col("words").like(LikeExpr::new(format!("% {word} %"))));
            }
            let have: HashSet<Uuid> = ids(conn, &select).await?.into_iter().collect();
            found.extend(some.iter().copied().filter(|id| have.contains(id)));
            if found.len() >= wanted {
                found.truncate(wanted);
                return Ok(found);
            }
        }
        match candidates.last() {
            Some(last) if candidates.len() as u64 == CANDIDATES => after = Some(*last),
            _ => return Ok(found),
        }
    }
}

async fn ids(conn: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<Uuid>> {
    let rows = conn.query_all(select).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Plans of one school, the newest first. The caller may read the school's.
pub(super) async fn list(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    query: &TeachingPlanQuery,
    page: &PageQuery,
) -> Result<Page<TeachingPlanItem>> {
    let after = page::decode::<Uuid>(page.after.as_deref())?;
    let asked = conditions(conn, ctx, query).await?;
    let words = search::asked(query.q.as_deref());
    let wanted = page.limit() + 1;
    let mut select = select();
    if words.is_empty() {
        select.cond_where(asked).limit(wanted);
        if let Some(after) = after {
            select.and_where(Expr::col(("p", "id")).lt(after));
        }
    } else {
        let found = with_words(conn, query.school_id, asked, &words, after, wanted as usize).await?;
        select.and_where(Expr::col(("p", "school_id")).eq(query.school_id.0)).and_where(Expr::col(("p", "id")).is_in(found));
    }
    select.order_by(("p", "id"), Order::Desc);
    let rows = crate::all::<Row>(conn, &select).await?;
    let items: Vec<(Uuid, TeachingPlanItem)> = rows.iter().map(|row| Ok((row.id, row.item(ctx.lang)?))).collect::<Result<_>>()?;
    Ok(page::of(items, page.limit(), |(id, _)| *id, |(_, item)| item))
}

#[derive(FromQueryResult)]
struct Text {
    body: String,
}

/// What a plan says now.
pub(super) async fn body(conn: &impl ConnectionTrait, row: &Row) -> Result<String> {
    let mut select = Query::select();
    select
        .column("body")
        .from("teaching_plan_text")
        .and_where(Expr::col("school_id").eq(row.school_id))
        .and_where(Expr::col("plan_id").eq(row.id));
    Ok(crate::one::<Text>(conn, &select).await?.map(|t| t.body).unwrap_or_default())
}
