//! Signing in: every name that works, and one answer for everything that does not.

use lintel_domain::id::RowId;
use lintel_domain::intermediary::BrokerNames;
use lintel_domain::nif::Nif;
use lintel_domain::refusal::Denial;
use lintel_intermediaries::Stated;
use lintel_testkit::both;

use crate::house::{Firm, House, NIFS, denial};

fn unknown() -> RowId {
    RowId::new("019aa5c0-0000-7000-8000-00000000abcd".to_owned())
}

fn by(broker: BrokerNames, firm: &Firm) -> Stated {
    Stated {
        broker,
        ..firm.stated()
    }
}

/// Everything that is wrong in one way, and named after it.
fn wrong(firm: &Firm, other: &Firm) -> Vec<(&'static str, Stated)> {
    let mut all = wrong_network(firm, other);
    all.extend(wrong_broker(firm, other));
    all.extend(wrong_user(firm));
    all
}

/// The firm's names after one change.
fn but(firm: &Firm, change: impl FnOnce(&mut Stated)) -> Stated {
    let mut stated = firm.stated();
    change(&mut stated);
    stated
}

fn wrong_network(firm: &Firm, other: &Firm) -> Vec<(&'static str, Stated)> {
    let id = |id: Option<String>| but(firm, |stated| stated.client_id = id);
    let secret = |secret: Option<String>| but(firm, |stated| stated.client_secret = secret);
    vec![
        ("nothing", Stated::default()),
        ("no client id", id(None)),
        ("no secret", secret(None)),
        ("a client id", id(Some("nobody".into()))),
        ("a NUL", id(Some("a\0b".into()))),
        ("a long id", id(Some("x".repeat(100_000)))),
        ("an empty secret", secret(Some(String::new()))),
        ("a secret", secret(Some("wrong".into()))),
        (
            "another network's secret",
            secret(Some(other.secret.clone())),
        ),
        (
            "another network's client id",
            id(Some(other.client_id.clone())),
        ),
    ]
}

fn wrong_broker(firm: &Firm, other: &Firm) -> Vec<(&'static str, Stated)> {
    let nobody = Nif::parse("123456789").ok();
    let numbered = |number| BrokerNames {
        number: Some(number),
        ..BrokerNames::default()
    };
    let named = |nif| BrokerNames {
        nif,
        ..BrokerNames::default()
    };
    let unknown = BrokerNames {
        unique_id: Some(unknown()),
        ..BrokerNames::default()
    };
    let right = firm.stated().broker;
    let two = BrokerNames {
        number: Some(other.of.number),
        ..right.clone()
    };
    let half = BrokerNames {
        nif: nobody.clone(),
        ..right
    };
    let broker = |broker| by(broker, firm);
    vec![
        ("no broker", broker(BrokerNames::default())),
        ("a broker", broker(unknown)),
        ("a broker's number", broker(numbered(77))),
        ("a NIF", broker(named(nobody))),
        ("another network's broker", broker(other.stated().broker)),
        (
            "another network's number",
            broker(numbered(other.of.number)),
        ),
        (
            "another network's NIF",
            broker(named(Some(other.of.nif.clone()))),
        ),
        ("names of two brokers", broker(two)),
        ("names of a broker and of nobody", broker(half)),
    ]
}

fn wrong_user(firm: &Firm) -> Vec<(&'static str, Stated)> {
    let user = |name: Option<String>| but(firm, |stated| stated.username = name);
    vec![
        ("no user", user(None)),
        ("a user", user(Some("bia@example.com".into()))),
        ("a user with a NUL", user(Some("ana\0".into()))),
        (
            "something unreadable beside",
            but(firm, |stated| stated.is_unreadable = true),
        ),
    ]
}

both! {
    async fn every_name_of_a_broker_works(db) {
        let house = House::on(&db);
        let (bank, firm) = house.firm().await;
        let names = BrokerNames {
            unique_id: Some(firm.of.id.clone()),
            number: Some(firm.of.number),
            nif: Some(firm.of.nif.clone()),
        };
        let none = BrokerNames::default();
        for broker in [
            BrokerNames { unique_id: names.unique_id.clone(), ..none.clone() },
            BrokerNames { number: names.number, ..none.clone() },
            BrokerNames { nif: names.nif.clone(), ..none.clone() },
            BrokerNames { number: names.number, nif: names.nif.clone(), ..none },
            names,
        ] {
            let session = house.sign_in(&by(broker, &firm)).await.expect("signed in");
            assert_eq!(session.expires_in, 1800);
            assert_eq!(session.token.len(), 43);
            let partner = house.behind(&session.token).await.expect("alive");
            assert_eq!(partner, session.partner);
            assert_eq!((&partner.org_id, &partner.intermediary_id), (&bank.id, &firm.of.id));
            assert_eq!(partner.intermediary_name, firm.of.name);
            assert_eq!(partner.user_name, "Ana Exemplo");
        }
        let loud = Stated { username: Some(" ANA@EXAMPLE.COM".into()), ..firm.stated() };
        assert!(house.sign_in(&loud).await.is_ok(), "letter case does not matter");
    }

    async fn everything_wrong_is_the_same_and_leaves_nothing(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm] = house.network(&bank, [NIFS[0]]).await;
        let [other] = house.network(&bank, [NIFS[1]]).await;
        let events = house.rows("event").await;
        for (place, (what, stated)) in wrong(&firm, &other).into_iter().enumerate() {
            let from = format!("192.0.2.{}", place + 10);
            let failed = lintel_intermediaries::sign_in(&house.app, &stated, &from).await;
            assert_eq!(denial(failed), Denial::PartnerUnknown, "{what}");
            // The same rows are written whatever was wrong: one count for the place, one for who
            // was tried from there.
            let counted = house.rows("sign_in_failure").await;
            assert_eq!(counted, i64::try_from(place * 2 + 2).expect("few"), "{what}");
        }
        assert_eq!(house.rows("partner_session").await, 0);
        assert_eq!(house.rows("event").await, events);
    }

    async fn the_same_company_in_two_networks_is_two(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [one] = house.network(&bank, [NIFS[0]]).await;
        let [two] = house.network(&bank, [NIFS[0]]).await;
        assert_ne!(one.of.id, two.of.id);
        assert_ne!(one.of.number, two.of.number);
        for firm in [&one, &two] {
            let nif = BrokerNames { nif: Nif::parse(NIFS[0]).ok(), ..BrokerNames::default() };
            let session = house.sign_in(&by(nif, firm)).await.expect("signed in");
            assert_eq!(session.partner.intermediary_id, firm.of.id);
        }
        let crossed = Stated { broker: two.stated().broker, ..one.stated() };
        assert_eq!(denial(house.sign_in(&crossed).await), Denial::PartnerUnknown);
    }

    async fn two_banks_know_nothing_of_each_other(db) {
        let house = House::on(&db);
        let (one, two) = (house.bank().await, house.bank().await);
        let [mine] = house.network(&one, [NIFS[0]]).await;
        let [theirs] = house.network(&two, [NIFS[0]]).await;
        assert_eq!(mine.of.number, theirs.of.number, "each bank counts for itself");
        let number = BrokerNames { number: Some(mine.of.number), ..BrokerNames::default() };
        let session = house.sign_in(&by(number, &theirs)).await.expect("signed in");
        assert_eq!(session.partner.org_id, two.id);
        let crossed = Stated { broker: theirs.stated().broker, ..mine.stated() };
        assert_eq!(denial(house.sign_in(&crossed).await), Denial::PartnerUnknown);
    }
}
