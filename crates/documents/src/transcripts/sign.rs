//! Whose turn it is, and one signature.

use super::query::{self, PDF, Signature, Stored, XML, put_file, signatures_of, standing, try_advance};
use super::{print, state};
use crate::facts::{self, ClassFacts};
use crate::keys;
use crate::signing::{self, Signer, SigningError, TimeStamper};
use dto::access::Permission;
use dto::transcripts::{SigningItem, SigningRole, SigningTask, TranscriptState};
use dto::{ClassId, Code, Lang, TranscriptId};
use futures::future::join_all;
use kernel::{Ctx, Db, Error, Event, Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use serde_json::json;
use std::collections::BTreeMap;
use transcript::{CertificateFacts, Document, Fault};

/// What waits for the caller's signature, by class.
pub async fn tasks(db: &Db, ctx: &Ctx) -> Result<Vec<SigningTask>> {
    let conn = db.read();
    let mut tasks = Vec::new();
    for class in classes_with_transcripts(conn, ctx).await? {
        let roles = roles(conn, ctx, &class).await?;
        if roles.is_empty() {
            continue;
        }
        let there = standing(conn, class.school_id, class.id).await?;
        let ids = there.values().filter(|t| t.state != TranscriptState::Draft).map(|t| t.id);
        let signatures = signatures_of(conn, class.school_id, ids).await?;
        let states: BTreeMap<TranscriptId, TranscriptState> = there.values().map(|t| (t.id, t.state)).collect();
        let mut found: BTreeMap<(SigningRole, String), SigningTask> = BTreeMap::new();
        for signature in signatures.iter().filter(|s| roles.contains(&(s.role, s.subject.clone()))) {
            let task = found.entry((signature.role, signature.subject.clone())).or_insert_with(|| SigningTask {
                role: signature.role,
                school_id: class.school_id,
                school_name: class.school_name.clone(),
                class_id: class.id,
                class_name: class.name.clone(),
                school_year: class.school_year.clone(),
                subject_code: (signature.role == SigningRole::Subject).then(|| signature.subject.clone()),
                subject_name: None,
                ready: 0,
                waiting: 0,
                signed: 0,
            });
            match (signature.signed_at, states.get(&signature.transcript).and_then(|state| state::turn(*state))) {
                (Some(_), _) => task.signed += 1,
                (None, Some(turn)) if turn == signature.role => task.ready += 1,
                (None, _) => task.waiting += 1,
            }
        }
        if found.keys().any(|(role, _)| *role == SigningRole::Subject) {
            for subject in facts::subjects(conn, class.id).await? {
                if let Some(task) = found.get_mut(&(SigningRole::Subject, subject.code)) {
                    task.subject_name = Some(subject.name_vi);
                }
            }
        }
        tasks.extend(found.into_values());
    }
    Ok(tasks)
}

/// The classes that have transcripts which stand and which any of the caller's roles reaches to sign or seal.
async fn classes_with_transcripts(conn: &impl ConnectionTrait, ctx: &Ctx) -> Result<Vec<ClassFacts>> {
    let mut reach = ctx.reach(Permission::TranscriptSign);
    reach.units.extend(ctx.reach(Permission::TranscriptIssue).units);
    let mut query = Query::select();
    query
        .distinct()
        .columns([("c", "id"), ("c", "grade_order"), ("c", "sort_key")])
        .from_as("transcript", "t")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("t", "class_id")))
        .and_where(Expr::col(("t", "current")).eq(1))
        .and_where(Expr::col(("t", "state")).ne(TranscriptState::Draft.as_str()))
        .and_where(Expr::col(("t", "state")).ne(TranscriptState::Issued.as_str()))
        .cond_where(facts::reached(&reach, "c"))
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("c", "id"), Order::Asc)
        .limit(400);
    let mut classes = Vec::new();
    for row in conn.query_all(&query).await? {
        classes.push(facts::class_unscoped(conn, ClassId(row.try_get_by_index(0)?)).await?);
    }
    Ok(classes)
}

/// As what the caller signs in a class: subjects that they teach, as its homeroom teacher, as the principal, with the seal.
async fn roles(conn: &impl ConnectionTrait, ctx: &Ctx, class: &ClassFacts) -> Result<Vec<(SigningRole, String)>> {
    let scope = ctx.reach(Permission::TranscriptSign);
    let mut roles = Vec::new();
    if let Some(staff) = scope.taught {
        let teachers = facts::teachers(conn, class.id, None).await?;
        roles.extend(teachers.into_iter().filter(|(_, s)| s.id.0 == staff).map(|(code, _)| (SigningRole::Subject, code)));
    }
    if scope.homeroom.is_some() && class.homeroom.as_ref().map(|homeroom| homeroom.id.0) == scope.homeroom {
        roles.push((SigningRole::Homeroom, String::new()));
    }
    for (role, permission) in
        [(SigningRole::Principal, Permission::TranscriptRevoke), (SigningRole::Seal, Permission::TranscriptIssue)]
    {
        // The principal is who may also revoke; a clerk keeps the seal and signs nothing in the principal's place.
        if facts::reaches_school(conn, ctx, permission, class.school_id).await? {
            roles.push((role, String::new()));
        }
    }
    Ok(roles)
}

/// A signature that is to be made.
#[derive(Clone, Debug)]
pub(super) struct Todo {
    pub class: ClassFacts,
    pub transcript: TranscriptId,
    pub full_name: String,
    pub role: SigningRole,
    pub subject: String,
}

/// The signatures of these items that are due now. A class is read once, however much of it is to be signed.
///
/// Errors: `not_found` where the caller does not sign so in a class.
pub(super) async fn due(conn: &impl ConnectionTrait, ctx: &Ctx, items: &[SigningItem]) -> Result<Vec<Todo>> {
    let mut by_class: BTreeMap<ClassId, Vec<(SigningRole, String)>> = BTreeMap::new();
    for item in items {
        by_class.entry(item.class_id).or_default().push((item.role, item.subject_code.clone().unwrap_or_default()));
    }
    let mut todo = Vec::new();
    for (class, wanted) in by_class {
        let class = facts::class_unscoped(conn, class).await?;
        let own = roles(conn, ctx, &class).await?;
        if !wanted.iter().all(|one| own.contains(one)) {
            return Err(Error::new(Code::NotFound));
        }
        let there = standing(conn, class.school_id, class.id).await?;
        let of: BTreeMap<TranscriptId, &Stored> = there.values().map(|stored| (stored.id, stored)).collect();
        let signatures = signatures_of(conn, class.school_id, of.keys().copied()).await?;
        for (role, subject) in wanted {
            for signature in signatures.iter().filter(|s| s.role == role && s.subject == subject && s.signed_at.is_none()) {
                let Some(stored) = of.get(&signature.transcript) else { continue };
                if state::turn(stored.state) == Some(role) {
                    todo.push(Todo {
                        class: class.clone(),
                        transcript: signature.transcript,
                        full_name: stored.content()?.learner.full_name,
                        role,
                        subject: subject.clone(),
                    });
                }
            }
        }
    }
    Ok(todo)
}

/// Why a signature could not be made, for people.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub code: String,
    pub vi: String,
    pub en: String,
}

impl From<&Error> for Refused {
    fn from(error: &Error) -> Refused {
        let text = |lang| error.problem(lang, "").detail;
        Refused { code: error.code().as_str().to_owned(), vi: text(Lang::Vi), en: text(Lang::En) }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        Refused { code: fault.code.as_str().to_owned(), vi: fault.vi, en: fault.en }
    }
}

impl From<SigningError> for Refused {
    fn from(error: SigningError) -> Refused {
        match error {
            SigningError::Refused(fault) => fault.into(),
            other => Refused::from(&keys::problem(other)),
        }
    }
}

/// A transcript that is being signed.
struct Begun<'a> {
    todo: &'a Todo,
    stored: Stored,
    position: i16,
    next: TranscriptState,
}

/// What is written when it was signed.
struct Made<'a> {
    begun: Begun<'a>,
    xml: Vec<u8>,
    pdf: Option<Vec<u8>>,
}

/// What became of a signature.
pub(super) type Outcome = (TranscriptId, std::result::Result<(), Refused>);

/// As often a transcript that somebody else is signing too is read again.
const TRIES: usize = 8;

/// Signs some transcripts of one class in one act of the key, and writes them in one transaction. Gives for each why it could not be,
/// if so. Where somebody else signed the same transcript meanwhile, it is read and signed once more.
pub(super) async fn sign_some(db: &Db, ctx: &Ctx, signer: &dyn Signer, todo: &[Todo], desk: &Desk<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(todo.len());
    let mut left: Vec<&Todo> = todo.iter().collect();
    for _ in 0..TRIES {
        let made = make(db.read(), signer, &left, desk, &mut outcomes).await;
        left.clear();
        match write(db, ctx, signer, &made).await {
            Ok(kept) => {
                for (made, kept) in made.into_iter().zip(kept) {
                    if kept { outcomes.push((made.begun.stored.id, Ok(()))) } else { left.push(made.begun.todo) }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "signatures could not be written");
                let why = Refused::from(&error);
                outcomes.extend(made.iter().map(|made| (made.begun.stored.id, Err(why.clone()))));
            }
        }
        if left.is_empty() {
            break;
        }
    }
    let busy = Refused::from(&Error::new(Code::VersionConflict));
    outcomes.extend(left.into_iter().map(|one| (one.transcript, Err(busy.clone()))));
    outcomes
}

/// What signing needs beside the key.
pub(super) struct Desk<'a> {
    pub stamper: Option<&'a TimeStamper>,
    /// Where people reach Khuê, for the QR code.
    pub base: &'a str,
}

async fn make<'a>(
    conn: &impl ConnectionTrait,
    signer: &dyn Signer,
    todo: &[&'a Todo],
    desk: &Desk<'_>,
    outcomes: &mut Vec<Outcome>,
) -> Vec<Made<'a>> {
    let (mut begun, mut documents) = (Vec::with_capacity(todo.len()), Vec::with_capacity(todo.len()));
    for one in todo {
        match begin(conn, one).await {
            Ok((start, document)) => {
                begun.push(start);
                documents.push(document);
            }
            Err(error) => outcomes.push((one.transcript, Err(Refused::from(&error)))),
        }
    }
    let Some(role) = todo.first().map(|one| query::form_role(one.role, &one.subject)) else { return Vec::new() };
    let signed = match signing::sign_many(&mut documents, &role, signer, clock::now(), desk.stamper).await {
        Ok(signed) => signed,
        Err(error) => {
            let why = Refused::from(error);
            outcomes.extend(begun.iter().map(|begun| (begun.stored.id, Err(why.clone()))));
            return Vec::new();
        }
    };
    // Papers are drawn by as many hands as there are processors.
    let finishing = begun.iter().zip(&documents).zip(signed).map(|((begun, document), signed)| async move {
        match signed {
            Ok(()) => finish(conn, signer, begun, document, desk).await,
            Err(error) => Err(error.into()),
        }
    });
    let finished = join_all(finishing).await;
    let mut made = Vec::with_capacity(begun.len());
    for (begun, done) in begun.into_iter().zip(finished) {
        match done {
            Ok((xml, pdf)) => made.push(Made { begun, xml, pdf }),
            Err(why) => outcomes.push((begun.stored.id, Err(why))),
        }
    }
    made
}

/// Reads a transcript that is to be signed.
async fn begin<'a>(conn: &impl ConnectionTrait, todo: &'a Todo) -> Result<(Begun<'a>, Document)> {
    let stored = query::one(conn, todo.transcript).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let signatures = query::signatures(conn, stored.school_id, stored.id).await?;
    let own = |s: &&Signature| s.role == todo.role && s.subject == todo.subject;
    let signature = signatures.iter().find(own).ok_or_else(|| Error::new(Code::NotFound))?;
    if signature.signed_at.is_some() {
        return Err(Error::new(Code::SignedAlready));
    }
    if state::turn(stored.state) != Some(todo.role) {
        return Err(Error::new(Code::NotInTurn));
    }
    let open = |s: &Signature, role| s.role == role && s.signed_at.is_none() && s.position != signature.position;
    let next = state::signed(|role| signatures.iter().any(|s| open(s, role)));
    let xml = query::file(conn, &stored, XML).await?.ok_or_else(|| Error::internal("a reconciled transcript has no XML"))?;
    let document = transcript::parse(&xml).map_err(|fault| Error::internal(format!("a kept transcript is not one: {fault}")))?;
    Ok((Begun { todo, position: signature.position, stored, next }, document))
}

/// The bytes that are kept: the XML, and with the seal the PDF, which carries it and is sealed itself.
async fn finish(
    conn: &impl ConnectionTrait,
    signer: &dyn Signer,
    begun: &Begun<'_>,
    document: &Document,
    desk: &Desk<'_>,
) -> std::result::Result<(Vec<u8>, Option<Vec<u8>>), Refused> {
    let xml = document.to_xml();
    if begun.todo.role != SigningRole::Seal {
        return Ok((xml, None));
    }
    let at = clock::now();
    let name = certificate(signer).map_err(|error| Refused::from(&error))?.subject;
    let pdf = print::archived(conn, &begun.stored, name, at, &xml, desk.base).await.map_err(|error| Refused::from(&error))?;
    let pdf = signing::sign_pdf(&pdf, signer, at, desk.stamper).await?;
    Ok((xml, Some(pdf)))
}

fn certificate(signer: &dyn Signer) -> Result<CertificateFacts> {
    let own = signer.certificates().first().ok_or_else(|| Error::internal("a signer without a certificate"))?;
    CertificateFacts::of(own).map_err(|fault| Error::internal(format!("a kept certificate is none: {fault}")))
}

/// Writes what was signed; false where the transcript was changed since it was read.
async fn write(db: &Db, ctx: &Ctx, signer: &dyn Signer, made: &[Made<'_>]) -> Result<Vec<bool>> {
    let Some(first) = made.first().map(|made| made.begun.todo) else { return Ok(Vec::new()) };
    let own = certificate(signer)?;
    db.write(ctx, async |tx| {
        let mut kept = Vec::with_capacity(made.len());
        let mut ids = Vec::with_capacity(made.len());
        for Made { begun: Begun { stored, position, next, .. }, xml, pdf } in made {
            if !try_advance(tx, stored, *next).await? {
                kept.push(false);
                continue;
            }
            let mut update = Query::update();
            update
                .table("transcript_signature")
                .value("signer", own.subject.as_str())
                .value("fingerprint", own.fingerprint.as_str())
                .value("account_id", tx.ctx().account.map(uuid::Uuid::from))
                .value("signed_at", tx.now())
                .and_where(Expr::col("school_id").eq(stored.school_id.0))
                .and_where(Expr::col("transcript_id").eq(stored.id.0))
                .and_where(Expr::col("position").eq(*position));
            tx.conn().execute(&update).await?;
            put_file(tx, stored, XML, xml.clone()).await?;
            if let Some(pdf) = pdf {
                put_file(tx, stored, PDF, pdf.clone()).await?;
            }
            kept.push(true);
            ids.push(stored.id);
        }
        let event = Event::new(Some(first.class.school_id), "transcript.signed", "class", first.class.id).after(&json!({
            "role": first.role,
            "subject": first.subject,
            "certificate": own.fingerprint,
            "transcripts": ids,
        }));
        Ok((kept, vec![event]))
    })
    .await
}
