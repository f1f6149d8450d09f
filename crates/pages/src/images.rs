//! Pictures: logos, icons, headshots, by the hash of their bytes.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lintel_app::image;
use lintel_edge::one::one;

use crate::Answer;
use crate::assets::FOR_EVER;
use crate::failure::Failure;
use crate::headers::FILE_POLICY;
use crate::pages::Pages;

async fn show(State(pages): State<Pages>, Path(name): Path<String>, headers: HeaderMap) -> Answer {
    let served = image::open(pages.app(), &name).await?;
    let served = served.ok_or(Failure::NotFound)?;
    let etag = HeaderValue::from_str(&served.etag).map_err(|_| Failure::NotFound)?;
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| matches!(tag.trim().trim_start_matches("W/"), tag if tag == served.etag || tag == "*"));
    let mut answer: Response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, served.media_type)], served.bytes).into_response()
    };
    let fixed = [
        (CACHE_CONTROL, HeaderValue::from_static(FOR_EVER)),
        (ETAG, etag),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(FILE_POLICY),
        ),
        // Other sites show them: the Lender API hands their addresses out.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    answer.headers_mut().extend(fixed);
    Ok(answer)
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new().route("/images/{name}", get(one(show)))
}
