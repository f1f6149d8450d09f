//! `lintel admin jobs`.

use lintel_app::config::Config;
use lintel_app::context::App;
use lintel_app::error::{AppError, Fault};
use lintel_app::job::JobState;
use lintel_app::job::operate::{RETRY_MAX, Reopened, retry, retry_all};
use lintel_app::job::schedule::{self, SetError};
use lintel_domain::id::RowId;
use lintel_store::job::{self, Filter, StoredJob};

use super::{table, utc};
use crate::background;
use crate::cli::{JobsCommand, JobsState};

/// Runs one command.
pub(super) async fn run(
    app: &App,
    config: &Config,
    command: JobsCommand,
) -> Result<String, AppError> {
    match command {
        JobsCommand::List {
            state,
            queue,
            kind,
            limit,
        } => {
            let filter = Filter {
                state: job_state(state),
                queue: queue.as_deref(),
                kind: kind.as_deref(),
                after: None,
                limit,
            };
            list(app, &filter).await
        }
        JobsCommand::Show { id } => show(app, &RowId::new(id)).await,
        JobsCommand::Retry { id: Some(id), .. } => {
            let handlers = background::handlers(app, config)?;
            let told = match retry(app, &handlers, &RowId::new(id.clone())).await? {
                Reopened::Yes => "is tried again",
                Reopened::Unknown => return Err(unknown(&id)),
                Reopened::NotDead => "was not given up",
                Reopened::Taken => "stays as it is: another one for the same thing is open",
            };
            Ok(format!("{id} {told}.\n"))
        }
        JobsCommand::Retry { kind, .. } => {
            let handlers = background::handlers(app, config)?;
            let opened = retry_all(app, &handlers, kind.as_deref()).await?;
            let more = if opened == RETRY_MAX {
                " There may be more: once again."
            } else {
                ""
            };
            Ok(format!("{opened} jobs are tried again.{more}\n"))
        }
        JobsCommand::Queues => queues(app).await,
        JobsCommand::Schedules => schedules(app).await,
        JobsCommand::Schedule { name, cron } => match schedule::set(app, &name, &cron).await {
            Ok(Some(next)) => Ok(format!("{name} fires next at {}.\n", utc(next))),
            Ok(None) => Err(Fault::internal(format!("there is no schedule {name}")).into()),
            Err(SetError::Cron(why)) => Err(Fault::internal(format!("{cron}: {why}")).into()),
            Err(SetError::Failed(fault)) => Err(fault.into()),
        },
    }
}

fn unknown(id: &str) -> AppError {
    Fault::internal(format!("there is no job {id}")).into()
}

const fn job_state(state: JobsState) -> JobState {
    match state {
        JobsState::Open => JobState::Open,
        JobsState::Done => JobState::Done,
        JobsState::Dead => JobState::Dead,
    }
}

/// When an open job is due, or until when somebody has it; when another one ended.
fn when(job: &StoredJob) -> String {
    match (&job.worker, job.finished_at) {
        (_, Some(ended)) => format!("ended {}", utc(ended)),
        (Some(worker), None) => format!("{worker} until {}", utc(job.run_at)),
        (None, None) => format!("due {}", utc(job.run_at)),
    }
}

async fn list(app: &App, filter: &Filter<'_>) -> Result<String, AppError> {
    let mut table = table(&["job", "kind", "attempts", "asked for", "when", "error"]);
    for job in job::list(app.db(), filter).await? {
        table.add_row([
            job.id.to_string(),
            job.kind.clone(),
            job.attempts.to_string(),
            utc(job.created_at),
            when(&job),
            job.error.unwrap_or_default(),
        ]);
    }
    Ok(format!("{table}\n"))
}

async fn show(app: &App, id: &RowId) -> Result<String, AppError> {
    let Some(job) = job::load(app.db(), id).await? else {
        return Err(unknown(id.as_str()));
    };
    let when = when(&job);
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    Ok(format!(
        "job       {}\nkind      {} (queue {})\nstate     {}, {when}\nattempts  {}\nasked for {}\n\
         key       {}\npayload   {}\nerror     {}\n",
        job.id,
        job.kind,
        job.queue,
        job.state,
        job.attempts,
        utc(job.created_at),
        text(job.key),
        job.payload,
        text(job.error),
    ))
}

async fn queues(app: &App) -> Result<String, AppError> {
    let mut table = table(&["queue", "open", "first is or was due"]);
    for count in job::counts(app.db()).await? {
        let oldest = count.oldest.map(utc).unwrap_or_default();
        table.add_row([count.queue.to_string(), count.open.to_string(), oldest]);
    }
    let dead = job::dead_count(app.db()).await?;
    let calls = lintel_callbacks::counts(app).await?;
    let since = calls.oldest.map(utc);
    let since = since.map_or_else(String::new, |at| format!(", the oldest since {at}"));
    let (waiting, lost) = (calls.waiting, calls.dead);
    Ok(format!(
        "{table}\n{dead} jobs were given up.\n\
         {waiting} callbacks are to be delivered{since}; {lost} were given up.\n"
    ))
}

async fn schedules(app: &App) -> Result<String, AppError> {
    let mut table = table(&["schedule", "when (UTC)", "next", "last"]);
    for schedule in schedule::list(app).await? {
        let last = schedule.last_at.map(utc).unwrap_or_default();
        table.add_row([schedule.name, schedule.cron, utc(schedule.next_at), last]);
    }
    Ok(format!("{table}\n"))
}
