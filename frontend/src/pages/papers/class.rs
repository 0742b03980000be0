//! The transcripts of a class: making drafts, the homeroom teacher's words, checking, issuing.

use super::{nowhere, state_pill};
use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Empty, Form, FormFault, Header, Icon, Loader, Look, icon, load, toast};
use dto::ClassId;
use dto::gradebook::CellResult;
use dto::transcripts::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Học bạ số lớp {name}", "Transcripts of class {name}";
    UNDER: "{school} · năm học {year}", "{school} · school year {year}";
    TO_CLASS: "Lớp {name}", "Class {name}";
    NOT_READY: "Năm học của lớp chưa chốt", "The year of the class is not closed";
    NOT_READY_TEXT: "Học bạ được lập từ kết quả đã chốt cả năm.", "Transcripts are made from the closed results of the year.";
    TO_COUNCIL: "Đến bảng xét lên lớp", "To promotion";
    PREPARE: "Lập học bạ", "Make transcripts";
    PREPARE_AGAIN: "Cập nhật bản nháp", "Make the drafts again";
    PREPARED: "Đã lập bản nháp", "Drafts are made";
    RECONCILE: "Đối chiếu xong, chuyển ký", "Checked: send to sign";
    RECONCILED: "Đã chuyển ký {n} học bạ", "{n} transcripts are out for signing";
    ISSUE: "Ban hành {n} học bạ", "Issue {n} transcripts";
    ISSUED: "Đã ban hành", "Issued";
    FORMER: "Học bạ trường cũ", "Former schools";
    SIGN: "Đến trang ký", "To signing";
    STATE: "Trạng thái", "State";
    SIGNATURES: "Chữ ký", "Signatures";
    COMMENT: "Nhận xét của chủ nhiệm", "Homeroom teacher's comment";
    COMMENT_OF: "Nhận xét cả năm của {name}", "Comment on {name}'s year";
    NOTES: "Cần xem lại", "To look at";
    NONE: "chưa lập", "not made";
    OUTDATED: "Sổ điểm đã thay đổi so với học bạ này.", "The record has changed since.";
    CONFLICT: "Có nhận xét vừa được người khác sửa; bản mới nhất đang hiện.", "Somebody else has just changed a comment; the newest is shown.";
    PROGRESS: "Tiến độ", "Progress";
}

#[component]
pub fn ClassTranscriptsPage() -> impl IntoView {
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { transcripts::of_class(id.ok_or_else(nowhere)?).await }
    });
    loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })
}

#[component]
fn Loaded(answer: ClassTranscripts, loader: Loader<ClassTranscripts>) -> impl IntoView {
    let id = answer.class_id;
    let title = tf(TITLE, &[("name", &answer.class_name)]);
    let under = tf(UNDER, &[("school", &answer.school_name), ("year", &answer.school_year)]);
    let crumbs = vec![Crumb(tf(TO_CLASS, &[("name", &answer.class_name)]), format!("/classes/{id}"))];
    let body = match answer.ready {
        true => view! { <Table answer=answer loader=loader /> }.into_any(),
        false => view! {
            <div class="panel"><Empty title=t(NOT_READY) text=t(NOT_READY_TEXT) glyph=Icon::Lock><A href=format!("/classes/{id}/council") attr:class="btn">{t(TO_COUNCIL)}</A></Empty></div>
        }
        .into_any(),
    };
    view! {
        <Header title=title crumbs=crumbs under=under>
            <A href=format!("/papers/classes/{id}/former") attr:class="btn">{icon(Icon::Book)}{t(FORMER)}</A>
        </Header>
        {body}
    }
}

/// How many are in each state, as one bar.
fn bar(answer: &ClassTranscripts) -> AnyView {
    let all = answer.rows.len().max(1);
    let mut states: Vec<(TranscriptState, usize)> = Vec::new();
    for state in TranscriptState::ALL {
        let n = answer.rows.iter().filter(|row| row.state == Some(*state)).count();
        if n > 0 {
            states.push((*state, n));
        }
    }
    let parts = states
        .iter()
        .map(|(state, n)| view! { <i class=format!("part {state}") style:width=format!("{}%", n * 100 / all)></i> })
        .collect_view();
    let legend = states
        .iter()
        .map(|(state, n)| view! { <li><i class=format!("dot {state}")></i><span>{state.label(lang())}</span>" "<b>{*n}</b></li> })
        .collect_view();
    view! { <div class="papers-bar" role="img" aria-label=t(PROGRESS)>{parts}</div><ul class="papers-legend">{legend}</ul> }
        .into_any()
}

#[component]
fn Table(answer: ClassTranscripts, loader: Loader<ClassTranscripts>) -> impl IntoView {
    let class = answer.class_id;
    let form = Form::new();
    let count = |test: &dyn Fn(&TranscriptRow) -> bool| answer.rows.iter().filter(|row| test(row)).count();
    let draft = |row: &TranscriptRow| matches!(row.state, None | Some(TranscriptState::Draft));
    let unmade = count(&|row| row.state.is_none());
    let stale = count(&|row| row.state == Some(TranscriptState::Draft) && row.outdated);
    let drafts = count(&|row| row.state == Some(TranscriptState::Draft));
    let sealed = count(&|row| row.state == Some(TranscriptState::Sealed));
    let step = move |step: &'static str, said: String| {
        form.send(async move { transcripts::step(class, step, &TranscriptSelection::default()).await }, move |answer| {
            loader.set(answer);
            toast::say(said);
        });
    };
    let press = move |name: &'static str, said: String| Callback::new(move |()| step(name, said.clone()));
    let makes = answer.preparable && unmade + stale > 0;
    let checks = answer.preparable && drafts > 0 && unmade + stale == 0;
    let actions = view! {
        <div class="row no-print">
            {makes.then(|| view! { <Button label=t(if drafts > 0 { PREPARE_AGAIN } else { PREPARE }) look=Look::Primary glyph=Icon::File busy=form.busy on_press=press("", t(PREPARED).to_owned()) /> })}
            {checks.then(|| view! { <Button label=t(RECONCILE) look=Look::Primary glyph=Icon::Check busy=form.busy on_press=press("/reconcile", tf(RECONCILED, &[("n", &drafts.to_string())])) /> })}
            {(answer.issuable && sealed > 0).then(|| view! { <Button label=tf(ISSUE, &[("n", &sealed.to_string())]) look=Look::Primary glyph=Icon::Check busy=form.busy on_press=press("/issue", t(ISSUED).to_owned()) /> })}
            <A href="/papers" attr:class="btn">{icon(Icon::Key)}{t(SIGN)}</A>
        </div>
    };
    let preparable = answer.preparable;
    let bar = bar(&answer);
    let rows = answer.rows.into_iter().map(|row| {
        let writes = preparable && draft(&row);
        view! { <Row row=row class=class writes=writes loader=loader /> }
    });
    let rows = rows.collect_view();
    view! {
        <div class="stack">
            {bar}
            {actions}
            <FormFault form=form />
            <div class="table" tabindex="0" role="region" aria-label=t(STATE)>
                <table>
                    <thead><tr>
                        <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(STATE)}</th>
                        <th scope="col">{t(SIGNATURES)}</th><th scope="col">{t(COMMENT)}</th><th scope="col">{t(NOTES)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: TranscriptRow, class: ClassId, writes: bool, loader: Loader<ClassTranscripts>) -> impl IntoView {
    let name = format::name(&row.full_name, &row.given_name);
    let name = match row.transcript_id {
        Some(id) => view! { <A href=format!("/papers/transcripts/{id}")>{name}</A> }.into_any(),
        None => name.into_any(),
    };
    let state = match row.state {
        Some(state) => state_pill(state),
        None => view! { <span class="muted">{t(NONE)}</span> }.into_any(),
    };
    let signatures = (row.needed > 0).then(|| view! { <span class="num">{format!("{}/{}", row.signed, row.needed)}</span> });
    let comment = match writes {
        true => view! { <Comment row=row.clone() class=class loader=loader /> }.into_any(),
        false => row.comment.clone().into_any(),
    };
    let faults = row.faults.iter().map(|fault| {
        let class = if fault.warning { "muted" } else { "wrong" };
        view! { <li class=class>{lang().pick(&fault.vi, &fault.en).to_owned()}</li> }
    });
    let outdated = row.outdated.then(|| view! { <li class="wrong">{t(OUTDATED)}</li> });
    view! {
        <tr>
            <td class="i">{row.ordinal}</td>
            <th scope="row">{name}</th>
            <td>{state}</td>
            <td>{signatures}</td>
            <td class="words">{comment}</td>
            <td><ul class="bare">{outdated}{faults.collect_view()}</ul></td>
        </tr>
    }
    .into_any()
}

/// One comment, saved when it is left.
#[component]
fn Comment(row: TranscriptRow, class: ClassId, loader: Loader<ClassTranscripts>) -> impl IntoView {
    let text = RwSignal::new(row.comment.clone().unwrap_or_default());
    let kept = StoredValue::new((row.comment.unwrap_or_default(), row.comment_version));
    let form = Form::new();
    let learner_id = row.learner_id;
    let save = move || {
        let (before, version) = kept.get_value();
        let now = text.get_untracked().trim().to_owned();
        if now == before {
            return;
        }
        let body = PutTranscriptComments { rows: vec![PutTranscriptComment { learner_id, text: now, version }] };
        form.send(async move { transcripts::put_comments(class, &body).await }, move |answer| {
            let Some(row) = answer.rows.into_iter().next() else { return };
            let stands = row.text.unwrap_or_default();
            kept.set_value((stands.clone(), row.version));
            match row.outcome {
                CellResult::Conflict => {
                    text.set(stands);
                    toast::say(t(CONFLICT));
                }
                // The drafts say something else now.
                _ => loader.reload(),
            }
        });
    };
    let label = tf(COMMENT_OF, &[("name", &row.full_name)]);
    view! {
        <textarea rows="2" maxlength="1000" aria-label=label aria-busy=move || form.busy.get().then_some("true") prop:value=text
            on:input=move |event| text.set(event_target_value(&event)) on:blur=move |_| save()></textarea>
        <FormFault form=form />
    }
}
