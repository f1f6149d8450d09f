//! A lender sets up its brokers: everything or nothing, once however often it is sent, and whoever
//! started goes on with it on the pages.

use std::io::Cursor;

use lintel_app::auth::Principal;
use lintel_app::company::{self, CompanyPicture};
use lintel_app::error::AppError;
use lintel_app::session::{self, SignedIn, Visitor};
use lintel_app::setup::{self, BrokerSetup, BrokerSetupOutcome, set_up_broker};
use lintel_app::{link, people};
use lintel_domain::application::sensitive::Sensitive;
use lintel_domain::company::{CompanyDraft, LegalForm, TaxId};
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::image::{ImageDraft, ImageKind, ImageSource};
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{
    CompanyField, Denial, Field, ImagePart, LicensePart, PersonField, Refusal, Rule,
};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::setup::SetupStep;
use lintel_domain::staff::PersonDraft;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::secrecy::dump;
use crate::world::{World, denial, refusal};

const URL: &str = "https://loans.example.com";
/// Everything a set-up writes to.
const TABLES: [&str; 10] = [
    "organisation",
    "organisation_profile",
    "organisation_license",
    "organisation_setup",
    "staff",
    "staff_role",
    "staff_license",
    "event",
    "outbox",
    "one_time_link",
];

pub fn said(value: &str) -> Entry<String> {
    Entry::Given(value.to_owned())
}

fn license(state: &str, number: &str) -> LicenseDraft {
    LicenseDraft {
        state: said(state),
        number: said(number),
    }
}

pub fn picture(side: u32) -> ImageDraft {
    let mut bytes = Vec::new();
    image::RgbImage::from_pixel(side, side, image::Rgb([10, 20, 30]))
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .expect("a picture");
    ImageDraft {
        kind: Entry::Given(ImageKind::Png),
        source: Some(ImageSource::Bytes(bytes)),
    }
}

pub fn a_company(uid: &str) -> CompanyDraft {
    CompanyDraft {
        partner_uid: said(uid),
        name: said("Example Brokers"),
        legal_name: said("Example Brokers, Inc."),
        street: said("1 Example Street"),
        unit: said("#201"),
        city: said("Sampleton"),
        state: said("CA"),
        postal_code: said("92649"),
        website: said("https://www.example.com"),
        phone: said("888-888-8888"),
        nmls: said("012345"),
        legal_form: Entry::Given(LegalForm::Corporation),
        about: said("Two\r\nlines."),
        tax_id: Entry::Given(Sensitive::new("90-0773311".to_owned())),
        officer_compensation: said("1.00"),
        pricing_tier: said("Tier AAA"),
        offers_conventional: Entry::Given(true),
        offers_fha: Entry::Given(true),
        offers_va: Entry::Given(false),
        licenses: Entry::Given(vec![license("CA", "09876"), license("TX", "n/a")]),
        logo: Some(picture(20)),
        ..CompanyDraft::default()
    }
}

pub fn a_person(uid: &str) -> PersonDraft {
    let text = |value: &str| Some(value.to_owned());
    PersonDraft {
        uid: text(uid),
        timezone: text("America/Los_Angeles"),
        first_name: text("Adam"),
        last_name: text("Sample"),
        phone: text("714-235-7114"),
        email: Some(format!("{}@example.com", uid.to_lowercase())),
        roles: Entry::Given(RoleSet::only(Role::Admin)),
        ..PersonDraft::default()
    }
}

pub fn request(uid: &str, starter: &str, people: &[&str]) -> BrokerSetup {
    BrokerSetup {
        logged_in_uid: said(starter),
        company: a_company(uid),
        people: people.iter().map(|uid| a_person(uid)).collect(),
    }
}

/// A world in which links can be made, and a lender in it.
pub async fn start(db: &lintel_store::db::Db) -> (World, Principal) {
    let world = World::on(db);
    world.app.set_public_url(URL);
    let lender = world.org(OrganisationKind::Wholesale, None).await;
    let who = world.principal(&lender).await;
    (world, who)
}

async fn send(
    world: &World,
    who: &Principal,
    request: BrokerSetup,
) -> Result<BrokerSetupOutcome, AppError> {
    set_up_broker(&world.app, who, request).await
}

async fn counts(world: &World) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(world.rows(table).await);
    }
    counts
}

async fn kinds(world: &World, org: &Organisation) -> Vec<EventKind> {
    let events = list_after(world.app.db(), &org.id, 0).await.expect("read");
    events.iter().map(|event| event.kind).collect()
}

/// Follows the address of a set-up.
pub async fn follow(world: &World, outcome: &BrokerSetupOutcome) -> SignedIn {
    let url = outcome.redirect_url.as_deref().expect("an address");
    let lender = &outcome.broker.public_id;
    let start = format!("{URL}/lender/sign-up/start-basic?lenderID={lender}&token=");
    let token = url.strip_prefix(&start).expect("our address");
    let visitor = Visitor::default();
    let cookie = link::land_setup(&world.app, lender.as_str(), token, &visitor)
        .await
        .expect("looked")
        .expect("a living link");
    let who = session::open(&world.app, &cookie).await.expect("opened");
    who.expect("signed in")
}

fn company_field(field: CompanyField, rule: Rule) -> Refusal {
    Refusal::Invalid {
        field: Field::Company(field),
        rule,
    }
}

both! {
    async fn a_broker_is_made_with_everything_that_was_sent(db) {
        let (world, who) = start(&db).await;
        let done = send(&world, &who, request("B-1", "U1", &["U1", "U2"])).await.expect("done");
        assert!(!done.is_completed);
        let uids: Vec<_> = done.people.iter().map(|(uid, _)| uid.as_str()).collect();
        assert_eq!(uids, ["U1", "U2"]);
        assert_eq!(done.broker.kind, OrganisationKind::Broker);
        assert_eq!(done.broker.parent_id.as_ref(), Some(&who.org.id));
        let profile = company::profile(&world.app, &done.broker).await.expect("read");
        let facts = profile.facts;
        assert_eq!(facts.partner_uid.as_deref(), Some("B-1"));
        assert_eq!(facts.legal_name.as_deref(), Some("Example Brokers, Inc."));
        assert_eq!(facts.phone.as_deref(), Some("8888888888"));
        assert_eq!(facts.about.as_deref(), Some("Two\nlines."));
        assert_eq!(facts.tax_id.as_ref().map(TaxId::expose), Some("900773311"));
        assert_eq!((facts.offers_fha, facts.offers_va), (Some(true), Some(false)));
        assert_eq!(facts.licenses.len(), 2);
        assert_eq!(profile.org.nmls.as_deref(), Some("012345"));
        let brand = company::brand(&world.app, &done.broker.public_id).await.expect("read");
        let logo = brand.expect("active").logo_url.expect("a logo");
        let name = profile.logo.expect("a logo").to_string();
        assert_eq!(logo, format!("{URL}/images/{name}"));
        let served = lintel_app::image::open(&world.app, &name).await.expect("looked");
        assert!(served.is_some());
        let kinds = kinds(&world, &done.broker).await;
        for kind in [EventKind::OrganisationCreated, EventKind::SetupStarted] {
            assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        }
    }

    async fn sent_again_it_is_done_once(db) {
        let (world, who) = start(&db).await;
        let first = send(&world, &who, request("B-1", "U1", &["U1", "U2"])).await.expect("done");
        let before = counts(&world).await;
        let again = send(&world, &who, request("B-1", "U2", &["U1", "U2"])).await.expect("done");
        assert_eq!(again.broker, first.broker);
        assert_eq!(again.people, first.people);
        assert_eq!(again.redirect_url, None, "U1 started it");
        assert_eq!(counts(&world).await, before);
        let third = send(&world, &who, request("B-1", "U1", &["U2", "U1"])).await.expect("done");
        assert!(third.redirect_url.is_some());
        assert_ne!(third.redirect_url, first.redirect_url);
        assert_eq!(world.rows("organisation").await, 2);
        assert_eq!(world.rows("staff").await, 2);
        let swapped: Vec<_> = first.people.iter().rev().cloned().collect();
        assert_eq!(third.people, swapped);
    }

    async fn what_is_sent_later_replaces_and_what_is_left_out_stays(db) {
        let (world, who) = start(&db).await;
        let first = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let before = company::profile(&world.app, &first.broker).await.expect("read");
        let mut later = request("B-1", "U1", &["U3"]);
        later.company.name = said("Renamed Brokers");
        later.company.website = Entry::Absent;
        later.company.unit = said("");
        later.company.logo = None;
        later.company.licenses = Entry::Given(vec![license("NV", "1")]);
        let second = send(&world, &who, later).await.expect("done");
        assert!(second.redirect_url.is_some(), "U1 is known, though not sent again");
        let after = company::profile(&world.app, &second.broker).await.expect("read");
        assert_eq!(second.broker.name, "Renamed Brokers");
        assert_eq!(after.org.name, "Renamed Brokers");
        assert_eq!(after.facts.website, before.facts.website);
        assert_eq!(after.facts.unit, None);
        assert_eq!(after.logo, before.logo);
        let states: Vec<_> = after.facts.licenses.iter().map(|l| l.state.as_str()).collect();
        assert_eq!(states, ["NV"]);
        assert_eq!(world.rows("staff").await, 2);
        assert!(kinds(&world, &first.broker).await.contains(&EventKind::OrganisationUpdated));
    }

    async fn everything_that_is_wrong_is_said_and_nothing_is_done(db) {
        let (world, who) = start(&db).await;
        let before = counts(&world).await;
        let mut bad = request("B-1", "", &["U1", "U2"]);
        bad.company.state = said("XX");
        bad.company.licenses = Entry::Given(vec![license("CA", "1"), license("CA", "")]);
        bad.company.favicon = Some(ImageDraft {
            kind: Entry::Given(ImageKind::Png),
            source: Some(ImageSource::Base64("nothing".to_owned())),
        });
        bad.people[1].email = Some("nobody".to_owned());
        let license_part = |part| Field::Company(CompanyField::License { license: 1, part });
        let expected = vec![
            (Field::Starter, Rule::Missing),
            (Field::Company(CompanyField::State), Rule::Malformed),
            (license_part(LicensePart::State), Rule::Conflict),
            (license_part(LicensePart::Number), Rule::Missing),
            (Field::Company(CompanyField::Favicon(ImagePart::Content)), Rule::Malformed),
            (Field::Person { person: 1, part: PersonField::Email }, Rule::Malformed),
        ];
        let refused = refusal(send(&world, &who, bad).await);
        assert_eq!(refused, Refusal::Several(expected));
        let nobody = refusal(send(&world, &who, request("B-1", "U1", &[])).await);
        let (field, rule) = (Field::People, Rule::Missing);
        assert_eq!(nobody, Refusal::Invalid { field, rule });
        // Whoever started it must be known: found out only after everything else was written.
        let stranger = refusal(send(&world, &who, request("B-1", "U9", &["U1"])).await);
        assert_eq!(stranger, Refusal::malformed(Field::Starter));
        assert_eq!(counts(&world).await, before);
    }

    async fn an_address_of_somebody_else_in_the_family_is_taken(db) {
        let (world, who) = start(&db).await;
        send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let before = counts(&world).await;
        let mut same_address = request("B-2", "U7", &["U7"]);
        same_address.people[0].email = Some("U1@Example.com".to_owned());
        let field = Field::Person { person: 0, part: PersonField::Email };
        let refused = refusal(send(&world, &who, same_address).await);
        assert_eq!(refused, Refusal::Invalid { field, rule: Rule::Conflict });
        let mut same_uid = request("B-2", "U1", &["U1"]);
        same_uid.people[0].email = Some("other@example.com".to_owned());
        let field = Field::Person { person: 0, part: PersonField::Uid };
        let refused = refusal(send(&world, &who, same_uid).await);
        assert_eq!(refused, Refusal::Invalid { field, rule: Rule::Conflict });
        assert_eq!(counts(&world).await, before);
    }

    async fn another_lender_has_brokers_people_and_addresses_of_its_own(db) {
        let (world, who) = start(&db).await;
        let other = world.org(OrganisationKind::Retail, None).await;
        let other = world.principal(&other).await;
        let first = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let second = send(&world, &other, request("B-1", "U1", &["U1"])).await.expect("done");
        assert_ne!(first.broker.id, second.broker.id);
        assert_ne!(first.people, second.people);
        let lenders: Vec<_> = [&first, &second].iter().map(|o| o.broker.parent_id.clone()).collect();
        assert_eq!(lenders, [Some(who.org.id.clone()), Some(other.org.id.clone())]);
        assert!(second.redirect_url.is_some());
    }

    async fn brokers_and_vendors_set_nobody_up(db) {
        let (world, who) = start(&db).await;
        let broker = world.org(OrganisationKind::Broker, Some(&who.org)).await;
        let vendor = world.org(OrganisationKind::Vendor, None).await;
        for org in [broker, vendor] {
            let who = world.principal(&org).await;
            let refused = denial(send(&world, &who, request("B-1", "U1", &["U1"])).await);
            assert_eq!(refused, Denial::CredentialsUnknown);
        }
        assert_eq!(world.rows("organisation_profile").await, 0);
    }

    async fn of_eight_calls_at_once_one_makes_the_broker(db) {
        let (world, who) = start(&db).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (app, who) = (world.app.clone(), who.clone());
            let people = if n % 2 == 0 { ["U1", "U2"] } else { ["U2", "U1"] };
            tasks.spawn(async move {
                set_up_broker(&app, &who, request("B-1", people[0], &people)).await
            });
        }
        let mut brokers = Vec::new();
        let mut goes_on = 0;
        while let Some(done) = tasks.join_next().await {
            let outcome = done.expect("ended").expect("taken");
            goes_on += i32::from(outcome.redirect_url.is_some());
            brokers.push(outcome.broker.id);
        }
        brokers.dedup();
        assert_eq!((brokers.len(), goes_on), (1, 4));
        assert_eq!(world.rows("organisation").await, 2);
        assert_eq!(world.rows("staff").await, 2);
        assert_eq!(world.rows("organisation_setup").await, 1);
    }

    async fn a_tax_number_is_nowhere_in_clear(db) {
        let (world, who) = start(&db).await;
        let done = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let dump = dump(&db).await;
        assert!(dump.finds("Example Brokers"), "the search itself works");
        for secret in ["900773311", "90-0773311"] {
            assert!(!dump.finds(secret), "{secret}");
        }
        let debug = format!("{:?}", company::profile(&world.app, &done.broker).await);
        assert!(!debug.contains("900773311"));
        // Sealed for its row: another organisation's row does not open it.
        let other = send(&world, &who, request("B-2", "U2", &["U2"])).await.expect("done");
        let (from, to) = (&done.broker.id, &other.broker.id);
        world.meddle(&format!(
            "UPDATE organisation_profile SET tax_id_sealed = (SELECT tax_id_sealed FROM \
             organisation_profile WHERE org_id = '{from}') WHERE org_id = '{to}'"
        )).await;
        assert!(company::profile(&world.app, &other.broker).await.is_err());
    }

    async fn the_starter_goes_through_the_steps_and_may_come_back(db) {
        let (world, who) = start(&db).await;
        let sent = request("B-1", "U1", &["U1", "U2"]);
        let done = send(&world, &who, sent.clone()).await.expect("done");
        let me = follow(&world, &done).await;
        let at = |setup: lintel_domain::setup::Setup| setup.step;
        assert_eq!(setup::open(&world.app, &me).await.map(at).expect("open"), SetupStep::Company);
        let mut draft = CompanyDraft {
            name: said("Brokers by Example"),
            tax_id: Entry::Given(Sensitive::new(String::new())),
            partner_uid: said("hijacked"),
            pricing_tier: said("Tier of dreams"),
            licenses: Entry::Given(Vec::new()),
            ..CompanyDraft::default()
        };
        let step = setup::save_company(&world.app, &me, draft.clone()).await.map(at);
        assert_eq!(step.expect("saved"), SetupStep::Licensing);
        let facts = company::profile(&world.app, &me.org).await.expect("read").facts;
        assert_eq!(facts.name, "Brokers by Example");
        assert_eq!(facts.partner_uid.as_deref(), Some("B-1"));
        assert_eq!(facts.pricing_tier.as_deref(), Some("Tier AAA"));
        assert_eq!(facts.tax_id.as_ref().map(TaxId::expose), Some("900773311"));
        assert_eq!(facts.licenses.len(), 2);
        // Another browser, another day: the next open step is where it was left.
        let again = send(&world, &who, BrokerSetup { company: a_company("B-1"), ..sent }).await;
        let me = follow(&world, &again.expect("done")).await;
        assert_eq!(setup::open(&world.app, &me).await.map(at).expect("open"), SetupStep::Licensing);
        let none = refusal(setup::save_licenses(&world.app, &me, Vec::new()).await);
        assert_eq!(none, company_field(CompanyField::Licenses, Rule::Missing));
        let step = setup::save_licenses(&world.app, &me, vec![license("WA", "N/A")]).await.map(at);
        assert_eq!(step.expect("saved"), SetupStep::People);
        // Going back to a step that was confirmed does not undo the later ones.
        draft.city = said("Newtown");
        let step = setup::save_company(&world.app, &me, draft.clone()).await.map(at);
        assert_eq!(step.expect("saved"), SetupStep::People);
        draft.state = said("ZZ");
        let bad = refusal(setup::save_company(&world.app, &me, draft).await);
        assert_eq!(bad, company_field(CompanyField::State, Rule::Malformed));
        let step = setup::save_people(&world.app, &me, vec![a_person("U3")]).await.map(at);
        assert_eq!(step.expect("saved"), SetupStep::Branding);
        let branding = CompanyDraft {
            name: said("Not of this step"),
            brand_color: said("#AABBCC"),
            favicon: Some(picture(16)),
            ..CompanyDraft::default()
        };
        let step = setup::save_branding(&world.app, &me, branding).await.map(at);
        assert_eq!(step.expect("saved"), SetupStep::Review);
        let profile = company::profile(&world.app, &me.org).await.expect("read");
        assert_eq!(profile.facts.name, "Brokers by Example");
        assert_eq!(profile.facts.brand_color.as_deref(), Some("#aabbcc"));
        assert!(profile.logo.is_some() && profile.favicon.is_some());
        let done = setup::complete(&world.app, &me).await.expect("complete");
        assert!(done.is_completed());
        assert_eq!(setup::complete(&world.app, &me).await.expect("again"), done);
        assert_eq!(denial(setup::open(&world.app, &me).await), Denial::NotPermitted);
        let late = setup::save_licenses(&world.app, &me, vec![license("CA", "1")]).await;
        assert_eq!(denial(late), Denial::NotPermitted);
        let kinds = kinds(&world, &me.org).await;
        assert_eq!(kinds.iter().filter(|k| **k == EventKind::SetupCompleted).count(), 1);
        let after = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        assert!(after.is_completed);
        assert_eq!(after.redirect_url, None);
    }

    async fn a_set_up_is_not_done_while_something_in_it_is_wrong(db) {
        let (world, who) = start(&db).await;
        let done = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let me = follow(&world, &done).await;
        world.meddle("DELETE FROM organisation_license").await;
        world.meddle("UPDATE organisation_profile SET city = NULL, phone = '12'").await;
        let missing = refusal(setup::complete(&world.app, &me).await);
        let field = |field| Field::Company(field);
        assert_eq!(
            missing,
            Refusal::Several(vec![
                (field(CompanyField::City), Rule::Missing),
                (field(CompanyField::Phone), Rule::Malformed),
                (field(CompanyField::Licenses), Rule::Missing),
            ])
        );
        let steps: Vec<_> = missing.mistakes().iter().map(|(f, _)| SetupStep::of_field(f)).collect();
        let (company, licensing) = (Some(SetupStep::Company), Some(SetupStep::Licensing));
        assert_eq!(steps, [company, company, licensing]);
        let standing = setup::standing(&world.app, &me.org).await.expect("read").expect("there");
        assert!(!standing.is_completed());
    }

    async fn nobody_else_goes_on_with_a_set_up(db) {
        let (world, who) = start(&db).await;
        let done = send(&world, &who, request("B-1", "U1", &["U1", "U2"])).await.expect("done");
        let me = follow(&world, &done).await;
        let colleague = people::find(&world.app, &me.org, "U2").await.expect("looked");
        let other = SignedIn { person: colleague.expect("there"), ..me.clone() };
        assert_eq!(denial(setup::open(&world.app, &other).await), Denial::NotPermitted);
        let saved = setup::save_company(&world.app, &other, CompanyDraft::default()).await;
        assert_eq!(denial(saved), Denial::NotPermitted);
        assert_eq!(denial(setup::complete(&world.app, &other).await), Denial::NotPermitted);
        // Within the set-up, the settings are closed.
        let settings = company::update(&world.app, &me, CompanyDraft::default()).await;
        assert_eq!(denial(settings), Denial::NotPermitted);
        let picture = company::remove_picture(&world.app, &me, CompanyPicture::Logo).await;
        assert_eq!(denial(picture), Denial::NotPermitted);
    }

    async fn people_are_known_by_our_own_id_too(db) {
        let (world, who) = start(&db).await;
        let done = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let me = follow(&world, &done).await;
        let mut new = a_person("new");
        new.uid = None;
        setup::save_people(&world.app, &me, vec![new.clone()]).await.expect("saved");
        let all = people::list(&world.app, &me.org, 10, 0).await.expect("listed").people;
        let added = all.iter().find(|p| p.partner_uid.is_none()).expect("added");
        // Somebody with our id alone gets another address, somebody with the lender's another name.
        new.uid = Some(added.public_id.to_string());
        new.email = Some("moved@example.com".to_owned());
        let mut starter = a_person("U1");
        starter.uid = Some(me.person.public_id.to_string());
        starter.last_name = Some("Renamed".to_owned());
        starter.email = Some("starter@example.com".to_owned());
        setup::save_people(&world.app, &me, vec![new.clone(), starter]).await.expect("saved");
        let moved = people::find(&world.app, &me.org, added.public_id.as_str()).await.expect("read");
        assert_eq!(moved.expect("there").email, "moved@example.com");
        let renamed = people::find(&world.app, &me.org, "U1").await.expect("read").expect("there");
        assert_eq!((renamed.last_name.as_str(), renamed.id), ("Renamed", me.person.id.clone()));
        assert_eq!(world.rows("staff").await, 2);
        new.email = Some("STARTER@example.com".to_owned());
        let taken = refusal(setup::save_people(&world.app, &me, vec![a_person("U5"), new]).await);
        let field = Field::Person { person: 1, part: PersonField::Email };
        assert_eq!(taken, Refusal::Invalid { field, rule: Rule::Conflict });
        assert_eq!(world.rows("staff").await, 2);
    }

    async fn a_broker_that_is_off_is_updated_and_nobody_is_sent_there(db) {
        let (world, who) = start(&db).await;
        let done = send(&world, &who, request("B-1", "U1", &["U1"])).await.expect("done");
        let id = &done.broker.id;
        world.meddle(&format!("UPDATE organisation SET active = FALSE WHERE id = '{id}'")).await;
        let mut later = request("B-1", "U1", &["U1"]);
        later.company.name = said("Sleeping Brokers");
        let off = send(&world, &who, later).await.expect("done");
        assert_eq!((off.redirect_url, off.broker.is_active), (None, false));
        let brand = company::brand(&world.app, &off.broker.public_id).await.expect("looked");
        assert_eq!(brand, None);
    }
}
