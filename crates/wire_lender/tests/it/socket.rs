//! Real HTTP: a listener on a free port, and requests written byte by byte.

use std::net::SocketAddr;

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const BOUNDARY: &str = "------------------------lintel0123456789";

/// Serves a router on a free port for as long as the test takes.
pub async fn served(router: Router, test: impl AsyncFnOnce(SocketAddr)) {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::select! {
        ended = axum::serve(listener, service) => panic!("the server ended: {ended:?}"),
        () = test(address) => (),
    }
}

/// A reply as it came over the wire.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// POST of a multipart form, the way PHP's curl sends an array.
pub async fn post_multipart(to: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!("--{BOUNDARY}--\r\n"));
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    post(to, path, &content_type, &body).await
}

/// POST of a urlencoded form, the way PHP's `http_build_query` writes it.
pub async fn post_urlencoded(to: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Reply {
    let encoded: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    post(
        to,
        path,
        "application/x-www-form-urlencoded",
        &encoded.join("&"),
    )
    .await
}

fn encode(text: &str) -> String {
    let one = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

async fn post(to: SocketAddr, path: &str, content_type: &str, body: &str) -> Reply {
    let mut stream = TcpStream::connect(to).await.expect("connected");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {to}\r\nAccept: */*\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.write_all(body.as_bytes()).await.expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("answered");
    let text = String::from_utf8(bytes).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .expect("a status");
    Reply {
        status,
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}
