//! Sheets that save themselves as one goes on: a moment after the last change, one request at a time. What could not be sent waits until
//! the line comes back or somebody presses again.

use super::{Button, Icon, effect, icon};
use crate::api::{ApiError, online};
use crate::i18n::{t, texts, tx};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

texts! {
    SAVING: "Đang lưu", "Saving";
}

/// The state of a sheet's saving.
#[derive(Clone, Copy, Default)]
pub struct Autosave {
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ApiError>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Autosave {
    /// Something has changed: `send` follows when nothing more has for a moment.
    pub fn later(self, send: impl FnOnce() + 'static) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        self.timer.set_value(set_timeout_with_handle(send, Duration::from_millis(900)).ok());
    }

    /// Calls `send` each time the line comes back.
    pub fn when_back(send: impl Fn() + 'static) {
        let was = StoredValue::new(true);
        effect(move || {
            let now = online::is();
            if now && !was.get_value() {
                send();
            }
            was.set_value(now);
        });
    }

    /// Sends what `call` has to send, unless a request is on its way or there is nothing; `took` gets the answer, and sends again what
    /// was typed meanwhile.
    pub fn send<A: 'static, Fut>(self, call: impl FnOnce() -> Option<Fut>, took: impl FnOnce(A) + 'static)
    where
        Fut: Future<Output = Result<A, ApiError>> + 'static,
    {
        if self.busy.try_get_untracked().unwrap_or(true) {
            return;
        }
        let Some(call) = call() else { return };
        self.busy.set(true);
        self.failed.set(None);
        spawn_local(async move {
            let answer = call.await;
            // The page may be gone by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => took(saved),
                Err(error) => self.failed.set(Some(error)),
            }
        });
    }

    /// What goes on, in one line: `not_sent` counts in words what waits, `saved` says how far the sheet is.
    pub fn status(self, not_sent: impl Fn() -> String, again: Callback<()>, saved: impl Fn() -> String) -> AnyView {
        if let Some(error) = self.failed.get() {
            return view! {
                <div class="strip bad">
                    {icon(Icon::Alert)}<span class="grow">{not_sent()}". "{error.text()}</span>
                    <Button small=true label=t(tx::RETRY) on_press=again />
                </div>
            }
            .into_any();
        }
        if self.busy.get() {
            return view! { <span class="quiet">{t(SAVING)}"…"</span> }.into_any();
        }
        view! { <span class="quiet num">{saved()}</span> }.into_any()
    }
}
