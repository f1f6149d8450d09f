//! What is said about a request, and above all what is not.

use super::*;
use crate::test_client::TestClient;
use crate::{EdgeFault, Limits, Shape, wrap};
use axum::Router;
use axum::body::Body;
use axum::routing::post;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
};
use metrics::{SharedString, Unit};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
struct Silent;

impl Shape for Silent {
    fn face(&self) -> &'static str {
        "silent"
    }

    fn fault(&self, _: EdgeFault, _: &str) -> Response {
        Response::new(Body::empty())
    }
}

/// Keeps every line written to it.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes one line per counted or recorded metric.
struct Sink {
    key: String,
    lines: Lines,
}

impl Sink {
    fn line(&self, what: &str) {
        writeln!(self.lines.clone(), "{what} {}", self.key).unwrap();
    }
}

impl CounterFn for Sink {
    fn increment(&self, value: u64) {
        self.line(&format!("+{value}"));
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for Sink {
    fn record(&self, _: f64) {
        self.line("seconds");
    }
}

impl Lines {
    fn sink(&self, key: &Key) -> Arc<Sink> {
        let mut text = key.name().to_owned();
        for label in key.labels() {
            text.push_str(&format!(" {}={}", label.key(), label.value()));
        }
        Arc::new(Sink {
            key: text,
            lines: self.clone(),
        })
    }
}

impl Recorder for Lines {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.sink(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.sink(key))
    }
}

/// Runs three requests and returns the log and the metrics they left.
fn observed() -> (String, String) {
    let (log, counted) = (Lines::default(), Lines::default());
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let router = Router::new().route("/loan/{id}", post(async || "done"));
    let client = TestClient::new(wrap(router, Silent, &Limits::default()))
        .with_header("x-request-id", "r-7")
        .with_header("cookie", "header-secret");
    let requests = async {
        client
            .post_form(
                "/loan/path-secret?key=query-secret",
                &[("k", "body-secret")],
            )
            .await;
        client.get("/nowhere-secret").await;
        let invented = Method::from_bytes(b"SECRETLY").unwrap();
        client.send(invented, "/loan/1", None, Body::empty()).await;
    };
    tracing::subscriber::with_default(subscriber, || {
        metrics::with_local_recorder(&counted, || runtime.block_on(requests));
    });
    (log.text(), counted.text())
}

#[test]
fn the_log_names_the_route_and_nothing_the_caller_sent() {
    let (log, _) = observed();
    let first = log.lines().next().unwrap();
    for part in [
        "request_id=\"r-7\"",
        "face=\"silent\"",
        "method=\"POST\"",
        "route=\"/loan/{id}\"",
        "status=200",
        "bytes=4",
        "latency_ms=",
    ] {
        assert!(first.contains(part), "{part} is not in {first}");
    }
    assert_eq!(log.lines().count(), 3);
    assert!(log.contains("route=\"unmatched\""));
    assert!(!log.to_lowercase().contains("secret"), "{log}");
}

#[test]
fn metrics_have_bounded_labels() {
    let (_, counted) = observed();
    let labels = "face=silent route=/loan/{id}";
    let expected = [
        format!("+1 lintel_http_requests_total {labels} method=POST status=200"),
        format!("seconds lintel_http_request_seconds {labels}"),
        "+1 lintel_http_requests_total face=silent route=unmatched method=GET status=200"
            .to_owned(),
        "seconds lintel_http_request_seconds face=silent route=unmatched".to_owned(),
        format!("+1 lintel_http_requests_total {labels} method=OTHER status=200"),
        format!("seconds lintel_http_request_seconds {labels}"),
    ];
    assert_eq!(counted.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn invented_methods_share_a_label() {
    let invented = Method::from_bytes(b"XYZZY").unwrap();
    assert_eq!(method_label(&invented), "OTHER");
    assert_eq!(method_label(&Method::PATCH), "PATCH");
}
