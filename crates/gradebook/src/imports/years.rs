//! Whole years at former schools from a file, one row a learner and year: what a school typed into another system, or what came on paper.

use super::who;
use crate::facts::{self, CodedLearner, RosterLine, SubjectFacts};
use crate::files::Class;
use crate::former::years::{self, Standing};
use dto::access::Permission;
use dto::file_imports::FileImportScope;
use dto::former_years::{FormerPeriod, FormerYearOutcome, FormerYearSubject, FormerYearValue, PutFormerYear};
use dto::imports::{FieldChange, ImportFault, RowOutcome};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Error, Event, Result, Tx};
use records::imports::Against;
use records::imports::kinds::{Applied, Cells, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, error_fault};
use regulations::curriculum;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Years at former schools.
pub(super) struct FormerYears;

const YEAR: &str = "former_year";

/// What is said of a year besides its subjects: column, its names, and the name that is kept.
const OUTCOMES: [(&str, &str, &str, &str); 5] = [
    ("conduct", "Rèn luyện cả năm", "Conduct of the year", "Kết quả rèn luyện"),
    ("learning", "Học tập cả năm", "Learning of the year", "Kết quả học tập"),
    ("promotion", "Lên lớp", "Promotion", "Lên lớp"),
    ("award", "Danh hiệu", "Award", "Danh hiệu"),
    ("absences", "Số buổi nghỉ", "Half-days missed", "Số buổi nghỉ học"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
struct YearImage {
    body: PutFormerYear,
    version: i64,
}

impl Kind for FormerYears {
    fn code(&self) -> &'static str {
        "former_years"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Các năm học trước", "Former years"]
    }

    fn about(&self) -> [&'static str; 2] {
        [
            "Kết quả cả năm của những năm trước mà học sinh của lớp học ngoài hệ thống này, mỗi dòng một năm. Ô trống không xoá gì; năm lấy từ học bạ số đã ký thì không sửa được.",
            "Results of whole years that learners of the class spent outside of these records, one row a year. An empty cell clears nothing; a year from a signed transcript cannot be changed.",
        ]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::Class
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let class = who::class(conn, ctx, scope, Permission::TranscriptPrepare).await?;
            let roster = who::present(conn, &class).await?;
            let opened = OpenYears {
                codes: facts::codes(conn, class.school_id, class.id).await?,
                subjects: facts::subjects(conn, class.id).await?,
                stands: standing(years::standing(conn, class.school_id, roster.iter().map(|line| line.learner_id)).await?),
                class: class.id,
                this_year: class.school_year,
                roster,
                seen: HashMap::new(),
            };
            Ok(Box::new(opened) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope, images))
    }
}

type Stands = HashMap<(LearnerId, String), Standing>;

fn standing(all: Vec<Standing>) -> Stands {
    all.into_iter().map(|one| ((one.learner_id, one.school_year.clone()), one)).collect()
}

struct OpenYears {
    class: ClassId,
    this_year: String,
    roster: Vec<RosterLine>,
    codes: Vec<CodedLearner>,
    subjects: Vec<SubjectFacts>,
    stands: Stands,
    seen: HashMap<(LearnerId, String), u32>,
}

/// What a row comes to.
struct Wanted {
    learner: LearnerId,
    school_year: String,
    body: PutFormerYear,
    was: Option<YearImage>,
}

/// A result as transcripts print it: "7.9" is 7,9, "đ" is Đ.
fn printed(text: &str) -> Option<String> {
    let upper = text.trim().to_uppercase();
    let text = match upper.as_str() {
        "ĐẠT" => "Đ",
        "CHƯA ĐẠT" => "CĐ",
        "MIỄN" => "Miễn",
        other => other,
    };
    let text = text.replace('.', ",");
    years::is_value(&text).then_some(text)
}

/// "2025-2026", also as "2025 – 2026" and "2025/2026".
fn school_year(text: &str) -> Option<String> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| if matches!(c, '–' | '/') { '-' } else { c }).collect();
    years::is_year(&text).then_some(text)
}

impl OpenYears {
    /// Columns of results: the subjects of the class, then all others of the programme.
    fn results(&self) -> Vec<(String, String, String)> {
        let own = self.subjects.iter().map(|s| (s.code.clone(), s.name_vi.clone(), s.name_en.clone()));
        let others = curriculum::subjects().iter().filter(|s| self.subjects.iter().all(|own| own.code != s.code));
        own.chain(others.map(|s| (s.code.to_owned(), s.vi.to_owned(), s.en.to_owned()))).collect()
    }

    fn read(&self, cells: &mut Cells<'_>, was: Option<&PutFormerYear>) -> Option<PutFormerYear> {
        let required = |cells: &mut Cells<'_>, field: &str, max: usize, was: Option<&String>| {
            let said = cells.text(field, max).filter(|text| text.chars().count() >= 2).or_else(|| was.cloned());
            if said.is_none() && !cells.failed() {
                cells.missing(field);
            }
            said
        };
        let from_school = required(cells, "from_school", 200, was.map(|was| &was.from_school));
        let document = required(cells, "document", 300, was.map(|was| &was.document));
        let grade = cells.number("grade", 12).and_then(|n| u8::try_from(n).ok()).filter(|n| *n > 0).or(was.map(|was| was.grade));
        if grade.is_none() && !cells.failed() {
            cells.missing("grade");
        }
        let class_name = cells.text("class_name", 30).or_else(|| was.map(|was| was.class_name.clone()));
        let mut subjects = was.map(|was| was.subjects.clone()).unwrap_or_default();
        for (code, name, _) in self.results() {
            let Some(text) = cells.text(&code, 20) else { continue };
            match printed(&text) {
                Some(value) => result(&mut subjects, &code, &name, value),
                None => {
                    let (vi, en) = (
                        format!("“{text}” không phải kết quả. Ví dụ: 7,9; Đ; CĐ; T; H; C."),
                        format!("“{text}” is no result. Such as 7,9; Đ; CĐ; T; H; C."),
                    );
                    cells.fault("mark_invalid", &code, vi, en);
                }
            }
        }
        let mut outcomes = was.map(|was| was.outcomes.clone()).unwrap_or_default();
        for (code, _, _, name) in OUTCOMES {
            let Some(value) = cells.text(code, 100) else { continue };
            let of_year = |one: &&mut FormerYearOutcome| one.code == code && one.period == FormerPeriod::Year;
            match outcomes.iter_mut().find(of_year) {
                Some(one) => one.value = value,
                None => outcomes.push(FormerYearOutcome {
                    code: code.to_owned(),
                    name: name.to_owned(),
                    period: FormerPeriod::Year,
                    value,
                }),
            }
        }
        if subjects.is_empty() && !cells.failed() {
            let (vi, en) = ("Dòng chưa có kết quả môn nào.".to_owned(), "The row has no results.".to_owned());
            cells.faults.push(error_fault("subjects-missing", None, vi, en));
        }
        if cells.failed() {
            return None;
        }
        Some(PutFormerYear {
            from_school: from_school?,
            document: document?,
            grade: grade?,
            class_name: class_name.unwrap_or_default(),
            subjects,
            outcomes,
        })
    }

    fn row(&mut self, line: &Line) -> (Checked, Option<Wanted>) {
        let name = line.text("full_name").unwrap_or_default();
        let title = [Some(name), line.text("school_year")].into_iter().flatten().collect::<Vec<_>>().join(" · ");
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
        let Some(year) = cells.text("school_year", 20).as_deref().and_then(school_year) else {
            let (vi, en) = ("Năm học ghi như 2025-2026.", "A school year is written as 2025-2026.");
            cells.fault("school-year", "school_year", vi, en);
            return (Checked::faulty(title, cells.faults), None);
        };
        // The class's own year is assessed here; what came before in it are terms at a former school.
        if year >= self.this_year {
            let (vi, en) =
                (format!("Chỉ nhập những năm trước {}.", self.this_year), format!("Years before {} alone.", self.this_year));
            cells.fault("school-year", "school_year", vi, en);
            return (Checked::faulty(title, cells.faults), None);
        }
        let key = (learner, year);
        let stands = self.stands.get(&key);
        if stands.is_some_and(|stands| stands.signed) {
            let (vi, en) =
                (Code::FormerYearSigned.text(dto::Lang::Vi).to_owned(), Code::FormerYearSigned.text(dto::Lang::En).to_owned());
            return stop(error_fault("former_year_signed", None, vi, en));
        }
        let was = stands.map(|stands| YearImage { body: stands.content.clone(), version: stands.version });
        let body = self.read(&mut cells, was.as_ref().map(|was| &was.body));
        let first = *self.seen.entry(key.clone()).or_insert(line.row);
        if first != line.row {
            let (vi, en) =
                (format!("Trùng học sinh và năm học với dòng {first}."), format!("The learner and year of row {first}."));
            return stop(error_fault("learner-repeated", None, vi, en));
        }
        let Some(body) = body else { return (Checked::faulty(title, cells.faults), None) };
        let mut checked = match &was {
            None => Checked::of(title, RowOutcome::New),
            Some(was) => Checked::changed(title, changes(&was.body, &body)),
        };
        checked.faults = cells.faults;
        let (learner, school_year) = key;
        (checked, Some(Wanted { learner, school_year, body, was }))
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        self.seen.clear();
        let mut done = Applied::default();
        for line in lines {
            let wanted = self.row(line).1.ok_or_else(|| Error::new(Code::ImportStale))?;
            let version = wanted.was.as_ref().map_or(0, |was| was.version);
            let (year, events) =
                years::put_in(tx, self.class, wanted.learner, &wanted.school_year, version, &wanted.body).await?;
            let after = YearImage { body: year.content, version: year.version };
            let id = format!("{}/{}", wanted.learner, wanted.school_year);
            done.images.push(Image::of(YEAR, id, wanted.was.as_ref(), Some(&after))?);
            done.events.extend(events);
        }
        Ok(done)
    }
}

/// Sets the result of the year of a subject; what was said of its semesters stays.
fn result(subjects: &mut Vec<FormerYearSubject>, code: &str, name: &str, value: String) {
    let of_year = FormerYearValue { period: FormerPeriod::Year, value, test: None };
    match subjects.iter_mut().find(|subject| subject.subject_code.as_deref() == Some(code)) {
        None => {
            subjects.push(FormerYearSubject { name: name.to_owned(), subject_code: Some(code.to_owned()), values: vec![of_year] })
        }
        Some(subject) => match subject.values.iter_mut().find(|value| value.period == FormerPeriod::Year) {
            Some(value) => value.value = of_year.value,
            None => subject.values.push(of_year),
        },
    }
}

fn changes(before: &PutFormerYear, after: &PutFormerYear) -> Vec<FieldChange> {
    let told = |body: &PutFormerYear| {
        let mut cells = vec![
            ("from_school".to_owned(), body.from_school.clone()),
            ("document".to_owned(), body.document.clone()),
            ("grade".to_owned(), body.grade.to_string()),
            ("class_name".to_owned(), body.class_name.clone()),
        ];
        for subject in &body.subjects {
            let value = subject.values.iter().find(|value| value.period == FormerPeriod::Year);
            if let (Some(code), Some(value)) = (&subject.subject_code, value) {
                cells.push((code.clone(), value.value.clone()));
            }
        }
        let of_year = body.outcomes.iter().filter(|one| one.period == FormerPeriod::Year);
        cells.extend(of_year.map(|one| (one.code.clone(), one.value.clone())));
        cells
    };
    let (before, after) = (told(before), told(after));
    let find = |cells: &[(String, String)], field: &str| {
        cells.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone()).filter(|text| !text.is_empty())
    };
    // A file adds and changes; it takes nothing away.
    after
        .iter()
        .map(|(field, _)| FieldChange { field: field.clone(), before: find(&before, field), after: find(&after, field) })
        .filter(|change| change.before != change.after)
        .collect()
}

async fn take_back(tx: &Tx<'_>, scope: &Scope, images: &[Image]) -> Result<Vec<Event>> {
    let class: ClassId = scope.class(tx.ctx().lang)?;
    let mut todo = Vec::new();
    for image in images.iter().filter(|image| image.subject == YEAR) {
        let (before, after) = image.read::<YearImage>()?;
        let parts = image.id.split_once('/').and_then(|(learner, year)| Some((learner.parse::<LearnerId>().ok()?, year)));
        let (Some((learner, year)), Some(after)) = (parts, after) else {
            return Err(Error::internal("an image of a year without its parts"));
        };
        todo.push((learner, year.to_owned(), before, after));
    }
    let now = standing(years::standing(tx.conn(), scope.school_id, todo.iter().map(|(learner, ..)| *learner)).await?);
    let mut against = Against::default();
    for (learner, year, _, after) in &todo {
        if now.get(&(*learner, year.clone())).is_none_or(|now| now.version != after.version) {
            against.add(format!("/learners/{learner}"), Code::ImportedRecordUsed, &format!("{}, {year}", after.body.from_school));
        }
    }
    against.into_result()?;
    let mut events = Vec::new();
    for (learner, year, before, after) in todo {
        match before {
            Some(before) => events.extend(years::put_in(tx, class, learner, &year, after.version, &before.body).await?.1),
            None => events.push(years::remove_in(tx, class, learner, &year).await?),
        }
    }
    Ok(events)
}

impl Opened for OpenYears {
    fn columns(&self) -> Vec<Column> {
        let mut columns = who::columns();
        columns.extend([
            Column::new("school_year", "Năm học", "School year", &["nam"])
                .required()
                .hint("Ví dụ 2025-2026.", "Such as 2025-2026."),
            Column::new("grade", "Khối", "Grade", &["khoi lop"]).required().choices((1..=12).map(|grade: u8| grade.to_string())),
            Column::new("class_name", "Lớp", "Class", &["ten lop"]),
            Column::new("from_school", "Trường cũ", "Former school", &["truong", "ten truong", "noi hoc"]).required(),
            Column::new("document", "Giấy tờ", "Document", &["can cu", "ho so", "so hoc ba"]).required().hint(
                "Giấy tờ ghi kết quả, ví dụ: Học bạ giấy, trang 5.",
                "The paper that says so, such as: transcript, page 5.",
            ),
        ]);
        columns.extend(OUTCOMES.map(|(code, vi, en, _)| Column::new(code, vi, en, &synonyms(code))));
        columns.extend(self.results().iter().map(|(code, vi, en)| Column::new(code, vi, en, &[])));
        columns
    }

    /// Subjects that the class does not have are known, and not in the template.
    fn template(&self) -> usize {
        who::columns().len() + 5 + OUTCOMES.len() + self.subjects.len()
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

fn synonyms(code: &str) -> Vec<&'static str> {
    match code {
        "conduct" => vec!["ren luyen", "hanh kiem", "ket qua ren luyen"],
        "learning" => vec!["hoc tap", "hoc luc", "ket qua hoc tap"],
        "promotion" => vec!["duoc len lop"],
        "award" => vec!["khen thuong", "danh hieu ca nam"],
        _ => vec!["so buoi nghi hoc", "nghi hoc"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_schools_write_them() {
        assert_eq!(
            (printed("7.9"), printed("đ"), printed("Chưa đạt")),
            (Some("7,9".into()), Some("Đ".into()), Some("CĐ".into()))
        );
        assert_eq!((printed("T"), printed("79"), printed("khá")), (Some("T".into()), None, None));
        assert_eq!(
            (school_year("2025 – 2026"), school_year("2024/2025"), school_year("2025")),
            (Some("2025-2026".into()), Some("2024-2025".into()), None)
        );
    }
}
