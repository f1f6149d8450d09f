//! Passwords of staff and borrowers: what they must be, how they are kept, how they are changed.

mod change;
mod reset;
mod rules;
mod set;

pub use change::{Changed, change, has_password};
use lintel_macros::boxed;
pub use reset::{Reset, ask_reset, reset, reset_link_works};
pub use rules::{Weakness, check};
pub use set::set;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use lintel_store::fault::Fault;

use crate::context::App;

/// Bytes of the salt each hash has of its own.
const SALT_LEN: usize = 16;
/// Longest text that is hashed at all; what is longer is nobody's password.
const LONGEST_BYTES: usize = 1024;

/// What hashing a password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    memory_kib: u32,
    passes: u32,
}

impl PasswordCost {
    /// 19 MiB, two passes, one lane: the least that OWASP's Password Storage Cheat Sheet asks of
    /// argon2id, some twenty milliseconds.
    pub const STRONG: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
    };
    /// The least that argon2 can do. For tests.
    pub const CHEAP: Self = Self {
        memory_kib: 8,
        passes: 1,
    };

    fn hasher(self) -> Result<Argon2<'static>, Fault> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|_| Fault::internal("what a password costs cannot be used"))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Hashes a password, with a salt of its own.
///
/// # Errors
/// Busy when too many are hashed at once.
#[boxed]
pub async fn hash(app: &App, password: &str) -> Result<String, Fault> {
    let mut salt = [0_u8; SALT_LEN];
    app.rng().fill(&mut salt)?;
    let (cost, password) = (app.sign_in_rules().cost, password.as_bytes().to_vec());
    let hashed = move || {
        let hash = cost.hasher()?.hash_password_with_salt(&password, &salt);
        hash.map(|h| h.to_string())
            .map_err(|_| Fault::internal("a password could not be hashed"))
    };
    app.hashing(hashed).await?
}

/// Whether a password is the one a hash was made of. Without a hash it is not, and finding that out
/// takes as long.
///
/// # Errors
/// Busy when too many are hashed at once; corrupt when the hash is none.
#[boxed]
pub async fn matches(app: &App, password: &str, stored: Option<&str>) -> Result<bool, Fault> {
    let is_usable = password.len() <= LONGEST_BYTES;
    let stored = stored.filter(|_| is_usable).map(str::to_owned);
    let password = if is_usable { password } else { "" };
    let (cost, password) = (app.sign_in_rules().cost, password.as_bytes().to_vec());
    let compared = move || {
        let hasher = cost.hasher()?;
        let Some(stored) = stored else {
            let _ = hasher.hash_password_with_salt(&password, &[0; SALT_LEN]);
            return Ok(false);
        };
        let stored = PasswordHash::new(&stored)
            .map_err(|_| Fault::corrupt("staff", "password_phc", "of somebody who signs in"))?;
        Ok(hasher.verify_password(&password, &stored).is_ok())
    };
    app.hashing(compared).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_names_its_method_and_differs_each_time() {
        let hasher = PasswordCost::STRONG.hasher().expect("usable");
        let of = |salt: u8| {
            let hash = hasher.hash_password_with_salt(b"a long password", &[salt; SALT_LEN]);
            hash.expect("hashed").to_string()
        };
        assert!(
            of(1).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            of(1)
        );
        assert_ne!(of(1), of(2));
        assert!(PasswordCost::CHEAP.hasher().is_ok());
    }
}
