//! The demo's brokers and its vendor, with the ids the samples of the public text name.

use lintel_domain::company::CompanyFacts;
use lintel_domain::license::StateCode;

use super::cast::{FIRST_BROKER, Member, SECOND_BROKER, THIRD_BROKER};
use super::leads::{DemoLead, OF_BROKER};

/// A broker of the demo lender.
pub(super) struct Broker {
    pub id: &'static str,
    /// What the lender calls it.
    pub uid: Option<&'static str>,
    pub name: &'static str,
    pub nmls: &'static str,
    pub branches: &'static [(&'static str, &'static str)],
    /// Its people; whoever has none has not been set up yet.
    pub people: &'static [Member],
    /// Who is there before it is set up.
    pub early: &'static [Member],
    pub leads: &'static [DemoLead],
}

/// The first one is the one the samples set up.
pub(super) const BROKERS: [Broker; 3] = [
    Broker {
        id: "6SGKSI3X",
        uid: Some("aYF1VBsd46alkI3KD"),
        name: "Tide Pool Mortgage Brokers (demo)",
        nmls: "9900002",
        branches: &[
            ("TIDHLHOP", "Tide branch (demo)"),
            ("TYHAOPOK", "Pool branch (demo)"),
            ("PQAMLALD", "Pier branch (demo)"),
        ],
        people: &[],
        early: &FIRST_BROKER,
        leads: &OF_BROKER,
    },
    Broker {
        id: "IHX4SFKS",
        uid: Some("demo-second-broker"),
        name: "Second Mate Home Loans (demo)",
        nmls: "9900003",
        branches: &[],
        people: &SECOND_BROKER,
        early: &[],
        leads: &[],
    },
    Broker {
        id: "4G7230D6",
        uid: Some("demo-third-broker"),
        name: "Third Reef Lending (demo)",
        nmls: "9900004",
        branches: &[],
        people: &THIRD_BROKER,
        early: &[],
        leads: &[],
    },
];

/// The vendor's name.
pub(super) const VENDOR_NAME: &str = "Buoy Services (demo)";

/// What the demo lender says about itself.
pub(super) fn lender_facts(name: &str, nmls: Option<String>) -> CompanyFacts {
    let text = |text: &str| Some(text.to_owned());
    CompanyFacts {
        name: name.to_owned(),
        nmls,
        legal_name: text("Harbor Light Mortgage, Inc. (demo)"),
        street: text("1 Example Wharf"),
        city: text("Bremerton"),
        state: StateCode::parse("WA"),
        postal_code: text("98337"),
        county: text("Kitsap"),
        website: text("https://harborlight.example.com"),
        phone: text("3605550199"),
        email: text("hello@example.com"),
        about: text("An invented lender that shows what Lintel does. It lends nothing."),
        about_short: text("An invented lender (demo)."),
        offers_conventional: Some(true),
        offers_fha: Some(true),
        offers_va: Some(true),
        brand_color: text("#0b5c6b"),
        accent_color: text("#b5482a"),
        ..CompanyFacts::default()
    }
}
