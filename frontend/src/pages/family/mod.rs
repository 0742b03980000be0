//! What a family sees: each child, or oneself.

mod primary;
pub mod report;

use crate::api::{gradebook, registers};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::gradebook::PreschoolChild;
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{Bones, Button, Empty, Form, FormFault, Icon, file, icon, load};
use dto::LearnerId;
use dto::gradebook::Child;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    HELLO: "Chào {name}", "Hello {name}";
    CHILDREN: "Con của tôi", "Choose a child";
    NOBODY: "Chưa có con em nào gắn với tài khoản này", "No child is linked to this account yet";
    NOBODY_TEXT: "Hãy nhờ văn thư của trường gắn tài khoản của bạn với hồ sơ của con.", "Ask the school office to link your account to your child's record.";
    NO_CLASS: "chưa xếp lớp", "no class yet";
    GROWTH: "Cân nặng, chiều cao", "Weight and height";
    TRANSCRIPTS: "Học bạ", "Transcripts";
    HEALTH: "Sức khoẻ, quyền dữ liệu", "Health, data rights";
    TRANSFER: "Chuyển trường", "Transfer";
    SLIP: "Phiếu liên lạc", "Report slip";
    TEACHER: "Chủ nhiệm: {name}", "Homeroom: {name}";
}

#[component]
pub fn ChildrenPage() -> impl IntoView {
    view! { <Family chosen=Signal::stored(None) /> }
}

#[component]
pub fn ChildPage() -> impl IntoView {
    let chosen = param::<LearnerId>("learner");
    view! { <Family chosen=chosen /> }
}

#[component]
fn Family(chosen: Signal<Option<LearnerId>>) -> impl IntoView {
    let who = who();
    let own = who.learner();
    let title = if own { t(tx::MY_RESULTS) } else { t(tx::CHILDREN) };
    document().set_title(&format!("{title} · Khuê"));
    let name = who.with(|me| me.full_name.split_whitespace().next_back().unwrap_or_default().to_owned());
    let children = load(gradebook::children);
    view! {
        <div class="family">
            <header><p class="muted">{tf(HELLO, &[("name", &name)])}</p><h1>{title}</h1></header>
            {children.show(move |page| {
                if page.items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }.into_any();
                }
                let kids = page.items;
                let first = kids.first().map(|k| k.learner_id);
                let now = Memo::new(move |_| chosen.get().or(first));
                let several = kids.len() > 1;
                let chips = several.then(|| view! { <nav class="kids" aria-label=t(CHILDREN)>{kids.iter().map(|kid| chip(kid, now)).collect_view()}</nav> });
                let preschool: Vec<LearnerId> =
                    kids.iter().filter(|k| k.grade.is_some_and(|g| g.number().is_none())).map(|k| k.learner_id).collect();
                view! {
                    {chips}
                    {move || now.get().map(|id| {
                        let below = if preschool.contains(&id) { view! { <PreschoolChild id=id /> }.into_any() } else { view! { <Report id=id /> }.into_any() };
                        let slip = (!preschool.contains(&id)).then(|| view! { <Slip id=id /> });
                        view! {
                            <nav class="ways no-print"><A href=format!("/children/{id}/growth") attr:class="btn">{icon(Icon::Chart)}{t(GROWTH)}</A>{slip}<a href=format!("/papers/children/{id}") rel="external" class="btn">{icon(Icon::File)}{t(TRANSCRIPTS)}</a><a href=format!("/office/children/{id}/health") rel="external" class="btn">{icon(Icon::Check)}{t(HEALTH)}</a><a href=format!("/office/children/{id}/transfer") rel="external" class="btn">{icon(Icon::Arrow)}{t(TRANSFER)}</a></nav>
                            {below}
                        }
                    })}
                }
                .into_any()
            })}
        </div>
    }
}

fn chip(kid: &Child, now: Memo<Option<LearnerId>>) -> impl IntoView + use<> {
    let (id, given) = (kid.learner_id, kid.given_name.clone());
    let class = kid.class_name.clone().unwrap_or_else(|| t(NO_CLASS).to_owned());
    view! {
        <A href=format!("/children/{id}") attr:class="kid" attr:aria-current=move || (now.get() == Some(id)).then_some("true")>
            <b>{given}</b><span>{class}</span>
        </A>
    }
}

/// The child's report slip, as a file.
#[component]
fn Slip(id: LearnerId) -> impl IntoView {
    let form = Form::new();
    let save = Callback::new(move |()| {
        form.send(registers::child_slip(id), |blob| file::save_as(&blob, "phieu-lien-lac.pdf"));
    });
    view! { <Button label=t(SLIP) glyph=Icon::File busy=form.busy on_press=save /> <FormFault form=form /> }
}

#[component]
fn Report(id: LearnerId) -> impl IntoView {
    let answer = load(move || async move { gradebook::child_report(id, None).await });
    move || {
        if answer.get().is_none() && answer.busy() {
            return view! { <Bones lines=9 /> }.into_any();
        }
        answer.show(|answer| {
            let under = format!("{} {} · {} · {}", t(tx::CLASS), answer.class_name, answer.school_name, answer.school_year);
            let homeroom = answer.homeroom.as_ref().map(|name| tf(TEACHER, &[("name", name)]));
            let _ = lang();
            view! {
                <section class="who"><h2>{answer.full_name.clone()}</h2><p class="muted">{under}</p>{homeroom.map(|h| view! { <p class="muted">{h}</p> })}</section>
                {report::report(answer)}
            }
        })
    }
}
