//! A mail server for tests, on threads: it answers as it is told, and keeps what it was told.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// What to do in place of the usual answer.
#[derive(Clone)]
pub(super) enum Do {
    /// Say these lines; each gets its line end.
    Say(&'static str),
    /// Send these bytes as they are.
    Raw(Vec<u8>),
    /// Send this byte for ever.
    Endless(u8),
    /// Say this, then close.
    SayAndClose(&'static str),
    /// Close without a word.
    Close,
    /// Say nothing, and keep the connection open.
    Hang,
}

/// What a test gives and gets.
#[derive(Default)]
struct Shared {
    /// Verb, and what to do the next time it comes: `CONNECT`, `MAIL`, …, and `.` for the letter.
    rules: Mutex<VecDeque<(&'static str, Do)>>,
    /// Every command, with the number of its connection before it.
    heard: Mutex<Vec<String>>,
    /// Letters taken, dots undone.
    letters: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

pub(super) struct FakeServer {
    place: SocketAddr,
    shared: Arc<Shared>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("not poisoned")
}

impl FakeServer {
    pub(super) fn start(rules: &[(&'static str, Do)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let place = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        locked(&shared.rules).extend(rules.iter().cloned());
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if own.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, own) = (stream.expect("a caller"), Arc::clone(&own));
                // A test that is over leaves its callers where they are.
                std::thread::spawn(move || {
                    let _ = own.serve(number, &stream);
                });
            }
        });
        Self { place, shared }
    }

    pub(super) fn port(&self) -> u16 {
        self.place.port()
    }

    pub(super) fn rule(&self, verb: &'static str, what: Do) {
        locked(&self.shared.rules).push_back((verb, what));
    }

    /// What was heard: `0 MAIL FROM:<…>`.
    pub(super) fn heard(&self) -> Vec<String> {
        locked(&self.shared.heard).clone()
    }

    pub(super) fn letters(&self) -> Vec<String> {
        locked(&self.shared.letters).clone()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.place);
    }
}

impl Shared {
    fn serve(&self, number: usize, stream: &TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        if !self.answer("CONNECT", "220 mail.example.com", stream)? {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                locked(&self.heard).push(format!("{number} (gone)"));
                return Ok(());
            }
            let line = line.trim_end();
            locked(&self.heard).push(format!("{number} {line}"));
            let verb = line.split([' ', ':']).next().unwrap_or_default();
            let usual = match verb {
                "EHLO" => "250-mail.example.com\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
                "AUTH" => "235 2.7.0 welcome",
                "DATA" => "354 go ahead",
                "QUIT" => "221 2.0.0 bye",
                _ => "250 2.0.0 fine",
            };
            let goes_on = self.answer(verb, usual, stream)?;
            let is_data = verb == "DATA" && goes_on && self.take(number, &mut reader, stream)?;
            if !goes_on || (verb == "DATA" && !is_data) || verb == "QUIT" {
                return Ok(());
            }
        }
    }

    /// The letter, after 354. A rule for `DATA` that says something else has none.
    fn take(
        &self,
        number: usize,
        reader: &mut BufReader<&TcpStream>,
        stream: &TcpStream,
    ) -> std::io::Result<bool> {
        if self.is_next("MIDDATA") {
            let mut some = [0; 100];
            reader.read_exact(&mut some)?;
            return self.answer("MIDDATA", "", stream);
        }
        if reader.buffer().is_empty() && reader.fill_buf()?.starts_with(b"RSET") {
            return Ok(true);
        }
        let mut letter = String::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(false);
            }
            if line == ".\r\n" {
                break;
            }
            letter.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        locked(&self.heard).push(format!("{number} ."));
        if !self.is_next(".") {
            locked(&self.letters).push(letter);
        }
        self.answer(".", "250 2.0.0 queued as 4711", stream)
    }

    fn is_next(&self, verb: &str) -> bool {
        locked(&self.rules).iter().any(|(v, _)| *v == verb)
    }

    /// Answers; whether the connection goes on.
    fn answer(&self, verb: &str, usual: &str, mut stream: &TcpStream) -> std::io::Result<bool> {
        let rule = {
            let mut rules = locked(&self.rules);
            let place = rules.iter().position(|(v, _)| *v == verb);
            place.and_then(|place| rules.remove(place))
        };
        match rule.map(|(_, what)| what) {
            None => say(stream, usual).map(|()| true),
            Some(Do::Say(words)) => say(stream, words).map(|()| true),
            Some(Do::Raw(bytes)) => stream.write_all(&bytes).map(|()| true),
            Some(Do::SayAndClose(words)) => say(stream, words).map(|()| false),
            Some(Do::Close) => Ok(false),
            Some(Do::Hang) => {
                let mut one = [0];
                // Until the other side has enough.
                while stream.read(&mut one)? > 0 {}
                Ok(false)
            }
            Some(Do::Endless(byte)) => loop {
                stream.write_all(&[byte; 1024])?;
            },
        }
    }
}

/// In one piece: the network waits for an acknowledgement between two small ones.
fn say(mut stream: &TcpStream, words: &str) -> std::io::Result<()> {
    stream.write_all(format!("{words}\r\n").as_bytes())
}
