//! One connection, and one letter over it.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
#[expect(
    deprecated,
    reason = "the one way the library offers to TLS from the first byte over a stream of our own"
)]
use lettre::transport::smtp::client::AsyncNetworkStream;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use lintel_app::config::{SmtpAddress, SmtpSecurity};
use lintel_app::ports::{Handed, shown_answer};
use tokio::net::TcpStream;

use super::line::{Line, Private};
use super::verdict::{Stage, judge};
use crate::mime::Written;

/// Letters after which a connection is closed: servers count them, too.
const LETTERS: u32 = 100;
/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(2);
/// How much longer than a step a whole letter may take to be sent and judged by the server.
const CONTENT_STEPS: u32 = 3;

/// How a server is reached.
pub(super) struct Server {
    pub(super) address: SmtpAddress,
    pub(super) tls: Option<TlsParameters>,
    pub(super) hello: ClientId,
    pub(super) longest: Duration,
}

/// Why a step did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stumble {
    /// The server said no: its code and its words.
    Answer(u16, String),
    /// The line is lost, or the server cannot be understood.
    Lost(String),
}

/// A connection that letters can be sent over.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    longest: Duration,
    letters: u32,
}

impl Server {
    /// Connects, makes the line private, says who we are.
    pub(super) async fn open(&self) -> Result<Connection, Stumble> {
        let (host, port) = (self.address.host.as_str(), self.address.port);
        let connecting = tokio::time::timeout(self.longest, TcpStream::connect((host, port)));
        let stream = match connecting.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(lost(&format!("no connection: {}", error.kind()))),
            Err(_) => return Err(lost("no connection in time")),
        };
        // An answer to a few bytes must not wait for more.
        let _ = stream.set_nodelay(true);
        let line = Line::new(stream).map_err(|e| lost(&format!("no connection: {}", e.kind())))?;
        let opening = self.greet(line);
        let steps = self.longest.saturating_mul(2);
        let mut smtp = in_time(steps, "no greeting in time", opening).await?;
        if let (SmtpSecurity::StartTls, Some(tls)) = (self.address.security, &self.tls) {
            if !smtp.can_starttls() {
                return Err(lost("the server offers no TLS"));
            }
            let securing = smtp.starttls(tls.clone(), &self.hello);
            in_time(steps, "no TLS in time", securing).await?;
        }
        if let Some((user, password)) = &self.address.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            let ways = [Mechanism::Plain, Mechanism::Login];
            let saying = smtp.auth(&ways, &credentials);
            in_time(steps, "no answer to the password in time", saying).await?;
        }
        Ok(Connection {
            smtp,
            longest: self.longest,
            letters: 0,
        })
    }

    async fn greet(&self, line: Line) -> Result<AsyncSmtpConnection, Error> {
        match (self.address.security, &self.tls) {
            (SmtpSecurity::Tls, Some(tls)) => {
                #[expect(deprecated, reason = "as above")]
                let mut stream = AsyncNetworkStream::use_existing_tokio1(Box::new(line));
                stream.upgrade_tls(tls.clone()).await?;
                let stream = Box::new(Private(stream));
                AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await
            }
            _ => AsyncSmtpConnection::connect_with_transport(Box::new(line), &self.hello).await,
        }
    }
}

impl Connection {
    /// Whether it is still there, and its server ready for another letter.
    pub(super) async fn is_ready(&mut self) -> bool {
        self.say(Rset).await.is_ok()
    }

    /// Whether it carried as many letters as it may.
    pub(super) const fn is_spent(&self) -> bool {
        self.letters >= LETTERS
    }

    /// Says goodbye, for as long as that may take.
    pub(super) async fn close(mut self) {
        let _ = tokio::time::timeout(FAREWELL, self.smtp.command(Quit)).await;
    }

    /// Sends one letter to one address; and whether the connection is good for another. `begun` is set
    /// as soon as something of the letter is sent.
    pub(super) async fn deliver(
        &mut self,
        written: &Written,
        begun: &AtomicBool,
    ) -> (Handed, bool) {
        self.letters += 1;
        let (stage, result) = self.converse(written, begun).await;
        match result {
            Ok(answer) => (Handed::Taken { answer }, true),
            Err(stumble) => judge(stage, &stumble),
        }
    }

    async fn converse(
        &mut self,
        written: &Written,
        begun: &AtomicBool,
    ) -> (Stage, Result<String, Stumble>) {
        let sender = Mail::new(written.envelope.from().cloned(), Vec::new());
        if let Err(stumble) = self.say(sender).await {
            return (Stage::Sender, Err(stumble));
        }
        for recipient in written.envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            if let Err(stumble) = self.say(recipient).await {
                return (Stage::Recipient, Err(stumble));
            }
        }
        match self.say(Data).await {
            Ok(response) if response.has_code(354) => {}
            // Whatever it means, the server is not waiting for a letter.
            Ok(_) => {
                return (
                    Stage::Data,
                    Err(lost("the server did not ask for the letter")),
                );
            }
            Err(stumble) => return (Stage::Data, Err(stumble)),
        }
        // The library ends the last line by itself.
        let bytes = written
            .bytes
            .strip_suffix(b"\r\n")
            .unwrap_or(&written.bytes);
        let longest = self.longest.saturating_mul(CONTENT_STEPS);
        begun.store(true, Ordering::Relaxed);
        let sending = self.smtp.message(bytes);
        let result = in_time(longest, "no answer to the letter in time", sending).await;
        let result = result.and_then(|response| {
            let is_done = response.code().to_string().starts_with('2');
            let odd = "the server's answer to the letter makes no sense";
            if is_done {
                Ok(shown(&response))
            } else {
                Err(lost(odd))
            }
        });
        (Stage::Content, result)
    }

    async fn say<C: Display>(&mut self, command: C) -> Result<Response, Stumble> {
        let saying = self.smtp.command(command);
        in_time(self.longest, "no answer in time", saying).await
    }
}

async fn in_time<T>(
    longest: Duration,
    late: &str,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Stumble> {
    match tokio::time::timeout(longest, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(stumble(&error)),
        Err(_) => Err(lost(late)),
    }
}

fn lost(what: &str) -> Stumble {
    Stumble::Lost(what.to_owned())
}

/// The library's word for what happened; the server's own, where it said something.
fn stumble(error: &Error) -> Stumble {
    let words = std::error::Error::source(error).map(ToString::to_string);
    match error.status() {
        Some(code) => Stumble::Answer(code.into(), words.unwrap_or_default()),
        None if error.is_tls() => lost("TLS failed"),
        None if error.is_response() => lost("the server cannot be understood"),
        None => {
            let words = words.unwrap_or_else(|| "the connection was lost".to_owned());
            Stumble::Lost(shown_answer(&format!("the connection was lost: {words}")))
        }
    }
}

fn shown(response: &Response) -> String {
    let words: Vec<&str> = response.message().collect();
    shown_answer(&format!("{} {}", response.code(), words.join(" ")))
}
