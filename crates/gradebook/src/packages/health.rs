//! The health record in a package: a file that only the passphrase opens, which the schools tell each other by another way. So it is
//! readable neither on its way nor where the package is kept.

use super::archive::Fault;
use dto::packages::CarriedHealth;
use kernel::{Error, Result};
use records::health::{DERIVATION, Passphrase};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name of the file.
pub(super) const HEALTH: &str = "health.json";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    derivation: String,
    sealed: String,
}

async fn key(passphrase: &str, package: Uuid) -> Result<Passphrase> {
    Passphrase::derive(passphrase, &[b"transfer package", package.as_bytes()]).await
}

fn place(package: &Uuid) -> [&[u8]; 2] {
    [b"transfer package health", package.as_bytes()]
}

/// The file of a health record.
pub(super) async fn lock(health: &CarriedHealth, passphrase: &str, package: Uuid) -> Result<Vec<u8>> {
    let text = serde_json::to_string(health).map_err(Error::internal)?;
    let sealed = key(passphrase, package).await?.seal(&place(&package), &text)?;
    serde_json::to_vec_pretty(&Locked { derivation: DERIVATION.to_owned(), sealed }).map_err(Error::internal)
}

/// The health record of a file.
///
/// Errors: `passphrase_wrong`; the fault of a file that no passphrase opens.
pub(super) async fn open(file: &[u8], passphrase: &str, package: Uuid) -> Result<std::result::Result<CarriedHealth, Fault>> {
    let Some(locked) = locked(file) else { return Ok(Err(Fault::Health)) };
    let text = key(passphrase, package).await?.open(&place(&package), &locked.sealed)?;
    Ok(read(&text).ok_or(Fault::Health))
}

fn locked(file: &[u8]) -> Option<Locked> {
    serde_json::from_slice::<Locked>(file)
        .ok()
        .filter(|locked| locked.derivation == DERIVATION && locked.sealed.starts_with("p1."))
}

/// Whether a file can be one: before anybody types a passphrase.
pub(super) fn is_locked(file: &[u8]) -> bool {
    locked(file).is_some()
}

fn read(text: &str) -> Option<CarriedHealth> {
    serde_json::from_str::<CarriedHealth>(text).ok().filter(CarriedHealth::is_sound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::Code;
    use proptest::prelude::*;
    use serde_json::json;

    fn health() -> serde_json::Value {
        json!({
            "growth": [{ "measured_on": "2026-10-05", "weight_g": 36500, "height_mm": 1432, "position": "standing" }],
            "checks": [], "conditions": null,
            "vaccinations": [{ "vaccine": "MMR", "dose": 2, "source": "booklet" }],
        })
    }

    #[tokio::test]
    async fn only_the_passphrase_of_this_package_opens_it() {
        let (package, carried) = (Uuid::from_u128(7), serde_json::from_value(health()).unwrap());
        let file = lock(&carried, "mật khẩu đủ dài", package).await.unwrap();
        assert!(is_locked(&file) && !String::from_utf8_lossy(&file).contains("MMR"));
        let opened = open(&file, "mật khẩu đủ dài", package).await.unwrap().unwrap();
        assert_eq!(serde_json::to_value(&opened).unwrap(), serde_json::to_value(&carried).unwrap());
        let wrong = |error: Error| error.code() == Code::PassphraseWrong;
        assert!(wrong(open(&file, "mật khẩu khác hẳn", package).await.unwrap_err()));
        assert!(wrong(open(&file, "mật khẩu đủ dài", Uuid::from_u128(8)).await.unwrap_err()));
        assert_eq!(open(b"{}", "mật khẩu đủ dài", package).await.unwrap().unwrap_err(), Fault::Health);
    }

    #[test]
    fn what_the_records_would_not_take_is_no_health_record() {
        assert!(read(&health().to_string()).is_some());
        for (pointer, value) in [
            ("/growth/0/weight_g", json!(3)),
            ("/growth/0/measured_on", json!("2026-13-05")),
            ("/growth/0/position", json!("flying")),
            ("/vaccinations/0/dose", json!(0)),
            ("/vaccinations/0/vaccine", json!("")),
            ("/conditions", json!([{ "kind": "allergy", "detail": "", "active": true }])),
            ("/checks", json!([{}])),
        ] {
            let mut changed = health();
            *changed.pointer_mut(pointer).unwrap() = value;
            assert!(read(&changed.to_string()).is_none(), "{pointer}");
        }
        let mut more = health();
        more["first_aid"] = json!([]);
        assert!(read(&more.to_string()).is_none());
    }

    proptest! {
        /// Whatever the bytes are, there is an answer, and no other record.
        #[test]
        fn damage_never_panics_and_is_never_read(at in 0usize..300, value: u8) {
            let text = health().to_string();
            let mut bytes = text.clone().into_bytes();
            let length = bytes.len();
            bytes[at % length] = value;
            let _answered = read(&String::from_utf8_lossy(&bytes));
            prop_assert!(!is_locked(&bytes));
        }
    }
}
