//! The letter after a sign-up. Anybody may type anybody's address into the page, so that the letter
//! says nothing a stranger chose: no text of the form but a plain given name.

use lintel_domain::signup::Applicant;
use lintel_store::borrower::StoredAccount;

use crate::mail::Message;

/// Longest given name a letter begins with.
const NAME_MAX_CHARS: usize = 40;

/// What the letter's link does.
pub(super) enum Way {
    /// Chooses the first password.
    Welcome(String),
    /// Signs in.
    SignIn(String),
}

/// The letter that confirms a request.
pub(super) fn confirmation(
    org_name: &str,
    borrower: &Applicant,
    account: &StoredAccount,
    way: &Way,
) -> Message {
    let greeting = match borrower.first_name.as_deref().filter(|name| is_plain(name)) {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    };
    let (lead_in, link, after) = match way {
        Way::Welcome(link) => (
            "Choose a password to follow your request. The link works once, for seven days:",
            link,
            "",
        ),
        Way::SignIn(link) => ("Sign in to follow your request:", link, ""),
    };
    let text = format!(
        "{greeting}\n\n{org_name} has received your request for a home loan. A loan officer will be \
         in touch.\n\n{lead_in}\n{link}\n{after}\nIf you did not ask for this, you need not do \
         anything: without the link nobody can see or change anything.\n\n{org_name}\n"
    );
    Message {
        to_name: String::new(),
        to_email: account.email.clone(),
        subject: format!("Your request at {org_name}"),
        text,
        html: None,
    }
}

/// A name that is nothing but a name: no address of a site, no sentence.
fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '\u{2019}');
    name.chars().count() <= NAME_MAX_CHARS && name.chars().all(fits)
}
