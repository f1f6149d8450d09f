//! `/rate-watch`: the text's samples, both spellings, and whose watches are whose.

use lintel_domain::id::DAY_SECONDS;
use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::{fill, lender, purchase, sample, search};
use crate::world::{NOON, Party, World, is_error, success};

pub const WATCH: &str = "/rate-watch";

/// The first sample of the text, over a search of the world and products on its shelf.
pub fn regular(search_id: &Value) -> Value {
    json!({
        "action": "subscribe", "searchID": search_id, "firstName": "Charles", "lastName": "Cooper",
        "email": "charlescooper@mail.com", "phone": "817-501-6587", "type": "REGULAR",
        "frequency": "DAILY", "duration": "ONE_WEEK",
        "productNames": ["Conventional 30 Year Fixed", "15 Year Fixed"],
    })
}

/// The second.
pub fn target(search_id: &Value) -> Value {
    json!({
        "action": "subscribe", "searchID": search_id, "firstName": "Charles", "lastName": "Cooper",
        "email": "charlescooper@mail.com", "phone": "817-501-6587", "type": "RATE_TARGET",
        "rateTargets": [
            { "productName": "Conventional 30 Year Fixed", "desiredRate": "4%" },
            { "productName": "Conventional 15 Year Fixed", "desiredRate": "3.50%" },
        ],
    })
}

/// The third.
pub fn ending(token: &Value) -> Value {
    json!({ "action": "unsubscribe", "token": token })
}

/// The id of a fresh search.
pub async fn searched(world: &World, me: &Party) -> Value {
    search(world, me, &purchase()).await["searchID"].clone()
}

/// The watch of a successful answer.
async fn watched(world: &World, me: &Party, data: &Value) -> Value {
    let answer = success(&world.call(me, WATCH, data).await);
    assert_eq!(answer["status"], "success");
    let members: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["status", "rateWatch"]);
    answer["rateWatch"].clone()
}

fn token(watch: &Value) -> String {
    let token = watch["unsubscribeToken"].as_str().expect("text").to_owned();
    assert!(token.len() == 60 && token.bytes().all(|b| b.is_ascii_alphanumeric()));
    token
}

/// Rows of watches in a state.
async fn in_state(world: &World, state: &str) -> i64 {
    world
        .rows(&format!("rate_watch WHERE state = '{state}'"))
        .await
}

both! {
    async fn the_samples_are_answered_in_the_texts_shape(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        let first = watched(&world, &me, &regular(&id)).await;
        let now = NOON.seconds();
        assert_eq!(first, json!({
            "firstName": "Charles", "lastName": "Cooper", "email": "charlescooper@mail.com",
            "phone": "817-501-6587", "type": "REGULAR", "frequency": "DAILY",
            "expiration": now + 7 * DAY_SECONDS, "date": now, "unsubscribeToken": token(&first),
        }));
        let second = watched(&world, &me, &target(&id)).await;
        // The sample's answer ends 180 days after its date.
        assert_eq!(second, json!({
            "firstName": "Charles", "lastName": "Cooper", "email": "charlescooper@mail.com",
            "phone": "817-501-6587", "type": "RATE_TARGET", "frequency": "DAILY",
            "expiration": now + 15_552_000, "date": now, "unsubscribeToken": token(&second),
        }));
        assert_ne!(token(&first), token(&second));
        let ended = watched(&world, &me, &ending(&first["unsubscribeToken"])).await;
        assert_eq!(ended, first);
        assert_eq!((in_state(&world, "active").await, in_state(&world, "stopped").await), (1, 1));
        // Ended once is ended.
        assert_eq!(watched(&world, &me, &ending(&first["unsubscribeToken"])).await, first);
        assert_eq!(world.rows("event WHERE kind = 'rate_watch.ended'").await, 1);
        assert_eq!(world.rows("event WHERE kind = 'rate_watch.started'").await, 2);
        assert_eq!(world.rows("message").await, 0);
    }

    async fn who_subscribed_can_be_opted_out_by_address(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let choice = json!({ "email": "CharlesCooper@mail.com", "user": { "prefEmailNotifications": 0 } });
        let unknown = world.call(&me, "/update/user", &choice).await;
        is_error(&unknown, 501, "Parameter userID invalid.");
        let id = searched(&world, &me).await;
        watched(&world, &me, &regular(&id)).await;
        assert_eq!(world.call(&me, "/update/user", &choice).await.text(), "null");
        assert_eq!(world.rows("mail_choice WHERE wants_mail = FALSE").await, 1);
        let stranger = lender(&world).await;
        is_error(&world.call(&stranger, "/update/user", &choice).await, 501, "Parameter userID invalid.");
    }

    async fn both_spellings_of_the_text_are_read(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        let mut data = regular(&id);
        data["action"] = json!("subcribe");
        let watch = watched(&world, &me, &data).await;
        let end = json!({ "action": "unsubcribe", "token": watch["unsubscribeToken"] });
        assert_eq!(watched(&world, &me, &end).await, watch);
        assert_eq!(in_state(&world, "stopped").await, 1);
    }

    async fn every_duration_and_frequency_is_answered(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        for (duration, days) in [
            ("ONE_WEEK", Some(7)), ("ONE_MONTH", Some(30)), ("THREE_MONTHS", Some(90)),
            ("SIX_MONTHS", Some(180)), ("UNTIL_CANCEL", None),
        ] {
            for frequency in ["DAILY", "WEEKLY", "MONTHLY"] {
                let mut data = regular(&id);
                data["email"] = json!(format!("{duration}.{frequency}@example.com"));
                data["duration"] = json!(duration);
                data["frequency"] = json!(frequency);
                let watch = watched(&world, &me, &data).await;
                assert_eq!(watch["frequency"], frequency);
                let expected = days.map(|days: i64| NOON.seconds() + days * DAY_SECONDS);
                // Noon of June 1: the first monthly mail is due on July 1 in the morning, and a week
                // that would be over before it lasts until then.
                let first = NOON.seconds() + 30 * DAY_SECONDS;
                let expected = match (frequency, expected) {
                    ("MONTHLY", Some(end)) => Some(end.max(first)),
                    _ => expected,
                };
                assert_eq!(watch["expiration"].as_i64(), expected, "{duration} {frequency}");
            }
        }
        let mut forever = target(&id);
        forever["duration"] = json!("UNTIL_CANCEL");
        forever["phone"] = Value::Null;
        forever["timezone"] = json!("America/Phoenix");
        let watch = watched(&world, &me, &forever).await;
        assert_eq!((&watch["expiration"], &watch["phone"]), (&Value::Null, &Value::Null));
    }

    async fn the_same_again_is_the_same_watch(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        let first = watched(&world, &me, &regular(&id)).await;
        let mut again = regular(&id);
        again["email"] = json!("CharlesCooper@MAIL.com");
        again["productNames"] = json!(["15 year FIXED", " Conventional  30 Year Fixed"]);
        assert_eq!(watched(&world, &me, &again).await, first);
        assert_eq!(world.rows("rate_watch WHERE version = 0").await, 1, "nothing was written");
        // Another id of the same search, asked for with other terms.
        let mut other = regular(&searched(&world, &me).await);
        other["frequency"] = json!("WEEKLY");
        other["duration"] = json!("UNTIL_CANCEL");
        let renewed = watched(&world, &me, &other).await;
        assert_eq!(token(&renewed), token(&first));
        assert_eq!((&renewed["frequency"], &renewed["expiration"]), (&json!("WEEKLY"), &Value::Null));
        assert_eq!(world.rows("rate_watch").await, 1);
        // A week later the week begins anew.
        let mut targets = target(&id);
        targets["duration"] = json!("ONE_WEEK");
        let watch = watched(&world, &me, &targets).await;
        world.clock.advance(6 * DAY_SECONDS);
        targets["rateTargets"][0]["desiredRate"] = json!(4.5);
        let moved = watched(&world, &me, &targets).await;
        assert_eq!((token(&moved), &moved["date"]), (token(&watch), &watch["date"]));
        assert_eq!(moved["expiration"], NOON.seconds() + 13 * DAY_SECONDS);
        assert_eq!(world.rows("rate_watch WHERE products LIKE '%4500000000%'").await, 1);
        // Other products are another watch, and so is one after the end.
        targets["rateTargets"] = json!([{ "productName": "15 Year Fixed", "desiredRate": "3" }]);
        assert_ne!(token(&watched(&world, &me, &targets).await), token(&watch));
        watched(&world, &me, &ending(&renewed["unsubscribeToken"])).await;
        assert_ne!(token(&watched(&world, &me, &other).await), token(&renewed));
        assert_eq!(world.rows("rate_watch").await, 4);
    }

    async fn watches_are_seen_by_their_own_family_only(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        fill(&world, &wholesale).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (above, me) = (world.party(&wholesale).await, world.party(&broker).await);
        let (beside, stranger) = (world.party(&sibling).await, lender(&world).await);
        let id = searched(&world, &me).await;
        let watch = watched(&world, &me, &regular(&id)).await;
        let unknown = "Parameter token not found (action = unsubscribe).";
        for other in [&beside, &stranger] {
            let answer = world.call(other, WATCH, &ending(&watch["unsubscribeToken"])).await;
            is_error(&answer, 501, unknown);
            let answer = world.call(other, WATCH, &regular(&id)).await;
            is_error(&answer, 501, "Parameter searchID not found.");
        }
        assert_eq!(in_state(&world, "active").await, 1);
        assert_eq!(watched(&world, &above, &ending(&watch["unsubscribeToken"])).await, watch);
        assert_eq!(in_state(&world, "stopped").await, 1);
    }

    async fn a_search_is_watched_as_long_as_it_is_kept(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        world.clock.advance(89 * DAY_SECONDS);
        let party = world.party(&me.org).await;
        watched(&world, &party, &regular(&id)).await;
        world.clock.advance(DAY_SECONDS);
        let mut late = regular(&id);
        late["email"] = json!("late@example.com");
        let answer = world.call(&party, WATCH, &late).await;
        is_error(&answer, 501, "Parameter searchID not found.");
        assert_eq!(answer.json()["error"]["field"], "searchID");
    }

    async fn an_address_has_a_hundred_watches_and_no_more(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let mut first = Value::Null;
        for n in 0..100 {
            let mut data = sample();
            data["fico"] = json!(620 + n);
            let id = search(&world, &me, &data).await["searchID"].clone();
            let watch = watched(&world, &me, &regular(&id)).await;
            if n == 0 {
                first = watch;
            }
        }
        let id = searched(&world, &me).await;
        let answer = world.call(&me, WATCH, &regular(&id)).await;
        is_error(&answer, 501, "Parameter email missing or invalid format.");
        let mut other = regular(&id);
        other["email"] = json!("another@example.com");
        watched(&world, &me, &other).await;
        watched(&world, &me, &ending(&first["unsubscribeToken"])).await;
        watched(&world, &me, &regular(&id)).await;
        assert_eq!(in_state(&world, "active").await, 101);
    }
}
