//! A provider of text messages, called over HTTP as the operator's file says.

mod provider;

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use lintel_app::ports::{Handed, OutgoingSms, PostFuture, Sms, shown_answer};
use lintel_store::fault::Fault;
use provider::{Call, Provider};
use ureq::http::header::RETRY_AFTER;
use ureq::http::{Request, Response};
use ureq::{Agent, Timeout};

/// Most of an answer that is read, in bytes.
const ANSWER_MAX: u64 = 64 * 1024;
/// Longest wait a provider is granted.
const WAIT_LONGEST: Duration = Duration::from_secs(3600);
/// How much longer than its time a call is waited for: looking up a name may not be stopped.
const GRACE: Duration = Duration::from_secs(5);

/// Refuses text messages where nobody said how to send them.
pub(crate) struct NoSms;

impl Sms for NoSms {
    fn send<'a>(&'a self, _message: &'a OutgoingSms) -> PostFuture<'a> {
        Box::pin(std::future::ready(Handed::Refused {
            answer: "no provider of text messages is set up (sms.provider)".to_owned(),
            is_gone: false,
        }))
    }
}

/// Hands text messages to a provider.
pub(crate) struct HttpSms {
    provider: Provider,
    agent: Agent,
}

/// What came back, or that nothing did.
struct Reply {
    status: u16,
    retry_after: Option<String>,
    body: Vec<u8>,
}

impl HttpSms {
    /// Reads the file and tries its templates.
    ///
    /// # Errors
    /// What is wrong with the file, without a value of it.
    pub(crate) fn open(file: &Path) -> Result<Self, Fault> {
        let provider = Provider::open(file)?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(provider.longest))
            // Sooner, so that it can be told whether anything was said at all.
            .timeout_connect(Some(provider.longest / 2))
            .user_agent("lintel")
            .build()
            .new_agent();
        Ok(Self { provider, agent })
    }

    async fn hand_over(&self, message: &OutgoingSms) -> Handed {
        let call = match self.provider.call(message) {
            Ok(call) => call,
            Err(unfit) => return crate::unfit(unfit),
        };
        let agent = self.agent.clone();
        let asking = tokio::task::spawn_blocking(move || ask(&agent, call));
        let longest = self.provider.longest.saturating_add(GRACE);
        match tokio::time::timeout(longest, asking).await {
            Ok(Ok(Ok(reply))) => self.judge(&reply),
            Ok(Ok(Err(Silence::Before(what)))) => crate::later(what),
            Ok(Ok(Err(Silence::After(what)))) => crate::perhaps(what),
            Ok(Err(_)) => crate::perhaps("calling the provider crashed"),
            Err(_) => crate::perhaps("no answer in time"),
        }
    }

    fn judge(&self, reply: &Reply) -> Handed {
        let id = self.provider.id_in(&reply.body);
        let answer = match id {
            Some(id) => shown_answer(&format!("status {}, {id}", reply.status)),
            None => format!("status {}", reply.status),
        };
        if self.provider.accepts(reply.status) {
            Handed::Taken { answer }
        } else if self.provider.retries(reply.status) {
            let wanted = reply
                .retry_after
                .as_deref()
                .and_then(|t| t.trim().parse().ok());
            let after = wanted.map(|seconds| Duration::from_secs(seconds).min(WAIT_LONGEST));
            Handed::Later {
                answer,
                after,
                perhaps_taken: false,
            }
        } else {
            let is_gone = false;
            Handed::Refused { answer, is_gone }
        }
    }
}

impl Sms for HttpSms {
    fn send<'a>(&'a self, message: &'a OutgoingSms) -> PostFuture<'a> {
        Box::pin(self.hand_over(message))
    }
}

/// Why there was no answer.
enum Silence {
    /// The message did not leave.
    Before(&'static str),
    /// It may have got there.
    After(&'static str),
}

/// Calls, on a thread that may wait. What went wrong is told in our words: the client's own may repeat
/// the address, and with it a secret.
fn ask(agent: &Agent, call: Call) -> Result<Reply, Silence> {
    let mut request = Request::builder().method(call.method).uri(call.url);
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let request = request
        .body(call.body)
        .map_err(|_| Silence::Before("the provider cannot be asked"))?;
    agent
        .run(request)
        .map(reply)
        .map_err(|error| silence(&error))
}

fn silence(error: &ureq::Error) -> Silence {
    let unreachable = "the provider cannot be reached";
    match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | ureq::Error::ConnectionFailed => Silence::Before(unreachable),
        ureq::Error::Io(io) if io.kind() == ErrorKind::ConnectionRefused => {
            Silence::Before(unreachable)
        }
        ureq::Error::Timeout(_) => Silence::After("no answer in time"),
        ureq::Error::HostNotFound => Silence::Before("the provider's host is not known"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            Silence::Before("TLS with the provider failed")
        }
        _ => Silence::After("the connection to the provider was lost"),
    }
}

fn reply(response: Response<ureq::Body>) -> Reply {
    let header = response.headers().get(RETRY_AFTER);
    let retry_after = header
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let status = response.status().as_u16();
    let mut body = response.into_body();
    // An answer that breaks off, or is too long, has said its status.
    let body = body.with_config().limit(ANSWER_MAX).read_to_vec();
    Reply {
        status,
        retry_after,
        body: body.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
