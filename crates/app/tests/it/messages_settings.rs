//! Who mail is from, and who may say so.

use std::sync::Arc;

use lintel_app::by::By;
use lintel_app::message::settings::{Messaging, load, set};
use lintel_app::message::{MailDraft, Mailbox};
use lintel_app::ports::{MemoryPost, Outgoing};
use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Denial, Field, MessagingField, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_domain::staff::Timezone;
use lintel_store::event::{ChainState, list_after, verify};
use lintel_testkit::both;

use crate::messages::{mail, mailbox, with_lender};
use crate::standing::Floor;
use crate::world::{World, denial, refusal};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn named() -> Messaging {
    Messaging {
        sender_name: some("Example Lending"),
        sender_email: some("loans@lender.example"),
        reply_to: some("desk@lender.example"),
        sender_domains: vec!["Lender.example ".to_owned(), "lender.example".to_owned()],
        timezone: Timezone::parse("America/Phoenix").expect("known"),
        watch_allowed: false,
        watch_minute: 0,
    }
}

/// The letter that leaves when a sender is wished for.
async fn sent(world: &World, org: &Organisation, sender: Option<Mailbox>) -> Outgoing {
    let draft = MailDraft {
        sender,
        ..mail("wilma@example.com")
    };
    world.write(org, &draft).await;
    let post = Arc::new(MemoryPost::default());
    world.deliver(&post).await;
    post.letters().pop().expect("a letter")
}

both! {
    async fn until_somebody_says_otherwise(db) {
        let (world, org) = with_lender(&db).await;
        let usual = load(&world.app, &org.id).await.expect("loaded");
        assert_eq!(usual, Messaging::usual().expect("known"));
        assert_eq!((usual.timezone.as_str(), usual.watch_allowed, usual.watch_minute), ("America/New_York", true, 480));
        let by = By::Operator(&org);
        assert!(!set(&world.app, &by, &usual).await.expect("set"), "nothing changed");
        assert!(set(&world.app, &by, &named()).await.expect("set"));
        assert!(!set(&world.app, &by, &named()).await.expect("set"), "done twice is done once");
        let now = load(&world.app, &org.id).await.expect("loaded");
        assert_eq!(now, Messaging { sender_domains: vec!["lender.example".to_owned()], ..named() });
        let events = list_after(&db, &org.id, 0).await.expect("listed");
        let told: Vec<_> = events.iter().filter(|e| e.kind == EventKind::MessagingChanged).collect();
        assert_eq!(told.len(), 1);
        assert!(!told[0].body.contains("lender.example"), "{}", told[0].body);
        assert!(matches!(verify(&db, &org.id).await.expect("verified"), ChainState::Intact { .. }));
    }

    async fn who_a_mail_is_from(db) {
        let (world, org) = with_lender(&db).await;
        let plain = sent(&world, &org, None).await;
        assert_eq!((plain.from, plain.reply_to.len()), (mailbox(&org.name, "no-reply@example.com"), 0));
        let olive = mailbox("Olive Officer", "olive@elsewhere.example");
        let named_only = sent(&world, &org, Some(olive.clone())).await;
        assert_eq!(named_only.from, mailbox("Olive Officer", "no-reply@example.com"), "its domain is not ours to send for");
        assert_eq!(named_only.reply_to, std::slice::from_ref(&olive));
        assert!(named_only.message_id.ends_with("@example.com"), "{}", named_only.message_id);
        set(&world.app, &By::Operator(&org), &named()).await.expect("set");
        let own = sent(&world, &org, None).await;
        assert_eq!(own.from, mailbox("Example Lending", "loans@lender.example"));
        assert_eq!(own.reply_to, [mailbox("", "desk@lender.example")]);
        assert!(own.message_id.ends_with("@lender.example"), "{}", own.message_id);
        let foreign = sent(&world, &org, Some(olive.clone())).await;
        assert_eq!((foreign.from, foreign.reply_to), (mailbox("Olive Officer", "loans@lender.example"), vec![olive]));
        let theirs = mailbox("Olive", "olive@LENDER.example");
        let aligned = sent(&world, &org, Some(theirs.clone())).await;
        assert_eq!((aligned.from, aligned.reply_to.len()), (theirs, 0));
        for trick in ["olive@sub.lender.example", "olive@notlender.example", "olive@lender.example.evil.example"] {
            let letter = sent(&world, &org, Some(mailbox("", trick))).await;
            assert_eq!(letter.from, mailbox("Example Lending", "loans@lender.example"), "{trick}");
        }
    }

    async fn what_cannot_be_is_refused_all_at_once(db) {
        let (world, org) = with_lender(&db).await;
        let bad = Messaging {
            sender_name: some("Example\r\nBcc: all@example.com"),
            sender_email: some("not an address"),
            reply_to: some("a@example.com, b@example.com"),
            sender_domains: vec!["two words".to_owned()],
            watch_minute: 1440,
            ..named()
        };
        let Refusal::Several(wrong) = refusal(set(&world.app, &By::Operator(&org), &bad).await) else { panic!("one") };
        let fields: Vec<&Field> = wrong.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [
            &Field::Messaging(MessagingField::SenderName), &Field::Messaging(MessagingField::SenderEmail),
            &Field::Messaging(MessagingField::ReplyTo), &Field::Messaging(MessagingField::SenderDomains),
            &Field::Messaging(MessagingField::WatchMinute),
        ]);
        let foreign = Messaging { sender_email: some("ceo@bank.example"), ..named() };
        let field = Field::Messaging(MessagingField::SenderEmail);
        let refused = refusal(set(&world.app, &By::Operator(&org), &foreign).await);
        assert_eq!(refused, Refusal::Invalid { field, rule: Rule::Conflict });
        let many = Messaging { sender_domains: (0..21).map(|n| format!("d{n}.example")).collect(), ..Messaging::usual().expect("known") };
        assert!(set(&world.app, &By::Operator(&org), &many).await.is_err());
        assert_eq!(world.rows("messaging_settings").await, 0);
    }

    async fn people_say_how_but_not_for_whom(db) {
        let floor = Floor::on(&db).await;
        let app = &floor.world.app;
        let org = &floor.broker.org;
        let admin = floor.world.administrator(org).await;
        let processor = floor.person(org, Role::Processor).await;
        let usual = Messaging::usual().expect("known");
        let zone = Timezone::parse("Pacific/Honolulu").expect("known");
        let moved = Messaging { timezone: zone, ..usual.clone() };
        assert_eq!(denial(set(app, &By::Person(&processor), &moved).await), Denial::NotPermitted);
        assert_eq!(denial(set(app, &By::Person(&admin), &named()).await), Denial::NotPermitted, "domains are the operator's");
        assert!(set(app, &By::Person(&admin), &moved).await.expect("set"));
        assert_eq!(load(app, &org.id).await.expect("loaded").timezone, zone);
        assert_eq!(load(app, &floor.lender.org.id).await.expect("loaded"), usual, "its own only");
    }
}
