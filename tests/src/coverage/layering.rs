//! The floors of the house: a crate uses only floors below it, and domains of one floor do not know each other.

use serde::Deserialize;
use std::process::Command;

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

/// What `cargo metadata` says of the workspace.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev` or `build`; none of what the crate itself uses.
    kind: Option<String>,
}

fn workspace() -> Vec<Package> {
    let said = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice::<Metadata>(&said.stdout).unwrap().packages
}

#[test]
fn each_crate_uses_only_floors_below() {
    let packages = workspace();
    let own: Vec<&str> = packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(own.len(), FLOORS.iter().map(|floor| floor.len()).sum::<usize>());
    for package in &packages {
        for used in package.dependencies.iter().filter(|d| own.contains(&d.name.as_str()) && d.kind.as_deref() != Some("dev")) {
            assert!(floor(&used.name) < floor(&package.name), "{} uses {}", package.name, used.name);
        }
    }
}

#[test]
fn domains_know_no_http_and_the_api_no_queries() {
    for package in workspace() {
        let uses = |name: &str| package.dependencies.iter().any(|d| d.name == name && d.kind.is_none());
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
