//! The demo bank: loaded twice it is there once, and everybody of it can come in.

use lintel_app::demo::{BankPassword, bank_logins, load_bank};
use lintel_domain::intermediary::BrokerNames;
use lintel_domain::role::Role;
use lintel_intermediaries::Stated;
use lintel_intermediaries::demo::load;
use lintel_testkit::both;

use crate::house::House;

const TABLES: [&str; 5] = [
    "organisation",
    "staff",
    "network",
    "intermediary",
    "intermediary_user",
];

async fn counts(house: &House) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(house.rows(table).await);
    }
    counts
}

both! {
    async fn loading_again_changes_nothing(db) {
        let house = House::on(&db);
        let (bank, is_new) = load_bank(&house.app).await.expect("loaded");
        assert!(is_new && bank.kind.is_bank() && bank.name.contains("demonstração"));
        let (credentials, firms) = load(&house.app, &bank, None).await.expect("loaded");
        assert_eq!(counts(&house).await, [1, 3, 1, 2, 3]);
        let events = house.rows("event").await;
        let (again, is_new) = load_bank(&house.app).await.expect("loaded");
        assert!(!is_new && again == bank);
        let kept = Some(credentials.clone());
        let (same, same_firms) = load(&house.app, &bank, kept).await.expect("loaded");
        assert!(same == credentials && same_firms == firms);
        assert_eq!(house.rows("event").await, events);
        for firm in &firms {
            let stated = Stated {
                client_id: Some(credentials.client_id.clone()),
                client_secret: Some(credentials.client_secret.clone()),
                broker: BrokerNames { number: Some(firm.of.number), ..BrokerNames::default() },
                username: Some(firm.username.to_owned()),
                is_unreadable: false,
            };
            let session = house.sign_in(&stated).await.expect("signed in");
            assert_eq!(session.partner.intermediary_id, firm.of.id);
        }
        let (fresh, _) = load(&house.app, &bank, None).await.expect("loaded");
        assert_eq!(fresh.client_id, credentials.client_id, "the network is there once");
        assert!(fresh.client_secret != credentials.client_secret, "its lost secret is made anew");
        assert_eq!(counts(&house).await, [1, 3, 1, 2, 3]);
    }

    async fn its_people_have_one_password(db) {
        let house = House::on(&db);
        load_bank(&house.app).await.expect("loaded");
        let mut password = BankPassword {
            text: "Farol-da-Barra-1".to_owned(),
            is_fresh: true,
            ..BankPassword::default()
        };
        let logins = bank_logins(&house.app, &mut password).await.expect("given");
        let roles: Vec<Role> = logins.iter().map(|login| login.role).collect();
        assert_eq!(roles, [Role::Admin, Role::Processor, Role::Underwriter]);
        assert!(logins.iter().all(|login| login.is_known && login.email.ends_with("@example.com")));
        let hash = password.proved.clone();
        assert!(hash.is_some(), "what was set is known");
        for proved in [None, Some("of another database".to_owned()), hash.clone()] {
            let mut again = BankPassword {
                text: "Farol-da-Barra-1".to_owned(),
                proved,
                is_fresh: false,
            };
            assert_eq!(bank_logins(&house.app, &mut again).await.expect("asked"), logins);
            assert_eq!(again.proved, hash);
        }
        let mut other = BankPassword {
            text: "another".to_owned(),
            ..BankPassword::default()
        };
        let found = bank_logins(&house.app, &mut other).await.expect("asked");
        assert!(found.iter().all(|login| !login.is_known));
        assert_eq!(other.proved, None);
    }
}
