//! One class: its list in the order of the ordinals, with search, and ways to its sheets.

use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class_forms::{EditClass, Enrol, Leave};
use crate::state::{term_now, who};
use crate::ui::{
    Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, SearchField, Tab, Tabs, Tone, icon, load,
    toast,
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
    GROWTH: "Cân đo", "Growth";
    PRESCHOOL: "Đánh giá trẻ", "Assessment";
    NEXT_YEAR: "Năm học mới", "Next year";
    COUNCIL: "Xét lên lớp", "Promotion";
    REGISTERS: "Sổ sách", "Registers";
    REASSESSMENT: "Đánh giá bổ sung", "Assess again";
    TRANSCRIPTS: "Học bạ", "Transcripts";
    FIND: "Tìm trong lớp", "Find in the class";
    HOLDER: "Tên, không cần dấu", "Name, without marks";
    NOBODY: "Lớp chưa có học sinh", "The class has no learners yet";
    NOBODY_TEXT: "Nhập danh sách từ Excel, hoặc thêm từng em vào lớp.", "Import a list from Excel, or add learners one by one.";
    EDIT: "Sửa lớp", "Edit the class";
    EDIT_OF: "Sửa lớp {name}", "Edit class {name}";
    ADD: "Thêm học sinh", "Add a learner";
    ADD_TO: "Thêm học sinh vào lớp {name}", "Add a learner to class {name}";
    ADDED: "Đã thêm {name} vào lớp", "{name} was added to the class";
    TAKE_OUT: "Cho rời lớp", "Take out of the class";
    TAKE_OUT_WHO: "Cho {name} rời lớp", "Take {name} out of the class";
    GONE: "{name} đã rời lớp", "{name} has left the class";
    FREEZE_ASK: "Danh sách được xếp theo tên, mỗi em nhận một số thứ tự cố định cho cả năm. Em vào sau được nối vào cuối.", "The list is ordered by given name and each learner gets a number for the whole year. Newcomers are appended.";
    PRINT_TITLE: "DANH SÁCH LỚP {name}", "CLASS LIST {name}";
    PRINT_UNDER: "Năm học {year} · {school} · {homeroom}", "School year {year} · {school} · {homeroom}";
    NOTE: "Ghi chú", "Note";
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
    let mut tabs = vec![Tab { label: t(LIST).to_owned(), href: format!("/classes/{id}") }];
    // Preschool has neither subjects nor marks nor conduct nor semesters to close.
    let preschool = class.grade.number().is_none();
    if !preschool {
        tabs.push(Tab { label: t(SUBJECTS).to_owned(), href: format!("/classes/{id}/subjects") });
    }
    if preschool && who.can(Permission::MarkRead) {
        tabs.push(Tab { label: t(PRESCHOOL).to_owned(), href: format!("/classes/{id}/preschool/outcomes") });
    }
    // There is no year to close either: everybody goes to the next age group.
    if preschool && who.can(Permission::ClassWrite) {
        tabs.push(Tab { label: t(NEXT_YEAR).to_owned(), href: format!("/classes/{id}/next-year") });
    }
    // Primary classes assess qualities and competencies instead, among the sheets.
    if class.grade.number().is_some_and(|grade| grade > 5) && who.can(Permission::MarkRead) {
        tabs.push(Tab { label: t(CONDUCT).to_owned(), href: format!("/classes/{id}/conduct/{term}") });
    }
    if !preschool && who.can(Permission::ResultRead) {
        tabs.push(Tab { label: t(RESULTS).to_owned(), href: format!("/classes/{id}/results/{term}") });
        tabs.push(Tab { label: t(CLOSING).to_owned(), href: format!("/classes/{id}/closing/{term}") });
        // Of a primary class who has not completed the grade is assessed again (TT 27/2020 Đ.11).
        if class.grade.number().is_some_and(|grade| grade <= 5) {
            tabs.push(Tab { label: t(REASSESSMENT).to_owned(), href: format!("/classes/{id}/reassessment") });
        }
        tabs.push(Tab { label: t(COUNCIL).to_owned(), href: format!("/classes/{id}/council") });
        tabs.push(Tab { label: t(REGISTERS).to_owned(), href: format!("/classes/{id}/registers") });
    }
    if !preschool && who.can(Permission::TranscriptRead) {
        tabs.push(Tab { label: t(TRANSCRIPTS).to_owned(), href: format!("/papers/classes/{id}") });
    }
    if who.can(Permission::NoticeWrite) {
        tabs.push(Tab { label: t(tx::FEED).to_owned(), href: format!("/classes/{id}/contact") });
    }
    if who.can(Permission::GrowthRead) {
        tabs.push(Tab { label: t(GROWTH).to_owned(), href: format!("/classes/{id}/growth") });
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
    let (freezing, editing, adding, leaving) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let who_leaves = RwSignal::new(None::<ClassMember>);
    let open = |dialog: RwSignal<bool>| Callback::new(move |()| dialog.set(true));
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    let freeze = Callback::new(move |()| {
        let Some(id) = id.get_untracked() else { return };
        form.send(records::freeze_ordinals(id), move |answer| {
            freezing.set(false);
            class.set(answer);
            members.reload();
            toast::say(t(FREEZE_DONE));
        })
    });
    let edited = Callback::new(move |answer: Class| {
        editing.set(false);
        class.set(answer);
        toast::say(t(tx::SAVED));
    });
    // How many are in the class stands in its head too.
    let again = move || {
        members.reload();
        class.reload();
    };
    let added = Callback::new(move |name: String| {
        adding.set(false);
        again();
        toast::say(tf(ADDED, &[("name", &name)]));
    });
    let left = Callback::new(move |name: String| {
        leaving.set(false);
        again();
        toast::say(tf(GONE, &[("name", &name)]));
    });
    let take_out = Callback::new(move |member: ClassMember| {
        who_leaves.set(Some(member));
        leaving.set(true);
    });
    let name = move || class.get().map(|c| c.name).unwrap_or_default();
    view! {
        {class.show(move |class_now| {
            let actions = view! {
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
                {writes.then(|| view! {
                    {class_now.ordinals_frozen_at.is_none().then(|| view! { <Button label=t(FREEZE) glyph=Icon::Lock on_press=open(freezing) /> })}
                    <Button label=t(EDIT) on_press=open(editing) />
                    <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=open(adding) />
                })}
            }.into_any();
            let homeroom = class_now.homeroom.as_ref().map(|h| tf(HOMEROOM_IS, &[("name", &h.full_name)])).unwrap_or_default();
            let under = tf(PRINT_UNDER, &[("year", &class_now.school_year), ("school", &class_now.school_name), ("homeroom", &homeroom)]);
            view! {
                {class_head(&class_now, actions)}
                <header class="only-print print-head"><h1>{tf(PRINT_TITLE, &[("name", &class_now.name)])}</h1><p>{under}</p></header>
                {class_now.ordinals_frozen_at.map(|at| view! { <p class="quiet no-print">{tf(FROZEN, &[("at", &format::instant(at))])}</p> })}
            }
        })}
        {members.show(move |page| list(page, writes.then_some(take_out), open(adding)))}
        <Dialog open=freezing title=t(FREEZE)>
            <p>{t(FREEZE_ASK)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| freezing.set(false)) />
                <Button label=t(FREEZE) look=Look::Primary glyph=Icon::Lock busy=form.busy on_press=freeze />
            </footer>
        </Dialog>
        {move || class.get().map(|class_now| {
            let stored = StoredValue::new(class_now);
            view! {
                <Dialog open=editing title=tf(EDIT_OF, &[("name", &name())])><EditClass class=stored.get_value() done=edited /></Dialog>
                <Dialog open=adding title=tf(ADD_TO, &[("name", &name())])><Enrol class=stored.get_value() done=added /></Dialog>
                <Dialog open=leaving title=t(TAKE_OUT)>
                    {move || who_leaves.get().map(|member| view! { <Leave class=stored.get_value() member=member done=left /> })}
                </Dialog>
            }
        })}
    }
}

fn list(page: Page<ClassMember>, take_out: Option<Callback<ClassMember>>, add: Callback<()>) -> AnyView {
    if page.items.is_empty() {
        let import = who()
            .can(Permission::ImportWrite)
            .then(|| view! { <A href="/office/imports" attr:rel="external" attr:class="btn primary">{icon(Icon::Upload)}{t(tx::IMPORT)}</A> });
        let by_hand = take_out.map(|_| view! { <Button label=t(ADD) glyph=Icon::Plus on_press=add /> });
        return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People><div class="row">{import}{by_hand}</div></Empty></div> }
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
            table(found.get(), take_out).into_any()
        }}
    }
    .into_any()
}

fn table(members: Vec<ClassMember>, take_out: Option<Callback<ClassMember>>) -> impl IntoView {
    view! {
        <div class="table tall roll" tabindex="0" role="region" aria-label=t(LIST)>
            <table>
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(tx::BIRTH_DATE)}</th>
                    <th scope="col" class="hide">{t(tx::SEX)}</th><th scope="col" class="hide">{t(tx::PERSONAL_ID)}</th><th scope="col" class="hide no-print">{t(tx::STATUS)}</th>
                    {take_out.map(|_| view! { <th scope="col" class="act no-print"><span class="sr">{t(TAKE_OUT)}</span></th> })}
                    <th scope="col" class="print-cell">{t(NOTE)}</th>
                </tr></thead>
                <tbody>
                    {members.into_iter().map(|m| {
                        let left = m.left_on;
                        let (name, out) = (format::name(&m.full_name, &m.given_name), tf(TAKE_OUT_WHO, &[("name", &m.full_name)]));
                        let member = m.clone();
                        let status = match left {
                            Some(day) => view! { <Pill label=tf(LEFT, &[("day", &format::date(day))]) tone=Tone::Warn /> }.into_any(),
                            None if m.status.present() => view! { <span class="muted">{m.status.label(lang())}</span> }.into_any(),
                            None => view! { <Pill label=m.status.label(lang()) tone=Tone::Warn /> }.into_any(),
                        };
                        let gone = left.map(|day| tf(LEFT, &[("day", &format::date(day))]));
                        view! {
                            <tr class:gone=left.is_some()>
                                <td class="i">{m.ordinal}</td>
                                <th scope="row"><A href=format!("/learners/{}", m.learner_id) attr:class="row-link">{name}</A></th>
                                <td class="num">{format::date(m.birth_date)}</td>
                                <td class="hide">{m.sex.label(lang())}</td>
                                <td class="num hide">{m.personal_id.clone()}</td>
                                <td class="hide no-print">{status}</td>
                                {take_out.map(|take_out| {
                                    let (here, label) = (left.is_none(), out);
                                    view! { <td class="act no-print">{here.then(|| view! { <button type="button" class="btn plain icon-only small" title=label.clone() aria-label=label on:click=move |_| take_out.run(member.clone())>{icon(Icon::Door)}</button> })}</td> }
                                })}
                                <td class="print-cell">{gone}</td>
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
