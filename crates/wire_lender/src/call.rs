//! One call: from a body to checked parameters, in the order the contract checks them.
//!
//! Format, then the shapes of credentials, token and data, then whether they are valid. The first
//! failure is the answer.

use std::future::Future;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use lintel_app::auth::{Principal, authenticate};
use lintel_app::context::App;
use lintel_domain::credential::{KeyPair, is_token_shaped};
use lintel_edge::form::parse_urlencoded;
use lintel_edge::{
    BodyGate, ClientAddr, Form, Limits, RequestId, Sink, Stopped, StreamBounds, Wanted,
};
use serde_json::{Map, Value};

use crate::document::{Downloads, Strangers};
use crate::error::{ErrorStatus, LenderError};
use crate::form::is_index;
use crate::pricing::ppe::Slots;
use crate::refusal::lender_error;
use crate::reply::{Content, Format};

/// What every endpoint works with.
#[derive(Clone)]
pub struct Face {
    /// The application.
    pub app: App,
    /// How many answers may be streamed at once.
    pub streams: Slots,
    /// How many papers may be on their way out at once.
    pub downloads: Downloads,
    /// How many may bring papers before they say who they are.
    pub strangers: Strangers,
    gate: BodyGate,
    status: ErrorStatus,
}

/// The parameters of one call, before they are looked at one by one.
pub struct Call {
    form: Form,
    has_credentials_in_query: bool,
    /// Address of the caller.
    pub address: String,
    /// The format wanted, for endpoints that write their answer themselves.
    pub format: Format,
}

/// Parameters that are refused in a query string: query strings end up in logs.
const SECRET_PARAMETERS: [&str; 3] = ["apiID", "apiKey", "accessToken"];

/// Parameters that are no part of a payload.
const CALL_PARAMETERS: [&str; 5] = ["format", "apiID", "apiKey", "accessToken", "data"];

impl Face {
    /// A face over an application.
    pub fn new(app: App, limits: &Limits, status: ErrorStatus) -> Self {
        Self {
            app,
            streams: Slots::default(),
            downloads: Downloads::default(),
            strangers: Strangers::default(),
            gate: BodyGate::new(limits),
            status,
        }
    }

    /// Runs one endpoint: reads the body, finds the format, and writes whatever comes of it.
    pub async fn run<F, Fut, C>(self, request: Request, endpoint: F) -> Response
    where
        F: FnOnce(Arc<Self>, Call) -> Fut,
        Fut: Future<Output = Result<C, LenderError>>,
        C: Into<Content>,
    {
        let incoming = Incoming::of(&request);
        let form = self.gate.form(request).await.map_err(LenderError::from);
        incoming.with(form).answered(self, endpoint).await
    }

    /// Reads a call whose contents go to the sink while they come. What the sink refuses is the answer.
    pub async fn read_streamed<S: Sink<Error = LenderError>>(
        &self,
        request: Request,
        wanted: Wanted,
        bounds: StreamBounds,
        sink: &mut S,
    ) -> Incoming {
        let incoming = Incoming::of(&request);
        let form = self.gate.stream(request, wanted, bounds, sink).await;
        incoming.with(form.map_err(|stopped| match stopped {
            Stopped::Body(error) => LenderError::from(error),
            Stopped::Sink(error) => error,
        }))
    }
}

/// A call whose body was read, or could not be.
pub struct Incoming {
    id: Option<RequestId>,
    address: String,
    has_credentials_in_query: bool,
    form: Result<Form, LenderError>,
    /// How a body that could not be read is refused: its own wish is not known.
    format: Format,
}

impl Incoming {
    fn of(request: &Request) -> Self {
        let address = request.extensions().get::<ClientAddr>();
        Self {
            id: request.extensions().get::<RequestId>().cloned(),
            address: address.map(|a| a.0.to_string()).unwrap_or_default(),
            has_credentials_in_query: request.uri().query().is_some_and(names_a_secret),
            form: Err(LenderError::internal()),
            format: Format::Json,
        }
    }

    fn with(self, form: Result<Form, LenderError>) -> Self {
        Self { form, ..self }
    }

    /// Says this instead, in this format, of a body that was too long or too slow to be read.
    #[must_use]
    pub fn unless_read(self, refusal: Option<(LenderError, Format)>) -> Self {
        let is_cut = matches!(
            &self.form,
            Err(LenderError {
                code: 408 | 413,
                ..
            })
        );
        match refusal.filter(|_| is_cut) {
            Some((error, format)) => Self {
                form: Err(error),
                format,
                ..self
            },
            None => self,
        }
    }

    /// Finds the format, runs the endpoint, and writes whatever comes of it.
    pub async fn answered<F, Fut, C>(self, face: Face, endpoint: F) -> Response
    where
        F: FnOnce(Arc<Face>, Call) -> Fut,
        Fut: Future<Output = Result<C, LenderError>>,
        C: Into<Content>,
    {
        let status = face.status;
        let id = self.id.clone();
        let id = id.as_ref().map_or("", RequestId::as_str);
        let refuse = |format, error: LenderError| error.reply(format, status, id).into_response();
        let format = self.format;
        let call = match self.call() {
            Ok(call) => call,
            Err(error) => return refuse(format, error),
        };
        let format = call.format;
        match endpoint(Arc::new(face), call).await {
            Ok(content) => content.into().into_response(format),
            Err(error) => refuse(format, error),
        }
    }

    fn call(self) -> Result<Call, LenderError> {
        let form = self.form?;
        let format = form.text("format").and_then(Format::parse);
        let format = format.ok_or_else(LenderError::format_missing)?;
        Ok(Call {
            form,
            has_credentials_in_query: self.has_credentials_in_query,
            address: self.address,
            format,
        })
    }
}

/// Whether a query string carries credentials, however their names are cased, escaped or bracketed.
/// One that cannot be read at all is taken to carry them.
pub fn names_a_secret(query: &str) -> bool {
    let is_secret = |name: &String| {
        SECRET_PARAMETERS
            .iter()
            .any(|secret| secret.eq_ignore_ascii_case(name))
    };
    parse_urlencoded(query).map_or(true, |members| members.keys().any(is_secret))
}

impl Call {
    /// A text parameter of the form itself.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.form.text(name)
    }

    /// Whether a parameter was sent at all, empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.form.value(name).is_some()
    }

    /// The key pair, by shape.
    pub fn key_pair(&self) -> Result<KeyPair, LenderError> {
        let pair = match (self.text("apiID"), self.text("apiKey")) {
            (Some(id), Some(key)) if !self.has_credentials_in_query => KeyPair::parse(id, key),
            _ => None,
        };
        pair.ok_or_else(LenderError::credentials_format)
    }

    /// The access token, by shape.
    pub fn access_token(&self) -> Result<String, LenderError> {
        let token = self.text("accessToken").filter(|t| is_token_shaped(t));
        token
            .map(str::to_owned)
            .ok_or_else(LenderError::token_format)
    }

    /// The payload as a JSON object: sent as text, or as an object when the whole body is JSON.
    pub fn data_object(&mut self) -> Result<Map<String, Value>, LenderError> {
        match self.form.take_json("data") {
            Some(Ok(Value::Object(members))) => Ok(members),
            _ => Err(LenderError::data_format()),
        }
    }

    /// The payload as a JSON list; also as PHP writes one whose keys have gaps. An object is none, nor
    /// is an empty one: a list without items has brackets.
    pub fn data_list(&mut self) -> Result<Vec<Value>, LenderError> {
        match self.form.take_json("data") {
            Some(Ok(Value::Array(items))) => Ok(items),
            Some(Ok(Value::Object(members)))
                if !members.is_empty() && members.keys().all(|name| is_index(name)) =>
            {
                Ok(members.into_iter().map(|(_, item)| item).collect())
            }
            _ => Err(LenderError::data_format()),
        }
    }

    /// The payload of a call that may have its members in `data` or beside the credentials. Beside
    /// them, the `groups` may be JSON texts.
    pub fn payload(&mut self, groups: &[&str]) -> Result<Value, LenderError> {
        match self.form.take_json("data") {
            Some(Ok(data @ Value::Object(_))) => return Ok(data),
            Some(Ok(_) | Err(_)) => return Err(LenderError::data_format()),
            None => {}
        }
        let mut members = self.form.fields().clone();
        members.retain(|name, _| !CALL_PARAMETERS.contains(&name.as_str()));
        for group in groups {
            if let Some(Ok(value)) = self.form.take_json(group) {
                members.insert((*group).to_owned(), value);
            }
        }
        Ok(Value::Object(members))
    }

    /// Everything before the payload's own checks, for endpoints that take a token and an object.
    pub async fn enter(&mut self, face: &Face) -> Result<(Principal, Value), LenderError> {
        let pair = self.key_pair()?;
        let token = self.access_token()?;
        let data = self.data_object()?;
        let principal = authenticate(&face.app, &pair, &token)
            .await
            .map_err(|e| lender_error(&e))?;
        Ok((principal, Value::Object(data)))
    }

    /// As [`Call::enter`], for the one endpoint whose payload is a list.
    pub async fn enter_list(
        &mut self,
        face: &Face,
    ) -> Result<(Principal, Vec<Value>), LenderError> {
        let pair = self.key_pair()?;
        let token = self.access_token()?;
        let items = self.data_list()?;
        let principal = authenticate(&face.app, &pair, &token)
            .await
            .map_err(|e| lender_error(&e))?;
        Ok((principal, items))
    }
}
