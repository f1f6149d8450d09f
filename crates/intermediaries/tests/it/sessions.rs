//! Sessions: how long they live, and what ends them.

use lintel_app::by::By;
use lintel_app::status;
use lintel_domain::intermediary::BrokerNames;
use lintel_domain::refusal::Denial;
use lintel_domain::staff::AccountStatus;
use lintel_intermediaries::intermediary::Switch;
use lintel_intermediaries::{Stated, intermediary, network, user};
use lintel_testkit::both;

use crate::house::{Firm, House, NIFS, denial};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

both! {
    async fn half_an_hour_unused_ends_a_session(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        let (used, unused) = (house.token(&firm).await, house.token(&firm).await);
        house.clock.advance(30 * MINUTE - 1);
        assert!(house.is_alive(&used).await);
        house.clock.advance(1);
        assert!(!house.is_alive(&unused).await, "never used");
        assert!(house.is_alive(&used).await, "each call lets it live on");
        house.clock.advance(30 * MINUTE + 1);
        assert!(!house.is_alive(&used).await, "over by one second");
    }

    async fn half_a_day_ends_a_session_however_used(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        let token = house.token(&firm).await;
        for _ in 0..(12 * HOUR / (20 * MINUTE) - 1) {
            house.clock.advance(20 * MINUTE);
            assert!(house.is_alive(&token).await);
        }
        house.clock.advance(20 * MINUTE - 1);
        assert!(house.is_alive(&token).await, "the last second");
        house.clock.advance(1);
        assert!(!house.is_alive(&token).await);
    }

    async fn signing_out_ends_one_session(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        let (one, two) = (house.token(&firm).await, house.token(&firm).await);
        assert_ne!(one, two);
        lintel_intermediaries::sign_out(&house.app, &one).await.expect("signed out");
        assert!(!house.is_alive(&one).await);
        assert!(house.is_alive(&two).await);
        let again = lintel_intermediaries::sign_out(&house.app, &one).await;
        assert_eq!(denial(again), Denial::PartnerSessionOver);
        for nobody in ["", "x", &two[1..], &format!("{two}A"), "' OR 1=1 --", &"x".repeat(43)] {
            assert!(!house.is_alive(nobody).await, "{nobody}");
        }
    }

    async fn every_level_that_is_shut_ends_sessions_for_good(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm, neighbour] = house.network(&bank, [NIFS[0], NIFS[1]]).await;
        let [stranger] = house.network(&bank, [NIFS[0]]).await;
        for level in ["network", "active", "access", "user", "user access", "bank"] {
            let token = house.token(&firm).await;
            let (near, far) = (house.token(&neighbour).await, house.token(&stranger).await);
            switch(&house, level, &firm, false).await;
            assert!(!house.is_alive(&token).await, "{level}");
            let shut = house.sign_in(&firm.stated()).await;
            assert_eq!(denial(shut), Denial::PartnerUnknown, "{level}");
            let near_lives = !matches!(level, "network" | "bank");
            assert_eq!(house.is_alive(&near).await, near_lives, "{level}");
            assert_eq!(house.is_alive(&far).await, level != "bank", "{level}");
            switch(&house, level, &firm, true).await;
            assert!(!house.is_alive(&token).await, "{level}: it does not come back");
            house.token(&firm).await;
        }
    }

    async fn another_secret_ends_what_was_begun_with_the_old_one(db) {
        let house = House::on(&db);
        let (bank, firm) = house.firm().await;
        let token = house.token(&firm).await;
        let made = network::rotate(&house.app, &By::Operator(&bank), &firm.client_id).await;
        let made = made.expect("another secret");
        assert_ne!(made.client_secret, firm.secret);
        assert!(!house.is_alive(&token).await);
        assert_eq!(denial(house.sign_in(&firm.stated()).await), Denial::PartnerUnknown);
        let firm = Firm { secret: made.client_secret, ..firm };
        let token = house.token(&firm).await;
        assert!(house.is_alive(&token).await);
    }

    async fn what_is_stated_again_must_be_so(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm, other] = house.network(&bank, [NIFS[0], NIFS[1]]).await;
        let [far] = house.network(&bank, [NIFS[0]]).await;
        let token = house.token(&firm).await;
        let full = BrokerNames {
            unique_id: Some(firm.of.id.clone()),
            number: Some(firm.of.number),
            nif: Some(firm.of.nif.clone()),
        };
        let right = Stated { broker: full.clone(), ..firm.stated() };
        let only_nif = BrokerNames { nif: full.nif.clone(), ..BrokerNames::default() };
        for stated in [
            right.clone(),
            Stated { broker: only_nif, ..Stated::default() },
            Stated { client_id: right.client_id.clone(), ..Stated::default() },
            Stated { username: Some("ANA@example.com".into()), ..Stated::default() },
        ] {
            let found = lintel_intermediaries::partner(&house.app, &token, &stated).await;
            assert_eq!(found.expect("so").intermediary_id, firm.of.id);
        }
        for stated in [
            Stated { client_id: Some(far.client_id.clone()), ..right.clone() },
            Stated { client_secret: Some(far.secret.clone()), ..right.clone() },
            Stated { client_secret: Some(String::new()), ..right.clone() },
            Stated { broker: other.stated().broker, ..right.clone() },
            Stated { broker: BrokerNames { number: Some(other.of.number), ..full.clone() }, ..right.clone() },
            Stated { broker: BrokerNames { nif: Some(other.of.nif.clone()), ..full }, ..right.clone() },
            Stated { username: Some("bia@example.com".into()), ..right.clone() },
            Stated { is_unreadable: true, ..right },
        ] {
            let refused = lintel_intermediaries::partner(&house.app, &token, &stated).await;
            assert_eq!(denial(refused), Denial::PartnerSessionOver);
        }
        assert!(house.is_alive(&token).await, "it is not the session's fault");
    }
}

async fn switch(house: &House, level: &str, firm: &Firm, is_on: bool) {
    let app = &house.app;
    let bank = lintel_store::organisation::load_by_id(app.db(), &firm.of.org_id)
        .await
        .expect("read")
        .expect("a bank");
    let by = By::Operator(&bank);
    let number = firm.number();
    let whom = (number.as_str(), firm.username.as_str());
    let changed = match level {
        "network" => {
            network::switch(app, &by, &firm.client_id, is_on)
                .await
                .expect("switched")
                .1
        }
        "active" => {
            let what = Switch::Active;
            intermediary::switch(app, &by, &number, what, is_on)
                .await
                .expect("switched")
                .1
        }
        "access" => {
            let what = Switch::ApiAccess;
            intermediary::switch(app, &by, &number, what, is_on)
                .await
                .expect("switched")
                .1
        }
        "user" => {
            user::switch(app, &by, whom, Switch::Active, is_on)
                .await
                .expect("switched")
                .1
        }
        "user access" => {
            user::switch(app, &by, whom, Switch::ApiAccess, is_on)
                .await
                .expect("switched")
                .1
        }
        _ => {
            let to = if is_on {
                AccountStatus::Active
            } else {
                AccountStatus::Inactive
            };
            status::set_organisation(app, &bank.public_id, to)
                .await
                .expect("switched")
        }
    };
    assert!(changed, "{level}");
}
