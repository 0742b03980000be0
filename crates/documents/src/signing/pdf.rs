/// Adds the school's signature (PAdES, ETSI.CAdES.detached) to a PDF as an incremental update: B-B, or B-T with a time-stamper.
pub async fn sign_pdf(pdf: &[u8], signer: &dyn Signer, time: DateTime<Utc>, stamper: Option<&TimeStamper>) -> Result<Vec<u8>, SigningError>;
