//! A link of the sign-up page with a query that is longer than HTTP allows here. Somebody made the link
//! and somebody else opens it: the page is to come all the same, without what does not fit. The HTTP
//! library would answer with an empty page, so the end of the query is cut off before it looks.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How requests for a borrower's page begin; no others are touched.
const BEGINNING: &[u8] = b"GET /app/";
/// Bytes of such a beginning up to the end of the query that are passed on. The longest value of a
/// documented parameter has some hundred.
const PASSED: usize = 16 * 1024;
/// Bytes cut off from one request; more is no link.
const CUT: usize = 8 * 1024 * 1024;

/// Where in a request the next byte stands.
enum Place {
    /// In the beginning, so many bytes of which are right.
    Beginning(usize),
    /// In the address, so many bytes of which came.
    Address(usize),
    /// Behind it, or in a request that is not looked at.
    Rest,
}

/// Passes everything through but the end of too long an address.
pub(super) struct LongQuery<S> {
    stream: S,
    place: Place,
}

impl<S> LongQuery<S> {
    pub(super) const fn new(stream: S) -> Self {
        Self {
            stream,
            place: Place::Beginning(0),
        }
    }

    /// Whether a byte is passed on. A line end or a blank ends the address.
    fn passes(&mut self, byte: u8) -> io::Result<bool> {
        match self.place {
            Place::Rest => Ok(true),
            Place::Beginning(right) => {
                self.place = if BEGINNING.get(right) != Some(&byte) {
                    Place::Rest
                } else if right + 1 == BEGINNING.len() {
                    Place::Address(right + 1)
                } else {
                    Place::Beginning(right + 1)
                };
                Ok(true)
            }
            Place::Address(_) if byte.is_ascii_whitespace() => {
                self.place = Place::Rest;
                Ok(true)
            }
            Place::Address(came) if came >= PASSED + CUT => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "an endless address",
            )),
            Place::Address(came) => {
                self.place = Place::Address(came + 1);
                Ok(came < PASSED)
            }
        }
    }

    /// Looks at what came behind `before`, and takes out what is not passed on.
    fn cut(&mut self, buffer: &mut ReadBuf<'_>, before: usize) -> io::Result<()> {
        if matches!(self.place, Place::Rest) {
            return Ok(());
        }
        let bytes = buffer.filled_mut();
        let (mut kept, mut end) = (before, Ok(()));
        for at in before..bytes.len() {
            match self.passes(bytes[at]) {
                Ok(true) => {
                    bytes[kept] = bytes[at];
                    kept += 1;
                }
                Ok(false) => {}
                Err(error) => {
                    // A read that fails has read nothing.
                    (kept, end) = (before, Err(error));
                    break;
                }
            }
        }
        buffer.set_filled(kept);
        end
    }

    /// An answer was begun: what is read next is another request.
    fn answered(&mut self) {
        if matches!(self.place, Place::Rest) {
            self.place = Place::Beginning(0);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LongQuery<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let before = buffer.filled().len();
            let progress = Pin::new(&mut self.stream).poll_read(context, buffer);
            let came = buffer.filled().len() > before;
            if !came || !matches!(progress, Poll::Ready(Ok(()))) {
                return progress;
            }
            self.cut(buffer, before)?;
            // Nothing passed on would mean that the other side is done.
            if buffer.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for LongQuery<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.answered();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.answered();
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// What comes out of texts sent one after another, each answered before the next.
    async fn through(texts: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        let (near, mut far) = tokio::io::duplex(64 * 1024 * 1024);
        let mut stream = LongQuery::new(near);
        for text in texts {
            far.write_all(text.as_bytes()).await.expect("sent");
            let mut got = Vec::new();
            while !got.ends_with(b"\r\n\r\n") {
                let mut part = vec![0; 5000];
                let n = stream.read(&mut part).await.expect("read");
                assert!(n > 0, "an end nobody made");
                got.extend_from_slice(&part[..n]);
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\n\r\n")
                .await
                .expect("answered");
            out.push(String::from_utf8(got).expect("text"));
        }
        out
    }

    fn request(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
    }

    #[tokio::test]
    async fn only_long_links_of_borrowers_are_cut_each_time() {
        let million = "x".repeat(1_000_000);
        let long = request(&format!("/app/signup/p/a?firstName={million}"));
        let short = request("/app/signup/p/a?firstName=Ann");
        let other = request(&format!("/api/x?y={million}"));
        let posted = format!("POST /app/x HTTP/1.1\r\n\r\nGET /app/{million}\r\n\r\n");
        let texts = [&*long, &short, &other, &long, &posted];
        let got = through(&texts).await;
        for n in [0, 3] {
            assert!(got[n].starts_with("GET /app/signup/p/a?firstName=xxx"));
            assert!(got[n].ends_with("xxx HTTP/1.1\r\nhost: x\r\n\r\n"));
            assert!(got[n].len() < PASSED + 100, "{}", got[n].len());
        }
        assert_eq!([&got[1], &got[2]], [&short, &other]);
        assert!(posted.starts_with(&got[4]) && got[4].len() > 10);
    }

    #[tokio::test]
    async fn an_endless_link_is_given_up() {
        let (near, mut far) = tokio::io::duplex(16 * 1024 * 1024);
        let mut stream = LongQuery::new(near);
        far.write_all(b"GET /app/").await.expect("sent");
        far.write_all(&vec![b'x'; PASSED + CUT])
            .await
            .expect("sent");
        let mut all = Vec::new();
        let error = stream.read_to_end(&mut all).await.expect_err("given up");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(all.len() <= PASSED);
    }
}
