//! Query strings.

/// Collects `name=value` pairs; what is absent or empty is left out.
#[derive(Default)]
pub struct Query(String);

impl Query {
    pub fn new() -> Query {
        Query::default()
    }

    pub fn with(mut self, name: &str, value: Option<impl std::fmt::Display>) -> Query {
        let Some(value) = value.map(|v| v.to_string()).filter(|v| !v.is_empty()) else { return self };
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        encode(&value, &mut self.0);
        self
    }

    /// The path with its query.
    pub fn on(self, path: &str) -> String {
        format!("{path}{}", self.0)
    }
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986.
fn encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// One segment of a path, such as a subject's code.
pub fn segment(value: &str) -> String {
    let mut out = String::new();
    encode(value, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_what_is_absent_and_encodes_the_rest() {
        let path = Query::new()
            .with("q", Some("Ánh & Bé"))
            .with("grade", None::<u8>)
            .with("after", Some(""))
            .with("limit", Some(5))
            .on("/learners");
        assert_eq!(path, "/learners?q=%C3%81nh%20%26%20B%C3%A9&limit=5");
        assert_eq!(Query::new().with("q", None::<&str>).on("/units"), "/units");
    }
}
