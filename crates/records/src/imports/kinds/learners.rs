//! Learners with their guardians and classes: read, compared, written and undone as a class list is.

use super::{Applied, CHUNK, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, warning_fault};
use crate::imports::apply::{Work, write_plan};
use crate::imports::entity::change;
use crate::imports::known::Known;
use crate::imports::parse::book::Grid;
use crate::imports::parse::table::{Found, Raw, by_synonyms, class_list, pupils};
use crate::imports::parse::{Fault, FaultCode, Field, Options, ParsedRow, known_fields};
use crate::imports::plan::{self, Carried, StoredRow, Target, field_key};
use crate::imports::undo::take_back;
use crate::quality::rules::{self, LearnerFacts};
use crate::{calendar, units};
use dto::Code;
use dto::access::Permission;
use dto::calendar::SchoolYear;
use dto::file_imports::FileImportScope;
use dto::imports::{ImportFault, ImportRow, RowOutcome, Severity};
use kernel::{Ctx, Error, Event, Tx, clock};
use std::collections::HashMap;

/// Learners of a school.
pub struct Learners;

/// The columns of the template, in its order.
const TEMPLATE: &[Field] = &[
    Field::FullName,
    Field::BirthDate,
    Field::Sex,
    Field::PersonalId,
    Field::MinistryCode,
    Field::ClassName,
    Field::Grade,
    Field::Ethnicity,
    Field::Phone,
    Field::Birthplace,
    Field::Address,
    Field::FatherName,
    Field::FatherPhone,
    Field::MotherName,
    Field::MotherPhone,
    Field::GuardianName,
    Field::GuardianPhone,
    Field::EnrolledOn,
];

fn field_of(key: &str) -> Option<Field> {
    serde_json::from_value(serde_json::Value::String(key.to_owned())).ok()
}

fn hint(field: Field) -> [&'static str; 2] {
    match field {
        Field::FullName => ["Họ, tên đệm và tên, có dấu.", "Family, middle and given name, with marks."],
        Field::BirthDate => ["Ngày/tháng/năm, ví dụ 06/04/2015.", "Day/month/year, such as 06/04/2015."],
        Field::Sex => ["Nam hoặc Nữ.", "Nam or Nữ."],
        Field::PersonalId => [
            "12 chữ số; định dạng cột là Text để không mất số 0 ở đầu.",
            "12 digits; format the column as text to keep leading zeros.",
        ],
        Field::MinistryCode => ["Mã định danh Bộ GD&ĐT, 10 chữ số.", "The Ministry's code, 10 digits."],
        Field::ClassName => {
            ["Tên lớp như 6A1. Lớp chưa có sẽ được tạo.", "The class, such as 6A1. A class that is not there is made."]
        }
        Field::Grade => {
            ["Khối; cần cho lớp chưa có mà tên không cho biết khối.", "The grade; for new classes whose name does not tell."]
        }
        _ => ["", ""],
    }
}

fn column(field: Field) -> Column {
    let key = field_key(field);
    let name = crate::imports::parse::field_name(field);
    let en = key.replace('_', " ");
    let column = Column::new(&key, name, &en, &[]);
    let [vi, en] = hint(field);
    let column = column.hint(vi, en);
    match field {
        Field::BirthDate => column.required(),
        Field::Sex => column.choices(["Nam", "Nữ"]),
        _ => column,
    }
}

impl Kind for Learners {
    fn code(&self) -> &'static str {
        "learners"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Học sinh", "Learners"]
    }

    fn about(&self) -> [&'static str; 2] {
        [
            "Hồ sơ học sinh, lớp và phụ huynh; nhận cả danh sách của CSDL ngành và vnEdu.",
            "Learners, their classes and guardians; lists of the sector database and vnEdu too.",
        ]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::School
    }

    /// Class lists have headers over several rows, of many spellings: they are found as ever.
    fn find(&self, grid: &Grid, _: &[Column]) -> Option<Found> {
        class_list(grid, field_key).or_else(|| by_synonyms(grid, |_| None))
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let school = units::school_in(conn, ctx, Permission::ImportWrite, scope.school_id).await?;
            let year = calendar::year_in(conn, scope.school_year_id)
                .await
                .map_err(|_| Error::field("school_year_id", Code::FieldChoice))?;
            let target = Target {
                school: scope.school_id,
                levels: school.levels,
                class_name: scope.class_name.clone(),
                grade: scope.grade,
            };
            let opened = OpenLearners { target, year, title_class: None, carried: Carried::default(), seen: Seen::default() };
            Ok(Box::new(opened) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(async move {
            let changes: Vec<change::Model> = images
                .iter()
                .zip(0..)
                .map(|(image, seq)| change::Model {
                    school_id: scope.school_id.0,
                    import_id: scope.school_id.0,
                    seq,
                    subject: image.subject.clone(),
                    subject_id: image.id.clone(),
                    before: image.before.clone(),
                    after: image.after.clone(),
                })
                .collect();
            take_back(tx, scope.school_id, &changes).await
        })
    }
}

/// What stood in the rows before: numbers that are there twice.
#[derive(Default)]
struct Seen {
    ids: HashMap<String, u32>,
    codes: HashMap<String, u32>,
}

impl Seen {
    /// Marks a number that an earlier part of the file has.
    fn look(&mut self, row: &mut ParsedRow) {
        let mut look = |map: &mut HashMap<String, u32>, number: &Option<String>, code, field| {
            let Some(number) = number else { return };
            let first = *map.entry(number.clone()).or_insert(row.row_number);
            if first != row.row_number && !row.faults.iter().any(|f| f.code == code) {
                row.faults.push(Fault::cell(code, field, "", row.row_number, &[("row", &first)]));
            }
        };
        look(&mut self.ids, &row.fields.personal_id, FaultCode::DuplicatePersonalId, Field::PersonalId);
        look(&mut self.codes, &row.fields.ministry_code, FaultCode::DuplicateMinistryCode, Field::MinistryCode);
    }
}

struct OpenLearners {
    target: Target,
    year: SchoolYear,
    title_class: Option<String>,
    carried: Carried,
    seen: Seen,
}

impl OpenLearners {
    fn read(&mut self, lines: &[Line]) -> Vec<StoredRow> {
        let fields: Vec<Field> = known_fields().map(|(field, _)| field).collect();
        let cells = lines.iter().map(|line| {
            let cells = line.cells.iter().filter_map(|(key, raw)| Some((field_of(key)?, raw.clone())));
            (line.row, cells.collect::<Vec<(Field, Raw)>>())
        });
        let used: Vec<Field> = fields
            .into_iter()
            .filter(|field| {
                let key = field_key(*field);
                lines.iter().any(|line| line.cells.contains_key(&key))
            })
            .collect();
        let options = Options::new(clock::today());
        let mut rows = pupils(cells, &used, self.title_class.as_deref(), &options);
        rows.iter_mut().for_each(|row| self.seen.look(row));
        rows.into_iter().map(StoredRow::of).collect()
    }
}

/// A row without a pupil: a title, a total, a signature.
fn skipped(line: &Line) -> Checked {
    let title: Vec<String> = line.cells.values().map(Raw::text).collect();
    let mut checked = Checked::of(title.join(" ").chars().take(120).collect(), RowOutcome::Same);
    checked.faults.push(warning_fault(
        "row_skipped",
        None,
        "Dòng này không phải học sinh nên được bỏ qua.".into(),
        "This row is no learner and is left out.".into(),
    ));
    checked
}

/// The sentences of class lists begin with the address of the cell, which here is that of another sheet.
fn own_words(mut fault: ImportFault) -> ImportFault {
    for text in [&mut fault.vi, &mut fault.en] {
        let rest = ["Ô ", "Cell "].iter().find_map(|start| text.strip_prefix(start)).and_then(|rest| rest.split_once(": "));
        if let Some((_, rest)) = rest {
            let mut letters = rest.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            *text = format!("{first}{}", letters.as_str());
        }
    }
    fault.column = None;
    fault
}

fn checked(view: ImportRow, row: &StoredRow) -> Checked {
    let facts = LearnerFacts::of_file(&row.fields);
    let quality = if view.outcome == RowOutcome::Faulty { Vec::new() } else { rules::written(&facts) };
    Checked {
        outcome: view.outcome,
        title: view.full_name,
        changes: view.changes,
        faults: view.faults.into_iter().map(own_words).collect(),
        quality,
    }
}

impl Opened for OpenLearners {
    fn columns(&self) -> Vec<Column> {
        let rest = known_fields().map(|(field, _)| field).filter(|field| !TEMPLATE.contains(field));
        TEMPLATE.iter().copied().chain(rest).filter(|f| !matches!(f, Field::NotTaken | Field::SomeCode)).map(column).collect()
    }

    fn template(&self) -> usize {
        TEMPLATE.len()
    }

    fn title_class(&mut self, name: Option<&str>) {
        self.title_class = name.map(str::to_owned);
        self.carried = Carried::default();
        self.seen = Seen::default();
    }

    fn new_classes(&self) -> Vec<String> {
        self.carried.new_classes.iter().map(|class| class.name.clone()).collect()
    }

    fn check<'a>(&'a mut self, conn: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move {
            let rows = self.read(lines);
            let fields: Vec<_> = rows.iter().map(|row| &row.fields).collect();
            let known = Known::load(conn, self.target.school, self.year.id, &fields).await?;
            let plan = plan::classify_on(&rows, &known, &self.target, &mut self.carried);
            let mut found: HashMap<u32, Checked> =
                rows.iter().zip(plan.rows).map(|(row, (view, _))| (row.row, checked(view, row))).collect();
            Ok(lines.iter().map(|line| found.remove(&line.row).unwrap_or_else(|| skipped(line))).collect())
        })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(async move {
            self.seen = Seen::default();
            let mut rows = Vec::with_capacity(lines.len());
            for chunk in lines.chunks(CHUNK) {
                rows.extend(self.read(chunk));
            }
            let (known, plan) = crate::imports::compare(tx.conn(), &self.target, self.year.id, &rows).await?;
            if plan.rows.iter().any(|(view, _)| view.faults.iter().any(|f| f.severity == Severity::Error)) {
                return Err(Error::new(Code::ImportStale));
            }
            let mut work = Work::new(tx, self.target.school, self.year.clone(), known);
            write_plan(&mut work, &rows, &plan).await?;
            let (log, events) = work.done();
            Ok(Applied { images: log.into_images(), events })
        })
    }
}
