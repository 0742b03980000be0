//! A school takes in a child: first it is looked whether the province knows them.

use crate::api::{one_record, transfers};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::learner_forms::Typed;
use crate::pages::records::pick::{School, filled};
use crate::ui::{Button, Crumb, DateField, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, Tone, icon, toast};
use dto::learners::LearnerStatus;
use dto::one_record::*;
use dto::transfers::PostTransfer;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

texts! {
    TITLE: "Tiếp nhận học sinh", "Take in a child";
    UNDER: "Mỗi em một hồ sơ cho cả tỉnh. Nếu em đã có hồ sơ ở trường khác, hãy tiếp nhận hoặc xin chuyển, không tạo hồ sơ mới.", "One record for each child of the province. Where another school has it, claim it or ask for a transfer; no second one is made.";
    LOOK: "Tra cứu", "Look";
    LOGGED: "Mỗi lần tra cứu được ghi vào nhật ký của cả hai trường.", "Each look is written into the log of both schools.";
    NONE: "Chưa có hồ sơ nào khớp", "No record fits";
    NONE_TEXT: "Em chưa có hồ sơ trong tỉnh. Hồ sơ mới được điền sẵn thông tin vừa nhập; nếu em chưa có số định danh thì được cấp mã tạm.", "The province does not know the child. A new record begins with what was typed; without a number it gets a temporary code.";
    NEW: "Lập hồ sơ mới", "Make a new record";
    BY: "Khớp theo {kind}", "Found by {kind}";
    BY_NAME: "Khớp theo họ tên và ngày sinh", "Found by name and birth date";
    CLAIM: "Tiếp nhận vào trường", "Claim for the school";
    TRANSFER: "Xin chuyển trường", "Ask for a transfer";
    OPEN: "Mở hồ sơ", "Open the record";
    UNDER_WAY: "Đang có yêu cầu chuyển trường", "A transfer is under way";
    NEEDS_NUMBER: "Để tiếp nhận, hãy tra cứu bằng số định danh của em.", "To take the child in, look by the personal ID.";
    SINCE: "Từ ngày", "Since";
    CLAIMED: "Đã tiếp nhận {name}", "{name} is taken in";
    SENT: "Đã gửi yêu cầu chuyển trường", "The transfer is asked for";
    LIST: "Chuyển trường", "Transfers";
}

#[component]
pub fn ClaimPage() -> impl IntoView {
    let school = School::new();
    let given = use_query_map();
    let given = |name: &str| RwSignal::new(given.with_untracked(|map| map.get(name)).unwrap_or_default());
    let (number, code, name, birth) = (given("personal_id"), given("ministry_code"), given("name"), given("birth_date"));
    let since = RwSignal::new(format::today().to_string());
    let (form, act) = (Form::new(), Form::new());
    let found = RwSignal::new(None::<Vec<LearnerOffer>>);
    let look = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(school_id) = untrack(|| school.id()) else {
            toast::say(t(tx::PICK_SCHOOL));
            return;
        };
        let body = PostOffers {
            school_id,
            personal_id: filled(number),
            ministry_code: filled(code),
            full_name: filled(name),
            birth_date: birth.get_untracked().parse().ok(),
        };
        form.send(async move { one_record::offers(&body).await }, move |offers| found.set(Some(offers.items)));
    };
    let day = move || since.get_untracked().parse().unwrap_or_else(|_| format::today());
    let claim = Callback::new(move |()| {
        let Some(school_id) = untrack(|| school.id()) else { return };
        let body = PostClaim {
            school_id,
            personal_id: filled(number),
            ministry_code: filled(code),
            status: LearnerStatus::TransferredIn,
            since: day(),
            reason: None,
        };
        act.send(async move { one_record::claim(&body).await }, move |learner| {
            found.set(None);
            toast::say(tf(CLAIMED, &[("name", &learner.full_name)]));
        });
    });
    let transfer = Callback::new(move |()| {
        let Some(to_school_id) = untrack(|| school.id()) else { return };
        let body = PostTransfer {
            learner_id: None,
            personal_id: filled(number),
            ministry_code: filled(code),
            to_school_id,
            wished_on: day(),
            reason: None,
        };
        act.send(async move { transfers::ask(&body).await }, move |_| {
            found.set(None);
            toast::say(t(SENT));
        });
    });
    let offer = move |offer: LearnerOffer| {
        let by = match offer.found_by {
            Some(kind) => tf(BY, &[("kind", &kind.label(lang()).to_lowercase())]),
            None => t(BY_NAME).to_owned(),
        };
        let place = [offer.school_name, Some(offer.status.label(lang()).to_owned())]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ");
        let numbered = offer.found_by.is_some();
        let next = match offer.kind {
            _ if offer.transferring => view! { <Pill label=t(UNDER_WAY) tone=Tone::Info /> }.into_any(),
            OfferKind::Here => offer
                .learner_id
                .map(|id| view! { <a class="btn" href=format!("/learners/{id}")>{icon(Icon::Person)}{t(OPEN)}</a> })
                .into_any(),
            _ if !numbered => view! { <span class="quiet">{t(NEEDS_NUMBER)}</span> }.into_any(),
            OfferKind::Claim => view! { <Button label=t(CLAIM) look=Look::Primary busy=act.busy on_press=claim /> }.into_any(),
            OfferKind::Transfer => {
                view! { <Button label=t(TRANSFER) look=Look::Primary busy=act.busy on_press=transfer /> }.into_any()
            }
        };
        view! {
            <li>
                <div class="grow stack"><b>{offer.full_name}" · "{format::date(offer.birth_date)}</b><p>{place}</p><p class="quiet">{by}</p></div>
                {next}
            </li>
        }
    };
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(LIST).to_owned(), "/office/transfers".to_owned())] />
        <form class="panel" on:submit=look>
            <div class="body stack">
                {school.field("claim-school")}
                <div class="fields">
                    <Field label=t(tx::PERSONAL_ID) name="claim-number" value=number max=12 fault=form.fault("/personal_id") />
                    <Field label=t(tx::MINISTRY_CODE) name="claim-code" value=code max=20 fault=form.fault("/ministry_code") />
                    <Field label=t(tx::FULL_NAME) name="claim-name" value=name max=200 fault=form.fault("/full_name") />
                    <DateField label=t(tx::BIRTH_DATE) name="claim-birth" value=birth fault=form.fault("/birth_date") />
                    <DateField label=t(SINCE) name="claim-since" value=since required=true fault=act.fault("/since") />
                </div>
                <FormFault form=form fields=&["/personal_id", "/ministry_code", "/full_name", "/birth_date"] />
                <p class="quiet">{t(LOGGED)}</p>
                <div class="row"><Button label=t(LOOK) look=Look::Primary glyph=Icon::Search busy=form.busy /></div>
            </div>
        </form>
        <FormFault form=act fields=&["/since"] />
        {move || found.get().map(|offers| match offers.is_empty() {
            true => {
                let text = |value: RwSignal<String>| value.get_untracked().trim().to_owned();
                let typed =
                    Typed { full_name: text(name), birth_date: text(birth), personal_id: text(number), ministry_code: text(code) };
                let href = typed.address(untrack(|| school.id()));
                view! {
                    <div class="panel">
                        <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Person>
                            <a class="btn primary" href=href>{icon(Icon::Plus)}{t(NEW)}</a>
                        </Empty>
                    </div>
                }
                .into_any()
            }
            false => view! { <section class="panel"><ul class="lines body" aria-live="polite">{offers.into_iter().map(offer).collect_view()}</ul></section> }.into_any(),
        })}
    }
    .into_any()
}
