//! Photos of a school's facilities and equipment, as the school has arranged them, else by the day they were taken. The picture is a stored file ([`crate::files`]).

mod order;

pub use order::arrange;

use crate::files::{self, Subject};
use crate::{equipment, input, rooms, units};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::facility_photos::{FacilityPhoto, FacilityPhotoQuery, PostFacilityPhoto, PutFacilityPhoto};
use dto::files::StoredFile;
use dto::page::{Page, PageQuery};
use dto::{Code, FacilityPhotoId, FileId, RoomId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, clock, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the files are said to belong to.
pub(crate) const KIND: &str = "facility_photo";

/// Pictures that every browser draws.
const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

#[derive(Clone, FromQueryResult)]
struct Row {
    id: Uuid,
    topic: String,
    equipment_code: Option<String>,
    room_id: Option<Uuid>,
    taken_on: NaiveDate,
    caption: Option<String>,
    file_id: Uuid,
    position: i32,
    version: i64,
}

/// Where a photo stands; 0 where nobody has arranged it.
fn position() -> Expr {
    Func::coalesce([Expr::col("position"), Expr::val(0)]).into()
}

fn version_held() -> Expr {
    Func::coalesce([Expr::col("version"), Expr::val(1_i64)]).into()
}

fn select(school: UnitId) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "topic", "equipment_code", "room_id", "taken_on", "caption", "file_id"])
        .expr_as(position(), "position")
        .expr_as(version_held(), "version")
        .from("facility_photo")
        .and_where(Expr::col("school_id").eq(school.0));
    select
}

fn photo(school: UnitId, row: Row, file: &StoredFile) -> Result<FacilityPhoto> {
    Ok(FacilityPhoto {
        id: FacilityPhotoId(row.id),
        school_id: school,
        topic: crate::stored(&row.topic)?,
        equipment_code: row.equipment_code,
        room_id: row.room_id.map(RoomId),
        taken_on: row.taken_on,
        caption: row.caption,
        size: file.size,
        media: file.media.clone(),
        version: row.version,
    })
}

fn ordered(select: &mut SelectStatement) -> &mut SelectStatement {
    select.order_by_expr(position(), Order::Desc).order_by("taken_on", Order::Desc).order_by("id", Order::Desc)
}

async fn row_in(conn: &impl ConnectionTrait, school: UnitId, id: FacilityPhotoId) -> Result<Row> {
    let mut select = select(school);
    select.and_where(Expr::col("id").eq(id.0));
    crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    at: i32,
    on: NaiveDate,
    id: Uuid,
}

/// The photos of a school in their order: until it is arranged, the newest first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    query: &FacilityPhotoQuery,
    page: &PageQuery,
) -> Result<Page<FacilityPhoto>> {
    let conn = db.read();
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?.id;
    let mut select = select(school);
    if let Some(topic) = query.topic {
        select.and_where(Expr::col("topic").eq(topic.as_str()));
    }
    if let Some(code) = &query.equipment_code {
        select.and_where(Expr::col("equipment_code").eq(equipment::typed(code)));
    }
    if let Some(room) = query.room_id {
        select.and_where(Expr::col("room_id").eq(room.0));
    }
    if let Some(after) = after {
        let columns = Expr::tuple([position(), Expr::col("taken_on"), Expr::col("id")]);
        select.and_where(columns.lt(Expr::tuple([Expr::val(after.at), Expr::val(after.on), Expr::val(after.id)])));
    }
    ordered(&mut select).limit(page.limit() + 1);
    let rows = crate::all::<Row>(conn, &select).await?;
    let cursor = |row: &Row| Cursor { at: row.position, on: row.taken_on, id: row.id };
    let found = page::of(rows, page.limit(), cursor, |row| row);
    let ids: Vec<Uuid> = found.items.iter().map(|row| row.id).collect();
    let mut stored = files::of_many(conn, school, KIND, &ids).await?;
    let items = found.items.into_iter().filter_map(|row| {
        let file = stored.remove(&row.id)?.pop()?;
        Some(photo(school, row, &file))
    });
    Ok(Page { items: items.collect::<Result<_>>()?, next: found.next })
}

/// Keeps an uploaded picture as a photo.
///
/// Errors: `not_found`; `invalid` with `field_choice` at `/file_id` for a file that is not the caller's or belongs to something, with
/// `field_format` for one that is no picture, with `field_choice` at `/equipment_code` for an item that is not the school's, at `/room_id` for a room that is not.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PostFacilityPhoto) -> Result<FacilityPhoto> {
    let caption = input::text_opt("/caption", body.caption.as_deref(), 300)?;
    let taken_on = input::day("/taken_on", body.taken_on.unwrap_or_else(clock::today))?;
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?.id;
        let code = match &body.equipment_code {
            None => None,
            Some(code) => Some(equipment::of_school_in(tx.conn(), school, code).await?),
        };
        if let Some(room) = body.room_id {
            rooms::name_in(tx.conn(), school, room, "/room_id").await?;
        }
        let photo_id: FacilityPhotoId = id::new();
        let (file, attached) = files::attach_in(tx, school, body.file_id, Subject::new(KIND, photo_id), "/file_id").await?;
        if !PICTURES.contains(&file.media.as_str()) {
            return Err(Error::field("/file_id", Code::FieldFormat));
        }
        let row = Row {
            id: photo_id.0,
            topic: body.topic.as_str().to_owned(),
            equipment_code: code,
            room_id: body.room_id.map(Uuid::from),
            taken_on,
            caption: caption.clone(),
            file_id: file.id.0,
            position: order::first_in(tx.conn(), school).await?,
            version: 1,
        };
        let mut insert = Query::insert();
        insert
            .into_table("facility_photo")
            .columns([
                "school_id",
                "id",
                "topic",
                "equipment_code",
                "room_id",
                "taken_on",
                "caption",
                "file_id",
                "position",
                "version",
            ])
            .values_panic([
                school.0.into(),
                row.id.into(),
                row.topic.as_str().into(),
                row.equipment_code.clone().into(),
                row.room_id.into(),
                row.taken_on.into(),
                row.caption.clone().into(),
                row.file_id.into(),
                row.position.into(),
                row.version.into(),
            ]);
        tx.conn().execute(&insert).await?;
        let made = photo(school, row, &file)?;
        let event = Event::new(Some(school), "facility_photo.created", "facility_photo", photo_id).after(&made);
        Ok((made, vec![attached, event]))
    })
    .await
}

/// Changes what is said of a photo.
///
/// Errors: `not_found`, `version_conflict`, `invalid` with the field.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    id: FacilityPhotoId,
    version: i64,
    body: &PutFacilityPhoto,
) -> Result<FacilityPhoto> {
    let caption = input::text_opt("/caption", body.caption.as_deref(), 300)?;
    let taken_on = input::day("/taken_on", body.taken_on)?;
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?.id;
        let row = row_in(tx.conn(), school, id).await?;
        if row.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let file = files::find(tx.conn(), school, Subject::new(KIND, id), FileId(row.file_id)).await?;
        let before = photo(school, row.clone(), &file)?;
        let topic = body.topic.as_str().to_owned();
        let row = Row { topic, taken_on, caption: caption.clone(), version: version + 1, ..row };
        let mut update = Query::update();
        update
            .table("facility_photo")
            .value("topic", row.topic.as_str())
            .value("taken_on", row.taken_on)
            .value("caption", row.caption.clone())
            .value("version", row.version)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(version_held().eq(version));
        if tx.conn().execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let after = photo(school, row, &file)?;
        let event = Event::new(Some(school), "facility_photo.updated", "facility_photo", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// The picture of a photo.
///
/// Errors: `not_found`.
pub async fn picture(db: &Db, ctx: &Ctx, school: UnitId, id: FacilityPhotoId) -> Result<StoredFile> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?.id;
    let row = row_in(conn, school, id).await?;
    files::find(conn, school, Subject::new(KIND, id), FileId(row.file_id)).await
}

/// Removes a photo with its picture.
///
/// Errors: `not_found`.
pub async fn remove(db: &Db, ctx: &Ctx, school: UnitId, id: FacilityPhotoId) -> Result<()> {
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::FacilityWrite, school).await?.id;
        let row = row_in(tx.conn(), school, id).await?;
        let gone = files::detach_in(tx, school, FileId(row.file_id), Subject::new(KIND, id)).await?;
        let mut delete = Query::delete();
        delete.from_table("facility_photo").and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col("id").eq(id.0));
        tx.conn().execute(&delete).await?;
        let event = Event::new(Some(school), "facility_photo.removed", "facility_photo", id).before(&row.caption);
        Ok(((), vec![gone, event]))
    })
    .await
}
