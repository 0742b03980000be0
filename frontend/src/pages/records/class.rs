//! One class: its list in the order of the ordinals, with search, and ways to its sheets.

use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::state::{term_now, who};
use crate::ui::{
    Button, Crumb, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, SearchField, Tab, Tabs, Tone, icon, load, toast,
};
use dto::access::Permission;
use dto::classes::{Class, ClassMember};
use dto::{ClassId, Page};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    LIST: "Danh sách lớp", "Class list";
    SUBJECTS: "Môn học", "Subjects";
    CONDUCT: "Rèn luyện", "Conduct";
    RESULTS: "Kết quả", "Results";
    CLOSING: "Chốt học kì", "Close the term";
    COUNCIL: "Xét lên lớp", "Promotion";
    FIND: "Tìm trong lớp", "Find in the class";
    HOLDER: "Tên, không cần dấu", "Name, without marks";
    NOBODY: "Lớp chưa có học sinh", "The class has no learners yet";
    NOBODY_TEXT: "Nhập danh sách từ Excel, hoặc tiếp nhận từng em ở trang hồ sơ.", "Import a list from Excel, or add learners one by one on their pages.";
    NO_MATCH: "Không có ai tên như vậy trong lớp", "Nobody of that name in the class";
    FREEZE: "Xếp và chốt số thứ tự", "Order and freeze the numbers";
    FREEZE_DONE: "Đã xếp theo tên và chốt số thứ tự", "Ordered by given name, numbers are frozen";
    FROZEN: "Số thứ tự chốt lúc {at}; em vào sau được nối vào cuối.", "Numbers frozen at {at}; newcomers are appended.";
    GIRLS: "{n} nữ", "{n} girls";
    LEFT: "Rời lớp {day}", "Left on {day}";
    HOMEROOM_IS: "Chủ nhiệm: {name}", "Homeroom: {name}";
}

/// The class that the address names.
pub fn class_of_address() -> (Signal<Option<ClassId>>, Loader<Class>) {
    let id = param::<ClassId>("class");
    let class = load(move || {
        let id = id.get();
        async move { records::class(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    (id, class)
}

/// The head that all pages of a class share: name, school, and the ways between them.
pub fn class_head(class: &Class, children: AnyView) -> impl IntoView + use<> {
    let who = who();
    let id = class.id;
    let term = term_now();
    let mut tabs = vec![
        Tab { label: t(LIST).to_owned(), href: format!("/classes/{id}") },
        Tab { label: t(SUBJECTS).to_owned(), href: format!("/classes/{id}/subjects") },
    ];
    if who.can(Permission::MarkRead) {
        tabs.push(Tab { label: t(CONDUCT).to_owned(), href: format!("/classes/{id}/conduct/{term}") });
    }
    if who.can(Permission::ResultRead) {
        tabs.push(Tab { label: t(RESULTS).to_owned(), href: format!("/classes/{id}/results/{term}") });
        tabs.push(Tab { label: t(CLOSING).to_owned(), href: format!("/classes/{id}/closing/{term}") });
        tabs.push(Tab { label: t(COUNCIL).to_owned(), href: format!("/classes/{id}/council") });
    }
    let crumbs = vec![Crumb(t(tx::CLASSES).to_owned(), "/classes".to_owned())];
    let homeroom = class
        .homeroom
        .as_ref()
        .map(|h| tf(HOMEROOM_IS, &[("name", &h.full_name)]))
        .unwrap_or_else(|| t(tx::NO_HOMEROOM).to_owned());
    let title = format!("{} {}", t(tx::CLASS), class.name);
    let under = format!("{} · {} · {homeroom}", class.school_name, class.school_year);
    view! {
        <Header title=title crumbs=crumbs under=under>{children}</Header>
        <Tabs label=class.name.clone() items=tabs />
    }
}

#[component]
pub fn ClassPage() -> impl IntoView {
    let (id, class) = class_of_address();
    let members = load(move || {
        let id = id.get();
        async move { records::members(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    let form = Form::new();
    let writes = who().can(Permission::ClassWrite);
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class_now| {
            let id = class_now.id;
            let freeze = Callback::new(move |()| form.send(records::freeze_ordinals(id), move |answer| { class.set(answer); members.reload(); toast::say(t(FREEZE_DONE)) }));
            let actions = view! {
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
                {(writes && class_now.ordinals_frozen_at.is_none()).then(|| view! { <Button label=t(FREEZE) glyph=Icon::Lock look=Look::Normal busy=form.busy on_press=freeze /> })}
            }.into_any();
            view! {
                {class_head(&class_now, actions)}
                {class_now.ordinals_frozen_at.map(|at| view! { <p class="quiet">{tf(FROZEN, &[("at", &format::instant(at))])}</p> })}
            }
        })}
        <FormFault form=form />
        {members.show(list)}
    }
}

fn list(page: Page<ClassMember>) -> AnyView {
    if page.items.is_empty() {
        let import = who()
            .can(Permission::ImportWrite)
            .then(|| view! { <A href="/imports" attr:class="btn primary">{icon(Icon::Upload)}{t(tx::IMPORT)}</A> });
        return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People>{import}</Empty></div> }
            .into_any();
    }
    let q = RwSignal::new(String::new());
    let here: Vec<&ClassMember> = page.items.iter().filter(|m| m.left_on.is_none()).collect();
    let girls = here.iter().filter(|m| m.sex == dto::learners::Sex::Female).count();
    let summary =
        format!("{} · {}", tf(tx::LEARNERS_N, &[("n", &here.len().to_string())]), tf(GIRLS, &[("n", &girls.to_string())]));
    let folded: Vec<(String, ClassMember)> = page.items.into_iter().map(|m| (fold(&m.full_name), m)).collect();
    let members = StoredValue::new(folded);
    let found = Memo::new(move |_| {
        let q = fold(q.read().trim());
        members.with_value(|all| all.iter().filter(|(name, _)| name.contains(&q)).map(|(_, m)| m.clone()).collect::<Vec<_>>())
    });
    view! {
        <div class="filters">
            <SearchField label=t(FIND) name="find_member" value=q placeholder=t(HOLDER) />
            <p class="quiet num end">{summary}</p>
        </div>
        {move || if found.read().is_empty() {
            view! { <Empty title=t(NO_MATCH) glyph=Icon::Search /> }.into_any()
        } else {
            table(found.get()).into_any()
        }}
    }
    .into_any()
}

fn table(members: Vec<ClassMember>) -> impl IntoView {
    view! {
        <div class="table tall" tabindex="0" role="region" aria-label=t(LIST)>
            <table>
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(tx::BIRTH_DATE)}</th>
                    <th scope="col" class="hide">{t(tx::SEX)}</th><th scope="col" class="hide">{t(tx::PERSONAL_ID)}</th><th scope="col" class="hide">{t(tx::STATUS)}</th>
                </tr></thead>
                <tbody>
                    {members.into_iter().map(|m| {
                        let status = match m.left_on {
                            Some(day) => view! { <Pill label=tf(LEFT, &[("day", &format::date(day))]) tone=Tone::Warn /> }.into_any(),
                            None if m.status.present() => view! { <span class="muted">{m.status.label(lang())}</span> }.into_any(),
                            None => view! { <Pill label=m.status.label(lang()) tone=Tone::Warn /> }.into_any(),
                        };
                        view! {
                            <tr class:gone=m.left_on.is_some()>
                                <td class="i">{m.ordinal}</td>
                                <th scope="row"><A href=format!("/learners/{}", m.learner_id) attr:class="row-link">{format::name(&m.full_name, &m.given_name)}</A></th>
                                <td class="num">{format::date(m.birth_date)}</td>
                                <td class="hide">{m.sex.label(lang())}</td>
                                <td class="num hide">{m.personal_id}</td>
                                <td class="hide">{status}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Lower case without marks, as the server's own search has it: "Nguyễn Thị Ánh" is "nguyen thi anh".
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

fn plain(c: char) -> char {
    const MARKED: [(&str, char); 7] = [
        ("àáảãạăằắẳẵặâầấẩẫậ", 'a'),
        ("èéẻẽẹêềếểễệ", 'e'),
        ("ìíỉĩị", 'i'),
        ("òóỏõọôồốổỗộơờớởỡợ", 'o'),
        ("ùúủũụưừứửữự", 'u'),
        ("ỳýỷỹỵ", 'y'),
        ("đ", 'd'),
    ];
    MARKED.iter().find(|(marked, _)| marked.contains(c)).map_or(c, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn finds_without_marks() {
        assert_eq!(fold("Nguyễn Thị ÁNH Đường"), "nguyen thi anh duong");
    }
}
