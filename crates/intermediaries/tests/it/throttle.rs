//! Those who fail often wait; those who are right never do.

use lintel_domain::refusal::Denial;
use lintel_intermediaries::Stated;
use lintel_testkit::both;

use crate::house::{Firm, HERE, House, NIFS, denial};

const ELSEWHERE: &str = "198.51.100.9";

async fn fail(house: &House, firm: &Firm, from: &str) -> Denial {
    let wrong = Stated {
        client_secret: Some("wrong".into()),
        ..firm.stated()
    };
    denial(lintel_intermediaries::sign_in(&house.app, &wrong, from).await)
}

both! {
    async fn failures_cost_time_and_success_forgets_them(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        for _ in 0..5 {
            assert_eq!(fail(&house, &firm, HERE).await, Denial::PartnerUnknown);
        }
        let throttled = Denial::PartnerThrottled { wait_seconds: 1 };
        assert_eq!(fail(&house, &firm, HERE).await, throttled);
        house.clock.advance(1);
        assert_eq!(fail(&house, &firm, HERE).await, Denial::PartnerUnknown);
        let longer = Denial::PartnerThrottled { wait_seconds: 2 };
        assert_eq!(fail(&house, &firm, HERE).await, longer);
        house.clock.advance(2);
        house.token(&firm).await;
        for _ in 0..5 {
            assert_eq!(fail(&house, &firm, HERE).await, Denial::PartnerUnknown, "begun anew");
        }
    }

    async fn a_stranger_keeps_nobody_waiting(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        for _ in 0..50 {
            fail(&house, &firm, ELSEWHERE).await;
            house.clock.advance(60);
        }
        for _ in 0..6 {
            fail(&house, &firm, ELSEWHERE).await;
        }
        assert!(matches!(fail(&house, &firm, ELSEWHERE).await, Denial::PartnerThrottled { .. }));
        house.token(&firm).await;
    }

    async fn whoever_is_right_may_sign_in_as_often_as_needed(db) {
        let house = House::on(&db);
        let (_, firm) = house.firm().await;
        let mut last = String::new();
        for _ in 0..520 {
            last = house.token(&firm).await;
        }
        assert!(house.is_alive(&last).await);
        assert_eq!(house.rows("partner_session").await, 500, "a user keeps so many");
        assert_eq!(house.rows("sign_in_failure").await, 0);
    }

    async fn guesses_of_a_secret_hold_up_nobody_who_knows_it(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm, _] = house.network(&bank, [NIFS[0], NIFS[1]]).await;
        // From the same address: for the same user until it is told to wait, and for nobody at all.
        for _ in 0..6 {
            fail(&house, &firm, HERE).await;
        }
        let throttled = Denial::PartnerThrottled { wait_seconds: 1 };
        assert_eq!(fail(&house, &firm, HERE).await, throttled);
        for n in 0..295 {
            let nobody = Firm { client_id: format!("nobody{n}"), ..firm.clone() };
            assert_eq!(fail(&house, &nobody, HERE).await, Denial::PartnerUnknown);
        }
        let throttled = Denial::PartnerThrottled { wait_seconds: 900 };
        let nobody = Firm { client_id: "nobody".into(), ..firm.clone() };
        assert_eq!(fail(&house, &nobody, HERE).await, throttled);
        assert_eq!(fail(&house, &firm, HERE).await, throttled);
        house.token(&firm).await;
        assert_eq!(fail(&house, &firm, HERE).await, throttled, "the address is not forgotten");
    }

    async fn guesses_of_users_hold_up_their_intermediary_only(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm, other] = house.network(&bank, [NIFS[0], NIFS[1]]).await;
        let guess = |username: String| Stated { username: Some(username), ..firm.stated() };
        for _ in 0..5 {
            let wrong = guess("nobody@example.com".to_owned());
            assert_eq!(denial(house.sign_in(&wrong).await), Denial::PartnerUnknown);
        }
        let throttled = Denial::PartnerThrottled { wait_seconds: 1 };
        assert_eq!(denial(house.sign_in(&guess("nobody@example.com".to_owned())).await), throttled);
        for n in 0..295 {
            let wrong = guess(format!("user{n}@example.com"));
            assert_eq!(denial(house.sign_in(&wrong).await), Denial::PartnerUnknown);
        }
        let throttled = Denial::PartnerThrottled { wait_seconds: 900 };
        assert_eq!(denial(house.sign_in(&firm.stated()).await), throttled);
        house.token(&other).await;
        let there = lintel_intermediaries::sign_in(&house.app, &firm.stated(), ELSEWHERE).await;
        assert!(there.is_ok(), "from another address");
    }

    async fn one_place_may_fail_so_often(db) {
        let house = House::on(&db);
        let bank = house.bank().await;
        let [firm] = house.network(&bank, [NIFS[0]]).await;
        for n in 0..300 {
            let wrong = Stated { username: Some(format!("user{n}@example.com")), ..firm.stated() };
            assert_eq!(denial(house.sign_in(&wrong).await), Denial::PartnerUnknown);
        }
        let wait_seconds = 900;
        let throttled = Denial::PartnerThrottled { wait_seconds };
        assert_eq!(denial(house.sign_in(&firm.stated()).await), throttled);
        house.clock.advance(900);
        house.token(&firm).await;
    }
}
