//! Who is late: what was due before today and is not there.
//!
//! Marks are counted by the database in one pass over a term, a group for each column of each sheet. Who has left a class is taken
//! out again, so that their cells are asked of nobody. A cell that is exempt counts as filled; closing a term is exact, this list
//! near enough where a learner changed electives.

use super::locks::holds;
use super::{Days, answer, read};
use crate::facts::{self, ClassItem, SchoolTerm, SubjectFacts};
use crate::value::{EXEMPT, FAIL, PASS};
use crate::{policy, value};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::Term;
use dto::classes::StaffRef;
use dto::deadlines::{LateGroup, LateMarks, LateSection, LateTeacher, OpeningState, SlotGroup};
use dto::{ClassId, LearnerId, SchoolYearId, StaffId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Result, clock};
use regulations::Slot;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
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
    let sheets = Sheets::read(conn, &classes, place.term, place.ends_on).await?;
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
                    let (missing, cells) = sheets.missing(class, subject, group);
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

/// What the sheets of a teacher owe, of those that owe something by a deadline of their school.
pub(crate) async fn owed(
    conn: &impl ConnectionTrait,
    sections: &[(ClassItem, SubjectFacts)],
    year: SchoolYearId,
    term: Term,
    term_ends_on: NaiveDate,
) -> Result<HashMap<(ClassId, String), Owed>> {
    let mut schools: Vec<UnitId> = sections.iter().map(|(class, _)| class.school_id).collect();
    schools.sort_unstable();
    schools.dedup();
    let deadlines = of_schools(conn, &schools, year, term).await?;
    let mut classes: Vec<ClassItem> = Vec::new();
    for (class, _) in sections {
        let known = classes.iter().any(|c| c.id == class.id);
        if !known && deadlines.contains_key(&class.school_id) && policy::of_item(class).is_some() {
            classes.push(class.clone());
        }
    }
    if classes.is_empty() {
        return Ok(HashMap::new());
    }
    let opened = opened(conn, &schools, term).await?;
    let sheets = Sheets::read(conn, &classes, term, term_ends_on).await?;
    let today = clock::today();
    let mut owed = HashMap::new();
    for (class, subject) in sections {
        let Some(days) = deadlines.get(&class.school_id) else { continue };
        let due = SlotGroup::ALL.iter().filter_map(|group| {
            let day = days.of(*group)?;
            let open = opened.contains(&(class.id, subject.code.clone(), *group));
            (sheets.missing(class, subject, *group).0 > 0).then_some((day, day < today && !open))
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

/// How full the sheets of classes are.
pub(crate) struct Sheets {
    subjects: HashMap<ClassId, Vec<SubjectFacts>>,
    /// Who counts in a class.
    learners: HashMap<ClassId, HashSet<LearnerId>>,
    electives: HashMap<(ClassId, String), u32>,
    filled: HashMap<(ClassId, String, Slot), u32>,
}

impl Sheets {
    async fn read(conn: &impl ConnectionTrait, classes: &[ClassItem], term: Term, term_ends_on: NaiveDate) -> Result<Sheets> {
        let day = Ord::min(term_ends_on, clock::today());
        let mut subjects: HashMap<_, Vec<_>> = HashMap::new();
        for (class, subject) in facts::subjects_of(conn, classes).await? {
            subjects.entry(class).or_default().push(subject);
        }
        let (mut learners, mut left): (HashMap<_, HashSet<_>>, Vec<(ClassId, LearnerId)>) = (HashMap::new(), Vec::new());
        for (class, learner, left_on) in facts::learners_of(conn, classes).await? {
            match left_on {
                Some(left_on) if left_on <= day => left.push((class, learner)),
                _ => _ = learners.entry(class).or_default().insert(learner),
            }
        }
        let mut electives: HashMap<_, u32> = HashMap::new();
        if subjects.values().flatten().any(|subject| !subject.whole_class) {
            for (class, subject, learner) in facts::electives_of(conn, classes).await? {
                if learners.get(&class).is_some_and(|there| there.contains(&learner)) {
                    *electives.entry((class, subject)).or_default() += 1;
                }
            }
        }
        let mut filled: HashMap<_, u32> = HashMap::new();
        for row in conn.query_all(&counted(classes, term)).await? {
            let code: String = row.try_get_by_index(2)?;
            let Some(slot) = Slot::from_code(&code) else { continue };
            let count = u32::try_from(row.try_get_by_index::<i64>(3)?).unwrap_or(u32::MAX);
            filled.insert((ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, slot), count);
        }
        if !left.is_empty() {
            let gone: HashSet<(ClassId, LearnerId)> = left.iter().copied().collect();
            let classes: Vec<ClassItem> =
                classes.iter().filter(|class| left.iter().any(|(id, _)| *id == class.id)).cloned().collect();
            let mut query = base(&classes, term);
            query
                .columns(["class_id", "subject_code", "slot", "learner_id"])
                .and_where(Expr::col("learner_id").is_in(left.iter().map(|(_, learner)| learner.0)));
            for row in conn.query_all(&query).await? {
                let class = ClassId(row.try_get_by_index(0)?);
                let code: String = row.try_get_by_index(2)?;
                let Some(slot) = Slot::from_code(&code) else { continue };
                if gone.contains(&(class, LearnerId(row.try_get_by_index(3)?)))
                    && let Some(count) = filled.get_mut(&(class, row.try_get_by_index(1)?, slot))
                {
                    *count = count.saturating_sub(1);
                }
            }
        }
        Ok(Sheets { subjects, learners, electives, filled })
    }

    fn subjects(&self, class: ClassId) -> &[SubjectFacts] {
        self.subjects.get(&class).map_or(&[], Vec::as_slice)
    }

    /// Missing cells of a group of columns, and all its cells.
    fn missing(&self, class: &ClassItem, subject: &SubjectFacts, group: SlotGroup) -> (u32, u32) {
        let Some(policy) = policy::of_item(class) else { return (0, 0) };
        let learners = match subject.whole_class {
            true => self.learners.get(&class.id).map_or(0, |l| u32::try_from(l.len()).unwrap_or(u32::MAX)),
            false => self.electives.get(&(class.id, subject.code.clone())).copied().unwrap_or(0),
        };
        let slots = regulations::slots(subject.annual_periods, subject.kind, &policy);
        slots.into_iter().filter(|slot| SlotGroup::of(*slot) == group).fold((0, 0), |(missing, cells), slot| {
            let filled = self.filled.get(&(class.id, subject.code.clone(), slot)).copied().unwrap_or(0);
            (missing + learners.saturating_sub(filled), cells + learners)
        })
    }
}

/// The filled cells of classes in a term.
fn base(classes: &[ClassItem], term: Term) -> SelectStatement {
    let mut schools: Vec<_> = classes.iter().map(|class| class.school_id.0).collect();
    schools.sort_unstable();
    schools.dedup();
    let mut query = Query::select();
    query
        .from("mark")
        .and_where(Expr::col("school_id").is_in(schools))
        .and_where(Expr::col("class_id").is_in(classes.iter().map(|class| class.id.0)))
        .and_where(Expr::col("term").eq(value::term_number(term)))
        .and_where(Expr::col("mark").is_not_null().or(Expr::col("flag").is_in([PASS, FAIL, EXEMPT])));
    query
}

fn counted(classes: &[ClassItem], term: Term) -> SelectStatement {
    let mut query = base(classes, term);
    query.columns(["class_id", "subject_code", "slot"]).expr(Func::count(Expr::col("learner_id"))).group_by_columns([
        "class_id",
        "subject_code",
        "slot",
    ]);
    query
}
