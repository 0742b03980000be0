//! Terms at former schools: what a paper says of a learner who came during the year, typed by the homeroom teacher, with what it
//! comes to before it is kept.

use super::nowhere;
use super::sheet::value::speak;
use super::why::{level_text, reasons, tone};
use crate::api::gradebook;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, Dialog, Empty, Field, Form, FormFault, Icon, Loader, Look, Pill, SelectField, icon, load, toast};
use dto::calendar::Term;
use dto::former::{FormerSubject, FormerTerm, FormerTerms, PutFormerTerm};
use dto::gradebook::ResultSubject;
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use regulations::tt22::{Semester, SubjectResult, YearInput, YearSubject, evaluate_year};
use regulations::{CellFault, CellValue, Level, Point, Policy, PrimarySlot, Regulation, format_cell, parse_cell, tt27};

texts! {
    TITLE: "Kết quả ở trường cũ", "Results from former schools";
    ABOUT: "Dùng cho học sinh chuyển đến giữa năm: kết quả một học kì do trường cũ xác nhận thay cho học kì đó ở lớp này, và cả năm được tính với nó.", "For learners who came during the year: what the former school gave of a term stands in its place here, and the year is made with it.";
    ABOUT_PRIMARY: "Dùng cho học sinh chuyển đến giữa năm: kết quả một học kì do trường cũ xác nhận thay cho học kì đó ở lớp này. Kết quả cả năm xét theo cuối học kì II.", "For pupils who came during the year: what the former school gave of a term stands in its place here. The year is what the end of semester II comes to.";
    ADD: "Ghi kết quả trường cũ", "Record a former school's results";
    EDIT: "Sửa", "Correct";
    EDIT_OF: "Sửa kết quả trường cũ của {name}", "Correct the record of {name}";
    NONE: "Chưa có học sinh nào có kết quả từ trường cũ", "No results from former schools yet";
    NONE_TEXT: "Khi học sinh chuyển đến sau một học kì, hãy ghi kết quả theo học bạ.", "Where a learner came after a term, record it from the school report.";
    LEARNER: "Học sinh", "Learner";
    TERM: "Học kì", "Semester";
    SCHOOL: "Trường cũ", "Former school";
    DOCUMENT: "Căn cứ", "Document";
    DOCUMENT_HINT: "Ví dụ: Học bạ, trang 5; hoặc phiếu kết quả học tập và ngày ký", "Such as: school report, page 5; or the statement of results and its date";
    CONDUCT: "Rèn luyện", "Conduct";
    NOT_GIVEN: "Chưa có", "Not given";
    ABSENCES: "Số buổi nghỉ", "Half-days absent";
    MARKS: "Điểm trung bình học kì từng môn", "Average of the term, by subject";
    SUBJECTS: "Môn học, hoạt động giáo dục (T, H, C; M nếu miễn) và điểm kiểm tra cuối kì", "Subjects and activities (T, H, C; M where exempt), with the tests at the end";
    TRAITS: "Phẩm chất, năng lực (T, Đ, C)", "Qualities and competencies (T, Đ, C)";
    LEVEL: "{name}: mức", "{name}: level";
    TEST: "{name}: điểm KT", "{name}: test";
    SO_FAR_PRIMARY: "Đã có {n} trong {all} nội dung.", "{n} of {all} entries so far.";
    NEEDS_LEVEL: "Môn có điểm kiểm tra thì cần cả mức đạt được.", "A subject with a test needs its level too.";
    NEEDS_TEST: "Học kì II cần cả điểm kiểm tra cuối năm của các môn có bài kiểm tra.", "Semester II needs the year-end tests too.";
    PREVIEW: "Xem trước", "Preview";
    SO_FAR: "Đã có {n} trong {all} môn.", "{n} of {all} subjects so far.";
    COMES_TO: "Học tập {term}: {level}.", "Learning in {term}: {level}.";
    UNKNOWN: "Còn thiếu môn nên chưa xếp được mức học tập của học kì.", "Subjects are missing, so the term comes to no level yet.";
    REPLACES: "Học sinh này đã có bản ghi của học kì; lưu sẽ thay bản đó.", "There is a record of this learner's term; saving replaces it.";
    NO_RESULT: "Ở đây ghi kết quả học kì: điểm, Đ, CĐ hoặc M.", "A term's result is a mark, Đ, CĐ or M.";
    REMOVE: "Bỏ", "Remove";
    REMOVE_OF: "Bỏ kết quả trường cũ của {name}", "Remove the record of {name}";
    REMOVE_ASK: "Bỏ bản ghi này? Học kì của học sinh sẽ lại tính theo điểm ở lớp.", "Remove this record? The term will be counted by the marks of this class again.";
    REMOVED: "Đã bỏ bản ghi", "The record was removed";
    BY: "{name} ghi lúc {day}", "Recorded by {name}, {day}";
    CLOSED: "Năm học của lớp đã chốt: chỉ để xem.", "The year of the class is closed: read only.";
}

#[component]
pub fn FormerPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { gradebook::former_terms(id.ok_or_else(nowhere)?).await }
    });
    view! {
        {class.show(move |class| class_head(&class, ().into_any()))}
        {loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })}
    }
}

#[component]
fn Loaded(answer: FormerTerms, loader: Loader<FormerTerms>) -> impl IntoView {
    let (class, writable) = (answer.class_id, answer.writable);
    let open = RwSignal::new(false);
    let item = RwSignal::new(None::<FormerTerm>);
    let (asking, removing) = (RwSignal::new(false), RwSignal::new(None::<(LearnerId, Term)>));
    let form = Form::new();
    let name = |learner: LearnerId| {
        let known = answer.learners.iter().find(|l| l.learner_id == learner);
        known.map(|l| (l.full_name.clone(), l.given_name.clone())).unwrap_or_default()
    };
    let lines =
        answer.items.iter().map(|term| line(term, name(term.learner_id), writable, open, item, asking, removing)).collect_view();
    let empty = answer.items.is_empty();
    let about = t(if policy_of(&answer).is_some_and(|policy| policy.code == Regulation::Tt27) { ABOUT_PRIMARY } else { ABOUT });
    let answer = StoredValue::new(answer);
    let add = Callback::new(move |()| {
        item.set(None);
        open.set(true);
    });
    let done = Callback::new(move |()| {
        open.set(false);
        toast::say(t(tx::SAVED));
        loader.reload();
    });
    let remove = Callback::new(move |()| {
        let Some((learner, term)) = removing.get_untracked() else { return };
        form.send(gradebook::remove_former_term(class, term, learner), move |()| {
            asking.set(false);
            toast::say(t(REMOVED));
            loader.reload();
        });
    });
    view! {
        <section class="panel" aria-labelledby="former-title">
            <header>
                <h2 id="former-title" class="grow">{t(TITLE)}</h2>
                {writable.then(|| view! { <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=add /> })}
            </header>
            <div class="body stack">
                <p class="quiet">{about}</p>
                {(!writable).then(|| view! { <p class="strip info">{icon(Icon::Lock)}<span>{t(CLOSED)}</span></p> })}
                {if empty {
                    view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Book /> }.into_any()
                } else {
                    view! { <div class="stack">{lines}</div> }.into_any()
                }}
            </div>
        </section>
        <Dialog open=open title=t(ADD)><Entry answer=answer item=item.get_untracked() done=done /></Dialog>
        <Dialog open=asking title=t(REMOVE)>
            <p>{t(REMOVE_ASK)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| asking.set(false)) />
                <Button label=t(REMOVE) look=Look::Danger busy=form.busy on_press=remove />
            </footer>
        </Dialog>
    }
    .into_any()
}

fn line(
    term: &FormerTerm,
    (full_name, given_name): (String, String),
    writable: bool,
    open: RwSignal<bool>,
    item: RwSignal<Option<FormerTerm>>,
    asking: RwSignal<bool>,
    removing: RwSignal<Option<(LearnerId, Term)>>,
) -> AnyView {
    let who = format::name(&full_name, &given_name);
    let (edit_label, remove_label) = (tf(EDIT_OF, &[("name", &full_name)]), tf(REMOVE_OF, &[("name", &full_name)]));
    let level = term.learning.map(|level| view! { <Pill label=level_text(level) tone=tone(level) /> });
    let by = tf(BY, &[("name", &term.updated_by), ("day", &format::instant(term.updated_at))]);
    let (key, mine) = ((term.learner_id, term.term), term.clone());
    let edit = move |_| {
        item.set(Some(mine.clone()));
        open.set(true);
    };
    let remove = move |_| {
        removing.set(Some(key));
        asking.set(true);
    };
    view! {
        <details class="panel">
            <summary>
                <span class="grow">{who}<small>{format!("{} · {}", term.term.label(lang()), term.from_school)}</small></span>
                {level}
            </summary>
            <div class="body stack">
                {reasons(term.reasons.clone())}
                <p class="quiet">{by}</p>
                {writable.then(|| view! {
                    <div class="row">
                        <button type="button" class="btn small" aria-label=edit_label on:click=edit>{t(EDIT)}</button>
                        <button type="button" class="btn small plain" aria-label=remove_label on:click=remove>{t(REMOVE)}</button>
                    </div>
                })}
            </div>
        </details>
    }
    .into_any()
}

fn policy_of(answer: &FormerTerms) -> Option<Policy> {
    regulations::policy_for(answer.grade.number()?, answer.school_year.get(..4)?.parse().ok()?)
}

/// A subject with what is typed for it.
#[derive(Clone)]
struct Typed {
    subject: ResultSubject,
    /// In a primary class: the column that it is of.
    slot: Option<PrimarySlot>,
    text: RwSignal<String>,
}

impl Typed {
    fn is_test(&self) -> bool {
        matches!(self.slot, Some(PrimarySlot::Test(_)))
    }

    fn value(&self) -> Result<Option<CellValue>, &'static str> {
        if let Some(slot) = self.slot {
            return match tt27::parse(&self.text.read(), slot, &tt27::Choices::DEFAULT) {
                Ok(parsed) if self.is_test() && parsed.value.is_some_and(|v| !matches!(v, CellValue::Score(_))) => {
                    Err(CellFault::NotATest.text(speak(lang())))
                }
                Ok(parsed) => Ok(parsed.value),
                Err(fault) => Err(fault.text(speak(lang()))),
            };
        }
        match parse_cell(&self.text.read(), self.subject.kind) {
            Ok(parsed) if parsed.value == Some(CellValue::Absent) => Err(t(NO_RESULT)),
            Ok(parsed) => Ok(parsed.value),
            Err(fault) => Err(fault.text(speak(lang()))),
        }
    }
}

/// What the subjects come to, by the circular's own code.
fn learning(given: &[(Typed, CellValue)], policy: &Policy) -> Option<Level> {
    let subjects: Vec<YearSubject<'_>> = given
        .iter()
        .map(|(typed, value)| YearSubject {
            code: &typed.subject.subject_code,
            name: &typed.subject.name_vi,
            kind: typed.subject.kind,
            annual_periods: 0,
            semester1: Semester::Closed(match value {
                CellValue::Score(mark) => SubjectResult::Average(*mark),
                CellValue::Pass => SubjectResult::Pass,
                CellValue::Fail => SubjectResult::Fail,
                _ => SubjectResult::Exempt,
            }),
            semester2: Semester::Cells(&[]),
            reassessment: None,
        })
        .collect();
    let input = YearInput { subjects: &subjects, conduct1: None, conduct2: None, absences: None, summer_conduct: None };
    evaluate_year(&input, policy).semester1.level
}

#[component]
fn Entry(answer: StoredValue<FormerTerms>, item: Option<FormerTerm>, done: Callback<()>) -> impl IntoView {
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let first = answer.with_value(|a| a.learners.first().map(|l| l.learner_id.to_string()));
    let stood = |code: &str, test: bool| {
        let given = item.as_ref().and_then(|item| item.subjects.iter().find(|s| s.subject_code == code))?;
        let value = if test { CellValue::Score(given.test?) } else { given.value };
        Some(format_cell(&value, speak(lang())))
    };
    let policy = answer.with_value(policy_of);
    let of_primary = policy.as_ref().is_some_and(|policy| policy.code == Regulation::Tt27);
    let columns = |subject: &ResultSubject| match of_primary {
        true => primary_columns(subject, answer.with_value(|a| a.grade.number()).unwrap_or_default()),
        false => vec![None],
    };
    let typed: Vec<Typed> = answer.with_value(|a| {
        let of = |subject: &ResultSubject, slot: Option<PrimarySlot>| Typed {
            text: text(stood(&subject.subject_code, matches!(slot, Some(PrimarySlot::Test(_))))),
            subject: subject.clone(),
            slot,
        };
        a.subjects.iter().flat_map(|s| columns(s).into_iter().map(|slot| of(s, slot)).collect::<Vec<_>>()).collect()
    });
    let who = text(item.as_ref().map(|i| i.learner_id.to_string()).or(first));
    let term = text(Some(item.as_ref().map_or(Term::S1, |i| i.term).to_string()));
    let school = text(item.as_ref().map(|i| i.from_school.clone()));
    let document = text(item.as_ref().map(|i| i.document.clone()));
    let conduct = text(item.as_ref().and_then(|i| i.conduct).map(|level| level.code().to_owned()));
    let absences = text(item.as_ref().and_then(|i| i.absences).map(|n| n.to_string()));
    let editing = item.is_some();
    // A record that is there already, and its version.
    let stands = move || {
        let (who, term) = (who.read(), term.read());
        let same = |item: &&FormerTerm| item.learner_id.to_string() == *who && item.term.as_str() == *term;
        answer.with_value(|a| a.items.iter().find(same).map(|item| item.version))
    };
    let takes = move |code: &str| {
        let who = who.read();
        let learner = |a: &FormerTerms| a.learners.iter().find(|l| l.learner_id.to_string() == *who).cloned();
        answer.with_value(learner).is_none_or(|l| l.subject_codes.iter().any(|own| own == code))
    };
    let all = StoredValue::new(typed.clone());
    let own = move || all.get_value().into_iter().filter(|typed| takes(&typed.subject.subject_code)).collect::<Vec<_>>();
    let given = move || -> Vec<(Typed, CellValue)> {
        own().into_iter().filter_map(|typed| Some((typed.clone(), typed.value().ok()??))).collect()
    };
    // In a primary class: a test without its level, or in the second term a level without its test.
    let lacks = Memo::new(move |_| {
        let (own, second) = (own(), *term.read() == Term::S2.as_str());
        let level = |code: &str| own.iter().find(|typed| !typed.is_test() && typed.subject.subject_code == code)?.value().ok()?;
        let tests = own.iter().filter(|typed| typed.is_test());
        let mut lacks = tests.filter_map(|typed| match (level(&typed.subject.subject_code), typed.value()) {
            (None, Ok(Some(_))) => Some(t(NEEDS_LEVEL)),
            (Some(level), Ok(None)) if second && level != CellValue::Exempt => Some(t(NEEDS_TEST)),
            _ => None,
        });
        lacks.next()
    });
    let wrong = Signal::derive(move || own().iter().any(|typed| typed.value().is_err()) || lacks.read().is_some());
    let preview = move || {
        let (given, count) = (given(), own().len());
        let n = [("n", &*given.len().to_string()), ("all", &*count.to_string())];
        let replaces = (!editing && stands().is_some()).then(|| view! { <p>{t(REPLACES)}</p> });
        if of_primary {
            let lacks = lacks.get().map(|text| view! { <p><b>{text}</b></p> });
            return view! { <p>{tf(SO_FAR_PRIMARY, &n)}</p>{lacks}{replaces} }.into_any();
        }
        let so_far = tf(SO_FAR, &n);
        let level = (given.len() == count).then(|| policy.as_ref().and_then(|policy| learning(&given, policy))).flatten();
        let term = term.read().parse::<Term>().map_or("", |term| term.label(lang()));
        let comes = match level {
            Some(level) => tf(COMES_TO, &[("term", term), ("level", level_text(level))]),
            None => t(UNKNOWN).to_owned(),
        };
        view! { <p>{so_far}</p><p><b>{comes}</b></p>{replaces} }.into_any()
    };
    let form = Form::new();
    let send = move || {
        let (Ok(learner), Ok(at)) = (who.read_untracked().parse::<LearnerId>(), term.read_untracked().parse::<Term>()) else {
            return;
        };
        let given = untrack(given);
        let body = PutFormerTerm {
            from_school: school.read_untracked().trim().to_owned(),
            document: document.read_untracked().trim().to_owned(),
            conduct: Level::from_code(&conduct.read_untracked()),
            absences: absences.read_untracked().trim().parse().ok(),
            subjects: entries(&given),
        };
        let (class, version) = (answer.with_value(|a| a.class_id), untrack(stands).unwrap_or(0));
        form.send(async move { gradebook::put_former_term(class, at, learner, version, &body).await }, move |_| done.run(()));
    };
    let learners = answer.with_value(|a| {
        a.learners.iter().map(|l| (l.learner_id.to_string(), format!("{}. {}", l.ordinal, l.full_name))).collect::<Vec<_>>()
    });
    let terms: Vec<_> = Term::ALL.iter().map(|term| (term.to_string(), term.label(lang()).to_owned())).collect();
    let levels: Vec<_> = std::iter::once((String::new(), t(NOT_GIVEN).to_owned()))
        .chain(Level::ALL.iter().rev().map(|level| (level.code().to_owned(), level_text(*level).to_owned())))
        .collect();
    let fieldset = |legend: &'static str, typed: Vec<Typed>| {
        let fields = typed
            .into_iter()
            .map(|typed| view! { {move || takes(&typed.subject.subject_code).then(|| mark(&typed))} })
            .collect_view();
        view! { <fieldset class="field"><legend class="label">{legend}</legend><div class="fields narrow">{fields}</div></fieldset> }
    };
    let is_trait = |typed: &Typed| matches!(typed.slot, Some(PrimarySlot::Trait(..)));
    let (traits, subjects): (Vec<_>, Vec<_>) = typed.into_iter().partition(is_trait);
    let marks = fieldset(if of_primary { t(SUBJECTS) } else { t(MARKS) }, subjects);
    let traits = of_primary.then(|| fieldset(t(TRAITS), traits));
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <div class="fields">
                {(!editing).then(|| view! {
                    <SelectField label=t(LEARNER) name="former_learner" value=who options=Signal::derive(move || learners.clone()) />
                    <SelectField label=t(TERM) name="former_term" value=term options=Signal::derive(move || terms.clone()) />
                })}
                <Field label=t(SCHOOL) name="former_school" value=school required=true max=200 fault=form.fault("/from_school") />
                <Field label=t(DOCUMENT) name="former_document" value=document required=true max=300 hint=t(DOCUMENT_HINT) fault=form.fault("/document") />
                {(!of_primary).then(|| view! { <SelectField label=t(CONDUCT) name="former_conduct" value=conduct options=Signal::derive(move || levels.clone()) /> })}
                <Field label=t(ABSENCES) name="former_absences" value=absences kind="number" fault=form.fault("/absences") />
            </div>
            {marks}
            {traits}
            <div class="strip info">{icon(Icon::Info)}<div class="grow" role="status" aria-label=t(PREVIEW)>{preview}</div></div>
            <FormFault form=form fields=&["/from_school", "/document", "/absences"] />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy disabled=wrong /></footer>
        </form>
    }
    .into_any()
}

/// The columns of a primary subject, or of a quality or competency, at the end of a term.
fn primary_columns(subject: &ResultSubject, grade: u8) -> Vec<Option<PrimarySlot>> {
    let code = &subject.subject_code;
    if let Some(one) = tt27::trait_of(code) {
        return vec![Some(PrimarySlot::Trait(Point::End, one.number))];
    }
    let test = tt27::has_test(code, grade, Point::End, &tt27::Choices::DEFAULT).then_some(PrimarySlot::Test(Point::End));
    std::iter::once(PrimarySlot::Level(Point::End)).chain(test).map(Some).collect()
}

/// A subject each, with its test.
fn entries(given: &[(Typed, CellValue)]) -> Vec<FormerSubject> {
    let test = |code: &str| {
        let typed = given.iter().find(|(typed, _)| typed.is_test() && typed.subject.subject_code == code);
        typed.and_then(|(_, value)| if let CellValue::Score(mark) = value { Some(*mark) } else { None })
    };
    let results = given.iter().filter(|(typed, _)| !typed.is_test());
    let entry = |(typed, value): &(Typed, CellValue)| FormerSubject {
        subject_code: typed.subject.subject_code.clone(),
        value: *value,
        test: test(&typed.subject.subject_code),
    };
    results.map(entry).collect()
}

fn mark(typed: &Typed) -> AnyView {
    let name = lang().pick(&typed.subject.name_vi, &typed.subject.name_en).to_owned();
    let (name, which) = match typed.slot {
        Some(PrimarySlot::Level(_)) => (tf(LEVEL, &[("name", &name)]), ""),
        Some(PrimarySlot::Test(_)) => (tf(TEST, &[("name", &name)]), "-test"),
        _ => (name, ""),
    };
    let id = format!("former-{}{which}", typed.subject.subject_code);
    let (text, own) = (typed.text, typed.clone());
    let fault = Memo::new(move |_| own.value().err());
    let described = format!("{id}-fault");
    let (error_id, describes) = (described.clone(), described);
    view! {
        <div class="field small">
            <label for=id.clone()>{name}</label>
            <input
                id=id class="num" size="5" autocomplete="off" aria-invalid=move || fault.read().is_some().then_some("true")
                aria-describedby=move || fault.read().is_some().then(|| describes.clone())
                prop:value=text on:input=move |event| text.set(event_target_value(&event))
            />
            {move || fault.get().map(|fault| view! { <p class="wrong" id=error_id.clone() role="alert">{icon(Icon::Alert)}<span>{fault}</span></p> })}
        </div>
    }
    .into_any()
}
