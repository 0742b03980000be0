//! Conduct and absences of a class in a semester (TT 22/2021 Đ.8, Đ.12), entered by the homeroom teacher.

use super::nowhere;
use super::sheet::value::{Kind, Value};
use super::sheet::{ABSENCES, CONDUCT, Column, Grid, Home, Row, SaveLine, Sheet, SheetView, Tally};
use crate::api::gradebook;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, Icon, Loader, effect, icon, load};
use chrono::{DateTime, Utc};
use dto::ClassId;
use dto::calendar::Term;
use dto::gradebook::{ConductSheet, TermState};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Rèn luyện {class}", "Conduct of {class}";
    TERM: "Học kì", "Semester";
    CLOSED: "{term} đã chốt, bảng rèn luyện chỉ để xem. Hiệu trưởng có thể mở lại, kèm lí do.", "{term} is closed: conduct is read only. The principal can reopen it with a reason.";
    DAYS: "Nghỉ học, khen và vi phạm theo ngày", "Absences, praise and violations by date";
    READ_ONLY: "Bạn xem được bảng này; giáo viên chủ nhiệm đánh giá.", "You may read this; the homeroom teacher assesses.";
}

pub fn grid(sheet: &ConductSheet) -> Grid {
    let columns = vec![Column { slot: None, kind: Kind::Conduct }, Column { slot: None, kind: Kind::Count }];
    let rows = sheet
        .rows
        .iter()
        .map(|r| Row {
            learner: r.learner_id,
            ordinal: r.ordinal,
            full_name: r.full_name.clone(),
            given_name: r.given_name.clone(),
            left: false,
        })
        .collect();
    let mut grid = Grid::new(columns, rows, sheet.writable);
    for (n, row) in sheet.rows.iter().enumerate() {
        grid.stands(n * 2 + CONDUCT, row.conduct.map(Value::Level), row.version);
        grid.stands(n * 2 + ABSENCES, row.absences.map(Value::Count), row.version);
    }
    grid
}

#[component]
pub fn ConductPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let (id, term) = (param::<ClassId>("class"), param::<Term>("term"));
    let conduct = load(move || {
        let place = id.get().zip(term.get());
        async move {
            let (id, term) = place.ok_or_else(nowhere)?;
            gradebook::conduct(id, term).await
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| class_head(&class, view! { <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /> }.into_any()))}
        {conduct.show(move |(answer, copy)| view! { <Loaded answer=answer copy=copy conduct=conduct /> })}
    }
}

#[component]
fn Loaded(
    answer: ConductSheet,
    copy: Option<DateTime<Utc>>,
    conduct: Loader<(ConductSheet, Option<DateTime<Utc>>)>,
) -> impl IntoView {
    let (class, term) = (answer.class_id, answer.term);
    let label = format!("{} · {}", tf(TITLE, &[("class", &answer.class_name)]), term.label(lang()));
    let sheet = Sheet::new(grid(&answer), None, Home::Conduct { class, term }, label.clone(), copy);
    effect(move || {
        if sheet.outdated.get() {
            conduct.reload();
        }
    });
    let notice = match (answer.state, answer.writable) {
        (TermState::Closed, _) => Some((Icon::Lock, tf(CLOSED, &[("term", term.label(lang()))]))),
        (_, false) => Some((Icon::Eye, t(READ_ONLY).to_owned())),
        _ => None,
    };
    view! {
        <div class="sheet-page under-head">
            <h2 class="only-print">{label.clone()}</h2>
            <div class="switch no-print">
                {terms(term, |to| format!("/classes/{class}/conduct/{to}"))}
                <A href=format!("/classes/{class}/days/{term}") attr:class="btn small">{icon(Icon::Clock)}{t(DAYS)}</A>
                <span class="grow"></span>
                <SaveLine sheet=sheet />
            </div>
            {notice.map(|(glyph, text)| view! { <p class="strip info">{icon(glyph)}<span>{text}</span></p> })}
            <SheetView sheet=sheet label=label />
            <Tally sheet=sheet />
        </div>
    }
    .into_any()
}

/// The two semesters as ways.
pub fn terms(now: Term, href: impl Fn(Term) -> String) -> AnyView {
    let ways = Term::ALL
        .iter()
        .map(|to| {
            let here = (*to == now).then_some("page");
            view! { <A href=href(*to) attr:aria-current=here>{to.label(lang())}</A> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=t(TERM)>{ways}</nav> }.into_any()
}
