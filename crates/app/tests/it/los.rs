//! Loans fetched from a lender's own system: connecting, importing, failing.

use std::sync::Arc;

use lintel_app::admin;
use lintel_app::auth::Principal;
use lintel_app::error::{AppError, FaultKind};
use lintel_app::loan::{Arrival, Created};
use lintel_app::los::{
    self, AddressTemplate, FolderSettings, HttpSettings, ImportError, ImportLoan, LosCredentials,
    LosSettings, SetOutcome,
};
use lintel_app::ports::{LosFaultKind, LosLoan, MemoryLos};
use lintel_domain::application::sensitive::Sensitive;
use lintel_domain::id::RowId;
use lintel_domain::loan::Lifecycle;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_store::event::{ChainState, verify};
use lintel_store::loan::write::set_lifecycle_in;
use lintel_testkit::both;

use crate::create::{counts, loans};
use crate::world::{DOCUMENT, NOON, World, document};

fn folder() -> LosSettings {
    LosSettings::Folder(FolderSettings {
        folder: "/srv/los".to_owned(),
    })
}

fn http(password: &str) -> LosSettings {
    LosSettings::Http(Box::new(HttpSettings {
        address: AddressTemplate::parse("https://los.example.com/{loanLOSID}").expect("a template"),
        credentials: LosCredentials::Basic {
            user: "lintel".to_owned(),
            password: Sensitive::new(password.to_owned()),
        },
        accept: los::DEFAULT_ACCEPT.to_owned(),
        member: los::DEFAULT_MEMBER.to_owned(),
        certificates: None,
        timeout_s: 20,
        attempts: 3,
    }))
}

/// A lender whose system is in memory.
async fn connected(world: &World) -> (Principal, Arc<MemoryLos>) {
    let system = Arc::new(MemoryLos::default());
    world.app.set_los(system.clone());
    let org = world.lender().await;
    let set = los::set(&world.app, &org.public_id, folder()).await;
    assert_eq!(set.expect("set"), SetOutcome::Connected);
    (world.principal(&org).await, system)
}

fn wanted(id: &str) -> ImportLoan {
    ImportLoan {
        los_id: id.to_owned(),
        ..ImportLoan::default()
    }
}

async fn import(world: &World, who: &Principal, id: &str) -> Result<Created, ImportError> {
    los::import(&world.app, who, wanted(id)).await
}

#[track_caller]
fn refusal<T: std::fmt::Debug>(result: Result<T, ImportError>) -> Refusal {
    match result {
        Err(ImportError::App(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn unknown(what: Noun) -> Refusal {
    Refusal::NotFound { what }
}

both! {
    async fn a_connector_is_set_changed_and_removed(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let (app, id) = (&world.app, &org.public_id);
        assert_eq!(los::show(app, id).await.expect("asked"), None);
        let before = world.rows("event").await;
        let set = async |settings| los::set(app, id, settings).await.expect("set");
        assert_eq!(set(folder()).await, SetOutcome::Connected);
        assert_eq!(set(folder()).await, SetOutcome::Unchanged);
        world.clock.advance(60);
        assert_eq!(set(http("hunter2")).await, SetOutcome::Changed);
        assert_eq!(set(http("hunter3")).await, SetOutcome::Changed);
        let shown = los::show(app, id).await.expect("asked").expect("there");
        assert_eq!(shown.settings, http("hunter3"));
        assert_eq!(shown.created_at, NOON);
        assert!(shown.updated_at > NOON);
        assert_eq!(world.rows("event").await - before, 3);
        assert!(los::remove(app, id).await.expect("removed"));
        assert!(!los::remove(app, id).await.expect("asked"));
        assert_eq!(world.rows("event").await - before, 4);
        assert_eq!(los::show(app, id).await.expect("asked"), None);
        let state = verify(&db, &org.id).await.expect("read");
        assert!(matches!(state, ChainState::Intact { .. }), "{state:?}");
    }

    async fn settings_are_sealed_for_their_organisation(db) {
        let world = World::on(&db);
        let (one, other) = (world.lender().await, world.lender().await);
        for org in [&one, &other] {
            los::set(&world.app, &org.public_id, http("hunter2")).await.expect("set");
        }
        let sql = "SELECT settings_sealed FROM los_connector";
        let rows: Vec<(Vec<u8>,)> = db.all(sql, Vec::new()).await.expect("read");
        assert_eq!(rows.len(), 2);
        for (sealed,) in rows {
            let text = String::from_utf8_lossy(&sealed);
            assert!(!text.contains("hunter2") && !text.contains("los.example"));
        }
        let sql = "SELECT body FROM event";
        let rows: Vec<(String,)> = db.all(sql, Vec::new()).await.expect("read");
        assert!(rows.iter().all(|(body,)| !body.contains("hunter2")));
        // Another organisation's settings in one's own row cannot be opened, and can be replaced.
        let (one_id, other_id) = (one.id.as_str(), other.id.as_str());
        world.meddle(&format!(
            "UPDATE los_connector SET settings_sealed = (SELECT settings_sealed FROM los_connector \
             WHERE org_id = '{one_id}') WHERE org_id = '{other_id}'"
        )).await;
        let shown = los::show(&world.app, &other.public_id).await;
        match shown {
            Err(AppError::Failed(fault)) => assert_eq!(fault.kind(), FaultKind::Corrupt),
            other => panic!("{other:?}"),
        }
        let set = los::set(&world.app, &other.public_id, http("hunter2")).await;
        assert_eq!(set.expect("set"), SetOutcome::Changed);
        assert!(los::show(&world.app, &other.public_id).await.is_ok());
    }

    async fn who_can_be_connected(db) {
        let world = World::on(&db);
        let vendor = world.org(OrganisationKind::Vendor, None).await;
        let set = los::set(&world.app, &vendor.public_id, folder()).await;
        assert!(matches!(set, Err(AppError::Refused(r)) if r == unknown(Noun::Organisation)));
        let nobody = world.app.public_id().expect("drawn");
        for result in [
            los::show(&world.app, &nobody).await.map(|_| ()),
            los::remove(&world.app, &nobody).await.map(|_| ()),
            los::set(&world.app, &nobody, folder()).await.map(|_| ()),
        ] {
            assert!(matches!(result, Err(AppError::Refused(r)) if r == unknown(Noun::Organisation)));
        }
        let relative = LosSettings::Folder(FolderSettings { folder: "los".to_owned() });
        let lender = world.lender().await;
        let set = los::set(&world.app, &lender.public_id, relative).await;
        let malformed = Refusal::malformed(Field::LosSettings);
        assert!(matches!(set, Err(AppError::Refused(r)) if r == malformed));
    }

    async fn a_loan_is_imported_once_and_updated(db) {
        let world = World::on(&db);
        let (who, system) = connected(&world).await;
        system.keep("LOS-1", DOCUMENT.as_bytes());
        let first = import(&world, &who, "LOS-1").await.expect("taken");
        assert_eq!(first.outcome, Arrival::Created);
        let before = counts(&world).await;
        let again = import(&world, &who, "LOS-1").await.expect("taken");
        assert_eq!((again.public_id, again.outcome), (first.public_id.clone(), Arrival::Repeated));
        assert_eq!(counts(&world).await, before);
        system.keep("LOS-1", document("170000.00").as_bytes());
        let newer = import(&world, &who, "LOS-1").await.expect("taken");
        assert_eq!((newer.public_id, newer.outcome), (first.public_id.clone(), Arrival::Updated));
        // The same number handed in by create-loan is the same loan.
        let sent = world.send(&who, "LOS-1", &document("170000.00")).await.expect("taken");
        assert_eq!((sent.public_id, sent.outcome), (first.public_id.clone(), Arrival::Repeated));
        let [line] = &loans(&world, &who, true).await[..] else { panic!("not one loan") };
        assert_eq!(line.public_id, first.public_id);
        // Changed here, it is not replaced any more.
        let row: Option<(String,)> = db.maybe("SELECT id FROM loan", Vec::new()).await.expect("read");
        let id = RowId::new(row.expect("one").0);
        let mut tx = db.begin().await.expect("begun");
        set_lifecycle_in(&mut tx, &who.org.id, &id, Lifecycle::Archived, NOON).await.expect("set");
        tx.commit().await.expect("committed");
        system.keep("LOS-1", document("180000.00").as_bytes());
        let conflict = Refusal::Invalid { field: Field::LosLoanId, rule: Rule::Conflict };
        assert_eq!(refusal(import(&world, &who, "LOS-1").await), conflict);
    }

    async fn the_other_number_goes_along(db) {
        let world = World::on(&db);
        let (who, system) = connected(&world).await;
        system.keep("{G-1}", DOCUMENT.as_bytes());
        let loan = ImportLoan { guid: Some("{G-1}".to_owned()), ..wanted("LOS-1") };
        los::import(&world.app, &who, loan).await.expect("taken");
        let asked = system.asked();
        let loan = LosLoan { id: "LOS-1".to_owned(), guid: Some("{G-1}".to_owned()) };
        assert_eq!(asked, [(who.org.id.as_str().to_owned(), loan)]);
        for guid in ["", " ", "a\0b", &"9".repeat(101)] {
            let loan = ImportLoan { guid: Some(guid.to_owned()), ..wanted("LOS-1") };
            let result = los::import(&world.app, &who, loan).await;
            assert_eq!(refusal(result), Refusal::malformed(Field::LosLoanGuid), "{guid:?}");
        }
        for (id, rule) in [("", Rule::Missing), ("a\0b", Rule::Malformed)] {
            let field = Field::LosLoanId;
            let result = import(&world, &who, id).await;
            assert_eq!(refusal(result), Refusal::Invalid { field, rule }, "{id:?}");
        }
        assert_eq!(system.asked().len(), 1, "nothing was asked for them");
    }

    async fn nothing_is_stored_when_nothing_comes(db) {
        let world = World::on(&db);
        let (who, system) = connected(&world).await;
        let before = counts(&world).await;
        assert_eq!(refusal(import(&world, &who, "LOS-1").await), unknown(Noun::LosLoan));
        for kind in [
            LosFaultKind::Refused,
            LosFaultKind::TimedOut,
            LosFaultKind::Unavailable { retry_after_s: Some(7) },
            LosFaultKind::TooLarge,
            LosFaultKind::Garbled,
            LosFaultKind::GuidNeeded,
            LosFaultKind::Busy,
            LosFaultKind::CircuitOpen { until: NOON },
        ] {
            system.fail(kind);
            match import(&world, &who, "LOS-1").await {
                Err(ImportError::Los(fault)) => assert_eq!(fault.kind(), kind),
                other => panic!("{kind:?}: {other:?}"),
            }
        }
        for garbage in [&b""[..], b"<html/>", b"\xff\xfe\x00", b"{}"] {
            system.keep("LOS-2", garbage);
            match import(&world, &who, "LOS-2").await {
                Err(ImportError::App(AppError::Document(findings))) => assert!(!findings.is_empty()),
                other => panic!("{garbage:?}: {other:?}"),
            }
        }
        assert_eq!(counts(&world).await, before);
    }

    /// Each organisation has its own system or none, whatever its family has.
    async fn systems_are_their_organisations_own(db) {
        let world = World::on(&db);
        let system = Arc::new(MemoryLos::default());
        world.app.set_los(system.clone());
        system.keep("LOS-1", DOCUMENT.as_bytes());
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let stranger = world.lender().await;
        los::set(&world.app, &lender.public_id, folder()).await.expect("set");
        for org in [&broker, &stranger] {
            let who = world.principal(org).await;
            assert_eq!(refusal(import(&world, &who, "LOS-1").await), unknown(Noun::LosConnector));
        }
        assert_eq!(system.asked(), []);
        los::set(&world.app, &broker.public_id, http("x")).await.expect("set");
        let who = world.principal(&broker).await;
        import(&world, &who, "LOS-1").await.expect("taken");
        assert_eq!(system.asked()[0].0, broker.id.as_str());
    }

    async fn the_officer_named_by_the_caller(db) {
        let world = World::on(&db);
        let system = Arc::new(MemoryLos::default());
        world.app.set_los(system.clone());
        system.keep("LOS-1", DOCUMENT.as_bytes());
        system.keep("LOS-2", DOCUMENT.as_bytes());
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        los::set(&world.app, &lender.public_id, folder()).await.expect("set");
        officer(&world, &lender, "olive.officer@example.com").await;
        let named = officer(&world, &lender, "Nora.Named@example.com").await;
        officer(&world, &broker, "bob@broker.example.com").await;
        let off = officer(&world, &lender, "olaf@example.com").await;
        world.meddle(&format!("UPDATE staff SET active = FALSE WHERE id = '{}'", off.as_str())).await;
        let clerk = officer(&world, &lender, "carl@example.com").await;
        world.meddle(&format!(
            "UPDATE staff_role SET role = 'processor' WHERE staff_id = '{}'", clerk.as_str()
        )).await;
        let who = world.principal(&lender).await;
        let with = |id: &str, email: &str| ImportLoan {
            officer_email: Some(email.to_owned()),
            ..wanted(id)
        };
        let before = counts(&world).await;
        let long = format!("{}@example.com", "x".repeat(300));
        for email in [
            "nobody@example.com", "bob@broker.example.com", "olaf@example.com",
            "carl@example.com", "", "a\0b@example.com", &long,
        ] {
            let result = los::import(&world.app, &who, with("LOS-1", email)).await;
            let expected = Refusal::malformed(Field::LoanOfficerEmail);
            assert_eq!(refusal(result), expected, "{email:?}");
        }
        assert_eq!(counts(&world).await, before);
        assert_eq!(system.asked(), [], "nothing was fetched for them");
        let officer_of = async |id: &str| {
            let line = loans(&world, &who, true).await;
            let line = line.into_iter().find(|l| l.public_id.as_str() == id).expect("listed");
            line.officer.email
        };
        let made = los::import(&world.app, &who, with("LOS-1", " nora.named@EXAMPLE.com ")).await;
        let id = made.expect("taken").public_id;
        assert_eq!(officer_of(id.as_str()).await.as_deref(), Some("Nora.Named@example.com"));
        let sql = "SELECT officer_id FROM loan";
        let row: Option<(Option<String>,)> = db.maybe(sql, Vec::new()).await.expect("read");
        assert_eq!(row.expect("one").0.as_deref(), Some(named.as_str()));
        let plain = import(&world, &who, "LOS-2").await.expect("taken").public_id;
        assert_eq!(officer_of(plain.as_str()).await.as_deref(), Some("olive.officer@example.com"));
    }

    async fn trying_stores_nothing(db) {
        let world = World::on(&db);
        let (who, system) = connected(&world).await;
        system.keep("LOS-1", DOCUMENT.as_bytes());
        system.keep("LOS-2", b"<html/>");
        let before = counts(&world).await;
        let try_out = async |id: &str| {
            let loan = LosLoan { id: id.to_owned(), guid: None };
            los::try_out(&world.app, &who.org.public_id, loan).await
        };
        let tried = try_out("LOS-1").await.expect("read");
        assert_eq!((tried.byte_count, tried.borrower_count), (DOCUMENT.len(), Some(2)));
        let bad = try_out("LOS-2").await.expect("read");
        assert_eq!(bad.borrower_count, None);
        assert!(!bad.findings.is_empty());
        assert_eq!(refusal(try_out("LOS-3").await), unknown(Noun::LosLoan));
        assert_eq!(counts(&world).await, before);
    }

    async fn an_application_without_connectors_says_so(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        los::set(&world.app, &org.public_id, folder()).await.expect("set");
        let who = world.principal(&org).await;
        let unavailable = LosFaultKind::Unavailable { retry_after_s: None };
        match import(&world, &who, "LOS-1").await {
            Err(ImportError::Los(fault)) => assert_eq!(fault.kind(), unavailable),
            other => panic!("{other:?}"),
        }
    }
}

async fn officer(world: &World, org: &Organisation, email: &str) -> RowId {
    let new = admin::NewStaff {
        first_name: "Some".to_owned(),
        last_name: "Officer".to_owned(),
        email: email.to_owned(),
        nmls: None,
        los_id: None,
    };
    let added = admin::add_staff(&world.app, org, new).await.expect("added");
    added.expect("new").id
}
