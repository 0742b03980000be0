//! How full the sheets of many classes are.
//!
//! Cells are counted in one pass. That holds for whoever is asked for all
//! columns of a sheet and either has a value in each or lacks it. Whoever is not so simple is taken out of the count and looked at
//! alone, with the verb that closing uses: who has left, who has a plan, whose term was closed elsewhere, the sheets in which
//! somebody is exempt or absent, and those that some of a class have chosen.

use super::{Asked, closed_before, gaps, lacks_topics, required};
use crate::facts::{self, ClassItem, SubjectFacts};
use crate::value::{ABSENT, DONE, EXEMPT, FAIL, GOOD, PASS, WEAK, term_number};
use crate::{former, policy, value};
use chrono::NaiveDate;
use dto::calendar::{Grade, Term, TermDates};
use dto::{ClassId, LearnerId};
use futures::future::try_join_all;
use kernel::Result;
use regulations::tt27::TraitKind;
use regulations::{CellValue, Policy, Regulation, Slot};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{BinOper, CaseStatement, Condition, Expr, ExprTrait, Func, Query, SelectStatement};
use std::collections::{HashMap, HashSet};

type Cells = Vec<(Slot, CellValue)>;

/// So many classes are counted by one statement.
const FEW_CLASSES: usize = 8;

/// The sheets of classes in some terms, as far as they were asked for.
pub(crate) struct Sheets {
    policies: HashMap<ClassId, (Grade, Policy)>,
    subjects: HashMap<ClassId, Vec<SubjectFacts>>,
    /// Who is or was in a class, and from when no longer.
    roll: HashMap<ClassId, Vec<(LearnerId, Option<NaiveDate>)>>,
    asked: Asked,
    /// Terms that were closed for a learner where they came from.
    done: HashSet<(ClassId, Term, LearnerId)>,
    /// Learners who are in no count.
    alone: HashSet<LearnerId>,
    /// Sheets of which every learner is looked at alone.
    singly: HashSet<(ClassId, String, Term)>,
    /// Columns with a value, of all learners but those who are looked at alone.
    filled: HashMap<(ClassId, String, Term), HashMap<Slot, u32>>,
    /// The cells of whom, and of which sheets, are looked at alone.
    cells: HashMap<(ClassId, String, Term, LearnerId), Cells>,
}

impl Sheets {
    /// Of `whole` classes all sheets, and besides these `sections`. `classes` has them all, and perhaps others whose learners alone
    /// are asked for.
    pub(crate) async fn read(
        conn: &impl ConnectionTrait,
        classes: &[ClassItem],
        whole: &[ClassItem],
        sections: &[(ClassItem, SubjectFacts)],
        terms: &[TermDates],
    ) -> Result<Sheets> {
        let mut sheets = Sheets {
            policies: classes.iter().filter_map(|c| Some((c.id, (c.grade, policy::of_item(c)?)))).collect(),
            subjects: HashMap::new(),
            roll: HashMap::new(),
            asked: Asked::default(),
            done: HashSet::new(),
            alone: HashSet::new(),
            singly: HashSet::new(),
            filled: HashMap::new(),
            cells: HashMap::new(),
        };
        if classes.is_empty() || terms.is_empty() {
            return Ok(sheets);
        }
        for (class, subject) in facts::subjects_of(conn, classes).await? {
            sheets.subjects.entry(class).or_default().push(subject);
        }
        for (class, learner, left_on) in facts::learners_of(conn, classes).await? {
            sheets.roll.entry(class).or_default().push((learner, left_on));
        }
        sheets.asked = Asked::read(conn, classes, sheets.subjects.values().flatten()).await?;
        sheets.done = former::terms_of(conn, classes).await?;
        let before = closed_before(conn, classes, None).await?;
        sheets.set_apart(terms, &before);
        let counted = Counted { whole, sections, terms };
        sheets.count(conn, &counted).await?;
        sheets.look_closer(conn, classes, terms).await?;
        // What is written here stands before what was closed elsewhere.
        let written: HashSet<(ClassId, Term, LearnerId)> = sheets.cells.keys().map(|(c, _, t, l)| (*c, *t, *l)).collect();
        let before = before.into_iter().map(|one| (one.class, one.term, one.learner));
        sheets.done.extend(before.filter(|one| !written.contains(one)));
        Ok(sheets)
    }

    fn set_apart(&mut self, terms: &[TermDates], before: &[super::ClosedBefore]) {
        let gone = |left: &Option<NaiveDate>| terms.iter().any(|dates| facts::gone(*left, Some(dates.ends_on)));
        let left = self.roll.values().flatten().filter(|(_, left)| gone(left)).map(|(learner, _)| *learner);
        let planned = self.asked.plans.keys().map(|(_, learner)| *learner);
        let former = self.done.iter().map(|(_, _, learner)| *learner);
        self.alone = left.chain(planned).chain(former).chain(before.iter().map(|one| one.learner)).collect();
        for (class, subjects) in &self.subjects {
            let named =
                |subject: &SubjectFacts| subject.topics && self.asked.topics.contains_key(&(*class, subject.code.clone()));
            for subject in subjects.iter().filter(|subject| !subject.whole_class || named(subject)) {
                self.singly.extend(terms.iter().map(|dates| (*class, subject.code.clone(), dates.term)));
            }
        }
    }

    async fn count(&mut self, conn: &impl ConnectionTrait, counted: &Counted<'_>) -> Result<()> {
        let mut queries = counted.queries();
        for query in &mut queries {
            query.columns(["class_id", "subject_code", "term"]).expr(columns_of_cells());
            if !self.alone.is_empty() {
                query.and_where(Expr::col("learner_id").is_not_in(self.alone.iter().map(|learner| learner.0)));
            }
            query.group_by_columns(["class_id", "subject_code", "term"]);
        }
        for rows in try_join_all(queries.iter().map(|query| conn.query_all(query))).await? {
            for row in rows {
                let class = ClassId(row.try_get_by_index(0)?);
                let key = (class, row.try_get_by_index::<String>(1)?, term_of(row.try_get_by_index(2)?));
                let cells: Option<String> = row.try_get_by_index(3)?;
                let (filled, apart) = counted_of(cells.as_deref().unwrap_or_default());
                if apart || filled.keys().any(|slot| self.is_beside(class, &key.1, key.2, *slot)) {
                    self.singly.insert(key.clone());
                }
                self.filled.insert(key, filled);
            }
        }
        Ok(())
    }

    /// Whether a value stands beside the columns of a sheet: from a time when the subject had more periods.
    fn is_beside(&self, class: ClassId, code: &str, term: Term, slot: Slot) -> bool {
        let Some((grade, policy)) = self.policies.get(&class) else { return false };
        let subject = self.subjects(class).iter().find(|subject| subject.code == code);
        regulations::required(slot)
            && subject.is_some_and(|subject| !policy::columns(*grade, subject, term, policy).contains(&slot))
    }

    /// Reads the cells of whom, and of which sheets, the count leaves out: a statement for each.
    async fn look_closer(&mut self, conn: &impl ConnectionTrait, classes: &[ClassItem], terms: &[TermDates]) -> Result<()> {
        let holds = |class: &ClassId| self.roll.get(class).is_some_and(|roll| roll.iter().any(|(l, _)| self.alone.contains(l)));
        let of: Vec<ClassItem> = classes.iter().filter(|class| holds(&class.id)).cloned().collect();
        if !of.is_empty() {
            let mut query = of_classes(&of);
            query.and_where(Expr::col("term").is_in(terms.iter().map(|dates| term_number(dates.term))));
            query.and_where(Expr::col("learner_id").is_in(self.alone.iter().map(|learner| learner.0)));
            self.take(conn, query).await?;
        }
        let singly = std::mem::take(&mut self.singly);
        let of: HashSet<ClassId> = singly.iter().map(|(class, ..)| *class).collect();
        let of: Vec<ClassItem> = classes.iter().filter(|class| of.contains(&class.id)).cloned().collect();
        if !of.is_empty() {
            let mut sheets: HashMap<&str, HashSet<ClassId>> = HashMap::new();
            for (class, code, _) in &singly {
                sheets.entry(code).or_default().insert(*class);
            }
            let mut query = of_classes(&of);
            query.and_where(Expr::col("subject_code").is_in(sheets.keys().copied()));
            // The mark of topics may be in either term.
            if self.asked.topics.is_empty() {
                query.and_where(Expr::col("term").is_in(terms.iter().map(|dates| term_number(dates.term))));
            }
            let pair = |(code, of): (&&str, &HashSet<ClassId>)| {
                Expr::col("subject_code").eq(*code).and(Expr::col("class_id").is_in(of.iter().map(|class| class.0)))
            };
            query.cond_where(sheets.iter().map(pair).fold(Condition::any(), Condition::add));
            self.take(conn, query).await?;
        }
        self.singly = singly;
        Ok(())
    }

    async fn take(&mut self, conn: &impl ConnectionTrait, mut query: SelectStatement) -> Result<()> {
        query.columns(["class_id", "subject_code", "term", "learner_id"]).expr(value::joined()).group_by_columns([
            "class_id",
            "subject_code",
            "term",
            "learner_id",
        ]);
        for row in conn.query_all(&query).await? {
            let class = ClassId(row.try_get_by_index(0)?);
            let sheet = (class, row.try_get_by_index::<String>(1)?, term_of(row.try_get_by_index(2)?));
            let subject = self.subjects(class).iter().find(|subject| subject.code == sheet.1);
            let Some(subject) = subject else { continue };
            let text: String = row.try_get_by_index(4)?;
            let learner = LearnerId(row.try_get_by_index(3)?);
            let there = value::split(&text).filter_map(|(slot, value, _)| Some((slot, value?)));
            let there: Cells = there.filter(|(slot, _)| self.asked.counts(class, subject, learner, *slot)).collect();
            if !there.is_empty() {
                self.cells.insert((class, sheet.1, sheet.2, learner), there);
            }
        }
        Ok(())
    }

    pub(crate) fn subjects(&self, class: ClassId) -> &[SubjectFacts] {
        self.subjects.get(&class).map_or(&[], Vec::as_slice)
    }

    /// The learners that a term counts, as [`crate::results::book::Book::counted`] has them.
    pub(crate) fn counted(&self, class: ClassId, dates: &TermDates) -> impl Iterator<Item = LearnerId> {
        let learners = self.roll.get(&class).map_or(&[][..], Vec::as_slice);
        let here = learners.iter().filter(|(_, left_on)| !facts::gone(*left_on, Some(dates.ends_on)));
        here.map(|(learner, _)| *learner).filter(move |learner| !self.done.contains(&(class, dates.term, *learner)))
    }

    /// Missing cells of a sheet among the columns that are `wanted`, and all cells of these that are asked for.
    pub(crate) fn missing(
        &self,
        class: ClassId,
        subject: &SubjectFacts,
        dates: &TermDates,
        wanted: impl Fn(Slot) -> bool,
    ) -> (u32, u32) {
        let Some((grade, policy)) = self.policies.get(&class) else { return (0, 0) };
        let slots: Vec<Slot> = required(*grade, subject, dates.term, policy).into_iter().filter(|slot| wanted(*slot)).collect();
        let columns = slots.len() as u32;
        let sheet = (class, subject.code.clone(), dates.term);
        let singly = self.singly.contains(&sheet);
        let (mut simple, mut missing, mut cells) = (0, 0, 0);
        for learner in self.counted(class, dates).filter(|learner| self.asked.takes(class, subject, *learner)) {
            cells += columns;
            if singly || self.alone.contains(&learner) {
                let of = |term| self.cells.get(&(class, subject.code.clone(), term, learner)).map_or(&[][..], Vec::as_slice);
                let there = of(dates.term);
                if wanted(Slot::TOPICS) && self.asked.asks_topics(class, subject, learner, dates.term) {
                    cells += 1;
                    missing += u32::from(lacks_topics(there, of(Term::S1)));
                }
                let lacking = gaps(*grade, dates.term, std::iter::once((subject, there)), &[], policy);
                let own = |(code, slot): &&(&str, Slot)| *code == subject.code && wanted(*slot);
                missing += lacking.iter().filter(own).count() as u32;
            } else {
                simple += 1;
            }
        }
        let filled = |slot: &Slot| self.filled.get(&sheet).and_then(|slots| slots.get(slot)).copied().unwrap_or(0);
        (missing + slots.iter().map(|slot| u32::saturating_sub(simple, filled(slot))).sum::<u32>(), cells)
    }

    /// Missing cells of all sheets of a class that was read as a whole, and all cells that are asked for.
    pub(crate) fn missing_of_class(&self, class: ClassId, dates: &TermDates) -> (u32, u32) {
        let add = |(a, b): (u32, u32), (c, d): (u32, u32)| (a + c, b + d);
        let own = self.subjects(class).iter().map(|subject| self.missing(class, subject, dates, |_| true)).fold((0, 0), add);
        let Some((grade, policy)) = self.policies.get(&class).filter(|(_, policy)| policy.code == Regulation::Tt27) else {
            return own;
        };
        // A primary class without one of its sheets still owes it.
        let lost = TraitKind::ALL.into_iter().filter(|kind| !self.subjects(class).iter().any(|s| s.code == kind.sheet()));
        let number = grade.number().unwrap_or_default();
        let columns = |kind: TraitKind| {
            let slots = regulations::tt27::columns(kind.sheet(), number, dates.term == Term::S2, &policy.tt27);
            slots.into_iter().filter(|slot| regulations::required(*slot)).count()
        };
        let lost = (lost.map(columns).sum::<usize>() * self.counted(class, dates).count()) as u32;
        add(own, (lost, lost))
    }
}

/// What of classes is counted.
struct Counted<'a> {
    whole: &'a [ClassItem],
    sections: &'a [(ClassItem, SubjectFacts)],
    terms: &'a [TermDates],
}

impl Counted<'_> {
    fn of(&self, classes: &[ClassItem]) -> SelectStatement {
        let mut query = of_classes(classes);
        query.and_where(Expr::col("term").is_in(self.terms.iter().map(|dates| term_number(dates.term))));
        query
    }

    /// Statements for whole classes, of many in two halves that run at once, and one for sections of other classes.
    fn queries(&self) -> Vec<SelectStatement> {
        let half = Ord::max(self.whole.len().div_ceil(2), FEW_CLASSES);
        let mut queries: Vec<_> = self.whole.chunks(half).map(|classes| self.of(classes)).collect();
        let whole: HashSet<ClassId> = self.whole.iter().map(|class| class.id).collect();
        let (mut classes, mut codes): (Vec<ClassItem>, HashSet<&str>) = (Vec::new(), HashSet::new());
        for (class, subject) in self.sections.iter().filter(|(class, _)| !whole.contains(&class.id)) {
            codes.insert(&subject.code);
            if classes.iter().all(|known| known.id != class.id) {
                classes.push(class.clone());
            }
        }
        if !classes.is_empty() {
            let mut query = self.of(&classes);
            query.and_where(Expr::col("subject_code").is_in(codes));
            queries.push(query);
        }
        queries
    }
}

fn of_classes(classes: &[ClassItem]) -> SelectStatement {
    let schools: HashSet<_> = classes.iter().map(|class| class.school_id.0).collect();
    let mut query = Query::select();
    query
        .from("mark")
        .and_where(Expr::col("school_id").is_in(schools))
        .and_where(Expr::col("class_id").is_in(classes.iter().map(|class| class.id.0)));
    query
}

/// The columns of a sheet's cells as one text, `r1 r1 mid! r2`: a word for each cell with a value, marked where it is an exemption or an
/// absence. The key of a mark begins with class, subject and term, so that groups of these need no sorting, as groups of columns would.
fn columns_of_cells() -> Expr {
    let given = Expr::col("mark").is_not_null().or(Expr::col("flag").is_in([PASS, FAIL, GOOD, DONE, WEAK]));
    let apart = Expr::col("flag").is_in([EXEMPT, ABSENT]);
    let marked = Expr::col("slot").binary(BinOper::Custom("||"), Expr::val("!"));
    let word =
        CaseStatement::new().case(Condition::all().add(given), Expr::col("slot")).case(Condition::all().add(apart), marked);
    Func::cust("string_agg").arg(word).arg(Expr::val(" ")).into()
}

/// How many cells of each column [`columns_of_cells`] gave, and whether any of them is an exemption or an absence.
fn counted_of(cells: &str) -> (HashMap<Slot, u32>, bool) {
    let (mut words, mut apart): (HashMap<&str, u32>, bool) = (HashMap::new(), false);
    for word in cells.split(' ').filter(|word| !word.is_empty()) {
        if word.ends_with('!') { apart = true } else { *words.entry(word).or_default() += 1 }
    }
    (words.into_iter().filter_map(|(code, n)| Some((Slot::from_code(code)?, n))).collect(), apart)
}

fn term_of(number: i16) -> Term {
    if number == 2 { Term::S2 } else { Term::S1 }
}
