//! School years and their terms: one calendar for all schools of the province.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::{calendar, who};
use crate::ui::{Button, DateField, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, Tone, load, toast};
use dto::access::Permission;
use dto::calendar::{PutSchoolYear, SchoolYear, Term, TermDates};
use leptos::prelude::*;

texts! {
    UNDER: "Khung thời gian chung cho mọi trường của tỉnh", "One calendar for all schools of the province";
    NEW: "Thêm năm học", "Add a school year";
    EDIT: "Sửa", "Edit";
    EDIT_OF: "Sửa năm học {code}", "Edit the school year {code}";
    NOW: "Hiện tại", "Current";
    CODE: "Năm học", "School year";
    CODE_HINT: "Hai năm liền nhau, ví dụ 2026-2027", "Two years that follow each other, such as 2026-2027";
    STARTS: "Khai giảng", "Begins on";
    ENDS: "Kết thúc năm học", "Ends on";
    TERM_STARTS: "Từ ngày", "From";
    TERM_ENDS: "Đến ngày", "To";
    WEEKS: "Số tuần", "Weeks";
    DUE: "Hạn nhập điểm", "Marks are due on";
    DUE_HINT: "Nhắc việc cho giáo viên, không khoá sổ", "A reminder for teachers; it locks nothing";
    NO_DUE: "chưa đặt", "not set";
    SPAN: "{from} – {to}", "{from} – {to}";
    WEEKS_N: "{n} tuần", "{n} weeks";
    DUE_ON: "hạn nhập điểm {day}", "marks due on {day}";
    NONE: "Chưa có năm học nào", "There is no school year yet";
    NONE_TEXT: "Thêm năm học để các trường lập lớp và nhập điểm.", "Add one, so that schools can make classes and enter marks.";
}

#[component]
pub fn SchoolYears() -> impl IntoView {
    let writes = who().can(Permission::CalendarWrite);
    // The shell's own, so that what is written here is known to all pages at once.
    let years = calendar().map(|c| c.loader()).unwrap_or_else(|| load(records::school_years));
    let adding = RwSignal::new(false);
    let editing = RwSignal::new(None::<SchoolYear>);
    let edit_open = RwSignal::new(false);
    let done = Callback::new(move |()| {
        adding.set(false);
        edit_open.set(false);
        toast::say(t(tx::SAVED));
        years.reload();
    });
    let newest = move || years.get().and_then(|page| page.items.into_iter().next());
    view! {
        <Header title=t(tx::SCHOOL_YEARS) under=t(UNDER)>
            {writes.then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        {years.show(move |page| {
            if page.items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Clock /></div> }.into_any();
            }
            let edit = Callback::new(move |year: SchoolYear| { editing.set(Some(year)); edit_open.set(true) });
            page.items.into_iter().map(|year| panel(year, writes, edit)).collect_view().into_any()
        })}
        <Dialog open=adding title=t(NEW)><YearForm year=None after=newest() done=done /></Dialog>
        {move || editing.get().map(|year| {
            let title = tf(EDIT_OF, &[("code", &year.code)]);
            view! { <Dialog open=edit_open title=title><YearForm year=Some(year.clone()) after=None done=done /></Dialog> }
        })}
    }
}

fn panel(year: SchoolYear, writes: bool, edit: Callback<SchoolYear>) -> impl IntoView {
    let stored = StoredValue::new(year.clone());
    view! {
        <section class="panel">
            <header>
                <h2 class="num">{year.code}</h2>
                {year.current.then(|| view! { <Pill label=t(NOW) tone=Tone::Ok /> })}
                <span class="quiet num grow">{tf(SPAN, &[("from", &format::date(year.starts_on)), ("to", &format::date(year.ends_on))])}</span>
                {writes.then(|| view! { <Button small=true label=t(EDIT) on_press=Callback::new(move |()| edit.run(stored.get_value())) /> })}
            </header>
            <ul class="body lines">
                {year.terms.into_iter().map(|term| {
                    let due = term.marks_due_on.map(|day| tf(DUE_ON, &[("day", &format::date(day))]));
                    view! {
                        <li class="term">
                            <b>{term.term.label(lang())}</b>
                            <span class="num">{tf(SPAN, &[("from", &format::date(term.starts_on)), ("to", &format::date(term.ends_on))])}</span>
                            <span class="quiet">{tf(WEEKS_N, &[("n", &term.weeks.to_string())])}</span>
                            <span class="quiet num end">{due.unwrap_or_else(|| t(NO_DUE).to_owned())}</span>
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    }
}

const FIELDS: &[&str] = &[
    "/code",
    "/starts_on",
    "/ends_on",
    "/terms/0/weeks",
    "/terms/0/starts_on",
    "/terms/0/ends_on",
    "/terms/0/marks_due_on",
    "/terms/1/weeks",
    "/terms/1/starts_on",
    "/terms/1/ends_on",
    "/terms/1/marks_due_on",
];

/// The fields of one term.
#[derive(Clone, Copy)]
struct TermFields {
    weeks: RwSignal<String>,
    starts: RwSignal<String>,
    ends: RwSignal<String>,
    due: RwSignal<String>,
}

impl TermFields {
    fn new(dates: Option<&TermDates>, weeks: u8) -> TermFields {
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        TermFields {
            weeks: text(Some(dates.map_or(weeks, |d| d.weeks).to_string())),
            starts: text(dates.map(|d| d.starts_on.to_string())),
            ends: text(dates.map(|d| d.ends_on.to_string())),
            due: text(dates.and_then(|d| d.marks_due_on).map(|day| day.to_string())),
        }
    }

    fn dates(self, term: Term) -> Option<TermDates> {
        Some(TermDates {
            term,
            weeks: self.weeks.get_untracked().trim().parse().unwrap_or(0),
            starts_on: self.starts.get_untracked().parse().ok()?,
            ends_on: self.ends.get_untracked().parse().ok()?,
            marks_due_on: self.due.get_untracked().parse().ok(),
        })
    }
}

/// `after`: the newest year, which a new one follows.
#[component]
fn YearForm(year: Option<SchoolYear>, after: Option<SchoolYear>, done: Callback<()>) -> impl IntoView {
    let next = after.and_then(|last| {
        let first: u16 = last.code.get(5..)?.parse().ok()?;
        Some(format!("{first}-{}", first + 1))
    });
    let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let code = text(year.as_ref().map(|y| y.code.clone()).or(next));
    let starts = text(year.as_ref().map(|y| y.starts_on.to_string()));
    let ends = text(year.as_ref().map(|y| y.ends_on.to_string()));
    let term = |n: usize| year.as_ref().and_then(|y| y.terms.get(n));
    // 35 weeks of teaching: 18 and 17.
    let (one, two) = (TermFields::new(term(0), 18), TermFields::new(term(1), 17));
    let known = year.map(|y| (y.id, y.version));
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Ok(starts_on), Ok(ends_on)) = (starts.get_untracked().parse(), ends.get_untracked().parse()) else { return };
        let (Some(first), Some(second)) = (one.dates(Term::S1), two.dates(Term::S2)) else { return };
        let body = PutSchoolYear { code: code.get_untracked().trim().to_owned(), starts_on, ends_on, terms: vec![first, second] };
        let call = async move {
            match known {
                Some((id, version)) => records::put_school_year(id, version, &body).await,
                None => records::create_school_year(&body).await,
            }
        };
        form.send(call, move |_| done.run(()));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            <div class="fields">
                <Field label=t(CODE) name="year_code" value=code required=true max=9 hint=t(CODE_HINT) fault=form.fault("/code") />
                <DateField label=t(STARTS) name="year_starts" value=starts required=true fault=form.fault("/starts_on") />
                <DateField label=t(ENDS) name="year_ends" value=ends required=true fault=form.fault("/ends_on") />
            </div>
            <fieldset class="stack"><legend>{Term::S1.label(lang())}</legend>
                <div class="fields narrow">
                    <DateField label=t(TERM_STARTS) name="t1_starts" value=one.starts required=true fault=form.fault("/terms/0/starts_on") />
                    <DateField label=t(TERM_ENDS) name="t1_ends" value=one.ends required=true fault=form.fault("/terms/0/ends_on") />
                    <Field label=t(WEEKS) name="t1_weeks" value=one.weeks kind="number" required=true fault=form.fault("/terms/0/weeks") />
                    <DateField label=t(DUE) name="t1_due" value=one.due hint=t(DUE_HINT) fault=form.fault("/terms/0/marks_due_on") />
                </div>
            </fieldset>
            <fieldset class="stack"><legend>{Term::S2.label(lang())}</legend>
                <div class="fields narrow">
                    <DateField label=t(TERM_STARTS) name="t2_starts" value=two.starts required=true fault=form.fault("/terms/1/starts_on") />
                    <DateField label=t(TERM_ENDS) name="t2_ends" value=two.ends required=true fault=form.fault("/terms/1/ends_on") />
                    <Field label=t(WEEKS) name="t2_weeks" value=two.weeks kind="number" required=true fault=form.fault("/terms/1/weeks") />
                    <DateField label=t(DUE) name="t2_due" value=two.due hint=t(DUE_HINT) fault=form.fault("/terms/1/marks_due_on") />
                </div>
            </fieldset>
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
