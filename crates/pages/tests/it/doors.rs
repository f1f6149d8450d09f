//! Coming in and going out: password, code, link, and who is kept out.

use axum::body::Body;
use axum::http::Method;
use lintel_app::link;
use lintel_app::totp::code_at;
use lintel_domain::organisation::Organisation;
use lintel_domain::role::Role;
use lintel_domain::staff::Person;
use lintel_edge::test_client::TestClient;
use lintel_testkit::both;

use crate::office::Office;
use crate::tab::{Tab, form, leads_to, value};

const PASSWORD: &str = "seven green boats at dawn";
const DOOR: &str = "/lender/sign-in";

/// Gives somebody who came by a link a password, on the account page.
async fn with_password(office: &Office, org: &Organisation, person: &Person) -> Tab {
    let mut tab = office.desk_of(org, person).await;
    let new = [("new_password", PASSWORD), ("repeated", PASSWORD)];
    let answer = tab
        .send("/lender/account", "/lender/account/password", &new)
        .await;
    assert_eq!(leads_to(&answer), "/lender/account");
    let html = tab.page("/lender/account", 200).await;
    assert!(html.contains("Your password is changed."));
    assert!(
        !tab.page("/lender/account", 200)
            .await
            .contains("Your password is changed.")
    );
    tab
}

fn pair<'a>(email: &'a str, password: &'a str) -> [(&'a str, &'a str); 2] {
    [("email", email), ("password", password)]
}

both! {
    async fn a_password_opens_and_sign_out_closes(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let ada = office.person(&lender, "ada", Role::Admin).await;
        with_password(&office, &lender, &ada).await;

        let mut tab = Tab::new(&office.router);
        let asked = tab.get("/lender/home?state=CA").await;
        let door = leads_to(&asked);
        assert_eq!(door, "/lender/sign-in?next=%2Flender%2Fhome%3Fstate%3DCA");
        let wrong = tab.send(&door, DOOR, &pair("ada@example.com", "not the password")).await;
        let unknown = tab.send(&door, DOOR, &pair("nobody@example.com", "not the password")).await;
        assert_eq!((wrong.status.as_u16(), unknown.status.as_u16()), (422, 422));
        let plain = |text: &str| text.replace("ada@example.com", "nobody@example.com");
        assert_eq!(plain(&wrong.text()), unknown.text(), "the two look the same");
        assert!(tab.cookie("lintel").is_none());

        let right = tab.send(&door, DOOR, &pair("Ada@Example.com ", PASSWORD)).await;
        assert_eq!(leads_to(&right), "/lender/home?state=CA");
        let cookie = tab.cookie("lintel").expect("signed in").to_owned();
        tab.page("/lender/home", 200).await;
        assert_eq!(leads_to(&tab.get(DOOR).await), "/lender/home");

        let out = tab.send("/lender/home", "/lender/sign-out", &[]).await;
        assert_eq!(leads_to(&out), DOOR);
        assert!(tab.cookie("lintel").is_none());
        assert!(tab.page(DOOR, 200).await.contains("You are signed out."));
        let mut thief = Tab::new(&office.router).with("lintel", &cookie);
        assert_eq!(leads_to(&thief.get("/lender/home").await), DOOR);
    }

    async fn guessing_is_slowed_down(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let ada = office.person(&lender, "ada", Role::Admin).await;
        with_password(&office, &lender, &ada).await;
        let mut tab = Tab::new(&office.router);
        for _ in 0..5 {
            tab.send(DOOR, DOOR, &pair("ada@example.com", "not the password")).await;
        }
        let answer = tab.send(DOOR, DOOR, &pair("ada@example.com", PASSWORD)).await;
        assert_eq!(answer.status.as_u16(), 429);
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
        assert!(answer.text().contains("too many attempts"));
        office.clock.advance(20 * 60);
        let answer = tab.send(DOOR, DOOR, &pair("ada@example.com", PASSWORD)).await;
        assert_eq!(leads_to(&answer), "/lender/home");
    }

    async fn a_second_step_is_set_up_asked_for_and_switched_off(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let ada = office.person(&lender, "ada", Role::Admin).await;
        let mut tab = with_password(&office, &lender, &ada).await;
        let codes = "/lender/account/codes";
        let html = tab.page(codes, 200).await;
        assert!(html.contains("class=\"qr\""));
        let secret = html.split("data-copy=\"").nth(1).and_then(|t| t.split('"').next()).expect("a secret");
        let code = |office: &Office| code_at(secret, office.app.now()).expect("a code");
        let mut fields = form(&html, codes);
        let set = |fields: &mut crate::tab::Fields, code: &str| {
            for (name, value) in fields.iter_mut() {
                if name == "code" {
                    code.clone_into(value);
                }
            }
        };
        set(&mut fields, "12");
        let wrong = tab.post(codes, &fields).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.text().contains(secret), "the same secret again");
        set(&mut fields, &code(&office));
        let on = tab.post(codes, &fields).await;
        assert_eq!(on.status.as_u16(), 200);
        let recovery = on.text().split("<li>").nth(1).and_then(|t| t.split('<').next().map(str::to_owned)).expect("a code");

        let mut door = Tab::new(&office.router);
        let half = door.send(DOOR, DOOR, &pair("ada@example.com", PASSWORD)).await;
        assert_eq!(leads_to(&half), "/lender/sign-in/code");
        assert!(door.cookie("lintel").is_none());
        let step = "/lender/sign-in/code";
        assert_eq!(door.send(step, step, &[("code", "000000")]).await.status.as_u16(), 422);
        let whole = door.send(step, step, &[("code", &recovery)]).await;
        assert_eq!(leads_to(&whole), "/lender/home");
        assert!(door.cookie("lintel-ticket").is_none());

        office.clock.advance(60);
        let off = [("off_code", &*code(&office))];
        let off = tab.send("/lender/account", "/lender/account/codes/off", &off).await;
        assert_eq!(leads_to(&off), "/lender/account");
        let mut door = Tab::new(&office.router);
        let whole = door.send(DOOR, DOOR, &pair("ada@example.com", PASSWORD)).await;
        assert_eq!(leads_to(&whole), "/lender/home");
    }

    async fn a_link_signs_in_once_and_looking_at_it_does_not(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let ada = office.person(&lender, "ada", Role::Admin).await;
        let caller = office.caller(&lender);
        let url = link::single_sign_on_url(
            &office.app,
            &caller,
            lender.public_id.as_str(),
            ada.public_id.as_str(),
        );
        let url = url.await.expect("made").expect("a link");
        let path = url.strip_prefix(crate::tab::URL).expect("ours").to_owned();
        let look = TestClient::new(office.router.clone());
        for _ in 0..3 {
            let head = look.send(Method::HEAD, &path, None, Body::empty()).await;
            assert_eq!((head.status.as_u16(), head.header("set-cookie")), (200, ""));
        }
        let ahead = look.clone().with_header("sec-purpose", "prefetch;prerender");
        assert_eq!(ahead.get(&path).await.status.as_u16(), 403);
        let mut tab = Tab::new(&office.router);
        assert_eq!(leads_to(&tab.get(&path).await), "/lender/home");
        tab.page("/lender/home", 200).await;
        let mut other = Tab::new(&office.router);
        let gone = other.page(&path, 410).await;
        assert!(other.cookie("lintel").is_none());
        for never in ["/lender/single-sign-on/x", "/lender/single-sign-on/%00", "/lender/single-sign-on/%3Cb%3E"] {
            assert_eq!(other.page(never, 410).await, gone, "{never}");
        }
        assert_eq!(other.get("/lender/new-password/x").await.status.as_u16(), 410);
    }

    async fn forms_come_from_our_own_pages_or_not_at_all(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let ada = office.person(&lender, "ada", Role::Admin).await;
        let mut tab = office.desk_of(&lender, &ada).await;
        let html = tab.page("/lender/account", 200).await;
        let token = value(&html, "/lender/sign-out", "form_token");
        let session = format!("lintel={}", tab.cookie("lintel").expect("a session"));
        let client = TestClient::new(office.router.clone())
            .with_header("host", "lintel.example.com")
            .with_header("cookie", &session);
        let out = "/lender/sign-out";
        let whose = office.desk(&lender, "bea", Role::Admin).await;
        let mut whose = whose;
        let others = value(&whose.page("/lender/account", 200).await, out, "form_token");
        let mut visitor = Tab::new(&office.router);
        let strangers = value(&visitor.page(DOOR, 200).await, DOOR, "form_token");
        for bad in ["", "x", &others, &strangers] {
            let answer = client.post_form(out, &[("form_token", bad)]).await;
            assert_eq!(answer.status.as_u16(), 403, "{bad}");
        }
        let good = [("form_token", &*token)];
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = client.clone().with_header(name, value).post_form(out, &good).await;
            assert_eq!(answer.status.as_u16(), 403, "{name}: {value}");
        }
        let json = serde_json::json!({ "form_token": token });
        assert_eq!(client.post_json(out, &json).await.status.as_u16(), 415);
        let large = format!("form_token={token}&x={}", "y".repeat(7 * 1024 * 1024));
        let answer = client.post_raw(out, "application/x-www-form-urlencoded", large.as_bytes()).await;
        assert_eq!(answer.status.as_u16(), 413);
        assert_eq!(client.get(out).await.status.as_u16(), 405);
        // None of these ended the session; the real form does.
        tab.page("/lender/home", 200).await;
        let ours = client.with_header("origin", crate::tab::URL).with_header("sec-fetch-site", "same-origin");
        assert_eq!(leads_to(&ours.post_form(out, &good).await), DOOR);
    }

    async fn sessions_are_listed_and_ended(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let ada = office.person(&lender, "ada", Role::Admin).await;
        let mut tab = office.desk_of(&lender, &ada).await;
        let mut second = office.desk_of(&lender, &ada).await;
        let mut third = office.desk_of(&lender, &ada).await;
        let one = tab.send("/lender/account", "/lender/account/sessions/end", &[]).await;
        assert_eq!(leads_to(&one), "/lender/account");
        let ends = [&mut second, &mut third];
        let mut open = 0;
        for other in ends {
            open += u8::from(other.get("/lender/home").await.status.as_u16() == 200);
        }
        assert_eq!(open, 1);
        let all = tab.send("/lender/account", "/lender/account/sessions/end-others", &[]).await;
        assert_eq!(leads_to(&all), "/lender/account");
        for mut other in [second, third] {
            assert_eq!(leads_to(&other.get("/lender/home").await), DOOR);
        }
        tab.page("/lender/home", 200).await;
    }

    async fn every_answer_is_protected_in_our_shape(db) {
        let office = Office::on(&db);
        let client = TestClient::new(office.router.clone());
        for (path, status) in [
            ("/", 200),
            (DOOR, 200),
            ("/nowhere", 404),
            ("/lender/nowhere", 404),
            ("/brand/x.css", 404),
            ("/images/x.png", 404),
            ("/assets/style.css", 404),
            ("/lender/home", 303),
        ] {
            let answer = client.get(path).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(!policy.contains("unsafe"), "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        let html = client.get("/").await;
        let html = html.text();
        let style = html.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|t| t.split('"').next()).expect("a sheet");
        let sheet = client.get(style).await;
        assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    }
}
