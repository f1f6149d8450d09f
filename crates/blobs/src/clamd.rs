//! ClamAV's daemon, or whatever speaks like it: files are sent over its `INSTREAM` while they come in.
//!
//! One connection for each file: `zINSTREAM`, then stretches with their length before them, then an
//! empty one, then the verdict, ended by a zero. Everything is bounded in time, and everything but a
//! verdict that came whole is a fault: what nobody looked at is not kept.

use std::io;
use std::time::Duration;

use lintel_app::config::ScannerAddress;
use lintel_app::ports::{ScanFuture, ScanSession, ScanVerdict, Scanner};
use lintel_store::fault::{Fault, FaultKind};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest stretch sent at once.
const STRETCH_BYTES: usize = 64 * 1024;
/// Longest answer read.
const MAX_ANSWER: usize = 4096;
/// Longest name of malware, and longest answer, that is repeated.
const MAX_SHOWN: usize = 120;

/// How long a scanner may take.
#[derive(Debug, Clone, Copy)]
pub struct ClamdTimes {
    /// To take a connection.
    pub connect: Duration,
    /// To take the next stretch.
    pub send: Duration,
    /// To say what it found.
    pub answer: Duration,
}

impl Default for ClamdTimes {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            send: Duration::from_secs(30),
            answer: Duration::from_secs(120),
        }
    }
}

/// A scanner at an address.
#[derive(Debug, Clone)]
pub struct Clamd {
    address: ScannerAddress,
    times: ClamdTimes,
}

impl Clamd {
    /// The scanner at an address. Nothing is sent yet.
    #[must_use]
    pub fn new(address: ScannerAddress) -> Self {
        Self::with_times(address, ClamdTimes::default())
    }

    /// As [`new`](Self::new), with other times.
    #[must_use]
    pub const fn with_times(address: ScannerAddress, times: ClamdTimes) -> Self {
        Self { address, times }
    }

    /// What the scanner says it is, when it answers and also takes a file of so many bytes: zeros,
    /// which no scanner minds.
    ///
    /// # Errors
    /// When it does not answer, or not to a file of that length.
    pub async fn probe(&self, bytes: u64) -> Result<String, Fault> {
        let mut line = self.connect().await?;
        self.send(&mut line, b"zVERSION\0").await?;
        let version = self.answer(&mut line).await?;
        drop(line);
        let mut session = self.open().await?;
        let zeros = vec![0; STRETCH_BYTES];
        let mut rest = bytes;
        while rest > 0 {
            let piece = usize::try_from(rest).map_or(STRETCH_BYTES, |n| n.min(STRETCH_BYTES));
            session.send_on(&zeros[..piece]).await?;
            rest -= u64::try_from(piece).unwrap_or(rest);
        }
        match session.verdict().await? {
            ScanVerdict::Clean => Ok(shown(&version)),
            ScanVerdict::Found(name) => Err(self.wrong(&format!("found {name} in zeros"))),
        }
    }

    async fn open(&self) -> Result<Session, Fault> {
        let mut line = self.connect().await?;
        self.send(&mut line, b"zINSTREAM\0").await?;
        let clamd = self.clone();
        Ok(Session { clamd, line })
    }

    async fn connect(&self) -> Result<Box<dyn Line>, Fault> {
        let connected: io::Result<Box<dyn Line>> = match &self.address {
            ScannerAddress::Tcp { host, port } => {
                let connect = TcpStream::connect((host.as_str(), *port));
                let stream = self.within(self.times.connect, connect).await?;
                stream.map(|stream| {
                    // The empty stretch at the end must not wait for an acknowledgement.
                    let _ = stream.set_nodelay(true);
                    Box::new(stream) as Box<dyn Line>
                })
            }
            #[cfg(unix)]
            ScannerAddress::Unix(path) => {
                let connect = tokio::net::UnixStream::connect(path);
                let stream = self.within(self.times.connect, connect).await?;
                stream.map(|stream| Box::new(stream) as Box<dyn Line>)
            }
            #[cfg(not(unix))]
            ScannerAddress::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        };
        connected.map_err(|error| self.wrong("cannot be reached").caused_by(error))
    }

    async fn send(&self, line: &mut Box<dyn Line>, bytes: &[u8]) -> Result<(), Fault> {
        let sent = self.within(self.times.send, line.write_all(bytes)).await?;
        sent.map_err(|error| self.wrong("hung up").caused_by(error))
    }

    /// An answer up to its zero, without it.
    async fn answer(&self, line: &mut Box<dyn Line>) -> Result<Vec<u8>, Fault> {
        let read = async {
            let mut answer = Vec::new();
            let mut buffer = [0_u8; 512];
            loop {
                let count = line.read(&mut buffer).await?;
                let (new, _) = buffer.split_at(count);
                answer.extend_from_slice(new);
                if let Some(end) = answer.iter().position(|byte| *byte == 0) {
                    answer.truncate(end);
                    return Ok(answer);
                }
                if count == 0 || answer.len() > MAX_ANSWER {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                }
            }
        };
        let answer = self.within(self.times.answer, read).await?;
        answer.map_err(|error| self.wrong("hung up without a verdict").caused_by(error))
    }

    async fn within<T>(
        &self,
        longest: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Fault> {
        let done = tokio::time::timeout(longest, work).await;
        done.map_err(|_| self.wrong("did not answer in time"))
    }

    fn wrong(&self, what: &str) -> Fault {
        let told = format!("the malware scanner at {} {what}", self.address);
        Fault::new(FaultKind::Unavailable, told)
    }
}

impl Scanner for Clamd {
    fn begin(&self) -> ScanFuture<'_, Box<dyn ScanSession>> {
        Box::pin(async move { Ok(Box::new(self.open().await?) as Box<dyn ScanSession>) })
    }
}

/// Either kind of connection.
trait Line: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

/// One file under way. Dropping it hangs up.
struct Session {
    clamd: Clamd,
    line: Box<dyn Line>,
}

impl Session {
    async fn send_on(&mut self, piece: &[u8]) -> Result<(), Fault> {
        // None for an empty piece: an empty stretch is the end of the file.
        for stretch in piece.chunks(STRETCH_BYTES) {
            let mut framed = Vec::with_capacity(4 + stretch.len());
            let length = u32::try_from(stretch.len()).unwrap_or_default();
            framed.extend_from_slice(&length.to_be_bytes());
            framed.extend_from_slice(stretch);
            if let Err(fault) = self.clamd.send(&mut self.line, &framed).await {
                return Err(self.reason().await.unwrap_or(fault));
            }
        }
        Ok(())
    }

    async fn verdict(mut self) -> Result<ScanVerdict, Fault> {
        if let Err(fault) = self.clamd.send(&mut self.line, &[0; 4]).await {
            return Err(self.reason().await.unwrap_or(fault));
        }
        let answer = self.clamd.answer(&mut self.line).await?;
        self.read_verdict(&answer)
    }

    /// What a scanner that takes no more has said, if it can still be read: it may be the length.
    async fn reason(&mut self) -> Option<Fault> {
        let answer = self.clamd.answer(&mut self.line).await.ok()?;
        self.read_verdict(&answer).err()
    }

    fn read_verdict(&self, answer: &[u8]) -> Result<ScanVerdict, Fault> {
        let text = String::from_utf8_lossy(answer);
        let text = text.trim();
        if text == "stream: OK" {
            return Ok(ScanVerdict::Clean);
        }
        let name = text
            .strip_prefix("stream: ")
            .and_then(|rest| rest.strip_suffix(" FOUND"));
        if let Some(name) = name {
            return Ok(ScanVerdict::Found(shown(name.as_bytes())));
        }
        if text.contains("size limit exceeded") {
            return Err(self.clamd.wrong(
                "takes no file this long: its StreamMaxLength must not be less than documents.max_mib",
            ));
        }
        Err(self.clamd.wrong(&format!("answered: {}", shown(answer))))
    }
}

impl ScanSession for Session {
    fn feed<'a>(&'a mut self, piece: &'a [u8]) -> ScanFuture<'a, ()> {
        Box::pin(self.send_on(piece))
    }

    fn finish(self: Box<Self>) -> ScanFuture<'static, ScanVerdict> {
        Box::pin(self.verdict())
    }
}

/// The printable characters of an answer, and not too many.
fn shown(answer: &[u8]) -> String {
    let printable = answer
        .iter()
        .filter(|b| b.is_ascii_graphic() || **b == b' ');
    printable.take(MAX_SHOWN).map(|b| char::from(*b)).collect()
}
