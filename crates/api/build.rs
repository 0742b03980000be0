//! A release holds the SPA: it is built again when the SPA was. A debug build reads the folder while it runs, so that it only has to
//! be there, empty at first.

use std::path::Path;

const SPA: &str = "../../frontend/dist";

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed={SPA}");
        return Ok(());
    }
    // The path is made canonical when the program is compiled, which nothing can do with what is not there.
    std::fs::create_dir_all(Path::new(SPA))
}
