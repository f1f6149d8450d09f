//! Spelling of companies, people and what they are.

use lintel_domain::company::{LegalForm, OriginatorType};
use lintel_domain::image::ImageKind;
use lintel_domain::refusal::{
    BranchField, CompanyField, ImagePart, LicensePart, PersonField, StatusPart,
};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::AccountStatus;

/// What stands between the roles of one person: "Admin/Loan Officer".
const ROLE_SEPARATOR: char = '/';

/// The path of a part of the company, within `company`.
pub fn company(part: CompanyField) -> String {
    let fixed = match part {
        CompanyField::Uid => "brokerUID",
        CompanyField::Name => "name",
        CompanyField::LegalName => "nameLegal",
        CompanyField::Street => "addressStreet",
        CompanyField::Unit => "addressStreet2",
        CompanyField::City => "addressCity",
        CompanyField::State => "addressState",
        CompanyField::PostalCode => "addressZipcode",
        CompanyField::County => "addressCounty",
        CompanyField::Country => "addressCountry",
        CompanyField::Website => "website",
        CompanyField::Phone => "phone",
        CompanyField::PhoneExtension => "phoneExtension",
        CompanyField::Email => "email",
        CompanyField::Nmls => "nmls",
        CompanyField::OriginatorType => "originatorType",
        CompanyField::LegalForm => "organizationType",
        CompanyField::About => "about",
        CompanyField::AboutShort => "aboutShort",
        CompanyField::TaxId => "tin",
        CompanyField::OfficerCompensation => "loCompensation",
        CompanyField::PricingTier => "pricingTier",
        CompanyField::OffersConventional => "productTypesOffer.conventional",
        CompanyField::OffersFha => "productTypesOffer.fha",
        CompanyField::OffersVa => "productTypesOffer.va",
        CompanyField::Licenses => "licensing",
        CompanyField::License { license, part } => return license_path(license, part),
        CompanyField::Logo(part) => return image("logo", part),
        CompanyField::Favicon(part) => return image("favicon", part),
        // The text has no colours; they are set on a page.
        CompanyField::BrandColor => "brandColor",
        CompanyField::AccentColor => "accentColor",
    };
    fixed.to_owned()
}

/// The path of a part of a person, within `users[i]`.
pub fn person(part: PersonField) -> String {
    let fixed = match part {
        PersonField::Uid => "userUID",
        PersonField::Timezone => "timezone",
        PersonField::Headshot(part) => return image("headshot", part),
        PersonField::FirstName => "firstName",
        PersonField::PreferredName => "firstNamePreferred",
        PersonField::MiddleName => "middleName",
        PersonField::LastName => "lastName",
        PersonField::Phone => "phonePrimary",
        PersonField::PhoneExtension => "phoneExtension",
        PersonField::Email => "email",
        PersonField::Roles => "role",
        PersonField::Nmls => "loanOfficer_nmls",
        PersonField::LosId => "loanOfficerLOSUID",
        PersonField::PrimaryBranch => "primaryBranchID",
        PersonField::SecondaryBranches => "secondaryBranchIDs",
        PersonField::SecondaryBranch { branch } => return format!("secondaryBranchIDs[{branch}]"),
        PersonField::Licenses => "licensing",
        PersonField::License { license, part } => return license_path(license, part),
        PersonField::IsAssignable => "assignable",
        PersonField::WantsMail => "prefEmailNotifications",
        PersonField::Status => "status",
    };
    fixed.to_owned()
}

/// A part of a branch, which this API shows only by its id.
pub const fn branch(part: BranchField) -> &'static str {
    match part {
        BranchField::Name => "branch.name",
        BranchField::Street => "branch.addressStreet",
        BranchField::Unit => "branch.addressStreet2",
        BranchField::City => "branch.addressCity",
        BranchField::State => "branch.addressState",
        BranchField::PostalCode => "branch.addressZipcode",
        BranchField::Phone => "branch.phone",
        BranchField::Nmls => "branch.nmls",
    }
}

/// The path of a part of an entry of `companies` or `users`, whose ids are called differently.
pub fn status_part(list: &str, place: usize, part: StatusPart, id: &str) -> String {
    let part = match part {
        StatusPart::Id => id,
        StatusPart::Status => "status",
    };
    format!("{list}[{place}].{part}")
}

fn license_path(license: usize, part: LicensePart) -> String {
    let part = match part {
        LicensePart::State => "state",
        LicensePart::Number => "licenseNum",
    };
    format!("licensing[{license}].{part}")
}

fn image(name: &str, part: ImagePart) -> String {
    match part {
        ImagePart::Format => format!("{name}.imageFormat"),
        ImagePart::Content => format!("{name}.base64"),
    }
}

/// Whether the text says "yes" in the column Required: then an unreadable value is refused in the
/// same words as an absent one.
pub const fn needs_of_company(part: CompanyField) -> bool {
    match part {
        CompanyField::Uid
        | CompanyField::Name
        | CompanyField::LegalName
        | CompanyField::Street
        | CompanyField::City
        | CompanyField::State
        | CompanyField::PostalCode
        | CompanyField::Phone
        | CompanyField::Nmls
        | CompanyField::TaxId
        | CompanyField::OfficerCompensation
        | CompanyField::OffersConventional
        | CompanyField::OffersFha
        | CompanyField::OffersVa
        | CompanyField::Licenses
        | CompanyField::License { .. }
        | CompanyField::Logo(_)
        | CompanyField::Favicon(_) => true,
        CompanyField::Unit
        | CompanyField::County
        | CompanyField::Country
        | CompanyField::Website
        | CompanyField::PhoneExtension
        | CompanyField::Email
        | CompanyField::OriginatorType
        | CompanyField::LegalForm
        | CompanyField::About
        | CompanyField::AboutShort
        | CompanyField::PricingTier
        | CompanyField::BrandColor
        | CompanyField::AccentColor => false,
    }
}

/// As [`needs_of_company`], of a person.
pub const fn needs_of_person(part: PersonField) -> bool {
    match part {
        PersonField::Uid
        | PersonField::FirstName
        | PersonField::LastName
        | PersonField::Phone
        | PersonField::Email
        | PersonField::Roles
        | PersonField::Nmls
        | PersonField::License { .. }
        | PersonField::Headshot(_) => true,
        PersonField::Timezone
        | PersonField::PreferredName
        | PersonField::MiddleName
        | PersonField::PhoneExtension
        | PersonField::LosId
        | PersonField::PrimaryBranch
        | PersonField::SecondaryBranches
        | PersonField::SecondaryBranch { .. }
        | PersonField::Licenses
        | PersonField::IsAssignable
        | PersonField::WantsMail
        | PersonField::Status => false,
    }
}

/// `subRole`, and each part of `role`.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "Admin",
        Role::LoanOfficer => "Loan Officer",
        Role::LoanOfficerAssistant => "Loan Officer Assistant",
        Role::Processor => "Processor",
        Role::Underwriter => "Underwriter",
        Role::AccountExecutive => "Account Executive",
        Role::AccountManager => "Account Manager",
        Role::Closer => "Closer",
        Role::Representative => "Representative",
        Role::SalesManager => "Sales Manager",
    }
}

/// Reads one role.
pub fn parse_role(text: &str) -> Option<Role> {
    Role::ALL.iter().copied().find(|known| role(*known) == text)
}

/// Reads the roles of one person, in any order, each once: "Admin/Loan Officer".
pub fn parse_roles(text: &str) -> Option<RoleSet> {
    let mut roles = Vec::new();
    for part in text.split(ROLE_SEPARATOR) {
        let role = parse_role(part)?;
        if roles.contains(&role) {
            return None;
        }
        roles.push(role);
    }
    RoleSet::try_new(roles)
}

/// The values of `originatorType`.
pub const ORIGINATOR_TYPES: &[(&str, OriginatorType)] = &[
    ("Broker", OriginatorType::Broker),
    ("Correspondent", OriginatorType::Correspondent),
];

/// The values of `organizationType`.
pub const LEGAL_FORMS: &[(&str, LegalForm)] = &[
    ("Corporation", LegalForm::Corporation),
    (
        "LimitedLiabilityCompany",
        LegalForm::LimitedLiabilityCompany,
    ),
    ("Partnership", LegalForm::Partnership),
    ("SoleProprietorship", LegalForm::SoleProprietorship),
    ("Other", LegalForm::Other),
];

/// The values of `imageFormat`.
pub const IMAGE_FORMATS: &[(&str, ImageKind)] = &[("png", ImageKind::Png), ("jpg", ImageKind::Jpg)];

/// The values of `status`.
pub const STATUSES: &[(&str, AccountStatus)] = &[
    ("Activate", AccountStatus::Active),
    ("Deactivate", AccountStatus::Inactive),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_they_are_written() {
        for known in Role::ALL {
            assert_eq!(parse_role(role(*known)), Some(*known));
        }
        let both = RoleSet::try_new([Role::Admin, Role::LoanOfficer]);
        assert_eq!(parse_roles("Admin/Loan Officer"), both);
        assert_eq!(parse_roles("Loan Officer/Admin"), both);
        let all: Vec<&str> = Role::ALL.iter().copied().map(role).collect();
        assert_eq!(
            parse_roles(&all.join("/")),
            RoleSet::try_new(Role::ALL.iter().copied())
        );
        for odd in [
            "",
            "/",
            "admin",
            "LoanOfficer",
            "Loan  Officer",
            "Admin/",
            "/Admin",
            "Admin / Closer",
            "Admin,Closer",
            "Admin/Admin",
            "Admin/Wizard",
        ] {
            assert_eq!(parse_roles(odd), None, "{odd}");
        }
        assert_eq!(parse_role("Admin/Closer"), None);
    }

    #[test]
    fn paths_are_the_payloads() {
        let license = CompanyField::License {
            license: 2,
            part: LicensePart::Number,
        };
        assert_eq!(company(license), "licensing[2].licenseNum");
        assert_eq!(company(CompanyField::OffersVa), "productTypesOffer.va");
        let headshot = PersonField::Headshot(ImagePart::Content);
        assert_eq!(person(headshot), "headshot.base64");
        let branch = PersonField::SecondaryBranch { branch: 1 };
        assert_eq!(person(branch), "secondaryBranchIDs[1]");
        assert_eq!(
            status_part("users", 3, StatusPart::Id, "userUID"),
            "users[3].userUID"
        );
    }
}
