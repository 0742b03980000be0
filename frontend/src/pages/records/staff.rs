//! The staff of a school.

use crate::api::records;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::School;
use crate::pages::records::staff_forms::NewStaff;
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Header, Icon, Look, SearchField, pages, toast};
use dto::access::Permission;
use dto::staff::{Staff, StaffQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    FIND: "Tìm nhân sự", "Find staff";
    HOLDER: "Tên không cần dấu", "Name without marks";
    NOBODY: "Không thấy ai", "Nobody found";
    POSTS: "Vị trí", "Posts";
    NEW: "Thêm nhân sự", "Add staff";
    ADDED: "Đã lập hồ sơ của {name}", "The record of {name} was made";
    NOBODY_TEXT: "Thử gõ tên không dấu, hoặc chọn trường khác.", "Try the name without marks, or another school.";
}

#[component]
pub fn StaffList() -> impl IntoView {
    let school = School::new();
    let q = RwSignal::new(String::new());
    let staff = pages(move |after| {
        let query =
            StaffQuery { unit_id: school.id(), q: Some(q.get().trim().to_owned()).filter(|q| !q.is_empty()), position: None };
        async move { records::staff(&query, after).await }
    });
    let adding = RwSignal::new(false);
    let navigate = use_navigate();
    let added = Callback::new(move |made: Staff| {
        adding.set(false);
        toast::say(tf(ADDED, &[("name", &made.full_name)]));
        navigate(&format!("/staff/{}", made.id), NavigateOptions::default());
    });
    view! {
        <Header title=t(tx::STAFF)>
            {who().can(Permission::StaffWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters">
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            {who().above_schools().then(|| school.field("school"))}
        </div>
        {staff.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }.into_any();
            }
            view! {
                <div class="table" tabindex="0" role="region" aria-label=t(tx::STAFF)>
                    <table>
                        <thead><tr><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(POSTS)}</th><th scope="col" class="hide">{t(tx::PHONE)}</th><th scope="col" class="hide">{t(tx::MINISTRY_CODE)}</th></tr></thead>
                        <tbody>
                            {items.into_iter().map(|s| {
                                let posts = s.posts.iter().filter(|p| p.valid_to.is_none()).map(|p| format!("{}, {}", p.position.label(lang()), p.unit_name)).collect::<Vec<_>>().join(" · ");
                                view! {
                                    <tr>
                                        <th scope="row"><A href=format!("/staff/{}", s.id) attr:class="row-link">{crate::format::name(&s.full_name, &s.name.given)}</A></th>
                                        <td>{posts}</td>
                                        <td class="hide num">{s.phone.map(|p| view! { <a class="row-link" href=format!("tel:{p}")>{p.clone()}</a> })}</td>
                                        <td class="hide num muted">{s.ministry_code}</td>
                                    </tr>
                                }
                            }).collect_view()}
                        </tbody>
                    </table>
                </div>
            }.into_any()
        })}
        <Dialog open=adding title=t(NEW)><NewStaff school=school done=added /></Dialog>
    }
}
