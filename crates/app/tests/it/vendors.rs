//! Vendors: they reach what a lender granted, nothing else, and nothing any more once it is withdrawn.

use lintel_app::auth::{Principal, authenticate as authenticate_lender};
use lintel_app::error::AppError;
use lintel_app::lead::{LeadBorrower, NewLead};
use lintel_app::partner::{
    self, PartnerCaller, authenticate, check_lender, create_lead, lenders, loans, officers,
};
use lintel_app::token::issue;
use lintel_app::vendor::{self, GrantFlags, connect, withdraw};
use lintel_domain::credential::KeyPair;
use lintel_domain::id::PublicId;
use lintel_domain::loan::LoanQuery;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule};
use lintel_store::db::Db;
use lintel_store::event::{ChainState, list_after, verify};
use lintel_testkit::both;

use crate::world::{DOCUMENT, World, denial, refusal};

pub const ALL: GrantFlags = GrantFlags {
    sees_loans: Some(true),
    sees_brokers: Some(true),
};
pub const NOTHING: GrantFlags = GrantFlags {
    sees_loans: None,
    sees_brokers: None,
};

/// A lender with a broker, a stranger, and a vendor with a pair.
pub struct Market {
    pub world: World,
    pub lender: Principal,
    pub broker: Principal,
    pub stranger: Principal,
    pub vendor: Organisation,
    pub pair: KeyPair,
}

impl Market {
    pub async fn on(db: &Db) -> Self {
        let world = World::on(db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let stranger = world.org(OrganisationKind::Wholesale, None).await;
        let vendor = world.org(OrganisationKind::Vendor, None).await;
        Self {
            lender: world.principal(&lender).await,
            broker: world.principal(&broker).await,
            stranger: world.principal(&stranger).await,
            pair: world.pair(&vendor).await,
            vendor,
            world,
        }
    }

    pub async fn connect(&self, who: &Principal, flags: GrantFlags) -> Result<(), AppError> {
        connect(&self.world.app, who, self.vendor.public_id.as_str(), flags).await
    }

    async fn withdraw(&self, who: &Principal) -> Result<(), AppError> {
        withdraw(&self.world.app, who, self.vendor.public_id.as_str()).await
    }

    async fn token(&self, org: &Organisation) -> Result<String, AppError> {
        let issued =
            partner::token(&self.world.app, &self.pair, &org.public_id, "192.0.2.9").await?;
        Ok(issued.token)
    }

    async fn enter(&self, token: &str) -> Result<PartnerCaller, AppError> {
        authenticate(&self.world.app, &self.pair, token).await
    }

    pub async fn caller(&self, org: &Organisation) -> PartnerCaller {
        let token = self.token(org).await.expect("issued");
        self.enter(&token).await.expect("let in")
    }

    async fn names(&self) -> Option<Vec<PublicId>> {
        let found = lenders(&self.world.app, &self.pair).await.expect("asked");
        found.map(|orgs| orgs.into_iter().map(|org| org.public_id).collect())
    }

    async fn kinds(&self, org: &Organisation) -> Vec<String> {
        let events = list_after(self.world.app.db(), &org.id, 0).await;
        let kinds = events
            .expect("read")
            .into_iter()
            .map(|e| e.kind.to_string());
        kinds.filter(|kind| kind.starts_with("vendor.")).collect()
    }
}

fn nothing_like(what: Noun) -> Refusal {
    Refusal::NotFound { what }
}

fn sorted(ids: &[&Organisation]) -> Vec<PublicId> {
    let mut ids: Vec<&&Organisation> = ids.iter().collect();
    ids.sort_by_key(|org| (&org.name, &org.public_id));
    ids.into_iter().map(|org| org.public_id.clone()).collect()
}

both! {
    async fn a_grant_is_made_changed_and_withdrawn(db) {
        let market = Market::on(&db).await;
        let who = &market.lender;
        let exists = Refusal::Invalid { field: Field::VendorGrant, rule: Rule::Conflict };
        market.connect(who, NOTHING).await.expect("connected");
        for same in [NOTHING, GrantFlags { sees_loans: Some(false), sees_brokers: None }] {
            assert_eq!(refusal(market.connect(who, same).await), exists);
        }
        let loans = GrantFlags { sees_loans: Some(true), sees_brokers: None };
        market.connect(who, loans).await.expect("changed");
        for same in [NOTHING, loans, GrantFlags { sees_loans: Some(true), sees_brokers: Some(false) }] {
            assert_eq!(refusal(market.connect(who, same).await), exists);
        }
        let both = GrantFlags { sees_loans: None, sees_brokers: Some(true) };
        market.connect(who, both).await.expect("changed");
        let listed = vendor::list(&market.world.app, &who.org).await.expect("listed");
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].vendor, market.vendor);
        assert!(listed[0].sees_loans && listed[0].sees_brokers, "what is not said stays");
        market.withdraw(who).await.expect("withdrawn");
        let gone = refusal(market.withdraw(who).await);
        assert_eq!(gone, nothing_like(Noun::Vendor));
        assert!(vendor::list(&market.world.app, &who.org).await.expect("listed").is_empty());
        // Let in again, it starts from nothing.
        market.connect(who, NOTHING).await.expect("connected");
        let listed = vendor::list(&market.world.app, &who.org).await.expect("listed");
        assert!(!listed[0].sees_loans && !listed[0].sees_brokers);
        assert_eq!(
            market.kinds(&who.org).await,
            [
                "vendor.connected", "vendor.grant_changed", "vendor.grant_changed",
                "vendor.withdrawn", "vendor.connected",
            ]
        );
        let chain = verify(&db, &who.org.id).await.expect("verified");
        assert!(matches!(chain, ChainState::Intact { .. }));
    }

    async fn only_a_lender_connects_and_only_a_vendor(db) {
        let market = Market::on(&db).await;
        let app = &market.world.app;
        let unknown = nothing_like(Noun::Vendor);
        for id in [
            "NOBODY00", "", "short", "<script>", market.stranger.org.public_id.as_str(),
            market.broker.org.public_id.as_str(), market.lender.org.public_id.as_str(),
        ] {
            assert_eq!(refusal(connect(app, &market.lender, id, ALL).await), unknown, "{id}");
        }
        assert_eq!(refusal(market.connect(&market.broker, ALL).await), unknown);
        let vendor = market.world.principal(&market.vendor).await;
        assert_eq!(refusal(market.connect(&vendor, ALL).await), unknown);
        for kind in [OrganisationKind::Retail, OrganisationKind::Correspondent] {
            let lender = market.world.org(kind, None).await;
            let lender = market.world.principal(&lender).await;
            market.connect(&lender, ALL).await.expect("a lender");
        }
        let id = market.vendor.id.as_str();
        market.world.meddle(&format!("UPDATE organisation SET active = FALSE WHERE id = '{id}'")).await;
        assert_eq!(refusal(market.connect(&market.lender, ALL).await), unknown);
        assert!(market.kinds(&market.lender.org).await.is_empty());
    }

    async fn a_vendor_reaches_what_was_granted_and_nothing_else(db) {
        let market = Market::on(&db).await;
        let (lender, broker, stranger) = (&market.lender.org, &market.broker.org, &market.stranger.org);
        let unknown = nothing_like(Noun::Organisation);
        assert_eq!(market.names().await, None);
        let nobody = Organisation { public_id: PublicId::parse("NOBODY00").expect("an id"), ..lender.clone() };
        for org in [lender, broker, stranger, &market.vendor, &nobody] {
            assert_eq!(refusal(market.token(org).await), unknown, "{}", org.kind);
        }
        market.connect(&market.lender, NOTHING).await.expect("connected");
        assert_eq!(market.names().await, Some(sorted(&[lender])));
        market.token(lender).await.expect("granted");
        for org in [broker, stranger, &market.vendor, &nobody] {
            assert_eq!(refusal(market.token(org).await), unknown, "{}", org.kind);
        }
        market.connect(&market.lender, ALL).await.expect("changed");
        assert_eq!(market.names().await, Some(sorted(&[lender, broker])));
        let caller = market.caller(broker).await;
        assert_eq!((&caller.org, &caller.vendor), (broker, &market.vendor));
        check_lender(&caller, broker.public_id.as_str()).expect("its own");
        for other in [lender, stranger, &nobody] {
            let told = check_lender(&caller, other.public_id.as_str());
            assert_eq!(refusal(told), unknown, "{}", other.kind);
        }
    }

    async fn a_token_is_for_one_organisation_and_one_pair(db) {
        let market = Market::on(&db).await;
        let app = &market.world.app;
        market.connect(&market.lender, ALL).await.expect("connected");
        market.connect(&market.stranger, ALL).await.expect("connected");
        let one = market.token(&market.lender.org).await.expect("issued");
        let two = market.token(&market.broker.org).await.expect("issued");
        assert_ne!(one, two);
        assert_eq!(market.token(&market.lender.org).await.expect("again"), one, "while it lives");
        assert_eq!(market.enter(&one).await.expect("let in").org, market.lender.org);
        assert_eq!(market.enter(&two).await.expect("let in").org, market.broker.org);
        // Another pair of the same vendor, another vendor, a lender's pair.
        let other = market.world.pair(&market.vendor).await;
        let told = authenticate(app, &other, &one).await;
        assert_eq!(denial(told), Denial::TokenMismatch);
        let rival = market.world.org(OrganisationKind::Vendor, None).await;
        let rival = market.world.pair(&rival).await;
        assert_eq!(denial(authenticate(app, &rival, &one).await), Denial::TokenMismatch);
        let lenders_pair = market.world.pair(&market.lender.org).await;
        let told = authenticate(app, &lenders_pair, &one).await;
        assert_eq!(denial(told), Denial::CredentialsUnknown);
        let told = partner::token(app, &lenders_pair, &market.lender.org.public_id, "192.0.2.1").await;
        assert_eq!(denial(told), Denial::CredentialsUnknown);
        let told = lenders(app, &lenders_pair).await;
        assert_eq!(denial(told), Denial::CredentialsUnknown);
        // A vendor is no lender.
        let told = issue(app, &market.pair, None, "192.0.2.1").await;
        assert_eq!(denial(told), Denial::CredentialsUnknown);
        let told = authenticate_lender(app, &market.pair, &one).await;
        assert_eq!(denial(told), Denial::CredentialsUnknown);
        // A lender's own token is none of a vendor's.
        let own = issue(app, &lenders_pair, None, "192.0.2.1").await.expect("issued").token;
        assert_eq!(denial(market.enter(&own).await), Denial::TokenMismatch);
        assert_eq!(denial(authenticate_lender(app, &lenders_pair, &one).await), Denial::TokenMismatch);
        // It runs out, and is destroyed.
        market.world.pass_days(26);
        assert_eq!(denial(market.enter(&one).await), Denial::TokenExpired);
        let new = market.token(&market.lender.org).await.expect("issued");
        assert_ne!(new, one);
        partner::destroy(app, &market.pair, &new).await.expect("destroyed");
        assert_eq!(denial(market.enter(&new).await), Denial::TokenUnknown);
        let dump = crate::secrecy::dump(&db).await;
        assert!(!dump.finds(&two) && dump.finds(&market.pair.api_id));
    }

    /// Withdrawn, changed or switched off: the very next call is refused, and an old token never
    /// comes back to life.
    async fn a_grant_ends_at_once(db) {
        let market = Market::on(&db).await;
        let (lender, broker) = (&market.lender.org, &market.broker.org);
        market.connect(&market.lender, ALL).await.expect("connected");
        let (one, two) = (market.token(lender).await.expect("issued"), market.token(broker).await.expect("issued"));
        let less = GrantFlags { sees_loans: None, sees_brokers: Some(false) };
        market.connect(&market.lender, less).await.expect("changed");
        market.enter(&one).await.expect("still granted");
        assert_eq!(denial(market.enter(&two).await), Denial::TokenUnknown);
        market.connect(&market.lender, ALL).await.expect("changed");
        assert_eq!(denial(market.enter(&two).await), Denial::TokenUnknown, "dead for good");
        let two = market.token(broker).await.expect("issued");
        market.withdraw(&market.lender).await.expect("withdrawn");
        for token in [&one, &two] {
            assert_eq!(denial(market.enter(token).await), Denial::TokenUnknown);
        }
        assert_eq!(market.names().await, None);
        assert_eq!(refusal(market.token(lender).await), nothing_like(Noun::Organisation));
        market.connect(&market.lender, ALL).await.expect("connected");
        for token in [&one, &two] {
            assert_eq!(denial(market.enter(token).await), Denial::TokenUnknown, "dead for good");
        }
        for (off, tokens) in [(&market.broker.org, 1), (&market.lender.org, 2)] {
            let one = market.token(lender).await.expect("issued");
            let two = market.token(broker).await.expect("issued");
            let set = |active| format!("UPDATE organisation SET active = {active} WHERE id = '{}'", off.id);
            market.world.meddle(&set("FALSE")).await;
            assert_eq!(denial(market.enter(&two).await), Denial::TokenUnknown);
            assert_eq!(market.enter(&one).await.is_ok(), tokens == 1);
            assert_eq!(market.names().await.is_some(), tokens == 1);
            assert_eq!(refusal(market.token(broker).await), nothing_like(Noun::Organisation));
            market.world.meddle(&set("TRUE")).await;
        }
        let id = market.vendor.id.as_str();
        let token = market.token(lender).await.expect("issued");
        market.world.meddle(&format!("UPDATE organisation SET active = FALSE WHERE id = '{id}'")).await;
        assert_eq!(denial(market.enter(&token).await), Denial::CredentialsUnknown);
    }

    async fn a_vendor_sees_the_loans_it_was_granted(db) {
        let market = Market::on(&db).await;
        let (world, app) = (&market.world, &market.world.app);
        for who in [&market.lender, &market.broker, &market.stranger] {
            world.send(who, "LOS-1", DOCUMENT).await.expect("taken");
        }
        let query = LoanQuery::all(true);
        market.connect(&market.lender, GrantFlags { sees_loans: None, sees_brokers: Some(true) }).await.expect("connected");
        let token = market.token(&market.lender.org).await.expect("issued");
        let caller = market.enter(&token).await.expect("let in");
        assert_eq!(denial(loans(app, &caller, &query).await), Denial::NotPermitted);
        market.connect(&market.lender, ALL).await.expect("changed");
        let caller = market.enter(&token).await.expect("let in");
        let page = loans(app, &caller, &query).await.expect("listed");
        assert_eq!(page.total_count, 2, "the lender's, its broker's among them");
        let caller = market.caller(&market.broker.org).await;
        let page = loans(app, &caller, &query).await.expect("listed");
        assert_eq!(page.total_count, 1, "the broker's own");
        let less = GrantFlags { sees_loans: Some(false), sees_brokers: None };
        market.connect(&market.lender, less).await.expect("changed");
        let caller = market.enter(&token).await.expect("let in");
        assert_eq!(denial(loans(app, &caller, &query).await), Denial::NotPermitted, "at once");
    }

    async fn officers_and_leads_go_through_a_grant(db) {
        let market = Market::on(&db).await;
        let (world, app) = (&market.world, &market.world.app);
        let lenders = world.officer(&market.lender.org, "olive@example.com").await;
        world.officer(&market.broker.org, "oscar@example.com").await;
        let foreign = world.officer(&market.stranger.org, "ora@example.com").await;
        market.connect(&market.lender, ALL).await.expect("connected");
        let caller = market.caller(&market.lender.org).await;
        let found = officers(app, &caller).await.expect("listed");
        let ids: Vec<&PublicId> = found.iter().map(|person| &person.public_id).collect();
        assert_eq!(ids, [&lenders]);
        let lead = |officer: &PublicId| NewLead {
            officer: Some(officer.to_string()),
            borrower: LeadBorrower { email: Some("zebulon@example.com".to_owned()), ..LeadBorrower::default() },
            loan: None,
        };
        create_lead(app, &caller, lead(&lenders)).await.expect("taken");
        let told = create_lead(app, &caller, lead(&foreign)).await;
        assert_eq!(refusal(told), nothing_like(Noun::Staff));
        assert_eq!(world.rows("lead").await, 1);
        let events = list_after(&db, &market.lender.org.id, 0).await.expect("read");
        let made = events.iter().find(|e| e.kind.as_str() == "lead.created").expect("recorded");
        assert_eq!(made.actor, market.pair.api_id);
        assert!(!dump_finds(&db, "zebulon").await);
    }

    /// Two processes share a pair: neither cuts the other off.
    async fn first_tokens_asked_for_at_once_are_one(db) {
        let market = Market::on(&db).await;
        market.connect(&market.lender, ALL).await.expect("connected");
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (app, pair) = (market.world.app.clone(), market.pair.clone());
            let id = market.lender.org.public_id.clone();
            tasks.spawn(async move { partner::token(&app, &pair, &id, "192.0.2.1").await });
        }
        let mut tokens = Vec::new();
        while let Some(done) = tasks.join_next().await {
            tokens.push(done.expect("ended").expect("issued").token);
        }
        tokens.dedup();
        assert_eq!((tokens.len(), market.world.rows("access_token").await), (1, 1));
    }
}

async fn dump_finds(db: &Db, text: &str) -> bool {
    crate::secrecy::dump(db).await.finds(text)
}
