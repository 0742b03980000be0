//! The check of a signature that is kept beside a file.

use super::{Revocation, SignatureReport, Signer};
use crate::FaultCode;
use crate::cms::{DATA, open};
use crate::content::Role;
use crate::x509::Trust;
use chrono::{DateTime, Utc};

/// Checks a school's signature (DER of CMS) over a file. `named`: what the certificate has to be of. `at`: as for [`super::verify`].
pub fn verify_file(file: &[u8], signature: &[u8], named: &str, trust: &Trust, at: DateTime<Utc>) -> SignatureReport {
    let role = Role::Seal;
    match open(signature, DATA, Some(file), FaultCode::Malformed, FaultCode::DocumentChanged) {
        Ok(opened) => {
            let mut faults = Vec::new();
            if !opened.binds_certificate {
                faults.push(FaultCode::CertificateMismatch.fault());
            }
            Signer {
                role: &role,
                named: vec![named],
                time_stamp: opened.time_stamp.as_deref().map(|token| (token, opened.signature.clone())),
                certificate: Ok(opened.certificate),
                others: opened.others,
                claimed_time: None,
                faults,
            }
            .check(trust, at)
        }
        Err(fault) => SignatureReport {
            role,
            signer: String::new(),
            claimed_time: None,
            time_stamp: None,
            chain: Vec::new(),
            revocation: Revocation::Unknown,
            valid: false,
            faults: vec![fault],
        },
    }
}
