//! A release holds the SPA: build again when it was built again.

fn main() {
    println!("cargo::rerun-if-changed=../../frontend/dist");
}
