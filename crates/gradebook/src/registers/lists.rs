//! The list of a class, and sổ đăng bộ: who came to a school in a year.

use super::record::{PRINCIPAL, Part, Record, homeroom};
use super::{File, Head, head, school_head, sheets};
use crate::facts;
use chrono::TimeDelta;
use documents::rendering::{Extras, Form, make};
use dto::access::Permission;
use dto::calendar::SchoolYear;
use dto::registers::AdmissionsQuery;
use dto::{ClassId, Code, Lang, UnitId};
use kernel::text::{dmy, slug};
use kernel::{Ctx, Db, Error, Result, clock};
use records::reporting;

/// The list of a class. Whoever sees the class may draw it.
///
/// Errors: `not_found`.
pub async fn class_list(db: &Db, ctx: &Ctx, class: ClassId, copy: bool) -> Result<File> {
    let conn = db.read();
    let read = Permission::ClassRead;
    let class = facts::class(conn, ctx, read, read, class).await?;
    let own = head(conn, &class, copy).await?;
    let lines = sheets::lines(conn, &class).await?;
    let here = lines.iter().filter(|line| line.left.is_none()).count();
    let female =
        lines.iter().filter(|line| line.left.is_none() && line.sex == dto::learners::Sex::Female.label(Lang::Vi)).count();
    let codes = facts::codes(conn, class.school_id, class.id).await?;
    let code = |id| codes.iter().find(|c| c.learner_id == id).and_then(|c| c.ministry_code.clone()).unwrap_or_default();
    let rows = lines
        .iter()
        .map(|line| {
            let left = line.left.map(|day| format!("Rời lớp {}", dmy(day))).unwrap_or_default();
            vec![line.n.to_string(), line.name.clone(), dmy(line.birth), line.sex.to_owned(), code(line.id), left]
        })
        .collect();
    let columns = [
        ("STT", 11, false),
        ("Họ và tên", 0, true),
        ("Ngày sinh", 25, false),
        ("Giới tính", 19, false),
        ("Mã định danh", 28, false),
        ("Ghi chú", 36, true),
    ];
    let part = Part { note: format!("Sĩ số: {here} (nữ {female})."), ..Part::table("", &columns, rows) };
    let name = format!("danh-sach-lop-{}-{}.pdf", slug(&class.name), class.school_year);
    let signers = vec![PRINCIPAL, homeroom(&own)];
    let title = format!("Danh sách học sinh lớp {}", class.name);
    let head = Head { subtitle: format!("Năm học {}", class.school_year), ..own };
    let data = Record { head, title, flipped: false, parts: vec![part], signers };
    Ok(File { name, bytes: make(Form::Record, data, Extras::default()).await? })
}

/// Sổ đăng bộ: who came to a school in a year, the summer before it included.
///
/// Errors: `not_found`, `invalid` with `school_year_id`.
pub async fn admissions(db: &Db, ctx: &Ctx, school: UnitId, query: &AdmissionsQuery) -> Result<File> {
    let conn = db.read();
    let name = facts::whole_school(conn, ctx, Permission::LearnerRead, school).await?;
    let years = records::calendar::years_in(conn, clock::today()).await?;
    let wanted = |year: &&SchoolYear| query.school_year_id.map_or(year.current, |id| year.id == id);
    let year = years.iter().find(wanted).ok_or_else(|| Error::field("school_year_id", Code::FieldChoice))?;
    // The year of a school ends for its books where the next one's intake begins.
    let before = |year: &SchoolYear| year.starts_on - TimeDelta::days(100);
    let after = years.iter().filter(|other| other.starts_on > year.starts_on).map(before).min();
    let to = after.map_or(year.ends_on.max(clock::today()), |next| next - TimeDelta::days(1));
    let came = reporting::admitted(conn, school, before(year), to).await?;
    let rows = came
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let left = one.left.as_ref().map(|(day, how, why)| {
                let why = why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
                format!("{} {}{why}", how.label(Lang::Vi), dmy(*day))
            });
            vec![
                (at + 1).to_string(),
                one.full_name.clone(),
                dmy(one.birth_date),
                one.sex.label(Lang::Vi).to_owned(),
                one.ethnicity.clone().unwrap_or_default(),
                one.birthplace.clone().unwrap_or_default(),
                one.address.clone().unwrap_or_default(),
                one.guardians.join(", "),
                one.ministry_code.clone().or_else(|| one.personal_id.clone()).unwrap_or_default(),
                format!("{} {}", dmy(one.came_on), one.class.as_deref().unwrap_or_default()).trim().to_owned(),
                left.unwrap_or_default(),
            ]
        })
        .collect();
    let columns = [
        ("STT", 10, false),
        ("Họ và tên", 40, true),
        ("Ngày sinh", 20, false),
        ("Giới tính", 13, false),
        ("Dân tộc", 16, true),
        ("Nơi sinh", 30, true),
        ("Chỗ ở", 0, true),
        ("Cha, mẹ, người giám hộ", 36, true),
        ("Mã định danh", 24, false),
        ("Ngày vào, lớp", 22, false),
        ("Ngày ra, lí do", 30, true),
    ];
    let part = Part { note: format!("Tổng số: {}.", came.len()), ..Part::table("", &columns, rows) };
    let head = Head {
        subtitle: format!("Năm học vào trường: {}", year.code),
        ..school_head(conn, school, &name, query.copy).await?
    };
    let data = Record { head, title: "Sổ đăng bộ".to_owned(), flipped: true, parts: vec![part], signers: vec![PRINCIPAL] };
    Ok(File { name: format!("so-dang-bo-{}.pdf", year.code), bytes: make(Form::Record, data, Extras::default()).await? })
}
