//! How consent stands in a school: who has not answered, class by class; requests with their clocks; how long records are kept.

use super::requests::Requests;
use crate::api::consents;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::state::who;
use crate::ui::{Button, Crumb, Empty, ExportShown, Header, Icon, Pill, SelectField, Tone, choose_school, load};
use dto::ClassId;
use dto::access::{Permission, Role};
use dto::consents::{ConsentLine, RetentionRule, SchoolConsents};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Đồng ý và quyền dữ liệu", "Consent and data rights";
    UNDER: "Công khai ảnh, tên của học sinh chỉ khi người đại diện và em (từ 7 tuổi) đồng ý (Luật 91/2025 Điều 24).", "Photos and names are published only where the representative and, from seven on, the child consent (Law 91/2025 Art. 24).";
    PURPOSE: "Mục đích", "Purpose";
    CLASSES: "Theo lớp", "By class";
    HOLDS: "Đồng ý", "Consent";
    REFUSED: "Không đồng ý", "Refused";
    WAITING: "Chưa đủ trả lời", "Waiting";
    SHARE: "Đồng ý, không đồng ý, còn lại", "Consent, refused, the rest";
    WHO: "Từng em trong lớp", "Child by child";
    WAITS: "chờ {who}", "waits for {who}";
    RULES: "Thời hạn lưu giữ", "How long records are kept";
    PERMANENT: "vĩnh viễn", "for good";
    YEARS: "{n} năm", "{n} years";
    NEEDED: "khi còn cần", "while needed";
    UNVERIFIED: "chưa đối chiếu", "not verified";
    NO_CLASSES: "Chưa có lớp nào", "No classes yet";
}

#[component]
pub fn ConsentsPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let purpose = filters.text_or("purpose", "public_photo");
    let class = RwSignal::new(None::<ClassId>);
    let purposes = load(consents::purposes);
    let rules = load(consents::retention);
    let found = load(move || {
        let place = (school.id(), purpose.get(), class.get());
        async move {
            match place {
                (Some(id), purpose, class) => consents::of_school(id, &purpose, class).await.map(Some),
                (None, ..) => Ok(None),
            }
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    // The homeroom teacher sees a class; requests go to who leads the school.
    let leads = who().can(Permission::ConsentWrite) || who().is(Role::Deputy);
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(tx::OFFICE).to_owned(), "/office".to_owned())]><ExportShown name="dong-y" /><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        <div class="filters">
            {school.field("consent-school")}
            {purposes.show(move |page| {
                let options: Vec<(String, String)> =
                    page.items.iter().map(|p| (p.code.clone(), lang().pick(&p.title_vi, &p.title_en).to_owned())).collect();
                view! { <SelectField label=t(PURPOSE) name="consent-purpose" value=purpose options=options /> }
            })}
            {filters.show()}
        </div>
        <div class="split lead">
            <div class="stack">
                {found.show(move |found| match found {
                    None => choose_school(),
                    Some(found) => standing(found, class),
                })}
            </div>
            <div class="stack wide no-print">
                {move || school.id().filter(|_| leads).map(|id| view! { <Requests school=id /> })}
                <section class="panel"><header><h2>{t(RULES)}</h2></header>
                    <div class="body">{rules.show(|page| view! { <ul class="lines">{page.items.into_iter().map(rule).collect_view()}</ul> })}</div></section>
            </div>
        </div>
    }
    .into_any()
}

fn standing(found: SchoolConsents, class: RwSignal<Option<ClassId>>) -> AnyView {
    if found.classes.is_empty() {
        return view! { <div class="panel"><Empty title=t(NO_CLASSES) glyph=Icon::Book /></div> }.into_any();
    }
    let text = lang().pick(&found.purpose.text_vi, &found.purpose.text_en).to_owned();
    let rows = found
        .classes
        .into_iter()
        .map(|c| {
            let id = c.class_id;
            let press = move |_| class.set(Some(id));
            let share = |n: u32| format!("{}%", n * 100 / c.learners.max(1));
            let shares = view! { <span class="shares" aria-hidden="true"><i class="ok" style:width=share(c.holds)></i><i class="bad" style:width=share(c.refused)></i></span> };
            view! {
                <tr>
                    <th scope="row"><button type="button" class="btn plain small" aria-pressed=move || (class.get() == Some(id)).to_string() on:click=press>{c.class_name}</button></th>
                    <td class="r num">{c.learners}</td><td class="r num">{c.holds}</td><td class="r num">{c.refused}</td><td class="r num"><b>{c.waiting}</b></td><td class="hide">{shares}</td>
                </tr>
            }
        })
        .collect_view();
    let some = !found.learners.is_empty();
    let lines = found.learners.into_iter().map(line).collect_view();
    view! {
        <section class="panel"><header><h2>{t(CLASSES)}</h2></header><div class="body stack">
            <p class="because">{text}</p>
            <div class="table" tabindex="0" role="region" aria-label=t(CLASSES)><table>
                <thead><tr><th scope="col">{t(tx::CLASS)}</th><th scope="col" class="r">{t(tx::LEARNERS)}</th><th scope="col" class="r">{t(HOLDS)}</th><th scope="col" class="r">{t(REFUSED)}</th><th scope="col" class="r">{t(WAITING)}</th><th scope="col" class="hide"><span class="no-export">{t(SHARE)}</span></th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </div></section>
        {some.then(|| view! { <section class="panel"><header><h2>{t(WHO)}</h2></header><div class="body"><ul class="lines">{lines}</ul></div></section> })}
    }
    .into_any()
}

fn line(one: ConsentLine) -> AnyView {
    let state = if one.holds {
        view! { <Pill label=t(HOLDS) tone=Tone::Ok /> }.into_any()
    } else if one.refused {
        view! { <Pill label=t(REFUSED) tone=Tone::Bad /> }.into_any()
    } else {
        let who: Vec<&str> = one.waits_for.iter().map(|party| party.label(lang())).collect();
        view! { <Pill label=tf(WAITS, &[("who", &who.join(", "))]) tone=Tone::Warn /> }.into_any()
    };
    let to = format!("/office/learners/{}/consents", one.learner_id);
    view! { <li data-row=""><span class="grow" data-col=t(tx::FULL_NAME)><A href=to>{one.full_name}</A></span><span data-col=t(tx::STATUS)>{state}</span></li> }.into_any()
}

fn rule(rule: RetentionRule) -> AnyView {
    let kept = match (rule.code.as_str(), rule.years) {
        ("permanent", _) => t(PERMANENT).to_owned(),
        (_, Some(years)) => tf(YEARS, &[("n", &years.to_string())]),
        _ => t(NEEDED).to_owned(),
    };
    view! {
        <li><div class="grow"><b>{lang().pick(&rule.name_vi, &rule.name_en).to_owned()}</b><p class="quiet">{rule.basis}</p></div>
            <span>{kept}</span>{(!rule.verified).then(|| view! { <Pill label=t(UNVERIFIED) tone=Tone::Warn /> })}</li>
    }
    .into_any()
}
