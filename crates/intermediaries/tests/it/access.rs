//! Networks, intermediaries and users as a bank keeps them.

use lintel_app::admin;
use lintel_app::auth;
use lintel_app::by::By;
use lintel_app::error::AppError;
use lintel_domain::credential::KeyPair;
use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::intermediary::Particulars;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_intermediaries::intermediary::{self, NewIntermediary, Switch};
use lintel_intermediaries::network;
use lintel_intermediaries::user::{self, NewUser};
use lintel_store::intermediary::on_papers;
use lintel_testkit::both;

use crate::house::{House, NIFS, denial, findings};

#[track_caller]
fn missing<T: std::fmt::Debug>(result: Result<T, AppError>) -> Noun {
    match result {
        Err(AppError::Refused(Refusal::NotFound { what })) => what,
        other => panic!("expected nothing to be found, got {other:?}"),
    }
}

fn new(client_id: &str, nif: &str) -> NewIntermediary {
    NewIntermediary {
        client_id: client_id.to_owned(),
        name: "Casa Clara".into(),
        nif: nif.to_owned(),
        email: "casa@example.com".into(),
        ..NewIntermediary::default()
    }
}

both! {
    async fn a_bank_finds_its_own_only(db) {
        let house = House::on(&db);
        let (one, two) = (house.bank().await, house.bank().await);
        let [mine] = house.network(&one, [NIFS[0]]).await;
        let (app, theirs) = (&house.app, By::Operator(&two));
        assert_eq!(missing(network::find(app, &theirs, &mine.client_id).await), Noun::Network);
        assert_eq!(missing(network::rotate(app, &theirs, &mine.client_id).await), Noun::Network);
        let id = mine.of.id.as_str();
        for name in [id, &mine.number(), "0", "", "x", "4294967296", "a\0"] {
            let what = Switch::Active;
            let switched = intermediary::switch(app, &theirs, name, what, false).await;
            assert_eq!(missing(switched), Noun::Intermediary, "{name}");
        }
        assert!(intermediary::list(app, &theirs).await.expect("listed").is_empty());
        assert!(intermediary::load(app, &two.id, &mine.of.id).await.expect("read").is_none());
        let found = intermediary::load(app, &one.id, &mine.of.id).await.expect("read");
        assert_eq!(found.as_ref(), Some(&mine.of));
        let nobody = user::switch(app, &By::Operator(&one), (id, "bia"), Switch::Active, false).await;
        assert_eq!(missing(nobody), Noun::IntermediaryUser);
    }

    async fn papers_are_told_what_is_known_of_an_intermediary(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm] = house.network(&bank, [NIFS[0]]).await;
        let (app, by) = (&house.app, By::Operator(&bank));
        let with = |phone: &str| NewIntermediary {
            particulars: Particulars {
                registration: " 0000001 ".into(),
                address: "Rua do Exemplo, 1, 1000-001 Lisboa".into(),
                phone: phone.to_owned(),
            },
            ..new(&firm.client_id, NIFS[1])
        };
        for bad in ["\0", "210\n000", &"1".repeat(201)] {
            let refused = intermediary::add(app, &by, with(bad)).await;
            let field = CreditField::IntermediaryParticulars;
            assert_eq!(findings(refused), [(field, CreditRule::Malformed)]);
        }
        let added = intermediary::add(app, &by, with(" ")).await.expect("added");
        let found = intermediary::load(app, &bank.id, &added.id).await.expect("read");
        assert_eq!(found.as_ref(), Some(&added));
        let told = on_papers(&db, &bank.id, &added.id).await.expect("read").expect("known");
        assert_eq!((told.name.as_str(), told.email.as_str()), ("Casa Clara", "casa@example.com"));
        assert_eq!(told.particulars.registration, "0000001");
        assert_eq!(told.particulars.address, "Rua do Exemplo, 1, 1000-001 Lisboa");
        assert_eq!(told.particulars.phone, "");
        let other = house.bank().await;
        assert_eq!(on_papers(&db, &other.id, &added.id).await.expect("read"), None);
    }

    async fn only_a_bank_has_networks(db) {
        let house = House::on(&db);
        for kind in [OrganisationKind::Retail, OrganisationKind::Wholesale, OrganisationKind::Vendor] {
            let org = house.org(kind).await;
            let made = network::add(&house.app, &By::Operator(&org), "Rede").await;
            assert_eq!(missing(made), Noun::Organisation);
        }
    }

    async fn a_banks_key_pair_is_no_lenders(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let made = admin::create_credential(&house.app, &bank.public_id, "x").await.expect("made");
        let pair = KeyPair::parse(&made.credential.api_id, &made.api_key).expect("a pair");
        let checked = auth::check_pair(&house.app, &pair).await;
        assert_eq!(denial(checked), Denial::CredentialsUnknown);
    }

    async fn everything_wrong_with_an_intermediary_is_told(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm] = house.network(&bank, [NIFS[0]]).await;
        let (app, by) = (&house.app, By::Operator(&bank));
        let unknown = intermediary::add(app, &by, new("nobody", NIFS[1])).await;
        assert_eq!(missing(unknown), Noun::Network);
        let bad = NewIntermediary {
            name: " ".into(),
            email: "casa".into(),
            number: Some(100_000_000),
            type_id: Some(4_000_000),
            ..new(&firm.client_id, "123456788")
        };
        let fields: Vec<CreditField> =
            findings(intermediary::add(app, &by, bad).await).into_iter().map(|(f, _)| f).collect();
        assert_eq!(fields, [
            CreditField::BrokerId,
            CreditField::IntermediaryName,
            CreditField::IntermediaryNif,
            CreditField::IntermediaryNumber,
            CreditField::UserEmail,
        ]);
        let again = intermediary::add(app, &by, new(&firm.client_id, NIFS[0])).await;
        assert_eq!(findings(again), [(CreditField::IntermediaryNif, CreditRule::Duplicate)]);
        let number = Some(firm.of.number);
        let same = NewIntermediary { number, ..new(&firm.client_id, NIFS[1]) };
        let same = intermediary::add(app, &by, same).await;
        assert_eq!(findings(same), [(CreditField::IntermediaryNumber, CreditRule::Duplicate)]);
        let high = NewIntermediary { number: Some(20_000), ..new(&firm.client_id, NIFS[1]) };
        intermediary::add(app, &by, high).await.expect("added");
        let next = intermediary::add(app, &by, new(&firm.client_id, NIFS[2])).await.expect("added");
        assert_eq!(next.number, 20_001);
    }

    async fn a_user_name_is_there_once(db) {
        let house = House::on(&db);
        let (bank, firm) = house.firm().await;
        let (app, by) = (&house.app, By::Operator(&bank));
        let new = NewUser {
            broker: firm.number(),
            username: "ANA@example.com".into(),
            name: "Ana Outra".into(),
            email: "ana@example.com".into(),
        };
        let again = user::add(app, &by, &new).await;
        assert_eq!(findings(again), [(CreditField::Username, CreditRule::Duplicate)]);
        let bad = NewUser { username: "ana maria".into(), email: "x".into(), ..new };
        assert_eq!(findings(user::add(app, &by, &bad).await).len(), 2);
        let (of, users) = user::list(app, &by, &firm.number()).await.expect("listed");
        assert_eq!((of.id, users.len()), (firm.of.id, 1));
    }

    async fn switching_twice_changes_once(db) {
        let house = House::on(&db);
        let (bank, firm) = house.firm().await;
        let (app, by) = (&house.app, By::Operator(&bank));
        let events = house.rows("event").await;
        for (is_on, changes) in [(true, false), (false, true), (false, false), (true, true)] {
            let (_, changed) = network::switch(app, &by, &firm.client_id, is_on).await.expect("done");
            assert_eq!(changed, changes);
        }
        assert_eq!(house.rows("event").await, events + 2);
    }
}
