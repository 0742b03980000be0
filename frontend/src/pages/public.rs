//! The public page of a school, for anybody: what it has published, the newest first. In the program of the door: light, no account.

use super::door::pavilion;
use crate::api::publications;
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::prefs;
use crate::shell::Tools;
use crate::ui::{Empty, Icon, OfflineBanner, icon, load, mark, pages, toast};
use dto::UnitId;
use dto::publications::{PublicItem, PublicSchool};
use leptos::prelude::*;

texts! {
    TITLE: "Trang tin của trường", "A school's news";
    SIGN_IN: "Đăng nhập", "Sign in";
    ENTER: "Vào Khuê", "Open Khuê";
    NONE: "Nhà trường chưa đăng tin nào", "The school has published nothing yet";
    NONE_TEXT: "Tin của trường sẽ hiện ở đây, ai cũng xem được mà không cần tài khoản.", "Its news will stand here for anybody to read, without an account.";
    NO_SCHOOL: "Không có trường nào ở địa chỉ này", "There is no school at this address";
    NO_SCHOOL_TEXT: "Địa chỉ có thể bị gõ thiếu. Hãy hỏi nhà trường địa chỉ đúng.", "The address may be cut short. Ask the school for the right one.";
    PHOTO: "Ảnh của tin: {title}", "Photo of: {title}";
    CONSENT: "Ảnh và tên học sinh chỉ đăng khi gia đình và các em đồng ý. Gia đình đổi ý thì rút lại trên Khuê hoặc báo nhà trường: tin ẩn ngay.", "Photos and names of learners are published only with the consent of families and learners. Who thinks otherwise withdraws it in Khuê or tells the school: it is hidden at once.";
}

/// The school in the address of a public page; none on any other page.
pub fn address() -> Option<Option<UnitId>> {
    let path = window().location().pathname().ok()?;
    path.strip_prefix("/schools/").map(|id| id.trim_end_matches('/').parse().ok())
}

#[component]
pub fn PublicPage(
    /// None where the address names no school.
    school: Option<UnitId>,
) -> impl IntoView {
    document().set_title(&format!("{} · Khuê", t(TITLE)));
    let head = load(move || async move {
        let Some(school) = school else { return Ok(None) };
        match publications::school(school).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    });
    let enter = if prefs::known().is_some() { ENTER } else { SIGN_IN };
    view! {
        <OfflineBanner />
        <div class="public-page">
            <header class="public-head"><a href="/" class="logo">{mark()}<span><b>{t(tx::APP)}</b><small>{t(tx::PROVINCE)}</small></span></a>
                <Tools><a class="btn" href="/">{t(enter)}</a></Tools></header>
            <main id="main" tabindex="-1">{head.show(|found| match found {
                Some(found) => view! { <School found=found /> }.into_any(),
                None => view! { <section class="panel"><Empty title=t(NO_SCHOOL) text=t(NO_SCHOOL_TEXT) glyph=Icon::Search /></section> }.into_any(),
            })}</main>
        </div>
        <toast::Toasts />
    }
    .into_any()
}

#[component]
fn School(found: PublicSchool) -> impl IntoView {
    document().set_title(&format!("{} · Khuê", found.name));
    let id = found.id;
    let news = pages(move |after| publications::public(id, after));
    view! {
        <div class="public-front">{pavilion()}<h1>{found.name}</h1><p>{found.within.join(" · ")}</p></div>
        {news.show(move |items| match items.is_empty() {
            true => view! { <section class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Globe /></section> }.into_any(),
            false => view! { <div class="news">{items.into_iter().map(|item| one(id, item)).collect_view()}</div> }.into_any(),
        })}
        <footer class="public-foot">{icon(Icon::Info)}<p>{t(CONSENT)}</p></footer>
    }
    .into_any()
}

fn one(school: UnitId, item: PublicItem) -> AnyView {
    let src = item.photo.then(|| publications::photo(school, item.id));
    let alt = tf(PHOTO, &[("title", &item.title)]);
    let picture = src.map(|src| view! { <a class="picture" href=src.clone()><img src=src.clone() alt=alt loading="lazy" /></a> });
    let on = item.published_on.to_string();
    view! {
        <article class="panel">
            {picture}
            <div class="body">
                <h2>{item.title}</h2>
                <time class="quiet num" datetime=on>{format::date(item.published_on)}</time>
                {item.body.map(|body| view! { <p class="said">{body}</p> })}
            </div>
        </article>
    }
    .into_any()
}
