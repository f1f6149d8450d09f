//! What can go wrong, in words that never hold a key, a token or a server's answer in full.

use std::error::Error;
use std::fmt;

use object_store::client::HttpError;

/// Why a file was not stored, read or removed.
#[derive(Debug)]
#[non_exhaustive]
pub enum BucketError {
    /// The address of the store, or a name in it, cannot be used.
    Address {
        /// What is wrong; repeats no part of the address.
        reason: &'static str,
    },
    /// A setting in the environment cannot be used.
    Setting(String),
    /// The store did not answer, or refused.
    Store {
        /// What was tried, as in `write`.
        action: &'static str,
        /// The name in the store.
        name: String,
        /// What the store said: status and error code, or why it was not reached.
        reason: String,
    },
}

impl fmt::Display for BucketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { reason } => write!(f, "address of the store: {reason}"),
            Self::Setting(reason) => write!(f, "setting of the store: {reason}"),
            Self::Store {
                action,
                name,
                reason,
            } => write!(f, "cannot {action} {name}: {reason}"),
        }
    }
}

impl Error for BucketError {}

/// What an error of the object store says that may be shown.
///
/// A refusal of S3 carries an answer in XML that repeats the access key's id and, in its canonical
/// request, the session token. So nothing is copied but the status, the error code and the words
/// of our own HTTP client.
pub(crate) fn shown(error: &object_store::Error) -> String {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(step) = source {
        if let Some(http) = step.downcast_ref::<HttpError>() {
            let words = http.source().map(ToString::to_string);
            return words.unwrap_or_else(|| "no connection".to_owned());
        }
        source = step.source();
    }
    let text = error.to_string();
    let status = between(&text, "status code: ", ":").filter(|status| status.len() <= 40);
    let code = between(&text, "<Code>", "</Code>")
        .filter(|code| code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric()));
    match (status, code) {
        (Some(status), Some(code)) => format!("{status} ({code})"),
        (Some(status), None) => status.to_owned(),
        (None, Some(code)) => code.to_owned(),
        (None, None) => kind(error).to_owned(),
    }
}

fn kind(error: &object_store::Error) -> &'static str {
    match error {
        object_store::Error::NotFound { .. } => "there is no such object",
        object_store::Error::PermissionDenied { .. } => "not allowed with these credentials",
        object_store::Error::Unauthenticated { .. } => "the credentials were not accepted",
        object_store::Error::AlreadyExists { .. } => "it is there already",
        object_store::Error::InvalidPath { .. } => "not a name the store takes",
        _ => "the store gave no reason that can be shown",
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> object_store::Error {
        object_store::Error::Generic {
            store: "S3",
            source: text.into(),
        }
    }

    #[test]
    fn only_status_and_code_of_an_answer_are_shown() {
        let text = "Error performing PUT http://h/b/x in 3ms - Server returned non-2xx status code: \
                    403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code>\
                    <AWSAccessKeyId>AKIASECRET</AWSAccessKeyId></Error>";
        assert_eq!(
            shown(&refused(text)),
            "403 Forbidden (SignatureDoesNotMatch)"
        );
        let text = "status code: 500 Internal Server Error: AKIASECRET";
        assert_eq!(shown(&refused(text)), "500 Internal Server Error");
        for text in [
            "AKIASECRET",
            "<Code>AKIA SECRET</Code>",
            "status code: AKIASECRET",
        ] {
            assert!(!shown(&refused(text)).contains("AKIA"), "{text}");
        }
    }
}
