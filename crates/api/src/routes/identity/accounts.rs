//! Accounts as their administrators see them.

use crate::answer::{Answer, Created, CreatedVersion, Done, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post, put};
use dto::identity::{Account, AccountCreated, AccountQuery, OneTimeCode, PostAccount, PostRoleGrant, PutAccount, RoleGrant};
use dto::page::PageQuery;
use dto::{AccountId, Page, RoleGrantId};
use identity::Settings;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_accounts)
        .service(create_account)
        .service(get_account)
        .service(put_account)
        .service(create_one_time_code)
        .service(grant_role)
        .service(revoke_role);
}

/// List accounts.
///
/// Those with a role on a unit that the caller reaches, by user name.
#[utoipa::path(
    tag = "identity",
    params(AccountQuery, PageQuery),
    responses((status = 200, body = Page<Account>), Problems),
    security(("bearer" = ["account:read"]))
)]
#[get("/accounts")]
async fn list_accounts(
    ctx: Can<can::AccountRead>,
    app: App,
    query: ValidQuery<AccountQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Account>>> {
    Ok(Found(identity::accounts::list(&app.db, &ctx, &query, &page).await?))
}

/// Create an account.
///
/// With its first roles, all on units and of ranks that the caller may give, and for a person whom a unit of the caller's knows. The answer
/// holds a one-time code, shown this once, with which the person signs in and chooses a password.
#[utoipa::path(
    tag = "identity",
    request_body = PostAccount,
    responses((status = 201, body = AccountCreated), Problems),
    security(("bearer" = ["account:write"]))
)]
#[post("/accounts")]
async fn create_account(
    ctx: Can<can::AccountWrite>,
    app: App,
    body: Valid<PostAccount>,
) -> Answer<CreatedVersion<AccountCreated>> {
    let created = identity::accounts::create(&app.db, &app.keys, &Settings::from(&app.config), &ctx, &body).await?;
    let version = created.account.version;
    Ok(CreatedVersion(created, version))
}

/// Read an account.
#[utoipa::path(
    tag = "identity",
    params(("account_id" = AccountId, Path)),
    responses((status = 200, body = Account), Problems),
    security(("bearer" = ["account:read"]))
)]
#[get("/accounts/{account_id}")]
async fn get_account(ctx: Can<can::AccountRead>, app: App, id: Id<AccountId>) -> Answer<FoundVersion<Account>> {
    let account = identity::accounts::get(&app.db, &ctx, *id).await?;
    let version = account.version;
    Ok(FoundVersion(account, version))
}

/// Change an account.
///
/// Disabling it ends its sessions at once.
#[utoipa::path(
    tag = "identity",
    params(("account_id" = AccountId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutAccount,
    responses((status = 200, body = Account), Problems),
    security(("bearer" = ["account:write"]))
)]
#[put("/accounts/{account_id}")]
async fn put_account(
    ctx: Can<can::AccountWrite>,
    app: App,
    id: Id<AccountId>,
    version: Version,
    body: Valid<PutAccount>,
) -> Answer<Saved<Account>> {
    let account = identity::accounts::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = account.version;
    Ok(Saved(account, version))
}

/// Make a one-time code.
///
/// For a person who cannot sign in, to hand over in person: with it they choose a new password. It replaces any earlier code, and ends the
/// waiting for wrong passwords. The present password stays good until the code is used.
#[utoipa::path(
    tag = "identity",
    params(("account_id" = AccountId, Path)),
    responses((status = 201, body = OneTimeCode), Problems),
    security(("bearer" = ["account:write"]))
)]
#[post("/accounts/{account_id}/one-time-codes")]
async fn create_one_time_code(ctx: Can<can::AccountWrite>, app: App, id: Id<AccountId>) -> Answer<Created<OneTimeCode>> {
    Ok(Created(identity::accounts::one_time_code(&app.db, &app.keys, &Settings::from(&app.config), &ctx, *id).await?))
}

/// Grant a role on a unit.
///
/// Below the caller's own rank, on a unit that the caller reaches.
#[utoipa::path(
    tag = "identity",
    params(("account_id" = AccountId, Path)),
    request_body = PostRoleGrant,
    responses((status = 201, body = RoleGrant), Problems),
    security(("bearer" = ["account:write"]))
)]
#[post("/accounts/{account_id}/roles")]
async fn grant_role(
    ctx: Can<can::AccountWrite>,
    app: App,
    id: Id<AccountId>,
    body: Valid<PostRoleGrant>,
) -> Answer<Created<RoleGrant>> {
    Ok(Created(identity::accounts::grant(&app.db, &ctx, *id, &body).await?))
}

/// Take a role back.
///
/// From today. The account's sessions end, since their access tokens still carry the role.
#[utoipa::path(
    tag = "identity",
    params(("account_id" = AccountId, Path), ("grant_id" = RoleGrantId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["account:write"]))
)]
#[delete("/accounts/{account_id}/roles/{grant_id}")]
async fn revoke_role(ctx: Can<can::AccountWrite>, app: App, path: Path<(AccountId, RoleGrantId)>) -> Answer<Done> {
    let (account, grant) = *path;
    identity::accounts::revoke(&app.db, &ctx, account, grant).await?;
    Ok(Done)
}
