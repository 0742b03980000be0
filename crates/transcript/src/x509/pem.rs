//! PEM, as certificates and lists are handed round.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The blocks with this label, or the bytes themselves where they are not PEM.
pub(crate) fn blocks(bytes: &[u8], label: &str) -> Vec<Vec<u8>> {
    let Some(mut rest) = std::str::from_utf8(bytes).ok().filter(|t| t.contains("-----BEGIN ")) else {
        return vec![bytes.to_vec()];
    };
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut found = Vec::new();
    while let Some((_, after)) = rest.split_once(&begin) {
        let Some((body, after)) = after.split_once(&end) else { break };
        let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        found.extend(STANDARD.decode(body));
        rest = after;
    }
    found
}
