//! The property that secures the loan, and how its kind is derived from what the document states.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::choice::{closed_list, open_list};
use super::codec::{cents_opt, date_opt};
use super::place::Address;

open_list! {
    /// How the borrower will use, or uses, a property.
    Usage {
        PrimaryResidence: "Lives there.",
        SecondHome: "Stays there at times.",
        Investment: "Lets it.",
    }
}

open_list! {
    /// Whether the building touches a neighbour's.
    Attachment {
        Attached: "Shares walls on both sides or above and below.",
        Detached: "Stands alone.",
        SemiDetached: "Shares one wall.",
    }
}

open_list! {
    /// How the building was made.
    ConstructionMethod {
        SiteBuilt: "Built where it stands.",
        Modular: "Assembled from modules on a foundation.",
        OnFrameModular: "Modules that stay on their chassis.",
        Manufactured: "Factory home under the HUD code.",
        MobileHome: "Factory home from before the HUD code.",
    }
}

open_list! {
    /// The right in the land.
    Estate {
        FeeSimple: "Owned outright.",
        Leasehold: "Owned for the term of a lease.",
        Fractional: "A share of the time or the title.",
    }
}

open_list! {
    /// Legal form of a project with shared parts.
    ProjectLegalStructure {
        Condominium: "Units owned one by one, common parts shared.",
        Cooperative: "A company owns the building, residents own shares.",
        CommonInterestApartment: "Owners in common, each with a right to one apartment.",
    }
}

open_list! {
    /// Shape of a project.
    ProjectDesign {
        GardenProject: "Up to three storeys.",
        MidriseProject: "Four to seven storeys.",
        HighriseProject: "Eight storeys or more.",
        TownhouseRowhouse: "Houses in a row.",
    }
}

closed_list! {
    /// The one word pricing and the pipeline use for the kind of property, derived from the facts.
    PropertyType {
        SingleFamily: "A house for one family, or nothing that says otherwise.",
        Townhouse: "One unit in a row of houses.",
        Duplex: "Two units.",
        Triplex: "Three units.",
        Quadplex: "Four units.",
        Condominium: "A unit in a condominium of ordinary height.",
        HighRiseCondominium: "A unit in a high-rise condominium.",
        DetachedCondominium: "A house of its own in a condominium.",
        ManufacturedMobileHome: "A factory-built home.",
        Cooperative: "Shares in a cooperative.",
        Pud: "A house in a planned unit development.",
    }
}

impl PropertyType {
    /// The stored spelling, the same as in stored JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SingleFamily => "single_family",
            Self::Townhouse => "townhouse",
            Self::Duplex => "duplex",
            Self::Triplex => "triplex",
            Self::Quadplex => "quadplex",
            Self::Condominium => "condominium",
            Self::HighRiseCondominium => "high_rise_condominium",
            Self::DetachedCondominium => "detached_condominium",
            Self::ManufacturedMobileHome => "manufactured_mobile_home",
            Self::Cooperative => "cooperative",
            Self::Pud => "pud",
        }
    }

    /// Reads the stored spelling; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::SingleFamily,
            Self::Townhouse,
            Self::Duplex,
            Self::Triplex,
            Self::Quadplex,
            Self::Condominium,
            Self::HighRiseCondominium,
            Self::DetachedCondominium,
            Self::ManufacturedMobileHome,
            Self::Cooperative,
            Self::Pud,
        ];
        all.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The facts a property's kind is derived from, kept so that writing a document need not invert
/// [`PropertyFacts::property_type`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PropertyFacts {
    /// Whether it touches a neighbour's.
    pub attachment: Option<Attachment>,
    /// How it was made.
    pub construction_method: Option<ConstructionMethod>,
    /// Dwellings financed, 1 to 4 on a residential loan.
    pub unit_count: Option<u32>,
    /// In a planned unit development.
    pub is_pud: Option<bool>,
    /// In a project of any kind.
    pub is_in_project: Option<bool>,
    /// The right in the land.
    pub estate: Option<Estate>,
    /// Also used for business.
    pub is_mixed_use: Option<bool>,
    /// Year of construction.
    pub year_built: Option<u32>,
    /// The sender's word for existing, proposed or under construction.
    pub construction_status: Option<String>,
    /// Legal form of the project.
    pub project_legal_structure: Option<ProjectLegalStructure>,
    /// Shape of the project.
    pub project_design: Option<ProjectDesign>,
    /// Name of the project.
    pub project_name: Option<String>,
    /// The sender's word for the width of a manufactured home.
    pub manufactured_width: Option<String>,
}

impl PropertyFacts {
    /// The kind of property; the first matching rule wins.
    ///
    /// The order is ours where facts overlap: how a home was made outweighs the project it is in,
    /// a project's legal form outweighs the number of units, and a planned development outweighs
    /// the shape of the house.
    #[must_use]
    pub fn property_type(&self) -> PropertyType {
        use ConstructionMethod::{Manufactured, MobileHome, OnFrameModular};
        if matches!(
            self.construction_method,
            Some(Manufactured | MobileHome | OnFrameModular)
        ) {
            return PropertyType::ManufacturedMobileHome;
        }
        match self.project_legal_structure {
            Some(ProjectLegalStructure::Cooperative) => return PropertyType::Cooperative,
            Some(ProjectLegalStructure::Condominium) => return self.condominium_type(),
            Some(
                ProjectLegalStructure::CommonInterestApartment | ProjectLegalStructure::Other(_),
            )
            | None => {}
        }
        match self.unit_count {
            Some(2) => return PropertyType::Duplex,
            Some(3) => return PropertyType::Triplex,
            Some(4) => return PropertyType::Quadplex,
            Some(_) | None => {}
        }
        if self.is_pud == Some(true) {
            return PropertyType::Pud;
        }
        let in_a_row = self.attachment == Some(Attachment::Attached)
            || self.project_design == Some(ProjectDesign::TownhouseRowhouse);
        if in_a_row {
            PropertyType::Townhouse
        } else {
            PropertyType::SingleFamily
        }
    }

    fn condominium_type(&self) -> PropertyType {
        if self.attachment == Some(Attachment::Detached) {
            PropertyType::DetachedCondominium
        } else if self.project_design == Some(ProjectDesign::HighriseProject) {
            PropertyType::HighRiseCondominium
        } else {
            PropertyType::Condominium
        }
    }
}

/// The subject property.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SubjectProperty {
    /// Where it is, as far as known.
    pub address: Address,
    /// Two-digit federal code of the state.
    pub fips_state: Option<String>,
    /// Three-digit federal code of the county.
    pub fips_county: Option<String>,
    /// Census tract.
    pub census_tract: Option<String>,
    /// Metropolitan statistical area.
    pub msa: Option<String>,
    /// How the borrower will use it.
    pub usage: Option<Usage>,
    /// What it is.
    pub facts: PropertyFacts,
    /// Appraised value.
    #[serde(with = "cents_opt")]
    pub valuation_cents: Option<Cents>,
    /// The borrower's estimate of the value.
    #[serde(with = "cents_opt")]
    pub estimated_value_cents: Option<Cents>,
    /// Price in the sales contract.
    #[serde(with = "cents_opt")]
    pub sales_price_cents: Option<Cents>,
    /// What the seller pays toward the borrower's costs.
    #[serde(with = "cents_opt")]
    pub sales_concession_cents: Option<Cents>,
    /// Expected gross rent a month.
    #[serde(with = "cents_opt")]
    pub gross_monthly_rent_cents: Option<Cents>,
    /// Expected net rent a month.
    #[serde(with = "cents_opt")]
    pub net_monthly_rent_cents: Option<Cents>,
    /// When the borrower bought it.
    #[serde(with = "date_opt")]
    pub acquired_date: Option<Date>,
    /// When a ground lease ends.
    #[serde(with = "date_opt")]
    pub ground_lease_expiration_date: Option<Date>,
    /// Carries a clean-energy (PACE) lien now.
    pub has_clean_energy_lien: Option<bool>,
    /// Stands in a state where spouses own property in common.
    pub is_in_community_property_state: Option<bool>,
    /// Number of the appraisal in the agencies' portal.
    pub appraisal_id: Option<String>,
    /// FHA borrower keeps it as a secondary residence.
    pub is_fha_secondary_residence: Option<bool>,
}

impl SubjectProperty {
    /// The value to lend on: the appraisal, else the estimate, else the sales price. The order is
    /// ours: an appraiser's figure outweighs the borrower's, and either outweighs a price.
    #[must_use]
    pub fn value(&self) -> Option<Cents> {
        self.valuation_cents
            .or(self.estimated_value_cents)
            .or(self.sales_price_cents)
    }

    /// The kind of property; `None` when neither a fact, an address nor a usage is known, as with
    /// a borrower who is still looking: there is then no property whose kind could be plain.
    #[must_use]
    pub fn property_type(&self) -> Option<PropertyType> {
        let is_described = self.facts != PropertyFacts::default()
            || !self.address.is_empty()
            || self.usage.is_some();
        is_described.then(|| self.facts.property_type())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind of a one-unit property that differs from a plain one in the given facts.
    fn kind(change: impl FnOnce(&mut PropertyFacts)) -> PropertyType {
        let mut facts = PropertyFacts {
            unit_count: Some(1),
            ..PropertyFacts::default()
        };
        change(&mut facts);
        facts.property_type()
    }

    #[test]
    fn houses_follow_units_then_development_then_shape() {
        assert_eq!(kind(|_| {}), PropertyType::SingleFamily);
        assert_eq!(kind(|f| f.unit_count = Some(5)), PropertyType::SingleFamily);
        assert_eq!(
            kind(|f| f.attachment = Some(Attachment::Attached)),
            PropertyType::Townhouse
        );
        let rows =
            |f: &mut PropertyFacts| f.project_design = Some(ProjectDesign::TownhouseRowhouse);
        assert_eq!(kind(rows), PropertyType::Townhouse);
        let attached_pud = |f: &mut PropertyFacts| {
            f.is_pud = Some(true);
            f.attachment = Some(Attachment::Attached);
        };
        assert_eq!(kind(attached_pud), PropertyType::Pud);
        let units = [
            (2, PropertyType::Duplex),
            (3, PropertyType::Triplex),
            (4, PropertyType::Quadplex),
        ];
        for (count, expected) in units {
            let pud_of_units = |f: &mut PropertyFacts| {
                f.unit_count = Some(count);
                f.is_pud = Some(true);
            };
            assert_eq!(kind(pud_of_units), expected);
        }
    }

    #[test]
    fn legal_form_outweighs_units_and_construction_outweighs_all() {
        let condominium = |f: &mut PropertyFacts| {
            f.project_legal_structure = Some(ProjectLegalStructure::Condominium);
            f.unit_count = Some(2);
        };
        assert_eq!(kind(condominium), PropertyType::Condominium);
        let high = |f: &mut PropertyFacts| {
            condominium(f);
            f.project_design = Some(ProjectDesign::HighriseProject);
        };
        assert_eq!(kind(high), PropertyType::HighRiseCondominium);
        let detached = |f: &mut PropertyFacts| {
            high(f);
            f.attachment = Some(Attachment::Detached);
        };
        assert_eq!(kind(detached), PropertyType::DetachedCondominium);
        let cooperative = |f: &mut PropertyFacts| {
            f.project_legal_structure = Some(ProjectLegalStructure::Cooperative);
            f.is_pud = Some(true);
        };
        assert_eq!(kind(cooperative), PropertyType::Cooperative);
        use ConstructionMethod::{Manufactured, MobileHome, OnFrameModular};
        for method in [Manufactured, MobileHome, OnFrameModular] {
            let factory_built = |f: &mut PropertyFacts| {
                cooperative(f);
                f.construction_method = Some(method);
            };
            assert_eq!(kind(factory_built), PropertyType::ManufacturedMobileHome);
        }
    }

    #[test]
    fn a_property_nobody_described_has_no_kind() {
        let mut property = SubjectProperty::default();
        assert_eq!(property.property_type(), None);
        property.valuation_cents = Some(Cents::new(1));
        assert_eq!(property.property_type(), None);
        property.address.city = Some("Springfield".to_owned());
        assert_eq!(property.property_type(), Some(PropertyType::SingleFamily));
        let used = SubjectProperty {
            usage: Some(Usage::Investment),
            ..SubjectProperty::default()
        };
        assert_eq!(used.property_type(), Some(PropertyType::SingleFamily));
        let mut known = SubjectProperty::default();
        known.facts.unit_count = Some(2);
        assert_eq!(known.property_type(), Some(PropertyType::Duplex));
    }

    #[test]
    fn stored_spelling_is_the_json_spelling() {
        for kind in [
            PropertyType::Pud,
            PropertyType::HighRiseCondominium,
            PropertyType::Quadplex,
        ] {
            let json = serde_json::to_string(&kind).expect("serialises");
            assert_eq!(json, format!("\"{}\"", kind.as_str()));
        }
    }

    #[test]
    fn the_appraisal_outweighs_the_estimate_and_the_price() {
        let mut property = SubjectProperty {
            sales_price_cents: Some(Cents::new(3)),
            ..SubjectProperty::default()
        };
        assert_eq!(property.value(), Some(Cents::new(3)));
        property.estimated_value_cents = Some(Cents::new(2));
        assert_eq!(property.value(), Some(Cents::new(2)));
        property.valuation_cents = Some(Cents::new(1));
        assert_eq!(property.value(), Some(Cents::new(1)));
    }
}
