//! The scanner against a little daemon that speaks ClamAV's protocol, and breaks it.

use std::time::Duration;

use lintel_app::config::ScannerAddress;
use lintel_app::ports::{ScanVerdict, Scanner as _};
use lintel_blobs::{Clamd, ClamdTimes};
use lintel_store::fault::{Fault, FaultKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the daemon does with its connections.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Reads a file to the end and finds the test string in it.
    Scan,
    /// As `Scan`, but takes so many bytes and no more.
    ScanUpTo(usize),
    /// Reads a file to the end and answers these bytes.
    Answer(&'static [u8]),
    /// Hangs up after the first stretch.
    HangUp,
    /// Reads everything and says nothing, and never hangs up.
    Silence,
    /// Reads nothing.
    Deaf,
}

/// The string scanners agree to find, in two parts: no scanner shall trip over this file.
fn test_string() -> Vec<u8> {
    let parts = [
        r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD",
        "-ANTIVIRUS-TEST-FILE!$H+H*",
    ];
    parts.concat().into_bytes()
}

/// A daemon and its address. It ends with the test.
struct Daemon {
    address: ScannerAddress,
    _tasks: JoinSet<()>,
}

async fn daemon(way: Way) -> Daemon {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, way));
        }
    });
    let host = "127.0.0.1".to_owned();
    Daemon {
        address: ScannerAddress::Tcp { host, port },
        _tasks: tasks,
    }
}

/// Ends, and so hangs up, also when the other side did.
async fn serve(mut stream: TcpStream, way: Way) {
    if way == Way::Deaf {
        std::future::pending::<()>().await;
    }
    let _ = talk(&mut stream, way).await;
}

async fn talk(stream: &mut TcpStream, way: Way) -> std::io::Result<()> {
    let mut command = Vec::new();
    while command.last() != Some(&0) {
        command.push(stream.read_u8().await?);
    }
    if command == b"zVERSION\0" {
        return stream.write_all(b"ClamAV 1.4.9/27500/Sat Nov 21\0").await;
    }
    assert_eq!(command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = stream.read_u32().await?;
        if length == 0 {
            break;
        }
        let mut stretch = vec![0; usize::try_from(length).expect("short")];
        stream.read_exact(&mut stretch).await?;
        file.extend_from_slice(&stretch);
        match way {
            Way::HangUp => return Ok(()),
            Way::ScanUpTo(most) if file.len() > most => {
                let told = b"INSTREAM size limit exceeded. ERROR\0";
                return stream.write_all(told).await;
            }
            _ => {}
        }
    }
    let wanted = test_string();
    let found = file.windows(wanted.len()).any(|window| window == wanted);
    match way {
        Way::Silence | Way::Deaf => std::future::pending().await,
        Way::Answer(answer) => stream.write_all(answer).await,
        Way::Scan | Way::ScanUpTo(_) | Way::HangUp if found => {
            stream
                .write_all(b"stream: Eicar-Test-Signature FOUND\0")
                .await
        }
        Way::Scan | Way::ScanUpTo(_) | Way::HangUp => stream.write_all(b"stream: OK\0").await,
    }
}

fn clamd(address: &ScannerAddress) -> Clamd {
    // Long where something comes in the end, so that a busy machine changes nothing.
    let times = ClamdTimes {
        connect: Duration::from_secs(20),
        send: Duration::from_secs(20),
        answer: Duration::from_secs(20),
    };
    Clamd::with_times(address.clone(), times)
}

async fn scan(clamd: &Clamd, pieces: &[&[u8]]) -> Result<ScanVerdict, Fault> {
    let mut session = clamd.begin().await?;
    for piece in pieces {
        session.feed(piece).await?;
    }
    session.finish().await
}

#[tokio::test]
async fn clean_files_and_malware_are_told_apart() {
    let daemon = daemon(Way::Scan).await;
    let clamd = clamd(&daemon.address);
    let long = vec![b'x'; 300_000];
    let clean: [&[&[u8]]; 4] = [&[], &[b""], &[b"%PDF", b"", b"-1.7"], &[&long, b"more"]];
    for pieces in clean {
        let verdict = scan(&clamd, pieces).await.expect("a verdict");
        assert_eq!(verdict, ScanVerdict::Clean);
    }
    let malware = test_string();
    let (before, behind) = malware.split_at(20);
    let infected: [&[&[u8]]; 3] = [
        &[&malware],
        &[b"", before, b"", behind],
        &[&long, &malware, &long],
    ];
    for pieces in infected {
        let verdict = scan(&clamd, pieces).await.expect("a verdict");
        let name = "Eicar-Test-Signature".to_owned();
        assert_eq!(verdict, ScanVerdict::Found(name));
    }
}

/// Everything that is not a verdict is a fault, and says so to the operator.
#[tokio::test]
async fn everything_else_is_a_fault() {
    for (way, told) in [
        (
            Way::Answer(b"stream: Can't allocate memory ERROR\0"),
            "Can't allocate memory",
        ),
        (
            Way::Answer(b"INSTREAM size limit exceeded. ERROR\0"),
            "StreamMaxLength",
        ),
        (Way::Answer(b"UNKNOWN COMMAND\0"), "UNKNOWN COMMAND"),
        (Way::Answer(b"stream: OK"), "hung up"),
        (Way::Answer(b"stream: OK FOUND it\0"), "answered"),
        (Way::Answer(b"\0"), "answered"),
        (Way::Answer(b""), "hung up"),
        (Way::Answer(&[b'x'; 100_000]), "hung up"),
        (Way::HangUp, "hung up"),
    ] {
        let daemon = daemon(way).await;
        let piece = vec![b'x'; 100_000];
        let fault = scan(&clamd(&daemon.address), &[&piece, &piece]).await;
        let fault = fault.expect_err("no verdict");
        assert_eq!(fault.kind(), FaultKind::Unavailable);
        assert!(fault.chain().contains(told), "{}", fault.chain());
    }
}

#[tokio::test]
async fn a_file_longer_than_the_scanner_takes_is_a_fault() {
    let daemon = daemon(Way::ScanUpTo(1 << 20)).await;
    let clamd = clamd(&daemon.address);
    let piece = vec![b'x'; 64 * 1024];
    let pieces = vec![&piece[..]; 16];
    let verdict = scan(&clamd, &pieces).await.expect("a verdict");
    assert_eq!(verdict, ScanVerdict::Clean);
    let pieces = vec![&piece[..]; 400];
    let fault = scan(&clamd, &pieces).await.expect_err("too long");
    assert_eq!(fault.kind(), FaultKind::Unavailable);
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let short = ClamdTimes {
        connect: Duration::from_secs(20),
        send: Duration::from_millis(200),
        answer: Duration::from_millis(200),
    };
    let silent = daemon(Way::Silence).await;
    let fault = scan(&Clamd::with_times(silent.address.clone(), short), &[b"x"]).await;
    assert!(fault.expect_err("silence").chain().contains("in time"));
    let deaf = daemon(Way::Deaf).await;
    let fault = scan(
        &Clamd::with_times(deaf.address.clone(), short),
        &[&vec![0; 64 << 20]],
    )
    .await;
    assert!(fault.expect_err("deaf").chain().contains("in time"));
}

#[tokio::test]
async fn a_scanner_that_is_not_there_is_told() {
    // A port that was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let gone = ScannerAddress::Tcp {
        host: "127.0.0.1".to_owned(),
        port,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = ScannerAddress::Unix(folder.path().join("clamd.ctl"));
    for address in [gone, nothing] {
        let fault = scan(&clamd(&address), &[]).await.expect_err("nobody");
        assert_eq!(fault.kind(), FaultKind::Unavailable);
        let chain = fault.chain();
        assert!(chain.contains(&address.to_string()), "{chain}");
        assert!(chain.contains("cannot be reached"), "{chain}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_of_this_machine_does_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("clamd.ctl");
    let listener = tokio::net::UnixListener::bind(&path).expect("bound");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut sent = Vec::new();
        while !sent.ends_with(b"file\0\0\0\0") {
            sent.push(stream.read_u8().await.expect("a byte"));
        }
        assert_eq!(sent, b"zINSTREAM\0\0\0\0\x04file\0\0\0\0");
        stream.write_all(b"stream: OK\0").await.expect("answered");
    });
    let verdict = scan(&clamd(&ScannerAddress::Unix(path)), &[b"file"]).await;
    assert_eq!(verdict.ok(), Some(ScanVerdict::Clean));
    tasks
        .join_next()
        .await
        .expect("a task")
        .expect("as expected");
}

#[tokio::test]
async fn a_probe_says_who_answers_and_how_long_files_may_be() {
    let daemon = daemon(Way::ScanUpTo(1 << 20)).await;
    let clamd = clamd(&daemon.address);
    let version = clamd.probe(1 << 20).await.expect("answers");
    assert_eq!(version, "ClamAV 1.4.9/27500/Sat Nov 21");
    clamd.probe(0).await.expect("answers");
    clamd.probe((1 << 20) + 1).await.expect_err("too long");
}
