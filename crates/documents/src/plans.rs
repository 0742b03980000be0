//! The approval of a teaching plan as a signed paper: PDF/A with everything that was submitted, signed (PAdES) with the approver's own key.

use crate::issuer;
use crate::keys::{self, Providers};
use crate::rendering::{Extras, Form, make};
use crate::signing::sign_pdf;
use chrono::{DateTime, FixedOffset, Utc};
use dto::teaching_plans::{PlanSigning, ReviewTeachingPlan, ReviewVerdict, TeachingPlan};
use dto::{Code, Lang, TeachingPlanId};
use kernel::{Ctx, Db, Error, Result, clock};
use records::teaching_plans::{self as plans, SignedPlan, ToSign};
use serde_json::{Value, json};
use transcript::CertificateFacts;

/// Reviews a submission; with a key the approval is signed, and the paper is kept with it.
///
/// Errors: those of [`plans::review`] and of opening a key; `invalid` with `/signature` where nothing is approved.
pub async fn review(
    db: &Db,
    ctx: &Ctx,
    providers: &Providers,
    id: TeachingPlanId,
    body: &ReviewTeachingPlan,
) -> Result<TeachingPlan> {
    let signed = match (&body.signature, body.verdict) {
        (None, _) => None,
        (Some(with), ReviewVerdict::Accept) => Some(sign(db, ctx, providers, id, body, with).await?),
        (Some(_), _) => return Err(Error::field("/signature", Code::FieldChoice)),
    };
    plans::review(db, ctx, id, body, signed.as_ref()).await
}

async fn sign(
    db: &Db,
    ctx: &Ctx,
    providers: &Providers,
    id: TeachingPlanId,
    body: &ReviewTeachingPlan,
    with: &PlanSigning,
) -> Result<SignedPlan> {
    let plan = plans::to_sign(db, ctx, id, body.revision).await?;
    let signer = keys::open_own(db.read(), ctx, providers, with.key_id, with.password.as_deref()).await?;
    let own = signer.certificates().first().ok_or_else(|| Error::new(Code::SigningKeyUnreadable))?;
    let facts = CertificateFacts::of(own).map_err(|fault| keys::problem(fault.into()))?;
    let signed_at = clock::now();
    let issuer = issuer::of(db.read(), plan.item.school_id).await?;
    let data = paper(&plan, &issuer, &facts.subject, signed_at);
    let extras = Extras { archive: Some(signed_at), ..Extras::default() };
    let pdf = make(Form::Plan, data, extras).await?;
    let stamper = providers.stamper();
    let bytes = sign_pdf(&pdf, signer.as_ref(), signed_at, stamper.as_deref()).await.map_err(keys::problem)?;
    Ok(SignedPlan { bytes, subject: facts.subject, fingerprint: facts.fingerprint, signed_at })
}

/// A moment in Vietnam's time.
fn moment(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(7 * 3600) {
        Some(vietnam) => at.with_timezone(&vietnam).format("%H:%M %d/%m/%Y").to_string(),
        None => at.to_rfc3339(),
    }
}

fn paper(plan: &ToSign, issuer: &issuer::Issuer, signer: &str, at: DateTime<Utc>) -> Value {
    let item = &plan.item;
    let mut fields = vec![("Giáo viên", item.teacher.clone()), ("Loại", item.kind.label(Lang::Vi).to_owned())];
    fields.push(("Khối", item.grade.label(Lang::Vi).to_owned()));
    fields.extend(item.subject.clone().map(|subject| ("Môn", subject)));
    fields.extend(plan.group.clone().map(|group| ("Tổ chuyên môn", group)));
    fields.extend(item.week.map(|week| ("Tuần", week.to_string())));
    fields.push(("Năm học", item.school_year.clone()));
    fields.push(("Bản nộp", format!("{} · {}", item.revision, moment(plan.submitted_at))));
    let fields: Vec<Value> = fields.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({
        "school": plan.school_name,
        "over": issuer.over,
        "title": item.title,
        "teacher": item.teacher,
        "fields": fields,
        "lines": plan.body.lines().map(line).collect::<Vec<_>>(),
        "file": plan.file.as_ref().map(|(name, sha256)| json!({"name": name, "sha256": sha256})),
        "hash": plan.content_hash,
        "signer": signer,
        "signed-at": moment(at),
    })
}

/// A line of the text with what it is; nothing in it is ever markup of the template.
fn line(text: &str) -> Value {
    let (kind, text) = [("## ", "part"), ("# ", "section"), ("- ", "item")]
        .iter()
        .find_map(|(mark, kind)| text.strip_prefix(mark).map(|rest| (*kind, rest)))
        .unwrap_or((if text.is_empty() { "space" } else { "text" }, text));
    json!({"kind": kind, "text": text})
}
