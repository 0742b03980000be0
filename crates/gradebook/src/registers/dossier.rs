//! Hồ sơ học sinh: everything that is kept of one learner, as one paper, as far as the caller reaches.

use super::record::{Named, PRINCIPAL, Part, Record, named, wide};
use super::{File, Head, school_head, sheets};
use crate::facts;
use crate::{former, results};
use documents::rendering::{Extras, Form, make};
use dto::access::Permission;
use dto::former_years::FormerPeriod;
use dto::gradebook::{LearnerReport, LearnerResult, TermState};
use dto::health::{HealthCheck, LearnerHealth, Vaccination};
use dto::learners::LearnerDetail;
use dto::one_record::{LearnerCode, LearnerCodes};
use dto::page::PageQuery;
use dto::transfers::{Transfer, TransferQuery};
use dto::{Code, Lang, LearnerId, UnitId};
use kernel::text::{dmy, slug};
use kernel::{Ctx, Db, Error, Result};
use regulations::Level;
use sea_orm::ConnectionTrait;

/// A learner's full record: codes with their history, schools, transfers, years at former schools, closed results of every year, growth and
/// health without what is sealed. Each is in it where the caller may read it. The record goes along with the learner: who reads the
/// results of the present school's class reads the closed terms and years of the schools before, and nothing else of theirs.
///
/// Errors: `not_found`.
pub async fn dossier(db: &Db, ctx: &Ctx, learner: LearnerId, copy: bool) -> Result<File> {
    let conn = db.read();
    let detail = records::learners::get(db, ctx, learner).await?;
    let school = detail.learner.school_id.or_else(|| detail.statuses.first().map(|s| s.school_id));
    let school = school.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut parts = vec![identity(&detail), families(&detail), schools(&detail), statuses(&detail)];
    if let Some(all) = found(records::codes::list(db, ctx, learner).await)? {
        parts.push(codes(&all));
    }
    if ctx.can(Permission::TransferRead) {
        let of_learner = TransferQuery { learner_id: Some(learner), ..TransferQuery::default() };
        let moves = records::transfers::list(db, ctx, &of_learner, &PageQuery::default()).await?.items;
        if !moves.is_empty() {
            parts.push(transfers(&moves));
        }
    }
    if reads_transcripts(conn, ctx, &detail).await? {
        let whole = carried(conn, ctx, Permission::TranscriptRead, &detail, school).await?;
        let mut kept = former::years::of_learner(conn, school, learner).await?;
        for before in schools_before(&detail, school).into_iter().filter(|_| whole) {
            let known = |one: &former::years::Kept| kept.iter().any(|kept| kept.school_year == one.school_year);
            let more: Vec<_> =
                former::years::of_learner(conn, before, learner).await?.into_iter().filter(|one| !known(one)).collect();
            kept.extend(more);
        }
        kept.sort_by(|a, b| a.school_year.cmp(&b.school_year));
        parts.extend(kept.iter().map(former_year));
    }
    let whole = carried(conn, ctx, Permission::ResultRead, &detail, school).await?;
    for report in results::of_learner_by_year(conn, ctx, learner, &detail.enrolments, whole).await? {
        parts.extend(year(&report));
    }
    if let Some(file) = found(records::health::of_learner(db, ctx, learner).await)? {
        parts.extend(health(&file));
    }
    if let Some(growth) = found(records::growth::of_learner(db, ctx, learner).await)? {
        let rows = growth.entries.iter().map(|entry| {
            let kilos = entry.weight_g.map(|g| format!("{},{}", g / 1000, g % 1000 / 100)).unwrap_or_default();
            let centimetres = entry.height_mm.map(|mm| format!("{},{}", mm / 10, mm % 10)).unwrap_or_default();
            vec![dmy(entry.measured_on), kilos, centimetres]
        });
        let columns = [("Ngày đo", 40, false), ("Cân nặng (kg)", 40, false), ("Chiều cao (cm)", 40, false)];
        parts.push(Part::table("Cân nặng, chiều cao", &columns, rows.collect()));
    }
    let name = detail.school_name.clone().unwrap_or_default();
    let head = Head { subtitle: detail.learner.full_name.clone(), ..school_head(conn, school, &name, copy).await? };
    let data = Record { head, title: "Hồ sơ học sinh".to_owned(), flipped: false, parts, signers: vec![PRINCIPAL] };
    let name = format!("ho-so-{}.pdf", slug(&detail.learner.full_name));
    Ok(File { name, bytes: make(Form::Record, data, Extras::default()).await? })
}

/// What is out of the caller's reach is not in the paper.
fn found<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.code() == Code::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// Years at former schools are read as transcripts are.
async fn reads_transcripts(conn: &impl ConnectionTrait, ctx: &Ctx, detail: &LearnerDetail) -> Result<bool> {
    for one in &detail.enrolments {
        if found(facts::class(conn, ctx, Permission::TranscriptRead, Permission::TranscriptRead, one.class_id).await)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the caller reads the record that a learner brought along: as a whole at the present school, or in the present class there.
async fn carried(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    detail: &LearnerDetail,
    school: UnitId,
) -> Result<bool> {
    if facts::reaches_school(conn, ctx, permission, school).await? {
        return Ok(true);
    }
    let Some(present) = detail.enrolments.iter().find(|one| one.school_id == school && one.left_on.is_none()) else {
        return Ok(false);
    };
    Ok(found(facts::class(conn, ctx, permission, permission, present.class_id).await)?.is_some())
}

/// The other schools where a learner was, the latest first.
fn schools_before(detail: &LearnerDetail, present: UnitId) -> Vec<UnitId> {
    let mut all: Vec<UnitId> = Vec::new();
    for one in detail.enrolments.iter().map(|one| one.school_id).chain(detail.statuses.iter().map(|one| one.school_id)) {
        if one != present && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn codes(all: &LearnerCodes) -> Part {
    let row = |one: &LearnerCode| {
        let (from, to) = (one.valid_from.map(dmy).unwrap_or_default(), one.valid_to.map(dmy).unwrap_or_default());
        vec![one.kind.label(Lang::Vi).to_owned(), one.value.clone(), one.school_name.clone().unwrap_or_default(), from, to]
    };
    let columns =
        [("Loại mã", 40, true), ("Mã", 38, true), ("Trường cấp", 0, true), ("Từ ngày", 24, false), ("Đến ngày", 24, false)];
    Part::table("Các mã số", &columns, all.items.iter().map(row).collect())
}

fn transfers(moves: &[Transfer]) -> Part {
    let row = |one: &Transfer| {
        let day = one.moved_on.map(dmy).unwrap_or_default();
        vec![one.from_school.clone(), one.to_school.clone(), one.state.label(Lang::Vi).to_owned(), day]
    };
    let columns = [("Từ trường", 0, true), ("Đến trường", 0, true), ("Tình trạng", 48, true), ("Ngày đến", 24, false)];
    Part::table("Chuyển trường", &columns, moves.iter().map(row).collect())
}

fn former_year(kept: &former::years::Kept) -> Part {
    let said = &kept.content;
    let periods = [FormerPeriod::S1, FormerPeriod::S2, FormerPeriod::Year];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for subject in &said.subjects {
        let value =
            |period| subject.values.iter().find(|one| one.period == period).map(|one| one.value.clone()).unwrap_or_default();
        rows.push(std::iter::once(subject.name.clone()).chain(periods.map(value)).collect());
    }
    let mut names: Vec<&str> = Vec::new();
    for one in &said.outcomes {
        if !names.contains(&one.name.as_str()) {
            names.push(&one.name);
        }
    }
    for name in names {
        let value = |period| {
            let one = said.outcomes.iter().find(|one| one.name == name && one.period == period);
            one.map(|one| one.value.clone()).unwrap_or_default()
        };
        rows.push(std::iter::once(name.to_owned()).chain(periods.map(value)).collect());
    }
    let title = format!("Năm học {}, lớp {}, {}", kept.school_year, said.class_name, said.from_school);
    let columns = [("Nội dung", 0, true), ("Học kì I", 32, false), ("Học kì II", 32, false), ("Cả năm", 32, false)];
    Part { note: format!("Theo: {}", said.document), ..Part::table(&title, &columns, rows) }
}

fn health(file: &LearnerHealth) -> Vec<Part> {
    let check = |one: &HealthCheck| {
        let f = &one.findings;
        let small = |n: Option<u16>| n.map(|n| n.to_string()).unwrap_or_default();
        let eye =
            |n: Option<u16>| n.map(|n| format!("{},{}", n / 10, n % 10).trim_end_matches(",0").to_owned()).unwrap_or_default();
        let pressure = f.systolic.zip(f.diastolic).map(|(high, low)| format!("{high}/{low}")).unwrap_or_default();
        let spine = f.spine.map(|spine| spine.label(Lang::Vi).to_owned()).unwrap_or_default();
        let (right, left) = (eye(f.vision_right), eye(f.vision_left));
        vec![dmy(one.held_on), one.round_name.clone(), pressure, small(f.pulse), right, left, small(f.caries), spine]
    };
    let checks = [
        ("Ngày", 24, false),
        ("Đợt khám", 0, true),
        ("Huyết áp", 20, false),
        ("Mạch", 14, false),
        ("Mắt P (/10)", 17, false),
        ("Mắt T (/10)", 17, false),
        ("Răng sâu", 16, false),
        ("Cột sống", 24, true),
    ];
    let dose = |one: &Vaccination| vec![one.vaccine.clone(), one.dose.to_string(), one.given_on.map(dmy).unwrap_or_default()];
    let doses = [("Vắc xin", 0, true), ("Mũi", 20, false), ("Ngày tiêm", 40, false)];
    let mut parts = Vec::new();
    if !file.checks.is_empty() {
        parts.push(Part::table("Khám sức khoẻ", &checks, file.checks.iter().map(check).collect()));
    }
    if !file.vaccinations.is_empty() {
        parts.push(Part::table("Tiêm chủng", &doses, file.vaccinations.iter().map(dose).collect()));
    }
    parts
}

fn identity(detail: &LearnerDetail) -> Part {
    let one = &detail.learner;
    let fields: Vec<Named> = vec![
        named("Họ và tên", one.full_name.clone()),
        named("Ngày sinh", dmy(one.birth_date)),
        named("Giới tính", one.sex.label(Lang::Vi).to_owned()),
        named("Dân tộc", one.ethnicity.clone()),
        named("Số định danh cá nhân", one.personal_id.clone()),
        named("Mã định danh của Bộ", one.ministry_code.clone()),
        named("Trạng thái", one.status.label(Lang::Vi).to_owned()),
        wide("Trường", detail.school_name.clone()),
    ];
    Part::fields("Lí lịch", fields)
}

fn families(detail: &LearnerDetail) -> Part {
    let row = |one: &dto::learners::GuardianOf| {
        vec![one.relation.label(Lang::Vi).to_owned(), one.full_name.clone(), one.phone.clone().unwrap_or_default()]
    };
    let columns = [("Quan hệ", 34, true), ("Họ và tên", 0, true), ("Điện thoại", 36, false)];
    Part::table("Cha, mẹ, người giám hộ", &columns, detail.guardians.iter().map(row).collect())
}

fn schools(detail: &LearnerDetail) -> Part {
    let mut all: Vec<_> = detail.enrolments.iter().collect();
    all.sort_by_key(|one| one.enrolled_on);
    let row = |one: &&dto::learners::Enrolment| {
        let to = one.left_on.map(dmy).unwrap_or_default();
        vec![one.school_year.clone(), one.school_name.clone(), one.class_name.clone(), dmy(one.enrolled_on), to]
    };
    let columns =
        [("Năm học", 24, false), ("Trường", 0, true), ("Lớp", 20, false), ("Từ ngày", 25, false), ("Đến ngày", 25, false)];
    Part::table("Quá trình học tập", &columns, all.iter().map(row).collect())
}

fn statuses(detail: &LearnerDetail) -> Part {
    let mut all: Vec<_> = detail.statuses.iter().collect();
    all.sort_by_key(|one| one.since);
    let row = |one: &&dto::learners::StatusEntry| {
        let reason = one.reason.clone().unwrap_or_default();
        vec![dmy(one.since), one.status.label(Lang::Vi).to_owned(), one.school_name.clone(), reason]
    };
    let columns = [("Từ ngày", 25, false), ("Trạng thái", 42, true), ("Trường", 0, true), ("Lí do", 42, true)];
    Part::table("Trạng thái qua các thời kì", &columns, all.iter().map(row).collect())
}

/// A school year: results of closed terms, and of the year.
fn year(report: &LearnerReport) -> Vec<Part> {
    let mut periods: Vec<(&str, &LearnerResult)> = Vec::new();
    for (term, name) in report.terms.iter().zip(["Học kì I", "Học kì II"]) {
        if let (TermState::Closed, Some(result)) = (term.state, &term.result) {
            periods.push((name, result));
        }
    }
    periods.extend(report.year.as_ref().map(|result| ("Cả năm", result)));
    if periods.is_empty() {
        return Vec::new();
    }
    let mut columns = vec![("Nội dung", 0, true)];
    columns.extend(periods.iter().map(|(name, _)| (*name, 32, false)));
    let mut rows: Vec<Vec<String>> = Vec::new();
    let last = periods[periods.len() - 1].1;
    for subject in &last.subjects {
        let code = &subject.subject_code;
        let named = report.terms.iter().flat_map(|term| &term.subjects).find(|known| known.subject_code == *code);
        let trait_name = regulations::tt27::trait_of(code).map(|one| one.vi.to_owned());
        let name = named.map(|known| known.name_vi.clone()).or(trait_name).unwrap_or_else(|| code.clone());
        let mut row = vec![name];
        for (_, result) in &periods {
            let own = result.subjects.iter().find(|one| one.subject_code == *code);
            row.push(own.map(sheets::shown).unwrap_or_default());
        }
        rows.push(row);
    }
    let mut line = |name: &str, of: &dyn Fn(&LearnerResult) -> Option<String>| {
        let cells: Vec<String> = periods.iter().map(|(_, result)| of(result).unwrap_or_default()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(std::iter::once(name.to_owned()).chain(cells).collect());
        }
    };
    let level = |level: Option<Level>| level.map(|level| level.vi().to_owned());
    line("Kết quả học tập", &|result| level(result.learning));
    line("Kết quả rèn luyện", &|result| level(result.conduct));
    line("Số buổi nghỉ", &|result| result.absences.map(|n| n.to_string()));
    line("Đánh giá kết quả giáo dục", &|r| {
        Some(r.primary.as_ref()?.again.or(r.primary.as_ref()?.group)?.vi().to_owned())
    });
    line("Xét lên lớp", &|result| result.promotion.map(|promotion| promotion.vi().to_owned()));
    line("Danh hiệu", &|result| result.award.map(|award| award.vi().to_owned()));
    let title = format!("Kết quả năm học {}, lớp {}, {}", report.school_year, report.class_name, report.school_name);
    vec![Part::table(&title, &columns, rows)]
}
