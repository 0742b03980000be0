//! The table of errors: every code is used, has both languages, and the same parameters in both.

use dto::{Code, Lang};
use std::collections::BTreeSet;
use std::path::Path;

fn parameters(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect()
}

#[test]
fn both_languages_say_the_same() {
    let mut names = BTreeSet::new();
    for code in Code::ALL {
        let (vi, en) = (code.text(Lang::Vi), code.text(Lang::En));
        assert_eq!(parameters(vi), parameters(en), "{}", code.as_str());
        assert_ne!(vi, en, "{}", code.as_str());
        assert!((400..600).contains(&code.status()), "{}", code.as_str());
        assert!(names.insert(code.as_str()), "{} is there twice", code.as_str());
        assert_eq!(Code::parse(code.as_str()), Some(*code));
    }
}

#[test]
fn every_code_is_used_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut source = String::new();
    read(&root, &mut source);
    // The rules of the DTOs name their codes as text.
    let unused: Vec<_> = Code::ALL
        .iter()
        .filter(|c| !source.contains(&format!("Code::{c:?}")) && !source.contains(&format!("new(\"{}\")", c.as_str())))
        .collect();
    assert!(unused.is_empty(), "never answered: {unused:?}");
}

fn read(path: &Path, into: &mut String) {
    for entry in std::fs::read_dir(path).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("dto/src/codes.rs") {
            into.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}
