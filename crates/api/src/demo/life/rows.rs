//! Rows of what people write, as they are inserted.

use crate::demo::insert::tables;
use chrono::{DateTime, NaiveDate, Utc};
use gradebook::bulk::{AbsenceRow, CommentStored, PreschoolMarkRow, insert};
use kernel::Result;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// A request for leave. `answer`: the text, who answered and when.
#[derive(Debug)]
pub struct Leave {
    pub school_id: Uuid,
    pub id: Uuid,
    pub class_id: Uuid,
    pub learner_id: Uuid,
    pub guardian_id: Uuid,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    pub sessions: &'static str,
    pub reason: &'static str,
    pub state: &'static str,
    pub answer: Option<&'static str>,
    pub answered_by: Option<Uuid>,
    pub answered_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A notice: words, or `params` of what Khuê says itself.
#[derive(Debug)]
pub struct Notice {
    pub school_id: Uuid,
    pub id: Uuid,
    pub event_key: String,
    pub kind: &'static str,
    pub target_kind: &'static str,
    pub target: String,
    pub title: Option<&'static str>,
    pub body: Option<&'static str>,
    pub params: Option<String>,
    pub learner_id: Option<Uuid>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug)]
pub struct Receipt {
    pub school_id: Uuid,
    pub notice_id: Uuid,
    pub guardian_id: Uuid,
    pub read_at: DateTime<Utc>,
}

/// A thread with the homeroom teacher.
#[derive(Debug)]
pub struct Thread {
    pub school_id: Uuid,
    pub id: Uuid,
    pub class_id: Uuid,
    pub learner_id: Uuid,
    pub last_seq: i32,
    pub last_at: DateTime<Utc>,
}

#[derive(Debug)]
pub struct Message {
    pub school_id: Uuid,
    pub thread_id: Uuid,
    pub seq: i32,
    pub account_id: Uuid,
    pub side: &'static str,
    pub body: &'static str,
    pub sent_at: DateTime<Utc>,
}

#[derive(Debug)]
pub struct Member {
    pub school_id: Uuid,
    pub thread_id: Uuid,
    pub account_id: Uuid,
    pub seen_seq: i32,
    pub seen_at: DateTime<Utc>,
}

/// A guardian came.
#[derive(Debug)]
pub struct Opened {
    pub guardian_id: Uuid,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

#[derive(Debug)]
pub struct Phrase {
    pub school_id: Uuid,
    pub id: Uuid,
    pub subject_code: Option<&'static str>,
    pub level: Option<&'static str>,
    pub phrase: &'static str,
    pub created_by: Option<Uuid>,
}

/// Evidence for conduct.
#[derive(Debug)]
pub struct Note {
    pub school_id: Uuid,
    pub class_id: Uuid,
    pub id: Uuid,
    pub learner_id: Uuid,
    pub day: NaiveDate,
    pub kind: &'static str,
    pub text: &'static str,
    pub written_at: DateTime<Utc>,
    pub written_by: Option<Uuid>,
}

#[derive(Debug)]
pub struct Growth {
    pub school_id: Uuid,
    pub learner_id: Uuid,
    pub measured_on: NaiveDate,
    pub class_id: Uuid,
    pub weight_g: i32,
    pub height_mm: i32,
    pub position: &'static str,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
}

/// An outcome of a preschool's plan.
#[derive(Debug)]
pub struct Item {
    pub school_id: Uuid,
    pub grade: &'static str,
    pub code: String,
    pub position: i16,
    pub domain: &'static str,
    pub text: &'static str,
}

/// A theme of a preschool class.
#[derive(Debug)]
pub struct Stage {
    pub school_id: Uuid,
    pub class_id: Uuid,
    pub stage: i16,
    pub name: &'static str,
    pub ends_on: NaiveDate,
}

/// What goes in with a school.
#[derive(Debug, Default)]
pub struct Written {
    pub absences: Vec<AbsenceRow>,
    pub leaves: Vec<Leave>,
    pub notices: Vec<Notice>,
    pub receipts: Vec<Receipt>,
    pub threads: Vec<Thread>,
    pub messages: Vec<Message>,
    pub members: Vec<Member>,
    pub opened: Vec<Opened>,
    pub comments: Vec<CommentStored>,
    pub phrases: Vec<Phrase>,
    pub notes: Vec<Note>,
    pub growth: Vec<Growth>,
    pub items: Vec<Item>,
    pub stages: Vec<Stage>,
    pub outcomes: Vec<PreschoolMarkRow>,
}

impl Written {
    pub async fn insert(&self, conn: &impl ConnectionTrait) -> Result<()> {
        insert(conn, &self.absences).await?;
        insert(conn, &self.leaves).await?;
        insert(conn, &self.notices).await?;
        insert(conn, &self.receipts).await?;
        insert(conn, &self.threads).await?;
        insert(conn, &self.messages).await?;
        insert(conn, &self.members).await?;
        insert(conn, &self.opened).await?;
        insert(conn, &self.comments).await?;
        insert(conn, &self.phrases).await?;
        insert(conn, &self.notes).await?;
        insert(conn, &self.growth).await?;
        insert(conn, &self.items).await?;
        insert(conn, &self.stages).await?;
        insert(conn, &self.outcomes).await?;
        Ok(())
    }
}

tables! {
    Leave = "leave_request" |r| {
        school_id: r.school_id,
        id: r.id,
        class_id: r.class_id,
        learner_id: r.learner_id,
        guardian_id: r.guardian_id,
        from_on: r.from_on,
        to_on: r.to_on,
        sessions: r.sessions,
        reason: r.reason,
        state: r.state,
        answer: r.answer,
        answered_by: r.answered_by,
        answered_at: r.answered_at,
        created_at: r.created_at,
        version: if r.state == "sent" { 1i64 } else { 2 },
    }
    Notice = "notice" |r| {
        school_id: r.school_id,
        id: r.id,
        event_key: r.event_key.as_str(),
        kind: r.kind,
        target_kind: r.target_kind,
        target: r.target.as_str(),
        title: r.title,
        body: r.body,
        params: r.params.as_deref(),
        learner_id: r.learner_id,
        created_by: r.created_by,
        created_at: r.created_at,
    }
    Receipt = "notice_receipt" |r| {
        school_id: r.school_id,
        notice_id: r.notice_id,
        guardian_id: r.guardian_id,
        read_at: r.read_at,
    }
    Thread = "thread" |r| {
        school_id: r.school_id,
        id: r.id,
        class_id: r.class_id,
        learner_id: r.learner_id,
        subject_code: "",
        last_seq: r.last_seq,
        last_at: r.last_at,
    }
    Message = "thread_message" |r| {
        school_id: r.school_id,
        thread_id: r.thread_id,
        seq: r.seq,
        client_key: format!("demo-{}", r.seq),
        account_id: Some(r.account_id),
        side: r.side,
        body: r.body,
        sent_at: r.sent_at,
    }
    Member = "thread_member" |r| {
        school_id: r.school_id,
        thread_id: r.thread_id,
        account_id: r.account_id,
        seen_seq: r.seen_seq,
        seen_at: Some(r.seen_at),
        muted: false,
    }
    Opened = "contact_opened" |r| {
        guardian_id: r.guardian_id,
        first_at: r.first_at,
        last_at: r.last_at,
    }
    Phrase = "phrase" |r| {
        school_id: r.school_id,
        id: r.id,
        subject_code: r.subject_code,
        level: r.level,
        phrase: r.phrase,
        created_by: r.created_by,
        version: 1i64,
    }
    Note = "conduct_note" |r| {
        school_id: r.school_id,
        class_id: r.class_id,
        id: r.id,
        learner_id: r.learner_id,
        day: r.day,
        kind: r.kind,
        text: r.text,
        written_at: r.written_at,
        written_by: r.written_by,
    }
    Growth = "growth" |r| {
        school_id: r.school_id,
        learner_id: r.learner_id,
        measured_on: r.measured_on,
        class_id: r.class_id,
        weight_g: Some(r.weight_g),
        height_mm: Some(r.height_mm),
        position: r.position,
        version: 1i64,
        updated_at: r.updated_at,
        updated_by: r.updated_by,
    }
    Item = "preschool_item" |r| {
        school_id: r.school_id,
        list: "outcomes",
        grade: r.grade,
        code: r.code.as_str(),
        position: r.position,
        domain: r.domain,
        text: r.text,
        version: 1i64,
    }
    Stage = "preschool_stage" |r| {
        school_id: r.school_id,
        class_id: r.class_id,
        stage: r.stage,
        name: r.name,
        ends_on: Some(r.ends_on),
        version: 1i64,
    }
}
