//! What a school shows to the public. A photo in which a child can be recognised, and a child's name, are published only where guardian
//! and child consent ([`crate::consents::may_publish`], in the transaction that publishes); and each time somebody looks it is looked
//! again, so that what a family withdraws is gone at once.

use crate::files::{self, Subject};
use crate::{consents, input, learners, units};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::files::StoredFile;
use dto::page::{Page, PageQuery};
use dto::publications::{PostPublication, PublicItem, PublicSchool, Publication, PublicationPerson};
use dto::{Code, FileId, LearnerId, PublicationId, UnitId};
use identity::accounts::Names;
use kernel::text::nfc;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, page};
use sea_orm::ConnectionTrait;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, OnConflict, Order, Query, SelectStatement};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the files are said to belong to.
const KIND: &str = "publication";
/// The purposes to which families consent.
const PHOTO: &str = "public_photo";
const NAME: &str = "public_name";
/// Pictures that every browser draws.
const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

#[derive(Clone, FromQueryResult)]
struct Row {
    id: Uuid,
    title: String,
    body: Option<String>,
    file_id: Option<Uuid>,
    published_at: DateTime<Utc>,
    published_by: Option<Uuid>,
    withdrawn_at: Option<DateTime<Utc>>,
}

fn select(school: UnitId) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "title", "body", "file_id", "published_at", "published_by", "withdrawn_at"])
        .from("publication")
        .and_where(Expr::col("school_id").eq(school.0));
    select
}

async fn row_in(conn: &impl ConnectionTrait, school: UnitId, id: PublicationId) -> Result<Row> {
    let mut select = select(school);
    select.and_where(Expr::col("id").eq(id.0));
    crate::one::<Row>(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// Who is in a publication, and whether the consent to it holds at this school now.
async fn people(conn: &impl ConnectionTrait, school: UnitId, id: Uuid) -> Result<Vec<PublicationPerson>> {
    #[derive(FromQueryResult)]
    struct Person {
        learner_id: Uuid,
        full_name: String,
        at: Option<Uuid>,
        shown: bool,
        named: bool,
    }
    let mut select = Query::select();
    select
        .columns([("p", "learner_id"), ("l", "full_name"), ("p", "shown"), ("p", "named")])
        .expr_as(Expr::col(("l", "school_id")), "at")
        .from_as("publication_person", "p")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("p", "learner_id")))
        .and_where(Expr::col(("p", "school_id")).eq(school.0))
        .and_where(Expr::col(("p", "publication_id")).eq(id))
        .order_by(("p", "learner_id"), Order::Asc);
    let mut people = Vec::new();
    for one in crate::all::<Person>(conn, &select).await? {
        let learner = LearnerId(one.learner_id);
        // A consent was given to this school: who has left it has none here.
        let mut holds = one.at == Some(school.0);
        for (wanted, purpose) in [(one.shown, PHOTO), (one.named, NAME)] {
            holds = holds && (!wanted || consents::holds(conn, learner, purpose).await?);
        }
        people.push(PublicationPerson {
            learner_id: learner,
            full_name: one.full_name,
            shown: one.shown,
            named: one.named,
            holds,
        });
    }
    Ok(people)
}

async fn told(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId, row: Row) -> Result<Publication> {
    let people = people(conn, school, row.id).await?;
    let names = Names::of(conn, ctx.lang, [row.published_by]).await?;
    Ok(Publication {
        id: PublicationId(row.id),
        school_id: school,
        visible: row.withdrawn_at.is_none() && people.iter().all(|one| one.holds),
        title: row.title,
        body: row.body,
        photo: row.file_id.is_some(),
        people,
        published_at: row.published_at,
        published_by: names.name(row.published_by),
        withdrawn_at: row.withdrawn_at,
    })
}

async fn page_of(conn: &impl ConnectionTrait, mut select: SelectStatement, query: &PageQuery) -> Result<Page<Row>> {
    if let Some(after) = page::decode::<Uuid>(query.after.as_deref())? {
        select.and_where(Expr::col("id").lt(after));
    }
    select.order_by("id", Order::Desc).limit(query.limit() + 1);
    Ok(page::of(crate::all::<Row>(conn, &select).await?, query.limit(), |row| row.id, |row| row))
}

/// What a school has published, the newest first; also what was withdrawn or is hidden since a consent no longer holds.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &PageQuery) -> Result<Page<Publication>> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::PublicationWrite, school).await?.id;
    let found = page_of(conn, select(school), query).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for row in found.items {
        items.push(told(conn, ctx, school, row).await?);
    }
    Ok(Page { items, next: found.next })
}

/// The school that a public page is of, also one that is closed by now. Needs no account.
///
/// Errors: `not_found`, also for units of other kinds.
pub async fn school(db: &Db, id: UnitId) -> Result<PublicSchool> {
    let conn = db.read();
    let name = units::school_name_in(conn, id).await?;
    let within = units::above_in(conn, id).await?.into_iter().rev().map(|unit| unit.name).collect();
    Ok(PublicSchool { id, name, within })
}

/// What the public sees of a school, the newest first. Needs no account.
///
/// Errors: `bad_cursor`.
pub async fn public(db: &Db, school: UnitId, query: &PageQuery) -> Result<Page<PublicItem>> {
    let conn = db.read();
    let mut select = select(school);
    select.and_where(Expr::col("withdrawn_at").is_null());
    let found = page_of(conn, select, query).await?;
    let mut items = Vec::new();
    for row in found.items {
        if people(conn, school, row.id).await?.iter().all(|one| one.holds) {
            items.push(PublicItem {
                id: PublicationId(row.id),
                title: row.title,
                body: row.body,
                photo: row.file_id.is_some(),
                published_on: clock::day_of(row.published_at),
            });
        }
    }
    Ok(Page { items, next: found.next })
}

/// The photo of what the public sees. Needs no account.
///
/// Errors: `not_found`, also where it was withdrawn or a consent no longer holds.
pub async fn photo(db: &Db, school: UnitId, id: PublicationId) -> Result<StoredFile> {
    let conn = db.read();
    let row = row_in(conn, school, id).await?;
    let none = || Error::new(Code::NotFound);
    if row.withdrawn_at.is_some() || !people(conn, school, row.id).await?.iter().all(|one| one.holds) {
        return Err(none());
    }
    files::find(conn, school, Subject::new(KIND, id), FileId(row.file_id.ok_or_else(none)?)).await
}

/// Learners of a school whose full names stand in a text.
async fn mentioned(conn: &impl ConnectionTrait, school: UnitId, text: &str) -> Result<Vec<LearnerId>> {
    let mut select = Query::select();
    select
        .columns(["id", "full_name"])
        .from("learner")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("merged_into").is_null());
    let text = format!(" {} ", words(text));
    let mut found = Vec::new();
    for row in conn.query_all(&select).await? {
        let name: String = row.try_get_by_index(1)?;
        if text.contains(&format!(" {} ", words(&name))) {
            found.push(LearnerId(row.try_get_by_index(0)?));
        }
    }
    Ok(found)
}

/// The words of a text in small letters, without punctuation.
fn words(text: &str) -> String {
    let small = nfc(text).to_lowercase();
    small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Publishes, where everybody who is shown or named has consented to that.
///
/// Errors: `not_found` (the school), `consent_missing`; `invalid` with `field_required` at `/shows` where nobody said who is in the photo,
/// with `field_choice` at `/shows/{n}`, `/names/{n}` for somebody who is no learner of the school, and at `/photo` as for any file.
pub async fn publish(db: &Db, ctx: &Ctx, school: UnitId, body: &PostPublication) -> Result<Publication> {
    let title = input::text("/title", &body.title, 1, 200)?;
    let text = input::lines_opt("/body", body.body.as_deref(), 4000)?;
    if body.photo.is_some() && body.shows.is_empty() != body.shows_nobody {
        return Err(Error::field("/shows", Code::FieldRequired));
    }
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let school = units::school_in(conn, tx.ctx(), Permission::PublicationWrite, school).await?.id;
        let mut people: BTreeMap<LearnerId, (bool, bool)> = BTreeMap::new();
        for (at, learner) in body.shows.iter().enumerate() {
            of_school(tx, school, *learner, &format!("/shows/{at}")).await?;
            people.entry(*learner).or_default().0 = body.photo.is_some();
        }
        for (at, learner) in body.names.iter().enumerate() {
            of_school(tx, school, *learner, &format!("/names/{at}")).await?;
            people.entry(*learner).or_default().1 = true;
        }
        for learner in mentioned(conn, school, &format!("{title} . {}", text.as_deref().unwrap_or_default())).await? {
            people.entry(learner).or_default().1 = true;
        }
        for (learner, (shown, named)) in &people {
            for (wanted, purpose) in [(*shown, PHOTO), (*named, NAME)] {
                if wanted {
                    consents::may_publish(tx, *learner, purpose).await?;
                }
            }
        }
        let made: PublicationId = id::new();
        let mut events = Vec::new();
        if let Some(photo) = body.photo {
            let (file, attached) = files::attach_in(tx, school, photo, Subject::new(KIND, made), "/photo").await?;
            if !PICTURES.contains(&file.media.as_str()) {
                return Err(Error::field("/photo", Code::FieldFormat));
            }
            events.push(attached);
        }
        insert(tx, school, made, (&title, text.as_deref(), body.photo), &people).await?;
        let now = told(conn, tx.ctx(), school, row_in(conn, school, made).await?).await?;
        events.push(Event::new(Some(school), "publication.published", "publication", made).after(&now));
        Ok((now, events))
    })
    .await
}

async fn of_school(tx: &Tx<'_>, school: UnitId, learner: LearnerId, pointer: &str) -> Result<()> {
    let found = learners::find_in(tx.conn(), tx.ctx(), Permission::PublicationWrite, learner).await;
    match found {
        Ok(found) if found.school_id == Some(school) => Ok(()),
        _ => Err(Error::field(pointer, Code::FieldChoice)),
    }
}

async fn insert(
    tx: &Tx<'_>,
    school: UnitId,
    id: PublicationId,
    (title, body, photo): (&str, Option<&str>, Option<FileId>),
    people: &BTreeMap<LearnerId, (bool, bool)>,
) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("publication")
        .columns(["school_id", "id", "title", "body", "file_id", "published_at", "published_by"])
        .values_panic([
            school.0.into(),
            id.0.into(),
            title.into(),
            body.map(str::to_owned).into(),
            photo.map(|file| file.0).into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    tx.conn().execute(&insert).await?;
    for (learner, (shown, named)) in people {
        put_person(tx, school, id, *learner, (*shown, *named)).await?;
    }
    Ok(())
}

/// Writes down who is in a publication, shown or named.
async fn put_person(
    tx: &Tx<'_>,
    school: UnitId,
    id: PublicationId,
    learner: LearnerId,
    (shown, named): (bool, bool),
) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("publication_person")
        .columns(["school_id", "publication_id", "learner_id", "shown", "named"])
        .values_panic([school.0.into(), id.0.into(), learner.0.into(), shown.into(), named.into()])
        .on_conflict(
            OnConflict::columns(["school_id", "publication_id", "learner_id"]).update_columns(["shown", "named"]).to_owned(),
        );
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Takes something off the public page.
///
/// Errors: `not_found`, also where it was withdrawn already.
pub async fn withdraw(db: &Db, ctx: &Ctx, school: UnitId, id: PublicationId) -> Result<Publication> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let school = units::school_in(conn, tx.ctx(), Permission::PublicationWrite, school).await?.id;
        let mut update = Query::update();
        update
            .table("publication")
            .value("withdrawn_at", tx.now())
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("withdrawn_at").is_null());
        if conn.execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::NotFound));
        }
        let now = told(conn, tx.ctx(), school, row_in(conn, school, id).await?).await?;
        Ok((now, vec![Event::new(Some(school), "publication.withdrawn", "publication", id)]))
    })
    .await
}

/// Puts back what was taken off the public page, where everybody who is shown or named consents to it today: also who has left the
/// school refuses, and learners who came since and whose names stand in it are named.
///
/// Errors: `not_found`, also where it is not taken down; `consent_missing`.
pub async fn restore(db: &Db, ctx: &Ctx, school: UnitId, id: PublicationId) -> Result<Publication> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let school = units::school_in(conn, tx.ctx(), Permission::PublicationWrite, school).await?.id;
        let row = row_in(conn, school, id).await?;
        if row.withdrawn_at.is_none() {
            return Err(Error::new(Code::NotFound));
        }
        let mut people = people(conn, school, id.0).await?;
        for learner in mentioned(conn, school, &format!("{} . {}", row.title, row.body.as_deref().unwrap_or_default())).await? {
            let known = people.iter_mut().find(|one| one.learner_id == learner);
            let shown = known.as_ref().is_some_and(|one| one.shown);
            if known.as_ref().is_none_or(|one| !one.named) {
                consents::may_publish(tx, learner, NAME).await?;
                put_person(tx, school, id, learner, (shown, true)).await?;
            }
            if let Some(known) = known {
                known.named = true;
            }
        }
        for one in &people {
            for purpose in [(one.shown, PHOTO), (one.named, NAME)].into_iter().filter(|(wanted, _)| *wanted).map(|(_, p)| p) {
                consents::may_publish(tx, one.learner_id, purpose).await?;
                if !one.holds {
                    // Their consent is to another school by now.
                    return Err(consents::missing(tx, purpose).await?);
                }
            }
        }
        let mut update = Query::update();
        update
            .table("publication")
            .value("withdrawn_at", None::<DateTime<Utc>>)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("withdrawn_at").is_not_null());
        if conn.execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::NotFound));
        }
        let now = told(conn, tx.ctx(), school, row_in(conn, school, id).await?).await?;
        Ok((now.clone(), vec![Event::new(Some(school), "publication.restored", "publication", id).after(&now)]))
    })
    .await
}
