//! Parts of the address.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::str::FromStr;

/// The part called `name`, while it can be read as a `T`. Tracked by whoever reads the signal.
pub fn param<T>(name: &'static str) -> Signal<Option<T>>
where
    T: FromStr + Send + Sync + Clone + PartialEq + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.read().get(name).and_then(|text| text.parse().ok())).into()
}
