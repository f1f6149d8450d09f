//! The company's profile as fields of a form: the set-up and the settings show the same ones.

use lintel_domain::application::sensitive::Sensitive;
use lintel_domain::company::{CompanyDraft, CompanyFacts, LegalForm, OriginatorType};
use lintel_domain::entry::Entry;
use lintel_domain::license::StateCode;

use super::parts::Group;
use super::states;
use crate::fields::{Choice, Field};
use crate::posted::Posted;

/// Whose form it is: what a lender decides about a broker is not in the broker's own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A broker that is being set up.
    Setup,
    /// A broker's own settings.
    Broker,
    /// A lender's own settings.
    Lender,
}

/// What the legal forms are called.
pub(crate) const fn legal_form(form: LegalForm) -> &'static str {
    match form {
        LegalForm::Corporation => "Corporation",
        LegalForm::LimitedLiabilityCompany => "Limited liability company (LLC)",
        LegalForm::Partnership => "Partnership",
        LegalForm::SoleProprietorship => "Sole proprietorship",
        LegalForm::Other => "Other",
    }
}

/// What the kinds of originators are called.
pub(crate) const fn originator(kind: OriginatorType) -> &'static str {
    match kind {
        OriginatorType::Broker => "Broker",
        OriginatorType::Correspondent => "Correspondent",
    }
}

fn given(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

/// All groups, filled with what is stored.
pub(crate) fn groups(facts: &CompanyFacts, audience: Audience) -> Vec<Group> {
    let mut groups = vec![
        identity(facts, audience),
        address(facts, audience),
        contact(facts, audience),
        products(facts, audience),
    ];
    groups.push(about(facts));
    groups
}

/// The same groups with what was typed, and what is wrong with it.
pub(crate) fn again(
    groups: Vec<Group>,
    form: &Posted,
    mistakes: &crate::fields::Mistakes,
) -> Vec<Group> {
    let refill = |field: Field| {
        // A tax number is never sent back to a browser.
        let field = if field.name() == "tax_id" {
            field
        } else {
            field.with(form)
        };
        field.error(mistakes)
    };
    let group = |group: Group| Group {
        fields: group.fields.into_iter().map(refill).collect(),
        ..group
    };
    groups.into_iter().map(group).collect()
}

fn needed(field: Field, audience: Audience) -> Field {
    match audience {
        Audience::Setup | Audience::Broker => field.required(),
        Audience::Lender => field,
    }
}

fn identity(facts: &CompanyFacts, audience: Audience) -> Group {
    let tax_id = Field::text("tax_id", "Tax ID (EIN)").auto("off").half();
    let tax_id = match &facts.tax_id {
        Some(stored) => tax_id.hint(format!(
            "The number on file ends in {}. Leave this empty to keep it.",
            stored.last_four()
        )),
        None => needed(
            tax_id.hint("Nine digits. It is stored encrypted."),
            audience,
        ),
    };
    let legal_forms = LegalForm::ALL.iter();
    let legal_forms = legal_forms.map(|f| Choice::new(f.as_str(), legal_form(*f)));
    let legal_forms = std::iter::once(Choice::new("", "Not stated")).chain(legal_forms);
    let mut fields = vec![
        Field::text("name", "Company name")
            .value(&*facts.name)
            .hint("As borrowers know it.")
            .auto("organization")
            .required()
            .max(200)
            .half(),
        needed(Field::text("legal_name", "Legal name"), audience)
            .value(given(facts.legal_name.as_ref()))
            .hint("As registered, with any “dba”.")
            .max(200)
            .half(),
        Field::select("legal_form", "Legal form", legal_forms.collect())
            .value(facts.legal_form.map_or("", LegalForm::as_str))
            .half(),
        needed(Field::text("nmls", "Company NMLS number"), audience)
            .value(given(facts.nmls.as_ref()))
            .hint("Up to 12 digits.")
            .max(12)
            .half(),
        tax_id,
    ];
    if audience != Audience::Lender {
        let kinds = OriginatorType::ALL.iter();
        let kinds = kinds.map(|k| Choice::new(k.as_str(), originator(*k)));
        let kind = facts.originator.unwrap_or(OriginatorType::Broker);
        let field = Field::select("originator", "Originator type", kinds.collect());
        fields.push(field.value(kind.as_str()).half());
    }
    Group::new("Company", fields)
}

fn address(facts: &CompanyFacts, audience: Audience) -> Group {
    let state = facts.state.map_or("", StateCode::as_str);
    let fields = vec![
        needed(Field::text("street", "Street address"), audience)
            .value(given(facts.street.as_ref()))
            .auto("address-line1")
            .max(200)
            .half(),
        Field::text("unit", "Suite or unit")
            .value(given(facts.unit.as_ref()))
            .auto("address-line2")
            .max(100)
            .half(),
        needed(Field::text("city", "City"), audience)
            .value(given(facts.city.as_ref()))
            .auto("address-level2")
            .max(100)
            .third(),
        needed(
            Field::select("state", "State", states::options("Choose a state")),
            audience,
        )
        .value(state)
        .auto("address-level1")
        .third(),
        needed(Field::text("postal_code", "ZIP code"), audience)
            .value(given(facts.postal_code.as_ref()))
            .auto("postal-code")
            .max(10)
            .third(),
        Field::text("county", "County")
            .value(given(facts.county.as_ref()))
            .max(100)
            .half(),
        Field::text("country", "Country")
            .value(given(facts.country.as_ref()))
            .auto("country-name")
            .max(100)
            .half(),
    ];
    Group::new("Address", fields)
}

fn contact(facts: &CompanyFacts, audience: Audience) -> Group {
    let fields = vec![
        needed(Field::tel("phone", "Phone"), audience)
            .value(given(facts.phone.as_ref()))
            .auto("tel")
            .max(30)
            .half(),
        Field::text("phone_extension", "Extension")
            .value(given(facts.phone_extension.as_ref()))
            .hint("Up to five digits.")
            .auto("tel-extension")
            .max(5)
            .half(),
        Field::email("email", "Email")
            .value(given(facts.email.as_ref()))
            .auto("email")
            .max(254)
            .half(),
        Field::url("website", "Website")
            .value(given(facts.website.as_ref()))
            .hint("Starts with https://")
            .auto("url")
            .max(2000)
            .half(),
    ];
    Group::new("Contact", fields).hint("Borrowers see these on your pages.")
}

fn products(facts: &CompanyFacts, audience: Audience) -> Group {
    let mut fields = vec![
        Field::checkbox("offers_conventional", "Conventional loans")
            .checked(facts.offers_conventional.unwrap_or(false)),
        Field::checkbox("offers_fha", "FHA loans").checked(facts.offers_fha.unwrap_or(false)),
        Field::checkbox("offers_va", "VA loans").checked(facts.offers_va.unwrap_or(false)),
    ];
    if audience == Audience::Setup {
        let text = facts.officer_compensation.map(percent).unwrap_or_default();
        fields.push(
            Field::text("officer_compensation", "Loan officer compensation (%)")
                .value(text)
                .hint("Of the loan amount, such as 1.00.")
                .required()
                .max(20)
                .half(),
        );
    }
    Group::new("Loans you offer", fields)
}

fn about(facts: &CompanyFacts) -> Group {
    let fields = vec![
        Field::area("about_short", "In one or two sentences")
            .value(given(facts.about_short.as_ref()))
            .max(1000),
        Field::area("about", "In full")
            .value(given(facts.about.as_ref()))
            .max(10_000),
    ];
    Group::new("About the company", fields).hint("Shown to borrowers who open your sign-up page.")
}

/// A percentage as somebody would type it: at least two places.
pub(crate) fn percent(pct: lintel_engine::rate::Pct) -> String {
    let text = pct.to_fixed(9);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let kept = fraction.trim_end_matches('0').len().max(2);
    format!("{whole}.{}", fraction.get(..kept).unwrap_or(fraction))
}

/// What the form says. A field that is not in the form says nothing.
pub(crate) fn draft(form: &Posted) -> CompanyDraft {
    let text = |name: &str| {
        if form.has(name) {
            Entry::Given(form.raw(name).to_owned())
        } else {
            Entry::Absent
        }
    };
    let box_of = |name: &str| Entry::Given(form.is_on(name));
    CompanyDraft {
        name: text("name"),
        legal_name: text("legal_name"),
        street: text("street"),
        unit: text("unit"),
        city: text("city"),
        state: text("state"),
        postal_code: text("postal_code"),
        county: text("county"),
        country: text("country"),
        website: text("website"),
        phone: text("phone"),
        phone_extension: text("phone_extension"),
        email: text("email"),
        nmls: text("nmls"),
        originator: Entry::translated(form.text("originator"), OriginatorType::parse),
        legal_form: Entry::translated(form.text("legal_form"), LegalForm::parse),
        about: text("about"),
        about_short: text("about_short"),
        // Left empty it stays what it is: the form does not show it.
        tax_id: Entry::translated(form.text("tax_id"), |t| Some(Sensitive::new(t.to_owned()))),
        officer_compensation: text("officer_compensation"),
        offers_conventional: box_of("offers_conventional"),
        offers_fha: box_of("offers_fha"),
        offers_va: box_of("offers_va"),
        ..CompanyDraft::default()
    }
}
