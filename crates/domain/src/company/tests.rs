//! What a company may be called, where it may be and what it needs: tables of good and bad values.

use super::*;
use crate::license::LicenseDraft;
use crate::organisation::OrganisationKind;
use crate::refusal::{CompanyField as F, LicensePart, Rule};

fn text(value: &str) -> Entry<String> {
    Entry::Given(value.to_owned())
}

fn license(state: &str, number: &str) -> LicenseDraft {
    LicenseDraft {
        state: text(state),
        number: text(number),
    }
}

/// What the published sample of the set-up call says, with addresses nobody has.
fn sample() -> CompanyDraft {
    CompanyDraft {
        partner_uid: text("aYF1VBsd46alkI3KD"),
        name: text("ABC Mortgage Company"),
        legal_name: text("ABC Mortgage Company, Inc. dba ABC Loans"),
        street: text("1 Example Street"),
        unit: text("#201"),
        city: text("Sampleton"),
        state: text("CA"),
        postal_code: text("92649"),
        county: text("Orange"),
        country: text("USA"),
        website: text("https://www.example.com"),
        phone: text("888-888-8888"),
        phone_extension: text("12345"),
        email: text("info@example.com"),
        nmls: text("012345"),
        originator: Entry::Absent,
        legal_form: Entry::Given(LegalForm::Corporation),
        about: text("ABC Mortgage is a mortgage firm in California."),
        about_short: text("ABC Mortgage is a great local lender."),
        tax_id: Entry::Given(Sensitive::new("11-1223333".to_owned())),
        officer_compensation: text("1.00"),
        pricing_tier: text("Tier AAA"),
        offers_conventional: Entry::Given(true),
        offers_fha: Entry::Given(true),
        offers_va: Entry::Given(false),
        licenses: Entry::Given(vec![license("TX", "n/a"), license("CA", "09876")]),
        logo: None,
        favicon: None,
        brand_color: Entry::Absent,
        accent_color: Entry::Absent,
    }
}

#[test]
fn the_sample_is_read() {
    let facts = sample().check().expect("the sample is good");
    assert_eq!(facts.name, "ABC Mortgage Company");
    assert_eq!(facts.phone.as_deref(), Some("8888888888"));
    assert_eq!(facts.originator, Some(OriginatorType::Broker));
    assert_eq!(facts.officer_compensation, Some(Pct::new(1_000_000_000)));
    assert_eq!(facts.tax_id.as_ref().map(TaxId::expose), Some("111223333"));
    assert_eq!(facts.tax_id.as_ref().map(TaxId::last_four), Some("3333"));
    assert_eq!(facts.offers_va, Some(false));
    let states: Vec<_> = facts.licenses.iter().map(|l| l.state.as_str()).collect();
    assert_eq!(states, ["CA", "TX"]);
}

#[test]
fn what_is_stored_is_good_as_a_draft() {
    let facts = sample().check().expect("good");
    assert_eq!(CompanyDraft::default().over(&facts).check(), Ok(facts));
}

#[test]
fn a_broker_needs_all_that_is_required_and_a_lender_its_name() {
    let missing = |list: &[F]| -> CompanyMistakes {
        list.iter().map(|field| (*field, Rule::Missing)).collect()
    };
    let needed = [
        F::Uid,
        F::Name,
        F::LegalName,
        F::Street,
        F::City,
        F::State,
        F::PostalCode,
        F::Phone,
        F::Nmls,
        F::TaxId,
        F::OfficerCompensation,
        F::OffersConventional,
        F::OffersFha,
        F::OffersVa,
        F::Licenses,
    ];
    let nothing = CompanyDraft::default();
    assert_eq!(nothing.check(), Err(missing(&needed)));
    let broker = nothing.check_for(OrganisationKind::Broker);
    assert_eq!(broker, Err(missing(&needed[1..])));
    for kind in OrganisationKind::ALL
        .iter()
        .filter(|kind| !kind.has_parent())
    {
        assert_eq!(nothing.check_for(*kind), Err(missing(&[F::Name])));
        let named = CompanyDraft {
            name: text("Lender"),
            ..CompanyDraft::default()
        };
        let facts = named.check_for(*kind).expect("a name is enough");
        assert_eq!(facts.originator, None);
    }
}

type Spoil = fn(&mut CompanyDraft);

const SPOILED: &[(F, Rule, Spoil)] = &[
    (F::Uid, Rule::Malformed, |d| d.partner_uid = text("a\tb")),
    (F::Uid, Rule::Missing, |d| d.partner_uid = text("  ")),
    (F::Uid, Rule::Malformed, |d| {
        d.partner_uid = Entry::Unreadable;
    }),
    (F::Name, Rule::Missing, |d| d.name = text(" ")),
    (F::Name, Rule::Malformed, |d| d.name = text("A\u{0}B")),
    (F::Name, Rule::Malformed, |d| d.name = Entry::Unreadable),
    (F::LegalName, Rule::Malformed, |d| {
        d.legal_name = text("A\nB")
    }),
    (F::Street, Rule::Missing, |d| d.street = Entry::Absent),
    (F::Unit, Rule::Malformed, |d| d.unit = text("\u{202e}201")),
    (F::City, Rule::Missing, |d| d.city = text("")),
    (F::State, Rule::Malformed, |d| d.state = text("California")),
    (F::State, Rule::Malformed, |d| d.state = text("ZZ")),
    (F::PostalCode, Rule::Malformed, |d| {
        d.postal_code = text("9264")
    }),
    (F::County, Rule::Malformed, |d| d.county = Entry::Unreadable),
    (F::Website, Rule::Malformed, |d| {
        d.website = text("javascript:alert(1)");
    }),
    (F::Phone, Rule::Malformed, |d| d.phone = text("888888888")),
    (F::PhoneExtension, Rule::Malformed, |d| {
        d.phone_extension = text("123456");
    }),
    (F::Email, Rule::Malformed, |d| d.email = text("info@")),
    (F::Nmls, Rule::Malformed, |d| d.nmls = text("1234567890123")),
    (F::OriginatorType, Rule::Malformed, |d| {
        d.originator = Entry::Unreadable;
    }),
    (F::LegalForm, Rule::Malformed, |d| {
        d.legal_form = Entry::Unreadable;
    }),
    (F::TaxId, Rule::Malformed, |d| {
        d.tax_id = Entry::Given(Sensitive::new("12345678".to_owned()));
    }),
    (F::TaxId, Rule::Missing, |d| {
        d.tax_id = Entry::Given(Sensitive::new(" ".to_owned()));
    }),
    (F::OfficerCompensation, Rule::Malformed, |d| {
        d.officer_compensation = text("100.000000001");
    }),
    (F::OffersFha, Rule::Malformed, |d| {
        d.offers_fha = Entry::Unreadable
    }),
    (F::OffersVa, Rule::Missing, |d| d.offers_va = Entry::Absent),
    (F::Licenses, Rule::Missing, |d| {
        d.licenses = Entry::Given(Vec::new())
    }),
    (F::Licenses, Rule::Missing, |d| d.licenses = Entry::Absent),
    (F::Licenses, Rule::Malformed, |d| {
        d.licenses = Entry::Unreadable
    }),
    (F::BrandColor, Rule::Malformed, |d| {
        d.brand_color = text("red")
    }),
    (F::AccentColor, Rule::Malformed, |d| {
        d.accent_color = text("#123456;}");
    }),
];

#[test]
fn every_part_is_refused_by_its_name() {
    let long = |n: usize| text(&"a".repeat(n));
    for (field, rule, spoil) in SPOILED {
        let mut draft = sample();
        spoil(&mut draft);
        assert_eq!(draft.check(), Err(vec![(*field, *rule)]), "{field:?}");
    }
    let mut draft = sample();
    draft.name = long(201);
    draft.about = long(10_001);
    draft.about_short = long(1001);
    draft.pricing_tier = long(101);
    draft.licenses = Entry::Given(vec![license("CA", "1"), license("CA", "2")]);
    let second = F::License {
        license: 1,
        part: LicensePart::State,
    };
    assert_eq!(
        draft.check(),
        Err(vec![
            (F::Name, Rule::Malformed),
            (F::About, Rule::Malformed),
            (F::AboutShort, Rule::Malformed),
            (F::PricingTier, Rule::Malformed),
            (second, Rule::Conflict),
        ])
    );
}

#[test]
fn what_is_blank_is_cleared_and_what_is_not_said_stays() {
    let known = sample().check().expect("good");
    let draft = CompanyDraft {
        unit: text(""),
        website: text(" "),
        city: text("Newtown"),
        ..CompanyDraft::default()
    };
    let facts = draft.over(&known).check().expect("good");
    let expected = CompanyFacts {
        unit: None,
        website: None,
        city: Some("Newtown".to_owned()),
        ..known
    };
    assert_eq!(facts, expected);
}

#[test]
fn percentages_are_exact_or_refused() {
    let read = |value: &str| {
        let draft = CompanyDraft {
            officer_compensation: text(value),
            ..sample()
        };
        draft
            .check()
            .ok()
            .and_then(|facts| facts.officer_compensation)
    };
    for (value, e9) in [
        ("0", 0),
        ("1.00", 1_000_000_000),
        ("2.7500000000000000", 2_750_000_000),
        ("0.000000001", 1),
        ("100", 100_000_000_000),
    ] {
        assert_eq!(read(value), Some(Pct::new(e9)), "{value}");
    }
    for bad in [
        "-1",
        "100.1",
        "1e0",
        "1,00",
        "1%",
        "0.0000000001",
        "NaN",
        ".",
        "9".repeat(500).as_str(),
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

#[test]
fn tax_numbers_have_nine_digits_and_do_not_print() {
    for good in ["111223333", "11-1223333", "111-22-3333", " 111223333 "] {
        let id = TaxId::parse(good).expect(good);
        assert_eq!(id.expose(), "111223333");
        assert_eq!(format!("{id:?}"), "[redacted]");
    }
    for bad in [
        "",
        "11122333",
        "1112233334",
        "11 1223333",
        "1-1-1-223333",
        "-111223333",
        "11--1223333",
        "11122333x",
        "１１１２２３３３３",
    ] {
        assert_eq!(TaxId::parse(bad), None, "{bad}");
    }
    let debug = format!("{:?} {:?}", sample(), sample().check());
    assert!(!debug.contains("1223333"), "{debug}");
}
