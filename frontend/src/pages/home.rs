//! Today: what is left to do, and one's own classes.

use crate::api::query::segment;
use crate::api::{gradebook, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::family::ChildrenPage;
use crate::pages::papers::EndingKeys;
use crate::pages::progress::{SchoolProgress, SchoolsByLevel, SchoolsProgress};
use crate::pages::records::pick::own_school;
use crate::state::{calendar, term_now, who};
use crate::ui::{Button, Empty, Icon, Pill, Tone, icon, load};
use dto::Lang;
use dto::access::{Permission, Role};
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery};
use dto::gradebook::{Todo, TodoKind};
use dto::staff::TeachingItem;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    HELLO: "Chào {name}", "Hello {name}";
    HELLO_OFFICE: "Xin chào", "Hello";
    TO_DO: "Việc cần làm", "To do";
    ALL_DONE: "Không còn việc nào chờ bạn", "Nothing is waiting for you";
    ALL_DONE_TEXT: "Khi một lớp thiếu điểm, thiếu đánh giá hay tới hạn chốt học kì, việc đó hiện ở đây.", "When a class lacks marks or assessments, or a term is to be closed, it shows here.";
    MISSING_MARKS: "Thiếu {n} ô điểm", "{n} marks are missing";
    ASKS_OPENING: "Giáo viên xin mở khoá nhập điểm", "A teacher asks to open locked marks";
    MISSING_CONDUCT: "Còn {n} học sinh chưa đánh giá", "{n} learners are not assessed yet";
    MISSING_CLOSE: "Lớp chưa chốt, còn {n} ô trống", "Not closed yet, {n} cells are empty";
    READY_CLOSE: "Đã đủ điểm và đánh giá, có thể chốt", "Everything is there: it can be closed";
    DUE: "Hạn {day}", "Due {day}";
    LATE: "Quá hạn từ {day}", "Overdue since {day}";
    NO_CLASSES: "Chưa có lớp nào được phân công", "No class is assigned yet";
    NO_CLASSES_TEXT: "Nhà trường phân công giảng dạy trong trang của từng lớp.", "The school assigns teaching on each class's page.";
    SCHOOL_CLASSES: "Các lớp của trường", "Classes of the school";
    QUICK: "Mở nhanh", "Shortcuts";
    ALL_TODOS: "Xem cả {n} việc", "Show all {n}";
    WEEK: "{term}, tuần {n}", "{term}, week {n}";
    STAFF_TEXT: "Hồ sơ, vị trí, tài khoản giáo viên", "Records, posts, teachers' accounts";
    YEARS_TEXT: "Ngày bắt đầu, kết thúc và hạn nhập điểm", "Beginning, end, and when marks are due";
    IMPORT_TEXT: "Danh sách lớp từ Excel, xem thử trước khi ghi", "Class lists from Excel, with a dry run first";
    CLASSES_TEXT: "Danh sách, chủ nhiệm, phân công", "Lists, homeroom, teaching";
    LEARNERS_TEXT: "Tìm hồ sơ không cần gõ dấu", "Find a record without typing marks";
    ACCOUNTS_TEXT: "Cấp mã một lần, khoá, phân vai trò", "One-time codes, locks, roles";
    UNITS_TEXT: "Cây đơn vị của tỉnh", "The province's tree of units";
}

#[component]
pub fn Home() -> impl IntoView {
    let who = who();
    if who.can(Permission::FamilyRead) && !who.can(Permission::ClassRead) {
        return view! { <ChildrenPage /> }.into_any();
    }
    document().set_title(&format!("{} · Khuê", t(tx::HOME)));
    // People are called by their given name, which stands last.
    let name = who.with(|me| me.full_name.split_whitespace().next_back().unwrap_or_default().to_owned());
    // An account of an office has no given name.
    let hello = if who.with(|me| me.person.is_some()) { tf(HELLO, &[("name", &name)]) } else { t(HELLO_OFFICE).to_owned() };
    let place = who.unit();
    let under = move || {
        [place.clone(), Some(format::weekday(format::today())), week()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let teaches = who.can(Permission::MarkWrite) || who.is(Role::HomeroomTeacher);
    let measures = who.can(Permission::GrowthWrite);
    let leads = !teaches && who.can(Permission::ClassRead) && !who.above_schools();
    view! {
        <header class="greet"><h1>{hello}</h1><p>{under}</p></header>
        {who.can(Permission::KeyOwn).then(|| view! { <EndingKeys /> })}
        <div class="split lead">
            <div class="stack wide">
                {who.is(Role::ProvinceAdmin).then(|| view! { <SchoolsByLevel /> })}
                {(who.is(Role::UnitOfficer) && !who.is(Role::ProvinceAdmin)).then(|| view! { <SchoolsProgress /> })}
                {(!who.above_schools() && (teaches || who.can(Permission::TermClose) || measures)).then(|| view! {
                    <section class="stack" aria-labelledby="todo">
                        <h2 id="todo">{t(TO_DO)}</h2>
                        <Todos />
                        {measures.then(|| view! { <crate::pages::records::growth_due::Measuring /> })}
                    </section>
                })}
                {teaches.then(|| view! { <Mine /> })}
                {leads.then(|| match own_school().and_then(|own| own.key.parse().ok()).filter(|_| who.can(Permission::ResultRead)) {
                    Some(school) => view! { <SchoolProgress school=school otherwise=ViewFn::from(|| view! { <School /> }) /> }.into_any(),
                    None => view! { <School /> }.into_any(),
                })}
            </div>
            <Shortcuts />
        </div>
    }
    .into_any()
}

/// "Học kì I, tuần 12": weeks counted from the first day of the term. Tracked.
fn week() -> Option<String> {
    let today = format::today();
    let year = calendar()?.current()?;
    let dates = year.terms.into_iter().rev().find(|dates| dates.starts_on <= today && today <= dates.ends_on)?;
    let n = (today - dates.starts_on).num_days() / 7 + 1;
    Some(tf(WEEK, &[("term", dates.term.label(lang())), ("n", &n.to_string())]))
}

/// The classes of the school at a glance, grade by grade.
#[component]
fn School() -> impl IntoView {
    let classes = load(|| async { records::classes(&ClassQuery::default(), None).await });
    view! {
        <section class="stack" aria-labelledby="school">
            <h2 id="school">{t(SCHOOL_CLASSES)}</h2>
            {classes.show(|page| {
                let mut grades: Vec<(Grade, Vec<Class>)> = Vec::new();
                for class in page.items {
                    match grades.last_mut() {
                        Some((grade, group)) if *grade == class.grade => group.push(class),
                        _ => grades.push((class.grade, vec![class])),
                    }
                }
                view! {
                    <div class="panel"><ul class="body lines">
                        {grades.into_iter().map(|(grade, group)| {
                            let learners: u32 = group.iter().map(|c| c.learners).sum();
                            view! {
                                <li class="grade">
                                    <span class="what"><b>{grade.label(lang())}</b><small class="num muted">{tf(tx::LEARNERS_N, &[("n", &format::count(learners.into()))])}</small></span>
                                    <span class="chips">
                                        {group.into_iter().map(|c| view! { <A href=format!("/classes/{}", c.id) attr:class="chip"><b>{c.name}</b><span class="num">{c.learners}</span></A> }).collect_view()}
                                    </span>
                                </li>
                            }
                        }).collect_view()}
                    </ul></div>
                }
            })}
        </section>
    }
}

#[component]
fn Todos() -> impl IntoView {
    load(gradebook::todos).show(|page| {
        if page.items.is_empty() {
            return view! { <div class="panel"><Empty title=t(ALL_DONE) text=t(ALL_DONE_TEXT) glyph=Icon::Check /></div> }
                .into_any();
        }
        // What is due first stands first; a long list is opened on demand.
        let count = page.items.len();
        let all = RwSignal::new(count <= MOST_TODOS + 1);
        let items = StoredValue::new(page.items);
        view! {
            <div class="todos">
                {move || items.get_value().into_iter().take(if all.get() { count } else { MOST_TODOS }).map(todo).collect_view()}
                {move || (!all.get()).then(|| view! { <div class="more"><Button label=tf(ALL_TODOS, &[("n", &count.to_string())]) on_press=Callback::new(move |()| all.set(true)) /></div> })}
            </div>
        }.into_any()
    })
}

/// So many fit on an old PC beside one's classes.
const MOST_TODOS: usize = 5;

fn todo(item: Todo) -> impl IntoView {
    let n = format::count(item.missing.into());
    let (glyph, tone, what) = match item.kind {
        TodoKind::Marks => (Icon::Table, "badge", tf(MISSING_MARKS, &[("n", &n)])),
        TodoKind::Conduct => (Icon::People, "badge info", tf(MISSING_CONDUCT, &[("n", &n)])),
        TodoKind::Close if item.missing == 0 => (Icon::Lock, "badge brand", t(READY_CLOSE).to_owned()),
        TodoKind::Close => (Icon::Lock, "badge brand", tf(MISSING_CLOSE, &[("n", &n)])),
        TodoKind::Opening => (Icon::Key, "badge info", t(ASKS_OPENING).to_owned()),
    };
    let subject = item.subject_name_vi.as_deref().zip(item.subject_name_en.as_deref()).map(|(vi, en)| lang().pick(vi, en));
    let title = match (item.kind, subject) {
        (TodoKind::Marks | TodoKind::Opening, Some(subject)) => format!("{subject} · {}", item.class_name),
        _ => format!("{} · {}", item.kind.label(lang()), item.class_name),
    };
    let class = item.class_id;
    let href = match (item.kind, &item.subject_code) {
        (TodoKind::Marks, Some(subject)) => format!("/classes/{class}/subjects/{}/terms/{}", segment(subject), item.term),
        (TodoKind::Conduct, _) => format!("/classes/{class}/conduct/{}", item.term),
        (TodoKind::Opening, _) => "/deadlines".to_owned(),
        _ => format!("/classes/{class}/closing/{}", item.term),
    };
    let late = item.late || item.due_on.is_some_and(|due| due < format::today());
    let due = item.due_on.map(|due| tf(if late { LATE } else { DUE }, &[("day", &format::weekday(due))]));
    view! {
        <A href=href attr:class="todo">
            <span class=tone>{icon(glyph)}</span>
            <span><b>{title}</b><span>{what}" · "{item.term.label(lang())}</span></span>
            {due.map(|due| view! { <span class="due" class:late=late>{due}</span> })}
        </A>
    }
}

#[component]
fn Shortcuts() -> impl IntoView {
    let who = who();
    let way = move |permission: Permission, href: &'static str, title, text, glyph| {
        who.can(permission).then(|| {
            view! { <li><A href=href>{icon(glyph)}<span class="grow"><b>{t(title)}</b><small>{t(text)}</small></span>{icon(Icon::Chevron)}</A></li> }
        })
    };
    view! {
        <section class="stack" aria-labelledby="quick">
            <h2 id="quick">{t(QUICK)}</h2>
            <ul class="panel ways">
                {way(Permission::ImportWrite, "/office/imports", tx::IMPORT, IMPORT_TEXT, Icon::Upload)}
                {way(Permission::ClassRead, "/classes", tx::CLASSES, CLASSES_TEXT, Icon::Book)}
                {way(Permission::LearnerRead, "/learners", tx::LEARNERS, LEARNERS_TEXT, Icon::People)}
                {way(Permission::StaffWrite, "/staff", tx::STAFF, STAFF_TEXT, Icon::Person)}
                {way(Permission::CalendarWrite, "/school-years", tx::SCHOOL_YEARS, YEARS_TEXT, Icon::Clock)}
                {way(Permission::AccountWrite, "/accounts", tx::ACCOUNTS, ACCOUNTS_TEXT, Icon::Key)}
                {who.above_schools().then(|| way(Permission::UnitRead, "/units", tx::UNITS, UNITS_TEXT, Icon::Tree))}
            </ul>
        </section>
    }
}

/// The classes of a teacher.
#[component]
fn Mine() -> impl IntoView {
    let teaching = load(records::teaching);
    view! {
        <section class="stack" aria-labelledby="mine">
            <h2 id="mine">{t(tx::MY_CLASSES)}</h2>
            {teaching.show(|page| {
                if page.items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(NO_CLASSES) text=t(NO_CLASSES_TEXT) glyph=Icon::Book /></div> }.into_any();
                }
                // The school is worth saying to who teaches in two.
                let several = page.items.windows(2).any(|pair| pair[0].school_id != pair[1].school_id);
                view! { <div class="tiles">{page.items.into_iter().map(|item| taught(item, several)).collect_view()}</div> }.into_any()
            })}
        </section>
    }
}

fn taught(item: TeachingItem, several: bool) -> impl IntoView {
    let subject = if lang() == Lang::Vi { item.subject_name_vi.clone() } else { item.subject_name_en.clone() };
    let class = item.class_id;
    let code = item.subject_code.clone();
    let href = move || match &code {
        Some(code) => format!("/classes/{class}/subjects/{}/terms/{}", segment(code), term_now()),
        None => format!("/classes/{class}"),
    };
    let homeroom = item.subject_code.is_none();
    view! {
        <A href=href attr:class="tile">
            <span class="row"><b class="grow">{item.class_name}</b>{homeroom.then(|| view! { <Pill label=t(tx::HOMEROOM) tone=Tone::Brand /> })}</span>
            {subject.map(|subject| view! { <span>{subject}</span> })}
            <small>{tf(tx::LEARNERS_N, &[("n", &item.learners.to_string())])}{several.then(|| format!(" · {}", item.school_name))}</small>
        </A>
    }
}
