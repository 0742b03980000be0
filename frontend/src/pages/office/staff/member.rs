//! One person's record: sections by kind, a timeline, the load with its reasons.

use super::describe::{details, headline};
use super::record_form::{RecordForm, Way};
use super::sections::{Acts, sections, timeline};
use super::{crumbs, why};
use crate::api::staff::{self, Whose};
use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::staff_forms::{EndPost, NewPost};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Header, Icon, Loader, Look, Pill, Tone, load, toast};
use dto::StaffId;
use dto::access::Permission;
use dto::staff::{Post, Staff};
use dto::staff_records::{RecordKind, StaffRecord};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    NO_POST: "Hiện không giữ vị trí nào", "No post at present";
    POSTS: "Bổ nhiệm, vị trí việc làm", "Appointments and posts";
    ADD_POST: "Thêm vị trí", "Add a post";
    END_POST: "Kết thúc", "End";
    ADD: "Thêm vào hồ sơ", "Add to the record";
    CHANGE_IT: "Sửa hồ sơ", "Change the record";
    HISTORY: "Lịch sử", "History";
    WROTE: "Bản {n} · {who} · {at}", "Version {n} · {who} · {at}";
    NOTHING: "Chưa có gì trong hồ sơ", "The record is empty";
    NOTHING_TEXT: "Nhập hợp đồng, bằng cấp, chức danh, kiêm nhiệm, nghỉ, đánh giá; chứng nhận của các khoá bồi dưỡng tự vào đây.", "Enter contracts, degrees, titles, duties, leave, evaluations; certificates of courses come by themselves.";
    LOAD: "Định mức tiết dạy", "Load";
    TIMELINE: "Dòng thời gian", "Timeline";
    MAIN: "Thông tin chung, tài khoản", "Personal data, account";
    NOW: "đang giữ", "present";
    SINCE: "từ {day}", "since {day}";
    FROM_TO: "{from} – {to}", "{from} – {to}";
    DECISION: "QĐ {no}", "Decision {no}";
}

#[component]
pub fn OfficeMemberPage() -> impl IntoView {
    let id = param::<StaffId>("staff");
    let person = load(move || {
        let id = id.get();
        async move { records::staff_member(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    view! { {person.show(move |value| page(value, person))} }
}

fn page(person: Staff, loader: Loader<Staff>) -> AnyView {
    let writes = who().can(Permission::StaffWrite);
    let id = person.id;
    let now: Vec<Post> = person.posts.iter().filter(|p| p.valid_to.is_none_or(|end| end > format::today())).cloned().collect();
    let under = match now.as_slice() {
        [] => t(NO_POST).to_owned(),
        posts => posts.iter().map(|p| format!("{}, {}", p.position.label(lang()), p.unit_name)).collect::<Vec<_>>().join(" · "),
    };
    let found = load(move || async move { Ok(staff::records(id).await?.items) });
    let periods = load(move || async move { why::if_any(staff::load_of(id).await) });
    let again = Callback::new(move |()| {
        found.reload();
        periods.reload();
    });
    let dialog = || RwSignal::new(false);
    let (adding, changing, looking, posting, ending) = (dialog(), dialog(), dialog(), dialog(), dialog());
    let (which, ended) = (RwSignal::new(None::<StaffRecord>), RwSignal::new(None::<Post>));
    let show = move |dialog: RwSignal<bool>| {
        Callback::new(move |record: StaffRecord| {
            which.set(Some(record));
            dialog.set(true);
        })
    };
    let acts = Acts {
        whose: Whose::Staff(id),
        keeps: writes,
        school: now.first().map(|post| post.unit_id),
        change: writes.then(|| show(changing)),
        history: Some(show(looking)),
        changed: again,
    };
    let done = Callback::new(move |()| {
        adding.set(false);
        changing.set(false);
        toast::say(t(tx::SAVED));
        again.run(());
    });
    let moved = Callback::new(move |person: Staff| {
        toast::say(t(tx::SAVED));
        loader.set(person);
    });
    let end = Callback::new(move |post: Post| {
        ended.set(Some(post));
        ending.set(true);
    });
    let posts = StoredValue::new(person.posts.clone());
    let places = StoredValue::new(now);
    view! {
        <Header title=person.full_name.clone() crumbs=crumbs() under=under>
            <A href=format!("/staff/{id}") attr:class="btn">{t(MAIN)}</A>
            {writes.then(|| view! { <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="split lead">
            <div class="stack">
                {found.show(move |items| if items.is_empty() {
                    view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::File /></div> }.into_any()
                } else {
                    sections(&items, acts)
                })}
            </div>
            <div class="stack">
                <section class="panel">
                    <header><h2 class="grow">{t(POSTS)}</h2>{writes.then(|| view! { <Button small=true label=t(ADD_POST) glyph=Icon::Plus on_press=Callback::new(move |()| posting.set(true)) /> })}</header>
                    <ul class="body lines posts">{person.posts.into_iter().map(|post| line(post, writes, end)).collect_view()}</ul>
                </section>
                <section class="panel"><header><h2>{t(LOAD)}</h2></header><div class="body">{why::optional(periods)}</div></section>
                <section class="panel"><header><h2>{t(TIMELINE)}</h2></header><div class="body">{found.show(move |items| timeline(&posts.get_value(), &items))}</div></section>
            </div>
        </div>
        <Dialog open=adding title=t(ADD)><RecordForm staff=id record=None kind=RecordKind::Contract posts=places.get_value() way=Way::Write done=done /></Dialog>
        <Dialog open=changing title=t(CHANGE_IT)>
            {move || which.get().map(|record| {
                let kind = record.facts.kind();
                view! { <RecordForm staff=id record=Some(record) kind=kind posts=places.get_value() way=Way::Write done=done /> }
            })}
        </Dialog>
        <Dialog open=looking title=t(HISTORY)>{move || which.get().map(history)}</Dialog>
        <Dialog open=posting title=t(ADD_POST)><NewPost staff=id done=moved /></Dialog>
        <Dialog open=ending title=t(END_POST)>{move || ended.get().map(|post| view! { <EndPost staff=id post=post done=moved /> })}</Dialog>
    }
    .into_any()
}

fn line(post: Post, writes: bool, end: Callback<Post>) -> AnyView {
    let present = post.valid_to.is_none_or(|day| day > format::today());
    let time = match post.valid_to {
        Some(to) => tf(FROM_TO, &[("from", &format::date(post.valid_from)), ("to", &format::date(to))]),
        None => tf(SINCE, &[("day", &format::date(post.valid_from))]),
    };
    let decision = post.decision_no.as_ref().map(|no| tf(DECISION, &[("no", no)]));
    let place: Vec<String> =
        [Some(post.unit_name.clone()), decision, post.decided_on.map(format::date)].into_iter().flatten().collect();
    let stored = StoredValue::new(post.clone());
    view! {
        <li>
            <span class="grow"><b>{post.position.label(lang())}</b><br /><small class="muted">{place.join(" · ")}</small></span>
            <span class="quiet num">{time}</span>
            {present.then(|| view! { <Pill label=t(NOW) tone=Tone::Ok /> })}
            {(writes && present).then(|| view! { <Button small=true look=Look::Plain label=t(END_POST) on_press=Callback::new(move |()| end.run(stored.get_value())) /> })}
        </li>
    }
    .into_any()
}

/// What a record said, newest first.
fn history(record: StaffRecord) -> AnyView {
    let versions = load(move || {
        let (staff, id) = (record.staff_id, record.id);
        async move { Ok(staff::history(staff, id).await?.items) }
    });
    versions.show(|items| {
        let lines = items
            .into_iter()
            .map(|record| {
                let wrote = tf(
                    WROTE,
                    &[("n", &record.version.to_string()), ("who", &record.updated_by), ("at", &format::instant(record.updated_at))],
                );
                let more = details(&record).join(" · ");
                view! {
                    <li class:gone=record.withdrawn><span class="grow"><b>{headline(&record.facts)}</b><br /><small class="muted">{more}</small><br /><small class="quiet num">{wrote}</small></span></li>
                }
            })
            .collect_view();
        view! { <ul class="lines">{lines}</ul> }
    })
}
