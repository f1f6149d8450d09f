//! Who looks for malware in what is uploaded.

use std::pin::Pin;

use lintel_store::fault::{Fault, FaultKind};

/// What a call of a scanner comes to. Every fault means that nothing is known about the file, so it
/// must not be kept.
pub type ScanFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Looks for malware.
pub trait Scanner: Send + Sync {
    /// Begins to look at a file that is coming in.
    ///
    /// # Errors
    /// When the scanner does not answer.
    fn begin(&self) -> ScanFuture<'_, Box<dyn ScanSession>>;
}

/// One file under way to a scanner. Dropping it gives up.
pub trait ScanSession: Send {
    /// Hands on the next bytes, as soon as they come in: scanners do not wait long.
    ///
    /// # Errors
    /// When the scanner does not take them.
    fn feed<'a>(&'a mut self, piece: &'a [u8]) -> ScanFuture<'a, ()>;

    /// Says that this was all, and waits for the verdict.
    ///
    /// # Errors
    /// When there is none: no answer, an answer that is no verdict, a file longer than the scanner
    /// takes.
    fn finish(self: Box<Self>) -> ScanFuture<'static, ScanVerdict>;
}

/// What a scanner says about a file it read to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanVerdict {
    /// It knows nothing against it.
    Clean,
    /// It found malware; the scanner's name of it, at most 120 printable characters, for the log.
    Found(String),
}

/// A scanner for tests: finds every file that holds [`MarkScanner::MARK`].
#[derive(Debug, Default)]
pub struct MarkScanner {
    fails: bool,
}

impl MarkScanner {
    /// What it takes for malware.
    pub const MARK: &'static [u8] = b"lintel-test-malware";

    /// One that takes every file and then says nothing about it.
    #[must_use]
    pub const fn failing() -> Self {
        Self { fails: true }
    }
}

impl Scanner for MarkScanner {
    fn begin(&self) -> ScanFuture<'_, Box<dyn ScanSession>> {
        let session: Box<dyn ScanSession> = Box::new(MarkSession {
            fails: self.fails,
            tail: Vec::new(),
            found: false,
        });
        Box::pin(std::future::ready(Ok(session)))
    }
}

struct MarkSession {
    fails: bool,
    /// The last bytes, as a mark may lie across two pieces.
    tail: Vec<u8>,
    found: bool,
}

impl ScanSession for MarkSession {
    fn feed<'a>(&'a mut self, piece: &'a [u8]) -> ScanFuture<'a, ()> {
        let mark = MarkScanner::MARK;
        self.tail.extend_from_slice(piece);
        self.found |= self.tail.windows(mark.len()).any(|window| window == mark);
        let behind = self.tail.len().saturating_sub(mark.len() - 1);
        self.tail.drain(..behind);
        Box::pin(std::future::ready(Ok(())))
    }

    fn finish(self: Box<Self>) -> ScanFuture<'static, ScanVerdict> {
        let verdict = match (self.fails, self.found) {
            (true, _) => Err(Fault::new(FaultKind::Unavailable, "told to fail")),
            (false, true) => Ok(ScanVerdict::Found("Lintel.Test".to_owned())),
            (false, false) => Ok(ScanVerdict::Clean),
        };
        Box::pin(std::future::ready(verdict))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_mark_is_found_across_pieces() {
        let whole = [b"before ", MarkScanner::MARK, b" behind"].concat();
        for step in [1, 3, 10, 1000] {
            let mut session = MarkScanner::default().begin().await.expect("begun");
            for piece in whole.chunks(step) {
                session.feed(piece).await.expect("fed");
            }
            let verdict = session.finish().await.expect("a verdict");
            assert!(matches!(verdict, ScanVerdict::Found(_)), "{step}");
        }
        let session = MarkScanner::default().begin().await.expect("begun");
        assert_eq!(session.finish().await.ok(), Some(ScanVerdict::Clean));
        let session = MarkScanner::failing().begin().await.expect("begun");
        session.finish().await.expect_err("no verdict");
    }
}
