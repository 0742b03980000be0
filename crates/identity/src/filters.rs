//! Filters of lists that a person keeps under names. They belong to the account and nobody else sees them: PCs are shared.

use dto::saved_filters::{PutSavedFilter, SavedFilter, SavedFilterQuery};
use dto::{Code, Page, SavedFilterId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, text};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// No more an account.
const MOST: usize = 200;

fn owner(ctx: &Ctx) -> Result<Uuid> {
    ctx.account.map(Uuid::from).ok_or_else(|| Error::new(Code::Unauthenticated))
}

fn read(row: &QueryResult) -> Result<SavedFilter> {
    Ok(SavedFilter {
        id: SavedFilterId(row.try_get_by_index(0)?),
        page: row.try_get_by_index(1)?,
        name: row.try_get_by_index(2)?,
        query: row.try_get_by_index(3)?,
        version: row.try_get_by_index(4)?,
    })
}

fn select(owner: Uuid) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "page", "name", "query", "version"])
        .from("saved_filter")
        .and_where(Expr::col("account_id").eq(owner))
        .order_by("id", Order::Asc);
    query
}

async fn all(conn: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<SavedFilter>> {
    conn.query_all(query).await?.iter().map(read).collect()
}

/// One's own filters, of one list or of all, in the order of their names.
pub async fn list(db: &Db, ctx: &Ctx, query: &SavedFilterQuery) -> Result<Page<SavedFilter>> {
    let mut find = select(owner(ctx)?);
    find.and_where_option(query.page.as_deref().map(|page| Expr::col("page").eq(page)));
    let mut items = all(db.read(), &find).await?;
    items.sort_by_cached_key(|filter| (text::fold(&filter.name), filter.id));
    Ok(Page { items, next: None })
}

/// What is checked of every filter that is written; `others` are the caller's other ones.
fn check(body: &PutSavedFilter, others: &[SavedFilter]) -> Result<String> {
    let name = text::clean(&body.name);
    if name.is_empty() {
        return Err(Error::field("/name", Code::FieldRequired));
    }
    // An address of the pages and nothing else: it is put behind the server's own name.
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '?' | '#' | '\\');
    if !body.page.starts_with('/') || body.page.starts_with("//") || !body.page.chars().all(plain) {
        return Err(Error::field("/page", Code::FieldFormat));
    }
    if !body.query.chars().all(plain) {
        return Err(Error::field("/query", Code::FieldFormat));
    }
    let folded = name.to_lowercase();
    if others.iter().any(|other| other.page == body.page && other.name.to_lowercase() == folded) {
        return Err(Error::new(Code::FilterNameTaken).and_field("/name", Code::FilterNameTaken));
    }
    Ok(name)
}

/// A line of the log: which list and name, and not what was searched, which may be a person.
fn event(verb: &'static str, id: SavedFilterId) -> Event {
    Event::new(None, verb, "saved_filter", id)
}

fn told(filter: &SavedFilter) -> serde_json::Value {
    serde_json::json!({ "page": filter.page, "name": filter.name })
}

/// Keeps a filter.
///
/// Errors: `filter_name_taken`, `filters_full`, `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, body: &PutSavedFilter) -> Result<SavedFilter> {
    let me = owner(ctx)?;
    db.write(ctx, async |tx| {
        let others = all(tx.conn(), &select(me)).await?;
        let name = check(body, &others)?;
        if others.len() >= MOST {
            return Err(Error::new(Code::FiltersFull).with("max", MOST));
        }
        let filter = SavedFilter { id: id::new(), page: body.page.clone(), name, query: body.query.clone(), version: 1 };
        let mut insert = Query::insert();
        insert.into_table("saved_filter").columns(["account_id", "id", "page", "name", "query", "version"]).values_panic([
            me.into(),
            filter.id.0.into(),
            filter.page.as_str().into(),
            filter.name.as_str().into(),
            filter.query.as_str().into(),
            filter.version.into(),
        ]);
        tx.conn().execute(&insert).await?;
        let event = event("filter.saved", filter.id).after(&told(&filter));
        Ok((filter, vec![event]))
    })
    .await
}

async fn own(tx: &Tx<'_>, me: Uuid, id: SavedFilterId) -> Result<(SavedFilter, Vec<SavedFilter>)> {
    let mut others = all(tx.conn(), &select(me)).await?;
    let at = others.iter().position(|filter| filter.id == id).ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((others.remove(at), others))
}

/// Changes a filter: its name, or what it holds.
///
/// Errors: `not_found`, `version_conflict`, `filter_name_taken`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, id: SavedFilterId, version: i64, body: &PutSavedFilter) -> Result<SavedFilter> {
    let me = owner(ctx)?;
    db.write(ctx, async |tx| {
        let (was, others) = own(tx, me, id).await?;
        let name = check(body, &others)?;
        let after = SavedFilter { id, page: body.page.clone(), name, query: body.query.clone(), version: version + 1 };
        let mut update = Query::update();
        update
            .table("saved_filter")
            .value("page", after.page.as_str())
            .value("name", after.name.as_str())
            .value("query", after.query.as_str())
            .value("version", after.version)
            .and_where(Expr::col("account_id").eq(me))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("version").eq(version));
        if tx.conn().execute(&update).await?.rows_affected() != 1 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = event("filter.changed", id).before(&told(&was)).after(&told(&after));
        Ok((after, vec![event]))
    })
    .await
}

/// Removes a filter.
///
/// Errors: `not_found`.
pub async fn delete(db: &Db, ctx: &Ctx, id: SavedFilterId) -> Result<()> {
    let me = owner(ctx)?;
    db.write(ctx, async |tx| {
        let (was, _) = own(tx, me, id).await?;
        let mut delete = Query::delete();
        delete.from_table("saved_filter").and_where(Expr::col("account_id").eq(me)).and_where(Expr::col("id").eq(id.0));
        tx.conn().execute(&delete).await?;
        Ok(((), vec![event("filter.removed", id).before(&told(&was))]))
    })
    .await
}
