//! Who of a closed class goes to which class of the next school year: looked at, filled as one action, and undone.

use super::nowhere;
use crate::api::council;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::council::{NextStep, NextYear, NextYearLine, PostNextYear, PostNextYearLine};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Xếp lớp năm học {year}", "Classes of {year}";
    NOT_READY: "Cần chốt năm học của lớp trước", "The year of the class has to be closed first";
    NOT_READY_TEXT: "Danh sách lên lớp và ở lại lớp lấy từ kết quả đã chốt.", "Who goes up and who stays comes from the closed results.";
    TO_COUNCIL: "Đến bảng xét lên lớp", "To promotion";
    NOBODY: "Lớp chưa có học sinh", "The class has nobody in it yet";
    INTRO: "Sửa tên lớp của từng em nếu cần. Lớp chưa có sẽ được tạo; để trống thì em đó chưa xếp lớp.", "Change the class of a learner where needed. A class that does not exist is made; leave it empty and the learner has no class yet.";
    STEP: "Kết quả", "Result";
    TO: "Lớp năm học mới", "Class of the next year";
    TO_OF: "Lớp mới của {name}", "New class of {name}";
    NEW: "lớp mới", "new class";
    GONE: "Đã chuyển trường", "Has left the school";
    ALREADY: "Đã ở lớp {class}", "Is in class {class} already";
    APPLY: "Xếp lớp", "Fill the classes";
    APPLIED: "Đã xếp lớp {year}", "Classes of {year} are filled";
    APPLIED_BY: "{who} thực hiện lúc {at}.", "By {who} at {at}.";
    UNDO: "Hoàn tác xếp lớp", "Undo the filling";
    UNDO_SURE: "Hoàn tác xếp lớp?", "Undo the filling?";
    UNDO_TEXT: "Học sinh được đưa ra khỏi các lớp mới; lớp vừa tạo mà chưa dùng sẽ bị xoá. Không hoàn tác được khi đã có điểm, chuyển lớp hoặc chốt số thứ tự.", "The learners are taken out of the new classes, and classes that were made and not used are removed. Not possible once there are marks, moves or frozen numbers.";
    UNDONE: "Đã hoàn tác", "Undone";
    DONE: "Đã xếp lớp cho {n} học sinh", "{n} learners have their class";
}

#[component]
pub fn NextYearPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { council::next_year(id.ok_or_else(nowhere)?).await }
    });
    view! {
        {class.show(|class| class_head(&class, ().into_any()))}
        {loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })}
    }
}

#[component]
fn Loaded(answer: NextYear, loader: Loader<NextYear>) -> impl IntoView {
    let class = answer.class_id;
    // Ready and nobody in it: a preschool class, which has no year to close.
    if answer.lines.is_empty() && answer.ready {
        return view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any();
    }
    let back = view! { <A href=format!("/classes/{class}/council") attr:class="btn">{t(TO_COUNCIL)}</A> };
    if answer.lines.is_empty() {
        return view! { <div class="panel"><Empty title=t(NOT_READY) text=t(NOT_READY_TEXT) glyph=Icon::Lock>{back}</Empty></div> }.into_any();
    }
    let title = tf(TITLE, &[("year", &answer.school_year)]);
    let body = if answer.applied_at.is_some() {
        view! { <Applied answer=answer loader=loader /> }.into_any()
    } else {
        view! { <Plan answer=answer loader=loader /> }.into_any()
    };
    view! { <div class="stack"><h2>{title}</h2>{body}</div> }.into_any()
}

fn step(line: &NextYearLine) -> AnyView {
    let tone = match line.step {
        NextStep::Up => Tone::Ok,
        NextStep::Completes => Tone::Brand,
        NextStep::Stays => Tone::Bad,
    };
    view! { <Pill label=line.step.label(lang()) tone=tone /> }.into_any()
}

fn table(lines: Vec<AnyView>) -> AnyView {
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(TO)>
            <table>
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(STEP)}</th><th scope="col">{t(TO)}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(line: &NextYearLine, to: AnyView) -> AnyView {
    view! {
        <tr>
            <td class="i">{line.ordinal}</td>
            <th scope="row">{format::name(&line.full_name, &line.given_name)}</th>
            <td>{step(line)}</td>
            <td>{to}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Plan(answer: NextYear, loader: Loader<NextYear>) -> impl IntoView {
    let class = answer.class_id;
    let form = Form::new();
    let mut typed: Vec<(LearnerId, RwSignal<String>)> = Vec::new();
    let lines = answer
        .lines
        .iter()
        .map(|row| {
            let to = match (&row.already_in, row.grade, row.step) {
                (Some(name), _, _) => view! { <span class="muted">{tf(ALREADY, &[("class", name)])}</span> }.into_any(),
                (None, None, NextStep::Completes) => view! { <span class="muted">"—"</span> }.into_any(),
                (None, None, _) => view! { <span class="muted">{t(GONE)}</span> }.into_any(),
                (None, Some(_), _) => {
                    let text = RwSignal::new(row.class_name.clone().unwrap_or_default());
                    typed.push((row.learner_id, text));
                    let label = tf(TO_OF, &[("name", &row.full_name)]);
                    let hint = (!row.exists).then(|| view! { <small class="quiet">{t(NEW)}</small> });
                    view! {
                        <span class="row tight">
                            <input class="input short" maxlength="30" autocomplete="off" aria-label=label prop:value=text on:input=move |event| text.set(event_target_value(&event)) />
                            {hint}
                        </span>
                    }
                    .into_any()
                }
            };
            line(row, to)
        })
        .collect();
    let typed = StoredValue::new(typed);
    let send = move || {
        let named = |(learner_id, text): &(LearnerId, RwSignal<String>)| {
            let class_name = text.read_untracked().trim().to_owned();
            (!class_name.is_empty()).then_some(PostNextYearLine { learner_id: *learner_id, class_name })
        };
        let body = PostNextYear { lines: typed.with_value(|typed| typed.iter().filter_map(named).collect()) };
        let n = body.lines.len().to_string();
        form.send(async move { council::fill_next_year(class, &body).await }, move |answer| {
            loader.set(answer);
            toast::say(tf(DONE, &[("n", &n)]));
        });
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <p class="quiet">{t(INTRO)}</p>
            {table(lines)}
            <FormFault form=form />
            {answer.ready.then(|| view! { <div class="row"><Button label=t(APPLY) look=Look::Primary glyph=Icon::Check busy=form.busy /></div> })}
        </form>
    }
    .into_any()
}

#[component]
fn Applied(answer: NextYear, loader: Loader<NextYear>) -> impl IntoView {
    let class = answer.class_id;
    let form = Form::new();
    let sure = RwSignal::new(false);
    let undo = Callback::new(move |()| {
        form.send(council::undo_next_year(class), move |answer| {
            sure.set(false);
            loader.set(answer);
            toast::say(t(UNDONE));
        })
    });
    let at = answer.applied_at.map(format::instant).unwrap_or_default();
    let by = answer.applied_by.clone().unwrap_or_default();
    let lines = answer
        .lines
        .iter()
        .map(|row| {
            let name = row.class_name.clone().or_else(|| row.already_in.clone()).unwrap_or_else(|| "—".to_owned());
            line(row, view! { <b>{name}</b> }.into_any())
        })
        .collect();
    view! {
        <div class="strip ok">
            {icon(Icon::Check)}<span class="grow"><b>{tf(APPLIED, &[("year", &answer.school_year)])}</b>" "{tf(APPLIED_BY, &[("who", &by), ("at", &at)])}</span>
            <Button label=t(UNDO) small=true glyph=Icon::Undo on_press=Callback::new(move |()| sure.set(true)) />
        </div>
        {table(lines)}
        <Dialog open=sure title=t(UNDO_SURE)>
            <p>{t(UNDO_TEXT)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| sure.set(false)) />
                <Button label=t(UNDO) look=Look::Danger busy=form.busy on_press=undo />
            </footer>
        </Dialog>
    }
    .into_any()
}
