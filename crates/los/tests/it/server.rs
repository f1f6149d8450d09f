//! A little HTTP server that answers from a script, one entry a connection, and remembers what it was
//! asked. The last entry is repeated.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What one connection gets.
#[derive(Clone)]
pub enum Answer {
    /// These bytes.
    Raw(Vec<u8>),
    /// A good head and then bytes without end.
    Endless,
    /// Nothing, for as long as the caller waits.
    Silence,
    /// A good head, and then nothing.
    Stall,
    /// The line goes down at once.
    Down,
}

/// A status with a text.
pub fn status(code: u16, headers: &str, body: &str) -> Answer {
    let head = format!(
        "HTTP/1.1 {code} Said\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    Answer::Raw([head.as_bytes(), body.as_bytes()].concat())
}

/// A good answer of a media type.
pub fn good(kind: &str, body: &str) -> Answer {
    status(200, &format!("Content-Type: {kind}\r\n"), body)
}

/// The server, for as long as its listener is not needed elsewhere: its thread ends with the test.
pub struct Server {
    pub address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(script: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { return };
                let answer = script.get(n).or(script.last()).expect("a script").clone();
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(stream, &answer, &seen));
            }
        });
        Self { address, heads }
    }

    /// The heads of all requests, in order.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("held").clone()
    }

    pub fn url(&self, rest: &str) -> String {
        format!("http://{}{rest}", self.address)
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    // A caller that begins to speak TLS is answered at once.
    while !head.ends_with(b"\r\n\r\n") && head != [0x16] {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            Ok(_) | Err(_) => break,
        }
    }
    seen.lock()
        .expect("held")
        .push(String::from_utf8_lossy(&head).into_owned());
    let begin = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n<MESSAGE>";
    match answer {
        Answer::Raw(bytes) => {
            let _ = stream.write_all(bytes);
        }
        Answer::Endless => {
            let _ = stream.write_all(begin);
            while stream.write_all(&[b'x'; 65536]).is_ok() {}
        }
        Answer::Stall => {
            let _ = stream.write_all(begin);
            let _ = stream.read(&mut byte);
        }
        Answer::Silence => {
            // Until the caller hangs up.
            let _ = stream.read(&mut byte);
        }
        Answer::Down => {}
    }
}
