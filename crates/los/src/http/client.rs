//! One question over HTTP, on a thread that may wait.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lintel_app::los::{HttpSettings, LosCredentials, Mistake};
use ureq::Agent;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::elsewhere::same_server;
use crate::connectors::MAX_BYTES;

/// Redirects followed within the server.
const HOPS: usize = 3;

/// Asks one address with one set of headers.
#[derive(Clone)]
pub(super) struct Client {
    agent: Agent,
    address: String,
    headers: HeaderMap,
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) is_json: bool,
    pub(super) retry_after: Option<String>,
    /// Read of a good answer only.
    pub(super) body: Vec<u8>,
}

/// Why there is no answer. The client's own texts may repeat the address, so they are not kept.
pub(super) enum Broken {
    TimedOut,
    /// The line is down or broke off; asking again may help.
    Line(String),
    /// The other side is not who it should be.
    Trust(String),
    TooLarge,
    Elsewhere,
    NotHttp,
}

/// The certificates that vouch for a system; `None` for the public ones.
pub(super) fn roots(pem: Option<&str>) -> Result<Option<RootCerts>, Mistake> {
    let Some(pem) = pem else { return Ok(None) };
    let mut certificates = Vec::new();
    for item in parse_pem(pem.as_bytes()) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(Mistake("the file of certificates cannot be read")),
        }
    }
    if certificates.is_empty() {
        return Err(Mistake("the file of certificates holds none"));
    }
    Ok(Some(RootCerts::new_with_certs(&certificates)))
}

fn headers(settings: &HttpSettings) -> Result<HeaderMap, Mistake> {
    let unusable = |_| Mistake("credentials or formats cannot be sent");
    let value = |text: &str| HeaderValue::from_str(text).map_err(unusable);
    let (name, text) = match &settings.credentials {
        LosCredentials::None => (None, String::new()),
        LosCredentials::Basic { user, password } => {
            let pair = format!("{user}:{}", password.expose());
            let text = format!("Basic {}", BASE64_STANDARD.encode(pair));
            (Some(AUTHORIZATION), text)
        }
        LosCredentials::Bearer { token } => {
            (Some(AUTHORIZATION), format!("Bearer {}", token.expose()))
        }
        LosCredentials::Header { name, value } => {
            let name = HeaderName::try_from(name.as_str());
            let name = name.map_err(|_| Mistake("the header's name cannot be one"))?;
            (Some(name), value.expose().clone())
        }
    };
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, value(&settings.accept)?);
    if let Some(name) = name {
        let mut secret = value(&text)?;
        secret.set_sensitive(true);
        headers.insert(name, secret);
    }
    Ok(headers)
}

impl Client {
    pub(super) fn open(
        settings: &HttpSettings,
        address: String,
        connect: Duration,
    ) -> Result<Self, Mistake> {
        let mut tls = TlsConfig::builder();
        if let Some(roots) = roots(settings.certificates.as_deref())? {
            tls = tls.root_certs(roots);
        }
        let agent = Agent::config_builder()
            .https_only(!settings.address.is_in_clear())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(connect))
            .user_agent("lintel")
            .tls_config(tls.build())
            .build()
            .new_agent();
        Ok(Self {
            agent,
            address,
            headers: headers(settings)?,
        })
    }

    /// Asks, and follows redirects within the server, in this much time.
    pub(super) fn get(&self, within: Duration) -> Result<Reply, Broken> {
        let until = Instant::now() + within;
        let mut address = self.address.clone();
        for _ in 0..=HOPS {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Broken::TimedOut);
            }
            let response = self.send(&address, left)?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return reply(response);
            }
            let location = text_of(&response, &LOCATION).ok_or(Broken::Elsewhere)?;
            address = same_server(&address, &location).ok_or(Broken::Elsewhere)?;
        }
        Err(Broken::Elsewhere)
    }

    fn send(&self, address: &str, left: Duration) -> Result<Response<ureq::Body>, Broken> {
        let mut request = Request::get(address)
            .body(())
            .map_err(|_| Broken::Line("the address cannot be asked".to_owned()))?;
        *request.headers_mut() = self.headers.clone();
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(Some(left))
            .build();
        self.agent.run(request).map_err(broken)
    }
}

fn text_of(response: &Response<ureq::Body>, name: &HeaderName) -> Option<String> {
    let value = response.headers().get(name)?;
    value.to_str().ok().map(str::to_owned)
}

fn reply(response: Response<ureq::Body>) -> Result<Reply, Broken> {
    let status = response.status().as_u16();
    let kind = text_of(&response, &CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    let is_json = kind.ends_with("/json") || kind.ends_with("+json");
    let retry_after = text_of(&response, &RETRY_AFTER);
    let mut body = Vec::new();
    if status == 200 {
        let is_long = |length: u64| length > MAX_BYTES;
        if response.body().content_length().is_some_and(is_long) {
            return Err(Broken::TooLarge);
        }
        // The client's bound refuses what is exactly as long.
        let limit = MAX_BYTES.saturating_add(1);
        let bounded = response.into_body().into_with_config().limit(limit);
        body = bounded.read_to_vec().map_err(broken)?;
    }
    Ok(Reply {
        status,
        is_json,
        retry_after,
        body,
    })
}

fn broken(error: ureq::Error) -> Broken {
    match error {
        ureq::Error::Timeout(_) => Broken::TimedOut,
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::TimedOut => Broken::TimedOut,
            // How a handshake that failed is told, such as a certificate nobody vouches for.
            ErrorKind::InvalidData => Broken::Trust(format!("TLS: {error}")),
            kind => Broken::Line(kind.to_string()),
        },
        ureq::Error::HostNotFound => Broken::Line("the host is not known".to_owned()),
        ureq::Error::ConnectionFailed => Broken::Line("no connection".to_owned()),
        ureq::Error::Tls(words) => Broken::Trust(format!("TLS: {words}")),
        ureq::Error::Rustls(error) => Broken::Trust(format!("TLS: {error}")),
        ureq::Error::RequireHttpsOnly(_) => Broken::Elsewhere,
        ureq::Error::BodyExceedsLimit(_) => Broken::TooLarge,
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Broken::NotHttp,
        _ => Broken::Line("the call failed".to_owned()),
    }
}
