//! How letters and text messages leave: a mail server, a folder, a catcher; a provider.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::layers::Reader;

/// How letters and text messages leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailing {
    /// Where letters go; `None` when nobody said: to the folder, or in a demo to the catcher.
    pub route: Option<MailRoute>,
    /// Address reports of undelivered mail go to; `None` for each letter's sender.
    pub bounce_address: Option<String>,
    /// Name this server gives itself; `None` when nobody said.
    pub hello_name: Option<String>,
    /// Certificates a mail server's may be signed by, beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// Connections at once.
    pub connections: usize,
    /// How long one step of a conversation may take.
    pub longest: Duration,
    /// Letters to one receiving domain in any minute; `None` for no bound.
    pub per_domain_per_minute: Option<u32>,
    /// How letters are signed; `None` for not at all.
    pub dkim: Option<Dkim>,
    /// The file that says how a provider of text messages is called; `None` for no provider.
    pub sms_provider: Option<PathBuf>,
}

/// Where letters go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// Files in a folder.
    Folder,
    /// Kept in the database, for pages.
    Catcher,
    /// A mail server.
    Smtp(SmtpAddress),
}

/// Signing letters, RFC 6376.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dkim {
    /// The domain that answers for them.
    pub domain: String,
    /// Which of its keys.
    pub selector: String,
    /// The private key, PEM.
    pub key_file: PathBuf,
}

/// How a connection to a mail server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, and nothing without it.
    StartTls,
    /// Not at all.
    None,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpAddress {
    /// Name or address, an IPv6 address without its brackets.
    pub host: String,
    /// Port, not 0.
    pub port: u16,
    /// How the connection is kept private.
    pub security: SmtpSecurity,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

impl fmt::Debug for SmtpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpAddress")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl SmtpAddress {
    /// Reads `smtp://user:password@host:port?tls=none`. Without a port: 587, or 465 for `smtps`.
    ///
    /// # Errors
    /// What is wrong, for the operator; never with a part of the address.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (is_tls, rest) = match text.split_once("://") {
            Some(("smtp", rest)) => (false, rest),
            Some(("smtps", rest)) => (true, rest),
            _ => return Err("must begin with smtp:// or smtps://, or be catch: or folder:"),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (credentials, place) = match rest.rsplit_once('@') {
            Some((who, place)) => (Some(credentials(who)?), place),
            None => (None, rest),
        };
        let security = match (is_tls, query) {
            (true, "" | "tls=required") => SmtpSecurity::Tls,
            (false, "" | "tls=required") => SmtpSecurity::StartTls,
            (false, "tls=none") => SmtpSecurity::None,
            _ => {
                return Err(
                    "after the ? only tls=required, or tls=none with smtp://, is understood",
                );
            }
        };
        let (host, port) = host_and_port(place, if is_tls { 465 } else { 587 })?;
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if credentials.is_some() && security == SmtpSecurity::None && !is_here {
            return Err("a password is only sent with TLS, or to this machine");
        }
        Ok(Self {
            host,
            port,
            security,
            credentials,
        })
    }
}

fn credentials(who: &str) -> Result<(String, String), &'static str> {
    let (user, password) = who
        .split_once(':')
        .ok_or("a user needs a password: user:password@")?;
    let what = "user and password: write special characters as %40 for @ and so on";
    let user = percent_decoded(user).ok_or(what)?;
    let password = percent_decoded(password).ok_or(what)?;
    let is_plain = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
    if is_plain(&user) && is_plain(&password) {
        Ok((user, password))
    } else {
        Err(what)
    }
}

fn host_and_port(place: &str, usual: u16) -> Result<(String, u16), &'static str> {
    let what = "a host is needed, and a port if it is not the usual one";
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or(what)?;
        host.parse::<std::net::Ipv6Addr>().map_err(|_| what)?;
        let port = match after.strip_prefix(':') {
            Some(port) => Some(port),
            None if after.is_empty() => None,
            None => return Err(what),
        };
        (host, port)
    } else {
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        let is_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if host.is_empty() || !host.bytes().all(is_host) {
            return Err(what);
        }
        (host, port)
    };
    let port = match port {
        None => usual,
        Some(port) => port.parse().ok().filter(|port| *port != 0).ok_or(what)?,
    };
    Ok((host.to_ascii_lowercase(), port))
}

/// RFC 3986, section 2.1. Text that is not UTF-8 afterwards is refused.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Whether a text can stand where a host name is wanted: letters, digits, hyphens, in labels.
fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

impl Reader<'_> {
    /// Every setting of mail and text messages.
    pub(super) fn mailing(&mut self) -> Mailing {
        Mailing {
            route: self.route(),
            bounce_address: self.bounce_address(),
            hello_name: self.host_name("mail.hello_name"),
            ca_file: self.filled("mail.ca_file").map(PathBuf::from),
            connections: usize::try_from(self.number("mail.connections", 1, 64)).unwrap_or(1),
            longest: Duration::from_secs(self.number("mail.timeout_seconds", 1, 60)),
            per_domain_per_minute: Some(self.small("mail.per_domain_per_minute", 0, 6000))
                .filter(|n| *n > 0),
            dkim: self.dkim(),
            sms_provider: self.filled("sms.provider").map(PathBuf::from),
        }
    }

    fn route(&mut self) -> Option<MailRoute> {
        let url = self.filled("mail.url")?;
        match url {
            "catch:" => return Some(MailRoute::Catcher),
            "folder:" => return Some(MailRoute::Folder),
            _ => {}
        }
        match SmtpAddress::parse(url) {
            Ok(address) => Some(MailRoute::Smtp(address)),
            Err(what) => {
                self.wrong("mail.url", what);
                None
            }
        }
    }

    fn bounce_address(&mut self) -> Option<String> {
        let address = self.filled("mail.bounce_address")?;
        // Without a name: it stands in the envelope.
        if address.contains('<') || !crate::message::is_sender(address) {
            let what = "an address is needed, such as bounces@example.com";
            self.wrong("mail.bounce_address", what);
        }
        Some(address.to_owned())
    }

    fn host_name(&mut self, name: &str) -> Option<String> {
        let text = self.filled(name)?;
        if !is_host_name(text) {
            self.wrong(name, "a host name is needed, such as mail.example.com");
        }
        Some(text.to_ascii_lowercase())
    }

    fn dkim(&mut self) -> Option<Dkim> {
        let (domain, selector) = (
            self.host_name("mail.dkim_domain"),
            self.host_name("mail.dkim_selector"),
        );
        let key_file = self.filled("mail.dkim_key_file").map(PathBuf::from);
        match (domain, selector, key_file) {
            (Some(domain), Some(selector), Some(key_file)) => Some(Dkim {
                domain,
                selector,
                key_file,
            }),
            (None, None, None) => None,
            _ => {
                let what = "domain, selector and key file are needed together";
                self.wrong("mail.dkim_domain", what);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layers;
    use super::*;

    #[test]
    fn addresses_of_mail_servers_are_read() {
        let read = SmtpAddress::parse("smtp://lintel%40example.com:p%3Aw%2F%25@Mail.example.com")
            .expect("an address");
        let expected = SmtpAddress {
            host: "mail.example.com".to_owned(),
            port: 587,
            security: SmtpSecurity::StartTls,
            credentials: Some(("lintel@example.com".to_owned(), "p:w/%".to_owned())),
        };
        assert_eq!(read, expected);
        assert!(!format!("{read:?}").contains("p:w"));
        for (text, host, port, security) in [
            (
                "smtps://mail.example.com",
                "mail.example.com",
                465,
                SmtpSecurity::Tls,
            ),
            (
                "smtps://mail:4650/?tls=required",
                "mail",
                4650,
                SmtpSecurity::Tls,
            ),
            (
                "smtp://127.0.0.1:25?tls=none",
                "127.0.0.1",
                25,
                SmtpSecurity::None,
            ),
            (
                "smtp://[::1]:2525/?tls=none",
                "::1",
                2525,
                SmtpSecurity::None,
            ),
            ("smtp://[::1]", "::1", 587, SmtpSecurity::StartTls),
            (
                "smtp://a:b@localhost:25?tls=none",
                "localhost",
                25,
                SmtpSecurity::None,
            ),
        ] {
            let read = SmtpAddress::parse(text).expect(text);
            assert_eq!(
                (read.host.as_str(), read.port, read.security),
                (host, port, security)
            );
        }
    }

    #[test]
    fn others_are_not() {
        for text in [
            "",
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://:25",
            "smtp://host:0",
            "smtp://host:70000",
            "smtp://host:25:26",
            "smtp://host/path",
            "smtp://ho st",
            "smtp://user@host",
            "smtp://user:@host",
            "smtp://user:pass%zz@host",
            "smtp://user:pass%0d%0a@host",
            "smtp://user:pass%ff@host",
            "smtp://host?tls=maybe",
            "smtps://host?tls=none",
            "smtp://user:password@mail.example.com?tls=none",
            "smtp://::1:25",
            "smtp://[::1",
            "smtp://[::1]x",
        ] {
            assert!(SmtpAddress::parse(text).is_err(), "{text}");
        }
    }

    fn mailing(pairs: &[(&str, &str)]) -> Result<Mailing, Vec<String>> {
        let mut layers = Layers::default();
        for (name, value) in pairs {
            layers.add_flag(name, (*value).to_owned());
        }
        layers.finish().map(|config| config.mailing)
    }

    #[test]
    fn without_a_word_letters_go_to_the_folder() {
        let mailing = mailing(&[]).expect("no mistakes");
        assert_eq!(mailing.route, None);
        assert_eq!(mailing.per_domain_per_minute, None);
        assert_eq!((mailing.connections, mailing.longest.as_secs()), (4, 30));
        assert_eq!((mailing.dkim, mailing.sms_provider), (None, None));
    }

    #[test]
    fn mistakes_name_the_setting_and_never_the_password() {
        for (name, value) in [
            ("mail.url", "smtp://user:hunter2@mail.example.com?tls=none"),
            ("mail.bounce_address", "Bounces <hunter2@example.com>"),
            ("mail.bounce_address", "hunter2"),
            ("mail.hello_name", "-hunter2"),
            ("mail.connections", "0"),
            ("mail.timeout_seconds", "0"),
            ("mail.per_domain_per_minute", "many"),
            ("mail.dkim_domain", "example.com"),
        ] {
            let Err(mistakes) = mailing(&[(name, value)]) else {
                panic!("{name}: taken");
            };
            assert!(mistakes.iter().all(|m| m.starts_with(name)), "{mistakes:?}");
            assert!(!mistakes.concat().contains("hunter2"), "{mistakes:?}");
        }
        let all = [
            ("mail.url", "catch:"),
            ("mail.dkim_domain", "example.com"),
            ("mail.dkim_selector", "lintel2026"),
            ("mail.dkim_key_file", "dkim.pem"),
            ("sms.provider", "sms.toml"),
        ];
        let mailing = mailing(&all).expect("no mistakes");
        assert_eq!(mailing.route, Some(MailRoute::Catcher));
        assert!(mailing.dkim.is_some() && mailing.sms_provider.is_some());
    }
}
