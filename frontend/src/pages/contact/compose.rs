//! Writing a notice to families.

use super::{area, draft, new_key};
use crate::api::{ApiError, contact, records};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{Button, Field, Form, FormFault, Look, SelectField, effect, load, toast};
use dto::access::Role;
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery};
use dto::contact::{EventKind, NoticeTarget, PostNotice};
use dto::identity::Person;
use leptos::prelude::*;

texts! {
    TO: "Gửi tới gia đình của", "To the families of";
    KIND: "Loại", "Kind";
    TITLE: "Tiêu đề", "Title";
    TITLE_HINT: "Người nhận đọc được ngay trên màn hình khoá: đừng ghi điểm hay chuyện riêng của một em.", "Readable on a locked screen: no marks, nothing private of one child.";
    BODY: "Nội dung", "Text";
    SEND: "Gửi thông báo", "Send";
    SENT: "Đã gửi tới gia đình", "Sent to the families";
    WHOLE: "Toàn trường · {school}", "The whole school · {school}";
    NONE: "Bạn chưa chủ nhiệm lớp nào.", "You are no homeroom teacher yet.";
}

const DRAFT_TITLE: &str = "notice.title";
const DRAFT_BODY: &str = "notice.body";
const DRAFT_KEY: &str = "notice.key";

/// A choice of the list: whom it is for, in which school.
fn targets(classes: &[Class]) -> Vec<(String, String, dto::UnitId, NoticeTarget)> {
    let who = who();
    let leads = who.is(Role::Principal) || who.is(Role::Deputy) || who.is(Role::Clerk);
    let me = who.with(|me| me.person);
    let mut all = Vec::new();
    let mut add = |label: String, school, target| all.push((all.len().to_string(), label, school, target));
    if leads {
        let mut schools: Vec<_> = classes.iter().map(|c| (c.school_id, c.school_name.clone())).collect();
        schools.dedup();
        for (school, name) in schools {
            add(tf(WHOLE, &[("school", &name)]), school, NoticeTarget::School);
            let mut grades: Vec<Grade> = classes.iter().filter(|c| c.school_id == school).map(|c| c.grade).collect();
            grades.dedup();
            for grade in grades {
                add(grade.label(lang()).to_owned(), school, NoticeTarget::Grade { grade });
            }
        }
    }
    for class in classes {
        let own = class.homeroom.as_ref().is_some_and(|h| me == Some(Person::Staff(h.id)));
        if leads || own {
            add(format!("{} {}", t(tx::CLASS), class.name), class.school_id, NoticeTarget::Class { class_id: class.id });
        }
    }
    all
}

#[component]
pub(super) fn Compose(open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let classes = load(|| async { records::classes(&ClassQuery::default(), None).await });
    let to = RwSignal::new("0".to_owned());
    let kind = RwSignal::new(EventKind::General.as_str().to_owned());
    let title = RwSignal::new(draft::read(DRAFT_TITLE).unwrap_or_default());
    let body = RwSignal::new(draft::read(DRAFT_BODY).unwrap_or_default());
    let key = StoredValue::new(draft::read(DRAFT_KEY).unwrap_or_else(new_key));
    effect(move || {
        draft::keep(DRAFT_TITLE, &title.read());
        draft::keep(DRAFT_BODY, &body.read());
        key.with_value(|key| draft::keep(DRAFT_KEY, key));
    });
    let kinds: Vec<(String, String)> = [EventKind::General, EventKind::Timetable, EventKind::Fee]
        .into_iter()
        .map(|k| (k.as_str().to_owned(), k.label(lang()).to_owned()))
        .collect();
    let form = Form::new();
    view! {
        {classes.show(move |page| {
            let targets = targets(&page.items);
            if targets.is_empty() {
                return view! { <p class="muted">{t(NONE)}</p> }.into_any();
            }
            let options: Vec<(String, String)> = targets.iter().map(|(key, label, ..)| (key.clone(), label.clone())).collect();
            let targets = StoredValue::new(targets);
            let send = Callback::new(move |()| {
                let chosen = targets.with_value(|all| all.iter().find(|(key, ..)| *key == to.get_untracked()).map(|(_, _, school, target)| (*school, target.clone())));
                let (title_now, body_now, client_key) = (title.get_untracked(), body.get_untracked(), key.get_value());
                let kind = kind.get_untracked().parse();
                let call = async move {
                    let (Some((school_id, target)), Ok(kind)) = (chosen, kind) else {
                        return Err(ApiError::Unexpected { status: 0, request_id: None });
                    };
                    contact::send_notice(&PostNotice { school_id, kind, target, title: title_now, body: body_now, client_key }).await
                };
                form.send(call, move |_| {
                    key.set_value(new_key());
                    title.set(String::new());
                    body.set(String::new());
                    draft::keep(DRAFT_KEY, "");
                    open.set(false);
                    toast::say(t(SENT));
                    done.run(());
                });
            });
            let options = Signal::stored(options);
            let kinds = Signal::stored(kinds.clone());
            view! {
                <div class="fields">
                    <SelectField label=t(TO) name="notice-to" value=to options=options />
                    <SelectField label=t(KIND) name="notice-kind" value=kind options=kinds />
                </div>
                <Field label=t(TITLE) name="notice-title" value=title required=true max=200 hint=t(TITLE_HINT) fault=form.fault("/title") />
                {area(t(BODY), "notice-body", body, 5000, form.fault("/body"))}
                <FormFault form=form fields=&["/title", "/body"] />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                    <Button label=t(SEND) look=Look::Primary busy=form.busy on_press=send />
                </footer>
            }.into_any()
        })}
    }
}
