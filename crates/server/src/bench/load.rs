//! An open-loop load: requests are due at fixed times, whatever became of those before, and latency counts
//! from when a request was due.
//!
//! Plain threads that block: a thread's sleep ends within some fifty microseconds of its time, where a
//! runtime's timers go by whole milliseconds, and nothing spins that would take the server's processor.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Connections the requests are spread over, a thread each: enough that none waits for a free one.
const CONNECTIONS: usize = 48;
/// Largest answer read.
const LARGEST: usize = 16 << 20;
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer and how long it took from when its request was due.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    pub(super) seconds: f64,
}

/// The same request again and again.
#[derive(Debug, Clone)]
pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) request: Vec<u8>,
    /// Requests a second.
    pub(super) rate: u32,
    pub(super) seconds: u64,
}

/// A share of the latencies in milliseconds that are no longer than the answer, in hundred-thousandths: 99_000
/// is p99.
pub(super) fn percentile(answers: &[Answer], share: u32) -> f64 {
    let mut latencies: Vec<f64> = answers.iter().map(|one| one.seconds * 1e3).collect();
    latencies.sort_by(f64::total_cmp);
    let last = latencies.len().saturating_sub(1);
    let index = u32::try_from(last).map_or(0.0, f64::from) * f64::from(share) / 1e5;
    let index = format!("{index:.0}").parse().unwrap_or(last);
    latencies.get(index).copied().unwrap_or_default()
}

/// The bytes of a POST of JSON.
pub(super) fn post(path: &str, body: &str) -> Vec<u8> {
    request("POST", path, &[], body)
}

/// A request with headers of its own.
pub(super) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = body.len();
    head.push_str(&format!(
        "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ));
    [head.as_bytes(), body.as_bytes()].concat()
}

/// One request on a connection of its own.
pub(super) fn ask(address: SocketAddr, request: &[u8]) -> Result<Answer, String> {
    Connection::open(address)?.ask(request, Instant::now())
}

impl Load {
    /// All answers, without their bodies.
    pub(super) fn run(&self) -> Result<Vec<Answer>, String> {
        let total = u64::from(self.rate).saturating_mul(self.seconds);
        let connections = (0..CONNECTIONS).map(|_| Connection::open(self.address));
        let connections = connections.collect::<Result<Vec<_>, _>>()?;
        let next = AtomicU64::new(0);
        let start = Instant::now() + Duration::from_millis(50);
        let answers = std::thread::scope(|scope| {
            let threads: Vec<_> = connections
                .into_iter()
                .map(|connection| scope.spawn(|| self.share(connection, (&next, total), start)))
                .collect();
            let all = threads.into_iter().map(|thread| {
                let answers = thread.join();
                answers.map_err(|_| "a thread of the load ended early".to_owned())?
            });
            all.collect::<Result<Vec<_>, String>>()
        })?;
        Ok(answers.into_iter().flatten().collect())
    }

    /// The requests one connection sends: whichever is due next.
    fn share(
        &self,
        mut connection: Connection,
        (next, total): (&AtomicU64, u64),
        start: Instant,
    ) -> Result<Vec<Answer>, String> {
        let rate = u64::from(self.rate.max(1));
        let mut answers = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= total {
                return Ok(answers);
            }
            let due = start + Duration::from_nanos(number.saturating_mul(1_000_000_000) / rate);
            wait(due);
            let answer = connection.ask(&self.request, due)?;
            answers.push(Answer {
                body: Vec::new(),
                ..answer
            });
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "requests are due at times, whatever happens: time is what is waited for"
)]
fn wait(due: Instant) {
    std::thread::sleep(due.saturating_duration_since(Instant::now()));
}

/// A connection that is kept.
struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
    piece: Box<[u8]>,
}

impl Connection {
    fn open(address: SocketAddr) -> Result<Self, String> {
        let told = |e: std::io::Error| format!("{address}: {e}");
        let stream = TcpStream::connect(address).map_err(told)?;
        stream.set_nodelay(true).map_err(told)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(told)?;
        Ok(Self {
            stream,
            read: Vec::new(),
            piece: vec![0; 1 << 16].into_boxed_slice(),
        })
    }

    fn ask(&mut self, request: &[u8], due: Instant) -> Result<Answer, String> {
        let broken = |e: std::io::Error| format!("the connection: {e}");
        self.stream.write_all(request).map_err(broken)?;
        self.read.clear();
        loop {
            let count = self.stream.read(&mut self.piece).map_err(broken)?;
            let piece = self.piece.get(..count).unwrap_or_default();
            self.read.extend_from_slice(piece);
            if let Some((status, body)) = whole(&self.read) {
                return Ok(Answer {
                    status,
                    body,
                    seconds: due.elapsed().as_secs_f64(),
                });
            }
            if count == 0 || self.read.len() > LARGEST {
                return Err("an answer without an end".to_owned());
            }
        }
    }
}

/// Status and body of an answer that has arrived whole: by its length, or in chunks.
fn whole(bytes: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?)
        .ok()?
        .to_ascii_lowercase();
    let body = bytes.get(end + 4..)?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
    if let Some(length) = field("content-length:") {
        let length: usize = length.trim().parse().ok()?;
        return Some((status, body.get(..length)?.to_vec()));
    }
    let (mut rest, mut joined) = (body, Vec::new());
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..line)?).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        let chunk = rest.get(line + 2..)?;
        joined.extend_from_slice(chunk.get(..size)?);
        rest = chunk.get(size + 2..)?;
        if size == 0 {
            return Some((status, joined));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_end_by_length_or_chunks() {
        let by_length = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(whole(by_length), Some((200, b"abc".to_vec())));
        assert_eq!(whole(&by_length[..by_length.len() - 1]), None);
        let chunks =
            b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        assert_eq!(whole(chunks), Some((404, b"abc".to_vec())));
        assert_eq!(whole(&chunks[..chunks.len() - 3]), None);
        assert_eq!(whole(b"HTTP/1.1 200"), None);
    }
}
