//! The school's marks deadlines: the days, the requests to open, and who is late.

use super::late::late;
use super::marks::address;
use crate::api::sheet;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::School;
use crate::state::{term_now, who};
use crate::ui::{
    Bones, Button, DateField, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, Tone, choose_school, icon, load,
    toast,
};
use dto::Page;
use dto::access::Permission;
use dto::calendar::Term;
use dto::deadlines::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Hạn nhập điểm", "Marks deadlines";
    UNDER: "Sau hạn, cột điểm khoá lại; giáo viên có thể xin mở kèm lí do.", "After the day the columns are locked; teachers can ask to open them, with a reason.";
    TERM: "Học kì", "Semester";
    DAYS: "Ngày cuối được nhập", "Last day to enter";
    NO_DAY: "Để trống: không có hạn.", "Left empty: no deadline.";
    SAVE: "Lưu hạn nhập điểm", "Save the deadlines";
    SAVED: "Đã lưu hạn nhập điểm", "The deadlines are saved";
    PAST: "Ngày đã qua: khoá ngay khi lưu", "This day has passed: saving locks at once";
    NONE_SET: "Chưa đặt", "Not set";
    REQUESTS: "Yêu cầu mở khoá", "Requests to open";
    NO_REQUESTS: "Chưa có yêu cầu nào", "No requests yet";
    NO_REQUESTS_TEXT: "Giáo viên gửi yêu cầu từ sổ điểm đã khoá; yêu cầu hiện ở đây để duyệt.", "Teachers ask from a locked sheet; the request shows here for an answer.";
    BY: "{who} · {at}", "{who} · {at}";
    ANSWERED: "{who} trả lời lúc {at}", "{who} answered at {at}";
    OPEN_UNTIL: "mở đến {day}", "open until {day}";
    ANSWER: "Duyệt", "Answer";
    APPROVE: "Mở khoá", "Open";
    REFUSE: "Không mở", "Refuse";
    UNTIL: "Mở đến hết ngày", "Open until the end of";
    NOTE: "Lời nhắn cho giáo viên (không bắt buộc)", "A word to the teacher (not required)";
    DECIDED: "Đã trả lời yêu cầu", "The request is answered";
    LATE: "Ai đang trễ", "Who is late";
}

#[component]
pub fn DeadlinesPage() -> impl IntoView {
    let school = School::new();
    let term = RwSignal::new(term_now());
    let days = load(move || {
        let place = (school.id(), term.get());
        async move {
            match place {
                (Some(id), term) => sheet::deadlines(id, term).await.map(Some),
                (None, _) => Ok(None),
            }
        }
    });
    let requests = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => sheet::openings(id).await,
                None => Ok(Page { items: Vec::new(), next: None }),
            }
        }
    });
    let overdue = load(move || {
        // Read again when days or openings change.
        let place = days.get().flatten().map(|d| (d.school_id, d.term));
        requests.get();
        async move {
            match place {
                Some((id, term)) => sheet::late_marks(id, term).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let terms = move || {
        Term::ALL
            .iter()
            .map(|to| {
                let to = *to;
                view! { <button type="button" aria-pressed=move || (term.get() == to).to_string() on:click=move |_| term.set(to)>{to.label(lang())}</button> }
            })
            .collect_view()
    };
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        <div class="filters">{school.field("deadline-school")}<div class="tally" role="group" aria-label=t(TERM)>{terms}</div></div>
        <div class="split lead">
            <section class="stack" aria-labelledby="late-title">
                <h2 id="late-title">{t(LATE)}</h2>
                {overdue.show(move |found| match found {
                    Some(found) => late(found),
                    // The days come first.
                    None => school.id().is_some().then(|| view! { <Bones /> }).into_any(),
                })}
            </section>
            <div class="stack wide no-print">
                {days.show(move |found| match found {
                    Some(found) => view! { <Days found=found days=days /> }.into_any(),
                    None => choose_school(),
                })}
                <section class="panel" aria-labelledby="requests-title">
                    <header><h2 id="requests-title">{t(REQUESTS)}</h2></header>
                    <div class="body">{requests.show(move |page| list(page, requests))}</div>
                </section>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Days(found: MarkDeadlines, days: Loader<Option<MarkDeadlines>>) -> impl IntoView {
    let (id, term, version) = (found.school_id, found.term, found.version);
    if !found.writable {
        let fact = |group: SlotGroup, day: Option<chrono::NaiveDate>| {
            view! { <dt>{group.label(lang())}</dt><dd class="num">{day.map_or_else(|| t(NONE_SET).to_owned(), format::date)}</dd> }
        };
        return view! {
            <section class="panel"><header><h2>{t(DAYS)}</h2></header><dl class="body facts">
                {fact(SlotGroup::Regular, found.regular)}{fact(SlotGroup::Midterm, found.midterm)}{fact(SlotGroup::Final, found.r#final)}
            </dl></section>
        }
        .into_any();
    }
    let text = |day: Option<chrono::NaiveDate>| RwSignal::new(day.map(|day| day.to_string()).unwrap_or_default());
    let (regular, midterm, last) = (text(found.regular), text(found.midterm), text(found.r#final));
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let day = |value: RwSignal<String>| value.get_untracked().parse().ok();
        let body = PutMarkDeadlines { regular: day(regular), midterm: day(midterm), r#final: day(last) };
        form.send(async move { sheet::put_deadlines(id, term, version, &body).await }, move |saved| {
            toast::say(t(SAVED));
            days.set(Some(saved));
        });
    };
    let past = move || {
        let today = format::today();
        let gone = |value: RwSignal<String>| value.read().parse::<chrono::NaiveDate>().is_ok_and(|day| day < today);
        [regular, midterm, last]
            .into_iter()
            .any(gone)
            .then(|| view! { <p class="strip">{icon(Icon::Lock)}<span>{t(PAST)}</span></p> })
    };
    view! {
        <form class="panel" on:submit=send>
            <header><h2>{t(DAYS)}</h2></header>
            <div class="body stack">
                <DateField label=SlotGroup::Regular.label(lang()) name="due-regular" value=regular fault=form.fault("/regular") />
                <DateField label=SlotGroup::Midterm.label(lang()) name="due-midterm" value=midterm fault=form.fault("/midterm") />
                <DateField label=SlotGroup::Final.label(lang()) name="due-final" value=last hint=t(NO_DAY) fault=form.fault("/final") />
                {past}
                <FormFault form=form fields=&["/regular", "/midterm", "/final"] />
                <div class="row"><Button label=t(SAVE) look=Look::Primary busy=form.busy /></div>
            </div>
        </form>
    }
    .into_any()
}

pub fn tone(state: OpeningState) -> Tone {
    match state {
        OpeningState::Pending => Tone::Warn,
        OpeningState::Approved => Tone::Ok,
        OpeningState::Refused => Tone::Quiet,
    }
}

/// What was asked and what was answered, as the teacher and the approver see it.
pub fn told(opening: &MarkOpening) -> AnyView {
    let groups = opening.groups.iter().map(|group| group.label(lang())).collect::<Vec<_>>().join(", ");
    let by = tf(BY, &[("who", &opening.requested_by), ("at", &format::instant(opening.requested_at))]);
    let answered = opening.decided_at.map(|at| {
        let mut text = tf(ANSWERED, &[("who", opening.decided_by.as_deref().unwrap_or_default()), ("at", &format::instant(at))]);
        if let Some(day) = opening.open_until {
            text = format!("{text}, {}", tf(OPEN_UNTIL, &[("day", &format::date(day))]));
        }
        text
    });
    view! {
        <p>{groups}</p>
        <p class="because">"“"{opening.reason.clone()}"”"</p>
        <p class="quiet num">{by}</p>
        {answered.map(|text| view! { <p class="quiet num">{text}</p> })}
        {opening.note.clone().map(|note| view! { <p class="because">"“"{note}"”"</p> })}
    }
    .into_any()
}

fn list(page: Page<MarkOpening>, requests: Loader<Page<MarkOpening>>) -> AnyView {
    if page.items.is_empty() {
        return view! { <Empty title=t(NO_REQUESTS) text=t(NO_REQUESTS_TEXT) glyph=Icon::Key /> }.into_any();
    }
    let may = who().can(Permission::DeadlineWrite);
    let asked = RwSignal::new(None::<MarkOpening>);
    let open = RwSignal::new(false);
    // Those that wait stand first.
    let mut items = page.items;
    items.sort_by_key(|opening| opening.state != OpeningState::Pending);
    let lines = items
        .into_iter()
        .map(|opening| {
            let href = address(opening.class_id, &opening.subject_code, opening.term);
            let subject = lang().pick(&opening.subject_name_vi, &opening.subject_name_en).to_owned();
            let told = told(&opening);
            let (name, state) = (opening.class_name.clone(), opening.state);
            view! {
                <li>
                    <div class="grow stack"><span class="row tight"><A href=href><b>{name}" · "{subject}</b></A><Pill label=state.label(lang()) tone=tone(state) /></span>{told}</div>
                    {(may && state == OpeningState::Pending).then(|| {
                        let press = Callback::new(move |()| { asked.set(Some(opening.clone())); open.set(true) });
                        view! { <Button label=t(ANSWER) small=true on_press=press /> }
                    })}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="lines">{lines}</ul>
        <Dialog open=open title=t(REQUESTS)>
            {move || asked.get().map(|opening| view! { <Decide opening=opening open=open requests=requests /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Decide(opening: MarkOpening, open: RwSignal<bool>, requests: Loader<Page<MarkOpening>>) -> impl IntoView {
    let form = Form::new();
    // A few days are what is asked for most.
    let soon = format::today().checked_add_days(chrono::Days::new(3)).unwrap_or_else(format::today);
    let until = RwSignal::new(soon.to_string());
    let note = RwSignal::new(String::new());
    let told = told(&opening);
    let opening = StoredValue::new(opening);
    let decide = move |approve: bool| {
        let note = Some(note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
        let open_until = if approve { until.get_untracked().parse().ok() } else { None };
        let body = DecideOpening { approve, open_until, note };
        form.send(async move { sheet::decide_opening(&opening.get_value(), &body).await }, move |_| {
            open.set(false);
            toast::say(t(DECIDED));
            requests.reload();
        });
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); decide(true) }>
            {told}
            <DateField label=t(UNTIL) name="open-until" value=until required=true fault=form.fault("/open_until") />
            <div class="field"><label for="open-note">{t(NOTE)}</label><textarea id="open-note" maxlength="500" prop:value=note on:input=move |event| note.set(event_target_value(&event))></textarea></div>
            <FormFault form=form fields=&["/open_until"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(REFUSE) look=Look::Danger disabled=form.busy on_press=Callback::new(move |()| decide(false)) />
                <Button label=t(APPROVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
