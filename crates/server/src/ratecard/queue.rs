//! Cards as jobs in the database: submitted once, worked on by any number of processes.
//!
//! A worker takes a shard by lease, says that it lives while it works, writes the parts once and then
//! reports. One that dies is followed by another that writes the same bytes under the same names. Who
//! finds that nothing is left writes the manifest; only then is the job closed, so that a card whose
//! last worker died in between is finished by the next.

mod status;
mod work;

pub(super) use status::status;
pub(super) use work::work;

use lintel_app::context::App;
use lintel_app::pricing;
use lintel_app::ratecard::{self, Job, NewJob};
use serde::{Deserialize, Serialize};

use super::header::{self, Header};
use super::plan::Plan;
use super::sink::Sink;
use super::spec::Spec;
use super::{CardArgs, Trouble};

/// Who is written down as having started a job.
const ACTOR: &str = "ratecard submit";

/// What a job keeps as its text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    lender: String,
    out: String,
    spec: Spec,
}

/// A job, ready to be worked on.
struct Card {
    job: Job,
    header: Header,
    plan: Plan,
    sink: Sink,
}

/// Starts a job.
pub(super) async fn submit(app: &App, args: &CardArgs, attempts: u32) -> Result<String, Trouble> {
    let spec = args.given()?.check().map_err(Trouble::Told)?;
    let org = header::find_lender(app, &args.lender).await?;
    let (current, now) = pricing::book(app, &org).await?;
    let wanted = Header::new(app, &org, (current.generation, now), spec.clone())?;
    let plan = Plan::make(app, &wanted, &current.book)?;
    let out = absolute(&args.out)?;
    let sink = Sink::open(&out)?;
    if sink.read(header::CARD).await?.is_some() {
        return Err(Trouble::Told(format!(
            "{sink} holds a card already: give another place"
        )));
    }
    let order = Order {
        lender: org.public_id.as_str().to_owned(),
        out,
        spec,
    };
    let text = serde_json::to_string(&order);
    let new = NewJob {
        spec: text.map_err(|error| Trouble::Told(format!("cannot be written: {error}")))?,
        shards: u32::try_from(plan.parts.len()).unwrap_or(ratecard::MAX_SHARDS),
        attempts_max: attempts,
        actor: ACTOR.to_owned(),
    };
    let job = ratecard::start(app, &org, new).await?;
    Ok(format!(
        "job {}\n{} shards, prices of generation {}; work on it with: lintel ratecard work --job {}\n",
        job.id.as_str(),
        job.shards,
        job.generation,
        job.id.as_str()
    ))
}

/// Workers may run in other folders.
fn absolute(out: &str) -> Result<String, Trouble> {
    if out.contains("://") {
        return Ok(out.to_owned());
    }
    let path = std::path::absolute(out).map_err(|e| Trouble::Told(format!("{out}: {e}")))?;
    let text = path.into_os_string().into_string();
    text.map_err(|_| Trouble::told("--out: the folder's name is no text"))
}

impl Card {
    /// Reads a job's order, compiles its card and opens its place.
    async fn open(app: &App, job: Job) -> Result<Self, Trouble> {
        let order: Order = serde_json::from_str(&job.spec).map_err(|error| {
            Trouble::Told(format!(
                "job {}: its order cannot be read: {error}",
                job.id.as_str()
            ))
        })?;
        let org = header::find_lender(app, &order.lender).await?;
        let wanted = Header::new(app, &org, (job.generation, job.priced_at), order.spec)?;
        let book = ratecard::book(app, &job).await?;
        let plan = Plan::make(app, &wanted, &book.book)?;
        let sink = Sink::open(&order.out)?;
        let header = match header::find(app, &sink).await? {
            Some(there) => there,
            None => header::begin(app, &sink, &wanted).await?,
        };
        if header != wanted {
            return Err(Trouble::Told(format!("{sink} holds a card of another job")));
        }
        Ok(Self {
            job,
            header,
            plan,
            sink,
        })
    }

    /// The parts of a shard: as a rule the one of its number. Prices may have changed between the
    /// count of the shards and the start of the job; then some shards have another part, or none.
    fn parts_of(&self, shard: u32) -> Vec<usize> {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (shard, shards) = (size(shard), size(self.job.shards.max(1)));
        let all = 0..self.plan.parts.len();
        all.filter(|part| part % shards == shard).collect()
    }
}
