//! The floors of the house: a crate uses only floors below it, and domains of one floor do not know each other.

use cargo_metadata::{DependencyKind, MetadataCommand};

/// From the ground up. Crates of one inner list are of one floor.
const FLOORS: &[&[&str]] = &[
    &["regulations", "transcript", "migrations"],
    &["dto"],
    &["kernel"],
    &["identity"],
    &["records"],
    &["documents"],
    &["gradebook"],
    &["oversight"],
    &["api"],
    &["khue-tests", "khue-bench"],
];

fn floor(name: &str) -> usize {
    FLOORS.iter().position(|f| f.contains(&name)).unwrap_or_else(|| panic!("{name} stands on no floor: give it one"))
}

#[test]
fn each_crate_uses_only_floors_below() {
    let metadata =
        MetadataCommand::new().manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).no_deps().exec().unwrap();
    let own: Vec<_> = metadata.packages.iter().map(|p| p.name.to_string()).collect();
    for package in &metadata.packages {
        for dependency in package.dependencies.iter().filter(|d| own.contains(&d.name) && d.kind != DependencyKind::Development) {
            assert!(floor(&dependency.name) < floor(&package.name), "{} uses {}", package.name, dependency.name);
        }
    }
}

#[test]
fn domains_know_no_http_and_the_api_no_queries() {
    let metadata =
        MetadataCommand::new().manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).no_deps().exec().unwrap();
    for package in &metadata.packages {
        let uses = |name: &str| package.dependencies.iter().any(|d| d.name == name && d.kind == DependencyKind::Normal);
        match package.name.as_str() {
            "kernel" | "identity" | "records" | "documents" | "gradebook" | "oversight" => {
                assert!(!uses("actix-web") && !uses("reqwest"), "{} knows HTTP", package.name)
            }
            "dto" | "regulations" | "transcript" => {
                for heavy in ["sea-orm", "tokio", "actix-web", "reqwest"] {
                    assert!(!uses(heavy), "{} uses {heavy} and would not compile for the browser", package.name);
                }
            }
            _ => {}
        }
    }
    let routes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/api/src/routes");
    assert_no(&routes, "sea_orm");
    assert_no(&routes, ".read()");
}

fn assert_no(path: &std::path::Path, text: &str) {
    for entry in std::fs::read_dir(path).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            assert_no(&path, text);
        } else {
            assert!(!std::fs::read_to_string(&path).unwrap().contains(text), "{} has {text}", path.display());
        }
    }
}
