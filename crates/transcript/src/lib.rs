//! The digital transcript (học bạ số, TT 70/2026/TT-BGDĐT): what one says of one school year of one learner, its canonical form,
//! and how anybody checks it without a server. Pure: no database, no network, no clock; it runs in the browser too.

mod cms;
mod content;
mod fault;
pub mod pdf;
mod verify;
mod x509;
mod xml;

pub use cms::read_time_stamp;
pub use content::*;
pub use fault::{Fault, FaultCode};
pub use verify::{Form, Report, Revocation, SignatureReport, Stamp, Trust, verify, verify_file};
pub use x509::{CertificateFacts, StatusAnswer, StatusQuestion};
pub use xml::signature::{Algorithm, Preparation, Signature};
pub use xml::{Document, content_hash, parse, to_xml};
