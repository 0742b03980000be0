//! The province's catalogue of budget lines.

use crate::api::finance as api;
use crate::i18n::{lang, t, texts, tx};
use crate::state::who;
use crate::ui::{
    Button, Check, Dialog, Empty, Field, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, load, toast,
};
use dto::Page;
use dto::access::Permission;
use dto::finance::*;
use leptos::prelude::*;

texts! {
    TITLE: "Danh mục khoản mục tài chính", "Budget lines";
    UNDER: "Một danh mục cho mọi trường; dự toán và quyết toán nhập theo các dòng này.", "One catalogue for all schools; budgets and settlements have these lines.";
    ADD: "Thêm dòng", "Add a line";
    EDIT: "Sửa dòng", "Edit the line";
    NONE: "Chưa có dòng nào", "No lines yet";
    NONE_TEXT: "Thêm các khoản thu, chi mà trường phải báo cáo.", "Add the revenue and spending that schools report.";
    CODE: "Mã", "Code";
    FLOW: "Thu hay chi", "Revenue or spending";
    NAME: "Tên khoản", "Name";
    GROUP: "Nhóm", "Group";
    SOURCE: "Nguồn", "Source";
    POSITION: "Thứ tự", "Order";
    ACTIVE: "Đang dùng", "In use";
    RETIRED: "Không dùng nữa", "No longer in use";
    SAVED: "Đã lưu dòng", "The line is saved";
}

#[component]
pub fn BudgetItemsPage() -> impl IntoView {
    let items = load(|| async { api::items().await });
    let may = who().can(Permission::FinanceManage);
    let edited = RwSignal::new(None::<BudgetItem>);
    let open = RwSignal::new(false);
    let add = Callback::new(move |()| {
        edited.set(None);
        open.set(true);
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            {may.then(|| view! { <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=add /> })}
        </Header>
        {items.show(move |page| table(page, may, edited, open))}
        <Dialog open=open title=t(EDIT)>{move || view! { <Edit item=edited.get_untracked() open=open items=items /> }}</Dialog>
    }
}

fn table(page: Page<BudgetItem>, may: bool, edited: RwSignal<Option<BudgetItem>>, open: RwSignal<bool>) -> AnyView {
    if page.items.is_empty() {
        return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Table /></div> }.into_any();
    }
    let rows = page
        .items
        .into_iter()
        .map(|item| {
            let cells = item.clone();
            let press = Callback::new(move |()| {
                edited.set(Some(item.clone()));
                open.set(true);
            });
            let under = format!("{} · {} · {}", cells.flow.label(lang()), cells.group, cells.source);
            let state = if cells.active { view! { <Pill label=t(ACTIVE) tone=Tone::Ok /> } } else { view! { <Pill label=t(RETIRED) /> } };
            view! {
                <tr>
                    <th scope="row">{cells.name}<small class="show-narrow">{under}</small></th><td class="num hide">{cells.code}</td><td class="hide">{cells.flow.label(lang())}</td><td class="hide">{cells.group}</td>
                    <td class="hide">{cells.source}</td><td>{state}</td>
                    <td class="r">{may.then(|| view! { <Button label=t(EDIT) small=true on_press=press /> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
            <table>
                <thead><tr>
                    <th scope="col">{t(NAME)}</th><th scope="col" class="hide">{t(CODE)}</th><th scope="col" class="hide">{t(FLOW)}</th><th scope="col" class="hide">{t(GROUP)}</th>
                    <th scope="col" class="hide">{t(SOURCE)}</th><th scope="col">{t(ACTIVE)}</th><td></td>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Edit(item: Option<BudgetItem>, open: RwSignal<bool>, items: Loader<Page<BudgetItem>>) -> impl IntoView {
    let form = Form::new();
    let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let known = item.as_ref();
    let code = text(known.map(|i| i.code.clone()));
    let flow = text(Some(known.map_or(BudgetFlow::Spending, |i| i.flow).to_string()));
    let name = text(known.map(|i| i.name.clone()));
    let group = text(known.map(|i| i.group.clone()));
    let source = text(known.map(|i| i.source.clone()));
    let position = text(Some(known.map_or(1, |i| i.position).to_string()));
    let active = RwSignal::new(known.is_none_or(|i| i.active));
    let (version, fresh) = (known.map_or(0, |i| i.version), known.is_none());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let code = code.get_untracked().trim().to_owned();
        let body = PutBudgetItem {
            flow: flow.get_untracked().parse().unwrap_or(BudgetFlow::Spending),
            name: name.get_untracked(),
            group: group.get_untracked(),
            source: source.get_untracked(),
            position: position.get_untracked().trim().parse().unwrap_or(0),
            active: active.get_untracked(),
        };
        form.send(async move { api::put_item(&code, version, &body).await }, move |_| {
            open.set(false);
            items.reload();
            toast::say(t(SAVED));
        });
    };
    let flows: Vec<_> = BudgetFlow::ALL.iter().map(|flow| (flow.to_string(), flow.label(lang()).to_owned())).collect();
    view! {
        <form class="stack" on:submit=send>
            {fresh.then(|| view! { <Field label=t(CODE) name="line-code" value=code required=true max=20 /> })}
            <Field label=t(NAME) name="line-name" value=name required=true max=200 fault=form.fault("/name") />
            <div class="fields">
                <SelectField label=t(FLOW) name="line-flow" value=flow options=Signal::stored(flows) />
                <Field label=t(POSITION) name="line-position" value=position kind="number" fault=form.fault("/position") />
            </div>
            <Field label=t(GROUP) name="line-group" value=group required=true max=120 fault=form.fault("/group") />
            <Field label=t(SOURCE) name="line-source" value=source required=true max=120 fault=form.fault("/source") />
            <Check label=t(ACTIVE) value=active />
            <FormFault form=form fields=&["/name", "/group", "/source", "/position"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
