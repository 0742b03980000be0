//! The evaluations of a year of all teachers of a school on one sheet: a level each, saved together.

use super::{crumbs, tabs};
use crate::api::{records, staff as api};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::School;
use crate::ui::{Button, Empty, Form, FormFault, Header, Icon, Loader, Look, SelectField, load, toast};
use dto::staff_records::*;
use dto::{SchoolYearId, StaffId};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::standards::{StandardLevel, StandardSet};

texts! {
    TITLE: "Đánh giá theo chuẩn", "Evaluations";
    UNDER: "Một bảng cho cả trường; tiêu chí chi tiết ghi trong hồ sơ từng người.", "One sheet for the school; criteria are kept in each person's record.";
    YEAR: "Năm học", "School year";
    SET: "Chuẩn", "Standards";
    NAME: "Họ tên", "Name";
    POST: "Vị trí", "Post";
    LEVEL: "Xếp loại", "Level";
    LEVEL_OF: "Xếp loại của {name}", "Level of {name}";
    NONE_YET: "Chưa đánh giá", "Not yet";
    ALL_TO: "Đặt người chưa đánh giá thành", "Set all who have none to";
    SET_ALL: "Đặt", "Set";
    SAVED: "Đã lưu {n} đánh giá", "{n} evaluations are saved";
    NOBODY: "Trường chưa có giáo viên", "The school has no teachers yet";
    PICK: "Hãy chọn trường và năm học", "Choose a school and a year";
    CRITERIA: "có tiêu chí", "with criteria";
    COUNT: "{done}/{all} người đã có xếp loại", "{done} of {all} have a level";
}

fn regs() -> regulations::Lang {
    match lang() {
        dto::Lang::Vi => regulations::Lang::Vi,
        dto::Lang::En => regulations::Lang::En,
    }
}

fn level_of(code: &str) -> Option<StandardLevel> {
    StandardLevel::ALL.iter().copied().find(|level| level.code() == code)
}

#[component]
pub fn EvaluationsPage() -> impl IntoView {
    let school = School::new();
    let year = RwSignal::new(String::new());
    let years = load(records::school_years);
    let options = Signal::derive(move || {
        let known = years.get().map(|page| page.items).unwrap_or_default();
        if year.get_untracked().is_empty()
            && let Some(now) = known.iter().find(|year| year.current).or(known.first())
        {
            year.set(now.id.to_string());
        }
        known.into_iter().map(|year| (year.id.to_string(), year.code)).collect::<Vec<_>>()
    });
    let sheet = load(move || {
        let asked = school.id().zip(year.get().parse::<SchoolYearId>().ok());
        async move {
            match asked {
                Some((school, year)) => api::evaluations(school, year).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let above: Vec<_> = crumbs().into_iter().take(1).collect();
    view! {
        <Header title=t(TITLE) crumbs=above under=t(UNDER) />
        {tabs()}
        <div class="filters">
            {school.field("evaluations-school")}
            <SelectField label=t(YEAR) name="evaluations-year" value=year options=options />
        </div>
        {sheet.show(move |found| match found {
            None => view! { <div class="panel"><Empty title=t(PICK) glyph=Icon::Home /></div> }.into_any(),
            Some(found) if found.rows.is_empty() => view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any(),
            Some(found) => view! { <Sheet found=found sheet=sheet /> }.into_any(),
        })}
    }
    .into_any()
}

#[component]
fn Sheet(found: EvaluationSheet, sheet: Loader<Option<EvaluationSheet>>) -> impl IntoView {
    let form = Form::new();
    let preschool = found.rows.iter().any(|row| row.set == Some(StandardSet::Preschool));
    let set = RwSignal::new(if preschool { StandardSet::Preschool } else { StandardSet::General }.code().to_owned());
    let all_to = RwSignal::new(StandardLevel::Fair.code().to_owned());
    let cells: Vec<(StaffId, i64, String, RwSignal<String>)> = found
        .rows
        .iter()
        .map(|row| {
            let level = row.level.map(|level| level.code().to_owned()).unwrap_or_default();
            (row.staff_id, row.version, level.clone(), RwSignal::new(level))
        })
        .collect();
    let cells = StoredValue::new(cells);
    let (school, year, writable, total) = (found.school_id, found.school_year_id, found.writable, found.rows.len());
    let changed = move || {
        cells.with_value(|cells| {
            cells
                .iter()
                .filter(|(_, _, before, now)| now.read() != *before)
                .filter_map(|(staff_id, version, _, now)| {
                    Some(PutEvaluation { staff_id: *staff_id, level: level_of(&now.read())?, version: *version })
                })
                .collect::<Vec<_>>()
        })
    };
    let save = Callback::new(move |()| {
        let rows = untrack(changed);
        let n = rows.len();
        let set =
            if set.get_untracked() == StandardSet::Preschool.code() { StandardSet::Preschool } else { StandardSet::General };
        form.send(async move { api::put_evaluations(school, year, &PutEvaluations { set, rows }).await }, move |saved| {
            toast::say(tf(SAVED, &[("n", &n.to_string())]));
            sheet.set(Some(saved));
        });
    });
    let fill = Callback::new(move |()| {
        let to = all_to.get_untracked();
        cells.with_value(|cells| {
            for (_, _, _, now) in cells.iter().filter(|(_, _, _, now)| now.read_untracked().is_empty()) {
                now.set(to.clone());
            }
        });
    });
    let nothing = Signal::derive(move || changed().is_empty());
    let done = move || cells.with_value(|cells| cells.iter().filter(|(_, _, _, now)| !now.read().is_empty()).count());
    let sets: Vec<_> = StandardSet::ALL.iter().map(|set| (set.code().to_owned(), set.text(regs()).to_owned())).collect();
    let levels: Vec<(String, String)> =
        StandardLevel::ALL.iter().map(|level| (level.code().to_owned(), level.text(regs()).to_owned())).collect();
    let rows = found
        .rows
        .into_iter()
        .zip(cells.get_value())
        .map(|(row, (_, _, _, now))| {
            let posts = row.positions.iter().map(|position| position.label(lang())).collect::<Vec<_>>().join(", ");
            let label = tf(LEVEL_OF, &[("name", &row.full_name)]);
            let options = StandardLevel::ALL
                .iter()
                .rev()
                .map(|level| {
                    let code = level.code();
                    view! { <option value=code selected=move || now.get() == code>{level.text(regs())}</option> }
                })
                .collect_view();
            let (href, known, criteria) = (format!("/office/staff/{}", row.staff_id), row.level.is_some(), row.has_criteria);
            view! {
                <tr>
                    <th scope="row"><A href=href attr:class="row-link">{row.full_name}</A></th>
                    <td class="hide">{posts}</td>
                    <td class="pick"><select aria-label=label disabled=!writable on:change=move |event| now.set(event_target_value(&event))>
                        <option value="" selected=move || now.get().is_empty() disabled=known>{t(NONE_YET)}</option>{options}
                    </select>{criteria.then(|| view! { " "<small class="muted">{t(CRITERIA)}</small> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {writable.then(|| view! {
            <div class="filters">
                <SelectField label=t(SET) name="evaluations-set" value=set options=Signal::stored(sets) />
                <SelectField label=t(ALL_TO) name="evaluations-all" value=all_to options=Signal::stored(levels) />
                <Button label=t(SET_ALL) on_press=fill />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy disabled=nothing on_press=save />
            </div>
        })}
        <FormFault form=form />
        <p class="quiet num" role="status">{move || tf(COUNT, &[("done", &done().to_string()), ("all", &total.to_string())])}</p>
        <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
            <table>
                <thead><tr><th scope="col">{t(NAME)}</th><th scope="col" class="hide">{t(POST)}</th><th scope="col">{t(LEVEL)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
