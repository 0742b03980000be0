//! Data of a page: loading, there, or failed, with a way to try again.

use super::{Bones, Fault, effect};
use crate::api::ApiError;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[derive(Clone, Debug)]
pub enum Loaded<T> {
    Loading,
    Ready(T),
    Failed(ApiError),
}

/// Something that is read from the server and can be read again.
pub struct Loader<T: Send + Sync + 'static> {
    state: RwSignal<Loaded<T>>,
    again: RwSignal<u32>,
    busy: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Loader<T> {}

/// Reads now, and again whenever a signal that `fetch` reads (before its first await) changes. What was there stays until the new
/// answer has come; an answer that was overtaken is dropped.
pub fn load<T, F, Fut>(fetch: F) -> Loader<T>
where
    T: Send + Sync + Clone + 'static,
    F: Fn() -> Fut + 'static,
    Fut: Future<Output = Result<T, ApiError>> + 'static,
{
    // Boxed, so that what follows is compiled once a type and not once a call.
    load_boxed(Box::new(move || Box::pin(fetch())))
}

type Reading<T> = std::pin::Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

fn load_boxed<T: Send + Sync + Clone + 'static>(fetch: Box<dyn Fn() -> Reading<T>>) -> Loader<T> {
    let loader = Loader { state: RwSignal::new(Loaded::Loading), again: RwSignal::new(0), busy: RwSignal::new(false) };
    let start = move || {
        let call = fetch();
        Box::pin(async move {
            let answer = call.await;
            Box::new(move || {
                loader.state.try_set(match answer {
                    Ok(value) => Loaded::Ready(value),
                    Err(error) => Loaded::Failed(error),
                });
            }) as Box<dyn FnOnce()>
        }) as Starting
    };
    read(loader.again, loader.busy, Box::new(start));
    loader
}

/// A read that is under way; what it gives puts the answer in its place.
pub(super) type Starting = std::pin::Pin<Box<dyn Future<Output = Box<dyn FnOnce()>>>>;

/// Starts now and at each change, and lets only the newest answer in. Compiled once for all types.
fn read(again: RwSignal<u32>, busy: RwSignal<bool>, start: Box<dyn Fn() -> Starting>) {
    let newest = StoredValue::new(0_u32);
    effect(move || {
        again.track();
        only_newest(newest, busy, start());
    });
}

/// Waits, and lets the answer in unless a newer one is on its way. Compiled once for all types.
pub(super) fn only_newest(newest: StoredValue<u32>, busy: RwSignal<bool>, call: Starting) {
    let mine = newest.get_value() + 1;
    newest.set_value(mine);
    busy.set(true);
    spawn_local(async move {
        let put = call.await;
        if newest.try_get_value() == Some(mine) {
            busy.try_set(false);
            put();
        }
    });
}

impl<T: Send + Sync + Clone + 'static> Loader<T> {
    pub fn reload(self) {
        self.again.update(|n| *n += 1);
    }

    /// Puts in what a write gave back.
    pub fn set(self, value: T) {
        self.state.set(Loaded::Ready(value));
    }

    /// What is there now. Not tracked.
    pub fn get_untracked(self) -> Option<T> {
        match self.state.get_untracked() {
            Loaded::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// Tracked.
    pub fn get(self) -> Option<T> {
        match self.state.get() {
            Loaded::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// A newer answer is on its way. Tracked.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Grey bones, the fault with its way out, or what `render` makes of the value.
    pub fn show<V: IntoView + 'static>(self, render: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView {
        (move || match self.state.get() {
            Loaded::Loading => view! { <Bones /> }.into_any(),
            Loaded::Failed(error) => view! { <Fault error=error retry=Callback::new(move |()| self.reload()) /> }.into_any(),
            Loaded::Ready(value) => render(value).into_any(),
        })
        .into_any()
    }
}
