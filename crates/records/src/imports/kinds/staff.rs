//! Staff of a school with their posts.

use super::{Applied, Cells, Checked, Column, Conn, Doing, Image, Kind, Line, Opened, Scope, error_fault};
use crate::imports::undo::Against;
use crate::person::PersonColumns;
use crate::quality::rules::{self, StaffFacts};
use crate::staff::entity::{post, staff};
use crate::staff::search_text;
use crate::{bulk, scope, units};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::file_imports::FileImportScope;
use dto::imports::{FieldChange, RowOutcome};
use dto::learners::Sex;
use dto::staff::Position;
use dto::{Code, Lang, StaffId, UnitId};
use kernel::text::{Name, fold};
use kernel::{Ctx, Error, Event, Result, Tx, clock, id};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Staff of a school.
pub struct StaffList;

const STAFF: &str = "staff";
const POST: &str = "staff_post";

fn position_words() -> Vec<(Position, Vec<&'static str>)> {
    Position::ALL.iter().map(|p| (*p, vec![p.label(Lang::Vi), p.label(Lang::En), p.as_str()])).collect()
}

impl Kind for StaffList {
    fn code(&self) -> &'static str {
        "staff"
    }

    fn name(&self) -> [&'static str; 2] {
        ["Nhân sự", "Staff"]
    }

    fn about(&self) -> [&'static str; 2] {
        ["Cán bộ, giáo viên, nhân viên với chức danh tại trường.", "Principals, teachers and other staff with their posts."]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::School
    }

    fn needs_open_school(&self) -> bool {
        true
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            units::school_in(conn, ctx, Permission::StaffWrite, scope.school_id).await?;
            let opened = OpenStaff { school: scope.school_id, seen: HashMap::new() };
            Ok(Box::new(opened) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope.school_id, images))
    }
}

struct OpenStaff {
    school: UnitId,
    /// Codes and people of the rows before.
    seen: HashMap<String, u32>,
}

/// What a row says.
struct Fields {
    name: Name,
    birth_date: Option<NaiveDate>,
    sex: Sex,
    ministry_code: Option<String>,
    phone: Option<String>,
    position: Position,
    valid_from: Option<NaiveDate>,
}

/// A person's own data as an import changes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StaffImage {
    family: String,
    middle: String,
    given: String,
    birth_date: Option<NaiveDate>,
    sex: String,
    ministry_code: Option<String>,
    phone: Option<String>,
    version: i64,
}

impl StaffImage {
    fn of(row: &staff::Model) -> StaffImage {
        StaffImage {
            family: row.family.clone(),
            middle: row.middle.clone(),
            given: row.given.clone(),
            birth_date: row.birth_date,
            sex: row.sex.clone(),
            ministry_code: row.ministry_code.clone(),
            phone: row.phone.clone(),
            version: row.version,
        }
    }

    fn same(&self, other: &StaffImage) -> bool {
        *self == StaffImage { version: self.version, ..other.clone() }
    }

    fn model(&self, id: Uuid) -> staff::Model {
        let name = PersonColumns::new(&self.family, &self.middle, &self.given);
        staff::Model {
            id,
            search_text: search_text(&name.full_name, self.ministry_code.as_deref()),
            family: name.family,
            middle: name.middle,
            given: name.given,
            full_name: name.full_name,
            sort_key: name.sort_key,
            birth_date: self.birth_date,
            sex: self.sex.clone(),
            ministry_code: self.ministry_code.clone(),
            phone: self.phone.clone(),
            version: self.version,
        }
    }
}

/// A post that an import made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PostImage {
    staff_id: Uuid,
    position: String,
    valid_from: NaiveDate,
}

/// Who is at the school, and whose codes the file names.
struct Known {
    here: Vec<staff::Model>,
    posts: HashMap<Uuid, Vec<post::Model>>,
    by_code: HashMap<String, staff::Model>,
}

impl Known {
    async fn load(conn: &impl ConnectionTrait, school: UnitId, codes: Vec<String>) -> Result<Known> {
        let mut there = Query::select();
        there
            .column(("p", "staff_id"))
            .from_as("staff_post", "p")
            .and_where(Expr::col(("p", "unit_id")).eq(school.0))
            .cond_where(scope::in_force("p"));
        let here = staff::Entity::find().filter(staff::Column::Id.in_subquery(there)).all(conn).await?;
        let mut posts: HashMap<Uuid, Vec<post::Model>> = HashMap::new();
        let today = clock::today();
        for row in post::Entity::find().filter(post::Column::UnitId.eq(school.0)).all(conn).await? {
            if row.valid_to.is_none_or(|end| end > today) {
                posts.entry(row.staff_id).or_default().push(row);
            }
        }
        let mut by_code: HashMap<String, staff::Model> = HashMap::new();
        for chunk in codes.chunks(500) {
            let rows = staff::Entity::find().filter(staff::Column::MinistryCode.is_in(chunk.iter().cloned())).all(conn).await?;
            by_code.extend(rows.into_iter().filter_map(|row| Some((row.ministry_code.clone()?, row))));
        }
        Ok(Known { here, posts, by_code })
    }

    /// The person of a row, if the school has them.
    fn find(&self, fields: &Fields) -> std::result::Result<Option<&staff::Model>, [String; 2]> {
        if let Some(person) = fields.ministry_code.as_ref().and_then(|code| self.by_code.get(code)) {
            if !self.posts.contains_key(&person.id) {
                return Err([
                    "Mã này là của một người ở đơn vị khác. Hãy thêm chức danh cho người đó thay vì tạo hồ sơ mới.".into(),
                    "The code is that of somebody at another unit. Give that person a post here instead of a new record.".into(),
                ]);
            }
            if fold(&person.full_name) != fold(&fields.name.full()) && person.birth_date != fields.birth_date {
                let name = &person.full_name;
                return Err([format!("Mã này là của {name}."), format!("The code is that of {name}.")]);
            }
            return Ok(Some(person));
        }
        let name = fold(&fields.name.full());
        let mut same = self.here.iter().filter(|person| {
            fold(&person.full_name) == name
                && (person.birth_date.is_none() || fields.birth_date.is_none() || person.birth_date == fields.birth_date)
                && (person.ministry_code.is_none() || fields.ministry_code.is_none())
        });
        match (same.next(), same.next()) {
            (Some(_), Some(_)) => Err([
                "Trường có nhiều người cùng họ tên. Hãy ghi ngày sinh hoặc mã định danh.".into(),
                "The school has several people of this name. Give the birth date or the code.".into(),
            ]),
            (one, _) => Ok(one),
        }
    }
}

fn read(cells: &mut Cells<'_>) -> Option<Fields> {
    let name = cells.name("full_name");
    if cells.line.text("full_name").is_none() {
        cells.missing("full_name");
    }
    let sex = cells.sex("sex");
    if cells.line.text("sex").is_none() {
        cells.missing("sex");
    }
    let words = position_words();
    let positions: Vec<(Position, &[&str])> = words.iter().map(|(p, words)| (*p, words.as_slice())).collect();
    let position = cells.choice("position", &positions);
    let fields = Fields {
        birth_date: cells.birth_date("birth_date"),
        ministry_code: cells.text("ministry_code", 20),
        phone: cells.phone("phone"),
        valid_from: cells.day("valid_from"),
        position: position.unwrap_or(Position::Teacher),
        name: name?,
        sex: sex?,
    };
    (!cells.failed()).then_some(fields)
}

/// What the file would change. What it leaves empty stays.
fn changed(person: &staff::Model, fields: &Fields) -> (StaffImage, Vec<FieldChange>) {
    let before = StaffImage::of(person);
    let mut after = before.clone();
    let mut changes = Vec::new();
    let mut change = |field: &str, before: Option<String>, now: Option<String>| {
        let differs = now.is_some() && now != before;
        if differs {
            changes.push(FieldChange { field: field.to_owned(), before, after: now });
        }
        differs
    };
    if change("full_name", Some(person.full_name.clone()), Some(fields.name.full())) {
        after.family.clone_from(&fields.name.family);
        after.middle.clone_from(&fields.name.middle);
        after.given.clone_from(&fields.name.given);
    }
    if change("birth_date", before.birth_date.map(|d| d.to_string()), fields.birth_date.map(|d| d.to_string())) {
        after.birth_date = fields.birth_date;
    }
    if change("sex", Some(before.sex.clone()), Some(fields.sex.as_str().to_owned())) {
        after.sex = fields.sex.as_str().to_owned();
    }
    if change("ministry_code", before.ministry_code.clone(), fields.ministry_code.clone()) {
        after.ministry_code.clone_from(&fields.ministry_code);
    }
    if change("phone", before.phone.clone(), fields.phone.clone()) {
        after.phone.clone_from(&fields.phone);
    }
    (after, changes)
}

/// What a row comes to: the person known already with what they were, and whether a post is new.
type Planned = (Fields, Option<(Uuid, StaffImage)>, bool);

impl OpenStaff {
    /// Whether a row before is of the same person.
    fn repeated(&mut self, line: &Line, fields: &Fields) -> Option<u32> {
        let key = match &fields.ministry_code {
            Some(code) => code.clone(),
            None => format!("{} {:?}", fold(&fields.name.full()), fields.birth_date),
        };
        let first = *self.seen.entry(key).or_insert(line.row);
        (first != line.row).then_some(first)
    }

    fn row(&mut self, known: &Known, line: &Line) -> (Checked, Option<Planned>) {
        let mut cells = Cells::new(line);
        let title = line.text("full_name").unwrap_or_default();
        let Some(fields) = read(&mut cells) else { return (Checked::faulty(title, cells.faults), None) };
        let stop = |vi: String, en: String| {
            let mut checked = Checked::of(title.clone(), RowOutcome::Conflict);
            checked.faults.push(error_fault("staff-conflict", None, vi, en));
            (checked, None)
        };
        if let Some(first) = self.repeated(line, &fields) {
            return stop(
                format!("Dòng này và dòng {first} là cùng một người."),
                format!("This row and row {first} are the same person."),
            );
        }
        let mut checked = match known.find(&fields) {
            Err([vi, en]) => return stop(vi, en),
            Ok(None) => (Checked::of(title.clone(), RowOutcome::New), None, true),
            Ok(Some(person)) => {
                let (after, mut changes) = changed(person, &fields);
                let own = !changes.is_empty();
                let posted = known.posts.get(&person.id).is_some_and(|posts| {
                    line.text("position").is_none() || posts.iter().any(|p| p.position == fields.position.as_str())
                });
                if !posted {
                    let after = Some(fields.position.label(Lang::Vi).to_owned());
                    changes.push(FieldChange { field: "position".into(), before: None, after });
                }
                let update = own.then_some((person.id, after)).or(Some((person.id, StaffImage::of(person))));
                (Checked::changed(title, changes), update, !posted)
            }
        };
        let code = fields.ministry_code.clone().or_else(|| checked.1.as_ref().and_then(|(_, image)| image.ministry_code.clone()));
        checked.0.faults = cells.faults;
        checked.0.quality = rules::written_staff(&StaffFacts::of_file(&fields.name, code.is_some()));
        (checked.0, Some((fields, checked.1, checked.2)))
    }

    async fn known(&self, conn: &impl ConnectionTrait, lines: &[Line]) -> Result<Known> {
        Known::load(conn, self.school, lines.iter().filter_map(|line| line.text("ministry_code")).collect()).await
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        let known = self.known(tx.conn(), lines).await?;
        self.seen.clear();
        let mut done = Applied::default();
        let (mut people, mut posts) = (Vec::new(), Vec::new());
        for line in lines {
            let (_, todo) = self.row(&known, line);
            let (fields, person, post) = todo.ok_or_else(|| Error::new(Code::ImportStale))?;
            let today = clock::day_of(tx.now());
            let staff_id = match person {
                Some((id, after)) => {
                    let row = known.here.iter().find(|p| p.id == id).ok_or_else(|| Error::new(Code::ImportStale))?;
                    let before = StaffImage::of(row);
                    if !before.same(&after) {
                        let after = StaffImage { version: before.version + 1, ..after };
                        put(tx, id, &before, &after).await?;
                        done.images.push(Image::of(STAFF, id, Some(&before), Some(&after))?);
                        // A person belongs to the directory, not to one of their schools.
                        done.events.push(Event::new(None, "staff.updated", "staff", StaffId(id)).before(&before).after(&after));
                    }
                    id
                }
                None => {
                    let image = StaffImage {
                        family: fields.name.family.clone(),
                        middle: fields.name.middle.clone(),
                        given: fields.name.given.clone(),
                        birth_date: fields.birth_date,
                        sex: fields.sex.as_str().to_owned(),
                        ministry_code: fields.ministry_code.clone(),
                        phone: fields.phone.clone(),
                        version: 1,
                    };
                    let staff_id: Uuid = id::new();
                    people.push(image.model(staff_id));
                    done.images.push(Image::of(STAFF, staff_id, None, Some(&image))?);
                    done.events.push(Event::new(Some(self.school), "staff.created", "staff", StaffId(staff_id)).after(&image));
                    staff_id
                }
            };
            if post {
                let image = PostImage {
                    staff_id,
                    position: fields.position.as_str().to_owned(),
                    valid_from: fields.valid_from.unwrap_or(today),
                };
                done.images.push(Image::of(POST, staff_id, None, Some(&image))?);
                done.events.push(Event::new(Some(self.school), "staff.posted", "staff", StaffId(staff_id)).after(&image));
                posts.push(post::Model {
                    staff_id,
                    unit_id: self.school.0,
                    position: image.position,
                    valid_from: image.valid_from,
                    valid_to: None,
                    decision_no: None,
                    decided_on: None,
                });
            }
        }
        bulk::insert_many_in(tx, people).await?;
        bulk::insert_many_in(tx, posts).await?;
        Ok(done)
    }
}

/// Brings a person to an image, if the version is still the one of `before`.
async fn put(tx: &Tx<'_>, id: Uuid, before: &StaffImage, after: &StaffImage) -> Result<()> {
    let row = after.model(id);
    let done = staff::Entity::update_many()
        .col_expr(staff::Column::Family, Expr::val(row.family))
        .col_expr(staff::Column::Middle, Expr::val(row.middle))
        .col_expr(staff::Column::Given, Expr::val(row.given))
        .col_expr(staff::Column::FullName, Expr::val(row.full_name))
        .col_expr(staff::Column::SortKey, Expr::val(row.sort_key))
        .col_expr(staff::Column::SearchText, Expr::val(row.search_text))
        .col_expr(staff::Column::BirthDate, Expr::val(row.birth_date))
        .col_expr(staff::Column::Sex, Expr::val(row.sex))
        .col_expr(staff::Column::MinistryCode, Expr::val(row.ministry_code))
        .col_expr(staff::Column::Phone, Expr::val(row.phone))
        .col_expr(staff::Column::Version, Expr::val(row.version))
        .filter(staff::Column::Id.eq(id))
        .filter(staff::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 { Err(Error::new(Code::ImportStale)) } else { Ok(()) }
}

/// Of these people, those who are in use beyond what the import made: an account, teaching, a homeroom class, a further post.
async fn in_use(conn: &impl ConnectionTrait, people: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut used = HashSet::new();
    for (table, column) in [("teaching", "staff_id"), ("class", "homeroom_staff_id"), ("account", "person_id")] {
        let mut select = Query::select();
        select.distinct().column(column).from(table).and_where(Expr::col(column).is_in(people.iter().copied()));
        for row in conn.query_all(&select).await? {
            used.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(used)
}

async fn take_back(tx: &Tx<'_>, school: UnitId, images: &[Image]) -> Result<Vec<Event>> {
    let conn = tx.conn();
    let people: Vec<(Uuid, Option<StaffImage>, StaffImage)> = images
        .iter()
        .filter(|image| image.subject == STAFF)
        .map(|image| {
            let (before, after) = image.read::<StaffImage>()?;
            let id = image.id.parse().map_err(Error::internal)?;
            Ok((id, before, after.ok_or_else(|| Error::internal("an image without an after"))?))
        })
        .collect::<Result<_>>()?;
    let made: Vec<PostImage> = images
        .iter()
        .filter(|image| image.subject == POST)
        .map(|image| image.read::<PostImage>()?.1.ok_or_else(|| Error::internal("a post without an after")))
        .collect::<Result<_>>()?;
    let ids: Vec<Uuid> = people.iter().map(|(id, ..)| *id).collect();
    let mut present: HashMap<Uuid, staff::Model> = HashMap::new();
    let (mut used, mut posts): (HashSet<Uuid>, HashMap<Uuid, usize>) = Default::default();
    for chunk in ids.chunks(500) {
        let rows = staff::Entity::find().filter(staff::Column::Id.is_in(chunk.iter().copied())).all(conn).await?;
        present.extend(rows.into_iter().map(|row| (row.id, row)));
        used.extend(in_use(conn, chunk).await?);
        for row in post::Entity::find().filter(post::Column::StaffId.is_in(chunk.iter().copied())).all(conn).await? {
            *posts.entry(row.staff_id).or_default() += 1;
        }
    }
    let mut against = Against::default();
    for (id, before, after) in &people {
        let row = present.get(id);
        let same = row.is_some_and(|row| after.same(&StaffImage::of(row)));
        let further = before.is_none() && (used.contains(id) || posts.get(id).is_some_and(|n| *n > 1));
        if !same || further {
            let name = row.map_or("?", |row| row.full_name.as_str());
            against.add(format!("/staff/{id}"), Code::ImportedRecordUsed, name);
        }
    }
    against.into_result()?;
    for post in &made {
        post::Entity::delete_many()
            .filter(post::Column::StaffId.eq(post.staff_id))
            .filter(post::Column::UnitId.eq(school.0))
            .filter(post::Column::Position.eq(post.position.as_str()))
            .filter(post::Column::ValidFrom.eq(post.valid_from))
            .exec(conn)
            .await?;
    }
    let mut events = Vec::new();
    for (id, before, after) in people.iter().rev() {
        match before {
            Some(before) => {
                let now = present.get(id).map_or(after.clone(), StaffImage::of);
                let back = StaffImage { version: now.version + 1, ..before.clone() };
                put(tx, *id, &now, &back).await?;
                events.push(Event::new(None, "staff.restored", "staff", StaffId(*id)).before(&now).after(&back));
            }
            None => {
                staff::Entity::delete_by_id(*id).exec(conn).await?;
                events.push(Event::new(Some(school), "staff.removed", "staff", StaffId(*id)).before(after));
            }
        }
    }
    Ok(events)
}

impl Opened for OpenStaff {
    fn columns(&self) -> Vec<Column> {
        let ho_ten = [
            "ho ten",
            "ho va ten",
            "ho ten giao vien",
            "ho va ten giao vien",
            "ho ten nhan vien",
            "ten giao vien",
            "ho ten can bo",
        ];
        let code = [
            "ma dinh danh",
            "ma gv",
            "ma giao vien",
            "ma can bo",
            "ma moet",
            "ma dinh danh bo",
            "ma nhan su",
            "ma dinh danh giao vien",
        ];
        vec![
            Column::new("full_name", "Họ và tên", "Full name", &ho_ten).required().hint("Có dấu.", "With marks."),
            Column::new("ministry_code", "Mã định danh ngành", "Ministry code", &code)
                .hint("Để trống nếu chưa được cấp.", "Leave empty where there is none yet."),
            Column::new("birth_date", "Ngày sinh", "Birth date", &["ngay sinh", "ngay thang nam sinh", "nam sinh"])
                .hint("Ngày/tháng/năm, ví dụ 06/04/1985.", "Day/month/year, such as 06/04/1985."),
            Column::new("sex", "Giới tính", "Sex", &["gioi tinh", "phai", "nam nu"]).required().choices(["Nam", "Nữ"]),
            Column::new("phone", "Điện thoại", "Phone", &["dien thoai", "so dien thoai", "sdt", "dien thoai di dong", "so dtdd"]),
            Column::new("position", "Chức danh", "Post", &["chuc danh", "chuc vu", "vi tri viec lam", "vi tri", "nhiem vu"])
                .choices(Position::ALL.iter().map(|p| p.label(Lang::Vi)))
                .hint("Để trống: giáo viên.", "Left empty: teacher."),
            Column::new("valid_from", "Từ ngày", "From", &["tu ngay", "ngay nhan viec", "ngay ve truong", "ngay vao truong"])
                .hint("Ngày nhận việc tại trường; để trống: hôm nay.", "The first day at the school; left empty: today."),
        ]
    }

    fn title_class(&mut self, _: Option<&str>) {
        self.seen.clear();
    }

    fn check<'a>(&'a mut self, conn: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move {
            let known = self.known(conn, lines).await?;
            Ok(lines.iter().map(|line| self.row(&known, line).0).collect())
        })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(self.write(tx, lines))
    }
}
