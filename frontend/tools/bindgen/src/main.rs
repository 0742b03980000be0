//! `bindgen IN.wasm OUT_DIR NAME`: writes `NAME.js` and `NAME_bg.wasm` for a page that loads them as modules.
//!
//! It stands in for `wasm-bindgen-cli`, for two reasons: its version is held to the library's by the one lock file
//! (both need the same `wasm-bindgen-shared`), and it builds in a fraction of the time, since it brings no test runner
//! and no web server.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [input, out_dir, name] = arguments.as_slice() else {
        bail!("usage: bindgen IN.wasm OUT_DIR NAME");
    };
    let name = name.to_str().context("NAME must be UTF-8")?;
    Bindgen::new()
        .input_path(PathBuf::from(input))
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(name)
        .generate(PathBuf::from(out_dir))
}
