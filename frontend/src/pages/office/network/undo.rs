//! Taking a decision on the network back: what it did, what rests on it, and why.

use crate::api::network as api;
use crate::i18n::{Text, t, texts, tx};
use crate::ui::{Button, Field, Form, FormFault, Icon, Look, icon, load};
use dto::UnitDecisionId;
use dto::network::{PostUnitUndo, UnitDecision};
use leptos::prelude::*;

texts! {
    WILL: "Hoàn tác sẽ trả lại tên, cơ quan quản lí, học sinh, lớp và vị trí công tác như trước quyết định. Đơn vị do quyết định lập ra sẽ mất.", "Taking it back puts names, managers, learners, classes and posts as they were before. Units that it opened go.";
    CANNOT: "Chưa hoàn tác được", "It cannot be taken back yet";
    REASON: "Lí do hoàn tác", "Why it is taken back";
    STAYS: "Đóng", "Close";
}

/// What the button and the dialog are called.
pub const UNDO: Text = Text { vi: "Hoàn tác quyết định", en: "Take the decision back" };

#[component]
pub fn UndoForm(id: UnitDecisionId, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let found = load(move || api::decision(id));
    let reason = RwSignal::new(String::new());
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostUnitUndo { reason: reason.get_untracked() };
        form.send(async move { api::undo(id, &body).await }, move |_| done.run(()));
    };
    let close = Callback::new(move |()| open.set(false));
    found.show(move |found: UnitDecision| {
        if !found.against.is_empty() {
            return view! {
                <div class="strip bad" role="status">
                    {icon(Icon::Alert)}
                    <div class="grow"><b>{t(CANNOT)}</b><ul>{found.against.into_iter().map(|why| view! { <li>{why}</li> }).collect_view()}</ul></div>
                </div>
                <footer><Button label=t(STAYS) on_press=close /></footer>
            }
            .into_any();
        }
        view! {
            <form class="stack form" on:submit=send>
                <p>{t(WILL)}</p>
                <Field label=t(REASON) name="undo-reason" value=reason required=true max=500 fault=form.fault("/reason") />
                <FormFault form=form fields=&["/reason"] />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=close />
                    <Button label=t(UNDO) look=Look::Danger busy=form.busy />
                </footer>
            </form>
        }
        .into_any()
    })
}
