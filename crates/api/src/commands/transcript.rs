//! `khue transcript`.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use kernel::clock;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use transcript::{Fault, Report, Revocation, SignatureReport, Trust, verify};

/// No transcript is longer; the check itself refuses what is.
const MAX_BYTES: u64 = 64 << 20;

#[derive(Args)]
pub struct Transcript {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check a transcript, XML or PDF, without server or network: each signature, its certificates, and that nothing was changed.
    ///
    /// Ends with 0 when every required signature is valid, 1 when one is missing or not valid, 2 when the file is not a transcript or
    /// not whole.
    #[command(after_help = "Examples:\n  khue transcript verify hoc-ba.xml --trust ca/\n  \
                            khue transcript verify hoc-ba.pdf --trust ca/ --crl crl/ --json")]
    Verify(Verify),
}

#[derive(Args)]
struct Verify {
    /// The transcript.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A folder of certificates (.crt, .cer, .der, .pem) of the authorities to trust; left out: nobody is.
    #[arg(long, value_name = "DIR")]
    trust: Option<PathBuf>,
    /// A folder of lists of revoked certificates (.crl, .der, .pem).
    #[arg(long, value_name = "DIR")]
    crl: Option<PathBuf>,
    /// A folder of answers of responders (OCSP: .ocsp, .der), beside those that the signatures bring themselves.
    #[arg(long, value_name = "DIR")]
    ocsp: Option<PathBuf>,
    /// The instant at which certificates without a time-stamp have to be valid (RFC 3339); left out: now.
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
    /// The whole report as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: Transcript) -> ExitCode {
    let What::Verify(args) = args.what;
    let (file, trust) = match read(&args.file).and_then(|file| Ok((file, trusted(&args)?))) {
        Ok(both) => both,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::from(2);
        }
    };
    let report = verify(&file, &trust, args.at.unwrap_or_else(clock::now));
    // What could not be read as a transcript has no signatures to show.
    let readable = report.content.is_some();
    if args.json || readable {
        let text = if args.json { json(&report) } else { text(&report) };
        if let Err(e) = io::stdout().lock().write_all(text.as_bytes()) {
            eprintln!("khue: {e}");
            return ExitCode::FAILURE;
        }
    }
    if !readable {
        for fault in &report.faults {
            eprintln!("{}: {}", args.file.display(), why(fault));
        }
        return ExitCode::from(2);
    }
    if report.valid { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let fault = |e: io::Error| format!("{}: cannot be read: {e}", path.display());
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(fault)?.take(MAX_BYTES).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

/// The files of a folder with one of these endings, in the order of their names.
fn files(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, String> {
    let fault = |e: io::Error| format!("{}: cannot be read: {e}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        if endings.contains(&ending.as_str()) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("{}: expected files ending in .{}", folder.display(), endings.join(", .")));
    }
    found.sort();
    Ok(found)
}

fn trusted(args: &Verify) -> Result<Trust, String> {
    let mut trust = Trust::new();
    if let Some(folder) = &args.trust {
        for path in files(folder, &["crt", "cer", "der", "pem"])? {
            trust.add_anchors(&read(&path)?).map_err(|_| format!("{}: expected a certificate, DER or PEM", path.display()))?;
        }
    }
    if let Some(folder) = &args.crl {
        for path in files(folder, &["crl", "der", "pem"])? {
            let list = read(&path)?;
            trust
                .add_revocation_list(&list)
                .map_err(|_| format!("{}: expected a list of revoked certificates, DER or PEM", path.display()))?;
        }
    }
    if let Some(folder) = &args.ocsp {
        for path in files(folder, &["ocsp", "der"])? {
            let answer = read(&path)?;
            trust
                .add_revocation_answer(&answer)
                .map_err(|_| format!("{}: expected a responder's answer, DER", path.display()))?;
        }
    }
    Ok(trust)
}

fn json(report: &Report) -> String {
    // Plain data with string keys: it does not fail.
    serde_json::to_string_pretty(report).map(|t| t + "\n").unwrap_or_default()
}

fn why(fault: &Fault) -> String {
    format!("{}: {fault}", fault.code.as_str())
}

fn instant(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    if let Some(content) = &report.content {
        let (learner, class, school) = (&content.learner.full_name, &content.class.name, &content.school.name);
        let _ = writeln!(out, "{learner}, {class}, {}, {school}", content.school_year);
        let _ = writeln!(out, "transcript {}", content.id);
    }
    if let Some(hash) = &report.content_hash {
        let _ = writeln!(out, "content sha256 {hash}");
    }
    for signature in &report.signatures {
        tell(&mut out, &signature.role.to_string(), signature);
    }
    if let Some(signature) = &report.pdf_signature {
        tell(&mut out, "PDF, seal", signature);
    }
    for fault in &report.faults {
        let _ = writeln!(out, "{}", why(fault));
    }
    let _ = writeln!(out, "{}", if report.valid { "VALID" } else { "NOT VALID" });
    out
}

fn tell(out: &mut String, what: &str, signature: &SignatureReport) {
    let _ = writeln!(out, "{what}: {}", if signature.valid { "valid" } else { "NOT VALID" });
    let _ = writeln!(out, "  signer: {}", signature.signer);
    if let Some(time) = signature.claimed_time {
        let _ = writeln!(out, "  time: {} (the signer's word)", instant(time));
    }
    if let Some(stamp) = &signature.time_stamp {
        let _ = writeln!(out, "  time-stamp: {} by {}", instant(stamp.time), stamp.authority);
    }
    for certificate in &signature.chain {
        let (from, to) = (instant(certificate.not_before), instant(certificate.not_after));
        let _ = writeln!(
            out,
            "  certificate: {} (issued by {}, valid {from} to {to}, serial {})",
            certificate.subject, certificate.issuer, certificate.serial
        );
    }
    let revocation = match signature.revocation {
        Revocation::Good => "not revoked",
        Revocation::Revoked => "revoked",
        Revocation::Unknown => "not known: no list at hand covers these certificates",
    };
    let _ = writeln!(out, "  revocation: {revocation}");
    for fault in &signature.faults {
        let _ = writeln!(out, "  {}", why(fault));
    }
}
