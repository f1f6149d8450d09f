//! The queue of jobs: claimed by one at a time, kept by heart-beats, noted by their holder only.

use std::collections::BTreeSet;

use lintel_domain::id::{Instant, RowId};
use lintel_domain::job::{JobKind, JobState, Queue};
use lintel_store::db::Db;
use lintel_store::job::{self, Claim, Claimed, Filter, NewJob, StoredJob};
use lintel_testkit::both;

use crate::seed::{START, row};

const MAIL: &[JobKind] = &[JobKind::MailSend];

fn later(seconds: i64) -> Instant {
    START.plus_seconds(seconds)
}

fn new_job<'a>(id: &'a RowId, key: Option<&'a str>) -> NewJob<'a> {
    NewJob {
        id,
        org_id: None,
        kind: JobKind::MailSend,
        key,
        payload: "{\"n\":1}",
        run_at: START,
    }
}

async fn add(db: &Db, jobs: &[NewJob<'_>]) -> u64 {
    let mut tx = db.begin().await.expect("begun");
    let stored = job::insert_many_in(&mut tx, jobs, START)
        .await
        .expect("stored");
    tx.commit().await.expect("committed");
    stored
}

/// Stores so many jobs without keys.
async fn add_many(db: &Db, count: usize) -> Vec<RowId> {
    let ids: Vec<RowId> = (0..count).map(|n| row("job", n)).collect();
    let jobs: Vec<NewJob<'_>> = ids.iter().map(|id| new_job(id, None)).collect();
    assert_eq!(add(db, &jobs).await, u64::try_from(count).expect("few"));
    ids
}

/// Claims with a lease of a minute.
async fn claim(db: &Db, worker: &str, kinds: &[JobKind], limit: u32, now: Instant) -> Vec<Claimed> {
    let mut tx = db.begin().await.expect("begun");
    let claim = Claim {
        queue: Queue::Messages,
        kinds,
        worker,
        limit,
        now,
        lease_until: now.plus_seconds(60),
    };
    let claimed = job::claim_in(&mut tx, &claim).await.expect("claimed");
    tx.commit().await.expect("committed");
    claimed
}

async fn claim_one(db: &Db, worker: &str, now: Instant) -> Claimed {
    let mut claimed = claim(db, worker, MAIL, 1, now).await;
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

async fn load(db: &Db, id: &RowId) -> StoredJob {
    job::load(db, id).await.expect("loaded").expect("there")
}

/// Notes something in a transaction of its own.
macro_rules! noted {
    ($db:expr, |$tx:ident| $note:expr) => {{
        let mut $tx = $db.begin().await.expect("begun");
        let noted = $note.await.expect("noted");
        $tx.commit().await.expect("committed");
        noted
    }};
}

both! {
    async fn workers_at_once_share_without_doubles(db) {
        let ids = add_many(&db, 337).await;
        let mut tasks = tokio::task::JoinSet::new();
        for worker in 0..4 {
            let db = db.clone();
            tasks.spawn(async move {
                let (name, mut mine) = (format!("w{worker}"), Vec::new());
                loop {
                    let claimed = claim(&db, &name, MAIL, 7, START).await;
                    if claimed.is_empty() {
                        return mine;
                    }
                    assert!(claimed.len() <= 7, "{} of 7", claimed.len());
                    for job in &claimed {
                        assert!(noted!(db, |tx| job::done_in(&mut tx, job, START)));
                    }
                    mine.extend(claimed.into_iter().map(|job| job.id));
                }
            });
        }
        let mut all = Vec::new();
        while let Some(mine) = tasks.join_next().await {
            all.extend(mine.expect("ended"));
        }
        assert_eq!(all.len(), ids.len());
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), ids.into_iter().collect());
        let counts = job::counts(&db).await.expect("counted");
        assert!(counts.iter().all(|c| c.open == 0 && c.oldest.is_none()), "{counts:?}");
    }

    async fn a_claimed_job_is_hidden_until_its_lease_ends(db) {
        add_many(&db, 1).await;
        let first = claim_one(&db, "a", START).await;
        assert_eq!((first.attempt, first.payload.as_str()), (1, "{\"n\":1}"));
        assert!(claim(&db, "b", MAIL, 10, later(59)).await.is_empty());
        let second = claim_one(&db, "b", later(60)).await;
        assert_eq!((&second.id, second.attempt), (&first.id, 2));
        // Whatever the first says now, it is not heard.
        assert!(!noted!(db, |tx| job::done_in(&mut tx, &first, later(61))));
        assert!(!noted!(db, |tx| job::retry_in(&mut tx, &first, later(61), "x")));
        assert!(!noted!(db, |tx| job::give_back_in(&mut tx, &first, later(61))));
        assert!(!noted!(db, |tx| job::bury_in(&mut tx, &first, later(61), "x")));
        let lost = job::beat(&db, "a", std::slice::from_ref(&first.id), later(200)).await;
        assert_eq!(lost.expect("beaten"), std::slice::from_ref(&first.id));
        assert!(noted!(db, |tx| job::done_in(&mut tx, &second, later(61))));
        assert!(!noted!(db, |tx| job::done_in(&mut tx, &second, later(61))));
        let stored = load(&db, &first.id).await;
        assert_eq!((stored.state, stored.finished_at), (JobState::Done, Some(later(61))));
    }

    async fn heart_beats_keep_many_jobs(db) {
        let mut ids = add_many(&db, 300).await;
        assert_eq!(claim(&db, "a", MAIL, 300, START).await.len(), 300);
        ids.sort();
        assert!(job::beat(&db, "a", &ids, later(120)).await.expect("beaten").is_empty());
        assert!(claim(&db, "b", MAIL, 300, later(119)).await.is_empty());
        assert_eq!(claim(&db, "b", MAIL, 300, later(120)).await.len(), 300);
        let lost = job::beat(&db, "a", &ids, later(300)).await.expect("beaten");
        assert_eq!(lost, ids);
    }

    /// A handler's transaction that takes its time costs neither its own lease nor another's.
    async fn a_job_being_noted_is_still_held(db) {
        let ids = add_many(&db, 2).await;
        let claimed = claim(&db, "a", MAIL, 2, START).await;
        if let Db::Postgres(_) = &db {
            let mut tx = db.begin().await.expect("begun");
            assert!(job::done_in(&mut tx, &claimed[0], START).await.expect("noted"));
            assert!(job::beat(&db, "a", &ids, later(120)).await.expect("beaten").is_empty());
            drop(tx);
            assert_eq!(load(&db, &ids[0]).await.run_at, later(60));
            assert_eq!(load(&db, &ids[1]).await.run_at, later(120));
        }
    }

    async fn a_failed_attempt_counts_and_one_given_back_does_not(db) {
        add_many(&db, 1).await;
        let job = claim_one(&db, "a", START).await;
        let why = format!("line\0 one {}", "x".repeat(1000));
        assert!(noted!(db, |tx| job::retry_in(&mut tx, &job, later(10), &why)));
        let stored = load(&db, &job.id).await;
        assert_eq!((stored.attempts, stored.worker, stored.run_at), (1, None, later(10)));
        assert_eq!(stored.error.map(|e| e.chars().count()), Some(500));
        assert!(claim(&db, "a", MAIL, 1, later(9)).await.is_empty());
        let job = claim_one(&db, "a", later(10)).await;
        assert_eq!(job.attempt, 2);
        assert!(noted!(db, |tx| job::give_back_in(&mut tx, &job, later(20))));
        assert_eq!(load(&db, &job.id).await.attempts, 1);
        assert_eq!(claim_one(&db, "b", later(20)).await.attempt, 2);
    }

    async fn a_key_is_taken_while_its_job_is_open(db) {
        let ids: Vec<RowId> = (0..5).map(|n| row("job", n)).collect();
        assert_eq!(add(&db, &[new_job(&ids[0], Some("k"))]).await, 1);
        let again = [new_job(&ids[1], Some("k")), new_job(&ids[2], Some("other"))];
        assert_eq!(add(&db, &again).await, 1);
        let other_kind = NewJob { kind: JobKind::SmsSend, ..new_job(&ids[3], Some("k")) };
        assert_eq!(add(&db, &[other_kind]).await, 1);
        for job in claim(&db, "a", MAIL, 9, START).await {
            noted!(db, |tx| job::bury_in(&mut tx, &job, later(1), "no"));
        }
        assert_eq!(add(&db, &[new_job(&ids[4], Some("k"))]).await, 1);
        // The dead one's key is taken by now.
        assert!(!noted!(db, |tx| job::reopen_in(&mut tx, &ids[0], later(2))));
        assert!(noted!(db, |tx| job::reopen_in(&mut tx, &ids[2], later(2))));
        assert!(!noted!(db, |tx| job::reopen_in(&mut tx, &ids[2], later(2))));
        let stored = load(&db, &ids[2]).await;
        assert_eq!((stored.state, stored.attempts, stored.run_at), (JobState::Open, 0, later(2)));
        for (key, is_opened) in [("k", false), ("other", false), ("nobody's", false)] {
            let reopened = noted!(db, |tx| job::reopen_key_in(&mut tx, "mail.send", key, later(3)));
            assert_eq!(reopened, is_opened, "{key}");
        }
        let open = claim(&db, "a", MAIL, 9, later(3)).await;
        for job in &open {
            noted!(db, |tx| job::done_in(&mut tx, job, later(3)));
        }
        assert!(noted!(db, |tx| job::reopen_key_in(&mut tx, "mail.send", "k", later(3))));
    }

    async fn kinds_of_other_nodes_are_left_alone(db) {
        add_many(&db, 2).await;
        let mut tx = db.begin().await.expect("begun");
        let sql = "UPDATE job SET kind = 'mail.sing' WHERE id = $1";
        let args = lintel_store::vals![row("job", 0).as_str()];
        tx.exec(sql, args).await.expect("changed");
        tx.commit().await.expect("committed");
        let both_kinds = [JobKind::MailSend, JobKind::SmsSend];
        assert!(claim(&db, "a", &[JobKind::SmsSend], 9, START).await.is_empty());
        assert!(!job::is_due(&db, Queue::Messages, &[JobKind::SmsSend], START).await.expect("asked"));
        assert!(job::is_due(&db, Queue::Messages, MAIL, START).await.expect("asked"));
        assert!(!job::is_due(&db, Queue::House, MAIL, START).await.expect("asked"));
        let claimed = claim(&db, "a", &both_kinds, 9, START).await;
        assert_eq!(claimed.len(), 1);
        let strange = load(&db, &row("job", 0)).await;
        assert_eq!((strange.kind.as_str(), strange.attempts), ("mail.sing", 0));
        let counts = job::counts(&db).await.expect("counted");
        assert_eq!((counts[0].open, counts[0].oldest), (2, Some(START)));
    }

    async fn lists_go_on_where_they_stopped_and_old_ones_are_forgotten(db) {
        let ids = add_many(&db, 7).await;
        for (at, job) in claim(&db, "a", MAIL, 5, START).await.iter().enumerate() {
            let when = later(i64::try_from(at).expect("few"));
            if at < 4 {
                noted!(db, |tx| job::bury_in(&mut tx, job, when, "no"));
            } else {
                noted!(db, |tx| job::done_in(&mut tx, job, when));
            }
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let filter = Filter {
                state: JobState::Dead,
                queue: Some("mail"),
                kind: None,
                after: after.as_ref(),
                limit: 3,
            };
            let page = job::list(&db, &filter).await.expect("listed");
            let Some(last) = page.last() else { break };
            after = Some(last.place());
            seen.extend(page.into_iter().map(|job| job.id));
        }
        assert_eq!(seen, ids[..4].iter().rev().cloned().collect::<Vec<_>>());
        let open = Filter { state: JobState::Open, queue: None, kind: None, after: None, limit: 9 };
        assert_eq!(job::list(&db, &open).await.expect("listed").len(), 2);
        assert_eq!(job::dead_count(&db).await.expect("counted"), 4);
        assert_eq!(noted!(db, |tx| job::sweep_in(&mut tx, JobState::Dead, later(3), 2)), 2);
        assert_eq!(noted!(db, |tx| job::sweep_in(&mut tx, JobState::Dead, later(3), 9)), 1);
        assert_eq!(noted!(db, |tx| job::sweep_in(&mut tx, JobState::Open, later(9), 9)), 0);
        assert_eq!(job::dead_count(&db).await.expect("counted"), 1);
        assert_eq!(noted!(db, |tx| job::sweep_caught_in(&mut tx, later(3), 9)), 0);
        assert_eq!(noted!(db, |tx| job::sweep_invited_in(&mut tx, later(3), 9)), 0);
    }

    async fn a_schedule_is_fired_by_one(db) {
        noted!(db, |tx| job::add_in(&mut tx, "watches.due", "* * * * *", later(60), START));
        noted!(db, |tx| job::add_in(&mut tx, "watches.due", "other", later(1), START));
        let schedule = job::schedules(&db).await.expect("listed").remove(0);
        assert_eq!((schedule.cron.as_str(), schedule.next_at), ("* * * * *", later(60)));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (db, schedule) = (db.clone(), schedule.clone());
            tasks.spawn(async move {
                noted!(db, |tx| job::fire_in(&mut tx, &schedule, later(120), later(60)))
            });
        }
        let mut fired = 0;
        while let Some(is_ours) = tasks.join_next().await {
            fired += u32::from(is_ours.expect("ended"));
        }
        assert_eq!(fired, 1);
        let schedule = job::schedules(&db).await.expect("listed").remove(0);
        assert_eq!((schedule.next_at, schedule.last_at), (later(120), Some(later(60))));
        assert!(noted!(db, |tx| job::set_in(&mut tx, "watches.due", "0 * * * *", later(9), START)));
        assert!(!noted!(db, |tx| job::set_in(&mut tx, "nobody", "0 * * * *", later(9), START)));
        assert!(!noted!(db, |tx| job::fire_in(&mut tx, &schedule, later(180), later(120))));
    }
}
