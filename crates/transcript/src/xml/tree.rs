//! A small tree of XML: elements of three known vocabularies, attributes without a namespace, text. Written, it is Exclusive XML
//! Canonicalization 1.0 by construction; read, it takes nothing that this writer would not write (no DTD, entities, comments,
//! instructions, CDATA), and no more than [`MAX_BYTES`].

use crate::{Fault, FaultCode};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The largest document that is looked at, in bytes: a transcript with thirty signatures and time-stamps has a tenth of it.
pub const MAX_BYTES: usize = 2 << 20;
const MAX_DEPTH: usize = 24;
const MAX_ELEMENTS: usize = 50_000;

pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A vocabulary; each has one prefix everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    Transcript,
    Signature,
    Xades,
}

impl Space {
    const ALL: [Space; 3] = [Space::Transcript, Space::Signature, Space::Xades];

    pub fn uri(self) -> &'static str {
        match self {
            Space::Transcript => "urn:khue:transcript:1",
            Space::Signature => "http://www.w3.org/2000/09/xmldsig#",
            Space::Xades => "http://uri.etsi.org/01903/v1.3.2#",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Space::Transcript => "",
            Space::Signature => "ds",
            Space::Xades => "xades",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub space: Space,
    pub name: String,
    /// In the order of their names, as the canonical form has them.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

impl Element {
    pub fn new(space: Space, name: &str) -> Element {
        Element { space, name: name.to_owned(), attributes: Vec::new(), children: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Element {
        self.attributes.push((name.to_owned(), value.into()));
        self.attributes.sort();
        self
    }

    pub fn text(mut self, text: impl Into<String>) -> Element {
        let text = text.into();
        if !text.is_empty() {
            self.children.push(Node::Text(text));
        }
        self
    }

    pub fn child(mut self, child: Element) -> Element {
        self.children.push(Node::Element(child));
        self
    }

    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Element {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every element below this one and itself, in document order.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Element)) {
        visit(self);
        for child in &self.children {
            if let Node::Element(e) = child {
                e.walk(visit);
            }
        }
    }

    /// Exclusive C14N of this element as the apex.
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = String::with_capacity(4096);
        self.write(&mut out, &mut [false; 3]);
        out.into_bytes()
    }

    fn write(&self, out: &mut String, declared: &mut [bool; 3]) {
        let prefix = self.space.prefix();
        let tag = |out: &mut String| {
            out.push_str(prefix);
            if !prefix.is_empty() {
                out.push(':');
            }
            out.push_str(&self.name);
        };
        out.push('<');
        tag(out);
        let slot = self.space as usize;
        let new = !declared[slot];
        if new {
            out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            out.push_str(prefix);
            out.push_str("=\"");
            out.push_str(self.space.uri());
            out.push('"');
            declared[slot] = true;
        }
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            for c in value.chars() {
                match c {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '"' => out.push_str("&quot;"),
                    '\t' => out.push_str("&#x9;"),
                    '\n' => out.push_str("&#xA;"),
                    '\r' => out.push_str("&#xD;"),
                    c => out.push(c),
                }
            }
            out.push('"');
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(e) => e.write(out, declared),
                Node::Text(text) => {
                    for c in text.chars() {
                        match c {
                            '&' => out.push_str("&amp;"),
                            '<' => out.push_str("&lt;"),
                            '>' => out.push_str("&gt;"),
                            '\r' => out.push_str("&#xD;"),
                            c => out.push(c),
                        }
                    }
                }
            }
        }
        out.push_str("</");
        tag(out);
        out.push('>');
        if new {
            declared[slot] = false;
        }
    }
}

/// Is this a character that XML 1.0 can carry?
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Reads a document into a tree.
///
/// # Errors
/// `too-large`, `not-ours`, `truncated`, `entities`, `malformed`.
pub fn read(bytes: &[u8]) -> Result<Element, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(FaultCode::TooLarge.fault());
    }
    let text = std::str::from_utf8(bytes).map_err(|e| match e.error_len() {
        None => FaultCode::Truncated.fault(),
        Some(_) => FaultCode::NotOurs.fault(),
    })?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut elements = 0;
    loop {
        let event = reader.read_event().map_err(|e| broken(&e, open.is_empty() && root.is_none()))?;
        match event {
            Event::Start(start) => {
                elements += 1;
                if root.is_some() || open.len() >= MAX_DEPTH || elements > MAX_ELEMENTS {
                    return Err(FaultCode::Malformed.fault());
                }
                open.push(element(&start, open.is_empty())?);
            }
            Event::End(_) => {
                let done = open.pop().ok_or_else(|| FaultCode::Malformed.fault())?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(done)),
                    None => root = Some(done),
                }
            }
            Event::Text(text) => match open.last_mut() {
                Some(parent) => push_text(parent, &text),
                None if text.chars().all(|c| c.is_ascii_whitespace()) => {}
                None => return Err(if root.is_some() { FaultCode::Malformed } else { FaultCode::NotOurs }.fault()),
            },
            Event::GeneralRef(reference) => {
                let known = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let c = known.ok_or_else(|| FaultCode::Entities.fault())?;
                let parent = open.last_mut().ok_or_else(|| FaultCode::Malformed.fault())?;
                push_text(parent, c.encode_utf8(&mut [0; 4]));
            }
            Event::Decl(_) => {}
            Event::DocType(_) => return Err(FaultCode::Entities.fault()),
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) => {
                // Of somebody else's vocabulary, or ours written by another hand.
                return Err(if open.is_empty() && root.is_none() { FaultCode::NotOurs } else { FaultCode::NotCanonical }.fault());
            }
            Event::Eof => break,
        }
    }
    match root {
        Some(root) => Ok(root),
        None if open.is_empty() => Err(FaultCode::NotOurs.fault()),
        None => Err(FaultCode::Truncated.fault()),
    }
}

fn push_text(parent: &mut Element, text: &str) {
    match parent.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

/// What a reader's error says: the end came inside a tag, or the text is not XML.
fn broken(error: &quick_xml::Error, at_start: bool) -> Fault {
    match error {
        quick_xml::Error::Syntax(_) if !at_start => FaultCode::Truncated.fault(),
        _ if at_start => FaultCode::NotOurs.fault(),
        _ => FaultCode::Malformed.fault(),
    }
}

fn element(start: &BytesStart, root: bool) -> Result<Element, Fault> {
    let qualified = start.name();
    let (prefix, local) = qualified.as_ref().split_once(':').unwrap_or(("", qualified.as_ref()));
    let unknown = || if root { FaultCode::NotOurs } else { FaultCode::Malformed }.fault();
    let space = Space::ALL.into_iter().find(|s| s.prefix() == prefix).ok_or_else(unknown)?;
    let mut element = Element::new(space, local);
    let mut declared = false;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| FaultCode::Malformed.fault())?;
        let name = attribute.key.as_ref();
        let value = unescape(&attribute.value)?;
        match name.strip_prefix("xmlns") {
            // A prefix stands for one vocabulary, always the same.
            Some(rest) => {
                let of = rest.strip_prefix(':').unwrap_or(rest);
                let meant = Space::ALL.into_iter().find(|s| s.prefix() == of).ok_or_else(unknown)?;
                if meant.uri() != value {
                    return Err(unknown());
                }
                declared |= meant == space;
            }
            None => element.attributes.push((name.to_owned(), value)),
        }
    }
    if root && !declared {
        return Err(FaultCode::NotOurs.fault());
    }
    Ok(element)
}

fn unescape(value: &str) -> Result<String, Fault> {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let (name, after) = rest[at + 1..].split_once(';').ok_or_else(|| FaultCode::Malformed.fault())?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "#x9" => '\t',
            "#xA" => '\n',
            "#xD" => '\r',
            _ => return Err(FaultCode::Entities.fault()),
        });
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Takes the children of one element in the order that the form prescribes.
pub struct Cursor<'a> {
    children: std::iter::Peekable<std::slice::Iter<'a, Node>>,
}

impl<'a> Cursor<'a> {
    pub fn of(element: &'a Element) -> Cursor<'a> {
        Cursor { children: element.children.iter().peekable() }
    }

    /// The next child, if it has this name.
    pub fn optional(&mut self, space: Space, name: &str) -> Option<&'a Element> {
        match self.children.peek() {
            Some(Node::Element(e)) if e.space == space && e.name == name => {
                self.children.next();
                Some(e)
            }
            _ => None,
        }
    }

    pub fn element(&mut self, space: Space, name: &str) -> Result<&'a Element, Fault> {
        self.optional(space, name).ok_or_else(|| FaultCode::Malformed.because(name))
    }

    pub fn many(&mut self, space: Space, name: &str) -> Vec<&'a Element> {
        std::iter::from_fn(|| self.optional(space, name)).collect()
    }

    /// # Errors
    /// Where something is left.
    pub fn finish(mut self) -> Result<(), Fault> {
        match self.children.next() {
            None => Ok(()),
            Some(Node::Element(e)) => Err(FaultCode::Malformed.because(&e.name)),
            Some(Node::Text(_)) => Err(FaultCode::Malformed.fault()),
        }
    }
}

/// The text of an element that has nothing else.
pub fn text(element: &Element) -> Result<&str, Fault> {
    match element.children.as_slice() {
        [] => Ok(""),
        [Node::Text(text)] => Ok(text),
        _ => Err(FaultCode::Malformed.because(&element.name)),
    }
}
