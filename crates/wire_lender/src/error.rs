//! The `error` answer: documented codes and messages, and our own for what the contract does not
//! mention.

mod transport;

pub use transport::LenderShape;

use crate::reply::{Format, Reply};
use crate::tree::Node;
use axum::http::StatusCode;

/// Which HTTP status an error answer has (setting `lender_api.error_status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorStatus {
    /// The status line repeats the error's code.
    #[default]
    Code,
    /// Always 200, for clients that take a status of 400 or more for a failed transport.
    Ok,
}

/// One error answer. Code and message are the contract's; the rest is additional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LenderError {
    /// The documented code, which is also an HTTP status.
    pub code: u16,
    /// The documented message.
    pub message: String,
    /// The offending field's path, for example `users[1].email`.
    pub field: Option<String>,
    /// All findings, when there are several.
    pub details: Vec<Node>,
    /// Seconds after which a call that met a 503 may come again; none for a moment.
    pub retry_after_s: Option<u32>,
}

impl LenderError {
    /// A row of an endpoint's own table.
    pub fn new(code: u16, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            details: Vec::new(),
            retry_after_s: None,
        }
    }

    /// Names the offending field.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.field = Some(path.into());
        self
    }

    /// Adds findings.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Node>) -> Self {
        self.details = details;
        self
    }

    /// Says when a call that met a 503 may come again.
    #[must_use]
    pub fn after(mut self, seconds: Option<u32>) -> Self {
        self.retry_after_s = seconds;
        self
    }

    /// 400: no `format`, or neither json nor xml.
    pub fn format_missing() -> Self {
        Self::new(400, "Parameter format missing or invalid.")
    }

    /// 401: `apiID` or `apiKey` cannot be one.
    pub fn credentials_format() -> Self {
        Self::new(
            401,
            "Parameter apiID and/or apiKey missing or invalid format.",
        )
    }

    /// 401: `accessToken` cannot be one.
    pub fn token_format() -> Self {
        Self::new(401, "Parameter accessToken missing or invalid format.")
    }

    /// 401: `data` is not the JSON it should be.
    pub fn data_format() -> Self {
        Self::new(401, "Parameter data missing or invalid format.")
    }

    /// 401: no such credential pair, or withdrawn.
    pub fn credentials_invalid() -> Self {
        Self::new(401, "Parameter apiID and/or apiKey invalid.")
    }

    /// 401: the token was good once.
    pub fn token_expired() -> Self {
        Self::new(401, "This accessToken is expired.")
    }

    /// 401: the token belongs to other credentials.
    pub fn token_mismatch() -> Self {
        Self::new(401, "Parameter accessToken mismatch.")
    }

    /// 401: no such token.
    pub fn token_invalid() -> Self {
        Self::new(401, "Parameter accessToken invalid.")
    }

    /// 401: `lenderID` cannot be one.
    pub fn lender_id_format() -> Self {
        Self::new(401, "Parameter lenderID missing or invalid format.").at("lenderID")
    }

    /// 401: the credentials have no access to this lender.
    pub fn lender_id_mismatch() -> Self {
        Self::new(401, "Parameter apiID, apiKey and/or lenderID mismatch.").at("lenderID")
    }

    /// 401: no such lender or member of staff, or not the caller's.
    pub fn lender_or_user_invalid() -> Self {
        Self::new(401, "Parameter lenderID and/or userUID invalid.")
    }

    /// 501: no such lender.
    pub fn lender_id_invalid() -> Self {
        Self::new(501, "Parameter lenderID invalid.").at("lenderID")
    }

    /// 501: no such borrower.
    pub fn user_id_invalid() -> Self {
        Self::new(501, "Parameter userID invalid.").at("userID")
    }

    /// 501: a required field is absent or unreadable.
    pub fn missing(path: &str) -> Self {
        Self::new(501, format!("Parameter {path} missing or invalid format.")).at(path)
    }

    /// 501: an optional field is unreadable.
    pub fn invalid(path: &str) -> Self {
        Self::new(501, format!("Parameter {path} invalid format.")).at(path)
    }

    /// 501: a group or list has nothing in it.
    pub fn empty(path: &str) -> Self {
        Self::new(501, format!("Parameter {path} cannot be empty.")).at(path)
    }

    /// 500: our fault; the client gets the request id and nothing else.
    pub fn internal() -> Self {
        Self::new(500, "Internal error.")
    }

    /// The answer's tree: `error` with `code` and `message`, then what else there is to say.
    /// An empty request id is left out.
    pub fn node(&self, request_id: &str) -> Node {
        let mut error = Node::object([
            ("code", Node::from(self.code)),
            ("message", Node::from(&self.message)),
        ]);
        if let Some(field) = &self.field {
            error.push("field", field);
        }
        if !request_id.is_empty() {
            error.push("requestId", request_id);
        }
        if !self.details.is_empty() {
            error.push("details", Node::List(self.details.clone()));
        }
        Node::object([("error", error)])
    }

    /// The finished answer.
    pub fn reply(&self, format: Format, status: ErrorStatus, request_id: &str) -> Reply {
        let status = match status {
            ErrorStatus::Ok => StatusCode::OK,
            ErrorStatus::Code => {
                StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        Reply {
            status,
            node: self.node(request_id),
            format,
            retry_after_s: self.retry_after_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(error: &LenderError, format: Format, id: &str) -> String {
        String::from_utf8(error.reply(format, ErrorStatus::Code, id).body()).unwrap()
    }

    #[test]
    fn golden_answers() {
        let expired = LenderError::token_expired();
        assert_eq!(
            body(&expired, Format::Json, ""),
            r#"{"error":{"code":401,"message":"This accessToken is expired."}}"#
        );
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?><response><error><code>401</code>"#;
        assert_eq!(
            body(&expired, Format::Xml, ""),
            format!("{xml}<message>This accessToken is expired.</message></error></response>")
        );
        let findings = vec![
            Node::object([("rule", Node::text("a<b"))]),
            Node::object([("rule", Node::text("c"))]),
        ];
        let full = LenderError::missing("users[1].email").with_details(findings);
        assert_eq!(
            body(&full, Format::Json, "r-1"),
            concat!(
                r#"{"error":{"code":501,"#,
                r#""message":"Parameter users[1].email missing or invalid format.","#,
                r#""field":"users[1].email","requestId":"r-1","#,
                r#""details":[{"rule":"a<b"},{"rule":"c"}]}}"#
            )
        );
        assert!(body(&full, Format::Xml, "r-1").ends_with(concat!(
            "<field>users[1].email</field><requestId>r-1</requestId>",
            "<details><rule>a&lt;b</rule></details><details><rule>c</rule></details>",
            "</error></response>"
        )));
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table of cases")]
    fn the_common_rows_are_the_documented_ones() {
        let table = [
            (
                LenderError::format_missing(),
                400,
                "Parameter format missing or invalid.",
            ),
            (
                LenderError::credentials_format(),
                401,
                "Parameter apiID and/or apiKey missing or invalid format.",
            ),
            (
                LenderError::token_format(),
                401,
                "Parameter accessToken missing or invalid format.",
            ),
            (
                LenderError::data_format(),
                401,
                "Parameter data missing or invalid format.",
            ),
            (
                LenderError::credentials_invalid(),
                401,
                "Parameter apiID and/or apiKey invalid.",
            ),
            (
                LenderError::token_expired(),
                401,
                "This accessToken is expired.",
            ),
            (
                LenderError::token_mismatch(),
                401,
                "Parameter accessToken mismatch.",
            ),
            (
                LenderError::token_invalid(),
                401,
                "Parameter accessToken invalid.",
            ),
            (
                LenderError::lender_id_format(),
                401,
                "Parameter lenderID missing or invalid format.",
            ),
            (
                LenderError::lender_id_mismatch(),
                401,
                "Parameter apiID, apiKey and/or lenderID mismatch.",
            ),
            (
                LenderError::lender_id_invalid(),
                501,
                "Parameter lenderID invalid.",
            ),
            (
                LenderError::missing("a.b"),
                501,
                "Parameter a.b missing or invalid format.",
            ),
            (
                LenderError::invalid("a.b"),
                501,
                "Parameter a.b invalid format.",
            ),
            (
                LenderError::empty("search"),
                501,
                "Parameter search cannot be empty.",
            ),
            (LenderError::internal(), 500, "Internal error."),
        ];
        for (error, code, message) in table {
            assert_eq!((error.code, error.message.as_str()), (code, message));
        }
    }

    #[test]
    fn the_status_repeats_the_code_unless_told_otherwise() {
        for (code, status) in [(401, 401), (501, 501), (502, 502), (7, 500)] {
            let error = LenderError::new(code, "m");
            let reply = |how| error.reply(Format::Json, how, "").status.as_u16();
            assert_eq!(
                (reply(ErrorStatus::Code), reply(ErrorStatus::Ok)),
                (status, 200)
            );
        }
    }
}
