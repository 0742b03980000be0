//! Learners who come and go: what waits, for how long, and what can be done about it.

use super::transfer_steps::Act;
use crate::api::transfers;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{Picked, filled};
use crate::state::who;
use crate::ui::{
    Button, DateField, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, Tone, icon, load, pages, toast,
};
use dto::access::Permission;
use dto::transfers::*;
use dto::units::UnitKind;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    CLOCK: "Thời hạn", "Clock";
    WAY: "Từ trường, đến trường", "From and to";
    ASKED_BY: "Mong muốn, người yêu cầu", "Wished and asked by";
    TITLE: "Chuyển trường", "Transfers";
    UNDER: "Một em một hồ sơ: hồ sơ, điểm, học bạ, sức khoẻ đi theo em sang trường mới.", "One child, one record: record, marks, transcripts and health go along to the new school.";
    NEW: "Lập yêu cầu", "New request";
    CLAIM: "Tiếp nhận học sinh", "Take in a child";
    ALL: "Tất cả", "All";
    COMING: "Chuyển đến", "Coming";
    LEAVING: "Chuyển đi", "Leaving";
    OPEN: "Chưa xong", "Open";
    LATE: "Quá hạn", "Late";
    WAITS: "Chờ trả lời {a} · chờ cho chuyển {b} · chờ xếp lớp {c} · quá hạn {d}", "To answer {a} · to release {b} · to place {c} · late {d}";
    PACKAGES: "Gói ngoài tỉnh", "Packages";
    NONE: "Không có yêu cầu nào", "No requests";
    NONE_TEXT: "Yêu cầu của phụ huynh và của các trường hiện ở đây, kèm số ngày còn lại.", "Requests of families and schools show here, with the days that are left.";
    LEFT: "còn {n} ngày làm việc, hạn {day}", "{n} working days left, due {day}";
    TODAY: "hạn hôm nay", "due today";
    OVER: "quá hạn {n} ngày làm việc, hạn {day}", "{n} working days late, due {day}";
    SOURCE: "Thời hạn theo {source}", "The clock follows {source}";
    UNVERIFIED: "{source} (chưa đối chiếu bản chính thức)", "{source} (the final text was not verified)";
    WISHED: "Mong muốn từ {day}", "Wished from {day}";
    ASKED: "{who} ({side}) · {at}", "{who} ({side}) · {at}";
    TO: "Trường nhận", "Receiving school";
    FROM_ON: "Ngày muốn chuyển", "Wished from";
    REASON: "Lí do", "Reason";
    WHO: "Học sinh của trường", "Learner of the school";
    NUMBER: "Hoặc số định danh của em ở trường khác", "Or the personal ID of a child at another school";
    NUMBER_HINT: "Để xin tiếp nhận về trường mình: nhập số định danh, chọn trường nhận là trường mình.", "To take a child in: type the personal ID and choose your own school as the receiving one.";
    PICK: "Hãy chọn trường nhận và ngày", "Choose the receiving school and the day";
    SENT: "Đã gửi yêu cầu", "The request is sent";
    SIDE: "Chiều", "Direction";
}

pub fn tone(state: TransferState) -> Tone {
    match state {
        TransferState::Requested => Tone::Warn,
        TransferState::Accepted => Tone::Info,
        TransferState::Released => Tone::Brand,
        TransferState::Placed => Tone::Ok,
        TransferState::Refused | TransferState::Withdrawn => Tone::Quiet,
    }
}

/// State and clock, as everybody concerned sees them.
pub fn told(transfer: &Transfer) -> AnyView {
    let clock = transfer.clock.as_ref().map(|clock| {
        let (n, day) = (clock.days_left.unsigned_abs().to_string(), format::date(clock.due_on));
        let values = [("n", n.as_str()), ("day", day.as_str())];
        let text = match clock.days_left {
            _ if clock.overdue => tf(OVER, &values),
            0 => t(TODAY).to_owned(),
            _ => tf(LEFT, &values),
        };
        let source = if clock.verified { clock.source.clone() } else { tf(UNVERIFIED, &[("source", &clock.source)]) };
        let source = tf(SOURCE, &[("source", &source)]);
        let tone = if clock.overdue {
            Tone::Bad
        } else if clock.days_left <= 1 {
            Tone::Warn
        } else {
            Tone::Quiet
        };
        view! { <span title=source.clone()><Pill label=text tone=tone /></span><span class="quiet">{source}</span> }
    });
    let way = format!("{} → {}", transfer.from_school, transfer.to_school);
    let asked = tf(
        ASKED,
        &[
            ("who", &transfer.requested_by),
            ("side", transfer.asked_by.label(lang())),
            ("at", &format::instant(transfer.requested_at)),
        ],
    );
    let words = [&transfer.reason, &transfer.answer, &transfer.release_note, &transfer.withdrawal];
    let words = words.into_iter().flatten().map(|text| view! { <p class="because">"“"{text.clone()}"”"</p> }).collect_view();
    let classes: Vec<&str> = [transfer.from_class.as_deref(), transfer.class_name.as_deref()].into_iter().flatten().collect();
    view! {
        <span class="row tight"><span data-col=t(tx::STATUS)><Pill label=transfer.state.label(lang()) tone=tone(transfer.state) /></span><span class="row tight" data-col=t(CLOCK)>{clock}</span></span>
        <p data-col=t(WAY)>{way}{(!classes.is_empty()).then(|| format!(" · {}", classes.join(" → ")))}</p>
        <p class="quiet num" data-col=t(ASKED_BY)>{tf(WISHED, &[("day", &format::date(transfer.wished_on))])}" · "{asked}</p>
        <div data-col=t(REASON)>{words}</div>
    }
    .into_any()
}

#[component]
pub fn TransfersPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let (side, late, open) = (filters.text("side"), filters.text("late"), filters.text_or("open", "1"));
    let tally = load(|| async { transfers::tally().await });
    let list = pages(move |after| {
        let school_id = school.id();
        let query = TransferQuery {
            school_id,
            side: side.get().parse().ok().filter(|_| school_id.is_some()),
            open: (!open.read().is_empty()).then_some(true),
            overdue: (!late.read().is_empty()).then_some(true),
            ..TransferQuery::default()
        };
        async move { transfers::list(&query, after).await }
    });
    let asking = RwSignal::new(false);
    let again = Callback::new(move |()| {
        list.reload();
        tally.reload();
    });
    let may = who().can(Permission::TransferWrite);
    let sides = [(None, ALL), (Some(TransferSide::In), COMING), (Some(TransferSide::Out), LEAVING)]
        .into_iter()
        .map(|(to, name)| {
            let to = to.map_or("", TransferSide::as_str);
            view! { <button type="button" aria-pressed=move || (*side.read() == to).to_string() on:click=move |_| side.set(to.to_owned())>{t(name)}</button> }
        })
        .collect_view();
    let flag = |value: RwSignal<String>, name| {
        let turn = move |_| value.update(|v| *v = if v.is_empty() { "1".to_owned() } else { String::new() });
        view! { <button type="button" aria-pressed=move || (!value.read().is_empty()).to_string() on:click=turn>{t(name)}</button> }
    };
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            {list.export("chuyen-truong")}
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            {may.then(|| view! {
                <A href="/office/packages" attr:class="btn">{icon(Icon::File)}{t(PACKAGES)}</A>
                <A href="/office/claim" attr:class="btn">{icon(Icon::Person)}{t(CLAIM)}</A>
                <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| asking.set(true)) />
            })}
        </Header>
        <div class="filters">
            {school.field("transfer-school")}
            <div class="tally" role="group" aria-label=t(SIDE)>{sides}</div>
            <div class="tally" role="group" aria-label=t(tx::STATUS)>{flag(open, OPEN)}{flag(late, LATE)}</div>
            {filters.show()}
        </div>
        {move || tally.get().map(|n| {
            let text = |n: u32| format::count(n.into());
            let (a, b, c, d) = (text(n.requested), text(n.accepted), text(n.released), text(n.overdue));
            view! { <p class="quiet num" role="status">{tf(WAITS, &[("a", &a), ("b", &b), ("c", &c), ("d", &d)])}</p> }
        })}
        <section class="panel"><div class="body">{list.show(move |items| lines(items, again))}</div></section>
        <Dialog open=asking title=t(NEW)>
            {move || asking.get().then(|| view! { <Ask open=asking done=again /> })}
        </Dialog>
    }
    .into_any()
}

fn lines(items: Vec<Transfer>, again: Callback<()>) -> AnyView {
    if items.is_empty() {
        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Arrow /> }.into_any();
    }
    let lines = items
        .into_iter()
        .map(|transfer| {
            let told = told(&transfer);
            let (name, born) = (transfer.full_name.clone(), format::date(transfer.birth_date));
            view! { <li><div class="grow stack"><b><span data-col=t(tx::FULL_NAME)>{name}</span>" · "<span data-col=t(tx::BIRTH_DATE)>{born}</span></b>{told}</div><Act transfer=transfer done=again /></li> }
        })
        .collect_view();
    view! { <ul class="lines long">{lines}</ul> }.into_any()
}

#[component]
fn Ask(open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let (learner, to) = (Picked::new(), Picked::new());
    let (number, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let on = RwSignal::new(format::today().to_string());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(to_school_id), Ok(wished_on)) = (untrack(|| to.id()), on.get_untracked().parse()) else {
            toast::say(t(PICK));
            return;
        };
        let learner_id = untrack(|| learner.id());
        let body = PostTransfer {
            learner_id,
            personal_id: filled(number),
            ministry_code: None,
            to_school_id,
            wished_on,
            reason: filled(reason),
        };
        form.send(async move { transfers::ask(&body).await }, move |_| {
            open.set(false);
            toast::say(t(SENT));
            done.run(());
        });
    };
    view! {
        <form class="stack" on:submit=send>
            {learner.learner_field(t(WHO), "transfer-learner", None, "", Signal::stored(None))}
            <Field label=t(NUMBER) name="transfer-number" value=number max=12 hint=t(NUMBER_HINT) fault=form.fault("/personal_id") />
            {to.unit_field(t(TO), "transfer-to", &[UnitKind::School], None, "", form.fault("/to_school_id"))}
            <DateField label=t(FROM_ON) name="transfer-on" value=on required=true fault=form.fault("/wished_on") />
            <Field label=t(REASON) name="transfer-reason" value=reason max=500 fault=form.fault("/reason") />
            <FormFault form=form fields=&["/personal_id", "/to_school_id", "/wished_on", "/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(NEW) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
