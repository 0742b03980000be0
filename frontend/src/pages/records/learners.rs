//! Search of learners, by name without marks or by code.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::learner_forms::NewLearner;
use crate::pages::records::pick::School;
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Header, Icon, Look, Pill, SearchField, Tone, pages, toast};
use dto::access::Permission;
use dto::learners::{LearnerItem, LearnerQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    FIND: "Tìm học sinh", "Find a learner";
    HOLDER: "Họ tên hoặc mã định danh", "Name or code";
    NEW: "Tiếp nhận học sinh", "Add a learner";
    NOBODY: "Không thấy học sinh nào", "No learner found";
    NOBODY_TEXT: "Thử chỉ gõ tên, không dấu: “anh”, “thi anh”, “nguyen thi anh”.", "Try the given name alone, without marks: “anh”, “thi anh”, “nguyen thi anh”.";
    ADDED: "Đã lập hồ sơ của {name}", "The record of {name} was made";
}

#[component]
pub fn Learners() -> impl IntoView {
    let who = who();
    let school = School::new();
    let q = RwSignal::new(String::new());
    let learners = pages(move |after| {
        let query = LearnerQuery {
            q: Some(q.get().trim().to_owned()).filter(|q| !q.is_empty()),
            school_id: if who.above_schools() { school.id() } else { None },
            class_id: None,
        };
        async move { records::learners(&query, 50, after).await }
    });
    let adding = RwSignal::new(false);
    let navigate = use_navigate();
    let added = Callback::new(move |(learner, _): (dto::learners::Learner, chrono::NaiveDate)| {
        adding.set(false);
        toast::say(tf(ADDED, &[("name", &learner.full_name)]));
        navigate(&format!("/learners/{}", learner.id), NavigateOptions::default());
    });
    view! {
        <Header title=t(tx::LEARNERS)>
            {who.can(Permission::LearnerWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters">
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            {who.above_schools().then(|| school.field("school"))}
        </div>
        {learners.show(|items| if items.is_empty() {
            view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }.into_any()
        } else {
            table(items).into_any()
        })}
        <Dialog open=adding title=t(NEW)><NewLearner school=school made=added /></Dialog>
    }
}

fn table(items: Vec<LearnerItem>) -> impl IntoView {
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(tx::LEARNERS)>
            <table>
                <thead><tr>
                    <th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(tx::CLASS)}</th><th scope="col">{t(tx::BIRTH_DATE)}</th>
                    <th scope="col" class="hide">{t(tx::SEX)}</th><th scope="col" class="hide">{t(tx::SCHOOL)}</th><th scope="col" class="hide">{t(tx::STATUS)}</th>
                </tr></thead>
                <tbody>
                    {items.into_iter().map(|l| view! {
                        <tr>
                            <th scope="row"><A href=format!("/learners/{}", l.id) attr:class="row-link">{format::name(&l.full_name, &l.given_name)}</A></th>
                            <td>{l.class_id.map(|id| view! { <A href=format!("/classes/{id}") attr:class="row-link">{l.class_name.unwrap_or_default()}</A> })}</td>
                            <td class="num">{format::date(l.birth_date)}</td>
                            <td class="hide">{l.sex.label(lang())}</td>
                            <td class="hide muted">{l.school_name}</td>
                            <td class="hide">{if l.status.present() { view! { <span class="muted">{l.status.label(lang())}</span> }.into_any() } else { view! { <Pill label=l.status.label(lang()) tone=Tone::Warn /> }.into_any() }}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}
