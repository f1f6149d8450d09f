//! What a simulation is asked with, read over what stands so far: absent keeps it, `null` clears it, a
//! list is replaced whole (RFC 7396).

use lintel_domain::finding::CreditField as F;
use lintel_domain::simulation::{
    Borrower, Insurance, Insurances, MAX_BORROWERS, Property, Request,
};

use crate::read::{Given, Obj};

/// Longest name and street.
const LINE_MAX: usize = 200;
/// Longest mail address (RFC 5321, section 4.5.3.1).
const ADDRESS_MAX: usize = 254;
/// Longest phone number, NIF and part of a postal code: what is wrong with it is told by the calculation.
const SHORT_MAX: usize = 40;

/// A request, read over an older one.
pub(crate) fn request(sent: &Obj<'_>, old: &Request) -> Request {
    let property = match sent.object("property", F::Property) {
        Given::Absent => old.property.clone(),
        Given::Null => None,
        Given::Value(sent) => {
            let none = Property::default();
            Some(property(&sent, old.property.as_ref().unwrap_or(&none)))
        }
    };
    let borrowers = match sent.list("borrowers", F::Borrowers, MAX_BORROWERS) {
        Given::Absent => old.borrowers.clone(),
        Given::Null => Vec::new(),
        Given::Value(entries) => entries.iter().map(borrower).collect(),
    };
    let insurances = match sent.object("insurances", F::LifeInsurance) {
        Given::Absent => old.insurances.clone(),
        Given::Null => Insurances::default(),
        Given::Value(sent) => insurances(&sent, &old.insurances),
    };
    let duration = sent.positive("loanDurationMonths", F::LoanDuration);
    let utilisation = sent.count("utilizationPeriodMonths", F::UtilizationPeriod);
    let rate_kind = sent.id("indexTypeSubCategory", F::IndexTypeSubCategory);
    let cross_selling = sent.flag("hasCrossSelling", F::CrossSelling);
    Request {
        product_purpose: sent
            .id("productPurpose", F::ProductPurpose)
            .or(old.product_purpose),
        loan_purpose: sent.id("loanPurpose", F::LoanPurpose).or(old.loan_purpose),
        product_scheme: sent
            .id("productScheme", F::ProductScheme)
            .or(old.product_scheme),
        branch: sent.id("branch", F::BankBranch).or(old.branch),
        amount: sent.cents("loanAmount", F::LoanAmount).or(old.amount),
        term_months: duration.or(old.term_months),
        utilisation_months: utilisation.or(old.utilisation_months),
        rate_kind: rate_kind.or(old.rate_kind),
        index_type: sent.id("indexType", F::IndexType).or(old.index_type),
        cross_selling: cross_selling.or(old.cross_selling),
        property,
        borrowers,
        insurances,
    }
}

fn property(sent: &Obj<'_>, old: &Property) -> Property {
    let text =
        |name, field, most, old: &Option<String>| sent.text_line(name, field, most).or(old.clone());
    let price = sent.cents("acquisitionAmount", F::AcquisitionAmount);
    let typology = sent.id("propertyTypology", F::PropertyTypology);
    let value = sent.cents("estimatedValue", F::EstimatedValue);
    Property {
        typology: typology.or(old.typology),
        estimated_value: value.or(old.estimated_value),
        acquisition_amount: price.or(old.acquisition_amount),
        district: sent.id("district", F::PropertyDistrict).or(old.district),
        county: sent.id("county", F::PropertyCounty).or(old.county),
        parish: sent.id("parish", F::PropertyParish).or(old.parish),
        address: text("address", F::PropertyAddress, LINE_MAX, &old.address),
        zip_code: text("zipCode", F::PropertyZipCode, SHORT_MAX, &old.zip_code),
        zip_code_local: text(
            "zipCodeLocal",
            F::PropertyZipCodeLocal,
            SHORT_MAX,
            &old.zip_code_local,
        ),
    }
}

fn borrower(sent: &Obj<'_>) -> Borrower {
    let cents = |name, field| sent.cents(name, field).value();
    let flag = |name, field| sent.flag(name, field).value();
    let text = |name, field, most| sent.text_line(name, field, most).value();
    let relation = sent.id("keyBorrowerRelation", F::KeyBorrowerRelation);
    Borrower {
        kind: sent.id("borrowerType", F::BorrowerType).value(),
        relation: relation.value(),
        name: text("name", F::BorrowerName, LINE_MAX),
        nif: text("nif", F::BorrowerNif, SHORT_MAX),
        birth_date: sent.date("birthDate", F::BirthDate).value(),
        email: text("email", F::BorrowerEmail, ADDRESS_MAX),
        phone: text("phone", F::BorrowerPhone, SHORT_MAX),
        monthly_net_income: cents("monthlyNetIncome", F::MonthlyNetIncome),
        other_instalments: cents("otherMonthlyInstalments", F::OtherInstalments),
        dependents: sent.count("dependents", F::Dependents).value(),
        tax_resident: flag("taxResident", F::TaxResident),
        owns_housing: flag("ownsHousing", F::OwnsHousing),
        first_own_home: flag("firstOwnHome", F::FirstOwnHome),
        tax_dependent: flag("taxDependent", F::Dependents),
        clean_tax_record: flag("cleanTaxRecord", F::TaxResident),
        yearly_taxable_income: cents("yearlyTaxableIncome", F::YearlyTaxableIncome),
        retired: flag("retired", F::EmploymentSituation),
    }
}

fn insurances(sent: &Obj<'_>, old: &Insurances) -> Insurances {
    let one = |name, whole, external, premium, old: &Insurance| match sent.object(name, whole) {
        Given::Absent => old.clone(),
        Given::Null => Insurance::default(),
        Given::Value(sent) => Insurance {
            external: sent.flag("external", external).or(old.external),
            monthly_premium: sent
                .cents("monthlyPremium", premium)
                .or(old.monthly_premium),
        },
    };
    Insurances {
        life: one(
            "life",
            F::LifeInsurance,
            F::LifeInsuranceExternal,
            F::LifeInsuranceAmount,
            &old.life,
        ),
        multi_risk: one(
            "multiRisk",
            F::MultiRiskInsurance,
            F::MultiRiskInsuranceExternal,
            F::MultiRiskInsuranceAmount,
            &old.multi_risk,
        ),
    }
}

#[cfg(test)]
mod tests {
    use lintel_engine::Cents;

    use super::*;
    use crate::read::{Body, Found};

    fn read(text: &str, old: &Request) -> (Request, Vec<String>) {
        let (body, found) = (Body::of(text), Found::new());
        let read = request(&body.object(&found).expect("an object"), old);
        (read, found.take().iter().map(ToString::to_string).collect())
    }

    fn old() -> Request {
        let text = r#"{"productPurposeId": 2, "loanAmount": 150000.5, "branchID": 3,
            "property": {"districtId": 11, "zipCode": "1000", "address": "Rua A"},
            "borrowers": [{"name": "A"}, {"name": "B", "nif": "123456789"}],
            "insurances": {"life": {"external": true, "monthlyPremium": 10}}}"#;
        let (request, found) = read(text, &Request::default());
        assert!(found.is_empty(), "{found:?}");
        request
    }

    #[test]
    fn absent_keeps_null_clears_and_a_value_replaces() {
        let old = old();
        assert_eq!(old.amount, Some(Cents::new(15_000_050)));
        assert_eq!((old.branch, old.borrowers.len()), (Some(3), 2));
        assert_eq!(read("{}", &old).0, old);
        let (new, _) = read(r#"{"loanAmount": null, "productPurposeID": 4}"#, &old);
        assert_eq!((new.amount, new.product_purpose), (None, Some(4)));
        let (new, _) = read(r#"{"property": {"zipCode": null, "countyId": 1106}}"#, &old);
        let property = new.property.expect("a property");
        assert_eq!((property.district, property.county), (Some(11), Some(1106)));
        assert_eq!(
            (property.zip_code, property.address.as_deref()),
            (None, Some("Rua A"))
        );
        let (new, _) = read(r#"{"property": null, "borrowers": [{"name": "C"}]}"#, &old);
        assert!(new.property.is_none() && new.borrowers.len() == 1);
        assert!(read(r#"{"borrowers": null}"#, &old).0.borrowers.is_empty());
        let (new, _) = read(
            r#"{"insurances": {"life": {"monthlyPremium": null}}}"#,
            &old,
        );
        assert_eq!(new.insurances.life.external, Some(true));
        assert_eq!(new.insurances.life.monthly_premium, None);
        let (new, _) = read(r#"{"insurances": {"life": null}}"#, &old);
        assert_eq!(new.insurances, Insurances::default());
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let text = r#"{"loanAmount": "1", "productPurposeId": 1, "productPurposeID": 2,
            "property": [], "borrowers": [{"birthDate": "1990-02-30"}, 7, {"nif": 123456789}],
            "hasCrossSelling": "yes", "loanDurationMonths": 1.5, "indexTypeId": -1}"#;
        let (_, found) = read(text, &Request::default());
        assert_eq!(found.len(), 9, "{found:?}");
    }
}
