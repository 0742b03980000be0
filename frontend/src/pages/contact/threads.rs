//! The list of threads: a guardian's with the teachers, a teacher's with the families, class by class.

use super::{THREADS, titled, when};
use crate::api::contact;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Look, SearchField, icon, load, pages};
use dto::access::Permission;
use dto::contact::{Contact, PostThread, Thread};
use dto::{ClassId, Lang};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    WRITE: "Viết tin", "Write";
    TO_WHOM: "Viết cho ai?", "To whom?";
    FIND: "Tìm theo tên", "Find by name";
    HOLDER: "Tên, không cần dấu", "Name, without marks";
    NOTHING: "Chưa có tin nhắn nào", "No messages yet";
    NOTHING_FAMILY: "Gia đình nhắn riêng cho giáo viên chủ nhiệm hoặc giáo viên bộ môn của con ở đây.", "Write privately to your child's homeroom or subject teacher here.";
    NOTHING_STAFF: "Thầy cô nhắn riêng cho gia đình từng học sinh ở đây.", "Write privately to the family of each learner here.";
    NOBODY: "Chưa có ai để nhắn", "Nobody to write to yet";
    HOMEROOM_TEACHER: "Giáo viên chủ nhiệm", "Homeroom teacher";
    TEACHER_OF: "Giáo viên {subject}", "Teacher of {subject}";
    FAMILY_OF: "Gia đình em {name}", "Family of {name}";
    NO_GUARDIAN: "chưa có phụ huynh trong hồ sơ", "no guardian on record";
    MUTED: "Đã tắt tiếng", "Muted";
    UNREAD_N: "{n} tin chưa đọc", "{n} unread";
    ALL_CLASSES: "Tất cả lớp", "All classes";
}

/// What stands at the other end.
pub(super) fn other_end(family: bool, thread: &Thread) -> String {
    if !family {
        return tf(FAMILY_OF, &[("name", &thread.learner_name)]);
    }
    role(thread.subject_name_vi.as_deref(), thread.subject_name_en.as_deref())
}

fn role(vi: Option<&str>, en: Option<&str>) -> String {
    match vi.zip(en) {
        Some((vi, en)) => tf(TEACHER_OF, &[("subject", lang().pick(vi, en))]),
        None => t(HOMEROOM_TEACHER).to_owned(),
    }
}

/// Under it: the child or the subject, the people.
pub(super) fn beside(family: bool, thread: &Thread) -> String {
    let class = format!("{} {}", t(tx::CLASS), thread.class_name);
    if family {
        return [thread.teachers.join(", "), format!("{} · {class}", thread.given_name)].join(" · ");
    }
    let subject = match lang() {
        Lang::Vi => thread.subject_name_vi.clone(),
        Lang::En => thread.subject_name_en.clone(),
    };
    [Some(class), subject].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[component]
pub fn ThreadsPage() -> impl IntoView {
    titled(t(THREADS));
    let family = who().can(Permission::ContactFamily);
    let class = RwSignal::new(None::<ClassId>);
    let classes = RwSignal::new(Vec::<(ClassId, String)>::new());
    let threads = pages(move |after| {
        let class = class.get();
        async move {
            let page = contact::threads(class, after).await?;
            if class.is_none() {
                classes.update(|known| {
                    for thread in &page.items {
                        if known.iter().all(|(id, _)| *id != thread.class_id) {
                            known.push((thread.class_id, thread.class_name.clone()));
                        }
                    }
                });
            }
            Ok(page)
        }
    });
    super::fresh(Callback::new(move |()| threads.reload()));
    let writing = RwSignal::new(false);
    let write = Callback::new(move |()| writing.set(true));
    let kid = move |id: Option<ClassId>, name: String| {
        view! {
            <button type="button" class="kid" aria-current=move || (class.get() == id).then_some("true") on:click=move |_| class.set(id)><b>{name}</b></button>
        }
    };
    view! {
        <div class="family contact">
            <header class="row"><h1 class="grow">{t(THREADS)}</h1><Button label=t(WRITE) glyph=Icon::Plus look=Look::Primary on_press=write /></header>
            {move || {
                let known = classes.get();
                (!family && known.len() > 1).then(|| view! {
                    <nav class="kids" aria-label=t(tx::CLASSES)>
                        {kid(None, t(ALL_CLASSES).to_owned())}
                        {known.into_iter().map(|(id, name)| kid(Some(id), name)).collect_view()}
                    </nav>
                })
            }}
            {threads.show(move |items| {
                if items.is_empty() {
                    let text = t(if family { NOTHING_FAMILY } else { NOTHING_STAFF });
                    return view! { <div class="panel"><Empty title=t(NOTHING) text=text glyph=Icon::Chat /></div> }.into_any();
                }
                view! { <ul class="panel threads">{items.into_iter().map(|thread| line(family, thread)).collect_view()}</ul> }.into_any()
            })}
        </div>
        <Dialog open=writing title=t(TO_WHOM)><Pick family=family /></Dialog>
    }
}

fn line(family: bool, thread: Thread) -> impl IntoView {
    let name = other_end(family, &thread);
    let under = beside(family, &thread);
    let face = format::initials(if family { thread.teachers.first().map_or("?", String::as_str) } else { &thread.learner_name });
    let unread = thread.unread;
    let last = when(thread.last_at).split(' ').next().unwrap_or_default().to_owned();
    let any = unread > 0;
    view! {
        <li class:unread=any>
            <A href=format!("/threads/{}", thread.id)>
                <span class="face" aria-hidden="true">{face}</span>
                <span class="grow">
                    <span class="row"><b class="grow">{name}</b><time class="quiet num">{last}</time></span>
                    <small>{under}</small>
                    <span class="row last"><span class="grow">{thread.last_text}</span>
                        {thread.muted.then(|| view! { <small class="quiet">{t(MUTED)}</small> })}
                        {(unread > 0).then(|| view! { <b class="count num" aria-label=tf(UNREAD_N, &[("n", &unread.to_string())])>{unread}</b> })}
                    </span>
                </span>
            </A>
        </li>
    }
}

/// Choosing whom to write to.
#[component]
fn Pick(family: bool) -> impl IntoView {
    let contacts = load(|| async { contact::contacts(None).await });
    let query = RwSignal::new(String::new());
    let form = Form::new();
    let navigate = StoredValue::new_local(use_navigate());
    let open = move |c: &Contact| {
        let body = PostThread { learner_id: c.learner_id, class_id: c.class_id, subject_code: c.subject_code.clone() };
        let call = async move { contact::open_thread(&body).await };
        form.send(call, move |thread| {
            navigate.with_value(|go| go(&format!("/threads/{}", thread.id), NavigateOptions::default()));
        });
    };
    view! {
        <FormFault form=form />
        {(!family).then(|| view! { <SearchField label=t(FIND) name="contact-find" value=query placeholder=t(HOLDER) /> })}
        {contacts.show(move |page| {
            if page.items.is_empty() {
                return view! { <Empty title=t(NOBODY) text="" glyph=Icon::People /> }.into_any();
            }
            let items = StoredValue::new(page.items);
            view! {
                <ul class="threads pick">
                    {move || {
                        let wanted = plain(&query.get());
                        items.with_value(|items| items.iter().filter(|c| plain(&c.learner_name).contains(&wanted)).take(60).cloned().collect::<Vec<_>>())
                            .into_iter().map(|c| {
                                let name = if family { role(c.subject_name_vi.as_deref(), c.subject_name_en.as_deref()) } else { c.learner_name.clone() };
                                let people = if c.people.is_empty() { t(NO_GUARDIAN).to_owned() } else { c.people.join(", ") };
                                let subject = c.subject_name_vi.as_deref().zip(c.subject_name_en.as_deref()).map(|(vi, en)| lang().pick(vi, en).to_owned());
                                let under = if family { format!("{people} · {} · {}", c.given_name, c.class_name) } else { [Some(c.class_name.clone()), subject, Some(people)].into_iter().flatten().collect::<Vec<_>>().join(" · ") };
                                let none = c.people.is_empty();
                                view! { <li><button type="button" disabled=none on:click=move |_| open(&c)><span class="grow"><b>{name}</b><small>{under}</small></span>{icon(Icon::Chevron)}</button></li> }
                            }).collect_view()
                    }}
                </ul>
            }.into_any()
        })}
    }
}

/// Small letters without marks, for finding.
fn plain(text: &str) -> String {
    use unicode::fold;
    fold(text)
}

/// The browser's own normalisation takes the marks off.
mod unicode {
    pub fn fold(text: &str) -> String {
        let decomposed = js_sys::JsString::from(text).normalize("NFD");
        let text = String::from(decomposed);
        text.chars()
            .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
            .flat_map(char::to_lowercase)
            .map(|c| if c == 'đ' { 'd' } else { c })
            .collect()
    }
}
