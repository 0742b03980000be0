//! Closing a semester of every class of one's unit at once, with how far it is and what was left open.

use crate::api::gradebook;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::{term_now, who};
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, icon, load, toast};
use dto::access::Permission;
use dto::calendar::Term;
use dto::closing_runs::{ClosingRun, PostClosingRun, RunState, WaitingClass};
use dto::{Page, UnitId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Chốt học kì cho cả đơn vị", "Close a term for the whole unit";
    UNDER: "Mọi lớp đã đủ điểm và đánh giá được chốt cùng lúc; lớp còn thiếu vẫn mở và hiện ở đây.", "Every class that has all marks and assessments is closed; classes that lack some stay open and are listed here.";
    START_1: "Chốt học kì I", "Close semester I";
    START_2: "Chốt học kì II", "Close semester II";
    SURE: "Chốt {term} cho {unit}?", "Close {term} for {unit}?";
    SURE_TEXT: "Sổ điểm và đánh giá của các lớp đã đủ sẽ bị khoá, kết quả được lưu lại và gửi tới phụ huynh. Bạn có thể đóng trang này, việc chốt vẫn tiếp tục.", "Sheets and conduct of the classes that are complete are locked, the results are kept and families are told. You may leave this page; the closing goes on.";
    STARTED: "Đã bắt đầu chốt", "Closing has begun";
    RUNNING: "Đang chốt…", "Closing…";
    DONE: "Đã chốt xong", "Done";
    SUM: "{closed} trên {all} lớp đã chốt, {learners} học sinh có kết quả.", "{closed} of {all} classes are closed; {learners} learners have results.";
    WAITING: "{n} lớp còn thiếu điểm hoặc đánh giá", "{n} classes lack marks or assessments";
    MISSING: "thiếu {n} ô", "{n} missing";
    LINE: "{term} · {unit} · {at}", "{term} · {unit} · {at}";
    NONE: "Chưa có đợt chốt nào", "No closing yet";
    NONE_TEXT: "Khi đến hạn, chốt một lần cho mọi lớp thay vì từng lớp.", "When the time has come, close all classes at once instead of one by one.";
}

#[component]
pub fn ClosingRunsPage() -> impl IntoView {
    document().set_title(&format!("{} · Khuê", t(TITLE)));
    let runs = load(gradebook::closing_runs);
    let unit = who().with(|me| {
        let own = me.roles.iter().find(|held| held.role.permissions().contains(&Permission::TermCloseUnit))?;
        Some((own.unit_id?, own.unit_name.clone().unwrap_or_default()))
    });
    // While one runs, it is asked about each second; a page that was left asks no more.
    let going = Memo::new(move |_| runs.get().is_some_and(|page| page.items.iter().any(|run| run.state == RunState::Running)));
    let clock = set_interval_with_handle(
        move || {
            if going.get_untracked() {
                runs.reload();
            }
        },
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        <div class="stack">
            {unit.map(|(id, name)| view! { <Begin unit=id name=name runs=runs going=going /> })}
            {runs.show(|page| {
                if page.items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Lock /></div> }.into_any();
                }
                page.items.into_iter().map(|run| view! { <Run run=run /> }).collect_view().into_any()
            })}
        </div>
    }
}

#[component]
fn Begin(unit: UnitId, name: String, runs: Loader<Page<ClosingRun>>, going: Memo<bool>) -> impl IntoView {
    let asking = RwSignal::new(None::<Term>);
    let open = RwSignal::new(false);
    let form = Form::new();
    let send = move || {
        let Some(term) = asking.get_untracked() else { return };
        form.send(async move { gradebook::start_closing_run(&PostClosingRun { unit_id: unit, term }).await }, move |_| {
            open.set(false);
            toast::say(t(STARTED));
            runs.reload();
        });
    };
    let buttons = Term::ALL
        .iter()
        .map(|term| {
            let term = *term;
            let look = if term == term_now() { Look::Primary } else { Look::Plain };
            let press = Callback::new(move |()| {
                asking.set(Some(term));
                open.set(true);
            });
            view! { <Button label=t(if term == Term::S1 { START_1 } else { START_2 }) look=look disabled=Signal::derive(move || going.get()) on_press=press /> }
        })
        .collect_view();
    let title = move || {
        let term = asking.get().unwrap_or(Term::S1).label(lang());
        tf(SURE, &[("term", term), ("unit", &name)])
    };
    view! {
        <div class="row">{buttons}</div>
        <Dialog open=open title=t(TITLE)>
            <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                <p><b>{title.clone()}</b></p>
                <p>{t(SURE_TEXT)}</p>
                <FormFault form=form />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                    <Button label=t(DONE_VERB) look=Look::Primary busy=form.busy />
                </footer>
            </form>
        </Dialog>
    }
}

texts! {
    DONE_VERB: "Chốt", "Close";
}

#[component]
fn Run(run: ClosingRun) -> impl IntoView {
    let id = run.id;
    let running = run.state == RunState::Running;
    let looked = u64::from(run.closed + run.waiting);
    let percent = if run.classes == 0 { 100 } else { (looked * 100 / u64::from(run.classes)).min(100) };
    let sum = tf(
        SUM,
        &[
            ("closed", &format::count(run.closed.into())),
            ("all", &format::count(run.classes.into())),
            ("learners", &format::count(run.learners.into())),
        ],
    );
    let line = tf(LINE, &[("term", run.term.label(lang())), ("unit", &run.unit_name), ("at", &format::instant(run.started_at))]);
    let waiting = (!running && run.waiting > 0).then(|| {
        let left = load(move || gradebook::waiting_classes(id));
        view! {
            <h3>{tf(WAITING, &[("n", &format::count(run.waiting.into()))])}</h3>
            {left.show(move |page| view! { <ul class="lines">{page.items.into_iter().map(|class| left_open(class, run.term)).collect_view()}</ul> })}
        }
    });
    view! {
        <section class="panel">
            <header><h2>{if running { t(RUNNING) } else { t(DONE) }}</h2><span class="muted">{line}</span></header>
            <div class="body stack">
                <div class="progress" role="progressbar" aria-label=t(TITLE) aria-valuemin="0" aria-valuemax="100" aria-valuenow=percent.to_string()>
                    <i style:width=format!("{percent}%")></i>
                </div>
                <p role="status">{sum}</p>
                {waiting}
            </div>
        </section>
    }
}

fn left_open(class: WaitingClass, term: Term) -> impl IntoView {
    let href = format!("/classes/{}/closing/{term}", class.class_id);
    let missing = tf(MISSING, &[("n", &format::count(class.missing.into()))]);
    view! { <li><A href=href attr:class="grow">{icon(Icon::Table)}" "<b>{class.class_name}</b>" "<span class="muted">{class.school_name}</span></A><span class="num">{missing}</span></li> }
}
