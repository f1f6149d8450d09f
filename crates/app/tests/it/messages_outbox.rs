//! The outbox: filters, pages, previews without secrets, whose business it is; the catcher.

use std::sync::Arc;

use lintel_app::loan::{self, LoanCaller};
use lintel_app::message::caught::{self, Caught};
use lintel_app::message::{
    self, Channel, DeliveryState, Filter, MailDraft, MailKind, cancel, list, may_suppress, of_loan,
    one, release, retry, suppress, suppressed,
};
use lintel_app::ports::MemoryPost;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_domain::role::{Role, RoleSet};
use lintel_testkit::both;

use crate::desk::{URL, world};
use crate::messages::{mail, with_lender};
use crate::secrecy::dump;
use crate::standing::Floor;
use crate::world::{denial, refusal};

fn not_found() -> Refusal {
    Refusal::NotFound {
        what: Noun::Message,
    }
}

both! {
    async fn the_outbox_is_filtered_and_paged(db) {
        let (world, org) = with_lender(&db).await;
        let admin = world.administrator(&org).await;
        for n in 0..60 {
            let kind = if n % 2 == 0 { MailKind::Crm } else { MailKind::Welcome };
            let draft = MailDraft { kind, subject: format!("Mail {n}"), ..mail(&format!("w{}@example.com", n % 3)) };
            world.write(&org, &draft).await;
            world.clock.advance(1);
        }
        let post = Arc::new(MemoryPost::default());
        post.refuse("w1@example.com", false);
        world.deliver(&post).await;
        world.text(&org, "3125550100", "Your papers are here, all of them, and they wait to be signed by you").await;
        let ask = async |filter: Filter| list(&world.app, &admin, &filter).await.expect("listed");
        let first = ask(Filter::default()).await;
        assert_eq!((first.lines.len(), first.has_more), (25, true));
        assert_eq!(first.lines[0].channel, Channel::Sms);
        assert_eq!(first.lines[0].subject.chars().count(), 60);
        assert_eq!(first.lines[1].subject, "Mail 59");
        let last = ask(Filter { page: 2, ..Filter::default() }).await;
        assert_eq!((last.lines.len(), last.has_more), (11, false));
        assert!(ask(Filter { page: u32::MAX, ..Filter::default() }).await.lines.is_empty());
        let failed = ask(Filter { state: Some(DeliveryState::Failed), ..Filter::default() }).await;
        assert_eq!((failed.lines.len(), failed.has_more), (20, false));
        assert!(failed.lines.is_sorted_by(|a, b| a.created_at > b.created_at));
        let both = Filter {
            state: Some(DeliveryState::Sent), address: Some("W2@Example.com".to_owned()),
            kind: Some(MailKind::Crm), channel: Some(Channel::Mail), page: 0,
        };
        let found = ask(both).await;
        assert_eq!(found.lines.len(), 10);
        assert!(found.lines.iter().all(|l| l.recipients[0].address == "w2@example.com" && l.kind == MailKind::Crm));
        for (nobody, count) in [("x@example.com", 0), ("", 25), ("' OR 1=1 --", 0), ("(312) 555-0100", 1)] {
            let filter = Filter { address: Some(nobody.to_owned()), ..Filter::default() };
            assert_eq!(ask(filter).await.lines.len(), count, "{nobody}");
        }
    }

    async fn a_preview_hides_what_signs_in_and_does_nothing(db) {
        let (world, org) = with_lender(&db).await;
        let admin = world.administrator(&org).await;
        let token = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p";
        let (link, stop) = (format!("{URL}/lender/new-password/{token}"), format!("{URL}/app/rates/{token}/stop"));
        let mut draft = mail("wilma@example.com");
        draft.kind = MailKind::RateUpdate;
        draft.text = format!("Here: {link} or {URL}/plain/{token}.");
        draft.html = Some(format!(
            "<p onclick=\"steal()\">Hello</p><script>steal()</script><a href=\"{link}\">here</a>\
             <a href=\"javascript:steal()\">no</a><form action=\"/x\"><input></form><iframe src=\"//x\"></iframe>"
        ));
        draft.secrets = vec![link.clone()];
        draft.unsubscribe = Some(stop);
        let written = world.write(&org, &draft).await;
        let view = one(&world.app, &admin, written.public_id.as_str()).await.expect("shown");
        let html = view.html.expect("html");
        for bad in [token, "steal", "<script", "onclick", "javascript:", "<form", "<iframe", "<input"] {
            assert!(!html.contains(bad) && !view.text.contains(bad), "{bad} in {html} / {}", view.text);
        }
        assert!(html.contains("Hello") && view.text.starts_with("Here: ••• or "), "{html} / {}", view.text);
        assert!(view.has_unsubscribe);
        let letters = world.letters(&Arc::new(MemoryPost::default())).await;
        assert!(letters[0].contains(&link), "whoever it goes to has it");
    }

    /// A wholesale lender, its broker, a stranger and a vendor: each sees its own, nobody another's.
    async fn nobody_sees_what_others_wrote(db) {
        let floor = Floor::on(&db).await;
        let world = &floor.world;
        let orgs = [&floor.lender.org, &floor.broker.org, &floor.stranger.org];
        let vendor = world.org(OrganisationKind::Vendor, None).await;
        let mut all = Vec::new();
        for org in orgs.into_iter().chain([&vendor]) {
            let written = world.write(org, &mail("shared@example.com")).await;
            all.push((world.administrator(org).await, written.public_id));
        }
        let app = &world.app;
        for (n, (who, own)) in all.iter().enumerate() {
            for filter in [Filter::default(), Filter { address: Some("shared@example.com".to_owned()), ..Filter::default() },
                Filter { state: Some(DeliveryState::Waiting), ..Filter::default() }] {
                let page = list(app, who, &filter).await.expect("listed");
                let seen: Vec<&PublicId> = page.lines.iter().map(|l| &l.public_id).collect();
                assert_eq!(seen, [own], "{n}");
            }
            for (m, (_, other)) in all.iter().enumerate().filter(|(m, _)| *m != n) {
                assert_eq!(refusal(one(app, who, other.as_str()).await), not_found(), "{n} {m}");
                assert_eq!(refusal(retry(app, who, other.as_str()).await), not_found(), "{n} {m}");
                assert_eq!(refusal(cancel(app, who, other.as_str()).await), not_found(), "{n} {m}");
            }
            for bad in ["", "x", "UNKNOWN1", "' OR 1=1", &"A".repeat(9000)] {
                assert_eq!(refusal(one(app, who, bad).await), not_found(), "{bad}");
            }
        }
        assert!(world.states().await.iter().all(|state| state == "waiting"));
    }

    /// Suppressed addresses are the family's; a broker's people see those the broker wrote to.
    async fn suppressed_addresses_stay_in_the_family(db) {
        let floor = Floor::on(&db).await;
        let (world, app) = (&floor.world, &floor.world.app);
        let lender = world.administrator(&floor.lender.org).await;
        let broker = world.administrator(&floor.broker.org).await;
        let stranger = world.administrator(&floor.stranger.org).await;
        let asked = message::SuppressionReason::Asked;
        for address in ["one@example.com", "two@example.com"] {
            assert!(suppress(app, &lender, Channel::Mail, address, asked).await.expect("done"));
        }
        world.write(&floor.broker.org, &mail("two@example.com")).await;
        let post = Arc::new(MemoryPost::default());
        world.deliver(&post).await;
        assert_eq!((post.handed_over(), world.states().await), (0, vec!["suppressed".to_owned()]));
        world.clock.advance(1);
        world.write(&floor.stranger.org, &mail("two@example.com")).await;
        world.deliver(&post).await;
        assert_eq!(post.handed_over(), 1, "another family writes as it likes");
        let counts = [&lender, &broker, &stranger];
        for (who, count) in counts.into_iter().zip([2, 1, 0]) {
            assert_eq!(suppressed(app, who, 0).await.expect("listed").0.len(), count);
        }
        // A broker's people look only, or one could silence the lender and the other brokers.
        assert!(may_suppress(&lender) && may_suppress(&stranger) && !may_suppress(&broker));
        let own = suppress(app, &broker, Channel::Mail, "three@example.com", asked).await;
        assert_eq!(denial(own), Denial::NotPermitted);
        for address in ["one@example.com", "two@example.com"] {
            let own = release(app, &broker, Channel::Mail, address).await;
            assert_eq!(denial(own), Denial::NotPermitted);
        }
        assert!(!release(app, &stranger, Channel::Mail, "two@example.com").await.expect("asked"));
        assert_eq!(world.rows("suppression").await, 2);
        assert!(release(app, &lender, Channel::Mail, "two@example.com").await.expect("asked"));
    }

    async fn roles_that_may_not_see_the_outbox_see_their_loans_messages(db) {
        let floor = Floor::on(&db).await;
        let (world, app) = (&floor.world, &floor.world.app);
        let head = floor.full(&floor.broker).await.head;
        let mut about = mail("wilma@example.com");
        about.loan_id = Some(head.line.id.clone());
        let of_broker = world.write(&floor.broker.org, &about).await.public_id;
        let of_lender = world.write(&floor.lender.org, &about).await.public_id;
        let other = world.write(&floor.broker.org, &mail("other@example.com")).await.public_id;
        for (who, own, foreign) in [(&floor.broker, &of_broker, &of_lender), (&floor.lender, &of_lender, &of_broker)] {
            let lines = of_loan(app, &LoanCaller::Program(who), &head).await.expect("listed");
            assert_eq!(lines.iter().map(|l| &l.public_id).collect::<Vec<_>>(), [own], "not {foreign}");
            assert_eq!(lines[0].loan.as_ref(), Some(&floor.loan));
        }
        let processor = floor.person(&floor.broker.org, Role::Processor).await;
        assert_eq!(denial(list(app, &processor, &Filter::default()).await), Denial::NotPermitted);
        assert_eq!(denial(retry(app, &processor, of_broker.as_str()).await), Denial::NotPermitted);
        assert_eq!(denial(cancel(app, &processor, of_broker.as_str()).await), Denial::NotPermitted);
        assert_eq!(denial(suppressed(app, &processor, 0).await), Denial::NotPermitted);
        let view = one(app, &processor, of_broker.as_str()).await.expect("shown");
        assert!(!view.may_retry && !view.may_cancel);
        assert_eq!(refusal(one(app, &processor, other.as_str()).await), not_found(), "about no loan");
        let mut officer = processor;
        officer.person.roles = RoleSet::only(Role::LoanOfficer);
        let sees = loan::find(app, &LoanCaller::Person(&officer), &floor.loan).await.is_ok();
        assert_eq!(one(app, &officer, of_broker.as_str()).await.is_ok(), sees);
    }

    async fn the_catcher_keeps_the_newest_sealed(db) {
        let world = world(&db);
        assert!(!world.app.is_catching());
        world.app.set_catching(true);
        assert!(world.app.is_catching());
        for n in 0..503 {
            let raw = format!("Subject: Heron {n}\r\n\r\nPelican {n}").into_bytes();
            let caught = Caught {
                attachments: Vec::new(),
                channel: Channel::Mail, sender: "no-reply@example.com".to_owned(),
                recipient: format!("w{n}@example.com"), subject: format!("Heron {n}"),
                text: format!("Pelican {n}"), html: None, raw,
            };
            caught::catch(&world.app, &caught).await.expect("caught");
            world.clock.advance(1);
        }
        assert_eq!(world.rows("caught_message").await, 500);
        let lines = caught::list(&world.app).await.expect("listed");
        assert_eq!((lines.len(), lines[0].subject.as_str()), (200, "Heron 502"));
        let one = caught::one(&world.app, lines[0].id.as_str()).await.expect("asked").expect("there");
        assert_eq!((one.line.recipient.as_str(), one.text.as_str()), ("w502@example.com", "Pelican 502"));
        assert!(String::from_utf8_lossy(&one.raw).ends_with("Pelican 502"));
        for bad in ["", "x", "' OR 1=1 --", &"0".repeat(9000)] {
            assert!(caught::one(&world.app, bad).await.expect("asked").is_none(), "{bad}");
        }
        let stored = dump(&db).await;
        assert!(!stored.finds("Pelican") && !stored.finds("Heron") && !stored.finds("w502@"));
        assert_eq!(caught::clear(&world.app).await.expect("cleared"), 500);
        assert!(caught::list(&world.app).await.expect("listed").is_empty());
    }
}
