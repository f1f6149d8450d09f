//! A system that keeps failing is left alone, and comes back.

use std::sync::Arc;
use std::time::Duration;

use lintel_app::ports::{Clock as _, LosFaultKind};
use lintel_domain::id::Instant;
use tokio::task::JoinSet;

use crate::server::{Answer, Server, good, status};
use crate::world::{NOON, World, block_on, folder, http, kind, over};

const REFUSED: Option<LosFaultKind> = Some(LosFaultKind::Refused);

fn open_until(kind: Option<LosFaultKind>) -> Option<Instant> {
    match kind {
        Some(LosFaultKind::CircuitOpen { until }) => Some(until),
        _ => None,
    }
}

#[test]
fn it_is_left_alone_and_tried_by_one_call() {
    let refused = || status(401, "", "");
    let mut script = vec![refused(); 6];
    script.extend([good("text/xml", "<MESSAGE/>"), refused()]);
    let server = Server::start(script);
    let settings = over(http(&server.url("/{loanLOSID}")));
    let world = World::new();
    block_on(async {
        for _ in 0..5 {
            assert_eq!(kind(world.fetch(&settings, "7", None).await), REFUSED);
        }
        let then = Instant::from_micros(NOON.micros() + 30_000_000);
        for _ in 0..3 {
            let said = kind(world.fetch(&settings, "7", None).await);
            assert_eq!(open_until(said), Some(then));
        }
        assert_eq!(server.heads().len(), 5, "not asked while left alone");
        // Another organisation's system is another, and so are other settings.
        let other = world.fetch_as("org-2", NOON, &settings, "7", None).await;
        assert_eq!(kind(other), REFUSED);
        world.clock.advance(29);
        assert!(open_until(kind(world.fetch(&settings, "7", None).await)).is_some());
        world.clock.advance(1);
        assert_eq!(
            World::text(world.fetch(&settings, "7", None).await),
            "<MESSAGE/>"
        );
        for _ in 0..5 {
            assert_eq!(kind(world.fetch(&settings, "7", None).await), REFUSED);
        }
        assert!(open_until(kind(world.fetch(&settings, "7", None).await)).is_some());
        // A trial that fails opens it at once.
        world.clock.advance(30);
        assert_eq!(kind(world.fetch(&settings, "7", None).await), REFUSED);
        assert!(open_until(kind(world.fetch(&settings, "7", None).await)).is_some());
        let newer = world.clock.now();
        let changed = world.fetch_as("org-1", newer, &settings, "7", None).await;
        assert_eq!(kind(changed), REFUSED, "changed settings are tried at once");
    });
}

#[test]
fn answers_that_are_no_failures_do_not_open_it() {
    let place = tempfile::tempdir().expect("a folder");
    let settings = folder(place.path());
    let world = World::new();
    block_on(async {
        for _ in 0..20 {
            let answer = world.fetch(&settings, "7", None).await;
            assert_eq!(kind(answer), Some(LosFaultKind::NotFound));
        }
        // A folder that is gone is a system that is down.
        let gone = folder(&place.path().join("gone"));
        for _ in 0..5 {
            assert!(open_until(kind(world.fetch(&gone, "7", None).await)).is_none());
        }
        assert!(open_until(kind(world.fetch(&gone, "7", None).await)).is_some());
    });
}

#[test]
fn a_trial_whose_caller_left_does_not_stay_in_the_way() {
    let mut script = vec![status(401, "", ""); 5];
    script.extend([Answer::Silence, good("text/xml", "<MESSAGE/>")]);
    let server = Server::start(script);
    let settings = over(http(&server.url("/{loanLOSID}")));
    let world = World::with_longest(Duration::from_secs(2));
    block_on(async {
        for _ in 0..5 {
            assert_eq!(kind(world.fetch(&settings, "7", None).await), REFUSED);
        }
        world.clock.advance(30);
        let left = tokio::time::timeout(
            Duration::from_millis(100),
            world.fetch(&settings, "7", None),
        );
        assert!(left.await.is_err(), "its caller did not wait");
        assert_eq!(
            World::text(world.fetch(&settings, "7", None).await),
            "<MESSAGE/>"
        );
    });
}

/// More callers than places: each waits its turn.
#[test]
fn many_at_once_wait_for_each_other() {
    let server = Server::start(vec![good("text/xml", "<MESSAGE/>")]);
    let settings = over(http(&server.url("/{loanLOSID}")));
    let world = Arc::new(World::new());
    block_on(async {
        let mut calls = JoinSet::new();
        for _ in 0..40 {
            let (world, settings) = (Arc::clone(&world), settings.clone());
            calls.spawn(async move { world.fetch(&settings, "7", None).await });
        }
        for answer in calls.join_all().await {
            assert_eq!(World::text(answer), "<MESSAGE/>");
        }
    });
    assert_eq!(server.heads().len(), 40);
}
