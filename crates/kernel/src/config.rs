//! Settings: one commented default file, then a file of the operator, then `KHUE__…` in the environment; checked at start.

use crate::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// Every setting. The commented defaults are in `default.toml` beside this file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub tokens: Tokens,
    pub limits: Limits,
    pub outbox: Outbox,
    pub channels: Channels,
    pub signing: Signing,
    pub files: Files,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub workers: usize,
    pub cors_origins: Vec<String>,
    pub secure_cookies: bool,
    pub shutdown_seconds: u64,
    pub trusted_proxies: Vec<String>,
    pub metrics_token: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub pool: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    pub access_seconds: u64,
    pub refresh_days: u32,
    pub one_time_code_hours: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub body_bytes: usize,
    pub import_bytes: usize,
    pub request_seconds: u64,
    pub heartbeat_seconds: u64,
    pub requests_per_second: u32,
    pub requests_burst: u32,
    pub sign_in_failures: u32,
    pub sign_in_delay_seconds: u64,
}

/// How what leaves the house is tried and tried again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbox {
    pub poll_seconds: u64,
    pub lease_seconds: u64,
    pub send_seconds: u64,
    pub retry_seconds: u64,
    pub tries: u16,
    pub at_once: usize,
    pub keep_days: u32,
}

/// What can sign beside key files. Each is off until it is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    pub trial: bool,
    pub trust: String,
    pub time_stamp_url: String,
    pub remote_url: String,
    pub remote_token: String,
    pub pkcs11_module: String,
    pub ocsp: bool,
}

/// Where files lie, and how large they may be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub store: String,
    pub folder: String,
    pub max_bytes: u64,
    pub school_bytes: u64,
    pub part_bytes: usize,
    pub keep_days: u32,
    pub scan_command: Vec<String>,
    pub scan_url: String,
    pub scan_token: String,
    pub scan_seconds: u64,
    pub s3: S3,
}

/// A bucket that speaks the S3 API.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
    pub prefix: String,
    pub virtual_host: bool,
}

/// The ways out. Each is off until it is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    pub public_url: String,
    pub push: PushChannel,
    pub email: EmailChannel,
    pub sms: HttpChannel,
    pub zalo: HttpChannel,
    /// Packages for the authorities.
    pub exchange: HttpChannel,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushChannel {
    pub subject: String,
    pub hosts: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailChannel {
    pub url: String,
    pub from: String,
}

/// A gateway that takes messages over HTTP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpChannel {
    pub url: String,
    pub token: String,
    pub sender: String,
}

impl Config {
    /// Reads the defaults, then `file` if it is there, then the environment (`KHUE__SERVER__PORT=9000`).
    pub fn load(file: Option<&Path>) -> Result<Config> {
        let mut builder =
            config::Config::builder().add_source(config::File::from_str(include_str!("default.toml"), config::FileFormat::Toml));
        if let Some(path) = file {
            builder = builder.add_source(config::File::from(path).format(config::FileFormat::Toml));
        }
        let config: Config = builder
            .add_source(
                config::Environment::with_prefix("KHUE")
                    .prefix_separator("__")
                    .separator("__")
                    .try_parsing(true)
                    .list_separator(",")
                    .with_list_parse_key("server.cors_origins")
                    .with_list_parse_key("server.trusted_proxies")
                    .with_list_parse_key("channels.push.hosts")
                    .with_list_parse_key("files.scan_command"),
            )
            .build()
            .and_then(|c| c.try_deserialize())
            .map_err(|e| Error::internal(format!("settings: {e}")))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        let wrong = |what: &str| Err(Error::internal(format!("settings: {what}")));
        if self.database.pool == 0 {
            return wrong("database.pool must be at least 1");
        }
        if self.tokens.access_seconds == 0 || self.tokens.access_seconds > 3600 {
            return wrong("tokens.access_seconds must be 1 to 3600");
        }
        if self.limits.body_bytes < 1024 {
            return wrong("limits.body_bytes must be at least 1024");
        }
        if self.limits.heartbeat_seconds == 0 || self.limits.heartbeat_seconds > 60 {
            return wrong("limits.heartbeat_seconds must be 1 to 60");
        }
        if self.limits.requests_per_second == 0 || self.limits.requests_burst == 0 {
            return wrong("limits.requests_per_second and requests_burst must be at least 1");
        }
        let o = &self.outbox;
        if o.poll_seconds == 0 || o.lease_seconds == 0 || o.send_seconds == 0 || o.tries == 0 || o.at_once == 0 {
            return wrong("outbox: poll_seconds, lease_seconds, send_seconds, tries and at_once must be at least 1");
        }
        let f = &self.files;
        if !matches!(f.store.as_str(), "local" | "s3") {
            return wrong("files.store must be local or s3");
        }
        if f.store == "s3" && (f.s3.bucket.is_empty() || f.s3.access_key.is_empty()) {
            return wrong("files.s3.bucket and files.s3.access_key must be set with files.store = s3");
        }
        if f.max_bytes == 0 || f.part_bytes < 1024 || f.keep_days == 0 || f.scan_seconds == 0 {
            return wrong("files: max_bytes, keep_days and scan_seconds must be at least 1, part_bytes at least 1024");
        }
        let secure =
            |url: &str| ["https://", "http://127.0.0.1:", "http://localhost:"].iter().any(|start| url.starts_with(start));
        if !f.scan_url.is_empty() && (!f.scan_command.is_empty() || !secure(&f.scan_url)) {
            return wrong("files.scan_url must begin with https:// and stands in the place of files.scan_command");
        }
        let email = &self.channels.email;
        if !email.url.is_empty() && email.from.is_empty() {
            return wrong("channels.email.from must be set with channels.email.url");
        }
        let exchange = self.channels.exchange.url.as_str();
        if !exchange.is_empty() && !secure(exchange) {
            return wrong("channels.exchange.url must begin with https://");
        }
        if !self.channels.push.subject.is_empty() && self.channels.push.hosts.is_empty() {
            return wrong("channels.push.hosts must name at least one push service");
        }
        Ok(())
    }
}
