//! What is wrong with a form of the settings or the set-up, in sentences that say what to do.

use lintel_app::error::AppError;
use lintel_domain::refusal::{
    BranchField, CompanyField, Field as About, ImagePart, PersonField, Rule,
};

use super::license_rows;
use crate::failure::Failure;
use crate::fields::Mistakes;

/// Name of a field and what is wrong with it.
type Told = (String, String);

/// The mistakes a use case found. Whatever the form does not show is said about the form as a whole.
///
/// # Errors
/// Whatever is not about fields.
pub(crate) fn mistakes(
    error: AppError,
    is_shown: impl Fn(&str) -> bool,
) -> Result<Mistakes, Failure> {
    let AppError::Refused(refusal) = &error else {
        return Err(error.into());
    };
    let refused = refusal.mistakes();
    if refused.is_empty() {
        return Err(error.into());
    }
    let mut mistakes = Mistakes::default();
    for (about, rule) in refused {
        let (name, text) = told(&about, rule);
        let name = if is_shown(&name) { &*name } else { "" };
        mistakes.add(name, &text);
    }
    Ok(mistakes)
}

/// Field and sentence.
pub(crate) fn told(about: &About, rule: Rule) -> Told {
    match about {
        About::Company(part) => company(*part, rule),
        About::Person { part, .. } => person(*part, rule),
        About::Branch(part) => branch(*part, rule),
        About::People => (
            "people".to_owned(),
            "Add at least one person with the role Admin.".to_owned(),
        ),
        About::CredentialLabel => plain(
            "label",
            rule,
            "Enter a name for the key pair, such as the system that will use it.",
            "The name may have 200 characters at most.",
            "This name is taken.",
        ),
        other => (String::new(), sentence(&format!("{other} cannot be used."))),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn plain(name: &str, rule: Rule, missing: &str, malformed: &str, conflict: &str) -> Told {
    let text = match rule {
        Rule::Missing => missing,
        Rule::Malformed => malformed,
        Rule::Conflict => conflict,
    };
    (name.to_owned(), text.to_owned())
}

/// A field that is a line of text: it is missing, too long or holds what cannot be printed.
fn line(name: &str, label: &str, most: u32, rule: Rule) -> Told {
    let text = match rule {
        Rule::Missing => format!("Enter the {label}."),
        Rule::Malformed => format!("The {label} may have {most} characters at most, on one line."),
        Rule::Conflict => format!("This {label} is taken."),
    };
    (name.to_owned(), text)
}

/// A field of a certain form.
fn formed(name: &str, label: &str, form: &str, rule: Rule) -> Told {
    let text = match rule {
        Rule::Missing => format!("Enter the {label}: {form}."),
        Rule::Malformed => format!("The {label} is not valid. Use {form}."),
        Rule::Conflict => format!("This {label} is taken."),
    };
    (name.to_owned(), text)
}

const PHONE: &str = "ten digits, such as 714-555-0100";
const EMAIL: &str = "an address such as name@example.com";
const NMLS: &str = "digits only, 12 at most";
const ZIP: &str = "five digits, or nine such as 92649-1234";

fn company(part: CompanyField, rule: Rule) -> Told {
    match part {
        CompanyField::Uid => line("partner_uid", "company's ID", 100, rule),
        CompanyField::Name => line("name", "company name", 200, rule),
        CompanyField::LegalName => line("legal_name", "legal name", 200, rule),
        CompanyField::Street => line("street", "street address", 200, rule),
        CompanyField::Unit => line("unit", "suite or unit", 100, rule),
        CompanyField::City => line("city", "city", 100, rule),
        CompanyField::State => state("state", rule),
        CompanyField::PostalCode => formed("postal_code", "ZIP code", ZIP, rule),
        CompanyField::County => line("county", "county", 100, rule),
        CompanyField::Country => line("country", "country", 100, rule),
        CompanyField::Website => formed(
            "website",
            "website",
            "an address that starts with https:// or http://",
            rule,
        ),
        CompanyField::Phone => formed("phone", "phone number", PHONE, rule),
        CompanyField::PhoneExtension => extension(rule),
        CompanyField::Email => formed("email", "email address", EMAIL, rule),
        CompanyField::Nmls => formed("nmls", "company's NMLS number", NMLS, rule),
        CompanyField::OriginatorType => choice("originator", "originator type"),
        CompanyField::LegalForm => choice("legal_form", "legal form"),
        CompanyField::About => prose("about", "description", "10,000"),
        CompanyField::AboutShort => prose("about_short", "short description", "1,000"),
        CompanyField::TaxId => formed("tax_id", "tax ID", "nine digits, such as 12-3456789", rule),
        CompanyField::OfficerCompensation => formed(
            "officer_compensation",
            "loan officer compensation",
            "a percentage from 0 to 100, such as 1.25",
            rule,
        ),
        CompanyField::PricingTier => line("pricing_tier", "pricing tier", 100, rule),
        CompanyField::OffersConventional => offer("offers_conventional", "conventional"),
        CompanyField::OffersFha => offer("offers_fha", "FHA"),
        CompanyField::OffersVa => offer("offers_va", "VA"),
        CompanyField::Licenses => license_rows::told_list(),
        CompanyField::License { license, part } => license_rows::told(license, part, rule),
        CompanyField::Logo(part) => picture("logo", "logo", part, rule),
        CompanyField::Favicon(part) => picture("favicon", "icon", part, rule),
        CompanyField::BrandColor => color("brand_color", "main color", rule),
        CompanyField::AccentColor => color("accent_color", "second color", rule),
    }
}

fn state(name: &str, rule: Rule) -> Told {
    let text = "Choose a state of the list.";
    plain(name, rule, "Choose the state.", text, text)
}

fn extension(rule: Rule) -> Told {
    formed(
        "phone_extension",
        "extension",
        "digits only, five at most",
        rule,
    )
}

fn choice(name: &str, label: &str) -> Told {
    (
        name.to_owned(),
        format!("Choose the {label} from the list."),
    )
}

fn prose(name: &str, label: &str, most: &str) -> Told {
    let text = format!("The {label} may have {most} characters at most.");
    (name.to_owned(), text)
}

fn offer(name: &str, label: &str) -> Told {
    (
        name.to_owned(),
        format!("Say whether you offer {label} loans."),
    )
}

fn color(name: &str, label: &str, rule: Rule) -> Told {
    formed(
        name,
        label,
        "a number sign and six digits, such as #1f5eff",
        rule,
    )
}

fn picture(name: &str, label: &str, part: ImagePart, rule: Rule) -> Told {
    let text = match (part, rule) {
        (ImagePart::Content, Rule::Missing) => format!("Choose a file for the {label}."),
        (ImagePart::Format, Rule::Missing | Rule::Malformed | Rule::Conflict) => {
            format!("The {label} must be a PNG or JPEG picture.")
        }
        (ImagePart::Content, Rule::Malformed | Rule::Conflict) => format!(
            "The {label} cannot be used. Choose a PNG or JPEG picture of at most 2 MB and 6,000 pixels a side."
        ),
    };
    (name.to_owned(), text)
}

fn person(part: PersonField, rule: Rule) -> Told {
    match part {
        PersonField::Uid => line("uid", "ID in your own systems", 100, rule),
        PersonField::Timezone => choice("timezone", "time zone"),
        PersonField::Headshot(part) => picture("headshot", "picture", part, rule),
        PersonField::FirstName => line("first_name", "first name", 100, rule),
        PersonField::PreferredName => line("preferred_name", "preferred name", 100, rule),
        PersonField::MiddleName => line("middle_name", "middle name", 100, rule),
        PersonField::LastName => line("last_name", "last name", 100, rule),
        PersonField::Phone => formed("phone", "phone number", PHONE, rule),
        PersonField::PhoneExtension => extension(rule),
        PersonField::Email => plain(
            "email",
            rule,
            "Enter the email address.",
            "The email address is not valid. Use an address such as name@example.com.",
            "Somebody else has this email address.",
        ),
        PersonField::Roles => plain(
            "roles",
            rule,
            "Choose at least one role.",
            "Choose roles of the list.",
            "This is the last active administrator. Make somebody else an administrator first.",
        ),
        PersonField::Nmls => formed("nmls", "NMLS number of a loan officer", NMLS, rule),
        PersonField::LosId => line("los_id", "ID in the loan origination system", 100, rule),
        PersonField::PrimaryBranch => choice("primary_branch", "primary branch"),
        PersonField::SecondaryBranches | PersonField::SecondaryBranch { .. } => plain(
            "secondary_branches",
            rule,
            "Choose the other branches.",
            "Choose other branches of the list.",
            "A branch is either the primary one or another one, not both.",
        ),
        PersonField::Licenses => license_rows::told_list(),
        PersonField::License { license, part } => license_rows::told(license, part, rule),
        PersonField::IsAssignable => choice("is_assignable", "assignment"),
        PersonField::WantsMail => choice("wants_mail", "mail preference"),
        PersonField::Status => plain(
            "",
            rule,
            "Say whether the person is active.",
            "Say whether the person is active.",
            "Nobody can switch off the own account or the last active administrator.",
        ),
    }
}

fn branch(part: BranchField, rule: Rule) -> Told {
    match part {
        BranchField::Name => line("name", "name of the branch", 200, rule),
        BranchField::Street => line("street", "street address", 200, rule),
        BranchField::Unit => line("unit", "suite or unit", 200, rule),
        BranchField::City => line("city", "city", 200, rule),
        BranchField::State => state("state", rule),
        BranchField::PostalCode => formed("postal_code", "ZIP code", ZIP, rule),
        BranchField::Phone => formed("phone", "phone number", PHONE, rule),
        BranchField::Nmls => formed("nmls", "NMLS number of the branch", NMLS, rule),
    }
}
