//! Reports at the beginning, in the middle and at the end of a year: figures computed from what is held, each with its source and day. What is
//! held is asked of nobody; what is held nowhere is typed by the school.

use super::Place;
use super::form::{Column, Line, Table, Value, clerk};
use chrono::NaiveDate;
use dto::calendar::Grade;
use dto::exchange::*;
use dto::gradebook::{LearnerResult, Period, TermState};
use dto::learners::{LearnerStatus, Sex};
use dto::staff::Position;
use dto::{Code, Lang, SchoolYearId, UnitId};
use gradebook::results;
use kernel::{Ctx, Db, Error, Event, Result, clock};
use records::reporting::{self, ReportClass, ReportLearner};
use regulations::tt27::Group;
use regulations::{Level, Promotion};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

pub(super) const COLUMNS: [Column; 5] = [
    Column::new(&["STT"], &[]),
    Column::new(&["Chỉ tiêu"], &["noi dung", "ten chi tieu"]),
    Column::new(&["Số liệu"], &["so luong", "tong so", "gia tri"]),
    Column::new(&["Nguồn số liệu"], &["nguon"]),
    Column::new(&["Ngày số liệu"], &[]),
];

/// What is held nowhere: from the statistics of schools (TT 57/2026, Phụ lục V, Biểu 1).
const TYPED: [(&str, &str, &str); 5] = [
    ("learners.two_sessions", "Học sinh học 2 buổi/ngày", "Learners with two sessions a day"),
    ("learners.day_boarding", "Học sinh bán trú", "Day boarders"),
    ("learners.boarding", "Học sinh nội trú", "Boarders"),
    ("learners.policy", "Học sinh diện chính sách", "Learners under a support policy"),
    ("learners.special", "Học sinh có hoàn cảnh đặc biệt", "Learners in special circumstances"),
];

/// A report as it stands.
pub(super) struct Report {
    kind: ExportKind,
    figures: Vec<ReportFigure>,
    open: Vec<String>,
}

/// Gathers figures.
struct Sheet {
    figures: Vec<ReportFigure>,
    day: NaiveDate,
}

/// A source in Vietnamese and English.
type Source = (&'static str, &'static str);

const CLASSES: Source = ("Danh sách lớp", "Lists of classes");
const LEARNERS: Source = ("Hồ sơ học sinh", "Records of learners");
const STAFF: Source = ("Hồ sơ nhân sự", "Records of staff");
const RESULTS: Source = ("Kết quả đã chốt", "Closed results");
const SCHOOL: Source = ("Nhà trường nhập", "Typed by the school");

impl Sheet {
    fn put(&mut self, key: &str, (vi, en): (&str, &str), grade: Option<Grade>, value: Option<i64>, source: Source) {
        let (figure, vi, en) = match grade {
            None => (key.to_owned(), vi.to_owned(), en.to_owned()),
            Some(grade) => {
                let of = |lang| grade.label(lang).to_lowercase();
                (format!("{key}.{grade}"), format!("{vi}, {}", of(Lang::Vi)), format!("{en}, {}", of(Lang::En)))
            }
        };
        self.figures.push(ReportFigure {
            figure,
            vi,
            en,
            grade,
            value,
            held: true,
            source_vi: source.0.to_owned(),
            source_en: source.1.to_owned(),
            as_of: self.day,
            version: None,
        });
    }

    /// Of all grades together, then of each.
    fn by_grade<T>(
        &mut self,
        key: &str,
        text: (&str, &str),
        source: Source,
        grades: &[Grade],
        of: &[T],
        grade: impl Fn(&T) -> Grade,
    ) {
        self.put(key, text, None, Some(count(of.len())), source);
        for one in grades {
            let n = of.iter().filter(|item| grade(item) == *one).count();
            self.put(key, text, Some(*one), Some(count(n)), source);
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Computes a report.
pub(super) async fn of(db: &Db, place: &Place, kind: ExportKind) -> Result<Report> {
    let conn = db.read();
    let classes = reporting::classes(conn, place.school.id, place.year.id).await?;
    let learners = reporting::learners(conn, place.school.id, place.year.id, &classes).await?;
    let mut sheet = Sheet { figures: Vec::new(), day: clock::today() };
    people(&mut sheet, place, &classes, &learners);
    staff(&mut sheet, &reporting::staff(conn, place.school.id).await?);
    let open = match kind {
        ExportKind::MidYear => outcomes(db, &mut sheet, &classes, Period::S1).await?,
        ExportKind::YearEnd => outcomes(db, &mut sheet, &classes, Period::Year).await?,
        _ => Vec::new(),
    };
    let typed = typed(conn, place.school.id, place.year.id, kind).await?;
    for (key, vi, en) in TYPED {
        let known = typed.get(key);
        sheet.put(key, (vi, en), None, known.and_then(|(value, _, _)| *value), SCHOOL);
        if let Some(last) = sheet.figures.last_mut() {
            last.held = false;
            last.version = Some(known.map_or(0, |(_, version, _)| *version));
            last.as_of = known.map_or(last.as_of, |(_, _, day)| *day);
        }
    }
    Ok(Report { kind, figures: sheet.figures, open })
}

fn people(sheet: &mut Sheet, place: &Place, classes: &[ReportClass], learners: &[ReportLearner]) {
    let grades: Vec<Grade> = Grade::ALL.iter().copied().filter(|grade| classes.iter().any(|c| c.grade == *grade)).collect();
    let all: Vec<&ReportClass> = classes.iter().collect();
    sheet.by_grade("classes", ("Số lớp", "Classes"), CLASSES, &grades, &all, |class| class.grade);
    let here: Vec<&ReportLearner> = learners.iter().filter(|one| one.left_on.is_none()).collect();
    let grade = |one: &&ReportLearner| classes[one.class].grade;
    sheet.by_grade("learners.total", ("Tổng số học sinh", "Learners"), CLASSES, &grades, &here, grade);
    let mut some = |key: &str, text: (&str, &str), test: &dyn Fn(&ReportLearner) -> bool| {
        let those: Vec<&ReportLearner> = here.iter().copied().filter(|one| test(one)).collect();
        sheet.by_grade(key, text, LEARNERS, &grades, &those, grade);
    };
    some("learners.female", ("Học sinh nữ", "Girls"), &|one| one.sex == Sex::Female);
    some("learners.minority", ("Học sinh dân tộc thiểu số", "Learners of ethnic minorities"), &|one| {
        one.ethnicity.as_deref().is_some_and(|name| name != "Kinh")
    });
    let (first, last) = (place.year.starts_on, place.year.ends_on);
    // A year's intake comes in the summer before it.
    let summer = first - chrono::TimeDelta::days(100);
    some("learners.new", ("Học sinh tuyển mới", "New learners"), &|one| {
        one.came_on.is_some_and(|day| summer <= day && day <= last)
    });
    some("learners.of_age", ("Học sinh đúng độ tuổi", "Learners of the right age"), &|one| {
        use chrono::Datelike;
        // Grade 1 at 6, by calendar year.
        classes[one.class].grade.number().is_some_and(|grade| first.year() - one.birth_date.year() == i32::from(grade) + 5)
    });
    let came = |one: &&ReportLearner| one.status == LearnerStatus::TransferredIn && one.since.is_some_and(|day| day >= first);
    let moved_in = count(here.iter().filter(|one| came(one)).count());
    sheet.put("learners.in", ("Học sinh chuyển đến trong năm", "Came from other schools"), None, Some(moved_in), LEARNERS);
    let gone = |status| count(learners.iter().filter(|one| one.left_on.is_some() && one.status == status).count());
    let (out, left) = (gone(LearnerStatus::TransferredOut), gone(LearnerStatus::Left));
    sheet.put("learners.out", ("Học sinh chuyển đi trong năm", "Went to other schools"), None, Some(out), LEARNERS);
    sheet.put("learners.left", ("Học sinh thôi học trong năm", "Left school"), None, Some(left), LEARNERS);
}

fn staff(sheet: &mut Sheet, staff: &[reporting::ReportStaff]) {
    let mut some = |key: &str, text: (&str, &str), test: &dyn Fn(&reporting::ReportStaff) -> bool| {
        let n = count(staff.iter().filter(|one| test(one)).count());
        sheet.put(key, text, None, Some(n), STAFF);
    };
    let leads = |one: &reporting::ReportStaff| one.positions.iter().any(|p| matches!(p, Position::Principal | Position::Deputy));
    some("staff.total", ("Tổng số cán bộ, giáo viên, nhân viên", "Staff"), &|_| true);
    some("staff.female", ("Cán bộ, giáo viên, nhân viên nữ", "Women among staff"), &|one| one.sex == Sex::Female);
    some("staff.managers", ("Cán bộ quản lí", "Principals and deputies"), &leads);
    some("staff.teachers", ("Giáo viên", "Teachers"), &|one| !leads(one) && one.positions.contains(&Position::Teacher));
    some("staff.others", ("Nhân viên", "Other staff"), &|one| !leads(one) && !one.positions.contains(&Position::Teacher));
}

/// Counts results of closed classes; gives the classes that are open and so not counted.
async fn outcomes(db: &Db, sheet: &mut Sheet, classes: &[ReportClass], period: Period) -> Result<Vec<String>> {
    let (mut open, mut rows): (Vec<String>, Vec<LearnerResult>) = (Vec::new(), Vec::new());
    for class in classes.iter().filter(|class| class.grade.number().is_some()) {
        let found = results::of_class(db, &Ctx::system("exchange"), class.id, period).await?;
        match found.state {
            TermState::Closed => rows.extend(found.rows),
            TermState::Open => open.push(class.name.clone()),
        }
    }
    let told = |n: usize| if open.is_empty() || !rows.is_empty() { Some(count(n)) } else { None };
    let secondary = classes.iter().any(|class| class.grade.number().is_some_and(|grade| grade > 5));
    let primary = classes.iter().any(|class| class.grade.number().is_some_and(|grade| grade <= 5));
    if secondary {
        for level in [Level::Good, Level::Fair, Level::Pass, Level::Fail] {
            let code = level.code();
            let of = |level: Level, pick: &dyn Fn(&LearnerResult) -> Option<Level>| {
                rows.iter().filter(|row| row.primary.is_none() && pick(row) == Some(level)).count()
            };
            let (vi, en) = (format!("Học tập mức {}", level.vi()), format!("Learning: {}", level.en()));
            sheet.put(
                &format!("learning.{code}"),
                (&vi, &en),
                None,
                told(of(level, &|row: &LearnerResult| row.learning)),
                RESULTS,
            );
            let (vi, en) = (format!("Rèn luyện mức {}", level.vi()), format!("Conduct: {}", level.en()));
            sheet.put(&format!("conduct.{code}"), (&vi, &en), None, told(of(level, &|row: &LearnerResult| row.conduct)), RESULTS);
        }
    }
    if period == Period::Year {
        let promoted = rows.iter().filter(|row| row.promotion == Some(Promotion::Promoted)).count();
        if secondary {
            sheet.put("promoted", ("Được lên lớp", "Promoted"), None, told(promoted), RESULTS);
        }
        if primary {
            for group in [Group::Excellent, Group::CompletedWell, Group::Completed, Group::NotCompleted] {
                let of = |row: &&LearnerResult| row.primary.as_ref().and_then(|p| p.again.or(p.group)) == Some(group);
                let n = rows.iter().filter(of).count();
                sheet.put(&format!("group.{}", group.code()), (group.vi(), group.en()), None, told(n), RESULTS);
            }
        }
    }
    Ok(open)
}

type Typed = HashMap<String, (Option<i64>, i64, NaiveDate)>;

fn these(school: UnitId, year: SchoolYearId, kind: ExportKind) -> Condition {
    Condition::all()
        .add(Expr::col("school_id").eq(school.0))
        .add(Expr::col("school_year_id").eq(year.0))
        .add(Expr::col("kind").eq(kind.as_str()))
}

async fn typed(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId, kind: ExportKind) -> Result<Typed> {
    let mut query = Query::select();
    query.columns(["figure", "value", "version", "updated_at"]).from("report_entry").cond_where(these(school, year, kind));
    let read = |row: &sea_orm::QueryResult| -> Result<_> {
        let at: chrono::DateTime<chrono::Utc> = row.try_get_by_index(3)?;
        Ok((row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?, clock::day_of(at))))
    };
    conn.query_all(&query).await?.iter().map(read).collect()
}

/// A report as rows of a form.
pub(super) fn table(report: &Report) -> Table {
    let mut table = Table { name: 1, ..Table::new(report.kind, COLUMNS.to_vec()) };
    for (at, figure) in report.figures.iter().enumerate() {
        let mut line = Line {
            who: figure.vi.clone(),
            cells: vec![
                Value::number(at + 1),
                Value::text(&figure.vi),
                figure.value.and_then(Value::number),
                Value::text(&figure.source_vi),
                Value::text(figure.as_of.format("%d/%m/%Y").to_string()),
            ],
            ..Line::default()
        };
        match (figure.value, figure.held) {
            (None, true) => {
                let classes = report.open.join(", ");
                let (vi, en) = (format!("Chưa chốt: {classes}."), format!("Not closed yet: {classes}."));
                line.fault(2, clerk(), vi, en);
            }
            (None, false) => line.warn(2, clerk(), "Chưa nhập.", "Not typed yet."),
            _ => {}
        }
        table.lines.push(line);
    }
    table
}

fn shown(place: &Place, report: Report) -> MinistryReport {
    MinistryReport {
        kind: report.kind,
        school_id: place.school.id,
        school_name: place.school.name.clone(),
        school_year_id: place.year.id,
        school_year: place.year.code.clone(),
        figures: report.figures,
        open_classes: report.open,
    }
}

fn only_reports(kind: ExportKind) -> Result<()> {
    if kind.is_report() { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}

/// A report as a form: figures that are held are read-only in it.
///
/// Errors: `not_found`, `invalid` with `school_year_id`.
pub async fn form_of(db: &Db, ctx: &Ctx, id: UnitId, kind: ExportKind, year: Option<SchoolYearId>) -> Result<MinistryReport> {
    only_reports(kind)?;
    let place = super::place(db.read(), ctx, id, year).await?;
    let report = of(db, &place, kind).await?;
    Ok(shown(&place, report))
}

/// Keeps figures that are held nowhere.
///
/// Errors: `not_found`, `version_conflict`; `invalid` with `figure_held` for one that is held, `field_choice` for one that is not asked.
pub async fn put_figures(db: &Db, ctx: &Ctx, id: UnitId, kind: ExportKind, body: &PutReportFigures) -> Result<MinistryReport> {
    only_reports(kind)?;
    let place = super::place(db.read(), ctx, id, body.school_year_id).await?;
    let held: BTreeSet<String> = of(db, &place, kind).await?.figures.into_iter().filter(|f| f.held).map(|f| f.figure).collect();
    let mut seen = BTreeMap::new();
    for (at, one) in body.figures.iter().enumerate() {
        let pointer = format!("/figures/{at}/figure");
        if held.contains(&one.figure) {
            return Err(Error::field(pointer, Code::FigureHeld));
        }
        if !TYPED.iter().any(|(key, _, _)| *key == one.figure) || seen.insert(&one.figure, at).is_some() {
            return Err(Error::field(pointer, Code::FieldChoice));
        }
    }
    db.write(ctx, async |tx| {
        let known = typed(tx.conn(), place.school.id, place.year.id, kind).await?;
        for one in &body.figures {
            let version = known.get(&one.figure).map_or(0, |(_, version, _)| *version);
            if version != one.version {
                return Err(Error::new(Code::VersionConflict));
            }
            let mut insert = Query::insert();
            insert
                .into_table("report_entry")
                .columns(["school_id", "school_year_id", "kind", "figure", "value", "version", "updated_at", "updated_by"])
                .values_panic([
                    place.school.id.0.into(),
                    place.year.id.0.into(),
                    kind.as_str().into(),
                    one.figure.as_str().into(),
                    one.value.into(),
                    (version + 1).into(),
                    tx.now().into(),
                    ctx.account.map(Uuid::from).into(),
                ])
                .on_conflict(
                    OnConflict::columns(["school_id", "school_year_id", "kind", "figure"])
                        .update_columns(["value", "version", "updated_at", "updated_by"])
                        .to_owned(),
                );
            tx.conn().execute(&insert).await?;
        }
        let said = json!({ "kind": kind, "year": place.year.code, "figures": body.figures });
        Ok(((), vec![Event::new(Some(place.school.id), "report.figures_put", "report", kind).after(&said)]))
    })
    .await?;
    form_of(db, ctx, id, kind, Some(place.year.id)).await
}
