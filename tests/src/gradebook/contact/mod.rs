//! The contact book: notices and receipts, threads, leave, preferences, what leaves the house.

mod access;
mod changed;
mod channels;
mod email;
pub mod fakes;
mod learners;
mod leave;
mod live;
mod notices;
pub mod outbox;
mod preferences;
mod threads;

use super::*;
use dto::contact::{EventKind, FeedItem, Notice, NoticeTarget, PostNotice, Thread};
use serde_json::json;

/// Sends a notice; each of another key.
pub async fn send(actor: &Actor, room: &Room, target: NoticeTarget, title: &str) -> Notice {
    actor.post("/notices", &notice(room, target, title)).await.ok()
}

pub fn notice(room: &Room, target: NoticeTarget, title: &str) -> PostNotice {
    PostNotice {
        school_id: room.school.id,
        kind: EventKind::General,
        target,
        title: title.into(),
        body: "Kính mời phụ huynh đến dự.".into(),
        client_key: kernel::id::new::<uuid::Uuid>().simple().to_string(),
    }
}

pub fn to_class(room: &Room) -> NoticeTarget {
    NoticeTarget::Class { class_id: room.class.id }
}

pub async fn feed(guardian: &Actor) -> Vec<FeedItem> {
    guardian.get("/me/feed").await.ok::<Page<FeedItem>>().items
}

pub async fn titles(guardian: &Actor) -> Vec<String> {
    feed(guardian).await.into_iter().map(|item| item.title).collect()
}

/// The thread of a learner with the homeroom teacher, or with that of a subject.
pub async fn thread(actor: &Actor, room: &Room, learner: LearnerId, subject: Option<&str>) -> Thread {
    let body = json!({ "learner_id": learner, "class_id": room.class.id, "subject_code": subject });
    actor.post("/threads", &body).await.ok()
}

pub async fn write(actor: &Actor, thread: &Thread, text: &str) -> dto::contact::Message {
    let key = kernel::id::new::<uuid::Uuid>().simple().to_string();
    actor.post(&format!("/threads/{}/messages", thread.id), &json!({ "body": text, "client_key": key })).await.ok()
}
