//! Who of a closed class goes to which class of the next school year: proposed, filled as one action, and undone as long as nothing
//! was changed. Preschool closes no years: there everybody goes to the next age group, and the five-year-olds have finished.

use crate::bulk::{self, NextYearRow};
use crate::closing::lock_both;
use crate::council;
use crate::facts::{self, ClassFacts};
use crate::people::Names;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::calendar::{Grade, SchoolYear};
use dto::classes::PostClass;
use dto::council::{NextStep, NextYear, NextYearLine, PostNextYear};
use dto::{ClassId, Code, LearnerId, SchoolYearId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use records::classes::{self, ahead};
use regulations::Promotion;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// What was applied.
struct Applied {
    year: SchoolYearId,
    made: Vec<ClassId>,
    at: DateTime<Utc>,
    by: Option<Uuid>,
    lines: Vec<(LearnerId, ClassId)>,
}

async fn applied(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Option<Applied>> {
    let mut query = Query::select();
    query
        .columns(["school_year_id", "made_classes", "applied_at", "applied_by"])
        .from("next_year")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let Some(row) = conn.query_one(&query).await? else { return Ok(None) };
    let made: String = row.try_get_by_index(1)?;
    let mut lines = Query::select();
    lines
        .columns(["learner_id", "to_class_id"])
        .from("next_year_line")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let line = |row: &sea_orm::QueryResult| Ok((LearnerId(row.try_get_by_index(0)?), ClassId(row.try_get_by_index(1)?)));
    Ok(Some(Applied {
        year: SchoolYearId(row.try_get_by_index(0)?),
        made: serde_json::from_str(&made).map_err(|e| Error::internal(format!("made classes cannot be read: {e}")))?,
        at: row.try_get_by_index(2)?,
        by: row.try_get_by_index(3)?,
        lines: conn.query_all(&lines).await?.iter().map(line).collect::<Result<_>>()?,
    }))
}

/// Whether the next year's classes were filled from a class.
pub(crate) async fn is_applied(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<bool> {
    Ok(applied(conn, class).await?.is_some())
}

/// The grade after one's own at the same school level; none where the level ends.
pub(crate) fn next_grade(grade: Grade) -> Option<Grade> {
    match grade {
        Grade::N1 => Some(Grade::N2),
        Grade::N2 => Some(Grade::N3),
        Grade::N3 => Some(Grade::K3),
        Grade::K3 => Some(Grade::K4),
        Grade::K4 => Some(Grade::K5),
        _ => match grade.number()? {
            5 | 9 | 12 => None,
            number => Grade::from_number(number + 1),
        },
    }
}

pub(crate) fn is_preschool(grade: Grade) -> bool {
    grade.number().is_none()
}

/// What names of classes of a grade begin with: the number, or what preschools call an age group.
pub(crate) fn begins(grade: Grade) -> &'static str {
    match grade {
        Grade::K3 => "Mầm",
        Grade::K4 => "Chồi",
        Grade::K5 => "Lá",
        _ => grade.as_str(),
    }
}

/// The name of the next year's class: "6A1" becomes "7A1", "Mầm 1" becomes "Chồi 1"; a name that does not begin with its grade stays.
pub(crate) fn next_name(name: &str, from: Grade, to: Grade) -> String {
    match name.strip_prefix(begins(from)) {
        Some(rest) if !rest.starts_with(|c: char| c.is_ascii_digit()) => format!("{}{rest}", begins(to)),
        _ => name.to_owned(),
    }
}

/// Whether it is known of everybody where they go: the year is closed, or there is none to close.
async fn is_known(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<bool> {
    Ok(is_preschool(class.grade) || council::is_closed(conn, class).await?)
}

/// The preview, or what was applied.
///
/// Errors: `not_found`, `next_year_missing`.
pub async fn get(db: &Db, ctx: &Ctx, class: ClassId) -> Result<NextYear> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::ClassWrite, Permission::ClassWrite, class).await?;
    answer(conn, ctx, &class).await
}

async fn answer(conn: &impl ConnectionTrait, ctx: &Ctx, class: &ClassFacts) -> Result<NextYear> {
    let year = year(conn, class).await?;
    let applied = applied(conn, class).await?;
    let known = is_known(conn, class).await?;
    let named = ahead::named(conn, class.school_id, year.id).await?;
    let names: HashMap<ClassId, &str> = named.iter().map(|(name, (id, _))| (*id, name.as_str())).collect();
    let put: HashMap<LearnerId, ClassId> = applied.iter().flat_map(|applied| applied.lines.iter().copied()).collect();
    let steps = steps(conn, class).await?;
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let learners: Vec<LearnerId> = steps.keys().copied().collect();
    let here = ahead::present_at(conn, class.school_id, &learners).await?;
    let elsewhere = ahead::classes_in(conn, &learners, year.id).await?;
    let lines = roster
        .into_iter()
        .filter_map(|line| {
            let step = *steps.get(&line.learner_id)?;
            let grade = grade(class, step).filter(|_| here.contains(&line.learner_id));
            let was_put = put.get(&line.learner_id).and_then(|id| names.get(id)).map(|name| (*name).to_owned());
            let proposed = grade.map(|grade| next_name(&class.name, class.grade, grade));
            let class_name = if applied.is_some() { was_put } else { proposed };
            Some(NextYearLine {
                learner_id: line.learner_id,
                ordinal: line.ordinal,
                full_name: line.full_name,
                given_name: line.given_name,
                step,
                grade,
                exists: class_name.as_ref().is_some_and(|name| named.contains_key(name)),
                class_name,
                already_in: elsewhere.get(&line.learner_id).filter(|_| !put.contains_key(&line.learner_id)).cloned(),
            })
        })
        .collect();
    let by = Names::of(conn, ctx.lang, [applied.as_ref().and_then(|applied| applied.by)]).await?;
    Ok(NextYear {
        class_id: class.id,
        class_name: class.name.clone(),
        school_year_id: year.id,
        school_year: year.code,
        ready: known && applied.is_none(),
        applied_at: applied.as_ref().map(|applied| applied.at),
        applied_by: applied.map(|applied| by.name(applied.by)),
        lines,
    })
}

async fn year(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<SchoolYear> {
    ahead::year_after(conn, class.school_year_id).await?.ok_or_else(|| Error::new(Code::NextYearMissing))
}

/// What follows for each learner of a closed year; empty while it is open. In preschool for each child who is there.
async fn steps(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<HashMap<LearnerId, NextStep>> {
    if is_preschool(class.grade) {
        let step = if next_grade(class.grade).is_some() { NextStep::Up } else { NextStep::Completes };
        let roster = facts::roster(conn, class.school_id, class.id, None).await?;
        return Ok(roster.into_iter().filter(|line| line.left_on.is_none()).map(|line| (line.learner_id, step)).collect());
    }
    let decisions = council::frozen_in(conn, class).await?;
    let step = |promotion| match promotion {
        Some(Promotion::Promoted) if next_grade(class.grade).is_some() => NextStep::Up,
        Some(Promotion::Promoted) => NextStep::Completes,
        _ => NextStep::Stays,
    };
    Ok(decisions.into_iter().map(|decision| (decision.learner_id, step(decision.decided.promotion))).collect())
}

fn grade(class: &ClassFacts, step: NextStep) -> Option<Grade> {
    match step {
        NextStep::Up => next_grade(class.grade),
        NextStep::Stays => Some(class.grade),
        NextStep::Completes => None,
    }
}

/// Fills the next year's classes, and makes those that are missing. Who has a class of that year already is left there.
///
/// Errors: `not_found`, `year_not_closed`, `next_year_missing`, `next_year_applied`, `invalid` with the line: `/lines/0/learner_id` for
/// who has no place in it, `/lines/0/class_name` for a class of another grade.
pub async fn apply(db: &Db, ctx: &Ctx, class: ClassId, body: &PostNextYear) -> Result<NextYear> {
    db.write(ctx, async |tx| apply_in(tx, class, body).await).await
}

async fn apply_in(tx: &Tx<'_>, class: ClassId, body: &PostNextYear) -> Result<(NextYear, Vec<Event>)> {
    let conn = tx.conn();
    let ctx = tx.ctx();
    let class = facts::class(conn, ctx, Permission::ClassWrite, Permission::ClassWrite, class).await?;
    lock_both(tx, &class).await?;
    if !is_known(conn, &class).await? {
        return Err(Error::new(Code::YearNotClosed));
    }
    if is_applied(conn, &class).await? {
        return Err(Error::new(Code::NextYearApplied));
    }
    let year = year(conn, &class).await?;
    let plan = plan(conn, &class, &year, body).await?;
    let named = ahead::named(conn, class.school_id, year.id).await?;
    let (mut made, mut rows, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for ((name, grade), learners) in plan {
        let target = match named.get(&name) {
            Some((id, _)) => classes::find_in(conn, ctx, Permission::ClassWrite, *id).await?,
            None => {
                let post = PostClass {
                    school_id: class.school_id,
                    school_year_id: year.id,
                    grade,
                    name: name.clone(),
                    homeroom_staff_id: None,
                };
                let (target, event) = classes::create_in(tx, &post).await?;
                made.push(target.id);
                events.push(event);
                target
            }
        };
        events.extend(ahead::fill(tx, &target, &learners, year.starts_on).await?);
        rows.extend(learners.iter().map(|learner| NextYearRow {
            school_id: class.school_id.0,
            class_id: class.id.0,
            learner_id: learner.0,
            to_class_id: target.id.0,
        }));
    }
    bulk::insert_or(conn, &rows, "").await?;
    let mut insert = Query::insert();
    insert
        .into_table("next_year")
        .columns(["school_id", "class_id", "school_year_id", "made_classes", "applied_at", "applied_by"])
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            year.id.0.into(),
            serde_json::to_string(&made).map_err(Error::internal)?.into(),
            tx.now().into(),
            ctx.account.map(Uuid::from).into(),
        ]);
    conn.execute(&insert).await?;
    let event = Event::new(Some(class.school_id), "next_year.applied", "class", class.id)
        .after(&json!({ "school_year": year.code, "made": made, "lines": body.lines }));
    events.push(event);
    Ok((answer(conn, ctx, &class).await?, events))
}

/// The learners of each target class, by its name and grade.
async fn plan(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    year: &SchoolYear,
    body: &PostNextYear,
) -> Result<BTreeMap<(String, Grade), Vec<LearnerId>>> {
    let steps = steps(conn, class).await?;
    let learners: Vec<LearnerId> = steps.keys().copied().collect();
    let here = ahead::present_at(conn, class.school_id, &learners).await?;
    let elsewhere = ahead::classes_in(conn, &learners, year.id).await?;
    let named = ahead::named(conn, class.school_id, year.id).await?;
    let mut seen = HashSet::new();
    let mut plan: BTreeMap<(String, Grade), Vec<LearnerId>> = BTreeMap::new();
    for (at, line) in body.lines.iter().enumerate() {
        let learner = line.learner_id;
        let place = steps.get(&learner).and_then(|step| grade(class, *step));
        let free = here.contains(&learner) && !elsewhere.contains_key(&learner) && seen.insert(learner);
        let Some(grade) = place.filter(|_| free) else {
            return Err(Error::field(format!("/lines/{at}/learner_id"), Code::FieldChoice));
        };
        let name = kernel::text::clean(&line.class_name);
        if name.is_empty() {
            return Err(Error::field(format!("/lines/{at}/class_name"), Code::FieldRequired));
        }
        let other = plan.keys().any(|(known, of)| *known == name && *of != grade);
        if other || named.get(&name).is_some_and(|(_, of)| *of != grade) {
            return Err(Error::field(format!("/lines/{at}/class_name"), Code::FieldChoice));
        }
        plan.entry((name, grade)).or_default().push(learner);
    }
    Ok(plan)
}

/// Undoes it as a whole: refused where anybody was moved or has marks there by now. Classes that it made and nobody has used go too.
///
/// Errors: `not_found`, `next_year_not_applied`, `next_year_used` with the number of learners.
pub async fn undo(db: &Db, ctx: &Ctx, class: ClassId) -> Result<NextYear> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = facts::class(conn, ctx, Permission::ClassWrite, Permission::ClassWrite, class).await?;
        lock_both(tx, &class).await?;
        let applied = applied(conn, &class).await?.ok_or_else(|| Error::new(Code::NextYearNotApplied))?;
        let starts_on = year_of(conn, &applied).await?.starts_on;
        let touched = ahead::touched(conn, class.school_id, &applied.lines, starts_on).await?;
        if !touched.is_empty() {
            return Err(Error::new(Code::NextYearUsed).with("count", touched.len()));
        }
        let mut events = ahead::take_back(tx, class.school_id, &applied.lines, &applied.made).await?;
        for table in ["next_year_line", "next_year"] {
            let mut delete = Query::delete();
            delete
                .from_table(table)
                .and_where(Expr::col("school_id").eq(class.school_id.0))
                .and_where(Expr::col("class_id").eq(class.id.0));
            conn.execute(&delete).await?;
        }
        let lines: Vec<_> = applied.lines.iter().map(|(learner, to)| json!([learner, to])).collect();
        events.push(
            Event::new(Some(class.school_id), "next_year.undone", "class", class.id)
                .before(&json!({ "made": applied.made, "lines": lines })),
        );
        Ok((answer(conn, tx.ctx(), &class).await?, events))
    })
    .await
}

async fn year_of(conn: &impl ConnectionTrait, applied: &Applied) -> Result<SchoolYear> {
    let years = records::calendar::years_in(conn, kernel::clock::today()).await?;
    let year = years.into_iter().find(|year| year.id == applied.year);
    year.ok_or_else(|| Error::internal("the school year of an enrolment is gone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_keeps_its_letter() {
        assert_eq!(next_name("6A1", Grade::G6, Grade::G7), "7A1");
        assert_eq!(next_name("10A1", Grade::G10, Grade::G11), "11A1");
        assert_eq!(next_name("6.3", Grade::G6, Grade::G7), "7.3");
        assert_eq!(next_name("Chuyên Toán", Grade::G10, Grade::G11), "Chuyên Toán");
        assert_eq!(next_name("61", Grade::G6, Grade::G7), "61");
        assert_eq!((next_grade(Grade::G6), next_grade(Grade::G9), next_grade(Grade::K5)), (Some(Grade::G7), None, None));
        assert_eq!((next_grade(Grade::G5), next_grade(Grade::N3)), (None, Some(Grade::K3)));
        assert_eq!(next_name("Mầm 1", Grade::K3, Grade::K4), "Chồi 1");
        assert_eq!(next_name("Lá Xanh", Grade::K4, Grade::K5), "Lá Xanh");
    }
}
