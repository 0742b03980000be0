//! Finders of accounts and of their roles.

use super::entity::{account, role_grant};
use crate::directory;
use chrono::NaiveDate;
use dto::access::{Permission, Reach, Role};
use dto::identity::{Account, AccountQuery, Person, RoleGrant};
use dto::{AccountId, Code, Lang, RoleGrantId, UnitId};
use kernel::ctx::RoleOn;
use kernel::{Ctx, Error, Result, page, text};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, JoinType, LikeExpr, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The roles by which these units administer accounts: those on one of them or under them that have not ended. An account whose roles
/// have all ended stays with the units of the ended ones, so that somebody can take it up again.
fn administering(units: &[Uuid], today: NaiveDate) -> SelectStatement {
    let open = |table: &'static str| {
        Condition::any().add(Expr::col((table, "valid_to")).is_null()).add(Expr::col((table, "valid_to")).gt(today))
    };
    let mut others = Query::select();
    others
        .expr(Expr::val(1))
        .from_as("role_grant", "other")
        .and_where(Expr::col(("other", "account_id")).equals(("role_grant", "account_id")))
        .cond_where(open("other"));
    let under = Expr::col(("ua", "unit_id")).equals(("role_grant", "unit_id"));
    let mut query = Query::select();
    query
        .from("role_grant")
        .join_as(JoinType::InnerJoin, "unit_ancestor", "ua", under)
        .and_where(Expr::col(("ua", "ancestor_id")).is_in(units.iter().copied()))
        .cond_where(open("role_grant").add(Expr::exists(others).not()));
    query
}

/// Which accounts these units administer: gathered first.
fn gathered(units: &[Uuid], today: NaiveDate) -> Expr {
    account::Column::Id.in_subquery(administering(units, today).column(("role_grant", "account_id")).take())
}

/// Which accounts these units administer: asked of one after another, as [`page::each`] says.
fn each(units: &[Uuid], today: NaiveDate) -> Expr {
    let own = Expr::col(("role_grant", "account_id")).equals((account::Entity, account::Column::Id));
    page::each(administering(units, today).expr(Expr::val(1)).and_where(own).take())
}

/// Whichever is the shorter way for so many units.
async fn administered(conn: &impl ConnectionTrait, units: &[Uuid], today: NaiveDate) -> Result<Expr> {
    Ok(if directory::is_wide(conn, units).await? { each(units, today) } else { gathered(units, today) })
}

/// One account, or `not_found` where the caller does not see it.
pub(crate) async fn find(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: AccountId,
    today: NaiveDate,
) -> Result<account::Model> {
    let scope = ctx.reach(permission);
    let mut select = account::Entity::find_by_id(id.0);
    if !scope.all {
        select = select.filter(each(&scope.units, today));
    }
    select.one(conn).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// A page of accounts by user name: up to `limit + 1` rows behind the user name `after`.
pub(crate) async fn page(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    query: &AccountQuery,
    after: Option<String>,
    limit: u64,
    today: NaiveDate,
) -> Result<Vec<account::Model>> {
    let mut select = account::Entity::find();
    let scope = ctx.reach(Permission::AccountRead);
    // Whom a unit administers is among those whom the units above it do.
    let within = match query.unit_id {
        Some(unit) => !directory::above(conn, &scope.units, &[unit.0]).await?.is_empty(),
        None => false,
    };
    if !within && !scope.all {
        select = select.filter(administered(conn, &scope.units, today).await?);
    }
    if let Some(unit) = query.unit_id {
        select = select.filter(administered(conn, &[unit.0], today).await?);
    }
    if let Some(person) = query.person_id {
        select = select.filter(account::Column::PersonId.eq(person));
    }
    let mut order = Expr::col(account::Column::Username);
    if let Some(q) = query.q.as_deref().map(text::fold).filter(|q| !q.is_empty()) {
        // Whoever is found is sorted: along the index of user names SQLite would fetch all accounts one by one, and takes eight times as
        // long as by reading them as they lie. They are in lower case already.
        order = Func::lower(order).into();
        let escaped = q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        select = select.filter(account::Column::SearchText.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')));
    }
    if let Some(after) = after {
        select = select.filter(account::Column::Username.gt(after));
    }
    Ok(select.order_by(order, Order::Asc).limit(limit + 1).all(conn).await?)
}

/// The grants of these accounts that have not ended, oldest first.
pub(crate) async fn open_grants(
    conn: &impl ConnectionTrait,
    accounts: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<role_grant::Model>> {
    Ok(role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(Condition::any().add(role_grant::Column::ValidTo.is_null()).add(role_grant::Column::ValidTo.gt(today)))
        .order_by_asc(role_grant::Column::Id)
        .all(conn)
        .await?)
}

/// The grants by which an account is administered: the open ones, else all.
pub(crate) async fn grants_that_place(
    conn: &impl ConnectionTrait,
    account: Uuid,
    today: NaiveDate,
) -> Result<Vec<role_grant::Model>> {
    let open = open_grants(conn, &[account], today).await?;
    if !open.is_empty() {
        return Ok(open);
    }
    Ok(role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(account)).all(conn).await?)
}

/// The roles in force on a day, as an access token carries them.
pub(crate) async fn roles_on(conn: &impl ConnectionTrait, account: AccountId, day: NaiveDate) -> Result<Vec<RoleOn>> {
    let grants = open_grants(conn, &[account.0], day).await?;
    let in_force = grants.iter().filter(|g| g.valid_from <= day);
    in_force.map(|g| role_of(g).map(|role| RoleOn { role, unit: reach_unit(role, g.unit_id) })).collect()
}

/// The unit that a role reaches: none for those that reach persons, whose unit only administers the account.
pub(crate) fn reach_unit(role: Role, unit: Option<Uuid>) -> Option<UnitId> {
    match role.reach() {
        Reach::Children | Reach::Self_ => None,
        _ => unit.map(UnitId),
    }
}

pub(crate) fn role_of(grant: &role_grant::Model) -> Result<Role> {
    grant.role.parse().map_err(|()| Error::internal("a grant of an unknown role"))
}

pub(crate) fn grant_dto(grant: role_grant::Model, names: &HashMap<Uuid, String>) -> Result<RoleGrant> {
    Ok(RoleGrant {
        id: RoleGrantId(grant.id),
        role: role_of(&grant)?,
        unit_id: grant.unit_id.map(UnitId),
        unit_name: grant.unit_id.and_then(|id| names.get(&id).cloned()),
        valid_from: grant.valid_from,
        valid_to: grant.valid_to,
    })
}

/// Accounts with their grants and the names of the units.
pub(crate) async fn dtos(conn: &impl ConnectionTrait, rows: Vec<account::Model>, today: NaiveDate) -> Result<Vec<Account>> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let grants = open_grants(conn, &ids, today).await?;
    let mut units: Vec<Uuid> = grants.iter().filter_map(|g| g.unit_id).collect();
    units.sort_unstable();
    units.dedup();
    let names = directory::names(conn, &units).await?;
    let mut of: HashMap<Uuid, Vec<RoleGrant>> = HashMap::new();
    for grant in grants {
        of.entry(grant.account_id).or_default().push(grant_dto(grant, &names)?);
    }
    rows.into_iter().map(|row| dto(&mut of, row)).collect()
}

fn dto(grants: &mut HashMap<Uuid, Vec<RoleGrant>>, row: account::Model) -> Result<Account> {
    Ok(Account {
        id: AccountId(row.id),
        person: person(&row)?,
        disabled: row.disabled,
        roles: grants.remove(&row.id).unwrap_or_default(),
        last_sign_in_at: row.last_sign_in_at,
        version: row.version,
        username: row.username,
        full_name: row.full_name,
    })
}

/// Whose account it is.
pub(crate) fn person(row: &account::Model) -> Result<Option<Person>> {
    match (row.person_kind.as_deref(), row.person_id) {
        (None, None) => Ok(None),
        (Some("staff"), Some(id)) => Ok(Some(Person::Staff(id.into()))),
        (Some("guardian"), Some(id)) => Ok(Some(Person::Guardian(id.into()))),
        (Some("learner"), Some(id)) => Ok(Some(Person::Learner(id.into()))),
        _ => Err(Error::internal("an account of an unknown kind of person")),
    }
}

/// Columns of a person.
pub(crate) fn person_columns(person: Option<Person>) -> (Option<String>, Option<Uuid>) {
    let (kind, id) = match person {
        None => return (None, None),
        Some(Person::Staff(id)) => ("staff", id.0),
        Some(Person::Guardian(id)) => ("guardian", id.0),
        Some(Person::Learner(id)) => ("learner", id.0),
    };
    (Some(kind.to_owned()), Some(id))
}

pub(crate) fn lang(row: &account::Model) -> Lang {
    if row.lang == Lang::En.tag() { Lang::En } else { Lang::Vi }
}

/// A user name as it is kept: lower case. What a person types may have capitals and spaces around it.
pub(crate) fn username(typed: &str) -> String {
    typed.trim().to_ascii_lowercase()
}

/// The account of a user name, for signing in: before anybody is known there is no scope.
pub(crate) async fn by_username(conn: &impl ConnectionTrait, username: &str) -> Result<Option<account::Model>> {
    // A name that cannot be one is not looked for: PostgreSQL refuses text with a NUL.
    if !super::is_username(username) {
        return Ok(None);
    }
    Ok(account::Entity::find().filter(account::Column::Username.eq(username)).one(conn).await?)
}

/// The caller's own account.
pub(crate) async fn own(conn: &impl ConnectionTrait, ctx: &Ctx) -> Result<account::Model> {
    let id = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    account::Entity::find_by_id(id.0).one(conn).await?.ok_or_else(|| Error::new(Code::Unauthenticated))
}
