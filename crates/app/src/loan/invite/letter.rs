//! The letter that invites a borrower. Names come out of a document: what is no plain name is left
//! out.

use lintel_domain::loan::OfficerName;

use crate::mail::Message;

/// Longest name a letter repeats.
const NAME_MAX_CHARS: usize = 80;

/// What the letter's link does.
pub(super) enum Way {
    /// Chooses the first password.
    Welcome(String),
    /// Signs in.
    SignIn(String),
}

/// What the letter says.
pub(super) struct Invitation<'a> {
    /// Who took the application in.
    pub org_name: &'a str,
    /// The lender behind it, when that is somebody else.
    pub lender_name: Option<&'a str>,
    /// Who answers for it.
    pub officer: &'a OfficerName,
    /// The borrower's given name.
    pub first_name: &'a str,
    /// The account's address.
    pub email: &'a str,
    /// How the loan is followed.
    pub way: &'a Way,
}

impl Invitation<'_> {
    pub(super) fn message(&self) -> Message {
        let org = self.org_name;
        let greeting = match plain(self.first_name) {
            Some(name) => format!("Hello {name},"),
            None => "Hello,".to_owned(),
        };
        let lender = match self.lender_name {
            Some(lender) => format!(" The lender is {lender}."),
            None => String::new(),
        };
        let officer = match self.officer_name() {
            Some(name) => format!(" Your loan officer is {name}."),
            None => String::new(),
        };
        let (lead_in, link, after) = match self.way {
            Way::Welcome(link) => (
                "Choose a password to follow your loan: where it stands, and what is still needed \
                 from you. The link works once, for seven days:",
                link,
                "Later, \"Forgot your password?\" on the sign-in page sends you another.\n\n",
            ),
            Way::SignIn(link) => (
                "Sign in to follow your loan: where it stands, and what is still needed from you:",
                link,
                "",
            ),
        };
        let text = format!(
            "{greeting}\n\n{org} has taken in your application for a home loan.{lender}{officer}\n\n\
             {lead_in}\n{link}\n\n{after}If you did not apply for a loan, you need not do anything: \
             without the link nobody can see or change anything.\n\n{org}\n"
        );
        Message {
            to_name: String::new(),
            to_email: self.email.to_owned(),
            subject: format!("Your home loan application at {org}"),
            text,
            html: None,
        }
    }

    fn officer_name(&self) -> Option<String> {
        let (first, last) = (&self.officer.first_name, &self.officer.last_name);
        let names = [first, last].into_iter().flatten();
        let names: Vec<&str> = names.map(|name| name.trim()).collect();
        plain(&names.join(" ")).map(str::to_owned)
    }
}

/// A name that is nothing but a name: no address of a site, no sentence.
fn plain(name: &str) -> Option<&str> {
    let name = name.trim();
    let fits = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '\u{2019}' | '.');
    let is_name = !name.is_empty()
        && name.chars().count() <= NAME_MAX_CHARS
        && name.chars().all(fits)
        && !has_host(name);
    is_name.then_some(name)
}

/// Whether a mail program could take a part of the name for the address of a site: a dot with
/// letters on both sides.
fn has_host(name: &str) -> bool {
    let parts = name.split('.');
    let inner = parts.skip(1);
    let mut inner = inner.map(|part| part.starts_with(char::is_alphabetic));
    inner.any(|is_host| is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(first_name: &str, officer: (&str, &str), lender: Option<&str>) -> String {
        let officer = OfficerName {
            first_name: Some(officer.0.to_owned()),
            last_name: Some(officer.1.to_owned()),
            ..OfficerName::default()
        };
        let invitation = Invitation {
            org_name: "Example Broker",
            lender_name: lender,
            officer: &officer,
            first_name,
            email: "tam@example.com",
            way: &Way::Welcome("https://loans.example.com/app/welcome/x".to_owned()),
        };
        invitation.message().text
    }

    #[test]
    fn a_letter_says_who_and_what() {
        let text = letter("Tam", ("Olive", "O'Hara Jr."), Some("Example Lender"));
        for part in [
            "Hello Tam,",
            "Example Broker has taken in",
            "The lender is Example Lender.",
            "Your loan officer is Olive O'Hara Jr..",
            "https://loans.example.com/app/welcome/x\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn no_name_brings_anything_with_it() {
        for odd in [
            "www.evil.example",
            "Tam evil.com",
            "http://x",
            "a\nb",
            "",
            "  ",
            "1",
        ] {
            let text = letter(odd, (odd, odd), None);
            assert!(text.starts_with("Hello,\n"), "{text}");
            assert!(!text.contains("officer"), "{text}");
        }
        assert!(letter("J. R.", ("", "Only"), None).contains("officer is Only."));
    }
}
