//! The job that looks at what is due.

use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::job::{BoxFuture, Handler, Job, Verdict};

use crate::due;

/// Does jobs of the kind `watches.due`.
#[must_use]
pub fn handler() -> Arc<dyn Handler> {
    Arc::new(Due)
}

struct Due;

impl Handler for Due {
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async move {
            // What a run does it does in transactions of its own, each of which moves its watches on:
            // done twice is done once.
            match due::run(app).await {
                Ok(run) if run.is_more => Verdict::Later(app.now()),
                Ok(_) => Verdict::Done,
                Err(fault) => fault.into(),
            }
        })
    }
}
