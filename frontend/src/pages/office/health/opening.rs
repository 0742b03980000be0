//! Stating a purpose before something sealed is opened, and who opened it.

use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::ui::{Button, Empty, Field, Form, FormFault, Icon, Look, SelectField};
use dto::health::{HealthView, PostHealthView, ViewPurpose};
use leptos::prelude::*;

texts! {
    WHY: "Xem để làm gì", "What for";
    NOTE: "Ghi rõ (bắt buộc khi chọn việc khác)", "Say what (needed for something else)";
    KEPT: "Mỗi lần xem được ghi lại cùng mục đích; gia đình thấy ai đã xem.", "Each look is kept with its purpose; the family sees who looked.";
    OPEN: "Mở để xem", "Open";
    LOOKS: "Ai đã xem thông tin nhạy cảm", "Who looked at what is sealed";
    NOBODY: "Chưa ai mở", "Nobody has";
    ALERTS: "chỉ phần chia sẻ với chủ nhiệm", "only what is shared with the homeroom teacher";
}

/// The form that states a purpose. `send` opens.
#[component]
pub fn Purpose(
    form: Form,
    send: Callback<PostHealthView>,
    #[prop(default = ViewPurpose::Care)] first: ViewPurpose,
    #[prop(optional, into)] cancel: Option<Callback<()>>,
) -> impl IntoView {
    let purpose = RwSignal::new(first.as_str().to_owned());
    let note = RwSignal::new(String::new());
    let options: Vec<(String, String)> =
        ViewPurpose::ALL.iter().map(|p| (p.as_str().to_owned(), p.label(lang()).to_owned())).collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let note = Some(note.get_untracked()).filter(|n| !n.trim().is_empty());
        send.run(PostHealthView { purpose: purpose.get_untracked().parse().unwrap_or(first), note });
    };
    view! {
        <form class="stack" on:submit=submit>
            <SelectField label=t(WHY) name="view-purpose" value=purpose options=options fault=form.fault("/purpose") />
            <Field label=t(NOTE) name="view-note" value=note max=300 fault=form.fault("/note") />
            <p class="hint">{t(KEPT)}</p>
            <FormFault form=form fields=&["/purpose", "/note"] />
            <footer>
                {cancel.map(|cancel| view! { <Button label=t(tx::CANCEL) on_press=cancel /> })}
                <Button label=t(OPEN) look=Look::Primary glyph=Icon::Eye busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

/// Who looked, newest first.
pub fn looks(views: Vec<HealthView>) -> AnyView {
    let body = if views.is_empty() {
        view! { <Empty title=t(NOBODY) glyph=Icon::Eye /> }.into_any()
    } else {
        let lines = views
            .into_iter()
            .map(|view_of| {
                let what = view_of.alerts_only.then(|| view! { <span class="quiet">" · "{t(ALERTS)}</span> });
                view! {
                    <li><div class="grow">
                        <b>{view_of.by}</b>" · "{view_of.purpose.label(lang())}{what}
                        {view_of.note.map(|note| view! { <p class="because">"“"{note}"”"</p> })}
                        <p class="quiet num">{format::instant(view_of.at)}</p>
                    </div></li>
                }
            })
            .collect_view();
        view! { <ul class="lines">{lines}</ul> }.into_any()
    };
    view! { <section class="panel"><header><h2>{t(LOOKS)}</h2></header><div class="body">{body}</div></section> }.into_any()
}
