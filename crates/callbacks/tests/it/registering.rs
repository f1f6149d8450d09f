//! What may be registered, and by whom it is seen.

use lintel_app::error::AppError;
use lintel_callbacks::{Secret, Wanted, list};
use lintel_domain::callback::NotificationType;
use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::refusal::{Denial, Refusal};
use lintel_store::callback::{self, Whose};
use lintel_store::fault::FaultKind;
use lintel_testkit::both;

use crate::world::{URL, World};

const PROCESS: NotificationType = NotificationType::ProcessStatus;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn url(text: &str) -> Wanted {
    Wanted {
        url: Some(text.to_owned()),
        ..Wanted::default()
    }
}

fn findings(refused: Result<impl Sized, AppError>) -> Vec<(CreditField, CreditRule)> {
    match refused {
        Err(AppError::Refused(Refusal::Findings(found))) => {
            found.into_iter().map(|f| (f.field, f.rule)).collect()
        }
        _ => Vec::new(),
    }
}

both! {
    async fn a_secret_is_drawn_once_and_kept_sealed(db) {
        let world = World::on(&db).await;
        let first = world.try_register(&world.anna, PROCESS, url(URL)).await.expect("made");
        assert!(first.is_new && first.registration.is_active);
        let drawn = first.drawn.expect("a secret").expose();
        assert!(Secret::parse(&drawn).is_some());
        let again = world.try_register(&world.anna, PROCESS, url(URL)).await.expect("the same");
        assert!(!again.is_new && again.drawn.is_none());
        assert_eq!(again.registration, first.registration);
        // One's own secret is taken and never shown.
        let mut own = url(URL);
        own.secret = Some(SECRET.to_owned());
        world.clock.advance(1);
        let own = world.try_register(&world.anna, PROCESS, own).await.expect("changed");
        assert!(own.drawn.is_none());
        assert!(own.registration.updated_at > first.registration.updated_at);
        let stored = lintel_store::callback::of(&db, &world.anna.org_id, &world.anna.intermediary_id);
        let stored = stored.await.expect("read");
        assert!(!format!("{:?}", stored[0].secret_sealed).contains(SECRET));
        assert!(list(&world.app, &world.bruno).await.expect("listed").is_empty());
    }

    async fn only_public_addresses(db) {
        let world = World::on(&db).await;
        let inside = ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"];
        for address in inside {
            let address = address.parse().expect("an address");
            let public = "93.184.215.14".parse().expect("an address");
            for addresses in [vec![address], vec![public, address]] {
                world.port.name("inside.example.com", &addresses);
                let refused = url("https://inside.example.com/x");
                let refused = world.try_register(&world.anna, PROCESS, refused).await;
                assert_eq!(findings(refused), [(CreditField::CallbackUrl, CreditRule::NotPublic)]);
            }
        }
        world.port.name("nowhere.example.com", &[]);
        for (text, rule) in [
            ("https://nowhere.example.com/", CreditRule::Failed),
            ("https://127.0.0.1/", CreditRule::NotPublic),
            ("http://hooks.example.com/", CreditRule::Malformed),
            ("https://a@hooks.example.com/", CreditRule::Malformed),
        ] {
            let refused = world.try_register(&world.anna, PROCESS, url(text)).await;
            assert_eq!(findings(refused), [(CreditField::CallbackUrl, rule)], "{text}");
        }
        assert!(list(&world.app, &world.anna).await.expect("listed").is_empty());
    }

    async fn addresses_are_sealed_and_not_shown(db) {
        let world = World::on(&db).await;
        let made = world.try_register(&world.anna, PROCESS, url(URL)).await.expect("made");
        let whose = Whose {
            org_id: &world.anna.org_id,
            intermediary_id: &world.anna.intermediary_id,
            kind: PROCESS,
        };
        let stored = callback::load(&db, &whose).await.expect("read").expect("there");
        let bytes = String::from_utf8_lossy(&stored.url_sealed).into_owned();
        assert!(!bytes.contains("hooks") && !bytes.contains("lintel"));
        for shown in [format!("{stored:?}"), format!("{:?}", made.registration)] {
            assert!(!shown.contains("hooks") && !shown.contains("sealed"), "{shown}");
        }
        // The same once more seals nothing anew.
        world.try_register(&world.anna, PROCESS, url(URL)).await.expect("the same");
        let again = callback::load(&db, &whose).await.expect("read").expect("there");
        assert_eq!(again, stored);
    }

    async fn twenty_addresses_a_minute(db) {
        let world = World::on(&db).await;
        let limit = |refused: Result<_, AppError>| match refused {
            Err(AppError::Refused(Refusal::Denied(Denial::PartnerThrottled { wait_seconds }))) => {
                Some(wait_seconds)
            }
            _ => None,
        };
        for _ in 0..20 {
            world.try_register(&world.anna, PROCESS, url(URL)).await.expect("registered");
        }
        // What is no address costs nothing; who gives none is not counted.
        for _ in 0..30 {
            let refused = world.try_register(&world.anna, PROCESS, url("http://x")).await;
            assert_eq!(findings(refused), [(CreditField::CallbackUrl, CreditRule::Malformed)]);
        }
        assert_eq!(limit(world.try_register(&world.anna, PROCESS, url(URL)).await), Some(60));
        let off = Wanted { is_active: Some(false), ..Wanted::default() };
        world.try_register(&world.anna, PROCESS, off).await.expect("off");
        world.try_register(&world.bruno, PROCESS, url(URL)).await.expect("another's");
        world.clock.advance(60);
        world.try_register(&world.anna, PROCESS, url(URL)).await.expect("registered");
    }

    async fn a_crowd_of_names_says_nothing_of_an_address(db) {
        let world = World::on(&db).await;
        world.port.crowd(true);
        let refused = world.try_register(&world.anna, PROCESS, url(URL)).await;
        assert!(matches!(refused, Err(AppError::Failed(fault)) if fault.kind() == FaultKind::Busy));
        world.port.crowd(false);
        world.try_register(&world.anna, PROCESS, url(URL)).await.expect("registered");
    }

    async fn every_mistake_at_once(db) {
        let world = World::on(&db).await;
        let bad = Wanted {
            secret: Some("whsec_short".to_owned()),
            ..Wanted::default()
        };
        let refused = world.try_register(&world.anna, PROCESS, bad).await;
        assert_eq!(findings(refused), [
            (CreditField::CallbackUrl, CreditRule::Missing),
            (CreditField::CallbackSecret, CreditRule::Malformed),
        ]);
    }
}
