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
use kernel::{Ctx, Error, Result, clock};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

const ISSUER: &str = "khue";

/// What an access token says.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: AccountId,
    sid: SessionId,
    /// Seconds since 1970.
    iat: i64,
    /// Seconds since 1970.
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<Person>,
    roles: Vec<RoleOn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    only: Option<Vec<Permission>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    must_change_password: bool,
}

/// A token by which [`verify`] knows this signed-in caller again for `seconds`: account, session, person, roles, and what narrows them.
pub fn issue(keys: &Keys, ctx: &Ctx, seconds: u64) -> Result<String> {
    issue_at(keys, ctx, clock::now(), seconds)
}

pub(crate) fn issue_at(keys: &Keys, ctx: &Ctx, now: DateTime<Utc>, seconds: u64) -> Result<String> {
    let (Some(sub), Some(sid)) = (ctx.account, ctx.session) else {
        return Err(Error::internal("a token for nobody"));
    };
    let claims = Claims {
        iss: ISSUER.to_owned(),
        sub,
        sid,
        iat: now.timestamp(),
        exp: now.timestamp().saturating_add_unsigned(seconds),
        person: ctx.person,
        roles: ctx.roles.clone(),
        only: ctx.only.clone(),
        must_change_password: ctx.must_change_password,
    };
    sign(keys, Algorithm::HS256, &claims)
}

fn sign(keys: &Keys, algorithm: Algorithm, claims: &Claims) -> Result<String> {
    jsonwebtoken::encode(&Header::new(algorithm), claims, &keys.sign)
        .map_err(|e| Error::internal(format!("cannot sign a token: {e}")))
}

/// Who asks, by this token. `token_expired` where it was good once, `unauthenticated` where it is none of ours.
pub fn verify(keys: &Keys, token: &str, lang: Lang, request_id: &str) -> Result<Ctx> {
    let claims = jsonwebtoken::decode::<Claims>(token, &keys.verify, &VALIDATION)
        .map_err(|e| {
            Error::new(if *e.kind() == ErrorKind::ExpiredSignature { Code::TokenExpired } else { Code::Unauthenticated })
        })?
        .claims;
    let mut ctx = Ctx::person(claims.sub, claims.sid, claims.person, claims.roles, lang, request_id.to_owned());
    ctx.only = claims.only;
    ctx.must_change_password = claims.must_change_password;
    Ok(ctx)
}

static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    // One algorithm: a token that names another (or none) is refused before its signature is looked at.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "sub"]);
    validation.leeway = 0;
    validation
});

#[cfg(test)]
mod tests {
    use super::*;
    use dto::UnitId;
    use dto::access::Role;

    fn caller() -> Ctx {
        let roles = vec![RoleOn { role: Role::Principal, unit: Some(kernel::id::new::<UnitId>()) }];
        Ctx::person(kernel::id::new(), kernel::id::new(), Some(Person::Staff(kernel::id::new())), roles, Lang::Vi, "r".into())
    }

    fn keys() -> Keys {
        Keys::from_secret(&[1; 32]).unwrap()
    }

    fn read(ctx: &Ctx) -> Ctx {
        verify(&keys(), &issue(&keys(), ctx, 60).unwrap(), Lang::En, "r1").unwrap()
    }

    fn code(token: &str) -> Code {
        verify(&keys(), token, Lang::Vi, "r").unwrap_err().code()
    }

    #[test]
    fn what_is_issued_is_read() {
        let caller = caller();
        let ctx = read(&caller);
        assert_eq!(
            (ctx.account, ctx.session, ctx.person, &ctx.roles),
            (caller.account, caller.session, caller.person, &caller.roles)
        );
        assert_eq!(
            (ctx.lang, ctx.request_id.as_str(), ctx.must_change_password, ctx.is_system()),
            (Lang::En, "r1", false, false)
        );
        assert!(ctx.can(Permission::AccountWrite));
        assert!(issue(&keys(), &Ctx::anonymous(Lang::Vi, "r".into()), 60).is_err());
        assert!(issue(&keys(), &Ctx::system("test"), 60).is_err());
    }

    #[test]
    fn a_narrowed_token_can_only_what_it_says() {
        let mut caller = caller();
        caller.only = Some(vec![Permission::ClassRead]);
        caller.must_change_password = true;
        let ctx = read(&caller);
        assert!(ctx.can(Permission::ClassRead) && !ctx.can(Permission::AccountSelf));
        assert!(ctx.must_change_password);
    }

    #[test]
    fn bad_tokens_are_refused() {
        let old = issue_at(&keys(), &caller(), clock::now() - chrono::Duration::seconds(61), 60).unwrap();
        assert_eq!(code(&old), Code::TokenExpired);
        let other = Keys::from_secret(&[2; 32]).unwrap();
        assert_eq!(code(&issue(&other, &caller(), 60).unwrap()), Code::Unauthenticated);
        assert_eq!(code(""), Code::Unauthenticated);
        assert_eq!(code("a.b.c"), Code::Unauthenticated);
        // Unsigned ("alg": "none"), and signed with our key by another algorithm.
        let good = issue(&keys(), &caller(), 60).unwrap();
        let body = good.split('.').nth(1).unwrap();
        assert_eq!(code(&format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.")), Code::Unauthenticated);
        let claims: Claims = jsonwebtoken::decode(&good, &keys().verify, &VALIDATION).unwrap().claims;
        assert_eq!(code(&sign(&keys(), Algorithm::HS512, &claims).unwrap()), Code::Unauthenticated);
        // Of another issuer.
        let elsewhere = Claims { iss: "other".into(), ..claims };
        assert_eq!(code(&sign(&keys(), Algorithm::HS256, &elsewhere).unwrap()), Code::Unauthenticated);
        // With another body.
        let other_body = issue(&keys(), &caller(), 60).unwrap();
        let mixed = good.replace(body, other_body.split('.').nth(1).unwrap());
        assert_eq!(code(&mixed), Code::Unauthenticated);
    }
}
