impl SoftwareSigner {
    /// From a PKCS#12 file (.p12, .pfx) with PBES2 (AES) protection.
    pub fn from_pkcs12(file: &[u8], password: &str) -> Result<SoftwareSigner, SigningError>;
    /// From a key in PKCS#8 and its certificates, own first.
    pub fn from_pkcs8(key: &[u8], certificates: Vec<Vec<u8>>) -> Result<SoftwareSigner, SigningError>;
    /// The same as a PKCS#12 file.
    pub fn to_pkcs12(&self, password: &str) -> Result<Vec<u8>, SigningError>;
}
