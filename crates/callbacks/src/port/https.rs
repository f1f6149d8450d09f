//! Real calls: HTTPS to addresses that are public at the moment of the connection.

use std::fmt;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lintel_domain::callback::AttemptOutcome;
use lintel_store::fault::Fault;
use tokio::sync::Semaphore;
use ureq::http::{Request, Response, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, config::Config};

use super::{
    BoxFuture, CALL_LONGEST, HEADER_MAX_CHARS, HEADERS_MAX, Held, LOOK_UP_LONGEST, LOOK_UP_WAIT,
    LookUp, Outgoing, Port, Reply,
};
use crate::address::is_public;
use crate::target::Host;

/// How much longer than its time a call is waited for: looking up a name may not be stopped.
const GRACE: Duration = Duration::from_secs(1);
/// Most of an answer that is read, in bytes; then it is left.
const ANSWER_MAX: u64 = 16 * 1024;
/// Longest header of an answer that is read, all of it, in bytes.
const ANSWER_HEADER_MAX: usize = 32 * 1024;
/// Addresses of a name that are looked at.
const ADDRESSES_MAX: usize = 16;
/// Names looked up at once: a thread each, which may hang as long as the system's resolver likes.
const LOOK_UPS: usize = 16;

/// How names become addresses.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of a name. May wait.
    ///
    /// # Errors
    /// Whatever the system says.
    fn addresses(&self, name: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// The operating system's.
#[derive(Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        let found = (name, 443).to_socket_addrs()?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Calls over HTTPS.
pub struct Https {
    agent: Agent,
    lookup: Arc<dyn Lookup>,
    allow_private: bool,
    look_ups: Arc<Semaphore>,
}

impl fmt::Debug for Https {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Https")
            .field("allow_private", &self.allow_private)
            .finish_non_exhaustive()
    }
}

impl Https {
    /// Calls over HTTPS. Servers are trusted whose certificates the public authorities vouch for, or
    /// with `ca_file` those the certificates in it (PEM) vouch for, instead.
    ///
    /// # Errors
    /// When the file cannot be read or holds no certificate.
    pub fn open(
        lookup: Arc<dyn Lookup>,
        allow_private: bool,
        ca_file: Option<&Path>,
    ) -> Result<Self, Fault> {
        let mut tls = TlsConfig::builder();
        if let Some(file) = ca_file {
            tls = tls.root_certs(roots(file)?);
        }
        let config = Agent::config_builder()
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(CALL_LONGEST))
            // A proxy would look names up by itself, behind our back.
            .proxy(None)
            // Each call finds out anew whom it is connected to.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .max_response_header_size(ANSWER_HEADER_MAX)
            .user_agent("lintel-callbacks")
            .tls_config(tls.build())
            .build();
        let guard = Guard {
            lookup: Arc::clone(&lookup),
            allow_private,
        };
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::new(), guard),
            lookup,
            allow_private,
            look_ups: Arc::new(Semaphore::new(LOOK_UPS)),
        })
    }
}

fn roots(file: &Path) -> Result<RootCerts, Fault> {
    let name = file.display();
    let pem = std::fs::read(file)
        .map_err(|e| Fault::internal(format!("cannot read {name}")).caused_by(e))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(Fault::internal(format!("{name} is not PEM"))),
        }
    }
    if certificates.is_empty() {
        return Err(Fault::internal(format!("{name} holds no certificate")));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

/// Looks names up for the client: what leaves here is what is connected to.
struct Guard {
    lookup: Arc<dyn Lookup>,
    allow_private: bool,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

/// What the client is told when an address is not public.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is not public")
    }
}

impl std::error::Error for NotPublic {}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let port = uri.port_u16().unwrap_or(443);
        let plain = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let plain = plain.unwrap_or(host);
        let addresses = match plain.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.in_time(plain, timeout)?,
        };
        // One address that is not public is enough: somebody has the name lead inside.
        if !self.allow_private && !addresses.iter().copied().all(is_public) {
            return Err(ureq::Error::Other(Box::new(NotPublic)));
        }
        let mut found = self.empty();
        for address in addresses.into_iter().take(ADDRESSES_MAX) {
            found.push(SocketAddr::new(address, port));
        }
        if found.is_empty() {
            return Err(ureq::Error::HostNotFound);
        }
        Ok(found)
    }
}

impl Guard {
    /// Looks a name up on a thread of its own, which nobody waits for after the time is over.
    fn in_time(&self, name: &str, timeout: NextTimeout) -> Result<Vec<IpAddr>, ureq::Error> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let (lookup, name) = (Arc::clone(&self.lookup), name.to_owned());
        std::thread::Builder::new()
            .name("callback-name".to_owned())
            .spawn(move || sender.send(lookup.addresses(&name)).is_ok())
            .map_err(ureq::Error::Io)?;
        let longest = (*timeout.after).min(CALL_LONGEST);
        match receiver.recv_timeout(longest) {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(_)) => Err(ureq::Error::HostNotFound),
            Err(_) => Err(ureq::Error::Timeout(timeout.reason)),
        }
    }
}

impl Port for Https {
    fn look_up<'a>(&'a self, name: &'a str, held: Held) -> BoxFuture<'a, LookUp> {
        Box::pin(async move {
            let permit = Arc::clone(&self.look_ups).acquire_owned();
            let Ok(Ok(permit)) = tokio::time::timeout(LOOK_UP_WAIT, permit).await else {
                return LookUp::Busy;
            };
            let (lookup, name) = (Arc::clone(&self.lookup), name.to_owned());
            let work = tokio::task::spawn_blocking(move || {
                // Held by the work, not by the caller: those who hang up cannot pile it up.
                let _held = (permit, held);
                lookup.addresses(&name).unwrap_or_default()
            });
            match tokio::time::timeout(LOOK_UP_LONGEST, work).await {
                Ok(Ok(found)) if !found.is_empty() => LookUp::Found(found),
                Ok(_) | Err(_) => LookUp::Nothing,
            }
        })
    }

    fn call<'a>(&'a self, call: &'a Outgoing) -> BoxFuture<'a, Reply> {
        Box::pin(async move {
            let started = Instant::now();
            // Every call is checked here, too: an address as it stands needs no name looked up.
            if let Host::Address(address) = call.target.host()
                && !self.allow_private
                && !is_public(*address)
            {
                return Reply::none(AttemptOutcome::NotPublic, started.elapsed());
            }
            let (agent, call) = (self.agent.clone(), call.clone());
            let work = tokio::task::spawn_blocking(move || ask(&agent, call));
            let asked = tokio::time::timeout(CALL_LONGEST.saturating_add(GRACE), work).await;
            match asked {
                Ok(Ok(Ok((status, headers)))) => {
                    Reply::answered(status, headers, started.elapsed())
                }
                Ok(Ok(Err(outcome))) => Reply::none(outcome, started.elapsed()),
                Ok(Err(_)) => Reply::none(AttemptOutcome::Unreachable, started.elapsed()),
                Err(_) => Reply::none(AttemptOutcome::TimedOut, started.elapsed()),
            }
        })
    }
}

/// Status and headers of an answer.
type Answer = (u16, Vec<(String, String)>);

/// Calls, on a thread that may wait.
fn ask(agent: &Agent, call: Outgoing) -> Result<Answer, AttemptOutcome> {
    let mut request = Request::post(call.target.url()).header("content-type", "application/json");
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let request = request
        .body(call.body)
        .map_err(|_| AttemptOutcome::Unreachable)?;
    let response = agent.run(request).map_err(|error| outcome(&error))?;
    let answer = (response.status().as_u16(), headers(&response));
    let mut body = response.into_body();
    // An answer that breaks off, is slow or is long has said its status.
    let _ = body.with_config().limit(ANSWER_MAX).read_to_vec();
    Ok(answer)
}

fn headers(response: &Response<ureq::Body>) -> Vec<(String, String)> {
    let one = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = text.chars().filter(|c| !c.is_control());
        let shown = shown.take(HEADER_MAX_CHARS).collect();
        (name.as_str().to_owned(), shown)
    };
    response
        .headers()
        .iter()
        .take(HEADERS_MAX)
        .map(one)
        .collect()
}

fn outcome(error: &ureq::Error) -> AttemptOutcome {
    match error {
        ureq::Error::Timeout(_) => AttemptOutcome::TimedOut,
        ureq::Error::Other(cause) if cause.is::<NotPublic>() => AttemptOutcome::NotPublic,
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => AttemptOutcome::TimedOut,
            // How a handshake that failed is told, such as a certificate nobody vouches for.
            ErrorKind::InvalidData => AttemptOutcome::Untrusted,
            _ => AttemptOutcome::Unreachable,
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => AttemptOutcome::Untrusted,
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => AttemptOutcome::NotHttp,
        _ => AttemptOutcome::Unreachable,
    }
}

#[cfg(test)]
mod tests;
