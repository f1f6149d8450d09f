//! What endpoints work with: the application, who calls, and how they want to be answered.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use lintel_app::context::App;
use lintel_domain::id::RowId;
use lintel_domain::intermediary::Partner;
use lintel_edge::{BodyGate, ClientAddr, Limits};
use lintel_simulations::Caller;
use lintel_taxonomy::{List, entry};
use tokio::sync::Semaphore;

use crate::correlation::Correlation;
use crate::etag;
use crate::language::Language;
use crate::problem::Problem;
use crate::read::{Query, unique_id};

/// What every endpoint works with.
#[derive(Debug, Clone)]
pub(crate) struct Face {
    /// The application.
    pub app: App,
    /// Reads bodies within bounds.
    pub gate: BodyGate,
    /// Most values of one JSON document.
    pub json_nodes: usize,
    /// Longest time from the head of a request to its answer.
    pub longest: Duration,
    /// Places for work that goes on when its caller hangs up.
    pub apart: Arc<Semaphore>,
}

impl Face {
    /// A face over an application.
    pub fn new(app: App, limits: &Limits) -> Self {
        Self {
            app,
            gate: BodyGate::new(limits),
            json_nodes: limits.json_nodes,
            longest: limits.request,
            apart: Arc::new(Semaphore::new(limits.in_flight.min(Semaphore::MAX_PERMITS))),
        }
    }
}

/// A living session; a request extension, put there by [`crate::enter`].
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Whose it is.
    pub partner: Arc<Partner>,
    /// Its token.
    pub token: Arc<str>,
}

/// One call of somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Call {
    /// The application.
    pub app: App,
    /// Who calls.
    pub partner: Arc<Partner>,
    /// The session's token.
    pub token: Arc<str>,
    /// The language of descriptions.
    pub language: Language,
    /// The id under which this call is found again.
    pub correlation: String,
    expected: Option<Vec<i64>>,
    query: Query,
    params: Vec<(String, String)>,
}

impl Call {
    /// A part of the path, decoded; empty when the route has no such part.
    pub fn param(&self, name: &str) -> &str {
        let mut named = self.params.iter().filter(|(n, _)| n == name);
        named.next().map_or("", |(_, value)| value)
    }

    /// A UniqueID of the path.
    ///
    /// # Errors
    /// What is no id is as unknown as one that nothing has.
    pub fn id(&self, name: &str) -> Result<RowId, Problem> {
        unique_id(self.param(name)).ok_or_else(Problem::not_found)
    }

    /// A number of the path.
    pub fn number(&self, name: &str) -> Option<u32> {
        let text = self.param(name);
        let is_plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        is_plain.then(|| text.parse().ok()).flatten()
    }

    /// The query of the address.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// The revisions a change is meant for, by `If-Match`; `None` when any will do.
    pub fn expected(&self) -> Option<&[i64]> {
        self.expected.as_deref()
    }

    /// Who asks a use case.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            partner: &self.partner,
            correlation: Some(&self.correlation),
        }
    }

    /// What an entry of a list is called in the caller's language; empty when there is none.
    pub fn describe(&self, list: List, id: u32) -> &'static str {
        entry(list, id).map_or("", |e| self.language.of(e.pt, e.en))
    }
}

impl FromRequestParts<Face> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Problem> {
        let session = parts.extensions.get::<Session>().cloned();
        let session = session.ok_or_else(Problem::no_session)?;
        // Parts of a path that are not UTF-8 name nothing.
        let params = RawPathParams::from_request_parts(parts, face).await;
        let params = params.map_err(|_| Problem::not_found())?;
        let open = Open::of(parts, face);
        Ok(Self {
            app: open.app,
            partner: session.partner,
            token: session.token,
            language: open.language,
            correlation: open.correlation,
            expected: etag::expected(&open.headers),
            query: Query::parse(parts.uri.query())?,
            params: params
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        })
    }
}

/// One call of somebody who need not be signed in.
#[derive(Clone)]
pub(crate) struct Open {
    /// The application.
    pub app: App,
    /// The language of descriptions.
    pub language: Language,
    /// The id under which this call is found again.
    pub correlation: String,
    /// Address of the caller.
    pub address: String,
    /// The headers sent.
    pub headers: HeaderMap,
}

impl Open {
    fn of(parts: &Parts, face: &Face) -> Self {
        let extensions = &parts.extensions;
        let correlation = extensions.get::<Correlation>();
        let address = extensions.get::<ClientAddr>();
        Self {
            app: face.app.clone(),
            language: extensions.get::<Language>().copied().unwrap_or_default(),
            correlation: correlation.map_or("", Correlation::as_str).to_owned(),
            address: address.map(|a| a.0.to_string()).unwrap_or_default(),
            headers: parts.headers.clone(),
        }
    }
}

impl FromRequestParts<Face> for Open {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Problem> {
        Ok(Self::of(parts, face))
    }
}
