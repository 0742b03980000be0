//! Closing a semester of a class: what is missing, by teacher and learner; then locked; reopening with a reason.

use super::conduct::terms;
use super::marks::address;
use super::nowhere;
use super::sheet::{Column, column_name, value::Kind};
use crate::api::gradebook;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::ClassId;
use dto::access::Permission;
use dto::gradebook::{Closing, ClosingEvent, Missing, MissingLearner, ReopenTerm, TermState};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::SubjectKind;

texts! {
    READY: "Đã đủ điểm và đánh giá", "Everything is there";
    READY_TEXT: "Khi chốt, kết quả được tính và lưu lại, sổ điểm bị khoá, phụ huynh xem được kết quả.", "Closing computes and keeps the results, locks the sheets, and shows the results to families.";
    CLOSE: "Chốt học kì", "Close the term";
    CLOSE_SURE: "Chốt {term} của lớp {class}?", "Close {term} of class {class}?";
    CLOSE_SURE_TEXT: "Sau khi chốt, không ai sửa được điểm và rèn luyện của lớp trong học kì này. Chỉ hiệu trưởng mở lại được, và phải ghi lí do.", "After that nobody can change marks or conduct of the class in this term. Only the principal can reopen it, with a reason.";
    CLOSED: "{term} đã chốt", "{term} is closed";
    CLOSED_BY: "{who} chốt lúc {at}.", "Closed by {who} at {at}.";
    DONE: "Đã chốt học kì", "The term is closed";
    TO_RESULTS: "Xem kết quả của lớp", "See the results";
    MISSING_N: "Còn {n} ô chưa có, chưa chốt được", "{n} cells are missing, so it cannot be closed yet";
    MISSING_TEXT: "Chọn một ô để đến đúng chỗ trong sổ điểm.", "Choose a cell to go to its place in the sheet.";
    CONDUCT: "Rèn luyện", "Conduct";
    NO_TEACHER: "Chưa phân công giáo viên", "No teacher assigned";
    CELLS: "{n} ô", "{n} cells";
    LEARNERS: "{n} học sinh", "{n} learners";
    TO_COUNCIL: "Xét lên lớp cuối năm", "End of the year: promotion";
    REOPEN: "Mở lại học kì", "Reopen the term";
    REOPEN_SURE: "Mở lại {term} của lớp {class}", "Reopen {term} of class {class}";
    REOPEN_TEXT: "Điểm và rèn luyện lại sửa được; kết quả đã công bố với phụ huynh tạm ẩn cho đến khi chốt lại. Lí do được lưu cùng tên bạn.", "Marks and conduct can be changed again; families do not see the results until it is closed again. The reason is kept with your name.";
    REASON: "Lí do", "Reason";
    REOPENED: "Đã mở lại học kì", "The term is open again";
    HISTORY: "Đã diễn ra", "What happened";
    EVENT_CLOSED: "chốt học kì", "closed the term";
    EVENT_OPEN: "mở lại học kì", "reopened the term";
}

#[component]
pub fn ClosingPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let (id, term) = (param::<ClassId>("class"), param::<dto::calendar::Term>("term"));
    let closing = load(move || {
        let place = id.get().zip(term.get());
        async move {
            let (id, term) = place.ok_or_else(nowhere)?;
            gradebook::closing(id, term).await
        }
    });
    view! {
        {class.show(|class| class_head(&class, ().into_any()))}
        {closing.show(move |answer| view! { <Loaded answer=answer closing=closing /> })}
    }
}

#[component]
fn Loaded(answer: Closing, closing: Loader<Closing>) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let head = match answer.state {
        TermState::Closed => view! { <Closed answer=answer.clone() closing=closing /> }.into_any(),
        TermState::Open if answer.missing_cells == 0 => view! { <Ready answer=answer.clone() closing=closing /> }.into_any(),
        TermState::Open => {
            let n = format::count(answer.missing_cells.into());
            view! { <div class="strip"><b class="num">{tf(MISSING_N, &[("n", &n)])}</b><span>{t(MISSING_TEXT)}</span></div> }
                .into_any()
        }
    };
    let open = answer.state == TermState::Open;
    let missing = answer.missing.iter().filter(|_| open).map(|m| missing(class, term, m)).collect_view();
    let history = (!answer.history.is_empty()).then(|| {
        let events = answer.history.iter().cloned().map(event).collect_view();
        view! { <section class="stack" aria-labelledby="closing-history"><h2 id="closing-history">{t(HISTORY)}</h2><ol class="history-list">{events}</ol></section> }
    });
    view! {
        <div class="stack closing">
            {terms(term, |to| format!("/classes/{class}/closing/{to}"))}
            {head}
            <div class="owed">{missing}</div>
            {history}
        </div>
    }
    .into_any()
}

#[component]
fn Ready(answer: Closing, closing: Loader<Closing>) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let may = who().can(Permission::TermClose);
    let form = Form::new();
    let sure = RwSignal::new(false);
    let close = Callback::new(move |()| {
        form.send(gradebook::close(class, term), move |answer| {
            sure.set(false);
            closing.set(answer);
            toast::say(t(DONE));
        })
    });
    let title = tf(CLOSE_SURE, &[("term", term.label(lang())), ("class", &answer.class_name)]);
    view! {
        <div class="panel"><Empty title=t(READY) text=t(READY_TEXT) glyph=Icon::Check>
            {may.then(|| view! { <Button label=t(CLOSE) glyph=Icon::Lock look=Look::Primary on_press=Callback::new(move |()| sure.set(true)) /> })}
        </Empty></div>
        <Dialog open=sure title=title>
            <p>{t(CLOSE_SURE_TEXT)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| sure.set(false)) />
                <Button label=t(CLOSE) look=Look::Primary busy=form.busy on_press=close />
            </footer>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Closed(answer: Closing, closing: Loader<Closing>) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let may = who().can(Permission::TermReopen);
    let form = Form::new();
    let asking = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let text = answer
        .closed_at
        .map(|at| tf(CLOSED_BY, &[("who", answer.closed_by.as_deref().unwrap_or_default()), ("at", &format::instant(at))]))
        .unwrap_or_default();
    let send = move || {
        let body = ReopenTerm { reason: reason.get_untracked().trim().to_owned() };
        form.send(async move { gradebook::reopen(class, term, &body).await }, move |answer| {
            asking.set(false);
            closing.set(answer);
            toast::say(t(REOPENED));
        });
    };
    let title = tf(REOPEN_SURE, &[("term", term.label(lang())), ("class", &answer.class_name)]);
    view! {
        <div class="panel"><Empty title=tf(CLOSED, &[("term", term.label(lang()))]) text=text glyph=Icon::Lock>
            <div class="row">
                <A href=format!("/classes/{class}/results/{term}") attr:class="btn primary">{icon(Icon::Chart)}{t(TO_RESULTS)}</A>
                {(term == dto::calendar::Term::S2).then(|| view! { <A href=format!("/classes/{class}/council") attr:class="btn">{icon(Icon::People)}{t(TO_COUNCIL)}</A> })}
                {may.then(|| view! { <Button label=t(REOPEN) look=Look::Danger on_press=Callback::new(move |()| asking.set(true)) /> })}
            </div>
        </Empty></div>
        <Dialog open=asking title=title>
            <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                <p>{t(REOPEN_TEXT)}</p>
                <div class="field">
                    <label for="reopen-reason">{t(REASON)}<span class="need" aria-hidden="true">" *"</span></label>
                    <textarea id="reopen-reason" required=true minlength="5" maxlength="500" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
                </div>
                <FormFault form=form />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| asking.set(false)) />
                    <Button label=t(REOPEN) look=Look::Danger busy=form.busy />
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}

/// What one teacher still owes.
fn missing(class: ClassId, term: dto::calendar::Term, owed: &Missing) -> impl IntoView + use<> {
    let teachers: Vec<&str> = owed.teachers.iter().map(|s| s.full_name.as_str()).collect();
    let teachers = if teachers.is_empty() { t(NO_TEACHER).to_owned() } else { teachers.join(", ") };
    let subject = match (&owed.subject_name_vi, &owed.subject_name_en) {
        (Some(vi), Some(en)) => lang().pick(vi, en).to_owned(),
        _ => t(CONDUCT).to_owned(),
    };
    let cells: usize = owed.learners.iter().map(|l| l.slots.len()).sum();
    let count = if owed.subject_code.is_some() {
        tf(CELLS, &[("n", &format::count(cells as u64))])
    } else {
        tf(LEARNERS, &[("n", &format::count(owed.learners.len() as u64))])
    };
    let (href, code) = match &owed.subject_code {
        Some(code) => (address(class, code, term), Some(code.clone())),
        None => (format!("/classes/{class}/conduct/{term}"), None),
    };
    let few = owed.learners.len() <= 12;
    let lines = owed.learners.iter().map(|l| learner(class, term, code.as_deref(), l)).collect_view();
    view! {
        <details class="panel" open=few>
            <summary>
                <span class="grow"><b>{subject}</b><small>{teachers}</small></span>
                <Pill label=count tone=Tone::Warn />
            </summary>
            <div class="body"><ul class="lines">{lines}</ul><A href=href attr:class="btn small">{icon(Icon::Table)}{if code.is_some() { lang().pick("Mở sổ điểm", "Open the sheet") } else { lang().pick("Mở bảng rèn luyện", "Open conduct") }}</A></div>
        </details>
    }
}

fn learner(class: ClassId, term: dto::calendar::Term, code: Option<&str>, owed: &MissingLearner) -> AnyView {
    let given = owed.full_name.split_whitespace().next_back().unwrap_or_default();
    let ways = owed
        .slots
        .iter()
        .filter_map(|slot| {
            let href = format!("{}?learner={}&slot={}", address(class, code?, term), owed.learner_id, slot.code());
            let name = column_name(&Column { slot: Some(*slot), kind: Kind::of(*slot, code?, SubjectKind::Score) }, true);
            Some(view! { <A href=href attr:class="chip">{name}</A> })
        })
        .collect_view();
    view! {
        <li><span class="i num muted">{owed.ordinal}</span><span class="grow">{format::name(&owed.full_name, given)}</span><span class="chips">{ways}</span></li>
    }
    .into_any()
}

fn event(event: ClosingEvent) -> impl IntoView {
    let what = if event.state == TermState::Closed { t(EVENT_CLOSED) } else { t(EVENT_OPEN) };
    view! {
        <li>
            <p><b>{event.by}</b>" "{what}</p>
            <p class="quiet num">{format::instant(event.at)}</p>
            {event.reason.map(|reason| view! { <p class="because">"“"{reason}"”"</p> })}
        </li>
    }
}
