//! Transcripts and their signatures as the tables have them.

use chrono::{DateTime, Utc};
use dto::transcripts::{SigningRole, TranscriptRevocation, TranscriptSignature, TranscriptState};
use dto::{ClassId, Code, LearnerId, TranscriptId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashMap;
use transcript::{Content, Role};
use uuid::Uuid;

pub(super) const XML: &str = "xml";
pub(super) const PDF: &str = "pdf";

/// A name of the vocabulary, as a column has it.
pub(super) fn named<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::internal(format!("unknown name {text:?} in the database")))
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub school_id: UnitId,
    pub id: TranscriptId,
    pub class_id: ClassId,
    pub learner_id: LearnerId,
    pub state: TranscriptState,
    pub version: i64,
    content: String,
    pub content_hash: String,
    pub check_code: String,
    pub replaces: Option<TranscriptId>,
    pub superseded_by: Option<TranscriptId>,
    pub issued_at: Option<DateTime<Utc>>,
    pub revoked: Option<TranscriptRevocation>,
}

const COLUMNS: [&str; 13] = [
    "school_id",
    "id",
    "class_id",
    "learner_id",
    "state",
    "version",
    "content",
    "content_hash",
    "check_code",
    "replaces",
    "superseded_by",
    "issued_at",
    "revoked",
];

impl Stored {
    fn read(row: &QueryResult) -> Result<Stored> {
        let revoked: Option<String> = row.try_get_by_index(12)?;
        Ok(Stored {
            school_id: UnitId(row.try_get_by_index(0)?),
            id: TranscriptId(row.try_get_by_index(1)?),
            class_id: ClassId(row.try_get_by_index(2)?),
            learner_id: LearnerId(row.try_get_by_index(3)?),
            state: named(&row.try_get_by_index::<String>(4)?)?,
            version: row.try_get_by_index(5)?,
            content: row.try_get_by_index(6)?,
            content_hash: row.try_get_by_index(7)?,
            check_code: row.try_get_by_index(8)?,
            replaces: row.try_get_by_index::<Option<Uuid>>(9)?.map(TranscriptId),
            superseded_by: row.try_get_by_index::<Option<Uuid>>(10)?.map(TranscriptId),
            issued_at: row.try_get_by_index(11)?,
            revoked: revoked.as_deref().map(serde_json::from_str).transpose().map_err(unreadable)?,
        })
    }

    pub(super) fn content(&self) -> Result<Content> {
        serde_json::from_str(&self.content).map_err(unreadable)
    }
}

fn unreadable(e: serde_json::Error) -> Error {
    Error::internal(format!("a transcript cannot be read: {e}"))
}

pub(super) fn select() -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS).from("transcript");
    query
}

pub(super) async fn one(conn: &impl ConnectionTrait, id: TranscriptId) -> Result<Option<Stored>> {
    conn.query_one(select().and_where(Expr::col("id").eq(id.0))).await?.as_ref().map(Stored::read).transpose()
}

pub(super) async fn all(conn: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<Stored>> {
    conn.query_all(query).await?.iter().map(Stored::read).collect()
}

/// Those of a class that stand, by learner.
pub(super) async fn standing(conn: &impl ConnectionTrait, school: UnitId, class: ClassId) -> Result<HashMap<LearnerId, Stored>> {
    let mut query = select();
    query
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").eq(class.0))
        .and_where(Expr::col("current").eq(1));
    Ok(all(conn, &query).await?.into_iter().map(|stored| (stored.learner_id, stored)).collect())
}

/// A transcript of a class in short.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: TranscriptId,
    pub state: TranscriptState,
    pub content: Content,
    pub signed: u32,
    pub needed: u32,
}

/// The transcripts of a class that stand, by learner. For callers who may see the class.
pub async fn of_class(conn: &impl ConnectionTrait, school: UnitId, class: ClassId) -> Result<HashMap<LearnerId, Summary>> {
    let stored = standing(conn, school, class).await?;
    let counts = counts(conn, school, stored.values().map(|stored| stored.id)).await?;
    let of = |stored: Stored| -> Result<Summary> {
        let (needed, signed) = counts.get(&stored.id).copied().unwrap_or_default();
        Ok(Summary { id: stored.id, state: stored.state, content: stored.content()?, signed, needed })
    };
    stored.into_iter().map(|(learner, stored)| Ok((learner, of(stored)?))).collect()
}

async fn counts(
    conn: &impl ConnectionTrait,
    school: UnitId,
    ids: impl Iterator<Item = TranscriptId>,
) -> Result<HashMap<TranscriptId, (u32, u32)>> {
    let mut query = Query::select();
    query
        .column("transcript_id")
        .expr(Expr::col("position").count())
        .expr(Expr::col("signed_at").count())
        .from("transcript_signature")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("transcript_id").is_in(ids.map(|id| id.0)))
        .group_by_col("transcript_id");
    let count = |row: &QueryResult, at| -> Result<u32> { Ok(u32::try_from(row.try_get_by_index::<i64>(at)?).unwrap_or(0)) };
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((TranscriptId(row.try_get_by_index(0)?), (count(row, 1)?, count(row, 2)?)))).collect()
}

/// A signature that is there, or has to be.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub transcript: TranscriptId,
    pub position: i16,
    pub role: SigningRole,
    pub subject: String,
    pub signer: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
}

impl Signature {
    pub(super) fn told(self, content: &Content) -> TranscriptSignature {
        let subject = content.subjects.iter().find(|subject| subject.code == self.subject);
        TranscriptSignature {
            role: self.role,
            subject_name: subject.map(|subject| subject.name.clone()),
            subject_code: (self.role == SigningRole::Subject).then_some(self.subject),
            signer: self.signer,
            signed_at: self.signed_at,
        }
    }

    pub(super) fn form_role(&self) -> Role {
        form_role(self.role, &self.subject)
    }
}

/// Who signs, in the words of the form.
pub(super) fn form_role(role: SigningRole, subject: &str) -> Role {
    match role {
        SigningRole::Subject => Role::Subject(subject.to_owned()),
        SigningRole::Homeroom => Role::Homeroom,
        SigningRole::Principal => Role::Principal,
        SigningRole::Seal => Role::Seal,
    }
}

/// The columns of a role: what it is, and of which subject.
pub(super) fn role_columns(role: Role) -> (SigningRole, String) {
    match role {
        Role::Subject(code) => (SigningRole::Subject, code),
        Role::Homeroom => (SigningRole::Homeroom, String::new()),
        Role::Principal => (SigningRole::Principal, String::new()),
        Role::Seal => (SigningRole::Seal, String::new()),
    }
}

pub(super) async fn signatures_of(
    conn: &impl ConnectionTrait,
    school: UnitId,
    ids: impl IntoIterator<Item = TranscriptId>,
) -> Result<Vec<Signature>> {
    let mut query = Query::select();
    query
        .columns(["transcript_id", "position", "role", "subject_code", "signer", "signed_at"])
        .from("transcript_signature")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("transcript_id").is_in(ids.into_iter().map(|id| id.0)))
        .order_by("transcript_id", Order::Asc)
        .order_by("position", Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(Signature {
                transcript: TranscriptId(row.try_get_by_index(0)?),
                position: row.try_get_by_index(1)?,
                role: named(&row.try_get_by_index::<String>(2)?)?,
                subject: row.try_get_by_index(3)?,
                signer: row.try_get_by_index(4)?,
                signed_at: row.try_get_by_index(5)?,
            })
        })
        .collect()
}

pub(super) async fn signatures(conn: &impl ConnectionTrait, school: UnitId, id: TranscriptId) -> Result<Vec<Signature>> {
    signatures_of(conn, school, [id]).await
}

/// Changes a transcript from the version that was read; `version_conflict` where somebody was quicker.
pub(super) async fn advance(tx: &Tx<'_>, of: &Stored, state: TranscriptState) -> Result<()> {
    if try_advance(tx, of, state).await? { Ok(()) } else { Err(Error::new(Code::VersionConflict)) }
}

/// The same; false where somebody was quicker.
pub(super) async fn try_advance(tx: &Tx<'_>, of: &Stored, state: TranscriptState) -> Result<bool> {
    let mut update = Query::update();
    update
        .table("transcript")
        .value("state", state.as_str())
        .value("version", of.version + 1)
        .value("updated_at", tx.now())
        .and_where(Expr::col("school_id").eq(of.school_id.0))
        .and_where(Expr::col("id").eq(of.id.0))
        .and_where(Expr::col("version").eq(of.version));
    Ok(tx.conn().execute(&update).await?.rows_affected() == 1)
}

/// A file of a transcript.
pub(super) async fn file(conn: &impl ConnectionTrait, of: &Stored, form: &str) -> Result<Option<Vec<u8>>> {
    let mut query = Query::select();
    query
        .column("bytes")
        .from("transcript_file")
        .and_where(Expr::col("school_id").eq(of.school_id.0))
        .and_where(Expr::col("transcript_id").eq(of.id.0))
        .and_where(Expr::col("form").eq(form));
    Ok(conn.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

pub(super) async fn put_file(tx: &Tx<'_>, of: &Stored, form: &str, bytes: Vec<u8>) -> Result<()> {
    let mut upsert = Query::insert();
    upsert
        .into_table("transcript_file")
        .columns(["school_id", "transcript_id", "form", "bytes"])
        .values_panic([of.school_id.0.into(), of.id.0.into(), form.into(), bytes.into()])
        .on_conflict(
            sea_orm::sea_query::OnConflict::columns(["school_id", "transcript_id", "form"]).update_column("bytes").to_owned(),
        );
    tx.conn().execute(&upsert).await?;
    Ok(())
}
