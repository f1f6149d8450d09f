//! Connectors with a clock that stands still and short waits.

use std::sync::Arc;
use std::time::Duration;

use lintel_app::los::{
    AddressTemplate, DEFAULT_ACCEPT, DEFAULT_MEMBER, FolderSettings, HttpSettings, LosCredentials,
    LosSettings,
};
use lintel_app::ports::{
    FixedClock, Los as _, LosAnswer, LosCall, LosFault, LosFaultKind, LosLoan, SeededRng,
};
use lintel_domain::id::Instant;
use lintel_los::{Connectors, Pace};

pub const NOON: Instant = Instant::from_seconds(1_780_315_200);

pub struct World {
    pub clock: Arc<FixedClock>,
    pub connectors: Connectors,
}

impl World {
    /// Fetches take at most five seconds, which no test waits for.
    pub fn new() -> Self {
        Self::with_longest(Duration::from_secs(5))
    }

    pub fn with_longest(longest: Duration) -> Self {
        let clock = Arc::new(FixedClock::at(NOON));
        let pace = Pace {
            first: Duration::from_millis(2),
            longest: Duration::from_millis(10),
            connect: Duration::from_secs(2),
        };
        let rng = Arc::new(SeededRng::new(7));
        let connectors = Connectors::new(clock.clone(), rng, longest).with_pace(pace);
        Self { clock, connectors }
    }

    pub async fn fetch(
        &self,
        settings: &LosSettings,
        id: &str,
        guid: Option<&str>,
    ) -> Result<LosAnswer, LosFault> {
        self.fetch_as("org-1", NOON, settings, id, guid).await
    }

    pub async fn fetch_as(
        &self,
        connector: &str,
        edition: Instant,
        settings: &LosSettings,
        id: &str,
        guid: Option<&str>,
    ) -> Result<LosAnswer, LosFault> {
        let loan = LosLoan {
            id: id.to_owned(),
            guid: guid.map(str::to_owned),
        };
        let call = LosCall {
            connector,
            edition,
            settings,
            loan: &loan,
        };
        self.connectors.fetch(call).await
    }

    /// The document of a loan, as text.
    #[track_caller]
    pub fn text(answer: Result<LosAnswer, LosFault>) -> String {
        String::from_utf8(answer.expect("a document").document).expect("text")
    }
}

pub fn folder(path: &std::path::Path) -> LosSettings {
    LosSettings::Folder(FolderSettings {
        folder: path.to_str().expect("text").to_owned(),
    })
}

pub fn http(url: &str) -> HttpSettings {
    HttpSettings {
        address: AddressTemplate::parse(url).expect("a template"),
        credentials: LosCredentials::None,
        accept: DEFAULT_ACCEPT.to_owned(),
        member: DEFAULT_MEMBER.to_owned(),
        certificates: None,
        timeout_s: 25,
        attempts: 3,
    }
}

pub fn over(settings: HttpSettings) -> LosSettings {
    LosSettings::Http(Box::new(settings))
}

pub fn kind(answer: Result<LosAnswer, LosFault>) -> Option<LosFaultKind> {
    answer.err().map(|fault| fault.kind())
}

pub fn block_on<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}
