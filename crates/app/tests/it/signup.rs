//! A borrower signs up: a lead, an account, an officer, a letter; done twice, done once.

use std::sync::Arc;

use lintel_app::by::By;
use lintel_app::error::AppError;
use lintel_app::lead::{self, LeadBorrower, LeadLine, Signup};
use lintel_app::people;
use lintel_app::ports::MemoryPost;
use lintel_app::session::Visitor;
use lintel_app::signup::{Door, Submission, Submitted, new_submission, open, submit};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Noun, Refusal, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::signup::{AddressPart, ApplicantPart, SignupDraft, SignupField};
use lintel_domain::staff::{Person, PersonDraft};
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::desk::world;
use crate::lead::{offer, parts, signup};
use crate::secrecy::dump;
use crate::world::{World, refusal};

/// The texts of a form, all of them right.
pub fn texts(email: &str) -> SignupDraft {
    let mut draft = SignupDraft::default();
    let of = SignupField::Borrower;
    for (field, text) in [
        (of(ApplicantPart::FirstName), "Wilhelmina"),
        (of(ApplicantPart::LastName), "Quillfeather"),
        (of(ApplicantPart::Email), email),
        (of(ApplicantPart::PhonePrimary), "(207) 555-0142"),
        (of(ApplicantPart::BirthDate), "02/29/1984"),
        (
            of(ApplicantPart::Home(AddressPart::Street)),
            "77 Thimble Lane",
        ),
        (SignupField::Property(AddressPart::State), "ME"),
        (SignupField::AcceptsTerms, "1"),
        (SignupField::TakesElectronicRecords, "1"),
    ] {
        draft.offer(field, text);
    }
    draft
}

/// Where forms come from.
pub fn visitor() -> Visitor {
    Visitor {
        address: "192.0.2.44".to_owned(),
        browser: "Example Browser 1.0".to_owned(),
    }
}

/// Sends a form with an id of its own.
pub async fn send(world: &World, door: &Door, email: &str) -> Submitted {
    let id = new_submission(&world.app).expect("drawn");
    send_as(world, door, email, &id).await
}

async fn send_as(world: &World, door: &Door, email: &str, id: &str) -> Submitted {
    let submission = Submission {
        door: door.clone(),
        source: None,
        id: id.to_owned(),
        draft: texts(email),
        visitor: visitor(),
    };
    submit(&world.app, submission).await.expect("taken")
}

/// An organisation's own page.
pub async fn company_door(world: &World, org: &Organisation) -> Door {
    let url = lead::signup_url(&world.app, org).await.expect("an address");
    let slug = url.rsplit('/').next().expect("a word").to_owned();
    Door::Company { slug }
}

async fn link_door(world: &World, org: &Organisation, with: Signup) -> (Door, PublicId) {
    let who = world.principal(org).await;
    let made = lead::set_signup(&world.app, &who, with)
        .await
        .expect("made");
    let (slug, code) = parts(&made.url);
    (Door::Link { slug, code }, made.lead)
}

/// Adds an officer with a licence in each state.
pub async fn licensed(world: &World, org: &Organisation, email: &str, states: &[&str]) -> Person {
    let license = |state: &&str| LicenseDraft {
        state: Some((*state).to_owned()).into(),
        number: Some("EX-100".to_owned()).into(),
    };
    let draft = PersonDraft {
        uid: Some(format!("uid of {email}")),
        first_name: Some("Olive".to_owned()),
        last_name: Some("Officer".to_owned()),
        email: Some(email.to_owned()),
        phone: Some("2075550100".to_owned()),
        timezone: Some("America/New_York".to_owned()),
        roles: Some(RoleSet::only(Role::LoanOfficer)).into(),
        nmls: Some("123456".to_owned()),
        licenses: Some(states.iter().map(license).collect()),
        ..PersonDraft::default()
    };
    people::add(&world.app, &By::Operator(org), draft)
        .await
        .expect("added")
}

async fn leads(world: &World, org: &Organisation) -> Vec<LeadLine> {
    let page = lead::list(&world.app, org, None, 100, 0)
        .await
        .expect("listed");
    assert_eq!(page.total, u64::try_from(page.lines.len()).expect("few"));
    page.lines
}

fn is_done(end: &Submitted) -> bool {
    matches!(end, Submitted::Done { .. })
}

both! {
    async fn a_form_makes_a_lead_an_account_and_a_letter(db) {
        let world = world(&db);
        let org = world.lender().await;
        let officer = licensed(&world, &org, "olive@example.com", &["ME", "CA"]).await;
        let door = company_door(&world, &org).await;
        assert!(is_done(&send(&world, &door, "wil@example.com").await));
        let lines = leads(&world, &org).await;
        let line = &lines[0];
        assert_eq!(line.borrower.first_name.as_deref(), Some("Wilhelmina"));
        assert_eq!(line.borrower.phone_primary.as_deref(), Some("2075550142"));
        assert_eq!(line.officer, Some(officer.id));
        assert_eq!(line.officer_name.as_deref(), Some("Olive Officer"));
        assert_eq!(line.loan, None);
        assert!(line.signed_up_at.is_some());
        assert_eq!(line.facts.as_ref().expect("said").property.state.as_deref(), Some("ME"));
        assert_eq!([world.rows("borrower_account").await, world.rows("message").await], [1, 1]);
        let events = list_after(&db, &org.id, 0).await.expect("read");
        for kind in [EventKind::LeadSignedUp, EventKind::BorrowerAdded] {
            let event = events.iter().find(|e| e.kind == kind).expect("told");
            assert!(!event.body.contains("Wilhelmina") && !event.body.contains('@'), "{}", event.body);
        }
        let post = Arc::new(MemoryPost::default());
        let letters = world.letters(&post).await;
        assert!(letters[0].contains("Hello Wilhelmina,"), "{}", letters[0]);
        assert!(letters[0].contains("https://loans.example.com/app/welcome/"), "{}", letters[0]);
        assert!(letters[0].contains("wil@example.com"), "{}", letters[0]);
        let stored = dump(&db).await;
        for secret in ["77 Thimble", "2075550142", "1984-02-29", "02/29/1984"] {
            assert!(!stored.finds(secret), "{secret} is stored in clear");
        }
    }

    /// Browsers send twice what people click twice.
    async fn a_form_sent_twice_is_one_lead(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (link, _) = link_door(&world, &org, signup()).await;
        for door in [company_door(&world, &org).await, link] {
            let before = world.rows("lead").await;
            let id = new_submission(&world.app).expect("drawn");
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..4 {
                let (app, door, id) = (world.app.clone(), door.clone(), id.clone());
                tasks.spawn(async move {
                    let draft = texts("wil@example.com");
                    let sent = Submission { door, source: None, id, draft, visitor: visitor() };
                    submit(&app, sent).await
                });
            }
            for end in tasks.join_all().await {
                assert!(is_done(&end.expect("taken")));
            }
            assert!(is_done(&send_as(&world, &door, "wil@example.com", &id).await));
            let is_link = matches!(door, Door::Link { .. });
            assert_eq!(world.rows("lead").await - before, i64::from(!is_link));
            world.pass_days(1);
        }
        assert_eq!(world.rows("message").await, 2);
        assert_eq!(world.rows("borrower_account").await, 1);
    }

    async fn a_link_updates_its_lead_and_tells_nothing_afterwards(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (door, uid) = link_door(&world, &org, signup()).await;
        let page = open(&world.app, &door).await.expect("opened");
        let name = SignupField::Borrower(ApplicantPart::FirstName);
        assert_eq!(page.prefill.text(name), "Zebulon");
        assert_eq!(page.prefill.text(SignupField::Property(AddressPart::City)), "Springvale");
        assert_eq!(page.offer.as_ref().expect("offered").loan, offer());
        assert!(!page.is_used);
        assert!(is_done(&send(&world, &door, "wil@example.com").await));
        let lines = leads(&world, &org).await;
        assert_eq!((lines.len(), &lines[0].uid), (1, &uid));
        assert_eq!(lines[0].loan, Some(offer()));
        assert_eq!(lines[0].borrower.first_name.as_deref(), Some("Wilhelmina"));
        assert_eq!(lines[0].borrower.crm_lead_id.as_deref(), Some("CRM-7\0"));
        // Whoever finds the link later sees the offer, and nobody.
        let page = open(&world.app, &door).await.expect("opened");
        assert!(page.is_used && page.offer.is_some());
        assert_eq!(page.prefill.text(name), "");
        // And cannot change what was said.
        world.pass_days(1);
        assert!(is_done(&send(&world, &door, "stranger@example.com").await));
        let lines = leads(&world, &org).await;
        assert_eq!(lines.len(), 2);
        assert_eq!((&lines[1].uid, &lines[0].loan), (&uid, &Some(offer())));
        assert_eq!(lines[1].borrower.email.as_deref(), Some("wil@example.com"));
    }

    async fn the_officer_is_the_links_when_licensed_and_somebody_elses_turn_otherwise(db) {
        let world = world(&db);
        let org = world.lender().await;
        let first = licensed(&world, &org, "first@example.com", &["ME"]).await;
        let second = licensed(&world, &org, "second@example.com", &["ME"]).await;
        let elsewhere = licensed(&world, &org, "elsewhere@example.com", &["CA"]).await;
        let own = |person: &Person| Door::Officer { uid: person.public_id.to_string() };
        let by_uid = Door::Officer { uid: "uid of second@example.com".to_owned() };
        let company = company_door(&world, &org).await;
        let doors = [own(&first), by_uid, own(&elsewhere), company.clone(), company];
        for (n, door) in doors.into_iter().enumerate() {
            assert!(is_done(&send(&world, &door, &format!("b{n}@example.com")).await));
            world.pass_days(1);
        }
        let mut got: Vec<_> = leads(&world, &org).await.into_iter().map(|l| l.officer).collect();
        got.reverse();
        assert_eq!(got[..2], [Some(first.id.clone()), Some(second.id.clone())]);
        let both = [Some(first.id.clone()), Some(second.id.clone())];
        assert!(both.contains(&got[2]), "not the one who is licensed elsewhere");
        assert_ne!(got[2], got[3], "turns are taken");
        assert_eq!(got[2], got[4]);
        // Nobody is licensed: nobody has it.
        let mut draft = texts("b9@example.com");
        let state = SignupField::Property(AddressPart::State);
        let mut other = SignupDraft::default();
        other.offer(state, "TX");
        draft = other.or(draft);
        let id = new_submission(&world.app).expect("drawn");
        let sent = Submission { door: own(&first), source: None, id, draft, visitor: visitor() };
        assert!(is_done(&submit(&world.app, sent).await.expect("taken")));
        assert_eq!(leads(&world, &org).await[0].officer, None);
    }

    async fn dead_links_open_nothing(db) {
        let world = world(&db);
        let org = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&org)).await;
        let officer = licensed(&world, &broker, "olive@example.com", &["ME"]).await;
        let with = Signup { lender: Some(broker.public_id.to_string()), ..signup() };
        let (link, _) = link_door(&world, &org, with).await;
        let own = Door::Officer { uid: officer.public_id.to_string() };
        let doors = [link, company_door(&world, &broker).await, own];
        let works = async |door: &Door| open(&world.app, door).await.is_ok();
        let off = async |id: &str, active: bool| {
            let sql = format!("UPDATE organisation SET active = {active} WHERE id = '{id}'");
            world.meddle(&sql).await;
        };
        for org in [&broker, &org] {
            for door in &doors {
                assert!(works(door).await, "{door:?}");
            }
            off(org.id.as_str(), false).await;
            for door in &doors {
                assert!(!works(door).await, "{door:?}");
                let sent = Submission {
                    door: door.clone(), source: None, id: String::new(),
                    draft: texts("wil@example.com"), visitor: visitor(),
                };
                assert!(matches!(submit(&world.app, sent).await, Err(AppError::Refused(_))));
            }
            off(org.id.as_str(), true).await;
        }
        world.meddle("UPDATE staff SET active = FALSE").await;
        assert_eq!(refusal(open(&world.app, &doors[2]).await), Refusal::NotFound { what: Noun::Staff });
        let page = open(&world.app, &doors[0]).await.expect("the company is there");
        assert!(page.officer.is_none());
        for uid in ["", "NOSUCH12", "\0", "🦔", &"x".repeat(500)] {
            let door = Door::Officer { uid: uid.to_owned() };
            assert_eq!(refusal(open(&world.app, &door).await), Refusal::NotFound { what: Noun::Staff });
        }
        assert_eq!(world.rows("borrower_account").await, 0);
    }

    async fn mistakes_store_nothing_and_floods_are_slowed(db) {
        let world = world(&db);
        let org = world.lender().await;
        let door = company_door(&world, &org).await;
        let mut draft = SignupDraft::default();
        draft.offer(SignupField::Borrower(ApplicantPart::Email), "nobody");
        let id = new_submission(&world.app).expect("drawn");
        let sent = Submission { door: door.clone(), source: None, id, draft, visitor: visitor() };
        let end = submit(&world.app, sent).await.expect("looked at");
        let Submitted::Mistakes(found) = end else { panic!("{end:?}") };
        assert_eq!(found[0], (SignupField::Borrower(ApplicantPart::FirstName), Rule::Missing));
        assert!(found.contains(&(SignupField::Borrower(ApplicantPart::Email), Rule::Malformed)));
        assert_eq!(world.rows("lead").await, 0);
        for n in 0..6 {
            let end = send(&world, &door, "wil@example.com").await;
            assert_eq!(is_done(&end), n < 5, "{n}: {end:?}");
        }
        assert_eq!([world.rows("lead").await, world.rows("message").await], [5, 5]);
        world.pass_days(1);
        assert!(is_done(&send(&world, &door, "WIL@example.com").await));
        assert_eq!(world.rows("borrower_account").await, 1);
    }

    /// A lead's id is no secret: who names somebody else's reads and changes nothing of it.
    async fn naming_somebody_elses_lead_takes_nothing_of_it(db) {
        let world = world(&db);
        let org = world.lender().await;
        let officer = licensed(&world, &org, "olive@example.com", &["ME"]).await;
        let theirs = LeadBorrower {
            first_name: Some("Zebulon".to_owned()),
            email: Some("Zeb@example.com".to_owned()),
            ..LeadBorrower::default()
        };
        let nameless = LeadBorrower { first_name: theirs.first_name.clone(), ..LeadBorrower::default() };
        let door = company_door(&world, &org).await;
        let send = async |source: &PublicId, email: &str| {
            let sent = Submission {
                door: door.clone(),
                source: Some(source.to_string()),
                id: new_submission(&world.app).expect("drawn"),
                draft: texts(email),
                visitor: visitor(),
            };
            assert!(is_done(&submit(&world.app, sent).await.expect("taken")));
        };
        let mut made = Vec::new();
        for (borrower, loan) in [
            (theirs, Some(offer())),
            (nameless, None),
            (LeadBorrower::default(), Some(offer())),
        ] {
            let id = Some(officer.public_id.to_string());
            let lead = lead::NewLead { officer: id, borrower, loan };
            made.push(lead::create_lead(&world.app, &org, "vendor", lead).await.expect("made"));
        }
        for uid in &made {
            send(uid, "mallory@example.com").await;
        }
        let lines = leads(&world, &org).await;
        assert_eq!(lines.len(), 6);
        for line in &lines {
            let is_old = made.contains(&line.uid);
            let is_mallory = line.borrower.email.as_deref() == Some("mallory@example.com");
            assert_eq!((is_old, line.signed_up_at.is_some()), (!is_mallory, is_mallory));
            assert!(is_old || line.loan.is_none(), "somebody else's offer");
            assert!(is_old || line.borrower.first_name.as_deref() == Some("Wilhelmina"));
            assert_eq!(line.officer, Some(officer.id.clone()), "the officer is the same");
        }
        // The one it is about has the address.
        send(&made[0], "ZEB@example.com").await;
        let lines = leads(&world, &org).await;
        let line = lines.iter().find(|line| line.uid == made[0]).expect("there");
        assert!(lines.len() == 6 && line.signed_up_at.is_some() && line.loan == Some(offer()));
    }

    /// A lead that was announced under its id becomes the one who signs up, once.
    async fn a_lead_named_by_the_link_is_the_one_who_signs_up(db) {
        let world = world(&db);
        let org = world.lender().await;
        let stranger = world.lender().await;
        let new = |shows| lead::NewLead {
            officer: None,
            borrower: LeadBorrower { shows_in_pipeline: Some(shows), ..LeadBorrower::default() },
            loan: None,
        };
        let uid = lead::create_lead(&world.app, &org, "vendor", new(false)).await.expect("made");
        let foreign = lead::create_lead(&world.app, &stranger, "vendor", new(true)).await.expect("made");
        assert_eq!(leads(&world, &org).await.len(), 0, "not wanted in the list");
        let door = company_door(&world, &org).await;
        let sent = |source: &PublicId, email: &str| Submission {
            door: door.clone(),
            source: Some(source.to_string()),
            id: new_submission(&world.app).expect("drawn"),
            draft: texts(email),
            visitor: visitor(),
        };
        assert!(is_done(&submit(&world.app, sent(&uid, "a@example.com")).await.expect("taken")));
        assert_eq!(leads(&world, &org).await[0].uid, uid);
        for (source, email) in [(&uid, "b@example.com"), (&foreign, "c@example.com")] {
            assert!(is_done(&submit(&world.app, sent(source, email)).await.expect("taken")));
        }
        assert_eq!(leads(&world, &org).await.len(), 3);
        assert!(leads(&world, &stranger).await[0].signed_up_at.is_none());
        // An officer nobody knows is refused, and nothing is stored.
        let unknown = lead::NewLead { officer: Some("nobody".to_owned()), ..new(true) };
        let end = lead::create_lead(&world.app, &org, "vendor", unknown).await;
        assert_eq!(refusal(end), Refusal::NotFound { what: Noun::Staff });
        assert_eq!(world.rows("lead").await, 4);
    }
}
