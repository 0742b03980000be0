//! What a school assesses in an age group: code, domain and words of each item, in its own order.

use super::nowhere;
use crate::api::preschool;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{Button, Crumb, Form, FormFault, Header, Icon, Loader, Look, icon, load, toast};
use dto::UnitId;
use dto::access::Permission;
use dto::calendar::Grade;
use dto::preschool::{PreschoolItem, PreschoolItems, PreschoolList, PutPreschoolItems};
use leptos::prelude::*;
use regulations::preschool::Domain;

texts! {
    CODE: "Mã", "Code";
    DOMAIN: "Lĩnh vực", "Domain";
    WORDS: "Nội dung", "Words";
    ADD: "Thêm dòng", "Add a row";
    REMOVE: "Bỏ dòng {n}", "Remove row {n}";
    SHIPPED: "Đây là khung của TT 23/2010/TT-BGDĐT (120 chỉ số). Hãy điền lời văn còn thiếu, hoặc thay bằng bộ chuẩn trường đang dùng, rồi lưu thành danh sách của trường.", "This is the frame of TT 23/2010 (120 indicators). Fill in the missing words, or put in the set your school follows, and save it as the school's own list.";
    SHARED: "Các lớp cùng độ tuổi của trường dùng chung danh sách này.", "All classes of this age in the school share this list.";
    FIELD: "{what}, dòng {n}", "{what}, row {n}";
}

#[derive(Clone, Copy)]
struct Row {
    key: usize,
    code: RwSignal<String>,
    domain: RwSignal<Domain>,
    standard: Option<u8>,
    text: RwSignal<String>,
}

#[component]
pub fn PreschoolItemsPage() -> impl IntoView {
    let (unit, list, grade) = (param::<UnitId>("unit"), param::<PreschoolList>("list"), param::<Grade>("grade"));
    let items = load(move || {
        let place = unit.get().zip(list.get()).zip(grade.get());
        async move {
            let ((unit, list), grade) = place.ok_or_else(nowhere)?;
            preschool::items(unit, list, grade).await
        }
    });
    items.show(move |answer| page(answer, items))
}

fn page(answer: PreschoolItems, loader: Loader<PreschoolItems>) -> AnyView {
    let PreschoolItems { unit_id, list, grade, own, domains, items, version } = answer;
    let writes = who().can(Permission::ClassWrite);
    let first = domains.first().copied().unwrap_or(Domain::Physical);
    let row = move |key: usize, item: PreschoolItem| Row {
        key,
        code: RwSignal::new(item.code),
        domain: RwSignal::new(item.domain),
        standard: item.standard,
        text: RwSignal::new(item.text),
    };
    let next = StoredValue::new(items.len());
    let rows = RwSignal::new(items.into_iter().enumerate().map(|(n, item)| row(n, item)).collect::<Vec<_>>());
    let add = Callback::new(move |()| {
        let key = next.get_value();
        next.set_value(key + 1);
        let domain = rows.with_untracked(|rows| rows.last().map_or(first, |row| row.domain.get_untracked()));
        let blank = PreschoolItem { code: String::new(), domain, standard: None, text: String::new() };
        rows.update(|rows| rows.push(row(key, blank)));
    });
    let form = Form::new();
    let save = Callback::new(move |()| {
        let items = rows.with_untracked(|rows| {
            rows.iter()
                .map(|row| PreschoolItem {
                    code: row.code.get_untracked().trim().to_owned(),
                    domain: row.domain.get_untracked(),
                    standard: row.standard,
                    text: row.text.get_untracked(),
                })
                .collect()
        });
        let body = PutPreschoolItems { items, version };
        let call = async move { preschool::put_items(unit_id, list, grade, &body).await };
        form.send(call, move |saved| {
            loader.set(saved);
            toast::say(t(tx::SAVED));
        });
    });
    let domains = StoredValue::new(domains);
    let crumbs = vec![Crumb(t(tx::CLASSES).to_owned(), "/classes".to_owned())];
    let title = format!("{} · {}", list.label(lang()), grade.label(lang()));
    view! {
        <Header title=title crumbs=crumbs under=t(SHARED)>
            {writes.then(|| view! { <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy on_press=save /> })}
        </Header>
        {(!own && list == PreschoolList::Standards).then(|| view! { <p class="strip info">{icon(Icon::Info)}<span>{t(SHIPPED)}</span></p> })}
        <FormFault form=form />
        <div class="table preschool-items" tabindex="0" role="region" aria-label=list.label(lang())>
            <table>
                <thead><tr><th scope="col">{t(CODE)}</th><th scope="col">{t(DOMAIN)}</th><th scope="col">{t(WORDS)}</th><th></th></tr></thead>
                <tbody>
                    <For each=move || rows.get() key=|row| row.key let:row>
                        {row_view(row, rows, domains, writes)}
                    </For>
                </tbody>
            </table>
        </div>
        {writes.then(|| view! { <div class="row"><Button label=t(ADD) glyph=Icon::Plus on_press=add /></div> })}
    }
    .into_any()
}

fn row_view(row: Row, rows: RwSignal<Vec<Row>>, domains: StoredValue<Vec<Domain>>, writes: bool) -> AnyView {
    let n = (row.key + 1).to_string();
    let name = |what| tf(FIELD, &[("what", t(what)), ("n", &n)]);
    let options = domains
        .get_value()
        .into_iter()
        .map(|domain| view! { <option value=domain.code() prop:selected=move || row.domain.get() == domain>{lang().pick(domain.vi(), domain.en())}</option> })
        .collect_view();
    let chosen = move |event| {
        if let Some(domain) = Domain::from_code(&event_target_value(&event)) {
            row.domain.set(domain);
        }
    };
    let remove = tf(REMOVE, &[("n", &n)]);
    view! {
        <tr>
            <td class="item-code"><input type="text" maxlength=20 aria-label=name(CODE) readonly=!writes prop:value=row.code on:input=move |event| row.code.set(event_target_value(&event)) /></td>
            <td class="domain"><select aria-label=name(DOMAIN) disabled=!writes on:change=chosen>{options}</select></td>
            <td class="text"><input type="text" maxlength=500 aria-label=name(WORDS) readonly=!writes prop:value=row.text on:input=move |event| row.text.set(event_target_value(&event)) /></td>
            <td>{writes.then(|| view! {
                <button type="button" class="btn plain icon-only" aria-label=remove.clone() title=remove on:click=move |_| rows.update(|rows| rows.retain(|other| other.key != row.key))>{icon(Icon::Cross)}</button>
            })}</td>
        </tr>
    }
    .into_any()
}
