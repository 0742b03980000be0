//! Approved plans as signed papers, and whether a school asks for the signature.

use super::query::{self, Row};
use super::{files, groups, review, subject};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::teaching_plans::{PutTeachingPlanPolicy, TeachingPlanItem, TeachingPlanPaper, TeachingPlanPolicy};
use dto::{Code, FileId, Lang, TeachingPlanId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A plan as it is to be approved and signed: what was submitted.
pub struct ToSign {
    pub item: TeachingPlanItem,
    pub group: Option<String>,
    pub body: String,
    /// Name and SHA-256 of its file.
    pub file: Option<(String, String)>,
    pub content_hash: String,
    pub submitted_at: DateTime<Utc>,
    pub school_name: String,
}

/// A signed paper as it is kept.
#[derive(Clone)]
pub struct SignedPlan {
    pub bytes: Vec<u8>,
    /// Who the certificate names.
    pub subject: String,
    /// Of the certificate, in hexadecimal.
    pub fingerprint: String,
    pub signed_at: DateTime<Utc>,
}

/// What the caller would sign by approving a submission.
///
/// Errors: `not_found` (also for whoever does not review it), `teaching_plan_newer`, `invalid` with `/signature` for a head of a group, whose
/// acceptance is not the approval.
pub async fn to_sign(db: &Db, ctx: &Ctx, id: TeachingPlanId, revision: u32) -> Result<ToSign> {
    let conn = db.read();
    let row = query::find(conn, ctx, Permission::TeachingPlanReview, id).await?;
    let head = review::head_of(conn, &row).await?;
    match review::hand(conn, ctx, &row, head).await? {
        Some(review::Hand::Leads) => {}
        Some(review::Hand::Head) => return Err(Error::field("/signature", Code::FieldChoice)),
        None => return Err(Error::new(Code::NotFound)),
    }
    let number = i32::try_from(revision).map_err(|_| Error::new(Code::NotFound))?;
    if row.revision != number {
        return Err(Error::new(Code::TeachingPlanNewer));
    }
    let found = super::versions::submitted(conn, &row, number).await?;
    let file = match found.file_id {
        Some(file) => Some(files::find(conn, row.school(), subject(&row), FileId(file)).await?),
        None => None,
    };
    let group = match row.group_id {
        Some(group) => groups::named(conn, row.school(), group).await?.map(|group| group.name),
        None => None,
    };
    let school_name = crate::units::reachable_in(conn, ctx, Permission::TeachingPlanReview, row.school()).await?.name;
    let mut item = row.item(Lang::Vi)?;
    item.title = found.title;
    Ok(ToSign {
        item,
        group,
        body: found.body,
        file: file.map(|file| (file.name, file.sha256)),
        content_hash: found.content_hash,
        submitted_at: found.submitted_at,
        school_name,
    })
}

/// Keeps the signed paper of an approved submission.
pub(super) async fn keep_in(tx: &Tx<'_>, row: &Row, paper: &SignedPlan) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("teaching_plan_paper")
        .columns(["school_id", "plan_id", "revision", "bytes", "sha256", "subject", "fingerprint", "signed_at", "signed_by"])
        .values_panic([
            row.school_id.into(),
            row.id.into(),
            row.revision.into(),
            paper.bytes.clone().into(),
            hex::encode(Sha256::digest(&paper.bytes)).into(),
            paper.subject.chars().take(300).collect::<String>().into(),
            paper.fingerprint.as_str().into(),
            paper.signed_at.into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// The signed papers of a plan by revision, without their bytes.
pub(super) async fn of(conn: &impl ConnectionTrait, row: &Row) -> Result<BTreeMap<i32, TeachingPlanPaper>> {
    let mut query = Query::select();
    query
        .columns(["revision", "subject", "fingerprint", "sha256", "signed_at"])
        .from("teaching_plan_paper")
        .and_where(Expr::col("school_id").eq(row.school_id))
        .and_where(Expr::col("plan_id").eq(row.id));
    let mut all = BTreeMap::new();
    for found in conn.query_all(&query).await? {
        let paper = TeachingPlanPaper {
            signer: found.try_get_by_index(1)?,
            fingerprint: found.try_get_by_index(2)?,
            sha256: found.try_get_by_index(3)?,
            signed_at: found.try_get_by_index(4)?,
        };
        all.insert(found.try_get_by_index(0)?, paper);
    }
    Ok(all)
}

/// The signed paper of a submission.
///
/// Errors: `not_found`, also where it was approved without a signature.
pub async fn paper(db: &Db, ctx: &Ctx, id: TeachingPlanId, revision: u32) -> Result<Vec<u8>> {
    let conn = db.read();
    let row = query::find(conn, ctx, Permission::TeachingPlanRead, id).await?;
    let number = i32::try_from(revision).map_err(|_| Error::new(Code::NotFound))?;
    let mut query = Query::select();
    query
        .column("bytes")
        .from("teaching_plan_paper")
        .and_where(Expr::col("school_id").eq(row.school_id))
        .and_where(Expr::col("plan_id").eq(row.id))
        .and_where(Expr::col("revision").eq(number));
    let found = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(found.try_get_by_index(0)?)
}

/// Whether approvals of a school must be signed. No regulation that we could read asks for it, so a school says so itself.
pub(super) async fn policy_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<TeachingPlanPolicy> {
    let mut query = Query::select();
    query.columns(["signature_required", "version"]).from("teaching_plan_policy").and_where(Expr::col("school_id").eq(school.0));
    match conn.query_one(&query).await? {
        Some(row) => Ok(TeachingPlanPolicy { signature_required: row.try_get_by_index(0)?, version: row.try_get_by_index(1)? }),
        None => Ok(TeachingPlanPolicy { signature_required: false, version: 0 }),
    }
}

/// Errors: `not_found`.
pub async fn policy(db: &Db, ctx: &Ctx, school: UnitId) -> Result<TeachingPlanPolicy> {
    let conn = db.read();
    let school = crate::units::school_in(conn, ctx, Permission::TeachingPlanRead, school).await?;
    policy_in(conn, school.id).await
}

/// Errors: `not_found`, `version_conflict`.
pub async fn put_policy(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    version: i64,
    body: &PutTeachingPlanPolicy,
) -> Result<TeachingPlanPolicy> {
    db.write(ctx, async |tx| {
        let school = crate::units::school_in(tx.conn(), ctx, Permission::SubjectGroupWrite, school).await?;
        let before = policy_in(tx.conn(), school.id).await?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let after = TeachingPlanPolicy { signature_required: body.signature_required, version: version + 1 };
        let mut insert = Query::insert();
        insert
            .into_table("teaching_plan_policy")
            .columns(["school_id", "signature_required", "version"])
            .values_panic([school.id.0.into(), after.signature_required.into(), after.version.into()])
            .on_conflict(
                OnConflict::column("school_id")
                    .update_columns(["signature_required", "version"])
                    .action_and_where(Expr::col(("teaching_plan_policy", "version")).eq(version))
                    .to_owned(),
            );
        if tx.conn().execute(&insert).await?.rows_affected() != 1 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(Some(school.id), "teaching_plan_policy.set", "teaching_plan_policy", school.id);
        Ok((after.clone(), vec![event.before(&before).after(&after)]))
    })
    .await
}
