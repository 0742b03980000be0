//! The summer of a class: who is re-assessed in what, who trains conduct, and what came of it (TT 22/2021 Đ.13, Đ.14).

use super::council::promotion_pill;
use super::nowhere;
use super::sheet::value::speak;
use super::why::level_text;
use crate::api::council;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, Empty, Form, FormFault, Icon, Loader, Look, icon, load, toast};
use dto::council::{PutSummer, PutSummerItem, SummerRow, SummerSheet, SummerSubject};
use dto::gradebook::CellResult;
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::{Level, format_cell, parse_cell};

texts! {
    TITLE: "Đánh giá lại và rèn luyện trong kì nghỉ hè", "Re-assessment and training in the summer";
    NONE: "Không có học sinh nào trong danh sách hè", "Nobody is on the summer list";
    NONE_TEXT: "Danh sách có khi cả hai học kì đã chốt và có học sinh cần đánh giá lại hoặc rèn luyện hè.", "There is a list once both terms are closed and somebody has to be re-assessed or to train conduct.";
    YEAR: "cả năm {mark}", "year {mark}";
    FAILED: "CĐ", "CĐ";
    TRAINING: "Kết quả rèn luyện sau hè", "Conduct after the summer";
    CHOOSE: "Chưa có", "Not yet";
    RESULT: "Sau hè", "After the summer";
    REASON: "Lí do sửa (nếu sửa kết quả đã ghi)", "Why (where a result that stood is changed)";
    SAVE: "Lưu kết quả hè", "Save the summer's results";
    SAVED: "Đã lưu {n} kết quả", "{n} results are kept";
    NOTHING: "Không có gì thay đổi", "Nothing has changed";
    CONFLICT: "{n} kết quả đã được người khác sửa; trang vừa tải lại, hãy xem rồi nhập tiếp.", "{n} results were changed by somebody else; the page has been read again, look and go on.";
    BACK: "Về bảng xét lên lớp", "Back to promotion";
    SCORE_OF: "{subject} của {name}", "{subject} of {name}";
}

/// What is typed for one item.
#[derive(Clone)]
struct Entry {
    learner: LearnerId,
    subject: Option<SummerSubject>,
    version: i64,
    stood: String,
    text: RwSignal<String>,
}

impl Entry {
    fn wrong(&self) -> Option<&'static str> {
        let subject = self.subject.as_ref()?;
        parse_cell(&self.text.read(), subject.kind).err().map(|fault| fault.text(speak(lang())))
    }

    fn item(&self) -> Option<PutSummerItem> {
        let text = self.text.read_untracked();
        if *text == self.stood {
            return None;
        }
        let (value, level) = match &self.subject {
            Some(subject) => (parse_cell(&text, subject.kind).ok()?.value, None),
            None => (None, Level::from_code(&text)),
        };
        let subject_code = self.subject.as_ref().map(|subject| subject.subject_code.clone());
        Some(PutSummerItem { learner_id: self.learner, subject_code, value, level, version: self.version })
    }
}

#[component]
pub fn SummerPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { council::summer(id.ok_or_else(nowhere)?).await }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| class_head(&class, view! { <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /> }.into_any()))}
        {loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })}
    }
}

#[component]
fn Loaded(answer: SummerSheet, loader: Loader<SummerSheet>) -> impl IntoView {
    let class = answer.class_id;
    let back = view! { <A href=format!("/classes/{class}/council") attr:class="btn">{icon(Icon::Undo)}{t(BACK)}</A> };
    if answer.rows.is_empty() {
        return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Sun>{back}</Empty></div> }
            .into_any();
    }
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let mut entries: Vec<Entry> = Vec::new();
    let lines = answer.rows.iter().map(|row| line(row, answer.writable, &mut entries)).collect::<Vec<_>>();
    let changes_known = entries.iter().any(|entry| !entry.stood.is_empty());
    let wrong = {
        let entries = entries.clone();
        Signal::derive(move || entries.iter().any(|entry| entry.wrong().is_some()))
    };
    let entries = StoredValue::new(entries);
    let send = move || {
        let items: Vec<_> = entries.with_value(|entries| entries.iter().filter_map(Entry::item).collect());
        if items.is_empty() {
            toast::say(t(NOTHING));
            return;
        }
        let text = reason.read_untracked().trim().to_owned();
        let body = PutSummer { reason: (!text.is_empty()).then_some(text), items };
        form.send(async move { council::put_summer(class, &body).await }, move |saved| {
            let count = |outcome| saved.items.iter().filter(|item| item.outcome == outcome).count();
            let lost = count(CellResult::Conflict) + count(CellResult::Refused);
            let text = if lost > 0 { CONFLICT } else { SAVED };
            let n = if lost > 0 { lost } else { count(CellResult::Saved) };
            toast::say(tf(text, &[("n", &n.to_string())]));
            loader.reload();
        });
    };
    view! {
        <form class="stack summer" on:submit=move |event| { event.prevent_default(); send() }>
            <h2>{t(TITLE)}</h2>
            <ul class="panel lines roomy">{lines}</ul>
            {(answer.writable && changes_known).then(|| view! {
                <div class="field no-print">
                    <label for="summer-reason">{t(REASON)}</label>
                    <input id="summer-reason" maxlength="500" autocomplete="off" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) />
                </div>
            })}
            <FormFault form=form />
            <div class="row no-print">
                {answer.writable.then(|| view! { <Button label=t(SAVE) look=Look::Primary busy=form.busy disabled=wrong /> })}
                {back}
            </div>
        </form>
    }
    .into_any()
}

fn line(row: &SummerRow, writable: bool, entries: &mut Vec<Entry>) -> AnyView {
    let mut fields: Vec<AnyView> = Vec::new();
    for subject in &row.subjects {
        let stood = subject.value.map(|value| format_cell(&value, speak(lang()))).unwrap_or_default();
        let entry = Entry {
            learner: row.learner_id,
            version: subject.version,
            text: RwSignal::new(stood.clone()),
            stood,
            subject: Some(subject.clone()),
        };
        fields.push(mark(row, subject, &entry, writable));
        entries.push(entry);
    }
    if let Some(conduct) = &row.conduct {
        let stood = conduct.level.map_or(String::new(), |level| level.code().to_owned());
        let entry =
            Entry { learner: row.learner_id, version: conduct.version, text: RwSignal::new(stood.clone()), stood, subject: None };
        fields.push(training(row, &entry, writable));
        entries.push(entry);
    }
    view! {
        <li>
            <span class="i num muted">{row.ordinal}</span>
            <b class="who">{format::name(&row.full_name, &row.given_name)}</b>
            <div class="row grow">{fields}</div>
            <span class="row tight"><span class="muted">{t(RESULT)}</span>{promotion_pill(row.promotion)}</span>
        </li>
    }
    .into_any()
}

fn mark(row: &SummerRow, subject: &SummerSubject, entry: &Entry, writable: bool) -> AnyView {
    let name = lang().pick(&subject.name_vi, &subject.name_en).to_owned();
    let year =
        subject.year.map_or(t(FAILED).to_owned(), |mark| lang().pick(&mark.to_average_vi(), &mark.to_average()).to_owned());
    let id = format!("summer-{}-{}", row.learner_id, subject.subject_code);
    let label = tf(SCORE_OF, &[("subject", &name), ("name", &row.full_name)]);
    let (text, entry) = (entry.text, entry.clone());
    let wrong = Memo::new(move |_| entry.wrong());
    view! {
        <div class="field small">
            <label for=id.clone()>{name}" "<small class="quiet num">{tf(YEAR, &[("mark", &year)])}</small></label>
            <input
                id=id class="num" size="5" autocomplete="off" inputmode="decimal" disabled=!writable aria-label=label
                aria-invalid=move || wrong.read().is_some().then_some("true")
                prop:value=text on:input=move |event| text.set(event_target_value(&event))
            />
            {move || wrong.get().map(|fault| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}<span>{fault}</span></p> })}
        </div>
    }
    .into_any()
}

fn training(row: &SummerRow, entry: &Entry, writable: bool) -> AnyView {
    let id = format!("summer-{}", row.learner_id);
    let text = entry.text;
    let options = Level::ALL
        .iter()
        .rev()
        .map(|level| {
            let code = level.code();
            view! { <option value=code prop:selected=move || *text.read() == code>{level_text(*level)}</option> }
        })
        .collect_view();
    view! {
        <div class="field small">
            <label for=id.clone()>{t(TRAINING)}</label>
            <select id=id disabled=!writable on:change=move |event| text.set(event_target_value(&event))>
                <option value="" prop:selected=move || text.read().is_empty()>{t(CHOOSE)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}
