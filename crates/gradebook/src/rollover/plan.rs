//! What is proposed for a school, and the school's own changes to it.

use crate::facts::{self, ClassItem};
use crate::next_year::{begins, is_preschool, next_grade, next_name};
use dto::access::Permission;
use dto::calendar::{Grade, SchoolYear};
use dto::council::NextStep;
use dto::page::Page;
use dto::rollover::{PutRollover, Rollover, RolloverClass, RolloverLine, RolloverState, RolloverTarget};
use dto::units::{Unit, UnitRef};
use dto::{ClassId, Code, LearnerId, SchoolYearId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Event, Result};
use records::classes::ahead;
use records::classes::rollover::{self as lists, YearLine};
use records::{calendar, units};
use regulations::Promotion;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Longest name of a class.
const NAME: usize = 30;

/// The year that ends and the one that follows.
#[derive(Clone, Debug)]
pub(super) struct Years {
    pub from: SchoolYear,
    pub next: SchoolYear,
}

/// Errors: `next_year_missing`, `invalid` with `/school_year_id`.
pub(super) async fn years(conn: &impl ConnectionTrait, from: Option<SchoolYearId>) -> Result<Years> {
    let all = calendar::years_in(conn, kernel::clock::today()).await?;
    let from = all.into_iter().find(|year| from.map_or(year.current, |id| year.id == id));
    let from = from.ok_or_else(|| Error::field("/school_year_id", Code::FieldChoice))?;
    let next = ahead::year_after(conn, from.id).await?.ok_or_else(|| Error::new(Code::NextYearMissing))?;
    Ok(Years { from, next })
}

/// A line with where it goes.
pub(super) struct Going {
    pub line: YearLine,
    pub step: NextStep,
    pub grade: Option<Grade>,
    /// Where to; none for who is left out.
    pub to: Option<String>,
    pub edited: bool,
    pub already_in: Option<String>,
}

/// A class with its lines.
pub(super) struct ClassPlan {
    pub class: ClassItem,
    pub state: RolloverState,
    pub up_name: Option<String>,
    pub stays_name: String,
    pub lines: Vec<Going>,
}

/// A school's plan as things stand.
pub(super) struct Plan {
    /// Where the next year's classes are.
    pub school: UnitId,
    pub classes: Vec<ClassPlan>,
    /// The classes of the next year by name.
    pub named: HashMap<String, (ClassId, Grade)>,
    /// Everybody present, in the order of names.
    pub order: HashMap<LearnerId, usize>,
    /// The school's own changes.
    pub edits: PutRollover,
    pub version: i64,
}

impl Plan {
    pub(super) async fn read(conn: &impl ConnectionTrait, school: UnitId, years: &Years) -> Result<Plan> {
        let all = Scope { all: true, ..Scope::default() };
        let classes = facts::classes_of_school(conn, &all, school, years.from.id).await?;
        let at = units::successor_in(conn, school).await?.unwrap_or(school);
        let named = ahead::named(conn, at, years.next.id).await?;
        let order = lists::present(conn, at).await?;
        let placed = lists::placed(conn, at, years.next.id).await?;
        let steps = steps(conn, school, &classes).await?;
        let applied = applied(conn, school, years.next.id).await?;
        let (edits, version) = edits(conn, school, years.from.id).await?;
        let names: HashMap<ClassId, String> = named.iter().map(|(name, (id, _))| (*id, name.clone())).collect();
        let mut of_class: HashMap<ClassId, Vec<YearLine>> = HashMap::new();
        for line in lists::lines(conn, school, years.from.id).await? {
            of_class.entry(line.class_id).or_default().push(line);
        }
        let mut wishes = Wishes::new(&edits, &named);
        // The school's own names first: what is proposed gives way to them.
        let own: Vec<_> = classes.iter().map(|class| wishes.own(class)).collect();
        let mut plans = Vec::with_capacity(classes.len());
        for (class, own) in classes.into_iter().zip(own) {
            let state = match (applied.get(&class.id), steps.get(&class.id)) {
                (Some(_), _) => RolloverState::Applied,
                (None, Some(_)) => RolloverState::Ready,
                (None, None) => RolloverState::Waiting,
            };
            let mut plan = ClassPlan {
                up_name: next_grade(class.grade).map(|grade| wishes.name(own.0, &class, grade)),
                stays_name: wishes.name(own.1, &class, class.grade),
                state,
                lines: Vec::new(),
                class,
            };
            let none = StepsOf::default();
            let steps = steps.get(&plan.class.id).unwrap_or(&none);
            let put = applied.get(&plan.class.id);
            for line in of_class.remove(&plan.class.id).unwrap_or_default() {
                let Some(step) = steps.of(&line) else { continue };
                let going = plan.going(line, step, put, &names, &wishes, &order, &placed);
                plan.lines.push(going);
            }
            plans.push(plan);
        }
        drop(wishes);
        Ok(Plan { school: at, classes: plans, named, order, edits, version })
    }

    /// How many go into each class of the next year, by grade and name.
    pub(super) fn targets(&self) -> Vec<RolloverTarget> {
        let mut into: BTreeMap<(usize, Vec<u8>, String), (Grade, u32)> = BTreeMap::new();
        let mut grades: HashMap<&str, HashSet<Grade>> = HashMap::new();
        for going in self.classes.iter().flat_map(|class| &class.lines) {
            let (Some(name), Some(grade)) = (&going.to, going.grade) else { continue };
            let place = Grade::ALL.iter().position(|known| *known == grade).unwrap_or(0);
            let key = (place, records::classes::class_sort_key(name), name.clone());
            into.entry(key).or_insert((grade, 0)).1 += 1;
            grades.entry(name.as_str()).or_default().insert(grade);
        }
        let target = |((_, _, name), (grade, learners)): ((usize, Vec<u8>, String), (Grade, u32))| {
            let known = self.named.get(&name);
            let clash = known.is_some_and(|(_, of)| *of != grade) || grades.get(name.as_str()).is_some_and(|of| of.len() > 1);
            RolloverTarget { exists: known.is_some(), clash, grade, learners, name }
        };
        into.into_iter().map(target).collect()
    }
}

impl ClassPlan {
    #[allow(clippy::too_many_arguments)]
    fn going(
        &self,
        line: YearLine,
        step: NextStep,
        put: Option<&HashMap<LearnerId, ClassId>>,
        names: &HashMap<ClassId, String>,
        wishes: &Wishes<'_>,
        order: &HashMap<LearnerId, usize>,
        placed: &HashMap<LearnerId, String>,
    ) -> Going {
        let grade = match step {
            NextStep::Up => next_grade(self.class.grade),
            NextStep::Stays => Some(self.class.grade),
            NextStep::Completes => None,
        };
        if let Some(put) = put {
            let to = put.get(&line.learner_id).and_then(|class| names.get(class)).cloned();
            let already_in = placed.get(&line.learner_id).filter(|_| to.is_none()).cloned();
            return Going { line, step, grade, to, edited: false, already_in };
        }
        let grade = grade.filter(|_| order.contains_key(&line.learner_id));
        let already_in = placed.get(&line.learner_id).cloned();
        let own = wishes.of(line.learner_id, self.class.id);
        let proposed = match step {
            NextStep::Up => self.up_name.clone(),
            _ => Some(self.stays_name.clone()),
        };
        let to = match own {
            Some(own) => own.map(str::to_owned),
            None => proposed,
        };
        let to = to.filter(|_| grade.is_some() && already_in.is_none());
        Going { line, step, grade, to, edited: own.is_some(), already_in }
    }
}

/// What the school wants, and which name is of which grade by now.
struct Wishes<'a> {
    classes: HashMap<ClassId, (Option<&'a str>, Option<&'a str>)>,
    learners: HashMap<(LearnerId, ClassId), Option<&'a str>>,
    grades: HashMap<String, Grade>,
}

impl<'a> Wishes<'a> {
    fn new(edits: &'a PutRollover, named: &HashMap<String, (ClassId, Grade)>) -> Self {
        Wishes {
            classes: edits
                .classes
                .iter()
                .map(|edit| (edit.class_id, (edit.up_name.as_deref(), edit.stays_name.as_deref())))
                .collect(),
            learners: edits.learners.iter().map(|edit| ((edit.learner_id, edit.class_id), edit.class_name.as_deref())).collect(),
            grades: named.iter().map(|(name, (_, grade))| (name.clone(), *grade)).collect(),
        }
    }

    /// The school's own names for a class; from here on they are of its grades.
    fn own(&mut self, class: &ClassItem) -> (Option<&'a str>, Option<&'a str>) {
        let own = self.classes.get(&class.id).copied().unwrap_or_default();
        for (name, grade) in [(own.0, next_grade(class.grade)), (own.1, Some(class.grade))] {
            if let (Some(name), Some(grade)) = (name, grade) {
                self.grades.entry(name.to_owned()).or_insert(grade);
            }
        }
        own
    }

    /// The name of the class into which one goes: the school's own, else what follows from the present name. A name that is another grade's
    /// ("Chuyên Toán") gets its grade before it.
    fn name(&mut self, own: Option<&str>, class: &ClassItem, grade: Grade) -> String {
        if let Some(own) = own {
            return own.to_owned();
        }
        let plain = next_name(&class.name, class.grade, grade);
        let free = |name: &str, grades: &HashMap<String, Grade>| grades.get(name).is_none_or(|of| *of == grade);
        let name = match free(&plain, &self.grades) {
            true => plain,
            false => format!("{} {plain}", begins(grade)).chars().take(NAME).collect(),
        };
        // Who repeats joins what there is; a name is taken by those who go up.
        if class.grade != grade {
            self.grades.entry(name.clone()).or_insert(grade);
        }
        name
    }

    fn of(&self, learner: LearnerId, class: ClassId) -> Option<Option<&'a str>> {
        self.learners.get(&(learner, class)).copied()
    }
}

/// What follows for the learners of a class whose year is closed; of a preschool class the same for everybody who is there.
#[derive(Default)]
pub(super) struct StepsOf {
    decided: HashMap<LearnerId, NextStep>,
    everybody: Option<NextStep>,
}

impl StepsOf {
    fn of(&self, line: &YearLine) -> Option<NextStep> {
        match self.everybody {
            Some(step) => Some(step).filter(|_| line.left_on.is_none()),
            None => self.decided.get(&line.learner_id).copied(),
        }
    }
}

/// The promotion of a decision as it was frozen.
#[derive(Deserialize)]
struct Frozen {
    decided: Decided,
}

#[derive(Deserialize)]
struct Decided {
    #[serde(default)]
    promotion: Option<Promotion>,
}

/// By class, of those of which everything is known.
async fn steps(conn: &impl ConnectionTrait, school: UnitId, classes: &[ClassItem]) -> Result<HashMap<ClassId, StepsOf>> {
    let grades: HashMap<ClassId, Grade> = classes.iter().map(|class| (class.id, class.grade)).collect();
    let mut steps: HashMap<ClassId, StepsOf> = HashMap::new();
    let ids: Vec<Uuid> = grades.iter().filter(|(_, grade)| !is_preschool(**grade)).map(|(class, _)| class.0).collect();
    for class in crate::council::closed_of(conn, school, &ids).await? {
        steps.insert(class, StepsOf::default());
    }
    let mut query = Query::select();
    query
        .columns(["class_id", "learner_id", "outcome"])
        .from("year_decision")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(ids));
    for row in conn.query_all(&query).await? {
        let class = ClassId(row.try_get_by_index(0)?);
        let (Some(of), Some(grade)) = (steps.get_mut(&class), grades.get(&class)) else { continue };
        let text: String = row.try_get_by_index(2)?;
        let frozen: Frozen =
            serde_json::from_str(&text).map_err(|e| Error::internal(format!("a decision cannot be read: {e}")))?;
        let step = match frozen.decided.promotion {
            Some(Promotion::Promoted) if next_grade(*grade).is_some() => NextStep::Up,
            Some(Promotion::Promoted) => NextStep::Completes,
            _ => NextStep::Stays,
        };
        of.decided.insert(LearnerId(row.try_get_by_index(1)?), step);
    }
    for class in classes.iter().filter(|class| is_preschool(class.grade)) {
        let step = if next_grade(class.grade).is_some() { NextStep::Up } else { NextStep::Completes };
        steps.insert(class.id, StepsOf { everybody: Some(step), ..StepsOf::default() });
    }
    Ok(steps)
}

/// Who was put where, by the class they came from.
async fn applied(
    conn: &impl ConnectionTrait,
    school: UnitId,
    next: SchoolYearId,
) -> Result<HashMap<ClassId, HashMap<LearnerId, ClassId>>> {
    let mut query = Query::select();
    query
        .column("class_id")
        .from("next_year")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(next.0));
    let mut applied: HashMap<ClassId, HashMap<LearnerId, ClassId>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        applied.insert(ClassId(row.try_get_by_index(0)?), HashMap::new());
    }
    if applied.is_empty() {
        return Ok(applied);
    }
    let mut query = Query::select();
    query
        .columns(["class_id", "learner_id", "to_class_id"])
        .from("next_year_line")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(applied.keys().map(|class| class.0)));
    for row in conn.query_all(&query).await? {
        if let Some(lines) = applied.get_mut(&ClassId(row.try_get_by_index(0)?)) {
            lines.insert(LearnerId(row.try_get_by_index(1)?), ClassId(row.try_get_by_index(2)?));
        }
    }
    Ok(applied)
}

async fn edits(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<(PutRollover, i64)> {
    let mut query = Query::select();
    query
        .columns(["edits", "version"])
        .from("rollover_plan")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(year.0));
    let Some(row) = conn.query_one(&query).await? else { return Ok((PutRollover::default(), 0)) };
    let text: String = row.try_get_by_index(0)?;
    let edits = serde_json::from_str(&text).map_err(|e| Error::internal(format!("a rollover's plan cannot be read: {e}")))?;
    Ok((edits, row.try_get_by_index(1)?))
}

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
