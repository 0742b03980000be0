//! Primary pupils who have not completed their grade (TT 27/2020 Đ.11): what is assessed again after help, and the principal's decision.

use super::history::{step, steps};
use super::nowhere;
use super::primary::{completion_text, completion_tone};
use super::sheet::value::{level_word, speak};
use crate::api::council;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Loader, Look, Pill, SelectField, effect, icon, load, toast};
use dto::gradebook::CellResult;
use dto::reassessment::{
    PutPrincipalDecision, PutReassessment, PutReassessmentItem, ReassessmentChange, ReassessmentItem, ReassessmentRow,
    ReassessmentSheet,
};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::tt27::{self, Choices};
use regulations::{CellFault, CellValue, PrimarySlot, Slot, format_cell};

texts! {
    TITLE: "Đánh giá bổ sung cuối năm", "Assessment after help";
    UNDER: "Học sinh chưa hoàn thành chương trình lớp học được hướng dẫn, giúp đỡ rồi đánh giá lại. Nội dung nào vẫn chưa đạt thì hiệu trưởng xem xét, quyết định.", "Pupils who have not completed the grade are helped and assessed again. Where something still falls short, the principal decides.";
    WAITING: "Chưa chốt đủ hai học kì", "The terms are not closed yet";
    WAITING_TEXT: "Danh sách có khi cả hai học kì đã chốt.", "There is a list once both terms are closed.";
    NONE: "Không có học sinh nào phải đánh giá bổ sung", "Nobody has to be assessed again";
    NONE_TEXT: "Mọi học sinh của lớp đã hoàn thành chương trình lớp học.", "Every pupil of the class has completed the grade.";
    LEVEL: "{name}: mức", "{name}: level";
    TEST: "{name}: điểm KT", "{name}: test";
    WAS: "cuối năm: {value}", "at the end: {value}";
    OF: "{what} của {name}", "{what} of {name}";
    NOT_YET: "Chưa đánh giá lại", "Not assessed again";
    REASON_CHANGE: "Lí do sửa (nếu sửa kết quả đã ghi)", "Why (where something that stood is changed)";
    SAVE: "Lưu kết quả đánh giá lại", "Save";
    SAVED: "Đã lưu {n} kết quả", "{n} results are kept";
    NOTHING: "Không có gì thay đổi", "Nothing has changed";
    LOST: "{n} kết quả chưa lưu được vì người khác vừa sửa hoặc hiệu trưởng đã quyết định; trang vừa tải lại, hãy xem rồi nhập tiếp.", "{n} results were not kept: somebody else changed them, or the principal has decided. The page has been read again.";
    DECIDE: "Quyết định", "Decide";
    CHANGE: "Sửa quyết định", "Change the decision";
    CHANGE_OF: "Sửa quyết định về {name}", "Change the decision on {name}";
    DECIDE_OF: "Quyết định về {name}", "Decide on {name}";
    AWAITS: "Chờ hiệu trưởng quyết định", "The principal has to decide";
    DECIDED: "{who} quyết định lúc {at}: {what}.", "{who} decided at {at}: {what}.";
    YES: "Hoàn thành chương trình lớp học", "The grade is completed";
    NO: "Chưa hoàn thành, ở lại lớp", "Not completed, stays in the grade";
    WHAT: "Hiệu trưởng quyết định", "The principal decides";
    REASON: "Lí do", "Reason";
    REASON_HINT: "Ghi căn cứ, ít nhất 5 ký tự. Gia đình thấy quyết định, không thấy lí do.", "At least 5 characters. The family sees the decision and not the reason.";
    WITHDRAW: "Rút quyết định", "Take it back";
    WITHDRAWN: "Đã rút quyết định", "Taken back";
    KEPT: "Đã ghi quyết định", "The decision is kept";
    HISTORY: "Lịch sử", "History";
    HISTORY_OF: "Lịch sử đánh giá lại của {name}", "History of {name}";
    TAKEN_BACK: "để trống", "empty";
    RESULTS: "Về kết quả cả năm", "Back to the year's results";
}

/// "T · Hoàn thành tốt", or a mark.
fn shown(value: CellValue, slot: Slot) -> String {
    let short = format_cell(&value, speak(lang()));
    let of_trait = matches!(slot, Slot::Primary(PrimarySlot::Trait(..)));
    match level_word(value, of_trait, lang()) {
        Some(word) => format!("{short} · {word}"),
        None => short,
    }
}

fn what(name_vi: &str, name_en: &str, slot: Slot) -> String {
    let name = lang().pick(name_vi, name_en);
    match slot {
        Slot::Primary(PrimarySlot::Level(_)) => tf(LEVEL, &[("name", name)]),
        Slot::Primary(PrimarySlot::Test(_)) => tf(TEST, &[("name", name)]),
        _ => name.to_owned(),
    }
}

/// What is typed for one item.
#[derive(Clone)]
struct Entry {
    learner: LearnerId,
    item: ReassessmentItem,
    stood: String,
    text: RwSignal<String>,
}

impl Entry {
    fn new(learner: LearnerId, item: &ReassessmentItem) -> Entry {
        let stood = item.value.map(|value| format_cell(&value, speak(lang()))).unwrap_or_default();
        Entry { learner, text: RwSignal::new(stood.clone()), stood, item: item.clone() }
    }

    /// Absent or exempt is no assessment.
    fn read(&self, text: &str) -> Result<Option<CellValue>, CellFault> {
        let Slot::Primary(slot) = self.item.slot else { return Ok(None) };
        match tt27::parse(text, slot, &Choices::DEFAULT)?.value {
            Some(CellValue::Absent | CellValue::Exempt) => Err(CellFault::NotATest),
            value => Ok(value),
        }
    }

    fn wrong(&self) -> Option<&'static str> {
        self.read(&self.text.read()).err().map(|fault| fault.text(speak(lang())))
    }

    fn put(&self) -> Option<PutReassessmentItem> {
        let text = self.text.read_untracked();
        if *text == self.stood {
            return None;
        }
        let value = self.read(&text).ok()?;
        let ReassessmentItem { subject_code, slot, version, .. } = self.item.clone();
        Some(PutReassessmentItem { learner_id: self.learner, subject_code, slot, value, version })
    }
}

/// What is asked of the page about one pupil.
#[derive(Clone)]
enum Ask {
    Decide(Box<ReassessmentRow>),
    History(Box<ReassessmentRow>),
}

#[component]
pub fn ReassessmentPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { council::reassessment(id.ok_or_else(nowhere)?).await }
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
fn Loaded(answer: ReassessmentSheet, loader: Loader<ReassessmentSheet>) -> impl IntoView {
    let class = answer.class_id;
    let back = view! { <A href=format!("/classes/{class}/results/year") attr:class="btn">{icon(Icon::Undo)}{t(RESULTS)}</A> };
    if answer.rows.is_empty() {
        let (title, text, glyph) =
            if answer.ready { (NONE, NONE_TEXT, Icon::Check) } else { (WAITING, WAITING_TEXT, Icon::Clock) };
        return view! { <div class="panel"><Empty title=t(title) text=t(text) glyph=glyph>{back}</Empty></div> }.into_any();
    }
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let ask = RwSignal::new(None::<Ask>);
    let mut entries: Vec<Entry> = Vec::new();
    let lines = answer.rows.iter().map(|row| line(row, &answer, ask, &mut entries)).collect::<Vec<_>>();
    let known = entries.iter().any(|entry| !entry.stood.is_empty());
    let entries = StoredValue::new(entries);
    let wrong = Signal::derive(move || entries.with_value(|all| all.iter().any(|entry| entry.wrong().is_some())));
    let send = move || {
        let items: Vec<_> = entries.with_value(|all| all.iter().filter_map(Entry::put).collect());
        if items.is_empty() {
            toast::say(t(NOTHING));
            return;
        }
        let text = reason.read_untracked().trim().to_owned();
        let body = PutReassessment { reason: (!text.is_empty()).then_some(text), items };
        form.send(async move { council::put_reassessment(class, &body).await }, move |saved| {
            let count = |outcome| saved.items.iter().filter(|item| item.outcome == outcome).count();
            let lost = count(CellResult::Conflict) + count(CellResult::Refused);
            let (text, n) = if lost > 0 { (LOST, lost) } else { (SAVED, count(CellResult::Saved)) };
            toast::say(tf(text, &[("n", &n.to_string())]));
            loader.reload();
        });
    };
    let open = RwSignal::new(false);
    effect(move || open.set(ask.read().is_some()));
    effect(move || {
        if !open.get() && ask.read_untracked().is_some() {
            ask.set(None);
        }
    });
    let title = Signal::derive(move || match &*ask.read() {
        Some(Ask::History(row)) => tf(HISTORY_OF, &[("name", &row.full_name)]),
        _ => t(WHAT).to_owned(),
    });
    view! {
        <form class="stack summer" on:submit=move |event| { event.prevent_default(); send() }>
            <h2>{t(TITLE)}</h2>
            <p class="muted">{t(UNDER)}</p>
            <ul class="panel lines roomy">{lines}</ul>
            {(answer.writable && known).then(|| view! {
                <div class="field no-print">
                    <label for="again-reason">{t(REASON_CHANGE)}</label>
                    <input id="again-reason" maxlength="500" autocomplete="off" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) />
                </div>
            })}
            <FormFault form=form />
            <div class="row no-print">
                {answer.writable.then(|| view! { <Button label=t(SAVE) look=Look::Primary busy=form.busy disabled=wrong /> })}
                {back}
            </div>
        </form>
        {move || view! {
            <Dialog open=open title=title.get()>
                {move || ask.get().map(|ask| match ask {
                    Ask::Decide(row) => view! { <Decide row=*row class=class loader=loader open=open /> }.into_any(),
                    Ask::History(row) => view! { <History row=*row class=class /> }.into_any(),
                })}
            </Dialog>
        }}
    }
    .into_any()
}

fn line(row: &ReassessmentRow, answer: &ReassessmentSheet, ask: RwSignal<Option<Ask>>, entries: &mut Vec<Entry>) -> AnyView {
    let writable = answer.writable && row.decision.is_none();
    let mut fields: Vec<AnyView> = Vec::with_capacity(row.items.len());
    for item in &row.items {
        let entry = Entry::new(row.learner_id, item);
        fields.push(field(row, &entry, writable));
        entries.push(entry);
    }
    let (for_decide, for_history) = (Box::new(row.clone()), Box::new(row.clone()));
    let decide = move |_| ask.set(Some(Ask::Decide(for_decide.clone())));
    let history = move |_| ask.set(Some(Ask::History(for_history.clone())));
    let (verb, of) = if row.decision.is_some() { (CHANGE, CHANGE_OF) } else { (DECIDE, DECIDE_OF) };
    let decide_label = tf(of, &[("name", &row.full_name)]);
    let history_label = tf(HISTORY_OF, &[("name", &row.full_name)]);
    let decided = row.decision.as_ref().map(|decision| {
        let end = t(if decision.completed { YES } else { NO });
        let said = tf(DECIDED, &[("who", &decision.decided_by), ("at", &format::instant(decision.decided_at)), ("what", end)]);
        view! { <span class="grow">{said}" "<i>"“"{decision.reason.clone()}"”"</i></span> }
    });
    let awaits = (row.due && decided.is_none()).then(|| view! { <span class="grow">{t(AWAITS)}</span> });
    let decision = row.due.then(|| {
        view! {
            <div class="strip info">
                {icon(Icon::People)}{decided}{awaits}
                {answer.decider.then(|| view! { <button type="button" class="btn small no-print" aria-label=decide_label on:click=decide>{t(verb)}</button> })}
            </div>
        }
    });
    view! {
        <li>
            <span class="i num muted">{row.ordinal}</span>
            <b class="who">{format::name(&row.full_name, &row.given_name)}</b>
            <div class="row grow">{fields}</div>
            <span class="row tight">
                <Pill label=completion_text(row.completion) tone=completion_tone(row.completion) />
                <button type="button" class="link no-print" aria-label=history_label on:click=history>{t(HISTORY)}</button>
            </span>
            {decision}
        </li>
    }
    .into_any()
}

fn field(row: &ReassessmentRow, entry: &Entry, writable: bool) -> AnyView {
    let item = &entry.item;
    let name = what(&item.name_vi, &item.name_en, item.slot);
    let was = tf(WAS, &[("value", &format_cell(&item.was, speak(lang())))]);
    let id = format!("again-{}-{}-{}", row.learner_id, item.subject_code, item.slot.code());
    let label = tf(OF, &[("what", &name), ("name", &row.full_name)]);
    let text = entry.text;
    let (of, slot) = (entry.clone(), item.slot);
    let wrong = Memo::new(move |_| of.wrong());
    let levels: &[CellValue] = match item.slot {
        Slot::Primary(PrimarySlot::Level(_)) => &[CellValue::Good, CellValue::Done, CellValue::Weak],
        Slot::Primary(PrimarySlot::Trait(..)) => &[CellValue::Good, CellValue::Pass, CellValue::Weak],
        _ => &[],
    };
    let input = if levels.is_empty() {
        view! {
            <input
                id=id.clone() class="num" size="5" autocomplete="off" inputmode="numeric" disabled=!writable aria-label=label
                aria-invalid=move || wrong.read().is_some().then_some("true")
                prop:value=text on:input=move |event| text.set(event_target_value(&event))
            />
        }
        .into_any()
    } else {
        let options = levels
            .iter()
            .map(|level| {
                let code = format_cell(level, speak(lang()));
                let (value, word) = (code.clone(), shown(*level, slot));
                view! { <option value=value prop:selected=move || *text.read() == code>{word}</option> }
            })
            .collect_view();
        view! {
            <select id=id.clone() disabled=!writable aria-label=label on:change=move |event| text.set(event_target_value(&event))>
                <option value="" prop:selected=move || text.read().is_empty()>{t(NOT_YET)}</option>
                {options}
            </select>
        }
        .into_any()
    };
    view! {
        <div class="field small">
            <label for=id>{name}" "<small class="quiet num">{was}</small></label>
            {input}
            {move || wrong.get().map(|fault| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}<span>{fault}</span></p> })}
        </div>
    }
    .into_any()
}

#[component]
fn Decide(row: ReassessmentRow, class: ClassId, loader: Loader<ReassessmentSheet>, open: RwSignal<bool>) -> impl IntoView {
    let (learner, version) = (row.learner_id, row.decision_version);
    let stands = row.decision.is_some();
    let end = RwSignal::new(row.decision.as_ref().map_or("yes", |d| if d.completed { "yes" } else { "no" }).to_owned());
    let reason = RwSignal::new(row.decision.as_ref().map(|decision| decision.reason.clone()).unwrap_or_default());
    let form = Form::new();
    let put = move |completed: Option<bool>, said: &'static str| {
        let body = PutPrincipalDecision { completed, reason: reason.read_untracked().trim().to_owned() };
        form.send(async move { council::decide_reassessment(class, learner, version, &body).await }, move |answer| {
            open.set(false);
            loader.set(answer);
            toast::say(said);
        });
    };
    let withdraw = Callback::new(move |()| put(None, t(WITHDRAWN)));
    let options = || vec![("yes".to_owned(), t(YES).to_owned()), ("no".to_owned(), t(NO).to_owned())];
    let why = row.reasons.iter().map(|reason| lang().pick(&reason.vi, &reason.en).to_owned());
    let why = why.map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); put(Some(*end.read_untracked() == "yes"), t(KEPT)) }>
            <p><b>{format::name(&row.full_name, &row.given_name)}</b></p>
            <ul class="muted stack">{why}</ul>
            <SelectField label=t(WHAT) name="again_decision" value=end options=Signal::derive(options) />
            <div class="field">
                <label for="again-why">{t(REASON)}<span class="need" aria-hidden="true">" *"</span></label>
                <textarea id="again-why" required=true minlength="5" maxlength="500" aria-describedby="again-why-hint" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
                <p class="hint" id="again-why-hint">{t(REASON_HINT)}</p>
            </div>
            <FormFault form=form />
            <footer>
                {stands.then(|| view! { <Button label=t(WITHDRAW) look=Look::Plain busy=form.busy on_press=withdraw /> })}
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn History(row: ReassessmentRow, class: ClassId) -> impl IntoView {
    let learner = row.learner_id;
    let items = StoredValue::new(row.items);
    let changes = load(move || council::reassessment_history(class, learner));
    let line = move |change: ReassessmentChange| {
        let value = match (change.slot, change.completed) {
            (None, Some(completed)) => t(if completed { YES } else { NO }).to_owned(),
            (Some(slot), None) => change.value.map_or_else(|| t(TAKEN_BACK).to_owned(), |value| shown(value, slot)),
            _ => t(TAKEN_BACK).to_owned(),
        };
        let name = items.with_value(|items| {
            let of = |item: &&ReassessmentItem| {
                Some(item.slot) == change.slot && Some(&item.subject_code) == change.subject_code.as_ref()
            };
            items.iter().find(of).map(|item| what(&item.name_vi, &item.name_en, item.slot))
        });
        let name = name.or(change.subject_code).unwrap_or_else(|| t(WHAT).to_owned());
        step(name, value, change.by, format::instant(change.at), change.reason)
    };
    changes.show(move |page| steps(page.items.into_iter().map(line).collect()))
}
