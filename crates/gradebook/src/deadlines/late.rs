//! Who is late: what was due before today and is not there.
//!
//! What is missing is what closing the term would ask for ([`crate::asked`]).

use super::locks::holds;
use super::{Days, answer, read};
use crate::asked::Sheets;
use crate::facts::{self, ClassItem, SchoolTerm, SubjectFacts};
use crate::{policy, value};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::{Term, TermDates};
use dto::classes::StaffRef;
use dto::deadlines::{LateGroup, LateMarks, LateSection, LateTeacher, OpeningState, SlotGroup};
use dto::{ClassId, Code, SchoolYearId, StaffId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most classes of one school.
const MOST_CLASSES: u64 = 1000;

/// What is late in a school's term, by teacher; for whoever reads marks of the whole school.
pub async fn late(db: &Db, ctx: &Ctx, school: UnitId, term: Term, year: Option<SchoolYearId>) -> Result<LateMarks> {
    let conn = db.read();
    facts::whole_school(conn, ctx, Permission::MarkRead, school).await?;
    let place = facts::school_term(conn, ctx, Permission::MarkRead, Permission::DeadlineWrite, school, year, term).await?;
    let (days, version) = read(conn, &place).await?;
    let teachers = match late_groups(&days).is_empty() {
        true => Vec::new(),
        false => teachers(conn, &place, &days).await?,
    };
    let missing = teachers.iter().map(|teacher| teacher.missing).sum();
    Ok(LateMarks { deadlines: answer(place, days, version), missing, teachers })
}

/// The groups whose last day has passed.
fn late_groups(days: &Days) -> Vec<(SlotGroup, NaiveDate)> {
    let today = clock::today();
    SlotGroup::ALL.iter().filter_map(|group| Some((*group, days.of(*group).filter(|due| *due < today)?))).collect()
}

async fn teachers(conn: &impl ConnectionTrait, place: &SchoolTerm, days: &Days) -> Result<Vec<LateTeacher>> {
    let scope = Scope { units: vec![place.school_id.0], ..Scope::default() };
    let mut classes = facts::classes_reached(conn, &scope, place.school_year_id, MOST_CLASSES).await?;
    classes.retain(|class| class.school_id == place.school_id && policy::of_item(class).is_some());
    if classes.is_empty() {
        return Ok(Vec::new());
    }
    let opened = opened(conn, &[place.school_id], place.term).await?;
    let dates = facts::terms(conn, place.school_year_id).await?.into_iter().find(|dates| dates.term == place.term);
    let dates = dates.ok_or_else(|| Error::new(Code::NotFound))?;
    let sheets = Sheets::read(conn, &classes, &classes, &[], std::slice::from_ref(&dates)).await?;
    let mut by_sheet: HashMap<(ClassId, String), Vec<StaffRef>> = HashMap::new();
    for (class, subject, staff) in facts::teachers_of(conn, &classes).await? {
        by_sheet.entry((class, subject)).or_default().push(staff);
    }
    // The sheets in the order of classes; the teachers by name of their first sheet, until they are sorted by what they owe.
    let mut teachers: BTreeMap<Option<StaffId>, LateTeacher> = BTreeMap::new();
    for class in &classes {
        for subject in sheets.subjects(class.id) {
            let groups: Vec<LateGroup> = late_groups(days)
                .into_iter()
                .filter(|(group, _)| !opened.contains(&(class.id, subject.code.clone(), *group)))
                .filter_map(|(group, due_on)| {
                    let (missing, cells) = sheets.missing(class.id, subject, &dates, |slot| SlotGroup::of(slot) == group);
                    (missing > 0).then_some(LateGroup { group, due_on, missing, cells })
                })
                .collect();
            if groups.is_empty() {
                continue;
            }
            let missing: u32 = groups.iter().map(|group| group.missing).sum();
            // Where two share a sheet, each is asked for it; where nobody is assigned, that is what the list says.
            let staff = by_sheet.get(&(class.id, subject.code.clone())).cloned().unwrap_or_default();
            let staff: Vec<Option<StaffRef>> = if staff.is_empty() { vec![None] } else { staff.into_iter().map(Some).collect() };
            for staff in staff {
                let teacher = teachers.entry(staff.as_ref().map(|s| s.id)).or_insert_with(|| LateTeacher {
                    staff,
                    missing: 0,
                    sections: Vec::new(),
                });
                teacher.missing += missing;
                teacher.sections.push(LateSection {
                    class_id: class.id,
                    class_name: class.name.clone(),
                    subject_code: subject.code.clone(),
                    subject_name_vi: subject.name_vi.clone(),
                    subject_name_en: subject.name_en.clone(),
                    groups: groups.clone(),
                });
            }
        }
    }
    let mut teachers: Vec<LateTeacher> = teachers.into_values().collect();
    teachers.sort_by_key(|teacher| std::cmp::Reverse(teacher.missing));
    Ok(teachers)
}

/// What one sheet owes by its school's deadlines: the first day on which something is, or was, due; whether that has passed.
pub(crate) struct Owed {
    pub due_on: NaiveDate,
    pub late: bool,
}

/// What the sheets of a teacher owe, of those that owe something by a deadline of their school. `sheets` holds them.
pub(crate) async fn owed(
    conn: &impl ConnectionTrait,
    sections: &[(ClassItem, SubjectFacts)],
    sheets: &Sheets,
    year: SchoolYearId,
    dates: &TermDates,
) -> Result<HashMap<(ClassId, String), Owed>> {
    let mut schools: Vec<UnitId> = sections.iter().map(|(class, _)| class.school_id).collect();
    schools.sort_unstable();
    schools.dedup();
    let deadlines = of_schools(conn, &schools, year, dates.term).await?;
    if deadlines.is_empty() {
        return Ok(HashMap::new());
    }
    let opened = opened(conn, &schools, dates.term).await?;
    let today = clock::today();
    let mut owed = HashMap::new();
    for (class, subject) in sections {
        let Some(days) = deadlines.get(&class.school_id) else { continue };
        let due = SlotGroup::ALL.iter().filter_map(|group| {
            let day = days.of(*group)?;
            let open = opened.contains(&(class.id, subject.code.clone(), *group));
            (sheets.missing(class.id, subject, dates, |slot| SlotGroup::of(slot) == *group).0 > 0)
                .then_some((day, day < today && !open))
        });
        if let Some((due_on, late)) = due.min_by_key(|(day, late)| (!late, *day)) {
            owed.insert((class.id, subject.code.clone()), Owed { due_on, late });
        }
    }
    Ok(owed)
}

async fn of_schools(
    conn: &impl ConnectionTrait,
    schools: &[UnitId],
    year: SchoolYearId,
    term: Term,
) -> Result<HashMap<UnitId, Days>> {
    if schools.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Query::select();
    query
        .column("school_id")
        .columns(super::DAYS)
        .from("mark_deadline")
        .and_where(Expr::col("school_id").is_in(schools.iter().map(|school| school.0)))
        .and_where(Expr::col("school_year_id").eq(year.0))
        .and_where(Expr::col("term").eq(value::term_number(term)));
    let rows = conn.query_all(&query).await?;
    let days = rows.iter().map(|row| Ok((UnitId(row.try_get_by_index(0)?), Days::read(row, 1)?)));
    Ok(days.collect::<Result<HashMap<_, _>>>()?.into_iter().filter(|(_, days)| days.any()).collect())
}

/// Groups of sheets that are open again today.
async fn opened(conn: &impl ConnectionTrait, schools: &[UnitId], term: Term) -> Result<HashSet<(ClassId, String, SlotGroup)>> {
    let mut query = Query::select();
    query
        .columns(["class_id", "subject_code", "slot_groups"])
        .from("mark_opening")
        .and_where(Expr::col("school_id").is_in(schools.iter().map(|school| school.0)))
        .and_where(Expr::col("term").eq(value::term_number(term)))
        .and_where(Expr::col("state").eq(OpeningState::Approved.as_str()))
        .and_where(Expr::col("open_until").gte(clock::today()));
    let mut opened = HashSet::new();
    for row in conn.query_all(&query).await? {
        let (class, subject) = (ClassId(row.try_get_by_index(0)?), row.try_get_by_index::<String>(1)?);
        let groups: String = row.try_get_by_index(2)?;
        opened.extend(SlotGroup::ALL.iter().filter(|g| holds(&groups, **g)).map(|g| (class, subject.clone(), *g)));
    }
    Ok(opened)
}
