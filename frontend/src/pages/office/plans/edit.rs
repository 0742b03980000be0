//! Writing a plan: what it is about, its text, its file with progress.

use super::text::drawn;
use super::{GROUPS, KIND, SUBJECT, TITLE, WEEK, grades};
use crate::api::{files, records, teaching_plans};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::{School, filled};
use crate::state::calendar;
use crate::ui::{Button, Crumb, Field, Form, FormFault, Header, Icon, Look, Progress, SelectField, effect, icon, load, toast};
use dto::UnitId;
use dto::files::StoredFile;
use dto::teaching_plans::*;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

texts! {
    NEW: "Soạn kế hoạch", "Write a plan";
    NAME: "Tên bài, chủ đề", "Title";
    BODY: "Nội dung", "Text";
    BODY_HINT: "Dòng bắt đầu bằng “# ” hoặc “## ” là đề mục, “- ” là gạch đầu dòng. Ctrl+S để lưu.", "A line that begins with “# ” or “## ” is a heading, one with “- ” an item. Ctrl+S saves.";
    OUTLINE: "Điền khung đề mục", "Fill in an outline";
    PREVIEW: "Xem trước", "Preview";
    FILE: "Tệp kèm theo", "File";
    FILE_HINT: "Word, PDF, PowerPoint…; đứt mạng thì tải tiếp, không phải gửi lại từ đầu.", "Word, PDF, PowerPoint…; after a break the upload goes on where it stopped.";
    SENDING: "Đã tải {percent}% của {name}", "{percent}% of {name} sent";
    HASHING: "Đang chuẩn bị {name}", "Preparing {name}";
    TAKE_AWAY: "Bỏ tệp", "Take the file away";
    NO_SUBJECT: "Không theo môn", "No subject";
    NO_GROUP: "Không qua tổ, gửi thẳng ban giám hiệu", "No group: straight to the school's management";
    MADE: "Đã lưu bản nháp", "The draft is saved";
    PICK_SCHOOL: "Hãy chọn trường trước", "Choose the school first";
}

/// The headings of a lesson plan as most schools write them; only a start, and everything can be changed.
const SKELETON: &str = "# I. Mục tiêu\n\n# II. Thiết bị dạy học và học liệu\n\n# III. Tiến trình dạy học\n\n## 1. Hoạt động mở đầu\n\n## 2. Hình thành kiến thức mới\n\n## 3. Luyện tập\n\n## 4. Vận dụng\n";

/// A file on its way or there.
#[derive(Clone, Copy)]
struct Attached {
    file: RwSignal<Option<StoredFile>>,
    /// Name and percent.
    going: RwSignal<Option<(String, u32)>>,
    fault: RwSignal<Option<String>>,
}

impl Attached {
    fn send(self, school: UnitId, file: web_sys::File) {
        let name = file.name();
        self.fault.set(None);
        self.going.set(Some((name.clone(), 0)));
        let sent = move |done: u64, all: u64| {
            let percent = (done * 100).checked_div(all).unwrap_or(100);
            let _left = self.going.try_set(Some((name.clone(), u32::try_from(percent).unwrap_or(100))));
        };
        spawn_local(async move {
            let answer = files::upload(school, file, sent).await;
            self.going.try_set(None);
            match answer {
                Ok(stored) => _ = self.file.try_set(Some(stored)),
                Err(error) => _ = self.fault.try_set(Some(error.text())),
            }
        });
    }
}

#[component]
pub fn NewPlanPage() -> impl IntoView {
    let school = School::new();
    let navigate = use_navigate();
    let done = Callback::new(move |made: TeachingPlan| {
        toast::say(t(MADE));
        navigate(&format!("/office/plans/{}", made.item.id), NavigateOptions::default());
    });
    let crumbs = vec![Crumb(t(TITLE).to_owned(), "/office/plans".to_owned())];
    view! {
        <Header title=t(NEW) crumbs=crumbs />
        {school.field("new-plan-school")}
        {move || match school.id() {
            Some(id) => view! { <Editor school=id done=done /> }.into_any(),
            None => view! { <p class="strip info">{icon(Icon::Info)}<span>{t(PICK_SCHOOL)}</span></p> }.into_any(),
        }}
    }
    .into_any()
}

/// The form of a plan: a new one, or one that is there.
#[component]
pub fn Editor(school: UnitId, #[prop(optional)] plan: Option<TeachingPlan>, done: Callback<TeachingPlan>) -> impl IntoView {
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let item = plan.as_ref().map(|plan| plan.item.clone());
    let kind = text(Some(item.as_ref().map_or(TeachingPlanKind::Lesson, |i| i.kind).as_str().to_owned()));
    let year = text(item.as_ref().map(|i| i.school_year_id.to_string()));
    let grade = text(Some(item.as_ref().map_or("6", |i| i.grade.as_str()).to_owned()));
    let subject = text(item.as_ref().and_then(|i| i.subject_code.clone()));
    let group = text(item.as_ref().and_then(|i| i.group_id.map(|g| g.to_string())));
    let week = text(item.as_ref().and_then(|i| i.week.map(|w| w.to_string())));
    let title = text(item.as_ref().map(|i| i.title.clone()));
    let body = text(plan.as_ref().map(|plan| plan.body.clone()));
    let attached = Attached {
        file: RwSignal::new(plan.as_ref().and_then(|plan| plan.file.clone())),
        going: RwSignal::new(None),
        fault: RwSignal::new(None),
    };
    let groups = load(move || teaching_plans::groups(school));
    let subjects = load(records::subjects);
    // This year is what is written for most.
    effect(move || {
        let current = calendar().and_then(|c| c.current()).map(|y| y.id.to_string());
        if let Some(current) = current.filter(|_| year.read_untracked().is_empty()) {
            year.set(current);
        }
    });
    let form = Form::new();
    let new = item.is_none();
    let at = item.as_ref().map(|i| (i.id, i.version));
    let save = move || {
        let (Ok(kind), Ok(school_year_id), Ok(grade)) =
            (kind.get_untracked().parse(), year.get_untracked().parse(), grade.get_untracked().parse())
        else {
            return;
        };
        let wanted = PutTeachingPlan {
            kind,
            school_year_id,
            grade,
            subject_code: filled(subject),
            group_id: filled(group).and_then(|g| g.parse().ok()),
            week: filled(week).and_then(|w| w.parse().ok()),
            title: title.get_untracked(),
            body: body.get_untracked(),
            file_id: attached.file.get_untracked().map(|f| f.id),
        };
        form.send(
            async move {
                match at {
                    Some((id, version)) => teaching_plans::put_plan(id, version, &wanted).await,
                    None => teaching_plans::create(&PostTeachingPlan { school_id: school, plan: wanted }).await,
                }
            },
            move |saved| done.run(saved),
        );
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "s" {
            event.prevent_default();
            save();
        }
    };
    let fault = move |new_at: &'static str, at: &'static str| form.fault(if new { new_at } else { at });
    let kinds: Vec<_> = TeachingPlanKind::ALL.iter().map(|k| (k.as_str().to_owned(), k.label(lang()).to_owned())).collect();
    let years = Signal::derive(move || {
        let years = calendar().map(|c| c.years()).unwrap_or_default();
        years.into_iter().map(|y| (y.id.to_string(), y.code)).collect::<Vec<_>>()
    });
    let subject_options = Signal::derive(move || {
        let known = subjects.get().map(|page| page.items).unwrap_or_default();
        let of_grade = known
            .into_iter()
            .filter(|s| s.code == *subject.read() || s.offerings.iter().any(|o| o.grade.as_str() == *grade.read()));
        let name = |s: dto::calendar::Subject| (s.code.clone(), lang().pick(&s.name_vi, &s.name_en).to_owned());
        std::iter::once((String::new(), t(NO_SUBJECT).to_owned())).chain(of_grade.map(name)).collect::<Vec<_>>()
    });
    let group_options = Signal::derive(move || {
        let known = groups.get().map(|page| page.items).unwrap_or_default();
        let name = |g: SubjectGroup| {
            let head = g.head.map(|h| format!(" ({})", h.full_name)).unwrap_or_default();
            (g.id.to_string(), format!("{}{head}", g.name))
        };
        std::iter::once((String::new(), t(NO_GROUP).to_owned())).chain(known.into_iter().map(name)).collect::<Vec<_>>()
    });
    view! {
        <form class="panel plan-form" on:submit=move |event| { event.prevent_default(); save() } on:keydown=keys>
            <div class="body stack">
                <Field label=t(NAME) name="plan-title" value=title required=true max=200 fault=fault("/plan/title", "/title") />
                <div class="filters">
                    <SelectField label=t(KIND) name="plan-kind" value=kind options=kinds />
                    <SelectField label=t(tx::SCHOOL_YEAR) name="plan-year" value=year options=years fault=fault("/plan/school_year_id", "/school_year_id") />
                    <SelectField label=t(tx::GRADE) name="plan-grade" value=grade options=grades(false) />
                    <SelectField label=t(SUBJECT) name="plan-subject" value=subject options=subject_options fault=fault("/plan/subject_code", "/subject_code") />
                    <Field label=t(WEEK) name="plan-week" value=week kind="number" fault=fault("/plan/week", "/week") />
                    <SelectField label=t(GROUPS) name="plan-group" value=group options=group_options fault=fault("/plan/group_id", "/group_id") />
                </div>
                <div class="field">
                    <label for="plan-body">{t(BODY)}</label>
                    <textarea id="plan-body" class="plan-body" rows="18" maxlength="100000" aria-describedby="plan-body-hint" prop:value=body on:input=move |event| body.set(event_target_value(&event))></textarea>
                    <p class="hint" id="plan-body-hint">{t(BODY_HINT)}</p>
                    {move || body.read().trim().is_empty().then(|| view! { <Button label=t(OUTLINE) small=true glyph=Icon::Book on_press=Callback::new(move |()| body.set(SKELETON.to_owned())) /> })}
                </div>
                <details class="fold"><summary>{t(PREVIEW)}</summary>{move || drawn(&body.read())}</details>
                {file_field(school, attached)}
                <FormFault form=form fields=&["/plan/title", "/title", "/plan/week", "/week"] />
                <div class="row"><Button label=t(tx::SAVE) look=Look::Primary glyph=Icon::Check busy=form.busy disabled=Signal::derive(move || attached.going.read().is_some()) /></div>
            </div>
        </form>
    }
    .into_any()
}

fn file_field(school: UnitId, attached: Attached) -> AnyView {
    let pick = move |event: leptos::ev::Event| {
        if let Some(file) = files::picked(&event) {
            attached.send(school, file);
        }
    };
    view! {
        <div class="field">
            <label for="plan-file">{t(FILE)}</label>
            <input id="plan-file" type="file" aria-describedby="plan-file-hint" on:change=pick disabled=move || attached.going.read().is_some() />
            <p class="hint" id="plan-file-hint">{t(FILE_HINT)}</p>
            {move || attached.going.get().map(|(name, percent)| {
                let label = if percent == 0 { tf(HASHING, &[("name", &name)]) } else { tf(SENDING, &[("percent", &percent.to_string()), ("name", &name)]) };
                view! { <p class="quiet num" role="status">{label.clone()}</p><Progress percent=Signal::stored(percent) label=label /> }
            })}
            {move || attached.fault.get().map(|text| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}<span>{text}</span></p> })}
            {move || attached.file.get().map(|file| view! {
                <p class="row">{icon(Icon::File)}<b>{file.name}</b><span class="quiet num">{size(file.size)}</span>
                    <Button label=t(TAKE_AWAY) small=true look=Look::Plain glyph=Icon::Cross on_press=Callback::new(move |()| attached.file.set(None)) />
                </p>
            })}
        </div>
    }
    .into_any()
}

/// A size as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", format::count(bytes.div_ceil(1_024))),
        1_048_576..10_737_418_240 => format!("{} MB", format::count(bytes.div_ceil(1_048_576))),
        _ => format!("{} GB", format::count(bytes.div_ceil(1_073_741_824))),
    }
}
