//! `/access-token` and `/access-token/destroy` over the wire.

use lintel_app::admin::revoke_credential;
use lintel_testkit::both;
use serde_json::Value;

use crate::world::{NOON, World, is_error, success};

const INVALID: &str = "Parameter apiID and/or apiKey invalid.";

both! {
    async fn a_token_is_given_extended_destroyed_and_given_anew(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let fields = &me.fields("json")[..3];
        let first = success(&world.post("/access-token", fields).await);
        let names: Vec<&str> = first
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            names,
            ["accessToken", "date", "expiration", "ip", "deviceID"]
        );
        assert_eq!(first["date"], NOON.seconds());
        assert_eq!(first["expiration"], NOON.seconds() + 2_160_000);
        assert_eq!(first["ip"], "127.0.0.1");
        let device = first["deviceID"].as_str().expect("text");
        assert!(device.len() == 68 && device.starts_with("bsm-"), "{device}");
        world.pass_days(10);
        let again = success(&world.post("/access-token", fields).await);
        assert_eq!(again["accessToken"], first["accessToken"]);
        assert_eq!(again["deviceID"], first["deviceID"]);
        assert_eq!(again["expiration"], NOON.seconds() + 2_160_000 + 864_000);
        let destroyed = world
            .post("/access-token/destroy", &me.fields("json"))
            .await;
        assert_eq!(success(&destroyed), Value::Null);
        let again = world
            .post("/access-token/destroy", &me.fields("json"))
            .await;
        is_error(&again, 401, "Parameter accessToken invalid.");
        let next = success(&world.post("/access-token", fields).await);
        assert_ne!(next["accessToken"], first["accessToken"]);
    }

    async fn a_withdrawn_pair_or_organisation_stops_at_once(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let list = r#"{"isActive":"true"}"#;
        let list = &serde_json::from_str(list).expect("JSON");
        success(&world.call(&me, "/get-list-loans", list).await);
        revoke_credential(&world.app, &me.pair.api_id)
            .await
            .expect("withdrawn");
        is_error(
            &world.call(&me, "/get-list-loans", list).await,
            401,
            INVALID,
        );
        is_error(
            &world.post("/access-token", &me.fields("json")).await,
            401,
            INVALID,
        );
        is_error(
            &world
                .post("/access-token/destroy", &me.fields("json"))
                .await,
            401,
            INVALID,
        );
        success(&world.call(&other, "/get-list-loans", list).await);
        let mut tx = db.begin().await.expect("begun");
        tx.exec("UPDATE organisation SET active = FALSE", Vec::new())
            .await
            .expect("off");
        tx.commit().await.expect("committed");
        is_error(
            &world.call(&other, "/get-list-loans", list).await,
            401,
            INVALID,
        );
    }

    async fn a_lender_may_name_itself(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let mut fields = me.fields("json").to_vec();
        let id = me.org.public_id.to_string();
        fields.push(("lenderID", &id));
        success(&world.post("/access-token", &fields).await);
    }
}
