//! What lies between the mail library and the network, for the sake of servers that misbehave: an
//! answer has a bound, and what comes after a line is not read before it is asked for.
//!
//! The second matters at STARTTLS: whatever an attacker slipped in behind the server's consent would
//! be read as the first answer inside TLS otherwise. Here it is fed to the handshake, which fails.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::io::{AsyncRead as _, AsyncWrite as _};
#[expect(
    deprecated,
    reason = "the one way the library offers to TLS from the first byte over a stream of our own"
)]
use lettre::transport::smtp::client::AsyncNetworkStream;
use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Most bytes read between two writes: an answer, or a chain of certificates.
const MOST: usize = 24 * 1024;
/// Most lines of them. The library reads an answer again from its beginning with every line of it, so
/// that a long one of short lines would keep a processor busy. Within TLS it is a number of records'
/// bytes that happen to be line ends: about a hundred among that many.
const MOST_LINES: usize = 300;
const PIECE: usize = 4096;

/// A connection that hands out line by line.
pub(super) struct Line {
    stream: TcpStream,
    peer: SocketAddr,
    kept: Box<[u8; PIECE]>,
    start: usize,
    end: usize,
    /// Bytes handed out since the last write.
    answered: usize,
    /// Lines among them.
    lines: usize,
}

impl Line {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        Ok(Self {
            peer: stream.peer_addr()?,
            stream,
            kept: Box::new([0; PIECE]),
            start: 0,
            end: 0,
            answered: 0,
            lines: 0,
        })
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.start == this.end {
            let mut fresh = ReadBuf::new(&mut this.kept[..]);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut fresh))?;
            (this.start, this.end) = (0, fresh.filled().len());
        }
        let waiting = &this.kept[this.start..this.end];
        let line = waiting.iter().position(|b| *b == b'\n');
        let len = line.map_or(waiting.len(), |at| at + 1).min(buf.remaining());
        this.answered = this.answered.saturating_add(len);
        this.lines = this.lines.saturating_add(usize::from(line.is_some()));
        if this.answered > MOST || this.lines > MOST_LINES {
            return Poll::Ready(Err(io::Error::other("more than an answer can hold")));
        }
        buf.put_slice(&waiting[..len]);
        this.start += len;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        (this.answered, this.lines) = (0, 0);
        Pin::new(&mut this.stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// The library's stream after its handshake, as one it takes again.
#[expect(deprecated, reason = "as above")]
#[derive(Debug)]
pub(super) struct Private(pub(super) AsyncNetworkStream);

impl AsyncTokioStream for Private {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl AsyncRead for Private {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let space = buf.initialize_unfilled();
        let len = ready!(Pin::new(&mut self.get_mut().0).poll_read(cx, space))?;
        buf.advance(len);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Private {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_close(cx)
    }
}
