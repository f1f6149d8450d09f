//! Routes with a list of themselves, so that a test can hold them against the description of the API.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::ALLOW;
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use lintel_edge::one::one;

use crate::call::Face;
use crate::problem::Problem;

/// Routes below the prefix.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    router: Router<Face>,
    paths: Vec<&'static str>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a path.
    #[must_use]
    pub fn at(mut self, path: &'static str, methods: MethodRouter<Face>) -> Self {
        self.router = self.router.route(path, methods);
        self.paths.push(path);
        self
    }

    /// Adds a path whose `GET` leaves something behind: mail, a note in the history. Its `HEAD`, which would
    /// do the same and show nothing, is no method of it. `allow` are those it has.
    #[must_use]
    pub fn noted(
        self,
        path: &'static str,
        methods: MethodRouter<Face>,
        allow: &'static str,
    ) -> Self {
        let refused = move || async move {
            let mut answer = Problem::wrong_method().into_response();
            let allow = HeaderValue::from_static(allow);
            answer.headers_mut().insert(ALLOW, allow);
            answer
        };
        self.at(path, methods.head(one(refused)))
    }

    /// Adds a path whose body has the fields of one borrower or property as its own members: what is
    /// found in it is named without the path those fields have in a simulation.
    #[must_use]
    pub fn own(self, path: &'static str, methods: MethodRouter<Face>) -> Self {
        self.at(path, methods.layer(map_response(own_names)))
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.router = self.router.merge(more.router);
        self.paths.extend(more.paths);
        self
    }

    /// Every path, in the order added.
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    /// The router.
    pub fn router(self) -> Router<Face> {
        self.router
    }
}

async fn own_names(mut response: Response) -> Response {
    if let Some(problem) = response.extensions_mut().get_mut::<Problem>() {
        problem.is_own = true;
    }
    response
}
