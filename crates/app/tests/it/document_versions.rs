//! Which paper stands under a name, what conditions make of papers, and two calls at once.

use std::collections::HashSet;

use lintel_app::condition;
use lintel_app::document::rules::DocumentRules;
use lintel_app::document::{self, Batch, DocumentDraft, Filed};
use lintel_app::error::{AppError, FaultKind};
use lintel_app::loan::LoanCaller;
use lintel_domain::condition::{ConditionEdit, ConditionStatus};
use lintel_domain::document::{DOCUMENTS_PER_LOAN, FilingDraft, LoanDocType};
use lintel_domain::event::EventKind;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_store::event::{ChainState, verify};
use lintel_testkit::both;

use crate::papers::{Archive, condition_of, fetch, file, for_condition, misc, pdf, stage};
use crate::world::{DOCUMENT, refusal};

const fn no_paper() -> Refusal {
    Refusal::NotFound {
        what: Noun::Document,
    }
}

both! {
    async fn a_newer_paper_takes_the_place_of_the_older_one(db) {
        let archive = Archive::on(&db).await;
        let first = archive.file_one(&pdf("first", 500), "W2.pdf", misc()).await;
        let other = archive.file_one(&pdf("first", 500), "W2.pdf", FilingDraft::Loan(LoanDocType::Credit)).await;
        let second = archive.file_one(&pdf("second", 600), "w2", misc()).await;
        assert_eq!((first.version, second.version, other.version), (1, 2, 1));
        assert_ne!(first.id, second.id);
        // The same bytes again are the same paper; nothing is written.
        let events = archive.events(EventKind::DocumentFiled).await.len();
        let again = archive.file_one(&pdf("second", 600), "W2.PDF", misc()).await;
        assert_eq!((again.id.clone(), again.version, again.is_new), (second.id.clone(), 2, false));
        assert_eq!(again.file_name, "w2", "as it was filed");
        assert_eq!(archive.events(EventKind::DocumentFiled).await.len(), events);
        archive.assert_tidy().await;
        // Going back to what was before is a newer paper.
        let third = archive.file_one(&pdf("first", 500), "W2.pdf", misc()).await;
        assert_eq!((third.version, third.is_new), (3, true));
        let lines = archive.list().await;
        let current: Vec<_> = lines.iter().filter(|l| l.is_current).map(|l| &l.id).collect();
        assert_eq!(current.len(), 2);
        assert!(current.contains(&&third.id) && current.contains(&&other.id));
        // Every version stays where it was.
        assert!(fetch(archive.one(&first.id).await).await.expect("whole") == pdf("first", 500));
        let kinds = [LoanDocType::Misc];
        let found = document::of_types(archive.app(), &archive.caller(), &archive.loan, &kinds).await;
        let found = found.expect("there");
        assert_eq!(found.iter().map(|d| &d.line.id).collect::<Vec<_>>(), [&third.id]);
    }

    async fn a_removed_paper_leaves_its_place_empty(db) {
        let archive = Archive::on(&db).await;
        let first = archive.file_one(&pdf("first", 500), "a", misc()).await;
        let second = archive.file_one(&pdf("second", 500), "a", misc()).await;
        let (app, caller, loan) = (archive.app(), archive.caller(), &archive.loan);
        document::remove(app, &caller, &second.id).await.expect("removed");
        assert_eq!(refusal(document::remove(app, &caller, &second.id).await), no_paper());
        assert_eq!(refusal(document::one(app, &caller, &second.id).await), no_paper());
        let kinds = [LoanDocType::Misc];
        assert_eq!(refusal(document::of_types(app, &caller, loan, &kinds).await), no_paper());
        let [line] = &archive.list().await[..] else { panic!("not one") };
        assert_eq!((&line.id, line.is_current), (&first.id, false));
        assert_eq!(archive.events(EventKind::DocumentRemoved).await.len(), 1);
        // What was removed is not the same paper when it comes again, and its number is not used twice.
        let third = archive.file_one(&pdf("second", 500), "a", misc()).await;
        assert_eq!((third.version, third.is_new), (3, true));
        assert_ne!(third.id, second.id);
        archive.assert_tidy().await;
    }

    async fn papers_of_one_call_stand_beside_each_other(db) {
        let archive = Archive::on(&db).await;
        let slip = archive.condition("Pay stubs", false).await;
        let (one, two) = (pdf("one", 500), pdf("two", 500));
        let papers = || vec![
            (one.clone(), "W2 (2)", misc()),
            (one.clone(), "W2.pdf", misc()),
            (two.clone(), "w2", misc()),
            (two.clone(), "W2.PDF", misc()),
            (one.clone(), "w2", for_condition(&slip, false)),
            (one.clone(), "w2 (2).pdf", misc()),
        ];
        let filed = archive.file(papers()).await.expect("filed");
        let names: Vec<_> = filed.iter().map(|f| &*f.file_name).collect();
        assert_eq!(names, ["W2 (2)", "W2.pdf", "w2 (3)", "W2 (4).PDF", "w2", "w2 (2) (2).pdf"]);
        assert!(filed.iter().all(|f| (f.version, f.is_new) == (1, true)), "{filed:?}");
        assert!(archive.list().await.iter().all(|line| line.is_current));
        // The same call again is the same papers.
        let again = archive.file(papers()).await.expect("known");
        assert!(again.iter().all(|f| (f.version, f.is_new) == (1, false)), "{again:?}");
        let ids = |filed: &[Filed]| filed.iter().map(|f| f.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&again), ids(&filed));
        // In another call the name is that of the first of them.
        let newer = archive.file_one(&pdf("newer", 500), "w2", misc()).await;
        assert_eq!((&*newer.file_name, newer.version), ("w2", 2));
        let stands = archive.list().await.into_iter().filter(|line| line.is_current);
        let stands: Vec<_> = stands.map(|line| line.id).collect();
        assert_eq!(stands.len(), 6);
        assert!(stands.contains(&newer.id) && !stands.contains(&filed[1].id));
        archive.assert_tidy().await;
    }

    async fn twenty_papers_called_alike_are_twenty(db) {
        let archive = Archive::on(&db).await;
        let name = format!("{}.pdf", "ä".repeat(251));
        let papers = || -> Vec<_> {
            (0..20).map(|n| (pdf(&format!("no {n}"), 300), &*name, misc())).collect()
        };
        let filed = archive.file(papers()).await.expect("filed");
        let lines = archive.list().await;
        let names: HashSet<_> = lines.iter().map(|line| line.file_name.clone()).collect();
        assert_eq!((lines.len(), names.len()), (20, 20));
        assert!(names.iter().all(|name| name.chars().count() <= 255));
        assert!(lines.iter().all(|line| line.is_current && line.version == 1));
        let again = archive.file(papers()).await.expect("known");
        assert!(filed.iter().zip(&again).all(|(a, b)| a.id == b.id && !b.is_new));
    }

    /// Neither takes the place of what the other filed, nor finds it filed already.
    async fn each_organisation_has_versions_of_its_own(db) {
        let archive = Archive::on(&db).await;
        let (world, app) = (&archive.world, archive.app());
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (above, theirs) = (world.principal(&wholesale).await, world.principal(&broker).await);
        let (lender, broker) = (LoanCaller::Program(&above), LoanCaller::Program(&theirs));
        let loan = world.send(&theirs, "LOS-9", DOCUMENT).await.expect("taken").public_id;
        let made = condition_of(app, &lender, &loan, ("Title", false)).await;
        let disclosure = || FilingDraft::Loan(LoanDocType::ClosingDisclosures);
        let put = async |caller, text: &str, filing| {
            let papers = vec![(pdf(text, 500), "CD", filing)];
            file(app, caller, &loan, papers).await.expect("filed").remove(0)
        };
        for filing in [disclosure(), for_condition(&made, false)] {
            let of_lender = put(&lender, "lender", filing.clone()).await;
            let of_broker = put(&broker, "broker", filing.clone()).await;
            let same = put(&broker, "lender", filing.clone()).await;
            assert_eq!((of_lender.version, of_broker.version, same.version), (1, 1, 2));
            assert!(same.is_new);
            // What the broker takes away again is its own.
            document::remove(app, &broker, &same.id).await.expect("removed");
            document::remove(app, &broker, &of_lender.id).await.expect_err("the lender's");
            let again = put(&lender, "lender", filing).await;
            assert_eq!((again.id, again.is_new), (of_lender.id, false));
        }
        let kinds = [LoanDocType::ClosingDisclosures];
        let found = document::of_types(app, &broker, &loan, &kinds).await.expect("there");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line.org_id, wholesale.id);
    }

    async fn a_paper_moves_its_condition_on(db) {
        let archive = Archive::on(&db).await;
        let by_call = archive.condition("By the call", false).await;
        let by_itself = archive.condition("By itself", true).await;
        let waits = archive.condition("Waits", false).await;
        let status = async |id| {
            let lines = archive.conditions().await;
            let line = lines.into_iter().find(|line| line.public_id == id).expect("there");
            (line.status, line.documents.len())
        };
        let papers = vec![
            (pdf("1", 500), "a", for_condition(&by_call, true)),
            (pdf("2", 500), "a", for_condition(&by_itself, false)),
            (pdf("3", 500), "a", for_condition(&waits, false)),
        ];
        let filed = archive.file(papers).await.expect("filed");
        use ConditionStatus::{Open, Received, Satisfied};
        assert_eq!(status(by_call.public_id.clone()).await, (Satisfied, 1));
        assert_eq!(status(by_itself.public_id.clone()).await, (Satisfied, 1));
        assert_eq!(status(waits.public_id.clone()).await, (Received, 1));
        // Refused, and sent again as it was: it is there to be looked at again.
        let open = ConditionEdit { status: Some("open".to_owned()), ..ConditionEdit::default() };
        condition::update(archive.app(), &archive.caller(), &waits.public_id, open).await.expect("reopened");
        assert_eq!(status(waits.public_id.clone()).await.0, Open);
        let again = archive.file_one(&pdf("3", 500), "a", for_condition(&waits, false)).await;
        assert!(!again.is_new);
        assert_eq!(status(waits.public_id.clone()).await, (Received, 1));
        // All of a call or nothing, the condition too.
        let papers = vec![
            (pdf("4", 500), "b", for_condition(&waits, true)),
            (b"no paper".to_vec(), "c", misc()),
        ];
        refusal(archive.file(papers).await);
        assert_eq!(status(waits.public_id.clone()).await, (Received, 1));
        // Without a paper nothing was received.
        document::remove(archive.app(), &archive.caller(), &filed[2].id).await.expect("removed");
        assert_eq!(status(waits.public_id.clone()).await, (Open, 0));
        let of = document::of_condition(archive.app(), &archive.caller(), &waits.public_id).await;
        assert_eq!(refusal(of), no_paper());
        archive.assert_tidy().await;
    }

    async fn only_the_lender_is_satisfied_by_a_paper(db) {
        let archive = Archive::on(&db).await;
        let (world, app) = (&archive.world, archive.app());
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (above, theirs) = (world.principal(&wholesale).await, world.principal(&broker).await);
        let (lender, broker) = (LoanCaller::Program(&above), LoanCaller::Program(&theirs));
        let loan = world.send(&theirs, "LOS-9", DOCUMENT).await.expect("taken").public_id;
        let made = condition_of(app, &lender, &loan, ("Title", true)).await;
        let status = async || condition::list(app, &broker, &loan).await.expect("seen")[0].status;
        let paper = || vec![(pdf("paper", 500), "a", for_condition(&made, true))];
        file(app, &broker, &loan, paper()).await.expect("filed");
        assert_eq!(status().await, ConditionStatus::Received);
        file(app, &lender, &loan, paper()).await.expect("known");
        assert_eq!(status().await, ConditionStatus::Satisfied);
    }

    async fn somebody_who_may_not_clear_only_brings_the_paper(db) {
        let archive = Archive::on(&db).await;
        archive.app().set_public_url("https://loans.example.com");
        let made = archive.condition("Title", true).await;
        let processor = archive.world.somebody(&archive.org, "P1", Role::Processor).await;
        let paper = || vec![(pdf("paper", 500), "a", for_condition(&made, true))];
        let by_hand = LoanCaller::Person(&processor);
        file(archive.app(), &by_hand, &archive.loan, paper()).await.expect("filed");
        assert_eq!(archive.conditions().await[0].status, ConditionStatus::Received);
        let underwriter = archive.world.somebody(&archive.org, "U1", Role::Underwriter).await;
        let by_hand = LoanCaller::Person(&underwriter);
        file(archive.app(), &by_hand, &archive.loan, paper()).await.expect("known");
        assert_eq!(archive.conditions().await[0].status, ConditionStatus::Satisfied);
    }

    async fn two_calls_at_once_are_two_versions_or_one_paper(db) {
        let archive = Archive::on(&db).await;
        let mut version = 0;
        for round in 0..6 {
            let (same, bytes) = (round % 2 == 0, 200 + round);
            let mut batches = Vec::new();
            for n in 0..2 {
                let mut batch = Batch::open(archive.app()).await.expect("a place");
                let text = format!("{}", if same { 0 } else { n });
                let staged = stage(&mut batch, &pdf(&text, bytes)).await.expect("staged");
                batches.push((batch, vec![DocumentDraft::new(staged, "a".to_owned(), misc())]));
            }
            let caller = archive.caller();
            let mut filing = batches.into_iter().map(|(batch, drafts)| {
                batch.file(&caller, &archive.loan, drafts)
            });
            let (one, two) = (filing.next().expect("one"), filing.next().expect("two"));
            let (one, two) = tokio::join!(one, two);
            let mut versions = [one.expect("filed")[0].version, two.expect("filed")[0].version];
            versions.sort_unstable();
            let expected = if same { [version + 1; 2] } else { [version + 1, version + 2] };
            assert_eq!(versions, expected);
            version = expected[1];
            let current: Vec<_> = archive.list().await.into_iter().filter(|l| l.is_current).collect();
            assert_eq!(current.len(), 1);
            assert_eq!(current[0].version, version);
        }
        archive.assert_tidy().await;
        let chain = verify(&db, &archive.org.id).await.expect("read");
        assert!(matches!(chain, ChainState::Intact { .. }), "{chain:?}");
    }

    async fn a_loan_has_so_many_papers_and_no_more(db) {
        let archive = Archive::on(&db).await;
        archive.file_one(&pdf("one", 300), "a", misc()).await;
        let copies = DOCUMENTS_PER_LOAN - 1;
        let columns = "lender_org_id, loan_id, org_id, kind, condition_id, file_name, \
             file_name_folded, version, is_current, byte_count, sha256_hash, crc32, blob_name, \
             key_sealed, uploaded_at_us, uploaded_by, keep_until";
        archive.world.meddle(&format!(
            "INSERT INTO loan_document (id, public_id, {columns}) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies}) \
             SELECT id || '-' || i, 'COPY' || i, {columns} FROM loan_document, n"
        )).await;
        let full = Refusal::Invalid { field: Field::Documents, rule: Rule::Conflict };
        let more = vec![(pdf("more", 300), "b", misc())];
        assert_eq!(refusal(archive.file(more.clone()).await), full);
        assert_eq!(archive.blobs.names().len(), 1);
        archive.world.meddle("UPDATE loan_document SET removed_at_us = 1 WHERE public_id = 'COPY1'").await;
        archive.file(more).await.expect("room again");
    }

    async fn a_call_waits_for_its_place(db) {
        let archive = Archive::on(&db).await;
        let app = archive.app();
        let mut taken = Vec::new();
        for _ in 0..app.document_rules().uploads_at_once {
            taken.push(Batch::open(app).await.expect("a place"));
        }
        let mut waiting = tokio::task::JoinSet::new();
        let again = app.clone();
        waiting.spawn(async move { Batch::open(&again).await.map(drop).is_ok() });
        tokio::task::yield_now().await;
        assert!(waiting.try_join_next().is_none(), "it waits");
        taken.pop();
        assert_eq!(waiting.join_next().await.expect("done").ok(), Some(true));
    }

    async fn no_organisation_has_every_place(db) {
        let archive = Archive::on(&db).await;
        let (app, org_id) = (archive.app(), &archive.org.id);
        let other = archive.world.lender().await;
        let most = app.document_rules().uploads_at_once - 1;
        let mut taken = Vec::new();
        for _ in 0..most {
            taken.push(Batch::open_for(app, org_id).await.expect("a place"));
        }
        // One that came as a stranger is refused as soon as it is known; what it brought is gone.
        let is_busy = |error| matches!(&error, AppError::Failed(f) if f.kind() == FaultKind::Busy);
        let mut stranger = Batch::open(app).await.expect("a place");
        assert!(is_busy(stranger.belongs_to(org_id).expect_err("too many")));
        let staged = stage(&mut stranger, &pdf("late", 500)).await.expect("staged");
        let drafts = vec![DocumentDraft::new(staged, "a".to_owned(), misc())];
        let filed = stranger.file(&archive.caller(), &archive.loan, drafts).await;
        assert!(is_busy(filed.expect_err("too many")));
        archive.assert_tidy().await;
        // One that waits among its own takes no place from others meanwhile.
        let mut waiting = tokio::task::JoinSet::new();
        let (again, org) = (app.clone(), org_id.clone());
        waiting.spawn(async move { Batch::open_for(&again, &org).await.map(drop).is_ok() });
        tokio::task::yield_now().await;
        for _ in 0..3 {
            let mut batch = Batch::open_for(app, &other.id).await.expect("a place");
            batch.belongs_to(&other.id).expect("it does");
        }
        assert!(waiting.try_join_next().is_none(), "it waits");
        taken.pop();
        assert_eq!(waiting.join_next().await.expect("done").ok(), Some(true));
        taken.push(Batch::open(app).await.expect("a place"));
        taken.last_mut().expect("one").belongs_to(org_id).expect("room again");
    }

    async fn where_there_is_one_place_anybody_has_it(db) {
        let archive = Archive::on(&db).await;
        let rules = DocumentRules { uploads_at_once: 1, ..DocumentRules::default() };
        archive.app().set_document_rules(rules);
        for _ in 0..2 {
            drop(Batch::open_for(archive.app(), &archive.org.id).await.expect("the place"));
            archive.file_one(&pdf("one", 300), "a", misc()).await;
        }
    }
}
