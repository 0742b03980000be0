//! Access tokens: short, signed, and read without the database. What must hold at this very moment (the account is not
//! disabled, the session has not ended) is checked where it counts, in every write.

use crate::Keys;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::identity::Person;
use dto::{AccountId, Code, Lang, SessionId};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation};
use kernel::ctx::RoleOn;
use kernel::{Ctx, Error, Result};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "khue";

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    #[serde(rename = "iss")]
    issuer: String,
    #[serde(rename = "sub")]
    pub account: AccountId,
    #[serde(rename = "sid")]
    pub session: SessionId,
    /// Seconds since 1970.
    pub iat: i64,
    /// Seconds since 1970.
    pub exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    pub roles: Vec<RoleOn>,
    /// Narrows the roles' permissions to these; `None` leaves them whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Permission>>,
    /// The password has to be changed before anything but the own account is used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must_change_password: bool,
}

impl Claims {
    /// Claims that end `seconds` after `now`.
    pub fn new(account: AccountId, session: SessionId, person: Option<Person>, roles: Vec<RoleOn>, now: DateTime<Utc>, seconds: u64) -> Claims {
        let iat = now.timestamp();
        let exp = iat.saturating_add_unsigned(seconds);
        Claims { issuer: ISSUER.to_owned(), account, session, iat, exp, person, roles, only: None, must_change_password: false }
    }

    /// Narrowed to these permissions, for a token of one purpose.
    pub fn only(mut self, permissions: &[Permission]) -> Claims {
        self.only = Some(permissions.to_vec());
        self
    }

    pub fn must_change_password(mut self, must: bool) -> Claims {
        self.must_change_password = must;
        self
    }
}

/// Signs the claims.
pub fn issue(keys: &Keys, claims: &Claims) -> Result<String> {
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &keys.sign).map_err(|e| Error::internal(format!("cannot sign a token: {e}")))
}

/// Who asks, by this token. `token_expired` where it was good once, `unauthenticated` where it is none of ours.
pub fn verify(keys: &Keys, token: &str, lang: Lang, request_id: &str) -> Result<Ctx> {
    let claims = jsonwebtoken::decode::<Claims>(token, &keys.verify, &validation())
        .map_err(|e| Error::new(if *e.kind() == ErrorKind::ExpiredSignature { Code::TokenExpired } else { Code::Unauthenticated }))?
        .claims;
    let mut ctx = Ctx::person(claims.account, claims.session, claims.person, claims.roles, lang, request_id.to_owned());
    ctx.only = claims.only;
    ctx.must_change_password = claims.must_change_password;
    Ok(ctx)
}

fn validation() -> Validation {
    // One algorithm: a token that names another (or none) is refused before its signature is looked at.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "sub"]);
    validation.leeway = 0;
    validation
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::UnitId;
    use dto::access::Role;

    fn claims(seconds: u64) -> Claims {
        let roles = vec![RoleOn { role: Role::Principal, unit: Some(kernel::id::new::<UnitId>()) }];
        Claims::new(kernel::id::new(), kernel::id::new(), Some(Person::Staff(kernel::id::new())), roles, kernel::clock::now(), seconds)
    }

    fn keys() -> Keys {
        Keys::from_secret(&[1; 32]).unwrap()
    }

    fn code(token: &str) -> Code {
        verify(&keys(), token, Lang::Vi, "r").unwrap_err().code()
    }

    #[test]
    fn what_is_issued_is_read() {
        let claims = claims(60);
        let ctx = verify(&keys(), &issue(&keys(), &claims).unwrap(), Lang::En, "r1").unwrap();
        assert_eq!((ctx.account, ctx.session, ctx.person), (Some(claims.account), Some(claims.session), claims.person));
        assert_eq!(ctx.roles, claims.roles);
        assert_eq!((ctx.lang, ctx.request_id.as_str(), ctx.must_change_password), (Lang::En, "r1", false));
        assert!(ctx.can(Permission::AccountWrite));
    }

    #[test]
    fn a_narrowed_token_can_only_what_it_says() {
        let ctx = verify(&keys(), &issue(&keys(), &claims(60).only(&[Permission::ClassRead])).unwrap(), Lang::Vi, "r").unwrap();
        assert!(ctx.can(Permission::ClassRead) && !ctx.can(Permission::AccountSelf));
        let must = verify(&keys(), &issue(&keys(), &claims(60).must_change_password(true)).unwrap(), Lang::Vi, "r").unwrap();
        assert!(must.must_change_password);
    }

    #[test]
    fn bad_tokens_are_refused() {
        let mut old = claims(60);
        old.exp = old.iat - 1;
        assert_eq!(code(&issue(&keys(), &old).unwrap()), Code::TokenExpired);
        let other = Keys::from_secret(&[2; 32]).unwrap();
        assert_eq!(code(&issue(&other, &claims(60)).unwrap()), Code::Unauthenticated);
        assert_eq!(code(""), Code::Unauthenticated);
        assert_eq!(code("a.b.c"), Code::Unauthenticated);
        // Unsigned ("alg": "none") and signed by another algorithm.
        let good = issue(&keys(), &claims(60)).unwrap();
        let body = good.split('.').nth(1).unwrap();
        assert_eq!(code(&format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.")), Code::Unauthenticated);
        let other_algorithm = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims(60), &keys().sign).unwrap();
        assert_eq!(code(&other_algorithm), Code::Unauthenticated);
        // A changed body.
        let changed = good.replacen(&body[10..12], "AA", 1);
        assert_eq!(code(&changed), Code::Unauthenticated);
    }
}
