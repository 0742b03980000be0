//! Kết chuyển năm học: where everybody of a school goes, the school's own changes, and doing it for the school or a whole unit.

mod class;
mod runs;

use crate::api::rollover as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::ui::{Button, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use class::Lines;
use dto::ClassId;
use dto::rollover::*;
use leptos::prelude::*;
use runs::Runs;

texts! {
    TITLE: "Kết chuyển năm học", "Year rollover";
    UNDER: "Xem trước ai lên lớp, ai ở lại, ai hoàn thành; sửa tên lớp và chỗ của từng em; rồi chạy một lần.", "See who goes up, repeats and completes; change names of classes and single places; then do it at once.";
    PICK_SCHOOL: "Chọn trường để xem trước và chỉnh sửa", "Choose a school to look at and change its plan";
    FROM_TO: "{from} → {to}", "{from} → {to}";
    GOES_ON: "Trường đã sáp nhập: các lớp mới được lập tại {name}.", "The school was merged: the new classes are at {name}.";
    NOBODY: "Trường chưa có lớp nào trong năm học này", "The school has no classes this year";
    CLASS: "Lớp", "Class";
    STATE: "Tình trạng", "State";
    UP: "Lên lớp", "Up";
    STAYS: "Ở lại", "Repeat";
    COMPLETES: "Hoàn thành", "Complete";
    LEFT_OUT: "Không xếp", "Left out";
    UP_TO: "Lên lớp nào", "Go up into";
    STAYS_TO: "Ở lại lớp nào", "Repeat in";
    UP_OF: "Lớp mới của học sinh lên lớp từ {name}", "Class for those who go up from {name}";
    STAYS_OF: "Lớp mới của học sinh ở lại từ {name}", "Class for those who repeat from {name}";
    LEARNERS: "Từng em", "Learners";
    SAVE: "Lưu chỉnh sửa", "Save the changes";
    SAVED: "Đã lưu phương án kết chuyển", "The plan is saved";
    TARGETS: "Lớp của năm học {year}", "Classes of {year}";
    NEW: "mở mới", "to be opened";
    EXISTS: "đã có", "there already";
    CLASH: "trùng tên khối khác", "another grade's name";
    CLASH_TEXT: "Có lớp trùng tên với lớp của khối khác. Hãy đổi tên trước khi kết chuyển.", "A class has the name of another grade's class. Change one of them first.";
    WAITING_TEXT: "{n} lớp chưa chốt năm học nên chưa kết chuyển được; các lớp khác vẫn chạy.", "{n} classes have not closed their year and are left; the others go on.";
}

#[component]
pub fn RolloverPage() -> impl IntoView {
    let school = Filters::new().school();
    let plan = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => api::rollover(id).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        <div class="filters">{school.field("rollover-school")}</div>
        <div class="stack">
            <Runs school=Signal::derive(move || school.id()) plan=plan />
            {plan.show(move |found| match found {
                Some(found) => view! { <Plan found=found plan=plan /> }.into_any(),
                None => view! { <div class="panel"><Empty title=t(PICK_SCHOOL) glyph=Icon::Home /></div> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

/// The names that are typed for a class: of those who go up, and of those who repeat.
#[derive(Clone)]
struct Names {
    class: ClassId,
    up: RwSignal<String>,
    stays: RwSignal<String>,
    /// As they were proposed or kept: what is not touched is not sent.
    was: (String, String),
}

#[component]
fn Plan(found: Rollover, plan: Loader<Option<Rollover>>) -> impl IntoView {
    if found.classes.is_empty() {
        return view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any();
    }
    let (school, version) = (found.school_id, found.version);
    let form = Form::new();
    let opened = RwSignal::new(None::<ClassId>);
    let names: Vec<Names> = found
        .classes
        .iter()
        .map(|class| {
            let was = (class.up_name.clone().unwrap_or_default(), class.stays_name.clone());
            Names { class: class.class_id, up: RwSignal::new(was.0.clone()), stays: RwSignal::new(was.1.clone()), was }
        })
        .collect();
    let kept = StoredValue::new(names.clone());
    let edits = StoredValue::new(found.edits.clone());
    let send = move || {
        let body = PutRollover {
            classes: kept.with_value(|names| merged(names, &edits.get_value().classes)),
            learners: edits.with_value(|edits| edits.learners.clone()),
        };
        form.send(async move { api::put_rollover(school, version, &body).await }, move |saved| {
            toast::say(t(SAVED));
            plan.set(Some(saved));
        });
    };
    let waiting = found.classes.iter().filter(|class| class.state == RolloverState::Waiting).count();
    let clash = found.targets.iter().any(|target| target.clash);
    let rows = found.classes.iter().zip(names).map(|(class, names)| row(class, names, opened)).collect_view();
    let put = Callback::new(move |learners: Vec<RolloverLearnerEdit>| {
        // Names of classes that are typed and not kept yet go along: nothing is lost by keeping the other part first.
        let body = PutRollover { classes: kept.with_value(|names| merged(names, &edits.get_value().classes)), learners };
        form.send(async move { api::put_rollover(school, version, &body).await }, move |saved| {
            toast::say(t(SAVED));
            plan.set(Some(saved));
        });
    });
    let title = tf(FROM_TO, &[("from", &found.school_year), ("to", &found.next_year)]);
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <h2>{format!("{} · {title}", found.school_name)}</h2>
            {found.goes_on_as.as_ref().map(|unit| view! { <p class="strip">{icon(Icon::Info)}<span>{tf(GOES_ON, &[("name", &unit.name)])}</span></p> })}
            {(waiting > 0).then(|| view! { <p class="strip warn">{icon(Icon::Clock)}<span>{tf(WAITING_TEXT, &[("n", &waiting.to_string())])}</span></p> })}
            {clash.then(|| view! { <p class="strip bad" role="alert">{icon(Icon::Alert)}<span>{t(CLASH_TEXT)}</span></p> })}
            <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
                <table>
                    <thead><tr>
                        <th scope="col">{t(CLASS)}</th><th scope="col">{t(LEARNERS)}</th><th scope="col">{t(STATE)}</th><th scope="col" class="r">{t(UP)}</th><th scope="col" class="r">{t(STAYS)}</th>
                        <th scope="col" class="r">{t(COMPLETES)}</th><th scope="col" class="r">{t(LEFT_OUT)}</th><th scope="col">{t(UP_TO)}</th><th scope="col">{t(STAYS_TO)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <FormFault form=form />
            <div class="row no-print"><Button label=t(SAVE) look=Look::Primary glyph=Icon::Check busy=form.busy /></div>
        </form>
        {move || opened.get().map(|class| view! { <Lines school=school class=class edits=edits.with_value(|edits| edits.learners.clone()) put=put busy=form.busy /> })}
        <section class="panel" aria-labelledby="targets-title">
            <header><h2 id="targets-title">{tf(TARGETS, &[("year", &found.next_year)])}</h2></header>
            <ul class="body lines">{found.targets.into_iter().map(target).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// What was kept for each class, with what was typed now; a name that is as proposed stays proposed.
fn merged(names: &[Names], kept: &[RolloverClassEdit]) -> Vec<RolloverClassEdit> {
    let one = |typed: RwSignal<String>, was: &str, kept: Option<&String>| {
        let text = typed.read_untracked().trim().to_owned();
        if text == was { kept.cloned() } else { Some(text).filter(|text| !text.is_empty()) }
    };
    names
        .iter()
        .filter_map(|names| {
            let before = kept.iter().find(|edit| edit.class_id == names.class);
            let up_name = one(names.up, &names.was.0, before.and_then(|edit| edit.up_name.as_ref()));
            let stays_name = one(names.stays, &names.was.1, before.and_then(|edit| edit.stays_name.as_ref()));
            (up_name.is_some() || stays_name.is_some()).then_some(RolloverClassEdit {
                class_id: names.class,
                up_name,
                stays_name,
            })
        })
        .collect()
}

fn row(class: &RolloverClass, names: Names, opened: RwSignal<Option<ClassId>>) -> AnyView {
    let id = class.class_id;
    let tone = match class.state {
        RolloverState::Waiting => Tone::Warn,
        RolloverState::Ready => Tone::Info,
        RolloverState::Applied => Tone::Ok,
    };
    let input = |label: String, value: RwSignal<String>| {
        view! { <input class="input short" maxlength="30" autocomplete="off" aria-label=label prop:value=value on:input=move |event| value.set(event_target_value(&event)) /> }.into_any()
    };
    let ready = class.state == RolloverState::Ready;
    let named = [("name", class.name.as_str())];
    let up = match &class.up_name {
        Some(_) if ready => input(tf(UP_OF, &named), names.up),
        Some(name) => view! { <span>{name.clone()}</span> }.into_any(),
        None => view! { <span class="muted">"—"</span> }.into_any(),
    };
    let stays = if ready && class.stays > 0 {
        input(tf(STAYS_OF, &named), names.stays)
    } else {
        view! { <span class="muted">{if class.stays > 0 { class.stays_name.clone() } else { "—".to_owned() }}</span> }.into_any()
    };
    let toggle = move |_| opened.update(|open| *open = if *open == Some(id) { None } else { Some(id) });
    view! {
        <tr>
            <th scope="row">{class.name.clone()}</th>
            <td><button type="button" class="btn small" aria-expanded=move || (opened.get() == Some(id)).to_string() aria-label=format!("{} {}", t(LEARNERS), class.name) on:click=toggle>{icon(Icon::People)}</button></td>
            <td><Pill label=class.state.label(lang()) tone=tone /></td>
            <td class="r">{class.up}</td><td class="r">{class.stays}</td><td class="r">{class.completes}</td><td class="r">{class.left_out}</td>
            <td>{up}</td><td>{stays}</td>
        </tr>
    }
    .into_any()
}

fn target(target: RolloverTarget) -> AnyView {
    let (label, tone) = match (target.clash, target.exists) {
        (true, _) => (CLASH, Tone::Bad),
        (false, true) => (EXISTS, Tone::Quiet),
        (false, false) => (NEW, Tone::Info),
    };
    view! {
        <li><b class="grow">{target.name}</b><span class="num">{tf(tx::LEARNERS_N, &[("n", &format::count(target.learners.into()))])}</span><Pill label=t(label) tone=tone /></li>
    }
    .into_any()
}
