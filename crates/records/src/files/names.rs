//! What a file is called and what it is.

use kernel::text::clean;

/// The name without folders and without what no file name should hold; at most 200 characters, with its ending.
pub(super) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = clean(last).chars().filter(|c| !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*')).collect();
    let kept = kept.trim_matches([' ', '.']);
    let (stem, ending) = kept.rsplit_once('.').map_or((kept, ""), |(stem, ending)| (stem, ending));
    let ending: String = ending.chars().take(10).collect();
    let stem: String = stem.chars().take(180).collect();
    match (stem.is_empty(), ending.is_empty()) {
        (true, _) => "file".to_owned(),
        (false, true) => stem,
        (false, false) => format!("{stem}.{ending}"),
    }
}

/// The media type by the ending. What browsers draw inside a page is called so only if its first bytes say the same.
pub(super) fn media(name: &str, head: &[u8]) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "pdf" if head.starts_with(b"%PDF-") => "application/pdf",
        "png" if head.starts_with(b"\x89PNG\r\n\x1a\n") => "image/png",
        "jpg" | "jpeg" if head.starts_with(&[0xff, 0xd8, 0xff]) => "image/jpeg",
        "webp" if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") => "image/webp",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "odt" => "application/vnd.oasis.opendocument.text",
        "zip" => "application/zip",
        "mp4" => "video/mp4",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders() {
        assert_eq!(clean_name("C:\\bài\\Kế hoạch tuần 1.docx"), "Kế hoạch tuần 1.docx");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("..."), "file");
        assert_eq!(clean_name("a\"b\r\n.pdf"), "ab .pdf");
        assert!(clean_name(&format!("{}.pdf", "a".repeat(400))).ends_with("a.pdf"));
    }

    #[test]
    fn a_page_is_no_picture() {
        assert_eq!(media("a.png", b"<html><script>"), "application/octet-stream");
        assert_eq!(media("a.html", b"<html>"), "application/octet-stream");
        assert_eq!(media("a.svg", b"<svg>"), "application/octet-stream");
        assert_eq!(media("A.PDF", b"%PDF-1.7"), "application/pdf");
    }
}
