//! One signature: XML-DSig with the signed properties of XAdES-BES (EN 319 132-1), and of -T where there is a time-stamp.
//!
//! A signature is a handful of values in a fixed form, so reading is: take the values out, write the form from them, compare. What
//! does not come out the same (another transform, one reference more) is refused before any cryptography.

use super::Document;
use super::content::{self, CONTENT_ID, HEADER_ID, subject_id};
use super::tree::{Cursor, Element, Space, text};
use crate::content::{Content, Role};
use crate::x509::{Certificate, Hash, Scheme};
use crate::{Fault, FaultCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDateTime, Utc};
use sha2::{Digest, Sha256, Sha384, Sha512};

const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const PROPERTIES_TYPE: &str = "http://uri.etsi.org/01903#SignedProperties";
/// How many certificates one signature may bring.
const MAX_CERTIFICATES: usize = 8;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 over SHA-256.
    RsaSha256,
    /// RSASSA-PSS over SHA-256 with a salt of 32 bytes (RFC 9231 2.3.10).
    RsaPssSha256,
    /// On P-256 over SHA-256; the value is r and s, 32 bytes each.
    EcdsaSha256,
    /// On P-384 over SHA-384; the value is r and s, 48 bytes each.
    EcdsaSha384,
}

impl Algorithm {
    pub const ALL: [Algorithm; 4] =
        [Algorithm::RsaSha256, Algorithm::RsaPssSha256, Algorithm::EcdsaSha256, Algorithm::EcdsaSha384];

    /// What the key of a certificate (DER) signs with.
    ///
    /// # Errors
    /// `certificate-malformed`, `weak-key`.
    pub fn of_certificate(der: &[u8]) -> Result<Algorithm, Fault> {
        Certificate::parse(der)?.algorithm()
    }

    /// Did the key of this certificate (DER) make this value over a message? ECDSA: r and s.
    pub fn holds(self, certificate: &[u8], message: &[u8], value: &[u8]) -> bool {
        Certificate::parse(certificate).is_ok_and(|c| c.fits(self) && c.verify(self.scheme(), message, value, true))
    }

    /// The digest that the key signs, of a message in parts.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self.scheme().hash() {
            Hash::Sha256 => digest_of::<Sha256>(parts),
            Hash::Sha384 => digest_of::<Sha384>(parts),
            Hash::Sha512 => digest_of::<Sha512>(parts),
        }
    }

    /// Of ECDSA: the bytes of r, and of s.
    pub fn field_bytes(self) -> Option<usize> {
        match self {
            Algorithm::EcdsaSha256 => Some(32),
            Algorithm::EcdsaSha384 => Some(48),
            Algorithm::RsaSha256 | Algorithm::RsaPssSha256 => None,
        }
    }

    pub(crate) fn scheme(self) -> Scheme {
        match self {
            Algorithm::RsaSha256 => Scheme::Pkcs1(Hash::Sha256),
            Algorithm::RsaPssSha256 => Scheme::Pss(Hash::Sha256, 32),
            Algorithm::EcdsaSha256 => Scheme::Ecdsa(Hash::Sha256),
            Algorithm::EcdsaSha384 => Scheme::Ecdsa(Hash::Sha384),
        }
    }

    fn uri(self) -> &'static str {
        match self {
            Algorithm::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Algorithm::RsaPssSha256 => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Algorithm::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Algorithm::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        }
    }
}

fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(D::new(), |hash, part| hash.chain_update(part)).finalize().to_vec()
}

/// What a signer brings to [`Document::prepare`].
#[derive(Clone, Debug)]
pub struct Preparation {
    /// DER: the signer's first, then those above it.
    pub certificates: Vec<Vec<u8>>,
    /// When the signer says it signs; whole seconds are kept.
    pub time: DateTime<Utc>,
}

/// One role's signature in a [`Document`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub(crate) role: Role,
    pub(crate) algorithm: Algorithm,
    /// Of the references of [`targets`], in their order.
    pub(crate) digests: Vec<[u8; 32]>,
    targets: Vec<String>,
    pub(crate) properties_digest: [u8; 32],
    pub(crate) time: DateTime<Utc>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) certificate_digest: [u8; 32],
    pub(crate) value: Vec<u8>,
    pub(crate) time_stamp: Option<Vec<u8>>,
    pub(crate) revocation_answer: Option<Vec<u8>>,
}

fn name(role: &Role) -> String {
    match role {
        Role::Subject(code) => subject_id(code),
        Role::Homeroom => "homeroom".to_owned(),
        Role::Principal => "principal".to_owned(),
        Role::Seal => "seal".to_owned(),
    }
}

fn role_of(name: &str) -> Option<Role> {
    match name {
        "homeroom" => Some(Role::Homeroom),
        "principal" => Some(Role::Principal),
        "seal" => Some(Role::Seal),
        _ => name.strip_prefix("subject-").map(|code| Role::Subject(code.to_owned())),
    }
}

fn signature_id(role: &Role) -> String {
    format!("signature-{}", name(role))
}

/// What a role vouches for, as the URIs of references.
fn targets(content: &Content, role: &Role) -> Vec<String> {
    match role {
        Role::Subject(code) => vec![format!("#{HEADER_ID}"), format!("#{}", subject_id(code))],
        Role::Homeroom => {
            let signed = content.subjects.iter().filter(|s| !s.teachers.is_empty());
            let signed = signed.map(|s| format!("#{}", signature_id(&Role::Subject(s.code.clone()))));
            std::iter::once(format!("#{CONTENT_ID}")).chain(signed).collect()
        }
        Role::Principal => vec![format!("#{CONTENT_ID}"), format!("#{}", signature_id(&Role::Homeroom))],
        Role::Seal => vec![String::new()],
    }
}

/// Why a digest is not the one that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Content,
    Earlier,
    Whole,
}

impl Signature {
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// As the signer says; only a time-stamp proves it.
    pub fn time(&self) -> DateTime<Utc> {
        self.time
    }

    /// DER, the signer's first.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    pub(super) fn prepare(document: &Document, role: Role, preparation: &Preparation) -> Result<Signature, Fault> {
        if document.signature(&role).is_some() {
            return Err(FaultCode::Again.because(&name(&role)));
        }
        let required = document.required();
        let Some(place) = required.iter().position(|r| *r == role) else {
            return Err(FaultCode::Content.because(&name(&role)));
        };
        // Subject teachers do not wait for each other.
        let waits = !matches!(role, Role::Subject(_));
        if let Some(earlier) = required[..place].iter().find(|r| waits && document.signature(r).is_none()) {
            return Err(FaultCode::OutOfOrder.because(&name(earlier)));
        }
        let own = preparation.certificates.first().ok_or_else(|| FaultCode::CertificateMalformed.fault())?;
        let certificate = Certificate::parse(own)?;
        certificate.check_usage()?;
        let algorithm = certificate.algorithm()?;
        if !certificate.is_named(&document.named(&role)) {
            return Err(FaultCode::NotNamed.because(&certificate.common_name()));
        }
        let mut signature = Signature {
            algorithm,
            digests: Vec::new(),
            targets: targets(&document.content, &role),
            properties_digest: [0; 32],
            time: chrono::SubsecRound::trunc_subsecs(preparation.time, 0),
            certificates: preparation.certificates.iter().take(MAX_CERTIFICATES).cloned().collect(),
            certificate_digest: Sha256::digest(own).into(),
            value: Vec::new(),
            time_stamp: None,
            revocation_answer: None,
            role,
        };
        let digests: Option<Vec<_>> = (0..signature.targets.len()).map(|i| signature.target_digest(document, i)).collect();
        signature.digests = digests.ok_or_else(|| FaultCode::OutOfOrder.fault())?;
        signature.properties_digest = Sha256::digest(signature.signed_properties().canonical()).into();
        Ok(signature)
    }

    /// The bytes that the key signs (canonical `SignedInfo`).
    pub fn signed_info(&self) -> Vec<u8> {
        self.signed_info_element().canonical()
    }

    /// The digest of [`Signature::signed_info`] that the key signs.
    pub fn digest(&self) -> Vec<u8> {
        self.algorithm.digest(&[&self.signed_info()])
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What the key made of [`Signature::digest`].
    pub fn set_value(&mut self, value: Vec<u8>) {
        self.value = value;
    }

    /// Is the value one by the key of the certificate that it came with?
    pub fn holds(&self) -> bool {
        self.certificates.first().is_some_and(|own| self.algorithm.holds(own, &self.signed_info(), &self.value))
    }

    /// The bytes that a time-stamp of this signature is over (canonical `SignatureValue`).
    pub fn stamped(&self) -> Vec<u8> {
        self.value_element().canonical()
    }

    /// A token of RFC 3161 in DER over [`Signature::stamped`].
    pub fn set_time_stamp(&mut self, token: Vec<u8>) {
        self.time_stamp = Some(token);
    }

    /// What the authority's responder said of the certificate when it signed (DER of an OCSP answer, RFC 6960).
    pub fn set_revocation_answer(&mut self, answer: Vec<u8>) {
        self.revocation_answer = Some(answer);
    }

    /// The digest that the reference with this index should have, or none when its target is not there.
    pub(crate) fn target_digest(&self, document: &Document, index: usize) -> Option<[u8; 32]> {
        let element = match self.targets[index].as_str() {
            "" => document.element(Some(&self.role)),
            "#content" => content::element(&document.content),
            "#header" => content::header(&document.content),
            target => {
                let id = target.strip_prefix('#')?;
                match id.strip_prefix("signature-").and_then(role_of) {
                    Some(role) => document.signature(&role)?.element(),
                    None => content::subject(document.content.subjects.iter().find(|s| subject_id(&s.code) == id)?),
                }
            }
        };
        Some(Sha256::digest(element.canonical()).into())
    }

    pub(crate) fn target(&self, index: usize) -> Target {
        match self.targets[index].as_str() {
            "" => Target::Whole,
            uri if uri.starts_with("#signature-") => Target::Earlier,
            _ => Target::Content,
        }
    }

    pub(crate) fn signed_properties(&self) -> Element {
        let certificate = ds("DigestMethod").with("Algorithm", SHA256);
        let digest = ds("DigestValue").text(STANDARD.encode(self.certificate_digest));
        xades("SignedProperties").with("Id", format!("properties-{}", name(&self.role))).child(
            xades("SignedSignatureProperties")
                .child(xades("SigningTime").text(self.time.format("%Y-%m-%dT%H:%M:%SZ").to_string()))
                .child(
                    xades("SigningCertificateV2")
                        .child(xades("Cert").child(xades("CertDigest").child(certificate).child(digest))),
                )
                .child(xades("SignerRoleV2").child(xades("ClaimedRoles").child(xades("ClaimedRole").text(name(&self.role))))),
        )
    }

    fn signed_info_element(&self) -> Element {
        let references = self.targets.iter().zip(&self.digests).map(|(uri, digest)| reference(uri, digest));
        ds("SignedInfo")
            .child(ds("CanonicalizationMethod").with("Algorithm", EXCLUSIVE))
            .child(ds("SignatureMethod").with("Algorithm", self.algorithm.uri()))
            .children(references)
            .child(reference(&format!("#properties-{}", name(&self.role)), &self.properties_digest).with("Type", PROPERTIES_TYPE))
    }

    fn value_element(&self) -> Element {
        ds("SignatureValue").text(STANDARD.encode(&self.value))
    }

    pub(crate) fn element(&self) -> Element {
        let certificates = self.certificates.iter().map(|der| ds("X509Certificate").text(STANDARD.encode(der)));
        let stamp = self.time_stamp.iter().map(|token| {
            xades("SignatureTimeStamp")
                .child(ds("CanonicalizationMethod").with("Algorithm", EXCLUSIVE))
                .child(xades("EncapsulatedTimeStamp").text(STANDARD.encode(token)))
        });
        let answer = self.revocation_answer.iter().map(|der| {
            let value = xades("EncapsulatedOCSPValue").text(STANDARD.encode(der));
            xades("RevocationValues").child(xades("OCSPValues").child(value))
        });
        let unsigned: Vec<Element> = stamp.chain(answer).collect();
        let unsigned = (!unsigned.is_empty())
            .then(|| xades("UnsignedProperties").child(xades("UnsignedSignatureProperties").children(unsigned)));
        ds("Signature")
            .with("Id", signature_id(&self.role))
            .child(self.signed_info_element())
            .child(self.value_element())
            .child(ds("KeyInfo").child(ds("X509Data").children(certificates)))
            .child(
                ds("Object").child(
                    xades("QualifyingProperties")
                        .with("Target", format!("#{}", signature_id(&self.role)))
                        .child(self.signed_properties())
                        .children(unsigned),
                ),
            )
    }
}

fn ds(name: &str) -> Element {
    Element::new(Space::Signature, name)
}

fn xades(name: &str) -> Element {
    Element::new(Space::Xades, name)
}

fn reference(uri: &str, digest: &[u8; 32]) -> Element {
    let mut transforms = ds("Transforms");
    if uri.is_empty() {
        transforms = transforms.child(ds("Transform").with("Algorithm", ENVELOPED));
    }
    transforms = transforms.child(ds("Transform").with("Algorithm", EXCLUSIVE));
    ds("Reference")
        .with("URI", uri)
        .child(transforms)
        .child(ds("DigestMethod").with("Algorithm", SHA256))
        .child(ds("DigestValue").text(STANDARD.encode(digest)))
}

/// A reference with its digest, if its algorithms are the only ones that are taken.
fn read_reference(element: &Element) -> Result<(String, [u8; 32]), Fault> {
    let uri = element.attribute("URI").ok_or_else(|| FaultCode::UnexpectedReference.fault())?;
    let mut inside = Cursor::of(element);
    let transforms = inside.element(Space::Signature, "Transforms")?;
    let mut listed = Cursor::of(transforms);
    let algorithms: Vec<_> =
        listed.many(Space::Signature, "Transform").into_iter().map(|t| (t.attribute("Algorithm"), t.children.len())).collect();
    listed.finish()?;
    let expected: &[_] = if uri.is_empty() { &[(Some(ENVELOPED), 0), (Some(EXCLUSIVE), 0)] } else { &[(Some(EXCLUSIVE), 0)] };
    if algorithms != expected {
        return Err(FaultCode::UnexpectedTransform.fault());
    }
    if inside.element(Space::Signature, "DigestMethod")?.attribute("Algorithm") != Some(SHA256) {
        return Err(FaultCode::UnexpectedAlgorithm.fault());
    }
    let digest = digest(inside.element(Space::Signature, "DigestValue")?)?;
    inside.finish()?;
    Ok((uri.to_owned(), digest))
}

fn bytes(element: &Element) -> Result<Vec<u8>, Fault> {
    STANDARD.decode(text(element)?).map_err(|_| FaultCode::Malformed.because(&element.name))
}

fn digest(element: &Element) -> Result<[u8; 32], Fault> {
    bytes(element)?.try_into().map_err(|_| FaultCode::Malformed.because(&element.name))
}

/// Takes the values out of a signature's form.
pub fn decode(element: &Element, content: &Content) -> Result<Signature, Fault> {
    let mut inside = Cursor::of(element);
    let info = inside.element(Space::Signature, "SignedInfo")?;
    let value = bytes(inside.element(Space::Signature, "SignatureValue")?)?;
    let key = inside.element(Space::Signature, "KeyInfo")?;
    let object = inside.element(Space::Signature, "Object")?;
    inside.finish()?;

    let Properties { role, time, certificate_digest, time_stamp, revocation_answer } = decode_properties(object)?;
    let known = match &role {
        Role::Subject(code) => content.subjects.iter().any(|s| s.code == *code && !s.teachers.is_empty()),
        _ => true,
    };
    if !known {
        return Err(FaultCode::UnexpectedReference.because(&name(&role)));
    }

    let mut inside = Cursor::of(info);
    if inside.element(Space::Signature, "CanonicalizationMethod")?.attribute("Algorithm") != Some(EXCLUSIVE) {
        return Err(FaultCode::UnexpectedTransform.because(&name(&role)));
    }
    let method = inside.element(Space::Signature, "SignatureMethod")?.attribute("Algorithm");
    let algorithm = Algorithm::ALL.into_iter().find(|a| Some(a.uri()) == method);
    let algorithm = algorithm.ok_or_else(|| FaultCode::UnexpectedAlgorithm.because(&name(&role)))?;
    let listed = inside.many(Space::Signature, "Reference");
    inside.finish()?;
    let mut references =
        listed.into_iter().map(|e| read_reference(e).map_err(|f| f.code.because(&name(&role)))).collect::<Result<Vec<_>, _>>()?;
    let properties = references.pop();
    let expected = targets(content, &role);
    let (Some((uri, properties_digest)), true) = (properties, references.iter().map(|(uri, _)| uri).eq(&expected)) else {
        return Err(FaultCode::UnexpectedReference.because(&name(&role)));
    };
    if uri != format!("#properties-{}", name(&role)) {
        return Err(FaultCode::UnexpectedReference.because(&name(&role)));
    }

    let mut inside = Cursor::of(key);
    let data = inside.element(Space::Signature, "X509Data")?;
    inside.finish()?;
    let mut inside = Cursor::of(data);
    let certificates = inside.many(Space::Signature, "X509Certificate");
    inside.finish()?;
    if certificates.is_empty() || certificates.len() > MAX_CERTIFICATES {
        return Err(FaultCode::Malformed.because("X509Data"));
    }
    Ok(Signature {
        algorithm,
        digests: references.into_iter().map(|(_, digest)| digest).collect(),
        targets: expected,
        properties_digest,
        time,
        certificates: certificates.into_iter().map(bytes).collect::<Result<_, _>>()?,
        certificate_digest,
        value,
        time_stamp,
        revocation_answer,
        role,
    })
}

struct Properties {
    role: Role,
    time: DateTime<Utc>,
    certificate_digest: [u8; 32],
    time_stamp: Option<Vec<u8>>,
    revocation_answer: Option<Vec<u8>>,
}

fn decode_properties(object: &Element) -> Result<Properties, Fault> {
    let mut inside = Cursor::of(object);
    let qualifying = inside.element(Space::Xades, "QualifyingProperties")?;
    inside.finish()?;
    let mut inside = Cursor::of(qualifying);
    let signed = inside.element(Space::Xades, "SignedProperties")?;
    let unsigned = inside.optional(Space::Xades, "UnsignedProperties");
    inside.finish()?;

    let mut inside = Cursor::of(only(signed, Space::Xades, "SignedSignatureProperties")?);
    let time = text(inside.element(Space::Xades, "SigningTime")?)?;
    let time =
        NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| FaultCode::Malformed.because("SigningTime"))?;
    let certificate = inside.element(Space::Xades, "SigningCertificateV2")?;
    let certificate = only(only(certificate, Space::Xades, "Cert")?, Space::Xades, "CertDigest")?;
    let role = inside.element(Space::Xades, "SignerRoleV2")?;
    inside.finish()?;
    let role = text(only(only(role, Space::Xades, "ClaimedRoles")?, Space::Xades, "ClaimedRole")?)?;
    let role = role_of(role).ok_or_else(|| FaultCode::Malformed.because("ClaimedRole"))?;

    let mut inside = Cursor::of(certificate);
    inside.element(Space::Signature, "DigestMethod")?;
    let certificate_digest = digest(inside.element(Space::Signature, "DigestValue")?)?;
    inside.finish()?;

    let (mut time_stamp, mut revocation_answer) = (None, None);
    if let Some(unsigned) = unsigned {
        let mut inside = Cursor::of(only(unsigned, Space::Xades, "UnsignedSignatureProperties")?);
        let stamp = inside.optional(Space::Xades, "SignatureTimeStamp");
        let answer = inside.optional(Space::Xades, "RevocationValues");
        inside.finish()?;
        if let Some(stamp) = stamp {
            let mut inside = Cursor::of(stamp);
            inside.element(Space::Signature, "CanonicalizationMethod")?;
            time_stamp = Some(bytes(inside.element(Space::Xades, "EncapsulatedTimeStamp")?)?);
            inside.finish()?;
        }
        if let Some(answer) = answer {
            let values = only(answer, Space::Xades, "OCSPValues")?;
            revocation_answer = Some(bytes(only(values, Space::Xades, "EncapsulatedOCSPValue")?)?);
        }
    }
    Ok(Properties { role, time: time.and_utc(), certificate_digest, time_stamp, revocation_answer })
}

/// The one child of an element.
fn only<'a>(element: &'a Element, space: Space, name: &str) -> Result<&'a Element, Fault> {
    let mut inside = Cursor::of(element);
    let child = inside.element(space, name)?;
    inside.finish()?;
    Ok(child)
}
