//! Files and reports for the authorities: what can be made, what is wrong and whose it is to put right, the official file, making, sending.

mod kind;
mod report;

pub use kind::ExchangeKindPage;
pub use report::ReportPage;

use crate::api::oversight;
use crate::format;
use crate::i18n::{lang, t, texts};
use crate::pages::filters::Filters;
use crate::ui::{Crumb, Empty, Header, Icon, Pill, Tone, choose_school, icon, load};
use dto::UnitId;
use dto::exchange::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Báo cáo, dữ liệu cho cấp trên", "Files and reports for the authorities";
    UNDER: "Mọi tệp và số liệu lấy từ hồ sơ đang có. Điều đã có thì không hỏi lại ai.", "Every file and figure is made of what is held. What is held is asked of nobody.";
    OFFICE: "Hồ sơ nhà trường", "School records";
    TEMPLATE: "Có tệp mẫu", "With a template";
    UNFIT: "Chưa dùng được ở trường này", "Not for this school yet";
    SENT: "Đã gửi", "Sent";
    NOT_SENT: "Chưa gửi tệp nào", "Nothing was sent yet";
    NOT_SENT_TEXT: "Tệp gửi đi và biên nhận của nơi nhận hiện ở đây.", "What is sent, and what the receiver answers, shows here.";
    NO_ANSWER: "Nơi nhận chưa trả lời.", "The receiver has not answered.";
    ANSWER: "Trả lời {status}", "Answer {status}";
}

/// Where a kind is worked on.
pub(super) fn href(school: UnitId, kind: ExportKind) -> String {
    let what = if kind.is_report() { "reports" } else { "files" };
    format!("/office/exchange/{school}/{what}/{kind}")
}

pub(super) fn crumbs() -> Vec<Crumb> {
    vec![Crumb(t(OFFICE).to_owned(), "/office".to_owned()), Crumb(t(TITLE).to_owned(), "/office/exchange".to_owned())]
}

#[component]
pub fn ExchangePage() -> impl IntoView {
    let school = Filters::new().school();
    let kinds = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => oversight::exports(id).await.map(|page| Some((id, page))),
                None => Ok(None),
            }
        }
    });
    let sent = load(move || {
        let id = school.id();
        async move {
            match id {
                Some(id) => oversight::packages(id).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let crumb = vec![Crumb(t(OFFICE).to_owned(), "/office".to_owned())];
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=crumb />
        <div class="filters">{school.field("exchange-school")}</div>
        <div class="stack">
            {kinds.show(move |found| match found {
                Some((id, page)) => {
                    let cards = page.items.into_iter().map(|item| card(id, item)).collect_view();
                    view! { <ul class="areas">{cards}</ul> }.into_any()
                }
                None => choose_school(),
            })}
            <section class="panel" aria-labelledby="sent-title">
                <header><h2 id="sent-title">{t(SENT)}</h2></header>
                {sent.show(|found| match found {
                    Some(page) if !page.items.is_empty() => {
                        let lines = page.items.into_iter().map(package).collect_view();
                        view! { <ul class="exits">{lines}</ul> }.into_any()
                    }
                    _ => view! { <Empty title=t(NOT_SENT) text=t(NOT_SENT_TEXT) glyph=Icon::File /> }.into_any(),
                })}
            </section>
        </div>
    }
}

fn card(school: UnitId, item: ExportItem) -> AnyView {
    let glyph = if item.kind.is_report() { Icon::Chart } else { Icon::Table };
    let name = item.kind.label(lang());
    let mark = item.template.as_ref().map(|template| {
        let file = template.file_name.clone();
        view! { <Pill label=t(TEMPLATE) tone=Tone::Ok />" "{file} }
    });
    if !item.fits {
        return view! { <li><div class="area off">{icon(glyph)}<strong>{name}</strong><span>{t(UNFIT)}</span></div></li> }
            .into_any();
    }
    view! { <li><A href=href(school, item.kind) attr:class="area">{icon(glyph)}<strong>{name}</strong><span>{mark}</span></A></li> }
        .into_any()
}

fn package(one: ExchangePackage) -> AnyView {
    let tone = match one.state {
        PackageState::Waiting => Tone::Info,
        PackageState::Accepted => Tone::Ok,
        PackageState::Refused => Tone::Bad,
    };
    let receipts = one
        .receipts
        .into_iter()
        .map(|receipt| {
            let status = receipt.status.map(|status| status.to_string()).unwrap_or_default();
            let said = crate::i18n::tf(ANSWER, &[("status", &status)]);
            view! { <li><span class="muted">{format::instant(receipt.at)}</span>" "<b>{said}</b>" "<code>{receipt.answer}</code></li> }
        })
        .collect::<Vec<_>>();
    let answers = match receipts.is_empty() {
        true => view! { <small class="muted">{t(NO_ANSWER)}</small> }.into_any(),
        false => view! { <ul class="lines">{receipts}</ul> }.into_any(),
    };
    view! {
        <li>
            <div class="row"><b>{one.kind.label(lang())}</b><Pill label=one.state.label(lang()) tone=tone /></div>
            <span>{format!("{} · {} · {}", one.file_name, one.school_year, format::instant(one.created_at))}</span>
            <small class="hash">"SHA-256 "<code>{one.sha256}</code></small>
            {answers}
        </li>
    }
    .into_any()
}
