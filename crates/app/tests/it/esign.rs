//! Signing links: sealed where they are kept, told by mail once.

use std::sync::Arc;

use lintel_app::error::AppError;
use lintel_app::esign::{SignerDraft, SigningDraft, set_urls};
use lintel_app::partner::PartnerCaller;
use lintel_app::ports::MemoryPost;
use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule, SignerPart, SigningField};
use lintel_domain::signing::{DocumentVendor, SigningStatus};
use lintel_store::db::Db;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::vendors::{ALL, Market};
use crate::world::{DOCUMENT, NOON, denial, refusal};

const URL: &str = "https://sign.example.com/s?token=SECRET-SIGNING-TOKEN";

/// A vendor that may see a lender's loans, and one of them.
struct Closing {
    market: Market,
    caller: PartnerCaller,
    loan: String,
}

impl Closing {
    async fn on(db: &Db) -> Self {
        let market = Market::on(db).await;
        let sent = market.world.send(&market.lender, "LOS-1", DOCUMENT).await;
        let loan = sent.expect("taken").public_id.to_string();
        market
            .connect(&market.lender, ALL)
            .await
            .expect("connected");
        let caller = market.caller(&market.lender.org).await;
        Self {
            market,
            caller,
            loan,
        }
    }

    async fn set(&self, draft: SigningDraft) -> Result<(), AppError> {
        set_urls(&self.market.world.app, &self.caller, draft).await
    }

    /// Addresses and texts of the mails written so far.
    async fn mails(&self) -> Vec<(String, String)> {
        let post = Arc::new(MemoryPost::default());
        self.market.world.letters(&post).await;
        let letters = post.letters();
        letters
            .into_iter()
            .map(|l| (l.recipient.clone(), l.readable()))
            .collect()
    }

    fn draft(&self) -> SigningDraft {
        SigningDraft {
            loan: self.loan.clone(),
            vendor: Entry::Given(DocumentVendor::Docutech),
            officer: Some(link(URL)),
            borrowers: vec![
                (Some("WREN.ashdown@example.com".to_owned()), link(URL)),
                (
                    Some("tam.ashdown@example.com".to_owned()),
                    link("https://sign.example.com/2"),
                ),
            ],
        }
    }
}

fn link(url: &str) -> SignerDraft {
    SignerDraft {
        url: Some(url.to_owned()),
        expires_at: Entry::Given(NOON.plus_seconds(86_400)),
        status: Entry::Given(SigningStatus::Ready),
    }
}

fn signing(part: SigningField, rule: Rule) -> Refusal {
    Refusal::Invalid {
        field: Field::Signing(part),
        rule,
    }
}

both! {
    async fn every_signer_is_told_once(db) {
        let closing = Closing::on(&db).await;
        closing.set(closing.draft()).await.expect("kept");
        let mut mails = closing.mails().await;
        mails.sort();
        let to: Vec<&str> = mails.iter().map(|(to, _)| &**to).collect();
        assert_eq!(to, ["Wren.Ashdown@example.com", "olive.officer@example.com", "tam.ashdown@example.com"]);
        assert!(mails[0].1.contains(URL) && mails[0].1.contains("Hello Wren"), "{}", mails[0].1);
        // The same again: nobody hears of it, nothing is recorded.
        closing.set(closing.draft()).await.expect("kept");
        assert!(closing.mails().await.is_empty());
        // Another address for one of them: one mail.
        let mut draft = closing.draft();
        draft.borrowers.remove(0);
        draft.officer = None;
        draft.borrowers[0].1 = link("https://sign.example.com/3");
        closing.set(draft).await.expect("kept");
        let mails = closing.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].0, "tam.ashdown@example.com");
        assert_eq!(closing.market.world.rows("signing_link").await, 3, "who is not named keeps theirs");
        let events = list_after(&db, &closing.caller.org.id, 0).await.expect("read");
        let told: Vec<_> = events.iter().filter(|e| e.kind.as_str() == "signing_links.set").collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].body, r#"{"links":3,"mails":3}"#);
        assert_eq!(told[0].actor, closing.market.pair.api_id);
    }

    /// A vendor whose links change all the time may be wrong; its borrowers are not to pay for it.
    async fn links_that_change_all_the_time_flood_nobody(db) {
        let closing = Closing::on(&db).await;
        let mut draft = closing.draft();
        draft.officer = None;
        draft.borrowers.truncate(1);
        let mut sent = 0;
        for turn in 0..24 {
            let url = format!("https://sign.example.com/{}", turn / 2);
            draft.borrowers[0].1 = link(&url);
            closing.set(draft.clone()).await.expect("kept");
            sent += closing.mails().await.len();
        }
        assert_eq!(sent, 10, "twelve links, each said twice");
        closing.market.world.pass_days(1);
        draft.borrowers[0].1 = SignerDraft {
            expires_at: Entry::Given(NOON.plus_seconds(864_000)),
            ..link("https://sign.example.com/next-day")
        };
        closing.set(draft).await.expect("kept");
        assert_eq!(closing.mails().await.len(), 1);
    }

    async fn addresses_are_not_in_the_database(db) {
        let closing = Closing::on(&db).await;
        closing.set(closing.draft()).await.expect("kept");
        let dump = crate::secrecy::dump(&db).await;
        assert!(dump.finds("borrower/") && dump.finds("docutech"));
        assert!(!dump.finds("SECRET-SIGNING-TOKEN") && !dump.finds("sign.example.com"));
    }

    async fn a_borrower_is_named_by_address_or_account_or_sign_on(db) {
        let closing = Closing::on(&db).await;
        let world = &closing.market.world;
        let lender = &closing.caller.org.id;
        world.meddle(&format!(
            "INSERT INTO borrower_account (lender_org_id, id, org_id, public_id, email, email_folded, \
             first_name, last_name, active, created_at_us, updated_at_us) VALUES ('{lender}', 'a1', \
             '{lender}', 'ACCOUNT1', 'tam.ashdown@example.com', 'tam.ashdown@example.com', 'Tam', \
             'Ashdown', TRUE, 0, 0)"
        )).await;
        world.meddle("UPDATE borrower SET sso_id = 'sso-1' WHERE first_name = 'Wren'").await;
        let named = |uids: &[&str]| SigningDraft {
            officer: None,
            borrowers: uids.iter().map(|uid| (Some((*uid).to_owned()), link(URL))).collect(),
            ..closing.draft()
        };
        closing.set(named(&["ACCOUNT1", "sso-1"])).await.expect("kept");
        assert_eq!(closing.mails().await.len(), 2);
        closing.set(named(&["tam.ashdown@example.com"])).await.expect("the same link");
        assert!(closing.mails().await.is_empty());
        let who = |borrower, rule| signing(SigningField::Borrower { borrower, part: SignerPart::Who }, rule);
        for uid in ["nobody@example.com", "sso-2", "ACCOUNT2", "Wren", "olive.officer@example.com"] {
            assert_eq!(refusal(closing.set(named(&["sso-1", uid])).await), who(1, Rule::Malformed), "{uid}");
        }
        let twice = closing.set(named(&["ACCOUNT1", "TAM.ASHDOWN@example.com"])).await;
        assert_eq!(refusal(twice), who(1, Rule::Conflict));
        assert_eq!(refusal(closing.set(named(&[" "])).await), who(0, Rule::Missing));
        // Spouses with one address are two people.
        world.meddle("UPDATE borrower SET email = 'both@example.com', email_folded = 'both@example.com'").await;
        closing.set(named(&["both@example.com", "both@example.com"])).await.expect("kept");
        assert_eq!(world.rows("signing_link").await, 2);
    }

    async fn what_cannot_be_used_is_refused_and_nothing_is_kept(db) {
        let closing = Closing::on(&db).await;
        let officer = |part| SigningField::Officer(part);
        let url = |text: &str| SigningDraft { officer: Some(link(text)), ..closing.draft() };
        for (what, draft, expected) in [
            ("vendor", SigningDraft { vendor: Entry::Unreadable, ..closing.draft() }, signing(SigningField::Vendor, Rule::Malformed)),
            ("http", url("http://sign.example.com"), signing(officer(SignerPart::Url), Rule::Malformed)),
            ("script", url("javascript:alert(1)"), signing(officer(SignerPart::Url), Rule::Malformed)),
            ("break", url("https://sign.example.com/\r\nBcc: x@example.com"), signing(officer(SignerPart::Url), Rule::Malformed)),
            ("long", url(&format!("https://sign.example.com/{}", "a".repeat(2000))), signing(officer(SignerPart::Url), Rule::Malformed)),
            ("none", url(""), signing(officer(SignerPart::Url), Rule::Missing)),
            ("nobody", SigningDraft { officer: None, borrowers: Vec::new(), ..closing.draft() }, signing(SigningField::Signers, Rule::Missing)),
            (
                "status",
                SigningDraft { officer: Some(SignerDraft { status: Entry::Unreadable, ..link(URL) }), ..closing.draft() },
                signing(officer(SignerPart::Status), Rule::Malformed),
            ),
        ] {
            assert_eq!(refusal(closing.set(draft).await), expected, "{what}");
        }
        let world = &closing.market.world;
        world.meddle("UPDATE loan SET officer_email = NULL").await;
        let told = closing.set(closing.draft()).await;
        assert_eq!(refusal(told), signing(officer(SignerPart::Who), Rule::Malformed));
        assert_eq!(world.rows("signing_link").await, 0);
        assert!(closing.mails().await.is_empty());
    }

    async fn a_link_that_is_dead_already_is_kept_and_not_mailed(db) {
        let closing = Closing::on(&db).await;
        let old = SignerDraft { expires_at: Entry::Given(Instant::from_seconds(1_483_120_275)), ..link(URL) };
        let draft = SigningDraft {
            vendor: Entry::Absent,
            officer: Some(old),
            borrowers: Vec::new(),
            loan: "LOS-1".to_owned(),
        };
        closing.set(draft).await.expect("kept");
        assert_eq!(closing.market.world.rows("signing_link").await, 1);
        assert!(closing.mails().await.is_empty());
    }

    async fn a_loan_is_within_reach_or_unknown(db) {
        let closing = Closing::on(&db).await;
        let market = &closing.market;
        let (world, unknown) = (&market.world, Refusal::NotFound { what: Noun::Loan });
        let strangers = world.send(&market.stranger, "LOS-9", DOCUMENT).await.expect("taken");
        let brokers = world.send(&market.broker, "LOS-7", DOCUMENT).await.expect("taken");
        let for_loan = |loan: &str| SigningDraft { loan: loan.to_owned(), ..closing.draft() };
        for loan in ["", "NOBODY00", "LOS-9", "LOS-7", "' OR 1=1", strangers.public_id.as_str()] {
            assert_eq!(refusal(closing.set(for_loan(loan)).await), unknown, "{loan}");
        }
        closing.set(for_loan(brokers.public_id.as_str())).await.expect("the lender sees its broker's");
        let app = &world.app;
        let broker = market.caller(&market.broker.org).await;
        set_urls(app, &broker, for_loan("LOS-7")).await.expect("its own");
        assert_eq!(refusal(set_urls(app, &broker, closing.draft()).await), unknown, "the lender's own");
        let blind = PartnerCaller { sees_loans: false, ..closing.caller.clone() };
        assert_eq!(denial(set_urls(app, &blind, closing.draft()).await), Denial::NotPermitted);
    }
}
