//! A device that has signed in before can prove it: it holds a token that names the account, signed by us (OWASP, "Slow Down Online
//! Guessing Attacks with Device Cookies"). Its wrong passwords are counted for itself, and those of others at the same
//! address do not delay it. It opens nothing.

use crate::Keys;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dto::AccountId;
use rand::RngCore;
use subtle::ConstantTimeEq;

const NONCE: usize = 16;

/// A device of one account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Device {
    pub(super) nonce: [u8; NONCE],
    account: AccountId,
}

impl Device {
    pub(super) fn new(account: AccountId) -> Device {
        let mut nonce = [0u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        Device { nonce, account }
    }

    /// The device of this account that the token names; `None` for any other token.
    pub(super) fn read(keys: &Keys, account: AccountId, token: &str) -> Option<Device> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (nonce, seal) = bytes.split_at_checked(NONCE)?;
        let device = Device { nonce: nonce.try_into().ok()?, account };
        bool::from(device.seal(keys).ct_eq(seal)).then_some(device)
    }

    pub(super) fn token(&self, keys: &Keys) -> String {
        URL_SAFE_NO_PAD.encode([self.nonce.as_slice(), &self.seal(keys)].concat())
    }

    fn seal(&self, keys: &Keys) -> [u8; 32] {
        keys.keyed_hash("device", &[self.account.0.as_bytes(), &self.nonce])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_of_one_account() {
        let keys = Keys::from_secret(&[6; 32]).unwrap();
        let account: AccountId = kernel::id::new();
        let device = Device::new(account);
        let token = device.token(&keys);
        assert_eq!(Device::read(&keys, account, &token), Some(device));
        assert_eq!(Device::read(&keys, kernel::id::new(), &token), None);
        assert_eq!(Device::read(&Keys::from_secret(&[7; 32]).unwrap(), account, &token), None);
        assert_eq!(Device::read(&keys, account, "AAAA"), None);
        assert_eq!(Device::read(&keys, account, ""), None);
    }
}
