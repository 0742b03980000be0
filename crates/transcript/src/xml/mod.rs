//! The canonical XML of a transcript: one form, and nothing else is read.

pub(crate) mod content;
pub(crate) mod signature;
pub(crate) mod tree;

use crate::content::{Content, Role};
use crate::{Fault, FaultCode};
use sha2::{Digest, Sha256};
use signature::{Preparation, Signature};
use std::collections::HashSet;
use tree::{Cursor, DECLARATION, Element, Space};

/// A transcript with the signatures that it has so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    content: Content,
    /// In the order of signing: subjects as the content has them, homeroom teacher, principal, seal.
    signatures: Vec<Signature>,
}

/// SHA-256 over the canonical form (Exclusive C14N) of `<content>`, in hex: what the PDF prints.
///
/// # Errors
/// `content` where a value cannot be written as XML.
pub fn content_hash(content: &Content) -> Result<String, Fault> {
    content::check(content)?;
    Ok(hex::encode(Sha256::digest(content::element(content).canonical())))
}

/// The XML of a transcript that nobody has signed yet.
///
/// # Errors
/// `content` where a value cannot be written: a control character, a grade outside 1-12, a subject's code that is doubled or has
/// other characters than ASCII letters, digits, `-`, `_` and `.`.
pub fn to_xml(content: &Content) -> Result<Vec<u8>, Fault> {
    Ok(Document::new(content.clone())?.to_xml())
}

/// Reads exactly what [`to_xml`] and signing write; no signature is checked.
///
/// # Errors
/// `too-large`, `not-ours`, `truncated`, `entities`, `malformed`, `wrapping`, `unexpected-*`, `not-canonical`.
pub fn parse(xml: &[u8]) -> Result<Document, Fault> {
    let root = tree::read(xml)?;
    if root.space != Space::Transcript || root.name != "transcript" {
        return Err(FaultCode::NotOurs.fault());
    }
    places(&root)?;
    let mut parts = Cursor::of(&root);
    let content = content::decode(parts.element(Space::Transcript, "content")?)?;
    content::check(&content).map_err(|f| FaultCode::Malformed.because(f.detail.as_deref().unwrap_or("content")))?;
    let listed = parts.element(Space::Transcript, "signatures")?;
    parts.finish()?;
    let mut inside = Cursor::of(listed);
    let found = inside.many(Space::Signature, "Signature");
    inside.finish()?;
    let signatures = found.into_iter().map(|e| signature::decode(e, &content)).collect::<Result<Vec<_>, _>>()?;
    let document = Document { content, signatures };
    let places: Vec<_> = document.signatures.iter().map(|s| document.place(&s.role)).collect();
    if !places.is_sorted_by(|a, b| a < b) || document.to_xml() != xml {
        return Err(FaultCode::NotCanonical.fault());
    }
    Ok(document)
}

/// A name stands once, and what can be signed stands only where it belongs: whatever else a file does to swap signed content.
fn places(root: &Element) -> Result<(), Fault> {
    let mut ids = HashSet::new();
    let mut doubled = None;
    let mut contents = 0;
    root.walk(&mut |e| {
        if let Some(id) = e.attribute("Id")
            && !ids.insert(id)
        {
            doubled.get_or_insert(id);
        }
        contents += usize::from(e.space == Space::Transcript && e.name == "content");
    });
    if let Some(id) = doubled {
        return Err(FaultCode::Wrapping.because(id));
    }
    let direct = |name: &str| {
        root.children
            .iter()
            .filter(|n| matches!(n, tree::Node::Element(e) if e.space == Space::Transcript && e.name == name))
            .count()
    };
    if contents > 1 || direct("content") != contents {
        return Err(FaultCode::Wrapping.because("content"));
    }
    Ok(())
}

impl Document {
    /// # Errors
    /// As [`to_xml`].
    pub fn new(content: Content) -> Result<Document, Fault> {
        content::check(&content)?;
        Ok(Document { content, signatures: Vec::new() })
    }

    pub fn content(&self) -> &Content {
        &self.content
    }

    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Every role that has to sign, in order (TT 70/2026 Đ.9). A subject that names no teacher here (another school's) has no
    /// signature of its own: the homeroom teacher's covers it.
    pub fn required(&self) -> Vec<Role> {
        let subjects = self.content.subjects.iter().filter(|s| !s.teachers.is_empty()).map(|s| Role::Subject(s.code.clone()));
        subjects.chain([Role::Homeroom, Role::Principal, Role::Seal]).collect()
    }

    /// The roles that have not signed yet, in order.
    pub fn missing(&self) -> Vec<Role> {
        self.required().into_iter().filter(|role| self.signature(role).is_none()).collect()
    }

    pub fn signature(&self, role: &Role) -> Option<&Signature> {
        self.signatures.iter().find(|s| s.role == *role)
    }

    /// Who may sign as this role, by the names that the content gives.
    pub fn named(&self, role: &Role) -> Vec<&str> {
        match role {
            Role::Subject(code) => {
                let subject = self.content.subjects.iter().find(|s| s.code == *code);
                subject.map(|s| s.teachers.iter().map(String::as_str).collect()).unwrap_or_default()
            }
            Role::Homeroom => vec![&self.content.class.homeroom_teacher],
            Role::Principal => vec![&self.content.school.principal],
            Role::Seal => vec![&self.content.school.name],
        }
    }

    pub fn to_xml(&self) -> Vec<u8> {
        let mut out = DECLARATION.as_bytes().to_vec();
        out.extend(self.element(None).canonical());
        out
    }

    /// Begins a signature: what is to be signed, before anybody has.
    ///
    /// # Errors
    /// `out-of-order` while an earlier role has not signed, `signed-already`, `not-named` when the certificate is somebody else's,
    /// `certificate-malformed`, `key-usage`, `weak-key`.
    pub fn prepare(&self, role: Role, preparation: &Preparation) -> Result<Signature, Fault> {
        Signature::prepare(self, role, preparation)
    }

    /// Puts a signature that [`Document::prepare`] began in its place.
    pub fn insert(&mut self, signature: Signature) {
        let place = self.place(&signature.role);
        let at = self.signatures.iter().position(|s| self.place(&s.role) > place).unwrap_or(self.signatures.len());
        self.signatures.insert(at, signature);
    }

    fn place(&self, role: &Role) -> usize {
        let subjects = &self.content.subjects;
        match role {
            Role::Subject(code) => subjects.iter().position(|s| s.code == *code).unwrap_or(subjects.len()),
            Role::Homeroom => subjects.len() + 1,
            Role::Principal => subjects.len() + 2,
            Role::Seal => subjects.len() + 3,
        }
    }

    /// The whole; `without` one signature, as the enveloped transform leaves it.
    pub(crate) fn element(&self, without: Option<&Role>) -> Element {
        let signatures = self.signatures.iter().filter(|s| Some(&s.role) != without).map(Signature::element);
        Element::new(Space::Transcript, "transcript")
            .child(content::element(&self.content))
            .child(Element::new(Space::Transcript, "signatures").children(signatures))
    }
}
