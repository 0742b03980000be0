//! The staff of a school.

use crate::api::records;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::records::pick::School;
use crate::state::who;
use crate::ui::{Empty, Header, Icon, SearchField, pages};
use dto::staff::StaffQuery;
use leptos::prelude::*;

texts! {
    FIND: "Tìm nhân sự", "Find staff";
    HOLDER: "Tên không cần dấu", "Name without marks";
    NOBODY: "Không thấy ai", "Nobody found";
    POSTS: "Vị trí", "Posts";
}

#[component]
pub fn StaffList() -> impl IntoView {
    let school = School::new();
    let q = RwSignal::new(String::new());
    let staff = pages(move |after| {
        let query = StaffQuery { unit_id: school.id(), q: Some(q.get().trim().to_owned()).filter(|q| !q.is_empty()) };
        async move { records::staff(&query, after).await }
    });
    view! {
        <Header title=t(tx::STAFF) />
        <div class="filters">
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            {who().above_schools().then(|| school.field("school"))}
        </div>
        {staff.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOBODY) glyph=Icon::People /></div> }.into_any();
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
                                        <th scope="row">{crate::format::name(&s.full_name, &s.name.given)}</th>
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
    }
}
