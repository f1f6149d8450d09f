//! The object store's HTTP client: `ureq` with rustls and ring, each call on a blocking thread.
//!
//! The store's own client would bring a second cryptography library or thirty more crates; this
//! one is in the tree already. Redirects are not followed: a signed request holds for one address.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use object_store::ClientOptions;
use object_store::client::{
    ClientConfigKey, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest,
    HttpResponse, HttpResponseBody, HttpService,
};
use ureq::Agent;
use ureq::http::header::{HeaderValue, IF_NONE_MATCH, RANGE};
use ureq::http::{HeaderMap, Method, Request, Response, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use crate::error::BucketError;

/// Time to a connection. Also what a machine outside a cloud waits for the cloud's metadata service.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Silence on an open connection.
const SILENCE: Duration = Duration::from_secs(30);
/// One call in all, with a part of some dozen megabytes over a slow line.
const CALL_TIMEOUT: Duration = Duration::from_secs(600);
/// Longest answer read. A part is a tenth of this.
pub(crate) const MAX_ANSWER: u64 = 1024 * 1024 * 1024;
/// Longest answer read to a call for a shorter stretch: a refusal has words of its own.
const MAX_WORDS: u64 = 1024 * 1024;

/// Makes clients, with the operator's own root certificates if there are any.
#[derive(Debug)]
pub(crate) struct Connector {
    roots: Option<RootCerts>,
}

impl Connector {
    /// `pem` is the content of a file of root certificates that replace the built-in ones.
    pub(crate) fn try_new(pem: Option<&[u8]>) -> Result<Self, BucketError> {
        let Some(pem) = pem else {
            return Ok(Self { roots: None });
        };
        let mut certificates = Vec::new();
        for item in parse_pem(pem) {
            if let Ok(PemItem::Certificate(certificate)) = item {
                certificates.push(certificate);
            }
        }
        if certificates.is_empty() {
            let reason = "the file named by AWS_CA_BUNDLE holds no certificate";
            return Err(BucketError::Setting(reason.to_owned()));
        }
        Ok(Self {
            roots: Some(RootCerts::new_with_certs(&certificates)),
        })
    }
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let allow_http = options.get_config_value(&ClientConfigKey::AllowHttp);
        let mut tls = TlsConfig::builder();
        if let Some(roots) = &self.roots {
            tls = tls.root_certs(roots.clone());
        }
        let agent = Agent::config_builder()
            .https_only(allow_http.as_deref() != Some("true"))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(SILENCE))
            .timeout_per_write(Some(SILENCE))
            .timeout_global(Some(CALL_TIMEOUT))
            .user_agent("lintel")
            .tls_config(tls.build())
            .build()
            .new_agent();
        Ok(HttpClient::new(Service { agent }))
    }
}

struct Service {
    agent: Agent,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

impl HttpService for Service {
    // What `#[async_trait]` writes, without the crate.
    fn call<'s, 'f>(
        &'s self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        let agent = self.agent.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let request = Request::from_parts(parts, body);
            tokio::task::spawn_blocking(move || call(&agent, request))
                .await
                .map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?
        })
    }
}

fn call(agent: &Agent, request: Request<Bytes>) -> Result<HttpResponse, HttpError> {
    let (mut parts, body) = request.into_parts();
    if completes_an_upload(&parts.method, &parts.uri) {
        let any = HeaderValue::from_static("*");
        parts.headers.insert(IF_NONE_MATCH, any);
    }
    let longest = longest_answer(&parts.headers);
    let sent = if matches!(parts.method, Method::PUT | Method::POST | Method::PATCH) {
        agent.run(Request::from_parts(parts, body.as_ref()))
    } else {
        agent.run(Request::from_parts(parts, ()))
    };
    let (parts, mut body) = sent.map_err(failed)?.into_parts();
    let read = body.with_config().limit(longest).read_to_vec();
    let body = HttpResponseBody::from(read.map_err(failed)?);
    Ok(Response::from_parts(parts, body))
}

/// Whether a call puts the parts of an upload under their name. Every file here is written once, and
/// the library says so for whole files only. The header need not be signed.
fn completes_an_upload(method: &Method, uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    *method == Method::POST && query.split('&').any(|pair| pair.starts_with("uploadId="))
}

/// A store that passes over the range would otherwise fill the memory with a whole file.
fn longest_answer(headers: &HeaderMap) -> u64 {
    let wanted = headers
        .get(RANGE)
        .and_then(|value| value.to_str().ok()?.strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
        .and_then(|(first, last)| {
            let first: u64 = first.parse().ok()?;
            last.parse::<u64>().ok()?.checked_sub(first)?.checked_add(1)
        });
    // One more: the client takes an answer that fills the bound for one that goes on.
    wanted.map_or(MAX_ANSWER, |bytes| {
        bytes.saturating_add(1).clamp(MAX_WORDS, MAX_ANSWER)
    })
}

/// Why there was no answer. The client's own text may repeat the address, so it is not kept.
#[derive(Debug)]
struct Unanswered(String);

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unanswered {}

fn failed(error: ureq::Error) -> HttpError {
    let (kind, words) = match error {
        ureq::Error::Io(error) => {
            let kind = match error.kind() {
                ErrorKind::TimedOut => HttpErrorKind::Timeout,
                ErrorKind::ConnectionRefused => HttpErrorKind::Connect,
                ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionReset
                | ErrorKind::BrokenPipe
                | ErrorKind::UnexpectedEof => HttpErrorKind::Interrupted,
                _ => HttpErrorKind::Unknown,
            };
            // How a handshake that failed is told, such as a certificate nobody vouches for.
            let words = match error.kind() {
                ErrorKind::InvalidData => format!("TLS: {error}"),
                other => other.to_string(),
            };
            (kind, words)
        }
        ureq::Error::Timeout(_) => (HttpErrorKind::Timeout, "no answer in time".to_owned()),
        ureq::Error::HostNotFound => (HttpErrorKind::Connect, "the host is not known".to_owned()),
        ureq::Error::ConnectionFailed => (HttpErrorKind::Connect, "no connection".to_owned()),
        ureq::Error::RequireHttpsOnly(_) => (
            HttpErrorKind::Unknown,
            "plain http is not allowed here; set AWS_ALLOW_HTTP=true to send keys and data in clear"
                .to_owned(),
        ),
        ureq::Error::Tls(words) => (HttpErrorKind::Unknown, format!("TLS: {words}")),
        ureq::Error::Rustls(error) => (HttpErrorKind::Unknown, format!("TLS: {error}")),
        ureq::Error::BodyExceedsLimit(_) => (
            HttpErrorKind::Decode,
            "the answer is longer than is read".to_owned(),
        ),
        ureq::Error::Protocol(_) => (
            HttpErrorKind::Interrupted,
            "the answer is not HTTP".to_owned(),
        ),
        _ => (HttpErrorKind::Unknown, "the call failed".to_owned()),
    };
    HttpError::new(kind, Unanswered(words))
}
