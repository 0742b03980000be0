//! What this server signs with, and whom its check page trusts: from the settings and the data folder.

use crate::channels::HttpTransport;
use anyhow::{Context, Result};
use documents::keys::Providers;
use documents::signing::{Responders, TestAuthority, TimeStamper};
use dto::transcripts::TrustList;
use kernel::config;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The ways to sign, and the authorities that are trusted.
#[derive(Clone, Default)]
pub struct Signing {
    pub providers: Providers,
    pub trust: TrustList,
}

impl Signing {
    /// As the settings say. Keys of the authority for trials are made in the data folder when it is switched on.
    ///
    /// # Errors
    /// A file that cannot be read or written, or is no certificate.
    pub fn open(settings: &config::Signing, data: &Path) -> Result<Signing> {
        let mut providers = Providers::default();
        let mut trust = trusted(settings, data)?;
        if settings.trial {
            let authority = trial(data).context("the authority for trials")?;
            trust.anchors.push(base64_of(authority.root()));
            providers.trial = Some(Arc::new(authority));
        }
        if !settings.time_stamp_url.is_empty() {
            let way = HttpTransport::new(&settings.time_stamp_url, "").context("signing.time_stamp_url")?;
            providers.stamper = Some(Arc::new(TimeStamper::new(Box::new(way))));
        }
        if !settings.remote_url.is_empty() {
            let way = HttpTransport::new(&settings.remote_url, &settings.remote_token).context("signing.remote_url")?;
            providers.remote = Some(Arc::new(move || Box::new(way.clone())));
        }
        if !settings.pkcs11_module.is_empty() {
            providers.module = Some(Path::new(&settings.pkcs11_module).into());
        }
        let mut signing = Signing { providers, trust };
        if settings.ocsp && !signing.trust.anchors.is_empty() {
            let way = HttpTransport::new("", "").context("signing.ocsp")?;
            signing.providers.responders = Some(Arc::new(Responders::new(signing.checks()?, Box::new(way))));
        }
        Ok(signing)
    }

    /// Whom this server trusts, for a check of its own.
    ///
    /// # Errors
    /// None that its start did not already refuse.
    pub fn checks(&self) -> kernel::Result<transcript::Trust> {
        use base64::Engine;
        let bytes = |text: &String| base64::prelude::BASE64_STANDARD.decode(text).map_err(kernel::Error::internal);
        let mut trust = transcript::Trust::new();
        for anchors in &self.trust.anchors {
            trust.add_anchors(&bytes(anchors)?).map_err(kernel::Error::internal)?;
        }
        for list in &self.trust.revocation_lists {
            trust.add_revocation_list(&bytes(list)?).map_err(kernel::Error::internal)?;
        }
        Ok(trust)
    }
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

/// The authority for trials: made once, kept beside the other keys.
fn trial(data: &Path) -> Result<TestAuthority> {
    let (certificate, key) = (data.join("keys/trial-authority.crt"), data.join("keys/trial-authority.key"));
    if let (Ok(certificate), Ok(key)) = (std::fs::read(&certificate), std::fs::read(&key)) {
        return Ok(TestAuthority::open(&certificate, &key)?);
    }
    let made = TestAuthority::new(kernel::clock::now())?;
    let (root, secret) = made.save();
    std::fs::create_dir_all(data.join("keys"))?;
    write_secret(&key, &secret)?;
    std::fs::write(&certificate, root)?;
    Ok(made)
}

fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// The certificates and lists of the folder of trust. A folder that is not there trusts nobody.
fn trusted(settings: &config::Signing, data: &Path) -> Result<TrustList> {
    let folder = if settings.trust.is_empty() { data.join("trust") } else { PathBuf::from(&settings.trust) };
    let mut list = TrustList::default();
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(list) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let into = match path.extension().and_then(|extension| extension.to_str()) {
            Some("pem" | "crt" | "cer" | "der") => &mut list.anchors,
            Some("crl") => &mut list.revocation_lists,
            _ => continue,
        };
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut check = transcript::Trust::new();
        let known = match path.extension().is_some_and(|extension| extension == "crl") {
            true => check.add_revocation_list(&bytes),
            false => check.add_anchors(&bytes),
        };
        known.with_context(|| path.display().to_string())?;
        into.push(base64_of(&bytes));
    }
    Ok(list)
}
