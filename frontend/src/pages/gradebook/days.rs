//! What happened day by day in a class: half-days missed, praise and violations. The homeroom teacher's way to the level of conduct.

use super::conduct::terms;
use super::nowhere;
use crate::api::council;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{
    Button, Check, DateField, Empty, Field, Form, FormFault, Icon, Loader, Look, Pill, SelectField, Tone, icon, load, toast,
};
use dto::calendar::Term;
use dto::contact::LeaveSessions;
use dto::council::{
    Absence, AbsenceKind, AbsenceRow, AbsenceSheet, ConductNote, ConductNoteKind, DaySession, PostConductNote, PutAbsence,
    PutAbsences,
};
use dto::gradebook::CellResult;
use dto::{ClassId, LearnerId, Page};
use leptos::prelude::*;

texts! {
    ABSENCES: "Nghỉ học", "Absences";
    ADD_ABSENCE: "Ghi buổi nghỉ", "Enter an absence";
    WHO: "Học sinh", "Learner";
    DAY: "Ngày", "Day";
    KIND: "Loại", "Kind";
    NOTE: "Lí do nghỉ", "Why";
    SAVED: "Đã ghi", "Kept";
    CHANGED: "Người khác vừa ghi buổi này. Trang đã tải lại.", "Somebody else has just entered this. The page was read again.";
    REFUSED: "Chưa ghi được: ngày ngoài học kì, hoặc học sinh đã rời lớp.", "Not kept: the day is outside the term, or the learner has left.";
    NO_SESSION: "Hãy chọn ít nhất một buổi.", "Choose at least one half of the day.";
    NO_ABSENCE: "Chưa ghi buổi nghỉ nào theo ngày", "No absence has been entered by date";
    NO_ABSENCE_TEXT: "Khi đã ghi theo ngày, số buổi nghỉ của cả lớp được đếm tự động.", "Once absences are entered by date, those of the whole class are counted by themselves.";
    COUNTS: "{excused} có phép, {unexcused} không phép", "{excused} with permission, {unexcused} without";
    YEAR: "cả năm {n}/45 buổi", "{n} of 45 in the year";
    CLOSED: "lúc chốt {n}", "{n} when closed";
    LEAVE: "Theo đơn xin nghỉ ({sessions})", "Leave granted ({sessions})";
    TAKE_BACK: "Bỏ ghi", "Take back";
    TAKE_BACK_OF: "Bỏ ghi buổi nghỉ {day} của {name}", "Take back the absence of {name} on {day}";
    NOTES: "Khen và vi phạm", "Praise and violations";
    ADD_NOTE: "Ghi nhận", "Write a note";
    TEXT: "Nội dung", "What happened";
    NO_NOTE: "Chưa có ghi nhận nào", "No notes yet";
    NO_NOTE_TEXT: "Khen, vi phạm và ghi chú theo ngày giúp đánh giá rèn luyện có căn cứ.", "Praise, violations and remarks by date are what the level of conduct rests on.";
    REMOVE: "Bỏ", "Remove";
    REMOVE_OF: "Bỏ ghi nhận về {name}", "Remove the note about {name}";
}

#[component]
pub fn DaysPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let (id, term) = (param::<ClassId>("class"), param::<Term>("term"));
    let absences = load(move || {
        let place = id.get().zip(term.get());
        async move {
            let (id, term) = place.ok_or_else(nowhere)?;
            council::absences(id, term).await
        }
    });
    let notes = load(move || {
        let place = id.get().zip(term.get());
        async move {
            let (id, term) = place.ok_or_else(nowhere)?;
            council::notes(id, term).await
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| class_head(&class, view! { <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /> }.into_any()))}
        {absences.show(move |answer| view! { <Loaded answer=answer absences=absences notes=notes /> })}
    }
}

#[component]
fn Loaded(answer: AbsenceSheet, absences: Loader<AbsenceSheet>, notes: Loader<Page<ConductNote>>) -> impl IntoView {
    let (class, term, writable) = (answer.class_id, answer.term, answer.writable);
    let add = writable.then(|| view! { <AddAbsence answer=answer.clone() absences=absences /> });
    let add_note = writable.then(|| view! { <AddNote answer=answer.clone() notes=notes /> });
    let missed: Vec<_> = answer.rows.iter().filter(|row| row.entries.iter().any(|entry| entry.kind.is_some())).cloned().collect();
    let list = if missed.is_empty() {
        view! { <Empty title=t(NO_ABSENCE) text=t(NO_ABSENCE_TEXT) glyph=Icon::Clock /> }.into_any()
    } else {
        missed.into_iter().map(|row| person(row, class, term, writable, absences)).collect_view().into_any()
    };
    view! {
        <div class="stack days">
            {terms(term, |to| format!("/classes/{class}/days/{to}"))}
            <section class="panel" aria-labelledby="days-absences">
                <header><h2 id="days-absences">{t(ABSENCES)}</h2></header>
                <div class="body stack">{add}<div class="stack">{list}</div></div>
            </section>
            <section class="panel" aria-labelledby="days-notes">
                <header><h2 id="days-notes">{t(NOTES)}</h2></header>
                <div class="body stack">{add_note}{notes.show(move |page| note_list(page, class, term, writable, notes))}</div>
            </section>
        </div>
    }
    .into_any()
}

fn learners(rows: &[AbsenceRow]) -> Vec<(String, String)> {
    rows.iter().map(|row| (row.learner_id.to_string(), format!("{}. {}", row.ordinal, row.full_name))).collect()
}

#[component]
fn AddAbsence(answer: AbsenceSheet, absences: Loader<AbsenceSheet>) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let options = learners(&answer.rows);
    let who = RwSignal::new(options.first().map(|(key, _)| key.clone()).unwrap_or_default());
    let day = RwSignal::new(answer.to.to_string());
    let (morning, afternoon) = (RwSignal::new(true), RwSignal::new(false));
    let kind = RwSignal::new(AbsenceKind::Excused.as_str().to_owned());
    let note = RwSignal::new(String::new());
    let form = Form::new();
    let none = RwSignal::new(false);
    let rows = StoredValue::new(answer.rows);
    let kinds = || AbsenceKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.label(lang()).to_owned())).collect();
    let send = move || {
        let sessions = [(DaySession::Morning, morning), (DaySession::Afternoon, afternoon)];
        let chosen: Vec<DaySession> =
            sessions.into_iter().filter(|(_, chosen)| chosen.get_untracked()).map(|(session, _)| session).collect();
        none.set(chosen.is_empty());
        let (Ok(learner), Ok(day)) = (who.read_untracked().parse::<LearnerId>(), day.read_untracked().parse()) else { return };
        if chosen.is_empty() {
            return;
        }
        let text = note.read_untracked().trim().to_owned();
        let stands = |session| {
            rows.with_value(|rows| {
                let row = rows.iter().find(|row| row.learner_id == learner);
                let entry = row.and_then(|row| row.entries.iter().find(|entry| entry.day == day && entry.session == session));
                entry.map_or(0, |entry| entry.version)
            })
        };
        let entry = |session| PutAbsence {
            learner_id: learner,
            day,
            session,
            kind: kind.read_untracked().parse().ok(),
            note: (!text.is_empty()).then(|| text.clone()),
            version: stands(session),
        };
        let body = PutAbsences { entries: chosen.into_iter().map(entry).collect() };
        send_absences(form, class, term, body, absences);
    };
    view! {
        <form class="stack no-print" on:submit=move |event| { event.prevent_default(); send() }>
            <div class="filters">
                <SelectField label=t(WHO) name="absent_who" value=who options=Signal::derive(move || options.clone()) />
                <DateField label=t(DAY) name="absent_day" value=day required=true />
                <SelectField label=t(KIND) name="absent_kind" value=kind options=Signal::derive(kinds) />
                <Field label=t(NOTE) name="absent_note" value=note max=200 />
            </div>
            <div class="row">
                <Check label=DaySession::Morning.label(lang()) value=morning />
                <Check label=DaySession::Afternoon.label(lang()) value=afternoon />
                <Button label=t(ADD_ABSENCE) look=Look::Primary glyph=Icon::Plus busy=form.busy />
            </div>
            {move || none.get().then(|| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}<span>{t(NO_SESSION)}</span></p> })}
            <FormFault form=form />
        </form>
    }
    .into_any()
}

fn send_absences(form: Form, class: ClassId, term: Term, body: PutAbsences, absences: Loader<AbsenceSheet>) {
    form.send(async move { council::put_absences(class, term, &body).await }, move |saved| {
        let any = |outcome| saved.entries.iter().any(|entry| entry.outcome == outcome);
        toast::say(t(if any(CellResult::Conflict) {
            CHANGED
        } else if any(CellResult::Refused) {
            REFUSED
        } else {
            SAVED
        }));
        absences.reload();
    });
}

fn person(row: AbsenceRow, class: ClassId, term: Term, writable: bool, absences: Loader<AbsenceSheet>) -> AnyView {
    let counts = tf(COUNTS, &[("excused", &row.term.excused.to_string()), ("unexcused", &row.term.unexcused.to_string())]);
    let year = tf(YEAR, &[("n", &row.year.to_string())]);
    let tone = match row.year {
        46.. => Tone::Bad,
        36.. => Tone::Warn,
        _ => Tone::Quiet,
    };
    let closed = row.closed.map(|n| view! { <Pill label=tf(CLOSED, &[("n", &n.to_string())]) tone=Tone::Warn /> });
    let form = Form::new();
    let name = row.full_name.clone();
    let learner = row.learner_id;
    let lines = row
        .entries
        .into_iter()
        .filter(|entry| entry.kind.is_some())
        .map(|entry| absence(entry, &name, learner, class, term, writable, form, absences))
        .collect_view();
    view! {
        <details class="panel">
            <summary><span class="grow">{format::name(&row.full_name, &row.given_name)}<small class="num">{counts}</small></span>{closed}<Pill label=year tone=tone /></summary>
            <div class="body"><ul class="lines">{lines}</ul><FormFault form=form /></div>
        </details>
    }
    .into_any()
}

#[allow(clippy::too_many_arguments)]
fn absence(
    entry: Absence,
    name: &str,
    learner: LearnerId,
    class: ClassId,
    term: Term,
    writable: bool,
    form: Form,
    absences: Loader<AbsenceSheet>,
) -> AnyView {
    let day = format::date(entry.day);
    let label = tf(TAKE_BACK_OF, &[("day", &day), ("name", name)]);
    let (kind, tone) = match entry.kind {
        Some(AbsenceKind::Unexcused) => (AbsenceKind::Unexcused, Tone::Warn),
        _ => (AbsenceKind::Excused, Tone::Quiet),
    };
    let body = PutAbsence {
        learner_id: learner,
        day: entry.day,
        session: entry.session,
        kind: None,
        note: None,
        version: entry.version,
    };
    let leave = entry.leave.map(|leave| tf(LEAVE, &[("sessions", &leave.label(lang()).to_lowercase())]));
    // A whole day of leave is one half-day missed, and of neither half alone.
    let session = match entry.leave {
        Some(LeaveSessions::Day) if entry.version == 0 => LeaveSessions::Day.label(lang()),
        _ => entry.session.label(lang()),
    };
    let back = move |_| send_absences(form, class, term, PutAbsences { entries: vec![body.clone()] }, absences);
    view! {
        <li>
            <span class="num">{day}</span><span>{session}</span><Pill label=kind.label(lang()) tone=tone />
            {leave.map(|label| view! { <Pill label=label tone=Tone::Quiet /> })}
            <span class="grow muted">{entry.note}</span>
            {writable.then(|| view! { <button type="button" class="link no-print" aria-label=label on:click=back>{t(TAKE_BACK)}</button> })}
        </li>
    }
    .into_any()
}

#[component]
fn AddNote(answer: AbsenceSheet, notes: Loader<Page<ConductNote>>) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let options = learners(&answer.rows);
    let who = RwSignal::new(options.first().map(|(key, _)| key.clone()).unwrap_or_default());
    let day = RwSignal::new(answer.to.to_string());
    let kind = RwSignal::new(ConductNoteKind::Praise.as_str().to_owned());
    let text = RwSignal::new(String::new());
    let form = Form::new();
    let kinds = || ConductNoteKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.label(lang()).to_owned())).collect();
    let send = move || {
        let (Ok(learner_id), Ok(day), Ok(kind)) =
            (who.read_untracked().parse(), day.read_untracked().parse(), kind.read_untracked().parse())
        else {
            return;
        };
        let body = PostConductNote { learner_id, day, kind, text: text.read_untracked().trim().to_owned() };
        form.send(async move { council::write_note(class, term, &body).await }, move |_| {
            text.set(String::new());
            toast::say(t(SAVED));
            notes.reload();
        });
    };
    view! {
        <form class="stack no-print" on:submit=move |event| { event.prevent_default(); send() }>
            <div class="filters">
                <SelectField label=t(WHO) name="note_who" value=who options=Signal::derive(move || options.clone()) fault=form.fault("/learner_id") />
                <DateField label=t(DAY) name="note_day" value=day required=true fault=form.fault("/day") />
                <SelectField label=t(KIND) name="note_kind" value=kind options=Signal::derive(kinds) />
            </div>
            <Field label=t(TEXT) name="note_text" value=text required=true max=500 fault=form.fault("/text") />
            <div class="row"><Button label=t(ADD_NOTE) glyph=Icon::Plus busy=form.busy /></div>
            <FormFault form=form fields=&["/learner_id", "/day", "/text"] />
        </form>
    }
    .into_any()
}

fn note_list(page: Page<ConductNote>, class: ClassId, term: Term, writable: bool, notes: Loader<Page<ConductNote>>) -> AnyView {
    if page.items.is_empty() {
        return view! { <Empty title=t(NO_NOTE) text=t(NO_NOTE_TEXT) glyph=Icon::Book /> }.into_any();
    }
    let form = Form::new();
    let lines = page
        .items
        .into_iter()
        .map(|note| {
            let tone = match note.kind {
                ConductNoteKind::Praise => Tone::Ok,
                ConductNoteKind::Violation => Tone::Bad,
                ConductNoteKind::Remark => Tone::Quiet,
            };
            let label = tf(REMOVE_OF, &[("name", &note.full_name)]);
            let id = note.id;
            let remove = move |_| form.send(council::remove_note(class, term, id), move |()| notes.reload());
            view! {
                <li>
                    <span class="num">{format::date(note.day)}</span><Pill label=note.kind.label(lang()) tone=tone />
                    <span class="grow"><b>{note.full_name}</b><p>{note.text}</p><small class="quiet">{note.written_by}</small></span>
                    {writable.then(|| view! { <button type="button" class="link no-print" aria-label=label on:click=remove>{t(REMOVE)}</button> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul><FormFault form=form /> }.into_any()
}
