//! What every page works with.

use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_edge::{BodyGate, Limits};

use crate::assets::Assets;
use crate::templates::Engine;

/// Largest form in bytes: two pictures at their largest, and the text beside them.
const FORM_BYTES: usize = 6 * 1024 * 1024;
/// Bytes of forms in memory at once.
const FORMS_BYTES: usize = 48 * 1024 * 1024;

/// The application, the templates, the assets. Cheap to clone; the state of every route.
#[derive(Clone)]
pub(crate) struct Pages {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    engine: Engine,
    assets: Assets,
    gate: BodyGate,
    is_https: bool,
}

impl Pages {
    /// Reads the templates.
    ///
    /// # Errors
    /// When one of them cannot be read: a bug that a test finds first.
    pub(crate) fn try_new(app: App, limits: &Limits) -> Result<Self, Fault> {
        let forms = Limits {
            body_bytes: limits.body_bytes.min(FORM_BYTES),
            body_budget_bytes: limits.body_budget_bytes.min(FORMS_BYTES),
            ..limits.clone()
        };
        let is_https = app
            .public_url()
            .is_some_and(|url| url.starts_with("https://"));
        Ok(Self {
            inner: Arc::new(Inner {
                engine: Engine::try_new()?,
                assets: Assets::new(),
                gate: BodyGate::new(&forms),
                is_https,
                app,
            }),
        })
    }

    /// The application.
    pub(crate) fn app(&self) -> &App {
        &self.inner.app
    }

    /// The templates.
    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Style sheet, script and pictures of our own.
    pub(crate) fn assets(&self) -> &Assets {
        &self.inner.assets
    }

    /// Reads forms within bounds.
    pub(crate) fn gate(&self) -> &BodyGate {
        &self.inner.gate
    }

    /// Whether browsers reach this installation over TLS, so that cookies can insist on it.
    pub(crate) fn is_https(&self) -> bool {
        self.inner.is_https
    }
}
