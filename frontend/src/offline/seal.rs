//! Sealing: AES-256-GCM by the browser, with a key that it uses for us and shows to nobody.

use super::db::Result;
use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

const NONCE: usize = 12;

fn subtle() -> Result<SubtleCrypto> {
    Ok(window().crypto()?.subtle())
}

/// A key of 32 bytes in base64, for sealing alone; it cannot be taken out again.
pub async fn key(base64: &str) -> Result<CryptoKey> {
    let text = window().atob(base64)?;
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let bytes = Uint8Array::from(bytes.as_slice());
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let made = subtle()?.import_key_with_str("raw", bytes.as_ref(), "AES-GCM", false, &uses)?;
    Ok(JsFuture::from(made).await?.unchecked_into())
}

fn algorithm(nonce: &[u8], about: &[u8]) -> Result<Object> {
    let object = Object::new();
    Reflect::set(&object, &"name".into(), &"AES-GCM".into())?;
    Reflect::set(&object, &"iv".into(), &Uint8Array::from(nonce))?;
    Reflect::set(&object, &"additionalData".into(), &Uint8Array::from(about))?;
    Ok(object)
}

/// A nonce and the sealed bytes. `about` is not kept with them: what opens them has to say the same.
pub async fn close(key: &CryptoKey, about: &[u8], bytes: &[u8]) -> Result<Vec<u8>> {
    let mut sealed = vec![0; NONCE];
    window().crypto()?.get_random_values_with_u8_array(&mut sealed)?;
    let made = subtle()?.encrypt_with_object_and_js_u8_array(&algorithm(&sealed, about)?, key, &Uint8Array::from(bytes))?;
    sealed.extend(Uint8Array::new(&JsFuture::from(made).await?).to_vec());
    Ok(sealed)
}

pub async fn open(key: &CryptoKey, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, bytes) = sealed.split_at_checked(NONCE).ok_or(JsValue::NULL)?;
    let made = subtle()?.decrypt_with_object_and_js_u8_array(&algorithm(nonce, about)?, key, &Uint8Array::from(bytes))?;
    Ok(Uint8Array::new(&JsFuture::from(made).await?).to_vec())
}
