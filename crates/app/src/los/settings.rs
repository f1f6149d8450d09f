//! How a system is reached, as an operator says it. Stored sealed: credentials are among it.

use std::fmt;
use std::path::Path;

use lintel_domain::application::sensitive::Sensitive;
use serde::{Deserialize, Serialize};

use super::address::AddressTemplate;

/// What is asked for when nothing else is said.
pub const DEFAULT_ACCEPT: &str = "application/xml, text/xml;q=0.9, application/json;q=0.8";
/// The member of a JSON answer that holds the document when nothing else is said.
pub const DEFAULT_MEMBER: &str = "mismo34";
/// Seconds for one fetch with all its repetitions when nothing else is said.
pub const DEFAULT_TIMEOUT_S: u8 = 20;
/// Most seconds for one fetch: less than a caller waits for an answer.
pub const TIMEOUT_MAX_S: u8 = 25;
/// How often a system is asked when nothing else is said.
pub const DEFAULT_ATTEMPTS: u8 = 3;
/// Most attempts of one fetch.
pub const ATTEMPTS_MAX: u8 = 5;

/// Longest path of a folder.
const FOLDER_MAX_LEN: usize = 4096;
/// Longest secret.
const SECRET_MAX_LEN: usize = 4096;
/// Longest name of a user or a header, and longest list of wanted formats.
const NAME_MAX_LEN: usize = 200;
/// Most parts of the way to a member, and longest of them.
const MEMBER_PARTS_MAX: usize = 5;
const MEMBER_PART_MAX_CHARS: usize = 64;
/// Longest list of certificates.
const CERTIFICATES_MAX_LEN: usize = 256 * 1024;

/// Headers that are the client's own business.
const OWN_HEADERS: [&str; 9] = [
    "accept",
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is wrong with settings, in a sentence for the operator. It holds nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake(pub &'static str);

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Mistake {}

/// How a system is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LosSettings {
    /// Files in a folder.
    Folder(FolderSettings),
    /// An address that answers with documents.
    Http(Box<HttpSettings>),
}

/// Files named by the loan's number, or its other number, with `.xml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSettings {
    /// The folder, as an absolute path on every machine that serves.
    pub folder: String,
}

/// An address that answers with documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// The address of a loan.
    pub address: AddressTemplate,
    /// Who asks.
    pub credentials: LosCredentials,
    /// Which formats are wanted, as an `Accept` header says it.
    pub accept: String,
    /// Where a JSON answer has the document: a member's name, or names with dots between them.
    pub member: String,
    /// Certificates that vouch for the system instead of the public ones, as PEM.
    pub certificates: Option<String>,
    /// Seconds for one fetch with all its repetitions, 1 to 25.
    pub timeout_s: u8,
    /// How often the system is asked before the fetch fails, 1 to 5.
    pub attempts: u8,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LosCredentials {
    /// Nobody in particular.
    None,
    /// A user with a password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Sensitive<String>,
    },
    /// Whoever has a token.
    Bearer {
        /// The token.
        token: Sensitive<String>,
    },
    /// Whoever sends a header.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: Sensitive<String>,
    },
}

impl LosSettings {
    /// The word that is stored beside the sealed settings.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Folder(_) => "folder",
            Self::Http(_) => "http",
        }
    }

    /// Whether the settings can be used, as far as that can be seen from them alone.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn check(&self) -> Result<(), Mistake> {
        match self {
            Self::Folder(folder) => folder.check(),
            Self::Http(http) => http.check(),
        }
    }
}

impl FolderSettings {
    fn check(&self) -> Result<(), Mistake> {
        let text = &self.folder;
        if text.len() > FOLDER_MAX_LEN || text.chars().any(char::is_control) {
            return Err(Mistake("the folder's path cannot be one"));
        }
        if !Path::new(text).is_absolute() {
            return Err(Mistake("the folder must be an absolute path"));
        }
        Ok(())
    }
}

impl HttpSettings {
    fn check(&self) -> Result<(), Mistake> {
        self.credentials.check()?;
        if !is_header_text(&self.accept, NAME_MAX_LEN) {
            return Err(Mistake("the formats wanted must be a header's plain text"));
        }
        let parts: Vec<&str> = self.member.split('.').collect();
        let is_part = |part: &&str| {
            !part.is_empty()
                && part.chars().count() <= MEMBER_PART_MAX_CHARS
                && !part.chars().any(char::is_control)
        };
        if parts.len() > MEMBER_PARTS_MAX || !parts.iter().all(is_part) {
            return Err(Mistake(
                "the member must be a name, or up to five names with dots between them",
            ));
        }
        if let Some(pem) = &self.certificates {
            if pem.len() > CERTIFICATES_MAX_LEN {
                return Err(Mistake("the certificates are longer than 256 KiB"));
            }
            if !pem.contains("-----BEGIN CERTIFICATE-----") {
                return Err(Mistake("the file of certificates holds none"));
            }
        }
        if !(1..=TIMEOUT_MAX_S).contains(&self.timeout_s) {
            return Err(Mistake("the time must be 1 to 25 seconds"));
        }
        if !(1..=ATTEMPTS_MAX).contains(&self.attempts) {
            return Err(Mistake("there must be 1 to 5 attempts"));
        }
        Ok(())
    }
}

impl LosCredentials {
    /// The word that says which kind they are.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic { .. } => "basic",
            Self::Bearer { .. } => "bearer",
            Self::Header { .. } => "header",
        }
    }

    fn check(&self) -> Result<(), Mistake> {
        match self {
            Self::None => Ok(()),
            Self::Basic { user, password } => {
                let is_plain = |text: &str| !text.chars().any(char::is_control);
                if user.is_empty() || user.len() > NAME_MAX_LEN || user.contains(':') {
                    return Err(Mistake("the user must be a name without a colon"));
                }
                let password = password.expose();
                let fits = !password.is_empty() && password.len() <= SECRET_MAX_LEN;
                if !fits || !is_plain(password) || !is_plain(user) {
                    return Err(Mistake(
                        "user and password must be one line of up to 4096 bytes each",
                    ));
                }
                Ok(())
            }
            Self::Bearer { token } => {
                let token = token.expose();
                if is_header_text(token, SECRET_MAX_LEN) && !token.contains([' ', '\t']) {
                    return Ok(());
                }
                Err(Mistake("the token must be plain ASCII without blanks"))
            }
            Self::Header { name, value } => {
                if name.len() > NAME_MAX_LEN || name.is_empty() || !name.bytes().all(is_name_byte) {
                    return Err(Mistake("the header's name cannot be one"));
                }
                if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                    return Err(Mistake("this header is not for credentials"));
                }
                if !is_header_text(value.expose(), SECRET_MAX_LEN) {
                    return Err(Mistake("the header's value must be plain ASCII"));
                }
                Ok(())
            }
        }
    }
}

/// Visible ASCII with blanks inside.
fn is_header_text(text: &str, max_len: usize) -> bool {
    let is_text = |b: u8| b.is_ascii_graphic() || matches!(b, b' ' | b'\t');
    !text.is_empty() && text.len() <= max_len && text == text.trim() && text.bytes().all(is_text)
}

/// RFC 9110, 5.6.2: the characters of a token.
const fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

#[cfg(test)]
mod tests;
