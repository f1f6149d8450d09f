//! `/email-application`: borrowers invited to apply, each by a mail with a link of their own;
//! refusals that leave nothing behind.

use std::sync::Arc;

use lintel_app::ports::{MemoryPost, MemorySms, Outgoing};
use lintel_app::{demo, job, lead, message, signup};
use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{Party, World, is_error, success};

pub const INVITE: &str = "/email-application";
const SITE: &str = "https://lintel.example.com";

/// The sample payload of the text.
pub fn sample() -> Value {
    serde_json::from_str(include_str!("stock/invitation.json")).expect("JSON")
}

/// A payload changed in one place, named by a JSON pointer.
fn with(mut data: Value, pointer: &str, value: Value) -> Value {
    let (group, name) = pointer.rsplit_once('/').expect("a pointer");
    let group = data.pointer_mut(group).expect(pointer);
    match group {
        Value::Array(items) => items[name.parse::<usize>().expect("a place")] = value,
        group => group[name] = value,
    }
    data
}

/// Everything that waits, sent; by address.
async fn letters(world: &World) -> Vec<Outgoing> {
    let post = Arc::new(MemoryPost::default());
    let handlers = message::handlers(post.clone(), Arc::new(MemorySms::default()));
    job::drain(&world.app, &handlers).await.expect("drained");
    let mut letters = post.letters();
    letters.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    letters
}

/// The link of a letter, which its text has in a line.
fn link_of(letter: &Outgoing) -> String {
    let mut words = letter.text.split_whitespace();
    let is_link = |word: &&str| word.starts_with(SITE) && word.contains("/app/signup/");
    let link = words.find(is_link);
    link.unwrap_or_else(|| panic!("{}", letter.text)).to_owned()
}

/// Word and code of a link with an offer, and its lead.
fn parts(link: &str) -> (String, String, String) {
    let rest = link
        .strip_prefix(&format!("{SITE}/app/signup/p/"))
        .expect(link);
    let (slug, rest) = rest.split_once("/r/").expect(link);
    let (code, lead) = rest.split_once("?leadReferralSource=").expect(link);
    (slug.to_owned(), code.to_owned(), lead.to_owned())
}

/// The demo, and its lender calling.
async fn scene(world: &World) -> Party {
    let (org, _) = demo::load(&world.app).await.expect("the demo");
    world.party(&org).await
}

async fn counts(world: &World) -> [i64; 4] {
    let mut counts = [0; 4];
    for (place, table) in ["lead", "signup_link", "message", "application_mail"]
        .iter()
        .enumerate()
    {
        counts[place] = world.rows(table).await;
    }
    counts
}

/// An officer of a lender nobody set up, for payloads of one's own.
fn own(me: &Party, user: &str, borrowers: Value) -> Value {
    json!({
        "company": { "lenderID": me.org.public_id.as_str() }, "user": { "userUID": user },
        "borrowers": borrowers,
    })
}

fn borrower(name: &str, email: &str) -> Value {
    json!({
        "borrowerUID": name, "firstName": name, "lastName": "Example", "dob": "10/22/1968",
        "phonePrimary": "7142458223", "email": email, "isPrimary": 1,
    })
}

both! {
    async fn the_sample_as_it_stands(db) {
        let world = World::on(&db);
        let me = scene(&world).await;
        let before = counts(&world).await;
        assert_eq!(success(&world.call(&me, INVITE, &sample()).await), Value::Null);
        // Charles is the lead the sample names; Mary is new. A mail and a link for each.
        assert_eq!(counts(&world).await, [before[0] + 1, before[1] + 2, before[2] + 2, 1]);
        let letters = letters(&world).await;
        let to: Vec<&str> = letters.iter().map(|l| l.recipient.as_str()).collect();
        assert_eq!(to, ["charlescooper@mail.com", "marycooper@mail.com"]);
        let mut seen = Vec::new();
        for (letter, name) in letters.iter().zip(["Charles", "Mary"]) {
            assert!(letter.text.contains(name) && letter.text.contains("Adam Smith"), "{}", letter.text);
            assert!(letter.text.contains("4.5") && letter.text.contains("LQCT0AK8"), "{}", letter.text);
            assert!(!letter.text.contains("750") && !letter.text.contains("951.62"), "{}", letter.text);
            assert_eq!(letter.to.len(), 1, "nobody sees the other's address");
            assert_eq!(letter.reply_to[0].email, "adam.smith@example.com");
            let (slug, code, lead) = parts(&link_of(letter));
            let html = letter.html.as_deref().expect("both parts");
            assert!(html.contains(&code), "the link is in the HTML, too");
            let opened = lead::open_link(&world.app, &slug, &code).await.expect("there");
            assert_eq!(opened.lead.as_str(), lead);
            assert_eq!(opened.borrower.first_name.as_deref(), Some(name));
            assert_eq!(opened.loan.note_rate.expect("said").to_string(), "4.5");
            assert_eq!(opened.loan.points_amount.expect("said").to_string(), "-2600.00");
            assert_eq!(opened.loan.offer_id.as_deref(), Some("LQCT0AK8"));
            let door = signup::Door::Link { slug, code };
            let page = signup::open(&world.app, &door).await.expect("shown");
            assert_eq!(page.officer.expect("bound to it").display_name(), "Adam Smith");
            assert_eq!(page.org.public_id.as_str(), "6SGKSI3X");
            seen.push(lead);
        }
        assert_ne!(seen[0], seen[1]);
        // Another day the same two are meant: nobody is added.
        world.pass_days(1);
        assert_eq!(success(&world.call(&me, INVITE, &sample()).await), Value::Null);
        assert_eq!(counts(&world).await, [before[0] + 1, before[1] + 4, before[2] + 4, 1]);
    }

    async fn the_same_call_again_sends_nothing(db) {
        let world = World::on(&db);
        let me = scene(&world).await;
        assert_eq!(success(&world.call(&me, INVITE, &sample()).await), Value::Null);
        let after = counts(&world).await;
        world.clock.advance(599);
        assert_eq!(success(&world.call(&me, INVITE, &sample()).await), Value::Null);
        assert_eq!(counts(&world).await, after);
        // Another phone spelling is the same call; another rate is not.
        let same = with(sample(), "/borrowers/0/phonePrimary", json!("(714) 245-8223"));
        assert_eq!(success(&world.call(&me, INVITE, &same).await), Value::Null);
        assert_eq!(counts(&world).await, after);
        let other = with(sample(), "/loan/rate", json!("4.625"));
        assert_eq!(success(&world.call(&me, INVITE, &other).await), Value::Null);
        assert_eq!(counts(&world).await, [after[0], after[1] + 2, after[2] + 2, 2]);
        world.clock.advance(2);
        assert_eq!(success(&world.call(&me, INVITE, &sample()).await), Value::Null);
        assert_eq!(counts(&world).await[2], after[2] + 4, "ten minutes are over");
    }

    async fn without_a_loan_the_officers_own_page(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let officer = world.staff(&me.org, 1, "olive.officer@example.com").await;
        let user = officer.public_id.as_str();
        for none in [Value::Null, json!({}), json!([]), json!("")] {
            let mut data = own(&me, user, json!([borrower("Ann", "ann@example.com")]));
            data["loan"] = none;
            assert_eq!(success(&world.call(&me, INVITE, &data).await), Value::Null);
        }
        let letters = letters(&world).await;
        assert_eq!(letters.len(), 1, "the four say the same");
        let link = link_of(&letters[0]);
        let page = format!("{SITE}/app/signup/partner/{user}?leadReferralSource=");
        assert!(link.starts_with(&page), "{link}");
        assert_eq!(world.rows("signup_link").await, 0);
        // As little of a loan as the text asks for.
        let mut data = own(&me, user, json!([borrower("Bob", "bob@example.com")]));
        data["loan"] = json!({ "loanID": "X-1", "subjectPropertyAddressZipcode": "92649" });
        assert_eq!(success(&world.call(&me, INVITE, &data).await), Value::Null);
        let letters = self::letters(&world).await;
        let (slug, code, _) = parts(&link_of(&letters[0]));
        let opened = lead::open_link(&world.app, &slug, &code).await.expect("there");
        assert_eq!((opened.loan.note_rate, opened.loan.purpose), (None, None));
        assert_eq!(opened.loan.postal_code, "92649");
    }

    async fn a_lead_named_is_written_to(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let officer = world.staff(&me.org, 1, "olive.officer@example.com").await;
        let user = officer.public_id.as_str();
        let signup = json!({
            "borrower": { "firstName": "Ann", "email": "ann@example.com", "crmLeadID": "CRM-1" },
            "loan": serde_json::from_str::<Value>(include_str!("stock/signup.json")).expect("JSON")["loan"],
        });
        let signup = with(signup, "/loan/loanOfficerUID", Value::Null);
        let made = success(&world.call(&me, "/set-signup-product-pricing", &signup).await);
        let uid = made["bsmLeadUID"].as_str().expect("text");
        for name in [uid, "CRM-1"] {
            let mut data = own(&me, user, Value::Null);
            data["publicID"] = json!(name);
            assert_eq!(success(&world.call(&me, INVITE, &data).await), Value::Null);
        }
        assert_eq!(world.rows("lead").await, 1);
        let sent = letters(&world).await;
        assert_eq!(sent.len(), 2);
        for letter in &sent {
            assert_eq!(letter.recipient, "ann@example.com");
            assert!(link_of(letter).ends_with(&format!("?leadReferralSource={uid}")));
        }
        // What is said replaces what was known.
        let mut data = own(&me, user, json!([borrower("Anna", "anna@example.com")]));
        data["publicID"] = json!(uid);
        assert_eq!(success(&world.call(&me, INVITE, &data).await), Value::Null);
        assert_eq!((world.rows("lead").await, letters(&world).await[0].recipient.as_str()), (1, "anna@example.com"));
        // Nobody to write to, and nobody at all.
        let mut bare = signup.clone();
        bare["borrower"] = json!({ "firstName": "Bob" });
        let made = success(&world.call(&me, "/set-signup-product-pricing", &bare).await);
        let mut data = own(&me, user, Value::Null);
        data["publicID"] = made["bsmLeadUID"].clone();
        let nobody = "Parameter borrowers missing or invalid format.";
        is_error(&world.call(&me, INVITE, &data).await, 501, nobody);
        for unknown in ["NOBODY00", "x", "CRM-2", "a\u{1f600}"] {
            data["publicID"] = json!(unknown);
            let message = "Parameter publicID invalid format.";
            is_error(&world.call(&me, INVITE, &data).await, 501, message);
        }
    }

    async fn refusals_leave_nothing_behind(db) {
        let world = World::on(&db);
        let me = scene(&world).await;
        let before = counts(&world).await;
        for (pointer, value, kind) in [
            ("/borrowers", json!([]), ""),
            ("/borrowers", json!("x"), "invalid format"),
            ("/borrowers/1", json!(7), "invalid format"),
            ("/borrowers/1/email", json!("nobody"), "missing or invalid format"),
            ("/borrowers/1/email", Value::Null, "missing or invalid format"),
            ("/borrowers/1/email", json!("mary@example.com\r\nBcc: all@example.com"), "missing or invalid format"),
            ("/borrowers/1/email", json!("mary@exämple.com"), "missing or invalid format"),
            ("/borrowers/1/email", json!("<mary@example.com>"), "missing or invalid format"),
            ("/borrowers/0/firstName", json!("A\nB"), "missing or invalid format"),
            ("/borrowers/0/firstName", json!("x".repeat(101)), "missing or invalid format"),
            ("/borrowers/0/lastName", Value::Null, "missing or invalid format"),
            ("/borrowers/0/dob", json!("02/30/1980"), "missing or invalid format"),
            ("/borrowers/0/dob", json!("02/20/2980"), "missing or invalid format"),
            ("/borrowers/0/phonePrimary", json!("call me"), "missing or invalid format"),
            ("/borrowers/0/isPrimary", json!("2"), "missing or invalid format"),
            ("/borrowers/1/isPrimary", json!(1), "missing or invalid format"),
            ("/borrowers/0/marriedToBorrowerUID", json!("12001"), "invalid format"),
            ("/borrowers/0/primaryAddressState", json!("XX"), "invalid format"),
            ("/loan/loanID", Value::Null, "missing or invalid format"),
            ("/loan/subjectPropertyAddressZipcode", json!("9264"), "missing or invalid format"),
            ("/loan/cashOut", Value::Null, "missing or invalid format"),
            ("/loan/cashOut", json!("250000.01"), "invalid format"),
            ("/loan/homePrice", json!(1e308), "invalid format"),
            ("/loan/armType", json!("7"), "missing or invalid format"),
            ("/loan/armIndexMargin", Value::Null, "missing or invalid format"),
            ("/loan/rate", json!("NaN"), "invalid format"),
            ("/loan/rate", json!("0"), "invalid format"),
            ("/loan/businessChannel", json!("Retail"), "invalid format"),
            ("/loan/propertyType", json!("Castle"), "invalid format"),
            ("/loan", json!("x"), "invalid format"),
        ] {
            let mut data = with(sample(), pointer, value.clone());
            if kind.is_empty() {
                data["publicID"] = Value::Null;
            }
            let kind = if kind.is_empty() { "missing or invalid format" } else { kind };
            let path = pointer.trim_start_matches('/').replace("/0/", "[0].").replace("/1/", "[1].");
            let path = path.replace("/1", "[1]").replace('/', ".");
            let message = format!("Parameter {path} {kind}.");
            is_error(&world.call(&me, INVITE, &data).await, 501, &message);
        }
        let many: Vec<Value> = (0..21).map(|n| borrower(&format!("B{n}"), "b@example.com")).collect();
        let data = with(sample(), "/borrowers", json!(many));
        is_error(&world.call(&me, INVITE, &data).await, 501, "Parameter borrowers invalid format.");
        let mut twice = with(sample(), "/borrowers/1/borrowerUID", json!("12001"));
        twice["borrowers"][1]["marriedToBorrowerUID"] = Value::Null;
        let message = "Parameter borrowers[1].borrowerUID missing or invalid format.";
        is_error(&world.call(&me, INVITE, &twice).await, 501, message);
        assert_eq!(counts(&world).await, before);
    }

    async fn who_may_invite(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let officer = world.staff(&broker, 1, "olive.officer@example.com").await;
        let (lender, broker, other) = (world.party(&wholesale).await, world.party(&broker).await, world.lender().await);
        let vendor = world.vendor().await;
        let foreign = world.staff(&other.org, 2, "oscar.officer@example.com").await;
        let data = |org: &str, user: &str| {
            let mut data = own(&lender, user, json!([borrower("Ann", "ann@example.com")]));
            data["company"] = json!({ "lenderID": org });
            data
        };
        let (own_id, user) = (broker.org.public_id.as_str(), officer.public_id.as_str());
        let invalid = "Parameter lenderID and/or userUID invalid.";
        for (who, org, user) in [
            (&lender, "NOBODY00", user),
            (&lender, "", user),
            (&lender, own_id, ""),
            (&lender, own_id, "NOBODY00"),
            (&lender, own_id, "a\u{0}b"),
            (&lender, own_id, foreign.public_id.as_str()),
            // The broker's officer is none of the lender's.
            (&lender, lender.org.public_id.as_str(), user),
            (&lender, other.org.public_id.as_str(), foreign.public_id.as_str()),
            (&lender, vendor.org.public_id.as_str(), user),
            (&broker, lender.org.public_id.as_str(), user),
            (&other, own_id, user),
        ] {
            is_error(&world.call(who, INVITE, &data(org, user)).await, 401, invalid);
        }
        // Who may not is told so before what is wrong with the rest.
        let nothing = json!({ "company": { "lenderID": "NOBODY00" }, "user": { "userUID": "x" }, "loan": 7 });
        is_error(&world.call(&lender, INVITE, &nothing).await, 401, invalid);
        assert_eq!(world.rows("lead").await, 0);
        for who in [&lender, &broker] {
            assert_eq!(success(&world.call(who, INVITE, &data(own_id, user)).await), Value::Null);
        }
        // Another organisation's lead answers like none.
        let made = json!({
            "borrower": { "email": "ann@example.com" },
            "loan": serde_json::from_str::<Value>(include_str!("stock/signup.json")).expect("JSON")["loan"],
        });
        let made = with(made, "/loan/loanOfficerUID", Value::Null);
        let made = success(&world.call(&other, "/set-signup-product-pricing", &made).await);
        let mut named = data(own_id, user);
        named["publicID"] = made["bsmLeadUID"].clone();
        let message = "Parameter publicID invalid format.";
        is_error(&world.call(&lender, INVITE, &named).await, 501, message);
        assert_eq!(world.rows("lead").await, 3);
    }

    async fn a_set_up_that_was_begun_has_to_be_done(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&wholesale).await;
        let made = success(&world.call(&me, "/broker-setup-url", &crate::setup::sample()).await);
        let mut data = sample();
        data["company"]["lenderID"] = made["lenderID"].clone();
        data["publicID"] = Value::Null;
        let message = "Broker has not been set up.";
        is_error(&world.call(&me, INVITE, &data).await, 501, message);
        // Before anything that is wrong with the rest.
        data["loan"] = json!(7);
        is_error(&world.call(&me, INVITE, &data).await, 501, message);
        assert_eq!((world.rows("lead").await, world.rows("message").await), (0, 0));
    }

    async fn names_of_strangers_stay_out_of_letters(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let officer = world.staff(&me.org, 1, "olive.officer@example.com").await;
        let user = officer.public_id.as_str();
        for (place, name) in [
            "<script>alert(1)</script>", "Visit https://evil.example", "{{ 7 * 7 }}", "Ann\" <x@example.com>, \"B",
        ].into_iter().enumerate() {
            let email = format!("ann{place}@example.com");
            let mut hostile = borrower("Ann", &email);
            hostile["firstName"] = json!(name);
            let data = own(&me, user, json!([hostile]));
            assert_eq!(success(&world.call(&me, INVITE, &data).await), Value::Null);
        }
        let letters = letters(&world).await;
        assert_eq!(letters.len(), 4);
        for letter in letters {
            let readable = letter.readable();
            for bad in ["<script>alert", "evil.example", "7 * 7", "49", "x@example.com"] {
                assert!(!readable.contains(bad), "{bad}: {readable}");
            }
        }
    }
}
