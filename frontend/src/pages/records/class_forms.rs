//! Forms of a class: a new one, its name and homeroom teacher, a learner who comes, one who leaves.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::learner_forms::NewLearner;
use crate::pages::records::pick::{Picked, School, filled};
use crate::state::calendar;
use crate::ui::{Button, DateField, Field, Form, FormFault, Look, SelectField, effect, load};
use dto::UnitId;
use dto::calendar::Grade;
use dto::classes::*;
use dto::learners::{Learner, LearnerStatus, PostStatus};
use leptos::prelude::*;

texts! {
    NAME: "Tên lớp", "Name of the class";
    NAME_HINT: "Ví dụ: 6A1, 12.6, Lá 1", "Such as: 6A1, 12.6, Lá 1";
    HOMEROOM: "Giáo viên chủ nhiệm", "Homeroom teacher";
    NOBODY: "Chưa phân công", "Nobody yet";
    KNOWN: "Đã có hồ sơ", "With a record";
    NEW: "Hồ sơ mới", "A new record";
    HOW: "Cách thêm", "How to add";
    WHO: "Học sinh", "Learner";
    WHO_HINT: "Gõ tên không cần dấu, hoặc mã định danh", "Type the name without marks, or a code";
    PICK_LEARNER: "Hãy chọn một học sinh trong danh sách gợi ý", "Choose a learner from the suggestions";
    SINCE: "Vào lớp từ ngày", "In the class from";
    SINCE_HINT: "Nếu em đang ở lớp khác của trường, em rời lớp đó cùng ngày.", "A learner of another class of the school leaves that class on the same day.";
    ENROL: "Thêm vào lớp", "Add to the class";
    WHY: "Lí do rời lớp", "Why";
    FIRST_DAY: "Ngày đầu tiên không còn trong lớp", "First day on which they are not in the class";
    KEPT: "Dòng của em trong danh sách, số thứ tự và mọi điểm đã có được giữ lại.", "The line in the list, the ordinal and all marks stay.";
    REASON: "Ghi chú lí do", "Reason in words";
    REASON_HINT: "Ví dụ: theo gia đình về Cần Thơ", "Such as: the family moved to Cần Thơ";
    ONLY_LEAVE: "Chỉ rời lớp này, vẫn là học sinh của trường", "Leaves this class only, stays at the school";
    LEAVE: "Cho rời lớp", "Take out of the class";
}

const FIELDS: &[&str] = &["/name", "/grade", "/homeroom_staff_id", "/enrolled_on", "/learner_id", "/since", "/reason", "left_on"];

/// The staff of a school as options, those who teach first.
fn teachers(school: Signal<Option<UnitId>>) -> Signal<Vec<(String, String)>> {
    let staff = load(move || {
        let school = school.get();
        async move {
            match school {
                Some(school) => records::all_staff(school).await,
                None => Ok(Vec::new()),
            }
        }
    });
    Signal::derive(move || {
        let none = std::iter::once((String::new(), t(NOBODY).to_owned()));
        none.chain(staff.get().unwrap_or_default().into_iter().map(|s| (s.id.to_string(), s.full_name))).collect()
    })
}

#[component]
pub fn NewClass(school: School, done: Callback<Class>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let grade = RwSignal::new("6".to_owned());
    let homeroom = RwSignal::new(String::new());
    let year = RwSignal::new(String::new());
    let form = Form::new();
    let missing = RwSignal::new(false);
    let years = calendar();
    let options = Signal::derive(move || {
        years.map(|c| c.years()).unwrap_or_default().into_iter().map(|y| (y.id.to_string(), y.code)).collect::<Vec<_>>()
    });
    effect(move || {
        if let Some(current) = years.and_then(|c| c.current()).filter(|_| year.read_untracked().is_empty()) {
            year.set(current.id.to_string());
        }
    });
    // "8A2" is of grade 8: the name is typed first.
    effect(move || {
        let digits: String = name.read().chars().take_while(char::is_ascii_digit).take(2).collect();
        if let Some(found) = digits.parse().ok().and_then(Grade::from_number) {
            grade.set(found.to_string());
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        missing.set(school.id().is_none());
        let (Some(school_id), Ok(school_year_id), Ok(grade)) =
            (school.id(), year.get_untracked().parse(), grade.get_untracked().parse())
        else {
            return;
        };
        let body = PostClass {
            school_id,
            school_year_id,
            grade,
            name: name.get_untracked().trim().to_owned(),
            homeroom_staff_id: homeroom.get_untracked().parse().ok(),
        };
        form.send(async move { records::create_class(&body).await }, move |class| done.run(class));
    };
    let grades = Grade::ALL.iter().map(|g| (g.to_string(), g.label(lang()).to_owned())).collect::<Vec<_>>();
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            {move || missing.get().then(|| view! { <p class="strip bad" role="alert">{t(tx::PICK_SCHOOL)}</p> })}
            {school.field("new_school")}
            <div class="fields">
                <Field label=t(NAME) name="class_name" value=name required=true autofocus=true max=30 hint=t(NAME_HINT) fault=form.fault("/name") />
                <SelectField label=t(tx::GRADE) name="new_grade" value=grade options=grades fault=form.fault("/grade") />
                <SelectField label=t(tx::SCHOOL_YEAR) name="new_year" value=year options=options fault=form.fault("/school_year_id") />
                <SelectField label=t(HOMEROOM) name="new_homeroom" value=homeroom options=teachers(Signal::derive(move || school.id())) fault=form.fault("/homeroom_staff_id") />
            </div>
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn EditClass(class: Class, done: Callback<Class>) -> impl IntoView {
    let name = RwSignal::new(class.name.clone());
    let homeroom = RwSignal::new(class.homeroom.as_ref().map(|h| h.id.to_string()).unwrap_or_default());
    let form = Form::new();
    let (id, version) = (class.id, class.version);
    let staff = teachers(Signal::stored(Some(class.school_id)));
    // Who is homeroom teacher now may have left the school since.
    let now = class.homeroom.map(|h| (h.id.to_string(), h.full_name));
    let options = Signal::derive(move || {
        let mut options = staff.get();
        if let Some(now) = now.clone().filter(|(id, _)| options.iter().all(|(other, _)| other != id)) {
            options.push(now);
        }
        options
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body =
            PutClass { name: name.get_untracked().trim().to_owned(), homeroom_staff_id: homeroom.get_untracked().parse().ok() };
        form.send(async move { records::put_class(id, version, &body).await }, move |class| done.run(class));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            <Field label=t(NAME) name="edit_name" value=name required=true max=30 fault=form.fault("/name") />
            <SelectField label=t(HOMEROOM) name="edit_homeroom" value=homeroom options=options fault=form.fault("/homeroom_staff_id") />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// A learner comes into the class: one who is known at the school, or a new record that goes straight into it.
#[component]
pub fn Enrol(class: Class, done: Callback<String>) -> impl IntoView {
    let new = RwSignal::new(false);
    let stored = StoredValue::new(class);
    view! {
        <div class="stack">
            <div class="either" role="group" aria-label=t(HOW)>
                <button type="button" aria-pressed=move || (!new.get()).to_string() on:click=move |_| new.set(false)>{t(KNOWN)}</button>
                <button type="button" aria-pressed=move || new.get().to_string() on:click=move |_| new.set(true)>{t(NEW)}</button>
            </div>
            {move || if new.get() {
                view! { <EnrolNew class=stored.get_value() done=done /> }.into_any()
            } else {
                view! { <EnrolKnown class=stored.get_value() done=done /> }.into_any()
            }}
        </div>
    }
}

#[component]
fn EnrolKnown(class: Class, done: Callback<String>) -> impl IntoView {
    let who = Picked::new();
    let since = RwSignal::new(format::today().to_string());
    let missing = RwSignal::new(false);
    let form = Form::new();
    let (id, school) = (class.id, class.school_id);
    let server = form.fault("/learner_id");
    let fault = Signal::derive(move || server.get().or_else(|| missing.get().then(|| t(PICK_LEARNER).to_owned())));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let learner = who.id();
        missing.set(learner.is_none());
        let (Some(learner_id), Ok(enrolled_on)) = (learner, since.get_untracked().parse()) else { return };
        let body = PostEnrolment { learner_id, enrolled_on };
        form.send(async move { records::enrol(id, &body).await }, move |member| done.run(member.full_name));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            {who.learner_field(t(WHO), "enrol_who", Some(school), t(WHO_HINT), fault)}
            <DateField label=t(SINCE) name="enrolled_on" value=since required=true hint=t(SINCE_HINT) fault=form.fault("/enrolled_on") />
            <footer><Button label=t(ENROL) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// Two steps on the server, one for the person: the record is made, then the learner is put into the class. Where the second fails, it is
/// tried again without a second record.
#[component]
fn EnrolNew(class: Class, done: Callback<String>) -> impl IntoView {
    let made = RwSignal::new(None::<(Learner, chrono::NaiveDate)>);
    let form = Form::new();
    let id = class.id;
    let put = move || {
        let Some((learner, enrolled_on)) = made.get_untracked() else { return };
        let body = PostEnrolment { learner_id: learner.id, enrolled_on };
        form.send(async move { records::enrol(id, &body).await }, move |member| done.run(member.full_name));
    };
    let created = Callback::new(move |(learner, since): (Learner, chrono::NaiveDate)| {
        made.set(Some((learner, since)));
        put();
    });
    view! {
        <FormFault form=form fields=FIELDS />
        {move || match made.get() {
            None => view! { <NewLearner at=class.school_id since_label=t(SINCE) verb=t(ENROL) made=created /> }.into_any(),
            Some((learner, _)) => view! {
                <p><b>{learner.full_name}</b></p>
                <footer><Button label=t(ENROL) look=Look::Primary busy=form.busy on_press=Callback::new(move |()| put()) /></footer>
            }.into_any(),
        }}
    }
}

/// A learner leaves the class: for another school, for good, for a time, or only this class.
#[component]
pub fn Leave(class: Class, member: ClassMember, done: Callback<String>) -> impl IntoView {
    const OUT: [LearnerStatus; 3] = [LearnerStatus::TransferredOut, LearnerStatus::Left, LearnerStatus::Suspended];
    let how = RwSignal::new(LearnerStatus::TransferredOut.to_string());
    let day = RwSignal::new(format::today().to_string());
    let reason = RwSignal::new(String::new());
    let form = Form::new();
    let options = OUT
        .iter()
        .map(|s| (s.to_string(), s.label(lang()).to_owned()))
        .chain(std::iter::once((String::new(), t(ONLY_LEAVE).to_owned())))
        .collect::<Vec<_>>();
    let (class_id, learner) = (class.id, member.learner_id);
    let name = StoredValue::new(member.full_name.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(since) = day.get_untracked().parse() else { return };
        let status = how.get_untracked().parse::<LearnerStatus>().ok();
        let body = status.map(|status| PostStatus { status, since, reason: filled(reason) });
        let call = async move {
            match body {
                // Who leaves the school leaves its class on the same day.
                Some(body) => records::set_status(learner, &body).await.map(|_| ()),
                None => records::leave_class(class_id, learner, since).await,
            }
        };
        form.send(call, move |()| done.run(name.get_value()));
    };
    let whose = tf(tx::OF_CLASS, &[("name", &member.full_name), ("class", &class.name)]);
    view! {
        <form class="stack form" on:submit=submit>
            <p><b>{whose}</b></p>
            <FormFault form=form fields=FIELDS />
            <SelectField label=t(WHY) name="leave_how" value=how options=options fault=form.fault("/status") />
            <DateField label=t(FIRST_DAY) name="left_on" value=day required=true hint=t(KEPT) fault=Signal::derive(move || form.fault("/since").get().or_else(|| form.fault("left_on").get())) />
            {move || (!how.read().is_empty()).then(|| view! { <Field label=t(REASON) name="leave_reason" value=reason max=500 hint=t(REASON_HINT) fault=form.fault("/reason") /> })}
            <footer><Button label=t(LEAVE) look=Look::Danger busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
