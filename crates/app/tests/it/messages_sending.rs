//! Deliveries on their way: refused for now and for good, crashed, held back, taken by several at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lintel_app::job::{self, drain};
use lintel_app::message::{
    self, Channel, Filter, MailDraft, MailKind, SuppressionReason, cancel, is_suppressed_in, list,
    one, release, retry, suppress, suppressed,
};
use lintel_app::ports::{Handed, MemoryPost, MemorySms, Outgoing, Post, PostFuture};
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_store::borrower::set_wants_mail_in;
use lintel_store::db::Db;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::messages::{mail, with_lender};
use crate::world::World;

/// A post that takes every letter, and whose word is lost the first times: the process dies there.
#[derive(Default)]
struct Deaf {
    taken: std::sync::Mutex<Vec<Outgoing>>,
    to_lose: AtomicUsize,
}

impl Post for Deaf {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> PostFuture<'a> {
        self.taken.lock().expect("alone").push(letter.clone());
        let lost = self
            .to_lose
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        Box::pin(async move {
            if lost.is_ok() {
                // Nobody notes anything: as if the process had been killed.
                std::future::pending::<()>().await;
            }
            Handed::Taken {
                answer: "250 2.0.0 for wilma@example.com".to_owned(),
            }
        })
    }
}

async fn kinds_of_events(world: &World, org: &RowId) -> Vec<EventKind> {
    let events = list_after(world.app.db(), org, 0).await.expect("listed");
    events.into_iter().map(|e| e.kind).collect()
}

async fn answer(db: &Db) -> Option<String> {
    let row: Option<(Option<String>,)> = db
        .maybe("SELECT answer FROM delivery", Vec::new())
        .await
        .expect("asked");
    row.expect("a row").0
}

both! {
    async fn refused_for_now_is_tried_again_and_sent(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.fail(2);
        world.deliver(&post).await;
        assert_eq!(world.states().await, ["waiting"]);
        assert_eq!(answer(&db).await.as_deref(), Some("451 4.3.0 told to fail"));
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.number("SELECT attempts FROM delivery").await), (0, 1), "not at once");
        world.clock.advance(10);
        world.deliver(&post).await;
        world.clock.advance(20);
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.states().await), (1, vec!["sent".to_owned()]));
        assert_eq!(world.number("SELECT attempts FROM delivery").await, 3);
        assert_eq!(answer(&db).await.as_deref(), Some("250 2.0.0 kept"));
    }

    async fn refused_for_good_is_dead_until_somebody_retries(db) {
        let (world, org) = with_lender(&db).await;
        let written = world.write(&org, &mail("wilma@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.refuse("wilma@example.com", false);
        world.deliver(&post).await;
        world.pass_days(2);
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.states().await), (0, vec!["failed".to_owned()]));
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'dead'").await, 1);
        assert_eq!(world.rows("suppression").await, 0, "the address is there");
        let admin = world.administrator(&org).await;
        let id = written.public_id.as_str();
        let view = one(&world.app, &admin, id).await.expect("shown");
        assert!(view.may_retry && !view.may_cancel);
        assert_eq!(view.line.recipients[0].answer.as_deref(), Some("554 5.7.1 told to refuse"));
        let open = Arc::new(MemoryPost::default());
        assert_eq!(retry(&world.app, &admin, id).await.expect("tried"), 1);
        assert_eq!(retry(&world.app, &admin, id).await.expect("tried"), 0, "it waits already");
        world.deliver(&open).await;
        assert_eq!((open.handed_over(), world.states().await), (1, vec!["sent".to_owned()]));
        assert_eq!(open.letters()[0].message_id, format!("{}@example.com", written.id));
        assert_eq!(retry(&world.app, &admin, id).await.expect("tried"), 0, "nothing is left to send");
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state <> 'done'").await, 0);
        let told = EventKind::MessageRetried;
        let events = kinds_of_events(&world, &org.id).await;
        assert_eq!(events.iter().filter(|k| **k == told).count(), 1);
    }

    async fn a_dead_job_opened_by_the_operator_sends(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.refuse("wilma@example.com", false);
        world.deliver(&post).await;
        let job: Option<(String,)> = db.maybe("SELECT id FROM job WHERE state = 'dead'", Vec::new()).await.expect("asked");
        let id = RowId::new(job.expect("dead").0);
        let mut tx = db.begin().await.expect("begun");
        assert!(job::reopen_in(&world.app, &mut tx, &id).await.expect("opened"));
        tx.commit().await.expect("committed");
        let open = Arc::new(MemoryPost::default());
        world.deliver(&open).await;
        assert_eq!((open.handed_over(), world.states().await), (1, vec!["sent".to_owned()]));
    }

    async fn after_twenty_attempts_a_letter_is_given_up(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.fail(1000);
        for _ in 0..25 {
            world.deliver(&post).await;
            world.clock.advance(6 * 3600);
        }
        assert_eq!(world.states().await, ["failed"]);
        assert_eq!(world.number("SELECT attempts FROM delivery").await, 20);
        assert_eq!(answer(&db).await.as_deref(), Some("451 4.3.0 told to fail"));
    }

    /// Each attempt after a lost answer may be a second letter: after three it is a person's turn.
    async fn what_may_have_been_taken_is_tried_three_times(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.lose(1000);
        for _ in 0..6 {
            world.deliver(&post).await;
            world.clock.advance(6 * 3600);
        }
        assert_eq!((post.handed_over(), world.states().await), (3, vec!["failed".to_owned()]));
        let said = answer(&db).await.expect("an answer");
        assert!(said.contains("may have been taken") && said.contains("told to be lost"), "{said}");
        assert_eq!(world.rows("suppression").await, 0);
    }

    async fn mail_about_an_account_passes_what_was_put_away_by_hand(db) {
        let (world, org) = with_lender(&db).await;
        let admin = world.administrator(&org).await;
        for (reason, passes) in [
            (SuppressionReason::Asked, true),
            (SuppressionReason::Complained, true),
            (SuppressionReason::Bounced, false),
        ] {
            assert!(suppress(&world.app, &admin, Channel::Mail, "wilma@example.com", reason).await.expect("done"));
            for kind in MailKind::ALL {
                let is_account = matches!(kind, MailKind::PasswordReset | MailKind::PasswordChanged | MailKind::Welcome);
                world.clock.advance(1);
                world.write(&org, &MailDraft { kind: *kind, ..mail("wilma@example.com") }).await;
                let post = Arc::new(MemoryPost::default());
                world.deliver(&post).await;
                assert_eq!(post.handed_over() == 1, passes && is_account, "{kind} {reason:?}");
            }
            assert!(release(&world.app, &admin, Channel::Mail, "wilma@example.com").await.expect("done"));
        }
    }

    /// Killed between the server's word and our commit: the same letter comes again.
    async fn a_crash_after_sending_repeats_the_same_letter(db) {
        let (world, org) = with_lender(&db).await;
        world.app.set_mail_from("Lintel <no-reply@example.com>");
        let mut draft = mail("wilma@example.com");
        draft.bcc.push(crate::messages::mailbox("", "blind@example.com"));
        world.write(&org, &draft).await;
        let deaf = Arc::new(Deaf { to_lose: AtomicUsize::new(1), ..Deaf::default() });
        let handlers = message::handlers(deaf.clone(), Arc::new(MemorySms::default()));
        let dies = tokio::time::timeout(std::time::Duration::from_millis(300), drain(&world.app, &handlers)).await;
        assert!(dies.is_err(), "the process dies with the letter in its hands");
        // Later, elsewhere: another mail.from, other settings.
        world.clock.advance(61);
        world.meddle("UPDATE organisation SET name = 'Renamed'").await;
        drain(&world.app, &handlers).await.expect("drained");
        assert_eq!(world.states().await, ["sent", "sent"]);
        let taken = deaf.taken.lock().expect("alone").clone();
        assert_eq!(taken.len(), 3);
        let again = taken.iter().filter(|l| l.delivery == taken[0].delivery).collect::<Vec<_>>();
        assert_eq!(again.len(), 2);
        assert!(again[0] == again[1], "the same to the last byte");
        assert!(taken.iter().all(|l| l.message_id == taken[0].message_id));
        assert_eq!(answer(&db).await.as_deref(), Some("250 2.0.0 for …"), "no address in an answer");
    }

    async fn several_workers_share_the_work(db) {
        let (world, org) = with_lender(&db).await;
        for n in 0..24 {
            world.write(&org, &mail(&format!("w{n}@example.com"))).await;
        }
        let post = Arc::new(MemoryPost::default());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (app, post) = (world.app.clone(), post.clone());
            tasks.spawn(async move {
                drain(&app, &message::handlers(post, Arc::new(MemorySms::default()))).await
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.expect("ended").expect("drained");
        }
        world.deliver(&post).await;
        assert_eq!((post.letters().len(), post.handed_over()), (24, 24));
    }

    async fn an_address_that_is_gone_is_not_written_to_again(db) {
        let (world, org) = with_lender(&db).await;
        let written = world.write(&org, &mail("Gone@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.refuse("Gone@example.com", true);
        world.deliver(&post).await;
        assert_eq!(world.states().await, ["failed"]);
        world.clock.advance(1);
        world.write(&org, &mail("gone@EXAMPLE.com")).await;
        world.deliver(&post).await;
        assert_eq!(world.states().await, ["failed", "suppressed"]);
        let admin = world.administrator(&org).await;
        let (list, more) = suppressed(&world.app, &admin, 0).await.expect("listed");
        assert_eq!((list.len(), more), (1, false));
        assert_eq!((list[0].address.as_str(), list[0].reason), ("gone@example.com", SuppressionReason::Bounced));
        let view = one(&world.app, &admin, written.public_id.as_str()).await.expect("shown");
        assert_eq!(view.line.recipients[0].suppressed, Some(SuppressionReason::Bounced));
        let open = Arc::new(MemoryPost::default());
        assert_eq!(retry(&world.app, &admin, written.public_id.as_str()).await.expect("tried"), 1);
        world.deliver(&open).await;
        assert_eq!(world.states().await, ["suppressed", "suppressed"], "not while it is suppressed");
        assert!(release(&world.app, &admin, Channel::Mail, "GONE@example.com").await.expect("released"));
        assert!(!release(&world.app, &admin, Channel::Mail, "gone@example.com").await.expect("released"));
        assert_eq!(retry(&world.app, &admin, written.public_id.as_str()).await.expect("tried"), 1);
        world.deliver(&open).await;
        assert_eq!(open.handed_over(), 1);
        let events = kinds_of_events(&world, &org.id).await;
        for kind in [EventKind::AddressSuppressed, EventKind::AddressReleased] {
            assert_eq!(events.iter().filter(|k| **k == kind).count(), 1, "{kind}");
        }
    }

    async fn marketing_respects_the_choice_and_the_rest_does_not_ask(db) {
        let (world, org) = with_lender(&db).await;
        let draft = |kind: MailKind| MailDraft { kind, ..mail("Wilma@example.com") };
        let mut tx = db.begin().await.expect("begun");
        set_wants_mail_in(&mut tx, &org.id, "wilma@example.com", false, world.app.now()).await.expect("said");
        tx.commit().await.expect("committed");
        let post = Arc::new(MemoryPost::default());
        for kind in MailKind::ALL {
            world.write(&org, &draft(*kind)).await;
            world.deliver(&post).await;
            let states = world.states().await;
            let expected = if kind.is_marketing() { "suppressed" } else { "sent" };
            assert_eq!(states.last().map(String::as_str), Some(expected), "{kind}");
            world.clock.advance(1);
        }
        let sent = post.handed_over();
        let mut tx = db.begin().await.expect("begun");
        set_wants_mail_in(&mut tx, &org.id, "WILMA@example.com", true, world.app.now()).await.expect("said");
        tx.commit().await.expect("committed");
        world.write(&org, &draft(MailKind::RateUpdate)).await;
        world.deliver(&post).await;
        assert_eq!(post.handed_over(), sent + 1);
    }

    async fn what_waits_can_be_taken_back(db) {
        let (world, org) = with_lender(&db).await;
        let written = world.write(&org, &mail("wilma@example.com")).await;
        let admin = world.administrator(&org).await;
        let id = written.public_id.as_str();
        assert!(one(&world.app, &admin, id).await.expect("shown").may_cancel);
        assert_eq!(cancel(&world.app, &admin, id).await.expect("taken back"), 1);
        assert_eq!(cancel(&world.app, &admin, id).await.expect("taken back"), 0);
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.states().await), (0, vec!["cancelled".to_owned()]));
        assert_eq!(retry(&world.app, &admin, id).await.expect("tried"), 0, "taken back is taken back");
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'open'").await, 0);
    }

    /// Taken back while it was handed over: it went out, and that is what is shown.
    async fn what_was_taken_was_sent_whatever_was_meant(db) {
        let (world, org) = with_lender(&db).await;
        let written = world.write(&org, &mail("wilma@example.com")).await;
        let admin = world.administrator(&org).await;
        let deaf = Arc::new(Deaf { to_lose: AtomicUsize::new(1), ..Deaf::default() });
        let handlers = message::handlers(deaf.clone(), Arc::new(MemorySms::default()));
        let dies = tokio::time::timeout(std::time::Duration::from_millis(300), drain(&world.app, &handlers)).await;
        assert!(dies.is_err());
        let mut tx = db.begin().await.expect("begun");
        lintel_store::message::cancel_in(&mut tx, &org.id, &written.id, world.app.now()).await.expect("done");
        let delivery = deaf.taken.lock().expect("alone")[0].delivery.clone();
        assert!(lintel_store::message::sent_in(&mut tx, &delivery, "250 ok", world.app.now()).await.expect("done"));
        assert!(!lintel_store::message::sent_in(&mut tx, &delivery, "250 ok", world.app.now()).await.expect("done"));
        tx.commit().await.expect("committed");
        let view = one(&world.app, &admin, written.public_id.as_str()).await.expect("shown");
        assert_eq!(view.line.recipients[0].state, message::DeliveryState::Sent);
    }

    async fn not_yet_does_not_count(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        post.close_until(Some(world.app.now().plus_seconds(120)));
        world.deliver(&post).await;
        post.close_until(None);
        world.clock.advance(119);
        world.deliver(&post).await;
        assert_eq!(post.handed_over(), 0);
        world.clock.advance(1);
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.number("SELECT attempts FROM delivery").await), (1, 1));
    }

    /// A letter that cannot be read does not hold up those behind it, and is given up in the end.
    async fn a_spoilt_letter_waits_alone(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        let mut tx = db.begin().await.expect("begun");
        let spoilt = lintel_store::vals![b"spoilt".as_slice()];
        tx.exec("UPDATE message SET content_sealed = $1", spoilt).await.expect("changed");
        tx.commit().await.expect("committed");
        world.clock.advance(1);
        world.write(&org, &mail("other@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!(post.letters()[0].recipient, "other@example.com");
        assert_eq!(world.states().await, ["waiting", "sent"]);
    }

    /// A newer node wrote a kind of mail this one knows nothing of: it is left alone.
    async fn a_kind_of_a_newer_version_is_left_alone(db) {
        let (world, org) = with_lender(&db).await;
        world.write(&org, &mail("wilma@example.com")).await;
        world.meddle("UPDATE message SET kind = 'from_the_future'").await;
        let post = Arc::new(MemoryPost::default());
        for _ in 0..30 {
            world.deliver(&post).await;
            world.clock.advance(60);
        }
        assert_eq!((post.handed_over(), world.states().await), (0, vec!["waiting".to_owned()]));
        world.meddle("UPDATE message SET kind = 'crm'").await;
        world.deliver(&post).await;
        assert_eq!(post.handed_over(), 1);
    }

    async fn people_suppress_addresses_for_their_family(db) {
        let (world, org) = with_lender(&db).await;
        let admin = world.administrator(&org).await;
        let asked = SuppressionReason::Asked;
        assert!(suppress(&world.app, &admin, Channel::Mail, " Wilma@Example.com ", asked).await.expect("done"));
        assert!(!suppress(&world.app, &admin, Channel::Mail, "wilma@example.com", asked).await.expect("done"));
        assert!(suppress(&world.app, &admin, Channel::Sms, "(312) 555-0100", asked).await.expect("done"));
        for (channel, bad) in [(Channel::Mail, "nobody"), (Channel::Mail, ""), (Channel::Sms, "12"), (Channel::Sms, "wilma@example.com")] {
            assert!(suppress(&world.app, &admin, channel, bad, asked).await.is_err(), "{bad}");
        }
        world.write(&org, &mail("WILMA@example.com")).await;
        world.clock.advance(1);
        world.text(&org, "+1 312 555 0100", "Hello").await;
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!(world.states().await, ["suppressed", "suppressed"]);
        let mut tx = db.begin().await.expect("begun");
        let is = is_suppressed_in(&mut tx, &org.id, Channel::Mail, "wilma@EXAMPLE.com").await.expect("asked");
        let other = is_suppressed_in(&mut tx, &org.id, Channel::Sms, "+13125550101").await.expect("asked");
        assert_eq!((is, other), (true, false));
        drop(tx);
        let page = list(&world.app, &admin, &Filter { address: Some("312-555-0100".to_owned()), ..Filter::default() }).await;
        assert_eq!(page.expect("listed").lines.len(), 1);
    }
}
