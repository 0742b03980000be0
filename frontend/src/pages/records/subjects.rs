//! What a class studies, who teaches it, and the way into each mark sheet.

use crate::api::query::segment;
use crate::api::{ApiError, records};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::class::{class_head, class_of_address};
use crate::state::{term_now, who};
use crate::ui::{Button, Empty, Form, FormFault, Icon, Look, Pill, Tone, icon, load, toast};
use dto::access::Permission;
use dto::calendar::{Grade, Subject};
use dto::classes::{Class, ClassSubject, PutClassSubject, PutClassSubjects};
use dto::{ClassId, Page, StaffId};
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
    ASSIGN: "Sửa phân công", "Assign teachers";
    ASSIGNED: "Đã lưu phân công", "The assignment was saved";
    NO_SUBJECTS: "Lớp chưa có môn học", "The class has no subjects yet";
    NO_SUBJECTS_TEXT: "Bấm “Sửa phân công” để chọn môn theo chương trình của khối.", "Press “Assign teachers” to choose from the programme of the grade.";
    SCORE: "Điểm số", "Marks";
    COMMENT: "Nhận xét", "Comments";
    WHO_TAKES: "Ai học", "Who takes it";
    WHO_TAKES_IT: "Ai học môn {subject}", "Who takes {subject}";
    WHOLE: "Cả lớp", "The whole class";
    SOME: "Học sinh đã chọn", "Those who chose it";
    TOPICS: "Có chuyên đề học tập", "With specialised topics";
    TOPICS_PILL: "Chuyên đề", "Topics";
    TOPICS_OF: "Có chuyên đề học tập: {subject}", "With specialised topics: {subject}";
    TEACHER_OF: "Giáo viên dạy {subject}", "Teacher of {subject}";
    SECOND: "Thêm giáo viên dạy {subject}", "Another teacher of {subject}";
    TAKE_OFF: "Bỏ môn {subject} khỏi lớp", "Take {subject} off the class";
    ADD_SUBJECT: "Thêm môn của chương trình", "Add a subject of the programme";
    PICK_SUBJECT: "Chọn môn…", "Choose a subject…";
    OFF_TEXT: "Điểm của môn bị bỏ vẫn được giữ và hiện lại khi thêm môn.", "Marks of a subject that is taken off are kept, and come back with it.";
    ELECTIVES: "Học sinh theo môn lựa chọn, chuyên đề", "Learners of chosen subjects and topics";
    MISSING_N: "Còn {n} môn chưa có giáo viên", "{n} subjects have no teacher yet";
}

#[component]
pub fn ClassSubjects() -> impl IntoView {
    let (id, class) = class_of_address();
    let subjects = load(move || {
        let id = id.get();
        async move { records::class_subjects(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    let editing = RwSignal::new(false);
    let writes = who().can(Permission::AssignmentWrite);
    let done = Callback::new(move |page: Option<Page<ClassSubject>>| {
        editing.set(false);
        if let Some(page) = page {
            subjects.set(page);
            toast::say(t(ASSIGNED));
        }
    });
    view! {
        {class.show(move |class| {
            let id = class.id;
            let actions = move || {
                let chosen = subjects.get().is_some_and(|page| page.items.iter().any(|s| !s.whole_class || s.topics));
                view! {
                    {chosen.then(|| view! { <A href=format!("/classes/{id}/electives") attr:class="btn">{icon(Icon::Check)}{t(ELECTIVES)}</A> })}
                    {(writes && !editing.get()).then(|| view! { <Button label=t(ASSIGN) look=Look::Primary glyph=Icon::People on_press=Callback::new(move |()| editing.set(true)) /> })}
                }
            };
            class_head(&class, actions.into_any())
        })}
        {subjects.show(move |page| match (id.get_untracked(), class.get()) {
            (Some(_), Some(class)) if editing.get() => view! { <Editor class=class now=page.items done=done /> }.into_any(),
            (Some(class), _) if !page.items.is_empty() => table(class, page.items).into_any(),
            _ => view! { <div class="panel"><Empty title=t(NO_SUBJECTS) text=if writes { t(NO_SUBJECTS_TEXT) } else { "" } glyph=Icon::Book /></div> }.into_any(),
        })}
    }
}

fn table(class: ClassId, subjects: Vec<ClassSubject>) -> impl IntoView {
    let sheets = who().can(Permission::MarkRead);
    let term = term_now();
    let missing = subjects.iter().filter(|s| s.teachers.is_empty()).count();
    view! {
        {(missing > 0).then(|| view! { <p class="strip">{icon(Icon::Alert)}{tf(MISSING_N, &[("n", &missing.to_string())])}</p> })}
        <div class="table" tabindex="0" role="region" aria-label=t(SUBJECT)>
            <table>
                <thead><tr>
                    <th scope="col">{t(SUBJECT)}</th><th scope="col">{t(TEACHERS)}</th><th scope="col" class="hide">{t(BY)}</th>
                    <th scope="col" class="r hide">{t(PERIODS)}</th><th scope="col"><span class="sr">{t(OPEN)}</span></th>
                </tr></thead>
                <tbody>
                    {subjects.into_iter().map(|s| {
                        let href = format!("/classes/{class}/subjects/{}/terms/{term}", segment(&s.subject_code));
                        let teachers = s.teachers.iter().map(|t| t.full_name.as_str()).collect::<Vec<_>>().join(", ");
                        view! {
                            <tr>
                                <th scope="row"><b>{lang().pick(&s.name_vi, &s.name_en).to_owned()}</b>" "{(!s.whole_class).then(|| view! { <Pill label=t(CHOSEN) tone=Tone::Info /> })}{s.topics.then(|| view! { " "<Pill label=t(TOPICS_PILL) tone=Tone::Quiet /> })}</th>
                                <td>{if teachers.is_empty() { view! { <Pill label=t(NOBODY) tone=Tone::Warn /> }.into_any() } else { teachers.into_any() }}</td>
                                <td class="hide muted">{t(if s.kind == SubjectKind::Score { SCORE } else { COMMENT })}</td>
                                <td class="r hide">{s.annual_periods}</td>
                                <td class="r">{sheets.then(|| view! { <A href=href attr:class="btn small">{icon(Icon::Table)}<span class="wide-only">{t(OPEN)}</span></A> })}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// One line of the editor.
#[derive(Clone)]
struct Line {
    code: String,
    name: String,
    whole: RwSignal<bool>,
    /// Whether topics are taken; none where the subject can have none.
    topics: Option<RwSignal<bool>>,
    /// The ids of the teachers; an empty one stands for nobody.
    teachers: RwSignal<Vec<String>>,
}

/// The assignment of the whole class at once, as it is made before a term begins: every subject with its teachers.
#[component]
fn Editor(class: Class, now: Vec<ClassSubject>, done: Callback<Option<Page<ClassSubject>>>) -> impl IntoView {
    let (id, school, grade) = (class.id, class.school_id, class.grade);
    let known: Vec<(String, String)> =
        now.iter().flat_map(|s| s.teachers.iter().map(|t| (t.id.to_string(), t.full_name.clone()))).collect();
    let lines = RwSignal::new(
        now.into_iter()
            .map(|s| Line {
                name: lang().pick(&s.name_vi, &s.name_en).to_owned(),
                code: s.subject_code,
                whole: RwSignal::new(s.whole_class),
                topics: topics(grade, s.kind, s.topics),
                teachers: RwSignal::new(if s.teachers.is_empty() {
                    vec![String::new()]
                } else {
                    s.teachers.iter().map(|t| t.id.to_string()).collect()
                }),
            })
            .collect::<Vec<_>>(),
    );
    let staff = load(move || async move { records::all_staff(school).await });
    let options = Memo::new(move |_| {
        let mut options = vec![(String::new(), t(NOBODY).to_owned())];
        options.extend(staff.get().unwrap_or_default().into_iter().map(|s| (s.id.to_string(), s.full_name)));
        // Who teaches here and has no post any more stays in the list.
        for (id, name) in &known {
            if options.iter().all(|(other, _)| other != id) {
                options.push((id.clone(), name.clone()));
            }
        }
        options
    });
    let programme = load(records::subjects);
    let addable = Memo::new(move |_| {
        let there: Vec<String> = lines.read().iter().map(|line| line.code.clone()).collect();
        let all = programme.get().map(|page| page.items).unwrap_or_default();
        all.into_iter().filter(|s| offered(s, grade) && !there.contains(&s.code)).collect::<Vec<_>>()
    });
    let add = move |code: String| {
        let found = addable.read_untracked().iter().find(|s| s.code == code).cloned();
        if let Some(subject) = found {
            let compulsory = subject.offerings.iter().any(|o| o.grade == grade && o.compulsory);
            let line = Line {
                name: lang().pick(&subject.name_vi, &subject.name_en).to_owned(),
                code: subject.code,
                whole: RwSignal::new(compulsory),
                topics: topics(grade, subject.kind, false),
                teachers: RwSignal::new(vec![String::new()]),
            };
            lines.update(|lines| lines.push(line));
        }
    };
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let subjects = lines.read_untracked().iter().map(put).collect();
        let body = PutClassSubjects { subjects };
        form.send(async move { records::put_class_subjects(id, &body).await }, move |page| done.run(Some(page)));
    };
    view! {
        <form class="stack assign" on:submit=submit>
            <FormFault form=form />
            <div class="table" tabindex="0" role="region" aria-label=t(ASSIGN)>
                <table>
                    <thead><tr><th scope="col">{t(SUBJECT)}</th><th scope="col">{t(TEACHERS)}</th><th scope="col">{t(WHO_TAKES)}</th><th scope="col" class="act"></th></tr></thead>
                    <tbody>
                        <For each=move || lines.get() key=|line| line.code.clone() let(line)>{row(line, options, lines)}</For>
                    </tbody>
                </table>
            </div>
            <div class="row">
                <label class="inline"><span>{t(ADD_SUBJECT)}</span>
                    <select class="input" on:change=move |event| { add(event_target_value(&event)); }>
                        <option value="">{t(PICK_SUBJECT)}</option>
                        {move || addable.get().into_iter().map(|s| view! { <option value=s.code>{lang().pick(&s.name_vi, &s.name_en).to_owned()}</option> }).collect_view()}
                    </select>
                </label>
                <span class="quiet">{t(OFF_TEXT)}</span>
            </div>
            <footer class="save-bar">
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| done.run(None)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

fn offered(subject: &Subject, grade: Grade) -> bool {
    subject.offerings.iter().any(|o| o.grade == grade)
}

fn topics(grade: Grade, kind: SubjectKind, taken: bool) -> Option<RwSignal<bool>> {
    grade.number().is_some_and(|grade| regulations::has_topics(grade, kind)).then(|| RwSignal::new(taken))
}

fn put(line: &Line) -> PutClassSubject {
    let mut teacher_ids: Vec<StaffId> = line.teachers.read_untracked().iter().filter_map(|id| id.parse().ok()).collect();
    // Named twice is taught once.
    let mut seen = Vec::new();
    teacher_ids.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    PutClassSubject {
        subject_code: line.code.clone(),
        whole_class: line.whole.get_untracked(),
        topics: line.topics.is_some_and(|topics| topics.get_untracked()),
        teacher_ids,
    }
}

fn row(line: Line, options: Memo<Vec<(String, String)>>, lines: RwSignal<Vec<Line>>) -> AnyView {
    let Line { code, name, whole, topics, teachers } = line;
    let (label, second, off) =
        (tf(TEACHER_OF, &[("subject", &name)]), tf(SECOND, &[("subject", &name)]), tf(TAKE_OFF, &[("subject", &name)]));
    let with_topics = topics.map(|value| {
        let label = tf(TOPICS_OF, &[("subject", &name)]);
        view! {
            <label class="check">
                <input type="checkbox" aria-label=label prop:checked=move || value.get() on:change=move |event| value.set(event_target_checked(&event)) />
                <span>{t(TOPICS)}</span>
            </label>
        }
    });
    let whose = tf(WHO_TAKES_IT, &[("subject", &name)]);
    let select = move |n: usize| {
        view! {
            <select class="input" aria-label=label.clone() on:change=move |event| teachers.update(|all| if let Some(one) = all.get_mut(n) { *one = event_target_value(&event) })>
                {move || options.get().into_iter().map(|(key, text)| {
                    let mine = key.clone();
                    view! { <option value=key prop:selected=move || teachers.read().get(n) == Some(&mine)>{text}</option> }
                }).collect_view()}
            </select>
        }
    };
    let count = Memo::new(move |_| teachers.read().len());
    let full = move || count.get() > 4;
    view! {
        <tr>
            <th scope="row"><b>{name}</b></th>
            <td><div class="teachers">
                {move || (0..count.get()).map(&select).collect_view()}
                <button
                    type="button" class="btn plain icon-only small" aria-label=second.clone() title=second disabled=full
                    on:click=move |_| teachers.update(|all| all.push(String::new()))
                >{icon(Icon::Plus)}</button>
            </div></td>
            <td>
                <select class="input" aria-label=whose on:change=move |event| whole.set(event_target_value(&event) == "all")>
                    <option value="all" prop:selected=move || whole.get()>{t(WHOLE)}</option>
                    <option value="some" prop:selected=move || !whole.get()>{t(SOME)}</option>
                </select>
                {with_topics}
            </td>
            <td class="act">
                <button type="button" class="btn plain icon-only small" aria-label=off.clone() title=off on:click=move |_| lines.update(|lines| lines.retain(|l| l.code != code))>{icon(Icon::Cross)}</button>
            </td>
        </tr>
    }
    .into_any()
}
