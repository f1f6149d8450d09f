//! The link another system sends somebody to us with.

use axum::extract::Path;
use axum::http::StatusCode;
use lintel_app::link;
use lintel_domain::access::Subject;

use super::enter::entered;
use crate::Answer;
use crate::failure::Failure;
use crate::visit::Visit;

/// Signs in, once.
pub(super) async fn land(visit: Visit, Path(token): Path<String>) -> Answer {
    // A browser that only guesses where its person goes next is not the person.
    let purpose = visit
        .header("sec-purpose")
        .or_else(|| visit.header("purpose"));
    if purpose.is_some_and(|purpose| purpose.contains("prefetch")) {
        return Err(Failure::Forbidden);
    }
    match link::land_sign_on(visit.app(), &token, &visit.visitor).await? {
        Some(cookie) => entered(&visit, &cookie, Subject::Staff, "").await,
        None => Err(Failure::Gone),
    }
}

/// For whoever looks at a link without opening it: nothing happens, and nothing is said about it.
pub(super) async fn look() -> StatusCode {
    StatusCode::OK
}
