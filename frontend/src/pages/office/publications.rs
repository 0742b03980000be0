//! What a school shows to the public: published only with consent, hidden at once where one is withdrawn.

use crate::api::publications;
use crate::format;
use crate::i18n::{t, texts, tf, tx};
use crate::pages::records::pick::{Picked, School, filled};
use crate::ui::{
    Button, Check, Choice, Crumb, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pages, Pill, Tone, effect, icon,
    pages, toast,
};
use dto::publications::{PostPublication, Publication};
use dto::{LearnerId, PublicationId, UnitId};
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Tin công khai", "Public page";
    SEE: "Xem trang công khai", "See the public page";
    UNDER: "Ảnh có mặt, tên của học sinh chỉ đăng được khi phụ huynh và em (từ 7 tuổi) đồng ý; gia đình rút lại là tin ẩn ngay.", "A child's photo or name is published only with the consent of guardian and, from seven on, child; what is withdrawn is hidden at once.";
    NEW: "Đăng tin", "Publish";
    NONE: "Chưa đăng tin nào", "Nothing published yet";
    NONE_TEXT: "Tin đăng ở đây ai cũng xem được, không cần tài khoản.", "What is published here anybody can see, without an account.";
    BY: "{who} · {at}", "{who} · {at}";
    VISIBLE: "Đang công khai", "Public";
    HIDDEN: "Đang ẩn: thiếu đồng ý", "Hidden: a consent is missing";
    GONE: "Đã gỡ", "Taken down";
    SHOWN: "có mặt trong ảnh", "in the photo";
    NAMED: "được nêu tên", "named";
    LACKS: "không còn đồng ý", "no consent now";
    PHOTO: "có ảnh", "with a photo";
    WITHDRAW: "Gỡ xuống", "Take down";
    WITHDRAWN: "Đã gỡ khỏi trang công khai", "Taken off the public page";
    RESTORE: "Đăng lại", "Put back";
    RESTORED: "Đã đăng lại lên trang công khai", "Back on the public page";
    HEAD: "Tiêu đề", "Title";
    TEXT: "Nội dung (tên học sinh viết trong bài cũng cần sự đồng ý)", "Text (a learner's name in it needs consent too)";
    FILE: "Ảnh (PNG, JPEG, WebP)", "Photo (PNG, JPEG, WebP)";
    WHO: "Thêm em có mặt trong ảnh", "Add who is in the photo";
    NOBODY: "Không nhận ra học sinh nào trong ảnh", "No learner can be recognised in the photo";
    REMOVE: "Bỏ {name}", "Remove {name}";
    DONE: "Đã đăng", "Published";
}

#[component]
pub fn PublicationsPage() -> impl IntoView {
    let school = School::new();
    let list = pages(move |after| {
        let id = school.id();
        async move {
            match id {
                Some(id) => publications::list(id, after).await,
                None => Ok(dto::Page { items: Vec::new(), next: None }),
            }
        }
    });
    let open = RwSignal::new(false);
    // Of what is undone from a toast: lines come and go.
    let again = Form::new();
    let nowhere = Signal::derive(move || school.id().is_none());
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(tx::OFFICE).to_owned(), "/office".to_owned())]>
            {move || school.id().map(|id| view! { <a class="btn" href=format!("/schools/{id}") target="_blank" rel="external noopener">{icon(Icon::Globe)}{t(SEE)}</a> })}
            <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus disabled=nowhere on_press=Callback::new(move |()| open.set(true)) />
        </Header>
        <div class="filters">{school.field("publication-school")}</div>
        <FormFault form=again />
        <section class="panel"><div class="body">
            {move || match school.id() {
                Some(id) => list.show(move |items| lines(id, items, list, again)),
                None => view! { <Empty title=t(tx::PICK_SCHOOL) text=t(tx::PICK_SCHOOL_HOW) glyph=Icon::Home /> }.into_any(),
            }}
        </div></section>
        <Dialog open=open title=t(NEW)>
            {move || school.id().map(|id| view! { <New school=id open=open list=list /> })}
        </Dialog>
    }
    .into_any()
}

fn lines(school: UnitId, items: Vec<Publication>, list: Pages<Publication>, again: Form) -> AnyView {
    if items.is_empty() {
        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Globe /> }.into_any();
    }
    view! { <ul class="lines long">{items.into_iter().map(|one| line(school, one, list, again)).collect_view()}</ul> }.into_any()
}

fn line(school: UnitId, one: Publication, list: Pages<Publication>, again: Form) -> AnyView {
    let form = Form::new();
    let id = one.id;
    let (label, tone) = match (one.withdrawn_at.is_some(), one.visible) {
        (true, _) => (t(GONE), Tone::Quiet),
        (false, true) => (t(VISIBLE), Tone::Ok),
        (false, false) => (t(HIDDEN), Tone::Bad),
    };
    let named = !one.people.is_empty();
    let people = one
        .people
        .into_iter()
        .map(|person| {
            let parts = [(person.shown, SHOWN), (person.named, NAMED), (!person.holds, LACKS)];
            let what: Vec<&str> = parts.into_iter().filter(|(is, _)| *is).map(|(_, text)| t(text)).collect();
            let to = format!("/office/learners/{}/consents", person.learner_id);
            view! { <li><A href=to>{person.full_name}</A>" · "{what.join(", ")}</li> }
        })
        .collect_view();
    let by = tf(BY, &[("who", &one.published_by), ("at", &format::instant(one.published_at))]);
    let gone = one.withdrawn_at.is_some();
    let press = Callback::new(move |()| turn(school, id, !gone, list, [form, again]));
    view! {
        <li>
            <div class="grow stack">
                <span class="row tight"><b>{one.title}</b><Pill label=label tone=tone />{one.photo.then(|| view! { <Pill label=t(PHOTO) /> })}</span>
                {one.body.map(|body| view! { <p class="said">{body}</p> })}
                {named.then(|| view! { <ul class="quiet">{people}</ul> })}
                <p class="quiet num">{by}</p>
                <FormFault form=form />
            </div>
            <Button label=t(if gone { RESTORE } else { WITHDRAW }) small=true busy=form.busy on_press=press />
        </li>
    }
    .into_any()
}

/// Takes down, or puts back; each is undone by the other.
fn turn(school: UnitId, id: PublicationId, down: bool, list: Pages<Publication>, [form, again]: [Form; 2]) {
    let call =
        async move { if down { publications::withdraw(school, id).await } else { publications::restore(school, id).await } };
    form.send(call, move |_| {
        let said = t(if down { WITHDRAWN } else { RESTORED });
        toast::with_undo(said, move || turn(school, id, !down, list, [again, again]));
        list.reload();
    });
}

#[component]
fn New(school: UnitId, open: RwSignal<bool>, list: Pages<Publication>) -> impl IntoView {
    let form = Form::new();
    let input = NodeRef::<html::Input>::new();
    let (title, body) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let nobody = RwSignal::new(false);
    let finder = Picked::new();
    let shown = RwSignal::new(Vec::<Choice>::new());
    // Whoever is found joins the list, and the field is free for the next.
    effect(move || {
        if let Some(found) = finder.chosen.get() {
            shown.update(|all| {
                if all.iter().all(|one| one.key != found.key) {
                    all.push(found);
                }
            });
            finder.chosen.set(None);
        }
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let photo = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        let body = PostPublication {
            title: title.get_untracked(),
            body: filled(body),
            photo: None,
            shows: shown.get_untracked().iter().filter_map(|one| one.key.parse::<LearnerId>().ok()).collect(),
            shows_nobody: nobody.get_untracked(),
            names: Vec::new(),
        };
        form.send(async move { publications::publish(school, body, photo).await }, move |_| {
            open.set(false);
            toast::say(t(DONE));
            list.reload();
        });
    };
    let fault = form.fault("/photo");
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(HEAD) name="publication-title" value=title max=200 required=true fault=form.fault("/title") />
            <div class="field">
                <label for="publication-body">{t(TEXT)}</label>
                <textarea id="publication-body" maxlength="4000" prop:value=body on:input=move |event| body.set(event_target_value(&event))></textarea>
            </div>
            <div class="field">
                <label for="publication-photo">{t(FILE)}</label>
                <input id="publication-photo" type="file" accept="image/png,image/jpeg,image/webp" node_ref=input />
                {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
            </div>
            {finder.learner_field(t(WHO), "publication-who", Some(school), "", form.fault("/shows"))}
            <ul class="lines">
                {move || shown.get().into_iter().map(|one| {
                    let (key, label) = (one.key.clone(), tf(REMOVE, &[("name", &one.label)]));
                    let drop = move |_| shown.update(|all| all.retain(|other| other.key != key));
                    view! { <li><span class="grow">{one.label}" · "{one.note}</span><button type="button" class="btn plain icon-only" aria-label=label on:click=drop>{icon(Icon::Cross)}</button></li> }
                }).collect_view()}
            </ul>
            <Check label=t(NOBODY) value=nobody />
            <FormFault form=form fields=&["/title", "/photo", "/shows"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(NEW) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
