//! What a class studies, who teaches it, and the way into each mark sheet.

use crate::api::query::segment;
use crate::api::{ApiError, records};
use crate::i18n::{lang, t, texts, tx};
use crate::pages::records::class::{class_head, class_of_address};
use crate::state::{term_now, who};
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Look, Pill, SelectField, Tone, icon, load, toast};
use dto::access::Permission;
use dto::classes::{ClassSubject, PutClassSubject, PutClassSubjects};
use dto::staff::StaffQuery;
use dto::{ClassId, UnitId};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::SubjectKind;

texts! {
    SUBJECT: "Môn", "Subject";
    PERIODS: "Tiết/năm", "Periods/year";
    BY: "Đánh giá bằng", "Assessed by";
    TEACHERS: "Giáo viên", "Teachers";
    NOBODY: "Chưa phân công", "Not assigned";
    CHOSEN: "Môn lựa chọn", "Chosen subject";
    OPEN: "Sổ điểm", "Mark sheet";
    ASSIGN: "Phân công", "Assign";
    ASSIGN_WHO: "Giáo viên dạy", "Taught by";
    ASSIGNED: "Đã phân công", "Assigned";
    NO_SUBJECTS: "Lớp chưa có môn học", "The class has no subjects yet";
    SCORE: "Điểm số", "Marks";
    COMMENT: "Nhận xét", "Comments";
}

#[component]
pub fn ClassSubjects() -> impl IntoView {
    let (id, class) = class_of_address();
    let subjects = load(move || {
        let id = id.get();
        async move { records::class_subjects(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    let assigning = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if assigning.read().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            assigning.set(None);
        }
    });
    view! {
        {class.show(|class| class_head(&class, ().into_any()))}
        {subjects.show(move |page| match id.get_untracked() {
            Some(class_id) if !page.items.is_empty() => table(class_id, page.items, assigning).into_any(),
            _ => view! { <div class="panel"><Empty title=t(NO_SUBJECTS) glyph=Icon::Book /></div> }.into_any(),
        })}
        <Dialog open=open title=t(ASSIGN)>
            {move || {
                let (class, all, code) = (class.get()?, subjects.get()?.items, assigning.get()?);
                let done = Callback::new(move |page| { subjects.set(page); open.set(false); toast::say(t(ASSIGNED)) });
                Some(view! { <Assign class=class.id school=class.school_id all=all code=code done=done /> })
            }}
        </Dialog>
    }
}

fn table(class: ClassId, subjects: Vec<ClassSubject>, assigning: RwSignal<Option<String>>) -> impl IntoView {
    let who = who();
    let term = term_now();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(SUBJECT)>
            <table>
                <thead><tr>
                    <th scope="col">{t(SUBJECT)}</th><th scope="col">{t(TEACHERS)}</th><th scope="col" class="hide">{t(BY)}</th>
                    <th scope="col" class="r hide">{t(PERIODS)}</th><th scope="col"><span class="sr">{t(OPEN)}</span></th>
                </tr></thead>
                <tbody>
                    {subjects.into_iter().map(|s| {
                        let href = format!("/classes/{class}/subjects/{}/terms/{term}", segment(&s.subject_code));
                        let code = s.subject_code.clone();
                        let teachers = s.teachers.iter().map(|t| t.full_name.as_str()).collect::<Vec<_>>().join(", ");
                        view! {
                            <tr>
                                <th scope="row"><b>{lang().pick(&s.name_vi, &s.name_en).to_owned()}</b>" "{(!s.whole_class).then(|| view! { <Pill label=t(CHOSEN) tone=Tone::Info /> })}</th>
                                <td>{if teachers.is_empty() { view! { <Pill label=t(NOBODY) tone=Tone::Warn /> }.into_any() } else { teachers.into_any() }}</td>
                                <td class="hide muted">{t(if s.kind == SubjectKind::Score { SCORE } else { COMMENT })}</td>
                                <td class="r hide">{s.annual_periods}</td>
                                <td class="r">
                                    {who.can(Permission::AssignmentWrite).then(|| view! { <Button small=true look=Look::Plain label=t(ASSIGN) on_press=Callback::new(move |()| assigning.set(Some(code.clone()))) /> })}
                                    {who.can(Permission::MarkRead).then(|| view! { <A href=href attr:class="btn small">{icon(Icon::Table)}{t(OPEN)}</A> })}
                                </td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Chooses the teacher of one subject; the other subjects stay as they are.
#[component]
fn Assign(
    class: ClassId,
    school: UnitId,
    all: Vec<ClassSubject>,
    code: String,
    done: Callback<dto::Page<ClassSubject>>,
) -> impl IntoView {
    let subject = all.iter().find(|s| s.subject_code == code).cloned();
    let chosen = RwSignal::new(subject.as_ref().and_then(|s| s.teachers.first()).map(|t| t.id.to_string()).unwrap_or_default());
    let staff = load(move || async move {
        let query = StaffQuery { unit_id: Some(school), q: None };
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = records::staff(&query, after).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    });
    let options = Signal::derive(move || {
        let none = std::iter::once((String::new(), t(NOBODY).to_owned()));
        none.chain(staff.get().unwrap_or_default().into_iter().map(|s| (s.id.to_string(), s.full_name))).collect::<Vec<_>>()
    });
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = chosen.get_untracked();
        let subjects = all.iter().map(|s| {
            let teacher_ids = if s.subject_code == code {
                chosen.parse().ok().into_iter().collect()
            } else {
                s.teachers.iter().map(|t| t.id).collect()
            };
            PutClassSubject { subject_code: s.subject_code.clone(), whole_class: s.whole_class, teacher_ids }
        });
        let body = PutClassSubjects { subjects: subjects.collect() };
        form.send(async move { records::put_class_subjects(class, &body).await }, move |page| done.run(page));
    };
    view! {
        <form class="stack" on:submit=submit>
            <FormFault form=form />
            <p><b>{subject.map(|s| lang().pick(&s.name_vi, &s.name_en).to_owned())}</b></p>
            <SelectField label=t(ASSIGN_WHO) name="teacher" value=chosen options=options />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
}
