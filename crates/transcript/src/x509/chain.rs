//! From a signer's certificate to an authority that is trusted, at one instant, with the lists of revoked certificates (RFC 5280 6.1, 6.3;
//! one authority, one list: no indirect ones) and the answers of responders (RFC 6960) that are at hand.

use super::ocsp::Answer;
use super::{Certificate, Scheme, blocks, instant};
use crate::{Fault, FaultCode};
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode, Encode};

/// Authorities between a signer and an anchor, at most.
const MAX_DEPTH: usize = 4;
/// Signatures of certificates that are looked at for one path: who sends certificates that all vouch for each other waits no longer.
const MAX_STEPS: usize = 24;
const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";

/// Whom the verifier trusts, and what it knows of revoked certificates.
#[derive(Clone, Default)]
pub struct Trust {
    anchors: Vec<Certificate>,
    lists: Vec<CertificateList>,
    answers: Vec<Answer>,
}

/// A certificate that was followed to an anchor.
pub(crate) struct Checked {
    /// The signer's first, the anchor last.
    pub path: Vec<Certificate>,
    /// Every certificate of the path has a list, or an answer, that covers the instant and does not call it revoked.
    pub revocation_known: bool,
}

impl Trust {
    pub fn new() -> Trust {
        Trust::default()
    }

    /// Adds certificates, DER or PEM (one file may have several): each is trusted as an authority. Of a file with an error in it,
    /// none is.
    ///
    /// # Errors
    /// `certificate-malformed`.
    pub fn add_anchors(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let found = blocks(bytes, "CERTIFICATE");
        if found.is_empty() {
            return Err(FaultCode::CertificateMalformed.fault());
        }
        let read: Vec<_> = found.iter().map(|der| Certificate::parse(der)).collect::<Result<_, _>>()?;
        self.anchors.extend(read);
        Ok(())
    }

    /// Adds a list of revoked certificates, DER or PEM. It counts when the authority that issued it is on a signer's path and
    /// signed it.
    ///
    /// # Errors
    /// `certificate-malformed`.
    pub fn add_revocation_list(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let found = blocks(bytes, "X509 CRL");
        if found.is_empty() {
            return Err(FaultCode::CertificateMalformed.fault());
        }
        let read: Vec<_> = found
            .iter()
            .map(|der| CertificateList::from_der(der).map_err(|_| FaultCode::CertificateMalformed.fault()))
            .collect::<Result<_, _>>()?;
        self.lists.extend(read);
        Ok(())
    }

    /// Adds what a responder answered (DER of an OCSP answer, RFC 6960). It counts for the certificates of an authority on a signer's path
    /// that signed it, or that gave its responder a certificate to do so.
    ///
    /// # Errors
    /// `revocation-answer-invalid`.
    pub fn add_revocation_answer(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.answers.push(Answer::read(bytes).ok_or_else(|| FaultCode::RevocationAnswer.fault())?);
        Ok(())
    }

    /// The same trust, knowing these answers too; one that cannot be read says nothing.
    pub(crate) fn knowing<'a, 'b>(&'a self, answers: impl Iterator<Item = &'b [u8]>) -> Cow<'a, Trust> {
        let read: Vec<Answer> = answers.filter_map(Answer::read).collect();
        if read.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut trust = self.clone();
        trust.answers.extend(read);
        Cow::Owned(trust)
    }

    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// Follows a certificate to an anchor.
    ///
    /// `at`: when it has to be valid; `stamped`: that instant is proved by a time-stamp, not just today.
    pub(crate) fn check(
        &self,
        certificate: &Certificate,
        pool: &[Certificate],
        at: DateTime<Utc>,
        stamped: bool,
    ) -> Result<Checked, Fault> {
        let mut path = vec![certificate.clone()];
        if !self.follow(certificate, pool, &mut path, &mut 0) {
            return Err(FaultCode::Untrusted.because(&certificate.inner_issuer()));
        }
        let mut revocation_known = true;
        for (place, one) in path.iter().enumerate() {
            let name = one.common_name();
            if let Some(extension) = one.strange_extension() {
                return Err(FaultCode::CertificateMalformed.because(&extension));
            }
            if at < one.not_before() {
                return Err(FaultCode::NotYetValid.because(&name));
            }
            if at > one.not_after() {
                return Err(if stamped { FaultCode::Expired } else { FaultCode::ExpiredUnstamped }.because(&name));
            }
            if let Some(issuer) = path.get(place + 1) {
                match self.revoked(one, issuer, at) {
                    Some(true) => return Err(FaultCode::Revoked.because(&name)),
                    Some(false) => {}
                    None => revocation_known = false,
                }
            }
        }
        Ok(Checked { path, revocation_known })
    }

    fn follow(&self, from: &Certificate, pool: &[Certificate], path: &mut Vec<Certificate>, steps: &mut usize) -> bool {
        if self.anchors.iter().any(|a| a.der == from.der) {
            return true;
        }
        let below = path.len() - 1;
        if let Some(anchor) = self.anchors.iter().find(|a| a.is_authority(below) && from.issued_by(a)) {
            path.push(anchor.clone());
            return true;
        }
        if path.len() > MAX_DEPTH {
            return false;
        }
        for next in pool {
            if path.iter().any(|p| p.der == next.der) || !next.is_authority(below) {
                continue;
            }
            *steps += 1;
            if *steps > MAX_STEPS {
                return false;
            }
            if !from.issued_by(next) {
                continue;
            }
            path.push(next.clone());
            if self.follow(next, pool, path, steps) {
                return true;
            }
            path.pop();
        }
        false
    }

    /// Is it revoked at that instant, as far as lists and answers tell?
    fn revoked(&self, certificate: &Certificate, issuer: &Certificate, at: DateTime<Utc>) -> Option<bool> {
        let mut known = None;
        for said in self.answers.iter().filter_map(|answer| answer.says(certificate, issuer)) {
            match said.revoked_at(at) {
                Some(true) => return Some(true),
                told => known = known.or(told),
            }
        }
        for list in &self.lists {
            let tbs = &list.tbs_cert_list;
            if tbs.issuer != certificate.inner.tbs_certificate.issuer || !signed_by(list, issuer) {
                continue;
            }
            let serial = &certificate.inner.tbs_certificate.serial_number;
            let entry = tbs.revoked_certificates.iter().flatten().find(|r| r.serial_number == *serial);
            if entry.is_some_and(|r| instant(r.revocation_date) <= at) {
                return Some(true);
            }
            // A partial list can tell of a revocation, not of its absence; nor can one that is out of date.
            let partial =
                tbs.crl_extensions.iter().flatten().any(|e| e.critical || e.extn_id.to_string() == ISSUING_DISTRIBUTION_POINT);
            if !partial && tbs.next_update.is_none_or(|next| at <= instant(next)) {
                known = Some(false);
            }
        }
        known
    }
}

fn signed_by(list: &CertificateList, issuer: &Certificate) -> bool {
    let (Ok(tbs), Some(signature)) = (list.tbs_cert_list.to_der(), list.signature.as_bytes()) else { return false };
    issuer.signs_lists()
        && Scheme::of(&list.signature_algorithm, None).is_some_and(|scheme| issuer.verify(scheme, &tbs, signature, false))
}

impl Certificate {
    fn inner_issuer(&self) -> String {
        super::shown(&self.inner.tbs_certificate.issuer)
    }
}
