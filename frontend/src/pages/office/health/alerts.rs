//! What the homeroom teacher must know of the children of a class.

use super::opening::Purpose;
use crate::api::{health, records};
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Empty, Form, Header, Icon, Pill, SelectField, Tone, load};
use dto::ClassId;
use dto::classes::ClassQuery;
use dto::health::{ClassAlerts, PostHealthView, ViewPurpose};
use leptos::prelude::*;

texts! {
    TITLE: "Lưu ý sức khoẻ của lớp", "Health alerts of the class";
    UNDER: "Điều giáo viên chủ nhiệm cần biết để chăm sóc các em: dị ứng, việc phải làm ngay.", "What the homeroom teacher must know to care for the children: allergies, what to do at once.";
    NONE: "Lớp {name} không có lưu ý nào", "Class {name} has no alerts";
}

#[component]
pub fn HealthAlertsPage() -> impl IntoView {
    let classes = load(move || async move { records::classes(&ClassQuery::default(), None).await });
    let class = RwSignal::new(String::new());
    let found = RwSignal::new(None::<ClassAlerts>);
    let form = Form::new();
    let send = Callback::new(move |body: PostHealthView| {
        let Ok(id) = class.get_untracked().parse::<ClassId>() else { return };
        form.send(async move { health::alerts(id, &body).await }, move |alerts| found.set(Some(alerts)));
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        {classes.show(move |page| {
            let options: Vec<(String, String)> = page.items.into_iter().map(|c| (c.id.to_string(), c.name)).collect();
            if let Some((first, _)) = options.first() {
                class.set(first.clone());
            }
            view! {
                <section class="panel no-print"><div class="body stack">
                    <SelectField label=t(tx::CLASS) name="alert-class" value=class options=options />
                    <Purpose form=form send=send first=ViewPurpose::Teaching />
                </div></section>
            }
        })}
        {move || found.get().map(list)}
    }
    .into_any()
}

fn list(alerts: ClassAlerts) -> AnyView {
    if alerts.items.is_empty() {
        return view! { <div class="panel"><Empty title=tf(NONE, &[("name", &alerts.class_name)]) glyph=Icon::Check /></div> }
            .into_any();
    }
    let lines = alerts
        .items
        .into_iter()
        .map(|item| {
            view! { <li><div class="grow"><span class="row tight"><b>{item.full_name}</b><Pill label=item.kind.label(lang()) tone=Tone::Warn /></span><p>{item.alert}</p></div></li> }
        })
        .collect_view();
    view! { <section class="panel"><header><h2>{t(tx::CLASS)}" "{alerts.class_name}</h2></header><ul class="body lines">{lines}</ul></section> }
        .into_any()
}
