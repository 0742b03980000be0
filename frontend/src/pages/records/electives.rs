//! Who takes which chosen subject and which topics (grades 10-12): a grid of boxes, a row a learner, a column a subject.

use crate::api::{ApiError, records};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::class::{class_head, class_of_address};
use crate::state::who;
use crate::ui::{Button, Empty, Form, FormFault, Icon, Look, load, toast};
use dto::access::Permission;
use dto::classes::{ClassMember, ClassSubject, PutSubjectEnrolments};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;
use std::collections::HashSet;
use wasm_bindgen::JsCast;

texts! {
    TITLE: "Học sinh theo môn lựa chọn", "Learners of chosen subjects";
    TEXT: "Đánh dấu môn mỗi em học. Bấm tên môn để chọn hoặc bỏ cả cột; phím mũi tên đi giữa các ô.", "Tick what each learner takes. Press a subject's name to tick or clear its column; the arrow keys move between boxes.";
    TOPICS_OF: "CĐ {subject}", "Topics: {subject}";
    TOPICS_TEXT: "Cột CĐ là chuyên đề của môn: em được chọn phải có điểm chuyên đề trước khi chốt cả năm. Chưa chọn em nào thì ai có điểm được tính.", "A column of topics: who is ticked needs a mark of them before the year is closed. While nobody is ticked, whoever has a mark of them counts.";
    NONE: "Lớp này không có môn lựa chọn", "This class has no chosen subjects";
    NONE_TEXT: "Ở trang Môn học, đặt “Ai học” của một môn là “Học sinh đã chọn”.", "On the page of subjects, set “Who takes it” of a subject to “Those who chose it”.";
    TO_SUBJECTS: "Đến trang Môn học", "To the subjects";
    COUNT: "Số môn", "Subjects";
    TOTAL: "Số học sinh", "Learners";
    WHOLE_COLUMN: "Chọn hoặc bỏ cả cột {subject}", "Tick or clear the column {subject}";
    CHANGED: "Đã đổi {n} môn, chưa lưu", "{n} subjects changed, not saved";
    UNCHANGED: "Chưa thay đổi gì", "Nothing changed";
    BOX: "{name}: {subject}", "{name}: {subject}";
}

/// The boxes of one subject, as saved and as ticked now.
#[derive(Clone)]
struct Column {
    code: String,
    name: String,
    /// Of the subject's topics, not of the subject.
    topics: bool,
    saved: RwSignal<HashSet<LearnerId>>,
    ticked: RwSignal<HashSet<LearnerId>>,
}

impl Column {
    fn changed(&self) -> bool {
        *self.saved.read() != *self.ticked.read()
    }
}

type Grid = (Vec<ClassMember>, Vec<(ClassSubject, bool, Vec<LearnerId>)>);

#[component]
pub fn Electives() -> impl IntoView {
    let (id, class) = class_of_address();
    let grid = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?;
            let mut members = records::members(id).await?.items;
            members.retain(|m| m.left_on.is_none());
            let mut columns = Vec::new();
            for subject in records::class_subjects(id).await?.items {
                if !subject.whole_class {
                    let taking = records::subject_learners(id, &subject.subject_code).await?.items;
                    columns.push((subject.clone(), false, taking));
                }
                if subject.topics {
                    let taking = records::topic_learners(id, &subject.subject_code).await?.items;
                    columns.push((subject, true, taking));
                }
            }
            Ok((members, columns))
        }
    });
    view! {
        {class.show(|class| class_head(&class, ().into_any()))}
        {grid.show(move |grid| match id.get_untracked() {
            Some(id) if !grid.1.is_empty() => page(id, grid),
            other => view! {
                <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Check>
                    {other.map(|id| view! { <A href=format!("/classes/{id}/subjects") attr:class="btn">{t(TO_SUBJECTS)}</A> })}
                </Empty></div>
            }.into_any(),
        })}
    }
}

fn page(class: ClassId, (members, subjects): Grid) -> AnyView {
    let writes = who().can(Permission::ClassWrite);
    let columns: Vec<Column> = subjects
        .into_iter()
        .map(|(subject, topics, taking)| {
            // Who has left the class is not on the screen; their choice stays in the set.
            let taking: HashSet<LearnerId> = taking.into_iter().collect();
            let name = lang().pick(&subject.name_vi, &subject.name_en).to_owned();
            Column {
                name: if topics { tf(TOPICS_OF, &[("subject", &name)]) } else { name },
                topics,
                code: subject.subject_code,
                saved: RwSignal::new(taking.clone()),
                ticked: RwSignal::new(taking),
            }
        })
        .collect();
    let with_topics = columns.iter().any(|column| column.topics);
    let all: Vec<LearnerId> = members.iter().map(|m| m.learner_id).collect();
    let (rows, width) = (members.len(), columns.len());
    let stored = StoredValue::new(columns.clone());
    let changed = Memo::new(move |_| stored.with_value(|columns| columns.iter().filter(|c| c.changed()).count()));
    let form = Form::new();
    let save = Callback::new(move |()| {
        let changes: Vec<Column> = stored.with_value(|columns| columns.iter().filter(|c| c.changed()).cloned().collect());
        let call = async move {
            for column in changes {
                let mut learner_ids: Vec<LearnerId> = column.ticked.get_untracked().into_iter().collect();
                learner_ids.sort_unstable();
                let body = PutSubjectEnrolments { learner_ids };
                let page = match column.topics {
                    true => records::put_topic_learners(class, &column.code, &body).await?,
                    false => records::put_subject_learners(class, &column.code, &body).await?,
                };
                // Column by column: what was saved stays saved if the line goes down on the way.
                column.saved.try_set(page.items.into_iter().collect());
            }
            Ok(())
        };
        form.send(call, |()| toast::say(t(tx::SAVED)));
    });
    let heads = columns
        .iter()
        .map(|column| {
            let (all, ticked, name) = (all.clone(), column.ticked, column.name.clone());
            let press = move |_| {
                let full = all.iter().all(|learner| ticked.read_untracked().contains(learner));
                ticked.update(|set| {
                    for learner in &all {
                        if full { set.remove(learner); } else { set.insert(*learner); }
                    }
                });
            };
            let label = tf(WHOLE_COLUMN, &[("subject", &name)]);
            view! { <th scope="col" class="up"><button type="button" disabled=!writes title=label.clone() aria-label=label on:click=press><span>{name}</span></button></th> }
        })
        .collect_view();
    let shown = all.clone();
    let totals = columns
        .iter()
        .map(|column| {
            let (ticked, shown) = (column.ticked, shown.clone());
            view! { <td class="c num">{move || shown.iter().filter(|learner| ticked.read().contains(learner)).count()}</td> }
        })
        .collect_view();
    let lines = members.into_iter().enumerate().map(|(r, member)| row(r, member, &columns, writes, rows, width)).collect_view();
    view! {
        <div class="row"><h2 class="grow">{t(TITLE)}</h2></div>
        {writes.then(|| view! { <p class="muted">{t(TEXT)}</p> })}
        {with_topics.then(|| view! { <p class="muted">{t(TOPICS_TEXT)}</p> })}
        <FormFault form=form />
        <div class="table tall boxes" tabindex="0" role="region" aria-label=t(TITLE)>
            <table>
                <thead><tr><th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col" class="name">{t(tx::FULL_NAME)}</th>{heads}<th scope="col" class="c">{t(COUNT)}</th></tr></thead>
                <tbody>{lines}</tbody>
                <tfoot><tr><td class="i"></td><th scope="row" class="name">{t(TOTAL)}</th>{totals}<td></td></tr></tfoot>
            </table>
        </div>
        {writes.then(|| view! {
            <footer class="save-bar">
                <span class="quiet grow" role="status">{move || match changed.get() { 0 => t(UNCHANGED).to_owned(), n => tf(CHANGED, &[("n", &n.to_string())]) }}</span>
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy disabled=Signal::derive(move || changed.get() == 0) on_press=save />
            </footer>
        })}
    }
    .into_any()
}

fn row(r: usize, member: ClassMember, columns: &[Column], writes: bool, rows: usize, width: usize) -> AnyView {
    let learner = member.learner_id;
    let ticks: Vec<RwSignal<HashSet<LearnerId>>> = columns.iter().map(|c| c.ticked).collect();
    let boxes = columns
        .iter()
        .enumerate()
        .map(|(c, column)| {
            let ticked = column.ticked;
            let label = tf(BOX, &[("name", &member.full_name), ("subject", &column.name)]);
            view! {
                <td class="c"><label>
                    <input
                        type="checkbox" id=box_id(r, c) aria-label=label disabled=!writes prop:checked=move || ticked.read().contains(&learner)
                        on:change=move |event| { let on = event_target_checked(&event); ticked.update(|set| { if on { set.insert(learner); } else { set.remove(&learner); } }) }
                        on:keydown=move |event| {
                            let to = match event.key().as_str() {
                                "ArrowDown" => Some(((r + 1).min(rows - 1), c)),
                                "ArrowUp" => Some((r.saturating_sub(1), c)),
                                "ArrowRight" => Some((r, (c + 1).min(width - 1))),
                                "ArrowLeft" => Some((r, c.saturating_sub(1))),
                                _ => None,
                            };
                            if let Some((r, c)) = to {
                                event.prevent_default();
                                let next = document().get_element_by_id(&box_id(r, c)).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
                                if let Some(next) = next {
                                    let _ = next.focus();
                                }
                            }
                        }
                    />
                </label></td>
            }
        })
        .collect_view();
    let count = move || ticks.iter().filter(|ticked| ticked.read().contains(&learner)).count();
    view! {
        <tr>
            <td class="i">{member.ordinal}</td>
            <th scope="row" class="name">{crate::format::name(&member.full_name, &member.given_name)}</th>
            {boxes}
            <td class="c num muted">{count}</td>
        </tr>
    }
    .into_any()
}

fn box_id(row: usize, column: usize) -> String {
    format!("box-{row}-{column}")
}
