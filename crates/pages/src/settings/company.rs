//! The company's own pages: profile, state licences, branding.

use axum::Router;
use axum::routing::{get, post};
use lintel_app::company::{self, CompanyPicture, Profile};
use lintel_app::context::App;
use lintel_domain::company::CompanyDraft;
use lintel_domain::entry::Entry;
use lintel_domain::image::{ImageDraft, ImageRef, ImageSource};
use lintel_domain::organisation::Organisation;
use lintel_edge::one::one;
use serde::Serialize;

use super::company_fields::{self, Audience};
use super::license_rows::{self, LicenseRows, Wish};
use super::parts::{Group, Part, Tab, tabs};
use super::{page, told};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

const PROFILE: &str = "/lender/settings/company";
const LICENSES: &str = "/lender/settings/company/licenses";
const BRANDING: &str = "/lender/settings/company/branding";
/// Pictures a browser offers to choose.
pub(crate) const PICTURES: &str = "image/png,image/jpeg";

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(PROFILE, get(one(show_profile)).post(one(save_profile)))
        .route(LICENSES, get(one(show_licenses)).post(one(save_licenses)))
        .route(BRANDING, get(one(show_branding)).post(one(save_branding)))
        .route(
            "/lender/settings/company/branding/remove",
            post(one(remove_picture)),
        )
}

/// Name, address, contact, products, texts.
#[derive(Serialize)]
pub(crate) struct ProfilePage {
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    /// What the lender decides about a broker.
    terms: Option<Terms>,
    lender_id: String,
}

/// What a broker's lender decides, for reading.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Terms {
    compensation: Option<String>,
    tier: Option<String>,
}

impl Terms {
    fn of(profile: &Profile) -> Self {
        let facts = &profile.facts;
        Self {
            compensation: facts.officer_compensation.map(crate::show::percent),
            tier: facts.pricing_tier.clone(),
        }
    }
}

impl Template for ProfilePage {
    const FILE: &'static str = "settings/company.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |terms| Self {
            tabs: super::parts::sample_tabs(),
            groups: vec![Group::new("Legend", Field::samples()).hint(text())],
            terms,
            lender_id: text(),
        };
        vec![
            page(None),
            page(Some(Terms {
                compensation: Some(text()),
                tier: Some(text()),
            })),
            page(Some(Terms {
                compensation: None,
                tier: None,
            })),
        ]
    }
}

fn audience(org: &Organisation) -> Audience {
    if org.kind.has_parent() {
        Audience::Broker
    } else {
        Audience::Lender
    }
}

async fn show_profile(staff: Staff) -> Answer {
    Part::Company.require(&staff)?;
    let profile = company::profile(staff.app(), staff.org()).await?;
    let groups = company_fields::groups(&profile.facts, audience(staff.org()));
    profile_page(&staff, &profile, groups, &Mistakes::default())
}

fn profile_page(
    staff: &Staff,
    profile: &Profile,
    groups: Vec<Group>,
    mistakes: &Mistakes,
) -> Answer {
    let is_broker = staff.org().kind.has_parent();
    page(staff, "Company")
        .mistakes(mistakes)
        .render(&ProfilePage {
            tabs: tabs(staff, Some(Part::Company)),
            groups,
            terms: is_broker.then(|| Terms::of(profile)),
            lender_id: staff.org().public_id.to_string(),
        })
}

async fn save_profile(staff: Staff, form: Posted) -> Answer {
    Part::Company.require(&staff)?;
    let draft = company_fields::draft(&form);
    let Err(error) = update(staff.app(), &staff, draft).await else {
        return staff.go_with(PROFILE, Flash::Saved);
    };
    let profile = company::profile(staff.app(), staff.org()).await?;
    let groups = company_fields::groups(&profile.facts, audience(staff.org()));
    let shown = |name: &str| {
        groups
            .iter()
            .flat_map(|g| &g.fields)
            .any(|f| f.name() == name)
    };
    let mistakes = told::mistakes(error, shown)?;
    let groups = company_fields::again(groups, &form, &mistakes);
    profile_page(&staff, &profile, groups, &mistakes)
}

/// Boxed: a draft is large, and so is the work that checks one.
async fn update(
    app: &App,
    staff: &Staff,
    draft: CompanyDraft,
) -> Result<Profile, lintel_app::error::AppError> {
    Box::pin(company::update(app, &staff.who, draft)).await
}

/// State licences of the company.
#[derive(Serialize)]
pub(crate) struct LicensesPage {
    tabs: Vec<Tab>,
    licenses: LicenseRows,
}

impl Template for LicensesPage {
    const FILE: &'static str = "settings/licenses.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            tabs: super::parts::sample_tabs(),
            licenses: license_rows::sample(),
        }]
    }
}

fn licenses_page(staff: &Staff, licenses: LicenseRows, mistakes: &Mistakes) -> Answer {
    let page = page(staff, "Company licenses").mistakes(mistakes);
    page.render(&LicensesPage {
        tabs: tabs(staff, Some(Part::Company)),
        licenses,
    })
}

async fn show_licenses(staff: Staff) -> Answer {
    Part::Company.require(&staff)?;
    let profile = company::profile(staff.app(), staff.org()).await?;
    let rows = license_rows::stored(&profile.facts.licenses);
    let none = Mistakes::default();
    licenses_page(&staff, license_rows::view(&rows, Wish::Save, &none), &none)
}

async fn save_licenses(staff: Staff, form: Posted) -> Answer {
    Part::Company.require(&staff)?;
    let rows = license_rows::posted(&form);
    let wish = license_rows::wish(&form);
    if wish != Wish::Save {
        let none = Mistakes::default();
        return licenses_page(&staff, license_rows::view(&rows, wish, &none), &none);
    }
    let draft = CompanyDraft {
        licenses: Entry::Given(license_rows::drafts(&rows)),
        ..CompanyDraft::default()
    };
    let Err(error) = update(staff.app(), &staff, draft).await else {
        return staff.go_with(LICENSES, Flash::Saved);
    };
    let shown = license_rows::view(&rows, wish, &Mistakes::default());
    let mistakes = told::mistakes(error, |name| shown.shows(name))?;
    licenses_page(
        &staff,
        license_rows::view(&rows, wish, &mistakes),
        &mistakes,
    )
}

/// Logo, small icon, colours.
#[derive(Serialize)]
pub(crate) struct BrandingPage {
    tabs: Vec<Tab>,
    branding: Branding,
}

/// What a form about branding shows; the set-up has the same one.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Branding {
    /// Path of the stored logo.
    pub logo: Option<String>,
    /// Path of the stored icon.
    pub favicon: Option<String>,
    /// Files to choose.
    pub files: Vec<Field>,
    /// Colours.
    pub colors: Vec<Field>,
}

/// What pages look like while nobody chose a colour.
const PLAIN_MAIN: &str = "#1f4e79";
const PLAIN_ACCENT: &str = "#2e7d6b";

impl Branding {
    /// Filled with what is stored.
    pub(crate) fn of(profile: &Profile) -> Self {
        let path = |picture: &Option<ImageRef>| picture.as_ref().map(|p| format!("/images/{p}"));
        let facts = &profile.facts;
        let color = |stored: &Option<String>, plain: &str| {
            stored.clone().unwrap_or_else(|| plain.to_owned())
        };
        Self {
            logo: path(&profile.logo),
            favicon: path(&profile.favicon),
            files: vec![
                Field::file("logo", "Logo", PICTURES)
                    .hint("PNG or JPEG, at most 2 MB. It is shown at most 300 pixels high; a wide one on a clear ground looks best.")
                    .half(),
                Field::file("favicon", "Icon for browser tabs", PICTURES)
                    .hint("A square PNG or JPEG, at most 2 MB.")
                    .half(),
            ],
            colors: vec![
                Field::color("brand_color", "Main color")
                    .value(color(&facts.brand_color, PLAIN_MAIN))
                    .hint("Buttons and links. The text on it is made light or dark by itself.")
                    .half(),
                Field::color("accent_color", "Second color")
                    .value(color(&facts.accent_color, PLAIN_ACCENT))
                    .hint("Highlights.")
                    .half(),
            ],
        }
    }

    /// With what was chosen, and what is wrong with it.
    pub(crate) fn again(mut self, form: &Posted, mistakes: &Mistakes) -> Self {
        let refill = |field: Field| field.with(form).error(mistakes);
        self.files = self.files.into_iter().map(refill).collect();
        self.colors = self.colors.into_iter().map(refill).collect();
        self
    }

    /// Whether the form shows a field.
    pub(crate) fn shows(&self, name: &str) -> bool {
        let mut fields = self.files.iter().chain(&self.colors);
        fields.any(|field| field.name() == name)
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        let path = || Some(format!("/images/{}", crate::templates::HOSTILE));
        let form = |logo, favicon| Self {
            logo,
            favicon,
            files: Field::samples(),
            colors: Field::samples(),
        };
        vec![form(path(), path()), form(None, None)]
    }
}

/// What a form about branding says. A colour that was never chosen and left as shown stays unchosen.
pub(crate) fn branding_draft(form: &Posted, profile: &Profile) -> CompanyDraft {
    let color = |name: &str, stored: &Option<String>, plain: &str| match form.text(name) {
        Some(text) if stored.is_some() || !text.eq_ignore_ascii_case(plain) => {
            Entry::Given(text.to_owned())
        }
        Some(_) | None => Entry::Absent,
    };
    let facts = &profile.facts;
    CompanyDraft {
        logo: picture_draft(form, "logo"),
        favicon: picture_draft(form, "favicon"),
        brand_color: color("brand_color", &facts.brand_color, PLAIN_MAIN),
        accent_color: color("accent_color", &facts.accent_color, PLAIN_ACCENT),
        ..CompanyDraft::default()
    }
}

/// A picture as a browser sends it: its kind is found from its bytes.
pub(crate) fn picture_draft(form: &Posted, name: &str) -> Option<ImageDraft> {
    let bytes = form.file(name)?;
    Some(ImageDraft {
        kind: Entry::Absent,
        source: Some(ImageSource::Bytes(bytes.to_vec())),
    })
}

impl Template for BrandingPage {
    const FILE: &'static str = "settings/branding.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |branding| Self {
            tabs: super::parts::sample_tabs(),
            branding,
        };
        Branding::samples().into_iter().map(page).collect()
    }
}

fn branding_page(staff: &Staff, branding: Branding, mistakes: &Mistakes) -> Answer {
    let page = page(staff, "Branding").mistakes(mistakes);
    page.render(&BrandingPage {
        tabs: tabs(staff, Some(Part::Company)),
        branding,
    })
}

async fn show_branding(staff: Staff) -> Answer {
    Part::Company.require(&staff)?;
    let profile = company::profile(staff.app(), staff.org()).await?;
    branding_page(&staff, Branding::of(&profile), &Mistakes::default())
}

async fn save_branding(staff: Staff, form: Posted) -> Answer {
    Part::Company.require(&staff)?;
    let profile = company::profile(staff.app(), staff.org()).await?;
    let draft = branding_draft(&form, &profile);
    let Err(error) = update(staff.app(), &staff, draft).await else {
        return staff.go_with(BRANDING, Flash::Saved);
    };
    let branding = Branding::of(&profile);
    let mistakes = told::mistakes(error, |name| branding.shows(name))?;
    branding_page(&staff, branding.again(&form, &mistakes), &mistakes)
}

async fn remove_picture(staff: Staff, form: Posted) -> Answer {
    Part::Company.require(&staff)?;
    let which = match form.raw("picture") {
        "logo" => CompanyPicture::Logo,
        "favicon" => CompanyPicture::Favicon,
        _ => return Err(Failure::BadForm),
    };
    company::remove_picture(staff.app(), &staff.who, which).await?;
    staff.go_with(BRANDING, Flash::PictureRemoved)
}
