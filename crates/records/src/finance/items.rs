//! The catalogue of budget lines: one for all schools of the province.

use crate::input;
use dto::Code;
use dto::finance::{BudgetItem, PutBudgetItem};
use dto::page::Page;
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct Row {
    code: String,
    flow: String,
    name: String,
    group_name: String,
    source: String,
    position: i16,
    active: bool,
    version: i64,
}

/// Every line, in the order of the catalogue.
pub(crate) async fn all_in(conn: &impl ConnectionTrait) -> Result<Vec<BudgetItem>> {
    let mut query = Query::select();
    query
        .columns(["code", "flow", "name", "group_name", "source", "position", "active", "version"])
        .from("budget_item")
        .order_by("flow", Order::Asc)
        .order_by("position", Order::Asc)
        .order_by("code", Order::Asc);
    let rows = crate::all::<Row>(conn, &query).await?;
    rows.into_iter()
        .map(|row| {
            Ok(BudgetItem {
                code: row.code,
                flow: crate::stored(&row.flow)?,
                name: row.name,
                group: row.group_name,
                source: row.source,
                position: row.position,
                active: row.active,
                version: row.version,
            })
        })
        .collect()
}

/// The catalogue.
pub async fn list(db: &Db, _ctx: &Ctx) -> Result<Page<BudgetItem>> {
    Ok(Page { items: all_in(db.read()).await?, next: None })
}

/// Makes or changes a line of the catalogue; version 0 makes a new one.
///
/// Errors: `version_conflict`, `invalid`; `not_found` for what cannot be a code.
pub async fn put(db: &Db, ctx: &Ctx, code: &str, version: i64, body: &PutBudgetItem) -> Result<BudgetItem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if code.is_empty() || code.len() > 20 || !code.chars().all(fits) {
        return Err(Error::new(Code::NotFound));
    }
    let after = BudgetItem {
        code: code.to_owned(),
        flow: body.flow,
        name: input::text("/name", &body.name, 1, 200)?,
        group: input::text("/group", &body.group, 1, 120)?,
        source: input::text("/source", &body.source, 1, 120)?,
        position: body.position,
        active: body.active,
        version: version.saturating_add(1),
    };
    db.write(ctx, async |tx| {
        let before = all_in(tx.conn()).await?.into_iter().find(|item| item.code == after.code);
        if before.as_ref().map_or(0, |item| item.version) != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let mut insert = Query::insert();
        insert
            .into_table("budget_item")
            .columns(["code", "flow", "name", "group_name", "source", "position", "active", "version"])
            .values_panic([
                after.code.as_str().into(),
                after.flow.as_str().into(),
                after.name.as_str().into(),
                after.group.as_str().into(),
                after.source.as_str().into(),
                after.position.into(),
                after.active.into(),
                after.version.into(),
            ])
            .on_conflict(
                OnConflict::column("code")
                    .update_columns(["flow", "name", "group_name", "source", "position", "active", "version"])
                    .action_and_where(Expr::col(("budget_item", "version")).eq(version))
                    .to_owned(),
            );
        if tx.conn().execute(&insert).await?.rows_affected() != 1 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(None, "budget_item.set", "budget_item", &after.code).before(&before).after(&after);
        Ok((after.clone(), vec![event]))
    })
    .await
}
