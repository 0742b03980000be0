//! Teaching plans: one's own, what waits for one's review, the school's library.

mod edit;
mod groups;
mod plan;
mod review;
mod storage;
mod text;

pub use edit::NewPlanPage;
pub use groups::GroupsPage;
pub use plan::PlanPage;
pub use storage::StoragePage;

use crate::api::{records, teaching_plans};
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::searched;
use crate::state::{calendar, who};
use crate::ui::{Empty, Header, Icon, Pill, SearchField, SelectField, Tone, choose_school, icon, load, or_all, pages};
use dto::Page;
use dto::access::Permission;
use dto::calendar::Grade;
use dto::teaching_plans::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Kế hoạch bài dạy", "Teaching plans";
    UNDER: "Soạn hoặc tải lên, nộp cho tổ trưởng, ban giám hiệu phê duyệt.", "Written or uploaded, handed to the head of group, approved by the school's management.";
    NEW: "Soạn kế hoạch", "Write a plan";
    GROUPS: "Tổ chuyên môn", "Subject groups";
    STORAGE: "Kho tệp", "Storage";
    FIND: "Tìm kế hoạch", "Find a plan";
    HOLDER: "Tên bài, giáo viên, môn, nội dung… không cần dấu", "Title, teacher, subject, text… marks may be left out";
    SUBJECT: "Môn", "Subject";
    KIND: "Loại", "Kind";
    SHELVES: "Ngăn", "Shelf";
    NONE: "Chưa có kế hoạch nào ở đây", "No plans here yet";
    NONE_MINE: "Bấm “Soạn kế hoạch” để viết trực tiếp hoặc tải tệp lên.", "Press “Write a plan” to write one here or to upload a file.";
    NONE_REVIEW: "Kế hoạch giáo viên nộp sẽ hiện ở đây để bạn góp ý và duyệt.", "Plans that teachers hand in show here for your review.";
    NONE_FOUND: "Thử bớt từ hoặc bỏ bớt bộ lọc.", "Try fewer words or fewer filters.";
    WEEK: "Tuần", "Week";
    TEACHER: "Giáo viên", "Teacher";
    PLAN: "Kế hoạch", "Plan";
    CHANGED: "Sửa lúc", "Changed";
}

pub fn tone(state: TeachingPlanState) -> Tone {
    match state {
        TeachingPlanState::Draft => Tone::Quiet,
        TeachingPlanState::Submitted | TeachingPlanState::Endorsed => Tone::Info,
        TeachingPlanState::Approved => Tone::Ok,
        TeachingPlanState::Returned => Tone::Warn,
    }
}

/// Grade, subject, week and year in one line.
pub fn about(item: &TeachingPlanItem) -> String {
    let week = item.week.map(|week| format!("{} {week}", t(WEEK)));
    let parts = [Some(item.kind.label(lang()).to_owned()), item.subject.clone(), Some(item.grade.label(lang()).to_owned()), week];
    parts.into_iter().flatten().chain([item.school_year.clone()]).collect::<Vec<_>>().join(" · ")
}

/// Grades as options, with "all" first.
pub fn grades(all: bool) -> Vec<(String, String)> {
    let mut options = or_all(Grade::ALL.iter().map(|g| (g, g.label(lang()))));
    if !all {
        options.remove(0);
    }
    options
}

#[component]
pub fn PlansPage() -> impl IntoView {
    let who = who();
    let filters = Filters::new();
    let school = filters.school();
    let writes = who.can(Permission::TeachingPlanWrite);
    // Who leads the school writes few plans and reads many.
    let mine = writes && !who.can(Permission::SubjectGroupWrite);
    let usual = if mine { TeachingPlanShelf::Mine } else { TeachingPlanShelf::Library };
    let shelved = filters.text_or("shelf", usual.to_string());
    let shelf = Memo::new(move |_| shelved.read().parse().unwrap_or(usual));
    let (q, year, grade) = (filters.text("q"), filters.text("year"), filters.text("grade"));
    let (subject, state) = (filters.text("subject"), filters.text("state"));
    let subjects = load(records::subjects);
    let found = pages(move |after| {
        let place = school.id();
        let query = place.map(|school_id| TeachingPlanQuery {
            school_id,
            shelf: Some(shelf.get()),
            q: searched(q),
            school_year_id: year.read().parse().ok(),
            grade: grade.read().parse().ok(),
            subject_code: Some(subject.get()).filter(|s| !s.is_empty()),
            state: state.read().parse().ok(),
            staff_id: None,
            group_id: None,
            kind: None,
        });
        async move {
            match query {
                Some(query) => teaching_plans::list(&query, after).await,
                None => Ok(Page { items: Vec::new(), next: None }),
            }
        }
    });
    let years = Signal::derive(move || {
        let years = calendar().map(|c| c.years()).unwrap_or_default();
        or_all(years.into_iter().map(|y| (y.id, y.code)))
    });
    let subject_options = Signal::derive(move || {
        let known = subjects.get().map(|page| page.items).unwrap_or_default();
        or_all(known.into_iter().map(|s| (s.code.clone(), lang().pick(&s.name_vi, &s.name_en).to_owned())))
    });
    let states = or_all(TeachingPlanState::ALL.iter().map(|s| (s, s.label(lang()))));
    let shelves = TeachingPlanShelf::ALL
        .iter()
        .filter(|s| match s {
            TeachingPlanShelf::Mine => writes,
            TeachingPlanShelf::Review => who.can(Permission::TeachingPlanReview),
            TeachingPlanShelf::Library => true,
        })
        .map(|to| {
            let to = *to;
            view! { <button type="button" aria-pressed=move || (shelf.get() == to).to_string() on:click=move |_| shelved.set(to.to_string())>{to.label(lang())}</button> }
        })
        .collect_view();
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            {found.export("ke-hoach-bai-day")}
            {who.can(Permission::SubjectGroupWrite).then(|| view! { <A href="/office/plans/groups" attr:class="btn">{icon(Icon::People)}{t(GROUPS)}</A> })}
            {writes.then(|| view! { <A href="/office/plans/new" attr:class="btn primary">{icon(Icon::Plus)}{t(NEW)}</A> })}
        </Header>
        <div class="tally" role="group" aria-label=t(SHELVES)>{shelves}</div>
        <div class="filters">
            {school.field("plans-school")}
            <SearchField label=t(FIND) name="plans-q" value=q placeholder=t(HOLDER) />
            <SelectField label=t(tx::SCHOOL_YEAR) name="plans-year" value=year options=years />
            <SelectField label=t(tx::GRADE) name="plans-grade" value=grade options=grades(true) />
            <SelectField label=t(SUBJECT) name="plans-subject" value=subject options=subject_options />
            <SelectField label=t(tx::STATUS) name="plans-state" value=state options=states />
            {filters.show()}
        </div>
        {found.show(move |items| {
            if school.id().is_none() {
                return choose_school();
            }
            if items.is_empty() {
                let filtered = !q.get_untracked().is_empty() || [year, grade, subject, state].iter().any(|f| !f.get_untracked().is_empty());
                let text = match shelf.get_untracked() {
                    _ if filtered => NONE_FOUND,
                    TeachingPlanShelf::Mine => NONE_MINE,
                    TeachingPlanShelf::Review => NONE_REVIEW,
                    TeachingPlanShelf::Library => NONE_FOUND,
                };
                return view! { <div class="panel"><Empty title=t(NONE) text=t(text) glyph=Icon::Book /></div> }.into_any();
            }
            table(items)
        })}
    }
    .into_any()
}

fn table(items: Vec<TeachingPlanItem>) -> AnyView {
    let rows = items
        .into_iter()
        .map(|item| {
            let href = format!("/office/plans/{}", item.id);
            let about = about(&item);
            view! {
                <tr>
                    <th scope="row"><A href=href attr:class="row-link">{item.title}</A><br/><span class="quiet">{about}</span><small class="show-narrow">{item.teacher.clone()}</small></th>
                    <td class="hide">{item.teacher}</td>
                    <td><Pill label=item.state.label(lang()) tone=tone(item.state) />{item.has_file.then(|| icon(Icon::File))}</td>
                    <td class="hide num muted">{format::instant(item.updated_at)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
            <table>
                <thead><tr><th scope="col">{t(PLAN)}</th><th scope="col" class="hide">{t(TEACHER)}</th><th scope="col">{t(tx::STATUS)}</th><th scope="col" class="hide">{t(CHANGED)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
