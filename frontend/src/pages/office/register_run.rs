//! Registers of all classes of a school in one run: begun here, watched, fetched as one ZIP.

use crate::api::registers as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::{Button, Check, Form, FormFault, Icon, Look, Progress, effect, load, save_as};
use dto::UnitId;
use dto::closing_runs::RunState;
use dto::registers::*;
use leptos::prelude::*;
use std::time::Duration;

texts! {
    TITLE: "Cả trường trong một lần", "The whole school at once";
    ABOUT: "Sổ của mọi lớp trong một tệp ZIP, mỗi lớp một thư mục. Đóng trang này đợt lập sổ vẫn chạy tiếp.", "The registers of every class in one ZIP, a folder a class. It goes on when this page is closed.";
    START: "Lập sổ cả trường", "Draw them all";
    PROGRESS: "Tiến độ lập sổ", "How far it is";
    GOING: "Đã lập {done}/{all} sổ", "{done} of {all} registers";
    DONE: "Đã lập xong {all} sổ lúc {at}", "{all} registers done, {at}";
    FETCH: "Tải ZIP", "Download ZIP";
    SKIPPED: "{n} sổ chưa lập được", "{n} registers could not be drawn";
}

#[component]
pub fn WholeSchool(school: UnitId, copy: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let chosen: Vec<(RegisterForm, RwSignal<bool>)> = RegisterForm::ALL
        .iter()
        .map(|form| (*form, RwSignal::new(matches!(form, RegisterForm::Assessment | RegisterForm::Roll))))
        .collect();
    let chosen = StoredValue::new(chosen);
    let runs = load(move || async move { api::runs(school).await });
    let last = move || runs.get().and_then(|page| page.items.into_iter().next());
    let going = Memo::new(move |_| last().is_some_and(|run| run.state == RunState::Running));
    // Asked about twice a second while it goes.
    effect(move || {
        if going.get() {
            let clock = set_interval_with_handle(move || runs.reload(), Duration::from_millis(500));
            on_cleanup(move || {
                if let Ok(clock) = clock {
                    clock.clear();
                }
            });
        }
    });
    let start = Callback::new(move |()| {
        let forms = chosen.with_value(|all| all.iter().filter(|(_, on)| on.get_untracked()).map(|(form, _)| *form).collect());
        let body = PostRegisterRun { school_year_id: None, forms, copy: copy.get_untracked() };
        form.send(async move { api::start_run(school, &body).await }, move |_| runs.reload());
    });
    let none = Signal::derive(move || going.get() || chosen.with_value(|all| all.iter().all(|(_, on)| !on.get())));
    let checks = chosen
        .with_value(|all| all.iter().map(|(form, on)| view! { <Check label=form.label(lang()) value=*on /> }).collect_view());
    view! {
        <li class="panel card">
            <h2>{t(TITLE)}</h2><p class="muted">{t(ABOUT)}</p>
            <div>{checks}</div>
            <div class="row"><Button label=t(START) glyph=Icon::File look=Look::Primary busy=form.busy disabled=none on_press=start /></div>
            <FormFault form=form />
            {move || last().map(|run| shown(school, run))}
        </li>
    }
    .into_any()
}

fn shown(school: UnitId, run: RegisterRun) -> AnyView {
    let form = Form::new();
    let (id, all) = (run.id, run.total.to_string());
    let percent = Signal::stored((run.done * 100).checked_div(run.total).unwrap_or(100));
    let name = format!("so-sach-{}.zip", run.school_year);
    let fetch = Callback::new(move |()| {
        let name = name.clone();
        form.send(async move { api::run_file(school, id).await }, move |blob| save_as(&blob, &name));
    });
    let done = run.state == RunState::Done;
    let said = match run.finished_at {
        Some(at) if done => tf(DONE, &[("all", &all), ("at", &format::instant(at))]),
        _ => tf(GOING, &[("done", &run.done.to_string()), ("all", &all)]),
    };
    let skipped = (!run.skipped.is_empty()).then(|| {
        let lines = run
            .skipped
            .iter()
            .map(|one| view! { <li><div class="grow"><b>{one.class_name.clone()}" · "{one.form.label(lang())}</b><p class="quiet">{lang().pick(&one.vi, &one.en).to_owned()}</p></div></li> })
            .collect_view();
        let title = tf(SKIPPED, &[("n", &run.skipped.len().to_string())]);
        view! { <details><summary>{title}</summary><ul class="lines">{lines}</ul></details> }
    });
    view! {
        {(!done).then(|| view! { <Progress percent=percent label=t(PROGRESS) /> })}
        <p role="status" class="num">{said}</p>
        {done.then(|| view! { <div class="row"><Button label=t(FETCH) glyph=Icon::Down busy=form.busy on_press=fetch /></div> })}
        <FormFault form=form />
        {skipped}
    }
    .into_any()
}
