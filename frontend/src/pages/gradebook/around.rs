//! What stands between the head of a mark sheet and its table: deadlines, and ways to comments and Excel.

use super::excel::Excel;
use super::marks::{Opened, address};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::{Icon, Loader, Pill, Tone, icon};
use dto::deadlines::SlotLock;
use dto::gradebook::{MarkSheet, TermState};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    COMMENTS: "Nhận xét", "Comments";
    LOCKED: "Đã quá hạn nhập điểm {groups}. Các cột này đã khoá.", "The deadline for {groups} has passed. These columns are locked.";
    ASK: "Xin mở khoá", "Ask to open them";
    WAITING: "Yêu cầu mở khoá đang chờ duyệt", "A request to open is waiting";
    OPENED: "{group}: được mở đến {day}", "{group}: open until {day}";
    DUE: "{group}: hạn {day}", "{group}: due {day}";
}

#[component]
pub fn Around(answer: MarkSheet, marks: Loader<Opened>) -> impl IntoView {
    let here = address(answer.class_id, &answer.subject_code, answer.term);
    let open = answer.state == TermState::Open;
    let locks = answer.locks.clone();
    let locked: Vec<&SlotLock> = locks.iter().filter(|lock| lock.locked && open).collect();
    let closed = (!locked.is_empty()).then(|| {
        let named = |lock: &&SlotLock| {
            let day = lock.due_on.map(format::date).unwrap_or_default();
            format!("{} ({day})", lock.group.label(lang()).to_lowercase())
        };
        let groups = locked.iter().map(named).collect::<Vec<_>>().join(", ");
        let asked = locked.iter().all(|lock| lock.requested);
        strip(tf(LOCKED, &[("groups", &groups)]), &here, answer.writable.then_some(asked))
    });
    let pills = locks
        .iter()
        .filter(|lock| open && !lock.locked)
        .filter_map(|lock| {
            let group = lock.group.label(lang());
            Some(match lock.open_until {
                Some(day) => {
                    let label = tf(OPENED, &[("group", group), ("day", &format::date(day))]);
                    view! { <Pill label=label tone=Tone::Info /> }.into_any()
                }
                None => {
                    let label = tf(DUE, &[("group", group), ("day", &format::date(lock.due_on?))]);
                    view! { <Pill label=label /> }.into_any()
                }
            })
        })
        .collect_view();
    view! {
        <div class="row tight no-print">
            <A href=format!("{here}/comments") attr:class="btn small">{icon(Icon::Book)}{t(COMMENTS)}</A>
            <Excel answer=answer.clone() marks=marks />
            {pills}
        </div>
        {closed}
    }
    .into_any()
}

/// Says that a deadline has passed; with the way to ask for an opening (`asked`: somebody has) for who writes here.
pub(super) fn strip(text: String, sheet: &str, asked: Option<bool>) -> AnyView {
    let to = format!("{sheet}/opening");
    let ask = asked.map(|asked| match asked {
        true => view! { <A href=to>{t(WAITING)}</A> }.into_any(),
        false => view! { <A href=to attr:class="btn small">{t(ASK)}</A> }.into_any(),
    });
    view! { <div class="strip no-print">{icon(Icon::Lock)}<span class="grow">{text}</span>{ask}</div> }.into_any()
}
