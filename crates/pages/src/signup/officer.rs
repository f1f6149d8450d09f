//! Who answers: the officer's card, and the company's.

use lintel_app::company::Brand;
use lintel_domain::staff::Person;
use serde::Serialize;

use crate::brand::picture_path;
use crate::settings::states;
use crate::show;

/// An officer on a page for borrowers.
#[derive(Debug, Serialize)]
pub(super) struct OfficerView {
    name: String,
    initials: String,
    picture: Option<String>,
    nmls: Option<String>,
    phone: Option<Phone>,
    email: String,
    licenses: Vec<LicenseView>,
}

/// A telephone number and how it is dialled.
#[derive(Debug, Serialize)]
struct Phone {
    text: String,
    dial: String,
}

/// A licence.
#[derive(Debug, Serialize)]
struct LicenseView {
    state: &'static str,
    number: Option<String>,
}

/// The company on a page for borrowers.
#[derive(Debug, Serialize)]
pub(super) struct CompanyView {
    name: String,
    about: Option<String>,
    nmls: Option<String>,
    phone: Option<Phone>,
    email: Option<String>,
    website: Option<String>,
    address: Option<String>,
}

impl Phone {
    fn of(number: &str, extension: Option<&str>) -> Self {
        let digits = match number.strip_prefix('+') {
            Some(_) => number.to_owned(),
            None => format!("+1{number}"),
        };
        match extension {
            None => Self {
                text: show::phone(number),
                dial: digits,
            },
            Some(extension) => Self {
                text: format!("{} ext. {extension}", show::phone(number)),
                dial: format!("{digits};ext={extension}"),
            },
        }
    }
}

impl OfficerView {
    /// Writes an officer.
    pub(super) fn of(person: &Person) -> Self {
        let extension = person.phone_extension.as_deref();
        let first = person.preferred_name.as_ref().unwrap_or(&person.first_name);
        let license = |license: &lintel_domain::license::License| LicenseView {
            state: states::name(license.state),
            // "n/a" is for exempt ones: there is no number to show.
            number: Some(license.number.clone()).filter(|n| !n.eq_ignore_ascii_case("n/a")),
        };
        Self {
            name: format!("{first} {}", person.last_name),
            initials: show::initials(first, &person.last_name),
            picture: person.headshot.as_ref().map(picture_path),
            nmls: person.nmls.clone(),
            phone: person.phone.as_deref().map(|n| Phone::of(n, extension)),
            email: person.email.clone(),
            licenses: person.licenses.iter().map(license).collect(),
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> Self {
        use crate::templates::HOSTILE;
        Self {
            name: HOSTILE.to_owned(),
            initials: "<S".to_owned(),
            picture: Some(HOSTILE.to_owned()),
            nmls: Some(HOSTILE.to_owned()),
            phone: Some(Phone::of(HOSTILE, Some(HOSTILE))),
            email: HOSTILE.to_owned(),
            licenses: vec![
                LicenseView {
                    state: "Maine",
                    number: Some(HOSTILE.to_owned()),
                },
                LicenseView {
                    state: "Ohio",
                    number: None,
                },
            ],
        }
    }
}

impl CompanyView {
    /// Writes a company.
    pub(super) fn of(brand: &Brand) -> Self {
        let extension = brand.phone_extension.as_deref();
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        Self {
            name: brand.name.clone(),
            about: brand.about_short.clone(),
            nmls: brand.nmls.clone(),
            phone: brand.phone.as_deref().map(|n| Phone::of(n, extension)),
            email: brand.email.clone(),
            website: brand.website.clone().filter(is_web),
            address: brand.address.clone(),
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> Self {
        use crate::templates::HOSTILE;
        let text = || Some(HOSTILE.to_owned());
        Self {
            name: HOSTILE.to_owned(),
            about: text(),
            nmls: text(),
            phone: Some(Phone::of(HOSTILE, None)),
            email: text(),
            website: text(),
            address: text(),
        }
    }
}
