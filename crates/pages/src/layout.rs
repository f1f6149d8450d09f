//! What is around every page: brand, navigation, messages, footer.

use std::sync::{Arc, OnceLock};

use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_app::session::SignedIn;
use lintel_desk::Counts;
use lintel_domain::access::Subject;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::permission::Permission;
use serde::Serialize;

use crate::brand;
use crate::fields::MistakeView;
use crate::flash::FlashView;
use crate::pages::Pages;
use crate::show;

/// What templates see as `page`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Layout {
    /// What the page is about.
    pub title: String,
    /// Whose page it is.
    pub brand: BrandView,
    /// Who is signed in.
    pub user: Option<UserView>,
    /// The parts of the console.
    pub nav: Vec<NavItem>,
    /// What forms carry.
    pub form_token: String,
    /// What to say once.
    pub flash: Option<FlashView>,
    /// What is wrong with the form.
    pub mistakes: Vec<MistakeView>,
    /// One column without the bar.
    pub is_narrow: bool,
    /// A bank's page: nothing of the other market belongs on it.
    pub is_bank: bool,
    /// The page's own path.
    pub path: String,
    /// Path of our style sheet.
    pub style: String,
    /// Path of our script.
    pub script: String,
    /// Path of our icon.
    pub icon: String,
    /// Path of the mark of equal housing.
    pub equal_housing: String,
}

/// Whose page it is. The default is Lintel's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BrandView {
    /// The company's name.
    pub name: String,
    /// Path of its logo.
    pub logo: Option<String>,
    /// Path of its small icon.
    pub favicon: Option<String>,
    /// Path of its colours.
    pub style: Option<String>,
    /// Its NMLS number.
    pub nmls: Option<String>,
    /// Whether it is our own, shown where no company is known.
    pub is_ours: bool,
}

impl Default for BrandView {
    fn default() -> Self {
        Self {
            name: "Lintel".to_owned(),
            logo: None,
            favicon: None,
            style: None,
            nmls: None,
            is_ours: true,
        }
    }
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct UserView {
    /// Their name.
    pub name: String,
    /// First letters of it.
    pub initials: String,
    /// Path of their picture.
    pub picture: Option<String>,
    /// Whose staff.
    pub organisation: String,
}

/// A part of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct NavItem {
    /// Where it is.
    pub href: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// How much waits there, as far as it is counted.
    pub count: Option<String>,
    /// What is counted.
    pub counted: &'static str,
    /// Whether the page belongs to it.
    pub is_current: bool,
}

/// The parts of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Loans.
    Pipeline,
    /// People who asked.
    Leads,
    /// What is to be done.
    Tasks,
    /// What is to be known.
    Alerts,
    /// What was sent to whom.
    Outbox,
    /// The organisation.
    Settings,
    /// One's own account.
    Account,
    /// A bank's processes.
    Processes,
    /// A bank's networks of intermediaries.
    Networks,
    /// How a bank decides.
    Decisions,
}

/// Bar and brand of whoever is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Console {
    /// Whose pages.
    pub brand: BrandView,
    user: UserView,
    sections: Vec<Section>,
    counts: Counts,
    is_bank: bool,
}

/// Where an extractor leaves the console for a page that says what went wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConsoleSlot(Arc<OnceLock<Console>>);

impl ConsoleSlot {
    /// Leaves it; the first one stays.
    pub(crate) fn fill(&self, console: Console) {
        let _ = self.0.set(console);
    }

    /// What was left.
    pub(crate) fn get(&self) -> Option<&Console> {
        self.0.get()
    }
}

/// The permissions any of which opens the settings.
const OPENS_SETTINGS: &[Permission] = &[
    Permission::SeePeople,
    Permission::EditPeople,
    Permission::EditCompany,
    Permission::EditBranches,
    Permission::EditCredentials,
    Permission::EditVendors,
    Permission::EditBrokers,
];

impl Console {
    /// The console of a signed-in person.
    pub(crate) async fn load(app: &App, who: &SignedIn) -> Result<Self, Fault> {
        let person = &who.person;
        let sees_loans = who.may(Permission::SeeAllLoans) || who.may(Permission::SeeOwnLoans);
        let is_bank = who.org.kind == OrganisationKind::Bank;
        let mut sections = Vec::new();
        if is_bank && who.may(Permission::SeeProcesses) {
            sections.push(Section::Processes);
        }
        if is_bank && who.may(Permission::EditNetworks) {
            sections.extend([Section::Networks, Section::Decisions]);
        }
        if sees_loans && !is_bank {
            sections.extend([Section::Pipeline, Section::Leads]);
        }
        let is_staff = who.subject == Subject::Staff;
        if is_staff && !is_bank {
            sections.extend([Section::Tasks, Section::Alerts]);
        }
        if is_staff && who.may(Permission::EditMessages) {
            sections.push(Section::Outbox);
        }
        if OPENS_SETTINGS.iter().any(|p| who.may(*p)) {
            sections.push(Section::Settings);
        }
        if is_staff {
            sections.push(Section::Account);
        }
        let counts = if is_staff && !is_bank {
            lintel_desk::counts(app, who).await?
        } else {
            Counts::default()
        };
        let first = person.preferred_name.as_ref().unwrap_or(&person.first_name);
        Ok(Self {
            brand: brand::of_organisation(app, &who.org).await?,
            user: UserView {
                name: format!("{first} {}", person.last_name),
                initials: show::initials(first, &person.last_name),
                picture: person.headshot.as_ref().map(brand::picture_path),
                organisation: who.org.name.clone(),
            },
            sections,
            counts,
            is_bank,
        })
    }
}

/// `7`, or `99+` where nobody counts any more.
fn counted_to_99(count: u32) -> String {
    if count > 99 {
        return "99+".to_owned();
    }
    count.to_string()
}

impl Section {
    fn item(self, counts: &Counts) -> NavItem {
        let (href, label, icon) = match self {
            Self::Pipeline => ("/lender/home", "Pipeline", "list"),
            Self::Leads => ("/lender/leads", "Leads", "inbox"),
            Self::Tasks => ("/lender/tasks", "Tasks", "check"),
            Self::Alerts => ("/lender/alerts", "Alerts", "bell"),
            Self::Outbox => ("/lender/outbox", "Outbox", "mail"),
            Self::Settings => ("/lender/settings", "Settings", "settings"),
            Self::Account => ("/lender/account", "Account", "user"),
            Self::Processes => (crate::bank::QUEUE, "Processes", "inbox"),
            Self::Networks => ("/bank/networks", "Networks", "users"),
            Self::Decisions => ("/bank/settings", "Decisions", "shield"),
        };
        let (count, counted) = match self {
            Self::Tasks => (counts.tasks, "for you"),
            Self::Alerts => (counts.alerts, "not put away"),
            Self::Pipeline
            | Self::Leads
            | Self::Outbox
            | Self::Settings
            | Self::Account
            | Self::Processes
            | Self::Networks
            | Self::Decisions => (0, ""),
        };
        NavItem {
            href,
            label,
            icon,
            count: (count > 0).then(|| counted_to_99(count)),
            counted,
            is_current: false,
        }
    }
}

impl Layout {
    /// A layout without anything of one page.
    pub(crate) fn plain(
        pages: &Pages,
        brand: BrandView,
        console: Option<&Console>,
        current: Option<Section>,
    ) -> Self {
        let assets = pages.assets();
        let nav = console.map(|console| {
            let items = console.sections.iter().map(|section| NavItem {
                is_current: current == Some(*section),
                ..section.item(&console.counts)
            });
            items.collect()
        });
        Self {
            title: String::new(),
            user: console.map(|console| console.user.clone()),
            nav: nav.unwrap_or_default(),
            form_token: String::new(),
            flash: None,
            mistakes: Vec::new(),
            is_narrow: false,
            is_bank: console.is_some_and(|console| console.is_bank),
            path: String::new(),
            style: assets.style().to_owned(),
            script: assets.script().to_owned(),
            icon: assets.icon().to_owned(),
            equal_housing: assets.equal_housing().to_owned(),
            brand,
        }
    }

    /// A layout with everything in it, for the test that renders all templates.
    #[cfg(test)]
    pub(crate) fn sample(pages: &Pages, is_full: bool) -> Self {
        use crate::templates::HOSTILE;
        let text = || HOSTILE.to_owned();
        let path = || Some(format!("/images/{HOSTILE}"));
        let brand = BrandView {
            name: text(),
            logo: path(),
            favicon: path(),
            style: path(),
            nmls: Some(text()),
            is_ours: false,
        };
        let console = Console {
            brand: brand.clone(),
            user: UserView {
                name: text(),
                initials: "<S".to_owned(),
                picture: path(),
                organisation: text(),
            },
            sections: vec![Section::Pipeline, Section::Tasks, Section::Settings],
            counts: Counts {
                tasks: 3,
                alerts: 0,
            },
            is_bank: false,
        };
        if !is_full {
            return Self {
                title: text(),
                is_narrow: true,
                ..Self::plain(pages, BrandView::default(), None, None)
            };
        }
        Self {
            title: text(),
            form_token: text(),
            flash: crate::flash::of_word("saved"),
            mistakes: vec![MistakeView {
                id: text(),
                text: text(),
            }],
            path: text(),
            ..Self::plain(pages, brand, Some(&console), Some(Section::Settings))
        }
    }
}
