//! A signing service over HTTPS: keys in somebody else's HSM, as remote signing (ký số từ xa) is sold. The messages have the names
//! of the Cloud Signature Consortium's API (1.0.4: `credentials/info`, `signatures/signHash`); how the service is reached and who
//! we are to it (URL, token) is the transport's.

use super::cms::{ecdsa_raw, pss_parameters};
use super::{Digest, Signer, SigningError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use transcript::Algorithm;
use x509_cert::der::Encode;

/// The way to a service over HTTPS; `api::channels` has one on reqwest.
pub trait RemoteTransport: Send + Sync {
    /// POSTs a body to a path below the service's address and gives back the body of a 2xx answer; else what went wrong, for people.
    fn post<'a>(&'a self, path: &'a str, content_type: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>>;
}

/// A credential of a signing service.
pub struct RemoteSigner {
    transport: Box<dyn RemoteTransport>,
    credential: String,
    algorithm: Algorithm,
    certificates: Vec<Vec<u8>>,
}

#[derive(Serialize)]
struct InfoRequest<'a> {
    #[serde(rename = "credentialID")]
    credential: &'a str,
    certificates: &'static str,
}

#[derive(Deserialize)]
struct InfoAnswer {
    cert: InfoCertificates,
}

#[derive(Deserialize)]
struct InfoCertificates {
    certificates: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignRequest<'a> {
    #[serde(rename = "credentialID")]
    credential: &'a str,
    hash: Vec<String>,
    hash_algo: &'static str,
    sign_algo: &'static str,
    /// Of RSASSA-PSS: its parameters in DER.
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_algo_params: Option<String>,
}

#[derive(Deserialize)]
struct SignAnswer {
    signatures: Vec<String>,
}

fn strange() -> SigningError {
    SigningError::Unavailable("the signing service answered something that cannot be read".to_owned())
}

async fn ask<Q: Serialize, A: serde::de::DeserializeOwned>(
    transport: &dyn RemoteTransport,
    path: &str,
    question: &Q,
) -> Result<A, SigningError> {
    let body = serde_json::to_vec(question).map_err(|_| strange())?;
    let answer = transport.post(path, "application/json", body).await.map_err(SigningError::Unavailable)?;
    serde_json::from_slice(&answer).map_err(|_| strange())
}

impl RemoteSigner {
    /// Asks the service for the certificates of a credential.
    ///
    /// # Errors
    /// `Unavailable`, or `Refused` where the certificate's key is of no accepted kind.
    pub async fn open(transport: Box<dyn RemoteTransport>, credential: &str) -> Result<RemoteSigner, SigningError> {
        let question = InfoRequest { credential, certificates: "chain" };
        let answer: InfoAnswer = ask(transport.as_ref(), "credentials/info", &question).await?;
        let certificates: Result<Vec<_>, _> = answer.cert.certificates.iter().map(|c| STANDARD.decode(c)).collect();
        let certificates = certificates.map_err(|_| strange())?;
        let algorithm = Algorithm::of_certificate(certificates.first().ok_or_else(strange)?)?;
        Ok(RemoteSigner { transport, credential: credential.to_owned(), algorithm, certificates })
    }
}

impl Signer for RemoteSigner {
    fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign<'a>(&'a self, digests: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        Box::pin(async move {
            let question = SignRequest {
                credential: &self.credential,
                hash: digests.iter().map(|d| STANDARD.encode(d)).collect(),
                hash_algo: match self.algorithm {
                    Algorithm::RsaSha256 | Algorithm::RsaPssSha256 | Algorithm::EcdsaSha256 => "2.16.840.1.101.3.4.2.1",
                    Algorithm::EcdsaSha384 => "2.16.840.1.101.3.4.2.2",
                },
                sign_algo: match self.algorithm {
                    Algorithm::RsaSha256 => "1.2.840.113549.1.1.11",
                    Algorithm::RsaPssSha256 => "1.2.840.113549.1.1.10",
                    Algorithm::EcdsaSha256 => "1.2.840.10045.4.3.2",
                    Algorithm::EcdsaSha384 => "1.2.840.10045.4.3.3",
                },
                sign_algo_params: match self.algorithm {
                    Algorithm::RsaPssSha256 => Some(STANDARD.encode(pss_parameters()?.to_der()?)),
                    _ => None,
                },
            };
            let answer: SignAnswer = ask(self.transport.as_ref(), "signatures/signHash", &question).await?;
            if answer.signatures.len() != digests.len() {
                return Err(strange());
            }
            let values = answer.signatures.iter().map(|value| {
                let value = STANDARD.decode(value).map_err(|_| strange())?;
                // Services give ECDSA either way.
                match self.algorithm.field_bytes() {
                    Some(size) if value.len() != 2 * size => ecdsa_raw(&value, size).ok_or(SigningError::WrongKey),
                    _ => Ok(value),
                }
            });
            values.collect()
        })
    }
}
