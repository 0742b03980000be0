//! Erasing what is kept of a learner beside the lifelong record: what may go, what stays and why, and that the log stays whole.

use super::erasures::{Decide, told};
use crate::api::consents;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Dialog, Field, Form, FormFault, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::LearnerId;
use dto::consents::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Nhà trường đang giữ", "What is kept";
    ROWS: "{n} dòng", "{n} rows";
    FILES: "kèm {n} tệp đã nhập của lớp, xoá cả tệp", "with {n} imported files of the class, erased whole";
    STAYS: "phải giữ", "stays";
    MAY: "được xoá", "may be erased";
    KEPT_FOR: "giữ {time} · {basis}", "kept {time} · {basis}";
    PERMANENT: "vĩnh viễn", "for good";
    YEARS: "{n} năm sau khi ra trường", "{n} years after leaving";
    NEEDED: "khi còn cần", "while needed";
    UNVERIFIED: "thời hạn chưa đối chiếu", "period not verified";
    LOG: "Nhật ký của trường: {n} dòng nối nhau, đủ và nguyên vẹn", "The school's log: {n} entries, a whole chain";
    LOG_BROKEN: "Nhật ký của trường đứt ở dòng {n}: hãy báo người quản trị", "The school's log breaks at entry {n}: tell the administrator";
    LOG_TEXT: "Xoá dữ liệu không đụng đến nhật ký: nhật ký chỉ ghi ai đã xoá loại nào, bao nhiêu dòng, vì sao.", "Erasing does not touch the log: it notes who erased which kind, how many rows, and why.";
    HASH: "Mắt xích cuối", "Last link";
    ERASE: "Đề nghị xoá dữ liệu…", "Ask to erase…";
    NOTHING: "Không có gì được phép xoá", "Nothing that may be erased";
    WHICH: "Xoá những gì", "What to erase";
    REASON: "Lí do, số yêu cầu của gia đình", "Reason, number of the family's request";
    SECOND: "Chưa xoá gì ngay: một người khác phải xác nhận trong {n} ngày.", "Nothing goes yet: another person must confirm within {n} days.";
    SECOND_ABOVE: "Chưa xoá gì ngay: một người khác của trường hoặc của cấp trên phải xác nhận trong {n} ngày.", "Nothing goes yet: another person of the school or above it must confirm within {n} days.";
    DO: "Gửi đề nghị", "Ask";
    DONE: "Đã gửi đề nghị; chờ người thứ hai xác nhận", "Asked; it waits for a second person";
    WAITS: "Đề nghị xoá đang chờ", "A request to erase waits";
    ALL: "Các đề nghị xoá của trường", "All requests of the school";
}

#[component]
pub fn Erase(learner: LearnerId) -> impl IntoView {
    let loader = load(move || consents::erasure_preview(learner));
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<ErasurePreview>);
    view! {
        <section class="panel" aria-labelledby="kept-title">
            <header><h2 id="kept-title">{t(TITLE)}</h2></header>
            <div class="body stack">
                {loader.show(move |kept| {
                    let any = kept.kinds.iter().any(erasable);
                    let log = log(&kept.log);
                    let of = kept.clone();
                    let press = Callback::new(move |()| {
                        asked.set(Some(of.clone()));
                        open.set(true);
                    });
                    let lines = kept.kinds.into_iter().map(line).collect_view();
                    let waits = kept.waiting.map(|one| {
                        let body = told(&one);
                        view! { <h3>{t(WAITS)}</h3><div class="stack">{body}<Decide one=one then=Callback::new(move |()| loader.reload()) /></div> }
                    });
                    let none = waits.is_none();
                    view! {
                        <ul class="lines">{lines}</ul>
                        {log}
                        {waits}
                        <div class="row no-print">
                            {none.then(|| view! { <Button label=t(ERASE) look=Look::Danger disabled=Signal::stored(!any) on_press=press /> })}
                            {(!any).then(|| view! { <span class="quiet">{t(NOTHING)}</span> })}
                            <A href="/office/erasures">{t(ALL)}</A>
                        </div>
                    }
                })}
            </div>
            <Dialog open=open title=t(ERASE)>
                {move || asked.get().map(|of| view! { <Ask of=of open=open kept=loader /> })}
            </Dialog>
        </section>
    }
    .into_any()
}

fn erasable(kind: &KeptKind) -> bool {
    kind.rule.erasable && (kind.rows > 0 || kind.import_files > 0)
}

/// The files of imports that go with a kind.
fn files(n: u64) -> Option<String> {
    (n > 0).then(|| tf(FILES, &[("n", &format::count(n))]))
}

fn line(kind: KeptKind) -> AnyView {
    let rule = kind.rule;
    let time = match (rule.code.as_str(), rule.years) {
        ("permanent", _) => t(PERMANENT).to_owned(),
        (_, Some(years)) => tf(YEARS, &[("n", &years.to_string())]),
        _ => t(NEEDED).to_owned(),
    };
    let files = files(kind.import_files);
    let (label, tone) = if rule.erasable { (t(MAY), Tone::Info) } else { (t(STAYS), Tone::Quiet) };
    view! {
        <li>
            <div class="grow stack">
                <span class="row tight"><b>{lang().pick(&rule.name_vi, &rule.name_en).to_owned()}</b><Pill label=label tone=tone />
                    {(!rule.verified).then(|| view! { <Pill label=t(UNVERIFIED) tone=Tone::Warn /> })}</span>
                <p class="quiet">{tf(KEPT_FOR, &[("time", &time), ("basis", &rule.basis)])}</p>
                {files.map(|files| view! { <p class="quiet">{files}</p> })}
            </div>
            <span class="num">{tf(ROWS, &[("n", &format::count(kind.rows))])}</span>
        </li>
    }
    .into_any()
}

fn log(log: &LogState) -> AnyView {
    let whole = match log.broken_at {
        None => {
            view! { <p class="row tight">{icon(Icon::Check)}<span>{tf(LOG, &[("n", &format::count(log.entries))])}</span></p> }
                .into_any()
        }
        Some(at) => view! { <p class="wrong" role="alert">{tf(LOG_BROKEN, &[("n", &at.to_string())])}</p> }.into_any(),
    };
    view! {
        {whole}
        <p class="quiet">{t(LOG_TEXT)}</p>
        <p class="quiet">{t(HASH)}" "<code class="hash">{log.hash.clone()}</code></p>
    }
    .into_any()
}

#[component]
fn Ask(of: ErasurePreview, open: RwSignal<bool>, kept: Loader<ErasurePreview>) -> impl IntoView {
    let form = Form::new();
    let learner = of.learner_id;
    let reason = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<String>::new());
    let second = if of.policy.from_above { SECOND_ABOVE } else { SECOND };
    let second = tf(second, &[("n", &of.policy.confirm_days.to_string())]);
    let kinds = of
        .kinds
        .into_iter()
        .filter(erasable)
        .map(|kind| {
            let code = kind.rule.kind.clone();
            let what = [Some(tf(ROWS, &[("n", &format::count(kind.rows))])), files(kind.import_files)];
            let what = what.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let text = format!("{} ({what})", lang().pick(&kind.rule.name_vi, &kind.rule.name_en));
            let change = move |event| {
                let on = event_target_checked(&event);
                chosen.update(|all| {
                    all.retain(|one| *one != code);
                    if on {
                        all.push(code.clone());
                    }
                });
            };
            view! { <label class="check"><input type="checkbox" on:change=change /><span>{text}</span></label> }
        })
        .collect_view();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostErasure { kinds: chosen.get_untracked(), reason: reason.get_untracked() };
        form.send(async move { consents::ask_erasure(learner, &body).await }, move |_| {
            open.set(false);
            toast::say(t(DONE));
            kept.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <fieldset><legend>{t(WHICH)}</legend>{kinds}</fieldset>
            <Field label=t(REASON) name="erase-reason" value=reason max=500 required=true fault=form.fault("/reason") />
            <p class="because">{second}</p>
            <FormFault form=form fields=&["/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(DO) look=Look::Danger busy=form.busy disabled=Signal::derive(move || chosen.read().is_empty()) />
            </footer>
        </form>
    }
    .into_any()
}
