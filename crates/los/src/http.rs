//! An address that answers with documents: asked until it answers, within one bound on time.

mod client;
mod elsewhere;
mod wait;

use std::time::{Duration, Instant};

use lintel_app::los::{HttpSettings, Mistake};
use lintel_app::ports::{Clock, LosAnswer, LosFault, LosFaultKind, LosLoan, Rng};
use ureq::http::Uri;

use crate::guard::Pass;
use crate::member;
use crate::pace::Pace;
use client::{Broken, Client, Reply};
use wait::wanted_wait;

/// How much longer than its time one attempt is waited for: looking up a name may not be stopped.
const GRACE: Duration = Duration::from_millis(500);

/// A system that is asked over HTTP.
pub(crate) struct HttpSystem<'a> {
    pub(crate) settings: &'a HttpSettings,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) rng: &'a dyn Rng,
    pub(crate) pace: Pace,
    pub(crate) longest: Duration,
}

/// What one attempt came to.
enum Attempt {
    Done(Result<LosAnswer, LosFault>),
    /// Worth asking again, not before that long if it says so.
    Again(LosFaultKind, String, Option<Duration>),
}

/// Whether certificates and address can be used.
pub(crate) fn check(settings: &HttpSettings) -> Result<(), Mistake> {
    client::roots(settings.certificates.as_deref())?;
    let sample = LosLoan {
        id: "1".to_owned(),
        guid: Some("1".to_owned()),
    };
    let address = settings.address.fill(&sample);
    let is_address = address.is_ok_and(|text| text.parse::<Uri>().is_ok());
    is_address
        .then_some(())
        .ok_or(Mistake("the address cannot be asked"))
}

impl HttpSystem<'_> {
    /// Fetches one loan's document.
    pub(crate) async fn fetch(&self, loan: &LosLoan, pass: &Pass) -> Result<LosAnswer, LosFault> {
        let origin = self.settings.address.origin();
        let told = |kind, what: &str| LosFault::new(kind, format!("{origin}: {what}"));
        let address = self.settings.address.fill(loan)?;
        let connect = self.pace.connect;
        let client = Client::open(self.settings, address, connect)
            .map_err(|mistake| told(LosFaultKind::Garbled, mistake.0))?;
        let bound = Duration::from_secs(u64::from(self.settings.timeout_s)).min(self.longest);
        let until = Instant::now() + bound;
        let mut attempt = 1_u8;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let (kind, what, wanted) = match self.ask(&client, left, pass).await {
                Attempt::Done(done) => {
                    return done.map_err(|fault| told(fault.kind(), &fault.to_string()));
                }
                Attempt::Again(kind, what, wanted) => (kind, what, wanted),
            };
            let wait = self.pace.wait(attempt, self.rng);
            let wait = wanted.map_or(wait, |wanted| wanted.max(wait));
            let left = until.saturating_duration_since(Instant::now());
            if attempt >= self.settings.attempts || wait >= left {
                return Err(told(kind, &format!("{what}, asked {attempt} times")));
            }
            tokio::time::sleep(wait).await;
            attempt = attempt.saturating_add(1);
        }
    }

    /// Asks once, on a thread that may wait.
    async fn ask(&self, client: &Client, left: Duration, pass: &Pass) -> Attempt {
        let (client, places) = (client.clone(), pass.places());
        let work = tokio::task::spawn_blocking(move || {
            let _places = places;
            client.get(left)
        });
        match tokio::time::timeout(left.saturating_add(GRACE), work).await {
            Ok(Ok(Ok(reply))) => self.judge(reply),
            Ok(Ok(Err(broken))) => of_broken(broken),
            Ok(Err(_)) => Attempt::Again(unavailable(None), "asking crashed".to_owned(), None),
            Err(_) => of_broken(Broken::TimedOut),
        }
    }

    fn judge(&self, reply: Reply) -> Attempt {
        let status = reply.status;
        let fail = |kind, what: String| Attempt::Done(Err(LosFault::new(kind, what)));
        match status {
            200 => Attempt::Done(self.document(reply)),
            204 | 404 | 410 => fail(LosFaultKind::NotFound, format!("status {status}")),
            401 | 403 | 407 => fail(LosFaultKind::Refused, format!("status {status}")),
            408 | 425 | 429 | 500..=599 => {
                let wanted = reply.retry_after.as_deref();
                let wanted = wanted.and_then(|text| wanted_wait(text, self.clock.now()));
                let seconds = wanted.map(|w| u32::try_from(w.as_secs()).unwrap_or(u32::MAX));
                let what = format!("status {status}");
                Attempt::Again(unavailable(seconds), what, wanted)
            }
            _ => fail(LosFaultKind::Garbled, format!("status {status}")),
        }
    }

    /// The document of a good answer: the answer itself, or a member of it.
    fn document(&self, reply: Reply) -> Result<LosAnswer, LosFault> {
        let garbled = |what: &str| LosFault::new(LosFaultKind::Garbled, what);
        let body = reply.body;
        let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
        let first = text.iter().find(|b| !b.is_ascii_whitespace());
        match first {
            None => Err(garbled("an empty answer")),
            Some(b'<') => Ok(LosAnswer { document: body }),
            Some(b'{' | b'[') => self.member(text),
            Some(_) if reply.is_json => self.member(text),
            // UTF-16, for example: the reader of documents says what is odd about it.
            Some(_) => Ok(LosAnswer { document: body }),
        }
    }

    fn member(&self, json: &[u8]) -> Result<LosAnswer, LosFault> {
        let garbled = |what: &str| LosFault::new(LosFaultKind::Garbled, what);
        match member::find(json, &self.settings.member) {
            Ok(Some(document)) => Ok(LosAnswer {
                document: document.into_bytes(),
            }),
            Ok(None) => Err(garbled("the answer has no document where it should be")),
            Err(member::NotJson) => Err(garbled("the answer is neither XML nor JSON")),
        }
    }
}

const fn unavailable(retry_after_s: Option<u32>) -> LosFaultKind {
    LosFaultKind::Unavailable { retry_after_s }
}

fn of_broken(broken: Broken) -> Attempt {
    let fail = |kind, what: String| Attempt::Done(Err(LosFault::new(kind, what)));
    match broken {
        Broken::TimedOut => {
            let what = "no answer in time".to_owned();
            Attempt::Again(LosFaultKind::TimedOut, what, None)
        }
        Broken::Line(what) => Attempt::Again(unavailable(None), what, None),
        Broken::Trust(what) => fail(unavailable(None), what),
        Broken::TooLarge => {
            let what = "the answer is longer than is read".to_owned();
            fail(LosFaultKind::TooLarge, what)
        }
        Broken::Elsewhere => {
            let what = "it sends us to another place".to_owned();
            fail(LosFaultKind::Garbled, what)
        }
        Broken::NotHttp => fail(LosFaultKind::Garbled, "the answer is not HTTP".to_owned()),
    }
}
