//! The contact book.

use super::query::Query;
use super::{Result, delete, get, post, post_empty, put, put_unversioned};
use dto::contact::*;
use dto::{ClassId, DeliveryId, LearnerId, LeaveRequestId, NoticeId, Page, ReportId, ThreadId, UnitId};

pub async fn feed(learner: Option<LearnerId>, after: Option<String>) -> Result<Page<FeedItem>> {
    get(&Query::new().with("learner_id", learner).with("limit", Some(20)).with("after", after).on("/me/feed")).await
}

pub async fn seen(notices: Vec<NoticeId>) -> Result<()> {
    post("/me/feed/seen", &PostSeen { notices }).await
}

pub async fn notices(after: Option<String>) -> Result<Page<Notice>> {
    get(&Query::new().with("limit", Some(20)).with("after", after).on("/notices")).await
}

pub async fn send_notice(body: &PostNotice) -> Result<Notice> {
    post("/notices", body).await
}

pub async fn notice(id: NoticeId) -> Result<Notice> {
    get(&format!("/notices/{id}")).await
}

pub async fn readers(id: NoticeId, read: bool, after: Option<String>) -> Result<Page<Reader>> {
    get(&Query::new().with("read", Some(read)).with("after", after).on(&format!("/notices/{id}/readers"))).await
}

pub async fn recall_notice(id: NoticeId) -> Result<()> {
    delete(&format!("/notices/{id}")).await
}

pub async fn class_adoption(id: ClassId) -> Result<Page<GuardianAdoption>> {
    get(&format!("/classes/{id}/contact-adoption")).await
}

pub async fn school_adoption(id: UnitId) -> Result<Page<ClassAdoption>> {
    get(&format!("/units/{id}/contact-adoption")).await
}

pub async fn contacts(class: Option<ClassId>) -> Result<Page<Contact>> {
    get(&Query::new().with("class_id", class).on("/contacts")).await
}

pub async fn threads(class: Option<ClassId>, after: Option<String>) -> Result<Page<Thread>> {
    get(&Query::new().with("class_id", class).with("after", after).on("/threads")).await
}

pub async fn open_thread(body: &PostThread) -> Result<Thread> {
    post("/threads", body).await
}

pub async fn thread(id: ThreadId, before: Option<u32>) -> Result<ThreadDetail> {
    get(&Query::new().with("before", before).on(&format!("/threads/{id}"))).await
}

pub async fn send(id: ThreadId, body: &PostMessage) -> Result<Message> {
    post(&format!("/threads/{id}/messages"), body).await
}

pub async fn put_thread_state(id: ThreadId, seen_seq: u32, muted: bool) -> Result<Thread> {
    put_unversioned(&format!("/threads/{id}/state"), &PutThreadState { seen_seq, muted }).await
}

pub async fn report(id: ThreadId, seq: u32, reason: String) -> Result<()> {
    post(&format!("/threads/{id}/messages/{seq}/reports"), &PostReason { reason }).await
}

pub async fn reports(after: Option<String>) -> Result<Page<MessageReport>> {
    get(&Query::new().with("after", after).on("/message-reports")).await
}

pub async fn resolve_report(id: ReportId, reason: String) -> Result<MessageReport> {
    post(&format!("/message-reports/{id}/resolve"), &PostReason { reason }).await
}

pub async fn review_thread(id: ThreadId, reason: String) -> Result<ThreadDetail> {
    post(&format!("/threads/{id}/reviews"), &PostReason { reason }).await
}

pub async fn my_leave(after: Option<String>) -> Result<Page<LeaveRequest>> {
    get(&Query::new().with("after", after).on("/me/leave-requests")).await
}

pub async fn ask_leave(learner: LearnerId, body: &PostLeaveRequest) -> Result<LeaveRequest> {
    post(&format!("/me/children/{learner}/leave-requests"), body).await
}

pub async fn withdraw_leave(id: LeaveRequestId) -> Result<LeaveRequest> {
    post_empty(&format!("/me/leave-requests/{id}/withdraw")).await
}

pub async fn class_leave(id: ClassId, after: Option<String>) -> Result<Page<LeaveRequest>> {
    get(&Query::new().with("after", after).on(&format!("/classes/{id}/leave-requests"))).await
}

pub async fn answer_leave(class: ClassId, id: LeaveRequestId, body: &PostLeaveAnswer) -> Result<LeaveRequest> {
    post(&format!("/classes/{class}/leave-requests/{id}/answer"), body).await
}

pub async fn send_email_code() -> Result<()> {
    post_empty("/me/contact-preferences/email-codes").await
}

pub async fn confirm_email(code: String) -> Result<ContactPreferences> {
    post("/me/contact-preferences/email-confirmation", &PostEmailCode { code }).await
}

pub async fn preferences() -> Result<ContactPreferences> {
    get("/me/contact-preferences").await
}

pub async fn put_preferences(version: i64, body: &PutContactPreferences) -> Result<ContactPreferences> {
    put("/me/contact-preferences", version, body).await
}

pub async fn push_key() -> Result<PushKey> {
    get("/push-key").await
}

pub async fn subscribe(body: &PostPushSubscription) -> Result<PushSubscription> {
    post("/me/push-subscriptions", body).await
}

pub async fn devices() -> Result<Page<PushSubscription>> {
    get("/me/push-subscriptions").await
}

pub async fn dead_deliveries(after: Option<String>) -> Result<Page<Delivery>> {
    get(&Query::new().with("after", after).on("/deliveries")).await
}

pub async fn retry_delivery(id: DeliveryId) -> Result<()> {
    post_empty(&format!("/deliveries/{id}/retry")).await
}
