//! Records that may be of one child: the list, two side by side, what was merged.

use crate::api::one_record;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::ui::{Button, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, Tone, load, pages, toast};
use dto::LearnerId;
use dto::one_record::*;
use leptos::prelude::*;

texts! {
    FIRST: "Hồ sơ thứ nhất", "First record";
    SECOND: "Hồ sơ thứ hai", "Second record";
    SIGNS: "Dấu hiệu", "Signs";
    TITLE: "Hồ sơ trùng", "Duplicate records";
    UNDER: "Những hồ sơ có họ tên và ngày sinh giống hoặc gần giống nhau, kể cả gõ sai dấu, sai chữ, đảo tên, nhầm ngày tháng. Xem cạnh nhau, gộp thành một hồ sơ, hoặc ghi nhận là hai em khác nhau. Gộp nhầm thì tách lại được.", "Records whose names and birth dates are the same or nearly so, with slips of letters, order or dates. Look at them side by side, make one of them, or say that they are two. What was merged wrongly is split again.";
    NONE: "Không có hồ sơ nào nghi trùng", "No likely duplicates";
    NONE_TEXT: "Danh sách tự cập nhật khi nhập hồ sơ mới.", "The list follows what is entered.";
    LOOK: "Xem cạnh nhau", "Side by side";
    SCORE: "Giống {n}/100", "{n} of 100 alike";
    LIKELY: "Rất có thể là một em", "Very likely one child";
    FAR: "Một hồ sơ ở trường khác: xã, phường hoặc Sở xem và gộp.", "One record is another school's: the office above both can look and merge.";
    APART: "Hai em khác nhau", "Two children";
    APART_DONE: "Đã ghi nhận là hai em khác nhau", "Remembered as two children";
    KEEP: "Giữ hồ sơ này", "Keep this record";
    MERGE: "Gộp hồ sơ", "Merge";
    REASON: "Lí do", "Reason";
    CHOOSE: "Chọn hồ sơ giữ lại", "Choose the record to keep";
    MERGED: "Đã gộp. Có thể tách lại ở mục bên dưới.", "Merged. It can be split again below.";
    DONE_TITLE: "Đã gộp", "Merged";
    NOTHING: "Chưa gộp hồ sơ nào", "Nothing was merged";
    SPLIT: "Tách lại", "Split again";
    SPLIT_DONE: "Đã tách lại hai hồ sơ", "Two records again";
    BY: "{who} · {at}", "{who} · {at}";
    SPLIT_BY: "{who} đã tách lúc {at}", "{who} split it at {at}";
    NO_ID: "Chưa có số định danh", "No personal ID";
    GUARDIANS: "Phụ huynh", "Guardians";
    HOLDS: "Gắn với hồ sơ", "Hangs on it";
}

#[component]
pub fn DuplicatesPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let list = pages(move |after| {
        let unit = school.id();
        async move { one_record::duplicates(unit, after).await }
    });
    let done = pages(|after| async move { one_record::merges(after).await });
    let again = Callback::new(move |()| {
        list.reload();
        done.reload();
    });
    let pair = RwSignal::new(None::<(LearnerId, LearnerId)>);
    let open = RwSignal::new(false);
    let look = Callback::new(move |ids| {
        pair.set(Some(ids));
        open.set(true);
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)>{list.export("ho-so-trung")}</Header>
        <div class="filters">{school.field("duplicate-school")}{filters.show()}</div>
        <section class="panel"><div class="body">{list.show(move |items| lines(items, look, again))}</div></section>
        <section class="panel" aria-labelledby="merged-title">
            <header><h2 id="merged-title">{t(DONE_TITLE)}</h2></header>
            <div class="body">{done.show(move |items| merged(items, again))}</div>
        </section>
        <Dialog open=open title=t(LOOK)>
            {move || pair.get().filter(|_| open.get()).map(|pair| view! { <Compare pair=pair open=open done=again /> })}
        </Dialog>
    }
    .into_any()
}

fn side(side: &DuplicateSide) -> AnyView {
    let status = side.status.label(lang()).to_owned();
    let place = [side.school_name.clone(), Some(status)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let number = (!side.has_personal_id).then(|| view! { <span class="quiet">" · "{t(NO_ID)}</span> });
    view! { <p>{side.full_name.clone()}" · "{format::date(side.birth_date)}" · "{side.sex.label(lang())}<br /><span class="quiet">{place}</span>{number}</p> }.into_any()
}

fn apart(left: LearnerId, right: LearnerId, form: Form, done: Callback<()>) -> Callback<()> {
    Callback::new(move |()| {
        let body = PostDistinction { left_id: left, right_id: right, reason: None };
        form.send(async move { one_record::distinguish(&body).await }, move |()| {
            toast::say(t(APART_DONE));
            done.run(());
        });
    })
}

fn lines(items: Vec<DuplicatePair>, look: Callback<(LearnerId, LearnerId)>, again: Callback<()>) -> AnyView {
    if items.is_empty() {
        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::People /> }.into_any();
    }
    let lines = items
        .into_iter()
        .map(|pair| {
            let (left, right) = (pair.left.learner_id, pair.right.learner_id);
            let form = Form::new();
            let reasons = pair
                .reasons
                .iter()
                .map(|reason| {
                    let against = matches!(reason, DuplicateReason::SexDiffers | DuplicateReason::PersonalIdsDiffer);
                    view! { <Pill label=reason.label(lang()) tone=if against { Tone::Warn } else { Tone::Quiet } /> }
                })
                .collect_view();
            let both = pair.left.reachable && pair.right.reachable;
            let next = match both {
                true => view! { <Button label=t(LOOK) small=true on_press=Callback::new(move |()| look.run((left, right))) /> }.into_any(),
                false => view! { <span class="quiet">{t(FAR)}</span> }.into_any(),
            };
            view! {
                <li>
                    <div class="grow stack">
                        <div class="twins"><div data-col=t(FIRST)>{side(&pair.left)}</div><div data-col=t(SECOND)>{side(&pair.right)}</div></div>
                        <span class="row tight" data-col=t(SIGNS)>{pair.likely.then(|| view! { <Pill label=t(LIKELY) tone=Tone::Bad /> })}{reasons}<span class="quiet num">{tf(SCORE, &[("n", &pair.score.to_string())])}</span></span>
                        <FormFault form=form />
                    </div>
                    <div class="row tight">{next}<Button label=t(APART) small=true busy=form.busy on_press=apart(left, right, form, again) /></div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

#[component]
fn Compare(pair: (LearnerId, LearnerId), open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let (left, right) = pair;
    let both = load(move || async move { one_record::comparison(left, right).await });
    let kept = RwSignal::new(None::<LearnerId>);
    let reason = RwSignal::new(String::new());
    let form = Form::new();
    let ended = Callback::new(move |()| {
        open.set(false);
        done.run(());
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(kept_id) = kept.get_untracked() else {
            toast::say(t(CHOOSE));
            return;
        };
        let merged_id = if kept_id == left { right } else { left };
        let body = PostMerge { kept_id, merged_id, reason: reason.get_untracked() };
        form.send(async move { one_record::merge(&body).await }, move |_| {
            toast::say(t(MERGED));
            ended.run(());
        });
    };
    view! {
        <form class="stack" on:submit=send>
            {both.show(move |both| view! { <div class="twins">{record(both.left, kept)}{record(both.right, kept)}</div> })}
            <Field label=t(REASON) name="merge-reason" value=reason required=true max=500 fault=form.fault("/reason") />
            <FormFault form=form fields=&["/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <button type="button" class="btn" disabled=form.busy on:click=move |_| apart(left, right, form, ended).run(())>{t(APART)}</button>
                <Button label=t(MERGE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

fn record(one: DuplicateRecord, kept: RwSignal<Option<LearnerId>>) -> AnyView {
    let learner = one.detail.learner;
    let id = learner.id;
    let text = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let guardians = one
        .detail
        .guardians
        .into_iter()
        .map(|g| [Some(g.full_name), g.phone].into_iter().flatten().collect::<Vec<_>>().join(" · "));
    let guardians = Some(guardians.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty());
    let class = one.detail.enrolments.into_iter().next().map(|e| format!("{} · {}", e.class_name, e.school_year));
    let holds = one
        .holdings
        .iter()
        .map(|h| format!("{} {}", lang().pick(&h.name_vi, &h.name_en), h.rows))
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <div class="stack">
            <dl class="facts">
                <dt>{t(tx::FULL_NAME)}</dt><dd><a href=format!("/learners/{id}")>{learner.full_name}</a></dd>
                <dt>{t(tx::BIRTH_DATE)}</dt><dd class="num">{format::date(learner.birth_date)}</dd>
                <dt>{t(tx::SEX)}</dt><dd>{learner.sex.label(lang())}</dd>
                <dt>{t(tx::SCHOOL)}</dt><dd>{text(one.detail.school_name)}</dd>
                <dt>{t(tx::STATUS)}</dt><dd>{learner.status.label(lang())}</dd>
                <dt>{t(tx::CLASS)}</dt><dd>{text(class)}</dd>
                <dt>{t(tx::PERSONAL_ID)}</dt><dd class="num">{text(learner.personal_id)}</dd>
                <dt>{t(tx::MINISTRY_CODE)}</dt><dd class="num">{text(learner.ministry_code)}</dd>
                <dt>{t(GUARDIANS)}</dt><dd>{text(guardians)}</dd>
                <dt>{t(HOLDS)}</dt><dd>{holds}</dd>
            </dl>
            <label class="check">
                <input type="radio" name="kept" on:change=move |_| kept.set(Some(id)) />
                <span>{t(KEEP)}</span>
            </label>
        </div>
    }
    .into_any()
}

fn merged(items: Vec<LearnerMerge>, again: Callback<()>) -> AnyView {
    if items.is_empty() {
        return view! { <p class="quiet">{t(NOTHING)}</p> }.into_any();
    }
    let lines = items
        .into_iter()
        .map(|one| {
            let form = Form::new();
            let id = one.id;
            let split = Callback::new(move |()| {
                let body = PostSplit { reason: t(APART).to_owned() };
                form.send(async move { one_record::split(id, &body).await }, move |_| {
                    toast::say(t(SPLIT_DONE));
                    again.run(());
                });
            });
            let by = tf(BY, &[("who", &one.merged_by), ("at", &format::instant(one.merged_at))]);
            let moved = one
                .moved
                .iter()
                .map(|h| format!("{} {}", lang().pick(&h.name_vi, &h.name_en), h.rows))
                .collect::<Vec<_>>()
                .join(" · ");
            let end = match one.split_at {
                Some(at) => {
                    let by = tf(SPLIT_BY, &[("who", one.split_by.as_deref().unwrap_or_default()), ("at", &format::instant(at))]);
                    view! { <span class="quiet num">{by}</span> }.into_any()
                }
                None => view! { <Button label=t(SPLIT) small=true glyph=Icon::Undo busy=form.busy on_press=split /> }.into_any(),
            };
            view! {
                <li>
                    <div class="grow stack">
                        <b>{one.merged_name}" → "{one.kept_name}" · "{format::date(one.birth_date)}</b>
                        <p class="because">"“"{one.reason}"”"</p>
                        <p class="quiet num">{by}" · "{moved}</p>
                        <FormFault form=form />
                    </div>
                    {end}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}
