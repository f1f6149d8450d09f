//! What an organisation says about itself, changed on its settings pages.

use lintel_app::by::By;
use lintel_app::company::{self, CompanyPicture};
use lintel_app::people;
use lintel_app::session::SignedIn;
use lintel_domain::access::Subject;
use lintel_domain::application::sensitive::Sensitive;
use lintel_domain::company::{CompanyDraft, TaxId};
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{CompanyField, Denial, Field, ImagePart, Refusal, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::setup::{a_person, picture, said};
use crate::world::{World, denial, refusal};

const URL: &str = "https://loans.example.com";

/// Somebody of an organisation at a browser.
async fn signed_in(world: &World, org: &Organisation, role: Role) -> SignedIn {
    let mut draft = a_person(role.as_str());
    draft.roles = Entry::Given(RoleSet::only(role));
    let person = people::add(&world.app, &By::Operator(org), draft)
        .await
        .expect("added");
    SignedIn {
        org: org.clone(),
        person,
        session_id: "session".to_owned(),
        subject: Subject::Staff,
    }
}

async fn updates(world: &World, org: &Organisation) -> usize {
    let events = list_after(world.app.db(), &org.id, 0).await.expect("read");
    let is_update = |kind| kind == EventKind::OrganisationUpdated;
    events.iter().filter(|event| is_update(event.kind)).count()
}

both! {
    async fn a_lender_needs_a_name_only_and_says_what_it_likes(db) {
        let world = World::on(&db);
        world.app.set_public_url(URL);
        let lender = world.lender().await;
        let who = signed_in(&world, &lender, Role::Admin).await;
        let bare = company::profile(&world.app, &lender).await.expect("read");
        assert_eq!((bare.facts.name.as_str(), bare.updated_at), ("Example retail", None));
        let draft = CompanyDraft {
            phone: said("(888) 888-8888"),
            tax_id: Entry::Given(Sensitive::new("900773311".to_owned())),
            brand_color: said("#0A0B0C"),
            logo: Some(picture(30)),
            favicon: Some(picture(10)),
            ..CompanyDraft::default()
        };
        let after = company::update(&world.app, &who, draft.clone()).await.expect("updated");
        assert_eq!(after.facts.name, "Example retail");
        assert_eq!(after.facts.phone.as_deref(), Some("8888888888"));
        assert_eq!(after.facts.tax_id.as_ref().map(TaxId::last_four), Some("3311"));
        assert!(after.logo.is_some() && after.logo != after.favicon);
        let brand = company::brand_of(&world.app, &lender).await.expect("read");
        assert_eq!(brand.brand_color.as_deref(), Some("#0a0b0c"));
        assert!(brand.favicon_url.expect("one").starts_with("https://loans.example.com/images/"));
        // The same again changes nothing, and is no event.
        assert_eq!(updates(&world, &lender).await, 1);
        let again = company::update(&world.app, &who, draft).await.expect("updated");
        assert_eq!((again.updated_at, updates(&world, &lender).await), (after.updated_at, 1));
        // A form's empty tax number says nothing; its empty name is a mistake.
        let blank = CompanyDraft {
            tax_id: Entry::Given(Sensitive::new(" ".to_owned())),
            phone: said(""),
            ..CompanyDraft::default()
        };
        let after = company::update(&world.app, &who, blank).await.expect("updated");
        assert_eq!((after.facts.phone, after.facts.tax_id.is_some()), (None, true));
        assert_ne!(Some(brand.version), None);
    }

    async fn everything_that_is_wrong_is_said_at_once(db) {
        let world = World::on(&db);
        let lender = world.lender().await;
        let who = signed_in(&world, &lender, Role::Admin).await;
        let mut bad = picture(10);
        bad.kind = Entry::Unreadable;
        let draft = CompanyDraft {
            name: said(" "),
            website: said("javascript:alert(1)"),
            accent_color: said("red"),
            logo: Some(bad),
            ..CompanyDraft::default()
        };
        let part = |part, rule| (Field::Company(part), rule);
        let expected = Refusal::Several(vec![
            part(CompanyField::Name, Rule::Missing),
            part(CompanyField::Website, Rule::Malformed),
            part(CompanyField::AccentColor, Rule::Malformed),
            part(CompanyField::Logo(ImagePart::Format), Rule::Malformed),
        ]);
        assert_eq!(refusal(company::update(&world.app, &who, draft).await), expected);
        assert_eq!(updates(&world, &lender).await, 0);
        assert_eq!(world.rows("image").await, 0);
    }

    async fn a_broker_does_not_say_what_its_lender_decides(db) {
        let world = World::on(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let who = signed_in(&world, &broker, Role::Admin).await;
        // A broker an operator made has said nothing yet and must say everything that is needed.
        let mut draft = crate::setup::a_company("B-9");
        let missing = refusal(company::update(&world.app, &who, draft.clone()).await);
        let compensation = Field::Company(CompanyField::OfficerCompensation);
        assert_eq!(missing.mistakes(), [(compensation, Rule::Missing)]);
        let id = &broker.id;
        world.meddle(&format!(
            "INSERT INTO organisation_profile (org_id, officer_compensation_pct_e9, pricing_tier, \
             updated_at_us) VALUES ('{id}', 1500000000, 'Silver', 0)"
        )).await;
        draft.logo = None;
        let facts = company::update(&world.app, &who, draft).await.expect("updated").facts;
        assert_eq!(facts.officer_compensation.map(|pct| pct.to_fixed(2)).as_deref(), Some("1.50"));
        assert_eq!(facts.pricing_tier.as_deref(), Some("Silver"));
        assert_eq!((facts.partner_uid, facts.name.as_str()), (None, "Example Brokers"));
    }

    async fn pictures_go_away_and_only_who_may_changes_anything(db) {
        let world = World::on(&db);
        let lender = world.lender().await;
        let who = signed_in(&world, &lender, Role::Admin).await;
        let draft = CompanyDraft { logo: Some(picture(30)), ..CompanyDraft::default() };
        company::update(&world.app, &who, draft.clone()).await.expect("updated");
        let clerk = signed_in(&world, &lender, Role::Processor).await;
        assert_eq!(denial(company::update(&world.app, &clerk, draft).await), Denial::NotPermitted);
        let logo = CompanyPicture::Logo;
        let removed = company::remove_picture(&world.app, &clerk, logo).await;
        assert_eq!(denial(removed), Denial::NotPermitted);
        for _ in 0..2 {
            company::remove_picture(&world.app, &who, logo).await.expect("removed");
            let profile = company::profile(&world.app, &lender).await.expect("read");
            assert_eq!((profile.logo, updates(&world, &lender).await), (None, 2));
        }
    }
}
