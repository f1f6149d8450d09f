//! A mail server: letters go to it over connections that are used again and again.
//!
//! Every stage of a conversation is taken by itself, as what an answer means depends on it.

mod connection;
mod line;
mod pool;
mod verdict;

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lintel_app::config::{Mailing, SmtpAddress, SmtpSecurity};
use lintel_app::ports::{Clock, Handed, Outgoing, Post, PostFuture};
use lintel_store::fault::{Fault, FaultKind};

use crate::mime;
use crate::pace::Pace;
use crate::sign::{Signer, signed};
use connection::Server;
use pool::Pool;

/// How long one letter may take, whatever its steps may: less than its job's lease is kept alive.
const LETTER_LONGEST: Duration = Duration::from_secs(150);
/// Largest file of certificates, in bytes.
const CA_FILE_MAX: u64 = 1024 * 1024;

/// Hands letters to a mail server.
pub(crate) struct SmtpPost {
    pool: Pool,
    pace: Option<Pace>,
    signer: Option<Signer>,
    bounces: Option<String>,
    clock: Arc<dyn Clock>,
}

impl SmtpPost {
    /// Prepares; connects with the first letter. `hello` is the name given to the server when the
    /// settings have none.
    ///
    /// # Errors
    /// When the file of certificates cannot be used.
    pub(crate) fn open(
        address: &SmtpAddress,
        mailing: &Mailing,
        hello: &str,
        signer: Option<Signer>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let tls = match address.security {
            SmtpSecurity::None => None,
            SmtpSecurity::Tls | SmtpSecurity::StartTls => Some(tls(address, mailing)?),
        };
        let hello = mailing.hello_name.as_deref().unwrap_or(hello);
        let hello = match hello.parse() {
            Ok(std::net::IpAddr::V4(four)) => ClientId::Ipv4(four),
            Ok(std::net::IpAddr::V6(six)) => ClientId::Ipv6(six),
            Err(_) => ClientId::Domain(hello.to_owned()),
        };
        let server = Server {
            address: address.clone(),
            tls,
            hello,
            longest: mailing.longest,
        };
        Ok(Self {
            pool: Pool::new(server, mailing.connections, Arc::clone(&clock)),
            pace: mailing.per_domain_per_minute.map(Pace::new),
            signer,
            bounces: mailing.bounce_address.clone(),
            clock,
        })
    }

    /// Hands a letter over; `begun` is set as soon as something of it was sent.
    async fn hand_over(&self, letter: &Outgoing, begun: &AtomicBool) -> Handed {
        let mut written = match mime::write(letter, self.bounces.as_deref()) {
            Ok(written) => written,
            Err(unfit) => return crate::unfit(unfit),
        };
        written.bytes = match signed(self.signer.as_ref(), letter, written.bytes) {
            Ok(bytes) => bytes,
            Err(unfit) => return crate::unfit(unfit),
        };
        let Some(_place) = self.pool.place().await else {
            return crate::later("stopping");
        };
        if let Some(until) = self.pool.closed_until() {
            return Handed::NotYet { until };
        }
        let mut connection = match self.pool.take().await {
            Ok(connection) => connection,
            Err(stumble) => return verdict::unreachable(&stumble),
        };
        // Only now: a server that cannot be reached uses up no domain's minute.
        let domain = letter.recipient.rsplit_once('@').map_or("", |pair| pair.1);
        if let Some(pace) = &self.pace
            && let Err(until) = pace.take(domain, self.clock.now())
        {
            self.pool.give_back(connection).await;
            return Handed::NotYet { until };
        }
        let (handed, is_sound) = connection.deliver(&written, begun).await;
        if is_sound {
            self.pool.give_back(connection).await;
        }
        handed
    }
}

impl Post for SmtpPost {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> PostFuture<'a> {
        Box::pin(async move {
            // Dropping what is under way drops its connection with it.
            let begun = AtomicBool::new(false);
            let handing = tokio::time::timeout(LETTER_LONGEST, self.hand_over(letter, &begun));
            let handed = handing.await;
            handed.unwrap_or_else(|_| match begun.load(Ordering::Relaxed) {
                true => crate::perhaps("no end in time"),
                false => crate::later("no end in time"),
            })
        })
    }
}

fn tls(address: &SmtpAddress, mailing: &Mailing) -> Result<TlsParameters, Fault> {
    let mut builder = TlsParameters::builder(address.host.clone());
    if let Some(file) = &mailing.ca_file {
        let shown = file.display();
        let fault = |what: &str| Fault::new(FaultKind::Unavailable, format!("{shown}: {what}"));
        let unreadable = "the file of certificates cannot be read";
        let size = fs::metadata(file).map_err(|e| fault(unreadable).caused_by(e))?;
        if size.len() > CA_FILE_MAX {
            return Err(fault("too large for a file of certificates"));
        }
        let pem = fs::read(file).map_err(|e| fault(unreadable).caused_by(e))?;
        if !pem.windows(10).any(|part| part == b"-----BEGIN") {
            return Err(fault("the file of certificates holds none"));
        }
        let certificate =
            Certificate::from_pem(&pem).map_err(|e| fault(unreadable).caused_by(e))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build_rustls()
        .map_err(|e| Fault::internal("TLS cannot be prepared").caused_by(e))
}

#[cfg(test)]
mod tests;
