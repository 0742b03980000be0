//! Giving and taking roles.

use super::entity::{account, role_grant};
use super::{query, rank};
use crate::directory;
use crate::sessions::{Why, end_all_in};
use chrono::Datelike;
use dto::access::{Permission, Reach};
use dto::identity::{Person, PostRoleGrant, RoleGrant};
use dto::{AccountId, Code, RoleGrantId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// Years that a role may begin or end in; others are slips of the hand.
const YEARS: (i32, i32) = (1945, 2200);

/// Grants a role on a unit. It is in the person's next access token, at the latest after the life of the present one.
///
/// `not_found` for an account that the caller does not administer; `role_not_grantable` for a role or unit that is not theirs to give;
/// `role_already_granted` where the days overlap with a grant of the same role on the same unit.
pub async fn grant(db: &Db, ctx: &Ctx, account: AccountId, body: &PostRoleGrant) -> Result<RoleGrant> {
    db.write(ctx, async |tx| {
        let row = query::find(tx.conn(), ctx, Permission::AccountWrite, account, clock::today()).await?;
        // One after the other, so that two of the same do not both find nothing.
        account::Entity::find_by_id(row.id).lock_exclusive().one(tx.conn()).await?;
        let grant = insert_in(tx, account, query::person(&row)?, body, "").await?;
        let names = directory::names(tx.conn(), grant.unit_id.as_slice()).await?;
        let grant = query::grant_dto(grant, &names)?;
        let event = Event::new(None, "role.granted", "account", account).after(&grant);
        Ok((grant, vec![event]))
    })
    .await
}

/// Checks and inserts a grant. `pointer`: where `body` stands in the request.
pub(super) async fn insert_in(
    tx: &Tx<'_>,
    account: AccountId,
    person: Option<Person>,
    body: &PostRoleGrant,
    pointer: &str,
) -> Result<role_grant::Model> {
    let ctx = tx.ctx();
    if !rank::fits_person(body.role, person) {
        return Err(Error::field(format!("{pointer}/role"), Code::FieldChoice));
    }
    let reaches_persons = matches!(body.role.reach(), Reach::Children | Reach::Self_);
    // Who names no school for a guardian or learner means the own one.
    let unit = body.unit_id.or_else(|| if reaches_persons { rank::only_unit(ctx, body.role) } else { None });
    match unit {
        None if ctx.is_system() && reaches_persons => {}
        None => return Err(Error::field(format!("{pointer}/unit_id"), Code::FieldRequired)),
        Some(unit) => {
            rank::check_grant(tx.conn(), ctx, body.role, unit).await?;
            let kind = directory::kind(tx.conn(), unit).await?;
            if !kind.is_some_and(|kind| rank::fits(body.role, kind)) {
                return Err(Error::new(Code::RoleNotGrantable));
            }
        }
    }
    let valid_from = body.valid_from.unwrap_or_else(|| clock::day_of(tx.now()));
    for (field, day) in [("valid_from", Some(valid_from)), ("valid_to", body.valid_to)] {
        if day.is_some_and(|day| !(YEARS.0..=YEARS.1).contains(&day.year())) {
            let params = [("min".to_owned(), YEARS.0.to_string()), ("max".to_owned(), YEARS.1.to_string())].into();
            return Err(Error::new(Code::Invalid).and_field_with(format!("{pointer}/{field}"), Code::FieldRange, params));
        }
    }
    if body.valid_to.is_some_and(|to| to <= valid_from) {
        return Err(Error::field(format!("{pointer}/valid_to"), Code::DatesReversed));
    }
    let given = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account.0))
        .filter(role_grant::Column::Role.eq(body.role.as_str()))
        .all(tx.conn())
        .await?;
    let overlaps =
        |g: &role_grant::Model| g.valid_to.is_none_or(|to| to > valid_from) && body.valid_to.is_none_or(|to| g.valid_from < to);
    if given.iter().any(|g| g.unit_id == unit.map(|u| u.0) && overlaps(g)) {
        return Err(Error::new(Code::RoleAlreadyGranted));
    }
    let row = role_grant::Model {
        id: id::new(),
        account_id: account.0,
        role: body.role.as_str().to_owned(),
        unit_id: unit.map(|u| u.0),
        valid_from,
        valid_to: body.valid_to,
    };
    role_grant::Entity::insert(role_grant::ActiveModel::from(row.clone())).exec_without_returning(tx.conn()).await?;
    Ok(row)
}

/// Takes a role back, from today. The account's sessions end, since their access tokens still carry the role.
///
/// `not_found` for a grant that is not there or has ended; `role_not_grantable` for one that the caller could not give.
pub async fn revoke(db: &Db, ctx: &Ctx, account: AccountId, grant: RoleGrantId) -> Result<()> {
    db.write(ctx, async |tx| {
        let today = clock::day_of(tx.now());
        query::find(tx.conn(), ctx, Permission::AccountWrite, account, today).await?;
        let row = role_grant::Entity::find_by_id(grant.0)
            .filter(role_grant::Column::AccountId.eq(account.0))
            .one(tx.conn())
            .await?
            .filter(|g| g.valid_to.is_none_or(|to| to > today))
            .ok_or_else(|| Error::new(Code::NotFound))?;
        match row.unit_id {
            Some(unit) => rank::check_grant(tx.conn(), ctx, query::role_of(&row)?, unit.into()).await?,
            None if ctx.is_system() => {}
            None => return Err(Error::new(Code::RoleNotGrantable)),
        }
        let names = directory::names(tx.conn(), row.unit_id.as_slice()).await?;
        let before = query::grant_dto(row.clone(), &names)?;
        let mut row: role_grant::ActiveModel = row.into();
        row.valid_to = Set(Some(today));
        row.update(tx.conn()).await?;
        end_all_in(tx, account, Why::Roles).await?;
        Ok(((), vec![Event::new(None, "role.revoked", "account", account).before(&before)]))
    })
    .await
}
