//! Handlers of one type.
//!
//! The router's machinery is made anew by the compiler for each type of handler, and every `async fn` is
//! a type of its own: with some two hundred routes that was most of the time a build took. Behind
//! [`one`] they are all alike. The price is one more box for each request.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

/// What a handler is doing.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler whose type says nothing of the function behind it.
pub struct One<S>(Arc<dyn Fn(Request, S) -> Answering + Send + Sync>);

impl<S> Clone for One<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> fmt::Debug for One<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

/// Marks the handlers that are [`One`]; the router asks for a type here.
#[derive(Debug)]
pub struct Alike;

impl<S: Send + 'static> Handler<Alike, S> for One<S> {
    type Future = Answering;

    fn call(self, request: Request, state: S) -> Answering {
        (self.0)(request, state)
    }
}

/// Puts a handler behind the one type.
pub fn one<H, T, S>(handler: H) -> One<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Send + 'static,
{
    One(Arc::new(move |request, state| {
        Box::pin(handler.clone().call(request, state))
    }))
}
