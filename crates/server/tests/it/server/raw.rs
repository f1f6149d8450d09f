//! HTTP by hand, for what no proper client would send.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Longest silence of the server: above every time-out of its own.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
#[derive(Debug)]
pub(super) enum Answer {
    /// A status, and the body when it is JSON.
    Http(u16, Option<Value>),
    /// The server closed the connection without a word.
    Closed,
}

/// Sends the pieces as long as the server takes them, then reads until it closes.
///
/// Panics when the server is silent for too long: that is a hang.
pub(super) fn exchange(address: &str, pieces: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    let mut stream = TcpStream::connect(address).expect("connected");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream.set_write_timeout(Some(PATIENCE)).expect("set");
    for piece in pieces {
        match stream.write_all(&piece) {
            Ok(()) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("the server neither reads nor closes")
            }
            // It has heard enough.
            Err(_) => break,
        }
    }
    let mut received = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => received.extend_from_slice(&buffer[..count]),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("the server neither answers nor closes")
            }
            Err(_) => break,
        }
    }
    read(&received)
}

fn read(received: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(received);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return Answer::Closed;
    };
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok());
    Answer::Http(
        status.expect("a status line"),
        serde_json::from_str(body).ok(),
    )
}

/// The head of a POST; the connection ends with the answer.
pub(super) fn head(path: &str, content_type: &str, length: Option<usize>) -> Vec<u8> {
    let length = match length {
        Some(bytes) => format!("Content-Length: {bytes}"),
        None => "Transfer-Encoding: chunked".to_owned(),
    };
    format!(
        "POST /api/lender/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: {content_type}\r\n{length}\r\n\r\n"
    )
    .into_bytes()
}

/// A whole POST with a body at hand.
pub(super) fn post(path: &str, content_type: &str, body: Vec<u8>) -> Vec<Vec<u8>> {
    vec![head(path, content_type, Some(body.len())), body]
}
