//! The filters of a list. They live in the address, so that a link, the way back and a reload keep them; and are kept under a name
//! with the account, to be chosen again on any device.

use crate::api::query::segment;
use crate::api::{filters as api, records};
use crate::i18n::{t, texts, tf, tx};
use crate::pages::place;
use crate::pages::records::pick::{School, own_school};
use crate::ui::{Button, Choice, Dialog, Empty, Field, Form, FormFault, Icon, Loader, Look, effect, load, toast};
use dto::UnitId;
use dto::saved_filters::{PutSavedFilter, SavedFilter};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

texts! {
    SAVED: "Bộ lọc đã lưu", "Saved filters";
    CLEAR: "Bỏ lọc", "Clear the filters";
    NAME: "Lưu điều kiện lọc đang dùng với tên", "Keep the present filters as";
    HINT: "Chỉ mình bạn thấy, trên mọi máy bạn đăng nhập.", "Only you see it, on every device that you sign in on.";
    KEEP: "Lưu bộ lọc", "Keep it";
    KEPT: "Đã lưu bộ lọc “{name}”", "“{name}” is kept";
    NONE: "Chưa lưu bộ lọc nào cho danh sách này", "No filters are kept for this list yet";
    NONE_TEXT: "Chọn điều kiện lọc ở danh sách, rồi đặt tên và lưu.", "Choose filters on the list, then keep them under a name.";
    RENAME: "Đổi tên", "Rename";
    RENAMED: "Đã đổi tên thành “{name}”", "Renamed to “{name}”";
    NEW_NAME: "Tên mới", "New name";
    REMOVE: "Xoá", "Remove";
    REMOVED: "Đã xoá bộ lọc “{name}”", "“{name}” was removed";
    WITHOUT: "không lọc gì", "without filters";
    CONDITIONS: "{n} điều kiện", "{n} conditions";
    NOW: "đang dùng", "in use";
}

#[derive(Clone)]
struct Part {
    name: &'static str,
    value: RwSignal<String>,
    usual: String,
}

/// The filters of the list on this page. Made before the list, so that the list reads what the address says.
#[derive(Clone, Copy)]
pub struct Filters {
    page: StoredValue<String>,
    parts: StoredValue<Vec<Part>>,
}

impl Default for Filters {
    fn default() -> Filters {
        Filters::new()
    }
}

impl Filters {
    pub fn new() -> Filters {
        let path = use_location().pathname;
        let filters = Filters { page: StoredValue::new(path.get_untracked()), parts: StoredValue::new(Vec::new()) };
        let given = use_query_map();
        let navigate = use_navigate();
        let here = move || filters.page.with_value(|page| *page == *path.read_untracked());
        // From the address: the way back, a link, a filter that was kept.
        effect(move || {
            let given = given.read();
            if here() {
                filters.parts.with_value(|parts| {
                    for part in parts {
                        let value = given.get(part.name).unwrap_or_else(|| part.usual.clone());
                        if *part.value.read_untracked() != value {
                            part.value.set(value);
                        }
                    }
                });
            }
        });
        // Into the address, in place: each letter of a search is no step back.
        effect(move || {
            let query = filters.query();
            let stands = given.with_untracked(|given| filters.written(|part| given.get(part.name)));
            if here() && query != stands {
                let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                navigate(&filters.address(&query), options);
            }
        });
        filters
    }

    fn address(self, query: &str) -> String {
        let page = self.page.get_value();
        if query.is_empty() { page } else { format!("{page}?{query}") }
    }

    fn written(self, value: impl Fn(&Part) -> Option<String>) -> String {
        self.parts.with_value(|parts| {
            let stated = parts.iter().filter_map(|part| {
                let value = value(part).filter(|value| *value != part.usual)?;
                Some(format!("{}={}", part.name, segment(&value)))
            });
            stated.collect::<Vec<_>>().join("&")
        })
    }

    /// What stands in the address. Tracked.
    fn query(self) -> String {
        self.written(|part| Some(part.value.get()))
    }

    /// A filter; empty where the address does not say it.
    pub fn text(self, name: &'static str) -> RwSignal<String> {
        self.text_or(name, "")
    }

    /// A filter that has a value where the address does not say it.
    pub fn text_or(self, name: &'static str, usual: impl Into<String>) -> RwSignal<String> {
        let usual = usual.into();
        let given = use_query_map().with_untracked(|given| given.get(name));
        let value = RwSignal::new(given.unwrap_or_else(|| usual.clone()));
        self.parts.update_value(|parts| parts.push(Part { name, value, usual }));
        if matches!(name, "grade" | "class") {
            place::by(name, value);
        }
        value
    }

    /// The school of the page, for those who reach more than one.
    pub fn school(self) -> School {
        let school = School::new();
        if own_school().is_some() {
            return school;
        }
        let (id, chosen) = (self.text("school"), school.chosen());
        let key = move || chosen.read_untracked().as_ref().map(|choice| choice.key.clone()).unwrap_or_default();
        let named = move |id: String| {
            let note = Choice { key: id.clone(), label: String::new(), note: String::new(), glyph: Icon::Home };
            chosen.set(Some(note.clone()));
            spawn_local(async move {
                let Ok(unit) = id.parse::<UnitId>() else { return };
                if let Ok(found) = records::unit(unit).await
                    && chosen.try_get_untracked().flatten().is_some_and(|now| now.key == id)
                {
                    chosen.set(Some(Choice { label: found.unit.name, ..note }));
                }
            });
        };
        if !id.read_untracked().is_empty() {
            named(id.get_untracked());
        }
        effect(move || {
            let id = id.get();
            if id != key() {
                if id.is_empty() { chosen.set(None) } else { named(id) }
            }
        });
        effect(move || {
            chosen.track();
            if key() != *id.read_untracked() {
                id.set(key());
            }
        });
        school
    }

    fn apply(self, query: &str) {
        let Ok(given) = web_sys::UrlSearchParams::new_with_str(query) else { return };
        self.parts.with_value(|parts| {
            for part in parts {
                part.value.set(given.get(part.name).unwrap_or_else(|| part.usual.clone()));
            }
        });
    }

    /// At the end of the filters: what is kept, and the way back to no filters.
    pub fn show(self) -> AnyView {
        let open = RwSignal::new(false);
        let any = Memo::new(move |_| !self.query().is_empty());
        let clear = Callback::new(move |()| {
            let before = untrack(|| self.query());
            self.apply("");
            toast::with_undo(t(CLEAR), move || self.apply(&before));
        });
        view! {
            <div class="row tight kept no-print">
                <Button label=t(SAVED) glyph=Icon::Book on_press=Callback::new(move |()| open.set(true)) />
                {move || any.get().then(|| view! { <Button label=t(CLEAR) look=Look::Plain glyph=Icon::Cross on_press=clear /> })}
            </div>
            <Dialog open=open title=t(SAVED)><Kept filters=self open=open /></Dialog>
        }
        .into_any()
    }
}

/// What is kept for this list, and keeping the present one.
#[component]
fn Kept(filters: Filters, open: RwSignal<bool>) -> impl IntoView {
    let found = load(move || {
        let page = filters.page.get_value();
        async move { api::list(&page).await.map(|page| page.items) }
    });
    let (name, form) = (RwSignal::new(String::new()), Form::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let query = untrack(|| filters.query());
        let body = PutSavedFilter { page: filters.page.get_value(), name: name.get_untracked(), query };
        form.send(async move { api::save(&body).await }, move |kept| {
            toast::say(tf(KEPT, &[("name", &kept.name)]));
            name.set(String::new());
            found.reload();
        });
    };
    let choose = Callback::new(move |query: String| {
        filters.apply(&query);
        open.set(false);
    });
    let list = move |items: Vec<SavedFilter>| {
        if items.is_empty() {
            return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Book /> }.into_any();
        }
        let now = untrack(|| filters.query());
        let lines = items
            .into_iter()
            .map(|filter| view! { <One filter=filter now=now.clone() choose=choose found=found /> })
            .collect_view();
        view! { <ul class="lines">{lines}</ul> }.into_any()
    };
    view! {
        <div class="stack">
            {found.show(list)}
            <form class="stack" on:submit=send>
                <Field label=t(NAME) name="filter-name" value=name required=true max=80 hint=t(HINT) fault=form.fault("/name") />
                <FormFault form=form fields=&["/name"] />
                <footer><Button label=t(KEEP) look=Look::Primary busy=form.busy /></footer>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn One(filter: SavedFilter, now: String, choose: Callback<String>, found: Loader<Vec<SavedFilter>>) -> impl IntoView {
    let (form, renaming) = (Form::new(), RwSignal::new(false));
    let name = RwSignal::new(filter.name.clone());
    let (label, query, used) = (filter.name.clone(), filter.query.clone(), filter.query == now);
    let body =
        move |filter: &SavedFilter, name: String| PutSavedFilter { page: filter.page.clone(), name, query: filter.query.clone() };
    let kept = StoredValue::new(filter);
    let remove = Callback::new(move |()| {
        let filter = kept.get_value();
        form.send(async move { api::remove(filter.id).await }, move |()| {
            let filter = kept.get_value();
            found.reload();
            let again = body(&filter, filter.name.clone());
            toast::with_undo(tf(REMOVED, &[("name", &filter.name)]), move || {
                let again = again.clone();
                spawn_local(async move {
                    match api::save(&again).await {
                        Ok(_) => found.reload(),
                        Err(error) => toast::say(error.text()),
                    }
                });
            });
        });
    });
    let rename = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let filter = kept.get_value();
        let body = body(&filter, name.get_untracked());
        form.send(async move { api::change(filter.id, filter.version, &body).await }, move |changed| {
            toast::say(tf(RENAMED, &[("name", &changed.name)]));
            found.reload();
        });
    };
    let field = move || {
        renaming.get().then(|| {
            view! {
                <form class="row" on:submit=rename>
                    <Field label=t(NEW_NAME) name="filter-new-name" value=name required=true autofocus=true max=80 />
                    <Button label=t(tx::SAVE) small=true busy=form.busy />
                </form>
            }
        })
    };
    let told = if query.is_empty() { t(WITHOUT).to_owned() } else { words(&query) };
    view! {
        <li>
            <div class="grow stack">
                <button type="button" class="named" on:click=move |_| choose.run(query.clone())><b>{label}</b></button>
                <small class="muted">{told}{used.then(|| format!(" · {}", t(NOW)))}</small>
                {field}
                <FormFault form=form />
            </div>
            <span class="row tight">
                <Button label=t(RENAME) small=true look=Look::Plain on_press=Callback::new(move |()| renaming.update(|open| *open = !*open)) />
                <Button label=t(REMOVE) small=true look=Look::Plain glyph=Icon::Cross busy=form.busy on_press=remove />
            </span>
        </li>
    }
    .into_any()
}

/// What was typed into a search, as much as can be said of a query without its page; else how many filters it has.
fn words(query: &str) -> String {
    let Ok(given) = web_sys::UrlSearchParams::new_with_str(query) else { return String::new() };
    let n = query.split('&').count().to_string();
    match given.get("q") {
        Some(q) => format!("“{q}”"),
        None => tf(CONDITIONS, &[("n", &n)]),
    }
}
