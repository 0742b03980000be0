//! How far marks are: class by class for who leads a school, school by school for who looks after several.

use crate::api::{gradebook, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::state::who;
use crate::ui::{Icon, icon, load};
use dto::UnitId;
use dto::calendar::{Grade, Term};
use dto::gradebook::{ClassProgress, TermState};
use dto::units::{SchoolLevel, Unit, UnitKind, UnitQuery};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE_1: "Tiến độ học kì I", "Progress of semester I";
    TITLE_2: "Tiến độ học kì II", "Progress of semester II";
    SUM: "{percent} ô điểm và đánh giá đã có; {closed} trên {all} lớp đã chốt.", "{percent} of marks and assessments are there; {closed} of {all} classes are closed.";
    DUE: "Hạn nhập điểm {day}, còn {n} ngày.", "Marks are due on {day}, in {n} days.";
    DUE_TODAY: "Hạn nhập điểm là hôm nay.", "Marks are due today.";
    LATE: "Đã quá hạn nhập điểm {day}.", "Marks were due on {day}.";
    CLOSED: "đã chốt", "closed";
    FULL: "đủ, chờ chốt", "complete, to be closed";
    MISSING: "thiếu {n}", "{n} missing";
    SCHOOLS: "Tiến độ các trường", "Progress of the schools";
    SCHOOLS_TEXT: "Phần ô điểm và đánh giá đã có của học kì này. Chỉ tính các khối đã có quy chế tính điểm trong hệ thống.", "The part of this term's marks and assessments that is there, of the grades whose rules the platform has.";
    CLASSES_CLOSED: "{closed}/{all} lớp đã chốt", "{closed}/{all} classes closed";
    NO_RULES: "không có lớp tính điểm", "no classes with marks";
    BY_LEVEL: "Trường theo cấp học", "Schools by level";
    BY_LEVEL_TEXT: "{n} trường đang hoạt động, ngày {day}. Trường nhiều cấp được tính ở mỗi cấp.", "{n} schools at work on {day}. A school of several levels counts in each.";
    SEE_UNITS: "Xem cây đơn vị", "See the tree of units";
    READING: "Đang đếm…", "Counting…";
}

/// Whole per cent, rounded down: 100 % stands for nothing missing.
fn percent(filled: u32, needed: u32) -> u32 {
    if needed == 0 { 100 } else { (u64::from(filled.min(needed)) * 100 / u64::from(needed)) as u32 }
}

fn shown(percent: u32) -> String {
    format!("{percent}%")
}

/// The classes of a school, grade by grade, each a bar that leads to what is missing. Nothing where no class has marks; `otherwise` then.
#[component]
pub fn SchoolProgress(school: UnitId, otherwise: ViewFn) -> impl IntoView {
    load(move || gradebook::progress(school)).show(move |page| {
        if page.items.is_empty() {
            return otherwise.run();
        }
        classes(page.items)
    })
}

fn classes(items: Vec<ClassProgress>) -> AnyView {
    let term = items.first().map_or(Term::S1, |item| item.term);
    let due = items.first().and_then(|item| item.due_on);
    let (needed, filled) = items.iter().fold((0, 0), |(n, f), item| (n + item.needed, f + item.filled));
    let (closed, all) = (items.iter().filter(|item| item.state == TermState::Closed).count(), items.len());
    let sum =
        tf(SUM, &[("percent", &shown(percent(filled, needed))), ("closed", &closed.to_string()), ("all", &all.to_string())]);
    let due = due.filter(|_| closed < all).map(|day| {
        let left = (day - format::today()).num_days();
        let weekday = format::weekday(day);
        match left {
            0 => ("due", t(DUE_TODAY).to_owned()),
            // Two weeks before, a reminder; before that, a date.
            1..=14 => ("due", tf(DUE, &[("day", &weekday), ("n", &left.to_string())])),
            15.. => ("muted", tf(DUE, &[("day", &weekday), ("n", &left.to_string())])),
            _ => ("due late", tf(LATE, &[("day", &weekday)])),
        }
    });
    let mut grades: Vec<(Grade, Vec<ClassProgress>)> = Vec::new();
    for item in items {
        match grades.last_mut() {
            Some((grade, group)) if *grade == item.grade => group.push(item),
            _ => grades.push((item.grade, vec![item])),
        }
    }
    view! {
        <section class="stack" aria-labelledby="progress">
            <h2 id="progress">{t(if term == Term::S1 { TITLE_1 } else { TITLE_2 })}</h2>
            <div class="panel progress-panel">
                <p>{sum}" "{due.map(|(class, text)| view! { <span class=class>{text}</span> })}</p>
                <div class="grades">
                    {grades.into_iter().map(|(grade, group)| view! {
                        <div><h3>{grade.label(lang())}</h3><ul>{group.into_iter().map(bar).collect_view()}</ul></div>
                    }).collect_view()}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn bar(item: ClassProgress) -> impl IntoView {
    let percent = percent(item.filled, item.needed);
    let (class, state) = match item.state {
        TermState::Closed => ("closed", t(CLOSED).to_owned()),
        TermState::Open if item.filled >= item.needed => ("full", t(FULL).to_owned()),
        TermState::Open => ("", tf(MISSING, &[("n", &format::count((item.needed - item.filled).into()))])),
    };
    let href = format!("/classes/{}/closing/{}", item.class_id, item.term);
    view! {
        <li><A href=href attr:class="bar">
            <b>{item.class_name}</b>
            <span class="track"><i class=class style:width=format!("{percent}%")></i></span>
            <span class="num">{shown(percent)}</span>
            <small>{(class == "closed").then(|| icon(Icon::Lock))}{state}</small>
        </A></li>
    }
}

/// The schools right under the person's own unit, each with how far its marks are; as they come in.
#[component]
pub fn SchoolsProgress() -> impl IntoView {
    let own = who().with(|me| me.roles.iter().find_map(|role| role.unit_id));
    let schools = load(move || async move {
        let query = UnitQuery { parent_id: own, kind: Some(UnitKind::School), ..Default::default() };
        Ok(records::units(&query, None).await?.items)
    });
    view! {
        <section class="stack" aria-labelledby="schools">
            <h2 id="schools">{t(SCHOOLS)}</h2>
            {schools.show(|schools| view! {
                <div class="panel progress-panel">
                    <p class="muted">{t(SCHOOLS_TEXT)}</p>
                    <ul class="schools">{schools.into_iter().filter(|s| s.closed_on.is_none()).map(school).collect_view()}</ul>
                </div>
            })}
        </section>
    }
    .into_any()
}

fn school(unit: Unit) -> impl IntoView {
    let id = unit.id;
    let answer = load(move || gradebook::progress(id));
    let sums = Memo::new(move |_| {
        answer.get().map(|page| {
            let (needed, filled) = page.items.iter().fold((0, 0), |(n, f), item| (n + item.needed, f + item.filled));
            let closed = page.items.iter().filter(|item| item.state == TermState::Closed).count();
            (percent(filled, needed), closed, page.items.len())
        })
    });
    let width = move || format!("{}%", sums.get().filter(|(_, _, all)| *all > 0).map_or(0, |(percent, _, _)| percent));
    view! {
        <li><A href=format!("/classes?school={id}") attr:class="bar">
            <b>{unit.name}</b>
            <span class="track"><i style:width=width></i></span>
            <span class="num">{move || sums.get().filter(|(_, _, all)| *all > 0).map(|(percent, _, _)| shown(percent))}</span>
            <small>{move || match sums.get() {
                None => t(READING).to_owned(),
                Some((_, _, 0)) => t(NO_RULES).to_owned(),
                Some((_, closed, all)) => tf(CLASSES_CLOSED, &[("closed", &closed.to_string()), ("all", &all.to_string())]),
            }}</small>
        </A></li>
    }
}

/// How many schools of each level the province has.
#[component]
pub fn SchoolsByLevel() -> impl IntoView {
    let schools = load(|| async {
        let query = UnitQuery { kind: Some(UnitKind::School), ..Default::default() };
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = records::units(&query, after).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    });
    view! {
        <section class="stack" aria-labelledby="levels">
            <h2 id="levels">{t(BY_LEVEL)}</h2>
            {schools.show(|schools| {
                let open: Vec<&Unit> = schools.iter().filter(|s| s.closed_on.is_none()).collect();
                let counts: Vec<(SchoolLevel, u32)> = SchoolLevel::ALL
                    .iter()
                    .map(|level| (*level, open.iter().filter(|s| s.levels.contains(level)).count() as u32))
                    .collect();
                let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
                let text = tf(BY_LEVEL_TEXT, &[("n", &format::count(open.len() as u64)), ("day", &format::date(format::today()))]);
                view! {
                    <figure class="panel progress-panel">
                        <ul class="levels">
                            {counts.into_iter().map(|(level, n)| view! {
                                <li class="bar"><b>{level.label(lang())}</b><span class="track"><i style:width=format!("{}%", percent(n, most))></i></span><span class="num">{format::count(n.into())}</span></li>
                            }).collect_view()}
                        </ul>
                        <figcaption class="quiet">{text}" "<A href="/units">{t(SEE_UNITS)}</A></figcaption>
                    </figure>
                }
            })}
        </section>
    }
    .into_any()
}
