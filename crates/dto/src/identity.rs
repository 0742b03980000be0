//! Sessions, accounts, roles on units, one-time codes.

use crate::access::{Permission, Role};
use crate::{AccountId, GuardianId, Lang, LearnerId, RoleGrantId, SessionId, StaffId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Sign in with a user name and password.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[validate(length(min = 1, max = 100))]
    pub username: String,
    #[validate(length(min = 1, max = 200))]
    pub password: String,
    /// A name for the list of sessions, such as "Điện thoại của Hoa".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    pub device: Option<String>,
    /// `true`: the refresh token goes into an HttpOnly cookie and not into the body (browsers).
    #[serde(default)]
    pub cookie: bool,
}

/// A refresh token to exchange. A browser sends no body: its cookie holds the token.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub refresh_token: Option<String>,
}

/// A pair of tokens. `access_token` goes into `Authorization: Bearer …`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    pub access_token: String,
    /// Seconds until the access token ends.
    pub expires_in: u64,
    /// Random, used once; absent where the browser's cookie holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The password was given by someone else and has to be changed first.
    pub must_change_password: bool,
}

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Person {
    Staff(StaffId),
    Guardian(GuardianId),
    Learner(LearnerId),
}

/// A role on a unit. Guardians and learners reach persons; their unit is the school that administers the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleGrant {
    pub id: RoleGrantId,
    pub role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    pub valid_from: NaiveDate,
    /// The first day on which it is no longer in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub account_id: AccountId,
    pub username: String,
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    pub lang: Lang,
    pub must_change_password: bool,
    pub roles: Vec<RoleGrant>,
    /// All permissions of these roles together.
    pub permissions: Vec<Permission>,
}

/// The key with which a browser seals what it keeps of this account's work for the time without a line.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrowserKey {
    /// 32 bytes in base64. The same for this account at every call, until the installation's secret changes.
    pub key: String,
}

/// Change one's own password.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[validate(length(min = 1, max = 200))]
    pub current_password: String,
    #[validate(length(min = 8, max = 200))]
    pub new_password: String,
}

/// Change one's own preferences.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPreferences {
    pub lang: Lang,
}

/// A one-time code made by an administrator of the unit, to hand over in person. Valid for 24 hours, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTimeCode {
    /// Eight digits and letters that cannot be confused, shown this once.
    pub code: String,
    pub expires_at: DateTime<Utc>,
}

/// Set a new password with a one-time code. Ends every session of the account.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    #[validate(length(min = 1, max = 100))]
    pub username: String,
    #[validate(length(min = 1, max = 20))]
    pub code: String,
    #[validate(length(min = 8, max = 200))]
    pub new_password: String,
}

/// One signed-in device.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: SessionId,
    pub device: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    /// The session that asks.
    pub current: bool,
}

/// An account as its administrators see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    pub id: AccountId,
    pub username: String,
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    pub disabled: bool,
    pub roles: Vec<RoleGrant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// A new account. Its first password is a one-time code, given back once.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostAccount {
    /// 3 to 100 of a-z, 0-9, dot, dash, underscore.
    #[validate(length(min = 3, max = 100))]
    pub username: String,
    #[validate(length(min = 1, max = 200))]
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// The first roles: at least one, on units that the caller may manage.
    #[validate(length(min = 1, max = 20), nested)]
    pub roles: Vec<PostRoleGrant>,
}

/// What a new account gives back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountCreated {
    pub account: Account,
    pub one_time_code: OneTimeCode,
}

/// Change an account: full replacement of what can be changed.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutAccount {
    #[validate(length(min = 1, max = 200))]
    pub full_name: String,
    pub disabled: bool,
}

/// Grant a role on a unit.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostRoleGrant {
    pub role: Role,
    /// For guardian and learner it may be left out by who manages one school: that school administers the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    /// Today where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it is no longer in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

/// `?unit_id=&q=` of the list of accounts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AccountQuery {
    /// Only accounts with a role on this unit or under it.
    pub unit_id: Option<UnitId>,
    /// Part of the user name or full name, with or without marks.
    #[validate(length(max = 100))]
    pub q: Option<String>,
    /// Only accounts of this person: the id of a member of staff, a guardian or a learner.
    pub person_id: Option<uuid::Uuid>,
}
