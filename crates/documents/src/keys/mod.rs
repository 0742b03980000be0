//! The keys that people sign with, and the seals of schools.
//!
//! A key file is kept as it came, encrypted by its own password. The password, or the PIN of a token, is asked each time and kept
//! nowhere; so neither who copies the database nor who runs the server can sign in somebody's place.

mod query;

use crate::facts;
use crate::signing::Signer;
use dto::access::Permission;
use dto::page::Page;
use dto::transcripts::{KeyKind, PostSigningKey, SigningKey};
use dto::{Code, SigningKeyId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use query::{Kept, Owner};
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use transcript::CertificateFacts;

mod providers;
pub use providers::problem;
pub use providers::{Providers, Remote};

/// Days before its end at which a key is warned of.
const WARNINGS: [u16; 3] = [7, 30, 60];

impl Kept {
    fn told(self, owner: Option<String>) -> SigningKey {
        let left = self.not_after.signed_duration_since(clock::now()).num_days();
        let ends_within_days = match left {
            ..0 => Some(0),
            _ => WARNINGS.into_iter().find(|days| left <= i64::from(*days)),
        };
        SigningKey {
            id: self.id,
            kind: self.kind,
            label: self.label,
            subject: self.subject,
            issuer: self.issuer,
            fingerprint: self.fingerprint,
            not_before: self.not_before,
            not_after: self.not_after,
            ends_within_days,
            trial: self.trial,
            needs_password: self.kind != KeyKind::Remote,
            seal: matches!(self.owner, Owner::Unit(_)),
            owner,
        }
    }
}

/// The caller's own keys.
pub async fn own(db: &Db, ctx: &Ctx) -> Result<Page<SigningKey>> {
    let account = ctx.account.ok_or_else(|| Error::new(Code::NotFound))?;
    let kept = query::of_account(db.read(), account).await?;
    Ok(Page { items: kept.into_iter().map(|kept| kept.told(None)).collect(), next: None })
}

/// Keeps a key of the caller's.
///
/// Errors: `signing_key_unreadable`, `signing_key_wrong`, `signing_key_expired`, `signing_key_kept`, `signing_unavailable`,
/// `certificate_revoked`, `certificate_status_unknown`.
pub async fn add(db: &Db, ctx: &Ctx, providers: &Providers, body: &PostSigningKey) -> Result<SigningKey> {
    let account = ctx.account.ok_or_else(|| Error::new(Code::NotFound))?;
    // A certificate names staff as their record does.
    let (name, school) = query::staff_of(db.read(), account).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let found = providers.take_in(&body.source, &name, Some(&school), false).await?;
    db.write(ctx, async |tx| keep(tx, Owner::Account(account), &body.label, &found).await).await
}

/// The keys of a school: its seal, and those of its staff, so that an end is seen in time.
///
/// Errors: `not_found`.
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId) -> Result<Page<SigningKey>> {
    let conn = db.read();
    facts::whole_school(conn, ctx, Permission::TranscriptIssue, school).await?;
    let kept = query::of_school(conn, school).await?;
    let names = Names::of(conn, ctx.lang, kept.iter().map(|kept| kept.owner.account().map(uuid::Uuid::from))).await?;
    let told = |kept: Kept| {
        let owner = kept.owner.account().map(|account| names.name(Some(account.0)));
        kept.told(owner)
    };
    Ok(Page { items: kept.into_iter().map(told).collect(), next: None })
}

/// Keeps the seal of a school.
///
/// Errors: `not_found`, and those of [`add`].
pub async fn add_seal(db: &Db, ctx: &Ctx, providers: &Providers, school: UnitId, body: &PostSigningKey) -> Result<SigningKey> {
    let name = facts::whole_school(db.read(), ctx, Permission::TranscriptIssue, school).await?;
    let found = providers.take_in(&body.source, &name, None, true).await?;
    db.write(ctx, async |tx| {
        facts::whole_school(tx.conn(), tx.ctx(), Permission::TranscriptIssue, school).await?;
        keep(tx, Owner::Unit(school), &body.label, &found).await
    })
    .await
}

/// A key that was looked at: what is kept of it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub kind: KeyKind,
    pub store: String,
    pub certificate: CertificateFacts,
    pub trial: bool,
}

async fn keep(tx: &Tx<'_>, owner: Owner, label: &str, found: &Found) -> Result<(SigningKey, Vec<Event>)> {
    let certificate = &found.certificate;
    let now = tx.now();
    if now < certificate.not_before || now > certificate.not_after {
        return Err(Error::new(Code::SigningKeyExpired));
    }
    let label = kernel::text::clean(label);
    if label.is_empty() {
        return Err(Error::field("/label", Code::FieldRequired));
    }
    let there = match owner {
        Owner::Account(account) => query::of_account(tx.conn(), account).await?,
        Owner::Unit(school) => query::of_unit(tx.conn(), school).await?,
    };
    if there.iter().any(|kept| kept.fingerprint == certificate.fingerprint) {
        return Err(Error::new(Code::SigningKeyKept));
    }
    let kept = Kept {
        id: id::new(),
        owner,
        kind: found.kind,
        label,
        store: found.store.clone(),
        subject: certificate.subject.clone(),
        issuer: certificate.issuer.clone(),
        fingerprint: certificate.fingerprint.clone(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        trial: found.trial,
    };
    query::insert(tx, &kept).await?;
    let school = match owner {
        Owner::Unit(school) => Some(school),
        Owner::Account(_) => None,
    };
    let told = kept.told(None);
    let event = Event::new(school, "signing_key.kept", "signing_key", told.id).after(&told);
    Ok((told, vec![event]))
}

/// Takes a key away: of the caller's own.
///
/// Errors: `not_found`.
pub async fn remove(db: &Db, ctx: &Ctx, key: SigningKeyId) -> Result<()> {
    db.write(ctx, async |tx| {
        let kept = query::one(tx.conn(), key).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        match kept.owner {
            Owner::Account(account) if tx.ctx().account == Some(account) => {}
            _ => return Err(Error::new(Code::NotFound)),
        }
        query::remove(tx, key).await?;
        let event = Event::new(None, "signing_key.removed", "signing_key", key).before(&kept.told(None));
        Ok(((), vec![event]))
    })
    .await
}

/// Takes the seal of a school away.
///
/// Errors: `not_found`.
pub async fn remove_seal(db: &Db, ctx: &Ctx, school: UnitId, key: SigningKeyId) -> Result<()> {
    db.write(ctx, async |tx| {
        facts::whole_school(tx.conn(), tx.ctx(), Permission::TranscriptIssue, school).await?;
        let kept = query::one(tx.conn(), key).await?.filter(|kept| kept.owner == Owner::Unit(school));
        let kept = kept.ok_or_else(|| Error::new(Code::NotFound))?;
        query::remove(tx, key).await?;
        let event = Event::new(Some(school), "signing_key.removed", "signing_key", key).before(&kept.told(None));
        Ok(((), vec![event]))
    })
    .await
}

/// Opens a key of the caller's.
///
/// Errors: `not_found`, `signing_key_wrong`, `signing_key_expired`, `signing_unavailable`, `certificate_revoked`,
/// `certificate_status_unknown`.
pub(crate) async fn open_own(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    providers: &Providers,
    key: SigningKeyId,
    password: Option<&str>,
) -> Result<Arc<dyn Signer>> {
    let kept = query::one(conn, key).await?.filter(|kept| kept.owner.account().is_some() && kept.owner.account() == ctx.account);
    open(providers, kept.ok_or_else(|| Error::new(Code::NotFound))?, password).await
}

/// Opens the seal of a school. Where nothing is to be sealed, any seal that the caller keeps will do.
pub async fn open_seal(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    providers: &Providers,
    school: Option<UnitId>,
    key: SigningKeyId,
    password: Option<&str>,
) -> Result<Arc<dyn Signer>> {
    let none = || Error::new(Code::NotFound);
    let kept = query::one(conn, key).await?.ok_or_else(none)?;
    let Owner::Unit(of) = kept.owner else { return Err(none()) };
    if school.is_some_and(|school| school != of) {
        return Err(none());
    }
    facts::whole_school(conn, ctx, Permission::TranscriptIssue, of).await?;
    open(providers, kept, password).await
}

async fn open(providers: &Providers, kept: Kept, password: Option<&str>) -> Result<Arc<dyn Signer>> {
    let now = clock::now();
    if now < kept.not_before || now > kept.not_after {
        return Err(Error::new(Code::SigningKeyExpired));
    }
    providers.open(kept.kind, &kept.store, password.unwrap_or_default()).await
}
