//! Papers: digital transcripts (học bạ số), from the draft to the signature, the seal, and into a family's hands. A program of its own.

mod child;
mod class;
mod corrections;
mod ending;
mod former;
mod forms;
mod keys;
mod sign;
mod tasks;
mod transcript;

pub use child::ChildTranscriptsPage;
pub use class::ClassTranscriptsPage;
pub use corrections::CorrectionsPage;
pub use ending::EndingKeys;
pub use former::FormerYearsPage;
pub use keys::KeysPage;
pub use tasks::TasksPage;
pub use transcript::TranscriptPage;

use crate::api::ApiError;
use crate::i18n::{lang, t, texts};
use crate::state::who;
use crate::ui::{Pill, Tab, Tabs, Tone};
use dto::UnitId;
use dto::access::Permission;
use dto::transcripts::TranscriptState;
use leptos::prelude::*;

texts! {
    SIGNING: "Ký học bạ", "Signing";
    KEYS: "Chứng thư số", "Certificates";
    CORRECTIONS: "Đề nghị sửa", "Corrections";
    PAPERS: "Học bạ số", "Transcripts";
}

/// The ways between the pages of papers.
fn ways() -> AnyView {
    let tab = |text, href: &str| Tab { label: t(text).to_owned(), href: href.to_owned() };
    let mut tabs = Vec::new();
    if who().can(Permission::TranscriptSign) {
        tabs.push(tab(SIGNING, "/papers"));
    }
    tabs.push(tab(KEYS, "/papers/keys"));
    if who().can(Permission::TranscriptIssue) {
        tabs.push(tab(CORRECTIONS, "/papers/corrections"));
    }
    view! { <Tabs label=t(PAPERS) items=tabs /> }.into_any()
}

/// The school whose papers the person keeps.
fn own_school() -> Option<UnitId> {
    who().with(|me| {
        let own = me.roles.iter().find(|held| held.role.permissions().contains(&Permission::TranscriptIssue))?;
        own.unit_id
    })
}

fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}

fn state_pill(state: TranscriptState) -> AnyView {
    let tone = match state {
        TranscriptState::Draft => Tone::Quiet,
        TranscriptState::Issued => Tone::Ok,
        TranscriptState::Sealed => Tone::Brand,
        TranscriptState::Revoked => Tone::Bad,
        _ => Tone::Info,
    };
    view! { <Pill label=state.label(lang()) tone=tone /> }.into_any()
}
