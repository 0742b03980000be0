//! Parts of the address.
//!
//! A table of patterns in place of the router's nested route types: those are compiled anew for every route, and a school on a
//! slow line pays for each of them.

use leptos::prelude::*;
use std::str::FromStr;

/// The `:parts` of the address by name; in the context of every page.
#[derive(Clone, Copy)]
pub struct Parts(pub Memo<Vec<(&'static str, String)>>);

/// The parts of `path` that stand for the `:names` of `pattern`; nothing where they do not match.
pub fn parts(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    let mut given = path.split('/').filter(|p| !p.is_empty());
    for wanted in pattern.split('/').filter(|p| !p.is_empty()) {
        let part = given.next()?;
        match wanted.strip_prefix(':') {
            Some(name) => found.push((name, decode(part))),
            None if wanted == part => {}
            None => return None,
        }
    }
    given.next().is_none().then_some(found)
}

/// Percent-decoding; what is not valid stays as it is.
fn decode(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'%').then(|| tail.get(..2)).flatten().and_then(|h| std::str::from_utf8(h).ok());
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}

/// The part called `name`, while it can be read as a `T`. Tracked by whoever reads the signal.
pub fn param<T>(name: &'static str) -> Signal<Option<T>>
where
    T: FromStr + Send + Sync + Clone + PartialEq + 'static,
{
    let Parts(here) = expect_context::<Parts>();
    Memo::new(move |_| here.read().iter().find(|(n, _)| *n == name).and_then(|(_, text)| text.parse().ok())).into()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn patterns_match_whole_addresses() {
        assert_eq!(parts("/", "/"), Some(vec![]));
        assert_eq!(parts("/classes/:class", "/classes/7"), Some(vec![("class", "7".to_owned())]));
        assert_eq!(parts("/classes/:class", "/classes/7/subjects"), None);
        assert_eq!(parts("/classes/:class/subjects", "/classes"), None);
        assert_eq!(parts("/s/:subject", "/s/TI%E1%BA%BENG"), Some(vec![("subject", "TIẾNG".to_owned())]));
        assert_eq!(parts("/s/:subject", "/s/%zz"), Some(vec![("subject", "%zz".to_owned())]));
    }
}
