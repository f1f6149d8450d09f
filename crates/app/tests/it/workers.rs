//! The workers of one process: what they begin they finish, or somebody else does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use lintel_app::context::App;
use lintel_app::job::{
    BoxFuture, Handler, Handlers, Job, JobKind, JobState, Outcome, Pace, Runner, Verdict,
};
use lintel_testkit::both;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use crate::jobs::{ask, jobs};
use crate::world::World;

const QUICK: Pace = Pace {
    poll: Duration::from_millis(5),
    beat: Duration::from_millis(20),
    clock: Duration::from_millis(5),
};

/// Says that it began, waits to be let through, and counts those that were dropped on the way.
struct Gate {
    begun: mpsc::Sender<()>,
    open: Semaphore,
    dropped: Arc<AtomicU32>,
}

struct Counted(Arc<AtomicU32>, bool);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(u32::from(!self.1), Ordering::SeqCst);
    }
}

impl Handler for Gate {
    fn run<'a>(&'a self, _app: &'a App, _job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async {
            let mut counted = Counted(self.dropped.clone(), false);
            self.begun.send(()).await.expect("heard");
            self.open.acquire().await.expect("open").forget();
            counted.1 = true;
            Verdict::Done
        })
    }
}

/// A process with workers, as tests see it.
struct Node {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
    told: mpsc::Receiver<(JobKind, Outcome)>,
    begun: mpsc::Receiver<()>,
    gate: Arc<Gate>,
}

impl Node {
    fn start(world: &World, workers: usize, drain: Duration) -> Self {
        Self::paced(world, workers, drain, QUICK)
    }

    fn paced(world: &World, workers: usize, drain: Duration, pace: Pace) -> Self {
        let (begin, begun) = mpsc::channel(1000);
        let gate = Arc::new(Gate {
            begun: begin,
            open: Semaphore::new(0),
            dropped: Arc::default(),
        });
        let (tell, told) = mpsc::channel(1000);
        let (stop, stopping) = watch::channel(false);
        let handlers = Handlers::new().with(JobKind::MailSend, gate.clone());
        let runner = Runner::new(world.app.clone(), handlers, workers)
            .paced(pace)
            .telling(Arc::new(move |kind, outcome, _took| {
                tell.try_send((kind, outcome)).expect("heard");
            }));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { Box::pin(runner.run(stopping, drain)).await.expect("ran") });
        Self {
            tasks,
            stop,
            told,
            begun,
            gate,
        }
    }

    async fn begun(&mut self, count: usize) {
        for _ in 0..count {
            self.begun.recv().await.expect("begun");
        }
    }

    async fn told(&mut self, count: usize) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(count);
        while outcomes.len() < count {
            outcomes.push(self.told.recv().await.expect("told").1);
        }
        outcomes
    }

    async fn stopped(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("ended well");
        }
    }
}

/// Longer than any test.
const LONG: Duration = Duration::from_secs(3600);

both! {
    async fn two_nodes_do_everything_once(db) {
        let world = World::on(&db);
        ask(&world, JobKind::MailSend, 120).await;
        let mut nodes = [Node::start(&world, 4, LONG), Node::start(&world, 4, LONG)];
        for node in &nodes {
            node.gate.open.add_permits(1000);
        }
        while jobs(&world, JobState::Done).await.len() < 120 {
            tokio::task::yield_now().await;
        }
        let begun: usize = nodes.iter_mut().map(|node| {
            std::iter::from_fn(|| node.begun.try_recv().ok()).count()
        }).sum();
        assert_eq!(begun, 120);
        for node in nodes {
            node.stopped().await;
        }
        assert!(jobs(&world, JobState::Done).await.iter().all(|job| job.attempts == 1));
    }

    /// However little time is between two looks, the next one comes.
    async fn a_queue_that_ran_empty_is_looked_at_again(db) {
        let world = World::on(&db);
        let pace = Pace { poll: Duration::ZERO, ..QUICK };
        let mut node = Node::paced(&world, 1, LONG, pace);
        node.gate.open.add_permits(1000);
        for _ in 0..30 {
            ask(&world, JobKind::MailSend, 1).await;
            assert_eq!(node.told(1).await, [Outcome::Done]);
        }
        node.stopped().await;
    }

    async fn a_job_whose_lease_was_lost_is_let_go(db) {
        let world = World::on(&db);
        ask(&world, JobKind::MailSend, 2).await;
        let mut node = Node::start(&world, 2, LONG);
        node.begun(2).await;
        let mine = jobs(&world, JobState::Open).await.remove(0).id;
        world.meddle(&format!("UPDATE job SET worker = 'other', attempts = 2 WHERE id = '{mine}'")).await;
        assert_eq!(node.told(1).await, [Outcome::Lost]);
        assert_eq!(node.gate.dropped.load(Ordering::SeqCst), 1);
        node.gate.open.add_permits(1);
        assert_eq!(node.told(1).await, [Outcome::Done]);
        node.stopped().await;
        let open = jobs(&world, JobState::Open).await;
        assert_eq!((open.len(), open[0].worker.as_deref()), (1, Some("other")));
    }

    async fn heart_beats_go_on_while_a_job_takes_long(db) {
        let world = World::on(&db);
        ask(&world, JobKind::MailSend, 1).await;
        let mut node = Node::start(&world, 1, LONG);
        node.begun(1).await;
        let lease_end = jobs(&world, JobState::Open).await[0].run_at;
        world.clock.advance(50);
        while jobs(&world, JobState::Open).await[0].run_at == lease_end {
            tokio::task::yield_now().await;
        }
        assert_eq!(jobs(&world, JobState::Open).await[0].run_at, lease_end.plus_seconds(50));
        node.gate.open.add_permits(1);
        node.stopped().await;
        assert_eq!(jobs(&world, JobState::Done).await.len(), 1);
    }

    async fn a_node_that_stops_finishes_what_it_began_and_gives_back_the_rest(db) {
        let world = World::on(&db);
        ask(&world, JobKind::MailSend, 5).await;
        let mut node = Node::start(&world, 1, LONG);
        node.begun(1).await;
        // One is under way and one or two wait in the process.
        while jobs(&world, JobState::Open).await.iter().filter(|j| j.worker.is_some()).count() < 2 {
            tokio::task::yield_now().await;
        }
        node.stop.send_replace(true);
        while jobs(&world, JobState::Open).await.iter().filter(|j| j.worker.is_some()).count() > 1 {
            tokio::task::yield_now().await;
        }
        node.gate.open.add_permits(5);
        assert_eq!(node.told(1).await, [Outcome::Done]);
        node.stopped().await;
        let open = jobs(&world, JobState::Open).await;
        assert_eq!(open.len(), 4);
        assert!(open.iter().all(|j| j.attempts == 0 && j.worker.is_none()));
        assert!(open.iter().all(|j| j.run_at <= world.app.now()));
    }

    async fn what_does_not_finish_in_time_is_put_back(db) {
        let world = World::on(&db);
        ask(&world, JobKind::MailSend, 1).await;
        let mut node = Node::start(&world, 1, Duration::from_millis(1));
        node.begun(1).await;
        let dropped = node.gate.dropped.clone();
        node.stopped().await;
        let open = jobs(&world, JobState::Open).await;
        assert_eq!((open[0].attempts, &open[0].worker), (0, &None), "that is not its fault");
        assert_eq!(open[0].run_at, world.app.now().plus_seconds(1));
        assert_eq!(open[0].error, None);
        assert_eq!(dropped.load(Ordering::SeqCst), 1);
    }

    async fn a_node_without_workers_does_nothing(db) {
        let world = World::on(&db);
        ask(&world, JobKind::MailSend, 1).await;
        let node = Node::start(&world, 0, LONG);
        node.stopped().await;
        assert_eq!(jobs(&world, JobState::Open).await[0].attempts, 0);
        assert_eq!(world.rows("job_schedule").await, 0);
    }
}
