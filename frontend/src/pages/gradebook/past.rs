//! The history of a comment, and of a cell of the preschool sheet: who, when, before, after.

use super::history::{step, steps};
use crate::api::{preschool, sheet};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::{Dialog, effect, load};
use dto::calendar::Term;
use dto::comments::CommentChange;
use dto::preschool::{PreschoolChange, PreschoolList};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use regulations::preschool::Outcome;

texts! {
    COMMENT: "Lịch sử nhận xét", "History of the comment";
    CELL: "Lịch sử ô", "History of the cell";
    CLEARED: "để trống", "empty";
    BEFORE: "Trước đó: {text}", "Before: {text}";
    ITEM: " · mục {code}", " · item {code}";
}

/// A dialog that is open while something is asked about.
fn about<T: Clone + Send + Sync + 'static>(of: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || open.set(of.read().is_some()));
    effect(move || {
        if !open.get() && of.read_untracked().is_some() {
            of.set(None);
        }
    });
    open
}

/// Of whose comment the history is shown: learner, and their full and given names.
pub type OfComment = RwSignal<Option<(LearnerId, (String, String))>>;

#[component]
pub fn CommentHistory(class: ClassId, #[prop(into)] subject: String, term: Term, of: OfComment) -> impl IntoView {
    let open = about(of);
    let subject = StoredValue::new(subject);
    let line = |change: CommentChange| {
        let text = |text: Option<String>| text.map_or_else(|| t(CLEARED).to_owned(), |text| format!("“{text}”"));
        let before = tf(BEFORE, &[("text", &text(change.before))]);
        view! {
            <li>
                <p>{text(change.after)}</p>
                <p class="quiet">{before}</p>
                <p><b>{change.by}</b></p>
                <p class="quiet num">{format::instant(change.at)}</p>
            </li>
        }
        .into_any()
    };
    view! {
        <Dialog open=open title=t(COMMENT)>
            {move || of.get().map(|(learner, (name, given))| {
                let changes = load(move || async move { sheet::comment_history(class, &subject.get_value(), term, learner).await });
                view! { <p class="muted">{format::name(&name, &given)}</p>{changes.show(move |page| steps(page.items.into_iter().map(line).collect()))} }
            })}
        </Dialog>
    }
    .into_any()
}

/// A cell of the preschool sheet: learner, full and given names, code of the item.
pub type OfCell = RwSignal<Option<(LearnerId, (String, String), String)>>;

#[component]
pub fn CellHistory(class: ClassId, list: PreschoolList, stage: u8, of: OfCell) -> impl IntoView {
    let open = about(of);
    let word = |outcome: Option<Outcome>| {
        outcome.map_or_else(|| t(CLEARED), |outcome| lang().pick(outcome.vi(), outcome.en())).to_owned()
    };
    let line =
        move |change: PreschoolChange| step(word(change.before), word(change.after), change.by, format::instant(change.at), None);
    view! {
        <Dialog open=open title=t(CELL)>
            {move || of.get().map(|(learner, (name, given), code)| {
                let under = tf(ITEM, &[("code", &code)]);
                let code = StoredValue::new(code);
                let changes = load(move || async move { preschool::cell_history(class, list, stage, learner, &code.get_value()).await });
                view! { <p class="muted">{format::name(&name, &given)}{under}</p>{changes.show(move |page| steps(page.items.into_iter().map(line).collect()))} }
            })}
        </Dialog>
    }
    .into_any()
}
