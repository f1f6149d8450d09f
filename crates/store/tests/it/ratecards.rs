//! The queue of shards: each is finished once, whoever dies, is slow or comes at the same moment.

use std::collections::BTreeSet;

use lintel_domain::id::RowId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_store::db::Db;
use lintel_store::ratecard::{
    self, Claim, Job, JobState, Lease, Progress, ShardOutput, ShardState,
};
use lintel_testkit::both;

use crate::seed::{START, add_org, day, org, row};

pub fn a_job(org_id: &RowId, n: usize, shards: u32) -> Job {
    Job {
        id: row("job", n),
        org_id: org_id.clone(),
        spec: "{}".to_owned(),
        generation: 3,
        priced_at: START,
        state: JobState::Open,
        shards,
        attempts_max: 2,
        actor: "operator".to_owned(),
        created_at: START,
        finished_at: None,
    }
}

pub async fn add_job(db: &Db, job: &Job) {
    let mut tx = db.begin().await.expect("begun");
    ratecard::create_in(&mut tx, job).await.expect("made");
    tx.commit().await.expect("committed");
}

async fn lender(db: &Db) -> Organisation {
    let lender = org(1, OrganisationKind::Retail, None);
    add_org(db, &lender).await;
    lender
}

fn output(lease: &Lease) -> ShardOutput {
    ShardOutput {
        shard: lease.shard,
        output: format!("part-{}", lease.shard),
        rows: 10,
        digest: format!("by {}", lease.worker),
    }
}

/// Takes a shard until the next day's end.
async fn claim(db: &Db, job: &Job, worker: &str, today: i64) -> Claim {
    ratecard::claim(db, job, worker, day(today + 1), day(today))
        .await
        .expect("asked")
}

async fn take(db: &Db, job: &Job, worker: &str, today: i64) -> Lease {
    match claim(db, job, worker, today).await {
        Claim::Taken(lease) => lease,
        other => panic!("{other:?}"),
    }
}

async fn finish(db: &Db, lease: &Lease) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let finished = ratecard::finish_in(&mut tx, lease, &output(lease)).await;
    tx.commit().await.expect("committed");
    finished.expect("asked")
}

async fn fail(db: &Db, job: &Job, lease: &Lease, again_day: i64) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let again_at = day(again_day);
    let failed = ratecard::fail_in(&mut tx, lease, job.attempts_max, again_at, "no disk").await;
    tx.commit().await.expect("committed");
    failed.expect("asked")
}

async fn close(db: &Db, job: &Job, today: i64) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let closed = ratecard::close_in(&mut tx, &job.id, day(today)).await;
    tx.commit().await.expect("committed");
    closed.expect("asked")
}

async fn progress(db: &Db, job: &Job) -> Progress {
    ratecard::progress(db, &job.id).await.expect("counted")
}

both! {
    async fn a_job_is_worked_off_and_closed(db) {
        let lender = lender(&db).await;
        let job = a_job(&lender.id, 1, 2);
        add_job(&db, &job).await;
        assert_eq!(ratecard::load(&db, &job.id).await.expect("asked"), Some(job.clone()));
        assert_eq!(ratecard::load(&db, &row("job", 9)).await.expect("asked"), None);
        assert_eq!(ratecard::list(&db, &lender.id, 5).await.expect("asked").len(), 1);
        assert_eq!(ratecard::open(&db, 5).await.expect("asked").len(), 1);
        let one = take(&db, &job, "a", 0).await;
        let two = take(&db, &job, "b", 0).await;
        assert_eq!((one.shard, two.shard, one.attempt), (0, 1, 1));
        assert_eq!(claim(&db, &job, "c", 0).await, Claim::Wait);
        assert!(finish(&db, &one).await);
        assert!(!finish(&db, &one).await, "once");
        assert!(!close(&db, &job, 0).await, "one is left");
        assert!(finish(&db, &two).await);
        assert_eq!(claim(&db, &job, "c", 0).await, Claim::Over);
        let expected = Progress { done: 2, rows: 20, ..Progress::default() };
        assert_eq!(progress(&db, &job).await, expected);
        assert!(close(&db, &job, 0).await);
        assert!(!close(&db, &job, 0).await, "closed before");
        let closed = ratecard::load(&db, &job.id).await.expect("asked").expect("there");
        assert_eq!((closed.state, closed.finished_at), (JobState::Done, Some(day(0))));
        assert_eq!(ratecard::open(&db, 5).await.expect("asked"), []);
        let outputs = ratecard::outputs(&db, &job.id).await.expect("asked");
        assert_eq!(outputs, [output(&one), output(&two)]);
    }

    /// A worker that was thought dead comes back after another has taken its shard.
    async fn only_the_holder_of_the_lease_can_finish(db) {
        let lender = lender(&db).await;
        let job = a_job(&lender.id, 1, 1);
        add_job(&db, &job).await;
        let slow = take(&db, &job, "same name", 0).await;
        assert_eq!(claim(&db, &job, "b", 0).await, Claim::Wait);
        // Its lease has run out; it is still the holder while nobody else asks.
        let mut tx = db.begin().await.expect("begun");
        let alive = ratecard::heartbeat_in(&mut tx, &slow, day(3), day(2)).await;
        tx.commit().await.expect("committed");
        assert!(alive.expect("asked"));
        assert_eq!(claim(&db, &job, "b", 2).await, Claim::Wait, "kept alive");
        let next = take(&db, &job, "same name", 3).await;
        assert_eq!(next.attempt, 2);
        assert!(!finish(&db, &slow).await);
        assert!(!fail(&db, &job, &slow, 3).await);
        let mut tx = db.begin().await.expect("begun");
        let alive = ratecard::heartbeat_in(&mut tx, &slow, day(9), day(3)).await;
        drop(tx);
        assert!(!alive.expect("asked"));
        assert!(finish(&db, &next).await);
        assert_eq!(ratecard::outputs(&db, &job.id).await.expect("asked").len(), 1);
    }

    async fn a_shard_is_tried_again_and_given_up_in_the_end(db) {
        let lender = lender(&db).await;
        let job = a_job(&lender.id, 1, 2);
        add_job(&db, &job).await;
        let first = take(&db, &job, "a", 0).await;
        assert!(fail(&db, &job, &first, 5).await);
        let other = take(&db, &job, "a", 0).await;
        assert_eq!(other.shard, 1, "the failed one waits");
        assert_eq!(claim(&db, &job, "a", 0).await, Claim::Wait);
        assert!(finish(&db, &other).await);
        let again = take(&db, &job, "a", 5).await;
        assert_eq!((again.shard, again.attempt), (0, 2));
        assert!(fail(&db, &job, &again, 5).await);
        assert_eq!(claim(&db, &job, "a", 9).await, Claim::Over);
        let shards = ratecard::shards(&db, &job.id).await.expect("asked");
        assert_eq!(shards[0].state, ShardState::Failed);
        assert_eq!(shards[0].error.as_deref(), Some("no disk"));
        assert_eq!((shards[1].state, shards[1].worker.as_deref()), (ShardState::Done, Some("a")));
        assert!(close(&db, &job, 9).await);
        let closed = ratecard::load(&db, &job.id).await.expect("asked").expect("there");
        assert_eq!(closed.state, JobState::Failed);
    }

    /// A worker that dies on the last attempt must not keep the job open for ever.
    async fn a_shard_whose_last_worker_died_is_given_up(db) {
        let lender = lender(&db).await;
        let job = a_job(&lender.id, 1, 1);
        add_job(&db, &job).await;
        take(&db, &job, "a", 0).await;
        let last = take(&db, &job, "b", 1).await;
        assert_eq!(last.attempt, 2);
        assert_eq!(claim(&db, &job, "c", 1).await, Claim::Wait);
        assert_eq!(claim(&db, &job, "c", 2).await, Claim::Over);
        assert_eq!(progress(&db, &job).await.failed, 1);
        assert!(!finish(&db, &last).await, "given up");
    }

    async fn workers_at_once_never_share_a_shard(db) {
        let lender = lender(&db).await;
        let job = a_job(&lender.id, 1, 12);
        add_job(&db, &job).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..6 {
            let (db, job) = (db.clone(), job.clone());
            tasks.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    match claim(&db, &job, &format!("w{n}"), 0).await {
                        Claim::Taken(lease) => {
                            assert!(finish(&db, &lease).await);
                            mine.push(lease.shard);
                        }
                        Claim::Wait => tokio::task::yield_now().await,
                        Claim::Over => return mine,
                    }
                }
            });
        }
        let shards: Vec<u32> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(shards.len(), 12, "{shards:?}");
        assert_eq!(shards.into_iter().collect::<BTreeSet<u32>>(), (0..12).collect());
        assert!(close(&db, &job, 0).await);
    }
}
