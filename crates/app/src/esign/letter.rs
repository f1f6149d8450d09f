//! The mail that tells somebody where to sign.

use lintel_domain::organisation::Organisation;

use super::draft::CheckedLink;
use crate::mail::Message;

/// Plain text: an address of two thousand characters is safest on a line of its own.
pub(super) fn letter(
    org: &Organisation,
    first_name: &str,
    email: &str,
    link: &CheckedLink,
) -> Message {
    let greeting = if first_name.is_empty() {
        "Hello,".to_owned()
    } else {
        format!("Hello {first_name},")
    };
    let text = format!(
        "{greeting}\n\n{name} has loan documents for you to sign. Open them here:\n\n{url}\n\n\
         The link is for you alone: whoever has it can sign in your name. If you do not expect \
         documents from {name}, ask there before you open it.\n",
        name = org.name,
        url = link.url,
    );
    Message {
        to_name: first_name.to_owned(),
        to_email: email.to_owned(),
        subject: "Your loan documents are ready to sign".to_owned(),
        text,
        html: None,
    }
}
