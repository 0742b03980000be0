//! A certification authority for tests and the demo: what it issues says in every certificate that it is worth nothing.

use super::cms::{Draft, TST_INFO, wrap};
use super::stamp::{imprint, read_request};
use super::{RemoteTransport, Signer, SigningError, SoftwareSigner};
use chrono::{DateTime, Days, Utc};
use futures::future::BoxFuture;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256,
    RevokedCertParams, SerialNumber, date_time_ymd,
};
use x509_cert::der::asn1::{ContextSpecific, GeneralizedTime, Ia5String, ObjectIdentifier};
use x509_cert::der::{DateTime as DerTime, Decode, Encode, Tag, TagMode, TagNumber};

/// Stands in the subject of every certificate of the [`TestAuthority`].
pub const TEST_MARK: &str = "THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";
const ROOT_NAME: &str = "Khuê: cơ quan chứng thực thử nghiệm";
/// Only for time-stamps: `ExtKeyUsageSyntax` of id-kp-timeStamping.
const TIME_STAMPING: [u8; 12] = [0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    P256,
    P384,
    Rsa2048,
}

/// Who a certificate is for.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// A person of a school.
    Person { name: &'a str, school: &'a str },
    /// The school's seal.
    School { name: &'a str },
    /// A time-stamp authority.
    TimeStamps,
}

pub struct TestAuthority {
    issuer: Issuer<'static, KeyPair>,
    root: Vec<u8>,
    responder: Option<String>,
}

fn failed(e: rcgen::Error) -> SigningError {
    SigningError::KeyStore(e.to_string())
}

fn distinguished_name(name: &str, organization: Option<&str>) -> DistinguishedName {
    let mut out = DistinguishedName::new();
    out.push(DnType::CountryName, "VN");
    if let Some(organization) = organization {
        out.push(DnType::OrganizationName, organization);
    }
    out.push(DnType::OrganizationalUnitName, TEST_MARK);
    out.push(DnType::CommonName, name);
    out
}

macro_rules! instant {
    ($at:expr) => {
        date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(u64::try_from($at.timestamp()).unwrap_or_default())
    };
}

fn root_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = distinguished_name(ROOT_NAME, None);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

impl TestAuthority {
    /// A new authority, its root valid for twenty years from a year before `now`.
    ///
    /// # Errors
    /// `KeyStore` where the machine gives no random numbers.
    pub fn new(now: DateTime<Utc>) -> Result<TestAuthority, SigningError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        let mut params = root_params();
        params.not_before = instant!(now.checked_sub_days(Days::new(365)).unwrap_or(now));
        params.not_after = instant!(now.checked_add_days(Days::new(365 * 20)).unwrap_or(now));
        let root = params.self_signed(&key).map_err(failed)?.der().to_vec();
        Ok(TestAuthority { issuer: Issuer::new(params, key), root, responder: None })
    }

    /// The same authority again, from what [`TestAuthority::save`] gave.
    ///
    /// # Errors
    /// `KeyStore`.
    pub fn open(root: &[u8], key: &[u8]) -> Result<TestAuthority, SigningError> {
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key.into(), &PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        Ok(TestAuthority { issuer: Issuer::new(root_params(), key), root: root.to_vec(), responder: None })
    }

    /// The root's certificate (DER) and its key (PKCS#8).
    pub fn save(&self) -> (Vec<u8>, Vec<u8>) {
        (self.root.clone(), self.issuer.key().serialize_der())
    }

    /// The anchor that a verifier of the demo trusts, in DER.
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// The same authority with a responder (OCSP) at this address, which every certificate from now on names.
    pub fn with_responder(self, url: &str) -> TestAuthority {
        TestAuthority { responder: Some(url.to_owned()), ..self }
    }

    /// A new key and its certificate.
    ///
    /// # Errors
    /// `KeyStore`.
    pub fn issue(
        &self,
        holder: Holder,
        kind: KeyKind,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<SoftwareSigner, SigningError> {
        let key = match kind {
            KeyKind::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            KeyKind::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
            KeyKind::Rsa2048 => KeyPair::generate_for(&PKCS_RSA_SHA256),
        };
        let key = key.map_err(failed)?;
        let mut params = CertificateParams::default();
        params.not_before = instant!(from);
        params.not_after = instant!(to);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.distinguished_name = match holder {
            Holder::Person { name, school } => distinguished_name(name, Some(school)),
            Holder::School { name } => distinguished_name(name, Some(name)),
            Holder::TimeStamps => {
                let mut usage = CustomExtension::from_oid_content(&[2, 5, 29, 37], TIME_STAMPING.to_vec());
                usage.set_criticality(true);
                params.custom_extensions.push(usage);
                distinguished_name("Khuê: dấu thời gian thử nghiệm", None)
            }
        };
        if let Some(url) = &self.responder {
            // AuthorityInfoAccessSyntax { AccessDescription { id-ad-ocsp, uniformResourceIdentifier } }
            let method = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1").to_der()?;
            let location =
                ContextSpecific { tag_number: TagNumber::N6, tag_mode: TagMode::Implicit, value: Ia5String::new(url)? };
            let access = wrap(Tag::Sequence, &[&wrap(Tag::Sequence, &[&method, &location.to_der()?])?])?;
            params.custom_extensions.push(CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], access));
        }
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        SoftwareSigner::from_pkcs8(&key.serialize_der(), vec![certificate.der().to_vec()])
    }

    /// A list of revoked certificates in DER, good for a week: each certificate (DER) with the instant since when.
    ///
    /// # Errors
    /// `KeyStore` where a certificate cannot be read.
    pub fn revocation_list(
        &self,
        revoked: &[(&[u8], DateTime<Utc>)],
        this_update: DateTime<Utc>,
    ) -> Result<Vec<u8>, SigningError> {
        let mut revoked_certs = Vec::new();
        for (der, since) in revoked {
            let serial = x509_cert::Certificate::from_der(der)?.tbs_certificate.serial_number;
            revoked_certs.push(RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial.as_bytes()),
                revocation_time: instant!(since),
                reason_code: None,
                invalidity_date: None,
            });
        }
        let params = CertificateRevocationListParams {
            this_update: instant!(this_update),
            next_update: instant!(this_update.checked_add_days(Days::new(7)).unwrap_or(this_update)),
            crl_number: SerialNumber::from(this_update.timestamp().unsigned_abs()),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer).map_err(failed)?.der().to_vec())
    }
}

/// A time-stamp authority in this process: a [`RemoteTransport`] that answers by the clock it is given.
pub struct TestTimeStamper {
    signer: SoftwareSigner,
    clock: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

impl TestTimeStamper {
    /// `signer` is of [`Holder::TimeStamps`].
    pub fn new(signer: SoftwareSigner, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> TestTimeStamper {
        TestTimeStamper { signer, clock: Box::new(clock) }
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, SigningError> {
        let digest = read_request(request).ok_or_else(|| SigningError::Unavailable("not a request".to_owned()))?;
        let seconds = u64::try_from((self.clock)().timestamp()).unwrap_or_default();
        let time = DerTime::from_unix_duration(std::time::Duration::from_secs(seconds))?;
        let info = wrap(
            Tag::Sequence,
            &[
                &1u8.to_der()?,
                &ObjectIdentifier::new_unwrap("1.3.6.1.4.1.99999.1").to_der()?,
                &imprint(&digest)?,
                &1u8.to_der()?,
                &GeneralizedTime::from_date_time(time).to_der()?,
            ],
        )?;
        let algorithm = self.signer.algorithm();
        let draft = Draft::new(TST_INFO, algorithm.digest(&[&info]), Some(info), self.signer.certificates(), algorithm)?;
        let values = self.signer.sign(&[algorithm.digest(&[&draft.to_sign()?])]).await?;
        let token = draft.finish(values.first().map(Vec::as_slice).unwrap_or_default(), None)?;
        Ok(wrap(Tag::Sequence, &[&wrap(Tag::Sequence, &[&0u8.to_der()?])?, &token])?)
    }
}

impl RemoteTransport for TestTimeStamper {
    fn post<'a>(&'a self, _path: &'a str, _content_type: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(async move { self.answer(&body).await.map_err(|e| e.to_string()) })
    }
}
