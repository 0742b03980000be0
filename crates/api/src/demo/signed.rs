//! The transcripts of the class whose year is closed, from draft to issued: each teacher, the homeroom teacher, the principal and the
//! school sign with keys of the authority for trials, which have no legal force and say so.

use super::PASSWORD;
use super::generate::Cast;
use documents::keys::{self, Providers};
use documents::transcripts as papers;
use dto::access::Role;
use dto::transcripts::{
    KeySource, PostSigningKey, PostSigningRun, PutTranscriptComment, PutTranscriptComments, SigningItem, SigningRole,
    SigningTask, TranscriptSelection,
};
use dto::{ClassId, LearnerId};
use gradebook::transcripts;
use kernel::{Ctx, Db, Error, Result};

/// What people sign with, and where people reach Khuê, for the QR code on the paper.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    pub providers: &'a Providers,
    pub base: &'a str,
}

/// What a homeroom teacher writes of a year, for want of one who knows the child.
const COMMENTS: [&str; 4] = [
    "Chăm ngoan, lễ phép, hoà đồng với bạn bè; cần mạnh dạn phát biểu hơn trong giờ học.",
    "Có ý thức học tập tốt, hoàn thành đầy đủ nhiệm vụ được giao.",
    "Tiến bộ rõ trong học kì II, tích cực tham gia các hoạt động của lớp.",
    "Nắm được kiến thức cơ bản; cần luyện tập thêm ở nhà và trình bày bài cẩn thận hơn.",
];

/// Makes, signs, seals and issues them. What lacks something stays a draft.
pub async fn issue(db: &Db, cast: &Cast, signing: Signing<'_>) -> Result<()> {
    let (Some(class), Some(site)) = (cast.closed_class.map(ClassId), cast.sites.first()) else { return Ok(()) };
    let principal = site.principal();
    let there = transcripts::of_class(db, &principal, class).await?;
    let comment = |(at, row): (usize, &dto::transcripts::TranscriptRow)| PutTranscriptComment {
        learner_id: row.learner_id,
        text: COMMENTS[at % COMMENTS.len()].to_owned(),
        version: row.comment_version,
    };
    let rows = there.rows.iter().enumerate().map(comment).collect();
    transcripts::put_comments(db, &principal, class, &PutTranscriptComments { rows }).await?;
    let everybody = TranscriptSelection { learner_ids: None };
    let drafts = transcripts::prepare(db, &principal, class, &everybody).await?;
    let whole = |row: &&dto::transcripts::TranscriptRow| row.faults.iter().all(|fault| fault.warning);
    let learner_ids: Vec<LearnerId> = drafts.rows.iter().filter(whole).map(|row| row.learner_id).collect();
    transcripts::reconcile(db, &principal, class, &TranscriptSelection { learner_ids: Some(learner_ids) }).await?;
    // A teacher of the commune's other schools may have a subject here.
    let people: Vec<(Ctx, bool)> = cast
        .sites
        .iter()
        .flat_map(|site| site.staff.iter().map(|member| (site.teacher(member), member.leads)))
        .filter(|(ctx, _)| ctx.account.is_some())
        .collect();
    for role in [SigningRole::Subject, SigningRole::Homeroom] {
        for (teacher, _) in people.iter().filter(|(_, leads)| role == SigningRole::Subject || *leads) {
            sign(db, teacher, role, signing).await?;
        }
    }
    sign(db, &principal, SigningRole::Principal, signing).await?;
    sign(db, &site.office("clerk", Role::Clerk), SigningRole::Seal, signing).await?;
    papers::issue(db, &principal, class, None).await.map(drop)
}

/// Signs all that is this person's turn in a role.
async fn sign(db: &Db, who: &Ctx, role: SigningRole, with: Signing<'_>) -> Result<()> {
    let due: Vec<SigningTask> =
        papers::tasks(db, who).await?.into_iter().filter(|task| task.role == role && task.ready > 0).collect();
    let Some(school) = due.first().map(|task| task.school_id) else { return Ok(()) };
    let body = PostSigningKey { label: "Ký học bạ".to_owned(), source: KeySource::Trial { password: PASSWORD.to_owned() } };
    let key = match (role, keys::own(db, who).await?.items.into_iter().next()) {
        (SigningRole::Seal, _) => keys::add_seal(db, who, with.providers, school, &body).await?,
        (_, Some(kept)) => kept,
        (_, None) => keys::add(db, who, with.providers, &body).await?,
    };
    let item = |task: SigningTask| SigningItem { role, class_id: task.class_id, subject_code: task.subject_code };
    let body = PostSigningRun { key_id: key.id, password: Some(PASSWORD.to_owned()), items: due.into_iter().map(item).collect() };
    let begun = papers::runs::start(db, who, with.providers, &body).await?;
    let run = begun.run.id;
    papers::runs::drive(db, begun, with.base).await?;
    let done = papers::runs::get(db, who, run).await?;
    match done.failed.first() {
        None => Ok(()),
        Some(failure) => Err(Error::internal(format!("{} could not be signed: {}", failure.full_name, failure.en))),
    }
}
