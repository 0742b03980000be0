//! The browser's database, as far as these pages need it: two stores of values under names.

use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::window;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

pub type Result<T> = std::result::Result<T, JsValue>;

/// The keys of those who are signed in on this device: an account's id, and a key that no script can read out.
pub const KEYS: &str = "keys";
/// What is kept, sealed: an account's id and a name.
pub const SEALED: &str = "sealed";

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// What a request comes to. Its own `result` is read where it has succeeded: the event says no more.
async fn settled(request: &IdbRequest) -> Result<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    request.result()
}

/// A write counts when its transaction is complete.
async fn complete(transaction: &IdbTransaction) -> Result<()> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onerror(Some(&reject));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(promise).await.map(|_| ())
}

async fn open() -> Result<IdbDatabase> {
    if let Some(db) = OPEN.with_borrow(Clone::clone) {
        return Ok(db);
    }
    let factory = window().indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32("khue", 1)?;
    let fresh = request.clone();
    let upgrade = Closure::<dyn Fn()>::new(move || {
        if let Ok(db) = fresh.result() {
            let db: IdbDatabase = db.unchecked_into();
            for store in [KEYS, SEALED] {
                let _ = db.create_object_store(store);
            }
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let db: IdbDatabase = settled(&request).await?.unchecked_into();
    OPEN.set(Some(db.clone()));
    Ok(db)
}

async fn reading(store: &str) -> Result<IdbObjectStore> {
    open().await?.transaction_with_str(store)?.object_store(store)
}

async fn writing(store: &str) -> Result<(IdbTransaction, IdbObjectStore)> {
    let transaction = open().await?.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
    let store = transaction.object_store(store)?;
    Ok((transaction, store))
}

pub async fn get(store: &str, name: &str) -> Result<Option<JsValue>> {
    let value = settled(&reading(store).await?.get(&name.into())?).await?;
    Ok((!value.is_undefined()).then_some(value))
}

pub async fn put(store: &str, name: &str, value: &JsValue) -> Result<()> {
    let (transaction, store) = writing(store).await?;
    store.put_with_key(value, &name.into())?;
    complete(&transaction).await
}

pub async fn delete(store: &str, names: &[String]) -> Result<()> {
    let (transaction, store) = writing(store).await?;
    for name in names {
        store.delete(&name.as_str().into())?;
    }
    complete(&transaction).await
}

/// The names that begin so, in order.
pub async fn names(store: &str, prefix: &str) -> Result<Vec<String>> {
    let range = IdbKeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into())?;
    let keys: Array = settled(&reading(store).await?.get_all_keys_with_key(&range)?).await?.unchecked_into();
    Ok(keys.iter().filter_map(|key| key.as_string()).collect())
}

/// Bytes under a name.
pub async fn bytes(store: &str, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(get(store, name).await?.map(|value| Uint8Array::new(&value).to_vec()))
}
