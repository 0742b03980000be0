//! Results of terms at former schools from a file: one row a learner and term.

use super::who;
use crate::facts::{self, ClassFacts, CodedLearner, RosterLine, SubjectFacts};
use crate::files::Class;
use crate::{former, policy, value};
use dto::access::Permission;
use dto::calendar::Term;
use dto::file_imports::FileImportScope;
use dto::former::{FormerSubject, PutFormerTerm};
use dto::imports::{FieldChange, ImportFault, RowOutcome};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Error, Event, Result, Tx};
use records::imports::Against;
use records::imports::kinds::{Applied, Cells, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, error_fault};
use regulations::{CellValue, Level, Regulation, SubjectKind, format_cell, parse_cell};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Results that former schools gave.
pub(super) struct FormerResults;

const FORMER: &str = "former_term";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TermImage {
    body: PutFormerTerm,
    version: i64,
}

impl Kind for FormerResults {
    fn code(&self) -> &'static str {
        "former_results"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Kết quả ở trường cũ", "Results of former schools"]
    }

    fn about(&self) -> [&'static str; 2] {
        [
            "Kết quả các học kì mà học sinh của lớp đã học ở trường khác, mỗi dòng một học kì.",
            "Terms that learners of the class spent at other schools, one row a term.",
        ]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::Class
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let class = who::class(conn, ctx, scope, Permission::ConductWrite).await?;
            // In primary classes the results of a subject are levels beside tests: they are typed from the paper.
            if policy::of(&class)?.code == Regulation::Tt27 {
                return Err(Error::new(Code::RegulationUnavailable));
            }
            let opened = OpenFormer {
                codes: facts::codes(conn, class.school_id, class.id).await?,
                subjects: facts::subjects(conn, class.id).await?,
                roster: who::present(conn, &class).await?,
                stored: stored(conn, &class).await?,
                class,
                seen: HashMap::new(),
            };
            Ok(Box::new(opened) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope, images))
    }
}

type Stored = HashMap<(LearnerId, i16), TermImage>;

async fn stored(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Stored> {
    let rows = former::stored(conn, class).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let body = PutFormerTerm {
                from_school: row.from_school,
                document: row.document,
                conduct: row.conduct,
                absences: row.absences,
                subjects: row.subjects,
            };
            ((row.learner_id, value::term_number(row.term)), TermImage { body, version: row.version })
        })
        .collect())
}

struct OpenFormer {
    class: ClassFacts,
    roster: Vec<RosterLine>,
    codes: Vec<CodedLearner>,
    subjects: Vec<SubjectFacts>,
    stored: Stored,
    seen: HashMap<(LearnerId, i16), u32>,
}

/// What a row comes to.
struct Wanted {
    learner: LearnerId,
    term: Term,
    body: PutFormerTerm,
    version: i64,
}

impl OpenFormer {
    fn row(&mut self, line: &Line) -> (Checked, Option<Wanted>) {
        let title = line.text("full_name").unwrap_or_default();
        let mut cells = Cells::new(line);
        let class = Class::new(&self.roster, &self.codes);
        let stop = |why: ImportFault| {
            let mut checked = Checked::of(title.clone(), RowOutcome::Conflict);
            checked.faults.push(why);
            (checked, None)
        };
        let learner = match who::find(&class, &mut cells) {
            Ok(learner) => learner,
            Err(why) => return stop(*why),
        };
        let terms: [(Term, &[&str]); 2] = [
            (Term::S1, &["1", "hk1", "hki", "học kì 1", "học kì I"]),
            (Term::S2, &["2", "hk2", "hkii", "học kì 2", "học kì II"]),
        ];
        let term = cells.choice("term", &terms);
        let levels: Vec<(Level, [&str; 2])> =
            [Level::Good, Level::Fair, Level::Pass, Level::Fail].iter().map(|l| (*l, [l.vi(), l.en()])).collect();
        let levels: Vec<(Level, &[&str])> = levels.iter().map(|(level, words)| (*level, words.as_slice())).collect();
        let conduct = cells.choice("conduct", &levels);
        let absences = cells.number("absences", 400).and_then(|n| u16::try_from(n).ok());
        let from_school = cells.text("from_school", 200);
        let document = cells.text("document", 300);
        for field in ["term", "from_school", "document"] {
            if line.text(field).is_none() {
                cells.missing(field);
            }
        }
        let mut subjects = Vec::new();
        for subject in &self.subjects {
            let Some(text) = cells.text(&subject.code, 40) else { continue };
            match parse_cell(&text, subject.kind) {
                Err(why) => cells.fault(why.code(), &subject.code, why.vi(), why.en()),
                Ok(parsed) => match parsed.value {
                    Some(value) if fits(value, subject.kind) => {
                        subjects.push(FormerSubject { subject_code: subject.code.clone(), value, test: None });
                    }
                    _ => cells.fault(
                        "mark_invalid",
                        &subject.code,
                        "Kết quả không hợp lệ cho môn này.",
                        "No result of this subject.",
                    ),
                },
            }
        }
        if subjects.is_empty() && !cells.failed() {
            cells.faults.push(error_fault(
                "subjects-missing",
                None,
                "Dòng chưa có kết quả môn nào.".into(),
                "The row has no results.".into(),
            ));
        }
        let (Some(term), Some(from_school), Some(document), false) = (term, from_school, document, cells.failed()) else {
            return (Checked::faulty(title, cells.faults), None);
        };
        let key = (learner, value::term_number(term));
        let first = *self.seen.entry(key).or_insert(line.row);
        if first != line.row {
            let (vi, en) =
                (format!("Trùng học sinh và học kì với dòng {first}."), format!("The same learner and term as row {first}."));
            return stop(error_fault("learner-repeated", None, vi, en));
        }
        let body = PutFormerTerm { from_school, document, conduct, absences, subjects };
        let was = self.stored.get(&key);
        let mut checked = match was {
            None => Checked::of(title, RowOutcome::New),
            Some(was) => Checked::changed(title, changes(&was.body, &body)),
        };
        checked.faults = cells.faults;
        (checked, Some(Wanted { learner, term, version: was.map_or(0, |was| was.version), body }))
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        self.seen.clear();
        let mut done = Applied::default();
        for line in lines {
            let wanted = self.row(line).1.ok_or_else(|| Error::new(Code::ImportStale))?;
            let (_, events) =
                former::put_in(tx, self.class.id, wanted.term, wanted.learner, wanted.version, &wanted.body).await?;
            let number = value::term_number(wanted.term);
            let before = self.stored.get(&(wanted.learner, number));
            let after = TermImage { body: wanted.body, version: wanted.version + 1 };
            done.images.push(Image::of(FORMER, format!("{}/{number}", wanted.learner), before, Some(&after))?);
            done.events.extend(events);
        }
        Ok(done)
    }
}

fn fits(value: CellValue, kind: SubjectKind) -> bool {
    match (value, kind) {
        (CellValue::Score(average), SubjectKind::Score) => average.is_in_tenths(),
        (CellValue::Pass | CellValue::Fail, SubjectKind::Comment) | (CellValue::Exempt, _) => true,
        _ => false,
    }
}

fn changes(before: &PutFormerTerm, after: &PutFormerTerm) -> Vec<FieldChange> {
    let mut out = Vec::new();
    let mut change = |field: &str, before: Option<String>, after: Option<String>| {
        if before != after {
            out.push(FieldChange { field: field.to_owned(), before, after });
        }
    };
    change("from_school", Some(before.from_school.clone()), Some(after.from_school.clone()));
    change("document", Some(before.document.clone()), Some(after.document.clone()));
    let level = |level: Option<Level>| level.map(|l| l.vi().to_owned());
    change("conduct", level(before.conduct), level(after.conduct));
    change("absences", before.absences.map(|n| n.to_string()), after.absences.map(|n| n.to_string()));
    let shown = |body: &PutFormerTerm, code: &str| {
        body.subjects.iter().find(|s| s.subject_code == code).map(|s| format_cell(&s.value, regulations::Lang::Vi))
    };
    let mut codes: Vec<&str> = before.subjects.iter().chain(&after.subjects).map(|s| s.subject_code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        change(code, shown(before, code), shown(after, code));
    }
    out
}

async fn take_back(tx: &Tx<'_>, scope: &Scope, images: &[Image]) -> Result<Vec<Event>> {
    let class: ClassId = scope.class(tx.ctx().lang)?;
    let facts = facts::class(tx.conn(), tx.ctx(), Permission::ConductWrite, Permission::ConductWrite, class).await?;
    let now = stored(tx.conn(), &facts).await?;
    let mut against = Against::default();
    let mut todo = Vec::new();
    for image in images.iter().filter(|image| image.subject == FORMER) {
        let (before, after) = image.read::<TermImage>()?;
        let parts = image.id.split_once('/').and_then(|(learner, term)| Some((learner.parse().ok()?, term.parse().ok()?)));
        let (Some((learner, number)), Some(after)) = (parts, after) else {
            return Err(Error::internal("an image of a term without its parts"));
        };
        let learner: LearnerId = learner;
        let number: i16 = number;
        if now.get(&(learner, number)).is_none_or(|now| now.version != after.version) {
            against.add(format!("/learners/{learner}"), Code::ImportedRecordUsed, &after.body.from_school);
        }
        todo.push((learner, if number == 2 { Term::S2 } else { Term::S1 }, before, after.version));
    }
    against.into_result()?;
    let mut events = Vec::new();
    for (learner, term, before, version) in todo {
        match before {
            Some(before) => events.extend(former::put_in(tx, class, term, learner, version, &before.body).await?.1),
            None => events.push(former::remove_in(tx, class, term, learner).await?),
        }
    }
    Ok(events)
}

impl Opened for OpenFormer {
    fn columns(&self) -> Vec<Column> {
        let mut columns = who::columns();
        let levels = [Level::Good, Level::Fair, Level::Pass, Level::Fail].map(Level::vi);
        columns.extend([
            Column::new("term", "Học kì", "Term", &["hoc ky", "hk"]).required().choices(["1", "2"]),
            Column::new("from_school", "Trường cũ", "Former school", &["truong", "ten truong cu", "noi hoc"]).required(),
            Column::new("document", "Giấy tờ", "Document", &["can cu", "ho so", "so hoc ba"])
                .required()
                .hint("Giấy tờ ghi kết quả, ví dụ: Học bạ, trang 5.", "The paper that says so, such as: transcript, page 5."),
            Column::new("conduct", "Rèn luyện", "Conduct", &["ket qua ren luyen", "hanh kiem"]).choices(levels),
            Column::new("absences", "Số buổi nghỉ", "Half-days missed", &["nghi hoc", "so buoi nghi hoc"]),
        ]);
        columns.extend(self.subjects.iter().map(|subject| {
            let column = Column::new(&subject.code, &subject.name_vi, &subject.name_en, &[]);
            if subject.kind == SubjectKind::Comment { column.choices(["Đ", "CĐ"]) } else { column }
        }));
        columns
    }

    fn title_class(&mut self, _: Option<&str>) {
        self.seen.clear();
    }

    fn prefilled(&self) -> Vec<Vec<(String, String)>> {
        who::prefilled(&self.roster, &self.codes)
    }

    fn check<'a>(&'a mut self, _: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move { Ok(lines.iter().map(|line| self.row(line).0).collect()) })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(self.write(tx, lines))
    }
}
