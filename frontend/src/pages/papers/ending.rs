//! Certificates that end soon, said where people begin their day: one's own, and for who keeps the seal the school's too.

use crate::api::transcripts;
use crate::format;
use crate::i18n::{t, texts, tf};
use crate::pages::records::pick::own_school;
use crate::state::who;
use crate::ui::{Icon, icon, load};
use dto::access::Permission;
use dto::transcripts::SigningKey;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    ENDS: "Chứng thư số “{label}” của {subject} hết hạn ngày {day}. Hãy gia hạn để không gián đoạn ký học bạ.", "The certificate “{label}” of {subject} ends on {day}. Renew it, so that signing is not interrupted.";
    ENDED: "Chứng thư số “{label}” của {subject} đã hết hạn từ ngày {day}: không ký được nữa.", "The certificate “{label}” of {subject} ended on {day}: nothing can be signed with it.";
    TO_KEYS: "Xem chứng thư số", "See the certificates";
}

/// Nothing while all is well; nothing, too, where it cannot be read: the pages of certificates say it as well.
#[component]
pub fn EndingKeys() -> impl IntoView {
    let person = who();
    let school = own_school().and_then(|own| own.key.parse().ok()).filter(|_| person.can(Permission::TranscriptIssue));
    let keys = load(move || async move {
        let own = transcripts::keys(None).await?.items;
        let all = match school {
            Some(school) => transcripts::keys(Some(school)).await?.items,
            None => Vec::new(),
        };
        Ok(own.into_iter().chain(all).collect::<Vec<SigningKey>>())
    });
    move || {
        let mut keys = keys.get()?;
        keys.retain(|key| key.ends_within_days.is_some());
        keys.sort_by_key(|key| (key.not_after, key.id));
        keys.dedup_by_key(|key| key.id);
        if keys.is_empty() {
            return None;
        }
        let lines = keys
            .iter()
            .map(|key| {
                let text = if key.ends_within_days == Some(0) { ENDED } else { ENDS };
                let day = format::date(key.not_after.date_naive());
                view! { <p>{tf(text, &[("label", &key.label), ("subject", &key.subject), ("day", &day)])}</p> }
            })
            .collect_view();
        let urgent = keys.iter().any(|key| key.ends_within_days.is_some_and(|days| days <= 7));
        Some(view! {
            <div class="strip" class:bad=urgent role="status">
                {icon(Icon::Key)}
                <div class="grow">{lines}<A href="/papers/keys" attr:rel="external">{t(TO_KEYS)}</A></div>
            </div>
        })
    }
}
