//! Where each learner of a class goes, to be changed one by one.

use crate::api::rollover as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Icon, Look, Pill, Tone, load};
use dto::council::NextStep;
use dto::rollover::{RolloverLearnerEdit, RolloverLine};
use dto::{ClassId, LearnerId, UnitId};
use leptos::prelude::*;

texts! {
    TITLE: "Từng học sinh", "Learner by learner";
    INTRO: "Sửa lớp của em nào thì gõ tên lớp khác; để trống thì em đó không được xếp.", "Type another class to change one; left empty, the learner is left out.";
    STEP: "Kết quả", "Result";
    TO: "Lớp năm học mới", "Class of the next year";
    TO_OF: "Lớp mới của {name}", "New class of {name}";
    ALREADY: "Đã ở lớp {class}", "Is in class {class} already";
    GONE: "Đã rời trường", "Has left the school";
    EDITED: "đã sửa", "changed";
    SAVE: "Lưu chỗ của các em", "Save their places";
    NOBODY: "Chưa có ai: năm học của lớp chưa chốt.", "Nobody yet: the year of the class is not closed.";
}

#[component]
pub fn Lines(
    school: UnitId,
    class: ClassId,
    /// The school's changes so far, of all classes.
    edits: Vec<RolloverLearnerEdit>,
    put: Callback<Vec<RolloverLearnerEdit>>,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let found = load(move || api::lines(school, class));
    let edits = StoredValue::new(edits);
    found.show(move |page| {
        if page.items.is_empty() {
            return view! { <p class="strip">{t(NOBODY)}</p> }.into_any();
        }
        let mut typed: Vec<(LearnerId, RwSignal<String>, String, bool)> = Vec::new();
        let rows = page.items.iter().map(|line| row(line, &mut typed)).collect_view();
        let typed = StoredValue::new(typed);
        let save = Callback::new(move |()| {
            let mut all: Vec<_> = edits.with_value(|edits| edits.iter().filter(|edit| edit.class_id != class).cloned().collect());
            typed.with_value(|typed| {
                for (learner_id, text, was, edited) in typed {
                    let text = text.read_untracked().trim().to_owned();
                    if *edited || text != *was {
                        let class_name = Some(text).filter(|text| !text.is_empty());
                        all.push(RolloverLearnerEdit { class_id: class, learner_id: *learner_id, class_name });
                    }
                }
            });
            put.run(all);
        });
        view! {
            <section class="panel" aria-label=t(TITLE)>
                <header><h2>{t(TITLE)}</h2></header>
                <div class="body stack">
                    <p class="quiet">{t(INTRO)}</p>
                    <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
                        <table>
                            <thead><tr><th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(STEP)}</th><th scope="col">{t(TO)}</th></tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <div class="row no-print"><Button label=t(SAVE) look=Look::Primary glyph=Icon::Check busy=busy on_press=save /></div>
                </div>
            </section>
        }
        .into_any()
    })
}

fn row(line: &RolloverLine, typed: &mut Vec<(LearnerId, RwSignal<String>, String, bool)>) -> AnyView {
    let tone = match line.step {
        NextStep::Up => Tone::Ok,
        NextStep::Stays => Tone::Warn,
        NextStep::Completes => Tone::Brand,
    };
    let to = match (&line.already_in, line.grade) {
        (Some(name), _) => view! { <span class="muted">{tf(ALREADY, &[("class", name)])}</span> }.into_any(),
        (None, None) if line.step == NextStep::Completes => view! { <span class="muted">"—"</span> }.into_any(),
        (None, None) => view! { <span class="muted">{t(GONE)}</span> }.into_any(),
        (None, Some(_)) => {
            let was = line.class_name.clone().unwrap_or_default();
            let text = RwSignal::new(was.clone());
            typed.push((line.learner_id, text, was, line.edited));
            let label = tf(TO_OF, &[("name", &line.full_name)]);
            view! {
                <span class="row tight">
                    <input class="input short" maxlength="30" autocomplete="off" aria-label=label prop:value=text on:input=move |event| text.set(event_target_value(&event)) />
                    {line.edited.then(|| view! { <small class="quiet">{t(EDITED)}</small> })}
                </span>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <td class="i">{line.ordinal}</td>
            <th scope="row">{format::name(&line.full_name, &line.given_name)}</th>
            <td><Pill label=line.step.label(lang()) tone=tone /></td>
            <td>{to}</td>
        </tr>
    }
    .into_any()
}
