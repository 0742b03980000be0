//! Rolling over a school or a whole unit, how far it is, and undoing it.

use crate::api::rollover as api;
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::state::who;
use crate::ui::{Button, Dialog, Form, FormFault, Icon, Loader, Look, Pill, Progress, Tone, icon, load, pages, toast};
use dto::access::Permission;
use dto::closing_runs::RunState;
use dto::rollover::{PostRolloverRun, Rollover, RolloverRun, RolloverSchool};
use dto::{RolloverRunId, UnitId};
use leptos::prelude::*;

texts! {
    TITLE: "Đợt kết chuyển", "Rollovers";
    RUN: "Kết chuyển", "Roll over";
    RUN_UNIT: "Kết chuyển cả đơn vị", "Roll over the whole unit";
    UNDO: "Hoàn tác", "Undo";
    SURE: "Kết chuyển năm học?", "Roll the year over?";
    SURE_TEXT: "Các lớp của năm học mới được mở và xếp học sinh theo phương án đang xem. Lớp chưa chốt năm học được để lại. Bạn có thể đóng trang này, việc kết chuyển vẫn tiếp tục; hoàn tác được cho đến khi có điểm đầu tiên của năm học mới.", "The next year's classes are opened and filled as the plan says. Classes whose year is not closed are left. You may leave this page, it goes on; it can be undone until the first mark of the new year.";
    SURE_UNDO: "Hoàn tác kết chuyển?", "Undo the rollover?";
    SURE_UNDO_TEXT: "Học sinh được đưa ra khỏi các lớp mới, lớp vừa mở mà chưa dùng bị xoá. Trường nào đã có điểm hoặc đã chuyển lớp trong năm học mới thì giữ nguyên.", "Learners are taken out of the new classes, and classes that were opened and not used are removed. A school with marks or moves in the new year stays as it is.";
    STARTED: "Đã bắt đầu", "It has begun";
    RUNNING: "Đang chạy…", "Under way…";
    DONE: "Đã xong", "Done";
    UNDONE: "Hoàn tác", "Undone";
    SUM: "{done} trên {all} trường; {classes} lớp, {learners} học sinh, {opened} lớp của năm học mới.", "{done} of {all} schools; {classes} classes, {learners} learners, {opened} classes of the new year.";
    WAITING: "{n} lớp chưa chốt năm học", "{n} classes have not closed their year";
    REFUSED: "{n} trường chưa thực hiện được", "{n} schools were refused";
    SCHOOLS: "Từng trường", "School by school";
    LINE: "{unit} · {year} · {at}", "{unit} · {year} · {at}";
    OF_SCHOOL: "{classes} lớp, {learners} học sinh", "{classes} classes, {learners} learners";
}

#[component]
pub fn Runs(school: Signal<Option<UnitId>>, plan: Loader<Option<Rollover>>) -> impl IntoView {
    let runs = load(move || api::runs(None));
    let own = who().with(|me| {
        let own = me.roles.iter().find(|held| held.role.permissions().contains(&Permission::YearRollover))?;
        own.unit_id
    });
    let going = Memo::new(move |_| runs.get().is_some_and(|page| page.items.iter().any(|run| run.state == RunState::Running)));
    // While one runs it is asked about each second; a page that was left asks no more. Once it is done, so is the plan.
    Effect::new(move |before: Option<bool>| {
        let now = going.get();
        if before == Some(true) && !now {
            plan.reload();
        }
        now
    });
    let ask = move || {
        if going.get_untracked() {
            runs.reload();
        }
    };
    let clock = set_interval_with_handle(ask, std::time::Duration::from_secs(1));
    on_cleanup(move || {
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    let (open, undo, unit) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<UnitId>));
    let form = Form::new();
    let press = move |whole: Option<UnitId>, back: bool| {
        Callback::new(move |()| {
            unit.set(whole.or(school.get_untracked()));
            undo.set(back);
            open.set(true);
        })
    };
    let send = move || {
        let Some(unit_id) = unit.get_untracked() else { return };
        let body = PostRolloverRun { unit_id, school_year_id: None, undo: undo.get_untracked() };
        form.send(async move { api::start(&body).await }, move |_| {
            open.set(false);
            toast::say(t(STARTED));
            runs.reload();
        });
    };
    let off = Signal::derive(move || going.get() || school.get().is_none());
    let whole_off = Signal::derive(move || going.get());
    let above = who().above_schools();
    view! {
        <div class="row no-print">
            <Button label=t(RUN) look=Look::Primary glyph=Icon::Arrow disabled=off on_press=press(None, false) />
            <Button label=t(UNDO) glyph=Icon::Undo disabled=off on_press=press(None, true) />
            {own.filter(|_| above).map(|unit| view! { <Button label=t(RUN_UNIT) disabled=whole_off on_press=press(Some(unit), false) /> })}
        </div>
        {runs.show(|page| {
            // The last one; those before are a press away.
            let mut items = page.items.into_iter();
            let first = items.next().map(run);
            let rest: Vec<_> = items.map(run).collect();
            view! {
                {first}
                {(!rest.is_empty()).then(|| view! { <details class="fold no-print"><summary>{t(TITLE)}</summary><div class="stack">{rest}</div></details> })}
            }
        })}
        <Dialog open=open title=t(TITLE)>
            <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                <p><b>{move || t(if undo.get() { SURE_UNDO } else { SURE })}</b></p>
                <p>{move || t(if undo.get() { SURE_UNDO_TEXT } else { SURE_TEXT })}</p>
                <FormFault form=form />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                    {move || view! { <Button label=t(if undo.get() { UNDO } else { RUN }) look=if undo.get() { Look::Danger } else { Look::Primary } busy=form.busy /> }}
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}

fn run(run: RolloverRun) -> AnyView {
    let running = run.state == RunState::Running;
    let percent = (run.done * 100).checked_div(run.schools).unwrap_or(100).min(100);
    let n = |count: u32| format::count(count.into());
    let sum = tf(
        SUM,
        &[
            ("done", &n(run.done)),
            ("all", &n(run.schools)),
            ("classes", &n(run.classes)),
            ("learners", &n(run.learners)),
            ("opened", &n(run.opened)),
        ],
    );
    let line = tf(LINE, &[("unit", &run.unit_name), ("year", &run.school_year), ("at", &format::instant(run.started_at))]);
    let id = run.id;
    let refused = run.refused > 0;
    let shown = RwSignal::new(refused && !running);
    view! {
        <section class="panel">
            <header><h2>{if running { t(RUNNING) } else if run.undo { t(UNDONE) } else { t(DONE) }}</h2><span class="muted">{line}</span></header>
            <div class="body stack">
                <Progress percent=percent label=t(TITLE) />
                <p role="status">{sum}</p>
                {(run.waiting > 0).then(|| view! { <p class="quiet">{tf(WAITING, &[("n", &n(run.waiting))])}</p> })}
                {refused.then(|| view! { <p class="strip bad">{icon(Icon::Alert)}<span>{tf(REFUSED, &[("n", &n(run.refused))])}</span></p> })}
                {(!running && run.done > 0).then(|| view! {
                    <details class="fold" open=refused><summary on:click=move |_| shown.set(true)>{t(SCHOOLS)}</summary>{move || shown.get().then(|| schools(id))}</details>
                })}
            </div>
        </section>
    }
    .into_any()
}

fn schools(run: RolloverRunId) -> AnyView {
    let found = pages(move |after| api::schools(run, after));
    found.show(|items| view! { <ul class="lines">{items.into_iter().map(school).collect_view()}</ul> })
}

fn school(school: RolloverSchool) -> AnyView {
    let n = |count: u32| format::count(count.into());
    let text = tf(OF_SCHOOL, &[("classes", &n(school.classes)), ("learners", &n(school.learners))]);
    let waiting =
        (school.waiting > 0).then(|| view! { <Pill label=tf(WAITING, &[("n", &n(school.waiting))]) tone=Tone::Warn /> });
    let refused = school.fault.is_some();
    view! {
        <li>
            <b class="grow">{school.school_name}</b>
            {school.fault.map(|fault| view! { <span class="wrong">{fault}</span> })}
            {(!refused).then(|| view! { <span class="num">{text}</span> })}
            {waiting}
        </li>
    }
    .into_any()
}
