//! Marks, conduct, closing, results and families, as their callers see them.

mod absences;
mod access;
mod asked;
mod closing;
mod closing_runs;
mod comments;
mod concurrency;
mod conduct;
pub mod contact;
pub mod council;
mod deadlines;
mod family;
mod file_imports;
mod files;
mod former;
mod former_years;
mod history;
mod live;
pub mod packages;
mod plans;
mod preschool;
pub mod primary;
mod primary_close;
mod primary_files;
mod primary_individual;
mod primary_year;
mod privacy;
mod registers;
mod results;
mod rollover;
mod save;
mod school_transfers;
mod sheet;
mod todos;
mod topics;
pub mod transcripts;

use crate::harness::{Actor, School, TestApp};
use dto::calendar::Term;
use dto::classes::{Class, ClassSubject};
use dto::gradebook::{
    CellOutcome, CellResult, Closing, ConductSheet, MarkSheet, MarkSource, MarksSaved, PutCell, PutConduct, PutConductRow,
    PutMarks,
};
use dto::{LearnerId, Page};
use regulations::{CellValue, Level, Mark, Slot, SubjectKind};

/// A class of three with its principal, homeroom teacher and a teacher of mathematics.
pub struct Room {
    pub school: School,
    pub class: Class,
    pub learners: Vec<LearnerId>,
    pub principal: Actor,
    pub homeroom: Actor,
    pub teacher: Actor,
}

pub async fn room(app: &TestApp) -> Room {
    room_in(app, &app.world.school_a, "6A1").await
}

pub async fn room_in(app: &TestApp, school: &School, name: &str) -> Room {
    room_of(app, school, name, "6").await
}

pub async fn room_of(app: &TestApp, school: &School, name: &str, grade: &str) -> Room {
    let class = app.class(school, name, grade).await;
    let mut learners = Vec::new();
    for name in ["Nguyễn Thị Ánh", "Lê Văn Bình", "Trần Thu Cúc"] {
        learners.push(app.learner(&class, name).await);
    }
    Room {
        principal: app.principal(school).await,
        homeroom: app.homeroom(&class).await,
        teacher: app.teacher(&class, "TOAN").await,
        school: school.clone(),
        class,
        learners,
    }
}

pub fn marks_path(class: &Class, subject: &str, term: Term) -> String {
    format!("/classes/{}/subjects/{subject}/terms/{term}/marks", class.id)
}

pub fn term_path(class: &Class, term: Term, what: &str) -> String {
    format!("/classes/{}/terms/{term}/{what}", class.id)
}

pub fn score(hundredths: i32) -> Option<CellValue> {
    Some(CellValue::Score(Mark::from_hundredths(hundredths).unwrap()))
}

pub fn cell(learner_id: LearnerId, slot: Slot, value: Option<CellValue>, version: i64) -> PutCell {
    PutCell { learner_id, slot, value, version }
}

pub fn typed(cells: Vec<PutCell>) -> PutMarks {
    PutMarks { source: MarkSource::Typed, reason: None, cells }
}

impl Room {
    pub async fn sheet(&self, subject: &str, term: Term) -> MarkSheet {
        self.homeroom.get(&marks_path(&self.class, subject, term)).await.ok()
    }

    /// Saves cells of mathematics in the first term.
    pub async fn save(&self, cells: Vec<PutCell>) -> Vec<CellOutcome> {
        save_as(&self.teacher, &self.class, cells).await
    }

    /// The first cell of a learner's mathematics.
    pub async fn cell(&self, learner: LearnerId, slot: Slot) -> (Option<CellValue>, i64) {
        let sheet = self.sheet("TOAN", Term::S1).await;
        let row = sheet.rows.iter().find(|row| row.learner_id == learner).unwrap();
        row.cells.iter().find(|c| c.slot == slot).map_or((None, 0), |c| (c.value, c.version))
    }

    pub async fn subjects(&self) -> Vec<ClassSubject> {
        self.principal.get(&format!("/classes/{}/subjects", self.class.id)).await.ok::<Page<ClassSubject>>().items
    }

    /// Fills every empty cell of a term, but for topics. `mark` gives the hundredths of a subject's place, a learner's place and a column.
    pub async fn fill(&self, app: &TestApp, term: Term, mark: impl Fn(usize, usize, Slot) -> i32) {
        let subjects = self.subjects().await;
        let actor = self.teacher_of_all(app).await;
        for (at, subject) in subjects.iter().enumerate() {
            let path = marks_path(&self.class, &subject.subject_code, term);
            let sheet: MarkSheet = actor.get(&path).await.ok();
            let cells = sheet
                .rows
                .iter()
                .enumerate()
                .flat_map(|(n, row)| sheet.slots.iter().map(move |slot| (n, row, *slot)))
                .filter(|(_, _, slot)| *slot != Slot::TOPICS)
                .filter(|(_, row, slot)| !row.cells.iter().any(|c| c.slot == *slot && c.value.is_some()))
                .map(|(n, row, slot)| {
                    let version = row.cells.iter().find(|c| c.slot == slot).map_or(0, |c| c.version);
                    let value = match sheet.kind {
                        SubjectKind::Score => score(mark(at, n, slot)),
                        SubjectKind::Comment => Some(CellValue::Pass),
                    };
                    cell(row.learner_id, slot, value, version)
                })
                .collect::<Vec<_>>();
            if !cells.is_empty() {
                let saved: MarksSaved = actor.put_bare(&path, &typed(cells)).await.ok();
                assert!(saved.cells.iter().all(|c| c.outcome == CellResult::Saved), "{saved:?}");
            }
        }
    }

    /// Somebody who teaches every subject of the class.
    pub async fn teacher_of_all(&self, app: &TestApp) -> Actor {
        let actor = app.teacher(&self.class, "TOAN").await;
        for subject in self.subjects().await.iter().filter(|s| s.subject_code != "TOAN") {
            app.teaches(self.class.id, &subject.subject_code, actor.staff_id()).await;
        }
        actor
    }

    /// Conduct and absences of everybody in a term.
    pub async fn assess(&self, term: Term, level: Level, absences: u16) {
        let path = term_path(&self.class, term, "conduct");
        let sheet: ConductSheet = self.homeroom.get(&path).await.ok();
        let rows = sheet
            .rows
            .iter()
            .map(|row| PutConductRow {
                learner_id: row.learner_id,
                conduct: Some(level),
                absences: Some(absences),
                version: row.version,
            })
            .collect();
        self.homeroom.put_bare(&path, &PutConduct { rows }).await.ok::<dto::gradebook::ConductSaved>();
    }

    /// A term with all that closing needs.
    pub async fn complete(&self, app: &TestApp, term: Term) {
        self.fill(app, term, |subject, learner, slot| {
            500 + 10 * (subject as i32 * 3 + learner as i32 * 7 + slot.weight() as i32)
        })
        .await;
        self.assess(term, Level::Good, 2).await;
    }

    pub async fn close(&self, term: Term) -> Closing {
        self.homeroom.post_empty(&term_path(&self.class, term, "close")).await.ok()
    }
}

pub async fn save_as(actor: &Actor, class: &Class, cells: Vec<PutCell>) -> Vec<CellOutcome> {
    actor.put_bare(&marks_path(class, "TOAN", Term::S1), &typed(cells)).await.ok::<MarksSaved>().cells
}
