//! The key ring: seals personal data, proves API keys, derives access tokens.
//!
//! One file in the data folder, readable by its owner only, holding 256-bit keys of which the last
//! is current. Every sealed value names the key it was sealed with, so keys can be added and the
//! old ones kept until nothing needs them. A key is never used directly: each purpose derives its
//! own from it.

mod file;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

use lintel_store::fault::Fault;

use crate::ports::Rng;

/// Characters of a key's id.
const KEY_ID_LEN: usize = 8;
/// Bytes of a key.
const SECRET_LEN: usize = 32;
/// First byte of a sealed value: the layout below.
const SEALED_V1: u8 = 1;

/// What a derived key is for. The spelling enters the derivation: it is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Proving an API key.
    ApiKey,
    /// Deriving access tokens.
    AccessToken,
    /// Naming the device an access token was asked for from.
    Device,
    /// Recognising a document that comes again.
    DocumentHash,
    /// Sealing loan documents.
    LoanDocument,
    /// Sealing loan applications.
    LoanApplication,
    /// Sealing tax ids.
    TaxId,
    /// Sealing birth dates.
    BirthDate,
    /// Sealing what a lead says about itself.
    LeadBorrower,
    /// Sealing the loan a lead asks for.
    LeadLoan,
    /// Sealing the loan a link to the sign-up page shows.
    SignupLoan,
    /// Sealing what a lead said on the sign-up page.
    LeadSignup,
    /// Sealing an organisation's tax id.
    OrganisationTaxId,
    /// Sealing what a second factor's codes are made from.
    TotpSecret,
    /// Sealing mail that is to go out.
    Mail,
    /// Deriving the value that proves a form is ours.
    FormToken,
    /// Naming whose failed attempts are counted.
    SignInThrottle,
    /// Sealing what a browser carries between two steps of signing in.
    SignInTicket,
    /// Sealing links under which people sign a loan's papers.
    SigningUrl,
    /// Recognising what a lender sends about a broker when it comes again.
    SetupSent,
    /// Sealing the keys of loans' papers.
    DocumentKey,
    /// Sealing how a lender's loan origination system is reached.
    LosSettings,
    /// Sealing what a catcher took instead of a mail server.
    Caught,
    /// Deriving the token that ends a rate watch.
    WatchToken,
    /// Recognising an invitation to apply that comes again.
    ApplicationMail,
    /// Proving a network's client secret.
    NetworkSecret,
    /// Recognising the session of a partner.
    PartnerSession,
    /// Naming whose failed partner sign-ins are counted.
    PartnerThrottle,
    /// Sealing and finding an intermediary's NIF.
    IntermediaryNif,
    /// Finding simulations and processes by a borrower's NIF.
    BorrowerNif,
    /// Sealing what a simulation was asked with.
    SimulationInput,
    /// Sealing what is known of a borrower of a process.
    ProcessBorrower,
    /// Sealing where the property of a process is.
    ProcessProperty,
    /// Sealing messages about simulations and processes.
    PartnerMessage,
    /// Sealing the secret callbacks are signed with.
    CallbackSecret,
    /// Sealing what a callback says.
    CallbackPayload,
    /// Sealing answers that are given again.
    IdempotencyAnswer,
    /// Sealing the keys of papers of the Portuguese market.
    CreditPaper,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::ApiKey => b"lintel api key",
            Self::AccessToken => b"lintel access token",
            Self::Device => b"lintel device",
            Self::DocumentHash => b"lintel document hash",
            Self::LoanDocument => b"lintel loan_source.document",
            Self::LoanApplication => b"lintel loan_application.application",
            Self::TaxId => b"lintel borrower.tax_id",
            Self::BirthDate => b"lintel borrower.birth_date",
            Self::LeadBorrower => b"lintel lead.borrower",
            Self::LeadLoan => b"lintel lead.loan",
            Self::SignupLoan => b"lintel signup_link.loan",
            Self::LeadSignup => b"lintel lead.signup",
            Self::OrganisationTaxId => b"lintel organisation_profile.tax_id",
            Self::TotpSecret => b"lintel staff.totp",
            Self::Mail => b"lintel mail.message",
            Self::FormToken => b"lintel form token",
            Self::SignInThrottle => b"lintel sign-in throttle",
            Self::SignInTicket => b"lintel sign-in ticket",
            Self::SigningUrl => b"lintel signing_link.url",
            Self::SetupSent => b"lintel organisation_setup.sent",
            Self::DocumentKey => b"lintel loan_document.key",
            Self::LosSettings => b"lintel los_connector.settings",
            Self::Caught => b"lintel caught_message.content",
            Self::WatchToken => b"lintel rate watch token",
            Self::ApplicationMail => b"lintel application_mail.request",
            Self::NetworkSecret => b"lintel network.secret",
            Self::PartnerSession => b"lintel partner_session.token",
            Self::PartnerThrottle => b"lintel partner throttle",
            Self::IntermediaryNif => b"lintel intermediary.nif",
            Self::BorrowerNif => b"lintel credit_borrower.nif",
            Self::SimulationInput => b"lintel simulation.input",
            Self::ProcessBorrower => b"lintel process_borrower.facts",
            Self::ProcessProperty => b"lintel process_property.facts",
            Self::PartnerMessage => b"lintel partner_message.content",
            Self::CallbackSecret => b"lintel callback.secret",
            Self::CallbackPayload => b"lintel callback_event.payload",
            Self::IdempotencyAnswer => b"lintel idempotency.answer",
            Self::CreditPaper => b"lintel credit_paper.key",
        }
    }
}

struct Key {
    id: String,
    secret: [u8; SECRET_LEN],
}

/// The keys of an installation. Its `Debug` shows their ids only.
pub struct KeyRing {
    keys: Vec<Key>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|k| &k.id))
            .finish()
    }
}

impl KeyRing {
    /// Whether the ring holds a key.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// A ring that lives in memory only, for tests and for commands without a database.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn in_memory(rng: &dyn Rng) -> Result<Self, Fault> {
        Ok(Self {
            keys: vec![new_key(rng)?],
        })
    }

    fn current(&self) -> Result<&Key, Fault> {
        self.keys
            .last()
            .ok_or_else(|| Fault::internal("the key ring is empty"))
    }

    fn by_id(&self, id: &str) -> Result<&Key, Fault> {
        self.keys
            .iter()
            .find(|k| k.id == id)
            .ok_or_else(|| Fault::internal(format!("key {id} is not in the key ring")))
    }

    /// Id of the key new values are sealed and proved with.
    ///
    /// # Errors
    /// Never with a ring made by this module.
    pub fn current_id(&self) -> Result<&str, Fault> {
        self.current().map(|k| k.id.as_str())
    }

    /// Seals a value. `row` names where it is stored; opening it for another row fails.
    ///
    /// # Errors
    /// When no random bytes are to be had.
    pub fn seal(
        &self,
        purpose: Purpose,
        row: &str,
        plain: &[u8],
        rng: &dyn Rng,
    ) -> Result<Vec<u8>, Fault> {
        let key = self.current()?;
        let mut nonce = [0_u8; NONCE_LEN];
        rng.fill(&mut nonce)?;
        let mut sealed = Vec::with_capacity(1 + KEY_ID_LEN + NONCE_LEN + plain.len() + 16);
        sealed.push(SEALED_V1);
        sealed.extend_from_slice(key.id.as_bytes());
        sealed.extend_from_slice(&nonce);
        let mut body = plain.to_vec();
        cipher(key, purpose)?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(row.as_bytes()),
                &mut body,
            )
            .map_err(|_| Fault::internal("sealing failed"))?;
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens a sealed value.
    ///
    /// # Errors
    /// When the key is not in the ring, or the value was changed or belongs to another row.
    pub fn unseal(&self, purpose: Purpose, row: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let broken = || Fault::internal("a sealed value cannot be opened");
        let (version, rest) = sealed.split_first().ok_or_else(broken)?;
        if *version != SEALED_V1 || rest.len() < KEY_ID_LEN + NONCE_LEN {
            return Err(broken());
        }
        let (id, rest) = rest.split_at(KEY_ID_LEN);
        let (nonce, body) = rest.split_at(NONCE_LEN);
        let key = self.by_id(std::str::from_utf8(id).map_err(|_| broken())?)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut body = body.to_vec();
        let plain = cipher(key, purpose)?
            .open_in_place(nonce, Aad::from(row.as_bytes()), &mut body)
            .map_err(|_| broken())?;
        Ok(plain.to_vec())
    }

    /// A keyed hash that stays the same when keys are added: it is made with the oldest one. For names,
    /// never for proofs.
    ///
    /// # Errors
    /// Never with a ring made by this module.
    pub fn stable_mac(&self, purpose: Purpose, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| Fault::internal("the key ring is empty"))?;
        Ok(hmac::sign(&derived(key, purpose), message)
            .as_ref()
            .to_vec())
    }

    /// A keyed hash that names its own key, so that it is recognised after keys were added.
    ///
    /// # Errors
    /// Never with a ring made by this module.
    pub fn fingerprint(&self, purpose: Purpose, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let (mac, key_id) = self.mac(purpose, message)?;
        Ok([key_id.as_bytes(), &mac].concat())
    }

    /// Whether a fingerprint is that of the message. One made with a key that is gone is not.
    #[must_use]
    pub fn is_fingerprint_of(&self, purpose: Purpose, message: &[u8], fingerprint: &[u8]) -> bool {
        let Some((id, mac)) = fingerprint.split_at_checked(KEY_ID_LEN) else {
            return false;
        };
        std::str::from_utf8(id)
            .is_ok_and(|id| self.verify(purpose, id, message, mac).unwrap_or(false))
    }

    /// A keyed hash under the current key, with that key's id.
    ///
    /// # Errors
    /// Never with a ring made by this module.
    pub fn mac(&self, purpose: Purpose, message: &[u8]) -> Result<(Vec<u8>, &str), Fault> {
        let key = self.current()?;
        let tag = hmac::sign(&derived(key, purpose), message);
        Ok((tag.as_ref().to_vec(), &key.id))
    }

    /// Whether a keyed hash is that of the message; takes the same time whichever byte differs.
    ///
    /// # Errors
    /// When the key is not in the ring.
    pub fn verify(
        &self,
        purpose: Purpose,
        key_id: &str,
        message: &[u8],
        tag: &[u8],
    ) -> Result<bool, Fault> {
        let key = self.by_id(key_id)?;
        Ok(hmac::verify(&derived(key, purpose), message, tag).is_ok())
    }

    /// A text of base 62 of any length, the same for the same message and key; without the key it
    /// cannot be told from chance.
    ///
    /// # Errors
    /// When the key is not in the ring.
    pub fn derive_base62(
        &self,
        purpose: Purpose,
        key_id: &str,
        message: &[u8],
        length: usize,
    ) -> Result<String, Fault> {
        let key = derived(self.by_id(key_id)?, purpose);
        let mut text = String::with_capacity(length);
        let mut block = 0_u32;
        while text.len() < length {
            let mut input = block.to_be_bytes().to_vec();
            input.extend_from_slice(message);
            push_base62(&mut text, hmac::sign(&key, &input).as_ref(), length);
            block = block.saturating_add(1);
        }
        Ok(text)
    }
}

const BASE62: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Appends characters until `length`; bytes of 248 and above are skipped so that all characters
/// stay equally likely.
pub(crate) fn push_base62(text: &mut String, bytes: &[u8], length: usize) {
    for byte in bytes.iter().filter(|b| **b < 248) {
        if text.len() == length {
            return;
        }
        text.push(char::from(BASE62[usize::from(*byte) % BASE62.len()]));
    }
}

fn new_key(rng: &dyn Rng) -> Result<Key, Fault> {
    let mut secret = [0_u8; SECRET_LEN];
    rng.fill(&mut secret)?;
    let mut id_bytes = [0_u8; 4];
    rng.fill(&mut id_bytes)?;
    let id = id_bytes.iter().map(|b| format!("{b:02x}")).collect();
    Ok(Key { id, secret })
}

fn derived(key: &Key, purpose: Purpose) -> hmac::Key {
    let master = hmac::Key::new(hmac::HMAC_SHA256, &key.secret);
    hmac::Key::new(
        hmac::HMAC_SHA256,
        hmac::sign(&master, purpose.label()).as_ref(),
    )
}

fn cipher(key: &Key, purpose: Purpose) -> Result<LessSafeKey, Fault> {
    let master = hmac::Key::new(hmac::HMAC_SHA256, &key.secret);
    let secret = hmac::sign(&master, purpose.label());
    UnboundKey::new(&AES_256_GCM, secret.as_ref())
        .map(LessSafeKey::new)
        .map_err(|_| Fault::internal("the key has the wrong length"))
}
