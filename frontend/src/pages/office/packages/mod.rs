//! Transfer packages: one sealed file for a child who leaves the province, and the inbox of those that others sent.

mod accept;
mod inside;
mod make;

use crate::api::packages;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::School;
use crate::state::who;
use crate::ui::{
    Button, Crumb, Dialog, DropZone, Empty, Field, Form, FormFault, Header, Icon, Look, Pages, Pill, Tone, choose_school, icon,
    pages, toast,
};
use accept::Accept;
use dto::UnitId;
use dto::access::Permission;
use dto::packages::*;
use leptos::prelude::*;
use make::Make;

texts! {
    TITLE: "Gói chuyển trường", "Transfer packages";
    UNDER: "Cho học sinh chuyển đi hoặc đến từ tỉnh khác: một tệp có dấu số của trường, gồm hồ sơ, kết quả, học bạ và sức khoẻ. Trong tỉnh thì dùng trang Chuyển trường, hồ sơ tự đi theo.", "For children who leave for another province or come from one: a file sealed by the school, with record, results, transcripts and health. Within the province use Transfers; the record moves by itself.";
    TRANSFERS: "Chuyển trường", "Transfers";
    MAKE: "Lập gói cho học sinh chuyển đi", "Make a package";
    DROP: "Thả gói nhận được vào đây, hoặc bấm để chọn", "Drop a package here, or press to choose";
    DROP_TEXT: "Tệp .zip do trường gửi trao. Dấu, từng tệp và chữ ký học bạ được kiểm tra ngay.", "The .zip file that the sending school gave. Its seal, every file and the transcripts' signatures are checked at once.";
    READING: "Đang kiểm tra gói…", "Checking the package…";
    CHECKED: "Gói nguyên vẹn; hãy xem rồi tiếp nhận", "The package is whole; look at it, then take the child in";
    INBOX: "Gói đã nhận", "Received packages";
    NONE: "Chưa nhận gói nào", "No package yet";
    NONE_TEXT: "Gói thả vào được giữ ở đây cho đến khi tiếp nhận hoặc từ chối.", "A package waits here until it is accepted or declined.";
    CAME: "{from} · nhận {at}, {who}", "{from} · received {at}, {who}";
    DECIDED: "{who} · {at}", "{who} · {at}";
    ACCEPT: "Tiếp nhận", "Take in";
    DECLINE: "Từ chối", "Decline";
    DECLINE_ASK: "Từ chối gói của {name}", "Decline the package of {name}";
    WHY: "Lí do (trường gửi sẽ hỏi)", "Reason (the sending school will ask)";
    DECLINED: "Đã từ chối gói của {name}", "The package of {name} is declined";
    REOPEN: "Xem xét lại", "Look at it again";
    REOPENED: "Gói chờ xem xét lại", "The package waits again";
    OPEN: "Mở hồ sơ", "Open the record";
    WITHDRAW: "Rút lại tiếp nhận…", "Take it back…";
    WITHDRAW_ASK: "Rút lại việc tiếp nhận {name}", "Take back that {name} was taken in";
    WITHDRAW_IS: "Hồ sơ, phụ huynh, chỗ trong lớp, kết quả các năm trước và sức khoẻ đã nhập từ gói được gỡ ra; gói trở lại danh sách chờ. Chỉ làm được khi chưa ai nhập điểm, điểm danh hay ký gì cho em.", "The record, guardians, the place in the class, results of former years and the health record that came in go again; the package waits once more. Only as long as nobody has entered a mark, an absence or signed anything for the child.";
    WITHDRAW_WHY: "Lí do", "Reason";
    WITHDRAWN: "Đã rút lại việc tiếp nhận {name}", "{name} is no longer taken in; the package waits";
}

#[component]
pub fn PackagesPage() -> impl IntoView {
    let school = School::new();
    let list = pages(move |after| {
        let id = school.id();
        async move {
            match id {
                Some(id) => packages::list(id, after).await,
                None => Ok(dto::Page { items: Vec::new(), next: None }),
            }
        }
    });
    let (making, accepting, declining) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let withdrawing = RwSignal::new(false);
    let chosen = RwSignal::new(None::<TransferPackage>);
    let (may, takes) = (who().can(Permission::TranscriptIssue), who().can(Permission::LearnerWrite));
    let act = Act { chosen, accepting, declining, withdrawing, list, again: Form::new() };
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(TRANSFERS).to_owned(), "/office/transfers".to_owned())]>
            {may.then(|| view! {
                <Button label=t(MAKE) look=Look::Primary glyph=Icon::File disabled=Signal::derive(move || school.id().is_none()) on_press=Callback::new(move |()| making.set(true)) />
            })}
        </Header>
        <div class="filters">{school.field("package-school")}</div>
        <div class="stack">
            {move || match school.id() {
                Some(id) if takes => view! { <DropPackage school=id list=list /> }.into_any(),
                Some(_) => ().into_any(),
                None => choose_school(),
            }}
            <section class="panel" aria-labelledby="inbox-title">
                <header><h2 id="inbox-title">{t(INBOX)}</h2></header>
                <FormFault form=act.again />
                <div class="body">{list.show(move |items| lines(items, act))}</div>
            </section>
        </div>
        <Dialog open=making title=t(MAKE)>
            {move || school.id().map(|id| view! { <Make school=id open=making /> })}
        </Dialog>
        <Dialog open=accepting title=t(ACCEPT)>
            {move || chosen.get().map(|package| view! { <Accept package=package open=accepting list=list /> })}
        </Dialog>
        <Dialog open=declining title=t(DECLINE)>
            {move || chosen.get().map(|package| view! { <Decline package=package act=act /> })}
        </Dialog>
        <Dialog open=withdrawing title=t(WITHDRAW)>
            {move || chosen.get().map(|package| view! { <Withdraw package=package act=act /> })}
        </Dialog>
    }
    .into_any()
}

/// What can be done with a line.
#[derive(Clone, Copy)]
struct Act {
    chosen: RwSignal<Option<TransferPackage>>,
    accepting: RwSignal<bool>,
    declining: RwSignal<bool>,
    withdrawing: RwSignal<bool>,
    list: Pages<TransferPackage>,
    /// Takes a decline back.
    again: Form,
}

#[component]
fn DropPackage(school: UnitId, list: Pages<TransferPackage>) -> impl IntoView {
    let form = Form::new();
    let take = UnsyncCallback::new(move |file: web_sys::File| {
        form.send(async move { packages::receive(school, file).await }, move |_| {
            toast::say(t(CHECKED));
            list.reload();
        });
    });
    view! {
        <DropZone name="package-file" title=t(DROP) text=t(DROP_TEXT) working=t(READING) accept=".zip,application/zip" busy=form.busy on_file=take />
        <FormFault form=form />
    }
    .into_any()
}

fn tone(state: TransferPackageState) -> Tone {
    match state {
        TransferPackageState::Received => Tone::Warn,
        TransferPackageState::Accepted => Tone::Ok,
        TransferPackageState::Declined => Tone::Quiet,
    }
}

fn lines(items: Vec<TransferPackage>, act: Act) -> AnyView {
    if items.is_empty() {
        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::File /> }.into_any();
    }
    view! { <ul class="lines">{items.into_iter().map(|one| line(one, act)).collect_view()}</ul> }.into_any()
}

fn line(one: TransferPackage, act: Act) -> AnyView {
    let about = &one.about;
    let name = format!("{} · {}", about.full_name, format::date(about.birth_date));
    let from = if about.from_place.is_empty() {
        about.from_school.clone()
    } else {
        format!("{}, {}", about.from_school, about.from_place)
    };
    let came = tf(CAME, &[("from", &from), ("at", &format::instant(one.received_at)), ("who", &one.received_by)]);
    let decided = one.decided_at.map(|at| {
        let by = tf(DECIDED, &[("who", one.decided_by.as_deref().unwrap_or_default()), ("at", &format::instant(at))]);
        view! { <p class="quiet num">{by}{one.note.clone().map(|note| format!(" · “{note}”"))}</p> }
    });
    let record = one.learner_id.map(|id| {
        view! { <a class="btn small" href=format!("/learners/{id}")>{icon(Icon::Person)}{t(OPEN)}</a> }
    });
    let form = act.again;
    let (id, state) = (one.id, one.state);
    let press = |open: RwSignal<bool>| {
        let one = one.clone();
        Callback::new(move |()| {
            act.chosen.set(Some(one.clone()));
            open.set(true);
        })
    };
    let buttons = match state {
        TransferPackageState::Received => view! {
            <Button label=t(ACCEPT) small=true look=Look::Primary on_press=press(act.accepting) />
            <Button label=t(DECLINE) small=true on_press=press(act.declining) />
        }
        .into_any(),
        TransferPackageState::Declined => {
            let again = Callback::new(move |()| reopen(form, id, act.list));
            view! { <Button label=t(REOPEN) small=true busy=form.busy on_press=again /> }.into_any()
        }
        TransferPackageState::Accepted => view! {
            {record}
            <Button label=t(WITHDRAW) small=true glyph=Icon::Undo on_press=press(act.withdrawing) />
        }
        .into_any(),
    };
    view! {
        <li>
            <div class="grow stack">
                <span class="row tight"><b>{name}</b><Pill label=state.label(lang()) tone=tone(state) /></span>
                <p class="quiet num">{came}</p>
                {decided}
                {inside::inside(about)}
            </div>
            <div class="row tight no-print">{buttons}</div>
        </li>
    }
    .into_any()
}

fn reopen(form: Form, id: dto::TransferPackageId, list: Pages<TransferPackage>) {
    form.send(async move { packages::reopen(id).await }, move |_| {
        toast::say(t(REOPENED));
        list.reload();
    });
}

#[component]
fn Decline(package: TransferPackage, act: Act) -> impl IntoView {
    let Act { declining: open, list, again, .. } = act;
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let (id, name) = (package.id, package.about.full_name);
    let ask = tf(DECLINE_ASK, &[("name", &name)]);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = DeclineTransferPackage { reason: reason.get_untracked() };
        let name = name.clone();
        form.send(async move { packages::decline(id, &body).await }, move |_| {
            open.set(false);
            list.reload();
            toast::with_undo(tf(DECLINED, &[("name", &name)]), move || reopen(again, id, list));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <p>{ask}</p>
            <Field label=t(WHY) name="package-reason" value=reason max=500 required=true fault=form.fault("/reason") />
            <FormFault form=form fields=&["/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(DECLINE) look=Look::Danger busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn Withdraw(package: TransferPackage, act: Act) -> impl IntoView {
    let Act { withdrawing: open, list, .. } = act;
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let (id, name) = (package.id, package.about.full_name);
    let ask = tf(WITHDRAW_ASK, &[("name", &name)]);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = WithdrawAcceptance { reason: reason.get_untracked() };
        let name = name.clone();
        form.send(async move { packages::withdraw(id, &body).await }, move |_| {
            open.set(false);
            list.reload();
            toast::say(tf(WITHDRAWN, &[("name", &name)]));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <p><b>{ask}</b></p>
            <p class="because">{t(WITHDRAW_IS)}</p>
            <Field label=t(WITHDRAW_WHY) name="withdraw-reason" value=reason max=500 required=true fault=form.fault("/reason") />
            <FormFault form=form fields=&["/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(WITHDRAW) look=Look::Danger busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
