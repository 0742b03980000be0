//! What the documentation names is there: whoever renames a test or a module renames it in the docs.

use std::collections::BTreeSet;
use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// Calls `each` with every file below a folder.
fn walk(folder: &Path, each: &mut impl FnMut(&Path)) {
    for entry in read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, each) } else { each(&path) }
    }
}

/// Names of functions, types and modules in the code of server, pages and tests.
fn declared(root: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["crates", "tests/src", "frontend/src", "scripts"] {
        walk(&root.join(folder), &mut |path| {
            if path.extension().is_none_or(|e| e != "rs") {
                return;
            }
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
            let text = read_to_string(path).unwrap();
            let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
            let declares = |word: &str| ["fn", "mod", "struct", "enum", "trait", "type", "const", "impl"].contains(&word);
            names.extend(words.windows(2).filter(|pair| declares(pair[0])).map(|pair| pair[1].to_owned()));
        });
    }
    names
}

/// `a::{b,c}` names b and c.
fn last_names(token: &str) -> Vec<String> {
    let last = token.rsplit("::").next().unwrap_or_default();
    last.trim_matches(['{', '}']).split(',').map(|name| name.trim().trim_end_matches("()").to_owned()).collect()
}

#[test]
fn what_the_docs_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let names = declared(&root);
    let (mut looked, mut lacking) = (0, Vec::new());
    walk(&root.join("docs"), &mut |path| {
        if path.extension().is_none_or(|e| e != "md") {
            return;
        }
        for token in read_to_string(path).unwrap().split('`').skip(1).step_by(2) {
            let there = match token {
                page if page.ends_with(".test.mjs") => root.join("tests/e2e").join(page).exists(),
                code if code.contains("::") && !code.contains(' ') => last_names(code).iter().all(|name| names.contains(name)),
                _ => continue,
            };
            looked += 1;
            if !there {
                lacking.push(format!("{}: {token}", path.display()));
            }
        }
    });
    assert!(looked > 100, "the docs name {looked} places");
    assert!(lacking.is_empty(), "not there: {lacking:#?}");
}
