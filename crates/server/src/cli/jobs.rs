//! What can be typed about jobs.

use clap::{Subcommand, ValueEnum};

/// `lintel admin jobs …`.
#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// List jobs: those given up, unless asked otherwise.
    List {
        /// How they stand.
        #[arg(long, value_enum, default_value_t = JobsState::Dead)]
        state: JobsState,
        /// Of one queue only: mail, watches, house.
        #[arg(long)]
        queue: Option<String>,
        /// Of one kind only, such as mail.send.
        #[arg(long)]
        kind: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Show one job with its payload.
    Show {
        /// Its id.
        id: String,
    },
    /// Have jobs that were given up tried again, as if for the first time.
    #[command(group = clap::ArgGroup::new("which").required(true).args(["id", "all"]))]
    Retry {
        /// The job's id.
        id: Option<String>,
        /// Every one that was given up.
        #[arg(long)]
        all: bool,
        /// With --all: of one kind only.
        #[arg(long, requires = "all")]
        kind: Option<String>,
    },
    /// How full the queues are.
    Queues,
    /// List what happens by the clock.
    Schedules,
    /// Change when something happens by the clock.
    Schedule {
        /// Its name, such as house.sweep.
        name: String,
        /// When, as in a crontab and in UTC: minute, hour, day, month, weekday (by name).
        #[arg(value_name = "EXPRESSION")]
        cron: String,
    },
}

/// States of jobs on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum JobsState {
    /// Waiting, or being worked on.
    Open,
    /// Done within the last day.
    Done,
    /// Given up.
    Dead,
}
