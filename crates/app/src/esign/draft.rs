//! Signing links as handed in, and what must be right about them whoever the signers are.

use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_domain::refusal::{Rule, SignerPart, SigningField};
use lintel_domain::signing::{DocumentVendor, SigningStatus, is_signing_url};

/// Most borrowers in one call: more than any application has.
const MAX_BORROWERS: usize = 50;

/// A signer's link as handed in.
#[derive(Clone, Default)]
pub struct SignerDraft {
    /// Address of the signing page.
    pub url: Option<String>,
    /// When it stops working.
    pub expires_at: Entry<Instant>,
    /// How far signing has come.
    pub status: Entry<SigningStatus>,
}

// Whoever has the address signs.
impl std::fmt::Debug for SignerDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignerDraft")
            .field("expires_at", &self.expires_at)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The links of a loan as handed in.
#[derive(Clone, Default)]
pub struct SigningDraft {
    /// Public id of the loan, or the number under which the organisation sent it.
    pub loan: String,
    /// Who prepares the papers; need not be said.
    pub vendor: Entry<DocumentVendor>,
    /// The loan officer's link.
    pub officer: Option<SignerDraft>,
    /// Borrowers' links, each with the vendor's word for the borrower.
    pub borrowers: Vec<(Option<String>, SignerDraft)>,
}

impl std::fmt::Debug for SigningDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningDraft")
            .field("loan", &self.loan)
            .field("vendor", &self.vendor)
            .field("borrowers", &self.borrowers.len())
            .finish_non_exhaustive()
    }
}

/// A link that can be used.
pub(super) struct CheckedLink {
    pub vendor: Option<DocumentVendor>,
    pub url: String,
    pub expires_at: Instant,
    pub status: SigningStatus,
}

/// Links that can be used, if the signers are somebody.
pub(super) struct CheckedLinks {
    pub officer: Option<CheckedLink>,
    pub borrowers: Vec<(String, CheckedLink)>,
}

impl SigningDraft {
    /// Everything that is wrong, in the order of the request.
    pub(super) fn check(self) -> Result<CheckedLinks, Vec<(SigningField, Rule)>> {
        let mut mistakes = Vec::new();
        if self.vendor == Entry::Unreadable {
            mistakes.push((SigningField::Vendor, Rule::Malformed));
        }
        let vendor = self.vendor.given();
        if self.officer.is_none() && self.borrowers.is_empty() {
            mistakes.push((SigningField::Signers, Rule::Missing));
        }
        if self.borrowers.len() > MAX_BORROWERS {
            return Err(vec![(SigningField::Signers, Rule::Malformed)]);
        }
        let mut one = |draft: SignerDraft, field: &dyn Fn(SignerPart) -> SigningField| {
            let (parts, found) = draft.read();
            mistakes.extend(parts.into_iter().map(|(part, rule)| (field(part), rule)));
            let (url, expires_at, status) = found?;
            Some(CheckedLink {
                vendor,
                url,
                expires_at,
                status,
            })
        };
        let officer = self.officer.and_then(|d| one(d, &SigningField::Officer));
        let mut borrowers = Vec::new();
        let mut nameless = Vec::new();
        for (borrower, (uid, draft)) in self.borrowers.into_iter().enumerate() {
            let field = |part| SigningField::Borrower { borrower, part };
            let uid = uid.map(|uid| uid.trim().to_owned()).unwrap_or_default();
            if uid.is_empty() {
                nameless.push((field(SignerPart::Who), Rule::Missing));
            }
            borrowers.extend(one(draft, &field).map(|link| (uid, link)));
        }
        mistakes.extend(nameless);
        if mistakes.is_empty() {
            Ok(CheckedLinks { officer, borrowers })
        } else {
            Err(mistakes)
        }
    }
}

/// A value that must be there and mean something.
fn needed<T>(entry: Entry<T>) -> Result<T, Rule> {
    match entry {
        Entry::Given(value) => Ok(value),
        Entry::Absent => Err(Rule::Missing),
        Entry::Unreadable => Err(Rule::Malformed),
    }
}

type Parts = (String, Instant, SigningStatus);

impl SignerDraft {
    /// What is wrong with a link, and what it says when nothing is.
    fn read(self) -> (Vec<(SignerPart, Rule)>, Option<Parts>) {
        let url = self.url.map(|url| url.trim().to_owned());
        let url = match url.filter(|url| !url.is_empty()) {
            None => Err(Rule::Missing),
            Some(url) if is_signing_url(&url) => Ok(url),
            Some(_) => Err(Rule::Malformed),
        };
        match (url, needed(self.expires_at), needed(self.status)) {
            (Ok(url), Ok(expires_at), Ok(status)) => (Vec::new(), Some((url, expires_at, status))),
            (url, expires_at, status) => {
                let wrong = [
                    url.err().map(|rule| (SignerPart::Url, rule)),
                    expires_at.err().map(|rule| (SignerPart::ExpiresAt, rule)),
                    status.err().map(|rule| (SignerPart::Status, rule)),
                ];
                (wrong.into_iter().flatten().collect(), None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> SignerDraft {
        SignerDraft {
            url: Some("https://sign.example.com/1".to_owned()),
            expires_at: Entry::Given(Instant::from_seconds(1_900_000_000)),
            status: Entry::Given(SigningStatus::Ready),
        }
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let draft = SigningDraft {
            loan: "LOAN0001".to_owned(),
            vendor: Entry::Unreadable,
            officer: Some(SignerDraft::default()),
            borrowers: vec![
                (None, link()),
                (
                    Some("x".to_owned()),
                    SignerDraft {
                        url: Some("http://sign.example.com".to_owned()),
                        expires_at: Entry::Unreadable,
                        status: Entry::Unreadable,
                    },
                ),
            ],
        };
        let mistakes = draft.check().err().expect("mistakes");
        for expected in [
            (SigningField::Vendor, Rule::Malformed),
            (SigningField::Officer(SignerPart::Url), Rule::Missing),
            (SigningField::Officer(SignerPart::ExpiresAt), Rule::Missing),
            (SigningField::Officer(SignerPart::Status), Rule::Missing),
        ] {
            assert!(mistakes.contains(&expected), "{mistakes:?}");
        }
        let of = |borrower, part, rule| (SigningField::Borrower { borrower, part }, rule);
        for expected in [
            of(0, SignerPart::Who, Rule::Missing),
            of(1, SignerPart::Url, Rule::Malformed),
            of(1, SignerPart::ExpiresAt, Rule::Malformed),
            of(1, SignerPart::Status, Rule::Malformed),
        ] {
            assert!(mistakes.contains(&expected), "{mistakes:?}");
        }
        assert_eq!(mistakes.len(), 8);
    }

    #[test]
    fn somebody_must_sign_and_not_everybody() {
        let nobody = SigningDraft {
            vendor: Entry::Given(DocumentVendor::Ids),
            ..SigningDraft::default()
        };
        let told = nobody.check().err();
        assert_eq!(told, Some(vec![(SigningField::Signers, Rule::Missing)]));
        let crowd = SigningDraft {
            vendor: Entry::Given(DocumentVendor::Ids),
            borrowers: vec![(Some("x".to_owned()), link()); 51],
            ..SigningDraft::default()
        };
        let told = crowd.check().err();
        assert_eq!(told, Some(vec![(SigningField::Signers, Rule::Malformed)]));
    }

    #[test]
    fn addresses_are_in_no_debug_text() {
        let draft = SigningDraft {
            officer: Some(link()),
            ..SigningDraft::default()
        };
        assert!(!format!("{draft:?} {:?}", link()).contains("sign.example"));
    }
}
