//! The checked-in document is the document of the code.

use std::path::Path;

fn checked_in(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn the_checked_in_files_are_those_of_the_code() {
    let document = api::docs::document();
    let same = |name: &str, made: String| {
        assert!(checked_in(name) == made, "openapi/{name} is old: run `make openapi` and look at the difference")
    };
    same("openapi.json", document.to_pretty_json().unwrap() + "\n");
    same("operations.txt", api::docs::operations_text(&document));
    same("permissions.txt", api::docs::permissions_text(&document));
}

#[test]
fn every_operation_says_what_it_is() {
    let document = serde_json::to_value(api::docs::document()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no id"));
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{name} has no summary");
            assert!(operation["tags"].as_array().is_some_and(|t| t.len() == 1), "{name} has no tag");
            assert!(operation["responses"]["422"].is_object(), "{name} does not document its problems");
        }
    }
    assert!(ids.len() > 50, "only {} operations", ids.len());
}

#[test]
fn only_signing_in_checking_a_transcript_and_public_pages_need_no_token() {
    let open: Vec<String> = api::docs::operations(&api::docs::document())
        .into_iter()
        .filter(|o| o.permission.is_none())
        .map(|o| format!("{} {}", o.method, o.path))
        .collect();
    let expected = [
        "POST /api/v1/password-resets",
        "GET /api/v1/public/schools/{school_id}",
        "GET /api/v1/public/schools/{school_id}/publications",
        "GET /api/v1/public/schools/{school_id}/publications/{publication_id}/photo",
        "GET /api/v1/public/transcripts/{check_code}",
        "GET /api/v1/public/trust",
        "POST /api/v1/sessions",
        "POST /api/v1/sessions/refresh",
    ];
    assert_eq!(open, expected);
}

#[test]
fn every_shape_that_is_named_is_there() {
    let shown: serde_json::Value = serde_json::from_str(api::docs::JSON).unwrap();
    let mut named = 0;
    for part in api::docs::JSON.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(shown["components"]["schemas"][name].is_object(), "{name} is named and not described");
        named += 1;
    }
    assert!(named > 100, "only {named} references");
}

/// The document names a shape by its Rust name alone: of two shapes with one name, one would silently take the other's place.
#[test]
fn every_shape_has_a_name_of_its_own() {
    let shown: serde_json::Value = serde_json::from_str(api::docs::JSON).unwrap();
    let mut names = std::collections::BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for part in text.split("ToSchema").skip(1) {
                    let declared = part.lines().find_map(|line| {
                        let (_, rest) = line.split_once("pub struct ").or_else(|| line.split_once("pub enum "))?;
                        let name = rest.split(|c: char| !c.is_alphanumeric()).next()?;
                        // The name that a macro is given is not in its text.
                        (!name.is_empty()).then(|| name.to_owned())
                    });
                    // What the document does not show may be named twice; an implementation by hand stands in the file of its type.
                    let Some(name) = declared.filter(|name| shown["components"]["schemas"][name].is_object()) else { continue };
                    if let Some(other) = names.insert(name.clone(), path.clone()) {
                        assert!(other == path, "{name} is in {} and in {}", other.display(), path.display());
                    }
                }
            }
        }
    }
    assert!(names.len() > 100, "only {} shapes", names.len());
}
