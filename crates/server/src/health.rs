//! What operators and orchestrators ask: is it alive, is it ready, how is it doing.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lintel_app::context::App;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::{event, job, migrate};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::time::timeout;
use tower::limit::ConcurrencyLimitLayer;

/// Longest wait for the database.
const PATIENCE: Duration = Duration::from_secs(2);
/// Questions answered at once; more wait their turn.
const AT_ONCE: usize = 8;

/// The process's counters and histograms.
#[derive(Clone)]
pub struct Metrics(Option<PrometheusHandle>);

impl Metrics {
    /// Installs the recorder. In a process that has one already (tests), this one stays empty.
    #[must_use]
    pub fn install() -> Self {
        // From half a millisecond to the longest time-out.
        const BUCKETS: &[f64] = &[
            0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
        ];
        let builder = PrometheusBuilder::new().set_buckets(BUCKETS);
        let handle = builder.ok().and_then(|b| b.install_recorder().ok());
        metrics::gauge!("lintel_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Self(handle)
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

#[derive(Clone)]
struct Health {
    app: App,
    metrics: Metrics,
}

/// Routes `/healthz`, `/readyz` and `/metrics`.
pub fn router(app: App, metrics: Metrics) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(Health { app, metrics })
        .layer(ConcurrencyLimitLayer::new(AT_ONCE))
}

/// Ready means: the database answers and has the shape this version needs.
async fn ready(State(health): State<Health>) -> Response {
    let asked = timeout(PATIENCE, migrate::standing(health.app.db())).await;
    let standing = asked.unwrap_or_else(|_| Err(Fault::new(FaultKind::Busy, "no answer in time")));
    match standing {
        Ok(s) if s.is_current() => (StatusCode::OK, "ready\n").into_response(),
        Ok(s) => {
            let text = format!("migrations: at {}, needed {}\n", s.applied, s.wanted);
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
        Err(fault) => {
            tracing::warn!(error = %fault.chain(), "readiness check failed");
            (StatusCode::SERVICE_UNAVAILABLE, "database: no answer\n").into_response()
        }
    }
}

async fn count_jobs(app: &App) -> Result<(), Fault> {
    let small = |n: i64| f64::from(u32::try_from(n.max(0)).unwrap_or(u32::MAX));
    let now = app.now();
    for count in job::counts(app.db()).await? {
        let late = count.oldest.map_or(0, |at| now.seconds() - at.seconds());
        let queue = count.queue.as_str();
        metrics::gauge!("lintel_jobs_open", "queue" => queue).set(small(count.open));
        metrics::gauge!("lintel_jobs_oldest_seconds", "queue" => queue).set(small(late));
    }
    metrics::gauge!("lintel_jobs_dead").set(small(job::dead_count(app.db()).await?));
    Ok(())
}

async fn render(State(health): State<Health>) -> Response {
    if let Ok(Ok(depth)) = timeout(PATIENCE, event::outbox_depth(health.app.db())).await {
        let depth = u32::try_from(depth).unwrap_or(u32::MAX);
        metrics::gauge!("lintel_outbox_depth").set(f64::from(depth));
    }
    // As it was last known when the database does not answer in time.
    let _ = timeout(PATIENCE, count_jobs(&health.app)).await;
    let _ = timeout(PATIENCE, lintel_callbacks::measure(&health.app)).await;
    let text = health
        .metrics
        .0
        .as_ref()
        .map_or_else(String::new, |handle| {
            handle.run_upkeep();
            handle.render()
        });
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
        .into_response()
}
