//! The operator's file: how a provider is called, and what its answers mean.
//!
//! ```toml
//! url = "https://sms.example.com/v1/messages"
//! body = '{"to": {{ number|tojson }}, "text": {{ text|tojson }}, "key": {{ delivery|tojson }}}'
//! id = "/sid"
//! [headers]
//! Authorization = "Bearer {{ secret.token }}"
//! Content-Type = "application/json"
//! [secrets]
//! token = "not a real one"
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_app::ports::OutgoingSms;
use lintel_domain::id::RowId;
use lintel_store::fault::{Fault, FaultKind};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Deserialize;
use ureq::http::{HeaderName, HeaderValue, Method, Uri};

use crate::mime::Unfit;

/// Largest file, in bytes.
const FILE_MAX: u64 = 64 * 1024;
/// Headers of a call.
const HEADERS_MAX: usize = 50;
/// Longest text a template may come to, in bytes.
const RENDERED_MAX: usize = 64 * 1024;
/// Steps a template may take.
const FUEL: u64 = 20_000;
/// Longest time of one call: less than its job's lease is kept alive.
const LONGEST_SECONDS: u64 = 40;
/// Longest id of a message kept, in characters.
const ID_MAX_CHARS: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "post")]
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    accepted: Option<Vec<u16>>,
    retried: Option<Vec<u16>>,
    id: Option<String>,
    #[serde(default = "usual_seconds")]
    timeout_seconds: u64,
}

fn post() -> String {
    "POST".to_owned()
}

const fn usual_seconds() -> u64 {
    20
}

/// How a provider is called.
pub(super) struct Provider {
    method: Method,
    templates: Environment<'static>,
    headers: Vec<HeaderName>,
    secrets: BTreeMap<String, String>,
    accepted: Option<Vec<u16>>,
    retried: Option<Vec<u16>>,
    id: Option<String>,
    pub(super) longest: Duration,
}

/// One call, ready to be made.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) url: Uri,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: String,
}

impl Provider {
    /// Reads a file and tries it with an invented message.
    pub(super) fn open(file: &Path) -> Result<Self, Fault> {
        let shown = file.display();
        let fault = |what: &str| Fault::new(FaultKind::Unavailable, format!("{shown}: {what}"));
        let unreadable = "the provider's file cannot be read";
        let size = fs::metadata(file).map_err(|e| fault(unreadable).caused_by(e))?;
        if size.len() > FILE_MAX {
            return Err(fault("too large for a provider's file"));
        }
        let text = fs::read_to_string(file).map_err(|e| fault(unreadable).caused_by(e))?;
        Self::read(&text).map_err(|what| fault(&what))
    }

    pub(super) fn read(text: &str) -> Result<Self, String> {
        // The reader's own message repeats the line it stumbled over, and with it a secret.
        let file: File = toml::from_str(text).map_err(|e| {
            let line = e
                .span()
                .map_or(0, |s| text[..s.start].lines().count().max(1));
            format!("not a provider's file, near line {line}")
        })?;
        if file.headers.len() > HEADERS_MAX
            || !(1..=LONGEST_SECONDS).contains(&file.timeout_seconds)
        {
            return Err(format!(
                "at most {HEADERS_MAX} headers and 1 to {LONGEST_SECONDS} seconds"
            ));
        }
        let method = match file.method.as_str() {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "GET" => Method::GET,
            _ => return Err("method must be POST, PUT or GET".to_owned()),
        };
        if file.id.as_deref().is_some_and(|id| !id.starts_with('/')) {
            return Err("id must be a JSON pointer, such as /sid".to_owned());
        }
        let mut provider = Self {
            method,
            templates: environment(),
            headers: Vec::new(),
            secrets: file.secrets,
            accepted: file.accepted,
            retried: file.retried,
            id: file.id,
            longest: Duration::from_secs(file.timeout_seconds),
        };
        provider.add("url", file.url)?;
        provider.add("body", file.body)?;
        for (name, template) in file.headers {
            let parsed = name
                .parse()
                .map_err(|_| format!("headers.{name}: cannot be a name"))?;
            provider.headers.push(parsed);
            provider.add(&name.to_ascii_lowercase(), template)?;
        }
        let sample = OutgoingSms {
            delivery: RowId::new("00000000-0000-7000-8000-000000000000".to_owned()),
            number: "+13125550100".to_owned(),
            text: "\"Hello\" {there}".to_owned(),
        };
        match provider.call(&sample) {
            Ok(_) => Ok(provider),
            Err(unfit) => Err(unfit.0.to_owned()),
        }
    }

    fn add(&mut self, name: &str, template: String) -> Result<(), String> {
        let added = self.templates.add_template_owned(name.to_owned(), template);
        added.map_err(|e| format!("{name}: not a template near line {}", e.line().unwrap_or(0)))
    }

    /// The call for one message.
    pub(super) fn call(&self, message: &OutgoingSms) -> Result<Call, Unfit> {
        let url = self.fill("url", message, Unfit("url: the template cannot be filled"))?;
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        let url = url
            .parse::<Uri>()
            .ok()
            .filter(|uri| is_web && uri.host().is_some());
        let url = url.ok_or(Unfit("url: not an address that can be called"))?;
        let mut headers = Vec::with_capacity(self.headers.len());
        for name in &self.headers {
            let unfit = Unfit("headers: a template cannot be filled");
            let value = self.fill(name.as_str(), message, unfit)?;
            // A line end in a value is refused here.
            let value = HeaderValue::from_str(&value);
            let mut value = value.map_err(|_| Unfit("headers: a value cannot be sent"))?;
            value.set_sensitive(true);
            headers.push((name.clone(), value));
        }
        Ok(Call {
            method: self.method.clone(),
            url,
            headers,
            body: self.fill(
                "body",
                message,
                Unfit("body: the template cannot be filled"),
            )?,
        })
    }

    fn fill(&self, name: &str, message: &OutgoingSms, unfit: Unfit) -> Result<String, Unfit> {
        let secrets = self.secrets.iter();
        let secrets = secrets.map(|(name, value)| (name.as_str(), value.as_str()));
        let values = context! {
            number => message.number.as_str(),
            text => message.text.as_str(),
            delivery => message.delivery.as_str(),
            secret => Value::from_pairs(secrets),
        };
        let template = self.templates.get_template(name).map_err(|_| unfit)?;
        let text = template.render(values).map_err(|_| unfit)?;
        (text.len() <= RENDERED_MAX).then_some(text).ok_or(unfit)
    }

    /// Whether a status says that the message was taken.
    pub(super) fn accepts(&self, status: u16) -> bool {
        match &self.accepted {
            Some(list) => list.contains(&status),
            None => (200..=299).contains(&status),
        }
    }

    /// Whether a status says nothing against the message: the provider is busy, or not set up as the
    /// file has it, which somebody may still put right.
    pub(super) fn retries(&self, status: u16) -> bool {
        match &self.retried {
            Some(list) => list.contains(&status),
            None => {
                let ours = [401, 402, 403, 404, 405, 407, 408, 425, 429];
                (300..=399).contains(&status) || status >= 500 || ours.contains(&status)
            }
        }
    }

    /// What the provider calls the message, where the file says it is.
    pub(super) fn id_in(&self, body: &[u8]) -> Option<String> {
        let pointer = self.id.as_deref()?;
        let value: serde_json::Value = serde_json::from_slice(body).ok()?;
        let text = match value.pointer(pointer)? {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text.chars().take(ID_MAX_CHARS).collect())
    }
}

fn environment() -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_auto_escape_callback(|_| AutoEscape::None);
    templates.set_fuel(Some(FUEL));
    templates.add_filter("base64", |text: &str| STANDARD.encode(text));
    templates
}
