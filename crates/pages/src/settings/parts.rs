//! What the pages of the settings share: which of them somebody may open, their navigation, groups of
//! fields.

use lintel_domain::permission::Permission;
use serde::Serialize;

use crate::failure::Failure;
use crate::fields::Field;
use crate::visit::Staff;

/// A page of the settings, as navigation and overview show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Tab {
    href: &'static str,
    label: &'static str,
    icon: &'static str,
    about: &'static str,
    is_current: bool,
}

/// The pages of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The company's profile, licences and branding.
    Company,
    /// Who works here.
    People,
    /// From where.
    Branches,
    /// A lender's brokers.
    Brokers,
    /// Vendors a lender let in.
    Vendors,
    /// How the company writes to people.
    Messages,
    /// API key pairs.
    Credentials,
    /// Who may do what.
    Roles,
}

impl Part {
    /// In the order of the navigation.
    const ALL: [Self; 8] = [
        Self::Company,
        Self::People,
        Self::Branches,
        Self::Brokers,
        Self::Vendors,
        Self::Messages,
        Self::Credentials,
        Self::Roles,
    ];

    /// What somebody needs for it.
    const fn permission(self) -> Permission {
        match self {
            Self::Company | Self::Messages => Permission::EditCompany,
            Self::People | Self::Roles => Permission::SeePeople,
            Self::Branches => Permission::EditBranches,
            Self::Brokers => Permission::EditBrokers,
            Self::Vendors => Permission::EditVendors,
            Self::Credentials => Permission::EditCredentials,
        }
    }

    /// Whether only lenders have such a page: brokers have no brokers and no vendors of their own.
    const fn is_for_lenders(self) -> bool {
        match self {
            Self::Brokers | Self::Vendors => true,
            Self::Company
            | Self::People
            | Self::Branches
            | Self::Messages
            | Self::Credentials
            | Self::Roles => false,
        }
    }

    fn exists_for(self, staff: &Staff) -> bool {
        !self.is_for_lenders() || staff.org().kind.may_have_brokers()
    }

    /// Goes on only for somebody who may open the page.
    pub(crate) fn require(self, staff: &Staff) -> Result<(), Failure> {
        staff.require(self.permission())?;
        if self.exists_for(staff) {
            Ok(())
        } else {
            Err(Failure::NotFound)
        }
    }

    const fn tab(self) -> Tab {
        let (href, label, icon, about) = match self {
            Self::Company => (
                "/lender/settings/company",
                "Company",
                "house",
                "Profile, state licenses, logo and colors.",
            ),
            Self::People => (
                "/lender/settings/people",
                "People",
                "users",
                "Who works here, with roles, licenses and assignment of new borrowers.",
            ),
            Self::Branches => (
                "/lender/settings/branches",
                "Branches",
                "building",
                "Offices and the officers that take borrowers there.",
            ),
            Self::Brokers => (
                "/lender/settings/brokers",
                "Brokers",
                "shield",
                "The brokers that work with you, and how far their set-up is.",
            ),
            Self::Vendors => (
                "/lender/settings/vendors",
                "Vendors",
                "plug",
                "Services you let in, and what each of them may see.",
            ),
            Self::Messages => (
                "/lender/settings/messages",
                "Messages",
                "mail",
                "In whose name mail goes out, and when consumers hear of rates.",
            ),
            Self::Credentials => (
                "/lender/settings/credentials",
                "API credentials",
                "key",
                "Key pairs your systems call the Lender API with.",
            ),
            Self::Roles => (
                "/lender/settings/roles",
                "Roles",
                "list",
                "What each role allows.",
            ),
        };
        Tab {
            href,
            label,
            icon,
            about,
            is_current: false,
        }
    }
}

/// The pages somebody may open, one of them marked.
pub(crate) fn tabs(staff: &Staff, current: Option<Part>) -> Vec<Tab> {
    let open = Part::ALL
        .into_iter()
        .filter(|part| staff.may(part.permission()) && part.exists_for(staff));
    let tab = |part: Part| Tab {
        is_current: current == Some(part),
        ..part.tab()
    };
    open.map(tab).collect()
}

/// Every page, the first one marked: for the test that renders all templates.
#[cfg(test)]
pub(crate) fn sample_tabs() -> Vec<Tab> {
    let tab = |part: Part| Tab {
        is_current: part == Part::Company,
        ..part.tab()
    };
    Part::ALL.map(tab).to_vec()
}

/// Fields that belong together.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Group {
    /// What they are about.
    pub legend: &'static str,
    /// What to know before filling them in.
    pub hint: Option<String>,
    /// The fields.
    pub fields: Vec<Field>,
}

impl Group {
    /// A group without a hint.
    pub(crate) const fn new(legend: &'static str, fields: Vec<Field>) -> Self {
        Self {
            legend,
            hint: None,
            fields,
        }
    }

    /// With something to know before filling it in.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
