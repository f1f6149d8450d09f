//! Messages as they are written: rows and jobs or neither, nothing in clear, nothing that cannot be sent.

use std::sync::Arc;

use lintel_app::error::Fault;
use lintel_app::message::{
    self, Channel, DeliveryState, MAX_RECIPIENTS, MailDraft, MailKind, Mailbox, MessageRef,
    SmsDraft, archive_in, mail_in, mails_in, sms_in,
};
use lintel_app::password::ask_reset;
use lintel_app::ports::{MemoryPost, MemorySms, Outgoing};
use lintel_app::session::SignedIn;
use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_domain::role::Role;
use lintel_domain::role::RoleSet;
use lintel_store::db::Db;
use lintel_testkit::both;

use crate::desk::{URL, visitor, world};
use crate::secrecy::dump;
use crate::world::World;

pub fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

/// A mail to one person.
pub fn mail(email: &str) -> MailDraft {
    MailDraft::new(
        MailKind::Crm,
        mailbox("Wilma Example", email),
        "About your loan".to_owned(),
        "Everything is well.".to_owned(),
        Some("<p>Everything is <b>well</b>.</p>".to_owned()),
        "test",
    )
}

impl World {
    /// Writes a mail.
    pub async fn write(&self, org: &Organisation, draft: &MailDraft) -> MessageRef {
        self.try_write(org, draft).await.expect("written")
    }

    pub async fn try_write(
        &self,
        org: &Organisation,
        draft: &MailDraft,
    ) -> Result<MessageRef, Fault> {
        let mut tx = self.app.db().begin().await?;
        let written = mail_in(&self.app, &mut tx, org, draft).await?;
        tx.commit().await?;
        Ok(written)
    }

    /// Writes a text message.
    pub async fn text(&self, org: &Organisation, number: &str, text: &str) -> MessageRef {
        let mut tx = self.app.db().begin().await.expect("begun");
        let draft = SmsDraft::new(MailKind::Crm, number, text.to_owned(), "test");
        let written = sms_in(&self.app, &mut tx, org, &draft).await;
        tx.commit().await.expect("committed");
        written.expect("written")
    }

    /// An administrator, signed in.
    pub async fn administrator(&self, org: &Organisation) -> SignedIn {
        let email = format!("admin.{}@example.com", org.public_id);
        let id = self.officer(org, &email).await;
        let cookie = self.sign_on(org, &id).await;
        let mut who = self.behind(&cookie).await.expect("signed in");
        who.person.roles = RoleSet::only(Role::Admin);
        who
    }

    /// The one number a question has as its answer.
    pub async fn number(&self, sql: &str) -> i64 {
        let row: Option<(i64,)> = self.app.db().maybe(sql, Vec::new()).await.expect("asked");
        row.expect("a row").0
    }

    /// States of all deliveries, in the order they were written.
    pub async fn states(&self) -> Vec<String> {
        let sql = "SELECT state FROM delivery ORDER BY created_at_us, message_id, position";
        let rows: Vec<(String,)> = self.app.db().all(sql, Vec::new()).await.expect("asked");
        rows.into_iter().map(|(state,)| state).collect()
    }
}

/// A world with a lender.
pub async fn with_lender(db: &Db) -> (World, Organisation) {
    let world = world(db);
    let org = world.lender().await;
    (world, org)
}

/// Everything about a letter but which delivery it is.
pub fn words(letter: &Outgoing) -> String {
    letter.readable()
}

both! {
    async fn a_letter_goes_out_once(db) {
        let (world, org) = with_lender(&db).await;
        let written = world.write(&org, &mail("wilma@example.com")).await;
        assert_eq!([world.rows("message").await, world.rows("delivery").await, world.rows("job").await], [1, 1, 1]);
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        world.pass_days(1);
        world.deliver(&post).await;
        assert_eq!(post.handed_over(), 1);
        let letter = &post.letters()[0];
        assert_eq!(letter.recipient, "wilma@example.com");
        assert_eq!(letter.message_id, format!("{}@example.com", written.id));
        assert_eq!(letter.from, mailbox(&org.name, "no-reply@example.com"));
        assert_eq!(letter.to, [mailbox("Wilma Example", "wilma@example.com")]);
        assert_eq!(world.states().await, ["sent"]);
        assert_eq!(world.number("SELECT attempts FROM delivery").await, 1);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE state = 'done'").await, 1);
    }

    async fn what_is_given_up_before_the_commit_never_was(db) {
        let (world, org) = with_lender(&db).await;
        let mut tx = world.app.db().begin().await.expect("begun");
        mail_in(&world.app, &mut tx, &org, &mail("wilma@example.com")).await.expect("written");
        drop(tx);
        for table in ["message", "delivery", "job"] {
            assert_eq!(world.rows(table).await, 0, "{table}");
        }
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!(post.handed_over(), 0);
    }

    async fn each_address_is_a_delivery_and_blind_ones_are_nowhere(db) {
        let (world, org) = with_lender(&db).await;
        let mut draft = mail("one@example.com");
        draft.to.push(mailbox("", "two@example.com"));
        draft.cc = vec![mailbox("", "three@example.com"), mailbox("", "ONE@example.com")];
        draft.bcc = vec![mailbox("Blind", "four@example.com")];
        world.write(&org, &draft).await;
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        let letters = post.letters();
        let mut reached: Vec<&str> = letters.iter().map(|l| l.recipient.as_str()).collect();
        reached.sort_unstable();
        assert_eq!(reached, ["four@example.com", "one@example.com", "three@example.com", "two@example.com"]);
        assert!(letters.iter().all(|l| words(l) == words(&letters[0])), "one text for all");
        assert!(!words(&letters[0]).contains("four@"), "{}", words(&letters[0]));
    }

    async fn nobody_is_written_to_who_cannot_be(db) {
        let (world, org) = with_lender(&db).await;
        let to = |email: &str| mail(email);
        let mut crowd = mail("one@example.com");
        crowd.bcc = (0..MAX_RECIPIENTS).map(|n| mailbox("", &format!("b{n}@example.com"))).collect();
        let mut nobody = mail("one@example.com");
        nobody.to.clear();
        let mut long = mail("one@example.com");
        long.html = Some("x".repeat(message::BODY_MAX_LEN + 1));
        let mut sender = mail("one@example.com");
        sender.sender = Some(mailbox("", "a@example.com\r\nBcc: b@example.com"));
        let mut stop = mail("one@example.com");
        stop.unsubscribe = Some("https://example.com/>\r\nBcc: b@example.com".to_owned());
        for bad in [
            to("no address"), to("a@example.com, b@example.com"), to("a@example.com\r\nBcc: b@example.com"),
            to(""), crowd.clone(), nobody, long, sender, stop,
        ] {
            assert!(world.try_write(&org, &bad).await.is_err());
        }
        for table in ["message", "delivery", "job"] {
            assert_eq!(world.rows(table).await, 0, "{table}");
        }
        crowd.bcc.pop();
        world.write(&org, &crowd).await;
        let fifty = i64::try_from(MAX_RECIPIENTS).expect("small");
        assert_eq!([world.rows("delivery").await, world.rows("job").await], [fifty, fifty]);
    }

    async fn names_and_subjects_bring_no_headers(db) {
        let (world, org) = with_lender(&db).await;
        let mut draft = mail("wilma@example.com");
        draft.to[0].name = "Eve\r\nBcc: all@example.com\r\n\r\nBuy".to_owned();
        draft.subject = format!("Hi\nBcc: all@example.com\u{2028}\u{0}{}", "x".repeat(900));
        draft.text = "One\0\u{7}\r\nTwo\tthree".to_owned();
        world.write(&org, &draft).await;
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        let letter = &post.letters()[0];
        assert_eq!(letter.to[0].name, "Eve Bcc: all@example.com Buy");
        assert!(letter.subject.starts_with("Hi Bcc: all@example.com xxx"), "{}", letter.subject);
        assert_eq!(letter.subject.chars().count(), message::SUBJECT_MAX_CHARS);
        assert_eq!(letter.text, "One\r\nTwo\tthree");
    }

    async fn many_mails_are_written_at_once(db) {
        let (world, org) = with_lender(&db).await;
        let drafts: Vec<MailDraft> = (0..45).map(|n| mail(&format!("w{n}@example.com"))).collect();
        let mut tx = db.begin().await.expect("begun");
        let refs = mails_in(&world.app, &mut tx, &org, &drafts).await.expect("written");
        tx.commit().await.expect("committed");
        let mut ids: Vec<&str> = refs.iter().map(|r| r.public_id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!([refs.len(), ids.len()], [45, 45]);
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!((post.letters().len(), post.handed_over()), (45, 45));
    }

    async fn archived_mail_is_kept_and_never_sent(db) {
        let (world, org) = with_lender(&db).await;
        let mut draft = mail("wilma@example.com");
        draft.sender = Some(mailbox("Olive", "olive@elsewhere.example"));
        draft.crm_id = Some("CRM-1".to_owned());
        let mut tx = db.begin().await.expect("begun");
        let sent_at = world.app.now().plus_seconds(-86_400);
        archive_in(&world.app, &mut tx, &org, &draft, sent_at).await.expect("kept");
        tx.commit().await.expect("committed");
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.rows("job").await), (0, 0));
        assert_eq!(world.states().await, ["archived"]);
        let admin = world.administrator(&org).await;
        let page = message::list(&world.app, &admin, &message::Filter::default()).await.expect("listed");
        let line = &page.lines[0];
        assert_eq!((line.created_at, line.from.as_str()), (sent_at, "Olive <olive@elsewhere.example>"));
        assert_eq!(line.recipients[0].state, DeliveryState::Archived);
    }

    /// Job payloads, events and every other column: ids and figures. Addresses stand in one table.
    async fn nothing_of_a_message_is_in_clear(db) {
        let (world, org) = with_lender(&db).await;
        let mut draft = mail("wilma.private@example.com");
        draft.text = "The lighthouse keeper waits".to_owned();
        draft.html = Some("<p>The lighthouse keeper waits</p>".to_owned());
        draft.subject = "Quince marmalade".to_owned();
        let written = world.write(&org, &draft).await;
        world.text(&org, "(312) 555-0199", "A heron at the pier").await;
        let mut tx = db.begin().await.expect("begun");
        message::note_in(&world.app, &mut tx, &org, "test", EventKind::MessageWritten, &[written]).await.expect("noted");
        tx.commit().await.expect("committed");
        let (post, sms) = (Arc::new(MemoryPost::default()), Arc::new(MemorySms::default()));
        post.refuse("wilma.private@example.com", true);
        let handlers = message::handlers(post, sms.clone());
        lintel_app::job::drain(&world.app, &handlers).await.expect("drained");
        assert_eq!(sms.handed_over(), 1);
        let stored = dump(&db).await;
        for text in ["lighthouse", "Quince", "Wilma Example", "heron", "A heron at the pier"] {
            assert!(!stored.finds(text), "{text}");
        }
        for (text, tables) in [("wilma.private", ["delivery.", "suppression."]), ("3125550199", ["delivery.", "delivery."])] {
            let places = stored.places(text);
            assert!(!places.is_empty() && places.iter().all(|p| tables.iter().any(|t| p.starts_with(t))), "{places:?}");
        }
    }

    async fn a_link_that_signs_in_is_in_no_column(db) {
        let (world, org) = with_lender(&db).await;
        world.officer(&org, "olive@example.com").await;
        ask_reset(&world.app, "olive@example.com", &visitor()).await.expect("asked");
        let letters = world.letters(&Arc::new(MemoryPost::default())).await;
        assert!(letters[0].contains(&format!("{URL}/lender/new-password/")), "{}", letters[0]);
        let (_, rest) = letters[0].split_once("/new-password/").expect("a link");
        assert!(!dump(&db).await.finds(&rest[..40]), "the link is in clear");
    }

    async fn text_messages_go_to_numbers(db) {
        let (world, org) = with_lender(&db).await;
        world.text(&org, "312.555.0100", "Your papers are here").await;
        let mut tx = db.begin().await.expect("begun");
        for (number, text) in [("555", "Hello"), ("3125550100", "  "), ("3125550100", &"x".repeat(1001))] {
            let draft = SmsDraft::new(MailKind::Crm, number, text.to_owned(), "test");
            assert!(sms_in(&world.app, &mut tx, &org, &draft).await.is_err(), "{number}");
        }
        drop(tx);
        let sms = Arc::new(MemorySms::default());
        sms.fail(1);
        let handlers = message::handlers(Arc::new(MemoryPost::default()), sms.clone());
        lintel_app::job::drain(&world.app, &handlers).await.expect("drained");
        assert_eq!((sms.handed_over(), world.states().await), (0, vec!["waiting".to_owned()]));
        world.clock.advance(10);
        lintel_app::job::drain(&world.app, &handlers).await.expect("drained");
        let sent = sms.messages();
        assert_eq!((sent[0].number.as_str(), sent[0].text.as_str()), ("+13125550100", "Your papers are here"));
        let channel: Option<(String,)> = db.maybe("SELECT channel FROM message", Vec::new()).await.expect("asked");
        assert_eq!(channel, Some((Channel::Sms.to_string(),)));
    }
}
