//! Networks of credit intermediaries, the intermediaries, their users, and who is signed in.

use crate::finding::{Bound, CreditField, CreditRule, Finding};
use crate::id::{Instant, RowId};
use crate::nif::Nif;
use crate::person::fold_email;

/// Longest name of a network, an intermediary or a user, in characters.
pub const NAME_MAX_CHARS: usize = 200;
/// Longest mail address and user name: RFC 5321 allows 254 octets.
pub const ADDRESS_MAX_LEN: usize = 254;
/// Highest number of an intermediary: one digit less than a NIF, so that either can stand where the
/// other may.
pub const NUMBER_MAX: u32 = 99_999_999;
/// The number of a bank's first intermediary.
pub const NUMBER_FIRST: u32 = 10_001;

/// Seconds without a call after which a session over the API is over.
pub const PARTNER_IDLE_SECONDS: i64 = 30 * 60;

/// A user of an intermediary who is signed in over the API: what every use case of the Portuguese
/// market is asked by. Everything it sees and changes belongs to `intermediary_id`. Its `Debug` shows ids
/// only, as that of everybody below.
#[derive(Clone, PartialEq, Eq)]
pub struct Partner {
    /// The bank.
    pub org_id: RowId,
    /// The network.
    pub network_id: RowId,
    /// The intermediary, whose UniqueID this is.
    pub intermediary_id: RowId,
    /// The intermediary's name, as papers show it.
    pub intermediary_name: String,
    /// The user.
    pub user_id: RowId,
    /// The user's name.
    pub user_name: String,
}

impl Partner {
    /// The name events are recorded under.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("partner:{}", self.user_id)
    }
}

/// A network of credit intermediaries: one pair of credentials that its intermediaries share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its row.
    pub id: RowId,
    /// The bank.
    pub org_id: RowId,
    /// The public half of the credentials.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Whether anybody of it may come in.
    pub is_active: bool,
    /// Since when the bank knows it.
    pub created_at: Instant,
}

/// Longest registration number, address and telephone of an intermediary, in characters.
pub const PARTICULAR_MAX_CHARS: usize = 200;

/// What papers say of an intermediary beside its name and mail address; empty where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// Number in Banco de Portugal's register of credit intermediaries.
    pub registration: String,
    /// Address, in one line.
    pub address: String,
    /// Telephone.
    pub phone: String,
}

/// A credit intermediary of a network.
#[derive(Clone, PartialEq, Eq)]
pub struct Intermediary {
    /// Its UniqueID.
    pub id: RowId,
    /// The bank.
    pub org_id: RowId,
    /// The network it belongs to.
    pub network_id: RowId,
    /// Its number at the bank, from 1 to [`NUMBER_MAX`].
    pub number: u32,
    /// Its tax number.
    pub nif: Nif,
    /// Its name.
    pub name: String,
    /// Where it is written to.
    pub email: String,
    /// What papers say of it besides.
    pub particulars: Particulars,
    /// Id in the list of broker types.
    pub type_id: u32,
    /// Id in the list of broker sub types.
    pub sub_type_id: Option<u32>,
    /// Id in the list of broker classifications.
    pub classification_id: Option<u32>,
    /// Id in the list of broker statuses.
    pub status_id: u32,
    /// Whether it works with the bank.
    pub is_active: bool,
    /// Whether its users may come in over the API.
    pub has_api_access: bool,
    /// Since when the bank knows it.
    pub created_at: Instant,
}

/// Somebody who works for a credit intermediary.
#[derive(Clone, PartialEq, Eq)]
pub struct IntermediaryUser {
    /// The row.
    pub id: RowId,
    /// The bank.
    pub org_id: RowId,
    /// The intermediary.
    pub intermediary_id: RowId,
    /// The name the user signs in with, as it was given; letter case does not matter.
    pub username: String,
    /// The person's name.
    pub name: String,
    /// Where the person is written to.
    pub email: String,
    /// Whether the person works there.
    pub is_active: bool,
    /// Whether the person may come in over the API.
    pub has_api_access: bool,
    /// Since when the bank knows the person.
    pub created_at: Instant,
}

/// Nobody's name, number or mail address.
impl std::fmt::Debug for Partner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partner")
            .field("org_id", &self.org_id)
            .field("network_id", &self.network_id)
            .field("intermediary_id", &self.intermediary_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Intermediary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intermediary")
            .field("id", &self.id)
            .field("org_id", &self.org_id)
            .field("network_id", &self.network_id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for IntermediaryUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IntermediaryUser")
            .field("id", &self.id)
            .field("org_id", &self.org_id)
            .field("intermediary_id", &self.intermediary_id)
            .finish_non_exhaustive()
    }
}

/// The ways a caller names an intermediary. Those that are given must all name the same one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BrokerNames {
    /// Its UniqueID.
    pub unique_id: Option<RowId>,
    /// Its number.
    pub number: Option<u32>,
    /// Its tax number.
    pub nif: Option<Nif>,
}

impl BrokerNames {
    /// Whether none is given.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.unique_id.is_none() && self.number.is_none() && self.nif.is_none()
    }
}

impl std::fmt::Debug for BrokerNames {
    /// Which ways, and not the names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrokerNames")
            .field("unique_id", &self.unique_id.is_some())
            .field("number", &self.number.is_some())
            .field("nif", &self.nif.is_some())
            .finish()
    }
}

/// The form user names are compared in.
#[must_use]
pub fn fold_username(username: &str) -> String {
    fold_email(username.trim())
}

/// Reads a name: trimmed, not empty, one line, at most [`NAME_MAX_CHARS`] characters.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(text: &str, field: CreditField) -> Result<String, Finding> {
    check_text(text, field, NAME_MAX_CHARS)
}

/// Reads a user name: as a name, and at most [`ADDRESS_MAX_LEN`] characters without a space, since it
/// travels in a header.
///
/// # Errors
/// What is wrong with it.
pub fn check_username(text: &str) -> Result<String, Finding> {
    let field = CreditField::Username;
    let name = check_text(text, field, ADDRESS_MAX_LEN)?;
    if !name.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Finding::new(field, CreditRule::Malformed));
    }
    Ok(name)
}

fn check_text(text: &str, field: CreditField, most: usize) -> Result<String, Finding> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Finding::new(field, CreditRule::Missing));
    }
    if text.chars().any(char::is_control) {
        return Err(Finding::new(field, CreditRule::Malformed));
    }
    if text.chars().count() > most {
        let most = Bound::Count(u64::try_from(most).unwrap_or(u64::MAX));
        return Err(Finding::new(field, CreditRule::TooLong(most)));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        let field = CreditField::NetworkName;
        assert_eq!(check_name("  Rede Norte ", field), Ok("Rede Norte".into()));
        let rule = |text: &str| check_name(text, field).map_err(|finding| finding.rule);
        assert_eq!(rule(" \t "), Err(CreditRule::Missing));
        assert_eq!(rule("Rede\0Norte"), Err(CreditRule::Malformed));
        assert!(rule(&"é".repeat(200)).is_ok());
        let most = CreditRule::TooLong(Bound::Count(200));
        assert_eq!(rule(&"é".repeat(201)), Err(most));
    }

    #[test]
    fn user_names_fit_a_header() {
        assert!(check_username("ana@example.com").is_ok());
        for bad in ["", "ana maria", "josé", "ana\r\nx"] {
            assert!(check_username(bad).is_err(), "{bad:?}");
        }
        assert_eq!(fold_username(" Ana@Example.COM"), "ana@example.com");
    }

    #[test]
    fn what_names_an_intermediary_is_not_shown() {
        let names = BrokerNames {
            nif: Nif::parse("123456789").ok(),
            ..BrokerNames::default()
        };
        let shown = format!("{names:?}");
        assert!(!shown.contains("123456789") && !names.is_empty());
        let id = |text: &str| RowId::new(text.to_owned());
        let partner = Partner {
            org_id: id("o"),
            network_id: id("n"),
            intermediary_id: id("i"),
            intermediary_name: "Casa Exemplo".to_owned(),
            user_id: id("u"),
            user_name: "Ana Exemplo".to_owned(),
        };
        assert!(!format!("{partner:?}").contains("Exemplo"));
        let user = IntermediaryUser {
            id: id("u"),
            org_id: id("o"),
            intermediary_id: id("i"),
            username: "ana@example.com".to_owned(),
            name: "Ana Exemplo".to_owned(),
            email: "ana@example.com".to_owned(),
            is_active: true,
            has_api_access: true,
            created_at: Instant::from_seconds(0),
        };
        let shown = format!("{user:?}");
        assert!(!shown.contains("Exemplo") && !shown.contains("example.com"));
    }
}
