//! Papers in and out: the same bytes, only to whom they belong, and nothing of what was refused.

use std::sync::Arc;

use lintel_app::document::rules::DocumentRules;
use lintel_app::document::{self, Batch, DocumentDraft, zip, zip_length};
use lintel_app::error::{AppError, FaultKind};
use lintel_app::loan::LoanCaller;
use lintel_app::ports::MarkScanner;
use lintel_domain::document::{DOCUMENTS_AT_ONCE, FiledUnder, LoanDocType, PaperDraft, Verdict};
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Denial, DocumentPart, Field, Noun, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_testkit::both;

use crate::papers::{Archive, fetch, file, for_condition, misc, pdf, stage};
use crate::world::{NOON, denial, refusal};

const PIECE: usize = 65_536;

fn at(document: usize, part: DocumentPart, rule: Rule) -> (Field, Rule) {
    (Field::Document { document, part }, rule)
}

const fn no_paper() -> Refusal {
    Refusal::NotFound {
        what: Noun::Document,
    }
}

both! {
    async fn the_same_bytes_come_back_whatever_their_number(db) {
        let archive = Archive::on(&db).await;
        for bytes in [100, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 40 * PIECE + 5] {
            let sent = pdf("fictional", bytes);
            let filed = archive.file_one(&sent, &format!("{bytes}.pdf"), misc()).await;
            assert_eq!((filed.version, filed.is_new), (1, true));
            let download = archive.one(&filed.id).await;
            assert_eq!(download.line.bytes, u64::try_from(bytes).expect("few"));
            assert_eq!(download.line.uploaded_at, NOON);
            let hash = ring_sha256(&sent);
            assert_eq!(download.line.sha256_hex(), hash);
            assert!(fetch(download).await.expect("whole") == sent, "{bytes}");
            let mut opened = archive.one(&filed.id).await.open().await.expect("opened");
            let mut got = Vec::new();
            while let Some(piece) = futures_util::StreamExt::next(&mut opened).await {
                got.extend_from_slice(&piece.expect("genuine"));
            }
            assert!(got == sent, "{bytes}");
        }
        archive.assert_tidy().await;
        // No whole file was ever in one piece, neither on its way in nor out.
        assert!(archive.blobs.largest_write() <= PIECE + 16);
        assert!(archive.blobs.largest_read() <= 1 << 20);
    }

    async fn a_zip_has_them_all_under_names_of_their_own(db) {
        let archive = Archive::on(&db).await;
        let condition = archive.condition("Pay stubs", false).await;
        for (n, filing) in [misc(), for_condition(&condition, false)].into_iter().enumerate() {
            archive.file_one(&pdf(&format!("no {n}"), 70_000 + n), "same name", filing).await;
        }
        let ids: Vec<PublicId> = archive.list().await.into_iter().map(|line| line.id).collect();
        let wanted = [ids.clone(), ids.clone()].concat();
        let found = document::of_ids(archive.app(), &archive.caller(), &archive.loan, &wanted).await;
        let downloads = found.expect("there");
        assert_eq!(downloads.len(), 2, "the same one twice is one");
        let length = zip_length(&downloads).expect("few");
        let mut pieces = Box::pin(zip(downloads).expect("few"));
        let mut bytes = Vec::new();
        while let Some(piece) = futures_util::StreamExt::next(&mut pieces).await {
            bytes.extend_from_slice(&piece.expect("genuine"));
        }
        assert_eq!(u64::try_from(bytes.len()).expect("few"), length);
        let holds = |text: &str| bytes.windows(text.len()).filter(|w| *w == text.as_bytes()).count();
        assert_eq!((holds("no 0 "), holds("no 1 ")), (1, 1));
        assert!(holds("same name.pdf") >= 2, "each is named in its head and in the directory");
        let unknown = [ids[0].clone(), PublicId::parse("ZZZZ9999").expect("an id")];
        let found = document::of_ids(archive.app(), &archive.caller(), &archive.loan, &unknown).await;
        assert_eq!(refusal(found), no_paper());
    }

    async fn what_is_wrong_with_a_call_is_told_at_once_and_nothing_is_kept(db) {
        let archive = Archive::on(&db).await;
        let rules = DocumentRules { max_bytes: 100_000, ..DocumentRules::default() };
        archive.app().set_document_rules(rules);
        archive.app().set_scanner(Arc::new(MarkScanner::default()));
        let mark = std::str::from_utf8(MarkScanner::MARK).expect("text");
        let mut batch = Batch::open(archive.app()).await.expect("a place");
        let mut drafts = Vec::new();
        for (bytes, verdict) in [
            (pdf("good", 100_000), Verdict::Good),
            (Vec::new(), Verdict::Empty),
            (pdf("too long", 100_001), Verdict::TooLarge),
            (b"MZ\x90 not a paper".to_vec(), Verdict::NotPdf),
            (pdf(mark, 90_000), Verdict::Infected),
        ] {
            let staged = stage(&mut batch, &bytes).await.expect("staged");
            assert_eq!(staged.verdict, verdict);
            drafts.push(DocumentDraft::new(staged, "a.pdf".to_owned(), misc()));
        }
        // What was refused is not even in the store.
        assert_eq!(archive.blobs.names().len(), 1);
        drafts.push(DocumentDraft { content: Entry::Absent, paper: PaperDraft::default() });
        drafts.push(DocumentDraft { content: Entry::Unreadable, ..DocumentDraft {
            content: Entry::Absent,
            paper: PaperDraft::new("b".to_owned(), misc()),
        } });
        let filed = batch.file(&archive.caller(), &archive.loan, drafts).await;
        use DocumentPart::{Class, Content, FileName};
        use Rule::{Malformed, Missing};
        assert_eq!(refusal(filed).mistakes(), [
            at(1, Content, Missing),
            at(2, Content, Malformed),
            at(3, Content, Malformed),
            at(4, Content, Malformed),
            at(5, FileName, Missing),
            at(5, Content, Missing),
            at(5, Class, Missing),
            at(6, Content, Malformed),
        ]);
        assert_eq!(archive.list().await, []);
        assert_eq!(archive.events(EventKind::DocumentFiled).await, []);
        archive.assert_tidy().await;
    }

    async fn a_scanner_without_an_answer_stores_nothing(db) {
        let archive = Archive::on(&db).await;
        archive.app().set_scanner(Arc::new(MarkScanner::failing()));
        let filed = archive.file(vec![(pdf("x", 5000), "a", misc())]).await;
        let Err(AppError::Failed(fault)) = filed else { panic!("{filed:?}") };
        assert_eq!(fault.kind(), FaultKind::Unavailable);
        archive.world.clock.advance(61);
        document::sweep(archive.app()).await.expect("swept");
        archive.assert_tidy().await;
        assert_eq!(archive.list().await, []);
    }

    async fn a_call_brings_some_papers_and_not_too_many(db) {
        let archive = Archive::on(&db).await;
        let none = archive.file(Vec::new()).await;
        let missing = Refusal::Invalid { field: Field::Documents, rule: Rule::Missing };
        assert_eq!(refusal(none), missing);
        let mut batch = Batch::open(archive.app()).await.expect("a place");
        for _ in 0..DOCUMENTS_AT_ONCE {
            batch.start().await.expect("begun");
        }
        let more = batch.start().await;
        assert_eq!(refusal(more), Refusal::malformed(Field::Documents));
        batch.discard().await;
        archive.assert_tidy().await;
    }

    async fn a_strangers_paper_is_an_unknown_one(db) {
        let archive = Archive::on(&db).await;
        let condition = archive.condition("Pay stubs", false).await;
        let filed = archive.file_one(&pdf("mine", 500), "a", for_condition(&condition, false)).await;
        let kinds = [LoanDocType::Misc];
        archive.file_one(&pdf("mine", 500), "a", misc()).await;
        let stranger = archive.world.principal(&archive.world.lender().await).await;
        let (app, other) = (archive.app(), LoanCaller::Program(&stranger));
        let unknown = PublicId::parse("ZZZZ9999").expect("an id");
        let no_loan = Refusal::NotFound { what: Noun::Loan };
        let no_condition = Refusal::NotFound { what: Noun::Condition };
        let mine = archive.caller();
        for (who, id) in [(&other, &filed.id), (&mine, &unknown)] {
            assert_eq!(refusal(document::one(app, who, id).await), no_paper());
            assert_eq!(refusal(document::find(app, who, id).await), no_paper());
            assert_eq!(refusal(document::remove(app, who, id).await), no_paper());
        }
        for (who, id) in [(&other, &archive.loan), (&mine, &unknown)] {
            assert_eq!(refusal(document::list(app, who, id).await), no_loan);
            assert_eq!(refusal(document::of_types(app, who, id, &kinds).await), no_loan);
            assert_eq!(refusal(document::of_ids(app, who, id, std::slice::from_ref(&filed.id)).await), no_loan);
            let papers = vec![(pdf("theirs", 500), "a", misc())];
            assert_eq!(refusal(file(app, who, id, papers).await), no_loan);
        }
        for (who, id) in [(&other, &condition.public_id), (&mine, &unknown)] {
            assert_eq!(refusal(document::of_condition(app, who, id).await), no_condition);
        }
        // A condition of another loan is none of this one.
        let second = archive.world.send(&archive.who, "LOS-2", crate::world::DOCUMENT).await;
        let second = second.expect("taken").public_id;
        let papers = vec![(pdf("astray", 500), "a", for_condition(&condition, true))];
        let astray = file(app, &mine, &second, papers).await;
        let at = at(0, DocumentPart::Condition, Rule::Malformed);
        assert_eq!(refusal(astray).mistakes(), [at]);
        assert_eq!(refusal(document::of_types(app, &mine, &second, &kinds).await), no_paper());
        archive.assert_tidy().await;
    }

    async fn a_broker_and_its_lender_share_a_loans_papers(db) {
        let archive = Archive::on(&db).await;
        let world = &archive.world;
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let (theirs, above, beside) = (
            world.principal(&broker).await,
            world.principal(&lender).await,
            world.principal(&sibling).await,
        );
        let (broker, lender) = (LoanCaller::Program(&theirs), LoanCaller::Program(&above));
        let sibling = LoanCaller::Program(&beside);
        let loan = world.send(&theirs, "LOS-9", crate::world::DOCUMENT).await.expect("taken").public_id;
        let app = archive.app();
        let sent = pdf("brokered", 3000);
        let by_broker = file(app, &broker, &loan, vec![(sent.clone(), "a", misc())]).await.expect("filed");
        let by_lender = file(app, &lender, &loan, vec![(sent.clone(), "b", misc())]).await.expect("filed");
        for who in [&broker, &lender] {
            for filed in [&by_broker[0], &by_lender[0]] {
                let download = document::one(app, who, &filed.id).await.expect("seen");
                assert!(fetch(download).await.expect("whole") == sent);
            }
            assert_eq!(document::list(app, who, &loan).await.expect("seen").len(), 2);
        }
        assert_eq!(refusal(document::one(app, &sibling, &by_broker[0].id).await), no_paper());
        let removed = document::remove(app, &broker, &by_lender[0].id).await;
        assert_eq!(denial(removed), Denial::NotPermitted, "the lender filed it");
        document::remove(app, &lender, &by_broker[0].id).await.expect("the lender may");
        assert_eq!(refusal(document::one(app, &broker, &by_broker[0].id).await), no_paper());
    }

    async fn people_file_and_remove_as_their_roles_allow(db) {
        let archive = Archive::on(&db).await;
        archive.app().set_public_url("https://loans.example.com");
        let processor = archive.world.somebody(&archive.org, "P1", Role::Processor).await;
        let seller = archive.world.somebody(&archive.org, "S1", Role::SalesManager).await;
        let officer = archive.world.officer(&archive.org, "olive@example.com").await;
        let cookie = archive.world.sign_on(&archive.org, &officer).await;
        let officer = archive.world.behind(&cookie).await.expect("signed in");
        let [processor, seller, officer] = [&processor, &seller, &officer].map(LoanCaller::Person);
        let app = archive.app();
        let papers = || vec![(pdf("by hand", 900), "a", misc())];
        let filed = file(app, &processor, &archive.loan, papers()).await.expect("filed");
        let listed = document::list(app, &seller, &archive.loan).await.expect("seen");
        assert_eq!(listed.len(), 1);
        document::one(app, &seller, &filed[0].id).await.expect("seen");
        assert_eq!(denial(file(app, &seller, &archive.loan, papers()).await), Denial::NotPermitted);
        assert_eq!(denial(document::remove(app, &seller, &filed[0].id).await), Denial::NotPermitted);
        // Somebody else's loan.
        let no_loan = Refusal::NotFound { what: Noun::Loan };
        assert_eq!(refusal(file(app, &officer, &archive.loan, papers()).await), no_loan);
        assert_eq!(refusal(document::one(app, &officer, &filed[0].id).await), no_paper());
        assert_eq!(refusal(document::remove(app, &officer, &filed[0].id).await), no_paper());
        document::remove(app, &processor, &filed[0].id).await.expect("removed");
        archive.assert_tidy().await;
    }

    async fn who_was_given_what_is_noted_once_a_minute(db) {
        let archive = Archive::on(&db).await;
        let first = archive.file_one(&pdf("one", 600), "one", misc()).await;
        archive.world.clock.advance(1);
        let second = archive.file_one(&pdf("two", 600), "two", misc()).await;
        let given = async || archive.events(EventKind::DocumentGiven).await;
        for _ in 0..3 {
            archive.one(&first.id).await;
        }
        assert_eq!(given().await.len(), 1);
        let kinds = [LoanDocType::Misc];
        let both = document::of_types(archive.app(), &archive.caller(), &archive.loan, &kinds).await;
        let both = both.expect("there");
        assert_eq!(both.iter().map(|d| &d.line.id).collect::<Vec<_>>(), [&first.id, &second.id]);
        let events = given().await;
        assert_eq!(events.len(), 2);
        assert!(events[1].body.contains(second.id.as_str()) && !events[1].body.contains(first.id.as_str()));
        assert_eq!(events[1].actor, archive.who.api_id);
        let other = archive.world.principal(&archive.org).await;
        document::one(archive.app(), &LoanCaller::Program(&other), &first.id).await.expect("seen");
        archive.world.clock.advance(61);
        archive.one(&first.id).await;
        assert_eq!(given().await.len(), 4);
        // Looking at the list, or at one line, gives nothing.
        document::find(archive.app(), &archive.caller(), &second.id).await.expect("seen");
        assert_eq!(given().await.len(), 4);
    }

    async fn filing_is_noted_without_what_may_be_personal(db) {
        let archive = Archive::on(&db).await;
        let condition = archive.condition("Pay stubs", false).await;
        let filed = archive
            .file(vec![
                (pdf("one", 600), "Tam Lantern W2.pdf", misc()),
                (pdf("two", 700), "Tam Lantern pay.pdf", for_condition(&condition, false)),
            ])
            .await
            .expect("filed");
        assert_eq!(filed[0].filing, FiledUnder::Loan(LoanDocType::Misc));
        assert_eq!(filed[1].filing, FiledUnder::Condition(condition.public_id.clone()));
        let events = archive.events(EventKind::DocumentFiled).await;
        assert_eq!(events.len(), 2);
        for (event, filed) in events.iter().zip(&filed) {
            assert!(event.body.contains(filed.id.as_str()) && !event.body.contains("Lantern"));
        }
        assert!(events[0].body.contains("\"kind\":\"misc\"") && events[0].body.contains("\"bytes\":600"));
    }
}

fn ring_sha256(bytes: &[u8]) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
    hash.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}
