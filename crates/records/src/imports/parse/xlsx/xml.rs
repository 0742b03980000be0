//! A pull reader over one XML part: names without prefixes, text with references resolved, no document types.

use super::super::container::broken;
use super::super::faults::Fault;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;

pub(super) struct Pull<'x> {
    reader: Reader<&'x [u8]>,
    part: &'x str,
}

pub(super) enum Token<'x> {
    /// A start tag or an empty element.
    Open(Tag<'x>),
    Text(Cow<'x, str>),
    Close(&'x str),
}

pub(super) struct Tag<'x> {
    start: BytesStart<'x>,
    empty: bool,
    part: &'x str,
}

impl<'x> Pull<'x> {
    pub fn new(text: &'x str, part: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        // Names are not compared; a part that is cut short ends early and is found out by its missing end.
        reader.config_mut().check_end_names = false;
        Pull { reader, part }
    }

    pub fn fault(&self) -> Fault {
        broken(self.part)
    }

    /// The next token, None at the end of the part.
    pub fn next(&mut self) -> Result<Option<Token<'x>>, Fault> {
        loop {
            let event = self.reader.read_event().map_err(|_| broken(self.part))?;
            return Ok(Some(match event {
                Event::Start(start) => Token::Open(Tag { start, empty: false, part: self.part }),
                Event::Empty(start) => Token::Open(Tag { start, empty: true, part: self.part }),
                Event::End(end) => Token::Close(close_name(end)),
                Event::Text(text) => Token::Text(text.xml10_content()),
                Event::CData(data) => Token::Text(data.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(c)) => Token::Text(Cow::Owned(c.to_string())),
                    Ok(None) => match resolve_predefined_entity(&reference) {
                        Some(text) => Token::Text(Cow::Borrowed(text)),
                        None => return Err(broken(self.part)),
                    },
                    Err(_) => return Err(broken(self.part)),
                },
                // Office never writes one, and entities of one's own are how XML bombs are made.
                Event::DocType(_) => return Err(broken(self.part)),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            }));
        }
    }
}

fn close_name(end: quick_xml::events::BytesEnd<'_>) -> &'static str {
    // The names that reading depends on; all others are alike.
    match end.local_name().as_ref() {
        "t" => "t",
        "r" => "r",
        "rPh" => "rPh",
        "si" => "si",
        "is" => "is",
        "v" => "v",
        "f" => "f",
        "c" => "c",
        "row" => "row",
        "sheetData" => "sheetData",
        "fonts" => "fonts",
        "font" => "font",
        "cellXfs" => "cellXfs",
        _ => "",
    }
}

impl Tag<'_> {
    /// Name without prefix.
    pub fn name(&self) -> &str {
        let name = self.start.name().into_inner();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// An attribute by its name without prefix.
    pub fn get(&self, name: &str) -> Result<Option<String>, Fault> {
        for attribute in self.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| broken(self.part))?;
            if attribute.key.local_name().as_ref() == name {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken(self.part))?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    /// A boolean attribute, false where missing.
    pub fn flag(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.get(name)?.is_some_and(|value| value == "1" || value == "true"))
    }

    /// A whole number, None where missing or not one.
    pub fn number(&self, name: &str) -> Result<Option<u32>, Fault> {
        Ok(self.get(name)?.and_then(|value| value.parse().ok()))
    }
}

/// Resolves `_x000D_` and its like (ECMA-376 part 1, 22.9.2.19), by which Office writes characters that XML cannot.
pub(super) fn unescape_x(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        match code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::unescape_x;

    #[test]
    fn office_escapes() {
        assert_eq!(unescape_x("a_x000D_b_x005F_x"), "a\rb_x");
        assert_eq!(unescape_x("_x12_xẤẤẤẤ_x"), "_x12_xẤẤẤẤ_x");
    }
}
