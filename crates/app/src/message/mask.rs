//! What staff see of a message that was written to somebody else: not the links that sign in.

use lintel_domain::message::MailKind;
use lintel_letters::{clean_html, escaped, preview_html};

use super::content::Content;
use crate::context::App;

/// What stands in a secret's place.
const MASK: &str = "•••";
/// Fewer characters are no secret; masking them would only riddle the text.
const SECRET_MIN_LEN: usize = 6;
/// A run of so many letters and digits of all three sorts is a token, whoever forgot to say so.
const TOKEN_MIN_LEN: usize = 24;

/// The text of a message, masked.
pub(super) fn text(content: &Content) -> String {
    hidden(&content.text, content)
}

/// The subject of a message, masked.
pub(super) fn subject(content: &Content) -> String {
    hidden(&content.subject, content)
}

/// The HTML of a message, masked and harmless. What another system wrote loses its pictures.
pub(super) fn html(app: &App, kind: MailKind, content: &Content) -> Option<String> {
    let html = hidden(content.html.as_deref()?, content);
    let pictures = app.public_url().map(|url| format!("{url}/images/"));
    let harmless = match kind {
        MailKind::Crm => clean_html(&html),
        MailKind::PasswordReset
        | MailKind::PasswordChanged
        | MailKind::Welcome
        | MailKind::SignUp
        | MailKind::SigningReady
        | MailKind::LoanInvitation
        | MailKind::ApplicationInvitation
        | MailKind::RateUpdate
        | MailKind::RateReached
        | MailKind::Fine
        | MailKind::Proposal
        | MailKind::CallbackOff => preview_html(&html, pictures.as_deref()),
    };
    // Cleaning writes references to characters another way: what they hid is seen now.
    Some(hidden(&harmless, content))
}

fn hidden(text: &str, content: &Content) -> String {
    let mut secrets: Vec<&str> = content.secrets.iter().map(String::as_str).collect();
    secrets.extend(content.unsubscribe.as_deref());
    secrets.retain(|secret| secret.len() >= SECRET_MIN_LEN);
    // The longest first: one may be part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut shown = text.to_owned();
    for secret in secrets {
        let once = secret.replace('&', "&amp;");
        for written in [secret, &escaped(secret), &once] {
            if shown.contains(written) {
                shown = shown.replace(written, MASK);
            }
        }
    }
    without_tokens(&shown)
}

/// A text without runs that look like tokens in an address.
fn without_tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, run_on) = rest.split_at(start);
        let end = run_on.find(|c: char| !c.is_ascii_alphanumeric());
        let (run, after) = run_on.split_at(end.unwrap_or(run_on.len()));
        shown.push_str(before);
        let is_in_address = before.ends_with(['/', '=', '-', '_']);
        shown.push_str(if is_in_address && is_token(run) {
            MASK
        } else {
            run
        });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn is_token(run: &str) -> bool {
    let has = |sort: fn(&u8) -> bool| run.bytes().any(|b| sort(&b));
    run.len() >= TOKEN_MIN_LEN
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p";

    #[test]
    fn what_was_named_is_masked_however_it_is_written() {
        let url = "https://loans.example.com/a?x=1&y=O'Hara";
        let content = Content {
            text: format!("Sign in: {url}\nor {url}."),
            html: Some(format!(
                "<a href=\"{}\">here</a> <i>{}</i>",
                url.replace('&', "&amp;"),
                escaped(url)
            )),
            secrets: vec![url.to_owned(), "x=1".to_owned()],
            ..Content::default()
        };
        assert_eq!(text(&content), "Sign in: •••\nor •••.");
        let html = hidden(content.html.as_deref().expect("html"), &content);
        assert_eq!(html, "<a href=\"•••\">here</a> <i>•••</i>");
    }

    #[test]
    fn a_token_nobody_named_is_masked_too() {
        let content = Content {
            text: format!("https://loans.example.com/app/enter/{TOKEN}?t={TOKEN} {TOKEN}"),
            ..Content::default()
        };
        let shown = text(&content);
        assert_eq!(
            shown,
            format!("https://loans.example.com/app/enter/•••?t=••• {TOKEN}")
        );
    }

    #[test]
    fn pictures_named_by_hashes_stay() {
        let picture = format!("/images/{}.png", "0123456789abcdef".repeat(4));
        assert_eq!(without_tokens(&picture), picture);
        assert_eq!(without_tokens("Zoë /äöü/ ends"), "Zoë /äöü/ ends");
    }
}
