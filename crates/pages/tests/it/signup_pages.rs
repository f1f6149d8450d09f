//! The borrower's pages: each documented parameter in its field, hostile ones nowhere, a form sent
//! once and twice, an account opened by its letter.

use std::sync::Arc;

use lintel_app::by::By;
use lintel_app::job::drain;
use lintel_app::lead::{self, LeadBorrower, PricedLoan, Signup};
use lintel_app::message;
use lintel_app::people;
use lintel_app::ports::{MemoryPost, MemorySms, Outgoing};
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::organisation::Organisation;
use lintel_domain::role::Role;
use lintel_domain::scenario::PropertyKind;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_testkit::both;

use crate::office::{Office, a_person};
use crate::tab::{Tab, URL, filled, form, leads_to, value};

/// Every documented parameter with a value, and what its field shows.
const EVERYTHING: [(&str, &str, &str); 39] = [
    ("firstName", "Sparky", "Sparky"),
    ("lastName", "Test 🏡 case", "Test 🏡 case"),
    ("phonePrimary", "555-555-5555", "555-555-5555"),
    ("phoneSecondary", "7142357114", "7142357114"),
    ("email", "sparky@example.com", "sparky@example.com"),
    ("dob", "01/15/1980", "01/15/1980"),
    ("status", "Married", "Married"),
    ("primaryAddressStreet", "1 Example St", "1 Example St"),
    ("primaryAddressCity", "Springvale", "Springvale"),
    ("primaryAddressState", "ME", "ME"),
    ("primaryAddressZipcode", "04083", "04083"),
    ("coBoFirstName", "Ann", "Ann"),
    ("coBoLastName", "O'Neil", "O'Neil"),
    ("coBoPhonePrimary", "555-555-0101", "555-555-0101"),
    ("coBoPhoneSecondary", "555-555-0102", "555-555-0102"),
    ("coBoEmail", "ann@example.com", "ann@example.com"),
    ("coBoDOB", "1982-03-04", "03/04/1982"),
    ("coBoStatus", "Unmarried", "Unmarried"),
    ("coBoPrimaryAddressStreet", "2 Example St", "2 Example St"),
    ("coBoPrimaryAddressCity", "Sanford", "Sanford"),
    ("coBoPrimaryAddressState", "me", "ME"),
    ("coBoPrimaryAddressZipcode", "04073-1234", "04073-1234"),
    ("purchaseAddressStreet", "3 Example St", "3 Example St"),
    ("purchaseAddressCity", "Portland", "Portland"),
    ("purchaseAddressState", "ME", "ME"),
    ("purchaseAddressZipcode", "04101", "04101"),
    ("wholesaleLoanID", "WL-1", "WL-1"),
    ("userTempPublicID", "TMP12345", "TMP12345"),
    ("borrowerUID", "12001", "12001"),
    ("businessChannel", "Wholesale", "Wholesale"),
    ("isHomeStyleEnergy", "1", "1"),
    ("currentLoanAmount", "250000", "250000"),
    ("currentLoanRate", "6.5", "6.5"),
    ("currentMonthlyPayment", "1315.84", "1315.84"),
    ("cashOut", "10000", "10000"),
    ("appType", "ShortAUS", "ShortAUS"),
    ("isTBDLoanHardStop", "0", "0"),
    ("solarCost", "20000", "20000"),
    ("autoCheckTOUPP", "1", "1"),
];

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

async fn slug_path(office: &Office, org: &Organisation) -> String {
    let url = lead::signup_url(&office.app, org)
        .await
        .expect("an address");
    url.strip_prefix(URL).expect("ours").to_owned()
}

fn offer() -> PricedLoan {
    let pct = |text: &str| Pct::parse_decimal(text).expect("a rate");
    PricedLoan {
        street: Some("5361 Example Dr".to_owned()),
        city: Some("Springvale".to_owned()),
        state: Some("ME".to_owned()),
        postal_code: "04083".to_owned(),
        purpose: Some(Purpose::RefinanceCashOut),
        lock_days: Some(30),
        home_price: Some(Cents::new(50_000_000)),
        down_payment: Some(Cents::new(25_000_000)),
        cash_out: Some(Cents::new(1_000_000)),
        score: Some(751),
        monthly_income: Some(Cents::new(543_210)),
        monthly_debts: Some(Cents::new(95_162)),
        property: Some(PropertyKind::SingleFamily),
        occupancy: Some(Occupancy::PrimaryResidence),
        had_bankruptcy: Some(true),
        had_foreclosure: None,
        waives_escrow: Some(true),
        is_first_time_buyer: None,
        employment: None,
        documentation: None,
        homes_owned: None,
        finances_upfront_fee: None,
        is_flip: None,
        is_streamline: None,
        program: Some(Program::Conventional),
        is_adjustable: Some(true),
        amortization_years: Some(30),
        arm_type: Some("7/1".to_owned()),
        arm_margin: Some(pct("2.25")),
        arm_caps: Some("5/2/5".to_owned()),
        has_lender_paid_mi: None,
        is_hpml: None,
        note_rate: Some(pct("4.5")),
        apr: Some(pct("4.552")),
        monthly_payment: Some(Cents::new(131_584)),
        points: Some(pct("-1")),
        points_amount: Some(Cents::new(-260_000)),
        campaign_provider_id: None,
        advertiser_id: None,
        campaign_uid: None,
        campaign_id: None,
        offer_id: None,
        channel: None,
    }
}

/// The path of a link with an offer.
async fn link_path(office: &Office, org: &Organisation) -> String {
    let signup = Signup {
        lender: None,
        lead: None,
        officer: None,
        borrower: LeadBorrower {
            first_name: Some("Zebulon".to_owned()),
            email: Some("zebulon@example.com".to_owned()),
            birth_date: Some(Date::new(1968, 10, 22).expect("a day")),
            ..LeadBorrower::default()
        },
        loan: offer(),
    };
    let made = lead::set_signup(&office.app, &office.caller(org), signup).await;
    made.expect("made")
        .url
        .strip_prefix(URL)
        .expect("ours")
        .to_owned()
}

/// The path of the link a letter holds; its body is in base 64.
fn link_in(letter: &Outgoing, start: &str) -> String {
    let plain = &letter.text;
    let at = plain.find(start).expect("a link");
    plain[at..]
        .split_whitespace()
        .next()
        .expect("a path")
        .to_owned()
}

/// Has everything that is due handed over.
async fn deliver(office: &Office, post: &Arc<MemoryPost>) {
    let handlers = message::handlers(post.clone(), Arc::new(MemorySms::default()));
    drain(&office.app, &handlers).await.expect("delivered");
}

/// The fields a person types.
const TYPED: [(&str, &str); 7] = [
    ("firstName", "Wilhelmina"),
    ("lastName", "Quillfeather"),
    ("email", "wil@example.com"),
    ("phonePrimary", "(207) 555-0142"),
    ("purchaseAddressState", "ME"),
    ("autoCheckTOUPP", "1"),
    ("acceptsElectronicRecords", "1"),
];

both! {
    async fn each_documented_parameter_is_in_its_field(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let draft = a_person("LO-7", Role::LoanOfficer);
        let officer = people::add(&office.app, &By::Operator(&org), draft).await.expect("added");
        let query: Vec<String> = EVERYTHING.iter().map(|(n, v, _)| format!("{n}={}", encoded(v))).collect();
        let link = link_path(&office, &org).await;
        for path in [
            slug_path(&office, &org).await,
            "/app/signup/partner/LO-7".to_owned(),
            format!("/app/signup/partner/{}", officer.public_id),
            link.split('?').next().expect("a path").to_owned(),
        ] {
            let html = Tab::new(&office.router).page(&format!("{path}?{}", query.join("&")), 200).await;
            for (name, _, shown) in EVERYTHING {
                assert_eq!(value(&html, &path, name), shown, "{name} at {path}");
            }
            assert!(form(&html, &path).iter().any(|(n, v)| n == "hasCoBorrower" && v == "1"));
            assert!(!form(&html, &path).iter().any(|(n, _)| n == "acceptsElectronicRecords"));
        }
        let page = Tab::new(&office.router).page("/app/signup/partner/LO-7", 200).await;
        assert!(page.contains("Adam Sample LO-7") && page.contains("NMLS #334455"), "{page}");
    }

    async fn hostile_parameters_are_left_out(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let path = slug_path(&office, &org).await;
        let long = "x".repeat(60_000);
        for (query, name, shown) in [
            ("firstName=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "firstName", "<script>alert(1)</script>"),
            ("firstName=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "firstName", "\"><img src=x onerror=alert(1)>"),
            ("firstName[]=x", "firstName", ""),
            ("firstName=a&firstName=b", "firstName", "a"),
            ("firstName=%FF%FE", "firstName", ""),
            ("firstName=%ZZ", "firstName", "%ZZ"),
            ("firstName=A%E2%80%AEnn", "firstName", "Ann"),
            ("firstName=%E2%80%8B", "firstName", ""),
            ("firstName=A%00nn", "firstName", ""),
            (&*format!("firstName={long}"), "firstName", ""),
            (&*format!("firstName={}", "x".repeat(101)), "firstName", ""),
            ("dob=02%2F30%2F1980", "dob", ""),
            ("dob=11%2F22%2F2015", "dob", ""),
            ("dob=01%2F01%2F1890", "dob", ""),
            ("email=nobody", "email", ""),
            ("email=a%40example.com%0D%0ABcc%3A%20b%40example.com", "email", ""),
            ("phonePrimary=call%20me", "phonePrimary", ""),
            ("status=Divorced", "status", ""),
            ("purchaseAddressState=ZZ", "purchaseAddressState", ""),
            ("currentLoanRate=NaN", "currentLoanRate", ""),
            ("currentLoanAmount=1e400", "currentLoanAmount", ""),
            ("cashOut=-5", "cashOut", ""),
            ("&&&=&firstName=Ann&", "firstName", "Ann"),
        ] {
            let html = Tab::new(&office.router).page(&format!("{path}?{query}"), 200).await;
            let name_of = query.get(..40).unwrap_or(query);
            assert_eq!(value(&html, &path, name), shown, "{name_of}");
            assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{name_of}");
        }
        assert_eq!(lead::list(&office.app, &org, None, 9, 0).await.expect("listed").total, 0);
    }

    async fn the_offer_is_shown_as_it_was_sent_and_nothing_beside_it(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let link = link_path(&office, &org).await;
        let path = link.split('?').next().expect("a path");
        let html = Tab::new(&office.router).page(&link, 200).await;
        for text in [
            "4.500%", "4.552%", "$1,315.84", "Conventional, 30 years, adjustable 7/1",
            "$500,000", "$250,000", "$10,000", "$2,600.00 (1.000%)", "Lender credit", "30 days",
            "5361 Example Dr, Springvale, ME 04083", "Refinance with cash out", "2.250%",
            "5% at first, 2% each time after, 5% in all", "not a commitment to lend",
            "Property taxes and insurance are not part of the payment.",
        ] {
            assert!(html.contains(text), "{text} is not there");
        }
        for text in ["751", "5,432", "951.62", "ankruptcy"] {
            assert!(!html.contains(text), "{text} is shown");
        }
        for (name, shown) in [
            ("firstName", "Zebulon"), ("dob", "10/22/1968"), ("loanPurpose", "RefinanceCashOut"),
        ] {
            assert_eq!(value(&html, path, name), shown);
        }
    }

    async fn a_form_is_taken_once_and_says_nothing_about_accounts(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let path = slug_path(&office, &org).await;
        let mut tab = Tab::new(&office.router);
        let html = tab.page(&path, 200).await;
        let fields = filled(form(&html, &path), &TYPED);
        let done = leads_to(&tab.post(&path, &fields).await);
        assert_eq!(done, format!("/app/signup/done?c={}", org.public_id));
        assert_eq!(leads_to(&tab.post(&path, &fields).await), done, "sent twice");
        let first = tab.page(&done, 200).await;
        assert!(first.contains("Check your email"), "{first}");
        // Somebody who has an account now sees the same.
        let mut other = Tab::new(&office.router);
        assert_eq!(leads_to(&other.send(&path, &path, &TYPED).await), done);
        assert_eq!(other.page(&done, 200).await, first);
        assert_eq!(lead::list(&office.app, &org, None, 9, 0).await.expect("listed").total, 2);
    }

    async fn mistakes_stand_beside_their_fields(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let path = slug_path(&office, &org).await;
        let mut tab = Tab::new(&office.router);
        let typed = [
            ("firstName", "<b>Ann</b>"), ("email", "nobody"), ("dob", "1/1/2020"),
            ("hasCoBorrower", "1"), ("coBoFirstName", "Bob"), ("currentLoanAmount", "much"),
        ];
        let answer = tab.send(&path, &path, &typed).await;
        assert_eq!(answer.status.as_u16(), 422);
        let html = answer.text();
        for text in [
            "Enter your last name", "Enter your email address such as name@example.com",
            "Enter your phone number", "Enter your date of birth as MM/DD/YYYY",
            "Choose the state the property is in", "Enter the co-borrower&#",
            "Enter what you still owe in dollars", "Tick that you accept the terms",
            "Tick that you agree to records", "id=\"email-error\"", "href=\"#email\"",
        ] {
            assert!(html.contains(text), "{text} is not said: {html}");
        }
        assert_eq!(value(&html, &path, "firstName"), "<b>Ann</b>");
        assert!(!html.contains("<b>Ann"));
        let fixed = filled(form(&html, &path), &TYPED);
        let fixed = filled(fixed, &[
            ("dob", ""), ("coBoLastName", "Example"), ("currentLoanAmount", ""),
        ]);
        leads_to(&tab.post(&path, &fixed).await);
    }

    async fn forms_from_elsewhere_are_refused(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let path = slug_path(&office, &org).await;
        let html = Tab::new(&office.router).page(&path, 200).await;
        let fields = filled(form(&html, &path), &TYPED);
        let answer = Tab::new(&office.router).post(&path, &fields).await;
        assert_eq!(answer.status.as_u16(), 403, "another browser's form");
        assert_eq!(lead::list(&office.app, &org, None, 9, 0).await.expect("listed").total, 0);
    }

    async fn links_that_lead_nowhere_are_all_alike(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let path = slug_path(&office, &org).await;
        let mut pages = Vec::new();
        for path in [
            "/app/signup/p/nobody", &format!("{path}/r/NOSUCHCODE12"), &format!("{path}/r/x"),
            "/app/signup/partner/NOSUCH12", "/app/signup/partner/%00", "/app/signup/p/%F0%9F%A6%94",
            &format!("/app/signup/partner/{}", "x".repeat(3000)),
        ] {
            pages.push(Tab::new(&office.router).page(path, 410).await);
        }
        pages.dedup();
        assert_eq!(pages.len(), 1);
        let mut tab = Tab::new(&office.router);
        let welcome = tab.page("/app/welcome/nothing", 410).await;
        assert!(welcome.contains("This link no longer works"));
        assert_eq!(leads_to(&tab.get("/app/home").await), "/app/sign-in");
    }

    async fn a_borrower_comes_in_by_the_letter_and_later_by_password(db) {
        let office = Office::on(&db);
        let org = office.lender().await;
        let link = link_path(&office, &org).await;
        let path = link.split('?').next().expect("a path").to_owned();
        let mut tab = Tab::new(&office.router);
        leads_to(&tab.send(&link, &path, &TYPED).await);
        let used = tab.page(&link, 200).await;
        assert!(used.contains("already signed up") && !used.contains("Zebulon"), "{used}");
        let post = Arc::new(MemoryPost::default());
        deliver(&office, &post).await;
        let welcome = link_in(&post.letters()[0], "/app/welcome/");
        let short = tab.send(&welcome, &welcome, &[("password", "short")]).await;
        assert_eq!(short.status.as_u16(), 422);
        assert!(short.text().contains("12"), "{}", short.text());
        let password = ("password", "three lanterns by the quay");
        assert_eq!(leads_to(&tab.send(&welcome, &welcome, &[password]).await), "/app/home");
        let home = tab.page("/app/home", 200).await;
        for text in ["Hello Wilhelmina", "4.500%", "Refinance with cash out", "wil@example.com"] {
            assert!(home.contains(text), "{text}: {home}");
        }
        tab.page(&welcome, 410).await;
        assert!(home.contains("I want no mail about rates"));
        let page = "/app/home";
        assert_eq!(leads_to(&tab.send(page, "/app/mail", &[("wants_mail", "0")]).await), page);
        assert!(tab.page(page, 200).await.contains("You get no mail about rates."));
        assert_eq!(office.rows("mail_choice").await, 1);
        leads_to(&tab.send(page, "/app/mail", &[("wants_mail", "1")]).await);
        assert!(tab.page(page, 200).await.contains("I want no mail about rates"));
        assert_eq!(leads_to(&tab.send("/app/home", "/app/sign-out", &[]).await), "/app/sign-in");
        assert_eq!(leads_to(&tab.get("/app/home").await), "/app/sign-in");
        let wrong = [("email", "wil@example.com"), ("password", "another one entirely")];
        let refused = tab.send("/app/sign-in", "/app/sign-in", &wrong).await;
        assert_eq!(refused.status.as_u16(), 422);
        let right = [("email", "WIL@example.com"), password];
        assert_eq!(leads_to(&tab.send("/app/sign-in", "/app/sign-in", &right).await), "/app/home");
        let staff = leads_to(&tab.get("/lender/home").await);
        assert_eq!(staff, "/lender/sign-in", "a borrower is no staff");
        let asked = tab.send("/app/forgot-password", "/app/forgot-password", &[("email", "nobody@example.com")]).await;
        let known = tab.send("/app/forgot-password", "/app/forgot-password", &[("email", "wil@example.com")]).await;
        assert_eq!(asked.text(), known.text());
        deliver(&office, &post).await;
        assert_eq!(post.letters().len(), 2);
    }
}
