//! The council of a class at the end of a year: what is proposed for each learner, what was decided against it, the minutes, and the
//! closing of the year.

mod decide;
mod minutes;
mod primary;

use super::nowhere;
use super::results::circular;
use super::why::{level_text, reasons, tone};
use crate::api::council;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Loader, Look, Pill, Tone, effect, icon, load, toast};
use decide::Decide;
use dto::ClassId;
use dto::access::Permission;
use dto::calendar::Grade;
use dto::council::{Council, CouncilRow, CouncilState, ReopenYear, Standing};
use leptos::prelude::*;
use leptos_router::components::A;
use minutes::MinutesPanel;
use regulations::{Level, Promotion};

texts! {
    WAITING: "Cần chốt cả hai học kì trước khi xét. Bảng dưới đây là tình hình đến lúc này.", "Both terms have to be closed first. Below is how things stand now.";
    UNSETTLED: "Còn {n} học sinh chưa có kết quả cuối cùng", "{n} learners have no final result yet";
    UNSETTLED_TEXT: "Đó là học sinh cần đánh giá lại, rèn luyện hè, hoặc có đề nghị chưa được hiệu trưởng duyệt.", "They are to be re-assessed or trained in the summer, or have a decision that the principal has not approved.";
    UNSETTLED_PRIMARY: "Đó là học sinh chưa hoàn thành chương trình lớp học: còn phải đánh giá bổ sung, hoặc chờ hiệu trưởng quyết định.", "They have not completed the grade: they are to be assessed again, or the principal has to decide.";
    READY: "Tất cả học sinh đã có kết quả cuối cùng", "Every learner has a final result";
    CLOSED: "Năm học đã chốt", "The school year is closed";
    CLOSED_BY: "{who} chốt lúc {at}, theo {policy}.", "Closed by {who} at {at}, under {policy}.";
    TABLE: "Kết quả đề nghị của lớp", "Proposed results of the class";
    LEARNING: "Học tập", "Learning";
    CONDUCT: "Rèn luyện", "Conduct";
    ABSENCES: "Nghỉ (buổi)", "Absent";
    DECIDED: "Kết quả", "Result";
    AWARD: "Danh hiệu", "Award";
    WHY: "Vì sao?", "Why?";
    WHY_OF: "Vì sao? {name}", "Why? {name}";
    DECIDE: "Quyết định", "Decide";
    DECIDE_OF: "Quyết định cho {name}", "Decide for {name}";
    PENDING: "Chờ duyệt", "To be approved";
    BY_COUNCIL: "Hội đồng", "Council";
    UNKNOWN: "chưa đủ", "incomplete";
    AFTER: "sau hè", "after the summer";
    SUMMER: "Danh sách hè", "Summer list";
    AGAIN: "Đánh giá bổ sung", "Assess again";
    NEXT: "Xếp lớp năm học mới", "Next year's classes";
    CLOSE: "Chốt năm học", "Close the year";
    CLOSE_SURE: "Chốt năm học của lớp {class}?", "Close the school year of class {class}?";
    CLOSE_TEXT: "Kết quả cuối cùng của từng học sinh được lưu lại cùng quy định đã áp dụng; không ai sửa được kết quả hè hay đánh giá bổ sung, quyết định và biên bản. Chỉ hiệu trưởng mở lại được, kèm lí do.", "Each learner's final result is kept with the regulation that made it; results of the summer or of another assessment, decisions and minutes can no longer be changed. Only the principal can reopen it, with a reason.";
    DONE: "Đã chốt năm học", "The school year is closed";
    REOPEN: "Mở lại năm học", "Reopen the year";
    REOPEN_TEXT: "Kết quả đã chốt được gỡ ra để sửa; nhật ký vẫn giữ bản cũ cùng lí do và tên bạn.", "The frozen results are taken out to be changed; the log keeps them, with the reason and your name.";
    REASON: "Lí do", "Reason";
    REOPENED: "Đã mở lại năm học", "The year is open again";
    NOBODY: "Lớp chưa có học sinh", "The class has no learners yet";
    PRINT_TITLE: "KẾT QUẢ XÉT LÊN LỚP", "RESULTS OF PROMOTION";
    PRINT_UNDER: "Lớp {class} · Năm học {year} · {school}", "Class {class} · School year {year} · {school}";
    CHAIR: "Chủ tịch hội đồng", "Chair of the council";
    SECRETARY: "Thư ký", "Secretary";
    TEACHER: "Giáo viên chủ nhiệm", "Homeroom teacher";
    PRINCIPAL: "Hiệu trưởng", "Principal";
    SIGN: "(Ký, ghi rõ họ tên)", "(Signature and full name)";
}

/// What is open above the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Why(usize),
    Decide(usize),
}

#[component]
pub fn CouncilPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let id = param::<ClassId>("class");
    let loader = load(move || {
        let id = id.get();
        async move { council::council(id.ok_or_else(nowhere)?).await }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| class_head(&class, view! { <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /> }.into_any()))}
        {loader.show(move |answer| view! { <Loaded answer=answer loader=loader /> })}
    }
}

#[component]
fn Loaded(answer: Council, loader: Loader<Council>) -> impl IntoView {
    let class = answer.class_id;
    let title = tf(PRINT_UNDER, &[("class", &answer.class_name), ("year", &answer.school_year), ("school", &answer.school_name)]);
    let next = (answer.state == CouncilState::Closed && who().can(Permission::ClassWrite)).then(|| {
        view! { <A href=format!("/classes/{class}/next-year") attr:class="btn primary">{icon(Icon::Arrow)}{t(NEXT)}</A> }
    });
    let head = head(&answer, loader);
    // In primary school who falls short is assessed again in the place of the summer.
    let of_primary = primary::is(&answer);
    let print_title = if of_primary { primary::print_title(answer.grade) } else { t(PRINT_TITLE) };
    let before = match of_primary {
        true => view! { <A href=format!("/classes/{class}/reassessment") attr:class="btn">{icon(Icon::Book)}{t(AGAIN)}</A> }
            .into_any(),
        false => {
            view! { <A href=format!("/classes/{class}/summer") attr:class="btn">{icon(Icon::Sun)}{t(SUMMER)}</A> }.into_any()
        }
    };
    let signs = if of_primary { [TEACHER, PRINCIPAL] } else { [SECRETARY, CHAIR] };
    let signs = signs.map(|who| view! { <div><b>{t(who)}</b><p>{t(SIGN)}</p></div> }).collect_view();
    let minutes = answer.clone();
    let open = RwSignal::new(None::<Open>);
    let why = RwSignal::new(false);
    let deciding = RwSignal::new(false);
    effect(move || {
        why.set(matches!(open.get(), Some(Open::Why(_))));
        deciding.set(matches!(open.get(), Some(Open::Decide(_))));
    });
    effect(move || {
        if !why.get() && !deciding.get() && open.read_untracked().is_some() {
            open.set(None);
        }
    });
    let table = if answer.rows.is_empty() {
        view! { <Empty title=t(NOBODY) glyph=Icon::People /> }.into_any()
    } else {
        table(&answer, open)
    };
    let rows = StoredValue::new(answer);
    view! {
        <div class="results council stack">
            <div class="only-print print-head"><p class="h">{print_title}</p><p>{title}</p></div>
            {head}
            <div class="row no-print">
                {before}
                {next}
            </div>
            {table}
            <MinutesPanel answer=minutes loader=loader />
            <div class="only-print print-foot"><div class="signs">{signs}</div></div>
            <Dialog open=why title=t(WHY)>
                {move || match open.get() {
                    Some(Open::Why(n)) => rows.with_value(|answer| answer.rows.get(n).map(explain)),
                    _ => None,
                }}
            </Dialog>
            <Dialog open=deciding title=t(DECIDE)>
                {move || match open.get() {
                    Some(Open::Decide(n)) => rows.with_value(|answer| {
                        answer.rows.get(n).cloned().map(|row| view! { <Decide row=row class=class approver=answer.approver loader=loader open=deciding /> })
                    }),
                    _ => None,
                }}
            </Dialog>
        </div>
    }
    .into_any()
}

/// Where the year stands, and what can be done about it.
fn head(answer: &Council, loader: Loader<Council>) -> AnyView {
    let n = format::count(answer.unsettled.into());
    match answer.state {
        CouncilState::Waiting => {
            view! { <p class="strip info no-print">{icon(Icon::Info)}<span>{t(WAITING)}</span></p> }.into_any()
        }
        CouncilState::Open if answer.unsettled > 0 => {
            let who = t(if primary::is(answer) { UNSETTLED_PRIMARY } else { UNSETTLED_TEXT });
            view! { <div class="strip no-print"><b class="num">{tf(UNSETTLED, &[("n", &n)])}</b><span>{who}</span></div> }
                .into_any()
        }
        CouncilState::Open => view! { <Ready answer=answer.clone() loader=loader /> }.into_any(),
        CouncilState::Closed => view! { <Closed answer=answer.clone() loader=loader /> }.into_any(),
    }
}

#[component]
fn Ready(answer: Council, loader: Loader<Council>) -> impl IntoView {
    let class = answer.class_id;
    let form = Form::new();
    let sure = RwSignal::new(false);
    let close = Callback::new(move |()| {
        form.send(council::close_year(class), move |answer| {
            sure.set(false);
            loader.set(answer);
            toast::say(t(DONE));
        })
    });
    let title = tf(CLOSE_SURE, &[("class", &answer.class_name)]);
    view! {
        <div class="strip ok no-print">
            {icon(Icon::Check)}<b class="grow">{t(READY)}</b>
            {answer.approver.then(|| view! { <Button label=t(CLOSE) glyph=Icon::Lock on_press=Callback::new(move |()| sure.set(true)) /> })}
        </div>
        <Dialog open=sure title=title>
            <p>{t(CLOSE_TEXT)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| sure.set(false)) />
                <Button label=t(CLOSE) look=Look::Primary busy=form.busy on_press=close />
            </footer>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Closed(answer: Council, loader: Loader<Council>) -> impl IntoView {
    let class = answer.class_id;
    let form = Form::new();
    let asking = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let at = answer.closed_at.map(format::instant).unwrap_or_default();
    let by = answer.closed_by.clone().unwrap_or_default();
    let text = tf(CLOSED_BY, &[("who", &by), ("at", &at), ("policy", &circular(&answer.policy))]);
    let send = move || {
        let body = ReopenYear { reason: reason.get_untracked().trim().to_owned() };
        form.send(async move { council::reopen_year(class, &body).await }, move |answer| {
            asking.set(false);
            loader.set(answer);
            toast::say(t(REOPENED));
        });
    };
    view! {
        <div class="strip ok">
            {icon(Icon::Lock)}<span class="grow"><b>{t(CLOSED)}</b>" "{text}</span>
            {answer.approver.then(|| view! { <span class="no-print"><Button label=t(REOPEN) small=true on_press=Callback::new(move |()| asking.set(true)) /></span> })}
        </div>
        <Dialog open=asking title=t(REOPEN)>
            <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                <p>{t(REOPEN_TEXT)}</p>
                <div class="field">
                    <label for="year-reason">{t(REASON)}<span class="need" aria-hidden="true">" *"</span></label>
                    <textarea id="year-reason" required=true minlength="5" maxlength="500" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
                </div>
                <FormFault form=form />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| asking.set(false)) />
                    <Button label=t(REOPEN) look=Look::Danger busy=form.busy />
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}

fn explain(row: &CouncilRow) -> AnyView {
    let because = row.overridden.clone().map(|decision| {
        let who = decision.approved_by.clone().unwrap_or(decision.proposed_by);
        view! { <p class="strip info">{icon(Icon::People)}<span>"“"{decision.reason}"” · "{who}</span></p> }
    });
    view! {
        <p>{format::name(&row.full_name, &row.given_name)}</p>
        {because}
        {reasons(row.decision.reasons.clone())}
    }
    .into_any()
}

/// A level; where the summer or the council made another of it, both.
fn level(first: Option<Level>, last: Option<Level>) -> AnyView {
    let pill = |level: Option<Level>| match level {
        Some(level) => view! { <Pill label=level_text(level) tone=tone(level) /> }.into_any(),
        None => view! { <span class="quiet">{t(UNKNOWN)}</span> }.into_any(),
    };
    if first == last {
        return pill(last);
    }
    view! { <span class="row tight became">{pill(first)}{icon(Icon::Arrow)}<span class="sr">{t(AFTER)}</span>{pill(last)}</span> }
        .into_any()
}

pub(super) fn promotion_pill(promotion: Option<Promotion>) -> AnyView {
    match promotion {
        Some(promotion) => {
            let tone = match promotion {
                Promotion::Promoted => Tone::Ok,
                Promotion::Reassess | Promotion::SummerTraining => Tone::Warn,
                Promotion::Retained => Tone::Bad,
            };
            view! { <Pill label=lang().pick(promotion.vi(), promotion.en()) tone=tone /> }.into_any()
        }
        None => view! { <span class="quiet">{t(UNKNOWN)}</span> }.into_any(),
    }
}

fn table(answer: &Council, open: RwSignal<Option<Open>>) -> AnyView {
    // In primary school the principal decides, of who was assessed again, on the page for that.
    let grade = primary::is(answer).then_some(answer.grade);
    let may = answer.writable && answer.state == CouncilState::Open && grade.is_none();
    let lines = answer.rows.iter().enumerate().map(|(n, row)| line(n, row, grade, may, open)).collect_view();
    let heads = match grade {
        Some(_) => primary::heads(),
        None => view! {
            <th scope="col">{t(LEARNING)}</th><th scope="col">{t(CONDUCT)}</th><th scope="col" class="r">{t(ABSENCES)}</th>
            <th scope="col">{t(DECIDED)}</th><th scope="col">{t(AWARD)}</th>
        }
        .into_any(),
    };
    view! {
        <div class="table tall" tabindex="0" role="region" aria-label=t(TABLE)>
            <table class="num">
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col" class="name">{t(tx::FULL_NAME)}</th>
                    {heads}
                    <th scope="col" class="no-print"><span class="sr">{t(WHY)}</span></th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(n: usize, row: &CouncilRow, primary: Option<Grade>, may: bool, open: RwSignal<Option<Open>>) -> AnyView {
    let decision = &row.decision;
    let cells = match primary {
        Some(grade) => primary::cells(decision, grade),
        None => cells(row),
    };
    let why = tf(WHY_OF, &[("name", &row.full_name)]);
    let decide = tf(DECIDE_OF, &[("name", &row.full_name)]);
    let name = format::name(&row.full_name, &row.given_name);
    let href = format!("/learners/{}/report", decision.learner_id);
    view! {
        <tr>
            <td class="i">{row.ordinal}</td>
            <th scope="row" class="name"><A href=href attr:class="row-link">{name}</A></th>
            {cells}
            <td class="no-print"><span class="row tight">
                <button type="button" class="link" aria-label=why on:click=move |_| open.set(Some(Open::Why(n)))>{t(WHY)}</button>
                {may.then(|| view! { <button type="button" class="link" aria-label=decide on:click=move |_| open.set(Some(Open::Decide(n)))>{t(DECIDE)}</button> })}
            </span></td>
        </tr>
    }
    .into_any()
}

/// Learning, conduct, absences, what was decided, and the award.
fn cells(row: &CouncilRow) -> AnyView {
    let decision = &row.decision;
    let Standing { learning, conduct, promotion, award, .. } = decision.decided;
    let mark = row.overridden.as_ref().map(|kept| {
        let (label, tone) = if kept.approved_at.is_some() { (t(BY_COUNCIL), Tone::Info) } else { (t(PENDING), Tone::Warn) };
        view! { <Pill label=label tone=tone /> }
    });
    // What the regulation proposed, where the summer or the council made another end of it.
    let before = (decision.proposed.promotion != promotion)
        .then(|| view! { {promotion_pill(decision.proposed.promotion)}{icon(Icon::Arrow)}<span class="sr">{t(AFTER)}</span> });
    let award = award.map(|award| view! { <Pill label=lang().pick(award.vi(), award.en()) tone=Tone::Brand /> });
    view! {
        <td>{level(decision.proposed.learning, learning)}</td>
        <td>{level(decision.proposed.conduct, conduct)}</td>
        <td class="r">{decision.absences}</td>
        <td><span class="row tight became">{before}{promotion_pill(promotion)}{mark}</span></td>
        <td>{award}</td>
    }
    .into_any()
}
