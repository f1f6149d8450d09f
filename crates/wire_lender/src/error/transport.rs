//! Errors before a payload is looked at: bodies that cannot be read and faults of the plumbing.
//! The public text has no rows for these; codes are the HTTP ones, messages ours.

use super::{ErrorStatus, LenderError};
use crate::reply::Format;
use axum::response::{IntoResponse, Response};
use lintel_edge::{BodyError, EdgeFault, Shape};

impl From<BodyError> for LenderError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge { limit } => {
                Self::new(413, format!("Request body is larger than {limit} bytes."))
            }
            BodyError::TooMuchBeside { limit } => Self::new(
                413,
                format!("Request has more than {limit} bytes beside its documents."),
            ),
            BodyError::TooManyFields => Self::new(413, "Request has too many fields."),
            BodyError::TooDeep => Self::new(400, "Request is nested too deeply."),
            BodyError::Busy => Self::busy(),
            BodyError::TimedOut => Self::new(408, "Request body did not arrive in time."),
            BodyError::Broken => Self::new(400, "Request body broke off."),
            BodyError::UnsupportedType => Self::new(
                415,
                "Content type is not supported, use multipart/form-data, \
                 application/x-www-form-urlencoded or application/json, uncompressed.",
            ),
            BodyError::BadMultipart(what) => Self::new(
                400,
                format!("Request body is not valid multipart/form-data: {what}."),
            ),
            BodyError::BadForm(what) => {
                Self::new(400, format!("Request body is not a valid form: {what}."))
            }
            BodyError::BadJson { line, column } => Self::new(
                400,
                format!("Request body is not a JSON object, see line {line}, column {column}."),
            ),
        }
    }
}

impl LenderError {
    /// 404: no such endpoint.
    pub fn unknown_endpoint() -> Self {
        Self::new(404, "Unknown endpoint.")
    }

    /// 405: every endpoint is POST.
    pub fn method_not_allowed() -> Self {
        Self::new(405, "Method not allowed, use POST.")
    }

    /// 503: nothing was done; try again.
    pub fn busy() -> Self {
        Self::new(503, "Server is busy, try again in a moment.")
    }

    /// 503: the work took too long. Whether it was done is not known; calls are repeatable.
    pub fn timed_out() -> Self {
        Self::new(503, "Request timed out, try again in a moment.")
    }
}

/// How the Lender API says what the plumbing has to say: JSON, because the `format` of a request
/// that was never read is unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct LenderShape {
    /// Which HTTP status error answers have.
    pub error_status: ErrorStatus,
}

impl LenderShape {
    /// The shape with this setting.
    pub fn new(error_status: ErrorStatus) -> Self {
        Self { error_status }
    }
}

impl Shape for LenderShape {
    fn face(&self) -> &'static str {
        "lender"
    }

    fn fault(&self, kind: EdgeFault, request_id: &str) -> Response {
        let error = match kind {
            EdgeFault::NotFound => LenderError::unknown_endpoint(),
            EdgeFault::MethodNotAllowed => LenderError::method_not_allowed(),
            EdgeFault::Panicked => LenderError::internal(),
            EdgeFault::TimedOut => LenderError::timed_out(),
            EdgeFault::Overloaded => LenderError::busy(),
        };
        error
            .reply(Format::Json, self.error_status, request_id)
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Reply;
    use axum::http::StatusCode;

    #[test]
    fn bodies_that_cannot_be_read() {
        let table = [
            (
                BodyError::TooLarge { limit: 9 },
                413,
                "Request body is larger than 9 bytes.",
            ),
            (
                BodyError::TooMuchBeside { limit: 9 },
                413,
                "Request has more than 9 bytes beside its documents.",
            ),
            (
                BodyError::TooManyFields,
                413,
                "Request has too many fields.",
            ),
            (BodyError::TooDeep, 400, "Request is nested too deeply."),
            (
                BodyError::Busy,
                503,
                "Server is busy, try again in a moment.",
            ),
            (
                BodyError::TimedOut,
                408,
                "Request body did not arrive in time.",
            ),
            (BodyError::Broken, 400, "Request body broke off."),
            (
                BodyError::BadMultipart("a part has no name".to_owned()),
                400,
                "Request body is not valid multipart/form-data: a part has no name.",
            ),
            (
                BodyError::BadForm("text is not valid UTF-8".to_owned()),
                400,
                "Request body is not a valid form: text is not valid UTF-8.",
            ),
            (
                BodyError::BadJson { line: 2, column: 7 },
                400,
                "Request body is not a JSON object, see line 2, column 7.",
            ),
        ];
        for (error, code, message) in table {
            assert_eq!(
                LenderError::from(error.clone()),
                LenderError::new(code, message)
            );
        }
        let unsupported = LenderError::from(BodyError::UnsupportedType);
        assert_eq!(unsupported.code, 415);
        assert!(
            unsupported
                .message
                .contains("multipart/form-data, application/x-www-form")
        );
    }

    #[test]
    fn faults_of_the_plumbing() {
        let shape = LenderShape::default();
        for (kind, status) in [
            (EdgeFault::NotFound, 404),
            (EdgeFault::MethodNotAllowed, 405),
            (EdgeFault::Panicked, 500),
            (EdgeFault::TimedOut, 503),
            (EdgeFault::Overloaded, 503),
        ] {
            assert_eq!(
                shape.fault(kind, "r-1").status().as_u16(),
                status,
                "{kind:?}"
            );
        }
        let always_ok = LenderShape::new(ErrorStatus::Ok);
        assert_eq!(
            always_ok.fault(EdgeFault::Panicked, "r-1").status(),
            StatusCode::OK
        );
        let internal = LenderError::internal().reply(Format::Json, ErrorStatus::Code, "r-1");
        let Reply { node, .. } = internal;
        assert_eq!(
            crate::reply::to_json(&node),
            br#"{"error":{"code":500,"message":"Internal error.","requestId":"r-1"}}"#
        );
    }
}
