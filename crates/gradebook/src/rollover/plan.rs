//! What is proposed for a school, with the school's own changes.

use super::known::{StepsOf, applied, edits, steps};
use crate::facts::{self, ClassItem};
use crate::next_year::{begins, next_grade, next_name};
use dto::calendar::{Grade, SchoolYear};
use dto::council::NextStep;
use dto::rollover::{PutRollover, RolloverState, RolloverTarget};
use dto::{ClassId, Code, LearnerId, SchoolYearId, UnitId};
use kernel::ctx::Scope;
use kernel::{Error, Result};
use records::classes::ahead;
use records::classes::rollover::{self as lists, YearLine};
use records::{calendar, units};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Longest name of a class.
pub(super) const NAME: usize = 30;

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
