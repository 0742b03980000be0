//! Push on this device: the browser's own permission, its subscription, and a small worker of its own scope that shows what comes.

use crate::api::contact;
use crate::i18n::{t, texts};
use crate::ui::{Button, Icon, Look, toast};
use dto::contact::PostPushSubscription;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

texts! {
    ON: "Bật thông báo trên thiết bị này", "Tell me on this device";
    OFF: "Tắt trên thiết bị này", "Stop on this device";
    IS_ON: "Thiết bị này đang nhận thông báo.", "This device is told.";
    NOT_HERE: "Trình duyệt này không nhận được thông báo. Trên iPhone, hãy thêm Khuê vào màn hình chính rồi mở lại.", "This browser cannot be told. On an iPhone, add Khuê to the home screen and open it from there.";
    REFUSED: "Trình duyệt đang chặn thông báo của trang này. Hãy cho phép trong phần cài đặt của trình duyệt.", "The browser blocks notifications of this page. Allow them in its settings.";
    FAILED: "Chưa bật được. Hãy thử lại.", "That did not work. Try again.";
    DONE: "Đã bật thông báo", "Notifications are on";
}

const WORKER: &str = "/push/worker.js";
const SCOPE: &str = "/push/";

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|v| !v.is_undefined() && !v.is_null())
}

/// Calls a method that answers with a promise, and waits for it.
async fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(object, name).ok_or(JsValue::NULL)?.dyn_into()?;
    let promise: Promise = method.apply(object, &arguments.iter().collect::<Array>())?.dyn_into()?;
    JsFuture::from(promise).await
}

fn object(pairs: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in pairs {
        // A plain object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn container() -> Option<JsValue> {
    let window: JsValue = window().into();
    get(&window, "PushManager")?;
    get(&window, "Notification")?;
    get(&get(&window, "navigator")?, "serviceWorker")
}

/// The subscription of this browser, if there is one.
async fn subscription() -> Option<JsValue> {
    let registration = call(&container()?, "getRegistration", &[SCOPE.into()]).await.ok().filter(|r| !r.is_undefined())?;
    call(&get(&registration, "pushManager")?, "getSubscription", &[]).await.ok().filter(|s| !s.is_null())
}

async fn turn_on() -> Result<(), &'static str> {
    let failed = |_| t(FAILED);
    let container = container().ok_or(t(NOT_HERE))?;
    let notification = get(&window().into(), "Notification").ok_or(t(NOT_HERE))?;
    let granted = call(&notification, "requestPermission", &[]).await.map_err(failed)?;
    if granted.as_string().as_deref() != Some("granted") {
        return Err(t(REFUSED));
    }
    let key = contact::push_key().await.map_err(|_| t(FAILED))?.key.ok_or(t(FAILED))?;
    let options = object(&[("scope", SCOPE.into())]);
    let registration = call(&container, "register", &[WORKER.into(), options]).await.map_err(failed)?;
    let manager = get(&registration, "pushManager").ok_or(t(NOT_HERE))?;
    let key = decode(&key).ok_or(t(FAILED))?;
    let options = object(&[("userVisibleOnly", true.into()), ("applicationServerKey", Uint8Array::from(key.as_slice()).into())]);
    // A worker that was just registered needs a moment until it can subscribe; the browser waits for it itself.
    let subscription = call(&manager, "subscribe", &[options]).await.map_err(failed)?;
    let text = js_sys::JSON::stringify(&subscription).map_err(failed)?;
    let value: serde_json::Value = serde_json::from_str(&String::from(text)).map_err(|_| t(FAILED))?;
    let text = |at: &serde_json::Value| at.as_str().unwrap_or_default().to_owned();
    let body = PostPushSubscription {
        endpoint: text(&value["endpoint"]),
        p256dh: text(&value["keys"]["p256dh"]),
        auth: text(&value["keys"]["auth"]),
        device: device_name(),
    };
    contact::subscribe(&body).await.map_err(|_| t(FAILED))?;
    Ok(())
}

fn device_name() -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let known = ["iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"];
    known.into_iter().find(|name| agent.contains(name)).unwrap_or("?").to_owned()
}

/// Base64url without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

#[component]
pub(super) fn ThisDevice() -> impl IntoView {
    if container().is_none() {
        return view! { <p class="muted">{t(NOT_HERE)}</p> }.into_any();
    }
    let (on, busy) = (RwSignal::new(false), RwSignal::new(false));
    spawn_local(async move {
        on.try_set(subscription().await.is_some());
    });
    let start = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            match turn_on().await {
                Ok(()) => {
                    on.try_set(true);
                    toast::say(t(DONE));
                }
                Err(text) => toast::say(text),
            }
            busy.try_set(false);
        });
    });
    let stop = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            // The push service then answers that the device is gone, and the server forgets it.
            if let Some(subscription) = subscription().await {
                let _ = call(&subscription, "unsubscribe", &[]).await;
            }
            on.try_set(false);
            busy.try_set(false);
        });
    });
    (move || match on.get() {
        true => view! { <p>{t(IS_ON)}</p><Button label=t(OFF) busy=busy on_press=stop /> }.into_any(),
        false => view! { <Button label=t(ON) glyph=Icon::Bell look=Look::Primary busy=busy on_press=start /> }.into_any(),
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64url_is_read() {
        assert_eq!(super::decode("AQIDBA").as_deref(), Some(&[1, 2, 3, 4][..]));
        assert_eq!(super::decode("_-8").as_deref(), Some(&[255, 239][..]));
        assert_eq!(super::decode("a="), None);
    }
}
