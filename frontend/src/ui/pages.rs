//! A list that is read page by page.

use super::load::only_newest;
use super::xlsx::Sheet;
use super::{Bones, Button, Fault, effect, export, toast};
use crate::api::ApiError;
use crate::i18n::{t, tx};
use dto::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;

type Fetch<T> = Rc<dyn Fn(Option<String>) -> Pin<Box<dyn Future<Output = Result<Page<T>, ApiError>>>>>;

type Draw<T> = Arc<dyn Fn(Vec<T>) -> AnyView + Send + Sync>;

pub struct Pages<T: Send + Sync + 'static> {
    items: RwSignal<Option<Vec<T>>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    again: RwSignal<u32>,
    newest: StoredValue<u32>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
    draw: StoredValue<Option<Draw<T>>>,
    owner: StoredValue<Owner>,
}

impl<T: Send + Sync + 'static> Clone for Pages<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Pages<T> {}

/// Reads the first page now, and again from the start whenever a signal that `fetch` reads changes.
pub fn pages<T, F, Fut>(fetch: F) -> Pages<T>
where
    T: Send + Sync + Clone + 'static,
    F: Fn(Option<String>) -> Fut + 'static,
    Fut: Future<Output = Result<Page<T>, ApiError>> + 'static,
{
    let fetch: Fetch<T> = Rc::new(move |after| Box::pin(fetch(after)));
    let pages = Pages {
        items: RwSignal::new(None),
        next: RwSignal::new(None),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        again: RwSignal::new(0),
        newest: StoredValue::new(0),
        fetch: StoredValue::new_local(fetch),
        draw: StoredValue::new(None),
        owner: StoredValue::new(Owner::current().unwrap_or_default()),
    };
    effect(move || {
        pages.again.track();
        let first = pages.fetch.with_value(|f| f(None));
        pages.take(first, true);
    });
    pages
}

impl<T: Send + Sync + Clone + 'static> Pages<T> {
    fn take(self, call: impl Future<Output = Result<Page<T>, ApiError>> + 'static, first: bool) {
        let put = move |answer: Result<Page<T>, ApiError>| match answer {
            Ok(page) => {
                self.error.set(None);
                self.next.set(page.next);
                self.items.update(|items| match items {
                    Some(items) if !first => items.extend(page.items),
                    _ => *items = Some(page.items),
                });
            }
            Err(error) => self.error.set(Some(error)),
        };
        let call = async move {
            let answer = call.await;
            Box::new(move || put(answer)) as Box<dyn FnOnce()>
        };
        only_newest(self.newest, self.busy, Box::pin(call));
    }

    pub fn reload(self) {
        self.again.update(|n| *n += 1);
    }

    fn more(self) {
        if let Some(after) = self.next.get_untracked() {
            let call = self.fetch.with_value(|f| f(Some(after)));
            self.take(call, false);
        }
    }

    /// The list as `render` makes it of all items so far, with a button for the rest.
    pub fn show<V: IntoView + 'static>(self, render: impl Fn(Vec<T>) -> V + Send + Sync + 'static) -> AnyView {
        let render: Draw<T> = Arc::new(move |items| render(items).into_any());
        self.draw.set_value(Some(render.clone()));
        view! {
            {move || match (self.error.get(), self.items.get()) {
                (Some(error), _) => view! { <Fault error=error retry=Callback::new(move |()| self.reload()) /> }.into_any(),
                (None, None) => view! { <Bones /> }.into_any(),
                (None, Some(items)) => render(items),
            }}
            {move || (self.next.read().is_some() && self.error.read().is_none()).then(|| view! {
                <div class="more"><Button label=t(tx::MORE) busy=self.busy on_press=Callback::new(move |()| self.more()) /></div>
            })}
        }
        .into_any()
    }

    /// The button that gives all rows of the list, not only those that are loaded, under the present filters, with the columns that
    /// are shown. `name` is the file's name without its ending.
    pub fn export(self, name: &'static str) -> AnyView {
        let rows = RwSignal::new(None);
        let press = Callback::new(move |()| {
            rows.set(Some(0));
            save_all(Box::new(move |after| self.beside(after)), rows, name);
        });
        export::button(rows, press)
    }

    /// Reads the page behind `after`; what comes of it draws it.
    fn beside(self, after: Option<String>) -> Reading {
        let call = self.owner.try_with_value(|owner| owner.with(|| untrack(|| self.fetch.with_value(|f| f(after)))));
        Box::pin(async move {
            let page = call.ok_or(ApiError::Offline)?.await?;
            let draw = self.draw.try_get_value().flatten().ok_or(ApiError::Offline)?;
            let owner = self.owner.try_get_value().ok_or(ApiError::Offline)?;
            Ok((owner, Box::new(move || draw(page.items)) as Box<dyn FnOnce() -> AnyView>, page.next))
        })
    }
}

/// Who owns what is drawn, the drawing, and where the list goes on.
type Reading = Pin<Box<dyn Future<Output = Result<(Owner, Box<dyn FnOnce() -> AnyView>, Option<String>), ApiError>>>>;

/// Reads page after page and draws each beside the document, where it is read and dropped again. Compiled once for all types.
fn save_all(read: Box<dyn Fn(Option<String>) -> Reading>, rows: RwSignal<Option<usize>>, name: &'static str) {
    spawn_local(async move {
        let (mut sheet, mut after) = (Sheet::default(), None);
        loop {
            let (owner, draw, next) = match read(after).await {
                Ok(page) => page,
                Err(error) => {
                    rows.try_set(None);
                    return toast::say(error.text());
                }
            };
            if let Ok(beside) = document().create_element("div") {
                let drawn = owner.with(|| leptos::mount::mount_to(beside.clone().unchecked_into(), draw));
                export::read(&beside, &mut sheet);
                drop(drawn);
            }
            rows.try_set(Some(sheet.rows.len()));
            after = next;
            if after.is_some() && sheet.rows.len() < export::MOST {
                continue;
            }
            if after.is_some() {
                export::say_cut(sheet.rows.len());
            }
            rows.try_set(None);
            return export::save(&sheet, name);
        }
    });
}
