//! Accounts as their administrators see them.
//!
//! An account is administered by the units on which it has roles. Guardians and learners reach persons and not units, so the unit of
//! their grant says only which school administers the account.

mod bulk;
pub(crate) mod entity;
mod grants;
mod names;
mod people;
pub(crate) mod query;
mod rank;

pub use bulk::{NewAccount, NewGrant, insert_many_in};
pub use grants::{grant, revoke};
pub use names::{Names, names};
pub use people::{give_back_learner_in, hand_over_learner_in, of_people, person_of};

use crate::sessions::{Why, end_all_in};
use crate::{Keys, Settings, codes, directory, throttle};
use dto::access::Permission;
use dto::identity::{Account, AccountCreated, AccountQuery, OneTimeCode, Person, PostAccount, PutAccount};
use dto::page::PageQuery;
use dto::{AccountId, Code, Lang, Page};
use entity::account;
use kernel::{Ctx, Db, Error, Event, Result, clock, id, page, text};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// 3 to 100 of a-z, 0-9, dot, dash, underscore.
pub(crate) fn is_username(name: &str) -> bool {
    (3..=100).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
}

/// What `q` is looked for in.
fn search_text(full_name: &str, username: &str) -> String {
    format!("{} {username}", text::fold(full_name)).chars().take(320).collect()
}

/// Accounts that the caller administers, by user name.
pub async fn list(db: &Db, ctx: &Ctx, query: &AccountQuery, page: &PageQuery) -> Result<Page<Account>> {
    let today = clock::today();
    let after: Option<String> = page::decode(page.after.as_deref())?;
    if after.as_deref().is_some_and(|name| !is_username(name)) {
        return Err(Error::new(Code::BadCursor));
    }
    let rows = query::page(db.read(), ctx, query, after, page.limit(), today).await?;
    let Page { items, next } = page::of(rows, page.limit(), |row| row.username.clone(), |row| row);
    Ok(Page { items: query::dtos(db.read(), items, today).await?, next })
}

/// One account. `not_found` where the caller does not administer it.
pub async fn get(db: &Db, ctx: &Ctx, id: AccountId) -> Result<Account> {
    let today = clock::today();
    let row = query::find(db.read(), ctx, Permission::AccountRead, id, today).await?;
    whole(db.read(), row).await
}

async fn whole(conn: &impl ConnectionTrait, row: account::Model) -> Result<Account> {
    query::dtos(conn, vec![row], clock::today()).await?.pop().ok_or_else(|| Error::internal("an account without its answer"))
}

/// A new account with its first roles. Its first password is a one-time code, given back this once.
///
/// `username_taken`; `role_not_grantable` for a role above the caller's or on a unit that they do not manage; a field error on `/person`
/// for a person whom no unit of the caller's knows.
pub async fn create(db: &Db, keys: &Keys, settings: &Settings, ctx: &Ctx, body: &PostAccount) -> Result<AccountCreated> {
    let username = query::username(&body.username);
    if !is_username(&username) {
        return Err(Error::field("/username", Code::FieldFormat));
    }
    let full_name = text::clean(&body.full_name);
    if full_name.is_empty() {
        return Err(Error::field("/full_name", Code::FieldRequired));
    }
    if body.roles.is_empty() {
        return Err(Error::field("/roles", Code::FieldRequired));
    }
    db.write(ctx, async |tx| {
        if let Some(person) = body.person {
            check_person(tx.conn(), ctx, person).await?;
        }
        let owner: AccountId = id::new();
        let (person_kind, person_id) = query::person_columns(body.person);
        let row = account::Model {
            id: owner.0,
            username: username.clone(),
            full_name: full_name.clone(),
            search_text: search_text(&full_name, &username),
            person_kind,
            person_id,
            password_hash: None,
            must_change_password: true,
            disabled: false,
            lang: Lang::Vi.tag().to_owned(),
            last_sign_in_at: None,
            created_at: tx.now(),
            version: 1,
        };
        account::Entity::insert(account::ActiveModel::from(row.clone())).exec_without_returning(tx.conn()).await?;
        for (index, role) in body.roles.iter().enumerate() {
            grants::insert_in(tx, owner, body.person, role, &format!("/roles/{index}")).await?;
        }
        let one_time_code = codes::make_in(tx, keys, owner, settings.code_life).await?;
        let account = whole(tx.conn(), row).await?;
        let event = Event::new(None, "account.created", "account", owner).after(&account);
        Ok((AccountCreated { account, one_time_code }, vec![event]))
    })
    .await
}

/// A person may get an account only from a unit that knows them: an account opens whatever the person reaches, also elsewhere.
async fn check_person(conn: &impl ConnectionTrait, ctx: &Ctx, person: Person) -> Result<()> {
    let scope = ctx.reach(Permission::AccountWrite);
    if scope.all || directory::knows(conn, &scope.units, person, clock::today()).await? {
        return Ok(());
    }
    Err(Error::field("/person", Code::NotFound))
}

/// Changes an account. Disabling it ends its sessions at once; nobody disables the own account.
pub async fn put(db: &Db, ctx: &Ctx, id: AccountId, version: i64, body: &PutAccount) -> Result<Account> {
    let full_name = text::clean(&body.full_name);
    if full_name.is_empty() {
        return Err(Error::field("/full_name", Code::FieldRequired));
    }
    db.write(ctx, async |tx| {
        let before = managed(tx.conn(), ctx, id).await?;
        if body.disabled && ctx.account == Some(id) {
            return Err(Error::new(Code::RoleNotGrantable));
        }
        let changed = account::Entity::update_many()
            .col_expr(account::Column::FullName, Expr::value(full_name.clone()))
            .col_expr(account::Column::SearchText, Expr::value(search_text(&full_name, &before.username)))
            .col_expr(account::Column::Disabled, Expr::value(body.disabled))
            .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1i64))
            .filter(account::Column::Id.eq(id.0))
            .filter(account::Column::Version.eq(version))
            .exec(tx.conn())
            .await?;
        if changed.rows_affected == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        if body.disabled {
            end_all_in(tx, id, Why::Disabled).await?;
        }
        let before = whole(tx.conn(), before).await?;
        let after = Account { full_name: full_name.clone(), disabled: body.disabled, version: version + 1, ..before.clone() };
        let event = Event::new(None, "account.updated", "account", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// The account, if the caller reaches it (else `not_found`) and ranks above it (else `role_not_grantable`).
async fn managed(conn: &impl ConnectionTrait, ctx: &Ctx, id: AccountId) -> Result<account::Model> {
    let today = clock::today();
    let row = query::find(conn, ctx, Permission::AccountWrite, id, today).await?;
    let grants = query::grants_that_place(conn, row.id, today).await?;
    rank::check_manage(conn, ctx, &grants).await?;
    Ok(row)
}

/// A one-time code for a person who cannot get in, to hand over in person. It takes the place of any earlier one, and ends all waiting
/// for wrong passwords of this name. The present password stays good until the code is used.
pub async fn one_time_code(db: &Db, keys: &Keys, settings: &Settings, ctx: &Ctx, id: AccountId) -> Result<OneTimeCode> {
    db.write(ctx, async |tx| {
        let row = managed(tx.conn(), ctx, id).await?;
        let code = codes::make_in(tx, keys, id, settings.code_life).await?;
        throttle::forgive_in(tx, keys, &row.username).await?;
        let event =
            Event::new(None, "one_time_code.created", "account", id).after(&serde_json::json!({ "expires_at": code.expires_at }));
        Ok((code, vec![event]))
    })
    .await
}
