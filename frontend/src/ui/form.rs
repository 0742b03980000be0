use super::{Icon, icon};
use crate::api::ApiError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;

/// The state of one form: being sent or not, and what was wrong with it.
#[derive(Clone, Copy)]
pub struct Form {
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<ApiError>>,
}

type Done = Box<dyn FnOnce()>;
type Sending = Pin<Box<dyn Future<Output = Result<Done, ApiError>>>>;

impl Default for Form {
    fn default() -> Form {
        Form::new()
    }
}

impl Form {
    pub fn new() -> Form {
        Form { busy: RwSignal::new(false), error: RwSignal::new(None) }
    }

    /// The fault of the field at this JSON pointer, such as `/name/given`.
    pub fn fault(self, pointer: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.read().as_ref().and_then(|e| e.field(pointer)))
    }

    /// Sends once at a time; `done` gets the answer.
    pub fn send<T: 'static>(self, call: impl Future<Output = Result<T, ApiError>> + 'static, done: impl FnOnce(T) + 'static) {
        self.run(Box::pin(async move { call.await.map(|answer| Box::new(move || done(answer)) as Done) }));
    }

    // Compiled once, and not for each call.
    fn run(self, call: Sending) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = call.await;
            // The page may be gone by now.
            self.busy.try_set(false);
            match answer {
                Ok(done) => done(),
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

/// What was wrong with the form as a whole. `fields`: the pointers that have their own place.
#[component]
pub fn FormFault(form: Form, #[prop(optional)] fields: &'static [&'static str]) -> impl IntoView {
    move || {
        form.error.get().and_then(|error| {
            let others = error.other_fields(fields);
            // The one field that it is about says it already.
            if others.is_empty() && fields.iter().any(|field| error.field(field) == Some(error.text())) {
                return None;
            }
            Some(view! {
                <div class="strip bad" role="alert">
                    {icon(Icon::Alert)}
                    <div class="grow">
                        <p>{error.text()}</p>
                        {(!others.is_empty()).then(|| view! { <ul>{others.into_iter().map(|o| view! { <li>{o}</li> }).collect_view()}</ul> })}
                    </div>
                </div>
            })
        })
    }
}
