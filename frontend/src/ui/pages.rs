//! A list that is read page by page.

use super::load::only_newest;
use super::{Bones, Button, Fault, effect};
use crate::api::ApiError;
use crate::i18n::{t, tx};
use dto::Page;
use leptos::prelude::*;
use std::rc::Rc;

type Fetch<T> = Rc<dyn Fn(Option<String>) -> std::pin::Pin<Box<dyn Future<Output = Result<Page<T>, ApiError>>>>>;

pub struct Pages<T: Send + Sync + 'static> {
    items: RwSignal<Option<Vec<T>>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    again: RwSignal<u32>,
    newest: StoredValue<u32>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
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
        view! {
            {move || match (self.error.get(), self.items.get()) {
                (Some(error), _) => view! { <Fault error=error retry=Callback::new(move |()| self.reload()) /> }.into_any(),
                (None, None) => view! { <Bones /> }.into_any(),
                (None, Some(items)) => render(items).into_any(),
            }}
            {move || (self.next.read().is_some() && self.error.read().is_none()).then(|| view! {
                <div class="more"><Button label=t(tx::MORE) busy=self.busy on_press=Callback::new(move |()| self.more()) /></div>
            })}
        }
        .into_any()
    }
}
