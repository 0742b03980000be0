//! The consents of one learner: what families see and say, and what the school enters from paper.

use super::purposes;
use super::standing::{self, Said, Standing};
use crate::files::{self, Subject};
use crate::{contact, input, learners};
use dto::access::Permission;
use dto::consents::{
    ConsentAct, ConsentEvidence, ConsentParty, ConsentRecord, LearnerConsent, LearnerConsents, PostConsent, PostPaperConsent,
};
use dto::files::StoredFile;
use dto::identity::Person;
use dto::learners::Learner;
use dto::{Code, ConsentRecordId, FileId, LearnerId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use uuid::Uuid;

/// What the files of scans are said to belong to.
pub(super) const SCAN: &str = "consent";
/// What a scan can be.
const SCANS: [&str; 4] = ["application/pdf", "image/png", "image/jpeg", "image/webp"];

/// Who speaks in a consent.
#[derive(Clone, Copy)]
struct Voice {
    party: ConsentParty,
    guardian: Option<Uuid>,
}

fn voice(ctx: &Ctx) -> Result<Voice> {
    match ctx.person {
        Some(Person::Guardian(id)) => Ok(Voice { party: ConsentParty::Representative, guardian: Some(id.0) }),
        Some(Person::Learner(_)) => Ok(Voice { party: ConsentParty::Child, guardian: None }),
        _ => Err(Error::new(Code::NotFound)),
    }
}

/// One's own child, or oneself, with the school where they are.
pub(super) async fn child(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    learner: LearnerId,
) -> Result<(Learner, UnitId)> {
    let learner = learners::find_in(conn, ctx, permission, learner).await?;
    let school = learner.school_id.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((learner, school))
}

/// The consents of one's child.
///
/// Errors: `not_found`.
pub async fn of_child(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<LearnerConsents> {
    let conn = db.read();
    if !learners::is_family(conn, ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    let (learner, school) = child(conn, ctx, Permission::FamilyRead, learner).await?;
    told(conn, ctx, &learner, school).await
}

/// The consents of a learner, as the school sees them.
///
/// Errors: `not_found`.
pub async fn of_learner(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<LearnerConsents> {
    let conn = db.read();
    let (learner, school) = child(conn, ctx, Permission::ConsentRead, learner).await?;
    told(conn, ctx, &learner, school).await
}

/// The scan of a consent that was given on paper.
///
/// Errors: `not_found`.
pub async fn scan(db: &Db, ctx: &Ctx, learner: LearnerId, record: ConsentRecordId) -> Result<StoredFile> {
    let conn = db.read();
    let (learner, school) = child(conn, ctx, Permission::ConsentRead, learner).await?;
    let mut query = Query::select();
    query
        .column("file_id")
        .from("consent")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("learner_id").eq(learner.id.0))
        .and_where(Expr::col("id").eq(record.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let file: Option<Uuid> = row.try_get_by_index(0)?;
    let file = FileId(file.ok_or_else(|| Error::new(Code::NotFound))?);
    files::find(conn, school, Subject::new(SCAN, record), file).await
}

async fn told(conn: &impl ConnectionTrait, ctx: &Ctx, learner: &Learner, school: UnitId) -> Result<LearnerConsents> {
    let standing = standing::of(conn, school, learner.id, learner.birth_date).await?;
    let guardians = contact::guardians_of(conn, &[learner.id.0]).await?.remove(&learner.id.0).unwrap_or_default();
    let accounts = Names::of(conn, ctx.lang, standing.said.iter().map(|said| said.account)).await?;
    let who = |said: &Said| match (said.party, said.guardian) {
        (ConsentParty::Child, _) => learner.full_name.clone(),
        (_, guardian) => guardians
            .iter()
            .find(|g| Some(g.guardian_id) == guardian)
            .map_or_else(|| accounts.name(said.account), |g| g.full_name.clone()),
    };
    let scanned: Vec<Uuid> = standing.said.iter().filter(|said| said.scanned).map(|said| said.id.0).collect();
    let scans = files::of_many(conn, school, SCAN, &scanned).await?;
    let mine = voice(ctx).ok();
    let items = purposes::in_force(conn).await?.into_iter().map(|purpose| {
        let stand = standing.stand(&purpose);
        LearnerConsent {
            holds: stand.holds,
            waits_for: stand.waits_for,
            mine: mine.and_then(|voice| standing.word(&purpose, voice.guardian)),
            records: standing
                .said
                .iter()
                .rev()
                .filter(|said| said.purpose == purpose.code)
                .map(|said| ConsentRecord {
                    id: said.id,
                    at: said.at,
                    act: said.act,
                    party: said.party,
                    who: who(said),
                    version: said.version,
                    evidence: said.evidence,
                    note: said.note.clone(),
                    scan: scans.get(&said.id.0).and_then(|files| files.first().cloned()),
                })
                .collect(),
            purpose,
        }
    });
    let school_name = contact::Names::of(conn, &[school.0], &[], &[]).await?.schools.remove(&school.0).unwrap_or_default();
    Ok(LearnerConsents {
        learner_id: learner.id,
        full_name: learner.full_name.clone(),
        school_name,
        child_asked: standing.child_asked,
        items: items.collect(),
    })
}

struct Word<'a> {
    purpose: &'a str,
    version: u32,
    act: ConsentAct,
    voice: Voice,
    evidence: ConsentEvidence,
    note: Option<String>,
    scan: Option<FileId>,
}

/// Adds a word, where it can be said.
async fn say(tx: &Tx<'_>, learner: &Learner, school: UnitId, word: &Word<'_>) -> Result<Vec<Event>> {
    let conn = tx.conn();
    let purpose = standing::shown(conn, word.purpose, word.version).await?;
    let standing: Standing = standing::of(conn, school, learner.id, learner.birth_date).await?;
    if word.voice.party == ConsentParty::Child && !standing.child_asked {
        return Err(Error::new(Code::ConsentChildYoung));
    }
    if word.act == ConsentAct::Withdraw && standing.word(&purpose, word.voice.guardian) != Some(ConsentAct::Give) {
        return Err(Error::new(Code::ConsentNothingGiven));
    }
    let record: ConsentRecordId = id::new();
    let mut events = Vec::new();
    if let Some(scan) = word.scan {
        let (file, attached) = files::attach_in(tx, school, scan, Subject::new(SCAN, record), "/file_id").await?;
        if !SCANS.contains(&file.media.as_str()) {
            return Err(Error::field("/file_id", Code::FieldFormat));
        }
        events.push(attached);
    }
    let mut insert = Query::insert();
    insert
        .into_table("consent")
        .columns([
            "school_id",
            "learner_id",
            "id",
            "purpose",
            "version",
            "act",
            "party",
            "guardian_id",
            "account_id",
            "evidence",
            "note",
            "request_id",
            "at",
            "file_id",
        ])
        .values_panic([
            school.0.into(),
            learner.id.0.into(),
            record.0.into(),
            purpose.code.clone().into(),
            i32::try_from(word.version).map_err(Error::internal)?.into(),
            word.act.as_str().into(),
            word.voice.party.as_str().into(),
            word.voice.guardian.into(),
            tx.ctx().account.map(Uuid::from).into(),
            word.evidence.as_str().into(),
            word.note.clone().into(),
            tx.ctx().request_id.chars().take(100).collect::<String>().into(),
            tx.now().into(),
            word.scan.map(|file| file.0).into(),
        ]);
    conn.execute(&insert).await?;
    events.push(Event::new(Some(school), "consent.said", "learner", learner.id).after(&json!({
        "purpose": purpose.code, "version": word.version, "act": word.act, "party": word.voice.party,
        "guardian_id": word.voice.guardian, "evidence": word.evidence, "scan": word.scan,
    })));
    Ok(events)
}

/// Consents, refuses or withdraws in one's own name. A withdrawal holds at once.
///
/// Errors: `not_found`, `consent_text_changed`, `consent_child_young`, `consent_nothing_given`; `invalid` at `/purpose`.
pub async fn give(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostConsent) -> Result<LearnerConsents> {
    db.write(ctx, async |tx| {
        let voice = voice(tx.ctx())?;
        let (learner, school) = child(tx.conn(), tx.ctx(), Permission::ConsentGive, learner).await?;
        let evidence = ConsentEvidence::Account;
        let word = Word { purpose: &body.purpose, version: body.version, act: body.act, voice, evidence, note: None, scan: None };
        let events = say(tx, &learner, school, &word).await?;
        Ok((told(tx.conn(), tx.ctx(), &learner, school).await?, events))
    })
    .await
}

/// Enters what was said on paper.
///
/// Errors: as [`give`]; `invalid` at `/guardian_id` for somebody who is no guardian of the learner, at `/file_id` for a scan that is not
/// the caller's own upload (`field_choice`) or neither a PDF file nor a picture (`field_format`).
pub async fn paper(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostPaperConsent) -> Result<LearnerConsents> {
    let note = input::text("/note", &body.note, 1, 300)?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let (learner, school) = child(conn, tx.ctx(), Permission::ConsentWrite, learner).await?;
        let guardian = body.guardian_id.map(|id| id.0);
        if let Some(guardian) = guardian {
            let known = contact::guardians_of(conn, &[learner.id.0]).await?.remove(&learner.id.0).unwrap_or_default();
            if !known.iter().any(|g| g.guardian_id == guardian) {
                return Err(Error::field("/guardian_id", Code::FieldChoice));
            }
        }
        let party = if guardian.is_some() { ConsentParty::Representative } else { ConsentParty::Child };
        let word = Word {
            purpose: &body.purpose,
            version: body.version,
            act: body.act,
            voice: Voice { party, guardian },
            evidence: ConsentEvidence::Paper,
            note: Some(note.clone()),
            scan: body.file_id,
        };
        let events = say(tx, &learner, school, &word).await?;
        Ok((told(conn, tx.ctx(), &learner, school).await?, events))
    })
    .await
}
